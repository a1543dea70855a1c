"""The verdict on bytes, a file or a bundle (docs/format.md, "Verdicts and exit codes")."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from proofs_checks.certificate.arrays import with_files
from proofs_checks.certificate.reading import (
    ARRAY_SUFFIX,
    MANIFEST,
    MalformedCertificate,
    parse,
    parse_manifest,
    quote,
    read,
)
from proofs_checks.checker.core.rules import Invalid, OutOfTime, Statement, limited
from proofs_checks.checker.core.statements import hearsay
from proofs_checks.checker.kinds import CHECKS

EXIT_CODES = {"valid": 0, "undecided": 3, "invalid": 1, "malformed": 4}
"""The verdicts from best to worst, with their exit codes."""

TIME_LIMIT = 600
NO_MEMORY = "the memory did not suffice"


@dataclass(frozen=True)
class Report:
    """A verdict, with the statement of a valid certificate or the reason why there is none.

    `name` is the path as given; `parts` are the reports on the files of a bundle; `not_checked` says of a valid
    certificate what nobody vouches for: who made it, in the words of the file.

    >>> from proofs_checks import Report
    >>> Report("mine.cert.json", "undecided", reason="the time limit passed").exit_code
    3
    """

    name: str
    verdict: str
    kind: str | None = None
    statement: Statement | None = field(default=None, repr=False)
    reason: str | None = field(default=None, repr=False)
    parts: tuple[Report, ...] = field(default=(), repr=False)
    not_checked: str | None = field(default=None, repr=False)

    @property
    def exit_code(self) -> int:
        """The exit code of the verdict."""
        return EXIT_CODES[self.verdict]


def worst(verdicts: list[str]) -> str:
    """Return the worst of some verdicts, in the order valid < undecided < invalid < malformed."""
    return max(verdicts, key=list(EXIT_CODES).index)


def _nothing_beside(name: str) -> bytes:
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)


def verify_bytes(
    data: bytes,
    time_limit: float | None = TIME_LIMIT,
    name: str = "certificate",
    beside: Callable[[str], bytes] = _nothing_beside,
) -> Report:
    """Check the bytes of one certificate; every outcome is a report.

    `beside` returns the bytes of the files that the certificate names (docs/format.md, "Packed arrays").

    >>> from proofs_checks import verify_bytes
    >>> report = verify_bytes(b"no certificate")
    >>> report.verdict, report.exit_code
    ('malformed', 4)
    """
    kind = None
    try:
        with limited(time_limit):
            certificate = with_files(parse(data), beside)
            kind = certificate.kind
            statement = CHECKS[kind](certificate.claim, certificate.evidence)
            heard = hearsay(certificate.provenance)
    except MalformedCertificate as error:
        return Report(name, "malformed", kind, reason=str(error))
    except Invalid as error:
        return Report(name, "invalid", kind, reason=str(error))
    except OutOfTime as error:
        return Report(name, "undecided", kind, reason=str(error))
    except MemoryError:
        return Report(name, "undecided", kind, reason=NO_MEMORY)
    return Report(name, "valid", kind, statement, not_checked=heard)


def verify_path(path: str | os.PathLike[str], time_limit: float | None = TIME_LIMIT) -> Report:
    """Check a certificate file or a bundle; the time limit holds for each file.

    Raises OSError if the path cannot be opened.

    >>> import os, tempfile
    >>> from proofs_checks import verify_path, write_atomic
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_atomic(os.path.join(folder, "a.cert.json"), b"no certificate")
    ...     print(verify_path(os.path.join(folder, "a.cert.json")).verdict)
    malformed
    """
    name = os.fspath(path)
    try:
        if os.path.isdir(path):
            return _verify_bundle(Path(path), name, time_limit)
        folder = Path(path).parent
        return verify_bytes(read(path), time_limit, name, lambda file: read(folder / file, follow_links=False))
    except MalformedCertificate as error:
        return Report(name, "malformed", reason=str(error))
    except MemoryError:  # the bytes themselves
        return Report(name, "undecided", reason=NO_MEMORY)


def _verify_bundle(directory: Path, name: str, time_limit: float | None) -> Report:
    present = set(os.listdir(directory))
    if not _holds(directory, MANIFEST):
        raise MalformedCertificate(f"the directory is not a bundle: it has no file {MANIFEST}")
    files = parse_manifest(read(directory / MANIFEST, follow_links=False))
    for other in sorted(present - files.keys() - {MANIFEST}):
        raise MalformedCertificate(f"{quote(other)} is not listed in {MANIFEST}")
    for file in sorted(files):
        if not _holds(directory, file):  # a name that is too long is no file either
            raise MalformedCertificate(f"{quote(file)} is listed in {MANIFEST}, but is no file of the bundle")

    def member(file: str) -> bytes:
        if file not in files:
            return _nothing_beside(file)
        data = read(directory / file, follow_links=False)
        if hashlib.sha256(data).hexdigest() != files[file]:
            raise MalformedCertificate(f"{quote(file)} does not have the digest listed in {MANIFEST}")
        return data

    named: set[str] = set()

    def beside(file: str) -> bytes:
        named.add(file)
        return member(file)

    parts = []
    for file in sorted(files):
        data = member(file)
        if not file.endswith(ARRAY_SUFFIX):
            parts.append(verify_bytes(data, time_limit, os.path.join(name, file), beside))
    # a certificate that was not read to its end may name files that were not asked for
    all_read = all(part.verdict in ("valid", "invalid") for part in parts)
    for file in sorted(files):
        if all_read and file.endswith(ARRAY_SUFFIX) and file not in named:
            raise MalformedCertificate(f"{quote(file)} is named by no certificate of the bundle")
    return Report(name, worst([part.verdict for part in parts]), parts=tuple(parts))


def _holds(directory: Path, name: str) -> bool:
    """Whether a bundle has a file of this name itself, and not by a link to what is elsewhere."""
    return os.path.isfile(directory / name) and not os.path.islink(directory / name)

"""The verdict on bytes, a file or a bundle (docs/format.md, "Verdicts and exit codes")."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from proofs_checks.certificate.arrays import with_files
from proofs_checks.certificate.reading import MANIFEST, SUFFIX, MalformedCertificate, parse, parse_manifest, quote, read
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


@dataclass(frozen=True)
class Folder:
    """What a folder holds, and what reads it: a directory, or a place in an archive.

    `entries` says of each name in it whether it is that of a plain file, and no link; `read` takes one that is.
    """

    entries: dict[str, bool]
    read: Callable[[str], bytes] = field(repr=False)


def verify_path(path: str | os.PathLike[str], time_limit: float | None = TIME_LIMIT) -> Report:
    """Check a certificate file or a bundle; the time limit holds for each file.

    Raises OSError if the path cannot be opened.
    """
    name, beside = os.fspath(path), Path(path).parent
    try:
        if os.path.isdir(path):
            folder = directory(path)
            files = listed(folder)
            return bundle_report(name, files, [verify_member(name, folder, files, file, time_limit) for file in files])
        return verify_bytes(read(path), time_limit, name, lambda file: read(beside / file, follow_links=False))
    except MalformedCertificate as error:
        return Report(name, "malformed", reason=str(error))
    except MemoryError:  # the bytes themselves
        return Report(name, "undecided", reason=NO_MEMORY)


def directory(path: str | os.PathLike[str]) -> Folder:
    """Return a directory as it is now."""
    with os.scandir(path) as entries:
        plain = {entry.name: entry.is_file(follow_symlinks=False) for entry in entries}
    return Folder(plain, lambda file: read(Path(path) / file, follow_links=False))


def listed(folder: Folder) -> dict[str, str]:
    """Return the files of a bundle with their digests, in order.

    Raises MalformedCertificate if the folder holds anything else, or is no bundle.
    """
    if not folder.entries.get(MANIFEST):
        raise MalformedCertificate(f"the directory is not a bundle: it has no file {MANIFEST}")
    files = parse_manifest(folder.read(MANIFEST))
    for other in sorted(folder.entries.keys() - files.keys() - {MANIFEST}):
        raise MalformedCertificate(f"{quote(other)} is not listed in {MANIFEST}")
    for file in sorted(file for file in files if not folder.entries.get(file)):
        raise MalformedCertificate(f"{quote(file)} is listed in {MANIFEST}, but is no file of the bundle")
    return dict(sorted(files.items()))


def verify_member(
    bundle: str, folder: Folder, files: dict[str, str], file: str, time_limit: float | None
) -> tuple[Report | None, set[str]]:
    """Check one file of a bundle; return the report on it, None for an array, and the arrays that it asked for.

    Raises MalformedCertificate if it does not have the digest that is listed.
    """
    named: set[str] = set()

    def member(asked: str) -> bytes:
        named.add(asked)
        if asked not in files:
            return _nothing_beside(asked)
        data = folder.read(asked)
        if hashlib.sha256(data).hexdigest() != files[asked]:
            raise MalformedCertificate(f"{quote(asked)} does not have the digest listed in {MANIFEST}")
        return data

    data = member(file)
    named.clear()
    path = os.path.join(bundle, file)
    return verify_bytes(data, time_limit, path, member) if file.endswith(SUFFIX) else None, named


def bundle_report(name: str, files: dict[str, str], members: list[tuple[Report | None, set[str]]]) -> Report:
    """Return the report on a bundle from what was found of each of its files; raises MalformedCertificate."""
    parts = tuple(report for report, _ in members if report is not None)
    unnamed = {file for file in files if not file.endswith(SUFFIX)}.difference(*(named for _, named in members))
    # a certificate that was not read to its end may name files that were not asked for
    if unnamed and all(part.verdict in ("valid", "invalid") for part in parts):
        raise MalformedCertificate(f"{quote(min(unnamed))} is named by no certificate of the bundle")
    return Report(name, worst([part.verdict for part in parts]), parts=parts)

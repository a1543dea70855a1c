"""Where a command writes: "may I write here?" is answered before the work, and what is written is whole or not there.

A target is made by `certificate_file`, `bundle_directory`, `results_directory`, `picture_file`, `array_file` or
`ledger_file`, each of which refuses a place that must not or could not be written; its `write` is called when the work
is done. The same mistake has the same answer everywhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from exact_base.errors import SciBarriersError, UsageError
from proofs_checks.certificate.reading import MANIFEST, SUFFIX, parse, printable, read
from proofs_checks.certificate.writing import check_bundle_target, write_atomic, write_bundle

__all__ = [
    "Bundle",
    "File",
    "Results",
    "Written",
    "array_file",
    "bundle_directory",
    "certificate_file",
    "ledger_file",
    "picture_file",
    "read_bytes",
    "results_directory",
]

CERTIFICATES = "certificates"
"""The bundle in a directory of results."""


@dataclass(frozen=True)
class Written:
    """What was written.

    Attributes:
        paths: the files and bundles.
        check: those of them that `proofs-checks verify` takes.
        replaced: whether something of an earlier run was there before.
        left: what an earlier run wrote where nothing was to be written now.
    """

    paths: tuple[Path, ...] = ()
    check: tuple[Path, ...] = ()
    replaced: bool = False
    left: Path | None = None


@dataclass(frozen=True)
class File:
    """One file.

    Attributes:
        path: where it is.
        replaces: whether one is there, which is replaced.
        certificate: whether it is a certificate.
    """

    path: Path
    replaces: bool
    certificate: bool

    def write(self, data: bytes) -> Written:
        """Write the file.

        Raises:
            UsageError: if the system refuses.
        """
        with _refusals(self.path):
            write_atomic(self.path, data)
        return Written((self.path,), (self.path,) if self.certificate else (), self.replaces)

    def remove(self) -> None:
        """Remove what is there.

        Raises:
            UsageError: if the system refuses.
        """
        with _refusals(self.path):
            self.path.unlink(missing_ok=True)


@dataclass(frozen=True)
class Bundle:
    """A directory of certificates with their manifest; see `File` for the attributes."""

    path: Path
    replaces: bool

    def write(self, certificates: Mapping[str, bytes]) -> Written:
        """Write certificates by file name, in place of all that an earlier run wrote; without any, write nothing.

        Raises:
            UsageError: if the system refuses.
        """
        if not certificates:
            return Written(left=self.path if self.replaces else None)
        with _refusals(self.path):
            write_bundle(self.path, certificates)
        return Written((self.path,), (self.path,), self.replaces)


@dataclass(frozen=True)
class Results:
    """A directory with files, and a bundle called `certificates` if there are any; see `File` for the attributes."""

    path: Path
    replaces: bool

    def prepare(self) -> None:
        """Make the directory, for what is written there during the work.

        Raises:
            UsageError: if the system refuses.
        """
        with _refusals(self.path):
            self.path.mkdir(exist_ok=True)

    def write(self, certificates: Mapping[str, bytes], files: Mapping[str, bytes]) -> Written:
        """Write the bundle, if there are certificates, and the other files by name.

        Raises:
            UsageError: if the system refuses.
        """
        self.prepare()
        check = (self.path / CERTIFICATES,) if certificates else ()
        with _refusals(self.path):
            if certificates:
                write_bundle(self.path / CERTIFICATES, certificates)
            for name, data in files.items():
                write_atomic(self.path / name, data)
        return Written((*check, *(self.path / name for name in files)), check, self.replaces)


def certificate_file(path: Path, *, option: str = "--out") -> File:
    """Return the target for one certificate; only a certificate is replaced.

    Raises:
        UsageError: with what to do.
    """
    replaces = _free(path, option, (SUFFIX,))
    if replaces and not _is_certificate(path):
        raise UsageError(f"{_shown(path, option)} exists and is not a certificate; give another name")
    return File(path, replaces, certificate=True)


def picture_file(path: Path, *, endings: Sequence[str], option: str = "--plot") -> File:
    """Return the target for a picture, whose ending says its form.

    Raises:
        UsageError: with what to do.
    """
    return File(path, _free(path, option, endings), certificate=False)


def array_file(path: Path, *, option: str = "--out") -> File:
    """Return the target for an array of truth values as numpy writes it; only such a file is replaced.

    Raises:
        UsageError: with what to do.
    """
    replaces = _free(path, option, (".npy",))
    if replaces:
        start = _beginning(path)
        if not (start.startswith(b"\x93NUMPY") and b"'descr': '|b1'" in start):
            raise UsageError(f"{_shown(path, option)} exists and has no truth values in it; give another name")
    return File(path, replaces, certificate=False)


def ledger_file(path: Path, *, option: str = "--ledger") -> File:
    """Return the target for a file that keeps unfinished work; whoever reads it says whether it is one.

    Raises:
        UsageError: with what to do.
    """
    return File(path, _free(path, option, (".npz",)), certificate=False)


def bundle_directory(path: Path, *, option: str = "--out") -> Bundle:
    """Return the target for a bundle of certificates; only a bundle is replaced, as a whole.

    Raises:
        UsageError: with what to do.
    """
    _directory_name(path, option)
    _writable(path.absolute().parent, option)
    try:
        check_bundle_target(path)
    except SciBarriersError as error:
        raise UsageError(f"{option} {error}") from None
    if path.exists() and Path.cwd() == path.resolve():
        raise UsageError(f"{_shown(path, option)} is the directory you are in, which would be replaced; give another")
    return Bundle(path, path.exists())


def results_directory(
    path: Path, *, names: Sequence[str], mark: str = f"{CERTIFICATES}/{MANIFEST}", option: str = "--out"
) -> Results:
    """Return the target for a directory of results; in it only what an earlier run wrote is replaced.

    Args:
        path: the directory, which may exist.
        names: the files that may be written beside the bundle; `*` stands for any characters.
        mark: the file by which the directory of an earlier run is known.
        option: how the directory is given, for messages.

    Raises:
        UsageError: with what to do.
    """
    _directory_name(path, option)
    if path.is_symlink() and not path.exists():
        raise UsageError(f"{_shown(path, option)} is a link that leads nowhere; give a directory")
    if path.exists() and not path.is_dir():
        raise UsageError(f"{_shown(path, option)} is a file; give a directory")
    _writable(path if path.exists() else path.absolute().parent, option)
    ours = (path / mark).is_file()
    taken = [] if ours else [found for name in (CERTIFICATES, *names) for found in sorted(path.glob(name))]
    if taken:
        raise UsageError(
            f"{printable(str(taken[0]))} exists, and was not written by an earlier run; give another {option}"
        )
    if (path / CERTIFICATES).exists():
        bundle_directory(path / CERTIFICATES, option=option)
    return Results(path, ours)


def read_bytes(path: Path) -> bytes:
    """Read a certificate file, at most 64 MiB.

    Raises:
        UsageError: if the system refuses.
    """
    try:
        return read(path)
    except OSError as error:
        reason = "it is a directory; name a file in it" if path.is_dir() else error.strerror or error
        raise UsageError(f"cannot read {path}: {reason}") from None


def _free(path: Path, option: str, endings: Sequence[str]) -> bool:
    """Refuse a place for a file that cannot be one; return whether there is one."""
    shown = _shown(path, option)
    if path.is_symlink():
        raise UsageError(f"{shown} is a link, which is not replaced; give the file itself")
    if path.is_dir():
        raise UsageError(f"{shown} is a directory; give a file whose name ends in {' or '.join(endings)}")
    if not path.name.endswith(tuple(endings)):
        raise UsageError(f"{shown} must end in {' or '.join(endings)}")
    _writable(path.absolute().parent, option)
    if path.exists() and not path.is_file():
        raise UsageError(f"{shown} exists and is no file; give another name")
    return path.exists()


def _directory_name(path: Path, option: str) -> None:
    """Refuse a directory with the name of a certificate, which was meant to be a file."""
    if path.name.lower().endswith(".json"):
        raise UsageError(f"{_shown(path, option)} has the name of a file, but a directory is written; give one")


def _writable(directory: Path, option: str) -> None:
    """Refuse a directory that is not there, or cannot be written."""
    if not directory.is_dir():
        raise UsageError(f"{option} the directory {printable(str(directory))} does not exist; make it first")
    if not os.access(directory, os.W_OK | os.X_OK):
        raise UsageError(f"{option} the directory {printable(str(directory))} cannot be written")


def _beginning(path: Path) -> bytes:
    with _refusals(path), path.open("rb") as file:
        return file.read(128)


def _is_certificate(path: Path) -> bool:
    try:
        parse(read(path))
    except (OSError, SciBarriersError):
        return False
    return True


def _shown(path: Path, option: str) -> str:
    return f"{option} {printable(str(path))}"


@contextmanager
def _refusals(path: Path) -> Iterator[None]:
    """Turn what the system says into an error of ours."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"cannot write {printable(str(path))}: {error.strerror or error}") from None

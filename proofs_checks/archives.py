"""Zip files of others, read in memory and never unpacked to a disk (docs/security.md, "Zip files")."""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
import zlib
from contextlib import suppress
from functools import lru_cache, partial

from proofs_checks.certificate.reading import MAX_FILE_BYTES, MalformedCertificate, quote, read

SUFFIX = ".zip"
MAX_ENTRIES = 65_536
MAX_UNPACKED = 16 * MAX_FILE_BYTES
MAX_NAME = 1024
MAX_DEPTH = 32

_FAULTS = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(RuntimeError, ValueError, LookupError, OverflowError),
)
"""What the library raises about files that are no zip files, or only in part."""


def names(path: str | os.PathLike[str]) -> list[str]:
    """Return the names of what is in a zip file, with slashes between folders; those of folders end with one.

    Raises MalformedCertificate for a file that is no zip file, or has an entry that a directory could not have or that
    cannot be read with bounds; and OSError.
    """
    _opened.cache_clear()  # it may have changed
    return sorted(_opened(os.fspath(path)))


def prepare(path: str | os.PathLike[str]) -> None:
    """Have a zip file at hand for `content`, in this process and in those that will be forked from it.

    What fails is left to fail again where a file of it is read.
    """
    with suppress(MalformedCertificate, MemoryError):
        _opened(os.fspath(path))


def content(path: str | os.PathLike[str], name: str) -> bytes:
    """Return the bytes of one file in a zip file, never more than the cap on file sizes; errors as for `names`."""
    entries = _opened(os.fspath(path))
    if name not in entries:
        raise MalformedCertificate(f"{quote(name)} is no longer in the zip file")
    archive, entry = entries[name]
    try:
        with archive.open(entry) as stream:
            data = stream.read(entry.file_size + 1)  # one more, so that its end is reached, and its checksum with it
    except _FAULTS as error:
        raise MalformedCertificate(f"{quote(name)} in the zip file cannot be unpacked: {_first_line(error)}") from None
    if len(data) != entry.file_size:
        raise MalformedCertificate(f"{quote(name)} in the zip file is not as long as it says")
    return data


@lru_cache(maxsize=1)  # one certificate after another comes from the same file
def _opened(path: str) -> dict[str, tuple[zipfile.ZipFile, zipfile.ZipInfo]]:
    data = read(path)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _FAULTS as error:
        raise MalformedCertificate(f"not a zip file: {_first_line(error)}") from None
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise MalformedCertificate(f"the zip file has {len(entries)} entries, more than {MAX_ENTRIES}")
    seen: set[str] = set()
    for entry in entries:
        _require_plain(entry)
        if entry.filename in seen:
            raise MalformedCertificate(f"the zip file has two entries {quote(entry.filename)}")
        seen.add(entry.filename)
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise MalformedCertificate("the zip file is larger than 1 GiB when it is unpacked")
    return {entry.filename: (archive, entry) for entry in entries}


def _require_plain(entry: zipfile.ZipInfo) -> None:
    """Refuse an entry that is not a file, or a folder, of an honest name, stored or deflated, within the cap."""
    name, fault = entry.orig_filename, partial(_fault, entry.orig_filename)
    parts = name.removesuffix("/").split("/")
    if name != entry.filename or "\\" in name or ":" in parts[0] or not {"", ".", ".."}.isdisjoint(parts):
        raise fault("has a name that leads elsewhere")
    if len(name) > MAX_NAME or len(parts) > MAX_DEPTH:
        raise fault(f"has a name of more than {MAX_NAME} characters or {MAX_DEPTH} folders")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR) or (kind == stat.S_IFDIR) > entry.is_dir():
        raise fault("is no plain file")
    if entry.flag_bits & 0x1:
        raise fault("is encrypted")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise fault("is packed by a method other than deflate")
    if entry.file_size > MAX_FILE_BYTES:
        raise fault("is larger than 64 MiB")
    if name.lower().endswith(SUFFIX):
        raise fault("is a zip file itself: unpack it first")


def _fault(name: str, what: str) -> MalformedCertificate:
    return MalformedCertificate(f"{quote(name)} in the zip file {what}")


def _first_line(error: Exception) -> str:
    return ascii(str(error).split("\n")[0] or type(error).__name__)[1:-1][:200]

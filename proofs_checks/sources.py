"""What there is to check at a path: a certificate, a bundle, a directory of these, or a zip file of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

from proofs_checks import archives
from proofs_checks.certificate.reading import (
    ARRAY_SUFFIX,
    MANIFEST,
    NPY_SUFFIX,
    SUFFIX,
    MalformedCertificate,
    SciBarriersError,
    read,
)
from proofs_checks.checker.core.rules import OutOfTime
from proofs_checks.checker.core.verify import NO_MEMORY, Folder, Report, directory, listed


class NothingToCheck(SciBarriersError):
    """A directory holds no certificate."""


@dataclass(frozen=True)
class Loose:
    """A certificate by itself: what reads it, and what reads the arrays that it names."""

    name: str
    read: Callable[[], bytes]
    beside: Callable[[str], bytes]


@dataclass(frozen=True)
class Bundle:
    """A bundle, and the files that its manifest lists, with their digests; `prepare` as for a group."""

    name: str
    folder: Folder
    files: dict[str, str]
    prepare: Callable[[], object]


@dataclass(frozen=True)
class Group:
    """What a directory or a zip file holds.

    Attributes:
        name: as it is printed.
        items: in the order of their names; a report where there is nothing left to check.
        others: the number of files that are neither certificates nor arrays, and are not looked at.
        prepare: to be called before an item is checked, in the process whose children do that.
    """

    name: str
    items: tuple[Source, ...]
    others: int
    prepare: Callable[[], object]


Source: TypeAlias = Loose | Bundle | Group | Report


def source(path: str) -> Source:
    """Return what there is to check at a path, which is opened, and of which nothing is checked yet.

    Raises NothingToCheck for a directory without certificates, and OSError.
    """
    if os.path.isdir(path):
        found = _of_directory(path)
        if isinstance(found, Group) and not found.items:
            raise NothingToCheck(f"no certificate in {path}: nothing in it is called *{SUFFIX}, or is a zip file")
        return found
    if path.lower().endswith(archives.SUFFIX):
        return _of_archive(path)
    folder = Path(path).parent
    return Loose(path, partial(read, path), lambda file: read(folder / file, follow_links=False))


def certificates(item: Source) -> Iterator[Loose | Report]:
    """Yield the certificates of a source one by one, as if each were loose."""
    if isinstance(item, Group):
        for inner in item.items:
            yield from certificates(inner)
    elif isinstance(item, Bundle):
        files = [file for file in item.files if file.endswith(SUFFIX)]
        for file in files:
            yield Loose(os.path.join(item.name, file), partial(item.folder.read, file), item.folder.read)
        if not files:
            yield Report(item.name, "malformed", reason="the bundle has no certificate")
    else:
        yield item


def _of_directory(path: str) -> Source:
    """Go through a directory and those in it, but for bundles and links."""
    folders, waiting = {}, [""]
    while waiting:
        place = waiting.pop()
        here = folders[place] = directory(os.path.join(path, place))
        if MANIFEST not in here.entries:
            inner = (os.path.join(place, name) for name, is_file in here.entries.items() if not is_file)
            waiting += [name for name in inner if _is_folder(os.path.join(path, name))]
    return _grouped(path, folders, prepare=_nothing, archive=_of_archive)


def _is_folder(path: str) -> bool:
    return os.path.isdir(path) and not os.path.islink(path)


def _nothing() -> None:
    pass


def _of_archive(path: str) -> Source:
    try:
        names = archives.names(path)
        found = _grouped(
            path, _folders(names, partial(archives.content, path)), prepare=partial(archives.prepare, path)
        )
    except MalformedCertificate as error:
        return Report(path, "malformed", reason=str(error))
    except OutOfTime as error:
        return Report(path, "undecided", reason=str(error))
    except MemoryError:
        return Report(path, "undecided", reason=NO_MEMORY)
    if isinstance(found, Group) and not found.items:
        return Report(path, "malformed", reason=f"no certificate in the zip file: nothing in it is called *{SUFFIX}")
    return found


def _folders(names: Iterable[str], read_name: Callable[[str], bytes]) -> dict[str, Folder]:
    """Return the folders of an archive by their names; that of the archive itself is ''."""
    entries: dict[str, dict[str, bool]] = {"": {}}
    for name in names:
        place, _, last = name.removesuffix("/").rpartition("/")
        is_file = not name.endswith("/")
        while last:  # a folder that is also a file is none
            inside = entries.setdefault(place, {})
            inside[last] = inside.get(last, is_file) and is_file
            is_file = False
            place, _, last = place.rpartition("/")
    return {place: Folder(inside, partial(_in, place, read_name)) for place, inside in entries.items()}


def _in(place: str, read_name: Callable[[str], bytes], file: str) -> bytes:
    return read_name(f"{place}/{file}" if place else file)


def _grouped(
    name: str,
    folders: dict[str, Folder],
    *,
    prepare: Callable[[], object],
    archive: Callable[[str], Source] | None = None,
) -> Source:
    """Return what some folders hold: certificates, bundles, and zip files if something can open them."""
    bundles = {place for place, folder in folders.items() if MANIFEST in folder.entries}
    if "" in bundles:
        return _bundle(name, folders[""], prepare)
    items: list[Source] = []
    others = 0
    for place, folder in sorted(folders.items()):
        if place in bundles:
            items.append(_bundle(os.path.join(name, place), folder, prepare))
            continue
        if not bundles.isdisjoint(_above(place)):
            continue  # a bundle with folders is malformed
        for file, is_file in sorted(folder.entries.items()):
            where = os.path.join(name, place, file)
            if file.endswith(SUFFIX):
                items.append(_loose(where, folder, file))
            elif archive is not None and is_file and file.lower().endswith(archives.SUFFIX):
                items.append(archive(where))
            else:
                others += is_file and not file.endswith((ARRAY_SUFFIX, NPY_SUFFIX))
    return Group(name, tuple(items), others, prepare)


def _above(place: str) -> Iterator[str]:
    while place := os.path.dirname(place):
        yield place


def _bundle(name: str, folder: Folder, prepare: Callable[[], object]) -> Source:
    try:
        return Bundle(name, folder, listed(folder), prepare)
    except MalformedCertificate as error:
        return Report(name, "malformed", reason=str(error))
    except MemoryError:
        return Report(name, "undecided", reason=NO_MEMORY)


def _loose(name: str, folder: Folder, file: str) -> Source:
    if not folder.entries[file]:
        return Report(name, "malformed", reason="not a plain file, and links in a directory are not followed")
    return Loose(name, partial(folder.read, file), folder.read)

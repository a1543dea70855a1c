"""Arrays that numpy wrote: .npy, .npz, and the sparse matrices of scipy in .npz; the header first, and no pickles."""

from __future__ import annotations

import math
import zlib
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from numpy.lib import format as npy

from exact_base.entries.arrays import Entries, laid_out
from exact_base.entries.memory import check_entries, check_memory
from exact_base.errors import DataError, UsageError
from exact_base.readers.options import chosen

__all__ = ["read_npy", "read_npz"]

_MAGIC = b"\x93NUMPY"
_HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
_SPARSE = {"format", "shape", "data"}  # members of every sparse matrix of scipy
_LONGEST_HEADER = 10_000  # bytes; numpy reads no longer one either, but takes the memory for it first


def read_npy(path: Path, array: str | None) -> Entries:
    """Read a .npy file.

    Raises:
        DataError: if it holds no array of numbers, or more than one.
    """
    if array is not None:
        raise DataError("a .npy file holds one array without a name; leave out --array")
    with open(path, "rb") as file:
        return _entries(file, path.stat().st_size)


def read_npz(path: Path, array: str | None) -> Entries:
    """Read an array of a .npz file, or the sparse matrix that it is.

    Raises:
        DataError: if it holds no array of numbers, or several and none is named.
        UsageError: if scipy is needed and not installed.
    """
    try:
        with ZipFile(path) as archive:
            members = {name.removesuffix(".npy"): name for name in archive.namelist()}
            if len(members) != len(archive.namelist()):
                raise DataError("two of its arrays have one name")
            if members.keys() >= _SPARSE and array is None:
                return _sparse(path, archive, members)
            name = members[chosen(members, array)]
            with archive.open(name) as file:
                return _entries(file, archive.getinfo(name).file_size)
    except (zlib.error, NotImplementedError, RuntimeError):  # damaged, encrypted, or packed in some other way
        raise BadZipFile from None


def _entries(file: IO[bytes], size: int) -> Entries:
    shape, dtype = _header(file)
    if len(shape) == 2:
        check_entries(*shape)
    return laid_out(_content(file, shape, dtype, size))


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], Any]:
    """Return shape and type of an array, and leave the file at its start."""
    if file.read(len(_MAGIC)) != _MAGIC:
        raise DataError("this is no array of numpy, whatever its name says; give a text the ending .csv or .txt")
    file.seek(0)
    try:
        version = npy.read_magic(file)
        if version not in _HEADERS:
            raise DataError("an array of numbers is needed, not one of named fields")
        start = file.tell()
        if int.from_bytes(file.read(2 * version[0]), "little") > _LONGEST_HEADER:
            raise ValueError
        file.seek(start)
        shape, _, dtype = _HEADERS[version](file)
        if not all(type(side) is int and 0 <= side < 1 << 63 for side in shape):
            raise ValueError
    except (ValueError, TypeError, SyntaxError, RecursionError):  # with advice to load it in an unsafe way
        raise DataError("the header of the array is damaged, or of a type that this machine lacks") from None
    if dtype.hasobject:
        raise DataError("it holds pickled objects of Python, which are never opened; save an array of numbers")
    file.seek(0)
    return shape, dtype


def _content(file: IO[bytes], shape: tuple[int, ...], dtype: Any, size: int) -> Any:
    check_memory(math.prod(shape) * dtype.itemsize, f"an array of shape {shape}")
    try:
        array = npy.read_array(file, allow_pickle=False)
    except ValueError:
        raise DataError(f"the file is cut short: {size:,} bytes do not hold an array of shape {shape}") from None
    if file.read(1):
        raise DataError("something follows the array; one array a file is read")
    return array


def _sparse(path: Path, archive: ZipFile, members: dict[str, str]) -> Entries:
    """Read a sparse matrix; its size is known before it is read."""
    with archive.open(members["shape"]) as file:
        shape, dtype = _header(file)
        if len(shape) != 1 or shape[0] > 2 or dtype.kind not in "iu":
            raise DataError("its shape is no pair of integers, so that it is no sparse matrix of scipy")
        sides = _content(file, shape, dtype, 0).tolist()
    if len(sides) != 2 or min(sides) < 0:
        raise DataError(f"a sparse matrix of two dimensions is needed, got shape {tuple(sides)}")
    check_entries(*sides)
    for name in members.values():
        with archive.open(name) as file:
            size, kind = _header(file)
            check_memory(math.prod(size) * kind.itemsize, f"its part {name!r:.40}")
    try:
        from scipy import sparse
    except ImportError:
        raise UsageError("a sparse matrix needs scipy; pip install 'sci-barriers[files]'") from None
    try:
        matrix = sparse.load_npz(path)
    except Exception as error:  # whatever scipy says of parts that do not fit
        raise DataError(f"no sparse matrix of scipy: {' '.join(str(error).split())[:200]}") from None
    return laid_out(matrix)

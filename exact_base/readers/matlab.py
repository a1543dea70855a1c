"""Arrays that MATLAB wrote: .mat files up to version 7 by scipy, and of version 7.3, which are HDF5, by h5py."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from exact_base.entries.arrays import Entries, laid_out
from exact_base.entries.memory import check_entries, check_memory
from exact_base.errors import DataError, SciBarriersError, UsageError
from exact_base.readers.options import chosen

__all__ = ["read"]

_HDF5 = b"\x89HDF\r\n\x1a\n"
_NUMBERS = {"double", "single", "sparse"} | {f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)}


def read(path: Path, array: str | None) -> Entries:
    """Read an array of a .mat file.

    Raises:
        DataError: if it holds no array of numbers, or several and none is named.
        UsageError: if the library for it is not installed.
    """
    with open(path, "rb") as file:
        start = file.read(1024)
    version_7_3 = any(start[place:].startswith(_HDF5) for place in (0, 512))
    try:
        return _of_hdf5(path, array) if version_7_3 else _of_scipy(path, array)
    except (SciBarriersError, MemoryError):
        raise
    except Exception as error:  # of parsers whose errors are of any type
        raise DataError(f"no .mat file that can be read: {' '.join(str(error).split())[:200]}") from None


def _of_scipy(path: Path, array: str | None) -> Entries:
    try:
        from scipy import io
    except ImportError:
        raise UsageError("a .mat file needs scipy; pip install 'sci-barriers[files]'") from None
    listed = io.whosmat(path, appendmat=False)
    found = {name: (shape, kind) for name, shape, kind in listed}
    if len(found) != len(listed):
        raise DataError("two of its arrays have one name")
    name = chosen(found, array)
    shape, kind = found[name]
    _check(name, kind, shape)
    content = io.loadmat(path, appendmat=False, variable_names=[name])[name]
    if content.dtype.kind == "c":
        _check_complex(name, kind)
    return laid_out(content)


def _check_complex(name: str, kind: str) -> None:
    """Refuse a complex array that scipy has computed from its parts with rounding."""
    if "int" in kind:
        _complex_integers(name)
    least = np.array([1], dtype=np.int64).view(np.float64)  # 2^-1074
    if (least * 1j).view(np.int64).tolist() != [0, 1]:
        raise DataError(
            f"the complex array {name!r:.40} cannot be read where subnormal numbers are taken for zero (flush-to-zero, "
            "set by a library built with -ffast-math); save it as .npy"
        )


def _complex_integers(name: str) -> NoReturn:
    raise DataError(f"{name!r:.40} is a complex array of integers, which is not read exactly; convert it to double")


def _check(name: str, kind: str, shape: Any) -> None:
    if kind not in _NUMBERS:
        raise DataError(f"{name!r:.40} is no array of numbers, but of the class {kind}")
    if len(shape) != 2:
        raise DataError(f"{name!r:.40} has {len(shape)} dimensions, and a matrix two")
    check_entries(*map(int, shape))


def _of_hdf5(path: Path, array: str | None) -> Entries:
    try:
        import h5py
    except ImportError:
        raise UsageError("a .mat file of version 7.3 needs h5py; pip install 'sci-barriers[files]'") from None
    with h5py.File(path, "r") as file:
        # a link may lead to another file
        names = [name for name in file if isinstance(file.get(name, getlink=True), h5py.HardLink)]
        name = chosen([name for name in names if not name.startswith("#")], array)
        found = file[name]
        kind = found.attrs.get("MATLAB_class")
        if kind is None:
            raise DataError(
                f"MATLAB did not write {name!r:.40}: whether it is transposed is not known; save it as .npy"
            )
        if not isinstance(kind, bytes):
            raise DataError(f"the class of {name!r:.40} is no text of MATLAB, so that the file is damaged")
        kind = kind.decode("ascii", "replace")
        if "MATLAB_sparse" in found.attrs:
            return _sparse(name, kind, found)
        if not isinstance(found, h5py.Dataset):
            _check(name, "struct" if kind in _NUMBERS else kind, ())
        if "MATLAB_empty" in found.attrs:
            raise DataError(f"{name!r:.40} is empty")
        _check(name, kind, found.shape)
        if found.dtype.names is not None and "int" in kind:
            _complex_integers(name)
        return laid_out(_complex(_content(found)).T)  # HDF5 has the last index first


def _content(dataset: Any) -> Any:
    if dataset.is_virtual or dataset.external:
        _elsewhere()
    check_memory(dataset.size * dataset.dtype.itemsize, "an array")
    return dataset[()]


def _elsewhere() -> NoReturn:
    raise DataError("the numbers stand in another file; give that one, or save them here")


def _complex(array: Any) -> Any:
    """Return an array, whose complex entries are pairs in HDF5."""
    if array.dtype.names is None:
        return array
    if array.dtype.names != ("real", "imag"):
        raise DataError(f"an array of numbers is needed, not one of the fields {', '.join(array.dtype.names)}")
    found = np.empty(array.shape, dtype=np.result_type(array["real"].dtype, np.complex64))
    found.real, found.imag = array["real"], array["imag"]
    return found


def _sparse(name: str, kind: str, group: Any) -> Entries:
    """Lay out a sparse matrix: its columns one after the other, with the rows of their entries."""
    starts = [int(start) for start in _content(group["jc"])]
    rows, cols = int(group.attrs["MATLAB_sparse"]), len(starts) - 1
    _check(name, kind, (rows, cols))
    places = _content(group["ir"]).tolist() if "ir" in group else []
    numbers = list(laid_out(_complex(_content(group["data"]))).values) if "data" in group else []
    rising = all(a <= b for a, b in pairwise(starts))
    if not rising or starts[:1] != [0] or not starts[-1] == len(places) == len(numbers):
        raise DataError(f"the sparse matrix {name!r:.40} is damaged")
    values: list[Any] = [0] * (rows * cols)
    for j, (start, end) in enumerate(pairwise(starts)):
        here = places[start:end]
        if len(set(here)) != len(here) or not all(0 <= i < rows for i in here):
            raise DataError(f"the sparse matrix {name!r:.40} is damaged")
        for i, number in zip(here, numbers[start:end], strict=True):
            values[i * cols + j] = number
    return Entries((rows, cols), values)

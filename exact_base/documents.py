"""Reading matrices and vectors exactly from files: .npy, .npz, .csv and .json."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NoReturn
from zipfile import BadZipFile

import numpy as np

from exact_base.errors import DataError, SciBarriersError, UsageError
from exact_base.matrices import ExactMatrix, exact_matrix
from proofs_checks.certificate.reading import decode_matrix

__all__ = ["read_matrix", "read_vector"]


def read_matrix(path: Path) -> ExactMatrix:
    """Read a matrix exactly; floats are the dyadic rationals that they store, decimals in text what they say.

    A .npz file holds one array, or one called A. A .csv file has one row a line, separated by commas, semicolons or
    blanks. A .json file holds a matrix as docs/format.md, "Numbers", writes it, or a list of rows of numbers or
    strings.

    Raises:
        UsageError: if the file cannot be opened, or has another ending.
        DataError: if it holds no matrix of finite numbers.
    """
    return _read(path, flat=False)


def read_vector(path: Path, size: int) -> ExactMatrix:
    """Read a vector of the given size exactly, as `read_matrix` reads matrices; shape (size, 1).

    It is a matrix of one column or one row, a .npy array of one dimension, or a .json list of numbers or strings.

    Raises:
        UsageError: if the file cannot be opened, or has another ending.
        DataError: if it holds no vector of finite numbers of this size.
    """
    found = _read(path, flat=True)
    if found.rows == 1:
        found = ExactMatrix(found.re.transpose(), None if found.im is None else found.im.transpose(), found.den)
    if (found.rows, found.cols) != (size, 1):
        raise DataError(f"{path}: a vector of length {size} is needed, not a matrix of {found.rows} x {found.cols}")
    return found


def _read(path: Path, *, flat: bool) -> ExactMatrix:
    """Read a matrix; with `flat`, what has one dimension is a row."""
    readers = {".npy": _numpy, ".npz": _numpy, ".csv": _csv, ".json": _json}
    reader = readers.get(path.suffix)
    if reader is None:
        raise UsageError(f"{path} must end in {', '.join(readers)}")
    try:
        return reader(path, flat).reduced()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise DataError(f"{path} is not UTF-8 text") from None
    except MemoryError:
        raise DataError(f"{path} holds a matrix that is too large for the memory of this machine") from None
    except SciBarriersError as error:
        raise DataError(f"{path}: {error}") from None


def _numpy(path: Path, flat: bool) -> ExactMatrix:
    try:
        with open(path, "rb") as file:
            loaded = np.load(file, allow_pickle=False)
            if isinstance(loaded, np.ndarray):
                return _array(loaded, flat)
            names = loaded.files
            if "A" not in names and len(names) != 1:
                raise DataError(f"one array, or one called A, is needed, not {len(names)}")
            return _array(loaded["A" if "A" in names else names[0]], flat)
    except (ValueError, EOFError, BadZipFile) as error:
        raise DataError(f"not an array of numbers: {error}".splitlines()[0]) from None


def _array(array: Any, flat: bool) -> ExactMatrix:
    if flat and array.ndim == 1:
        array = array[None]
    if array.ndim != 2 or array.dtype.kind not in "iufc":
        raise DataError(f"a matrix of numbers is needed, not {array.ndim} dimensions of {array.dtype}")
    # other floats would be converted to float64 on the way, and what that does depends on the modes of the processor
    plain = array.dtype.kind in "iu" or array.dtype.char in "dD"
    return exact_matrix(array.tolist() if plain else array)


def _csv(path: Path, flat: bool) -> ExactMatrix:
    lines = (line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return exact_matrix([re.split(r"\s*[,;]\s*|\s+", line) for line in lines if line])


def _json(path: Path, flat: bool) -> ExactMatrix:
    def refuse(text: str) -> NoReturn:
        raise DataError(f"{text} is not a finite number")

    try:
        value = json.loads(path.read_text(encoding="utf-8"), parse_int=str, parse_float=str, parse_constant=refuse)
    except (json.JSONDecodeError, RecursionError) as error:
        raise DataError(f"not JSON: {error}") from None
    if isinstance(value, dict):
        return ExactMatrix.decode(decode_matrix(value, "matrix", rational=True))
    if flat and isinstance(value, list) and not any(isinstance(row, list) for row in value):
        value = [value]
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        raise DataError("a list of rows is needed")
    return exact_matrix(value)

"""What is asked: a problem of penalised least squares, and the coefficients that somebody has for it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from flint import fmpq

from exact_base.errors import DataError, UsageError
from exact_base.matrices import ExactMatrix
from exact_base.reprs import short_repr
from proofs_checks.certificate.arrays import MAX_ARRAY_SIDE
from proofs_checks.certificate.npy import decode_npy
from proofs_checks.certificate.reading import MAX_FILE_BYTES, MalformedCertificate, printable
from sci_barriers.checks.conventions import Request
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares

__all__ = [
    "DATA",
    "MATRIX",
    "Claimed",
    "Question",
    "array_bytes",
    "check_data",
    "check_order",
    "check_sizes",
    "column_names",
    "file_bytes",
    "listed",
    "read_npy",
]

MATRIX, DATA = "X.npy", "y.npy"
"""The files beside a certificate with the data, where these are float64."""

_NAME = 60
_MANY = 1 << 20  # entries that may be too many for a file, whatever they are
_MOST_NAMED = 6
_MOST_INTEGER = 1 << 53
"""Up to here float64 holds all integers."""


@short_repr()
@dataclass(frozen=True)
class Claimed:
    """What the library itself says of its coefficients.

    Attributes:
        words: one line.
        excess: at most so much is its objective at the coefficients above the minimum, as it says; None if it does not.
        advice: what gives more digits, as a rule, if that is known.
    """

    words: str
    excess: fmpq | None = None
    advice: str = ""


@short_repr()
@dataclass(frozen=True)
class Question:
    """What is asked.

    Attributes:
        problem: the problem.
        coefficients: in the units that the library returns them in, N x 1; None where only the minimiser is asked for.
        names: of the columns, n of them.
        subject: whose coefficients these are.
        objective: what is minimised, as the library writes it, with its numbers.
        multiple: F of the problem is so many times that objective.
        claimed: what the library says of them, if anything.
        notes: what a reader has to know of the data, a line each.
        arrays: the data as files of numpy, by name, as far as they are float64.
        request: the parameters of the objective.
    """

    problem: PenalisedLeastSquares
    coefficients: ExactMatrix | None
    names: tuple[str, ...]
    subject: str
    objective: str
    multiple: fmpq
    claimed: Claimed | None = None
    notes: tuple[str, ...] = ()
    arrays: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    request: Request | None = None


def column_names(names: Sequence[str] | None, columns: int) -> tuple[str, ...]:
    """Return the names of the columns as a screen can show them, or their numbers from 1."""
    if names is None:
        return tuple(f"column {j}" for j in range(1, columns + 1))
    return tuple(printable(" ".join(name.split()), _NAME) for name in names)


def listed(names: Sequence[str], indices: Sequence[int]) -> str:
    """Return the names of these columns, the first of them if there are many."""
    named = [names[j] for j in indices[:_MOST_NAMED]]
    if all(name == f"column {j + 1}" for name, j in zip(named, indices, strict=False)) and len(named) > 1:
        named = [f"columns {indices[0] + 1}", *(str(j + 1) for j in indices[1:_MOST_NAMED])]
    if len(indices) > _MOST_NAMED:
        return f"{', '.join(named)} and {len(indices) - _MOST_NAMED} more"
    return " and ".join([", ".join(named[:-1]), named[-1]]) if len(named) > 1 else named[0]


def check_data(matrix: ExactMatrix, data: ExactMatrix, *, names: Sequence[str], centred: bool) -> None:
    """Refuse data of which nothing can be said, before any work.

    Raises:
        DataError: for complex data, sizes that do not match, an empty column, or a constant one that is centred.
    """
    if not (matrix.is_real and data.is_real):
        raise DataError("complex data are not checked here; `sci-barriers audit-claims` takes a complex minimiser")
    if (data.rows, data.cols) != (matrix.rows, 1):
        raise DataError(f"X has {matrix.rows} rows and y has {data.rows}; they must be as many")
    constant = [j for j in range(matrix.cols) if all(matrix.re[i, j] == matrix.re[0, j] for i in range(1, matrix.rows))]
    empty = [j for j in constant if matrix.re[0, j] == 0]
    rest = [j for j in constant if matrix.re[0, j] != 0] if centred and matrix.rows > 1 else []
    wrong = [f"{listed(names, empty)} {_is(empty)} empty, with zeros only"] if empty else []
    if rest:
        wrong.append(f"{listed(names, rest)} {_is(rest)} constant, of which centring or an intercept leaves nothing")
    if wrong:
        what = "it" if len(empty) + len(rest) == 1 else "them"
        raise DataError(
            f"{', and '.join(wrong)}; fit again without {what}, which changes no other coefficient of a minimiser"
        )


def _is(indices: Sequence[int]) -> str:
    return "is" if len(indices) == 1 else "are"


def array_bytes(array: Any, *, sides: int) -> bytes | None:
    """Return the file that numpy writes of an array of float64, or of what float64 holds exactly; else None.

    A table of pandas is taken by its values, and a column of one dimension more as a vector.
    """
    array = array.to_numpy() if hasattr(array, "to_numpy") else array
    if not isinstance(array, np.ndarray) or np.ma.isMaskedArray(array):
        return None
    narrow = array.dtype.kind in "iu" and bool(np.all((array <= _MOST_INTEGER) & (array >= -_MOST_INTEGER)))
    if not (narrow or (array.dtype.kind == "f" and array.dtype.itemsize <= 8)):
        return None
    if array.ndim == 2 and sides == 1 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != sides:
        return None
    file = io.BytesIO()
    np.lib.format.write_array(file, np.asarray(array, dtype="<f8"), allow_pickle=False)
    return file.getvalue()


def check_order(
    columns: Sequence[str] | None, coefficients: Sequence[str] | None, *, what: str = "coefficients"
) -> None:
    """Refuse coefficients, or radii, whose names, if there are any, are not those of the columns in order.

    Numbers that count the rows, from 1 as R or from 0 as pandas writes them, are no names.

    Raises:
        DataError: if they are not.
    """
    if coefficients is not None and _are_counted(coefficients):
        return
    if columns is not None and coefficients is not None and list(columns) != list(coefficients):
        raise DataError(f"the {what} have other names, or another order, than the columns of X")


def _are_counted(names: Sequence[str]) -> bool:
    return any(all(name == str(k) for k, name in enumerate(names, first)) for first in (0, 1))


def check_sizes(matrix: ExactMatrix, arrays: Mapping[str, bytes]) -> None:
    """Refuse data that no certificate can have in it or beside it, before the work.

    Raises:
        UsageError: with what to do.
    """
    if max(matrix.rows, matrix.cols) > MAX_ARRAY_SIDE:
        raise UsageError(
            f"X is {matrix.rows:,} x {matrix.cols:,}, and arrays of a certificate have at most {MAX_ARRAY_SIDE:,} rows "
            "and columns; leave out --out"
        )
    sizes = {name: len(data) for name, data in arrays.items()}
    if MATRIX not in arrays and matrix.rows * matrix.cols > _MANY:
        sizes["X"] = _packed_size(matrix)
    for name, size in sizes.items():
        if size > MAX_FILE_BYTES:
            raise UsageError(
                f"{name} would have {size:,} bytes, and beside a certificate are at most {MAX_FILE_BYTES:,}; "
                "leave out --out"
            )


def _packed_size(matrix: ExactMatrix) -> int:
    """Return about how many bytes a matrix takes beside a certificate."""
    entries = matrix.re.entries()
    if matrix.den & (matrix.den - 1) == 0:  # float64 as a rule
        return 8 * len(entries)
    low, high = min(map(int, entries)), max(map(int, entries))
    width = max(1, ((high - min(low, 0)).bit_length() + 7) // 8)
    return 2 * width * len(entries)


def file_bytes(path: Path, *, sides: int) -> bytes | None:
    """Return the bytes of a .npy file with float64 numbers as they are, so that its own digest is certified; else None.

    What is of another kind and fits into float64 is written anew, and so is what other programs write with a header
    that numpy reads, and would not write so.

    Raises:
        UsageError: if the file has gone since it was read.
    """
    found = read_npy(path)
    if found is None:
        return None
    data, array, certified = found
    fits = array.ndim == sides and array.dtype.kind != "c" and certified
    return data if fits else array_bytes(array, sides=sides)


def read_npy(path: Path) -> tuple[bytes, np.ndarray[Any, Any], bool] | None:
    """Return the bytes of a .npy file, its array, and whether a certificate may have it beside it; None for others.

    Raises:
        UsageError: if the file has gone since it was read.
    """
    if path.suffix.lower() != ".npy":
        return None
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from None
    return data, np.load(io.BytesIO(data), allow_pickle=False), _is_certified(data)


def _is_certified(data: bytes) -> bool:
    """Whether a certificate about real data may have this file of numpy beside it."""
    try:
        _, _, pairs = decode_npy(data, MATRIX)
    except MalformedCertificate:
        return False
    return not pairs

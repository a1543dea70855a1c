"""Penalised least squares as certificates write it: problems, sparse vectors, and files beside a certificate.

See docs/format.md, "kind solution-digits".
"""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from exact_base.errors import DataError, UsageError
from exact_base.matrices import ExactMatrix
from proofs_checks.certificate.arrays import PackedArray, decode_packed, read_array
from proofs_checks.certificate.reading import ARRAY_NAME, ARRAY_SUFFIX, NPY_SUFFIX
from proofs_checks.certificate.writing import encode_integer, encode_packed, packed_file
from sci_barriers.problems.determined.complex_problem import ComplexLeastSquares
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares

__all__ = [
    "INLINE",
    "Files",
    "array_file",
    "encode_complex_problem",
    "encode_matrix",
    "encode_problem",
    "encode_sparse",
    "with_matrix",
]

Files = Mapping[str, tuple[str, bytes]]
"""For names of fields the name and the bytes of a file beside the certificate that holds the array."""

INLINE = 2**16
"""Entries of an array that is written into a certificate."""


def encode_problem(
    problem: PenalisedLeastSquares, files: Files | None = None, **vectors: ExactMatrix
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the problem, and the other vectors by name; each array is written out, or names its file.

    Raises:
        UsageError: if a file has an unfit name, or belongs to no field.
        DataError: if a file does not hold the array of its field.
        SciBarriersError: if a number or an array exceeds the caps of the format.
    """
    writer = _Writer(dict(files or {}), frozenset())
    others = {name: writer.array(name, vector) for name, vector in vectors.items()}
    names = ("centres", "data", "matrix", "observation_weights", "penalties", "ridge", "scales")
    fields: dict[str, Any] = {name: writer.array(name, getattr(problem, name)) for name in names}
    writer.finish()
    fields["intercept"] = problem.intercept
    fields["nonnegative"] = [encode_integer(j) for j in problem.nonnegative]
    return fields, others


def encode_complex_problem(
    problem: ComplexLeastSquares, files: Files | None = None, **vectors: ExactMatrix
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a complex problem, and other complex vectors by name, as `encode_problem` does.

    Complex arrays have a last side of 2, for the real and the imaginary part; files of them are of complex128.

    Raises:
        UsageError: if a file has an unfit name, or belongs to no field.
        DataError: if a file does not hold the array of its field.
        SciBarriersError: if a number or an array exceeds the caps of the format.
    """
    writer = _Writer(dict(files or {}), frozenset(("matrix", "data", *vectors)))
    others = {name: writer.array(name, vector) for name, vector in vectors.items()}
    names = ("data", "matrix", "observation_weights", "penalties", "ridge")
    fields: dict[str, Any] = {name: writer.array(name, getattr(problem, name)) for name in names}
    writer.finish()
    return fields | {"centres": None, "intercept": False, "nonnegative": [], "scales": None}, others


def encode_matrix(
    matrix: ExactMatrix, file: tuple[str, bytes] | None = None, *, pairs: bool = False
) -> dict[str, Any] | None:
    """Return a matrix, with `pairs` one of complex numbers, written out, or the name of the file that holds it.

    Raises:
        UsageError: if the file has an unfit name.
        DataError: if the file does not hold the matrix.
        SciBarriersError: if a number or the matrix exceeds the caps of the format.
    """
    files = {} if file is None else {"matrix": file}
    return _Writer(files, frozenset(("matrix",) if pairs else ())).array("matrix", matrix)


def with_matrix(problem: PenalisedLeastSquares | ComplexLeastSquares, files: Files | None, stem: str) -> Files:
    """Return the files, with one of the matrix if it has more than 65,536 entries and is in none."""
    width = 2 if isinstance(problem, ComplexLeastSquares) else 1
    if problem.rows * problem.features * width > INLINE and "matrix" not in (files or {}):
        return {**(files or {}), "matrix": array_file(f"{stem}-X", problem.matrix, pairs=width == 2)}
    return files or {}


def array_file(stem: str, array: ExactMatrix, *, vector: bool = False, pairs: bool = False) -> tuple[str, bytes]:
    """Return the name and the bytes of a file that holds a matrix, or vector: of numpy if all numbers are float64.

    With `pairs` it is one of complex numbers, else of the real parts.

    Raises:
        SciBarriersError: if it would be larger than a file may be.

    >>> from exact_base.matrices import exact_matrix
    >>> from sci_barriers.certificates.penalised import array_file
    >>> [array_file("X", exact_matrix(rows))[0] for rows in ([[1, 0.1]], [["1/3", 0]])]
    ['X.npy', 'X.array.json']
    """
    numbers, den = _pairs(array) if pairs else _integers(array), int(array.den)
    floats = _as_floats(numbers, den)
    shape = (array.rows,) if vector else (array.rows, array.cols)
    if floats is None:
        sides = (*shape, 2) if pairs else shape
        return f"{stem}{ARRAY_SUFFIX}", packed_file(encode_packed(numbers, shape=sides, den=den))[0]
    buffer = io.BytesIO()
    np.save(buffer, np.array(floats, dtype="<f8").view("<c16" if pairs else "<f8").reshape(shape))
    return f"{stem}{NPY_SUFFIX}", buffer.getvalue()


def _as_floats(numbers: Sequence[int], den: int) -> list[float] | None:
    """Return the entries as float64 if all of them are."""
    try:
        floats = [n / den for n in numbers]
    except OverflowError:
        return None
    ratios = map(float.as_integer_ratio, floats)
    exact = all(p * den == n * q for (p, q), n in zip(ratios, numbers, strict=True))
    return floats if exact else None


def _integers(array: ExactMatrix) -> list[int]:
    return [int(x) for x in array.re.entries()]


def _pairs(array: ExactMatrix) -> list[int]:
    """Return the numerators of the real and the imaginary part of each entry."""
    imaginary = [0] * (array.rows * array.cols) if array.im is None else [int(x) for x in array.im.entries()]
    return [part for entry in zip(_integers(array), imaginary, strict=True) for part in entry]


def encode_sparse(vector: ExactMatrix, *, pairs: bool = False) -> dict[str, Any]:
    """Return a column as docs/format.md writes a sparse vector; with `pairs`, that of a complex one."""
    listed = {j: n for j, n in enumerate(_pairs(vector) if pairs else _integers(vector)) if n}
    entries = encode_packed(list(listed.values()), shape=(len(listed),), den=int(vector.den)) if listed else None
    return {"entries": entries, "places": [encode_integer(j) for j in listed]}


class _Writer:
    """Writes arrays, or the names of the files that hold them."""

    def __init__(self, files: dict[str, tuple[str, bytes]], paired: frozenset[str]) -> None:
        self.files, self.paired = files, paired

    def array(self, field: str, array: ExactMatrix | None) -> dict[str, Any] | None:
        """Return what stands in a field."""
        if array is None:
            return None
        shape = (array.rows, array.cols) if field == "matrix" else (array.rows,)
        pairs = field in self.paired
        numbers = _pairs(array) if pairs else _integers(array)
        if pairs:
            shape = (*shape, 2)
        if field not in self.files:
            return encode_packed(numbers, shape=shape, den=int(array.den))
        name, content = self.files.pop(field)
        if not ARRAY_NAME.fullmatch(name):
            raise UsageError(
                f"a file beside a certificate has a plain name that ends in {NPY_SUFFIX} or {ARRAY_SUFFIX}, "
                f"not {name!r:.80}"
            )
        digest = hashlib.sha256(content).hexdigest()
        held = decode_packed(read_array(name, digest, content), name, pairs=pairs)
        sides = held.shape
        if field != "matrix" and name.endswith(NPY_SUFFIX):  # a column or a row
            given = sides[:-1] if pairs else sides
            sides = (*(tuple(side for side in given if side > 1) or (1,)), *sides[len(given) :])
        if sides != shape:
            raise DataError(f"the file for {field!r} has the shape {held.shape}, not {shape}")
        _require_same(field, numbers, int(array.den), held)
        return {"file": name, "sha256": digest}

    def finish(self) -> None:
        """Refuse files that no field has asked for."""
        for field in self.files:
            raise UsageError(f"the problem has no array {field!r:.40} that a file could hold")


def _require_same(field: str, numbers: Sequence[int], own_den: int, held: PackedArray) -> None:
    den = math.lcm(own_den, held.den)
    p, q = den // own_den, den // held.den
    same = all(x * p == y * q for x, y in zip(numbers, held.numbers, strict=True))
    if not same:
        raise DataError(f"the file for {field!r} holds another array than the problem")

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
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares

__all__ = ["INLINE", "Files", "array_file", "encode_problem", "encode_sparse", "with_matrix"]

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
    writer = _Writer(dict(files or {}))
    others = {name: writer.array(name, vector) for name, vector in vectors.items()}
    names = ("centres", "data", "matrix", "observation_weights", "penalties", "ridge", "scales")
    fields: dict[str, Any] = {name: writer.array(name, getattr(problem, name)) for name in names}
    writer.finish()
    fields["intercept"] = problem.intercept
    fields["nonnegative"] = [encode_integer(j) for j in problem.nonnegative]
    return fields, others


def with_matrix(problem: PenalisedLeastSquares, files: Files | None, stem: str) -> Files:
    """Return the files, with one of the matrix if it has more than 65,536 entries and is in none."""
    if problem.rows * problem.features > INLINE and "matrix" not in (files or {}):
        return {**(files or {}), "matrix": array_file(f"{stem}-X", problem.matrix)}
    return files or {}


def array_file(stem: str, array: ExactMatrix, *, vector: bool = False) -> tuple[str, bytes]:
    """Return the name and the bytes of a file that holds a real matrix, or vector: of numpy if all entries are float64.

    Raises:
        SciBarriersError: if it would be larger than a file may be.

    >>> from exact_base.matrices import exact_matrix
    >>> from sci_barriers.certificates.penalised import array_file
    >>> [array_file("X", exact_matrix(rows))[0] for rows in ([[1, 0.1]], [["1/3", 0]])]
    ['X.npy', 'X.array.json']
    """
    numbers, den = _integers(array), int(array.den)
    floats = _as_floats(numbers, den)
    shape = (array.rows,) if vector else (array.rows, array.cols)
    if floats is None:
        return f"{stem}{ARRAY_SUFFIX}", packed_file(encode_packed(numbers, shape=shape, den=den))[0]
    buffer = io.BytesIO()
    np.save(buffer, np.array(floats, dtype="<f8").reshape(shape))
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


def encode_sparse(vector: ExactMatrix) -> dict[str, Any]:
    """Return a column as docs/format.md, "kind solution-digits", writes a sparse vector."""
    listed = {j: n for j, n in enumerate(_integers(vector)) if n}
    entries = encode_packed(list(listed.values()), shape=(len(listed),), den=int(vector.den)) if listed else None
    return {"entries": entries, "places": [encode_integer(j) for j in listed]}


class _Writer:
    """Writes arrays, or the names of the files that hold them."""

    def __init__(self, files: dict[str, tuple[str, bytes]]) -> None:
        self.files = files

    def array(self, field: str, array: ExactMatrix | None) -> dict[str, Any] | None:
        """Return what stands in a field."""
        if array is None:
            return None
        shape = (array.rows, array.cols) if field == "matrix" else (array.rows,)
        if field not in self.files:
            return encode_packed(_integers(array), shape=shape, den=int(array.den))
        name, content = self.files.pop(field)
        if not ARRAY_NAME.fullmatch(name):
            raise UsageError(
                f"a file beside a certificate has a plain name that ends in {NPY_SUFFIX} or {ARRAY_SUFFIX}, "
                f"not {name!r:.80}"
            )
        digest = hashlib.sha256(content).hexdigest()
        held = decode_packed(read_array(name, digest, content), name)
        column_or_row = field != "matrix" and name.endswith(NPY_SUFFIX)
        sides = tuple(side for side in held.shape if side > 1) or (1,) if column_or_row else held.shape
        if sides != shape:
            raise DataError(f"the file for {field!r} has the shape {held.shape}, not {shape}")
        _require_same(field, array, held)
        return {"file": name, "sha256": digest}

    def finish(self) -> None:
        """Refuse files that no field has asked for."""
        for field in self.files:
            raise UsageError(f"the problem has no array {field!r:.40} that a file could hold")


def _require_same(field: str, array: ExactMatrix, held: PackedArray) -> None:
    den = math.lcm(int(array.den), held.den)
    p, q = den // int(array.den), den // held.den
    same = all(int(x) * p == y * q for x, y in zip(array.re.entries(), held.numbers, strict=True))
    if not same:
        raise DataError(f"the file for {field!r} holds another array than the problem")

"""What is known of data, as certificates write it (docs/format.md, "kind data-digits")."""

from __future__ import annotations

import hashlib
from typing import Any

from flint import fmpq, fmpz_mat

from exact_base.encoding import encode_fraction
from exact_base.errors import DataError
from exact_base.matrices import ExactMatrix
from proofs_checks.certificate.arrays import decode_packed, read_array
from proofs_checks.certificate.writing import encode_packed
from sci_barriers.certificates.penalised import INLINE, Files, array_file
from sci_barriers.problems.determined.precision import Precision, Radius

__all__ = ["DATA_RADII", "MATRIX_RADII", "compact", "encode_precision", "with_radii", "without_radii"]

MATRIX_RADII, DATA_RADII = "matrix_radii", "data_radii"
"""The names under which files hold the arrays of radii of X and of y."""


def encode_precision(precision: Precision, files: Files | None = None) -> dict[str, Any]:
    """Return the radii of X and of y; of files those are named that hold them, in their two sides.

    Raises:
        DataError: if a file does not hold the radii.
        SciBarriersError: if a number or an array exceeds the caps of the format.

    >>> from sci_barriers.certificates.precision import encode_precision
    >>> from sci_barriers.problems.determined.precision import Precision, Radius
    >>> encode_precision(Precision(Radius.spectral("1/2"), Radius.exactly()))["matrix"]
    {'entries': None, 'norm': ['0x1', '0x2']}
    """
    files = files or {}
    return {
        "data": _radius(precision.data, files.get(DATA_RADII)),
        "matrix": _radius(precision.matrix, files.get(MATRIX_RADII)),
    }


def compact(entries: ExactMatrix) -> ExactMatrix:
    """Return radii with one row, or one column, where that stands for all.

    >>> from exact_base.matrices import exact_matrix
    >>> from sci_barriers.certificates.precision import compact
    >>> [(found.rows, found.cols) for found in map(compact, map(exact_matrix, ([[1, 2], [1, 2]], [[3, 3], [3, 3]])))]
    [(1, 2), (1, 1)]
    """
    rows = entries.re.tolist()
    if all(row == rows[0] for row in rows):
        rows = rows[:1]
    if all(entry == row[0] for row in rows for entry in row):
        rows = [row[:1] for row in rows]
    return ExactMatrix(fmpz_mat(rows), None, entries.den)


def with_radii(precision: Precision, files: Files | None, stem: str) -> Files:
    """Return the files, with one of the radii of X if they are more than 65,536 numbers and are in none."""
    entries = precision.matrix.entries
    if entries is None or entries.rows * entries.cols <= INLINE or MATRIX_RADII in (files or {}):
        return files or {}
    short = compact(entries)
    if short.rows * short.cols <= INLINE:
        return files or {}
    return {**(files or {}), MATRIX_RADII: array_file(f"{stem}-X-radii", entries)}


def without_radii(files: Files | None) -> Files:
    """Return the files that hold arrays of the problem, and not of radii."""
    return {name: file for name, file in (files or {}).items() if name not in (MATRIX_RADII, DATA_RADII)}


def _radius(radius: Radius, file: tuple[str, bytes] | None) -> dict[str, Any]:
    entries = radius.entries
    if entries is None:
        if file is not None:
            raise DataError(f"the file {file[0]!r:.80} holds radii, and there is a norm")
        return {"entries": None, "norm": encode_fraction(radius.norm or fmpq(0))}
    shape = (entries.rows, entries.cols)
    numbers = [int(entry) for entry in entries.re.entries()]
    if file is None:
        short = compact(entries)
        numbers, shape = [int(entry) for entry in short.re.entries()], (short.rows, short.cols)
        return {"entries": encode_packed(numbers, shape=shape, den=int(short.den)), "norm": None}
    name, content = file
    digest = hashlib.sha256(content).hexdigest()
    held = decode_packed(read_array(name, digest, content), name)
    if held.shape != shape or any(a * held.den != b * entries.den for a, b in zip(numbers, held.numbers, strict=True)):
        raise DataError(f"the file {name!r:.80} does not hold the radii")
    return {"entries": {"file": name, "sha256": digest}, "norm": None}

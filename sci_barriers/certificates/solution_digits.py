"""Certificates of kind `solution-digits`: how far coefficients are from the minimisers of somebody's own problem."""

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
from proofs_checks.certificate.reading import ARRAY_NAME, ARRAY_SUFFIX, NPY_SUFFIX, SUFFIX
from proofs_checks.certificate.writing import build, encode_integer, encode_packed, packed_file
from sci_barriers.problems.penalised.face import Nearest
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares

__all__ = ["array_file", "solution_digits_certificate", "solution_digits_files"]

_INLINE = 2**16  # entries of an array that is written into a certificate


def solution_digits_certificate(
    problem: PenalisedLeastSquares,
    coefficients: ExactMatrix,
    nearest: Nearest,
    *,
    files: Mapping[str, tuple[str, bytes]] | None = None,
    provenance: dict[str, str] | None = None,
) -> bytes:
    """Write how far coefficients are from the minimisers of a problem.

    Args:
        problem: the problem.
        coefficients: c, in the units of x, shape (N, 1).
        nearest: the only minimiser, or the nearest one, with what proves it.
        files: for names of fields of the problem (`matrix`, `data`, `observation_weights`, ...), and for
            `coefficients`, the name and the bytes of a file that holds the array and will lie beside the certificate:
            one of numpy, such as the user's own, or one of `array_file`.
        provenance: what is said of the making.

    Raises:
        UsageError: if a file has an unfit name, or belongs to no field.
        DataError: if a file does not hold the array of its field.
        SciBarriersError: if a number or an array exceeds the caps of the format.

    >>> from exact_base.matrices import exact_column
    >>> from proofs_checks import verify_bytes
    >>> from sci_barriers.problems.penalised.face import nearest
    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
    >>> from sci_barriers.problems.penalised.solving import minimise
    >>> from sci_barriers.certificates.solution_digits import solution_digits_certificate
    >>> problem = PenalisedLeastSquares.of([[1]], [2], penalties=[1])
    >>> answer = exact_column([1.5001])
    >>> verify_bytes(solution_digits_certificate(problem, answer, nearest(minimise(problem), answer))).verdict
    'valid'
    """
    writer = _Writer(dict(files or {}))
    claim = {
        "coefficients": writer.array("coefficients", coefficients),
        "minimiser": _sparse(nearest.point),
        "problem": {
            "centres": writer.array("centres", problem.centres),
            "data": writer.array("data", problem.data),
            "intercept": problem.intercept,
            "matrix": writer.array("matrix", problem.matrix),
            "nonnegative": [encode_integer(j) for j in problem.nonnegative],
            "observation_weights": writer.array("observation_weights", problem.observation_weights),
            "penalties": writer.array("penalties", problem.penalties),
            "ridge": writer.array("ridge", problem.ridge),
            "scales": writer.array("scales", problem.scales),
        },
        "unique": nearest.unique,
    }
    writer.finish()
    evidence = {
        "multiplier": None if nearest.multiplier is None else _sparse(nearest.multiplier),
        "other": None if nearest.other is None else _sparse(nearest.other),
        "rows": None if nearest.rows is None else [encode_integer(i) for i in nearest.rows],
    }
    return build("solution-digits", claim=claim, evidence=evidence, provenance=provenance or {})


def solution_digits_files(
    problem: PenalisedLeastSquares,
    coefficients: ExactMatrix,
    nearest: Nearest,
    *,
    stem: str = "solution",
    files: Mapping[str, tuple[str, bytes]] | None = None,
    provenance: dict[str, str] | None = None,
) -> dict[str, bytes]:
    """Return the certificate and the files beside it, by name; a matrix of more than 65,536 entries is in one of them.

    Raises as `solution_digits_certificate` does.

    >>> from exact_base.matrices import exact_column
    >>> from sci_barriers.problems.penalised.face import nearest
    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
    >>> from sci_barriers.problems.penalised.solving import minimise
    >>> from sci_barriers.certificates.solution_digits import solution_digits_files
    >>> problem = PenalisedLeastSquares.of([[1]], [2], penalties=[1])
    >>> answer = exact_column([1.5001])
    >>> list(solution_digits_files(problem, answer, nearest(minimise(problem), answer)))
    ['solution.cert.json']
    """
    beside = dict(files or {})
    if problem.rows * problem.features > _INLINE and "matrix" not in beside:
        beside["matrix"] = array_file(f"{stem}-X", problem.matrix)
    content = solution_digits_certificate(problem, coefficients, nearest, files=beside, provenance=provenance)
    return {f"{stem}{SUFFIX}": content} | dict(beside.values())


def array_file(stem: str, array: ExactMatrix, *, vector: bool = False) -> tuple[str, bytes]:
    """Return the name and the bytes of a file that holds a real matrix, or vector: of numpy if all entries are float64.

    Raises:
        SciBarriersError: if it would be larger than a file may be.

    >>> from exact_base.matrices import exact_matrix
    >>> from sci_barriers.certificates.solution_digits import array_file
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


def _sparse(vector: ExactMatrix) -> dict[str, Any]:
    """Return a column as docs/format.md, "kind solution-digits", writes a sparse vector."""
    listed = {j: n for j, n in enumerate(_integers(vector)) if n}
    entries = encode_packed(list(listed.values()), shape=(len(listed),), den=int(vector.den)) if listed else None
    return {"entries": entries, "places": [encode_integer(j) for j in listed]}


class _Writer:
    """Writes arrays, or the files that hold them."""

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

"""Penalised least squares with real or complex data (docs/format.md, "kind data-digits").

Complex numbers are two real ones that follow each other, in arrays, columns and vectors.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from proofs_checks.certificate.arrays import PackedArray, decode_packed
from proofs_checks.certificate.reading import MalformedCertificate, decode_object
from proofs_checks.checker.core.rules import look_at_time
from proofs_checks.checker.parts.penalised import Penalised, decode_penalised, decode_vector

_REAL: dict[str, Any] = {"centres": None, "intercept": False, "nonnegative": [], "scales": None}


@dataclass(frozen=True)
class ComplexPenalised(Penalised):
    """A problem with complex X and y, whose arrays have two numbers for each entry."""

    def column(self, j: int) -> list[int]:
        """Return the numerators of a column of X, two for each row."""
        look_at_time()
        numbers, step = self.matrix.numbers, 2 * self.features
        column = [0] * (2 * self.matrix.shape[0])
        column[::2], column[1::2] = numbers[2 * j :: step], numbers[2 * j + 1 :: step]
        return column


def width(problem: Penalised) -> int:
    """Return how many real numbers an entry is."""
    return 2 if isinstance(problem, ComplexPenalised) else 1


def decode_problem(value: object, path: str) -> Penalised:
    """Return a problem, complex if its matrix has a third side of 2; raises MalformedCertificate."""
    names = {field.name for field in fields(Penalised)} - {"weights"} | {"observation_weights"}
    given = decode_object(value, names, path)
    matrix = decode_packed(given["matrix"], f"{path}.matrix", pairs=True)
    if len(matrix.shape) != 3:
        return decode_penalised({**given, "matrix": matrix}, path)
    m, n, last = matrix.shape
    if last != 2:
        raise MalformedCertificate(f"{path}.matrix must have two sides, or a third of 2 if it is complex")
    for key, only in _REAL.items():
        if given[key] != only:
            raise MalformedCertificate(f"{path}.{key} must be {_word(only)} where the matrix is complex")
    data = decode_entries(given["data"], f"{path}.data", m, 2)
    real = {
        **given,
        "matrix": replace(matrix, shape=(m, n), pairs=False),
        "data": replace(data, shape=(m,), pairs=False),
    }
    return ComplexPenalised(**vars(decode_penalised(real, path)))


def decode_entries(value: object, path: str, length: int, width: int) -> PackedArray:
    """Return the numbers of a vector of real or complex entries; raises MalformedCertificate."""
    if width == 1:
        return decode_vector(value, path, length)
    if isinstance(value, PackedArray) and value.shape in ((length, 1, 2), (1, length, 2)):
        value = replace(value, shape=(length, 2))
    return decode_packed(value, path, shape=(length, 2), pairs=True)


def _word(only: Any) -> str:
    return "empty" if isinstance(only, list) else "null" if only is None else "false"

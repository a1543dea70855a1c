"""Problems of penalised least squares of which some columns, and perhaps y, are others (docs/format.md)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import repeat
from operator import mul
from typing import Any

from proofs_checks.certificate.arrays import PackedArray, decode_packed
from proofs_checks.certificate.reading import MalformedCertificate
from proofs_checks.checker.parts.data_problem import ComplexPenalised, decode_entries, width
from proofs_checks.checker.parts.penalised import MAX_BITS, Penalised, decode_places
from proofs_checks.checker.parts.precision import Radius

_LEAST = 256  # bits that a short number takes in memory, too


@dataclass(frozen=True)
class Varied(Penalised):
    """A problem of which some columns have other numerators, over `changed_den`; `matrix` is that of all others."""

    changed: dict[int, Sequence[int]]
    changed_den: int

    @cached_property
    def _unit(self) -> int:
        return math.lcm(self.matrix.den, self.changed_den)

    @property
    def unit(self) -> int:
        """The denominator of the columns."""
        return self._unit

    @cached_property
    def largest(self) -> int:
        """A bound of the numerators of the columns."""
        new = max((max(map(abs, column)) for column in self.changed.values()), default=0)
        return max(super().largest * (self.unit // self.matrix.den), new * (self.unit // self.changed_den))

    def column(self, j: int) -> Sequence[int]:
        """Return the numerators of a column of X, or of the intercept's, over `unit`."""
        if j >= self.features:
            return super().column(j)
        numbers, den = (
            (self.changed[j], self.changed_den) if j in self.changed else (super().column(j), self.matrix.den)
        )
        return numbers if den == self.unit else list(map(mul, numbers, repeat(self.unit // den)))


@dataclass(frozen=True)
class ComplexVaried(Varied, ComplexPenalised):
    """The same with complex X and y, two numbers for each entry."""

    def column(self, j: int) -> list[int]:
        """Return the numerators of a column of X, two for each row."""
        return list(super().column(j))


def decode_varied(found: dict[str, Any], path: str, given: Penalised) -> Varied:
    """Return a problem with the columns and the data of some fields; raises MalformedCertificate."""
    (m, n), parts = given.matrix.shape, width(given)
    places = decode_places(found["columns"], f"{path}.columns", n)
    if (found["matrix"] is None) != (not places):
        raise MalformedCertificate(f"{path}.matrix must be null if there are no columns, and only then")
    count = len(places)
    array = PackedArray((m, 0), 1, [])
    if places:
        sides = (m, count) if parts == 1 else (m, count, parts)
        array = decode_packed(found["matrix"], f"{path}.matrix", shape=sides, pairs=parts == 2)
    columns: dict[int, Sequence[int]] = {}
    for k, j in enumerate(places):
        column = [0] * (parts * m)
        for part in range(parts):
            column[part::parts] = array.numbers[parts * k + part :: parts * count]
        columns[j] = column
    same = {field.name: getattr(given, field.name) for field in fields(given)}
    kind = Varied if parts == 1 else ComplexVaried
    problem = kind(**same, changed=columns, changed_den=array.den)
    if found["data"] is None:
        return problem
    data = decode_entries(found["data"], f"{path}.data", m, parts)
    return replace(problem, data=replace(data, shape=(m,), pairs=False))


def require_products(problem: Varied, path: str, radius: Radius) -> None:
    """Refuse changes of X whose spectral norm takes products of too many long numbers; raises MalformedCertificate."""
    if radius.norm is None:
        return
    bits = 2 * sum(x.bit_length() for x in (problem.unit, problem.largest, *radius.norm.as_integer_ratio()))
    size = width(problem) * min(problem.matrix.shape[0], len(problem.changed))
    if size**2 * max(bits, _LEAST) > MAX_BITS:
        raise MalformedCertificate(f"{path}: products of {len(problem.changed)} columns exceed 2^32 bits")

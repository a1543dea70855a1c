"""Data of penalised least squares other than the given ones, within a precision (docs/format.md, "kind data-pair").

Source: docs/theory.md, "What the data determine".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import repeat
from operator import mul, sub

from proofs_checks.certificate.arrays import PackedArray, decode_packed
from proofs_checks.certificate.reading import MalformedCertificate, decode_object
from proofs_checks.checker.core.rules import Invalid, look_at_time, require
from proofs_checks.checker.parts.cholesky import least_eigenvalue
from proofs_checks.checker.parts.penalised import (
    MAX_BITS,
    Penalised,
    Sparse,
    decode_places,
    decode_sparse,
    decode_vector,
    require_room,
)
from proofs_checks.checker.parts.penalised_minor import check_minor
from proofs_checks.checker.parts.penalised_optimum import Optimum, check_minimiser
from proofs_checks.checker.parts.precision import Precision, Radius

_SPARE = 24  # a spectral norm is at most sqrt(1 - 2^-24) of its bound where it is not decided by the sum of squares
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
class Variation:
    """Other data of a problem, what is said to be the only minimiser then, and the rows of the minor that proves it."""

    problem: Varied
    other_data: bool
    point: Sparse
    rows: list[int]


def decode_variation(value: object, path: str, given: Penalised, precision: Precision) -> Variation:
    """Return other data; raises MalformedCertificate."""
    found = decode_object(value, ("columns", "data", "matrix", "point", "rows"), path)
    m, n = given.matrix.shape
    places = decode_places(found["columns"], f"{path}.columns", n)
    if (found["matrix"] is None) != (not places):
        raise MalformedCertificate(f"{path}.matrix must be null if there are no columns, and only then")
    array = PackedArray((m, 0), 1, [])
    if places:
        array = decode_packed(found["matrix"], f"{path}.matrix", shape=(m, len(places)))
    columns = {j: array.numbers[k :: len(places)] for k, j in enumerate(places)}
    same = {field.name: getattr(given, field.name) for field in fields(given)}
    problem = Varied(**same, changed=columns, changed_den=array.den)
    if found["data"] is not None:
        problem = replace(problem, data=decode_vector(found["data"], f"{path}.data", m))
    point = decode_sparse(found["point"], f"{path}.point", given.size)
    rows = decode_places(found["rows"], f"{path}.rows", m)
    require_room(problem, None, (point,))
    norm = precision.matrix.norm
    bits = 2 * sum(x.bit_length() for x in (problem.unit, problem.largest, *(norm or 0).as_integer_ratio()))
    if norm is not None and min(m, len(places)) ** 2 * max(bits, _LEAST) > MAX_BITS:
        raise MalformedCertificate(f"{path}: products of {len(places)} columns exceed 2^32 bits")
    return Variation(problem, found["data"] is not None, point, rows)


def check_variation(given: Penalised, precision: Precision, variation: Variation, name: str) -> Optimum:
    """Apply the rules of other data, and of their only minimiser; raises Invalid."""
    problem = variation.problem
    try:
        _check_matrix(given, precision.matrix, problem)
        if variation.other_data:
            _check_data(given, precision.data, problem)
        optimum = check_minimiser(problem, variation.point, ())
        check_minor(problem, optimum, variation.rows)
    except Invalid as error:
        raise Invalid(error.rule, f"{name}: {error.found}") from None
    return optimum


def _check_matrix(given: Penalised, radius: Radius, problem: Varied) -> None:
    lift, den = problem.unit // given.unit, problem.unit
    changes: list[list[int]] = []
    for j in problem.changed:
        old = map(mul, given.column(j), repeat(lift))
        change = list(map(sub, problem.column(j), old))
        if radius.entries is None:
            changes.append(change)
        elif (i := _beyond(change, den, radius.column(j), radius.entries.den)) is not None:
            raise Invalid("admissible", f"entry ({i + 1}, {j + 1}) of X is not within its radius")
    if radius.entries is None:
        near = _norm_at_most(changes, den, radius)
        require(near, "admissible", lambda: "X was not shown to be within its radius, in the spectral norm")


def _check_data(given: Penalised, radius: Radius, problem: Varied) -> None:
    old, new = given.data, problem.data
    den = math.lcm(old.den, new.den)
    change = [b * (den // new.den) - a * (den // old.den) for a, b in zip(old.numbers, new.numbers, strict=True)]
    if radius.entries is None:
        require(_sum_at_most([change], den, radius), "admissible", lambda: "y is not within its radius")
    elif (i := _beyond(change, den, radius.column(0), radius.entries.den)) is not None:
        raise Invalid("admissible", f"entry {i + 1} of y is not within its radius")


def _beyond(change: Sequence[int], den: int, bounds: Sequence[int], bounds_den: int) -> int | None:
    """Return the first place at which a difference exceeds its bound."""
    return next((i for i, (d, r) in enumerate(zip(change, bounds, strict=True)) if abs(d) * bounds_den > r * den), None)


def _sum_at_most(changes: Sequence[Sequence[int]], den: int, radius: Radius) -> bool:
    """Return whether the sum of squares is at most that of the norm."""
    norm = radius.norm or 0
    total = sum(sum(map(mul, change, change)) for change in changes)
    return total * norm.denominator**2 <= norm.numerator**2 * den**2


def _norm_at_most(changes: list[list[int]], den: int, radius: Radius) -> bool:
    """Return whether the spectral norm of some columns is shown to be at most that of the radius."""
    if _sum_at_most(changes, den, radius):
        return True
    norm = radius.norm
    if not norm:
        return False
    lines = changes if len(changes) <= len(changes[0]) else [list(row) for row in zip(*changes, strict=True)]
    square = norm * norm
    scale, top = square.denominator, square.numerator * den**2
    gram = [[0] * len(lines) for _ in lines]
    for k, line in enumerate(lines):
        look_at_time()
        for j in range(k, len(lines)):
            gram[k][j] = gram[j][k] = (top if j == k else 0) - scale * sum(map(mul, line, lines[j]))
        if gram[k][k] <= 0:
            return False
    return least_eigenvalue(gram, scale * den**2, square / 2**_SPARE) is not None

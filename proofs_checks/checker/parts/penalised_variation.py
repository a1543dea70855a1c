"""Data of penalised least squares other than the given ones, within a precision (docs/format.md, "kind data-pair").

Source: docs/theory.md, "What the data determine".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import add, mul, sub

from proofs_checks.certificate.reading import decode_object
from proofs_checks.checker.core.rules import Invalid, look_at_time, require
from proofs_checks.checker.parts.cholesky import least_eigenvalue
from proofs_checks.checker.parts.data_problem import width
from proofs_checks.checker.parts.penalised import Penalised, Sparse, decode_places, decode_sparse, require_room
from proofs_checks.checker.parts.penalised_minor import check_minor
from proofs_checks.checker.parts.penalised_optimum import Optimum, check_minimiser
from proofs_checks.checker.parts.precision import Precision, Radius
from proofs_checks.checker.parts.varied import Varied, decode_varied, require_products

_SPARE = 24  # a spectral norm is at most sqrt(1 - 2^-24) of its bound where it is not decided by the sum of squares


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
    problem = decode_varied(found, path, given)
    point = decode_sparse(found["point"], f"{path}.point", given.size)
    rows = decode_places(found["rows"], f"{path}.rows", given.matrix.shape[0])
    require_room(problem, None, (point,))
    require_products(problem, path, precision.matrix)
    return Variation(problem, found["data"] is not None, point, rows)


def check_variation(given: Penalised, precision: Precision, variation: Variation, name: str) -> Optimum:
    """Apply the rules of other data, and of their only minimiser; raises Invalid."""
    problem = variation.problem
    try:
        check_admissible(given, precision, problem)
        optimum = check_minimiser(problem, variation.point, ())
        check_minor(problem, optimum, variation.rows)
    except Invalid as error:
        raise Invalid(error.rule, f"{name}: {error.found}") from None
    return optimum


def check_admissible(given: Penalised, precision: Precision, problem: Varied) -> None:
    """Apply the rule of data within a precision; raises Invalid."""
    _check_matrix(given, precision.matrix, problem)
    if problem.data is not given.data:
        _check_data(given, precision.data, problem)


def _check_matrix(given: Penalised, radius: Radius, problem: Varied) -> None:
    lift, den = problem.unit // given.unit, problem.unit
    changes: list[list[int]] = []
    for j in problem.changed:
        old = map(mul, given.column(j), repeat(lift))
        change = list(map(sub, problem.column(j), old))
        if radius.entries is None:
            changes.append(change)
        elif (i := _beyond(_moduli2(problem, change), den, radius.column(j), radius.entries.den)) is not None:
            raise Invalid("admissible", f"entry ({i + 1}, {j + 1}) of X is not within its radius")
    if radius.entries is None:
        near = _norm_at_most(changes, den, radius, turned=width(problem) == 2)
        require(near, "admissible", lambda: "X was not shown to be within its radius, in the spectral norm")


def _check_data(given: Penalised, radius: Radius, problem: Varied) -> None:
    old, new = given.data, problem.data
    den = math.lcm(old.den, new.den)
    change = [b * (den // new.den) - a * (den // old.den) for a, b in zip(old.numbers, new.numbers, strict=True)]
    if radius.entries is None:
        require(_sum_at_most([change], den, radius), "admissible", lambda: "y is not within its radius")
    elif (i := _beyond(_moduli2(problem, change), den, radius.column(0), radius.entries.den)) is not None:
        raise Invalid("admissible", f"entry {i + 1} of y is not within its radius")


def _moduli2(problem: Penalised, change: Sequence[int]) -> list[int]:
    """Return the squares of the absolute values of the entries of a column."""
    squares = [x * x for x in change]
    return squares if width(problem) == 1 else list(map(add, squares[::2], squares[1::2]))


def _beyond(squares: Sequence[int], den: int, bounds: Sequence[int], bounds_den: int) -> int | None:
    """Return the first place at which a difference exceeds its bound."""
    pairs = enumerate(zip(squares, bounds, strict=True))
    return next((i for i, (d, r) in pairs if d * bounds_den**2 > (r * den) ** 2), None)


def _sum_at_most(changes: Sequence[Sequence[int]], den: int, radius: Radius) -> bool:
    """Return whether the sum of squares is at most that of the norm."""
    norm = radius.norm or 0
    total = sum(sum(map(mul, change, change)) for change in changes)
    return total * norm.denominator**2 <= norm.numerator**2 * den**2


def _norm_at_most(changes: list[list[int]], den: int, radius: Radius, *, turned: bool) -> bool:
    """Return whether the spectral norm of some columns is shown to be at most that of the radius.

    Complex columns are turned too, i times each: the norm is that of the real matrix with twice as many.
    """
    if _sum_at_most(changes, den, radius):
        return True
    norm = radius.norm
    if not norm:
        return False
    if turned:
        changes = changes + [[x for a, b in zip(c[::2], c[1::2], strict=True) for x in (-b, a)] for c in changes]
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

"""Slopes of many points of one problem of penalised least squares, through W^T diag(w) W (docs/format.md, "kind path").

With its rows for the columns in which a point is not 0, the slopes need no residual: they are linear in the point.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from itertools import repeat
from operator import add, mul

from proofs_checks.certificate.reading import MalformedCertificate
from proofs_checks.checker.parts.penalised import MAX_BITS, Penalised, Sparse
from proofs_checks.checker.parts.penalised_optimum import Optimum, check_feasible, check_slope

Level = tuple[int, int]
_LEAST = 256  # bits that a short number takes in memory, too


def require_moments(problem: Penalised, columns: Collection[int]) -> None:
    """Refuse what has too many long products of columns; raises MalformedCertificate."""
    arrays = ((problem.centres, 2), (problem.weights, 1))
    bits = 2 * (problem.matrix.den.bit_length() + problem.largest.bit_length())
    for array, times in arrays:
        bits += times * (array.den.bit_length() + max(array.den.bit_length(), *map(int.bit_length, array.numbers)))
    if len(columns) * problem.size * max(bits, _LEAST) > MAX_BITS:
        raise MalformedCertificate(
            f"claim: {len(columns)} columns that are not 0, of {problem.size} with numbers of {bits} bits in their "
            "products, exceed 2^32 bits"
        )


class Moments:
    """W^T diag(w) y, and the rows of W^T diag(w) W for some columns, as integers over common denominators."""

    def __init__(self, problem: Penalised, columns: Collection[int]) -> None:
        """Take the problem at the level 1, and all columns in which a point is not 0."""
        self.problem = problem
        weights = problem.weights.numbers
        self.data = self._against(list(map(mul, weights, problem.data.numbers)))
        self.rows = {}
        for k in columns:
            shift, f = repeat(-problem.centre(k)), repeat(problem.factor)
            column = map(add, map(mul, problem.column(k), f), shift)
            self.rows[k] = self._against(list(map(mul, weights, column)))

    def _against(self, rows: list[int]) -> list[int]:
        total = sum(rows)
        return [self.problem.against(j, rows, total) for j in range(self.problem.size)]

    def check(self, level: Level, point: Sparse) -> Optimum:
        """Apply the rules of a minimiser at a level; raises Invalid."""
        problem, (num, level_den) = self.problem, level
        check_feasible(problem, point)
        s, mu, kappa = problem.scales, problem.penalties, problem.ridge
        data_den = problem.den * problem.data.den * problem.weights.den
        point_den = problem.den**2 * problem.weights.den * point.den
        ridge_den, bound_den = kappa.den * s.den**2 * point.den, mu.den * s.den * level_den
        common = math.lcm(data_den, point_den, ridge_den, bound_den)
        bounds = [a * b * (num * (common // bound_den)) for a, b in zip(mu.numbers, s.numbers, strict=True)]
        slopes = list(map(mul, self.data, repeat(2 * (common // data_den))))
        for k, x in point.numbers.items():
            slopes = list(map(add, slopes, map(mul, self.rows[k], repeat(-2 * x * (common // point_den)))))
            slopes[k] -= 2 * kappa.numbers[k] * s.numbers[k] ** 2 * x * (common // ridge_den)
        signs = {}
        for j, (slope, bound) in enumerate(zip(slopes, bounds, strict=True)):
            sign = check_slope(problem, point, j, slope, bound)
            if sign is not None:
                signs[j] = sign
        return Optimum(point, common, dict(enumerate(slopes)), bounds, signs)

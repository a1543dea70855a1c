"""Products of the columns of penalised least squares in integers (docs/format.md, "kind data-digits").

With an intercept they are those of what is left of the columns when the means with the weights are taken off, which
leaves the problem of the features: no centre changes that. Source: docs/theory.md, "What the data determine".
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import repeat
from operator import add, mul

from proofs_checks.checker.parts.data_problem import width
from proofs_checks.checker.parts.penalised import Penalised, Sparse
from proofs_checks.checker.parts.short import above, root_up

_FINE = 256  # bits of a denominator of the entries over their scales
_EXTRA = 64  # bits of an entry over its scale beyond those of the entry, where that would be longer


@dataclass(frozen=True)
class Rows:
    """Weights times a vector over the rows, less its mean if there is an intercept; numerators over `den`."""

    numbers: list[int]
    den: int

    @cached_property
    def total(self) -> int:
        """The sum of the numerators."""
        return sum(self.numbers)

    @cached_property
    def turned(self) -> list[int]:
        """The numerators of -i times a complex vector."""
        found = [0] * len(self.numbers)
        found[::2], found[1::2] = self.numbers[1::2], [-x for x in self.numbers[::2]]
        return found

    def moduli2(self, width: int) -> list[int]:
        """Return the squares of the absolute values of the entries, over den^2."""
        squares = list(map(mul, self.numbers, self.numbers))
        return squares if width == 1 else list(map(add, squares[::2], squares[1::2]))


class Columns:
    """The columns of A = Omega^(1/2) Z, for the features."""

    def __init__(self, problem: Penalised) -> None:
        self.problem, self.width = problem, width(problem)
        self.weights = [w for w in problem.weights.numbers for _ in range(self.width)]
        self.total = sum(self.weights) if problem.intercept else 1
        self.square_den = problem.den**2 * problem.weights.den * self.total

    @property
    def row_bits(self) -> int:
        """At least as many bits as a number in `rows` of a column has."""
        problem = self.problem
        centre = max(map(abs, problem.centres.numbers)) * (problem.den // problem.centres.den)
        factors = (problem.largest * problem.factor + centre, max(self.weights), self.total)
        return sum(map(int.bit_length, factors)) + 1

    def scale(self, j: int) -> Fraction:
        """Return a scale."""
        return Fraction(self.problem.scales.numbers[j], self.problem.scales.den)

    def ridge(self, j: int) -> Fraction:
        """Return a kappa."""
        return Fraction(self.problem.ridge.numbers[j], self.problem.ridge.den)

    def rows(self, numbers: list[int], den: int) -> Rows:
        """Return Omega times a vector, with its mean taken off if there is an intercept."""
        weighted = list(map(mul, numbers, self.weights))
        den *= self.problem.weights.den
        if self.problem.intercept:
            mean = sum(weighted)
            weighted = [self.total * x - w * mean for x, w in zip(weighted, self.weights, strict=True)]
            den *= self.total
        return Rows(weighted, den)

    def against(self, j: int, rows: Rows) -> list[int]:
        """Return the product of column j of W, conjugate, with rows, its one or two parts, over den * rows.den."""
        found = [self.problem.against(j, rows.numbers, rows.total)]
        if self.width == 2:
            found.append(self.problem.against(j, rows.turned, 0))
        return found

    def numerators(self, j: int) -> list[int]:
        """Return a column of W, over `den` of the problem."""
        problem, shift = self.problem, -self.problem.centre(j)
        column = map(mul, problem.column(j), repeat(problem.factor))
        return list(map(add, column, repeat(shift))) if shift else list(column)

    def square(self, j: int) -> int:
        """Return the square of the norm of column j of Omega^(1/2) W, over `square_den`."""
        column = self.numerators(j)
        weighted = list(map(mul, column, self.weights))
        square: int = sum(map(mul, column, weighted))
        return square * self.total - sum(weighted) ** 2 if self.problem.intercept else square

    @cached_property
    def squares(self) -> list[int]:
        """The squares of all norms, over `square_den`."""
        return [self.square(j) for j in range(self.problem.features)]

    @cached_property
    def norms(self) -> list[Fraction]:
        """Bounds of (|A_j|^2 + kappa_j)^(1/2)."""
        return [self._norm(j, square) for j, square in enumerate(self.squares)]

    def _norm(self, j: int, square: int) -> Fraction:
        s, kappa = self.problem.scales, self.problem.ridge
        num, den = square * s.den**2, self.square_den * s.numbers[j] ** 2
        if kappa.numbers[j]:
            num, den = num * kappa.den + kappa.numbers[j] * den, den * kappa.den
        return root_up(num, den)


class Residual:
    """y - Z x as far as it is known: `rows` is Omega times it but for an error of at most `slack`.

    The slack bounds the error without the weights, in the norm of Omega^(1/2).
    """

    def __init__(self, columns: Columns, point: Sparse) -> None:
        problem, y = columns.problem, columns.problem.data
        self.point, self.columns = point, columns
        self.unit, self.steps, self.inexact = self._steps()
        fit_den = problem.den * self.unit
        den = math.lcm(y.den, fit_den)
        numbers = list(map(mul, y.numbers, repeat(den // y.den)))
        scale = -(den // fit_den)
        for j, parts in self.steps.items():
            column = columns.numerators(j)
            turned = [0] * len(column)
            if len(parts) == 2:
                turned[::2], turned[1::2] = [-x for x in column[1::2]], column[::2]
            for x, used in zip(parts, (column, turned), strict=False):
                numbers = list(map(add, numbers, map(mul, used, repeat(x * scale))))
        self.rows = columns.rows(numbers, den)
        self.slack = above(sum((columns.scale(j) * columns.norms[j] for j in self.inexact), Fraction(0)) / self.unit)

    def _steps(self) -> tuple[int, dict[int, list[int]], list[int]]:
        """Return x / s in multiples of a unit, rounded down, and the columns where it is not exact."""
        w, s, point = self.columns.width, self.columns.problem.scales, self.point
        places = sorted({k // w for k in point.numbers if k // w < self.columns.problem.features})
        parts = {j: [point.at(w * j + k) for k in range(w)] for j in places}
        if all(s.numbers[j] == s.den for j in places):
            return point.den, parts, []
        unit = point.den
        for j in places:
            if unit.bit_length() <= _FINE:
                unit = math.lcm(unit, point.den * s.numbers[j])
        if unit.bit_length() > _FINE:
            largest = max(s.numbers[j] for j in places)
            unit = point.den << _EXTRA + max(0, largest.bit_length() - s.den.bit_length() + 1)
        found, inexact = {}, []
        for j, (x,) in parts.items():
            step, rest = divmod(x * s.den * (unit // point.den), s.numbers[j])
            found[j] = [step]
            inexact += [j] * (rest > 0)
        return unit, found, inexact

    def slopes(self, j: int) -> tuple[list[int], int]:
        """Return (A^T Omega^(1/2) r)_j as far as it is known, its one or two numerators and their denominator."""
        s = self.columns.problem.scales
        found = [x * s.den for x in self.columns.against(j, self.rows)]
        return found, self.columns.problem.den * self.rows.den * s.numbers[j]

    def sizes(self) -> dict[int, Fraction]:
        """Return bounds of |x_j| / s_j where it is not 0."""
        found = {j: [abs(x) + (j in self.inexact) for x in parts] for j, parts in self.steps.items()}
        return {j: root_up(sum(x * x for x in parts), self.unit**2) for j, parts in found.items()}

    def norm(self) -> Fraction:
        """Return a bound of the norm of Omega times the residual."""
        weights = self.columns.problem.weights
        most = root_up(max(weights.numbers), weights.den)
        return root_up(sum(self.rows.moduli2(1)), self.rows.den**2) + most * self.slack


def dot(a: list[int], b: list[int]) -> int:
    """Return the sum of the products."""
    return sum(map(mul, a, b))

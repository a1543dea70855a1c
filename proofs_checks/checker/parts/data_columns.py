"""Products of the columns of penalised least squares in integers (docs/format.md, "kind data-digits").

With an intercept they are those of what is left of the columns when the means with the weights are taken off, which
leaves the problem of the features: no centre changes that. Source: docs/theory.md, "What the data determine".
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import repeat
from operator import add, mul

from proofs_checks.checker.parts.data_problem import width
from proofs_checks.checker.parts.penalised import Penalised
from proofs_checks.checker.parts.short import root_down, root_up

_FINE = 256  # bits of the norm of a vector
_SUM = 640  # bits of a sum of squares, where weights do not divide them


@dataclass(frozen=True)
class Rows:
    """Weights times a vector over the rows, less its mean if there is an intercept; numerators over `den`."""

    numbers: list[int]
    den: int

    @cached_property
    def total(self) -> int:
        """The sum of the numerators."""
        return sum(self.numbers)

    def less(self, other: Rows) -> Rows:
        """Return the difference from another vector."""
        pairs = zip(self.numbers, other.numbers, strict=True)
        return Rows([a * other.den - b * self.den for a, b in pairs], self.den * other.den)

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

    def length(self, rows: Rows) -> tuple[Fraction, Fraction]:
        """Return bounds, near to each other, of the norm of Omega^(1/2) times a vector from Omega times it."""
        squares = [x * x for x in rows.numbers]
        total, most = sum(squares), max(self.weights)
        shift = 0 if most == 1 else max(0, _SUM - total.bit_length()) + most.bit_length()
        least = sum((x << shift) // w for x, w in zip(squares, self.weights, strict=True))
        missed = sum(map(bool, squares)) * (shift > 0)
        den, unit = rows.den**2 << shift, self.problem.weights.den
        return root_down(least * unit, den, bits=_FINE), root_up((least + missed) * unit, den, bits=_FINE)

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


def dot(a: list[int], b: list[int]) -> int:
    """Return the sum of the products."""
    return sum(map(mul, a, b))

"""A point beside the lasso where nothing is known of its columns (docs/format.md, "kind data-digits").

Source: docs/theory.md, "What the data determine without independent columns".
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from proofs_checks.checker.core.rules import look_at_time
from proofs_checks.checker.parts.data_point import Point, modulus
from proofs_checks.checker.parts.data_regularised import Row, regularised
from proofs_checks.checker.parts.penalised import Penalised, Sparse
from proofs_checks.checker.parts.precision import Precision
from proofs_checks.checker.parts.short import above, below, root_up, up

FINE = 256  # bits of what is subtracted from something that may be near to it
_ZERO = Fraction(0)


class AnyColumns(Point):
    """A problem, a point x, columns J and the radii: all that does not depend on the scale; `rows` are those of J.

    `fitted` has bounds of |Ax|, `given` is one of that of y, `product` has bounds of <t, x>; `penalised` bounds the sum
    of mu_j |x_j|, and `pushed` that of epsilon_j |x_j|.
    """

    def __init__(self, problem: Penalised, precision: Precision, point: Sparse, allowed: Iterable[int]) -> None:
        super().__init__(problem, precision, point)
        columns, features = self.columns, range(problem.features)
        self.allowed = [j for j in allowed if j < problem.features]
        self.penalties = [self.penalty(j) for j in features]
        self._measure()
        doubts = [above(self._doubt(j)) for j in features]
        self.steepness = []
        for j in features:
            self.steepness.append(fine(self._steepness(j) + doubts[j]))
            look_at_time()
        width = columns.width
        held = sorted({k // width for k in point.numbers if k // width < problem.features})
        self.sizes = {j: above(modulus(self.entry(j))) for j in held}
        doubt = self._sum(doubts)
        product = sum((a * b for j in held for a, b in zip(self.entry(j), self._slope(j), strict=True)), _ZERO)
        self.product = -fine(doubt - product), fine(product + doubt)
        self.penalised = fine(sum((self.penalties[j] * modulus(self.entry(j)) for j in held), _ZERO))
        self.pushed = above(self._sum(self.radii.pushes))
        # with the rows of the ridge
        bent = sum((columns.ridge(j) * size * size for j, size in self.sizes.items()), _ZERO)
        self.residual_length = root(self.left**2 + bent)
        self.image_length = root(self.fitted[1] ** 2 + bent)
        self.rows: list[list[Row]] = regularised(columns, self.allowed)

    def _measure(self) -> None:
        columns, residual, data = self.columns, self.residual, self.problem.data
        y = columns.rows([x for x in data.numbers], data.den)
        low, high = columns.length(y.less(residual.rows))
        self.fitted = max(_ZERO, below(low - residual.slack)), above(high + residual.slack)
        self.left, self.given = above(columns.length(residual.rows)[1] + residual.slack), above(columns.length(y)[1])

    def _sum(self, numbers: list[Fraction]) -> Fraction:
        return sum((numbers[j] * size for j, size in self.sizes.items()), _ZERO)


def fine(x: Fraction) -> Fraction:
    """Return a number rounded up, to so many bits that little is lost of a difference from another."""
    return up(*x.as_integer_ratio(), bits=FINE)


def root(x: Fraction) -> Fraction:
    """Return a root, rounded up."""
    return root_up(*x.as_integer_ratio())

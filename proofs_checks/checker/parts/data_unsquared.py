"""A point beside problems with the norm of the residual, not its square (docs/format.md, "kind data-digits").

Source: docs/theory.md, "What the data determine: the square-root lasso", "What the data determine: a bounded residual".
"""

from __future__ import annotations

from fractions import Fraction

from proofs_checks.checker.core.rules import Invalid
from proofs_checks.checker.parts.data_lasso import Lasso
from proofs_checks.checker.parts.data_theorems import AtScale
from proofs_checks.checker.parts.short import above, below, root_down, root_up

_FINE = 256  # bits of the norm of the residual, and of quotients by it
_SUM = 640  # bits of the sum of squares, where weights do not divide them


class Unsquared(Lasso):
    """As for the lasso. The residual is as it is known: what is missed of it is counted as unknown of y.

    `low` and `high` are bounds of its norm.
    """

    def _measure(self) -> None:
        """Find bounds of the norm of the residual; raises Invalid if it is 0."""
        rows, weights = self.residual.rows, self.columns.weights
        squares = [x * x for x in rows.numbers]
        total = sum(squares)
        if not total:
            raise Invalid("residual", "the residual at x is 0")
        shift = 0 if max(weights) == 1 else max(0, _SUM - total.bit_length()) + max(weights).bit_length()
        least = sum((x << shift) // w for x, w in zip(squares, weights, strict=True))
        most = least + len(squares) * (shift > 0)
        den, unit = rows.den**2 << shift, self.problem.weights.den
        self.low = root_down(least * unit, den, bits=_FINE)
        self.high = root_up(most * unit, den, bits=_FINE)

    def product(self, j: int) -> list[Fraction]:
        """Return (A^T r)_j, its one or two parts."""
        found, den = self.residual.slopes(j)
        return [Fraction(num, den) for num in found]


class UnsquaredAtScale(AtScale):
    """What both of these problems have at one scale of the radii."""

    def __init__(self, problem: Unsquared, scale: Fraction) -> None:
        self.lasso, self.scale, self.times = problem, scale, above(scale)
        self.spread = above(self.times * problem.spread)
        self.beta = above(self.times * problem.radii.beta + problem.residual.slack)
        self.sigma = below(problem.factor.sigma - self.spread)
        if self.sigma <= 0:
            raise Invalid("scale", f"{self.where()}: sigma is at most 0, by what is unknown of the columns of J")
        self.push = above(self.times * problem.push + problem.defect)
        self.low, self.high = below(problem.low), above(problem.high)

    def fails(self, why: str) -> Invalid:
        """Return the error that the theorem does not apply at this scale."""
        return Invalid("scale", f"{self.where()}: {why}")

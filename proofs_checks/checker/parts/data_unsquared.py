"""A point beside problems with the norm of the residual, not its square (docs/format.md, "kind data-digits").

Source: docs/theory.md, "What the data determine: the square-root lasso", "What the data determine: a bounded residual".
"""

from __future__ import annotations

from fractions import Fraction

from proofs_checks.checker.core.rules import Invalid
from proofs_checks.checker.parts.data_lasso import Lasso
from proofs_checks.checker.parts.data_theorems import AtScale
from proofs_checks.checker.parts.short import above, below


class Unsquared(Lasso):
    """As for the lasso. The residual is as it is known: what is missed of it is counted as unknown of y.

    `low` and `high` are bounds of its norm.
    """

    def _measure(self) -> None:
        """Find bounds of the norm of the residual; raises Invalid if it is 0."""
        self.low, self.high = self.columns.length(self.residual.rows)
        if not self.high:
            raise Invalid("residual", "the residual at x is 0")

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

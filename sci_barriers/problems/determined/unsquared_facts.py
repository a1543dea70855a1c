"""The quantities of the theorems on the square-root lasso and on a bounded residual, for one set J."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from flint import arb, arb_mat, ctx, fmpq

from exact_base.matrices import ExactMatrix
from exact_base.reprs import short_repr
from sci_barriers.problems.determined.balls import above, below, norm
from sci_barriers.problems.determined.facts import Facts
from sci_barriers.problems.determined.precision import Precision, Radius
from sci_barriers.problems.determined.unsquared_point import ResidualNorm, weighted_residual
from sci_barriers.problems.determined.view import View, real_view
from sci_barriers.problems.penalised.integers import IntegerProblem
from sci_barriers.problems.penalised.problem import entries_of

__all__ = ["Around", "UnsquaredFacts"]

_ZERO = arb(0)


class Around:
    """A problem around a point: slopes, margins and defects with the norm of the residual, as balls.

    Attributes:
        view: the columns, with these margins and defects, and a residual that is multiplied as the slopes are.
        length: ŝ.
        away: |ŝ - ℓ| for a bounded residual.
        rate: what A^T r̂ is multiplied by: 1/ŝ, or the multiplier.
        slopes: t_j of the features.
        image: χ, what is unknown of A x̂.
    """

    def __init__(self, problem: ResidualNorm, point: ExactMatrix, precision: Precision) -> None:
        """Take a point, shape (N, 1), in the units of the coefficients."""
        arrays, n = problem.arrays, problem.arrays.features
        precision.check(arrays.rows, n)
        integers, values = IntegerProblem.of(arrays), entries_of(point)
        view = real_view(arrays, integers, point, precision)
        self.problem, self.values = problem, values[:n]
        with ctx.workprec(view.bits):
            residual = weighted_residual(arrays, integers, values)
            lines = arb_mat(n, arrays.rows, [a for entries in view.real for a in entries])
            pulls = (lines * arb_mat(arrays.rows, 1, residual)).entries()
            self.length = sum((r * r for r in residual), _ZERO).sqrt()
            self.away = _ZERO if problem.noise is None else abs(self.length - arb(problem.noise))
            penalties = entries_of(arrays.penalties)[:n]
            self.total = sum((mu * abs(x) for mu, x in zip(penalties, self.values, strict=True)), fmpq(0))
            self.fit = sum((p * x for p, x in zip(pulls, self.values, strict=True)), _ZERO)
            self.rate = self._rate()
            self.usable = bool(self.rate > 0) and bool(self.rate.is_finite()) and bool(self.length > 0)
            self.direction = [r / self.length for r in residual] if self.usable else residual
            self.slopes = [self.rate * p for p in pulls]
            positive = frozenset(arrays.nonnegative)
            margins, defects = [], []
            for j, (t, mu, x) in enumerate(zip(self.slopes, penalties, self.values, strict=True)):
                size = t if j in positive else abs(t)
                margins.append(fmpq(0) if x != 0 else below(mu - size))
                defects.append(abs(t - (mu if x > 0 else -mu)) if x != 0 else (size - mu).nonnegative_part())
            scaled = [self.rate * r for r in view.residual]
            self.view = replace(view, margins=margins, defects=defects, residual=scaled)
            image = [
                sum((a * x for a, x in zip(row, self.values, strict=True)), _ZERO)
                for row in zip(*view.real, strict=True)
            ]
            self.square = sum((a * a for a in image), _ZERO)
            exact = Precision(precision.matrix, Radius.exactly())
            self.image = real_view(arrays, integers, point, exact).beta

    def _rate(self) -> arb:
        if self.problem.noise is None:
            return 1 / self.length
        return arb(self.total) / self.fit if self.fit > 0 else _ZERO

    @cached_property
    def projected(self) -> View:
        """The view without the direction of the residual."""
        if self.problem.noise is not None:
            return self.view
        with ctx.workprec(self.view.bits):
            real = [
                [a - t * u for a, u in zip(entries, self.direction, strict=True)]
                for entries, t in zip(self.view.real, self.slopes, strict=True)
            ]
        return replace(self.view, real=real)


@short_repr()
@dataclass(frozen=True, eq=False)
class UnsquaredFacts:
    """What the theorems need for one J.

    Attributes:
        around: the problem around the point.
        facts: the quantities that are as those of the lasso, of columns without the direction of the residual for
            the square-root lasso.
        tilt: a bound of <t_J, d> over all d with |d| <= 1 and |T A_J d| <= σ_0.
        norm: ‖t_J‖.
        lengths: n_j - δ_j of the features off J.
    """

    around: Around
    facts: Facts
    tilt: fmpq
    norm: fmpq
    lengths: list[fmpq]

    @staticmethod
    def of(around: Around, places: Sequence[int]) -> UnsquaredFacts | None:
        """Return the quantities for a J with these features; None if it is not fit for the theorems."""
        facts = Facts.of(around.projected, places) if around.usable else None
        if facts is None:
            return None
        with ctx.workprec(around.view.bits):
            slopes = [around.slopes[j] for j in places]
            size = tilt = above(norm(slopes))
            if places:
                line, found = arb_mat(1, len(slopes), slopes), facts.inverse
                square = (line * found.image * line.transpose())[0, 0]
                turned = norm((line * found.rest).entries()) + facts.least * square.upper().nonnegative_part().sqrt()
                tilt = min(size, above(turned))
            lengths = [above(around.view.column_norms[j]) for j in facts.outside]
        return UnsquaredFacts(around, facts, tilt, size, lengths)

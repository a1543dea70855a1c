"""(P2) LASSO: minimise λ‖x‖_w + ‖Ax - y‖²."""

from __future__ import annotations

from typing import Any

from flint import arb, fmpq

from exact_base.scalars import ExactArray, Real, ball
from sci_barriers.problems.base import Minimiser, Problem

__all__ = ["Lasso"]


class Lasso(Problem):
    """(P2) of the paper: minimise λ‖x‖_w + ‖Ax - y‖² (the square without a factor 1/2).

    >>> from sci_barriers import Lasso
    >>> Lasso([[1, "1/2"], [0, 1]], [2, 1], parameter="1/4").rows
    2
    """

    name = "lasso"
    parameter_symbol = "λ"

    def _primal(self, l1: Any, residual2: Any, *, root: Any) -> Any:
        # a ball plus a quadratic number needs both to be balls
        return l1 * self.parameter + (ball(residual2) if isinstance(l1, arb) else residual2)

    def _dual_value(self, product: Real, dual2: Real, *, root: Any) -> Any:
        return product - dual2 / 4

    def _direction(self, x: ExactArray, dual: ExactArray | None) -> tuple[ExactArray, Real, ExactArray | None]:
        return self.residual(x) * fmpq(2), fmpq(1), None

    def uniqueness_columns(self, minimiser: Minimiser) -> ExactArray:
        """The active columns A_E."""
        return self._active_columns(minimiser)

    def _residual_limits(self, size2: Real) -> list[fmpq]:
        return [fmpq(2)]  # u = 2r at a minimiser

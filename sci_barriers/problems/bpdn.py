"""(P1) basis pursuit denoising: minimise ‖x‖_w subject to ‖Ax - y‖ <= ε."""

from __future__ import annotations

from typing import Any

from flint import fmpq

from exact_base.errors import DataError, NotAMinimiserError
from exact_base.scalars import ExactArray, Real, abs2, norm2, zeros
from sci_barriers.problems.base import Minimiser, Problem

__all__ = ["BasisPursuitDenoising"]


class BasisPursuitDenoising(Problem):
    """(P1) of the paper: minimise ‖x‖_w subject to ‖Ax - y‖ <= ε.

    >>> from sci_barriers import BasisPursuitDenoising
    >>> BasisPursuitDenoising([[1, 1]], [2], parameter=1)
    BasisPursuitDenoising([[1, 1]], [2], parameter='1')
    """

    name = "bpdn"
    parameter_symbol = "ε"

    @property
    def bounds(self) -> ExactArray:
        """w_i."""
        return self.weights

    def check_feasible(self, x: ExactArray) -> None:
        """Raise DataError unless ‖Ax - y‖² <= ε²."""
        size2 = norm2(self.residual(x))
        if size2 > self.parameter**2:
            raise DataError(f"x is infeasible: ‖Ax-y‖² = {size2} > ε² = {self.parameter**2}")

    def _primal(self, l1: Any, residual2: Any, *, root: Any) -> Any:
        return l1

    def _dual_value(self, product: Real, dual2: Real, *, root: Any) -> Any:
        return product - root(dual2) * self.parameter

    def _direction(self, x: ExactArray, dual: ExactArray | None) -> tuple[ExactArray, Real, ExactArray | None]:
        if norm2(self.data) <= self.parameter**2:
            if any(x):
                raise NotAMinimiserError("‖y‖ <= ε, so the only minimiser is 0")
            return zeros(self.rows), fmpq(1), None
        residual = self.residual(x)
        if norm2(residual) != self.parameter**2:
            raise NotAMinimiserError(f"‖Ax-y‖² = {norm2(residual)} differs from ε² = {self.parameter**2}")
        first = next((i for i in range(self.columns) if x[i]), None)
        if first is None:  # unreachable: x = 0 gives ‖r‖ = ‖y‖ > ε
            raise NotAMinimiserError("x = 0 is infeasible")
        size2 = abs2(self.correlation(residual)[first])
        if size2 == 0:
            raise NotAMinimiserError(f"not a minimiser: x_i is not 0 but (A*r)_i = 0 at index {first}")
        return residual, self.weights[first] ** 2 / size2, None

    def uniqueness_columns(self, minimiser: Minimiser) -> ExactArray:
        """The active columns A_E."""
        return self._active_columns(minimiser)

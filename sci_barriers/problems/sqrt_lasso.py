"""(P3) square-root LASSO: minimise λ‖x‖_w + ‖Ax - y‖."""

from __future__ import annotations

from typing import Any

from flint import fmpq

from exact_base.errors import DataError, NotAMinimiserError
from exact_base.scalars import ExactArray, Real, norm2
from sci_barriers.problems.base import Minimiser, Problem, root_upper, with_column

__all__ = ["SqrtLasso"]


class SqrtLasso(Problem):
    """(P3) of the paper: minimise λ‖x‖_w + ‖Ax - y‖.

    >>> from sci_barriers import SqrtLasso
    >>> SqrtLasso([[1, 1]], ["1/10"], parameter="1/2")
    SqrtLasso([[1, 1]], ['1/10'], parameter='1/2')
    """

    name = "sqrt-lasso"
    parameter_symbol = "λ"

    def _primal(self, l1: Any, residual2: Any, *, root: Any) -> Any:
        return l1 * self.parameter + root(residual2)

    def _dual_value(self, product: Real, dual2: Real, *, root: Any) -> Any:
        return product

    def check_dual_feasible(self, dual: ExactArray) -> None:
        """As for every problem, and ‖u‖ <= 1."""
        super().check_dual_feasible(dual)
        if norm2(dual) > 1:
            raise DataError(f"the dual vector is infeasible: ‖u‖² = {norm2(dual)} > 1")

    def _direction(self, x: ExactArray, dual: ExactArray | None) -> tuple[ExactArray, Real, ExactArray | None]:
        residual = self.residual(x)
        size2 = norm2(residual)
        if size2 != 0:
            return residual, 1 / size2, None
        if dual is None:
            raise NotAMinimiserError("Ax = y, so the residual gives no dual vector: pass one with ‖u‖ <= 1")
        if norm2(dual) > 1:
            raise NotAMinimiserError(f"‖u‖² = {norm2(dual)} > 1")
        return dual, fmpq(1), dual

    def dual_on_sphere(self, minimiser: Minimiser) -> bool:
        """True if ‖u‖ = 1, when minimisers need not satisfy Az = y."""
        return minimiser.dual is None or norm2(minimiser.dual) == 1

    def uniqueness_columns(self, minimiser: Minimiser) -> ExactArray:
        """A_E, with the dual direction as one more column where ‖u‖ = 1."""
        columns = self._active_columns(minimiser)
        return with_column(columns, minimiser.direction) if self.dual_on_sphere(minimiser) else columns

    def _residual_limits(self, size2: Real) -> list[fmpq]:
        return [1 / root_upper(size2, bits=64)] if size2 else []

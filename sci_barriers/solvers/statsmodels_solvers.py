"""The regularised least squares of statsmodels: `OLS(y, A).fit_regularized`."""

from __future__ import annotations

import math
from typing import Any

from numpy.typing import NDArray
from statsmodels.regression.linear_model import OLS

from sci_barriers.solvers.adapter import Adapter, words

__all__ = ["adapter"]


def _fit(matrix: NDArray[Any], right: NDArray[Any], method: str, alpha: float) -> tuple[Any, dict[str, str]]:
    result = OLS(right, matrix).fit_regularized(method=method, alpha=alpha)
    # `converged` is documented nowhere, and the square-root LASSO does not set it
    return result.params, words({"converged": getattr(result, "converged", None)}, "converged")


def _lasso(matrix: NDArray[Any], right: NDArray[Any], alpha: float) -> tuple[Any, dict[str, str]]:
    # 1/(2m)‖Ax-y‖² + alpha‖x‖_1, so the scaling is mean-half
    return _fit(matrix, right, "elastic_net", alpha)


def _sqrt_lasso(matrix: NDArray[Any], right: NDArray[Any], lam: float) -> tuple[Any, dict[str, str]]:
    # 1/√m‖Ax-y‖ + alpha/m‖x‖_1, which is 1/√m times (P3) if alpha = λ√m
    return _fit(matrix, right, "sqrt_lasso", lam * math.sqrt(len(right)))


def adapter(problem: str) -> Adapter:
    """Return the algorithm for `problem`, lasso or sqrt-lasso."""
    return Adapter(_lasso, "mean-half") if problem == "lasso" else Adapter(_sqrt_lasso)

"""The three problems written in cvxpy, solved by one of its solvers with that solver's default settings."""

from __future__ import annotations

from typing import Any

import cvxpy as cp
import numpy as np
from numpy.typing import NDArray

from sci_barriers.solvers.adapter import Adapter, words

__all__ = ["adapter", "solve"]


def _problem(name: str, matrix: NDArray[Any], right: NDArray[Any], parameter: float) -> Any:
    """Return the problem `name` as docs/theory.md states it; its only variable is x."""
    x = cp.Variable(matrix.shape[1], complex=np.iscomplexobj(matrix) or np.iscomplexobj(right))
    size, residual = cp.norm1(x), matrix @ x - right
    if name == "bpdn":
        return cp.Problem(cp.Minimize(size), [cp.norm2(residual) <= parameter])
    misfit = cp.sum_squares(residual) if name == "lasso" else cp.norm2(residual)
    return cp.Problem(cp.Minimize(parameter * size + misfit))


def solve(problem: Any, solver: str | None = None) -> tuple[Any, dict[str, str]]:
    """Solve a cvxpy problem in one variable; return its value, None if there is none, and cvxpy's status."""
    variable = problem.variables()[0]
    variable.value = None
    try:
        # a warm start would make the answer depend on the problem solved before
        problem.solve(solver=solver, warm_start=False)
    except (cp.SolverError, ValueError) as error:  # a ValueError where a solver ends with a status cvxpy does not know
        return None, words({"status": problem.status or "solver_error", "error": error}, "status", "error")
    status = {"status": problem.status, **vars(problem.solver_stats)}
    return variable.value, words(status, "status", "solver_name", "num_iters")


def adapter(problem: str, solver: str) -> Adapter:
    """Return the algorithm for `problem` with the cvxpy solver called `solver`."""
    return Adapter(lambda matrix, right, parameter: solve(_problem(problem, matrix, right, parameter), solver))

"""A user's own cvxpy problem as an algorithm: what it minimises is recognised, so no scaling has to be given.

The objective and the constraint are compared with (P1), (P2) or (P3) at points of full support whose coordinates are
exact in float64. Agreement there tells the usual forms apart. It is no proof, and no verdict but the control's rests on
it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cvxpy as cp
import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from exact_base.errors import SolverError, UsageError
from sci_barriers.players.algorithm import SCALINGS, scaled_parameter
from sci_barriers.solvers.adapter import Adapter
from sci_barriers.solvers.cvxpy_problems import solve

__all__ = ["recognise"]

Array = NDArray[Any]
State = Callable[[Array, Array, float], Any]

_EXPECTED = {
    "bpdn": "minimise ‖x‖_1 subject to the one constraint ‖Ax-y‖ <= ε",
    "lasso": "minimise lam‖x‖_1 + ‖Ax-y‖², with the square halved, or divided by 2m, or neither, and no constraint",
    "sqrt-lasso": "minimise lam‖x‖_1 + ‖Ax-y‖, and no constraint",
}
_PARAMETERS = (fmpq(1, 2), fmpq(4))
_POINTS = 8


def recognise(found: Any, *, target: str, problem: str) -> Adapter | None:
    """Return the algorithm a cvxpy problem stands for, or None if `found` has nothing to do with cvxpy.

    Args:
        found: a `cvxpy.Problem` in parameters A, y and lam, or a function (A, y, lam) -> `cvxpy.Problem`; any other
            function is called once, on a 2 x 3 example.
        target: its name, for messages.
        problem: the problem it should be.

    Raises:
        UsageError: if it is a cvxpy problem, but not this one; or if the function raises.
    """
    if isinstance(found, cp.Problem):
        parametrised = _Parametrised.read(found, target)
        state: State = parametrised.state
        shape: tuple[int, int] = parametrised.matrix.shape
    elif callable(found) and not isinstance(found, type):
        state, shape = found, (2, 3)
        try:
            example = found(*_example(shape), 1.0)
        except Exception as error:
            raise UsageError(
                f"{target} was called on a 2 x 3 example, to see if it returns a cvxpy problem, and raised "
                f"{type(error).__name__}: {' '.join(str(error).split())}; if it returns x, give its --scaling"
            ) from None
        if not isinstance(example, cp.Problem):
            return None
    else:
        return None
    for scaling in SCALINGS if problem == "lasso" else ("stated",):
        if _agrees(state, shape, problem, scaling):
            # one for matrices of one size cannot be tried on others
            fixed = isinstance(found, cp.Problem)
            return Adapter(lambda matrix, right, parameter: solve(state(matrix, right, parameter)), scaling, fixed)
    raise UsageError(
        f"{target} is a cvxpy problem, but not {problem}: "
        f"it should have one plain variable x of length N, {_EXPECTED[problem]}"
    )


@dataclass(frozen=True)
class _Parametrised:
    """A cvxpy problem with one matrix, one vector and one scalar parameter."""

    problem: Any
    matrix: Any
    right: Any
    scalar: Any

    @classmethod
    def read(cls, problem: Any, target: str) -> _Parametrised:
        """Tell the parameters apart by their number of dimensions."""
        parameters = sorted(problem.parameters(), key=lambda parameter: -parameter.ndim)
        if [parameter.ndim for parameter in parameters] != [2, 1, 0]:
            raise UsageError(
                f"{target} needs exactly three cvxpy parameters: A of shape (m, N), y of shape (m,) and lam"
            )
        return cls(problem, *parameters)

    def state(self, matrix: Array, right: Array, parameter: float) -> Any:
        """Return the problem with these values."""
        if matrix.shape != self.matrix.shape:
            raise SolverError(f"the cvxpy problem is for A of shape {self.matrix.shape}, and A has {matrix.shape}")
        self.matrix.value, self.right.value, self.scalar.value = matrix, right, parameter
        return self.problem


def _example(shape: tuple[int, int]) -> tuple[Array, Array]:
    random = np.random.default_rng(0)
    return random.integers(1, 8, shape) / 2, random.integers(1, 8, shape[0]) / 4


def _agrees(state: State, shape: tuple[int, int], name: str, scaling: str) -> bool:
    """Compare with the problem `name` in the given scaling; a common factor of the objective is allowed."""
    matrix, right = _example(shape)
    random = np.random.default_rng(1)
    points = random.choice([-1, 1], (_POINTS, shape[1])) * random.integers(1, 32, (_POINTS, shape[1])) / 4
    residuals = np.linalg.norm(points @ matrix.T - right, axis=1)
    sizes = np.abs(points).sum(axis=1)
    try:
        if name == "bpdn":
            inside = [_look(state(matrix, right, r * 65 / 64), x) for x, r in zip(points, residuals, strict=True)]
            outside = [_look(state(matrix, right, r * 63 / 64), x) for x, r in zip(points, residuals, strict=True)]
            held = all(look[1:] == (True,) for look in inside) and all(look[1:] == (False,) for look in outside)
            return held and _proportional([look[0] for look in inside], sizes)
        for parameter in _PARAMETERS:
            lam = scaled_parameter(parameter, problem=name, scaling=scaling, rows=shape[0])
            looks = [_look(state(matrix, right, lam), x) for x in points]
            wanted = float(parameter.p) / float(parameter.q) * sizes + residuals ** (2 if name == "lasso" else 1)
            if any(len(look) > 1 for look in looks) or not _proportional([look[0] for look in looks], wanted):
                return False
    except ValueError:  # cvxpy refuses a value: the variable has attributes, or another shape
        return False
    return True


def _look(problem: Any, point: Array) -> tuple[Any, ...]:
    """Return the objective at a point, and whether each constraint holds there."""
    variables = problem.variables()
    if len(variables) != 1 or not isinstance(problem.objective, cp.Minimize):
        raise ValueError("not a minimisation in one variable")
    if any(value for attribute, value in variables[0].attributes.items() if attribute != "complex"):
        raise ValueError("the variable has attributes")
    variables[0].value = point
    return problem.objective.value, *(bool(constraint.value()) for constraint in problem.constraints)


def _proportional(values: list[Any], wanted: Array) -> bool:
    ratios = np.array(values, dtype=float) / wanted
    return bool(ratios[0] > 0 and np.allclose(ratios, ratios[0], rtol=1e-9, atol=0))

"""What a solver that is called with (A, y, lam) may minimise, and the exact minimiser of each on small rational data.

The stated problems come first: (P2) with the square as it is, halved, or divided by 2m, (P3) and (P1). The others are
what people take for them: ridge regression, the elastic net and the LASSO with x >= 0. Every minimiser is certified:
those of (P1)-(P3) and of the elastic net by the optimality conditions of `sci_barriers.problems`, the others by their
own, checked here. See docs/solvers.md, "What problem a solver solves".
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from flint import fmpq

from exact_base.errors import DataError, SolverError
from exact_base.linalg import identity, left_inverse, solve_consistent
from exact_base.reprs import short_repr
from exact_base.scalars import ExactArray, zeros
from sci_barriers.players.algorithm import SCALINGS, square_divisor
from sci_barriers.problems import Lasso, Minimiser, problem_type
from sci_barriers.problems.solve import solve_exactly

__all__ = ["OBJECTIVES", "Objective", "elastic_net", "nonnegative_lasso", "ridge"]

Minimise = Callable[[ExactArray, ExactArray, fmpq], ExactArray]


@short_repr()
@dataclass(frozen=True)
class Objective:
    """Something that a solver may minimise.

    Attributes:
        name: what a reader calls it; several may share one.
        problem: `bpdn`, `lasso` or `sqrt-lasso` if it is one of them, else empty.
        scaling: the scaling of `lasso`, `stated` for the other two, else empty.
        minimise: from (A, y, lam), A of shape (m, N), to its only minimiser, length N; raises `SolverError` where it
            has none or several, or where none can be shown.
    """

    name: str
    problem: str
    scaling: str
    minimise: Minimise


def elastic_net(matrix: ExactArray, data: ExactArray, *, l1: fmpq, l2: fmpq) -> ExactArray:
    """Return the only minimiser of ‖Ax-y‖² + l1·‖x‖₁ + l2·‖x‖², l1 > 0, l2 >= 0; shapes (m, N), (m,) to (N,).

    As l2 is a sum of four rational squares q_k², this is the LASSO with the rows q_k·I and zeros below A and y.

    Raises:
        SolverError: if no minimiser, or not only one, can be shown.
    """
    columns = matrix.shape[1]
    blocks = [identity(columns) * root for root in _four_squares(l2)]
    problem = Lasso(
        np.concatenate([matrix, *blocks]), np.concatenate([data, zeros(columns * len(blocks))]), parameter=l1
    )
    return _only(solve_exactly(problem))


def ridge(matrix: ExactArray, data: ExactArray, *, l2: fmpq) -> ExactArray:
    """Return the only minimiser of ‖Ax-y‖² + l2·‖x‖², l2 > 0; shapes (m, N), (m,) to (N,).

    It solves (A^T A + l2·I) x = A^T y, a positive definite system.
    """
    gram = matrix.T @ matrix + identity(matrix.shape[1]) * l2
    solution = solve_consistent(gram, (matrix.T @ data).reshape(-1, 1))
    if solution is None:
        raise SolverError(f"A^T A + {l2}·I is singular")
    return solution[:, 0]


def nonnegative_lasso(matrix: ExactArray, data: ExactArray, *, l1: fmpq) -> ExactArray:
    """Return the only minimiser of ‖Ax-y‖² + l1·‖x‖₁ over x >= 0, l1 > 0; shapes (m, N), (m,) to (N,).

    With g = 2A^T(y - Ax) the point x >= 0 is a minimiser iff g_i = l1 where x_i > 0 and g_i <= l1 elsewhere, and the
    only one if the columns with g_i = l1 are independent. All supports are tried, so N should be small.

    Raises:
        SolverError: if no minimiser, or not only one, can be shown.
    """
    columns = matrix.shape[1]
    for size in range(columns + 1):
        for support in itertools.combinations(range(columns), size):
            chosen = matrix[:, list(support)]
            right = (chosen.T @ data - l1 / 2).reshape(-1, 1)
            solution = solve_consistent(chosen.T @ chosen, right) if size else zeros((0, 1))
            if solution is None or any(entry <= 0 for entry in solution[:, 0]):
                continue
            point = zeros(columns)
            point[list(support)] = solution[:, 0]
            slope = (matrix.T @ (data - matrix @ point)) * fmpq(2)
            if any(entry > l1 for entry in slope):
                continue
            if left_inverse(matrix[:, [i for i, entry in enumerate(slope) if entry == l1]]) is None:
                raise SolverError("the LASSO with x >= 0 may have several minimisers here")
            return point
    raise SolverError("no minimiser of the LASSO with x >= 0 was found")


def _four_squares(value: fmpq) -> list[fmpq]:
    """Return positive rationals, at most four, whose squares add up to a rational >= 0 (Lagrange)."""
    product, divisor = int(value.p) * int(value.q), int(value.q)
    for count in range(5):
        roots = _as_squares(product, count)
        if roots is not None:
            return [fmpq(root, divisor) for root in roots]
    raise DataError(f"{value} is negative")


def _as_squares(number: int, count: int) -> list[int] | None:
    """Write an integer as a sum of `count` positive squares, if it is one."""
    if count == 0:
        return [] if number == 0 else None
    for root in range(math.isqrt(max(number, 0)), 0, -1):
        rest = _as_squares(number - root * root, count - 1)
        if rest is not None:
            return [root, *rest]
    return None


def _only(minimiser: Minimiser) -> ExactArray:
    if not minimiser.certainly_unique:
        raise SolverError(f"{minimiser.problem!r} may have several minimisers")
    return minimiser.point


# --- what is called with lam ------------------------------------------------------------------------


def _stated(name: str, scaling: str) -> Minimise:
    def minimise(matrix: ExactArray, data: ExactArray, lam: fmpq) -> ExactArray:
        parameter = lam * square_divisor(scaling, rows=len(matrix))
        return _only(solve_exactly(problem_type(name)(matrix, data, parameter=parameter)))

    return minimise


def _elastic(scaling: str) -> Minimise:
    def minimise(matrix: ExactArray, data: ExactArray, lam: fmpq) -> ExactArray:
        # scikit-learn: the square over the divisor, plus lam times (r‖x‖₁ + (1-r)/2·‖x‖²), with r = 1/2
        full = lam * square_divisor(scaling, rows=len(matrix))
        return elastic_net(matrix, data, l1=full / 2, l2=full / 4)

    return minimise


def _nonnegative(scaling: str) -> Minimise:
    return lambda matrix, data, lam: nonnegative_lasso(matrix, data, l1=lam * square_divisor(scaling, rows=len(matrix)))


def _ridge(scaling: str, factor: fmpq) -> Minimise:
    return lambda matrix, data, lam: ridge(matrix, data, l2=lam * factor * square_divisor(scaling, rows=len(matrix)))


OBJECTIVES: tuple[Objective, ...] = (
    *(Objective("(P2), the LASSO", "lasso", scaling, _stated("lasso", scaling)) for scaling in SCALINGS),
    Objective("(P3), the square-root LASSO", "sqrt-lasso", "stated", _stated("sqrt-lasso", "stated")),
    Objective("(P1), basis pursuit denoising", "bpdn", "stated", _stated("bpdn", "stated")),
    *(Objective("the LASSO with x >= 0", "", "", _nonnegative(scaling)) for scaling in SCALINGS),
    *(Objective("the elastic net with l1_ratio = 1/2", "", "", _elastic(scaling)) for scaling in SCALINGS),
    # the square of x as it is, or halved
    Objective("ridge regression", "", "", _ridge("half", fmpq(1, 2))),
    Objective("ridge regression", "", "", _ridge("half", fmpq(1))),
    Objective("ridge regression", "", "", _ridge("mean-half", fmpq(1, 2))),
    Objective("ridge regression", "", "", _ridge("mean-half", fmpq(1))),
)
"""The stated ones first. The factors of ridge regression are 1, 2, m and 2m."""

"""Which cell of X, and which of y, moves the coefficients most: derivatives in float64, to first order, not certified.

With H = Z_S^T Ω Z_S + κ_S over the support S and the coefficients without a penalty, a change t of X_ij, j in S, moves
them by t/s_j H^-1 (ω_i r_i ε_j - ω_i x_j Z_iS) to first order, and a change t of y_i by t H^-1 ω_i Z_iS; cells of
columns that are out move nothing. See docs/theory.md, "What the data determine".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from exact_base.errors import DataError
from exact_base.matrices import ExactMatrix
from exact_base.rationals import to_float
from exact_base.reprs import short_repr
from sci_barriers.problems.determined.precision import Precision, Radius
from sci_barriers.problems.penalised.problem import entries_of
from sci_barriers.problems.penalised.solving import Solution

__all__ = ["Cell", "Sensitivity", "sensitivity_of"]


@short_repr()
@dataclass(frozen=True)
class Cell:
    """One number of the data.

    Attributes:
        row: its row, from 0.
        column: its column of X, from 0; None for an entry of y.
        derivative: about how much the coefficients move, in the Euclidean norm over the features, for each unit that
            the number changes.
        radius: about how far it may be from the true one; None where the array is known by a norm.
    """

    row: int
    column: int | None
    derivative: float
    radius: float | None

    @property
    def movement(self) -> float:
        """The derivative times the radius, or the derivative where there is none."""
        return self.derivative if self.radius is None else self.derivative * self.radius


@short_repr()
@dataclass(frozen=True)
class Sensitivity:
    """The numbers of the data that move the coefficients most within what is known of them, to first order.

    Attributes:
        matrix: of X; None if no number of it moves them.
        data: of y; likewise.
    """

    matrix: Cell | None
    data: Cell | None


def sensitivity_of(solution: Solution, precision: Precision) -> Sensitivity | None:
    """Return which numbers matter most; None where float64 does not hold the data, or the derivatives do not exist.

    >>> from sci_barriers.checks.sensitivity import sensitivity_of
    >>> from sci_barriers.problems.determined.precision import Precision, Radius
    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
    >>> from sci_barriers.problems.penalised.solving import minimise
    >>> solution = minimise(PenalisedLeastSquares.of([[1, 0], [0, 4]], [2, 1], penalties=[1, 1]))
    >>> found = sensitivity_of(solution, Precision(Radius.entrywise("1/2"), Radius.exactly()))
    >>> (found.matrix.row, found.matrix.column, found.matrix.derivative), found.data
    ((0, 0, 1.0), None)
    """
    try:
        with np.errstate(all="ignore"):
            return _sensitivity(solution, precision)
    except (DataError, OverflowError, np.linalg.LinAlgError):
        return None


def _sensitivity(solution: Solution, precision: Precision) -> Sensitivity | None:
    problem = solution.problem
    m, n = problem.rows, problem.features
    free = {j for j in range(problem.size) if problem.penalty_entries[j] == 0 and j not in problem.nonnegative}
    point = _array(problem.coefficients(solution.point))
    if any(j not in free and point[j] == 0 for j in solution.active):
        return None  # at the edge of being in
    inside = [j for j in range(problem.size) if point[j] != 0 or j in free]
    if not inside:
        return Sensitivity(None, None)
    features = [j for j in inside if j < n]
    scales = _floats(problem.scale_entries)
    Z = problem.matrix.columns(features).to_float() if features else np.zeros((m, 0))
    if problem.centres is not None:
        Z = Z - _array(problem.centres)[features]
    Z = Z / scales[features]
    if problem.intercept:
        Z = np.column_stack([Z, np.ones(m)])
    omega = np.ones(m) if problem.observation_weights is None else _array(problem.observation_weights)
    kappa = np.zeros(len(inside)) if problem.ridge is None else _array(problem.ridge)[inside]
    x = point[inside]
    residual = _array(problem.data) - Z @ x
    H = Z.T @ (omega[:, None] * Z) + np.diag(kappa)
    G = np.linalg.inv(H)[: len(features)]  # the rows of the features
    if not np.isfinite(G).all():
        return None
    moved = (omega[:, None] * Z) @ G.T  # row i: H^-1 ω_i Z_iS
    own = np.linalg.norm(moved, axis=1)
    G = G[:, : len(features)]
    r = (omega * residual)[:, None]
    square = (r * np.linalg.norm(G, axis=0)) ** 2 - 2 * r * x[: len(features)] * (moved @ G)
    square += (x[: len(features)] * own[:, None]) ** 2
    derivatives = np.sqrt(np.maximum(square, 0)) / scales[features]
    return Sensitivity(
        _largest(derivatives, precision.matrix, features, (m, n)), _largest(own[:, None], precision.data, None, (m, 1))
    )


def _largest(
    derivatives: NDArray[Any], radius: Radius, columns: list[int] | None, shape: tuple[int, int]
) -> Cell | None:
    """Return the cell with the largest movement; where the array is known by a norm, with the largest derivative."""
    if derivatives.size == 0 or radius.nothing:
        return None
    radii = None if radius.entries is None else np.broadcast_to(radius.entries.to_float(), shape)
    if radii is not None and columns is not None:
        radii = radii[:, columns]
    movements = derivatives if radii is None else derivatives * radii
    i, j = np.unravel_index(int(np.argmax(movements)), movements.shape)
    if not np.isfinite(movements).all() or movements[i, j] == 0:
        return None
    own = None if radii is None else float(radii[i, j])
    return Cell(int(i), None if columns is None else columns[int(j)], float(derivatives[i, j]), own)


def _array(vector: ExactMatrix) -> NDArray[Any]:
    return _floats(entries_of(vector))


def _floats(values: list[fmpq]) -> NDArray[Any]:
    return np.array([to_float(value) for value in values])

"""A problem of penalised least squares in float64 whose data can be changed: minimisers, and how they move at first.

Nothing found here is believed: it only says where to look for data, which then are made exact, and solved exactly.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exact_base.errors import BudgetError
from exact_base.matrices import ExactMatrix
from exact_base.reprs import short_repr
from sci_barriers.problems.penalised.active_set import Walk
from sci_barriers.problems.penalised.float_form import FloatForm
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares

__all__ = ["Array", "FloatProblem", "Functional", "Linear", "State"]

Array = NDArray[Any]
_SINGULAR = 1e-14
"""Singular values below this part of the largest count as that."""
_LEAST = 1e-60


@short_repr()
@dataclass(frozen=True, eq=False)
class Functional:
    """What a number of interest does at first where data change: ⟨h, dy⟩ + Σ (-h_i v_j + ρ_i q_j) dX_ij.

    Attributes:
        columns: the features whose columns of X matter, increasing; shape (k,).
        h: shape (m,).
        v: shape (k,).
        rho: shape (m,).
        q: shape (k,).
    """

    columns: Array
    h: Array
    v: Array
    rho: Array
    q: Array

    @property
    def matrix(self) -> Array:
        """The coefficients of dX, shape (m, k)."""
        result: Array = np.outer(-self.h, self.v) + np.outer(self.rho, self.q)
        return result

    def negative(self) -> Functional:
        """Return the functional with the other sign."""
        return Functional(self.columns, -self.h, self.v, -self.rho, self.q)


class FloatProblem:
    """A problem in float64: X, y, and what stays as it is."""

    def __init__(self, problem: PenalisedLeastSquares) -> None:
        """Take a problem; raises DataError if an entry is too large for float64."""

        def vector(given: ExactMatrix | None, length: int, fill: float) -> Array:
            return np.full(length, fill) if given is None else given.to_float()[:, 0]

        self.rows, self.features, self.size = problem.rows, problem.features, problem.size
        self.intercept = problem.intercept
        self.matrix, self.data = problem.matrix.to_float(), problem.data.to_float()[:, 0]
        self.centres = vector(problem.centres, self.features, 0.0)
        self.scales = vector(problem.scales, self.features, 1.0)
        self.weights = vector(problem.observation_weights, self.rows, 1.0)
        self.penalties = vector(problem.penalties, self.size, 0.0)
        self.ridge = vector(problem.ridge, self.size, 0.0)
        self.nonnegative = np.zeros(self.size, dtype=bool)
        self.nonnegative[list(problem.nonnegative)] = True
        self.free = (self.penalties == 0) & ~self.nonnegative

    def columns(self, matrix: Array, places: Sequence[int] | Array) -> Array:
        """Return columns of Z, that of the intercept with them; shape (m, k)."""
        chosen = np.asarray(places, dtype=int)
        result = np.ones((self.rows, len(chosen)))
        inner = chosen < self.features
        features = chosen[inner]
        result[:, inner] = (matrix[:, features] - self.centres[features]) / self.scales[features]
        return result

    @cached_property
    def _given(self) -> tuple[Array, Array]:
        """The columns of Ω^1/2 Z of the given data, and their squared norms."""
        weighted = np.sqrt(self.weights)[:, None] * self.columns(self.matrix, np.arange(self.size))
        return weighted, (weighted**2).sum(axis=0)

    def solve(self, matrix: Array, data: Array, start: Array, changed: Array | None = None) -> State | None:
        """Return the minimiser for other data, from x of a start; None where float64 finds none.

        Args:
            matrix: X, shape (m, n).
            data: y, shape (m,).
            start: x of a start, shape (N,).
            changed: the columns in which X is not the given one, or None for all.
        """
        with np.errstate(all="ignore"):
            roots = np.sqrt(self.weights)
            weighted, squares = (part.copy() for part in self._given)
            places = np.arange(self.features) if changed is None else changed
            weighted[:, places] = roots[:, None] * self.columns(matrix, places)
            squares[places] = (weighted[:, places] ** 2).sum(axis=0)
            norms = np.sqrt(squares + self.ridge)
            norms[norms == 0] = 1.0
            unit = float(np.abs(data).max()) or 1.0
            weighted /= norms
            form = FloatForm(
                weighted,
                roots * data / unit,
                self.ridge / norms**2,
                self.penalties / (2 * norms * unit),
                np.flatnonzero(self.nonnegative).tolist(),
            )
            try:
                values, signs = form.start(start * norms / unit)
                walk = Walk(form, values, signs, most=20 * self.size + 100)
                with contextlib.suppress(BudgetError):
                    walk.run()
            except (np.linalg.LinAlgError, ValueError):
                return None
            point = np.zeros(self.size)
            for j, value in walk.values.items():
                point[j] = value * unit / norms[j]
            return State(self, matrix, data, point) if np.all(np.isfinite(point)) else None


@short_repr()
@dataclass(frozen=True, eq=False)
class State:
    """Data with a minimiser x, shape (N,), in float64."""

    problem: FloatProblem
    matrix: Array
    data: Array
    point: Array

    @cached_property
    def support(self) -> list[int]:
        """The coefficients that are not 0, and those that could be anything."""
        return np.flatnonzero((self.point != 0) | self.problem.free).tolist()

    @cached_property
    def residual(self) -> Array:
        """The residual y - Zx, shape (m,)."""
        result: Array = self.data - self.problem.columns(self.matrix, self.support) @ self.point[self.support]
        return result

    @cached_property
    def slopes(self) -> Array:
        """The slopes t, shape (N,), those that are within ±μ."""
        problem = self.problem
        everything = problem.columns(self.matrix, np.arange(problem.size))
        result: Array = 2 * everything.T @ (problem.weights * self.residual) - 2 * problem.ridge * self.point
        return result

    def linear(self, places: Sequence[int]) -> Linear:
        """Return how the minimiser moves at first if exactly these places may be other than 0, with their signs."""
        return Linear(self, np.array(sorted(places), dtype=int))

    def distance(self, other: State) -> float:
        """Return how far apart two minimisers are over the features."""
        n = self.problem.features
        return float(np.linalg.norm(self.point[:n] - other.point[:n]))


class Linear:
    """The first movements of the coefficients at some places J: d = H^-1 (Z^T Ω (dy - dZ x) + dZ^T Ω r)."""

    def __init__(self, state: State, places: Array) -> None:
        """Take a state and J, increasing."""
        self.state, self.places = state, places
        problem = state.problem
        self.z = problem.columns(state.matrix, places)
        self.inner = places < problem.features
        augmented = np.vstack([np.sqrt(problem.weights)[:, None] * self.z, np.diag(np.sqrt(problem.ridge[places]))])
        left, self.sizes, right = np.linalg.svd(augmented, full_matrices=False)
        self.left: Array = left[: problem.rows]
        self.right: Array = right.T
        if len(self.sizes):
            self.sizes = np.maximum(self.sizes, max(_SINGULAR * self.sizes[0], _LEAST))

    def inverse(self, vectors: Array) -> Array:
        """Return H^-1 times vectors over J; along what H takes to 0 by rounding, it is large and not infinite."""
        along = self.right.T @ vectors
        squares = self.sizes**2
        result: Array = self.right @ (along / (squares if along.ndim == 1 else squares[:, None]))
        return result

    def directions(self, count: int) -> list[Array]:
        """Return unit vectors over J in which the features move most where y changes, zero at the intercept."""
        moved = self.right / self.sizes
        moved[~self.inner] = 0
        left, sizes, _ = np.linalg.svd(moved, full_matrices=False)
        return [left[:, k] for k in range(min(count, len(sizes))) if sizes[k] > 0]

    def coefficient(self, weights: Array) -> Functional:
        """Return how Σ w_j x_j moves, for weights over J that are 0 at the intercept."""
        problem, state = self.state.problem, self.state
        g = self.inverse(weights)
        features = self.places[self.inner]
        scales = problem.scales[features]
        # where columns depend on each other, what belongs to a singular value 0 on the left is off their range
        return Functional(
            features,
            np.sqrt(problem.weights) * (self.left @ (self.right.T @ weights / self.sizes)),
            state.point[features] / scales,
            problem.weights * state.residual,
            g[self.inner] / scales,
        )

    def slope(self, j: int) -> Functional:
        """Return how the slope of a feature that is not in J moves."""
        problem, state = self.state.problem, self.state
        column = problem.columns(state.matrix, [j])[:, 0]
        b = self.inverse(self.z.T @ (problem.weights * column))
        features = np.append(self.places[self.inner], j)
        scales = problem.scales[features]
        order = np.argsort(features)
        return Functional(
            features[order],
            2 * problem.weights * (column - self.z @ b),
            (state.point[features] / scales)[order],
            problem.weights * state.residual,
            (np.append(-2 * b[self.inner], 2.0) / scales)[order],
        )

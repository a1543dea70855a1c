"""The admissible change of data that moves a number most at first, in float64 (docs/theory.md, "Two data sets")."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exact_base.errors import DataError
from exact_base.reprs import short_repr
from sci_barriers.problems.determined.float_states import Array, FloatProblem, Functional, Linear, State
from sci_barriers.problems.determined.precision import Precision, Radius

__all__ = ["Ball", "Change"]


@short_repr()
@dataclass(frozen=True, eq=False)
class Change:
    """A change of data, in float64.

    Attributes:
        columns: the columns of X that change, increasing; shape (k,).
        matrix: dX there, shape (m, k).
        data: dy, shape (m,).
        share: the part of the radius of an entry by which it changes, if it does, where radii are those of entries.
    """

    columns: Array
    matrix: Array
    data: Array
    share: float = 1.0

    def times(self, factor: float) -> Change:
        """Return the change times a factor between 0 and 1."""
        return Change(self.columns, self.matrix * factor, self.data * factor, self.share * factor)

    def applied(self, problem: FloatProblem, start: Array) -> State | None:
        """Return the minimiser for the changed data, None where float64 finds none."""
        matrix = problem.matrix.copy()
        matrix[:, self.columns] += self.matrix
        return problem.solve(matrix, problem.data + self.data, start, self.columns)


class Ball:
    """All admissible changes of the data of a problem."""

    def __init__(self, problem: FloatProblem, precision: Precision) -> None:
        """Take a problem and a precision that fits it; raises DataError if a radius is too large for float64."""
        self._shape = problem.rows, problem.features
        self._share = 1.0
        self._matrix_norm, self._matrix = _floats(precision.matrix, self._shape)
        self._data_norm, self._data = _floats(precision.data, (problem.rows, 1))

    def scaled(self, factor: float) -> Ball:
        """Return the ball with all radii times a factor."""
        return self._times(factor, 1.0)

    def part(self, factor: float) -> Ball:
        """Return the ball with all radii times a factor, whose changes are parts of those of this one."""
        return self._times(factor, factor * self._share)

    def _times(self, factor: float, share: float) -> Ball:
        result = object.__new__(Ball)
        result._shape, result._share = self._shape, share
        result._matrix_norm, result._data_norm = factor * self._matrix_norm, factor * self._data_norm
        result._matrix = None if self._matrix is None else factor * self._matrix
        result._data = None if self._data is None else factor * self._data
        return result

    def _radii(self, columns: Array) -> Array:
        if self._matrix is None:
            raise DataError("X is known by its norm, not entry by entry")
        return self._matrix[:, columns]

    def most(self, functional: Functional) -> float:
        """Return by how much a change moves the functional at most."""
        h = functional.h
        if self._data is None:
            total = self._data_norm * float(np.linalg.norm(h))
        else:
            total = float(self._data[:, 0] @ np.abs(h))
        if self._matrix is None:
            total += self._matrix_norm * float(_pieces(functional)[1].sum()) if self._matrix_norm else 0.0
        elif self._matrix.any():
            total += float((self._radii(functional.columns) * np.abs(functional.matrix)).sum())
        return total

    def most_of_slopes(self, linear: Linear, outside: Array) -> Array:
        """Return bounds of how much a change moves the slopes of features outside of J at most, at first order."""
        problem, state = linear.state.problem, linear.state
        columns = problem.columns(state.matrix, outside)
        b = linear.inverse(linear.z.T @ (problem.weights[:, None] * columns))
        h = np.abs(2 * problem.weights[:, None] * (columns - linear.z @ b))
        features = linear.places[linear.inner]
        v, q = state.point[features] / problem.scales[features], 2 * b[linear.inner] / problem.scales[features, None]
        rho, own = np.abs(problem.weights * state.residual), 2 / problem.scales[outside]
        lengths = np.sqrt((h**2).sum(axis=0))
        found: Array = self._data_norm * lengths if self._data is None else self._data[:, 0] @ h
        if self._matrix is None:
            right = np.sqrt((q**2).sum(axis=0) + own**2)
            more: Array = self._matrix_norm * (lengths * np.linalg.norm(v) + np.linalg.norm(rho) * right)
            return found + more
        radii = self._radii(features)
        found = found + (radii @ np.abs(v)) @ h + (rho @ radii) @ np.abs(q) + (rho @ self._radii(outside)) * own
        return found

    def steepest(self, functional: Functional) -> Change:
        """Return the change that moves the functional most."""
        h, columns = functional.h, functional.columns
        if self._data is None:
            norm = float(np.linalg.norm(h))
            data = h * (self._data_norm / norm) if norm else np.zeros_like(h)
        else:
            data = self._data[:, 0] * np.sign(h)
        if self._matrix is not None:
            return Change(columns, self._radii(columns) * np.sign(functional.matrix), data, self._share)
        if not self._matrix_norm or not len(columns):
            return Change(columns[:0], np.zeros((len(h), 0)), data, self._share)
        left, sizes, right = _pieces(functional)
        kept = sizes > 1e-12 * sizes[0]
        return Change(columns, self._matrix_norm * (left[:, kept] @ right[:, kept].T), data, self._share)


def _pieces(functional: Functional) -> tuple[Array, Array, Array]:
    """Return the singular value decomposition of the coefficients of dX, which have rank 2 at most."""
    left, r = np.linalg.qr(np.column_stack([-functional.h, functional.rho]))
    right, s = np.linalg.qr(np.column_stack([functional.v, functional.q]))
    u, sizes, vt = np.linalg.svd(r @ s.T)
    rank = min(len(sizes), left.shape[1], right.shape[1])
    return left @ u[:, :rank], sizes[:rank], right @ vt[:rank].T


def _floats(radius: Radius, shape: tuple[int, int]) -> tuple[float, Array | None]:
    """Return the norm, or the radii of all entries, some of which may stand for many."""
    if radius.entries is not None:
        return 0.0, np.broadcast_to(radius.entries.to_float(), shape)
    if radius.norm is None:
        raise DataError("a radius is a norm or an array")
    return float(int(radius.norm.p) / int(radius.norm.q)), None

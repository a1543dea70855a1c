"""Where two admissible complex data sets have minimisers far apart, in float64; nothing found here is believed.

As for real data the search climbs: at some data, the change that moves a combination of the coefficients most at first
is taken to the end, the problem is solved there, and so on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from exact_base.matrices import ExactMatrix
from exact_base.reprs import short_repr
from sci_barriers.problems.determined.changes import Change
from sci_barriers.problems.determined.complex_float import float_minimiser
from sci_barriers.problems.determined.complex_problem import ComplexLeastSquares
from sci_barriers.problems.determined.float_states import Array
from sci_barriers.problems.determined.precision import Precision, Radius

__all__ = ["ComplexEnds", "ComplexSearch"]

_DIRECTIONS = 3
_SHARPENED = 4
_CLIMBED = 4
_NEAR = (0, 1, 4)
"""Columns besides the support that are looked at as if they were in, those nearest to being so."""
_BEST = 2
_GAIN = 1.001


@short_repr()
@dataclass(frozen=True, eq=False)
class ComplexEnds:
    """Two changes of data, with the minimisers and how far apart they are."""

    first: Change
    second: Change
    points: tuple[Array, Array]

    @property
    def distance(self) -> float:
        """How far apart the minimisers are."""
        return float(np.linalg.norm(self.points[0] - self.points[1]))


class ComplexSearch:
    """A complex problem with a precision, and the minimiser at the given data."""

    def __init__(
        self, problem: ComplexLeastSquares, precision: Precision, near: ExactMatrix | None, budget: float | None
    ) -> None:
        """Take a problem; raises DataError if an entry is too large for float64."""

        def vector(given: ExactMatrix | None, length: int, fill: float) -> Array:
            return np.full(length, fill) if given is None else given.to_float()[:, 0]

        self.deadline = None if budget is None else time.monotonic() + budget
        self.matrix = problem.matrix.to_float().astype(np.complex128)
        self.data = problem.data.to_float().astype(np.complex128)[:, 0]
        rows, features = self.matrix.shape
        self.weights = vector(problem.observation_weights, rows, 1.0)
        self.penalties, self.ridge = vector(problem.penalties, features, 0.0), vector(problem.ridge, features, 0.0)
        self.radii = _Ball(precision.matrix, (rows, features)), _Ball(precision.data, (rows, 1))
        start = None if near is None else near.to_float().astype(np.complex128)[:, 0]
        found = self._solve(self.matrix, self.data, start)
        self.point = np.zeros(features, dtype=np.complex128) if found is None else found

    @property
    def late(self) -> bool:
        """Whether the time is over."""
        return self.deadline is not None and time.monotonic() > self.deadline

    def far_apart(self, tell: Callable[[str], None]) -> list[ComplexEnds]:
        """Return what is worth more digits, the most promising first."""
        found: list[ComplexEnds] = []
        with np.errstate(all="ignore"):
            for places in self._sets():
                linear = _Linear(self, self.matrix, self.data, self.point, places)
                for weights in linear.directions(_DIRECTIONS):
                    if self.late and found:
                        break
                    ends = self._ends(linear, self._sharpened(linear, weights))
                    if ends is not None:
                        found.append(ends)
                        tell(f"{len(found)} directions tried")
            found.sort(key=lambda ends: -ends.distance)
            best = [self._climb(ends) for ends in found[:_BEST]]
        return sorted(best, key=lambda ends: -ends.distance)

    def _sets(self) -> list[list[int]]:
        support = np.flatnonzero((self.point != 0) | (self.penalties == 0)).tolist()
        slopes = 2 * np.abs(self.matrix.conj().T @ (self.weights * (self.data - self.matrix @ self.point)))
        norms = np.linalg.norm(self.matrix, axis=0)
        rooms = (self.penalties - slopes) / np.where(norms > 0, norms, 1)
        rest = [int(j) for j in np.argsort(rooms) if j not in support and norms[j] > 0]
        sets: list[list[int]] = []
        for count in _NEAR:
            places = sorted(support + rest[:count])
            if places and len(places) <= len(self.data) and places not in sets:
                sets.append(places)
        return sets

    def _sharpened(self, linear: _Linear, weights: Array) -> Array:
        """Return the direction in which its own change moves the coefficients, a few times over."""
        for _ in range(_SHARPENED):
            moved = linear.moved(self._steepest(linear, weights, 1.0))
            norm = float(np.linalg.norm(moved))
            if not norm or not np.isfinite(norm):
                break
            weights = moved / norm
        return weights

    def _steepest(self, linear: _Linear, weights: Array, sign: float) -> Change:
        """Return the admissible change that moves <weights, x> most at first."""
        matrix, data = linear.functional(weights)
        places = np.array(linear.places)
        return Change(
            places, sign * self.radii[0].steepest(matrix, places), sign * self.radii[1].steepest(data, None)[:, 0]
        )

    def _ends(self, linear: _Linear, weights: Array) -> ComplexEnds | None:
        return self._between(self._steepest(linear, weights, 1.0), self._steepest(linear, weights, -1.0))

    def _between(self, first: Change, second: Change) -> ComplexEnds | None:
        points = self._solved(first), self._solved(second)
        return None if points[0] is None or points[1] is None else ComplexEnds(first, second, (points[0], points[1]))

    def _climb(self, ends: ComplexEnds) -> ComplexEnds:
        for _ in range(_CLIMBED):
            away = ends.points[0] - ends.points[1]
            if self.late or not np.any(away):
                break
            changes = []
            for change, point, sign in ((ends.first, ends.points[0], 1.0), (ends.second, ends.points[1], -1.0)):
                places = np.flatnonzero(point).tolist()
                if not places:
                    return ends
                linear = _Linear(self, *self._applied(change), point, places)
                changes.append(self._steepest(linear, away[places] / np.linalg.norm(away), sign))
            found = self._between(*changes)
            if found is None or not found.distance > ends.distance * _GAIN:
                break
            ends = found
        return ends

    def _applied(self, change: Change) -> tuple[Array, Array]:
        matrix = self.matrix.copy()
        matrix[:, change.columns] += change.matrix
        return matrix, self.data + change.data

    def _solved(self, change: Change) -> Array | None:
        return self._solve(*self._applied(change), self.point)

    def _solve(self, matrix: Array, data: Array, start: Array | None) -> Array | None:
        if not (np.all(np.isfinite(matrix)) and np.all(np.isfinite(data))):
            return None
        roots = np.sqrt(self.weights)
        found = float_minimiser(roots[:, None] * matrix, roots * data, self.penalties, self.ridge, start)
        return found if np.all(np.isfinite(found)) else None


class _Linear:
    """How the minimiser x moves at first where exactly these coefficients may be other than 0."""

    def __init__(self, search: ComplexSearch, matrix: Array, data: Array, point: Array, places: Sequence[int]) -> None:
        self.places, self.weights = list(places), search.weights
        self.columns, self.x = matrix[:, self.places], point[self.places]
        self.residual = data - matrix @ point
        gram = 2 * self.columns.conj().T @ (self.weights[:, None] * self.columns)
        gram = gram + 2 * np.diag(search.ridge[self.places])
        whole = np.block([[gram.real, -gram.imag], [gram.imag, gram.real]])
        sizes = np.abs(self.x)
        inside = sizes > 0
        units = np.where(inside, sizes, 1.0)
        bends = np.where(inside, search.penalties[self.places] / units, 0.0)
        a, b = self.x.real / units, self.x.imag / units
        whole = whole + np.block(
            [
                [np.diag(bends * (1 - a * a)), np.diag(-bends * a * b)],
                [np.diag(-bends * a * b), np.diag(bends * (1 - b * b))],
            ]
        )
        values, self.vectors = np.linalg.eigh(whole)
        self.values = np.maximum(values, values[-1] * 1e-14)

    def directions(self, count: int) -> list[Array]:
        """Return complex unit vectors along which the coefficients move most."""
        half = len(self.places)
        return [self.vectors[:half, k] + 1j * self.vectors[half:, k] for k in range(min(count, 2 * half))]

    def _inverse(self, vector: Array) -> Array:
        half = len(self.places)
        parts = np.concatenate([vector.real, vector.imag])
        found = self.vectors @ ((self.vectors.T @ parts) / self.values)
        result: Array = found[:half] + 1j * found[half:]
        return result

    def functional(self, weights: Array) -> tuple[Array, Array]:
        """Return G and h with Re<weights, dx> = Re sum conj(G_ij) dX_ij + Re <h, dy>, shapes (m, k) and (m, 1)."""
        g = self._inverse(weights)
        h = 2 * self.weights * (self.columns @ g)
        matrix = 2 * np.outer(self.weights * self.residual, g.conj()) - np.outer(h, self.x.conj())
        return matrix, h[:, None]

    def moved(self, change: Change) -> Array:
        """Return how the coefficients move at first."""
        error = change.data - change.matrix @ self.x
        right = self.columns.conj().T @ (self.weights * error)
        return self._inverse(2 * (right + change.matrix.conj().T @ (self.weights * self.residual)))


class _Ball:
    """All admissible changes of an array."""

    def __init__(self, radius: Radius, shape: tuple[int, int]) -> None:
        self.norm = None if radius.norm is None else int(radius.norm.p) / int(radius.norm.q)
        self.entries = None if radius.entries is None else np.broadcast_to(radius.entries.to_float(), shape)

    def steepest(self, wanted: Array, columns: Array | None) -> Array:
        """Return the change D with the largest Re sum conj(wanted_ij) D_ij."""
        if self.norm is not None:
            if not self.norm or not np.any(wanted):
                return np.zeros_like(wanted)
            left, sizes, right = np.linalg.svd(wanted, full_matrices=False)
            kept = sizes > sizes[0] * 1e-12
            found: Array = self.norm * (left[:, kept] @ right[kept])
            return found
        radii = self.entries if columns is None or self.entries is None else self.entries[:, columns]
        sizes = np.abs(wanted)
        result: Array = radii * np.where(sizes > 0, wanted / np.where(sizes > 0, sizes, 1), 0)
        return result

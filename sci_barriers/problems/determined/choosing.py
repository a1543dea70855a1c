"""Which columns J a bound allows to be in: nested sets, tried in float64; nothing of that is believed."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from flint import ctx, fmpq, fmpz
from numpy.typing import NDArray

from sci_barriers.problems.determined.balls import nearest_float
from sci_barriers.problems.determined.view import View
from sci_barriers.problems.penalised.integers import IntegerProblem
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, entries_of

__all__ = ["condition", "promising", "spread_of"]

_SIZES = 14
_LEAST = 2.0**-40  # of the columns' length: a smaller σ is not told from 0


def spread_of(problem: PenalisedLeastSquares, integers: IntegerProblem, support: Sequence[int]) -> float:
    """Return about the condition number of the columns of some features; infinite where float64 does not see it."""
    columns = np.array([[_ratio(a, integers.factors[j]) for a in integers.columns[j]] for j in support])
    scales = np.array([nearest_float(problem.scale_entries[j]) for j in support])
    ridge = np.zeros(len(support))
    if problem.ridge is not None:
        given = entries_of(problem.ridge)
        ridge = np.sqrt([nearest_float(given[j]) for j in support])
    with np.errstate(all="ignore"):
        lines = columns.reshape(len(support), problem.rows) / scales[:, None]
        weights = np.ones(problem.rows)
        if problem.observation_weights is not None:
            weights = np.array([nearest_float(w) for w in entries_of(problem.observation_weights)])
        if problem.intercept:
            lines = lines - (lines @ weights / weights.sum())[:, None]
        values = _singular_values(lines * np.sqrt(weights), ridge)
    return _quotient(values)


def condition(lines: NDArray[np.float64], ridge: NDArray[np.float64]) -> float:
    """Return about the condition number of some lines with the roots of ridge penalties beside them."""
    return _quotient(_singular_values(lines, ridge))


def _quotient(values: NDArray[np.float64]) -> float:
    return float(values[0] / values[-1]) if len(values) and values[-1] > 0 else math.inf


def _ratio(numerator: fmpz, factor: fmpq) -> float:
    return nearest_float(numerator * factor)


def promising(view: View, scale: fmpq) -> list[tuple[int, ...]]:
    """Return sets J with a bound in float64 at a scale, the best first: nested, by how far columns are from being in.

    All contain the columns that are in, and those whose margin is not positive.
    """
    with np.errstate(all="ignore"), ctx.workprec(64):
        nested = _Nested(view, nearest_float(scale))
        found = [(nested.bound(size), size) for size in nested.sizes()]
    return [nested.places(size) for bound, size in sorted(found) if math.isfinite(bound)]


def _floats(view: View, places: Sequence[int]) -> NDArray[np.float64]:
    """Return the columns of J as rows, of which complex ones are two."""
    lines = view.lines(places)
    floats = np.array([float(a.mid()) for a in lines.entries()], dtype=np.float64)
    shape = (int(lines.nrows()), int(lines.ncols()))
    return floats.reshape(shape)


def _ridge(view: View, places: Sequence[int]) -> NDArray[np.float64]:
    roots: NDArray[np.float64] = np.sqrt([float(k.mid()) for k in view.ridge_of(places)])
    return roots


def _singular_values(lines: NDArray[np.float64], ridge: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the singular values, the largest first; zeros among them if there are more columns than rows."""
    rows = np.hstack([lines, np.diag(ridge)]) if np.any(ridge) else lines
    if not np.all(np.isfinite(rows)):
        return np.zeros(1)
    values = np.linalg.svd(rows, compute_uv=False)
    return np.append(values, np.zeros(max(0, len(lines) - len(values))))


class _Nested:
    """The nested sets for one scale."""

    def __init__(self, view: View, scale: float) -> None:
        self.view, self.scale = view, scale
        self.margins = np.array([nearest_float(m) for m in view.margins])
        self.changes = scale * np.array([float(a.mid()) for a in view.slope_changes])
        self.columns = scale * np.array([float(a.mid()) for a in view.column_changes])
        self.lengths = np.array([float(a.mid()) for a in view.column_norms]) + self.columns
        self.beta = scale * float(view.beta.mid())
        room = self.margins - 2 * self.changes
        self.rooms = np.where(self.lengths > 0, room / np.where(self.lengths > 0, self.lengths, 1), np.inf)
        kept = np.array([j in view.sizes or m <= 0 for j, m in enumerate(view.margins)])
        self.least = int(np.sum(kept))
        self.order = np.argsort(np.where(kept, -np.inf, self.rooms), kind="stable").tolist()

    def sizes(self) -> list[int]:
        """Return about a dozen sizes, from the least on."""
        view = self.view
        most = view.features if any(k != 0 for k in view.ridge) else len(view.residual) - view.means_off
        beyond = min(most, view.features) - self.least
        if beyond < 0:
            return []
        steps = np.unique(np.rint(np.expm1(np.linspace(0, math.log1p(beyond), _SIZES))).astype(int))
        return [self.least + int(step) for step in steps]

    def places(self, size: int) -> tuple[int, ...]:
        """Return the J of a size."""
        return tuple(sorted(self.order[:size]))

    def bound(self, size: int) -> float:
        """Return about the distance, infinite if there is none."""
        inside = self.places(size)
        outside = np.array(self.order[size:], dtype=int)
        least, rest = math.inf, 0.0
        if inside:
            values = _singular_values(_floats(self.view, inside), _ridge(self.view, inside))
            if values[-1] <= _LEAST * values[0]:
                return math.inf
            least = float(values[-1]) - self._moved(inside)
            if not least > 0:
                return math.inf
            rest = self._slope(inside) / least
        whole = self.beta + rest
        if not len(outside):
            return whole / least
        if not float(np.min(self.rooms[outside])) > 2 * rest:
            return math.inf
        lengths = self.lengths[outside]
        left = self.rooms[outside] <= 2 * math.hypot(self.beta, rest)
        if not np.any(left):
            return whole / least
        slack = float(np.min(self.rooms[outside][left])) - 2 * rest
        middle = whole / 2 + slack / 4
        near = (whole if slack >= 2 * whole else 2 * middle**2 / slack) / least
        far = whole**2 / 2 / float(np.min((lengths * (self.rooms[outside] - 2 * rest))[left]))
        return math.hypot(near, far)

    def _moved(self, inside: Sequence[int]) -> float:
        return self.scale * float(self.view.radii.matrix_of(inside).mid())

    def _slope(self, inside: Sequence[int]) -> float:
        defects = [float(self.view.defects[j].mid()) for j in inside]
        change = float(self.view.radii.slope_of(self.view.slope_changes, inside).mid())
        return self.scale * change + math.hypot(*defects) / 2

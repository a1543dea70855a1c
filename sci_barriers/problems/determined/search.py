"""Where two admissible data sets have minimisers far apart, or another support, in float64.

The search climbs: at some data, the change that moves a number of interest most at first is taken to the end, the
problem is solved there, and so on. It starts from the directions in which the columns are most nearly dependent, those
that could enter the support with them. Nothing found is believed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from exact_base.reprs import short_repr
from sci_barriers.problems.determined.changes import Ball, Change
from sci_barriers.problems.determined.float_states import Array, FloatProblem, Functional, Linear, State
from sci_barriers.problems.determined.precision import Precision

__all__ = ["Ends", "Search"]

_DIRECTIONS = 3
_SINGLE = 2
_CLIMBED = 3
_STEPS = 6
_TRIED = 3
_HIDDEN = 100
_GAIN = 1.001
_BLIND = 1e-8
"""Movements below this part of the minimiser are not told from rounding, so that the first order decides."""
_LOOKED = 20
_NEAR = 2.0
"""Columns that a change of so many times the precision could bring in are looked at."""


@short_repr()
@dataclass(frozen=True, eq=False)
class Ends:
    """Two changes of data, and how far apart the minimisers are in float64.

    Attributes:
        first: the one.
        second: the other.
        distance: of the minimisers; the first order, `expected`, where rounding leaves nothing else.
        expected: what the first order says.
        blind: whether the distance is the first order.
        states: the minimisers.
    """

    first: Change
    second: Change
    distance: float
    expected: float
    blind: bool
    states: tuple[State, State]


class Search:
    """A problem with a precision, and the state at the given data."""

    def __init__(
        self, problem: FloatProblem, precision: Precision, point: Array, slacks: Array, deadline: float | None
    ) -> None:
        """Take a minimiser x, shape (N,), what its slopes lack to their bounds, and the last moment.

        Args:
            problem: the problem.
            precision: what is known of its data.
            point: x, shape (N,).
            slacks: μ - t and μ + t, shape (N, 2), rounded from exact numbers, so that ties are 0.
            deadline: the moment after which no more is tried, or None.
        """
        self.problem = problem
        self.ball = Ball(problem, precision)
        self.given = State(problem, problem.matrix, problem.data, point)
        self.slacks, self.deadline = slacks, deadline
        self.size = float(np.linalg.norm(point[: problem.features]))

    @property
    def late(self) -> bool:
        """Whether the time is over."""
        return self.deadline is not None and time.monotonic() > self.deadline

    # --- far apart -----------------------------------------------------------------------------------

    @np.errstate(all="ignore")
    def far_apart(self, tell: Callable[[str], None]) -> list[Ends]:
        """Return what is worth an exact solution, the most promising first."""
        found: list[Ends] = []
        for functional in self._starts():
            if self.late and found:
                break
            ends = self._ends(self.ball.steepest(functional), self.ball.steepest(functional.negative()), functional)
            if ends is not None:
                found.append(ends)
                tell(f"{len(found)} directions tried")
        found += self._across(found)
        found.sort(key=lambda ends: -ends.distance)
        # float64 takes columns that nearly depend on each other for such that do, and then moves nothing
        hidden = [ends for ends in found if ends.expected > _HIDDEN * found[0].distance]
        for k in range(min(_CLIMBED, len(found))):
            if not found[k].blind:
                found[k] = self._climb(found[k])
        found.sort(key=lambda ends: -ends.distance)
        seen = found[:_TRIED] if found and found[0].blind else found[:1]
        hidden.sort(key=lambda ends: -ends.expected)
        return seen + [ends for ends in hidden[:_TRIED] if not any(ends is other for other in seen)]

    def _across(self, found: list[Ends]) -> list[Ends]:
        """Return ends of different directions, where these are farther apart than those of one."""
        seeing = [ends for ends in found if not ends.blind]
        sides = [side for ends in seeing for side in zip((ends.first, ends.second), ends.states, strict=True)]
        best = max((ends.distance for ends in found), default=0.0) * _GAIN
        across: list[Ends] = []
        for k, (change, state) in enumerate(sides):
            for other, other_state in sides[:k]:
                distance = state.distance(other_state)
                if distance > best:
                    best = distance
                    across.append(Ends(change, other, distance, 0.0, False, (state, other_state)))
        return across[-1:]

    def _ends(self, first: Change, second: Change, functional: Functional) -> Ends | None:
        expected = 2 * self.ball.most(functional)
        if expected == 0 or not np.isfinite(expected):
            return None
        states = self.solved(first), self.solved(second)
        if states[0] is None or states[1] is None:
            return None
        distance = states[0].distance(states[1])
        if expected <= _BLIND * self.size:
            return Ends(first, second, expected, expected, True, (states[0], states[1]))
        return Ends(first, second, distance, expected, False, (states[0], states[1]))

    def solved(self, change: Change) -> State | None:
        """Return the minimiser for changed data, None where float64 finds none."""
        if not (np.all(np.isfinite(change.matrix)) and np.all(np.isfinite(change.data))):
            return None
        return change.applied(self.problem, self.given.point)

    def _starts(self) -> Iterator[Functional]:
        """Return numbers to move: combinations of coefficients, by the nested sets of columns that may be in."""
        single: list[tuple[float, Functional]] = []
        for number, places in enumerate(self._sets()):
            linear = self.given.linear(places)
            for weights in linear.directions(_DIRECTIONS):
                yield self._sharpened(linear, linear.coefficient(weights))
            if number == 0:
                for k in np.flatnonzero(linear.inner):
                    functional = linear.coefficient(np.eye(len(linear.places))[k])
                    single.append((self.ball.most(functional), functional))
        single.sort(key=lambda pair: -pair[0])
        yield from (functional for _, functional in single[:_SINGLE])

    def _sharpened(self, linear: Linear, functional: Functional) -> Functional:
        """Return the functional in whose direction its own change moves the coefficients, a few times over."""
        most = self.ball.most(functional)
        for _ in range(_STEPS):
            moved = self.moved(linear, self.ball.steepest(functional))
            moved[~linear.inner] = 0
            norm = float(np.linalg.norm(moved))
            if not norm or not np.isfinite(norm):
                break
            better = linear.coefficient(moved / norm)
            value = self.ball.most(better)
            if not value > most * _GAIN:
                break
            functional, most = better, value
        return functional

    def moved(self, linear: Linear, change: Change) -> Array:
        """Return how the coefficients at the places of `linear` move at first."""
        problem, state = self.problem, self.given
        change_of = np.zeros((problem.rows, len(linear.places)))
        scales = problem.scales[change.columns]
        at = {int(j): k for k, j in enumerate(linear.places)}
        for k, j in enumerate(change.columns.tolist()):
            if j in at:
                change_of[:, at[j]] = change.matrix[:, k] / scales[k]
        error = change.data - change_of @ state.point[linear.places]
        right = linear.z.T @ (problem.weights * error) + change_of.T @ (problem.weights * state.residual)
        return linear.inverse(right)

    def _sets(self) -> Iterator[list[int]]:
        """Return the support, and the same with columns that a small change brings in, the nearest first."""
        support = self.given.support
        if support:
            yield support
        chosen = set(support)
        near = sorted((reach, j) for j, reach in enumerate(self.reaches) if j not in chosen and reach <= _NEAR)
        for count in sorted({1, len(near) // 2, min(len(near), self.problem.rows)} - {0}):
            yield sorted(support + [j for _, j in near[:count]])

    def _climb(self, ends: Ends) -> Ends:
        """Return ends that are farther apart, if the steepest changes from there are."""
        for _ in range(_STEPS):
            if self.late or not ends.distance:
                break
            first, second = ends.states
            away = first.point - second.point
            away[self.problem.features :] = 0
            away /= np.linalg.norm(away)
            changes = []
            for state, sign in ((first, 1.0), (second, -1.0)):
                if not state.support:
                    return ends
                linear = state.linear(state.support)
                changes.append(self.ball.steepest(linear.coefficient(sign * away[linear.places])))
            states = self.solved(changes[0]), self.solved(changes[1])
            if states[0] is None or states[1] is None:
                break
            distance = states[0].distance(states[1])
            if not distance > ends.distance * _GAIN:
                break
            ends = replace(ends, first=changes[0], second=changes[1], distance=distance, states=(states[0], states[1]))
        return ends

    # --- the status of a feature ---------------------------------------------------------------------

    def ways(self, feature: int) -> list[tuple[bool, int]]:
        """Return whether a feature is to come in, and with which sign of its slope, or of its coefficient."""
        value = self.given.point[feature]
        if value:
            return [(False, 1 if value > 0 else -1)]
        if self.problem.nonnegative[feature]:
            return [(True, 1)]
        first = 1 if self.slacks[feature, 0] <= self.slacks[feature, 1] else -1
        return [(True, first), (True, -first)]

    @np.errstate(all="ignore")
    def reach(self, feature: int, *, into: bool, sign: int) -> float:
        """Return the factor of the precision at which, at first order, a feature comes in or leaves."""
        if into:
            margin = self.slacks[feature, 0 if sign > 0 else 1]
            return _ratio(float(margin), self.ball.most(self._linear.slope(feature)))
        chosen = (self._linear.places == feature).astype(float)
        return _ratio(abs(float(self.given.point[feature])), self.ball.most(self._linear.coefficient(chosen)))

    @cached_property
    def _linear(self) -> Linear:
        return self.given.linear(self.given.support)

    @cached_property
    def reaches(self) -> list[float]:
        """For each feature the factor of the precision at which, at first order, its status changes, or less.

        Of features that are out and not near it is a lower bound. Features that have no penalty, and may be negative,
        have no status: infinite.
        """
        outside = np.setdiff1d(np.arange(self.problem.features), self.given.support)
        with np.errstate(all="ignore"):
            most = self.ball.most_of_slopes(self._linear, outside)
        slacks = self.slacks[outside, 0]
        slacks = np.where(self.problem.nonnegative[outside], slacks, np.minimum(slacks, self.slacks[outside, 1]))
        rough = {int(j): _ratio(max(a, 0.0), b) for j, a, b in zip(outside, slacks, most, strict=True)}
        near = set(sorted(rough, key=rough.__getitem__)[:_LOOKED]) | {j for j, a in rough.items() if a <= 2 * _NEAR}
        found = [float("inf")] * self.problem.features
        for j in range(self.problem.features):
            if j in rough and j not in near:
                found[j] = rough[j]
            elif not self.problem.free[j]:
                into, sign = self.ways(j)[0]
                found[j] = self.reach(j, into=into, sign=sign)
        return found


def _ratio(distance: float, speed: float) -> float:
    return float(distance / speed) if speed > 0 else float("inf")

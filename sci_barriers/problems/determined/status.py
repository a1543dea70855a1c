"""How a feature is brought into the support, or out of it, by a small change of the data, in float64.

The data go from the given ones outward, and at each step the direction is the steepest at the data that were reached:
the support changes on the way, and what is steepest with it. Where that leads nowhere, they go to the end at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from exact_base.reprs import short_repr
from sci_barriers.problems.determined.changes import Ball, Change
from sci_barriers.problems.determined.float_states import Functional, State
from sci_barriers.problems.determined.search import Search

__all__ = ["Turn"]

_TINY = 2.0**-64
_PARTS = ((0.25, 0.5, 0.75, 1.0, 1.0, 1.0, 1.0), (1.0,) * 6)
"""Of the way to the end of the precision."""
_FIRST, _GROWTH, _GROWN = 0.6, 1.25, 28
"""Factors of the scale of the first order, from which on larger ones are tried, and how many."""
_BISECTIONS = 8
_STOPS = 30


@short_repr()
@dataclass(frozen=True, eq=False)
class Turn:
    """A change of the status of a feature that is looked for.

    Attributes:
        search: the problem and its precision.
        feature: the feature.
        into: whether it is to be other than 0.
        sign: that of its slope, or of its coefficient, at the given data.
    """

    search: Search
    feature: int
    into: bool
    sign: int

    @np.errstate(all="ignore")
    def within(self, scale: float) -> tuple[Change, bool] | None:
        """Return a change, within the precision times `scale`, and if it turns the feature; None if there is none."""
        ball = self.search.ball.scaled(scale)
        found = [self._along(ball, parts) for parts in _PARTS[:1]]
        if found[0] is None or not found[0][1]:
            found += [self._along(ball, parts) for parts in _PARTS[1:]]
        ends = [end for end in found if end is not None]
        return max(ends, key=lambda end: end[1]) if ends else None

    def _along(self, ball: Ball, parts: Sequence[float]) -> tuple[Change, bool] | None:
        """Return the change to which one comes in steps, each to a part of the way."""
        state = self.search.given
        last: Change | None = None
        best = -np.inf
        for part in parts:
            found, change = self._stopped(ball.part(part).steepest(self._functional(state)))
            if found is None:
                break
            if self._is_turned(found):
                return change, True
            value = self._value(found)
            if part == 1 and not value > best:
                break
            best, state, last = value, found, change
        return None if last is None else (last, False)

    @np.errstate(all="ignore")
    def smallest(self, limit: float) -> float:
        """Return about the smallest factor of the precision at which a change turns the feature.

        It is that of the first order where none is found to do so, or where that is twice the limit.
        """
        first = max(self.search.reach(self.feature, into=self.into, sign=self.sign), _TINY)
        if first > 2 * limit:
            return first
        low = high = 0.0
        for scale, functional in self._outward(first):
            low, high = (high, scale) if scale > high else (low, high)
            if self._turns(functional, self.search.ball.scaled(scale)):
                break
        else:
            return first
        for _ in range(_BISECTIONS):
            middle = (low + high) / 2
            low, high = (low, middle) if self._turns(functional, self.search.ball.scaled(middle)) else (middle, high)
        return high

    def _outward(self, first: float) -> Iterator[tuple[float, Functional]]:
        """Return growing scales, each with what is steepest at data to which the last one, or the given data, led."""
        given = self._functional(self.search.given)
        reached, scale = given, first * _FIRST
        for _ in range(_GROWN):
            ball = self.search.ball.scaled(scale)
            for functional in (reached, given) if reached is not given else (given,):
                yield scale, functional
                state = self.search.solved(ball.steepest(functional))
                if state is not None:
                    reached = self._functional(state)
                    yield scale, reached
            scale = first if scale < first < scale * _GROWTH else scale * _GROWTH

    def _functional(self, state: State) -> Functional:
        """Return what is to grow: the slope of the feature, or its coefficient, in the direction that is wanted."""
        linear = state.linear(state.support)
        if self.feature in state.support:
            functional = linear.coefficient((linear.places == self.feature).astype(float))
        else:
            functional = linear.slope(self.feature)
        return functional if (self.sign > 0) == self.into else functional.negative()

    def _is_turned(self, state: State) -> bool:
        return bool(state.point[self.feature] != 0) == self.into

    def _value(self, state: State) -> float:
        return float(self.sign * (state.slopes[self.feature] if self.into else -state.point[self.feature]))

    def _turns(self, functional: Functional, ball: Ball) -> bool:
        found, _ = self._stopped(ball.steepest(functional))
        return found is not None and self._is_turned(found)

    def _stopped(self, change: Change) -> tuple[State | None, Change]:
        """Return the minimiser after a change; after a part of it, if a coefficient is to be 0 and has become less."""
        found = self.search.solved(change)
        if found is None or self.into or self.sign * found.point[self.feature] >= 0:
            return found, change
        low, high = 0.0, 1.0
        for _ in range(_STOPS):
            middle = (low + high) / 2
            part = change.times(middle)
            between = self.search.solved(part)
            if between is None:
                break
            if between.point[self.feature] == 0:
                return between, part
            low, high = (middle, high) if self.sign * between.point[self.feature] > 0 else (low, middle)
        return found, change

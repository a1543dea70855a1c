"""The minimisers of penalised least squares for all levels of the penalty: the whole LASSO path, exactly.

With μ_j = λ p_j, x(λ) is followed from the least λ at which it is zero in all columns with a penalty down to a lower
end. At each breakpoint the direction is the minimiser of a small quadratic form with signs, which is found exactly by
the method of `active_set`; so ties of any number, and columns that depend on each other, need no rule of their own. See
docs/theory.md, "The path".
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

from flint import arb, ctx, fmpq, fmpz, fmpz_mat

from exact_base.answers import number_data
from exact_base.errors import DataError
from exact_base.matrices import ExactMatrix, VectorLike, exact_column
from exact_base.rationals import Readable, exact_number
from exact_base.reprs import short_repr
from exact_base.words import counted
from sci_barriers.problems.penalised.active_set import Walk
from sci_barriers.problems.penalised.dependences import rows_of_minor
from sci_barriers.problems.penalised.exact_forms import PRIME, DenseForm, ExactForm
from sci_barriers.problems.penalised.integers import IntegerProblem
from sci_barriers.problems.penalised.problem import (
    PenalisedLeastSquares,
    Progress,
    column,
    entries_of,
    over_one_denominator,
)

__all__ = ["Interval", "Path", "certified_path"]

_MOST_PIVOTS = 10_000
_BITS = 128  # of the balls that tell most events from the next one


@short_repr()
@dataclass(frozen=True)
class Interval:
    """The levels λ strictly between two ends, with an end of the path itself where it is in.

    Attributes:
        low: the lower end.
        high: the upper end, None for all that are larger.
        low_in: whether the lower end belongs to it, which only that of the path can.
        high_in: likewise for the upper end.
    """

    low: fmpq
    high: fmpq | None
    low_in: bool = False
    high_in: bool = False

    def data(self) -> dict[str, Any]:
        """Return it for JSON; the decimals lie within it.

        >>> from flint import fmpq
        >>> from sci_barriers.problems.penalised.path import Interval
        >>> Interval(fmpq(1, 3), None).data()
        {'low': {'exact': '1/3', 'about': '0.333334'}, 'high': None, 'low_in': False, 'high_in': False}
        """
        return {
            "low": number_data(self.low, side="above"),
            "high": None if self.high is None else number_data(self.high, side="below"),
            "low_in": self.low_in,
            "high_in": self.high_in,
        }


@short_repr()
@dataclass(frozen=True, eq=False)
class Path:
    """A path of minimisers: x(λ) is linear between neighbours of its breakpoints.

    Attributes:
        problem: the problem at λ = 1.
        breakpoints: λ_0 > ... > λ_K >= 0.
        points: v at each, shape (N, 1), in the units of the columns of X.
        minors: for λ > λ_0, and for each piece, rows of a minor that shows that there is no other minimiser, or None.
        complete: whether the lower end was reached, and not the budget.
    """

    problem: PenalisedLeastSquares
    breakpoints: tuple[fmpq, ...]
    points: tuple[ExactMatrix, ...]
    minors: tuple[tuple[int, ...] | None, ...]
    complete: bool

    @cached_property
    def rests(self) -> bool:
        """Whether the first point is zero in all columns with a penalty, and so a minimiser for all λ >= λ_0."""
        return not any(v != 0 and mu != 0 for v, mu in zip(self._values[0], self.problem.penalty_entries, strict=True))

    @property
    def unique(self) -> tuple[bool, ...]:
        """Whether other minimisers are excluded, for λ > λ_0 and between neighbours."""
        return tuple(rows is not None for rows in self.minors)

    @property
    def decided(self) -> tuple[bool, ...]:
        """As `unique`, without what is above λ_0 if the path does not rest there."""
        return self.unique if self.rests else self.unique[1:]

    @property
    def linear_pieces(self) -> int:
        """The number of linear pieces, the constant one above λ_0 included if the path rests there."""
        return self.turns + 1 if len(self.points) > 1 or self.rests else 0

    @cached_property
    def _values(self) -> list[list[fmpq]]:
        return [entries_of(point) for point in self.points]

    def at(self, level: Readable) -> ExactMatrix:
        """Return x(λ), shape (N, 1), in the units in which the problem is stated.

        Raises:
            DataError: if the path does not reach this level.

        >>> from sci_barriers.problems.penalised.path import certified_path
        >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, entries_of
        >>> path = certified_path(PenalisedLeastSquares.of([[1, 0], [0, 1]], [2, 1], penalties=[1, 1]))
        >>> [str(x) for x in entries_of(path.at(1))]
        ['3/2', '1/2']
        """
        exact, levels = exact_number(level), self.breakpoints
        if exact < levels[-1] or (exact > levels[0] and not self.rests):
            raise DataError(f"the path does not reach the level {level!s:.40}")
        if exact >= levels[0]:
            return self.problem.coefficients(self.points[0])
        k = next(k for k, end in enumerate(levels[1:]) if end <= exact)
        part = (levels[k] - exact) / (levels[k] - levels[k + 1])
        mixed = [a + part * (b - a) for a, b in zip(self._values[k], self._values[k + 1], strict=True)]
        return self.problem.coefficients(column(mixed))

    def features(self) -> list[list[Interval]]:
        """Return for each column of X the levels at which its entry of x(λ) is not zero, from the largest down.

        >>> from sci_barriers.problems.penalised.path import certified_path
        >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
        >>> path = certified_path(PenalisedLeastSquares.of([[1, 0], [0, 1]], [2, 1], penalties=[1, 1]))
        >>> [(str(found.low), str(found.high)) for intervals in path.features() for found in intervals]
        [('0', '4'), ('0', '2')]
        """
        return [self._intervals(j) for j in range(self.problem.features)]

    def _intervals(self, j: int) -> list[Interval]:
        levels, entries = self.breakpoints, [values[j] for values in self._values]
        found: list[Interval] = []
        if entries[0] != 0:
            found.append(Interval(levels[0], None if self.rests else levels[0], True, not self.rests))
        for (high, low), (first, last) in zip(pairwise(levels), pairwise(entries), strict=True):
            if first * last < 0:  # without a penalty the sign may change
                middle = low + (high - low) * last / (last - first)
                found[-1] = replace(found[-1], low=middle, low_in=False)
                found.append(Interval(low, middle, True))
            elif first != 0:
                found[-1] = replace(found[-1], low=low, low_in=last != 0)
            elif last != 0:
                found.append(Interval(low, high, True))
        return [replace(part, low_in=part.low_in and part.low == levels[-1]) for part in found]

    def during(self, low: Readable, high: Readable) -> dict[str, list[int]]:
        """Return which columns of X are in for all λ of an interval, which for none, and which for some.

        Args:
            low: its lower end, which belongs to it, as does the upper one.
            high: its upper end.

        Raises:
            DataError: if the interval is empty, or the path does not reach all of it.

        >>> from sci_barriers.problems.penalised.path import certified_path
        >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
        >>> path = certified_path(PenalisedLeastSquares.of([[1, 0], [0, 1]], [2, 1], penalties=[1, 1]))
        >>> path.during("1/2", 3)
        {'in': [0], 'out': [], 'changing': [1]}
        """
        first, last = exact_number(low), exact_number(high)
        if first > last:
            raise DataError(f"the interval from {low!s:.40} to {high!s:.40} is empty")
        if first < self.breakpoints[-1] or (last > self.breakpoints[0] and not self.rests):
            raise DataError(f"the path does not reach all levels from {low!s:.40} to {high!s:.40}")
        found: dict[str, list[int]] = {"in": [], "out": [], "changing": []}
        for j, intervals in enumerate(self.features()):
            if any(_holds(part, first) and _holds(part, last) for part in intervals):
                found["in"].append(j)
            elif any(_meets(part, first, last) for part in intervals):
                found["changing"].append(j)
            else:
                found["out"].append(j)
        return found

    @cached_property
    def turns(self) -> int:
        """The number of breakpoints at which the direction changes, the first one if the path rests above it."""
        levels, points = self.breakpoints, self._values
        speeds = [
            [(b - a) / (low - high) for a, b in zip(first, last, strict=True)]
            for (high, low), (first, last) in zip(pairwise(levels), pairwise(points), strict=True)
        ]
        still = [fmpq(0)] * self.problem.size
        return sum(a != b for a, b in pairwise([still, *speeds] if self.rests else speeds))

    def report(self) -> dict[str, Any]:
        """Return what was found for JSON; columns are counted from 0.

        >>> from sci_barriers.problems.penalised.path import certified_path
        >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
        >>> path = certified_path(PenalisedLeastSquares.of([[1, 0], [0, 1]], [2, 1], penalties=[1, 1]))
        >>> path.report()["linear_pieces"], path.report()["features"][1]["in"][0]["high"]
        (3, {'exact': '2', 'about': '2'})
        """
        return {
            "breakpoints": [number_data(level) for level in self.breakpoints],
            "from_above": self.rests,
            "complete": self.complete,
            "unique": all(self.decided),
            "not_decided": [k for k, only in enumerate(self.unique[1:]) if not only],
            "linear_pieces": self.linear_pieces,
            "features": [
                {"column": j, "in": [part.data() for part in intervals]} for j, intervals in enumerate(self.features())
            ],
        }


def _holds(part: Interval, level: fmpq) -> bool:
    low = level > part.low or (part.low_in and level == part.low)
    return low and (part.high is None or level < part.high or (part.high_in and level == part.high))


def _meets(part: Interval, first: fmpq, last: fmpq) -> bool:
    below = last > part.low or (part.low_in and last == part.low)
    return below and (part.high is None or first < part.high or (part.high_in and first == part.high))


def certified_path(
    problem: PenalisedLeastSquares,
    *,
    weights: VectorLike | None = None,
    low: Readable = 0,
    budget: float | None = None,
    most: int | None = None,
    progress: Progress | None = None,
) -> Path:
    """Follow the minimisers from large penalties down, exactly.

    Args:
        problem: the problem at λ = 1: at the level λ the penalty of |x_j| is λ μ_j; the ridge penalties stay.
        weights: takes the place of the penalties μ of the problem, shape (N, 1), or (n, 1) with an intercept too.
        low: the level at which to end, at least 0.
        budget: wall-clock seconds, after which the path ends where it has come to.
        most: pieces, likewise.
        progress: is told what is being done.

    Raises:
        DataError: if the weights do not fit, no column has a penalty, or the lower end is negative.

    >>> from sci_barriers.problems.penalised.path import certified_path
    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
    >>> problem = PenalisedLeastSquares.of([[1, 1], [0, 1]], [2, 1], penalties=[0, 0])
    >>> [str(level) for level in certified_path(problem, weights=[1, 1]).breakpoints]
    ['6', '2', '0']
    """
    deadline = None if budget is None else time.monotonic() + budget
    tell = progress or (lambda words: None)
    end = exact_number(low)
    if end < 0:
        raise DataError(f"the level at which to end must not be negative, got {low!s:.40}")
    at_one = _weighted(problem, weights)
    if not any(mu != 0 for mu in at_one.penalty_entries):
        raise DataError("no column has a penalty, so that there is no path; give positive weights to some")
    tell("reading the problem in integers")
    track = _Track(IntegerProblem.of(at_one), end)
    while track.level > end:
        if (most is not None and len(track.levels) > most) or (deadline is not None and time.monotonic() > deadline):
            break
        track.advance()
        tell(f"{counted(len(track.levels) - 1, 'piece')}, a support of {len(track.values)}")
    points = tuple(column(track.integers.to_point(values)) for values in track.points)
    return Path(at_one, tuple(track.levels), points, tuple(track.minors), track.level <= end)


def _weighted(problem: PenalisedLeastSquares, weights: VectorLike | None) -> PenalisedLeastSquares:
    if weights is None:
        return problem
    given = exact_column(weights)
    if given.rows == problem.features and problem.intercept:
        given = exact_column([*entries_of(given), 0])
    return replace(problem, penalties=given)


class _Track:
    """The place on the path: the level, w on its support, and all slopes h - Hw, in the units of `IntegerProblem`."""

    def __init__(self, integers: IntegerProblem, end: fmpq) -> None:
        """Start at the least level at which w is zero where there is a penalty, or at the end if that is larger."""
        self.integers, self.end = integers, end
        self.form: ExactForm = integers.form
        self.size = integers.problem.size
        self.linear = self.form.linear(range(self.size))
        self.known: dict[int, list[fmpz]] = {}
        self.free = [j for j in range(self.size) if self.form.bounds[j] == 0]
        self.values = self._rest()
        self.slopes = [h - along for h, along in zip(self.linear, self._times(self.values), strict=True)]
        needed = [
            (slope if j in self.form.nonnegative else abs(slope)) / bound
            for j, (slope, bound) in enumerate(zip(self.slopes, self.form.bounds, strict=True))
            if bound != 0
        ]
        self.level: fmpq = max(end, *needed)
        self.levels, self.points = [self.level], [dict(self.values)]
        free = [j for j in self.free if self.slopes[j] == 0]
        self.minors = [self._minor(free)]
        self.before = set(free)

    def _rest(self) -> dict[int, fmpq]:
        """Return the minimiser over the columns without a penalty, on independent ones."""
        return self._least(self.free, self.linear, dict.fromkeys(self.free, 1), self.form.nonnegative)

    def _least(
        self,
        among: Sequence[int],
        linear: Sequence[fmpz | fmpq],
        flips: Mapping[int, int],
        limited: Collection[int],
        *,
        start: int = 0,
        hopeful: int = 0,
    ) -> dict[int, fmpq]:
        """Return the minimiser of ½ d^T H d - l^T d over some indices, which is zero but on independent ones.

        Args:
            among: the indices; H is regular on the first ones.
            linear: l, of all indices.
            flips: 1 or -1 for each of them, the sign of what is limited.
            limited: the indices whose d has its sign, or is zero.
            start: the number of first ones, which are free.
            hopeful: the number of those after them that are likely not to be zero.
        """
        if not among:
            return {}
        signs = [flips[j] for j in among]
        entries = [
            self._row(i)[j] * (a * b)
            for i, a in zip(among, signs, strict=True)
            for j, b in zip(among, signs, strict=True)
        ]
        numerators, den = over_one_denominator([fmpq(linear[j]) * flips[j] for j in among])
        zeros = [fmpq(0)] * len(among)
        bounded = {i for i, j in enumerate(among) if j in limited}
        form = DenseForm(fmpz_mat(len(among), len(among), entries), numerators, zeros, sorted(bounded))
        first = range(start)
        if hopeful and form.is_regular(range(start + hopeful)):
            first = range(start + hopeful)
        walk = Walk(form, dict.fromkeys(first, fmpq(0)), {i: int(i in bounded) for i in first}, most=_MOST_PIVOTS).run()
        return {among[i]: value * signs[i] / den for i, value in walk.values.items() if value != 0}

    def _row(self, k: int) -> list[fmpz]:
        """Return a row of H."""
        if k not in self.known:
            slopes = self.form.compute_slopes([k], [fmpz(1)], fmpz(1))
            self.known[k] = [h - slope for h, slope in zip(self.linear, slopes, strict=True)]
        return self.known[k]

    def _times(self, values: Mapping[int, fmpq]) -> list[fmpq]:
        """Return Hw at all indices."""
        if not values:
            return [fmpq(0)] * self.size
        numerators, den = over_one_denominator(list(values.values()))
        product = fmpz_mat(1, len(values), numerators) * fmpz_mat([self._row(k) for k in values])
        return [fmpq(entry, den) for entry in product.entries()]

    def advance(self) -> None:
        """Go down to the next breakpoint."""
        signs = self._tight()
        direction = self._direction(signs)
        rates = self._times(direction)  # at which the slopes fall
        length = self._length(signs, direction, rates)
        moved = {
            j: self.values.get(j, fmpq(0)) + length * direction.get(j, fmpq(0))
            for j in sorted(self.values.keys() | direction.keys())
        }
        # with one sign at both ends; b falls at the rate b
        tight = [j for j, s in signs.items() if s * rates[j] == self.form.bounds[j] or (s == 0 and rates[j] == 0)]
        self.values = {j: value for j, value in moved.items() if value != 0}
        self.slopes = [slope - length * rate for slope, rate in zip(self.slopes, rates, strict=True)]
        self.level = self.level - length
        self.levels.append(self.level)
        self.points.append(dict(self.values))
        self.minors.append(self._minor(tight))
        self.before = set(tight)

    def _tight(self) -> dict[int, int]:
        """Return the indices whose slope is at its bound, with the sign of their entries, 0 where both are allowed."""
        found = {}
        for j, (slope, bound) in enumerate(zip(self.slopes, self.form.bounds, strict=True)):
            most = self.level * bound
            if j in self.form.nonnegative:
                if slope == most:
                    found[j] = 1
            elif slope == most:
                found[j] = 1 if bound != 0 else 0
            elif slope == -most:
                found[j] = -1
        return found

    def _direction(self, signs: dict[int, int]) -> dict[int, fmpq]:
        """Return d: below this level w moves by d times the difference of the levels."""
        others = [j for j in signs if j not in self.values]
        hopeful = [j for j in others if j not in self.before]
        among = [*self.values, *hopeful, *(j for j in others if j in self.before)]
        flips = {j: signs[j] or 1 for j in among}
        linear = [fmpq(0)] * self.size
        for j in among:
            linear[j] = self.form.bounds[j] * signs[j]
        limited = {j for j in among[len(self.values) :] if signs[j]}
        return self._least(among, linear, flips, limited, start=len(self.values), hopeful=len(hopeful))

    def _length(self, signs: Mapping[int, int], direction: Mapping[int, fmpq], rates: list[fmpq]) -> fmpq:
        """Return how far the level can fall: to the end, to a zero, or to where a slope meets its bound.

        Balls leave few of these to be compared exactly.
        """
        with ctx.workprec(_BITS):
            level, whole = arb(self.level), arb(self.level - self.end)
            found: list[tuple[arb, int, int]] = [(whole, -1, 0)]
            for j, step in direction.items():
                value = self.values.get(j)
                limited = self.form.bounds[j] != 0 or j in self.form.nonnegative
                if value is not None and limited and (value < 0) != (step < 0):
                    found.append((-arb(value) / arb(step), j, 0))
            for j, (slope, rate, bound) in enumerate(zip(self.slopes, rates, self.form.bounds, strict=True)):
                if bound == 0 and j not in self.form.nonnegative:
                    continue
                near, fall, least = arb(slope), arb(rate), arb(bound)
                for sign in (1,) if j in self.form.nonnegative else (1, -1):
                    if signs.get(j) != sign and not least - sign * fall <= 0:
                        found.append(((level * least - sign * near) / (least - sign * fall), j, sign))
            most = min((ball.upper() for ball, _, _ in found if ball.is_finite()), default=whole.upper())
            likely = [(j, sign) for ball, j, sign in found if not ball.lower() > most]
        exact = [self._meeting(j, sign, direction, rates) for j, sign in likely]
        return min(length for length in exact if length is not None)

    def _meeting(self, j: int, sign: int, direction: Mapping[int, fmpq], rates: list[fmpq]) -> fmpq | None:
        """Return how far the level falls until an entry is zero (sign 0), or a slope meets its bound of this sign."""
        if j < 0:
            return self.level - self.end
        if sign == 0:
            return -self.values[j] / direction[j]
        closing = self.form.bounds[j] - sign * rates[j]
        return (self.level * self.form.bounds[j] - sign * self.slopes[j]) / closing if closing > 0 else None

    def _minor(self, tight: Sequence[int]) -> tuple[int, ...] | None:
        """Return rows in which these columns are independent modulo a prime, or None; a ridge penalty needs none."""
        columns = [self.integers.columns[j] for j in tight if self.integers.ridge[j] == 0]
        return rows_of_minor(columns, PRIME)

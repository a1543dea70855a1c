"""Two admissible data sets whose minimisers differ: what nobody can know who knows the data no better.

Directions are found in float64 (`search`); the data are made admissible exactly (`admissible`), and solved exactly. See
docs/theory.md, "What the data determine", "Two data sets".
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from flint import fmpq

from exact_base.errors import BudgetError, DataError, SolverError, UsageError
from exact_base.matrices import ExactMatrix
from exact_base.rationals import float_exactly, round_down, sqrt_up
from exact_base.reprs import short_repr
from sci_barriers.problems.determined.admissible import OtherData, admissible_data
from sci_barriers.problems.determined.changes import Change
from sci_barriers.problems.determined.float_states import Array, FloatProblem
from sci_barriers.problems.determined.precision import Precision
from sci_barriers.problems.determined.search import Search
from sci_barriers.problems.determined.status import Turn
from sci_barriers.problems.penalised.face import rows_of_only
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, Progress, column, entries_of
from sci_barriers.problems.penalised.solving import Solution, minimise

__all__ = ["Pair", "Variation", "distant_pair", "estimated_scales", "search_around", "smallest_change", "support_pair"]

_LARGEST = 2.0**64
_NEAREST = 3
_MORE = (1.0, 1 + 2.0**-10, 1.02, 1.2, 2.0, 8.0)
"""Factors of a scale that was found in float64, until exact data confirm it."""


@short_repr()
@dataclass(frozen=True, eq=False)
class Variation:
    """Data of a problem within a precision, with the only minimiser.

    Attributes:
        columns: the columns of X that differ from the given ones, increasing.
        matrix: these columns, shape (m, k), or None if there are none.
        data: y, shape (m, 1), or None if it is the given one.
        solution: the minimiser for these data.
        rows: those of a minor that shows that it is the only one.
    """

    columns: tuple[int, ...]
    matrix: ExactMatrix | None
    data: ExactMatrix | None
    solution: Solution
    rows: tuple[int, ...]

    @property
    def problem(self) -> PenalisedLeastSquares:
        """The problem with these data."""
        return self.solution.problem

    @cached_property
    def coefficients(self) -> list[fmpq]:
        """The minimiser x, in the units of x; length N."""
        return entries_of(self.problem.coefficients(self.solution.point))

    def has(self, feature: int) -> bool:
        """Return whether a coefficient is not 0."""
        return self.coefficients[feature] != 0


@short_repr()
@dataclass(frozen=True, eq=False)
class Pair:
    """Two data sets within a precision, and their only minimisers, which differ.

    Attributes:
        problem: the problem with the given data.
        precision: what is known of them.
        first: data within it.
        second: other data within it.
    """

    problem: PenalisedLeastSquares
    precision: Precision
    first: Variation
    second: Variation

    @cached_property
    def distance2(self) -> fmpq:
        """The square of the distance of the minimisers over the features."""
        both = zip(self.first.coefficients, self.second.coefficients, strict=True)
        return sum(((a - b) ** 2 for a, b in list(both)[: self.problem.features]), fmpq(0))

    @cached_property
    def distance(self) -> fmpq:
        """The distance of the minimisers over the features, rounded down."""
        return fmpq(0) if self.distance2 == 0 else round_down(1 / sqrt_up(1 / self.distance2))

    @cached_property
    def different(self) -> tuple[int, ...]:
        """The features that are in one support and not in the other."""
        return tuple(j for j in range(self.problem.features) if self.first.has(j) != self.second.has(j))

    @cached_property
    def refuted(self) -> int:
        """The least K >= 1 such that no vector has K digits for both: |p' - p''| > 10^-K (|p'| + |p''|)."""
        sizes = [
            sum((a * a for a in side.coefficients[: self.problem.features]), fmpq(0))
            for side in (self.first, self.second)
        ]
        count = 1
        while True:
            left = self.distance2 * fmpq(10) ** (2 * count) - sizes[0] - sizes[1]
            if left > 0 and left * left > 4 * sizes[0] * sizes[1]:
                return count
            count += 1


class _Exact:
    """The exact side of a search: data, minimisers, and whether they are the only ones."""

    def __init__(self, solution: Solution, precision: Precision, progress: Progress | None) -> None:
        self.solution, self.problem, self.precision = solution, solution.problem, precision
        self.tell = progress or (lambda words: None)

    @cached_property
    def given(self) -> Variation | None:
        """The given data, if their minimiser is the only one."""
        rows = rows_of_only(self.solution)
        return None if rows is None else Variation((), None, None, self.solution, rows)

    def variation(self, change: Change, state_point: ExactMatrix | None, precision: Precision) -> Variation | None:
        """Return data near to changed ones, with their minimiser, if it is the only one."""
        for uneven in (False, True):
            other = admissible_data(self.problem, precision, change, uneven=uneven)
            if other is None:
                return self.given
            found = self._solved(other, state_point)
            if found is not None:
                return found
        return None

    def _solved(self, other: OtherData, guess: ExactMatrix | None) -> Variation | None:
        self.tell("solving other data exactly")
        try:
            solution = minimise(other.applied(self.problem), guess=guess)
            rows = rows_of_only(solution)
        except (BudgetError, SolverError):
            return None
        return None if rows is None else Variation(other.columns, other.matrix, other.data, solution, rows)

    def pair(self, first: Variation | None, second: Variation | None, precision: Precision) -> Pair | None:
        """Return the pair if both are there, and differ."""
        if first is None or second is None:
            return None
        pair = Pair(self.problem, precision, first, second)
        return pair if pair.distance2 > 0 else None


def search_around(solution: Solution, precision: Precision, budget: float | None) -> Search | None:
    """Return the search in float64 around a minimiser; None where its numbers are beyond those of float64.

    Raises:
        DataError: if the precision does not fit the problem.
    """
    problem = solution.problem
    precision.check(problem.rows, problem.features)
    try:
        floats = FloatProblem(problem)
        point = problem.coefficients(solution.point).to_float()[:, 0]
        return Search(
            floats, precision, point, _slacks(solution), None if budget is None else time.monotonic() + budget
        )
    except (DataError, OverflowError):  # numbers beyond those of float64, in which there is no search
        return None


def _slacks(solution: Solution) -> Array:
    """Return μ - t and μ + t, shape (N, 2), in the units of x."""
    problem, integers = solution.problem, solution.integers
    slopes, den = solution.slopes
    unit = 2 * integers.data_factor * integers.weight_factor
    found = []
    for slope, bound, f, s in zip(slopes, integers.bounds, integers.factors, problem.scale_entries, strict=True):
        by, top, bottom = unit * f / s, int(bound.p * den), int(bound.q)
        below = int(bottom * den)
        found.append([_quotient((top - int(a) * bottom) * int(by.p), below * int(by.q)) for a in (slope, -slope)])
    return np.array(found)


def _quotient(num: int, den: int) -> float:
    """Return a quotient as a float, infinite if it is too large."""
    try:
        return num / den
    except OverflowError:
        return math.copysign(math.inf, num)


def _guess(point: Array) -> ExactMatrix:
    return column([float_exactly(x) for x in point.tolist()])


def distant_pair(
    solution: Solution,
    precision: Precision,
    *,
    progress: Progress | None = None,
    budget: float | None = None,
    keep: Callable[[Pair], None] | None = None,
) -> Pair | None:
    """Return two admissible data sets whose only minimisers are as far apart as it finds; None if it finds none.

    Args:
        solution: a minimiser for the given data.
        precision: what is known of X and y.
        progress: is told what is being done.
        budget: seconds after which no more directions are tried; exact solutions still follow.
        keep: is given each pair that is better than those before, as soon as it is proved.

    Raises:
        DataError: if the precision does not fit the problem.

    >>> from sci_barriers.problems.determined.pairs import distant_pair
    >>> from sci_barriers.problems.determined.precision import Precision, Radius
    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
    >>> from sci_barriers.problems.penalised.solving import minimise
    >>> solution = minimise(PenalisedLeastSquares.of([[1]], [2], penalties=[1]))
    >>> pair = distant_pair(solution, Precision(Radius.exactly(), Radius.entrywise("1/4")))
    >>> pair.distance
    1/2
    """
    search = search_around(solution, precision, budget)
    if search is None:
        return None
    exact = _Exact(solution, precision, progress)
    exact.tell("looking for data with other minimisers")
    best: Pair | None = None
    sides: list[Variation] = []
    for ends in search.far_apart(exact.tell):
        if best is not None and search.late:
            break
        for change, state in zip((ends.first, ends.second), ends.states, strict=True):
            side = exact.variation(change, _guess(state.point), exact.precision)
            for other in sides:
                pair = exact.pair(other, side, exact.precision)
                if pair is not None and (best is None or pair.distance2 > best.distance2):
                    best = pair
                    if keep is not None:
                        keep(pair)
            sides += [] if side is None else [side]
    return best


def support_pair(
    solution: Solution,
    precision: Precision,
    feature: int,
    *,
    progress: Progress | None = None,
    budget: float | None = None,
) -> Pair | None:
    """Return two admissible data sets, with a feature in the support of one of them only; None if it finds none.

    After `budget` seconds it begins no further attempt.

    Raises:
        DataError: if the precision does not fit the problem.
        UsageError: if there is no such feature.

    >>> from sci_barriers.problems.determined.pairs import support_pair
    >>> from sci_barriers.problems.determined.precision import Precision, Radius
    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
    >>> from sci_barriers.problems.penalised.solving import minimise
    >>> solution = minimise(PenalisedLeastSquares.of([[1, 0], [0, 1]], [2, "1/4"], penalties=[1, 1]))
    >>> pair = support_pair(solution, Precision(Radius.exactly(), Radius.entrywise("1/2")), 1)
    >>> pair.first.has(1), pair.second.has(1)
    (True, False)
    """
    search = _feature_search(solution, precision, feature, budget)
    if search is None:
        return None
    exact = _Exact(solution, precision, progress)
    for into, sign in search.ways(feature):
        if search.late:
            break
        pair = _turned_pair(search, exact, feature, into=into, sign=sign, scale=fmpq(1))
        if pair is not None:
            return pair
    return None


def _feature_search(solution: Solution, precision: Precision, feature: int, budget: float | None) -> Search | None:
    if not 0 <= feature < solution.problem.features:
        raise UsageError(f"there is no feature {feature}; they are numbered from 0 to {solution.problem.features - 1}")
    return search_around(solution, precision, budget)


def _turned_pair(search: Search, exact: _Exact, feature: int, *, into: bool, sign: int, scale: fmpq) -> Pair | None:
    """Return a pair within the precision times `scale`, the feature in the support of `first` only."""
    precision = exact.precision.scaled(scale)

    def side(inside: bool) -> Variation | None:
        found = Turn(search, feature, inside, sign).within(_float(scale))
        variation = None if found is None else exact.variation(found[0], None, precision)
        return variation if variation is not None and variation.has(feature) == inside else None

    turned = side(into)
    if turned is None:
        return None
    given = exact.given
    other = given if given is not None and given.has(feature) != into else side(not into)
    first, second = (turned, other) if into else (other, turned)
    return exact.pair(first, second, precision)


def _float(value: fmpq) -> float:
    return int(value.p) / int(value.q)


def estimated_scales(solution: Solution, precision: Precision) -> tuple[float, ...]:
    """Return for each feature the factor of the precision at which, at first order, it comes in or leaves.

    Estimates, and lower bounds of them for features that are far from it, by which one chooses features for
    `support_pair` and `smallest_change`. Infinite for features without a penalty that may have both signs, where
    float64 has no answer, and where no change of the data moves the feature.

    Raises:
        DataError: if the precision does not fit the problem.

    >>> from sci_barriers.problems.determined.pairs import estimated_scales
    >>> from sci_barriers.problems.determined.precision import Precision, Radius
    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
    >>> from sci_barriers.problems.penalised.solving import minimise
    >>> solution = minimise(PenalisedLeastSquares.of([[1, 0], [0, 1]], [2, "1/4"], penalties=[1, 1]))
    >>> estimated_scales(solution, Precision(Radius.exactly(), Radius.entrywise(1)))
    (1.5, 0.25)
    """
    search = search_around(solution, precision, None)
    return (float("inf"),) * solution.problem.features if search is None else tuple(search.reaches)


def smallest_change(
    solution: Solution,
    precision: Precision,
    feature: int | None = None,
    *,
    progress: Progress | None = None,
    budget: float | None = None,
    keep: Callable[[tuple[fmpq, Pair]], None] | None = None,
) -> tuple[fmpq, Pair] | None:
    """Return the smallest factor of the precision found at which a feature is in one support and not in another.

    The pair is one for the precision times this factor. Without a feature, those are tried that are nearest to it at
    first order. None if nothing is found up to 2^64, or in float64, or in so many seconds of the budget. `keep` is
    given each result that is better than those before, as soon as it is proved.

    Raises:
        DataError: if the precision does not fit the problem.
        UsageError: if there is no such feature.

    >>> from sci_barriers.problems.determined.pairs import smallest_change
    >>> from sci_barriers.problems.determined.precision import Precision, Radius
    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
    >>> from sci_barriers.problems.penalised.solving import minimise
    >>> solution = minimise(PenalisedLeastSquares.of([[1, 0], [0, 1]], [2, "1/4"], penalties=[1, 1]))
    >>> scale, pair = smallest_change(solution, Precision(Radius.exactly(), Radius.entrywise(1)), 1)
    >>> bool(scale > fmpq(1, 4)), bool(scale < fmpq(26, 100))
    (True, True)
    """
    if feature is None:
        search = search_around(solution, precision, budget)
    else:
        search = _feature_search(solution, precision, feature, budget)
    if search is None:
        return None
    exact = _Exact(solution, precision, progress)
    found: tuple[fmpq, Pair] | None = None
    order = sorted((reach, j) for j, reach in enumerate(search.reaches))[:_NEAREST]
    for chosen in [j for _, j in order] if feature is None else [feature]:
        better = _smaller(search, exact, chosen, found)
        if better is not None and better is not found and keep is not None:
            keep(better)
        found = better
    return found


def _smaller(search: Search, exact: _Exact, feature: int, found: tuple[fmpq, Pair] | None) -> tuple[fmpq, Pair] | None:
    """Return a smaller factor than that found at which a feature's status changes, or the one found."""
    if search.problem.free[feature]:
        return found
    for into, sign in search.ways(feature):
        limit = _LARGEST if found is None else _float(found[0])
        about = Turn(search, feature, into, sign).smallest(limit)
        for more in _MORE:
            if search.late or not about * more < limit:
                break
            scale = float_exactly(about * more)
            pair = _turned_pair(search, exact, feature, into=into, sign=sign, scale=scale)
            if pair is not None:
                found = scale, pair
                break
    return found

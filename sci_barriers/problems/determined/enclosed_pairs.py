"""Two admissible data sets whose minimisers are known up to a distance, and differ.

Minimisers of complex data, and of problems with the norm of the residual, are no rational numbers as a rule; a point is
found near those of each data set, with a bound of how far any of them is from it. See docs/theory.md, "What the data
determine", "Two data sets".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np
from flint import fmpq

from exact_base.errors import BudgetError, DataError, SolverError
from exact_base.matrices import ExactMatrix
from exact_base.rationals import float_exactly
from exact_base.reprs import short_repr
from sci_barriers.problems.determined.admissible import OtherData, admissible_data
from sci_barriers.problems.determined.balls import root_above, root_below
from sci_barriers.problems.determined.changes import Change
from sci_barriers.problems.determined.complex_admissible import ComplexData, complex_data
from sci_barriers.problems.determined.complex_point import ComplexDetermined, determine_complex
from sci_barriers.problems.determined.complex_problem import ComplexLeastSquares, complex_entries
from sci_barriers.problems.determined.complex_search import ComplexSearch
from sci_barriers.problems.determined.float_states import FloatProblem
from sci_barriers.problems.determined.pairs import search_around
from sci_barriers.problems.determined.precision import Precision
from sci_barriers.problems.determined.search import Search
from sci_barriers.problems.determined.status import Turn
from sci_barriers.problems.determined.unsquared import UnsquaredDetermined, determine_unsquared
from sci_barriers.problems.determined.unsquared_point import ResidualNorm, unsquared_point
from sci_barriers.problems.penalised.problem import Progress, column, entries_of
from sci_barriers.problems.penalised.solving import minimise

__all__ = ["EnclosedPair", "EnclosedPairs", "EnclosedVariation", "varied"]

_DIGITS = 20
"""Of the minimisers: far more than the distances need."""
_PARTS = (1.0, 0.5, 0.125)
"""Of a change, as long as nothing is proved of the data there."""
_ERRORS = (BudgetError, SolverError, DataError, OverflowError, np.linalg.LinAlgError)
"""By which other data have no minimiser that is found."""

Known: TypeAlias = ComplexDetermined | UnsquaredDetermined
Problem: TypeAlias = ComplexLeastSquares | ResidualNorm


@short_repr()
@dataclass(frozen=True, eq=False)
class EnclosedVariation:
    """Data of a problem within a precision, and a point near their minimisers.

    Attributes:
        columns: the columns of X that differ from the given ones, increasing.
        matrix: these columns, shape (m, k), complex where data are, or None if there are none.
        data: y, shape (m, 1), or None if it is the given one.
        determined: the point, and how far any minimiser is from it, of these data taken exactly.
    """

    columns: tuple[int, ...]
    matrix: ExactMatrix | None
    data: ExactMatrix | None
    determined: Known

    @property
    def distance(self) -> fmpq:
        """No minimiser is farther from the point."""
        return self.determined.outcomes[0].distance

    @cached_property
    def features(self) -> list[tuple[fmpq, fmpq]]:
        """The point's real and imaginary parts, over the features."""
        return complex_entries(self.determined.point)[: self.determined.problem.features]

    def status(self, feature: int) -> bool | None:
        """Return whether a feature is in every minimiser, or in none (False); None where that is open."""
        outcome = self.determined.outcomes[0]
        return True if feature in outcome.inside else False if feature in outcome.outside else None


@short_repr()
@dataclass(frozen=True, eq=False)
class EnclosedPair:
    """Two data sets within a precision, and points near their minimisers, which are apart.

    Attributes:
        problem: the problem with the given data.
        precision: what is known of them.
        first: data within it.
        second: other data within it.
    """

    problem: Problem
    precision: Precision
    first: EnclosedVariation
    second: EnclosedVariation

    @cached_property
    def distance(self) -> fmpq:
        """A lower bound of the distance of any minimiser of one from any of the other, over the features."""
        both = zip(self.first.features, self.second.features, strict=True)
        square = sum(((a - p) ** 2 + (b - q) ** 2 for (a, b), (p, q) in both), fmpq(0))
        return root_below(square) - self.first.distance - self.second.distance

    @cached_property
    def different(self) -> tuple[int, ...]:
        """The features that are in for one of them, and out for the other."""
        count = len(self.first.features)
        return tuple(j for j in range(count) if {self.first.status(j), self.second.status(j)} == {True, False})

    @cached_property
    def refuted(self) -> int:
        """The least K >= 1 such that no vector has K digits for both, by these bounds."""
        sizes = sum(
            (
                root_above(sum((a * a + b * b for a, b in side.features), fmpq(0))) + side.distance
                for side in (self.first, self.second)
            ),
            fmpq(0),
        )
        count = 1
        while self.distance * fmpq(10) ** count <= sizes:
            count += 1
        return count


def varied(problem: Problem, one: EnclosedVariation) -> Problem:
    """Return a problem with other data."""
    kind = ComplexData if isinstance(problem, ComplexLeastSquares) else OtherData
    return _with(problem, kind(one.columns, one.matrix, one.data))


def _with(problem: Problem, other: ComplexData | OtherData) -> Problem:
    if isinstance(other, ComplexData):
        return other.applied(problem) if isinstance(problem, ComplexLeastSquares) else problem
    return replace(problem, arrays=other.applied(problem.arrays)) if isinstance(problem, ResidualNorm) else problem


class EnclosedPairs:
    """A search for such data sets; what it finds is exact data, of which the theorem on the distance is proved.

    >>> from sci_barriers.problems.determined.enclosed_pairs import EnclosedPairs
    >>> from sci_barriers.problems.determined.precision import Precision, Radius
    >>> from sci_barriers.problems.determined.unsquared import ResidualNorm
    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
    >>> arrays = PenalisedLeastSquares.of([[1, 0], [0, 1]], [2, "1/4"], penalties=["3/5", 1])
    >>> pairs = EnclosedPairs(ResidualNorm(arrays), Precision(Radius.exactly(), Radius.entrywise("1/8")))
    >>> pair = pairs.distant()
    >>> pair.refuted, pair.distance > fmpq(1, 5)
    (2, True)
    """

    def __init__(
        self,
        problem: Problem,
        precision: Precision,
        *,
        near: ExactMatrix | None = None,
        budget: float | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Take a problem, and what is known of its data.

        Args:
            problem: the problem, complex or with the norm of the residual.
            precision: what is known of X and y.
            near: coefficients near a minimiser, shape (N, 1); only a place to start.
            budget: seconds after which no further data are tried.
            progress: is told what is being done.

        Raises:
            DataError: if the precision does not fit the problem.
        """
        arrays = problem.arrays if isinstance(problem, ResidualNorm) else problem
        precision.check(arrays.rows, arrays.features)
        self.problem, self.precision, self.near = problem, precision, near
        self.budget, self.tell = budget, progress or (lambda words: None)

    @cached_property
    def _search(self) -> Search | ComplexSearch | None:
        """The search in float64; None where that has no numbers."""
        try:
            if isinstance(self.problem, ComplexLeastSquares):
                return ComplexSearch(self.problem, self.precision, self.near, self.budget)
            return _level_search(self.problem, self.precision, self.near, self.budget, self.tell)
        except _ERRORS:
            return None

    def distant(self, keep: Callable[[EnclosedPair], None] | None = None) -> EnclosedPair | None:
        """Return two data sets whose minimisers are as far apart as it finds; None if it finds none.

        `keep` is given each pair that is better than those before, as soon as it is proved.
        """
        search = self._search
        if search is None:
            return None
        best: EnclosedPair | None = None
        sides: list[EnclosedVariation] = []
        for ends in search.far_apart(self.tell):
            if best is not None and search.late:
                break
            for change in (ends.first, ends.second):
                # nearer data where nothing is proved of these
                tried = (self._variation(change.times(part)) for part in _PARTS)
                side = next((found for found in tried if found is not None), None)
                if side is None:
                    continue
                for other in sides:
                    pair = EnclosedPair(self.problem, self.precision, other, side)
                    if pair.distance > 0 and (best is None or pair.distance > best.distance):
                        best = pair
                        if keep is not None:
                            keep(pair)
                sides.append(side)
        return best

    def differing(self, feature: int) -> EnclosedPair | None:
        """Return two data sets, a feature in for one of them and out for the other; None if it finds none.

        For complex data none are looked for.
        """
        search = self._search
        if not isinstance(search, Search):
            return None
        for into, sign in search.ways(feature):
            if search.late:
                break
            found = Turn(search, feature, into, sign).within(1.0)
            side = None if found is None else self._variation(found[0])
            other = self._given
            if side is None or other is None:
                continue
            pair = EnclosedPair(self.problem, self.precision, side, other)
            if feature in pair.different and pair.distance > 0:
                return pair
        return None

    @cached_property
    def _given(self) -> EnclosedVariation | None:
        """The given data."""
        found = self._determined(self.problem)
        return None if found is None else EnclosedVariation((), None, None, found)

    def _variation(self, change: Change) -> EnclosedVariation | None:
        """Return admissible data near to changed ones; None where nothing is proved of them."""
        for uneven in (False, True):
            other: ComplexData | OtherData | None
            if isinstance(self.problem, ComplexLeastSquares):
                other = complex_data(self.problem, self.precision, change, uneven=uneven)
            else:
                other = admissible_data(self.problem.arrays, self.precision, change, uneven=uneven)
            if other is None:
                return self._given
            self.tell("solving other data")
            found = self._determined(_with(self.problem, other))
            if found is not None:
                return EnclosedVariation(other.columns, other.matrix, other.data, found)
        return None

    def _determined(self, problem: Problem) -> Known | None:
        try:
            if isinstance(problem, ComplexLeastSquares):
                return determine_complex(problem, digits=_DIGITS, guess=self.near)
            return determine_unsquared(problem, digits=_DIGITS, guess=self.near)
        except _ERRORS:
            return None


def _level_search(
    problem: ResidualNorm, precision: Precision, near: ExactMatrix | None, budget: float | None, tell: Progress
) -> Search | None:
    """Return the search around the lasso that has the same minimiser: its penalties are 2λμ, with the level λ of it."""
    arrays = problem.arrays
    point = unsquared_point(problem, digits=_DIGITS, guess=near, progress=tell)
    if point is None:
        return None
    floats = FloatProblem(arrays)
    x = point.to_float()[:, 0]
    z = floats.columns(floats.matrix, np.arange(floats.size))
    residual = floats.data - z @ x
    if problem.noise is None:
        level = float(np.sqrt(floats.weights @ residual**2))
    else:
        held = (x != 0) & (floats.penalties > 0)
        if not held.any():
            return None
        level = float(np.median(np.abs(z.T @ (floats.weights * residual))[held] / floats.penalties[held]))
    if not (np.isfinite(level) and level > 0):
        return None
    doubled = 2 * float_exactly(level)
    lasso = replace(arrays, penalties=column([doubled * mu for mu in entries_of(arrays.penalties)]))
    return search_around(minimise(lasso, guess=point, progress=tell), precision, budget)

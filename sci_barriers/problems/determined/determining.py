"""What data determine of a minimiser that are known up to a precision: distances, single coefficients, the support."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

from flint import fmpq

from exact_base.errors import DataError
from exact_base.matrices import ExactMatrix
from exact_base.rationals import round_down
from exact_base.reprs import short_repr
from sci_barriers.problems.determined.choosing import promising, spread_of
from sci_barriers.problems.determined.facts import Facts
from sci_barriers.problems.determined.precision import Precision
from sci_barriers.problems.determined.scales import feature_scales, longest_of
from sci_barriers.problems.determined.theorems import Outcome, outcome
from sci_barriers.problems.determined.view import View, real_view
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, Progress, column, entries_of
from sci_barriers.problems.penalised.solving import Solution

__all__ = [
    "Determined",
    "Outcome",
    "around",
    "determine",
    "longest",
    "short_point",
    "sorted_scales",
    "stable_scales",
    "within",
]

_BITS = 64
_MOST_BITS = 1 << 10
_TRIED = 3


@short_repr()
@dataclass(frozen=True, eq=False)
class Determined:
    """What is proved of all minimisers of all data sets within a precision, and scales of it.

    Attributes:
        problem: the problem.
        precision: what is known of X and y.
        point: x̂, shape (N, 1), in the units of the coefficients, near a minimiser.
        allowed: J, increasing, with the intercept.
        sigma: σ_0, a lower bound of the least singular value of the columns of J.
        outcomes: what is proved at each scale, the scales increasing.
    """

    problem: PenalisedLeastSquares
    precision: Precision
    point: ExactMatrix
    allowed: tuple[int, ...]
    sigma: fmpq
    outcomes: tuple[Outcome, ...]


def determine(
    solution: Solution,
    precision: Precision,
    *,
    scales: Sequence[fmpq | int] = (1,),
    bits: int = _BITS,
    progress: Progress | None = None,
) -> Determined | None:
    """Return what the data determine; None if nothing can be proved at any of the scales.

    Args:
        solution: a minimiser of the problem with the given data.
        precision: how far the true data may be from these.
        scales: numbers > 0 by which all radii are multiplied, one after the other; at least one.
        bits: of the numbers of the point, at least; tiny radii need more.
        progress: is told what is being done.

    Raises:
        DataError: if the radii do not fit the data, or a scale is not positive.

    >>> from sci_barriers.problems.determined.determining import determine
    >>> from sci_barriers.problems.determined.precision import Precision, Radius
    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
    >>> from sci_barriers.problems.penalised.solving import minimise
    >>> problem = PenalisedLeastSquares.of([[1, 0], [0, 1]], [2, "1/8"], penalties=[1, 1])
    >>> found = determine(minimise(problem), Precision(Radius.exactly(), Radius.spectral("1/16")))
    >>> found.allowed, found.outcomes[0].unique, found.outcomes[0].inside, found.outcomes[0].outside
    ((0,), True, (0,), (1,))
    """
    wanted = sorted_scales(scales)
    tell = progress or (lambda words: None)
    tell("bounds for the support")
    around = _around(solution, precision) if bits <= _BITS else _Around(solution, precision, bits)
    chosen = within(around.view, wanted, tell, first=around.facts)
    if chosen is None:
        return None
    facts, outcomes = chosen
    problem = solution.problem
    allowed = (*facts.places, problem.features) if problem.intercept else facts.places
    return Determined(problem, precision, around.point, allowed, facts.least, outcomes)


def sorted_scales(scales: Sequence[fmpq | int]) -> list[fmpq]:
    """Return scales in order; raises DataError if there are none, or one is not positive."""
    wanted = sorted({fmpq(scale) for scale in scales})
    if not wanted or wanted[0] <= 0:
        raise DataError("scales of a precision must be positive, and there must be one")
    return wanted


def within(
    view: View, wanted: Sequence[fmpq], tell: Progress, *, first: Facts | None = None
) -> tuple[Facts, tuple[Outcome, ...]] | None:
    """Return the best J, which is the support where its theorem holds, and what is proved with it at each scale."""
    first = first or Facts.of(view, view.support)
    main = fmpq(1) if fmpq(1) in wanted else wanted[-1]
    chosen = first
    held = None if first is None else outcome(first, main)
    if first is None or held is None or len(held.outside) < len(first.outside):
        tell("bounds for other sets of columns")
        chosen = _best(view, first, [main, *reversed(wanted)])
    if chosen is None:
        return None
    outcomes = tuple(found for scale in wanted if (found := outcome(chosen, scale)) is not None)
    return (chosen, outcomes) if outcomes else None


def stable_scales(solution: Solution, precision: Precision, *, progress: Progress | None = None) -> tuple[fmpq, ...]:
    """Return for each feature the largest scale of the precision at which it is proved in or out, from below.

    At most 2^64, and 0 if there is none. Raises DataError if the radii do not fit the data.

    >>> from sci_barriers.problems.determined.determining import stable_scales
    >>> from sci_barriers.problems.determined.precision import Precision, Radius
    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
    >>> from sci_barriers.problems.penalised.solving import minimise
    >>> problem = PenalisedLeastSquares.of([[1, 0], [0, 1]], [2, "1/8"], penalties=[1, 1])
    >>> found = stable_scales(minimise(problem), Precision(Radius.exactly(), Radius.spectral(1)))
    >>> [round(float(scale.p) / float(scale.q), 6) for scale in found]
    [1.125, 0.375]
    """
    if progress is not None:
        progress("the largest scale for each feature")
    facts = _around(solution, precision).facts
    return (fmpq(0),) * solution.problem.features if facts is None else feature_scales(facts)


def longest(solution: Solution, precision: Precision) -> fmpq:
    """Return the largest scale of the precision at which the theorem on the support holds, from below.

    At most 2^64, and 0 if there is none. Raises DataError if the radii do not fit the data.
    """
    facts = _around(solution, precision).facts
    return fmpq(0) if facts is None else longest_of(facts)


def _best(view: View, first: Facts | None, scales: Sequence[fmpq]) -> Facts | None:
    """Return the J with the least distance at the first scale at which there is one."""
    for scale in scales:
        found = [] if first is None or (here := outcome(first, scale)) is None else [(here.distance, 0, first)]
        for number, places in enumerate(promising(view, scale)[:_TRIED]):
            if first is not None and places == first.places:
                continue
            facts = Facts.of(view, places)
            here = None if facts is None else outcome(facts, scale)
            if facts is not None and here is not None:
                found.append((here.distance, number + 1, facts))
                break
        if found:
            return min(found, key=lambda entry: entry[:2])[2]
    return None


def around(solution: Solution, precision: Precision, *, bits: int) -> tuple[ExactMatrix, View]:
    """Return a point near a minimiser, and the problem around it; raises DataError if the radii do not fit."""
    found = _Around(solution, precision, bits)
    return found.point, found.view


class _Around:
    """A short point near a minimiser, and the problem around it."""

    def __init__(self, solution: Solution, precision: Precision, bits: int = _BITS) -> None:
        problem = solution.problem
        precision.check(problem.rows, problem.features)
        self.precision = precision
        exact = entries_of(problem.coefficients(solution.point))
        free = set(range(problem.features)) - set(problem.nonnegative)
        support = [
            j for j in range(problem.features) if exact[j] != 0 or (problem.penalty_entries[j] == 0 and j in free)
        ]
        spread = spread_of(problem, solution.integers, support) if support else 1.0
        # what is lost in the point is multiplied by its square in the distance
        more = math.ceil(2 * math.log2(max(1.0, spread))) if math.isfinite(spread) else _MOST_BITS
        self.point = short_point(exact, bits=bits + min(more, _MOST_BITS))
        self.view = real_view(problem, solution.integers, self.point, precision)

    @cached_property
    def facts(self) -> Facts | None:
        """What is known for the support."""
        return Facts.of(self.view, self.view.support)


_LAST: WeakKeyDictionary[Solution, _Around] = WeakKeyDictionary()


def _around(solution: Solution, precision: Precision) -> _Around:
    """Return what is around a solution; the last is kept, as several questions are asked of it."""
    found = _LAST.get(solution)
    if found is None or found.precision is not precision:
        found = _LAST[solution] = _Around(solution, precision)
    return found


def short_point(values: Sequence[fmpq], *, bits: int) -> ExactMatrix:
    """Return numbers near some, with this many bits each, as a column; what is not 0 stays so."""

    def rounded(value: fmpq) -> fmpq:
        return round_down(value, bits=bits) if value >= 0 else -round_down(-value, bits=bits)

    return column([rounded(value) for value in values])

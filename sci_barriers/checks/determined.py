"""What the data determine of the coefficients, when they are known up to a precision: digits, columns, two data sets.

Everything that is said holds for every minimiser of every data set within the precision, or is shown by two data sets
within it; the rest is undecided. See docs/theory.md, "What the data determine".
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, TypeAlias

from flint import fmpq

from exact_base.decimals import below
from exact_base.rationals import parse_rational, power_of_ten, power_of_two, sqrt_up
from exact_base.reprs import short_repr
from sci_barriers.checks.data_sets import DataSets, Stopped
from sci_barriers.checks.precisions import Stated
from sci_barriers.checks.questions import Question
from sci_barriers.checks.sensitivity import Sensitivity, sensitivity_of
from sci_barriers.problems.determined.determining import Determined, Outcome, determine, longest, stable_scales
from sci_barriers.problems.determined.fits import FitDetermined, FitOutcome, determine_fit
from sci_barriers.problems.determined.pairs import Pair
from sci_barriers.problems.determined.precision import Precision
from sci_barriers.problems.penalised.problem import Progress, entries_of
from sci_barriers.problems.penalised.solving import Solution

__all__ = [
    "SECONDS",
    "DeterminedFinding",
    "Status",
    "determined_finding",
    "most_proved",
    "norm_bounds",
]

Status: TypeAlias = Literal["in", "out", "undetermined", "undecided"]
"""Of a column: in or out for all the data; two data sets differ in it; or none of this is proved."""

SECONDS = 60.0
"""For looking for data sets that differ, where no budget is given."""

_MOST_DIGITS = 10_000  # that are counted
_ROOT_BITS = 128
_ZERO = fmpq(0)


@short_repr()
@dataclass(frozen=True)
class DeterminedFinding:
    """What the data determine; distances and norms are over the features, without the intercept.

    Attributes:
        digits: K, asked for.
        stated: what is known of the data.
        solution: the minimiser of the data as they stand.
        coefficients: those that are judged, of the features; None if there are none.
        unique: whether the minimiser of the data as they stand is the only one: yes, no, or open.
        determined: what is proved for all data within the precision; None if nothing is.
        fit: where that is None, what is proved without independent columns, if it is more than y alone shows; and where
            that shows no digit, if it shows one of the fitted values.
        stable: for each column the largest multiple of the precision, as far as that is proved, at which it is in for
            all data, or out for all; 0 where there is none.
        held: what is proved at about the largest multiple of the precision at which all data are proved to have one
            minimiser with one support; None if there is no such multiple.
        change: a multiple of the precision at which two data sets have different supports; None if none was found.
        pairs: for columns that are in for one data set and out for another, two such.
        pair: the two data sets with the minimisers that are farthest apart; None if none was found.
        sensitivity: which numbers matter most, to first order; not proved.
        stopped: what ended the work before all was tried; None if nothing did.
    """

    digits: int
    stated: Stated
    solution: Solution
    coefficients: tuple[fmpq, ...] | None
    unique: str
    determined: Determined | None
    fit: FitDetermined | None = None
    stable: tuple[fmpq, ...] = ()
    held: Determined | None = None
    change: tuple[fmpq, Pair] | None = None
    pairs: Mapping[int, Pair] = field(default_factory=dict)
    pair: Pair | None = None
    sensitivity: Sensitivity | None = None
    stopped: Stopped | None = None

    @property
    def exact(self) -> bool:
        """Whether the stated precision leaves nothing open."""
        return self.stated.precision.matrix.nothing and self.stated.precision.data.nothing

    @cached_property
    def point(self) -> tuple[fmpq, ...]:
        """The point x̂ that all is measured from: near the minimiser of the data as they stand, or equal to it."""
        known = self.determined or self.fit
        return self.minimiser if known is None else tuple(entries_of(known.point)[: self.solution.problem.features])

    @cached_property
    def outcome(self) -> Outcome | FitOutcome | None:
        """What is proved at the precision; None if nothing is."""
        known = self.determined or self.fit
        return None if known is None else known.outcomes[-1]

    @cached_property
    def distance(self) -> fmpq | None:
        """D: no minimiser of any of the data is farther from x̂; None if no such number is proved."""
        return None if self.outcome is None else self.outcome.distance

    @cached_property
    def reach(self) -> fmpq | None:
        """A bound of the distance of these minimisers from that of `solution`, which x̂ is near to; None without D."""
        if self.distance is None:
            return None
        apart = [a - b for a, b in zip(self.minimiser, self.point, strict=True)]
        return self.distance + (norm_bounds(apart)[1] if any(apart) else _ZERO)

    @cached_property
    def minimiser(self) -> tuple[fmpq, ...]:
        """The coefficients of `solution`, exactly."""
        problem = self.solution.problem
        return tuple(entries_of(problem.coefficients(self.solution.point))[: problem.features])

    @property
    def longest(self) -> fmpq:
        """The multiple of the precision up to which the support is proved to be the same for all data; 0 if none is."""
        return _ZERO if self.held is None else self.held.outcomes[-1].scale

    @cached_property
    def size(self) -> tuple[fmpq, fmpq]:
        """Bounds of the norm of x̂."""
        return norm_bounds(self.point)

    @cached_property
    def error(self) -> tuple[fmpq, fmpq] | None:
        """Bounds of the error of the coefficients, for all data within the precision; None if there are none."""
        if self.coefficients is None or self.distance is None:
            return None
        low, high = norm_bounds([c - x for c, x in zip(self.coefficients, self.point, strict=True)])
        return max(low - self.distance, fmpq(0)), high + self.distance

    @cached_property
    def at_least(self) -> int | None:
        """So many digits the data determine, relative to the norm, as is proved; None if all: nothing moves."""
        return 0 if self.distance is None else most_proved(self.distance, self.size[0])

    @property
    def refuted(self) -> int | None:
        """The least number of digits that no answer has for both of two data sets; None if none is refuted."""
        return None if self.pair is None else self.pair.refuted

    @property
    def at_most(self) -> int | None:
        """No answer has more digits than this for all the data; None if that is not known."""
        return None if self.refuted is None else self.refuted - 1

    @property
    def verdict(self) -> str:
        """`ok`, `barrier`, `inaccurate` or `undecided`.

        `ok`: the coefficients, or where there are none x̂, have K digits for all the data. `barrier`: no answer has.
        `inaccurate`: these coefficients have them for none of the data.
        """
        unit = power_of_ten(-self.digits)
        if self.refuted is not None and self.refuted <= self.digits:
            return "barrier"
        if self.distance is None:
            return "undecided"
        if self.error is None:
            return "ok" if self.at_least is None or self.at_least >= self.digits else "undecided"
        if self.error[1] <= unit * (self.size[0] - self.distance):
            return "ok"
        return "inaccurate" if self.error[0] > unit * (self.size[1] + self.distance) else "undecided"

    @cached_property
    def statuses(self) -> tuple[Status, ...]:
        """What is known of each column."""
        if self.exact and self.unique == "yes":
            return tuple("out" if value == 0 else "in" for value in self.minimiser)
        outcome = self.outcome
        inside = frozenset() if outcome is None else frozenset(outcome.inside)
        outside = frozenset() if outcome is None else frozenset(outcome.outside)
        found: list[Status] = []
        for j in range(self.solution.problem.features):
            proved: Status = "in" if j in inside else "out" if j in outside else "undecided"
            found.append("undetermined" if proved == "undecided" and j in self.pairs else proved)
        return tuple(found)

    def columns(self, status: Status) -> list[int]:
        """Return the columns of a status, from 0."""
        return [j for j, one in enumerate(self.statuses) if one == status]

    @property
    def moves(self) -> tuple[fmpq | None, ...]:
        """How far each coefficient of a minimiser of any of the data can be from that of x̂, at most."""
        features = self.solution.problem.features
        return (None,) * features if self.outcome is None else tuple(self.outcome.moves[:features])

    @property
    def penalty(self) -> fmpq:
        """The sum of the penalties of `solution`."""
        penalties = entries_of(self.solution.problem.penalties)
        return sum((mu * abs(x) for mu, x in zip(penalties, self.minimiser, strict=False)), fmpq(0))


def determined_finding(
    question: Question,
    solution: Solution,
    stated: Stated,
    *,
    unique: str,
    digits: int,
    seconds: float = SECONDS,
    keep: bool = False,
    progress: Progress | None = None,
) -> DeterminedFinding:
    """Return what the data of a question determine.

    Args:
        question: the problem, and the coefficients that are judged.
        solution: a minimiser of it.
        stated: what is known of the data.
        unique: whether the minimiser is the only one, as far as that is known.
        digits: K.
        seconds: after so many no further pair of data sets is looked for.
        keep: whether an interrupt ends the work with what is proved by then; else it is raised.
        progress: is told what is being done.
    """
    tell = progress or (lambda words: None)
    precision, features = stated.precision, question.problem.features
    given = None if question.coefficients is None else tuple(entries_of(question.coefficients)[:features])
    found = DeterminedFinding(digits, stated, solution, given, unique, None)
    sets = DataSets(solution, precision, time.monotonic() + seconds, progress)
    try:
        tell("bounding the minimisers of all data within the precision")
        determined = determine(solution, precision, progress=progress)
        found = replace(found, determined=determined, sensitivity=sensitivity_of(solution, precision))
        if found.at_least == 0:
            found = replace(found, fit=_fit(solution, precision, progress, alone=determined is None))
        if found.exact:
            return found
        tell("how stable the support is")
        found = replace(
            found,
            stable=stable_scales(solution, precision, progress=progress),
            held=_held(solution, precision, progress),
        )
        sets.look(found.columns("undecided"))
    except KeyboardInterrupt:
        if not keep:
            raise
        sets.stopped = "interrupt"
    return replace(found, change=sets.change, pairs=dict(sets.pairs), pair=sets.pair, stopped=sets.stopped)


def _fit(solution: Solution, precision: Precision, progress: Progress | None, *, alone: bool) -> FitDetermined | None:
    """Return what is proved without independent columns, if it is all there is, or shows a digit of fitted values."""
    found = determine_fit(solution, precision, progress=progress)
    if found is None or alone or most_proved(found.outcomes[-1].fit, found.outcomes[-1].fitted) != 0:
        return found
    return None


def _held(solution: Solution, precision: Precision, progress: Progress | None) -> Determined | None:
    """Return what is proved at a short multiple of the precision, just below the largest for one support."""
    most = longest(solution, precision)
    if most == 0:
        return None
    held = determine(solution, precision, scales=[parse_rational(below(most))], progress=progress)
    return held if held is not None and held.outcomes[-1].unique else None


def most_proved(distance: fmpq, size: fmpq) -> int | None:
    """Return the largest K >= 0 with D <= 10^-K (s - D), 0 if there is none; None if D is 0.

    >>> from flint import fmpq
    >>> from sci_barriers.checks.determined import most_proved
    >>> [most_proved(fmpq(1, d), fmpq(1)) for d in (1, 2, 10, 11, 101)], most_proved(fmpq(0), fmpq(0))
    ([0, 0, 0, 1, 2], None)
    """
    if distance == 0:
        return None
    found = 0
    while found < _MOST_DIGITS and distance * (power_of_ten(found + 1) + 1) <= size:
        found += 1
    return found


def norm_bounds(vector: Sequence[fmpq]) -> tuple[fmpq, fmpq]:
    """Return bounds of the Euclidean norm, which differ by about 2^-126 of it.

    >>> from flint import fmpq
    >>> from sci_barriers.checks.determined import norm_bounds
    >>> low, high = norm_bounds([fmpq(3), fmpq(4)])
    >>> low < 5 <= high
    True
    """
    high = sqrt_up(sum((entry * entry for entry in vector), fmpq(0)), bits=_ROOT_BITS)
    return high * (1 - power_of_two(3 - _ROOT_BITS)), high

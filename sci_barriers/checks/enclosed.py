"""Coefficients beside minimisers that are known up to a distance, and are no rational numbers.

A point near the minimisers is found, with a bound of the distance of all of them from it; what is said of the
coefficients is between two numbers. So it is for complex data, for the problems with the norm of the residual and not
its square, and for all data within a precision.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from flint import fmpq

from exact_base.rationals import power_of_ten
from exact_base.reprs import short_repr
from sci_barriers.certificates.data_digits import AnyDetermined
from sci_barriers.checks.determined import SECONDS, most_proved, norm_bounds
from sci_barriers.checks.enclosed_questions import EnclosedQuestion, Pair
from sci_barriers.checks.enclosed_sets import EnclosedSets, enclosed_files
from sci_barriers.checks.precisions import Stated
from sci_barriers.problems.determined.complex_point import ComplexDetermined
from sci_barriers.problems.determined.fits import FitDetermined
from sci_barriers.problems.determined.unsquared import UnsquaredDetermined
from sci_barriers.problems.penalised.problem import Progress

__all__ = ["EnclosedFound", "enclosed_found", "wanted_digits"]

_DIGITS = 50
"""Of the minimiser, at least, where the data allow it."""
_BEYOND = 10  # more digits of the minimiser than are asked of the coefficients


@short_repr()
@dataclass(frozen=True, eq=False)
class EnclosedFound:
    """Coefficients c beside all minimisers, of all data within the precision, which are within D of a point x̂.

    Distances and norms are over the columns, without an intercept.

    Attributes:
        question: what was asked.
        digits: K, asked for.
        determined: the point, D, and which columns are in or out; None if no distance was proved.
        fit: where that is None, what is proved of complex data within a precision without independent columns.
        stated: how near the data are to the true ones; None where they are taken as they are.
        sets: two data sets within the precision that show what is not determined; None where none were looked for.
        certify: makes the certificate, and the files with arrays beside it, by name.
    """

    question: EnclosedQuestion
    digits: int
    determined: ComplexDetermined | UnsquaredDetermined | None
    fit: FitDetermined | None = None
    stated: Stated | None = None
    sets: EnclosedSets | None = None
    certify: Callable[[], Mapping[str, bytes]] = field(default=dict, repr=False)

    @property
    def subject(self) -> str:
        """Whose coefficients these are."""
        return self.question.subject

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return self.question.names

    @cached_property
    def given(self) -> list[Pair] | None:
        """The coefficients, as real and imaginary parts."""
        return None if self.question.coefficients is None else self.question.entries(self.question.coefficients)

    @cached_property
    def point(self) -> list[Pair]:
        """The point x̂, as real and imaginary parts; empty if no distance was proved."""
        return [] if self.determined is None else self.question.entries(self.determined.point)

    @property
    def distance(self) -> fmpq | None:
        """D: no minimiser is farther from x̂."""
        return None if self.determined is None else self.determined.outcomes[0].distance

    @cached_property
    def size(self) -> Pair:
        """Bounds of the norm of a minimiser."""
        if self.determined is None or self.distance is None:
            return fmpq(0), fmpq(0)
        low, high = _norm_bounds(self.point)
        return max(low - self.distance, fmpq(0)), high + self.distance

    @cached_property
    def error(self) -> Pair | None:
        """Bounds of the distance of the coefficients from every minimiser."""
        if self.given is None or self.distance is None:
            return None
        low, high = _norm_bounds([(a - p, b - q) for (a, b), (p, q) in zip(self.given, self.point, strict=True)])
        return max(low - self.distance, fmpq(0)), high + self.distance

    @cached_property
    def errors(self) -> list[Pair]:
        """Bounds of |c_j - x'_j| for each column; empty without coefficients, or if no distance was proved."""
        if self.given is None or self.determined is None:
            return []
        found = []
        for (a, b), (p, q), move in zip(self.given, self.point, self.determined.outcomes[0].moves, strict=True):
            low, high = norm_bounds([a - p, b - q])
            found.append((max(low - move, fmpq(0)), high + move))
        return found

    @cached_property
    def known(self) -> int | None:
        """So many digits of the minimiser are known, relative to its norm; None if all: it is 0."""
        return 0 if self.distance is None else most_proved(self.distance, _norm_bounds(self.point)[0])

    @cached_property
    def reached(self) -> int | None:
        """The digits that the coefficients are proved to have, relative to the norm; None where they are exact."""
        if self.error is None:
            return None
        # of s + e, less e
        return most_proved(self.error[1], self.size[0] + self.error[1])

    @property
    def verdict(self) -> str:
        """`ok`, `inaccurate`, `barrier`, `solved` where no coefficients were given, or `undecided`.

        With a precision it is about all data within it, and without coefficients about the point. `barrier`: no answer
        has K digits for two of these data.
        """
        if self.refuted is not None and self.refuted <= self.digits:
            return "barrier"
        if self.distance is None:
            return "undecided"
        if self.error is None:
            if self.stated is None:
                return "solved"
            return "ok" if self.known is None or self.known >= self.digits else "undecided"
        unit = power_of_ten(-self.digits)
        if self.error[1] <= unit * self.size[0]:
            return "ok"
        return "inaccurate" if self.error[0] > unit * self.size[1] else "undecided"

    @property
    def refuted(self) -> int | None:
        """The least number of digits that no answer has for both of two data sets; None if none is refuted."""
        return None if self.sets is None or self.sets.pair is None else self.sets.pair.refuted

    @property
    def unique(self) -> str:
        """`yes` where each data set is proved to have one minimiser, else `open`.

        Of the LASSO it has where all columns off J are out: on J the objective is strictly convex.
        """
        if self.determined is None:
            return "open"
        if isinstance(self.determined, UnsquaredDetermined):
            return "yes" if self.determined.outcomes[0].unique else "open"
        decided = len(self.determined.outcomes[0].outside) + len(self.determined.allowed)
        return "yes" if decided == len(self.names) else "open"

    @property
    def words(self) -> str:
        """The verdict, and whether there may be other minimisers."""
        return self.verdict + ("" if self.unique == "yes" else ", uniqueness open")

    def columns(self, kind: str) -> list[int]:
        """Return the columns that are `inside`, `outside`, `undetermined` or `undecided`, from 0.

        Undetermined are those of which two data sets show that they may be in or out.
        """
        found = self.determined or self.fit
        known = {"inside": (), "outside": ()} if found is None else _statuses(found)
        if kind in known:
            return list(known[kind])
        differing = {} if self.sets is None else self.sets.pairs
        proved = {*known["inside"], *known["outside"]}
        wanted = kind == "undetermined"
        return [j for j in range(len(self.names)) if j not in proved and (j in differing) == wanted]

    @cached_property
    def superfluous(self) -> list[int]:
        """The columns that are in, and in no minimiser."""
        return [j for j in self.columns("outside") if self.given is not None and _is_in(self.given[j])]

    @cached_property
    def missing(self) -> list[int]:
        """The columns that are out, and in every minimiser."""
        return [j for j in self.columns("inside") if self.given is not None and not _is_in(self.given[j])]


def _statuses(determined: AnyDetermined) -> dict[str, tuple[int, ...]]:
    outcome = determined.outcomes[0]
    return {"inside": tuple(outcome.inside), "outside": tuple(outcome.outside)}


def _is_in(value: Pair) -> bool:
    return value[0] != 0 or value[1] != 0


def _norm_bounds(values: Sequence[Pair]) -> Pair:
    return norm_bounds([part for pair in values for part in pair])


def wanted_digits(digits: int) -> int:
    """Return how many digits of a minimiser are to be known where K are asked of the coefficients."""
    return max(_DIGITS, digits + _BEYOND)


def enclosed_found(
    question: EnclosedQuestion,
    determined: ComplexDetermined | UnsquaredDetermined | None,
    *,
    digits: int,
    stated: Stated | None,
    fit: FitDetermined | None = None,
    seconds: float = SECONDS,
    keep: bool = False,
    progress: Progress | None = None,
) -> EnclosedFound:
    """Return what is found, with notes on the precision, and the certificates in reach.

    Args:
        question: the problem and the coefficients.
        determined: what is proved of the minimisers.
        digits: K.
        stated: how near the data are to the true ones; None where they are taken as they are.
        fit: what is proved where no distance is.
        seconds: for looking for data sets that differ, where there is a precision.
        keep: whether an interrupt ends that with what is proved by then; else it is raised.
        progress: is told what is being done.
    """
    sets: EnclosedSets | None = None
    if stated is not None:
        question = replace(question, notes=(*question.notes, *stated.notes))
        if not (stated.precision.matrix.nothing and stated.precision.data.nothing):
            near = question.coefficients if determined is None else determined.point
            sets = EnclosedSets.of(question.problem, stated.precision, near, seconds=seconds, progress=progress)
    found = EnclosedFound(question, digits, determined, fit, stated, sets)
    if sets is not None:
        try:
            sets.look(found.columns("undecided"))
        except KeyboardInterrupt:
            if not keep:
                raise
            sets.stopped = "interrupt"
    return replace(found, certify=partial(enclosed_files, question, determined or fit, sets))

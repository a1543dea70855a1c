"""How precisely data have to be read for their support to be determined, by an algorithm that reads no further."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from flint import fmpq

from exact_base.answers import number_data
from exact_base.decimals import above
from exact_base.errors import BudgetError, UsageError
from exact_base.rationals import parse_rational, power_of_two
from exact_base.reprs import short_repr
from exact_base.terminal import Shown, heading
from exact_base.words import counted, digits_in_words
from sci_barriers.certificates.data_digits import data_digits_files
from sci_barriers.certificates.penalised import array_file
from sci_barriers.certificates.provenance import producer
from sci_barriers.checks.determined import most_proved, norm_bounds
from sci_barriers.checks.questions import Question, listed
from sci_barriers.problems.determined.reading import Reading, read_problem, readings
from sci_barriers.problems.penalised.problem import Progress, entries_of
from sci_barriers.problems.penalised.solving import Solution, minimise

__all__ = ["SECONDS", "VERDICTS", "SupportFound", "support_found"]

VERDICTS = ("determined", "undecided")
"""The words; `undecided` where the budget ended first."""

SECONDS = 60.0
"""The budget where none is given: on some data no reading is enough."""

_MOST_PLACES = 1 << 16
"""Binary places that are read at most; numbers of a certificate have to have an end."""


@short_repr()
@dataclass(frozen=True)
class SupportFound:
    """What was read, and what is known from it.

    Attributes:
        question: the problem, with its names.
        digits: K, if that many digits were to be determined too.
        reading: the coarsest that is enough; where none is, the coarsest of those that decide most columns; None before
            the first ended.
        coarser: the finest precision that was seen not to be enough; 0 if there is none.
        reads: at which precisions was read, in order.
        tied: where no reading was enough, columns that are out in the minimiser of the data themselves and at the edge
            of being in, so that no reading can be enough.
        several: where no reading was enough, whether the data themselves may have several minimisers.
    """

    question: Question
    digits: int | None
    reading: Reading | None
    coarser: int
    reads: tuple[int, ...]
    tied: tuple[int, ...] = ()
    several: bool = False

    @property
    def verdict(self) -> str:
        """One of `VERDICTS`."""
        return "determined" if self.reading is not None and self.reading.known else "undecided"

    @property
    def proved(self) -> int | None:
        """The digits that are determined by what was read; None if all are."""
        outcome = None if self.reading is None else self.reading.outcome
        if self.reading is None or self.reading.determined is None or outcome is None:
            return 0
        point = entries_of(self.reading.determined.point)[: self.question.problem.features]
        return most_proved(outcome.distance, norm_bounds(point)[0])

    def certificates(self) -> dict[str, bytes]:
        """Return the certificate of what was read, and the files beside it, by name; none without anything proved.

        Raises:
            SciBarriersError: if a number or an array exceeds the caps of the format.
        """
        if self.reading is None or self.reading.determined is None:
            return {}
        problem = self.reading.solution.problem
        files = {"matrix": array_file("X", problem.matrix), "data": array_file("y", problem.data, vector=True)}
        said = producer() | {"objective": self.question.objective, "read": f"to within 2^-{self.reading.precision}"}
        return data_digits_files(self.reading.determined, stem="support", files=files, provenance=said)

    def data(self) -> dict[str, Any]:
        """Return everything for JSON; columns are counted from 1."""
        reading, outcome = self.reading, None if self.reading is None else self.reading.outcome
        features = self.question.problem.features
        known = set() if reading is None else {*reading.inside, *reading.outside}
        return {
            "objective": self.question.objective,
            "rows": self.question.problem.rows,
            "columns": features,
            "digits": self.digits,
            "precision": None if reading is None else reading.precision,
            "within": None if reading is None else number_data(power_of_two(-reading.precision)),
            "coarser": self.coarser or None,
            "reads": list(self.reads),
            "in": [] if reading is None else [j + 1 for j in reading.inside],
            "out": [] if reading is None else [j + 1 for j in reading.outside],
            "undecided": [j + 1 for j in range(features) if j not in known],
            "names": list(self.question.names),
            "unique": outcome is not None and outcome.unique,
            "distance": None if outcome is None else number_data(_above(outcome.distance), side="above"),
            "nothing_moves": self.proved is None,
            "at_least": self.proved,
            "tied": [j + 1 for j in self.tied],
            "several": self.several,
            "notes": list(self.question.notes),
        }

    def shown(self) -> list[Shown]:
        """Return it for a screen."""
        shown: list[Shown] = [heading(f"support: {self.verdict}"), f"  minimised: {self.question.objective}"]
        shown += [f"  {note}" for note in self.question.notes]
        if self.reading is None:
            return [*shown, "  the budget ended before anything was proved"]
        names, reading = self.question.names, self.reading
        near = f"2^-{reading.precision} ({above(power_of_two(-reading.precision))})"
        said = f"each number of X and y within {near}, {counted(len(self.reads), 'read')}"
        if self.verdict == "determined" and self.coarser:
            said += f"; within 2^-{self.coarser} is not proved to be enough"
        elif self.coarser > reading.precision:
            said += f"; as far as 2^-{self.coarser} nothing more is decided"
        shown.append(f"  read: {said}")
        left = [j for j in range(len(names)) if j not in {*reading.inside, *reading.outside}]
        for label, columns in (("in", reading.inside), ("out", reading.outside), ("not decided", left)):
            if columns:
                shown.append(f"  {label}: {listed(names, columns)} ({len(columns)})")
        shown += [f"  {line}" for line in self._proved()]
        return shown

    def _proved(self) -> Iterator[str]:
        outcome = None if self.reading is None else self.reading.outcome
        if outcome is not None:
            one = "one minimiser only" if outcome.unique else "all minimisers"
            where = (
                "the same" if outcome.distance == 0 else f"within {above(outcome.distance)} of that of what was read"
            )
            yield f"all data that are so near have {one}, {where}:"
            wanted = f", of {self.digits} asked for" if self.digits is not None else ""
            verb = "are" if self.proved is None or self.proved > 1 else "is"
            yield f"  {digits_in_words(self.proved)} of it {verb} determined{wanted}"
        if self.tied:
            yield f"at the edge of being in, for the data of the files: {listed(self.question.names, self.tied)}"
            yield "  as near as one likes there are data for which it is in, and such for which it is out"
        if self.several:
            yield "the data of the files may have several minimisers, and if they have no reading is enough"


def support_found(
    question: Question,
    *,
    digits: int | None = None,
    budget: float = SECONDS,
    progress: Progress | None = None,
) -> SupportFound:
    """Read at n = 1, 2, 4, ... until the support is determined, and then for the least such n between the last two.

    Args:
        question: the problem, as `given_question` makes it.
        digits: K, if that many digits are to be determined too.
        budget: seconds, after which it ends with what is proved; infinity for none.
        progress: is told what is being done.

    Raises:
        UsageError: for a budget that is not positive.

    >>> from flint import fmpq
    >>> from exact_base.matrices import exact_column, exact_matrix
    >>> from sci_barriers.checks.conventions import Request
    >>> from sci_barriers.checks.given import given_question
    >>> from sci_barriers.checks.supports import support_found
    >>> X, y = exact_matrix([["1/3", 0], [0, 1]]), exact_column([9, "1/7"])
    >>> found = support_found(given_question(None, X, y, Request("half", lam=fmpq(1, 2))))
    >>> found.verdict, found.reading.inside, found.reading.outside
    ('determined', (0,), (1,))
    """
    if not budget > 0:
        raise UsageError("--budget must be positive")
    until = time.monotonic() + budget

    def tell(words: str) -> None:
        if time.monotonic() > until:
            raise _OutOfTimeError("the budget has ended")
        if progress is not None:
            progress(words)

    problem, reads = question.problem, []
    enough: Reading | None = None
    last: Reading | None = None
    best: Reading | None = None

    def at(n: int) -> Reading:
        tell(f"reading to within 2^-{n}")
        reads.append(n)
        return next(readings(read_problem(problem), [n], digits=digits, progress=tell))

    try:
        for n in (1 << k for k in count()):
            if n > _MOST_PLACES:
                break
            found = at(n)
            if found.known:
                enough = found
                break
            last = found
            best = found if best is None or _decided(found) > _decided(best) else best
        while enough is not None and enough.precision - (last.precision if last is not None else 0) > 1:
            low = last.precision if last is not None else 0
            found = at((enough.precision + low) // 2)
            enough, last = (found, last) if found.known else (enough, found)
    except _OutOfTimeError:
        pass
    coarser = 0 if last is None else last.precision
    if enough is not None:
        return SupportFound(question, digits, enough, coarser, tuple(reads))
    tied, several = _edge(minimise(problem, progress=progress))
    return SupportFound(question, digits, best, coarser, tuple(reads), tied, several)


def _decided(reading: Reading) -> int:
    return len(reading.inside) + len(reading.outside)


class _OutOfTimeError(BudgetError):
    """Ends the work on what takes too long."""


def _edge(solution: Solution) -> tuple[tuple[int, ...], bool]:
    """Return columns that are out with their slope at its bound, and whether those at it are dependent.

    With such a column multiplied by 1 + t, t > 0, it is in, as the minimisers without it have too large a slope; with
    t < 0 they stay, and it is out.
    """
    problem, point = solution.problem, entries_of(solution.point)
    tied = [j for j in solution.active if j < problem.features and point[j] == 0]
    free = [j for j in solution.active if problem.ridge_entries[j] == 0]
    return tuple(tied), len(solution.integers.form.independent(free)) < len(free)


def _above(value: fmpq) -> fmpq:
    return parse_rational(above(value, digits=20))

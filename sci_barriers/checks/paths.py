"""The path of somebody's own data: for which levels of the penalty each column is in, for readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flint import fmpq

from exact_base.answers import number_data
from exact_base.decimals import about, above, below
from exact_base.errors import UsageError
from exact_base.reprs import short_repr
from exact_base.terminal import Listing, Shown, heading
from exact_base.words import counted
from sci_barriers.certificates.path import path_files
from sci_barriers.certificates.provenance import producer
from sci_barriers.checks.conventions import LIKE, Request
from sci_barriers.checks.questions import DATA, MATRIX, Question, listed
from sci_barriers.problems.penalised.path import Interval, Path, certified_path
from sci_barriers.problems.penalised.problem import Progress

__all__ = ["VERDICTS", "PathFound", "lower_end", "path_found", "path_request", "strength_of"]

VERDICTS = ("solved", "undecided")
"""The words; `undecided` where the budget ended before the lower end was reached."""


def strength_of(like: str) -> str:
    """Return the name of the level of the penalty: `alpha` or `lam`.

    >>> from sci_barriers.checks.paths import strength_of
    >>> strength_of("sklearn"), strength_of("half")
    ('alpha', 'lam')
    """
    return LIKE[like].strength


def path_request(like: str, **options: Any) -> Request:
    """Return the request of the objective at level 1, of which the path goes through all levels.

    Args:
        like: one of `LIKE`.
        options: further fields of `Request`.

    >>> from sci_barriers.checks.paths import path_request
    >>> path_request("sklearn").alpha
    1
    """
    level: dict[str, Any] = {strength_of(like): fmpq(1)}
    return Request(like, **level, **options)


@short_repr()
@dataclass(frozen=True)
class PathFound:
    """A path, with what it is a path of.

    Attributes:
        question: the problem at level 1, with its names and files.
        path: the path.
        level: what the level is called, alpha or lam.
        objective: what is minimised, as the library writes it.
        between: an interval of levels that is asked about, if one is.
    """

    question: Question
    path: Path
    level: str
    objective: str
    between: tuple[fmpq, fmpq] | None = None

    @property
    def verdict(self) -> str:
        """One of `VERDICTS`."""
        return "solved" if self.path.complete else "undecided"

    def certificates(self) -> dict[str, bytes]:
        """Return the certificate and the files beside it, by name.

        Raises:
            SciBarriersError: if a number or the file exceeds the caps of the format.
        """
        fields = {MATRIX: "matrix", DATA: "data"}
        files = {fields[name]: (name, content) for name, content in self.question.arrays.items()}
        said = producer() | {"objective": self.objective, "level": self.level}
        return path_files(self.path, files=files, provenance=said)

    def data(self) -> dict[str, Any]:
        """Return everything for JSON; columns are counted from 1."""
        report = self.path.report()
        names = self.question.names
        report["features"] = [
            {"column": one["column"] + 1, "name": names[one["column"]], "in": one["in"]} for one in report["features"]
        ]
        between: dict[str, Any] | None = None
        if self.between is not None:
            low, high = self.between
            found = self.path.during(low, high)
            between = {key: [j + 1 for j in columns] for key, columns in found.items()} | {
                "low": number_data(low),
                "high": number_data(high),
            }
        notes = list(self.question.notes)
        return {"level": self.level, "objective": self.objective, **report, "between": between, "notes": notes}

    def shown(self) -> list[Shown]:
        """Return it for a screen."""
        path, names = self.path, self.question.names
        low, high = path.breakpoints[-1], path.breakpoints[0]
        ending = "" if path.complete else f", where the budget ended; below {above(low)} nothing is proved"
        pieces = counted(path.linear_pieces, "linear piece")
        shown: list[Shown] = [
            heading(f"path: {self.verdict}"),
            f"  minimised: {self.objective}",
            f"  followed from {self.level} = {about(high)} down to {about(low)}{ending}",
            f"  {pieces}, {counted(len(path.breakpoints), 'breakpoint')}; {self._uniqueness()}",
        ]
        shown += [f"  {note}" for note in self.question.notes]
        if self.between is not None:
            first, last = self.between
            found = path.during(first, last)
            shown.append(f"  for all {self.level} from {about(first)} to {about(last)}:")
            words = {"in": "not 0", "out": "0", "changing": "not 0 for some, 0 for others"}
            shown += [f"    {words[key]}: {listed(names, found[key]) if found[key] else 'none'}" for key in words]
        intervals = path.features()
        rows = [[name, _in_words(parts)] for name, parts in zip(names, intervals, strict=True) if parts]
        never = [j for j, parts in enumerate(intervals) if not parts]
        if rows:
            shown.append(Listing(["column", f"not 0 for {self.level}"], rows))
        if never:
            shown.append(f"  0 as far as the path was followed: {listed(names, never)}")
        return shown

    def _uniqueness(self) -> str:
        missing = sum(not one for one in self.path.decided)
        if not missing:
            return "between breakpoints there is no other minimiser"
        return f"on {missing} of {counted(len(self.path.decided), 'piece')} other minimisers are not excluded"


def _in_words(parts: Sequence[Interval]) -> str:
    """Return intervals whose printed ends lie within them."""
    return ", ".join(_one(part) for part in parts)


def _one(part: Interval) -> str:
    if part.high is None:
        return f"{above(part.low)} and more"
    return f"{above(part.low)} to {below(part.high)}"


def lower_end(low: fmpq | None, between: tuple[fmpq, fmpq] | None) -> fmpq:
    """Return the level at which a path ends: `low`, or the lower end of `between`, or 0.

    Raises:
        UsageError: if one of them is negative, or the interval is empty or reaches below `low`.

    >>> from flint import fmpq
    >>> from sci_barriers.checks.paths import lower_end
    >>> str(lower_end(None, (fmpq(1, 2), fmpq(1))))
    '1/2'
    """
    ends: Mapping[str, fmpq | None] = {"--low": low, "--between": None if between is None else between[0]}
    for option, end in ends.items():
        if end is not None and end < 0:
            raise UsageError(f"{option} must be at least 0, got {end}")
    if between is not None and between[0] > between[1]:
        raise UsageError(f"--between is an interval, and {between[0]} is more than {between[1]}")
    if between is not None and low is not None and between[0] < low:
        raise UsageError(f"--between starts at {between[0]}, below --low {low}")
    return low if low is not None else fmpq(0) if between is None else between[0]


def path_found(
    question: Question,
    *,
    low: fmpq | None = None,
    between: tuple[fmpq, fmpq] | None = None,
    budget: float | None = None,
    progress: Progress | None = None,
) -> PathFound:
    """Follow the path of a question whose problem is at level 1.

    Args:
        question: as `given_question` makes it of a `path_request`.
        low: the lower end; 0, or that of `between`, if it is not given.
        between: levels about which more is said.
        budget: seconds after which the path ends with what is proved.
        progress: is told what is being done.

    Raises:
        UsageError: as `lower_end` does, and for a question that is not that of a request.

    >>> from exact_base.matrices import exact_column, exact_matrix
    >>> from sci_barriers.checks.given import given_question
    >>> from sci_barriers.checks.paths import path_found, path_request
    >>> X, y = exact_matrix([[1, 0], [0, 1]]), exact_column([2, 1])
    >>> found = path_found(given_question(None, X, y, path_request("half")))
    >>> found.verdict, [str(level) for level in found.path.breakpoints]
    ('solved', ['2', '1', '0'])
    """
    end, request = lower_end(low, between), question.request
    if request is None:
        raise UsageError("a path is that of a request, as `path_request` makes it; a fitted model has one level only")
    path = certified_path(question.problem, low=end, budget=budget, progress=progress)
    known = between is not None and path.breakpoints[-1] <= between[0]
    convention = LIKE[request.like]
    return PathFound(
        question,
        path,
        convention.strength,
        convention.objective(weights=request.weights is not None, ridge=False),
        between if known else None,
    )

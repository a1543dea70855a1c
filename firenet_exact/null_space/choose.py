"""Which method: those that apply are tried, and every property that is better than what was known is given at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Literal, TypeAlias

import numpy as np
from flint import fmpq

from exact_base.decimals import above, below
from exact_base.errors import BudgetError, DataError, NotCertifiedError, SolverError
from exact_base.matrices import ExactMatrix, MatrixLike, exact_matrix
from exact_base.rationals import to_float
from exact_base.reprs import short_repr
from firenet_exact.levels import Levels
from firenet_exact.null_space.coherence import by_coherence
from firenet_exact.null_space.exhaustive import exhaustions
from firenet_exact.null_space.property import NullSpaceProperty, Point, Refutation, check_size
from firenet_exact.null_space.refutation import refutations
from firenet_exact.null_space.relaxation import relaxations
from firenet_exact.running import Progress, Row, Rows, aside

__all__ = ["Attempt", "Begun", "Event", "Limit", "MethodName", "Verdict", "decide", "is_better", "search", "summary"]

MethodName = Literal["auto", "exhaustive", "relaxation", "coherence", "refute"]
_ONE = fmpq(1)
_AUTO: tuple[MethodName, ...] = ("coherence", "relaxation", "refute", "exhaustive")
_FEW_SUPPORTS = 1000
"""So many may be seen one by one to improve what is proved already."""


@short_repr()
@dataclass(frozen=True)
class Begun:
    """A method begins."""

    method: str
    sparsities: tuple[int, ...]


@short_repr()
@dataclass(frozen=True)
class Attempt:
    """One method and what came of it: `certified`, `refuted`, `failed` (which refutes nothing) or `stopped`."""

    method: str
    sparsities: tuple[int, ...]
    outcome: str
    reason: str
    seconds: float


@short_repr()
@dataclass(frozen=True, eq=False)
class Limit:
    """Where raising the sparsity of one level ended.

    Attributes:
        level: its number, from 0.
        levels: the levels that were not proved; None if this one has no more columns.
        attempts: what the methods said of them.
        refuted: a refutation with the least sparsity of this level that is refuted, the others as they are, or None.
    """

    level: int
    levels: Levels | None
    attempts: tuple[Attempt, ...]
    refuted: Refutation | None


Event: TypeAlias = Begun | Progress | Row | Point | NullSpaceProperty | Refutation | Attempt | Limit
"""What a search tells: only properties and refutations are proved."""


def is_better(found: NullSpaceProperty, known: NullSpaceProperty | None) -> bool:
    """Whether a property has more sparsity than another of the same matrix, or the same and less of the best C2."""
    if known is None or found.levels != known.levels:
        return known is None or found.levels.size > known.levels.size
    return bool(found.best.pair[1] < known.best.pair[1])


def summary(found: NullSpaceProperty) -> str:
    """Return ρ, γ and the best C2, rounded up."""
    return f"ρ <= {above(found.rho)}, γ <= {above(found.gamma)}, C2 <= {above(found.best.pair[1])}"


@short_repr("word")
@dataclass
class Verdict:
    """What is known of a matrix so far.

    Attributes:
        attempts: all methods that were tried, in order.
        points: the trade-offs that were seen, in floating point.
        proved: the best certified property, if any.
        refuted: a refutation, if any; then nothing can be proved.
        limits: by level what is known of where the sparsities end, if the largest ones were asked.
    """

    attempts: list[Attempt] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    proved: NullSpaceProperty | None = None
    refuted: Refutation | None = None
    limits: dict[int, Limit] = field(default_factory=dict)
    _running: tuple[Begun, float] | None = field(default=None, repr=False)

    @property
    def word(self) -> Literal["certified", "refuted", "undecided"]:
        """The verdict in a word."""
        return "certified" if self.proved is not None else "refuted" if self.refuted is not None else "undecided"

    def follow(self, events: Iterable[Event]) -> Iterator[Event]:
        """Yield the events of a search, and know what they say; one whose time is over, or that died, has ended."""
        try:
            for event in events:
                self._take(event)
                yield event
        except (BudgetError, SolverError) as error:
            begun, start = self._running or (Begun("start", ()), time.perf_counter())
            seconds = time.perf_counter() - start
            self._take(Attempt(begun.method, begun.sparsities, "stopped", str(error), seconds))

    def _take(self, event: Event) -> None:
        if isinstance(event, Begun):
            self._running = event, time.perf_counter()
        elif isinstance(event, Attempt):
            self._running = None
            self.attempts.append(event)
        elif isinstance(event, Point):
            self.points.append(event)
        elif isinstance(event, NullSpaceProperty):
            if self.proved is not None and event.levels != self.proved.levels:
                self.points.clear()  # they were about fewer columns
            self.proved = event
        elif isinstance(event, Refutation):
            self.refuted = event
        elif isinstance(event, Limit):
            self.limits[event.level] = event


def search(
    matrix: MatrixLike,
    levels: Levels,
    *,
    method: MethodName = "auto",
    most: fmpq = _ONE,
    known: NullSpaceProperty | None = None,
    rows: Rows | None = None,
    improve: bool = True,
) -> Generator[Event, None, None]:
    """Yield properties of A, shape (m, N), as they are proved, each better than the one before, or a refutation.

    Whoever stops to read, or is interrupted, has what was proved until then. Between them come events that say what is
    done and how it ended.

    Args:
        matrix: A: an `ExactMatrix`, or what `exact_matrix` takes, such as a numpy array.
        levels: the levels of its columns.
        method: `auto` tries all, but the exhaustive one only where there are few supports, and refutes only what is
            not proved.
        most: ρ must be less than this, which is decided exactly.
        known: a property of A that is proved already; only better ones are given.
        rows: what linear and cone programs gave before, by table and index; more are added.
        improve: whether the search goes on when something is proved.

    Raises:
        UsageError: if levels and matrix do not fit together, or a solver is not installed.
        DataError: if A is no matrix of finite numbers.

    >>> from firenet_exact import Levels, NullSpaceProperty, search
    >>> found = search([[1, 0], [0, 1]], Levels.of([2], [1]))
    >>> next(event for event in found if isinstance(event, NullSpaceProperty)).evidence.method
    'coherence'
    """
    matrix = exact_matrix(matrix)
    check_size(matrix, levels)
    best, refuted, rows = known, False, {} if rows is None else rows
    for name in _AUTO if method == "auto" else (method,):
        if (best is not None and not improve) or (method == "auto" and _is_idle(name, best, refuted, levels)):
            continue
        yield Begun(name, levels.sparsities)
        start, own, last = time.perf_counter(), None, None
        outcome, reason = "failed", ""
        try:
            for event in _quiet(_events(name, matrix, levels, rows, most)):
                if isinstance(event, Refutation):
                    refuted, outcome, reason = True, "refuted", "by an exact kernel vector"
                if not isinstance(event, NullSpaceProperty):
                    yield event
                    continue
                last = event
                if event.rho < most:
                    own, outcome, reason = event, "certified", summary(event)
                    if is_better(event, best):
                        best = event
                        yield event
                    if not improve:
                        break
            if own is None and last is not None:
                reason = f"ρ >= {below(last.rho)} is not less than {most}"
        except (NotCertifiedError, DataError) as error:  # DataError: what float64 cannot hold
            reason = reason or str(error)
        except np.linalg.LinAlgError as error:
            reason = reason or f"in floating point: {error}"
        yield Attempt(name, levels.sparsities, outcome, reason, time.perf_counter() - start)


def decide(
    matrix: MatrixLike,
    levels: Levels,
    *,
    method: MethodName = "auto",
    most: fmpq = _ONE,
    known: NullSpaceProperty | None = None,
    seconds: float | None = None,
    tell: Callable[[Event], None] | None = None,
) -> Verdict:
    """Try to prove or refute the property of A, shape (m, N), and return the best that `search` finds.

    Args:
        matrix: as for `search`.
        levels: as for `search`.
        method: as for `search`.
        most: as for `search`.
        known: as for `search`.
        seconds: wall-clock limit, after which the search, in a process of its own, is killed; None for none.
        tell: called with each event, when it happens.

    Raises:
        UsageError: if levels and matrix do not fit together, or a solver is not installed.
        DataError: if A is no matrix of finite numbers.

    >>> from firenet_exact import Levels, decide
    >>> decide([[1, 0], [0, 1]], Levels.of([2], [1]), method="coherence").word
    'certified'
    """
    exact = exact_matrix(matrix)
    check_size(exact, levels)
    verdict = Verdict(proved=known)
    work = partial(search, exact, levels, method=method, most=most, known=known)
    with closing(work() if seconds is None else aside(work, seconds=seconds)) as events:
        for event in verdict.follow(events):
            if tell is not None:
                tell(event)
    return verdict


def _is_idle(name: MethodName, best: NullSpaceProperty | None, refuted: bool, levels: Levels) -> bool:
    """Whether a method has nothing to add."""
    if name == "exhaustive":
        return refuted or (best is not None and levels.count_supports() > _FEW_SUPPORTS)
    return name == "refute" and best is not None


def _events(name: MethodName, matrix: ExactMatrix, levels: Levels, rows: Rows, most: fmpq) -> Iterator[Event]:
    if name == "coherence":
        return iter([by_coherence(matrix, levels)])
    if name == "refute":
        return refutations(matrix, levels, rows)
    return (relaxations if name == "relaxation" else exhaustions)(matrix, levels, rows, most=to_float(most))


def _quiet(events: Iterator[Event]) -> Iterator[Event]:
    """Floating point only proposes; what overflowed proves nothing."""
    while True:
        with np.errstate(all="ignore"):
            event = next(events, None)
        if event is None:
            return
        yield event

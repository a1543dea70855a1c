"""One run after the other: the schedule of the tapes of an algorithm, and what became of each run.

A `Schedule` is either an `Enumeration` of the tree of coins or a list of `Seeds`. It is followed at both ends of the
line to a worker process, so that the game knows where a worker was when it was lost.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from flint import fmpq

from sci_barriers.classes import OmegaClass
from sci_barriers.errors import DataError
from sci_barriers.isolation.wire import Message, write_vector
from sci_barriers.randomised.algorithm import coins_of
from sci_barriers.randomised.tapes import Draw, SeededTape, Tape, Tree, TreeTape
from sci_barriers.running import attempt
from sci_barriers.training_data import Oracle, QueryAccess, StreamAccess, open_access

__all__ = [
    "MAX_LENGTH",
    "Enumeration",
    "Leaf",
    "RandomisedCandidate",
    "RandomisedPlayer",
    "Report",
    "Schedule",
    "Seeds",
    "Setting",
    "follow",
    "schedule_of",
]

MAX_LENGTH = 1 << 20
INCONSISTENT = "it drew otherwise after the same coins: it keeps state between runs, or has other sources of chance"


@dataclass(frozen=True)
class Leaf:
    """What became of one run.

    Attributes:
        reads: the precisions read, in order.
        answer: the output as text, exact (`wire.write_vector`); None if there is none.
        stopped: whether it was stopped, for reads or coins, so that what it did after that does not count.
        status: one of `sci_barriers.running.STATUSES`.
        failure: why there is no answer, one line.
    """

    reads: tuple[int, ...]
    answer: str | None
    stopped: bool
    status: str
    failure: str


class Schedule(Protocol):
    """Which runs are made."""

    @property
    def weight(self) -> fmpq:
        """The weight of the current run: its probability, or 1 for a seed."""

    def order(self) -> Message:
        """Say what is left, for a worker."""

    def grow(self, weights: tuple[int, ...]) -> None:
        """Follow a draw of the current run that was not known."""

    def tape(self, *, coins: str | None, grown: Callable[[tuple[int, ...]], None]) -> Tape | np.random.Generator | None:
        """Return what the current run draws from; `grown` is told of draws that are new."""

    def advance(self) -> bool:
        """Go to the next run; False if there is none."""


class Enumeration:
    """All tapes, depth first, up to a number of runs; each tape has at most `length` draws.

    Attributes:
        tree: where the walk is.
        leaves: how many runs are left, the current one included.
    """

    def __init__(self, *, length: int, leaves: int, path: Iterable[Draw] = ()) -> None:
        """Begin at the first run that starts with `path`."""
        self.length, self.leaves, self.tree = length, leaves, Tree(path)

    @property
    def weight(self) -> fmpq:
        """The probability of the current path."""
        return self.tree.weight

    def order(self) -> Message:
        """Say what is left."""
        path = [[*draw.weights, draw.choice] for draw in self.tree.path]
        return {"length": self.length, "leaves": self.leaves, "path": path}

    def grow(self, weights: tuple[int, ...]) -> None:
        """Follow a draw that was not known.

        Raises:
            DataError: if there can be no such draw.
        """
        if len(self.tree.path) >= self.length or len([weight for weight in weights if weight > 0]) < 2:
            raise DataError("a draw needs two positive weights and a place on the tape")
        self.tree.grow(weights)

    def tape(self, *, coins: str | None, grown: Callable[[tuple[int, ...]], None]) -> Tape | None:
        """Return the current tape."""
        return TreeTape(self.tree, length=self.length, grown=grown) if coins == "tape" else None

    def advance(self) -> bool:
        """Go to the next run, if any are left to make."""
        self.leaves -= 1
        return self.tree.advance() and self.leaves > 0


class Seeds:
    """Independent runs, one for each seed."""

    weight = fmpq(1)

    def __init__(self, seeds: Sequence[int], *, length: int) -> None:
        """Begin with the first of at least one seed."""
        self.length, self._seeds, self._at = length, tuple(seeds), 0

    @property
    def seed(self) -> int:
        """The seed of the current run."""
        return self._seeds[self._at]

    def order(self) -> Message:
        """Say what is left."""
        return {"length": self.length, "seeds": list(self._seeds[self._at :])}

    def grow(self, weights: tuple[int, ...]) -> None:
        """Nothing is followed.

        Raises:
            DataError: always.
        """
        raise DataError("a seeded run reports no draws")

    def tape(self, *, coins: str | None, grown: Callable[[tuple[int, ...]], None]) -> Tape | np.random.Generator | None:
        """Return what the current run draws from."""
        generator = np.random.Generator(np.random.PCG64(self.seed))
        if coins == "tape":
            return SeededTape(generator, length=self.length)
        return generator if coins == "numpy" else None

    def advance(self) -> bool:
        """Go to the next seed."""
        self._at += 1
        return self._at < len(self._seeds)


def schedule_of(order: Message) -> Enumeration | Seeds:
    """Return the schedule that an order describes."""
    if "seeds" in order:
        return Seeds(order["seeds"], length=order["length"])
    path = [Draw(tuple(weights), choice) for *weights, choice in order["path"]]
    return Enumeration(length=order["length"], leaves=order["leaves"], path=path)


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Against what every run of a schedule is made.

    Attributes:
        omega: the class.
        oracle: who answers; the same questions get the same answers in all runs.
        access: `query` or `stream`.
        precision: what a one-shot solver is told to read to.
        limit: as in `TrainingData`.
        finest: as in `TrainingData`.
    """

    omega: OmegaClass
    oracle: Oracle
    access: str
    precision: int
    limit: int
    finest: int | None = None

    def open(self) -> QueryAccess | StreamAccess:
        """Return the training data of one run."""
        known = self.omega.known(precision=self.precision)
        return open_access(self.access, known, self.oracle, limit=self.limit, finest=self.finest)


Report = Callable[[Leaf], None]
"""Is told of each run as it ends, before the schedule advances."""


class RandomisedPlayer(Protocol):
    """A randomised algorithm with a name, and a way to make the runs of a schedule."""

    @property
    def name(self) -> str:
        """How it is called in reports."""

    @property
    def versions(self) -> str:
        """What it is made of, for the provenance of certificates."""

    @property
    def conditions(self) -> Mapping[str, str]:
        """How it is run, for the provenance of certificates."""

    @property
    def coins(self) -> str | None:
        """What it draws from: `tape` or `numpy`, or None if it is deterministic."""

    def follow(self, schedule: Schedule, setting: Setting, report: Report) -> tuple[str, ...]:
        """Make the runs; return what was observed besides, one line each."""


@dataclass(frozen=True)
class RandomisedCandidate:
    """A randomised algorithm, or a deterministic one, that runs in this process.

    Attributes:
        name: how it is called in reports.
        algorithm: the callable; one that is not marked is called with `data` alone.
        versions: what it is made of.
        conditions: how it is run.
    """

    name: str
    algorithm: Callable[..., Any]
    versions: str = ""
    conditions: Mapping[str, str] = field(default_factory=lambda: {"isolation": "none"})

    @property
    def coins(self) -> str | None:
        """What it draws from."""
        return coins_of(self.algorithm)

    def follow(self, schedule: Schedule, setting: Setting, report: Report) -> tuple[str, ...]:
        """Make the runs in this process; nothing is observed besides."""
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            for leaf in follow(self.algorithm, schedule, setting.open):
                report(leaf)
        return ()


def follow(
    algorithm: Callable[..., Any],
    schedule: Schedule,
    open_data: Callable[[], QueryAccess | StreamAccess],
    *,
    grown: Callable[[tuple[int, ...]], None] = lambda _: None,
) -> Iterator[Leaf]:
    """Make the runs of a schedule in this process, and advance it after each.

    Args:
        algorithm: the callable; `coins_of` says what it draws from.
        schedule: which runs; it is changed.
        open_data: makes the training data of a run.
        grown: told the weights of every draw that was not known, before the run goes on.
    """
    coins = coins_of(algorithm)
    while True:
        tape = schedule.tape(coins=coins, grown=grown)
        data = open_data()
        called = algorithm if coins is None else _with(algorithm, tape)
        run = attempt(called, data)
        consistent = not isinstance(tape, TreeTape) or (tape.consistent and tape.complete)
        stopped = data.stopped or (isinstance(tape, Tape) and tape.stopped)
        yield Leaf(
            tuple(n for _, n in data.log),
            None if run.output is None or stopped else write_vector(run.output),
            stopped,
            run.status if consistent else "inconsistent",
            run.failure if consistent else INCONSISTENT,
        )
        if not schedule.advance():
            return


def _with(algorithm: Callable[..., Any], tape: Any) -> Callable[[Any], Any]:
    return lambda data: algorithm(data, tape)

"""One run after the other: the schedule of the tapes of an algorithm, and what became of each run.

A `Schedule` is either an `Enumeration` of the tree of coins or a list of `Seeds`. It stays with the game, as the
training data and the tapes do: whoever makes a run asks for one draw and one datum after the other, and what was
answered is what the run has drawn and read.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from flint import fmpq

from exact_base.reprs import short_repr
from exact_base.text import vector_to_text
from sci_barriers.data.training_data import Oracle, QueryAccess, StreamAccess, open_access
from sci_barriers.omega.families import OmegaClass
from sci_barriers.omega.known import known_of
from sci_barriers.omega.nested import NestedTies
from sci_barriers.players.coins import coins_of
from sci_barriers.players.running import Run, attempt
from sci_barriers.randomised.tapes import SeededTape, Tape, Tree, TreeTape

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
    "generator",
    "leaf_of",
    "with_coins",
]

MAX_LENGTH = 1 << 20
INCONSISTENT = "it drew otherwise after the same coins: it keeps state between runs, or has other sources of chance"


@short_repr()
@dataclass(frozen=True)
class Leaf:
    """What became of one run.

    Attributes:
        reads: the precisions read, in order.
        answer: the output as text, exact (`wire.vector_to_text`); None if there is none.
        stopped: whether it was stopped, for reads or coins, so that what it did after that does not count.
        status: one of `sci_barriers.players.running.STATUSES`.
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

    @property
    def seed(self) -> int | None:
        """The seed of the current run; None if tapes are enumerated."""

    def tape(self) -> Tape:
        """Return the tape of the current run."""

    def advance(self) -> bool:
        """Go to the next run; False if there is none."""


class Enumeration:
    """All tapes, depth first, up to a number of runs; each tape has at most `length` draws.

    Attributes:
        tree: where the walk is.
        leaves: how many runs are left, the current one included.
    """

    seed = None

    def __init__(self, *, length: int, leaves: int) -> None:
        """Begin at the first run."""
        self.length, self.leaves, self.tree = length, leaves, Tree()

    @property
    def weight(self) -> fmpq:
        """The probability of the current path."""
        return self.tree.weight

    def tape(self) -> Tape:
        """Return the current tape."""
        return TreeTape(self.tree, length=self.length)

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

    def tape(self) -> Tape:
        """Return the current tape."""
        return SeededTape(generator(self.seed), length=self.length)

    def advance(self) -> bool:
        """Go to the next seed."""
        self._at += 1
        return self._at < len(self._seeds)


def generator(seed: int) -> np.random.Generator:
    """Return the numpy Generator of a seed."""
    return np.random.Generator(np.random.PCG64(seed))


@short_repr()
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
        nested: the class with nested ties, where the input is of that.
    """

    omega: OmegaClass
    oracle: Oracle
    access: str
    precision: int
    limit: int
    finest: int | None = None
    nested: NestedTies | None = None

    def open(self) -> QueryAccess | StreamAccess:
        """Return the training data of one run."""
        known = known_of(self.nested or self.omega, precision=self.precision)
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


@short_repr()
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
            while True:
                data, tape = setting.open(), schedule.tape() if self.coins == "tape" else None
                drawn = generator(schedule.seed) if self.coins == "numpy" and schedule.seed is not None else tape
                run = attempt(with_coins(self.algorithm, drawn), data)
                report(leaf_of(run, data, tape))
                if not schedule.advance():
                    return ()


def with_coins(algorithm: Callable[..., Any], coins: Any) -> Callable[[Any], Any]:
    """Return the algorithm with what it draws from, a tape or a numpy Generator; None for a deterministic one."""
    return algorithm if coins is None else lambda data: algorithm(data, coins)


_NO_END = {"timed out", "crashed", "exited", "cut off", "out of memory", "not loaded"}
"""Ways to end after which it is not known what else it would have drawn."""


def leaf_of(run: Run, data: QueryAccess | StreamAccess, tape: Tape | None) -> Leaf:
    """Return what became of a run that was given these data and this tape."""
    stopped = data.stopped or (tape is not None and tape.stopped)
    status, failure = run.status, run.failure
    if isinstance(tape, TreeTape) and not (tape.consistent and (tape.complete or status in _NO_END)):
        status, failure = "inconsistent", INCONSISTENT
    answer = None if run.output is None or stopped else vector_to_text(run.output)
    return Leaf(tuple(n for _, n in data.log), answer, stopped, status, failure)

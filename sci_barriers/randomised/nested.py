"""The adversary against randomised algorithms on inputs with nested ties, which need not halt on any of them.

The runs of all tapes are made on the tie of all columns; then a column falls behind, where no run that has halted can
have seen it, and they are made again; and so on. Which column falls behind is chosen by conditional expectations over
a random chain, which is the proof of docs/randomised.md, "Nested ties", without its chance.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from flint import fmpq

from exact_base.errors import UsageError
from exact_base.rationals import power_of_ten
from exact_base.reprs import short_repr
from exact_base.words import shown
from sci_barriers.data.structured import ChainOracle, StructuredRead
from sci_barriers.omega.families import MAX_BUDGET, MAX_PRECISION, Instance
from sci_barriers.omega.nested import NestedTies
from sci_barriers.randomised.game import (
    DEFAULT_LENGTH,
    DEFAULT_READS,
    MAX_LEAVES,
    Outcome,
    Tally,
    not_repeated,
    obstacle,
    outcomes_of,
)
from sci_barriers.randomised.runs import MAX_LENGTH, Enumeration, RandomisedPlayer, Setting

__all__ = ["NestedResult", "Stage", "follow_input", "play_nested"]


@short_repr()
@dataclass(frozen=True)
class Stage:
    """What a randomised algorithm does on one input of the chain.

    Attributes:
        removed: the columns that have fallen behind, from 1, in order.
        exponents: where they did.
        outcomes: what its runs did, equal ones together.
        transcript: the answers that they read, each once, by precision.
        unhalted: δ, the weight of everything else, of which nothing is claimed; it counts as success.
        reasons: why, with the weights; the most frequent first.
        right: the weight of the answers with K digits on this input.
    """

    removed: tuple[int, ...]
    exponents: tuple[int, ...]
    outcomes: tuple[Outcome, ...]
    transcript: tuple[StructuredRead, ...]
    unhalted: fmpq
    reasons: dict[str, fmpq]
    right: fmpq

    @property
    def bound(self) -> fmpq:
        """An upper bound of the probability of K digits on this input, within the budget if there is one."""
        return self.right + self.unhalted

    @property
    def over_budget(self) -> fmpq:
        """The weight of the runs that were stopped at read M + 1."""
        return sum((outcome.weight for outcome in self.outcomes if outcome.output is None), fmpq(0))


@short_repr()
@dataclass(frozen=True)
class NestedResult:
    """What became of a randomised algorithm on a chain of inputs with nested ties.

    Attributes:
        nested: the class.
        access: `query` or `stream`.
        precision: what a one-shot solver was told to read to.
        budget: M, or None.
        runs: how many runs were made, on all inputs of the chain together.
        stages: the inputs of the chain, the tie of all columns first.
        notes: what was observed besides, one line each.
        reason: why it is undecided, or an empty string.
        worst: the stage with the least bound below 1; None if undecided.
    """

    nested: NestedTies
    access: str
    precision: int
    budget: int | None
    runs: int
    stages: tuple[Stage, ...] = ()
    notes: tuple[str, ...] = ()
    reason: str = ""
    worst: Stage | None = field(default=None)

    @property
    def verdict(self) -> str:
        """`barrier` or `undecided`."""
        return "undecided" if self.worst is None else "barrier"

    @property
    def theorem(self) -> fmpq:
        """What the infimum over the class of every algorithm is at most: 1/H, or 1/d' within a budget."""
        return self.nested.bound if self.budget is None else fmpq(1, self.nested.ties)


def play_nested(
    player: RandomisedPlayer,
    nested: NestedTies,
    *,
    length: int = DEFAULT_LENGTH,
    leaves: int = MAX_LEAVES,
    budget: int | None = None,
    access: str = "query",
    precision: int = 60,
    max_reads: int = DEFAULT_READS,
    progress: Callable[[int], None] = lambda _: None,
) -> NestedResult:
    """Make the runs of all tapes on a chain of inputs with nested ties, and find the one where success is least.

    Args:
        player: who plays.
        nested: the class.
        length: the draws that one tape has; a run that asks for more counts as not halted.
        leaves: the number of runs on one input; the tapes after that count as not halted.
        budget: M, or None.
        access: `query` or `stream`.
        precision: what a one-shot solver is told to read to.
        max_reads: without a budget, a run that makes this many reads counts as not halted.
        progress: is told how many runs have been made on the present input.

    Raises:
        UsageError: for an argument out of range, or an algorithm that draws from a numpy Generator.
    """
    _require("the length of a tape", length, 0, MAX_LENGTH)
    _require("the number of runs", leaves, 1, MAX_LEAVES)
    _require("the precision", precision, 1, MAX_PRECISION)
    _require("the largest number of reads", max_reads, 1, MAX_PRECISION)
    if budget is not None:
        _require("the budget of data", budget, 0, MAX_BUDGET)
    if player.coins == "numpy":
        raise UsageError(f"{player.name} draws from a numpy Generator and cannot be enumerated, as nested ties need")
    game = _Game(player, nested, length, leaves, budget, access, precision, max_reads, progress)
    result = game.play()
    stages = [stage for stage in result.stages if stage.bound < 1]
    if result.reason or not stages:
        return replace(result, reason=result.reason or "on each input all that did not halt might succeed")
    return replace(result, worst=min(stages, key=lambda stage: stage.bound))


@short_repr()
@dataclass(frozen=True)
class Made:
    """The runs of all tapes on one input.

    Attributes:
        stage: what they did.
        reason: why it is undecided, or an empty string.
        runs: how many they were.
        notes: what was observed besides, one line each.
    """

    stage: Stage
    reason: str
    runs: int
    notes: tuple[str, ...]


def follow_input(
    player: RandomisedPlayer,
    nested: NestedTies,
    removed: tuple[int, ...],
    exponents: tuple[int, ...],
    *,
    length: int,
    leaves: int,
    budget: int | None,
    access: str,
    precision: int,
    max_reads: int,
    progress: Callable[[int], None],
    recorded: Sequence[StructuredRead] = (),
) -> Made:
    """Make the runs of all tapes on one input, with the options of `play_nested`; what was recorded is answered so."""
    setting = Setting(
        omega=nested.omega,
        oracle=ChainOracle(nested, removed, exponents, recorded=recorded),
        access=access,
        precision=precision,
        limit=max_reads if budget is None else budget + 1,
        nested=nested,
    )
    schedule = Enumeration(length=length, leaves=leaves)
    tally = Tally(schedule, budget=budget, progress=progress)
    notes = player.follow(schedule, setting, tally.report)
    reason = tally.inconsistent or not_repeated(player, setting, tally, length)
    outcomes, transcript = outcomes_of(tally, setting, fmpq(1))
    halted = sum((outcome.weight for outcome in outcomes), fmpq(0))
    reasons = tally.reasons(fmpq(1))
    untried = 1 - halted - sum(tally.lost_weights.values(), fmpq(0))
    if untried != 0:
        reasons["tapes that were not tried"] = untried
    right = _right(outcomes, nested.instance(removed, exponents))
    stage = Stage(removed, exponents, outcomes, transcript, 1 - halted, reasons, right)
    return Made(stage, reason or (obstacle(tally, outcomes) if outcomes else ""), tally.runs, notes)


@short_repr()
@dataclass
class _Game:
    """The chain that is built, stage by stage."""

    player: RandomisedPlayer
    nested: NestedTies
    length: int
    leaves: int
    budget: int | None
    access: str
    precision: int
    max_reads: int
    progress: Callable[[int], None]
    runs: int = 0

    def play(self) -> NestedResult:
        """Follow the chain to its end, or until a stage is undecided."""
        removed: tuple[int, ...] = ()
        exponents: tuple[int, ...] = ()
        stages: list[Stage] = []
        notes: dict[str, None] = {}
        reason, least = "", self.nested.q0
        while not reason:
            stage, reason, told = self._stage(removed, exponents)
            notes.update(dict.fromkeys(told))
            if not reason:
                stages.append(stage)
                if len(removed) == self.nested.ties - 1:
                    break
                halted = [n for outcome in stage.outcomes if outcome.output is not None for n in outcome.reads]
                least = max([least, *halted])
                if least > MAX_PRECISION:
                    reason = f"it has read so far that a column would fall behind beyond precision {MAX_PRECISION}"
                    break
                removed = (*removed, self._next(stage))
                exponents, least = (*exponents, least), least + 1
        return NestedResult(
            self.nested, self.access, self.precision, self.budget, self.runs, tuple(stages), tuple(notes), reason
        )

    def _stage(self, removed: tuple[int, ...], exponents: tuple[int, ...]) -> tuple[Stage, str, tuple[str, ...]]:
        made = follow_input(
            self.player,
            self.nested,
            removed,
            exponents,
            length=self.length,
            leaves=self.leaves,
            budget=self.budget,
            access=self.access,
            precision=self.precision,
            max_reads=self.max_reads,
            progress=self.progress,
        )
        self.runs += made.runs
        return made.stage, made.reason, made.notes

    def _next(self, stage: Stage) -> int:
        """Return the column that falls behind: the one for which least will be right on the rest of a random chain.

        The weights of the inputs of the chain are those of the proof, 1/j where j columns are tied.
        """
        tied = [i for i in range(1, self.nested.ties + 1) if i not in stage.removed]
        top = max(self.nested.entries(stage.removed, stage.exponents))
        right = {
            subset: _right(stage.outcomes, self._tied(subset, top)) / size
            for size in range(1, len(tied))
            for subset in combinations(tied, size)
        }

        def expected(column: int) -> fmpq:
            """Return the mean, over what remains of the chain, of what is right, with the weights."""
            rest = [i for i in tied if i != column]
            return sum(
                (
                    sum((right[subset] for subset in combinations(rest, size)), fmpq(0)) / math.comb(len(rest), size)
                    for size in range(1, len(rest) + 1)
                ),
                fmpq(0),
            )

        return min(tied, key=expected)

    def _tied(self, columns: Sequence[int], top: fmpq) -> Instance:
        """Return an instance whose minimisers are those of the columns, at the height of `top`."""
        omega = self.nested.omega
        return Instance(omega, tuple(top if i in columns else omega.base / 2 for i in range(1, omega.ties + 1)))


def _right(outcomes: Sequence[Outcome], instance: Instance) -> fmpq:
    """Return the weight of the answers with K digits on an instance."""
    unit2 = power_of_ten(-2 * instance.omega.digits)
    right = (o.weight for o in outcomes if o.output is not None and instance.distance2(o.output) <= unit2)
    return sum(right, fmpq(0))


def _require(what: str, value: object, low: int, high: int) -> None:
    if type(value) is not int or not low <= value <= high:
        raise UsageError(f"{what} must be an integer between {low} and {high}, got {shown(value)}")

"""The adversary against randomised algorithms: on a named member, success is this improbable.

All runs are made on the common oracle. What was read belongs to each of the d members at a level, so every answer has
the target digits on at most one of them. See docs/randomised.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from flint import fmpq

from exact_base.errors import UsageError
from exact_base.rationals import power_of_ten
from exact_base.reprs import short_repr
from exact_base.scalars import ExactArray, as_rational, exact
from exact_base.text import vector_from_text
from exact_base.words import shown
from sci_barriers.data.structured import ChainOracle, CommonOracle, StructuredRead
from sci_barriers.omega.distances import member_distances2
from sci_barriers.omega.families import MAX_PRECISION, OmegaClass, check_budget
from sci_barriers.randomised.binomial import upper_bound
from sci_barriers.randomised.runs import MAX_LENGTH, Enumeration, Leaf, RandomisedPlayer, Schedule, Seeds, Setting

__all__ = [
    "MAX_LEAVES",
    "MAX_SEEDS",
    "Outcome",
    "RandomisedResult",
    "enumerate_tapes",
    "play_randomised",
    "sample_tapes",
]

MAX_LEAVES = 1 << 16
MAX_SEEDS = 10_000
DEFAULT_LENGTH = 16
DEFAULT_READS = 1000
_MAX_BYTES = 40 << 20


@short_repr()
@dataclass(frozen=True)
class Outcome:
    """Runs that read and answered the same.

    Attributes:
        reads: the precisions read, in order.
        output: the answer, exact, length N; None for runs that were stopped at read M + 1.
        weight: their probability; when sampled, their share of the runs.
        seeds: when sampled, their seeds.
    """

    reads: tuple[int, ...]
    output: ExactArray | None
    weight: fmpq
    seeds: tuple[int, ...] = ()


@short_repr()
@dataclass(frozen=True)
class RandomisedResult:
    """What became of a randomised algorithm on the common oracle of a class.

    Attributes:
        omega: the class.
        access: `query` or `stream`.
        precision: what a one-shot solver was told to read to.
        budget: M, or None.
        method: `enumerated` or `sampled`.
        runs: how many runs were made.
        outcomes: what they did, equal ones together.
        transcript: the answers of the oracle that they read, each once, by precision.
        unhalted: δ, the weight of everything else: runs without an answer, tapes that were not tried. Nothing is
            claimed of them, and they count as successes.
        unhalted_seeds: when sampled, the seeds of these runs.
        reasons: why, with the weights; the most frequent first.
        notes: what was observed besides, one line each.
        verdict: `barrier` (enumerated), `evidence` (sampled), or `undecided`.
        reason: why it is undecided, or an empty string.
        index: i of the member on which success is least probable, from 1; 0 if undecided.
        exponent: q of the members; 0 if undecided.
        successes: for each of the d members at level q, the weight of the answers with the target digits there.
        bound: p, an upper bound of the probability of success on member (i, q); None if undecided.
        level: when sampled, one minus the confidence in the bound; None otherwise.
        tie: the weight of the answers with the target digits on the tie; None in the weak family.
    """

    omega: OmegaClass
    access: str
    precision: int
    budget: int | None
    method: str
    runs: int
    outcomes: tuple[Outcome, ...]
    transcript: tuple[StructuredRead, ...]
    unhalted: fmpq
    unhalted_seeds: tuple[int, ...] = ()
    reasons: Mapping[str, fmpq] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    verdict: str = "undecided"
    reason: str = ""
    index: int = 0
    exponent: int = 0
    successes: tuple[fmpq, ...] = ()
    bound: fmpq | None = None
    level: fmpq | None = None
    tie: fmpq | None = None

    @property
    def over_budget(self) -> fmpq:
        """The weight of the runs that were stopped at read M + 1."""
        return sum((outcome.weight for outcome in self.outcomes if outcome.output is None), fmpq(0))

    @property
    def theorem(self) -> fmpq:
        """(1 - o - δ)/d + δ, what the theorem allows with o over budget: `bound` is at most this if enumerated."""
        return (1 - self.over_budget - self.unhalted) / self.omega.ties + self.unhalted


# --- the runs --------------------------------------------------------------------------------------

Key = tuple[tuple[int, ...], str | None]


class Tally:
    """Collects the runs of a schedule, equal ones together."""

    def __init__(self, schedule: Schedule, *, budget: int | None, progress: Callable[[int], None]) -> None:
        self.schedule, self.budget = schedule, budget
        self.weights: dict[Key, fmpq] = {}
        self.seeds: dict[Key, list[int]] = {}
        self.lost_weights: dict[str, fmpq] = {}
        self.lost_seeds: list[int] = []
        self.runs, self.inconsistent = 0, ""
        self.first: Leaf | None = None
        self._progress = progress

    def report(self, leaf: Leaf) -> None:
        """Take a run, of the weight that the schedule has now."""
        weight = self.schedule.weight
        self.runs += 1
        self.first = self.first or leaf
        over = self.budget is not None and len(leaf.reads) > self.budget
        if leaf.status == "inconsistent":
            self.inconsistent = leaf.failure
        if over or leaf.answer is not None:
            key = (leaf.reads, None if over else leaf.answer)
            self.weights[key] = self.weights.get(key, fmpq(0)) + weight
            if isinstance(self.schedule, Seeds):
                self.seeds.setdefault(key, []).append(self.schedule.seed)
        else:
            reason = leaf.failure or "it was stopped and went on"
            self.lost_weights[reason] = self.lost_weights.get(reason, fmpq(0)) + weight
            if isinstance(self.schedule, Seeds):
                self.lost_seeds.append(self.schedule.seed)
        self._progress(self.runs)

    def reasons(self, scale: fmpq) -> dict[str, fmpq]:
        """Why runs gave no answer, with their weights over `scale`, the most frequent first."""
        ordered = sorted(self.lost_weights.items(), key=lambda item: (-item[1], item[0]))
        return {reason: weight / scale for reason, weight in ordered[:20]}


def _same(leaf: Leaf, other: Leaf) -> bool:
    return (leaf.reads, leaf.answer, leaf.stopped) == (other.reads, other.answer, other.stopped)


def enumerate_tapes(
    player: RandomisedPlayer,
    omega: OmegaClass,
    *,
    length: int = DEFAULT_LENGTH,
    leaves: int = MAX_LEAVES,
    budget: int | None = None,
    access: str = "query",
    precision: int = 60,
    max_reads: int = DEFAULT_READS,
    recorded: Sequence[StructuredRead] = (),
    progress: Callable[[int], None] = lambda _: None,
) -> RandomisedResult:
    """Make the runs of all tapes on the common oracle and bound the probability of success on a member, exactly.

    Args:
        player: who plays.
        omega: the class; a weak family if there is a budget.
        length: the draws that one tape has; a run that asks for more counts as not halted.
        leaves: the number of runs; the tapes after that count as not halted.
        budget: M, or None.
        access: `query` or `stream`.
        precision: what a one-shot solver is told to read to.
        max_reads: without a budget, a run that makes this many reads counts as not halted.
        recorded: answers that the common oracle gave before, and gives again.
        progress: is told how many runs have been made.

    Raises:
        UsageError: for an argument out of range, or an algorithm that draws from a numpy Generator.
    """
    if type(length) is not int or not 0 <= length <= MAX_LENGTH:
        raise UsageError(f"the length of a tape must be an integer between 0 and {MAX_LENGTH}, got {shown(length)}")
    if type(leaves) is not int or not 1 <= leaves <= MAX_LEAVES:
        raise UsageError(f"the number of runs must be an integer between 1 and {MAX_LEAVES}, got {shown(leaves)}")
    if player.coins == "numpy":
        raise UsageError(f"{player.name} draws from a numpy Generator and cannot be enumerated; sample it with --seeds")
    setting = _setting(omega, access, precision, budget, max_reads, None, recorded)
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
    result = RandomisedResult(
        omega, access, precision, budget, "enumerated", tally.runs, outcomes, transcript, 1 - halted,
        reasons=reasons, notes=notes, reason=reason or obstacle(tally, outcomes),
    )  # fmt: skip
    if result.reason:
        return result
    exponent = max(omega.q0, max((n for outcome in outcomes for n in outcome.reads), default=0))
    successes = _successes(outcomes, omega, exponent)
    index = min(range(omega.ties), key=lambda i: successes[i])
    return _decided(result, "barrier", index, exponent, successes, successes[index] + result.unhalted)


def sample_tapes(
    player: RandomisedPlayer,
    omega: OmegaClass,
    *,
    seeds: int | Sequence[int],
    seed: int = 0,
    level: object = fmpq(1, 1000),
    exponent: int | None = None,
    budget: int | None = None,
    access: str = "query",
    precision: int = 60,
    max_reads: int = DEFAULT_READS,
    recorded: Sequence[StructuredRead] = (),
    progress: Callable[[int], None] = lambda _: None,
) -> RandomisedResult:
    """Make independent runs with recorded seeds and bound the probability of success on a member, statistically.

    The bound is that of Clopper and Pearson at `level`/d, so that the member may be chosen afterwards. The level q of
    the members is chosen here, before the runs, and a run that asks for a larger precision counts as not halted.

    Args:
        player: who plays.
        omega: the class; a weak family if there is a budget.
        seeds: the seeds, distinct, each below 2^64, or how many to derive from `seed`.
        seed: what numpy's SeedSequence derives them from.
        level: one minus the confidence, a rational in (0, 1).
        exponent: q; the larger of q0 and `precision` if not given.
        budget: M, or None.
        access: `query` or `stream`.
        precision: what a one-shot solver is told to read to.
        max_reads: without a budget, a run that makes this many reads counts as not halted.
        recorded: answers that the common oracle gave before, and gives again.
        progress: is told how many runs have been made.

    Raises:
        UsageError: for an argument out of range.
    """
    chosen = derive_seeds(seeds, seed) if isinstance(seeds, int) else tuple(seeds)
    if not 1 <= len(chosen) <= MAX_SEEDS or len(set(chosen)) < len(chosen):
        raise UsageError(f"between 1 and {MAX_SEEDS} different seeds are needed, got {len(chosen)}")
    if any(type(value) is not int or not 0 <= value < 1 << 64 for value in chosen):
        raise UsageError("a seed must be an integer from 0 to 2^64 - 1")
    small = as_rational(exact(level))
    if not 0 < small < 1:
        raise UsageError(f"the level must lie between 0 and 1, got {level}")
    q = max(omega.q0, precision) if exponent is None else exponent
    if type(q) is not int or not omega.q0 <= q <= MAX_PRECISION:
        raise UsageError(
            f"the exponent q must be an integer between q0 = {omega.q0} and {MAX_PRECISION}, got {shown(q)}"
        )
    setting = _setting(omega, access, precision, budget, max_reads, q, recorded)
    schedule = Seeds(chosen, length=MAX_LENGTH)
    tally = Tally(schedule, budget=budget, progress=progress)
    notes = player.follow(schedule, setting, tally.report)
    count = fmpq(len(chosen))
    outcomes, transcript = outcomes_of(tally, setting, count)
    known = {value for outcome in outcomes for value in outcome.seeds}
    unhalted = tuple(value for value in chosen if value not in known)
    result = RandomisedResult(
        omega, access, precision, budget, "sampled", tally.runs, outcomes, transcript, len(unhalted) / count,
        unhalted_seeds=unhalted, reasons=tally.reasons(count), notes=notes, level=small,
        reason=obstacle(tally, outcomes),
    )  # fmt: skip
    if result.reason:
        return result
    successes = _successes(outcomes, omega, q)
    index = min(range(omega.ties), key=lambda i: successes[i])
    hits = int(((successes[index] + result.unhalted) * count).p)
    bound = upper_bound(trials=len(chosen), successes=hits, level=small / omega.ties)
    if bound is None:
        return replace(result, reason="so few runs, or so many without an answer, bound nothing below 1")
    return _decided(result, "evidence", index, q, successes, bound)


def play_randomised(
    player: RandomisedPlayer,
    omega: OmegaClass,
    *,
    seeds: int | None = None,
    **options: object,
) -> RandomisedResult:
    """Enumerate the tapes of a randomised algorithm, or sample `seeds` runs: `enumerate_tapes` or `sample_tapes`."""
    if seeds is None:
        return enumerate_tapes(player, omega, **options)  # type: ignore[arg-type]
    return sample_tapes(player, omega, seeds=seeds, **options)  # type: ignore[arg-type]


def derive_seeds(count: int, seed: int) -> tuple[int, ...]:
    """Return different seeds of 64 bits that numpy's SeedSequence makes of one.

    Raises:
        UsageError: for a count or a seed out of range.
    """
    if type(count) is not int or not 1 <= count <= MAX_SEEDS:
        raise UsageError(f"the number of seeds must be an integer between 1 and {MAX_SEEDS}, got {shown(count)}")
    if type(seed) is not int or seed < 0:
        raise UsageError(f"the seed must be an integer that is at least 0, got {shown(seed)}")
    made = dict.fromkeys(int(value) for value in np.random.SeedSequence(seed).generate_state(2 * count, np.uint64))
    return tuple(made)[:count]


# --- helpers ---------------------------------------------------------------------------------------


def _setting(
    omega: OmegaClass,
    access: str,
    precision: int,
    budget: int | None,
    max_reads: int,
    finest: int | None,
    recorded: Sequence[StructuredRead],
) -> Setting:
    if type(precision) is not int or not 1 <= precision <= MAX_PRECISION:
        raise UsageError(f"the precision must be an integer between 1 and {MAX_PRECISION}, got {shown(precision)}")
    if type(max_reads) is not int or not 1 <= max_reads <= MAX_PRECISION:
        raise UsageError(f"the largest number of reads must be between 1 and {MAX_PRECISION}, got {shown(max_reads)}")
    if budget is not None:
        check_budget(omega, budget)
    limit = max_reads if budget is None else budget + 1
    oracle = CommonOracle(omega, recorded=recorded)
    return Setting(omega=omega, oracle=oracle, access=access, precision=precision, limit=limit, finest=finest)


def not_repeated(player: RandomisedPlayer, setting: Setting, tally: Tally, length: int) -> str:
    """Make the first run once more; tell what is wrong if it does something else now."""
    again: list[Leaf] = []
    player.follow(Enumeration(length=length, leaves=1), setting, again.append)
    # that it could not be loaded again, or that the limit was reached once, says nothing of it
    if tally.first is None or not again or {"not loaded", "timed out"} & {tally.first.status, again[0].status}:
        return ""
    if _same(tally.first, again[0]):
        return ""
    return "its first run, made again with the same coins, ended otherwise: it keeps state between runs"


def outcomes_of(tally: Tally, setting: Setting, scale: fmpq) -> tuple[tuple[Outcome, ...], tuple[StructuredRead, ...]]:
    columns = setting.omega.columns
    outcomes = tuple(
        Outcome(
            reads,
            None if answer is None else vector_from_text(answer, length=columns),
            weight / scale,
            tuple(tally.seeds.get((reads, answer), ())),
        )
        for (reads, answer), weight in tally.weights.items()
    )
    used = {n for outcome in outcomes for n in outcome.reads}
    oracle = setting.oracle
    if not isinstance(oracle, CommonOracle | ChainOracle):
        raise UsageError("the runs of a schedule are made on the common oracle, or on data of nested ties")
    answers = {read.n: read for read in oracle.transcript if read.n in used}
    return outcomes, tuple(answers[n] for n in sorted(answers))


def obstacle(tally: Tally, outcomes: Sequence[Outcome]) -> str:
    if not outcomes:
        first = next(iter(tally.reasons(fmpq(1))), "no run was made")
        return f"no run gave an answer: {first}"
    size = sum(2 * len(answer or "") + 10 * len(reads) + 200 for reads, answer in tally.weights)
    return "its outcomes are more than a certificate holds" if size > _MAX_BYTES else ""


def _successes(outcomes: Sequence[Outcome], omega: OmegaClass, exponent: int) -> tuple[fmpq, ...]:
    unit2 = power_of_ten(-2 * omega.target_digits)
    successes = [fmpq(0)] * omega.ties
    for outcome in outcomes:
        if outcome.output is not None:
            for i, distance2 in enumerate(member_distances2(outcome.output, omega, exponent)):
                if distance2 <= unit2:
                    successes[i] += outcome.weight
    return tuple(successes)


def _decided(
    result: RandomisedResult,
    verdict: str,
    index: int,
    exponent: int,
    successes: tuple[fmpq, ...],
    bound: fmpq,
) -> RandomisedResult:
    omega = result.omega
    tie = None
    if omega.family == "strong":
        instance, unit2 = omega.tie(), power_of_ten(-2 * omega.target_digits)
        right = (o.weight for o in result.outcomes if o.output is not None and instance.distance2(o.output) <= unit2)
        tie = sum(right, fmpq(0))
    return replace(
        result,
        verdict=verdict,
        index=index + 1,
        exponent=exponent,
        successes=successes,
        bound=bound,
        tie=tie,
    )

"""Re-run a solver on the training data a certificate records, and compare what it does bit by bit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flint import fmpq

from exact_base.errors import ProtocolError
from exact_base.reprs import short_repr
from exact_base.text import vector_to_text
from exact_base.words import counted
from sci_barriers.data.structured import StructuredOracle
from sci_barriers.games.game import play
from sci_barriers.games.recorded import Recorded, RecordedChain, RecordedRuns
from sci_barriers.players.algorithm import Player
from sci_barriers.randomised.game import MAX_LEAVES, Key, Outcome, RandomisedResult, enumerate_tapes, sample_tapes
from sci_barriers.randomised.nested import follow_input
from sci_barriers.randomised.runs import RandomisedPlayer

__all__ = ["Replay", "replay", "replay_nested", "replay_randomised"]


@short_repr()
@dataclass(frozen=True)
class Replay:
    """The outcome of a replay: `same`, `different` or `undecided` (no usable answer), with the reason."""

    verdict: str
    reason: str


class _RecordedOracle(StructuredOracle):
    """Answers what was recorded and nothing else.

    Attributes:
        refused: what was asked for first that is not recorded; 0 for nothing.
    """

    def __init__(self, recorded: Recorded) -> None:
        omega = recorded.omega
        answers = {read.n: read for read in recorded.transcript}
        self.refused = 0

        def recall(n: int) -> object:
            if n not in answers:
                self.refused = self.refused or n
                raise ProtocolError(_not_recorded(n))
            return answers[n]

        instance = omega.control() if recorded.kind == "control" else omega.tie()
        super().__init__(omega, a=instance.a, c=lambda n: recall(n).c, point=lambda n: recall(n).point)  # type: ignore[attr-defined]


def replay(recorded: Recorded, candidate: Player) -> Replay:
    """Run a candidate on a recorded transcript, with the same budget if there was one.

    The replay is `same` only if the reads agree in order and the answers are equal as exact numbers, or both were
    stopped at read M + 1. That says nothing of the claim, which the checker is for; but a file that is seen to
    contradict itself is `different`.
    """
    if recorded.misfit:
        return Replay("different", _at_odds(recorded.misfit))
    oracle, budget = _RecordedOracle(recorded), recorded.budget
    limit = None if budget is None else budget + 1
    outcome = play(candidate, recorded.omega, oracle, access=recorded.access, precision=recorded.precision, limit=limit)
    if oracle.refused:  # whatever it made of that
        return Replay("different", _not_recorded(oracle.refused))
    stopped = limit is not None and len(outcome.transcript) >= limit
    if outcome.run.failure and not stopped:
        return Replay("undecided", outcome.run.failure)
    then, now = ([(read.k, read.n) for read in reads] for reads in (recorded.transcript, outcome.transcript))
    if then != now:
        return Replay("different", f"it read (k, n) = {_short(now)}, the certificate records {_short(then)}")
    if stopped and recorded.output is None:
        return Replay("same", f"it reads more than {counted(len(now) - 1, 'datum', 'data')} again, the same ones")
    answer = None if stopped else outcome.run.output
    if answer is None:
        return Replay("undecided", "it gave no answer")
    if recorded.output is None:
        return Replay("different", "it answered, the certificate records that it read on")
    for i, (recorded_entry, entry) in enumerate(zip(recorded.output, answer, strict=True), start=1):
        if recorded_entry != entry:
            return Replay("different", f"entry {i} of its answer differs from the certificate's")
    agree = counted(len(answer), "entry agrees", "entries agree")
    return Replay("same", f"{agree} exactly after {counted(len(now), 'read')}")


def replay_randomised(
    recorded: RecordedRuns, player: RandomisedPlayer, *, progress: Callable[[int], None] = lambda _: None
) -> Replay:
    """Make the runs of a certificate of kind `randomised` again: of all tapes, or with the recorded seeds.

    What was recorded is answered so; what runs read of which nothing is recorded, because they did not halt, is
    answered by the common oracle. The replay is `same` only if equal reads and answers have equal probabilities, or
    the same seeds.

    Args:
        recorded: the runs.
        player: who plays.
        progress: is told how many runs have been made.

    Raises:
        UsageError: if a number of the certificate is out of range, or if all tapes are needed and it has none.
    """
    if recorded.misfit:
        return Replay("different", _at_odds(recorded.misfit))
    common = {
        "budget": recorded.budget,
        "access": recorded.access,
        "precision": recorded.precision,
        "max_reads": recorded.max_reads,
        "recorded": recorded.transcript,
        "progress": progress,
    }
    if recorded.level is None:
        result = enumerate_tapes(player, recorded.omega, length=recorded.length, **common)  # type: ignore[arg-type]
    else:
        sampling = {"seeds": recorded.seeds, "level": recorded.level, "exponent": recorded.exponent}
        result = sample_tapes(player, recorded.omega, **sampling, **common)  # type: ignore[arg-type]
    if result.reason and (recorded.level is None or not result.outcomes):
        return Replay("undecided", result.reason)
    return _compared(recorded, result)


def _compared(recorded: RecordedRuns, result: RandomisedResult) -> Replay:
    if recorded.level is not None:
        was, now = _by_seed(recorded.outcomes), _by_seed(result.outcomes)
        changed = [seed for seed in (*was, *recorded.unhalted) if was.get(seed) != now.get(seed)]
        if changed:
            return Replay(
                "different", f"{counted(len(changed), 'run')} came out otherwise, the first with seed {changed[0]}"
            )
        return Replay("same", f"{counted(result.runs, 'run')} with the recorded seeds came out the same, bit by bit")
    return _same_weights(recorded.outcomes, result.outcomes, result.runs)


def replay_nested(
    recorded: RecordedChain, player: RandomisedPlayer, *, progress: Callable[[int], None] = lambda _: None
) -> Replay:
    """Make the runs of a certificate of kind `nested-ties` again, of all tapes, on the input that it names.

    As for `replay_randomised`; what is not recorded is answered by the data of the theorem.

    Raises:
        UsageError: if a number of the certificate is out of range.
    """
    if recorded.misfit:
        return Replay("different", _at_odds(recorded.misfit))
    made = follow_input(
        player,
        recorded.nested,
        recorded.removed,
        recorded.exponents,
        length=recorded.length,
        leaves=MAX_LEAVES,
        budget=recorded.budget,
        access=recorded.access,
        precision=recorded.precision,
        max_reads=recorded.max_reads,
        progress=progress,
        recorded=recorded.transcript,
    )
    if made.reason or not made.stage.outcomes:
        return Replay("undecided", made.reason or "no run gave an answer")
    return _same_weights(recorded.outcomes, made.stage.outcomes, made.runs)


def _same_weights(recorded: tuple[Outcome, ...], found: tuple[Outcome, ...], runs: int) -> Replay:
    before, after = _weights(recorded), _weights(found)
    for key in (*before, *after):
        if before.get(key, 0) != after.get(key, 0):
            return Replay(
                "different",
                f"the outcome that {_did(key)} has probability {after.get(key, 0)}, the certificate records "
                f"{before.get(key, 0)}",
            )
    outcomes = counted(len(after), "outcome has its probability", "outcomes have their probabilities")
    return Replay("same", f"{outcomes} exactly, from {counted(runs, 'run')} of all tapes")


def _weights(outcomes: tuple[Outcome, ...]) -> dict[Key, fmpq]:
    return {_key(outcome): outcome.weight for outcome in outcomes}


def _by_seed(outcomes: tuple[Outcome, ...]) -> dict[int, Key]:
    return {seed: _key(outcome) for outcome in outcomes for seed in outcome.seeds}


def _key(outcome: Outcome) -> Key:
    return outcome.reads, None if outcome.output is None else vector_to_text(outcome.output)


def _did(key: Key) -> str:
    reads, answer = key
    shown = f"reads {', '.join(map(str, reads[:3]))}{', ...' if len(reads) > 3 else ''}" if reads else "reads nothing"
    return f"{shown} and {'is stopped' if answer is None else 'answers'}"


def _at_odds(misfit: str) -> str:
    return f"the file contradicts itself, so that no run is like it: {misfit}"


def _not_recorded(n: int) -> str:
    return f"it asked for precision {n}, which the certificate does not record"


def _short(reads: list[tuple[int, int]]) -> str:
    shown = ", ".join(map(str, reads[:3])) or "nothing"
    return shown if len(reads) <= 3 else f"{shown}, ... ({len(reads)} reads)"

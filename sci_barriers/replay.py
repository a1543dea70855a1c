"""Re-run a solver on the training data a certificate records, and compare its answer bit by bit."""

from __future__ import annotations

from dataclasses import dataclass

from sci_barriers.algorithm import Player
from sci_barriers.class_certificates import Recorded
from sci_barriers.classes import StructuredOracle
from sci_barriers.errors import ProtocolError
from sci_barriers.game import play

__all__ = ["Replay", "replay"]


@dataclass(frozen=True)
class Replay:
    """The outcome of a replay: `same`, `different` or `undecided` (no usable answer), with the reason."""

    verdict: str
    reason: str


class _RecordedOracle(StructuredOracle):
    """Answers what was recorded and nothing else."""

    def __init__(self, recorded: Recorded) -> None:
        omega = recorded.omega
        answers = {read.n: read for read in recorded.transcript}

        def recall(n: int) -> object:
            if n not in answers:
                raise ProtocolError(f"it asked for precision {n}, which the certificate does not record")
            return answers[n]

        instance = omega.tie() if recorded.kind == "barrier" else omega.control()
        super().__init__(omega, a=instance.a, c=lambda n: recall(n).c, point=lambda n: recall(n).point)  # type: ignore[attr-defined]


def replay(recorded: Recorded, candidate: Player) -> Replay:
    """Run a candidate on a recorded transcript.

    A one-shot solver is told to read to the largest precision recorded. The replay is `same` only if the reads agree in
    order and the answers are equal as exact numbers.
    """
    precision = max((read.n for read in recorded.transcript), default=1)
    outcome = play(candidate, recorded.omega, _RecordedOracle(recorded), access=recorded.access, precision=precision)
    if outcome.run.failure:
        return Replay("undecided", outcome.run.failure)
    then, now = ([(read.k, read.n) for read in reads] for reads in (recorded.transcript, outcome.transcript))
    if then != now:
        return Replay("different", f"it read (k, n) = {_short(now)}, the certificate records {_short(then)}")
    answer = outcome.run.output
    if answer is None:
        return Replay("undecided", "it gave no answer")
    for i, (recorded_entry, entry) in enumerate(zip(recorded.output, answer, strict=True), start=1):
        if recorded_entry != entry:
            return Replay("different", f"entry {i} of its answer differs from the certificate's")
    return Replay("same", f"{len(answer)} entries agree exactly after {len(now)} reads")


def _short(reads: list[tuple[int, int]]) -> str:
    shown = ", ".join(map(str, reads[:3]))
    return shown if len(reads) <= 3 else f"{shown}, ... ({len(reads)} reads)"

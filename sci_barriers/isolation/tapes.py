"""A randomised algorithm in a worker process: all its runs in one process, none of which can hold up the others."""

from __future__ import annotations

from typing import Any

from exact_base.errors import DataError, SciBarriersError
from exact_base.text import Message
from sci_barriers.isolation.candidate import IsolatedCandidate
from sci_barriers.isolation.process import Answerer
from sci_barriers.isolation.reader import Reader
from sci_barriers.players.running import Run
from sci_barriers.randomised.runs import Report, Schedule, Setting, leaf_of
from sci_barriers.randomised.tapes import Tape, TreeTape

__all__ = ["IsolatedRandomised"]

MAX_LOST = 10
"""Workers that may be lost before the rest of a schedule is given up."""
_MAX_NOTES = 20


class IsolatedRandomised(IsolatedCandidate):
    """A randomised algorithm, or a deterministic one, loaded by name in a process of its own.

    The time limit holds for each run. A run that exceeds it, or ends the process, counts as not halted, and the runs
    after it are made in a new process. Each run asks the game for every datum, so that what it has read is what the
    game has answered between the beginning of the run and its end; the tree of the coins is the game's.
    """

    _randomised = True

    def follow(self, schedule: Schedule, setting: Setting, report: Report) -> tuple[str, ...]:
        """Make the runs of a schedule; return what was observed besides, one line each."""
        notes, lost = dict[str, None](), 0
        while True:
            data, tape = setting.open(), schedule.tape() if self.coins == "tape" else None
            run = self._made(Reader(data), tape, schedule.seed)
            report(leaf_of(run, data, tape))
            notes |= dict.fromkeys(run.notes if len(notes) < _MAX_NOTES else ())
            if not schedule.advance():
                return tuple(notes)
            lost = MAX_LOST if run.status == "not loaded" else lost + (self._worker.ended and not self._fresh)
            if lost >= MAX_LOST:
                return (*notes, f"given up after {MAX_LOST} lost processes; the rest of its runs were not made")

    def _made(self, reader: Reader, tape: Tape | None, seed: int | None) -> Run:
        """Make a run; of a tape that is enumerated, take the draws that are new as they are made."""
        answers: dict[str, Answerer] = {"read": reader.answer}
        coins: Message | None = None if self.coins is None else {"seed": seed, "tape": self.coins == "tape"}
        if isinstance(tape, TreeTape):
            coins = {"path": [[*draw.weights, draw.choice] for draw in tape.path], "length": tape.length}
            answers["drew"] = _drew(tape)
        try:
            run = self._run(self._ready(), reader, answers, coins=coins)
        except SciBarriersError as error:
            return Run(None, f"it could be loaded once, but not again: {error}", status="not loaded")
        if self._fresh:
            self._worker.close()
        return run


def _drew(tape: TreeTape) -> Answerer:
    def take(draw: Any) -> None:
        if not isinstance(draw, list) or not all(type(number) is int for number in draw) or not draw:
            raise DataError("a draw has a place and weights")
        tape.take(draw[0], tuple(draw[1:]))

    return take

"""A randomised algorithm in a worker process: all its runs in one process, none of which can hold up the others."""

from __future__ import annotations

from collections.abc import Mapping

from sci_barriers.errors import DataError, SciBarriersError
from sci_barriers.isolation.candidate import IsolatedCandidate
from sci_barriers.isolation.process import LostWorker
from sci_barriers.isolation.reader import Reader, read_lines
from sci_barriers.isolation.wire import Message, read_vector
from sci_barriers.randomised.runs import Leaf, Report, Schedule, Setting
from sci_barriers.running import STATUSES, one_line
from sci_barriers.training_data import open_access

__all__ = ["IsolatedRandomised"]

MAX_LOST = 10
"""Workers that may be lost before the rest of a schedule is given up."""


class IsolatedRandomised(IsolatedCandidate):
    """A randomised algorithm, or a deterministic one, loaded by name in a process of its own.

    The time limit holds for each run. A run that exceeds it, or ends the process, counts as not halted, and the runs
    after it are made in a new process. Each datum is read from the game once, and remembered by the worker, which
    counts the reads of each run; what was answered is recorded by the game.
    """

    _randomised = True

    def follow(self, schedule: Schedule, setting: Setting, report: Report) -> tuple[str, ...]:
        """Make the runs of a schedule; return what was observed besides, one line each."""
        known = setting.omega.known(precision=setting.precision)
        data = open_access(setting.access, known, setting.oracle)
        reader, notes, lost = Reader(data), list[str](), 0
        valid: set[str] = set()
        more = True

        def answer(reply: Message) -> Message | None:
            nonlocal more
            if "read" in reply:
                return reader.answer(reply)
            if "drew" in reply:
                schedule.grow(_weights(reply["drew"]))
                return None
            leaf = _leaf(reply["leaf"], read={n for _, n in data.log}, valid=valid, columns=reader.columns)
            report(leaf)
            more = schedule.advance()
            return None

        while more:
            limits = {"limit": setting.limit, "finest": setting.finest}
            order = reader.order | limits | {"schedule": schedule.order()}
            try:
                worker = self._ready()
                reply = worker.converse({"tapes": order}, seconds=self._limits.seconds, answer=answer)
                return (*notes, *read_lines(reply.get("done")))
            except LostWorker as loss:
                worker.kill()
                status, failure = loss.status, loss.failure
            except SciBarriersError as error:
                status, failure = "not loaded", f"it could be loaded once, but not again: {error}"
                lost = MAX_LOST
            except BaseException:
                self._worker.kill()
                raise
            if more:
                report(Leaf((), None, True, status, failure))
                more = schedule.advance()
            lost += 1
            if more and lost >= MAX_LOST:
                return (*notes, f"given up after {MAX_LOST} lost processes; the rest of its runs were not made")
        return tuple(notes)


def _weights(value: object) -> tuple[int, ...]:
    if not isinstance(value, list) or any(type(weight) is not int or weight < 0 for weight in value):
        raise DataError("a draw must be a list of weights")
    return tuple(value)


def _leaf(value: object, *, read: set[int], valid: set[str], columns: int) -> Leaf:
    """Read what a worker says of a run; what it read must have been asked for."""
    if not isinstance(value, Mapping):
        raise DataError("a run must be an object")
    reads, answer, status = value.get("reads"), value.get("answer"), value.get("status")
    if not isinstance(reads, list) or not all(type(n) is int and n in read for n in reads):
        raise DataError("a run reads what was answered")
    if not isinstance(status, str) or status not in STATUSES or not isinstance(value.get("stopped"), bool):
        raise DataError("a run needs a status")
    if answer is not None and answer not in valid:
        read_vector(answer, length=columns)
        valid.add(answer)
    return Leaf(tuple(reads), answer, value["stopped"], status, one_line(value.get("failure")))

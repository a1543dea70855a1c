"""A candidate that lives in a worker process: every run ends within its limit, in a recorded outcome."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from exact_base.errors import DataError, SciBarriersError, UsageError
from exact_base.reprs import short_repr
from exact_base.text import Message
from sci_barriers.data.training_data import QueryAccess, StreamAccess
from sci_barriers.isolation.process import Answers, LostWorker, Worker
from sci_barriers.isolation.reader import Reader, read_run
from sci_barriers.isolation.wire import SEED
from sci_barriers.players.running import Run, one_line

__all__ = ["IsolatedCandidate", "Limits"]


@short_repr()
@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a solver may use.

    Attributes:
        seconds: wall-clock time of one call.
        load_seconds: wall-clock time to start a worker and to load the solver with what it imports, if longer than
            `seconds`; a short limit of a call is no reason to refuse a large library.
        memory_mib: address space in MiB that loading and running may add to the worker's own, or None.
        output_mib: what it may print in one call before that is noted; only the end is kept in any case.

    >>> from sci_barriers import Limits
    >>> Limits(seconds=5, memory_mib=512).load_seconds
    60.0
    """

    seconds: float = 60.0
    load_seconds: float = 60.0
    memory_mib: int | None = None
    output_mib: int = 10

    def __post_init__(self) -> None:
        """Check the ranges."""
        for seconds in (self.seconds, self.load_seconds):
            if not 0 < seconds < math.inf:
                raise UsageError(f"the time limit must be a positive number of seconds, got {seconds}")
        if self.memory_mib is not None and not 1 <= self.memory_mib <= 1 << 40:
            raise UsageError(f"the memory limit must be a positive number of MiB, got {self.memory_mib}")
        if self.output_mib < 0:
            raise UsageError(f"the output limit must be a number of MiB, got {self.output_mib}")


class IsolatedCandidate:
    """A solver, loaded by name in a process of its own; use it in a `with` statement, or close it.

    Attributes:
        name: how it is called in reports.
        versions: what it is made of.
        coins: what it draws from, `tape` or `numpy`; None if it is deterministic.
        takes_weights: whether it can be told the weights of a problem.
        scaling: the scaling of its objective, `UNDECLARED`, or None if there is none to test.
        minimises: what its parameters say it minimises instead of the problem.
        conditions: how it is run.

    >>> from sci_barriers import IsolatedCandidate, Limits
    >>> with IsolatedCandidate("ista", problem="lasso", limits=Limits(seconds=5)) as candidate:
    ...     candidate.name, candidate.conditions["isolation"], candidate.conditions["time limit"]
    ('ista', 'one process for all runs', '5 s')
    """

    _randomised = False

    def __init__(
        self,
        target: str,
        *,
        problem: str,
        scaling: str | None = None,
        limits: Limits | None = None,
        fresh: bool = False,
        repeat: bool = False,
    ) -> None:
        """Start a worker and load the solver.

        Args:
            target: as for `load_candidate`; nothing of it is imported in this process.
            problem: the problem it will be asked to solve.
            scaling: as for `load_candidate`.
            limits: what it may use.
            fresh: start a new process for every run.
            repeat: after every run that gave an answer, run it once more in a new process on the same data, and record
                whether the answer is the same.

        Raises:
            UsageError: if it cannot be loaded.
        """
        self._order: Message = {
            "target": target,
            "problem": problem,
            "scaling": scaling,
            "randomised": self._randomised,
        }
        self._limits = limits or Limits()
        self._fresh, self._repeat = fresh, repeat
        self._worker, loaded = self._load()
        self.name, self.versions = one_line(loaded.get("name")), one_line(loaded.get("versions"))
        self.coins = None if loaded.get("coins") is None else one_line(loaded.get("coins"))
        self.takes_weights = loaded.get("takes_weights") is True
        self.scaling = None if loaded.get("scaling") is None else one_line(loaded.get("scaling"))
        self.minimises = one_line(loaded.get("minimises"))
        memory = self._limits.memory_mib
        self.conditions: Mapping[str, str] = {
            "isolation": "a new process for every run" if fresh else "one process for all runs",
            "memory limit": "none" if memory is None else f"{memory} MiB",
            "seed": str(SEED),
            "time limit": f"{self._limits.seconds:g} s",
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the worker and everything it started."""
        self._worker.close()

    @contextlib.contextmanager
    def in_one_process(self) -> Iterator[None]:
        """Make the runs within once each and all in one process; with `fresh` that process ends with them."""
        asked = self._fresh, self._repeat
        self._fresh = self._repeat = False
        try:
            yield
        finally:
            self._fresh, self._repeat = asked
            if self._fresh:
                self._worker.close()

    def run(self, data: QueryAccess | StreamAccess) -> Run:
        """Run the solver on training data; what it does is recorded, not raised.

        Raises:
            UsageError: for another problem than it was loaded for, more than one sample, or if both families of the
                class are known.
        """
        if data.known.problem != self._order["problem"]:
            raise UsageError(f"{self.name} was loaded to solve {self._order['problem']}, not {data.known.problem}")
        reader = Reader(data)
        try:
            run = self._run(self._ready(), reader, {"read": reader.answer})
            if self._repeat and run.output is not None:
                run = self._repeated(run, reader)
        except SciBarriersError as error:
            return Run(None, f"it could be loaded once, but not again: {error}", status="not loaded")
        if self._fresh:
            self._worker.close()
        return run

    def _ready(self) -> Worker:
        """Return a worker that can be talked to."""
        if not self._worker.alive:
            self._worker.close()
            self._worker, _ = self._load()
        return self._worker

    def _load(self) -> tuple[Worker, Message]:
        worker = Worker()
        try:
            order = self._order | {"memory_mib": self._limits.memory_mib}
            seconds = max(self._limits.load_seconds, self._limits.seconds)
            reply = worker.converse("load", order, seconds=seconds, answers={})
        except LostWorker as lost:
            worker.kill()
            last = one_line(worker.errors.text.strip().rpartition("\n")[2])
            said = f" ({last})" if last else ""
            raise UsageError(f"{self._order['target']} cannot be loaded: {lost.failure}{said}") from None
        except BaseException:
            worker.kill()
            raise
        loaded = reply.get("loaded")
        if not isinstance(loaded, dict):
            worker.close()
            raise UsageError(one_line(reply.get("refused")))
        return worker, loaded

    def _run(self, worker: Worker, reader: Reader, answers: Answers, *, coins: Message | None = None) -> Run:
        started = time.monotonic()
        try:
            order = reader.order | {"coins": coins}
            reply = worker.converse("run", order, seconds=self._limits.seconds, answers=answers)
            run = read_run(reply, columns=reader.columns)
        except LostWorker as lost:
            worker.kill()
            run = Run(None, lost.failure, status=lost.status)
        except DataError as error:
            worker.kill()
            run = Run(None, f"it sent the game no proper answer: {error}", status="cut off")
        except BaseException:
            worker.kill()
            raise
        seconds = time.monotonic() - started
        most = self._limits.output_mib
        flooded = worker.printed.total + worker.errors.total > most << 20
        notes = (*run.notes, *([f"it printed more than {most} MiB"] if flooded else []))
        return replace(run, printed=worker.printed.text, errors=worker.errors.text, notes=notes, seconds=seconds)

    def _repeated(self, run: Run, reader: Reader) -> Run:
        try:
            worker, _ = self._load()
        except SciBarriersError as error:
            again = Run(None, str(error), status="not loaded")
        else:
            again = self._run(worker, reader, {"read": reader.repetition()})
            worker.close()
        same = run.output is not None and again.output is not None and bool((run.output == again.output).all())
        reason = again.failure or "its answer differs"
        notes = run.notes if same else (*run.notes, f"run again on the same data in a new process: {reason}")
        return replace(run, repeatable=same, notes=notes)

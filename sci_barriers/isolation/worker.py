"""The worker: a process that loads one solver by name and runs it on training data it must ask the game for.

It speaks on a socket of its own (`wire`), out of the way of whatever the solver does to the standard streams. The game
sends `load` once and then `run` any number of times; during a run the worker asks for each datum (`read`) and is
answered, and reports each draw that is new (`drew`). The game believes nothing it hears from here, so this end may be
as broken as the solver makes it.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import fcntl
import json
import os
import random
import resource
import threading
from functools import lru_cache
from typing import Any, NoReturn

import numpy as np

from exact_base.errors import DataError, ProtocolError, UsageError
from exact_base.text import Message, number_from_text, vector_from_text, vector_to_text
from sci_barriers.data.training_data import Stopped, Triple, open_access
from sci_barriers.isolation.watch import LeftRunning, Streams
from sci_barriers.isolation.wire import LOST, PRIVATE_DESCRIPTORS, SEED, Frames, pack
from sci_barriers.omega.codec import decode_class
from sci_barriers.omega.families import OmegaClass
from sci_barriers.omega.known import Known, known_of
from sci_barriers.omega.nested import NestedTies
from sci_barriers.players.algorithm import Candidate
from sci_barriers.players.coins import coins_of
from sci_barriers.players.running import Run, attempt, one_line
from sci_barriers.randomised.loading import load_randomised
from sci_barriers.randomised.runs import MAX_LENGTH, generator, with_coins
from sci_barriers.randomised.tapes import Draw, SeededTape, Tree, TreeTape
from sci_barriers.solvers import load_candidate

__all__ = ["main"]

_PR_SET_CHILD_SUBREAPER = 36


def main(descriptor: int) -> None:
    """Serve the game on a socket until it hangs up."""
    line = _Line(descriptor)
    streams = Streams()
    _settle()
    candidate: Candidate | None = None
    while (message := line.next_order()) is not None:
        streams.renew()
        if candidate is None:
            candidate, answer = _load(message["load"])
        else:
            answer = _run(candidate, message["run"], line, streams)
        streams.flush()
        line.send(answer)


def _settle() -> None:
    """Adopt what the solver orphans, to notice it, and show where a crash was."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("1000")  # if the system runs out of memory, this process goes first
    faulthandler.enable()


def _limit_memory(mib: int) -> None:
    """Allow that many MiB of address space in addition to what the worker itself has now.

    Raises:
        UsageError: if the system has no such limit, as macOS has not.
    """
    used = 0
    with contextlib.suppress(OSError), open("/proc/self/statm", encoding="ascii") as file:
        used = int(file.read().split()[0]) * resource.getpagesize()
    limit = used + (mib << 20)
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    if hard == resource.RLIM_INFINITY or limit < hard:
        try:
            resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
        except (OSError, ValueError) as error:
            raise UsageError(f"the system refuses the memory limit ({error}); run without one") from None


def _load(order: Message) -> tuple[Candidate | None, Message]:
    try:
        if order["memory_mib"] is not None:
            _limit_memory(order["memory_mib"])
        load = load_randomised if order["randomised"] else load_candidate
        candidate = load(order["target"], problem=order["problem"], scaling=order["scaling"])
    except UsageError as error:
        return None, {"refused": one_line(error)}
    except BaseException as error:  # importing a file runs it
        return None, {"refused": f"{order['target']} cannot be loaded: {type(error).__name__}: {one_line(error)}"}
    return candidate, {
        "loaded": {
            "name": candidate.name,
            "versions": candidate.versions,
            "coins": coins_of(candidate.algorithm),
            "takes_weights": getattr(candidate.algorithm, "takes_weights", True),
            "scaling": candidate.scaling,
            "minimises": candidate.minimises,
        }
    }


def _run(candidate: Candidate, order: Message, line: _Line, streams: Streams) -> Message:
    known, oracle = _known(order), _RemoteOracle(line, _known(order))
    data, coins = open_access(order["access"], known, oracle), _coins(order["coins"], line)
    _seed()
    left = LeftRunning()
    try:
        run = attempt(with_coins(candidate.algorithm, coins), data)
    except KeyboardInterrupt:
        run = Run(None, "it raised KeyboardInterrupt", status="raised")
    oracle.close()
    if isinstance(coins, TreeTape):
        coins.tell()
    return _result(run, (*streams.notes(), *left.notes()))


def _coins(order: Message | None, line: _Line) -> Any:
    """Return what the run draws from; None for a deterministic one."""
    if order is None:
        return None
    if "path" not in order:
        return SeededTape(generator(order["seed"]), length=MAX_LENGTH) if order["tape"] else generator(order["seed"])
    tree = Tree(Draw(tuple(weights), choice) for *weights, choice in order["path"])
    return TreeTape(tree, length=order["length"], told=lambda place, weights: line.send({"drew": [place, *weights]}))


def _seed() -> None:
    random.seed(SEED)
    np.random.seed(SEED)


def _result(run: Run, notes: tuple[str, ...]) -> Message:
    result: Message = {
        "status": run.status,
        "failure": run.failure,
        "output": None,
        "warnings": list(run.warnings),
        "notes": [*run.notes, *notes],
        "reported": dict(run.reported),
    }
    try:
        answer = {"result": result | {"output": None if run.output is None else vector_to_text(run.output)}}
        pack(answer)
        return answer
    except (DataError, MemoryError) as error:
        return {"result": result | {"status": "unusable", "failure": f"its output cannot be sent: {one_line(error)}"}}


def _known(order: Message) -> Known:
    """Return what the algorithm may know before it reads."""
    if order["class"] is not None:
        omega, ties = _omega(order["class"]), order["nested"]
        return known_of(omega if ties is None else NestedTies(omega, ties), precision=order["precision"])
    return Known(
        problem=order["problem"],
        parameter=number_from_text(order["parameter"]),
        weights=vector_from_text(order["weights"], length=order["columns"]),
        rows=order["rows"],
        columns=order["columns"],
        precision=order["precision"],
    )


@lru_cache(maxsize=4)
def _omega(written: str) -> OmegaClass:
    return decode_class(json.loads(written))


class _Line:
    """The worker's end of the socket."""

    def __init__(self, descriptor: int) -> None:
        # out of the way of a solver that closes descriptors by number
        self._descriptor = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, PRIVATE_DESCRIPTORS)
        os.close(descriptor)
        self._home = os.getpid()
        self._frames = Frames()
        self._order, self._asked = 0, 0

    @property
    def is_ours(self) -> bool:
        """Whether this is the worker and not a fork of it."""
        return os.getpid() == self._home

    def send(self, message: Message) -> None:
        """Send a message; a fork that the solver let run up to here ends instead."""
        if not self.is_ours:
            os._exit(0)
        data = memoryview(pack(message | {"order": self._order}))
        try:
            while data:
                data = data[os.write(self._descriptor, data) :]
        except OSError as error:
            _give_up(error)

    def next_order(self) -> Message | None:
        """Wait for the next order; None when the game has hung up."""
        # what the last run asked and did not wait for may have been answered
        while (message := self.receive()) is not None and "number" in message:
            pass
        if message is not None:
            self._order = message["order"]
        return message

    def receive(self) -> Message | None:
        """Wait for the next message; None when the game has hung up."""
        while (message := self._frames.next()) is None:
            try:
                data = os.read(self._descriptor, 1 << 16)
            except OSError as error:
                _give_up(error)
            if not data:
                return None
            self._frames.feed(data)
        return message

    def ask(self, message: Message) -> Message:
        """Send a question and wait for its answer."""
        self._asked += 1
        self.send(message | {"number": self._asked})
        # a signal handler of the solver may have raised between a question and its answer, which is then in the way
        while (answer := self.receive()) is not None and answer.get("number") != self._asked:
            pass
        if answer is None:
            os._exit(LOST)
        return answer


def _give_up(error: OSError) -> NoReturn:
    if error.errno is None:  # a TimeoutError that a signal handler of the solver has raised
        raise error
    os._exit(LOST)


class _RemoteOracle:
    """Asks the game for every datum; of the class it is told a_n and c_n, and rebuilds the matrix."""

    samples = 1

    def __init__(self, line: _Line, known: Known) -> None:
        self._line, self._known = line, known
        self._lock = threading.Lock()
        self._open = True

    def close(self) -> None:
        """Refuse all further reads: a thread that is still running must not disturb the next run."""
        with self._lock:
            self._open = False

    def read(self, *, k: int, n: int) -> Triple:
        """Return the datum (k, n)."""
        if not self._line.is_ours:
            raise ProtocolError("training data can be read in the solver's own process only")
        with self._lock:
            if not self._open:
                raise ProtocolError("the run is over, and with it the reading")
            answer = self._line.ask({"read": [k, n]})
        if "refused" in answer:
            raise ProtocolError(answer["refused"])
        if "stopped" in answer:
            raise Stopped(answer["stopped"])
        known, omega = self._known, self._known.omega
        point = vector_from_text(answer["x"], length=known.columns)
        if omega is None or "a" not in answer:
            matrix = vector_from_text(answer["A"], length=known.rows * known.columns)
            data = vector_from_text(answer["y"], length=known.rows)
            return Triple(k=k, n=n, matrix=matrix.reshape(known.rows, known.columns), data=data, point=point)
        a, c = vector_from_text(answer["a"], length=omega.ties), number_from_text(answer["c"])
        return Triple(k=k, n=n, matrix=lambda: omega.matrix(list(a), c), data=omega.data(), point=point)

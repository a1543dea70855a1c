"""Work in several processes at once, of which each may be killed: the outcomes come in the order of the tasks."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

Task = Callable[[], Any]


@dataclass(frozen=True)
class Lost:
    """In place of an outcome: the process ended without one, and how."""

    reason: str


def outcomes(tasks: Iterable[Task], jobs: int) -> Iterator[Any]:
    """Yield the outcome of each task, in order, from at most `jobs` processes; each task has one of its own.

    With one job, and on a system whose processes do not fork, the tasks are done here, one after the other. To start
    Python anew would look for modules in the current directory, and that may be where untrusted files are.

    Raises OSError if a task does, or if no process can be started.
    """
    if jobs == 1 or not hasattr(os, "fork"):
        for task in tasks:
            yield task()
        return
    from multiprocessing import get_context
    from multiprocessing.connection import wait

    fork = get_context("fork")
    waiting, started, shown = iter(tasks), 0, 0
    running: list[tuple[int, Connection[Any, Any], BaseProcess]] = []
    done: dict[int, Any] = {}
    try:
        while True:
            for task in islice(waiting, jobs - len(running)):
                receiver, sender = fork.Pipe(duplex=False)
                process: BaseProcess = fork.Process(target=_work, args=(task, sender), daemon=True)
                _start(process)
                sender.close()
                running.append((started, receiver, process))
                started += 1
            if not running:
                return
            ready = wait([receiver for _, receiver, _ in running])
            for number, receiver, process in running:
                if receiver in ready:
                    done[number] = _received(receiver, process)
            running = [each for each in running if each[1] not in ready]
            while shown in done:
                outcome = done.pop(shown)
                if isinstance(outcome, OSError):
                    raise outcome
                yield outcome
                shown += 1
    finally:
        for _, _, process in running:
            process.kill()
            process.join()


def _start(process: BaseProcess) -> None:
    """Start a process that never sees an interrupt, which is sent to all: this one decides what it means."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(task: Task, sender: Connection[Any, Any]) -> None:
    try:
        try:
            outcome = task()
        except OSError as error:
            outcome = error
        sender.send(outcome)
    except BaseException:
        os._exit(1)  # without an outcome, and without a traceback


def _received(receiver: Connection[Any, Any], process: BaseProcess) -> Any:
    try:
        outcome = receiver.recv()
    except (EOFError, OSError):
        outcome = None
    receiver.close()
    process.join()
    if outcome is None:
        code = process.exitcode or 0
        how = f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
        return Lost(f"the process that checked it {how}, without a verdict")
    return outcome

"""What every rule shares: the statement of a claim, the error of a failing rule, and the time limit."""

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial

from proofs_checks.certificate.reading import SciBarriersError

try:  # not when it is needed, which may be when there is no memory left to import anything
    from ctypes import c_ulong, py_object, pythonapi

    _raise_in: Callable[..., object] | None = pythonapi.PyThreadState_SetAsyncExc
except (ImportError, AttributeError):  # not CPython
    _raise_in = None

_deadline: ContextVar[float] = ContextVar("deadline", default=math.inf)


class Invalid(SciBarriersError):
    """A rule of docs/format.md fails; `rule` names it and `found` says with which value."""

    def __init__(self, rule: str, found: str) -> None:
        super().__init__(f"{rule}: {found}")
        self.rule, self.found = rule, found


class OutOfTime(SciBarriersError):
    """The time limit passed before the rules were decided."""

    def __init__(self, message: str = "the time limit passed") -> None:
        super().__init__(message)


@dataclass(frozen=True)
class Statement:
    """A claim in plain words: one sentence, and lines with every number that matters.

    >>> from proofs_checks import Statement
    >>> Statement("minimiser", "Some point is a minimiser.", ("Which one is said here.",)).title
    'Some point is a minimiser.'
    """

    kind: str
    title: str
    lines: tuple[str, ...]


def require(holds: bool, rule: str, found: Callable[[], str]) -> None:
    """Raise Invalid unless the rule holds, and OutOfTime after the time limit."""
    if not holds:
        raise Invalid(rule, found())
    look_at_time()


def look_at_time() -> None:
    """Raise OutOfTime after the time limit."""
    if time.monotonic() > _deadline.get():
        raise OutOfTime


@contextmanager
def limited(seconds: float | None) -> Iterator[None]:
    """Raise OutOfTime in the body after a time, between two of its steps, on any thread: no signal reaches all of them.

    Where there is no CPython, or no thread that could wait, the time is looked at between rules; so it is with a limit
    within another. There the other one interrupts, if it is the first to pass.
    """
    if seconds is None:
        yield
        return
    outer = _deadline.get()
    token = _deadline.set(min(outer, time.monotonic() + seconds))
    try:
        # one thread for each, as what interrupts a thread while it starts another may hit the other
        with nullcontext() if outer < math.inf else _interrupted(seconds):
            yield
            look_at_time()
    finally:
        _deadline.reset(token)


@contextmanager
def _interrupted(seconds: float) -> Iterator[None]:
    gate, lock, throw = threading.Lock(), threading.Lock(), _thrower()
    gate.acquire()

    def fire() -> None:
        with gate, lock:
            if not timer.finished.is_set():
                throw()

    timer = threading.Timer(min(max(seconds, 0), threading.TIMEOUT_MAX), fire)
    timer.daemon = True
    try:
        with suppress(RuntimeError):  # no memory, or no threads at all
            timer.start()
        gate.release()  # not before: what starts a thread must not be interrupted, or takes it for not started
        yield
    finally:
        # What is on its way belongs to a body that has ended. It arrives in a call, or where a loop starts again. To
        # take it back by throwing nothing would leave CPython looking for it at every step from then on, and without
        # end where the steps are traced.
        try:
            with lock:
                timer.cancel()
            for _ in range(3):
                pass
        except OutOfTime:
            pass


def _thrower() -> Callable[[], object]:
    """Return what raises OutOfTime in this thread at its next step, called on any thread.

    Everything that it needs is there before, as it may be called where no memory is left.
    """
    if _raise_in is None:
        return lambda: None
    return partial(_raise_in, c_ulong(threading.get_ident()), py_object(OutOfTime))

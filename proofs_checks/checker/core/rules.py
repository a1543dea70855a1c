"""What every rule shares: the statement of a claim, the error of a failing rule, and the time limit."""

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass

from proofs_checks.certificate.reading import SciBarriersError

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
    """A claim in plain words: one sentence, and lines with every number that matters."""

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

    Where there is no CPython, or no thread that could wait, the time is looked at between rules.
    """
    if seconds is None:
        yield
        return
    here, lock = threading.get_ident(), threading.Lock()

    def fire() -> None:
        with lock:
            if not timer.finished.is_set():
                _throw(here, OutOfTime)

    timer = threading.Timer(max(seconds, 0), fire)
    timer.daemon = True
    token = _deadline.set(time.monotonic() + seconds)
    try:
        with suppress(RuntimeError):  # no memory, or no threads at all
            timer.start()
        yield
        look_at_time()
    finally:
        try:
            with lock:
                timer.cancel()
                _throw(here, None)  # what is on its way belongs to the body, which has ended
        finally:
            _deadline.reset(token)


def _throw(thread: int, error: type[Exception] | None) -> None:
    """Raise an error in a thread at its next step; None takes back what has not arrived."""
    with suppress(ImportError, AttributeError):  # not CPython
        from ctypes import c_ulong, py_object, pythonapi

        pythonapi.PyThreadState_SetAsyncExc(c_ulong(thread), error and py_object(error))

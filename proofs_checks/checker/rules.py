"""What every rule shares: the statement of a claim, the error of a failing rule, and the time limit."""

import math
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from proofs_checks.certificate import SciBarriersError

_deadline: ContextVar[float] = ContextVar("deadline", default=math.inf)


class Invalid(SciBarriersError):
    """A rule of docs/format.md fails; `rule` names it and `found` says with which value."""

    def __init__(self, rule: str, found: str) -> None:
        super().__init__(f"{rule}: {found}")
        self.rule, self.found = rule, found


class OutOfTime(SciBarriersError):
    """The time limit passed before the rules were decided."""


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
    if time.monotonic() > _deadline.get():
        raise OutOfTime("the time limit passed")


@contextmanager
def limited(seconds: float | None) -> Iterator[None]:
    """Raise OutOfTime in the body after a time: at once on the main thread of a POSIX system, else between rules."""
    if seconds is None:
        yield
        return
    interrupts = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if interrupts:
        before, handler = signal.getitimer(signal.ITIMER_REAL), signal.signal(signal.SIGALRM, _interrupt)
    token = _deadline.set(time.monotonic() + seconds)
    try:
        if interrupts:
            signal.setitimer(signal.ITIMER_REAL, max(seconds, 0))
        yield
    finally:
        if interrupts:
            signal.setitimer(signal.ITIMER_REAL, *before)
            signal.signal(signal.SIGALRM, handler)
        _deadline.reset(token)


def _interrupt(*_: object) -> None:
    raise OutOfTime("the time limit passed")

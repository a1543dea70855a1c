"""How a program starts and ends: an interrupt (Ctrl-C) never shows a traceback, whenever it comes.

Only the work of a command knows what an interrupt means. Before it, while libraries are loaded, there is nothing to
keep, and the process ends at once; after it, everything is said, and an interrupt is too late. This module is imported
first, and so imports next to nothing.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any, NoReturn

__all__ = ["start"]

_INTERRUPTED = 130
_SOON = 0.01  # seconds


def start(load: Callable[[], Callable[[], NoReturn]]) -> NoReturn:
    """Load a program, run it, and exit with its code; with 130 if an interrupt comes before its work.

    Interrupts that are ignored from the start, as in the background of a shell, stay ignored.

    Args:
        load: imports the program and returns what runs it and exits.
    """
    works = False

    def interrupted(number: int, frame: Any) -> None:
        if not works:
            os._exit(_INTERRUPTED)
        signal.default_int_handler(number, frame)

    heeded = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if heeded:
        signal.signal(signal.SIGINT, interrupted)
        sys.unraisablehook = _again
    program = load()
    try:
        works = True
        program()
    except KeyboardInterrupt:  # in the moment before the program is ready for it, or after
        raise SystemExit(_INTERRUPTED) from None
    finally:
        if heeded:
            signal.signal(signal.SIGINT, signal.SIG_IGN)


def _again(lost: Any) -> None:
    """Let an interrupt come again that came where Python drops errors: while an object was thrown away."""
    if lost.exc_type is not KeyboardInterrupt:
        sys.__unraisablehook__(lost)
        return
    from threading import Timer, main_thread

    def interrupt() -> None:  # by a signal to the main thread where there are some: it ends what that waits for
        if hasattr(signal, "pthread_kill"):
            signal.pthread_kill(main_thread().ident or 0, signal.SIGINT)
        else:
            signal.raise_signal(signal.SIGINT)

    timer = Timer(_SOON, interrupt)
    timer.daemon = True
    timer.start()

"""The program `proofs-checks`, and `python -m proofs_checks`."""

import sys

if __name__ == "__main__" and not sys.flags.safe_path:
    # `python -m` looks for modules in the current directory first, and that may be where untrusted files are
    del sys.path[0]

import os
import signal
from typing import Any, NoReturn

_INTERRUPTED = 130
_SOON = 0.01  # seconds


def main() -> NoReturn:
    """Run the command line and exit with its code; an interrupt shows no traceback, whenever it comes.

    Only the work knows what an interrupt means: before it the process ends at once, and after it an interrupt is too
    late. One that is ignored from the start, as in the background of a shell, stays ignored.
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
    from proofs_checks.cli import main as program

    try:
        works = True
        code = program()
    except KeyboardInterrupt:  # in the moment before the program is ready for it, or after
        code = _INTERRUPTED
    finally:
        if heeded:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(code)


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


if __name__ == "__main__":
    main()

"""Stands between the game and a worker: starts it, and in the end kills it with all that it has started.

A script for a bare interpreter, with nothing but the standard library: `supervisor.py LINE LEASH PROGRAM`. On Linux it
is a *child subreaper*: a process that loses its parent becomes a child of the supervisor, whatever session, environment
or descriptors it has given itself. So as long as a descendant lives the supervisor has a child, and it kills until it
has none. It ends as the worker has ended, with the same exit code or by the same signal.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import selectors
import signal
import sys
import time
from typing import Any

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_LOOK = 0.2
_PATIENCE = 10.0


def main(line: int, leash: int, program: str) -> None:
    """Run `program` in a worker until it ends, or the game lets go of the leash, or is gone."""
    game = os.getppid()
    os.set_inheritable(leash, False)
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    worker = _start(line, program, prctl)
    # what the worker closes is closed
    os.close(line)
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(null, descriptor)
    selector = selectors.DefaultSelector()
    for descriptor in (leash, woken):
        selector.register(descriptor, selectors.EVENT_READ)
    while (code := _ended(worker)) is None and os.getppid() == game:
        ready = {key.fd for key, _ in selector.select(_LOOK)}
        if leash in ready:
            break
        if woken in ready:
            os.read(woken, 4096)
    _leave(_end(worker, code))


def _start(line: int, program: str, prctl: Any) -> int:
    """Return the number of the worker: a session of its own, that dies with the supervisor."""
    supervisor = os.getpid()
    worker = os.fork()
    if worker:
        return worker
    try:
        os.setsid()
        for name in ("SIGPIPE", "SIGXFSZ"):  # Python ignores them, and what is ignored stays so
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), signal.SIG_DFL)
        if prctl is not None:
            prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() == supervisor:
            os.set_inheritable(line, True)
            os.execv(sys.executable, [sys.executable, "-c", program])
    finally:
        os._exit(127)


def _ended(worker: int) -> int | None:
    """Return how the worker ended: an exit code, or minus the number of a signal; None if it has not."""
    pid, status = os.waitpid(worker, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if pid else None


def _end(worker: int, code: int | None) -> int:
    """Kill all there is, and return how the worker ended."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        _kill(worker)
        try:
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                if found[0] == worker:
                    code = os.waitstatus_to_exitcode(found[1])
        except ChildProcessError:  # there are no children, and so no descendants
            break
        time.sleep(0.0005)
    return 127 if code is None else code


def _kill(worker: int) -> None:
    """Kill the descendants of this process; where the system does not show them, the group of the worker."""
    try:
        names = list(filter(str.isdecimal, os.listdir("/proc")))
    except OSError:
        names = []
    parents: dict[int, int] = {}
    for name in names:
        with contextlib.suppress(OSError, ValueError, IndexError), open(f"/proc/{name}/stat", "rb") as file:
            parents[int(name)] = int(file.read().rpartition(b")")[2].split()[1])
    if os.getpid() not in parents:
        with contextlib.suppress(OSError):
            os.killpg(worker, signal.SIGKILL)
        return
    descendants, new = set[int](), {os.getpid()}
    while new:
        new = {child for child, parent in parents.items() if parent in new} - descendants
        descendants |= new
    for pid in descendants:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)


def _leave(code: int) -> None:
    if code < 0:
        with contextlib.suppress(OSError, ValueError):
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
        time.sleep(1)
    os._exit(code if code >= 0 else 127)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])

"""What a solver does to the worker besides answering: its standard streams, and what it leaves running."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import io
import os
import sys
import threading
import time
from typing import Any

from sci_barriers.isolation.wire import PRIVATE_DESCRIPTORS

__all__ = ["LeftRunning", "Streams"]


class _WatchedStdin(io.FileIO):
    """Standard input that remembers being read."""

    was_read = False

    def readinto(self, buffer: Any) -> int | None:
        """Read, and remember it."""
        self.was_read = True
        return super().readinto(buffer)

    def readall(self) -> bytes:
        """Read all, and remember it."""
        self.was_read = True
        return super().readall()


class Streams:
    """The standard streams: whole again before every call, and watched during it."""

    _NAMES = ("input", "output", "error")

    def __init__(self) -> None:
        self._identities = [self._identity(fd) for fd in range(3)]
        self._copies = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, PRIVATE_DESCRIPTORS) for fd in range(3)]
        self._fflush = getattr(ctypes.CDLL(None), "fflush", None)

    @staticmethod
    def _identity(descriptor: int) -> tuple[int, int] | None:
        try:
            status = os.fstat(descriptor)
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def renew(self) -> None:
        """Put the three streams back, whatever became of them."""
        for fd, (identity, copy) in enumerate(zip(self._identities, self._copies, strict=True)):
            if self._identity(fd) != identity:
                with contextlib.suppress(OSError):
                    os.dup2(copy, fd)
        with contextlib.suppress(OSError):
            self._stdin = _WatchedStdin(0, closefd=False)
            sys.stdin = io.TextIOWrapper(io.BufferedReader(self._stdin), encoding="utf-8", errors="replace")
            sys.stdout, sys.stderr = (
                open(fd, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
                for fd in (1, 2)
            )

    def flush(self) -> None:
        """Write out what Python and the C library still hold."""
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
        if self._fflush is not None:
            self._fflush(None)

    def notes(self) -> list[str]:
        """Say what happened to the streams."""
        notes = ["it read standard input, which is empty"] if self._stdin.was_read else []
        for fd, name in enumerate(self._NAMES):
            if self._identity(fd) != self._identities[fd]:
                notes.append(f"it closed or replaced standard {name}")
        return notes


class LeftRunning:
    """What a call leaves running."""

    def __init__(self) -> None:
        self._threads, self._tasks = set(threading.enumerate()), _tasks()

    def notes(self) -> list[str]:
        """Say what is running now and was not before."""
        notes = []
        threads = len(set(threading.enumerate()) - self._threads)
        if threads:
            notes.append(f"it left {threads} thread{'s' if threads > 1 else ''} running")
        for _ in range(5):  # a thread that has ended may still be listed for a moment
            native = _tasks() - self._tasks - threads
            if native <= 0:
                break
            time.sleep(0.002)
        else:
            notes.append(
                f"it left {native} native thread{'s' if native > 1 else ''} running (a library's pool, perhaps)"
            )
        if _has_children():
            notes.append("it left child processes behind")
        return notes


def _tasks() -> int:
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return 0


def _has_children() -> bool:
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except (OSError, AttributeError):  # not every system has it
        return False
    return True

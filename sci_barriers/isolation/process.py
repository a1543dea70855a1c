"""The game's end of a worker: start it, talk to it with a deadline, and end it with everything it started.

No wait in here is without a limit. The game never waits for the end of a pipe, because a process that the solver
started may hold it open for ever, and whatever arrives is bounded before it is kept.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import selectors
import signal
import socket
import subprocess
import sys
import time
import weakref
from collections.abc import Callable
from typing import IO

from sci_barriers.errors import DataError, SolverError
from sci_barriers.isolation.wire import LOST, Frames, Message, pack
from sci_barriers.running import tail

__all__ = ["LostWorker", "Worker"]

_MARK = "SCI_BARRIERS_WORKER"
_TICK = 0.05
_GRACE = 1.0
_CHUNK = 1 << 16
_KEPT = 1 << 14
_PIPE_BYTES = 1 << 20
_REPORTS = {"read", "drew", "leaf"}


class LostWorker(Exception):
    """The worker did not answer; `status` is one of `sci_barriers.running.STATUSES`."""

    def __init__(self, status: str, failure: str) -> None:
        super().__init__(failure)
        self.status, self.failure = status, failure


class Tail:
    """The end of a stream, and how much there was of it."""

    def __init__(self) -> None:
        self._end, self.total = b"", 0

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self.total += len(data)
        self._end = (self._end + data)[-_KEPT:]

    @property
    def text(self) -> str:
        """The end as text."""
        return tail(self._end.decode("utf-8", "replace"))


class Worker:
    """A worker process and the line to it.

    Attributes:
        printed: what came out on standard output during the last conversation.
        errors: the same for standard error.
    """

    def __init__(self) -> None:
        """Start the process.

        Raises:
            SolverError: if the system does not allow it.
        """
        self.printed, self.errors = Tail(), Tail()
        token = secrets.token_hex(16)
        with contextlib.ExitStack() as opened:
            try:
                self._line, theirs = map(opened.enter_context, socket.socketpair())
                self._process = _start(theirs.fileno(), token)
            except OSError as error:
                raise SolverError(f"a worker process cannot be started: {error.strerror or error}") from None
            theirs.close()
            self._selector = opened.enter_context(selectors.DefaultSelector())
            for stream in (self._line, self._process.stdout, self._process.stderr):
                if stream is not None:
                    opened.enter_context(stream)
                    os.set_blocking(stream.fileno(), False)
                    self._selector.register(stream, selectors.EVENT_READ)
            # also when nobody closes the worker: a process must not outlive its last user
            self._finish = weakref.finalize(self, _finish, opened.pop_all(), self._process, token, os.getpid())

    @property
    def alive(self) -> bool:
        """Whether the process is there and can be talked to."""
        return self._finish.alive and _exit(self._process) is None

    def converse(self, message: Message, *, seconds: float, answer: Callable[[Message], Message | None]) -> Message:
        """Send a message and return the reply to it; until that comes, answer what the worker wants to read.

        It may also report a draw or a finished run, to which `answer` returns None; with each finished run the time
        begins anew.

        Raises:
            LostWorker: if there is no reply, for whatever reason. The worker is of no use after that.
        """
        self.printed, self.errors = Tail(), Tail()
        deadline, stopped = time.monotonic() + seconds, False
        self._frames, self._unsent = Frames(), pack(message)
        try:
            while time.monotonic() < deadline:
                reply = self._frames.next()
                if reply is None:
                    self._wait(max(0.0, min(_TICK, deadline - time.monotonic())))
                elif reply.keys() & _REPORTS:
                    answered = answer(reply)
                    self._unsent += b"" if answered is None else pack(answered)
                    if "leaf" in reply:
                        deadline = time.monotonic() + seconds
                    if answered is not None and "stopped" in answered and not stopped:
                        deadline, stopped = min(deadline, time.monotonic() + _GRACE), True
                else:
                    return reply
        except DataError:
            raise LostWorker("cut off", "it sent the game something that is no message") from None
        finally:
            self._drain()
        if stopped:
            raise LostWorker("stopped", f"it was stopped, did not end within {_GRACE:g} s, and was killed")
        raise LostWorker("timed out", f"it was not done after {seconds:g} s")

    def close(self) -> None:
        """Let the process end by itself, for a moment, then end it."""
        if self.alive:
            self._selector.unregister(self._line)
            self._line.close()
            deadline = time.monotonic() + _GRACE
            while _exit(self._process) is None and time.monotonic() < deadline:
                self._drain()
                time.sleep(0.001)
        self._finish()

    def kill(self) -> None:
        """End the process and everything it started, now."""
        self._finish()

    # --- the line ------------------------------------------------------------------------------

    def _wait(self, seconds: float) -> None:
        """Send and receive what can be sent and received; notice when there is nobody left to talk to."""
        self._send()
        self._selector.modify(self._line, selectors.EVENT_READ | (selectors.EVENT_WRITE if self._unsent else 0))
        # asked before looking: by the time that it has ended, all it said has arrived
        ended = _exit(self._process) is not None
        events = {key.fileobj: event for key, event in self._selector.select(0 if ended else seconds)}
        readable = events.pop(self._line, 0) & selectors.EVENT_READ
        if (readable and not self._receive()) or (ended and not readable):
            raise self._lost()
        if events:
            self._drain()

    def _send(self) -> None:
        try:
            self._unsent = self._unsent[self._line.send(self._unsent) :] if self._unsent else b""
        except BlockingIOError:
            pass
        except OSError:
            self._unsent = b""  # it has hung up, and receiving will tell

    def _receive(self) -> bool:
        """Take what has arrived; False if the other side has hung up."""
        try:
            data = self._line.recv(_CHUNK)
        except OSError:
            return False
        self._frames.feed(data)
        return data != b""

    def _lost(self) -> LostWorker:
        deadline = time.monotonic() + _GRACE
        while (code := _exit(self._process)) is None and time.monotonic() < deadline:
            self._drain()
            time.sleep(0.001)
        if code is None or code == LOST:
            return LostWorker("cut off", "it closed its line to the game")
        if code >= 0:
            return LostWorker("exited", f"it ended its process with exit code {code}")
        return LostWorker("crashed", f"it crashed: {_signal_name(-code)}")

    def _drain(self) -> None:
        """Read what has been printed, as much as the pipes can hold."""
        for stream, end in ((self._process.stdout, self.printed), (self._process.stderr, self.errors)):
            if stream is not None:
                self._drain_one(stream, end)

    def _drain_one(self, stream: IO[bytes], end: Tail) -> None:
        limit = end.total + _PIPE_BYTES
        while not stream.closed and end.total < limit:
            try:
                data = os.read(stream.fileno(), _CHUNK)
            except BlockingIOError:
                return
            end.feed(data)
            if not data:
                self._selector.unregister(stream)
                stream.close()


# --- the process -----------------------------------------------------------------------------------


def _start(descriptor: int, token: str) -> subprocess.Popen[bytes]:
    # the worker finds modules where this process does
    program = (
        f"import sys; sys.path[:] = {sys.path!r}; from sci_barriers.isolation.worker import main; main({descriptor})"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        pass_fds=(descriptor,),
        start_new_session=True,
        env={"PYTHONHASHSEED": "0", **os.environ, _MARK: token},
    )


def _exit(process: subprocess.Popen[bytes]) -> int | None:
    """Return the exit code (a signal as a negative number) or None, and leave the process to be reaped.

    While it is not reaped, its number cannot be given to another process, and killing its group is safe.
    """
    if process.returncode is not None:
        return process.returncode
    try:
        result = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:  # somebody else has reaped it
        return process.wait()
    if result is None:
        return None
    return result.si_status if result.si_code == os.CLD_EXITED else -result.si_status


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _finish(opened: contextlib.ExitStack, process: subprocess.Popen[bytes], token: str, owner: int) -> None:
    """Close the line and kill the process and all that it has started."""
    opened.close()
    if os.getpid() != owner:  # a fork of the game
        return
    for _ in range(20):  # it may be starting others while it is being killed
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        strays = _marked(f"{_MARK}={token}".encode())
        for pid in strays:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        if not strays:
            break
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=5)


def _marked(mark: bytes) -> list[int]:
    """Return the processes with this environment variable: a descendant keeps it wherever it has moved."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for name in os.listdir("/proc"):
            if name.isdecimal():
                with contextlib.suppress(OSError), open(f"/proc/{name}/environ", "rb") as file:
                    if mark in file.read().split(b"\0"):
                        found.append(int(name))
    return found

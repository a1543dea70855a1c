"""The game's end of a worker: start it, talk to it with a deadline, and end it with everything it started.

Between the two stands a supervisor, which is the process that the game starts and waits for (`supervisor`).

No wait in here is without a limit. The game never waits for the end of a pipe, because a process that the solver
started may hold it open for ever, and whatever arrives is bounded before it is kept.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from exact_base.errors import DataError, SolverError
from exact_base.text import Message
from sci_barriers.isolation.wire import LOST, MAX_MESSAGE, Frames, pack
from sci_barriers.players.running import tail

__all__ = ["Answerer", "Answers", "LostWorker", "Worker", "missing_for_workers"]

_TICK = 0.05
_GRACE = 1.0
_PATIENCE = 15.0
_CHUNK = 1 << 16
_KEPT = 1 << 14
_PIPE_BYTES = 1 << 20
_MAX_UNSENT = 2 * MAX_MESSAGE
_SUPERVISOR = Path(__file__).with_name("supervisor.py")
_REPLIES = {"load": {"loaded", "refused"}, "run": {"result"}}
"""What a worker may say in the end, by what it was told; before that, it may ask what the game answers."""

Answerer = Callable[[Any], Message | None]
"""Answers a question; what only reports something has no answer."""
Answers = Mapping[str, Answerer]
"""What a worker may ask or report before it replies."""


def missing_for_workers() -> str:
    """Return in one sentence why there can be no worker processes here; an empty string if there can."""
    if hasattr(os, "fork") and all(importlib.util.find_spec(name) is not None for name in ("fcntl", "resource")):
        return ""
    return "a process of a solver's own needs a POSIX system"


class LostWorker(Exception):
    """The worker did not answer; `status` is one of `sci_barriers.players.running.STATUSES`."""

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
            SolverError: if the system does not allow it, or is not POSIX.
        """
        if missing := missing_for_workers():
            raise SolverError(f"{missing}; run the solver in this process")
        self.printed, self.errors = Tail(), Tail()
        self._frames, self._unsent, self._orders = Frames(), bytearray(), 0
        with contextlib.ExitStack() as opened:
            try:
                self._line, theirs = map(opened.enter_context, socket.socketpair())
                leash, held = map(opened.enter_context, socket.socketpair())
                self._process = _start(theirs.fileno(), held.fileno())
            except OSError as error:
                raise SolverError(f"a worker process cannot be started: {error.strerror or error}") from None
            theirs.close()
            held.close()
            self._selector = opened.enter_context(selectors.DefaultSelector())
            for stream in (self._line, self._process.stdout, self._process.stderr):
                if stream is not None:
                    opened.enter_context(stream)
                    os.set_blocking(stream.fileno(), False)
                    self._selector.register(stream, selectors.EVENT_READ)
            # also when nobody closes the worker: a process must not outlive its last user
            self._finish = weakref.finalize(self, _finish, opened.pop_all(), leash, self._process, os.getpid())

    @property
    def ended(self) -> bool:
        """Whether it was closed or killed."""
        return not self._finish.alive

    @property
    def alive(self) -> bool:
        """Whether it can be talked to: it is there, and silent, as one is that was not asked for anything."""
        if self.ended or self._process.poll() is not None or not self._frames.empty:
            return False
        try:
            self._line.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            pass
        return False

    def converse(self, order: str, body: Any, *, seconds: float, answers: Answers) -> Message:
        """Give an order, `load` or `run`, and return the reply to it; until that comes, answer what it may ask.

        Raises:
            LostWorker: if there is no reply, for whatever reason. The worker is of no use after that.
        """
        self.printed, self.errors = Tail(), Tail()
        deadline, stopped = time.monotonic() + seconds, False
        self._orders += 1
        self._say({order: body})
        try:
            while time.monotonic() < deadline:
                message = self._frames.next()
                if message is None:
                    self._wait(max(0.0, min(_TICK, deadline - time.monotonic())))
                    continue
                kind = self._kind(message, {*answers} | _REPLIES[order])
                if kind not in answers:
                    return message
                answered = answers[kind](message[kind])
                if answered is None:
                    continue
                self._say(answered | {"number": message.get("number")})
                if "stopped" in answered and not stopped:
                    deadline, stopped = min(deadline, time.monotonic() + _GRACE), True
        except DataError:
            raise LostWorker("cut off", "it sent the game something that is no message") from None
        finally:
            self._drain()
        if stopped:
            raise LostWorker("stopped", f"it was stopped, did not end within {_GRACE:g} s, and was killed")
        raise LostWorker("timed out", f"it was not done after {seconds:g} s")

    def _kind(self, message: Message, allowed: set[str]) -> str:
        """Return what a message is, one of those that are allowed now, about the last order."""
        parts = message.keys() - {"order", "number"}
        # the number is sent back as it came, and what is sent was looked at
        number = message.get("number", 0)
        if len(parts) != 1 or not parts <= allowed or message.get("order") != self._orders or type(number) is not int:
            raise LostWorker("cut off", "it sent the game a message out of turn")
        return parts.pop()

    def close(self) -> None:
        """Let the process end by itself, for a moment, then end it."""
        if self.alive:
            self._selector.unregister(self._line)
            self._line.close()
            deadline = time.monotonic() + _GRACE
            while self._process.poll() is None and time.monotonic() < deadline:
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
        ended = self._process.poll() is not None
        events = {key.fileobj: event for key, event in self._selector.select(0 if ended else seconds)}
        readable = events.pop(self._line, 0) & selectors.EVENT_READ
        if (readable and not self._receive()) or (ended and not readable):
            raise self._lost()
        if events:
            self._drain()

    def _say(self, message: Message) -> None:
        self._unsent += pack(message | {"order": self._orders})
        if len(self._unsent) > _MAX_UNSENT:
            raise LostWorker("cut off", "it asked and asked, and did not wait for the answers")

    def _send(self) -> None:
        try:
            while self._unsent:
                del self._unsent[: self._line.send(self._unsent[:_CHUNK])]
        except BlockingIOError:
            pass
        except OSError:
            self._unsent.clear()  # it has hung up, and receiving will tell

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
        while (code := self._process.poll()) is None and time.monotonic() < deadline:
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


def _start(line: int, leash: int) -> subprocess.Popen[bytes]:
    # the worker finds modules where this process does
    program = f"import sys; sys.path[:] = {sys.path!r}; from sci_barriers.isolation.worker import main; main({line})"
    return subprocess.Popen(
        [sys.executable, "-I", "-S", str(_SUPERVISOR), str(line), str(leash), program],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        pass_fds=(line, leash),
        start_new_session=True,
        env={"PYTHONHASHSEED": "0", **os.environ},
    )


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _finish(opened: contextlib.ExitStack, leash: socket.socket, process: subprocess.Popen[bytes], owner: int) -> None:
    """Close the line, and have the supervisor kill the worker and all that it has started."""
    if os.getpid() != owner:  # a fork of the game, for whose worker it is not to end
        opened.close()
        return
    with contextlib.suppress(OSError):
        leash.shutdown(socket.SHUT_RDWR)  # not only closed: a fork of the game may hold it too
    opened.close()
    try:
        process.wait(timeout=_PATIENCE)
    except subprocess.TimeoutExpired:  # somebody has stopped it; the worker dies with it
        process.kill()
        process.wait()

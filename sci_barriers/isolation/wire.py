"""The messages between the game and a worker: a length, then one JSON object whose numbers are hexadecimal strings.

Nothing here executes what it reads. Messages are capped in size and in structure before they are parsed, so that a
worker that sends nonsense costs little.
"""

from __future__ import annotations

import json

from exact_base.errors import DataError
from exact_base.text import Message

__all__ = ["LOST", "MAX_MESSAGE", "PRIVATE_DESCRIPTORS", "SEED", "Frames", "pack"]


LOST = 121
"""Exit code of a worker whose line to the game is gone."""
PRIVATE_DESCRIPTORS = 100
"""The worker moves its own descriptors to here and beyond, out of the way of a solver that closes them by number."""
SEED = 0
"""What the worker seeds the global generators of Python and numpy with, before every run."""
MAX_MESSAGE = 64 << 20
_MAX_PARTS = 100_000
_LENGTH = 8


def pack(message: Message) -> bytes:
    """Return the bytes of a message.

    Raises:
        DataError: if it is larger than a message may be.
    """
    body = json.dumps(message, separators=(",", ":")).encode("ascii")
    if len(body) > MAX_MESSAGE:
        raise DataError(f"a message of {len(body) >> 20} MiB is larger than {MAX_MESSAGE >> 20} MiB")
    return len(body).to_bytes(_LENGTH, "big") + body


class Frames:
    """Cuts a stream of bytes into messages."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    @property
    def empty(self) -> bool:
        """Whether nothing has arrived that was not taken."""
        return not self._buffer

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self._buffer += data

    def next(self) -> Message | None:
        """Return the next message, or None if it has not arrived in full.

        Raises:
            DataError: if the bytes are no message.
        """
        if len(self._buffer) < _LENGTH:
            return None
        end = _LENGTH + int.from_bytes(self._buffer[:_LENGTH], "big")
        if end > _LENGTH + MAX_MESSAGE:
            raise DataError("a message is too long")
        if len(self._buffer) < end:
            return None
        body = bytes(self._buffer[_LENGTH:end])
        del self._buffer[:end]
        if sum(map(body.count, (b",", b"[", b"{"))) > _MAX_PARTS:
            raise DataError("a message has too many parts")
        try:
            message = json.loads(body)
        except (ValueError, RecursionError):
            raise DataError("a message is not JSON") from None
        if not isinstance(message, dict):
            raise DataError("a message is not an object")
        return message


# --- numbers ---------------------------------------------------------------------------------------

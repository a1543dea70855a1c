"""The messages between the game and a worker: a length, then one JSON object whose numbers are hexadecimal strings.

Nothing here executes what it reads. Messages are capped in size and in structure before they are parsed, so that a
worker that sends nonsense costs little.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
from flint import fmpq

from sci_barriers.errors import DataError
from sci_barriers.exact import ComplexNumber, ExactArray, Scalar, imaginary_part, real_part

__all__ = [
    "LOST",
    "MAX_MESSAGE",
    "PRIVATE_DESCRIPTORS",
    "SEED",
    "Frames",
    "Message",
    "pack",
    "read_number",
    "read_vector",
    "write_number",
    "write_vector",
]

Message = dict[str, Any]

LOST = 121
"""Exit code of a worker whose line to the game is gone."""
PRIVATE_DESCRIPTORS = 100
"""The worker moves its own descriptors to here and beyond, out of the way of a solver that closes them by number."""
SEED = 0
"""What the worker seeds the global generators of Python and numpy with, before every run."""
MAX_MESSAGE = 64 << 20
_MAX_PARTS = 100_000
_LENGTH = 8
_NUMBER = re.compile(r"-?[0-9a-f]+(/[1-9a-f][0-9a-f]*)?")
_MAX_NUMBER = 1 << 20  # characters: twice what a datum of the largest precision has


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


def write_number(value: fmpq) -> str:
    """Write a rational: `numerator` or `numerator/denominator`."""
    p, q = int(value.p), int(value.q)
    return f"{p:x}" if q == 1 else f"{p:x}/{q:x}"


def read_number(text: object) -> fmpq:
    """Read a rational.

    Raises:
        DataError: if the text is not one.
    """
    if not isinstance(text, str) or len(text) > _MAX_NUMBER or not _NUMBER.fullmatch(text):
        raise DataError("a rational in hexadecimal is needed")
    p, _, q = text.partition("/")
    return fmpq(int(p, 16), int(q or "1", 16))


def write_vector(vector: Iterable[Scalar]) -> str:
    """Write a rational or Gaussian rational vector: entries `re` or `re|im`, separated by blanks.

    Raises:
        DataError: if an entry is irrational.
    """

    def written(entry: Any) -> str:
        if not entry:
            return "0"
        re, im = real_part(entry), imaginary_part(entry)
        if not (isinstance(re, fmpq) and isinstance(im, fmpq)):
            raise DataError(f"only rational numbers can be sent, not {entry}")
        return f"{write_number(re)}|{write_number(im)}" if im != 0 else write_number(re)

    return " ".join(map(written, vector))


def read_vector(text: object, *, length: int) -> ExactArray:
    """Read a vector of the given length.

    Raises:
        DataError: if the text is not one.
    """
    if not isinstance(text, str) or text.count(" ") != length - 1:
        raise DataError(f"a vector of length {length} is needed")
    result = np.empty(length, dtype=object)
    for i, entry in enumerate(text.split(" ")):
        re, separator, im = entry.partition("|")
        result[i] = ComplexNumber(read_number(re), read_number(im)) if separator else read_number(re)
    return result

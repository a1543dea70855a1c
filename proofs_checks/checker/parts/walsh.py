"""Walsh transforms of integers, exactly: many lanes in one integer (docs/format.md, "Walsh masks").

Lane v of a packed integer holds a number plus half of what the lane can hold, so that it is never negative. One step of
the transform is a few operations on integers as long as a chunk of lanes; the last steps are sums of whole chunks. No
number within exceeds the sum of the moduli that come in, for which the lanes are made wide enough.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain

_WORD = 8
"""Bytes; the width of a lane is a multiple of it."""
_CHUNK = 12
"""The binary logarithm of the lanes of a chunk, of 8 bytes: about as much as the cache of a processor holds."""

Step = tuple[int, int, int]
"""How far it shifts, a mask, and what puts the halves back."""


@lru_cache(maxsize=64)
def _steps(count: int, width: int) -> tuple[int, tuple[Step, ...]]:
    """Return the halves of 2^count lanes of some bytes, and the steps of their transform."""
    lane, bits = b"\0" * (width - 1) + b"\x80", 8 * width
    halves = int.from_bytes(lane * (1 << count), "little")
    steps = []
    for k in range(count):
        near, pairs = 1 << k, 1 << (count - k - 1)
        mask = int.from_bytes((b"\xff" * width * near + b"\0" * width * near) * pairs, "little")
        low = int.from_bytes((lane * near + b"\0" * width * near) * pairs, "little")
        steps.append((bits << k, mask, halves - 2 * low))
    return halves, tuple(steps)


def _width(values: Sequence[int]) -> int:
    """Return the bytes of lanes that hold every sum of some of the numbers, with any signs."""
    return -(-(sum(map(abs, values)).bit_length() + 1) // (8 * _WORD)) * _WORD


def _packed(values: Sequence[int], width: int) -> int:
    """Return the sum of value times 2^(lane)."""
    if width == _WORD:
        words = array("q", values)
        if sys.byteorder == "big":
            words.byteswap()
        data = words.tobytes()
    else:
        data = b"".join([v.to_bytes(width, "little", signed=True) for v in values])
    halves = _steps(len(values).bit_length() - 1, width)[0]
    return (int.from_bytes(data, "little") ^ halves) - halves


def _chunks(values: Sequence[int], width: int) -> Iterator[bytes]:
    """Yield the transform, 2^k numbers in all: chunk by chunk, each number plus half of its lane."""
    count = min(len(values).bit_length() - 1, max(_CHUNK - width // _WORD + 1, 0))
    size, (halves, steps), rows = 1 << count, _steps(count, width), []
    for start in range(0, len(values), size):
        lanes = _packed(values[start : start + size], width) + halves
        for shift, mask, back in steps:
            even, odd = lanes & mask, (lanes >> shift) & mask
            lanes = even + odd + ((even - odd) << shift) + back
        rows.append(lanes - halves)
    half = 1
    while half < len(rows):
        for start in chain.from_iterable(range(i, i + half) for i in range(0, len(rows), 2 * half)):
            rows[start], rows[start + half] = rows[start] + rows[start + half], rows[start] - rows[start + half]
        half *= 2
    for row in rows:
        yield (row + halves).to_bytes(size * width, "little")


def _words(data: bytes) -> array[int]:
    words = array("Q", data)
    if sys.byteorder == "big":
        words.byteswap()
    return words


def peaks(values: Sequence[int]) -> tuple[int, int]:
    """Return K(0) and the largest |K(t)|, t ≠ 0 (0 if there is no other), K(t) the sum of values[a] chi_a(t).

    The sum of the moduli is less than 2^63.
    """
    half, first, largest = 1 << 63, 0, 0
    for index, data in enumerate(_chunks(values, _WORD)):
        words = _words(data)
        if not index:
            first = words.pop(0) - half
        if words:
            largest = max(largest, max(words) - half, half - min(words))
    return first, largest


def transform(values: Sequence[int]) -> list[int]:
    """Return K(t) for all t."""
    width, found = _width(values), []
    half = 1 << 8 * width - 1
    for data in _chunks(values, width):
        if width == _WORD:
            found += [word - half for word in _words(data)]
        else:
            starts = range(0, len(data), width)
            found += [int.from_bytes(data[i : i + width], "little") - half for i in starts]
    return found

"""Files of numpy beside a certificate: float64 or complex128, read as the dyadic numbers they are (docs/format.md).

The bytes are the user's own, so that `sha256sum X.npy` prints the digest that binds a certificate to them.
"""

from __future__ import annotations

import math
import re
import sys
from array import array
from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import overload

from proofs_checks.certificate.reading import MalformedCertificate, quote

_MAGIC = b"\x93NUMPY"
_MAX_HEADER = 10_000
_MAX_SIDE = 2**20
_CHUNK = 65_536
_SIZE = 2**63 - 1  # the bits of a float64 number without its sign
_SUBNORMAL = 2**52  # those of the least number that is not subnormal
# What numpy writes, and nothing else: no expression of a file is evaluated.
_HEADER = re.compile(
    rb"\{'descr': '<(f8|c16)', 'fortran_order': (True|False), "
    rb"'shape': \(([1-9]\d{0,7}(?:,|(?:, [1-9]\d{0,7})+))\), \} *\n"
)


def _over_the_least(bits: int) -> int:
    """Return a float64 number, given by its bits, over the least positive one, 2^-1074."""
    exponent, fraction = bits >> 52 & 0x7FF, bits & _SUBNORMAL - 1
    size = (fraction | _SUBNORMAL) << exponent - 1 if exponent else fraction
    return -size if bits >> 63 else size


class Dyadics(Sequence[int]):
    """The numerators x * 2^bits of finite float64 numbers x, made as they are asked for: all at once are too many."""

    def __init__(self, floats: array[float]) -> None:
        self._floats = floats
        # by the bits, which are ordered as the sizes are: where a library has set flush-to-zero, arithmetic and
        # comparisons take subnormal numbers for 0
        least = min(filter(None, self._sizes()), default=0)
        self._subnormal = 0 < least < _SUBNORMAL
        if self._subnormal:
            self.bits = 1074
        else:
            # the last of the 53 bits of the smallest number
            self.bits = 0 if all(map(float.is_integer, floats)) else 1075 - (least >> 52)

    def _sizes(self) -> Iterator[int]:
        """Return the bits of the absolute values."""
        return map(_SIZE.__and__, memoryview(self._floats).cast("B").cast("Q"))

    def __len__(self) -> int:
        return len(self._floats)

    @overload
    def __getitem__(self, key: int) -> int: ...

    @overload
    def __getitem__(self, key: slice) -> list[int]: ...

    def __getitem__(self, key: int | slice) -> int | list[int]:
        return self._numerators(self._floats[key]) if isinstance(key, slice) else self[key : key + 1 or None][0]

    def __iter__(self) -> Iterator[int]:
        for start in range(0, len(self), _CHUNK):
            yield from self[start : start + _CHUNK]

    @property
    def largest(self) -> int:
        """The largest of the absolute values of the numerators."""
        return self._numerators(array("d", max(self._sizes()).to_bytes(8, sys.byteorder)))[0]

    def _numerators(self, floats: array[float]) -> list[int]:
        if self._subnormal:
            return list(map(_over_the_least, memoryview(floats).cast("B").cast("Q")))
        try:
            return list(map(int, map(math.ldexp, floats, repeat(self.bits))))
        except OverflowError:  # the product is exact, but no float64
            ratios = map(float.as_integer_ratio, floats)
            return [num << self.bits + 1 - den.bit_length() for num, den in ratios]


def decode_npy(data: bytes, path: str) -> tuple[tuple[int, ...], Dyadics, bool]:
    """Return the sides of an array, its numerators with the last index running fastest, and whether it is complex.

    A complex array has a last side of 2 more, for the real and the imaginary parts. Raises MalformedCertificate unless
    the file is one of float64 or complex128 that numpy writes, exactly as long as it says.
    """
    start, size = {b"\x01\x00": (10, 2), b"\x02\x00": (12, 4)}.get(data[6:8], (0, 0))
    if data[:6] != _MAGIC or not start:
        raise MalformedCertificate(f"the file {quote(path)} is not one of numpy, of format 1.0 or 2.0")
    length = int.from_bytes(data[8 : 8 + size], "little")
    header = _HEADER.fullmatch(data[start : start + length]) if length <= _MAX_HEADER else None
    if header is None:
        raise MalformedCertificate(f"the file {quote(path)} has no header of numpy with the type '<f8' or '<c16'")
    shape, width = tuple(map(int, re.findall(rb"\d+", header[3]))), 2 if header[1] == b"c16" else 1
    content = data[start + length :]
    if len(shape) > 2 or max(shape) > _MAX_SIDE or not content or len(content) != 8 * width * math.prod(shape):
        raise MalformedCertificate(
            f"the file {quote(path)} must have one or two sides of 1 to 2^20, and {8 * width} bytes for each of its "
            "entries"
        )
    floats = array("d", content)
    if sys.byteorder == "big":
        floats.byteswap()
    if header[2] == b"True" and len(shape) == 2:
        rows, cols = shape
        turned = array("d", bytes(len(content)))
        for j in range(cols):
            for k in range(width):
                turned[j * width + k :: cols * width] = floats[j * rows * width + k : (j + 1) * rows * width : width]
        floats = turned
    if not all(map(math.isfinite, floats)):
        raise MalformedCertificate(f"the file {quote(path)} has a number that is not finite")
    return (*shape, 2) if width == 2 else shape, Dyadics(floats), width == 2

"""Masks of Walsh samples, their subbands and levels of these (docs/format.md, "Walsh masks")."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from operator import itemgetter
from typing import Any

from proofs_checks.certificate.reading import (
    MalformedCertificate,
    decode_integer,
    decode_list,
    decode_object,
    decode_rational,
    quote,
)
from proofs_checks.checker.core.numbers import Ratio

MAX_SIZE = 22
"""The largest d r."""
MAX_BITS = 4096
_HEADER = b"\x93NUMPY\x01\x00v\x00"
_OCTETS = [bytes(byte >> place & 1 for place in range(7, -1, -1)) for byte in range(256)]
_HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True)
class Mask:
    """Which samples are taken, a byte 0 or 1 for each, the last index running fastest."""

    dimension: int
    bits: int
    taken: bytes = field(repr=False)

    @property
    def count(self) -> int:
        """The number of subbands."""
        return 1 + self.bits * ((1 << self.dimension) - 1)

    def scale(self, b: int) -> int:
        """Return the j of a subband."""
        return max(b - 1, 0) // ((1 << self.dimension) - 1)

    def size(self, b: int) -> int:
        """Return the number of coefficients of a subband."""
        return 1 << self.dimension * self.scale(b)

    @cached_property
    def rows(self) -> tuple[bytes, ...]:
        """For each subband a byte for each of its rows, in the order of their numbers."""
        return tuple(map(self._rows, range(self.count)))

    def _rows(self, b: int) -> bytes:
        j, d = self.scale(b), self.dimension
        upper = (b - 1) % ((1 << d) - 1) + 1 if b else 0  # the bits of o
        axes = [_order(j, upper >> (d - 1 - i) & 1) for i in range(d)]
        if not j:
            return self.taken[(at := self._place(tuple(axis[0] for axis in axes))) : at + 1]
        pick, side, rows = itemgetter(*axes[-1]), 1 << self.bits, []
        for line in product(*axes[:-1]):
            start = self._place((*line, 0))
            rows.append(bytes(pick(self.taken[start : start + side])))
        return b"".join(rows)

    def _place(self, index: tuple[int, ...]) -> int:
        place = 0
        for k in index:
            place = place << self.bits | k
        return place

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the file that numpy.save writes."""
        shape = tuple([1 << self.bits] * self.dimension)
        header = f"{{'descr': '|b1', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
        return hashlib.sha256(_HEADER + header.encode() + self.taken).hexdigest()


def _order(j: int, upper: int) -> list[int]:
    """Return the indices on an axis in the order of their digits a."""
    found = []
    for a in range(1 << j):
        k = int(f"{a:0{j}b}"[::-1], 2) | upper << j  # the code of Gray, which is undone
        shift = 1
        while shift <= j:
            k ^= k >> shift
            shift *= 2
        found.append(k)
    return found


def decode_mask(claim: dict[str, Any], most: int = MAX_SIZE) -> Mask:
    """Return the mask of a claim; `most` is the largest d r. Raises MalformedCertificate."""
    d = decode_integer(claim["dimension"], "claim.dimension", low=1, high=3)
    r = decode_integer(claim["bits"], "claim.bits", low=1, high=most // d)
    digits, positions = claim["mask"], 1 << d * r
    length = 2 * -(-positions // 8)
    if not isinstance(digits, str) or len(digits) != length or not _HEX.issuperset(digits):
        raise MalformedCertificate(f"claim.mask must be {length} hexadecimal digits, not {quote(digits)}")
    taken = b"".join(map(_OCTETS.__getitem__, bytes.fromhex(digits)))
    if any(taken[positions:]):
        raise MalformedCertificate(f"claim.mask has {positions} bits, and the bits after them must be 0")
    return Mask(d, r, taken[:positions])


def decode_pair(value: object, path: str, *, positive: bool = False) -> tuple[int, int]:
    """Return a rational of few bits that is at least 0, or positive; raises MalformedCertificate."""
    num, den = decode_rational(value, path, positive=positive)
    if num < 0:
        raise MalformedCertificate(f"{path} must be at least 0")
    if max(num.bit_length(), den.bit_length()) > MAX_BITS:
        raise MalformedCertificate(f"{path} must have at most {MAX_BITS} bits in numerator and denominator")
    return num, den


def decode_short(value: object, path: str, *, positive: bool = False) -> Ratio:
    """Return the same as a ratio."""
    return Ratio(*decode_pair(value, path, positive=positive))


def decode_scales(value: object, mask: Mask) -> list[Ratio]:
    """Return the square of d for each subband; raises MalformedCertificate."""
    items = decode_list(value, "claim.scales")
    if len(items) != mask.count:
        raise MalformedCertificate(f"claim.scales must have a number for each of {mask.count} subbands")
    return [decode_short(item, f"claim.scales[{b}]", positive=True) for b, item in enumerate(items)]


@dataclass(frozen=True)
class Level:
    """The subbands of a level, how many coefficients they have, and its sparsity."""

    subbands: range
    size: int
    sparsity: int

    @property
    def dense(self) -> bool:
        """Whether the sparsity is the whole level."""
        return self.sparsity == self.size


def decode_subbands(value: object, mask: Mask, keys: Sequence[str] = ()) -> list[Level]:
    """Return the levels at claim.levels, which may have more keys; raises MalformedCertificate."""
    found: list[Level] = []
    end = 0
    for index, item in enumerate(decode_list(value, "claim.levels")):
        path = f"claim.levels[{index}]"
        fields = decode_object(item, ("end", "sparsity", *keys), path)
        start, end = end, decode_integer(fields["end"], f"{path}.end", low=end + 1, high=mask.count)
        size = sum(map(mask.size, range(start, end)))
        sparsity = decode_integer(fields["sparsity"], f"{path}.sparsity", low=1, high=size)
        found.append(Level(range(start, end), size, sparsity))
    if end != mask.count:
        raise MalformedCertificate(f"claim.levels must end with subband {mask.count}")
    return found

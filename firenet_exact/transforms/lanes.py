"""The discrete Fourier transform in integers, with a proved bound of its error (docs/imaging.md, Theorem F).

Rows of the array are packed into long integers, one lane an entry, so that a butterfly of two rows is a few operations
with long integers; nothing is rounded along an axis. Sums of packed rows, and their products with integers, are right
whatever the lanes hold on the way: only what is unpacked must fit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from flint import fmpq

from exact_base.errors import DataError, UsageError
from exact_base.rationals import power_of_two, sqrt_up
from exact_base.reprs import short_repr

__all__ = ["EnclosedTransform", "enclosed_transform", "twiddles"]

Rows: TypeAlias = list[int]

_GUARD = 40
_MOST_SIDE = 2048


@short_repr()
@dataclass(frozen=True)
class EnclosedTransform:
    """The transform Y_k = Σ_p x_p exp(-2πi <k, p>/n), not scaled, of an array of integers, up to a proved error.

    Attributes:
        re: the real parts of Ŷ, integers, row-major.
        im: the imaginary parts.
        error: ‖Ŷ - Y‖ <= error, Euclidean norm over all entries.
    """

    re: list[int] = field(repr=False)
    im: list[int] = field(repr=False)
    error: fmpq


def enclosed_transform(
    re: Sequence[int], im: Sequence[int], *, dimension: int, bits: int, precision: int = 50
) -> EnclosedTransform:
    """Return the transform of an array with n = 2^bits points along each of its axes, with its error.

    Numbers that are integers over 2^q are transformed as these integers; the error is to be divided by 2^q too, so that
    more bits in the integers give a smaller relative error, which the precision of the roots of unity limits.

    Args:
        re: the real parts, n^dimension integers, row-major.
        im: the imaginary parts.
        dimension: the number of axes.
        bits: n = 2^bits, 2 <= n <= 2048.
        precision: t, the roots of unity being integers over 2^t.

    Raises:
        UsageError: if the sizes do not fit together, or are out of range.
        DataError: if an entry is no integer.

    >>> found = enclosed_transform([1, 2, 3, 4], [0, 0, 0, 0], dimension=1, bits=2)
    >>> found.re, found.im, found.error < 2
    ([10, -2, -2, -2], [0, 2, 0, -2], True)
    """
    side = 1 << bits if bits >= 1 else 0
    if not 2 <= side <= _MOST_SIDE or dimension < 1:
        raise UsageError(f"2 to {_MOST_SIDE} points per axis are needed, and at least 1 axis, not {side}, {dimension}")
    total = side**dimension
    if {len(re), len(im)} != {total} or not 2 <= precision <= 1000:
        raise UsageError(f"{total} real and imaginary parts and a precision of 2 to 1000 are needed")
    parts = [list(re), list(im)]
    if not all(type(value) is int for values in parts for value in values):
        raise DataError("the integer transform takes Python integers only")
    size2 = sum(value * value for values in parts for value in values)
    roots = twiddles(bits, precision)
    for _ in range(dimension):  # the last axis comes first each time, so that each is transformed once
        parts = _one_axis(parts, side, bits, precision, roots)
    return EnclosedTransform(parts[0], parts[1], _error(size2, dimension=dimension, bits=bits, precision=precision))


def _error(size2: int, *, dimension: int, bits: int, precision: int) -> fmpq:
    """Return the bound of Theorem F, ‖x‖² being given."""
    side = 1 << bits
    mu = fmpq(7072, 10000) * power_of_two(-precision)
    stages = (1 + mu) ** bits  # of one axis
    growth = sqrt_up(fmpq(side)) * stages
    rounding = sum((growth**later for later in range(dimension)), fmpq(0)) * sqrt_up(fmpq(side**dimension, 2))
    return (stages**dimension - 1) * sqrt_up(fmpq(side**dimension * size2)) + rounding


@lru_cache(maxsize=8)
def twiddles(bits: int, precision: int) -> tuple[tuple[int, int], ...]:
    """Return integers (c, s) with |(c + is)/2^precision - exp(2πik/n)| <= 0.7072·2^-precision, k = 0, ..., n/2 - 1.

    Args:
        bits: n = 2^bits, 2 <= n <= 2048.
        precision: of the integers.

    >>> twiddles(2, 4)
    ((16, 0), (0, 16))
    """
    fine = precision + _GUARD
    one = 1 << fine
    halvings = [(-one, 0)]  # exp(πi), exp(πi/2), exp(πi/4), ...
    for _ in range(bits - 1):
        c = halvings[-1][0]
        halvings.append((math.isqrt((one + c) << (fine - 1)), math.isqrt((one - c) << (fine - 1))))
    found = [(one, 0)]
    for k in range(1, 1 << (bits - 1)):
        low = k & -k  # exp(2πi low/n) = exp(πi/2^(bits - 1 - log2 low))
        c, s = halvings[bits - low.bit_length()]
        a, b = found[k - low]
        found.append(((a * c - b * s) >> fine, (a * s + b * c) >> fine))
    half = 1 << (_GUARD - 1)
    return tuple(((a + half) >> _GUARD, (b + half) >> _GUARD) for a, b in found)


def _one_axis(
    parts: list[list[int]], side: int, bits: int, precision: int, roots: tuple[tuple[int, int], ...]
) -> list[list[int]]:
    """Transform the first axis, round, and move it to the end."""
    largest = max(abs(value) for values in parts for value in values)
    # modulus <= √2·largest·(2(1 + μ)2^t)^bits; one bit for the sign, one for rounding, and two to spare
    lane = -(-(largest.bit_length() + 1 + bits * (precision + 1) + 4) // 8)
    width = len(parts[0]) // side
    re, im = ([_pack(values[i * width : (i + 1) * width], lane) for i in range(side)] for values in parts)
    _butterflies(re, im, precision, roots)
    order = [int(f"{i:0{bits}b}"[::-1], 2) for i in range(side)]
    shift = bits * precision
    return [_turned([_unpack(rows[i], width, lane, shift) for i in order]) for rows in (re, im)]


def _butterflies(re: Rows, im: Rows, precision: int, roots: tuple[tuple[int, int], ...]) -> None:
    """Decimation in frequency in place, every stage multiplied by 2^precision; the order is that of reversed bits."""
    side = current = len(re)
    while current > 1:
        half, step = current // 2, side // current
        for start in range(0, side, current):
            for k in range(half):
                p, q = start + k, start + k + half
                dr, di = re[p] - re[q], im[p] - im[q]
                re[p], im[p] = (re[p] + re[q]) << precision, (im[p] + im[q]) << precision
                if k == 0:
                    re[q], im[q] = dr << precision, di << precision
                else:
                    c, s = roots[k * step]
                    re[q], im[q] = dr * c + di * s, di * c - dr * s
        current = half


def _pack(values: Sequence[int], lane: int) -> int:
    """Return Σ v_i 2^(8·lane·i)."""
    offset = 1 << (8 * lane - 1)
    whole = b"".join([(value + offset).to_bytes(lane, "little") for value in values])
    return int.from_bytes(whole, "little") - _offset(lane, len(values))


def _unpack(row: int, width: int, lane: int, shift: int) -> list[int]:
    """Return the lanes divided by 2^shift, to nearest."""
    offset, half = 1 << (8 * lane - 1), 1 << (shift - 1)
    whole = (row + _offset(lane, width)).to_bytes(lane * width, "little")
    back = half - offset
    return [(int.from_bytes(whole[i : i + lane], "little") + back) >> shift for i in range(0, lane * width, lane)]


@lru_cache(maxsize=8)
def _offset(lane: int, width: int) -> int:
    return int.from_bytes((b"\0" * (lane - 1) + b"\x80") * width, "little")


def _turned(rows: list[list[int]]) -> list[int]:
    """Return the transposed matrix, row-major."""
    return [value for column in zip(*rows, strict=True) for value in column]

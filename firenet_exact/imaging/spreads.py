"""Partial spreads: sets of Walsh samples with the least possible correlations (docs/imaging.md)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from exact_base.errors import UsageError

__all__ = ["line", "lines_of_rate"]


def lines_of_rate(half_bits: int, count: int) -> int:
    """Return the number u of lines for which u·(q - 1), q = 2^half_bits, is nearest to a count, from 1 to q + 1."""
    q = 1 << half_bits
    return min(max(1, (2 * count + q - 1) // (2 * (q - 1))), q + 1)


def line(half_bits: int, number: int) -> NDArray[np.int64]:
    """Return the q - 1 elements other than 0 of a line of GF(q)², q = 2^half_bits, as integers below q².

    Two different lines have only 0 in common, and their sum is everything. Line c < q is {(x, c·x)}, and line q is
    {(0, x)}.

    Args:
        half_bits: k, q = 2^k.
        number: 0 to q.

    Raises:
        UsageError: if there is no such line.

    >>> [line(1, number).tolist() for number in range(3)]
    [[2], [3], [1]]
    """
    q = 1 << half_bits
    if half_bits < 1 or not 0 <= number <= q:
        raise UsageError(f"the lines of a square over GF({q}) have the numbers 0 to {q}, not {number}")
    x = np.arange(1, q, dtype=np.int64)
    if number == q:
        return x
    return (x << half_bits) | _times(number, x, half_bits)


def _times(factor: int, x: NDArray[np.int64], bits: int) -> NDArray[np.int64]:
    """Return factor·x in GF(2^bits)."""
    modulus = _irreducible(bits)
    total, power = np.zeros_like(x), x
    for bit in range(bits):
        if factor >> bit & 1:
            total = total ^ power
        power = power << 1
        power = np.where(power >> bits & 1, power ^ modulus, power)
    return total


def _irreducible(degree: int) -> int:
    """Return the least irreducible polynomial over GF(2) of a degree, its coefficients as bits."""
    return next(p for p in range(1 << degree, 2 << degree) if _is_irreducible(p, degree))


def _is_irreducible(polynomial: int, degree: int) -> bool:
    return all(_remainder(polynomial, divisor) for divisor in range(2, 2 << degree // 2))


def _remainder(a: int, b: int) -> int:
    while a.bit_length() >= b.bit_length():
        a ^= b << (a.bit_length() - b.bit_length())
    return a

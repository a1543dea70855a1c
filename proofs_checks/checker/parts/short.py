"""Rationals of few bits, rounded to the side that the name says (docs/format.md, "kind data-digits").

A number that has so few bits is left as it is. Bounds of many quantities stay short in this way.
"""

from __future__ import annotations

import math
from fractions import Fraction

_BITS = 64


def down(num: int, den: int = 1, bits: int = _BITS) -> Fraction:
    """Return num/den rounded down, den > 0."""
    shift = bits - num.bit_length() + den.bit_length()
    if shift >= 0:
        return Fraction((num << shift) // den, 1 << shift)
    return Fraction(num // (den << -shift) << -shift)


def up(num: int, den: int = 1, bits: int = _BITS) -> Fraction:
    """Return num/den rounded up, den > 0."""
    return -down(-num, den, bits)


def root_down(num: int, den: int = 1, bits: int = _BITS) -> Fraction:
    """Return the square root of num/den rounded down, num >= 0, den > 0."""
    shift = max(0, bits - (num.bit_length() - den.bit_length()) // 2)
    return Fraction(math.isqrt((num << 2 * shift) // den), 1 << shift)


def root_up(num: int, den: int = 1, bits: int = _BITS) -> Fraction:
    """Return the square root of num/den rounded up, num >= 0, den > 0."""
    shift = max(0, bits - (num.bit_length() - den.bit_length()) // 2)
    square = -((-num << 2 * shift) // den)
    root = math.isqrt(square)
    return Fraction(root + (root * root < square), 1 << shift)


def above(x: Fraction) -> Fraction:
    """Return a number rounded up."""
    return up(x.numerator, x.denominator)


def below(x: Fraction) -> Fraction:
    """Return a number rounded down."""
    return down(x.numerator, x.denominator)

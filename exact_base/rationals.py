"""Rational numbers: reading them exactly, and square roots rounded to the side that their name says."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, TypeAlias

from flint import fmpq, fmpz

from exact_base.entries.numbers import number_parts
from exact_base.errors import DataError
from exact_base.grammar import float_ratio, text_ratio

__all__ = [
    "SMALL",
    "Readable",
    "dyadic_nearest",
    "exact_number",
    "float_exactly",
    "parse_rational",
    "power_of_ten",
    "power_of_two",
    "rational_sqrt",
    "round_down",
    "round_up",
    "sqrt_ceiling",
    "sqrt_up",
    "to_float",
    "upper_fourth_root",
    "upper_root",
]

Readable: TypeAlias = fmpq | int | float | Fraction | str
"""What `exact_number` reads."""


def power_of_two(exponent: int) -> fmpq:
    """Return 2^exponent."""
    return fmpq(1 << exponent) if exponent >= 0 else fmpq(1, 1 << -exponent)


SMALL = power_of_two(-40)
"""Takes the place of constants that could be 0 and must be positive."""


def parse_rational(text: str) -> fmpq:
    """Read an integer, a fraction p/q or a decimal exactly.

    Raises:
        DataError: for anything else, NaN and infinities included.
    """
    try:
        return fmpq(*text_ratio(text))
    except ValueError as error:
        raise DataError(f"{text.strip()!r:.60} {error}") from None


def exact_number(value: Any) -> fmpq:
    """Read a real number exactly: a float is the dyadic rational it stores, a string what it says ("2/3", "0.1").

    Raises:
        DataError: if it is no finite real number.
    """
    re, im = number_parts(value)
    if im != 0:
        raise DataError(f"a real number is needed, got {value!s:.60}")
    return re


def to_float(value: fmpq) -> float:
    """Return the float64 nearest to a rational.

    Raises:
        DataError: if it is too large for float64.
    """
    try:
        return int(value.p) / int(value.q)
    except OverflowError:
        raise DataError("a number is too large for float64; scale the matrix") from None


def _exponent(value: fmpq) -> int:
    """Return some e with 2^(e-1) < value < 2^(e+1), for value > 0."""
    return int(value.p).bit_length() - int(value.q).bit_length()


def round_up(value: fmpq, *, bits: int = 40) -> fmpq:
    """Return a dyadic rational between value and (1 + 2^(1-bits))·value, value >= 0."""
    if value == 0:
        return fmpq(0)
    unit = power_of_two(_exponent(value) - bits)
    scaled = value / unit
    return fmpq(-(-scaled.p // scaled.q)) * unit


def round_down(value: fmpq, *, bits: int = 40) -> fmpq:
    """Return a dyadic rational between (1 - 2^(1-bits))·value and value, value >= 0."""
    if value == 0:
        return fmpq(0)
    unit = power_of_two(_exponent(value) - bits)
    scaled = value / unit
    return fmpq(scaled.p // scaled.q) * unit


def sqrt_up(value: fmpq, *, bits: int = 40) -> fmpq:
    """Return a dyadic rational between √value and (1 + 2^(2-bits))·√value, value >= 0."""
    if value == 0:
        return fmpq(0)
    unit = power_of_two(_exponent(value) // 2 - bits)
    scaled = value / (unit * unit)
    ceiling = int(-(-scaled.p // scaled.q))
    return fmpq(math.isqrt(ceiling - 1) + 1) * unit


def upper_root(value: fmpq) -> fmpq:
    """Return √value if it is rational, else the *upper root* of docs/format.md, "Null space properties"; value >= 0."""
    root = rational_sqrt(value)
    if root is not None:
        return root
    p, q = int(value.p), int(value.q)
    return fmpq(math.isqrt((p * q << 128) - 1) + 1, q << 64)


def upper_fourth_root(value: fmpq) -> fmpq:
    """Return the least multiple of 2^-64 that is at least value^(1/4), value > 0 (docs/format.md, "Recovery")."""
    p, q = int(value.p), int(value.q)
    return fmpq(math.isqrt(math.isqrt(-(-(p << 256) // q) - 1)) + 1, 1 << 64)


def float_exactly(value: float) -> fmpq:
    """Return the dyadic rational that a finite float64 is."""
    return fmpq(*float_ratio(value))


def power_of_ten(exponent: int) -> fmpq:
    """Return 10^exponent."""
    return fmpq(fmpz(10) ** exponent) if exponent >= 0 else fmpq(1, fmpz(10) ** -exponent)


def rational_sqrt(value: fmpq) -> fmpq | None:
    """Return √value if it is rational, else None."""
    if value < 0:
        return None
    p, q = int(value.p), int(value.q)
    root_p, root_q = math.isqrt(p), math.isqrt(q)
    return fmpq(root_p, root_q) if root_p * root_p == p and root_q * root_q == q else None


def sqrt_ceiling(value: fmpq, *, bits: int) -> fmpq:
    """Return the least multiple of 2^-bits that is >= √value."""
    scaled = value * power_of_two(2 * bits)
    root = (scaled.p // scaled.q).isqrt()
    return fmpq(root if fmpq(root * root) >= scaled else root + 1) * power_of_two(-bits)


def dyadic_nearest(value: fmpq, *, bits: int) -> fmpq:
    """Return a multiple of 2^-bits nearest to a rational (ties up)."""
    scaled = value * power_of_two(bits + 1)
    return fmpq((int(scaled.p) // int(scaled.q) + 1) // 2) * power_of_two(-bits)

"""Numbers as short decimals for a reader, each rounded to the side that its sentence needs.

`above` and `below` are for sentences that are true of all larger, or all smaller, numbers: bounds go up, what is at
least so large goes down. `about` is for numbers that say what something is like and on which nothing depends.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable
from typing import TypeAlias

from flint import arb, ctx, fmpq

from exact_base.rationals import power_of_two, rational_sqrt
from exact_base.scalars import Real, ball

__all__ = ["Number", "about", "above", "below", "enclosure", "root_about", "root_above", "root_below", "trimmed"]

Number: TypeAlias = Real | arb | Callable[[], arb]
"""An exact number, a ball, or what computes a ball at the precision of `flint.ctx`, of a number that is not 0."""

_ACCURATE = 96
"""Bits that a ball must have right; it is computed again, with more precision, until it does."""


def above(value: Number, *, digits: int = 4) -> str:
    """Return the least decimal of that many digits that is seen to be at least a number."""
    return _rounded(enclosure(value)[1], decimal.ROUND_CEILING, digits)


def below(value: Number, *, digits: int = 4) -> str:
    """Return the greatest decimal of that many digits that is seen to be at most a number."""
    return _rounded(enclosure(value)[0], decimal.ROUND_FLOOR, digits)


def about(value: Number, *, digits: int = 4) -> str:
    """Return a decimal of that many digits near a number, on either side."""
    low, high = enclosure(value)
    return _rounded((low + high) / 2, decimal.ROUND_HALF_EVEN, digits)


def root_above(square: Real, *, digits: int = 4) -> str:
    """Return `above` of the root of a number >= 0."""
    return _rounded(_root(square)[1], decimal.ROUND_CEILING, digits)


def root_below(square: Real, *, digits: int = 4) -> str:
    """Return `below` of the root of a number >= 0."""
    return _rounded(_root(square)[0], decimal.ROUND_FLOOR, digits)


def root_about(square: Real, *, digits: int = 4) -> str:
    """Return `about` of the root of a number >= 0."""
    low, high = _root(square)
    return _rounded((low + high) / 2, decimal.ROUND_HALF_EVEN, digits)


def trimmed(text: str) -> str:
    """Return a decimal without the zeros at its end, for numbers whose last digits are of no interest.

    >>> from exact_base.decimals import trimmed
    >>> trimmed("0.00050000"), trimmed("1.500e-7"), trimmed("200"), trimmed("2.000")
    ('0.0005', '1.5e-7', '200', '2')
    """
    mantissa, e, exponent = text.partition("e")
    return (mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa) + e + exponent


def enclosure(value: Number) -> tuple[fmpq, fmpq]:
    """Return rationals around a number: twice itself if it is rational, the ends if it is a ball, else both near it."""
    if callable(value):
        return _accurate(value)
    if isinstance(value, fmpq):
        return value, value
    if isinstance(value, arb):
        return _end(value.lower()), _end(value.upper())
    return _accurate(lambda: ball(value))


def _root(square: Real) -> tuple[fmpq, fmpq]:
    root = rational_sqrt(square) if isinstance(square, fmpq) else None
    return (root, root) if root is not None else _accurate(lambda: ball(square).sqrt())


def _accurate(compute: Callable[[], arb]) -> tuple[fmpq, fmpq]:
    """Return the ends of a ball around a number that is not 0, computed with as much precision as it takes."""
    precision = 2 * _ACCURATE
    while True:
        with ctx.workprec(precision):
            found = compute()
            if found.rel_accuracy_bits() >= _ACCURATE:
                return enclosure(found)
        precision *= 2


def _end(end: arb) -> fmpq:
    mantissa, exponent = end.mid().man_exp()
    return fmpq(mantissa) * power_of_two(int(exponent))


def _rounded(value: fmpq, rounding: str, digits: int) -> str:
    context = decimal.Context(prec=digits, rounding=rounding, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN)
    return f"{context.divide(decimal.Decimal(int(value.p)), decimal.Decimal(int(value.q))):g}"

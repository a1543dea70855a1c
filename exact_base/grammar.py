"""Numbers from outside, read exactly: what the bits of a float say, and what a text says. For producers.

A float is read by its bits and never by arithmetic, because arithmetic depends on the modes of the processor: where a
library has set flush-to-zero, computing with a subnormal number takes it for 0.
"""

from __future__ import annotations

import re
import struct
import sys
from fractions import Fraction
from typing import Any

__all__ = [
    "MAX_RUN",
    "Ratio",
    "complex_ratios",
    "float_ratio",
    "half_unit",
    "hexadecimal_ratio",
    "surd_terms",
    "text_ratio",
]

Ratio = tuple[int, int]
"""A rational: numerator and positive denominator."""

MAX_RUN = 4300
"""The digits that a run of digits in a text may have: what Python's `int` reads unless told otherwise."""

_UNSIGNED = r"(?:[0-9]+(?:/[0-9]+|\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_NUMBER = re.compile(rf"[+-]?{_UNSIGNED}")
_EXPONENT = re.compile(r"[eE][+-]?0*([0-9]+)")
_TERM = re.compile(rf"\s*(?:([+-])\s*)?(?:({_UNSIGNED})(?:\*sqrt\(({_UNSIGNED})\))?|sqrt\(({_UNSIGNED})\))\s*")
_HEXADECIMAL = re.compile(r"-?[0-9a-f]+(/[1-9a-f][0-9a-f]*)?")
_DIGITS = re.compile(r"[0-9]+")
_MAX_EXPONENT = 5  # digits of an exponent, so that numbers stay below the 2^20 bits of the certificate format
_LAYOUTS = {2: (10, 5), 4: (23, 8), 8: (52, 11)}  # bytes: bits of the fraction, bits of the exponent (IEEE 754)


def float_ratio(value: Any) -> Ratio:
    """Return the dyadic rational that a float stores, as numerator and positive denominator in lowest terms.

    Args:
        value: a `float` or one of a subclass, or a numpy float of any width.

    Raises:
        ValueError: if it is not finite.
    """
    data = struct.pack("=d", value) if isinstance(value, float) else value.tobytes()
    if len(data) not in _LAYOUTS:  # an extended format, whose arithmetic knows no such modes
        return _extended(value)
    fraction_bits, exponent_bits = _LAYOUTS[len(data)]
    bits = int.from_bytes(data, sys.byteorder)
    fraction = bits & ((1 << fraction_bits) - 1)
    exponent = bits >> fraction_bits & ((1 << exponent_bits) - 1)
    if exponent == (1 << exponent_bits) - 1:
        raise ValueError("not a finite number")
    significand = fraction | (1 << fraction_bits) if exponent else fraction
    # subnormal numbers have the place of the least normal ones
    place = max(exponent, 1) - ((1 << (exponent_bits - 1)) - 1) - fraction_bits
    if significand == 0:
        return 0, 1
    shift = min(max(-place, 0), (significand & -significand).bit_length() - 1)
    numerator = significand >> shift << max(place, 0)
    return (-numerator if bits >> (8 * len(data) - 1) else numerator), 1 << (max(-place, 0) - shift)


def _extended(value: Any) -> Ratio:
    try:
        numerator, denominator = value.as_integer_ratio()
    except (OverflowError, ValueError):
        raise ValueError("not a finite number") from None
    return int(numerator), int(denominator)


def text_ratio(text: str) -> Ratio:
    """Return what a text says, as numerator and positive denominator in lowest terms.

    It is an integer, a fraction p/q or a decimal, with an exponent of at most 5 digits or none; blanks around it do not
    count. The time is linear in its length: the whole text is matched, and its digits are counted, before any are read.

    Raises:
        ValueError: for anything else, for longer exponents, and for more than `MAX_RUN` digits in a row.
    """
    word = text.strip()
    if _NUMBER.fullmatch(word) is None or ("/" in word and "e" in word.lower()):
        raise ValueError("is not a number; write an integer, a fraction p/q or a decimal")
    exponent = _EXPONENT.search(word)
    if exponent is not None and len(exponent[1]) > _MAX_EXPONENT:
        raise ValueError(f"has an exponent of more than {_MAX_EXPONENT} digits, which is more than is read")
    if any(len(digits) > MAX_RUN for digits in _DIGITS.findall(word)):
        raise ValueError(f"has more than {MAX_RUN} digits in a row, which is more than is read")
    try:
        value = Fraction(word)
    except (ValueError, ZeroDivisionError):  # Python may have been told to read fewer digits
        raise ValueError("is not a number; write an integer, a fraction p/q or a decimal") from None
    return value.numerator, value.denominator


def half_unit(text: str) -> Ratio:
    """Return half a unit of the last digit that stands in a decimal: 1/2 for "12" and "0", 1/200000 for "1.50e-3".

    So much a number may have been changed by rounding it to what is printed.

    Raises:
        ValueError: for what `text_ratio` refuses, and for a fraction, which has no last digit.

    >>> from exact_base.grammar import half_unit
    >>> [half_unit(text) for text in ("2", "0.10", "1e3")]
    [(1, 2), (1, 200), (500, 1)]
    """
    word = text.strip().lower()
    if _NUMBER.fullmatch(word) is None:
        raise ValueError("is not a number; write an integer, a fraction p/q or a decimal")
    if "/" in word:
        raise ValueError("is a fraction, and has no last digit")
    digits, _, exponent = word.partition("e")
    if len(exponent.lstrip("+-0")) > _MAX_EXPONENT:
        raise ValueError(f"has an exponent of more than {_MAX_EXPONENT} digits, which is more than is read")
    place = int(exponent or 0) - len(digits.partition(".")[2])
    return (5 * 10 ** (place - 1), 1) if place > 0 else (1, 2 * 10**-place)


def complex_ratios(text: str) -> tuple[Ratio, Ratio]:
    """Return the real and the imaginary part of what a text says: as `text_ratio`, or a sum like 1/2-0.25j.

    A complex number may stand in brackets, and have the two signs with which numpy wrote negative imaginary parts.

    Raises:
        ValueError: for anything else.
    """
    word = text.strip()
    if word.startswith("(") and word.endswith(")") and word[-2:-1] in ("i", "j"):
        word = word[1:-1]
    if not word.endswith(("i", "j")):
        return text_ratio(word), (0, 1)
    body = word[:-1]
    # the sign between the parts is the last one that belongs to no exponent
    signs = (at for at in range(len(body) - 1, 0, -1) if body[at] in "+-" and body[at - 1] not in "eE")
    middle = next(signs, 0)
    real, imaginary = body[:middle], body[middle:]
    if imaginary.startswith("-"):
        real = real.removesuffix("+")
    return text_ratio(real or "0"), text_ratio(imaginary)


def surd_terms(text: str) -> list[tuple[Ratio, Ratio | None]]:
    """Return the terms of a sum like "10/3*sqrt(2) + 1/2048": coefficients, each with the radicand of its root or None.

    Numbers are written as for `text_ratio`.

    Raises:
        ValueError: for anything else.
    """
    terms: list[tuple[Ratio, Ratio | None]] = []
    position = 0
    while position < len(text) or not terms:
        match = _TERM.match(text, position)
        if match is None or (terms and not match[1]):
            raise ValueError("is not a number; write for example 1/3, 0.1 or 10/3*sqrt(2) + 1/2048")
        position = match.end()
        sign, factor, radicand, bare = match.groups()
        root = radicand or bare
        terms.append((text_ratio((sign or "") + (factor or "1")), text_ratio(root) if root else None))
    return terms


def hexadecimal_ratio(text: str) -> Ratio:
    """Return what is written as `numerator` or `numerator/denominator`, in hexadecimal; not always in lowest terms.

    Raises:
        ValueError: for anything else.
    """
    if not _HEXADECIMAL.fullmatch(text):
        raise ValueError("is not a rational in hexadecimal")
    p, _, q = text.partition("/")
    return int(p, 16), int(q or "1", 16)

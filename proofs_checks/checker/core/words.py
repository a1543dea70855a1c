"""Numbers in words: exact when short, otherwise decimals rounded in a stated direction. Nothing here decides."""

from __future__ import annotations

import math
from typing import cast

from proofs_checks.checker.core.numbers import Gaussian, Number, Ratio, Surd, Vector, ceiling

_SHORT = 48  # bits of a number that is still printed exactly
_DIGITS = 6
_FEW = 12  # characters of a constant that is still printed exactly
_PLACES = 15  # decimal places that are still printed exactly
_PLAIN = (-4, 5)  # exponents of ten of decimals that are printed without them
_SHOWN = 6  # entries of a vector that are printed


def integer(n: int) -> str:
    """Return an integer, exactly if it is short."""
    return str(n) if n.bit_length() <= _SHORT else f"about {decimal(n, 1)} ({n.bit_length()} bits)"


def counted(n: int, one: str, many: str = "") -> str:
    """Return a count with its noun, `1 digit` or `3 digits`; `many` is the plural if it does not add an s."""
    return f"{integer(n)} {one if n == 1 else many or one + 's'}"


def digits(n: int) -> str:
    """Return a number of digits."""
    return counted(n, "digit")


def data(n: int) -> str:
    """Return a number of data."""
    return counted(n, "datum", "data")


def rational(num: int, den: int) -> str:
    """Return num/den, exactly if it is short, den > 0."""
    divisor = math.gcd(num, den) if max(num.bit_length(), den.bit_length()) <= 4096 else 1
    num, den = num // divisor, den // divisor
    if num.bit_length() + den.bit_length() <= _SHORT:
        return str(num) if den == 1 else f"{num}/{den}"
    return f"about {decimal(num, den)} ({num.bit_length() + den.bit_length()} bits)"


def short(num: int, den: int) -> str:
    """Return num/den as a terminating decimal where that is exact and short, else as `rational` does; den > 0."""
    if den > 1 and 10**_PLACES % den == 0 and num.bit_length() <= _SHORT:
        whole, rest = divmod(abs(num) * (10**_PLACES // den), 10**_PLACES)
        return (f"{'-' if num < 0 else ''}{whole}." + f"{rest:0{_PLACES}}".rstrip("0")).rstrip(".")
    return rational(num, den)


def outward(num: int, den: int, *, up: bool) -> str:
    """Return num/den as `short` does if that is exact, else rounded down, or up, to six digits; den > 0."""
    text = short(num, den)
    return decimal(num, den, up=up) if text.startswith("about") else text


def decimal(num: int, den: int, *, root: bool = False, up: bool = False, figures: int = _DIGITS) -> str:
    """Return num/den, or its square root, as a decimal, rounded down, or up, to six digits or so; den > 0."""
    if num == 0:
        return "0"
    if num < 0:
        return "-" + decimal(-num, den, up=not up, figures=figures)
    power = 2 if root else 1
    # 10^shift makes the value an integer of about so many digits; the bit lengths give the exponent to within one.
    shift = figures - (num.bit_length() - den.bit_length()) * 30103 // (100000 * power)
    scaled_num, scaled_den = num * 10 ** max(power * shift, 0), den * 10 ** max(-power * shift, 0)
    quotient, rest = divmod(scaled_num, scaled_den)
    value = math.isqrt(quotient) if root else quotient
    inexact = rest > 0 or (root and value * value != quotient)
    while value >= 10**figures:
        value, digit = divmod(value, 10)
        shift, inexact = shift - 1, inexact or digit > 0
    value += up and inexact
    digits = str(value)
    exponent = len(digits) - 1 - shift
    if _PLAIN[0] <= exponent <= _PLAIN[1]:
        padded = digits.rjust(shift + 1, "0") if shift > 0 else digits + "0" * -shift
        whole, rest = (padded[:-shift], padded[-shift:].rstrip("0")) if shift > 0 else (padded, "")
        return f"{whole}.{rest}" if rest else whole
    fraction = digits[1:].rstrip("0")
    return f"{digits[0]}{'.' + fraction if fraction else ''}e{exponent:+03d}"


def number(z: Number, den: int) -> str:
    """Return z/den, den > 0."""
    if isinstance(z, Gaussian):
        return f"{number(z.re, den)} + i*({number(z.im, den)})"
    if isinstance(z, Surd):
        return f"{rational(z.a, den)} + ({rational(z.b, den)})*sqrt({integer(z.s)})"
    return rational(z, den)


def ratio(x: Ratio) -> str:
    """Return a ratio."""
    return number(x.num, x.den)


def at_most(x: Ratio) -> str:
    """Return a ratio, exactly if it is rational and short, and otherwise rounded up."""
    return outward(*_rational_above(x), up=True)


def at_least(x: Ratio) -> str:
    """Return a ratio, exactly if it is rational and short, and otherwise rounded down."""
    num, den = _rational_above(-x)
    return outward(-num, den, up=False)


def _rational_above(x: Ratio) -> tuple[int, int]:
    """Return a rational ratio, or one that exceeds an irrational one by little."""
    if isinstance(x.num, int):
        return x.num, x.den
    bits = 64 + x.den.bit_length() + max(x.num.a.bit_length(), x.num.b.bit_length())
    return ceiling(x.num * (1 << bits), x.den), 1 << bits


def bounded(name: str, x: Ratio, *, up: bool = True) -> str:
    """Return "name = x" if x is short, and otherwise "name <= x", with x rounded up, or down; x is rational."""
    num, den = cast(int, x.num), x.den
    if len(text := rational(num, den)) <= _FEW:
        return f"{name} = {text}"
    return f"{name} <= {decimal(num, den, up=up)}"


def bounded_below(name: str, x: Ratio) -> str:
    """Return "name = x" if x is short, and otherwise "name >= x", with x rounded down; x is rational."""
    return bounded(name, x, up=False).replace(" <= ", " >= ")


def entries(x: Vector) -> str:
    """Return the non-zero entries of a vector, numbered from 1; the first few if there are many."""
    support = [i for i, z in enumerate(x.items) if z]
    shown = ", ".join(f"entry {i + 1} is {number(x.items[i], x.den)}" for i in support[:_SHOWN])
    more = f", and {len(support) - _SHOWN} more" if len(support) > _SHOWN else ""
    return (shown + more) or "all entries are 0"

"""One number of whatever library, exactly: its real and its imaginary part.

A float is the dyadic rational it stores, a text what it says. Of a number that stands for something else, such as π in
mpmath or a ball in flint, nothing is exact, and it is refused.
"""

from __future__ import annotations

import datetime
import numbers
from decimal import Decimal
from typing import Any

import numpy as np
from flint import acb, arb, arf, fmpq, fmpz

from exact_base.errors import DataError
from exact_base.grammar import complex_ratios, float_ratio

__all__ = ["number_parts", "shown"]

_ZERO = fmpq(0)
_MOST_BITS = 1 << 20  # of a number in the certificate format
_MOST_EXPONENT = 100_000  # of a decimal, as in a text
_TRUTHS = ("true", "false")

Parts = tuple[fmpq, fmpq]


def number_parts(value: Any) -> Parts:
    """Return the real and the imaginary part of a number.

    Numbers are those of Python, numpy, flint, fractions, decimal, mpmath, sympy and gmpy2, and texts like "2/3", "0.1"
    or "1-2j".

    Raises:
        DataError: if it is no finite number, a truth value, a time, or a number that is not known exactly.
    """
    if isinstance(value, fmpq):
        return value, _ZERO
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float | np.floating):
        return _float(value), _ZERO
    if isinstance(value, bool | np.bool_):
        raise DataError(f"a number is needed, got the truth value {value}; write 0 or 1 where that is meant")
    if isinstance(value, int | fmpz):
        return fmpq(value), _ZERO
    if isinstance(value, np.ndarray):
        return _scalar_array(value)
    # an integer to numpy, and a time to everybody else
    if isinstance(value, np.timedelta64 | np.datetime64 | datetime.timedelta | datetime.date):
        raise DataError(f"a number is needed, got the time {value!s:.60}; divide by a unit of time first")
    if isinstance(value, complex | np.complexfloating):
        return _float(value.real), _float(value.imag)
    if isinstance(value, numbers.Rational | np.integer):
        return fmpq(int(value.numerator), int(value.denominator)), _ZERO
    if isinstance(value, Decimal):
        return _decimal(value), _ZERO
    reader = _LIBRARIES.get(type(value).__module__.partition(".")[0])
    found = None if reader is None else reader(value)
    if found is None:
        raise DataError(f"a number is needed, got {shown(value)}")
    return found


def shown(value: object) -> str:
    """Return what a value is, as one short line; a foreign object may fail to say so."""
    try:
        text = " ".join(f"{value!r:.200}".split())[:60]
    except Exception:
        text = ""
    return "None" if value is None else f"{type(value).__name__} {text}".strip()


def _text(text: str) -> Parts:
    try:
        (a, b), (c, d) = complex_ratios(text)
    except ValueError as error:
        said = "is a truth value; write 0 or 1 where that is meant" if text.strip().lower() in _TRUTHS else str(error)
        raise DataError(f"{text.strip()!r:.60} {said}") from None
    return fmpq(a, b), fmpq(c, d)


def _float(value: Any) -> fmpq:
    try:
        return fmpq(*float_ratio(value))
    except ValueError:
        raise DataError(f"a finite number is needed, got {value}") from None


def _scalar_array(value: Any) -> Parts:
    if np.ma.is_masked(value):
        raise DataError("an entry is masked; fill in the number that is meant, or leave that row out")
    if value.ndim:
        raise DataError(f"a number is needed, got an array of shape {value.shape}")
    return number_parts(value[()])


def _decimal(value: Decimal) -> fmpq:
    if not value.is_finite():
        raise DataError(f"a finite number is needed, got {value}")
    if abs(int(value.as_tuple().exponent)) + len(value.as_tuple().digits) > _MOST_EXPONENT:
        raise DataError(f"the decimal {value!s:.60} has an exponent of more than 5 digits, which is more than is read")
    return fmpq(*value.as_integer_ratio())


def _dyadic(significand: Any, exponent: Any) -> fmpq:
    significand, exponent = int(significand), int(exponent)
    if abs(exponent) + significand.bit_length() > _MOST_BITS:
        raise DataError(f"a number with the exponent {exponent} of 2 is more than is read")
    return fmpq(significand << max(exponent, 0), 1 << max(-exponent, 0))


# --- libraries: None for what is no number ------------------------------------------------------------------------


def _of_flint(value: Any) -> Parts | None:
    if isinstance(value, acb):
        return _ball(value.real), _ball(value.imag)
    if isinstance(value, arb | arf):
        return _ball(value), _ZERO
    return None


def _ball(value: Any) -> fmpq:
    if not value.is_finite():
        raise DataError(f"a finite number is needed, got {value}")
    if isinstance(value, arb) and not value.is_exact():
        raise DataError(f"the ball {value!s:.60} is no exact number; say which rational number in it is meant")
    return _dyadic(*value.man_exp())


def _of_mpmath(value: Any) -> Parts | None:
    if hasattr(value, "func"):
        raise DataError(f"{value!s:.60} is a constant that no rational number equals; take a number of some precision")
    if hasattr(value, "_mpc_"):
        return _binary(value._mpc_[0], value), _binary(value._mpc_[1], value)
    return (_binary(value._mpf_, value), _ZERO) if hasattr(value, "_mpf_") else None


def _binary(fields: Any, value: object) -> fmpq:
    """Return the number of mpmath's fields: sign, significand, exponent, bits."""
    sign, significand, exponent, _ = fields
    if not significand and exponent:
        raise DataError(f"a finite number is needed, got {value}")
    return _dyadic(-significand if sign else significand, exponent)


def _of_sympy(value: Any) -> Parts | None:
    if getattr(value, "is_Rational", False):
        return fmpq(int(value.p), int(value.q)), _ZERO
    if getattr(value, "is_Float", False):
        return _binary(value._mpf_, value), _ZERO
    if not (getattr(value, "is_number", False) and (value.is_Add or value.is_Mul or value.is_imaginary)):
        return None
    parts = value.as_real_imag()
    if not all(part.is_Rational or part.is_Float for part in parts):
        return None
    return _of_sympy(parts[0])[0], _of_sympy(parts[1])[0]  # type: ignore[index]


def _of_gmpy2(value: Any) -> Parts | None:
    if not hasattr(value, "as_integer_ratio"):
        return None
    try:
        numerator, denominator = value.as_integer_ratio()
    except (OverflowError, ValueError):
        raise DataError(f"a finite number is needed, got {value}") from None
    return fmpq(int(numerator), int(denominator)), _ZERO


_LIBRARIES = {"flint": _of_flint, "mpmath": _of_mpmath, "sympy": _of_sympy, "gmpy2": _of_gmpy2}

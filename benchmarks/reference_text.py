"""The files of reference data as bytes: exact decimals, numbers rounded to 50 digits, tables and JSON."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Sequence
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Any

from flint import fmpq

DIGITS = 50
_CONTEXT = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN, Emax=MAX_EMAX, Emin=MIN_EMIN)


def exact_decimal(value: Fraction) -> str:
    """A number as a decimal, exactly, or as p/q where it has none."""
    power, rest = 0, value.denominator
    while rest % 2 == 0 or rest % 5 == 0:
        rest //= 2 if rest % 2 == 0 else 5
        power += 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    whole, part = divmod(abs(value.numerator) * 10**power // value.denominator, 10**power)
    text = f"{'-' if value < 0 else ''}{whole}.{part:0{power}d}" if power else str(value.numerator)
    return text.rstrip("0").rstrip(".") if "." in text else text


def rounded(value: fmpq) -> str:
    """A number rounded to 50 significant digits, to the nearest."""
    found = _CONTEXT.divide(Decimal(int(value.p)), Decimal(int(value.q))).normalize(_CONTEXT)
    return f"{found:f}" if found == 0 or -8 <= found.adjusted() <= 20 else f"{found:e}"


def table_file(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A table as CSV."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue().encode()


def json_file(content: dict[str, Any]) -> bytes:
    """A JSON file, with a line for each entry."""
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def sha256_of(content: bytes) -> str:
    """The digest that `sha256sum` prints."""
    return hashlib.sha256(content).hexdigest()


def is_float(value: Fraction) -> bool:
    """Whether a number is a float64 number."""
    return Fraction(value.numerator / value.denominator) == value

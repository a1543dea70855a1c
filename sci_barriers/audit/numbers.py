"""A number against the interval that a claim states for it, exactly, or through enclosures."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from flint import fmpq

from exact_base.decimals import Number, about, above, below
from exact_base.errors import DataError, UsageError
from exact_base.fields import read_real
from exact_base.rationals import power_of_ten
from exact_base.scalars import Real, as_rational, exact
from sci_barriers.audit.records import Finding, Statement
from sci_barriers.problems.base import ceiling

__all__ = [
    "SHOWN",
    "Bounds",
    "enclosed",
    "measured",
    "narrowed",
    "shown_above",
    "shown_below",
    "stated_interval",
    "stated_words",
    "verdict_of",
]

_PRINTED = re.compile(r"[+-]?\d+(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?")
_BITS = (64, 256, 1024, 4096, 16384)  # of enclosures, until they decide
SHOWN = 7
"""Digits that are printed."""

Bounds: TypeAlias = Callable[[int], tuple[Real, Real]]
"""Bounds of a number, with roots that are rounded at so many bits."""


def stated_interval(claim: Mapping[str, Any]) -> tuple[fmpq, fmpq] | None:
    """Return the interval that a claim states: that of a printed decimal, or low..high; None if it states none.

    Raises:
        UsageError: if it is not stated in one of these ways.
    """
    if "value" in claim:
        text = claim["value"]
        if not isinstance(text, str):
            raise UsageError(f'write a printed value as a string, so that its digits are known: "{text}"')
        match = _PRINTED.fullmatch(text)
        if match is None or "low" in claim or "high" in claim:
            raise UsageError(f"a printed value is a decimal like 0.25 or 2.5e-3, without low and high, got {text!r}")
        digits, slack = len(match[1] or "") - int(match[2] or 0), as_rational(read_real(claim.get("slack", 0)))
        if slack < 0:
            raise UsageError(f"the slack must be at least 0, got {claim['slack']}")
        value, half = as_rational(exact(text)), power_of_ten(-digits) / 2 + slack
        return value - half, value + half
    if "slack" in claim:
        raise UsageError("a slack is for a printed value only")
    if "low" in claim and "high" in claim:
        return as_rational(read_real(claim["low"])), as_rational(read_real(claim["high"]))
    if "high" in claim:  # none of these numbers is negative
        return fmpq(0), as_rational(read_real(claim["high"]))
    if "low" in claim:
        raise UsageError("give both low and high, or high alone, or a printed value")
    return None


def stated_words(claim: Mapping[str, Any]) -> str:
    """Return the interval that a claim states, in words."""
    if "value" in claim:
        return f"{claim['value']} give or take {claim['slack']}" if "slack" in claim else str(claim["value"])
    return f"between {claim['low']} and {claim['high']}" if "low" in claim else f"at most {claim['high']}"


def verdict_of(holds: bool) -> str:
    """Return the verdict on a claim that holds, or does not."""
    return "certified" if holds else "refuted"


def shown_below(value: Number) -> str:
    """Return a number rounded down to the digits that are printed."""
    return below(value, digits=SHOWN)


def shown_above(value: Number) -> str:
    """Return a number rounded up to the digits that are printed."""
    return above(value, digits=SHOWN)


def measured(
    claim: Mapping[str, Any],
    *,
    what: str,
    statement: Callable[[fmpq, fmpq], Statement],
    low: str,
    high: str,
    value: str,
) -> Finding:
    """Compare a number with the stated interval; what was computed is certified beside it, to seven digits.

    Raises:
        DataError: if the enclosure between `low` and `high` is wrong, which is a defect.
    """
    found = statement(as_rational(exact(low)), as_rational(exact(high)))
    if not found.holds:
        raise DataError(f"the enclosure of {what} does not hold; this is a defect, please report it")
    stated, computed = stated_interval(claim), low if low == high else f"between {low} and {high}"
    if stated is None:
        return Finding(f"{what} (recomputed)", "certified", computed, (found,), value)
    first = statement(*stated)
    return Finding(f"{what} is {stated_words(claim)}", verdict_of(first.holds), computed, (first, found), value)


def narrowed(bounds: Bounds, *, stated: tuple[fmpq, fmpq] | None = None) -> tuple[fmpq, fmpq]:
    """Enclose a number that is not negative, to seven digits, and until it lies in a stated interval or outside."""
    low, high = fmpq(0), fmpq(0)
    for bits in _BITS:
        below_, above_ = bounds(bits)
        low, high = max(-ceiling(-below_, bits=bits), fmpq(0)), ceiling(above_, bits=bits)
        decided = stated is None or high < stated[0] or low > stated[1] or (stated[0] <= low and high <= stated[1])
        if decided and (high - low) * power_of_ten(SHOWN + 1) <= high:
            break
    return low, high


def enclosed(claim: Mapping[str, Any], *, what: str, kind: str, bounds: Bounds) -> Finding:
    """Compare a number >= 0 that is known through bounds with the stated interval; it may be too near an end."""

    def proved(low: fmpq, high: fmpq) -> bool:
        # as docs/format.md, kind claim-audit, rounds
        least, most = bounds(64 + int(low.q).bit_length() + int(high.q).bit_length())
        return ((kind == "excess" and low <= 0) or bool(low <= least)) and bool(most <= high)

    def statement(low: fmpq, high: fmpq) -> Statement:
        fields = {"point": claim["point"], "low": low, "high": high}
        return Statement(kind, fields, True)

    stated = stated_interval(claim)
    inside = stated is not None and proved(*stated)
    low, high = narrowed(bounds, stated=None if inside else stated)
    shown = as_rational(exact(shown_below(low))), as_rational(exact(shown_above(high)))
    computed = shown_above(high) if shown[0] == shown[1] else f"between {shown_below(low)} and {shown_above(high)}"
    value = about((low + high) / 2, digits=SHOWN)
    if stated is None:
        known = statement(*(shown if proved(*shown) else (low, high)))
        return Finding(f"{what} (recomputed)", "certified", computed, (known,), value)
    words, known = f"{what} is {stated_words(claim)}", statement(low, high)
    if inside:
        return Finding(words, "certified", computed, (statement(*stated), known), value)
    if stated[0] <= low and high <= stated[1]:
        return Finding(words, "certified", computed, (known,), value)
    if high < stated[0] or low > stated[1]:
        return Finding(words, "refuted", computed, (known,), value)
    return Finding(words, "undecided", f"{computed}, too near an end to be told from it", (known,), value)

"""Counts and values in words, for reports and messages."""

from __future__ import annotations

__all__ = ["counted", "digits_in_words", "shown"]

_LONG = 200  # bits


def counted(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun, `1 digit` or `3 digits`; `many` is the plural where it does not end in s."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def digits_in_words(count: int | None) -> str:
    """Return a number of digits: all for None, none if it is not positive."""
    if count is None:
        return "all digits"
    return counted(count, "digit") if count > 0 else "no digit"


def shown(value: object) -> str:
    """Write a value that was not expected, on one short line; Python refuses to write an integer of 4,301 digits."""
    if isinstance(value, int) and value.bit_length() > _LONG:
        return f"an integer of {value.bit_length()} bits"
    return f"{value!r:.80}"

"""Counts in words, for reports and messages."""

from __future__ import annotations

import re

from flint import fmpq

from exact_base.rationals import power_of_ten

__all__ = ["called", "counted", "digits_in_words", "digits_reached", "shown", "without_folders"]

_LONG = 200  # bits
# /home/me/my project/, file:///home/me/, -I/home/me/; C:/Users/me/, C:\Users\me\ and \\host\me\, or their repr
_FOLDERS = re.compile(
    r"(?:(?<![\w.~/\\-])|(?<=\s-[BIL]))(?:file://)?/[^\s/'\"<>|:]+/(?:[^\n/'\"<>|:]+/)*"
    r"|(?:(?<!\w)[A-Za-z]:[\\/]+|(?<![\w\\:])\\\\+(?=[^\s\\/'\"<>|:]+\\))(?:[^\n\\/'\"<>|:]+[\\/]+)*"
)


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


def called(target: str) -> str:
    """Return how a solver is called in reports and certificates: `file.py:attr` without the folders of the file."""
    place, separator, attribute = target.rpartition(":")
    return re.split(r"[/\\]", place)[-1] + separator + attribute if place.endswith(".py") else target


def without_folders(text: str) -> str:
    """Return a text in which absolute paths are base names: who reads a certificate need not know whose machine it was.

    Paths are found by their form; where a folder may have a space in its name, rather too much is left out.
    """
    return _FOLDERS.sub("", text)


def digits_reached(distance2: fmpq) -> int | None:
    """Return the largest k with distance <= 10^-k, from the squared distance; None if the distance is 0."""
    if distance2 == 0:
        return None
    # the bit lengths give k to within one or two; the comparisons are exact
    guess = (int(distance2.q).bit_length() - int(distance2.p).bit_length()) * 30103 // 200_000
    while distance2 <= power_of_ten(-2 * (guess + 1)):
        guess += 1
    while distance2 > power_of_ten(-2 * guess):
        guess -= 1
    return guess

"""How well data are known, in words."""

from __future__ import annotations

from proofs_checks.checker.core import words
from proofs_checks.checker.parts.precision import Precision, Radius


def precision_lines(precision: Precision, *, up: bool) -> list[str]:
    """Return how far the true X' and y' may be from X and y.

    What is proved of all data within radii is not proved of more, and these are rounded down; where there are data
    within them, up.
    """
    return [
        f"X' - X {_radius(precision.matrix, 'spectral norm', up)}.",
        f"y' - y {_radius(precision.data, 'Euclidean norm', up)}.",
    ]


def _radius(radius: Radius, norm: str, up: bool) -> str:
    entries = radius.entries
    if radius.nothing:
        return "is 0: it is known exactly"
    if entries is None:
        num, den = (radius.norm or 0).as_integer_ratio()
        return f"has the {norm} at most {words.outward(num, den, up=up)}"
    low, high = min(entries.numbers), max(entries.numbers)
    if low == high:
        return f"has entries of absolute value at most {words.outward(low, entries.den, up=up)}"
    source = f"{entries.source[0]} (SHA-256 {entries.source[1]})" if entries.source else "the file"
    return (
        f"has entries of absolute value at most the radii of {source}, which lie between "
        f"{words.outward(low, entries.den, up=False)} and {words.outward(high, entries.den, up=True)}"
    )

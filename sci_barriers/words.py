"""Counts in words, for reports and messages."""

from __future__ import annotations

__all__ = ["counted"]


def counted(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun, `1 digit` or `3 digits`; `many` is the plural where it does not end in s."""
    return f"{count} {one if count == 1 else many or one + 's'}"

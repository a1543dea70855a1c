"""Counts in words, for reports."""

from __future__ import annotations

__all__ = ["counted"]


def counted(count: int, one: str) -> str:
    """Return a count with its noun, `1 block` or `3 blocks`."""
    return f"{count} {one}{'' if count == 1 else 's'}"

"""How large a matrix may be: what its exact entries take is estimated before they are made."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from exact_base.errors import DataError, UsageError

__all__ = ["LIMIT_VARIABLE", "check_entries", "check_memory"]

LIMIT_VARIABLE = "SCI_BARRIERS_MEMORY"
"""The environment variable with the MiB that reading a matrix may take; half of what is free if it is not set."""

ENTRY_BYTES = 400
"""What an entry takes while it is read, without its digits: the object itself, two rationals, and integers of both."""

_UNKNOWN = 1 << 32  # where the system does not say what is free


def check_entries(rows: int, cols: int, *, bits: int = 0) -> None:
    """Refuse a matrix whose exact entries do not fit, each of `bits` bits beside what every entry takes.

    Raises:
        DataError: with the number of bytes, and what to do.
        UsageError: if the environment variable is no number.
    """
    check_memory(rows * cols * (ENTRY_BYTES + bits // 4), f"a {rows} x {cols} matrix with exact entries")


def check_memory(wanted: int, what: str) -> None:
    """Refuse what takes more bytes than there may be used.

    Raises:
        DataError: with the number of bytes, and what to do.
        UsageError: if the environment variable is no number.
    """
    limit = _limit()
    if wanted > limit:
        raise DataError(
            f"{what} takes about {wanted:,} bytes of memory, and {limit:,} may be used; "
            f"take a part of it, or set {LIMIT_VARIABLE} to more MiB"
        )


def _limit() -> int:
    given = os.environ.get(LIMIT_VARIABLE)
    if given is None:
        return min(_free(), default=2 * _UNKNOWN) // 2
    if not (given.isascii() and given.isdigit()):
        raise UsageError(f"{LIMIT_VARIABLE} must be a whole number of MiB, got {given!r:.60}")
    return int(given[:20]) << 20


def _free() -> Iterator[int]:
    """Yield what each of those who know says is free: the system, and the group of processes that this one is in."""
    for line in _lines("/proc/meminfo"):
        if line.startswith("MemAvailable:"):
            yield int(line.split()[1]) << 10
    most, used = _lines("/sys/fs/cgroup/memory.max"), _lines("/sys/fs/cgroup/memory.current")
    if most and used and most[0].isdigit():
        yield max(int(most[0]) - int(used[0]), 0)


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):
        return []

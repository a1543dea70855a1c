"""Whether columns of penalised least squares are independent, by a minor modulo a prime (docs/format.md)."""

from __future__ import annotations

from proofs_checks.checker.core import words
from proofs_checks.checker.core.rules import look_at_time, require
from proofs_checks.checker.parts.penalised import Penalised
from proofs_checks.checker.parts.penalised_optimum import Optimum, loose

_PRIME, _BITS = 2**61 - 1, 61
_SLOT = 128  # bits of an entry of a row that is one integer


def check_minor(problem: Penalised, optimum: Optimum, rows: list[int]) -> None:
    """Apply the rule of a unique minimiser: the columns are independent, as a minor is not 0 modulo a prime."""
    columns = loose(problem, optimum)
    count = len(columns)
    require(
        len(rows) == count, "minor", lambda: f"it must have {words.counted(count, 'row')}, as E' has so many columns"
    )
    lines = [bytearray() for _ in rows]
    for j in columns:
        column, centre = problem.column(j), problem.centre(j)
        for line, i in zip(lines, rows, strict=True):
            line += ((column[i] * problem.factor - centre) % _PRIME).to_bytes(_SLOT // 8, "little")
    regular = _regular([int.from_bytes(line, "little") for line in lines])
    require(regular, "minor", lambda: f"that of the columns of E' is 0 modulo {_PRIME}")


def _regular(rows: list[int]) -> bool:
    """Return whether a square matrix modulo the prime is; a row is one integer, the first entry in its last bits."""
    slots, entry = range(len(rows)), (1 << _SLOT) - 1
    low = sum(_PRIME << _SLOT * k for k in slots)
    high = sum((entry >> _BITS) << _SLOT * k for k in slots)
    while rows:
        look_at_time()
        leading = [(row & entry) % _PRIME for row in rows]
        k = next((k for k, a in enumerate(leading) if a), None)
        if k is None:
            return False
        pivot, inverse = rows[k], pow(leading[k], -1, _PRIME)
        left = []
        for row, a in zip(rows[:k] + rows[k + 1 :], leading[:k] + leading[k + 1 :], strict=True):
            if a:
                # entries are below 2^62, and below 2^126 until they are reduced, twice, to at most 2^61 + 1
                row += pivot * (_PRIME - a * inverse % _PRIME)
                row = (row & low) + (row >> _BITS & high)
                row = (row & low) + (row >> _BITS & high)
            left.append(row >> _SLOT)
        rows = left
    return True

"""How many inputs can be answered for at one sample or more (docs/format.md, "kind joint-barrier")."""

from __future__ import annotations

from proofs_checks.checker.core.numbers import Exact, Number, Ratio, Vector, conj
from proofs_checks.checker.core.rules import require

MAX_CHOICES = 100_000


def groups(points: list[Vector], apart: Ratio) -> list[int]:
    """Return the group of each point: points of different groups are more than the root of `apart` apart."""
    found: list[int] = []
    for i, point in enumerate(points):
        near = {found[j] for j in range(i) if point.minus(points[j]).norm2() <= apart}
        found = [i if group in near else group for group in found] + [i]
    names = {group: place for place, group in enumerate(dict.fromkeys(found))}
    return [names[group] for group in found]


def cover(found: list[list[int]], total: int) -> int:
    """Return how many inputs are at most in the chosen groups, one chosen for each sample; raises Invalid."""
    covered, choices = {0}, 1
    for group in found:
        masks = [sum(1 << i for i in range(total) if group[i] == name) for name in range(max(group) + 1)]
        choices *= len(masks)
        require(choices <= MAX_CHOICES, "cover", lambda: f"more than {MAX_CHOICES} choices of groups")
        covered = {old | mask for old in covered for mask in masks}
    return max(mask.bit_count() for mask in covered)


def tight(matrix: Exact) -> bool:
    """Return whether A A* is a multiple c^2 I of the identity, with c > 0."""
    rows: list[list[Number]] = [[0] * matrix.cols for _ in range(matrix.rows)]
    for (i, j), a in matrix.entries.items():
        rows[i][j] = a
    squares = [_product(row, row) for row in rows]
    if not squares[0] or any(square != squares[0] for square in squares):
        return False
    return not any(_product(rows[i], rows[j]) for i in range(matrix.rows) for j in range(i))


def _product(left: list[Number], right: list[Number]) -> Number:
    total: Number = 0
    for a, b in zip(left, right, strict=True):
        if a and b:
            total = total + a * conj(b)
    return total

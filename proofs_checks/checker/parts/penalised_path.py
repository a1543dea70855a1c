"""A piecewise linear path of minimisers of penalised least squares (docs/format.md, "kind path").

Source: docs/theory.md, "The path".
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from proofs_checks.certificate.arrays import PackedArray
from proofs_checks.checker.core.rules import Invalid, look_at_time, require
from proofs_checks.checker.parts.penalised import Penalised, Sparse, require_room
from proofs_checks.checker.parts.penalised_minor import check_minor
from proofs_checks.checker.parts.penalised_moments import Level, Moments, require_moments
from proofs_checks.checker.parts.penalised_optimum import Optimum


@dataclass(frozen=True)
class Path:
    """Levels that decrease, a point at each, and whether minimisers are unique above the first and on each piece."""

    problem: Penalised
    levels: list[Level]
    points: list[Sparse]
    unique: list[bool]

    @property
    def pieces(self) -> int:
        """The number of pieces between two levels."""
        return len(self.levels) - 1

    @cached_property
    def held(self) -> list[int]:
        """The columns in which some point is not zero."""
        return sorted({j for point in self.points for j in point.numbers})

    @cached_property
    def rests(self) -> bool:
        """Whether the first point is zero in all columns with a penalty, so that it minimises at all larger levels."""
        return not self._penalised(self.points[0])

    @cached_property
    def leaves(self) -> bool:
        """Whether it rests, and on the first piece a column with a penalty is not zero."""
        return self.rests and self.pieces > 0 and self._penalised(self.points[1])

    def _penalised(self, point: Sparse) -> bool:
        return any(self.problem.penalties.numbers[j] for j in point.numbers)

    @cached_property
    def turns(self) -> int:
        """The number of breakpoints at which the direction changes, the first one if the path rests above it."""
        ends = list(zip(self.levels, self.points, strict=True))
        inner = sum(map(_turns, ends, ends[1:], ends[2:]))
        return inner + (self.rests and self.pieces > 0 and _moved(self.points[0], self.points[1]))

    def intervals(self, j: int) -> list[tuple[int, int]]:
        """Return where a column that has a penalty, or may not be negative, is not zero.

        (i, k) is all strictly between the levels i and k, (-1, k) all above the level k, and (0, 0) the only level.
        """
        if not self.pieces and not self.rests:
            return [(0, 0)] if self.points[0].at(j) else []
        held = [bool(point.at(j)) for point in self.points]
        found = [(-1, 0)] if self.rests and held[0] else []
        for k, (first, last) in enumerate(pairwise(held)):
            if not (first or last):
                continue
            if found and found[-1][1] == k and first:
                found[-1] = (found[-1][0], k + 1)
            else:
                found.append((k, k + 1))
        return found


def _moved(first: Sparse, last: Sparse) -> bool:
    return any(
        first.at(j) * last.den != last.at(j) * first.den for j in sorted(first.numbers.keys() | last.numbers.keys())
    )


def _turns(first: tuple[Level, Sparse], middle: tuple[Level, Sparse], last: tuple[Level, Sparse]) -> bool:
    """Return whether the second point is not on the line through the others at its level."""
    look_at_time()
    (a, b), (c, d), (e, f) = first[0], middle[0], last[0]
    p, q, r = first[1], middle[1], last[1]
    # (q - p)/(c/d - a/b) = (r - q)/(e/f - c/d), without denominators
    before, after = b * (e * d - c * f), f * (c * b - a * d)
    left, centre, right = before * q.den * r.den, (before + after) * p.den * r.den, after * p.den * q.den
    return any(
        q.at(j) * centre != p.at(j) * left + r.at(j) * right
        for j in sorted(p.numbers.keys() | q.numbers.keys() | r.numbers.keys())
    )


def require_memory(path: Path) -> None:
    """Refuse what has too many long numbers; raises MalformedCertificate."""
    for (num, den), point in zip(path.levels, path.points, strict=True):
        require_room(path.problem, PackedArray((1,), den, [num]), (point,))
    require_moments(path.problem, path.held)


def check_path(path: Path, minors: list[list[int] | None]) -> None:
    """Apply the rules; raises Invalid."""
    moments = Moments(path.problem, path.held)
    if path.unique[0]:
        require(
            path.rests, "above", lambda: "the first point is not 0 in all columns with a penalty: no rule for all above"
        )
    before: Optimum | None = None
    for k, (level, point, rows) in enumerate(zip(path.levels, path.points, minors, strict=True)):
        with _named(f"breakpoint {k + 1}"):
            optimum = moments.check(level, point)
        if before is None:
            free = {j: s for j, s in optimum.signs.items() if not path.problem.penalties.numbers[j]}
            with _named("above the first breakpoint"):
                _check_minor(path.problem, optimum, free, rows)
        else:
            signs = tight(before, optimum)
            with _named(f"piece {k}"):
                check_piece(path.problem, before, optimum, signs)
                _check_minor(path.problem, before, signs, rows)
        before = optimum


@contextmanager
def _named(where: str) -> Iterator[None]:
    try:
        yield
    except Invalid as error:
        raise Invalid(error.rule, f"{where}: {error.found}") from None


def tight(first: Optimum, last: Optimum) -> dict[int, int]:
    """Return the columns whose slope is at the same of its bounds at both ends, with the sign of their entries.

    A sign is 0 where the bound is: at the level 0, or without a penalty.
    """
    both = first.signs.keys() & last.signs.keys()
    return {j: first.signs[j] or last.signs[j] for j in sorted(both) if first.signs[j] * last.signs[j] >= 0}


def check_piece(problem: Penalised, first: Optimum, last: Optimum, signs: dict[int, int]) -> None:
    """Apply the rule of one pattern at both ends; raises Invalid."""
    for j in sorted(first.point.numbers.keys() | last.point.numbers.keys()):
        if j not in signs:
            raise Invalid("pattern", f"v_{j + 1} is not 0, and g_{j + 1} is not mu_{j + 1} with one sign at both ends")
        ends = (first.point.at(j), last.point.at(j))
        if signs[j] and min(signs[j] * x for x in ends) < 0:
            raise Invalid("pattern", f"v_{j + 1} has not the sign of g_{j + 1} at both ends")
    look_at_time()


def _check_minor(problem: Penalised, optimum: Optimum, signs: dict[int, int], rows: list[int] | None) -> None:
    if rows is not None:
        check_minor(problem, replace(optimum, signs=signs), rows)

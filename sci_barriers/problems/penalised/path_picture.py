"""The picture of a path: coefficients against λ, with its breakpoints; floating point, and nothing rests on it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from xml.sax.saxutils import escape

from flint import fmpq

from exact_base.errors import DataError
from exact_base.matrices import ExactMatrix
from proofs_checks.certificate.reading import printable
from sci_barriers.problems.penalised.path import Path
from sci_barriers.problems.penalised.problem import entries_of

__all__ = ["path_picture"]

_COLOURS = (
    "#1f77b4",
    "#ff7f0e",
    "#2ca02c",
    "#d62728",
    "#9467bd",
    "#8c564b",
    "#e377c2",
    "#7f7f7f",
    "#bcbd22",
    "#17becf",
)
_WIDTH, _HEIGHT = 760, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 610, 20, 370
_LABELS = 16  # curves that are named beside the picture, those with the largest coefficients
_LINES = 200  # breakpoints that are drawn
_SPREAD = 30  # a ratio of breakpoints from which on the axis is logarithmic
_STEPS = 12  # points of a curved line for each piece


def path_picture(path: Path, *, names: Sequence[str] | None = None) -> str:
    """Return the picture of the coefficients of all columns of X, in the units of the problem, as an SVG document.

    Args:
        path: the path.
        names: of the columns of X; their numbers from 1, if there are none.

    Raises:
        DataError: if there are not as many names as columns.

    >>> from sci_barriers.problems.penalised.path import certified_path
    >>> from sci_barriers.problems.penalised.path_picture import path_picture
    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
    >>> path = certified_path(PenalisedLeastSquares.of([[1, 0], [0, 1]], [2, 1], penalties=[1, 1]))
    >>> path_picture(path, names=["age", "size"]).count("<polyline")
    2
    """
    n = path.problem.features
    if names is not None and len(names) != n:
        raise DataError(f"{n} names are needed, one for each column of X, got {len(names)}")
    called = [f"column {j + 1}" for j in range(n)] if names is None else [printable(name, 24) for name in names]
    levels = [_float(level) for level in path.breakpoints]
    rows = [_floats(path.problem.coefficients(point), n) for point in path.points]
    across, logarithmic = _axis(levels)
    if logarithmic:
        levels, rows = _finer(levels, rows)
    up, low, high = _vertical(rows)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        'font-size="12" role="img">',
        "<title>Coefficients of the minimiser against lambda</title>",
        f'<rect x="{_LEFT}" y="{_TOP}" width="{_RIGHT - _LEFT}" height="{_BOTTOM - _TOP}" fill="none" stroke="#888"/>',
    ]
    for level in path.breakpoints[:_LINES]:
        x = across(_float(level))
        parts.append(f'<line x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{_BOTTOM}" stroke="#ddd" stroke-width="0.7"/>')
    parts.append(f'<line x1="{_LEFT}" y1="{up(0):.1f}" x2="{_RIGHT}" y2="{up(0):.1f}" stroke="#888"/>')
    sizes = [max(abs(row[j]) for row in rows) for j in range(n)]
    drawn = sorted((j for j in range(n) if sizes[j]), key=lambda j: (-sizes[j], j))
    for place, j in enumerate(drawn):
        colour = _COLOURS[place % len(_COLOURS)]
        points = " ".join(f"{across(x):.1f},{up(row[j]):.1f}" for x, row in zip(levels, rows, strict=True))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        if place < _LABELS:
            y = _TOP + 12 + 20 * place
            parts.append(f'<text x="{_RIGHT + 10}" y="{y}" fill="{colour}">{escape(called[j])}</text>')
    if len(drawn) > _LABELS:
        more = f"and {len(drawn) - _LABELS} more"
        parts.append(f'<text x="{_RIGHT + 10}" y="{_TOP + 12 + 20 * _LABELS}">{more}</text>')
    parts += [
        f'<text x="{_LEFT - 6}" y="{up(value) + 4:.1f}" text-anchor="end">{value:.4g}</text>'
        for value in sorted({low, 0.0, high})
    ]
    parts += [
        f'<text x="{across(value):.1f}" y="{_BOTTOM + 16}" text-anchor="middle">{value:.4g}</text>'
        for value in _ticks(levels, logarithmic=logarithmic)
    ]
    scale = ", logarithmic" if logarithmic else ""
    scale += " but for the last piece, which ends at 0" if logarithmic and levels[-1] == 0 else ""
    middle = (_LEFT + _RIGHT) // 2
    parts.append(f'<text x="{middle}" y="{_BOTTOM + 36}" text-anchor="middle">lambda{scale}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _float(value: fmpq) -> float:
    """Return a float near a number, the largest one if it is too large."""
    try:
        return int(value.p) / int(value.q)
    except OverflowError:
        return math.copysign(1e300, int(value.p))


def _floats(vector: ExactMatrix, count: int) -> list[float]:
    return [_float(entry) for entry in entries_of(vector)[:count]]


def _axis(levels: Sequence[float]) -> tuple[Callable[[float], float], bool]:
    """Return where a level stands, large ones to the left, and whether by its logarithm; 0 is then one step beyond."""
    width, positive = _RIGHT - _LEFT, [level for level in levels if level > 0]
    logarithmic = len(positive) > 1 and positive[0] > _SPREAD * positive[-1]
    if logarithmic:
        first = math.log(positive[0])
        last = math.log(positive[-1]) - (first - math.log(positive[-1])) / 20
        return (lambda x: _LEFT + width * (first - math.log(x)) / (first - last) if x > 0 else _RIGHT), True
    spread = (levels[0] - levels[-1]) or 1.0
    return (lambda x: _LEFT + width * (levels[0] - x) / spread), False


def _finer(levels: list[float], rows: list[list[float]]) -> tuple[list[float], list[list[float]]]:
    """Return more points of each piece, as straight pieces are curved over the logarithm."""
    found, points = levels[:1], rows[:1]
    for (high, low), (first, last) in zip(pairwise(levels), pairwise(rows), strict=True):
        ratio = low / high
        for step in range(1, _STEPS + 1):
            level = low if step == _STEPS or low == 0 else high * ratio ** (step / _STEPS)
            part = (high - level) / (high - low) if high > low else 1.0
            found.append(level)
            points.append([a + part * (b - a) for a, b in zip(first, last, strict=True)])
            if level == low:
                break
    return found, points


def _vertical(rows: list[list[float]]) -> tuple[Callable[[float], float], float, float]:
    low, high = min(0.0, *map(min, rows)), max(0.0, *map(max, rows))
    spread = (high - low) or 1.0
    return (lambda value: _BOTTOM - 8 - (_BOTTOM - _TOP - 16) * (value - low) / spread), low, high


def _ticks(levels: Sequence[float], *, logarithmic: bool) -> list[float]:
    """Return the levels that are written: both ends, and what lies between at equal distances."""
    if not logarithmic:
        return sorted({levels[0] + (levels[-1] - levels[0]) * k / 4 for k in range(5)})
    positive = [level for level in levels if level > 0]
    ratio = positive[-1] / positive[0]
    return [positive[0] * ratio ** (k / 4) for k in range(5)]

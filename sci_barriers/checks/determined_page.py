"""What the data determine, for the page: digits of each coefficient, how stable each column is, and two data sets."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Sequence

from flint import fmpq

from exact_base.decimals import about, above, below, trimmed
from exact_base.words import counted
from proofs_checks.certificate.reading import printable
from sci_barriers.checks.bars import RIGHT, UNKNOWN, WRONG, Bar, bars
from sci_barriers.checks.determined import DeterminedFinding, Status
from sci_barriers.problems.determined.pairs import Pair, Variation
from sci_barriers.problems.penalised.problem import entries_of

__all__ = ["determined_sections"]

_MOST_BARS = 60
_MOST_DIGITS = 16
_MOST_CELLS = 5
_DECADES = 6  # of multiples of the precision that the picture has on each side of 1
_FILLS: dict[Status, str] = {"in": RIGHT, "out": RIGHT, "undetermined": WRONG, "undecided": UNKNOWN}


def determined_sections(found: DeterminedFinding, names: Sequence[str]) -> list[tuple[str, str]]:
    """Return the sections of the page, a title and the content of each."""
    sections = []
    if found.outcome is not None:
        sections.append(("Digits of each coefficient that the data determine", _digits_picture(found, names)))
    if found.stable:
        sections.append(("How stable each column is", _stable_picture(found, names)))
    if found.pair is not None:
        sections.append(("Two data sets within the precision", _pair_table(found.pair, names)))
    return sections


def _text(text: str) -> str:
    return html.escape(printable(text))


def _ordered(found: DeterminedFinding) -> list[int]:
    """Return the columns that are shown, the largest coefficients and what is not known to be out first."""
    shown = [j for j, value in enumerate(found.point) if value != 0 or found.statuses[j] != "out"]
    return sorted(shown, key=lambda j: (-abs(found.point[j]), j))[:_MOST_BARS]


def _digits_picture(found: DeterminedFinding, names: Sequence[str]) -> str:
    chosen = _ordered(found)
    out = len(found.columns("out"))
    return bars(
        [_digits_bar(found, j, names[j]) for j in chosen],
        title=f"Proved digits of {counted(len(chosen), 'coefficient')}, relative to each; line at {found.digits}",
        ticks=[(digits, str(digits)) for digits in range(0, _MOST_DIGITS + 1, 4)],
        line=found.digits,
        most=_MOST_DIGITS,
        below=f"{counted(out, 'column')} out for all these data" if out else "",
    )


def _digits_bar(found: DeterminedFinding, j: int, name: str) -> Bar:
    move, value, status = found.moves[j], found.point[j], found.statuses[j]
    if move == 0:
        return Bar(name, _MOST_DIGITS, "nothing moves it", RIGHT)
    near = "" if move is None else f"{about(value)} ± {above(move)}"
    digits = 0.0
    if move is not None and value != 0:
        ratio = float(about(move / abs(value)))
        digits = min(max(0.0, -math.log10(ratio)), _MOST_DIGITS) if ratio > 0 else float(_MOST_DIGITS)
    said = near if status == "in" else f"{near}, {status}" if near else status
    return Bar(name, digits, said, RIGHT if digits >= found.digits else _FILLS[status] if status != "in" else WRONG)


def _stable_picture(found: DeterminedFinding, names: Sequence[str]) -> str:
    scales = [_scale(found, j) for j in range(len(found.stable))]
    order = sorted(range(len(scales)), key=lambda j: (scales[j], j))[:_MOST_BARS]
    left = len(found.stable) - len(order)
    return bars(
        [Bar(names[j], _decades(scales[j]), _stable_words(found, j), _FILLS[found.statuses[j]]) for j in order],
        title="The multiple of the precision up to which a column is proved to stay in, or out; the line is at 1",
        ticks=[(k + _DECADES, f"1e{k}" if k else "1") for k in range(-_DECADES, _DECADES + 1, 2)],
        line=_DECADES,
        most=2 * _DECADES,
        below=f"{left} more, which are more stable" if left else "",
    )


def _scale(found: DeterminedFinding, j: int) -> fmpq:
    """Return up to which multiple a column is proved to stay: 1 if by its status, which may rest on another theorem."""
    return max(found.stable[j], fmpq(1)) if found.statuses[j] in ("in", "out") else found.stable[j]


def _decades(scale: fmpq) -> float:
    """Return where a multiple is on the axis."""
    digits = float(below(scale))
    return _DECADES + math.log10(digits) if digits > 0 else 0.0


def _stable_words(found: DeterminedFinding, j: int) -> str:
    where = "in" if found.point[j] != 0 else "out"
    scale = _scale(found, j)
    return f"{where} up to {below(scale)}" if scale != 0 else "not proved"


# --- two data sets ---------------------------------------------------------------------------------


def _pair_table(pair: Pair, names: Sequence[str]) -> str:
    first, second = pair.first.coefficients, pair.second.coefficients
    order = sorted(range(len(names)), key=lambda j: -abs(first[j] - second[j]))
    shown = [j for j in order if first[j] != second[j]][:_MOST_BARS]
    rows = "".join(
        f'<tr><th scope="row">{_text(names[j])}</th><td>{about(first[j])}</td><td>{about(second[j])}</td>'
        f"<td>{_differs(first[j], second[j])}</td></tr>"
        for j in shown
    )
    head = "".join(f'<th scope="col">{name}</th>' for name in ("", "first", "second", ""))
    table = (
        f"<table><caption>the only minimiser of each, where they differ</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )
    changes = "".join(
        f"<dt>{name}</dt><dd>{_text('; '.join(_changes(pair, one, names)) or 'the data as they stand')}</dd>"
        for name, one in (("first", pair.first), ("second", pair.second))
    )
    return f"{table}<p>What is changed most:</p><dl>{changes}</dl>"


def _differs(first: fmpq, second: fmpq) -> str:
    if first != 0 and second != 0:
        return ""
    return "in and out" if second == 0 else "out and in"


def _changes(pair: Pair, one: Variation, names: Sequence[str]) -> Iterator[str]:
    """Yield the entries of X and of y that differ most from the given ones."""
    cells: list[tuple[fmpq, str, fmpq, fmpq]] = []
    if one.matrix is not None:
        given = pair.problem.matrix.columns(one.columns)
        for k, j in enumerate(one.columns):
            for i in range(given.rows):
                old, new = fmpq(given.re[i, k], given.den), fmpq(one.matrix.re[i, k], one.matrix.den)
                cells.append((abs(new - old), f"row {i + 1}, {names[j]}", old, new))
    yield from _largest(cells)
    if one.data is not None:
        both = zip(entries_of(pair.problem.data), entries_of(one.data), strict=True)
        yield from _largest([(abs(new - old), f"y, row {i + 1}", old, new) for i, (old, new) in enumerate(both)])


def _short(value: fmpq) -> str:
    return trimmed(about(value, digits=8))


def _largest(cells: Sequence[tuple[fmpq, str, fmpq, fmpq]]) -> Iterator[str]:
    changed = [cell for cell in cells if cell[0] != 0]
    for size, where, old, new in sorted(changed, key=lambda cell: -cell[0])[:_MOST_CELLS]:
        yield f"{where}: {_short(old)} becomes {_short(new)}, by {trimmed(about(size))}"
    if len(changed) > _MOST_CELLS:
        yield f"and {counted(len(changed) - _MOST_CELLS, 'number')} more"

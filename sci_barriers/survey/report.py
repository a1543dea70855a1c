"""A survey for readers: plain data, Markdown, a table for the terminal, and one HTML page that needs nothing else."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from importlib import resources
from itertools import groupby
from typing import Any

from rich.text import Text

from exact_base import __version__
from exact_base.answers import root_data
from exact_base.rationals import exact_number
from exact_base.terminal import Listing
from proofs_checks.certificate.reading import printable
from sci_barriers.solvers import REGISTRY
from sci_barriers.survey.cells import VERDICTS, Cell, CellOutcome

__all__ = ["cells_data", "document", "html", "legend", "markdown", "tables"]

_GLYPHS = {
    "right": "✓",
    "silently wrong": "✗",
    "warned": "!",
    "float64-blind": "≈",
    "failed": "∅",
    "undecided": "?",
    "ok": "✓",
    "inaccurate": "✗",
    "barrier": "⊥",
}
_COLOURS = {
    "right": "green",
    "silently wrong": "bold red",
    "warned": "yellow",
    "failed": "magenta",
    "ok": "green",
    "inaccurate": "bold red",
}
_DIGITS = 4  # of the decimals in a ledger
_MEMBER_VERDICTS = ("right", "silently wrong", "warned", "float64-blind", "failed", "undecided")


def document(outcomes: Mapping[Cell, CellOutcome]) -> dict[str, Any]:
    """Return everything as one JSON-ready dictionary."""
    return {
        "format": "sci-barriers-survey",
        "version": 1,
        "producer": f"sci-barriers {__version__}",
        "verdicts": {word: {"glyph": _GLYPHS[word], "meaning": meaning} for word, meaning in VERDICTS.items()},
        "cells": [
            {**asdict(cell), "solver": cell.name, **outcome, "command": _command(cell), "summary": _summary(cell)}
            for cell, outcome in outcomes.items()
        ],
    }


def cells_data(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the cells of a document with their numbers exactly and for a reader, as `exact_base.answers` has them."""
    return [_cell_data(cell) for cell in data["cells"]]


def _cell_data(cell: Mapping[str, Any]) -> dict[str, Any]:
    shown = {key: value for key, value in cell.items() if key != "distance_squared"}
    if "took" in cell:
        shown["took"] = float(cell["took"])
    if "distance_squared" in cell:
        shown["distance"] = root_data(exact_number(cell["distance_squared"]))
        shown |= {key: _recorded(cell[key]) for key in ("relative_error", "objective_excess")}
    return shown


def _recorded(text: str) -> dict[str, Any]:
    """Return a number of which the ledger has the nearest decimal: it lies within half a unit of the last digit."""
    value = Decimal(text)
    half = Decimal(5).scaleb(value.adjusted() - _DIGITS) if value else Decimal(0)
    low, high = (str(exact_number(str(end))) for end in (value - half, value + half))
    return {"exact": None, "low": low, "high": high, "about": text}


def html(data: Mapping[str, Any]) -> str:
    """Return the page: the template of this package with the document inside."""
    template = resources.files(__package__).joinpath("page.html").read_text(encoding="utf-8")
    shown = {**data, "cells": [{k: v for k, v in cell.items() if k != "distance_squared"} for cell in data["cells"]]}
    text = json.dumps(shown)
    # nothing in the data can end the element it stands in
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return template.replace("@@DATA@@", text)


def _command(cell: Cell) -> str:
    """What to type to run a cell again; for the control and the game that writes their certificates."""
    words = ["sci-barriers", "challenge" if cell.kind != "member" else "survey", cell.name]
    words += ["--problem", cell.problem, "--digits", str(cell.digits)]
    if cell.kind == "member":
        words += ["--precisions", str(cell.n), "--orders", str(cell.order)]
    words += ["--size", str(cell.rows), str(cell.columns), "--time-limit", f"{cell.seconds:g}"]
    words += ["--scaling", cell.scaling] if cell.scaling else []
    words += ["--out", "one-cell", "--fresh-ledger"] if cell.kind == "member" else []
    return shlex.join(words)


def _summary(cell: Cell) -> str:
    return REGISTRY[cell.solver].summary if cell.solver in REGISTRY else ""


# --- rows ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Row:
    """The verdicts of one solver, problem and K; `members` by order and n."""

    solver: str
    digits: int
    control: str
    game: str
    members: dict[int, dict[int, str]]


def _rows(outcomes: Mapping[Cell, CellOutcome], problem: str) -> list[_Row]:
    rows: list[_Row] = []
    chosen = [cell for cell in outcomes if cell.problem == problem]
    for (solver, digits), group in groupby(chosen, key=lambda cell: (cell.name, cell.digits)):
        row = {"control": "", "game": ""}
        members: dict[int, dict[int, str]] = {}
        for cell in group:
            verdict: str = outcomes[cell]["verdict"]
            if cell.kind == "member":
                members.setdefault(cell.order, {})[cell.n] = verdict
            else:
                row[cell.kind] = verdict
        rows.append(_Row(solver, digits, row["control"], row["game"], members))
    return rows


def _problems(outcomes: Mapping[Cell, CellOutcome]) -> list[str]:
    return list(dict.fromkeys(cell.problem for cell in outcomes))


def _places(outcomes: Mapping[Cell, CellOutcome]) -> tuple[list[int], list[int]]:
    """The orders and the n of a survey."""
    members = [cell for cell in outcomes if cell.kind == "member"]
    return sorted({cell.order for cell in members}), sorted({cell.n for cell in members})


def _heading(order: int) -> str:
    return f"column {order} larger"


def legend() -> str:
    """Return one line for each verdict of a member."""
    return "\n".join(f"{_GLYPHS[word]}  {word}: {VERDICTS[word]}" for word in (*_MEMBER_VERDICTS, "barrier"))


def tables(outcomes: Mapping[Cell, CellOutcome]) -> list[Listing]:
    """Return one table for each problem."""
    orders, exponents = _places(outcomes)
    made: list[Listing] = []
    for problem in _problems(outcomes):
        rows: list[tuple[str | Text, ...]] = []
        for row in _rows(outcomes, problem):
            strips = [_strip([row.members[order].get(n, "") for n in exponents]) for order in orders]
            rows.append((row.solver, str(row.digits), _coloured(row.control), row.game, *strips))
        columns = ("solver", "K", "control", "game", *map(_heading, orders))
        made.append(Listing(columns, rows, f"{problem}, n = {', '.join(map(str, exponents))}"))
    return made


def _strip(verdicts: list[str]) -> Text:
    strip = Text()
    for verdict in verdicts:
        strip.append(_GLYPHS.get(verdict, " ") + " ", style=_COLOURS.get(verdict, ""))
    return strip


def _coloured(verdict: str) -> Text:
    return Text(verdict, style=_COLOURS.get(verdict, ""))


def markdown(outcomes: Mapping[Cell, CellOutcome]) -> str:
    """Return the verdicts of a survey as Markdown, with a count for each solver."""
    orders, exponents = _places(outcomes)
    parts = ["# Survey", ""]
    parts += [f"- {_GLYPHS[word]} {word}: {VERDICTS[word]}" for word in _MEMBER_VERDICTS]
    for problem in _problems(outcomes):
        rows = _rows(outcomes, problem)
        parts += ["", f"## {problem}", "", "How often, of all members:", ""]
        parts += _line("solver", *_MEMBER_VERDICTS, divide=True)
        for solver, group in groupby(rows, key=lambda row: row.solver):
            found = [v for row in group for by_n in row.members.values() for v in by_n.values()]
            parts += _line(solver, *(str(found.count(word) or "") for word in _MEMBER_VERDICTS))
        parts += ["", "By K and n:", ""]
        headings = [f"{n}, {_heading(order)}" for order in orders for n in exponents]
        parts += _line("solver", "K", "control", "common oracle", *headings, divide=True)
        for row in rows:
            glyphs = [_GLYPHS.get(row.members[order].get(n, ""), "") for order in orders for n in exponents]
            parts += _line(row.solver, str(row.digits), row.control, row.game, *glyphs)
    reasons = {
        (cell.name, cell.problem, outcome["reason"]): None for cell, outcome in outcomes.items() if outcome["reason"]
    }
    if reasons:
        parts += ["", "## Why there was no answer", ""]
        parts += [f"- {_escaped(solver)}, {problem}: {_escaped(reason)}" for solver, problem, reason in reasons]
    return "\n".join(parts) + "\n"


def _line(*cells: str, divide: bool = False) -> list[str]:
    """A line of a Markdown table; the first one with what follows it."""
    return ["| " + " | ".join(map(_escaped, cells)) + " |", *(["|" + "---|" * len(cells)] if divide else [])]


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>|&])", r"\\\1", printable(text))

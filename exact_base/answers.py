"""What a program answers with `--json`: one envelope, and numbers exactly and for a reader (docs/json.md)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, Literal, TypeAlias

from flint import arb, fmpq

from exact_base.decimals import about, above, below, enclosure
from exact_base.scalars import Real, sqrt

__all__ = [
    "FORMAT",
    "VERSION",
    "Side",
    "answer_schema",
    "enclosure_data",
    "envelope",
    "interval_data",
    "number_data",
    "root_data",
]

FORMAT, VERSION = "sci-barriers-answer", 1

Side: TypeAlias = Literal["above", "below", "about"]
"""Where the decimal of a number may lie: an upper bound `above`, a lower bound `below`, any other number `about` it."""

_ROUNDED = {"above": above, "below": below, "about": about}
_DIGITS = 6


def envelope(
    command: str,
    *,
    verdict: str | None = None,
    files: Sequence[Path] = (),
    result: Mapping[str, Any] | None = None,
    error: str | None = None,
    exit_code: int = 0,
) -> dict[str, Any]:
    """Return the one object that a command prints with `--json`.

    Args:
        command: the program and its command, such as `sci-barriers challenge`.
        verdict: the word, of a command that has verdicts.
        files: what was written.
        result: what was found.
        error: one line, if the command failed; there is neither a verdict nor a result then.
        exit_code: of an error.

    >>> from exact_base.answers import envelope
    >>> envelope("sci-barriers reads", error="--digits is needed", exit_code=2)["error"]
    {'message': '--digits is needed', 'exit_code': 2}
    """
    return {
        "format": FORMAT,
        "version": VERSION,
        "command": command,
        "verdict": verdict,
        "files": [str(path) for path in files],
        "result": None if result is None else dict(result),
        "error": None if error is None else {"message": error, "exit_code": exit_code},
    }


def number_data(value: Real, *, side: Side = "about") -> dict[str, Any]:
    """Return a number for JSON: exactly, and as a decimal of six digits on the side that says less.

    >>> from flint import fmpq
    >>> from exact_base.answers import number_data
    >>> number_data(fmpq(1, 3), side="above")
    {'exact': '1/3', 'about': '0.333334'}
    """
    if isinstance(value, fmpq):
        written: Any = str(value)
    else:
        written = {"a": str(value.a), "b": str(value.b), "s": str(value.s)}
    return {"exact": written, "about": _ROUNDED[side](value, digits=_DIGITS)}


def root_data(square: fmpq, *, side: Side = "about") -> dict[str, Any]:
    """Return the root of a rational >= 0 for JSON, as `number_data`.

    >>> from flint import fmpq
    >>> from exact_base.answers import root_data
    >>> root_data(fmpq(2), side="below")
    {'exact': {'a': '0', 'b': '1', 's': '2'}, 'about': '1.41421'}
    """
    return number_data(sqrt(square), side=side)


def enclosure_data(value: arb, *, side: Side = "about") -> dict[str, Any]:
    """Return a number that is known through a ball for JSON: rationals around it, and a decimal.

    >>> from flint import arb
    >>> from exact_base.answers import enclosure_data
    >>> enclosure_data(arb("1/4"))
    {'exact': None, 'low': '1/4', 'high': '1/4', 'about': '0.25'}
    """
    low, high = enclosure(value)
    return {"exact": None, "low": str(low), "high": str(high), "about": _ROUNDED[side](value, digits=_DIGITS)}


def interval_data(low: fmpq, high: fmpq) -> dict[str, Any]:
    """Return a number that is known to lie between two others for JSON; the decimal is that of the upper one.

    >>> from flint import fmpq
    >>> from exact_base.answers import interval_data
    >>> interval_data(fmpq(0), fmpq(1, 3))
    {'exact': None, 'low': '0', 'high': '1/3', 'about': '0.333334'}
    """
    if low == high:
        return number_data(low)
    return {"exact": None, "low": str(low), "high": str(high), "about": above(high, digits=_DIGITS)}


def answer_schema() -> dict[str, Any]:
    """Return the JSON schema (draft 2020-12) of what the programs print with `--json`.

    >>> from exact_base.answers import answer_schema
    >>> answer_schema()["required"][:3]
    ['format', 'version', 'command']
    """
    text = resources.files(__package__).joinpath("answer.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found

"""What the commands share: reading their arguments, and writing on the terminal."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import typer
from rich.console import Console

from firenet_exact.errors import UsageError
from firenet_exact.levels import Levels, optimal_weights
from firenet_exact.rationals import parse_rational, to_float
from proofs_checks.certificate import read

__all__ = ["console", "parse_levels", "print_json", "read_bytes"]


def parse_levels(columns: int, levels: str | None, sparsity: str | None, weights: str, notes: list[str]) -> Levels:
    """Return the levels that options describe; notes on them are appended to `notes`.

    Raises:
        UsageError: if they describe none.
        DataError: if a weight is no number.
    """
    if sparsity is None:
        raise UsageError("--sparsity is needed, such as --sparsity 2, or --levels 16,32 --sparsity 2,2")
    ends = [columns] if levels is None else _counts(levels, "--levels")
    sparsities = _counts(sparsity, "--sparsity")
    if weights == "optimal":
        values, theta = optimal_weights(sparsities)
        if theta > 0:
            notes.append(
                "The weights are rational, between √(s/s_l) and (1+θ)√(s/s_l) with "
                f"θ <= {to_float(theta):.2g}; for √(s/s_l) itself the same holds with (1+θ)ρ."
            )
    else:
        values = [parse_rational(word) for word in weights.split(",")]
        if len(values) == 1:
            values *= len(ends)
    return Levels.of(ends, sparsities, values)


def _counts(text: str, option: str) -> list[int]:
    try:
        return [int(word) for word in text.split(",")]
    except ValueError:
        raise UsageError(f"{option} needs integers separated by commas, not {text!r:.60}") from None


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a certificate.

    Raises:
        UsageError: if it cannot be read.
        MalformedCertificate: if it is larger than a certificate may be.
    """
    try:
        return read(path)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from None


def print_json(data: dict[str, Any]) -> None:
    """Print one JSON object on standard output."""
    typer.echo(json.dumps(data, ensure_ascii=False, allow_nan=False))


def console() -> Console:
    """Return a console for tables, as wide as they need where standard output is no terminal."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else 140)

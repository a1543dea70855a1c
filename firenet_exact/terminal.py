"""What the commands share: reading their arguments, and writing on the terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import typer
from rich.console import Console
from rich.progress import Progress
from rich.text import Text

from firenet_exact.errors import DataError, NotCertifiedError, UsageError
from firenet_exact.levels import Levels, optimal_weights
from firenet_exact.rationals import decimal_text, parse_rational
from proofs_checks.certificate import MalformedCertificate, parse, printable, read

__all__ = ["complain", "console", "is_certificate", "parse_levels", "print_json", "progress", "read_certificate", "say"]

T = TypeVar("T")


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
                f"θ <= {decimal_text(theta, up=True, digits=2)}; for √(s/s_l) itself the same holds with (1+θ)ρ."
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


def read_certificate(path: Path, reader: Callable[[bytes], T]) -> T:
    """Return what a reader of `firenet_exact.certificates` makes of a file; errors name the file.

    Raises:
        UsageError: if it cannot be read.
        MalformedCertificate: if it is no certificate.
        DataError: if the reader does not take this one.
        NotCertifiedError: if its evidence proves nothing.
    """
    try:
        return reader(read(path))
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from None
    except (MalformedCertificate, DataError, NotCertifiedError) as error:
        raise type(error)(f"{path}: {error}") from None


def is_certificate(path: Path) -> bool:
    """Whether a file is a certificate, so that another one may take its place."""
    try:
        parse(read(path))
    except (OSError, MalformedCertificate):
        return False
    return True


def print_json(data: dict[str, Any]) -> None:
    """Print one JSON object on standard output."""
    typer.echo(json.dumps(data, allow_nan=False))


def say(*lines: str) -> None:
    """Print lines on standard output."""
    for line in lines:
        typer.echo(printable(line))


def complain(message: str) -> None:
    """Print one line on standard error."""
    print(f"firenet-exact: {printable(' '.join(message.split()))}", file=sys.stderr)


class _Screen(Console):
    """A console for which no text is markup: what is printed may be the words of a file."""

    def render_str(self, text: str, **options: Any) -> Text:
        return super().render_str(printable(text), **(options | {"markup": False, "emoji": False}))


def console() -> Console:
    """Return a console for tables, as wide as they need where standard output is no terminal."""
    return _Screen(highlight=False, width=None if sys.stdout.isatty() else 140)


def progress() -> Progress:
    """Return a display of progress on standard error, which is there on a terminal only."""
    return Progress(console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True)

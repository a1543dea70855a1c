"""What the commands print: each text is one line that the terminal shows as it stands, and never markup."""

from __future__ import annotations

import json
import sys
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskProgressColumn, TimeRemainingColumn
from rich.text import Text

from proofs_checks.certificate.reading import printable

__all__ = ["print_json", "progress", "say", "screen"]


class _Screen(Console):
    """A console for which no text is markup: what is printed may be the words of a solver or of a file."""

    def render_str(self, text: str, **options: Any) -> Text:
        return super().render_str(printable(text), **(options | {"markup": False, "emoji": False}))


class _Description(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(printable(task.description), style="progress.description")


def screen(*, width: int | None = 140, soft_wrap: bool = False) -> Console:
    """Return what tables and styled lines are printed on, `width` wide where standard output is no terminal."""
    return _Screen(highlight=False, soft_wrap=soft_wrap, width=None if sys.stdout.isatty() else width)


def progress() -> Progress:
    """Return a display of progress on standard error, which is there on a terminal only."""
    columns = (_Description(), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True)


def say(*lines: str) -> None:
    """Print lines on standard output."""
    for line in lines:
        typer.echo(printable(line))


def print_json(data: dict[str, Any]) -> None:
    """Print one JSON object on standard output, in ASCII."""
    typer.echo(json.dumps(data, allow_nan=False))

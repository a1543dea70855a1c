"""What every command of the producers shares: how it is run, how it shows progress, and how it ends.

A command checks its options, works, and ends in `finish(Answer(...))`; its errors are the project's, and become one
line here. What is printed may be the words of a solver or of a file: a text is one line that the terminal shows as it
stands, and never markup.
"""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, NoReturn, Protocol, TypeAlias

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskProgressColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from exact_base import __version__
from exact_base.errors import (
    BudgetError,
    InconsistentDataError,
    NotCertifiedError,
    SciBarriersError,
    UsageError,
)
from exact_base.files import Written
from proofs_checks.certificate.reading import MalformedCertificate, printable

__all__ = [
    "Answer",
    "AsJson",
    "Show",
    "add_command",
    "application",
    "finish",
    "heading",
    "note",
    "progress",
    "read_integers",
    "run_program",
    "verify_command",
]

Shown: TypeAlias = str | Text | Table
"""A line, as it is, however long; or a table."""

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]

NOTHING = "nothing could be certified, so no file was written"
"""What a command says that wrote no certificate."""

_WIDTH = 200  # of tables where standard output is no terminal


@dataclass(frozen=True)
class Answer:
    """What a command found.

    Attributes:
        data: everything, for --json; what JSON can hold.
        shown: lines and tables for a reader, in order; a line is printed as it is, however long.
        written: what was written.
        code: the exit code; 0 also where the finding is bad news.
    """

    data: dict[str, Any]
    shown: Sequence[Shown] = ()
    written: Sequence[Written] = ()
    code: int = 0


def finish(answer: Answer, *, as_json: bool) -> NoReturn:
    """Print an answer, with what was written and the command that checks it, and end the command with its code."""
    if as_json:
        typer.echo(json.dumps(answer.data, allow_nan=False))  # in ASCII
        raise typer.Exit(answer.code)
    screen = _Screen(highlight=False, width=None if sys.stdout.isatty() else _WIDTH)
    for item in answer.shown:
        if isinstance(item, str):
            typer.echo(printable(item))
        else:
            screen.print(item, soft_wrap=isinstance(item, Text))
    written = [one for one in answer.written if one.paths]
    for number, one in enumerate(written):
        space = "" if number else "\n"
        typer.echo(f"{space}{'replaced' if one.replaced else 'written'}: {_pasted(one.paths)}")
    check = [path for one in written for path in one.check]
    if check:
        typer.echo(f"check with: {verify_command(*check)}")
    raise typer.Exit(answer.code)


def heading(text: str) -> Text:
    """Return a line that stands out."""
    return Text(printable(text), style="bold")


def verify_command(*paths: Path) -> str:
    """Return the command that checks certificates, as a shell takes it."""
    return f"proofs-checks verify {_pasted(paths)}"


def _pasted(paths: Sequence[Path]) -> str:
    return " ".join(printable(shlex.quote(str(path))) for path in paths)


def note(program: str, line: str) -> None:
    """Say something beside the answer, as one line on standard error."""
    print(f"{program}: {printable(' '.join(line.split()))}", file=sys.stderr)


class Show(Protocol):
    """What `progress` yields."""

    def __call__(self, label: str, done: int = 0, total: int | None = None) -> None:
        """Show what is done now, and how much of how much is done, if that is known."""


@contextmanager
def progress() -> Iterator[Show]:
    """Show on standard error, if that is a terminal, how far the work is."""
    columns = (_Label(), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not sys.stderr.isatty(), transient=True) as display:
        task = display.add_task("", total=None)

        def show(label: str, done: int = 0, total: int | None = None) -> None:
            display.update(task, description=label, completed=done, total=total)

        yield show


def read_integers(option: str, text: str) -> list[int]:
    """Read the integers of an option, with commas between them.

    Raises:
        UsageError: if they are none.
    """
    try:
        return [int(word) for word in text.split(",")]
    except ValueError:
        raise UsageError(f"{option} must be integers with commas between them, got {text!r:.60}") from None


def application(name: str, *, about: str) -> typer.Typer:
    """Return a program without commands, with its option --version."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, help=about)

    def shown(wanted: bool) -> None:
        if wanted:
            typer.echo(f"{name} {__version__}")
            raise typer.Exit

    @app.callback()
    def root(
        version: bool = typer.Option(
            False, "--version", callback=shown, is_eager=True, help="Show the version and exit."
        ),
    ) -> None:
        pass

    return app


def add_command(app: typer.Typer, name: str, function: Callable[..., None], *, old: str | None = None) -> None:
    """Register a command, listed with the whole first sentence of its help, and its old name, which is not listed."""
    app.command(name, short_help=function.__doc__)(function)
    if old is not None:
        app.command(old, hidden=True)(function)


def run_program(app: typer.Typer, program: str, arguments: list[str] | None = None) -> NoReturn:
    """Run a program and exit with its code; every error is one line on standard error."""
    for stream in (sys.stdout, sys.stderr):  # never fail on a terminal that cannot show a character
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    try:
        code = app(args=arguments, prog_name=program, standalone_mode=False)
    except MalformedCertificate as error:
        _fail(program, f"malformed: {error}", 4)
    except InconsistentDataError as error:
        _fail(program, str(error), 1)
    except (BudgetError, NotCertifiedError) as error:
        _fail(program, f"undecided: {error}", 3)
    except SciBarriersError as error:
        _fail(program, f"error: {error}", 2)
    except KeyboardInterrupt:
        _fail(program, "interrupted", 130)
    except Exception as error:
        # typer's own usage errors carry a message, whichever click they come from
        if not hasattr(error, "format_message"):
            raise
        _fail(program, f"error: {error.format_message()}", 2)
    if code == 130:  # typer turns a keyboard interrupt into this
        _fail(program, "interrupted", 130)
    sys.exit(code if isinstance(code, int) else 0)


def _fail(program: str, message: str, code: int) -> NoReturn:
    note(program, message)
    sys.exit(code)


class _Screen(Console):
    """A console for which no text is markup."""

    def render_str(self, text: str, **options: Any) -> Text:
        return super().render_str(printable(text), **(options | {"markup": False, "emoji": False}))


class _Label(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(printable(task.description), style="progress.description")

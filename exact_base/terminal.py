"""What every command of the producers shares: how it is run, how it shows progress, and how it ends.

A command is a function that checks its options, works, and returns an `Answer`; `add_command` gives it the options that
all commands have, and `run_program` prints the answer, or the error in one line, and exits with its code. What is
printed may be the words of a solver or of a file: a text is one line that the terminal shows as it stands, and never
markup.
"""

from __future__ import annotations

import functools
import inspect
import io
import json
import os
import shlex
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, NoReturn, Protocol, TypeAlias

import typer
from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskProgressColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from exact_base import __version__
from exact_base.answers import envelope
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
    "Listing",
    "Show",
    "add_command",
    "application",
    "heading",
    "note",
    "progress",
    "progress_display",
    "read_integers",
    "run_program",
    "screen_columns",
    "verify_command",
]

NOTHING = "nothing could be certified, so no file was written"
"""What a command says that wrote no certificate."""

UNDECIDED = 3
"""The exit code of what is neither shown nor refuted."""

INTERRUPTED = 130
"""The exit code of what was interrupted, also where a part of it was done and kept."""

_MALFORMED, _UNREAD = 4, 141
_TABLE = 80  # columns of a table where standard output is no terminal
_LEAST = 20  # columns that the widest cell of a table must have; with fewer, each row is a block
_FINDINGS: tuple[tuple[type[SciBarriersError], str, int], ...] = (
    (BudgetError, "undecided", UNDECIDED),
    (NotCertifiedError, "undecided", UNDECIDED),
    (InconsistentDataError, "inconsistent", 0),
)
"""Errors that are the verdict of a command which has this word, and the exit code then."""

Cell: TypeAlias = str | Text


@dataclass(frozen=True)
class Listing:
    """A table, which becomes a block for each row where the screen is too narrow for it.

    Attributes:
        columns: the headings.
        rows: the cells.
        title: what stands above.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    title: str = ""


Shown: TypeAlias = str | Text | Listing
"""A line; one that stands out; or a table."""


@dataclass(frozen=True)
class Answer:
    """What a command found.

    Attributes:
        data: everything, for --json; what JSON can hold.
        shown: lines and tables for a reader, in order.
        written: what was written.
        verdict: the word, one of those the command was added with; None if it has no verdicts.
        code: the exit code; 0 also where the finding is bad news.
        check: certificates to check besides what was written.
    """

    data: Mapping[str, Any]
    shown: Sequence[Shown] = ()
    written: Sequence[Written] = ()
    verdict: str | None = None
    code: int = 0
    check: Sequence[Path] = ()


@dataclass(frozen=True)
class _Call:
    """How a program was called, as far as its output is concerned."""

    command: str = ""
    as_json: bool = False
    quiet: bool = False

    @property
    def says(self) -> bool:
        """Whether something may be said beside the answer."""
        return not self.quiet and (not self.as_json or _is_terminal(sys.stderr))


_NORMAL = _Call()
_CALL = ContextVar("_CALL", default=_NORMAL)


# --- what is said ----------------------------------------------------------------------------------


def heading(text: str) -> Text:
    """Return a line that stands out."""
    return Text(printable(text), style="bold")


def verify_command(*paths: Path) -> str:
    """Return the command that checks certificates, as a shell takes it."""
    return f"proofs-checks verify {_pasted(paths)}"


def _pasted(paths: Sequence[Path]) -> str:
    return " ".join(printable(shlex.quote(str(path))) for path in paths)


def note(program: str, line: str) -> None:
    """Say something beside the answer, one line on standard error; not with --quiet, with --json only on a terminal."""
    if _CALL.get().says:
        _complain(program, line)


def _complain(program: str, line: str) -> None:
    with suppress(OSError):  # who closes standard error does not want to know
        print(f"{program}: {printable(' '.join(line.split()))}", file=sys.stderr)


class Show(Protocol):
    """What `progress` yields."""

    def __call__(self, label: str, done: int = 0, total: int | None = None) -> None:
        """Show what is done now, and how much of how much is done, if that is known."""


def progress_display(*columns: ProgressColumn | str) -> Progress:
    """Return a display of these columns on standard error; it shows nothing with --quiet, and where no terminal is."""
    hidden = _CALL.get().quiet or not _is_terminal(sys.stderr)
    console = Console(stderr=True, color_system=_colours())
    return Progress(*columns, console=console, disable=hidden, transient=True)


@contextmanager
def progress() -> Iterator[Show]:
    """Show on standard error, if that is a terminal, how far the work is; nothing with --quiet."""
    columns = (_Label(), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with progress_display(*columns) as display:
        task = display.add_task("", total=None)

        def show(label: str, done: int = 0, total: int | None = None) -> None:
            display.update(task, description=label, completed=done, total=total)

        yield show


class _Label(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(printable(task.description), style="progress.description")


def _is_terminal(stream: Any) -> bool:
    return stream is not None and stream.isatty()


def _colours() -> Any:
    """No escape sequence where NO_COLOR is set (https://no-color.org)."""
    return None if os.environ.get("NO_COLOR") else "auto"


# --- options ---------------------------------------------------------------------------------------


def read_integers(option: str, text: str) -> list[int]:
    """Read the integers of an option, with commas between them.

    Raises:
        UsageError: if they are none.
    """
    try:
        return [int(word) for word in text.split(",")]
    except ValueError:
        raise UsageError(f"{option} must be integers with commas between them, got {text!r:.60}") from None


def _required(text: str, verdicts: Sequence[str]) -> list[str]:
    words = [word.strip() for word in text.split(",")]
    for word in words:
        if word not in verdicts:
            raise UsageError(f"--require {word!r:.60} is no verdict of this command; it has {', '.join(verdicts)}")
    return words


# --- programs --------------------------------------------------------------------------------------


def application(name: str, *, about: str) -> typer.Typer:
    """Return a program without commands, with its options --version and those of shell completion."""
    app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, help=about, invoke_without_command=True)

    def shown(wanted: bool) -> None:
        if wanted:
            typer.echo(f"{name} {__version__}")
            raise typer.Exit

    @app.callback()
    def root(
        context: typer.Context,
        version: bool = typer.Option(
            False, "--version", callback=shown, is_eager=True, help="Show the version and exit."
        ),
    ) -> None:
        if context.invoked_subcommand is None:
            typer.echo(context.get_help())
            raise typer.Exit(2)

    return app


def add_command(
    app: typer.Typer,
    name: str,
    function: Callable[..., Answer],
    *,
    verdicts: Sequence[str] = (),
    old: str | None = None,
) -> None:
    """Register a command, listed with the whole first sentence of its help.

    Args:
        app: the program.
        name: the command.
        function: what does the work; it gets the options --json, --quiet and, with verdicts, --require.
        verdicts: the words that its answer may have as the verdict.
        old: a name it had once, which is understood and not listed.
    """
    command = _with_options(function, verdicts)
    app.command(name, short_help=function.__doc__)(command)
    if old is not None:
        app.command(old, hidden=True)(command)


def _with_options(function: Callable[..., Answer], verdicts: Sequence[str]) -> Callable[..., Answer]:
    """Return a command with the options of all commands; they are looked at before its work begins."""
    added: dict[str, tuple[Any, Any]] = {
        "as_json": (Annotated[bool, typer.Option("--json", help="Print one JSON object.")], False),
        "quiet": (Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")], False),
    }
    if verdicts:
        help_ = f"Exit with 0 if the verdict is one of these, else with 1: {', '.join(verdicts)}."
        added["require"] = (Annotated[str | None, typer.Option("--require", metavar="WORD,...", help=help_)], None)

    @functools.wraps(function)
    def command(**options: Any) -> Answer:
        as_json, quiet, require = (options.pop(key, None) for key in ("as_json", "quiet", "require"))
        wanted = None if require is None else _required(require, verdicts)
        _CALL.set(replace(_CALL.get(), as_json=as_json, quiet=quiet))
        try:
            answer = function(**options)
        except SciBarriersError as error:
            for kind, word, code in _FINDINGS:
                if isinstance(error, kind) and word in verdicts:
                    answer = Answer({"reason": str(error)}, [f"{word}: {error}"], verdict=word, code=code)
                    break
            else:
                raise
        if wanted is None or answer.code == INTERRUPTED:
            return answer
        return replace(answer, code=0 if answer.verdict in wanted else 1)

    signature = inspect.signature(function, eval_str=True)
    keyword = inspect.Parameter.KEYWORD_ONLY
    more = [inspect.Parameter(key, keyword, default=default, annotation=kind) for key, (kind, default) in added.items()]
    parameters = [*signature.parameters.values(), *more]
    command.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return command


class _UnreadError(Exception):
    """Who was to read the output has closed it."""


def run_program(app: typer.Typer, program: str, arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a program, print its answer, and exit with its code; every error is one line, or one JSON object."""
    for stream in (sys.stdout, sys.stderr):  # never fail on a terminal that cannot show a character
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            with suppress(OSError):
                reconfigure(errors="replace")
    given = sys.argv[1:] if arguments is None else list(arguments)
    call = _called(app, program, given)
    token = _CALL.set(call)
    try:
        answer, message, code = _run(app, program, given)
        if answer is not None and message is None:
            _print(_answer_text(answer, _CALL.get()))
            code = answer.code
        elif message is not None and call.as_json:
            _print(json.dumps(envelope(call.command, error=_one_line(message), exit_code=code)) + "\n")
        elif message is not None:
            _complain(program, f"error: {message}" if code == 2 else message)
        elif sys.stdout is None:  # help, or a version
            raise _closed_before()
    except _UnreadError:
        code = _UNREAD
    except UsageError as error:  # the output cannot be written
        _complain(program, f"error: {error}")
        code = 2
    except KeyboardInterrupt:
        code = INTERRUPTED
    finally:
        _CALL.reset(token)
    sys.exit(code)


def _one_line(text: str) -> str:
    return printable(" ".join(text.split()))


def _called(app: typer.Typer, program: str, arguments: Sequence[str]) -> _Call:
    """Return how a program is called, as far as that is seen before its options are read, which may fail."""
    words = arguments[: arguments.index("--")] if "--" in arguments else arguments
    name = next((word for word in words if not word.startswith("-")), "")
    callback = next((info.callback for info in app.registered_commands if info.name == name), None)
    infos = (info for info in app.registered_commands if callback is not None and info.callback is callback)
    known = [info.name for info in infos if info.name and not info.hidden]
    return _Call(" ".join([program, *known[:1]]), "--json" in words)


def _run(app: typer.Typer, program: str, arguments: list[str]) -> tuple[Answer | None, str | None, int]:
    """Return the answer of a program, or what went wrong in one line with the exit code."""
    stdout = sys.stdout
    width = min(max(shutil.get_terminal_size().columns, 32), _TABLE) - 2  # of help
    try:
        found = app(args=arguments, prog_name=program, standalone_mode=False, terminal_width=width)
    except MalformedCertificate as error:
        return None, f"malformed: {error}", _MALFORMED
    except (BudgetError, NotCertifiedError) as error:
        return None, f"undecided: {error}", UNDECIDED
    except SciBarriersError as error:
        return None, str(error), 2
    except KeyboardInterrupt:
        return None, "interrupted", INTERRUPTED
    except SystemExit:
        if sys.stdout is not stdout:  # typer has silenced it, because who reads help or a version has gone
            sys.stdout = stdout
            _silence()
            raise _UnreadError from None
        raise
    except OSError as error:
        if arguments and not {"--help", "--version"} & set(arguments):
            raise
        _silence()  # who writes help or a version is typer
        return None, f"cannot write the output: {error.strerror or error}", 2
    except Exception as error:
        # typer's own usage errors carry a message, whichever click they come from
        if not hasattr(error, "format_message"):
            raise
        return None, error.format_message(), 2
    if isinstance(found, Answer):
        return found, None, found.code
    if found == INTERRUPTED:  # typer turns a keyboard interrupt into this
        return None, "interrupted", INTERRUPTED
    return None, None, found if isinstance(found, int) else 0


# --- how an answer is printed ----------------------------------------------------------------------


def _print(text: str) -> None:
    """Write to standard output.

    Raises:
        _UnreadError: if its reader has gone.
        UsageError: if the system refuses.
    """
    if sys.stdout is None:  # closed before the start
        raise _closed_before()
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        _silence()
        if isinstance(error, BrokenPipeError):
            raise _UnreadError from None
        raise UsageError(f"cannot write the output: {error.strerror or error}") from None


def _closed_before() -> UsageError:
    return UsageError("cannot write the output: it is closed")


def _silence() -> None:
    """See that what is still buffered does not fail once more when the interpreter exits."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _answer_text(answer: Answer, call: _Call) -> str:
    """Return what is printed of an answer: one JSON object, nothing, or lines and tables with what was written."""
    written = [one for one in answer.written if one.paths]
    if call.as_json:
        files = [path for one in written for path in one.paths]
        data = envelope(call.command, verdict=answer.verdict, files=files, result=answer.data)
        return json.dumps(data, allow_nan=False) + "\n"  # in ASCII
    if call.quiet:
        return ""
    width = _width()
    parts = [_item_text(item, width) for item in answer.shown]
    for number, one in enumerate(written):
        space = "" if number else "\n"
        parts.append(f"{space}{'replaced' if one.replaced else 'written'}: {_pasted(one.paths)}\n")
    left = [one.left for one in answer.written if one.left is not None]
    if left:
        parts.append(f"{'' if written else chr(10)}not replaced: {_pasted(left)}, of an earlier run\n")
    check = [*answer.check, *(path for one in written for path in one.check)]
    if check:
        parts.append(f"check with: {verify_command(*check)}\n")
    return "".join(parts)


def _item_text(item: Shown, width: int | None) -> str:
    if isinstance(item, str):
        return f"{_folded(printable(item), width)}\n"
    screen = _Screen(width or _TABLE)
    if isinstance(item, Listing):
        _print_listing(screen, item)
    else:
        screen.print(item, soft_wrap=width is None)
    return screen.printed.getvalue()


def _width() -> int | None:
    """Return the columns of the terminal, or as COLUMNS says; None where a line may have any length, as in a file."""
    if _is_terminal(sys.stdout) or os.environ.get("COLUMNS", "").isdecimal():
        return max(shutil.get_terminal_size().columns, _LEAST)
    return None


def screen_columns(most: int) -> int:
    """Return the columns of the terminal, and at most so many, which a file gets too.

    >>> from exact_base.terminal import screen_columns
    >>> 20 <= screen_columns(80) <= 80
    True
    """
    return min(_width() or most, most)


def _folded(line: str, width: int | None) -> str:
    """Return a line in so many columns, folded between words; a word that is longer stays whole."""
    if width is None or cell_len(line) <= width:
        return line
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    lines = textwrap.wrap(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines)


def _print_listing(screen: Console, listing: Listing) -> None:
    """Print a table that fits, with one column folded if need be; else a block for each row."""
    cells = [listing.columns, *listing.rows]
    widths = [max(cell_len(str(row[i])) for row in cells) for i in range(len(listing.columns))]
    widest = max(range(len(widths)), key=widths.__getitem__)
    least = sum(widths) + 3 * len(widths) + 1 - max(widths[widest] - _LEAST, 0)
    if least > screen.width:
        _print_blocks(screen, listing)
        return
    table = Table(title=listing.title or None, title_justify="left")
    for index, name in enumerate(listing.columns):
        table.add_column(name, overflow="fold", no_wrap=index != widest)
    for row in listing.rows:
        table.add_row(*row)
    screen.print(table)


def _print_blocks(screen: Console, listing: Listing) -> None:
    if listing.title:
        screen.print(heading(listing.title))
    for row in listing.rows:
        for index, (name, cell) in enumerate(zip(listing.columns, row, strict=True)):
            text = cell if isinstance(cell, Text) else Text(printable(cell))
            if index == 0:
                text = Text.assemble(f"{name} " if name else "", text, style="bold")
            elif text.plain.strip():
                text = Text.assemble(f"  {name}: " if name else "  ", text)
            else:
                continue
            first, *others = text.wrap(screen, screen.width - 4)
            for line in (first, *(Text.assemble("    ", other) for other in others)):
                line.rstrip()
                screen.print(line)


class _Page(io.StringIO):
    """A text with the characters of standard output."""

    @property
    def encoding(self) -> str | None:  # type: ignore[override]
        return getattr(sys.stdout, "encoding", None)


class _Screen(Console):
    """A page that looks as on standard output, and for which no text is markup."""

    def __init__(self, width: int) -> None:
        self.printed = _Page()
        terminal = _is_terminal(sys.stdout)
        super().__init__(
            file=self.printed, width=width, force_terminal=terminal, color_system=_colours(), highlight=False
        )

    def render_str(self, text: str, **options: Any) -> Text:
        return super().render_str(printable(text), **(options | {"markup": False, "emoji": False}))

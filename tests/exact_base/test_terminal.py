"""What a command prints and how it ends: lines as they stand, one JSON object, one line for an error."""

import io
import json
import shlex
import sys
from pathlib import Path

import pytest
import typer
from rich.table import Table
from rich.text import Text

from exact_base import __version__
from exact_base.errors import (
    BudgetError,
    DataError,
    InconsistentDataError,
    NotCertifiedError,
    SciBarriersError,
    UsageError,
)
from exact_base.files import Written
from exact_base.terminal import (
    Answer,
    AsJson,
    add_command,
    application,
    finish,
    heading,
    note,
    progress,
    read_integers,
    run_program,
    verify_command,
)
from proofs_checks.certificate.reading import MalformedCertificate

NAMES = [
    "[",
    "]",
    "[bold",
    "[bold]",
    "[red]x[/]",
    "[link=file:x]a",
    ":warning:",
    "x\x1b[2Jy",
    "\u202ex",
    "\u05d0",
    "a\nb",
]


def ended(answer, *, as_json=False):
    with pytest.raises(typer.Exit) as end:
        finish(answer, as_json=as_json)
    return end.value.exit_code


@pytest.mark.parametrize("name", NAMES)
def test_what_is_printed_is_a_line_as_it_stands(name, capsys):
    table = Table(title=name)
    table.add_column(name)
    table.add_row(name)
    ended(Answer({name: name}, [name, heading(name), table], [Written((Path(name),), (Path(name),))]))
    out = capsys.readouterr().out
    assert all(c.isprintable() or c == "\n" for c in out) and "\u05d0" not in out and "\nb" not in out
    if name.isascii() and name.isprintable():
        assert out.count(name) >= 7
    ended(Answer({name: name}, [name]), as_json=True)
    out = capsys.readouterr().out
    assert out.isascii() and out.count("\n") == 1 and json.loads(out) == {name: name}


@pytest.mark.parametrize("code", [0, 1, 3])
def test_the_code_is_that_of_the_answer(code, capsys):
    assert ended(Answer({}, code=code)) == ended(Answer({}, code=code), as_json=True) == code


def test_a_line_is_never_folded_and_a_table_is_wide(capsys):
    table = Table("one", "other")
    table.add_row("x" * 60, "y" * 80)
    ended(Answer({}, ["a " * 500, Text("b " * 500), table]))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "a " * 500 and lines[1].rstrip() == ("b " * 500).rstrip()
    assert any("x" * 60 in line and "y" * 80 in line for line in lines)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ([], []),
        ([Written()], []),
        ([Written((Path("a"),))], ["", "written: a"]),
        (
            [Written((Path("a"),), (Path("a"),), replaced=True)],
            ["", "replaced: a", "check with: proofs-checks verify a"],
        ),
        (
            [Written((Path("a"), Path("b")), (Path("a"), Path("b"))), Written((Path("c.svg"),), replaced=True)],
            ["", "written: a b", "replaced: c.svg", "check with: proofs-checks verify a b"],
        ),
    ],
)
def test_what_was_written_is_said_with_what_checks_it(written, said, capsys):
    ended(Answer({}, ["found"], written))
    assert capsys.readouterr().out.splitlines() == ["found", *said]


@pytest.mark.parametrize("name", ["a", "a b", "it's", "$HOME", "*", "a;b", "-x", "~", '"', "\\", ""])
def test_a_command_can_be_pasted(name):
    assert shlex.split(verify_command(Path("one"), Path(name))) == ["proofs-checks", "verify", "one", str(Path(name))]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_no_number_that_is_none_in_json(value):
    with pytest.raises(ValueError):
        finish(Answer({"x": value}), as_json=True)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1", [1]),
        ("3,1,1", [3, 1, 1]),
        ("-2, 0", [-2, 0]),
        ("", None),
        ("1,", None),
        ("x", None),
        ("1.5", None),
        ("1e3", None),
    ],
)
def test_integers(text, numbers):
    if numbers is not None:
        assert read_integers("--n", text) == numbers
        return
    with pytest.raises(UsageError, match="--n must be integers with commas between them, got"):
        read_integers("--n", text)


def test_a_note_is_one_line_on_standard_error(capsys):
    note("program", "a\n b\x1b[2J")
    out, err = capsys.readouterr()
    assert out == "" and err == "program: a b\\x1b[2J\n"


# --- programs ------------------------------------------------------------------------------------------------------


def outcome(capsys, work, *arguments):
    """Run a program with one command, `do`, whose old name is `act`."""
    app = application("program", about="Do things.")

    def do(as_json: AsJson = False) -> None:
        """Do it; this is a whole sentence, which is longer than what the list of commands would show of it."""
        work(as_json)

    add_command(app, "do", do, old="act")
    add_command(app, "rest", lambda: None)
    with pytest.raises(SystemExit) as end:
        run_program(app, "program", list(arguments))
    return end.value.code, *capsys.readouterr()


def raising(error):
    def work(as_json):
        raise error

    return work


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (UsageError("so not"), 2, "error: so not"),
        (DataError("NaN"), 2, "error: NaN"),
        (SciBarriersError("any\nother"), 2, "error: any other"),
        (MalformedCertificate("no JSON"), 4, "malformed: no JSON"),
        (InconsistentDataError("there is no x"), 1, "there is no x"),
        (BudgetError("too long"), 3, "undecided: too long"),
        (NotCertifiedError("not shown"), 3, "undecided: not shown"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (typer.BadParameter("no such file"), 2, "error: Invalid value: no such file"),
        (UsageError("x\x1b[2J"), 2, "error: x\\x1b[2J"),
    ],
)
def test_an_error_is_one_line_and_a_code(capsys, error, code, said):
    assert outcome(capsys, raising(error), "do") == (code, "", f"program: {said}\n")


def test_a_defect_is_not_hidden(capsys):
    with pytest.raises(ZeroDivisionError):
        outcome(capsys, lambda as_json: 1 / 0, "do")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Missing command"),
        (("dance",), "No such command"),
        (("do", "--x"), "No such option"),
        (("do", "x"), "extra"),
    ],
)
def test_usage(capsys, arguments, said):
    code, out, err = outcome(capsys, lambda as_json: None, *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1) and err.startswith("program: error: ") and said in err


def test_the_answer_is_printed_and_its_code_is_that_of_the_program(capsys):
    def work(as_json):
        finish(Answer({"x": 1}, ["x is 1"], code=3), as_json=as_json)

    assert outcome(capsys, work, "do") == (3, "x is 1\n", "")
    assert outcome(capsys, work, "act", "--json") == (3, '{"x": 1}\n', "")


def test_version_and_help(capsys):
    assert outcome(capsys, None, "--version") == (0, f"program {__version__}\n", "")
    code, out, err = outcome(capsys, None, "--help")
    listed = " ".join(out.partition("Commands:")[2].split())
    assert (code, err) == (0, "") and "which is longer than what the list of commands would show of it." in listed
    assert "act" not in listed.split()


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_is_shown_on_a_terminal_only(monkeypatch, terminal):
    stream = Terminal() if terminal else io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    with progress() as show:
        show("loading [bold]x\x1b[2J")
        show("working", 1, 2)
    shown = stream.getvalue()
    assert ("working" in shown) == terminal and "\x1b[2J" not in shown
    assert terminal or shown == ""

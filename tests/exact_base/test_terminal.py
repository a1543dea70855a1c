"""What a command prints and how it ends: lines as they stand, one JSON object, one line for an error."""

import errno
import io
import json
import shlex
import sys
from pathlib import Path

import pytest
import typer
from rich.cells import cell_len
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
    Listing,
    add_command,
    application,
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


def ended(answer, *options, verdicts=()):
    """Run a program whose command `do` has this answer, and return its exit code."""
    app = application("program", about="Do things.")
    add_command(app, "do", lambda: answer, verdicts=verdicts)
    with pytest.raises(SystemExit) as end:
        run_program(app, "program", ["do", *options])
    return end.value.code


@pytest.mark.parametrize("name", NAMES)
def test_what_is_printed_is_a_line_as_it_stands(name, capsys):
    listing = Listing((name, "other"), [(name, "x")], name)
    ended(Answer({name: name}, [name, heading(name), listing], [Written((Path(name),), (Path(name),))]))
    out = capsys.readouterr().out
    assert all(c.isprintable() or c == "\n" for c in out) and "\u05d0" not in out and "\nb" not in out
    if name.isascii() and name.isprintable():
        assert out.count(name) >= 7
    ended(Answer({name: name}, [name]), "--json")
    out = capsys.readouterr().out
    assert out.isascii() and out.count("\n") == 1 and json.loads(out)["result"] == {name: name}


@pytest.mark.parametrize("code", [0, 1, 3])
def test_the_code_is_that_of_the_answer(code, capsys):
    assert ended(Answer({}, code=code)) == ended(Answer({}, code=code), "--json") == code


def test_a_line_in_a_file_is_never_folded(capsys):
    ended(Answer({}, ["a " * 500, Text("b " * 500)]))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "a " * 500 and lines[1].rstrip() == ("b " * 500).rstrip()


@pytest.mark.parametrize("columns", [24, 45, 80, 120])
def test_what_is_printed_fits_its_screen(capsys, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    text = "and so on " * 20
    listing = Listing(("name", "what", "why"), [("first", "short", text), ("second", "short", text)], "a title " * 9)
    ended(Answer({}, [f"  label  {text}", heading(text), listing], [Written((Path("x" * 130),))]))
    lines = capsys.readouterr().out.splitlines()
    assert all(cell_len(line) <= columns for line in lines if not line.startswith("written: "))
    assert "".join(lines).count("on") >= 80 and f"written: {'x' * 130}" in lines
    assert any(line.startswith(("    and", "    so", "    on")) for line in lines)


def test_a_table_that_does_not_fit_has_a_block_for_each_row(capsys, monkeypatch):
    listing = Listing(("name", "", "third", "fourth"), [("a", "x" * 20, "y" * 20, "z" * 20), ("b", "", "", "w" * 20)])
    ended(Answer({}, [listing]))
    assert "│" in capsys.readouterr().out
    monkeypatch.setenv("COLUMNS", "50")
    ended(Answer({}, [listing]))
    assert capsys.readouterr().out.splitlines() == [
        "name a",
        f"  {'x' * 20}",
        f"  third: {'y' * 20}",
        f"  fourth: {'z' * 20}",
        "name b",
        f"  fourth: {'w' * 20}",
    ]


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
        ([Written(left=Path("a b"))], ["", "not replaced: 'a b', of an earlier run"]),
        (
            [Written(left=Path("a")), Written((Path("c.html"),))],
            ["", "written: c.html", "not replaced: a, of an earlier run"],
        ),
    ],
)
def test_what_was_written_is_said_with_what_checks_it(written, said, capsys):
    ended(Answer({}, ["found"], written))
    assert capsys.readouterr().out.splitlines() == ["found", *said]
    ended(Answer({}, ["found"], written), "--json")
    assert json.loads(capsys.readouterr().out)["files"] == [str(path) for one in written for path in one.paths]


def test_what_else_is_to_be_checked_is_said(capsys):
    ended(Answer({}, check=[Path("a b")]))
    assert capsys.readouterr().out == "check with: proofs-checks verify 'a b'\n"


@pytest.mark.parametrize("name", ["a", "a b", "it's", "$HOME", "*", "a;b", "-x", "~", '"', "\\", ""])
def test_a_command_can_be_pasted(name):
    assert shlex.split(verify_command(Path("one"), Path(name))) == ["proofs-checks", "verify", "one", str(Path(name))]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_no_number_that_is_none_in_json(value):
    with pytest.raises(ValueError):
        ended(Answer({"x": value}), "--json")


@pytest.mark.parametrize(
    ("verdict", "code", "required", "expected"),
    [
        ("good", 0, None, 0),
        ("good", 0, "good", 0),
        ("good", 0, "bad", 1),
        ("bad", 0, "good", 1),
        ("bad", 0, "bad", 0),
        ("undecided", 3, None, 3),
        ("undecided", 3, "good", 1),
        ("undecided", 3, "good, undecided", 0),
        (None, 0, "good", 1),
        ("good", 0, "", 2),
        ("good", 0, "god", 2),
        ("good", 0, "good,", 2),
    ],
)
def test_a_verdict_can_be_required(capsys, verdict, code, required, expected):
    options = [] if required is None else ["--require", required]
    answer = Answer({}, ["found"], verdict=verdict, code=code)
    assert ended(answer, *options, verdicts=("good", "bad", "undecided")) == expected
    out, err = capsys.readouterr()
    assert out == ("" if expected == 2 else "found\n") and ("good, bad, undecided" in err) == (expected == 2)


def test_a_command_without_verdicts_has_none_to_require(capsys):
    assert ended(Answer({}), "--require", "good") == 2
    assert "No such option" in capsys.readouterr().err


def test_quiet_is_silent(capsys):
    def work():
        note("program", "by the way")
        return Answer({"x": 1}, ["x is 1"], [Written((Path("a"),), (Path("a"),))])

    assert outcome(capsys, work, "do", "--quiet") == (0, "", "")
    code, out, err = outcome(capsys, work, "do", "--quiet", "--json")
    assert (code, json.loads(out)["result"], err) == (0, {"x": 1}, "")
    assert outcome(capsys, raising(UsageError("no")), "do", "--quiet") == (2, "", "program: error: no\n")


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
    """Run a program with two commands, `do`, whose old name is `act`, and `rest`."""
    app = application("program", about="Do things.")

    def do() -> Answer:
        """Do it; this is a whole sentence, which is longer than what the list of commands would show of it."""
        return work()

    add_command(app, "do", do, verdicts=("undecided", "inconsistent"), old="act")
    add_command(app, "rest", lambda: Answer({}))
    with pytest.raises(SystemExit) as end:
        run_program(app, "program", list(arguments))
    return end.value.code, *capsys.readouterr()


def raising(error):
    def work():
        raise error

    return work


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (UsageError("so not"), 2, "error: so not"),
        (DataError("NaN"), 2, "error: NaN"),
        (SciBarriersError("any\nother"), 2, "error: any other"),
        (MalformedCertificate("no JSON"), 4, "malformed: no JSON"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (typer.BadParameter("no such file"), 2, "error: Invalid value: no such file"),
        (UsageError("x\x1b[2J"), 2, "error: x\\x1b[2J"),
    ],
)
def test_an_error_is_one_line_and_a_code(capsys, error, code, said):
    assert outcome(capsys, raising(error), "do") == (code, "", f"program: {said}\n")
    assert outcome(capsys, raising(error), "do", "--require", "undecided")[0] == code
    ended, out, err = outcome(capsys, raising(error), "act", "--json")
    answer = json.loads(out)
    assert (ended, err, answer["command"], answer["result"]) == (code, "", "program do", None)
    assert answer["error"] == {"message": said.removeprefix("error: "), "exit_code": code}


@pytest.mark.parametrize(
    ("error", "code", "word"),
    [
        (InconsistentDataError("there is no x"), 0, "inconsistent"),
        (BudgetError("too long"), 3, "undecided"),
        (NotCertifiedError("not shown"), 3, "undecided"),
    ],
)
def test_an_error_that_is_a_verdict_of_the_command_is_an_answer(capsys, error, code, word):
    assert outcome(capsys, raising(error), "do") == (code, f"{word}: {error}\n", "")
    assert outcome(capsys, raising(error), "do", "--require", word)[0] == 0
    answer = json.loads(outcome(capsys, raising(error), "do", "--json")[1])
    assert (answer["verdict"], answer["result"], answer["error"]) == (word, {"reason": str(error)}, None)


def test_an_undecided_command_without_verdicts_says_so(capsys):
    app = application("program", about="Do things.")
    add_command(app, "do", raising(BudgetError("too long")))
    add_command(app, "rest", lambda: Answer({}))
    with pytest.raises(SystemExit) as end:
        run_program(app, "program", ["do"])
    assert (end.value.code, capsys.readouterr().err) == (3, "program: undecided: too long\n")


def test_a_defect_is_not_hidden(capsys):
    with pytest.raises(ZeroDivisionError):
        outcome(capsys, lambda: 1 / 0, "do")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("dance",), "No such command"),
        (("do", "--x"), "No such option"),
        (("do", "x"), "extra"),
    ],
)
def test_usage(capsys, arguments, said):
    code, out, err = outcome(capsys, lambda: Answer({}), *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1) and err.startswith("program: error: ") and said in err


def test_the_answer_is_printed_and_its_code_is_that_of_the_program(capsys):
    def work():
        return Answer({"x": 1}, ["x is 1"], verdict="undecided", code=3)

    assert outcome(capsys, work, "do") == (3, "x is 1\n", "")
    for name in ("do", "act"):
        code, out, err = outcome(capsys, work, name, "--json")
        assert (code, err) == (3, "")
        assert json.loads(out) == {
            "format": "sci-barriers-answer",
            "version": 1,
            "command": "program do",
            "verdict": "undecided",
            "files": [],
            "result": {"x": 1},
            "error": None,
        }


def test_a_usage_error_is_one_object_too(capsys):
    for arguments, command in ((("do", "--x", "--json"), "program do"), (("dance", "--json"), "program")):
        code, out, err = outcome(capsys, None, *arguments)
        answer = json.loads(out)
        assert (code, err, answer["command"], answer["error"]["exit_code"]) == (2, "", command, 2)
    assert outcome(capsys, None, "do", "--x", "--", "--json")[1] == ""  # that is no option


def test_without_a_command_there_is_help_and_code_2(capsys):
    code, out, err = outcome(capsys, None)
    assert (code, err) == (2, "") and out.startswith("Usage: program") and "Commands:" in out


class Broken(io.StringIO):
    """A standard output that fails, from the start or when it is flushed."""

    def __init__(self, error):
        super().__init__()
        self.error = error

    def write(self, text):
        raise self.error

    def fileno(self):
        raise OSError


@pytest.mark.parametrize("arguments", [("do",), ("do", "--json"), ("do", "--x", "--json"), ("--help",), ("--version",)])
def test_output_that_nobody_reads_is_no_verdict(capsys, monkeypatch, arguments):
    monkeypatch.setattr(sys, "stdout", Broken(BrokenPipeError(errno.EPIPE, "Broken pipe")))
    code, _, err = outcome(capsys, lambda: Answer({"x": 1}, ["x is 1"], code=3), *arguments)
    assert (code, err) == (141, "")


def test_output_that_cannot_be_written_is_an_error(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdout", Broken(OSError(errno.ENOSPC, "No space left on device")))
    code, _, err = outcome(capsys, lambda: Answer({}, ["x is 1"]), "do")
    assert (code, err) == (2, "program: error: cannot write the output: No space left on device\n")
    monkeypatch.setattr(sys, "stdout", None)
    code, _, err = outcome(capsys, lambda: Answer({}, ["x is 1"]), "do")
    assert (code, err) == (2, "program: error: cannot write the output: it is closed\n")


def test_no_escape_sequence_where_no_color_is_set(capsys, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    for value, coloured in (("", True), ("1", False)):
        monkeypatch.setenv("NO_COLOR", value)
        stream = Terminal()
        monkeypatch.setattr(sys, "stdout", stream)
        outcome(capsys, lambda: Answer({}, [heading("x is 1")]), "do")
        assert ("\x1b" in stream.getvalue()) == coloured


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

"""One contract for all commands: each is tried on the same misfortunes, and answers in the same way.

The commands are those of `commands.ENTRIES`; that none is missing there is tested first. The cases that are about what
proofs-checks says with --json are in `test_checker.py`, all others are here for the three programs.
"""

import errno
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import contextmanager

import numpy as np
import pytest
import typer.main
from jsonschema import Draft202012Validator

from exact_base.answers import answer_schema
from tests.battery.commands import (
    CHECKER,
    CLAIMS,
    CLASS,
    ENTRIES,
    HERE,
    MALFORMED,
    OF_A_FILE,
    OTHER_PROGRAMS,
    PRECISE,
    PRODUCERS,
    WRONG_SHAPE,
    commands,
    with_nan,
)

OURS = [entry for entry in ENTRIES if entry.program != CHECKER]
READING = [(entry, *read) for entry in [*ENTRIES, OF_A_FILE, PRECISE] for read in entry.reads]
WRITING = [entry for entry in OURS if entry.out is not None]
WITH_VERDICTS = [entry for entry in OURS if entry.verdict is not None]


def each(entries):
    """The entries as parameters of a test that does nothing but look at them before the work."""
    return pytest.mark.parametrize("entry", entries, ids=lambda entry: entry.name.replace(" ", "-"))


def each_done(entries):
    """The same for a test in which the work is done."""
    slow = [pytest.param(entry, marks=pytest.mark.slow) if entry.slow else entry for entry in entries]
    return pytest.mark.parametrize("entry", slow, ids=lambda entry: entry.name.replace(" ", "-"))


each_file = pytest.mark.parametrize(
    ("entry", "name", "kind"), READING, ids=[f"{entry.name.replace(' ', '-')}-{name}" for entry, name, _ in READING]
)


def listed(folder):
    """Every file below, with what is in it."""
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def one_line(entry, err):
    assert err.startswith(f"{entry.program}: ") and err.count("\n") == 1 and err[:-1].isprintable()


# --- nothing escapes -------------------------------------------------------------------------------


def test_every_command_has_an_entry():
    named = {entry.name for entry in ENTRIES}
    found = dict(commands())
    assert set(found.values()) - named == set(OTHER_PROGRAMS)
    assert named <= set(found)
    assert len(found) > len(named)  # with the names that commands had


def test_a_command_without_an_entry_would_be_seen(monkeypatch):
    module = PRODUCERS["firenet-exact"]
    monkeypatch.setattr(module.app, "registered_commands", list(module.app.registered_commands))
    module.app.command("brand-new")(lambda: None)
    assert "firenet-exact brand-new" in dict(commands())


@each(OURS)
def test_every_command_has_the_options_of_all(entry):
    command = typer.main.get_command(PRODUCERS[entry.program].app).commands[entry.command]
    options = {name for parameter in command.params for name in parameter.opts}
    assert {"--json", "--quiet"} <= options
    assert ("--require" in options) == (entry.verdict is not None)
    assert ("--out" in options) == (entry.out is not None)


# --- the way it should be --------------------------------------------------------------------------


@each_done([*ENTRIES, PRECISE])
def test_the_entry_is_done(call, entry):
    code, out, err = call(entry.program, entry.call())
    assert (code, err) == (0, "") and out.strip()
    assert entry.out is None or f"written: {entry.out}" in out


def numbers(value):
    """Every {exact, about} of a result."""
    if isinstance(value, Mapping):
        if "about" in value:
            yield value
        else:
            for key, inner in value.items():
                if key not in (
                    "versions",
                    "version",
                    "python",
                    "conditions",
                    "published",
                    "solver_status",
                    "statement",
                ):
                    yield from numbers(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from numbers(inner)
    else:
        # a number that matters is not hidden in a text
        assert not (isinstance(value, str) and re.fullmatch(r"-?\d+([./]\d+)?(e[+-]?\d+)?", value)), value


@each_done(OURS)
def test_json_is_valid_and_one_object(call, valid, entry):
    code, out, err = call(entry.program, entry.call("--json"))
    answer = valid(out)
    assert (code, err, answer["error"]) == (0, "", None)
    assert (answer["command"], answer["verdict"]) == (entry.name, entry.verdict)
    assert answer["files"] or entry.out is None
    assert all(os.path.exists(file) for file in answer["files"])
    for found in numbers(answer["result"]):
        assert {"exact", "about"} <= set(found)


BPDN = ("--problem", "bpdn", "--digits", "3", "--size", "2", "3")
OTHER_ANSWERS = [
    (0, "solved", "sci-barriers check A.npy y.npy --like sklearn --alpha 1/8 --l1-ratio 1/2 --positive", ()),
    (0, "solved", "sci-barriers check A.npy y.npy --like half --lam 1/8 --intercept fit", ()),
    (0, "inaccurate", "sci-barriers check A.npy y.npy --coef x.npy --problem sqrt-lasso --lam 1/8", ()),
    (0, "inaccurate", "sci-barriers check A.npy y.npy --coef y.npy --problem bpdn --epsilon 1/8", ()),
    (0, "ok", "sci-barriers check A.npy y.npy --like half --lam 1/8 --y-precision norm:1e-9", ()),
    (0, "barrier", "sci-barriers check A.npy y.npy --like half --lam 1/8 --y-precision 1/2", ()),
    (3, "undecided", "sci-barriers check A.npy y.npy --like half --lam 1/8 --x-precision 1/100 --digits 2", ()),
    (3, "undecided", "sci-barriers support A.npy y.npy --like half --lam 1 --budget 0.2", ()),
    (0, "barrier", "sci-barriers challenge exact ista --out two", (*CLASS, HERE)),
    (3, "undecided", "sci-barriers challenge nan.py:solve --scaling stated --out x.cert.json", (*CLASS, HERE)),
    (1, "different", "sci-barriers replay game.cert.json ista", (HERE,)),
    (3, "undecided", "sci-barriers budget nan.py:solve --scaling stated --reads 1", (*CLASS, HERE)),
    (0, "evidence", "sci-barriers randomised vertex --seeds 20", (*CLASS, HERE)),
    (3, "undecided", "sci-barriers reads --statement 3 --access stream --parameter 9999/10000", BPDN),
    (0, None, "sci-barriers breakdown family.json --precision 2", ()),
    (0, None, "sci-barriers breakdown --family weak --problem bpdn --digits 2,3 --size 2 3", ()),
    (0, "refuted", "sci-barriers audit-claims refuted.json", ()),
    (3, "unusable", "sci-barriers audit-claims unusable.json", ()),
    (0, "refuted", "firenet-exact nullspace ones.npy --sparsity 1", ()),
    (3, "undecided", "firenet-exact nullspace ones.npy --sparsity 1 --method coherence", ()),
    (0, "inconsistent", "firenet-exact solve tall.npy far.npy --null-space tall.cert.json --noise 1", ()),
    (0, "vacuous", "firenet-exact solve A.npy y.npy --null-space A.cert.json --noise 9 --estimate x.npy", ()),
    (0, "conditional", "firenet-exact solve A.npy y.npy --unknown --sparsity 1 --noise 1/10 --n 1 --steps 0", ()),
]


@pytest.mark.parametrize(("code", "verdict", "line", "more"), OTHER_ANSWERS, ids=[case[2] for case in OTHER_ANSWERS])
def test_answers_of_every_kind_are_valid(call, valid, place, code, verdict, line, more):
    (place / "nan.py").write_text("def solve(A, y, lam): return [float('nan')] * A.shape[1]\n")
    np.save(place / "ones.npy", np.ones((1, 3)))
    np.save(place / "far.npy", np.array([1.0, 0, 5]))
    row = CLAIMS["audits"][0]
    wrong = row | {"claims": [{"type": "reaches", "point": "zero", "digits": 9}]}
    for name, rows in (("refuted", [row, wrong]), ("unusable", [row, wrong, {}])):
        (place / f"{name}.json").write_text(json.dumps({"audits": rows}))
    instances = [{"matrix": [matrix], "data": [2]} for matrix in (["9/8", 1], [1, "9/8"])]
    family = {"problem": "sqrt-lasso", "parameter": "1/2", "limit": {"matrix": [[1, 1]], "data": [2]}}
    (place / "family.json").write_text(json.dumps(family | {"instances": instances}))
    program, *arguments = line.split()
    found, out, err = call(program, [*arguments, *more, "--json"])
    answer = valid(out)
    assert (found, answer["verdict"], err, answer["error"]) == (code, verdict, "", None)
    for value in numbers(answer["result"]):
        assert {"exact", "about"} <= set(value)


@each_done(OURS)
def test_quiet_prints_nothing_and_writes_the_same(call, place, entry):
    before = listed(place)
    code, out, err = call(entry.program, entry.call("--quiet"))
    assert (code, out, err) == (0, "", "")
    assert (listed(place) != before) == (entry.out is not None)


@each_done(WITH_VERDICTS)
def test_a_verdict_that_is_required_is_0_and_any_other_1(call, entry):
    assert call(entry.program, entry.call("--require", entry.verdict))[0] == 0
    (words,) = re.findall(r"it has (.*)$", call(entry.program, entry.call("--require", "x"))[2])
    others = [word for word in words.split(", ") if word != entry.verdict]
    assert others and call(entry.program, entry.call("--require", ",".join(others)))[0] == 1


# --- errors, before the work -----------------------------------------------------------------------


@each(WITH_VERDICTS)
@pytest.mark.parametrize("words", ["", "x", "valid,x", "barrier;undecided"])
def test_a_required_word_is_looked_at_before_the_work(call, place, entry, words):
    before = listed(place)
    code, out, err = call(entry.program, entry.call("--require", words))
    assert (code, out) == (2, "") and "--require" in err and listed(place) == before
    one_line(entry, err)


@each_file
def test_a_missing_file(call, place, entry, name, kind):
    (place / name).unlink()
    before = listed(place)
    code, out, err = call(entry.program, entry.call())
    assert (code, out) == (2, "") and name in err and listed(place) == before
    one_line(entry, err)


@each_file
def test_a_file_of_the_wrong_shape(call, place, entry, name, kind):
    (place / name).unlink()
    WRONG_SHAPE[kind](place / name)
    before = listed(place)
    code, out, err = call(entry.program, entry.call())
    assert code == MALFORMED.get(kind, 2) and listed(place) == before
    if entry.program != CHECKER:  # where that is a verdict
        assert out == ""
        one_line(entry, err)


@each_file
def test_a_nan_in_the_data(call, place, entry, name, kind):
    if kind == "solver":
        (place / name).write_text("def solve(A, y, lam): return [float('nan')] * A.shape[1]\n")
        code, out, err = call(entry.program, entry.call())
        assert (code, err) == (3, "") and "finite" in out  # what a solver answers is a finding
        return
    with_nan(kind, place / name)
    before = listed(place)
    code, out, err = call(entry.program, entry.call())
    assert code == MALFORMED.get(kind, 2) and listed(place) == before
    if entry.program != CHECKER:
        assert re.search(r"\bnan\b|finite|malformed", out + err, re.IGNORECASE)


@each(WRITING)
@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("no/such/directory/{}", "does not exist; make it first"),
        ("A.npy/{}", "does not exist; make it first"),
        ("link", "is a link"),
        ("wrong", r"must end in \.(cert\.json|npy)|has the name of a file"),
        ("taken", "is a directory|is not a bundle|is a file|not written by an earlier run"),
    ],
)
def test_a_target_that_cannot_be_one(call, place, entry, target, said):
    """The same mistake has the same answer in every command, before its work."""
    is_file = "." in entry.out
    if target == "link":
        (place / "link").symlink_to("elsewhere")
    elif target == "wrong":
        target = "x.json" if is_file else "bundle.cert.json"
    elif target == "taken":
        target = "taken.cert.json" if is_file else "taken"
        (place / target).mkdir() if is_file else (place / target).touch()
    before = listed(place)
    arguments = [entry.command, *entry.arguments, "--out", target.format(entry.out)]
    code, out, err = call(entry.program, arguments)
    assert (code, out) == (2, "") and re.search(said, err) and "--out" in err and listed(place) == before
    one_line(entry, err)


@each_done(WRITING)
def test_a_disk_that_is_full(call, place, monkeypatch, entry):
    """Nothing is left behind but what was there, and the error is one line."""

    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("exact_base.files.write_atomic", full)
    monkeypatch.setattr("exact_base.files.write_bundle", full)
    before = listed(place)
    code, out, err = call(entry.program, entry.call())
    assert (code, out) == (2, "") and "No space left on device" in err
    assert {name for name in listed(place) if name.name not in ("ledger.sqlite", "ledger.npz")} == set(before)
    one_line(entry, err)


@each(OURS)
def test_errors_are_one_object_too(call, valid, entry):
    code, out, err = call(entry.program, [entry.command, "--no-such-option", "--json"])
    answer = valid(out)
    assert (code, err, answer["command"]) == (2, "", entry.name)
    assert (answer["error"]["exit_code"], answer["result"]) == (2, None) and "option" in answer["error"]["message"]


@pytest.mark.parametrize(
    ("entry", "name", "kind"),
    [read for read in READING if read[0].program != CHECKER],
    ids=lambda value: str(getattr(value, "name", value)).replace(" ", "-"),
)
def test_errors_of_files_are_one_object_too(call, valid, place, entry, name, kind):
    (place / name).unlink()
    code, out, err = call(entry.program, entry.call("--json"))
    answer = valid(out)
    assert (code, err) == (2, "") and name in answer["error"]["message"]


# --- whoever goes away -----------------------------------------------------------------------------


class Closed(io.StringIO):
    """A pipe whose reader has gone."""

    def write(self, text):
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    def fileno(self):
        raise OSError


@each_done(OURS)
@pytest.mark.parametrize("more", [(), ("--json",)], ids=["words", "json"])
def test_a_closed_pipe_is_no_verdict(call, monkeypatch, entry, more):
    monkeypatch.setattr(sys, "stdout", Closed())
    code, _, err = call(entry.program, entry.call(*more))
    assert (code, err) == (141, "")


@contextmanager
def interrupted_in(function):
    """Interrupt this process where a function of that name begins."""

    def look(frame, event, argument):
        if event == "call" and frame.f_code.co_name == function:
            sys.setprofile(None)
            signal.raise_signal(signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.setprofile(look)
    try:
        yield
    finally:
        sys.setprofile(None)
        signal.signal(signal.SIGINT, before)


@each(OURS)
@pytest.mark.parametrize("where", ["command", "printing"])
@pytest.mark.parametrize("more", [(), ("--json",)], ids=["words", "json"])
def test_an_interrupt(call, valid, place, entry, where, more):
    if where == "printing" and entry.slow:
        where = "command"
    name = f"{entry.command.replace('-', '_')}_command" if where == "command" else "_answer_text"
    before = listed(place)
    with interrupted_in(name):
        code, out, err = call(entry.program, entry.call(*more))
    assert code == 130
    if where == "command":
        assert listed(place) == before
        if more:
            answer = valid(out)
            assert (err, answer["error"]) == ("", {"message": "interrupted", "exit_code": 130})
        else:
            assert (out, err) == ("", f"{entry.program}: interrupted\n")


# --- narrow screens and plain ones -----------------------------------------------------------------

PASTED = ("written: ", "replaced: ", "check with: ", "pip install ")
"""How the lines begin that are to be pasted, and so are never folded: commands, and the paths of what was written."""


def too_wide(line, columns):
    """Whether a line is wider than the screen, and could be folded: a word that is longer than the screen cannot."""
    if len(line) <= columns or line.startswith(PASTED):
        return False
    return max(map(len, line.split()), default=0) + len(line) - len(line.lstrip()) <= columns


@each_done(OURS)
@pytest.mark.parametrize("columns", [45, 80])
def test_a_narrow_screen(call, monkeypatch, entry, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    code, out, _ = call(entry.program, entry.call())
    assert code == 0 and [line for line in out.splitlines() if too_wide(line, columns)] == []


@each(OURS)
def test_help_on_a_narrow_screen(call, monkeypatch, entry):
    """The options themselves, with what they take, are left whole."""
    monkeypatch.setenv("COLUMNS", "45")
    code, out, err = call(entry.program, [entry.command, "--help"])
    assert (code, err) == (0, "") and out.startswith("Usage: ")
    wide = [line for line in out.splitlines() if len(line) > 45 and not re.match(r"  (--|-\w|\[?[a-z_A-Z]+)", line)]
    assert wide == []


class Terminal(io.StringIO):
    def isatty(self):
        return True


@each_done(OURS)
def test_a_terminal_without_colours(call, monkeypatch, entry):
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    screen = Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    code, _, err = call(entry.program, entry.call())
    assert (code, err) == (0, "") and screen.getvalue() and "\x1b" not in screen.getvalue()


# --- programs as a whole ---------------------------------------------------------------------------

MODULES = {"sci-barriers": "sci_barriers", "firenet-exact": "firenet_exact", CHECKER: "proofs_checks"}
QUICK = "proofs-checks verify"


def started(entry, *more, **streams):
    command = [sys.executable, "-m", MODULES[entry.program], *entry.call(*more)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, **streams)


def each_process(entries):
    slow = [entry if entry.name == QUICK else pytest.param(entry, marks=pytest.mark.slow) for entry in entries]
    return pytest.mark.parametrize("entry", slow, ids=lambda entry: entry.name.replace(" ", "-"))


@each_process([entry for entry in OURS if entry.command != "table1"])
def test_a_pipe_that_is_closed(place, entry):
    read, write = os.pipe()
    os.close(read)
    process = started(entry, stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    _, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (141, b"")


@pytest.mark.slow
@pytest.mark.parametrize("program", list(PRODUCERS))
def test_help_of_which_one_line_is_read(program):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", MODULES[program], "--help"], stdout=write, stderr=subprocess.PIPE, env=environment
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


def heard():
    """Let an interrupt be heard, which those do not that were started in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.slow
@pytest.mark.parametrize("more", [(), (HERE,)], ids=["isolated", "in-process"])
def test_an_interrupt_while_a_solver_works(place, more):
    """The solver's process ends too, and nothing is written."""
    text = "import os, time\nopen('begun', 'w').write(str(os.getpid()))\ntime.sleep(60)\n" + "solve = None\n"
    (place / "mine.py").write_text(text)
    arguments = [word for word in OF_A_FILE.arguments if word != HERE]
    before = listed(place)
    command = [sys.executable, "-m", "sci_barriers", "challenge", *arguments, "--out", "x.cert.json", *more]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen(command, env=environment, preexec_fn=heard, **streams)
    begun = place / "begun"
    while not (begun.exists() and begun.read_text()):
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"sci-barriers: interrupted\n")
    solver = int(begun.read_text())
    begun.unlink()
    assert {name for name in listed(place) if "__pycache__" not in str(name)} == set(before)
    with pytest.raises(ProcessLookupError):
        for _ in range(250):
            os.kill(solver, 0)
            time.sleep(0.02)


# --- the schema ------------------------------------------------------------------------------------


def test_the_schema_is_one_and_knows_every_command():
    schema = answer_schema()
    Draft202012Validator.check_schema(schema)
    known = {rule["if"]["properties"]["command"]["const"] for rule in schema["allOf"][1:]}
    assert known == {entry.name for entry in ENTRIES} | set(OTHER_PROGRAMS)


def test_the_words_of_the_schema_are_those_of_the_commands(call):
    rules = {rule["if"]["properties"]["command"]["const"]: rule["then"] for rule in answer_schema()["allOf"][1:]}
    for entry in OURS:
        verdict = rules[entry.name]["properties"]["verdict"]
        if entry.verdict is None:
            assert verdict == {"type": "null"}
            continue
        (words,) = re.findall(r"it has (.*)$", call(entry.program, entry.call("--require", "x"))[2])
        assert verdict == {"enum": words.split(", ")}


GOOD = {
    "format": "sci-barriers-answer",
    "version": 1,
    "command": "firenet-exact norm",
    "verdict": None,
    "files": [],
    "result": {"low": {"exact": "1/3", "about": "0.333333"}, "high": {"exact": "1", "about": "1"}},
    "error": None,
}
ERROR = {"message": "no", "exit_code": 2}


@pytest.mark.parametrize(
    ("change", "accepted"),
    [
        ({}, True),
        ({"result": None, "error": ERROR}, True),
        ({"command": "another program"}, True),
        ({"version": 2}, False),
        ({"format": "x"}, False),
        ({"more": 1}, False),
        ({"error": ERROR}, False),
        ({"result": None, "error": ERROR, "files": ["a"]}, False),
        ({"result": None, "error": ERROR, "verdict": "valid"}, False),
        ({"result": None, "error": {"message": "a\nb", "exit_code": 2}}, False),
        ({"result": None, "error": {"message": "no", "exit_code": 0}}, False),
        ({"result": None}, False),
        ({"verdict": "certified"}, False),
        ({"result": {"low": {"exact": "1/3", "about": "0.333333"}}}, False),
        ({"result": {"low": 1, "high": 2}}, False),
        ({"result": {"low": {"exact": "0.5", "about": "0.5"}, "high": {"exact": "1", "about": "1"}}}, False),
        ({"result": {"low": {"exact": None, "about": "0.5"}, "high": {"exact": "1", "about": "1"}}}, False),
    ],
)
def test_what_the_schema_accepts(change, accepted):
    assert Draft202012Validator(answer_schema()).is_valid(GOOD | change) == accepted

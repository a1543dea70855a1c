"""The same contract for proofs-checks: its answers in JSON, its exit codes, and who goes away."""

import os
import subprocess
import sys

import pytest

import proofs_checks.cli
import proofs_checks.lemmas.cli
from tests.battery.commands import CHECKER, ENTRIES, WRONG_SHAPE
from tests.battery.test_battery import (
    Closed,
    Terminal,
    each,
    each_process,
    interrupted_in,
    listed,
    started,
    too_wide,
)

THEIRS = [entry for entry in ENTRIES if entry.program == CHECKER]


@each(THEIRS)
def test_json_is_valid_and_one_object(call, valid, entry):
    code, out, err = call(entry.program, entry.call("--json"))
    answer = valid(out)
    assert (code, err, answer["error"], answer["command"]) == (0, "", None, entry.name)
    assert answer["verdict"] == entry.verdict


@each(THEIRS)
def test_errors_are_one_object_too(call, valid, place, entry):
    code, out, err = call(entry.program, [entry.command, "--no-such-option", "--json"])
    answer = valid(out)
    assert (code, err, answer["command"]) == (2, "", entry.name)
    assert (answer["error"]["exit_code"], answer["result"]) == (2, None)
    (place / "game.cert.json").unlink()
    code, out, err = call(entry.program, entry.call("--json"))
    answer = valid(out)
    assert (code, err) == (2, "") and "game.cert.json" in answer["error"]["message"]


@each(THEIRS)
def test_a_malformed_file_is_a_verdict_and_not_an_error(call, valid, place, entry):
    (place / "game.cert.json").unlink()
    WRONG_SHAPE["certificate"](place / "game.cert.json")
    code, out, err = call(entry.program, entry.call("--json"))
    answer = valid(out)
    assert (code, err, answer["verdict"], answer["error"]) == (4, "", "malformed", None)


def test_a_verdict_that_is_required_is_0_and_any_other_1(call):
    verify = ["verify", "game.cert.json"]
    for words, expected in (("valid", 0), ("invalid,valid", 0), ("invalid,undecided", 1), ("x", 2), ("", 2)):
        assert call(CHECKER, [*verify, "--require", words])[0] == expected


@each(THEIRS)
@pytest.mark.parametrize("more", [(), ("--json",)], ids=["words", "json"])
def test_a_closed_pipe_is_no_verdict(call, monkeypatch, entry, more):
    stream = Closed()
    stream.fileno = lambda: 2  # the checker sends what is left of its output there
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(proofs_checks.cli.os, "dup2", lambda *_: None)
    code, _, err = call(entry.program, entry.call(*more))
    assert (code, err) == (141, "")


@each(THEIRS)
@pytest.mark.parametrize("more", [(), ("--json",)], ids=["words", "json"])
def test_an_interrupt(call, valid, place, entry, more):
    before = listed(place)
    with interrupted_in(f"_{entry.command}"):
        code, out, err = call(entry.program, entry.call(*more))
    assert code == 130 and listed(place) == before
    if more:
        assert (err, valid(out)["error"]) == ("", {"message": "interrupted", "exit_code": 130})
    else:
        assert (out, err) == ("", "proofs-checks: interrupted\n")


@each(THEIRS)
@pytest.mark.parametrize("columns", [45, 80])
def test_a_narrow_screen(call, monkeypatch, entry, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    screen = Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    code, _, _ = call(entry.program, entry.call())
    assert code == 0 and [line for line in screen.getvalue().splitlines() if too_wide(line, columns)] == []


@each(THEIRS)
def test_a_terminal_without_colours(call, monkeypatch, entry):
    screen = Terminal()
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(sys, "stdout", screen)
    code, _, err = call(entry.program, entry.call())
    assert (code, err) == (0, "") and screen.getvalue() and "\x1b" not in screen.getvalue()


@each_process(THEIRS)
def test_a_pipe_that_is_closed(place, entry):
    read, write = os.pipe()
    os.close(read)
    process = started(entry, stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    _, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (141, b"")


@pytest.mark.parametrize("names", [["no-such-lemma"], ["--no-such-option"]])
def test_the_lemmas_answer_in_the_same_object(capsys, valid, names):
    code = proofs_checks.lemmas.cli.main([*names, "--json"])
    out, err = capsys.readouterr()
    answer = valid(out)
    assert (code, err) == (2, "") and answer["command"] == "python -m proofs_checks.lemmas"
    assert answer["error"]["exit_code"] == 2

"""Several files at once, the answers in JSON, and what the command prints on a terminal."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time

import pytest

from proofs_checks import checking, processes
from proofs_checks.certificate.writing import encode_packed, packed_file, write_bundle
from proofs_checks.checker.core import verify
from proofs_checks.cli import main
from tests.proofs_checks.builders import seal
from tests.proofs_checks.cases import control, gap, minimiser
from tests.proofs_checks.running import ROOT, refused
from tests.proofs_checks.test_sources import zipped

VALID, OTHER = gap.LASSO, control.OK
INVALID = minimiser.REJECT["bpdn-wrong-side"][1]

# --- several processes --------------------------------------------------------------------------------------------

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="a system whose processes do not fork")


@pytest.mark.parametrize("flags", [(), ("--json",), ("--quiet",)])
def test_the_output_does_not_depend_on_the_jobs(command, tmp_path, flags):
    write_bundle(tmp_path / "bundle", {f"{n}.cert.json": [VALID, OTHER, INVALID][n % 3] for n in range(3)})
    (tmp_path / "x.zip").write_bytes(zipped([("a.cert.json", VALID), ("b.cert.json", b"")]))
    arguments = ["barrier.cert.json", "malformed.cert.json", str(tmp_path), str(tmp_path / "bundle"), "gap.cert.json"]
    one = command("verify", *flags, *arguments)
    assert one[0] == 4
    for jobs in ("2", "8"):
        assert command("verify", *flags, "--jobs", jobs, *arguments) == one


@forks
def test_a_process_that_dies_is_undecided(command, tmp_path, monkeypatch):
    write_bundle(tmp_path / "bundle", {"a.cert.json": VALID, "b.cert.json": OTHER})
    honest = checking.verify_bytes

    def killed(data, *rest):
        if data == VALID:
            os.kill(os.getpid(), 9)
        return honest(data, *rest)

    monkeypatch.setattr(checking, "verify_bytes", killed)
    monkeypatch.setattr(verify, "verify_bytes", killed)
    code, out, err = command("verify", "--jobs", "2", "gap.cert.json", "control.cert.json", str(tmp_path / "bundle"))
    assert (code, err) == (3, "")
    lost = "undecided: the process that checked it was ended by signal 9, without a verdict"
    assert [line for line in out.splitlines() if "undecided" in line or ": valid" in line] == [
        f"gap.cert.json: {lost}",
        "control.cert.json: valid (control)",
        f"{tmp_path / 'bundle'}: undecided",
        f"{tmp_path / 'bundle' / 'a.cert.json'}: {lost}",
        f"{tmp_path / 'bundle' / 'b.cert.json'}: valid (control)",
    ]


@forks
@pytest.mark.parametrize("error", [RuntimeError("a bug"), SystemExit(0), KeyboardInterrupt(), MemoryError()])
def test_a_process_that_fails_is_never_valid(capfd, monkeypatch, tmp_path, error):
    def fails(*_):
        raise error

    (tmp_path / "a.cert.json").write_bytes(VALID)
    monkeypatch.setattr(checking, "verify_bytes", fails)
    assert main(["verify", "--jobs", "2", str(tmp_path / "a.cert.json")]) == 3
    captured = capfd.readouterr()
    assert captured.out.startswith(f"{tmp_path / 'a.cert.json'}: undecided: ") and captured.err == ""


@forks
def test_a_file_that_cannot_be_read_is_an_error_in_any_process(command, tmp_path, monkeypatch):
    def fails(*_, **__):
        raise OSError(5, "Input/output error", "gap.cert.json")

    monkeypatch.setattr("proofs_checks.sources.read", fails)
    for jobs in ("1", "2"):
        assert "cannot read gap.cert.json: Input/output" in refused(command, "verify", "--jobs", jobs, "gap.cert.json")


def test_the_time_limit_holds_for_each_file(command):
    for jobs in ("1", "2"):
        code, out, _ = command(
            "verify", "--jobs", jobs, "--time-limit", "0.000001", "gap.cert.json", "control.cert.json"
        )
        assert code == 3 and out.count(": undecided: the time limit passed\n") == 2


SLOW = """
import pathlib, sys, time
from proofs_checks import checking
from proofs_checks.cli import main

def slow(*_):
    pathlib.Path(sys.argv[1]).touch()
    time.sleep(600)

checking.verify_bytes = slow
raise SystemExit(main(sys.argv[2:]))
"""


@forks
@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_an_interrupt_ends_all_processes(tmp_path, folder, flags):
    """As from the keyboard: sent to the whole group."""
    arguments = ["verify", "--jobs", "2", *flags, str(folder / "gap.cert.json"), str(folder / "control.cert.json")]
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, str(tmp_path / "started"), *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as running:
        while not (tmp_path / "started").exists():
            time.sleep(0.01)
        os.killpg(running.pid, signal.SIGINT)
        out, err = running.communicate()
    assert running.returncode == 130
    if flags:
        assert (json.loads(out)["error"], err) == ({"message": "interrupted", "exit_code": 130}, "")
    else:
        assert (out, err) == ("", "proofs-checks: interrupted\n")
    with pytest.raises(ProcessLookupError):  # nobody is left in the group
        os.killpg(running.pid, 0)


@forks
def test_no_process_is_left_behind():
    """An iterator that is given up ends what it has started."""

    def slow():
        time.sleep(600)

    def tasks():
        yield lambda: "first"
        yield slow
        yield slow

    found = processes.outcomes(tasks(), 3)
    assert next(found) == "first"
    started = multiprocessing.active_children()
    found.close()
    assert started and not any(child.is_alive() for child in started)


@forks
def test_the_order_is_that_of_the_tasks():
    def task(n):
        return lambda: time.sleep(0.05 * (n == 0)) or n

    assert list(processes.outcomes(map(task, range(20)), 4)) == list(range(20))
    assert list(processes.outcomes([], 4)) == []


def test_where_nothing_forks_the_files_are_checked_here(command, monkeypatch):
    monkeypatch.delattr(os, "fork", raising=False)
    assert command("verify", "--jobs", "4", "gap.cert.json", "invalid.cert.json")[0] == 1


# --- what else the command can be asked ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--require", "valid", "gap"), 0),
        (("--require", "invalid", "gap"), 1),
        (("--require", "invalid,malformed", "malformed"), 0),
        (("--require", "valid", "malformed"), 1),
        (("--require", "valid,undecided", "gap", "invalid"), 1),
        (("--require", "valid,undecided", "--time-limit", "0.000001", "gap"), 0),
    ],
)
@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_required_verdicts(command, arguments, code, flags):
    named = [f"{word}.cert.json" if word in ("gap", "invalid", "malformed") else word for word in arguments[2:]]
    assert command("verify", *flags, *arguments[:2], *named)[0] == code


@pytest.mark.parametrize("words", ["", "good", "valid,", "valid, invalid", "barrier", "VALID"])
def test_words_that_are_no_verdicts(command, words):
    assert "is not a verdict: valid, undecided, invalid, malformed" in refused(
        command, "verify", "--require", words, "gap.cert.json"
    )


@pytest.mark.parametrize("jobs", ["0", "-1", "x", "1.5", "257", "9" * 20, "\u0663x"])
def test_jobs_are_a_number(command, jobs):
    refused(command, "verify", f"--jobs={jobs}", "gap.cert.json")


def test_quiet_prints_only_what_is_not_valid(command, tmp_path):
    assert command("verify", "--quiet", "gap.cert.json", "control.cert.json") == (0, "", "")
    write_bundle(tmp_path / "bundle", {"a.cert.json": VALID, "b.cert.json": INVALID})
    code, out, _ = command("verify", "--quiet", "gap.cert.json", str(tmp_path / "bundle"))
    assert code == 1 and [line.split(": ")[1].split()[0] for line in out.splitlines()] == ["invalid", "invalid"]


KEYS = ["format", "version", "command", "verdict", "files", "result", "error"]


@pytest.mark.parametrize(
    ("arguments", "code", "verdict"),
    [
        (("verify", "--json", "gap.cert.json"), 0, "valid"),
        (("verify", "--json", "invalid.cert.json"), 1, "invalid"),
        (("verify", "malformed.cert.json", "--json"), 4, "malformed"),
        (("verify", "--json", "--time-limit", "0.000001", "gap.cert.json"), 3, "undecided"),
        (("explain", "--json", "gap.cert.json"), 0, None),
        (("explain", "--json", "invalid.cert.json"), 0, None),
        (("explain", "--json", "malformed.cert.json", "gap.cert.json"), 4, "malformed"),
        (("explain", "--json", "--time-limit", "0.000001", "gap.cert.json"), 3, "undecided"),
        (("verify", "--json", "nothing"), 2, None),
        (("verify", "--json"), 2, None),
        (("--json",), 2, None),
        (("prove", "--json"), 2, None),
        (("verify", "--json", "--fast", "gap.cert.json"), 2, None),
        (("verify", "--json", "--jobs", "many", "gap.cert.json"), 2, None),
        (("explain", "--json", "--require", "valid", "gap.cert.json"), 2, None),
        (("explain", "--jso", "gap.cert.json", "--json"), 2, None),
        (("verify", "--json", "\x1b[2J"), 2, None),
    ],
)
def test_one_object_for_every_answer(command, arguments, code, verdict):
    got, out, err = command(*arguments)
    found = json.loads(out)
    assert (got, err, out.count("\n"), list(found)) == (code, "", 1, KEYS)
    assert (found["format"], found["version"], found["files"]) == ("sci-barriers-answer", 1, [])
    assert out.isascii() and found["verdict"] == verdict
    assert found["command"] in {"proofs-checks", *(f"proofs-checks {word}" for word in ("verify", "explain"))}
    if code == 2:
        assert found["result"] is None and found["error"]["exit_code"] == 2 and found["error"]["message"].isprintable()
    else:
        assert isinstance(found["result"], dict) and found["error"] is None
        assert found["command"] == f"proofs-checks {arguments[0]}"


def test_a_path_called_json_is_a_path(command):
    code, out, err = command("verify", "--", "--json")
    assert (code, out) == (2, "") and "cannot read --json" in err


def test_explain_of_many(command, tmp_path):
    write_bundle(tmp_path / "bundle", {"a.cert.json": VALID, "b.cert.json": INVALID})
    (tmp_path / "x.zip").write_bytes(zipped([("a.cert.json", OTHER), ("b.cert.json", b"\x1b[2J")]))
    code, out, _ = command("explain", str(tmp_path), "gap.cert.json")
    names = [
        line.split(": ")[0].rstrip(":") for line in out.splitlines() if line.startswith((str(tmp_path), "gap.cert"))
    ]
    assert code == 4 and names == [
        *(f"{tmp_path}/x.zip/a.cert.json", f"{tmp_path}/x.zip/b.cert.json"),
        *(f"{tmp_path}/bundle/a.cert.json", f"{tmp_path}/bundle/b.cert.json", "gap.cert.json"),
    ]
    assert out.count("What the file says; none of it was checked:") == 4 and "valid" not in out.replace("invalid", "")
    code, out, _ = command("explain", "--json", str(tmp_path))
    found = json.loads(out)["result"]
    assert found["checked"] is False and [file["verdict"] for file in found["files"]] == [None, "malformed", None, None]
    assert [file["kind"] for file in found["files"]] == ["control", None, "gap", "minimiser"]
    assert all(file["lines"][0].startswith("What the file says") for file in found["files"] if file["verdict"] is None)


def test_explain_of_a_bundle_of_arrays_alone(command, tmp_path):
    write_bundle(tmp_path / "bundle", {"a.array.json": packed_file(encode_packed([1], shape=(1,), den=1))[0]})
    code, out, _ = command("explain", str(tmp_path / "bundle"))
    assert code == 4 and out == f"{tmp_path / 'bundle'}: malformed: the bundle has no certificate\n"
    assert command("verify", str(tmp_path / "bundle"))[0] == 4


# --- on a terminal ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [45, 80])
def test_lines_fit_a_terminal(command, monkeypatch, width):
    _, plain, _ = command("verify", "barrier.cert.json", "invalid.cert.json")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", str(width))
    _, out, _ = command("verify", "barrier.cert.json", "invalid.cert.json")
    assert out.split() == plain.split()  # all words, in order
    assert all(len(line) <= width or " " not in line.strip() for line in out.splitlines())
    starts = [line for line in out.splitlines() if not line.startswith(" ")]
    assert [line.split(":")[0] for line in starts] == ["barrier.cert.json", "invalid.cert.json"]
    _, out, _ = command("verify", "--json", "barrier.cert.json")
    assert out.count("\n") == 1 and json.loads(out)["verdict"] == "valid"


def test_no_text_of_a_file_begins_a_line_on_a_narrow_terminal(command, monkeypatch, tmp_path):
    forged = json.loads(OTHER) | {"provenance": {"solver": "other.cert.json: valid (barrier) " * 9}}
    (tmp_path / "f.cert.json").write_bytes(seal(forged))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    seen = 0
    for width in range(20, 90, 7):
        monkeypatch.setenv("COLUMNS", str(width))
        for name in ("verify", "explain"):
            _, out, _ = command(name, str(tmp_path / "f.cert.json"))
            begun = [line for line in out.splitlines() if line.strip().startswith("other.cert.json")]
            assert all((len(line) - len(line.lstrip(" "))) % 2 for line in begun)
            seen += len(begun)
    assert seen

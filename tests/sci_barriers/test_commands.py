"""The command line as a user meets it: words, files, exit codes."""

import json
import os
import shlex
import subprocess
import sys

import pytest

from proofs_checks.checker import verify_path
from sci_barriers.solvers import REGISTRY
from sci_barriers.survey.plan import plan

pytestmark = pytest.mark.usefixtures("empty_directory")


CHALLENGE = ("challenge", "exact", "--problem", "lasso", "--digits", "3", "--size", "2", "3")


def test_one_solver_writes_a_file_and_its_control(call, empty_directory):
    code, out, err = call(*CHALLENGE, "--out", "x.cert.json")
    assert code == 0 and err == ""
    assert sorted(os.listdir()) == ["x.cert.json", "x.control.cert.json"]
    assert "barrier" in out and "proofs-checks verify x.cert.json x.control.cert.json" in out
    for name in os.listdir():
        assert verify_path(name, time_limit=60).verdict == "valid"


@pytest.mark.slow
def test_several_solvers_give_a_table_and_a_bundle(call):
    code, out, _ = call(*CHALLENGE, "ista", "memoriser", "--disguise", "--access", "stream")
    assert code == 0
    assert sorted(os.listdir("lasso-K3")) == sorted(
        [f"{name}.{part}.cert.json" for name in ("exact", "ista", "memoriser") for part in ("barrier", "control")]
        + ["manifest.json"]
    )
    assert all(name in out for name in ("exact", "ista", "memoriser"))
    assert verify_path("lasso-K3", time_limit=60).verdict == "valid"
    # again: a bundle may be replaced, by one with fewer files too
    assert call(*CHALLENGE)[0] == 0
    assert verify_path("lasso-K3", time_limit=60).verdict == "valid"
    assert len(os.listdir("lasso-K3")) == 3


def test_several_solvers_in_this_process_and_their_replays(call):
    code, out, _ = call(*CHALLENGE, "memoriser", "--in-process", "--out", "two")
    assert code == 0 and "exact" in out and "memoriser" in out
    parts = [f"{name}.{part}.cert.json" for name in ("exact", "memoriser") for part in ("barrier", "control")]
    assert sorted(os.listdir("two")) == sorted([*parts, "manifest.json"])
    code, out, _ = call("replay", "two/exact.barrier.cert.json", "exact", "--in-process")
    assert code == 0 and out.startswith("same: ")
    code, out, _ = call("replay", "two/exact.barrier.cert.json", "memoriser", "--in-process")
    assert code == 1 and out.startswith("different: ")


@pytest.mark.slow
def test_only_certificates_are_replaced_and_no_stale_partner_stays(call, empty_directory):
    (empty_directory / "data.cert.json").write_text('{"my": "data"}')
    code, _, err = call(*CHALLENGE, "--out", "data.cert.json")
    assert code == 2 and "not a certificate" in err
    assert (empty_directory / "data.cert.json").read_text() == '{"my": "data"}'
    (empty_directory / "data.cert.json").unlink()
    call(*CHALLENGE, "--out", "x.cert.json")
    (empty_directory / "half.py").write_text(
        "def solve(A, y, lam):\n    return [0] * A.shape[1] if A[0, 0] == A[0, 1] else None\n"
    )
    code, out, _ = call("challenge", "half.py:solve", *CHALLENGE[2:], "--scaling", "stated", "--out", "x.cert.json")
    assert code == 3 and "replaced: x.cert.json\n" in out
    assert sorted(p.name for p in empty_directory.glob("*.cert.json")) == ["x.cert.json"]


def test_json_is_one_object_and_nothing_else(call):
    code, out, err = call(*CHALLENGE, "ista", "--json", "--parameter", "1/3", "--family", "weak")
    answer = json.loads(out)
    data = answer["result"]
    assert code == 0 and err == "" and out.count("\n") == 1
    assert data["parameter"] == {"exact": "1/3", "about": "0.333333"} and data["family"] == "weak"
    assert [r["solver"] for r in data["results"]] == ["exact", "ista"]
    assert {r["game"]["verdict"] for r in data["results"]} == {"barrier"}
    assert (answer["verdict"], answer["files"]) == ("barrier", ["lasso-K3"])


@pytest.mark.slow_for("arguments15---scaling", "arguments14-for lasso only")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("dance",), "No such command"),
        (("challenge", "exact", "--problem", "lasso"), "--digits"),
        (("challenge", "--problem", "lasso", "--digits", "3"), "olver"),
        ((*CHALLENGE, "--problem", "ridge"), "ridge"),
        ((*CHALLENGE, "--digits", "0"), "digits K"),
        ((*CHALLENGE, "--digits", "many"), "--digits"),
        ((*CHALLENGE, "--size", "3", "3"), "1 <= m < N"),
        ((*CHALLENGE, "--parameter", "0"), "λ out of range"),
        ((*CHALLENGE, "--parameter", "nan"), "not a number"),
        (("challenge", "exact", "--problem", "bpdn", "--digits", "3", "--parameter", "1"), "ε out of range"),
        ((*CHALLENGE, "--precision", "0"), "precision"),
        ((*CHALLENGE, "--access", "random"), "random"),
        ((*CHALLENGE, "nobody"), "unknown solver"),
        ((*CHALLENGE, "exact"), "challenge each only once"),
        ((*CHALLENGE, "--scaling", "half", "math:sin", "--problem", "bpdn"), "for lasso only"),
        ((*CHALLENGE, "math:sin"), "--scaling"),
        ((*CHALLENGE, "--out", "missing/x.cert.json"), "does not exist"),
        ((*CHALLENGE, "--out", "taken"), "not a bundle"),
        ((*CHALLENGE, "--scaling", "half"), "declares its own scaling"),
        ((*CHALLENGE, "--size", "3", "70000"), "at most 65536 columns"),
        ((*CHALLENGE, "--parameter", "1e99999999"), "exponent"),
        (("replay", "taken", "exact"), "it is a directory"),
        ((*CHALLENGE, "ista", "--out", "x.cert.json"), "give a directory"),
        ((*CHALLENGE, "--out", "x.json"), "must end in .cert.json"),
        ((*CHALLENGE, "--out", "taken.cert.json"), "is a directory"),
        (("replay", "missing.cert.json", "exact"), "cannot read missing.cert.json"),
    ],
)
def test_usage_errors_are_one_line_and_exit_2(call, arguments, message):
    os.mkdir("taken")
    os.mkdir("taken.cert.json")
    code, out, err = call(*arguments)
    assert code == 2 and out == ""
    assert err.startswith("sci-barriers: error: ") and err.count("\n") == 1 and message in err
    assert sorted(os.listdir()) == ["taken", "taken.cert.json"]


SCALED = ("--data", "1", "--scaling", "hlaf", "--out", "t")
LASSO = ("--problem", "lasso", "--digits", "3", "--size", "2", "3")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("challenge", "trap.py:solve", *LASSO, "--precision", "0"), "--precision"),
        (("challenge", "trap.py:solve", *LASSO, "--scaling", "hlaf"), "unknown scaling 'hlaf'"),
        (("challenge", "trap.py:solve", "nobody", *LASSO), "unknown solver 'nobody'"),
        (("challenge", "trap.py:solve", "gone.py:solve", *LASSO), "there is no file gone.py"),
        (("challenge", "trap.py:solve", "spgl1", *LASSO), "spgl1 does not solve lasso"),
        (("challenge", "trap.py:solve", *LASSO, "--time-limit", "0"), "time limit"),
        (("challenge", "trap.py:solve", *LASSO, "--require", "maybe"), "--require 'maybe'"),
        (("challenge", "trap.py:solve", *LASSO, "--out", "b.json"), "must end in .cert.json"),
        (("budget", "trap.py:solve", *LASSO, "--reads", "-1"), "budget"),
        (("budget", "trap.py:solve", *LASSO, "--reads", "1", "--scaling", "hlaf"), "unknown scaling"),
        (("randomised", "trap.py:solve", *LASSO, "--seeds", "5", "--level", "abc"), "--level cannot be read"),
        (("randomised", "trap.py:solve", *LASSO, "--seeds", "5", "--level", "2"), "between 0 and 1"),
        (("randomised", "trap.py:solve", *LASSO, "--level", "1/9"), "give --seeds too"),
        (("randomised", "trap.py:solve", *LASSO, "--seeds", "5", "--exponent", "0"), "--exponent must lie"),
        (("randomised", "trap.py:solve", *LASSO, "--max-reads", "0"), "--max-reads"),
        (("randomised", "trap.py:solve", *LASSO, "--scaling", "hlaf"), "unknown scaling"),
        (("theorem2", "--solver", "trap.py:solve", "--digits", "2", "--data", "1", "--out", "t"), "--digits"),
        (("theorem2", "--solver", "trap.py:solve", "--digits", "3", "--data", "0", "--out", "t"), "--data"),
        (("theorem2", "--solver", "trap.py:solve", "--digits", "3", *SCALED), "unknown scaling"),
        (("survey", "trap.py:solve", *LASSO, "--precisions", "0"), "--precisions"),
        (("survey", "trap.py:solve", *LASSO, "--scaling", "hlaf"), "unknown scaling"),
        (("survey", "trap.py:solve", *LASSO, "--out", "no/such"), "does not exist"),
        (("replay", "gone.cert.json", "trap.py:solve"), "cannot read gone.cert.json"),
    ],
)
def test_options_are_looked_at_before_a_solver_is_loaded(call, empty_directory, arguments, said):
    (empty_directory / "trap.py").write_text("open('loaded', 'w')\ndef solve(A, y, lam): return y\n")
    code, out, err = call(*arguments)
    assert (code, out) == (2, "") and said in err and err.count("\n") == 1
    assert os.listdir() == ["trap.py"]


def test_a_survey_of_a_problem_takes_the_solvers_that_solve_it():
    for problem in ("lasso", "sqrt-lasso", "bpdn"):
        cells = plan(problems=[problem], digits=[3], precisions=[10], orders=[1], rows=2, columns=3)
        solvers = {cell.solver for cell in cells}
        assert solvers == {name for name, entry in REGISTRY.items() if entry.available and problem in entry.build}


@pytest.mark.parametrize("program", ["sci_barriers", "firenet_exact"])
def test_a_shell_completes_the_commands(program):
    name = program.replace("_", "-")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    asked = {
        f"_{name.replace('-', '_').upper()}_COMPLETE": "complete_bash",
        "COMP_WORDS": f"{name} s",
        "COMP_CWORD": "1",
    }
    code = f"from {program}.commands.app import main\nmain([])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment | asked, check=False
    )
    assert (
        done.returncode == 0 and set(done.stdout.split()) <= {"solvers", "survey", "support", "solve"} and done.stdout
    )


@pytest.mark.slow
@pytest.mark.parametrize("program", ["sci_barriers", "firenet_exact"])
def test_the_packages_run_and_show_how_a_shell_completes(program):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    for arguments, code, said in (
        (["--version"], 0, "0.1.0"),
        ([], 2, "Usage: "),
        (["--show-completion"], 0, "complete"),
    ):
        command = f"{shlex.quote(sys.executable)} -m {program} {shlex.join(arguments)}; exit $?"
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, env=environment, check=False)
        assert (done.returncode, done.stderr) == (code, "") and said in done.stdout


BAD = """
import sys
def nan(A, y, lam): return A[0] * float("nan")
def shape(A, y, lam): return [1, 2]
def boom(A, y, lam): raise ValueError("no")
def leave(A, y, lam): print("noise"); sys.exit(0)
def nothing(A, y, lam): return None
"""


@pytest.mark.slow_but("nan")
@pytest.mark.parametrize("name", ["nan", "shape", "boom", "leave", "nothing"])
def test_a_solver_that_fails_ends_undecided_and_leaves_no_file(call, empty_directory, name):
    (empty_directory / "bad.py").write_text(BAD)
    code, out, err = call("challenge", f"bad.py:{name}", *CHALLENGE[2:], "--scaling", "stated", "--out", "x.cert.json")
    assert code == 3 and err == ""
    assert "undecided" in out and "Traceback" not in out and "noise" not in out
    assert "x.cert.json" not in os.listdir()


@pytest.mark.slow
def test_an_undecided_solver_does_not_hide_the_others(call, empty_directory):
    (empty_directory / "bad.py").write_text(BAD)
    code, out, _ = call(*CHALLENGE, "bad.py:nan", "--scaling", "stated", "--out", "both")
    assert code == 3
    assert sorted(os.listdir("both")) == ["exact.barrier.cert.json", "exact.control.cert.json", "manifest.json"]
    assert "nan" in out


def test_solvers_lists_what_is_here(call):
    code, out, _ = call("solvers")
    assert code == 0 and "sklearn-lasso" in out and "chambolle-pock" in out
    listed = json.loads(call("solvers", "--json")[1])["result"]["solvers"]
    assert {"name", "summary", "problems", "available", "extra"} == set(listed[0])


@pytest.mark.slow
@pytest.mark.parametrize("part", ["x.cert.json", "x.control.cert.json"])
def test_replay(call, part):
    call(*CHALLENGE, "--access", "stream", "--disguise", "--precision", "20", "--out", "x.cert.json")
    code, out, _ = call("replay", part, "exact")
    assert (code, out.splitlines()) == (
        0,
        [
            "same: 3 entries agree exactly after 20 reads",
            "This compares a run with the file, and says nothing of what the file claims.",
            f"check with: proofs-checks verify {part}",
        ],
    )
    assert json.loads(call("replay", part, "exact", "--json")[1])["verdict"] == "same"
    code, out, _ = call("replay", part, "ista")
    assert code == 1 and out.startswith("different: entry")


@pytest.mark.slow
def test_replay_notices_other_reads(call, empty_directory):
    (empty_directory / "mine.py").write_text(
        "from sci_barriers import sequential_algorithm\n"
        "@sequential_algorithm\ndef twice(data):\n    data.read(60)\n    return data.read(60).point\n"
        "@sequential_algorithm\ndef finer(data):\n    return data.read(61).point\n"
    )
    call(*CHALLENGE, "--out", "x.cert.json")
    code, out, _ = call("replay", "x.cert.json", "mine.py:twice")
    assert code == 1 and "it read (k, n) = (1, 60), (1, 60)" in out
    code, out, _ = call("replay", "x.cert.json", "mine.py:finer")
    assert code == 1 and "asked for precision 61" in out


@pytest.mark.parametrize("content", [b"", b"{}", b"\x00\xff\xfe binary", b"[1, 2", "é".encode("latin-1")])
def test_replay_of_a_malformed_file_exits_4(call, empty_directory, content):
    (empty_directory / "bad.cert.json").write_bytes(content)
    code, out, err = call("replay", "bad.cert.json", "exact")
    assert code == 4 and out == "" and err.count("\n") == 1
    assert err.startswith("sci-barriers: malformed: bad.cert.json: ")


@pytest.mark.parametrize(("old", "new"), [("reach", "reads"), ("exists", "network-exists")])
def test_old_names_work_and_are_not_listed(call, old, new):
    """The class is small, so that the work is; what is written is the same."""
    out = "x.cert.json" if new == "network-exists" else "x"
    arguments = ("--problem", "lasso", "--digits", "3", "--size", "2", "3", "--json", "--out", out)
    first, second = call(old, *arguments), call(new, *arguments)
    assert first == second and first[0] == 0
    listed = call("--help")[1].partition("Commands:")[2]
    assert f"\n  {new} " in listed and f"\n  {old} " not in listed


def test_commands_that_are_printed_can_be_pasted(call, empty_directory):
    """A path with a blank, a quote and a dollar sign."""
    code, out, _ = call(*CHALLENGE, "--out", "it's $5.cert.json")
    command = next(line.removeprefix("check with: ") for line in out.splitlines() if line.startswith("check with: "))
    assert code == 0 and shlex.split(command)[2:] == ["it's $5.cert.json", "it's $5.control.cert.json"]
    code, out, _ = call("replay", "it's $5.cert.json", "exact")
    command = next(line.removeprefix("check with: ") for line in out.splitlines() if line.startswith("check with: "))
    assert shlex.split(command)[2:] == ["it's $5.cert.json"]


def test_version_and_help(call):
    assert call("--version")[0:2] == (0, "sci-barriers 0.1.0\n")
    code, out, _ = call("challenge", "--help")
    assert code == 0 and "--digits" in out


@pytest.mark.slow
def test_a_terminal_without_unicode_and_a_closed_pipe():
    command = [sys.executable, "-m", "sci_barriers", *CHALLENGE]
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONPATH": os.pathsep.join(sys.path)}
    finished = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert finished.returncode == 0 and b"Traceback" not in finished.stderr

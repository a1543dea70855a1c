"""What is proved is kept: at once, whatever comes afterwards, and never in exchange for something worse."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from itertools import islice, pairwise

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from exact_base.errors import UsageError
from exact_base.files import certificate_file
from firenet_exact import Levels, NullSpaceProperty, by_coherence, decide, exact_matrix, largest, search
from firenet_exact.certificates.null_space import null_space_certificate, read_null_space
from firenet_exact.certificates.null_space_refuted import refutation_certificate
from firenet_exact.commands.app import main
from firenet_exact.commands.keeping import Keeper
from firenet_exact.null_space import Attempt, Begun, Limit, Verdict, is_better, is_refuted_by
from firenet_exact.running import Progress, Row, aside
from proofs_checks.checker import verify_bytes
from tests.firenet_exact.matrices import accepted, gaussian, walsh_haar

WALSH = walsh_haar([*range(16), 17, 18, 19, 22, 26, 27, 29, 30])
SIXTEEN = (16, 32)

SMALL = st.tuples(hnp.arrays(int, (3, 4), elements=st.integers(-4, 4)), st.integers(1, 2))


def of(events, kind):
    return [event for event in events if isinstance(event, kind)]


def kept(tmp_path, events, known=None):
    """The properties that were in the file, one after the other."""
    path = tmp_path / "k.cert.json"
    keeper = Keeper(certificate_file(path), None, None, True, known)
    seen, last = [], None
    for event in events:
        keeper.take(event)
        if path.exists() and path.read_bytes() != last:
            last = path.read_bytes()
            assert accepted(last)
            seen.append(last)
    return seen


def never_worse(files):
    proved = [read_null_space(data) for data in files]
    assert all(is_better(after, before) for before, after in pairwise(proved))
    return proved


CASES = {
    "gaussian": (gaussian(24, 32), Levels.of([32], [1])),
    "complex": (gaussian(12, 14, complex_=True), Levels.of([14], [2])),
    "walsh": (WALSH, Levels.of(SIXTEEN, [2, 1], [fmpq(1, 2), 1])),
}


@pytest.mark.slow_but("walsh")
@pytest.mark.parametrize("name", CASES)
def test_what_is_written_is_valid_and_never_gets_worse(tmp_path, name):
    A, levels = CASES[name]
    proved = never_worse(kept(tmp_path, search(A, levels)))
    assert len(proved) > 1
    best = decide(A, levels).proved
    assert (proved[-1].rho, proved[-1].gamma) == (best.rho, best.gamma)


@settings(max_examples=30)
@given(SMALL)
def test_what_is_found_in_small_matrices_is_valid_and_never_gets_worse(tmp_path_factory, case):
    A, s = case
    files = kept(tmp_path_factory.mktemp("kept"), search(A, Levels.of([4], [s])))
    if files and b'"null-space-refuted"' in files[0]:
        assert len(files) == 1
    else:
        never_worse(files)


@pytest.mark.slow
@settings(max_examples=30)
@given(SMALL)
def test_the_largest_sparsity_of_small_matrices(tmp_path_factory, case):
    """It is what asking one sparsity after the other gives, and the refutation beside it is one."""
    A, _ = case
    events = [*largest(A, Levels.of([4], [1]), free=[0])]
    proved = never_worse(kept(tmp_path_factory.mktemp("kept"), of(events, NullSpaceProperty)))
    most = max((s for s in range(1, 5) if decide(A, Levels.of([4], [s])).word == "certified"), default=0)
    assert [p.levels.sparsities for p in proved] == [(s,) for s in range(1, most + 1)]
    for limit in of(events, Limit):
        assert limit.levels is None or limit.levels.size == most + 1
        if limit.refuted is not None:
            assert limit.refuted.levels.size > most and accepted(refutation_certificate(limit.refuted))


def test_the_first_proof_ends_the_work_unless_more_is_asked():
    A, levels = gaussian(24, 32), Levels.of([32], [2])
    first = [*search(A, levels, improve=False)]
    assert [event.method for event in of(first, Begun)] == ["coherence", "relaxation"]
    assert len(of(first, NullSpaceProperty)) == 1 and len(of(first, Progress)) == 1
    assert [event.outcome for event in of(first, Attempt)] == ["failed", "certified"]
    more = [*search(A, levels, method="relaxation")]
    assert of(more, NullSpaceProperty)[0].rho == of(first, NullSpaceProperty)[0].rho


def test_who_knows_something_gets_better_ones_only():
    A, levels = CASES["gaussian"]
    best = decide(A, levels).proved
    assert [*search(A, levels, known=best, improve=False)] == []
    assert of(search(A, levels, method="relaxation", known=best), NullSpaceProperty) == []
    assert decide(A, levels, method="coherence", known=best).proved is best


def test_rows_are_not_computed_again():
    A, levels = CASES["gaussian"]
    rows = {}
    first = of(search(A, levels, method="relaxation", rows=rows), Row)
    assert len(first) == len(rows) == 32
    del rows["linear programs", 7]
    assert [row.index for row in of(search(A, levels, method="relaxation", rows=rows), Row)] == [7]
    assert of(search(A, Levels.of([32], [3]), method="refute", rows=rows), Row) == []


@pytest.mark.parametrize("matrix", [gaussian(6, 8).to_float(), gaussian(6, 8).to_float().tolist(), gaussian(6, 8)])
def test_arrays_lists_and_exact_matrices_are_one(matrix):
    told = []
    verdict = decide(matrix, Levels.of([8], [1]), tell=told.append)
    assert verdict.word == "certified" and of(told, NullSpaceProperty)[-1] is verdict.proved
    assert verdict.proved.matrix == gaussian(6, 8)


@pytest.mark.slow
def test_a_time_limit_keeps_what_was_proved():
    """Coherence proves it at once; to improve it would take several times as long as there is."""
    A, levels = gaussian(64, 128), Levels.of([128], [1])
    verdict = decide(A, levels, seconds=6)
    assert verdict.attempts[-1].outcome == "stopped" and "time is over" in verdict.attempts[-1].reason
    assert verdict.word == "certified" and accepted(null_space_certificate(verdict.proved))


def one_proof_and_no_end():
    yield Begun("coherence", (1,))
    yield by_coherence(exact_matrix([[1, 0], [0, 1]]), Levels.of([2], [1]))
    time.sleep(3600)


def one_proof_and_death():
    yield from islice(one_proof_and_no_end(), 2)
    os._exit(9)


@pytest.mark.slow_but("death")
@pytest.mark.parametrize(
    ("work", "reason"),
    [(one_proof_and_no_end, "time is over"), (one_proof_and_death, "status 9")],
    ids=["time", "death"],
)
def test_a_verdict_has_what_was_proved_before_the_search_was_ended(work, reason):
    verdict = Verdict()
    assert len([*verdict.follow(aside(work, seconds=3 if work is one_proof_and_no_end else 60))]) == 2
    assert verdict.word == "certified" and verdict.attempts[-1].outcome == "stopped"
    assert reason in verdict.attempts[-1].reason


def test_levels_are_raised_in_turn():
    levels = Levels.of(SIXTEEN, [1, 1])
    events = [*largest(WALSH, levels, free=[0, 1])]
    last = of(events, NullSpaceProperty)[-1]
    assert last.levels.sparsities == (7, 1)
    limits = {limit.level: limit for limit in of(events, Limit)}
    assert limits[0].refuted.levels.sparsities == (8, 1) and limits[1].refuted.levels.sparsities == (2, 2)
    for limit in limits.values():
        assert is_refuted_by(WALSH, limit.refuted.levels, limit.refuted.vector)
    only = [*largest(WALSH, levels, free=[1])]
    assert of(only, NullSpaceProperty)[-1].levels.sparsities == (1, 1)


def test_a_level_that_is_full_is_a_limit():
    events = [*largest(np.eye(2), Levels.of([2], [1]), free=[0])]
    assert of(events, NullSpaceProperty)[-1].levels.sparsities == (2,)
    assert of(events, Limit)[-1].levels is None


def test_a_method_that_refutes_has_no_largest_sparsity():
    with pytest.raises(UsageError, match="proves"):
        next(largest(np.eye(2), Levels.of([2], [1]), free=[0], method="refute"))


# the command


@pytest.fixture
def folder(tmp_path):
    np.save(tmp_path / "A.npy", gaussian(24, 32).to_float())
    np.save(tmp_path / "G.npy", gaussian(64, 128).to_float())
    return tmp_path


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as end:
        main(["nullspace", *map(str, arguments)])
    return end.value.code, *capsys.readouterr()


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.slow
def test_a_certificate_is_where_the_next_command_goes_on(capsys, folder):
    out, arguments = folder / "a.cert.json", (folder / "A.npy", "--sparsity", "1", "--method", "relaxation")
    assert run(capsys, *arguments, "--out", out)[0] == 0
    first = out.read_bytes()
    code, text, errors = run(capsys, *arguments, "--out", out)
    assert (code, errors, out.read_bytes()) == (0, "", first)
    assert f"nothing better was found than what {out} has" in text and "written" not in text
    code, text, errors = run(capsys, *arguments, "--out", out, "--improve")
    assert code == 0 and f"replaced: {out}" in text
    assert errors.count(f"; {out}") > 1
    assert is_better(read_null_space(out.read_bytes()), read_null_space(first)) and accepted(out.read_bytes())
    best = out.read_bytes()
    assert run(capsys, *arguments, "--out", out, "--improve")[0] == 0 and out.read_bytes() == best
    code, text, _ = run(capsys, folder / "A.npy", "--sparsity", "max", "--out", out, "--budget", "0.001")
    assert code == 0 and out.read_bytes() == best  # it is known that 1 is certified
    assert names(folder) == ["A.npy", "G.npy", "a.cert.json"]


@pytest.mark.slow_but("weights")
@pytest.mark.parametrize("change", ["matrix", "sparsity", "weights", "rho"])
def test_a_certificate_of_something_else_is_replaced_by_the_first_proof(capsys, folder, change):
    out = folder / "a.cert.json"
    arguments = [folder / "A.npy", "--levels", "16,32", "--sparsity", "1,1", "--out", out]
    assert run(capsys, *arguments)[0] == 0
    before = read_null_space(out.read_bytes())
    if change == "matrix":
        np.save(folder / "A.npy", gaussian(24, 32, seed=1).to_float())
    elif change == "sparsity":
        arguments[4] = "1,2"
    else:
        arguments += ["--weights", "1/2,1"] if change == "weights" else ["--max-rho", str(before.rho)]
    code, text, _ = run(capsys, *arguments)
    assert code == 0 and f"replaced: {out}" in text
    after = read_null_space(out.read_bytes())
    assert after.matrix != before.matrix or after.levels != before.levels or after.rho < before.rho


@pytest.mark.slow
def test_the_largest_sparsity_and_what_bounds_it(capsys, folder):
    out, limit = folder / "a.cert.json", folder / "l.cert.json"
    code, text, errors = run(capsys, folder / "A.npy", "--sparsity", "max", "--method", "relaxation", "--out", out)
    assert code == 0 and read_null_space(out.read_bytes()).levels.sparsities == (3,)
    assert "sparsity 4 is not certified (relaxation: " in text and "refutes nothing" in text
    np.save(folder / "B.npy", gaussian(8, 12).to_float())
    arguments = (folder / "B.npy", "--sparsity", "max", "--out", out, "--limit-out", limit)
    code, text, errors = run(capsys, *arguments, "--json")
    answer = json.loads(text)
    data = answer["result"]
    assert (code, errors, answer["verdict"]) == (0, "", "certified")
    [bound] = data["limits"]
    assert bound["level"] == 1 and data["sparsity"][0] < bound["refuted"][0]
    assert accepted(out.read_bytes()) and accepted(limit.read_bytes()) and b'"null-space-refuted"' in limit.read_bytes()
    assert {a["method"] for a in bound["attempts"]} == {"coherence", "relaxation", "refute", "exhaustive"} - (
        {"exhaustive"} if bound["refuted"] == bound["not_certified"] else set()
    )


def test_a_budget_that_is_too_short_says_so(capsys, folder):
    code, text, _ = run(
        capsys, folder / "A.npy", "--sparsity", "1", "--budget", "1e-9", "--out", folder / "a.cert.json"
    )
    assert code == 3 and "the time is over" in text and names(folder) == ["A.npy", "G.npy"]


def test_an_interrupt_says_what_is_kept(capsys, folder, monkeypatch):
    """The same as with a real signal, below, without other processes."""

    def interrupted(work, *, seconds):
        yield from (event for event in work() if not isinstance(event, Attempt))
        raise KeyboardInterrupt

    monkeypatch.setattr("firenet_exact.commands.nullspace.aside", interrupted)
    out, arguments = folder / "a.cert.json", (folder / "A.npy", "--sparsity", "1", "--out", folder / "a.cert.json")
    code, text, errors = run(capsys, *arguments)
    assert (code, text) == (130, "") and accepted(out.read_bytes())
    assert "kept: certified by coherence, sparsity 1: ρ <= " in errors and f"; {out}\n" in errors
    code, _, errors = run(capsys, *arguments[:2], "4", "--method", "coherence")
    assert code == 130 and "nothing was proved yet, so no file was written" in errors
    code, _, errors = run(capsys, *arguments[:2], "1", "--method", "relaxation")
    assert code == 130 and "not in a file" in errors
    assert names(folder) == ["A.npy", "G.npy", "a.cert.json"]


PROGRAM = (
    "import signal, sys\n"
    "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # also where the tests run in the background
    f"sys.path[:] = {sys.path!r}\n"
    "from firenet_exact.commands.app import main\n"
    "main()"
)


def started(folder, *arguments):
    command, pipe = [sys.executable, "-c", PROGRAM, "nullspace", *arguments], subprocess.PIPE
    return subprocess.Popen(command, cwd=folder, stdout=pipe, stderr=pipe, text=True)


def children(process):
    """The processes that a process started."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [line.split() for line in listed.splitlines()]
    return [int(pid) for pid, parent in pairs if int(parent) == process.pid]


def until(condition):
    while not condition():
        time.sleep(0.02)


def is_there(pid):
    listed = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(listed.strip()) and not listed.startswith("Z")


@pytest.mark.slow
def test_an_interrupt_keeps_what_is_proved(folder):
    out = folder / "a.cert.json"
    process = started(folder, "G.npy", "--sparsity", "2", "--improve", "--out", "a.cert.json")
    until(lambda: out.exists() or process.poll() is not None)
    [child] = children(process)
    process.send_signal(signal.SIGINT)
    text, errors = process.communicate()
    assert (process.returncode, text) == (130, "")
    lines = errors.splitlines()
    assert lines[-1] == "firenet-exact: interrupted"
    assert lines[-2].startswith("firenet-exact: kept: certified by relaxation, sparsity 2: ρ <= ")
    assert lines[-2].endswith("; a.cert.json")
    assert verify_bytes(out.read_bytes()).verdict == "valid"
    assert names(folder) == ["A.npy", "G.npy", "a.cert.json"] and not is_there(child)


@pytest.mark.slow
def test_an_interrupt_before_a_proof_leaves_nothing(folder):
    process = started(folder, "G.npy", "--sparsity", "5", "--out", "a.cert.json")
    until(lambda: children(process))
    [child] = children(process)
    process.send_signal(signal.SIGINT)
    text, errors = process.communicate()
    assert (process.returncode, text) == (130, "")
    assert "nothing was proved yet" in errors and "Traceback" not in errors
    assert names(folder) == ["A.npy", "G.npy"]
    until(lambda: not is_there(child))


@pytest.mark.slow
def test_an_interrupt_keeps_the_ledger_and_the_next_command_goes_on(folder):
    np.save(folder / "M.npy", gaussian(40, 44).to_float())
    first = rows_after_an_interrupt(folder, more_than=0)
    assert rows_after_an_interrupt(folder, more_than=first) > first > 0


def rows_after_an_interrupt(folder, *, more_than):
    path = folder / "rows.npz"
    process = started(folder, "M.npy", "--sparsity", "2", "--method", "exhaustive", "--ledger", "rows.npz")
    until(lambda: process.poll() is not None or (path.exists() and rows_in(path) > more_than))
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    assert process.returncode == 130, errors
    assert names(folder) == ["A.npy", "G.npy", "M.npy", "rows.npz"]
    return rows_in(path)


def rows_in(path):
    with open(path, "rb") as file, np.load(file) as archive:
        return len(archive.files) - 1


@pytest.mark.slow
def test_the_search_ends_with_the_command_that_is_killed(folder):
    process = started(folder, "G.npy", "--sparsity", "2", "--improve", "--out", "a.cert.json")
    until((folder / "a.cert.json").exists)
    [child] = children(process)
    process.kill()
    process.communicate()
    until(lambda: not is_there(child))
    assert accepted((folder / "a.cert.json").read_bytes())


@pytest.mark.slow
def test_a_terminal_shows_the_method_the_best_and_the_time_that_is_left(folder):
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "nullspace", "G.npy", "--sparsity", "1", "--budget", "6"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env=os.environ | {"COLUMNS": "160", "TERM": "xterm"},
    )
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # Linux says so at the end
        while part := os.read(ours, 1 << 16):
            shown += part
    os.close(ours)
    text = shown.decode()
    assert process.wait() == 0
    assert "relaxation, sparsity 1" in text and "s left" in text and "nothing proved yet" in text
    assert re.search(r"C2 <= 2\.[0-9]+;", text)  # which one depends on the time that there was

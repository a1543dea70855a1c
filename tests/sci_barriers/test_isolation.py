"""Whatever a solver does to its process, the game goes on and says what it was."""

import contextlib
import gc
import json
import os
import re
import resource
import signal
import subprocess
import sys
import time

import pytest
from flint import fmpq

from exact_base.scalars import ComplexNumber
from exact_base.text import (
    number_from_text,
    number_to_text,
    vector_from_text,
    vector_to_text,
)
from proofs_checks.certificate.reading import parse
from proofs_checks.checker import verify_path
from sci_barriers import (
    DataError,
    IsolatedCandidate,
    Limits,
    OmegaClass,
    UsageError,
    challenge,
    load_candidate,
)
from sci_barriers.certificates.barrier import barrier_certificate
from sci_barriers.data.structured import CommonOracle
from sci_barriers.games.game import play_control, play_game
from sci_barriers.games.recorded import read_recorded
from sci_barriers.games.replay import replay
from sci_barriers.isolation.reader import Reader, read_run
from sci_barriers.isolation.wire import MAX_MESSAGE, Frames, pack
from sci_barriers.isolation.worker import _limit_memory
from sci_barriers.omega.known import known_of
from sci_barriers.players.running import STATUSES, one_line

READERS = {"alarmed", "fork_reads", "read_for_ever", "refused_for_ever", "thread_reads_on", "too_fine", "too_much"}
OMEGA = OmegaClass.create("lasso", digits=3, rows=2, columns=3)
SHORT = Limits(seconds=2)

BAD = r"""
import ctypes, os, signal, subprocess, sys, threading, time, warnings
import numpy as np
from sci_barriers import sequential_algorithm
from exact_base.rationals import sqrt_ceiling

C = ctypes.CDLL(None)
calls = 0

def fine(A, y, lam): return np.zeros(A.shape[1])

def hang(A, y, lam):
    while True: pass

def hang_in_c(A, y, lam):
    for s in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP): signal.signal(s, signal.SIG_IGN)
    print("going to sleep")
    ctypes.PyDLL(None).sleep(100)      # holds the interpreter lock

def stop(A, y, lam): os.kill(os.getpid(), signal.SIGSTOP)

@sequential_algorithm
def read_for_ever(data):
    while True: data.read(60)

@sequential_algorithm
def refused_for_ever(data):
    while True:
        try: data.read(0)
        except Exception: pass

@sequential_algorithm
def too_fine(data): return data.read(10**12).point

@sequential_algorithm
def too_much(data):
    for n in range(400_000, 10**6): data.read(n)

def child_holds_the_pipes(A, y, lam):
    if os.fork() == 0:
        time.sleep(100)
    os._exit(0)

def child_holds_the_pipes_and_hang(A, y, lam):
    subprocess.Popen([sys.executable, "-c", "import time; print('x', flush=True); time.sleep(100)"])
    time.sleep(100)

def daemon(A, y, lam):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0: time.sleep(100)
        os._exit(0)
    os.wait()
    return fine(A, y, lam)

def daemon_and_die(A, y, lam):
    daemon(A, y, lam)
    os._exit(0)

def fork_comes_back(A, y, lam):
    os.fork()
    return fine(A, y, lam)

def flood(A, y, lam):
    block = b"noise " * 10_000 + b"\n"
    for _ in range(850):
        os.write(1, block); os.write(2, block)
    C.puts(b"the end")
    return fine(A, y, lam)

def close_output(A, y, lam):
    print("before")
    os.close(1)
    sys.stderr.close()
    return fine(A, y, lam)

def replace_output(A, y, lam):
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.stdout = None
    return fine(A, y, lam)

def close_all(A, y, lam):
    os.closerange(0, 4096)
    return fine(A, y, lam)

def close_all_and_stay(A, y, lam):
    os.closerange(0, 4096)
    time.sleep(100)

def nonsense(A, y, lam):
    for fd in range(3, 200):
        try: os.write(fd, b"\xff" * 100)
        except OSError: pass
    time.sleep(100)

def allocate(A, y, lam): return np.ones(10 * 2**30 // 8)[: A.shape[1]]

def ask_by_prompt(A, y, lam): return [float(input("x? ")) for _ in range(A.shape[1])]

def ask(A, y, lam):
    sys.stdin.read()
    return fine(A, y, lam)

def leave(A, y, lam): sys.exit(3)
def leave_at_once(A, y, lam): os._exit(0)
def abort(A, y, lam): os.abort()
def segfault(A, y, lam): ctypes.string_at(1)
def killed(A, y, lam): os.kill(os.getpid(), signal.SIGKILL)
def interrupt(A, y, lam): raise KeyboardInterrupt
def zero_division(A, y, lam): 1 / 0

def change_inputs(A, y, lam):
    A *= 2
    y[0] = 7
    return fine(A, y, lam)

def count_calls(A, y, lam):
    global calls
    calls += 1
    return np.full(A.shape[1], float(calls))

def process_number(A, y, lam): return np.full(A.shape[1], float(os.getpid()))
def seeded(A, y, lam): return np.random.rand(A.shape[1])

def thread(A, y, lam):
    threading.Thread(target=time.sleep, args=(100,)).start()
    return fine(A, y, lam)

@sequential_algorithm
def thread_reads_on(data):
    def loop():
        while True:
            try: data.read(7)
            except Exception: pass
            time.sleep(0.0001)
    threading.Thread(target=loop, daemon=True).start()
    return data.read(60).point

@sequential_algorithm
def fork_reads(data):
    if os.fork() == 0:
        try: data.read(5)
        except Exception: os._exit(0)
        os._exit(1)
    if os.wait()[1]: raise ValueError("a fork could read")
    return data.read(60).point

@sequential_algorithm
def alarmed(data):
    def ring(*_): raise TimeoutError
    signal.signal(signal.SIGALRM, ring)
    for n in range(1, 201):
        try:
            signal.setitimer(signal.ITIMER_REAL, 1e-5 * (n % 20 + 1))
            matrix = data.read(n).matrix
            c = sqrt_ceiling(matrix[0, 0] ** 2 + matrix[0, 1] ** 2, bits=n)
            if matrix[1, 2] != c: raise ValueError(f"another answer than that to n = {n}")
        except TimeoutError: pass
        finally: signal.setitimer(signal.ITIMER_REAL, 0)
    return data.read(300).point

def huge_vector(A, y, lam): return np.zeros(10**8)
def not_a_number(A, y, lam): return A[0] * float("nan")
def long_numbers(A, y, lam): return [1 / 3, 2**1_100_000, 0]
def recurse(A, y, lam): return recurse(A, y, lam)
def recurse_in_c(A, y, lam):
    sys.setrecursionlimit(10**9)
    nested = []
    for _ in range(10**5): nested = [nested]
    repr(nested)

class Hostile:
    dtype, shape = np.dtype(float), (3,)
    def __array__(self, *a, **k): raise SystemExit("no")
    def __len__(self): raise MemoryError("no")
    def __str__(self): raise RuntimeError
    __repr__ = __str__
def hostile(A, y, lam): return Hostile()

class HostileError(Exception):
    def __str__(self): raise KeyError("unprintable")
def hostile_error(A, y, lam): raise HostileError
def slow_array(A, y, lam):
    class Slow:
        dtype, shape = np.dtype(float), (3,)
        def __array__(self, *a, **k): time.sleep(100)
    return Slow()

def warn(A, y, lam):
    for i in range(100): warnings.warn(f"number {i}\n\x1b[31m\udc80")
    sys.stderr.write("careful \x1b[31m\n")
    os.write(2, b"\xff\xfe\n")
    return fine(A, y, lam)

class Reporting:
    last_status = {"status": "optimal_inaccurate", "iterations": 7}
    def __call__(self, A, y, lam): return fine(A, y, lam)
reporting = Reporting()
"""


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    folder = tmp_path_factory.mktemp("solvers")
    (folder / "bad.py").write_text(BAD)
    (folder / "hangs.py").write_text("while True: pass\n")
    (folder / "exits.py").write_text("import os; os._exit(0)\n")
    (folder / "leaves.py").write_text("import sys; sys.exit('good\\nbye')\n")
    (folder / "aborts.py").write_text("import os; os.abort()\n")
    (folder / "talks.py").write_text("print('hello')\ndef solve(A, y, lam):\n    return [0] * A.shape[1]\n")
    return folder


def descriptors():
    """What this process has open: numbers and what they are of, for others may close and a number return."""
    gc.collect()
    found = set()
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):  # the listing itself, which has ended
            found.add((name, os.readlink(f"/proc/self/fd/{name}")))
    return found


def children():
    """The children of this process, the ended ones included."""
    found = set()
    for name in filter(str.isdecimal, os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{name}/stat") as file:
            if int(file.read().rpartition(")")[2].split()[1]) == os.getpid():
                found.add(int(name))
    return found


@pytest.fixture(scope="module", autouse=True)
def small_collections():
    """Counting descriptors collects garbage twice for each test, which need not go over all that is imported."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def nothing_is_left():
    """No process of a worker survives the test, and no descriptor stays open; what other tests left is theirs."""
    before, others = descriptors(), children()
    yield
    assert _everything_marked() == []
    assert children() <= others
    assert descriptors() <= before


def _everything_marked():
    found = []
    for name in filter(str.isdecimal, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/environ", "rb") as file:
                ours = f"SCI_BARRIERS_TEST={os.getpid()}".encode() in file.read()
            if ours:
                with open(f"/proc/{name}/cmdline", "rb") as file:
                    found.append((name, file.read()))
        except OSError:
            pass
    return found


@pytest.fixture(autouse=True)
def recognisable(monkeypatch):
    """Everything a worker starts inherits this."""
    monkeypatch.setenv("SCI_BARRIERS_TEST", str(os.getpid()))


def isolated(directory, name, *, limits=SHORT, scaling="stated", **options):
    scaling = None if name in READERS else scaling
    return IsolatedCandidate(f"{directory}/bad.py:{name}", problem="lasso", scaling=scaling, limits=limits, **options)


def run_once(directory, name, **options):
    with isolated(directory, name, **options) as candidate:
        return play_game(candidate, OMEGA).play.run


# --- the same answers as without isolation ---------------------------------------------------------


@pytest.mark.slow_but("query-memoriser-sqrt-lasso", "stream-exact-bpdn")
@pytest.mark.parametrize(("name", "problem"), [("exact", "bpdn"), ("ista", "lasso"), ("memoriser", "sqrt-lasso")])
@pytest.mark.parametrize("access", ["query", "stream"])
def test_a_worker_answers_as_the_solver_does_here(name, problem, access):
    omega = OmegaClass.create(problem, digits=6, rows=3, columns=7, disguise=True)
    here = challenge(load_candidate(name, problem=problem), omega, access=access, precision=20)
    with IsolatedCandidate(name, problem=problem) as candidate:
        there = challenge(candidate, omega, access=access, precision=20)
        again = replay(read_recorded(barrier_certificate(here.game)), candidate)
    assert (candidate.name, candidate.versions) == (here.candidate.name, here.candidate.versions)
    assert again.verdict == "same"
    assert barrier_certificate(there.game) == barrier_certificate(here.game)
    assert there.control.verdict == here.control.verdict
    for one, other in zip(there.control.runs, here.control.runs, strict=True):
        assert (one.play.run.output == other.play.run.output).all()


# --- outcomes --------------------------------------------------------------------------------------

OUTCOMES = [
    ("hang", "timed out", "not done after 2 s"),
    ("hang_in_c", "timed out", "not done"),
    ("stop", "timed out", "not done"),
    ("read_for_ever", "timed out", "not done"),
    ("refused_for_ever", "timed out", "not done"),
    ("too_fine", "raised", "ProtocolError: precision 1000000000000 is beyond"),
    ("child_holds_the_pipes", "exited", "exit code 0"),
    ("child_holds_the_pipes_and_hang", "timed out", "not done"),
    ("daemon_and_die", "exited", "exit code 0"),
    ("close_all", "cut off", "closed its line"),
    ("close_all_and_stay", "cut off", "closed its line"),
    ("nonsense", "cut off", "no message"),
    ("leave", "exited", "SystemExit: 3"),
    ("leave_at_once", "exited", "exit code 0"),
    ("abort", "crashed", "SIGABRT"),
    ("segfault", "crashed", "SIGSEGV"),
    ("killed", "crashed", "SIGKILL"),
    ("recurse_in_c", "crashed|raised", "SIGSEGV|RecursionError"),
    ("interrupt", "raised", "KeyboardInterrupt"),
    ("zero_division", "raised", "ZeroDivisionError: division by zero"),
    ("recurse", "raised", "RecursionError"),
    ("hostile_error", "raised", "HostileError: a HostileError that raises KeyError when written"),
    ("ask_by_prompt", "raised", "EOFError"),
    ("huge_vector", "unusable", "length 3"),
    ("not_a_number", "unusable", "nan"),
    ("long_numbers", "unusable", "1048576 bits"),
    ("hostile", "unusable", "reading it raised|MemoryError"),
    ("slow_array", "timed out", "not done"),
]


# one for each status is fast enough for every day
EVERY_DAY = {"hang", "daemon_and_die", "nonsense", "abort", "zero_division", "not_a_number", "fine", "change_inputs"}


@pytest.mark.parametrize(
    ("name", "status", "failure"),
    [pytest.param(*case, id=case[0], marks=[] if case[0] in EVERY_DAY else pytest.mark.slow) for case in OUTCOMES],
)
def test_a_run_without_an_answer(directory, name, status, failure):
    limits = Limits(seconds=30) if name == "recurse_in_c" else SHORT  # that may take seconds
    with isolated(directory, name, limits=limits) as candidate:
        started = time.monotonic()
        game = play_game(candidate, OMEGA)
        seconds = time.monotonic() - started
        run = game.play.run
        assert re.fullmatch(status, run.status) and run.status in STATUSES
        assert re.search(failure, run.failure) and "\n" not in run.failure
        assert game.verdict == "undecided" and run.output is None
        assert seconds < limits.seconds + 20  # all that these do for ever ends
        if status == "timed out":
            assert SHORT.seconds <= run.seconds
        # the next run finds a worker again
        if name in ("abort", "leave", "leave_at_once"):
            assert play_control(candidate, OMEGA).first.play.run.status == run.status


NOTED = [
    ("fine", ()),
    ("daemon", ("it left child processes behind",)),
    ("fork_comes_back", ("it left child processes behind",)),
    ("flood", ("it printed more than 10 MiB",)),
    ("close_output", ("it closed or replaced standard output",)),
    ("replace_output", ("it closed or replaced standard output",)),
    ("ask", ("it read standard input, which is empty",)),
    ("change_inputs", ("it changed its input A", "it changed its input y")),
    ("thread", ("it left 1 thread running",)),
    ("thread_reads_on", ("it left 1 thread running",)),
    ("fork_reads", ()),
]


@pytest.mark.parametrize(
    ("name", "notes"),
    [pytest.param(*case, id=case[0], marks=[] if case[0] in EVERY_DAY else pytest.mark.slow) for case in NOTED],
)
def test_a_run_with_an_answer_and_notes(directory, name, notes):
    with isolated(directory, name, limits=Limits(seconds=10)) as candidate:
        result = challenge(candidate, OMEGA)
        for play in (result.control.first.play, result.game.play):
            assert play.run.status == "returned", play.run.failure
            if "reads" not in name:
                assert play.run.notes == notes
        assert result.game.verdict == "barrier"
        expected = {"flood": "the end\n", "close_output": "before\n"}.get(name, "")
        assert result.game.play.run.printed.endswith(expected) and len(result.game.play.run.printed) <= 2000


def test_a_signal_handler_that_raises_never_mixes_up_answers(directory):
    run = run_once(directory, "alarmed", limits=Limits(seconds=5))
    # the handler may raise anywhere, the line may even be lost, but no answer is taken for that to another question
    assert run.status == "returned" or "another answer" not in run.failure


@pytest.mark.slow
def test_reading_more_than_a_certificate_holds(directory):
    run = run_once(directory, "too_much", limits=Limits(seconds=30))
    assert run.status == "raised" and "more than a certificate holds" in run.failure


def test_memory(directory):
    with isolated(directory, "allocate", limits=Limits(seconds=10, memory_mib=1000)) as candidate:
        run = play_game(candidate, OMEGA).play.run
        assert run.status == "out of memory" and "MemoryError" in run.failure
    assert run_once(directory, "fine", limits=Limits(seconds=10, memory_mib=1000)).status == "returned"


def test_a_system_without_a_limit_of_memory_is_named(monkeypatch):
    def refuse(what, limits):
        raise ValueError("current limit exceeds maximum limit")

    monkeypatch.setattr(resource, "setrlimit", refuse)
    with pytest.raises(UsageError, match=r"the system refuses the memory limit \(current limit exceeds .*without one"):
        _limit_memory(1000)


@pytest.mark.slow
def test_state_between_runs(directory):
    def values(name, **options):
        with isolated(directory, name, **options) as candidate:
            result = challenge(candidate, OMEGA)
            return [play.run.output[0] for play in (result.control.first.play, result.game.play)], result.game.play.run

    assert values("count_calls")[0] == [1, 2]
    assert values("count_calls", fresh=True)[0] == [1, 1]
    pids, run = values("process_number", fresh=True, repeat=True)
    assert pids[0] != pids[1] and run.repeatable is False
    assert run.notes == ("run again on the same data in a new process: its answer differs",)
    pids, run = values("process_number")
    assert pids[0] == pids[1] and run.repeatable is None
    # the global generators are seeded before every run, so this counts as deterministic
    assert values("seeded", repeat=True)[1].repeatable is True
    assert run_once(directory, "zero_division", repeat=True).repeatable is None


def test_the_repetition_is_not_in_the_transcript(directory):
    with IsolatedCandidate("exact", problem="lasso", repeat=True) as candidate:
        game = play_game(candidate, OMEGA, access="stream", precision=9)
    assert game.play.run.repeatable is True and [read.n for read in game.play.transcript] == list(range(1, 10))


def test_warnings_are_capped_and_harmless(directory):
    run = run_once(directory, "warn")
    assert len(run.warnings) == 51 and run.warnings[-1] == "and 50 more"
    assert run.warnings[0] == "UserWarning: number 0 \ufffd[31m\ufffd"
    assert run.errors == "careful \ufffd[31m\n\ufffd\ufffd\n"
    assert not run.quiet


def test_what_an_adapter_reports(directory):
    run = run_once(directory, "reporting")
    assert run.reported == {"status": "optimal_inaccurate", "iterations": "7"} and not run.quiet


def test_a_worker_that_dies_between_runs_is_replaced(directory):
    with isolated(directory, "process_number") as candidate:
        pid = int(play_game(candidate, OMEGA).play.run.output[0].p)
        os.kill(pid, signal.SIGKILL)
        time.sleep(0.1)
        run = play_game(candidate, OMEGA).play.run
        assert run.status == "returned" and run.output[0] != pid


@pytest.mark.slow
def test_a_solver_that_cannot_be_loaded_again(directory, tmp_path):
    target = tmp_path / "once.py"
    target.write_text("import os\ndef solve(A, y, lam): os.abort()\n")
    with IsolatedCandidate(f"{target}:solve", problem="lasso", scaling="half") as candidate:
        target.unlink()
        result = challenge(candidate, OMEGA)
    assert result.control.first.play.run.status == "crashed"
    assert result.game.play.run.status == "not loaded" and "there is no file" in result.game.play.obstacle


@pytest.mark.slow
def test_a_repetition_that_cannot_be_loaded_keeps_the_answer(tmp_path):
    target = tmp_path / "once.py"
    target.write_text("def solve(A, y, lam): return [0, 0, 0]\n")
    with IsolatedCandidate(f"{target}:solve", problem="lasso", scaling="half", repeat=True) as candidate:
        target.unlink()
        run = play_game(candidate, OMEGA).play.run
    assert run.status == "returned" and run.repeatable is False and "there is no file" in run.notes[0]


@pytest.mark.slow
def test_many_workers_leave_nothing(directory):
    for _ in range(5):
        assert run_once(directory, "fine").status == "returned"
    abandoned = isolated(directory, "fine")
    del abandoned  # the fixture looks for what is left


# --- loading ---------------------------------------------------------------------------------------


@pytest.mark.slow_but("missing.py:solve-there is no file")
@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("hangs.py:solve", "cannot be loaded: it was not done after 1 s"),
        ("exits.py:solve", "cannot be loaded: it ended its process with exit code 0"),
        ("leaves.py:solve", "cannot be loaded: SystemExit: good bye"),
        ("aborts.py:solve", "cannot be loaded: it crashed: SIGABRT"),
        ("missing.py:solve", "there is no file"),
        ("bad.py:nobody", "no attribute 'nobody'"),
    ],
)
def test_what_cannot_be_loaded_is_said_in_one_line(directory, target, message):
    limits = Limits(seconds=1, load_seconds=1) if target.startswith("hangs") else SHORT
    with pytest.raises(UsageError, match=message) as caught:
        IsolatedCandidate(f"{directory}/{target}", problem="lasso", scaling="half", limits=limits)
    assert "\n" not in str(caught.value)


def test_nothing_of_the_solver_is_imported_here(directory):
    before = set(sys.modules)
    run_once(directory, "fine")
    assert set(sys.modules) == before


@pytest.mark.parametrize(
    "limits",
    [
        {"seconds": 0},
        {"seconds": float("nan")},
        {"seconds": float("inf")},
        {"load_seconds": 0},
        {"memory_mib": 0},
        {"output_mib": -1},
    ],
)
def test_limits_are_checked(limits):
    with pytest.raises(UsageError, match="limit must be"):
        Limits(**limits)


# --- the line --------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [fmpq(0), fmpq(-1), fmpq(10, 3), fmpq(-(2**70), 3)])
def test_numbers_survive(value):
    assert number_from_text(number_to_text(value)) == value
    vector = [value, fmpq(1), ComplexNumber(value, fmpq(1, 2))]
    assert vector_from_text(vector_to_text(vector), length=3).tolist() == vector


@pytest.mark.parametrize("text", ["", "1/0", "1/01", "g", "--1", "1/-1", "1/", 1, None, ["1"], "1 2", "+1", "1\n"])
def test_what_is_no_number(text):
    with pytest.raises(DataError):
        number_from_text(text)


@pytest.mark.parametrize("text", ["", "1", "1 2 3", "1  2", "1 2|", "1 |2", None])
def test_what_is_no_vector(text):
    with pytest.raises(DataError):
        vector_from_text(text, length=2)


@pytest.mark.parametrize(
    "body", [b"", b"1", b"[]", b"{", b"\xff", b"[" * 99_000, b"[" + b"1," * 100_001, b'{"a":' + b"9" * 5000 + b"}"]
)
def test_what_is_no_message(body):
    frames = Frames()
    frames.feed(len(body).to_bytes(8, "big") + body)
    with pytest.raises(DataError):
        frames.next()


def test_messages_arrive_in_any_pieces():
    frames = Frames()
    stream = pack({"a": "\udc80"}) + pack({"b": [1]})
    seen = []
    for i in range(len(stream)):
        frames.feed(stream[i : i + 1])
        while (message := frames.next()) is not None:
            seen.append(message)
    assert seen == [{"a": "\udc80"}, {"b": [1]}]
    frames.feed((MAX_MESSAGE + 1).to_bytes(8, "big"))
    with pytest.raises(DataError, match="too long"):
        frames.next()
    with pytest.raises(DataError, match="larger than"):
        pack({"a": "x" * MAX_MESSAGE})


GOOD = {"status": "returned", "failure": "", "output": "1 2", "warnings": [], "notes": [], "reported": {}}


@pytest.mark.parametrize(
    "change",
    [
        {"status": "fine"},
        {"status": ["returned"]},
        {"status": "raised"},
        {"output": None},
        {"output": "1"},
        {"warnings": "x"},
        {"reported": []},
    ],
)
def test_a_result_that_is_none(change):
    assert read_run({"result": GOOD}, columns=2).output.tolist() == [1, 2]
    with pytest.raises(DataError):
        read_run({"result": GOOD | change}, columns=2)
    with pytest.raises(DataError):
        read_run({}, columns=2)


def test_reads_are_answered_by_the_access_of_the_game():
    for access, good, bad in [
        ("query", [1, 5], [[2, 5], [1, 0], [1, True], ["1", 5], 7, [1]]),
        ("stream", [1, 1], [[1, 3]]),
    ]:
        from sci_barriers.data.training_data import open_access

        data = open_access(access, known_of(OMEGA), CommonOracle(OMEGA))
        reader = Reader(data)
        assert set(reader.answer(good)) == {"a", "c", "x"}
        for question in bad:
            assert "refused" in reader.answer(question)
        assert data.log == (tuple(good),)


def test_one_line_survives_anything():
    class Rude:
        def __str__(self):
            raise SystemExit

    assert one_line(Rude()) == "a Rude that raises SystemExit when written"
    assert one_line("a\n\x00b\udc80") == "a \ufffdb\ufffd"
    assert len(one_line("x" * 10**6)) == 300


# --- the command -----------------------------------------------------------------------------------

COMMAND = ("--problem", "lasso", "--digits", "3", "--size", "2", "3", "--scaling", "stated")


@pytest.fixture
def here(directory, empty_directory):
    os.symlink(directory / "bad.py", "bad.py")
    for name in ("hangs", "talks"):
        os.symlink(directory / f"{name}.py", f"{name}.py")


@pytest.mark.slow
def test_bad_solvers_do_not_hide_the_good(here, call):
    solvers = ("bad.py:hang", "bad.py:abort", "bad.py:flood", "talks:solve", "exact")
    code, out, err = call("challenge", *solvers, *COMMAND, "--time-limit", "1.5", "--out", "b", "--json")
    assert code == 3 and err == "" and out.count("\n") == 1
    results = {result["solver"]: result for result in json.loads(out)["result"]["results"]}
    statuses = [results[name]["game"]["status"] for name in solvers]
    assert statuses == ["timed out", "crashed", "returned", "returned", "returned"]
    assert [results[name]["silent"] for name in solvers] == [False, False, False, True, True]
    assert verify_path("b", time_limit=60).verdict == "valid"


@pytest.mark.slow
def test_the_table_says_who_was_silent_and_why_not(here, call):
    code, out, _ = call("challenge", "exact", "bad.py:change_inputs", "bad.py:abort", *COMMAND, "--out", "b")
    assert code == 3 and "silent" in out
    assert "bad.py:change_inputs, game: it changed its input A" in out
    assert "bad.py:abort, control: it crashed: SIGABRT" in out


@pytest.mark.slow
def test_everything_goes_into_the_provenance(here, call):
    options = ("--fresh", "--repeat", "--memory-limit", "4000", "--time-limit", "9")
    assert call("challenge", "bad.py:warn", *COMMAND, *options, "--out", "x.cert.json")[0] == 0
    with open("x.cert.json", "rb") as file:
        provenance = parse(file.read()).provenance
    assert provenance["isolation"] == "a new process for every run"
    assert (provenance["time limit"], provenance["memory limit"], provenance["seed"]) == ("9 s", "4000 MiB", "0")
    assert (provenance["status"], provenance["repeatable"]) == ("returned", "yes")
    assert provenance["warnings"].count("\n") == 50 and "careful" in provenance["standard error"]
    assert float(provenance["seconds"]) > 0
    assert call("replay", "x.cert.json", "bad.py:warn", "--scaling", "stated")[0] == 0
    code, out, _ = call("replay", "x.cert.json", "bad.py:hang", "--scaling", "stated", "--time-limit", "1", "--json")
    assert code == 3 and "not done after 1 s" in json.loads(out)["result"]["reason"]


def test_in_process(here, call):
    assert call("challenge", "talks.py:solve", *COMMAND, "--in-process", "--out", "x.cert.json")[0] == 0
    assert call("replay", "x.cert.json", "talks.py:solve", "--scaling", "stated", "--in-process")[0] == 0
    for option in (("--fresh",), ("--repeat",), ("--time-limit", "3"), ("--memory-limit", "3")):
        code, _, err = call("challenge", "talks.py:solve", *COMMAND, "--in-process", *option)
        assert code == 2 and "--in-process" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("talks.py:solve", "--time-limit", "0"), "time limit must be"),
        (("talks.py:solve", "--memory-limit", "0"), "memory limit must be"),
    ],
)
def test_usage_errors(here, call, arguments, message):
    code, out, err = call("challenge", *arguments, *COMMAND)
    assert code == 2 and out == "" and err.count("\n") == 1 and message in err


def _heed_interrupts():
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.slow_but("2")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_game_takes_its_workers_along(here, how):
    command = [sys.executable, "-m", "sci_barriers", "challenge", "bad.py:hang_in_c", *COMMAND]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    # a suite that runs in the background ignores interrupts, and so would the game
    with subprocess.Popen(command, **streams, env=environment, preexec_fn=_heed_interrupts) as process:
        deadline = time.monotonic() + 30
        while len(_everything_marked()) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(1)  # the worker has begun to load or to hang
        process.send_signal(how)
        out, err = process.communicate(timeout=60)
    assert out == b""
    if how == signal.SIGINT:
        assert process.returncode == 130 and err == b"sci-barriers: interrupted\n"
    deadline = time.monotonic() + 5
    while _everything_marked() and time.monotonic() < deadline:
        time.sleep(0.02)

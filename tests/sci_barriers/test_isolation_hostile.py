"""A worker may say and do anything: the record is what the game has answered, and in the end nothing of it is left."""

import contextlib
import json
import os
import subprocess
import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exact_base.text import number_from_text, vector_from_text
from proofs_checks.checker import verify_bytes
from sci_barriers import DataError, IsolatedCandidate, Limits, OmegaClass, SolverError, play_budget
from sci_barriers.certificates.randomised import randomised_certificate
from sci_barriers.data.structured import CommonOracle
from sci_barriers.data.training_data import open_access
from sci_barriers.games.game import play_game
from sci_barriers.isolation import process
from sci_barriers.isolation.reader import Reader
from sci_barriers.isolation.tapes import IsolatedRandomised
from sci_barriers.isolation.wire import pack
from sci_barriers.omega.known import known_of
from sci_barriers.players.running import STATUSES
from sci_barriers.randomised.game import enumerate_tapes, sample_tapes
from sci_barriers.randomised.tapes import Tree, TreeTape

OMEGA = OmegaClass.create("lasso", digits=3, rows=2, columns=3)
WEAK = OmegaClass.create("lasso", digits=3, rows=2, columns=3, family="weak")

BAD = r"""
import ctypes, gc, os, signal, subprocess, sys, time
import numpy as np
from sci_barriers import randomised_algorithm, sequential_algorithm
from exact_base.scalars import zeros

FOUND = os.environ["FOUND"]      # where the processes write their numbers

def line(): return next(o for o in gc.get_objects() if type(o).__name__ == "_Line")

def guess(data, i=0):
    point = zeros(data.known.columns)
    point[i] = data.known.omega.height(data.known.omega.base)
    return point

def note():
    with open(os.path.join(FOUND, str(os.getpid())), "w"): pass

def hidden(depth):
    '''A daemon without environment and descriptors, in a session of its own.'''
    for level in range(depth):
        if os.fork():
            if level == 0: return
            os._exit(0)
        os.setsid()
    note()
    program = "import os, time; os.closerange(0, 256); time.sleep(300)"
    os.execve(sys.executable, [sys.executable, "-I", "-S", "-c", program], {})

def leave_daemons():
    for depth in (1, 2, 3): hidden(depth)
    time.sleep(0.3)

@sequential_algorithm
def daemons(data):
    leave_daemons()
    return guess(data)

@sequential_algorithm
def daemons_and_die(data):
    leave_daemons()
    os._exit(5)

@sequential_algorithm
def daemons_and_hang(data):
    leave_daemons()
    time.sleep(300)

@sequential_algorithm
def kills_its_group(data):
    leave_daemons()
    os.killpg(0, signal.SIGKILL)

@sequential_algorithm
def kills_its_parent(data):
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(300)

@sequential_algorithm
def stops_its_parent(data):
    os.kill(os.getppid(), signal.SIGSTOP)
    os._exit(0)

@sequential_algorithm
def many(data):
    for _ in range(60):
        if os.fork() == 0:
            note()
            os.setsid()
            if os.fork() == 0: note()
            time.sleep(300)
    time.sleep(0.3)
    return guess(data)

# --- what is said on the line ---

@randomised_algorithm
def clears_its_log(data, tape):
    for n in range(1, 41): data.read_to(n)
    for name in ("_log", "log"):
        try: getattr(data, name).clear()
        except Exception: pass
    data.max_precision = 0
    return guess(data, tape.bit())

@randomised_algorithm
def lifts_its_limits(data, tape):
    data.limit = data.finest = None
    for n in range(1, 41): data.read_to(n)
    return guess(data, tape.bit())

@randomised_algorithm
def lifts_the_end_of_its_tape(data, tape):
    tape.length = 10**9
    for _ in range(40): tape.bit()
    return guess(data, 0)

def said(*messages, ever=False):
    def solve(data, tape):
        while True:
            for message in messages: line().send(message)
            if not ever: return guess(data, 0)
    return randomised_algorithm(solve)

done = {"result": {"status": "returned", "failure": "", "output": "0 0 0", "warnings": [], "notes": [], "reported": {}}}
leaf = {"leaf": {"reads": [], "answer": "0 0 0", "stopped": False, "status": "returned", "failure": ""}}
leaves = said(leaf, ever=True)
results = said(done, done, done, done)
draws = said({"drew": [0]}, ever=True)
many_draws = said({"drew": [0, 1, 1]}, ever=True)
far_draw = said({"drew": [7, 1, 1]})
no_draw = said({"drew": [0, 0, 5]})
no_weights = said({"drew": "x"})
empty = said({})
two = said({"read": [1, 1], "drew": [0]})
loaded = said({"loaded": {}})
unnumbered = said({"read": [1, 1]}, ever=True)
no_answer = said({"result": {**done["result"], "output": "1/" + "1" * 32000 + "g 0 0"}})
long_answer = said({"result": {**done["result"], "output": "1/" + "1" * 2**21 + " 0 0"}})

@randomised_algorithm
def never_waits(data, tape):
    while True: line().send({"read": [1, 900_000], "number": 0})

@randomised_algorithm
def another_order(data, tape):
    line()._order += 1
    return guess(data, 0)
"""


@pytest.fixture(scope="module")
def bad(tmp_path_factory):
    path = tmp_path_factory.mktemp("hostile") / "bad.py"
    path.write_text(BAD)
    return path


@pytest.fixture
def found(tmp_path, monkeypatch):
    """Where the processes of a solver write their numbers; none of them is there after the test."""
    monkeypatch.setenv("FOUND", str(tmp_path))
    yield tmp_path
    assert running(tmp_path) == []


def running(folder):
    """The processes noted there that are still running; zombies are not."""
    left = []
    for name in filter(str.isdecimal, os.listdir(folder)):
        with contextlib.suppress(OSError), open(f"/proc/{name}/stat") as file:
            if file.read().rpartition(")")[2].split()[0] != "Z":
                left.append(int(name))
    return left


# --- processes -------------------------------------------------------------------------------------

PROCESSES = [
    ("daemons_and_die", "exited", 3),
    ("daemons", "returned", 3),
    ("daemons_and_hang", "timed out", 3),
    ("kills_its_group", "crashed", 3),
    ("kills_its_parent", "crashed", 0),
    ("many", "returned", 120),
]


@pytest.mark.parametrize(
    ("name", "status", "least"),
    [pytest.param(*case, id=case[0], marks=[pytest.mark.slow] if i else []) for i, case in enumerate(PROCESSES)],
)
def test_nothing_a_solver_has_started_is_left(bad, found, name, status, least):
    """Be it without environment, in a session of its own, without descriptors, and with another parent."""
    limits = Limits(seconds=4)
    with IsolatedCandidate(f"{bad}:{name}", problem="lasso", limits=limits) as candidate:
        run = play_game(candidate, OMEGA).play.run
        assert run.status == status, run.failure
        noted = list(filter(str.isdecimal, os.listdir(found)))
        assert len(noted) >= least
        if status == "returned":
            assert "it left child processes behind" in run.notes and running(found)
        else:  # they are gone with the worker, before the outcome is known
            assert running(found) == []


@pytest.mark.slow
def test_a_stopped_supervisor_is_ended_too(bad, found, monkeypatch):
    monkeypatch.setattr(process, "_PATIENCE", 1.0)
    with IsolatedCandidate(f"{bad}:stops_its_parent", problem="lasso", limits=Limits(seconds=4)) as candidate:
        run = play_game(candidate, OMEGA).play.run
    assert run.status in ("cut off", "timed out")


@pytest.mark.slow
def test_a_killed_game_leaves_nothing(bad, found):
    program = (
        "from sci_barriers import *; from sci_barriers.games.game import play_game; "
        f"play_game(IsolatedCandidate({str(bad)!r} + ':daemons_and_hang', problem='lasso'), "
        "OmegaClass.create('lasso', digits=3, rows=2, columns=3))"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", program], env=environment) as game:
        deadline = time.monotonic() + 60
        while game.poll() is None and len(running(found)) < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(running(found)) == 3
        game.kill()
    deadline = time.monotonic() + 30
    while running(found) and time.monotonic() < deadline:
        time.sleep(0.02)


# --- what is said ----------------------------------------------------------------------------------


def isolated(bad, name, seconds=4.0):
    return IsolatedRandomised(f"{bad}:{name}", problem="lasso", limits=Limits(seconds=seconds))


def test_what_a_run_has_read_is_what_the_game_has_answered(bad, found):
    with isolated(bad, "clears_its_log", seconds=20) as player:
        result = enumerate_tapes(player, OMEGA)
        over = enumerate_tapes(player, WEAK, budget=7)
    assert result.verdict == "barrier" and result.exponent == 40
    assert [outcome.reads for outcome in result.outcomes] == [tuple(range(1, 41))] * 2
    report = verify_bytes(randomised_certificate(result))
    assert report.verdict == "valid" and "after reading nothing" not in str(report.statement)
    assert over.over_budget == 1 and [outcome.reads for outcome in over.outcomes] == [tuple(range(1, 9))]


def test_the_limits_are_those_of_the_game(bad, found):
    with isolated(bad, "lifts_its_limits", seconds=20) as player:
        assert enumerate_tapes(player, WEAK, budget=3).over_budget == 1
        assert enumerate_tapes(player, OMEGA, max_reads=5).unhalted == 1
        assert sample_tapes(player, OMEGA, seeds=3, exponent=9).unhalted == 1
    with isolated(bad, "lifts_the_end_of_its_tape", seconds=20) as player:
        assert enumerate_tapes(player, OMEGA, length=5, leaves=4).unhalted == 1


SAID = [
    ("leaves", "cut off", "out of turn"),
    ("no_answer", "cut off", "no proper answer"),
    ("draws", "timed out", "not done"),
    ("results", "returned|cut off", "out of turn"),
    ("many_draws", "cut off", "no message"),
    ("far_draw", "cut off", "no message"),
    ("no_draw", "cut off", "no message"),
    ("no_weights", "cut off", "no message"),
    ("empty", "cut off", "out of turn"),
    ("two", "cut off", "out of turn"),
    ("loaded", "cut off", "out of turn"),
    ("unnumbered", "timed out|cut off|stopped", "not done|did not wait|was stopped"),
    ("long_answer", "cut off", "no proper answer"),
    ("never_waits", "timed out|cut off|stopped", "not done|did not wait|was stopped"),
    ("another_order", "cut off", "out of turn"),
]


@pytest.mark.parametrize(
    ("name", "status", "failure"),
    [pytest.param(*case, id=case[0], marks=[pytest.mark.slow] if i > 1 else []) for i, case in enumerate(SAID)],
)
def test_what_is_said_out_of_turn_ends_the_run(bad, found, monkeypatch, name, status, failure):
    monkeypatch.setattr("sci_barriers.isolation.tapes.MAX_LOST", 2)
    with isolated(bad, name, seconds=2) as player:
        result = enumerate_tapes(player, OMEGA, length=4)
    assert 0 <= result.unhalted <= 1 and result.unhalted + sum(outcome.weight for outcome in result.outcomes) == 1
    assert result.runs <= 16
    if name != "results":  # which may be taken for the answer that it is
        assert result.verdict == "undecided" and result.reason
        assert any(word in " ".join(result.reasons) for word in failure.split("|")), result.reasons


# --- the line, without a solver --------------------------------------------------------------------

SCRIPT = """
import os, sys, time
line, leash, data = int(sys.argv[1]), int(sys.argv[2]), bytes.fromhex(sys.argv[3])
while data: data = data[os.write(line, data):]
os.close(line)
os.read(leash, 1)
"""

RESULT = {"status": "returned", "failure": "", "output": "0 0 0", "warnings": [], "notes": [], "reported": {}}

plain = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["1 2 3", "1/0"])
)
flat = plain | st.lists(plain, max_size=3) | st.dictionaries(st.text(max_size=5), plain, max_size=3)
values = flat | st.lists(flat, max_size=3)
results = st.fixed_dictionaries({name: st.just(value) | values for name, value in RESULT.items()})
bodies = st.fixed_dictionaries(
    {},
    optional={
        "order": st.just(1) | values,
        "number": st.just(1) | values,
        "read": st.just([1, 5]) | st.lists(st.integers(), max_size=3) | values,
        "drew": st.lists(st.integers(-1, 3), max_size=4) | values,
        "result": results | values,
        "loaded": values,
    },
)
frames = (
    bodies.map(lambda body: json.dumps(body).encode()).map(lambda body: len(body).to_bytes(8, "big") + body)
    | st.binary(max_size=40)
    | st.integers(0, 2**64 - 1).map(lambda length: length.to_bytes(8, "big"))
)


def answered(data):
    """What becomes of a run whose worker says this, whatever it is asked."""

    def start(line, leash):
        return subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", SCRIPT, str(line), str(leash), data.hex()],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0, pass_fds=(line, leash),
        )  # fmt: skip

    patch = pytest.MonkeyPatch()
    with patch.context() as changed:
        changed.setattr(process, "_start", start)
        changed.setattr(process, "_GRACE", 0.05)
        candidate = object.__new__(IsolatedRandomised)
        candidate._limits = Limits(seconds=10)
        access = open_access("query", known_of(OMEGA), CommonOracle(OMEGA))
        reader, tape, worker = Reader(access), TreeTape(Tree(), length=3), process.Worker()
        from sci_barriers.isolation.tapes import _drew

        run = candidate._run(worker, reader, {"read": reader.answer, "drew": _drew(tape)})
        worker.kill()
    return run, access


@settings(suppress_health_check=list(HealthCheck), max_examples=12)
@given(st.lists(frames, max_size=4).map(b"".join))
def test_whatever_is_on_the_line_the_run_has_an_outcome(data):
    run, access = answered(data)
    assert run.status in STATUSES and (run.output is None) == (run.status != "returned")
    assert "\n" not in run.failure and all(k == 1 and n >= 1 for k, n in access.log)


@pytest.mark.slow
@settings(suppress_health_check=list(HealthCheck), max_examples=300)
@given(st.lists(frames, max_size=6).map(b"".join), st.integers(0, 60))
def test_whatever_is_on_the_line_cut_off_anywhere(data, cut):
    run, _ = answered(data[: max(len(data) - cut, 0)])
    assert run.status in STATUSES and (run.output is None) == (run.status != "returned")


def test_a_number_that_is_none_is_not_sent_back():
    """Nested so deeply that it can just be read, it cannot be written."""
    for depth in (1, 100, 980):
        body = b'{"order":1,"number":%s%s,"read":[1,5]}' % (b"[" * depth, b"]" * depth)
        run, access = answered(len(body).to_bytes(8, "big") + body)
        assert run.status == "cut off" and run.output is None and access.log == ()


def test_a_proper_reply_is_taken():
    """The harness above can see an answer."""
    read, reply = pack({"order": 1, "number": 1, "read": [1, 5]}), pack({"order": 1, "result": RESULT})
    run, access = answered(read + reply)
    assert run.status == "returned" and run.output.tolist() == [0, 0, 0] and access.log == ((1, 5),)
    run, _ = answered(reply[:-1])
    assert run.status == "cut off"


@pytest.mark.parametrize("text", ["1/" + "1" * 32000 + "g", "1/" + "0" * 10**6, "1" * 10**6 + "g", "1/" + "1" * 2**21])
def test_a_number_is_matched_in_linear_time(text):
    """A million characters, which take hours where time is quadratic."""
    with pytest.raises(DataError):
        number_from_text(text)
    with pytest.raises(DataError):
        vector_from_text(f"{text} 0", length=2)


def test_a_system_without_forks_is_named(monkeypatch):
    monkeypatch.delattr(os, "fork")
    with pytest.raises(SolverError, match="POSIX"):
        process.Worker()


def test_a_budget_is_kept_by_the_game(bad, found):
    with IsolatedCandidate("exact", problem="lasso", limits=Limits(seconds=20)) as candidate:
        result = play_budget(candidate, WEAK, budget=0)
    assert result.over_budget and len(result.play.transcript) == 1

"""A system that is not POSIX, imitated in a process of its own: what needs worker processes says so, all else works."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.usefixtures("empty_directory")

HIDDEN = """
import sys
for name in ("fcntl", "resource", "pwd", "grp", "termios"):
    sys.modules[name] = None
"""
NO_FORK = """
import os
del os.fork
"""
CLASS = ("--problem", "lasso", "--digits", "3", "--size", "2", "3")


def elsewhere(program, without=HIDDEN):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", without + program]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def command(*arguments, without=HIDDEN):
    return elsewhere(f"from sci_barriers.commands.app import main\nmain({list(arguments)!r})", without)


def test_every_name_of_the_faces_is_there():
    program = """
import sci_barriers, firenet_exact, proofs_checks, sci_barriers.isolation.tapes
for face in (sci_barriers, firenet_exact, proofs_checks):
    for name in face.__all__:
        getattr(face, name)
"""
    done = elsewhere(program)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize("without", [HIDDEN, NO_FORK])
def test_solvers_run_in_this_process(without):
    done = command("challenge", "exact", *CLASS, "--in-process", "--out", "x.cert.json", without=without)
    assert (done.returncode, done.stderr) == (0, "") and "barrier" in done.stdout
    done = command("doctor", without=without)
    assert done.returncode == 0 and "worker processes" in done.stdout and "needs a POSIX system" in done.stdout


@pytest.mark.slow_but("arguments0-without0")
@pytest.mark.parametrize("without", [HIDDEN, NO_FORK])
@pytest.mark.parametrize(
    "arguments",
    [
        ("challenge", "exact", *CLASS),
        ("budget", "exact", *CLASS, "--reads", "1"),
        ("randomised", "vertex", *CLASS),
        ("survey", "exact", *CLASS),
        ("theorem2", "--digits", "3", "--data", "1", "--size", "1", "2", "--out", "t"),
    ],
)
def test_what_needs_a_process_says_so_in_one_sentence(empty_directory, arguments, without):
    done = command(*arguments, without=without)
    assert (done.returncode, done.stdout) == (2, "")
    assert "needs a POSIX system" in done.stderr and done.stderr.count("\n") == 1
    assert list(empty_directory.iterdir()) == []


def test_a_worker_that_is_asked_for_from_python_says_so():
    program = """
from sci_barriers import IsolatedCandidate
from exact_base.errors import SolverError
try:
    IsolatedCandidate("exact", problem="lasso")
except SolverError as error:
    print(error)
"""
    done = elsewhere(program)
    assert done.stdout == "a process of a solver's own needs a POSIX system; run the solver in this process\n"

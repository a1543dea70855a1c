"""`check` that is interrupted, or whose budget ends, while it looks for data sets: what is proved by then is kept."""

import json
import subprocess
import sys

import numpy as np
import pytest

from proofs_checks.checker import verify_path
from sci_barriers import check
from sci_barriers.checks import data_sets

# each work of the name is begun, and interrupted by a real signal
PROGRAM = f"""
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # also where the tests run in the background
sys.path[:] = {sys.path!r}
from sci_barriers.checks import checking, data_sets, determined, enclosed_sets, penalised
from sci_barriers.commands.app import main
where, name = sys.argv.pop(1).split(":")
module = {{
    "data_sets": data_sets, "determined": determined, "penalised": penalised, "pairs": enclosed_sets.EnclosedPairs
}}[where]
begun = getattr(module, name)
def interrupted(*arguments, **options):
    os.kill(os.getpid(), signal.SIGINT)
    return begun(*arguments, **options)
setattr(module, name, interrupted)
main()
"""
X = np.array([[1.25, 1.3, 0], [0.5, 0.4, 3], [-1.5, -1.6, 1], [2.25, 2.2, 0], [0.25, 0.3, 2]])
Y = np.array([2.5, 0.125, -3, 4.5, 0.25])
LINE = "check X.npy y.npy --like half --lam 1/2 --x-precision 0.005 --digits 2"


@pytest.fixture
def files(empty_directory):
    np.save("X.npy", X)
    np.save("y.npy", Y)
    return empty_directory


def interrupted(folder, place, *more):
    command = [sys.executable, "-c", PROGRAM, place, *LINE.split(), *more]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "certificates"),
    [
        ("data_sets:smallest_change", {"coefficients", "determined", "pair", "pair-1", "pair-2"}),
        ("data_sets:estimated_scales", {"coefficients", "determined", "pair", "pair-1", "pair-2", "changed"}),
        ("data_sets:distant_pair", {"coefficients", "determined"}),
        ("determined:stable_scales", {"coefficients", "determined"}),
        ("determined:determine", {"coefficients"}),
    ],
)
def test_what_is_proved_is_written(files, place, certificates):
    run = interrupted(files, place, "--out", "bundle", "--html", "page.html", "--json")
    assert run.returncode == 130 and run.stderr == ""
    answer = json.loads(run.stdout)
    assert answer["result"]["determined"]["stopped"] == "interrupt"
    assert (answer["result"]["determined"]["apart"] is not None) == ("pair" in certificates)
    assert {path.name.removesuffix(".cert.json") for path in (files / "bundle").glob("*.cert.json")} >= certificates
    assert verify_path("bundle").verdict == "valid" and "interrupted" in (files / "page.html").read_text()


UNSQUARED = {
    "sqrt-lasso": "check X.npy y.npy --problem sqrt-lasso --lam 1/2 --x-precision 0.3 --y-precision 0.3 --digits 2",
    "bpdn": "check X.npy y.npy --problem bpdn --epsilon 3 --x-precision 0.3 --y-precision 0.3 --digits 2",
    "complex": "check Z.npy y.npy --like half --lam 1 --x-precision 0.005 --digits 2",
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "place"), [("sqrt-lasso", "differing"), ("bpdn", "differing"), ("complex", "distant")]
)
def test_what_is_proved_of_points_near_minimisers_is_written(files, name, place):
    np.save("Z.npy", X + 1j * X[::-1])
    command = [sys.executable, "-c", PROGRAM, f"pairs:{place}", *UNSQUARED[name].split(), "--out", "bundle", "--json"]
    run = subprocess.run(command, cwd=files, capture_output=True, text=True, check=False)
    assert run.returncode == 130 and run.stderr == "", run
    known = json.loads(run.stdout)["result"]["determined"]
    assert known["stopped"] == "interrupt" and (known["apart"] is not None) == (place == "differing")
    assert verify_path("bundle").verdict == "valid"


@pytest.mark.parametrize("name", UNSQUARED)
def test_the_budget_is_for_all_problems(call, files, name):
    np.save("Z.npy", X + 1j * X[::-1])
    for budget, stopped in (("1e-9", "budget"), ("inf", None)):
        code, out, err = call(*UNSQUARED[name].split(), "--budget", budget, "--json")
        assert (code in (0, 3), err) == (True, "")
        assert json.loads(out)["result"]["determined"]["stopped"] == stopped


@pytest.mark.slow
def test_it_is_said_in_one_line(files):
    run = interrupted(files, "data_sets:smallest_change", "--out", "bundle")
    assert run.returncode == 130 and "when it was interrupted" in run.stdout
    assert run.stderr == "sci-barriers: interrupted; what was proved by then is kept\n"
    assert interrupted(files, "data_sets:smallest_change", "--require", "barrier").returncode == 130


def test_before_the_precision_nothing_is_kept(files):
    run = interrupted(files, "penalised:minimise", "--out", "bundle")
    assert (run.returncode, run.stdout, run.stderr) == (130, "", "sci-barriers: interrupted\n")
    assert not (files / "bundle").exists()


def test_in_python_an_interrupt_is_raised(monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(data_sets, "smallest_change", stop)
    with pytest.raises(KeyboardInterrupt):
        check(None, X, Y, like="half", lam=0.5, x_precision=0.1)


def test_a_budget_ends_the_search_and_what_is_proved_is_valid(call, files):
    code, out, err = call(*LINE.split(), "--budget", "1e-9", "--out", "bundle", "--json")
    known = json.loads(out)["result"]["determined"]
    assert err == "" and code in (0, 3) and known["stopped"] == "budget" and known["support_changes_within"] is None
    assert verify_path("bundle").verdict == "valid"
    code, out, _ = call(*LINE.split(), "--budget", "inf", "--json")
    assert json.loads(out)["result"]["determined"]["stopped"] is None


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("--x-precision 0.1 --budget 0", "--budget must be positive"),
        ("--x-precision 0.1 --budget nan", "--budget must be positive"),
        ("--budget 5", "--budget is for --x-precision and --y-precision"),
    ],
)
def test_a_budget_that_cannot_be_is_one_line(call, files, more, said):
    code, out, err = call(*f"check X.npy y.npy --like half --lam 1/2 {more} --out bundle".split())
    assert (code, out) == (2, "") and said in err and err.count("\n") == 1 and not (files / "bundle").exists()

"""With a budget of M data: a wrong answer or more reads, whatever a candidate does; a run that is stopped stays so."""

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_base.rationals import power_of_ten
from exact_base.scalars import exact_array
from proofs_checks.checker import verify_bytes, verify_path
from sci_barriers import (
    Candidate,
    IsolatedCandidate,
    Limits,
    OmegaClass,
    UsageError,
    play_budget,
    sequential_algorithm,
)
from sci_barriers.certificates.budget import budget_certificate
from sci_barriers.solvers import REGISTRY

WEAK = OmegaClass.create("lasso", digits=3, rows=2, columns=3, family="weak")
SIZES = [(1, 2), (1, 5), (3, 4), (5, 9), (21, 22)]


def certified(result):
    """The result, after the checker has agreed."""
    assert result.verdict == "barrier" and result.reason == ""
    report = verify_bytes(budget_certificate(result))
    assert report.verdict == "valid", report.reason
    count = len(result.play.transcript)
    assert count == result.budget + 1 if result.over_budget else count <= result.budget
    return result


@pytest.mark.parametrize("problem", ["bpdn", "lasso", "sqrt-lasso"])
@pytest.mark.parametrize("digits", [3, 4, 6, 12])
@pytest.mark.parametrize("size", SIZES)
def test_everywhere(problem, digits, size):
    omega = OmegaClass.create(problem, digits=digits, rows=size[0], columns=size[1], family="weak", disguise=True)
    candidate = REGISTRY["exact"].candidate(problem)
    answered = certified(play_budget(candidate, omega, budget=7))
    assert not answered.over_budget and answered.exponent == 60
    member = omega.member(i=answered.index, q=answered.exponent)
    # by definition: the member's only minimiser is further than 10^-(K-1) away
    assert answered.distance2 == member.distance2(answered.play.run.output) > power_of_ten(-2 * (digits - 1))
    over = certified(play_budget(candidate, omega, budget=7, access="stream"))
    assert over.over_budget and over.exponent == max(8, omega.q0)


def test_many_ties():
    omega = OmegaClass.create("sqrt-lasso", digits=4, rows=2, columns=65, family="weak")
    assert omega.ties == 64
    certified(play_budget(REGISTRY["exact"].candidate("sqrt-lasso"), omega, budget=1))


@given(st.lists(st.integers(1, 40), max_size=6), st.integers(0, 6), st.integers(-3, 3), st.booleans())
def test_no_answer_and_no_reading_escapes(precisions, budget, scale, answers):
    """Any reads, any budget, any answer: what is certified is which of the two it was."""

    @sequential_algorithm
    def algorithm(data):
        for n in precisions:
            data.read(n)
        if not answers:
            raise ValueError("no answer")
        return exact_array([scale, 1, 0]) / 100

    result = play_budget(Candidate("any", algorithm), WEAK, budget=budget)
    if len(precisions) > budget:
        assert certified(result).over_budget
        assert [read.n for read in result.play.transcript] == precisions[: budget + 1]
        assert result.exponent == max([WEAK.q0, *precisions[: budget + 1]])
        assert result.play.run.status == "stopped"
    elif answers:
        assert not certified(result).over_budget
    else:
        assert result.verdict == "undecided" and "ValueError" in result.reason
        with pytest.raises(UsageError, match="ValueError"):
            budget_certificate(result)


def test_nothing_need_be_read():
    nothing = Candidate("nothing", sequential_algorithm(lambda data: data.known.omega.tie().centroid()))
    for budget in (0, 1, 10**6):
        result = certified(play_budget(nothing, WEAK, budget=budget))
        assert result.play.transcript == () and result.exponent == WEAK.q0


@pytest.mark.parametrize("budget", [-1, 10**6 + 1, 2.0, True, "7"])
def test_the_budget_is_checked(budget):
    with pytest.raises(UsageError, match="budget of data"):
        play_budget(REGISTRY["exact"].candidate("lasso"), WEAK, budget=budget)


def test_the_strong_family_has_no_budget():
    with pytest.raises(UsageError, match="weak family"):
        play_budget(
            REGISTRY["exact"].candidate("lasso"), OmegaClass.create("lasso", digits=3, rows=2, columns=3), budget=1
        )


# --- candidates that misbehave, here and in their own process ------------------------------------------

BAD = """
import numpy as np, threading, time
from sci_barriers import sequential_algorithm

calls = 0
got = []

@sequential_algorithm
def catches(data):
    got.clear()
    for n in range(1, 20):
        try: got.append(data.read(n).n)
        except BaseException: pass
    return [0, 0, len(got)]

@sequential_algorithm
def never_ends(data):
    while True:
        try: data.read(5)
        except BaseException: pass

@sequential_algorithm
def cleans_up(data):
    try:
        while True: data.read(5)
    finally: print("tidied")

@sequential_algorithm
def asks_for_zero(data): return data.read(0).point

@sequential_algorithm
def asks_for_zero_and_goes_on(data):
    for n in (0, -3, 2.5, None):
        try: data.read(n)
        except Exception: pass
    return data.read(4).point

@sequential_algorithm
def asks_for_too_much(data): return data.read(10**7).point

@sequential_algorithm
def changes_the_data(data):
    triple = data.read(4)
    triple.matrix[0, 0] = 0
    return triple.point

@sequential_algorithm
def changes_the_point(data):
    triple = data.read(4)
    triple.point[:] = 0
    return triple.point

@sequential_algorithm
def keeps_state(data):
    global calls
    calls += 1
    return [calls, 0, 0]

@sequential_algorithm
def not_a_number(data): return [float("nan"), 0, 0]

@sequential_algorithm
def reads_to_the_end_of_files(data):
    for n in range(300_000, 400_000): data.read(n)
"""

OUTCOMES = [
    ("catches", 3, "barrier", ""),
    ("cleans_up", 3, "barrier", ""),
    ("asks_for_zero", 3, "undecided", "precision n >= 1"),
    ("asks_for_zero_and_goes_on", 3, "barrier", ""),
    ("asks_for_zero_and_goes_on", 0, "barrier", ""),
    ("asks_for_too_much", 3, "undecided", "beyond 1000000"),
    ("changes_the_data", 3, "undecided", "read-only"),
    ("changes_the_point", 3, "undecided", "read-only"),
    ("changes_the_data", 0, "barrier", ""),
    ("keeps_state", 0, "barrier", ""),
    ("not_a_number", 3, "undecided", "nan"),
]


@pytest.fixture(scope="module")
def bad(tmp_path_factory):
    path = tmp_path_factory.mktemp("bad") / "bad.py"
    path.write_text(BAD)
    return path


@pytest.mark.slow_but("catches-3-barrier-", "asks_for_zero-3-undecided-precision n >= 1")
@pytest.mark.parametrize(("name", "budget", "verdict", "reason"), OUTCOMES)
def test_outcomes_are_the_same_here_and_there(bad, name, budget, verdict, reason):
    from sci_barriers import load_candidate

    here = play_budget(load_candidate(f"{bad}:{name}", problem="lasso"), WEAK, budget=budget)
    with IsolatedCandidate(f"{bad}:{name}", problem="lasso", limits=Limits(seconds=20)) as candidate:
        there = play_budget(candidate, WEAK, budget=budget)
    for result in (here, there):
        assert result.verdict == verdict and reason in result.reason and "\n" not in result.reason
        if verdict == "barrier":
            certified(result)
    assert [(read.k, read.n) for read in here.play.transcript] == [(read.k, read.n) for read in there.play.transcript]
    assert here.over_budget == there.over_budget
    if name == "cleans_up":
        assert there.play.run.printed == "tidied\n" and there.play.run.status == "stopped"
    if name == "catches":
        # three reads were answered to it; what it answered after the fourth is not used
        assert here.play.run.output[2] == 3 == there.play.run.output[2]
        assert here.over_budget


@pytest.mark.slow
def test_one_that_does_not_end_when_stopped_is_killed_and_over_budget(bad):
    with IsolatedCandidate(f"{bad}:never_ends", problem="lasso", limits=Limits(seconds=60)) as candidate:
        result = certified(play_budget(candidate, WEAK, budget=5))
        assert result.over_budget and result.play.run.status == "stopped"
        assert result.play.run.seconds < 30
        # and the next run finds a new worker
        assert certified(play_budget(candidate, WEAK, budget=2)).over_budget


@pytest.mark.slow
def test_more_than_a_certificate_holds_is_undecided(bad):
    with IsolatedCandidate(f"{bad}:reads_to_the_end_of_files", problem="lasso") as candidate:
        result = play_budget(candidate, WEAK, budget=10**5)
    assert result.verdict == "undecided" and "more than a certificate holds" in result.reason


@pytest.mark.slow
def test_the_answer_to_a_second_run_is_that_of_the_same_reads(bad):
    """A repetition is stopped at the same read."""
    with IsolatedCandidate(f"{bad}:catches", problem="lasso", repeat=True) as candidate:
        result = certified(play_budget(candidate, WEAK, budget=2))
    assert result.play.run.repeatable is True


# --- the command ---------------------------------------------------------------------------------------


COMMAND = ("budget", "exact", "--problem", "lasso", "--digits", "3", "--size", "2", "3", "--reads")


@pytest.mark.slow_but("arguments1-within the budget of 1 datum")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["0"], "more than 0 data"),
        (["1"], "within the budget of 1 datum"),
        (["4", "--access", "stream", "--disguise"], "more than 4 data"),
    ],
)
def test_the_command_writes_what_the_checker_accepts(call, empty_directory, arguments, said):
    code, out, err = call(*COMMAND, *arguments)
    name = f"exact.lasso-K3-M{arguments[0]}.cert.json"
    assert code == 0 and err == "" and said in out and f"proofs-checks verify {name}" in out
    assert os.listdir() == [name]
    assert verify_path(name).verdict == "valid"


def test_json_and_undecided(call, empty_directory, bad):
    code, out, err = call(*COMMAND, "2", "--json", "--out", "x.cert.json", "--in-process")
    answer = json.loads(out)
    data = answer["result"]
    assert code == 0 and err == "" and out.count("\n") == 1
    assert (answer["verdict"], answer["files"], data["over_budget"], data["reads"]) == (
        "barrier",
        ["x.cert.json"],
        False,
        1,
    )
    code, out, err = call("budget", f"{bad}:not_a_number", *COMMAND[2:], "2", "--json", "--out", "y.cert.json")
    assert code == 3 and err == "" and json.loads(out)["files"] == []
    assert os.listdir() == ["x.cert.json"]


@pytest.mark.slow_for("arguments5-declares its own scaling")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-1"], "budget of data must be"),
        (["1", "--size", "3", "3"], "1 <= m < N"),
        (["1", "--out", "."], "is a directory"),
        (["1", "--out", "mine.cert.json"], "is not a certificate"),
        (["1", "--out", "missing/x.cert.json"], "does not exist"),
        (["1", "--scaling", "half"], "declares its own scaling"),
        (["1", "--digits", "1"], "K >= 2"),
        (["1", "--in-process", "--time-limit", "3"], "--in-process has no limits"),
    ],
)
def test_bad_input_is_one_line(call, empty_directory, arguments, said):
    (empty_directory / "mine.cert.json").write_text("{}")
    code, out, err = call(*COMMAND, *arguments)
    assert code == 2 and out == "" and said in err and err.count("\n") == 1
    assert os.listdir() == ["mine.cert.json"] and (empty_directory / "mine.cert.json").read_text() == "{}"

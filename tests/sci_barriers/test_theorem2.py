"""All of Theorem 2 in one command."""

import json
import random

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from proofs_checks import verify_path
from sci_barriers import Lasso, OmegaClass
from sci_barriers.problems import PROBLEMS
from sci_barriers.solvers import load_candidate
from sci_barriers.theorem2.lines import theorem2
from tests.selection import covering

KINDS = {
    "1": {"barrier", "control", "breakdown"},
    "2": {"budget", "reads"},
    "3": {"reads", "no-reads"},
    "4": {"randomised", "nested-ties"},
    "Theorem 1": {"network-exists"},
    "conditions": {"conditioning"},
}


@pytest.fixture
def summary(call):
    """Runs the command and returns (exit code, its JSON or None, stderr)."""

    def run(*arguments):
        code, out, err = call("theorem2", *arguments, "--json")
        answer = json.loads(out)
        said = "" if answer["error"] is None else answer["error"]["message"]
        return code, answer["result"], said + err

    return run


def kinds(report):
    """{file name: kind} of a bundle that is valid."""
    return {part.name.rsplit("/", 1)[-1]: part.kind for part in report.parts}


def check_bundle(folder, lines, *, rows, columns):
    """Every line has a certificate, each is valid, and each statement has those that it needs."""
    report = verify_path(folder)
    assert report.verdict == "valid"
    found = kinds(report)
    assert {line["certificate"] for line in lines} == set(found)
    assert {line["problem"] for line in lines} == set(PROBLEMS)
    for problem in PROBLEMS:
        for statement, wanted in KINDS.items():
            mine = [line for line in lines if (line["problem"], line["statement"]) == (problem, statement)]
            if rows == 1:
                wanted = wanted - {"no-reads"}
            # three columns that compete, or signs of further rows, which bpdn does not take
            if statement == "1" and (columns - rows >= 2 or (rows > 1 and problem != "bpdn")):
                wanted = wanted | {"joint-barrier"}
            if statement == "1" and (rows, columns, problem) == (1, 2, "lasso"):
                wanted = wanted | {"joint-answer"}
            assert {found[line["certificate"]] for line in mine} == wanted
        # each input that a game or a network is about has its condition numbers certified
        assert sum(1 for line in lines if (line["problem"], line["statement"]) == (problem, "conditions")) >= 4


def test_one_command_and_one_check(tmp_path, summary):
    out = tmp_path / "bundle"
    code, found, _ = summary("--digits", 3, "--data", 2, "--size", 3, 5, "--out", out)
    assert (code, found["undecided"]) == (0, 0)
    check_bundle(out, found["lines"], rows=3, columns=5)


def test_the_table_names_every_file(tmp_path, call):
    out = tmp_path / "bundle"
    code, shown, _ = call("theorem2", "--digits", 4, "--data", 1, "--size", 1, 2, "--problem", "lasso", "--out", out)
    assert code == 0
    assert all(path.name in shown for path in out.glob("*.cert.json"))
    assert f"proofs-checks verify {out}" in shown
    said = " ".join(shown.replace("│", " ").split())
    assert "on the tie, for y_1: Cond(AA*) = 1" in said and "of the weak family, for y_1: Cond(AA*) = 1" in said


SIZES = [
    {"size": size, "digits": digits, "data": data}
    for size in [(1, 2), (1, 5), (3, 4), (5, 9), (21, 22), (1, 64)]
    for digits in (3, 4, 6, 12)
    for data in (1, 2, 7)
]


@pytest.mark.slow
@pytest.mark.parametrize("case", [SIZES[place] for place in covering(SIZES)], ids=str)
def test_every_size(tmp_path, summary, case):
    """Each size with each number of digits and of data, and each two of these together."""
    (rows, columns), digits, data = case["size"], case["digits"], case["data"]
    out = tmp_path / "bundle"
    disguise = ["--disguise"] if data == 2 and rows > 1 else []
    code, found, _ = summary("--digits", digits, "--data", data, "--size", rows, columns, "--out", out, *disguise)
    assert code == 0
    check_bundle(out, found["lines"], rows=rows, columns=columns)


@pytest.mark.slow_but("memoriser")
@pytest.mark.parametrize("solver", ["memoriser", "sklearn-lasso"])
def test_another_solver_plays(tmp_path, summary, solver):
    out = tmp_path / "bundle"
    arguments = ("--digits", 3, "--data", 1, "--size", 2, 4, "--problem", "lasso", "--solver", solver)
    code, found, _ = summary(*arguments, "--out", out)
    assert code == 0
    assert any(f"{solver} fails" in line["words"] for line in found["lines"])
    assert verify_path(out).verdict == "valid"


@pytest.mark.slow_but("arguments1-than or equal to 1")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--digits", 2, "--data", 1), "than or equal to 3"),
        (("--digits", 3, "--data", 0), "than or equal to 1"),
        (("--digits", 3, "--data", 1, "--size", 3, 3), "1 <= m < N"),
        (("--digits", 3, "--data", 1, "--solver", "nobody"), "nobody"),
    ],
)
def test_bad_input_is_one_line(tmp_path, summary, arguments, said):
    out = tmp_path / "bundle"
    code, found, errors = summary(*arguments, "--out", out)
    assert (code, found, out.exists()) == (2, None, False)
    assert said in errors and "\n" not in errors


def test_what_is_no_bundle_is_not_replaced(tmp_path, summary):
    (tmp_path / "mine.txt").write_text("mine")
    code, _, errors = summary("--digits", 3, "--data", 1, "--size", 1, 2, "--out", tmp_path)
    assert code == 2 and "not a bundle" in errors
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_lines_have_different_names():
    lines = list(theorem2(load_candidate("exact", problem="lasso"), "lasso", digits=3, data=1, rows=2, columns=4))
    assert len({line.name for line in lines}) == len(lines)
    assert all(line.certificate is not None and "\n" not in line.words for line in lines)


# --- several samples at once ------------------------------------------------------------------------


@given(st.integers(3, 6), st.integers(1, 5), st.integers(0, 10**6))
def test_few_members_are_right_at_any_sample(d, samples, seed):
    """For any answers, of R = 1, .., d - 1 samples, all but R of the d members fail at all of them."""
    rng, samples = random.Random(seed), min(samples, d - 1)
    omega = OmegaClass.create("lasso", digits=3, rows=1, columns=d)
    q, unit = omega.q0 + 1, fmpq(1, 1000)
    etas = [1 + fmpq(k, samples) for k in range(samples)]
    top = omega.base + omega.perturbation(q)
    heights = [(eta - omega.parameter / (2 * top)) / top for eta in etas]
    assert all(2 * h * h > 4 * unit * unit for h in heights)
    # near a vertex, between two, or at the centroid
    answers = [[h * fmpq(rng.choice([0, 0, 1, 1, 2]), rng.randint(1, 2)) for _ in range(d)] for h in heights]
    for answer, h in zip(answers, heights, strict=True):
        answer[rng.randrange(d)] = h
    right = {
        i
        for answer, h in zip(answers, heights, strict=True)
        for i in range(d)
        if sum((z - h * (j == i)) ** 2 for j, z in enumerate(answer)) <= unit * unit
    }
    assert len(right) <= samples < d


@given(*[st.fractions(-3, 3, max_denominator=8)] * 4, st.fractions(0, 3, max_denominator=8).filter(bool))
def test_two_columns_and_two_samples_are_no_match(a_1, a_2, y_1, y_2, parameter):
    """On every input the answer of the counterexample is a minimiser at one of the two samples."""
    a = [fmpq(v.numerator, v.denominator) for v in (a_1, a_2)]
    level = fmpq(parameter.numerator, parameter.denominator)
    k = 0 if abs(a[0]) >= abs(a[1]) else 1
    y = [fmpq(v.numerator, v.denominator) for v in (y_1, y_2)][k]
    point = [fmpq(0), fmpq(0)]
    if 2 * abs(a[k] * y) > level:
        point[k] = y / a[k] * (1 - level / (2 * abs(a[k] * y)))
    Lasso([a], [y], parameter=level).minimiser(point)  # raises unless it is one

"""All of Theorem 2 in one command."""

import json

import pytest

from proofs_checks import verify_path
from sci_barriers.problems import PROBLEMS
from sci_barriers.solvers import load_candidate
from sci_barriers.theorem2.lines import theorem2
from tests.selection import covering

KINDS = {
    "1": {"barrier", "control", "breakdown"},
    "2": {"budget", "reads"},
    "3": {"reads", "no-reads"},
    "4": {"randomised"},
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


def check_bundle(folder, lines, *, samples):
    """Every line has a certificate, each is valid, and each statement has those that it needs."""
    report = verify_path(folder)
    assert report.verdict == "valid"
    found = kinds(report)
    assert {line["certificate"] for line in lines} == set(found)
    assert {line["problem"] for line in lines} == set(PROBLEMS)
    for problem in PROBLEMS:
        for statement, wanted in KINDS.items():
            mine = [line for line in lines if (line["problem"], line["statement"]) == (problem, statement)]
            if not samples:
                wanted = wanted - {"no-reads"}
            assert {found[line["certificate"]] for line in mine} == wanted
        # each input that a game or a network is about has its condition numbers certified
        assert sum(1 for line in lines if (line["problem"], line["statement"]) == (problem, "conditions")) >= 4


def test_one_command_and_one_check(tmp_path, summary):
    out = tmp_path / "bundle"
    code, found, _ = summary("--digits", 3, "--data", 2, "--size", 3, 5, "--out", out)
    assert (code, found["undecided"]) == (0, 0)
    check_bundle(out, found["lines"], samples=True)


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
    check_bundle(out, found["lines"], samples=rows > 1)


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

"""`sci-barriers path`: the whole path of somebody's own data."""

import dataclasses
import json
from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq

from exact_base.errors import UsageError
from exact_base.matrices import exact_column, exact_matrix
from proofs_checks.checker import verify_path
from sci_barriers.checks.conventions import LIKE
from sci_barriers.checks.given import given_question
from sci_barriers.checks.paths import path_found, path_request
from sci_barriers.problems.penalised.problem import entries_of
from sci_barriers.problems.penalised.solving import minimise

X = np.array([[1.0, 0.5, 0.0], [0.0, 1.0, 1.0], [2.0, 0.0, -1.0], [0.5, 1.0, 2.0]])
Y = np.array([2.0, 1.0, 3.0, 0.5])


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.save("X.npy", X)
    np.save("y.npy", Y)
    np.save("short.npy", Y[:3])
    np.savetxt("named.csv", X, delimiter=",", header="a,b,c", comments="")
    return tmp_path


def run(call, *arguments):
    code, out, err = call("path", *arguments, "--json")
    assert err == ""
    return code, json.loads(out)


def question(like, **options):
    return given_question(None, exact_matrix(X), exact_column(Y), path_request(like), **options)


@pytest.mark.parametrize("like", LIKE)
@pytest.mark.parametrize("intercept", [None, "fit"])
def test_the_level_is_that_of_the_library(like, intercept):
    """At a level between breakpoints the path is the minimiser of the objective with this level."""
    found = path_found(question(like, intercept=intercept))
    high, low = found.path.breakpoints[:2]
    level = (high + 2 * low) / 3
    if LIKE[like].floats:
        level = fmpq(*float(Fraction(int(level.p), int(level.q))).as_integer_ratio())
    assert low < level < high and found.verdict == "solved"
    request = type(path_request(like))(like, **{found.level: level})
    asked = given_question(None, exact_matrix(X), exact_column(Y), request, intercept=intercept)
    assert entries_of(found.path.at(level)) == entries_of(minimise(asked.problem).point)


def test_the_answer_and_its_certificate(data, call):
    code, answer = run(call, "X.npy", "y.npy", "--like", "half", "--between", "1,2", "--out", "p", "--plot", "p.svg")
    result = answer["result"]
    assert (code, answer["verdict"], result["complete"]) == (0, "solved", True)
    report = verify_path(data / "p")
    assert report.verdict == "valid" and (data / "p.svg").read_text().startswith("<svg")
    assert sorted(path.name for path in (data / "p").iterdir()) == ["X.npy", "manifest.json", "path.cert.json", "y.npy"]
    levels = [Fraction(level["exact"]) for level in result["breakpoints"]]
    assert levels == sorted(levels, reverse=True) and levels[-1] == 1
    # the first column enters where its correlation with y attains the penalty
    assert levels[0] == max(abs(Fraction(value)) for value in X.T @ Y)
    columns = result["between"]
    assert sorted(columns["in"] + columns["out"] + columns["changing"]) == [1, 2, 3]


def test_a_question_of_one_level_has_no_path():
    one = dataclasses.replace(question("half"), request=None)
    with pytest.raises(UsageError, match="a fitted model has one level only"):
        path_found(one)


def test_names_are_kept_on_the_screen(data, call):
    code, out, err = call("path", "named.csv", "y.npy", "--like", "half")
    assert (code, err) == (0, "") and out.startswith("path: solved\n") and "│ a " in out


def test_a_budget_ends_it_with_what_is_proved(data, call):
    code, answer = run(call, "X.npy", "y.npy", "--like", "half", "--budget", "1e-9", "--between", "1,2", "--out", "p")
    assert (code, answer["verdict"], answer["result"]["between"]) == (3, "undecided", None)
    assert verify_path(data / "p").verdict == "valid"
    assert call("path", "X.npy", "y.npy", "--like", "half", "--budget", "1e-9", "--require", "solved")[0] == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("X.npy", "short.npy", "--like", "half"), "short.npy"),
        (("X.npy", "y.npy", "--like", "half", "--budget", "0"), "--budget must be positive"),
        (("X.npy", "y.npy", "--like", "half", "--low", "-1"), "--low must be at least 0, got -1"),
        (("X.npy", "y.npy", "--like", "half", "--between", "1"), "--between is LOW,HIGH"),
        (("X.npy", "y.npy", "--like", "half", "--between", "2,1"), "2 is more than 1"),
        (("X.npy", "y.npy", "--like", "half", "--between=-1,1"), "--between must be at least 0, got -1"),
        (("X.npy", "y.npy", "--like", "half", "--between", "1,2", "--low", "3/2"), "--between starts at 1"),
        (("X.npy", "y.npy", "--like", "half", "--between", "1,x"), "x"),
        (("X.npy", "y.npy", "--like", "half", "--plot", "p.png"), ".svg"),
    ],
)
def test_what_is_refused_in_one_line(data, call, arguments, said):
    code, answer = run(call, *arguments)
    assert (
        (code, answer["verdict"]) == (2, None) and said in answer["error"]["message"] and not (data / "p.png").exists()
    )

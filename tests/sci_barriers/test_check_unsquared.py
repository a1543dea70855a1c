"""`check` with the norm of the residual, and with a precision."""

import json
from fractions import Fraction

import cvxpy as cp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from sklearn.linear_model import Lasso

from exact_base.answers import answer_schema
from exact_base.errors import DataError, UsageError
from proofs_checks import verify_path
from sci_barriers import check
from sci_barriers.checks import unsquared
from sci_barriers.checks.enclosed import EnclosedFound
from sci_barriers.checks.findings import Found
from sci_barriers.checks.page import page

RNG = np.random.default_rng(29)
X = RNG.integers(-8, 9, (16, 5)) / 8
Y = np.round(X @ [2, 0, -0.25, 0, 1] + 0.25 + RNG.standard_normal(16) / 4, 2)
OMEGA = np.array([1.0, 2] * 8)
WEIGHTS = np.array([0.0, 1, 1, 2, 1])
MORE = {
    "intercept": {"intercept": "fit"},
    "positive": {"positive": True},
    "weights": {"weights": WEIGHTS},
    "sample_weight": {"sample_weight": OMEGA},
    "all": {"intercept": "fit", "positive": True, "weights": WEIGHTS, "sample_weight": OMEGA},
}
PROBLEMS = {"sqrt-lasso": {"problem": "sqrt-lasso", "lam": 0.75}, "bpdn": {"problem": "bpdn", "epsilon": 3}}


def ends(value):
    """The two ends of a number of the report."""
    if value["exact"] is not None:
        return Fraction(value["exact"]), Fraction(value["exact"])
    return Fraction(value["low"]), Fraction(value["high"])


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("more", MORE)
def test_the_minimiser_is_that_of_the_lasso_whose_level_it_has(name, more):
    options, problem = MORE[more], PROBLEMS[name]
    found = check(None, X, Y, **problem, **options)
    assert isinstance(found.found, EnclosedFound)
    assert (found.verdict, found.unique) == ("solved", True)
    x = found.coefficients
    residual = Y - X @ x - (found.intercept or 0)
    omega, weights = options.get("sample_weight", np.ones(16)), options.get("weights", np.ones(5))
    length = np.sqrt(np.sum(omega * residual**2))
    inside = [j for j in np.flatnonzero(x) if weights[j] > 0]
    level = 2 * abs(X.T @ (omega * residual))[inside[0]] / weights[inside[0]]
    if name == "bpdn":
        assert length == pytest.approx(problem["epsilon"], rel=1e-12)
    else:
        assert level == pytest.approx(2 * problem["lam"] * length, rel=1e-12)
    own = {**options, "intercept": found.intercept} if "intercept" in options else options
    assert check(x, X, Y, like="stated", lam=level, digits=10, **own).verdict == "ok"
    for digits, factor, verdict in ((12, 1, "ok"), (3, 1.01, "inaccurate")):
        assert check(factor * x, X, Y, **problem, digits=digits, **own).verdict == verdict


@pytest.mark.parametrize("name", PROBLEMS)
def test_exact_minimisers_lie_where_the_enclosure_says(name, monkeypatch):
    coefficients = [1.9, 0, -1, 0.25, 1]
    exact = check(coefficients, X, Y, **PROBLEMS[name])
    monkeypatch.setattr(unsquared, "_MOST_ENTRIES", 0)
    near = check(coefficients, X, Y, **PROBLEMS[name])
    assert (type(exact.found), type(near.found)) == (Found, EnclosedFound)
    assert (exact.verdict, exact.unique, exact.digits) == (near.verdict, near.unique, near.digits)
    for key in ("subject", "objective", "superfluous", "missing", "columns", "rows"):
        assert exact.numbers[key] == near.numbers[key]
    for key in ("distance", "relative"):
        (low, high), (least, most) = (ends(one.numbers[key]) for one in (exact, near))
        assert low <= most and least <= high and most - least < Fraction(1, 10**35)


def test_where_nothing_is_enclosed_the_exact_solver_is_asked_all_the_same(monkeypatch):
    monkeypatch.setattr(unsquared, "_MOST_ENTRIES", 0)
    found = check(np.zeros(5), X, Y, problem="bpdn", epsilon=100)
    assert isinstance(found.found, Found)
    assert (found.verdict, found.digits) == ("ok", None)


@pytest.mark.parametrize(
    ("coefficients", "digits", "radius", "verdict"),
    [
        ("own", 2, "1e-6", "ok"),
        ("own", 8, "1e-6", "barrier"),
        ("wrong", 2, "1e-6", "inaccurate"),
        (None, 2, "1e-6", "ok"),
        (None, 12, "1e-6", "barrier"),
        (None, 1, "1/2", "barrier"),
    ],
)
@pytest.mark.parametrize("name", [*PROBLEMS, "complex"])
def test_verdicts_with_a_precision(name, coefficients, digits, radius, verdict, tmp_path):
    matrix, data, options = X, Y, PROBLEMS.get(name)
    if name == "complex":
        matrix, data, options = X + 1j * X[::-1], Y * (1 - 2j), {"like": "half", "lam": 3}
    own = check(None, matrix, data, **options).coefficients
    asked = {"own": own, "wrong": 1.1 * own, None: None}[coefficients]
    found = check(asked, matrix, data, **options, digits=digits, x_precision=radius, y_precision=radius)
    assert found.verdict == verdict
    known = found.numbers["determined"]
    assert known["at_least"] <= known["at_most"] <= 5 and (known["at_most"] < digits) == (verdict == "barrier")
    assert f"no answer has {known['at_most'] + 1} digit" in " ".join(str(found).split())
    bundle = found.write(tmp_path / "bundle")
    names = {"pair.cert.json", "pair-1.cert.json", "pair-2.cert.json", "pair-1-X.npy", "pair-1-y.npy"}
    assert names <= {path.name for path in bundle.iterdir()} and verify_path(bundle).verdict == "valid"


@given(data=st.data())
@settings(max_examples=8, deadline=None)
@pytest.mark.parametrize("name", PROBLEMS)
def test_minimisers_of_admissible_data_are_as_near_as_is_said(name, data):
    radius = 2.0**-12
    options = {**PROBLEMS[name], **MORE["intercept"]}
    signs = data.draw(st.lists(st.sampled_from([-1, 0, 1]), min_size=96, max_size=96))
    moved = radius * np.array(signs)
    all_data = check(None, X, Y, **options, x_precision=radius, y_precision=radius).numbers["determined"]
    near = check(None, X, Y, **options, x_precision=radius, y_precision=radius)
    other = check(None, X + moved[:80].reshape(16, 5), Y + moved[80:], **options)
    assert np.linalg.norm(other.coefficients - near.coefficients) <= float(ends(all_data["distance"])[1]) + 1e-12
    assert set(all_data["columns"]["in"]) <= {j + 1 for j in np.flatnonzero(other.coefficients)}
    assert not set(all_data["columns"]["out"]) & {j + 1 for j in np.flatnonzero(other.coefficients)}


WRONG = [
    ({"problem": "ridge"}, UsageError, "problem is lasso, sqrt-lasso or bpdn, not 'ridge'"),
    ({"like": "half"}, UsageError, "is minimised as stated, .*; leave out like"),
    ({"scales": [1] * 5}, UsageError, "leave out scales"),
    ({"l1_ratio": 1}, UsageError, "leave out l1_ratio"),
    ({"lam": None}, UsageError, "give lam"),
    ({"lam": 0}, UsageError, "lam must be positive"),
    ({"weights": [-1, 1, 1, 1, 1]}, DataError, "the weights must not be negative"),
    ({"weights": [0] * 5}, DataError, "one at least must be positive"),
    ({"intercept": 1}, UsageError, "a fitted intercept is given, and no coefficients"),
    ({"model": [1, 2]}, DataError, "must be 5 real numbers"),
    ({"sample_weight": [0] * 16}, DataError, "positive"),
    ({"x_precision": "printed"}, UsageError, "for files of text"),
    ({"X": X + 1j}, DataError, "complex data are not checked here"),
]


@pytest.mark.parametrize(("change", "kind", "said"), WRONG, ids=[said for *_, said in WRONG])
def test_mistakes_are_one_line(change, kind, said):
    options = {"model": None, "X": X, "y": Y, **PROBLEMS["sqrt-lasso"]} | change
    with pytest.raises(kind, match=said) as caught:
        check(options.pop("model"), options.pop("X"), options.pop("y"), **options)
    assert "\n" not in str(caught.value)


def test_a_problem_of_cvxpy_goes_the_same_ways(monkeypatch):
    x = cp.Variable(5)
    problem = cp.Problem(cp.Minimize(cp.norm2(X @ x - Y) + 0.75 * cp.norm1(x)))
    problem.solve(solver="CLARABEL")
    exact = check(problem)
    monkeypatch.setattr(unsquared, "_MOST_ENTRIES", 0)
    near = check(problem)
    assert (type(exact.found), type(near.found)) == (Found, EnclosedFound)
    for key in ("objective", "library", "reached", "subject", "superfluous"):
        assert exact.numbers[key] == near.numbers[key]
    assert (near.verdict, near.unique) == ("ok", True)


def test_a_model_has_its_own_problem():
    with pytest.raises(UsageError, match="leave out problem"):
        check(Lasso(alpha=0.1).fit(X, Y), X, Y, problem="bpdn")


# --- the command ----------------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.save("Z.npy", X + 1j * X[::-1])
    np.save("z.npy", Y * (1 - 2j))
    np.savetxt("X.csv", X, delimiter=",", fmt="%g", header="a,b,c,d,e", comments="")
    for name, vector in (("y", Y), ("c", [1.9, 0, -0.25, 0, 1]), ("w", WEIGHTS), ("o", OMEGA)):
        np.savetxt(f"{name}.csv", vector, fmt="%g")
    return tmp_path


LINES = [
    ("X.csv y.csv --problem sqrt-lasso --lam 3/4 --coef c.csv --intercept 1 --weights w.csv", "inaccurate"),
    ("X.csv y.csv --problem bpdn --epsilon 3 --coef c.csv --positive --sample-weight o.csv", "inaccurate"),
    ("X.csv y.csv --problem bpdn --epsilon 3 --coef c.csv --y-precision printed --exact-columns a", None),
    ("X.csv y.csv --problem bpdn --epsilon 3 --coef c.csv --y-precision printed", "barrier"),
    ("X.csv y.csv --problem sqrt-lasso --lam 3/4 --x-precision norm:1e-5 --digits 2", "ok"),
    ("Z.npy z.npy --like half --lam 3 --x-precision 1e-5 --digits 2", "ok"),
    ("Z.npy z.npy --like half --lam 3 --y-precision printed", None),
]


@pytest.mark.parametrize(("line", "verdict"), LINES)
def test_the_command(call, files, line, verdict):
    code, out, _ = call("check", *line.split(), "--json", "--out", "bundle", "--html", "it.html")
    answer = json.loads(out)
    Draft202012Validator(answer_schema()).validate(answer)
    assert (code, answer["verdict"]) == (2 if verdict is None else 0, verdict)
    if verdict is None:
        assert "printed" in answer["error"]["message"] or "--exact-columns is for X" in answer["error"]["message"]
        return
    report = verify_path(files / "bundle")
    assert report.verdict == "valid"
    assert "What is certified" in (files / "it.html").read_text()
    code, out, _ = call("check", *line.split())
    assert code == 0 and all(len(row) <= 80 for row in out.splitlines())


def test_the_page_says_of_which_data():
    found = check(None, X, Y, **PROBLEMS["bpdn"], x_precision=1e-6)
    assert "every minimiser of the objective for all data within the precision" in page(found.found)
    assert found._repr_html_().count("<tr>") > 2

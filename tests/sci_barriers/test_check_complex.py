"""`check` with complex data: what it says is true of the minimisers that the conditions of a minimum give."""

import io
import json
from fractions import Fraction

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from exact_base.answers import answer_schema
from exact_base.errors import DataError, UsageError
from proofs_checks import verify_path
from sci_barriers import check
from sci_barriers.checks.page import page

RNG = np.random.default_rng(11)
X = np.round(RNG.normal(size=(14, 8)) + 1j * RNG.normal(size=(14, 8)), 2)
Y = np.round(X[:, 1] * (1 - 2j) + X[:, 4] * 1.5j + 0.1 * RNG.normal(size=14), 2)
LAM = 12.0
OPTIONS = {"like": "stated", "lam": LAM}


def fixed_point(X, y, lam, *, omega=None, kappa=0.0, steps=2_500):
    """The minimiser by proximal steps alone."""
    omega = np.ones(len(y)) if omega is None else omega
    length = 1 / (2 * np.linalg.norm(np.sqrt(omega)[:, None] * X, 2) ** 2 + 2 * kappa)
    x = np.zeros(X.shape[1], dtype=complex)
    for _ in range(steps):
        moved = x + length * (2 * X.conj().T @ (omega * (y - X @ x)) - 2 * kappa * x)
        size = np.abs(moved)
        x = moved * np.maximum(1 - length * lam / np.where(size > 0, size, 1), 0)
    return x


BEST = fixed_point(X, Y, LAM)


@pytest.mark.parametrize("digits", [3, 8, 11])
def test_the_minimiser_of_another_method_is_right(digits):
    checked = check(BEST, X, Y, **OPTIONS, digits=digits)
    assert checked.verdict == "ok"
    assert checked.unique
    assert checked.digits >= 11
    assert np.max(np.abs(checked.coefficients - BEST)) < 1e-10


@pytest.mark.parametrize(
    ("options", "scaled"),
    [
        ({"like": "half", "lam": LAM / 2}, {}),
        ({"like": "mean-half", "lam": LAM / 28}, {}),
        ({"like": "half", "lam": LAM / 2, "ridge": 3}, {"kappa": 3.0}),
        ({"like": "stated", "lam": LAM, "sample_weight": [1, 2] * 7}, {"omega": np.array([1, 2] * 7)}),
    ],
)
def test_the_forms_of_the_objective(options, scaled):
    best = fixed_point(X, Y, LAM, **scaled)
    assert check(best, X, Y, **options, digits=9).verdict == "ok"
    assert check(1.01 * best, X, Y, **options, digits=3).verdict == "inaccurate"


def test_what_is_wrong_is_said():
    wrong = BEST.copy()
    (first, *_), (out, *_) = np.flatnonzero(BEST), np.flatnonzero(BEST == 0)
    wrong[first], wrong[out] = 0, 0.25j
    checked = check(wrong, X, Y, **OPTIONS)
    numbers = checked.numbers
    assert checked.verdict == "inaccurate"
    assert (numbers["missing"], numbers["superfluous"]) == ([first + 1], [out + 1])
    expected = np.linalg.norm(wrong - BEST)
    for name, value in (("distance", expected), ("relative", expected / np.linalg.norm(BEST))):
        low, high = (float(Fraction(numbers[name][end])) for end in ("low", "high"))
        assert low <= value * (1 + 1e-9)
        assert high >= value * (1 - 1e-9)
    assert f"column {first + 1} is out, and must be in" in " ".join(str(checked).split())


def test_fifty_digits_are_there():
    numbers = check(None, X, Y, **OPTIONS).numbers
    for entry in numbers["coefficients"]:
        for part in ("re", "im"):
            one = entry["exact"][part]
            if one["exact"] is None:
                low, high = (Fraction(one[end]) for end in ("low", "high"))
                assert 0 < high - low < Fraction(1, 10**50)
    assert numbers["unique"] is True


def test_the_certificate_and_the_page(tmp_path):
    checked = check(np.round(BEST, 3), X, Y, **OPTIONS)
    path = checked.write(tmp_path / "bundle")
    assert sorted(file.name for file in path.iterdir()) == ["X.npy", "coefficients.cert.json", "manifest.json", "y.npy"]
    report = verify_path(path)
    assert report.verdict == "valid"
    assert np.load(path / "X.npy").tolist() == X.tolist()
    shown = page(checked.found)
    assert "What is certified" in shown
    assert "between which two numbers" in shown
    assert checked._repr_html_().count("<tr>") > 2


def test_nothing_is_said_where_columns_depend_on_each_other():
    checked = check(None, np.hstack([X[:, :1], 1j * X[:, :1]]), X[:, 0], **OPTIONS)
    assert (checked.verdict, checked.unique) == ("undecided", None)
    said = " ".join(str(checked).split())
    assert "no distance from a point was proved" in said and "are equal" not in said
    said = " ".join(str(check(None, np.hstack([X, X[:, 1:2]]), Y, **OPTIONS)).split())
    assert f"columns 2 and {X.shape[1] + 1} are equal; of equal columns leave all but one out" in said
    assert checked.numbers["coefficients"] == []


def test_a_minimiser_that_is_zero():
    checked = check(np.zeros(8, dtype=complex), X, Y, like="stated", lam=10**4)
    assert (checked.verdict, checked.digits) == ("ok", None)
    assert "0: the coefficients are exact" in str(checked)
    assert check(BEST, X, Y, like="stated", lam=10**4).verdict == "inaccurate"


def test_complex_numbers_without_imaginary_parts_are_real(tmp_path):
    checked = check(None, X.real.astype(complex), Y.real.astype(complex), **OPTIONS)
    assert checked.numbers["coefficients"][0]["exact"]["exact"] is not None
    assert verify_path(checked.write(tmp_path / "bundle")).verdict == "valid"


@pytest.mark.parametrize("which", ["X", "y"])
def test_one_of_the_two_may_be_real(which, tmp_path):
    matrix, data = (X.real, Y) if which == "X" else (X, Y.real)
    checked = check(None, matrix, data, **OPTIONS)
    assert np.max(np.abs(checked.coefficients - fixed_point(matrix, data, LAM))) < 1e-9
    assert verify_path(checked.write(tmp_path / "bundle")).verdict == "valid"


WRONG = [
    ({"positive": True}, UsageError, "complex data are checked without positive; leave it out"),
    ({"positive": True, "intercept": "fit"}, UsageError, "without intercept and positive; leave them out"),
    ({"x_precision": [[0.1] * 3]}, DataError, "1 or 8 columns"),
    ({"like": "glmnet"}, UsageError, "complex data are minimised as stated, half or mean-half, not 'glmnet'"),
    ({"lam": -1}, UsageError, "must be positive"),
    ({"model": [1, 2]}, DataError, "the coefficients must be 8 numbers"),
    ({"X": X * (np.arange(8) > 0)}, DataError, "column 1 is empty"),
    ({"y": Y[1:]}, DataError, "X has 14 rows and y has 13"),
]


@pytest.mark.parametrize(("change", "kind", "said"), WRONG, ids=[said for *_, said in WRONG])
def test_mistakes_are_one_line(change, kind, said):
    given = {"model": None, "X": X, "y": Y, **OPTIONS} | change
    with pytest.raises(kind, match=said) as caught:
        check(given.pop("model"), given.pop("X"), given.pop("y"), **given)
    assert "\n" not in str(caught.value)


# --- the command ----------------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, array in (("X", X), ("y", Y), ("c", BEST), ("wide", X.astype(np.complex64))):
        np.save(f"{name}.npy", array)
    return tmp_path


def test_the_command(call, files):
    line = "X.npy y.npy --coef c.npy --problem lasso --like half --lam 6 --digits 9 --out bundle --html it.html"
    code, out, err = call("check", *line.split())
    assert (code, err) == (0, "")
    assert out.startswith("coefficients of c.npy: ok")
    assert all(len(row) <= 80 for row in out.splitlines())
    assert verify_path(files / "bundle").verdict == "valid"
    assert (files / "bundle" / "X.npy").read_bytes() == (files / "X.npy").read_bytes()
    assert (files / "it.html").read_text().startswith("<!doctype html>")


@pytest.mark.parametrize("coef", ["", "--coef c.npy"])
def test_what_is_printed_as_json_has_the_form_that_is_promised(call, files, coef):
    code, out, _ = call("check", *f"X.npy y.npy --like stated --lam 12 --json {coef}".split())
    answer = json.loads(out)
    Draft202012Validator(answer_schema()).validate(answer)
    assert (code, answer["verdict"]) == (0, "ok" if coef else "solved")


def test_what_is_not_decided_has_a_code_of_its_own(call, files):
    np.save("twice.npy", np.hstack([X[:, :1], 1j * X[:, :1]]))
    code, out, _ = call("check", *["twice.npy", "y.npy", "--like", "stated", "--lam", "1"])
    assert code == 3
    assert out.startswith("the minimiser: undecided")


def test_other_files_of_complex_numbers(call, files):
    np.savetxt("X.csv", X, delimiter=",", fmt="%s")
    assert call("check", *["wide.npy", "y.npy", "--like", "stated", "--lam", "12", "--out", "wide"])[0] == 0
    assert verify_path(files / "wide").verdict == "valid"
    held = np.load(io.BytesIO((files / "wide" / "X.npy").read_bytes()))
    assert held.dtype == np.complex128


def test_narrow_screens(call, files, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    code, out, _ = call("check", *["X.npy", "y.npy", "--coef", "c.npy", "--like", "stated", "--lam", "12"])
    assert code == 0
    assert all(len(row) <= 40 for row in out.splitlines())


@pytest.mark.parametrize("option", ["", "--x-precision 0.0001 --y-precision 0.0001"])
def test_of_columns_that_depend_on_each_other_the_fit_and_the_others_are_said(call, files, option):
    np.save("twice.npy", np.c_[X, X[:, 1]])
    line = f"twice.npy y.npy --like stated --lam 12 --digits 2 --out twice --json {option}"
    code, out, _ = call("check", *line.split())
    answer = json.loads(out)
    Draft202012Validator(answer_schema()).validate(answer)
    # two data sets in which one of the two equal columns takes the place of the other
    assert (code, answer["verdict"]) == ((0, "barrier") if option else (3, "undecided"))
    known = answer["result"]["determined"]
    if not option:
        assert known is None and not (files / "twice").exists()
        return
    assert known["at_least"] == 0 and known["fit"]["at_least"] >= 1 and known["columns"]["in"] == [5]
    assert known["fit"]["coefficients_at_least"][1] == 0 < known["fit"]["coefficients_at_least"][4]
    assert {2, 9}.isdisjoint(known["columns"]["out"])
    assert verify_path(files / "twice").verdict == "valid"

"""`check` from end to end: models and arrays, their certificates, and what is refused before any work."""

import hashlib
import json
import warnings

import numpy as np
import pandas as pd
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_diabetes
from sklearn.linear_model import ElasticNet, ElasticNetCV, Lasso, LassoCV, LassoLars, LassoLarsCV, LassoLarsIC
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from exact_base.errors import DataError, UsageError
from proofs_checks.checker import verify_path
from proofs_checks.checker.core.verify import verify_bytes
from sci_barriers import check
from sci_barriers.checks import penalised
from sci_barriers.checks.questions import array_bytes

X, Y = load_diabetes(return_X_y=True)


def fitted(model, X=X, y=Y, **more):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(X, y, **more)


def verified(checked, folder):
    """The printed statement of the bundle, which is valid."""
    checked.write(folder)
    report = verify_path(folder)
    assert report.verdict == "valid", report
    return said(report.parts[0])


def said(report):
    """What the checker prints of a certificate."""
    return str(report.statement)


TIGHT = {"tol": 1e-12, "max_iter": 100_000}
EXACT = [
    Lasso(alpha=0.1, **TIGHT),
    Lasso(alpha=0.1, fit_intercept=False, **TIGHT),
    Lasso(alpha=0.1, positive=True, **TIGHT),
    LassoCV(cv=3, n_alphas=5, **TIGHT) if "n_alphas" in LassoCV().get_params() else LassoCV(cv=3, alphas=5, **TIGHT),
    LassoLars(alpha=0.1),
    LassoLarsCV(cv=3),
    LassoLarsIC(),
    ElasticNet(alpha=0.01, l1_ratio=0.3, **TIGHT),
    ElasticNetCV(l1_ratio=[0.5, 0.9], cv=3, alphas=[0.01, 0.1], **TIGHT),
    make_pipeline(StandardScaler(), Lasso(alpha=0.5, **TIGHT)),
    make_pipeline(StandardScaler(with_mean=False), Lasso(alpha=0.5, **TIGHT)),
    make_pipeline(StandardScaler(with_std=False), ElasticNet(alpha=0.01, **TIGHT)),
]


@pytest.mark.parametrize("model", EXACT, ids=lambda model: str(model).replace("\n", "")[:70])
def test_what_scikit_learn_minimises_is_what_is_said(model, tmp_path):
    """A model whose tolerance is tiny has eight digits, which it would not have of any other objective."""
    checked = check(fitted(model), X, Y, digits=8)
    assert (checked.verdict, checked.unique) == ("ok", True)
    assert "is the only minimiser" in verified(checked, tmp_path / "bundle")


def test_weights_of_observations_are_scaled_as_scikit_learn_does(tmp_path):
    weights = np.linspace(1, 3, len(Y))
    model = fitted(Lasso(alpha=0.1, **TIGHT), sample_weight=weights)
    assert check(model, X, Y, sample_weight=weights, digits=8).verdict == "ok"
    assert check(model, X, Y, digits=2).verdict == "inaccurate"  # without them it is another problem


def test_defaults_are_wrong_on_diabetes_and_the_certificate_says_by_how_much(tmp_path):
    checked = check(fitted(Lasso(alpha=0.01)), X, Y)
    assert checked.verdict == "inaccurate" and checked.digits == checked.found.reached < 4
    assert "only minimiser" in verified(checked, tmp_path / "bundle")
    assert (
        check(checked.coefficients, X, Y, like="sklearn", alpha=0.01, intercept=checked.intercept, digits=15).verdict
        == "ok"
    )


def test_the_bundle_has_the_users_own_bytes(tmp_path):
    frame = pd.DataFrame(X, columns=list("abcdefghij"))
    checked = check(fitted(Lasso(), frame), frame, Y)
    assert checked.found.names == tuple("abcdefghij")
    files = checked.certificates()
    assert set(files) == {"coefficients.cert.json", "X.npy", "y.npy"}
    digest = hashlib.sha256(files["X.npy"]).hexdigest()
    assert digest.encode() in files["coefficients.cert.json"]


COLLINEAR = np.c_[X, X[:, 2], -X[:, 3]]


@pytest.mark.parametrize("scaled", [False, True], ids=["plain", "scaled"])
@pytest.mark.parametrize("positive", [False, True], ids=["any sign", "positive"])
def test_columns_that_are_equal_or_opposite(scaled, positive, tmp_path):
    model = Lasso(alpha=0.1, positive=positive, **TIGHT)
    model = make_pipeline(StandardScaler(), model) if scaled else model
    checked = check(fitted(model, COLLINEAR), COLLINEAR, Y, digits=8)
    assert (checked.verdict, checked.unique, checked.found.words) == ("ok", False, "ok, not unique")
    # with signs, a column and its opposite cannot take each other's place
    assert checked.numbers["interchangeable"] == ([[3, 11]] if positive else [[3, 11], [4, 12]])
    assert "there are others" in verified(checked, tmp_path / "bundle")


def test_the_minimiser_that_is_shown_has_few_columns_where_there_are_several(monkeypatch, tmp_path):
    """It has independent columns; what is nearest to its float64 numbers has some 1e-17 on the others too."""
    x = np.array([[1, 1, 0.3], [0.7, 0.7, 2], [-1, -1, 0.1]])
    checked = check(None, x, [1.0, 2, 0.1], like="half", lam=0.1)
    assert checked.unique is False and sorted(map(bool, checked.coefficients)) == [False, True, True]
    assert "is 0." in verified(checked, tmp_path / "bundle")
    assert "2 of 3 columns not 0" in " ".join(str(checked).split())
    monkeypatch.setattr(penalised, "_MOST_BITS", 10)
    assert sum(map(bool, check(None, x, [1.0, 2, 0.1], like="half", lam=0.1).coefficients)) == 3


def test_columns_beside_an_opposite_one_that_may_not_be_negative_are_interchangeable(tmp_path):
    """Without a penalty the slope is 0 on all three, and only the equal ones can take each other's place."""
    x = np.array([[1.0, 1, -1, 0], [2, 2, -2, 1], [-1, -1, 1, 1]])
    checked = check([0.5, 0, 0, 1], x, [1.0, 2, 1], like="half", lam=0.5, weights=[0, 0, 0, 1], positive=True)
    assert checked.unique is False and checked.numbers["interchangeable"] == [[1, 2]]
    assert "moves to another: columns 1, 2." in verified(checked, tmp_path / "bundle")


def test_an_elastic_net_has_one_minimiser_all_the_same(tmp_path):
    checked = check(fitted(ElasticNet(alpha=0.01, **TIGHT), COLLINEAR), COLLINEAR, Y, digits=8)
    assert (checked.verdict, checked.unique) == ("ok", True)
    verified(checked, tmp_path / "bundle")


def test_more_columns_than_rows(tmp_path):
    rng = np.random.default_rng(3)
    wide = rng.standard_normal((30, 90))
    y = wide[:, :3] @ [3, -2, 1] + rng.standard_normal(30)
    checked = check(fitted(make_pipeline(StandardScaler(), LassoCV(cv=3)), wide, y), wide, y)
    assert checked.unique and checked.verdict in ("ok", "inaccurate")
    verified(checked, tmp_path / "bundle")


# --- arrays ----------------------------------------------------------------------------------------

small = st.integers(-4, 4).map(lambda k: k / 2)


@settings(max_examples=25)
@given(
    st.lists(st.lists(small, min_size=3, max_size=3), min_size=4, max_size=4),
    st.lists(small, min_size=4, max_size=4),
    st.lists(small, min_size=3, max_size=3),
    st.sampled_from([{"like": "half", "lam": 0.25}, {"like": "stated", "lam": 1, "ridge": 0.5}]),
    st.booleans(),
)
def test_every_finding_is_what_the_checker_finds(X, y, c, request_, positive):
    try:
        checked = check(c, X, y, digits=2, positive=positive, **request_)
    except DataError as error:
        assert "empty, with zeros only" in str(error)
        return
    files = checked.certificates()
    report = verify_bytes(files["coefficients.cert.json"])
    assert report.verdict == "valid"
    least = {True: "is the only minimiser", False: "there are others", None: "was not decided"}[checked.unique]
    assert least in said(report)
    again = check(list(checked.found.point), X, y, positive=positive, **request_)
    assert (again.verdict, again.digits, again.found.excess) == ("ok", None, (fmpq(0), fmpq(0)))


def test_the_minimiser_alone(tmp_path):
    checked = check(None, X, Y, like="sklearn", alpha=0.1, intercept="fit")
    assert checked.verdict == "solved" and checked.found.given is None
    lars = fitted(LassoLars(alpha=0.1))
    assert np.allclose(checked.coefficients, lars.coef_, rtol=1e-10) and np.isclose(checked.intercept, lars.intercept_)
    assert json.loads(json.dumps(checked.numbers))["distance"] is None
    verified(checked, tmp_path / "bundle")


def test_names_of_coefficients_may_be_those_of_the_columns():
    frame = pd.DataFrame({"a": [1, 0], "b": [0, 1]})
    for coefficients in (pd.Series([1.5, 0.5], index=["a", "b"]), pd.Series([1.5, 0.5]), np.array([1.5, 0.5])):
        assert check(coefficients, frame, [2, 1], like="half", lam=0.5).verdict == "ok"


def test_coefficients_below_zero_are_not_feasible(tmp_path):
    checked = check([-0.5, 1], [[1, 0], [0, 1]], [1, 2], like="half", lam=0.5, positive=True)
    assert checked.found.excess is None and "column 1" in checked.found.infeasible
    assert "not feasible" in verified(checked, tmp_path / "bundle")


GOOD = {"like": "half", "lam": 1}
WRONG = [
    ([1, 2], [[1, 0], [0, 1]], [1, 2], {}, UsageError, "say with like how the objective is written"),
    ([1], [[1, 0], [0, 1]], [1, 2], GOOD, DataError, "the coefficients must be 2 real numbers"),
    ([1, 2], [[1, 0], [0, 1]], [1], GOOD, DataError, "X has 2 rows and y has 1"),
    ([1, np.nan], [[1, 0], [0, 1]], [1, 2], GOOD, DataError, "a finite number is needed"),
    ([1, 2], [[1, 0], [1, 0]], [1, 2], GOOD, DataError, "column 2 is empty"),
    ([1, 2], [[1, 3], [0, 3]], [1, 2], GOOD | {"intercept": 1}, DataError, "column 2 is constant"),
    (
        [1, 2],
        [[1, 0], [0, 1j]],
        [1, 2],
        GOOD | {"intercept": 1},
        UsageError,
        "complex data are checked without intercept",
    ),
    ([1, 2], [[1, 0], [0, 1]], [1, 2], GOOD | {"intercept": "fit"}, UsageError, "give the fitted intercept"),
    (None, [[1, 0], [0, 1]], [1, 2], GOOD | {"intercept": 1}, UsageError, "say `fit` where only"),
    ([1, 2], [[1, 0], [0, 1]], [1, 2], GOOD | {"digits": 0}, UsageError, "digits must be an integer from 1"),
    ([1, 2], [[1, 0], [0, 1]], [1, 2], {"like": "half", "lam": 0}, UsageError, "must be positive, got 0"),
    (
        pd.Series([1, 2], index=["b", "a"]),
        pd.DataFrame({"a": [1, 0], "b": [0, 1]}),
        [1, 2],
        GOOD,
        DataError,
        "the coefficients have other names, or another order",
    ),
    (fitted(Lasso()), X, Y, {"alpha": 1}, UsageError, "leave out alpha"),
    (fitted(Lasso()), X, Y, {"positive": True}, UsageError, "leave out positive"),
    (X, Y, fitted(Lasso()), {}, UsageError, "the model comes first"),
    (X, fitted(Lasso()), Y, {}, UsageError, "the model comes first"),
    ([0, 1, 2], [[1, 0], [0, 1]], [1, 2], GOOD, DataError, "got 3, one too many: is the intercept among them"),
    (print, X, Y, {}, UsageError, "does not know builtin_function_or_method"),
]


@pytest.mark.parametrize(("model", "matrix", "data", "more", "kind", "said"), WRONG, ids=[case[-1] for case in WRONG])
def test_mistakes_are_one_line(model, matrix, data, more, kind, said):
    with pytest.raises(kind, match=said) as caught:
        check(model, matrix, data, **more)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("array", "sides", "dtype"),
    [
        (np.eye(2), 2, "<f8"),
        (np.asfortranarray(np.arange(6.0).reshape(2, 3)), 2, "<f8"),
        (np.eye(2, dtype=np.float32), 2, "<f8"),
        (np.eye(2, dtype=np.int32), 2, "<f8"),
        (pd.DataFrame({"a": [1.5, 2]}), 2, "<f8"),
        (np.ones((3, 1)), 1, "<f8"),
        (np.eye(2, dtype=np.int64), 2, "<f8"),
        (np.array([[2**53 + 1]]), 2, None),
        (np.array([[-(2**63)]]), 2, None),
        (np.array([[2**64 - 1]], dtype=np.uint64), 2, None),
        (np.eye(2).astype(str), 2, None),
        (np.eye(2) + 1j, 2, None),
        (np.ones(3), 2, None),
        ([[1.0]], 2, None),
    ],
)
def test_what_float64_holds_is_kept_as_a_file_of_numpy(array, sides, dtype, tmp_path):
    data = array_bytes(array, sides=sides)
    assert (data is None) == (dtype is None)
    if data is not None:
        (tmp_path / "a.npy").write_bytes(data)
        found = np.load(tmp_path / "a.npy")
        assert (
            found.dtype.str == dtype
            and found.ndim == sides
            and np.array_equal(found.ravel(), np.asarray(array).ravel())
        )


def test_a_notebook_and_a_terminal_show_it():
    checked = check([1.5, 0.5], [[1, 0], [0, 1]], [2, 1], like="half", lam=0.5)
    assert repr(checked) == "Checked(ok)" and str(checked).startswith("coefficients that were given: ok\n")
    assert "<svg" in checked._repr_html_()


def test_a_page_is_written(tmp_path):
    checked = check([1.5, 0.5], [[1, 0], [0, 1]], [2, 1], like="half", lam=0.5)
    assert checked.write_page(tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    with pytest.raises(UsageError, match=r"must end in \.html"):
        checked.write_page(tmp_path / "page.txt")


def test_all_columns_that_are_constant_or_empty_are_named_at_once():
    names = ["one", "age", "none", "two", "nil"]
    frame = pd.DataFrame([[1, 3, 0, 2, 0], [1, 4, 0, 2, 0], [1, 2, 0, 2, 0]], columns=names)
    with pytest.raises(DataError, match="none and nil are empty, with zeros only; fit again without them, which"):
        check(None, frame, [1, 2, 4], like="half", lam=1)
    both = (
        "^none and nil are empty, with zeros only, and one and two are constant, .* leaves nothing; fit again without"
    )
    with pytest.raises(DataError, match=both):
        check(None, frame, [1, 2, 4], like="half", lam=1, intercept="fit")
    with pytest.raises(DataError, match=r"one is constant, .* fit again without it"):
        check(None, frame[["one", "age"]], [1, 2, 4], like="half", lam=1, intercept="fit")
    options = {"like": "half", "lam": 1, "intercept": "fit"}
    assert check(None, frame[["age"]], [1, 2, 4], **options).verdict == "solved"


def test_all_the_dummies_of_a_factor_beside_an_intercept_are_not_unique(tmp_path):
    rng = np.random.default_rng(8)
    frame = pd.get_dummies(pd.DataFrame({"sex": list("fm") * 20, "city": list("abcd") * 10}))
    frame["age"] = rng.standard_normal(40)
    y = frame.to_numpy(float) @ [2, -2, 1, 0, 0, -3, 1] + rng.standard_normal(40)
    two = frame[["age", "sex_f", "sex_m"]]
    checked = check(fitted(Lasso(alpha=0.01, **TIGHT), two, y), two, y)
    assert checked.found.words == "ok, not unique" and checked.numbers["interchangeable"] == [[2, 3]]
    assert "sex_f and sex_m are interchangeable" in str(checked) and "another" not in str(checked)
    verified(checked, tmp_path / "two")
    four = frame.drop(columns=["sex_f", "sex_m"]).astype(float)  # two of them are above 0, and two below
    options = {"like": "mean-half", "lam": 0.01, "intercept": "fit"}
    found = check(None, four, y, **options).found
    assert found.unique == "no" and not found.interchangeable
    assert {four.columns[j] for j in found.differing} == {"city_a", "city_b", "city_c", "city_d"}
    assert "; another differs in " in " ".join(str(check(None, four, y, **options)).split())


@pytest.mark.parametrize(("factor", "shift"), [(1, 0), (-1, 1), (1, 2.5), (-1, -3)])
def test_columns_that_are_equal_up_to_a_constant_are_interchangeable_beside_an_intercept(factor, shift):
    matrix = np.c_[X[:, 2], X[:, 3], factor * X[:, 2] + shift]
    matrix = np.round(matrix * 2**40) / 2**40  # so that they are so exactly
    matrix[:, 2] = factor * matrix[:, 0] + shift
    options = {"like": "sklearn", "alpha": 0.1}
    assert check(None, matrix, Y, intercept="fit", **options).numbers["interchangeable"] == [[1, 3]]
    without = check(None, matrix, Y, **options).numbers["interchangeable"]
    assert without == ([[1, 3]] if shift == 0 else [])
    other = matrix * [1, 1, 2]
    assert check(None, other, Y, intercept="fit", **options).numbers["interchangeable"] == []

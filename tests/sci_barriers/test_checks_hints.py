"""Hints: which other penalty, intercept or scaling inaccurate coefficients look like, and silence if none is."""

import warnings

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.linear_model import ElasticNet, Lasso, Ridge
from sklearn.preprocessing import StandardScaler

from sci_barriers.checks.checking import check

X, Y = load_diabetes(return_X_y=True)
B, C = load_breast_cancer(return_X_y=True)
B, C = B[:, :10], C.astype(float)
SCALER = StandardScaler().fit(B)
ALPHA = 0.02


def fitted(model, X=B, y=C):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(X, y)


PLAIN = fitted(Lasso(alpha=ALPHA, tol=1e-10, max_iter=10**6))
ROUGH = fitted(Lasso(alpha=ALPHA))
SCALED = fitted(Lasso(alpha=ALPHA), SCALER.transform(B))
BACK = SCALED.coef_ / SCALER.scale_
NET = fitted(ElasticNet(alpha=0.01, tol=1e-10, max_iter=10**6), X, Y)
TRUE = {"like": "sklearn", "alpha": ALPHA}


def hint(coefficients, X=B, y=C, **options):
    found = check(coefficients, X, y, **options).found
    assert found.verdict == "inaccurate"
    return found.hint.removeprefix("the coefficients look like those ").removesuffix(
        " (seen in float64, not certified)"
    )


MEANS = f"of --like sklearn, glmnet, matlab or mean-half with the same {ALPHA}"
SEEN = {
    "half": (PLAIN.coef_, {"like": "half", "lam": ALPHA, "intercept": PLAIN.intercept_}, MEANS),
    "stated": (PLAIN.coef_, {"like": "stated", "lam": ALPHA, "intercept": PLAIN.intercept_}, MEANS),
    "rough": (ROUGH.coef_, {"like": "half", "lam": ALPHA, "intercept": ROUGH.intercept_}, MEANS),
    "no intercept": (
        PLAIN.coef_,
        TRUE,
        f"of a model with an intercept, about {PLAIN.intercept_:.4g}, which was not given",
    ),
    "alpha": (
        PLAIN.coef_,
        {"like": "sklearn", "alpha": 0.2, "intercept": PLAIN.intercept_},
        f"for alpha = {ALPHA}, about, in place of 0.2",
    ),
    "standardising": (
        BACK,
        {"like": "glmnet", "lam": ALPHA, "intercept": SCALED.intercept_ - SCALER.mean_ @ BACK},
        "of a fit that has standardised the columns, see --scales",
    ),
    "standardised": (
        SCALED.coef_,
        TRUE | {"intercept": SCALED.intercept_},
        "for standardised columns, which those of X are not",
    ),
}


@pytest.mark.parametrize(("coefficients", "options", "said"), SEEN.values(), ids=SEEN)
def test_what_has_gone_wrong_is_seen(coefficients, options, said):
    assert hint(coefficients, **options) == said


def test_several_things_may_have_gone_wrong():
    said = hint(PLAIN.coef_, like="half", lam=ALPHA)
    assert said.startswith("of a model with an intercept") and said.endswith(f", and {MEANS}")


def test_an_elastic_net_has_another_strength_and_no_other_word():
    known = {"like": "sklearn", "l1_ratio": 0.5, "intercept": NET.intercept_}
    assert hint(NET.coef_, X, Y, alpha=0.02, **known) == "for alpha = 0.01, about, in place of 0.02"
    m = len(Y)
    half = {"like": "half", "lam": m * 0.01, "ridge": m * 0.01, "intercept": NET.intercept_}
    assert hint(NET.coef_, X, Y, **half) == "for penalties 0.5 times as large"


def test_a_model_whose_data_were_scaled_or_whose_parameters_were_set_after_the_fit():
    model = fitted(Lasso(alpha=0.1), X, Y).set_params(alpha=0.3)
    assert hint(model, X, Y) == "for alpha = 0.1, about, in place of 0.3"
    assert hint(SCALED) == "for standardised columns, which those of X are not"


@pytest.mark.parametrize("change", ["rows", "y", "weights"])
def test_data_that_are_not_those_of_the_fit_break_the_bound_of_the_library(change):
    weights = np.linspace(0.1, 3, len(Y))
    model = Lasso(alpha=0.1)
    if change == "weights":
        model.fit(X, Y, sample_weight=weights)
    else:
        model.fit(*((X[:300], Y[:300]) if change == "rows" else (X, np.log(Y))))
    assert hint(model, X, Y).startswith("the bound that the library itself gives does not hold on these data")


def test_a_model_that_is_merely_inaccurate_could_have_tried_longer():
    assert hint(Lasso(alpha=0.01).fit(X, Y), X, Y) == (
        "a tol below 0.0001, which is what the model has, gives more digits, as a rule"
    )
    said = hint(fitted(Lasso(alpha=0.01, max_iter=20), X, Y), X, Y)
    assert said == "a max_iter above 20, where the model stopped, gives more digits, as a rule"


def test_zeros_are_right_for_a_larger_penalty():
    said = hint(np.zeros(10), X, Y, like="sklearn", alpha=0.1, intercept=Y.mean())
    least = np.abs(X.T @ (Y - Y.mean())).max() / len(Y)
    assert said == f"that all coefficients are 0 would be right from alpha = {least:.4g} on, about"


SILENT = {
    "merely inaccurate": (ROUGH.coef_, TRUE | {"intercept": ROUGH.intercept_}),
    "noise": (np.random.default_rng(0).standard_normal(10), TRUE),
    "ridge": (fitted(Ridge()).coef_, TRUE | {"intercept": 0}),
    "one coefficient": ([0, 0, 0, 0, 1, 0, 0, 0, 0, 0], TRUE),
    "negative": (-np.abs(PLAIN.coef_), TRUE | {"positive": True}),
    "large": (np.full(10, 1e300), TRUE),
}


@pytest.mark.parametrize(("coefficients", "options"), SILENT.values(), ids=SILENT)
def test_nothing_is_said_where_nothing_is_seen(coefficients, options):
    assert hint(coefficients, **options) == ""


def test_right_coefficients_get_no_hint_and_free_columns_and_weights_are_taken():
    assert check(PLAIN.coef_, B, C, **TRUE, intercept=PLAIN.intercept_, digits=3).found.hint == ""
    weights = np.ones(10)
    weights[0] = 0
    free = check(None, X, Y, like="half", lam=50, weights=weights, sample_weight=np.arange(1, 443))
    options = {"like": "half", "lam": 100, "weights": weights, "sample_weight": np.arange(1, 443)}
    assert hint(free.coefficients, X, Y, **options) == "of --like stated with the same 100"
    assert hint(np.zeros(10), X, Y, **options) == ""


def test_large_data_that_are_no_floats_are_not_converted(monkeypatch):
    monkeypatch.setattr("sci_barriers.checks.hints._MOST_ENTRIES", 10)
    assert hint(PLAIN.coef_, B.tolist(), C, like="half", lam=ALPHA, intercept=PLAIN.intercept_) == ""


@pytest.mark.parametrize("seed", range(12))
def test_two_columns_look_like_little(seed):
    """Two coefficients satisfy many conditions by chance; these are of least squares and of ridge, and no LASSO's."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((50, 2)) * rng.uniform(0.1, 10, 2) + rng.uniform(-3, 3, 2)
    y = X @ rng.standard_normal(2) + rng.standard_normal(50)
    for model in (Ridge(0.001), Ridge(3)):
        model.fit(X, y)
        assert hint(model.coef_, X, y, like="sklearn", alpha=0.3, intercept=model.intercept_) == ""

"""`Certified`, the meta-estimator: it is one of scikit-learn's, and what it keeps is what `check` finds."""

import doctest
import pickle
import subprocess
import sys
import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.base import clone
from sklearn.datasets import load_diabetes
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import ElasticNet, Lasso, LassoCV, LassoLars, LassoLarsIC, LinearRegression, Ridge
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from exact_base.errors import DataError, UsageError
from proofs_checks.checker import verify_path
from sci_barriers import check
from sci_barriers.checks import estimator as module
from sci_barriers.checks.estimator import Certified
from sci_barriers.checks.models import last_step, step_names

X, Y = load_diabetes(return_X_y=True)
X, Y = X[:50], Y[:50]
WEIGHTS = np.arange(50) % 4.0


def fitted(model, X=X, y=Y, **more):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(X, y, **more)


def passes(estimator, check):
    if "array_api" not in str(check):  # that one skips itself wherever scipy is not told of array APIs by a variable
        check(estimator)


@parametrize_with_checks([Certified(Lasso(alpha=0.01))])
def test_scikit_learn_takes_it_for_an_estimator(estimator, check):
    passes(estimator, check)


@pytest.mark.slow  # all together
@parametrize_with_checks(
    [
        Certified(ElasticNet(alpha=0.01), exact=True, certificate=False),
        Certified(make_pipeline(StandardScaler(), Lasso(alpha=0.01)), exact=True),
    ]
)
def test_scikit_learn_takes_it_for_one_with_every_model(estimator, check):
    passes(estimator, check)


MODELS = [
    Lasso(alpha=0.01),
    Lasso(alpha=0.01, fit_intercept=False),
    Lasso(alpha=0.01, positive=True),
    LassoCV(cv=2, eps=0.1),
    LassoLars(alpha=0.01),
    LassoLarsIC(),
    ElasticNet(alpha=0.01),
    make_pipeline(StandardScaler(), Lasso(alpha=0.5)),
    make_pipeline("passthrough", StandardScaler(with_mean=False), Lasso(alpha=0.5)),
    GridSearchCV(make_pipeline(StandardScaler(), Lasso()), {"lasso__alpha": [0.1, 1]}, cv=3),
]


@pytest.mark.parametrize("exact", [False, True], ids=["library", "exact"])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: str(model).replace("\n", "")[:60])
def test_what_is_kept(model, exact):
    made = fitted(Certified(model, exact=exact))
    plain = fitted(clone(model))
    found = check(plain, X, Y)
    assert np.array_equal(last_step(made.estimator_).coef_, last_step(plain).coef_)
    assert (made.verdict_, str(made.finding_)) == (found.verdict, str(found))
    if exact:
        assert np.array_equal(made.coef_, found.coefficients) and made.intercept_ == (found.intercept or 0)
    else:
        assert made.predictor_ is made.estimator_ and np.array_equal(made.predict(X), plain.predict(X))
    # what predicts is what coef_ and intercept_ say
    transformed = X
    for step in getattr(getattr(plain, "best_estimator_", plain), "steps", ())[:-1]:
        transformed = transformed if isinstance(step[1], str) else step[1].transform(transformed)
    assert np.allclose(made.predict(X), transformed @ made.coef_ + made.intercept_, rtol=1e-12)
    assert not hasattr(last_step(model), "coef_")  # the model that was given is as it was


def test_the_exact_minimiser_predicts_what_a_tiny_tolerance_would():
    made = fitted(Certified(Lasso(alpha=0.01), exact=True))
    tight = fitted(Lasso(alpha=0.01, tol=1e-14, max_iter=100_000))
    assert made.verdict_ == "inaccurate"
    assert np.allclose(made.predict(X), tight.predict(X), rtol=1e-8)
    assert not np.allclose(made.predict(X), made.estimator_.predict(X), rtol=1e-8)
    assert (
        check(made.coef_, X, Y, like="sklearn", alpha=0.01, intercept=float(made.intercept_), digits=15).verdict == "ok"
    )


def test_the_certificate_is_kept_or_not(tmp_path):
    made = fitted(Certified(Lasso()))
    again = pickle.loads(pickle.dumps(made))
    assert again.finding_.certificates() == made.finding_.certificates()
    again.finding_.write(tmp_path / "bundle")
    assert verify_path(tmp_path / "bundle").verdict == "valid"
    small = fitted(Certified(Lasso(), certificate=False))
    assert str(small.finding_) == str(made.finding_)
    data = pickle.dumps(small.finding_)
    assert X.tobytes()[:400] not in data and len(data) < len(pickle.dumps(made.finding_)) / 4
    with pytest.raises(UsageError, match="certificate=False, and has not kept the data"):
        small.finding_.certificates()


@pytest.mark.parametrize("kind", ["array", "table", "sparse", "list"])
def test_rows_of_weight_0_are_left_out(kind):
    data = {"array": X, "table": pd.DataFrame(X).add_prefix("x"), "sparse": sparse.csc_matrix(X), "list": X.tolist()}[
        kind
    ]
    made = fitted(Certified(Lasso(alpha=0.01, tol=1e-13, max_iter=10**6), digits=8), data, sample_weight=WEIGHTS)
    assert made.verdict_ == "ok" and made.finding_.found.rows == np.count_nonzero(WEIGHTS)
    repeated = np.repeat(np.arange(50), WEIGHTS.astype(int))
    assert np.allclose(made.coef_, fitted(Lasso(alpha=0.01, tol=1e-13, max_iter=10**6), X[repeated], Y[repeated]).coef_)


def test_one_weight_for_all_rows_and_weights_for_all_steps():
    assert fitted(Certified(Lasso(), digits=2), sample_weight=2.0).finding_.found.rows == 50
    pipeline = make_pipeline(StandardScaler(), Lasso(alpha=0.5, tol=1e-12))
    made = fitted(Certified(pipeline, digits=8), sample_weight=WEIGHTS)
    repeated = np.repeat(np.arange(50), WEIGHTS.astype(int))
    assert made.verdict_ == "ok"
    assert np.allclose(made.predict(X), fitted(clone(pipeline), X[repeated], Y[repeated]).predict(X))


def test_it_is_searched_as_others():
    search = fitted(GridSearchCV(Certified(Lasso()), {"estimator__alpha": [0.1, 1], "exact": [True]}, cv=2))
    assert search.best_estimator_.verdict_ in ("ok", "inaccurate")


def test_it_stands_in_a_pipeline():
    scores = cross_val_score(make_pipeline(StandardScaler(), Certified(Lasso(), exact=True)), X, Y, cv=2)
    assert np.all(np.isfinite(scores))


def test_names_are_those_of_the_last_fit():
    made = fitted(Certified(Lasso()), pd.DataFrame(X).add_prefix("x"))
    assert made.feature_names_in_[0] == "x0" and made.finding_.found.names[0] == "x0" and made.n_features_in_ == 10
    assert not hasattr(fitted(made), "feature_names_in_")


REFUSED = [
    (Certified(Ridge()), {}, UsageError, "does not know Ridge of scikit-learn"),
    (Certified(LinearRegression()), {}, UsageError, "does not know LinearRegression"),
    (Certified(make_pipeline(MinMaxScaler(), Lasso())), {}, UsageError, "does not know MinMaxScaler .* in a Pipeline"),
    (Certified(GridSearchCV(Ridge(), {"alpha": [1]})), {}, UsageError, "does not know Ridge"),
    (Certified(Certified(Lasso())), {}, UsageError, "does not know Certified"),
    (Certified(Lasso), {}, UsageError, "is a class"),
    (Certified(LassoLars()), {"sample_weight": WEIGHTS}, UsageError, "LassoLars takes no sample_weight"),
    (Certified(Lasso(alpha=0)), {}, UsageError, "alpha = 0 is least squares"),
    (Certified(Lasso(), digits=0), {}, UsageError, "digits must be an integer from 1"),
    (Certified(Lasso()), {"X": np.c_[X, np.ones(50)]}, DataError, "column 11 is constant"),
    (Certified(Lasso()), {"y": np.c_[Y, Y]}, ValueError, "should be a 1d array"),
]


@pytest.mark.parametrize(("model", "more", "kind", "said"), REFUSED, ids=[case[-1] for case in REFUSED])
def test_mistakes_are_one_line(model, more, kind, said):
    with pytest.raises(kind, match=said):
        fitted(model, **{"X": X, "y": Y, **more})
    assert not hasattr(model, "estimator_")


def test_nothing_is_predicted_before_it_is_fitted():
    with pytest.raises(NotFittedError):
        Certified(Lasso()).predict(X)


@pytest.mark.parametrize(
    ("model", "last", "steps"),
    [
        (Lasso(), "Lasso", ()),
        (make_pipeline(StandardScaler(), "passthrough", Lasso()), "Lasso", ("standardscaler", "lasso")),
        (GridSearchCV(make_pipeline(ElasticNet()), {}), "ElasticNet", ("elasticnet",)),
    ],
)
def test_steps_of_models_that_are_not_fitted(model, last, steps):
    assert (type(last_step(model)).__name__, step_names(model)) == (last, steps)


def test_the_example_gives_what_it_says():
    failed, tried = doctest.testmod(module)
    assert failed == 0 and tried > 0


@pytest.mark.parametrize(("package", "module"), [("sklearn", "estimator"), ("cvxpy", "certified_method")])
def test_without_the_extra_it_says_what_to_install(package, module, root):
    program = f"import sys; sys.modules[{package!r}] = None; import sci_barriers.checks.{module}"
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "pip install 'sci-barriers[solvers]'" in done.stderr.splitlines()[-1]


def test_check_loads_neither():
    program = "import sys, sci_barriers; sci_barriers.check; print({'sklearn', 'cvxpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"

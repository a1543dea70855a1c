"""Fitted models of scikit-learn: what is read of them, and what is refused by name."""

import warnings

import numpy as np
import pandas as pd
import pytest
from flint import fmpq
from scipy.sparse import csr_matrix
from sklearn.datasets import load_diabetes
from sklearn.decomposition import PCA
from sklearn.linear_model import (
    ElasticNet,
    ElasticNetCV,
    Lars,
    Lasso,
    LassoCV,
    LassoLars,
    LassoLarsCV,
    LassoLarsIC,
    LogisticRegression,
    MultiTaskLasso,
    Ridge,
)
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from exact_base.errors import DataError, UsageError
from sci_barriers.checks.models import model_question
from sci_barriers.problems.penalised.problem import entries_of

X, Y = load_diabetes(return_X_y=True)
X, Y = X[:60], Y[:60]
FRAME = pd.DataFrame(X, columns=[f"x{j}" for j in range(10)])


def fitted(model, X=X, y=Y, **more):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(X, y, **more)


class Mine(Lasso):
    """It may minimise whatever it likes."""


RIGHT = [
    Lasso(),
    Lasso(alpha=0.1, fit_intercept=False),
    Lasso(positive=True),
    LassoCV(cv=3),
    LassoLars(alpha=0.1),
    LassoLarsCV(cv=3),
    LassoLarsIC(),
    ElasticNet(l1_ratio=0.3),
    ElasticNetCV(l1_ratio=[0.5, 0.9], cv=3),
    make_pipeline(Lasso()),
    make_pipeline(StandardScaler(), Lasso()),
    make_pipeline("passthrough", StandardScaler(with_mean=False), "passthrough", LassoCV(cv=3)),
    make_pipeline(StandardScaler(), StandardScaler(), ElasticNet()),
    GridSearchCV(make_pipeline(StandardScaler(), Lasso()), {"lasso__alpha": [0.1, 1]}, cv=3),
]


@pytest.mark.parametrize("model", RIGHT, ids=lambda model: str(model).replace("\n", "")[:60])
def test_what_a_model_says_is_read_exactly(model):
    fitted(model)
    question = model_question(model, X, Y)
    last = getattr(model, "best_estimator_", model)
    last = last[-1] if isinstance(last, Pipeline) else last
    given = entries_of(question.coefficients)
    wanted = [*last.coef_, *([last.intercept_] if last.fit_intercept else [])]
    assert given == [fmpq(*float(v).as_integer_ratio()) for v in wanted]
    alpha = fmpq(*float(getattr(last, "alpha_", getattr(last, "alpha", None))).as_integer_ratio())
    ratio = getattr(last, "l1_ratio_", getattr(last, "l1_ratio", 1))
    ratio = fmpq(*float(ratio if isinstance(last, ElasticNet | ElasticNetCV) else 1).as_integer_ratio())
    problem = question.problem
    assert entries_of(problem.penalties)[0] == 2 * len(Y) * alpha * ratio
    assert (entries_of(problem.ridge)[0] if problem.ridge else 0) == len(Y) * alpha * (1 - ratio)
    assert problem.nonnegative == (tuple(range(10)) if last.positive else ())
    assert type(last).__name__ in question.subject and set(question.arrays) == {"X.npy", "y.npy"}


WRONG = [
    (Lasso(), "this Lasso is not fitted"),
    (Lasso, "Lasso of scikit-learn is a class"),
    (make_pipeline(StandardScaler(), Lasso()), "this StandardScaler is not fitted"),
    (GridSearchCV(Lasso(), {"alpha": [1]}), "has no best_estimator_"),
    (fitted(Ridge()), "does not know Ridge of scikit-learn"),
    (fitted(Lars()), "does not know Lars of scikit-learn"),
    (fitted(Mine()), "does not know Mine of"),
    (LogisticRegression(), "does not know LogisticRegression of scikit-learn"),
    (fitted(MultiTaskLasso(), y=np.c_[Y, Y]), "does not know MultiTaskLasso of scikit-learn"),
    (fitted(Lasso(), y=np.c_[Y, Y]), "coefficients of shape"),
    (fitted(make_pipeline(PCA(3), Lasso())), "does not know PCA of scikit-learn in a Pipeline"),
    (fitted(make_pipeline(MinMaxScaler(), Lasso())), "does not know MinMaxScaler of scikit-learn in a Pipeline"),
    (fitted(make_pipeline(StandardScaler(), Ridge())), "does not know Ridge of scikit-learn"),
    (fitted(Lasso(alpha=0)), "alpha = 0 is least squares"),
    (fitted(LassoLars(alpha=0.1, jitter=0.1, random_state=0)), "with jitter is fitted to another y"),
    ("lasso", "does not know the text 'lasso'"),
    (object(), "does not know object"),
]


@pytest.mark.parametrize(("model", "said"), WRONG, ids=[said for _, said in WRONG])
def test_anything_else_is_refused_by_name(model, said):
    with pytest.raises(UsageError, match=said) as caught:
        model_question(model, X, Y)
    assert "\n" not in str(caught.value)
    if "not know" in said:
        assert "it takes a fitted Lasso, LassoCV" in str(caught.value)


def put(value, row=1, column=2):
    changed = X.copy()
    changed[row if value is not None else slice(None), column] = 0 if value is None else value
    return changed


DATA = [
    (X[:, :9], Y, "X has 9 columns, and the Lasso was fitted to 10"),
    (X, Y[:-1], "X has 60 rows and y has 59"),
    (put(np.nan), Y, "row 2, column 3: a finite number is needed"),
    (put(None), Y, "column 3 is empty"),
    (np.where(np.arange(10) == 4, 2.0, X), Y, "column 5 is constant"),
    (FRAME[[f"x{j}" for j in reversed(range(10))]], Y, "other names, or another order"),
    (X + 1j, Y, "complex data are not checked here"),
    ([], Y, "matrix is needed"),
]


@pytest.mark.parametrize(("matrix", "data", "said"), DATA, ids=[said for *_, said in DATA])
def test_data_that_are_not_those_of_the_model(matrix, data, said):
    model = fitted(Lasso(), FRAME) if isinstance(matrix, pd.DataFrame) else fitted(Lasso())
    with pytest.raises(DataError, match=said) as caught:
        model_question(model, matrix, data)
    assert "\n" not in str(caught.value)


def test_names_are_kept():
    assert model_question(fitted(Lasso(), FRAME), FRAME, Y).names == tuple(FRAME.columns)
    assert model_question(fitted(Lasso()), X, Y).names[:2] == ("column 1", "column 2")


def test_a_column_of_y_is_a_vector():
    question = model_question(fitted(Lasso(), y=Y[:, None]), X, Y[:, None])
    assert question.problem.data.rows == 60 and question.coefficients.rows == 11


def test_weights_are_those_that_are_given_here():
    weights = np.arange(1.0, 61)
    model = fitted(Lasso(), sample_weight=weights)
    problem = model_question(model, X, Y, sample_weight=weights).problem
    assert entries_of(problem.penalties)[0] == 2 * int(weights.sum())
    with pytest.raises(DataError, match="every sample_weight must be positive"):
        model_question(model, X, Y, sample_weight=weights - 1)
    with pytest.raises(DataError, match="sample_weight must be 60 real numbers"):
        model_question(model, X, Y, sample_weight=weights[1:])
    with pytest.raises(UsageError, match="LassoLars takes no sample_weight"):
        model_question(fitted(LassoLars(alpha=0.1)), X, Y, sample_weight=weights)


# --- the scaling -----------------------------------------------------------------------------------


def test_the_numbers_of_a_scaler_are_taken_as_they_are():
    model = fitted(make_pipeline(StandardScaler(), Lasso()))
    problem, scaler = model_question(model, X, Y).problem, model[0]
    for vector, wanted in ((problem.centres, scaler.mean_), (problem.scales, scaler.scale_)):
        assert entries_of(vector) == [fmpq(*float(v).as_integer_ratio()) for v in wanted]


def test_two_scalers_are_one():
    first, second = fitted(StandardScaler()), fitted(StandardScaler(), 3 * X + 1)
    model = Pipeline([("a", first), ("b", second), ("c", fitted(Lasso()))])
    problem = model_question(model, X, Y).problem
    c, s = entries_of(problem.centres)[3], entries_of(problem.scales)[3]
    exact = [fmpq(*float(v[3]).as_integer_ratio()) for v in (X[7], first.mean_, first.scale_)]
    inner = (exact[0] - exact[1]) / exact[2]
    outer = [fmpq(*float(v[3]).as_integer_ratio()) for v in (second.mean_, second.scale_)]
    assert (exact[0] - c) / s == (inner - outer[0]) / outer[1]


def test_how_far_it_is_from_the_exact_one_is_said():
    model = fitted(make_pipeline(StandardScaler(), Lasso()))
    notes = model_question(model, X, Y).notes
    assert "taken as the float64 numbers that they are" in notes[0]
    assert "differ from the exact ones by at most" in notes[1] and "e-1" in notes[1]
    assert "moved no entry by more than" in notes[2] and "e-1" in notes[2]
    other = Pipeline([("scaler", fitted(StandardScaler(), 2 * X)), ("lasso", fitted(Lasso()))])
    assert "not those of X" in model_question(other, X, Y).notes[1]
    wide = fitted(make_pipeline(StandardScaler(), StandardScaler(), Lasso()))
    assert "was not measured" in model_question(wide, X, Y).notes[1]


def test_a_scale_of_zero_is_refused():
    model = fitted(make_pipeline(StandardScaler(), Lasso()))
    model[0].scale_[2] = 0
    with pytest.raises(DataError, match="a scale of the StandardScaler is 0"):
        model_question(model, X, Y)


def test_a_model_that_has_computed_in_float32_is_told_apart():
    narrow = X.astype(np.float32)
    question = model_question(fitted(Lasso(), narrow), narrow, Y)
    assert question.notes == ("the model has computed in float32; the data are taken as they are given here",)


# --- what the library says -------------------------------------------------------------------------


def test_the_dual_gap_is_an_upper_bound_for_the_objective_as_it_is_written():
    claimed = model_question(fitted(Lasso(alpha=0.01, max_iter=3)), X, Y).claimed
    assert claimed.excess > 0 and "it stopped there" in claimed.words
    lars = model_question(fitted(LassoLars(alpha=0.1)), X, Y).claimed
    assert lars.excess is None and "no bound" in lars.words


# --- truth values ----------------------------------------------------------------------------------

TRUE = X > 0
MIXED = FRAME.assign(old=TRUE[:, 0], tall=pd.array(TRUE[:, 1], dtype="boolean"))


@pytest.mark.parametrize(
    ("matrix", "y", "said"),
    [
        (MIXED, Y, "truth values (old and tall)"),
        (MIXED[["old", "tall"]], Y > 100, "truth values (old and tall, y)"),
        (TRUE, pd.Series(Y > 100), "truth values (columns 1, 2, 3, 4, 5, 6 and 4 more, y)"),
        (csr_matrix(TRUE), Y, "truth values (columns 1, 2, 3, 4, 5, 6 and 4 more)"),
        (FRAME, (Y > 100)[:, None], "truth values (y)"),
    ],
    ids=["some columns", "all columns", "array", "sparse", "y"],
)
def test_truth_values_are_what_scikit_learn_takes_them_for(matrix, y, said):
    question = model_question(fitted(Lasso(alpha=0.01), matrix, y), matrix, y)
    assert question.notes == (f"{said} are 0 and 1, as scikit-learn takes them",)
    seen = matrix.toarray() if hasattr(matrix, "toarray") else np.asarray(matrix, dtype=float)
    assert np.array_equal(question.problem.matrix.to_float(), seen)
    assert np.array_equal(question.problem.data.to_float().ravel(), np.asarray(y, dtype=float).ravel())


def test_a_missing_truth_value_is_refused():
    model, missing = fitted(Lasso(), MIXED), MIXED.copy()
    missing.loc[2, "tall"] = pd.NA
    with pytest.raises(DataError, match="row 3, column 12 'tall'"):
        model_question(model, missing, Y)
    assert missing.dtypes["old"].kind == "b"


def test_the_last_step_of_another_pipeline_can_be_checked_as_the_message_says():
    model = fitted(make_pipeline(MinMaxScaler(), Lasso()))
    with pytest.raises(UsageError, match=r"check\(model\[-1\], model\[:-1\]\.transform\(X\), y\) checks the last step"):
        model_question(model, X, Y)
    assert model_question(model[-1], model[:-1].transform(X), Y).problem.features == 10
    search = fitted(GridSearchCV(make_pipeline(MinMaxScaler(), Lasso()), {"lasso__alpha": [0.1, 1]}, cv=3))
    with pytest.raises(UsageError, match=r"check\(model\.best_estimator_\[-1\], model\.best_estimator_\[:-1\]"):
        model_question(search, X, Y)

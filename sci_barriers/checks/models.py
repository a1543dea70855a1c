"""Fitted models of scikit-learn as questions: what they minimise, their coefficients, and what they say of themselves.

A model counts as what its class is, exactly: a class derived from one of these may minimise something else. Nothing is
fitted or called; attributes are read. Sources: the pages of scikit-learn on `ElasticNet`, `LassoLars` and
`StandardScaler`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import fmpq

from exact_base.decimals import above
from exact_base.entries.arrays import laid_out
from exact_base.errors import DataError, UsageError
from exact_base.matrices import ExactMatrix, exact_column, exact_matrix, matrix_of
from exact_base.rationals import exact_number
from proofs_checks.certificate.reading import printable
from sci_barriers.checks.conventions import Request, penalties
from sci_barriers.checks.questions import DATA, MATRIX, Claimed, Question, array_bytes, check_data, column_names, listed
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, column

__all__ = ["SUPPORTED", "last_step", "model_question", "step_names"]

SUPPORTED = (
    "a fitted Lasso, LassoCV, LassoLars, LassoLarsCV, LassoLarsIC, ElasticNet or ElasticNetCV of scikit-learn, alone "
    "or in a Pipeline after StandardScaler"
)
"""What there is to check, in words."""

_DESCENT = ("Lasso", "LassoCV", "ElasticNet", "ElasticNetCV")
_LARS = ("LassoLars", "LassoLarsCV", "LassoLarsIC")
_SEARCHES = ("GridSearchCV", "RandomizedSearchCV")
_MOST_COMPARED = 1 << 17
"""Entries of X up to which the rounding of a transform is measured, and not only bounded."""
_CLOSE = fmpq(1, 10**6)


def model_question(model: Any, X: Any, y: Any, *, sample_weight: Any = None) -> Question:
    """Return the question of a fitted model and the data that it was fitted to.

    Args:
        model: one of `SUPPORTED`, or a search over such models that has refitted the best.
        X: the data, m x n, as they went into the model or Pipeline.
        y: the responses, of length m.
        sample_weight: the weights that `fit` was given, if any; all positive.

    Raises:
        UsageError: for any other model, named, or one that is not fitted.
        DataError: if the data are not those of the model, or cannot be read exactly.

    >>> from sklearn.linear_model import Lasso
    >>> from sci_barriers.checks.models import model_question
    >>> X, y = [[0.0, 1.0], [1.0, 0.5], [2.0, 0.0]], [0.0, 1.0, 3.0]
    >>> question = model_question(Lasso(alpha=0.25).fit(X, y), X, y)
    >>> question.problem.penalties.re.tolist(), question.problem.size
    ([[3], [3], [0]], 3)
    """
    chain = _chain(model)
    estimator = chain.estimator
    kind = type(estimator).__name__
    X, truths = _numbers(X)
    y, also = _numbers(y)
    table = laid_out(X)
    matrix, data = matrix_of(table), exact_column(y)
    columns = matrix.cols
    names = column_names(table.columns, columns)
    _check_fitted(chain, table.columns, columns)
    coefficients = _coefficients(estimator, columns)
    intercept = bool(estimator.fit_intercept)
    scaling = _scaling(chain.scalers, columns)
    check_data(matrix, data, names=names, centred=intercept or scaling.centres is not None)
    weights = None if sample_weight is None else _weights(sample_weight, kind, matrix.rows)
    request = _request(estimator, kind)
    found = penalties(request, rows=matrix.rows, columns=columns, intercept=intercept, observation_weights=weights)
    problem = PenalisedLeastSquares(
        matrix,
        data,
        found.l1,
        found.ridge,
        scaling.centres,
        scaling.scales,
        weights,
        intercept,
        tuple(range(columns)) if estimator.positive else (),
    )
    given = [*coefficients, *([_intercept(estimator)] if intercept else [])]
    arrays = {name: array_bytes(one, sides=sides) for name, one, sides in ((MATRIX, X, 2), (DATA, y, 1))}
    return Question(
        problem,
        column(given),
        names,
        f"{kind} of scikit-learn{_version()}{chain.words}",
        found.words + (", all w >= 0" if estimator.positive else ""),
        found.multiple,
        _claimed(estimator, kind),
        (*_truths(truths, also=also, names=names), *_precision(estimator), *_notes(chain, scaling, matrix, X)),
        {name: data for name, data in arrays.items() if data is not None},
        request,
    )


# --- which model it is -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Chain:
    """A model with the scalers before it, in order."""

    estimator: Any
    scalers: tuple[Any, ...] = ()
    words: str = ""
    first: Any = None


def _class_of(model: Any, module: str, names: Sequence[str]) -> str | None:
    """Return which of these classes of scikit-learn something is an instance of, exactly; it is not loaded for it."""
    loaded = sys.modules.get(module)
    return next((name for name in names if loaded is not None and type(model) is getattr(loaded, name, None)), None)


def _chain(model: Any, *, called: str = "model") -> _Chain:
    if _class_of(model, "sklearn.model_selection", _SEARCHES):
        if not hasattr(model, "best_estimator_"):
            raise UsageError(f"this {type(model).__name__} has no best_estimator_; fit it, with refit=True")
        return _chain(model.best_estimator_, called="model.best_estimator_")
    if _class_of(model, "sklearn.pipeline", ("Pipeline",)):
        *before, (_, last) = model.steps
        estimator = _known(last)
        steps = [
            step for _, step in before if step is not None and not (isinstance(step, str) and step == "passthrough")
        ]
        for step in steps:
            if not _class_of(step, "sklearn.preprocessing", ("StandardScaler",)):
                raise UsageError(
                    f"check does not know {_called(step)} in a Pipeline; it takes {SUPPORTED}, and "
                    f"check({called}[-1], {called}[:-1].transform(X), y) checks the last step on what it was fitted to"
                )
        scaled = " in a Pipeline after StandardScaler" if steps else " in a Pipeline"
        return _Chain(estimator, tuple(steps), scaled, before[0][1] if before else None)
    return _Chain(_known(model))


def _known(model: Any) -> Any:
    if isinstance(model, type):
        raise UsageError(f"{_called(model)} is a class; check takes {SUPPORTED}")
    if not _class_of(model, "sklearn.linear_model", (*_DESCENT, *_LARS)):
        raise UsageError(f"check does not know {_called(model)}; it takes {SUPPORTED}")
    return model


def _called(model: Any) -> str:
    if isinstance(model, str):
        return f"the text {model!r:.40}"
    kind = model if isinstance(model, type) else type(model)
    place = str(kind.__module__).partition(".")[0]
    name = printable(kind.__qualname__, 60)
    return (
        name if place == "builtins" else f"{name} of {'scikit-learn' if place == 'sklearn' else printable(place, 40)}"
    )


def _version() -> str:
    version = getattr(sys.modules.get("sklearn"), "__version__", "")
    return f" {version}" if version else ""


def _check_fitted(chain: _Chain, names: Sequence[str] | None, columns: int) -> None:
    for part in (*chain.scalers, chain.estimator):
        kind = type(part).__name__
        if not hasattr(part, "n_features_in_"):
            raise UsageError(f"this {kind} is not fitted; call its method fit first")
        if part.n_features_in_ != columns:
            raise DataError(f"X has {columns} columns, and the {kind} was fitted to {part.n_features_in_}")
    wanted = getattr(chain.scalers[0] if chain.scalers else chain.estimator, "feature_names_in_", None)
    if wanted is not None and names is not None and list(wanted) != list(names):
        raise DataError("the columns of X have other names, or another order, than those that the model was fitted to")


# --- what it has found -----------------------------------------------------------------------------


def _coefficients(estimator: Any, columns: int) -> list[fmpq]:
    shape = np.shape(estimator.coef_)
    if shape not in ((columns,), (1, columns)):
        raise UsageError(f"the model has coefficients of shape {shape}; fit it to one y at a time")
    return [exact_number(value) for value in np.ravel(estimator.coef_)]


def _intercept(estimator: Any) -> fmpq:
    value = np.ravel(estimator.intercept_)
    if value.shape != (1,):
        raise UsageError(f"the model has {len(value)} intercepts; fit it to one y at a time")
    return exact_number(value[0])


def _weights(sample_weight: Any, kind: str, rows: int) -> ExactMatrix:
    if kind in _LARS:
        raise UsageError(f"the method fit of {kind} takes no sample_weight; leave it out")
    weights = exact_column(sample_weight)
    if (weights.rows, weights.cols) != (rows, 1) or not weights.is_real:
        raise DataError(f"sample_weight must be {rows} real numbers, one for each row of X")
    if any(weight <= 0 for weight in weights.re.entries()):
        raise DataError("every sample_weight must be positive; leave out the rows with weight 0")
    return weights


def _request(estimator: Any, kind: str) -> Request:
    if kind in _LARS and getattr(estimator, "jitter", None) is not None:
        raise UsageError(f"{kind} with jitter is fitted to another y than yours; fit it with jitter=None")
    chosen = kind.endswith(("CV", "IC"))
    alpha = exact_number(estimator.alpha_ if chosen else estimator.alpha)
    if alpha <= 0:
        raise UsageError(f"{kind} with alpha = 0 is least squares without a penalty, which check does not take")
    ratio = {"ElasticNet": "l1_ratio", "ElasticNetCV": "l1_ratio_"}.get(kind)
    return Request("sklearn", alpha=alpha, l1_ratio=None if ratio is None else exact_number(getattr(estimator, ratio)))


def _claimed(estimator: Any, kind: str) -> Claimed:
    """What scikit-learn says; its dual gap is that of the objective as it writes it, an upper bound of the excess."""
    steps = int(np.max(estimator.n_iter_))
    most = int(estimator.max_iter)
    after = f"{steps} of at most {most} iterations" + (": it stopped there" if steps >= most else "")
    if kind in _LARS:
        return Claimed(f"{after}; LARS gives no bound of its error")
    gap = exact_number(np.ravel(estimator.dual_gap_)[0])
    advice = f"a tol below {float(estimator.tol):.3g}, which is what the model has, gives more digits, as a rule"
    if steps >= most:
        advice = f"a max_iter above {most}, where the model stopped, gives more digits, as a rule"
    return Claimed(f"a dual gap of {float(np.ravel(estimator.dual_gap_)[0]):.3g} after {after}", gap, advice)


# --- how it has scaled the data --------------------------------------------------------------------


@dataclass(frozen=True)
class _Scaling:
    """The exact centres c and scales s of all scalers together, for each column."""

    c: list[fmpq]
    s: list[fmpq]

    @property
    def centres(self) -> ExactMatrix | None:
        return column(self.c) if any(value != 0 for value in self.c) else None

    @property
    def scales(self) -> ExactMatrix | None:
        return column(self.s) if any(value != 1 for value in self.s) else None


def _numbers(array: Any) -> tuple[Any, tuple[int, ...]]:
    """Return an array with 0 and 1 for truth values, as scikit-learn takes them, and the columns with any."""
    if hasattr(array, "dtypes") and hasattr(array, "isetitem"):
        columns = tuple(j for j, dtype in enumerate(array.dtypes) if dtype.kind == "b")
        array = array.copy(deep=False) if columns else array
        for j in columns:
            array.isetitem(j, _counted(array.iloc[:, j]))
        return array, columns
    if getattr(getattr(array, "dtype", None), "kind", "") == "b" and hasattr(array, "astype"):
        return _counted(array), tuple(range(array.shape[1] if len(array.shape) > 1 else 1))
    return array, ()


def _counted(array: Any) -> Any:
    """Return 0 and 1 for truth values; what is missing stays, for the reader to refuse."""
    missing = hasattr(array, "isna") and array.isna().any()
    return array.astype("UInt8" if missing else "uint8")


def _truths(columns: Sequence[int], *, also: Sequence[int], names: Sequence[str]) -> list[str]:
    places = [*([listed(names, columns)] if columns else []), *(["y"] if also else [])]
    return [f"truth values ({', '.join(places)}) are 0 and 1, as scikit-learn takes them"] if places else []


def _scaling(scalers: Sequence[Any], columns: int) -> _Scaling:
    centres, scales = [fmpq(0)] * columns, [fmpq(1)] * columns
    for scaler in scalers:
        if scaler.with_mean:
            centres = [c + s * exact_number(v) for c, s, v in zip(centres, scales, scaler.mean_, strict=True)]
        if scaler.scale_ is not None:
            scales = [s * exact_number(v) for s, v in zip(scales, scaler.scale_, strict=True)]
    if any(scale <= 0 for scale in scales):
        raise DataError("a scale of the StandardScaler is 0; leave out the constant columns")
    return _Scaling(centres, scales)


def _precision(estimator: Any) -> tuple[str, ...]:
    dtype = np.asarray(estimator.coef_).dtype
    if dtype == np.float64:
        return ()
    return (f"the model has computed in {dtype}; the data are taken as they are given here",)


def _notes(chain: _Chain, scaling: _Scaling, matrix: ExactMatrix, X: Any) -> list[str]:
    if not chain.scalers:
        return []
    found = ["the means and scales of StandardScaler are taken as the float64 numbers that they are"]
    if len(chain.scalers) == 1 and matrix.rows * matrix.cols <= _MOST_COMPARED:
        found.append(_to_exact_standardisation(chain.scalers[0], scaling, matrix))
        found.append(_to_rounded_transform(chain.scalers[0], scaling, matrix, X))
    else:
        found.append("how far they are from exact ones, and what rounding the transform did, was not measured")
    return found


def _to_exact_standardisation(scaler: Any, scaling: _Scaling, matrix: ExactMatrix) -> str:
    """How far the fitted means and scales are from those of X, relative to the scales."""
    m = matrix.rows
    off = [fmpq(0), fmpq(0)]
    for c, s, entries in zip(scaling.c, scaling.s, _by_column(matrix), strict=True):
        total = sum(entries)
        variance = fmpq(m * sum(a * a for a in entries) - total * total, (m * matrix.den) ** 2)
        if scaler.with_mean:
            off[0] = max(off[0], abs(c - fmpq(total, m * matrix.den)) / s)
        if scaler.with_std and variance != 0:
            off[1] = max(off[1], abs(s * s / variance - 1))  # at least |s/s' - 1|
    if max(off) > _CLOSE:
        return "they are not those of X: the scaler was fitted to other data, or with weights"
    return f"they differ from the exact ones by at most {above(max(off), digits=2)} of a scale"


def _to_rounded_transform(scaler: Any, scaling: _Scaling, matrix: ExactMatrix, X: Any) -> str:
    """How far what the model was fitted to, which was rounded, is from the exact transform."""
    try:
        rounded = exact_matrix(scaler.transform(X))
    except Exception:  # of scikit-learn, whatever it is: this is a remark, and nothing rests on it
        return "what rounding the transform did was not measured"
    worst = fmpq(0)
    for c, s, entries, seen in zip(scaling.c, scaling.s, _by_column(matrix), _by_column(rounded), strict=True):
        # seen/d' - (entry/d - c)/s over one denominator
        left, right = int(s.p) * matrix.den * int(c.q), int(s.q) * rounded.den
        shift, factor = int(c.p) * matrix.den, int(c.q)
        most = max(abs(b * left - (a * factor - shift) * right) for a, b in zip(entries, seen, strict=True))
        worst = max(worst, fmpq(most, left * rounded.den))
    return f"rounding in the transform moved no entry by more than {above(worst, digits=2)}, which is no part of F"


def _by_column(matrix: ExactMatrix) -> list[list[int]]:
    return [[int(a) for a in row] for row in matrix.re.transpose().tolist()]


# --- models that are not fitted yet ----------------------------------------------------------------


def last_step(model: Any) -> Any:
    """Return the linear model with which a model ends, be it fitted or not.

    Raises:
        UsageError: for a model that is not supported, named.

    >>> from sklearn.linear_model import Lasso
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> from sci_barriers.checks.models import last_step
    >>> last_step(make_pipeline(StandardScaler(), Lasso()))
    Lasso()
    """
    return _chain(_searched(model)).estimator


def step_names(model: Any) -> tuple[str, ...]:
    """Return the names of the steps of a Pipeline that are fitted; empty for a model that is alone."""
    inner = _searched(model)
    if not _class_of(inner, "sklearn.pipeline", ("Pipeline",)):
        return ()
    return tuple(name for name, step in inner.steps if step is not None and not isinstance(step, str))


def _searched(model: Any) -> Any:
    """Return what a search looks for; the model itself if it is none."""
    if not _class_of(model, "sklearn.model_selection", _SEARCHES):
        return model
    return getattr(model, "best_estimator_", model.estimator)

"""A meta-estimator of scikit-learn: it fits a model, checks it, and may predict with the exact minimiser."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

import numpy as np

from exact_base.errors import MissingExtraError, UsageError
from sci_barriers.checks.checking import DIGITS, Checked, check, digits_asked
from sci_barriers.checks.models import last_step, step_names

try:
    from sklearn.base import BaseEstimator, MetaEstimatorMixin, RegressorMixin, clone
    from sklearn.utils.validation import check_is_fitted, column_or_1d, has_fit_parameter
except ModuleNotFoundError:
    raise MissingExtraError("Certified needs scikit-learn: pip install 'sci-barriers[solvers]'") from None

__all__ = ["Certified"]


class Certified(MetaEstimatorMixin, RegressorMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Fit a model of scikit-learn, check its coefficients, and predict with them or with the exact minimiser.

    It can be cloned, searched, put into a Pipeline and pickled as any other estimator.

    Args:
        estimator: what `check` takes: a LASSO or elastic net of scikit-learn, alone, in a Pipeline after
            StandardScaler, or in a search over such models. It is cloned and not changed.
        digits: K; the verdict is `ok` for a distance of at most 10^-K, relative to the norm of the minimiser.
        exact: whether `predict` uses the minimiser, or the one nearest to the coefficients, rounded to float64, in
            place of the coefficients that the library has found.
        certificate: whether `finding_` can write its certificate. For that it holds the data that the model was fitted
            to, also when it is pickled; without, it holds the numbers alone.

    Attributes:
        estimator_: the fitted clone, as the library leaves it.
        finding_: what was found, as `check` returns it.
        verdict_: `ok` or `inaccurate`.
        predictor_: the model that predicts: `estimator_`, or a copy with the coefficients of the minimiser, whose other
            attributes are still those of the library.
        coef_: its coefficients.
        intercept_: its intercept.
        n_features_in_: how many columns X had.
        feature_names_in_: their names, if they had any.

    >>> from sklearn.datasets import load_diabetes
    >>> from sklearn.linear_model import Lasso
    >>> from sci_barriers.checks.estimator import Certified
    >>> X, y = load_diabetes(return_X_y=True)
    >>> model = Certified(Lasso(alpha=0.01), exact=True).fit(X, y)
    >>> model.verdict_, model.finding_.digits, model.finding_.unique
    ('inaccurate', 2, True)
    >>> bool(abs(model.coef_ - model.estimator_.coef_).max() > 1)
    True
    """

    def __init__(self, estimator: Any, *, digits: int = DIGITS, exact: bool = False, certificate: bool = True) -> None:
        self.estimator = estimator
        self.digits = digits
        self.exact = exact
        self.certificate = certificate

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Certified:
        """Fit a clone of the model, and check it.

        Args:
            X: the data, m x n.
            y: the responses, of length m.
            sample_weight: weights of the observations, for all steps of a Pipeline; rows of weight 0 take part in no
                objective, and are left out of what is checked.

        Raises:
            UsageError: for a model that `check` does not take, before it is fitted.
            DataError: for data of which nothing can be said, such as a constant column beside an intercept.
            BudgetError: if no exact minimiser was found within the limits.
        """
        digits = digits_asked(self.digits)
        last = last_step(self.estimator)
        model = clone(self.estimator)
        y = column_or_1d(y, warn=True)
        if sample_weight is None:
            model.fit(X, y)
        else:
            if not has_fit_parameter(last, "sample_weight"):
                raise UsageError(f"the method fit of {type(last).__name__} takes no sample_weight; leave it out")
            # to the scalers too: a weight of 2 is to be what two equal rows are
            names = [f"{name}__sample_weight" for name in step_names(self.estimator)] or ["sample_weight"]
            model.fit(X, y, **dict.fromkeys(names, sample_weight))
        checked = check(model, digits=digits, **_read(X, y, sample_weight))
        self.estimator_ = model
        self.finding_ = checked if self.certificate else Checked(replace(checked.found, certify=_not_kept))
        self.verdict_ = checked.verdict
        self.predictor_ = _with_minimiser(model, checked) if self.exact else model
        used = last_step(self.predictor_)
        self.coef_, self.intercept_ = used.coef_, used.intercept_
        self.n_features_in_ = len(checked.found.names)
        if hasattr(model, "feature_names_in_"):
            self.feature_names_in_ = model.feature_names_in_
        elif hasattr(self, "feature_names_in_"):
            del self.feature_names_in_
        return self

    def predict(self, X: Any) -> np.ndarray[Any, Any]:
        """Return the predictions of `predictor_`."""
        check_is_fitted(self)
        predicted: np.ndarray[Any, Any] = self.predictor_.predict(X)
        return predicted

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import get_tags  # not in versions before 1.6, which do not call this

        tags, inner = super().__sklearn_tags__(), get_tags(self.estimator)
        tags.input_tags = deepcopy(inner.input_tags)
        return tags


def _read(X: Any, y: np.ndarray[Any, Any], sample_weight: Any) -> dict[str, Any]:
    """Return the data as `check` takes them, without rows of weight 0."""
    data = X if hasattr(X, "iloc") or hasattr(X, "tocsr") else np.asarray(X)
    responses = y
    if sample_weight is None:
        return {"X": data, "y": responses}
    weights = np.asarray(sample_weight)
    weights = np.full(len(responses), weights) if weights.ndim == 0 else weights
    kept = np.flatnonzero(weights)
    if len(kept) < len(weights):
        data = (
            data.iloc[kept] if hasattr(data, "iloc") else data.tocsr()[kept] if hasattr(data, "tocsr") else data[kept]
        )
        responses, weights = responses[kept], weights[kept]
    return {"X": data, "y": responses, "sample_weight": weights}


def _with_minimiser(model: Any, checked: Checked) -> Any:
    """Return a copy of a fitted model with the coefficients of the minimiser."""
    copied = deepcopy(model)
    last = last_step(copied)
    last.coef_ = checked.coefficients.reshape(np.shape(last.coef_))
    if checked.intercept is not None:
        last.intercept_ = np.reshape(checked.intercept, np.shape(last.intercept_))[()]
    return copied


def _not_kept() -> Mapping[str, bytes]:
    raise UsageError("this model was fitted with certificate=False, and has not kept the data that a certificate needs")

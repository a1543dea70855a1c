"""Estimators that follow the conventions of scikit-learn, as algorithms."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from numpy.typing import NDArray

from exact_base.errors import SolverError
from exact_base.reprs import short_repr
from sci_barriers.data.training_data import TrainingData
from sci_barriers.players.running import one_line
from sci_barriers.solvers.adapter import Adapter, words

__all__ = ["Estimator"]


@short_repr()
@dataclass
class Estimator:
    """A scikit-learn style estimator (a class, or an instance to copy) as an algorithm.

    A fresh copy gets `alpha` (by the scaling) and, where it has that parameter, `fit_intercept=False`; then
    `fit(A, y)`, and the answer is `coef_`. The estimator itself is never changed.

    Attributes:
        estimator: the class or instance.
        scaling: the objective's scaling, one of `sci_barriers.players.algorithm.SCALINGS`.
        last_status: what the fitted copy says of its last run: `n_iter_`, `dual_gap_`, `stop_crit_`, and an alarm if it
            used all the iterations it has.
    """

    takes_weights: ClassVar[bool] = False

    estimator: Any
    scaling: str = "mean-half"
    last_status: dict[str, str] = field(default_factory=dict, init=False, compare=False)

    @property
    def minimises(self) -> str:
        """What its class and parameters say it minimises instead of the LASSO; empty if they say nothing of the kind.

        By the names of scikit-learn, which others follow: `Ridge`, `l1_ratio` other than 1, `positive`.
        """
        try:
            parameters = self._template().get_params(deep=False)
        except Exception:  # foreign code; whoever runs it will see
            return ""
        kind = self.estimator if isinstance(self.estimator, type) else type(self.estimator)
        if any(base.__name__ == "Ridge" and base.__module__.startswith("sklearn.") for base in kind.__mro__):
            return "ridge regression"
        found = "the LASSO"
        if parameters.get("l1_ratio", 1) != 1:
            found = f"the elastic net with l1_ratio = {one_line(parameters['l1_ratio'])}"
        if parameters.get("positive", False):
            found = f"{found} with x >= 0"
        return "" if found == "the LASSO" else found

    def _template(self) -> Any:
        return self.estimator() if isinstance(self.estimator, type) else _clone(self.estimator)

    def __call__(self, data: TrainingData) -> Any:
        """Read, fit, and return the coefficients.

        Raises:
            SolverError: if the estimator has no parameter `alpha`.
        """
        self.last_status = {}
        adapter = Adapter(self._fit, self.scaling)
        answer = adapter(data)
        self.last_status = adapter.last_status
        return answer

    def _fit(self, matrix: NDArray[Any], right: NDArray[Any], alpha: float) -> tuple[Any, dict[str, str]]:
        template = self._template()
        parameters = template.get_params(deep=False)
        if "alpha" not in parameters:
            raise SolverError(f"the estimator {type(template).__name__} has no parameter 'alpha' to hold λ")
        parameters["alpha"] = alpha
        if "fit_intercept" in parameters:
            parameters["fit_intercept"] = False
        fitted = type(template)(**parameters)
        fitted.fit(matrix, right)
        status = words(vars(fitted), "n_iter_", "dual_gap_", "stop_crit_")
        if status.get("n_iter_") == str(parameters.get("max_iter")):
            status["alarm"] = "n_iter_ = max_iter"
        return fitted.coef_, status


def _clone(estimator: Any) -> Any:
    try:
        from sklearn.base import clone
    except ImportError:
        return type(estimator)(**estimator.get_params(deep=False))
    return clone(estimator)

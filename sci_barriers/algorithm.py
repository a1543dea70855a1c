"""Sequential general algorithms, and running one safely enough to record what happened.

An algorithm is a callable that takes `TrainingData`, reads from it what it wants, and returns the value at y_1 of the
network it computed, a vector of length N. Deterministic here. One-shot solvers `f(A, y, lam) -> x` and estimators
become algorithms through `OneShot` and `Estimator`. See docs/theory.md, "The model".
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from sci_barriers.errors import DataError, SolverError, UsageError
from sci_barriers.exact import ExactArray, exact_vector, imaginary_part, real_part, to_float
from sci_barriers.training_data import QueryAccess, StreamAccess, TrainingData

__all__ = [
    "SCALINGS",
    "Algorithm",
    "Candidate",
    "Estimator",
    "OneShot",
    "Run",
    "run",
    "scaled_parameter",
    "sequential_algorithm",
]

MARK = "reads_training_data"
_TAIL = 2000

Function = TypeVar("Function", bound=Callable[..., Any])


class Algorithm(Protocol):
    """A procedure whose only access to the input is reading training data."""

    def __call__(self, data: Any, /) -> Any:
        """Read, and return the output at y_1: a vector of length N."""


def sequential_algorithm(function: Function) -> Function:
    """Mark a function (or class) as an algorithm over training data: it is called with `data`, not (A, y, lam)."""
    setattr(function, MARK, True)
    return function


@dataclass(frozen=True)
class Candidate:
    """A named algorithm.

    Attributes:
        name: how it is called in reports.
        algorithm: the callable.
        versions: what it is made of, for the provenance of certificates.
    """

    name: str
    algorithm: Algorithm
    versions: str = ""


# --- one-shot solvers ------------------------------------------------------------------------------

SCALINGS = {
    "stated": "λ‖x‖ + ‖Ax-y‖² (lasso), λ‖x‖ + ‖Ax-y‖ (sqrt-lasso), ‖Ax-y‖ <= ε (bpdn)",
    "half": "lam‖x‖ + ½‖Ax-y‖², so lam = λ/2 (lasso only)",
    "mean-half": "lam‖x‖ + 1/(2m)‖Ax-y‖², so lam = λ/(2m) (lasso only)",
}


def scaled_parameter(parameter: fmpq, *, problem: str, scaling: str, rows: int) -> float:
    """Return the parameter a one-shot solver with the given objective scaling must be called with, as a float64.

    Raises:
        UsageError: for an unknown scaling, or one that the problem does not have.
    """
    if scaling not in SCALINGS:
        raise UsageError(f"unknown scaling {scaling!r}; choose one of {', '.join(SCALINGS)}")
    if scaling != "stated" and problem != "lasso":
        raise UsageError(f"scaling {scaling!r} is for lasso only; {problem} has no square to scale, use 'stated'")
    factor = {"stated": 1, "half": 2, "mean-half": 2 * rows}[scaling]
    return to_float(parameter / factor)


def float_array(array: ExactArray) -> NDArray[Any]:
    """Round a rational array to float64 (complex128 if it has imaginary parts), each part to the nearest.

    Raises:
        DataError: if a number is too large for float64.
    """

    def rounded(entry: Any) -> float:
        return to_float(entry)

    re = np.array([rounded(real_part(v)) for v in array.flat]).reshape(array.shape)
    im = np.array([rounded(imaginary_part(v)) for v in array.flat]).reshape(array.shape)
    return re + 1j * im if im.any() else re


def _read_floats(data: TrainingData) -> tuple[NDArray[Any], NDArray[Any]]:
    triple = data.read_to(data.known.precision)
    return float_array(triple.matrix), float_array(triple.data)


@dataclass(frozen=True)
class OneShot:
    """A solver `f(A, y, lam) -> x` as an algorithm: read once at the known precision, round to float64, solve.

    For bpdn the third argument is ε.
    """

    solver: Callable[[NDArray[Any], NDArray[Any], float], Any]
    scaling: str = "stated"

    def __call__(self, data: TrainingData) -> Any:
        """Read, solve, and return x."""
        known = data.known
        matrix, right = _read_floats(data)
        lam = scaled_parameter(known.parameter, problem=known.problem, scaling=self.scaling, rows=known.rows)
        return self.solver(matrix, right, lam)


@dataclass(frozen=True)
class Estimator:
    """A scikit-learn style estimator (a class, or an instance to copy) as an algorithm.

    A fresh estimator gets `alpha` (by the scaling) and, where it has that parameter, `fit_intercept=False`; then
    `fit(A, y)`, and the answer is `coef_`.
    """

    estimator: Any
    scaling: str = "mean-half"

    def __call__(self, data: TrainingData) -> Any:
        """Read, fit, and return the coefficients."""
        known = data.known
        alpha = scaled_parameter(known.parameter, problem=known.problem, scaling=self.scaling, rows=known.rows)
        template = self.estimator() if isinstance(self.estimator, type) else self.estimator
        parameters = template.get_params(deep=False)
        if "alpha" not in parameters:
            raise SolverError(f"the estimator {type(template).__name__} has no parameter 'alpha' to hold λ")
        parameters["alpha"] = alpha
        if "fit_intercept" in parameters:
            parameters["fit_intercept"] = False
        estimator = type(template)(**parameters)
        matrix, right = _read_floats(data)
        estimator.fit(matrix, right)
        return estimator.coef_


# --- running ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Run:
    """What happened when an algorithm ran.

    Attributes:
        output: the answer, exact, length N; None if there is none.
        failure: why there is none, one line; empty if there is one.
        warnings: the distinct warnings raised, one line each.
        printed: the end of what it printed.
    """

    output: ExactArray | None
    failure: str
    warnings: tuple[str, ...]
    printed: str


def run(algorithm: Algorithm, data: QueryAccess | StreamAccess) -> Run:
    """Run an algorithm on training data; whatever it does short of a keyboard interrupt is recorded, not raised.

    Floats in the answer are read as the dyadic rationals they are. The output is refused, with a reason, if it has the
    wrong shape or an entry that is NaN, infinite or not rational.
    """
    output: ExactArray | None = None
    failure = ""
    printed = io.StringIO()
    with warnings.catch_warnings(record=True) as caught, contextlib.redirect_stdout(printed):
        warnings.simplefilter("always")
        try:
            answer = algorithm(data)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a solver may also call sys.exit
            failure = f"it raised {type(error).__name__}: {_one_line(error)}"
        else:
            try:
                output = _rational_vector(answer, length=data.known.columns)
            except DataError as error:
                failure = f"its output is not usable: {error}"
    messages = dict.fromkeys(f"{w.category.__name__}: {_one_line(w.message)}" for w in caught)
    return Run(output, failure, tuple(messages), printed.getvalue()[-_TAIL:])


def _rational_vector(answer: Any, *, length: int) -> ExactArray:
    vector = exact_vector(answer, length=length)
    for entry in vector:
        if not isinstance(real_part(entry), fmpq) or not isinstance(imaginary_part(entry), fmpq):
            raise DataError(f"an algorithm must answer with rationals or floats, got {entry}")
    return vector


def _one_line(text: object) -> str:
    return " ".join(str(text).split())[:300]

"""Sequential general algorithms, and one-shot solvers as such.

An algorithm is a callable that takes `TrainingData`, reads from it what it wants, and returns the value at y_1 of the
network it computed, a vector of length N. Deterministic here. One-shot solvers `f(A, y, lam) -> x` become
algorithms through `OneShot`, and other people's through `sci_barriers.solvers`. See docs/theory.md, "The model".
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, TypeVar

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from exact_base.errors import UsageError
from exact_base.rationals import to_float
from exact_base.reprs import short_repr
from exact_base.scalars import ExactArray, imaginary_part, real_part
from sci_barriers.data.training_data import QueryAccess, StreamAccess, TrainingData
from sci_barriers.players.running import Run, run

__all__ = [
    "SCALINGS",
    "UNDECLARED",
    "Algorithm",
    "Candidate",
    "OneShot",
    "Player",
    "check_scaling",
    "scaled_parameter",
    "sequential_algorithm",
    "square_divisor",
]

MARK = "reads_training_data"

_Function = TypeVar("_Function", bound=Callable[..., Any])


class Algorithm(Protocol):
    """A procedure whose only access to the input is reading training data.

    It may have an attribute `last_status`, a dictionary of strings: what the solver behind it said of the last call, in
    its own words. Recorded with the run; a non-empty `alarm`, a `status` other than `optimal` and a `converged` of
    `False` count as the solver's own doubts about its answer.
    """

    def __call__(self, data: Any, /) -> Any:
        """Read, and return the output at y_1: a vector of length N."""


def sequential_algorithm(function: _Function) -> _Function:
    """Mark a function (or class) as an algorithm over training data: it is called with `data`, not (A, y, lam).

    >>> from sci_barriers import Candidate, sequential_algorithm
    >>> @sequential_algorithm
    ... def answer(data):
    ...     return data.read(k=1, n=30).point
    >>> Candidate("mine", answer).name
    'mine'
    """
    setattr(function, MARK, True)
    return function


class Player(Protocol):
    """Something that can be challenged: an algorithm with a name, and a way to run it."""

    @property
    def name(self) -> str:
        """How it is called in reports."""

    @property
    def versions(self) -> str:
        """What it is made of, for the provenance of certificates."""

    @property
    def conditions(self) -> Mapping[str, str]:
        """How it is run, for the provenance of certificates."""

    @property
    def takes_weights(self) -> bool:
        """Whether it can be told the weights of a problem, as a function f(A, y, lam) cannot."""

    @property
    def scaling(self) -> str | None:
        """The scaling of its objective, or `UNDECLARED`; None if there is nothing to declare or to test.

        An algorithm over training data declares none, and that of a cvxpy problem for one size has been recognised.
        """

    @property
    def minimises(self) -> str:
        """What its parameters say it minimises instead of the problem; empty if they say nothing of the kind."""

    def in_one_process(self) -> contextlib.AbstractContextManager[object]:
        """Make the runs within once each and all in one process, whatever is done otherwise."""

    def run(self, data: QueryAccess | StreamAccess) -> Run:
        """Run it on training data and record what happened."""


@short_repr()
@dataclass(frozen=True)
class Candidate:
    """A named algorithm, run in this process; see `sci_barriers.isolation` for one that runs in its own.

    Attributes:
        name: how it is called in reports.
        algorithm: the callable.
        versions: what it is made of, for the provenance of certificates.
        conditions: how it is run.

    >>> from sci_barriers import Candidate, sequential_algorithm
    >>> Candidate("reads once", sequential_algorithm(lambda data: data.read(k=1, n=30).point)).name
    'reads once'
    """

    name: str
    algorithm: Algorithm
    versions: str = ""
    conditions: Mapping[str, str] = field(default_factory=lambda: {"isolation": "none"})

    @property
    def takes_weights(self) -> bool:
        """Whether it can be told the weights of a problem, as a function f(A, y, lam) cannot."""
        return getattr(self.algorithm, "takes_weights", True)

    @property
    def scaling(self) -> str | None:
        """The scaling of its objective, if there is one to test; see `Player`."""
        return None if getattr(self.algorithm, "recognised", False) else getattr(self.algorithm, "scaling", None)

    @property
    def minimises(self) -> str:
        """What its parameters say it minimises instead of the problem, or an empty string."""
        return getattr(self.algorithm, "minimises", "")

    def in_one_process(self) -> contextlib.AbstractContextManager[object]:
        """Change nothing: all runs are in this process."""
        return contextlib.nullcontext()

    def run(self, data: QueryAccess | StreamAccess) -> Run:
        """Run the algorithm in this process."""
        return run(self.algorithm, data)


# --- one-shot solvers ------------------------------------------------------------------------------

SCALINGS = {
    "stated": "λ‖x‖ + ‖Ax-y‖² (lasso), λ‖x‖ + ‖Ax-y‖ (sqrt-lasso), ‖Ax-y‖ <= ε (bpdn)",
    "half": "lam‖x‖ + ½‖Ax-y‖², so lam = λ/2 (lasso only)",
    "mean-half": "lam‖x‖ + 1/(2m)‖Ax-y‖², so lam = λ/(2m) (lasso only)",
}


UNDECLARED = "undeclared"
"""In place of a scaling: the solver is called with lam = λ, until it is known what it minimises."""


def check_scaling(scaling: str, *, problem: str) -> None:
    """Refuse an unknown scaling, or one that the problem does not have.

    Raises:
        UsageError: with what to choose.
    """
    if scaling not in SCALINGS:
        raise UsageError(f"unknown scaling {scaling!r}; choose one of {', '.join(SCALINGS)}")
    if scaling != "stated" and problem != "lasso":
        raise UsageError(f"scaling {scaling!r} is for lasso only; {problem} has no square to scale, use 'stated'")


def square_divisor(scaling: str, *, rows: int) -> int:
    """Return the divisor of ‖Ax-y‖² in the objective, A having m rows: 1 (stated), 2 (half) or 2m (mean-half)."""
    return {"stated": 1, "half": 2, "mean-half": 2 * rows}[scaling]


def scaled_parameter(parameter: fmpq, *, problem: str, scaling: str, rows: int) -> float:
    """Return the parameter a one-shot solver with the given objective scaling must be called with, as a float64.

    Raises:
        UsageError: for an unknown scaling, or one that the problem does not have.
    """
    if scaling == UNDECLARED:
        return to_float(parameter)
    check_scaling(scaling, problem=problem)
    return to_float(parameter / square_divisor(scaling, rows=rows))


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


@short_repr()
@dataclass(frozen=True)
class OneShot:
    """A solver `f(A, y, lam) -> x` as an algorithm: read once at the known precision, round to float64, solve.

    For bpdn the third argument is ε.
    """

    takes_weights: ClassVar[bool] = False

    solver: Callable[[NDArray[Any], NDArray[Any], float], Any]
    scaling: str = "stated"

    @property
    def last_status(self) -> Any:
        """What the solver said of the last call, if it has that attribute."""
        return getattr(self.solver, "last_status", None)

    def __call__(self, data: TrainingData) -> Any:
        """Read, solve, and return x; what the solver does to its arguments is noted."""
        known = data.known
        matrix, right = _read_floats(data)
        lam = scaled_parameter(known.parameter, problem=known.problem, scaling=self.scaling, rows=known.rows)
        before = matrix.copy(), right.copy()
        try:
            return self.solver(matrix, right, lam)
        finally:
            for name, now, then in zip("Ay", (matrix, right), before, strict=True):
                if not np.array_equal(now, then):
                    data.notes.append(f"it changed its input {name}")

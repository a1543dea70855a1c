"""Precisions for problems of cvxpy: they are of arrays that stand in the problem as they are."""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import fmpq

from exact_base.errors import DataError, UsageError
from exact_base.matrices import ExactMatrix, exact_matrix, scaled
from sci_barriers.checks.enclosed_questions import EnclosedQuestion
from sci_barriers.checks.precisions import EXACT, Asked
from sci_barriers.checks.questions import Question
from sci_barriers.problems.determined.unsquared import ResidualNorm

__all__ = ["check_arrays"]

_HOW = "give the data and the coefficients: check(x.value, X, y, like=..., x_precision=...)"


def check_arrays(problem: Any, question: Question | EnclosedQuestion, matrix: Asked, data: Asked) -> None:
    """Refuse a precision of an array that is no constant or parameter of the problem, but made of several.

    Args:
        problem: a `cvxpy.Problem`.
        question: what it was recognised as.
        matrix: what was said of X.
        data: what was said of y.

    Raises:
        UsageError: where it is not plain of which numbers a precision is.

    >>> import cvxpy as cp, numpy as np
    >>> from sci_barriers.checks import cvxpy_questions
    >>> from sci_barriers.checks.cvxpy_precisions import check_arrays
    >>> from sci_barriers.checks.precisions import EXACT, asked_of
    >>> x = cp.Variable(2)
    >>> problem = cp.Problem(cp.Minimize(cp.sum_squares(np.eye(2) @ x - [2, 1]) + cp.norm1(x)))
    >>> question = cvxpy_questions.recognise_problem(problem).question(None)
    >>> check_arrays(problem, question, asked_of(0.1, "x_precision"), EXACT)
    """
    given = question.problem.arrays if isinstance(question.problem, ResidualNorm) else question.problem
    values = [one.value for one in (*problem.constants(), *problem.parameters())]
    for said, name, shown, array in (
        (matrix, "x_precision", "X in X @ x - y", given.matrix),
        (data, "y_precision", "y in X @ x - y", given.data),
    ):
        if said is not EXACT and not any(_is(array, value) for value in values):
            raise UsageError(
                f"{name} is of an array that stands in the problem of cvxpy as it is, like {shown}; that of this "
                f"problem is made of several constants; {_HOW}"
            )


def _is(array: ExactMatrix, value: Any) -> bool:
    """Return whether a value of cvxpy is an array, which may be a vector, or its negative: both are as well known."""
    found = np.asarray(value.toarray() if hasattr(value, "toarray") else value)
    if found.size != array.rows * array.cols or found.ndim > 2:
        return False
    if array.cols > 1 and found.shape != (array.rows, array.cols):
        return False
    try:
        same = exact_matrix(found.reshape(array.rows, array.cols))
    except DataError:
        return False
    return array in (same, scaled(same, fmpq(-1)))

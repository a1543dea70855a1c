"""Coefficients of any library as questions: the arrays, and what was minimised in the words of an option."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from flint import fmpq

from exact_base.errors import DataError, UsageError
from exact_base.matrices import ExactMatrix
from sci_barriers.checks.conventions import LIKE, Request, penalties
from sci_barriers.checks.questions import Question, check_data, column_names
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, column, entries_of

__all__ = ["Intercept", "check_given", "given_question"]

Intercept: TypeAlias = fmpq | Literal["fit"] | None
"""The fitted intercept; `fit` where there is one whose value is asked for; None where the model has none."""


def given_question(
    coefficients: ExactMatrix | None,
    matrix: ExactMatrix,
    data: ExactMatrix,
    request: Request,
    *,
    intercept: Intercept = None,
    positive: bool = False,
    observation_weights: ExactMatrix | None = None,
    names: Sequence[str] | None = None,
    subject: str = "",
    arrays: Mapping[str, bytes] | None = None,
) -> Question:
    """Return the question of coefficients that are given, or of the minimiser alone.

    Args:
        coefficients: n x 1, or None.
        matrix: X, m x n.
        data: y, m x 1.
        request: what was minimised.
        intercept: of the model.
        positive: whether the coefficients had to be at least 0.
        observation_weights: ω, m x 1, all positive.
        names: of the columns, if they have any.
        subject: whose coefficients these are.
        arrays: the data as files of numpy, by name.

    Raises:
        UsageError: for parameters that are missing, or that the library does not have.
        DataError: for data that do not match, or of which nothing can be said.

    >>> from flint import fmpq
    >>> from exact_base.matrices import exact_column, exact_matrix
    >>> from sci_barriers.checks.conventions import Request
    >>> from sci_barriers.checks.given import given_question
    >>> X, y = exact_matrix([[1, 0], [0, 1]]), exact_column([2, 1])
    >>> given_question(None, X, y, Request("half", lam=fmpq(1, 2))).problem.penalties.re.tolist()
    [[1], [1]]
    """
    columns = matrix.cols
    shown = column_names(names, columns)
    check_data(matrix, data, names=shown, centred=intercept is not None)
    check_given(coefficients, columns, intercept)
    found = penalties(
        request,
        rows=matrix.rows,
        columns=columns,
        intercept=intercept is not None,
        observation_weights=observation_weights,
    )
    problem = PenalisedLeastSquares(
        matrix,
        data,
        found.l1,
        found.ridge,
        observation_weights=observation_weights,
        intercept=intercept is not None,
        nonnegative=tuple(range(columns)) if positive else (),
    )
    given = None
    if coefficients is not None:
        given = column([*entries_of(coefficients), *([intercept] if isinstance(intercept, fmpq) else [])])
    return Question(
        problem,
        given,
        shown,
        subject or ("coefficients that were given" if coefficients is not None else "the exact minimiser"),
        found.words + (", all coefficients >= 0" if positive else ""),
        found.multiple,
        notes=_notes(request),
        arrays=dict(arrays or {}),
        request=request,
    )


def check_given(coefficients: ExactMatrix | None, columns: int, intercept: Intercept) -> None:
    """Refuse coefficients that are not n real numbers, or do not go with the intercept.

    Raises:
        UsageError: for an intercept that is given alone, or is to be found beside coefficients.
        DataError: for other coefficients.
    """
    if coefficients is not None:
        if (coefficients.rows, coefficients.cols) != (columns, 1) or not coefficients.is_real:
            got = f"; got {coefficients.rows}" if coefficients.rows != columns else ""
            more = ", one too many: is the intercept among them?" if coefficients.rows == columns + 1 else ""
            raise DataError(f"the coefficients must be {columns} real numbers, one for each column of X{got}{more}")
        if intercept == "fit":
            raise UsageError("give the fitted intercept as a number beside the coefficients")
    elif isinstance(intercept, fmpq):
        raise UsageError(
            "a fitted intercept is given, and no coefficients; say `fit` where only the minimiser is asked for"
        )


def _notes(request: Request) -> tuple[str, ...]:
    convention = LIKE[request.like]
    plain = f"this is right only for coefficients that were fitted with {convention.unscaled}"
    scaled = "the columns are taken as divided by the scales that are given, and the coefficients as those of X itself"
    notes = [] if not convention.unscaled else [plain if request.scales is None else scaled]
    return (*notes, *([convention.remark] if convention.remark else []))

"""`check`: the coefficients of a fitted model, or of anybody, against the exact minimisers of what was minimised."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any, Literal, TypeVar

import numpy as np

from exact_base.entries.arrays import laid_out
from exact_base.errors import UsageError
from exact_base.files import bundle_directory, picture_file
from exact_base.matrices import ExactMatrix, exact_column, matrix_of
from exact_base.rationals import exact_number
from sci_barriers.checks.complex_numbers import (
    complex_bytes,
    complex_found,
    complex_question,
)
from sci_barriers.checks.conventions import Request
from sci_barriers.checks.enclosed import EnclosedFound
from sci_barriers.checks.enclosed_questions import EnclosedQuestion
from sci_barriers.checks.enclosed_report import enclosed_data, enclosed_lines
from sci_barriers.checks.findings import Found, nearest_float
from sci_barriers.checks.given import Intercept, given_question
from sci_barriers.checks.models import model_question
from sci_barriers.checks.others import OBJECTIVES
from sci_barriers.checks.page import fragment, page
from sci_barriers.checks.penalised import penalised_found
from sci_barriers.checks.precisions import EXACT, Asked, Stated, asked_of, exact_places, stated
from sci_barriers.checks.questions import DATA, MATRIX, Question, array_bytes, check_order
from sci_barriers.checks.report import found_data, lines
from sci_barriers.checks.unsquared import check_options, unsquared_found, unsquared_question

__all__ = ["DIGITS", "Checked", "check", "digits_asked", "is_problem"]

DIGITS = 4
"""K where it is not given: libraries stop near an error of 1e-4."""

_MOST_DIGITS = 1000

_Asked = TypeVar("_Asked", Question, EnclosedQuestion)


class Checked:
    """What was found of coefficients; as a text it is one screen, in a notebook a table with a picture.

    Attributes:
        found: the numbers, exactly.
    """

    def __init__(self, found: Found | EnclosedFound) -> None:
        self.found = found

    @property
    def verdict(self) -> str:
        """`ok`, `inaccurate`, or `solved` where no coefficients were given; with a precision one of `VERDICTS`."""
        return self.found.verdict

    @property
    def unique(self) -> bool | None:
        """Whether the minimiser is the only one; None where that was not decided."""
        return {"yes": True, "no": False, "open": None}[self.found.unique]

    @property
    def digits(self) -> int | None:
        """The digits that the coefficients have, relative to the norm of the minimiser; None where they are exact."""
        return self.found.reached

    @property
    def coefficients(self) -> np.ndarray[Any, Any]:
        """The minimiser, or the one nearest to the coefficients, rounded to float64 or complex128; length n."""
        if isinstance(self.found, EnclosedFound):
            if not self.found.question.is_complex:
                return np.array([nearest_float(value) for value, _ in self.found.point])
            return np.array([complex(*map(nearest_float, pair)) for pair in self.found.point])
        return np.array([nearest_float(value) for value in self.found.point])

    @property
    def intercept(self) -> float | None:
        """The intercept of that minimiser, rounded to float64; None without one.

        Where minimisers are known up to a distance it is one near them, of which nothing is proved.
        """
        if isinstance(self.found, EnclosedFound):
            known = self.found.determined
            near = None if known is None else self.found.question.intercept(known.point)
            return None if near is None else nearest_float(near)
        return None if self.found.intercept is None else nearest_float(self.found.intercept)

    @property
    def numbers(self) -> dict[str, Any]:
        """Everything as --json prints it, exact numbers included."""
        return enclosed_data(self.found) if isinstance(self.found, EnclosedFound) else found_data(self.found)

    def certificates(self) -> dict[str, bytes]:
        """Return the certificate, and the files with arrays that lie beside it, by name.

        Raises:
            SciBarriersError: if a number or an array exceeds the caps of the format.
        """
        return dict(self.found.certify())

    def write(self, folder: str | PathLike[str]) -> Path:
        """Write the certificate with its data as a bundle, which `proofs-checks verify` takes; return its place.

        Raises:
            UsageError: if it cannot be written there.
            SciBarriersError: as `certificates` does.
        """
        target = bundle_directory(Path(folder), option="folder")
        target.write(self.certificates())
        return target.path

    def write_page(self, file: str | PathLike[str]) -> Path:
        """Write the page, one file of HTML that needs nothing else; return its place.

        Raises:
            UsageError: if it cannot be written there.
        """
        target = picture_file(Path(file), endings=(".html",), option="file")
        target.write(page(self.found).encode())
        return target.path

    def __str__(self) -> str:
        """Return one screen of at most 80 columns."""
        found = self.found
        return "\n".join(enclosed_lines(found) if isinstance(found, EnclosedFound) else lines(found))

    def __repr__(self) -> str:
        return f"Checked({self.found.words})"

    def _repr_html_(self) -> str:
        return fragment(self.found)


def check(
    model: Any,
    X: Any = None,
    y: Any = None,
    *,
    digits: int = DIGITS,
    problem: str = "lasso",
    sample_weight: Any = None,
    like: str | None = None,
    alpha: Any = None,
    lam: Any = None,
    l1_ratio: Any = None,
    ridge: Any = None,
    epsilon: Any = None,
    weights: Any = None,
    scales: Any = None,
    intercept: float | Literal["fit"] | None = None,
    positive: bool = False,
    x_precision: Any = None,
    y_precision: Any = None,
    exact_columns: int | str | Sequence[str | int] = (),
) -> Checked:
    """Say how far coefficients are from the exact minimisers of what was minimised, with a certificate.

    Args:
        model: a fitted model of scikit-learn, also in a Pipeline after StandardScaler; or coefficients, of length n; or
            None, for the exact minimiser alone. The options from `like` on are for the last two. Or a problem of cvxpy
            that was solved, which has its data and takes no other arguments than digits and the precision.
        X: the data, m x n, as they went into the model: an array, a table of pandas, or rows of numbers.
        y: the responses, of length m.
        digits: K; `ok` is a distance of at most 10^-K, relative to the norm of the minimiser.
        problem: lasso, with all of its penalties; or for coefficients and None also sqrt-lasso or bpdn, which take no
            `like`.
        sample_weight: the weights of the observations that `fit` was given.
        like: how the objective is written: one of sklearn, glmnet, matlab, stated, half and mean-half.
        alpha: of sklearn and matlab.
        lam: λ of all others, and of sqrt-lasso.
        l1_ratio: of sklearn.
        ridge: of stated, half and mean-half.
        epsilon: ε, of bpdn.
        weights: of the penalties, length n.
        scales: by which glmnet or MATLAB has divided the columns, length n.
        intercept: the fitted one; "fit" where only the minimiser is asked for.
        positive: whether the coefficients had to be at least 0.
        x_precision: how near X is to the true data: a number for each entry, an array of them, which is broadcast, or
            "norm:0.1" for the spectral norm. With it, or with that of y, all is said of all data within the precision.
        y_precision: how near y is, likewise, with the Euclidean norm.
        exact_columns: columns of X that are exact all the same, by name, or by number from 1; a text is taken as on the
            command line, `"sex,3"`.

    Raises:
        UsageError: for a model that is not supported, and parameters that the library does not have.
        DataError: for data that cannot be read exactly, or do not match.
        BudgetError: if a limit was reached before anything was found.

    >>> from sklearn.linear_model import Lasso
    >>> from sci_barriers import check
    >>> X, y = [[0.0, 1.0], [1.0, 0.5], [2.0, 0.0], [3.0, 1.0]], [0.0, 1.0, 3.0, 4.0]
    >>> checked = check(Lasso(alpha=0.25).fit(X, y), X, y)
    >>> checked.verdict, checked.unique
    ('ok', True)
    >>> import cvxpy as cp, numpy as np
    >>> x = cp.Variable(2)
    >>> problem = cp.Problem(cp.Minimize(cp.sum_squares(np.array(X) @ x - np.array(y)) + cp.norm1(x)))
    >>> value = problem.solve(solver="CLARABEL")
    >>> check(problem).verdict
    'ok'
    """
    options = {"alpha": alpha, "lam": lam, "l1_ratio": l1_ratio, "ridge": ridge, "epsilon": epsilon}
    wanted = digits_asked(digits)
    known = asked_of(x_precision, "x_precision"), asked_of(y_precision, "y_precision")
    if known[0] is EXACT and exact_columns:
        raise UsageError("exact_columns is for X of which x_precision says how near it is; leave it out")
    if is_problem(model):
        named = {"X": X, "y": y, "sample_weight": sample_weight, "like": like, "weights": weights, "scales": scales}
        named |= {**options, "intercept": intercept, "positive": positive or None}
        named |= {"problem": None if problem == "lasso" else problem}
        if superfluous := [name for name, value in named.items() if value is not None]:
            raise UsageError(f"a problem of cvxpy says itself what it minimises; leave out {', '.join(superfluous)}")
        return Checked(_problem_found(model, known, exact_columns, digits=wanted))
    if any(hasattr(one, "fit") and not hasattr(model, "fit") for one in (X, y)):
        raise UsageError("the model comes first: check(model, X, y)")
    if X is None or y is None:
        raise UsageError("give the data X and y beside the model or the coefficients")
    if model is None or _is_vector(model):
        numbers = {name: None if value is None else exact_number(value) for name, value in options.items()}
        fitted = _intercept(intercept)
        check_options(problem, like, {**numbers, "scales": scales})
        more: dict[str, Any] = {"intercept": fitted, "positive": positive}
        if problem != "lasso":
            parameter = numbers[OBJECTIVES[problem][1]]
            ask = partial(unsquared_question, problem, parameter=parameter, weights=_column(weights), **more)
            asked_unsquared = _given(model, X, y, ask, sample_weight)
            near = _stated(asked_unsquared, *known, exact_columns)
            return Checked(unsquared_found(asked_unsquared, digits=wanted, stated=near))
        del numbers["epsilon"]
        request = Request(like or "", **numbers, weights=_column(weights), scales=_column(scales))
        if (asked_complex := _complex(model, X, y, request, sample_weight)) is not None:
            refuse_for_complex(
                {
                    "intercept": intercept is not None,
                    "positive": positive,
                }
            )
            near = _stated(asked_complex, *known, exact_columns)
            return Checked(complex_found(asked_complex, digits=wanted, stated=near))
        question = _given(model, X, y, partial(given_question, request=request, **more), sample_weight)
    else:
        given = {**options, "like": like, "weights": weights, "scales": scales, "intercept": intercept}
        given |= {"positive": positive or None, "problem": None if problem == "lasso" else problem}
        superfluous = [name for name, value in given.items() if value is not None]
        if superfluous:
            raise UsageError(f"a fitted model says itself what it minimises; leave out {', '.join(superfluous)}")
        question = model_question(model, X, y, sample_weight=sample_weight)
    return Checked(penalised_found(question, digits=wanted, stated=_stated(question, *known, exact_columns)))


def refuse_for_complex(options: Mapping[str, bool]) -> None:
    """Raise UsageError where an option is used that complex data do not have."""
    if used := [name for name, is_used in options.items() if is_used]:
        raise UsageError(
            f"complex data are checked without {' and '.join(used)}; leave {'it' if len(used) == 1 else 'them'} out"
        )


def is_problem(model: Any) -> bool:
    """Return whether something is a problem of cvxpy, which is not loaded for it."""
    loaded = sys.modules.get("cvxpy")
    return loaded is not None and isinstance(model, loaded.Problem)


def _problem_found(
    problem: Any, known: tuple[Asked, Asked], exact_columns: int | str | Sequence[str | int], *, digits: int
) -> Found | EnclosedFound:
    # cvxpy is not installed everywhere
    from sci_barriers.checks.cvxpy_precisions import check_arrays
    from sci_barriers.checks.cvxpy_questions import question_found, recognise_problem, solver_words

    recognised = recognise_problem(problem)
    question = recognised.question(recognised.values(), solver_words(problem))
    check_arrays(problem, question, *known)
    return question_found(question, digits=digits, stated=_stated(question, *known, exact_columns))


def digits_asked(digits: int) -> int:
    """Return K.

    Raises:
        UsageError: unless it is between 1 and 1000.
    """
    if type(digits) is not int or not 1 <= digits <= _MOST_DIGITS:
        raise UsageError(f"digits must be an integer from 1 to {_MOST_DIGITS}, got {digits!r:.40}")
    return digits


def _column(vector: Any) -> ExactMatrix | None:
    return None if vector is None else exact_column(vector)


def _stated(
    question: Question | EnclosedQuestion, matrix: Asked, data: Asked, exact_columns: int | str | Sequence[str | int]
) -> Stated | None:
    if matrix is EXACT and data is EXACT:
        return None
    rows = question.rows if isinstance(question, EnclosedQuestion) else question.problem.rows
    names = question.names
    named = exact_columns.split(",") if isinstance(exact_columns, str) else exact_columns
    exact = exact_places([named] if isinstance(named, int) else named, names)
    return stated(matrix, data, shape=(rows, len(names)), names=names, exact=exact)


def _intercept(value: Any) -> Intercept:
    if value is None:
        return None
    return "fit" if isinstance(value, str) and value == "fit" else exact_number(value)


def _is_vector(model: Any) -> bool:
    if isinstance(model, list | tuple | ExactMatrix | np.ndarray):
        return True
    return hasattr(model, "__array__") and hasattr(model, "shape") and not hasattr(model, "fit")


def _given(coefficients: Any, X: Any, y: Any, ask: Callable[..., _Asked], sample_weight: Any) -> _Asked:
    """Return the question that `ask` makes of the arrays."""
    arrays = {name: array_bytes(one, sides=sides) for name, one, sides in ((MATRIX, X, 2), (DATA, y, 1))}
    if isinstance(X, ExactMatrix):
        matrix, names = X, None
    else:
        table = laid_out(X)
        matrix, names = matrix_of(table), table.columns
    own = None if coefficients is None or isinstance(coefficients, ExactMatrix) else laid_out(coefficients)
    check_order(names, None if own is None else own.rows)
    return ask(
        coefficients if own is None else matrix_of(own.as_column()),
        matrix,
        exact_column(y),
        observation_weights=_column(sample_weight),
        names=names,
        arrays=_there(arrays.items()),
    )


def _complex(coefficients: Any, X: Any, y: Any, request: Request, sample_weight: Any) -> EnclosedQuestion | None:
    """Return the question of complex data; None if they are real."""
    table = None if isinstance(X, ExactMatrix) else laid_out(X)
    matrix, data = X if table is None else matrix_of(table), exact_column(y)
    if matrix.is_real and data.is_real:
        return None
    arrays = {name: complex_bytes(one, sides=sides) for name, one, sides in ((MATRIX, X, 2), (DATA, y, 1))}
    return complex_question(
        None if coefficients is None else exact_column(coefficients),
        matrix,
        data,
        request,
        observation_weights=_column(sample_weight),
        names=None if table is None else table.columns,
        arrays=_there(arrays.items()),
    )


def _there(arrays: Iterable[tuple[str, bytes | None]]) -> Mapping[str, bytes]:
    return {name: data for name, data in arrays if data is not None}

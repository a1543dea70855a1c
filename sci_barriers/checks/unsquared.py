"""Questions with the norm of a residual, answered exactly where the exact solver can, and else by a distance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flint import fmpq

from exact_base.errors import DataError, NotCertifiedError, UsageError
from exact_base.matrices import ExactMatrix
from exact_base.readers import Table
from sci_barriers.checks.conventions import LIKE_WORDS
from sci_barriers.checks.determined import SECONDS
from sci_barriers.checks.enclosed import EnclosedFound, enclosed_found, wanted_digits
from sci_barriers.checks.enclosed_questions import EnclosedQuestion
from sci_barriers.checks.findings import Found
from sci_barriers.checks.given import Intercept, check_given
from sci_barriers.checks.others import OBJECTIVES, other_found
from sci_barriers.checks.precisions import Stated
from sci_barriers.checks.questions import check_data, column_names
from sci_barriers.problems.determined.unsquared import ResidualNorm, determine_unsquared
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, Progress, column, entries_of

__all__ = ["check_options", "unsquared_found", "unsquared_question"]

_MOST_ENTRIES = 40 * 60
"""Of X, up to which the exact solver is asked first: it takes half a minute there for float64 data."""


def check_options(problem: str, like: str | None, given: Mapping[str, object], *, prefix: str = "") -> None:
    """Refuse what a problem does not have, before a file is read.

    Args:
        problem: the name: lasso, sqrt-lasso or bpdn.
        like: how the objective is written.
        given: the parameters, among them lam and epsilon; None where they were not given.
        prefix: of the names of the options.

    Raises:
        UsageError: for another problem, and for parameters that it does not have or that are missing.

    >>> from sci_barriers.checks.unsquared import check_options
    >>> check_options("bpdn", None, {"lam": None, "epsilon": 1})
    """
    if problem == "lasso":
        if like is None:
            raise UsageError(f"say with {prefix}like {LIKE_WORDS}")
        if given["epsilon"] is not None:
            raise UsageError(f"{prefix}epsilon is for {prefix}problem bpdn")
        return
    if problem not in OBJECTIVES:
        raise UsageError(f"{prefix}problem is lasso, {' or '.join(OBJECTIVES)}, not {problem!r:.40}")
    words, symbol = OBJECTIVES[problem]
    if like not in (None, "stated"):
        raise UsageError(f"{prefix}problem {problem} is minimised as stated, {words}; leave out {prefix}like")
    superfluous = [
        f"{prefix}{name.replace('_', '-') if prefix else name}"
        for name, value in given.items()
        if value is not None and name != symbol
    ]
    if superfluous:
        raise UsageError(f"{prefix}problem {problem} is {words}; leave out {', '.join(superfluous)}")
    if given[symbol] is None:
        raise UsageError(f"{prefix}problem {problem} is {words}; give {prefix}{symbol}")


def unsquared_question(
    problem: str,
    coefficients: ExactMatrix | None,
    matrix: ExactMatrix,
    data: ExactMatrix,
    parameter: fmpq | None,
    *,
    weights: ExactMatrix | None = None,
    intercept: Intercept = None,
    positive: bool = False,
    observation_weights: ExactMatrix | None = None,
    names: Sequence[str] | None = None,
    subject: str = "",
    arrays: Mapping[str, bytes] | None = None,
) -> EnclosedQuestion:
    """Return the question of coefficients for `sqrt-lasso` or `bpdn`, or of the minimiser alone.

    Args:
        problem: the name.
        coefficients: n x 1, or None.
        matrix: X, m x n.
        data: y, m x 1.
        parameter: λ or ε, positive.
        weights: w, n x 1, all >= 0, of which one at least is positive.
        intercept: of the model.
        positive: whether the coefficients had to be at least 0.
        observation_weights: ω, m x 1, all positive; the norm is that of √ω_i r_i.
        names: of the columns, if they have any.
        subject: whose coefficients these are.
        arrays: the data as files of numpy, by name.

    Raises:
        UsageError: for a parameter that is not positive, or an intercept that does not go with the coefficients.
        DataError: for data that do not match, or of which nothing can be said.

    >>> from flint import fmpq
    >>> from exact_base.matrices import exact_column, exact_matrix
    >>> from sci_barriers.checks.unsquared import unsquared_question
    >>> X, y = exact_matrix([[1, 0], [0, 1], [1, 1]]), exact_column([2, 1, 5])
    >>> unsquared_question("bpdn", None, X, y, fmpq(1, 2), intercept="fit").objective
    '‖x‖₁ subject to ‖r‖ <= epsilon, epsilon = 1/2, intercept'
    """
    words, symbol = OBJECTIVES[problem]
    if parameter is None or parameter <= 0:
        raise UsageError(f"{symbol} must be positive, got {parameter}")
    shown, n = column_names(names, matrix.cols), matrix.cols
    check_data(matrix, data, names=shown, centred=intercept is not None)
    check_given(coefficients, n, intercept)
    own = [fmpq(1)] * n if weights is None else entries_of(weights)
    if any(w < 0 for w in own) or not any(own):
        raise DataError("the weights must not be negative, and one at least must be positive")
    strength = parameter if problem == "sqrt-lasso" else fmpq(1)
    arrays_of = PenalisedLeastSquares(
        matrix,
        data,
        column([*(strength * w for w in own), *([fmpq(0)] if intercept is not None else [])]),
        observation_weights=observation_weights,
        intercept=intercept is not None,
        nonnegative=tuple(range(n)) if positive else (),
    )
    given = coefficients
    if coefficients is not None and isinstance(intercept, fmpq):
        given = column([*entries_of(coefficients), intercept])
    more = {
        "weights": weights is not None,
        "intercept": intercept is not None,
        "all coefficients >= 0": positive,
        "weights of the observations": observation_weights is not None,
    }
    return EnclosedQuestion(
        ResidualNorm(arrays_of, parameter if problem == "bpdn" else None),
        given,
        shown,
        subject or ("the minimiser" if coefficients is None else "coefficients that were given"),
        ", ".join([f"{words}, {symbol} = {parameter}", *(said for said, there in more.items() if there)]),
        strength=strength,
        arrays=dict(arrays or {}),
    )


def unsquared_found(
    question: EnclosedQuestion,
    *,
    digits: int,
    stated: Stated | None = None,
    seconds: float = SECONDS,
    keep: bool = False,
    progress: Progress | None = None,
) -> Found | EnclosedFound:
    """Return what is found: beside exact minimisers for problems of the paper that are small, else up to a distance.

    Args:
        question: the problem and the coefficients.
        digits: K.
        stated: how near the data are to the true ones; None where they are taken as they are.
        seconds: for looking for data sets that differ.
        keep: whether an interrupt ends that, and what is proved is returned.
        progress: is told what is being done.

    Raises:
        UsageError: if no vector is feasible, or for another problem.
        DataError: if radii do not fit.
        NotCertifiedError: if neither way proves anything.

    >>> from flint import fmpq
    >>> from exact_base.matrices import exact_column, exact_matrix
    >>> from sci_barriers.checks.unsquared import unsquared_found, unsquared_question
    >>> X, y = exact_matrix([[1, 0], [0, 1], [1, 2], [3, 1]]), exact_column([2, 1, 5, 4])
    >>> found = [
    ...     unsquared_found(unsquared_question("sqrt-lasso", None, X, y, fmpq(1, 2), intercept=one), digits=4)
    ...     for one in (None, "fit")
    ... ]
    >>> [type(one).__name__ for one in found], [one.verdict for one in found]
    (['Found', 'EnclosedFound'], ['solved', 'solved'])
    """
    if not isinstance(question.problem, ResidualNorm):
        raise UsageError("unsquared_found takes problems with the norm of a residual")
    arrays = question.problem.arrays
    plain = stated is None and _is_of_the_paper(arrays)
    refused: NotCertifiedError | None = None
    if plain and arrays.rows * arrays.features <= _MOST_ENTRIES:
        try:
            return _exactly(question, question.problem, digits, progress)
        except NotCertifiedError as error:
            refused = error
    determined = determine_unsquared(
        question.problem,
        None if stated is None else stated.precision,
        digits=wanted_digits(digits),
        guess=question.coefficients,
        progress=progress,
    )
    if determined is None and plain:
        if refused is not None:
            raise refused
        return _exactly(question, question.problem, digits, progress)
    return enclosed_found(
        question, determined, digits=digits, stated=stated, seconds=seconds, keep=keep, progress=progress
    )


def _is_of_the_paper(arrays: PenalisedLeastSquares) -> bool:
    """Return whether the exact solver takes it."""
    more = arrays.intercept or arrays.nonnegative or arrays.observation_weights is not None
    return not more and all(mu > 0 for mu in arrays.penalty_entries)


def _exactly(question: EnclosedQuestion, problem: ResidualNorm, digits: int, progress: Progress | None) -> Found:
    if progress is not None:
        progress("solving exactly")
    arrays, noise = problem.arrays, problem.noise
    weights = [mu / question.strength for mu in arrays.penalty_entries]
    given = None if question.coefficients is None else Table(question.coefficients).array[:, 0]
    found = other_found(
        problem.objective,
        Table(arrays.matrix).array,
        Table(arrays.data).array[:, 0],
        question.strength if noise is None else noise,
        coefficients=given,
        digits=digits,
        weights=Table(column(weights)).array[:, 0] if any(w != 1 for w in weights) else None,
        names=question.names,
        subject="the exact minimiser" if question.coefficients is None else question.subject,
    )
    return replace(found, objective=question.objective, notes=(*found.notes, *question.notes), claimed=question.claimed)

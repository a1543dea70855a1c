"""Questions of penalised least squares, answered: the minimiser, the nearest one, and what the certificate will say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

from flint import fmpq

from exact_base.matrices import ExactMatrix
from exact_base.rationals import to_float
from exact_base.words import called
from sci_barriers.certificates.provenance import producer
from sci_barriers.certificates.solution_digits import solution_digits_files
from sci_barriers.checks.findings import Found, Uniqueness
from sci_barriers.checks.questions import DATA, MATRIX, Question
from sci_barriers.checks.report import listed
from sci_barriers.problems.penalised.face import Nearest, nearest
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, Progress, column, entries_of
from sci_barriers.problems.penalised.solving import Solution, minimise

__all__ = ["penalised_found"]

_STEM = "coefficients"


def penalised_found(question: Question, *, digits: int, progress: Progress | None = None) -> Found:
    """Return what is found of a question, exactly.

    Args:
        question: the problem and the coefficients.
        digits: K.
        progress: is told what is being done.

    Raises:
        BudgetError: if a limit was reached before anything was found.

    >>> from flint import fmpq
    >>> from exact_base.matrices import exact_column, exact_matrix
    >>> from sci_barriers.checks.conventions import Request
    >>> from sci_barriers.checks.given import given_question
    >>> from sci_barriers.checks.penalised import penalised_found
    >>> X, y = exact_matrix([[1, 0], [0, 1]]), exact_column([2, 1])
    >>> question = given_question(exact_column(["1.5001", "0.5"]), X, y, Request("half", lam=fmpq(1, 2)))
    >>> found = penalised_found(question, digits=4)
    >>> found.verdict, found.reached, found.unique
    ('ok', 4, 'yes')
    """
    problem = question.problem
    solution = minimise(problem, guess=question.coefficients, progress=progress)
    asked = question.coefficients
    if asked is None:
        asked = _rounded(problem.coefficients(solution.point))
    if progress is not None:
        progress("looking for the nearest minimiser")
    near = nearest(solution, asked)
    exact = problem.coefficients(near.point)
    point, n = entries_of(exact), problem.features
    common = {
        "subject": question.subject,
        "objective": question.objective,
        "rows": problem.rows,
        "names": question.names,
        "notes": question.notes,
    }
    kind = _uniqueness(near.unique)
    alike = () if kind == "yes" else interchangeable(solution)
    if question.coefficients is None:
        return Found(
            **common,
            digits=digits,
            point=tuple(point[:n]),
            given=None,
            unique=kind,
            intercept=point[n] if problem.intercept else None,
            interchangeable=alike,
            certify=lambda: _files(question, asked, near),
        )
    given = entries_of(asked)
    loose = set() if kind == "yes" else {j for j in solution.active if problem.ridge_entries[j] == 0}
    known = [j for j in range(n) if j not in loose]
    negative = [j for j in problem.nonnegative if given[j] < 0]
    infeasible = f"{listed(question.names, negative)} {'is' if len(negative) == 1 else 'are'} negative"
    excess = _excess(solution, given, point) / question.multiple
    return Found(
        **common,
        digits=digits,
        point=tuple(point[:n]),
        given=tuple(given[:n]),
        unique=kind,
        intercept=point[n] if problem.intercept else None,
        given_intercept=given[n] if problem.intercept else None,
        excess=None if negative else (excess, excess),
        infeasible=infeasible if negative else "",
        superfluous=tuple(j for j in known if given[j] != 0 and point[j] == 0),
        missing=tuple(j for j in known if given[j] == 0 and point[j] != 0),
        interchangeable=alike,
        claimed=question.claimed,
        certify=lambda: _files(question, asked, near),
    )

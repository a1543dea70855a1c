"""Questions of penalised least squares, answered: the minimiser, the nearest one, and what the certificate will say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flint import fmpq

from exact_base.matrices import ExactMatrix
from sci_barriers.certificates.provenance import producer
from sci_barriers.certificates.solution_digits import solution_digits_files
from sci_barriers.checks.findings import Found, Uniqueness, nearest_float
from sci_barriers.checks.questions import DATA, MATRIX, Question
from sci_barriers.checks.report import listed
from sci_barriers.problems.penalised.face import Nearest, nearest
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, Progress, column, entries_of
from sci_barriers.problems.penalised.solving import Solution, minimise

__all__ = ["penalised_found"]

_STEM = "coefficients"
_UNIQUE: Mapping[str, Uniqueness] = {"yes": "yes", "no": "no", "open": "open"}


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
    problem, n = question.problem, question.problem.features
    solution = minimise(problem, guess=question.coefficients, progress=progress)
    asked = question.coefficients
    if asked is None:
        asked = _rounded(problem.coefficients(solution.point))
    if progress is not None:
        progress("looking for the nearest minimiser")
    near = nearest(solution, asked)
    point, given = entries_of(problem.coefficients(near.point)), entries_of(asked)
    found = Found(
        question.subject,
        question.objective,
        problem.rows,
        question.names,
        digits,
        tuple(point[:n]),
        None,
        _UNIQUE[near.unique],
        intercept=point[n] if problem.intercept else None,
        interchangeable=() if near.unique == "yes" else interchangeable(solution),
        notes=question.notes,
        certify=lambda: _files(question, asked, near),
    )
    if question.coefficients is None:
        return found
    # the same in every minimiser
    known = [j for j in range(n) if near.unique == "yes" or j not in set(_loose(solution))]
    negative = [j for j in problem.nonnegative if given[j] < 0]
    excess = _excess(solution, given, point) / question.multiple
    return replace(
        found,
        given=tuple(given[:n]),
        given_intercept=given[n] if problem.intercept else None,
        excess=None if negative else (excess, excess),
        multiple=question.multiple,
        infeasible=f"{listed(question.names, negative)}, which must not be, below 0" if negative else "",
        superfluous=tuple(j for j in known if given[j] != 0 and point[j] == 0),
        missing=tuple(j for j in known if given[j] == 0 and point[j] != 0),
        claimed=question.claimed,
    )


def _rounded(point: ExactMatrix) -> ExactMatrix:
    """Return the point of float64 numbers nearest to a point."""
    return column([fmpq(*nearest_float(value).as_integer_ratio()) for value in entries_of(point)])


def _files(question: Question, asked: ExactMatrix, near: Nearest) -> dict[str, bytes]:
    """Return the certificate, and the data beside it as far as they are float64."""
    fields = {MATRIX: "matrix", DATA: "data"}
    files = {fields[name]: (name, content) for name, content in question.arrays.items()}
    said = producer() | {"subject": question.subject, "objective": question.objective}
    return solution_digits_files(question.problem, asked, near, stem=_STEM, files=files, provenance=said)


def _loose(solution: Solution) -> list[int]:
    """Return the coefficients that may differ from minimiser to minimiser: those of E without a ridge penalty."""
    ridge = solution.problem.ridge_entries
    return [j for j in solution.active if ridge[j] == 0]


def _excess(solution: Solution, given: list[fmpq], point: list[fmpq]) -> fmpq:
    """Return F at feasible coefficients minus the minimum: docs/theory.md, "Penalised least squares"."""
    problem = solution.problem
    away = [(c - p) / s for c, p, s in zip(given, point, problem.scale_entries, strict=True)]
    total = _weighted_norm2(problem, away)
    parts = zip(given, away, problem.scale_entries, problem.penalty_entries, problem.ridge_entries, strict=True)
    for (c, e, s, mu, kappa), g in zip(parts, entries_of(solution.gradient), strict=True):
        total += kappa * e * e
        if c != 0:
            total += (mu * abs(c) - g * c) / s
    return total


def _weighted_norm2(problem: PenalisedLeastSquares, away: list[fmpq]) -> fmpq:
    """Return Σ ω (Ze)² for e in the units of the columns of X."""
    n = problem.features
    image = problem.matrix @ column(away[:n])
    shift = away[n] if problem.intercept else fmpq(0)
    if problem.centres is not None:
        shift -= sum((c * e for c, e in zip(entries_of(problem.centres), away, strict=False)), fmpq(0))
    rows = [value + shift for value in entries_of(image)]
    if problem.observation_weights is None:
        return sum((value * value for value in rows), fmpq(0))
    weights = entries_of(problem.observation_weights)
    return sum((w * value * value for w, value in zip(weights, rows, strict=True)), fmpq(0))


# --- which columns are interchangeable -------------------------------------------------------------


def interchangeable(solution: Solution) -> tuple[tuple[int, ...], ...]:
    """Return groups of columns that are equal, or opposite, and may take each other's place in a minimiser.

    >>> from sci_barriers.checks.penalised import interchangeable
    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
    >>> from sci_barriers.problems.penalised.solving import minimise
    >>> problem = PenalisedLeastSquares.of([[1, 2, -1], [0, 1, 0]], [3, 1], penalties=[1, 1, 1])
    >>> interchangeable(minimise(problem))
    ((0, 2),)
    """
    problem, directions = solution.problem, solution.directions
    groups: dict[tuple[fmpq, ...], list[int]] = {}
    for j in (j for j in _loose(solution) if j < problem.features):
        scale = problem.scale_entries[j]
        centre = fmpq(0) if problem.centres is None else entries_of(problem.centres)[j]
        sign = directions[j] or 1
        entries = entries_of(problem.matrix.columns([j]))
        groups.setdefault(tuple(sign * (entry - centre) / scale for entry in entries), []).append(j)
    return tuple(sorted(tuple(group) for group in groups.values() if len(group) > 1))

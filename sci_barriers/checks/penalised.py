"""Questions of penalised least squares, answered: the minimiser, the nearest one, and what the certificate will say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from flint import fmpq

from exact_base.matrices import ExactMatrix
from sci_barriers.certificates.penalised import Files
from sci_barriers.certificates.precision import without_radii
from sci_barriers.certificates.provenance import producer
from sci_barriers.certificates.solution_digits import solution_digits_files
from sci_barriers.checks.determined import SECONDS, DeterminedFinding, determined_finding
from sci_barriers.checks.determined_files import determined_files, shared_files
from sci_barriers.checks.findings import Found, Uniqueness, rounded_array, verdict_of
from sci_barriers.checks.hints import hint_of
from sci_barriers.checks.precisions import Stated
from sci_barriers.checks.questions import DATA, MATRIX, Question, listed
from sci_barriers.problems.penalised.face import Nearest
from sci_barriers.problems.penalised.finding import Finding, find
from sci_barriers.problems.penalised.problem import Progress, column, entries_of
from sci_barriers.problems.penalised.solving import minimise

__all__ = ["penalised_found"]

_STEM = "coefficients"
_NEXT_TO_NOTHING = 1 << 17
_MOST_BITS = 1 << 26  # of coefficients that are written exactly, where their rounded values would not do
_UNIQUE: Mapping[str, Uniqueness] = {"yes": "yes", "no": "no", "open": "open"}


def penalised_found(
    question: Question,
    *,
    digits: int,
    stated: Stated | None = None,
    seconds: float = SECONDS,
    keep: bool = False,
    progress: Progress | None = None,
) -> Found:
    """Return what is found of a question, exactly.

    Args:
        question: the problem and the coefficients.
        digits: K.
        stated: how near the data are to the true ones; None where they are taken as they are.
        seconds: for looking for data sets that differ.
        keep: whether an interrupt ends what is done with the precision, and what is proved is returned.
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
    solution = minimise(problem, guess=_start(question), progress=progress)
    exact = problem.coefficients(solution.point)
    asked = rounded_array(exact) if question.coefficients is None else question.coefficients
    if progress is not None:
        progress("looking for the nearest minimiser")
    finding = find(solution, asked)
    if question.coefficients is None and finding.unique != "yes" and _bits(exact) <= _MOST_BITS:
        # what is nearest to rounded numbers is another one, with tiny entries where this has none
        asked = exact
        finding = find(solution, asked)
    point, given = finding.minimiser, finding.given
    found = Found(
        question.subject,
        question.objective,
        problem.rows,
        question.names,
        digits,
        tuple(point[:n]),
        None,
        _UNIQUE[finding.unique],
        intercept=point[n] if problem.intercept else None,
        interchangeable=interchangeable(finding),
        differing=_differing(finding),
        notes=question.notes,
        certify=partial(_files, question, asked, finding.nearest),
    )
    if stated is not None:
        known = determined_finding(
            question,
            solution,
            stated,
            unique=finding.unique,
            digits=digits,
            seconds=seconds,
            keep=keep,
            progress=progress,
        )
        found = replace(
            found,
            determined=known,
            notes=(*found.notes, *stated.notes),
            certify=partial(_all_files, question, known, partial(_files, question, asked, finding.nearest)),
        )
    if question.coefficients is None:
        return found
    excess = None if finding.excess is None else finding.excess / question.multiple
    negative = [j for j in problem.nonnegative if given[j] < 0]
    found = replace(
        found,
        given=tuple(given[:n]),
        given_intercept=given[n] if problem.intercept else None,
        excess=None if excess is None else (excess, excess),
        multiple=question.multiple,
        infeasible=f"{listed(question.names, negative)}, which must not be, below 0" if negative else "",
        superfluous=tuple(finding.wrongly_chosen),
        missing=tuple(finding.wrongly_left_out),
        claimed=question.claimed,
    )
    wrong = verdict_of(found.distance2, found.size2, digits) == "inaccurate"
    return replace(found, hint=hint_of(question, excess=excess)) if wrong else found


def _start(question: Question) -> ExactMatrix | None:
    """Return where the search for a minimiser starts: the coefficients without those that are next to nothing.

    Interior point methods return no zeros, and each column in the start costs a step of the search.
    """
    if question.coefficients is None:
        return None
    given, n = entries_of(question.coefficients), question.problem.features
    least = max(abs(value) for value in given[:n]) / _NEXT_TO_NOTHING
    return column([value if j >= n or abs(value) >= least else fmpq(0) for j, value in enumerate(given)])


def _bits(point: ExactMatrix) -> int:
    """Return about how many bits a packed array of these numbers has."""
    return point.rows * max(int(entry).bit_length() for entry in point.re.entries())


def _files(question: Question, asked: ExactMatrix, near: Nearest, shared: Files | None = None) -> dict[str, bytes]:
    """Return the certificate, and the data beside it as far as they are float64, or in files that others share."""
    fields = {MATRIX: "matrix", DATA: "data"}
    files = shared or {fields[name]: (name, content) for name, content in question.arrays.items()}
    said = producer() | {"subject": question.subject, "objective": question.objective}
    return solution_digits_files(question.problem, asked, near, stem=_STEM, files=files, provenance=said)


def _all_files(
    question: Question, known: DeterminedFinding, others: Callable[..., Mapping[str, bytes]]
) -> dict[str, bytes]:
    shared = without_radii(shared_files(question, known.stated.precision))
    return {**others(shared=shared), **determined_files(question, known)}


def _differing(finding: Finding) -> tuple[int, ...]:
    """Return the columns in which the other minimiser that was found differs."""
    near, features = finding.nearest, finding.solution.problem.features
    if near.other is None:
        return ()
    pairs = zip(entries_of(near.point)[:features], entries_of(near.other)[:features], strict=True)
    return tuple(j for j, (here, there) in enumerate(pairs) if here != there)


def interchangeable(finding: Finding) -> tuple[tuple[int, ...], ...]:
    """Return groups of columns that are equal, or opposite, and may take each other's place in a minimiser.

    Beside an intercept, columns that are so up to a constant count too.

    >>> from exact_base.matrices import exact_column
    >>> from sci_barriers.checks.penalised import interchangeable
    >>> from sci_barriers.problems.penalised.finding import find
    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
    >>> from sci_barriers.problems.penalised.solving import minimise
    >>> problem = PenalisedLeastSquares.of([[1, 0, -1], [0, 1, 0]], [3, 1], penalties=[1, 1, 1])
    >>> interchangeable(find(minimise(problem), exact_column([0, 1, 0])))
    ((0, 2),)
    """
    directions, features = finding.solution.directions, finding.solution.problem.features
    groups = []
    for group in finding.groups:
        # what one of them gives up another can take only if its sign allows
        alike: dict[int, list[int]] = {}
        for j, sign in group:
            if j < features:
                alike.setdefault(sign * directions[j], []).append(j)
        groups += [tuple(sorted(members)) for members in alike.values() if len(members) > 1]
    return tuple(sorted(groups))

"""What kind data-digits has found around a point, in words; every number is rounded to the side that says less."""

from __future__ import annotations

from collections.abc import Sequence

from proofs_checks.certificate.arrays import PackedArray
from proofs_checks.checker.core import words
from proofs_checks.checker.parts.data_given_words import given_lines
from proofs_checks.checker.parts.data_lasso import Lasso
from proofs_checks.checker.parts.data_objectives import Objective
from proofs_checks.checker.parts.data_outcome_words import (
    answer_line,
    column_lines,
    norm_of,
    not_checked,
    radii_said,
    scale_said,
    share_said,
    up,
)
from proofs_checks.checker.parts.data_theorems import Outcome
from proofs_checks.checker.parts.precision import Precision


def title(outcomes: Sequence[Outcome]) -> str:
    """Return how far the minimisers of admissible data can be."""
    first = next((outcome for outcome in outcomes if outcome.scale == 1), outcomes[0])
    return (
        f"For all data within {radii_said(first.scale)} the coefficients of every minimiser are within "
        f"{up(first.distance)} of those of the point x, in the l2 norm over the columns of X."
    )


def data_lines(
    objective: Objective,
    lasso: Lasso,
    precision: Precision,
    outcomes: Sequence[Outcome],
    coefficients: PackedArray | None,
) -> list[str]:
    """Return the problem, what is known of the data, and what was proved at each scale."""
    problem = lasso.problem
    apart = ", the intercept apart, of which nothing is said" if problem.intercept else ""
    norm = norm_of(lasso)
    held = sum(any(lasso.entry(j)) for j in range(problem.features))
    lines = given_lines(objective, problem, precision)
    lines.append(
        f"x, which the file gives, is not 0 in {words.counted(held, 'column')} of X, and |x| is {norm}. Distances are "
        f"l2 norms over the columns of X{apart}."
    )
    for outcome in outcomes:
        said = f"|x' - x| is at most {up(outcome.distance)}{share_said(outcome.distance, norm)}"
        lines.append(f"At the scale {scale_said(outcome.scale)}: {said}.")
        if outcome.unique:
            lines.append("There is one minimiser for each of these data.")
        lines += column_lines(lasso, outcome.inside, outcome.outside, outcome.moves)
        if coefficients is not None:
            lines.append(answer_line(lasso, outcome.distance, norm, coefficients))
    return [*lines, not_checked(coefficients is not None)]

"""What kind data-digits has found whatever the columns are, in words, rounded to the side that says less."""

from __future__ import annotations

from collections.abc import Sequence

from proofs_checks.certificate.arrays import PackedArray
from proofs_checks.checker.core import words
from proofs_checks.checker.parts.data_fit import AnyColumns
from proofs_checks.checker.parts.data_fit_theorem import Fit
from proofs_checks.checker.parts.data_given_words import given_lines
from proofs_checks.checker.parts.data_objectives import Objective
from proofs_checks.checker.parts.data_outcome_words import (
    Between,
    answer_line,
    column_lines,
    columns_said,
    digits,
    norm_of,
    not_checked,
    radii_said,
    scale_said,
    share_said,
    up,
)
from proofs_checks.checker.parts.precision import Precision


def fit_title(found: Sequence[Fit]) -> str:
    """Return how far the fitted values for admissible data can be."""
    first = next((fit for fit in found if fit.scale == 1), found[0])
    return (
        f"For all data within {radii_said(first.scale)} the fitted values of every minimiser are within "
        f"{up(first.fit)} of those of the point x."
    )


def fit_lines(
    objective: Objective,
    given: AnyColumns,
    precision: Precision,
    found: Sequence[Fit],
    coefficients: PackedArray | None,
) -> list[str]:
    """Return the problem, what is known of the data, and what was proved at each scale."""
    problem, norm, fitted = given.problem, norm_of(given), Between(*given.fitted)
    lines = given_lines(objective, problem, precision)
    weights = any(w != problem.weights.den for w in problem.weights.numbers)
    less = ", less their means," if problem.intercept else ""
    over = ", without the intercept, of which nothing is said" if problem.intercept else ""
    lines.append(
        f"x, which the file gives, is not 0 in {words.counted(len(given.sizes), 'column')} of X, and |x| is {norm}. "
        f"Distances are l2 norms over the columns of X{over}."
    )
    lines.append(
        f"Fitted values are Zx and Z'x'{less} and |Z'x' - Zx| is the root of the sum of their squared distances"
        f"{', times the weights w_i' if weights else ''}; |Zx| is {fitted}. Columns of X may depend on each other."
    )
    for fit in found:
        lines.append(f"At the scale {scale_said(fit.scale)}: |Z'x' - Zx| is at most {_fitted(fit, fitted)}.")
        lines.append(_sum(fit))
        if fit.distance is None:
            free = [j for j, move in enumerate(fit.moves) if move is None]
            lines.append(f"Nothing bounds the coefficients of {columns_said(free)}.")
        else:
            lines.append(f"|x' - x| is at most {up(fit.distance)}{share_said(fit.distance, norm)}.")
        lines += column_lines(given, fit.inside, fit.outside, fit.moves)
        lines += _single(given, fit)
        if coefficients is not None and fit.distance is not None:
            lines.append(answer_line(given, fit.distance, norm, coefficients))
    return [*lines, not_checked(coefficients is not None)]


def _fitted(fit: Fit, fitted: Between) -> str:
    if not fit.fit or not fitted.low:
        return up(fit.fit)
    share = f"{up(fit.fit)}, which is at most {up(fit.fit / fitted.low)} of |Zx|"
    count = digits(fit.fit, fitted.low - fit.fit)
    if not count:
        return f"{share}; no digit of the fitted values is shown to be determined"
    are = "is" if count == 1 else "are"
    return f"{share}; {words.digits(count)} of the fitted values {are} determined: <= 10^-{count} |Z'x'|"


def _sum(fit: Fit) -> str:
    alone = ", which is what y alone shows" if fit.alone else ""
    return f"sum_j mu_j |x'_j| is at least {up(fit.low, up=False)} and at most {up(fit.high)}{alone}."


def _single(given: AnyColumns, fit: Fit) -> list[str]:
    """Return the columns whose coefficient has a digit for certain."""
    sure = []
    for j in given.sizes:
        move = fit.moves[j]
        if move == 0 or (move and digits(move, given.size(j) - move)):
            sure.append(j)
    if not sure:
        return []
    return [f"The first digit of x_j is determined, |x'_j - x_j| <= |x'_j|/10, in {columns_said(sure)}."]

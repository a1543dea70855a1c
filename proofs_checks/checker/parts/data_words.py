"""What kind data-digits has found, in words; every number is rounded to the side that says less."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from proofs_checks.certificate.arrays import PackedArray
from proofs_checks.checker.core import words
from proofs_checks.checker.parts.data_given_words import given_lines
from proofs_checks.checker.parts.data_lasso import Lasso
from proofs_checks.checker.parts.data_objectives import Objective
from proofs_checks.checker.parts.data_problem import ComplexPenalised
from proofs_checks.checker.parts.data_theorems import Outcome
from proofs_checks.checker.parts.precision import Precision
from proofs_checks.checker.parts.short import root_down, root_up

_FIGURES = 7
_SHOWN = 12  # columns of a list that are printed
_LARGEST = 5  # coefficients whose moves are printed
_ZERO = Fraction(0)


@dataclass(frozen=True)
class Between:
    """A number that is known to lie between two."""

    low: Fraction
    high: Fraction

    def __str__(self) -> str:
        """Return it for a sentence."""
        low, high = up(self.low, up=False), up(self.high)
        return low if low == high else f"at least {low} and at most {high}"


def up(x: Fraction, *, up: bool = True) -> str:
    """Return a number as a decimal, rounded."""
    return words.decimal(x.numerator, x.denominator, up=up, figures=_FIGURES)


def title(lasso: Lasso, outcomes: Sequence[Outcome]) -> str:
    """Return how far the minimisers of admissible data can be."""
    first = next((outcome for outcome in outcomes if outcome.scale == 1), outcomes[0])
    radii = "the stated radii" if first.scale == 1 else f"{_scale(first)} times the stated radii"
    return (
        f"For all data within {radii} the coefficients of every minimiser are within {up(first.distance)} of those of "
        "the point x, in the l2 norm over the columns of X."
    )


def _scale(outcome: Outcome) -> str:
    return words.rational(outcome.scale.numerator, outcome.scale.denominator)


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
    norm = _norm(lasso)
    held = sum(any(lasso.entry(j)) for j in range(problem.features))
    lines = given_lines(objective, problem, precision)
    lines.append(
        "Admissible at the scale t are all X', y' within t times these radii; x' is any minimiser for any of them. "
        "Centres, scales, weights and penalties are for all of them those above."
    )
    lines.append(
        f"x, which the file gives, is not 0 in {words.counted(held, 'column')} of X, and |x| is {norm}. Distances are "
        f"l2 norms over the columns of X{apart}."
    )
    for outcome in outcomes:
        lines += _outcome_lines(lasso, outcome, norm)
        if coefficients is not None:
            lines += _coefficient_lines(lasso, outcome, norm, coefficients)
    lines.append(
        "Not checked: that the true data are within the radii, that a program saw these data or was to solve this "
        "problem, and who computed c."
        if coefficients is not None
        else "Not checked: that the true data are within the radii, and that somebody was to solve this problem."
    )
    return lines


def _norm(lasso: Lasso) -> Between:
    square = sum((part**2 for j in range(lasso.problem.features) for part in lasso.entry(j)), _ZERO)
    return _root(square)


def _root(square: Fraction) -> Between:
    return Between(root_down(*square.as_integer_ratio()), root_up(*square.as_integer_ratio()))


def digits(error: Fraction, size: Fraction) -> int | None:
    """Return the largest K >= 0 with error <= 10^-K size, or None where there is no largest, or none at all."""
    if error <= 0 or error > size:
        return None
    ratio = size / error
    count = max(0, (ratio.numerator.bit_length() - ratio.denominator.bit_length() - 1) * 30103 // 100_000 - 1)
    while error * 10 ** (count + 1) <= size:
        count += 1
    return count


def _outcome_lines(lasso: Lasso, outcome: Outcome, norm: Between) -> list[str]:
    n, inside, outside = lasso.problem.features, outcome.inside, outcome.outside
    known = set(inside) | set(outside)
    unknown = [j for j in range(n) if j not in known]
    lines = [f"At the scale {_scale(outcome)}: |x' - x| is at most {up(outcome.distance)}{_share(outcome, norm)}."]
    if outcome.unique:
        lines.append("There is one minimiser for each of these data.")
    sign = "not 0" if isinstance(lasso.problem, ComplexPenalised) else "not 0, with the sign of x_j"
    for text, columns in ((f"In: x'_j is {sign}", inside), ("Out: x'_j is 0", outside), ("Not decided", unknown)):
        if columns:
            lines.append(f"{text}, in {words.counted(len(columns), 'column')}: {_columns(columns)}.")
    order = sorted((j for j in range(n) if outcome.moves[j]), key=lambda j: (-outcome.moves[j], j))[:_LARGEST]
    if order:
        listed = "; ".join(f"column {j + 1}: {up(outcome.moves[j])}" for j in order)
        lines.append(f"Largest bounds of |x'_j - x_j|: {listed}.")
    return lines


def _share(outcome: Outcome, norm: Between) -> str:
    distance = outcome.distance
    if not distance or not norm.low:
        return ""
    share = f", which is at most {up(distance / norm.low)} of |x|"
    found = digits(distance, norm.low - distance)
    if not found:
        return f"{share}; no digit of x is shown to be determined"
    return (
        f"{share}; {words.digits(found)} of x {'is' if found == 1 else 'are'} determined: |x - x'| <= 10^-{found} |x'|"
    )


def _coefficient_lines(lasso: Lasso, outcome: Outcome, norm: Between, coefficients: PackedArray) -> list[str]:
    width = lasso.columns.width
    square = _ZERO
    for j in range(lasso.problem.features):
        for k, x in enumerate(lasso.entry(j)):
            square += (Fraction(coefficients.numbers[width * j + k], coefficients.den) - x) ** 2
    away, distance = _root(square), outcome.distance
    error = Between(max(_ZERO, away.low - distance), away.high + distance)
    said = f"|c - x'| is {error} for all of them"
    if norm.low > distance:
        low, high = error.low / (norm.high + distance), error.high / (norm.low - distance)
        said += f", and |c - x'|/|x'| is {Between(low, high)}"
        reached = digits(error.high, norm.low - distance)
        if reached:
            are = "is" if reached == 1 else "are"
            said += f", so that {words.digits(reached)} {are} reached for all (10^-{reached})"
    if error.low:
        missed = (digits(error.low, norm.high + distance) or 0) + 1
        said += f"; {words.digits(missed)} {'is' if missed == 1 else 'are'} reached for none of them"
    return [said + "."]


def _columns(columns: Sequence[int]) -> str:
    shown = ", ".join(str(j + 1) for j in columns[:_SHOWN])
    more = f" and {len(columns) - _SHOWN} more" if len(columns) > _SHOWN else ""
    return f"{'column' if len(columns) == 1 else 'columns'} {shown}{more}"

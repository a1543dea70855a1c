"""What kind data-digits is given, in words: the problem, and how well its data are known."""

from __future__ import annotations

from proofs_checks.checker.core import words
from proofs_checks.checker.parts.data_objectives import Objective
from proofs_checks.checker.parts.data_problem import ComplexPenalised
from proofs_checks.checker.parts.penalised import Penalised
from proofs_checks.checker.parts.penalised_words import limits, problem_lines, squares
from proofs_checks.checker.parts.precision import Precision
from proofs_checks.checker.parts.precision_words import precision_lines

_ADMISSIBLE = (
    "Admissible at the scale t are all X', y' within t times these radii; x' is any minimiser for any of them. "
    "Centres, scales, weights and penalties are for all of them those above."
)


def given_lines(objective: Objective, problem: Penalised, precision: Precision) -> list[str]:
    """Return the problem, and what is known of its data."""
    lines = problem_lines(problem, "x, x' and c are coefficients", minimised=_minimised(objective, problem))
    if isinstance(problem, ComplexPenalised):
        lines[0] = lines[0].replace("(y_i - (Zx)_i)^2", "|y_i - (Zx)_i|^2").replace("x_j^2", "|x_j|^2")
        lines.insert(1, "X, y and all coefficients are complex.")
    return [*lines, *precision_lines(precision, up=False), _ADMISSIBLE]


def _minimised(objective: Objective, problem: Penalised) -> str | None:
    """Return what is minimised, or None for the lasso."""
    if objective.name == "lasso":
        return None
    root, penalty, limited = f"({squares(problem)})^(1/2)", "sum_j mu_j |x_j|", limits(problem)
    if objective.noise is None:
        terms = f"{root} + {penalty}" if any(problem.penalties.numbers) else root
        return f"{terms}{limited}. The root is that of the whole sum."
    return f"{penalty} subject to {root} <= {words.rational(*objective.noise.as_integer_ratio())}{limited}."

"""What kind data-pair has found of minimisers known up to a distance, in words, rounded to the side that says less."""

from __future__ import annotations

from fractions import Fraction

from proofs_checks.checker.core import words
from proofs_checks.checker.parts.data_given_words import given_lines
from proofs_checks.checker.parts.data_objectives import Objective
from proofs_checks.checker.parts.pair_enclosed import EnclosedPair
from proofs_checks.checker.parts.pair_words import changes_said, closing, digits_said
from proofs_checks.checker.parts.penalised_words import columns_said
from proofs_checks.checker.parts.precision import Precision
from proofs_checks.checker.parts.precision_words import precision_lines

_FIGURES = 7
_LARGEST = 5  # coefficients that are printed


def enclosed_title(pair: EnclosedPair) -> str:
    """Return how far apart the minimisers are."""
    return (
        "Two data sets within the stated precision have minimisers p' and p'', each any one, whose coefficients of the "
        f"columns of X are at least {_down(pair.distances[0])} apart in l2 norm."
    )


def enclosed_lines(pair: EnclosedPair, objective: Objective, precision: Precision) -> list[str]:
    """Return what is known of the data, what was changed, and what follows."""
    problem = pair.problem
    # what is known of the data is said of data within it, and so rounded up
    known = len(precision_lines(precision, up=False))
    lines = given_lines(objective, problem, precision)[:-known]
    lines = [line.replace("x, x' and c are coefficients", "p' and p'' are coefficients") for line in lines]
    lines += ["Within the precision are all X', y' with:", *precision_lines(precision, up=True)]
    for name, side, outcome in zip(("first", "second"), (pair.first, pair.second), pair.outcomes, strict=True):
        one = "its only minimiser" if outcome.unique else "every minimiser of it"
        near = f"{one} is within {_up(outcome.distance)} of the point of the file"
        lines.append(f"{changes_said(name, side.problem, side.problem.data is not problem.data)[:-1]}; {near}.")
    apart = ", the intercept apart" if problem.intercept else ""
    low, high = pair.distances
    between = f"at least {_down(low)} and at most {_up(high)}"
    lines.append(f"Distances are l2 norms over the columns of X{apart}: |p' - p''| is {between}.")
    lines.append(f"So every vector errs by at least {_down(low / 2)} on one of the two data sets, half the distance.")
    lines.append(digits_said(pair.refuted))
    lines += _support(pair)
    largest = _largest(pair)
    return [*lines, *([largest] if largest else []), *closing()]


def _support(pair: EnclosedPair) -> list[str]:
    a, b = pair.outcomes
    lines = []
    for name, other, inside, outside in (("p'", "p''", a.inside, b.outside), ("p''", "p'", b.inside, a.outside)):
        if found := sorted(set(inside) & set(outside)):
            lines.append(f"Non-zero in {name}, and zero in {other}: {columns_said(found)}.")
    return [*lines, "So no set of columns is the right one for both data sets."] if lines else []


def _largest(pair: EnclosedPair) -> str:
    moved = {j: pair.moved(j) for j in range(pair.problem.features)}
    order = sorted((j for j, x in moved.items() if x > 0), key=lambda j: (-moved[j], j))[:_LARGEST]
    listed = "; ".join(f"column {j + 1}: at least {_down(moved[j])}" for j in order)
    return f"Largest differences of entries: {listed}." if listed else ""


def _down(x: Fraction) -> str:
    return words.decimal(x.numerator, x.denominator, figures=_FIGURES)


def _up(x: Fraction) -> str:
    return words.decimal(x.numerator, x.denominator, up=True, figures=_FIGURES)

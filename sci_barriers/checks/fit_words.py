"""What the data determine where columns may depend on each other, in words and as data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import fmpq

from exact_base.answers import interval_data, number_data
from exact_base.decimals import above, below
from exact_base.rationals import parse_rational
from exact_base.words import counted, digits_in_words
from sci_barriers.checks.determined import DeterminedFinding
from sci_barriers.checks.questions import listed
from sci_barriers.problems.penalised.problem import entries_of

__all__ = ["fit_data", "fit_facts"]


def fit_facts(found: DeterminedFinding, names: Sequence[str]) -> list[tuple[str, str]]:
    """Return what is proved of fitted values, penalties and single coefficients, a label and a sentence each."""
    if found.fit is None or found.fitted_reach is None:
        return []
    outcome, reach, low = found.fit.outcomes[-1], found.fitted_reach, found.fitted_digits
    if low is None:
        said = "the same for all these data"
    else:
        share = f", {above(reach / outcome.fitted)} of their norm" if outcome.fitted > 0 else ""
        count = f"at least {digits_in_words(low)} determined" if low else "no digit is proved to be determined"
        said = f"all are within {above(reach)} of those of the data as they stand{share}: {count}"
    facts = [("fitted values", said)]
    penalties = entries_of(found.solution.problem.penalties)
    here = sum((mu * abs(x) for mu, x in zip(penalties, found.minimiser, strict=False)), fmpq(0))
    if here > 0:
        alone = ", which y alone shows" if outcome.alone else ""
        times = f"between {below(outcome.low / here)} and {above(outcome.high / here)} times"
        facts.append(("penalty", f"{times} that of the data as they stand, for all these data{alone}"))
    sure = [(digits, j) for j, digits in enumerate(found.own_digits) if digits and found.point[j] != 0]
    if sure:
        least = min(digits for digits, _ in sure)
        facts.append(
            (
                "coefficients",
                f"at least {counted(least, 'digit')} determined of each of {listed(names, [j for _, j in sure])}",
            )
        )
    return facts


def fit_data(found: DeterminedFinding) -> dict[str, Any] | None:
    """Return what is proved of fitted values, penalties and single coefficients for JSON; None if nothing is asked."""
    if found.fit is None:
        return None
    outcome = found.fit.outcomes[-1]
    short = (parse_rational(below(outcome.low, digits=20)), parse_rational(above(outcome.high, digits=20)))
    return {
        "distance": number_data(parse_rational(above(outcome.fit, digits=20)), side="above"),
        "at_least": found.fitted_digits,
        "penalty": interval_data(*short),
        "coefficients_at_least": list(found.own_digits),
    }

"""What the data determine where columns may depend on each other, in words and as data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import fmpq

from exact_base.answers import interval_data, number_data
from exact_base.decimals import above, below
from exact_base.rationals import parse_rational
from exact_base.words import counted, digits_in_words
from sci_barriers.checks.determined import most_proved, norm_bounds
from sci_barriers.checks.questions import listed
from sci_barriers.problems.determined.complex_problem import complex_entries
from sci_barriers.problems.determined.fits import FitDetermined

__all__ = ["FIT_CERTIFIED", "fit_data", "fit_facts"]

FIT_CERTIFIED = (
    "for all data within the precision, how far their fitted values are from those of the point that is named, "
    "bounds of the sum of the penalties and of coefficients, and which columns are in and which are out"
)


def fit_facts(fit: FitDetermined, names: Sequence[str], penalty: fmpq | None) -> list[tuple[str, str]]:
    """Return what is proved of fitted values, the penalty and single coefficients, a label and a sentence each.

    `penalty` is that of the minimiser of the data as they stand, if it is known.
    """
    outcome = fit.outcomes[-1]
    reach, low = _reach(fit), _digits(fit)
    if low is None:
        said = "the same for all these data"
    else:
        share = f", {above(reach / outcome.fitted)} of their norm" if outcome.fitted > 0 else ""
        count = f"at least {digits_in_words(low)} determined" if low else "no digit is proved to be determined"
        said = f"all are within {above(reach)} of those of the data as they stand{share}: {count}"
    facts = [("fitted values", said)]
    if penalty is not None and penalty > 0:
        alone = ", which y alone shows" if outcome.alone else ""
        times = f"between {below(outcome.low / penalty)} and {above(outcome.high / penalty)} times"
        facts.append(("penalty term", f"{times} that of the data as they stand, for all these data{alone}"))
    sure = [(digits, j) for j, digits in enumerate(_own_digits(fit, len(names))) if digits]
    if sure:
        least = counted(min(digits for digits, _ in sure), "digit")
        each = "each of " if len(sure) > 1 else ""
        facts.append(("coefficients", f"at least {least} determined of {each}{listed(names, [j for _, j in sure])}"))
    return facts


def fit_data(fit: FitDetermined | None, features: int) -> dict[str, Any] | None:
    """Return what is proved of fitted values, the penalty and single coefficients for JSON; None if nothing is."""
    if fit is None:
        return None
    outcome = fit.outcomes[-1]
    low, high = parse_rational(below(outcome.low, digits=20)), parse_rational(above(outcome.high, digits=20))
    return {
        "distance": number_data(parse_rational(above(outcome.fit, digits=20)), side="above"),
        "at_least": _digits(fit),
        "penalty": interval_data(low, high),
        "coefficients_at_least": _own_digits(fit, features),
    }


def _reach(fit: FitDetermined) -> fmpq:
    """Return a bound of the distance of the fitted values from those of the data as they stand."""
    most = fit.outcomes[-1].fit
    return most + (most if fit.off is None else fit.off)


def _digits(fit: FitDetermined) -> int | None:
    """Return how many digits of the fitted values are determined, relative to their norm; None if nothing moves."""
    outcome = fit.outcomes[-1]
    return most_proved(outcome.fit, outcome.fitted)


def _own_digits(fit: FitDetermined, features: int) -> list[int | None]:
    """Return how many digits of each coefficient are determined, relative to itself; None if nothing moves it."""
    found: list[int | None] = []
    for move, parts in zip(fit.outcomes[-1].moves, complex_entries(fit.point)[:features], strict=True):
        found.append(0 if move is None else most_proved(move, norm_bounds(parts)[0]))
    return found

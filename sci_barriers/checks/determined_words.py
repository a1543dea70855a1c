"""What the data determine, in words and as data: for the screen, for --json, and for the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flint import fmpq

from exact_base.answers import interval_data, number_data
from exact_base.decimals import above, below
from exact_base.rationals import parse_rational, power_of_ten
from exact_base.words import counted, digits_in_words
from sci_barriers.checks.data_sets import Stopped
from sci_barriers.checks.determined import DeterminedFinding, Status, norm_bounds
from sci_barriers.checks.fit_words import FIT_CERTIFIED, fit_data, fit_facts
from sci_barriers.checks.questions import listed
from sci_barriers.checks.sensitivity import Cell

__all__ = [
    "STOPPED",
    "cell_words",
    "certified_of",
    "determined_data",
    "determined_facts",
    "digits_words",
    "status_words",
]

_TIE = 1_000_000  # where so small a part of the precision changes the support, the data are near a tie

STOPPED: Mapping[Stopped, str] = {
    "budget": "all that could be, as the budget ended; what is not proved or refuted here may be with a larger one",
    "interrupt": "what was left when it was interrupted; what is not proved or refuted here may be without that",
}

_STATUSES: tuple[tuple[Status, str], ...] = (
    ("in", "in for all these data"),
    ("out", "out for all these data"),
    ("undetermined", "in for one and out for another"),
    ("undecided", "not decided"),
)


def determined_facts(found: DeterminedFinding, names: Sequence[str]) -> list[tuple[str, str]]:
    """Return what was found, a label and a sentence each."""
    if found.exact:
        return [("precision", f"{found.stated.words}; so all is as without a precision")]
    said = [("precision", found.stated.words), ("determined", digits_words(found)), ("of all data", _distance(found))]
    if found.fit is not None:
        said += fit_facts(found.fit, names, found.penalty)
    if found.pair is not None:
        said.append(("two data sets", _pair(found)))
    if found.coefficients is not None:
        said.append(("your answer", _answer(found)))
    said += [("columns" if k == 0 else "", text) for k, text in enumerate(status_words(found, names))]
    if found.stable:
        said.append(("stability", _stability(found, names)))
    if found.sensitivity is not None:
        cells = [cell for cell in (found.sensitivity.matrix, found.sensitivity.data) if cell is not None]
        said += [("matters most" if k == 0 else "", cell_words(cell, names)) for k, cell in enumerate(cells)]
    if found.stopped is not None:
        said.append(("not tried", STOPPED[found.stopped]))
    if found.verdict == "undecided":
        said.append(("what helps", _advice(found)))
    return said


def digits_words(found: DeterminedFinding) -> str:
    """Say how many digits the data determine."""
    low, high = found.at_least, found.at_most
    if low is None:
        return "all digits: the coefficients are the same for all data within the precision"
    if high is None:
        if low == 0:
            return "no digit of the answer is proved to be determined by your data, and none is refuted"
        return (
            f"at least {digits_in_words(low)} of the answer, relative to its norm, {_are(low)} determined by your data"
        )
    wanted = f"; {counted(found.digits, 'digit')} {_were(found.digits)} asked for" if high < found.digits else ""
    if low == high:
        exactly = f"exactly {counted(low, 'digit')}" if low else "no digit"
        return f"{exactly} of the answer, relative to its norm, {_are(low)} determined by your data{wanted}"
    return (
        f"between {low} and {counted(high, 'digit')} of the answer, relative to its norm, are determined by your data"
        f"{wanted}"
    )


def _were(count: int) -> str:
    return "were" if count > 1 else "was"


def _are(count: int) -> str:
    return "are" if count > 1 else "is"


def _distance(found: DeterminedFinding) -> str:
    if found.reach is None:
        return "nothing is proved of the minimisers of all data within the precision"
    if found.reach == 0:
        return "all have the same minimiser"
    low, _ = norm_bounds(found.minimiser)
    relative = f", {above(found.reach / low)} of the norm" if low > 0 else ""
    which = "that" if found.unique == "yes" else "one"
    return f"all minimisers are within {above(found.reach)} of {which} of the data as they stand{relative}"


def _pair(found: DeterminedFinding) -> str:
    pair = found.pair
    if pair is None or found.refuted is None:
        return "none were found whose minimisers differ much"
    return (
        f"within the precision the minimisers of two are {below(pair.distance)} apart: no answer has "
        f"{counted(found.refuted, 'digit')} for both"
    )


def _answer(found: DeterminedFinding) -> str:
    if found.error is None:
        return "nothing is proved of its error for all these data"
    low, high = found.error
    unit, size = power_of_ten(-found.digits), found.size
    distance = found.distance or fmpq(0)
    wanted = counted(found.digits, "digit")
    if high <= unit * (size[0] - distance):
        told = f"{wanted} for all of these data"
    elif low > unit * (size[1] + distance):
        told = f"{wanted} for none of these data"
    else:
        told = f"whether it has {wanted} depends on which of these data are the true ones, or was not decided"
    near = f"between {below(low)} and {above(high)}" if low > 0 else f"at most {above(high)}"
    return f"{near} from each minimiser: {told}"


def status_words(found: DeterminedFinding, names: Sequence[str]) -> list[str]:
    """Return a line for each status that a column has."""
    lines = []
    for status, words in _STATUSES:
        columns = found.columns(status)
        if columns:
            lines.append(f"{words}: {listed(names, columns)} ({len(columns)})")
    return lines


def _stability(found: DeterminedFinding, names: Sequence[str]) -> str:
    unit = "times the precision"
    proved = f"the support is the same for all data within {below(found.longest)} {unit}" if found.longest != 0 else ""
    if found.change is None:
        return (
            proved or "the support is not proved to be the same for any multiple of the precision; no other was found"
        )
    scale, pair = found.change
    already = "already " if scale * _TIE < 1 else ""
    changed = (
        f"{already}within {above(scale)} {unit} there are data with another support, in {listed(names, pair.different)}"
    )
    return f"{proved}; {changed}" if proved else changed


def cell_words(cell: Cell, names: Sequence[str]) -> str:
    """Say how much a number of the data matters."""
    where = f"row {cell.row + 1} of " + ("y" if cell.column is None else f"X, {names[cell.column]}")
    if cell.radius is None:
        moved = f"its change by t moves the coefficients by about {cell.derivative:.3g} t"
    else:
        moved = f"within {cell.radius:.3g} it moves the coefficients by about {cell.movement:.3g}"
    return f"{where}: {moved} (to first order, in float64, not certified)"


def _advice(found: DeterminedFinding) -> str:
    proved = found.at_least
    if found.unique != "yes":
        return "a model with one minimiser: leave out columns that others replace; more precise data do not help there"
    if proved:
        return f"--digits {proved}, which is proved to be determined; or data that are known more precisely"
    return "data that are known more precisely, or a larger penalty"


def certified_of(found: DeterminedFinding) -> list[str]:
    """Return what the certificates prove of all data within the precision, a sentence each."""
    said = []
    if found.fit is not None:
        said += [
            FIT_CERTIFIED,
            *(
                ["the error of the coefficients for all these data"]
                if found.coefficients is not None and found.distance is not None
                else []
            ),
        ]
    if found.determined is not None:
        said += [
            "for all data within the precision, how far their minimisers are from the point that is named, in all and "
            "in each coefficient, and which columns are in and which are out",
            *(["the error of the coefficients for all these data"] if found.coefficients is not None else []),
        ]
    if found.held is not None:
        said.append(
            "that all data within the multiple of the precision that is named have one minimiser, with one support"
        )
    if found.pair is not None or found.pairs or found.change is not None:
        said.append(
            "that two data sets are within the precision, or a multiple of it that is named, and have these minimisers"
        )
    return said


# --- as data ---------------------------------------------------------------------------------------


def determined_data(found: DeterminedFinding) -> dict[str, Any]:
    """Return what was found for JSON; columns are counted from 1."""
    distance, error = found.distance, found.error
    return {
        "precision": found.stated.words,
        "nothing_moves": found.at_least is None,
        "at_least": found.at_least,
        "at_most": found.at_most,
        "distance": None if distance is None else number_data(_up(distance), side="above"),
        "error": None if error is None else interval_data(_down(error[0]), _up(error[1])),
        "fit": fit_data(found.fit, len(found.point)),
        "columns": {status: [j + 1 for j in found.columns(status)] for status, _ in _STATUSES},
        "moves": [None if move is None else number_data(_up(move), side="above") for move in found.moves],
        "stable": [number_data(scale, side="below") for scale in found.stable],
        "support_same_within": number_data(found.longest, side="below") if found.stable else None,
        "support_changes_within": None if found.change is None else number_data(found.change[0], side="above"),
        "support_changes_in": [] if found.change is None else [j + 1 for j in found.change[1].different],
        "stopped": found.stopped,
        "apart": None if found.pair is None else number_data(_down(found.pair.distance), side="below"),
        "matters_most": {
            name: None
            if cell is None
            else {
                "row": cell.row + 1,
                "column": None if cell.column is None else cell.column + 1,
                "derivative": cell.derivative,
            }
            for name, cell in (
                ("X", None if found.sensitivity is None else found.sensitivity.matrix),
                ("y", None if found.sensitivity is None else found.sensitivity.data),
            )
        },
    }


def _up(value: fmpq) -> fmpq:
    """Return a short decimal that is at least a number."""
    return parse_rational(above(value, digits=20))


def _down(value: fmpq) -> fmpq:
    return parse_rational(below(value, digits=20))

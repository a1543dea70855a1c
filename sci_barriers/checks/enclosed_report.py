"""What was found of coefficients beside minimisers known up to a distance: a screen, data for --json, and a page."""

from __future__ import annotations

from functools import partial
from typing import Any

from flint import fmpq

from exact_base.answers import interval_data, number_data
from exact_base.decimals import about, above, below
from exact_base.rationals import exact_number
from exact_base.words import counted, digits_in_words
from sci_barriers.checks.determined_words import STOPPED
from sci_barriers.checks.enclosed import EnclosedFound
from sci_barriers.checks.enclosed_questions import Pair
from sci_barriers.checks.fit_words import FIT_CERTIFIED, fit_data, fit_facts
from sci_barriers.checks.questions import listed
from sci_barriers.checks.report import NOT_CERTIFIED, WIDTH, cut, screen, wrapped
from sci_barriers.problems.determined.enclosed_pairs import EnclosedPair

__all__ = ["enclosed_certified", "enclosed_data", "enclosed_facts", "enclosed_lines", "enclosed_rows"]

_SHOWN = 5
_FIGURES = 5
_LEAST_DIGITS = 60  # of what --json prints
_NOTHING_COMPLEX = (
    "columns that are in may depend on each other, or a slope be too near its bound; a ridge penalty helps"
)
_NOTHING = (
    "columns that are in may depend on each other, a slope be too near its bound, the residual or all coefficients be "
    "0, or no coefficients satisfy the constraint"
)
_NO_PAIR = "none were found whose minimisers differ much; so what is not proved here is not refuted"
_PAIR_PROVED = ["that two data sets are within the precision, and how far apart their minimisers are"]
_NO_STABILITY = "up to which multiple of the precision the columns stay the same"


def enclosed_lines(found: EnclosedFound, *, width: int = WIDTH) -> list[str]:
    """Return what was found as lines of at most 80 columns, or fewer."""
    rows = enclosed_rows(found, _SHOWN if found.given is not None else 2 * _SHOWN)
    heads = ["given", "about", "error at most"] if found.given is not None else ["about"]
    table = []
    if rows and width >= WIDTH and found.given is not None:
        table.append(f"    {'largest errors':<14} {heads[0]:>23} {heads[1]:>23} {heads[2]:>12}")
    for name, *cells in rows:
        if width >= WIDTH:
            sizes = (23, 23, 12) if found.given is not None else (34,)
            shown = " ".join(f"{cell:>{size}}" for cell, size in zip(cells, sizes, strict=True))
            table.append(f"    {cut(name, 14)} {shown}")
        else:
            said = ", ".join(f"{head} {cell}" for head, cell in zip(heads, cells, strict=True))
            first, *rest = wrapped(f"{name}: {said}", width - 6)
            table += [f"    {first}", *(f"      {line}" for line in rest)]
    return screen(f"{found.subject}: {found.words}", enclosed_facts(found), table, width=width)


def enclosed_facts(found: EnclosedFound) -> list[tuple[str, str]]:
    """Return what was found, a label and a sentence each."""
    question = found.question
    kind = ", complex" if question.is_complex else ""
    said = [
        ("data", f"{question.rows} x {len(found.names)}{kind}, read exactly; y of length {question.rows}"),
        ("minimised", question.objective),
    ]
    if found.stated is not None:
        said.append(("precision", found.stated.words))
    if found.distance is None:
        coarse = "" if found.stated is None else "the precision may be too coarse, "
        why = _NOTHING_COMPLEX if question.is_complex else _NOTHING
        said.append(("minimisers", f"no distance from a point was proved: {coarse}{why}"))
        said += [
            ("", f"{listed(found.names, group)} are equal; of equal columns leave all but one out")
            for group in question.equal_columns[:1]
        ]
        if found.fit is not None:
            said += fit_facts(found.fit, found.names, None)
            said += [(name, listed(found.names, columns)) for name, columns in _sides(found) if columns]
    else:
        said.append(("minimiser" if found.given is None else "minimisers", _minimisers(found, found.distance)))
        if found.given is not None:
            said += [("distance", _distance(found)), ("support", _support(found))]
        if (intercept := _intercept(found)) is not None:
            said.append(("intercept", intercept))
    if found.sets is not None:
        said.append(("two data sets", _pair(found.sets.pair)))
        if found.columns("undetermined"):
            said.append(("columns", f"in for one and out for another: {_listed(found, 'undetermined')}"))
    if found.question.claimed is not None:
        said.append(("library says", found.question.claimed.words))
    said += [("note" if k == 0 else "", text) for k, text in enumerate(found.question.notes)]
    if found.sets is not None:
        said.append(("not tried", _NO_STABILITY))
        if found.sets.stopped is not None:
            said.append(("", STOPPED[found.sets.stopped]))
    said.append(("not certified", NOT_CERTIFIED))
    return said


def _sides(found: EnclosedFound) -> tuple[tuple[str, list[int]], tuple[str, list[int]]]:
    return ("in for all", found.columns("inside")), ("out for all", found.columns("outside"))


def enclosed_certified(found: EnclosedFound) -> list[str]:
    """Return what a certificate of this finding proves, a sentence each."""
    pair = _PAIR_PROVED if found.sets is not None and found.sets.pair is not None else []
    if found.fit is not None:
        return [FIT_CERTIFIED, *pair]
    if found.distance is None:
        return pair
    data = " for all data within the precision" if found.stated is not None else ""
    known = [
        f"a point, and that every minimiser of the objective{data} is as near to it as is said",
        "which columns are in every minimiser, and which in none",
    ]
    if found.given is not None:
        known.append("between which two numbers the distance of the coefficients from every minimiser is")
    return [*known, *pair]


def enclosed_rows(found: EnclosedFound, most: int) -> list[tuple[str, ...]]:
    """Return the columns with the largest errors, or entries: the name, what was given, what is right, the error."""
    if found.determined is None:
        return []
    number = partial(_number, is_complex=found.question.is_complex)
    if found.given is None:
        sizes = [a * a + b * b for a, b in found.point]
        order = sorted((j for j, size in enumerate(sizes) if size != 0), key=lambda j: sizes[j], reverse=True)
        return [(found.names[j], number(found.point[j])) for j in order[:most]]
    order = sorted(range(len(found.names)), key=lambda j: found.errors[j][1], reverse=True)
    return [
        (found.names[j], number(found.given[j]), number(found.point[j]), above(found.errors[j][1], digits=4))
        for j in order[:most]
        if found.errors[j][1] != 0
    ]


def _number(value: Pair, *, is_complex: bool) -> str:
    if not is_complex:
        return about(value[0], digits=2 * _FIGURES)
    re, im = (about(part, digits=_FIGURES) for part in value)
    return f"{re}{'' if im.startswith('-') else '+'}{im}i"


# --- sentences ------------------------------------------------------------------------------------------


def _minimisers(found: EnclosedFound, distance: fmpq) -> str:
    inside, undecided = found.columns("inside"), found.columns("undecided")
    count = f"{len(inside)} of {counted(len(found.names), 'column')} not 0" if inside else "no column is proved not 0"
    if not inside and not undecided:
        count = "all coefficients 0"
    of_all = "for each of the data within the precision " if found.stated is not None else ""
    one = "one only" if found.unique == "yes" else "at least one, and whether there are others was not decided"
    parts = [one, count]
    if undecided:
        parts.append(f"of {listed(found.names, undecided)} it is not decided")
    if distance != 0:
        parts.append(f"known up to {above(distance)}: {digits_in_words(found.known)}")
    elif found.stated is not None:
        parts.append("nothing moves them")
    return of_all + "; ".join(parts)


def _pair(pair: EnclosedPair | None) -> str:
    if pair is None:
        return _NO_PAIR
    return (
        f"within the precision the minimisers of two are {below(pair.distance)} apart: no answer has "
        f"{counted(pair.refuted, 'digit')} for both"
    )


def _listed(found: EnclosedFound, kind: str) -> str:
    columns = found.columns(kind)
    return f"{listed(found.names, columns)} ({len(columns)})"


def _distance(found: EnclosedFound) -> str:
    if found.error is None:
        return ""
    low, high = found.error
    if high == 0:
        return "0: the coefficients are exact"
    absolute = _between(low, high)
    if found.size[0] == 0:
        return absolute + (", and the minimiser is 0: no digit is right" if found.size[1] == 0 and low > 0 else "")
    reached = digits_in_words(found.reached) if found.reached else "no digit is right"
    asked = counted(found.digits, "digit was", "digits were")
    wanted = f"; {asked} asked for" if found.verdict == "ok" else f", not {found.digits}"
    if found.verdict == "undecided":
        wanted = f"; whether {found.digits} is not decided"
    return f"{absolute}; relative to the norm {_between(low / found.size[1], high / found.size[0])}: {reached}{wanted}"


def _intercept(found: EnclosedFound) -> str | None:
    """Return what is said of the intercept, of which the theorems say nothing."""
    near = None if found.determined is None else found.question.intercept(found.determined.point)
    if near is None:
        return None
    given = found.question.intercept(found.question.coefficients)
    was = f"{about(given, digits=2 * _FIGURES)} was given; " if given is not None else ""
    return f"{was}about {about(near, digits=2 * _FIGURES)}, of which nothing is proved"


def _support(found: EnclosedFound) -> str:
    wrong = []
    for columns, what in ((found.superfluous, "in, and in no minimiser"), (found.missing, "out, and must be in")):
        if columns:
            wrong.append(f"{listed(found.names, columns)} {'is' if len(columns) == 1 else 'are'} {what}")
    if wrong:
        return f"wrong: {'; '.join(wrong)}"
    undecided = found.columns("undecided")
    if undecided:
        are = "is" if len(undecided) == 1 else "are"
        return f"not wrong, as far as that is decided; {listed(found.names, undecided)} {are} not"
    return "right: the columns that are not 0 are those of the minimiser"


def _between(low: fmpq, high: fmpq) -> str:
    first, second = below(low), above(high)
    return first if first == second else f"between {first} and {second}"


# --- data -----------------------------------------------------------------------------------------------


def enclosed_data(found: EnclosedFound) -> dict[str, Any]:
    """Return what was found as JSON has it."""
    digits = max(_LEAST_DIGITS, found.digits + _LEAST_DIGITS)

    def between(low: fmpq, high: fmpq) -> dict[str, Any]:
        return interval_data(exact_number(below(low, digits=digits)), exact_number(above(high, digits=digits)))

    def pair(value: Pair, move: fmpq) -> dict[str, Any]:
        if not found.question.is_complex:
            return between(value[0] - move, value[0] + move)
        return {name: between(part - move, part + move) for name, part in zip(("re", "im"), value, strict=True)}

    given, none = found.given, fmpq(0)
    coefficients = []
    if found.determined is not None:
        moves = found.determined.outcomes[0].moves
        coefficients = [
            {
                "name": name,
                "exact": pair(found.point[j], moves[j]),
                "given": None if given is None else pair(given[j], none),
                "error": None if given is None else between(*found.errors[j]),
            }
            for j, name in enumerate(found.names)
        ]
    relative = None
    if found.error is not None and found.size[0] > 0:
        relative = between(found.error[0] / found.size[1], found.error[1] / found.size[0])
    return {
        "subject": found.subject,
        "objective": found.question.objective,
        "rows": found.question.rows,
        "columns": len(found.names),
        "digits": found.digits,
        "unique": True if found.unique == "yes" else None,
        "coefficients": coefficients,
        "intercept": None,
        "distance": None if found.error is None else between(*found.error),
        "relative": relative,
        "reached": found.reached,
        "excess": None,
        "infeasible": None,
        "superfluous": [j + 1 for j in found.superfluous],
        "missing": [j + 1 for j in found.missing],
        "differing": [],
        "interchangeable": [],
        "library": None if found.question.claimed is None else found.question.claimed.words,
        "hint": None,
        "determined": None if found.stated is None else _determined_data(found),
        "notes": list(found.question.notes),
        "facts": [text for _, text in enclosed_facts(found)],
    }


def _determined_data(found: EnclosedFound) -> dict[str, Any]:
    """Return what is proved of all data within the precision, with the keys that it has where pairs are looked for."""
    known = found.determined or found.fit
    moves = (None,) * len(found.names) if known is None else known.outcomes[0].moves
    kinds = (("in", "inside"), ("out", "outside"), ("undetermined", "undetermined"), ("undecided", "undecided"))
    pair = None if found.sets is None else found.sets.pair
    return {
        "precision": None if found.stated is None else found.stated.words,
        "nothing_moves": found.known is None,
        "at_least": found.known,
        "at_most": None if found.refuted is None else found.refuted - 1,
        "distance": None if found.distance is None else number_data(_up(found.distance), side="above"),
        "error": None if found.error is None else interval_data(_down(found.error[0]), _up(found.error[1])),
        "fit": fit_data(found.fit, len(found.names)),
        "columns": {name: [j + 1 for j in found.columns(kind)] for name, kind in kinds},
        "moves": [None if move is None else number_data(_up(move), side="above") for move in moves],
        "stable": [],
        "support_same_within": None,
        "support_changes_within": None,
        "support_changes_in": [],
        "stopped": None if found.sets is None else found.sets.stopped,
        "apart": None if pair is None else number_data(_down(pair.distance), side="below"),
        "matters_most": {"X": None, "y": None},
    }


def _up(value: fmpq) -> fmpq:
    return exact_number(above(value, digits=_FIGURES * 4))


def _down(value: fmpq) -> fmpq:
    return exact_number(below(value, digits=_FIGURES * 4))

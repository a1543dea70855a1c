"""What was found, for readers: one screen, and plain data for --json."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import fmpq
from rich.cells import cell_len

from exact_base.answers import interval_data, number_data
from exact_base.decimals import about, above, below, root_above, root_below
from exact_base.rationals import exact_number
from exact_base.scalars import Real
from exact_base.words import counted, digits_in_words
from sci_barriers.checks.determined_words import certified_of, determined_data, determined_facts
from sci_barriers.checks.findings import Found, verdict_of
from sci_barriers.checks.questions import Claimed, listed

__all__ = [
    "NOT_CERTIFIED",
    "WIDTH",
    "certified_words",
    "cut",
    "facts",
    "found_data",
    "largest_errors",
    "lines",
    "number",
    "screen",
    "wrapped",
]

WIDTH = 80
"""Columns of the screen."""

NOT_CERTIFIED = (
    "that the data are what you meant, that the penalty is a good choice, that the model predicts well, or who has "
    "computed the coefficients"
)
"""What no certificate here says."""

_LABEL = 14
_SHOWN = 5  # coefficients with the largest errors
_DIGITS = 10  # of a coefficient
_EXACT_BITS = 4096  # of a number that --json writes out


def lines(found: Found, *, width: int = WIDTH) -> list[str]:
    """Return what was found as lines of at most 80 columns, or fewer: the verdict, facts with a label each, a table."""
    table: list[str] = []
    if _rows(found):
        table = _table(found) if width >= WIDTH else _blocks(found, width)
    return screen(f"{found.subject}: {found.words}", facts(found), table, width=width)


def screen(head: str, said: Sequence[tuple[str, str]], table: Sequence[str], *, width: int) -> list[str]:
    """Return a head, facts with a label each, and the lines of a table after that of the distance or the minimiser."""
    wide = width >= WIDTH
    first, *rest = wrapped(head, width - 2)
    shown = [first, *(f"  {line}" for line in rest)]
    indent = " " * (_LABEL + 2 if wide else 4)
    for label, text in said:
        one = text if wide or not label else f"{label}: {text}"
        first, *rest = wrapped(one, width - len(indent))
        shown += [f"  {label:<{_LABEL}}{first}" if wide else f"{'  ' if label else indent}{first}"]
        shown += [indent + line for line in rest]
        if label in ("distance", "minimiser"):
            shown += table
    return shown


def wrapped(text: str, width: int) -> list[str]:
    """Return a text in lines of so many columns of a screen; a word that is longer is cut."""
    found = [""]
    for word in text.split():
        if found[-1] and cell_len(found[-1]) + 1 + cell_len(word) <= width:
            found[-1] += f" {word}"
            continue
        found.append("")
        for letter in word:
            if cell_len(found[-1] + letter) > width:
                found.append("")
            found[-1] += letter
    return found[1:] or found


def facts(found: Found) -> list[tuple[str, str]]:
    """Return what was found, a label and a sentence each."""
    said = [
        ("data", f"{found.rows} x {len(found.names)}, read exactly; y of length {found.rows}"),
        ("minimised", found.objective),
        ("minimiser" if found.given is None else "minimisers", _uniqueness(found)),
    ]
    if found.determined is not None:
        said[1:1] = determined_facts(found.determined, found.names)
    if found.given is not None:
        said += [("distance", _distance(found))]
        said += [("hint", found.hint)] if found.hint else []
        said += [("support", _support(found))]
        if found.given_intercept is not None and found.intercept is not None:
            off = abs(found.given_intercept - found.intercept)
            said.append(("intercept", "exact" if off == 0 else f"off by at most {_upward(off)}"))
        said.append(("objective", _excess(found)))
        if found.claimed is not None:
            said.append(("library says", _claim(found, found.claimed)))
    elif found.intercept is not None:
        said.append(("intercept", f"about {number(found.intercept)}"))
    said += [("note" if k == 0 else "", text) for k, text in enumerate(found.notes)]
    said.append(("not certified", NOT_CERTIFIED))
    return said


# --- sentences -------------------------------------------------------------------------------------


def _uniqueness(found: Found) -> str:
    count = sum(1 for value in found.point if value != 0)
    inside = f"{count} of {counted(len(found.names), 'column')} not 0" if count else "all coefficients 0"
    if found.unique == "yes":
        return f"one only, and that is proved; {inside}"
    groups = [f"{listed(found.names, group)} are interchangeable" for group in found.interchangeable[:3]]
    if len(found.interchangeable) > 3:
        groups.append(f"so are {len(found.interchangeable) - 3} groups more")
    if found.differing and not set(found.differing) <= {j for group in found.interchangeable for j in group}:
        groups.append(f"another differs in {listed(found.names, found.differing)}")
    which = "the nearest" if found.given is not None else "the one below"
    said = "; ".join([f"{which} has {inside}", *groups])
    if found.unique == "no":
        return f"several, and that is proved; {said}"
    return f"at least one, and whether there are others was not decided; {said}"


def _distance(found: Found) -> str:
    if found.distance2 == 0:
        return "0: the coefficients are exact"
    absolute = _between(root_below(found.distance2), root_above(found.distance2))
    if found.size2 == 0:
        return f"{absolute}, and the minimiser is 0: no digit is right"
    ratio = found.distance2 / found.size2
    relative = _between(root_below(ratio), root_above(ratio))
    reached = digits_in_words(found.reached) if found.reached else "no digit is right"
    asked = counted(found.digits, "digit was", "digits were")
    reached_them = verdict_of(found.distance2, found.size2, found.digits) == "ok"
    wanted = f"; {asked} asked for" if reached_them else f", not {found.digits}"
    return f"{absolute}; relative to the norm {relative}: {reached}{wanted}"


def _support(found: Found) -> str:
    wrong = []
    if found.superfluous:
        wrong.append(f"{listed(found.names, found.superfluous)} {_is(found.superfluous)} in, and in no minimiser")
    if found.missing:
        wrong.append(f"{listed(found.names, found.missing)} {_is(found.missing)} out, and must be in")
    if wrong:
        return f"wrong: {'; '.join(wrong)}"
    if found.unique == "yes" and found.size2 == 0:
        return "right: no column is in"
    if found.unique == "yes":
        return "right: the columns that are not 0 are those of the minimiser"
    return "no column is in that every minimiser leaves out"


def _is(indices: Sequence[int]) -> str:
    return "is" if len(indices) == 1 else "are"


def _excess(found: Found) -> str:
    if found.infeasible:
        return f"not feasible: {found.infeasible}"
    if found.excess is None:
        return "not known"
    low, high = found.excess
    if high == 0:
        return "the least there is"
    counted_so = "" if found.multiple == 1 else f" (the certificate has {about(found.multiple)} times that)"
    return f"{_between(below(low), above(high))} above the minimum{counted_so}"


def _claim(found: Found, claimed: Claimed) -> str:
    if claimed.excess is None or found.excess is None or found.infeasible:
        return claimed.words
    low, high = found.excess
    if high <= claimed.excess:
        return f"{claimed.words}; the objective is indeed no further above the minimum"
    if found.distance2 == 0:
        return f"{claimed.words}; the objective is above the minimum by the error of the intercept alone"
    if low > claimed.excess:
        return f"{claimed.words}; the objective is further above the minimum than that"
    return claimed.words


def certified_words(found: Found) -> list[str]:
    """Return what a certificate of this finding proves, a sentence each."""
    if found.proved:
        return list(found.proved)
    known = [] if found.determined is None else certified_of(found.determined)
    other = {"yes": ["that there is no other minimiser"], "no": ["that there are other minimisers"], "open": []}
    if found.given is None:
        return [
            "a minimiser of the objective, exactly, as near to the numbers shown as float64 can be",
            *other[found.unique],
            *known,
        ]
    return [
        "the distance of the coefficients from the nearest minimiser, absolute and relative, and the error of each",
        "which columns are in and must not be, or are out and must be in",
        "how far the objective is above the minimum",
        *other[found.unique],
        *known,
    ]


# --- the table -------------------------------------------------------------------------------------


def largest_errors(found: Found, most: int) -> list[int]:
    """Return the columns with the largest errors, or with the largest entries where there are no coefficients."""
    values = found.point if found.given is None else found.errors
    inside = [j for j, value in enumerate(values) if value != 0]
    return sorted(inside, key=lambda j: abs(values[j]), reverse=True)[:most]


def _rows(found: Found) -> list[tuple[str, str, str, str]]:
    if found.given is None:
        return [(found.names[j], "", number(found.point[j]), "") for j in largest_errors(found, 2 * _SHOWN)]
    return [
        (found.names[j], number(found.given[j]), number(found.point[j]), _upward(abs(found.errors[j])))
        for j in largest_errors(found, _SHOWN)
    ]


def _table(found: Found) -> list[str]:
    rows = _rows(found)
    if found.given is None:
        return [f"    {cut(name, 30)} {exact:>20}" for name, _, exact, _ in rows]
    head = ("largest errors", "given", "exact", "error at most")
    return [f"    {cut(name, 20)} {given:>18} {exact:>18} {error:>14}" for name, given, exact, error in (head, *rows)]


def _blocks(found: Found, width: int) -> list[str]:
    """Return the table for a narrow screen."""
    shown = []
    for name, given, exact, error in _rows(found):
        said = f"{name}: {exact}" if found.given is None else f"{name}: given {given}, exact {exact}, error <= {error}"
        first, *rest = wrapped(said, width - 6)
        shown += [f"    {first}", *(f"      {line}" for line in rest)]
    return shown


def cut(name: str, width: int) -> str:
    """Return a name in so many columns of a screen, cut or filled up."""
    if cell_len(name) > width:
        while cell_len(name) > width - 1:
            name = name[:-1]
        name += "…"
    return name + " " * (width - cell_len(name))


# --- numbers ---------------------------------------------------------------------------------------


def number(value: Real) -> str:
    """Return a coefficient as a decimal of ten digits, near it."""
    return about(value, digits=_DIGITS)


def _upward(value: Real) -> str:
    return above(value, digits=4)


def _between(low: str, high: str) -> str:
    return low if low == high else f"between {low} and {high}"


def _number_data(value: Real) -> dict[str, Any]:
    """Return a number for JSON: exactly if it is not too long, else between two decimals of twenty digits."""
    if not isinstance(value, fmpq) or int(value.p).bit_length() + int(value.q).bit_length() <= _EXACT_BITS:
        return number_data(value)
    return _bounds_data(value, value)


def _bounds_data(low: Real, high: Real) -> dict[str, Any]:
    return interval_data(exact_number(below(low, digits=20)), exact_number(above(high, digits=20)))


def found_data(found: Found) -> dict[str, Any]:
    """Return what was found as JSON has it."""
    given = found.given
    return {
        "subject": found.subject,
        "objective": found.objective,
        "rows": found.rows,
        "columns": len(found.names),
        "digits": found.digits,
        "unique": {"yes": True, "no": False, "open": None}[found.unique],
        "coefficients": [
            {
                "name": name,
                "exact": _number_data(found.point[j]),
                "given": None if given is None else _number_data(given[j]),
                "error": None if given is None else _number_data(abs(found.errors[j])),
            }
            for j, name in enumerate(found.names)
        ],
        "intercept": None
        if found.intercept is None
        else {
            "exact": _number_data(found.intercept),
            "given": None if found.given_intercept is None else _number_data(found.given_intercept),
        },
        "distance": None if given is None else _root_data(found.distance2),
        "relative": None if given is None or found.size2 == 0 else _root_data(found.distance2 / found.size2),
        "reached": None if given is None else found.reached,
        "excess": None if found.excess is None or found.infeasible else _bounds_data(*found.excess),
        "infeasible": found.infeasible or None,
        "superfluous": [j + 1 for j in found.superfluous],
        "missing": [j + 1 for j in found.missing],
        "differing": [j + 1 for j in found.differing],
        "interchangeable": [[j + 1 for j in group] for group in found.interchangeable],
        "library": None if found.claimed is None else found.claimed.words,
        "hint": found.hint or None,
        "determined": None if found.determined is None else determined_data(found.determined),
        "notes": list(found.notes),
        "facts": [text for _, text in facts(found)],
    }


def _root_data(square: Real) -> dict[str, Any]:
    return interval_data(*(exact_number(f(square, digits=20)) for f in (root_below, root_above)))

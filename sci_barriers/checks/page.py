"""What was found, as one HTML page that needs nothing else, and as a piece of one for notebooks.

No script is in it, and nothing is loaded; whatever comes from the data gets into it as text.
"""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from importlib import resources

from exact_base import __version__
from exact_base.decimals import about, above
from exact_base.scalars import Real
from exact_base.words import counted
from proofs_checks.certificate.reading import printable
from sci_barriers.checks.bars import RIGHT, WRONG, Bar, bars
from sci_barriers.checks.determined_page import determined_sections
from sci_barriers.checks.enclosed import EnclosedFound
from sci_barriers.checks.enclosed_report import enclosed_certified, enclosed_facts, enclosed_rows
from sci_barriers.checks.findings import Found
from sci_barriers.checks.report import NOT_CERTIFIED, certified_words, facts, largest_errors, number

__all__ = ["fragment", "page", "picture"]

_MOST_ROWS = 500
_MOST_BARS = 60
_MOST_DIGITS = 16
"""Digits of a bar at most: what float64 can hold."""


def page(found: Found | EnclosedFound) -> str:
    """Return the whole page: the finding, the picture, the table, and what is certified and what is not."""
    template = resources.files(__package__).joinpath("page.html").read_text(encoding="utf-8")
    sections = _enclosed_sections(found) if isinstance(found, EnclosedFound) else _sections(found)
    body = "\n".join(f"  <section>\n<h2>{title}</h2>\n{content}\n  </section>" for title, content in sections)
    footer = (
        f"Written by sci-barriers {__version__}. Numbers here are rounded, errors and distances upwards. The "
        "certificate that --out writes has them exactly, and proofs-checks verify recomputes them from the data."
    )
    parts = {
        "TITLE": f"{found.words}: {found.subject}",
        "CLASS": found.verdict,
        "VERDICT": found.words,
        "SUBJECT": found.subject,
        "FOOTER": footer,
    }
    for key, text in parts.items():
        template = template.replace(f"@@{key}@@", _text(text))
    return template.replace("@@BODY@@", body)


def _sections(found: Found) -> list[tuple[str, str]]:
    sections = [("What was found", _facts(found))]
    if found.given is not None:
        sections.append(("Digits of each coefficient", picture(found)))
    if found.determined is not None:
        sections += determined_sections(found.determined, found.names)
    return [
        *sections,
        ("Coefficients", _table(found, _chosen(found, _MOST_ROWS))),
        ("What is certified", _list(certified_words(found))),
        ("What is not", f"<p>{_text(NOT_CERTIFIED)}.</p>"),
    ]


def _enclosed_sections(found: EnclosedFound) -> list[tuple[str, str]]:
    return [
        ("What was found", _definitions(enclosed_facts(found))),
        ("Coefficients", _enclosed_table(found, _MOST_ROWS)),
        ("What is certified", _list(enclosed_certified(found))),
        ("What is not", f"<p>{_text(NOT_CERTIFIED)}.</p>"),
    ]


def _enclosed_table(found: EnclosedFound, most: int) -> str:
    heads = ["", "given", "about", "error at most"] if found.given is not None else ["", "about"]
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    rows = []
    for name, *cells in enclosed_rows(found, most):
        shown = "".join(f"<td>{_text(cell)}</td>" for cell in cells)
        rows.append(f'<tr><th scope="row">{_text(name)}</th>{shown}</tr>')
    said = "the columns with the largest errors first" if found.given is not None else "the largest first"
    return f"<table><caption>{said}</caption><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def fragment(found: Found | EnclosedFound) -> str:
    """Return the finding as a piece of HTML for a notebook."""
    head = f"<p><b>{_text(found.words)}</b>: {_text(found.subject)}</p>"
    if isinstance(found, EnclosedFound):
        return f"<div>{head}{_definitions(enclosed_facts(found))}{_enclosed_table(found, 20)}</div>"
    drawn = "" if found.given is None else picture(found, most=20)
    if found.determined is not None:
        drawn += "".join(content for _, content in determined_sections(found.determined, found.names)[:1])
    return f"<div>{head}{_facts(found)}{drawn}{_table(found, _chosen(found, 20))}</div>"


def _text(text: str) -> str:
    return html.escape(printable(text))


def _list(items: Sequence[str]) -> str:
    return "<ul>" + "".join(f"<li>{_text(item)}</li>" for item in items) + "</ul>"


def _facts(found: Found) -> str:
    return _definitions(facts(found))


def _definitions(said: Sequence[tuple[str, str]]) -> str:
    shown = "".join(f"<dt>{_text(label)}</dt><dd>{_text(text)}</dd>" for label, text in said[:-1])
    return f"<dl>{shown}</dl>"


# --- the table -------------------------------------------------------------------------------------


def _chosen(found: Found, most: int) -> list[int]:
    """Return the columns that are shown, in order: all if they are few, else those that are not 0, by their errors."""
    if len(found.names) <= most:
        return list(range(len(found.names)))
    first = largest_errors(found, most)
    others = [j for j, value in enumerate(found.point) if value != 0 and j not in set(first)]
    return sorted([*first, *others[: most - len(first)]])


def _table(found: Found, chosen: Sequence[int]) -> str:
    heads = ["", "given", "exact", "error at most", "digits"] if found.given is not None else ["", "exact"]
    rows = []
    for j in chosen:
        cells = [number(found.point[j])]
        if found.given is not None:
            cells = [number(found.given[j]), *cells, above(abs(found.errors[j])), _digits_words(found, j)]
        shown = "".join(f"<td>{_text(cell)}</td>" for cell in cells)
        rows.append(f'<tr><th scope="row">{_text(found.names[j])}</th>{shown}</tr>')
    left = len(found.names) - len(chosen)
    said = f"{counted(left, 'other column')} not shown" if left else "all columns"
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    return f"<table><caption>{said}</caption><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _digits(error: Real, exact: Real) -> float | None:
    """Return about how many digits are right, relative to the coefficient; None if all are, 0 if it should be 0."""
    if error == 0:
        return None
    if exact == 0:
        return 0.0
    ratio = float(about(abs(error) / abs(exact)))
    return min(max(0.0, -math.log10(ratio)), float(_MOST_DIGITS)) if ratio > 0 else float(_MOST_DIGITS)


def _digits_words(found: Found, j: int) -> str:
    digits = _digits(found.errors[j], found.point[j])
    if digits is None:
        return "exact"
    if found.point[j] == 0:
        return "must be 0"
    return f"{math.floor(10 * digits) / 10:g}"


# --- the picture -----------------------------------------------------------------------------------


def picture(found: Found, *, most: int = _MOST_BARS) -> str:
    """Return the digits of each coefficient as an SVG image: a bar for each, with the number at its end."""
    inside = [j for j in range(len(found.names)) if found.point[j] != 0 or found.errors[j] != 0]
    chosen = inside if len(inside) <= most else sorted(largest_errors(found, most))
    left = len(inside) - len(chosen)
    more = f"{left} more, with smaller errors" if left else ""
    return bars(
        [_bar(found, j) for j in chosen],
        title=f"Digits of {counted(len(chosen), 'coefficient')}, relative to each; the line is at {found.digits}",
        ticks=[(digits, str(digits)) for digits in range(0, _MOST_DIGITS + 1, 4)],
        line=found.digits,
        most=_MOST_DIGITS,
        below=more if chosen else "all coefficients are 0, as they should be",
    )


def _bar(found: Found, j: int) -> Bar:
    digits = _digits(found.errors[j], found.point[j])
    right = digits is None or digits >= found.digits
    length = _MOST_DIGITS if digits is None else digits
    return Bar(found.names[j], length, _digits_words(found, j), RIGHT if right else WRONG)

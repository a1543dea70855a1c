"""A picture with a bar for each column, as SVG in a page: no script, nothing loaded, texts escaped."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from exact_base.reprs import short_repr
from proofs_checks.certificate.reading import printable

__all__ = ["RIGHT", "UNKNOWN", "WRONG", "Bar", "bars"]

RIGHT, WRONG, UNKNOWN = "#2a8a6a", "#cf4a1d", "#8a8f98"
"""Colours of bars."""

_ROW, _LEFT, _WIDTH, _LENGTH = 20, 170, 640, 352
_NAME = 22


@short_repr()
@dataclass(frozen=True)
class Bar:
    """One bar.

    Attributes:
        name: of the column.
        length: in the units of the axis.
        label: what stands at its end.
        fill: its colour.
    """

    name: str
    length: float
    label: str
    fill: str


def bars(
    chosen: Sequence[Bar], *, title: str, ticks: Sequence[tuple[float, str]], line: float, most: float, below: str = ""
) -> str:
    """Return the picture under its title, a figure of HTML.

    Args:
        chosen: the bars, from the top.
        title: what it shows.
        ticks: places on the axis, and what stands there.
        line: where a dashed line is.
        most: where the axis ends; longer bars end there.
        below: what stands under the bars.

    >>> from sci_barriers.checks.bars import RIGHT, Bar, bars
    >>> picture = bars([Bar("<x>", 3, "3", RIGHT)], title="digits", ticks=[(0, "0")], line=4, most=16)
    >>> picture.count("<rect"), "&lt;x&gt;" in picture
    (1, True)
    """
    height = _ROW * len(chosen) + 34
    parts = [
        f"<figure><figcaption>{_text(title)}</figcaption>"
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" '
        f'height="{height}" font-family="system-ui, sans-serif" font-size="12" fill="currentColor">',
        f"<title>{_text(title)}</title>",
    ]
    unit = _LENGTH / most
    for place, text in ticks:
        x = f"{_LEFT + unit * place:g}"
        parts.append(f'<path d="M{x} 18V{height - 14}" stroke="currentColor" stroke-opacity=".2"/>')
        parts.append(f'<text x="{x}" y="12" text-anchor="middle" fill-opacity=".7">{_text(text)}</text>')
    for place, bar in enumerate(chosen):
        parts += _bar(bar, unit * min(max(bar.length, 0.0), most), 22 + _ROW * place)
    x = f"{_LEFT + unit * min(line, most):g}"
    parts.append(f'<path d="M{x} 18V{height - 14}" stroke="currentColor" stroke-width="1.5" stroke-dasharray="4 3"/>')
    if below:
        parts.append(f'<text x="4" y="{height - 2}">{_text(below)}</text>')
    return "".join([*parts, "</svg></figure>"])


def _text(text: str) -> str:
    return html.escape(printable(text))


def _bar(bar: Bar, length: float, y: int) -> list[str]:
    name = bar.name if len(bar.name) <= _NAME else bar.name[: _NAME - 1] + "…"
    return [
        f'<text x="{_LEFT - 8}" y="{y + 12}" text-anchor="end">{_text(name)}</text>',
        f'<rect x="{_LEFT}" y="{y + 2}" width="{max(length, 1.5):.1f}" height="{_ROW - 7}" rx="2" fill="{bar.fill}"/>',
        f'<text x="{_LEFT + length + 6:.1f}" y="{y + 12}">{_text(bar.label)}</text>',
    ]

"""What Theorem 4 for one mask came to, as a page with pictures, tables and JSON; bounds are rounded up."""

from __future__ import annotations

import html
import io
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from exact_base.answers import number_data
from exact_base.decimals import above, below
from exact_base.errors import MissingExtraError
from exact_base.rationals import to_float
from exact_base.terminal import Listing
from firenet_exact.imaging.network import ImageFirenet
from firenet_exact.imaging.pictures import png
from firenet_exact.imaging.property import WalshProperty
from firenet_exact.imaging.theorem4 import ImageClass, Run, mask_of, restart_bounds

__all__ = [
    "class_words",
    "levels_table",
    "limits_notes",
    "page",
    "pictures",
    "restarts_picture",
    "run_data",
    "runs_table",
]

Floats: TypeAlias = NDArray[np.float64]

_FORMS = {"norm": "‖e_l‖", "correlation": "|H*e|, dense ‖e_l‖"}


def class_words(network: ImageFirenet, known: ImageClass) -> list[str]:
    """Return what is proved of every y of the class, and what is not, in words."""
    parameters, proved = network.parameters, mask_of(network)
    bound = restart_bounds(network)[-1]
    theorem4 = proved.rho <= fmpq(1, 2) and proved.gamma * proved.gamma <= 2
    vacuous = (
        " The image 0 is within the radius of each x, so that this bound says nothing; less noise, or a larger radius, "
        "helps."
        if bound >= known.radius
        else ""
    )
    same = "so this mask has the property that Theorem 4 is about" if theorem4 else "which is weaker"
    return [
        f"Certified of this mask: wrNSPL with ρ = {above(proved.rho)} and γ = {above(proved.gamma)}, where Theorem 4 "
        f"has 1/2 and √2, {same}; sparsities {', '.join(map(str, proved.levels.sparsities))}.",
        f"For every x with ‖x‖ <= {below(known.radius)} and σ(x) <= {below(known.delta)}, and every e with "
        f"‖e‖ <= {below(known.delta)}, the network, in exact arithmetic, is within {above(bound)} of x for y = Ax + e: "
        f"equation 9 of the paper, with δ = {below(known.delta)} and this radius in place of 1.{vacuous}",
        f"The network has {network.depth:,} layers of width at most {network.width:,}: {parameters.n} restarts of "
        f"{parameters.p} blocks.",
        "Not certified: that images of interest are in this class, how often a mask is as good as this one, and "
        "anything about the noise of a measurement.",
    ]


def levels_table(proved: WalshProperty) -> Listing:
    """Return what is known of each level."""
    rows = []
    for number, (level, s, dense) in enumerate(
        zip(proved.bounds, proved.levels.sparsities, proved.dense, strict=True), 1
    ):
        taken = sum((part.size / part.scale for part in level.parts), fmpq(0)) / level.size
        theta = "-" if dense else above(s * level.mu, digits=3)
        rows.append((str(number), f"{level.size:,}", f"{to_float(taken):.3g}", "all" if dense else str(s), theta))
    return Listing(("level", "coefficients", "sampled", "s", "θ"), rows, "levels")


def runs_table(runs: Sequence[Run], known: ImageClass, *, whole: bool = False) -> Listing:
    """Return the error and the bounds of each run, and how many times the error they are.

    Args:
        runs: the runs.
        known: the class.
        whole: say too whether the limits that the bounds after the fact take for given are true of the drawn image.
    """
    rows = []
    for number, run in enumerate(runs, 1):
        bounds = [run.output.bounds[-1], *(run.posterior[f].bound if f in run.posterior else None for f in _FORMS)]
        cells = ["-" if b is None else f"{above(b)} ({above(b / run.error, digits=3)} x)" for b in bounds]
        held = ["yes" if run.truth.admissible(known, form) else "no" for form in _FORMS] if whole else []
        rows.append((str(number), above(run.error), *cells, *held))
    columns = ["image", "error", "a priori", *(f"a posteriori, {words}" for words in _FORMS.values())]
    columns += [f"limits of {words} hold" for words in _FORMS.values()] if whole else []
    return Listing(tuple(columns), rows, "runs")


def limits_notes(runs: Sequence[Run], known: ImageClass) -> list[str]:
    """Return a line for each bound after the fact whose limits are not true of the drawn image."""
    return [
        f"The bound after the fact of image {number} from {words} takes limits for given that are not shown to be true "
        "of this image and its noise: it need not hold here."
        for number, run in enumerate(runs, 1)
        for form, words in _FORMS.items()
        if form in run.posterior and not run.truth.admissible(known, form)
    ]


def run_data(run: Run, known: ImageClass) -> dict[str, Any]:
    """Return a run for JSON."""
    truth = run.truth
    return {
        "error": number_data(run.error, side="above"),
        "errors": [number_data(error, side="above") for error in run.errors],
        "bound": number_data(run.output.bounds[-1], side="above"),
        "bounds": [number_data(bound, side="above") for bound in run.bounds],
        "posterior": {name: number_data(found.bound, side="above") for name, found in run.posterior.items()},
        "admissible": {name: truth.admissible(known, name) for name in run.posterior},
        "belongs": truth.belongs(known),
        "length": number_data(truth.length, side="above"),
        "sigma": number_data(truth.sigma, side="above"),
        "noise": number_data(truth.noise, side="above"),
        "violations": [str(violation) for violation in run.output.violations],
    }


def pictures(images: Mapping[str, Floats], *, span: float | None = None) -> dict[str, bytes]:
    """Return 8-bit greyscale files of images; all of them between the same two values, or ±span.

    Args:
        images: by file name, shape (n, n).
        span: None: from the least to the greatest value of the first one.

    Raises:
        MissingExtraError: if Pillow is not installed.
    """
    first = next(iter(images.values()))
    low, high = (float(first.min()), float(first.max())) if span is None else (-span, span)
    return {name: png(255 * (image - low) / ((high - low) or 1.0)) for name, image in images.items()}


def restarts_picture(runs: Sequence[Run]) -> bytes:
    """Draw error and bound against restarts, as SVG.

    Raises:
        MissingExtraError: if matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtraError("the picture needs matplotlib: pip install 'sci-barriers[images]'") from None
    figure = Figure(figsize=(7, 3.6), layout="constrained")
    axes = figure.subplots()
    for number, run in enumerate(runs, 1):
        steps = range(1, len(run.errors) + 1)
        label = f"image {number}: " if len(runs) > 1 else ""
        bounds, errors = ([to_float(value) for value in values] for values in (run.bounds, run.errors))
        (drawn,) = axes.plot(steps, bounds, "o-", markersize=3, label=f"{label}a priori bound")
        colour = drawn.get_color()
        axes.plot(steps, errors, "s--", markersize=3, color=colour, label=f"{label}error")
        for name, found in run.posterior.items():
            mark, words = "*" if name == "norm" else "+", f"{label}a posteriori, {_FORMS[name]}"
            axes.plot([steps[-1]], [to_float(found.bound)], mark, color=colour, label=words)
    axes.set(xlabel="restarts", ylabel="error ‖ψ - x‖", yscale="log")
    axes.set_title("Proved bounds of the error, and the error itself", fontsize=10)
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)
    content = io.BytesIO()
    figure.savefig(content, format="svg", metadata={"Date": None})
    return content.getvalue()


_READING = (
    "θ = sμ, where μ bounds the entries of I - H*A in the level. The error is that of the image that was drawn, "
    "rounded up. A priori: a bound for every image of the class, which follows from the certificate of the mask. A "
    "posteriori: one for every image that fits these samples, with its own certificate, if the noise of each level is "
    "bounded as the column says, in norm, ‖e_l‖, or in its correlations with H, |H*e|. In brackets: how many times the "
    "error that is. To check: proofs-checks verify certificates, in this directory."
)
"""How the tables of the page are read."""

_STYLE = """
:root { color-scheme: light dark; }
body { margin: 1.5rem auto; max-width: 70rem; padding: 0 1rem; font: 15px/1.5 system-ui, sans-serif; }
table { border-collapse: collapse; margin: .7rem 0; } caption { text-align: left; font-weight: 600; }
td, th { border: 1px solid #8886; padding: .15rem .6rem; text-align: right; }
.row { display: flex; flex-wrap: wrap; gap: 1rem; } figure { margin: 0; width: 16rem; }
figure img { width: 100%; image-rendering: pixelated; border: 1px solid #8886; }
.wide { width: 100%; max-width: 48rem; }
"""


def page(
    title: str,
    words: Sequence[str],
    tables: Sequence[Listing],
    shown: Sequence[tuple[str, Sequence[tuple[str, str]]]],
    plot: str | None,
) -> bytes:
    """Return the page: words, tables, rows of pictures beside the page, and the plot.

    Args:
        title: the title.
        words: paragraphs.
        tables: tables.
        shown: rows of pictures: a heading, and (file name, caption) of each.
        plot: the file name of the plot, or None.
    """
    parts = [f"<h1>{html.escape(title)}</h1>", *(f"<p>{html.escape(line)}</p>" for line in words)]
    parts += [*map(_table, tables), f"<p>{html.escape(_READING)}</p>"]
    if plot is not None:
        parts.append(f'<p><img class="wide" src="{html.escape(plot)}" alt="errors and bounds against restarts"></p>')
    for heading, row in shown:
        figures = "".join(
            f'<figure><img src="{html.escape(name)}" alt="{html.escape(caption)}">'
            f"<figcaption>{html.escape(caption)}</figcaption></figure>"
            for name, caption in row
        )
        parts.append(f'<h2>{html.escape(heading)}</h2><div class="row">{figures}</div>')
    policy = "default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'"
    head = (
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style>"
    )
    text = f'<!doctype html>\n<html lang="en"><head>{head}</head><body>\n' + "\n".join(parts) + "\n</body></html>\n"
    return text.encode()


def _table(table: Listing) -> str:
    head = "".join(f"<th>{html.escape(column)}</th>" for column in table.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) + "</tr>" for row in table.rows
    )
    return f"<table><caption>{html.escape(table.title)}</caption><tr>{head}</tr>{rows}</table>"

"""What was found, as tables, JSON and a picture; tables have few digits, and the JSON has the exact numbers too."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from flint import fmpq
from rich.table import Table

from exact_base.decimals import above
from exact_base.rationals import to_float
from firenet_exact.constants import Constants
from firenet_exact.null_space.choose import Verdict
from firenet_exact.null_space.property import Point

__all__ = [
    "attempts_table",
    "constants_data",
    "constants_table",
    "limit_lines",
    "number_data",
    "plot",
    "points_table",
    "verdict_data",
]

_TITLES = {
    "certified": "null space property: certified, and what else was seen in floating point",
    "refuted": "null space property: refuted for every ρ < 1 and γ",
    "undecided": "null space property: undecided; what was seen in floating point proves nothing",
}


def number_data(value: fmpq) -> dict[str, Any]:
    """Return a rational for JSON: exactly, and as the nearest float."""
    return {"exact": str(value), "about": to_float(value)}


def constants_data(found: Constants) -> dict[str, Any]:
    """Return C1, C2 and what they are computed from, in our form and the paper's, for JSON."""
    return {
        "rho": number_data(found.rho),
        "gamma": number_data(found.gamma),
        "r": number_data(found.r),
        "q": number_data(found.q),
        "c1": number_data(found.c1),
        "c2": number_data(found.c2),
        "paper": {key: number_data(getattr(found.paper, key)) for key in ("rho", "gamma", "c1", "c2")},
    }


def verdict_data(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict for JSON."""
    data: dict[str, Any] = {
        "verdict": verdict.word,
        "attempts": [vars(attempt) for attempt in verdict.attempts],
        "limits": [
            {
                "level": limit.level + 1,
                "not_certified": None if limit.levels is None else limit.levels.sparsities,
                "refuted": None if limit.refuted is None else limit.refuted.levels.sparsities,
                "attempts": [vars(attempt) for attempt in limit.attempts],
            }
            for limit in verdict.limits.values()
        ],
        "trade_off": [
            {"method": p.method, "rho": p.rho, "gamma": p.gamma, "c2": p.c2} for p in verdict.points if p.rho < 1
        ],
    }
    proved = verdict.proved
    if proved is not None:
        data |= {
            "method": proved.evidence.method,
            "sparsity": proved.levels.sparsities,
            "rho": number_data(proved.rho),
            "gamma": number_data(proved.gamma),
            "constants": constants_data(proved.constants),
        }
    return data


def attempts_table(verdict: Verdict) -> Table:
    """Return what each method gave, and what it cost."""
    table = Table("sparsity", "method", "seconds", "outcome", "")
    for a in verdict.attempts:
        table.add_row(_listed(a.sparsities), a.method, f"{a.seconds:.2f}", a.outcome, a.reason)
    return table


def _listed(sparsities: Sequence[int]) -> str:
    return ", ".join(map(str, sparsities))


def limit_lines(verdict: Verdict) -> list[str]:
    """Return for each level that was raised what stopped it, and from which sparsity on the property is refuted."""
    lines = []
    for limit in verdict.limits.values():
        name = (
            f"level {limit.level + 1}: " if verdict.proved is not None and len(verdict.proved.levels.ends) > 1 else ""
        )
        if limit.levels is None:
            lines.append(f"{name}every column of it is counted; there is no larger sparsity")
            continue
        more = _listed(limit.levels.sparsities)
        if limit.refuted is not None and limit.refuted.levels == limit.levels:
            lines.append(f"{name}sparsity {more} and more is refuted by an exact kernel vector")
            continue
        reasons = "; ".join(f"{a.method}: {a.reason}" for a in limit.attempts)
        upper = "no refutation is known"
        if limit.refuted is not None:
            upper = f"{_listed(limit.refuted.levels.sparsities)} and more is refuted by an exact kernel vector"
        lines.append(f"{name}sparsity {more} is not certified ({reasons}), which refutes nothing; {upper}")
    return lines


def points_table(points: list[Point]) -> Table:
    """Return the trade-off, in floating point."""
    table = Table("method", "ρ", "γ", "C2", title="trade-off, in floating point")
    ordered = sorted(points, key=lambda point: (point.method, point.rho, point.gamma))
    rows = [(p.method, f"{p.rho:.4f}", f"{p.gamma:.4f}", f"{p.c2:.4f}") for p in ordered if p.rho < 1]
    for row in dict.fromkeys(rows):  # parameters that give the same pair are one row
        table.add_row(*row)
    return table


def constants_table(found: Constants) -> Table:
    """Return both forms of the constants side by side; the decimals are for reading."""
    table = Table("", "ours", "the paper's form")
    for label, key in (("ρ", "rho"), ("γ", "gamma")):
        table.add_row(label, *(above(getattr(form, key), digits=6) for form in (found, found.paper)))
    # what C1 multiplies may be negative, so that neither direction is safe for it; C2 may be enlarged
    table.add_row("C1, about", *(f"{to_float(form.c1):.6g}" for form in (found, found.paper)))
    table.add_row("C2 <=", *(above(form.c2, digits=6) for form in (found, found.paper)))
    table.add_row("r >= √ξ", *[above(found.r, digits=6)] * 2)
    table.add_row("q >= κ^(1/4)", *[above(found.q, digits=6)] * 2)
    return table


def plot(verdict: Verdict, *, form: str) -> bytes:
    """Draw the trade-off as a file of that form (`svg`, `png`, `pdf`): γ and C2 over ρ, and the certified pair."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    for method in sorted({point.method for point in verdict.points}):
        points = sorted((p.rho, p.gamma, p.c2) for p in verdict.points if p.method == method and p.rho < 1)
        left.plot([p[0] for p in points], [p[1] for p in points], "o-", markersize=3, label=method)
        right.plot([p[0] for p in points], [p[2] for p in points], "o-", markersize=3, label=method)
    figure.suptitle(_TITLES[verdict.word])
    if verdict.proved is not None:
        rho, gamma, c2 = (to_float(x) for x in (verdict.proved.rho, verdict.proved.gamma, verdict.proved.constants.c2))
        left.plot([rho], [gamma], "k*", markersize=12, label="certified")
        right.plot([rho], [c2], "k*", markersize=12, label="certified")
    left.set(xlabel="ρ", ylabel="γ")
    right.set(xlabel="ρ", ylabel="C2", yscale="log")
    for axes in (left, right):
        axes.grid(alpha=0.3)
        if axes.lines:
            axes.legend()
    content = io.BytesIO()
    figure.savefig(content, format=form)
    return content.getvalue()

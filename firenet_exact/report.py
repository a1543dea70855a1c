"""What was found, as tables, JSON and a picture; tables have few digits, and the JSON has the exact numbers too."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Any

from exact_base.answers import number_data
from exact_base.decimals import above, below
from exact_base.rationals import exact_number, to_float
from exact_base.terminal import Listing
from firenet_exact.best_constants import BestConstants
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


def constants_data(found: Constants, best: BestConstants) -> dict[str, Any]:
    """Return C1, C2 and what they are computed from, in our form and the paper's, and the best, for JSON."""
    c1, c2 = best.pair
    network = best.network_constant(best.lam)
    return {
        **_form_data(found),
        "r": number_data(found.r, side="above"),
        "q": number_data(found.q, side="above"),
        "paper": _form_data(found.paper),
        "best": {
            "c1": number_data(c1),
            "c2": number_data(c2, side="above"),
            "lam": number_data(best.lam, side="below"),
            "c2_prime": number_data(network, side="above"),
            "ratio": number_data(found.c2 / network, side="below"),
            "ratio_paper": number_data(found.paper.c2 / network, side="below"),
        },
    }


def _form_data(form: Any) -> dict[str, Any]:
    """Return ρ, γ, C1 and C2; what C1 multiplies may be negative, so that neither side is safe for it."""
    bounds = {key: number_data(getattr(form, key), side="above") for key in ("rho", "gamma", "c2")}
    return {**bounds, "c1": number_data(form.c1)}


def verdict_data(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict for JSON."""
    data: dict[str, Any] = {
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
            {"method": p.method, **{key: _seen(getattr(p, key)) for key in ("rho", "gamma", "c2")}}
            for p in verdict.points
            if p.rho < 1
        ],
    }
    proved = verdict.proved
    if proved is not None:
        data |= {
            "method": proved.evidence.method,
            "sparsity": proved.levels.sparsities,
            "rho": number_data(proved.rho, side="above"),
            "gamma": number_data(proved.gamma, side="above"),
            "constants": constants_data(proved.constants, proved.best),
        }
    return data


def _seen(value: float) -> dict[str, Any] | None:
    """Return a number of the floating point search, exactly as it is; None if it is none."""
    return number_data(exact_number(value)) if math.isfinite(value) else None


def attempts_table(verdict: Verdict) -> Listing:
    """Return what each method gave, and what it cost."""
    rows = [
        (_listed(each.sparsities), each.method, f"{each.seconds:.2f}", each.outcome, each.reason)
        for each in verdict.attempts
    ]
    return Listing(("sparsity", "method", "seconds", "outcome", ""), rows)


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


def points_table(points: list[Point]) -> Listing:
    """Return the trade-off, in floating point."""
    ordered = sorted(points, key=lambda point: (point.method, point.rho, point.gamma))
    rows = [(p.method, f"{p.rho:.4f}", f"{p.gamma:.4f}", f"{p.c2:.4f}") for p in ordered if p.rho < 1]
    # parameters that give the same pair are one row
    return Listing(("method", "ρ", "γ", "C2"), list(dict.fromkeys(rows)), "trade-off, in floating point")


def constants_table(found: Constants, best: BestConstants) -> Listing:
    """Return the forms of the constants side by side; the decimals are for reading."""
    forms, (c1, c2), network = (found, found.paper), best.pair, best.network_constant(best.lam)
    rows = [
        (label, above(getattr(best, key), digits=6), *(above(getattr(form, key), digits=6) for form in forms))
        for label, key in (("ρ", "rho"), ("γ", "gamma"))
    ]
    # what C1 multiplies may be negative, so that neither direction is safe for it; C2 may be enlarged
    rows.append(("C1, about", *(f"{to_float(value):.6g}" for value in (c1, *(form.c1 for form in forms)))))
    rows.append(("C2 <=", *(above(value, digits=6) for value in (c2, *(form.c2 for form in forms)))))
    rows += [
        (label, *[above(value, digits=6)] * 3) for label, value in (("r >= √ξ", found.r), ("q >= κ^(1/4)", found.q))
    ]
    lams = (best.lam, *(form.c1 / (form.c2 * form.r) for form in forms))
    rows.append(("λ of a network", *(below(lam, digits=6) for lam in lams)))
    rows.append(("its C2' <=", *(above(value, digits=6) for value in (network, *(form.c2 for form in forms)))))
    rows.append(("over the best", "1", *(below(form.c2 / network, digits=4) for form in forms)))
    return Listing(("", "the best", "by lemmas A and B", "the paper's form"), rows)


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
        rho, gamma, c2 = (to_float(x) for x in (verdict.proved.rho, verdict.proved.gamma, verdict.proved.best.pair[1]))
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

"""Audits for readers: plain data, a Markdown table, and one picture."""

from __future__ import annotations

import io
from typing import Any

from flint import ctx, fmpq

from exact_base.answers import interval_data
from exact_base.errors import UsageError
from exact_base.scalars import ball
from sci_barriers.audit.claims import Audit, Finding, Unaudited
from sci_barriers.audit.instances import BlockInstance
from sci_barriers.audit.table1 import PRECISIONS, Row

__all__ = ["audit_data", "row_data", "rows_markdown", "table1_picture"]


def audit_data(subject: Audit | Unaudited) -> dict[str, Any]:
    """Return an audit as a JSON-ready dictionary."""
    if isinstance(subject, Unaudited):
        return {"name": subject.name, "verdict": subject.verdict, "reason": subject.reason, "findings": []}
    return {
        "name": subject.name,
        "verdict": subject.verdict,
        "reason": subject.instance.note,
        "findings": [
            {
                "claim": finding.claim,
                "verdict": finding.verdict,
                "computed": finding.computed,
                "number": _number_data(finding),
            }
            for finding in subject.findings
        ],
    }


def _number_data(finding: Finding) -> dict[str, Any] | None:
    """Return the number of a finding as its certificate bounds it; None where it bounds none."""
    for statement in reversed(finding.statements):
        if statement.holds and "high" in statement.fields:
            return interval_data(statement.fields["low"], statement.fields["high"])
    return interval_data(fmpq(0), finding.gaps[0].gap) if finding.gaps else None


def _finding(row: Row, kind: str, **fields: Any) -> Finding:
    """The finding of the row's claim with this type and these fields."""
    for claim, finding in zip(row.audit.claims, row.audit.findings, strict=True):
        if claim["type"] == kind and all(claim.get(key) == value for key, value in fields.items()):
            return finding
    raise UsageError(f"the audit of a row has no claim of type {kind}")


def _within_rounding(row: Row) -> str:
    """Whether the printed number agrees give or take the measured effect of rounding, with that effect."""
    for claim, finding in zip(row.audit.claims, row.audit.findings, strict=True):
        if "slack" in claim:
            return f"{'yes' if finding.verdict == 'certified' else 'no'} ({claim['slack']})"
    return "-"


def row_data(row: Row) -> dict[str, Any]:
    """Return a row of Table 1: `shown` holds the cells for a reader, `audit` all findings."""
    yes = {"certified": "yes", "refuted": "no", "undecided": "?"}
    to_reference = _finding(row, "distance", point="output", to="reference", slack=None)
    to_minimiser = _finding(row, "distance", point="output", to=None)
    zero = _finding(row, "reaches", point="zero")
    shown = {
        "K": str(row.digits),
        "n": str(row.precision),
        "published": row.published if row.steps == "published" else "-",
        "to reference vector": to_reference.value,
        "all digits agree": yes[to_reference.verdict] if row.steps == "published" else "-",
        "agrees within rounding": _within_rounding(row),
        "to certified minimiser": to_minimiser.value,
        "reference is a minimiser": yes[_finding(row, "minimiser").verdict],
        "fails K digits": yes[_finding(row, "fails").verdict],
        "reaches K-1": yes[_finding(row, "reaches", point="output").verdict],
        "zero reaches K-1": yes[zero.verdict],
        "objective of output": _finding(row, "objective", point="output").value,
        "of reference": _finding(row, "objective", point="reference").value,
        "minimum": _finding(row, "objective", point="minimiser").value,
        "τσ‖A‖²": _finding(row, "steps").value,
        "perturbation in ulps": _finding(row, "float64").computed.split()[0],
    }
    return {"steps": row.steps, "shown": shown, "audit": audit_data(row.audit)}


def rows_markdown(rows: list[Row]) -> str:
    """Return all rows as Markdown tables, one for each kind of steps."""
    parts: list[str] = []
    for steps in dict.fromkeys(row.steps for row in rows):
        shown = [row_data(row)["shown"] for row in rows if row.steps == steps]
        parts += [f"**With the {steps} steps**", ""]
        parts.append("| " + " | ".join(shown[0]) + " |")
        parts.append("|" + "---|" * len(shown[0]))
        parts += ["| " + " | ".join(cells.values()) + " |" for cells in shown]
        parts.append("")
    return "\n".join(parts)


def table1_picture(rows: list[Row]) -> bytes:
    """Draw the distance against n for each K, with the lines 10^-K and 10^-(K-1), as an SVG file.

    Raises:
        UsageError: if matplotlib is missing.
    """
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError:
        raise UsageError("the picture needs matplotlib: pip install 'sci-barriers[report]'") from None
    # the same bytes on every run
    matplotlib.rcParams["svg.hashsalt"] = "sci-barriers"
    digits = list(dict.fromkeys(row.digits for row in rows))
    figure = Figure(figsize=(4 * len(digits), 4), layout="constrained")
    axes = figure.subplots(1, len(digits), squeeze=False)[0]
    styles = {"published": ("o", "published steps"), "valid": ("x", "valid steps")}
    for axis, k in zip(axes, digits, strict=True):
        for steps, (marker, label) in styles.items():
            chosen = [row for row in rows if row.digits == k and row.steps == steps]
            axis.plot([row.precision for row in chosen], [_distance(row) for row in chosen], marker, label=label)
        chosen = [row for row in rows if row.digits == k and row.steps == "published"]
        axis.plot(
            [row.precision for row in chosen],
            [float(row.published) for row in chosen],
            "+",
            color="grey",
            label="printed in the paper",
        )
        axis.axhline(10.0**-k, color="black", linestyle="--", label="$10^{-K}$")
        axis.axhline(10.0 ** (1 - k), color="black", linestyle=":", label="$10^{-(K-1)}$")
        axis.axhline(_level(chosen[0]), color="tab:red", linewidth=0.8, label="$h/\\sqrt{2}$, certified limit")
        axis.set(title=f"K = {k}", xlabel="n", yscale="log", xticks=PRECISIONS)
    axes[0].set_ylabel("distance to the certified minimiser")
    axes[-1].legend(loc="center right", fontsize="small")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()


def _distance(row: Row) -> float:
    return float(_finding(row, "distance", point="output", to=None).value)


def _level(row: Row) -> float:
    """h/√2: no answer can be closer to both minimisers of the pair."""
    instance = row.audit.instance
    if not isinstance(instance, BlockInstance):
        raise UsageError("the rows of Table 1 are block instances")
    with ctx.workprec(64):
        return float((ball(max(instance.minimiser)) / 2**0.5).mid())

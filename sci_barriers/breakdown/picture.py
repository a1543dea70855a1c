"""Pictures of breakdown epsilons; floating point, and nothing rests on them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from flint import ctx, fmpq

from exact_base.errors import UsageError
from exact_base.scalars import ball
from sci_barriers.breakdown.epsilon import BreakdownEpsilon
from sci_barriers.breakdown.family import FamilyBound

__all__ = ["class_picture", "family_picture"]

_LEVELS = 24


def class_picture(epsilons: Sequence[BreakdownEpsilon]) -> bytes:
    """Draw, for each family, what every answer errs by on level q, and the centroid, as an SVG file.

    Raises:
        UsageError: if matplotlib is missing.
    """
    figure, axes = _figure(len(epsilons))
    for axis, epsilon in zip(axes, epsilons, strict=True):
        omega = epsilon.omega
        levels = range(omega.q0, omega.q0 + _LEVELS)
        axis.plot(levels, [_root(epsilon.centroid_square(q)) for q in levels], "x", label="the centroid's error")
        axis.plot(levels, [_root(epsilon.level_square(q)) for q in levels], ".", label="every answer errs by at least")
        axis.axhline(_root(epsilon.square), color="tab:red", linewidth=0.8, label="$\\varepsilon_B$, exactly")
        for k, style in ((epsilon.digits + 1, "--"), (epsilon.digits, ":")):
            axis.axhline(10.0**-k, color="black", linestyle=style, label=f"$10^{{-{k}}}$")
        axis.set(title=f"{omega.problem}, {omega.family} family, K = {omega.digits}", xlabel="q", yscale="log")
    axes[0].set_ylabel("error on the members of level q")
    axes[-1].legend(loc="center right", fontsize="small")
    return _svg(figure)


def family_picture(bounds: Sequence[FamilyBound]) -> bytes:
    """Draw the certified radius against the precision, as an SVG file.

    Raises:
        UsageError: if matplotlib is missing.
    """
    figure, (axis,) = _figure(1)
    radii = [_root(bound.square) for bound in bounds]
    axis.plot([bound.precision for bound in bounds], radii, ".-")
    axis.set(xlabel="n", ylabel="r: every answer errs by at least")
    if max(radii) > 10 * min(radii):
        axis.set_yscale("log")
    else:
        axis.set_ylim(0, 1.1 * max(radii) or 1)
    return _svg(figure)


def _figure(count: int) -> tuple[Any, Any]:
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError:
        raise UsageError("--plot needs matplotlib: pip install 'sci-barriers[report]'") from None
    # the same bytes on every run
    matplotlib.rcParams["svg.hashsalt"] = "sci-barriers"
    figure = Figure(figsize=(5 * count, 4), layout="constrained")
    return figure, figure.subplots(1, count, squeeze=False)[0]


def _svg(figure: Any) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()


def _root(square: fmpq) -> float:
    with ctx.workprec(64):
        return float(ball(square).sqrt().mid())

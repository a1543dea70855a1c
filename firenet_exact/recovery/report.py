"""What was computed and bounded, as tables, JSON and a picture; bounds are rounded up."""

from __future__ import annotations

import io
import math
from typing import Any

from flint import fmpq
from rich.table import Table

from firenet_exact.errors import UsageError
from firenet_exact.matrices import ExactMatrix
from firenet_exact.network import Firenet
from firenet_exact.rationals import decimal_text, to_float, upper_root
from firenet_exact.recovery.a_posteriori import Recovery, norm2
from firenet_exact.recovery.solve import Method, Solution
from firenet_exact.recovery.unknown import Searched
from firenet_exact.report import number
from firenet_exact.words import counted

__all__ = [
    "bounds_table",
    "methods_data",
    "methods_table",
    "network_data",
    "network_line",
    "picture",
    "recovery_data",
    "searched_data",
    "searched_table",
]


def up(value: fmpq) -> str:
    """Return a bound as a short decimal, rounded up."""
    return decimal_text(value, up=True, digits=4)


def down(value: fmpq) -> str:
    """Return a limit as a short decimal, rounded down."""
    return decimal_text(value, up=False, digits=4)


def distance(point: ExactMatrix, truth: ExactMatrix) -> fmpq:
    """Return ‖point - truth‖, rounded up."""
    return upper_root(norm2(point - truth))


def bounds_table(recovery: Recovery, solution: Solution | None, truth: ExactMatrix | None) -> Table:
    """Return the bounds of one point, one below the other, and the true error if it is known."""
    table = Table("", "at most", "")
    if solution is not None:
        table.add_row("a priori", up(solution.a_priori), "the theorem, for the network in exact arithmetic")
        computed = "-" if solution.computed is None else up(solution.computed)
        name = solution.output.arithmetic
        table.add_row(f"in {name}", computed, "the theorem, with the rounding errors of this forward pass")
    table.add_row("a posteriori", up(recovery.bound), "of this point; this is certified, and the sum of:", style="bold")
    gap, noise, sparse = recovery.parts
    table.add_row("   gap", up(gap), "what a better point or a better dual vector might remove")
    table.add_row("   noise", up(noise), f"for ‖Ax-y‖ <= {down(recovery.noise)}")
    table.add_row("   compressibility", up(sparse), f"for σ(x) <= {down(recovery.sigma)}")
    size = recovery.known.levels.size
    table.add_row(
        "settled", f"{recovery.settled} of {size}", "largest entries of the point, where x has its largest too"
    )
    if truth is not None:
        error = distance(recovery.point, truth)
        ratio = f"the bound is {to_float(recovery.bound / error):.3g} times as large" if error > 0 else "it is exact"
        table.add_row("true error", up(error), ratio)
    return table


def methods_table(methods: tuple[Method, ...], truth: ExactMatrix | None) -> Table:
    """Return what each dual vector gave."""
    table = Table("dual vector from", "seconds", "bound", "gap", "noise", "true error", title="a posteriori")
    for method in methods:
        recovery = method.recovery
        error = "" if truth is None else up(distance(recovery.point, truth))
        parts = (up(recovery.parts[0]), up(recovery.parts[1]))
        table.add_row(method.name, f"{method.seconds:.3f}", up(recovery.bound), *parts, error)
    return table


def network_line(network: Firenet) -> str:
    """Return the size of a network and its numbers."""
    p = network.parameters
    return (
        f"network: {counted(p.n, 'restart')} of {counted(p.p, 'block')}, {network.depth} layers, at most "
        f"{max(network.widths)} neurons wide; "
        f"λ = {to_float(p.lam):.4g}, C2' = {to_float(p.c2_prime):.4g}, δ = {to_float(p.delta):.4g}"
    )


def searched_table(searched: list[Searched], truth: ExactMatrix | None) -> Table:
    """Return the best candidate of each λ."""
    table = Table("λ", "if γ <=", "p", "δ", "β times", "F", "width", "bound", "true error", title="conditional")
    for one in searched:
        best, recovery = one.candidates[0], one.methods[0].recovery
        table.add_row(
            f"{to_float(one.lam):.4g}",
            decimal_text(one.gamma, up=False, digits=4),
            str(best.p),
            f"{to_float(best.delta):.3g}",
            str(best.factor),
            up(best.objective),
            str(one.width),
            up(recovery.bound),
            "" if truth is None else up(distance(recovery.point, truth)),
        )
    return table


def recovery_data(recovery: Recovery, truth: ExactMatrix | None) -> dict[str, Any]:
    """Return a bound for JSON."""
    gap, noise, sparse = recovery.parts
    return {
        "bound": number(recovery.bound),
        "conditional": recovery.conditional,
        "parts": {"gap": number(gap), "noise": number(noise), "compressibility": number(sparse)},
        "noise": number(recovery.noise),
        "sigma": number(recovery.sigma),
        "settled": recovery.settled,
        "dual": recovery.dual is not None,
        "witness": recovery.witness is not None,
        "true_error": None if truth is None else number(distance(recovery.point, truth)),
    }


def methods_data(methods: tuple[Method, ...]) -> list[dict[str, Any]]:
    """Return what each dual vector gave, for JSON."""
    return [{"dual": m.name, "seconds": m.seconds, "bound": number(m.recovery.bound)} for m in methods]


def network_data(solution: Solution) -> dict[str, Any]:
    """Return a network and its bounds for JSON."""
    network = solution.output.network
    parameters = network.parameters
    return {
        "arithmetic": solution.output.arithmetic,
        "n": parameters.n,
        "p": parameters.p,
        "depth": network.depth,
        "width": max(network.widths[1:-1]),
        **{name: number(getattr(parameters, name)) for name in ("lam", "c2_prime", "norm", "t", "v", "delta")},
        "epsilon0": number(parameters.epsilon0),
        "a_priori": number(solution.a_priori),
        "computed": None if solution.computed is None else number(solution.computed),
        "rounding": number(solution.output.error),
        "violations": [str(violation) for violation in solution.output.violations],
        "history": [
            {
                key: None if value is None else to_float(value)
                for key, value in (
                    ("a_priori", restart.a_priori),
                    ("a_posteriori", restart.a_posteriori),
                    ("error", restart.error),
                )
            }
            for restart in solution.history
        ],
    }


def searched_data(searched: list[Searched], truth: ExactMatrix | None) -> list[dict[str, Any]]:
    """Return the searches for JSON."""
    return [
        {
            "lam": number(one.lam),
            "largest_gamma": number(one.gamma),
            "width": one.width,
            "candidates": [
                {
                    "p": candidate.p,
                    "delta": to_float(candidate.delta),
                    "factor": to_float(candidate.factor),
                    "objective": number(candidate.objective),
                }
                for candidate in one.candidates
            ],
            **recovery_data(one.methods[0].recovery, truth),
        }
        for one in searched
    ]


def picture(solution: Solution, *, form: str = "svg") -> bytes:
    """Draw the error after each restart, its bounds, and e^-n, as a file of that form (`svg`, `png`, `pdf`).

    Raises:
        UsageError: if matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise UsageError("a plot needs matplotlib; pip install 'sci-barriers[report]'") from None
    figure = Figure(figsize=(6.4, 4.2), layout="constrained")
    axes = figure.subplots()
    restarts = range(1, len(solution.history) + 1)
    lines = (
        ("a priori bound", "s-", [restart.a_priori for restart in solution.history]),
        ("a posteriori bound", "o-", [restart.a_posteriori for restart in solution.history]),
        ("true error", "k*-", [restart.error for restart in solution.history]),
    )
    for label, style, values in lines:
        shown = [(k, to_float(value)) for k, value in zip(restarts, values, strict=True) if value is not None]
        if shown:
            axes.plot(*zip(*shown, strict=True), style, markersize=4, label=label)
    start = to_float(solution.output.network.parameters.epsilon0)
    axes.plot(restarts, [start * math.exp(-k) for k in restarts], "k:", label=r"$\varepsilon_0e^{-n}$")
    axes.set(xlabel="restarts n", ylabel=r"$\|\psi_n-x\|$", yscale="log")
    axes.grid(alpha=0.3)
    axes.legend()
    content = io.BytesIO()
    figure.savefig(content, format=form)
    return content.getvalue()

"""What was computed and bounded, as tables, JSON and a picture; bounds are rounded up."""

from __future__ import annotations

import io
import math
from typing import Any

from flint import fmpq
from rich.text import Text

from exact_base.answers import number_data
from exact_base.decimals import above, below
from exact_base.errors import UsageError
from exact_base.matrices import ExactMatrix, column_norm2
from exact_base.rationals import to_float, upper_root
from exact_base.terminal import Listing
from exact_base.words import counted
from firenet_exact.network import Firenet
from firenet_exact.recovery.a_posteriori import Recovery
from firenet_exact.recovery.coefficients import CoefficientBounds
from firenet_exact.recovery.solve import Method, Solution
from firenet_exact.recovery.unknown import Searched

__all__ = [
    "bounds_table",
    "coefficients_data",
    "coefficients_line",
    "errors_picture",
    "methods_data",
    "methods_table",
    "network_data",
    "network_line",
    "recovery_data",
    "searched_data",
    "searched_table",
]


def distance(point: ExactMatrix, truth: ExactMatrix) -> fmpq:
    """Return ‖point - truth‖, rounded up."""
    return upper_root(column_norm2(point - truth))


def bounds_table(recovery: Recovery, solution: Solution | None, truth: ExactMatrix | None) -> Listing:
    """Return the bounds of one point, one below the other, and the true error if it is known."""
    rows: list[tuple[str | Text, ...]] = []
    if solution is not None:
        rows.append(("a priori", above(solution.a_priori), "the theorem, for the network in exact arithmetic"))
        computed = "-" if solution.computed is None else above(solution.computed)
        name = solution.output.arithmetic
        rows.append((f"in {name}", computed, "the theorem, with the rounding errors of this forward pass"))
    certified = ("a posteriori", above(recovery.bound), "of this point; this is certified, and the sum of:")
    rows.append(tuple(Text(cell, style="bold") for cell in certified))
    gap, noise, sparse = recovery.parts
    size = recovery.known.levels.size
    rows += [
        ("   gap", above(gap), "what a better point or a better dual vector might remove"),
        ("   noise", above(noise), f"for ‖Ax-y‖ <= {below(recovery.noise)}"),
        ("   compressibility", above(sparse), f"for σ(x) <= {below(recovery.sigma)}"),
        ("settled", f"{recovery.settled} of {size}", "largest entries of the point, where x has its largest too"),
        ("ratio", ratio(recovery), usefulness(recovery)),
    ]
    if recovery.cuts:
        more = above(upper_root(recovery.plain_square / recovery.square), digits=4)
        rows.append(("without cells", above(upper_root(recovery.plain_square)), f"at most {more} times as large"))
    if truth is not None:
        square = column_norm2(recovery.point - truth)
        times = upper_root(recovery.bound * recovery.bound / square) if square > 0 else None
        words = "the point is the truth" if times is None else f"the bound is at most {above(times)} times as large"
        rows.append(("true error", above(upper_root(square)), words))
    return Listing(("", "at most", ""), rows)


def coefficients_line(found: CoefficientBounds) -> str:
    """Return what is known of single coefficients."""
    count = counted(len(found.certain), "coefficient")
    verb = "is" if len(found.certain) == 1 else "are"
    return (
        f"single coefficients: each within {above(max(found.bounds))} or less, {count} of {len(found.bounds)} {verb} "
        f"not 0 in any x that fits; from the rows of I - H*A also ‖z-x‖ <= {above(found.bound)}"
    )


def coefficients_data(found: CoefficientBounds) -> dict[str, Any]:
    """Return the bounds of single coefficients for JSON; columns are counted from 1."""
    return {
        "bound": number_data(found.bound, side="above"),
        "bounds": [number_data(bound, side="above") for bound in found.bounds],
        "certain": [column + 1 for column in found.certain],
        "settled": found.settled,
    }


def ratio(recovery: Recovery) -> str:
    """Return the bound over the length of the point, rounded up."""
    return "-" if recovery.ratio is None else above(recovery.ratio)


def usefulness(recovery: Recovery) -> str:
    """Return whether the bound says anything: one that is not below ‖x̂‖ is no better than that of the point 0."""
    if not recovery.vacuous:
        return "the bound, relative to the length of the point"
    larger = recovery.bound * recovery.bound > column_norm2(recovery.point)
    return f"says nothing: {'larger than' if larger else 'as large as'} the vector itself"


def methods_table(methods: tuple[Method, ...], truth: ExactMatrix | None) -> Listing:
    """Return what each dual vector gave."""
    rows: list[tuple[str, ...]] = []
    for method in methods:
        recovery = method.recovery
        parts = (above(recovery.parts[0]), above(recovery.parts[1]))
        row = (method.name, f"{method.seconds:.3f}", above(recovery.bound), ratio(recovery), *parts)
        rows.append((*row, *_true_error(recovery, truth)))
    columns = ("dual vector", "seconds", "bound", "ratio", "gap", "noise")
    return Listing(columns if truth is None else (*columns, "true error"), rows, "a posteriori")


def _true_error(recovery: Recovery, truth: ExactMatrix | None) -> tuple[str, ...]:
    """Return the last cell of a row, which is not there where the truth is not known."""
    return () if truth is None else (above(distance(recovery.point, truth)),)


def network_line(network: Firenet) -> str:
    """Return the size of a network and its numbers."""
    p = network.parameters
    return (
        f"network: {counted(p.n, 'restart')} of {counted(p.p, 'block')}, {network.depth} layers, at most "
        f"{max(network.widths)} neurons wide; "
        f"about: λ = {to_float(p.lam):.4g}, C2' = {to_float(p.c2_prime):.4g}, δ = {to_float(p.delta):.4g}"
    )


def searched_table(searched: list[Searched], truth: ExactMatrix | None) -> Listing:
    """Return the best candidate of each λ."""
    rows: list[tuple[str, ...]] = []
    for one in searched:
        best, recovery = one.candidates[0], one.methods[0].recovery
        row = (
            f"{to_float(one.lam):.4g}",
            below(one.gamma),
            str(best.p),
            f"{to_float(best.delta):.3g}",
            str(best.factor),
            above(best.objective),
            str(one.width),
            above(recovery.bound),
            ratio(recovery),
            *_true_error(recovery, truth),
        )
        rows.append(row)
    columns = ("λ, about", "if γ <=", "p", "δ, about", "β times", "F", "width", "bound", "ratio")
    title = "conditional; bounds, their ratios and F are rounded up, γ down"
    return Listing(columns if truth is None else (*columns, "true error"), rows, title)


def recovery_data(recovery: Recovery, truth: ExactMatrix | None) -> dict[str, Any]:
    """Return a bound for JSON."""
    gap, noise, sparse = recovery.parts
    return {
        "bound": number_data(recovery.bound, side="above"),
        "ratio": None if recovery.ratio is None else number_data(recovery.ratio, side="above"),
        "vacuous": recovery.vacuous,
        "conditional": recovery.conditional,
        "parts": {
            "gap": number_data(gap, side="above"),
            "noise": number_data(noise, side="above"),
            "compressibility": number_data(sparse, side="above"),
        },
        "noise": number_data(recovery.noise, side="below"),
        "sigma": number_data(recovery.sigma, side="below"),
        "settled": recovery.settled,
        "dual": recovery.dual is not None,
        "witness": recovery.witness is not None,
        "true_error": None if truth is None else number_data(distance(recovery.point, truth), side="above"),
    }


def methods_data(methods: tuple[Method, ...]) -> list[dict[str, Any]]:
    """Return what each dual vector gave, for JSON."""
    return [
        {
            "dual": m.name,
            "seconds": m.seconds,
            "bound": number_data(m.recovery.bound, side="above"),
            "vacuous": m.recovery.vacuous,
        }
        for m in methods
    ]


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
        **{name: number_data(getattr(parameters, name)) for name in ("lam", "c2_prime", "norm", "t", "v", "delta")},
        "epsilon0": number_data(parameters.epsilon0),
        "a_priori": number_data(solution.a_priori, side="above"),
        "computed": None if solution.computed is None else number_data(solution.computed, side="above"),
        "rounding": number_data(solution.output.error, side="above"),
        "violations": [str(violation) for violation in solution.output.violations],
        "history": [
            {
                key: None if value is None else number_data(value, side="above")
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
            "lam": number_data(one.lam),
            "largest_gamma": number_data(one.gamma, side="below"),
            "width": one.width,
            "candidates": [
                {
                    "p": candidate.p,
                    "delta": number_data(candidate.delta),
                    "factor": number_data(candidate.factor),
                    "objective": number_data(candidate.objective, side="above"),
                }
                for candidate in one.candidates
            ],
            **recovery_data(one.methods[0].recovery, truth),
        }
        for one in searched
    ]


def errors_picture(solution: Solution, *, form: str = "svg") -> bytes:
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

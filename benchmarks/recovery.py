"""How sharp the bounds of recovery are: each over the true error, on noisy compressible vectors, for each dual vector.

python benchmarks/recovery.py [--quick] [--markdown FILE]
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path
from typing import Any

import numpy as np
from flint import fmpq
from rich.console import Console

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.pages import write_markdown
from benchmarks.run import Section, machine, markdown, show
from exact_base.matrices import column_norm2
from exact_base.rationals import round_up, to_float, upper_root
from firenet_exact import (
    Levels,
    NullSpaceProperty,
    exact_matrix,
    forward,
    operator_norm,
    solve,
    worst_perturbation,
)
from firenet_exact.null_space import by_relaxation
from firenet_exact.recovery import network_for, sigma_above
from firenet_exact.recovery.coefficients import single_coefficients
from firenet_exact.stability import noise_coefficient

METHODS = ("none", "residual", "network", "steps", "cone program")
FROM_H = "from H"
ROWS = [*range(16), 17, 18, 19, 22, 26, 27, 29, 30]


def walsh_haar() -> Any:
    """24 rows of the Walsh matrix in sequency order times the transposed Haar matrix, of size 32."""
    hadamard = haar = np.ones((1, 1), dtype=int)
    while len(hadamard) < 32:
        hadamard = np.kron([[1, 1], [1, -1]], hadamard)
        haar = np.vstack([np.kron(haar, [1, 1]), np.kron(np.eye(len(haar), dtype=int), [1, -1])])
    changes = np.sum(np.diff(hadamard, axis=1) != 0, axis=1)
    return (hadamard[np.argsort(changes)] @ haar.T / np.sqrt(32 * np.sum(haar**2, axis=1)))[ROWS]


def gaussian() -> Any:
    """64 x 128, with columns of length 1."""
    A = np.random.default_rng(0).standard_normal((64, 128))
    return A / np.linalg.norm(A, axis=0)


def instance(proved: NullSpaceProperty, seed: int, noise: float, spread: float) -> tuple[Any, Any, fmpq, fmpq]:
    """A compressible vector, its noisy data, and ‖Ax-y‖ and σ(x), rounded up."""
    rng, levels = np.random.default_rng(seed), proved.levels
    x = spread * rng.standard_normal(levels.columns)
    for start, end, s in zip(levels.starts, levels.ends, levels.sparsities, strict=True):
        x[rng.choice(np.arange(start, end), s, replace=False)] += rng.choice([-1, 1], s) * (1 + rng.random(s))
    e = rng.standard_normal(proved.matrix.rows)
    y = proved.matrix.to_float() @ x + noise * e / np.linalg.norm(e)
    exact, data = (exact_matrix([[v] for v in vector.tolist()]) for vector in (x, y))
    misfit = upper_root(column_norm2(proved.matrix @ exact - data))
    return exact, data, round_up(misfit), round_up(sigma_above(levels, exact))


def spread_of(values: list[float]) -> str:
    """Median, quartiles and the largest."""
    low, middle, high = statistics.quantiles(values, n=4)
    return f"{middle:.3g} ({low:.3g} to {high:.3g}; {max(values):.3g})"


def measure(name: str, proved: NullSpaceProperty, seeds: int) -> tuple[list[tuple[str, ...]], tuple[str, ...]]:
    """The rows of one matrix: one for each noise, and one for the attack."""
    norm = operator_norm(proved.matrix)
    rows: list[tuple[str, ...]] = []

    def run(network: Any, data: Any) -> Any:
        return forward(network, data, arithmetic="float64")

    for noise in (1e-2, 1e-3, 1e-4):
        ratios: dict[str, list[float]] = {key: [] for key in ("error", "a priori", *METHODS, FROM_H)}
        settled = 0
        for seed in range(seeds):
            x, y, e, sigma = instance(proved, seed, noise, 1e-4)
            network = network_for(proved, norm, y, noise=e, sigma=sigma)
            found = solve(network, y, run, noise=e, sigma=sigma, truth=x, cone=True)
            error = upper_root(column_norm2(found.output.point - x))
            ratios["error"].append(to_float(error))
            ratios["a priori"].append(to_float(found.a_priori / error))
            for method in found.methods:
                ratios[method.name].append(to_float(method.recovery.bound / error))
            single = single_coefficients(found.recovery)
            if single is not None:
                ratios[FROM_H].append(to_float(single.bound / error))
            settled += found.recovery.settled
        share = f"{settled} of {seeds * proved.levels.size}"
        rows.append((name, f"{noise:g}", *(spread_of(ratios[key]) for key in ratios), share))
    x, y, e, sigma = instance(proved, 0, 1e-3, 1e-4)
    size = fmpq(1, 100)
    network = network_for(proved, norm, y, noise=e, sigma=sigma, perturbation=size)
    found = worst_perturbation(network, y, x, run, size=size, starts=20, steps=4)
    moved = to_float((found.error - found.unperturbed) / size)
    coefficient = to_float(noise_coefficient(network.parameters))
    attack = [
        name,
        f"{coefficient:.3g}",
        f"{moved:.3g}",
        f"{to_float(found.error):.3g}",
        f"{to_float(found.bound):.3g}",
    ]
    return rows, [*attack, f"{found.sharpness:.3g}"]


def main(arguments: list[str] | None = None) -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--quick", action="store_true", help="the small matrix and few vectors only")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="also write the tables to this file")
    options = parser.parse_args(arguments)
    problems: list[tuple[str, Any, Levels]] = [
        ("Walsh-Haar 24 x 32, s = (2, 1)", walsh_haar(), Levels.of([16, 32], [2, 1], [fmpq(1, 2), fmpq(1)]))
    ]
    if not options.quick:
        problems += [(f"Gaussian 64 x 128, s = {s}", gaussian(), Levels.of([128], [s])) for s in (1, 2)]
    bounds = Section(
        "Bounds over the true error",
        ("matrix", "‖e‖", "true error", "a priori", *METHODS, FROM_H, "settled"),
        note="Noisy compressible vectors: entries of the support between 1 and 2 in modulus, and everywhere noise of "
        "deviation 1e-4. *A priori* is the theorem, the others the a posteriori bound of the network's output, without "
        "a dual vector, and with those from its residual, the network itself, 2,000 primal-dual steps, and a cone "
        "program; *from H* is that of the kind `coefficient-bounds`; *settled* counts the entries of supports. In "
        "brackets the quartiles, and the largest.",
    )
    attacks = Section(
        "Perturbations of the data, ‖e‖ <= 1/100",
        ("matrix", "2C2'", "error moved, over ‖e‖", "worst error", "bound", "sharpness"),
        note="The worst of 20 random directions and 4 steps along gradients; 2C2' is the certified coefficient of ‖e‖. "
        "*Sharpness* is the worst error over the bound.",
    )
    for name, A, levels in problems:
        proved, _ = by_relaxation(exact_matrix(A.tolist()), levels)
        rows, attack = measure(name, proved, 4 if options.quick else 20)
        bounds.rows += rows
        attacks.rows.append(attack)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 200)
    for section in (bounds, attacks):
        show(section, console)
    where = machine(f"python benchmarks/recovery.py{' --quick' if options.quick else ''}")
    console.print(where, markup=False)
    if options.markdown:
        text = markdown([bounds, attacks], where).replace("\n## ", "\n### ")
        write_markdown(options.markdown, text)


if __name__ == "__main__":
    main()

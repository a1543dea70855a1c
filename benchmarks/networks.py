"""Measure the forward pass of a FIRENET in each arithmetic beside numpy without any bound.

All numbers are ratios of times taken side by side in this run, but for the pass without rounding, whose target is a
time. `optimised` is careful numpy: contiguous A*, preallocated layers; `plain` copies A* in each block and allocates
every layer. With one BLAS thread, unless the environment says otherwise.

    python benchmarks/networks.py [--quick] [--markdown FILE]
"""

from __future__ import annotations

import functools
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # before numpy is imported

import numpy as np  # noqa: E402
from flint import fmpq  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.run import Outcome, Section, Settings, run_alone  # noqa: E402
from benchmarks.timing import interleaved, ratio  # noqa: E402
from exact_base.matrices import ExactMatrix  # noqa: E402
from exact_base.rationals import to_float  # noqa: E402
from firenet_exact import Firenet, Levels, exact_column, exact_matrix, forward, operator_norm, own_parameters  # noqa: E402

BLOCKS, RESTARTS = 50, 30
SIZES = {(21, 22): (1.3, 5), (128, 256): (1.2, 30), (512, 1024): (1.05, None)}
Array = Any


def made(m: int, n: int, *, restarts: int, bits: int | None = None) -> tuple[Firenet, ExactMatrix]:
    """Return a network for a Gaussian matrix with normalised columns, and data of a sparse vector with noise.

    Args:
        m: rows.
        n: columns.
        restarts: the number of restarts.
        bits: round the entries of the matrix to that many bits after the point.
    """
    rng = np.random.default_rng(m)
    matrix = rng.standard_normal((m, n))
    matrix /= np.linalg.norm(matrix, axis=0)
    if bits is not None:
        matrix = np.rint(matrix * 2**bits) / 2**bits
    x = np.zeros(n)
    x[rng.choice(n, 2, replace=False)] = rng.standard_normal(2)
    y = matrix @ x + 0.05 * rng.standard_normal(m) / np.sqrt(m)
    exact, data = exact_matrix(matrix.tolist()), exact_column(y.tolist())
    norm = operator_norm(exact)
    parameters = own_parameters(
        Levels.of([n], [1]), norm, lam=fmpq(1, 4), delta=fmpq(1, 10**6), epsilon0=fmpq(3), p=BLOCKS, n=restarts
    )
    return Firenet(exact, parameters, None, None, norm), data


def numbers(network: Firenet, data: ExactMatrix) -> tuple[Array, ...]:
    """Return A, y, τλw, and (α, β) of each restart in float64, and τ."""
    parameters = network.parameters
    tau = to_float(parameters.tau)
    thresholds = np.array([to_float(parameters.tau * parameters.lam * w) for w in parameters.weights])
    scales = [(to_float(a), to_float(b)) for a, b in zip(parameters.alphas, parameters.betas, strict=True)]
    return network.matrix.to_float(), data.to_float()[:, 0], thresholds, scales, tau


def plain(matrix: Array, data: Array, thresholds: Array, scales: Array, tau: float) -> Array:
    """The textbook: A* is copied in each block, and every layer allocated."""
    point = np.zeros(matrix.shape[1])
    for alpha, beta in scales:
        x, u, total = alpha * point, np.zeros(len(data)), np.zeros_like(point)
        for _ in range(BLOCKS):
            z = x - tau * (np.ascontiguousarray(matrix.conj().T) @ u)
            new = np.sign(z) * np.maximum(np.abs(z) - thresholds, 0)
            u = u + tau * (matrix @ (2 * new - x) - alpha * data)
            u = u / max(1.0, np.linalg.norm(u))
            x, total = new, total + new
        point = beta * total
    return point


def optimised(step: Array, adjoint: Array, data: Array, thresholds: Array, scales: Array) -> Array:
    """The same with τA and its transpose at hand, and in place."""
    m, n = step.shape
    point, x, new, z, clipped, total = (np.zeros(n) for _ in range(6))
    u, w, target = (np.zeros(m) for _ in range(3))
    low = -thresholds
    dot, subtract, add, multiply = np.dot, np.subtract, np.add, np.multiply
    for alpha, beta in scales:
        multiply(point, alpha, out=x)
        multiply(data, alpha, out=target)
        u.fill(0)
        total.fill(0)
        for _ in range(BLOCKS):
            dot(adjoint, u, out=z)
            subtract(x, z, out=z)
            np.maximum(z, low, out=clipped)
            np.minimum(clipped, thresholds, out=clipped)
            subtract(z, clipped, out=new)
            add(new, new, out=z)
            subtract(z, x, out=z)
            dot(step, z, out=w)
            subtract(w, target, out=w)
            add(w, u, out=u)
            square = float(dot(u, u))
            if square > 1:
                multiply(u, 1 / square**0.5, out=u)
            add(total, new, out=total)
            x, new = new, x
        multiply(total, beta, out=point)
    return point


def certified(network: Firenet, data: ExactMatrix) -> object:
    """The pass in float64 with the bounds of its rounding errors, and what they do to the gap."""
    found = forward(network, data, arithmetic="float64")
    return found.point, found.error, found.gaps


def passes(settings: Settings) -> Iterator[Section]:
    """All arithmetics beside numpy."""
    section = Section(
        f"Networks of {RESTARTS} restarts of {BLOCKS} blocks (512 x 1024: 10 restarts)",
        (
            "size",
            "certified / optimised",
            "certified / plain",
            "fixed, q = 64 / optimised",
            "fixed, q = 128 / optimised",
        ),
        "*Certified* is float64 from exact data to the exact point, the bound of its distance to the exact network, "
        "and the gaps g_k. *Fixed* is fixed point with the same. What is made of the matrix once for each network is "
        "not counted, for numpy neither.",
    )
    for (m, n), (limit, most) in SIZES.items():
        if settings.quick and m > 100:
            continue
        network, data = made(m, n, restarts=10 if m > 500 else RESTARTS)
        matrix, y, thresholds, scales, tau = numbers(network, data)
        step = tau * matrix
        jobs = {
            "plain": functools.partial(plain, matrix, y, thresholds, scales, tau),
            "optimised": functools.partial(optimised, step, np.ascontiguousarray(step.T), tau * y, thresholds, scales),
            "certified": functools.partial(certified, network, data),
        }
        for bits in (64, 128) if most else ():
            jobs[f"fixed {bits}"] = functools.partial(_fixed, network, data, bits)
        reference = optimised(step, np.ascontiguousarray(step.T), tau * y, thresholds, scales)
        if not np.allclose(forward(network, data, arithmetic="float64").point.to_float()[:, 0], reference, atol=1e-9):
            raise SystemExit("the passes that are timed do not compute the same")
        times = interleaved(jobs, rounds=5 if settings.quick or m > 500 else 9, sample=settings.sample)
        spreads = {name: ratio(values, times["optimised"]) for name, values in times.items()}
        faster = ratio(times["certified"], times["plain"])
        fixed = [str(spreads[f"fixed {bits}"]) if most else "" for bits in (64, 128)]
        section.rows.append((f"{m} x {n}", str(spreads["certified"]), str(faster), *fixed))
        reached = spreads["certified"].median <= limit
        section.outcomes.append(
            Outcome(f"certified <= {limit:g}× optimised, {m} x {n}", str(spreads["certified"]), reached)
        )
        section.outcomes.append(Outcome(f"certified faster than plain, {m} x {n}", str(faster), faster.median < 1))
        if most:
            spread = spreads["fixed 64"]
            section.outcomes.append(
                Outcome(f"fixed, q = 64 <= {most}× optimised, {m} x {n}", str(spread), spread.median <= most)
            )
    yield section


def _fixed(network: Firenet, data: ExactMatrix, bits: int) -> object:
    found = forward(network, data, arithmetic="fixed", bits=bits)
    return found.point, found.error, found.gaps


def unrounded(settings: Settings) -> Iterator[Section]:
    """The pass without rounding, in seconds."""
    section = Section(
        "Without rounding: 21 x 22, 1,500 blocks",
        ("entries of A", "processor seconds", "bits of the last denominator"),
        "Seconds of the processor, of single runs: they say whether it is a matter of seconds.",
    )
    for label, bits in (("8 bits after the point", 8), ("float64, as they are", None)):
        network, data = made(21, 22, restarts=3 if settings.quick else RESTARTS, bits=bits)
        start = time.process_time()
        found = forward(network, data, arithmetic="exact")
        point = found.point
        seconds = time.process_time() - start
        section.rows.append((label, f"{seconds:.2f}", f"{int(point.den).bit_length():,}"))
        section.outcomes.append(Outcome(f"1,500 blocks <= 3 s, {label}", f"{seconds:.2f} s", seconds <= 3))
    yield section


def main(arguments: list[str] | None = None) -> None:
    """Run the benchmarks."""
    command = "python benchmarks/networks.py"
    run_alone(arguments, about=__doc__, command=command, parts=(passes, unrounded), marker="networks")


if __name__ == "__main__":
    main()

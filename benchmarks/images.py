"""Networks for images: what a block costs beside plain numpy and PyWavelets, memory, and how sharp the bounds are.

    python benchmarks/images.py [--quick] [--markdown docs/theorem4.md] [--picture docs/pictures/theorem4-noise.svg]

Times are ratios in one run, side by side; the unit is a real FFT of 256 x 256 numbers of numpy and its inverse.
"""

from __future__ import annotations

import argparse
import functools
import os
import statistics
import sys
import time
import tracemalloc
from pathlib import Path
from typing import Any

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # before numpy is imported

import numpy as np  # noqa: E402
from flint import fmpq  # noqa: E402
from rich.console import Console  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.pages import write_markdown  # noqa: E402
from benchmarks.run import Outcome, Section, machine, markdown, show  # noqa: E402
from benchmarks.timing import Spread, interleaved, ratio  # noqa: E402
from exact_base.rationals import to_float  # noqa: E402
from firenet_exact.arithmetic.float_model import norm_above, point_error  # noqa: E402
from firenet_exact.imaging.forward import forward  # noqa: E402
from firenet_exact.imaging.fourier_float import FourierFloat64  # noqa: E402
from firenet_exact.imaging.masks import per_subband  # noqa: E402
from firenet_exact.imaging.network import ImageFirenet  # noqa: E402
from firenet_exact.imaging.operators import ImageOperator  # noqa: E402
from firenet_exact.imaging.samples import operator_norm_above  # noqa: E402
from firenet_exact.imaging.stability import worst_noise  # noqa: E402
from firenet_exact.imaging.subbands import Subbands  # noqa: E402
from firenet_exact.imaging.theorem4 import (  # noqa: E402
    band_weights,
    certified_mask,
    draw,
    image_class,
    network_of,
    run_network,
)
from firenet_exact.imaging.walsh_float import WalshFloat64  # noqa: E402
from firenet_exact.imaging.weights import rounded_weights  # noqa: E402
from firenet_exact.levels import Levels  # noqa: E402
from firenet_exact.parameters import own_parameters  # noqa: E402
from firenet_exact.transforms import walsh  # noqa: E402

RATES = (fmpq(3, 4), fmpq(1, 2), fmpq(1, 4))
SPARSITIES = {6: 1, 8: 6, 10: 20}
DEVIATION = fmpq(1, 500)


@functools.cache
def made(bits: int) -> tuple[Any, Any, Any]:
    """A certified mask, its class and its network."""
    subbands, sparsity = Subbands(dimension=2, bits=bits), SPARSITIES[bits]
    rates = [fmpq(1)] * (bits - 3) + list(RATES)
    pattern = per_subband(dimension=2, bits=bits, rates=rates, seed=1)
    weights = {}
    for band in range(subbands.count):
        if not subbands.rows(pattern.mask, band).all():
            *_, best = band_weights(pattern, subbands, band, sparsity=sparsity, levels=bits)
            weights[band] = rounded_weights(best.values)
    proved = certified_mask(pattern, subbands, weights, sparsities=[sparsity] * bits)
    known = image_class(proved, deviation=DEVIATION)
    return proved, known, network_of(proved, known)


def fourier_network(bits: int) -> ImageFirenet:
    """A network for as many Fourier samples, with parameters of its own."""
    rng = np.random.default_rng(0)
    mask = rng.random((1 << bits,) * 2) < 1 / 3
    operator = ImageOperator(transform="fourier", dimension=2, bits=bits, mask=mask, scales=1)
    levels = Levels.of([4 ** (bits - 1), 4**bits], [4 ** (bits - 2), 20])
    more = {"lam": "1/1000", "delta": 4, "epsilon0": 1000, "p": 45, "n": 3}
    return ImageFirenet(operator, own_parameters(levels, operator_norm_above(operator), **more))


# --- plain numpy and PyWavelets ----------------------------------------------------------------------


def plain_walsh(image: Any) -> Any:
    """The unitary Walsh transform in two dimensions, in natural order, by sums and differences."""
    found = image.copy()
    n = len(found)
    for axis in range(2):
        h = 1
        while h < n:
            shape = (n // (2 * h), 2, h, n) if axis == 0 else (n, n // (2 * h), 2, h)
            pairs = found.reshape(shape)
            a, b = (pairs[:, 0], pairs[:, 1]) if axis == 0 else (pairs[:, :, 0], pairs[:, :, 1])
            total, rest = a + b, a - b
            a[...], b[...] = total, rest
            h *= 2
    return found / n


class Plain:
    """Blocks as one would write them: images, coefficients as an array of PyWavelets, and a mask."""

    def __init__(self, bits: int, transform: str) -> None:
        import pywt

        self.pywt, n = pywt, 1 << bits
        rng = np.random.default_rng(0)
        self.mask = rng.random((n, n)) < 1 / 3
        self.fourier = transform == "fourier"
        self.order = walsh.sequency_order(bits)
        zeros = np.zeros((n, n), dtype=complex if self.fourier else float)
        image = rng.normal(size=(n, n)) + zeros
        first, self.slices = pywt.coeffs_to_array(pywt.wavedec2(image, "haar", mode="periodization"))
        self.x, self.u, self.total = first, zeros.copy(), zeros.copy()
        self.y = self.mask * image
        self.tau, self.threshold = 0.8, 1e-3

    def analysis(self, image: Any) -> Any:
        return self.pywt.coeffs_to_array(self.pywt.wavedec2(image, "haar", mode="periodization"))[0]

    def synthesis(self, x: Any) -> Any:
        parts = self.pywt.array_to_coeffs(x, self.slices, output_format="wavedec2")
        return self.pywt.waverec2(parts, "haar", mode="periodization")

    def forward(self, x: Any) -> Any:
        image = self.synthesis(x)
        seen = np.fft.fft2(image, norm="ortho") if self.fourier else plain_walsh(image)[np.ix_(self.order, self.order)]
        return self.mask * seen

    def adjoint(self, u: Any) -> Any:
        if self.fourier:
            return self.analysis(np.fft.ifft2(self.mask * u, norm="ortho"))
        natural = np.empty_like(u)
        natural[np.ix_(self.order, self.order)] = self.mask * u
        return self.analysis(plain_walsh(natural))

    def block(self) -> None:
        z = self.x - self.tau * self.adjoint(self.u)
        modulus = np.abs(z)
        new = z * np.maximum(1 - self.threshold / np.maximum(modulus, 1e-300), 0)
        w = self.u + self.tau * (self.forward(2 * new - self.x) - self.y)
        self.u = w / max(1.0, float(np.linalg.norm(w)))
        self.total = self.total + new
        self.x = new


# --- what is measured ----------------------------------------------------------------------------------


class Blocks:
    """One block after another of a network."""

    def __init__(self, network: ImageFirenet) -> None:
        rng = np.random.default_rng(1)
        samples = np.where(network.operator.mask, rng.normal(size=network.operator.mask.shape), 0)
        fourier = network.operator.transform == "fourier"
        self.work: Any = FourierFloat64(network, samples.astype(complex)) if fourier else WalshFloat64(network, samples)
        self.x, self.u, self.total = self.work.start(0, None)

    def block(self) -> None:
        new = self.work.shrink(self.x, self.u)
        self.u = self.work.project(self.x, new, self.u)
        self.total = self.work.add(self.total, new)
        self.x = new

    def bound(self) -> None:
        """What the bound of the rounding errors of a restart costs."""
        error = self.work.steps.restart_error(
            0, start=norm_above(self.x), target=norm_above(self.work.target), factor=self.work.scales[0][2]
        )
        point_error(self.total, 0, error)


def unit() -> None:
    np.fft.irfft2(np.fft.rfft2(_UNIT), s=_UNIT.shape)


_UNIT = np.random.default_rng(0).normal(size=(256, 256))


def speed(quick: bool) -> tuple[Section, list[Outcome]]:
    """Blocks side by side."""
    large, small = (8, 6) if quick else (10, 8)
    p = made(large)[2].parameters.p
    networks = {"walsh": made(large)[2], "fourier": fourier_network(large)}
    ours = {name: Blocks(network) for name, network in networks.items()}
    plain = {name: Plain(large, name) for name in networks}
    less = Blocks(made(small)[2])
    jobs = {"unit": unit, "bound": ours["walsh"].bound, "small": less.block}
    jobs |= {name: one.block for name, one in ours.items()} | {f"plain {k}": one.block for k, one in plain.items()}
    # seconds of this process: others share the machine
    times = interleaved(jobs, rounds=5 if quick else 11, clock=time.process_time)
    n = 1 << large
    rows = []
    for name in ("walsh", "fourier"):
        share, units = ratio(times[name], times[f"plain {name}"]), ratio(times[name], times["unit"])
        rows.append((f"{name}, {n} x {n}", str(units), str(ratio(times[f"plain {name}"], times["unit"])), str(share)))
    shares = {name: ratio(times[name], times[f"plain {name}"]).median for name in networks}
    growth = ratio(times["walsh"], times["small"]).median
    bound = ratio(times["bound"], times["walsh"]).median / p
    headings = ("block", "units", "plain, units", "over plain")
    outcomes = [
        Outcome("Walsh block over plain: at most 0.10", f"{shares['walsh']:.3f}", shares["walsh"] <= 0.10),
        Outcome("Fourier block over plain: at most 0.40", f"{shares['fourier']:.3f}", shares["fourier"] <= 0.40),
        Outcome(f"{1 << small}² to {n}²: at most 20 x", f"{growth:.1f}", growth <= 20),
        Outcome("rounding bound: at most 5 % of a restart", f"{100 * bound:.2g} %", bound <= 0.05),
    ]
    return Section("What a block costs", headings, "Medians with quartiles.", rows), outcomes


def memory(quick: bool) -> tuple[Section, list[Outcome]]:
    """Peak memory of a forward pass in complex arrays of N numbers, the network and samples being there."""
    rows, worst, bits = [], 0.0, 8 if quick else 10
    for name, network in (("walsh", made(bits)[2]), ("fourier", fourier_network(bits))):
        samples = np.zeros(network.operator.mask.shape, dtype=complex if name == "fourier" else float)
        short = type(network.parameters)(
            **{**_numbers(network.parameters), "betas": network.parameters.betas[:2], "p": 2}
        )
        small = ImageFirenet(network.operator, short)
        forward(small, samples)
        tracemalloc.start()
        forward(small, samples)
        arrays = tracemalloc.get_traced_memory()[1] / (16 * samples.size)
        tracemalloc.stop()
        rows.append((f"{name}, {1 << bits} x {1 << bits}", f"{arrays:.3g}"))
        worst = max(worst, arrays)
    note = "The most that is allocated at once."
    return Section("Memory", ("network", "complex arrays of N numbers"), note, rows), [
        Outcome("memory: at most 12 complex arrays", f"{worst:.3g}", worst <= 12)
    ]


def _numbers(parameters: Any) -> dict[str, Any]:
    names = ("lam", "c2_prime", "norm", "t", "v", "delta", "epsilon0", "p", "betas", "levels", "rho", "gamma")
    return {name: getattr(parameters, name) for name in names}


def bounds(quick: bool) -> tuple[Section, list[Outcome]]:
    """End to end."""
    rows, outcomes = [], []
    for bits in (6, 8) if quick else (6, 8, 10):
        proved, known, network = made(bits)
        start = time.perf_counter()
        run = run_network(network, known, draw(proved, known, np.random.default_rng([1, 1])))
        seconds = time.perf_counter() - start
        error = to_float(run.error)
        assert run.truth.belongs(known) and run.error <= run.output.bounds[-1]
        assert all(run.error <= found.bound for found in run.posterior.values())
        times = [to_float(b) / error for b in (run.output.bounds[-1], *(f.bound for f in run.posterior.values()))]
        n, blocks = 1 << bits, network.parameters.n * network.parameters.p
        fine = ", ".join(map(str, proved.levels.sparsities[-3:]))
        rows.append(
            (
                f"{n} x {n}",
                fine,
                f"{to_float(proved.rho):.3f}, {to_float(proved.gamma):.3f}",
                f"{network.parameters.n} x {network.parameters.p}",
                f"{error:.3g}",
                *(f"{one:.3g} x" for one in times),
                f"{float(run.output.errors[-1].p) / float(run.output.errors[-1].q):.1e}",
            )
        )
        if bits == 10:
            outcomes += [
                Outcome(
                    f"{blocks} blocks at 1024 x 1024: at most 200 s",
                    f"{seconds:.0f} s, bounds included",
                    seconds <= 200,
                ),
                Outcome("a priori over the error: at most 30", f"{times[0]:.1f}", times[0] <= 30),
                Outcome("a posteriori, norms: at most 6", f"{times[1]:.2f}", times[1] <= 6),
                Outcome("a posteriori, correlations: at most 2", f"{times[2]:.2f}", times[2] <= 2),
            ]
    headings = (
        *("image", "s of the last levels", "ρ, γ", "restarts x blocks", "error"),
        *("a priori", "a posteriori, norms", "correlations", "rounding errors"),
    )
    return Section("Bounds over the error", headings, "", rows), outcomes


def attacks(quick: bool, picture: Path | None) -> tuple[Section, list[Outcome]]:
    """Many draws of the noise for one image, and the worst noise that ascent finds."""
    bits, count, steps = (6, 20, 4) if quick else (8, 100, 20)
    proved, known, network = made(bits)
    first = draw(proved, known, np.random.default_rng([2, 0]))
    clean = np.zeros(proved.subbands.shape)
    for band, part in enumerate(proved.subbands.split(first.coefficients)):
        proved.subbands.put(walsh.hadamard(part) * 2.0 ** -proved.subbands.scale(band), clean, band)
    limit = to_float(network.parameters.c2_prime)  # of the table only
    errors, bound = [], 0.0
    for seed in range(count):
        noise = to_float(DEVIATION) * np.random.default_rng([3, seed]).normal(size=clean.shape)
        samples = np.where(proved.mask, clean + noise, 0)
        run = run_network(network, known, type(first)(first.coefficients, samples), posterior=False)
        assert run.truth.belongs(known) and run.error <= run.output.bounds[-1]
        errors.append(to_float(run.error))
        bound = to_float(run.output.bounds[-1])
    found = list(worst_noise(network, clean, first.coefficients, length=known.delta * fmpq(9999, 10000), steps=steps))
    worst = found[-1].error
    outcomes = [
        Outcome(
            f"{count} draws and the attack stay within the bound",
            f"{max(*errors, worst):.3g} < {bound:.3g}",
            max(*errors, worst) < bound,
        )
    ]
    n = 1 << bits
    row = (
        f"{n} x {n}",
        str(count),
        str(Spread.of(errors)),
        f"{max(errors):.3g}",
        f"{worst:.3g}",
        f"{bound:.3g}",
        f"{2 * limit:.3g}",
    )
    if picture is not None:
        _plot(errors, found, bound, picture)
    headings = ("image", "draws", "error", "the largest", "worst found by ascent", "a priori bound", "2C2'")
    return Section("Noise of one image", headings, "", [row]), outcomes


def _plot(errors: list[float], found: list[Any], bound: float, picture: Path) -> None:
    import io

    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 3.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    left.hist(errors, bins=20)
    left.set(xlabel="error, random noise", ylabel="draws")
    right.plot([a.step for a in found], [a.error for a in found], "o-", markersize=3, label="error, ascent")
    right.axhline(bound, color="k", linestyle="--", label="a priori bound")
    right.axhline(statistics.median(errors), color="C1", linestyle=":", label="random noise, median")
    right.set(xlabel="gradients", yscale="log")
    right.legend(fontsize=8)
    content = io.BytesIO()
    figure.savefig(content, format="svg", metadata={"Date": None})
    picture.write_bytes(content.getvalue())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small images")
    parser.add_argument(
        "--markdown", type=Path, metavar="FILE", help="replace what FILE has between the marks of a part"
    )
    parser.add_argument("--picture", type=Path, metavar="FILE", help="draw noise and attacks as .svg")
    parser.add_argument("--parts", default="speed,memory,bounds,noise", help="what is measured")
    options = parser.parse_args()
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 160)
    parts = {
        "speed": speed,
        "memory": memory,
        "bounds": bounds,
        "noise": functools.partial(attacks, picture=options.picture),
    }
    for name in options.parts.split(","):
        section, outcomes = parts[name](options.quick)
        show(section, console)
        for one in outcomes:
            word = "reached" if one.reached else "MISSED "
            console.print(f"{word} {one.target}: {one.measured}")
        if options.markdown is not None:
            rows = [f"| {o.target} | {o.measured} | {'yes' if o.reached else 'no'} |" for o in outcomes]
            targets = "\n".join(["| target | measured | reached |", "|---|---|---|", *rows])
            where = machine(f"python benchmarks/images.py --parts {name}")
            text = f"{markdown([section], where)}\n{targets}\n".replace("\n## ", "\n### ")
            write_markdown(options.markdown, text, marker=name)


if __name__ == "__main__":
    main()

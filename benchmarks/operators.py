"""Time the operators of images beside the same with numpy and PyWavelets.

A pass is A x and A* y, for a third of the samples of an image. `plain` is what one writes with libraries: PyWavelets'
Haar, numpy's FFT, and for Walsh numpy's sums and differences along each axis, the rows being reordered afterwards. The
unit is numpy's real FFT of 256 x 256 numbers and its inverse. With one BLAS thread, unless the environment says
otherwise.

    python benchmarks/operators.py [--quick] [--markdown FILE]
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # before numpy is imported

import numpy as np  # noqa: E402
import pywt  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.run import Outcome, Section, Settings, run_alone  # noqa: E402
from benchmarks.timing import interleaved, ratio  # noqa: E402
from firenet_exact.imaging.bands import Bands  # noqa: E402
from firenet_exact.imaging.operators import ImageOperator  # noqa: E402
from firenet_exact.transforms import haar  # noqa: E402
from firenet_exact.transforms.lanes import enclosed_transform  # noqa: E402
from firenet_exact.transforms.walsh import hadamard, sequency_order  # noqa: E402

SIZES = ((2, 8), (2, 10), (1, 20), (3, 6))
TARGETS = {"walsh": 0.10, "fourier": 0.40}
Array = Any
Pair = tuple[Callable[[Array], Array], Callable[[Array], Array]]


def plain_walsh(image: Array) -> Array:
    """The unitary Walsh transform in sequency order, by sums and differences along each axis."""
    values = image
    n = image.shape[0]
    for axis in range(image.ndim):
        values = np.moveaxis(values, axis, -1).copy()
        half = 1
        while half < n:
            pairs = values.reshape(*values.shape[:-1], n // (2 * half), 2, half)
            total = pairs[..., 0, :] + pairs[..., 1, :]
            pairs[..., 1, :] = pairs[..., 0, :] - pairs[..., 1, :]
            pairs[..., 0, :] = total
            half *= 2
        values = np.moveaxis(values, -1, axis)
    order = sequency_order(n.bit_length() - 1)
    return values[np.ix_(*[order] * image.ndim)] / image.size**0.5


def diagonal(operator: ImageOperator) -> Array:
    """The factor d of each sample."""
    roots = [float(int(scale.p) / int(scale.q)) ** 0.5 for scale in operator.scales]
    bands = operator.subbands
    if operator.transform == "fourier":
        boxes = Bands(transform="fourier", dimension=bands.dimension, bits=bands.bits)
        return np.array(roots)[boxes.index]
    found = np.empty(bands.shape)
    for band, root in enumerate(roots):
        found[bands.box(band)] = root
    return found


def plain(operator: ImageOperator) -> tuple[Pair, Callable[[Array], Any]]:
    """A and A* as one writes them with libraries, on the coefficients of PyWavelets; and these of an image."""
    transform, mask = operator.transform, operator.mask
    factors = diagonal(operator)[mask]
    walsh = transform == "walsh"

    def analysis(image: Array) -> Any:
        return pywt.wavedecn(image, "haar", mode="periodization")

    def forward(coefficients: Any) -> Array:
        image = pywt.waverecn(coefficients, "haar", mode="periodization")
        samples = plain_walsh(image) if walsh else np.fft.fftn(image, norm="ortho")
        return samples[mask] * factors

    def adjoint(data: Array) -> Any:
        samples = np.zeros(mask.shape, dtype=data.dtype)
        samples[mask] = data * factors
        return analysis(plain_walsh(samples) if walsh else np.fft.ifftn(samples, norm="ortho"))

    return (forward, adjoint), analysis


def check(operator: ImageOperator, image: Array) -> None:
    """Refuse to time what does not compute the same."""
    (forward, adjoint), analysis = plain(operator)
    theirs, ours = forward(analysis(image)), operator.forward_image(image)
    order = np.argsort(operator.positions)  # the rows of the mask in row-major order
    back = pywt.waverecn(adjoint(theirs), "haar", mode="periodization")
    same = np.allclose(theirs, ours[order]) and np.allclose(back, operator.adjoint_image(ours))
    if not same:
        raise SystemExit("the operators that are timed do not compute the same")


def unit() -> Callable[[], object]:
    """Numpy's real FFT of 256 x 256 numbers, and its inverse."""
    values = np.random.default_rng(1).normal(size=(256, 256))
    return lambda: np.fft.irfft2(np.fft.rfft2(values))


def passes(settings: Settings) -> Iterator[Section]:
    """Forward and adjoint of each operator beside the plain ones."""
    section = Section(
        "A x and A* y, a third of the samples",
        ("samples", "image", "pass / plain", "A x / unit", "A* y / unit", "plain / unit"),
        "Walsh of real, Fourier of complex numbers.",
    )
    for transform in ("walsh", "fourier"):
        for dimension, bits in SIZES[:1] if settings.quick else SIZES:
            rng = np.random.default_rng(1)
            shape = (1 << bits,) * dimension
            mask = rng.random(shape) < 1 / 3
            operator = ImageOperator(transform=transform, dimension=dimension, bits=bits, mask=mask)
            image = rng.normal(size=shape) + (1j * rng.normal(size=shape) if transform == "fourier" else 0)
            check(operator, image)
            times = interleaved(
                _jobs(operator, image), rounds=settings.rounds, sample=settings.sample, clock=time.process_time
            )
            ours = [a + b for a, b in zip(times["forward"], times["adjoint"], strict=True)]
            spread = ratio(ours, times["plain"])
            name = f"{1 << bits}" + " x " * (dimension > 1) + " x ".join([f"{1 << bits}"] * (dimension - 1))
            units = [str(ratio(times[job], times["unit"])) for job in ("forward", "adjoint", "plain")]
            section.rows.append((transform, name, str(spread), *units))
            if (dimension, bits) == (2, 10):
                limit = TARGETS[transform]
                section.outcomes.append(
                    Outcome(f"{transform}, {name}: pass <= {limit:g}× plain", str(spread), spread.median <= limit)
                )
    yield section


def _jobs(operator: ImageOperator, image: Array) -> dict[str, Callable[[], object]]:
    (forward, adjoint), analysis = plain(operator)
    x, y = haar.analysis(image), operator.forward_image(image)
    theirs, data = analysis(image), forward(analysis(image))
    return {
        "unit": unit(),
        "forward": lambda: operator.forward(x),
        "adjoint": lambda: operator.adjoint(y),
        "plain": lambda: (forward(theirs), adjoint(data)),
    }


def parts(settings: Settings) -> Iterator[Section]:
    """What an operator is made of, and the transform in integers."""
    bits = 8 if settings.quick else 10
    rng = np.random.default_rng(1)
    values, small = rng.normal(size=(1 << bits, 1 << bits)), rng.integers(-(2**40), 2**40, size=(2, 1 << 12)).tolist()
    coefficients = haar.analysis(values)
    whole = (2**40 * values).astype(np.int64)
    theirs = pywt.wavedec2(values, "haar", mode="periodization")
    section = Section(
        f"Transforms of {1 << bits} x {1 << bits} numbers",
        ("transform", "time / unit"),
        "In integers: 64 x 64 numbers.",
    )
    jobs = {
        "unit": unit(),
        "Walsh, natural order, float64": lambda: hadamard(values.reshape(-1)),
        "Walsh, natural order, int64 beyond 2^53": lambda: hadamard(whole.reshape(-1)),
        "Walsh, sums and differences of numpy": lambda: plain_walsh(values),
        "Haar analysis": lambda: haar.analysis(values),
        "Haar synthesis": lambda: haar.synthesis(coefficients, dimension=2),
        "PyWavelets' analysis": lambda: pywt.wavedec2(values, "haar", mode="periodization"),
        "PyWavelets' synthesis": lambda: pywt.waverec2(theirs, "haar", mode="periodization"),
        "Fourier in integers, with a bound": lambda: enclosed_transform(*small, dimension=2, bits=6),
    }
    times = interleaved(jobs, rounds=settings.rounds, sample=settings.sample, clock=time.process_time)
    section.rows += [(name, str(ratio(times[name], times["unit"]))) for name in jobs if name != "unit"]
    yield section


def main(arguments: list[str] | None = None) -> None:
    """Run the benchmarks."""
    command = "python benchmarks/operators.py"
    run_alone(arguments, about=__doc__, command=command, parts=(passes, parts), marker="operators")


if __name__ == "__main__":
    main()

"""What noise can do to a network for images: the gradient of its error, and the worst noise that ascent finds.

No noise of the class can leave the theorem's bound; an attack says how near one comes (docs/theorem4.md, "Attacks").
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from exact_base.errors import UsageError
from exact_base.rationals import to_float
from exact_base.reprs import short_repr
from firenet_exact.arithmetic.recursion import passes
from firenet_exact.imaging.network import ImageFirenet
from firenet_exact.imaging.samples import checked_samples
from firenet_exact.imaging.threads import one_thread
from firenet_exact.imaging.walsh_float import WalshFloat64

__all__ = ["Attack", "error_gradient", "worst_noise"]

Floats: TypeAlias = NDArray[np.float64]


@short_repr()
@dataclass(frozen=True, eq=False)
class Attack:
    """A sample array with noise of a given length, and the error that it makes.

    Attributes:
        samples: shape (n, ..., n), 0 where none is taken.
        error: ‖ψ_n - x‖, in float64.
        step: after how many gradients it was found.
    """

    samples: Floats
    error: float
    step: int


class _Recording(WalshFloat64):
    """The operations, which keep what derivatives need."""

    def __init__(self, network: ImageFirenet, samples: Floats) -> None:
        super().__init__(network, samples)
        self.blocks: list[tuple[NDArray[np.bool_], Floats, float]] = []
        self.moved: NDArray[np.bool_] = np.zeros(0, dtype=bool)

    def shrink(self, x: Floats, u: Floats) -> Floats:
        """See `Arithmetic.shrink`."""
        new = super().shrink(x, u)
        self.moved = new != 0
        return new

    def project(self, x: Floats, new: Floats, u: Floats) -> Floats:
        """See `Arithmetic.project`."""
        after = self._raised(x, new, u)
        length = math.sqrt(float(np.dot(after, after)))
        if length > 1:
            after *= 1 / length
        self.blocks.append((self.moved, after.astype(np.float32), length))
        return after

    def pulled(self, vector: Floats) -> Floats:
        """Return the transform of a copy: τA* of data, or τA of coefficients but for the mask."""
        found = vector.copy()
        self._transform(found)
        return found


def error_gradient(network: ImageFirenet, samples: Floats, truth: Floats) -> tuple[float, Floats]:
    """Return ‖ψ_n - x‖ and its derivative by y = D·samples, in floating point, by one pass forth and one back.

    Args:
        network: a network for Walsh samples.
        samples: shape (n, ..., n).
        truth: x, shape (N,).

    Returns:
        The error, and the derivative in the order of coefficients, shape (N,), 0 where no sample is taken.

    Raises:
        UsageError: if the network is for Fourier samples.
    """
    if network.operator.transform != "walsh":
        raise UsageError("attacks are on networks for Walsh samples")
    parameters = network.parameters
    work = _Recording(network, checked_samples(network.operator, samples))
    point = np.zeros(0)
    with one_thread(), np.errstate(all="ignore"):
        for k, found in enumerate(passes(work, n=parameters.n, p=parameters.p)):
            point = work.point(k, found.total)
        off = point - truth
        error = float(np.linalg.norm(off))
        gradient = np.zeros_like(point)
        by_point = off / (error or 1.0)
        for k in reversed(range(parameters.n)):
            blocks = work.blocks[k * parameters.p : (k + 1) * parameters.p]
            by_point = _back(work, blocks, k, by_point, gradient)
    return error, gradient * to_float(parameters.tau)


def _back(
    work: _Recording,
    blocks: list[tuple[NDArray[np.bool_], Floats, float]],
    k: int,
    by_point: Floats,
    gradient: Floats,
) -> Floats:
    """Return the derivative by ψ_{k-1}, and add that by y/τ, the derivative by ψ_k being given."""
    alpha, beta, _ = work.scales[k]
    by_total = beta * by_point
    by_x, by_u = np.zeros_like(by_total), np.zeros_like(by_total)
    for moved, after, length in reversed(blocks):
        by_new = by_x + by_total
        by_w = by_u if length <= 1 else (by_u - after * float(np.dot(after, by_u))) / length
        pulled = work.pulled(by_w)
        by_new += 2 * pulled
        gradient -= alpha * by_w
        by_z = np.where(moved, by_new, 0.0)
        by_x = by_z - pulled
        by_u = by_w - np.where(work.taken != 0, work.pulled(by_z), 0.0)
    return alpha * by_x


def worst_noise(
    network: ImageFirenet, clean: Floats, truth: Floats, *, length: fmpq, steps: int, seed: int = 0
) -> Iterator[Attack]:
    """Yield noise with ‖e‖ = length, ever worse: a random one first, then by steps along gradients.

    Args:
        network: a network for Walsh samples.
        clean: the samples without noise, shape (n, ..., n).
        truth: x, shape (N,).
        length: of D times the noise.
        steps: gradients to take.
        seed: of the first noise.

    Raises:
        UsageError: if the network is for Fourier samples.
    """
    operator, bands = network.operator, network.operator.subbands
    most, rng = to_float(length) * (1 - 2.0**-30), np.random.default_rng(seed)
    roots = np.repeat([math.sqrt(to_float(s)) for s in operator.scales], bands.sizes)
    mask = np.concatenate([bands.rows(operator.mask, band) for band in range(bands.count)])
    noise = rng.normal(size=mask.size) * mask
    best = -1.0
    for step in range(steps + 1):
        noise *= most / float(np.linalg.norm(noise))
        samples = np.where(operator.mask, clean, 0.0)
        added = np.zeros_like(samples)
        for band, part in enumerate(bands.split(noise / roots)):
            bands.put(part, added, band)
        samples += added
        error, gradient = error_gradient(network, samples, truth)
        if error > best:
            best = error
            yield Attack(samples, error, step)
        # the farthest point of the ball in the direction of the gradient, half way
        noise = noise + most * gradient / (float(np.linalg.norm(gradient)) or 1.0)

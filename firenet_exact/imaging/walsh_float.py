"""The operations of a forward pass for Walsh samples in float64 (docs/firenet.md, "Transforms in float64").

Nothing leaves coefficient space: the Walsh transform of a subband is one Hadamard transform, and the samples are kept
in the order of its rows, 0 where none is taken.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from exact_base.rationals import upper_root
from firenet_exact.arithmetic.float_model import (
    Steps,
    above,
    check_arithmetic,
    in_range,
    norm_above,
    point_error,
    scales,
)
from firenet_exact.imaging.network import ImageFirenet
from firenet_exact.imaging.rounding import scaled_error, walsh_error
from firenet_exact.imaging.samples import walsh_order
from firenet_exact.levels import Levels
from firenet_exact.parameters import Parameters
from firenet_exact.transforms.walsh import hadamard

__all__ = ["WalshFloat64", "groups", "root_float", "thresholds_norm"]

Floats: TypeAlias = NDArray[np.float64]

_LARGE = 1 << 14  # coefficients of a subband that is worked on by itself


class WalshFloat64:
    """The operations, in place on six buffers of N numbers.

    Args:
        network: a network for Walsh samples.
        samples: as `checked_samples` returns them.
        point: where to begin, in place of the initial guess: ψ of an earlier restart.

    Raises:
        UsageError: if t = 1.
        DataError: if a number is out of the range that is safe, or float64 is not IEEE 754's.
    """

    hypotheses: tuple[str, ...] = ()

    def __init__(self, network: ImageFirenet, samples: Floats, point: Floats | None = None) -> None:
        check_arithmetic()
        operator, parameters = network.operator, network.parameters
        bands = operator.subbands
        tau = parameters.tau
        size = bands.columns
        self.errors: list[float] = []
        self.scales = scales(parameters)
        self.point_now = network.initial if point is None else point
        # τd/√N_b of each subband
        factors = [root_float(tau * tau * s / n) for s, n in zip(operator.scales, bands.sizes, strict=True)]
        # the same where a sample is taken, and 0 elsewhere
        self.taken = walsh_order(operator, operator.mask).astype(np.float64)
        for part, factor in zip(bands.split(self.taken), factors, strict=True):
            part *= factor
        self.data = walsh_order(operator, samples)
        for part, s in zip(bands.split(self.data), operator.scales, strict=True):
            part *= root_float(tau * tau * s)
        self.thresholds = [in_range(tau * parameters.lam * weight) for weight in parameters.levels.weights]
        self.chunks = _chunks(bands.starts, bands.sizes, factors, parameters.levels, self.thresholds)
        self.x = [np.zeros(size), np.zeros(size)]
        self.u = [np.zeros(size), np.zeros(size)]
        self.target = np.zeros(size)
        self.z = np.zeros(max(chunk.shape[0] * chunk.shape[1] for chunk in self.chunks))
        off = above(parameters.t) * scaled_error(walsh_error(max(n.bit_length() - 1 for n in bands.sizes)))
        self.steps = Steps.of(
            parameters,
            rows=max(operator.shape[0], 16),  # so that underflow in the transforms is counted too
            cols=size,
            back=off,
            ahead=off,
            thresholds=thresholds_norm(parameters),
            paired=False,
        )

    def start(self, k: int, total: Floats | None) -> tuple[Floats, Floats, Floats]:
        """See `Arithmetic.start`; what is returned is overwritten by the next calls."""
        alpha, _, factor = self.scales[k]
        x, u = self.x[0], self.u[0]
        if self.point_now is None:
            x.fill(0)
        else:
            np.multiply(self.point_now, alpha, out=x)
        u.fill(0)
        np.multiply(self.data, alpha, out=self.target)
        bounds = {"start": norm_above(x), "target": norm_above(self.target), "factor": factor}
        self.errors.append(self.steps.restart_error(k, **bounds))
        if total is None:
            return x, u, np.zeros_like(x)
        total.fill(0)
        return x, u, total

    def point(self, k: int, total: Floats) -> Floats:
        """Return ψ = β·total of restart k, and put its rounding into the error.

        Raises:
            DataError: if it is not finite.
        """
        found: Floats = total * self.scales[k][1]
        self.errors[-1] = point_error(found, k, self.errors[-1])
        self.point_now = found
        return found

    def shrink(self, x: Floats, u: Floats) -> Floats:
        """See `Arithmetic.shrink`."""
        new = self.x[1] if x is self.x[0] else self.x[0]
        for chunk in self.chunks:
            after = new[chunk.where]
            z = self.z[: after.size]
            np.copyto(z, u[chunk.where])
            chunk.transform(z)
            np.subtract(x[chunk.where], z, out=z)
            for part, t in chunk.thresholds:
                np.clip(z[part], -t, t, out=after[part])
            np.subtract(z, after, out=after)
        return new

    def project(self, x: Floats, new: Floats, u: Floats) -> Floats:
        """See `Arithmetic.project`."""
        after = self._raised(x, new, u)
        square = float(np.dot(after, after))
        if not square <= 1.0:
            np.multiply(after, 1.0 / math.sqrt(square), out=after)
        return after

    def _raised(self, x: Floats, new: Floats, u: Floats) -> Floats:
        """Return u + τ(A(2x⁺ - x) - αy)."""
        found = self.u[1] if u is self.u[0] else self.u[0]
        for chunk in self.chunks:
            where = chunk.where
            after = found[where]
            np.add(new[where], new[where], out=after)  # exact, so that 2x⁺ - x is rounded once
            np.subtract(after, x[where], out=after)
            chunk.sums(after)
            np.multiply(after, self.taken[where], out=after)
            np.subtract(after, self.target[where], out=after)
            np.add(after, u[where], out=after)
        return found

    def add(self, total: Floats, new: Floats) -> Floats:
        """See `Arithmetic.add`."""
        return np.add(total, new, out=total)

    def dual(self, u: Floats) -> Floats:
        """Return -u in the order of coefficients, 0 where no sample is taken."""
        return np.negative(u)

    def _transform(self, vector: Floats) -> None:
        """Replace a vector by τd/√N_b times its Walsh transform, subband by subband."""
        for chunk in self.chunks:
            chunk.transform(vector[chunk.where])


@dataclass(frozen=True)
class _Chunk:
    """Subbands of one size that are worked on together: one of them, if it is large, so that it stays in the cache.

    Attributes:
        where: their coefficients.
        shape: how many they are, and their size.
        factors: places in the chunk, and τd/√N_b there.
        thresholds: places in the chunk, and τλw there.
    """

    where: slice
    shape: tuple[int, int]
    factors: list[tuple[slice, float]]
    thresholds: list[tuple[slice, float]]

    def sums(self, part: Floats) -> None:
        """Replace the coefficients of the chunk by their Walsh transform, not scaled."""
        if self.shape[1] > 1:
            hadamard(part.reshape(self.shape), copy=False)

    def transform(self, part: Floats) -> None:
        """Replace the coefficients of the chunk by τd/√N_b times their Walsh transform."""
        self.sums(part)
        for place, factor in self.factors:
            part[place] *= factor


def _chunks(
    starts: Sequence[int], sizes: Sequence[int], factors: Sequence[float], levels: Levels, thresholds: Sequence[float]
) -> list[_Chunk]:
    found, band = [], 0
    while band < len(sizes):
        n, count = sizes[band], 1
        while n < _LARGE and band + count < len(sizes) and sizes[band + count] == n:
            count += 1
        first, last = starts[band], starts[band] + count * n
        spread = zip(levels.starts, levels.ends, thresholds, strict=True)
        cuts = [(slice(max(a, first) - first, min(b, last) - first), t) for a, b, t in spread if a < last and b > first]
        scales = [(slice(i * n, (i + 1) * n), factors[band + i]) for i in range(count)]
        found.append(_Chunk(slice(first, last), (count, n), scales, cuts))
        band += count
    return found


def groups(sizes: tuple[int, ...]) -> list[tuple[slice, int, int]]:
    """Return (where, count, size) of runs of subbands of the same size, which are transformed together."""
    found: list[tuple[slice, int, int]] = []
    start = 0
    for size, run in itertools.groupby(sizes):
        count = len(list(run))
        found.append((slice(start, start + count * size), count, size))
        start += count * size
    return found


def thresholds_norm(parameters: Parameters) -> float:
    """Return an upper bound of ‖τλw‖."""
    levels, factor = parameters.levels, parameters.tau * parameters.lam
    spread = zip(levels.starts, levels.ends, levels.weights, strict=True)
    return above(upper_root(sum(((factor * w) ** 2 * (end - start) for start, end, w in spread), fmpq(0))))


def root_float(square: fmpq) -> float:
    """Return a root of a positive rational as a float, off by at most u(1 + 2^-8) relatively."""
    return in_range(upper_root(square))

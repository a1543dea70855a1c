"""The operations of a forward pass for Walsh samples in float64 (docs/firenet.md, "Transforms in float64").

Nothing leaves coefficient space: the Walsh transform of a subband is one Hadamard transform, and the samples are kept
in the order of its rows, 0 where none is taken.
"""

from __future__ import annotations

import itertools
import math
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
from firenet_exact.parameters import Parameters
from firenet_exact.transforms.walsh import hadamard

__all__ = ["WalshFloat64", "groups", "root_float", "thresholds_norm"]

Floats: TypeAlias = NDArray[np.float64]


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
        self.mask = walsh_order(operator, operator.mask).astype(np.float64)
        self.data = walsh_order(operator, samples)
        for part, s in zip(bands.split(self.data), operator.scales, strict=True):
            part *= root_float(tau * tau * s)
        self.thresholds = [in_range(tau * parameters.lam * weight) for weight in parameters.levels.weights]
        levels = parameters.levels
        self.levels = [slice(*pair) for pair in zip(levels.starts, levels.ends, strict=True)]
        # subbands of one scale are transformed together
        self.groups = groups(bands.sizes)
        self.factors = [(slice(a, a + n), f) for a, n, f in zip(bands.starts, bands.sizes, factors, strict=True)]
        self.x = [np.zeros(size), np.zeros(size)]
        self.u = [np.zeros(size), np.zeros(size)]
        self.z, self.target = np.zeros(size), np.zeros(size)
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
        z, new = self.z, self.x[1] if x is self.x[0] else self.x[0]
        np.copyto(z, u)
        self._transform(z)
        np.subtract(x, z, out=z)
        for part, t in zip(self.levels, self.thresholds, strict=True):
            np.clip(z[part], -t, t, out=new[part])
        np.subtract(z, new, out=new)
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
        after = self.u[1] if u is self.u[0] else self.u[0]
        np.add(new, new, out=after)
        np.subtract(after, x, out=after)
        self._transform(after)
        np.multiply(after, self.mask, out=after)
        np.subtract(after, self.target, out=after)
        return np.add(after, u, out=after)

    def add(self, total: Floats, new: Floats) -> Floats:
        """See `Arithmetic.add`."""
        return np.add(total, new, out=total)

    def dual(self, u: Floats) -> Floats:
        """Return -u in the order of coefficients, 0 where no sample is taken."""
        return np.negative(u)

    def _transform(self, vector: Floats) -> None:
        """Replace a vector by τd/√N_b times its Walsh transform, subband by subband."""
        for part, count, n in self.groups:
            if n > 1:
                hadamard(vector[part].reshape(count, n), copy=False)
        for part, factor in self.factors:
            vector[part] *= factor


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

"""The operations of a forward pass for Fourier samples in float64 (docs/firenet.md, "Transforms in float64").

The bound of the rounding errors rests on a hypothesis on the library's Fourier transform, which each output names.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from firenet_exact.arithmetic.float_model import (
    Steps,
    above,
    check_arithmetic,
    in_range,
    norm_above,
    point_error,
    scales,
)
from firenet_exact.imaging.bands import Bands
from firenet_exact.imaging.network import ImageFirenet
from firenet_exact.imaging.rounding import FFT_UNITS, fourier_haar_error, scaled_error
from firenet_exact.imaging.walsh_float import root_float, thresholds_norm
from firenet_exact.transforms import fourier
from firenet_exact.transforms.haar import analysis, synthesis

__all__ = ["FFT_HYPOTHESIS", "FourierFloat64"]

Complexes: TypeAlias = NDArray[np.complex128]

_PIECE = 1 << 13

FFT_HYPOTHESIS = (
    f"scipy.fft computes a unitary transform of N complex numbers with an error of at most {FFT_UNITS}·2^-53·log2(2N) "
    "of their length"
)


class FourierFloat64:
    """The operations, on complex arrays of N numbers; see `WalshFloat64`."""

    hypotheses: tuple[str, ...] = (FFT_HYPOTHESIS,)

    def __init__(self, network: ImageFirenet, samples: Complexes, point: Complexes | None = None) -> None:
        check_arithmetic()
        operator, parameters = network.operator, network.parameters
        bands = operator.subbands
        tau = parameters.tau
        size, rows = bands.columns, operator.shape[0]
        self.dimension = bands.dimension
        self.errors: list[float] = []
        self.scales = scales(parameters)
        self.point_now = network.initial if point is None else point
        # τd of each box of samples
        boxes = Bands(transform="fourier", dimension=bands.dimension, bits=bands.bits)
        roots = np.array([root_float(tau * tau * scale) for scale in operator.scales])
        self.factors = roots[boxes.index.reshape(-1)[operator.positions]]
        self.data = samples.reshape(-1)[operator.positions] * self.factors
        self.thresholds = [in_range(tau * parameters.lam * weight) for weight in parameters.levels.weights]
        levels = parameters.levels
        # pieces of levels that stay in the cache
        self.pieces = [
            (slice(a, min(a + _PIECE, end)), t)
            for start, end, t in zip(levels.starts, levels.ends, self.thresholds, strict=True)
            for a in range(start, end, _PIECE)
        ]
        self.image = fourier.padded(bands.shape)
        self.memory = (self.image if self.image.base is None else self.image.base).reshape(-1)
        steps = [stride // self.image.itemsize for stride in self.image.strides]
        indices = np.unravel_index(operator.positions, bands.shape)
        self.where = np.sum([step * index for step, index in zip(steps, indices, strict=True)], axis=0)
        self.x = [np.zeros(size, dtype=complex), np.zeros(size, dtype=complex)]
        self.u, self.raised, self.target = (np.zeros(rows, dtype=complex) for _ in range(3))
        self.modulus, self.squares = np.zeros(_PIECE), np.zeros(2 * _PIECE)
        off = above(parameters.t) * scaled_error(fourier_haar_error(bands.bits, bands.dimension))
        self.steps = Steps.of(
            parameters,
            rows=2 * rows,
            cols=2 * size,
            back=off,
            ahead=off,
            thresholds=2 * thresholds_norm(parameters),
            paired=True,
        )

    def start(self, k: int, total: Complexes | None) -> tuple[Complexes, Complexes, Complexes]:
        """See `Arithmetic.start`; what is returned is overwritten by the next calls."""
        alpha, _, factor = self.scales[k]
        x = self.x[0]
        if self.point_now is None:
            x.fill(0)
        else:
            np.multiply(self.point_now, alpha, out=x)
        self.u.fill(0)
        np.multiply(self.data, alpha, out=self.target)
        bounds = {"start": norm_above(x), "target": norm_above(self.target), "factor": factor}
        self.errors.append(self.steps.restart_error(k, **bounds))
        if total is None:
            return x, self.u, np.zeros_like(x)
        total.fill(0)
        return x, self.u, total

    def point(self, k: int, total: Complexes) -> Complexes:
        """Return ψ = β·total of restart k; see `WalshFloat64.point`."""
        found: Complexes = total * self.scales[k][1]
        self.errors[-1] = point_error(found, k, self.errors[-1])
        self.point_now = found
        return found

    def shrink(self, x: Complexes, u: Complexes) -> Complexes:
        """See `Arithmetic.shrink`."""
        new = self.x[1] if x is self.x[0] else self.x[0]
        np.multiply(u, self.factors, out=self.raised)
        self.memory.fill(0)
        self.memory[self.where] = self.raised
        z = analysis(fourier.inverse(self.image, overwrite=True))
        for part, t in self.pieces:
            piece = z[part]
            np.subtract(x[part], piece, out=piece)
            flat, modulus = piece.view(np.float64), self.modulus[: piece.size]
            squares = self.squares[: flat.size]
            np.multiply(flat, flat, out=squares)
            np.add(squares[0::2], squares[1::2], out=modulus)
            np.sqrt(modulus, out=modulus)
            np.maximum(modulus, t, out=modulus)
            np.divide(t, modulus, out=modulus)
            np.subtract(1.0, modulus, out=modulus)
            np.multiply(piece, modulus, out=new[part])
        return new

    def project(self, x: Complexes, new: Complexes, u: Complexes) -> Complexes:
        """See `Arithmetic.project`; x and u are overwritten."""
        raised = self.raised
        for part, _ in self.pieces:
            piece = x[part]
            twice = self.squares.view(complex)[: piece.size]
            np.add(new[part], new[part], out=twice)  # exact, so that 2x⁺ - x is rounded once
            np.subtract(twice, piece, out=piece)
        synthesis(x, dimension=self.dimension, out=self.image)
        found = fourier.transform(self.image, overwrite=True)
        if found is self.image or np.shares_memory(found, self.image):
            np.take(self.memory, self.where, out=raised, mode="clip")
        else:  # the library did not overwrite
            self.image[...] = found
            np.take(self.memory, self.where, out=raised, mode="clip")
        np.multiply(raised, self.factors, out=raised)
        np.subtract(raised, self.target, out=raised)
        np.add(raised, u, out=u)
        flat = u.view(np.float64)
        square = float(np.dot(flat, flat))
        if not square <= 1.0:
            np.multiply(flat, 1.0 / math.sqrt(square), out=flat)
        return u

    def add(self, total: Complexes, new: Complexes) -> Complexes:
        """See `Arithmetic.add`."""
        return np.add(total, new, out=total)

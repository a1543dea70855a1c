"""The forward pass in float64, with a rigorous bound of its rounding errors (docs/firenet.md, "Float64").

The bound costs a few operations for each restart and none for each block: it follows from bounds of the iterates that
hold whatever is rounded, and from a model of float64 that allows any order of summation, with and without fused
operations, and underflow to zero. Overflow and NaN are refused.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from exact_base.errors import DataError, UsageError
from exact_base.matrices import ExactMatrix
from exact_base.rationals import float_exactly, to_float
from firenet_exact.arithmetic.float_model import (
    LARGEST,
    MOST,
    SMALL,
    TINY,
    UNIT,
    UPWARD,
    Steps,
    check_arithmetic,
    gamma,
    in_range,
    norm_above,
    point_error,
    scales,
)
from firenet_exact.arithmetic.output import Output
from firenet_exact.arithmetic.real_form import from_real, is_complex, real_step
from firenet_exact.arithmetic.recursion import passes
from firenet_exact.network import Firenet

__all__ = ["forward"]

Array: TypeAlias = NDArray[np.float64]


def forward(network: Firenet, data: ExactMatrix) -> Output:
    """Return the output for y, shape (m, 1), real or complex.

    Raises:
        UsageError: if y has another shape, t = 1, or the matrix is too large.
        DataError: if a number is too large for float64, or its arithmetic is not IEEE 754's (`check_arithmetic`).
    """
    network.check_data(data)
    arithmetic, parameters = _Float64(network, data), network.parameters
    points, dual = [], np.zeros(0)
    with np.errstate(all="ignore"):  # what overflows is refused, and what underflows is in the bound
        for k, found in enumerate(passes(arithmetic, n=parameters.n, p=parameters.p)):
            points.append(arithmetic.point(k, found.total))
            dual = found.dual
    errors = tuple(map(float_exactly, arithmetic.errors))
    last = np.negative(dual)
    return Output(network, data, "float64", errors, None, None, points, last, arithmetic.exactly)


@dataclass(frozen=True)
class _Prepared:
    """What is kept of a network: B = τA rounded to float64 in real form, and bounds."""

    matrix: Array  # B, shape (m, N), contiguous by rows
    adjoint: Array  # its transpose, contiguous by rows
    low: Array  # minus the thresholds τλw
    high: Array  # the thresholds
    steps: Steps
    scales: list[tuple[float, float, float]]  # α_k, β_k, and β_k p rounded up


def _prepare(network: Firenet, *, paired: bool) -> _Prepared:
    key = f"float64 {paired}"
    if key not in network.prepared:
        parameters = network.parameters
        rows, den = real_step(network, paired=paired)
        matrix = np.array([[to_float(fmpq(a, den)) for a in row] for row in rows])
        if matrix.size > MOST or parameters.p > MOST:
            raise UsageError(f"at most {MOST} entries and blocks are possible in float64")
        size = np.abs(matrix)
        if not float(size.max()) < LARGEST:
            raise DataError("an entry of τA is too large for float64; scale the matrix")
        frobenius = math.sqrt(float(np.sum(size * size))) * (1 + 2**-20) + SMALL
        # sums of at most 2^28 numbers >= 0 lose less than 2^-24 of themselves
        absolute = min(frobenius, math.sqrt(float(size.sum(axis=0).max()) * float(size.sum(axis=1).max()))) * (
            1 + 2**-20
        )
        high = np.array([in_range(parameters.tau * parameters.lam * w) for w in parameters.weights])
        absolute += TINY * matrix.size
        excess = UNIT * frobenius * UPWARD + TINY * matrix.size  # >= ‖B - τA‖
        steps = Steps.of(
            parameters,
            rows=matrix.shape[0],
            cols=matrix.shape[1],
            back=(gamma(matrix.shape[0]) * absolute + excess) * UPWARD,
            ahead=(gamma(matrix.shape[1]) * absolute + excess) * UPWARD,
            thresholds=norm_above(high),
            paired=paired,
        )
        network.prepared[key] = _Prepared(
            matrix=_aligned(matrix),
            adjoint=_aligned(matrix.T),
            low=-high,
            high=high,
            steps=steps,
            scales=scales(parameters),
        )
    found: _Prepared = network.prepared[key]
    return found


class _Float64:
    """The operations, in place on a few buffers; all vectors are in real form."""

    def __init__(self, network: Firenet, data: ExactMatrix) -> None:
        check_arithmetic()
        parameters = network.parameters
        self.paired = is_complex(network, data)
        self.known = known = _prepare(network, paired=self.paired)
        tau = parameters.tau
        # τy is rounded once; times α, and the exact y is not needed any more
        self.data = _floats(data, tau, paired=self.paired)
        self.initial = None
        if network.initial is not None:
            self.initial = _floats(network.initial, fmpq(1), paired=self.paired)
        self.rows, self.cols = known.matrix.shape
        self.matrix, self.adjoint, self.low, self.high = known.matrix, known.adjoint, known.low, known.high
        self.x = [np.zeros(self.cols), np.zeros(self.cols)]
        self.u = [np.zeros(self.rows), np.zeros(self.rows)]
        self.z, self.clipped, self.raised = np.zeros(self.cols), np.zeros(self.cols), np.zeros(self.rows)
        self.shrink = self._shrink_pairs if self.paired else self._shrink
        self.errors: list[float] = []
        self.point_now: Array | None = self.initial

    def exactly(self, vector: Array) -> ExactMatrix:
        """Return the dyadic numbers that the floats are."""
        exact = [float_exactly(x) for x in vector.tolist()]
        den = math.lcm(1, *(int(x.q) for x in exact))
        return from_real([int(x.p) * (den // int(x.q)) for x in exact], den, paired=self.paired)

    def start(self, k: int, total: Array | None) -> tuple[Array, Array, Array]:
        alpha = self.known.scales[k][0]
        x, u = self.x[0], self.u[0]
        if self.point_now is None:
            x.fill(0)
        else:
            np.multiply(self.point_now, alpha, out=x)
        u.fill(0)
        self.target = self.data * alpha
        bounds = {"start": norm_above(x), "target": norm_above(self.target), "factor": self.known.scales[k][2]}
        self.errors.append(self.known.steps.restart_error(k, **bounds))
        return x, u, np.zeros(self.cols)

    def point(self, k: int, total: Array) -> Array:
        """Return ψ = β·total of restart k.

        Raises:
            DataError: if it is not finite.
        """
        found: Array = total * self.known.scales[k][1]
        self.errors[k] = point_error(found, k, self.errors[k])
        self.point_now = found
        return found

    def _shrink(self, x: Array, u: Array) -> Array:
        z, clipped, new = self.z, self.clipped, self.x[1] if x is self.x[0] else self.x[0]
        np.dot(self.adjoint, u, out=z)
        np.subtract(x, z, out=z)
        np.maximum(z, self.low, out=clipped)
        np.minimum(clipped, self.high, out=clipped)
        np.subtract(z, clipped, out=new)
        return new

    def _shrink_pairs(self, x: Array, u: Array) -> Array:
        z, new = self.z, self.x[1] if x is self.x[0] else self.x[0]
        np.dot(self.adjoint, u, out=z)
        np.subtract(x, z, out=z)
        half = self.cols // 2
        re, im = z[:half], z[half:]
        modulus = np.sqrt(re * re + im * im)
        factor = 1.0 - self.high / np.maximum(modulus, self.high)
        np.multiply(re, factor, out=new[:half])
        np.multiply(im, factor, out=new[half:])
        return new

    def project(self, x: Array, new: Array, u: Array) -> Array:
        z, w = self.z, self.raised
        np.add(new, new, out=z)
        np.subtract(z, x, out=z)
        np.dot(self.matrix, z, out=w)
        np.subtract(w, self.target, out=w)
        after = self.u[1] if u is self.u[0] else self.u[0]
        np.add(w, u, out=after)
        square = float(np.dot(after, after))
        if not square <= 1.0:
            np.multiply(after, 1.0 / math.sqrt(square), out=after)
        return after

    def add(self, total: Array, new: Array) -> Array:
        return np.add(total, new, out=total)


def _aligned(matrix: Array) -> Array:
    """Return a copy, contiguous by rows, that starts with a cache line: products are up to a tenth faster then."""
    raw = np.empty(matrix.nbytes + 64, dtype=np.uint8)
    start = -raw.ctypes.data % 64
    found = raw[start : start + matrix.nbytes].view(np.float64).reshape(matrix.shape)
    found[...] = matrix
    return found


def _floats(vector: ExactMatrix, factor: fmpq, *, paired: bool) -> Array:
    """Return the floats nearest to the entries of a vector, in real form, times a rational."""
    re, im = vector.integers()
    p, q = int(factor.p), int(factor.q) * vector.den
    rows = re + ((im or [[0]] * len(re)) if paired else [])
    try:
        return np.array([row[0] * p / q for row in rows])
    except OverflowError:
        raise DataError("the data are too large for float64; scale them") from None

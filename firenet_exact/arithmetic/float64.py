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
from firenet_exact.arithmetic.output import Output
from firenet_exact.arithmetic.real_form import from_real, is_complex, real_step
from firenet_exact.arithmetic.recursion import passes
from firenet_exact.arithmetic.rounding import amplification
from firenet_exact.network import Firenet

__all__ = ["forward"]

Array: TypeAlias = NDArray[np.float64]

UNIT = 2.0**-53  # u
TINY = 2.0**-1022  # ω: what an operation may lose where its result is subnormal
UPWARD = 1 + 2.0**-40  # more than (1-u)^-1024: fewer than 1024 operations with numbers >= 0 lose no more
LARGEST, SMALL = 2.0**500, 2.0**-480  # no square overflows; squares that underflow are those of less than SMALL
MOST = 2**28  # of lengths of sums and of numbers of blocks


def forward(network: Firenet, data: ExactMatrix) -> Output:
    """Return the output for y, shape (m, 1), real or complex.

    Raises:
        UsageError: if y has another shape, t = 1, or the matrix is too large.
        DataError: if a number is too large for float64, or its arithmetic is not IEEE 754's (`_check_arithmetic`).
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
    absolute: float  # >= the norm of |B|
    excess: float  # >= ‖B - τA‖
    low: Array  # minus the thresholds τλw
    high: Array  # the thresholds
    thresholds: float  # >= ‖τλw‖
    t: float  # >= t
    f: float  # >= 1/√(1-t²)
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
        high = np.array([_in_range(parameters.tau * parameters.lam * w) for w in parameters.weights])
        network.prepared[key] = _Prepared(
            matrix=_aligned(matrix),
            adjoint=_aligned(matrix.T),
            absolute=absolute + TINY * matrix.size,
            excess=UNIT * frobenius * UPWARD + TINY * matrix.size,
            low=-high,
            high=high,
            thresholds=_norm(high),
            t=_above(parameters.t),
            f=_above(amplification(parameters)),
            scales=[
                (_in_range(alpha), _in_range(beta), _above(beta * parameters.p))
                for alpha, beta in zip(parameters.alphas, parameters.betas, strict=True)
            ],
        )
    found: _Prepared = network.prepared[key]
    return found


class _Float64:
    """The operations, in place on a few buffers; all vectors are in real form."""

    def __init__(self, network: Firenet, data: ExactMatrix) -> None:
        _check_arithmetic()
        parameters = network.parameters
        self.paired = is_complex(network, data)
        self.known = known = _prepare(network, paired=self.paired)
        self.p = parameters.p
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
        self.errors.append(self._error(k, _norm(x), _norm(self.target)))
        return x, u, np.zeros(self.cols)

    def point(self, k: int, total: Array) -> Array:
        """Return ψ = β·total of restart k.

        Raises:
            DataError: if it is not finite.
        """
        found: Array = total * self.known.scales[k][1]
        if not np.isfinite(found).all():
            raise DataError(f"float64 overflows in restart {k + 1}; use fixed point")
        self.point_now = found
        # the multiplication by β, itself rounded, is part of the error of this restart
        self.errors[k] = (self.errors[k] + 3 * UNIT * _norm(found) + TINY * self.cols) * UPWARD
        return found

    def _error(self, k: int, start: float, target: float) -> float:
        """Return err of restart k up to the last multiplication: docs/firenet.md, "Float64", in the same order."""
        known, p, u = self.known, self.p, UNIT
        gamma_rows, gamma_cols = _gamma(self.rows), _gamma(self.cols)
        tiny = 8 * TINY * (self.rows + 4) * (self.cols + 4)
        projected = _gamma(self.rows + 6)
        dual = 1 + projected
        step_back = known.t + known.excess + gamma_rows * known.absolute
        step = known.t + known.excess + gamma_cols * known.absolute
        moved = step_back * dual + tiny
        most = (start + p * moved) * (1 + 20 * p * u)
        if not (most < LARGEST and target < LARGEST):
            raise DataError(f"an iterate of restart {k + 1} may exceed 2^500; use fixed point")
        wide = 3 * most
        back = (gamma_rows * known.absolute + known.excess) * dual
        shrinking = 8 * u * (most + moved) if self.paired else 2 * u * (most + moved) * UPWARD + u * known.thresholds
        primal = back + shrinking + tiny
        ahead = (gamma_cols * known.absolute + known.excess) * wide * UPWARD + known.t * u * wide
        sums = 3 * u * (step * wide * UPWARD + target * UPWARD + dual)
        dual_error = ahead + sums + 4 * u * target + projected + tiny
        coupled = dual_error + 2 * known.t * primal
        block = math.sqrt(primal * primal + coupled * coupled + 2 * known.t * primal * coupled)
        begun = 4 * u * start + tiny
        mean = _gamma(p) * most + tiny
        inner = (begun + (p + 1) / 2 * block) * known.f + mean
        error: float = known.scales[k][2] * inner * UPWARD * UPWARD + TINY
        if not math.isfinite(error):
            raise DataError(f"the rounding errors of restart {k + 1} have no finite bound; use fixed point")
        return error

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


def _gamma(count: int) -> float:
    """Return an upper bound of γ_count = count·u/(1 - count·u), up to the rounding that `UPWARD` covers."""
    return count * UNIT * (1 + 2.0**-20)


def _norm(vector: Array) -> float:
    """Return an upper bound of the l2 norm of floats."""
    largest = float(np.abs(vector).max(initial=0.0))
    if not largest < LARGEST:
        raise DataError("a vector is too large for float64, or not finite; use fixed point")
    return math.sqrt(float(np.dot(vector, vector))) * (1 + 2.0**-20) + SMALL


def _in_range(value: fmpq) -> float:
    """Return the nearest float of a positive number, within u of it relatively.

    Raises:
        DataError: if it is below 2^-480 or above 2^500.
    """
    found = to_float(value)
    if not SMALL < found < LARGEST:
        raise DataError(f"the parameters contain {found:.3g}, which is out of the range that is safe in float64")
    return found


def _above(value: fmpq) -> float:
    """Return a float that is at least a rational value >= 0."""
    return math.nextafter(to_float(value), math.inf)


def _check_arithmetic() -> None:
    """Raise DataError unless float64 computes here and now as IEEE 754 says unless told otherwise.

    It must round to nearest, ties to even, and neither take subnormal operands for zero nor put zero for subnormal
    results; a library built for speed may have changed either for the whole thread. The results are compared by their
    bits, as a comparison is arithmetic too.
    """
    one, half = np.array([1.0, -1.0, 1.0]), np.array([UNIT, -UNIT, 3 * UNIT])
    if (one + half).tolist() != [1.0, -1.0, 1.0 + 4 * UNIT]:
        raise DataError("float64 does not round to nearest here; change the rounding mode")
    least = np.array([1, 1 << 52], dtype=np.int64).view(np.float64)  # 2^-1074, subnormal, and 2^-1022
    if (least * np.array([2.0**52, 0.5])).view(np.int64).tolist() != [1 << 52, 1 << 51]:
        raise DataError(
            "float64 takes subnormal numbers for zero here (flush-to-zero, set by a library built with -ffast-math); "
            "use fixed point, or run without that library"
        )

"""The forward pass in fixed point: integers over 2^q, with exact rules that give the same bits everywhere.

The rules are those of docs/firenet.md, "Fixed point"; the products of a matrix and a vector are computed with the rows
of the matrix packed into one long integer, which changes no bit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from operator import mul
from struct import Struct

from flint import fmpq, fmpz_mat

from firenet_exact.arithmetic.output import Output
from firenet_exact.arithmetic.real_form import from_real, is_complex, norm_above, real_entries, real_step
from firenet_exact.arithmetic.recursion import passes
from firenet_exact.arithmetic.rounding import block_error, restart_error
from firenet_exact.errors import UsageError
from firenet_exact.matrices import ExactMatrix
from firenet_exact.network import Firenet
from firenet_exact.rationals import power_of_two, upper_root

__all__ = ["forward"]

Vector = list[int]
Product = Callable[[Vector], Vector]

_LIMB = 63  # bits of an integer that python-flint takes over at once


def forward(network: Firenet, data: ExactMatrix, *, bits: int = 64, matrix_bits: int | None = None) -> Output:
    """Return the output for y, shape (m, 1), real or complex.

    Args:
        network: the network; it needs t < 1.
        data: y.
        bits: q: vectors are integers over 2^q.
        matrix_bits: b, a multiple of 8: τA is rounded to integers over 2^b. At least q if not given.

    Raises:
        UsageError: if y has another shape, t = 1, or the bits are out of range.
    """
    network.check_data(data)
    matrix_bits = -(-bits // 8) * 8 if matrix_bits is None else matrix_bits
    if not (8 <= bits <= 2**16 and 8 <= matrix_bits <= 2**16 and matrix_bits % 8 == 0):
        raise UsageError(f"8 to 65536 bits are needed, of the matrix a multiple of 8, not {bits} and {matrix_bits}")
    arithmetic = _Fixed(network, data, bits, matrix_bits)
    totals, dual = [], []
    for found in passes(arithmetic, n=network.parameters.n, p=network.parameters.p):
        totals.append(found.total)
        dual = found.dual
    points = [(total, beta) for total, beta in zip(totals, network.parameters.betas, strict=True)]
    errors = tuple(arithmetic.errors)
    last = ([-u for u in dual], fmpq(1))
    return Output(network, data, "fixed", errors, (bits, matrix_bits), None, points, last, arithmetic.exactly)


class _Fixed:
    """The operations; all vectors are integers over 2^q, in real form."""

    def __init__(self, network: Firenet, data: ExactMatrix, bits: int, matrix_bits: int) -> None:
        parameters = network.parameters
        self.parameters, self.bits = parameters, bits
        self.paired = is_complex(network, data)
        self.unit = power_of_two(-bits)
        self.matrix, self.adjoint, self.excess, self.size = _prepared(network, matrix_bits, paired=self.paired)
        one = 1 << bits
        self.square = one * one
        self.thresholds = [_nearest(parameters.tau * parameters.lam * w * one) for w in parameters.weights]
        self.data = real_entries(data, paired=self.paired)
        self.initial = None if network.initial is None else real_entries(network.initial, paired=self.paired)
        self.rows, self.cols = len(self.data), self.matrix.cols
        self.shrink = self._shrink_pairs if self.paired else self._shrink
        self.errors: list[fmpq] = []
        step = parameters.t + self.excess
        # bounds of |u|, and of what one block can add to |x|, in units
        self.dual_norm = one + self.rows
        self.growth = _ceil(step * self.dual_norm) + 2 * self.cols
        self.descend, back = self.adjoint.fitted(vector=self.dual_norm, result=self.size * self.dual_norm)
        self.back = back
        # what z less `back` is compared with
        self.limits = [(t - back, -t - back) for t in self.thresholds]
        self.ascend = self.descend  # each restart has its own

    def exactly(self, vector: tuple[Vector, fmpq]) -> ExactMatrix:
        """Return the vector that integers over 2^q stand for, times a rational."""
        numerators, factor = vector
        p, q = int(factor.p), int(factor.q)
        return from_real([a * p for a in numerators], q << self.bits, paired=self.paired)

    def start(self, k: int, total: Vector | None) -> tuple[Vector, Vector, Vector]:
        parameters = self.parameters
        alpha, one = parameters.alphas[k], 1 << self.bits
        if total is not None:
            factor = alpha * parameters.betas[k - 1]
            p, q = int(factor.p), int(factor.q)
            x = [(2 * a * p + q) // (2 * q) for a in total]
        elif self.initial is not None:
            x = [_nearest(alpha * a * one) for a in self.initial]
        else:
            x = [0] * self.cols
        length = norm_above(x)
        most = length + parameters.p * self.growth
        # lanes must be wide enough even if ‖A‖ > L
        longest = length + parameters.p * (self.size * self.dual_norm + 2 * self.cols)
        self.ascend, back = self.matrix.fitted(vector=3 * longest, result=3 * self.size * longest)
        self.target = [_nearest(parameters.tau * alpha * a * one) + back for a in self.data]
        self.errors.append(self._error(k, most, moved=total is not None or self.initial is not None))
        return x, [0] * self.rows, [0] * self.cols

    def _error(self, k: int, most: int, *, moved: bool) -> fmpq:
        """Return err of restart k, where no iterate is longer than `most` units."""
        unit, excess = self.unit, self.excess
        root_x, root_u = upper_root(fmpq(self.cols)), upper_root(fmpq(self.rows))
        primal = (3 if self.paired else 1) * root_x * unit + excess * self.dual_norm * unit
        dual = (fmpq(3, 2) * root_u + 1) * unit + excess * 3 * most * unit
        block = block_error(self.parameters, primal=primal, dual=dual)
        return restart_error(self.parameters, k, start=root_x * unit / 2 * int(moved), block=block)

    def _shrink(self, x: Vector, u: Vector) -> Vector:
        new = []
        for a, b, (high, low) in zip(x, self.descend(u), self.limits, strict=True):
            z = a - b
            new.append(z - high if z > high else z - low if z < low else 0)
        return new

    def _shrink_pairs(self, x: Vector, u: Vector) -> Vector:
        back = self.back
        moved = [a - b + back for a, b in zip(x, self.descend(u), strict=True)]
        size = len(moved) // 2
        re, im = moved[:size], moved[size:]
        for j, (a, b, t) in enumerate(zip(re, im, self.thresholds, strict=True)):
            square = a * a + b * b
            if square <= t * t:
                re[j] = im[j] = 0
            else:
                r = math.isqrt(square)
                re[j] = a - (2 * a * t + r) // (2 * r)
                im[j] = b - (2 * b * t + r) // (2 * r)
        return re + im

    def project(self, x: Vector, new: Vector, u: Vector) -> Vector:
        raised = self.ascend([2 * a - b for a, b in zip(new, x, strict=True)])
        w = [a + b - c for a, b, c in zip(u, raised, self.target, strict=True)]
        square = sum(map(mul, w, w))
        if square <= self.square:
            return w
        r = math.isqrt(square - 1) + 1
        shift, double = self.bits + 1, 2 * r
        return [((a << shift) + r) // double for a in w]

    def add(self, total: Vector, new: Vector) -> Vector:
        return [a + b for a, b in zip(total, new, strict=True)]


class _Packed:
    """An integer matrix whose products with vectors are divided by 2^shift and rounded, halves up."""

    def __init__(self, rows: Sequence[Sequence[int]], shift: int) -> None:
        self.cols, self.rows = len(rows[0]), len(rows)
        self._columns = list(zip(*rows, strict=True))
        self._shift = shift
        self._largest = max(max(map(abs, row)) for row in rows).bit_length()
        self._made: dict[tuple[int, int], tuple[Product, int]] = {}

    def fitted(self, *, vector: int, result: int) -> tuple[Product, int]:
        """Return a function and a constant; the rounded product is what the function returns, less the constant.

        Args:
            vector: the entries of vectors do not exceed this in modulus.
            result: nor do those of rounded products this.
        """
        # a lane holds sums below 2^(shift + bits) in modulus, made positive by adding as much
        bits = max((result + 1).bit_length(), self._largest - self._shift) + 1
        lane = -(-(self._shift + bits + 1) // 64) * 8
        # the last limb may be a little longer: few entries of a vector of the length 1 are larger than 1/2
        limbs = max(1, -(-(vector.bit_length() - 2) // _LIMB))
        if (lane, limbs) not in self._made:
            self._made[lane, limbs] = self._make(lane, limbs)
        return self._made[lane, limbs]

    def _make(self, lane: int, limbs: int) -> tuple[Product, int]:
        """Pack each column, its first row highest, and split vectors into limbs, as longer integers convert slowly."""
        count, low, cols = self.rows, self._shift // 8, self.cols
        middle = 1 << (8 * lane - 1)
        ones = int.from_bytes((bytes(lane - 1) + b"\x01") * count, "big")
        packed = fmpz_mat(
            1,
            cols,
            [
                int.from_bytes(b"".join((a + middle).to_bytes(lane, "big") for a in column), "big") - middle * ones
                for column in self._columns
            ],
        )
        offset, length = (middle + (1 << (self._shift - 1))) * ones, lane * count
        split, decode = Struct(f"{lane - low}s{low}x" * count).unpack, int.from_bytes
        mask = (1 << _LIMB) - 1

        def product(vector: Vector) -> Vector:
            total, rest = offset, vector
            for k in range(limbs - 1):
                total += int((packed * fmpz_mat(cols, 1, [a & mask for a in rest]))[0, 0]) << (_LIMB * k)
                rest = [a >> _LIMB for a in rest]
            total += int((packed * fmpz_mat(cols, 1, rest))[0, 0]) << (_LIMB * (limbs - 1))
            return list(map(decode, split(total.to_bytes(length, "big"))))

        return product, middle >> self._shift


def _prepared(network: Firenet, bits: int, *, paired: bool) -> tuple[_Packed, _Packed, fmpq, int]:
    """Return B = τA rounded to integers over 2^bits, B*, and bounds of ‖B/2^bits - τA‖ and of ‖B/2^bits‖."""
    key = f"fixed {bits} {paired}"
    if key not in network.prepared:
        rows, den = real_step(network, paired=paired)
        rounded = [[((a << (bits + 1)) + den) // (2 * den) for a in row] for row in rows]
        pairs = ((a, b) for row, other in zip(rows, rounded, strict=True) for a, b in zip(row, other, strict=True))
        square = sum((b * den - (a << bits)) ** 2 for a, b in pairs)
        excess = upper_root(fmpq(square, (den << bits) ** 2))
        size = (norm_above([b for row in rounded for b in row]) >> bits) + 1
        columns = [list(column) for column in zip(*rounded, strict=True)]
        network.prepared[key] = (_Packed(rounded, bits), _Packed(columns, bits), excess, size)
    found: tuple[_Packed, _Packed, fmpq, int] = network.prepared[key]
    return found


def _nearest(value: fmpq) -> int:
    """Return the nearest integer, halves up."""
    p, q = int(value.p), int(value.q)
    return (2 * p + q) // (2 * q)


def _ceil(value: fmpq) -> int:
    return int(-(-value.p // value.q))

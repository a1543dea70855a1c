"""The forward pass in fixed point: integers over 2^q, with exact rules that give the same bits everywhere.

The rules are those of docs/firenet.md, "Fixed point"; vectors, and the columns of matrices, are packed into one long
integer each, which changes no bit.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Sequence
from itertools import compress
from operator import mul
from struct import Struct

from flint import fmpq, fmpz_mat

from exact_base.errors import UsageError
from exact_base.matrices import ExactMatrix
from exact_base.rationals import power_of_two, upper_root
from firenet_exact.arithmetic.output import Output
from firenet_exact.arithmetic.real_form import from_real, is_complex, norm_above, real_numerators, real_step
from firenet_exact.arithmetic.recursion import passes
from firenet_exact.arithmetic.rounding import block_error, restart_error
from firenet_exact.network import Firenet

__all__ = ["forward"]

Product = Callable[[int], int]


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
        totals.append(arithmetic.x_lanes.unpacked(found.total))
        dual = arithmetic.u_lanes.unpacked(found.dual)
    points = [(total, beta) for total, beta in zip(totals, network.parameters.betas, strict=True)]
    errors = tuple(arithmetic.errors)
    last = ([-u for u in dual], fmpq(1))
    return Output(network, data, "fixed", errors, (bits, matrix_bits), None, points, last, arithmetic.exactly)


class _Fixed:
    """The operations; all vectors are integers over 2^q, in real form, packed into one integer."""

    def __init__(self, network: Firenet, data: ExactMatrix, bits: int, matrix_bits: int) -> None:
        parameters = network.parameters
        self.parameters, self.bits, self.matrix_bits = parameters, bits, matrix_bits
        self.paired = is_complex(network, data)
        self.unit = power_of_two(-bits)
        self.matrix, self.adjoint, self.excess, self.size = _prepared(network, matrix_bits, paired=self.paired)
        one = 1 << bits
        self.square = one * one
        self.thresholds = [_nearest(parameters.tau * parameters.lam * w * one) for w in parameters.weights]
        self.data = real_numerators(data, paired=self.paired)
        self.data_scale = parameters.tau * one / data.den
        self.initial, self.initial_scale = None, fmpq(0)
        if network.initial is not None:
            self.initial = real_numerators(network.initial, paired=self.paired)
            self.initial_scale = fmpq(one, network.initial.den)
        self.rows, self.cols = len(self.data), self.matrix.cols
        self.shrink = self._shrink_pairs if self.paired else self._shrink
        self.errors: list[fmpq] = []
        step = parameters.t + self.excess
        # bounds of |u|, and of what one block can add to |x|, in units
        self.dual_norm = one + self.rows
        self.growth = _ceil(step * self.dual_norm) + 2 * self.cols
        self.x_lanes = self.u_lanes = _Lanes(0, 8)  # each restart has its own
        # η_x, what all η_u have in common, and half a unit in each entry of x
        root_x, root_u = upper_root(fmpq(self.cols)), upper_root(fmpq(self.rows))
        self.primal = ((3 if self.paired else 1) * root_x + self.excess * self.dual_norm) * self.unit
        self.dual = (fmpq(3, 2) * root_u + 1) * self.unit
        self.moved = root_x * self.unit / 2

    def exactly(self, vector: tuple[Sequence[int], fmpq]) -> ExactMatrix:
        """Return the vector that integers over 2^q stand for, times a rational."""
        numerators, factor = vector
        p, q = int(factor.p), int(factor.q)
        return from_real([a * p for a in numerators], q << self.bits, paired=self.paired)

    def start(self, k: int, total: int | None) -> tuple[int, int, int]:
        parameters = self.parameters
        alpha = parameters.alphas[k]
        if total is not None:
            x = _scaled(self.x_lanes.unpacked(total), alpha * parameters.betas[k - 1])
        elif self.initial is not None:
            x = _scaled(self.initial, alpha * self.initial_scale)
        else:
            x = [0] * self.cols
        target = _scaled(self.data, alpha * self.data_scale)
        length = norm_above(x)
        self._fit(length, norm_above(target))
        self.target = self.u_lanes.packed(target)
        most = length + parameters.p * self.growth
        self.errors.append(self._error(k, most, moved=total is not None or self.initial is not None))
        return self.x_lanes.packed(x), 0, 0

    def _fit(self, length: int, target: int) -> None:
        """Make lanes that are wide enough for a restart from a vector of this length, even if ‖A‖ > L."""
        p, b = self.parameters.p, self.matrix_bits
        back = self.size * self.dual_norm
        longest = length + p * (back + 2 * self.cols)
        ahead = 3 * self.size * longest
        largest = (back << b) + 4 * p * longest + max(self.thresholds)
        self.x_lanes = _Lanes.holding(self.cols, largest, vector=3 * longest)
        most = ahead + self.dual_norm + target + self.rows
        # products, and what `project` divides
        largest = max((ahead << b) + most, 1 << (2 * most.bit_length() + self.bits + 3))
        self.u_lanes = _Lanes.holding(self.rows, largest, vector=self.dual_norm)
        self.descend = self.adjoint.product(self.u_lanes, self.x_lanes)
        self.ascend = self.matrix.product(self.x_lanes, self.u_lanes)
        if not self.paired:
            self.limits = self.x_lanes.packed(self.thresholds)

    def _error(self, k: int, most: int, *, moved: bool) -> fmpq:
        """Return err of restart k, where no iterate is longer than `most` units."""
        dual = self.dual + self.excess * (3 * most) * self.unit
        block = block_error(self.parameters, primal=self.primal, dual=dual)
        return restart_error(self.parameters, k, start=self.moved * int(moved), block=block)

    def _shrink(self, x: int, u: int) -> int:
        z, limits, positive = x - self.descend(u), self.limits, self.x_lanes.positive
        return positive(z - limits) - positive(-z - limits)

    def _shrink_pairs(self, x: int, u: int) -> int:
        moved = self.x_lanes.unpacked(x - self.descend(u))
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
        return self.x_lanes.packed(re + im)

    def project(self, x: int, new: int, u: int) -> int:
        packed = u + self.ascend(2 * new - x) - self.target
        w = self.u_lanes.unpacked(packed)
        square = sum(map(mul, w, w))
        if square <= self.square:
            return packed
        r = math.isqrt(square - 1) + 1
        # a product instead of the divisions, with the same result: docs/firenet.md, "Fixed point"
        k = 2 * r.bit_length() + 2
        inverse = -(-(1 << (k + self.bits)) // r)
        return self.u_lanes.shifted(packed * inverse + r * self.u_lanes.ones, k)

    def add(self, total: int, new: int) -> int:
        return total + new


class _Lanes:
    """Vectors as one integer, the sum of v_i·2^(8·width·i), for |v_i| < 2^(8·width - 1): sums are sums of integers."""

    def __init__(self, count: int, width: int, limbs: int = 1) -> None:
        self.count, self.width, self.limbs = count, width, limbs
        self.top = 8 * width - 1
        self.ones = self.repeated(1)
        self.middle = self.ones << self.top
        self._shifts: dict[int, tuple[int, int, int]] = {}
        self._split = Struct(f"{width}s" * count).unpack
        # 2^63 in each limb: what makes it at least 0, and what makes it signed again
        self._signs = self.repeated(sum(1 << (64 * k + 63) for k in range(limbs)))
        self._limbs = Struct("<" + (f"{limbs}q{width - 8 * limbs}x" * count)).unpack

    @staticmethod
    def holding(count: int, largest: int, *, vector: int) -> _Lanes:
        """Return lanes for entries up to `largest` in modulus, and limbs for those up to `vector`."""
        limbs = max((vector.bit_length() + 1) // 64 + 1, 2)
        return _lanes(count, max((largest.bit_length() + 1) // 8 + 1, 8 * limbs), limbs)

    def repeated(self, entry: int) -> int:
        """Return the vector whose entries are all this integer from 0 to 2^(8·width) - 1."""
        return int.from_bytes(entry.to_bytes(self.width, "little") * self.count, "little")

    def packed(self, vector: Iterable[int]) -> int:
        """Return the integer of a vector."""
        width, half = self.width, 1 << self.top
        return int.from_bytes(b"".join([(a + half).to_bytes(width, "little") for a in vector]), "little") - self.middle

    def unpacked(self, vector: int) -> list[int]:
        """Return the entries."""
        half = 1 << self.top
        lanes = self._split((vector + self.middle).to_bytes(self.width * self.count, "big"))
        return [a - half for a in map(int.from_bytes, reversed(lanes))]

    def limbs_of(self, vector: int) -> list[int]:
        """Return the signed digits of the entries to the base 2^64, lowest first."""
        signs = self._signs
        return list(self._limbs(((vector + signs) ^ signs).to_bytes(self.width * self.count, "little")))

    def shifted(self, vector: int, shift: int) -> int:
        """Return the entries divided by 2^shift and rounded, halves up."""
        offset, mask, back = self.rounding(shift)
        return (((vector + offset) >> shift) & mask) - back

    def rounding(self, shift: int) -> tuple[int, int, int]:
        """Return what `shifted` adds, which bits it keeps, and what it takes away."""
        if shift not in self._shifts:
            mask = self.repeated((1 << (self.top + 1 - shift)) - 1)
            self._shifts[shift] = self.middle + (self.ones << (shift - 1)), mask, self.middle >> shift
        return self._shifts[shift]

    def positive(self, vector: int) -> int:
        """Return max(v_i, 0)."""
        raised = vector + self.middle
        kept = raised & self.middle
        return raised & (kept - (kept >> self.top))


_lanes = functools.lru_cache(maxsize=64)(_Lanes)


class _Packed:
    """An integer matrix whose products with vectors are divided by 2^shift and rounded, halves up."""

    def __init__(self, rows: Sequence[Sequence[int]], shift: int) -> None:
        self.cols, self.rows = len(rows[0]), len(rows)
        self._columns = list(zip(*rows, strict=True))
        self._shift = shift
        self._made: dict[tuple[int, int], tuple[fmpz_mat, list[int]]] = {}

    def product(self, source: _Lanes, result: _Lanes) -> Product:
        """Return the rounded product of a vector in the lanes `source`, in the lanes `result`."""
        limbs, last = source.limbs, source.limbs - 1
        if (key := (result.width, limbs)) not in self._made:
            columns = [result.packed(column) for column in self._columns]
            self._made[key] = fmpz_mat(1, self.cols, columns), [a << (64 * k) for a in columns for k in range(limbs)]
        packed, shifted = self._made[key]
        cols, shift, limbs_of, most = self.cols, self._shift, source.limbs_of, limbs * self.cols // 3
        high = shifted[last::limbs]
        offset, mask, back = result.rounding(shift)

        def product(vector: int) -> int:
            digits = limbs_of(vector)
            used = [*filter(None, digits)]
            if len(used) <= most:  # after soft thresholding: few products, each of two integers
                total: int = sum(map(mul, compress(shifted, digits), used), offset)
            else:  # one product of matrices, but for the highest limbs, which are mostly 0
                top = digits[last::limbs]
                del digits[last::limbs]
                found = packed * fmpz_mat(cols, last, digits)
                total = sum(map(mul, compress(high, top), filter(None, top)), offset)
                for k in range(last):
                    total += int(found[0, k]) << (64 * k)
            return ((total >> shift) & mask) - back

        return product


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


def _scaled(integers: Iterable[int], factor: fmpq) -> list[int]:
    """Return their products with a rational, each rounded to the nearest integer, halves up."""
    p, q = 2 * int(factor.p), int(factor.q)
    return [(a * p + q) // (2 * q) for a in integers]


def _nearest(value: fmpq) -> int:
    """Return the nearest integer, halves up."""
    return _scaled([1], value)[0]


def _ceil(value: fmpq) -> int:
    return int(-(-value.p // value.q))

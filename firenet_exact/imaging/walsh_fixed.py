"""The operations of a forward pass for Walsh samples in integers (docs/firenet.md, "Images in integers").

All vectors are int64 numbers over 2^q, and no operation can leave int64: each restart has the largest q for which that
follows from the bounds of its iterates. Every bit is the same everywhere.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from exact_base.errors import DataError, UsageError
from exact_base.rationals import float_exactly, power_of_two, to_float, upper_root
from firenet_exact.arithmetic.float_model import SMALL, UNIT, norm_above
from firenet_exact.arithmetic.rounding import amplification, block_error, restart_error
from firenet_exact.imaging.network import ImageFirenet
from firenet_exact.imaging.samples import walsh_order
from firenet_exact.imaging.walsh_float import groups
from firenet_exact.transforms.walsh import hadamard

__all__ = ["WalshFixed", "root_factor", "scaled", "squared_norm"]

Integers: TypeAlias = NDArray[np.int64]

MOST_BITS, LEAST_BITS = 44, 16
_ROOM = 1 << 61  # what no transform exceeds
_HALF = 31  # bits of the lower part of a factor in a product
_CHUNK = 1 << 20
_DATA = 60  # bits of the integers that data are rounded to


class WalshFixed:
    """The operations; see `WalshFloat64`.

    Args:
        network: a network for Walsh samples, with L >= ‖A‖.
        samples: as `checked_samples` returns them.

    Raises:
        UsageError: if t = 1, or L < ‖A‖.
        DataError: if an iterate could leave int64.
    """

    hypotheses: tuple[str, ...] = ()

    def __init__(self, network: ImageFirenet, samples: NDArray[np.float64]) -> None:
        operator = network.operator
        self.parameters = parameters = network.parameters
        amplification(parameters)  # refuses t = 1
        bands, tau = operator.subbands, parameters.tau
        squares = [tau * tau * scale for scale in operator.scales]
        self.mask = walsh_order(operator, operator.mask)
        taken = bands.split(self.mask)
        if any(part.any() and square > parameters.t**2 for part, square in zip(taken, squares, strict=True)):
            raise UsageError("integers need L >= ‖A‖, so that no step can grow")
        self.rows, self.cols = operator.shape[0], bands.columns
        self.root = math.isqrt(max(bands.sizes) - 1) + 1  # >= √N_b
        levels = parameters.levels
        self.levels = [slice(*pair) for pair in zip(levels.starts, levels.ends, strict=True)]
        self.groups = groups(bands.sizes)
        self.parts = [slice(a, a + n) for a, n in zip(bands.starts, bands.sizes, strict=True)]
        # a subband without samples has no rows: its factor does not matter, and may be any that is small
        self.factors = [
            root_factor(square / n if part.any() else fmpq(1, 4 * n))
            for square, n, part in zip(squares, bands.sizes, taken, strict=True)
        ]
        # the data of each subband as integers over a power of two, and (τd)² over its square
        parts = [_integers(part) for part in bands.split(walsh_order(operator, samples))]
        self.data = [part for part, _ in parts]
        self.data_squares = [square * power_of_two(-2 * bits) for square, (_, bits) in zip(squares, parts, strict=True)]
        self.initial = None if network.initial is None else _integers(network.initial)
        self.excess = parameters.t * power_of_two(-31)
        self.bits = MOST_BITS
        self.errors: list[fmpq] = []

    def start(self, k: int, total: Integers | None) -> tuple[Integers, Integers, Integers]:
        """See `Arithmetic.start`; it chooses q of the restart.

        Raises:
            DataError: if an iterate could leave int64.
        """
        parameters = self.parameters
        alpha, p = parameters.alphas[k], parameters.p
        if total is not None:
            source, factor = total, alpha * parameters.betas[k - 1] * power_of_two(-self.bits)
        elif self.initial is not None:
            source, factor = self.initial[0], alpha * power_of_two(-self.initial[1])
        else:
            source, factor = None, fmpq(0)
        length = fmpq(0) if source is None else upper_root(fmpq(squared_norm(source))) * factor
        target = [alpha * alpha * square for square in self.data_squares]
        largest = max(int(np.abs(part).max()) ** 2 * square for part, square in zip(self.data, target, strict=True))
        for bits in range(MOST_BITS, LEAST_BITS - 1, -1):
            one = 1 << bits
            dual = one + math.isqrt(self.rows) + 1  # bounds of ‖U‖ and ‖X‖, in units
            growth = _ceil((parameters.t + self.excess) * dual) + math.isqrt(self.cols) + 1
            most = _ceil(length * one) + 2 * math.isqrt(self.cols) + 2 + p * growth
            if 3 * self.root * most < _ROOM and p * most < _ROOM and largest * one * one < fmpq(_ROOM // 4) ** 2:
                break
        else:
            raise DataError(f"an iterate of restart {k + 1} may leave int64; use float64")
        self.bits, self.one, self.limit = bits, one, one * one
        x = np.zeros(self.cols, dtype=np.int64) if source is None else _finely(source, (factor * one) ** 2)
        scaled_data = (_finely(part, square * one * one) for part, square in zip(self.data, target, strict=True))
        self.target = np.concatenate(list(scaled_data))
        factor = parameters.tau * parameters.lam * one
        self.thresholds = [_nearest(factor * weight) for weight in parameters.levels.weights]
        self.errors.append(self._error(k, dual, most, moved=source is not None))
        u = np.zeros(self.cols, dtype=np.int64)
        return x, u, np.zeros(self.cols, dtype=np.int64)

    def point(self, k: int, total: Integers) -> NDArray[np.float64]:
        """Return ψ = βS/2^q of restart k in float64, with what it rounds put into the error; the pass goes on with S.

        Raises:
            DataError: if it is not finite.
        """
        scale = to_float(self.parameters.betas[k] / self.one)
        found: NDArray[np.float64] = total.astype(np.float64) * scale
        self.errors[-1] += float_exactly((4 * UNIT * norm_above(found) + SMALL) * (1 + 2.0**-40))
        return found

    def _error(self, k: int, dual: int, most: int, *, moved: bool) -> fmpq:
        unit = power_of_two(-self.bits)
        root_x, root_u = upper_root(fmpq(self.cols)), upper_root(fmpq(self.rows))
        primal = (root_x + self.excess * dual) * unit
        projected = 3 * root_u + 1 + power_of_two(self.bits - 31)
        block = block_error(self.parameters, primal=primal, dual=(projected + 3 * self.excess * most) * unit)
        return restart_error(self.parameters, k, start=2 * root_x * unit * int(moved), block=block)

    def shrink(self, x: Integers, u: Integers) -> Integers:
        """See `Arithmetic.shrink`."""
        z = x - self._transform(u)
        for part, t in zip(self.levels, self.thresholds, strict=True):
            z[part] -= np.clip(z[part], -t, t)
        return z

    def project(self, x: Integers, new: Integers, u: Integers) -> Integers:
        """See `Arithmetic.project`."""
        w = self._transform(2 * new - x)
        w *= self.mask
        w += u
        w -= self.target
        square = squared_norm(w)
        if square > self.limit:
            factor, shift = root_factor(fmpq(self.limit, (math.isqrt(square - 1) + 1) ** 2))
            w = scaled(w, factor, shift)
        return w

    def add(self, total: Integers, new: Integers) -> Integers:
        """See `Arithmetic.add`."""
        total += new
        return total

    def _transform(self, vector: Integers) -> Integers:
        found = np.empty_like(vector)
        for part, count, n in self.groups:
            found[part] = hadamard(vector[part].reshape(count, n)).reshape(-1)
        for part, (factor, shift) in zip(self.parts, self.factors, strict=True):
            found[part] = scaled(found[part], factor, shift)
        return found


def root_factor(square: fmpq) -> tuple[int, int]:
    """Return c and s with c/2^s <= √square < (c+1)/2^s, 2^31 <= c < 2^32 and s >= 32; square is at most 1.

    >>> from flint import fmpq
    >>> root_factor(fmpq(1, 4))
    (2147483648, 32)
    """
    shift = 32
    while (c := math.isqrt(int((square * power_of_two(2 * shift)).floor()))) < 1 << 31:
        shift += max(1, 31 - c.bit_length())
    return (c, shift) if c < 1 << 32 else ((1 << 32) - 1, shift)


def scaled(values: Integers, factor: int, shift: int) -> Integers:
    """Return values·factor/2^shift, rounded to the nearest integers, halves up.

    Exact for |values| <= 2^61, 0 <= factor < 2^32 and shift >= 32.

    >>> import numpy as np
    >>> scaled(np.array([3, -3, 1 << 60]), 1 << 31, 32).tolist()
    [2, -1, 576460752303423488]
    """
    if shift > 93:  # what it would be is less than 1/2
        return np.zeros_like(values)
    upper = values >> _HALF
    lower = values & ((1 << _HALF) - 1)
    lower *= factor
    lower >>= _HALF
    upper *= factor
    upper += lower
    # the factor times the value over 2^31, rounded down; floors of floors are floors
    upper += 1 << (shift - _HALF - 1)
    upper >>= shift - _HALF
    return upper


def squared_norm(values: Integers) -> int:
    """Return the sum of the squares, exactly, of integers below 2^62 in modulus.

    >>> import numpy as np
    >>> squared_norm(np.array([3, -(1 << 61)])) == 9 + (1 << 122)
    True
    """
    total, mask = 0, (1 << 21) - 1
    for start in range(0, values.size, _CHUNK):
        part = values[start : start + _CHUNK]
        # products of limbs of 21 bits: 2^20 of them add up to at most 2^62
        limbs = (part & mask, (part >> 21) & mask, part >> 42)
        for i in range(3):
            for j in range(i, 3):
                total += (int(np.dot(limbs[i], limbs[j])) << 21 * (i + j)) * (1 if i == j else 2)
    return total


def _finely(values: Integers, square: fmpq) -> Integers:
    """Return values times √square, off by at most 1 + 2^-62 of the product in each entry.

    The products are below 2^61; a root may be more than 1 if the values are small.
    """
    if not values.any() or square == 0:
        return np.zeros_like(values)
    lift = 0  # values·2^lift is exact, and its factor at most 1
    while square > 1:
        square, lift = square / 4, lift + 1
    raised = values << lift
    c, shift = root_factor(square)
    found = scaled(raised, c, shift)
    # what the factor has left, 32 bits more
    rest = math.isqrt(int((square * power_of_two(2 * (shift + 32))).floor())) - (c << 32)
    found += scaled(raised, min(max(rest, 0), (1 << 32) - 1), shift + 32)
    return found


def _integers(values: NDArray[np.float64]) -> tuple[Integers, int]:
    """Return integers and k with values near to integers/2^k: each is off by at most 1/2, and below 2^60.

    ldexp and rint are exact where nothing underflows, and what underflows is far below 1/2.
    """
    largest = float(np.abs(values).max(initial=0.0))
    if not math.isfinite(largest):
        raise DataError("data are NaN or infinite")
    bits = _DATA - math.frexp(largest)[1] if largest else 0
    if not abs(bits) < 1000:
        raise DataError("the data are too large or too small for integers; scale them")
    return np.rint(np.ldexp(values, bits)).astype(np.int64), bits


def _nearest(value: fmpq) -> int:
    return int((value + fmpq(1, 2)).floor())


def _ceil(value: fmpq) -> int:
    return int(value.ceil())

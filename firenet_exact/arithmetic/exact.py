"""The forward pass without rounding, but for one dyadic number in each block (docs/firenet.md, "Without rounding").

Steps, soft thresholds and means are exact, for real matrices. A vector that is longer than 1 is not divided by its
length, which is irrational, but multiplied by a dyadic number a little below the reciprocal; this is all that is not
the network's own. Numbers get longer with each block, by twice the bits of τA and those of that number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from flint import fmpq, fmpz, fmpz_mat

from exact_base.errors import UsageError
from exact_base.matrices import ExactMatrix
from exact_base.rationals import power_of_two
from firenet_exact.arithmetic.output import Output
from firenet_exact.arithmetic.real_form import is_complex, real_entries, real_step
from firenet_exact.arithmetic.recursion import passes
from firenet_exact.arithmetic.rounding import block_error, restart_error
from firenet_exact.network import Firenet

__all__ = ["forward"]

_WORD = 2**62  # from here on, an integer of python-flint is more than a machine word


@dataclass(frozen=True)
class _Vector:
    """Integers over one denominator."""

    items: list[fmpz]
    den: fmpz


def forward(network: Firenet, data: ExactMatrix, *, bits: int = 24) -> Output:
    """Return the output for y, shape (m, 1), all of it real.

    Args:
        network: the network; it needs t < 1.
        data: y.
        bits: f: the length of a projected vector is between 1 - 2^(2-f) and 1.

    Raises:
        UsageError: if y has another shape, a part is complex, t = 1, or the bits are out of range.
    """
    network.check_data(data)
    if is_complex(network, data):
        raise UsageError("the modulus of a complex number is irrational; use fixed point, balls or float64")
    if not 4 <= bits <= 2**16:
        raise UsageError(f"4 to 65536 bits are needed, not {bits}")
    arithmetic, parameters = _Exact(network, data, bits), network.parameters
    found = list(passes(arithmetic, n=parameters.n, p=parameters.p))
    points = [(p.total, beta) for p, beta in zip(found, parameters.betas, strict=True)]
    block = block_error(parameters, primal=fmpq(0), dual=power_of_two(2 - bits))
    errors = tuple(restart_error(parameters, k, start=fmpq(0), block=block) for k in range(parameters.n))
    dual = _Vector([-u for u in found[-1].dual.items], found[-1].dual.den)
    return Output(network, data, "exact", errors, None, None, points, (dual, fmpq(1)), _exactly)


def _exactly(vector: tuple[_Vector, fmpq]) -> ExactMatrix:
    found, factor = vector
    p, q = int(factor.p), int(factor.q)
    numerators = [a * p for a in found.items]
    return ExactMatrix(fmpz_mat(len(numerators), 1, numerators), None, int(found.den) * q)


class _Exact:
    """The operations. Denominators in a restart are base·d^i·2^j, d that of τA, and each is a multiple of the last."""

    def __init__(self, network: Firenet, data: ExactMatrix, bits: int) -> None:
        self.parameters = parameters = network.parameters
        self.bits = bits
        rows, den = real_step(network, paired=False)
        # τA = matrix·factor/step: entries that are longer than a word are slow, and most are not without τ's numerator
        entries = [a for row in rows for a in row]
        content = math.gcd(*entries) or 1
        common = math.gcd(den, content)
        divisor = common if max(map(abs, entries)) // common < _WORD else content
        self.matrix = fmpz_mat([[a // divisor for a in row] for row in rows])
        self.factor, self.step = fmpz(divisor // common), fmpz(den // common)
        self.adjoint = self.matrix.transpose()
        self.thresholds = [parameters.tau * parameters.lam * w for w in parameters.weights]
        self.data = real_entries(data, paired=False)
        self.initial = None if network.initial is None else real_entries(network.initial, paired=False)

    def start(self, k: int, total: _Vector | None) -> tuple[_Vector, _Vector, _Vector]:
        parameters = self.parameters
        alpha, (rows, cols) = parameters.alphas[k], (int(self.matrix.nrows()), int(self.matrix.ncols()))
        target = [parameters.tau * alpha * a for a in self.data]
        if total is not None:
            factor = alpha * parameters.betas[k - 1]
            x = _Vector([a * factor.p for a in total.items], total.den * factor.q)
        elif self.initial is not None:
            x = _over([alpha * a for a in self.initial], fmpz(1))
        else:
            x = _Vector([fmpz(0)] * cols, fmpz(1))
        x = _shortened(x)
        base = fmpz(math.lcm(*(int(a.q) for a in (*target, *self.thresholds))))
        base = base // base.gcd(x.den) * x.den
        self.base = base
        self.target = [(a * base).p for a in target]
        self.limits = [(a * base).p for a in self.thresholds]
        ratio = base // x.den
        start = _Vector([a * ratio for a in x.items], base)
        return start, _Vector([fmpz(0)] * rows, base), _Vector([fmpz(0)] * cols, base)

    def shrink(self, x: _Vector, u: _Vector) -> _Vector:
        den = u.den * self.step
        start, limits = _times_integer(x.items, den // x.den), _times_integer(self.limits, den // self.base)
        new = []
        for a, b, t in zip(start, _times(self.adjoint, u.items, self.factor), limits, strict=True):
            z = a - b
            new.append(z - t if z > t else z + t if z < -t else fmpz(0))
        return _Vector(new, den)

    def project(self, x: _Vector, new: _Vector, u: _Vector) -> _Vector:
        den = new.den * self.step
        before = _times_integer(x.items, new.den // x.den)
        moved = [a + a - b for a, b in zip(new.items, before, strict=True)]
        raised = _times(self.matrix, moved, self.factor)
        duals, target = _times_integer(u.items, den // u.den), _times_integer(self.target, den // self.base)
        w = [a + b - c for a, b, c in zip(duals, raised, target, strict=True)]
        above = _length_above(w, self.bits + 32)
        if above <= den:
            return _Vector(w, den)
        # s/2^e <= 1/‖w‖, with s of at least f bits
        length = -(-above.p // above.q)
        exponent = self.bits + max(length.bit_length() - den.bit_length(), 0)
        scale = (fmpq(den << exponent) / above).floor()
        return _Vector([a * scale for a in w], den << exponent)

    def add(self, total: _Vector, new: _Vector) -> _Vector:
        before = _times_integer(total.items, new.den // total.den)
        return _Vector([a + b for a, b in zip(before, new.items, strict=True)], new.den)


def _times_integer(vector: Sequence[fmpz], factor: fmpz) -> list[fmpz]:
    """Return the vector times a positive integer; powers of two, of which there are many, are shifts."""
    shift = factor.bit_length() - 1
    return [a << shift for a in vector] if factor == fmpz(1) << shift else [a * factor for a in vector]


def _times(matrix: fmpz_mat, vector: Sequence[fmpz], factor: fmpz) -> list[fmpz]:
    """Return the matrix times a positive integer times the vector."""
    scaled = list(vector) if factor == 1 else [a * factor for a in vector]
    return list((matrix * fmpz_mat(len(scaled), 1, scaled)).entries())


def _length_above(vector: Sequence[fmpz], bits: int) -> fmpq:
    """Return the l2 norm rounded up, to at most (1 + √m·2^(2-bits)) times the norm, from the leading bits."""
    shift = max(a.bit_length() for a in vector) - bits
    if shift <= 0:
        square = sum(int(a << -shift) ** 2 for a in vector)
    else:
        square = sum((int(abs(a) >> shift) + 1) ** 2 for a in vector)
    root = math.isqrt(square)
    return (root + (root * root < square)) * power_of_two(shift)


def _over(values: list[fmpq], least: fmpz) -> _Vector:
    """Return rationals over one denominator, a multiple of `least`."""
    den = fmpz(math.lcm(int(least), *(int(a.q) for a in values)))
    return _Vector([(a * den).p for a in values], den)


def _shortened(vector: _Vector) -> _Vector:
    """Return the same vector over its least denominator."""
    divisor = vector.den
    for a in vector.items:
        divisor = divisor.gcd(a)
    return _Vector([a // divisor for a in vector.items], vector.den // divisor)

"""The complex data sets of `reference/complex/`: drawn and rounded exactly, as those of `reference_sets.py` are."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from flint import arb, ctx, fmpq

from benchmarks.reference_sets import OURS, Stream

__all__ = ["COMPLEX", "ComplexSet"]

Pair = tuple[Fraction, Fraction]
"""A complex number, as its real and its imaginary part."""


@dataclass(frozen=True)
class ComplexSet:
    """One data set: minimise Σ |y_i - (Xx)_i|² + Σ μ_j |x_j| over complex x.

    Attributes:
        name: that of its folder.
        title: one line.
        tags: what it tries.
        matrix: X, m rows of n.
        data: y.
        penalties: μ >= 0, one for each column.
        notes: how it is made.
    """

    name: str
    title: str
    tags: tuple[str, ...]
    matrix: list[list[Pair]]
    data: list[Pair]
    penalties: list[Fraction]
    notes: str

    source = "synthetic"
    licence = OURS

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(f"x{j}" for j in range(1, len(self.matrix[0]) + 1))


COMPLEX: dict[str, Callable[[], ComplexSet]] = {}


def _add(make: Callable[[], ComplexSet]) -> Callable[[], ComplexSet]:
    """Register a data set under its name in words with hyphens."""
    COMPLEX[make.__name__.strip("_").replace("_", "-")] = make
    return make


# --- numbers ---------------------------------------------------------------------------------------


def _times(a: Pair, b: Pair) -> Pair:
    return a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]


def _plus(a: Pair, b: Pair) -> Pair:
    return a[0] + b[0], a[1] + b[1]


def _bells(stream: Stream, rows: int, columns: int) -> list[list[Pair]]:
    return [[(stream.bell(), stream.bell()) for _ in range(columns)] for _ in range(rows)]


def _data(stream: Stream, matrix: list[list[Pair]], count: int, *, bits: int = 6) -> list[Pair]:
    """y = Xx + noise, in multiples of 2^-bits, for an x with `count` complex integers that are not 0."""
    x = {
        j: (Fraction(stream.integer(1, 4) * stream.sign()), Fraction(stream.integer(-4, 4)))
        for j in stream.choice(count, len(matrix[0]))
    }
    unit, data = Fraction(1, 1 << bits), []
    for row in matrix:
        total = (stream.bell() / 4, stream.bell() / 4)
        for j, value in x.items():
            total = _plus(total, _times(row[j], value))
        data.append((round(total[0] / unit) * unit, round(total[1] / unit) * unit))
    return data


def _penalty(matrix: list[list[Pair]], data: list[Pair], share: Fraction) -> Fraction:
    """At most this share of the least μ whose minimiser is 0, max |2 (X* y)_j|, with four binary digits."""
    largest = Fraction(0)
    for column in zip(*matrix, strict=True):
        total = (Fraction(0), Fraction(0))
        for (a, b), value in zip(column, data, strict=True):
            total = _plus(total, _times((a, -b), value))
        largest = max(largest, 4 * (total[0] ** 2 + total[1] ** 2))
    wanted = share * Fraction(math.isqrt(math.floor(largest * 4**40)), 2**40)
    step = Fraction(2) ** (math.floor(math.log2(wanted)) - 3)
    return math.floor(wanted / step) * step


# --- the data sets ---------------------------------------------------------------------------------


def _lasso(
    name: str, title: str, tags: tuple[str, ...], matrix: list[list[Pair]], data: list[Pair], share: str, notes: str
) -> ComplexSet:
    """One with the same penalty for all columns."""
    penalties = [_penalty(matrix, data, Fraction(share))] * len(matrix[0])
    return ComplexSet(name, title, ("complex", "lasso", "synthetic", *tags), matrix, data, penalties, notes)


@_add
def _complex_gauss_20x10() -> ComplexSet:
    stream = Stream("complex-gauss-20x10")
    matrix = _bells(stream, 20, 10)
    data = _data(stream, matrix, 3)
    return _lasso("complex-gauss-20x10", "A small random complex design", (), matrix, data, "1/8",
                  "real and imaginary parts of X are bells, as of gauss-20x10; 3 columns in y")  # fmt: skip


def _roots_of_unity(order: int) -> list[Pair]:
    """exp(-2πit/order)/√order for t = 0, 1, ..., with parts rounded to the nearest float64 number."""
    found = []
    with ctx.workprec(200):
        for t in range(order):
            angle = fmpq(-2 * t, order)
            parts = (arb.cos_pi_fmpq(angle), arb.sin_pi_fmpq(angle))
            found.append(tuple(_nearest_float(part / arb(order).sqrt()) for part in parts))
    return [(a, b) for a, b in found]


def _nearest_float(ball: arb) -> Fraction:
    """The float64 number nearest to all of a ball, or an error."""
    ends = []
    for end in (ball.lower(), ball.upper()):
        mantissa, exponent = end.man_exp()
        ends.append(Fraction(int(mantissa)) * Fraction(2) ** int(exponent))
    low, high = (end.numerator / end.denominator for end in ends)
    if low != high:
        raise SystemExit(f"{ball} is too wide to be rounded")
    return Fraction(low)


@_add
def _complex_fourier_16x32() -> ComplexSet:
    stream = Stream("complex-fourier-16x32")
    roots = _roots_of_unity(32)
    matrix = [[roots[i * j % 32] for j in range(32)] for i in stream.choice(16, 32)]
    data = _data(stream, matrix, 4)
    return _lasso("complex-fourier-16x32", "Rows of a unitary Fourier matrix, as in compressed sensing",
                  ("p>n", "Fourier"), matrix, data, "1/8",
                  "16 rows, drawn, of the unitary discrete Fourier transform of order 32, its parts rounded to float64 "
                  "numbers, which X.csv has with all their digits; 4 columns in y")  # fmt: skip


@_add
def _complex_nearly_collinear_24x12() -> ComplexSet:
    stream = Stream("complex-nearly-collinear-24x12")
    first, change = _bells(stream, 24, 6), _bells(stream, 24, 6)
    small, turn = (Fraction(1, 1 << 10), Fraction(0)), (Fraction(0), Fraction(1))
    matrix = [
        [*row, *(_plus(_times(turn, a), _times(small, b)) for a, b in zip(row, moved, strict=True))]
        for row, moved in zip(first, change, strict=True)
    ]
    data = _data(stream, matrix, 5)
    return _lasso("complex-nearly-collinear-24x12", "Columns that are alike up to a phase", ("collinear",), matrix,
                  data, "1/65536", "column 6 + j is i times column j, plus 2^-10 times bells")  # fmt: skip


@_add
def _complex_penalties_24x10() -> ComplexSet:
    stream = Stream("complex-penalties-24x10")
    matrix = _bells(stream, 24, 10)
    data = _data(stream, matrix, 4)
    unit = _penalty(matrix, data, Fraction(1, 16))
    penalties = [Fraction(0) if j == 0 else unit * Fraction(j + 1, 4) for j in range(10)]
    return ComplexSet("complex-penalties-24x10", "Penalties that differ, and a column without one",
                      ("complex", "lasso", "synthetic", "penalty-weights"), matrix, data, penalties,
                      notes="column j has j/4 times a share of the largest penalty, column 1 has none")  # fmt: skip

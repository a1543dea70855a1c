"""The data sets of `reference/`: what each of them is, and where its numbers come from.

Synthetic ones are drawn from SHA-256 in counter mode, so that they do not depend on a library or its version. Real
ones are read from the files that scikit-learn and statsmodels ship, as decimals, and brought to integers: a column is
multiplied by a power of ten, and where that is said it is centred at the integer nearest to its mean and multiplied by
a power of two, so that columns are of about the same size. All that is exact.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import importlib.util
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

__all__ = ["LARGE", "SETS", "ReferenceSet", "Stream"]

Vector = list[Fraction]
Matrix = list[list[Fraction]]

OURS = "made for this project; MIT, as the project"
PUBLIC = "public domain, as statsmodels says of this data set (COPYRIGHT in its data.py)"
BSD = (
    "BSD 3-clause, as part of scikit-learn (LICENSE-scikit-learn.txt); scikit-learn states no other licence for these "
    "data, which are not its own"
)


@dataclass(frozen=True)
class ReferenceSet:
    """One data set: minimise Σ ω_i (y_i - (Zx)_i)² + Σ μ_j |x_j| + Σ κ_j x_j².

    Attributes:
        name: that of its folder.
        title: one line.
        tags: what it tries.
        matrix: X, m rows of n.
        data: y.
        penalty: μ of all columns, or one for each.
        ridge: κ, likewise.
        centres, scales: of the columns, or None.
        weights: ω, or None.
        intercept: whether there is one.
        nonnegative: columns whose coefficients must be >= 0.
        columns: their names.
        source, licence: where the numbers come from, and what allows their use.
        notes: what was done to them, or how they are made.
    """

    name: str
    title: str
    tags: tuple[str, ...]
    matrix: Matrix
    data: Vector
    penalty: Fraction | Vector
    ridge: Fraction | Vector = Fraction(0)
    centres: Vector | None = None
    scales: Vector | None = None
    weights: Vector | None = None
    intercept: bool = False
    nonnegative: tuple[int, ...] = ()
    columns: tuple[str, ...] = ()
    source: str = "synthetic"
    licence: str = OURS
    notes: str = ""

    @property
    def rows(self) -> int:
        return len(self.matrix)

    @property
    def features(self) -> int:
        return len(self.matrix[0])

    def each(self, value: Fraction | Vector) -> Vector:
        """A penalty of all columns, with 0 for the intercept."""
        listed = list(value) if isinstance(value, list) else [value] * self.features
        return listed + [Fraction(0)] * self.intercept

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, without the intercept."""
        return self.columns or tuple(f"x{j}" for j in range(1, self.features + 1))


SETS: dict[str, Callable[[], ReferenceSet]] = {}
LARGE: dict[str, Callable[[], ReferenceSet]] = {}


def _add(make: Callable[[], ReferenceSet], into: dict[str, Callable[[], ReferenceSet]] | None = None):
    """Register a data set under its name in words with hyphens."""
    (SETS if into is None else into)[make.__name__.strip("_").replace("_", "-")] = make
    return make


def _add_large(make: Callable[[], ReferenceSet]):
    return _add(make, LARGE)


# --- numbers ---------------------------------------------------------------------------------------


class Stream:
    """Integers from SHA-256 of "name:0", "name:1", ...: eight bytes at a time, big-endian."""

    def __init__(self, name: str) -> None:
        self._words = self._blocks(name)

    @staticmethod
    def _blocks(name: str) -> Iterator[int]:
        counter = 0
        while True:
            digest = hashlib.sha256(f"{name}:{counter}".encode()).digest()
            for start in range(0, 32, 8):
                yield int.from_bytes(digest[start : start + 8], "big")
            counter += 1

    def below(self, count: int) -> int:
        """One of 0 ... count - 1 (the bias, at most count/2^64, does no harm)."""
        return next(self._words) % count

    def integer(self, low: int, high: int) -> int:
        return low + self.below(high - low + 1)

    def sign(self) -> int:
        return 1 - 2 * self.below(2)

    def bell(self) -> Fraction:
        """A multiple of 1/16 with mean 0 and a spread of about 1.15, in the form of a bell."""
        word = next(self._words)
        return Fraction(sum(word >> (5 * k) & 31 for k in range(4)) - 62, 16)

    def bells(self, rows: int, columns: int) -> Matrix:
        return [[self.bell() for _ in range(columns)] for _ in range(rows)]

    def choice(self, count: int, out_of: int) -> list[int]:
        """Different numbers below `out_of`, increasing."""
        left = list(range(out_of))
        return sorted(left.pop(self.below(len(left))) for _ in range(count))


def _times(matrix: Matrix, vector: Sequence[Fraction | int]) -> Vector:
    return [sum((a * b for a, b in zip(row, vector, strict=True) if b), Fraction(0)) for row in matrix]


def _short(value: Fraction, bits: int = 4) -> Fraction:
    """A number > 0 rounded down to so many binary digits."""
    exponent = 0
    while value >= 1 << bits:
        value, exponent = value / 2, exponent + 1
    while value < 1 << (bits - 1):
        value, exponent = value * 2, exponent - 1
    return Fraction(math.floor(value)) * Fraction(2) ** exponent


def _rounded(value: Fraction, step: Fraction) -> Fraction:
    return round(value / step) * step


def _slopes(matrix: Matrix, data: Vector, *, centred: bool) -> Vector:
    """2 X^T y, of the centred y if there is an intercept."""
    mean = sum(data, Fraction(0)) / len(data) if centred else Fraction(0)
    rest = [b - mean for b in data]
    common = math.lcm(*(b.denominator for b in rest))
    whole = [int(b * common) for b in rest]
    columns = zip(*matrix, strict=True)
    return [2 * sum((a * b for a, b in zip(c, whole, strict=True) if a), Fraction(0)) / common for c in columns]


def _alpha_penalty(matrix: Matrix, data: Vector, share: Fraction, *, centred: bool = False) -> Fraction:
    """μ = 2mα for an α of four binary digits, at about this share of the least μ whose minimiser is 0."""
    rows = len(matrix)
    largest = max(map(abs, _slopes(matrix, data, centred=centred)))
    return 2 * rows * _short(share * largest / (2 * rows))


def _sparse_data(stream: Stream, matrix: Matrix, count: int, *, positive: bool = False, noise: int = 4) -> Vector:
    """y = X x + noise for an x with `count` integers that are not 0; the noise is a bell over `noise`."""
    x = [0] * len(matrix[0])
    for j in stream.choice(count, len(x)):
        x[j] = stream.integer(1, 4) * (1 if positive else stream.sign())
    return [b + _rounded(stream.bell() / noise, Fraction(1, 64)) for b in _times(matrix, x)]


def _part(value: str) -> Fraction:
    return Fraction(value)


# --- well posed ------------------------------------------------------------------------------------


def _gauss(name: str, rows: int, columns: int, count: int, share: str, title: str, *tags: str) -> ReferenceSet:
    stream = Stream(name)
    matrix = stream.bells(rows, columns)
    data = _sparse_data(stream, matrix, count)
    penalty = _alpha_penalty(matrix, data, _part(share))
    note = f"entries of X are bells (sums of four integers of five bits) from the stream {name!r}; {count} columns in y"
    return ReferenceSet(name, title, ("lasso", "synthetic", *tags), matrix, data, penalty, notes=note)


@_add
def _one_by_one() -> ReferenceSet:
    return ReferenceSet("one-by-one", "The smallest problem there is", ("lasso", "synthetic", "tiny"),
                        [[Fraction(2)]], [Fraction(3)], Fraction(1),
                        notes="x = (2·2·3 - 1)/(2·2²) = 11/8")  # fmt: skip


@_add
def _soft_threshold_12() -> ReferenceSet:
    data = [Fraction(k * (-1) ** k, 4) for k in range(1, 13)]
    matrix = [[Fraction(i == j) for j in range(12)] for i in range(12)]
    return ReferenceSet("soft-threshold-12", "X is the identity: soft thresholding",
                        ("lasso", "synthetic", "orthogonal", "degenerate"), matrix, data, Fraction(3),
                        notes="x_j = sign(y_j)·max(|y_j| - 3/2, 0); |y_6| = 3/2 is at its threshold")  # fmt: skip


def _hadamard(order: int) -> Matrix:
    return [[Fraction((-1) ** (i & j).bit_count()) for j in range(order)] for i in range(order)]


@_add
def _hadamard_16() -> ReferenceSet:
    stream = Stream("hadamard-16")
    matrix = _hadamard(16)
    data = _sparse_data(stream, matrix, 5)
    return ReferenceSet("hadamard-16", "An orthogonal design of signs", ("lasso", "synthetic", "orthogonal"), matrix,
                        data, _alpha_penalty(matrix, data, Fraction(1, 8)),
                        notes="Sylvester's matrix; the columns are orthogonal")  # fmt: skip


@_add
def _half_hadamard_24x32() -> ReferenceSet:
    stream = Stream("half-hadamard-24x32")
    full = _hadamard(32)
    matrix = [full[i] for i in stream.choice(24, 32)]
    data = _sparse_data(stream, matrix, 4)
    return ReferenceSet("half-hadamard-24x32", "Rows of an orthogonal matrix, as in compressed sensing",
                        ("lasso", "synthetic", "p>n"), matrix, data, _alpha_penalty(matrix, data, Fraction(1, 8)),
                        notes="24 rows, drawn, of Sylvester's matrix of order 32")  # fmt: skip


@_add
def _gauss_20x10() -> ReferenceSet:
    return _gauss("gauss-20x10", 20, 10, 3, "1/8", "A small random design")


@_add
def _gauss_60x30() -> ReferenceSet:
    return _gauss("gauss-60x30", 60, 30, 8, "1/16", "A random design")


@_add
def _gauss_100x50() -> ReferenceSet:
    return _gauss("gauss-100x50", 100, 50, 10, "1/32", "A random design of 100 x 50")


@_add
def _gauss_100x50_small_penalty() -> ReferenceSet:
    return _gauss("gauss-100x50-small-penalty", 100, 50, 10, "1/4096", "A random design, nearly least squares")


@_add
def _signs_32x64() -> ReferenceSet:
    stream = Stream("signs-32x64")
    matrix = [[Fraction(stream.sign()) for _ in range(64)] for _ in range(32)]
    data = _sparse_data(stream, matrix, 5)
    return ReferenceSet("signs-32x64", "Random signs, more columns than rows", ("lasso", "synthetic", "p>n"), matrix,
                        data, _alpha_penalty(matrix, data, Fraction(1, 8)))  # fmt: skip


@_add
def _sparse_design_80x60() -> ReferenceSet:
    stream = Stream("sparse-design-80x60")
    matrix = [[stream.bell() if stream.below(10) == 0 else Fraction(0) for _ in range(60)] for _ in range(80)]
    data = _sparse_data(stream, matrix, 10)
    return ReferenceSet("sparse-design-80x60", "A design of which nine tenths are zeros",
                        ("lasso", "synthetic", "sparse design"), matrix, data,
                        _alpha_penalty(matrix, data, Fraction(1, 16)))  # fmt: skip


# --- more columns than rows ------------------------------------------------------------------------


@_add
def _gauss_40x120() -> ReferenceSet:
    return _gauss("gauss-40x120", 40, 120, 6, "1/8", "Three columns a row", "p>n")


@_add
def _gauss_30x400() -> ReferenceSet:
    return _gauss("gauss-30x400", 30, 400, 4, "1/8", "Thirteen columns a row", "p>n")


@_add
def _gauss_30x400_small_penalty() -> ReferenceSet:
    return _gauss("gauss-30x400-small-penalty", 30, 400, 4, "1/2048", "Nearly interpolating, thirteen columns a row",
                  "p>n")  # fmt: skip


@_add
def _gauss_25x1000() -> ReferenceSet:
    return _gauss("gauss-25x1000", 25, 1000, 3, "1/4", "Forty columns a row", "p>n")


# --- collinear -------------------------------------------------------------------------------------


@_add
def _neighbours_60x30() -> ReferenceSet:
    stream = Stream("neighbours-60x30")
    matrix = []
    for _ in range(60):
        row = [stream.bell()]
        while len(row) < 30:
            row.append(_rounded(row[-1] * Fraction(15, 16) + stream.bell() * Fraction(5, 16), Fraction(1, 256)))
        matrix.append(row)
    data = _sparse_data(stream, matrix, 6)
    return ReferenceSet("neighbours-60x30", "Columns that are like their neighbours",
                        ("lasso", "synthetic", "collinear"), matrix, data,
                        _alpha_penalty(matrix, data, Fraction(1, 64)),
                        notes="an autoregression of order one along each row, coefficient 15/16")  # fmt: skip


def _pairs(name: str, exponent: int) -> ReferenceSet:
    stream = Stream(name)
    unit = 1 << exponent
    matrix = []
    for _ in range(24):
        base = [stream.integer(-64, 64) for _ in range(4)]
        matrix.append([Fraction(b * unit) for b in base] + [Fraction(b * unit + stream.integer(-64, 64)) for b in base])
    data = [b + stream.integer(-64, 64) for b in _times(matrix, [3, -2, 1, 0, 1, -1, 0, 2])]
    return ReferenceSet(
        name,
        f"Four pairs of columns that differ by about 2^-{exponent}",
        ("lasso", "synthetic", "collinear"),
        matrix,
        data,
        Fraction(48 * 64),
        notes="columns 5 to 8 are columns 1 to 4 with another integer of at most 64 added, all columns times "
        f"2^{exponent} before",
    )


@_add
def _pairs_2_10() -> ReferenceSet:
    return _pairs("pairs-2-10", 10)


@_add
def _pairs_2_20() -> ReferenceSet:
    return _pairs("pairs-2-20", 20)


@_add
def _pairs_2_30() -> ReferenceSet:
    return _pairs("pairs-2-30", 30)


def _hilbert(name: str, order: int, *, penalty: Fraction, ridge: Fraction = Fraction(0), tags: tuple[str, ...]):
    common = math.lcm(*range(1, 2 * order))
    matrix = [[Fraction(common // (i + j + 1)) for j in range(order)] for i in range(order)]
    data = _times(matrix, [1 - 2 * (j % 2) for j in range(order)])
    return ReferenceSet(name, f"The Hilbert matrix of order {order}, as integers", tags, matrix, data, penalty, ridge,
                        notes=f"entry (i, j) is {common}/(i + j - 1); y = X(1, -1, 1, ...)")  # fmt: skip


@_add
def _hilbert_6() -> ReferenceSet:
    return _hilbert("hilbert-6", 6, penalty=Fraction(1024), tags=("lasso", "synthetic", "collinear"))


@_add
def _hilbert_9_least_squares() -> ReferenceSet:
    return _hilbert("hilbert-9-least-squares", 9, penalty=Fraction(0), tags=("least squares", "synthetic", "collinear"))


@_add
def _hilbert_9_elastic_net() -> ReferenceSet:
    return _hilbert("hilbert-9-elastic-net", 9, penalty=Fraction(2048), ridge=Fraction(4096),
                    tags=("elastic net", "synthetic", "collinear"))  # fmt: skip


@_add
def _lauchli_8() -> ReferenceSet:
    unit = 1 << 20
    matrix = [[Fraction(unit)] * 8] + [[Fraction(i == j) for j in range(8)] for i in range(8)]
    data = [Fraction(9 * unit)] + [Fraction(j) for j in range(1, 9)]
    return ReferenceSet("lauchli-8", "A row of ones above a small multiple of the identity (Läuchli)",
                        ("lasso", "synthetic", "collinear"), matrix, data, Fraction(1),
                        notes="the ones are 2^20, and the small number 1; X^T X in float64 has lost it")  # fmt: skip


def _powers(name: str, title: str, degree: int, values: Sequence[int], data: Vector, penalty: Fraction, *tags: str):
    matrix = [[Fraction(t) ** k for k in range(1, degree + 1)] for t in values]
    return ReferenceSet(name, title, ("synthetic", "collinear", "intercept", "polynomial", *tags), matrix, data,
                        penalty, intercept=True, columns=tuple(f"t{k}" for k in range(1, degree + 1)),
                        notes=f"t = {values[0]}, ..., {values[-1]}, and its powers")  # fmt: skip


@_add
def _polynomial_exact_fit() -> ReferenceSet:
    values = range(21)
    data = [Fraction(sum(t**k for k in range(6))) for t in values]
    return _powers("polynomial-exact-fit", "Least squares, all six coefficients are 1 (Wampler 1970)", 5, values, data,
                   Fraction(0), "least squares")  # fmt: skip


@_add
def _polynomial_lasso() -> ReferenceSet:
    values = range(-10, 11)
    stream = Stream("polynomial-lasso")
    data = [Fraction(t**3 - 20 * t + 3 + stream.integer(-8, 8)) for t in values]
    return _powers("polynomial-lasso", "Powers up to the seventh of a variable, a third of them wanted", 7, values,
                   data, Fraction(2688), "lasso")  # fmt: skip


# --- Mairal and Yu ---------------------------------------------------------------------------------


def _mairal_yu(name: str, exponents: Sequence[int], penalty: Fraction, unit: int) -> ReferenceSet:
    matrix, data = [[Fraction(1)]], [Fraction(1)]
    for exponent in exponents:
        alpha = Fraction(1, 1 << exponent)
        matrix = [[*row, 2 * alpha * b] for row, b in zip(matrix, data, strict=True)]
        matrix.append([Fraction(0)] * (len(matrix[0]) - 1) + [alpha])
        data = [*data, Fraction(1)]
    size, matrix = len(data), [[unit * a for a in row] for row in matrix]
    count = (3**size + 1) // 2
    return ReferenceSet(name, f"The construction of Mairal and Yu with {size} columns, near the end of its path",
                        ("lasso", "synthetic", "collinear", "Mairal-Yu"), matrix, data, unit * penalty,
                        source="synthetic, after J. Mairal and B. Yu, Complexity analysis of the lasso regularization "
                               "path, ICML 2012, Theorem 1",
                        notes=f"factors 2^-{', 2^-'.join(map(str, exponents))}, all times {unit}; a path of this "
                              f"construction has {count} linear pieces")  # fmt: skip


@_add
def _mairal_yu_3() -> ReferenceSet:
    return _mairal_yu("mairal-yu-3", (2, 5), Fraction(1, 1 << 6), 1 << 8)


@_add
def _mairal_yu_4() -> ReferenceSet:
    return _mairal_yu("mairal-yu-4", (2, 5, 9), Fraction(1, 1 << 11), 1 << 12)


@_add
def _mairal_yu_5() -> ReferenceSet:
    return _mairal_yu("mairal-yu-5", (2, 5, 9, 14), Fraction(1, 1 << 17), 1 << 18)


# --- several minimisers ----------------------------------------------------------------------------


@_add
def _twins_2() -> ReferenceSet:
    return ReferenceSet("twins-2", "Two equal columns", ("lasso", "synthetic", "duplicates", "tiny"),
                        [[Fraction(1), Fraction(1)]], [Fraction(2)], Fraction(1),
                        notes="the minimisers are (t, 3/2 - t), 0 <= t <= 3/2")  # fmt: skip


@_add
def _twins_30x20() -> ReferenceSet:
    stream = Stream("twins-30x20")
    half = stream.bells(30, 10)
    data = _sparse_data(stream, half, 4)
    matrix = [[*row, *row] for row in half]
    return ReferenceSet("twins-30x20", "Every column twice", ("lasso", "synthetic", "duplicates"), matrix, data,
                        _alpha_penalty(matrix, data, Fraction(1, 16)))  # fmt: skip


@_add
def _opposites_30x12() -> ReferenceSet:
    stream = Stream("opposites-30x12")
    half = stream.bells(30, 6)
    data = _sparse_data(stream, half, 3)
    matrix = [[*row, *(-a for a in row)] for row in half]
    return ReferenceSet("opposites-30x12", "Every column and its opposite", ("lasso", "synthetic", "duplicates"),
                        matrix, data, _alpha_penalty(matrix, data, Fraction(1, 16)))  # fmt: skip


@_add
def _sums_40x9() -> ReferenceSet:
    stream = Stream("sums-40x9")
    half = stream.bells(40, 6)
    matrix = [[*row, (row[0] + row[1]) / 2, (row[2] + row[3]) / 2, (row[4] - row[5]) / 2] for row in half]
    data = [row[0] + row[1] + 2 * row[2] + 2 * row[3] - row[4] + row[5] + stream.bell() / 8 for row in half]
    return ReferenceSet("sums-40x9", "Columns that are means of two others", ("lasso", "synthetic", "duplicates"),
                        matrix, data, _alpha_penalty(matrix, data, Fraction(1, 16)),
                        notes="x7 = (x1 + x2)/2, x8 = (x3 + x4)/2, x9 = (x5 - x6)/2")  # fmt: skip


@_add
def _more_columns_least_squares() -> ReferenceSet:
    stream = Stream("more-columns-least-squares")
    matrix = stream.bells(8, 12)
    return ReferenceSet("more-columns-least-squares", "Least squares with more columns than rows, and an intercept",
                        ("least squares", "synthetic", "p>n", "intercept"), matrix, [stream.bell() for _ in range(8)],
                        Fraction(0), intercept=True,
                        notes="the minimisers are an affine space; that of least norm is given")  # fmt: skip


@_add
def _dummies_with_intercept() -> ReferenceSet:
    stream = Stream("dummies-with-intercept")
    levels = [k % 4 for k in range(24)]
    matrix = [[Fraction(level == k) for k in range(4)] for level in levels]
    data = [Fraction(3 * level) + stream.bell() for level in levels]
    return ReferenceSet("dummies-with-intercept", "Indicators of four groups and an intercept, without a penalty",
                        ("least squares", "synthetic", "duplicates", "intercept"), matrix, data, Fraction(0),
                        intercept=True, columns=("a", "b", "c", "d"),
                        notes="the four columns add up to that of the intercept")  # fmt: skip


@_add
def _nonnegative_twins() -> ReferenceSet:
    stream = Stream("nonnegative-twins")
    half = stream.bells(20, 5)
    data = _sparse_data(stream, half, 3, positive=True)
    matrix = [[*row, *row] for row in half]
    return ReferenceSet("nonnegative-twins", "Every column twice, coefficients at least 0",
                        ("nonnegative", "synthetic", "duplicates"), matrix, data,
                        _alpha_penalty(matrix, data, Fraction(1, 16)), nonnegative=tuple(range(10)))  # fmt: skip


# --- weights ---------------------------------------------------------------------------------------


@_add
def _adaptive_50x20() -> ReferenceSet:
    stream = Stream("adaptive-50x20")
    matrix = stream.bells(50, 20)
    data = _sparse_data(stream, matrix, 6)
    unit = _alpha_penalty(matrix, data, Fraction(1, 32))
    penalty = [unit * Fraction(2) ** stream.integer(-3, 3) for _ in range(20)]
    return ReferenceSet("adaptive-50x20", "A penalty for each column", ("lasso", "synthetic", "penalty weights"),
                        matrix, data, penalty)  # fmt: skip


@_add
def _some_columns_free() -> ReferenceSet:
    stream = Stream("some-columns-free")
    matrix = stream.bells(40, 15)
    data = _sparse_data(stream, matrix, 5)
    unit = _alpha_penalty(matrix, data, Fraction(1, 8))
    penalty = [Fraction(0)] * 3 + [unit] * 12
    return ReferenceSet("some-columns-free", "Three columns without a penalty, and an intercept",
                        ("lasso", "synthetic", "penalty weights", "intercept"), matrix, data, penalty,
                        intercept=True)  # fmt: skip


def _weighted(name: str, title: str, *, intercept: bool) -> ReferenceSet:
    stream = Stream(name)
    matrix = stream.bells(48, 12)
    data = _sparse_data(stream, matrix, 4)
    weights = [Fraction(1 + k % 3) for k in range(48)]  # their sum is 96
    unit = 2 * 96 * _short(_alpha_penalty(matrix, data, Fraction(1, 16), centred=intercept) / 96)
    tags = ("lasso", "synthetic", "observation weights", *(["intercept"] if intercept else []))
    return ReferenceSet(name, title, tags, matrix, data, unit, weights=weights, intercept=intercept)


@_add
def _weighted_rows() -> ReferenceSet:
    return _weighted("weighted-rows", "Weights 1, 2 and 3 of the observations", intercept=False)


@_add
def _weighted_rows_intercept() -> ReferenceSet:
    return _weighted("weighted-rows-intercept", "Weights of the observations, and an intercept", intercept=True)


@_add
def _weights_far_apart() -> ReferenceSet:
    stream = Stream("weights-far-apart")
    matrix = stream.bells(24, 6)
    data = _sparse_data(stream, matrix, 3)
    weights = [Fraction(1 << (20 * (k % 2))) for k in range(24)]
    return ReferenceSet("weights-far-apart", "Weights 1 and 2^20 of the observations",
                        ("lasso", "synthetic", "observation weights"), matrix, data, Fraction(64),
                        weights=weights)  # fmt: skip


# --- elastic net, ridge ----------------------------------------------------------------------------


def _elastic(name: str, title: str, matrix: Matrix, data: Vector, l1: str, l2: str, *tags: str, **more: object):
    """α·(l1_ratio) and α·(1 - l1_ratio) near these shares of the largest slope over 2m, as powers of two that fit."""
    rows = len(matrix)
    unit = _short(max(map(abs, _slopes(matrix, data, centred="intercept" in tags))) / (2 * rows), 1)
    return ReferenceSet(name, title, ("elastic net", "synthetic", *tags), matrix, data, 2 * rows * unit * _part(l1),
                        rows * unit * _part(l2), **more)  # type: ignore[arg-type]  # fmt: skip


@_add
def _elastic_net_40x60() -> ReferenceSet:
    stream = Stream("elastic-net-40x60")
    matrix = stream.bells(40, 60)
    return _elastic("elastic-net-40x60", "An elastic net, half and half", matrix, _sparse_data(stream, matrix, 8),
                    "1/16", "1/16", "p>n")  # fmt: skip


@_add
def _elastic_net_twins() -> ReferenceSet:
    stream = Stream("elastic-net-twins")
    half = stream.bells(30, 8)
    data = _sparse_data(stream, half, 4)
    return _elastic("elastic-net-twins", "Every column twice; a ridge makes one minimiser of many",
                    [[*row, *row] for row in half], data, "1/16", "1/16", "duplicates")  # fmt: skip


@_add
def _elastic_net_twins_small_ridge() -> ReferenceSet:
    stream = Stream("elastic-net-twins-small-ridge")
    half = stream.bells(30, 8)
    data = _sparse_data(stream, half, 4)
    return _elastic("elastic-net-twins-small-ridge", "Every column twice, with a ridge of 2^-20",
                    [[*row, *row] for row in half], data, "1/16", "1/1048576", "duplicates", "collinear")  # fmt: skip


@_add
def _ridge_20x30() -> ReferenceSet:
    stream = Stream("ridge-20x30")
    matrix = stream.bells(20, 30)
    return ReferenceSet("ridge-20x30", "Ridge regression, and an intercept",
                        ("ridge", "synthetic", "p>n", "intercept"), matrix, _sparse_data(stream, matrix, 5),
                        Fraction(0), Fraction(4), intercept=True)  # fmt: skip


# --- signs -----------------------------------------------------------------------------------------


@_add
def _nonnegative_least_squares() -> ReferenceSet:
    stream = Stream("nonnegative-least-squares")
    matrix = stream.bells(40, 20)
    data = _sparse_data(stream, matrix, 6, positive=True, noise=1)
    return ReferenceSet("nonnegative-least-squares", "Least squares with coefficients at least 0",
                        ("nonnegative", "synthetic"), matrix, data, Fraction(0),
                        nonnegative=tuple(range(20)))  # fmt: skip


@_add
def _nonnegative_lasso() -> ReferenceSet:
    stream = Stream("nonnegative-lasso")
    matrix = stream.bells(40, 60)
    data = _sparse_data(stream, matrix, 6, positive=True)
    return ReferenceSet("nonnegative-lasso", "A lasso with coefficients at least 0, more columns than rows",
                        ("nonnegative", "synthetic", "p>n"), matrix, data,
                        _alpha_penalty(matrix, data, Fraction(1, 32)), nonnegative=tuple(range(60)))  # fmt: skip


@_add
def _some_nonnegative_intercept() -> ReferenceSet:
    stream = Stream("some-nonnegative-intercept")
    matrix = stream.bells(40, 16)
    data = _sparse_data(stream, matrix, 6)
    return ReferenceSet("some-nonnegative-intercept", "Every second coefficient at least 0, and an intercept",
                        ("nonnegative", "synthetic", "intercept"), matrix, data,
                        _alpha_penalty(matrix, data, Fraction(1, 32), centred=True), intercept=True,
                        nonnegative=tuple(range(0, 16, 2)))  # fmt: skip


# --- edges -----------------------------------------------------------------------------------------


@_add
def _largest_penalty() -> ReferenceSet:
    stream = Stream("largest-penalty")
    matrix = stream.bells(16, 8)
    data = [stream.bell() for _ in range(16)]
    return ReferenceSet("largest-penalty", "At the least penalty whose minimiser is zero",
                        ("lasso", "synthetic", "degenerate"), matrix, data,
                        max(map(abs, _slopes(matrix, data, centred=False))))  # fmt: skip


@_add
def _just_below_the_largest_penalty() -> ReferenceSet:
    stream = Stream("largest-penalty")
    matrix = stream.bells(16, 8)
    data = [stream.bell() for _ in range(16)]
    penalty = max(map(abs, _slopes(matrix, data, centred=False))) - Fraction(1, 1 << 10)
    return ReferenceSet("just-below-the-largest-penalty", "One small coefficient, 2^-10 below the largest penalty",
                        ("lasso", "synthetic", "degenerate"), matrix, data, penalty)  # fmt: skip


@_add
def _sizes_far_apart() -> ReferenceSet:
    stream = Stream("sizes-far-apart")
    base = [[Fraction(stream.integer(-15, 15)) for _ in range(8)] for _ in range(24)]
    matrix = [[a * (1 << (4 * j)) for j, a in enumerate(row)] for row in base]
    data = [Fraction(stream.integer(-2048, 2048)) for _ in range(24)]
    return ReferenceSet("sizes-far-apart", "Columns whose sizes differ by up to 2^28",
                        ("lasso", "synthetic", "scaling"), matrix, data, Fraction(2048))  # fmt: skip


@_add
def _standardised_by_hand() -> ReferenceSet:
    stream = Stream("standardised-by-hand")
    matrix = [[Fraction(stream.integer(100 * j, 100 * j + 40 * j + 40)) for j in range(6)] for _ in range(30)]
    data = [Fraction(stream.integer(0, 99)) + row[2] / 4 for row in matrix]
    centres = [_rounded(sum((row[j] for row in matrix), Fraction(0)) / 30, Fraction(1, 8)) for j in range(6)]
    scales = [Fraction(11 * j + 12) + Fraction(3, 8) for j in range(6)]
    return ReferenceSet("standardised-by-hand", "Centres and scales of the columns, and an intercept",
                        ("lasso", "synthetic", "standardised", "intercept"), matrix, data, Fraction(60 * 2),
                        centres=centres, scales=scales, intercept=True,
                        notes="coefficients are those of the columns (x - centre)/scale")  # fmt: skip


# --- the class Ω(K, L) -----------------------------------------------------------------------------


@_add
def _omega_tie_k4() -> ReferenceSet:
    beta = Fraction(6667)
    rows, columns = 4, 7
    matrix = [[beta] * 4 + [Fraction(0)] * 3] + [
        [Fraction(0)] * 4 + [2 * beta * (i == j) for j in range(3)] for i in range(3)
    ]
    data = [Fraction(1)] + [Fraction(0)] * 3
    return ReferenceSet("omega-tie-k4", "The tie of the class Ω(4, L): four columns that no one can tell apart",
                        ("lasso", "synthetic", "duplicates", "omega"), matrix, data, Fraction(1, 2),
                        source="docs/theory.md, after Colbrook, Antun and Hansen, PNAS 119(12), 2022",
                        notes=f"α = {beta}, m x N = {rows} x {columns}, not disguised, λ = 1/2")  # fmt: skip


@_add
def _omega_tie_k4_disguised() -> ReferenceSet:
    plain = _omega_tie_k4()

    def turned(vector: Vector) -> Vector:
        return [a - sum(vector, Fraction(0)) / 2 for a in vector]

    columns = [turned([row[j] for row in plain.matrix]) for j in range(7)]
    matrix = [[column[i] for column in columns] for i in range(4)]
    return ReferenceSet("omega-tie-k4-disguised", "The tie of Ω(4, L), turned by a reflection", plain.tags, matrix,
                        turned(plain.data), plain.penalty, source=plain.source,
                        notes=plain.notes.replace("not disguised", "disguised with v = (1, 1, 1, 1)"))  # fmt: skip


def _member(name: str, digits: int, alpha: int, exponent: int, i: int) -> ReferenceSet:
    row = [Fraction(alpha), Fraction(alpha)]
    row[i] += Fraction(1, 1 << exponent)
    return ReferenceSet(name, f"A member of Ω({digits}, L): the columns differ by 2^-{exponent}",
                        ("lasso", "synthetic", "collinear", "omega", "tiny"), [row], [Fraction(1)], Fraction(1, 2),
                        source="docs/theory.md, after Colbrook, Antun and Hansen, PNAS 119(12), 2022",
                        notes=f"α = {alpha}, i = {i + 1}, q = {exponent}, m x N = 1 x 2, λ = 1/2")  # fmt: skip


@_add
def _omega_member_k3_first() -> ReferenceSet:
    return _member("omega-member-k3-first", 3, 667, 12, 0)


@_add
def _omega_member_k3_second() -> ReferenceSet:
    return _member("omega-member-k3-second", 3, 667, 12, 1)


# --- real data -------------------------------------------------------------------------------------


def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{package} must be installed to make the data sets that it ships again")
    return Path(spec.origin).parent


def _statsmodels(name: str, *, delimiter: str = ",", quote: str = '"') -> tuple[list[str], list[list[str]]]:
    path = _folder("statsmodels") / "datasets" / name / f"{name}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = [row for row in csv.reader(file, delimiter=delimiter, quotechar=quote) if row]
    return [word.strip() for word in header], rows


def _sklearn(name: str, *, delimiter: str = ",") -> list[list[str]]:
    path = _folder("sklearn") / "datasets" / "data" / name
    open_text = gzip.open if name.endswith(".gz") else open
    with open_text(path, "rt", encoding="utf-8", newline="") as file:  # type: ignore[operator]
        return [[w for w in row if w] for row in csv.reader(file, delimiter=delimiter) if row]


@dataclass
class _Table:
    """Columns of decimals by their names."""

    names: list[str]
    rows: list[list[str]]
    notes: list[str] = field(default_factory=list)

    def integers(self, name: str) -> Vector:
        """A column times the least power of ten that makes it integers."""
        values = [Fraction(row[self.names.index(name)]) for row in self.rows]
        factor = 1
        while any((value * factor).denominator != 1 for value in values):
            factor *= 10
        if factor > 1:
            self.notes.append(f"{name} times {factor}")
        return [value * factor for value in values]

    def columns(self, names: Sequence[str], *, alike: bool) -> Matrix:
        """These columns as the rows of X, of about the same size if wanted."""
        found = [self.integers(name) for name in names]
        if alike:
            means = [round(sum(c, Fraction(0)) / len(c)) for c in found]
            centred = [[value - mean for value in c] for c, mean in zip(found, means, strict=True)]
            spreads = [math.isqrt(int(sum((v * v for v in c), Fraction(0)))) or 1 for c in centred]
            shifts = [max(0, round(math.log2(max(spreads) / spread))) for spread in spreads]
            found = [[value * (1 << shift) for value in c] for c, shift in zip(centred, shifts, strict=True)]
            self.notes.append("columns centred at the integer nearest to their means")
            said = [f"{name} times 2^{shift}" for name, shift in zip(names, shifts, strict=True) if shift]
            if said:
                self.notes.append("then " + ", ".join(said))
        return [list(row) for row in zip(*found, strict=True)]


def _real(
    name: str,
    title: str,
    table: _Table,
    response: str,
    predictors: Sequence[str],
    *,
    alike: bool = True,
    share: str = "1/16",
    ridge: str = "0",
    nonnegative: bool = False,
    source: str,
    licence: str,
    tags: Sequence[str] = (),
) -> ReferenceSet:
    """A regression with an intercept on a table; `share` of the largest penalty, `ridge` as a share of it too."""
    data = table.integers(response)
    matrix = table.columns(predictors, alike=alike)
    unit = _alpha_penalty(matrix, data, _part(share), centred=True) if _part(share) else Fraction(0)
    squares = max(sum((row[j] ** 2 for row in matrix), Fraction(0)) for j in range(len(matrix[0])))
    kappa = len(matrix) * _short(_part(ridge) * squares / len(matrix), 1) if _part(ridge) else Fraction(0)
    kind = "elastic net" if kappa else "lasso" if unit else "least squares"
    if nonnegative:
        kind = "nonnegative"
    return ReferenceSet(name, title, (kind, "real", "intercept", *tags), matrix, data, unit, kappa, intercept=True,
                        nonnegative=tuple(range(len(predictors))) if nonnegative else (), columns=tuple(predictors),
                        source=source, licence=licence,
                        notes=f"y is {response}; " + "; ".join(table.notes))  # fmt: skip


_LONGLEY = (
    "J. W. Longley (1967), An appraisal of least squares programs for the electronic computer from the point of view "
    "of the user, JASA 62, 819-841; from statsmodels.datasets.longley"
)
_LONGLEY_NAMES = ("GNPDEFL", "GNP", "UNEMP", "ARMED", "POP", "YEAR")


@_add
def _longley_least_squares() -> ReferenceSet:
    return _real("longley-least-squares", "Longley's data, least squares, as in NIST's StRD", _Table(
        *_statsmodels("longley")), "TOTEMP", _LONGLEY_NAMES, alike=False, share="0", source=_LONGLEY,
        licence=PUBLIC, tags=("collinear",))  # fmt: skip


@_add
def _longley_raw() -> ReferenceSet:
    return _real("longley-raw", "Longley's data in their own units, lasso", _Table(*_statsmodels("longley")), "TOTEMP",
                 _LONGLEY_NAMES, alike=False, share="1/65536", source=_LONGLEY, licence=PUBLIC,
                 tags=("collinear",))  # fmt: skip


@_add
def _longley_lasso() -> ReferenceSet:
    return _real("longley-lasso", "Longley's data, columns of one size, lasso", _Table(*_statsmodels("longley")),
                 "TOTEMP", _LONGLEY_NAMES, share="1/64", source=_LONGLEY, licence=PUBLIC,
                 tags=("collinear",))  # fmt: skip


@_add
def _longley_elastic_net() -> ReferenceSet:
    return _real("longley-elastic-net", "Longley's data, columns of one size, elastic net",
                 _Table(*_statsmodels("longley")), "TOTEMP", _LONGLEY_NAMES, share="1/64", ridge="1/64",
                 source=_LONGLEY, licence=PUBLIC)  # fmt: skip


@_add
def _stackloss_lasso() -> ReferenceSet:
    return _real("stackloss-lasso", "Stack loss of a plant, lasso", _Table(*_statsmodels("stackloss")), "STACKLOSS",
                 ("AIRFLOW", "WATERTEMP", "ACIDCONC"), alike=False,
                 source="K. A. Brownlee (1965), Statistical Theory and Methodology in Science and Engineering; from "
                        "statsmodels.datasets.stackloss", licence=PUBLIC)  # fmt: skip


_MACRO = "US macroeconomic data 1959-2009, FRED and the Bureau of Labor Statistics; from statsmodels.datasets.macrodata"
_MACRO_NAMES = ("realcons", "realinv", "realgovt", "realdpi", "cpi", "m1", "tbilrate", "unemp", "pop", "infl")


@_add
def _macrodata_lasso() -> ReferenceSet:
    return _real("macrodata-lasso", "Gross domestic product from ten series that grow together",
                 _Table(*_statsmodels("macrodata")), "realgdp", _MACRO_NAMES, share="1/256", source=_MACRO,
                 licence=PUBLIC, tags=("collinear",))  # fmt: skip


@_add
def _macrodata_least_squares() -> ReferenceSet:
    return _real("macrodata-least-squares", "Gross domestic product, least squares",
                 _Table(*_statsmodels("macrodata")), "realgdp", _MACRO_NAMES, alike=False, share="0", source=_MACRO,
                 licence=PUBLIC, tags=("collinear",))  # fmt: skip


@_add
def _elnino_lasso() -> ReferenceSet:
    months = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV")
    return _real("elnino-lasso", "The temperature of the sea in December from the months before",
                 _Table(*_statsmodels("elnino")), "DEC", months, share="1/64",
                 source="NOAA, ERSST.V3B, Niño 1+2, 1950-2010; from statsmodels.datasets.elnino",
                 licence=PUBLIC)  # fmt: skip


@_add
def _grunfeld_lasso() -> ReferenceSet:
    return _real("grunfeld-lasso", "Investment of eleven firms over twenty years", _Table(*_statsmodels("grunfeld")),
                 "invest", ("value", "capital", "year"), alike=False,
                 source="Y. Grunfeld (1950), as in C. Kleiber and A. Zeileis (2008), The Grunfeld data at 50; from "
                        "statsmodels.datasets.grunfeld", licence=PUBLIC)  # fmt: skip


@_add
def _statecrime_nonnegative() -> ReferenceSet:
    return _real("statecrime-nonnegative", "Violent crime of the states, coefficients at least 0",
                 _Table(*_statsmodels("statecrime")), "violent", ("murder", "hs_grad", "poverty", "single", "white",
                 "urban"), share="1/64", nonnegative=True,
                 source="American Statistical Abstracts, 2009; from statsmodels.datasets.statecrime",
                 licence=PUBLIC)  # fmt: skip


@_add
def _anes96_lasso() -> ReferenceSet:
    names = ("popul", "TVnews", "selfLR", "ClinLR", "DoleLR", "PID", "age", "educ")
    return _real("anes96-lasso", "Income in a survey of voters of 1996",
                 _Table(*_statsmodels("anes96", delimiter="\t", quote="'")), "income", names, share="1/64",
                 source="American National Election Studies, 1996; from statsmodels.datasets.anes96",
                 licence=PUBLIC)  # fmt: skip


@_add
def _sunspots_lags() -> ReferenceSet:
    _, rows = _statsmodels("sunspots")
    series = [row[1] for row in rows]
    lags = [f"lag{k}" for k in range(1, 13)]
    table = _Table(["now", *lags], [[series[i - k] for k in range(13)] for i in range(12, len(series))])
    return _real("sunspots-lags", "Sunspots from those of the twelve years before", table, "now", lags, alike=False,
                 share="1/64", source="yearly sunspots 1700-2008, National Geophysical Data Center; from "
                                      "statsmodels.datasets.sunspots", licence=PUBLIC)  # fmt: skip


def _diabetes() -> _Table:
    names = ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6", "progression"]
    rows = _sklearn("diabetes_data_raw.csv.gz", delimiter=" ")
    target = _sklearn("diabetes_target.csv.gz")
    return _Table(names, [[*row, *last] for row, last in zip(rows, target, strict=True)])


_DIABETES = (
    "B. Efron, T. Hastie, I. Johnstone and R. Tibshirani (2004), Least angle regression, Annals of Statistics 32, "
    "407-499; the raw data that scikit-learn ships (load_diabetes(scaled=False))"
)
_DIABETES_NAMES = ("age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6")


@_add
def _diabetes_lasso() -> ReferenceSet:
    return _real("diabetes-lasso", "The diabetes data of the LARS paper, columns of one size", _diabetes(),
                 "progression", _DIABETES_NAMES, share="1/32", source=_DIABETES, licence=BSD)  # fmt: skip


@_add
def _diabetes_small_penalty() -> ReferenceSet:
    return _real("diabetes-small-penalty", "The diabetes data with a penalty at which s1 and s2 are in", _diabetes(),
                 "progression", _DIABETES_NAMES, share="1/2048", source=_DIABETES, licence=BSD,
                 tags=("collinear",))  # fmt: skip


@_add
def _diabetes_elastic_net() -> ReferenceSet:
    return _real("diabetes-elastic-net", "The diabetes data, elastic net", _diabetes(), "progression", _DIABETES_NAMES,
                 share="1/32", ridge="1/32", source=_DIABETES, licence=BSD)  # fmt: skip


@_add
def _linnerud_lasso() -> ReferenceSet:
    header, *exercise = _sklearn("linnerud_exercise.csv", delimiter=" ")
    names, *bodies = _sklearn("linnerud_physiological.csv", delimiter=" ")
    table = _Table([*header, *names], [[*a, *b] for a, b in zip(exercise, bodies, strict=True)])
    return _real("linnerud-lasso", "Waists of twenty men from what they can do", table, "Waist", header, alike=False,
                 source="M. Tenenhaus (1998), La régression PLS; as scikit-learn ships it (load_linnerud)",
                 licence=BSD)  # fmt: skip


_WINE_NAMES = ["alcohol", "malic_acid", "ash", "alcalinity", "magnesium", "phenols", "flavanoids", "nonflavanoids",
               "proanthocyanins", "colour", "hue", "od280", "proline", "class"]  # fmt: skip


@_add
def _wine_lasso() -> ReferenceSet:
    _, *rows = _sklearn("wine_data.csv")
    return _real("wine-lasso", "Alcohol of wines from their other contents", _Table(_WINE_NAMES, rows), "alcohol",
                 _WINE_NAMES[1:13], share="1/32",
                 source="M. Forina et al., PARVUS, by the UCI repository; as scikit-learn ships it (load_wine)",
                 licence=BSD)  # fmt: skip


@_add
def _iris_twins() -> ReferenceSet:
    _, *rows = _sklearn("iris.csv")
    names = ["sepal_length", "sepal_width", "petal_length", "petal_width", "class", "petal_length_again"]
    table = _Table(names, [[*row, row[2]] for row in rows])
    return _real("iris-twins", "Widths of petals, with one column given twice", table, "petal_width",
                 ("sepal_length", "sepal_width", "petal_length", "petal_length_again"), alike=False, share="1/64",
                 source="R. A. Fisher (1936), The use of multiple measurements in taxonomic problems; as scikit-learn "
                        "ships it (load_iris)", licence=BSD, tags=("duplicates",))  # fmt: skip


@_add
def _breast_cancer_lasso() -> ReferenceSet:
    _, *rows = _sklearn("breast_cancer.csv")
    parts = ("radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity", "points", "symmetry",
             "dimension")  # fmt: skip
    names = [f"{part}_{kind}" for kind in ("mean", "se", "worst") for part in parts]
    return _real("breast-cancer-lasso", "Thirty measurements of cell nuclei, many of them alike",
                 _Table([*names, "benign"], rows), "benign", names, share="1/128",
                 source="W. N. Street, W. H. Wolberg and O. L. Mangasarian (1993), by the UCI repository; as "
                        "scikit-learn ships it (load_breast_cancer)", licence=BSD, tags=("collinear",))  # fmt: skip


# --- larger ones, which a seeded generator writes --------------------------------------------------


def _large(name: str, rows: int, columns: int, count: int, share: str, title: str, *, sparse: int = 1) -> ReferenceSet:
    stream = Stream(name)
    matrix = [
        [stream.bell() if sparse == 1 or stream.below(sparse) == 0 else Fraction(0) for _ in range(columns)]
        for _ in range(rows)
    ]
    data = _sparse_data(stream, matrix, count)
    penalty = _alpha_penalty(matrix, data, _part(share))
    return ReferenceSet(name, title, ("lasso", "synthetic", "large"), matrix, data, penalty,
                        notes=f"bells from the stream {name!r}"
                              + ("" if sparse == 1 else f", of which about one in {sparse} is kept"))  # fmt: skip


@_add_large
def _large_gauss_800x200() -> ReferenceSet:
    return _large("large-gauss-800x200", 800, 200, 20, "1/32", "A random design of 800 x 200")


@_add_large
def _large_sparse_500x1000() -> ReferenceSet:
    return _large("large-sparse-500x1000", 500, 1000, 15, "1/8", "500 x 1000, one entry in twenty", sparse=20)

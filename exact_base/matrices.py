"""Exact matrices over Q or Q(i): integer matrices over one common denominator."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from flint import fmpq, fmpz_mat
from numpy.typing import NDArray

from exact_base.entries.arrays import Entries, laid_out
from exact_base.entries.memory import check_entries
from exact_base.entries.numbers import number_parts
from exact_base.errors import DataError
from exact_base.reprs import short_repr
from proofs_checks.certificate.reading import Matrix
from proofs_checks.certificate.writing import encode_matrix

__all__ = [
    "Array",
    "ExactMatrix",
    "MatrixLike",
    "VectorLike",
    "assembled",
    "column_norm2",
    "diagonal",
    "exact_column",
    "exact_matrix",
    "identity_matrix",
    "matrix_of",
    "rounded",
    "scaled",
]

Array = NDArray[Any]


@short_repr()
@dataclass(frozen=True, eq=False)
class ExactMatrix:
    """The matrix (re + i·im)/den.

    Attributes:
        re: integers, shape (m, N).
        im: integers of the same shape, or None for a real matrix.
        den: a positive integer.
    """

    re: fmpz_mat
    im: fmpz_mat | None
    den: int

    @property
    def rows(self) -> int:
        """The number m of rows."""
        return int(self.re.nrows())

    @property
    def cols(self) -> int:
        """The number N of columns."""
        return int(self.re.ncols())

    @property
    def is_real(self) -> bool:
        """Whether all entries are real."""
        return self.im is None

    @property
    def adjoint(self) -> ExactMatrix:
        """The conjugate transpose, shape (N, m)."""
        return ExactMatrix(self.re.transpose(), None if self.im is None else -self.im.transpose(), self.den)

    def __matmul__(self, other: ExactMatrix) -> ExactMatrix:
        re, den = self.re * other.re, self.den * other.den
        if other.im is None:
            return ExactMatrix(re, None if self.im is None else self.im * other.re, den)
        if self.im is None:
            return ExactMatrix(re, self.re * other.im, den)
        return ExactMatrix(re - self.im * other.im, self.re * other.im + self.im * other.re, den)

    def __sub__(self, other: ExactMatrix) -> ExactMatrix:
        den = math.lcm(self.den, other.den)
        p, q = den // self.den, den // other.den
        im: fmpz_mat | None = None
        if self.im is not None or other.im is not None:
            zero = fmpz_mat(self.rows, self.cols)
            im = (zero if self.im is None else self.im) * p - (zero if other.im is None else other.im) * q
        return ExactMatrix(self.re * p - other.re * q, im, den)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ExactMatrix) or (self.rows, self.cols) != (other.rows, other.cols):
            return False
        difference = self - other
        zero = fmpz_mat(self.rows, self.cols)
        return bool(difference.re == zero and (difference.im is None or difference.im == zero))

    __hash__ = None  # type: ignore[assignment]  # equal matrices can have different denominators

    def integers(self) -> tuple[list[list[int]], list[list[int]] | None]:
        """Return the numerators of the real and, for a complex matrix, of the imaginary parts."""
        im = None if self.im is None else _integers(self.im)
        return _integers(self.re), im

    def squares(self) -> list[list[int]]:
        """Return the numerators of |entry|², whose denominator is den²."""
        re, im = self.integers()
        if im is None:
            return [[a * a for a in row] for row in re]
        return [[a * a + b * b for a, b in zip(row, other, strict=True)] for row, other in zip(re, im, strict=True)]

    def columns(self, indices: Sequence[int]) -> ExactMatrix:
        """Return the matrix of these columns."""
        return ExactMatrix(
            _columns(self.re, indices), None if self.im is None else _columns(self.im, indices), self.den
        )

    def to_float(self) -> Array:
        """Return the nearest float64 or complex128 matrix.

        Raises:
            DataError: if an entry is too large.
        """
        re, im = self.integers()
        try:
            real = np.array([[a / self.den for a in row] for row in re])
            return real if im is None else real + 1j * np.array([[a / self.den for a in row] for row in im])
        except OverflowError:
            raise DataError("an entry is too large for float64; scale the matrix") from None

    def reduced(self) -> ExactMatrix:
        """Return the same matrix over the least denominator, real if it is."""
        re, im = self.integers()
        im = None if im is None or not any(map(any, im)) else im
        divisor = math.gcd(self.den, *(a for part in (re, im or []) for row in part for a in row))
        return _from_integers(
            [[a // divisor for a in row] for row in re],
            None if im is None else [[a // divisor for a in row] for row in im],
            self.den // divisor,
        )

    def encode(self) -> dict[str, Any]:
        """Return the matrix as docs/format.md, "Numbers", writes it."""
        re, im = self.integers()
        zeros = [[0] * self.cols] * self.rows
        entries = (
            (i, j, (a, 0, b, 0))
            for i, (row, other) in enumerate(zip(re, im or zeros, strict=True))
            for j, (a, b) in enumerate(zip(row, other, strict=True))
        )
        return encode_matrix(rows=self.rows, cols=self.cols, den=self.den, entries=entries)

    @staticmethod
    def decode(matrix: Matrix) -> ExactMatrix:
        """Take over a rational matrix that was read by `proofs_checks.certificate.reading.decode_matrix`."""
        re = [[0] * matrix.cols for _ in range(matrix.rows)]
        im = [[0] * matrix.cols for _ in range(matrix.rows)]
        for (i, j), (a, _, c, _) in matrix.entries.items():
            re[i][j], im[i][j] = a, c
        return _from_integers(re, im if any(map(any, im)) else None, matrix.den)


MatrixLike: TypeAlias = ExactMatrix | Iterable[Iterable[object]]
"""What `exact_matrix` reads: a matrix, rows of numbers, or an array or table of another library."""

VectorLike: TypeAlias = ExactMatrix | Iterable[object]
"""What `exact_column` reads, likewise."""


def _integers(matrix: fmpz_mat) -> list[list[int]]:
    return [[int(a) for a in row] for row in matrix.tolist()]


def _columns(matrix: fmpz_mat, indices: Sequence[int]) -> fmpz_mat:
    return fmpz_mat([[row[j] for j in indices] for row in matrix.tolist()])


def _from_integers(re: list[list[int]], im: list[list[int]] | None, den: int) -> ExactMatrix:
    return ExactMatrix(fmpz_mat(re), None if im is None else fmpz_mat(im), den)


def diagonal(value: fmpq, size: int) -> ExactMatrix:
    """Return value·I, shape (size, size)."""
    matrix = fmpz_mat(size, size)
    for i in range(size):
        matrix[i, i] = value.p
    return ExactMatrix(matrix, None, int(value.q))


def identity_matrix(size: int) -> ExactMatrix:
    """Return I, shape (size, size)."""
    return diagonal(fmpq(1), size)


def scaled(matrix: ExactMatrix, factor: fmpq) -> ExactMatrix:
    """Return factor·matrix."""
    p, q = int(factor.p), int(factor.q)
    return ExactMatrix(matrix.re * p, None if matrix.im is None else matrix.im * p, matrix.den * q)


def column_norm2(column: ExactMatrix) -> fmpq:
    """Return ‖x‖² of a column, shape (length, 1)."""
    return fmpq(sum(row[0] for row in column.squares()), column.den**2)


def assembled(rows: int, cols: int, blocks: Sequence[tuple[int, int, ExactMatrix]]) -> ExactMatrix:
    """Return the matrix with these blocks, each at the row and column of its upper left corner, and zeros elsewhere.

    Where blocks overlap, the later one counts in the entries it has, also if these are zero.
    """
    den = math.lcm(*(block.den for _, _, block in blocks))
    re, im = fmpz_mat(rows, cols), fmpz_mat(rows, cols)
    for top, left, block in blocks:
        factor = den // block.den
        for target, source in ((re, block.re), (im, block.im)):
            for i in range(block.rows):
                for j in range(block.cols):
                    target[top + i, left + j] = 0 if source is None else source[i, j] * factor
    real = all(block.im is None for _, _, block in blocks)
    return ExactMatrix(re, None if real else im, den)


def rounded(array: Array, *, bits: int) -> ExactMatrix:
    """Return the float64 or complex128 matrix, shape (m, N), with entries rounded to nearest multiples of 2^-bits.

    Raises:
        DataError: if an entry is not finite.
    """
    if not np.all(np.isfinite(array)):
        raise DataError("a floating point computation gave a number that is not finite")

    def part(values: Array) -> list[list[int]]:
        return [[int(x) for x in row] for row in np.rint(np.ldexp(values, bits)).tolist()]

    im = part(array.imag) if np.iscomplexobj(array) else None
    if bits < 0:
        scale = 1 << -bits
        return _from_integers(
            [[a * scale for a in row] for row in part(array.real)],
            None if im is None else [[a * scale for a in row] for row in im],
            1,
        )
    return _from_integers(part(array.real), im, 1 << bits)


def exact_matrix(rows: MatrixLike) -> ExactMatrix:
    """Read a matrix exactly: a float is the dyadic rational it stores, a string what it says ("2/3", "0.1", "1-2j").

    Rows are lists, or the whole is an array of numpy, a table of pandas, by its values, or a matrix of scipy, sympy,
    mpmath or flint. What is exact already is returned as it is.

    Raises:
        DataError: if it is no matrix of finite numbers, or too large for the memory, with the place and what to do.

    >>> from firenet_exact import exact_matrix
    >>> exact_matrix([[1, "1/2"], [0, "0.1"]])
    ExactMatrix(re=<2 x 2 integers>, im=None, den=10)
    """
    return rows if isinstance(rows, ExactMatrix) else matrix_of(laid_out(rows))


def exact_column(entries: VectorLike) -> ExactMatrix:
    """Read a vector exactly as `exact_matrix` does a matrix, which may be one row or one column; shape (length, 1).

    Raises:
        DataError: if it is no vector of finite numbers.

    >>> from firenet_exact import exact_column
    >>> exact_column([1, "1/2"]).rows
    2
    """
    return entries if isinstance(entries, ExactMatrix) else matrix_of(laid_out(entries).as_column())


def matrix_of(entries: Entries) -> ExactMatrix:
    """Read a matrix from its entries.

    Raises:
        DataError: with the place of what is no finite number, or if it is too large for the memory.
    """
    rows, cols = entries.as_matrix().shape
    check_entries(rows, cols)
    if set(map(type, entries.values)) == {float} and (found := _of_floats(entries.values, rows, cols)) is not None:
        return found
    numbers = entries.read(number_parts)
    den = math.lcm(*{int(part.q) for number in numbers for part in number})
    check_entries(rows, cols, bits=den.bit_length())
    re, im = ([int(number[k].p) * (den // int(number[k].q)) for number in numbers] for k in (0, 1))
    del numbers  # not both at once
    return ExactMatrix(fmpz_mat(rows, cols, re), fmpz_mat(rows, cols, im) if any(im) else None, den)


def _of_floats(values: Sequence[float], rows: int, cols: int) -> ExactMatrix | None:
    """Read a matrix of floats by their bits as `number_parts` reads one, all at once; None if one is not finite."""
    bits = np.array(values, dtype=np.float64).view(np.int64)
    exponent = bits >> 52 & 0x7FF
    if np.any(exponent == 0x7FF):
        return None
    significand = bits & ((1 << 52) - 1) | np.where(exponent > 0, 1 << 52, 0)
    # the lowest bit is a power of two, which a float holds exactly
    trailing = np.frexp((significand & -significand).astype(np.float64))[1].astype(np.int64) - 1
    filled = significand != 0
    place = np.where(filled, np.maximum(exponent, 1) - 1075 + trailing, 0)
    least = min(int(place.min()), 0)
    check_entries(rows, cols, bits=1 - least)
    numerators = np.where(filled, significand >> np.maximum(trailing, 0), 0) * np.where(bits < 0, -1, 1)
    shifts = (place - least).tolist()
    shifted = [a << shift for a, shift in zip(numerators.tolist(), shifts, strict=True)]
    return ExactMatrix(fmpz_mat(rows, cols, shifted), None, 1 << -least)

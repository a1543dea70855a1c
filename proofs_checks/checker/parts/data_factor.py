"""What a factor of the allowed columns proves (docs/format.md, "kind data-digits").

H is the matrix of products of the allowed columns. Source: docs/theory.md, "What the data determine".
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from proofs_checks.certificate.reading import MalformedCertificate
from proofs_checks.checker.core.rules import Invalid, look_at_time
from proofs_checks.checker.parts.cholesky import approximate_inverse, least_eigenvalue
from proofs_checks.checker.parts.data_columns import Columns, dot
from proofs_checks.checker.parts.penalised import MAX_BITS
from proofs_checks.checker.parts.short import above, root_down, root_up

_GUARD = 96  # bits of the products of columns beyond those of the claimed bound
_MULTIPLE = 64  # bits of the largest entry of b
_SHORT = 256  # bits of an entry of a column that may be as many as the entries of X
_ONE = Fraction(1)


@dataclass(frozen=True)
class Remainder:
    """A feature off J, less b over J: |b_k|, |b|, and bounds of |z| and of |A_J^T z|."""

    sizes: dict[int, Fraction]
    length: Fraction
    rest: Fraction
    along: Fraction


class Factor:
    """H over 2^`bits`, each entry rounded down, so that what it misses has at most the norm `missed`.

    `sigma` is a lower bound of the root of the least eigenvalue of H, `shares` bound sigma |B_j| + |R_j| for the
    features of J.
    """

    def __init__(self, columns: Columns, allowed: list[int], claimed: Fraction) -> None:
        self.columns, self.allowed = columns, allowed
        width, size = columns.width, columns.width * len(allowed)
        self.square = square = claimed**2
        self.bits = _GUARD + size.bit_length() + max(0, square.denominator.bit_length() - square.numerator.bit_length())
        bits = self.bits + max((_whole_bits(columns.norms[j]) for j in allowed), default=0)
        if size * size * bits > MAX_BITS:
            raise MalformedCertificate(f"evidence: {size} columns with products of {bits} bits exceed 2^32 bits")
        rows, bits = columns.problem.matrix.shape[0], columns.row_bits
        if size * rows * max(0, bits - _SHORT) > MAX_BITS:
            raise MalformedCertificate(f"evidence: {rows} rows of {size} columns with {bits} bits exceed 2^32 bits")
        self.missed = Fraction(size, 1 << self.bits)
        self.rows = [columns.rows(columns.numerators(k), columns.problem.den) for k in allowed]
        self.gram = [[0] * size for _ in range(size)]
        for place, j in enumerate(allowed):
            for other in range(place, len(allowed)):
                parts = self._product(j, other)
                if j == allowed[other]:
                    kappa = columns.ridge(j)
                    parts = [self._floor(columns.squares[j], j, j, kappa), *[0] * (width - 1)]
                self._place(width * place, width * other, parts)
        self._project()
        bound = least_eigenvalue(self.gram, 1 << self.bits, square)
        if bound is None or bound <= self.missed:
            raise Invalid("factor", "the least eigenvalue of H is not proved to be at least the square of sigma")
        self.sigma = root_down(*(bound - self.missed).as_integer_ratio())
        self.inverse, self.inverse_bits = self._inverse(square)
        self.shares = [self._share(width * place) for place in range(len(allowed))]

    def _project(self) -> None:
        """Take from the products what a projection takes, and add to what is missed."""

    def _product(self, j: int, other: int) -> list[int]:
        """Return A_j^* A_k over 2^bits, k the feature at another place of J, rounded down."""
        k = self.allowed[other]
        return [self._floor(x, j, k) for x in self.columns.against(j, self.rows[other])]

    def _floor(self, num: int, j: int, k: int, more: Fraction = Fraction(0)) -> int:
        s = self.columns.problem.scales
        num, den = num * s.den**2, self.columns.square_den * s.numbers[j] * s.numbers[k]
        if more:
            num, den = num * more.denominator + more.numerator * den, den * more.denominator
        return (num << self.bits) // den

    def _place(self, i: int, k: int, parts: list[int]) -> None:
        """Write a product and its conjugate, as real matrices of one or two rows and columns."""
        gram, re = self.gram, parts[0]
        gram[i][k] = gram[k][i] = re
        if len(parts) == 2:
            im = parts[1]
            gram[i + 1][k + 1] = gram[k + 1][i + 1] = re
            if i != k:
                gram[i][k + 1] = gram[k + 1][i] = -im
                gram[i + 1][k] = gram[k][i + 1] = im

    def _inverse(self, square: Fraction) -> tuple[list[list[int]], int]:
        if not self.gram:
            return [], 0
        found = approximate_inverse(self.gram, 1 << self.bits, square)
        if found is None:
            raise Invalid("factor", "rounding leaves no factor of H")
        return found

    def _share(self, k: int) -> Fraction:
        """Return a bound of sigma |B_j| + |R_j|, or 1 if that is less, as |d_j| is at most |d|."""
        return min(_ONE, self.sum_bound(self.inverse[k], self.inverse_bits, {k: 1 << self.inverse_bits}))

    def sum_bound(self, row: list[int], row_bits: int, sought: dict[int, int]) -> Fraction:
        """Return a bound of <c, d> for all d over J with |d| <= 1 and |A_J d| <= sigma.

        c has the entries `sought`, and `row` is about c^T H^-1, both over 2^row_bits.
        """
        look_at_time()
        image = [dot(row, line) for line in self.gram]
        bits = row_bits + self.bits
        missed = root_up(dot(row, row), 4**row_bits) * self.missed
        square = Fraction(dot(image, row), 1 << bits + row_bits)
        square += Fraction(dot(row, row), 4**row_bits) * self.missed
        for k, x in sought.items():
            image[k] -= x << self.bits
        rest = root_up(dot(image, image), 4**bits) + missed
        return above(self.sigma * root_up(*square.as_integer_ratio()) + rest)

    def _products(self, j: int) -> list[int]:
        """Return A_J^T A_j over 2^bits, each missed by at most a unit, all together by at most `missed`."""
        return [self._product(j, place)[0] for place in range(len(self.allowed))]

    def _square(self, j: int) -> Fraction:
        """Return |A_j|^2, less at most `missed`."""
        s = self.columns.problem.scales
        return Fraction(self.columns.squares[j] * s.den**2, self.columns.square_den * s.numbers[j] ** 2)

    def remainder(self, j: int) -> Remainder:
        """Return what is left of a feature off J, real, and without its ridge, when b = G A_J^T A_j is taken off."""
        look_at_time()
        products = self._products(j)
        exact = [dot(row, products) for row in self.inverse]
        largest = max(map(int.bit_length, exact), default=0)
        cut = min(max(0, largest - _MULTIPLE), self.bits + self.inverse_bits)
        b, bits = [x >> cut for x in exact], self.bits + self.inverse_bits - cut
        image = [dot(row, b) for row in self.gram]
        left = [(x << bits) - y for x, y in zip(products, image, strict=True)]
        length = root_up(dot(b, b), 4**bits)
        unit = 1 << self.bits
        square = self._square(j) + Fraction(dot(b, image) - (2 * dot(b, products) << bits), unit << 2 * bits)
        square += (1 + length) ** 2 * self.missed
        rest = root_up(*above(max(square, Fraction(0))).as_integer_ratio())
        along = root_up(dot(left, left), 4**bits * unit**2) + (1 + length) * self.missed
        sizes = {k: Fraction(abs(x), 1 << bits) for k, x in zip(self.allowed, b, strict=True) if x}
        return Remainder(sizes, length, rest, above(along))


def _whole_bits(norm: Fraction) -> int:
    """Return at least as many bits as the square of a number has before the point."""
    return 2 * max(0, norm.numerator.bit_length() - norm.denominator.bit_length() + 1)

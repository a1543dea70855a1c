"""Bounds as balls and as short rationals: what is between them is rounded to the side that the name says."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from flint import arb, arb_mat, ctx, fmpq, fmpz_mat

from exact_base.rationals import power_of_two
from sci_barriers.problems.penalised.problem import over_one_denominator

__all__ = [
    "Table",
    "above",
    "below",
    "diagonal",
    "exact_of",
    "nearest_float",
    "norm",
    "norm2",
    "points",
    "root",
    "root_above",
    "root_below",
    "scale_of",
    "short_bits",
]

_SHORT = 64
"""Bits of a bound: what is lost is far below what is ever printed."""


@contextmanager
def short_bits() -> Iterator[None]:
    """Work with the bits of a bound."""
    with ctx.workprec(_SHORT):
        yield


def above(value: arb) -> fmpq:
    """Return a short rational that is at least a number."""
    with short_bits():
        return exact_of(value.upper())


def below(value: arb) -> fmpq:
    """Return a short rational that is at most a number."""
    with short_bits():
        return exact_of(value.lower())


def exact_of(value: arb) -> fmpq:
    """Return the number that a ball of radius 0 is."""
    mantissa, exponent = value.man_exp()
    return fmpq(mantissa) * power_of_two(int(exponent))


def diagonal(entries: Sequence[arb]) -> arb_mat:
    """Return the square matrix with these entries on its diagonal, and 0 elsewhere."""
    size = len(entries)
    return arb_mat(size, size, [entries[i] if i == j else 0 for i in range(size) for j in range(size)])


def root_above(value: fmpq) -> fmpq:
    """Return a short rational that is at least the root of a number >= 0."""
    with ctx.workprec(2 * _SHORT):
        return above(arb(value).sqrt())


def root_below(value: fmpq) -> fmpq:
    """Return a short rational that is at most the root of a number >= 0."""
    with ctx.workprec(2 * _SHORT):
        return below(arb(value).sqrt())


def norm2(values: Iterable[arb]) -> arb:
    """Return the sum of the squares."""
    return sum((value * value for value in values), arb(0))


def norm(values: Iterable[arb]) -> arb:
    """Return at least the root of the sum of the squares."""
    return root(norm2(values))


def root(square: arb) -> arb:
    """Return at least the root of a number that is not negative, though its ball may have negative ones."""
    return square.upper().sqrt()


def points(matrix: arb_mat, *, parts: int) -> arb_mat:
    """Return the matrix of exact numbers near a symmetric one: the midpoints of its upper half, mirrored.

    With two parts it stands for a Hermitian matrix A + iB, as the blocks A, -B, B, A, and so does what is returned.
    """
    rows = matrix.mid().tolist()
    size = len(rows) // parts
    found = [[rows[min(i, j)][max(i, j)] for j in range(size)] for i in range(size)]
    if parts == 2:
        turned = [
            [rows[size + i][j] if i < j else -rows[size + j][i] if j < i else arb(0) for j in range(size)]
            for i in range(size)
        ]
        upper = [[*a, *(-entry for entry in b)] for a, b in zip(found, turned, strict=True)]
        found = upper + [[*b, *a] for a, b in zip(found, turned, strict=True)]
    return arb_mat(len(rows), len(rows), [entry for row in found for entry in row])


def scale_of(values: Iterable[arb]) -> int:
    """Return an exponent e with all |values| about 2^e at most; 0 if all are zero."""
    largest = max((abs(value.mid()) for value in values), default=arb(0))
    if largest == 0:
        return 0
    mantissa, exponent = largest.man_exp()
    return int(mantissa).bit_length() + int(exponent)


def nearest_float(value: fmpq) -> float:
    """Return a float near a number, infinite if it is too large."""
    try:
        return int(value.p) / int(value.q)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


class Table:
    """Rows of rationals, whose sums with some factors are asked for, again and again with others."""

    def __init__(self, rows: Sequence[Sequence[fmpq]], *, width: int) -> None:
        """Take the rows, each of this width."""
        self.rows = [tuple(row) for row in rows]
        numerators, self._den = over_one_denominator([entry for row in self.rows for entry in row])
        self._matrix = fmpz_mat(len(self.rows), width, numerators)

    def sums(self, factors: Sequence[fmpq]) -> list[fmpq]:
        """Return for each row the sum of its entries times the factors; exactly."""
        if not self.rows:
            return []
        numerators, den = over_one_denominator(list(factors))
        den *= self._den
        return [fmpq(a, den) for a in (self._matrix * fmpz_mat(len(numerators), 1, numerators)).entries()]

    def positive(self, factors: Sequence[fmpq]) -> list[bool]:
        """Return for each row whether its sum is positive."""
        if not self.rows:
            return []
        numerators, _ = over_one_denominator(list(factors))
        return [a > 0 for a in (self._matrix * fmpz_mat(len(numerators), 1, numerators)).entries()]

"""Cholesky factors in integers: lower bounds of eigenvalues, approximate inverses (docs/format.md, "kind data-digits").

A factor is rounded, and what it misses is known exactly, so that nothing here is believed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from operator import mul

from proofs_checks.checker.core.rules import look_at_time

_GUARD = 48  # bits below the shift, at least, that a factor keeps


def least_eigenvalue(gram: Sequence[Sequence[int]], den: int, shift: Fraction) -> Fraction | None:
    """Return a lower bound of the least eigenvalue of the symmetric matrix gram/den, just below `shift`.

    None if gram/den - shift I has no Cholesky factor, or the bound is not positive; shift > 0. With H = gram/den -
    shift I rounded to multiples of 4^-p, H = R^T R + E exactly, and the bound is shift less the Frobenius norm of E,
    and of what was rounded.
    """
    size = len(gram)
    if not size:
        return shift
    bits = _bits(gram, den, shift)
    lifted = shift * den
    shifted = [
        [((gram[k][j] << 2 * bits) - (k == j) * math.ceil(lifted * 4**bits)) // den for j in range(size)]
        for k in range(size)
    ]
    found = _factor(shifted)
    if found is None:
        return None
    # the shift, and the entry with it, were each rounded by less than a unit
    lost = math.isqrt(found[1]) + 1 + 2 * size
    bound = shift - Fraction(lost, 4**bits)
    return bound if bound > 0 else None


def approximate_inverse(gram: Sequence[Sequence[int]], den: int, shift: Fraction) -> tuple[list[list[int]], int] | None:
    """Return about the inverse of the positive definite matrix gram/den, as symmetric integers over 2^bits.

    `shift` is about its least eigenvalue, or less, and decides how many bits are kept. How near it is, is not known:
    who uses it multiplies it by gram/den. None if rounding leaves no factor.
    """
    size = len(gram)
    bits = _bits(gram, den, shift)
    found = _factor([[(gram[k][j] << 2 * bits) // den for j in range(size)] for k in range(size)])
    if found is None:
        return None
    columns = found[0]
    # T = R^-1, upper triangular, over 2^p: R T = 1
    rows: list[list[int]] = [[columns[j][k] if j >= k else 0 for j in range(size)] for k in range(size)]
    inverse: list[list[int]] = []
    for j in range(size):
        look_at_time()
        column = [0] * (j + 1)
        for k in range(j, -1, -1):
            known = sum(map(mul, rows[k][k + 1 : j + 1], column[k + 1 :]))
            column[k] = (((k == j) << 2 * bits) - known) // rows[k][k]
        inverse.append(column)
    lines = [[inverse[j][k] if j >= k else 0 for j in range(size)] for k in range(size)]
    product = [[0] * size for _ in range(size)]
    for k in range(size):
        look_at_time()
        for j in range(k, size):
            product[k][j] = product[j][k] = sum(map(mul, lines[k][j:], lines[j][j:])) >> bits
    return product, bits


def _bits(gram: Sequence[Sequence[int]], den: int, shift: Fraction) -> int:
    """Return p: roots of the entries over 2^p are as fine as the shift needs."""
    size = len(gram)
    largest = max(gram[k][k] for k in range(size))
    ratio = Fraction(max(largest, 1), den) / min(shift, Fraction(1))
    spread = max(0, ratio.numerator.bit_length() - ratio.denominator.bit_length() + 1)
    below = max(0, shift.denominator.bit_length() - shift.numerator.bit_length() + 1)
    return _GUARD + spread + below + 2 * size.bit_length()


def _factor(matrix: list[list[int]]) -> tuple[list[list[int]], int] | None:
    """Return the columns of R, upper triangular, and the sum of the squares of matrix - R^T R; None if it fails."""
    size = len(matrix)
    columns: list[list[int]] = []
    missed = 0
    for j in range(size):
        look_at_time()
        column: list[int] = []
        for k in range(j):
            left = matrix[k][j] - sum(map(mul, columns[k], column))
            quotient, rest = divmod(left, columns[k][k])
            column.append(quotient)
            missed += 2 * rest * rest
        left = matrix[j][j] - sum(map(mul, column, column))
        if left <= 0:
            return None
        column.append(math.isqrt(left))
        missed += (left - column[-1] ** 2) ** 2
        columns.append(column)
    return columns, missed

"""Rows and columns of integers, for products of whole matrices; and roots rounded up (docs/format.md, "upper root").

A line is the real and the imaginary parts of its entries, without the zeros at its end: an integer product that meets
the end of a list goes no further, so that real and triangular matrices cost what they should.
"""

from __future__ import annotations

import math
from operator import mul
from typing import cast

from proofs_checks.checker.core.numbers import Exact, Gaussian, Ratio

BITS = 64  # of an upper root, after the point
Line = tuple[list[int], list[int]]


def rows(matrix: Exact, *, adjoint: bool = False) -> list[Line]:
    """Return the numerators of a rational matrix by rows, or those of its conjugate transpose."""
    count = matrix.cols if adjoint else matrix.rows
    real: list[list[int]] = [[] for _ in range(count)]
    imaginary: list[list[int]] = [[] for _ in range(count)]
    for (i, j), a in matrix.entries.items():
        row, column = (j, i) if adjoint else (i, j)
        re, im = (a.re, -a.im if adjoint else a.im) if isinstance(a, Gaussian) else (a, 0)
        for part, value in ((real[row], re), (imaginary[row], im)):
            if isinstance(value, int) and value:
                part.extend([0] * (column - len(part)))
                part.append(value)
    return list(zip(real, imaginary, strict=True))


def product(left: Line, right: Line) -> tuple[int, int]:
    """Return the real and imaginary parts of the sum of left_k conj(right_k)."""
    (a, b), (c, d) = left, right
    re, im = sum(map(mul, a, c)), 0
    if b and d:
        re += sum(map(mul, b, d))
    if b or d:
        im = sum(map(mul, b, c)) - sum(map(mul, a, d))
    return re, im


def upper_root(num: int, den: int) -> Ratio:
    """Return the upper root of num/den >= 0, over the denominator 2^64 den."""
    divisor = math.gcd(num, den)
    p, q = num // divisor, den // divisor
    root = math.isqrt(p * q)
    if root * root == p * q:
        root <<= BITS
    else:
        root = math.isqrt(p * q << 2 * BITS) + 1
    return Ratio(root * divisor, den << BITS)


def root_above(square: Ratio) -> Ratio:
    """Return the upper root of a rational ratio."""
    return upper_root(cast(int, square.num), square.den)


def reciprocal(x: Ratio) -> Ratio:
    """Return 1/x for a rational x > 0."""
    return Ratio(x.den, cast(int, x.num))

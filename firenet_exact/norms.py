"""Rational bounds of the spectral norm (docs/theory.md, "By a rounded factor").

Floating point proposes, exact arithmetic decides: an eigenvector bounds ‖A‖ from below, and a rounded Cholesky factor R
of h²I - G, with G the smaller of AA* and A*A, bounds it from above by h if h²I - G - RR* is diagonally dominant.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from flint import fmpq

from exact_base.errors import NotCertifiedError
from exact_base.matrices import ExactMatrix, MatrixLike, diagonal, exact_matrix, rounded
from exact_base.rationals import float_exactly, power_of_two, round_up, sqrt_up
from exact_base.reprs import short_repr

__all__ = ["NormBounds", "operator_norm"]

_BITS = 45  # of the entries of R, relative to ‖A‖
_MARGIN = 2.0**-31  # of h² over the eigenvalue; half of it is left to the factor


@short_repr()
@dataclass(frozen=True, eq=False)
class NormBounds:
    """low <= ‖A‖ <= high, with high <= (1 + 2^-30)·low unless A = 0.

    Attributes:
        matrix: A, shape (m, N).
        low: rational lower bound.
        high: rational upper bound.
        factor: R, shape (n, n) with n = min(m, N).
        vector: v with ‖Av‖ >= low·‖v‖, shape (N, 1).
    """

    matrix: ExactMatrix
    low: fmpq
    high: fmpq
    factor: ExactMatrix
    vector: ExactMatrix


def operator_norm(matrix: MatrixLike) -> NormBounds:
    """Return certified bounds of ‖A‖ for A of shape (m, N), an array or rows of numbers, which are read exactly.

    Raises:
        NotCertifiedError: if float64 is too coarse for the matrix, so that the bounds are not as near as they must be.
        DataError: if an entry is too large for float64.

    >>> from firenet_exact import exact_matrix, operator_norm
    >>> bounds = operator_norm(exact_matrix([[3, 0], [0, 1]]))
    >>> bounds.low <= 3 <= bounds.high
    True
    """
    matrix = exact_matrix(matrix)
    size = min(matrix.rows, matrix.cols)
    floats = matrix.to_float()
    largest = float(np.abs(floats).max())
    if largest == 0:
        return _tiny(matrix, size)
    exponent = math.frexp(largest)[1]
    # so that no square overflows; 2^1024 and the reciprocal of the least float are none
    floats = floats * 2.0**-exponent if exponent > 0 else floats / 2.0**exponent
    gram = floats @ floats.conj().T if matrix.rows <= matrix.cols else floats.conj().T @ floats
    values, vectors = np.linalg.eigh(gram)
    top = vectors[:, -1] if matrix.cols < matrix.rows else floats.conj().T @ vectors[:, -1]
    vector = rounded((top / np.abs(top).max())[:, None], bits=_BITS)
    low = _below(matrix, vector)
    value = float(values[-1])
    high = round_up(sqrt_up(float_exactly(value * (1 + _MARGIN))), bits=40) * power_of_two(exponent)
    try:
        lower = np.linalg.cholesky(value * (1 + _MARGIN / 2) * np.eye(size) - gram)
    except np.linalg.LinAlgError:
        raise NotCertifiedError(f"float64 is too coarse to bound the norm of this {size}-row Gram matrix") from None
    shift = _BITS - math.frexp(math.sqrt(value))[1]
    factor = _scaled(rounded(lower, bits=shift), exponent)
    if not _dominated(matrix, high, factor) or high > low * (1 + power_of_two(-30)):
        raise NotCertifiedError("float64 is too coarse to bound the norm of this matrix within 2^-30")
    return NormBounds(matrix, low, high, factor, vector)


def _tiny(matrix: ExactMatrix, size: int) -> NormBounds:
    """A matrix that is zero, or as good as zero in float64."""
    entries = [square for row in matrix.squares() for square in row]
    if any(entries):
        raise NotCertifiedError("the entries are too small for float64; scale the matrix")
    ones = rounded(np.ones((matrix.cols, 1)), bits=0)
    return NormBounds(matrix, fmpq(0), power_of_two(-64), rounded(np.zeros((size, 1)), bits=0), ones)


def _scaled(matrix: ExactMatrix, exponent: int) -> ExactMatrix:
    factor = 1 << max(exponent, 0)
    im = None if matrix.im is None else matrix.im * factor
    return ExactMatrix(matrix.re * factor, im, matrix.den << max(-exponent, 0))


def _below(matrix: ExactMatrix, vector: ExactMatrix) -> fmpq:
    """Return a rational that is at most ‖Av‖/‖v‖."""
    image = matrix @ vector
    image2 = fmpq(sum(row[0] for row in image.squares()), image.den**2)
    length2 = fmpq(sum(row[0] for row in vector.squares()), vector.den**2)
    return 1 / sqrt_up(length2 / image2) if image2 > 0 else fmpq(0)


def _dominated(matrix: ExactMatrix, high: fmpq, factor: ExactMatrix) -> bool:
    """Whether high²I - G - RR* is diagonally dominant, exactly."""
    adjoint = matrix.adjoint
    gram = matrix @ adjoint if matrix.rows <= matrix.cols else adjoint @ matrix
    rest = diagonal(high * high, gram.rows) - gram - factor @ factor.adjoint
    re, im = rest.integers()
    zeros = [[0] * rest.rows] * rest.rows
    for i, (row, other) in enumerate(zip(re, im or zeros, strict=True)):
        if 2 * row[i] < sum(map(abs, row)) + sum(map(abs, other)) or row[i] < 0:
            return False
    return True

"""Complex vectors as real ones: (x_1, ..., x_N) is written (Re x_1, ..., Re x_N, Im x_1, ..., Im x_N).

A complex matrix becomes [[Re, -Im], [Im, Re]], with the same norm, and every operation of a block but the soft
threshold is the real one; that moves pairs of entries.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from flint import fmpq, fmpz_mat

from exact_base.matrices import ExactMatrix
from firenet_exact.network import Firenet

__all__ = ["from_real", "is_complex", "norm_above", "real_entries", "real_numerators", "real_step"]


def is_complex(network: Firenet, data: ExactMatrix) -> bool:
    """Return whether any of A, y and the initial guess has an imaginary part."""
    return any(part is not None and not part.is_real for part in (network.matrix, data, network.initial))


def real_step(network: Firenet, *, paired: bool) -> tuple[list[list[int]], int]:
    """Return τA in real form, as numerators by rows and their common denominator."""
    tau = network.parameters.tau
    re, im = (ExactMatrix(network.matrix.re, network.matrix.im, 1)).integers()
    p = int(tau.p)
    upper = [[a * p for a in row] for row in re]
    if paired:
        other = [[a * p for a in row] for row in im] if im is not None else [[0] * len(row) for row in re]
        lower = [right + left for right, left in zip(other, upper, strict=True)]
        upper = [left + [-a for a in right] for left, right in zip(upper, other, strict=True)] + lower
    return upper, int(tau.q) * network.matrix.den


def real_entries(vector: ExactMatrix, *, paired: bool) -> list[fmpq]:
    """Return the entries of a vector in real form."""
    return [fmpq(a, vector.den) for a in real_numerators(vector, paired=paired)]


def real_numerators(vector: ExactMatrix, *, paired: bool) -> list[int]:
    """Return the numerators of the entries of a vector in real form; its `den` is the denominator of all."""
    re, im = vector.integers()
    found = [row[0] for row in re]
    if paired:
        found += [0] * vector.rows if im is None else [row[0] for row in im]
    return found


def from_real(numerators: Sequence[Any], den: int, *, paired: bool) -> ExactMatrix:
    """Return the vector, shape (N, 1), with these integers over `den` in real form."""
    if not paired:
        return ExactMatrix(fmpz_mat(len(numerators), 1, list(numerators)), None, den)
    size = len(numerators) // 2
    re, im = (fmpz_mat(size, 1, list(part)) for part in (numerators[:size], numerators[size:]))
    return ExactMatrix(re, im, den)


def norm_above(numerators: Sequence[int]) -> int:
    """Return the least integer that is at least the l2 norm of integers."""
    square = sum(a * a for a in numerators)
    return math.isqrt(square - 1) + 1 if square else 0

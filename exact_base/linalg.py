"""Exact linear algebra over the scalars of `exact_base.scalars`: elimination, left inverse, semidefiniteness."""

from __future__ import annotations

import numpy as np
from flint import fmpq

from exact_base.errors import DataError
from exact_base.scalars import ExactArray, adjoint, real_part, sign, zeros

__all__ = [
    "identity",
    "is_positive_definite",
    "is_positive_semidefinite",
    "left_inverse",
    "operator_norm_at_most",
    "solve_consistent",
]


def solve_consistent(matrix: ExactArray, right: ExactArray) -> ExactArray | None:
    """Return one solution X of matrix · X = right by Gauss-Jordan elimination, free variables zero.

    Shapes: matrix (p, q), right (p, k), result (q, k). Returns None if there is no solution.
    """
    rows, cols = matrix.shape
    work = np.concatenate([matrix, right], axis=1)
    pivots: list[int] = []
    row = 0
    for col in range(cols):
        pivot = next((i for i in range(row, rows) if work[i, col]), None)
        if pivot is None:
            continue
        work[[row, pivot]] = work[[pivot, row]]
        work[row, col:] = work[row, col:] / work[row, col]
        for i in range(rows):
            if i != row and work[i, col]:
                work[i, col:] = work[i, col:] - work[row, col:] * work[i, col]
        pivots.append(col)
        row += 1
        if row == rows:
            break
    if any(entry for entry in work[row:, cols:].flat):
        return None
    solution = zeros((cols, right.shape[1]))
    for i, col in enumerate(pivots):
        solution[col] = work[i, cols:]
    return solution


def identity(size: int) -> ExactArray:
    """Return the exact identity matrix."""
    result = zeros((size, size))
    for i in range(size):
        result[i, i] = fmpq(1)
    return result


def left_inverse(matrix: ExactArray) -> ExactArray | None:
    """Return B with B · matrix = I, exactly, or None if the columns are dependent. Shapes (m, k) to (k, m)."""
    if matrix.shape[1] == 0:
        return zeros((0, matrix.shape[0]))
    star = adjoint(matrix)
    gram = star @ matrix
    inverse = solve_consistent(gram, identity(gram.shape[0]))
    return None if inverse is None else inverse @ star


def is_positive_semidefinite(matrix: ExactArray) -> bool:
    """Decide exactly whether a Hermitian matrix is positive semidefinite, by symmetric elimination.

    Raises:
        DataError: if the matrix is not square.
    """
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise DataError(f"a square matrix is needed, got shape {matrix.shape}")
    work = matrix.copy()
    while work.size:
        diagonal = [sign(real_part(work[i, i])) for i in range(len(work))]
        if min(diagonal) < 0:
            return False
        if max(diagonal) == 0:  # then all of it must vanish
            return not any(work.flat)
        k = diagonal.index(1)
        rest = [i for i in range(len(work)) if i != k]
        column, row = work[rest, k], work[k, rest]
        work = work[np.ix_(rest, rest)] - np.outer(column, row / work[k, k])
    return True


def is_positive_definite(matrix: ExactArray) -> bool:
    """Decide exactly whether a Hermitian matrix is positive definite: semidefinite and of full rank."""
    return is_positive_semidefinite(matrix) and solve_consistent(matrix, identity(len(matrix))) is not None


def operator_norm_at_most(matrix: ExactArray, bound: fmpq) -> bool:
    """Decide exactly whether the spectral norm of an m x N matrix is <= bound.

    Source: docs/theory.md, "Operator norm bounds".
    """
    if bound < 0:
        return False
    star = adjoint(matrix)
    gram = matrix @ star if matrix.shape[0] <= matrix.shape[1] else star @ matrix
    return is_positive_semidefinite(identity(len(gram)) * (bound * bound) - gram)

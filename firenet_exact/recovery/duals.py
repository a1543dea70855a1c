"""Dual vectors, and points, in floating point: candidates for `certify_recovery`, which judges them exactly.

The best dual vector of data y with noise e is a solution of the dual of basis pursuit denoising,
max Re<y,v> - e‖v‖ with |A*v|_i <= w_i (docs/recovery.md, "Which dual vector").
"""

from __future__ import annotations

import math

import numpy as np

from exact_base.matrices import Array, ExactMatrix, MatrixLike, VectorLike, exact_column, exact_matrix, rounded
from exact_base.rationals import to_float
from firenet_exact.levels import Levels
from firenet_exact.null_space.cones import solve_cones

__all__ = ["as_vector", "cone_dual", "polished", "residual_dual"]

_BITS = 52  # of the entries of a rounded vector, relative to the largest


def as_vector(array: Array) -> ExactMatrix:
    """Return a finite float64 or complex128 vector, length n, rounded to about its own precision, shape (n, 1)."""
    largest = float(np.abs(array).max(initial=0.0))
    return rounded(array[:, None], bits=_BITS - math.frexp(largest)[1])


def residual_dual(matrix: MatrixLike, data: VectorLike, point: VectorLike) -> ExactMatrix:
    """Return the direction of y - Ax̂, shape (m, 1): at a minimiser of (P3) with y ≠ Ax̂ it solves the dual."""
    residual = exact_column(data) - exact_matrix(matrix) @ exact_column(point)
    return as_vector(residual.to_float()[:, 0])


def cone_dual(matrix: MatrixLike, data: VectorLike, levels: Levels, *, noise: float) -> ExactMatrix | None:
    """Return the dual vector of a cone solver, shape (m, 1), or None if all fail.

    Raises:
        UsageError: if no cone solver is installed.
    """
    floats, y = exact_matrix(matrix).to_float(), exact_column(data).to_float()[:, 0]
    weights = np.array([to_float(w) for w in levels.column_weights])
    m, n = floats.shape
    if not np.iscomplexobj(floats) and not np.iscomplexobj(y):
        parts, blocks = floats.T[:, None], y
    else:
        # (Re, Im) of (A*v)_i from (Re, Im) of v
        a, b = floats.real.T, floats.imag.T
        parts = np.stack([np.hstack([a, b]), np.hstack([-b, a])], axis=1)
        blocks = np.concatenate([y.real, y.imag])
    size, width = len(blocks), parts.shape[1]
    rows = np.zeros((n, 1 + width, size + 1))
    rows[:, 1:, :size] = -parts
    norm = np.zeros((1 + size, size + 1))
    norm[0, size] = -1
    norm[1:, :size] = -np.eye(size)
    right = np.zeros((n, 1 + width))
    right[:, 0] = weights
    found = solve_cones(
        np.concatenate([-blocks, [noise]]),
        np.vstack([rows.reshape(-1, size + 1), norm]),
        np.concatenate([right.ravel(), np.zeros(1 + size)]),
        [1 + width] * n + [1 + size],
    )
    if found is None:
        return None
    v = found[:size]
    return as_vector(v if size == m else v[:m] + 1j * v[m:])


def polished(
    matrix: MatrixLike,
    data: VectorLike,
    levels: Levels,
    point: VectorLike,
    dual: VectorLike | None = None,
    *,
    noise: float,
    steps: int = 2000,
) -> tuple[ExactMatrix, ExactMatrix]:
    """Return a better point, shape (N, 1), and a better dual vector, shape (m, 1), by primal-dual steps.

    The steps are those of Chambolle and Pock for min ‖x‖_w with ‖Ax-y‖ <= noise; the averages of the last half are
    returned.

    Args:
        matrix: A, shape (m, N), an array or rows of numbers.
        data: y, shape (m, 1), or m numbers; so are all vectors.
        levels: the levels of the columns.
        point: where to start, shape (N, 1).
        dual: where to start, shape (m, 1), or None for 0.
        noise: >= 0.
        steps: how many.
    """
    A, y, x = exact_matrix(matrix).to_float(), exact_column(data).to_float()[:, 0], exact_column(point).to_float()[:, 0]
    weights = np.array([to_float(w) for w in levels.column_weights])
    norm = float(np.linalg.norm(A, 2)) or 1.0
    adjoint = np.ascontiguousarray(A.conj().T)
    x = x.astype(np.result_type(A, y, x))
    v = np.zeros(len(y)) if dual is None else exact_column(dual).to_float()[:, 0]
    p = np.zeros(len(y), dtype=x.dtype) - v
    lengths = float(np.linalg.norm(x)) or float(np.linalg.norm(y)) / norm, float(np.linalg.norm(v))
    balance = (lengths[0] or 1.0) / (lengths[1] or 1.0)
    tau, sigma = 0.99 * balance / norm, 0.99 / (balance * norm)
    sums = [np.zeros_like(x), np.zeros_like(p)]
    late = steps - steps // 2
    for step in range(steps):
        new = _soft(x - tau * (adjoint @ p), tau * weights)
        p = p + sigma * (A @ (2 * new - x) - y)
        length = float(np.linalg.norm(p))
        p = p * (max(length - sigma * noise, 0.0) / length if length else 0.0)
        x = new
        if step >= late:
            sums[0] += x
            sums[1] -= p
    count = max(steps - late, 1)
    return as_vector(sums[0] / count), as_vector(sums[1] / count)


def _soft(values: Array, limits: Array) -> Array:
    modulus = np.abs(values)
    return values * (np.maximum(modulus - limits, 0) / np.where(modulus > 0, modulus, 1))  # type: ignore[no-any-return]

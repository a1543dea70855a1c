"""Textbook float64 solvers that need nothing but numpy: ISTA, FISTA and Chambolle-Pock.

All work on A/‖A‖ so that one choice of steps serves every scale. They stop at a fixed number of iterations or when an
iteration no longer changes the point at all. Real or complex data.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["chambolle_pock_bpdn", "chambolle_pock_lasso", "chambolle_pock_sqrt_lasso", "fista", "ista"]

Array = NDArray[Any]
ITERATIONS = 20_000


def _soft(x: Array, threshold: float) -> Array:
    size = np.abs(x)
    return x * np.maximum(0, 1 - threshold / np.where(size > 0, size, 1))


def _normalised(matrix: Array) -> tuple[Array, float]:
    norm = float(np.linalg.norm(matrix, 2))
    return matrix / norm, norm


def ista(matrix: Array, data: Array, lam: float) -> Array:
    """Minimise lam‖x‖_1 + ‖Ax - y‖² by proximal gradient steps from 0 (Daubechies, Defrise, De Mol 2004)."""
    a, norm = _normalised(matrix)
    x = np.zeros(a.shape[1], dtype=a.dtype)
    for _ in range(ITERATIONS):
        new = _soft(x - a.conj().T @ (a @ x - data), lam / norm / 2)
        if np.array_equal(new, x):
            break
        x = new
    return x / norm


def fista(matrix: Array, data: Array, lam: float) -> Array:
    """Minimise lam‖x‖_1 + ‖Ax - y‖² by accelerated proximal gradient steps from 0 (Beck, Teboulle 2009)."""
    a, norm = _normalised(matrix)
    x = z = np.zeros(a.shape[1], dtype=a.dtype)
    t = 1.0
    for _ in range(ITERATIONS):
        new = _soft(z - a.conj().T @ (a @ z - data), lam / norm / 2)
        t_new = (1 + np.sqrt(1 + 4 * t * t)) / 2
        z = new + (t - 1) / t_new * (new - x)
        done = np.array_equal(new, x) and np.array_equal(z, new)
        x, t = new, t_new
        if done:
            break
    return x / norm


def _chambolle_pock(matrix: Array, data: Array, lam: float, prox_dual: Any) -> Array:
    """Primal-dual iteration (Chambolle, Pock 2011) for lam‖x‖_1 + f(Ax - y); the dual lives on the scale of lam/‖A‖."""
    a, norm = _normalised(matrix)
    scale = lam / norm
    tau, sigma = 0.99 / scale, 0.99 * scale
    x = np.zeros(a.shape[1], dtype=a.dtype)
    u = np.zeros(a.shape[0], dtype=a.dtype)
    for _ in range(ITERATIONS):
        new = _soft(x - tau * (a.conj().T @ u), tau * scale)
        u_new = prox_dual(u + sigma * (a @ (2 * new - x) - data), sigma)
        if np.array_equal(new, x) and np.array_equal(u_new, u):
            break
        x, u = new, u_new
    return x / norm


def chambolle_pock_lasso(matrix: Array, data: Array, lam: float) -> Array:
    """Minimise lam‖x‖_1 + ‖Ax - y‖²."""
    return _chambolle_pock(matrix, data, lam, lambda v, sigma: v / (1 + sigma / 2))


def chambolle_pock_sqrt_lasso(matrix: Array, data: Array, lam: float) -> Array:
    """Minimise lam‖x‖_1 + ‖Ax - y‖."""
    return _chambolle_pock(matrix, data, lam, lambda v, sigma: v / max(1.0, float(np.linalg.norm(v))))


def chambolle_pock_bpdn(matrix: Array, data: Array, eps: float) -> Array:
    """Minimise ‖x‖_1 subject to ‖Ax - y‖ <= eps."""

    def prox(v: Array, sigma: float) -> Array:
        size = float(np.linalg.norm(v))
        return v * max(0.0, 1 - sigma * eps / size) if size > 0 else v

    return _chambolle_pock(matrix, data, 1.0, prox)

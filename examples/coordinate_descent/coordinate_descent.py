"""Coordinate descent for the LASSO: minimise lam‖x‖_1 + ½‖Ax - y‖²."""

import warnings

import numpy as np


def solve(A, y, lam, *, tolerance=1e-14, sweeps=100_000):
    """Return x. Stops when the duality gap is below tolerance·½‖y‖², and warns if that is never so.

    The dual point is the residual, shortened until |A^T u| <= lam.
    """
    x = np.zeros(A.shape[1])
    residual = np.array(y, dtype=float)
    squares = (A**2).sum(axis=0)
    enough = tolerance * (y @ y) / 2
    for _ in range(sweeps):
        for i in np.flatnonzero(squares):
            old = x[i]
            rest = A[:, i] @ residual + squares[i] * old
            x[i] = np.sign(rest) * max(0.0, abs(rest) - lam) / squares[i]
            residual += A[:, i] * (old - x[i])
        u = residual * min(1.0, lam / max(np.abs(A.T @ residual).max(), 1e-300))
        gap = lam * np.abs(x).sum() + residual @ residual / 2 - (y @ u - u @ u / 2)
        if gap <= enough:
            return x
    warnings.warn(f"the duality gap is still {gap:.2e} after {sweeps} sweeps", RuntimeWarning, stacklevel=2)
    return x

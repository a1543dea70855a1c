"""The forward pass of a FIRENET as published, in float64.

A FIRENET is the primal-dual iteration of Chambolle and Pock for (P3), min λ‖x‖_w + ‖Ax - y‖, run for p blocks from the
current guess and restarted n times on rescaled data (Theorem 3 of the paper). Nothing here is certified: it is the
computation that is audited. Which steps the theorem allows: docs/theory.md, "The audit of a table".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from exact_base.reprs import short_repr

__all__ = ["PublishedParameters", "published_forward"]

Array: TypeAlias = NDArray[Any]


@short_repr()
@dataclass(frozen=True, kw_only=True)
class PublishedParameters:
    """The numbers that fix a FIRENET once A and the weights are given.

    Attributes:
        lam: λ.
        tau: primal step.
        sigma: dual step; Theorem 3 needs τσ‖A‖² < 1.
        norm: ‖A‖, or an upper bound.
        blocks: p, iterations between two restarts.
        restarts: n.
        decay: v, in (0, 1).
        delta: δ, the accuracy that is aimed at.
        initial: ε_0, a bound of the objective at the initial guess.

    >>> from firenet_exact import PublishedParameters
    >>> numbers = dict(lam=1e-3, tau=1.0, sigma=0.9, norm=1.0, blocks=5, restarts=3, decay=0.4, delta=1e-9, initial=2.0)
    >>> PublishedParameters(**numbers).restarts
    3
    """

    lam: float
    tau: float
    sigma: float
    norm: float
    blocks: int
    restarts: int
    decay: float
    delta: float
    initial: float


def published_forward(
    matrix: Array, data: Array, parameters: PublishedParameters, *, weights: Array | None = None
) -> Array:
    """Return the output of the network for the measurements `data`.

    Args:
        matrix: A, shape (m, N), float64 or complex128.
        data: y, length m.
        parameters: the numbers of the network.
        weights: w, length N; all ones if not given.

    >>> import numpy as np
    >>> from firenet_exact import PublishedParameters, published_forward
    >>> numbers = dict(lam=1e-3, tau=1.0, sigma=0.9, norm=1.0, blocks=5, restarts=3, decay=0.4, delta=1e-9, initial=2.0)
    >>> published_forward(np.eye(2), np.array([1.0, 0.0]), PublishedParameters(**numbers)).shape
    (2,)
    """
    size = matrix.shape[1]
    threshold = parameters.tau * parameters.lam * (np.ones(size) if weights is None else weights)
    adjoint = np.ascontiguousarray(matrix.conj().T)
    guess = np.zeros(size, dtype=matrix.dtype)
    accuracy = parameters.initial
    for _ in range(parameters.restarts):
        accuracy = parameters.decay * (parameters.delta + accuracy)
        beta = accuracy / (2 * parameters.norm)
        scale = 1 / (beta * parameters.blocks)
        target = scale * data
        x, u, total = scale * guess, np.zeros_like(data, dtype=matrix.dtype), np.zeros_like(guess)
        for _ in range(parameters.blocks):
            step = x - parameters.tau * (adjoint @ u)
            modulus = np.abs(step)
            new = np.where(modulus > threshold, step * (1 - threshold / np.where(modulus > 0, modulus, 1)), 0)
            u = u + parameters.sigma * (matrix @ (2 * new - x)) - parameters.sigma * target
            u = u / max(1.0, float(np.linalg.norm(u)))
            x = new
            total += new
        guess = total / parameters.blocks / scale
    return guess

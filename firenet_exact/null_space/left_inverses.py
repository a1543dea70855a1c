"""Left inverses of the columns of a support, in floating point.

The path of a support Δ leads through left inverses B of A_Δ: the pseudo-inverse, which has the least ‖B‖, and solutions
of cone programs with less and less weight on ‖B‖ and more on max_j ‖B a_j‖/w_j. All points of the segments between them
are left inverses too.
"""

from __future__ import annotations

import math

import numpy as np

from exact_base.matrices import Array
from firenet_exact.null_space.cones import solve_cones

__all__ = ["KNOTS", "along", "left_inverses", "on_path"]

_PENALTIES = (0.3, 0.1, 1e-3)  # weights of ‖B‖ in the cone programs, relative to its size
_STEPS = 6  # points of each segment
KNOTS = 1 + len(_PENALTIES)


def left_inverses(floats: Array, weights: Array, support: tuple[int, ...]) -> Array:
    """Return the knots of the path of a support, shape (KNOTS, k, m); the one before takes the place of one not found.

    B = P + Z N*, where P is the pseudo-inverse and the columns of N span the complement of the range of A_Δ, so that
    the unknowns are Z, shape (k, m-k), and two bounds t, u: min t + c·u with ‖B a_j‖ <= t w_j and ‖Z‖ <= u.
    """
    # solvers fail for entries that are far from 1, and SCS prints then
    exponent = max(math.frexp(float(np.abs(floats).max()))[1], -1000)
    scale = math.ldexp(1.0, -exponent)
    knots: Array = scale * _knots(scale * floats, weights, support)
    return knots


def _knots(floats: Array, weights: Array, support: tuple[int, ...]) -> Array:
    inside = list(support)
    others = [j for j in range(floats.shape[1]) if j not in support]
    pseudo = np.linalg.pinv(floats[:, inside])
    k, free = len(inside), floats.shape[0] - len(inside)
    if not others or not free:
        return np.stack([pseudo] * KNOTS)
    complement = np.linalg.qr(floats[:, inside], mode="complete")[0][:, k:]
    fixed, moving = pseudo @ floats[:, others], complement.conj().T @ floats[:, others]
    is_complex = np.iscomplexobj(floats)
    lines = [_real_map(np.kron(np.eye(k), column)) for column in moving.T]
    if is_complex:
        fixed = np.concatenate([fixed.real, fixed.imag])
    height, unknowns = lines[0].shape
    blocks, right = [], []
    for j, line in enumerate(lines):
        block = np.zeros((height + 1, unknowns + 2))
        block[0, unknowns] = -weights[others[j]]
        block[1:, :unknowns] = -line
        blocks.append(block)
        right.append(np.concatenate([[0.0], fixed[:, j]]))
    last = np.zeros((unknowns + 1, unknowns + 2))
    last[0, unknowns + 1] = -1
    last[1:, :unknowns] = -np.eye(unknowns)
    scale = float(np.linalg.norm(fixed, axis=0).max()) or 1.0
    penalty = scale / ((float(np.linalg.norm(pseudo)) or 1.0) * float(weights.max()))
    constraints, bounds = np.vstack([*blocks, last]), np.concatenate([*right, np.zeros(unknowns + 1)])
    sizes = [height + 1] * len(others) + [unknowns + 1]
    knots = [pseudo]
    for weight in _PENALTIES:
        objective = np.concatenate([np.zeros(unknowns), [1.0, weight * penalty]])
        found = solve_cones(objective, constraints, bounds, sizes)
        if found is None:
            knots.append(knots[-1])
            continue
        parts = found[:unknowns].reshape(-1, k, free)
        step = parts[0] + 1j * parts[1] if is_complex else parts[0]
        knots.append(pseudo + step @ complement.conj().T)
    return np.stack(knots)


def on_path(knots: Array, step: int) -> Array:
    """Return a point of paths with the given knots, shape (..., knots, k, m); 0 is the pseudo-inverse."""
    number, rest = divmod(int(step), _STEPS)
    if rest == 0:
        return knots[..., number, :, :]
    part = rest / _STEPS
    return (1 - part) * knots[..., number, :, :] + part * knots[..., number + 1, :, :]


def along(floats: Array, weights: Array, supports: list[tuple[int, ...]], knots: Array) -> tuple[Array, Array]:
    """Return max_j ‖B a_j‖/w_j off the support, and ‖B‖, for each support and point, both of shape (count, points).

    The knots, at least one for each support, have shape (count, knots, k, m).
    """
    outside = np.ones((len(supports), floats.shape[1]), dtype=bool)
    np.put_along_axis(outside, np.array(supports), False, axis=1)
    largest, norms = [], []
    for step in range(_STEPS * (knots.shape[1] - 1) + 1):
        inverse = on_path(knots, step)
        lengths = np.linalg.norm(inverse @ floats, axis=1) / weights
        largest.append(np.max(np.where(outside, lengths, 0), axis=1))
        norms.append(np.linalg.norm(inverse, 2, axis=(1, 2)))
    return np.stack(largest, axis=1), np.stack(norms, axis=1)


def _real_map(matrix: Array) -> Array:
    """Return the matrix that acts on (Re z, Im z) as a complex one acts on z; a real one as it is."""
    if not np.iscomplexobj(matrix):
        return matrix
    return np.block([[matrix.real, -matrix.imag], [matrix.imag, matrix.real]])

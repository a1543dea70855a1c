"""The Gram matrix of the columns of J: a symmetric matrix near its inverse, and a bound of its least eigenvalue."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from flint import arb, arb_mat, ctx, fmpq

from exact_base.rationals import float_exactly, power_of_two, round_down
from exact_base.reprs import short_repr
from sci_barriers.problems.determined.balls import (
    above,
    below,
    diagonal,
    nearest_float,
    norm,
    points,
    root_below,
    scale_of,
)

__all__ = ["Inverse", "inverse"]

_NEAR = fmpq(1, 1 << 40)
_ABOVE = 1 + 2.0**-24  # of the largest eigenvalue: what float64 finds is nearer
_GAP = 1 - power_of_two(-20)


@short_repr()
@dataclass(frozen=True, eq=False)
class Inverse:
    """What is known of H.

    Attributes:
        matrix: G, symmetric and exact.
        image: B B^T = GHG.
        rest: R = I - GH.
        least: σ_0, just below the root of the least eigenvalue of H.
    """

    matrix: arb_mat
    image: arb_mat
    rest: arb_mat
    least: fmpq


def inverse(lines: arb_mat, ridge: list[arb], *, bits: int, parts: int = 1) -> Inverse | None:
    """Return what is known of H = L L^T + diag(κ), with the rows L; None if it is singular, or nearly so.

    With two parts H stands for a Hermitian matrix, and so does G (see `points`).

    With ‖R‖ <= ρ < 1 and G <= τ, H is regular, GH = I - R, and the norm of H^-1 = (I - R)^-1 G is at most τ/(1 - ρ),
    as the eigenvalues of GH, which are those of a symmetric matrix if H is regular, are near 1, and so G is positive
    definite. That G <= τ is shown by a Cholesky factor of float64 of τI - G, and what it misses.
    """
    with ctx.workprec(bits):
        gram = lines * lines.transpose() + diagonal(ridge)
        one = diagonal([arb(1)] * len(ridge))
    if not ridge:
        return Inverse(gram, gram, gram, fmpq(1))
    for precision in (bits, 2 * bits, 4 * bits):
        with ctx.workprec(precision):
            try:
                middle = points(gram.mid().inv(), parts=parts)
            except ZeroDivisionError:
                continue
            near = middle * gram
            rest = one - near
            error = above(norm(rest.entries()))
            if error < _NEAR:
                least = _least(middle, error)
                return None if least is None else Inverse(middle, near * middle, rest, least)
    return None


def _least(matrix: arb_mat, error: fmpq) -> fmpq | None:
    """Return just less than the root of (1 - error) / τ, where G <= τ."""
    size = matrix.nrows()
    unit = power_of_two(-scale_of(matrix.entries()))
    scaled = matrix * arb(unit)
    floats = np.array([nearest_float(below(a)) for a in scaled.entries()]).reshape(size, size)
    largest = float(np.linalg.eigvalsh(floats)[-1]) * _ABOVE
    try:
        factor = np.linalg.cholesky(largest * np.eye(size) - floats)
    except np.linalg.LinAlgError:
        return None
    root = arb_mat(factor.tolist())
    missed = diagonal([arb(largest)] * size) - scaled - root * root.transpose()
    bound = float_exactly(largest) + above(norm(missed.entries()))
    return round_down(root_below((1 - error) * unit / bound) * _GAP)

"""The property of a matrix near to one that has it (docs/theory.md, "Transfer")."""

from __future__ import annotations

from flint import fmpq

from exact_base.decimals import below
from exact_base.errors import NotCertifiedError, UsageError
from exact_base.matrices import ExactMatrix, MatrixLike, exact_matrix
from exact_base.rationals import SMALL, round_up, sqrt_up
from firenet_exact.norms import operator_norm
from firenet_exact.null_space.property import NullSpaceProperty, Transfer

__all__ = ["by_transfer"]


def by_transfer(known: NullSpaceProperty, matrix: MatrixLike) -> NullSpaceProperty:
    """Return the property of A, shape (m, N), that follows from the known one of A', of the same shape.

    The distance is bounded by the Frobenius norm, and if that is not enough by the spectral norm.

    Raises:
        NotCertifiedError: if the matrices are too far from each other.
        UsageError: if they differ in shape, or `known` is itself a transfer.
    """
    matrix, other = exact_matrix(matrix), known.matrix
    if (matrix.rows, matrix.cols) != (other.rows, other.cols):
        raise UsageError("the matrices of a transfer must have one shape")
    if isinstance(known.evidence, Transfer):
        raise UsageError("a transfer starts from a property that is proved without one")
    difference = matrix - other
    frobenius2 = fmpq(sum(map(sum, difference.squares())), difference.den**2)
    try:
        return _moved(known, matrix, max(sqrt_up(frobenius2), SMALL * SMALL))
    except NotCertifiedError:
        return _moved(known, matrix, operator_norm(difference).high)


def _moved(known: NullSpaceProperty, matrix: ExactMatrix, eta: fmpq) -> NullSpaceProperty:
    moved = known.gamma * eta
    if moved >= 1:
        raise NotCertifiedError(f"γ'η >= {below(moved)} is not less than 1")
    spread = sqrt_up(known.levels.xi) / min(known.levels.weights)
    rho = round_up((known.rho + moved * spread) / (1 - moved))
    if rho >= 1:
        raise NotCertifiedError(f"ρ >= {below(rho)} is not less than 1")
    return NullSpaceProperty(matrix, known.levels, rho, round_up(known.gamma / (1 - moved)), Transfer(known, eta))

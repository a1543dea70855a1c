"""The property from the products of columns (docs/theory.md, "Certifying a null space property": coherence)."""

from __future__ import annotations

from flint import fmpq

from exact_base.decimals import above, below
from exact_base.errors import NotCertifiedError
from exact_base.matrices import MatrixLike, exact_matrix
from exact_base.rationals import SMALL, round_up, sqrt_up, upper_root
from firenet_exact.levels import Levels
from firenet_exact.null_space.property import Coherence, NullSpaceProperty, check_size

__all__ = ["by_coherence"]


def by_coherence(matrix: MatrixLike, levels: Levels) -> NullSpaceProperty:
    """Return the property of A, shape (m, N), an array or rows of numbers, that its coherence proves.

    Raises:
        NotCertifiedError: if it proves none.
        UsageError: if levels and matrix do not fit together.

    >>> from firenet_exact import Levels, by_coherence
    >>> proved = by_coherence([[1, 0], ["1/4", 1]], Levels.of([2], [1]))
    >>> proved.rho, proved.gamma
    (1/4, 1)
    """
    matrix = exact_matrix(matrix)
    check_size(matrix, levels)
    gram = matrix.adjoint @ matrix
    squares, weights = gram.squares(), [w * w for w in levels.column_weights]
    largest = max(
        (fmpq(squares[i][j]) / (weights[i] * weights[j]) for i in range(gram.rows) for j in range(i) if squares[i][j]),
        default=fmpq(0),
    )
    mu = upper_root(largest / gram.den**2)
    nu = min(fmpq(gram.re[i, i], gram.den) + mu * weights[i] for i in range(gram.rows)) - mu * levels.xi
    if nu <= 0:
        raise NotCertifiedError(f"ν <= {above(nu)} is not positive")
    rho = max(round_up(mu * levels.xi / nu), SMALL)
    if rho >= 1:
        raise NotCertifiedError(f"ρ >= {below(rho)} is not less than 1")
    return NullSpaceProperty(matrix, levels, rho, sqrt_up(1 / nu), Coherence())

"""Penalised least squares with complex data: the lasso, with weights of the rows and ridge penalties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from flint import arb, fmpq, fmpz_mat

from exact_base.errors import DataError
from exact_base.matrices import ExactMatrix, MatrixLike, VectorLike, exact_column, exact_matrix
from exact_base.reprs import short_repr
from sci_barriers.problems.penalised.problem import entries_of

__all__ = ["ComplexLeastSquares", "complex_entries", "parts_of", "weighted_columns"]


@short_repr()
@dataclass(frozen=True, eq=False)
class ComplexLeastSquares:
    """F(x) = Σ ω_i |y_i - (Xx)_i|² + Σ μ_j |x_j| + Σ κ_j |x_j|² over all complex x, all data exact.

    Attributes:
        matrix: X, shape (m, n).
        data: y, shape (m, 1).
        penalties: μ >= 0, shape (n, 1).
        ridge: κ >= 0, shape (n, 1), or None for zeros.
        observation_weights: ω > 0, shape (m, 1), or None for ones.

    Raises:
        DataError: if sizes or signs are not these.

    >>> from sci_barriers.problems.determined.complex_problem import ComplexLeastSquares
    >>> problem = ComplexLeastSquares.of([[1, 1j], [0, 1]], [2, 1j], penalties=["1/4", "1/4"])
    >>> problem.rows, problem.features
    (2, 2)
    """

    matrix: ExactMatrix
    data: ExactMatrix
    penalties: ExactMatrix
    ridge: ExactMatrix | None = None
    observation_weights: ExactMatrix | None = None

    def __post_init__(self) -> None:
        """Check sizes and signs."""
        m, n = self.rows, self.features
        for name, vector, length in (
            ("y", self.data, m),
            ("the penalties", self.penalties, n),
            ("the ridge penalties", self.ridge, n),
            ("the observation weights", self.observation_weights, m),
        ):
            if vector is None:
                continue
            if (vector.rows, vector.cols) != (length, 1):
                raise DataError(f"{name} must be a column of {length} numbers, got {vector.rows} x {vector.cols}")
            if name != "y" and not vector.is_real:
                raise DataError(f"{name} must be real")
        for name, vector in (("penalties", self.penalties), ("ridge penalties", self.ridge)):
            if vector is not None and any(entry < 0 for entry in vector.re.entries()):
                raise DataError(f"the {name} must not be negative")
        if self.observation_weights is not None and any(w <= 0 for w in self.observation_weights.re.entries()):
            raise DataError("the observation weights must be positive")

    @staticmethod
    def of(
        matrix: MatrixLike,
        data: VectorLike,
        *,
        penalties: VectorLike,
        ridge: VectorLike | None = None,
        observation_weights: VectorLike | None = None,
    ) -> ComplexLeastSquares:
        """Return the problem with arrays of any library, which are read exactly.

        Raises:
            DataError: if an array cannot be read, or does not fit the others.
        """
        return ComplexLeastSquares(
            exact_matrix(matrix),
            exact_column(data),
            exact_column(penalties),
            None if ridge is None else exact_column(ridge),
            None if observation_weights is None else exact_column(observation_weights),
        )

    @property
    def rows(self) -> int:
        """The number m of observations."""
        return self.matrix.rows

    @property
    def features(self) -> int:
        """The number n of columns of X, and of complex coefficients."""
        return self.matrix.cols

    @cached_property
    def penalty_entries(self) -> list[fmpq]:
        """The penalties μ."""
        return entries_of(self.penalties)

    @cached_property
    def ridge_entries(self) -> list[fmpq]:
        """The ridge penalties κ."""
        return [fmpq(0)] * self.features if self.ridge is None else entries_of(self.ridge)

    @cached_property
    def weight_entries(self) -> list[fmpq]:
        """The weights ω."""
        return [fmpq(1)] * self.rows if self.observation_weights is None else entries_of(self.observation_weights)


def parts_of(matrix: ExactMatrix) -> tuple[fmpz_mat, fmpz_mat]:
    """Return the numerators of the real and of the imaginary parts."""
    return matrix.re, fmpz_mat(matrix.rows, matrix.cols) if matrix.im is None else matrix.im


def complex_entries(vector: ExactMatrix) -> list[tuple[fmpq, fmpq]]:
    """Return the real and the imaginary part of each entry of a column."""
    real, imaginary = parts_of(vector)
    den = vector.den
    return [(fmpq(a, den), fmpq(b, den)) for a, b in zip(real.entries(), imaginary.entries(), strict=True)]


def weighted_columns(problem: ComplexLeastSquares, places: Sequence[int]) -> tuple[list[list[arb]], list[list[arb]]]:
    """Return the real and the imaginary parts of these columns √ω_i X_ij, balls at the working precision."""
    roots = [arb(w).sqrt() / problem.matrix.den for w in problem.weight_entries]
    real, imaginary = (
        [[a * root for a, root in zip(entries, roots, strict=True)] for entries in part.transpose().tolist()]
        for part in parts_of(problem.matrix.columns(places))
    )
    return real, imaginary

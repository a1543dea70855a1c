"""Penalised least squares as libraries state it: lasso, elastic net, ridge and least squares on somebody's own data.

With the centres c and scales s of the columns, the weights ω of the observations and Z = [(X - 1c^T) diag(1/s), 1],
the objective is

    F(x) = Σ ω_i (y_i - (Zx)_i)² + Σ μ_j |x_j| + Σ κ_j x_j²,   x_j >= 0 for the columns that are declared so.

Exact work is done in the units of the columns of X, v_j = x_j / s_j, in which denominators stay small. See
docs/theory.md, "Penalised least squares".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from flint import fmpq, fmpq_mat, fmpz, fmpz_mat

from exact_base.errors import DataError
from exact_base.matrices import ExactMatrix, MatrixLike, VectorLike, exact_column, exact_matrix
from exact_base.reprs import short_repr

__all__ = ["PenalisedLeastSquares", "Progress", "column", "entries_of", "over_one_denominator"]

Progress: TypeAlias = Callable[[str], None]
"""What is told, in a few words, what is being done."""


def entries_of(vector: ExactMatrix) -> list[fmpq]:
    """Return the entries of a real column."""
    return [fmpq(entry, vector.den) for entry in vector.re.entries()]


def over_one_denominator(values: Sequence[fmpq | int]) -> tuple[list[fmpz], fmpz]:
    """Return integers a and the least d > 0 with values a/d."""
    if not values:
        return [], fmpz(1)
    numerators, den = fmpq_mat(len(values), 1, list(values)).numer_denom()
    return numerators.entries(), den


def column(values: Sequence[fmpq | int]) -> ExactMatrix:
    """Return these rationals as a column, over their least common denominator."""
    numerators, den = over_one_denominator(values)
    return ExactMatrix(fmpz_mat(len(numerators), 1, numerators), None, int(den))


@short_repr()
@dataclass(frozen=True, eq=False)
class PenalisedLeastSquares:
    """The data and penalties of one problem, all exact; N is n, or n + 1 with an intercept, which is the last.

    Attributes:
        matrix: X, shape (m, n).
        data: y, shape (m, 1).
        penalties: μ >= 0, shape (N, 1); 0 at the intercept.
        ridge: κ >= 0, shape (N, 1), likewise, or None for zeros.
        centres: c, shape (n, 1), or None for zeros.
        scales: s > 0, shape (n, 1), or None for ones.
        observation_weights: ω > 0, shape (m, 1), or None for ones.
        intercept: whether there is one.
        nonnegative: the columns of X, from 0 and increasing, whose coefficients must be >= 0.

    Raises:
        DataError: if sizes or signs are not these, or a number is not real.

    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
    >>> problem = PenalisedLeastSquares.of([[1, 0], [0, "1/2"]], [2, 1], penalties=["1/4", "1/4"])
    >>> problem.rows, problem.features, problem.size
    (2, 2, 2)
    """

    matrix: ExactMatrix
    data: ExactMatrix
    penalties: ExactMatrix
    ridge: ExactMatrix | None = None
    centres: ExactMatrix | None = None
    scales: ExactMatrix | None = None
    observation_weights: ExactMatrix | None = None
    intercept: bool = False
    nonnegative: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Check sizes and signs."""
        m, n, size = self.rows, self.features, self.size
        if m < 1 or n < 1:
            raise DataError(f"X must have a row and a column at least, got {m} x {n}")
        if not self.matrix.is_real:
            raise DataError("X must be real")
        self._check("y", self.data, m)
        for name, vector, length in (
            ("the penalties", self.penalties, size),
            ("the ridge penalties", self.ridge, size),
            ("the centres", self.centres, n),
            ("the scales", self.scales, n),
            ("the observation weights", self.observation_weights, m),
        ):
            if vector is not None:
                self._check(name, vector, length)
        for name, vector in (("scales", self.scales), ("observation weights", self.observation_weights)):
            if vector is not None and any(entry <= 0 for entry in vector.re.entries()):
                raise DataError(f"the {name} must be positive")
        for name, vector in (("penalties", self.penalties), ("ridge penalties", self.ridge)):
            if vector is None:
                continue
            entries = vector.re.entries()
            if any(entry < 0 for entry in entries):
                raise DataError(f"the {name} must not be negative")
            if self.intercept and entries[-1] != 0:
                raise DataError(f"the {name} must end with 0: an intercept is not penalised")
        chosen = self.nonnegative
        if any(type(j) is not int for j in chosen) or list(chosen) != sorted(set(chosen) & set(range(n))):
            raise DataError(f"the nonnegative columns must be increasing numbers from 0 to {n - 1}")

    @staticmethod
    def _check(name: str, vector: ExactMatrix, length: int) -> None:
        if (vector.rows, vector.cols) != (length, 1):
            raise DataError(f"{name} must be a column of {length} numbers, got {vector.rows} x {vector.cols}")
        if not vector.is_real:
            raise DataError(f"{name} must be real")

    @staticmethod
    def of(
        matrix: MatrixLike,
        data: VectorLike,
        *,
        penalties: VectorLike,
        ridge: VectorLike | None = None,
        centres: VectorLike | None = None,
        scales: VectorLike | None = None,
        observation_weights: VectorLike | None = None,
        intercept: bool = False,
        nonnegative: Sequence[int] = (),
    ) -> PenalisedLeastSquares:
        """Return the problem with arrays of any library, which are read exactly.

        Raises:
            DataError: if an array cannot be read, or does not fit the others.
        """

        def read(vector: VectorLike | None) -> ExactMatrix | None:
            return None if vector is None else exact_column(vector)

        return PenalisedLeastSquares(
            exact_matrix(matrix),
            exact_column(data),
            exact_column(penalties),
            read(ridge),
            read(centres),
            read(scales),
            read(observation_weights),
            intercept,
            tuple(nonnegative),
        )

    @property
    def rows(self) -> int:
        """The number m of observations."""
        return self.matrix.rows

    @property
    def features(self) -> int:
        """The number n of columns of X."""
        return self.matrix.cols

    @property
    def size(self) -> int:
        """The number N of coefficients, with the intercept."""
        return self.features + self.intercept

    @cached_property
    def scale_entries(self) -> list[fmpq]:
        """The scales of all coefficients, 1 where there are none, and for the intercept; length N."""
        given = [fmpq(1)] * self.features if self.scales is None else entries_of(self.scales)
        return given + [fmpq(1)] * self.intercept

    @cached_property
    def penalty_entries(self) -> list[fmpq]:
        """The penalties μ_j s_j of |v_j|; length N."""
        return [mu * s for mu, s in zip(entries_of(self.penalties), self.scale_entries, strict=True)]

    @cached_property
    def ridge_entries(self) -> list[fmpq]:
        """The ridge penalties κ_j s_j² of v_j²; length N."""
        if self.ridge is None:
            return [fmpq(0)] * self.size
        return [kappa * s * s for kappa, s in zip(entries_of(self.ridge), self.scale_entries, strict=True)]

    def coefficients(self, point: ExactMatrix) -> ExactMatrix:
        """Return x, shape (N, 1), of v: x_j = s_j v_j."""
        return column([s * v for s, v in zip(self.scale_entries, entries_of(point), strict=True)])

    def own_units(self, coefficients: ExactMatrix) -> ExactMatrix:
        """Return v, shape (N, 1), of x: v_j = x_j / s_j."""
        return column([x / s for s, x in zip(self.scale_entries, entries_of(coefficients), strict=True)])

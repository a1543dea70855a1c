"""The complex reference data, for tests of solvers of the complex lasso: docs/reference-data.md."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from functools import cached_property
from pathlib import Path

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from exact_base.decimals import root_about
from exact_base.errors import DataError
from exact_base.matrices import VectorLike, exact_column
from exact_base.words import counted, digits_reached
from sci_barriers.problems.determined.complex_problem import ComplexLeastSquares, complex_entries
from sci_barriers.testing.references import DIFFICULTIES, DataSet, digits_of_50, find_sets, read_table

__all__ = ["ComplexReferenceProblem", "complex_reference_problems"]


class ComplexReferenceProblem(DataSet):
    """One of the complex data sets: minimise ‖y - Xx‖² + Σ μ_j |x_j| over complex x; arrays are exact.

    There is one minimiser only. Its parts need not be rational; `solution` has 50 significant digits of each.

    Attributes:
        name: that of its folder.
        folder: where its files are.
        about: what its `problem.json` says: `title`, `tags`, `source`, `licence`, ...

    >>> from sci_barriers.testing import complex_reference_problems
    >>> problem = complex_reference_problems()[1]
    >>> problem, problem.matrix.shape, problem.matrix.dtype
    (<ComplexReferenceProblem complex-gauss-20x10, lower>, (20, 10), dtype('complex128'))
    >>> answer = [complex(float(re), float(im)) for re, im in problem.solution]
    >>> problem.digits(answer) >= 15, problem.digits([0] * 10)
    (True, 0)
    """

    # --- arrays --------------------------------------------------------------------------------

    @cached_property
    def matrix(self) -> NDArray[np.complex128]:
        """X, shape (m, n)."""
        return self._complex("X.csv")

    @cached_property
    def data(self) -> NDArray[np.complex128]:
        """The data y, length m."""
        return self._complex("y.csv")[:, 0]

    @cached_property
    def penalties(self) -> NDArray[np.float64]:
        """The penalties μ, length n."""
        header, rows = read_table(self.folder / "columns.csv")
        return np.array([float(row[header.index("penalty")]) for row in rows])

    @cached_property
    def solution(self) -> tuple[tuple[Fraction, Fraction], ...]:
        """The real and the imaginary parts of the minimiser, each to 50 significant digits, length n."""
        header, rows = read_table(self.folder / "solution.csv")
        real, imaginary = header.index("re"), header.index("im")
        return tuple((Fraction(row[real]), Fraction(row[imaginary])) for row in rows)

    @cached_property
    def problem(self) -> ComplexLeastSquares:
        """The problem, exactly."""
        return ComplexLeastSquares.of(self.matrix, self.data, penalties=self.penalties)

    # --- what answers are worth ----------------------------------------------------------------

    def digits(self, coefficients: VectorLike) -> int:
        """Return how many digits coefficients have: the largest k <= 50 with a relative distance of at most 10^-k.

        The distance is to the decimals of `solution`, l2 over all columns, and decided exactly. The decimals have a
        proved distance of at most 10^-49 from the minimiser, relatively. Less than nothing is 0.

        Raises:
            DataError: if they do not have length n, or are not finite numbers.
        """
        distance2, size2 = self._compared(coefficients)
        return digits_of_50(digits_reached(distance2 / size2))

    def require(self, coefficients: VectorLike, *, digits: int) -> None:
        """Fail unless coefficients have so many digits.

        Raises:
            AssertionError: with the distance.
            DataError: as `digits` does.
        """
        reached = self.digits(coefficients)
        if reached >= digits:
            return
        distance2, size2 = self._compared(coefficients)
        raise AssertionError(
            f"{self.name} ({self.difficulty}): {counted(reached, 'digit')} of {digits}; the relative distance from "
            f"the only minimiser is {root_about(distance2 / size2, digits=3)}"
        )

    def _compared(self, coefficients: VectorLike) -> tuple[fmpq, fmpq]:
        """Return the squares of the distance from the solution, and of its norm."""
        answer = exact_column(coefficients)
        if answer.rows != len(self.solution):
            raise DataError(f"the coefficients must be {len(self.solution)} numbers, got {answer.rows}")
        distance2 = size2 = fmpq(0)
        for given, right in zip(complex_entries(answer), self.solution, strict=True):
            for a, part in zip(given, right, strict=True):
                b = fmpq(part.numerator, part.denominator)
                distance2, size2 = distance2 + (a - b) ** 2, size2 + b * b
        return distance2, size2

    def _complex(self, name: str) -> NDArray[np.complex128]:
        """Return an array of which a file has the real and the imaginary part of each entry side by side."""
        rows = np.array([[float(text) for text in row] for row in read_table(self.folder / name)[1]])
        return np.asarray(rows[:, 0::2] + 1j * rows[:, 1::2])


def complex_reference_problems(
    folder: str | Path | None = None, *, difficulty: str | Collection[str] = DIFFICULTIES, tag: str | None = None
) -> list[ComplexReferenceProblem]:
    """Return the complex reference data sets, by name, for `pytest.mark.parametrize`.

    Args:
        folder: the folder `reference`; that of the source of sci-barriers, if nothing is given.
        difficulty: one class, or several, of `lower`, `average`, `higher` and `several`.
        tag: only those with this tag.

    Raises:
        DataError: if they are not there, or a class is unknown.

    >>> from sci_barriers.testing import complex_reference_problems
    >>> [problem.name for problem in complex_reference_problems(tag="Fourier")]
    ['complex-fourier-16x32']
    """
    return find_sets(ComplexReferenceProblem, folder, "complex/*", difficulty, tag)

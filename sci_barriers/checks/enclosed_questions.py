"""Questions of coefficients whose minimisers are no rational numbers: complex data, and norms of residuals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from flint import fmpq

from exact_base.matrices import ExactMatrix
from exact_base.reprs import short_repr
from sci_barriers.checks.questions import Claimed
from sci_barriers.problems.determined.complex_problem import ComplexLeastSquares, complex_entries
from sci_barriers.problems.determined.unsquared import ResidualNorm

__all__ = ["EnclosedQuestion", "Pair"]

_ONE = fmpq(1)

Pair: TypeAlias = tuple[fmpq, fmpq]


@short_repr()
@dataclass(frozen=True, eq=False)
class EnclosedQuestion:
    """What is asked.

    Attributes:
        problem: the problem.
        coefficients: of the n columns, complex where data are, and of the intercept if there is one, N x 1; None where
            only the minimiser is asked for.
        names: of the columns, n of them.
        subject: whose coefficients these are.
        objective: what is minimised, as the library writes it, with its numbers.
        multiple: F of the problem is so many times that objective.
        claimed: what the library says of them, if anything.
        notes: what a reader has to know of the data, a line each.
        strength: λ of the square-root lasso, by which the weights are multiplied that the problem has as penalties.
        arrays: the data as files of numpy, by name, as far as they are float64, or complex128.
    """

    problem: ComplexLeastSquares | ResidualNorm
    coefficients: ExactMatrix | None
    names: tuple[str, ...]
    subject: str
    objective: str
    multiple: fmpq = _ONE
    claimed: Claimed | None = None
    notes: tuple[str, ...] = ()
    strength: fmpq = _ONE
    arrays: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def is_complex(self) -> bool:
        """Whether the data are complex."""
        return isinstance(self.problem, ComplexLeastSquares)

    @property
    def rows(self) -> int:
        """The number of observations."""
        return self.problem.arrays.rows if isinstance(self.problem, ResidualNorm) else self.problem.rows

    @property
    def equal_columns(self) -> list[list[int]]:
        """Groups of columns of X that are equal, as indices; of columns that stand alone there is none."""
        problem = self.problem
        matrix = problem.arrays.matrix if isinstance(problem, ResidualNorm) else problem.matrix
        real, imaginary = matrix.integers()
        groups: dict[tuple[int, ...], list[int]] = {}
        for j, column in enumerate(zip(*real, *(imaginary or ()), strict=True)):
            groups.setdefault(column, []).append(j)
        return [group for group in groups.values() if len(group) > 1]

    def entries(self, vector: ExactMatrix) -> list[Pair]:
        """Return the entries of the columns, without an intercept, as real and imaginary parts."""
        return complex_entries(vector)[: len(self.names)]

    def intercept(self, vector: ExactMatrix | None) -> fmpq | None:
        """Return the entry of the intercept; None if there is none."""
        entries = [] if vector is None else complex_entries(vector)[len(self.names) :]
        return entries[0][0] if entries else None

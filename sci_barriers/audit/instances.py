"""Instances whose published results can be audited: each has one certified minimiser, to which distances are exact.

Source: docs/theory.md, "The audit of a table".
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any, Self

import numpy as np
from flint import arb, fmpq

from exact_base.decimals import root_below
from exact_base.errors import DataError
from exact_base.linalg import identity, is_positive_definite
from exact_base.scalars import ExactArray, Real, ball, exact_vector, imaginary_part, norm2, real_part, sign, zeros
from sci_barriers.omega.families import height
from sci_barriers.problems import ArgminSet, Minimiser, problem_type
from sci_barriers.problems.solve import solve_exactly

__all__ = ["AuditInstance", "BlockInstance", "DenseInstance", "NotUniqueError", "UniquenessError"]

_NO_DISTANCE = "the distance to *the* minimiser is not defined"


class NotUniqueError(DataError):
    """An instance has more than one minimiser: that is what an audit finds of it."""


class UniquenessError(DataError):
    """An instance has one minimiser only, but no certificate can show that."""


class AuditInstance(ABC):
    """A real instance of one of the three problems that has exactly one minimiser.

    Attributes:
        problem: name of the problem.
        parameter: ε or λ.
        columns: N.
        weights: w, length N.
        minimiser: the only minimiser, length N.
    """

    problem: str
    parameter: fmpq
    columns: int
    weights: ExactArray
    minimiser: ExactArray

    @abstractmethod
    def residual2(self, z: ExactArray) -> Real:
        """Return ‖Az - y‖² exactly."""

    @abstractmethod
    def steps_allowed(self, product: fmpq) -> bool:
        """Decide exactly whether product·‖A‖² < 1."""

    def point(self, z: Any) -> ExactArray:
        """Read a real vector of length N exactly."""
        vector = exact_vector(z, length=self.columns)
        if any(imaginary_part(entry) != 0 for entry in vector):
            raise DataError("audits are for real vectors only, got an entry with an imaginary part")
        return vector

    def distance2(self, z: ExactArray, other: ExactArray | None = None) -> Real:
        """Return the squared distance to another point, or to the minimiser."""
        return norm2(z - (self.minimiser if other is None else other))

    def l1(self, z: ExactArray) -> Real:
        """Return ‖z‖_w."""
        total: Real = fmpq(0)
        for weight, entry in zip(self.weights, z, strict=True):
            total = total + abs(real_part(entry)) * weight
        return total

    def objective_is(self, z: ExactArray, *, low: fmpq, high: fmpq) -> bool:
        """Decide exactly whether low <= objective <= high; for bpdn an infeasible point has no objective."""
        l1, residual2 = self.l1(z), self.residual2(z)
        if self.problem == "bpdn":
            return residual2 <= self.parameter**2 and low <= l1 <= high
        rest_low, rest_high = low - l1 * self.parameter, high - l1 * self.parameter
        if self.problem == "lasso":
            return rest_low <= residual2 <= rest_high
        above = sign(rest_low) <= 0 or rest_low * rest_low <= residual2
        return above and sign(rest_high) >= 0 and residual2 <= rest_high * rest_high

    def objective_ball(self, z: ExactArray) -> arb:
        """Return a ball that encloses the objective (of a feasible z), at the precision of `flint.ctx`."""
        l1, residual2 = ball(self.l1(z)), ball(self.residual2(z))
        if self.problem == "bpdn":
            return l1
        return l1 * self.parameter + (residual2 if self.problem == "lasso" else residual2.sqrt())


class BlockInstance(AuditInstance):
    """A = U·[[a^T, 0], [0, c I]] with c = ‖a‖, y = U e_1 and any orthogonal U: nothing audited depends on U."""

    def __init__(self, *, problem: str, parameter: fmpq, rows: int, columns: int, row: ExactArray) -> None:
        """Take a of length N - m + 1 with positive entries in one field Q(√s) and one strictly largest entry.

        Raises:
            NotUniqueError: if two entries are the largest, or the largest is λ for sqrt-lasso.
            DataError: if a is not of this kind, or the parameter is out of range for it.
        """
        problem_type(problem)
        if not 1 <= rows < columns or len(row) != columns - rows + 1:
            raise DataError(
                f"the length of the row must be N - m + 1 = {columns - rows + 1}, with 1 <= m < N, not {len(row)}"
            )
        if any(imaginary_part(entry) != 0 or sign(real_part(entry)) <= 0 for entry in row):
            raise DataError("the entries of the row must be real and positive")
        largest = max(row)
        ties = sum(1 for entry in row if entry == largest)
        if problem == "sqrt-lasso" and parameter > 0 and largest == parameter:
            raise NotUniqueError(f"not unique, as the largest entry of the row is λ: {_NO_DISTANCE}")
        limit = {"bpdn": parameter < 1, "lasso": largest >= parameter, "sqrt-lasso": largest > parameter}
        if not parameter > 0 or not limit[problem]:
            raise DataError(f"the parameter {parameter} is out of range for this row")
        if ties > 1:
            raise NotUniqueError(f"not unique, as {ties} entries of the row are the largest: {_NO_DISTANCE}")
        self.problem, self.parameter, self.rows, self.columns, self.row = problem, parameter, rows, columns, row
        self.weights = np.full(columns, fmpq(1), dtype=object)
        self.minimiser = zeros(columns)
        self.minimiser[list(row).index(largest)] = height(problem, parameter, largest)

    @cached_property
    def c2(self) -> Real:
        """c² = ‖a‖² = ‖A‖²."""
        return norm2(self.row)

    def residual2(self, z: ExactArray) -> Real:
        """Return ‖Az - y‖² exactly."""
        d = len(self.row)
        first = self.row @ z[:d] - 1
        total: Real = first * first + self.c2 * norm2(z[d:])
        return total

    def steps_allowed(self, product: fmpq) -> bool:
        """Decide exactly whether product·‖A‖² < 1, with ‖A‖ = c since A A* = c² I."""
        return bool(self.c2 * product < 1)


class DenseInstance(AuditInstance):
    """Any real rational A and y; the minimiser is found, unless it is known, and certified, with its uniqueness."""

    def __init__(
        self,
        *,
        problem: str,
        parameter: fmpq,
        matrix: Any,
        data: Any,
        weights: Any = None,
        minimiser: Minimiser | None = None,
    ) -> None:
        """Solve the instance, or verify the minimiser that is given: its dual vector may show what another does not.

        Raises:
            DataError: for data that cannot be read.
            NotUniqueError: if there is another minimiser.
            UniquenessError: if there is none, and the criterion of certificates does not show that.
            NotAMinimiserError: if the given one is none.
            SolverError: if no minimiser was found.
        """
        self.instance = problem_type(problem)(matrix, data, parameter=parameter, weights=weights)
        if minimiser is None:
            self.certified = solve_exactly(self.instance)
        else:
            self.certified = self.instance.minimiser(minimiser.point, dual=minimiser.dual)
        if not self.certified.certainly_unique:
            other = ArgminSet(self.certified).another()
            if other is None:
                raise UniquenessError("unique, but the columns on which its dual vector is tight are dependent")
            apart = root_below(norm2(other - self.certified.point))
            raise NotUniqueError(f"not unique, with minimisers at least {apart} apart: {_NO_DISTANCE}")
        self.problem, self.parameter = problem, self.instance.parameter
        self.columns, self.weights = self.instance.columns, self.instance.weights
        self.minimiser = self.certified.point

    @classmethod
    def of(cls, minimiser: Minimiser) -> Self:
        """Return the instance that this is the known minimiser of; raises as the constructor does."""
        problem = minimiser.problem
        return cls(
            problem=problem.name,
            parameter=problem.parameter,
            matrix=problem.matrix,
            data=problem.data,
            weights=problem.weights,
            minimiser=minimiser,
        )

    def residual2(self, z: ExactArray) -> Real:
        """Return ‖Az - y‖² exactly."""
        return norm2(self.instance.residual(z))

    def steps_allowed(self, product: fmpq) -> bool:
        """Decide exactly whether product·‖A‖² < 1: whether I - product·A*A is positive definite."""
        matrix = self.instance.matrix
        gram = matrix @ matrix.T if matrix.shape[0] <= matrix.shape[1] else matrix.T @ matrix
        return is_positive_definite(identity(len(gram)) - gram * product)

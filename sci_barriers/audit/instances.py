"""Instances whose published results can be audited, by what is known of their minimisers.

One minimiser, with the proof that there is no other (`BlockInstance`, `DenseInstance`); a minimiser, and how to find
the nearest to a point (`SetInstance`); or none (`UnsolvedInstance`).

Source: docs/theory.md, "The audit of a table".
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable
from functools import cached_property
from typing import Any, Self

import numpy as np
from flint import arb, fmpq

from exact_base.decimals import root_below
from exact_base.errors import BudgetError, DataError, FieldError, SolverError
from exact_base.linalg import identity, is_positive_definite
from exact_base.rationals import power_of_two, rational_sqrt
from exact_base.scalars import (
    ExactArray,
    Real,
    abs2,
    adjoint,
    ball,
    exact_vector,
    imaginary_part,
    norm2,
    real_part,
    sign,
    zeros,
)
from proofs_checks.certificate.reading import MAX_POSITIONS, MAX_SIDE
from sci_barriers.omega.families import height
from sci_barriers.problems import ArgminSet, GapCertificate, Minimiser, Problem, Projection, problem_type
from sci_barriers.problems.base import ceiling, root_of
from sci_barriers.problems.solve import solve_exactly

__all__ = [
    "AuditInstance",
    "BlockInstance",
    "DenseInstance",
    "NotUniqueError",
    "SetInstance",
    "UniquenessError",
    "UnsolvedInstance",
    "block_instance",
    "dense_instance",
]

_NO_DISTANCE = "the distance to *the* minimiser is not defined"


class NotUniqueError(DataError):
    """An instance has more than one minimiser: that is what an audit finds of it."""


class UniquenessError(DataError):
    """An instance has one minimiser only, but no certificate can show that."""


class AuditInstance(ABC):
    """An instance of one of the three problems.

    Attributes:
        problem: name of the problem.
        parameter: ε or λ.
        columns: N.
        weights: w, length N.
        minimiser: a minimiser, length N: the only one, or perhaps one of several, by the class.
        nearest_called: what `nearest` returns, in words.
        note: what a reader must know of the minimisers, in one line, or nothing.
        complex_points: whether points may be complex.
    """

    problem: str
    parameter: fmpq
    columns: int
    weights: ExactArray
    minimiser: ExactArray
    nearest_called = "the certified minimiser"
    complex_points = False

    @property
    def note(self) -> str:
        """What a reader must know of the minimisers, in one line, or nothing."""
        return ""

    @abstractmethod
    def residual2(self, z: ExactArray) -> Real:
        """Return ‖Az - y‖² exactly."""

    @abstractmethod
    def steps_allowed(self, product: fmpq) -> bool:
        """Decide exactly whether product·‖A‖² < 1."""

    def point(self, z: Any) -> ExactArray:
        """Read a vector of length N exactly; it is real where the instance is and has one minimiser."""
        vector = exact_vector(z, length=self.columns)
        if not self.complex_points and not _is_real(vector):
            raise DataError("the points of a real instance with one minimiser are real, got an imaginary part")
        return vector

    def nearest(self, z: ExactArray) -> ExactArray:
        """Return the minimiser nearest to a point."""
        return self.minimiser

    def distance2(self, z: ExactArray, other: ExactArray | None = None) -> Real:
        """Return the squared distance to another point, or to the nearest minimiser."""
        return norm2(z - (self.nearest(z) if other is None else other))

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

    def objective_bounds(self, z: ExactArray, bits: int) -> tuple[Real, Real]:
        """Enclose the objective of a feasible z as docs/format.md, kind `claim-audit`, says."""
        low: Real = fmpq(0)
        high: Real = fmpq(0)
        for weight, entry in zip(self.weights, z, strict=True):
            size = abs(real_part(entry))
            below, above = (size, size) if imaginary_part(entry) == 0 else _root_bounds(abs2(entry), bits=bits)
            low, high = low + below * weight, high + above * weight
        if self.problem == "bpdn":
            return low, high
        residual2 = self.residual2(z)
        rest = (residual2, residual2) if self.problem == "lasso" else _root_bounds(residual2, bits=bits)
        return low * self.parameter + rest[0], high * self.parameter + rest[1]

    def excess_bounds(self, z: ExactArray, bits: int) -> tuple[Real, Real]:
        """Enclose how much the objective of a feasible z exceeds the minimum."""
        (low, high), (least, most) = (self.objective_bounds(x, bits) for x in (z, self.minimiser))
        return low - most, high - least

    def objective_ball(self, z: ExactArray) -> arb:
        """Return a ball that encloses the objective (of a feasible real z), at the precision of `flint.ctx`."""
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
        if not 1 <= rows < columns <= MAX_SIDE:
            raise DataError(f"a block instance needs 1 <= m < N <= {MAX_SIDE}, got m = {rows} and N = {columns}")
        if len(row) != columns - rows + 1:
            raise DataError(f"the length of the row must be N - m + 1 = {columns - rows + 1}, not {len(row)}")
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
        return _steps_allowed(self.instance.matrix, product)


class SetInstance(AuditInstance):
    """Any instance, real or complex, of which a minimiser is known; distances are those to the nearest minimiser."""

    nearest_called = "the nearest minimiser"
    complex_points = True

    def __init__(self, certified: Minimiser) -> None:
        """Describe the instance through a certified minimiser.

        Raises:
            BudgetError: as `ArgminSet.projection` does.
        """
        self.certified, self.instance = certified, certified.problem
        self.problem, self.parameter = self.instance.name, self.instance.parameter
        self.columns, self.weights, self.minimiser = self.instance.columns, self.instance.weights, certified.point
        self.solutions = ArgminSet(certified)
        self._projections: dict[int, tuple[ExactArray, Projection]] = {}
        self._note = self._uniqueness()

    @property
    def note(self) -> str:
        """Whether there are several minimisers, decided exactly."""
        return self._note

    def _uniqueness(self) -> str:
        if self.certified.certainly_unique:
            return ""
        other = self.solutions.another()
        if other is None:
            return "unique, which no certificate can show: the distances are called those to the nearest minimiser"
        apart = root_below(norm2(other - self.minimiser))
        return f"not unique, with minimisers at least {apart} apart: the distances are to the nearest one"

    def projection(self, z: ExactArray) -> Projection:
        """Return the nearest minimiser with what proves it."""
        if id(z) not in self._projections:
            self._projections[id(z)] = (z, self.solutions.projection(z))  # z is kept, so that its id is its own
        return self._projections[id(z)][1]

    def nearest(self, z: ExactArray) -> ExactArray:
        """Return the minimiser nearest to a point."""
        return self.projection(z).point

    def residual2(self, z: ExactArray) -> Real:
        """Return ‖Az - y‖² exactly."""
        return norm2(self.instance.residual(z))

    def steps_allowed(self, product: fmpq) -> bool:
        """Decide exactly whether product·‖A‖² < 1."""
        return _steps_allowed(self.instance.matrix, product)


class UnsolvedInstance(AuditInstance):
    """An instance of which no minimiser is known: only how far a point is above the minimum at most can be shown."""

    complex_points = True

    def __init__(self, instance: Problem, reason: str) -> None:
        """Take the problem, and why no minimiser is known."""
        self.instance, self.reason = instance, reason
        self.problem, self.parameter = instance.name, instance.parameter
        self.columns, self.weights = instance.columns, instance.weights

    @property
    def note(self) -> str:
        """Why no minimiser is known."""
        return f"no minimiser is known, so that only an excess can be bounded: {self.reason}"

    def residual2(self, z: ExactArray) -> Real:
        """Return ‖Az - y‖² exactly."""
        return norm2(self.instance.residual(z))

    def steps_allowed(self, product: fmpq) -> bool:
        """Decide exactly whether product·‖A‖² < 1."""
        return _steps_allowed(self.instance.matrix, product)

    def best_gap(self, z: ExactArray, others: Iterable[ExactArray], *, wanted: fmpq | None) -> GapCertificate:
        """Return the least gap of a feasible z that the residuals of it, of 0 and of other points prove.

        Raises:
            DataError: if z is infeasible.
        """
        duals = [self.instance.scaled_residual(other) for other in (z, zeros(self.columns), *others)]
        gaps = [self.instance.gap(z, dual, wanted=wanted) for dual in duals]
        return min(gaps, key=lambda gap: gap.gap)


def block_instance(
    *, problem: str, parameter: fmpq, rows: int, columns: int, row: ExactArray
) -> BlockInstance | SetInstance:
    """Return a block instance, or if it has several minimisers the dense one with U = I, if ‖a‖ lies in the field of a.

    Raises:
        NotUniqueError: if it has several minimisers, and ‖a‖ does not, or the matrix is too large for a certificate.
        DataError: as `BlockInstance` does.
    """
    try:
        return BlockInstance(problem=problem, parameter=parameter, rows=rows, columns=columns, row=row)
    except NotUniqueError as error:
        if rows * columns > MAX_POSITIONS:
            raise error
        try:
            norm = root_of(norm2(row))
        except FieldError:
            raise error from None
        matrix, data, point = zeros((rows, columns)), zeros(rows), zeros(columns)
        matrix[0, : len(row)] = row
        matrix[range(1, rows), range(len(row), columns)] = norm
        data[0], largest = fmpq(1), max(row)
        point[list(row).index(largest)] = height(problem, parameter, largest)
        # u = (λ/a_t) e_1, for sqrt-lasso only
        dual = data * (parameter / largest) if problem == "sqrt-lasso" else None
        dense = problem_type(problem)(matrix, data, parameter=parameter)
        return SetInstance(dense.minimiser(point, dual=dual))


def dense_instance(problem: Problem, *, minimiser: Any = None, dual: Any = None) -> AuditInstance:
    """Return what can be audited of a problem: its minimiser is found, unless it is given, and certified.

    Raises:
        NotAMinimiserError: if the given vector is none.
        FieldError: if its numbers do not fit.
    """
    if minimiser is not None:
        certified = problem.minimiser(minimiser, dual=dual)
    elif not problem.is_rational:
        return UnsolvedInstance(problem, "for complex or irrational data, give it as minimiser = [...]")
    else:
        try:
            certified = solve_exactly(problem)
        except (SolverError, BudgetError) as error:
            return UnsolvedInstance(problem, str(error))
    if problem.is_real and certified.certainly_unique:
        return DenseInstance.of(certified)
    return SetInstance(certified)


def _steps_allowed(matrix: ExactArray, product: fmpq) -> bool:
    """Decide whether I - product·A*A is positive definite."""
    gram = matrix @ adjoint(matrix) if matrix.shape[0] <= matrix.shape[1] else adjoint(matrix) @ matrix
    return is_positive_definite(identity(len(gram)) - gram * product)


def _is_real(vector: ExactArray) -> bool:
    return all(imaginary_part(entry) == 0 for entry in vector)


def _root_bounds(square: Real, *, bits: int) -> tuple[fmpq, fmpq]:
    """Return the root twice where it is a rational's, else multiples of 2^-bits on both sides."""
    root = rational_sqrt(square) if isinstance(square, fmpq) else None
    if root is not None:
        return root, root
    above, below = ceiling(square, bits=2 * bits), -ceiling(-square, bits=2 * bits)
    scale = power_of_two(2 * bits)
    low = math.isqrt(max(int((below * scale).p), 0))
    high = math.isqrt(int((above * scale).p) - 1) + 1
    return fmpq(low) * power_of_two(-bits), fmpq(high) * power_of_two(-bits)

"""What the three problems share: shapes, residual, dual feasibility, the minimiser and gap certificates.

Notation as in docs/theory.md, "The three problems": A is m x N, y has length m, w are positive weights,
bound_i = w_i (bpdn) or λ w_i (lasso, sqrt-lasso), r = y - Ax, u is a dual vector.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from flint import arb, fmpq

from exact_base.errors import DataError, FieldError, NotAMinimiserError
from exact_base.linalg import left_inverse
from exact_base.rationals import power_of_two, rational_sqrt, sqrt_ceiling
from exact_base.reprs import LIMIT, line, short_repr, table
from exact_base.scalars import (
    ExactArray,
    QuadraticNumber,
    Real,
    abs2,
    adjoint,
    ball,
    conjugate,
    exact,
    exact_array,
    exact_vector,
    imaginary_part,
    inner,
    is_rational_array,
    norm2,
    real_part,
    sign,
    sqrt,
    written,
)

__all__ = ["GapCertificate", "Minimiser", "Problem"]


def root_of(value: Real) -> Real:
    """Return √value for value >= 0 where a quadratic number can hold it.

    For a + b√s it is p + q√s with p² = (a ± √(a² - b²s))/2 and 2pq = b, where these are rational.

    Raises:
        FieldError: if there is no such number.
    """
    if isinstance(value, fmpq):
        return sqrt(value)
    norm = rational_sqrt(value.a * value.a - value.b * value.b * value.s)
    for square in () if norm is None else ((value.a + norm) / 2, (value.a - norm) / 2):
        p = rational_sqrt(square)
        if p is not None and p != 0:
            return abs(QuadraticNumber(p, value.b / (2 * p), value.s))
    raise FieldError(f"√({value}) is not a quadratic number; use objective_ball for an enclosure")


def _root_ball(value: arb) -> arb:
    """Return a ball that encloses the root of a number >= 0 in a ball."""
    return value.max(arb(0)).sqrt()


def root_upper(value: Real, *, bits: int) -> fmpq:
    """Return a rational >= √value: √value itself if rational, else rounded up (docs/format.md, kind `gap`)."""
    if isinstance(value, fmpq):
        root = rational_sqrt(value)
        return root if root is not None else sqrt_ceiling(value, bits=bits)
    return sqrt_ceiling(ceiling(value, bits=2 * bits), bits=bits)


def ceiling(value: Real, *, bits: int) -> fmpq:
    """Return the least multiple of 2^-bits that is >= a real scalar."""
    if isinstance(value, fmpq):
        scaled = value * power_of_two(bits)
        return fmpq(-(-int(scaled.p) // int(scaled.q))) * power_of_two(-bits)
    # |b|√s on the grid is off by less than one step, so the exact comparison below moves it at most twice
    part = sqrt_ceiling(value.b * value.b * value.s, bits=bits)
    guess = ceiling(value.a + (part if value.b > 0 else -part), bits=bits)
    step = power_of_two(-bits)
    while value > guess:
        guess += step
    while value <= guess - step:
        guess -= step
    return guess


@short_repr()
@dataclass(frozen=True)
class GapCertificate:
    """A feasible point, a dual feasible vector, and an exact upper bound of primal minus dual value."""

    problem: Problem
    point: ExactArray
    dual: ExactArray
    gap: fmpq

    def coordinate_bound(self, i: int) -> fmpq | None:
        """Return a bound on |z_i| that every minimiser z satisfies, or None where the dual is tight.

        It is gap/(bound_i - |(A*u)_i|), with the modulus rounded up; source: docs/theory.md, "Gap certificates".
        """
        modulus = root_upper(abs2(self.problem.correlation(self.dual)[i]), bits=64)
        room = self.problem.bounds[i] - modulus
        return self.gap / room if room > 0 else None


@short_repr()
@dataclass(frozen=True)
class Minimiser:
    """A point that was shown to minimise a problem, with its optimality data.

    Attributes:
        problem: the problem.
        point: the minimiser x, length N.
        direction: g, a non-negative multiple of the dual vector u (length m); u = g·√scale2.
        scale2: the rational (or quadratic) square of that multiple.
        dual: u as given, only where it is not determined by the residual (sqrt-lasso with Ax = y).
        active: E, the indices with |(A*u)_i| = bound_i, increasing.

    >>> from sci_barriers import Lasso
    >>> found = Lasso([[1]], [2], parameter="1/4").minimiser(["15/8"])
    >>> str(found.direction[0]), found.active
    ('1/4', (0,))
    """

    problem: Problem
    point: ExactArray
    direction: ExactArray
    scale2: Real
    dual: ExactArray | None
    active: tuple[int, ...]

    @cached_property
    def uniqueness_matrix(self) -> ExactArray:
        """The columns whose independence makes the minimiser unique (docs/theory.md, "The argmin set")."""
        return self.problem.uniqueness_columns(self)

    @cached_property
    def left_inverse(self) -> ExactArray | None:
        """An exact left inverse of `uniqueness_matrix`, or None if its columns are dependent."""
        return left_inverse(self.uniqueness_matrix)

    @property
    def certainly_unique(self) -> bool:
        """True if the independence criterion proves that this is the only minimiser."""
        return self.left_inverse is not None


class Problem(ABC):
    """One instance (A, y) of a problem with its parameter and weights, all exact, real or complex."""

    name: ClassVar[str]
    parameter_symbol: ClassVar[str]

    def __init__(self, matrix: Any, data: Any, *, parameter: Any, weights: Any = None) -> None:
        """Read the data exactly.

        Args:
            matrix: A, shape (m, N), numbers as accepted by `exact`.
            data: y, length m.
            parameter: ε (bpdn) or λ, rational, > 0.
            weights: w, length N, rational, > 0; all ones if not given.

        Raises:
            DataError: for shapes that do not fit, a parameter or weight that is not a positive rational, NaN, infinity.
        """
        self.matrix = exact_array(matrix)
        if self.matrix.ndim != 2 or 0 in self.matrix.shape:
            raise DataError(f"A must be a non-empty matrix, got shape {self.matrix.shape}")
        self.rows, self.columns = self.matrix.shape
        self.data = exact_vector(data, length=self.rows)
        value = exact(parameter)
        if not isinstance(value, fmpq) or value <= 0:
            raise DataError(f"{self.parameter_symbol} must be a positive rational, got {parameter}")
        self.parameter = value
        if weights is None:
            weights = [fmpq(1)] * self.columns
        self.weights = exact_vector(weights, length=self.columns)
        for weight in self.weights:
            if not isinstance(weight, fmpq) or weight <= 0:
                raise DataError(f"weights must be positive rationals, got {weight}")

    def __repr__(self) -> str:
        """Write it in full where it is small, so that it can be copied; else its sizes."""
        full = self.in_full()
        return full if len(full) <= LIMIT else line(type(self).__name__, self._facts())

    def _repr_html_(self) -> str:
        return table(type(self).__name__, self._facts())

    def _facts(self) -> Iterator[tuple[str, object]]:
        yield "rows", self.rows
        yield "columns", self.columns
        yield "parameter", self.parameter
        yield "data", self.data
        yield "weights", 1 if all(w == 1 for w in self.weights) else self.weights

    def in_full(self) -> str:
        """Return what makes it again, to be copied into a test, if it is real and rational and not large."""
        weights = "" if all(w == 1 for w in self.weights) else f", weights={written(self.weights)}"
        parameter = f"parameter={str(self.parameter)!r}"
        return f"{type(self).__name__}({written(self.matrix)}, {written(self.data)}, {parameter}{weights})"

    # --- what each problem defines -----------------------------------------------------------

    @property
    def bounds(self) -> ExactArray:
        """bound_i = λ w_i, length N; for bpdn w_i."""
        result: ExactArray = self.weights * self.parameter
        return result

    @abstractmethod
    def _primal(self, l1: Any, residual2: Any, *, root: Any) -> Any:
        """Combine ‖x‖_w and ‖r‖² into the objective; root computes square roots in the wanted arithmetic."""

    @abstractmethod
    def _dual_value(self, product: Real, dual2: Real, *, root: Any) -> Any:
        """Combine Re<y,u> and ‖u‖² into the dual objective."""

    @abstractmethod
    def _direction(self, x: ExactArray, dual: ExactArray | None) -> tuple[ExactArray, Real, ExactArray | None]:
        """Return (g, scale², dual) of the optimality conditions, or raise NotAMinimiserError."""

    @abstractmethod
    def uniqueness_columns(self, minimiser: Minimiser) -> ExactArray:
        """Return the matrix whose independent columns prove uniqueness."""

    def check_feasible(self, x: ExactArray) -> None:
        """Raise DataError if x is not feasible."""
        return  # only bpdn has a constraint

    def check_dual_feasible(self, dual: ExactArray) -> None:
        """Raise DataError unless |(A*u)_i| <= bound_i for all i (and ‖u‖ <= 1 for sqrt-lasso)."""
        for i, (value, bound) in enumerate(zip(self.correlation(dual), self.bounds, strict=True)):
            if abs2(value) > bound * bound:
                raise DataError(f"the dual vector is infeasible at index {i}: |(A*u)_i|² = {abs2(value)} > {bound**2}")

    # --- shared ------------------------------------------------------------------------------

    @cached_property
    def is_real(self) -> bool:
        """True if A and y have no imaginary part."""
        return all(imaginary_part(v) == 0 for v in [*self.matrix.flat, *self.data])

    def vector(self, x: Any) -> ExactArray:
        """Read a vector of length N exactly."""
        return exact_vector(x, length=self.columns)

    def residual(self, x: Any) -> ExactArray:
        """Return r = y - Ax."""
        result: ExactArray = self.data - self.matrix @ self.vector(x)
        return result

    def correlation(self, u: ExactArray) -> ExactArray:
        """Return A*u, length N."""
        result: ExactArray = adjoint(self.matrix) @ u
        return result

    def _l1(self, x: ExactArray, root: Any) -> Any:
        total: Any = fmpq(0)
        for weight, entry in zip(self.weights, x, strict=True):
            real = imaginary_part(entry) == 0
            total = total + weight * (abs(real_part(entry)) if real else root(abs2(entry)))
        return total

    def objective(self, x: Any) -> Real:
        """Return the objective exactly (for bpdn, of a feasible x).

        Raises:
            DataError: if x is infeasible.
            FieldError: if the value lies in no Q(√s); then use `objective_ball`.
        """
        vector = self.vector(x)
        self.check_feasible(vector)
        value: Real = self._primal(self._l1(vector, root_of), norm2(self.residual(vector)), root=root_of)
        return value

    def objective_ball(self, x: Any) -> arb:
        """Return a ball that encloses the objective, at the current precision of `flint.ctx`."""
        vector = self.vector(x)
        self.check_feasible(vector)
        l1 = arb(0)
        for weight, entry in zip(self.weights, vector, strict=True):
            real = imaginary_part(entry) == 0
            l1 += weight * (ball(abs(real_part(entry))) if real else _root_ball(ball(abs2(entry))))
        value: arb = self._primal(l1, ball(norm2(self.residual(vector))), root=_root_ball)
        return value

    def dual_objective(self, u: Any) -> Real:
        """Return the dual objective of a feasible u exactly: a lower bound of the minimum.

        Source: docs/theory.md, "Weak duality".
        """
        dual = exact_vector(u, length=self.rows)
        self.check_dual_feasible(dual)
        value: Real = self._dual_value(real_part(inner(self.data, dual)), norm2(dual), root=root_of)
        return value

    def gap(self, x: Any, u: Any, *, bits: int = 64, wanted: fmpq | None = None) -> GapCertificate:
        """Bound the objective of x above the minimum, from a dual feasible u.

        Irrational moduli and norms are rounded up to multiples of 2^-64, and the result up to a multiple of 2^-bits, or
        to `wanted` if that is less.

        Raises:
            DataError: if x or u is infeasible.
        """
        point, dual = self.vector(x), exact_vector(u, length=self.rows)
        self.check_feasible(point)
        self.check_dual_feasible(dual)

        def root(value: Real) -> fmpq:
            return root_upper(value, bits=64)  # never finer than the checker's own rounding

        primal = self._primal(self._l1(point, root), norm2(self.residual(point)), root=root)
        value = primal - self._dual_value(real_part(inner(self.data, dual)), norm2(dual), root=root)
        rounded = ceiling(value, bits=bits) if value > 0 else fmpq(0)
        if wanted is not None and 0 <= wanted < rounded and value <= wanted:
            rounded = wanted
        return GapCertificate(self, point, dual, rounded)

    def scaled_residual(self, z: Any) -> ExactArray:
        """Return a dual feasible multiple of y - Az, near a best dual vector if z is near a minimiser.

        Source: docs/theory.md, "The audit of a table".
        """
        residual = self.residual(z)
        sizes = [root_upper(abs2(value), bits=64) for value in self.correlation(residual)]
        limits = [bound / size for bound, size in zip(self.bounds, sizes, strict=True) if size != 0]
        limits += self._residual_limits(norm2(residual))
        result: ExactArray = residual * (min(limits) if limits else fmpq(0))
        return result

    def _residual_limits(self, size2: Real) -> list[fmpq]:
        """How large a multiple of a residual can be useful, beside the bounds of A*u."""
        return []

    def minimiser(self, x: Any, *, dual: Any = None) -> Minimiser:
        """Show that x is a minimiser by the exact optimality conditions (docs/theory.md, "Minimiser certificates").

        Args:
            x: the point, length N.
            dual: u, length m; needed, and allowed, only for sqrt-lasso where Ax = y.

        Raises:
            NotAMinimiserError: with the condition that fails.
        """
        point = self.vector(x)
        given = None if dual is None else exact_vector(dual, length=self.rows)
        direction, scale2, used = self._direction(point, given)
        if given is not None and used is None:
            raise DataError("a dual vector is only needed for sqrt-lasso with Ax = y; leave it out")
        active: list[int] = []
        for i, (value, bound) in enumerate(zip(self.correlation(direction), self.bounds, strict=True)):
            excess = sign(abs2(value) * scale2 - bound * bound)
            if excess > 0:
                raise NotAMinimiserError(f"not a minimiser: |(A*u)_i| exceeds its bound {bound} at index {i}")
            if excess == 0:
                active.append(i)
            if point[i]:
                product = point[i] * conjugate(value)
                if excess < 0:
                    raise NotAMinimiserError(
                        f"not a minimiser: x_i is not 0 but |(A*u)_i| is below its bound at index {i}"
                    )
                if imaginary_part(product) != 0 or sign(real_part(product)) < 0:
                    raise NotAMinimiserError(f"not a minimiser: x_i and (A*u)_i differ in phase at index {i}")
        return Minimiser(self, point, direction, scale2, used, tuple(active))

    def _active_columns(self, minimiser: Minimiser) -> ExactArray:
        return self.matrix[:, list(minimiser.active)]

    @property
    def is_rational(self) -> bool:
        """True if A and y are real and rational."""
        return is_rational_array(self.matrix) and is_rational_array(self.data)


def with_column(matrix: ExactArray, column: ExactArray) -> ExactArray:
    """Append one column to a matrix."""
    return np.concatenate([matrix, column.reshape(-1, 1)], axis=1)

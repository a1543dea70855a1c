"""Exact problems whose whole set of minimisers is known, and their float64 and float32 images.

`construct` goes backwards, from the optimality conditions to the data: docs/testing.md, "How the problems are made".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from exact_base.enclosures import enclosed
from exact_base.errors import DataError, UsageError
from exact_base.rationals import to_float
from exact_base.reprs import short_repr, within
from exact_base.scalars import (
    ExactArray,
    Real,
    Scalar,
    abs2,
    adjoint,
    as_rational,
    conjugate,
    exact,
    imaginary_part,
    norm2,
    real_part,
    sqrt,
    written,
    zeros,
)
from sci_barriers.data.inputs import Input
from sci_barriers.data.oracles import HonestOracle
from sci_barriers.data.structured import InstanceOracle
from sci_barriers.data.training_data import Oracle, Triple
from sci_barriers.omega.families import Instance
from sci_barriers.omega.known import Known, known_of
from sci_barriers.problems import ArgminSet, Minimiser, Problem, problem_type
from sci_barriers.problems.base import root_upper
from sci_barriers.problems.solve import solve_exactly
from sci_barriers_plugins.hypothesis_hook import register

__all__ = ["ExactOracle", "FloatImage", "KnownProblem", "class_problem", "construct", "nearest_float", "solved"]

_FLOATS = {"float64": (np.float64, np.complex128), "float32": (np.float32, np.complex64)}
_ENCLOSED_BITS = 256


@short_repr()
@dataclass(frozen=True, eq=False)
class FloatImage:
    """A problem rounded to floating-point numbers, each part to the nearest, ties to even.

    Attributes:
        matrix: A, shape (m, N), read-only.
        data: y, length m, read-only.
        parameter: ε or λ, a Python float, rounded to the same format.
        weights: w, length N, read-only.
        is_exact: whether rounding changed no number.
    """

    matrix: NDArray[Any]
    data: NDArray[Any]
    parameter: float
    weights: NDArray[Any]
    is_exact: bool


@dataclass(frozen=True, eq=False)
class KnownProblem:
    """A problem with its certified set of minimisers.

    Attributes:
        problem: the problem, exact.
        minimiser: one minimiser, shown to be one by the optimality conditions.
        vertices: the extreme points of the set of minimisers, which is their convex hull; empty if only `argmin`, the
            polytope, is known.
        margin: the least 1 - |(A*u)_i|/bound_i over all i outside E = {i : |(A*u)_i| = bound_i}; 1 if there is none.
        distance: ‖A - A'‖ exactly, where A' is the matrix of `neighbour`; None without a neighbour.
        neighbour: an ill-posed problem, one with several minimisers, that differs in A only; or None.
        instance: the member of the class Ω(K, L) that this problem is, or None.

    >>> from hypothesis import Phase, find, settings
    >>> from sci_barriers.testing import duplicated_columns
    >>> known = find(duplicated_columns("lasso"), lambda known: True, settings=settings(phases=[Phase.generate]))
    >>> known
    <KnownProblem Lasso([[1, 1]], ['3/2'], parameter='1'), vertices of the minimisers: [1, 0], [0, 1]>
    >>> known.unique, known.distance2([2, 0]), known.float64.matrix
    (False, 1, array([[1., 1.]]))
    """

    problem: Problem
    minimiser: Minimiser
    vertices: tuple[ExactArray, ...]
    margin: fmpq
    distance: fmpq | None = None
    neighbour: KnownProblem | None = None
    instance: Instance | None = field(default=None)

    def __repr__(self) -> str:
        return within(
            self.in_full(), f"<KnownProblem {self.problem!r}>", f"<KnownProblem {type(self.problem).__name__}>"
        )

    def in_full(self) -> str:
        """Return a line from which the problem can be copied into a test."""
        minimisers = ", ".join(map(written, self.vertices)) or f"{written(self.minimiser.point)}, ..."
        return f"<KnownProblem {self.problem.in_full()}, vertices of the minimisers: {minimisers}>"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Show it whole in hypothesis' reports (and IPython), rather than field by field."""
        printer.text(self.in_full())

    @property
    def unique(self) -> bool:
        """Whether there is only one minimiser."""
        return len(self.vertices) == 1

    @property
    def support(self) -> tuple[int, ...]:
        """The indices at which some minimiser is not 0, increasing, from 0."""
        return tuple(i for i in range(self.problem.columns) if any(vertex[i] for vertex in self.vertices))

    @cached_property
    def argmin(self) -> ArgminSet:
        """The set of minimisers, as the polytope that the optimality conditions describe."""
        return ArgminSet(self.minimiser)

    def distance2(self, z: Any) -> Real:
        """Return the exact squared distance from z, length N, to the set of minimisers."""
        if self.unique:
            return norm2(self.problem.vector(z) - self.vertices[0])
        return self.argmin.distance2(z)

    @cached_property
    def float64(self) -> FloatImage:
        """The problem in float64 (complex128)."""
        return self._image("float64")

    @cached_property
    def float32(self) -> FloatImage:
        """The problem in float32 (complex64)."""
        return self._image("float32")

    def _image(self, name: str) -> FloatImage:
        problem = self.problem
        matrix, exact_matrix = _rounded(problem.matrix, name)
        data, exact_data = _rounded(problem.data, name)
        weights, exact_weights = _rounded(problem.weights, name)
        parameter = float(nearest_float(problem.parameter, name))
        same = exact_matrix and exact_data and exact_weights and exact(parameter) == problem.parameter
        return FloatImage(matrix, data, parameter, weights, same)

    @property
    def input(self) -> Input:
        """The input (A, {y}) of which training data are asked."""
        p = self.problem
        return Input.create(p.matrix, [p.data], problem=p.name, parameter=p.parameter, weights=p.weights)

    def known(self, *, precision: int = 60) -> Known:
        """What an algorithm may know before it reads."""
        if self.instance is not None:
            return known_of(self.instance.omega, precision=precision)
        return self.input.known(precision=precision)

    def oracle(self) -> Oracle:
        """Return an oracle of this problem, which answers exactly if its numbers are rational.

        That of a member of the class rounds c up to a multiple of 2^-n, other irrational data are rounded to within it.
        """
        if self.instance is not None:
            return InstanceOracle(self.instance)
        p = self.problem
        if all(map(_is_rational, (p.matrix, p.data, self.minimiser.point))):
            return ExactOracle(self)
        return HonestOracle(p.matrix, [p.data], problem=p.name, parameter=p.parameter, weights=p.weights)

    def certified(self, z: Any) -> Minimiser:
        """Return another minimiser with its optimality data.

        Raises:
            NotAMinimiserError: if z is none.
        """
        point = self.problem.vector(z)
        dual = self.minimiser.dual
        if dual is None and self.problem.name == "sqrt-lasso" and not any(self.problem.residual(point)):
            square = self.minimiser.scale2
            if not isinstance(square, fmpq):
                raise DataError("the dual vector of this problem lies in no field Q(√s)")
            dual = self.minimiser.direction * sqrt(square)
        elif dual is not None and any(self.problem.residual(point)):
            dual = None
        return self.problem.minimiser(point, dual=dual)


class ExactOracle:
    """Answers every precision with A, y and a minimiser, exactly; these must be rational.

    >>> from hypothesis import Phase, find, settings
    >>> from sci_barriers.testing import ExactOracle, well_posed
    >>> known = find(well_posed("lasso"), lambda known: True, settings=settings(phases=[Phase.generate]))
    >>> ExactOracle(known).read(k=1, n=3)
    <datum k = 1, n = 3: y = ['3/2'], x = [1]>
    """

    samples = 1

    def __init__(self, known: KnownProblem) -> None:
        """Answer about `known`.

        Raises:
            UsageError: if its numbers are not rational (Gaussian rational).
        """
        problem, self._point = known.problem, known.minimiser.point
        if not all(map(_is_rational, (problem.matrix, problem.data, self._point))):
            raise UsageError("an exact oracle needs rational data; use HonestOracle")
        self._problem = problem
        self._known = known

    def __repr__(self) -> str:
        """Say what it answers about, for the reports of failed tests."""
        return within(f"<{type(self).__name__} of {self._known!r}>", f"<{type(self).__name__} of {self._problem.name}>")

    def read(self, *, k: int, n: int) -> Triple:
        """Return the datum (k, n)."""
        problem = self._problem
        return Triple(k=k, n=n, matrix=problem.matrix.copy(), data=problem.data.copy(), point=self._point.copy())


# --- construction ----------------------------------------------------------------------------------


def construct(
    name: str,
    *,
    parameter: fmpq,
    weights: ExactArray,
    direction: ExactArray,
    size: fmpq,
    rest: ExactArray,
    correlations: Sequence[Scalar],
    point: ExactArray,
    residual: fmpq,
) -> KnownProblem:
    """Return the problem whose dual vector is u = size·direction, with A*u = correlations and the minimiser `point`.

    Of A everything is given but one row; this row is what makes A*u come out right, and y = A·point + r follows.
    The minimiser is verified, and the caller owes its uniqueness (`vertices` has this one point).

    Args:
        name: name of the problem.
        parameter: ε or λ.
        weights: w, length N.
        direction: e, length m, with ‖e‖ = 1 exactly, except for lasso, where it only must not be 0.
        size: the factor of u, positive; at most 1 for sqrt-lasso.
        rest: A, shape (m, N); the row in which |e_i| is largest is replaced.
        correlations: (A*u)_i, with |(A*u)_i| <= bound_i, and equality and the phase of x_i where x_i is not 0.
        point: x, length N; not 0 for bpdn.
        residual: ‖r‖ for sqrt-lasso, which is 0 if size < 1; the other problems determine r.

    Raises:
        NotAMinimiserError: if these do not fit together.
    """
    u: ExactArray = direction * size
    pivot = largest_entry(u)
    matrix = rest.copy()
    matrix[pivot] = fmpq(0)
    for j, (wanted, there) in enumerate(zip(correlations, adjoint(matrix) @ u, strict=True)):
        matrix[pivot, j] = conjugate((wanted - there) / u[pivot])
    r = {"lasso": u / fmpq(2), "bpdn": direction * parameter, "sqrt-lasso": direction * residual}[name]
    problem = problem_type(name)(matrix, matrix @ point + r, parameter=parameter, weights=weights)
    dual = u if name == "sqrt-lasso" and residual == 0 else None
    minimiser = problem.minimiser(point, dual=dual)
    return KnownProblem(problem, minimiser, (point,), margin_of(minimiser))


def largest_entry(vector: ExactArray) -> int:
    """Return the first index at which |v_i| is largest."""
    squares = [abs2(entry) for entry in vector]
    return squares.index(max(squares))


def margin_of(minimiser: Minimiser) -> fmpq:
    """Return the least 1 - |(A*u)_i|/bound_i over the i outside E, down to 2^-64 if irrational; 1 if E is all."""
    problem = minimiser.problem
    correlation = problem.correlation(minimiser.direction)
    outside = [i for i in range(problem.columns) if i not in minimiser.active]
    squares = (abs2(correlation[i]) * minimiser.scale2 / problem.bounds[i] ** 2 for i in outside)
    return min((1 - root_upper(square, bits=64) for square in squares), default=fmpq(1))


def solved(problem: Problem) -> KnownProblem:
    """Solve a real rational problem exactly; `vertices` is empty unless the minimiser is certainly the only one.

    Raises:
        DataError: if A or y is complex or irrational.
        SolverError: if no minimiser can be shown.
    """
    minimiser = solve_exactly(problem)
    vertices = (minimiser.point,) if minimiser.certainly_unique else ()
    return KnownProblem(problem, minimiser, vertices, margin_of(minimiser))


def class_problem(instance: Instance) -> KnownProblem:
    """Return a member of the class Ω(K, L) (or its tie, or the control) as a problem with known minimisers."""
    problem = instance.exact_problem()
    # for sqrt-lasso the residual vanishes, and u = (λ/a_max)·y is dual
    dual = problem.data * (problem.parameter / max(instance.a)) if problem.name == "sqrt-lasso" else None
    minimiser = problem.minimiser(instance.centroid(), dual=dual)
    vertices = []
    for i in instance.argmax:
        vertex = zeros(problem.columns)
        vertex[i] = instance.height
        vertices.append(vertex)
    return KnownProblem(problem, minimiser, tuple(vertices), margin_of(minimiser), instance=instance)


# --- rounding --------------------------------------------------------------------------------------


def nearest_float(value: fmpq, name: str) -> Any:
    """Return the numpy float64 or float32 nearest to a rational, ties to even.

    Raises:
        DataError: if it is too large for the format.
    """
    if name == "float64":
        return np.float64(to_float(value))
    with np.errstate(over="ignore"):
        guess = np.float32(to_float(value))
    # rounding twice can go wrong by one unit
    around = [guess, np.nextafter(guess, np.float32(-np.inf)), np.nextafter(guess, np.float32(np.inf))]
    finite = [number for number in around if np.isfinite(number)]
    if not np.isfinite(guess):
        raise DataError("a number is too large for float32")
    return min(finite, key=lambda number: (abs(_exactly(number) - value), int(number.view(np.uint32)) & 1))


def _is_rational(array: ExactArray) -> bool:
    """Tell whether every entry is rational or Gaussian rational."""
    return all(isinstance(real_part(v), fmpq) and isinstance(imaginary_part(v), fmpq) for v in array.flat)


def _exactly(number: Any) -> fmpq:
    return as_rational(exact(number))


def _rounded(array: ExactArray, name: str) -> tuple[NDArray[Any], bool]:
    """Round an exact array; tell whether that changed nothing."""
    rational = _is_rational(array)
    given = array if rational else enclosed(array).dyadic(_ENCLOSED_BITS)
    real_type, complex_type = _FLOATS[name]
    is_complex = any(imaginary_part(v) != 0 for v in given.flat)
    result: NDArray[Any] = np.zeros(given.shape, dtype=complex_type if is_complex else real_type)
    same = rational
    for index, entry in np.ndenumerate(given):
        parts = [nearest_float(as_rational(part), name) for part in (real_part(entry), imaginary_part(entry))]
        same = same and _exactly(parts[0]) == real_part(entry) and _exactly(parts[1]) == imaginary_part(entry)
        result[index] = complex(*parts) if is_complex else parts[0]
    result.flags.writeable = False
    return result, same


register()  # hypothesis draws them by their type

"""Other problems from a known one, whose minimisers follow exactly: docs/testing.md, "Relations" and "Ill-posed".

Each function verifies the minimiser of the new problem by the optimality conditions before it returns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from flint import fmpq

from exact_base.errors import UsageError
from exact_base.rationals import rational_sqrt
from exact_base.reprs import short_repr
from exact_base.scalars import ExactArray, Scalar, abs2, adjoint, conjugate, inner, norm2, zeros
from sci_barriers.problems import problem_type
from sci_barriers.testing.known import KnownProblem, margin_of

__all__ = [
    "Transformed",
    "duplicate_columns",
    "flip_signs",
    "householder",
    "nearly_duplicate",
    "permute_columns",
    "rotate",
    "scale",
    "with_parallel_column",
]


@short_repr()
@dataclass(frozen=True, eq=False)
class Transformed:
    """A problem made from another one, and the map that takes its minimisers back.

    Attributes:
        problem: the new problem.
        back: linear; takes a minimiser of the new problem to one of the old one, exactly.
    """

    problem: KnownProblem
    back: Callable[[ExactArray], ExactArray]


def _rebuilt(
    known: KnownProblem,
    *,
    matrix: ExactArray,
    vertices: Sequence[ExactArray],
    data: ExactArray | None = None,
    parameter: fmpq | None = None,
    weights: ExactArray | None = None,
    dual: ExactArray | None = None,
) -> KnownProblem:
    """Return the changed problem, its minimiser (the mean of the vertices) verified."""
    old = known.problem
    problem = problem_type(old.name)(
        matrix,
        old.data if data is None else data,
        parameter=old.parameter if parameter is None else parameter,
        weights=old.weights if weights is None else weights,
    )
    mean = sum(vertices[1:], vertices[0]) / fmpq(len(vertices))
    given = known.minimiser.dual if dual is None else dual
    minimiser = problem.minimiser(mean, dual=given if not any(problem.residual(mean)) else None)
    return KnownProblem(problem, minimiser, tuple(vertices), margin_of(minimiser))


# --- relations -------------------------------------------------------------------------------------


def permute_columns(known: KnownProblem, order: Sequence[int]) -> Transformed:
    """Take the columns of A, with their weights, in another order, a permutation of 0..N-1."""
    problem, columns = known.problem, list(order)
    if sorted(columns) != list(range(problem.columns)):
        raise UsageError(f"a permutation of 0..{problem.columns - 1} is needed, got {columns}")

    def back(z: ExactArray) -> ExactArray:
        result = zeros(problem.columns)
        result[columns] = z
        return result

    new = _rebuilt(
        known,
        matrix=problem.matrix[:, columns],
        weights=problem.weights[columns],
        vertices=[vertex[columns] for vertex in known.vertices],
    )
    return Transformed(new, back)


def flip_signs(known: KnownProblem, phases: Sequence[Scalar]) -> Transformed:
    """Multiply column i of A by the i-th phase, a number of modulus 1 (in real problems 1 or -1)."""
    factors = np.array(list(phases), dtype=object)
    if len(factors) != known.problem.columns or any(abs2(f) != 1 for f in factors):
        raise UsageError(
            f"a factor of modulus 1 for each column is needed, {known.problem.columns} in all, got {list(phases)}"
        )
    opposite = np.array([conjugate(f) for f in factors], dtype=object)
    new = _rebuilt(
        known,
        matrix=known.problem.matrix * factors[np.newaxis, :],
        vertices=[vertex * opposite for vertex in known.vertices],
    )
    return Transformed(new, lambda z: z * factors)


def householder(vector: ExactArray) -> ExactArray:
    """Return the reflection I - 2vv*/(v*v), a rational unitary matrix, for a vector v that is not 0."""
    size2 = norm2(vector)
    if size2 == 0:
        raise UsageError("a reflection needs a vector that is not 0")
    outer = np.multiply.outer(vector, np.array([conjugate(entry) for entry in vector], dtype=object))
    result: ExactArray = outer * (-2 / size2)
    for i in range(len(vector)):
        result[i, i] = result[i, i] + 1
    return result


def rotate(known: KnownProblem, unitary: ExactArray) -> Transformed:
    """Multiply A and y by a unitary matrix, shape (m, m); the minimisers stay."""
    size = known.problem.rows
    gram = adjoint(unitary) @ unitary
    if unitary.shape != (size, size) or any(gram[i, j] != (i == j) for i in range(size) for j in range(size)):
        raise UsageError(f"a unitary {size} x {size} matrix is needed")
    dual = known.minimiser.dual
    new = _rebuilt(
        known,
        matrix=unitary @ known.problem.matrix,
        data=unitary @ known.problem.data,
        vertices=known.vertices,
        dual=None if dual is None else unitary @ dual,
    )
    return Transformed(new, lambda z: z)


def scale(known: KnownProblem, *, matrix: fmpq, data: fmpq) -> Transformed:
    """Multiply A by p > 0 and y by q > 0; with λ → pqλ (P2), λ → pλ (P3), ε → qε (P1), x becomes (q/p)·x."""
    p, q = matrix, data
    if not (p > 0 and q > 0):
        raise UsageError(f"positive factors are needed, got {p} and {q}")
    factor = {"lasso": p * q, "sqrt-lasso": p, "bpdn": q}[known.problem.name]
    new = _rebuilt(
        known,
        matrix=known.problem.matrix * p,
        data=known.problem.data * q,
        parameter=known.problem.parameter * factor,
        vertices=[vertex * (q / p) for vertex in known.vertices],
    )
    return Transformed(new, lambda z: z * (p / q))


def duplicate_columns(known: KnownProblem, copies: Sequence[tuple[int, Scalar]]) -> Transformed:
    """Append copies of columns, each (j, phase) as phase·a_j: they share the entry of x that column j had alone.

    The set of minimisers becomes the product of one simplex for each entry that is shared and not 0.
    """
    problem, old = known.problem, known.problem.columns
    sources = [j for j, _ in copies]
    phases = np.array([phase for _, phase in copies], dtype=object)
    if any(not 0 <= j < old for j in sources) or any(abs2(phase) != 1 for phase in phases):
        raise UsageError(f"copies are pairs (0 <= j < {old}, number of modulus 1), got {list(copies)}")
    matrix = np.concatenate([problem.matrix, problem.matrix[:, sources] * phases[np.newaxis, :]], axis=1)
    vertices = []
    for vertex in known.vertices:
        shared = sorted({j for j in sources if vertex[j]})
        holders = [[j, *(old + i for i, source in enumerate(sources) if source == j)] for j in shared]
        for choice in product(*holders):
            split = np.concatenate([vertex, zeros(len(copies))])
            for j, holder in zip(shared, choice, strict=True):
                if holder != j:
                    split[holder] = vertex[j] * conjugate(phases[holder - old])
                    split[j] = fmpq(0)
            vertices.append(split)

    def back(z: ExactArray) -> ExactArray:
        result = z[:old].copy()
        for i, j in enumerate(sources):
            result[j] = result[j] + z[old + i] * phases[i]
        return result

    weights = np.concatenate([problem.weights, problem.weights[sources]])
    return Transformed(_rebuilt(known, matrix=matrix, weights=weights, vertices=vertices), back)


# --- ill-posed -------------------------------------------------------------------------------------


def nearly_duplicate(known: KnownProblem, column: int, *, distance: fmpq, unit: ExactArray) -> KnownProblem:
    """Append to a well-posed problem a column at a given distance from a column j of the support.

    With d of length 1 and d*u = phase_j·κ, κ > 0, the new column a_j - distance·d has |(A*u)_new| = bound_j -
    distance·κ, so the minimiser stays the only one, while with a_j itself in that place, at the spectral distance
    `distance`, each division of x_j between both columns is a minimiser. That problem is the `neighbour`.

    Args:
        known: a problem with one minimiser.
        column: j, with x_j not 0.
        distance: positive, and so small that distance·κ < bound_j.
        unit: d.

    Raises:
        UsageError: if these are out of range.
    """
    problem, minimiser = known.problem, known.minimiser
    if not known.unique or not minimiser.point[column]:
        raise UsageError(f"a unique minimiser with a non-zero entry {column} is needed")
    wanted = problem.correlation(minimiser.direction)[column]
    # g is a positive multiple of u, and only ratios matter
    ratio = inner(unit, minimiser.direction) / wanted
    bound = problem.bounds[column]
    if norm2(unit) != 1 or not isinstance(ratio, fmpq) or not 0 < distance * ratio < 1:
        raise UsageError(f"0 < distance·κ < {bound} is needed for column {column}; use a smaller distance")
    twin = duplicate_columns(known, [(column, fmpq(1))]).problem
    matrix = twin.problem.matrix.copy()
    matrix[:, -1] = matrix[:, -1] - unit * distance
    vertex = np.concatenate([known.vertices[0], zeros(1)])
    near = _rebuilt(known, matrix=matrix, weights=twin.problem.weights, vertices=[vertex])
    return KnownProblem(near.problem, near.minimiser, near.vertices, near.margin, distance, twin)


def with_parallel_column(known: KnownProblem, *, sign: int, amount: fmpq) -> KnownProblem:
    """Append to a sqrt-lasso problem with r = s·u, s > 0, the column ±λu, w = 1, and give it the entry ±amount of x.

    Az - y and this column are parallel, so what the new entry loses the residual gains at the same cost: the minimisers
    are the points whose last entry lies between 0 and ±(amount + s/λ), a segment, though the columns in the support
    are independent (docs/theory.md, "The argmin set").

    Raises:
        UsageError: for other problems, and a ‖r‖ that is not rational.
    """
    problem, r = known.problem, known.problem.residual(known.minimiser.point)
    size = _rational_size(r)
    if (
        problem.name != "sqrt-lasso"
        or not known.unique
        or size is None
        or size == 0
        or amount < 0
        or sign not in (1, -1)
    ):
        raise UsageError("a sqrt-lasso problem with one minimiser and a residual of positive rational norm is needed")
    lam = problem.parameter
    new = r * (fmpq(sign) * lam / size)
    x = known.vertices[0]
    vertices = [np.concatenate([x, np.array([end], dtype=object)]) for end in (fmpq(0), (amount + size / lam) * sign)]
    return _rebuilt(
        known,
        matrix=np.concatenate([problem.matrix, new.reshape(-1, 1)], axis=1),
        data=problem.data + new * (amount * sign),
        weights=np.concatenate([problem.weights, np.array([fmpq(1)], dtype=object)]),
        vertices=vertices,
    )


def _rational_size(vector: ExactArray) -> fmpq | None:
    """Return ‖vector‖ where it is rational."""
    square: Any = norm2(vector)
    return rational_sqrt(square) if isinstance(square, fmpq) else None

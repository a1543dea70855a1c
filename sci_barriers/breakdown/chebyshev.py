"""A lower bound of the Chebyshev radius min_z max_i ‖z - p_i‖ of finitely many points, by dual weights.

For weights μ >= 0 with sum 1, r² >= Σ μ_i ‖p_i‖² - ‖Σ μ_i p_i‖², with equality for the best ones: a quadratic program,
solved in floating point; its support gives the best weights exactly, by a linear system, or they are rounded. Source:
docs/breakdown.md, "Families of one's own".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from flint import ctx, fmpq
from numpy.typing import NDArray

from exact_base.errors import SolverError, UsageError
from exact_base.linalg import solve_consistent
from exact_base.rationals import power_of_two
from exact_base.scalars import ExactArray, Real, ball, imaginary_part, is_rational_array, real_part, sign, zeros
from sci_barriers.problems.base import ceiling

__all__ = ["chebyshev_bound", "load_solver", "rational_bracket", "rounded_weights"]

_BITS = 60
"""Weights are rounded to multiples of 2^-60, and an irrational r² is rounded down relatively by at most 2^-60."""
_SUPPORT = 1e-6


def chebyshev_bound(points: Sequence[ExactArray]) -> tuple[list[fmpq], fmpq]:
    """Return weights μ and a rational r² >= 0 that they prove.

    Args:
        points: p_1..p_d, each of length N, d >= 2, real or complex, in one field Q(√s).

    Raises:
        UsageError: if the solver is not installed.
        SolverError: if it fails.
    """
    gram = _gram(points)
    floats = _weights(gram)
    value, weights = max(
        ((_value(gram, weights), weights) for weights in _candidates(gram, floats)), key=lambda pair: pair[0]
    )
    return weights, rational_bracket(value)[0]


def _gram(points: Sequence[ExactArray]) -> ExactArray:
    """The real inner products of the points, moved so that the first is 0: μ does not notice."""
    moved = [point - points[0] for point in points]
    parts = [[part(entry) for entry in point for part in (real_part, imaginary_part)] for point in moved]
    kept = [k for k in range(len(parts[0])) if any(row[k] for row in parts)]
    matrix = zeros((len(points), len(kept)))
    for i, row in enumerate(parts):
        matrix[i] = [row[k] for k in kept]
    result: ExactArray = matrix @ matrix.T if kept else zeros((len(points), len(points)))
    return result


def load_solver() -> tuple[Any, Any]:
    """Return the modules clarabel and scipy.sparse.

    Raises:
        UsageError: if one is not installed.
    """
    try:
        import clarabel
        from scipy import sparse
    except ImportError:
        raise UsageError(
            "a family's radius needs a solver of cone programs: pip install 'sci-barriers[solvers]'"
        ) from None
    return clarabel, sparse


def _weights(gram: ExactArray) -> NDArray[Any]:
    """Minimise μ^T G μ - diag(G)^T μ over the simplex, in floating point."""
    count = len(gram)
    largest = max(gram[i, i] for i in range(count))
    if count == 2 or sign(largest) == 0:  # of two points it is the middle
        return np.full(count, 1 / count)
    clarabel, sparse = load_solver()
    # scaled to 1, so that the heights of a class with many digits are no rounding errors
    with ctx.workprec(128):
        scaled = np.array([[float((ball(entry) / ball(largest)).mid()) for entry in row] for row in gram])
    rows = sparse.csc_matrix(np.vstack([np.ones((1, count)), -np.eye(count)]))
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    solver = clarabel.DefaultSolver(
        sparse.csc_matrix(np.triu(2 * scaled)),
        -np.diag(scaled),
        rows,
        np.concatenate([[1.0], np.zeros(count)]),
        [clarabel.ZeroConeT(1), clarabel.NonnegativeConeT(count)],
        settings,
    )
    found = np.asarray(solver.solve().x, dtype=float)
    if found.shape != (count,) or not np.isfinite(found).all():
        raise SolverError("the quadratic program of the Chebyshev radius was not solved")
    return found


def _candidates(gram: ExactArray, floats: NDArray[Any]) -> list[list[fmpq]]:
    """The rounded weights, and those that are best on their support where they are rational and not negative."""
    found = rounded_weights(floats)
    chosen = [i for i, weight in enumerate(floats) if weight > _SUPPORT]
    size = len(chosen)
    system, right = zeros((size + 1, size + 1)), zeros((size + 1, 1))
    system[:size, :size] = gram[np.ix_(chosen, chosen)] * fmpq(2)
    system[size, :size] = system[:size, size] = fmpq(1)
    right[:size, 0] = [gram[i, i] for i in chosen]
    right[size, 0] = fmpq(1)
    solution = solve_consistent(system, right)
    if solution is not None and is_rational_array(solution[:size]) and min(solution[:size, 0]) >= 0:
        weights = [fmpq(0)] * len(gram)
        for i, weight in zip(chosen, solution[:size, 0], strict=True):
            weights[i] = weight
        found.append(weights)
    return found


def rounded_weights(floats: NDArray[Any]) -> list[list[fmpq]]:
    """Return rational weights >= 0 with sum 1: the floats rounded, if they nearly are that, and equal ones."""
    scale = power_of_two(_BITS)
    numerators = [max(round(float(weight) * 2**_BITS), 0) for weight in floats]
    numerators[int(np.argmax(floats))] += 2**_BITS - sum(numerators)
    found = [[fmpq(numerator) / scale for numerator in numerators]] if min(numerators) >= 0 else []
    return [*found, [fmpq(1, len(floats))] * len(floats)]


def _value(gram: ExactArray, weights: Sequence[fmpq]) -> Real:
    mu = np.array(weights, dtype=object)
    value: Real = mu @ np.diag(gram) - mu @ gram @ mu
    return value


def rational_bracket(value: Real) -> tuple[fmpq, fmpq]:
    """Return rationals around a number >= 0: twice itself if it is rational, else within 2^-60 of it, relatively."""
    if isinstance(value, fmpq):
        return value, value
    bits = _BITS
    while ceiling(value, bits=bits) < power_of_two(_BITS + 1 - bits):
        bits *= 2
    return -ceiling(-value, bits=bits), ceiling(value, bits=bits)

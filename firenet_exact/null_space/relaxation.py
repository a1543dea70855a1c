"""The property without enumeration (docs/theory.md, "Certifying a null space property": relaxation).

A matrix H with small I - H*A is found in floating point, rounded, and only then judged, exactly. Small ρ wants small
entries of I - H*A, small γ wants small columns of H. The trade-off: for a threshold t, the least ‖h_i‖ with
|e_i - A*h_i|_j <= t w_i w_j for all j. Its Lagrange dual is a LASSO, min ½‖Ay‖² - Re y_i + t w_i‖y‖_w with h_i = Ay,
and an approximate solution will do.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from flint import fmpq

from exact_base.decimals import below
from exact_base.errors import NotCertifiedError
from exact_base.matrices import Array, ExactMatrix, diagonal, rounded
from exact_base.rationals import SMALL, sqrt_up, to_float, upper_root
from firenet_exact.levels import Levels
from firenet_exact.null_space.linear_programs import KernelPrograms
from firenet_exact.null_space.property import NullSpaceProperty, Point, Relaxation, check_size
from firenet_exact.running import Work

__all__ = ["by_relaxation", "certify_inverse"]

# these numbers choose candidates; what is chosen is proved by `certify_inverse`, exactly
_THRESHOLDS = 10
_WIDEST = 0.45  # the first threshold times ξ; at 1/2 the property is lost
_NARROWEST = 0.85  # the last one over the least that all columns can have
_STEPS = 300  # of the first order method, for each threshold
_STILL = 1e-4  # relative change of a step that ends it
_BITS = 32  # of the entries of H, relative to the largest


def by_relaxation(
    matrix: ExactMatrix, levels: Levels, run: Work, *, most: float = 1.0
) -> tuple[NullSpaceProperty, list[Point]]:
    """Return the property of A, shape (m, N), with the least C2 that was found, and the trade-off.

    Args:
        matrix: A.
        levels: the levels of its columns.
        run: limits and progress.
        most: candidates with ρ >= most, in floating point, are left out.

    Raises:
        NotCertifiedError: if no candidate proves it.
        BudgetError: if the time is over before the linear programs are solved.
        UsageError: if levels and matrix do not fit together, or scipy is not installed.
    """
    check_size(matrix, levels)
    programs = KernelPrograms(matrix, levels)
    rows = programs.table(run).all()
    floats, weights = programs.floats, programs.weights
    best: tuple[float, Array] = (np.inf, rows)
    points: list[Point] = []
    least = np.inf
    for candidate in _candidates(floats, weights, rows[:, : len(floats)].T, levels, run):
        theta, rho, gamma = _constants(floats, candidate, weights, levels)
        least = min(least, theta)
        point = Point.of("relaxation", levels, rho, gamma)
        points.append(point)
        if point.c2 < best[0] and point.rho < most:
            best = (point.c2, candidate)
    if not np.isfinite(best[0]):
        least_rho = min(point.rho for point in points)
        raise NotCertifiedError(f"ρ is about {least_rho:.4g} and must be less than {most:g}; θ is about {least:.4g}")
    bits = _BITS - int(np.frexp(np.abs(best[1]).max())[1])
    return certify_inverse(matrix, levels, rounded(best[1], bits=bits)), points


def certify_inverse(matrix: ExactMatrix, levels: Levels, inverse: ExactMatrix) -> NullSpaceProperty:
    """Return the property that H, shape (m, N), proves, in exact arithmetic.

    Raises:
        NotCertifiedError: if it proves none.
    """
    check_size(matrix, levels)
    if (inverse.rows, inverse.cols) != (matrix.rows, matrix.cols):
        raise NotCertifiedError(f"H must be {matrix.rows} x {matrix.cols}, not {inverse.rows} x {inverse.cols}")
    error = diagonal(fmpq(1), matrix.cols) - inverse.adjoint @ matrix
    reciprocals = [1 / (w * w) for w in levels.column_weights]
    unit = fmpq(1, error.den**2)
    largest = [max(a * w for a, w in zip(row, reciprocals, strict=True)) * unit for row in error.squares()]
    roots = [upper_root(n) for n in largest]
    lengths = [fmpq(sum(column), inverse.den**2) for column in zip(*inverse.squares(), strict=True)]
    theta = sum((w * t for w, t in zip(levels.weights, levels.top(roots), strict=True)), fmpq(0))
    if theta >= 1:
        raise NotCertifiedError(f"θ >= {below(theta)} is not less than 1")
    tau2, beta2 = sum(levels.top(largest), fmpq(0)), sum(levels.top(lengths), fmpq(0))
    rho = max(sqrt_up(levels.xi * tau2 / (1 - theta) ** 2), SMALL)
    if rho >= 1:
        raise NotCertifiedError(f"ρ >= {below(rho)} is not less than 1")
    return NullSpaceProperty(matrix, levels, rho, sqrt_up((1 + rho) ** 2 * beta2), Relaxation(inverse))


def _constants(floats: Array, inverse: Array, weights: Array, levels: Levels) -> tuple[float, float, float]:
    """Return θ, ρ and γ for A and H, both of shape (m, N), in floating point."""
    errors = np.eye(floats.shape[1]) - inverse.conj().T @ floats
    bounds = np.max(np.abs(errors) / weights, axis=1)
    theta = float(np.dot([to_float(w) for w in levels.weights], levels.top(list(bounds))))
    if not theta < 1:
        return theta, np.inf, np.inf
    tau, beta = (np.sqrt(sum(levels.top(list(v)))) for v in (bounds**2, np.sum(np.abs(inverse) ** 2, axis=0)))
    rho = float(np.sqrt(to_float(levels.xi)) * tau / (1 - theta))
    return theta, rho, float((1 + rho) * beta)


def _candidates(floats: Array, weights: Array, first: Array, levels: Levels, run: Work) -> Iterator[Array]:
    """Yield matrices H, shape (m, N): `first`, from the linear programs, and then those of decreasing thresholds."""
    yield first
    errors = np.abs(np.eye(floats.shape[1]) - first.conj().T @ floats)
    least = np.max(errors / weights, axis=1) / weights  # the least threshold for each column, up to rounding
    start, end = _WIDEST / to_float(levels.xi), _NARROWEST * float(np.max(least))
    if not 0 < end < start:
        return
    gram = floats.conj().T @ floats
    if not np.all(np.isfinite(gram)):
        return
    dual = np.zeros_like(gram)
    for number, threshold in enumerate(np.geomspace(start, end, _THRESHOLDS)):
        if run.left < 0:  # what there is will do
            return
        run.check("trade-off", number, _THRESHOLDS)
        free = np.flatnonzero(least < threshold)
        dual[:, free] = _lasso(gram, threshold * weights[:, None] * weights[free], dual[:, free], free)
        candidate = first.copy()
        candidate[:, free] = floats @ dual[:, free]
        yield candidate


def _lasso(gram: Array, thresholds: Array, start: Array, columns: Array) -> Array:
    """Return Y near a minimiser of ½‖AY‖² - Re<I, Y> + Σ thresholds_ij |Y_ij|, by accelerated steps.

    Args:
        gram: A*A, shape (N, N).
        thresholds: positive, shape (N, k).
        start: a guess of Y, shape (N, k).
        columns: which columns of the identity I are meant, length k.
    """
    step = 1 / np.linalg.norm(gram, 2)
    linear, limits = step * np.eye(len(gram))[:, columns], step * thresholds
    gram = step * gram
    current, point, momentum = start, start, 1.0
    for number in range(_STEPS):
        new = _shrunk(point - gram @ point + linear, limits)
        change = new - current
        if np.real(np.vdot(point - new, change)) > 0:  # the momentum points uphill: restart
            momentum = 1.0
        following = (1 + math.sqrt(1 + 4 * momentum**2)) / 2
        point = new + (momentum - 1) / following * change
        current, momentum = new, following
        if number % 10 == 9 and np.linalg.norm(change) <= _STILL * np.linalg.norm(current):
            break
    return current


def _shrunk(values: Array, limits: Array) -> Array:
    """Move values towards 0 by the limits."""
    if not np.iscomplexobj(values):
        return values - np.clip(values, -limits, limits)  # type: ignore[no-any-return]
    modulus = np.abs(values)
    return values * (np.maximum(modulus - limits, 0) / np.where(modulus > 0, modulus, 1))  # type: ignore[no-any-return]

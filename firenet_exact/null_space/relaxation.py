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
from firenet_exact.null_space.linear_programs import TABLE, KernelPrograms
from firenet_exact.null_space.property import NullSpaceProperty, Point, Relaxation, check_size, last_of
from firenet_exact.running import Progress, Row, Rows

__all__ = ["by_relaxation", "certify_inverse", "relaxations"]

# these numbers choose candidates; what is chosen is proved by `certify_inverse`, exactly
_THRESHOLDS = 10
_WIDEST = 0.45  # the first threshold times ξ; at 1/2 the property is lost
_NARROWEST = 0.85  # the last one over the least that all columns can have
_NARROWER = 0.86  # each threshold over the one before, without linear programs
_MOST_QUICK = 20
_PATIENCE = 3  # thresholds without linear programs that may be no better
_STEPS = 300  # of the first order method, for each threshold
_STILL = 1e-4  # relative change of a step that ends it
_BITS = 32  # of the entries of H, relative to the largest


def by_relaxation(matrix: ExactMatrix, levels: Levels, *, most: float = 1.0) -> tuple[NullSpaceProperty, list[Point]]:
    """Return the last of `relaxations`, and the trade-off; see there."""
    return last_of(relaxations(matrix, levels, {}, most=most))


def relaxations(
    matrix: ExactMatrix, levels: Levels, rows: Rows, *, most: float = 1.0
) -> Iterator[Progress | Row | Point | NullSpaceProperty]:
    """Yield properties of A, shape (m, N), each with less C2 than the one before, and how they are found.

    Args:
        matrix: A.
        levels: the levels of its columns.
        rows: results of linear programs that are known; more are added.
        most: candidates with ρ >= most, in floating point, are left out.

    Raises:
        NotCertifiedError: if no candidate proves it.
        UsageError: if levels and matrix do not fit together, or scipy is not installed.
    """
    check_size(matrix, levels)
    programs = KernelPrograms(matrix, levels)
    floats, weights = programs.floats, programs.weights
    best, least, points, reason = np.inf, np.inf, [], ""
    for candidate in _candidates(programs, levels, rows):
        if isinstance(candidate, Progress | Row):
            yield candidate
            continue
        theta, rho, gamma = _constants(floats, candidate, weights, levels)
        least = min(least, theta)
        point = Point.of("relaxation", levels, rho, gamma)
        points.append(point)
        yield point
        if point.c2 < best and point.rho < most:
            try:
                proved = certify_inverse(matrix, levels, _rounded(candidate))
            except NotCertifiedError as error:
                reason = str(error)
                continue
            best = point.c2
            yield proved
    if not np.isfinite(best):
        rho = min((point.rho for point in points), default=np.inf)
        reason = reason or f"ρ is about {rho:.4g} and must be less than {most:g}; θ is about {least:.4g}"
        raise NotCertifiedError(reason)


def _rounded(inverse: Array) -> ExactMatrix:
    return rounded(inverse, bits=_BITS - int(np.frexp(np.abs(inverse).max())[1]))


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
    square = min(beta2, _products_of_columns(inverse, levels))
    return NullSpaceProperty(matrix, levels, rho, sqrt_up((1 + rho) ** 2 * square), Relaxation(inverse))


def _products_of_columns(inverse: ExactMatrix, levels: Levels) -> fmpq:
    """Return Λ², which bounds ‖H_Δ‖² for every support Δ: of each row of H*H, the diagonal and the largest others."""
    gram = inverse.adjoint @ inverse
    unit, bounds = fmpq(1, gram.den), []
    for i, row in enumerate(gram.squares()):
        sizes = [fmpq(math.isqrt(a)) if gram.im is None else upper_root(fmpq(a)) for a in row]
        length, sizes[i] = sizes[i], fmpq(0)
        sizes[i] = max(sizes)  # in its place, so that the others of its level are one fewer
        bounds.append(length + sum(levels.top(sizes), fmpq(0)) - sizes[i])
    return max(bounds) * unit


def _constants(floats: Array, inverse: Array, weights: Array, levels: Levels) -> tuple[float, float, float]:
    """Return θ, ρ and γ for A and H, both of shape (m, N), in floating point."""
    errors = np.eye(floats.shape[1]) - inverse.conj().T @ floats
    bounds = np.max(np.abs(errors) / weights, axis=1)
    theta = float(np.dot([to_float(w) for w in levels.weights], levels.top(list(bounds))))
    if not theta < 1:
        return theta, np.inf, np.inf
    tau, beta = (np.sqrt(sum(levels.top(list(v)))) for v in (bounds**2, np.sum(np.abs(inverse) ** 2, axis=0)))
    rho = float(np.sqrt(to_float(levels.xi)) * tau / (1 - theta))
    products = np.abs(inverse.conj().T @ inverse)
    lengths = np.diag(products).copy()
    np.fill_diagonal(products, 0)
    np.fill_diagonal(products, np.max(products, axis=1))
    rows = [
        length + sum(levels.top(list(row))) - row[i]
        for i, (length, row) in enumerate(zip(lengths, products, strict=True))
    ]
    return theta, rho, float((1 + rho) * min(beta, np.sqrt(max(rows))))


def _candidates(programs: KernelPrograms, levels: Levels, rows: Rows) -> Iterator[Array | Progress | Row]:
    """Yield matrices H, shape (m, N): first without linear programs, then from them, then between both.

    The thresholds decrease. Without linear programs it is not known which columns can have a threshold at all, so that
    these candidates end when several in a row were no better than what was before.
    """
    floats, weights = programs.floats, programs.weights
    gram = floats.conj().T @ floats
    if np.all(np.isfinite(gram)):
        yield from _quick(programs, levels, gram)
    for i in range(floats.shape[1]):
        yield from programs.column(i, rows)
    first = np.stack([rows[TABLE, i][: len(floats)] for i in range(floats.shape[1])], axis=1)
    yield first
    errors = np.abs(np.eye(floats.shape[1]) - first.conj().T @ floats)
    least = np.max(errors / weights, axis=1) / weights  # the least threshold for each column, up to rounding
    start, end = _WIDEST / to_float(levels.xi), _NARROWEST * float(np.max(least))
    if not (0 < end < start and np.all(np.isfinite(gram))):
        return
    dual = np.zeros_like(gram)
    for number, threshold in enumerate(np.geomspace(start, end, _THRESHOLDS)):
        yield Progress("trade-off", number, _THRESHOLDS)
        free = np.flatnonzero(least < threshold)
        dual[:, free] = _lasso(gram, threshold * weights[:, None] * weights[free], dual[:, free], free)
        candidate = first.copy()
        candidate[:, free] = floats @ dual[:, free]
        yield candidate


def _quick(programs: KernelPrograms, levels: Levels, gram: Array) -> Iterator[Array | Progress]:
    """Yield the candidates that need no linear program."""
    floats, weights = programs.floats, programs.weights
    dual, columns = np.zeros_like(gram), np.arange(len(gram))
    threshold, best, patience = _WIDEST / to_float(levels.xi), np.inf, _PATIENCE
    for number in range(_MOST_QUICK):
        yield Progress("thresholds", number, _MOST_QUICK)
        dual = _lasso(gram, threshold * weights[:, None] * weights, dual, columns)
        candidate = floats @ dual
        if not (np.all(np.isfinite(candidate)) and np.any(candidate)):
            return
        yield candidate
        c2 = Point.of("relaxation", levels, *_constants(floats, candidate, weights, levels)[1:]).c2
        patience = _PATIENCE if c2 < best else patience - 1
        best, threshold = min(best, c2), threshold * _NARROWER
        if not patience:
            return


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

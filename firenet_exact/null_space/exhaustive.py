"""The property from a left inverse for each support (docs/theory.md, "Certifying a null space property": exhaustive).

For each maximal support Δ there is a path of left inverses B of A_Δ in floating point, from the least ‖B‖ to the least
max_j ‖B a_j‖/w_j, and the trade-off takes the first point of it at which ρ is small enough. Rounding makes B A_Δ = C
nearly the identity; then C^-1 B is a left inverse exactly.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from flint import fmpq, fmpz_mat

from exact_base.decimals import below
from exact_base.errors import NotCertifiedError
from exact_base.matrices import Array, ExactMatrix, diagonal, rounded
from exact_base.rationals import SMALL, float_exactly, sqrt_up, to_float
from firenet_exact.levels import Levels
from firenet_exact.null_space.left_inverses import KNOTS, along, left_inverses, on_path
from firenet_exact.null_space.property import Exhaustive, NullSpaceProperty, Point, check_size, last_of
from firenet_exact.running import Progress, Row, Rows, computed

__all__ = ["MOST_SUPPORTS", "by_exhaustion", "certify_inverses", "exhaustions", "left_inverse_near"]

MOST_SUPPORTS = 20_000
_TARGETS = 25
_SLACK = 1e-9  # of ρ on a path, relative; which point is taken is no matter of proof
_BITS = 26  # of the entries of B before the correction, relative to the largest


def by_exhaustion(matrix: ExactMatrix, levels: Levels, *, most: float = 1.0) -> tuple[NullSpaceProperty, list[Point]]:
    """Return the last of `exhaustions`, and the trade-off; see there."""
    return last_of(exhaustions(matrix, levels, {}, most=most))


def exhaustions(
    matrix: ExactMatrix, levels: Levels, rows: Rows, *, most: float = 1.0
) -> Iterator[Progress | Row | Point | NullSpaceProperty]:
    """Yield properties of A, shape (m, N), each with less C2 than the one before, and how they are found.

    The first comes from the pseudo-inverses alone, the second, if it is better, from whole paths.

    Args:
        matrix: A.
        levels: the levels of its columns.
        rows: results of cone programs that are known; more are added.
        most: candidates with ρ >= most, in floating point, are left out.

    Raises:
        NotCertifiedError: if no candidate proves it.
        UsageError: if levels and matrix do not fit together.
    """
    check_size(matrix, levels)
    count = levels.count_supports()
    if count > MOST_SUPPORTS:
        raise NotCertifiedError(f"there are {count} supports, more than {MOST_SUPPORTS}")
    if levels.size > matrix.rows:
        raise NotCertifiedError(f"{levels.size} columns of length {matrix.rows} have no left inverse")
    floats = matrix.to_float()
    weights = np.array([to_float(w) for w in levels.column_weights])
    supports = list(levels.supports())
    shape = (KNOTS, levels.size, matrix.rows)
    table = f"cone programs for {', '.join(map(str, levels.sparsities))}"
    pseudo = np.stack([np.linalg.pinv(floats[:, list(support)])[None] for support in supports])
    best = np.inf
    for part in ("pseudo-inverses", "paths"):
        knots = pseudo
        if part == "paths":
            for i, support in enumerate(supports):
                compute = partial(_row, floats, weights, support)
                yield from computed(rows, table, i, count=count, width=math.prod(shape), compute=compute)
            knots = np.stack([rows[table, i].reshape(shape) for i in range(count)])
        rho, gamma = along(floats, weights, supports, knots)
        rho *= to_float(levels.xi) ** 0.5
        c2, steps, points = _least(levels, rho, gamma, most)
        yield from points
        if c2 < best:
            best = c2
            inverses = []
            for number, (support, step) in enumerate(zip(supports, steps, strict=True)):
                yield Progress(f"rounding of {part}", number, count)
                inverses.append(left_inverse_near(matrix, support, on_path(knots[number], step)))
            yield certify_inverses(matrix, levels, inverses)
    if not np.isfinite(best):
        raise NotCertifiedError(f"ρ is about {min(point.rho for point in points):.4g} and must be less than {most:g}")


def _row(floats: Array, weights: Array, support: tuple[int, ...]) -> Array:
    return left_inverses(floats, weights, support).ravel()


def _least(levels: Levels, rho: Array, gamma: Array, most: float) -> tuple[float, Array, list[Point]]:
    """Return the least C2 of points on the paths with ρ < most, which points these are, and the trade-off."""
    at, points = np.arange(len(rho)), []
    chosen: tuple[float, Array] = (np.inf, np.zeros(len(rho), dtype=int))
    low, high = float(rho.min(axis=1).max()), float(rho[:, 0].max())
    for target in np.linspace(low, max(low, min(high, 1)), _TARGETS if rho.shape[1] > 1 else 1):
        steps = np.argmax(rho <= target * (1 + _SLACK), axis=1)
        point = Point.of("exhaustive", levels, float(rho[at, steps].max()), float(gamma[at, steps].max()))
        points.append(point)
        if point.c2 < chosen[0] and point.rho < most:
            chosen = (point.c2, steps)
    return *chosen, points


def left_inverse_near(matrix: ExactMatrix, support: Sequence[int], near: Array) -> ExactMatrix:
    """Return B, shape (k, m), with B A_Δ = I exactly, near to a floating point matrix of which that is nearly true.

    Raises:
        NotCertifiedError: if there is none near it.
    """
    bits = _BITS - int(np.frexp(np.abs(near).max())[1])
    inverse = rounded(near, bits=bits)
    return (_inverse(inverse @ matrix.columns(support)) @ inverse).reduced()


def certify_inverses(matrix: ExactMatrix, levels: Levels, inverses: Sequence[ExactMatrix]) -> NullSpaceProperty:
    """Return the property that left inverses, one for each maximal support in lexicographic order, prove exactly.

    Raises:
        NotCertifiedError: if they prove none.
    """
    check_size(matrix, levels)
    reciprocals = [1 / (w * w) for w in levels.column_weights]
    identity = diagonal(fmpq(1), levels.size)
    if len(inverses) != levels.count_supports():
        raise NotCertifiedError(
            f"a left inverse for each support is needed, {levels.count_supports()} in all, not {len(inverses)}"
        )
    largest, bound = fmpq(0), fmpq(0)
    for support, inverse in zip(levels.supports(), inverses, strict=True):
        if (inverse.rows, inverse.cols) != (levels.size, matrix.rows):
            raise NotCertifiedError(f"B must be {levels.size} x {matrix.rows}, not {inverse.rows} x {inverse.cols}")
        product = inverse @ matrix
        if product.columns(support) != identity:
            raise NotCertifiedError(f"no left inverse was given for the columns {support}")
        inside = set(support)
        squares = product.squares()
        sums = [sum(column) for column in zip(*squares, strict=True)]
        worst = max((a * reciprocals[j] for j, a in enumerate(sums) if j not in inside), default=fmpq(0))
        largest = max(largest, worst / product.den**2)
        bound = max(bound, _norm_above(inverse, bound))
    rho = max(sqrt_up(levels.xi * largest), SMALL)
    if rho >= 1:
        raise NotCertifiedError(f"ρ >= {below(rho)} is not less than 1")
    return NullSpaceProperty(matrix, levels, rho, bound, Exhaustive(tuple(inverses)))


def _norm_above(inverse: ExactMatrix, known: fmpq) -> fmpq:
    """Return a rational that is at least ‖B‖; `known` where that is enough."""
    gram = inverse @ inverse.adjoint
    if known > 0 and _positive_definite(diagonal(known * known, gram.rows) - gram):
        return known
    value = float(np.linalg.eigvalsh(gram.to_float())[-1])
    for excess in (2.0**-38, 2.0**-30):
        square = float_exactly(value * (1 + excess))
        if _positive_definite(diagonal(square, gram.rows) - gram):
            return sqrt_up(square)
    return sqrt_up(fmpq(sum(sum(row) for row in inverse.squares()), inverse.den**2))


def _positive_definite(matrix: ExactMatrix) -> bool:
    """Whether all leading principal minors of a Hermitian matrix are positive (Sylvester)."""
    real = _real_form(matrix)
    rows = real.tolist()
    return all(fmpz_mat([row[:k] for row in rows[:k]]).det() > 0 for k in range(1, len(rows) + 1))


def _inverse(matrix: ExactMatrix) -> ExactMatrix:
    """Return the inverse of a square matrix, exactly."""
    try:
        solution: Any = _real_form(matrix).inv()
    except ZeroDivisionError:
        raise NotCertifiedError("the columns of a support are dependent, or nearly so") from None
    numerators, den = solution.numer_denom()
    k = matrix.rows
    re = fmpz_mat([row[:k] for row in numerators.tolist()[:k]])
    im = None if matrix.im is None else fmpz_mat([row[:k] for row in numerators.tolist()[k:]])
    return ExactMatrix(re * matrix.den, None if im is None else im * matrix.den, int(den))


def _real_form(matrix: ExactMatrix) -> fmpz_mat:
    """Return the numerators, for a complex matrix as the real matrix [[re, -im], [im, re]]."""
    if matrix.im is None:
        return matrix.re
    re, im = matrix.re.tolist(), matrix.im.tolist()
    above = [row + [-b for b in other] for row, other in zip(re, im, strict=True)]
    return fmpz_mat(above + [other + row for row, other in zip(re, im, strict=True)])

"""How far coefficients of a point are from those of all that fits (docs/format.md, "kind coefficient-bounds")."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import cast

from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Exact, Ratio, abs2, real_inner
from proofs_checks.checker.core.rules import require
from proofs_checks.checker.parts.best_constants import reduced
from proofs_checks.checker.parts.fits import Fit, length
from proofs_checks.checker.parts.lines import BITS, product, reciprocal, root_above, rows, upper_root
from proofs_checks.checker.parts.null_space_methods import ONE, row_maxima, row_roots

TWO, ZERO = Ratio(2, 1), Ratio(0, 1)


@dataclass(frozen=True)
class Bounds:
    """The bounds of |p_i - x_i| over one denominator, that of |p - x|^2, and how many entries of p are settled."""

    items: list[int]
    den: int
    square: Ratio
    settled: int
    theta: Ratio


@dataclass(frozen=True)
class _Sums:
    """Lengths of the columns of H and bounds of the rows of I - H* A, each over its denominator."""

    lengths: list[int]
    lengths_den: int
    rows: list[int]
    rows_den: int


def coefficient_bounds(fit: Fit, inverse: Exact) -> Bounds:
    """Bound |p_i - x_i| for all x that fit; raises Invalid where theta or the dual vector forbid it."""
    levels = fit.levels
    largest, unit = row_maxima(fit.matrix, levels, inverse)
    lengths = [upper_root(product(h, h)[0], inverse.den**2).num for h in rows(inverse, adjoint=True)]
    sums = _Sums(cast(list[int], lengths), inverse.den**2 << BITS, row_roots(levels, largest, unit), unit << BITS)
    weighted = [
        sum(weight * top for weight, top in zip(levels.weights, levels.top(values), strict=True))
        for values in (sums.rows, sums.lengths)
    ]
    theta = reduced(Ratio(weighted[0], levels.den * sums.rows_den))
    eta = reduced(Ratio(weighted[1], levels.den * sums.lengths_den))
    require(not theta * TWO >= ONE, "theta", lambda: f"theta = {words.ratio(theta)} must be less than 1/2")
    t = root_above(fit.data.minus(fit.matrix.times(fit.point)).norm2()) + fit.noise
    off = length(levels, fit.point, levels.sparsities) + fit.sigma
    whole = _whole(fit, off, t * eta * TWO, reciprocal(ONE + -(theta * TWO)))
    items, den = _items(sums, t, whole)
    open_, settled = _unsettled(fit, items, den)
    near = theta + Ratio(sum(w * sums.rows[i] for i, w in open_), levels.den * sums.rows_den)
    if not near >= ONE:
        more = Ratio(sum(w * sums.lengths[i] for i, w in open_), levels.den * sums.lengths_den)
        other = reduced((off + t * (eta + more)) * reciprocal(ONE + -near))
        whole = other if other <= whole else whole
        items, den = _items(sums, t, whole)
    return Bounds(items, den, _square(fit, items, den, whole), settled, theta)


def _whole(fit: Fit, off: Ratio, extra: Ratio, factor: Ratio) -> Ratio:
    """Return a bound of |p - x|_w that needs no settled entries."""
    whole = (off + extra) * factor
    if fit.dual is not None:
        excess = length(fit.levels, fit.point, [0] * len(fit.levels.ends)) + -real_inner(fit.data, fit.dual)
        excess = excess + fit.noise * root_above(fit.dual.norm2()) + fit.sigma + fit.sigma
        other = (excess + extra) * factor
        require(other >= ZERO, "empty", lambda: "the dual vector proves that there is no such x")
        whole = other if other <= whole else whole
    return reduced(whole)


def _items(sums: _Sums, t: Ratio, whole: Ratio) -> tuple[list[int], int]:
    """Return |h_i| t + nu_i V for all i, and their denominator."""
    first, second = (reduced(x) for x in (t * Ratio(1, sums.lengths_den), whole * Ratio(1, sums.rows_den)))
    den = math.lcm(first.den, second.den)
    a, b = (cast(int, x.num) * (den // x.den) for x in (first, second))
    return [a * h + b * nu for h, nu in zip(sums.lengths, sums.rows, strict=True)], den


def _unsettled(fit: Fit, items: list[int], den: int) -> tuple[list[tuple[int, int]], int]:
    """Return the largest entries of p that are not settled, with the numerators of their weights, and how many are."""
    levels, point = fit.levels, fit.point
    squares = [cast(int, abs2(z)) for z in point.items]
    moduli = [upper_root(square, point.den**2) for square in squares]
    open_, settled = [], 0
    for start, end, few, weight in zip(levels.starts, levels.ends, levels.sparsities, levels.weights, strict=True):
        order = sorted(range(start, end), key=lambda j: squares[j], reverse=True)
        reach = ZERO
        for j in order[few:]:
            other = moduli[j] + Ratio(items[j], den)
            reach = other if reach <= other else reach
        for i in order[:few]:
            least = reach + Ratio(items[i], den)
            if few == end - start or least * least <= Ratio(squares[i], point.den**2):
                settled += 1
            else:
                open_.append((i, weight))
    return open_, settled


def _square(fit: Fit, items: list[int], den: int, whole: Ratio) -> Ratio:
    """Return the greatest sum of beta_i t_i with 0 <= t_i <= beta_i and sum of w_i t_i <= V, for the bounds beta_i."""
    levels = fit.levels
    spread = zip(levels.starts, levels.ends, levels.weights, strict=True)
    weights = [weight for start, end, weight in spread for _ in range(start, end)]
    scale = den * whole.den
    # in units of 1/(levels.den scale)
    left, total = cast(int, whole.num) * den * levels.den, 0
    for i in sorted(range(len(items)), key=lambda j: items[j] * levels.reciprocals[j], reverse=True):
        cost = weights[i] * items[i] * whole.den
        if cost > left:
            part = Ratio(items[i] * left, weights[i] * den * scale)
            return reduced(Ratio(total, den * den) + part)
        left, total = left - cost, total + items[i] ** 2
    return reduced(Ratio(total, den * den))

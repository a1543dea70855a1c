"""Whether a point minimises penalised least squares, and perhaps others do (docs/format.md, "kind solution-digits").

s_j g_j takes the place of g_j, s_j mu_j that of mu_j. Source: docs/theory.md, "Penalised least squares".
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import repeat
from operator import add, mul, rshift

from proofs_checks.certificate.arrays import PackedArray
from proofs_checks.checker.core.rules import Invalid, look_at_time, require
from proofs_checks.checker.parts.penalised import Penalised, Sparse

_ROUGH = 128  # bits of the residual that decide about most columns
_PRIME, _BITS = 2**61 - 1, 61
_BASE = 3**38  # of the sums by which columns that may be equal are found
_SLOT = 128  # bits of an entry of a row that is one integer


@dataclass(frozen=True)
class Optimum:
    """A minimiser v: s_j mu_j over `den`, s_j g_j where it was needed, and for each column of E the sign of its entry.

    The sign is that in all minimisers in which the entry is not 0, and 0 if it may have both.
    """

    point: Sparse
    den: int
    slopes: dict[int, int]
    bounds: list[int]
    signs: dict[int, int]


def check_minimiser(problem: Penalised, point: Sparse, needed: Iterable[int]) -> Optimum:
    """Apply the rules of a minimiser; the slopes of the needed columns are computed in any case. Raises Invalid."""
    for j in sorted(problem.nonnegative & point.numbers.keys()):
        if point.numbers[j] < 0:
            raise Invalid("feasible", f"v_{j + 1} is negative")
    rows, den = _weighted_residual(problem, point)
    total, s, mu, kappa = sum(rows), problem.scales, problem.penalties, problem.ridge
    ridge_den, bound_den = kappa.den * s.den**2 * point.den, mu.den * s.den
    common = math.lcm(den, ridge_den, bound_den)
    bounds = [a * b * (common // bound_den) for a, b in zip(mu.numbers, s.numbers, strict=True)]
    # a column whose entry is 0 is mostly decided by the leading bits of the residual, with what the others can do
    cut = max(0, max(map(int.bit_length, rows)) - _ROUGH)
    rough = list(map(rshift, rows, repeat(cut)))
    doubt = problem.factor * len(rows) * problem.largest << cut if cut else 0
    exact, scale = point.numbers.keys() | set(needed), 2 * common // den
    slopes: dict[int, int] = {}
    signs: dict[int, int] = {}
    for j, bound in enumerate(bounds):
        one_sided, x = j in problem.nonnegative, point.at(j)
        if cut and j not in exact:
            near = (problem.factor * sum(map(mul, problem.column(j), rough)) << cut) - problem.centre(j) * total
            if ((near if one_sided else abs(near)) + doubt) * scale < bound:
                continue
        slope = problem.against(j, rows, total) * scale
        slope -= 2 * kappa.numbers[j] * s.numbers[j] ** 2 * x * (common // ridge_den)
        slopes[j] = slope
        if (slope if one_sided else abs(slope)) > bound:
            raise Invalid(
                "gradient", f"{'' if one_sided else '|'}g_{j + 1}{'' if one_sided else '|'} exceeds mu_{j + 1}"
            )
        if x and slope != (bound if x > 0 else -bound):
            raise Invalid("support", f"v_{j + 1} is not 0, and g_{j + 1} is not mu_{j + 1} with its sign")
        if slope == bound or (slope == -bound and not one_sided):
            signs[j] = 1 if one_sided else (slope > 0) - (slope < 0)
    return Optimum(point, common, slopes, bounds, signs)


def _weighted_residual(problem: Penalised, point: Sparse) -> tuple[list[int], int]:
    """Return the weights times y - W v, and the denominator with that of W."""
    y, weights, fit_den = problem.data, problem.weights, problem.den * point.den
    den = math.lcm(y.den, fit_den)
    rows = map(mul, y.numbers, repeat(den // y.den))
    fit = map(mul, problem.times(point.numbers), repeat(-(den // fit_den)))
    return list(map(mul, map(add, rows, fit), weights.numbers)), den * weights.den * problem.den


def loose(problem: Penalised, optimum: Optimum) -> list[int]:
    """Return the columns whose entries may differ between minimisers."""
    return sorted(j for j in optimum.signs if not problem.ridge.numbers[j])


def check_minor(problem: Penalised, optimum: Optimum, rows: list[int]) -> None:
    """Apply the rule of a unique minimiser: the columns are independent, as a minor is not 0 modulo a prime."""
    columns = loose(problem, optimum)
    count = len(columns)
    require(len(rows) == count, "minor", lambda: f"it must have {count} rows, as E' has so many columns")
    lines = [bytearray() for _ in rows]
    for j in columns:
        column, centre = problem.column(j), problem.centre(j)
        for line, i in zip(lines, rows, strict=True):
            line += ((column[i] * problem.factor - centre) % _PRIME).to_bytes(_SLOT // 8, "little")
    regular = _regular([int.from_bytes(line, "little") for line in lines])
    require(regular, "minor", lambda: f"that of the columns of E' is 0 modulo {_PRIME}")


def _regular(rows: list[int]) -> bool:
    """Return whether a square matrix modulo the prime is; a row is one integer, the first entry in its last bits."""
    slots, entry = range(len(rows)), (1 << _SLOT) - 1
    low = sum(_PRIME << _SLOT * k for k in slots)
    high = sum((entry >> _BITS) << _SLOT * k for k in slots)
    while rows:
        look_at_time()
        leading = [(row & entry) % _PRIME for row in rows]
        k = next((k for k, a in enumerate(leading) if a), None)
        if k is None:
            return False
        pivot, inverse = rows[k], pow(leading[k], -1, _PRIME)
        left = []
        for row, a in zip(rows[:k] + rows[k + 1 :], leading[:k] + leading[k + 1 :], strict=True):
            if a:
                # entries are below 2^62, and below 2^126 until they are reduced, twice, to at most 2^61 + 1
                row += pivot * (_PRIME - a * inverse % _PRIME)
                row = (row & low) + (row >> _BITS & high)
                row = (row & low) + (row >> _BITS & high)
            left.append(row >> _SLOT)
        rows = left
    return True


def check_nearest(problem: Penalised, optimum: Optimum, coefficients: PackedArray, multiplier: Sparse) -> None:
    """Apply the rule of the nearest minimiser, which is about the features alone; raises Invalid."""
    point, s, n = optimum.point, problem.scales, problem.features
    rows = [multiplier.at(i) for i in range(problem.matrix.shape[0])]
    total, product_den = sum(rows), problem.den * multiplier.den
    den = math.lcm(s.den * coefficients.den, s.den**2 * point.den, product_den)
    for j in loose(problem, optimum):
        left = -problem.against(j, rows, total) * (den // product_den)
        if j < n:
            left += s.numbers[j] * coefficients.numbers[j] * (den // (s.den * coefficients.den))
            left -= s.numbers[j] ** 2 * point.at(j) * (den // (s.den**2 * point.den))
        sign = optimum.signs[j]
        if left * sign > 0 or (left and (not sign or point.at(j))):
            raise Invalid("nearest", f"the multiplier leaves e_{j + 1} of the wrong sign, or not 0 where it must be")


def check_other(problem: Penalised, optimum: Optimum, other: Sparse) -> None:
    """Apply the rule of a second minimiser; raises Invalid."""
    point, difference = optimum.point, {}
    for j in sorted(point.numbers.keys() | other.numbers.keys()):
        away = other.at(j) * point.den - point.at(j) * other.den
        if away:
            difference[j] = away
        if away and problem.ridge.numbers[j]:
            raise Invalid("other", f"its entry {j + 1} is not that of v, and kappa_{j + 1} is not 0")
        if other.at(j) and (j not in optimum.signs or other.at(j) * optimum.signs[j] < 0):
            raise Invalid("other", f"it is no minimiser, by its entry {j + 1}")
    require(bool(difference), "other", lambda: "it is v itself")
    require(not any(problem.times(difference)), "other", lambda: "it is no minimiser, as W v differs")


def twins(problem: Penalised, optimum: Optimum) -> list[list[int]]:
    """Return groups of columns of Z that are equal, or opposite and of opposite signs, so that either serves."""
    s, powers = problem.scales.numbers, [1]
    for _ in range(1, problem.matrix.shape[0]):
        powers.append(powers[-1] * _BASE % _PRIME)
    total, groups = sum(powers), dict[int, list[list[int]]]()
    for j in (j for j in loose(problem, optimum) if j < problem.features):
        # columns that are alike have one sum up to its sign, and hardly any others do
        mark = problem.against(j, powers, total) * pow(s[j], _PRIME - 2, _PRIME) % _PRIME
        found = groups.setdefault(min(mark, _PRIME - mark), [])
        same = next((group for group in found if _alike(problem, optimum, group[0], j)), None)
        if same is None:
            found.append([j])
        else:
            same.append(j)
    return sorted(group for found in groups.values() for group in found if len(group) > 1)


def _alike(problem: Penalised, optimum: Optimum, j: int, k: int) -> bool:
    """Return whether Z_j = t Z_k and the signs are so too, for t = 1 or t = -1."""
    s, f, columns = problem.scales.numbers, problem.factor, (problem.column(j), problem.column(k))
    a, b = problem.centre(j), problem.centre(k)
    for t in (1, -1):
        if optimum.signs[j] == t * optimum.signs[k] and all(
            (x * f - a) * s[k] == t * (y * f - b) * s[j] for x, y in zip(*columns, strict=True)
        ):
            return True
    return False

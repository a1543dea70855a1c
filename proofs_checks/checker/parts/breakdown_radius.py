"""Kind breakdown, form family, rules 4 to 6: how far any answer is from one of several sets of minimisers.

Source: docs/breakdown.md, "The radius".
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Number, Ratio, Real, Vector, conj, real_inner, real_part, sign
from proofs_checks.checker.core.rules import Invalid, require
from proofs_checks.checker.parts.problems import Optimality, Problem


@dataclass(frozen=True)
class Solved:
    """An instance, a minimiser p of it with what proves it, and the multiplier q that bounds all its minimisers."""

    name: str
    problem: Problem
    point: Vector
    optimality: Optimality
    multiplier: Vector | None


def check_radius(solved: list[Solved], weights: Vector, square: Ratio) -> bool:
    """Apply the rules; return whether c = sum_i w_i p_i shows that no larger square is true. Raises Invalid."""
    mu = [w for w in weights.items if isinstance(w, int)]
    require(min(mu) >= 0 and sum(mu) == weights.den, "weights", lambda: "they must be at least 0, with sum 1")
    points = [one.point for one in solved]
    den = math.lcm(*(point.den for point in points))
    items: list[Number] = [0] * len(points[0].items)
    total: Real = 0
    for w, point in zip(mu, points, strict=True):
        scale = den // point.den
        items = [z + w * scale * x if x else z for z, x in zip(items, point.items, strict=True)]
        total = total + w * scale**2 * point.norm2().num
    centre = Vector(items, den * weights.den)
    found = Ratio(total, weights.den * den**2) + -centre.norm2()
    for w, one in zip(mu, solved, strict=True):
        excess = multiplier_excess(one, centre.minus(one.point))
        if excess.num:
            found = found + excess * Ratio(-2 * w, weights.den)
    require(square <= found, "radius", lambda: f"the evidence proves r^2 = {words.ratio(found)} only")
    return all(centre.minus(point).norm2() <= square for point in points)


def multiplier_excess(one: Solved, away: Vector) -> Ratio:
    """Return e >= Re<away, x - p> for every minimiser x, as the multiplier proves it; raises Invalid."""
    matrix, direction, q = one.problem.matrix, one.optimality.direction, one.multiplier
    needed = "needed" if one.optimality.active else "to be null"
    require(
        (q is not None) == bool(one.optimality.active), "multiplier", lambda: f"{one.name}: a multiplier is {needed}"
    )
    if q is None:
        return Ratio(0, 1)  # 0 is the only minimiser
    slack, products = matrix.adjoint_times(q).minus(away), matrix.adjoint_times(direction)
    for i in one.optimality.active:
        if sign(real_part(slack.items[i] * conj(products.items[i]))) < 0:
            raise Invalid("multiplier", f"{one.name}: it does not bound the minimisers in column {i + 1}")
    excess = real_inner(slack, one.point)
    if one.optimality.sphere:
        along = real_inner(q, direction)
        require(sign(along.num) >= 0, "multiplier", lambda: f"{one.name}: Re<q, g> = {words.ratio(along)} is negative")
        excess = excess + real_inner(q, one.problem.data.minus(matrix.times(one.point)))
    return excess

"""Objectives between two bounds, where roots that are not rational are rounded to either side (docs/format.md)."""

from __future__ import annotations

import math
from typing import Protocol

from proofs_checks.checker.core.numbers import Gaussian, Ratio, Real, Vector, abs2, ceiling, real_part, sign

Bounds = tuple[Ratio, Ratio]


class Objective(Protocol):
    """What is asked of an instance."""

    @property
    def name(self) -> str:
        """The name of the problem."""

    @property
    def parameter(self) -> Ratio:
        """The parameter."""

    @property
    def weights(self) -> Vector:
        """The weights."""

    def residual2(self, point: Vector) -> Ratio:
        """Return |Ax - y|^2."""


def enclosed_objective(instance: Objective, point: Vector, bits: int) -> Bounds:
    """Return bounds of the objective at a feasible point; they are equal where no root is rounded."""
    low, high = _length(instance.weights, point, bits)
    if instance.name == "bpdn":
        return low, high
    residual2 = instance.residual2(point)
    rest = (residual2, residual2) if instance.name == "lasso" else _root(residual2, bits)
    return instance.parameter * low + rest[0], instance.parameter * high + rest[1]


def _length(weights: Vector, point: Vector, bits: int) -> Bounds:
    """Return bounds of |x|_w, exact where x is real, with one sum for each denominator that occurs."""
    sums: dict[int, tuple[Real, Real]] = {}
    for weight, x in zip(weights.items, point.items, strict=True):
        if isinstance(x, Gaussian):
            below, above = _root(Ratio(abs2(x), point.den**2), bits)
        else:
            below = above = Ratio(x * sign(x), point.den)
        low, high = sums.get(below.den, (0, 0))
        w = real_part(weight)
        sums[below.den] = (low + below.num * w, high + above.num * w)
    ends = [[Ratio(pair[k], den * weights.den) for den, pair in sums.items()] for k in (0, 1)]
    low_end, high_end = (sum(parts, start=Ratio(0, 1)) for parts in ends)
    return low_end, high_end


def _root(square: Ratio, bits: int) -> Bounds:
    """Return the root twice where it is a rational's, else multiples of 2^-bits on both sides."""
    if isinstance(square.num, int):
        root = math.isqrt(square.num * square.den)
        if root * root == square.num * square.den:
            return Ratio(root, square.den), Ratio(root, square.den)
    scaled = square.num * 4**bits
    below, above = -ceiling(-scaled, square.den), ceiling(scaled, square.den)
    return Ratio(math.isqrt(max(below, 0)), 1 << bits), Ratio(math.isqrt(above - 1) + 1, 1 << bits)

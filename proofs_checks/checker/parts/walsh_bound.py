"""How far from a point everything is that fits Walsh samples (docs/format.md, "kind recovery-walsh")."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias, cast

from proofs_checks.checker.core.numbers import Ratio
from proofs_checks.checker.parts.lines import reciprocal, root_above
from proofs_checks.checker.parts.subbands import Level
from proofs_checks.checker.parts.walsh_blocks import Sparse, larger
from proofs_checks.checker.parts.walsh_fit import Fit, Limits

ZERO, ONE, HALF = Ratio(0, 1), Ratio(1, 1), Ratio(1, 2)
Affine: TypeAlias = tuple[Ratio, Ratio, Ratio]
"""A number, and the factors of sigma_l and e_l, for which a total is given."""


@dataclass(frozen=True)
class Given:
    """What is given of a level: sigma_l and its noise, whether each of them stands for a total, and of which form."""

    sigma: Ratio
    noise: Ratio
    free_sigma: bool
    free_noise: bool
    correlation: bool


@dataclass(frozen=True)
class Bound:
    """What follows for a level: a bound of ‖v_l‖, or its square where nothing is free, and how many are settled."""

    affine: Affine
    square: Ratio
    settled: int


def sparse_bound(level: Level, fit: Fit, known: Sparse, given: Given, den: int, split: Ratio | None) -> Bound:
    """Bound a sparse level, theta < 1/2; `den` is the denominator of the point."""
    s, mu = level.sparsity, known.mu
    root = root_above(Ratio(s, 1))
    if given.correlation:
        noise, single = root * given.noise, given.noise
    else:
        factor = root_above(known.spectral2)
        noise, single = factor * given.noise, root_above(known.norm2) * given.noise
    g = _plus((fit.norm, ZERO, ZERO), (ZERO, ZERO, factor) if given.free_noise else (noise, ZERO, ZERO))
    t = (fit.rest, ONE, ZERO) if given.free_sigma else (fit.rest + given.sigma, ZERO, ZERO)
    top = _plus(g, _times(root * mu, t))

    def lengths(u: int) -> tuple[Affine, Affine]:
        """Return k and b with so many entries that are not settled."""
        left = ONE + -known.theta + -(root_above(Ratio(u * s, 1)) * mu)
        k = _times(reciprocal(left), top)
        return k, _plus(_times(root_above(Ratio(u, 1)), k), t)

    k, b = (_at(x, given) for x in lengths(s))
    beta = fit.most + single + mu * (root * k + b)
    u = _unsettled(fit, den, beta)
    k_parts, b_parts = lengths(u)
    other = _plus(k_parts, _times(root * Ratio(1, s), b_parts))
    if split is None:
        return Bound((ZERO, ZERO, ZERO), reduced(k_parts[0] * other[0]), s - u)
    half = _times(HALF, _plus(_times(split, k_parts), _times(reciprocal(split), other)))
    return Bound(half, ZERO, s - u)


def dense_bound(level: Level, fit: Fit, scales: list[Ratio] | None, given: Given) -> Bound:
    """Bound a dense level; without scales, the noise is of the form `correlation`."""
    if scales is None:
        factor = root_above(Ratio(level.size, 1))
    else:
        factor = ZERO
        for b in level.subbands:
            factor = larger(factor, reciprocal(scales[b]))
        factor = root_above(factor)
    if given.free_noise:
        return Bound((fit.norm, ZERO, factor), ZERO, 0)
    length = fit.norm + factor * given.noise
    return Bound((length, ZERO, ZERO), reduced(length * length), 0)


def total(bounds: list[Bound], sigma: Limits, noise: Limits) -> Ratio:
    """Return a bound of ‖v‖ where sigma or the noise is a total."""
    squares = more = most = ZERO
    for bound, value in zip(bounds, sigma.values, strict=True):
        alone, per_sigma, per_noise = bound.affine
        vertex = alone + per_sigma * value
        squares = reduced(squares + alone * alone)
        more = larger(more, vertex * vertex + -(alone * alone))
        most = larger(most, per_noise)
    return root_above(reduced(squares + more)) + most * (noise.total or ZERO)


def reduced(x: Ratio) -> Ratio:
    """Return a rational ratio in lowest terms."""
    divisor = math.gcd(cast(int, x.num), x.den)
    return Ratio(cast(int, x.num) // divisor, x.den // divisor)


def _unsettled(fit: Fit, den: int, beta: Ratio) -> int:
    """Return how many of the largest entries may not be among the largest of x."""
    limit = Ratio(fit.largest[-1], den) + Ratio(2, 1) * beta
    return sum(1 for modulus in fit.largest[:-1] if not limit <= Ratio(modulus, den))


def _at(x: Affine, given: Given) -> Ratio:
    """Return the value where all of a total belongs to this level."""
    return reduced(x[0] + x[1] * given.sigma + x[2] * given.noise)


def _plus(x: Affine, y: Affine) -> Affine:
    first, second, third = (reduced(p + q) for p, q in zip(x, y, strict=True))
    return first, second, third


def _times(factor: Ratio, x: Affine) -> Affine:
    first, second, third = (reduced(factor * p) for p in x)
    return first, second, third

"""How far from a point everything is that fits the data (docs/format.md, "kind recovery")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias, cast

from proofs_checks.checker.core.numbers import Ratio, Vector, abs2, real_inner
from proofs_checks.checker.core.rules import require
from proofs_checks.checker.parts.best_constants import reduced, staircase
from proofs_checks.checker.parts.constants import reciprocal_zeta, rounded
from proofs_checks.checker.parts.fits import Fit, length
from proofs_checks.checker.parts.levels import Levels
from proofs_checks.checker.parts.lines import reciprocal, root_above, upper_root
from proofs_checks.checker.parts.null_space_methods import ONE, Property

ZERO = Ratio(0, 1)
Parts: TypeAlias = tuple[Ratio, Ratio, Ratio]
"""What the gap of the point, the noise and the compressibility contribute."""


@dataclass(frozen=True)
class Case:
    """What is claimed, and what is offered for it apart from the null space property; without cuts, the lemma."""

    wanted: Property
    fit: Fit
    cuts: list[Ratio] | None


@dataclass(frozen=True)
class Least:
    """The square of the least bound that follows, its parts, and how many entries of the support are settled."""

    square: Ratio
    parts: Parts
    settled: int


def least(case: Case) -> Least:
    """Bound |p - x|; raises Invalid where rho or the dual vector forbid it."""
    fit, levels, point = case.fit, case.fit.levels, case.fit.point
    r, rho = rounded(case.wanted)
    misfit, scale = root_above(fit.data.minus(fit.matrix.times(point)).norm2()), r * case.wanted.gamma
    g = (scale * misfit, scale * fit.noise, ZERO)
    off = (length(levels, point, levels.sparsities), ZERO, fit.sigma)
    limits, spread = [off], _combined(reciprocal(ONE + -rho), off, ONE, g)
    if fit.dual is not None:
        excess = length(levels, point, [0] * len(levels.ends)) + -real_inner(fit.data, fit.dual)
        limits.append((excess, fit.noise * root_above(fit.dual.norm2()), fit.sigma + fit.sigma))
        other = _combined(reciprocal(ONE + -rho), limits[1], ONE, g)
        require(total(other) >= ZERO, "empty", lambda: "the dual vector proves that there is no such x")
        spread = _smaller(spread, other)
    kept = _combined(reciprocal(r), g, rho, spread)
    weight, settled = _unsettled(levels, point, total(kept))
    share, inner = root_above(weight) * reciprocal(r), []
    if share <= ONE:
        inner.append(_combined(reciprocal(ONE + -(rho * share)), off, share, g))
    if case.cuts is None:
        for other in inner:
            spread = _smaller(spread, other)
        kept, more = _lengths(r, rho, g, spread, root_above(reciprocal_zeta(levels)))
    else:
        kept, more = _by_cells(case, (r, rho), g, limits, inner)
    square = total(kept) * total(more)
    if square <= ZERO:
        return Least(square, (ZERO, ZERO, ZERO), settled)
    half = root_above(square) * Ratio(1, 2)
    ratio = total(kept) * reciprocal(total(more))
    return Least(square, _combined(half * reciprocal(total(kept)), kept, ratio, more), settled)


def _by_cells(
    case: Case, rounding: tuple[Ratio, Ratio], g: Parts, limits: list[Parts], inner: list[Parts]
) -> tuple[Parts, Parts]:
    """Return the two lengths on the cell where their product is largest."""
    (r, rho), most = rounding, ((ZERO, ZERO, ZERO), (ZERO, ZERO, ZERO))
    for c, m in staircase(case.wanted, case.cuts or []):
        spreads = [_combined(reciprocal(ONE + -(rho * c)), limit, c, g) for limit in limits]
        if all(total(spread) >= ZERO for spread in spreads):  # otherwise there is no v with such a c
            spread = spreads[0]
            for other in [*spreads, *inner]:
                spread = _smaller(spread, other)
            found = _lengths(r, rho, g, spread, m * reciprocal(r))
            if total(most[0]) * total(most[1]) <= total(found[0]) * total(found[1]):
                most = found
    return most


def _lengths(r: Ratio, rho: Ratio, g: Parts, spread: Parts, factor: Ratio) -> tuple[Parts, Parts]:
    """Return k, and k plus so many times b."""
    kept = _combined(reciprocal(r), g, rho, spread)
    return kept, _combined(ONE, kept, factor, spread)


def total(parts: Parts) -> Ratio:
    """Return the sum."""
    return reduced(parts[0] + parts[1] + parts[2])


def _unsettled(levels: Levels, x: Vector, k: Ratio) -> tuple[Ratio, int]:
    """Return the sum of w^2 over the largest entries of x that are not settled, and the number of the others."""
    pair = root_above(Ratio(2, 1) * k * k)  # two entries of a level with sparsity >= 2 are a support
    squares, weight, settled = [cast(int, abs2(z)) for z in x.items], 0, 0
    for start, end, sparsity, w in zip(levels.starts, levels.ends, levels.sparsities, levels.weights, strict=True):
        ordered, others = sorted(squares[start:end]), end - start - sparsity
        here = sparsity
        if others:
            limit = upper_root(ordered[others - 1], x.den**2) + (pair if sparsity >= 2 else k + k)
            here = sum(1 for square in ordered[others:] if limit * limit <= Ratio(square, x.den**2))
        weight, settled = weight + w * w * (sparsity - here), settled + here
    return Ratio(weight, levels.den**2), settled


def _combined(factor: Ratio, a: Parts, weight: Ratio, b: Parts) -> Parts:
    """Return factor (a + weight b)."""
    first, second, third = (reduced(factor * (x + weight * y)) for x, y in zip(a, b, strict=True))
    return first, second, third


def _smaller(a: Parts, b: Parts) -> Parts:
    return a if total(a) <= total(b) else b

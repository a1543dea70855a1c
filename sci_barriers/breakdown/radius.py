"""A lower bound of min_z max_j dist(z, Ξ_j) for sets Ξ_j of minimisers, by weights, minimisers and multipliers.

For weights μ >= 0 with sum 1, minimisers p_j, c = Σ μ_j p_j and e_j >= Re<c - p_j, x - p_j> for all x in Ξ_j,

    min_z max_j dist(z, Ξ_j)² >= Σ μ_j ‖p_j‖² - ‖c‖² - 2 Σ μ_j e_j,

with equality for the best ones: then c is the best z, p_j is its projection on Ξ_j, and e_j = 0. A cone program in
floating point proposes c and μ. For fixed μ the best c is where c = Σ μ_j proj_j(c), a piecewise linear equation,
which Newton's method solves exactly; for fixed p_j the best μ come from `chebyshev_bound`. A multiplier proves each
e_j. Source: docs/breakdown.md, "The radius".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from flint import fmpq

from exact_base.errors import BudgetError
from exact_base.linalg import identity, solve_consistent
from exact_base.reprs import short_repr
from exact_base.scalars import (
    ComplexNumber,
    ExactArray,
    Real,
    abs2,
    adjoint,
    conjugate,
    inner,
    norm2,
    real_part,
    sign,
    zeros,
)
from sci_barriers.breakdown.chebyshev import chebyshev_bound, rational_bracket, rounded_weights
from sci_barriers.breakdown.proposal import propose_centre, real_parts
from sci_barriers.problems import ArgminSet, Minimiser, Projection
from sci_barriers.problems.base import root_of

__all__ = ["RadiusBound", "radius_bound"]

_ROUNDS = 4
_NEWTON_STEPS = 20


@short_repr()
@dataclass(frozen=True)
class RadiusBound:
    """What was found of several sets of minimisers.

    Attributes:
        square: r², rational: min_z max_j dist(z, Ξ_j)² is at least this; 0 if nothing was shown.
        error: max_j ‖c - p_j‖², or a rational a little above it: c errs by at most its root on each instance.
        weights: μ_j.
        minimisers: p_j, with its optimality data.
        multipliers: q_j, length m, or None where 0 is the only minimiser.
        centre: c, length N.
    """

    square: fmpq
    error: fmpq
    weights: tuple[fmpq, ...]
    minimisers: tuple[Minimiser, ...]
    multipliers: tuple[ExactArray | None, ...]
    centre: ExactArray


@dataclass(frozen=True)
class _Trial:
    """Weights with minimisers p_j, their mean c, multipliers, and the square that these prove."""

    weights: list[fmpq]
    projections: list[Projection]
    multipliers: list[ExactArray]
    mean: ExactArray
    value: Real

    @cached_property
    def error(self) -> Real:
        return max(norm2(self.mean - projection.point) for projection in self.projections)


def radius_bound(minimisers: Sequence[Minimiser]) -> RadiusBound:
    """Bound from below how far every point is from one of the sets of minimisers.

    Args:
        minimisers: one of each set, all of length N, in one field Q(√s) with its problem.

    Raises:
        UsageError: if a solver is not installed.
        SolverError: if one fails.
        FieldError: if the numbers do not lie in one field Q(√s).
        BudgetError: if a projection is not found.
    """
    sets = [ArgminSet(minimiser) for minimiser in minimisers]
    points = [minimiser.point for minimiser in minimisers]
    weights = chebyshev_bound(points)[0]
    best = _try(sets, weights, _mean(points, weights))
    exponent = _exponent(max(map(_size, sets)))
    for _ in range(_ROUNDS):
        if all(map(_is_point, sets)) or sign(best.error - best.value) == 0:
            break
        proposed = propose_centre(sets, best.mean, best.projections, exponent=exponent)
        if proposed is None:
            break
        centre = _complex(proposed[0])
        points = [_projection(one, centre).point for one in sets]
        candidates = [chebyshev_bound(points)[0], rounded_weights(proposed[1])[0]]
        trial = min((_try(sets, mu, centre) for mu in candidates), key=lambda found: found.error - found.value)
        if trial.error - trial.value >= best.error - best.value:
            break
        best, exponent = trial, (_exponent(trial.error) + 1) // 2
    return RadiusBound(
        rational_bracket(best.value)[0] if sign(best.value) > 0 else fmpq(0),
        rational_bracket(best.error)[1] if sign(best.error) > 0 else fmpq(0),
        tuple(best.weights),
        tuple(_certified(one, found.point) for one, found in zip(sets, best.projections, strict=True)),
        tuple(q if one.active else None for one, q in zip(sets, best.multipliers, strict=True)),
        best.mean,
    )


def _try(sets: Sequence[ArgminSet], weights: list[fmpq], centre: ExactArray) -> _Trial:
    """Solve for c, beginning at a centre, and prove with multipliers what its projections give."""
    centre = _fixed_point(sets, weights, centre)
    projections = [_projection(one, centre) for one in sets]
    mean = _mean([projection.point for projection in projections], weights)
    value, multipliers = -norm2(mean), []
    for one, weight, projection in zip(sets, weights, projections, strict=True):
        away = mean - projection.point
        q = _projection(one, mean).multiplier if _is_point(one) else _raised(one, projection.multiplier, away)
        slack = one.problem.correlation(q) - away
        excess = real_part(inner(projection.point, slack))
        if one.has_ray:
            excess = excess + real_part(inner(q, one.problem.residual(projection.point)))
        value = value + weight * (norm2(projection.point) - 2 * excess)
        multipliers.append(q)
    return _Trial(weights, projections, multipliers, mean, value)


def _size(one: ArgminSet) -> Real:
    """At least about ‖z‖ for all z in the set, as ‖z‖_w is that of the given minimiser, or less by ‖y - Az‖/λ."""
    total: Real = sum((abs(entry) for entry in real_parts(one.minimiser.point)), start=fmpq(0))
    if one.has_ray:
        residual = real_parts(one.problem.residual(one.minimiser.point))
        total = total + sum((abs(entry) for entry in residual), start=fmpq(0)) / one.problem.parameter
    return total


def _exponent(value: Real) -> int:
    """An n with 2^n near a value > 0; 0 for 0."""
    rational = rational_bracket(value)[1] if value else fmpq(1)
    return int(rational.p).bit_length() - int(rational.q).bit_length()


def _fixed_point(sets: Sequence[ArgminSet], weights: list[fmpq], centre: ExactArray) -> ExactArray:
    """Solve c = Σ μ_j proj_j(c) by Newton's method; what it has after some steps, if it does not end."""
    size = 2 * len(centre)
    for _ in range(_NEWTON_STEPS):
        projections = [_projection(one, centre) for one in sets]
        step = real_parts(_mean([projection.point for projection in projections], weights) - centre)
        if not any(step):
            break
        slope = zeros((size, size))
        for one, weight, projection in zip(sets, weights, projections, strict=True):
            if weight != 0 and not _is_point(one):
                places, tangent = _tangent(one, projection.parameters)
                slope[np.ix_(places, places)] = slope[np.ix_(places, places)] + tangent * weight
        moving = [i for i in range(size) if any(slope[i])]
        if moving:
            solution = solve_consistent(identity(len(moving)) - slope[np.ix_(moving, moving)], step[moving, np.newaxis])
            if solution is None:
                break
            step[moving] = solution[:, 0]
        centre = centre + _complex(step)
    return centre


def _tangent(one: ArgminSet, parameters: ExactArray) -> tuple[list[int], ExactArray]:
    """The derivative of the projection where these parameters stay positive, and the real places it concerns."""
    free = [k for k, value in enumerate(parameters) if value]
    phases = zeros((2 * one.problem.columns, len(free)))
    for column, k in enumerate(free):
        if k < len(one.active):
            phases[one.active[k] :: one.problem.columns, column] = real_parts(one.phases[[k]])
    places = [i for i in range(len(phases)) if any(phases[i])]
    matrix, phases = one.constraint[0][:, free], phases[places]
    count, rows = len(free), len(matrix)
    system, right = zeros((count + rows, count + rows)), zeros((count + rows, len(places)))
    system[:count, :count] = phases.T @ phases
    system[:count, count:], system[count:, :count], right[:count] = matrix.T, matrix, phases.T
    solution = solve_consistent(system, right)
    if solution is None:
        raise BudgetError("the argmin set is described inconsistently; this is a defect, please report it")
    return places, phases @ solution[:count]


def _is_point(one: ArgminSet) -> bool:
    return one.minimiser.certainly_unique


def _projection(one: ArgminSet, target: ExactArray) -> Projection:
    """The projection; without a search if there is only one minimiser, where q = B*(z - p)_E does."""
    inverse = one.minimiser.left_inverse
    if inverse is None:
        return one.projection(target)
    away = zeros(len(inverse))
    away[: len(one.active)] = (target - one.minimiser.point)[one.active]
    q = adjoint(inverse) @ away if len(inverse) else zeros(one.problem.rows)
    return Projection(one.minimiser.point, one.parameters, q)


def _raised(one: ArgminSet, q: ExactArray, away: ExactArray) -> ExactArray:
    """Add a multiple of the dual direction to q until Re(conj(v_i) (A*q - away)_i) >= 0 on E."""
    slack = (one.problem.correlation(q) - away)[one.active]
    lacks = [-real_part(conjugate(v) * entry) / abs2(v) for v, entry in zip(one.phases, slack, strict=True)]
    raised: ExactArray = q + one.minimiser.direction * max(fmpq(0), *lacks)
    return raised


def _certified(one: ArgminSet, point: ExactArray) -> Minimiser:
    """The minimiser at another point of the set; its dual vector is that of the set."""
    known, dual = one.minimiser, one.minimiser.dual
    if not any(point - known.point):
        return known
    if one.has_ray and any(one.problem.residual(point)):
        dual = None
    elif one.has_ray and dual is None:
        dual = known.direction * root_of(known.scale2)
    return one.problem.minimiser(point, dual=dual)


def _mean(points: Sequence[ExactArray], weights: Sequence[fmpq]) -> ExactArray:
    result = zeros(len(points[0]))
    for point, weight in zip(points, weights, strict=True):
        if weight != 0:
            result = result + point * weight
    return result


def _complex(parts: ExactArray) -> ExactArray:
    """The vector of length N with these real and imaginary parts."""
    pairs = parts.reshape(2, -1).T
    return np.array([ComplexNumber(re, im) if im else re for re, im in pairs], dtype=object)

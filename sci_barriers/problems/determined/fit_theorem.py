"""The theorem of docs/theory.md, "What the data determine without independent columns", at one scale, in rationals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flint import fmpq

from exact_base.rationals import power_of_two, round_down, round_up
from exact_base.reprs import short_repr
from sci_barriers.problems.determined.balls import root_above
from sci_barriers.problems.determined.fit_facts import FitFacts

__all__ = ["FitOutcome", "fit_outcome"]

_BITS, _FINE = 64, 256
_PARTS = (16, 12, 8, 6, 4, 3, 2, 1, 0)
"""s is 1 - 2^-k times the largest one, or that one."""
_ROUNDS = 2
_SURE = 1 - power_of_two(-40)  # so that who rounds a little otherwise finds the same


@short_repr()
@dataclass(frozen=True)
class FitOutcome:
    """What is proved of every minimiser x' of every data set within a scale times the precision.

    Attributes:
        scale: by which all radii are multiplied.
        fit: an upper bound of ‖A'x' - Ax̂‖.
        fitted: a lower bound of ‖Ax̂‖.
        low: a lower bound of the sum of μ_j |x'_j|.
        high: an upper bound of it.
        alone: whether that is what y alone shows.
        distance: an upper bound of ‖x' - x̂‖ over the features; None if there is none.
        moves: upper bounds of |x'_j - x̂_j|; None where there is none.
        inside: the features that are not 0 in any x', with the sign of x̂ where data are real.
        outside: the features that are 0 in all x'.
    """

    scale: fmpq
    fit: fmpq
    fitted: fmpq
    low: fmpq
    high: fmpq
    alone: bool
    distance: fmpq | None
    moves: tuple[fmpq | None, ...]
    inside: tuple[int, ...]
    outside: tuple[int, ...]


@dataclass(frozen=True)
class _Dual:
    """s, and W, V and c + Q²/2 for it."""

    s: fmpq
    moved: fmpq
    stretch: fmpq
    gap: fmpq


def fit_outcome(facts: FitFacts, scale: fmpq) -> FitOutcome | None:
    """Return what is proved at a scale; None if it is no more of the fitted values than y alone shows."""
    zero = fmpq(0)
    slopes = [max(zero, t + 2 * scale * e) for t, e in zip(facts.steepness, facts.changes, strict=True)]
    most = fmpq(1)
    for mu, t in zip(facts.penalties, slopes, strict=True):
        if most * t > mu:
            most = round_down(mu / t, bits=_FINE) if mu > 0 else zero
    parts = [most * (1 - power_of_two(-k)) for k in _PARTS]
    duals = [_dual(facts, scale, s) for s in (most, *parts)]
    moved, image = min(dual.moved for dual in duals), scale * facts.image
    fit, size = _up(moved + image), facts.given[1] + scale * facts.shift
    if fit >= (facts.fitted[0] + facts.given[0] + scale * facts.shift) * _SURE:
        return None
    away = 2 * scale * facts.pushed + 2 * moved * facts.residual
    away += 2 * (scale * facts.beta + moved) * (facts.whole + image + moved)
    sums = [dual.gap * power_of_two(k) for dual, k in zip(duals[1:], _PARTS, strict=True)]
    high, alone = min(facts.product[1] + away, *sums), size * size / 2
    most_sum = _up(min(high, alone))
    outside = tuple(
        j
        for j, (mu, t, n, d) in enumerate(zip(facts.penalties, slopes, facts.norms, facts.columns, strict=True))
        if any(dual.s * t + 2 * (n + scale * d) * dual.stretch < mu for dual in duals)
    )
    moves = _moves(facts, scale, _ends(facts, slopes, duals, set(outside), most_sum), moved, most_sum)
    known = [a for a in moves if a is not None]
    distance = root_above(sum((a * a for a in known), zero)) if len(known) == len(moves) else None
    inside = tuple(j for j, least in facts.least.items() if (move := moves[j]) is not None and move < least)
    low = max(zero, _down(facts.product[0] - away))
    return FitOutcome(
        scale,
        fit,
        facts.fitted[0],
        low,
        most_sum,
        alone <= high,
        distance,
        tuple(moves),
        tuple(sorted(inside)),
        outside,
    )


def _up(value: fmpq) -> fmpq:
    if value > 0:
        return round_up(value, bits=_BITS)
    return -round_down(-value, bits=_BITS) if value < 0 else value


def _down(value: fmpq) -> fmpq:
    return -_up(-value)


def _dual(facts: FitFacts, scale: fmpq, s: fmpq) -> _Dual:
    c = max(fmpq(0), facts.penalised - s * facts.product[0] + 2 * s * scale * facts.pushed)
    q = (1 - s) * facts.residual + scale * facts.beta
    moved = (q + root_above(q * q + 2 * c)) / 2
    return _Dual(s, _up(moved), root_above(q * q + c), _up(c + q * q / 2))


def _ends(
    facts: FitFacts, slopes: Sequence[fmpq], duals: Sequence[_Dual], outside: set[int], most: fmpq
) -> list[fmpq | None]:
    """Return bounds of |x'_j|."""
    found: list[fmpq | None] = []
    for j, (mu, t) in enumerate(zip(facts.penalties, slopes, strict=True)):
        if j in outside or mu == 0:
            found.append(fmpq(0) if j in outside else None)
            continue
        rooms = ((dual.gap, mu - dual.s * t) for dual in duals)
        found.append(_up(min([most / mu, *(gap / room for gap, room in rooms if room > 0)])))
    return found


def _moves(facts: FitFacts, scale: fmpq, ends: Sequence[fmpq | None], moved: fmpq, most: fmpq) -> list[fmpq | None]:
    """Return bounds of |x'_j - x̂_j|."""
    zero = fmpq(0)
    moves = [None if end is None else end + facts.sizes.get(j, zero) for j, end in enumerate(ends)]
    for _ in range(_ROUNDS):
        known = [a for a in moves if a is not None]
        if len(known) < len(moves):
            break
        moves = _improved(facts, scale, known, moved, most)
    return [None if a is None else _up(a) for a in moves]


def _improved(facts: FitFacts, scale: fmpq, moves: Sequence[fmpq], moved: fmpq, most: fmpq) -> list[fmpq | None]:
    inside = set(facts.places)
    rest = [fmpq(0) if j in inside else n for j, n in enumerate(facts.norms)]
    length = moved + _together(facts, [scale * d for d in facts.columns], moves, most)
    length = _up(length + _together(facts, rest, moves, most))
    found: list[fmpq | None] = list(moves)
    own = [moves[j] for j in facts.places]
    for j, rows in zip(facts.places, facts.rows, strict=True):
        bounds = [
            row.length * length + sum((a * b for a, b in zip(row.left, own, strict=True)), fmpq(0)) for row in rows
        ]
        found[j] = _up(min(moves[j], *bounds))
    return found


def _together(facts: FitFacts, factors: Sequence[fmpq], moves: Sequence[fmpq], most: fmpq) -> fmpq:
    """Return a bound of the sum of |x'_j - x̂_j|, each times its factor."""
    zero = fmpq(0)
    each = sum((a * b for a, b in zip(factors, moves, strict=True)), zero)
    if any(a != 0 and mu == 0 for a, mu in zip(factors, facts.penalties, strict=True)):
        return each
    steepest = max((a / mu for a, mu in zip(factors, facts.penalties, strict=True) if a != 0), default=zero)
    return min(each, steepest * most + sum((factors[j] * size for j, size in facts.sizes.items()), zero))

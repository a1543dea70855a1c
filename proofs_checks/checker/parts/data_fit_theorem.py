"""What data determine of the lasso whatever its columns are: the theorem (docs/format.md, "kind data-digits").

Source: docs/theory.md, "What the data determine without independent columns".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from proofs_checks.checker.core import words
from proofs_checks.checker.core.rules import Invalid, look_at_time
from proofs_checks.checker.parts.data_fit import FINE, AnyColumns, fine, root
from proofs_checks.checker.parts.short import above, below, down

_PARTS = (16, 12, 8, 6, 4, 3, 2, 1, 0)  # s is 1 - 2^-k times the largest one
_ROUNDS = 2
_ZERO, _ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class Fit:
    """What holds of every minimiser x' of all data within the radii times `scale`.

    `fit` bounds |A'x' - Ax|; the sum of mu_j |x'_j| is at least `low` and at most `high`, which is what y alone gives
    if `alone`. `moves` bound |x'_j - x_j|, None where there is no bound, and `distance` |x' - x|. In columns `inside`
    x'_j is not 0, and has the sign of x_j if it is real; in those `outside` it is 0.
    """

    scale: Fraction
    fit: Fraction
    low: Fraction
    high: Fraction
    alone: bool
    distance: Fraction | None
    moves: list[Fraction | None]
    inside: list[int]
    outside: list[int]


@dataclass(frozen=True)
class _Dual:
    """A number s, W, V and c + Q^2/2 for it."""

    s: Fraction
    moved: Fraction
    stretch: Fraction
    gap: Fraction


class FitAtScale:
    """The quantities of the theorem at one scale of the radii."""

    def __init__(self, given: AnyColumns, scale: Fraction) -> None:
        self.given, self.scale, self.times = given, scale, above(scale)
        self.features = range(given.problem.features)
        self.beta, self.image = above(self.times * given.radii.beta), above(self.times * given.radii.image)
        self.spreads = [above(self.times * x) for x in given.radii.spreads]
        slopes = zip(given.steepness, given.radii.pushes, strict=True)
        self.steepness = [max(_ZERO, fine(t + 2 * self.times * e)) for t, e in slopes]
        most = self._largest()
        parts = [most * (1 - Fraction(1, 1 << k)) for k in _PARTS]
        self.duals = [self._dual(s) for s in (most, *parts)]
        self.moved = min(dual.moved for dual in self.duals)
        self.size = given.given + self.times * given.radii.shift

    def _largest(self) -> Fraction:
        """Return an s, at most 1, with s tau_j <= mu_j for all features."""
        found = _ONE
        for mu, t in zip(self.given.penalties, self.steepness, strict=True):
            if found * t > mu:
                found = down(*(mu / t).as_integer_ratio(), bits=FINE)
        return found

    def _dual(self, s: Fraction) -> _Dual:
        given = self.given
        c = max(_ZERO, above(given.penalised - s * given.product[0] + 2 * s * self.times * given.pushed))
        q = above((1 - s) * given.residual_length + self.beta)
        return _Dual(s, above((q + root(q * q + 2 * c)) / 2), root(q * q + c), above(c + q * q / 2))

    def outcome(self) -> Fit:
        """Return what is proved; raises Invalid if y alone gives as much of the fit."""
        given = self.given
        fit = above(self.moved + self.image)
        if fit >= given.fitted[1] + self.size:
            at = words.rational(self.scale.numerator, self.scale.denominator)
            raise Invalid("scale", f"at the scale {at}: the fit is bounded no better than by y alone")
        low, high, alone = self._sums()
        outside = self._outside()
        moves = self._moves(self._ends(set(outside), high), high)
        known = [x for x in moves if x is not None]
        distance = root(sum((x * x for x in known), _ZERO)) if len(known) == len(moves) else None
        inside = [j for j in given.sizes if (move := moves[j]) is not None and move < given.size(j)]
        return Fit(self.scale, fit, low, high, alone, distance, moves, inside, outside)

    def _sums(self) -> tuple[Fraction, Fraction, bool]:
        """Return bounds of the sum of mu_j |x'_j|, and whether the upper one is that of y alone."""
        given, moved = self.given, self.moved
        away = 2 * self.times * given.pushed + 2 * moved * given.residual_length
        away += 2 * (self.beta + moved) * (given.image_length + self.image + moved)
        highs = [dual.gap * (1 << k) for dual, k in zip(self.duals[1:], _PARTS, strict=True)]
        high, alone = above(min(given.product[1] + away, *highs)), above(self.size * self.size / 2)
        return max(_ZERO, below(given.product[0] - away)), min(high, alone), alone <= high

    def _outside(self) -> list[int]:
        """Return the features whose slope stays inside its bounds."""
        given, found = self.given, []
        for j, (mu, t) in enumerate(zip(given.penalties, self.steepness, strict=True)):
            norm = 2 * (given.columns.norms[j] + self.spreads[j])
            if any(dual.s * t + norm * dual.stretch < mu for dual in self.duals):
                found.append(j)
            look_at_time()
        return found

    def _ends(self, outside: set[int], high: Fraction) -> list[Fraction | None]:
        """Return bounds of |x'_j|."""
        found: list[Fraction | None] = []
        for j, (mu, t) in enumerate(zip(self.given.penalties, self.steepness, strict=True)):
            if j in outside or not mu:
                found.append(_ZERO if j in outside else None)
                continue
            slacks = ((dual.gap, mu - dual.s * t) for dual in self.duals)
            found.append(above(min([high / mu, *(gap / slack for gap, slack in slacks if slack > 0)])))
            look_at_time()
        return found

    # --- single coefficients ------------------------------------------------------------------------------------------

    def _moves(self, ends: Sequence[Fraction | None], high: Fraction) -> list[Fraction | None]:
        """Return bounds of |x'_j - x_j|, from those of |x'_j|."""
        sizes = self.given.sizes
        moves = [None if end is None else end + sizes.get(j, _ZERO) for j, end in enumerate(ends)]
        for _ in range(_ROUNDS):
            known = [x for x in moves if x is not None]
            if len(known) < len(moves):
                break
            moves = self._improved(known, high)
        return [None if x is None else above(x) for x in moves]

    def _improved(self, moves: Sequence[Fraction], high: Fraction) -> list[Fraction | None]:
        given, inside = self.given, set(self.given.allowed)
        norms = given.columns.norms
        rest = [_ZERO if j in inside else norms[j] for j in self.features]
        length = above(self.moved + self._together(self.spreads, moves, high) + self._together(rest, moves, high))
        found: list[Fraction | None] = list(moves)
        own = [moves[j] for j in given.allowed]
        for j, rows in zip(given.allowed, given.rows, strict=True):
            bounds = (r.length * length + sum((a * b for a, b in zip(r.left, own, strict=True)), _ZERO) for r in rows)
            found[j] = above(min(moves[j], *bounds))
            look_at_time()
        return found

    def _together(self, factors: Sequence[Fraction], moves: Sequence[Fraction], high: Fraction) -> Fraction:
        """Return a bound of the sum of |x'_j - x_j|, each times its factor."""
        given = self.given
        each = sum((a * b for a, b in zip(factors, moves, strict=True)), _ZERO)
        if any(a and not mu for a, mu in zip(factors, given.penalties, strict=True)):
            return each
        steepest = max((a / mu for a, mu in zip(factors, given.penalties, strict=True) if a), default=_ZERO)
        return min(each, steepest * high + sum((factors[j] * size for j, size in given.sizes.items()), _ZERO))

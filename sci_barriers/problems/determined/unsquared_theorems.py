"""The theorems of docs/theory.md on the square-root lasso and on a bounded residual, at one scale of the precision.

Numbers are balls with a few more bits than a bound, so that a comparison that holds is certain.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

from flint import arb, ctx, fmpq

from sci_barriers.problems.determined.balls import above, below, root
from sci_barriers.problems.determined.theorems import Outcome
from sci_barriers.problems.determined.unsquared_facts import UnsquaredFacts

__all__ = ["unsquared_outcome"]

_BITS = 128
_TRIES = 96
_WIDER = fmpq(17, 16)
_GAIN = 1 - fmpq(1, 1 << 40)
_ONE, _ZERO = arb(1), arb(0)


def unsquared_outcome(known: UnsquaredFacts, scale: fmpq) -> Outcome | None:
    """Return what is proved at a scale, by the theorem on the support if it holds; None if nothing is."""
    with ctx.workprec(_BITS):
        at: _At = _Root(known, scale) if known.around.problem.noise is None else _Ball(known, scale)
        return at.outcome() if at.sigma > 0 and at.begin() else None


class _At(ABC):
    """The quantities of both at a scale t."""

    def __init__(self, known: UnsquaredFacts, scale: fmpq) -> None:
        facts, around = known.facts, known.around
        self.known, self.facts, self.scale, self.times = known, facts, scale, arb(scale)
        self.moved = self.times * facts.moved
        self.sigma = facts.least - self.moved
        self.beta = self.times * facts.beta
        self.push = self.times * facts.slope + 2 * arb(facts.defect)
        self.length = arb(below(around.length)).union(arb(above(around.length)))
        self.rows = {
            j: (arb(row[0]), self.times * row[1], arb(n) + self.times * row[3])
            for j, row, n in zip(facts.outside, facts.table.rows, known.lengths, strict=True)
        }

    @abstractmethod
    def begin(self) -> bool:
        """Return whether the theorems apply to the columns of J alone."""

    @abstractmethod
    def near(self) -> arb:
        """Return the bound of the distance for them."""

    @abstractmethod
    def far(self) -> tuple[arb, dict[int, arb], arb] | None:
        """Return the bound of the theorem on the distance, the room of the columns that may be in, and M."""

    @abstractmethod
    def turned(self) -> arb:
        """Return the bound of the change of the residual, times its multiplier."""

    @abstractmethod
    def beside(self, j: int) -> bool:
        """Return whether the second alternative of the theorem on the support holds."""

    def out(self, j: int) -> bool:
        """Return whether the slope of a column off J cannot reach its bound."""
        margin, change, length = self.rows[j]
        return bool(margin > change + length * self.turned())

    def outcome(self) -> Outcome | None:
        """Return what is proved."""
        facts = self.facts
        if facts.places == facts.view.support:
            distance = self.near()
            moves, inside = self._moves(distance)
            pinned = facts.view.pinned
            if all(j in inside for j in facts.places if j in pinned) and self._all_out():
                return self._said(distance, moves, inside, {}, _ZERO, unique=True)
        found = self.far()
        if found is None:
            return None
        distance, left, most = found
        moves, inside = self._moves(distance)
        return self._said(distance, moves, inside, left, most, unique=False)

    def _all_out(self) -> bool:
        rest = [j for j in self.rows if not self.out(j)]
        if rest:
            self.others = dict(zip(rest, self.facts.beside(rest).rows, strict=True))
        return all(self.beside(j) for j in rest)

    def _moves(self, distance: arb) -> tuple[list[fmpq], list[int]]:
        facts = self.facts
        moves = [fmpq(0)] * facts.view.features
        inside = []
        for j, size, spread in zip(facts.places, facts.sizes, facts.spreads, strict=True):
            moves[j] = min(above(distance), above(distance * spread))
            inside += [j] * (moves[j] < size)
        return moves, inside

    def _said(
        self, distance: arb, moves: list[fmpq], inside: list[int], left: Mapping[int, arb], most: arb, *, unique: bool
    ) -> Outcome:
        for j, room in left.items():
            moves[j] = above(most / room)
        away = max((moves[j] for j in left), default=fmpq(0))
        if not self.facts.places:
            distance = _ZERO
        whole = above(distance) if away == 0 else above(root(distance * distance + arb(away) ** 2))
        outside = tuple(j for j in self.facts.outside if j not in left)
        return Outcome(self.scale, whole, tuple(moves), tuple(inside), outside, unique)

    def _rooms(self, changes: arb, rho: arb) -> dict[int, arb] | None:
        """Return what is left of all margins; None if not all are positive."""
        rooms = {j: m - changes * e - rho * n for j, (m, e, n) in self.rows.items()}
        return rooms if all(room > 0 for room in rooms.values()) else None

    def _least(self, rooms: Mapping[int, arb]) -> arb | None:
        found = [rooms[j] / self.rows[j][2] for j in rooms if self.rows[j][2] > 0]
        return min((a.lower() for a in found), default=None)


class _Root(_At):
    """The square-root lasso."""

    def begin(self) -> bool:
        self.rho = (self.push / self.sigma).upper()
        return bool(self.length > self.beta) and self._bracket(None)

    def _bracket(self, kappa: arb | None) -> bool:
        """Find s_- and s_+."""
        low, high = self.length.lower(), self.length.upper()
        gap = (2 * self.beta + high / 2**60).upper()
        for _ in range(_TRIES):
            self.shortest, longest = (low - gap).lower(), (high + gap).upper()
            alpha = min(_ONE, ((low - self.beta + longest) / (2 * longest)).lower())
            if not (self.shortest > 0 and 2 * alpha > 1):
                return False
            self.whole = ((self.beta + longest * self.rho) / alpha).upper()
            self.most = (alpha * self.whole**2 / (4 * self.shortest)).upper()
            self.alpha = alpha
            across = ((self.beta**2 + (longest * self.rho) ** 2) / (2 * alpha - 1)).upper()
            tilt = arb(self.known.tilt) / self.sigma + self.rho
            wide = self.beta + tilt * self._largest(kappa) + (_ZERO if kappa is None else self.most / kappa)
            wide = wide.upper()
            if wide < low - self.shortest and (high + wide) ** 2 + across < longest**2:
                self.turn = (across.sqrt() / (low - wide)).upper()
                return True
            gap = (_WIDER * max(((high + wide) ** 2 + across).sqrt() - high, gap)).upper()
        return False

    def _largest(self, kappa: arb | None) -> arb:
        """Return the largest w + (2Ww - 2w²)/κ'."""
        whole = self.whole
        if kappa is None:
            return whole
        slack = (2 * kappa * self.shortest / self.alpha).lower()
        return whole if slack >= 2 * whole else (2 * (whole / 2 + slack / 4) ** 2 / slack).upper()

    def near(self) -> arb:
        return self.whole / self.sigma

    def turned(self) -> arb:
        return self.turn

    def far(self) -> tuple[arb, dict[int, arb], arb] | None:
        rooms = self._rooms(_ONE, self.rho)
        if rooms is None or not self._bracket(self._least(rooms)):
            return None
        left = {j: room for j, room in rooms.items() if not self.out(j)}
        return self._largest(self._least(left)) / self.sigma, left, self.most

    def beside(self, j: int) -> bool:
        margin, change, _ = self.rows[j]
        _, _, rest, apart, length, along = map(arb, self.others[j])
        size = abs(arb(above(abs(self.known.around.slopes[j])))) + length * self.known.norm
        apart = self.times * apart
        beyond = (apart + (along + self.moved * rest) / self.sigma) / self.sigma
        moved = change + self.beta * (rest + apart) / self.shortest + self.push * (length + beyond)
        turned = size + change + self.push * length + (self.known.norm + self.push) * beyond
        return bool(margin > moved + self.turn**2 / 2 * turned)


class _Ball(_At):
    """A bounded residual."""

    def begin(self) -> bool:
        around = self.known.around
        self.noise = arb(around.problem.noise)
        fit, square = (arb(below(a)).union(arb(above(a))) for a in (around.fit, around.square))
        self.off = (self.beta + above(around.away)).upper()
        self.chi = self.times * arb(above(around.image))
        self.p = (fit / self.length).lower()
        if not (self.p > self.off and self.noise > self.off):
            return False
        zeta = fit / square
        rest = (self.length**2 - zeta * fit).nonnegative_part().upper().sqrt()
        if not rest + self.beta + zeta * self.chi < self.noise:
            return False
        self.across = (square - self.p**2).nonnegative_part().upper().sqrt()
        self.psi = (self.off / (self.p - self.off)).upper()
        self.plain = (self.push / self.sigma).upper()
        self.rho = ((1 + self.psi) * self.plain).upper()
        # <h, x> is 0 but for rounding
        self.start = arb(around.total) / self.p
        return self._multiplier((self.length**2 + 2 * fit + square).sqrt() + self.beta - self.noise)

    def _multiplier(self, beyond: arb) -> bool:
        """Find bounds of the multiplier, and of what the residual turns by."""
        noise, nu, inner = self.noise, self.start, self.p - self.off
        first = nu * inner - self.plain * (self.length + noise + self.beta)
        if not (first > 0 and beyond > 0):
            return False
        low, high = (first / beyond).lower(), None
        for _ in range(_TRIES):
            share = _ZERO if high is None else min(_ONE, (nu / high).lower())
            alpha = ((1 + share - self.off / noise) / 2).lower()
            linear = self.beta + self.psi * self.across + noise * self.rho / low
            constant = self.psi * (self.beta**2 / 4 + noise * self.chi) + noise * self.rho * self.off / low
            self.q = ((linear + (linear**2 + 4 * alpha * constant).sqrt()) / (2 * alpha)).upper()
            self.sum = (linear**2 / (4 * alpha) + constant).upper()
            drift = self.q * self.across / noise + self.chi
            least = nu * inner - self.plain * (self.q + self.off)
            lower = (least / (inner + drift + self.beta**2 / (4 * noise))).lower()
            den = self.p * (1 - self.q**2 / (2 * noise**2)) - drift
            upper = (nu * self.p / den).upper() if den > 0 else None
            if not (lower * _GAIN > low or (upper is not None and (high is None or upper < high * _GAIN))):
                break
            low = max(low, lower)
            high = upper if high is None else high if upper is None else min(high, upper)
        self.high = high
        self.theta = None if high is None else (nu * self.q / noise + max(high - nu, nu - low)).upper()
        return True

    def near(self) -> arb:
        return (self.q + self.off) / self.sigma

    def turned(self) -> arb:
        return arb("inf") if self.theta is None else self.theta

    def far(self) -> tuple[arb, dict[int, arb], arb] | None:
        rooms = self._rooms(1 + self.psi, self.rho)
        if rooms is None or (self.high is None and rooms):
            return None
        left = {j: room for j, room in rooms.items() if not self.out(j)}
        most = _ZERO if self.high is None else (self.high * self.sum / self.noise).upper()
        kappa = self._least(left)
        beside = _ZERO if kappa is None else most / kappa
        return (self.q + self.off + beside) / self.sigma, left, most

    def beside(self, j: int) -> bool:
        margin, change, _ = self.rows[j]
        _, _, rest, apart, length, _ = map(arb, self.others[j])
        return bool(margin > change + self.push * length + (rest + self.times * apart) * self.turned())

"""How far the minimisers of admissible data are from a point: the theorems (docs/format.md, "kind data-digits").

Source: docs/theory.md, "What the data determine".
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from proofs_checks.checker.core import words
from proofs_checks.checker.core.rules import Invalid, look_at_time
from proofs_checks.checker.parts.data_lasso import Lasso
from proofs_checks.checker.parts.short import above, below, root_up, up

_ZERO, _TWO = Fraction(0), Fraction(2)


@dataclass(frozen=True)
class Outcome:
    """What holds of every minimiser x' of all data within the radii times `scale`.

    `distance` bounds |x' - x| over the features, `moves` bound |x'_j - x_j|; in columns `inside` x'_j is not 0, and has
    the sign of x_j if it is real; in those `outside` it is 0. `unique`: all data have one minimiser, with one support.
    """

    scale: Fraction
    distance: Fraction
    moves: list[Fraction]
    inside: list[int]
    outside: list[int]
    unique: bool


class AtScale:
    """The quantities of the theorems at one scale of the radii."""

    def __init__(self, lasso: Lasso, scale: Fraction) -> None:
        self.lasso, self.scale, self.times = lasso, scale, above(scale)
        self.spread, self.beta = above(self.times * lasso.spread), above(self.times * lasso.radii.beta)
        self.sigma = below(lasso.factor.sigma - self.spread)
        if self.sigma <= 0:
            raise Invalid("scale", f"{self.where()}: sigma is at most 0, by what is unknown of the columns of J")
        self.push = above(self.times * lasso.push + lasso.defect / 2)
        self.rho = up(*(self.push / self.sigma).as_integer_ratio())
        self.reach = above(self.beta + self.rho)
        self.stretch = root_up(*(self.beta**2 + self.rho**2).as_integer_ratio())

    def outcome(self) -> Outcome:
        """Return what is proved, by the theorem on the support if that applies; raises Invalid."""
        look_at_time()
        return self.support() or self.distance()

    def where(self) -> str:
        """Return the scale, for a message."""
        return f"at the scale {words.rational(self.scale.numerator, self.scale.denominator)}"

    def left(self, pushes: Fraction, norms: Fraction) -> tuple[list[int], int]:
        """Return m_j - pushes epsilon_j - norms n_j for the features off J, rounded down: numerators, denominator."""
        lasso = self.lasso
        weights = [above(pushes * self.times), norms, above(norms * self.times)]
        den = max(x.denominator for x in weights)
        a, b, c = (x.numerator * (den // x.denominator) for x in weights)
        return [m * den - e * a - n * b - d * c for m, e, n, d in lasso.base], den * lasso.unit

    def kept(self) -> tuple[list[int], int]:
        """Return what must be positive for the features off J in the theorem on the distance."""
        return self.left(_TWO, 2 * self.rho)

    def stays(self) -> tuple[list[int], int]:
        """Return what is positive for features off J that are out."""
        return self.left(_TWO, 2 * self.stretch)

    def near(self) -> Fraction:
        """Return a bound of the distance where no feature off J is in doubt."""
        return up(*(self.reach / self.sigma).as_integer_ratio())

    def beside(self) -> Fraction:
        """Return a bound of the sum of |x'_j| off J, each times what is kept of its margin."""
        return self.reach * self.reach / 2

    def moves(self, distance: Fraction) -> list[Fraction]:
        """Return bounds of |x'_j - x_j| for the features of J, and 0 for the others."""
        found = [_ZERO] * self.lasso.problem.features
        for j, share in zip(self.lasso.allowed, self.lasso.factor.shares, strict=True):
            found[j] = above(distance * share)
        return found

    def inside(self, moves: list[Fraction]) -> list[int]:
        """Return the features whose entry is not 0 for certain."""
        return [j for j in self.lasso.allowed if moves[j] < self.lasso.size(j)]

    def support(self) -> Outcome | None:
        """Apply the theorem on the support, and return None where it proves nothing."""
        lasso = self.lasso
        held = {j for j in lasso.allowed if lasso.point.at(j)}
        if lasso.columns.width == 2 or not held >= set(lasso.signed):
            return None
        distance = self.near()
        moves = self.moves(distance)
        inside = self.inside(moves)
        if not set(inside) >= set(lasso.signed):
            return None
        # those first that are the most likely to fail
        left = sorted((x, j) for x, j in zip(self.stays()[0], lasso.others, strict=True) if x <= 0)
        if not all(self.beyond(j) for _, j in left):
            return None
        return Outcome(self.scale, distance if lasso.allowed else _ZERO, moves, inside, lasso.others, unique=True)

    def beyond(self, j: int) -> bool:
        """Return whether the slope of a feature off J stays inside its bounds, by the second alternative."""
        lasso, (found, apart) = self.lasso, self.lasso.remainder(j)
        apart = self.times * apart
        along = apart + (found.along + self.spread * found.rest) / self.sigma
        moved = self.times * lasso.radii.pushes[j] + self.beta * (found.rest + apart)
        return lasso.margins[j] > 2 * (moved + self.push * (found.length + along / self.sigma))

    def distance(self) -> Outcome:
        """Apply the theorem on the distance; raises Invalid."""
        lasso = self.lasso
        left, den = self.kept()
        for x, j in zip(left, lasso.others, strict=True):
            if x <= 0:
                raise Invalid("scale", f"{self.where()}: column {j + 1}, which is not in J, may come in too far")
        stays, _ = self.stays()
        doubtful = [(j, Fraction(x, den)) for j, x, y in zip(lasso.others, left, stays, strict=True) if y <= 0]
        kappa = min((below(x / self.norm(j)) for j, x in doubtful), default=None)
        distance = self.largest(kappa) if lasso.allowed else _ZERO
        moves = self.moves(distance)
        for j, least in doubtful:
            moves[j] = above(self.beside() / least)
        away = max((moves[j] for j, _ in doubtful), default=_ZERO)
        total = root_up(*(distance**2 + away**2).as_integer_ratio()) if away else distance
        open_columns = {j for j, _ in doubtful}
        outside = [j for j in lasso.others if j not in open_columns]
        return Outcome(self.scale, total, moves, self.inside(moves), outside, unique=False)

    def norm(self, j: int) -> Fraction:
        """Return n_j."""
        return self.lasso.columns.norms[j] + self.times * self.lasso.radii.spreads[j]

    def largest(self, kappa: Fraction | None) -> Fraction:
        """Return D, with kappa' = None where no feature off J is in doubt."""
        return above(self.most(kappa) / self.sigma)

    def most(self, kappa: Fraction | None) -> Fraction:
        """Return the largest w + (2 W w - 2 w^2)/kappa', 0 <= w <= W."""
        reach = self.reach
        return above(reach if kappa is None or kappa >= 2 * reach else 2 * (reach / 2 + kappa / 4) ** 2 / kappa)

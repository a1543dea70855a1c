"""How far the minimisers of admissible data are from a point: the lasso (docs/format.md, "kind data-digits").

Source: docs/theory.md, "What the data determine", its theorems in this order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from proofs_checks.checker.core.rules import Invalid, look_at_time
from proofs_checks.checker.parts.data_columns import Columns, Residual
from proofs_checks.checker.parts.data_factor import Factor, Remainder
from proofs_checks.checker.parts.data_radii import Radii
from proofs_checks.checker.parts.penalised import Penalised, Sparse
from proofs_checks.checker.parts.precision import Precision
from proofs_checks.checker.parts.short import above, below, root_down, root_up, up

_FINE = 256  # bits of an absolute value that is not rational
_ZERO = Fraction(0)


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


class Lasso:
    """A problem, a point x, its allowed columns J and the radii: all that does not depend on the scale."""

    def __init__(
        self, problem: Penalised, precision: Precision, point: Sparse, allowed: Iterable[int], sigma: Fraction
    ) -> None:
        self.problem, self.point, n = problem, point, problem.features
        self.allowed = [j for j in allowed if j < n]
        self.columns = Columns(problem)
        self._check_point(set(allowed))
        self.residual = Residual(self.columns, point)
        self.others = sorted(set(range(n)) - set(self.allowed))
        self.margins = {j: self._margin(j) for j in self.others}
        defects = [self._defect(j) for j in self.allowed]
        self.defect = root_up(*sum((x * x for x in defects), _ZERO).as_integer_ratio())
        self.radii = Radii(self.columns, precision, self.residual)
        self.factor = Factor(self.columns, self.allowed, sigma)
        self.push, self.spread = self.radii.push(self.allowed), self.radii.spread(self.allowed)
        self.signed = [j for j in self.allowed if problem.penalties.numbers[j] or j in problem.nonnegative]
        self._remainders: dict[int, tuple[Remainder, Fraction]] = {}
        # the numbers that are compared in each column off J, over one denominator
        base = [
            (self.margins[j], self.radii.pushes[j], self.columns.norms[j], self.radii.spreads[j]) for j in self.others
        ]
        self.unit = max((x.denominator for numbers in base for x in numbers), default=1)
        self.base = [[x.numerator * (self.unit // x.denominator) for x in numbers] for numbers in base]

    def _check_point(self, allowed: set[int]) -> None:
        problem, width = self.problem, self.columns.width
        for j in sorted(self.problem.nonnegative & self.point.numbers.keys()):
            if self.point.numbers[j] < 0:
                raise Invalid("feasible", f"x_{j + 1} is negative")
        needed = {k // width for k in self.point.numbers} | ({problem.features} if problem.intercept else set())
        for j in sorted(needed - allowed):
            name = f"x_{j + 1} is not 0" if j < problem.features else "it is the intercept"
            raise Invalid("allowed", f"column {j + 1} is not in J, and {name}")

    # --- what the point lacks -----------------------------------------------------------------------------------------

    def entry(self, j: int) -> list[Fraction]:
        """Return an entry of the point, its one or two parts."""
        width = self.columns.width
        return [Fraction(self.point.at(width * j + k), self.point.den) for k in range(width)]

    def size(self, j: int) -> Fraction:
        """Return a lower bound of the absolute value of an entry, which is its value if it is real."""
        parts = self.entry(j)
        return abs(parts[0]) if len(parts) == 1 else root_down(*(parts[0] ** 2 + parts[1] ** 2).as_integer_ratio())

    def _slope(self, j: int) -> list[Fraction]:
        """Return t_j as far as it is known, its one or two parts."""
        found, den = self.residual.slopes(j)
        bent = 2 * self.columns.ridge(j)
        entry = self.entry(j) if bent else [_ZERO] * len(found)
        return [Fraction(2 * num, den) - bent * x for num, x in zip(found, entry, strict=True)]

    def _penalty(self, j: int) -> Fraction:
        return Fraction(self.problem.penalties.numbers[j], self.problem.penalties.den)

    def _doubt(self, j: int) -> Fraction:
        """Return a bound of the error of a slope."""
        return 2 * self.columns.norms[j] * self.residual.slack

    def _margin(self, j: int) -> Fraction:
        """Return a lower bound of m_j, which is positive; raises Invalid."""
        slope = self._slope(j)
        size = slope[0] if j in self.problem.nonnegative else _modulus(slope)
        margin = below(self._penalty(j) - size - self._doubt(j))
        if margin <= 0:
            raise Invalid("margin", f"the slope of column {j + 1}, which is not in J, is not inside its bounds")
        look_at_time()
        return margin

    def _defect(self, j: int) -> Fraction:
        """Return a bound of |h_j|."""
        slope, penalty, entry = self._slope(j), self._penalty(j), self.entry(j)
        if not any(entry):
            size = slope[0] if j in self.problem.nonnegative else _modulus(slope)
            found = max(_ZERO, size - penalty)
        elif len(entry) == 1:
            found = abs(slope[0] - (penalty if entry[0] > 0 else -penalty))
        else:
            # x/|x| is x/root to within this
            square = entry[0] ** 2 + entry[1] ** 2
            root = root_up(*square.as_integer_ratio(), bits=_FINE)
            away = 1 - root_down(*square.as_integer_ratio(), bits=_FINE) / root
            found = _modulus([t - penalty * x / root for t, x in zip(slope, entry, strict=True)]) + penalty * away
        return above(found + self._doubt(j))

    # --- the theorems at a scale --------------------------------------------------------------------------------------

    def outcome(self, scale: Fraction) -> Outcome:
        """Return what is proved at a scale; raises Invalid."""
        look_at_time()
        at = AtScale(self, scale)
        return at.support() or at.distance()

    def remainder(self, j: int) -> tuple[Remainder, Fraction]:
        """Return what is left of a feature off J without its multiple b of J, and a bound of |dA_j - dA_J b|."""
        if j not in self._remainders:
            found = self.factor.remainder(j)
            self._remainders[j] = found, self.radii.apart(j, found.sizes)
        return self._remainders[j]


class AtScale:
    """The quantities of the theorems at one scale of the radii."""

    def __init__(self, lasso: Lasso, scale: Fraction) -> None:
        self.lasso, self.scale, self.times = lasso, scale, above(scale)
        self.spread, self.beta = above(self.times * lasso.spread), above(self.times * lasso.radii.beta)
        self.sigma = below(lasso.factor.sigma - self.spread)
        if self.sigma <= 0:
            raise Invalid("scale", f"{self._at()}: sigma is at most 0, by what is unknown of the columns of J")
        self.push = above(self.times * lasso.push + lasso.defect / 2)
        self.rho = up(*(self.push / self.sigma).as_integer_ratio())
        self.reach = above(self.beta + self.rho)
        self.stretch = root_up(*(self.beta**2 + self.rho**2).as_integer_ratio())

    def _at(self) -> str:
        return f"at the scale {self.scale.numerator}/{self.scale.denominator}"

    def left(self, factor: Fraction) -> tuple[list[int], int]:
        """Return m_j - 2 epsilon_j - 2 factor n_j for the features off J, rounded down: numerators, denominator."""
        lasso = self.lasso
        weights = [2 * self.times, 2 * factor, above(2 * factor * self.times)]
        den = max(x.denominator for x in weights)
        a, b, c = (x.numerator * (den // x.denominator) for x in weights)
        return [m * den - e * a - n * b - d * c for m, e, n, d in lasso.base], den * lasso.unit

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
        distance = up(*(self.reach / self.sigma).as_integer_ratio())
        moves = self.moves(distance)
        inside = self.inside(moves)
        if not set(inside) >= set(lasso.signed):
            return None
        # those first that are the most likely to fail
        left = sorted((x, j) for x, j in zip(self.left(self.stretch)[0], lasso.others, strict=True) if x <= 0)
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
        left, den = self.left(self.rho)
        for x, j in zip(left, lasso.others, strict=True):
            if x <= 0:
                raise Invalid("scale", f"{self._at()}: column {j + 1}, which is not in J, may come in too far")
        stays, _ = self.left(self.stretch)
        doubtful = [(j, Fraction(x, den)) for j, x, y in zip(lasso.others, left, stays, strict=True) if y <= 0]
        kappa = min((below(x / self._norm(j)) for j, x in doubtful), default=None)
        distance = self._largest(kappa) if lasso.allowed else _ZERO
        moves = self.moves(distance)
        for j, least in doubtful:
            moves[j] = above(self.reach * self.reach / 2 / least)
        away = max((moves[j] for j, _ in doubtful), default=_ZERO)
        total = root_up(*(distance**2 + away**2).as_integer_ratio()) if away else distance
        open_columns = {j for j, _ in doubtful}
        outside = [j for j in lasso.others if j not in open_columns]
        return Outcome(self.scale, total, moves, self.inside(moves), outside, unique=False)

    def _norm(self, j: int) -> Fraction:
        return self.lasso.columns.norms[j] + self.times * self.lasso.radii.spreads[j]

    def _largest(self, kappa: Fraction | None) -> Fraction:
        """Return D, with kappa' = None where no feature off J is in doubt."""
        reach = self.reach
        most = reach if kappa is None or kappa >= 2 * reach else 2 * (reach / 2 + kappa / 4) ** 2 / kappa
        return above(above(most) / self.sigma)


def _modulus(parts: list[Fraction]) -> Fraction:
    """Return an absolute value, rounded up if it is not real."""
    if len(parts) == 1:
        return abs(parts[0])
    return root_up(*(parts[0] ** 2 + parts[1] ** 2).as_integer_ratio(), bits=_FINE)

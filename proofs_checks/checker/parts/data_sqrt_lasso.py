"""What data determine of the square-root lasso (docs/format.md, "kind data-digits").

Source: docs/theory.md, "What the data determine: the square-root lasso".
"""

from __future__ import annotations

from fractions import Fraction

from proofs_checks.checker.parts.data_projected import Projected
from proofs_checks.checker.parts.data_theorems import Outcome
from proofs_checks.checker.parts.data_unsquared import Unsquared, UnsquaredAtScale
from proofs_checks.checker.parts.short import above, below, root_up, up

_TRIES = 96
_WIDER = Fraction(17, 16)
_LEAST = Fraction(1, 1 << 60)
_ZERO, _ONE = Fraction(0), Fraction(1)


class SqrtLasso(Unsquared):
    """A problem, a point, J and the radii; t_j is (A^T r)_j / |r|."""

    factor: Projected

    def _rate(self) -> Fraction:
        self._measure()
        return above(1 / self.low)

    def _slope(self, j: int) -> list[Fraction]:
        return [x / self.high for x in self.product(j)]

    def _doubt(self, j: int) -> Fraction:
        return sum(map(abs, self._slope(j)), _ZERO) * (self.high / self.low - 1)

    def steep(self, j: int) -> Fraction:
        """Return a bound of |t_j|, t_j real."""
        return above(abs(self._slope(j)[0]) + self._doubt(j))

    def _factor(self, sigma: Fraction) -> Projected:
        return Projected(self.columns, self.allowed, sigma, self._fine)

    def _fine(self, j: int, bits: int) -> tuple[list[int], Fraction]:
        found = [(x.numerator << bits) // x.denominator for x in self._slope(j)]
        return found, Fraction(1, 1 << bits) + self._doubt(j)


class SqrtLassoAtScale(UnsquaredAtScale):
    """The quantities of the theorems at one scale; those from `reach` on depend on the bounds of |r'|."""

    lasso: SqrtLasso

    def __init__(self, problem: SqrtLasso, scale: Fraction) -> None:
        super().__init__(problem, scale)
        self.rho = up(*(self.push / self.sigma).as_integer_ratio())
        if self.low <= self.beta:
            raise self.fails("the residual may vanish")
        self.alpha = self.reach = self.stretch = self.shortest = _ZERO

    # --- bounds of |r'| -----------------------------------------------------------------------------------------------

    def bracket(self, kappa: Fraction | None) -> bool:
        """Find s_- and s_+ that fulfil the inequalities of the theorem, and return whether there are."""
        gap = 2 * self.beta + self.high * _LEAST
        for _ in range(_TRIES):
            low, high = below(self.low - gap), above(self.high + gap)
            if low <= 0:
                return False
            wide = self._try(low, high, kappa)
            if wide is None:
                return False
            if wide < self.low - low and (self.high + wide) ** 2 + self._across2 < high**2:
                self.stretch = up(*(root_up(*self._across2.as_integer_ratio()) / (self.low - wide)).as_integer_ratio())
                return True
            needed = root_up(*((self.high + wide) ** 2 + self._across2).as_integer_ratio()) - self.high
            gap = above(_WIDER * max(needed, gap))
        return False

    def _least(self) -> Fraction | None:
        """Return kappa over all features off J, rounded down; raises Invalid.

        None if J is everything, or no other column can differ from 0.
        """
        left, den = self.kept()
        found = None
        for x, j in zip(left, self.lasso.others, strict=True):
            if x <= 0:
                raise self.fails(f"column {j + 1}, which is not in J, may come in too far")
            norm = self.norm(j)
            if norm and (found is None or x < found * den * norm):
                found = Fraction(x, den) / norm
        return None if found is None else below(found)

    def _try(self, low: Fraction, high: Fraction, kappa: Fraction | None) -> Fraction | None:
        """Return Lambda for s_- and s_+, which are beyond |r| by more than beta."""
        self.alpha = min(_ONE, below((self.low - self.beta + high) / (2 * high)))
        if 2 * self.alpha <= 1:
            return None
        self.reach, self.shortest = above((self.beta + high * self.rho) / self.alpha), low
        self._across2 = above((self.beta**2 + (high * self.rho) ** 2) / (2 * self.alpha - 1))
        tilt = self.lasso.factor.tilt / self.sigma + self.rho
        most = self.most(self.slack(kappa))
        return above(self.beta + tilt * most + (self.beside() / kappa if kappa else 0))

    def slack(self, kappa: Fraction | None) -> Fraction | None:
        """Return kappa'."""
        return None if kappa is None else below(2 * kappa * self.shortest / self.alpha)

    # --- the theorems -------------------------------------------------------------------------------------------------

    def kept(self) -> tuple[list[int], int]:
        """Return what must be positive for the features off J in the theorem on the distance."""
        return self.left(_ONE, self.rho)

    def stays(self) -> tuple[list[int], int]:
        """Return what is positive for features off J that are out."""
        return self.left(_ONE, self.stretch)

    def beside(self) -> Fraction:
        """Return M."""
        return self.alpha * self.reach**2 / (4 * self.shortest)

    def largest(self, kappa: Fraction | None) -> Fraction:
        """Return D."""
        return above(self.most(self.slack(kappa)) / self.sigma)

    def support(self) -> Outcome | None:
        """Apply the theorem on the support, and return None where it proves nothing."""
        return super().support() if self.bracket(None) else None

    def beyond(self, j: int) -> bool:
        """Return whether the slope of a feature off J stays inside its bounds, by the second alternative."""
        lasso, (found, apart) = self.lasso, self.lasso.remainder(j)
        apart, length = self.times * apart, lasso.factor.length
        push = above(self.times * lasso.rate * lasso.radii.pushes[j])
        along = (apart + (found.along + self.spread * found.rest) / self.sigma) / self.sigma
        moved = push + self.beta * (found.rest + apart) / self.shortest + self.push * (found.length + along)
        slope = lasso.steep(j) + found.length * length
        turned = slope + push + self.push * found.length + (length + self.push) * along
        return lasso.margins[j] > moved + self.stretch**2 / 2 * turned

    def distance(self) -> Outcome:
        """Apply the theorem on the distance; raises Invalid."""
        if not self.bracket(self._least()):
            raise self.fails("no bounds of the norm of the residuals are found")
        return super().distance()

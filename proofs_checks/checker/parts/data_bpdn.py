"""What data determine of basis pursuit denoising (docs/format.md, "kind data-digits").

Source: docs/theory.md, "What the data determine: a bounded residual".
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from proofs_checks.checker.core.rules import Invalid
from proofs_checks.checker.parts.data_columns import dot
from proofs_checks.checker.parts.data_theorems import Outcome
from proofs_checks.checker.parts.data_unsquared import Unsquared, UnsquaredAtScale
from proofs_checks.checker.parts.penalised import Penalised, Sparse
from proofs_checks.checker.parts.precision import Precision
from proofs_checks.checker.parts.short import above, below, root_down, root_up, up

_FINE = 256  # bits of the multiplier
_TRIES = 96
_GAIN = Fraction((1 << 40) - 1, 1 << 40)
_ZERO, _ONE = Fraction(0), Fraction(1)


class Bpdn(Unsquared):
    """A problem, a point, J and the radii; t_j is (A^T r)_j times a multiplier, which makes <h, x> about 0."""

    def __init__(
        self,
        problem: Penalised,
        precision: Precision,
        point: Sparse,
        allowed: Iterable[int],
        sigma: Fraction,
        noise: Fraction,
    ) -> None:
        self.noise = noise
        super().__init__(problem, precision, point, allowed, sigma)
        # p = <u, k>, |k|^2 for k = A x, and <h, x>
        self.fit_low = below(self.fit / self.high)
        numbers = [point.at(k) for j in self.allowed for k in self._places(j)]
        image = [dot(line, numbers) for line in self.factor.gram]
        square = Fraction(dot(numbers, image), 1 << self.factor.bits) + dot(numbers, numbers) * self.factor.missed
        self.square = above(square / point.den**2)
        self.across = root_up(*max(_ZERO, self.square - self.fit_low**2).as_integer_ratio())
        self.crossed = above(abs(self.rate * self.fit - self.total) + self.total_doubt)

    def _sizes(self, j: int) -> tuple[Fraction, Fraction]:
        """Return bounds of |x_j|."""
        parts = self.entry(j)
        if len(parts) == 1:
            return abs(parts[0]), abs(parts[0])
        num, den = (parts[0] ** 2 + parts[1] ** 2).as_integer_ratio()
        return root_down(num, den, bits=_FINE), root_up(num, den, bits=_FINE)

    def _places(self, j: int) -> range:
        return range(self.columns.width * j, self.columns.width * (j + 1))

    def _rate(self) -> Fraction:
        """Return f(x) / <r, A x>, rounded down."""
        self._measure()
        self.fit, self.total, self.total_doubt = _ZERO, _ZERO, _ZERO
        for j in self.allowed:
            entry = self.entry(j)
            if any(entry):
                self.fit += sum((a * b for a, b in zip(self.product(j), entry, strict=True)), _ZERO)
                low, high = self._sizes(j)
                self.total += self.penalty(j) * low
                self.total_doubt += self.penalty(j) * (high - low)
        if self.fit <= 0 or self.total <= 0:
            raise Invalid("multiplier", "x is no minimiser of the problem by any multiplier, not even nearly")
        rate = self.total / self.fit
        bits = max(0, _FINE - rate.numerator.bit_length() + rate.denominator.bit_length())
        return Fraction((rate.numerator << bits) // rate.denominator, 1 << bits)

    def _slope(self, j: int) -> list[Fraction]:
        return [self.rate * x for x in self.product(j)]

    def _doubt(self, j: int) -> Fraction:
        return _ZERO


class BpdnAtScale(UnsquaredAtScale):
    """The quantities of the theorems at one scale; `least_turn` and `most_turn` are the bounds of the multiplier."""

    lasso: Bpdn

    def __init__(self, problem: Bpdn, scale: Fraction) -> None:
        super().__init__(problem, scale)
        self.off = above(self.beta + max(problem.high - problem.noise, problem.noise - problem.low))
        self.chi = above(self.times * problem.radii.image)
        self.turn_low, self.turn_high = below(problem.rate * problem.low), above(problem.rate * problem.high)
        self._require()
        self.psi = above(self.off / (problem.fit_low - self.off))
        self.plain = up(*(self.push / self.sigma).as_integer_ratio())
        self.rho = above((1 + self.psi) * self.plain)
        self._multiplier()
        self.stretch = _ZERO
        if self.most_turn is not None:
            away = max(self.most_turn - self.turn_low, self.turn_high - self.least_turn)
            self.stretch = above(self.turn_high * self.reach / problem.noise + away)

    def _require(self) -> None:
        """Apply the first three inequalities of the theorem; raises Invalid."""
        problem, noise = self.lasso, self.lasso.noise
        if problem.fit_low <= self.off or noise <= self.off:
            raise self.fails("the residual is not near enough to its bound, or not known well enough")
        share = below(problem.fit / problem.square)
        square = problem.high**2 - 2 * share * problem.fit + share**2 * problem.square
        rest = root_up(*max(_ZERO, square).as_integer_ratio())
        if rest + self.beta + share * self.chi >= noise:
            raise self.fails("no point is shown to be strictly feasible for all data")

    def _multiplier(self) -> None:
        """Bound the multiplier of all data, and with it their residuals; raises Invalid."""
        problem, noise = self.lasso, self.lasso.noise
        inner, crossed = problem.fit_low - self.off, problem.crossed
        first = self.turn_low * inner - self.plain * (problem.high + noise + self.beta) - crossed
        if first <= 0:
            raise self.fails("the multiplier is not shown to be positive")
        data = root_up(*(problem.high**2 + 2 * problem.fit + problem.square).as_integer_ratio()) + self.beta
        if data <= noise:
            raise self.fails("0 is feasible for some of the data")
        self.least_turn: Fraction = below(first / (data - noise))
        self.most_turn: Fraction | None = None
        for _ in range(_TRIES):
            self._turned()
            low, high = self._bounds()
            better = low * _GAIN > self.least_turn or (
                high is not None and (self.most_turn is None or high < self.most_turn * _GAIN)
            )
            if not better:
                break
            self.least_turn = max(low, self.least_turn)
            self.most_turn = high if self.most_turn is None else min(self.most_turn, high or self.most_turn)

    def _turned(self) -> None:
        """Find q, of which the residuals are turned at most, and M without its factor."""
        problem, noise, psi = self.lasso, self.lasso.noise, self.psi
        turn = _ZERO if self.most_turn is None else min(_ONE, self.turn_low / self.most_turn)
        alpha = below((1 + turn - self.off / noise) / 2)
        rate = noise / self.least_turn
        linear = above(self.beta + psi * problem.across + rate * self.rho)
        constant = psi * (self.beta**2 / 4 + noise * self.chi + rate * problem.crossed) + rate * self.rho * self.off
        constant = above(constant)
        self.reach = above((linear + root_up(*(linear**2 + 4 * alpha * constant).as_integer_ratio())) / (2 * alpha))
        self.sum = above(linear**2 / (4 * alpha) + constant)

    def _bounds(self) -> tuple[Fraction, Fraction | None]:
        """Return bounds of the multiplier from q, the upper one if there is one."""
        problem, noise, q = self.lasso, self.lasso.noise, self.reach
        inner, crossed, across = problem.fit_low - self.off, problem.crossed, problem.across
        least = self.turn_low * inner - self.plain * (q + self.off) - crossed
        low = below(least / (inner + q * across / noise + self.beta**2 / (4 * noise) + self.chi))
        den = problem.fit_low * (1 - q**2 / (2 * noise**2)) - q * across / noise - self.chi
        return low, above((self.turn_high * problem.fit_low + crossed) / den) if den > 0 else None

    # --- the theorems -------------------------------------------------------------------------------------------------

    def kept(self) -> tuple[list[int], int]:
        """Return what must be positive for the features off J in the theorem on the distance."""
        return self.left(1 + self.psi, self.rho)

    def stays(self) -> tuple[list[int], int]:
        """Return what is positive for features off J that are out."""
        return self.left(_ONE, self.stretch)

    def beside(self) -> Fraction:
        """Return M."""
        return (self.most_turn or _ZERO) * self.sum / self.lasso.noise

    def near(self) -> Fraction:
        """Return D_0."""
        return self.largest(None)

    def largest(self, kappa: Fraction | None) -> Fraction:
        """Return D."""
        beside = self.beside() / kappa if kappa else _ZERO
        return above((self.reach + self.off + beside) / self.sigma)

    def support(self) -> Outcome | None:
        """Apply the theorem on the support, and return None where it proves nothing."""
        return super().support() if self.most_turn is not None else None

    def distance(self) -> Outcome:
        """Apply the theorem on the distance; raises Invalid."""
        if self.most_turn is None and self.lasso.others:
            raise self.fails("the multiplier is not bounded")
        return super().distance()

    def beyond(self, j: int) -> bool:
        """Return whether the slope of a feature off J stays inside its bounds, by the second alternative."""
        lasso, (found, apart) = self.lasso, self.lasso.remainder(j)
        push = self.times * lasso.rate * lasso.radii.pushes[j]
        turned = (found.rest + self.times * apart) * self.stretch
        return lasso.margins[j] > push + self.push * found.length + turned

"""A point beside the lasso of data that are known up to a precision (docs/format.md, "kind data-digits").

Source: docs/theory.md, "What the data determine".
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from proofs_checks.checker.core.rules import Invalid, look_at_time
from proofs_checks.checker.parts.data_factor import Factor, Remainder
from proofs_checks.checker.parts.data_point import Point, modulus
from proofs_checks.checker.parts.penalised import Penalised, Sparse
from proofs_checks.checker.parts.precision import Precision
from proofs_checks.checker.parts.short import above, below, root_down, root_up

_FINE = 256  # bits of an absolute value that is not rational
_ZERO = Fraction(0)


class Lasso(Point):
    """A problem, a point x, its allowed columns J and the radii: all that does not depend on the scale."""

    def __init__(
        self, problem: Penalised, precision: Precision, point: Sparse, allowed: Iterable[int], sigma: Fraction
    ) -> None:
        super().__init__(problem, precision, point)
        n = problem.features
        self.allowed = [j for j in allowed if j < n]
        self._check_allowed(set(allowed))
        self.rate = self._rate()
        self.others = sorted(set(range(n)) - set(self.allowed))
        self.margins = {j: self._margin(j) for j in self.others}
        defects = [self._defect(j) for j in self.allowed]
        self.defect = root_up(*sum((x * x for x in defects), _ZERO).as_integer_ratio())
        self.factor = self._factor(sigma)
        self.push, self.spread = self.rate * self.radii.push(self.allowed), self.radii.spread(self.allowed)
        self.signed = [j for j in self.allowed if problem.penalties.numbers[j] or j in problem.nonnegative]
        self._remainders: dict[int, tuple[Remainder, Fraction]] = {}
        # the numbers that are compared in each column off J, over one denominator
        pushes, norms, spreads = self.radii.pushes, self.columns.norms, self.radii.spreads
        base = [(self.margins[j], above(self.rate * pushes[j]), norms[j], spreads[j]) for j in self.others]
        self.unit = max((x.denominator for numbers in base for x in numbers), default=1)
        self.base = [[x.numerator * (self.unit // x.denominator) for x in numbers] for numbers in base]

    def _rate(self) -> Fraction:
        """Return what dA^T Omega^(1/2) r is multiplied by."""
        return Fraction(1)

    def _factor(self, sigma: Fraction) -> Factor:
        return Factor(self.columns, self.allowed, sigma)

    def _check_allowed(self, allowed: set[int]) -> None:
        problem, width = self.problem, self.columns.width
        needed = {k // width for k in self.point.numbers} | ({problem.features} if problem.intercept else set())
        for j in sorted(needed - allowed):
            name = f"x_{j + 1} is not 0" if j < problem.features else "it is the intercept"
            raise Invalid("allowed", f"column {j + 1} is not in J, and {name}")

    def _margin(self, j: int) -> Fraction:
        """Return a lower bound of m_j, which is positive; raises Invalid."""
        margin = below(self.penalty(j) - self._steepness(j) - self._doubt(j))
        if margin <= 0:
            raise Invalid("margin", f"the slope of column {j + 1}, which is not in J, is not inside its bounds")
        look_at_time()
        return margin

    def _defect(self, j: int) -> Fraction:
        """Return a bound of |h_j|."""
        slope, penalty, entry = self._slope(j), self.penalty(j), self.entry(j)
        if not any(entry):
            found = max(_ZERO, self._steepness(j) - penalty)
        elif len(entry) == 1:
            found = abs(slope[0] - (penalty if entry[0] > 0 else -penalty))
        else:
            # x/|x| is x/root to within this
            square = entry[0] ** 2 + entry[1] ** 2
            root = root_up(*square.as_integer_ratio(), bits=_FINE)
            away = 1 - root_down(*square.as_integer_ratio(), bits=_FINE) / root
            found = modulus([t - penalty * x / root for t, x in zip(slope, entry, strict=True)]) + penalty * away
        return above(found + self._doubt(j))

    def remainder(self, j: int) -> tuple[Remainder, Fraction]:
        """Return what is left of a feature off J without its multiple b of J, and a bound of |dA_j - dA_J b|."""
        if j not in self._remainders:
            found = self.factor.remainder(j)
            self._remainders[j] = found, self.radii.apart(j, found.sizes)
        return self._remainders[j]

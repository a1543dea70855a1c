"""How far coefficients are from a minimiser of penalised least squares (docs/format.md, "kind solution-digits").

Source: docs/theory.md, "Penalised least squares".
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from operator import mul

from proofs_checks.certificate.arrays import PackedArray
from proofs_checks.checker.parts.penalised import Penalised
from proofs_checks.checker.parts.penalised_optimum import Optimum, loose

_FINE = 256  # bits of a difference that are kept in the excess, where it is not exact


@dataclass(frozen=True)
class Errors:
    """Coefficients c, in the units of x, and a minimiser p, the nearest or the only one."""

    problem: Penalised
    optimum: Optimum
    coefficients: PackedArray
    unique: bool

    @cached_property
    def den(self) -> int:
        """The denominator of the differences and of p."""
        return math.lcm(self.coefficients.den, self.problem.scales.den * self.optimum.point.den)

    @cached_property
    def minimiser(self) -> dict[int, int]:
        """The numerators of p where it is not 0."""
        point, s = self.optimum.point, self.problem.scales
        scale = self.den // (s.den * point.den)
        return {j: s.numbers[j] * x * scale for j, x in point.numbers.items()}

    @cached_property
    def differences(self) -> dict[int, int]:
        """The numerators of c - p where it is not 0, by increasing column."""
        scale, p = self.den // self.coefficients.den, self.minimiser
        found = ((j, c * scale - p.get(j, 0)) for j, c in enumerate(self.coefficients.numbers) if c or j in p)
        return {j: away for j, away in found if away}

    def square(self, numbers: dict[int, int]) -> int:
        """Return the square of the l2 norm over the features, over the square of `den`."""
        return sum(x * x for j, x in numbers.items() if j < self.problem.features)

    @cached_property
    def infeasible(self) -> list[int]:
        """The columns whose coefficient is negative where it may not be."""
        return [j for j in sorted(self.problem.nonnegative) if self.coefficients.numbers[j] < 0]

    @cached_property
    def known(self) -> list[int]:
        """The features whose entry is that of p in every minimiser."""
        free = set() if self.unique else set(loose(self.problem, self.optimum))
        return [j for j in range(self.problem.features) if j not in free]

    def excess(self) -> tuple[int, int, int]:
        """Return numerators of two bounds of F(c) - F(p) for feasible c, and their denominator."""
        unit, steps, doubt = self._steps()
        problem, weights, ridge, c = self.problem, self.problem.weights, self.problem.ridge, self.coefficients
        rows = list(map(abs, problem.times(steps)))
        low = sum(w * (t - doubt) ** 2 for w, t in zip(weights.numbers, rows, strict=True) if t > doubt)
        high = sum(map(mul, weights.numbers, ((t + doubt) ** 2 for t in rows)))
        # each part over one denominator, rounded to either side
        common, den = (unit << _FINE) ** 2, weights.den * problem.den**2
        below, above = (low << 2 * _FINE) // den, -((-high << 2 * _FINE) // den)
        bent = sum(ridge.numbers[j] * x * x for j, x in self.differences.items()) * common
        den = ridge.den * self.den**2
        below, above = below + bent // den, above - (-bent // den)
        for j, x in enumerate(c.numbers):
            slack = self.optimum.bounds[j] * abs(x) - self.optimum.slopes[j] * x if x else 0
            if slack:
                slack *= problem.scales.den * common
                den = self.optimum.den * c.den * problem.scales.numbers[j]
                below, above = below + slack // den, above - (-slack // den)
        return below, above, common

    def _steps(self) -> tuple[int, dict[int, int], int]:
        """Return (c - p) / s in multiples of a unit, rounded down, and what this can do to an entry of its image."""
        s, unit = self.problem.scales, self.den
        for j in self.differences:
            if unit.bit_length() <= _FINE:
                unit = math.lcm(unit, self.den * s.numbers[j])
        exact = {j: (x * s.den, self.den * s.numbers[j]) for j, x in self.differences.items()}
        if unit.bit_length() > _FINE:
            sizes = [num.bit_length() - den.bit_length() for num, den in exact.values()]
            unit = 1 << max(0, _FINE - max(sizes, default=_FINE))
        parts = {j: divmod(num * unit, den) for j, (num, den) in exact.items()}
        inexact = sum(rest > 0 for _, rest in parts.values())
        largest = 0
        if inexact:
            largest = self.problem.factor * self.problem.largest + max(map(abs, map(self.problem.centre, parts)))
        return unit, {j: whole for j, (whole, _) in parts.items()}, inexact * largest

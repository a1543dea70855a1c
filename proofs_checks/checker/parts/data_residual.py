"""The residual at a point in integers (docs/format.md, "kind data-digits").

Source: docs/theory.md, "What the data determine".
"""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import repeat
from operator import add, mul

from proofs_checks.checker.parts.data_columns import Columns
from proofs_checks.checker.parts.penalised import Sparse
from proofs_checks.checker.parts.short import above, root_up

_FINE = 256  # bits of a denominator of the entries over their scales
_EXTRA = 64  # bits of an entry over its scale beyond those of the entry, where that would be longer


class Residual:
    """y - Z x as far as it is known: `rows` is Omega times it but for an error of at most `slack`.

    The slack bounds the error without the weights, in the norm of Omega^(1/2).
    """

    def __init__(self, columns: Columns, point: Sparse) -> None:
        problem, y = columns.problem, columns.problem.data
        self.point, self.columns = point, columns
        self.unit, self.steps, self.inexact = self._steps()
        fit_den = problem.den * self.unit
        den = math.lcm(y.den, fit_den)
        numbers = list(map(mul, y.numbers, repeat(den // y.den)))
        scale = -(den // fit_den)
        for j, parts in self.steps.items():
            column = columns.numerators(j)
            turned = [0] * len(column)
            if len(parts) == 2:
                turned[::2], turned[1::2] = [-x for x in column[1::2]], column[::2]
            for x, used in zip(parts, (column, turned), strict=False):
                numbers = list(map(add, numbers, map(mul, used, repeat(x * scale))))
        self.rows = columns.rows(numbers, den)
        self.slack = above(sum((columns.scale(j) * columns.norms[j] for j in self.inexact), Fraction(0)) / self.unit)

    def _steps(self) -> tuple[int, dict[int, list[int]], list[int]]:
        """Return x / s in multiples of a unit, rounded down, and the columns where it is not exact."""
        w, s, point = self.columns.width, self.columns.problem.scales, self.point
        places = sorted({k // w for k in point.numbers if k // w < self.columns.problem.features})
        parts = {j: [point.at(w * j + k) for k in range(w)] for j in places}
        if all(s.numbers[j] == s.den for j in places):
            return point.den, parts, []
        unit = point.den
        for j in places:
            if unit.bit_length() <= _FINE:
                unit = math.lcm(unit, point.den * s.numbers[j])
        if unit.bit_length() > _FINE:
            largest = max(s.numbers[j] for j in places)
            unit = point.den << _EXTRA + max(0, largest.bit_length() - s.den.bit_length() + 1)
        found, inexact = {}, []
        for j, (x,) in parts.items():
            step, rest = divmod(x * s.den * (unit // point.den), s.numbers[j])
            found[j] = [step]
            inexact += [j] * (rest > 0)
        return unit, found, inexact

    def slopes(self, j: int) -> tuple[list[int], int]:
        """Return (A^T Omega^(1/2) r)_j as far as it is known, its one or two numerators and their denominator."""
        s = self.columns.problem.scales
        found = [x * s.den for x in self.columns.against(j, self.rows)]
        return found, self.columns.problem.den * self.rows.den * s.numbers[j]

    def sizes(self) -> dict[int, Fraction]:
        """Return bounds of |x_j| / s_j where it is not 0."""
        found = {j: [abs(x) + (j in self.inexact) for x in parts] for j, parts in self.steps.items()}
        return {j: root_up(sum(x * x for x in parts), self.unit**2) for j, parts in found.items()}

    def norm(self) -> Fraction:
        """Return a bound of the norm of Omega times the residual."""
        weights = self.columns.problem.weights
        most = root_up(max(weights.numbers), weights.den)
        return root_up(sum(self.rows.moduli2(1)), self.rows.den**2) + most * self.slack

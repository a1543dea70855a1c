"""A point beside a problem whose data are known up to a precision (docs/format.md, "kind data-digits").

Source: docs/theory.md, "What the data determine".
"""

from __future__ import annotations

from fractions import Fraction

from proofs_checks.checker.core.rules import Invalid
from proofs_checks.checker.parts.data_columns import Columns
from proofs_checks.checker.parts.data_radii import Radii
from proofs_checks.checker.parts.data_residual import Residual
from proofs_checks.checker.parts.penalised import Penalised, Sparse
from proofs_checks.checker.parts.precision import Precision
from proofs_checks.checker.parts.short import root_down, root_up

_FINE = 256  # bits of an absolute value that is not rational
_ZERO = Fraction(0)


class Point:
    """A problem, a point x, its residual and the radii: what all theorems share."""

    def __init__(self, problem: Penalised, precision: Precision, point: Sparse) -> None:
        self.problem, self.point = problem, point
        self.columns = Columns(problem)
        for j in sorted(problem.nonnegative & point.numbers.keys()):
            if point.numbers[j] < 0:
                raise Invalid("feasible", f"x_{j + 1} is negative")
        self.residual = Residual(self.columns, point)
        self.radii = Radii(self.columns, precision, self.residual)

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

    def _steepness(self, j: int) -> Fraction:
        """Return what must not exceed mu_j where an entry is 0: |t_j|, or t_j where it may not be negative."""
        slope = self._slope(j)
        return slope[0] if j in self.problem.nonnegative else modulus(slope)

    def penalty(self, j: int) -> Fraction:
        """Return a mu."""
        return Fraction(self.problem.penalties.numbers[j], self.problem.penalties.den)

    def _doubt(self, j: int) -> Fraction:
        """Return a bound of the error of a slope."""
        return 2 * self.columns.norms[j] * self.residual.slack


def modulus(parts: list[Fraction]) -> Fraction:
    """Return an absolute value, rounded up if it is not real."""
    if len(parts) == 1:
        return abs(parts[0])
    return root_up(*(parts[0] ** 2 + parts[1] ** 2).as_integer_ratio(), bits=_FINE)

"""Products of the columns of J with the direction of the residual taken off (docs/format.md, "kind data-digits").

Source: docs/theory.md, "What the data determine: the square-root lasso": H = A_J^T A_J - t_J t_J^T.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from proofs_checks.checker.parts.data_columns import Columns, dot
from proofs_checks.checker.parts.data_factor import Factor
from proofs_checks.checker.parts.short import above, root_up

_MORE = 64  # bits of a slope beyond those of the products
_ONE = Fraction(1)

Slopes = Callable[[int, int], tuple[list[int], Fraction]]
"""For a feature and b, t_j over 2^b, its one or two parts, and a bound of the error of each."""


class Projected(Factor):
    """As for the lasso, of the products without the direction of the residual.

    `tilt` bounds <t_J, d> for all d with |d| <= 1, |T A_J d| <= sigma, and `length` bounds |t_J|.
    """

    def __init__(self, columns: Columns, allowed: list[int], claimed: Fraction, slopes: Slopes) -> None:
        self._slopes = slopes
        super().__init__(columns, allowed, claimed)
        row = [dot(self.slopes, line) for line in self.inverse]
        bits = self.slope_bits + self.inverse_bits
        sought = {k: t << self.inverse_bits for k, t in enumerate(self.slopes)}
        self.tilt = min(above(self.sum_bound(row, bits, sought) + self.doubt), self.length)

    def _project(self) -> None:
        self.slope_bits = self.bits + _MORE
        found = [self._slopes(j, self.slope_bits) for j in self.allowed]
        self.slopes = [t for parts, _ in found for t in parts]
        self.doubt = self._norm(error for parts, error in found for _ in parts)
        self.length = above(root_up(dot(self.slopes, self.slopes), 4**self.slope_bits) + self.doubt)
        for k, line in enumerate(self.gram):
            self.gram[k] = [x - self._taken(self.slopes[k], t) for x, t in zip(line, self.slopes, strict=True)]
        # a difference of two numbers that were rounded down is missed by less than a unit; then the slopes
        self.missed += above(2 * (self.length + 1) * self.doubt)

    def _taken(self, s: int, t: int) -> int:
        return s * t >> 2 * self.slope_bits - self.bits

    @staticmethod
    def _norm(errors: Iterable[Fraction]) -> Fraction:
        return root_up(*sum((x * x for x in errors), Fraction(0)).as_integer_ratio())

    def _share(self, k: int) -> Fraction:
        """Return the bound of an entry; that of a complex one from both of its rows, as H is real linear only."""
        rows = range(k, k + self.columns.width)
        found = [self.sum_bound(self.inverse[i], self.inverse_bits, {i: 1 << self.inverse_bits}) for i in rows]
        return min(_ONE, self._norm(found) if len(found) > 1 else found[0])

    def _products(self, j: int) -> list[int]:
        (slope,), error = self._slopes(j, self.slope_bits)
        size = Fraction(abs(slope), 1 << self.slope_bits) + error
        self.missed = max(self.missed, self._missed(size, error))
        return [x - self._taken(slope, t) for x, t in zip(super()._products(j), self.slopes, strict=True)]

    def _missed(self, size: Fraction, error: Fraction) -> Fraction:
        """Return a bound of what is missed of the products with a column, and of its square, from |t_j|."""
        units = Fraction(len(self.slopes) + 1, 1 << self.bits)
        return above(units + 2 * (size + 1) * (self.doubt + error) + 2 * (self.length + 1) * error)

    def _square(self, j: int) -> Fraction:
        (slope,), _ = self._slopes(j, self.slope_bits)
        return super()._square(j) - Fraction(slope * slope, 4**self.slope_bits)

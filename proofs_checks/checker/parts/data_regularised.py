"""Products of columns that may depend on each other, with a ridge added (docs/format.md, "kind data-digits").

Source: docs/theory.md, "What the data determine without independent columns".
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from proofs_checks.checker.core.rules import look_at_time
from proofs_checks.checker.parts.data_columns import Columns, dot
from proofs_checks.checker.parts.data_factor import Factor
from proofs_checks.checker.parts.short import above, root_up

_PARTS = (6, 12, 20)  # the ridge is 2 4^-p of the square of the longest column
_ONE = Fraction(1)


@dataclass(frozen=True)
class Row:
    """A row of G: a bound of |B_j|, and bounds of the |R_jk| for the features of J."""

    length: Fraction
    left: list[Fraction]


class Regularised(Factor):
    """The products of the columns of J, and for each ridge the inverse of their sum."""

    def __init__(self, columns: Columns, allowed: list[int]) -> None:
        longest = max((columns.norms[j] for j in allowed), default=_ONE) or _ONE
        squares = [(longest / (1 << part)) ** 2 for part in _PARTS]
        super().__init__(columns, allowed, longest / (1 << _PARTS[-1]))
        self.inverses = [self._inverse_with(square) for square in squares[:-1]]
        self.inverses.append((self.inverse, self.inverse_bits))

    def _project(self) -> None:
        self.products = self.gram
        self.gram = self._lifted(self.square)

    def _lifted(self, square: Fraction) -> list[list[int]]:
        shift = (2 * square.numerator << self.bits) // square.denominator
        return [[x + shift * (k == i) for i, x in enumerate(line)] for k, line in enumerate(self.products)]

    def _inverse_with(self, square: Fraction) -> tuple[list[list[int]], int]:
        self.gram = self._lifted(square)
        return self._inverse(square)

    def _share(self, k: int) -> Fraction:
        return _ONE

    def row(self, place: int, number: int) -> Row:
        """Return what is needed of the row of the feature at a place of J, for one ridge."""
        look_at_time()
        inverse, inverse_bits = self.inverses[number]
        k, bits = self.columns.width * place, self.bits + inverse_bits
        row = inverse[k]
        image = [dot(row, line) for line in self.products]
        size2 = Fraction(dot(row, row), 4**inverse_bits)
        square = Fraction(max(0, dot(image, row)), 1 << bits + inverse_bits) + size2 * self.missed
        image[k] -= 1 << bits
        missed = root_up(*size2.as_integer_ratio()) * self.missed
        squares = [x * x for x in image]
        if self.columns.width == 2:
            squares = [a + b for a, b in zip(squares[::2], squares[1::2], strict=True)]
        left = [above(root_up(x, 4**bits) + missed) for x in squares]
        return Row(root_up(*square.as_integer_ratio()), left)


def regularised(columns: Columns, allowed: list[int]) -> list[list[Row]]:
    """Return the rows of the features of J, for each ridge."""
    found = Regularised(columns, allowed)
    return [[found.row(place, number) for number in range(len(_PARTS))] for place in range(len(allowed))]

"""How far admissible data move what a minimiser depends on (docs/format.md, "kind data-digits").

Everything is linear in the scale of the radii, and is computed at the scale 1. Source: docs/theory.md, "What the data
determine", the table of its quantities.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cached_property
from itertools import repeat
from operator import add, mul

from proofs_checks.checker.parts.data_columns import Columns
from proofs_checks.checker.parts.data_residual import Residual
from proofs_checks.checker.parts.precision import Precision, Radius
from proofs_checks.checker.parts.short import above, root_up

_ROUGH = 96  # bits of the residual, or of a vector, that are kept in a product with radii
_ZERO = Fraction(0)


class Radii:
    """Bounds of what dX and dy can do: `pushes` are the epsilon_j, `spreads` the delta_j of the features."""

    def __init__(self, columns: Columns, precision: Precision, residual: Residual) -> None:
        self.columns, self.precision, self.residual = columns, precision, residual
        self.weights = columns.problem.weights
        self.heaviest = root_up(max(self.weights.numbers), self.weights.den)
        self.features = range(columns.problem.features)
        self._widths: dict[int, Fraction] = {}
        self._pushed: dict[int, Fraction] = {}

    @cached_property
    def beta(self) -> Fraction:
        """A bound of the norm of Omega^(1/2) (dy - dZ x)."""
        matrix, data = self.precision.matrix, self.precision.data
        if matrix.norm is not None or data.norm is not None:
            return above(self.image + self.shift)
        den, rows = self._sum(self.residual.sizes())
        common, column = math.lcm(den, _den(data)), data.column(0)
        rows = map_add(rows, common // den, column, common // _den(data))
        return self._norm(rows, common)

    @cached_property
    def image(self) -> Fraction:
        """A bound of the norm of Omega^(1/2) dZ x."""
        matrix, sizes = self.precision.matrix, self.residual.sizes()
        if matrix.norm is None:
            den, rows = self._sum(sizes)
            return self._norm(rows, den)
        moved = root_up(*sum((x * x for x in sizes.values()), _ZERO).as_integer_ratio())
        return above(self.heaviest * matrix.norm * moved)

    @cached_property
    def shift(self) -> Fraction:
        """A bound of the norm of Omega^(1/2) dy."""
        data = self.precision.data
        return self._norm(data.column(0), _den(data)) if data.norm is None else self.heaviest * data.norm

    def _norm(self, rows: list[int], den: int) -> Fraction:
        """Return a bound of the norm of Omega^(1/2) times a real vector."""
        return root_up(sum(map(mul, self.weights.numbers, map(mul, rows, rows))), self.weights.den * den**2)

    def _sum(self, sizes: dict[int, Fraction]) -> tuple[int, list[int]]:
        """Return a denominator, and the numerators of the sum of columns of the radii of X with these weights."""
        matrix = self.precision.matrix
        if matrix.entries is not None and matrix.entries.shape[1] == 1:
            sizes = {0: above(sum(sizes.values(), _ZERO))}
        den, numbers = shortened(sizes)
        rows = [0] * matrix.rows
        for j, x in numbers.items():
            rows = list(map(add, rows, map(mul, matrix.column(j), repeat(x))))
        return den * _den(matrix), rows

    @cached_property
    def spreads(self) -> list[Fraction]:
        """Bounds of the norms of the columns of dA."""
        return [above(self._width(j) / self.columns.scale(j)) for j in self.features]

    def _width(self, j: int) -> Fraction:
        """Return a bound of the norm of Omega^(1/2) times a column of dX."""
        matrix = self.precision.matrix
        if matrix.norm is not None:
            return self.heaviest * matrix.norm
        key = _place(matrix, j)
        if key not in self._widths:
            self._widths[key] = self._norm(matrix.column(j), _den(matrix))
        return self._widths[key]

    @cached_property
    def pushes(self) -> list[Fraction]:
        """Bounds of the entries of dA^T Omega^(1/2) r."""
        return [above(self._push(j) / self.columns.scale(j)) for j in self.features]

    def _push(self, j: int) -> Fraction:
        matrix = self.precision.matrix
        if matrix.norm is not None:
            return matrix.norm * self._pull
        key = _place(matrix, j)
        if key not in self._pushed:
            unit, numbers = self._pulls
            found = unit * sum(map(mul, matrix.column(j), numbers)) / _den(matrix)
            self._pushed[key] = above(found + self._width(j) * self.residual.slack)
        return self._pushed[key]

    @cached_property
    def _pull(self) -> Fraction:
        """A bound of the norm of Omega r."""
        return above(self.residual.norm())

    @cached_property
    def _pulls(self) -> tuple[Fraction, list[int]]:
        """Bounds of the entries of Omega r as far as it is known, as multiples of a unit, of few bits."""
        rows = self.residual.rows
        cut = max(map(int.bit_length, rows.numbers)) - _ROUGH
        unit = Fraction(1 << max(cut, 0), rows.den << max(-cut, 0))
        if self.columns.width == 1:
            return unit, [-((-abs(x) << max(-cut, 0)) >> max(cut, 0)) for x in rows.numbers]
        squares = [-((-x << 2 * max(-cut, 0)) >> 2 * max(cut, 0)) for x in rows.moduli2(2)]
        return unit, [math.isqrt(x - 1) + 1 if x else 0 for x in squares]

    def push(self, allowed: list[int]) -> Fraction:
        """Return a bound of the norm of dA^T Omega^(1/2) r over some features."""
        matrix = self.precision.matrix
        if matrix.norm is None:
            return _length([self.pushes[j] for j in allowed])
        return max((self.pushes[j] for j in allowed), default=_ZERO)

    def spread(self, allowed: list[int]) -> Fraction:
        """Return a bound of the norm of dA over some features."""
        if self.precision.matrix.norm is None:
            return _length([self.spreads[j] for j in allowed])
        return max((self.spreads[j] for j in allowed), default=_ZERO)

    def apart(self, j: int, others: dict[int, Fraction]) -> Fraction:
        """Return a bound of the norm of dA_j - dA_J b, from the absolute values of b."""
        scale, matrix = self.columns.scale, self.precision.matrix
        sizes = {k: above(x / scale(k)) for k, x in others.items()} | {j: above(1 / scale(j))}
        if matrix.norm is None:
            den, rows = self._sum(sizes)
            return self._norm(rows, den)
        return above(self.heaviest * matrix.norm * _length(list(sizes.values())))


def _place(matrix: Radius, j: int) -> int:
    """Return the column of the array of radii that bounds those of a column."""
    return 0 if matrix.entries is not None and matrix.entries.shape[1] == 1 else j


def _den(radius: Radius) -> int:
    return 1 if radius.entries is None else radius.entries.den


def _length(numbers: list[Fraction]) -> Fraction:
    return root_up(*sum((x * x for x in numbers), _ZERO).as_integer_ratio())


def shortened(numbers: dict[int, Fraction]) -> tuple[int, dict[int, int]]:
    """Return numbers of at least 0 rounded up to a common denominator."""
    largest = max(numbers.values(), default=_ZERO)
    bits = max(0, _ROUGH - largest.numerator.bit_length() + largest.denominator.bit_length())
    return 1 << bits, {j: -((-x.numerator << bits) // x.denominator) for j, x in numbers.items()}


def map_add(rows: list[int], scale: int, others: list[int], other_scale: int) -> list[int]:
    """Return the sum of two vectors with factors."""
    return list(map(add, map(mul, rows, repeat(scale)), map(mul, others, repeat(other_scale))))

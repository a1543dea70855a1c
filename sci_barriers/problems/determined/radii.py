"""What a precision of the data can do to residuals and slopes: the table of bounds of docs/theory.md.

Everything is at the scale 1, as the bounds are linear in it, and about features only, as the intercept has no
radius. ω are the weights of the rows and s the scales of the columns, balls at the working precision like all results.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cached_property

from flint import arb, arb_mat, fmpz_mat

from exact_base.matrices import ExactMatrix
from sci_barriers.problems.determined.balls import norm, root
from sci_barriers.problems.determined.precision import Precision

__all__ = ["EntryRadii", "MatrixRadii", "SpectralRadii", "data_bound", "matrix_radii"]

_ZERO = arb(0)


class MatrixRadii(ABC):
    """What is known of X."""

    def __init__(self, weights: Sequence[arb], scales: Sequence[arb]) -> None:
        """Take ω and s."""
        self.weights, self.scales = list(weights), list(scales)
        self.root = root(max((weight.upper() for weight in weights), default=_ZERO))

    @abstractmethod
    def slopes(self, residual: Sequence[arb]) -> list[arb]:
        """Return ε_j of all features for the moduli of a residual."""

    @abstractmethod
    def slope_of(self, slopes: Sequence[arb], support: Sequence[int]) -> arb:
        """Return a bound of the norm of what the slopes of a support change by, for all ε_j."""

    @cached_property
    def columns(self) -> list[arb]:
        """δ_j of all features."""
        return self._columns()

    @abstractmethod
    def _columns(self) -> list[arb]: ...

    @abstractmethod
    def matrix_of(self, support: Sequence[int]) -> arb:
        """Return δ_J."""

    @abstractmethod
    def beside(self, places: Sequence[int], support: Sequence[int], combinations: arb_mat) -> list[arb]:
        """Return τ of these columns less combinations of the support; column k of the matrix has the moduli of b."""


class SpectralRadii(MatrixRadii):
    """X is known up to a spectral norm."""

    def __init__(self, radius: arb, weights: Sequence[arb], scales: Sequence[arb]) -> None:
        """Take the radius, ω and s."""
        super().__init__(weights, scales)
        self.radius = radius

    def image(self, sizes: Mapping[int, arb]) -> arb:
        """Return a bound of the norm of Ω^(1/2) dZ x for the moduli of x."""
        return self.root * self.radius * norm(size / self.scales[j] for j, size in sizes.items())

    def slopes(self, residual: Sequence[arb]) -> list[arb]:
        """Return δ_X ‖Ω r‖ / s_j."""
        whole = self._whole(residual)
        return [whole / scale for scale in self.scales]

    def _whole(self, residual: Sequence[arb]) -> arb:
        return self.radius * norm(w * r for w, r in zip(self.weights, residual, strict=True))

    def slope_of(self, slopes: Sequence[arb], support: Sequence[int]) -> arb:
        """Return the largest ε_j."""
        return max((slopes[j].upper() for j in support), default=_ZERO)

    def _columns(self) -> list[arb]:
        """Return √max ω δ_X / s_j."""
        return [self.root * self.radius / scale for scale in self.scales]

    def matrix_of(self, support: Sequence[int]) -> arb:
        """Return √max ω δ_X / min s_j."""
        if not support:
            return _ZERO
        return self.root * self.radius / min(self.scales[j].lower() for j in support)

    def beside(self, places: Sequence[int], support: Sequence[int], combinations: arb_mat) -> list[arb]:
        """Return √max ω δ_X (s_j^-2 + Σ b_k²/s_k²)^(1/2)."""
        inverses = [1 / self.scales[k] for k in support]
        return [
            self.root
            * self.radius
            * norm([1 / self.scales[j], *(b * by for b, by in zip(column, inverses, strict=True))])
            for j, column in zip(places, _columns_of(combinations, len(places)), strict=True)
        ]


class EntryRadii(MatrixRadii):
    """X is known entry by entry."""

    def __init__(self, entries: ExactMatrix, weights: Sequence[arb], scales: Sequence[arb]) -> None:
        """Take the radii, with 1 or all rows and columns, ω and s."""
        super().__init__(weights, scales)
        self._rows = entries.re.tolist()
        self._den, self._wide, self._tall = arb(entries.den), entries.cols > 1, entries.rows > 1
        # a row that stands for all of them has all the weight
        self._lines = self.weights if self._tall else [sum(self.weights, _ZERO)]

    def _block(self, places: Sequence[int]) -> list[list[arb]]:
        """Return Δ_ij/s_j at these columns, for the rows that the array has."""
        inverses = [1 / (self.scales[j] * self._den) for j in places]
        return [
            [arb(row[j if self._wide else 0]) * by for j, by in zip(places, inverses, strict=True)]
            for row in self._rows
        ]

    def images(self, sizes: Mapping[int, arb]) -> list[arb]:
        """Return bounds of |dZ x| in each row for the moduli of x."""
        found = [
            sum((a * size for a, size in zip(row, sizes.values(), strict=True)), _ZERO)
            for row in self._block(list(sizes))
        ]
        return found if self._tall else found * len(self.weights)

    @cached_property
    def _given(self) -> arb_mat:
        """The transpose of the array."""
        return arb_mat(fmpz_mat(self._rows).transpose())

    def _all(self, sums: Sequence[arb]) -> list[arb]:
        """Return for all features what the columns of the array have, over the scales."""
        found = [value / self._den for value in sums]
        return [found[j if self._wide else 0] / scale for j, scale in enumerate(self.scales)]

    def slopes(self, residual: Sequence[arb]) -> list[arb]:
        """Return Σ ω_i Δ_ij |r_i| / s_j."""
        pulls = [w * r for w, r in zip(self.weights, residual, strict=True)]
        if not self._tall:
            pulls = [sum(pulls, _ZERO)]
        return self._all((self._given * arb_mat(len(pulls), 1, pulls)).entries())

    def slope_of(self, slopes: Sequence[arb], support: Sequence[int]) -> arb:
        """Return the norm of the ε_j."""
        return norm(slopes[j] for j in support)

    def _columns(self) -> list[arb]:
        """Return (Σ ω_i Δ_ij²)^(1/2) / s_j."""
        squares = arb_mat(fmpz_mat([[a * a for a in column] for column in zip(*self._rows, strict=True)]))
        sums = (squares * arb_mat(len(self._lines), 1, self._lines)).entries()
        return self._all([root(square) for square in sums])

    def matrix_of(self, support: Sequence[int]) -> arb:
        """Return the norm of the δ_j."""
        return norm(self.columns[j] for j in support)

    def beside(self, places: Sequence[int], support: Sequence[int], combinations: arb_mat) -> list[arb]:
        """Return (Σ ω_i (Δ_ij/s_j + Σ Δ_ik |b_k| / s_k)²)^(1/2)."""
        own = arb_mat(len(self._rows), len(places), [a for row in self._block(places) for a in row])
        both = own
        if support:
            beside = arb_mat(len(self._rows), len(support), [a for row in self._block(support) for a in row])
            both = own + beside * combinations
        return [
            root(sum((w * a * a for w, a in zip(self._lines, column, strict=True)), _ZERO))
            for column in _columns_of(both, len(places))
        ]


def matrix_radii(precision: Precision, weights: Sequence[arb], scales: Sequence[arb]) -> SpectralRadii | EntryRadii:
    """Return the bounds for X."""
    if precision.matrix.entries is not None:
        return EntryRadii(precision.matrix.entries, weights, scales)
    return SpectralRadii(arb(precision.matrix.norm or 0), weights, scales)


def data_bound(precision: Precision, radii: SpectralRadii | EntryRadii, sizes: Mapping[int, arb]) -> arb:
    """Return β for the moduli of x at the features where it is not zero."""
    given = precision.data.entries
    own: list[arb] = []
    if given is not None:
        own = [arb(a) / given.den for a in given.re.entries()]
        own = own if given.rows > 1 else own * len(radii.weights)
    if isinstance(radii, EntryRadii):
        moved = radii.images(sizes)
        moved = [a + b for a, b in zip(moved, own, strict=True)] if own else moved
        found = _weighted(radii, moved)
    else:
        found = radii.image(sizes) + _weighted(radii, own)
    return found + radii.root * arb(precision.data.norm or 0)


def _weighted(radii: MatrixRadii, values: Sequence[arb]) -> arb:
    if not values:
        return _ZERO
    return root(sum((w * a * a for w, a in zip(radii.weights, values, strict=True)), _ZERO))


def _columns_of(matrix: arb_mat, count: int) -> list[list[arb]]:
    """Return the columns of a matrix, which may have no rows."""
    rows = matrix.tolist()
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(count)]

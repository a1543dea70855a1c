"""What is known of data: how far the true X and y may be from the given ones, as a norm or entry by entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import fmpq

from exact_base.entries.arrays import laid_out
from exact_base.errors import DataError
from exact_base.matrices import ExactMatrix, exact_column, matrix_of, scaled
from exact_base.rationals import exact_number
from exact_base.reprs import short_repr

__all__ = ["Precision", "Radius"]


@short_repr()
@dataclass(frozen=True, eq=False)
class Radius:
    """An array is known up to a norm, or up to a bound of each entry; the other of the two is None.

    Attributes:
        norm: >= 0, of the difference: the spectral norm for a matrix, the Euclidean one for a vector.
        entries: >= 0, shape (m, n), (1, n), (m, 1) or (1, 1), bounds of the moduli, which one row or column repeats.

    Raises:
        DataError: unless exactly one of the two is given, and is real and at least 0.

    >>> from sci_barriers.problems.determined.precision import Radius
    >>> Radius.spectral("1/8").norm, Radius.exactly().nothing
    (1/8, True)
    """

    norm: fmpq | None
    entries: ExactMatrix | None

    def __post_init__(self) -> None:
        """Check that it is one of the two, and its signs."""
        if (self.norm is None) == (self.entries is None):
            raise DataError("a radius is a norm or an array, and not both")
        if self.norm is not None and self.norm < 0:
            raise DataError(f"a radius must be at least 0, got {self.norm}")
        if self.entries is not None:
            if not self.entries.is_real:
                raise DataError("the radii of entries must be real: they bound moduli")
            if any(entry < 0 for entry in self.entries.re.entries()):
                raise DataError("the radii of entries must be at least 0")

    @staticmethod
    def exactly() -> Radius:
        """Return the radius of what is known exactly."""
        return Radius(fmpq(0), None)

    @staticmethod
    def spectral(value: Any) -> Radius:
        """Return the radius that bounds the norm of the difference; raises DataError if it is negative or no number."""
        return Radius(exact_number(value), None)

    @staticmethod
    def entrywise(value: Any) -> Radius:
        """Return the radius that bounds each entry by a number, or by an entry of an array.

        A vector is a column, as y is one. Raises DataError if a number is negative or cannot be read.
        """
        if isinstance(value, ExactMatrix):
            return Radius(None, value)
        entries = laid_out(value)
        if len(entries.shape) < 2:
            return Radius(None, exact_column(value if entries.shape else [value]))
        return Radius(None, matrix_of(entries))

    @property
    def nothing(self) -> bool:
        """Whether the array is known exactly."""
        if self.entries is None:
            return self.norm == 0
        return not any(self.entries.re.entries())

    def scaled(self, factor: fmpq) -> Radius:
        """Return the radius that is this one times a factor, which is at least 0."""
        return Radius(
            None if self.norm is None else self.norm * factor,
            None if self.entries is None else scaled(self.entries, factor),
        )

    def entry(self, i: int, j: int) -> fmpq:
        """Return the bound of an entry; raises DataError where the array is known by its norm."""
        if self.entries is None:
            raise DataError("this array is known by its norm, not entry by entry")
        rows, cols = self.entries.rows, self.entries.cols
        return fmpq(self.entries.re[i if rows > 1 else 0, j if cols > 1 else 0], self.entries.den)

    def check(self, name: str, rows: int, cols: int) -> None:
        """Raise DataError if the array of radii does not fit an array of this shape."""
        if self.entries is not None and (self.entries.rows not in (1, rows) or self.entries.cols not in (1, cols)):
            raise DataError(
                f"the radii of {name} must have 1 or {rows} rows, and 1 or {cols} columns, "
                f"got {self.entries.rows} x {self.entries.cols}"
            )


@short_repr()
@dataclass(frozen=True, eq=False)
class Precision:
    """What is known of X, m x n, and of y, a column, in the user's units.

    Attributes:
        matrix: of X.
        data: of y.

    >>> from flint import fmpq
    >>> from sci_barriers.problems.determined.precision import Precision, Radius
    >>> precision = Precision(Radius.entrywise("0.05"), Radius.exactly())
    >>> precision.scaled(fmpq(2)).matrix.entry(3, 1)
    1/10
    """

    matrix: Radius
    data: Radius

    def scaled(self, factor: fmpq) -> Precision:
        """Return the precision with all radii times a factor, which is at least 0."""
        return Precision(self.matrix.scaled(factor), self.data.scaled(factor))

    def check(self, rows: int, features: int) -> None:
        """Raise DataError if an array of radii does not fit X with these rows and features, and y."""
        self.matrix.check("X", rows, features)
        self.data.check("y", rows, 1)

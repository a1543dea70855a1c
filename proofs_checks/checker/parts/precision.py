"""What is known of data: how far the true ones may be from the given ones (docs/format.md, "kind data-digits")."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from proofs_checks.certificate.arrays import PackedArray, decode_packed
from proofs_checks.certificate.reading import MalformedCertificate, decode_object, decode_rational


@dataclass(frozen=True)
class Radius:
    """An array is known up to a norm, or up to a bound of each entry; the other of the two is None.

    `norm` bounds the spectral norm of the difference for a matrix, and the Euclidean one for a vector.
    """

    norm: Fraction | None
    entries: PackedArray | None
    rows: int
    cols: int

    def line(self, i: int) -> list[Fraction]:
        """Return the bounds of the entries of a row."""
        return [self.entry(i, j) for j in range(self.cols)]

    def entry(self, i: int, j: int) -> Fraction:
        """Return the bound of an entry."""
        if self.entries is None:
            raise ValueError("this array is known by its norm")
        rows, cols = self.entries.shape
        k = (i if rows > 1 else 0) * cols + (j if cols > 1 else 0)
        return Fraction(self.entries.numbers[k], self.entries.den)

    def column(self, j: int) -> list[int]:
        """Return the numerators of the bounds of a column, over the denominator of the entries."""
        if self.entries is None:
            raise ValueError("this array is known by its norm")
        rows, cols = self.entries.shape
        found = list(self.entries.numbers[(j if cols > 1 else 0) :: cols])
        return found if rows > 1 else found * self.rows

    @property
    def nothing(self) -> bool:
        """Whether the array is known exactly."""
        return self.norm == 0 if self.entries is None else not any(self.entries.numbers)


@dataclass(frozen=True)
class Precision:
    """What is known of X, m x n, and of y, as a matrix with one column."""

    matrix: Radius
    data: Radius


def decode_precision(value: object, path: str, rows: int, cols: int) -> Precision:
    """Return a precision; raises MalformedCertificate."""
    fields = decode_object(value, ("data", "matrix"), path)
    return Precision(
        _radius(fields["matrix"], f"{path}.matrix", rows, cols), _radius(fields["data"], f"{path}.data", rows, 1)
    )


def _radius(value: object, path: str, rows: int, cols: int) -> Radius:
    fields = decode_object(value, ("entries", "norm"), path)
    if (fields["entries"] is None) == (fields["norm"] is None):
        raise MalformedCertificate(f"{path} must have one of entries and norm, and null for the other")
    if fields["norm"] is not None:
        norm = Fraction(*decode_rational(fields["norm"], f"{path}.norm"))
        if norm < 0:
            raise MalformedCertificate(f"{path}.norm must be at least 0")
        return Radius(norm, None, rows, cols)
    entries = decode_packed(fields["entries"], f"{path}.entries")
    if len(entries.shape) != 2 or entries.shape[0] not in (1, rows) or entries.shape[1] not in (1, cols):
        wide = f"1 or {cols} columns" if cols > 1 else "1 column"
        raise MalformedCertificate(f"{path}.entries must have 1 or {rows} rows, and {wide}")
    if min(entries.numbers) < 0:
        raise MalformedCertificate(f"{path}.entries must be at least 0")
    return Radius(None, entries, rows, cols)

"""Changes of complex data made exact, and admissible for certain: to float64 where that does, else dyadic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from flint import fmpq, fmpz_mat

from exact_base.matrices import ExactMatrix
from exact_base.rationals import dyadic_nearest, float_exactly
from exact_base.reprs import short_repr
from sci_barriers.problems.determined.admissible import spectral_at_most
from sci_barriers.problems.determined.changes import Change
from sci_barriers.problems.determined.complex_problem import ComplexLeastSquares, parts_of
from sci_barriers.problems.determined.float_states import Array
from sci_barriers.problems.determined.precision import Precision, Radius
from sci_barriers.problems.penalised.problem import over_one_denominator

__all__ = ["ComplexData", "complex_data", "is_within", "rounded_complex"]

_PARTS = (1 - 2.0**-12, 1 - 2.0**-6, 0.5)
"""Of a change, which is made smaller until rounding leaves it admissible."""
_FINE = 24
"""Bits of a change below the largest one."""


@short_repr()
@dataclass(frozen=True, eq=False)
class ComplexData:
    """Data of a problem other than the given ones.

    Attributes:
        columns: the columns of X that differ, increasing.
        matrix: these columns, shape (m, k), or None if there are none.
        data: y, shape (m, 1), or None if it is the given one.
    """

    columns: tuple[int, ...]
    matrix: ExactMatrix | None
    data: ExactMatrix | None

    def applied(self, problem: ComplexLeastSquares) -> ComplexLeastSquares:
        """Return the problem with these data."""
        result = problem if self.data is None else replace(problem, data=self.data)
        if self.matrix is None:
            return result
        places = {j: k for k, j in enumerate(self.columns)}
        kept, new = problem.matrix, self.matrix
        entries = [
            _entry(new, i, places[j]) if j in places else _entry(kept, i, j)
            for i in range(kept.rows)
            for j in range(kept.cols)
        ]
        return replace(result, matrix=_matrix(entries, kept.cols))


def complex_data(
    problem: ComplexLeastSquares, precision: Precision, change: Change, *, uneven: bool = False
) -> ComplexData | None:
    """Return data near to the changed ones that are admissible exactly; None if nothing is left of the change.

    Args:
        problem: the problem with the given data.
        precision: what is known of them.
        change: the change, of complex arrays.
        uneven: whether each column of X changes by another share, between 63/64 and 1, so that ties are broken.
    """
    columns = [int(j) for j in change.columns]
    steps = change.matrix
    if uneven and columns:
        steps = steps * (1 - np.arange(len(columns)) / (64 * len(columns)))
    data = _moved(problem.data, change.data[:, None], precision.data, [0])
    matrix = _moved(problem.matrix.columns(columns), steps, precision.matrix, columns) if columns else None
    if data is None and matrix is None:
        return None
    return ComplexData(tuple(columns) if matrix is not None else (), matrix, data)


def _moved(given: ExactMatrix, steps: Array, radius: Radius, columns: Sequence[int]) -> ExactMatrix | None:
    """Return a matrix moved by about these steps, within a radius; None if it would be the given one."""
    if radius.nothing or not np.any(steps):
        return None
    for part in _PARTS:
        for exact in (False, True):
            found = _rounded(given, steps * part, exact=exact)
            if is_within(found - given, radius, columns):
                return None if found == given else found
    return None


def _rounded(given: ExactMatrix, steps: Array, *, exact: bool) -> ExactMatrix:
    """Return about given + steps: as float64, or with differences that are dyadic and so as fine as is wanted."""
    largest = float_exactly(float(np.max(np.abs(steps))))
    bits = _FINE + int(largest.q).bit_length() - int(largest.p).bit_length()
    entries = []
    for i in range(given.rows):
        for j in range(given.cols):
            old, step = _entry(given, i, j), complex(steps[i, j])
            parts = []
            for a, s in zip(old, (step.real, step.imag), strict=True):
                wanted = a + dyadic_nearest(float_exactly(s), bits=bits)
                parts.append(wanted if exact or s == 0 else float_exactly(int(wanted.p) / int(wanted.q)))
            entries.append((parts[0], parts[1]))
    return _matrix(entries, given.cols)


def _entry(matrix: ExactMatrix, i: int, j: int) -> tuple[fmpq, fmpq]:
    imaginary = 0 if matrix.im is None else matrix.im[i, j]
    return fmpq(matrix.re[i, j], matrix.den), fmpq(imaginary, matrix.den)


def _matrix(entries: Sequence[tuple[fmpq, fmpq]], cols: int) -> ExactMatrix:
    numerators, den = over_one_denominator([part for entry in entries for part in entry])
    rows = len(entries) // cols
    real, imaginary = (fmpz_mat(rows, cols, list(numerators[k::2])) for k in (0, 1))
    return ExactMatrix(real, imaginary, int(den))


def is_within(change: ExactMatrix, radius: Radius, columns: Sequence[int]) -> bool:
    """Decide whether a complex difference is within a radius; a spectral norm near its bound may be refused.

    `columns` are those of the radii.
    """
    if radius.norm is not None:
        real, imaginary = parts_of(change)
        rows = [[*a, *(-x for x in b)] for a, b in zip(real.tolist(), imaginary.tolist(), strict=True)]
        rows += [[*b, *a] for a, b in zip(real.tolist(), imaginary.tolist(), strict=True)]
        return spectral_at_most(ExactMatrix(fmpz_mat(rows), None, change.den), radius.norm)
    return all(
        a * a + b * b <= radius.entry(i, j) ** 2
        for i in range(change.rows)
        for k, j in enumerate(columns)
        for a, b in [_entry(change, i, k)]
    )


def rounded_complex(array: ExactMatrix) -> ExactMatrix:
    """Return the array of the nearest float64 numbers, or complex128; raises OverflowError if one is too large."""

    def near(part: fmpz_mat) -> list[fmpq]:
        return [float_exactly(int(a) / int(array.den)) for a in part.entries()]

    found = list(zip(*(near(part) for part in parts_of(array)), strict=True))
    matrix = _matrix(found, array.cols)
    return matrix if array.im is not None else ExactMatrix(matrix.re, None, matrix.den)

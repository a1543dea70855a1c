"""Changes of data made exact: rounded towards the given data, so that they are admissible for certain.

An entry becomes a float64 where that loses little of its radius, so that a user can open the data; else a dyadic
number, or one that differs from the given entry by a dyadic number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from flint import fmpq, fmpz, fmpz_mat

from exact_base.errors import DataError
from exact_base.matrices import ExactMatrix
from exact_base.rationals import float_exactly, power_of_two
from exact_base.reprs import short_repr
from sci_barriers.problems.determined.changes import Change
from sci_barriers.problems.determined.float_states import Array
from sci_barriers.problems.determined.precision import Precision, Radius
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, over_one_denominator

__all__ = ["OtherData", "admissible_data", "is_admissible", "spectral_at_most", "with_columns"]

_LOST = 64
"""A float64 serves if it is nearer to the wanted number than this part of the radius."""
_FINE = 12
"""Bits of a radius that a dyadic number keeps where no float64 serves."""
_SPARE = 19
"""A norm is made smaller by 2^-19 of it, and by more if it is not shown to be small enough then."""
_SHIFT = 23
"""1 - 2^-23 is what the largest singular value must leave of a norm, squared, where roots decide."""


@short_repr()
@dataclass(frozen=True, eq=False)
class OtherData:
    """Data of a problem other than the given ones.

    Attributes:
        columns: the columns of X that differ, increasing.
        matrix: these columns, shape (m, k), or None if there are none.
        data: y, shape (m, 1), or None if it is the given one.
    """

    columns: tuple[int, ...]
    matrix: ExactMatrix | None
    data: ExactMatrix | None

    def applied(self, problem: PenalisedLeastSquares) -> PenalisedLeastSquares:
        """Return the problem with these data."""
        result = problem
        if self.matrix is not None:
            result = replace(result, matrix=with_columns(problem.matrix, self.columns, self.matrix))
        return result if self.data is None else replace(result, data=self.data)


def with_columns(matrix: ExactMatrix, columns: Sequence[int], new: ExactMatrix) -> ExactMatrix:
    """Return a real matrix with other columns in some places."""
    den = math.lcm(matrix.den, new.den)
    whole, part, scale = fmpz_mat(matrix.re) * (den // matrix.den), new.re.tolist(), den // new.den
    for i, row in enumerate(part):
        for k, j in enumerate(columns):
            whole[i, j] = row[k] * scale
    return ExactMatrix(whole, None, den)


def admissible_data(
    problem: PenalisedLeastSquares, precision: Precision, change: Change, *, uneven: bool = False
) -> OtherData | None:
    """Return data near to the changed ones that are admissible exactly; None if nothing is left of the change.

    Args:
        problem: the problem with the given data.
        precision: what is known of them.
        change: the change; where radii are those of entries, the signs of its entries and its share.
        uneven: whether each column of X changes by another share, between 63/64 and 1, so that ties are broken.
    """
    columns = [int(j) for j in change.columns]
    given = [fmpq(a, problem.data.den) for a in problem.data.re.entries()]
    part, bounds = float_exactly(change.share), list[fmpq]()
    if precision.data.entries is not None:
        bounds = [precision.data.entry(i, 0) * part for i in range(problem.rows)]
    new_data = _towards(given, change.data, precision.data, bounds, 1)
    matrix = None
    if columns:
        count, radius = len(columns), precision.matrix
        shares = [fmpq(64 * count - k, 64 * count) if uneven else fmpq(1) for k in range(count)]
        steps = change.matrix * np.array([int(a.p) / int(a.q) for a in shares])
        old = [fmpq(a, problem.matrix.den) for a in problem.matrix.columns(columns).re.entries()]
        bounds = []
        if radius.entries is not None:
            pairs = list(zip(columns, shares, strict=True))
            bounds = [radius.entry(i, j) * (share * part) for i in range(problem.rows) for j, share in pairs]
        matrix, columns = _without_same(old, _towards(old, steps.ravel(), radius, bounds, count), columns)
    data = None if all(a == b for a, b in zip(given, new_data, strict=True)) else _matrix(new_data, 1)
    return None if matrix is None and data is None else OtherData(tuple(columns), matrix, data)


def _without_same(old: list[fmpq], new: list[fmpq], columns: list[int]) -> tuple[ExactMatrix | None, list[int]]:
    count = len(columns)
    kept = [k for k in range(count) if old[k::count] != new[k::count]]
    if not kept:
        return None, []
    entries = [new[i + k] for i in range(0, len(new), count) for k in kept]
    return _matrix(entries, len(kept)), [columns[k] for k in kept]


def _matrix(entries: Sequence[fmpq], cols: int) -> ExactMatrix:
    numerators, den = over_one_denominator(list(entries))
    return ExactMatrix(fmpz_mat(len(entries) // cols, cols, numerators), None, int(den))


def _towards(given: list[fmpq], steps: Array, radius: Radius, bounds: Sequence[fmpq], cols: int) -> list[fmpq]:
    """Return the given numbers, moved by about these steps; by their bounds where these are known one by one."""
    if radius.nothing or not np.any(steps):
        return given
    if radius.entries is None:
        return _within_norm(given, steps, radius, cols)
    return [
        a if step == 0 else _moved(a, bound, 1 if step > 0 else -1)
        for a, step, bound in zip(given, steps.tolist(), bounds, strict=True)
    ]


def _moved(given: fmpq, radius: fmpq, sign: int) -> fmpq:
    """Return a number within the radius of a given one, on one side of it and near the end."""
    if radius == 0:
        return given
    end = given + radius * sign
    found = _nearest(end)
    if found is not None and abs(found - given) > radius:
        found = float_exactly(math.nextafter(int(found.p) / int(found.q), -sign * math.inf))
    if found is not None and (found - given) * sign > 0 and abs(found - end) * _LOST <= radius:
        return found
    bits = _FINE + int(radius.q).bit_length() - int(radius.p).bit_length()
    unit = power_of_two(-bits)
    steps = end / unit
    return fmpq(steps.p // steps.q if sign > 0 else -(-steps.p // steps.q)) * unit


def _nearest(value: fmpq) -> fmpq | None:
    """Return the float64 nearest to a number, if there is one."""
    try:
        return float_exactly(int(value.p) / int(value.q))
    except (OverflowError, ValueError):
        return None


def _within_norm(given: list[fmpq], steps: Array, radius: Radius, cols: int) -> list[fmpq]:
    norm = radius.norm
    if norm is None:
        raise DataError("this array is known entry by entry, not by its norm")
    for factor in (1 - 2.0**-_SPARE, 1 - 2.0**-10, 0.5):
        new = _rounded(given, steps * factor, norm)
        changes = _matrix([b - a for a, b in zip(given, new, strict=True)], cols)
        if spectral_at_most(changes, norm):
            return new
    return given


def _rounded(given: list[fmpq], steps: Array, norm: fmpq) -> list[fmpq]:
    """Return the given numbers moved by these steps, rounded to much less than the norm."""
    finest = norm * power_of_two(-_SPARE - 3) / (math.isqrt(len(given)) + 1)
    moved = [a + float_exactly(step) for a, step in zip(given, steps.tolist(), strict=True)]
    floats = [_nearest(a) for a in moved]
    if all(b is not None and abs(b - a) <= finest for a, b in zip(moved, floats, strict=True)):
        return [b if b is not None and step else a for a, b, step in zip(given, floats, steps.tolist(), strict=True)]
    bits = int(finest.q).bit_length() - int(finest.p).bit_length() + 1
    unit = power_of_two(-bits)
    whole = [float_exactly(step) / unit for step in steps.tolist()]
    return [a + fmpq(s.p // s.q) * unit for a, s in zip(given, whole, strict=True)]


def is_admissible(problem: PenalisedLeastSquares, precision: Precision, other: OtherData) -> bool:
    """Decide whether data are within a precision of the given ones; a spectral norm near its bound may be refused."""
    differences: list[tuple[ExactMatrix, Radius, Sequence[int]]] = []
    if other.matrix is not None:
        differences.append((other.matrix - problem.matrix.columns(other.columns), precision.matrix, other.columns))
    if other.data is not None:
        differences.append((other.data - problem.data, precision.data, (0,)))
    for change, radius, columns in differences:
        if radius.norm is not None:
            if not spectral_at_most(change, radius.norm):
                return False
        elif any(
            abs(fmpq(a, change.den)) > radius.entry(i, j)
            for i, row in enumerate(change.re.tolist())
            for a, j in zip(row, columns, strict=True)
        ):
            return False
    return True


def spectral_at_most(change: ExactMatrix, norm: fmpq) -> bool:
    """Show that the spectral norm of a real matrix is at most a number; False may be wrong where it is nearly that.

    By the sum of squares; else by a Cholesky factor R of (1 - 2^-23) I - D^T D / norm², found in float64, if what it
    misses, known exactly, is at most 2^-23.
    """
    total = sum((a * a for a in change.re.entries()), fmpz(0))
    if fmpq(total, change.den * change.den) <= norm * norm:
        return True
    if norm == 0:
        return False
    matrix = change.re if change.rows >= change.cols else change.re.transpose()
    size = int(matrix.ncols())
    gram = matrix.transpose() * matrix
    bits = 60
    unit = (norm * change.den) ** 2 / power_of_two(2 * bits)
    wanted = [[-(a * unit.q // unit.p) for a in row] for row in gram.tolist()]
    one = 1 << 2 * bits
    for k in range(size):
        wanted[k][k] += one - (one >> _SHIFT)
    try:
        floats = np.array([[int(a) / one for a in row] for row in wanted])
        factor = np.linalg.cholesky(floats)
    except (OverflowError, np.linalg.LinAlgError):
        return False
    numerators = [int(a) for a in np.rint(np.ldexp(factor, bits)).ravel().tolist()]
    root = fmpz_mat(size, size, numerators)
    missed = sum((a * a for a in (fmpz_mat(wanted) - root * root.transpose()).entries()), fmpz(0))
    # each entry of the quotient was rounded by less than a unit
    return bool(missed <= ((one >> _SHIFT) - size) ** 2)

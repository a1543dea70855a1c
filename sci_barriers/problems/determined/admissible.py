"""Changes of data made exact: rounded towards the given data, so that they are admissible for certain.

An entry becomes a float64 where that loses little of its radius, so that a user can open the data; else a dyadic
number, or one that differs from the given entry by a dyadic number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from flint import fmpq, fmpz, fmpz_mat

from exact_base.errors import DataError
from exact_base.matrices import ExactMatrix, exact_matrix
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
    columns, part = [int(j) for j in change.columns], float_exactly(change.share)
    new_data = _towards(problem.data, change.data, precision.data, [0], [part])
    matrix = None
    if columns:
        count = len(columns)
        shares = [part * fmpq(64 * count - k, 64 * count) if uneven else part for k in range(count)]
        steps = change.matrix * np.array([int(a.p) / int(a.q) for a in shares]) / change.share
        given = problem.matrix.columns(columns)
        matrix, columns = _without_same(given, _towards(given, steps, precision.matrix, columns, shares), columns)
    data = None if new_data == problem.data else new_data
    return None if matrix is None and data is None else OtherData(tuple(columns), matrix, data)


def _without_same(given: ExactMatrix, new: ExactMatrix, columns: list[int]) -> tuple[ExactMatrix | None, list[int]]:
    """Return the columns that are not the given ones."""
    change = (new - given).re.transpose().tolist()
    kept = [k for k, entries in enumerate(change) if any(a != 0 for a in entries)]
    if not kept:
        return None, []
    return new if len(kept) == len(columns) else new.columns(kept), [columns[k] for k in kept]


def _towards(
    given: ExactMatrix, steps: Array, radius: Radius, columns: Sequence[int], shares: Sequence[fmpq]
) -> ExactMatrix:
    """Return a matrix moved by about these steps; by shares of the radii, one a column, where these are of entries.

    `columns` are those of the radii.
    """
    if radius.nothing or not np.any(steps):
        return given
    if radius.entries is None:
        return _within_norm(given, steps.ravel().tolist(), radius)
    numerators, den, count = [int(a) for a in given.re.entries()], int(given.den), given.cols
    signs = np.sign(steps).astype(int).ravel().tolist()
    moved: list[Fraction | float] = []
    bounds: list[tuple[int, int]] = []
    for i in range(given.rows):
        if radius.entries.rows > 1 or not i:
            exact = [radius.entry(i, j) * share for j, share in zip(columns, shares, strict=True)]
            bounds = [(int(bound.p), int(bound.q)) for bound in exact]
        line = slice(i * count, (i + 1) * count)
        for a, bound, sign in zip(numerators[line], bounds, signs[line], strict=True):
            moved.append(_moved(a, den, bound, sign))
    return _matrix(moved, count)


def _matrix(entries: Sequence[Fraction | float], cols: int) -> ExactMatrix:
    rows = len(entries) // cols
    if all(isinstance(a, float) for a in entries):
        return exact_matrix(np.array(entries).reshape(rows, cols))
    numerators, den = over_one_denominator([fmpq(*a.as_integer_ratio()) for a in entries])
    return ExactMatrix(fmpz_mat(rows, cols, numerators), None, int(den))


def _moved(num: int, den: int, bound: tuple[int, int], sign: int) -> Fraction | float:
    """Return a number within a bound of num/den, on one side of it and near the end; a float64 if one is near."""
    top, bottom = bound
    if not sign or not top:
        return _as_float(num, den)
    end, end_den = num * bottom + sign * top * den, den * bottom
    try:
        found = end / end_den
    except OverflowError:
        return Fraction(end, end_den)
    p, q = found.as_integer_ratio()
    if abs(p * den - num * q) * bottom > top * q * den:
        found = math.nextafter(found, -sign * math.inf)
        p, q = found.as_integer_ratio()
    if (p * den - num * q) * sign > 0 and abs(p * end_den - end * q) * bottom * _LOST <= top * q * end_den:
        return found
    bits = max(0, _FINE + bottom.bit_length() - top.bit_length())
    steps = (end << bits) // end_den if sign > 0 else -((-end << bits) // end_den)
    return Fraction(steps, 1 << bits)


def _as_float(num: int, den: int) -> Fraction | float:
    """Return a number as a float64 if it is one."""
    try:
        found = num / den
    except OverflowError:
        return Fraction(num, den)
    p, q = found.as_integer_ratio()
    return found if p * den == num * q else Fraction(num, den)


def _within_norm(given: ExactMatrix, steps: list[float], radius: Radius) -> ExactMatrix:
    norm = radius.norm
    if norm is None:
        raise DataError("this array is known entry by entry, not by its norm")
    for factor in (1 - 2.0**-_SPARE, 1 - 2.0**-10, 0.5):
        new = _rounded(given, [step * factor for step in steps], norm)
        if spectral_at_most(new - given, norm):
            return new
    return given


def _rounded(given: ExactMatrix, steps: list[float], norm: fmpq) -> ExactMatrix:
    """Return a matrix moved by these steps, rounded to much less than the norm; to float64 where that does."""
    numerators, den = [int(a) for a in given.re.entries()], int(given.den)
    finest = norm * power_of_two(-_SPARE - 3) / (math.isqrt(len(steps)) + 1)
    pairs = list(zip(numerators, [step.as_integer_ratio() for step in steps], strict=True))
    moved = [_as_nearest(a * q + p * den, den * q) if p else _as_float(a, den) for a, (p, q) in pairs]
    limit = math.nextafter(_about(finest), 0)
    floats = [a for a in moved if isinstance(a, float) and math.ulp(a) <= limit]
    if len(floats) == len(moved):
        return _matrix(floats, given.cols)
    bits = max(0, int(finest.q).bit_length() - int(finest.p).bit_length() + 1)
    entries = [(a << bits) + (p << bits) // q * den for a, (p, q) in pairs]
    return ExactMatrix(fmpz_mat(given.rows, given.cols, entries), None, den << bits)


def _about(value: fmpq) -> float:
    try:
        return int(value.p) / int(value.q)
    except OverflowError:
        return math.inf


def _as_nearest(num: int, den: int) -> Fraction | float:
    """Return the float64 nearest to a number, if it is not too large."""
    try:
        return num / den
    except OverflowError:
        return Fraction(num, den)


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

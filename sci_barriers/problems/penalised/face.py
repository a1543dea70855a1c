"""All minimisers of penalised least squares: the nearest to given coefficients, and whether there is more than one.

From one minimiser x with slopes g, and E where |g_j| = μ_j, the minimisers are the z with z = 0 off E, Zz = Zx,
z_j = x_j where κ_j > 0, and z_j of the sign of g_j, or free (docs/theory.md, "Penalised least squares"). So only the
part E' of E without ridge can move, along the dependences of its columns. Everything here is done in the integer units
w of `integers`, on E'; a place is a position in E'.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flint import fmpq, fmpq_mat, fmpz, fmpz_mat

from exact_base.errors import BudgetError, DataError, SolverError
from exact_base.matrices import ExactMatrix
from exact_base.reprs import short_repr
from sci_barriers.problems.penalised.active_set import Walk
from sci_barriers.problems.penalised.dependences import Dependences, dependences, independent_columns, rows_of_minor
from sci_barriers.problems.penalised.exact_forms import PRIME, DenseForm
from sci_barriers.problems.penalised.problem import column, entries_of, over_one_denominator
from sci_barriers.problems.penalised.solving import Solution

__all__ = ["Nearest", "nearest", "rows_of_only"]

_MOST_PIVOTS = 10_000
_MOST_COLUMNS = 2_000
_MOST_BITS = 2_048
_MOST_BITS_OF_ALL = 1 << 19  # where columns are few; with 70 columns it takes some seconds
_DEFECT = "the set of minimisers is described inconsistently; this is a defect, please report it"


@short_repr()
@dataclass(frozen=True, eq=False)
class Nearest:
    """The minimiser nearest to some coefficients, over the features, with what proves that.

    Attributes:
        point: v, shape (N, 1), in the units of the columns of X.
        unique: "yes" if the rows show that there is one minimiser only, "no" if `other` is another one, else "open".
        rows: rows of a minor of the columns of E' that is not zero modulo 2^61 - 1, if there is one, else None.
        multiplier: q, shape (m, 1), unless `unique` is "yes".
        other: v of another minimiser, if one was found.
    """

    point: ExactMatrix
    unique: str
    rows: tuple[int, ...] | None
    multiplier: ExactMatrix | None
    other: ExactMatrix | None


def nearest(solution: Solution, coefficients: ExactMatrix) -> Nearest:
    """Return the minimiser nearest to coefficients x, shape (N, 1), exactly, and whether it is the only one.

    Raises:
        DataError: if the coefficients do not have the length N, or are not real.
        BudgetError: if too many columns depend on each other.

    >>> from exact_base.matrices import exact_column
    >>> from sci_barriers.problems.penalised.face import nearest
    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, entries_of
    >>> from sci_barriers.problems.penalised.solving import minimise
    >>> problem = PenalisedLeastSquares.of([[1, 1], [1, 1]], [2, 2], penalties=[1, 1])
    >>> found = nearest(minimise(problem), exact_column(["3/4", 1]))
    >>> found.unique, [str(v) for v in entries_of(found.point)]
    ('no', ['3/4', '1'])
    """
    size = solution.problem.size
    if (coefficients.rows, coefficients.cols) != (size, 1) or not coefficients.is_real:
        raise DataError(
            f"the coefficients must be a real column of {size}, got {coefficients.rows} x {coefficients.cols}"
        )
    face = _Face(solution)
    rows = face.rows()
    if rows is not None:
        return Nearest(solution.point, "yes", rows, None, None)
    fills = face.filling_columns()
    other: list[fmpq] | None
    if fills is not None:
        point, multiplier, other = face.affine(entries_of(coefficients), fills)
    else:
        point, multiplier = face.projection(entries_of(coefficients))
        other = face.another(point)
    return Nearest(
        face.completed(point),
        "open" if other is None else "no",
        None,
        multiplier,
        None if other is None else face.completed(other),
    )


def rows_of_only(solution: Solution) -> tuple[int, ...] | None:
    """Return rows of a minor of the columns of E' that is not zero modulo 2^61 - 1, if there is one.

    It shows that there is one minimiser only.

    >>> from sci_barriers.problems.penalised.face import rows_of_only
    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
    >>> from sci_barriers.problems.penalised.solving import minimise
    >>> [rows_of_only(minimise(PenalisedLeastSquares.of(X, [2], penalties=[1] * len(X[0])))) for X in ([[1]], [[1, 1]])]
    [(0,), None]
    """
    return _Face(solution).rows()


class _Face:
    """The minimisers, by their w on E'; vectors have one entry for each place."""

    def __init__(self, solution: Solution) -> None:
        self.solution = solution
        self.problem, self.integers = solution.problem, solution.integers
        self.free_part = [j for j in solution.active if self.integers.ridge[j] == 0]
        self.columns = [self.integers.columns[j] for j in self.free_part]
        self.signs = [solution.directions[j] for j in self.free_part]
        own = entries_of(solution.point)
        f, f0 = self.integers.factors, self.integers.data_factor
        self.start = [own[j] * f[j] / f0 for j in self.free_part]
        s = self.problem.scale_entries
        # x_j = unit_j w_j for features; the intercept has no part in distances
        self.units = [s[j] * f0 / f[j] if j < self.problem.features else fmpq(0) for j in self.free_part]

    def rows(self) -> tuple[int, ...] | None:
        """Return rows of a minor that is not zero modulo the prime, if there are any.

        In a certificate the columns stand with their common factors, over the denominator of X and the centres, and one
        may be a multiple of the prime there.
        """
        centres = self.problem.centres
        den = math.lcm(self.problem.matrix.den, 1 if centres is None else centres.den)
        if any((self.integers.factors[j] * den).p % PRIME == 0 for j in self.free_part):
            return None
        return rows_of_minor(self.columns, PRIME)

    def completed(self, values: Sequence[fmpq]) -> ExactMatrix:
        """Return v of all coefficients."""
        result = entries_of(self.solution.point)
        for j, w in zip(self.free_part, values, strict=True):
            result[j] = w * self.integers.data_factor / self.integers.factors[j]
        return column(result)

    def aims(self, coefficients: Sequence[fmpq]) -> list[fmpq]:
        """Return the coefficients of the features of E', and 0 for the intercept."""
        return [coefficients[j] if unit != 0 else fmpq(0) for j, unit in zip(self.free_part, self.units, strict=True)]

    def dependences(self, places: Sequence[int]) -> Dependences:
        """Return how the columns of some places depend on each other."""
        if len(places) > _MOST_COLUMNS:
            raise BudgetError(
                f"{len(places):,} coefficients can differ between minimisers, too many to decide which is nearest; "
                "leave out columns that are combinations of others, or add a ridge penalty"
            )
        return dependences(self.integers.form, [self.free_part[k] for k in places]).at(places)

    # --- the nearest where signs count -----------------------------------------------------------

    def projection(self, coefficients: Sequence[fmpq]) -> tuple[list[fmpq], ExactMatrix]:
        """Return w of the minimiser nearest to coefficients, and the multiplier q that shows it."""
        found, aims = self.dependences(range(len(self.free_part))), self.aims(coefficients)
        point, pressures = self._nearest(found, aims)
        # B^T q f_0 = unit·(c - x) + σλ on E'
        wanted = [
            unit * (aim - unit * w) + sign * pressure
            for unit, aim, w, sign, pressure in zip(self.units, aims, point, self.signs, pressures, strict=True)
        ]
        return point, self._multiplier(found, wanted)

    def _nearest(self, found: Dependences, aims: Sequence[fmpq]) -> tuple[list[fmpq], list[fmpq]]:
        """Return w nearest to w_j = aim_j / unit_j, and the pressures λ >= 0 of the signs, zero where w is not."""
        point, pressures = list(self.start), [fmpq(0)] * len(self.free_part)
        for vectors in found.parts():
            self._move(vectors, aims, point, pressures)
        return point, pressures

    def _move(
        self, vectors: Sequence[Mapping[int, fmpq]], aims: Sequence[fmpq], point: list[fmpq], pressures: list[fmpq]
    ) -> None:
        """Do this for the places of these vectors, which no other vectors have.

        With w = start + Kt, K the vectors, it minimises ½ t^T M t - f^T t, M = K^T diag(unit²) K, with σw >= 0. The
        dual, ½ λ^T H λ - h^T λ with H = C M^-1 C^T, C = diag(σ) K, is again what the active-set method solves.
        """
        places = sorted({k for vector in vectors for k in vector})
        along = fmpq_mat([[vector.get(k, fmpq(0)) for vector in vectors] for k in places])
        mass = along.transpose() * _scaled_rows(along, [self.units[k] ** 2 for k in places])
        gaps = [self.units[k] * (aims[k] - self.units[k] * self.start[k]) for k in places]
        middle = mass.solve(along.transpose() * fmpq_mat(len(places), 1, gaps))
        signed = [i for i, k in enumerate(places) if self.signs[k]]
        if signed:
            rows = along.tolist()
            signs = [fmpq(self.signs[places[i]]) for i in signed]
            constraints = _scaled_rows(fmpq_mat([rows[i] for i in signed]), signs)
            answers = mass.solve(constraints.transpose())
            rooms = (constraints * middle).entries()
            starts = (sign * self.start[places[i]] for i, sign in zip(signed, signs, strict=True))
            values = _pressures(constraints * answers, [-a - b for a, b in zip(rooms, starts, strict=True)])
            middle = middle + answers * fmpq_mat(len(signed), 1, [values.get(i, fmpq(0)) for i in range(len(signed))])
            for number, value in values.items():
                pressures[places[signed[number]]] = value
        for k, change in zip(places, (along * middle).entries(), strict=True):
            point[k] = self.start[k] + change

    def _multiplier(self, found: Dependences, wanted: Sequence[fmpq]) -> ExactMatrix:
        """Return q, zero except on rows of a minor, with B^T q f_0 as wanted on E'."""
        rows = rows_of_minor([self.columns[k] for k in found.basis], found.prime)
        if rows is None:
            raise SolverError(_DEFECT)
        result = [fmpq(0)] * self.problem.rows
        if rows:
            right, den = over_one_denominator([wanted[k] / self.integers.data_factor for k in found.basis])
            solution = self._matrix(found.basis, rows).solve(fmpz_mat(len(right), 1, right)).entries()
            numerators, bottom = over_one_denominator([value / den for value in solution])
            given = self._matrix(range(len(wanted)), rows) * fmpz_mat(len(rows), 1, numerators)
            unit = self.integers.data_factor / bottom
            if any(a * unit != b for a, b in zip(given.entries(), wanted, strict=True)):
                raise SolverError(_DEFECT)
            for i, value in zip(rows, numerators, strict=True):
                result[i] = fmpq(value, bottom)
        return column(result)

    def _matrix(self, places: Sequence[int], rows: Sequence[int]) -> fmpz_mat:
        """Return the transpose of B at these places and rows."""
        return fmpz_mat(len(places), len(rows), [self.columns[k][i] for k in places for i in rows])

    def another(self, point: Sequence[fmpq]) -> list[fmpq] | None:
        """Return another minimiser than this one, or None if it is the only one, decided exactly.

        Where a dependence of columns can change in both directions, the point moves along it. Else the columns that can
        are independent; then the minimiser nearest to the point with 1 added, in the direction of its sign, to each
        coefficient that is zero and has a sign, is another one exactly if there is one: if it is the point, no
        minimiser has larger ones, and so none differs.
        """
        size = len(self.free_part)
        found = self.dependences([k for k in range(size) if not self.signs[k] or point[k] != 0])
        if found.vectors:
            return self._along(point, found.vectors[0])
        if len(found.basis) == size:
            return None
        aims = [
            unit * (w + (sign if w == 0 else 0)) for unit, w, sign in zip(self.units, point, self.signs, strict=True)
        ]
        moved, _ = self._nearest(self.dependences(range(size)), aims)
        return moved if any(a != b for a, b in zip(moved, point, strict=True)) else None

    def _along(self, point: Sequence[fmpq], step: Mapping[int, fmpq]) -> list[fmpq]:
        """Return the point moved along a dependence, half as far as until a sign is lost, or by 1."""
        lengths = [-point[k] / (2 * by) for k, by in step.items() if self.signs[k] and by * self.signs[k] < 0]
        length = min(lengths, default=fmpq(1))
        return [w + step.get(k, fmpq(0)) * length for k, w in enumerate(point)]

    # --- the nearest in an affine space of all dimensions that there can be --------------------------

    def filling_columns(self) -> list[int] | None:
        """Return places of independent columns, as many as rows, if E' has them, more columns, and no signs; else None.

        Then the minimisers are all z on E' that fit, and a system of the size of the rows gives the nearest: there may
        be many more columns than `dependences` could look at.
        """
        if any(self.signs) or len(self.free_part) <= self.problem.rows:
            return None
        basis = independent_columns(self.columns, PRIME)
        return basis if len(basis) == self.problem.rows else None

    def affine(self, coefficients: Sequence[fmpq], basis: Sequence[int]) -> tuple[list[fmpq], ExactMatrix, list[fmpq]]:
        """Return w of the nearest minimiser, the multiplier, and w of another one.

        With w_j = (aim_j + (B^T p)_j / unit_j) / unit_j for features and w_0 = start_0 + δ, it solves for p and δ

            Σ B_j (B^T p)_j / unit_j² + B_0 δ = Σ B_j (start_j - aim_j / unit_j),   B_0^T p = 0,

        sums over features; q = -p / f_0.
        """
        rows, size = range(self.problem.rows), range(len(self.free_part))
        features = [k for k in size if self.units[k] != 0]
        rest = [k for k in size if self.units[k] == 0]
        inverses, den = over_one_denominator([1 / self.units[k] ** 2 for k in features])
        bits = den.bit_length()
        if bits > _MOST_BITS and bits * len(features) > _MOST_BITS_OF_ALL:
            raise BudgetError(
                f"{len(features):,} coefficients with scales of their own can differ between minimisers, too many to "
                "decide which is nearest; scale the columns before, or add a ridge penalty"
            )
        transpose = self._matrix(features, rows)
        weighted = fmpz_mat(
            len(features),
            len(rows),
            [a * by for k, by in zip(features, inverses, strict=True) for a in self.columns[k]],
        )
        system = [
            [*row, *(self.columns[k][i] for k in rest)]
            for i, row in enumerate((transpose.transpose() * weighted).tolist())
        ]
        system += [[*self.columns[k], *(fmpz(0) for _ in rest)] for k in rest]
        aims = self.aims(coefficients)
        gaps, gap_den = over_one_denominator([self.start[k] - aims[k] / self.units[k] for k in features])
        right = (transpose.transpose() * fmpz_mat(len(features), 1, gaps)).entries() + [0 for _ in rest]
        # of p/den and δ/den, times the denominator of the gaps
        solution = fmpz_mat(system).solve(fmpz_mat(len(right), 1, right)).entries()
        numerators, bottom = over_one_denominator([value * den / gap_den for value in solution[: len(rows)]])
        point = list(self.start)
        for k, value in zip(features, (transpose * fmpz_mat(len(rows), 1, numerators)).entries(), strict=True):
            point[k] = (aims[k] + fmpq(value, bottom) / self.units[k]) / self.units[k]
        for k, value in zip(rest, solution[len(rows) :], strict=True):
            point[k] = self.start[k] + value / gap_den
        multiplier = column([-fmpq(a, bottom) / self.integers.data_factor for a in numerators])
        outside = next(k for k in size if k not in set(basis))
        right_side = fmpz_mat(len(rows), 1, self.columns[outside])
        combination = self._matrix(basis, rows).transpose().solve(right_side).entries()
        step = {k: -a for k, a in zip(basis, combination, strict=True)} | {outside: fmpq(1)}
        return point, multiplier, self._along(point, step)


def _pressures(matrix: fmpq_mat, linear: Sequence[fmpq]) -> Mapping[int, fmpq]:
    """Return λ >= 0 that minimises ½ λ^T H λ - h^T λ."""
    integers, den = matrix.numer_denom()
    right, right_den = over_one_denominator([h * den for h in linear])
    count = len(linear)
    form = DenseForm(integers, right, [fmpq(0)] * count, range(count))
    walk = Walk(form, {}, {}, most=_MOST_PIVOTS).run()
    return {k: value / right_den for k, value in walk.values.items()}


def _scaled_rows(matrix: fmpq_mat, factors: Sequence[fmpq]) -> fmpq_mat:
    entries = [factor * entry for factor, row in zip(factors, matrix.tolist(), strict=True) for entry in row]
    return fmpq_mat(matrix.nrows(), matrix.ncols(), entries)

"""All minimisers of penalised least squares: the nearest to given coefficients, and whether there is more than one.

From one minimiser x with slopes g, and E where |g_j| = μ_j, the minimisers are the z with z = 0 off E, Zz = Zx,
z_j = x_j where κ_j > 0, and z_j of the sign of g_j, or free (docs/theory.md, "Penalised least squares"). So only the
part E' of E without ridge can move, along the dependences of its columns. Everything here is done in the integer units
w of `integers`, on E'.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flint import fmpq, fmpq_mat, fmpz_mat, nmod_mat

from exact_base.errors import BudgetError, DataError, SolverError
from exact_base.matrices import ExactMatrix
from exact_base.reprs import short_repr
from sci_barriers.problems.penalised.active_set import Walk
from sci_barriers.problems.penalised.exact_forms import PRIME, DenseForm, over_one_denominator
from sci_barriers.problems.penalised.problem import column, entries_of
from sci_barriers.problems.penalised.solving import Solution

__all__ = ["Nearest", "nearest"]

_PRIMES = (PRIME, (1 << 62) - 57, (1 << 62) - 87)
_MOST_PIVOTS = 10_000
_MOST_ENTRIES = 4_000_000
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
    rows = face.minor_rows()
    if rows is not None:
        return Nearest(solution.point, "yes", rows, None, None)
    point, multiplier = face.projection(entries_of(coefficients))
    other = face.another(point)
    return Nearest(
        face.completed(point),
        "open" if other is None else "no",
        None,
        multiplier,
        None if other is None else face.completed(other),
    )


@dataclass(frozen=True)
class _Dependences:
    """On E': the columns `basis` are independent, and column `rest[k]` is Σ matrix[i, k]·column `basis[i]`."""

    basis: list[int]
    rest: list[int]
    matrix: fmpq_mat
    prime: int

    def along(self, size: int) -> fmpq_mat:
        """Return the null vectors as columns, shape (size, number of `rest`)."""
        result = fmpq_mat(size, len(self.rest))
        for i, k in enumerate(self.basis):
            for j in range(len(self.rest)):
                result[k, j] = -self.matrix[i, j]
        for j, k in enumerate(self.rest):
            result[k, j] = fmpq(1)
        return result


class _Face:
    """The minimisers, by their w on E'; vectors have one entry for each index of E'."""

    def __init__(self, solution: Solution) -> None:
        self.solution = solution
        self.problem, self.integers = solution.problem, solution.integers
        self.form = self.integers.form
        self.free_part = [j for j in solution.active if self.integers.ridge[j] == 0]
        self.signs = [solution.directions[j] for j in self.free_part]
        own = entries_of(solution.point)
        f, f0 = self.integers.factors, self.integers.data_factor
        self.start = [own[j] * f[j] / f0 for j in self.free_part]
        s = self.problem.scale_entries
        # x_j = unit_j w_j for features; the intercept has no part in distances
        self.units = [s[j] * f0 / f[j] if j < self.problem.features else fmpq(0) for j in self.free_part]

    def completed(self, values: Sequence[fmpq]) -> ExactMatrix:
        """Return v of all coefficients."""
        result = entries_of(self.solution.point)
        for j, w in zip(self.free_part, values, strict=True):
            result[j] = w * self.integers.data_factor / self.integers.factors[j]
        return column(result)

    # --- dependences ---------------------------------------------------------------------------

    def minor_rows(self) -> tuple[int, ...] | None:
        """Return rows on which the columns of E' have a minor that is not zero modulo the prime, if there are any."""
        return self._rows(self.free_part, PRIME) if len(self.free_part) <= self.problem.rows else None

    def _rows(self, columns: Sequence[int], prime: int) -> tuple[int, ...] | None:
        """Return rows of a minor of these columns that is not zero modulo a prime, of the first rows if possible."""
        count, rows = len(columns), self.problem.rows
        if not count:
            return ()
        taken = min(rows, 2 * count + 10)
        while True:
            part = [entry for j in columns for entry in self.integers.columns[j][:taken]]
            reduced, rank = nmod_mat(fmpz_mat(count, taken, part), prime).rref()
            if rank == count:
                return tuple(_pivots(reduced, rank))
            if taken == rows:
                return None
            taken = min(rows, 8 * taken)

    def dependences(self, indices: Sequence[int]) -> _Dependences:
        """Return how columns, given by their places in E', depend on each other, exactly."""
        columns = [self.free_part[k] for k in indices]
        gram = self.form.block(columns, columns)
        table = gram.tolist()
        for prime in _PRIMES:
            reduced, rank = nmod_mat(gram, prime).rref()
            basis = _pivots(reduced, rank)
            rest = sorted(set(range(len(columns))) - set(basis))
            matrix: Any = fmpq_mat(len(basis), len(rest))
            if rest and basis:
                inner = fmpz_mat([[table[i][j] for j in basis] for i in basis])
                matrix = inner.solve(fmpz_mat([[table[i][j] for j in rest] for i in basis]))
            # what is left of the Gram matrix is zero if and only if the columns depend on the basis
            left: Any = fmpq_mat(fmpz_mat(len(rest), len(rest), [table[i][j] for i in rest for j in rest]))
            if basis and rest:
                left = left - fmpq_mat(fmpz_mat([[table[i][j] for j in basis] for i in rest])) * matrix
            if all(entry == 0 for entry in left.entries()):
                return _Dependences([indices[k] for k in basis], [indices[k] for k in rest], matrix, prime)
        raise SolverError(_DEFECT)

    # --- projections ---------------------------------------------------------------------------

    def projection(self, coefficients: Sequence[fmpq]) -> tuple[list[fmpq], ExactMatrix]:
        """Return w of the minimiser nearest to coefficients, and the multiplier q that shows it."""
        found = self.dependences(range(len(self.free_part)))
        aims = [coefficients[j] if unit != 0 else fmpq(0) for j, unit in zip(self.free_part, self.units, strict=True)]
        point, pressures = self._nearest(found, aims)
        # B^T q f_0 = unit·(c - x) + σλ on E'
        wanted = [
            unit * (aim - unit * w) + sign * pressure
            for unit, aim, w, sign, pressure in zip(self.units, aims, point, self.signs, pressures, strict=True)
        ]
        return point, self._multiplier(found, wanted)

    def _nearest(self, found: _Dependences, aims: Sequence[fmpq]) -> tuple[list[fmpq], list[fmpq]]:
        """Return w nearest to w_j = aim_j / unit_j, and the pressures λ >= 0 of the signs, zero where w is not.

        With w = start + Kt, K the null vectors, it minimises ½ t^T M t - f^T t, M = K^T diag(unit²) K, with σw >= 0.
        The dual, ½ λ^T H λ - h^T λ with H = C M^-1 C^T, C = diag(σ) K, is again what the active-set method solves.
        """
        size, free = len(self.free_part), len(found.rest)
        if not free:
            return list(self.start), [fmpq(0)] * size
        if size * free > _MOST_ENTRIES:
            raise BudgetError(
                f"{size:,} coefficients can change along {free:,} dependences of their columns: too many to decide "
                "which minimiser is nearest; leave columns out that are combinations of others, or add a ridge penalty"
            )
        along = found.along(size)
        weighted = _scaled_rows(along, [unit * unit for unit in self.units])
        mass = along.transpose() * weighted
        gaps = [unit * (aim - unit * w) for unit, aim, w in zip(self.units, aims, self.start, strict=True)]
        force = along.transpose() * fmpq_mat(size, 1, gaps)
        signed = [k for k in range(size) if self.signs[k]]
        constraints = _scaled_rows(_rows_of(along, signed), [fmpq(self.signs[k]) for k in signed])
        solved = mass.solve(_beside(force, constraints.transpose()))
        table = solved.tolist()
        middle = [row[0] for row in table]
        pressures = [fmpq(0)] * size
        moved = middle
        if signed:
            answers = fmpq_mat(free, len(signed), [entry for row in table for entry in row[1:]])
            rooms = (constraints * fmpq_mat(free, 1, middle)).entries()
            rooms = [room + self.signs[k] * self.start[k] for room, k in zip(rooms, signed, strict=True)]
            values = _pressures(constraints * answers, [-room for room in rooms])
            lambdas = [values.get(k, fmpq(0)) for k in range(len(signed))]
            shift = (answers * fmpq_mat(len(signed), 1, lambdas)).entries()
            moved = [a + b for a, b in zip(middle, shift, strict=True)]
            for k, value in zip(signed, lambdas, strict=True):
                pressures[k] = value
        step = (along * fmpq_mat(free, 1, moved)).entries()
        return [w + change for w, change in zip(self.start, step, strict=True)], pressures

    def _multiplier(self, found: _Dependences, wanted: Sequence[fmpq]) -> ExactMatrix:
        """Return q, zero except on rows of a minor, with B^T q f_0 as wanted on E'."""
        basis = [self.free_part[k] for k in found.basis]
        rows = self._rows(basis, found.prime)
        if rows is None:
            raise SolverError(_DEFECT)
        columns, f0 = self.integers.columns, self.integers.data_factor
        result = [fmpq(0)] * self.problem.rows
        if rows:
            minor = fmpq_mat(fmpz_mat([[columns[j][i] for i in rows] for j in basis]))
            right = fmpq_mat(len(basis), 1, [wanted[k] / f0 for k in found.basis])
            for i, value in zip(rows, minor.solve(right).entries(), strict=True):
                result[i] = value
        for j, value in zip(self.free_part, wanted, strict=True):
            if sum((columns[j][i] * result[i] for i in rows), fmpq(0)) * f0 != value:
                raise SolverError(_DEFECT)
        return column(result)

    def another(self, point: Sequence[fmpq]) -> list[fmpq] | None:
        """Return another minimiser than this one, or None if it is the only one, decided exactly.

        Where a dependence of columns can change in both directions, the point moves along it. Else the columns that can
        are independent; then the minimiser nearest to the point with 1 added, in the direction of its sign, to each
        coefficient that is zero and has a sign, is another one exactly if there is one: if it is the point, no
        minimiser has larger ones, and so none differs.
        """
        size = len(self.free_part)
        movable = [k for k in range(size) if not self.signs[k] or point[k] != 0]
        found = self.dependences(movable)
        if found.rest:
            return self._along(point, found)
        if len(movable) == size:
            return None
        aims = [
            unit * (w + (sign if w == 0 else 0)) for unit, w, sign in zip(self.units, point, self.signs, strict=True)
        ]
        moved, _ = self._nearest(self.dependences(range(size)), aims)
        return moved if any(a != b for a, b in zip(moved, point, strict=True)) else None

    def _along(self, point: Sequence[fmpq], found: _Dependences) -> list[fmpq]:
        """Return the point moved along a dependence, half as far as a sign is lost, or by 1."""
        step: dict[int, fmpq] = {found.rest[0]: fmpq(1)}
        for i, k in enumerate(found.basis):
            step[k] = -found.matrix[i, 0]
        lengths = [-point[k] / (2 * by) for k, by in step.items() if self.signs[k] and by * self.signs[k] < 0]
        length = min(lengths, default=fmpq(1))
        return [w + step.get(k, fmpq(0)) * length for k, w in enumerate(point)]


def _pressures(matrix: fmpq_mat, linear: Sequence[fmpq]) -> Mapping[int, fmpq]:
    """Return λ >= 0 that minimises ½ λ^T H λ - h^T λ."""
    integers, den = matrix.numer_denom()
    right, right_den = over_one_denominator([h * den for h in linear])
    count = len(linear)
    form = DenseForm(integers, right, [fmpq(0)] * count, range(count))
    walk = Walk(form, {}, {}, most=_MOST_PIVOTS).run()
    return {k: value / right_den for k, value in walk.values.items()}


def _pivots(reduced: nmod_mat, rank: int) -> list[int]:
    """Return the columns of the pivots of a reduced matrix."""
    table = reduced.tolist()
    return [next(j for j, entry in enumerate(table[i]) if int(entry)) for i in range(rank)]


def _rows_of(matrix: fmpq_mat, rows: Sequence[int]) -> fmpq_mat:
    table = matrix.tolist()
    return fmpq_mat(len(rows), matrix.ncols(), [entry for i in rows for entry in table[i]])


def _scaled_rows(matrix: fmpq_mat, factors: Sequence[fmpq]) -> fmpq_mat:
    entries = [factor * entry for factor, row in zip(factors, matrix.tolist(), strict=True) for entry in row]
    return fmpq_mat(matrix.nrows(), matrix.ncols(), entries)


def _beside(left: fmpq_mat, right: fmpq_mat) -> fmpq_mat:
    entries = [entry for a, b in zip(left.tolist(), right.tolist(), strict=True) for entry in [*a, *b]]
    return fmpq_mat(left.nrows(), left.ncols() + right.ncols(), entries)

"""All minimisers of penalised least squares: the nearest to given coefficients, and whether there is more than one.

From one minimiser x with slopes g, and E where |g_j| = μ_j, the minimisers are the z with z = 0 off E, Zz = Zx,
z_j = x_j where κ_j > 0, and z_j of the sign of g_j, or free (docs/theory.md, "Penalised least squares"). So only the
part E' of E without ridge can move, along the dependences of its columns. Everything here is done in the integer units
w of `integers`, on E'.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flint import fmpq, fmpq_mat, fmpz_mat, nmod_mat

from exact_base.errors import BudgetError, DataError, SolverError
from exact_base.matrices import ExactMatrix
from exact_base.reprs import short_repr
from sci_barriers.problems.penalised.active_set import Walk
from sci_barriers.problems.penalised.exact_forms import PRIME, DenseForm
from sci_barriers.problems.penalised.problem import column, entries_of, over_one_denominator
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
    """The columns of some places of E': those of `basis` are independent, the others depend on them.

    Attributes:
        basis: the places of independent columns.
        vectors: for each other place, a vector with 1 there and otherwise on the basis, which the columns take to 0.
        prime: one by which the basis was found.
    """

    basis: list[int]
    vectors: list[dict[int, fmpq]]
    prime: int

    def parts(self) -> list[list[dict[int, fmpq]]]:
        """Return the vectors in groups: those of several groups have no place in common."""
        groups: list[tuple[set[int], list[dict[int, fmpq]]]] = []
        for vector in self.vectors:
            places, members = set(vector), [vector]
            apart = []
            for group in groups:
                if group[0].isdisjoint(places):
                    apart.append(group)
                else:
                    places |= group[0]
                    members = group[1] + members
            groups = [*apart, (places, members)]
        return [members for _, members in groups]


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
                return tuple(_pivots(reduced.tolist(), rank))
            if taken == rows:
                return None
            taken = min(rows, 8 * taken)

    def dependences(self, places: Sequence[int]) -> _Dependences:
        """Return how the columns of some places of E' depend on each other, exactly.

        A prime says which are a basis, and what the dependences are modulo it. Where these are those of small
        rationals, as for equal columns and columns that count, the Gram matrix shows that they are right; else they are
        computed.
        """
        columns = [self.free_part[k] for k in places]
        gram = self.form.block(columns, columns)
        for prime in _PRIMES:
            reduced, rank = nmod_mat(gram, prime).rref()
            residues = reduced.tolist()
            basis = _pivots(residues, rank)
            chosen = set(basis)
            rest = [k for k in range(len(columns)) if k not in chosen]
            if not rest:
                return _Dependences([places[k] for k in basis], [], prime)
            matrix = [[_small_rational(int(residues[i][j]), prime) for j in rest] for i in range(rank)]
            if not _shows(gram, basis, rest, matrix):
                matrix = self._solved(columns, basis, rest)
                if not _shows(gram, basis, rest, matrix):
                    continue  # the basis is too small: a minor is a multiple of the prime
            vectors = []
            for j, place in enumerate(rest):
                vector = {places[k]: -matrix[i][j] for i, k in enumerate(basis) if matrix[i][j] != 0}
                vectors.append(vector | {places[place]: fmpq(1)})
            return _Dependences([places[k] for k in basis], vectors, prime)
        raise SolverError(_DEFECT)

    def _solved(self, columns: Sequence[int], basis: Sequence[int], rest: Sequence[int]) -> list[list[fmpq]]:
        """Return how the columns of `rest` would be combinations of those of `basis`."""
        left, right = [columns[k] for k in basis], [columns[k] for k in rest]
        if not left:
            return []
        solution: list[list[fmpq]] = self.form.block(left, left).solve(self.form.block(left, right)).tolist()
        return solution

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
        if len(places) * len(vectors) > _MOST_ENTRIES:
            raise BudgetError(
                f"{len(places):,} coefficients can change along {len(vectors):,} dependences of their columns: too many "
                "to decide which minimiser is nearest; leave out columns that are combinations of others"
            )
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

    def _multiplier(self, found: _Dependences, wanted: Sequence[fmpq]) -> ExactMatrix:
        """Return q, zero except on rows of a minor, with B^T q f_0 as wanted on E'."""
        basis = [self.free_part[k] for k in found.basis]
        rows = self._rows(basis, found.prime)
        if rows is None:
            raise SolverError(_DEFECT)
        result = [fmpq(0)] * self.problem.rows
        if rows:
            right, den = over_one_denominator([wanted[k] / self.integers.data_factor for k in found.basis])
            minor = self._columns_at(basis, rows)
            solution = minor.solve(fmpz_mat(len(right), 1, right)).entries()
            numerators, bottom = over_one_denominator([value / den for value in solution])
            given = self._columns_at(self.free_part, rows) * fmpz_mat(len(rows), 1, numerators)
            unit = self.integers.data_factor / bottom
            if any(a * unit != b for a, b in zip(given.entries(), wanted, strict=True)):
                raise SolverError(_DEFECT)
            for i, value in zip(rows, numerators, strict=True):
                result[i] = fmpq(value, bottom)
        return column(result)

    def _columns_at(self, columns: Sequence[int], rows: Sequence[int]) -> fmpz_mat:
        entries = [self.integers.columns[j][i] for j in columns for i in rows]
        return fmpz_mat(len(columns), len(rows), entries)

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
        if found.vectors:
            return self._along(point, found.vectors[0])
        if len(movable) == size:
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


def _pressures(matrix: fmpq_mat, linear: Sequence[fmpq]) -> Mapping[int, fmpq]:
    """Return λ >= 0 that minimises ½ λ^T H λ - h^T λ."""
    integers, den = matrix.numer_denom()
    right, right_den = over_one_denominator([h * den for h in linear])
    count = len(linear)
    form = DenseForm(integers, right, [fmpq(0)] * count, range(count))
    walk = Walk(form, {}, {}, most=_MOST_PIVOTS).run()
    return {k: value / right_den for k, value in walk.values.items()}


def _pivots(table: Sequence[Sequence[Any]], rank: int) -> list[int]:
    """Return the columns of the pivots of a reduced matrix."""
    return [next(j for j, entry in enumerate(table[i]) if int(entry)) for i in range(rank)]


def _small_rational(residue: int, prime: int) -> fmpq:
    """Return a rational with numerator and denominator below √(prime/2) and this residue, 0 if there is none."""
    limit = math.isqrt(prime // 2)
    before, now, coefficient_before, coefficient = prime, residue, 0, 1
    while now > limit:
        quotient = before // now
        before, now = now, before - quotient * now
        coefficient_before, coefficient = coefficient, coefficient_before - quotient * coefficient
    return fmpq(now, coefficient) if coefficient and abs(coefficient) <= limit else fmpq(0)


def _shows(gram: fmpz_mat, basis: Sequence[int], rest: Sequence[int], matrix: Sequence[Sequence[fmpq]]) -> bool:
    """Decide whether columns of `rest` are these combinations of those of `basis`, by the Gram matrix G of all.

    For a dependence d it is G d = 0; conversely |Bd|² = d^T G d.
    """
    table = gram.tolist()
    wanted = [[row[k] for k in rest] for row in table]
    if not basis:
        return not any(entry != 0 for row in wanted for entry in row)
    numerators, den = fmpq_mat(matrix).numer_denom()
    return bool(fmpz_mat([[row[k] for k in basis] for row in table]) * numerators == fmpz_mat(wanted) * den)


def _scaled_rows(matrix: fmpq_mat, factors: Sequence[fmpq]) -> fmpq_mat:
    entries = [factor * entry for factor, row in zip(factors, matrix.tolist(), strict=True) for entry in row]
    return fmpq_mat(matrix.nrows(), matrix.ncols(), entries)

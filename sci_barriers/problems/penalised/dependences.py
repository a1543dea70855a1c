"""How columns depend on each other, exactly: a prime finds it, and their Gram matrix shows that it is so."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flint import fmpq, fmpq_mat, fmpz, fmpz_mat, nmod_mat

from exact_base.errors import SolverError
from exact_base.reprs import short_repr
from sci_barriers.problems.penalised.exact_forms import PRIME, ExactForm

__all__ = ["PRIMES", "Dependences", "dependences", "independent_columns", "rows_of_minor"]

PRIMES = (PRIME, (1 << 62) - 57, (1 << 62) - 87)


@short_repr()
@dataclass(frozen=True)
class Dependences:
    """Some columns by their places: those of `basis` are independent, the others depend on them.

    Attributes:
        basis: the places of independent columns.
        vectors: for each other place, a vector with 1 there and otherwise on the basis, which the columns take to 0.
        prime: one by which the basis was found.
    """

    basis: list[int]
    vectors: list[dict[int, fmpq]]
    prime: int

    def at(self, places: Sequence[int]) -> Dependences:
        """Return the same where position k is the place places[k]."""
        vectors = [{places[k]: value for k, value in vector.items()} for vector in self.vectors]
        return Dependences([places[k] for k in self.basis], vectors, self.prime)

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


def dependences(form: ExactForm, columns: Sequence[int]) -> Dependences:
    """Return how some columns depend on each other; all places are positions in `columns`.

    A prime says which are a basis, and what the dependences are modulo it. Where these are those of small rationals, as
    for equal columns and columns that count, the Gram matrix shows that they are right; else they are computed.

    Raises:
        SolverError: if all primes are bad, of which no case is known.
    """
    gram = form.block(columns, columns)
    for prime in PRIMES:
        reduced, rank = nmod_mat(gram, prime).rref()
        residues = reduced.tolist()
        basis = _pivots(residues, rank)
        chosen = set(basis)
        rest = [k for k in range(len(columns)) if k not in chosen]
        if not rest:
            return Dependences(basis, [], prime)
        matrix = [[_small_rational(int(residues[i][j]), prime) for j in rest] for i in range(rank)]
        if not _shows(gram, basis, rest, matrix):
            matrix = _solved(form, [columns[k] for k in basis], [columns[k] for k in rest])
            if not _shows(gram, basis, rest, matrix):
                continue  # the basis is too small: a minor is a multiple of the prime
        vectors = []
        for j, place in enumerate(rest):
            vector = {k: -matrix[i][j] for i, k in enumerate(basis) if matrix[i][j] != 0}
            vectors.append(vector | {place: fmpq(1)})
        return Dependences(basis, vectors, prime)
    raise SolverError("how columns depend on each other was not found; this is a defect, please report it")


def rows_of_minor(columns: Sequence[Sequence[fmpz]], prime: int) -> tuple[int, ...] | None:
    """Return rows on which these columns have a minor that is not zero modulo a prime, if there are any.

    They are among the first rows if possible.
    """
    if not columns:
        return ()
    count, rows = len(columns), len(columns[0])
    taken = min(rows, 2 * count + 10)
    while count <= rows:
        part = [entry for column in columns for entry in column[:taken]]
        reduced, rank = nmod_mat(fmpz_mat(count, taken, part), prime).rref()
        if rank == count:
            return tuple(_pivots(reduced.tolist(), rank))
        if taken == rows:
            break
        taken = min(rows, 8 * taken)
    return None


def independent_columns(columns: Sequence[Sequence[fmpz]], prime: int) -> list[int]:
    """Return columns that are independent modulo a prime, as many as there are."""
    entries = [entry for column in columns for entry in column]
    transpose = fmpz_mat(len(columns), len(columns[0]), entries)
    reduced, rank = nmod_mat(transpose.transpose(), prime).rref()
    return _pivots(reduced.tolist(), rank)


def _solved(form: ExactForm, basis: Sequence[int], rest: Sequence[int]) -> list[list[fmpq]]:
    """Return how columns would be combinations of those of `basis`."""
    if not basis:
        return []
    solution: list[list[fmpq]] = form.block(basis, basis).solve(form.block(basis, rest)).tolist()
    return solution


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

"""The exact forms of the active-set method: one with its matrix written out, one through the columns of the data."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

from flint import fmpq, fmpz, fmpz_mat, nmod_mat

from exact_base.errors import SolverError
from sci_barriers.problems.penalised.problem import over_one_denominator

__all__ = ["PRIME", "ColumnForm", "DenseForm", "ExactForm"]

PRIME = (1 << 61) - 1
"""A minor that is not zero modulo this prime is not zero; one that is zero is looked at exactly."""

_LONGEST = 2048
"""Bits of a common multiple of ridge penalties, at most."""


class ExactForm(ABC):
    """½ w^T H w - h^T w + Σ b_j |w_j| with integers in H and h, and rational bounds b."""

    def __init__(self, bounds: Sequence[fmpq], nonnegative: Sequence[int]) -> None:
        """Take the bounds of all indices, and those whose w must be >= 0."""
        self.bounds = list(bounds)
        self.nonnegative = frozenset(nonnegative)
        self.slopes: tuple[list[fmpz], fmpz] = ([], fmpz(1))
        """The slopes h - Hw of all indices when `entering` was asked last, over one denominator."""

    @abstractmethod
    def block(self, rows: Sequence[int], cols: Sequence[int]) -> fmpz_mat:
        """Return H at these rows and columns."""

    @abstractmethod
    def linear(self, support: Sequence[int]) -> list[fmpz]:
        """Return h on a support."""

    @abstractmethod
    def compute_slopes(self, support: list[int], numerators: list[fmpz], den: fmpz) -> list[fmpz]:
        """Return den·(h - Hw) at all indices for w = numerators/den on the support and 0 elsewhere."""

    def is_strict(self, index: int) -> bool:
        """Whether H is positive along all vectors that are not zero at this index, so that no dependence has it."""
        return False

    def is_regular(self, support: Sequence[int]) -> bool:
        """Decide by a prime whether H is regular on a support; False can be wrong, True is right."""
        return not support or nmod_mat(self.block(support, support), PRIME).rank() == len(support)

    def independent(self, support: Sequence[int]) -> list[int]:
        """Return indices of a support, the earlier the better, on which H is regular."""
        loose = [j for j in support if not self.is_strict(j)]
        if self.is_regular(loose):
            return list(support)
        reduced, rank = nmod_mat(self.block(loose, loose), PRIME).rref()
        table = reduced.tolist()
        # of a symmetric matrix, the rows and columns of pivots are regular
        kept = {loose[next(k for k, entry in enumerate(table[i]) if int(entry))] for i in range(rank)}
        return [j for j in support if j in kept or self.is_strict(j)]

    def target(self, signs: Mapping[int, int]) -> list[fmpq]:
        """Return H_SS^-1 (h - σb)_S; H is regular there."""
        support = list(signs)
        tilts, den = over_one_denominator([self.bounds[j] * sign for j, sign in signs.items()])
        right = [h * den - tilt for h, tilt in zip(self.linear(support), tilts, strict=True)]
        solution = self.block(support, support).solve(fmpz_mat(len(right), 1, right))
        return [entry / den for entry in solution.entries()]

    def combination(self, support: Sequence[int], entering: int) -> list[fmpq] | None:
        """Return a with H_SS a = H_Sj if the Schur complement H_jj - H_jS a is zero."""
        loose = [j for j in support if not self.is_strict(j)]
        if self.is_strict(entering) or self.is_regular([*loose, entering]):
            return None
        itself = self.block([entering], [entering])[0, 0]
        column = self.block(loose, [entering])
        combination = self.block(loose, loose).solve(column).entries() if loose else []
        if sum((b * a for b, a in zip(column.entries(), combination, strict=True)), fmpq(0)) != itself:
            return None
        places = dict(zip(loose, combination, strict=True))
        return [places.get(j, fmpq(0)) for j in support]

    def entering(self, values: Mapping[int, fmpq], signs: Mapping[int, int], *, first: bool) -> tuple[int, int] | None:
        """Return the first index, or about the steepest, whose slope exceeds its bound."""
        support = list(values)
        numerators, den = over_one_denominator(list(values.values()))
        slopes = self.compute_slopes(support, numerators, den)
        self.slopes = slopes, den
        best: tuple[int, int] | None = None
        steepest = fmpq(0)
        for j, slope in enumerate(slopes):
            if j in signs or slope == 0 or (slope < 0 and j in self.nonnegative):
                continue
            excess = abs(slope) - self.bounds[j] * den
            if excess > 0:
                direction = 1 if slope > 0 else -1
                if first:
                    return j, direction
                steepness = excess / (math.isqrt(int(self.block([j], [j])[0, 0])) or 1)
                if steepness > steepest:
                    best, steepest = (j, direction), steepness
        return best

    def sign_of(self, index: int, direction: int) -> int:
        """Return the direction, and 0 for what has no bound and may be negative."""
        return direction if self.bounds[index] != 0 or index in self.nonnegative else 0

    def refuse(self, index: int) -> None:
        """Raise: in exact arithmetic no index is refused."""
        raise SolverError("the objective has no minimiser, or this is a defect; please report it")


class DenseForm(ExactForm):
    """A form whose matrix is written out."""

    def __init__(
        self, matrix: fmpz_mat, linear: Sequence[fmpz], bounds: Sequence[fmpq], nonnegative: Sequence[int]
    ) -> None:
        """Take H, h, the bounds, and the indices whose w must be >= 0."""
        super().__init__(bounds, nonnegative)
        self._matrix, self._linear = matrix, list(linear)
        self._table = matrix.tolist()

    def block(self, rows: Sequence[int], cols: Sequence[int]) -> fmpz_mat:
        """Return H at these rows and columns."""
        return fmpz_mat(len(rows), len(cols), [self._table[i][j] for i in rows for j in cols])

    def linear(self, support: Sequence[int]) -> list[fmpz]:
        """Return h on a support."""
        return [self._linear[j] for j in support]

    def compute_slopes(self, support: list[int], numerators: list[fmpz], den: fmpz) -> list[fmpz]:
        """Return den·(h - Hw) at all indices."""
        full = [fmpz(0)] * len(self._linear)
        for j, value in zip(support, numerators, strict=True):
            full[j] = value
        image = self._matrix * fmpz_mat(len(full), 1, full)
        return [h * den - v for h, v in zip(self._linear, image.entries(), strict=True)]


class ColumnForm(ExactForm):
    """H = B^T Ω B + diag(K) and h = B^T Ω β; entries of H are computed for the columns that occur in a support."""

    def __init__(
        self,
        columns: Sequence[list[fmpz]],
        data: list[fmpz],
        weights: list[fmpz] | None,
        ridge: Sequence[fmpz],
        bounds: Sequence[fmpq],
        nonnegative: Sequence[int],
    ) -> None:
        """Take B by its columns, β, Ω (None: ones), K, the bounds, and the indices whose w must be >= 0."""
        super().__init__(bounds, nonnegative)
        self._columns, self._data, self._weights, self._ridge = columns, data, weights, ridge
        self._rows = len(data)
        self._transpose = fmpz_mat(len(columns), self._rows, [entry for column in columns for entry in column])
        self._gram: dict[tuple[int, int], fmpz] = {}
        self._known: list[int] = []
        self._linear = (self._transpose * self._weighted(data)).entries()

    def _weighted(self, vector: list[fmpz]) -> fmpz_mat:
        if self._weights is not None:
            vector = [weight * entry for weight, entry in zip(self._weights, vector, strict=True)]
        return fmpz_mat(self._rows, 1, vector)

    def _stack(self, indices: Sequence[int]) -> fmpz_mat:
        return fmpz_mat(len(indices), self._rows, [entry for j in indices for entry in self._columns[j]])

    def _learn(self, indices: Sequence[int]) -> None:
        """Compute the entries of H at these and all earlier indices."""
        known = set(self._known)
        new = [j for j in dict.fromkeys(indices) if j not in known]
        if not new:
            return
        self._known += new
        if self._weights is None:
            right = self._stack(new)
        else:
            right = fmpz_mat(
                len(new), self._rows, [w * b for j in new for w, b in zip(self._weights, self._columns[j], strict=True)]
            )
        table = (self._stack(self._known) * right.transpose()).tolist()
        for i, row in zip(self._known, table, strict=True):
            for j, entry in zip(new, row, strict=True):
                self._gram[i, j] = self._gram[j, i] = entry
        for j in new:
            self._gram[j, j] += self._ridge[j]

    def block(self, rows: Sequence[int], cols: Sequence[int]) -> fmpz_mat:
        """Return H at these rows and columns."""
        self._learn([*rows, *cols])
        return fmpz_mat(len(rows), len(cols), [self._gram[i, j] for i in rows for j in cols])

    def linear(self, support: Sequence[int]) -> list[fmpz]:
        """Return h on a support."""
        return [self._linear[j] for j in support]

    def is_strict(self, index: int) -> bool:
        """Whether there is a ridge penalty at this index."""
        return bool(self._ridge[index] != 0)

    def target(self, signs: Mapping[int, int]) -> list[fmpq]:
        """Return H_SS^-1 (h - σb)_S, through a system of the size of the rows where that is smaller."""
        loose = sum(1 for j in signs if not self.is_strict(j))
        if len(signs) <= self._rows + loose:
            return super().target(signs)
        common = math.lcm(*{int(self._ridge[j]) for j in signs if self.is_strict(j)}, *map(int, self._weights or ()))
        if common.bit_length() > _LONGEST:
            return super().target(signs)
        return self._target_by_rows(signs, common)

    def _target_by_rows(self, signs: Mapping[int, int], common: int) -> list[fmpq]:
        """Solve for u = Ω(β - Bw) and the w_j without ridge, as K_j w_j = (B^T u)_j - σ_j b_j elsewhere.

        The system is Ω^-1 u + B K^-1 B^T u + B_0 w_0 = β + B K^-1 σb, B_0^T u = σb_0.
        """
        rows = self._rows
        strict = [j for j in signs if self.is_strict(j)]
        loose = [j for j in signs if not self.is_strict(j)]
        inverses = [common // int(self._ridge[j]) for j in strict]
        columns = self._stack(strict)
        weighted = fmpz_mat(
            len(strict), rows, [a * by for j, by in zip(strict, inverses, strict=True) for a in self._columns[j]]
        )
        system = [
            [*row, *(self._columns[j][i] * common for j in loose)] for i, row in enumerate(_product(weighted, columns))
        ]
        for i in range(rows):
            system[i][i] += common if self._weights is None else common // int(self._weights[i])
        system += [[*self._columns[j], *[fmpz(0)] * len(loose)] for j in loose]
        tilts, den = over_one_denominator([self.bounds[j] * sign for j, sign in signs.items()])
        tilt = dict(zip(signs, tilts, strict=True))
        pull = (weighted.transpose() * fmpz_mat(len(strict), 1, [tilt[j] for j in strict])).entries()
        right = [a * den * common + b for a, b in zip(self._data, pull, strict=True)] + [tilt[j] for j in loose]
        solution, bottom = over_one_denominator(fmpz_mat(system).solve(fmpz_mat(len(right), 1, right)).entries())
        along = (columns * fmpz_mat(rows, 1, solution[:rows])).entries()
        found = {
            j: fmpq(a - tilt[j] * bottom, bottom * den * self._ridge[j]) for j, a in zip(strict, along, strict=True)
        }
        found |= {j: fmpq(a, bottom * den) for j, a in zip(loose, solution[rows:], strict=True)}
        return [found[j] for j in signs]

    def compute_slopes(self, support: list[int], numerators: list[fmpz], den: fmpz) -> list[fmpz]:
        """Return den·(B^T Ω (β - Bw) - Kw) at all indices."""
        residual = [entry * den for entry in self._data]
        if support:
            image = self._stack(support).transpose() * fmpz_mat(len(support), 1, numerators)
            residual = [a - b for a, b in zip(residual, image.entries(), strict=True)]
        slopes: list[fmpz] = (self._transpose * self._weighted(residual)).entries()
        for j, value in zip(support, numerators, strict=True):
            slopes[j] -= self._ridge[j] * value
        return slopes


def _product(left: fmpz_mat, right: fmpz_mat) -> list[list[fmpz]]:
    """Return left^T right as rows."""
    return (left.transpose() * right).tolist()

"""A problem of penalised least squares in integers: columns without common factors, and one unit for each of them.

With X - 1c^T, 1 = B diag(f), y = f_0 β and ω = f_ω Ω in coprime integers, v_j = f_0 w_j / f_j and

    F = f_0² f_ω / L · (Σ Ω_i (β - Bw)_i² + Σ K_j w_j² + 2 Σ b_j |w_j|),

where L makes the K_j integers; b_j is what |B^T Ω (β - Bw) - Kw|_j is at most for a minimiser.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from flint import fmpq, fmpz, fmpz_mat
from numpy.typing import NDArray

from exact_base.matrices import ExactMatrix
from exact_base.reprs import short_repr
from sci_barriers.problems.penalised.exact_forms import ColumnForm, DenseForm, ExactForm
from sci_barriers.problems.penalised.float_form import FloatForm
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, entries_of

__all__ = ["IntegerProblem", "centred_columns"]

_TALL = 4
"""Rows for each column from which on the Gram matrix is computed as a whole."""


def centred_columns(problem: PenalisedLeastSquares) -> tuple[list[list[fmpz]], list[fmpq]]:
    """Return B by its columns and f, with [X - 1c^T, 1] = B diag(f)."""
    den = problem.matrix.den
    centres = [fmpq(0)] * problem.features if problem.centres is None else entries_of(problem.centres)
    columns: list[list[fmpz]] = []
    factors: list[fmpq] = []
    for entries, centre in zip(problem.matrix.re.transpose().tolist(), centres, strict=True):
        unit = fmpq(1, den)
        if centre != 0:
            common = math.lcm(den, int(centre.q))
            up, shift = common // den, fmpz(int(centre.p) * (common // int(centre.q)))
            entries = [a * up - shift for a in entries]
            unit = fmpq(1, common)
        content = _content(entries)
        columns.append(entries if content == 1 else [a // content for a in entries])
        factors.append(unit * content)
    if problem.intercept:
        columns.append([fmpz(1)] * problem.rows)
        factors.append(fmpq(1))
    return columns, factors


def _content(entries: list[fmpz]) -> fmpz:
    """Return the greatest common divisor, 1 if all are zero."""
    found = fmpz(0)
    for entry in entries:
        if found == 1:
            break
        found = found.gcd(entry)
    return found if found != 0 else fmpz(1)


def _primitive(vector: ExactMatrix) -> tuple[list[fmpz], fmpq]:
    """Return coprime integers and the factor of a column."""
    entries = vector.re.entries()
    content = _content(entries)
    return [a // content for a in entries], fmpq(content, vector.den)


@short_repr()
@dataclass(frozen=True, eq=False)
class IntegerProblem:
    """A problem in integers.

    Attributes:
        problem: the problem.
        columns: B by its columns.
        factors: f.
        data: β.
        data_factor: f_0.
        weights: Ω times L, or None for ones.
        weight_factor: f_ω / L.
        ridge: K, integers.
        bounds: b.
    """

    problem: PenalisedLeastSquares
    columns: list[list[fmpz]]
    factors: list[fmpq]
    data: list[fmpz]
    data_factor: fmpq
    weights: list[fmpz] | None
    weight_factor: fmpq
    ridge: list[fmpz]
    bounds: list[fmpq]

    @staticmethod
    def of(problem: PenalisedLeastSquares) -> IntegerProblem:
        """Return a problem in integers."""
        columns, factors = centred_columns(problem)
        data, data_factor = _primitive(problem.data)
        weights: list[fmpz] | None = None
        weight_factor = fmpq(1)
        if problem.observation_weights is not None:
            weights, weight_factor = _primitive(problem.observation_weights)
        ridge = [kappa / (f * f * weight_factor) for kappa, f in zip(problem.ridge_entries, factors, strict=True)]
        common = fmpz(math.lcm(*(int(kappa.q) for kappa in ridge)))
        if common != 1:
            weights = [common * w for w in weights or [fmpz(1)] * problem.rows]
            weight_factor = weight_factor / common
        unit = 2 * data_factor * weight_factor
        return IntegerProblem(
            problem,
            columns,
            factors,
            data,
            data_factor,
            weights,
            weight_factor,
            [(kappa * common).p for kappa in ridge],
            [mu / (f * unit) for mu, f in zip(problem.penalty_entries, factors, strict=True)],
        )

    @cached_property
    def form(self) -> ExactForm:
        """The exact form: with all of H where that is small beside the data, else through the columns."""
        nonnegative, size, rows = self.problem.nonnegative, self.problem.size, self.problem.rows
        if rows < _TALL * size:
            return ColumnForm(self.columns, self.data, self.weights, self.ridge, self.bounds, nonnegative)
        columns = fmpz_mat(size, rows, [entry for entries in self.columns for entry in entries])
        weighted, data = columns, self.data
        if self.weights is not None:
            pairs = (zip(self.weights, entries, strict=True) for entries in self.columns)
            weighted = fmpz_mat(size, rows, [weight * entry for pair in pairs for weight, entry in pair])
            data = [weight * entry for weight, entry in zip(self.weights, data, strict=True)]
        gram = columns * weighted.transpose()
        for j, kappa in enumerate(self.ridge):
            gram[j, j] += kappa
        return DenseForm(gram, (columns * fmpz_mat(rows, 1, data)).entries(), self.bounds, nonnegative)

    def in_floats(self) -> tuple[FloatForm, list[fmpq]]:
        """Return a form in float64, in which columns have norm 1 and data at most 1, and the units u: w_j u_j there."""
        roots, most = np.ones(self.problem.rows), fmpz(1)
        if self.weights is not None:
            most = max(self.weights)
            roots = np.sqrt(_floats(self.weights, most))
        data_scale = max(*map(abs, self.data), fmpz(1))
        matrix = np.empty((self.problem.rows, self.problem.size))
        scales = []
        for j, entries in enumerate(self.columns):
            size = max(*map(abs, entries), fmpz(1))
            column = _floats(entries, size) * roots
            below = self.ridge[j] / (fmpq(most) * size * size)
            norm = math.hypot(float(np.linalg.norm(column)), math.sqrt(_nearest(below))) or 1.0
            matrix[:, j] = column / norm
            # a ridge penalty beside which the column is nothing
            unit = fmpq(*norm.as_integer_ratio()) if math.isfinite(norm) else _near_root(below)
            scales.append(fmpq(size) * unit)
        form = FloatForm(
            matrix,
            _floats(self.data, data_scale) * roots,
            np.array([_nearest(k / (s * s * most)) for k, s in zip(self.ridge, scales, strict=True)]),
            np.array([_nearest(b / (s * data_scale * most)) for b, s in zip(self.bounds, scales, strict=True)]),
            self.problem.nonnegative,
        )
        return form, [scale / data_scale for scale in scales]

    def to_point(self, values: dict[int, fmpq]) -> list[fmpq]:
        """Return v of w."""
        point = [fmpq(0)] * self.problem.size
        for j, w in values.items():
            point[j] = w * self.data_factor / self.factors[j]
        return point


def _floats(entries: list[fmpz], size: fmpz) -> NDArray[Any]:
    """Return integers over one of at least their size, correctly rounded."""
    divisor = int(size)
    return np.array([int(a) / divisor for a in entries])


def _nearest(value: fmpq) -> float:
    """Return a float near a number >= 0, infinite if it is too large."""
    try:
        return int(value.p) / int(value.q)
    except OverflowError:
        return math.inf


def _near_root(value: fmpq) -> fmpq:
    """Return a power of two within a factor of two of the root of a number >= 1."""
    return fmpq(1 << (int(value.p).bit_length() - int(value.q).bit_length()) // 2)

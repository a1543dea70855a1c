"""A problem around a point: its weighted columns, slopes, margins and defects, as balls.

With an intercept the weighted means of the columns and of the residual are taken off, which leaves the problem of the
features (docs/theory.md, "What the data determine").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from flint import arb, arb_mat, ctx, fmpq, fmpz

from exact_base.matrices import ExactMatrix
from exact_base.reprs import short_repr
from sci_barriers.problems.determined.balls import below, root
from sci_barriers.problems.determined.precision import Precision, Radius
from sci_barriers.problems.determined.radii import EntryRadii, SpectralRadii, data_bound, matrix_radii
from sci_barriers.problems.penalised.integers import IntegerProblem
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, entries_of

__all__ = ["Around", "View", "moved", "real_view"]

_GUARD = 160
_ZERO = arb(0)


@short_repr()
@dataclass(frozen=True, eq=False)
class Around:
    """Numbers at a point x̂ that do not depend on J.

    Attributes:
        penalties: μ of the features.
        steepness: |t_j|, or t_j of coefficients that are not negative, of all features.
        product: <t, x̂>.
        squares: of the lengths of fitted values, residual and y, less their means where there is an intercept.
        image: a bound of ‖dA x̂‖.
        shift: a bound of ‖Ω^(1/2) dy‖.
    """

    penalties: list[fmpq]
    steepness: list[arb]
    product: arb
    squares: tuple[arb, arb, arb]
    image: arb
    shift: arb


@short_repr()
@dataclass(frozen=True, eq=False)
class View:
    """A problem around a point x̂; numbers are balls, computed with `bits`.

    Attributes:
        bits: the working precision.
        real: the columns √ω_i Z_ij of the features, or their real parts.
        imaginary: the imaginary parts, None for real data.
        ridge: κ of the features.
        sizes: |x̂_j| of the features where it is not zero.
        residual: |y - Zx̂| in each row, less its mean where there is an intercept.
        margins: lower bounds of m_j of the features with x̂_j = 0, else 0.
        defects: |h_j| of all features, as if they were in J.
        pinned: the features whose sign matters: with a penalty, or not negative.
        means_off: whether means are taken off, so that there is one independent row less.
        radii: what is known of X.
        beta: β.
        around: what the theorem without independent columns needs besides.
    """

    bits: int
    real: list[list[arb]]
    imaginary: list[list[arb]] | None
    ridge: list[arb]
    sizes: Mapping[int, arb]
    residual: list[arb]
    margins: list[fmpq]
    defects: list[arb]
    pinned: frozenset[int]
    means_off: bool
    radii: SpectralRadii | EntryRadii
    beta: arb
    around: Around

    @property
    def features(self) -> int:
        """The number of features."""
        return len(self.real)

    @property
    def parts(self) -> int:
        """The real numbers in a coefficient: 1, or 2 for complex data."""
        return 1 if self.imaginary is None else 2

    @cached_property
    def support(self) -> tuple[int, ...]:
        """J of the theorem on the support: where x̂ is not zero, and what has no penalty and any sign."""
        return tuple(j for j in range(self.features) if j in self.sizes or j not in self.pinned)

    def may_be_independent(self, places: Sequence[int]) -> bool:
        """Whether the columns of these features are few enough to be independent, or have ridge penalties."""
        loose = sum(1 for j in places if self.ridge[j] == 0)
        return loose <= len(self.residual) - self.means_off

    def lines(self, places: Sequence[int]) -> arb_mat:
        """Return the columns of these features as rows.

        For complex data a_j stands as (Re a_j, Im a_j), and, after all of these, i a_j as (-Im a_j, Re a_j).
        """
        real = [self.real[j] for j in places]
        if self.imaginary is None:
            return arb_mat(len(real), len(self.residual), [a for row in real for a in row])
        imaginary = [self.imaginary[j] for j in places]
        rows = [[*a, *b] for a, b in zip(real, imaginary, strict=True)]
        rows += [[*(-entry for entry in b), *a] for a, b in zip(real, imaginary, strict=True)]
        return arb_mat(len(rows), 2 * len(self.residual), [a for row in rows for a in row])

    def ridge_of(self, places: Sequence[int]) -> list[arb]:
        """Return κ of the rows of `lines`."""
        return [self.ridge[j] for j in places] * self.parts

    @cached_property
    def slope_changes(self) -> list[arb]:
        """ε_j of all features."""
        return self.radii.slopes(self.residual)

    @cached_property
    def column_changes(self) -> list[arb]:
        """δ_j of all features."""
        return self.radii.columns

    @cached_property
    def column_norms(self) -> list[arb]:
        """n_j of all features less δ_j."""
        parts = [self.real] if self.imaginary is None else [self.real, self.imaginary]
        return [root(sum((a * a for part in parts for a in part[j]), self.ridge[j])) for j in range(self.features)]


def real_view(
    problem: PenalisedLeastSquares, integers: IntegerProblem, point: ExactMatrix, precision: Precision
) -> View:
    """Return the view of a real problem from coefficients x̂, shape (N, 1)."""
    columns = integers.columns[: problem.features]
    bits = _GUARD + max(int(a).bit_length() for part in (*columns, integers.data) for a in part)
    bits = max(bits, _GUARD + int(point.den).bit_length())
    with ctx.workprec(bits):
        return _view(bits, problem, integers, entries_of(point), precision)


def _view(
    bits: int, problem: PenalisedLeastSquares, integers: IntegerProblem, point: list[fmpq], precision: Precision
) -> View:
    """Return the view: first the residual, then the columns, and from these the slopes and what is compared."""
    n, rows = problem.features, problem.rows
    scales = [arb(s) for s in problem.scale_entries[:n]]
    weights = [arb(1)] * rows
    if problem.observation_weights is not None:
        weights = [arb(w) for w in entries_of(problem.observation_weights)]
    units = [arb(f) / s for f, s in zip(integers.factors, scales, strict=False)]
    # the residual, before the means are taken off
    fitted = [_ZERO] * rows
    support = [j for j in range(n) if point[j] != 0]
    if support:
        wanted = arb_mat(1, len(support), [units[j] * point[j] for j in support])
        image = wanted * arb_mat(len(support), rows, [a for j in support for a in integers.columns[j]])
        fitted = image.entries()
    data = [arb(y) for y in entries_of(problem.data)]
    if problem.intercept:
        data, fitted = ([a - mean for a in part] for part in (data, fitted) for mean in [_mean(part, weights)])
    residual = [y - a for y, a in zip(data, fitted, strict=True)]
    roots = [w.sqrt() for w in weights]
    weighted = problem.observation_weights is not None
    real = [
        _column(
            entries,
            unit,
            roots if weighted else None,
            _mean(entries, weights if weighted else None) if problem.intercept else _ZERO,
        )
        for entries, unit in zip(integers.columns[:n], units, strict=True)
    ]
    ridge = [arb(k) for k in entries_of(problem.ridge)[:n]] if problem.ridge is not None else [_ZERO] * n
    leaning = [2 * root * r for root, r in zip(roots, residual, strict=True)]
    slopes = (arb_mat(n, rows, [a for entries in real for a in entries]) * arb_mat(rows, 1, leaning)).entries()
    slopes = [t - 2 * k * x if x != 0 else t for t, k, x in zip(slopes, ridge, point, strict=False)]
    penalties = entries_of(problem.penalties)
    positive = frozenset(problem.nonnegative)
    sizes = {j: arb(abs(point[j])) for j in support}
    radii = matrix_radii(precision, weights, scales)
    steepness = [t if j in positive else abs(t) for j, t in enumerate(slopes)]
    by_columns, by_data = moved(precision, radii, sizes)
    around = Around(
        penalties[:n],
        steepness,
        sum((slopes[j] * point[j] for j in support), _ZERO),
        (_square(weights, fitted), _square(weights, residual), _square(weights, data)),
        by_columns,
        by_data,
    )
    return View(
        bits,
        real,
        None,
        ridge,
        sizes,
        [abs(r) for r in residual],
        [fmpq(0) if j in sizes else below(penalties[j] - steepness[j]) for j in range(n)],
        [_defect(slopes[j], penalties[j], point[j], positive=j in positive) for j in range(n)],
        frozenset(j for j in range(n) if penalties[j] > 0) | positive,
        problem.intercept,
        radii,
        data_bound(precision, radii, sizes),
        around,
    )


def moved(precision: Precision, radii: SpectralRadii | EntryRadii, sizes: Mapping[int, arb]) -> tuple[arb, arb]:
    """Return bounds of ‖dA x̂‖, for the moduli of x̂, and of ‖Ω^(1/2) dy‖."""
    alone = Precision(precision.matrix, Radius.exactly())
    return data_bound(alone, radii, sizes), data_bound(precision, radii, {})


def _square(weights: Sequence[arb], values: Sequence[arb]) -> arb:
    return sum((w * a * a for w, a in zip(weights, values, strict=True)), _ZERO)


def _mean(values: Sequence[arb | fmpz], weights: Sequence[arb] | None) -> arb:
    """Return the mean with these weights, or with equal ones."""
    if weights is None:
        return arb(sum(values)) / len(values)
    return sum((w * a for w, a in zip(weights, values, strict=True)), _ZERO) / sum(weights, _ZERO)


def _column(entries: Sequence[fmpz], unit: arb, roots: Sequence[arb] | None, mean: arb) -> list[arb]:
    """Return a column, less its mean, times a unit and the roots of the weights."""
    if roots is None:
        return [(a - mean) * unit for a in entries]
    return [(a - mean) * unit * root for a, root in zip(entries, roots, strict=True)]


def _defect(slope: arb, penalty: fmpq, value: fmpq, *, positive: bool) -> arb:
    """Return an upper bound of |h_j|: how far a slope is from the subgradients."""
    if value != 0:
        return abs(slope - (penalty if value > 0 else -penalty))
    return ((slope if positive else abs(slope)) - penalty).nonnegative_part()

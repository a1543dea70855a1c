"""What is said of coefficients beside the true minimiser: exact numbers, and their short decimals rounded outward."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from flint import fmpq, fmpz, fmpz_mat

from exact_base.decimals import about, above, root_above, root_below
from exact_base.matrices import ExactMatrix
from exact_base.reprs import short_repr
from exact_base.words import digits_reached
from sci_barriers.problems.penalised.face import Nearest, nearest
from sci_barriers.problems.penalised.problem import entries_of, over_one_denominator
from sci_barriers.problems.penalised.solving import Solution

__all__ = ["CoefficientError", "Finding", "find"]

_DIGITS = 7


@short_repr()
@dataclass(frozen=True)
class CoefficientError:
    """One coefficient beside that of the nearest minimiser.

    Attributes:
        index: its number from 0; that of an intercept is the number of features.
        given: c_j.
        right: p_j.
    """

    index: int
    given: fmpq
    right: fmpq

    @property
    def error(self) -> fmpq:
        """The difference c_j - p_j."""
        return self.given - self.right

    @property
    def about(self) -> str:
        """The difference as a short decimal."""
        return about(self.error)


@short_repr()
@dataclass(frozen=True, eq=False)
class Finding:
    """Coefficients c beside the nearest minimiser p; distances are over the features, without the intercept.

    Attributes:
        solution: a minimiser.
        coefficients: c, shape (N, 1).
        nearest: the nearest minimiser, in the units of X's columns, and whether it is the only one.
    """

    solution: Solution
    coefficients: ExactMatrix
    nearest: Nearest

    @property
    def unique(self) -> str:
        """Whether there is one minimiser only: "yes", "no" or "open"."""
        return self.nearest.unique

    @cached_property
    def given(self) -> list[fmpq]:
        """The coefficients c."""
        return entries_of(self.coefficients)

    @cached_property
    def minimiser(self) -> list[fmpq]:
        """The nearest minimiser p, in the units of the coefficients."""
        numerators, den = self._right
        return [fmpq(a, den) for a in numerators]

    # numbers of a minimiser are long: they are compared and added as integers over one denominator

    @cached_property
    def _right(self) -> tuple[list[fmpz], fmpz]:
        """The nearest minimiser p over one denominator."""
        scales, den = over_one_denominator(self.solution.problem.scale_entries)
        point = self.nearest.point
        return [s * v for s, v in zip(scales, point.re.entries(), strict=True)], den * point.den

    @cached_property
    def _difference(self) -> tuple[list[fmpz], fmpz]:
        """The differences c - p over one denominator."""
        right, den = self._right
        given, by = self.coefficients.re.entries(), self.coefficients.den
        return [a * den - b * by for a, b in zip(given, right, strict=True)], den * by

    # --- distances -----------------------------------------------------------------------------

    @cached_property
    def distance2(self) -> fmpq:
        """The square of the distance from c to the set of minimisers."""
        features = self.solution.problem.features
        return _norm2(self._difference, features)

    @cached_property
    def size2(self) -> fmpq:
        """The square of the norm of p."""
        return _norm2(self._right, self.solution.problem.features)

    @property
    def relative2(self) -> fmpq | None:
        """The square of the distance over the norm of p; None if p is zero."""
        return self.distance2 / self.size2 if self.size2 != 0 else None

    @property
    def distance(self) -> str:
        """A bound of the distance from above."""
        return root_above(self.distance2, digits=_DIGITS)

    @property
    def distance_below(self) -> str:
        """A bound of the distance from below."""
        return root_below(self.distance2, digits=_DIGITS)

    @property
    def relative(self) -> str | None:
        """A bound of the relative distance from above; None if p is zero."""
        return None if self.relative2 is None else root_above(self.relative2, digits=_DIGITS)

    @property
    def relative_below(self) -> str | None:
        """A bound of the relative distance from below; None if p is zero."""
        return None if self.relative2 is None else root_below(self.relative2, digits=_DIGITS)

    @property
    def digits(self) -> int | None:
        """The largest k with distance <= 10^-k; None if the distance is 0."""
        return digits_reached(self.distance2)

    @property
    def relative_digits(self) -> int | None:
        """The largest k with relative distance <= 10^-k; None if that is 0, or p is."""
        return None if self.relative2 is None else digits_reached(self.relative2)

    # --- coefficients --------------------------------------------------------------------------

    @cached_property
    def errors(self) -> list[CoefficientError]:
        """The coefficients of the features that are not exactly right, the largest error first."""
        numerators, _ = self._difference
        sizes = [abs(int(a)) for a in numerators[: self.solution.problem.features]]
        order = sorted((j for j, size in enumerate(sizes) if size), key=lambda j: -sizes[j])
        right, den = self._right
        return [CoefficientError(j, self.given[j], fmpq(right[j], den)) for j in order]

    @property
    def intercept(self) -> CoefficientError | None:
        """The intercept, if the problem has one."""
        if not self.solution.problem.intercept:
            return None
        right, den = self._right
        return CoefficientError(self.solution.problem.features, self.given[-1], fmpq(right[-1], den))

    @cached_property
    def wrongly_chosen(self) -> list[int]:
        """Features that are not zero in c, and zero in every minimiser, as far as that is known.

        With one minimiser all are known; else those off E, and those that a ridge penalty keeps at zero.
        """
        return [j for j in range(self.solution.problem.features) if self.given[j] != 0 and self._is_zero(j)]

    @cached_property
    def wrongly_left_out(self) -> list[int]:
        """Features that are zero in c, and not in any minimiser, as far as that is known.

        With one minimiser all are known; else those that a ridge penalty keeps where they are.
        """
        ridge, right = self.solution.problem.ridge_entries, self._right[0]
        known = (j for j in range(self.solution.problem.features) if self.unique == "yes" or ridge[j] != 0)
        return [j for j in known if self.given[j] == 0 != right[j]]

    @property
    def support_is_right(self) -> bool:
        """Whether c is zero exactly where the only minimiser is, or, with several or open, nothing wrong is known."""
        return not self.wrongly_chosen and not self.wrongly_left_out

    def _is_zero(self, j: int) -> bool:
        if self._right[0][j] != 0:
            return False
        if self.unique == "yes" or self.solution.problem.ridge_entries[j] != 0:
            return True
        return j not in self._active

    @cached_property
    def _active(self) -> frozenset[int]:
        return frozenset(self.solution.active)

    @cached_property
    def groups(self) -> list[list[tuple[int, int]]]:
        """Coefficients of E' with equal or opposite columns of Z: each with its sign beside the first of its group.

        Beside an intercept, columns that are so up to a constant count too. Empty if there is one minimiser only.
        """
        if self.unique == "yes":
            return []
        problem, integers = self.solution.problem, self.solution.integers
        found: dict[object, list[tuple[int, int]]] = {}
        for j in self.solution.active:
            if integers.ridge[j] != 0:
                continue
            entries, content = integers.columns[j], fmpz(1)
            if problem.intercept:
                entries, content = _shifted(entries)
            sign = 1 if next((entry for entry in entries if entry != 0), fmpz(1)) > 0 else -1
            unit = content * integers.factors[j] / problem.scale_entries[j] if any(a != 0 for a in entries) else fmpq(0)
            key = (tuple(int(sign * entry) for entry in entries), (int(unit.p), int(unit.q)))
            members = found.setdefault(key, [])
            members.append((j, sign * members[0][1] if members else sign))
        return [[(j, s if k else 1) for k, (j, s) in enumerate(group)] for group in found.values() if len(group) > 1]

    # --- objective -----------------------------------------------------------------------------

    @property
    def is_feasible(self) -> bool:
        """Whether the coefficients that must be >= 0 are."""
        return all(self.given[j] >= 0 for j in self.solution.problem.nonnegative)

    @cached_property
    def least(self) -> fmpq:
        """The least value F(p) of the objective: (β^T Ω β - h^T w + Σ b_j |w_j|) f_0² f_ω / L."""
        integers = self.solution.integers
        weights = integers.weights or [fmpz(1)] * len(integers.data)
        energy = sum((w * b * b for w, b in zip(weights, integers.data, strict=True)), fmpz(0))
        support, values, den = self._own(self._right)
        linear = sum((h * v for h, v in zip(integers.form.linear(support), values, strict=True)), fmpz(0))
        bounds, by = over_one_denominator([integers.bounds[j] for j in support])
        bounded = sum((b * abs(v) for b, v in zip(bounds, values, strict=True)), fmpz(0))
        return (energy - fmpq(linear * by - bounded, den * by)) * self._unit

    @cached_property
    def excess(self) -> fmpq | None:
        """F(c) - F(p), or None if c is not feasible.

        It is Σ ω_i (Z(c - p))_i² + Σ κ_j (c_j - p_j)² + Σ (μ_j |c_j| - g_j c_j).
        """
        if not self.is_feasible:
            return None
        integers = self.solution.integers
        moved, steps, den = self._own(self._difference)
        quadratic = fmpq(_quadratic(self.solution, moved, steps), den * den)
        support, values, den = self._own((self.coefficients.re.entries(), fmpz(self.coefficients.den)))
        slopes, slope_den = self.solution.slopes
        sloped = fmpq(sum((slopes[j] * v for j, v in zip(support, values, strict=True)), fmpz(0)), slope_den * den)
        bounded = sum((integers.bounds[j] * abs(v) for j, v in zip(support, values, strict=True)), fmpq(0)) / den
        return (quadratic + 2 * (bounded - sloped)) * self._unit

    @property
    def relative_excess(self) -> fmpq | None:
        """The excess over F(p); None if c is not feasible or F(p) is 0."""
        return None if self.excess is None or self.least == 0 else self.excess / self.least

    @property
    def excess_above(self) -> str | None:
        """A bound of the excess from above; None if c is not feasible."""
        return None if self.excess is None else above(self.excess, digits=_DIGITS)

    @property
    def _unit(self) -> fmpq:
        integers = self.solution.integers
        return integers.data_factor * integers.data_factor * integers.weight_factor

    def _own(self, vector: tuple[list[fmpz], fmpz]) -> tuple[list[int], list[fmpz], fmpz]:
        """Return w of x: where it is not zero, and its entries there over one denominator."""
        integers, scales = self.solution.integers, self.solution.problem.scale_entries
        numerators, den = vector
        support = [j for j, a in enumerate(numerators) if a != 0]
        units, by = over_one_denominator([integers.factors[j] / (scales[j] * integers.data_factor) for j in support])
        return support, [unit * numerators[j] for j, unit in zip(support, units, strict=True)], den * by


def find(solution: Solution, coefficients: ExactMatrix) -> Finding:
    """Return what is to say of coefficients x, shape (N, 1), beside the minimiser that is nearest to them.

    Raises:
        DataError: if the coefficients do not have the length N, or are not real.
        BudgetError: if too many columns depend on each other.

    >>> from exact_base.matrices import exact_column
    >>> from sci_barriers.problems.penalised.finding import find
    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
    >>> from sci_barriers.problems.penalised.solving import minimise
    >>> problem = PenalisedLeastSquares.of([[1, "1/2"], [0, 1]], [2, 1], penalties=["1/4", "1/4"])
    >>> found = find(minimise(problem), exact_column([1.40625, "0.9376"]))
    >>> found.distance, found.digits, found.unique, found.support_is_right
    ('0.0001', 4, 'yes', True)
    """
    return Finding(solution, coefficients, nearest(solution, coefficients))


def _shifted(entries: list[fmpz]) -> tuple[list[fmpz], fmpz]:
    """Return a column without its first entry, which is taken from all, in coprime integers, and their factor."""
    moved = [entry - entries[0] for entry in entries]
    content = fmpz(0)
    for entry in moved:
        content = content.gcd(entry)
    return ([entry // content for entry in moved], content) if content > 1 else (moved, fmpz(1))


def _norm2(vector: tuple[list[fmpz], fmpz], length: int) -> fmpq:
    numerators, den = vector
    return fmpq(sum((a * a for a in numerators[:length]), fmpz(0)), den * den)


def _quadratic(solution: Solution, moved: list[int], steps: list[fmpz]) -> fmpz:
    """Return d^T H d for d = steps at `moved`, through the smaller of H there and the columns there."""
    integers, count = solution.integers, len(moved)
    if not count:
        return fmpz(0)
    vector = fmpz_mat(count, 1, steps)
    if count <= solution.problem.rows:
        image = (integers.form.block(moved, moved) * vector).entries()
        return sum((a * b for a, b in zip(steps, image, strict=True)), fmpz(0))
    columns = fmpz_mat(count, solution.problem.rows, [entry for j in moved for entry in integers.columns[j]])
    fitted = (columns.transpose() * vector).entries()
    weights = integers.weights or [fmpz(1)] * len(fitted)
    total = sum((w * a * a for w, a in zip(weights, fitted, strict=True)), fmpz(0))
    return total + sum((integers.ridge[j] * a * a for j, a in zip(moved, steps, strict=True)), fmpz(0))

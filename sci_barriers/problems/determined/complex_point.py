"""Minimisers of complex lasso problems to any number of digits, and what data determine of them.

They are no rational numbers, so that there is no exact one: a point is found near one, and how near it is follows from
the theorem on the distance, with radii 0 (docs/theory.md, "What the data determine", "Complex data").
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from flint import arb, arb_mat, ctx, fmpq, fmpz_mat
from numpy.typing import NDArray

from exact_base.errors import DataError
from exact_base.matrices import ExactMatrix, column_norm2
from exact_base.rationals import dyadic_nearest, power_of_ten, power_of_two
from exact_base.reprs import short_repr
from sci_barriers.problems.determined.balls import below, exact_of, nearest_float, norm2, root
from sci_barriers.problems.determined.choosing import condition
from sci_barriers.problems.determined.complex_float import float_minimiser
from sci_barriers.problems.determined.complex_problem import ComplexLeastSquares, complex_entries, weighted_columns
from sci_barriers.problems.determined.determining import sorted_scales, within
from sci_barriers.problems.determined.precision import Precision, Radius
from sci_barriers.problems.determined.radii import data_bound, matrix_radii
from sci_barriers.problems.determined.theorems import Outcome
from sci_barriers.problems.determined.view import Around, View, moved
from sci_barriers.problems.penalised.problem import Progress, over_one_denominator

__all__ = ["ComplexDetermined", "complex_point", "determine_complex"]

_ZERO = arb(0)
_GUARD = 96
_MOST_BITS = 1 << 10  # for a condition number
_STEPS = 12
_SURE = 8
_TRIES = 3


@short_repr()
@dataclass(frozen=True, eq=False)
class ComplexDetermined:
    """What is proved of all minimisers of all complex data within a precision, and scales of it.

    Attributes:
        problem: the problem.
        precision: what is known of X and y, entry by entry by moduli.
        point: x̂, shape (n, 1), complex, near a minimiser.
        allowed: J, increasing.
        sigma: σ_0, a lower bound of the least singular value of the columns of J.
        outcomes: what is proved at each scale, the scales increasing.
    """

    problem: ComplexLeastSquares
    precision: Precision
    point: ExactMatrix
    allowed: tuple[int, ...]
    sigma: fmpq
    outcomes: tuple[Outcome, ...]


def determine_complex(
    problem: ComplexLeastSquares,
    precision: Precision | None = None,
    *,
    digits: int = 50,
    scales: Sequence[fmpq | int] = (1,),
    guess: ExactMatrix | None = None,
    progress: Progress | None = None,
) -> ComplexDetermined | None:
    """Return what complex data determine of the minimisers; None if nothing can be proved at any of the scales.

    Args:
        problem: the problem.
        precision: how far the true data may be from these; None if they are exact.
        digits: how many digits of the minimisers of exact data the distance is to show, where they can be had.
        scales: numbers > 0 by which all radii are multiplied, one after the other; at least one.
        guess: coefficients, shape (n, 1), only a place to start.
        progress: is told what is being done.

    Raises:
        DataError: if the radii do not fit the data, a scale is not positive, or numbers are too large for float64.

    >>> from flint import fmpq
    >>> from sci_barriers.problems.determined.complex_point import determine_complex
    >>> from sci_barriers.problems.determined.complex_problem import ComplexLeastSquares
    >>> found = determine_complex(ComplexLeastSquares.of([[1, 1j], [0, 1]], [2, 1j], penalties=["1/4", "1/4"]))
    >>> found.allowed, found.outcomes[0].inside, found.outcomes[0].distance < fmpq(1, 10**50)
    ((0, 1), (0, 1), True)
    """
    wanted = sorted_scales(scales)
    precision = precision or Precision(Radius.exactly(), Radius.exactly())
    precision.check(problem.rows, problem.features)
    tell = progress or (lambda words: None)
    exact = precision.matrix.nothing and precision.data.nothing
    best: ComplexDetermined | None = None
    aim = digits
    for _ in range(_TRIES if exact else 1):
        point = complex_point(problem, digits=aim, guess=guess, progress=progress)
        chosen = within(complex_view(problem, point, precision), wanted, tell)
        if chosen is None:
            return best
        facts, outcomes = chosen
        best = ComplexDetermined(problem, precision, point, facts.places, facts.least, outcomes)
        if not exact or outcomes[0].distance ** 2 <= power_of_ten(-2 * digits) * column_norm2(point):
            break
        guess, aim = point, aim + digits
    return best


# --- a point --------------------------------------------------------------------------------------------


def complex_point(
    problem: ComplexLeastSquares,
    *,
    digits: int = 50,
    guess: ExactMatrix | None = None,
    progress: Progress | None = None,
) -> ExactMatrix:
    """Return a complex point near a minimiser, shape (n, 1), with about so many digits; nothing is proved of it.

    Args:
        problem: the problem.
        digits: of the whole vector, where float64 finds the support.
        guess: coefficients, shape (n, 1), only a place to start.
        progress: is told what is being done.

    Raises:
        DataError: if numbers are too large for float64, or the guess has another length.

    >>> from sci_barriers.problems.determined.complex_point import complex_point
    >>> from sci_barriers.problems.determined.complex_problem import ComplexLeastSquares
    >>> point = complex_point(ComplexLeastSquares.of([[2]], [3j], penalties=[4]), digits=20)
    >>> point.to_float().tolist()
    [[1j]]
    """
    n = problem.features
    if guess is not None and (guess.rows, guess.cols) != (n, 1):
        raise DataError(f"the coefficients must be a column of {n}, got {guess.rows} x {guess.cols}")
    tell = progress or (lambda words: None)
    tell("looking for the support in float64")
    roots = np.sqrt([nearest_float(w) for w in problem.weight_entries])
    columns: NDArray[np.complex128] = roots[:, None] * problem.matrix.to_float().astype(np.complex128)
    found = float_minimiser(
        columns,
        roots * problem.data.to_float().astype(np.complex128)[:, 0],
        np.array([nearest_float(mu) for mu in problem.penalty_entries]),
        np.array([nearest_float(kappa) for kappa in problem.ridge_entries]),
        None if guess is None else guess.to_float().astype(np.complex128)[:, 0],
    )
    if not np.all(np.isfinite(found)):
        raise DataError("numbers are too large, or too far apart, for float64; scale the data")
    places = [j for j in range(n) if found[j] != 0]
    if not places:
        return ExactMatrix(fmpz_mat(n, 1), None, 1)
    lines = np.vstack([np.hstack([columns.real.T, columns.imag.T]), np.hstack([-columns.imag.T, columns.real.T])])
    beside = np.sqrt([nearest_float(problem.ridge_entries[j]) for j in places] * 2)
    spread = condition(lines[[*places, *(n + j for j in places)]], beside)
    # where the columns depend on each other nothing will be proved
    lost = min(_MOST_BITS, math.ceil(2 * math.log2(spread))) if math.isfinite(spread) else 0
    wanted = math.ceil(digits * math.log2(10)) + 8 + lost
    tell(f"more digits on a support of {len(places)}")
    values = _newton(problem, places, found[places], bits=wanted)
    return _rounded(n, dict(zip(places, values, strict=True)), bits=wanted)


def _newton(
    problem: ComplexLeastSquares, places: list[int], start: NDArray[np.complex128], *, bits: int
) -> list[tuple[fmpq, fmpq]]:
    """Return the values of Newton's method on a support, with more and more bits, as far as it goes."""
    values = [arb(float(a)) for a in [*start.real, *start.imag]]
    precision = 2 * _GUARD
    while True:
        precision = min(2 * precision, bits + _GUARD)
        with ctx.workprec(precision):
            system = _System(problem, places)
            for _ in range(_STEPS):
                step = system.step(values)
                # where the columns depend on each other steps are of any length
                if step is None or not _length(step) <= _length(values) / 2:
                    return _pairs(values)
                values = [(a + b).mid() for a, b in zip(values, step, strict=True)]
                if _length(step) <= _length(values) * arb(power_of_two(-(precision // 2) - _SURE)):
                    break  # and so it is right to all bits
            if precision == bits + _GUARD:
                return _pairs(values)


def _pairs(values: list[arb]) -> list[tuple[fmpq, fmpq]]:
    """Return real and imaginary parts, which stand one after the other."""
    half = len(values) // 2
    exact = [exact_of(value) for value in values]
    return list(zip(exact[:half], exact[half:], strict=True))


def _length(values: Sequence[arb]) -> arb:
    return max(abs(value.mid()) for value in values)


class _System:
    """The equations of a minimum on a support, in real and then imaginary parts."""

    def __init__(self, problem: ComplexLeastSquares, places: list[int]) -> None:
        real, imaginary = weighted_columns(problem, places)
        rows = [[*a, *b] for a, b in zip(real, imaginary, strict=True)]
        rows += [[*(-entry for entry in b), *a] for a, b in zip(real, imaginary, strict=True)]
        lines = arb_mat(len(rows), 2 * problem.rows, [a for row in rows for a in row])
        self.places = places
        self.ridge = [arb(problem.ridge_entries[j]) for j in places]
        self.penalties = [arb(problem.penalty_entries[j]) for j in places]
        self.gram = (lines * lines.transpose()).tolist()
        data = complex_entries(problem.data)
        roots = [arb(w).sqrt() for w in problem.weight_entries]
        right = [root * part for k in (0, 1) for root, part in zip(roots, (entry[k] for entry in data), strict=True)]
        self.right = (lines * arb_mat(len(right), 1, right)).entries()

    def step(self, values: list[arb]) -> list[arb] | None:
        """Return a step of Newton's method, None where there is none."""
        half = len(self.places)
        matrix = [[2 * a for a in row] for row in self.gram]
        slopes = [
            2 * (b - sum((a * v for a, v in zip(row, values, strict=True)), _ZERO))
            for b, row in zip(self.right, self.gram, strict=True)
        ]
        for k, (kappa, mu) in enumerate(zip(self.ridge, self.penalties, strict=True)):
            a, b = values[k], values[half + k]
            size = (a * a + b * b).sqrt()
            if size == 0:
                return None
            a, b, bend = a / size, b / size, mu / size
            for place, sign in ((k, a), (half + k, b)):
                slopes[place] -= 2 * kappa * values[place] + mu * sign
                matrix[place][place] += 2 * kappa + bend * (1 - sign * sign)
            matrix[k][half + k] -= bend * a * b
            matrix[half + k][k] -= bend * a * b
        try:
            found = arb_mat(matrix).mid().solve(arb_mat(2 * half, 1, slopes).mid())
        except ZeroDivisionError:
            return None
        steps: list[arb] = found.entries()
        return steps if all(entry.is_finite() for entry in steps) else None


def _rounded(length: int, values: dict[int, tuple[fmpq, fmpq]], *, bits: int) -> ExactMatrix:
    """Return a column with parts rounded to so many bits of the larger one."""
    parts = [fmpq(0)] * (2 * length)
    for j, pair in values.items():
        largest = max(map(abs, pair))
        if largest == 0:
            continue
        fine = bits - int(largest.p).bit_length() + int(largest.q).bit_length()
        for k, part in enumerate(pair):
            parts[k * length + j] = dyadic_nearest(part, bits=fine)
    numerators, den = over_one_denominator(parts)
    real, imaginary = (fmpz_mat(length, 1, numerators[k * length : (k + 1) * length]) for k in (0, 1))
    return ExactMatrix(real, imaginary, int(den))


# --- what is around it ----------------------------------------------------------------------------------


def complex_view(problem: ComplexLeastSquares, point: ExactMatrix, precision: Precision) -> View:
    """Return the view of a complex problem from coefficients x̂, shape (n, 1)."""
    longest = max(
        int(a).bit_length()
        for array in (problem.matrix, problem.data)
        for part in (array.re, array.im)
        if part is not None
        for a in part.entries()
    )
    bits = 2 * _GUARD + max(longest, int(point.den).bit_length() + longest)
    with ctx.workprec(bits):
        return _view(bits, problem, complex_entries(point), precision)


def _view(bits: int, problem: ComplexLeastSquares, point: list[tuple[fmpq, fmpq]], precision: Precision) -> View:
    n, rows = problem.features, problem.rows
    real, imaginary = weighted_columns(problem, range(n))
    weights = [arb(w) for w in problem.weight_entries]
    roots = [w.sqrt() for w in weights]
    left = [
        [root * part for root, part in zip(roots, parts, strict=True)]
        for parts in zip(*complex_entries(problem.data), strict=True)
    ]
    given = left
    for j, (a, b) in enumerate(point):
        if a == 0 == b:
            continue
        left = [
            [r - (p * a - q * b) for r, p, q in zip(left[0], real[j], imaginary[j], strict=True)],
            [r - (p * b + q * a) for r, p, q in zip(left[1], real[j], imaginary[j], strict=True)],
        ]
    pulls = arb_mat(2 * rows, 1, [2 * r for part in left for r in part])
    lines = arb_mat(n, 2 * rows, [a for p, q in zip(real, imaginary, strict=True) for a in (*p, *q)])
    turned = arb_mat(n, 2 * rows, [a for p, q in zip(real, imaginary, strict=True) for a in (*(-b for b in q), *p)])
    ridge = [arb(kappa) for kappa in problem.ridge_entries]
    slopes = [
        (s - 2 * k * a, t - 2 * k * b)
        for s, t, k, (a, b) in zip((lines * pulls).entries(), (turned * pulls).entries(), ridge, point, strict=True)
    ]
    penalties = problem.penalty_entries
    sizes = {j: (arb(a) * a + arb(b) * b).sqrt() for j, (a, b) in enumerate(point) if not a == 0 == b}
    radii = matrix_radii(precision, weights, [arb(1)] * n)
    image, shift = moved(precision, radii, sizes)
    steepness = [_modulus(slope) for slope in slopes]
    around = Around(
        penalties,
        steepness,
        sum((s * a + t * b for (s, t), (a, b) in zip(slopes, point, strict=True)), _ZERO),
        (
            norm2(p - r for parts in zip(given, left, strict=True) for p, r in zip(*parts, strict=True)),
            norm2(r for part in left for r in part),
            norm2(y for part in given for y in part),
        ),
        image,
        shift,
    )
    return View(
        bits,
        real,
        imaginary,
        ridge,
        sizes,
        [root(p * p + q * q) / by for p, q, by in zip(*left, roots, strict=True)],
        [fmpq(0) if j in sizes else below(penalties[j] - steepness[j]) for j in range(n)],
        [_defect(slopes[j], penalties[j], point[j], sizes.get(j)) for j in range(n)],
        frozenset(j for j in range(n) if penalties[j] > 0),
        False,
        radii,
        data_bound(precision, radii, sizes),
        around,
    )


def _modulus(parts: tuple[arb, arb]) -> arb:
    """Return a ball of which the upper end bounds a modulus."""
    return root(parts[0] * parts[0] + parts[1] * parts[1])


def _defect(slope: tuple[arb, arb], penalty: fmpq, value: tuple[fmpq, fmpq], size: arb | None) -> arb:
    """Return an upper bound of |h_j|: how far a slope is from the subgradients."""
    if size is None:
        return (_modulus(slope) - penalty).nonnegative_part()
    return _modulus((slope[0] - penalty * value[0] / size, slope[1] - penalty * value[1] / size))

"""The minimiser of penalised least squares on rational data, found in float64 and then exactly.

The same active-set method (`active_set`) runs twice. In float64, from the given coefficients, it finds a support with
signs; nothing of that is believed. In exact arithmetic it then solves on that support, verifies the optimality
conditions at all columns, and goes on by exact pivots where they fail.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from flint import fmpq, fmpz

from exact_base.errors import BudgetError, DataError
from exact_base.matrices import ExactMatrix
from exact_base.reprs import short_repr
from exact_base.words import counted
from sci_barriers.problems.penalised.active_set import Walk
from sci_barriers.problems.penalised.integers import IntegerProblem
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, Progress, column, entries_of

__all__ = ["MOST_PIVOTS", "Solution", "minimise"]

MOST_PIVOTS = 10_000
"""Exact pivots, at most; each solves a system of the size of the support."""


@short_repr()
@dataclass(frozen=True, eq=False)
class Solution:
    """A minimiser, which satisfies the optimality conditions exactly.

    Attributes:
        problem: the problem.
        point: v, shape (N, 1): the minimiser in the units of the columns of X.
        active: E, the coefficients whose slope is at its bound, increasing.
        pivots: how many exact pivots it took beyond what float64 found.
        integers: the problem in integers.
        slopes: the slopes of all coefficients there, over one denominator.
    """

    problem: PenalisedLeastSquares
    point: ExactMatrix
    active: tuple[int, ...]
    pivots: int
    integers: IntegerProblem
    slopes: tuple[list[fmpz], fmpz]

    @cached_property
    def gradient(self) -> ExactMatrix:
        """G in the units of X's columns, shape (N, 1): 2 Σ ω_i (X - 1c^T)_ij r_i - 2 κ_j s_j² v_j.

        It is s_j times that in the units of x, and lies within ±μ_j s_j, which `problem.penalty_entries` holds.
        """
        numerators, den = self.slopes
        unit = 2 * self.integers.data_factor * self.integers.weight_factor / den
        return column([a * unit * f for a, f in zip(numerators, self.integers.factors, strict=True)])

    @cached_property
    def directions(self) -> dict[int, int]:
        """For each j of E the sign that v_j may have in a minimiser: 1, -1, or 0 if it may have both."""
        numerators, _ = self.slopes
        form = self.integers.form
        return {j: form.sign_of(j, 1 if numerators[j] > 0 or j in form.nonnegative else -1) for j in self.active}


def minimise(
    problem: PenalisedLeastSquares, *, guess: ExactMatrix | None = None, progress: Progress | None = None
) -> Solution:
    """Return a minimiser, exactly.

    Args:
        problem: the problem; the work is about m·|E|² + |E|³ operations with large integers for each exact pivot.
        guess: coefficients x, shape (N, 1), only a place to start.
        progress: is told what is being done.

    Raises:
        DataError: if the guess does not have the length N, or is not real.
        BudgetError: after too many exact pivots.

    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, entries_of
    >>> from sci_barriers.problems.penalised.solving import minimise
    >>> problem = PenalisedLeastSquares.of([[1, "1/2"], [0, 1]], [2, 1], penalties=["1/4", "1/4"])
    >>> [str(v) for v in entries_of(minimise(problem).point)]
    ['45/32', '15/16']
    """
    if guess is not None and ((guess.rows, guess.cols) != (problem.size, 1) or not guess.is_real):
        raise DataError(f"the coefficients must be a real column of {problem.size}, got {guess.rows} x {guess.cols}")
    tell = progress or (lambda words: None)
    tell("reading the problem in integers")
    integers = IntegerProblem.of(problem)
    tell("looking for the support in float64")
    values = _float_support(integers, guess, tell)
    tell(f"solving exactly on a support of {len(values)}")
    form = integers.form
    free = [j for j in range(problem.size) if not form.sign_of(j, 1) and j not in values]
    if len(values) + len(free) <= 2 * problem.rows:  # else float64 has chosen among them
        values |= dict.fromkeys(free, fmpq(0))
    independent = set(form.independent(list(values)))
    kept = {j: value for j, value in values.items() if j in independent}
    signs = {j: form.sign_of(j, 1 if value > 0 else -1) for j, value in kept.items()}
    walk = Walk(
        form,
        kept,
        signs,
        most=MOST_PIVOTS,
        step=lambda pivots, size: tell(f"{counted(pivots, 'exact pivot')}, a support of {size}"),
    ).run()
    slopes, den = form.slopes
    active = tuple(
        j
        for j, (slope, bound) in enumerate(zip(slopes, form.bounds, strict=True))
        if (slope if j in form.nonnegative else abs(slope)) == bound * den
    )
    return Solution(problem, column(integers.to_point(walk.values)), active, walk.pivots, integers, form.slopes)


def _float_support(integers: IntegerProblem, guess: ExactMatrix | None, tell: Progress) -> dict[int, fmpq]:
    """Return w near a minimiser where float64 finds one, feasible, and zero elsewhere; in w's own units."""
    problem = integers.problem
    given = [fmpq(0)] * problem.size
    if guess is not None:
        units_of_x = zip(entries_of(guess), problem.scale_entries, integers.factors, strict=True)
        given = [x * f / (s * integers.data_factor) for x, s, f in units_of_x]
    with np.errstate(all="ignore"):
        form, units = integers.in_floats()
        start = np.array([_small_float(w * unit) for w, unit in zip(given, units, strict=True)])
        values, signs = form.start(start)
        walk = Walk(
            form,
            values,
            signs,
            most=20 * problem.size + 100,
            step=lambda pivots, size: tell(f"{counted(pivots, 'pivot')} in float64, a support of {size}"),
        )
        # where it stops is a place to start too
        with contextlib.suppress(BudgetError, np.linalg.LinAlgError):
            walk.run()
    found: dict[int, fmpq] = {}
    for j, value in walk.values.items():
        sign = walk.signs.get(j, 0)
        if np.isfinite(value) and value * (sign or value) > 0:
            found[j] = fmpq(*float(value).as_integer_ratio()) / units[j]
    return found


def _small_float(value: fmpq) -> float:
    """Return a float near a number, 0 if it is too large to be of use."""
    try:
        return int(value.p) / int(value.q)
    except OverflowError:
        return 0.0

"""Solve the three problems exactly, for real rational data of moderate size.

The minimisers of ½‖Ax-y‖² + μ‖x‖_w, μ > 0, answer all three problems, each at its own *level* μ: λ/2 for lasso, the μ
with ‖r‖ = ε for bpdn, and the μ with μ = λ‖r‖ for sqrt-lasso. On a support E with signs s, where A_E is independent and
G = A_E^T A_E, they are x_E = G^-1(A_E^T y - μ w s), and

    ‖r‖² = c + μ²g,   c = ‖P⊥ y‖²,   g = (ws)^T G^-1 (ws),

so μ² is rational in each problem: λ²/4, (ε²-c)/g, λ²c/(1-λ²g). A rational μ near the level gives E and s by an
active-set method in rational arithmetic; the closed form on them gives the next μ; and the answer counts only once it
has passed `Problem.minimiser`. See docs/theory.md, "Minimiser certificates".
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat

from exact_base.decimals import root_below
from exact_base.errors import BudgetError, DataError, SolverError
from exact_base.rationals import power_of_two, sqrt_ceiling
from exact_base.scalars import ExactArray, exact_vector, is_rational_array, norm2, sign, sqrt, zeros
from sci_barriers.problems.base import Minimiser, Problem

__all__ = ["InfeasibleError", "solve_exactly"]

_MAX_LEVELS = 200
_MAX_PIVOTS = 100_000
_FIRST_BITS = 64
_MAX_BITS = 1 << 12


class InfeasibleError(SolverError):
    """No vector satisfies the constraint of bpdn."""


def solve_exactly(problem: Problem, *, guess: Any = None) -> Minimiser:
    """Return a certified minimiser, with entries in Q (lasso) or in Q(√μ²) (bpdn, sqrt-lasso).

    Args:
        problem: A and y real and rational; the work is about N·|E|³ rational operations.
        guess: any vector of length N, only a place to start; a good one saves pivots, a bad one does no harm.

    Raises:
        DataError: if A or y is complex or irrational.
        SolverError: if no minimiser can be shown in this way: bpdn is infeasible or has no strictly feasible point, or
            a limit on the number of steps was reached.

    >>> from sci_barriers import Lasso, solve_exactly
    >>> found = solve_exactly(Lasso([[1, "1/2"], [0, 1]], [2, 1], parameter="1/4"))
    >>> [str(v) for v in found.point], found.certainly_unique
    (['45/32', '15/16'], True)
    """
    if not problem.is_rational:
        raise DataError("solve_exactly needs real rational A and y; give minimisers of other problems by hand")
    if problem.name == "bpdn":
        if norm2(problem.data) <= problem.parameter**2:
            return problem.minimiser(zeros(problem.columns))
        distance2 = _distance2_to_range(problem.matrix, problem.data)
        if distance2 >= problem.parameter**2:
            what = f"bpdn with ε = {problem.parameter} has no"
            if distance2 > problem.parameter**2:
                raise InfeasibleError(f"{what} feasible point, as ‖r‖ is at least {root_below(distance2)}")
            raise SolverError(f"{what} strictly feasible point: certify a gap instead")
    start = zeros(problem.columns) if guess is None else exact_vector(guess, length=problem.columns)
    if not is_rational_array(start):
        raise DataError("a guess must be real and rational")
    try:
        return _Search(problem).run(start)
    except BudgetError as error:
        raise SolverError(str(error)) from None


@dataclass(frozen=True)
class _Cell:
    """The closed form on a support E with signs s: x_E = least - μ·slope, ‖r‖² = c + μ²g."""

    support: list[int]
    least: ExactArray
    slope: ExactArray
    c: fmpq
    g: fmpq


class _Search:
    """The search for the level μ of one problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.pivots = 0

    def run(self, start: ExactArray) -> Minimiser:
        """Alternate between a support at a rational level and the exact level on that support."""
        problem, x = self.problem, self._independent(start)
        bits, descent, low, high = _FIRST_BITS, 3, fmpq(0), None
        level = self._first_level()
        for _ in range(_MAX_LEVELS):
            x, signs = self._active_set(x, level)
            cell = self._cell(signs)
            square = self._square_of_level(cell, level)
            if square is not None:
                found = self._candidate(cell, square, signs)
                if found is not None:
                    return found
            if self._level_is_above(cell.c + level**2 * cell.g, level):
                low = level
            else:
                high = level
            following = None if square is None or square == 0 else _near_root(square, bits=bits)
            if following is None or following <= low or (high is not None and following >= high):
                following = low * 2 if high is None else (low + high) / 2 if low > 0 else high / 2**descent
                following = _shortened(following, bits=bits)
            level = following
            bits, descent = min(2 * bits, _MAX_BITS), min(2 * descent, _MAX_BITS)
        raise SolverError(
            f"no minimiser of this {problem.name} problem was found in {_MAX_LEVELS} steps; pass a better guess"
        )

    # --- the level -----------------------------------------------------------------------------

    def _first_level(self) -> fmpq:
        problem = self.problem
        if problem.name == "lasso":
            return problem.parameter / 2
        size = sqrt_ceiling(_rational_norm2(problem.data), bits=_FIRST_BITS)
        level = problem.parameter * size if problem.name == "sqrt-lasso" else size
        return _shortened(level, bits=_FIRST_BITS) if level > 0 else fmpq(1)

    def _square_of_level(self, cell: _Cell, level: fmpq) -> fmpq | None:
        """Return μ² as this support would have it, or None if it admits none."""
        p = self.problem.parameter
        if self.problem.name == "lasso":
            return level**2
        if self.problem.name == "bpdn":
            room = p**2 - cell.c
            return room / cell.g if cell.g > 0 and room > 0 else None
        room = 1 - p**2 * cell.g
        if room == 0 and cell.c == 0:  # every μ of this support has μ = λ‖r‖
            return level**2
        return p**2 * cell.c / room if room > 0 or (room == 0 and cell.c == 0) else None

    def _level_is_above(self, residual2: fmpq, level: fmpq) -> bool:
        """Compare μ with the true level: ‖r‖ increases and ‖r‖/μ decreases in μ."""
        p = self.problem.parameter
        if self.problem.name == "bpdn":
            return bool(residual2 < p**2)
        return bool(p**2 * residual2 > level**2)

    def _candidate(self, cell: _Cell, square: fmpq, signs: dict[int, int]) -> Minimiser | None:
        """Return the minimiser that the closed form gives at √square, if it is one."""
        problem, level = self.problem, sqrt(square)
        x = zeros(problem.columns)
        for k, i in enumerate(cell.support):
            x[i] = cell.least[k] - cell.slope[k] * level
            if sign(x[i]) * signs[i] < 0:
                return None
        dual = None
        if problem.name == "sqrt-lasso" and square == 0:
            dual = problem.matrix[:, cell.support] @ cell.slope * problem.parameter
        try:
            return problem.minimiser(x, dual=dual)
        except DataError:  # an optimality condition fails: this is not the support
            return None

    # --- the support at a rational level -------------------------------------------------------

    def _cell(self, signs: dict[int, int]) -> _Cell:
        problem, support = self.problem, sorted(signs)
        columns = problem.matrix[:, support]
        signed = np.array([problem.weights[i] * signs[i] for i in support], dtype=object)
        right = np.column_stack([columns.T @ problem.data, signed]) if support else zeros((0, 2))
        least, slope = _solve_normal(columns, right).T
        c = _rational_norm2(problem.data - columns @ least)
        return _Cell(support, least, slope, c, sum(signed * slope, fmpq(0)))

    def _independent(self, x: ExactArray) -> ExactArray:
        """Set entries of x to zero until the columns of its support are independent."""
        support = [i for i in range(len(x)) if x[i]]
        kept = [support[k] for k in _pivots(self.problem.matrix[:, support])]
        result = zeros(len(x))
        result[kept] = x[kept]
        return result

    def _active_set(self, x: ExactArray, level: fmpq) -> tuple[ExactArray, dict[int, int]]:
        """Minimise ½‖Ax-y‖² + μ‖x‖_w exactly from x by a primal active-set method; return the minimiser, E and s."""
        problem = self.problem
        bounds = problem.weights * level
        signs = {i: sign(x[i]) for i in range(len(x)) if x[i]}
        while True:
            x = self._descend(x, signs, bounds)
            correlation = problem.matrix.T @ (problem.data - problem.matrix @ x)
            outside = [i for i in range(len(x)) if i not in signs and abs(correlation[i]) > bounds[i]]
            if not outside:
                return x, signs
            entering = max(outside, key=lambda i: abs(correlation[i]) / bounds[i])
            x = self._enter(x, signs, entering, sign(correlation[entering]))

    def _descend(self, x: ExactArray, signs: dict[int, int], bounds: ExactArray) -> ExactArray:
        """Go to the minimiser on the current support, dropping from it what reaches zero on the way."""
        problem = self.problem
        while signs:
            support = sorted(signs)
            columns = problem.matrix[:, support]
            wanted = [bounds[i] * signs[i] for i in support]
            gradient = columns.T @ (problem.data - problem.matrix @ x) - np.array(wanted, dtype=object)
            step = zeros(len(x))
            step[support] = _solve_normal(columns, gradient.reshape(-1, 1))[:, 0]
            x, blocking = self._move(x, step, signs, longest=fmpq(1))
            if blocking is None:
                break
            del signs[blocking]
        return x

    def _enter(self, x: ExactArray, signs: dict[int, int], entering: int, direction: int) -> ExactArray:
        """Add an index to the support; if its column depends on the others, exchange it for one of them."""
        problem, support = self.problem, sorted(signs)
        columns, column = problem.matrix[:, support], problem.matrix[:, entering]
        combination = _solve_normal(columns, (columns.T @ column).reshape(-1, 1))[:, 0]
        if not any(column - columns @ combination):
            step = zeros(len(x))
            step[support] = -combination * fmpq(direction)
            step[entering] = fmpq(direction)
            x, blocking = self._move(x, step, signs, longest=None)
            if blocking is None:
                raise SolverError("a direction without end: the weights must be positive")
            del signs[blocking]
        signs[entering] = direction
        return x

    def _move(
        self, x: ExactArray, step: ExactArray, signs: dict[int, int], *, longest: fmpq | None
    ) -> tuple[ExactArray, int | None]:
        """Return x + t·step, t as large as the signs allow, and the index that stops it."""
        self.pivots += 1
        if self.pivots > _MAX_PIVOTS:
            raise BudgetError(f"no support was found in {_MAX_PIVOTS} pivots; pass a better guess")
        length, blocking = longest, None
        for i in sorted(signs):
            if step[i] * signs[i] < 0:
                ratio = -x[i] / step[i]
                if length is None or ratio < length:
                    length, blocking = ratio, i
        if length is None:
            return x, None
        moved: ExactArray = x + step * length
        return moved, blocking


def _as_flint(matrix: ExactArray) -> fmpq_mat:
    rows, columns = matrix.shape
    return fmpq_mat(rows, columns, list(matrix.flat))


def _rational_norm2(vector: ExactArray) -> fmpq:
    """Return ‖vector‖² of a rational vector."""
    return sum((entry * entry for entry in vector), fmpq(0))


def _pivots(matrix: ExactArray) -> list[int]:
    """Return the first columns that span the range of a matrix."""
    if matrix.size == 0:
        return []
    reduced, rank = _as_flint(matrix).rref()
    return [next(j for j in range(matrix.shape[1]) if reduced[row, j] != 0) for row in range(rank)]


def _distance2_to_range(matrix: ExactArray, data: ExactArray) -> fmpq:
    """Return the squared distance from y to the range of A."""
    columns = matrix[:, _pivots(matrix)]
    least = _solve_normal(columns, (columns.T @ data).reshape(-1, 1))[:, 0]
    return _rational_norm2(data - columns @ least)


def _solve_normal(columns: ExactArray, right: ExactArray) -> ExactArray:
    """Return (A_E^T A_E)^-1 · right for independent columns A_E, shape (m, k), and right, shape (k, p)."""
    result = zeros(right.shape)
    if right.size:
        matrix = _as_flint(columns)
        solution = (matrix.transpose() * matrix).solve(_as_flint(right))
        result[...] = np.array(solution.entries(), dtype=object).reshape(right.shape)
    return result


def _near_root(square: fmpq, *, bits: int) -> fmpq:
    """Return a rational within about 2^-bits of √square, relatively; `square` > 0."""
    return sqrt_ceiling(square, bits=bits - _exponent(square) // 2)


def _shortened(value: fmpq, *, bits: int) -> fmpq:
    """Return a dyadic rational within about 2^-bits of value > 0, relatively."""
    shift = bits - _exponent(value)
    scaled = value * power_of_two(shift)
    return fmpq(math.ceil(scaled)) * power_of_two(-shift)


def _exponent(value: fmpq) -> int:
    return int(value.p).bit_length() - int(value.q).bit_length()

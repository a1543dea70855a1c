"""The whole set of minimisers as a polytope, and the exact distance from a point to it.

From one minimiser and its dual vector the set is {z : z = 0 off E, z_i = t_i (A*u)_i on E, t >= 0, Az = Ax}, with one
more variable s >= 0 and the column g for sqrt-lasso with ‖u‖ = 1: Az + s·g = y. See docs/theory.md, "The argmin set".
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from flint import fmpq

from sci_barriers.errors import BudgetError
from sci_barriers.exact import (
    ExactArray,
    Real,
    abs2,
    conjugate,
    imaginary_part,
    norm2,
    real_part,
    sign,
    zeros,
)
from sci_barriers.linalg import solve_consistent
from sci_barriers.problems.base import Minimiser, with_column
from sci_barriers.problems.sqrt_lasso import SqrtLasso

__all__ = ["ArgminSet"]

_MAX_STEPS = 10_000


class ArgminSet:
    """All minimisers of a problem, given one of them with its optimality data."""

    def __init__(self, minimiser: Minimiser) -> None:
        """Describe the set through a certified minimiser."""
        self.minimiser = minimiser
        self.problem = minimiser.problem
        self.active = list(minimiser.active)
        self.phases: ExactArray = self.problem.correlation(minimiser.direction)[self.active]

    @cached_property
    def _extra(self) -> bool:
        return isinstance(self.problem, SqrtLasso) and self.problem.dual_on_sphere(self.minimiser)

    @cached_property
    def _constraint(self) -> tuple[ExactArray, ExactArray]:
        """The real system M t = b, b of shape (rows, 1)."""
        problem, x = self.problem, self.minimiser.point
        columns = problem.matrix[:, self.active] * self.phases[np.newaxis, :]
        image = problem.matrix @ x
        if self._extra:
            columns, image = with_column(columns, self.minimiser.direction), problem.data
        rows: list[list[Real]] = [[part(v) for v in row] for part in (real_part, imaginary_part) for row in columns]
        right: list[Real] = [part(v) for part in (real_part, imaginary_part) for v in image]
        keep = [i for i, row in enumerate(rows) if any(row) or right[i]]
        matrix = zeros((len(keep), columns.shape[1]))
        vector = zeros((len(keep), 1))
        for k, i in enumerate(keep):
            matrix[k] = rows[i]
            vector[k, 0] = right[i]
        return matrix, vector

    def contains(self, z: Any) -> bool:
        """Decide exactly whether z is a minimiser."""
        point = self.problem.vector(z)
        if any(point[i] for i in range(len(point)) if i not in self.minimiser.active):
            return False
        for value, phase in zip(point[self.active], self.phases, strict=True):
            product = value * conjugate(phase)
            if imaginary_part(product) != 0 or sign(real_part(product)) < 0:
                return False
        if not self._extra:
            return not any(self.problem.matrix @ (point - self.minimiser.point))
        # y - Az = s·g with s >= 0
        residual, direction = self.problem.residual(point), self.minimiser.direction
        first = next(i for i, v in enumerate(direction) if v)
        multiple = residual[first] / direction[first]
        real = imaginary_part(multiple) == 0 and sign(real_part(multiple)) >= 0
        return real and not any(residual - direction * multiple)

    def nearest(self, z: Any) -> ExactArray:
        """Return the minimiser nearest to z, exactly, by a primal active-set method.

        The quadratic program min Σ |z_i - t_i p_i|², Mt = b, t >= 0 is strictly convex on its feasible set, so the
        answer is unique; the optimality conditions are verified exactly before it is returned.

        Raises:
            BudgetError: if the method does not end (degenerate constraints); no case is known.
        """
        target = self.problem.vector(z)
        size = len(self.active) + self._extra
        weight = zeros(size)
        linear = zeros(size)
        current = zeros(size)
        for k, (i, phase) in enumerate(zip(self.active, self.phases, strict=True)):
            weight[k] = abs2(phase)
            linear[k] = real_part(conjugate(phase) * target[i])
            current[k] = real_part(self.minimiser.point[i] / phase)
        if self._extra:
            current[-1] = fmpq(1) if self.minimiser.dual is None else fmpq(0)
        parameters = self._minimise(weight, linear, current)
        result = zeros(self.problem.columns)
        for k, (i, phase) in enumerate(zip(self.active, self.phases, strict=True)):
            result[i] = phase * parameters[k]
        return result

    def _minimise(self, weight: ExactArray, linear: ExactArray, current: ExactArray) -> ExactArray:
        """Minimise ½ Σ weight t² - linear·t over Mt = b, t >= 0 from a feasible point; smallest index first."""
        matrix, _ = self._constraint
        size, rows = len(weight), len(matrix)
        free = [k for k in range(size) if current[k]]
        for _ in range(_MAX_STEPS):
            system = zeros((len(free) + rows, len(free) + rows))
            right = zeros((len(free) + rows, 1))
            for a, k in enumerate(free):
                system[a, a] = weight[k]
                right[a, 0] = linear[k] - weight[k] * current[k]
            system[: len(free), len(free) :] = matrix[:, free].T
            system[len(free) :, : len(free)] = matrix[:, free]
            solution = solve_consistent(system, right)
            if solution is None:
                raise BudgetError("the argmin set is described inconsistently; this is a defect, please report it")
            step, multipliers = solution[: len(free), 0], solution[len(free) :, 0]
            if not any(step):
                slope = weight * current - linear + matrix.T @ multipliers
                leaving = next((k for k in range(size) if k not in free and sign(slope[k]) < 0), None)
                if leaving is None:
                    return current
                free = sorted([*free, leaving])
                continue
            ratios = [(-current[k] / step[a], k) for a, k in enumerate(free) if sign(step[a]) < 0]
            length: Real = fmpq(1)
            blocking = None
            for ratio, k in ratios:
                if ratio < length:
                    length, blocking = ratio, k
            current = current.copy()
            for a, k in enumerate(free):
                current[k] = current[k] + step[a] * length
            if blocking is not None:
                free.remove(blocking)
        raise BudgetError(f"the distance to the argmin set was not found in {_MAX_STEPS} steps")

    def distance2(self, z: Any) -> Real:
        """Return the exact squared distance from z to the set of minimisers."""
        return norm2(self.problem.vector(z) - self.nearest(z))

"""The whole set of minimisers as a polytope, and the exact distance from a point to it.

From one minimiser and its dual vector the set is {z : z = 0 off E, z_i = t_i (A*u)_i on E, t >= 0, Az = Ax}, with one
more variable s >= 0 and the column g for sqrt-lasso with ‖u‖ = 1: Az + s·g = y. See docs/theory.md, "The argmin set".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from flint import fmpq

from exact_base.errors import BudgetError
from exact_base.linalg import solve_consistent
from exact_base.reprs import short_repr
from exact_base.scalars import (
    ComplexNumber,
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
from sci_barriers.problems.base import Minimiser, with_column
from sci_barriers.problems.sqrt_lasso import SqrtLasso

__all__ = ["ArgminSet", "Projection"]

_MAX_STEPS = 10_000


@short_repr()
@dataclass(frozen=True)
class Projection:
    """The minimiser nearest to a point z, with what proves it.

    Attributes:
        point: the minimiser p, length N.
        parameters: t on E (and s, where the set has it), all >= 0.
        multiplier: q, length m: Re<z - p, x - p> <= 0 for every minimiser x by docs/breakdown.md, "The radius", with
            q there and z for c.
    """

    point: ExactArray
    parameters: ExactArray
    multiplier: ExactArray


class ArgminSet:
    """All minimisers of a problem, given one of them with its optimality data."""

    def __init__(self, minimiser: Minimiser) -> None:
        """Describe the set through a certified minimiser."""
        self.minimiser = minimiser
        self.problem = minimiser.problem
        self.active = list(minimiser.active)
        self.phases: ExactArray = self.problem.correlation(minimiser.direction)[self.active]

    @cached_property
    def has_ray(self) -> bool:
        """True for sqrt-lasso with ‖u‖ = 1: y - Az may be any s·g, s >= 0."""
        return isinstance(self.problem, SqrtLasso) and self.problem.dual_on_sphere(self.minimiser)

    @cached_property
    def constraint(self) -> tuple[ExactArray, list[int]]:
        """The real matrix M of the system M t = b, and which of Re 1..m, Im 1..m its rows are."""
        problem, x = self.problem, self.minimiser.point
        columns = problem.matrix[:, self.active] * self.phases[np.newaxis, :]
        image = problem.matrix @ x
        if self.has_ray:
            columns, image = with_column(columns, self.minimiser.direction), problem.data
        rows: list[list[Real]] = [[part(v) for v in row] for part in (real_part, imaginary_part) for row in columns]
        right: list[Real] = [part(v) for part in (real_part, imaginary_part) for v in image]
        keep = [i for i, row in enumerate(rows) if any(row) or right[i]]
        matrix = zeros((len(keep), columns.shape[1]))
        for k, i in enumerate(keep):
            matrix[k] = rows[i]
        return matrix, keep

    @cached_property
    def parameters(self) -> ExactArray:
        """T on E of the given minimiser, and s at the end where the set has it."""
        result = zeros(len(self.active) + self.has_ray)
        for k, (i, phase) in enumerate(zip(self.active, self.phases, strict=True)):
            result[k] = real_part(self.minimiser.point[i] / phase)
        if self.has_ray:
            result[-1] = fmpq(1) if self.minimiser.dual is None else fmpq(0)
        return result

    def contains(self, z: Any) -> bool:
        """Decide exactly whether z is a minimiser."""
        point = self.problem.vector(z)
        if any(point[i] for i in range(len(point)) if i not in self.minimiser.active):
            return False
        for value, phase in zip(point[self.active], self.phases, strict=True):
            product = value * conjugate(phase)
            if imaginary_part(product) != 0 or sign(real_part(product)) < 0:
                return False
        if not self.has_ray:
            return not any(self.problem.matrix @ (point - self.minimiser.point))
        # y - Az = s·g with s >= 0
        residual, direction = self.problem.residual(point), self.minimiser.direction
        first = next(i for i, v in enumerate(direction) if v)
        multiple = residual[first] / direction[first]
        real = imaginary_part(multiple) == 0 and sign(real_part(multiple)) >= 0
        return real and not any(residual - direction * multiple)

    def nearest(self, z: Any) -> ExactArray:
        """Return the minimiser nearest to z, exactly; `projection` with less to say, and the same error."""
        return self.projection(z).point

    def projection(self, z: Any) -> Projection:
        """Return the minimiser nearest to z with a multiplier, exactly, by a primal active-set method.

        The quadratic program min Σ |z_i - t_i p_i|², Mt = b, t >= 0 is strictly convex on its feasible set, so the
        answer is unique; the optimality conditions are verified exactly before it is returned.

        Raises:
            BudgetError: if the method does not end (degenerate constraints); no case is known.
        """
        target = self.problem.vector(z)
        weight, linear = zeros(len(self.parameters)), zeros(len(self.parameters))
        for k, (i, phase) in enumerate(zip(self.active, self.phases, strict=True)):
            weight[k] = abs2(phase)
            linear[k] = real_part(conjugate(phase) * target[i])
        parameters, multipliers = self._minimise(weight, linear, self.parameters)
        result = zeros(self.problem.columns)
        for k, (i, phase) in enumerate(zip(self.active, self.phases, strict=True)):
            result[i] = phase * parameters[k]
        return Projection(result, parameters, self._assembled(multipliers))

    def _assembled(self, multipliers: ExactArray) -> ExactArray:
        """The vector of C^m whose real and imaginary parts are the multipliers of the rows of `constraint`."""
        rows = self.problem.rows
        parts = zeros(2 * rows)
        parts[self.constraint[1]] = multipliers
        if not any(parts[rows:]):
            return parts[:rows]
        return np.array([ComplexNumber(re, im) if im else re for re, im in parts.reshape(2, rows).T], dtype=object)

    def _minimise(self, weight: ExactArray, linear: ExactArray, current: ExactArray) -> tuple[ExactArray, ExactArray]:
        """Minimise ½ Σ weight t² - linear·t over Mt = b, t >= 0 from a feasible point; smallest index first."""
        matrix, _ = self.constraint
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
                    return current, multipliers
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

    def another(self) -> ExactArray | None:
        """Return a minimiser other than the given one, or None if that is the only one, decided exactly.

        If z is another one, t changes somewhere on E, and the set reaches in that direction: its point nearest to
        x + (A*u)_i e_i, or to x - (A*u)_i e_i, is not x.

        Raises:
            BudgetError: as `projection` does.
        """
        x = self.minimiser.point
        for i, phase in zip(self.active, self.phases, strict=True):
            for step in (phase, -phase):
                target = x.copy()
                target[i] = target[i] + step
                nearest = self.nearest(target)
                if any(nearest - x):
                    return nearest
        return None

    def distance2(self, z: Any) -> Real:
        """Return the exact squared distance from z to the set of minimisers."""
        return norm2(self.problem.vector(z) - self.nearest(z))

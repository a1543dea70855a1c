"""Linear programs over the kernel of A, solved in floating point by HiGHS.

For each column i: max Re x_i subject to Ax = 0 and ‖x‖_w <= 1. Its value is min over h of max_j |e_i - A*h|_j/w_j, its
solution x a candidate for a refutation and its multipliers h a candidate for the relaxation. For complex matrices the
real and imaginary parts are separate unknowns and |Re|+|Im| takes the place of the modulus, so that both are only near
to the best.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from exact_base.errors import NotCertifiedError, UsageError
from exact_base.matrices import Array, ExactMatrix
from exact_base.rationals import to_float
from firenet_exact.levels import Levels
from firenet_exact.running import Progress, Row, Rows, computed

__all__ = ["TABLE", "KernelPrograms"]

TABLE = "linear programs"
"""The table of their rows."""


class KernelPrograms:
    """The linear programs of one matrix, shape (m, N), and its levels."""

    def __init__(self, matrix: ExactMatrix, levels: Levels) -> None:
        self.floats = matrix.to_float()
        self.weights = np.array([to_float(w) for w in levels.column_weights])
        # a scale changes neither the kernel nor, in the end, the property; HiGHS has absolute tolerances
        self._scale = float(np.abs(self.floats).max()) or 1.0
        scaled, self._complex = self.floats / self._scale, not matrix.is_real
        if self._complex:
            scaled = np.block([[scaled.real, -scaled.imag], [scaled.imag, scaled.real]])
        self._equations = np.hstack([scaled, -scaled])
        self._budget = np.tile(self.weights, 4 if self._complex else 2)[None]

    def solve(self, objective: Array) -> tuple[Array, Array]:
        """Return x that maximises Re<objective, x>, and h; lengths N and m.

        Raises:
            NotCertifiedError: if HiGHS fails.
            UsageError: if scipy is not installed.
        """
        try:
            from scipy.optimize import linprog
        except ImportError:
            raise UsageError("linear programs need scipy; pip install 'sci-barriers[solvers]'") from None
        real = np.concatenate([objective.real, objective.imag]) if self._complex else objective.real
        found = linprog(
            np.concatenate([-real, real]),
            A_eq=self._equations,
            b_eq=np.zeros(len(self._equations)),
            A_ub=self._budget,
            b_ub=[1.0],
            method="highs-ds",
        )
        if found.x is None or found.status != 0:
            raise NotCertifiedError(f"HiGHS could not solve a linear program: {found.message}".splitlines()[0])
        positive, negative = np.split(found.x, 2)
        return self._joined(positive - negative), self._joined(-found.eqlin.marginals) / self._scale

    def column(self, i: int, rows: Rows) -> Iterator[Progress | Row]:
        """Solve the program of column i, unless `rows` has it; the row is (h, x), length m + N."""
        m, n = self.floats.shape

        def compute() -> Array:
            vector, multipliers = self.solve(np.eye(n)[i])
            return np.concatenate([multipliers, vector])

        yield from computed(rows, TABLE, i, count=n, width=m + n, compute=compute)

    def _joined(self, parts: Array) -> Array:
        if not self._complex:
            return parts
        re, im = np.split(parts, 2)
        return re + 1j * im

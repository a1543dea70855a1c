"""One input (A, {y_1..y_R}) of a computational problem: what an oracle knows and an algorithm does not.

See docs/theory.md, "The model".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flint import fmpq

from exact_base.enclosures import Enclosed, enclosed
from exact_base.errors import DataError
from exact_base.reprs import short_repr
from exact_base.scalars import ExactArray, exact, exact_vector
from sci_barriers.omega.known import Known
from sci_barriers.problems import Problem, problem_type

__all__ = ["Input"]


@short_repr()
@dataclass(frozen=True)
class Input:
    """A matrix and samples, exact or enclosed, with the problem to solve for them.

    Attributes:
        matrix: A, shape (m, N).
        samples: y_1..y_R, each of length m.
        problem: `bpdn`, `lasso` or `sqrt-lasso`.
        parameter: ε or λ, rational.
        weights: w, length N, rational.
    """

    matrix: Enclosed
    samples: tuple[Enclosed, ...]
    problem: str
    parameter: fmpq
    weights: ExactArray

    @classmethod
    def create(cls, matrix: Any, samples: Sequence[Any], *, problem: str, parameter: Any, weights: Any = None) -> Input:
        """Read an input.

        Args:
            matrix: A; entries as accepted by `enclosed`.
            samples: the list of y_1..y_R.
            problem: name of the problem.
            parameter: ε or λ > 0.
            weights: w, length N; all ones if not given.

        Raises:
            UsageError: for an unknown problem.
            DataError: for shapes that do not fit, and a parameter or weight that is not a positive rational.
        """
        kind = problem_type(problem)
        read = enclosed(matrix)
        if len(read.shape) != 2:
            raise DataError(f"A must be a matrix, got shape {read.shape}")
        rows, columns = read.shape
        vectors = tuple(enclosed(sample) for sample in samples)
        if not vectors:
            raise DataError("an input needs at least one sample y_1")
        for k, vector in enumerate(vectors, start=1):
            if vector.shape != (rows,):
                raise DataError(f"sample {k} must be a vector of length {rows}, got shape {vector.shape}")
        value = exact(parameter)
        if not isinstance(value, fmpq) or value <= 0:
            raise DataError(f"{kind.parameter_symbol} must be a positive rational, got {parameter}")
        sizes = exact_vector([1] * columns if weights is None else weights, length=columns)
        for weight in sizes:
            if not isinstance(weight, fmpq) or weight <= 0:
                raise DataError(f"weights must be positive rationals, got {weight}")
        return cls(read, vectors, problem, value, sizes)

    def instance(self, matrix: ExactArray, data: ExactArray) -> Problem:
        """Return the problem for other, exact, A and y: the one a triple is about."""
        return problem_type(self.problem)(matrix, data, parameter=self.parameter, weights=self.weights)

    def known(self, *, precision: int = 60) -> Known:
        """What an algorithm may know about this input without reading."""
        rows, columns = self.matrix.shape
        return Known(
            problem=self.problem,
            parameter=self.parameter,
            weights=self.weights,
            rows=rows,
            columns=columns,
            samples=len(self.samples),
            precision=precision,
        )

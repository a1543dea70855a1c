"""Problems and dual vectors as certificates write them."""

from __future__ import annotations

from typing import Any

from exact_base.encoding import encode_array, encode_fraction
from exact_base.scalars import ExactArray
from sci_barriers.problems import Problem

__all__ = ["encode_dual", "encode_problem"]


def encode_problem(problem: Problem, root: int) -> dict[str, Any]:
    """Return a problem as docs/format.md, "Problems", writes it."""
    return {
        "data": encode_array(problem.data, root),
        "matrix": encode_array(problem.matrix, root),
        "name": problem.name,
        "parameter": encode_fraction(problem.parameter),
        "weights": encode_array(problem.weights, root),
    }


def encode_dual(dual: ExactArray | None, root: int) -> dict[str, Any] | None:
    """Return a dual vector, or None where there is none."""
    return None if dual is None else encode_array(dual, root)

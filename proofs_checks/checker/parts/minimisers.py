"""A point that minimises a problem, and perhaps nothing else does (docs/format.md, "kind minimiser")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from proofs_checks.certificate.reading import decode_object
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Exact, Number, Reader, Vector
from proofs_checks.checker.core.rules import Invalid, Statement, require
from proofs_checks.checker.core.statements import problem_lines
from proofs_checks.checker.parts.problems import Optimality, Problem, check_optimality, decode_problem


@dataclass(frozen=True)
class Candidate:
    """A point with its witnesses: a dual vector where rule 1 asks for one, a left inverse where rule 3 does."""

    problem: Problem
    point: Vector
    dual: Vector | None
    inverse: Exact | None


def decode_candidate(fields: dict[str, Any], evidence: dict[str, Any], reader: Reader, path: str) -> Candidate:
    """Return the point and problem at a path, with the evidence; raises MalformedCertificate."""
    decode_object(evidence, ("dual", "left_inverse"), "evidence")
    problem = decode_problem(fields["problem"], reader, f"{path}.problem")
    rows, cols = problem.matrix.rows, problem.matrix.cols
    point = reader.vector(fields["point"], f"{path}.point", cols)
    dual = None if evidence["dual"] is None else reader.vector(evidence["dual"], "evidence.dual", rows)
    inverse = None
    if evidence["left_inverse"] is not None:
        inverse = reader.matrix(evidence["left_inverse"], "evidence.left_inverse", cols=rows)
    return Candidate(problem, point, dual, inverse)


def certify(candidate: Candidate, unique: bool) -> Statement:
    """Apply the rules; raises Invalid."""
    problem, point, inverse = candidate.problem, candidate.point, candidate.inverse
    optimality = check_optimality(problem, point, candidate.dual)
    columns = _columns(problem.matrix, optimality) if unique else []
    needed = "needed" if columns else "to be null"
    require((inverse is not None) == bool(columns), "rule 3", lambda: f"a left inverse is {needed} here")
    if inverse is not None:
        _check_left_inverse(inverse, columns)
    only = "the only minimiser" if unique else "a minimiser"
    lines = (*problem_lines(problem), f"x is {only}: {words.entries(point)}.")
    return Statement("minimiser", f"The point x is {only} of the problem.", lines)


def _columns(matrix: Exact, optimality: Optimality) -> list[Vector]:
    """Return the columns whose independence makes the minimiser unique: A_E, and g where it bounds the set."""
    place = {j: index for index, j in enumerate(optimality.active)}
    items: list[list[Number]] = [[0] * matrix.rows for _ in place]
    for (i, j), a in matrix.entries.items():
        if j in place:
            items[place[j]][i] = a
    columns = [Vector(column, matrix.den) for column in items]
    return [*columns, optimality.direction] if optimality.sphere else columns


def _check_left_inverse(inverse: Exact, columns: list[Vector]) -> None:
    size = len(columns)
    for index, column in enumerate(columns):
        product = inverse.times(column)
        expected = [product.den if row == index else 0 for row in range(size)]
        if product.items != expected:
            raise Invalid("rule 3", f"the left inverse times column {index + 1} of {size} is not a unit vector")

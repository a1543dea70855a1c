"""Form set of kind claim-audit: any instance with a minimiser, and the minimisers nearest to points.

Source: docs/theory.md, "The audit of a table".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from proofs_checks.certificate.reading import POINT_NAME, MalformedCertificate, decode_object, quote
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Gaussian, Reader, Vector, conj, sign
from proofs_checks.checker.core.rules import Invalid, require
from proofs_checks.checker.core.statements import problem_lines
from proofs_checks.checker.parts.audited import Dense, Solution
from proofs_checks.checker.parts.breakdown_radius import Solved, multiplier_excess
from proofs_checks.checker.parts.minimisers import decode_candidate
from proofs_checks.checker.parts.problems import Optimality, check_optimality

RULE = "nearest"


@dataclass(frozen=True)
class SolutionSet(Dense):
    """Any matrix, real or complex, with a minimiser, and for names of points the minimiser p nearest to each, and q."""

    witnesses: dict[str, tuple[Vector, Vector | None]]

    @cached_property
    def optimality(self) -> Optimality:
        """The dual direction g, and where its bounds are attained; raises Invalid."""
        return check_optimality(self.candidate.problem, self.candidate.point, self.candidate.dual)

    def solve(self) -> Solution:
        """Return the given minimiser; raises Invalid."""
        problem, point = self.candidate.problem, self.candidate.point
        check_optimality(problem, point, self.candidate.dual)
        return point, (*problem_lines(problem), f"x is a minimiser, perhaps of several: {words.entries(point)}.")

    def nearest(self, name: str, point: Vector, minimiser: Vector) -> Vector:
        """Return the minimiser p nearest to a point z; raises Invalid.

        p is one, and Re<z - p, x - p> <= 0 for every minimiser x, so that |z - x|^2 >= |z - p|^2 + |x - p|^2.
        """
        p, multiplier = self.witnesses[name]
        self._require_member(p)
        solved = Solved(f"point {name}", self.candidate.problem, p, self.optimality, multiplier)
        bound = multiplier_excess(solved, point.minus(p))
        require(
            sign(bound.num) <= 0, RULE, lambda: f"the multiplier bounds Re<z - p, x - p> by {words.ratio(bound)} only"
        )
        return p

    def _require_member(self, p: Vector) -> None:
        """Apply the theorem on the argmin set; raises Invalid."""
        problem, optimality = self.candidate.problem, self.optimality
        products, members = problem.matrix.adjoint_times(optimality.direction), set(optimality.active)
        for i, (z, v) in enumerate(zip(p.items, products.items, strict=True)):
            aligned = z * conj(v)
            if z and (i not in members or isinstance(aligned, Gaussian) or sign(aligned) < 0):
                raise Invalid(RULE, f"p is no minimiser, by its entry {i + 1}")
        image = problem.matrix.times(p)
        if not optimality.sphere:
            away = image.minus(problem.matrix.times(self.candidate.point))
            require(not any(away.items), RULE, lambda: "p is no minimiser, as Ap differs from Ax")
            return
        residual, g = problem.data.minus(image).items, optimality.direction.items
        k = next(j for j, z in enumerate(g) if z)
        multiple = residual[k] * conj(g[k])
        right = not isinstance(multiple, Gaussian) and sign(multiple) >= 0
        right = right and all(r * g[k] == residual[k] * z for r, z in zip(residual, g, strict=True))
        require(right, RULE, lambda: "p is no minimiser, as y - Ap is no multiple s g, s >= 0")


def decode_set(value: dict[str, Any], evidence: dict[str, Any], reader: Reader) -> SolutionSet:
    """Return the instance at claim.instance; raises MalformedCertificate."""
    decode_object(value, ("form", "point", "problem"), "claim.instance")
    decode_object(evidence, ("dual", "nearest"), "evidence")
    candidate = decode_candidate(value, {"dual": evidence["dual"], "left_inverse": None}, reader, "claim.instance")
    if not isinstance(evidence["nearest"], dict):
        raise MalformedCertificate(f"evidence.nearest must be an object, not {quote(evidence['nearest'])}")
    witnesses = {}
    for name, fields in evidence["nearest"].items():
        if not POINT_NAME.fullmatch(name):
            raise MalformedCertificate(f"evidence.nearest: {quote(name)} cannot be the name of a point")
        path = f"evidence.nearest.{name}"
        decode_object(fields, ("multiplier", "point"), path)
        p = reader.vector(fields["point"], f"{path}.point", candidate.problem.matrix.cols)
        q = fields["multiplier"]
        multiplier = None if q is None else reader.vector(q, f"{path}.multiplier", candidate.problem.matrix.rows)
        witnesses[name] = (p, multiplier)
    return SolutionSet(candidate, witnesses)

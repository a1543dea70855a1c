"""The instances of kind claim-audit that are real, with one minimiser (docs/format.md, "kind claim-audit")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from proofs_checks.certificate.reading import MAX_SIDE, decode_choice, decode_integer, decode_object, decode_rational
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Gaussian, Ratio, Reader, Real, Surd, Vector, real_part
from proofs_checks.checker.core.rules import require
from proofs_checks.checker.core.statements import NAMES
from proofs_checks.checker.parts.minimisers import Candidate, certify, decode_candidate
from proofs_checks.checker.parts.problems import PROBLEMS
from proofs_checks.checker.parts.semidefinite import spectral_norm_at_most

RULE = "instance"
Solution = tuple[Vector, tuple[str, ...]]
"""The only minimiser, and the lines that describe the instance."""


@dataclass(frozen=True)
class Block:
    """A = U [[a^T, 0], [0, c I]] with c = |a| and any orthogonal U; y = U e_1; weights 1."""

    name: str
    parameter: Ratio
    row: Vector
    columns: int

    @property
    def weights(self) -> Vector:
        """The weights."""
        return Vector([1] * self.columns, 1)

    def solve(self) -> Solution:
        """Return the minimiser h e_t; raises Invalid."""
        entries = [Ratio(real_part(a), self.row.den) for a in self.row.items]
        top = 0
        for i, a in enumerate(entries):
            require(not a <= Ratio(0, 1), RULE, lambda: "the entries of a must be positive")
            top = top if a <= entries[top] else i
        largest, p = entries[top], self.parameter
        alone = all(not largest <= a for i, a in enumerate(entries) if i != top)
        require(alone, RULE, lambda: "a has no strictly largest entry")
        fits = {"bpdn": not Ratio(1, 1) <= p, "lasso": p <= largest, "sqrt-lasso": not largest <= p}[self.name]
        require(fits, RULE, lambda: f"p = {words.ratio(p)} is too large")
        height = _height(self.name, p, _reciprocal(largest))
        lines = (
            f"Problem: {NAMES[self.name]}, weights 1, p = {words.ratio(p)}.",
            f"Instance: A = U [[a^T, 0], [0, |a| I]] is {self.columns - len(entries) + 1} x {self.columns}, y = U e_1, "
            f"with any orthogonal U; a: {words.entries(self.row)}.",
            f"Its only minimiser is h e_{top + 1} with h = {words.ratio(height)}.",
        )
        return Vector([height.num if j == top else 0 for j in range(self.columns)], height.den), lines

    def residual2(self, point: Vector) -> Ratio:
        """Return |Ax - y|^2 = (a·x_1 - 1)^2 + c^2 |x_2|^2 for the two parts of a real x."""
        d, first = len(self.row.items), -(self.row.den * point.den)
        total: Real = first
        for a, x in zip(self.row.items, point.items[:d], strict=True):
            total = total + real_part(a) * real_part(x)
        rest = Vector(point.items[d:], point.den).norm2() * self.row.norm2()
        return Ratio(total * total, first * first) + rest

    def norm2_below(self, bound: Ratio) -> bool:
        """Return whether |A|^2 = c^2 < bound."""
        return not bound <= self.row.norm2()

    def nearest(self, name: str, point: Vector, minimiser: Vector) -> Vector:
        """Return the only minimiser, which is the nearest to every point."""
        return minimiser


@dataclass(frozen=True)
class Dense:
    """Any real matrix; the minimiser and its uniqueness are checked by the rules of kind minimiser."""

    candidate: Candidate

    @property
    def name(self) -> str:
        """The name of the problem."""
        return self.candidate.problem.name

    @property
    def parameter(self) -> Ratio:
        """The parameter."""
        return Ratio(*self.candidate.problem.parameter)

    @property
    def columns(self) -> int:
        """The number of columns."""
        return self.candidate.problem.matrix.cols

    @property
    def weights(self) -> Vector:
        """The weights."""
        return Vector([*self.candidate.problem.weights], self.candidate.problem.weights_den)

    def solve(self) -> Solution:
        """Return the minimiser, which is real as it is the only one; raises Invalid."""
        problem = self.candidate.problem
        complex_ = any(isinstance(z, Gaussian) for z in (*problem.matrix.entries.values(), *problem.data.items))
        require(not complex_, RULE, lambda: "the matrix and data must be real")
        return self.candidate.point, certify(self.candidate, unique=True).lines

    def residual2(self, point: Vector) -> Ratio:
        """Return |Ax - y|^2."""
        problem = self.candidate.problem
        return problem.data.minus(problem.matrix.times(point)).norm2()

    def norm2_below(self, bound: Ratio) -> bool:
        """Return whether |A|^2 < bound."""
        return spectral_norm_at_most(self.candidate.problem.matrix, bound, strict=True)

    def nearest(self, name: str, point: Vector, minimiser: Vector) -> Vector:
        """Return the only minimiser, which is the nearest to every point."""
        return minimiser


def decode_dense(value: dict[str, Any], evidence: dict[str, Any], reader: Reader) -> Dense:
    """Return the instance at claim.instance; raises MalformedCertificate."""
    decode_object(value, ("form", "point", "problem"), "claim.instance")
    return Dense(decode_candidate(value, evidence, reader, "claim.instance"))


def decode_block(value: dict[str, Any], evidence: dict[str, Any], reader: Reader) -> Block:
    """Return the instance at claim.instance; raises MalformedCertificate."""
    path = "claim.instance"
    decode_object(value, ("columns", "form", "parameter", "problem", "row", "rows"), path)
    decode_object(evidence, (), "evidence")
    columns = decode_integer(value["columns"], f"{path}.columns", low=2, high=MAX_SIDE)
    rows = decode_integer(value["rows"], f"{path}.rows", low=1, high=columns - 1)
    name = decode_choice(value["problem"], PROBLEMS, f"{path}.problem")
    parameter = decode_rational(value["parameter"], f"{path}.parameter", positive=True)
    row = reader.vector(value["row"], f"{path}.row", columns - rows + 1, real=True)
    return Block(name, Ratio(*parameter), row, columns)


def _reciprocal(x: Ratio) -> Ratio:
    """Return 1/x, x > 0."""
    if isinstance(x.num, int):
        return Ratio(x.den, x.num)
    norm = x.num.a**2 - x.num.b**2 * x.num.s
    conjugate: Real = Surd(x.num.a, -x.num.b, x.num.s) * x.den
    return Ratio(conjugate, norm) if norm > 0 else Ratio(-conjugate, -norm)


def _height(name: str, p: Ratio, reciprocal: Ratio) -> Ratio:
    if name == "bpdn":
        return (Ratio(1, 1) + -p) * reciprocal
    if name == "lasso":
        return (Ratio(1, 1) + -(p * reciprocal * Ratio(1, 2))) * reciprocal
    return reciprocal

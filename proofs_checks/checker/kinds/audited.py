"""The instances of kind claim-audit: real, with one minimiser (docs/format.md, "kind claim-audit")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from proofs_checks.certificate import MAX_SIDE, decode_choice, decode_integer, decode_object, decode_rational
from proofs_checks.checker import words
from proofs_checks.checker.kinds import minimiser
from proofs_checks.checker.kinds.semidefinite import spectral_norm_at_most
from proofs_checks.checker.numbers import Gaussian, Ratio, Reader, Real, Surd, Vector, real_part, sign
from proofs_checks.checker.problems import PROBLEMS, Problem, decode_problem
from proofs_checks.checker.rules import require
from proofs_checks.checker.statements import NAMES

RULE = "instance"


@dataclass(frozen=True)
class Block:
    """A = U [[a^T, 0], [0, c I]] with c = |a| and any orthogonal U; y = U e_1; weights 1."""

    name: str
    parameter: Ratio
    row: Vector
    minimiser: Vector
    lines: tuple[str, ...]

    def weights(self) -> Vector:
        """Return w."""
        return Vector([1] * len(self.minimiser.items), 1)

    def residual2(self, point: Vector) -> Ratio:
        """Return |Ax - y|^2 = (a·x_1 - 1)^2 + c^2 |x_2|^2 for the two parts of a real x."""
        d, first = len(self.row.items), -(self.row.den * point.den)
        for a, x in zip(self.row.items, point.items[:d], strict=True):
            first = first + real_part(a) * real_part(x)
        rest = Vector(point.items[d:], point.den).norm2() * self.row.norm2()
        return Ratio(first * first, (self.row.den * point.den) ** 2) + rest

    def norm2_below(self, bound: Ratio) -> bool:
        """Return whether |A|^2 = c^2 < bound."""
        return not bound <= self.row.norm2()


@dataclass(frozen=True)
class Dense:
    """Any real matrix; the minimiser and its uniqueness are checked by the rules of kind minimiser."""

    problem: Problem
    minimiser: Vector
    lines: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return the name of the problem."""
        return self.problem.name

    @property
    def parameter(self) -> Ratio:
        """Return the parameter."""
        return Ratio(*self.problem.parameter)

    def weights(self) -> Vector:
        """Return w."""
        return Vector([*self.problem.weights], self.problem.weights_den)

    def residual2(self, point: Vector) -> Ratio:
        """Return |Ax - y|^2."""
        return self.problem.data.minus(self.problem.matrix.times(point)).norm2()

    def norm2_below(self, bound: Ratio) -> bool:
        """Return whether |A|^2 < bound."""
        return spectral_norm_at_most(self.problem.matrix, bound, strict=True)


def decode_instance(claim: dict[str, Any], evidence: dict[str, Any], reader: Reader) -> Block | Dense:
    """Return the instance at claim.instance with its certified minimiser; raises MalformedCertificate and Invalid."""
    path, value = "claim.instance", claim["instance"]
    form = decode_choice(value.get("form") if isinstance(value, dict) else None, ("block", "dense"), f"{path}.form")
    if form == "dense":
        decode_object(value, ("form", "point", "problem"), path)
        inner = {"point": value["point"], "problem": value["problem"], "root": claim["root"], "unique": True}
        statement = minimiser.check(inner, evidence, reader)
        problem = decode_problem(value["problem"], reader)
        real = not any(isinstance(z, Gaussian) for z in (*problem.matrix.entries.values(), *problem.data.items))
        require(real, RULE, lambda: "the matrix and data must be real")
        return Dense(problem, reader.vector(value["point"], f"{path}.point", problem.matrix.cols), statement.lines)
    decode_object(value, ("columns", "form", "parameter", "problem", "row", "rows"), path)
    decode_object(evidence, (), "evidence")
    columns = decode_integer(value["columns"], f"{path}.columns", low=2, high=MAX_SIDE)
    rows = decode_integer(value["rows"], f"{path}.rows", low=1, high=columns - 1)
    name = decode_choice(value["problem"], PROBLEMS, f"{path}.problem")
    parameter = decode_rational(value["parameter"], f"{path}.parameter", positive=True)
    row = reader.vector(value["row"], f"{path}.row", columns - rows + 1, real=True)
    entries = [real_part(a) for a in row.items]
    require(all(sign(a) > 0 for a in entries), RULE, lambda: "the entries of a must be positive")
    top = max(range(len(entries)), key=lambda i: sum(sign(entries[i] + -a) > 0 for a in entries))
    others = (a for i, a in enumerate(entries) if i != top)
    require(all(sign(entries[top] + -a) > 0 for a in others), RULE, lambda: "a has no strictly largest entry")
    largest, p = Ratio(entries[top], row.den), Ratio(*parameter)
    fits = {"bpdn": not Ratio(1, 1) <= p, "lasso": p <= largest, "sqrt-lasso": not largest <= p}[name]
    require(fits, RULE, lambda: f"p = {words.rational(*parameter)} is too large")
    height = _height(name, p, _reciprocal(largest))
    point = Vector([height.num if j == top else 0 for j in range(columns)], height.den)
    lines = (
        f"Problem: {NAMES[name]}, weights 1, p = {words.rational(*parameter)}.",
        f"Instance: A = U [[a^T, 0], [0, |a| I]] is {rows} x {columns}, y = U e_1, with any orthogonal U; "
        f"a: {words.entries(row)}.",
        f"Its only minimiser is h e_{top + 1} with h = {words.ratio(height)}.",
    )
    return Block(name, p, row, point, lines)


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

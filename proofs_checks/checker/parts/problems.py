"""The three problems and the optimality rules (KKT) shared by the kinds minimiser and training-data.

The rules and their numbers are those of docs/format.md, "kind minimiser"; why they suffice is in docs/theory.md,
"Minimiser certificates".
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from proofs_checks.certificate.reading import MalformedCertificate, decode_choice, decode_object, decode_rational
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Exact, Gaussian, Ratio, Reader, Vector, abs2, conj, sign
from proofs_checks.checker.core.rules import Invalid, require

PROBLEMS = ("bpdn", "lasso", "sqrt-lasso")


@dataclass(frozen=True)
class Problem:
    """A problem; |x|_w is the sum of w_i |x_i|, and weight i is weights[i] / weights_den."""

    name: str
    matrix: Exact
    data: Vector
    weights: list[int]
    weights_den: int
    parameter: tuple[int, int]

    @property
    def scale(self) -> Ratio:
        """The square of bound_i / w_i: 1 for bpdn, otherwise the square of the parameter."""
        num, den = (1, 1) if self.name == "bpdn" else self.parameter
        return Ratio(num * num, den * den)

    def with_data(self, matrix: Exact, data: Vector) -> Problem:
        """Return the same problem with another matrix and data."""
        return replace(self, matrix=matrix, data=data)

    def active(self, products: Vector, scale: Ratio, rule: str) -> list[int]:
        """Return where |(A*g)_i|^2 = scale w_i^2, products being A*g; at every i it must be at most that."""
        left, right = self.weights_den**2 * scale.den, scale.num * products.den**2
        found = []
        for i, (product, weight) in enumerate(zip(products.items, self.weights, strict=True)):
            slack = sign(right * weight**2 + -(left * abs2(product)))
            if slack < 0:
                raise Invalid(rule, f"the dual vector exceeds the bound of column {i + 1}")
            if slack == 0:
                found.append(i)
        return found


def decode_problem(value: object, reader: Reader, path: str = "claim.problem", *, data: bool = True) -> Problem:
    """Return the problem at a path; without `data` its data is zero.

    Raises MalformedCertificate.
    """
    keys = ["matrix", "name", "parameter", "weights", *(["data"] if data else [])]
    fields = decode_object(value, keys, path)
    name = decode_choice(fields["name"], PROBLEMS, f"{path}.name")
    matrix = reader.matrix(fields["matrix"], f"{path}.matrix")
    y = reader.vector(fields["data"], f"{path}.data", matrix.rows) if data else Vector([0] * matrix.rows, 1)
    w = reader.vector(fields["weights"], f"{path}.weights", matrix.cols, rational=True, real=True)
    weights = [weight for weight in w.items if isinstance(weight, int) and weight > 0]
    if len(weights) < matrix.cols:
        raise MalformedCertificate(f"{path}.weights must all be positive")
    parameter = decode_rational(fields["parameter"], f"{path}.parameter", positive=True)
    return Problem(name, matrix, y, weights, w.den, parameter)


@dataclass(frozen=True)
class Optimality:
    """What rule 3 of kind minimiser needs: g, the active columns, and whether g bounds the minimiser set (P3)."""

    direction: Vector
    active: list[int]
    sphere: bool


def check_optimality(problem: Problem, point: Vector, dual: Vector | None) -> Optimality:
    """Apply rules 1 and 2 of kind minimiser (docs/format.md): the point minimises the problem.

    Raises Invalid.
    """
    matrix, items = problem.matrix, point.items
    residual = problem.data.minus(matrix.times(point))
    distance2, radius2 = residual.norm2(), Ratio(problem.parameter[0] ** 2, problem.parameter[1] ** 2)
    interpolates = problem.name == "sqrt-lasso" and distance2.num == 0
    require((dual is None) != interpolates, "rule 1", lambda: "a dual vector is for sqrt-lasso with Ax = y, there only")
    if problem.name == "bpdn" and problem.data.norm2() <= radius2:
        require(not any(items), "rule 1", lambda: f"|y| <= p, so that x must be 0; {words.entries(point)}")
        return Optimality(residual, [], sphere=False)

    direction, scale = residual, problem.scale
    if problem.name == "bpdn":
        require(distance2 == radius2, "rule 1", lambda: f"|y - Ax|^2 = {words.ratio(distance2)} must be p^2")
    elif problem.name == "lasso":
        direction = Vector([2 * z for z in residual.items], residual.den)
    elif dual is not None:
        direction = dual
        norm2 = dual.norm2()
        require(norm2 <= Ratio(1, 1), "rule 1", lambda: f"the dual vector has |u|^2 = {words.ratio(norm2)} > 1")
    else:
        scale = scale * distance2

    products = matrix.adjoint_times(direction)
    if problem.name == "bpdn":
        # x is not 0, as |y| > p = |y - Ax|. u = t r, and the first entry of x fixes t > 0: |(A*u)_k| = w_k.
        k = next(i for i, x in enumerate(items) if x)
        require(bool(products.items[k]), "rule 1", lambda: f"(A*r)_{k + 1} is 0 where x is not")
        square = abs2(products.items[k]) * problem.weights_den**2
        scale = Ratio(square, problem.weights[k] ** 2 * products.den**2)
    active = problem.active(products, scale, "rule 1")
    members = set(active)
    for i in (i for i, x in enumerate(items) if x):
        if i not in members:
            raise Invalid("rule 2", f"x_{i + 1} is not 0, but the bound of column {i + 1} is not attained")
        aligned = items[i] * conj(products.items[i])
        if isinstance(aligned, Gaussian) or sign(aligned) < 0:
            raise Invalid("rule 2", f"x_{i + 1} does not have the sign of (A*g)_{i + 1}")
    sphere = problem.name == "sqrt-lasso" and (dual is None or dual.norm2() == Ratio(1, 1))
    return Optimality(direction, active, sphere)

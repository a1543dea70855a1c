"""How far a point is from the minimisers of members of the class, in distance and in objective."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import arb, fmpq

from exact_base.errors import BudgetError, DataError
from exact_base.rationals import power_of_ten, to_float
from exact_base.reprs import short_repr
from exact_base.scalars import ExactArray, Real, abs2, as_rational, ball, imaginary_part, norm2, real_part, sqrt
from sci_barriers.omega.families import Instance, OmegaClass

__all__ = [
    "Excess",
    "farthest_member",
    "float64_cannot_separate",
    "float64_resolution",
    "member_distances2",
    "objective_excess",
]


def farthest_member(output: ExactArray, omega: OmegaClass, exponent: int) -> tuple[int, fmpq]:
    """Return i, from 1, and the squared distance of the member at this level that the output is farthest from.

    Raises:
        BudgetError: if it has the target digits on every member; the inequalities of the class exclude this.
    """
    distances = member_distances2(output, omega, exponent)
    worst = max(range(omega.ties), key=lambda i: distances[i])
    if not distances[worst] > power_of_ten(-2 * omega.target_digits):
        raise BudgetError("the output is close to every member; the class is not what it claims, please report this")
    return worst + 1, distances[worst]


def member_distances2(output: ExactArray, omega: OmegaClass, exponent: int) -> list[fmpq]:
    """Return the exact squared distances from an output to the minimisers of the d members at a level."""
    height = omega.member(i=1, q=exponent).height
    size2 = as_rational(norm2(output))
    return [vertex_distance2(output, i, height=height, size2=size2) for i in range(omega.ties)]


def vertex_distance2(z: ExactArray, i: int, *, height: fmpq, size2: fmpq) -> fmpq:
    """Return ‖z - height·e_i‖² from ‖z‖²."""
    return size2 - 2 * height * as_rational(real_part(z[i])) + height * height


@short_repr()
@dataclass(frozen=True)
class Excess:
    """How far an output is from optimal in the objective, on one instance.

    Attributes:
        feasible: whether it satisfies the constraint (bpdn; always True for the others).
        value: objective minus minimum, exactly, or a ball where it lies in no quadratic field.
    """

    feasible: bool
    value: Real | arb


def objective_excess(instance: Instance, z: ExactArray) -> Excess:
    """Return the exact objective excess of a rational or Gaussian rational z on an instance of the class."""
    omega = instance.omega
    residual2 = instance.residual2(z)
    parameter = omega.parameter
    real = all(imaginary_part(entry) == 0 for entry in z)
    l1: Any = fmpq(0)
    for entry in z:
        l1 = l1 + (abs(entry) if real else ball(abs2(entry)).sqrt())
    if omega.problem == "bpdn":
        return Excess(bool(residual2 <= parameter**2), l1 - instance.height)
    if omega.problem == "lasso":
        best = instance.height * parameter + (max(instance.a) * instance.height - 1) ** 2
        return Excess(True, l1 * parameter + residual2 - best)
    norm = sqrt(residual2) if real else arb(residual2).sqrt()
    return Excess(True, norm + (l1 - instance.height) * parameter)


def float64_cannot_separate(omega: OmegaClass, q: int) -> bool:
    """Tell whether float64 rounds the two different column entries β and β + δ_q to one number (or holds neither)."""
    try:
        return to_float(omega.base) == to_float(omega.base + omega.perturbation(q))
    except DataError:
        return True


def float64_resolution(omega: OmegaClass) -> int | None:
    """Return the largest q at which float64 still separates β and β + δ_q, or None if it holds no such number."""
    if float64_cannot_separate(omega, 1):
        return None
    low, high = 1, 2
    while not float64_cannot_separate(omega, high):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if float64_cannot_separate(omega, middle) else (middle, high)
    return low

"""Condition numbers of the instances of the class (docs/breakdown.md, "Condition numbers")."""

from __future__ import annotations

from dataclasses import dataclass

from flint import fmpq

from exact_base.errors import DataError
from exact_base.rationals import sqrt_ceiling
from exact_base.reprs import short_repr
from sci_barriers.omega.families import Instance

__all__ = ["Conditioning", "condition"]


@short_repr()
@dataclass(frozen=True)
class Conditioning:
    """Condition numbers that were shown to be at most 1.

    Cond(AA*) = 1 for every instance of the class, and the feasibility condition number is max(c, 1)/c = 1.

    Attributes:
        instance: the tie, a member, or the control of a class.
        sensitivity: 1/a_max + 1/a_max², which bounds how far the only minimiser moves relative to A and y, to first
            order; for the tie None, or a bound of how far minimisers beside it are from the nearest of its own.
    """

    instance: Instance
    sensitivity: fmpq | None


def condition(instance: Instance, *, at_tie: bool = False) -> Conditioning:
    """Show that the condition numbers of an instance of the class, of the tie but for its sensitivity, are at most 1.

    Args:
        instance: the tie, a member, or the control of a class.
        at_tie: of the tie too, with distances to the set of its minimisers.

    Raises:
        DataError: naming the number that is larger, or the hypothesis that fails.

    >>> from sci_barriers import OmegaClass, condition
    >>> condition(OmegaClass.create("lasso", digits=6, rows=2, columns=3).control()).sensitivity <= 1
    True
    """
    omega, largest = instance.omega, max(instance.a)
    if instance.c2 < 1:
        raise DataError(f"the feasibility condition number is 1/c > 1: c² = {instance.c2}; use a larger α (or K)")
    tied = len(instance.argmax) > 1
    if tied and not at_tie:
        return Conditioning(instance, None)
    sensitivity = 1 / largest + 1 / largest**2
    if tied and omega.problem != "sqrt-lasso":
        sensitivity = (1 + instance.height) / largest
    if sensitivity > 1:
        name = "(1 + h)/a or 1/a + 1/a²" if tied else "1/a + 1/a²"
        raise DataError(f"the sensitivity bound {name} exceeds 1 for a = {largest}; use a larger α (or K)")
    if omega.problem == "sqrt-lasso":
        size = omega.parameter**2 * (1 / largest**2 + (omega.rows - 1) / instance.c2)
        if size >= 1:
            raise DataError(
                f"the sensitivity bound needs λ²(1/a² + (m-1)/c²) < 1, which is {size} here; "
                "use a smaller λ or a larger K"
            )
        if tied:
            square = 2 * size / (omega.parameter * largest) ** 2
            if square > (1 - sensitivity) ** 2:
                raise DataError(f"the sensitivity bound at the tie exceeds 1 for a = {largest}; use a larger α (or K)")
            # rounded up, but not above 1, as the root is at most 1 minus the rest
            sensitivity = min(fmpq(1), sensitivity + sqrt_ceiling(square, bits=64))
    return Conditioning(instance, sensitivity)

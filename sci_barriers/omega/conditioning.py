"""Condition numbers of the instances of the class (docs/breakdown.md, "Condition numbers")."""

from __future__ import annotations

from dataclasses import dataclass

from flint import fmpq

from exact_base.errors import DataError
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
            order; None for the tie, which has more than one minimiser.
    """

    instance: Instance
    sensitivity: fmpq | None


def condition(instance: Instance) -> Conditioning:
    """Show that the condition numbers of an instance of the class, of the tie but for its sensitivity, are at most 1.

    Raises:
        DataError: naming the number that is larger, or the hypothesis that fails.

    >>> from sci_barriers import OmegaClass, condition
    >>> condition(OmegaClass.create("lasso", digits=6, rows=2, columns=3).control()).sensitivity <= 1
    True
    """
    omega, largest = instance.omega, max(instance.a)
    if instance.c2 < 1:
        raise DataError(f"the feasibility condition number is 1/c > 1: c² = {instance.c2}; use a larger α (or K)")
    if len(instance.argmax) > 1:
        return Conditioning(instance, None)
    sensitivity = 1 / largest + 1 / largest**2
    if sensitivity > 1:
        raise DataError(f"the sensitivity bound 1/a + 1/a² exceeds 1 for a = {largest}; use a larger α (or K)")
    if omega.problem == "sqrt-lasso":
        size = omega.parameter**2 * (1 / largest**2 + (omega.rows - 1) / instance.c2)
        if size >= 1:
            raise DataError(
                f"the sensitivity bound needs λ²(1/a² + (m-1)/c²) < 1, which is {size} here; "
                "use a smaller λ or a larger K"
            )
    return Conditioning(instance, sensitivity)

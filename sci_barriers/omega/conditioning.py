"""Condition numbers of the instances of the class (docs/breakdown.md, "Condition numbers")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flint import fmpq

from exact_base.errors import DataError
from exact_base.rationals import sqrt_ceiling
from exact_base.reprs import short_repr
from sci_barriers.omega.families import Instance
from sci_barriers.omega.further import further_samples, movement

__all__ = ["Conditioning", "condition"]


@short_repr()
@dataclass(frozen=True)
class Conditioning:
    """Condition numbers that were shown to be at most 1, but for that of feasibility at further samples.

    Cond(AA*) = 1 for every instance of the class, and the feasibility condition number is max(c, 1)/c = 1 for y_1.

    Attributes:
        instance: the tie, a member, or the control of a class.
        sensitivity: 1/a_max + 1/a_max², which bounds how far the only minimiser moves relative to A and y, to first
            order; for the tie None, or a bound of how far minimisers beside it are from the nearest of its own. With
            further samples, a bound of the same at each of them.
        samples: the further samples y' that the numbers are of, or none, and then they are of y_1.
        feasibility: a rational that max(c, |y|)/c is at most, for each of them.
    """

    instance: Instance
    sensitivity: fmpq | None
    samples: tuple[tuple[fmpq, ...], ...] = ()
    feasibility: fmpq = field(default_factory=lambda: fmpq(1))


def condition(instance: Instance, *, at_tie: bool = False, samples: Sequence[Any] = ()) -> Conditioning:
    """Show that the condition numbers of an instance of the class, of the tie but for its sensitivity, are at most 1.

    Args:
        instance: the tie, a member, or the control of a class.
        at_tie: of the tie too, with distances to the set of its minimisers.
        samples: further samples y', each of length m - 1 and rational, instead of y_1; then of the tie too.

    Raises:
        DataError: naming the number that is larger, or the hypothesis that fails.

    >>> from sci_barriers import OmegaClass, condition
    >>> condition(OmegaClass.create("lasso", digits=6, rows=2, columns=3).control()).sensitivity <= 1
    True
    >>> tie = OmegaClass.create("lasso", digits=6, rows=2, columns=3).tie()
    >>> condition(tie, samples=[[1000]]).sensitivity <= 1
    True
    """
    omega, largest = instance.omega, max(instance.a)
    if instance.c2 < 1:
        raise DataError(f"the feasibility condition number is 1/c > 1: c² = {instance.c2}; use a larger α (or K)")
    tied = len(instance.argmax) > 1
    if samples:
        return _at_samples(instance, further_samples(omega, samples))
    if tied and not at_tie:
        return Conditioning(instance, None)
    sensitivity = 1 / largest + 1 / largest**2
    if tied and omega.problem != "sqrt-lasso":
        sensitivity = (1 + instance.height) / largest
    if sensitivity > 1:
        name = "(1 + h)/a or 1/a + 1/a²" if tied else "1/a + 1/a²"
        raise DataError(f"the sensitivity bound {name} exceeds 1 for a = {largest}; use a larger α (or K)")
    if omega.problem == "sqrt-lasso":
        size = _inside(instance)
        if tied:
            square = 2 * size / (omega.parameter * largest) ** 2
            if square > (1 - sensitivity) ** 2:
                raise DataError(f"the sensitivity bound at the tie exceeds 1 for a = {largest}; use a larger α (or K)")
            # rounded up, but not above 1, as the root is at most 1 minus the rest
            sensitivity = min(fmpq(1), sensitivity + sqrt_ceiling(square, bits=64))
    return Conditioning(instance, sensitivity)


def _inside(instance: Instance) -> fmpq:
    """Return λ²(1/a² + (m-1)/c²), after checking that it is less than 1."""
    omega = instance.omega
    size = omega.parameter**2 * (1 / max(instance.a) ** 2 + (omega.rows - 1) / instance.c2)
    if size >= 1:
        raise DataError(
            f"the sensitivity bound needs λ²(1/a² + (m-1)/c²) < 1, which is {size} here; use a smaller λ or a larger K"
        )
    return size


def _at_samples(instance: Instance, samples: tuple[tuple[fmpq, ...], ...]) -> Conditioning:
    """Show it at further samples."""
    lead = fmpq(0 if instance.omega.problem == "bpdn" else 1)
    size2 = max(lead + sum((entry * entry for entry in sample), fmpq(0)) for sample in samples)
    if instance.omega.problem == "sqrt-lasso":
        _inside(instance)
    sensitivity = max(movement(instance, sample) for sample in samples)
    feasibility = fmpq(1) if size2 <= instance.c2 else sqrt_ceiling(size2 / instance.c2, bits=64)
    return Conditioning(instance, sensitivity, samples, feasibility)

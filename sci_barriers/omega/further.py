"""How far minimisers at further samples move, to first order (docs/breakdown.md, "Further samples")."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import fmpq

from exact_base.errors import DataError
from exact_base.rationals import sqrt_ceiling
from exact_base.scalars import exact_vector, is_rational_array
from sci_barriers.omega.families import Instance, OmegaClass

__all__ = ["further_samples", "movement"]

_BITS = 64


def further_samples(omega: OmegaClass, samples: Sequence[Any]) -> tuple[tuple[fmpq, ...], ...]:
    """Read samples that have the stated minimisers on all members of a family, and on its tie.

    Args:
        omega: the family.
        samples: the y', each of length m - 1 and rational; for the LASSOs the samples are U(1, y'), for bpdn U(0, y').

    Raises:
        DataError: naming what is wrong with a sample.
    """
    if samples and omega.rows == 1:
        raise DataError("there are no further samples for m = 1; take more rows")
    read = tuple(exact_vector(sample, length=omega.rows - 1) for sample in samples)
    if len(set(map(tuple, read))) < len(read):
        raise DataError("two samples y' are equal; give each sample once")
    for sample in read:
        support = sum(1 for entry in sample if entry != 0)
        if not is_rational_array(sample) or not support:
            raise DataError(f"a further sample y' must have {omega.rows - 1} rational entries, not all zero")
        if omega.problem == "bpdn" and support > 1:
            raise DataError(f"a further sample y' of bpdn has one non-zero entry, got {support}")
        if omega.problem == "sqrt-lasso" and omega.parameter**2 * (omega.ties + support) > omega.ties * omega.base**2:
            raise DataError(f"a further sample y' with {support} non-zero entries needs a smaller λ or larger K")
    return tuple(map(tuple, read))


def movement(instance: Instance, sample: tuple[fmpq, ...]) -> fmpq:
    """Return a rational that C is at most: how far minimisers at a sample move, relative to A and y.

    Args:
        instance: an input of the class.
        sample: y', rational, of length m - 1, as `further_samples` returns it.

    Returns:
        C rounded up, but 1 where C is at most 1.

    Raises:
        DataError: if C exceeds 1.
    """
    omega, t, c2 = instance.omega, max(instance.a), instance.c2
    size2 = sum((entry * entry for entry in sample), fmpq(0))
    if omega.problem == "bpdn":
        modulus = max(abs(entry) for entry in sample)
        over = max(modulus - omega.parameter, fmpq(0))
        # 1/c + over/c², of which 1/c is a root
        parts, rest = [1 / c2], over / c2
    else:
        support = sum(1 for entry in sample if entry != 0) if omega.problem == "lasso" else omega.rows - 1
        square = 1 / t**2 + support / c2
        parts, rest = [(instance.height**2 + size2 / c2) / t**2], 1 / t
        if len(instance.argmax) > 1:
            parts.append(2 * square / t**2)
        elif omega.problem == "lasso":
            parts.append(omega.parameter**2 * square / (4 * t**4))
    if not _at_most(parts, 1 - rest):
        words = "1/c + (|y'| - ε)/c²" if omega.problem == "bpdn" else "of its minimisers"
        raise DataError(
            f"the sensitivity bound {words} exceeds 1 at a further sample: a = {t}, |y'|² = {size2}; "
            "use a larger α (or K), or a shorter sample"
        )
    return min(fmpq(1), rest + sum((sqrt_ceiling(part, bits=_BITS) for part in parts), fmpq(0)))


def _at_most(squares: list[fmpq], room: fmpq) -> bool:
    """Tell whether the sum of one or two roots is at most a rational."""
    first, second = (*squares, fmpq(0))[:2]
    left = room * room - first - second
    return bool(room >= 0 and left >= 0 and 4 * first * second <= left * left)

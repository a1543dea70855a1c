"""What an algorithm knows before it reads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from flint import fmpq

from exact_base.reprs import short_repr
from exact_base.scalars import ExactArray
from sci_barriers.omega.families import OmegaClass
from sci_barriers.omega.nested import NestedTies
from sci_barriers.omega.union import OmegaUnion

__all__ = ["Known", "known_of"]


@short_repr()
@dataclass(frozen=True, kw_only=True)
class Known:
    """What an algorithm knows before it reads: everything about the class of inputs, nothing about the input.

    Attributes:
        problem: name of the problem.
        parameter: ε or λ.
        weights: w, length N.
        rows: m.
        columns: N.
        samples: R.
        omega: the family of Ω the input comes from, or None if it is not of that kind.
        nested: the class with nested ties, and then `omega` the family with its sizes and α; or None.
        union: the class Ω with both families, or None if the input does not come from it.
        precision: the precision a one-shot solver is asked to read to.
    """

    problem: str
    parameter: fmpq
    weights: ExactArray
    rows: int
    columns: int
    samples: int = 1
    omega: OmegaClass | None = None
    nested: NestedTies | None = None
    union: OmegaUnion | None = None
    precision: int = 60


def known_of(inputs: OmegaClass | NestedTies | OmegaUnion, *, precision: int = 60) -> Known:
    """Return what may be known of an input of a family, with nested ties, or of the class with both and its samples."""
    nested = inputs if isinstance(inputs, NestedTies) else None
    if isinstance(inputs, OmegaUnion):
        omega = inputs.strong
    else:
        omega = inputs.omega if isinstance(inputs, NestedTies) else inputs
    return Known(
        problem=omega.problem,
        parameter=omega.parameter,
        weights=np.full(omega.columns, fmpq(1), dtype=object),
        rows=omega.rows,
        columns=omega.columns,
        samples=inputs.samples if isinstance(inputs, OmegaUnion) else 1,
        omega=None if isinstance(inputs, OmegaUnion) else omega,
        nested=nested,
        union=inputs if isinstance(inputs, OmegaUnion) else None,
        precision=precision,
    )

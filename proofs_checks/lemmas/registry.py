"""Every lemma, in the order of the theory."""

from __future__ import annotations

from proofs_checks.lemmas import (
    best,
    certifying,
    finite_precision,
    games,
    geometry,
    heights,
    inequalities,
    nested,
    null_space,
    oracle,
    problems,
    recovery,
    restarts,
)
from proofs_checks.lemmas.steps import Lemma

__all__ = ["LEMMAS"]

_ROOMS = (
    inequalities,
    problems,
    heights,
    oracle,
    geometry,
    games,
    nested,
    null_space,
    best,
    certifying,
    restarts,
    finite_precision,
    recovery,
)


def _collected() -> tuple[Lemma, ...]:
    found: dict[int, Lemma] = {}  # lemmas are imported from one module into the next
    for room in _ROOMS:
        found.update((id(value), value) for value in vars(room).values() if isinstance(value, Lemma))
    return tuple(found.values())


LEMMAS = _collected()

"""What a problem of cvxpy is in words: the names of its coefficients, and its objective with its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from flint import fmpq

from exact_base.rationals import to_float
from proofs_checks.certificate.reading import printable

__all__ = ["entry_names", "factor_words", "objective_words", "places_of"]


def entry_names(variables: Sequence[Any]) -> Iterable[str]:
    """Yield what the entries of variables are called in Python."""
    for variable in variables:
        name = printable(variable.name(), 40)
        if variable.ndim == 0:
            yield name
            continue
        order = np.arange(variable.size).reshape(variable.shape, order="F")
        places = {int(order[place]): place for place in np.ndindex(*variable.shape)}
        yield from (f"{name}[{', '.join(map(str, places[k]))}]" for k in range(variable.size))


def places_of(sizes: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Return where the entries of variables of these sizes stand, one after the other."""
    starts = np.cumsum([0, *sizes]).tolist()
    return tuple(tuple(range(start, start + size)) for start, size in zip(starts, sizes, strict=False))


def factor_words(value: fmpq) -> str:
    """Return a factor in front of a norm, nothing for 1."""
    return "" if value == 1 else f"{to_float(value):.6g} "


def objective_words(common: fmpq | None, l1: Sequence[fmpq], ridge: Sequence[fmpq], nonnegative: int) -> str:
    """Return the objective as cvxpy has it, with its numbers.

    `common` is the factor of the squares, None for several.
    """
    said = ["Σ ω_i r_i²" if common is None else f"{factor_words(common)}‖r‖²"]
    for values, norm, several in ((l1, "‖x‖₁", "Σ μ_j|x_j|"), (ridge, "‖x‖²", "Σ κ_j x_j²")):
        if all(value == values[0] for value in values):
            said += [f"{factor_words(values[0])}{norm}"] if values[0] != 0 else []
        else:
            low, high = (f"{to_float(bound(values)):.6g}" for bound in (min, max))
            said.append(f"{several} with {several[2]} from {low} to {high}")
    text = " + ".join(said)
    if nonnegative == len(l1):
        return f"{text}, x >= 0"
    return f"{text}, {nonnegative} of {len(l1)} coefficients >= 0" if nonnegative else text

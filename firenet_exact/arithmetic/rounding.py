"""From rounding errors of blocks to those of restarts and of the network (docs/firenet.md, "Rounding errors")."""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpq

from exact_base.errors import UsageError
from exact_base.rationals import round_up, upper_root
from firenet_exact.parameters import Parameters

__all__ = ["amplification", "block_error", "chained", "restart_error"]


def amplification(parameters: Parameters) -> fmpq:
    """Return f >= 1/√(1-t²), by which a step can magnify an error of x in the norm of the steps.

    Raises:
        UsageError: if t = 1, where nothing bounds it.
    """
    t = parameters.t
    if not t < 1:
        raise UsageError(f"rounding errors are bounded only for t < 1, not t = {t}; take t = 4/5")
    return upper_root(1 / (1 - t * t))


def block_error(parameters: Parameters, *, primal: fmpq, dual: fmpq) -> fmpq:
    """Return η from the errors η_x of x⁺ and η_u of u⁺, the latter for the x⁺ that was computed."""
    t = parameters.t
    moved = dual + 2 * t * primal
    return upper_root(primal * primal + moved * moved + 2 * t * primal * moved)


def restart_error(
    parameters: Parameters,
    k: int,
    *,
    start: fmpq,
    block: fmpq,
) -> fmpq:
    """Return err of restart k, counted from 0: how far ψ is from the exact restart of the same starting point.

    Args:
        parameters: those of the network.
        k: the restart.
        start: how far the start is from α x0.
        block: η, the error of each block.
    """
    p = parameters.p
    inner = (start + fmpq(p + 1, 2) * block) * amplification(parameters)
    return parameters.betas[k] * p * inner


def chained(parameters: Parameters, errors: Sequence[fmpq]) -> list[fmpq]:
    """Return bounds of ‖ψ_k - exact ψ_k‖: each restart magnifies the error of its start at most f times."""
    f = amplification(parameters)
    found, total = [], fmpq(0)
    for error in errors:
        total = round_up(f * total + error, bits=60)
        found.append(total)
    return found

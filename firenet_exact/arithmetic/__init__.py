"""The forward pass of a FIRENET: one definition (`recursion`), several arithmetics with stated errors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from exact_base.errors import UsageError
from exact_base.matrices import ExactMatrix, exact_column
from firenet_exact.arithmetic import balls, exact, fixed, float64
from firenet_exact.arithmetic.output import Output
from firenet_exact.network import Firenet

__all__ = ["Output", "balls", "exact", "fixed", "float64", "forward"]

_FORWARD = {"fixed": fixed.forward, "exact": exact.forward, "balls": balls.forward}


def forward(
    network: Firenet,
    data: ExactMatrix | Iterable[object],
    *,
    arithmetic: Literal["fixed", "exact", "balls", "float64"] = "fixed",
    bits: int | None = None,
) -> Output:
    """Return the output of a network for y.

    Args:
        network: the network.
        data: y, shape (m, 1), or a sequence of m numbers that are read exactly.
        arithmetic: `fixed` gives the same bits everywhere; `exact` rounds almost nothing, and gets slow; `balls`
            enclose the exact output; `float64` is fast.
        bits: after the point (`fixed`, 64 if not given), of projections (`exact`, 24), or of the working precision to
            begin with (`balls`, 1024).

    Raises:
        UsageError: if y has another shape, or the arithmetic is unknown, needs t < 1, or cannot take `bits`.
        DataError: if a number is not finite, or too large for float64.
        BudgetError: if balls do not get small.

    >>> from firenet_exact import Firenet, Levels, exact_matrix, forward, operator_norm, own_parameters
    >>> matrix = exact_matrix([["1/2", 0], [0, "1/2"]])
    >>> numbers = own_parameters(Levels.of([2], [1]), operator_norm(matrix), lam=1, delta="1/100", epsilon0=1, p=8, n=3)
    >>> forward(Firenet(matrix, numbers), [1, "1/3"]).point.rows
    2
    """
    vector = exact_column(data)
    if arithmetic == "float64":
        if bits is not None:
            raise UsageError("float64 has no choice of bits")
        return float64.forward(network, vector)
    if arithmetic not in _FORWARD:
        raise UsageError(f"the arithmetic must be fixed, exact, balls or float64, not {arithmetic!r:.40}")
    chosen = _FORWARD[arithmetic]
    return chosen(network, vector) if bits is None else chosen(network, vector, bits=bits)

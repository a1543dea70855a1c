"""FIRENET as a solver of (P3): the network of `firenet_exact`, with parameters that assume what is not certified.

On the class Ω(K,L) the null space property is refuted, so that the theorem says nothing; the network runs all the same.
"""

from __future__ import annotations

import warnings
from typing import Any

from flint import fmpq
from numpy.typing import NDArray

import firenet_exact as fe
from exact_base.rationals import sqrt_ceiling
from sci_barriers.solvers.adapter import Adapter

__all__ = ["adapter"]

BLOCKS, RESTARTS = 600, 28


def adapter(problem: str) -> Adapter:
    """Return the algorithm for `problem`, which is sqrt-lasso."""
    return Adapter(_solve)


def _solve(matrix: NDArray[Any], right: NDArray[Any], parameter: float) -> tuple[NDArray[Any], dict[str, str]]:
    """Return the output of the network in float64, and as an alarm which hypotheses of its theorem do not hold."""
    exact, data = fe.exact_matrix(matrix.tolist()), fe.exact_column(right.tolist())
    bounds = fe.operator_norm(exact)
    length2 = fmpq(sum(row[0] for row in data.squares()), data.den**2)
    start = max(sqrt_ceiling(length2, bits=64), fmpq(1, 2**40))
    parameters = fe.own_parameters(
        fe.Levels.of([exact.cols], [1]),
        bounds,
        lam=parameter,
        delta=start / 2**40,
        epsilon0=start,
        p=BLOCKS,
        n=RESTARTS,
    )
    found = fe.forward(fe.Firenet(exact, parameters, norm=bounds), data, arithmetic="float64")
    names = sorted({violation.name for violation in found.violations})
    alarm = f"not certified: {', '.join(names)}"
    warnings.warn(f"of the network's hypotheses these are {alarm}", stacklevel=2)
    return found.point.to_float()[:, 0], {"alarm": alarm}

"""SPGL1 (van den Berg, Friedlander 2008) for basis pursuit denoising: min ‖x‖_1 s.t. ‖Ax-b‖ <= sigma, so sigma = ε."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from spgl1 import spg_bpdn

from sci_barriers.solvers.adapter import Adapter, words

__all__ = ["adapter"]

# EXIT_ROOT_FOUND, EXIT_BPSOL_FOUND, EXIT_OPTIMAL; the others say that ‖Ax-b‖ = sigma was not reached
_SOLVED = (1, 2, 4)


def _bpdn(matrix: NDArray[Any], right: NDArray[Any], eps: float) -> tuple[Any, dict[str, str]]:
    is_complex = np.iscomplexobj(matrix) or np.iscomplexobj(right)
    x, _, _, info = spg_bpdn(matrix, right, eps, iscomplex=is_complex)
    status = words(info, "stat", "niters", "rgap", "rnorm")
    if info["stat"] not in _SOLVED:
        status["alarm"] = f"stat {info['stat']}"
    return x, status


def adapter(problem: str) -> Adapter:
    """Return the algorithm for `problem`, which is bpdn."""
    return Adapter(_bpdn)

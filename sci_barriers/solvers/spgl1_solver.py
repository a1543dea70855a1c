"""SPGL1 (van den Berg, Friedlander 2008) for basis pursuit denoising: min ‖x‖_1 s.t. ‖Ax-b‖ <= sigma, so sigma = ε."""

from __future__ import annotations

from typing import Any

import numpy as np
import spgl1
from numpy.typing import NDArray
from scipy.sparse.linalg import aslinearoperator

from sci_barriers.solvers.adapter import Adapter, words

__all__ = ["adapter"]

if not hasattr(np.isreal(aslinearoperator(np.eye(1))), "all"):
    raise ImportError(f"spgl1 {spgl1.__version__} calls np.isreal(operator).all(), which numpy {np.__version__} ended")

# EXIT_ROOT_FOUND, EXIT_BPSOL_FOUND, EXIT_OPTIMAL; the others say that ‖Ax-b‖ = sigma was not reached
_SOLVED = (1, 2, 4)


def _bpdn(matrix: NDArray[Any], right: NDArray[Any], eps: float) -> tuple[Any, dict[str, str]]:
    is_complex = np.iscomplexobj(matrix) or np.iscomplexobj(right)
    x, _, _, info = spgl1.spg_bpdn(matrix, right, eps, iscomplex=is_complex)
    status = words(info, "stat", "niters", "rgap", "rnorm")
    if info["stat"] not in _SOLVED:
        status["alarm"] = f"stat {info['stat']}"
    return x, status


def adapter(problem: str) -> Adapter:
    """Return the algorithm for `problem`, which is bpdn."""
    return Adapter(_bpdn)

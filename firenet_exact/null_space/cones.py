"""Small second-order cone programs, by CLARABEL and, where it fails, by SCS."""

from __future__ import annotations

from typing import Any

import numpy as np

from exact_base.errors import UsageError
from exact_base.matrices import Array

__all__ = ["solve_cones"]


def solve_cones(objective: Array, matrix: Array, right: Array, sizes: list[int]) -> Array | None:
    """Return x that minimises <objective, x> with right - matrix·x in a product of second-order cones, or None.

    Args:
        objective: length n.
        matrix: shape (k, n).
        right: length k.
        sizes: of the cones {(t, v): ‖v‖ <= t}, k in all.

    Raises:
        UsageError: if neither solver is installed.
    """
    try:
        from scipy.sparse import csc_matrix
    except ImportError:
        raise UsageError("cone programs need scipy; pip install 'sci-barriers[solvers]'") from None
    sparse = csc_matrix(matrix)
    missing = 0
    for solve in (_clarabel, _scs):
        try:
            found = solve(objective, sparse, right, sizes)
        except ImportError:
            missing += 1
            continue
        except Exception:  # a solver may raise anything, and the next one is asked; results are judged exactly later
            found = None
        if found is not None and np.all(np.isfinite(found)):
            return found
    if missing == 2:
        raise UsageError("cone programs need clarabel or scs; pip install 'sci-barriers[solvers]'")
    return None


def _clarabel(objective: Array, matrix: Any, right: Array, sizes: list[int]) -> Array | None:
    import clarabel
    from scipy.sparse import csc_matrix

    settings = clarabel.DefaultSettings()
    settings.verbose = False
    cones = [clarabel.SecondOrderConeT(size) for size in sizes]
    quadratic = csc_matrix((len(objective),) * 2)
    found = clarabel.DefaultSolver(quadratic, objective, matrix, right, cones, settings).solve()
    return np.array(found.x) if str(found.status) in ("Solved", "AlmostSolved") else None


def _scs(objective: Array, matrix: Any, right: Array, sizes: list[int]) -> Array | None:
    import scs

    solver = scs.SCS({"A": matrix, "b": right, "c": objective}, {"q": sizes}, verbose=False, eps_abs=1e-6, eps_rel=1e-6)
    found = solver.solve()
    return np.asarray(found["x"]) if found["info"]["status"].startswith("solved") else None

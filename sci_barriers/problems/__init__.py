"""The three problems of the paper, exactly: (P1) bpdn, (P2) lasso, (P3) sqrt-lasso."""

from __future__ import annotations

from exact_base.errors import UsageError
from sci_barriers.problems.argmin_set import ArgminSet, Projection
from sci_barriers.problems.base import GapCertificate, Minimiser, Problem
from sci_barriers.problems.bpdn import BasisPursuitDenoising
from sci_barriers.problems.lasso import Lasso
from sci_barriers.problems.sqrt_lasso import SqrtLasso

__all__ = [
    "PROBLEMS",
    "ArgminSet",
    "BasisPursuitDenoising",
    "GapCertificate",
    "Lasso",
    "Minimiser",
    "Problem",
    "Projection",
    "SqrtLasso",
    "problem_type",
]

PROBLEMS: dict[str, type[Problem]] = {p.name: p for p in (BasisPursuitDenoising, Lasso, SqrtLasso)}


def problem_type(name: str) -> type[Problem]:
    """Return the problem class called `name`.

    Raises:
        UsageError: if there is none.
    """
    if name not in PROBLEMS:
        raise UsageError(f"unknown problem {name!r:.60}; choose one of {', '.join(PROBLEMS)}")
    return PROBLEMS[name]

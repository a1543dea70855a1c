"""Loading a randomised algorithm by name; a deterministic one counts as one with a single tape."""

from __future__ import annotations

from exact_base.errors import UsageError
from sci_barriers.players.algorithm import Candidate
from sci_barriers.randomised.strategies import STRATEGIES
from sci_barriers.solvers import load_candidate
from sci_barriers.solvers.loading import check_target
from sci_barriers.solvers.registry import versions

__all__ = ["check_randomised", "load_randomised"]


def load_randomised(target: str, *, problem: str, scaling: str | None = None) -> Candidate:
    """Return the algorithm called `target`: a strategy of `STRATEGIES`, or whatever `load_candidate` finds.

    Raises:
        UsageError: with what to do.
    """
    check_randomised(target, problem=problem, scaling=scaling)
    if target in STRATEGIES:
        return Candidate(target, STRATEGIES[target], versions())
    return load_candidate(target, problem=problem, scaling=scaling, randomised=True)


def check_randomised(target: str, *, problem: str, scaling: str | None = None) -> None:
    """Refuse what `load_randomised` would refuse, as far as it is seen without loading anything.

    Raises:
        UsageError: with what to do.
    """
    if target in STRATEGIES:
        if scaling is not None:
            raise UsageError(f"the strategy {target} minimises no objective; leave out --scaling")
        return
    try:
        check_target(target, problem=problem, scaling=scaling)
    except UsageError as error:
        if ":" in target:
            raise
        raise UsageError(f"{target!r:.60} is none of the strategies {', '.join(STRATEGIES)}; {error}") from None

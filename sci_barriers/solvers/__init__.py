"""Solvers that can be challenged: registered ones, and any callable a user names."""

from sci_barriers.solvers.registry import REGISTRY, SolverEntry, load_candidate

__all__ = ["REGISTRY", "SolverEntry", "load_candidate"]

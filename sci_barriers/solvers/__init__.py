"""Solvers that can be challenged: registered ones, and any callable a user names."""

from sci_barriers.solvers.adapter import Adapter
from sci_barriers.solvers.estimators import Estimator
from sci_barriers.solvers.loading import load_attribute, load_candidate
from sci_barriers.solvers.registry import REGISTRY, SolverEntry

__all__ = ["REGISTRY", "Adapter", "Estimator", "SolverEntry", "load_attribute", "load_candidate"]

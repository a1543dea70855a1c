"""Running solvers in worker processes, so that whatever they do is a recorded outcome. See docs/isolation.md."""

from sci_barriers.isolation.candidate import IsolatedCandidate, Limits

__all__ = ["IsolatedCandidate", "Limits"]

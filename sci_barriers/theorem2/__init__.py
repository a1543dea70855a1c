"""All of Theorem 2, and Theorem 1, for one class: each statement with a certificate of its own (docs/theorem2.md)."""

from sci_barriers.theorem2.lines import Line, theorem2

__all__ = ["Line", "theorem2"]

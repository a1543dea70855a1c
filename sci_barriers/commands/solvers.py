"""The command `solvers`."""

from __future__ import annotations

from exact_base.terminal import Answer, Listing
from sci_barriers.solvers import REGISTRY

__all__ = ["solvers_command"]


def solvers_command() -> Answer:
    """List the registered solvers, and what an extra would add."""
    entries = [
        {"name": e.name, "summary": e.summary, "problems": list(e.build), "available": e.available, "extra": e.extra}
        for e in REGISTRY.values()
    ]
    rows = [(e.name, ", ".join(e.build), "yes" if e.available else e.extra, e.summary) for e in REGISTRY.values()]
    missing = sorted({entry.extra for entry in REGISTRY.values() if not entry.available})
    shown = [f"pip install 'sci-barriers[{extra}]' brings those that need {extra}" for extra in missing]
    table = Listing(("solver", "problems", "here", "what it is"), rows)
    return Answer({"solvers": entries}, [table, *shown])

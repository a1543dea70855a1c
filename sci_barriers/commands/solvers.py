"""The command `solvers`."""

from __future__ import annotations

from rich.table import Table

from exact_base.terminal import Answer, AsJson, finish
from sci_barriers.solvers import REGISTRY

__all__ = ["solvers_command"]


def solvers_command(as_json: AsJson = False) -> None:
    """List the registered solvers, and what an extra would add."""
    entries = [
        {"name": e.name, "summary": e.summary, "problems": list(e.build), "available": e.available, "extra": e.extra}
        for e in REGISTRY.values()
    ]
    table = Table("solver", "problems", "here", "what it is")
    for entry in REGISTRY.values():
        here = "yes" if entry.available else f"pip install 'sci-barriers[{entry.extra}]'"
        table.add_row(entry.name, ", ".join(entry.build), here, entry.summary)
    finish(Answer({"solvers": entries}, [table]), as_json=as_json)

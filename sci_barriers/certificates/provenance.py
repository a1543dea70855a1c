"""Who wrote a certificate, and how a run was made: text that no check relies on."""

from __future__ import annotations

import sys

from exact_base import __version__
from exact_base.words import without_folders
from sci_barriers.games.game import Play
from sci_barriers.players.algorithm import Player

__all__ = ["producer", "provenance"]


def producer() -> dict[str, str]:
    """Return what wrote a certificate, for its provenance."""
    return {"producer": f"sci-barriers {__version__}", "python": sys.version.split()[0]}


def provenance(candidate: Player, play: Play) -> dict[str, str]:
    """Return how a run was made and what was seen of it, for the provenance of a certificate."""
    run = play.run
    said = {
        **candidate.conditions,
        **producer(),
        "notes": "\n".join(run.notes),
        "precision": str(play.precision),
        "printed": run.printed,
        "repeatable": {None: "not tried", True: "yes", False: "no"}[run.repeatable],
        "seconds": f"{run.seconds:.6f}",
        "solver": candidate.name,
        "solver status": "\n".join(f"{key}: {value}" for key, value in run.reported.items()),
        "standard error": run.errors,
        "status": run.status,
        "versions": candidate.versions,
        "warnings": "\n".join(run.warnings),
    }
    return {key: without_folders(text) for key, text in said.items()}

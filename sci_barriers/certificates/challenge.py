"""Writing the certificates of challenges: one pair of files, or a bundle."""

from __future__ import annotations

from sci_barriers.certificates.barrier import barrier_certificate
from sci_barriers.certificates.control import control_certificate
from sci_barriers.certificates.provenance import provenance
from sci_barriers.games.game import Challenge

__all__ = ["challenge_files"]


def challenge_files(result: Challenge) -> dict[str, bytes]:
    """Return the certificates of one candidate, by part; an undecided part has none."""
    files: dict[str, bytes] = {}
    if result.game.verdict == "barrier":
        files["barrier"] = barrier_certificate(result.game, provenance=provenance(result.candidate, result.game.play))
    if result.control.first.distance2 is not None:
        files["control"] = control_certificate(
            result.control, provenance=provenance(result.candidate, result.control.first.play)
        )
    return files

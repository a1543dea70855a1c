"""Certificates of kind `barrier`."""

from __future__ import annotations

from exact_base.encoding import encode_array
from exact_base.errors import UsageError
from proofs_checks.certificate import writing
from sci_barriers.certificates.transcript import encode_transcript
from sci_barriers.games.game import GameResult
from sci_barriers.omega.codec import encode_class

__all__ = ["barrier_certificate"]


def barrier_certificate(result: GameResult, *, provenance: dict[str, str] | None = None) -> bytes:
    """Return the bytes of the certificate of a game that ended in `barrier`.

    Raises:
        UsageError: if it ended undecided.

    >>> from proofs_checks import verify_bytes
    >>> from sci_barriers import Candidate, OmegaClass, barrier_certificate, challenge, sequential_algorithm
    >>> answer = sequential_algorithm(lambda data: data.read(k=1, n=30).point)
    >>> found = challenge(Candidate("mine", answer), OmegaClass.create("lasso", digits=6, rows=2, columns=3))
    >>> verify_bytes(barrier_certificate(found.game)).verdict
    'valid'
    """
    if result.verdict != "barrier" or result.play.run.output is None:
        raise UsageError("only a game with verdict barrier has a certificate")
    claim = {
        "access": result.play.access,
        "class": encode_class(result.play.omega),
        "exponent": writing.encode_integer(result.exponent),
        "index": writing.encode_integer(result.index),
        "output": encode_array(result.play.run.output, 0),
    }
    return writing.build(
        "barrier", claim=claim, evidence=encode_transcript(result.play.transcript), provenance=provenance or {}
    )

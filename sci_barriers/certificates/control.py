"""Certificates of kind `control`."""

from __future__ import annotations

from exact_base.encoding import encode_array
from exact_base.errors import UsageError
from proofs_checks.certificate import writing
from sci_barriers.certificates.transcript import encode_transcript
from sci_barriers.games.game import ControlResult
from sci_barriers.omega.codec import encode_class

__all__ = ["control_certificate"]


def control_certificate(result: ControlResult, *, provenance: dict[str, str] | None = None) -> bytes:
    """Return the bytes of the certificate of the first run of a control; its verdict is on the absolute error alone.

    Raises:
        UsageError: if that run is undecided.

    >>> from proofs_checks import verify_bytes
    >>> from sci_barriers import Candidate, OmegaClass, challenge, control_certificate, sequential_algorithm
    >>> answer = sequential_algorithm(lambda data: data.read(k=1, n=30).point)
    >>> found = challenge(Candidate("mine", answer), OmegaClass.create("lasso", digits=6, rows=2, columns=3))
    >>> verify_bytes(control_certificate(found.control)).verdict
    'valid'
    """
    first = result.first
    if first.distance2 is None or first.play.run.output is None:
        raise UsageError("an undecided control has no certificate")
    claim = {
        "access": first.play.access,
        "class": encode_class(first.play.omega),
        "output": encode_array(first.play.run.output, 0),
        "verdict": first.certified,
    }
    return writing.build(
        "control", claim=claim, evidence=encode_transcript(first.play.transcript), provenance=provenance or {}
    )

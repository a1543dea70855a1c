"""Certificates of kind `nested-ties` (docs/format.md), written from results."""

from __future__ import annotations

from typing import Any

from exact_base.encoding import encode_fraction
from exact_base.errors import UsageError
from proofs_checks.certificate import writing
from sci_barriers.certificates.randomised import encode_integers, encode_outcomes
from sci_barriers.certificates.transcript import encode_transcript
from sci_barriers.omega.codec import encode_class
from sci_barriers.randomised.nested import NestedResult

__all__ = ["nested_ties_certificate"]


def nested_ties_certificate(result: NestedResult, *, provenance: dict[str, str] | None = None) -> bytes:
    """Return the bytes of the certificate of the input on which success is least.

    Raises:
        UsageError: if it is undecided.
    """
    stage = result.worst
    if stage is None:
        raise UsageError(f"an undecided game has no certificate: {result.reason}")
    claim: dict[str, Any] = {
        "access": result.access,
        "bound": encode_fraction(stage.bound),
        "budget": None if result.budget is None else writing.encode_integer(result.budget),
        "class": encode_class(result.nested.omega),
        "exponents": encode_integers(stage.exponents),
        "removed": encode_integers(stage.removed),
        "ties": writing.encode_integer(result.nested.ties),
    }
    evidence = encode_transcript(stage.transcript) | encode_outcomes(stage.outcomes)
    return writing.build("nested-ties", claim=claim, evidence=evidence, provenance=provenance or {})

"""Certificates of kind `budget`."""

from __future__ import annotations

from exact_base.encoding import encode_array
from exact_base.errors import UsageError
from proofs_checks.certificate import writing
from sci_barriers.certificates.transcript import encode_transcript
from sci_barriers.games.budget import BudgetResult
from sci_barriers.omega.codec import encode_class

__all__ = ["budget_certificate"]


def budget_certificate(result: BudgetResult, *, provenance: dict[str, str] | None = None) -> bytes:
    """Return the bytes of the certificate of kind `budget` (docs/format.md).

    Raises:
        UsageError: if the result is undecided.

    >>> from proofs_checks import verify_bytes
    >>> from sci_barriers import Candidate, OmegaClass, budget_certificate, play_budget, sequential_algorithm
    >>> weak = OmegaClass.create("lasso", digits=6, rows=2, columns=3, family="weak")
    >>> one = Candidate("reads once", sequential_algorithm(lambda data: data.read(k=1, n=30).point))
    >>> verify_bytes(budget_certificate(play_budget(one, weak, budget=3))).verdict
    'valid'
    """
    if result.verdict != "barrier":
        raise UsageError(f"an undecided game has no certificate: {result.reason}")
    played = result.play
    output = None if result.over_budget else played.run.output
    claim = {
        "access": played.access,
        "budget": writing.encode_integer(result.budget),
        "class": encode_class(played.omega),
        "exponent": writing.encode_integer(result.exponent),
        "index": None if output is None else writing.encode_integer(result.index),
        "output": None if output is None else encode_array(output, 0),
    }
    evidence = encode_transcript(played.transcript)
    return writing.build("budget", claim=claim, evidence=evidence, provenance=provenance or {})

"""Certificates of kind `randomised` (docs/format.md), written from results."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from exact_base.encoding import encode_array, encode_fraction
from exact_base.errors import UsageError
from proofs_checks.certificate import writing
from sci_barriers.certificates.transcript import encode_transcript
from sci_barriers.omega.codec import encode_class
from sci_barriers.randomised.game import Outcome, RandomisedResult

__all__ = ["encode_integers", "encode_outcomes", "randomised_certificate"]


def randomised_certificate(result: RandomisedResult, *, provenance: dict[str, str] | None = None) -> bytes:
    """Return the bytes of the certificate of a result that was enumerated, or of the evidence of one that was sampled.

    Raises:
        UsageError: if it is undecided.
    """
    if result.bound is None:
        raise UsageError(f"an undecided game has no certificate: {result.reason}")
    claim: dict[str, Any] = {
        "access": result.access,
        "bound": encode_fraction(result.bound),
        "budget": None if result.budget is None else writing.encode_integer(result.budget),
        "class": encode_class(result.omega),
        "exponent": writing.encode_integer(result.exponent),
        "index": writing.encode_integer(result.index),
        "method": result.method,
    }
    evidence = encode_transcript(result.transcript)
    if result.level is None:
        evidence |= encode_outcomes(result.outcomes)
    else:
        claim["level"] = encode_fraction(result.level)
        evidence |= {
            "outcomes": [_outcome(outcome) | {"seeds": encode_integers(outcome.seeds)} for outcome in result.outcomes],
            "unhalted": encode_integers(result.unhalted_seeds),
        }
    return writing.build("randomised", claim=claim, evidence=evidence, provenance=provenance or {})


def encode_outcomes(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the outcomes of an enumeration, with their weights over one denominator, as the evidence writes them."""
    den = math.lcm(1, *(int(outcome.weight.q) for outcome in outcomes))
    weights = [int(outcome.weight.p) * (den // int(outcome.weight.q)) for outcome in outcomes]
    divisor = math.gcd(den, *weights)
    return {
        "denominator": writing.encode_integer(den // divisor),
        "outcomes": [
            _outcome(outcome) | {"weight": writing.encode_integer(weight // divisor)}
            for outcome, weight in zip(outcomes, weights, strict=True)
        ],
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    output = None if outcome.output is None else encode_array(outcome.output, 0)
    return {"output": output, "reads": encode_integers(outcome.reads)}


def encode_integers(values: Sequence[int]) -> list[str]:
    """Return integers as a certificate writes them."""
    return [writing.encode_integer(value) for value in values]

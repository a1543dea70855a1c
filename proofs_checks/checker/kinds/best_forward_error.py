"""Kind best-forward-error: forward-error with the best of all constants (docs/format.md, "kind best-forward-error")."""

from __future__ import annotations

from typing import Any

from proofs_checks.certificate.reading import decode_object
from proofs_checks.checker.core.rules import Statement
from proofs_checks.checker.kinds.forward_error import checked
from proofs_checks.checker.parts.best_constants import decode_cuts, network_constant

_EVIDENCE = ("cuts", "factor", "null_space")


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate; raises MalformedCertificate and Invalid."""
    decode_object(evidence, _EVIDENCE, "evidence")
    cuts = decode_cuts(evidence["cuts"])
    return checked(
        "best-forward-error",
        claim,
        evidence,
        _EVIDENCE,
        lambda case: network_constant(case.wanted, case.lam, cuts),
    )

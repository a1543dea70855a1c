"""Kind minimiser: a point minimises the problem, and perhaps nothing else does (docs/format.md, "kind minimiser")."""

from __future__ import annotations

from typing import Any

from proofs_checks.certificate.reading import decode_bool, decode_object
from proofs_checks.checker.core.numbers import Reader
from proofs_checks.checker.core.rules import Statement
from proofs_checks.checker.parts.minimisers import certify, decode_candidate


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate; raises MalformedCertificate and Invalid."""
    decode_object(claim, ("point", "problem", "root", "unique"), "claim")
    reader = Reader(claim["root"])
    candidate = decode_candidate(claim, evidence, reader, "claim")
    unique = decode_bool(claim["unique"], "claim.unique")
    reader.finish()
    return certify(candidate, unique)

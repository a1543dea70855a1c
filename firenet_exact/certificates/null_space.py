"""Certificates of kind `null-space`, written and read back."""

from __future__ import annotations

from typing import Any

from flint import fmpq

from exact_base.encoding import encode_fraction as _rational
from exact_base.errors import DataError
from exact_base.matrices import ExactMatrix
from firenet_exact.levels import Levels
from firenet_exact.null_space.coherence import by_coherence
from firenet_exact.null_space.exhaustive import certify_inverses
from firenet_exact.null_space.property import Coherence, Evidence, Exhaustive, NullSpaceProperty, Relaxation
from firenet_exact.null_space.relaxation import certify_inverse
from firenet_exact.null_space.transfer import by_transfer
from proofs_checks.certificate.reading import decode_list, decode_matrix, decode_object, decode_rational, parse
from proofs_checks.certificate.writing import build

__all__ = ["null_space_certificate", "read_constants", "read_null_space"]


def null_space_certificate(proved: NullSpaceProperty, *, provenance: dict[str, str] | None = None) -> bytes:
    """Write a certificate of kind `null-space`.

    >>> from firenet_exact import Levels, decide, exact_matrix, null_space_certificate
    >>> from proofs_checks import verify_bytes
    >>> found = decide(exact_matrix([[1, 0], [0, 1]]), Levels.of([2], [1]), method="coherence")
    >>> verify_bytes(null_space_certificate(found.proved)).verdict
    'valid'
    """
    return build(
        "null-space",
        claim={
            "gamma": _rational(proved.gamma),
            "levels": proved.levels.encode(),
            "matrix": proved.matrix.encode(),
            "rho": _rational(proved.rho),
        },
        evidence=encode_evidence(proved.evidence),
        provenance=provenance or {},
    )


def encode_evidence(evidence: Evidence) -> dict[str, Any]:
    fields: dict[str, Any] = {"method": evidence.method}
    if isinstance(evidence, Relaxation):
        fields["inverse"] = evidence.inverse.encode()
    elif isinstance(evidence, Exhaustive):
        fields["inverses"] = [inverse.encode() for inverse in evidence.inverses]
    elif not isinstance(evidence, Coherence):
        known = evidence.other
        fields |= {
            "eta": _rational(evidence.eta),
            "evidence": encode_evidence(known.evidence),
            "gamma": _rational(known.gamma),
            "other": known.matrix.encode(),
            "rho": _rational(known.rho),
        }
    return fields


def read_constants(data: bytes) -> tuple[Levels, fmpq, fmpq]:
    """Return the levels, ρ and γ that a certificate of kind `null-space` claims; nothing is verified.

    Raises:
        MalformedCertificate: if the bytes are no certificate.
        DataError: if it is of another kind.
    """
    claim = _claim(data)
    rho, gamma = (fmpq(*decode_rational(claim[key], f"claim.{key}", positive=True)) for key in ("rho", "gamma"))
    return Levels.decode(claim["levels"], "claim.levels"), rho, gamma


def read_null_space(data: bytes) -> NullSpaceProperty:
    """Return the property that the evidence of a certificate proves, verified again; ρ and γ may be less than claimed.

    For a transfer the property of the other matrix is verified, and the distance of the matrices bounded, again.

    Raises:
        MalformedCertificate: if the bytes are no certificate.
        DataError: if it is of another kind, or its method is unknown.
        NotCertifiedError: if the evidence proves nothing.
    """
    levels, _, _ = read_constants(data)
    certificate = parse(data)
    return _proved(_matrix(certificate.claim["matrix"], "claim.matrix"), levels, certificate.evidence, "evidence")


def _proved(matrix: ExactMatrix, levels: Levels, evidence: object, path: str) -> NullSpaceProperty:
    method = evidence.get("method") if isinstance(evidence, dict) else None
    if method == "coherence":
        return by_coherence(matrix, levels)
    if method == "relaxation":
        fields = decode_object(evidence, ("inverse", "method"), path)
        return certify_inverse(matrix, levels, _matrix(fields["inverse"], f"{path}.inverse"))
    if method == "exhaustive":
        fields = decode_object(evidence, ("inverses", "method"), path)
        listed = decode_list(fields["inverses"], f"{path}.inverses")
        inverses = [_matrix(item, f"{path}.inverses[{i}]") for i, item in enumerate(listed)]
        return certify_inverses(matrix, levels, inverses)
    if method == "transfer":
        fields = decode_object(evidence, ("eta", "evidence", "gamma", "method", "other", "rho"), path)
        other = _matrix(fields["other"], f"{path}.other")
        return by_transfer(_proved(other, levels, fields["evidence"], f"{path}.evidence"), matrix)
    raise DataError(f"{path}.method must be coherence, exhaustive, relaxation or transfer")


def _matrix(value: object, path: str) -> ExactMatrix:
    return ExactMatrix.decode(decode_matrix(value, path, rational=True))


def _claim(data: bytes) -> dict[str, Any]:
    certificate = parse(data)
    if certificate.kind != "null-space":
        raise DataError(f"a certificate of kind null-space is needed, not {certificate.kind}")
    return decode_object(certificate.claim, ("gamma", "levels", "matrix", "rho"), "claim")

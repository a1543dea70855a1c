"""Certificates of kind `null-space-refuted`."""

from __future__ import annotations

from firenet_exact.null_space.property import Refutation
from proofs_checks.certificate.writing import build, encode_integer

__all__ = ["refutation_certificate"]


def refutation_certificate(refuted: Refutation, *, provenance: dict[str, str] | None = None) -> bytes:
    """Write a certificate of kind `null-space-refuted`.

    >>> from firenet_exact import Levels, exact_matrix, refutation_certificate, refute
    >>> from proofs_checks import verify_bytes
    >>> refuted = refute(exact_matrix([[1, 1]]), Levels.of([2], [1]))
    >>> verify_bytes(refutation_certificate(refuted)).verdict
    'valid'
    """
    return build(
        "null-space-refuted",
        claim={
            "levels": refuted.levels.encode(),
            "matrix": refuted.matrix.encode(),
            "root": encode_integer(0),
        },
        evidence={"vector": refuted.vector.encode()},
        provenance=provenance or {},
    )

"""Certificates of kind `operator-norm`."""

from __future__ import annotations

from exact_base.encoding import encode_fraction as _rational
from firenet_exact.norms import NormBounds
from proofs_checks.certificate.writing import build

__all__ = ["norm_certificate"]


def norm_certificate(bounds: NormBounds, *, provenance: dict[str, str] | None = None) -> bytes:
    """Write a certificate of kind `operator-norm`.

    >>> from firenet_exact import exact_matrix, norm_certificate, operator_norm
    >>> from proofs_checks import verify_bytes
    >>> verify_bytes(norm_certificate(operator_norm(exact_matrix([[3, 0], [0, 1]])))).verdict
    'valid'
    """
    return build(
        "operator-norm",
        claim={
            "high": _rational(bounds.high),
            "low": _rational(bounds.low),
            "matrix": bounds.matrix.encode(),
        },
        evidence={"factor": bounds.factor.encode(), "vector": bounds.vector.encode()},
        provenance=provenance or {},
    )

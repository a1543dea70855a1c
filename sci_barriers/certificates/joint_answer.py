"""Certificates of kind `joint-answer`: two answers, one of which is right on every input with these data."""

from __future__ import annotations

from exact_base.encoding import encode_fraction
from proofs_checks.certificate.writing import build, encode_integer
from sci_barriers.breakdown.two_answers import TwoAnswers

__all__ = ["joint_answer_certificate"]


def joint_answer_certificate(found: TwoAnswers, *, provenance: dict[str, str] | None = None) -> bytes:
    """Write a certificate of kind `joint-answer` (docs/format.md).

    >>> from proofs_checks import verify_bytes
    >>> from sci_barriers.breakdown.two_answers import two_answers
    >>> from sci_barriers.certificates.joint_answer import joint_answer_certificate
    >>> found = two_answers([700, 700], [1, "5/4"], parameter="1/2", digits=3, precision=20)
    >>> verify_bytes(joint_answer_certificate(found)).verdict
    'valid'
    """
    claim = {
        "answers": [encode_fraction(z) for z in found.answers],
        "data": [encode_fraction(y) for y in found.data],
        "digits": encode_integer(found.digits),
        "matrix": [encode_fraction(a) for a in found.matrix],
        "parameter": encode_fraction(found.parameter),
        "precision": encode_integer(found.precision),
    }
    return build("joint-answer", claim=claim, evidence={}, provenance=provenance or {})

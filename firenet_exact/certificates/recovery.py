"""Certificates of kinds `recovery` and `best-recovery`, and of both if the null space property is only assumed."""

from __future__ import annotations

from typing import Any

from exact_base.encoding import encode_fraction as _rational
from firenet_exact.certificates.coefficient_bounds import coefficients_certificate
from firenet_exact.certificates.null_space import encode_evidence as _evidence
from firenet_exact.recovery.a_posteriori import AssumedProperty, Recovery
from firenet_exact.recovery.coefficients import CoefficientBounds
from proofs_checks.certificate.writing import build

__all__ = ["recovery_certificate"]


def recovery_certificate(recovery: Recovery | CoefficientBounds, *, provenance: dict[str, str] | None = None) -> bytes:
    """Write a certificate of kind `recovery`, or `conditional-recovery` if the null space property is only assumed.

    If the bound needs cuts the kind is `best-recovery`, or `conditional-best-recovery`; that of bounds of single
    coefficients is `coefficient-bounds`.

    >>> from firenet_exact import Levels, certify_recovery, decide, exact_matrix, recovery_certificate
    >>> from proofs_checks import verify_bytes
    >>> proved = decide(exact_matrix([[1, 0], [0, 1]]), Levels.of([2], [1]), method="coherence").proved
    >>> found = certify_recovery(proved, [1, 0], [1, 0], [], noise="1/100", sigma=0)
    >>> verify_bytes(recovery_certificate(found)).verdict
    'valid'
    """
    if isinstance(recovery, CoefficientBounds):
        return coefficients_certificate(recovery, provenance=provenance)
    known, witness = recovery.known, recovery.witness
    evidence: dict[str, Any] = {
        "dual": None if recovery.dual is None else recovery.dual.encode(),
        "witness": None if witness is None else witness.encode(),
    }
    kind = "best-recovery" if recovery.cuts else "recovery"
    if recovery.cuts:
        evidence["cuts"] = [_rational(cut) for cut in recovery.cuts]
    if isinstance(known, AssumedProperty):
        kind = f"conditional-{kind}"
    else:
        evidence["null_space"] = _evidence(known.evidence)
    return build(
        kind,
        claim={
            "bound": _rational(recovery.bound),
            "compressibility": _rational(recovery.sigma),
            "data": recovery.data.encode(),
            "gamma": _rational(known.gamma),
            "levels": known.levels.encode(),
            "matrix": known.matrix.encode(),
            "noise": _rational(recovery.noise),
            "point": recovery.point.encode(),
            "rho": _rational(known.rho),
        },
        evidence=evidence,
        provenance=provenance or {},
    )

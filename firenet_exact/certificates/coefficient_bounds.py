"""Certificates of kind `coefficient-bounds`."""

from __future__ import annotations

from exact_base.encoding import encode_fraction as _rational
from exact_base.matrices import exact_column
from firenet_exact.recovery.coefficients import CoefficientBounds
from proofs_checks.certificate.writing import build

__all__ = ["coefficients_certificate"]


def coefficients_certificate(found: CoefficientBounds, *, provenance: dict[str, str] | None = None) -> bytes:
    """Write a certificate of kind `coefficient-bounds`.

    >>> from firenet_exact import Levels, exact_matrix
    >>> from firenet_exact.null_space import by_relaxation
    >>> from firenet_exact.certificates.coefficient_bounds import coefficients_certificate
    >>> from firenet_exact.recovery import certify_coefficients
    >>> from proofs_checks import verify_bytes
    >>> proved, _ = by_relaxation(exact_matrix([[1, 0], [0, 1]]), Levels.of([2], [1]))
    >>> found = certify_coefficients(proved, [1, 0], [1, 0], noise="1/100", sigma=0)
    >>> verify_bytes(coefficients_certificate(found)).verdict
    'valid'
    """
    return build(
        "coefficient-bounds",
        claim={
            "bound": _rational(found.bound),
            "bounds": exact_column(found.bounds).encode(),
            "compressibility": _rational(found.sigma),
            "data": found.data.encode(),
            "levels": found.levels.encode(),
            "matrix": found.matrix.encode(),
            "noise": _rational(found.noise),
            "point": found.point.encode(),
        },
        evidence={
            "dual": None if found.dual is None else found.dual.encode(),
            "inverse": found.inverse.encode(),
            "witness": None if found.witness is None else found.witness.encode(),
        },
        provenance=provenance or {},
    )

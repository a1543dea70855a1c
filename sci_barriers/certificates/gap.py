"""Certificates of kind `gap`: a point is within a gap of the minimum."""

from __future__ import annotations

from exact_base.encoding import common_root, encode_array, encode_fraction
from proofs_checks.certificate.writing import build, encode_integer
from sci_barriers.certificates.problems import encode_problem
from sci_barriers.problems import GapCertificate

__all__ = ["gap_certificate"]


def gap_certificate(gap: GapCertificate, *, provenance: dict[str, str] | None = None) -> bytes:
    """Write a certificate that the objective of a feasible point exceeds the minimum by at most `gap.gap`.

    Raises:
        FieldError: if the numbers do not lie in one field Q(√s).
    """
    problem = gap.problem
    root = common_root(problem.matrix, problem.data, gap.point, gap.dual)
    return build(
        "gap",
        claim={
            "gap": encode_fraction(gap.gap),
            "point": encode_array(gap.point, root),
            "problem": encode_problem(problem, root),
            "root": encode_integer(root),
        },
        evidence={"dual": encode_array(gap.dual, root)},
        provenance=provenance or {},
    )

"""Certificates of kind `joint-barrier`: digits fail at all samples at once, on one of several inputs."""

from __future__ import annotations

from exact_base.encoding import common_root, encode_array
from proofs_checks.certificate.writing import build, encode_integer
from sci_barriers.breakdown.joint import JointBarrier
from sci_barriers.certificates.problems import encode_dual, encode_problem

__all__ = ["joint_barrier_certificate"]


def joint_barrier_certificate(found: JointBarrier, *, provenance: dict[str, str] | None = None) -> bytes:
    """Write a certificate of kind `joint-barrier` (docs/format.md).

    Raises:
        FieldError: if the numbers do not lie in one field Q(√s).
        SciBarriersError: if a size or a number exceeds the caps of the format.

    >>> from proofs_checks import verify_bytes
    >>> from sci_barriers import OmegaClass
    >>> from sci_barriers.breakdown.joint_families import independent_ties
    >>> from sci_barriers.certificates.joint_barrier import joint_barrier_certificate
    >>> omega = OmegaClass.create("bpdn", digits=3, rows=2, columns=4)
    >>> found = independent_ties(omega, samples=2, ties=2, precision=10)
    >>> verify_bytes(joint_barrier_certificate(found)).verdict
    'valid'
    """
    every = [one for row in found.minimisers for one in row]
    inverses = {id(one): one.left_inverse if len(one.uniqueness_matrix) else None for one in every}
    arrays = [array for one in (*every, *found.common) for array in (one.problem.matrix, one.point, one.dual)]
    root = common_root(*(array for array in (*arrays, *inverses.values()) if array is not None and len(array)))
    problem = encode_problem(found.common[0].problem, 0)
    del problem["data"]
    claim = {
        "digits": encode_integer(found.digits),
        "matrices": [encode_array(row[0].problem.matrix, root) for row in found.minimisers],
        "points": [encode_array(point, 0) for point in found.points],
        "precision": encode_integer(found.precision),
        "problem": problem,
        "root": encode_integer(root),
        "samples": [encode_array(one.problem.data, 0) for one in found.common],
    }
    evidence = {
        "common": [
            {"dual": encode_dual(one.dual, root), "point": encode_array(one.point, root)} for one in found.common
        ],
        "minimisers": [
            [
                {
                    "dual": encode_dual(one.dual, root),
                    "left_inverse": encode_dual(inverses[id(one)], root),
                    "point": encode_array(one.point, root),
                }
                for one in row
            ]
            for row in found.minimisers
        ],
    }
    return build("joint-barrier", claim=claim, evidence=evidence, provenance=provenance or {})

"""Certificates of kind `training-data`: triples are valid for an input."""

from __future__ import annotations

from exact_base.encoding import common_root, encode_array, encode_fraction
from exact_base.errors import DataError
from proofs_checks.certificate.writing import build, encode_integer
from sci_barriers.certificates.problems import encode_dual
from sci_barriers.data.validity import ValidTrainingData

__all__ = ["training_data_certificate"]


def training_data_certificate(valid: ValidTrainingData, *, provenance: dict[str, str] | None = None) -> bytes:
    """Write a certificate that triples are valid training data of an exactly known input.

    Raises:
        DataError: if A or a sample is known through enclosures only, which this kind cannot carry.
        FieldError: if A, the samples and the minimisers do not lie in one field; then write one for each triple.
    """
    instance = valid.instance
    matrix, samples = instance.matrix.exact, [sample.exact for sample in instance.samples]
    if matrix is None or any(sample is None for sample in samples):
        raise DataError("a training-data certificate needs A and every sample exactly, not through enclosures")
    known = [sample for sample in samples if sample is not None]
    pairs = sorted(zip(valid.triples, valid.minimisers, strict=True), key=lambda pair: (pair[0].k, pair[0].n))
    duals = [minimiser.dual for _, minimiser in pairs if minimiser.dual is not None]
    root = common_root(matrix, *known, *(minimiser.point for _, minimiser in pairs), *duals)
    return build(
        "training-data",
        claim={
            "problem": {
                "matrix": encode_array(matrix, root),
                "name": instance.problem,
                "parameter": encode_fraction(instance.parameter),
                "weights": encode_array(instance.weights, root),
            },
            "root": encode_integer(root),
            "samples": [encode_array(sample, root) for sample in known],
            "triples": [
                {
                    "data": encode_array(triple.data, root),
                    "k": encode_integer(triple.k),
                    "matrix": encode_array(triple.matrix, root),
                    "n": encode_integer(triple.n),
                    "point": encode_array(triple.point, root),
                }
                for triple, _ in pairs
            ],
        },
        evidence={
            "minimisers": [
                {"dual": encode_dual(minimiser.dual, root), "point": encode_array(minimiser.point, root)}
                for _, minimiser in pairs
            ]
        },
        provenance=provenance or {},
    )

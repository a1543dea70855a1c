"""Certificates of kind `network-exists`."""

from __future__ import annotations

from exact_base.encoding import common_root, encode_array, encode_entries, encode_fraction
from exact_base.errors import DataError
from exact_base.scalars import exact_vector
from proofs_checks.certificate.writing import build, encode_integer
from sci_barriers.certificates.problems import encode_dual
from sci_barriers.network_exists.theorem1 import MAX_SAMPLES, ExistingNetwork
from sci_barriers.network_exists.theorem1 import in_one_field as _in_one_field

__all__ = ["existence_certificate"]


def existence_certificate(existing: ExistingNetwork, *, provenance: dict[str, str] | None = None) -> bytes:
    """Write a certificate of kind `network-exists` (docs/format.md).

    Raises:
        DataError: for more than MAX_SAMPLES samples.
        FieldError: if the numbers do not lie in one field Q(√s), with what to do.
        SciBarriersError: if a size or a number exceeds the caps of the format.
    """
    instance, network, minimisers = existing.instance, existing.network, existing.minimisers
    matrix = instance.matrix.exact
    if matrix is None:
        raise DataError("the matrix must be known exactly")
    if len(minimisers) > MAX_SAMPLES:
        raise DataError(
            f"a certificate holds networks for at most {MAX_SAMPLES} samples, got {len(minimisers)}; write several"
        )
    samples = [minimiser.problem.data for minimiser in minimisers]
    duals = [minimiser.dual for minimiser in minimisers]
    weights = [exact_vector(list(layer.weights.values()), length=len(layer.weights)) for layer in network.layers]
    biases = [layer.bias for layer in network.layers]
    known = [dual for dual in duals if dual is not None]
    root = _in_one_field(lambda: common_root(matrix, *samples, *weights, *biases, *known))
    claim = {
        "network": [
            {
                "bias": encode_array(layer.bias, root),
                "weights": encode_entries(layer.weights, root, rows=layer.outputs, cols=layer.inputs),
            }
            for layer in network.layers
        ],
        "problem": {
            "matrix": encode_array(matrix, root),
            "name": instance.problem,
            "parameter": encode_fraction(instance.parameter),
            "weights": encode_array(instance.weights, root),
        },
        "root": encode_integer(root),
        "samples": [encode_array(sample, root) for sample in samples],
    }
    evidence = {"duals": [encode_dual(dual, root) for dual in duals]}
    return build("network-exists", claim=claim, evidence=evidence, provenance=provenance or {})

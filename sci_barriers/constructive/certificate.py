"""Certificates of kind `reads` (docs/format.md)."""

from __future__ import annotations

from proofs_checks.certificate import build, encode_integer
from sci_barriers import class_certificates
from sci_barriers.certificates import encode_array, encode_fraction
from sci_barriers.constructive.reach import Reach

__all__ = ["reads_certificate"]


def reads_certificate(result: Reach, *, provenance: dict[str, str] | None = None) -> bytes:
    """Write that a network is right to D digits on every member of the class that has the data it was computed from."""
    network = result.network
    claim = {
        "access": result.access,
        "class": class_certificates.encode_class(result.union.strong),
        "digits": encode_integer(result.digits),
        "first": encode_array(network.first, 0),
        "gain": None if network.gain is None else encode_fraction(network.gain),
        "reads": [[encode_integer(n), encode_array(matrix, 0)] for n, matrix in result.reads],
        "samples": [encode_array(sample, 0) for sample in result.union.extra],
    }
    member = {
        "exponent": encode_integer(result.exponent),
        "family": result.instance.omega.family,
        "index": encode_integer(result.index),
    }
    return build("reads", claim=claim, evidence={"member": member}, provenance=provenance or {})

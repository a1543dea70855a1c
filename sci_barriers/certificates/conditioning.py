"""Certificates of kind `conditioning`."""

from __future__ import annotations

from typing import Any

from exact_base.encoding import encode_array
from exact_base.errors import DataError
from exact_base.scalars import exact_vector
from proofs_checks.certificate.writing import build, encode_integer
from sci_barriers.omega.codec import encode_class
from sci_barriers.omega.conditioning import Conditioning
from sci_barriers.omega.families import Instance

__all__ = ["conditioning_certificate"]


def conditioning_certificate(conditioning: Conditioning, *, provenance: dict[str, str] | None = None) -> bytes:
    """Write a certificate of kind `conditioning` (docs/format.md).

    Raises:
        DataError: if the instance is not the tie, a member or the control of its class.

    >>> from proofs_checks import verify_bytes
    >>> from sci_barriers import OmegaClass, condition, conditioning_certificate
    >>> found = condition(OmegaClass.create("lasso", digits=6, rows=2, columns=3).control())
    >>> verify_bytes(conditioning_certificate(found)).verdict
    'valid'
    """
    instance = conditioning.instance
    claim: dict[str, Any] = {"class": encode_class(instance.omega), "instance": _encode_instance(instance)}
    if claim["instance"] == {"form": "tie"} and conditioning.sensitivity is not None and not conditioning.samples:
        claim["instance"] = {"form": "tie-sensitivity"}
    if conditioning.samples:
        claim["instance"]["form"] += "-samples"
        claim["instance"]["samples"] = [
            encode_array(exact_vector(sample, length=len(sample)), 0) for sample in conditioning.samples
        ]
    return build("conditioning", claim=claim, evidence={}, provenance=provenance or {})


def _encode_instance(instance: Instance) -> dict[str, Any]:
    omega = instance.omega
    if omega.family == "strong" and instance == omega.tie():
        return {"form": "tie"}
    if instance == omega.control():
        return {"form": "control"}
    i, q = instance.argmax[0], instance.exponent
    if q < omega.q0 or instance != omega.member(i=i + 1, q=q):
        raise DataError("only the tie, a member or the control of a class has a certificate of its conditioning")
    return {"exponent": encode_integer(q), "form": "member", "index": encode_integer(i + 1)}

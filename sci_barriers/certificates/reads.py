"""Certificates of kinds `reads` and `no-reads` (docs/format.md), and what a run of `reach` is certified by."""

from __future__ import annotations

from exact_base.encoding import encode_array, encode_fraction
from exact_base.rationals import power_of_ten
from proofs_checks.certificate.writing import build, encode_integer
from sci_barriers.certificates.no_reads import _apart2, no_reads_certificate
from sci_barriers.omega.codec import encode_class
from sci_barriers.reads.reaching import Reach, without_reads

__all__ = ["reach_certificates", "reads_certificate"]


def reads_certificate(result: Reach, *, provenance: dict[str, str] | None = None) -> bytes:
    """Write that a network is right to D digits on every member of the class that has the data it was computed from.

    >>> from proofs_checks import verify_bytes
    >>> from sci_barriers import OmegaClass, OmegaUnion, reach, reads_certificate
    >>> union = OmegaUnion(OmegaClass.create("lasso", digits=6, rows=2, columns=3))
    >>> verify_bytes(reads_certificate(reach(union, union.strong.member(i=1, q=40), statement=2))).verdict
    'valid'
    """
    network = result.network
    claim = {
        "access": result.access,
        "class": encode_class(result.union.strong),
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


def reach_certificates(result: Reach, *, provenance: dict[str, str] | None = None) -> dict[str, bytes]:
    """Return the certificates of a run by file name: the network's, and whether anything had to be read for it.

    `reads.cert.json` is about the network. `no-reads.cert.json` shows that no network without reads has K - 2 digits;
    with y_1 alone `zero-network.cert.json` shows that the zero network has them. Neither is there if the extra samples
    are too small to tell.
    """
    files = {"reads.cert.json": reads_certificate(result, provenance=provenance)}
    union, digits = result.union, result.union.strong.digits - 2
    if not union.extra:
        zero = without_reads(union, digits=digits)
        files["zero-network.cert.json"] = reads_certificate(zero, provenance=provenance)
    elif any(_apart2(union, sample) > 4 * power_of_ten(-2 * digits) for sample in union.extra):
        files["no-reads.cert.json"] = no_reads_certificate(union, digits=digits, provenance=provenance)
    return files

"""Certificates of kinds `reads` and `no-reads` (docs/format.md), and what a run of `reach` is certified by."""

from __future__ import annotations

from flint import fmpq

from proofs_checks.certificate import build, encode_integer
from sci_barriers.certificates import encode_array, encode_fraction
from sci_barriers.class_certificates import encode_class
from sci_barriers.constructive.reach import Reach, without_reads
from sci_barriers.constructive.remaining import root_bounds
from sci_barriers.constructive.union import OmegaUnion
from sci_barriers.errors import UsageError
from sci_barriers.exact import ExactArray, power_of_ten

__all__ = ["no_reads_certificate", "reach_certificates", "reads_certificate"]


def reads_certificate(result: Reach, *, provenance: dict[str, str] | None = None) -> bytes:
    """Write that a network is right to D digits on every member of the class that has the data it was computed from."""
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


def no_reads_certificate(union: OmegaUnion, *, digits: int, provenance: dict[str, str] | None = None) -> bytes:
    """Write that no network which is computed without reading has D digits on both families, by one of the samples.

    Source: docs/reads.md, "Without a read".

    Raises:
        UsageError: if no sample shows this: without extra samples, or if all of them are too small.
    """
    sample = next((sample for sample in union.extra if _apart2(union, sample) > 4 * power_of_ten(-2 * digits)), None)
    if sample is None:
        raise UsageError(
            f"no extra sample has solutions more than 2·10^-{digits} apart on the two families; take larger ones"
        )
    claim = {
        "class": encode_class(union.strong),
        "digits": encode_integer(digits),
        "sample": encode_array(sample, 0),
    }
    return build("no-reads", claim=claim, evidence={}, provenance=provenance or {})


def _apart2(union: OmegaUnion, sample: ExactArray) -> fmpq:
    """A lower bound of the squared distance of the solutions for a sample on members (i, q) of the two families."""
    weak = union.weak
    low = root_bounds(weak.ties * weak.base**2)[0]
    high = root_bounds((weak.ties - 1) * weak.base**2 + (weak.base + weak.perturbation(1)) ** 2)[1]
    level = {"bpdn": weak.parameter, "lasso": fmpq(17, 32) * weak.parameter / low, "sqrt-lasso": fmpq(0)}[weak.problem]
    return fmpq(225, 256) / high**2 * sum((max(abs(v) - level, fmpq(0)) ** 2 for v in sample), fmpq(0))


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

"""Certificates of kind `no-reads`."""

from __future__ import annotations

from flint import fmpq

from exact_base.encoding import encode_array
from exact_base.errors import UsageError
from exact_base.rationals import power_of_ten
from exact_base.scalars import ExactArray
from proofs_checks.certificate.writing import build, encode_integer
from sci_barriers.omega.codec import encode_class
from sci_barriers.omega.union import OmegaUnion
from sci_barriers.reads.remaining import root_bounds

__all__ = ["no_reads_certificate"]


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

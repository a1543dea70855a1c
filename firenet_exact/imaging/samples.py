"""Samples as a network takes them: as they are measured, without D, which is never rounded (docs/firenet.md).

They are arrays of the shape of the image, of which the mask takes what it has. y is D times them, and only the squares
of D, which are rational, enter any bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from exact_base.errors import DataError, UsageError
from exact_base.rationals import float_exactly, upper_root
from exact_base.reprs import short_repr
from firenet_exact.arithmetic.float_model import norm_above
from firenet_exact.imaging.bands import Bands
from firenet_exact.imaging.mask_files import mask_digits, mask_of_digits
from firenet_exact.imaging.operators import ImageOperator
from proofs_checks.certificate.reading import decode_integer, decode_list, decode_object, decode_rational
from proofs_checks.certificate.writing import encode_integer, encode_rational

__all__ = [
    "OperatorNorm",
    "checked_samples",
    "data_norm_above",
    "decode_operator",
    "encode_operator",
    "operator_norm_above",
    "walsh_order",
]

Array: TypeAlias = NDArray[Any]


@short_repr()
@dataclass(frozen=True)
class OperatorNorm:
    """A bound of ‖A‖.

    Attributes:
        high: at least ‖A‖.
    """

    high: fmpq


def operator_norm_above(operator: ImageOperator) -> OperatorNorm:
    """Return ‖A‖ rounded up: V and Ψ are unitary, so that it is the largest entry of D."""
    return OperatorNorm(upper_root(operator.norm2))


def walsh_order(operator: ImageOperator, samples: Array) -> Array:
    """Return samples, or a mask, shape (n, ..., n), in the order of coefficients: sample a of subband b at place a.

    Raises:
        UsageError: if they have another shape.
    """
    bands = operator.subbands
    return np.concatenate([bands.rows(samples, band) for band in range(bands.count)])


def checked_samples(operator: ImageOperator, samples: Any) -> Array:
    """Return samples, exactly as they are, as float64 (Walsh) or complex128 (Fourier), and 0 where none is taken.

    Args:
        operator: A.
        samples: shape (n, ..., n); in the order of sequency for Walsh, of numpy.fft for Fourier.

    Raises:
        UsageError: if they have another shape.
        DataError: if they are no numbers that are exact in this type, or one that is taken is not finite.
    """
    given, mask = np.asarray(samples), operator.mask
    kind = np.dtype(np.float64 if operator.transform == "walsh" else np.complex128)
    if given.shape != mask.shape:
        raise UsageError(f"samples of shape {mask.shape} are needed, not {given.shape}")
    if not np.can_cast(given.dtype, kind, "safe") or (given.dtype.kind in "iu" and given.dtype.itemsize > 4):
        raise DataError(f"samples must be {kind}, or numbers that are exact there, not {given.dtype}")
    found: Array = np.zeros(mask.shape, dtype=kind)
    np.copyto(found, given, where=mask)
    if not np.isfinite(found).all():
        raise DataError("a sample is NaN or infinite")
    return found


def data_norm_above(operator: ImageOperator, samples: Array) -> fmpq:
    """Return an upper bound of ‖y‖ for samples as `checked_samples` returns them.

    Raises:
        DataError: if a number is too large for float64.
    """
    if operator.transform == "walsh":
        parts = operator.subbands.split(walsh_order(operator, samples))
    else:
        bands = Bands(transform="fourier", dimension=operator.subbands.dimension, bits=operator.subbands.bits)
        parts = [samples[np.ix_(*bands.box(number))] for number in range(bands.count)]
    lengths = (float_exactly(norm_above(np.ascontiguousarray(part))) for part in parts)
    return upper_root(sum((s * n * n for s, n in zip(operator.scales, lengths, strict=True)), fmpq(0)))


def encode_operator(operator: ImageOperator) -> dict[str, Any]:
    """Return what a network's file says of A."""
    return {
        "transform": operator.transform,
        "dimension": encode_integer(operator.subbands.dimension),
        "bits": encode_integer(operator.subbands.bits),
        "mask": mask_digits(operator.mask),
        "scales": [encode_rational(int(scale.p), int(scale.q)) for scale in operator.scales],
    }


def decode_operator(value: object) -> ImageOperator:
    """Read A as `encode_operator` writes it.

    Raises:
        MalformedCertificate: if it is none.
        DataError: if the image is too large, or there is no sample.
        UsageError: if the parts do not fit together.
    """
    fields = decode_object(value, ("bits", "dimension", "mask", "scales", "transform"), "operator")
    dimension, bits = (decode_integer(fields[name], f"operator.{name}", low=1) for name in ("dimension", "bits"))
    if dimension > 3 or bits * dimension > 28:
        raise DataError(f"there are no images of 2^{bits} points in {dimension} dimensions here")
    scales = decode_list(fields["scales"], "operator.scales")
    return ImageOperator(
        transform=fields["transform"],
        dimension=dimension,
        bits=bits,
        mask=mask_of_digits(fields["mask"], "operator.mask", shape=(1 << bits,) * dimension),
        scales=[fmpq(*decode_rational(scale, f"operator.scales[{i}]")) for i, scale in enumerate(scales)],
    )

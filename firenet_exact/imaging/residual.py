"""Upper bounds of ‖Ax - y‖ for floats, rounding errors included (docs/firenet.md, "Transforms in float64")."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from exact_base.errors import DataError
from exact_base.rationals import float_exactly, upper_root
from firenet_exact.arithmetic.float_model import SMALL, UNIT, UPWARD, norm_above
from firenet_exact.imaging.operators import ImageOperator
from firenet_exact.imaging.property import WalshInverse
from firenet_exact.imaging.rounding import fourier_haar_error, scaled_error, walsh_error
from firenet_exact.imaging.samples import data_norm_above, operator_norm_above, walsh_order
from firenet_exact.transforms import fourier
from firenet_exact.transforms.haar import synthesis
from firenet_exact.transforms.walsh import hadamard

__all__ = ["correlations_above", "residual_norm_above", "residual_squares_above"]

Array: TypeAlias = NDArray[Any]


def residual_norm_above(operator: ImageOperator, point: Array, samples: Array) -> fmpq:
    """Return an upper bound of ‖Ax - y‖, y = D·samples; for Fourier samples, if the library is as accurate as assumed.

    Args:
        operator: A.
        point: x, shape (N,), float64 or complex128.
        samples: shape (n, ..., n), as `checked_samples` returns them.

    Raises:
        DataError: if a number is too large for float64.
    """
    if operator.transform == "walsh":
        return upper_root(sum(residual_squares_above(operator, point, samples), fmpq(0)))
    return _fourier(operator, point, samples)


def residual_squares_above(operator: ImageOperator, point: Array, samples: Array) -> list[fmpq]:
    """Return an upper bound of ‖(Ax - y)_b‖² for each subband b; see `residual_norm_above`."""
    found = []
    for band, (rest, off) in enumerate(_rests(operator, point, samples)):
        bound = (norm_above(rest) + off) * UPWARD
        found.append(operator.scales[band] * float_exactly(_finite(bound)) ** 2)
    return found


def correlations_above(operator: ImageOperator, inverse: WalshInverse, point: Array, samples: Array) -> list[fmpq]:
    """Return an upper bound of the largest |H*(Ax - y)|_i of each subband, for Walsh samples.

    With r for the samples of the residual before D, and r' for what is computed of them, h = Σ e_a χ_a r_a is at most
    what is computed of it, more θ√N‖p'‖ for the transform of p'_a = e_a r'_a, as rounded, and ‖e‖ (‖r - r'‖ + u‖r'‖)
    for those; and H*(Ax - y) is √N/c times h.

    Args:
        operator: A, with the mask of the inverse.
        inverse: H.
        point: x, shape (N,), float64.
        samples: shape (n, ..., n), as `checked_samples` returns them.

    Raises:
        DataError: if a number is too large for float64.
    """
    found = []
    for band, (rest, off) in enumerate(_rests(operator, point, samples)):
        given, bounds, size = inverse.weights[band], inverse.bounds[band], inverse.subbands.sizes[band]
        weights = np.ones(size)
        if given is not None:
            weights = np.zeros(size)
            weights[inverse.subbands.rows(inverse.mask, band)] = given
        weighted = weights * rest
        most = float(np.abs(hadamard(weighted)).max())
        bits = size.bit_length() - 1
        transform = walsh_error(bits) * 2.0 ** (bits / 2) * UPWARD * norm_above(weighted)
        bound = most + transform + norm_above(weights) * (off + 2 * UNIT * norm_above(rest)) + SMALL
        factor = upper_root(fmpq(size)) / (bounds.sum + bounds.peak)
        found.append(factor * float_exactly(_finite(bound * UPWARD)))
    return found


def _rests(operator: ImageOperator, point: Array, samples: Array) -> Iterator[tuple[Array, float]]:
    """Yield the samples of Ax - y of each subband without D, 0 where none is taken, and by how much they are off."""
    bands = operator.subbands
    arrays = (np.ascontiguousarray(point), walsh_order(operator, operator.mask), walsh_order(operator, samples))
    for band, (x, mask, taken) in enumerate(zip(*map(bands.split, arrays), strict=True)):
        bits = bands.sizes[band].bit_length() - 1
        rest = np.where(mask, hadamard(x) * (2.0 ** (-bits / 2)) - taken, 0.0)
        off = scaled_error(walsh_error(bits)) * norm_above(x) + 2 * UNIT * norm_above(rest) + SMALL
        yield rest, off * UPWARD if mask.any() else 0.0


def _fourier(operator: ImageOperator, point: Array, samples: Array) -> fmpq:
    bands = operator.subbands
    coefficients = point.astype(np.complex128)
    length = norm_above(coefficients)
    image = synthesis(coefficients, dimension=bands.dimension)
    rest = np.where(operator.mask, fourier.transform(image, overwrite=True) - samples, 0.0)
    off = float_exactly((fourier_haar_error(bands.bits, bands.dimension) * length + SMALL) * UPWARD)
    # the subtraction loses at most u of each difference
    seen = data_norm_above(operator, rest) * (1 + 2 * float_exactly(UNIT))
    return seen + off * operator_norm_above(operator).high


def _finite(bound: float) -> float:
    if not math.isfinite(bound):
        raise DataError("the residual is too large for float64; scale the data")
    return bound

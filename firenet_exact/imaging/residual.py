"""Upper bounds of ‖Ax - y‖ for floats, rounding errors included (docs/firenet.md, "Transforms in float64")."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from exact_base.errors import DataError
from exact_base.rationals import float_exactly, upper_root
from firenet_exact.arithmetic.float_model import SMALL, UNIT, UPWARD, norm_above
from firenet_exact.imaging.operators import ImageOperator
from firenet_exact.imaging.rounding import fourier_haar_error, scaled_error, walsh_error
from firenet_exact.imaging.samples import data_norm_above, operator_norm_above, walsh_order
from firenet_exact.transforms import fourier
from firenet_exact.transforms.haar import synthesis
from firenet_exact.transforms.walsh import hadamard

__all__ = ["residual_norm_above", "residual_squares_above"]

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
    bands = operator.subbands
    found = []
    arrays = (np.ascontiguousarray(point), walsh_order(operator, operator.mask), walsh_order(operator, samples))
    parts = map(bands.split, arrays)
    for band, (x, mask, taken) in enumerate(zip(*parts, strict=True)):
        if not mask.any():
            found.append(fmpq(0))
            continue
        bits = bands.sizes[band].bit_length() - 1
        length = norm_above(x)
        seen = hadamard(x) * (2.0 ** (-bits / 2))
        rest = np.where(mask, seen - taken, 0.0)
        off = scaled_error(walsh_error(bits)) * length + SMALL
        bound = (norm_above(rest) * (1 + 2 * UNIT) + off) * UPWARD
        found.append(operator.scales[band] * float_exactly(_finite(bound)) ** 2)
    return found


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

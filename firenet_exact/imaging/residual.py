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
from firenet_exact.imaging.rounding import fourier_haar_error, scaled_error, walsh_error
from firenet_exact.imaging.sensing import FourierSensing, Sensing, WalshSensing
from firenet_exact.transforms.haar import synthesis
from firenet_exact.transforms.walsh import hadamard

__all__ = ["residual_norm_above", "residual_squares_above"]

Array: TypeAlias = NDArray[Any]


def residual_norm_above(sensing: Sensing, point: Array, samples: Array) -> fmpq:
    """Return an upper bound of ‖Ax - y‖, y = D·samples; for Fourier samples, if the library is as accurate as assumed.

    Args:
        sensing: A.
        point: x, shape (N,), float64 or complex128.
        samples: shape (n, ..., n), as `sensing.check_samples` returns them.

    Raises:
        DataError: if a number is too large for float64.
    """
    if isinstance(sensing, WalshSensing):
        return upper_root(sum(residual_squares_above(sensing, point, samples), fmpq(0)))
    return _fourier(sensing, point, samples)


def residual_squares_above(sensing: WalshSensing, point: Array, samples: Array) -> list[fmpq]:
    """Return an upper bound of ‖(Ax - y)_b‖² for each subband b; see `residual_norm_above`."""
    bands = sensing.subbands
    found = []
    parts = (bands.split(array) for array in (np.ascontiguousarray(point), sensing.ordered, sensing.in_order(samples)))
    for band, (x, mask, taken) in enumerate(zip(*parts, strict=True)):
        bits = bands.sizes[band].bit_length() - 1
        length = norm_above(x)
        seen = hadamard(x) * (2.0 ** (-bits / 2))
        rest = np.where(mask, seen - taken, 0.0)
        off = scaled_error(walsh_error(bits)) * length + SMALL
        bound = (norm_above(rest) * (1 + 2 * UNIT) + off) * UPWARD
        found.append(sensing.scales[band] * float_exactly(_finite(bound)) ** 2)
    return found


def _fourier(sensing: FourierSensing, point: Array, samples: Array) -> fmpq:
    bands = sensing.subbands
    coefficients = point.astype(np.complex128)
    length = norm_above(coefficients)
    image = synthesis(coefficients, dimension=bands.dimension)
    rest = np.where(sensing.mask, np.fft.fftn(image, norm="ortho") - samples, 0.0)
    off = fourier_haar_error(bands.bits, bands.dimension) * length + SMALL
    size = norm_above(rest) if sensing.factors is None else norm_above(rest * sensing.factors)
    largest = math.nextafter(float(sensing.high), math.inf)
    return float_exactly(_finite((size * (1 + 6 * UNIT) + off * largest) * UPWARD))


def _finite(bound: float) -> float:
    if not math.isfinite(bound):
        raise DataError("the residual is too large for float64; scale the data")
    return bound

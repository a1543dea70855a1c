"""Bounds of the rounding errors of transforms in float64 (docs/firenet.md, "Transforms in float64")."""

from __future__ import annotations

from firenet_exact.arithmetic.float_model import UNIT, UPWARD, gamma
from firenet_exact.transforms.walsh import STAGE_BITS

__all__ = ["FFT_UNITS", "fft_error", "fourier_haar_error", "scaled_error", "walsh_error"]

FFT_UNITS = 16
"""The hypothesis on the library: a transform of N numbers is off by at most 16 u log2(N) of its length."""


def walsh_error(bits: int) -> float:
    """Return θ: the computed Walsh transform of v, 2^bits numbers, is off by at most θ·√(2^bits)·‖v‖.

    >>> 0 < walsh_error(18) < 2**-42
    True
    """
    stages = -(-bits // STAGE_BITS)
    return _compound(gamma(2**STAGE_BITS) * 2.0 ** (STAGE_BITS / 2) * UPWARD, stages)


def scaled_error(error: float) -> float:
    """Return the same for the transform times a constant that is rounded once, or once for each entry."""
    return ((1 + error) * (1 + 3 * UNIT) - 1) * (1 + 2.0**-20) + 4 * UNIT


def fft_error(size: int) -> float:
    """Return η: what is assumed of a library's unitary transform of so many complex numbers, with its scaling."""
    return FFT_UNITS * UNIT * (size.bit_length() - 1 + 1)


def fourier_haar_error(bits: int, dimension: int) -> float:
    """Return the relative error of a Fourier transform after a Haar transform, or before it, if `fft_error` is right.

    One of 2^bits points in each of so many dimensions. A Haar stage adds 2^dimension numbers, and multiplies once by a
    constant that is rounded once.
    """
    terms = 2**dimension
    haar = _compound((gamma(terms + 2) * terms / 2 ** (dimension / 2)) * UPWARD, bits)
    return ((1 + haar) * (1 + fft_error(2 ** (bits * dimension))) - 1) * (1 + 2.0**-20) + 4 * UNIT


def _compound(error: float, times: int) -> float:
    """Return at least (1 + error)^times - 1, for a product that is small."""
    total = error * times
    return total * (1 + total) * (1 + 2.0**-20)

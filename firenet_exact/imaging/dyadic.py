"""Samples and points as integers over a power of two, with a bound of what rounding them changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from exact_base.errors import DataError, UsageError
from exact_base.rationals import exact_number, power_of_two, round_up, upper_root
from firenet_exact.imaging.given import Noise
from firenet_exact.imaging.property import Integers, WalshInverse

__all__ = ["BITS", "MOST_BITS", "noise_with_rounding", "rounded_point", "sampled"]

BITS = 24
"""So many binary digits behind the point are kept of data and points."""
MOST_BITS = 40
_ZERO, _ONE = fmpq(0), fmpq(1)


def sampled(inverse: WalshInverse, samples: Any, *, bits: int = BITS) -> tuple[Integers, list[fmpq]]:
    """Return √N_b times samples, over 2^bits, subband after subband, and by how much any of those of a subband is off.

    Args:
        inverse: the left inverses, for their mask.
        samples: of the unitary Walsh transform, without the factors of the rows: real, shape (n, ..., n), of which only
            those in the mask matter, or in the order of `array[mask]`, shape (m,).
        bits: so many binary digits behind the point are kept.

    Raises:
        UsageError: if the shape is another one, or the number of bits is not 0 to 40.
        DataError: if a sample is not a finite real number, or too large.
    """
    if not 0 <= bits <= MOST_BITS:
        raise UsageError(f"data and point are rounded to 0 to {MOST_BITS} bits behind the point, not {bits}")
    given, mask, subbands = np.asarray(samples), inverse.mask, inverse.subbands
    if given.shape not in (mask.shape, (int(mask.sum()),)):
        raise UsageError(f"samples of shape {mask.shape}, or {int(mask.sum())} of them, are needed, not {given.shape}")
    whole = np.zeros(mask.shape)
    whole[mask] = _real(given[mask] if given.shape == mask.shape else given, "the samples")
    found, errors = [], []
    for band in range(subbands.count):
        values = subbands.rows(whole, band)[subbands.rows(mask, band)]
        size = subbands.scale(band) * subbands.dimension
        scaled = np.ldexp(values, bits + size // 2)
        slack = _ZERO
        if size % 2:  # √2 and its product are off by 2^-52, of what they are, at most
            scaled = scaled * np.sqrt(2.0)
            slack = exact_number(float(np.abs(scaled).max(initial=0.0))) * power_of_two(-51)
        nearest = _rounded(scaled, "the samples")
        exact = not size % 2 and bool((nearest == scaled).all())
        errors.append(_ZERO if exact else (fmpq(1, 2) + slack) * power_of_two(-bits))
        found.append(nearest)
    return np.concatenate(found), errors


def _real(values: Any, name: str) -> NDArray[np.float64]:
    array = np.asarray(values)
    if array.dtype.kind not in "fiu" or array.dtype.itemsize > 8:
        raise DataError(f"{name} must be real numbers of at most 64 bits, not {array.dtype}; convert them first")
    real: NDArray[np.float64] = array.astype(np.float64)
    if array.dtype.kind in "iu" and not (real.astype(array.dtype) == array).all():
        raise DataError(f"{name} must be integers that are float64 numbers")
    if not np.isfinite(real).all():
        raise DataError(f"{name} must be finite numbers")
    return real


def _rounded(values: NDArray[np.float64], name: str) -> Integers:
    nearest = np.rint(values)
    if float(np.abs(nearest).max(initial=0.0)) >= 2.0**62:
        raise DataError(f"{name} are too large for so many bits behind the point; keep fewer")
    return nearest.astype(np.int64)


def rounded_point(inverse: WalshInverse, point: Any, *, bits: int) -> Integers:
    """Return a point, real and of shape (N,), over 2^bits.

    Raises:
        UsageError: if the shape is another one.
        DataError: if an entry is not a finite real number, or too large.
    """
    real = _real(point, "the point")
    if real.shape != (inverse.subbands.columns,):
        raise UsageError(f"a point of {inverse.subbands.columns} coefficients is needed, not of shape {real.shape}")
    return _rounded(np.ldexp(real, bits), "the point")


def noise_with_rounding(inverse: WalshInverse, ends: tuple[int, ...], noise: Noise, errors: list[fmpq]) -> Noise:
    """Return bounds of the noise for data of which each sample of a subband is off by so much."""
    if not any(errors):
        return noise
    bounds, starts = inverse.bounds, (0, *ends[:-1])
    more: list[fmpq] = []
    for number, (a, b) in enumerate(zip(starts, ends, strict=True)):
        if noise.form(number) == "norm":
            rows = [int(inverse.subbands.rows(inverse.mask, band).sum()) for band in range(a, b)]
            parts = [
                inverse.scales[band] / bounds[band].size * m * errors[band] * errors[band]
                for band, m in zip(range(a, b), rows, strict=True)
            ]
            more.append(sum(parts, _ZERO))
        else:
            more.append(max(errors[band] * _gain(inverse, band) for band in range(a, b)))
    if noise.levels is None:
        return replace(noise, total=round_up((noise.total or _ZERO) + upper_root(sum(more, _ZERO))))
    added = [upper_root(x) if noise.form(number) == "norm" else x for number, x in enumerate(more)]
    return replace(
        noise, levels=tuple(round_up(e + x) if x > 0 else e for e, x in zip(noise.levels, added, strict=True))
    )


def _gain(inverse: WalshInverse, band: int) -> fmpq:
    """Σ|e_a|/c: what |q_i| is at most where every R_a is 1."""
    whole, bounds = inverse.weights[band], inverse.bounds[band]
    return _ONE if whole is None else fmpq(int(np.abs(whole).sum()), bounds.sum + bounds.peak)

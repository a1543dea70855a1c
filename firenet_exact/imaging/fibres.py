"""Whether Fourier samples determine the coarse part of an image (docs/imaging.md)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from exact_base.errors import UsageError

__all__ = ["coarse_fibres"]


def coarse_fibres(mask: NDArray[np.bool_], *, levels: int) -> NDArray[np.float64]:
    """Return den_c for each frequency c of the images that are constant on cubes, which are levels 1 to `levels`.

    The samples a ≡ c modulo J = 2^levels see the coarse image with the frequency c only, with the weights φ_c(a); den_c
    is the sum of |φ_c|² over those that the mask has. It is at most 1, and exactly 0 if and only if c is not seen. If
    all |a_i| <= J/2 are sampled, den_c >= (4/π²)^d.

    Args:
        mask: bool, shape (n, ..., n), in the order of numpy.fft.
        levels: j_0, 1 to log2(n).

    Returns:
        An array of shape (J, ..., J), rounded as sums of float64 numbers are.

    Raises:
        UsageError: if there are not so many levels.

    >>> import numpy as np
    >>> mask = np.array([1, 1, 1, 0, 0, 0, 1, 1], dtype=bool)
    >>> coarse_fibres(mask, levels=2).round(3).tolist()
    [1.0, 0.854, 1.0, 0.854]
    """
    n = mask.shape[0]
    bits = n.bit_length() - 1
    if not 1 <= levels <= bits:
        raise UsageError(f"the coarse levels of {n} points per axis are 1 to {bits}, not {levels}")
    side = 1 << levels
    total = mask.astype(np.float64)
    weights = _axis_weights(n, side)
    for axis in range(mask.ndim):
        shape = [1] * mask.ndim
        shape[axis] = n
        total = total * weights.reshape(shape)
        total = total.reshape(*total.shape[:axis], n // side, side, *total.shape[axis + 1 :]).sum(axis=axis)
    return total


def _axis_weights(n: int, side: int) -> NDArray[np.float64]:
    """|φ(a)|² = sin²(πa/J)/(Q² sin²(πa/n)), Q = n/J; exactly 0 for a ≡ 0 modulo J, a ≠ 0."""
    a = np.arange(1, n)
    weights = np.ones(n)
    weights[1:] = (np.sin(np.pi * (a % side) / side) / (n // side * np.sin(np.pi * a / n))) ** 2
    return weights

"""Whether Fourier samples determine the coarse part of an image (docs/imaging.md)."""

from __future__ import annotations

import numpy as np
from flint import arb, ctx, fmpq
from numpy.typing import NDArray

from exact_base.errors import UsageError
from exact_base.rationals import power_of_two

__all__ = ["coarse_fibres", "smallest_fibre"]

_BITS = 80


def coarse_fibres(mask: NDArray[np.bool_], *, levels: int) -> NDArray[np.float64]:
    """Return den_c for each frequency c of the images that are constant on cubes, which are levels 1 to `levels`.

    The samples a ≡ c modulo J = 2^levels see the coarse image with the frequency c only, with the weights φ_c(a); den_c
    is the sum of |φ_c|² over those that the mask has. It is at most 1, and exactly 0 if and only if c is not seen. If
    all |a_i| <= J/2 are sampled, den_c >= (4/π²)^d.

    Args:
        mask: bool, shape (n, ..., n), in the order of numpy.fft.
        levels: j_0, 1 to log2(n).

    Returns:
        An array of shape (J, ..., J), in float64; see `smallest_fibre` for its error.

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


def smallest_fibre(mask: NDArray[np.bool_], *, levels: int) -> tuple[fmpq, fmpq]:
    """Return numbers between which the smallest den_c lies; both are 0 if and only if some c is not seen.

    Along each axis there are a weight with the relative error 2^-52, a product, and Q = n/J terms >= 0 that are added
    up, in whatever order, so that the relative error of den_c is less than d(Q + 2)·2^-52.

    Raises:
        UsageError: as `coarse_fibres`.

    >>> import numpy as np
    >>> low, high = smallest_fibre(np.array([1, 1, 1, 0, 0, 0, 1, 1], dtype=bool), levels=2)
    >>> fmpq(853, 1000) < low <= high < fmpq(854, 1000)
    True
    """
    ratio = float(coarse_fibres(mask, levels=levels).min()).as_integer_ratio()
    error = mask.ndim * ((mask.shape[0] >> levels) + 2) * power_of_two(-51)
    return fmpq(*ratio) * (1 - error), fmpq(*ratio) * (1 + error)


def _axis_weights(n: int, side: int) -> NDArray[np.float64]:
    """|φ(a)|² = sin²(πa/J)/(Q² sin²(πa/n)), Q = n/J, to a part in 2^52; exactly 0 for a ≡ 0 modulo J, a ≠ 0."""
    old, ctx.prec = ctx.prec, _BITS
    try:
        sines2 = [arb.sin_pi_fmpq(fmpq(k, n)) ** 2 for k in range(n // 2 + 1)]
        scale = (n // side) ** 2
        half = [1.0]
        for a in range(1, n // 2 + 1):
            rest = a % side
            coarse = min(rest, side - rest) * (n // side)
            half.append(float(sines2[coarse] / (scale * sines2[a])) if rest else 0.0)
    finally:
        ctx.prec = old
    return np.array(half + half[-2:0:-1])

"""Isotropic Haar wavelets of arrays of 2^r points per axis: a vector of coefficients, and back.

The vector has the scaling coefficient first. For each scale j = 0, ..., r - 1 follow the orientations o in
lexicographic order, (0, ..., 0) left out, and for each of them the 2^(j d) positions in row-major order. The atom of
(j, o, p) is 2^(-d(r-j)/2) times a pattern of signs on the cube with side 2^(r-j) at position p, which changes its sign
in the middle of each axis i with o_i = 1, and begins with +.

So the first 2^(d(j+1)) entries are the image at resolution 2^(j+1), in which the 2^d points of each cube have been
replaced by their sums with signs: a step works on these entries alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exact_base.errors import DataError

__all__ = ["analysis", "side_bits", "synthesis"]

Array = NDArray[Any]

_SLAB = 1 << 16  # points that are worked on at a time, and stay in the cache
_TYPES = (np.dtype(np.float64), np.dtype(np.complex128), np.dtype(np.int64), np.dtype(object))


def analysis(image: Array, *, scaled: bool = True) -> Array:
    """Return the Haar coefficients of an image.

    Args:
        image: shape (n, ..., n), n a power of two, d = 1, 2 or 3 axes.
        scaled: False leaves out the factors 2^(-d(r-j)/2), which keeps integers exact: the coefficients are the sums of
            the image with signs. Integers of any size are an array of Python integers, of type object.

    Returns:
        A vector of length n^d.

    Raises:
        DataError: if the shape or type is another one, or integers could leave int64.

    >>> import numpy as np
    >>> analysis(np.array([1, 2, 3, 5]), scaled=False).tolist()
    [11, -5, -1, -2]
    """
    dimension, bits = _checked(image, scaled)
    _check_sum(image)
    coefficients = np.empty(image.size, dtype=image.dtype)
    scratch = _scratch(image.size, bits, dimension, image.dtype)
    factor = 2.0 ** (-dimension / 2) if scaled else None
    current = image
    for scale in reversed(range(bits)):
        target = coefficients[: 1 << dimension * (scale + 1)].reshape(-1, *(1 << scale,) * dimension)
        _sums(current, target, factor, scratch)
        current = target[0].copy()  # which the next step overwrites
    coefficients[0] = current.reshape(-1)[0] if bits else image.reshape(-1)[0]
    return coefficients


def synthesis(coefficients: Array, *, dimension: int, scaled: bool = True, out: Array | None = None) -> Array:
    """Return the image that has these Haar coefficients; without factors, the adjoint of `analysis` without factors.

    Args:
        coefficients: a vector of length n^d.
        dimension: d.
        scaled: False adds up the patterns of signs, without the factors 2^(-d(r-j)/2).
        out: where to write the image, shape (n, ..., n), of the type of the coefficients.

    Raises:
        DataError: if the length or type is another one, or integers could leave int64.

    >>> import numpy as np
    >>> synthesis(np.array([11, -5, -1, -2]), dimension=1, scaled=False).tolist()
    [5, 7, 14, 18]
    """
    bits = side_bits(coefficients, dimension)
    _check_type(coefficients, scaled)
    _check_sum(coefficients)
    image = np.empty((1 << bits,) * dimension, dtype=coefficients.dtype) if out is None else out
    factor = 2.0 ** (-dimension / 2) if scaled else None
    scratch = _scratch(coefficients.size, bits, dimension, image.dtype)
    current = coefficients[:1].reshape((1,) * dimension)
    for scale in range(bits):
        details = coefficients[1 << dimension * scale : 1 << dimension * (scale + 1)]
        finer = image if scale == bits - 1 else np.empty((2 << scale,) * dimension, dtype=image.dtype)
        _points(current, details.reshape(-1, *current.shape), finer, factor, scratch)
        current = finer
    if not bits:
        image[...] = current
    return image


def side_bits(coefficients: Array, dimension: int) -> int:
    """Return r for a vector of length 2^(r d).

    Raises:
        DataError: if there is no r.
    """
    total = coefficients.size.bit_length() - 1
    if dimension not in (1, 2, 3) or coefficients.shape != (1 << max(total, 0),) or total % dimension:
        raise DataError(
            f"coefficients of images in {dimension} dimensions are a vector of length 2^(r·{dimension}), "
            f"not an array of shape {coefficients.shape}"
        )
    return total // dimension


def _checked(image: Array, scaled: bool) -> tuple[int, int]:
    side = image.shape[0] if image.ndim else 0
    if image.ndim not in (1, 2, 3) or side < 1 or side & (side - 1) or set(image.shape) != {side}:
        raise DataError(f"an image has 1 to 3 axes of the same length 2^r, not the shape {image.shape}")
    _check_type(image, scaled)
    return image.ndim, side.bit_length() - 1


def _check_type(array: Array, scaled: bool) -> None:
    if array.dtype not in (_TYPES[:2] if scaled else _TYPES):
        raise DataError(
            f"Haar coefficients are of float64 or complex128 numbers, without factors also of int64, not {array.dtype}"
        )


def _check_sum(array: Array) -> None:
    """Refuse int64 numbers whose sums could be 2^63 or more."""
    if array.dtype == np.int64 and array.size:
        largest = max(abs(int(array.max())), abs(int(array.min())))
        if largest << (array.size.bit_length() - 1) >= 1 << 63:
            raise DataError("the integers could add up to 2^63; make them Python integers with .astype(object)")


def _sums(image: Array, target: Array, factor: float | None, scratch: Array) -> None:
    """Write the sums with signs of each cube of 2^d points, target having shape (2^d, h, ..., h)."""
    half, dimension = target.shape[1], image.ndim
    for slab, wide in _slabs(half, dimension):
        parts, spare = image[wide][np.newaxis], 0
        whole = target[:, slab]
        for axis in range(dimension):
            even, odd = _halves(parts, axis + 1)
            if axis < dimension - 1:
                sums = scratch[spare, : 2 * even.size].reshape(len(even), 2, *even.shape[1:])
            else:
                sums = whole.reshape(len(even), 2, *even.shape[1:])
            np.add(even, odd, out=sums[:, 0])
            np.subtract(even, odd, out=sums[:, 1])
            parts, spare = sums.reshape(-1, *even.shape[1:]) if axis < dimension - 1 else parts, 1 - spare
        if factor is not None:
            whole *= factor


def _points(coarse: Array, details: Array, target: Array, factor: float | None, scratch: Array) -> None:
    """Write the 2^d points of each cube, from the sums with signs; details has shape (2^d - 1, h, ..., h)."""
    half, dimension = coarse.shape[0], target.ndim
    for slab, wide in _slabs(half, dimension):
        shape = (1 << dimension, *coarse[slab].shape)
        parts, other = (one[: math.prod(shape)].reshape(shape) for one in scratch)
        if factor is None:
            parts[0], parts[1:] = coarse[slab], details[:, slab]
        else:
            np.multiply(coarse[slab], factor, out=parts[0])
            np.multiply(details[:, slab], factor, out=parts[1:])
        for _ in range(dimension - 1):  # the last bit of the index becomes a point, and moves to the front
            np.add(parts[::2], parts[1::2], out=other[: len(other) // 2])
            np.subtract(parts[::2], parts[1::2], out=other[len(other) // 2 :])
            parts, other = other, parts
        upper, lower = _halves(target[wide], 0)
        for index, (x, y) in enumerate(zip(parts[::2], parts[1::2], strict=True)):
            point = (slice(None), *(slice((index >> axis) & 1, None, 2) for axis in reversed(range(dimension - 1))))
            np.add(x, y, out=upper[point])
            np.subtract(x, y, out=lower[point])


def _scratch(size: int, bits: int, dimension: int, kind: Any) -> Array:
    """Return memory for two slabs: new memory for each costs more than the sums."""
    rows = 1 << max(bits - 1, 0) * (dimension - 1) + dimension  # points of a coarse row
    return np.empty((2, min(size, max(rows, _SLAB))), dtype=kind)


def _slabs(half: int, dimension: int) -> Iterator[tuple[slice, slice]]:
    """Yield slices of the first axis of the coarse and of the fine array that belong together."""
    step = max(1, _SLAB // (half ** (dimension - 1) << dimension))
    for start in range(0, half, step):
        yield slice(start, start + step), slice(2 * start, 2 * (start + step))


def _halves(array: Array, axis: int) -> tuple[Array, Array]:
    """Return the even and the odd entries along an axis."""
    before = (slice(None),) * axis
    return array[(*before, slice(0, None, 2))], array[(*before, slice(1, None, 2))]

"""The Walsh-Hadamard transform of real, complex and integer arrays.

The passes of the fast transform are products with the Hadamard matrix of order 16, which libraries of linear algebra do
several times faster than numpy does the sums and differences one after another; an array that does not fit into the
cache is worked on in blocks that do.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exact_base.errors import DataError

__all__ = ["STAGE_BITS", "hadamard", "sequency_order", "transform"]

Array = NDArray[Any]

_TYPES = tuple(map(np.dtype, (np.float64, np.float32, np.complex128, np.int64, object)))
_RADIX = 4
STAGE_BITS = _RADIX
"""Bits of the index that one product of floats does, at most: what the rounding errors depend on."""
_BLOCK = 1 << 16  # float64 numbers that stay in the cache
_EXACT = 1 << 53  # below this every sum of integers is a float64 number


def hadamard(values: Any, *, copy: bool = True) -> Array:
    """Return the sums Σ_p (-1)^popcount(a & p) x_p for all a, along the last axis: natural order, not scaled.

    Integers are transformed exactly.

    Args:
        values: x, shape (..., n), n a power of two; float64, float32, complex128, int64, or Python integers of any
            size, of type object.
        copy: False lets a contiguous array be overwritten; the answer is in it.

    Returns:
        An array of the same shape and type.

    Raises:
        DataError: if n is no power of two, the type is another one, or a sum of integers could reach 2^63.

    >>> import numpy as np
    >>> hadamard(np.array([1, 2, 3, 4])).tolist()
    [10, -2, -4, 0]
    """
    given = np.asarray(values)
    if given.dtype not in _TYPES:
        raise DataError(f"a Walsh transform is of float64, complex128, int64 or float32 numbers, not {given.dtype}")
    length = given.shape[-1] if given.ndim else 0
    if length < 1 or length & (length - 1):
        raise DataError(f"a Walsh transform is along an axis of 1, 2, 4, 8, ... entries, not of {length}")
    array = np.array(given, order="C", copy=True) if copy else np.ascontiguousarray(given)
    if array.size == 0 or length == 1:
        return array
    if array.dtype == object:
        _pairs(array.reshape(-1, length))
    elif array.dtype == np.int64:
        _integers(array.reshape(-1, length))
    else:
        real = np.dtype(np.float32 if array.dtype == np.float32 else np.float64)
        _floats(array.view(real).reshape(-1, length, array.itemsize // real.itemsize))
    return array


def transform(values: Any, *, scaled: bool = True) -> Array:
    """Return the Walsh transform of an array over all its axes, in the order of sequency along each.

    Row k of the transform along an axis has k changes of sign. The unitary transform is its own inverse.

    Args:
        values: shape (n, ..., n) or any shape whose sides are powers of two; float64, complex128, and without factor
            int64 or Python integers, of type object.
        scaled: False leaves out the factor N^(-1/2), N the number of entries.

    Raises:
        DataError: as for `hadamard`, or if integers are to be scaled.

    >>> import numpy as np
    >>> transform(np.array([1, 2, 3, 4]), scaled=False).tolist()
    [10, -4, 0, -2]
    """
    given = np.asarray(values)
    sides = given.shape
    if not sides or any(side < 1 or side & (side - 1) for side in sides):
        raise DataError(f"a Walsh transform is of arrays whose sides are 1, 2, 4, 8, ..., not of shape {sides}")
    if scaled and given.dtype.kind not in "fc":
        raise DataError("the unitary Walsh transform is of float64 or complex128 numbers; integers need scaled=False")
    found = hadamard(given.reshape(-1)).reshape(sides)  # the signs of an index are the products of those of its axes
    for axis, side in enumerate(sides):
        found = np.take(found, sequency_order(side.bit_length() - 1), axis=axis)
    if scaled:
        found *= given.size**-0.5
    return found


def sequency_order(bits: int) -> NDArray[np.int64]:
    """Return where natural order has the row of sequency k, for k = 0, ..., 2^bits - 1: the Gray code, reversed."""
    sequency = np.arange(1 << bits, dtype=np.int64)
    gray = sequency ^ (sequency >> 1)
    natural = np.zeros_like(gray)
    for bit in range(bits):
        natural |= ((gray >> bit) & 1) << (bits - 1 - bit)
    return natural


def _integers(rows: NDArray[np.int64]) -> None:
    """Transform rows of integers in place.

    No partial sum is larger than the sum of the moduli. Below 2^53 all of them are float64 numbers, in whatever order
    a product adds them up.
    """
    moduli = np.abs(rows).view(np.uint64)  # |-2^63| is right as an unsigned number
    upper = (moduli >> np.uint64(32)).sum(axis=1).tolist()
    lower = (moduli & np.uint64((1 << 32) - 1)).sum(axis=1).tolist()
    largest = max((high << 32) + low for high, low in zip(upper, lower, strict=True))
    if largest >= 1 << 63:
        raise DataError("the moduli of the integers of a Walsh transform must add up to less than 2^63")
    if largest < _EXACT:
        exact = rows.astype(np.float64)
        _floats(exact[:, :, np.newaxis])
        rows[...] = exact
        return
    _pairs(rows)


def _pairs(rows: Array) -> None:
    """Transform rows of integers in place, by sums and differences."""
    count, length = rows.shape
    half = 1
    while half < length:
        pairs = rows.reshape(count, -1, 2, half)
        total = pairs[:, :, 0] + pairs[:, :, 1]
        np.subtract(pairs[:, :, 0], pairs[:, :, 1], out=pairs[:, :, 1])
        pairs[:, :, 0] = total
        half *= 2


def _floats(array: Array) -> None:
    """Transform a contiguous array of shape (count, length, parts) along its middle axis, in place."""
    count, length, parts = array.shape
    rows = array.reshape(count, length * parts)
    while rows.shape[1] > _BLOCK:
        slabs = rows.reshape(len(rows), 1 << _RADIX, -1)
        width = _BLOCK >> _RADIX
        for slab in slabs:
            for start in range(0, slab.shape[1], width):
                part = slab[:, start : start + width]
                part[...] = _matrix(_RADIX, 1, array.dtype.char) @ part
        rows = slabs.reshape(len(rows) << _RADIX, -1)
    step = max(1, _BLOCK // rows.shape[1])
    shape = (min(step, len(rows)), rows.shape[1])
    scratch = (np.empty(shape, array.dtype), np.empty(shape, array.dtype))
    for start in range(0, len(rows), step):
        _block(rows[start : start + step], scratch, parts)


def _block(rows: Array, scratch: tuple[Array, Array], parts: int) -> None:
    """Transform each of these contiguous rows in place."""
    count, width = rows.shape
    bits = (width // parts).bit_length() - 1
    radices = [_RADIX] * (bits // _RADIX)
    if bits % _RADIX:
        radices.insert(0, bits % _RADIX)
    source = rows
    before, after = count, width
    for index, radix in enumerate(radices):
        after >>= radix
        target = rows if index == len(radices) - 1 and index else scratch[index % 2][:count]
        if after > parts:
            shape: tuple[int, ...] = (before, 1 << radix, after)
            np.matmul(_matrix(radix, 1, rows.dtype.char), source.reshape(shape), out=target.reshape(shape))
        else:  # an axis behind that is so short goes into the matrix
            shape = (before, parts << radix)
            np.matmul(source.reshape(shape), _matrix(radix, parts, rows.dtype.char), out=target.reshape(shape))
        source, before = target, before << radix
    if source is not rows:
        rows[...] = source


@cache
def _matrix(bits: int, parts: int, kind: str) -> Array:
    """The Hadamard matrix of order 2^bits, for entries that consist of so many numbers."""
    signs = [[1 - 2 * (int.bit_count(a & p) & 1) for p in range(1 << bits)] for a in range(1 << bits)]
    return np.kron(signs, np.eye(parts)).astype(kind)

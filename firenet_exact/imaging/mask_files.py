"""Masks as arrays of truth values, read from arrays and files, and written (docs/imaging.md)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from exact_base.errors import DataError

__all__ = ["as_mask"]


def as_mask(mask: Any, *, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return a copy of a mask as truth values.

    Args:
        mask: truth values, or zeros and ones of any type.
        shape: the shape that it must have.

    Raises:
        DataError: if it has another shape or entry, or no sample.

    >>> as_mask([[0, 1], [1, 1]], shape=(2, 2)).sum()
    np.int64(3)
    """
    array = np.asarray(mask)
    if array.shape != shape:
        raise DataError(f"a mask of shape {shape} is needed, not {array.shape}")
    if array.dtype != np.bool_:
        if array.dtype.kind not in "iuf":
            raise DataError(f"a mask has truth values, or zeros and ones, not entries of type {array.dtype}")
        wrong = np.argwhere((array != 0) & (array != 1))
        if len(wrong):
            place = tuple(map(int, wrong[0]))
            raise DataError(f"a mask has zeros and ones, but entry {place} is {array[place]}")
    found = np.array(array, dtype=np.bool_, order="C")
    if not found.any():
        raise DataError("the mask takes no sample")
    return found

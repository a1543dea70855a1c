"""Masks as arrays of truth values, read from arrays and files, and written (docs/imaging.md)."""

from __future__ import annotations

import io
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exact_base.errors import DataError
from firenet_exact.imaging.pictures import png
from proofs_checks.certificate.reading import MalformedCertificate

__all__ = ["as_mask", "mask_bytes", "mask_digits", "mask_of_digits", "mask_picture"]

_STRIPE = 32  # rows of the picture of a mask with one axis


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


def mask_digits(mask: NDArray[np.bool_]) -> str:
    """Return a mask as hexadecimal digits (docs/format.md).

    >>> mask_digits(np.array([True, False, False, True]))
    '90'
    """
    return np.packbits(mask.reshape(-1)).tobytes().hex()


def mask_of_digits(digits: object, path: str, *, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return the mask of this shape that `mask_digits` wrote; `path` is for errors.

    Raises:
        MalformedCertificate: if there is none.
    """
    count = math.prod(shape)
    wanted = 2 * -(-count // 8)
    try:
        packed = np.frombuffer(bytes.fromhex(digits if isinstance(digits, str) else ""), dtype=np.uint8)
    except ValueError:
        raise MalformedCertificate(f"{path} must be {wanted} hexadecimal digits") from None
    if 2 * packed.size != wanted:
        raise MalformedCertificate(f"{path} must be {wanted} hexadecimal digits")
    return np.unpackbits(packed, count=count).astype(bool).reshape(shape)


def mask_bytes(mask: NDArray[np.bool_]) -> bytes:
    """Return a mask as the file that numpy.save writes, whose SHA-256 certificates of Walsh masks name.

    >>> import io
    >>> import numpy as np
    >>> np.load(io.BytesIO(mask_bytes(np.array([True, False])))).tolist()
    [True, False]
    """
    content = io.BytesIO()
    np.lib.format.write_array(content, np.ascontiguousarray(mask), version=(1, 0), allow_pickle=False)
    return content.getvalue()


def mask_picture(mask: NDArray[np.bool_], *, centred: bool) -> bytes:
    """Return a picture, PNG, one pixel a sample; white ones are taken.

    With one axis it is a stripe; with three, the brightness says how many samples are taken along the third axis.

    Args:
        mask: shape (n, ..., n), 1 to 3 axes.
        centred: whether to move the frequency 0 to the middle.

    Raises:
        MissingExtraError: if Pillow is not installed.
    """
    shown = np.fft.fftshift(mask) if centred else mask
    if mask.ndim == 1:
        shown = np.broadcast_to(shown, (_STRIPE, len(shown)))
    return png(255 * (shown.mean(axis=2) if mask.ndim == 3 else shown))

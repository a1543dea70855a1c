"""The unitary discrete Fourier transform, in the order of numpy.fft, in float64."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from exact_base.errors import MissingExtraError

__all__ = ["in_place", "inverse", "padded", "transform"]

Array = NDArray[np.complex128]

_PAD = 8  # numbers between two rows: without them all entries of a column share few places of the cache


def transform(values: Any, *, overwrite: bool = False) -> Array:
    """Return the unitary transform of an array over all its axes.

    Args:
        values: float64 or complex128, any shape.
        overwrite: True lets a complex array be overwritten; the answer is in it.

    Raises:
        MissingExtraError: if scipy is not installed.

    >>> import numpy as np
    >>> transform(np.array([1.0, 0.0, 0.0, 0.0])).real.tolist()
    [0.5, 0.5, 0.5, 0.5]
    """
    found: Array = _fft().fftn(values, norm="ortho", overwrite_x=overwrite)
    return found


def inverse(values: Any, *, overwrite: bool = False) -> Array:
    """Return the inverse, which is the adjoint; see `transform`."""
    found: Array = _fft().ifftn(values, norm="ortho", overwrite_x=overwrite)
    return found


def in_place(values: Array, *, inverted: bool = False) -> None:
    """Replace a complex array, which may be a `padded` one, by its transform or by the inverse one."""
    found = (inverse if inverted else transform)(values, overwrite=True)
    if not np.may_share_memory(found, values):  # scipy may overwrite, but does not promise it
        values[...] = found


def padded(shape: tuple[int, ...]) -> Array:
    """Return an array that is transformed in half the time: it is a view of one whose rows are a little longer."""
    if len(shape) == 1:
        return np.empty(shape, dtype=np.complex128)
    whole = np.empty((*shape[:-1], shape[-1] + _PAD), dtype=np.complex128)
    return whole[..., : shape[-1]]


def _fft() -> Any:
    try:
        import scipy.fft
    except ImportError:
        raise MissingExtraError("Fourier samples need scipy: pip install 'sci-barriers[images]'") from None
    return scipy.fft

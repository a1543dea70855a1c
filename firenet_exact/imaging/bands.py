"""The bands of Theorem 4: which samples a multilevel random pattern draws from together (docs/imaging.md)."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from exact_base.errors import UsageError
from exact_base.reprs import short_repr
from firenet_exact.imaging.subbands import Subbands

__all__ = ["Bands", "Transform", "check_transform"]

Transform: TypeAlias = Literal["walsh", "fourier"]


def check_transform(transform: str) -> None:
    """Refuse what is no transform.

    Raises:
        UsageError: with what there is.
    """
    if transform not in ("walsh", "fourier"):
        raise UsageError(f"the transform must be walsh or fourier, not {transform!r:.40}")


@short_repr()
@dataclass(frozen=True, kw_only=True)
class Bands:
    """The boxes B_k = B_{k_1} x ... x B_{k_d} of samples, k in {1, ..., bits}^d, in lexicographic order.

    Along an axis B_1 = {0, 1}, and the band k >= 2 has 2^(k-1) elements: of sequencies 2^(k-1), ..., 2^k - 1, and of
    frequencies -2^(k-1)+1, ..., -2^(k-2) and 2^(k-2)+1, ..., 2^(k-1). The frequency -n/2 is read as n/2.

    Attributes:
        transform: walsh or fourier.
        dimension: d.
        bits: n = 2^bits.

    Raises:
        UsageError: if the transform is another one, or the size is none that `Subbands` takes.

    >>> bands = Bands(transform="fourier", dimension=1, bits=3)
    >>> [bands.axis_band.tolist().count(k) for k in (1, 2, 3)], bands.axis_band.tolist()
    ([2, 2, 4], [1, 1, 2, 3, 3, 3, 3, 2])
    """

    transform: Transform
    dimension: int
    bits: int

    def __post_init__(self) -> None:
        check_transform(self.transform)
        Subbands(dimension=self.dimension, bits=self.bits)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the samples."""
        return (1 << self.bits,) * self.dimension

    @cached_property
    def boxes(self) -> tuple[tuple[int, ...], ...]:
        """The indices k."""
        return tuple(itertools.product(range(1, self.bits + 1), repeat=self.dimension))

    @property
    def count(self) -> int:
        """The number of boxes."""
        return len(self.boxes)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """The number |B_k| of samples of each box."""
        return tuple(math.prod(1 << max(k - 1, 1) for k in box) for box in self.boxes)

    @cached_property
    def axis_band(self) -> NDArray[np.int64]:
        """The band of each of the n samples along an axis, in sequency order or that of numpy.fft."""
        n = 1 << self.bits
        value = np.arange(n, dtype=np.int64)
        if self.transform == "fourier":  # 1, ..., n/2 are positive; f and 1 - f are in one band
            value = np.where(value > n // 2, n - value, np.maximum(value - 1, 0))
            return 1 + _lengths(value)
        return np.maximum(_lengths(value), 1)

    @cached_property
    def index(self) -> NDArray[np.int64]:
        """The number of the box of each sample, shape (n, ..., n)."""
        total = np.zeros((1,) * self.dimension, dtype=np.int64)
        for axis in range(self.dimension):
            shape = [1] * self.dimension
            shape[axis] = -1
            total = total * self.bits + (self.axis_band - 1).reshape(shape)
        return total

    def box(self, number: int) -> tuple[NDArray[np.int64], ...]:
        """Return the indices along each axis of the samples of a box; numpy.ix_ makes them those of an array."""
        return tuple(np.flatnonzero(self.axis_band == k) for k in self.boxes[number])

    def label(self, number: int) -> str:
        """Return how a box is called in a table."""
        return f"bands {self.boxes[number]}"


def _lengths(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the number of bits of integers >= 0 below 2^53."""
    return np.frexp(values.astype(np.float64))[1].astype(np.int64)

"""Subbands of isotropic Haar wavelets, and the block of Walsh samples that sees each of them (docs/imaging.md)."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exact_base.errors import UsageError
from exact_base.reprs import short_repr
from firenet_exact.transforms.walsh import sequency_order

__all__ = ["Subbands"]

Array = NDArray[Any]

_MOST_BITS = 28  # of the number of samples


@short_repr()
@dataclass(frozen=True, kw_only=True)
class Subbands:
    """The subbands of arrays of n = 2^bits points per axis.

    Subband 0 is the scaling coefficient. For each scale j = 0, ..., bits - 1 follow the orientations o, which are the
    tuples of zeros and ones except (0, ..., 0), in lexicographic order; each of these subbands has 2^(j dimension)
    coefficients, one a position. A vector of coefficients has the subbands one after another, and the positions of each
    of them in row-major order.

    Attributes:
        dimension: the number of axes, 1, 2 or 3.
        bits: n = 2^bits.

    Raises:
        UsageError: if the dimension is another one, bits < 1, or there are more than 2^28 coefficients.

    >>> bands = Subbands(dimension=2, bits=3)
    >>> bands.count, bands.sizes
    (10, (1, 1, 1, 1, 4, 4, 4, 16, 16, 16))
    >>> bands.label(8), bands.box(8)
    ('scale 2 (1, 0)', (slice(4, 8, None), slice(0, 4, None)))
    """

    dimension: int
    bits: int

    def __post_init__(self) -> None:
        if self.dimension not in (1, 2, 3):
            raise UsageError(f"the dimension must be 1, 2 or 3, not {self.dimension}")
        most = _MOST_BITS // self.dimension
        if not 1 <= self.bits <= most:
            raise UsageError(f"the bits of a side must be 1 to {most} in dimension {self.dimension}, not {self.bits}")

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape (n, ..., n) of an image and of its samples."""
        return (1 << self.bits,) * self.dimension

    @property
    def columns(self) -> int:
        """The number N of coefficients, which is that of samples."""
        return 1 << self.bits * self.dimension

    @property
    def count(self) -> int:
        """The number of subbands."""
        return 1 + self.bits * len(self._orientations)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """The number N_b of coefficients of each subband."""
        return tuple(1 << self.scale(band) * self.dimension for band in range(self.count))

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """The position of the first coefficient of each subband."""
        return (0, *itertools.accumulate(self.sizes[:-1]))

    @property
    def paper_ends(self) -> tuple[int, ...]:
        """The levels of the paper, l = 1, ..., bits: how many subbands stand before the end of each.

        Level 1 has the scaling coefficient and the subbands of scale 0.
        """
        return tuple(1 + level * len(self._orientations) for level in range(1, self.bits + 1))

    def scale(self, band: int) -> int:
        """Return the scale j of a subband, 0 for the scaling coefficient: it has 2^j positions per axis."""
        return max(0, band - 1) // len(self._orientations)

    def orientation(self, band: int) -> tuple[int, ...]:
        """Return the orientation o of a subband: 1 where the wavelet oscillates, (0, ..., 0) for the scaling one."""
        return self._orientations[(band - 1) % len(self._orientations)] if band else (0,) * self.dimension

    def label(self, band: int) -> str:
        """Return how a subband is called in a table."""
        return f"scale {self.scale(band)} {self.orientation(band)}" if band else "scaling coefficient"

    def box(self, band: int) -> tuple[slice, ...]:
        """Return the Walsh samples, in sequency order, that see this subband; they see no other one."""
        side = 1 << self.scale(band)
        return tuple(slice(side, 2 * side) if o else slice(0, side) for o in self.orientation(band))

    def order(self, band: int) -> NDArray[np.int64]:
        """Return the index a of each sample of the box, shape (N_b,), the samples in row-major order.

        Sample a sees the coefficient at position p with the weight (-1)^popcount(a & p)/√N_b, p flattened as a is.
        """
        total = np.zeros((1,) * self.dimension, dtype=np.int64)
        bits = self.scale(band)
        for axis, index in enumerate(self._axes(band)):
            shape = [1] * self.dimension
            shape[axis] = len(index)
            total = total + (index.reshape(shape) << bits * (self.dimension - 1 - axis))
        return total.reshape(-1)

    def rows(self, samples: Array, band: int) -> Array:
        """Return the samples of the box of a subband in the order of their index a, shape (N_b,), as a copy.

        Args:
            samples: shape (n, ..., n), of any type, such as a mask.
            band: the subband.

        Raises:
            UsageError: if the samples have another shape.
        """
        box = self._checked(samples)[self.box(band)]
        for axis, index in enumerate(self._axes(band)):
            box = np.take(box, _inverse(index), axis=axis)
        return box.reshape(-1)

    def put(self, values: Array, samples: Array, band: int) -> None:
        """Write values, shape (N_b,) in the order of their index a, into the box of a subband.

        Raises:
            UsageError: if an array has another shape.
        """
        box = self._checked(samples)[self.box(band)]
        if values.shape != (self.sizes[band],):
            raise UsageError(f"{self.label(band)} has {self.sizes[band]} samples, not an array of shape {values.shape}")
        moved = values.reshape(box.shape)
        for axis, index in enumerate(self._axes(band)):
            moved = np.take(moved, index, axis=axis)
        box[...] = moved

    def split(self, coefficients: Array) -> list[Array]:
        """Return the coefficients, shape (N,), of each subband as views.

        Raises:
            UsageError: if there are not N of them.
        """
        if coefficients.shape != (self.columns,):
            raise UsageError(f"{self.columns} coefficients are needed, not an array of shape {coefficients.shape}")
        return np.split(coefficients, self.starts[1:])

    def _checked(self, samples: Array) -> Array:
        if samples.shape != self.shape:
            raise UsageError(f"samples of shape {self.shape} are needed, not {samples.shape}")
        return samples

    @cached_property
    def _orientations(self) -> tuple[tuple[int, ...], ...]:
        return tuple(itertools.product((0, 1), repeat=self.dimension))[1:]

    def _axes(self, band: int) -> list[NDArray[np.int64]]:
        """The bits of a that each axis gives, for each of the 2^j samples of the box along this axis."""
        return [self._indices[self.scale(band), o] for o in self.orientation(band)]

    @cached_property
    def _indices(self) -> dict[tuple[int, int], NDArray[np.int64]]:
        return {(j, o): _bits_of(j, o) for j in range(self.bits) for o in (0, 1)}


def _bits_of(bits: int, orientation: int) -> NDArray[np.int64]:
    """Return the lowest bits of the Gray codes of 2^bits sequencies, reversed.

    Bit t of the Gray code goes with the t-th most significant bit of a position. The upper half of the 2^(bits+1)
    sequencies has an orientation of 1; the leading bit of its Gray codes comes last when they are reversed.
    """
    if not orientation:
        return sequency_order(bits)
    return sequency_order(bits + 1)[1 << bits :] >> 1


def _inverse(order: NDArray[np.int64]) -> NDArray[np.int64]:
    inverse = np.empty_like(order)
    inverse[order] = np.arange(len(order))
    return inverse

"""Operators A = D P V Ψ* of images without a matrix (docs/imaging.md)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from exact_base.errors import DataError, MissingExtraError, UsageError
from exact_base.rationals import exact_number, to_float
from exact_base.reprs import short_repr
from firenet_exact.imaging.bands import Bands, Transform, check_transform
from firenet_exact.imaging.mask_files import as_mask
from firenet_exact.imaging.subbands import Subbands
from firenet_exact.transforms import fourier, haar, walsh

__all__ = ["FloatOperator", "ImageOperator", "Operator", "as_linear_operator"]

Array = NDArray[Any]


class Operator(Protocol):
    """What an algorithm without a matrix needs."""

    @property
    def shape(self) -> tuple[int, int]:
        """(m, N)."""

    @property
    def exact(self) -> bool:
        """Whether the operator is known exactly; of a black box in floating point nothing is."""

    def forward(self, coefficients: Array) -> Array:
        """Return A x, shape (m,)."""

    def adjoint(self, samples: Array) -> Array:
        """Return A* y, shape (N,)."""


@short_repr()
@dataclass(frozen=True)
class FloatOperator:
    """A black box in floating point, such as an operator of another library: nothing about it is exact.

    Attributes:
        shape: (m, N).
        forward: x ↦ Ax, vectors.
        adjoint: y ↦ A*y.
    """

    shape: tuple[int, int]
    forward: Callable[[Array], Array] = field(repr=False)
    adjoint: Callable[[Array], Array] = field(repr=False)

    @property
    def exact(self) -> bool:
        """False."""
        return False


class ImageOperator:
    """A = D P V Ψ*: Haar coefficients ↦ the Walsh or Fourier samples that a mask has, each times a positive number.

    V and Ψ are unitary. The coefficients x are those of `Subbands`, subband after subband. The rows of A are, for
    Walsh, subband after subband, and in it by increasing index a (`Subbands.order`); for Fourier, the samples of the
    mask in row-major order. `positions` says where each row stands in the array of all samples.

    D multiplies the rows by the roots of `scales`: for Walsh one scale a subband, for Fourier one a box of `Bands`. In
    the order of the rows, A A* = D².

    Attributes:
        transform: walsh or fourier.
        subbands: the subbands of the coefficients.
        mask: bool, shape (n, ..., n), True where a sample is taken, in sequency order or that of numpy.fft.
        scales: d² of each subband, resp. box, exactly.
        counts: the number of samples in each subband, resp. box.
        scale_index: which scale each row has, shape (m,).
        positions: the row-major index in the array of samples of each row, shape (m,).
        places: where each row stands where the transform is computed, shape (m,): for Walsh in the coefficients, for
            Fourier in the memory of `fourier.padded`.

    >>> import numpy as np
    >>> operator = ImageOperator(transform="walsh", dimension=2, bits=1, mask=np.array([[1, 1], [0, 1]], dtype=bool))
    >>> operator.shape
    (3, 4)
    >>> operator.forward(np.array([4.0, 2.0, 3.0, 1.0])).tolist()
    [4.0, 2.0, 1.0]
    """

    exact: bool

    def __init__(
        self,
        *,
        transform: Transform,
        dimension: int,
        bits: int,
        mask: Any,
        scales: Sequence[object] | object | None = None,
        centred: bool = False,
    ) -> None:
        """Read a mask.

        Args:
            transform: walsh or fourier.
            dimension: d, 1 to 3.
            bits: n = 2^bits.
            mask: truth values, or zeros and ones, shape (n, ..., n).
            scales: d² > 0 of each subband, resp. box, or one number for all; if not given, the number of samples that
                there are divided by that of samples taken.
            centred: whether the frequency 0 of the mask is in the middle, as numpy.fft.fftshift moves it.

        Raises:
            UsageError: if the transform, the size or the number of scales is wrong, or a scale is not positive.
            DataError: if the mask is none of this shape, or has no sample.
        """
        check_transform(transform)
        if centred and transform == "walsh":
            raise UsageError("a mask of Walsh samples is in sequency order; only one of frequencies can be centred")
        self.transform = transform
        self.exact = transform == "walsh"
        self.subbands = Subbands(dimension=dimension, bits=bits)
        self.mask = as_mask(mask, shape=self.subbands.shape)
        if centred:
            self.mask = np.fft.ifftshift(self.mask)
        self.mask.flags.writeable = False
        if transform == "walsh":
            self._place_walsh()
        else:
            self._place_fourier()
        self.scales = self._read_scales(scales)
        roots = np.array([math.sqrt(to_float(scale)) for scale in self.scales])
        factors = roots / np.sqrt(self._sizes) if transform == "walsh" else roots
        self._factor = factors[self.scale_index]

    def _place_walsh(self) -> None:
        bands = self.subbands
        self._sizes = bands.sizes
        flat = np.arange(bands.columns).reshape(bands.shape)
        taken = [np.flatnonzero(bands.rows(self.mask, b)) for b in range(bands.count)]
        self.counts = tuple(map(len, taken))
        self.places = np.concatenate([start + a for start, a in zip(bands.starts, taken, strict=True)])
        self.scale_index = np.repeat(np.arange(bands.count), self.counts)
        self.positions = np.concatenate([bands.rows(flat, b)[a] for b, a in enumerate(taken)])

    def _place_fourier(self) -> None:
        bands = Bands(transform="fourier", dimension=self.subbands.dimension, bits=self.subbands.bits)
        self._sizes = bands.sizes
        self._spare: list[Array] = []
        self.positions = np.flatnonzero(self.mask)
        self.scale_index = bands.index.reshape(-1)[self.positions]
        self.counts = tuple(np.bincount(self.scale_index, minlength=bands.count).tolist())
        places = fourier.padded(self.subbands.shape)
        steps = [stride // places.itemsize for stride in places.strides]
        indices = np.unravel_index(self.positions, self.subbands.shape)
        self.places = np.sum([step * index for step, index in zip(steps, indices, strict=True)], axis=0)

    def _read_scales(self, scales: Any) -> tuple[fmpq, ...]:
        if scales is None:
            pairs = zip(self._sizes, self.counts, strict=True)
            return tuple(fmpq(size, count) if count else fmpq(1) for size, count in pairs)
        single = isinstance(scales, str | fmpq) or not hasattr(scales, "__len__")
        read = tuple(map(exact_number, [scales] * len(self.counts) if single else scales))
        if len(read) != len(self.counts):
            parts = "subband" if self.transform == "walsh" else "box of bands"
            raise UsageError(f"{len(self.counts)} scales are needed, one a {parts}, not {len(read)}")
        if wrong := [scale for scale in read if scale <= 0]:
            raise UsageError(f"a scale is the square of a positive number, not {wrong[0]}")
        return read

    def __repr__(self) -> str:
        m, N = self.shape
        return f"ImageOperator(transform='{self.transform}', shape={(m, N)}, image={self.subbands.shape})"

    @property
    def shape(self) -> tuple[int, int]:
        """(m, N)."""
        return len(self.positions), self.subbands.columns

    @property
    def norm2(self) -> fmpq:
        """The square of the spectral norm, exactly: A A* = D²."""
        return max(scale for scale, count in zip(self.scales, self.counts, strict=True) if count)

    def row_slice(self, band: int) -> slice:
        """Return which rows of a Walsh operator belong to a subband.

        Raises:
            UsageError: if the operator is of Fourier samples, whose rows do not.
        """
        self._need_walsh("the rows of Fourier samples belong to no subband")
        start = sum(self.counts[:band])
        return slice(start, start + self.counts[band])

    def indices(self, band: int) -> NDArray[np.int64]:
        """Return the index a of each row that belongs to a subband; see `row_slice`."""
        found: NDArray[np.int64] = self.places[self.row_slice(band)] - self.subbands.starts[band]
        return found

    def as_linear_operator(self) -> Any:
        """Return the operator as a scipy.sparse.linalg.LinearOperator; see the function of this name."""
        return as_linear_operator(self)

    # --- in floating point --------------------------------------------------------------------------

    def forward(self, coefficients: Any) -> Array:
        """Return A x, shape (m,), for x of shape (N,), float64 or complex128; Fourier samples are complex.

        Raises:
            UsageError: if x has another shape.
            DataError: if an entry is no finite number.
        """
        x = self._numbers(coefficients, (self.subbands.columns,), "coefficients")
        if self.transform == "fourier":
            return self._transformed(x)
        work = x.copy()
        self._blocks(work)
        return self._taken(work)

    def adjoint(self, samples: Any) -> Array:
        """Return A* y, shape (N,), for y of shape (m,).

        Raises:
            UsageError: if y has another shape.
            DataError: if an entry is no finite number.
        """
        y = self._numbers(samples, (len(self.positions),), "samples")
        if self.transform == "fourier":
            with self._workspace() as work:
                return haar.analysis(self._write_image(y, work))
        work = np.zeros(self.subbands.columns, dtype=y.dtype)
        work[self.places] = y * self._factor
        self._blocks(work)
        return work

    def forward_image(self, image: Any) -> Array:
        """Return D P V u, shape (m,), for an image u of shape (n, ..., n).

        Raises:
            UsageError: if u has another shape.
            DataError: if an entry is no finite number.
        """
        u = self._numbers(image, self.subbands.shape, "points")
        if self.transform == "walsh":
            return self.forward(haar.analysis(u))
        with self._workspace() as work:
            work[...] = u
            fourier.in_place(work)
            return self._taken(_whole(work))

    def adjoint_image(self, samples: Any) -> Array:
        """Return V* P* D y, the image that zeros in place of all other samples give, shape (n, ..., n).

        Raises:
            UsageError: if y has another shape.
            DataError: if an entry is no finite number.
        """
        if self.transform == "walsh":
            return haar.synthesis(self.adjoint(samples), dimension=self.subbands.dimension)
        y = self._numbers(samples, (len(self.positions),), "samples")
        with self._workspace() as work:
            return self._write_image(y, work).copy()

    def select(self, samples: Any) -> Array:
        """Return the data y = D P s, shape (m,), of all samples s of the unitary transform, shape (n, ..., n).

        Raises:
            UsageError: if s has another shape.
            DataError: if an entry is no finite number.
        """
        s = self._numbers(samples, self.subbands.shape, "samples")
        roots = self._factor * np.sqrt(self._sizes)[self.scale_index] if self.transform == "walsh" else self._factor
        found: Array = s.reshape(-1)[self.positions] * roots
        return found

    def _blocks(self, work: Array) -> None:
        """Transform the coefficients of each subband in place, not scaled."""
        dimension = self.subbands.dimension
        for scale in range(1, self.subbands.bits):
            part = work[1 << dimension * scale : 1 << dimension * (scale + 1)]
            walsh.hadamard(part.reshape(-1, 1 << dimension * scale), copy=False)

    def _taken(self, work: Array) -> Array:
        y: Array = work.take(self.places)
        y *= self._factor
        return y

    def _transformed(self, x: Array) -> Array:
        with self._workspace() as work:
            haar.synthesis(x.astype(np.complex128, copy=False), dimension=self.subbands.dimension, out=work)
            fourier.in_place(work)
            return self._taken(_whole(work))

    def _write_image(self, y: Array, work: Array) -> Array:
        whole = _whole(work)
        whole.fill(0)
        whole[self.places] = y * self._factor
        fourier.in_place(work, inverted=True)
        return work

    @contextmanager
    def _workspace(self) -> Iterator[Array]:
        """Yield memory for an image: new memory costs as much as a transform. Threads have their own."""
        try:
            work = self._spare.pop()
        except IndexError:
            work = fourier.padded(self.subbands.shape)
        yield work
        if not self._spare:
            self._spare.append(work)

    def _numbers(self, values: Any, shape: tuple[int, ...], what: str) -> Array:
        array = np.asarray(values)
        if array.shape != shape:
            raise UsageError(f"{what} of shape {shape} are needed, not {array.shape}")
        if array.dtype.kind not in "biufc":
            raise DataError(f"{what} are numbers, not of type {array.dtype}")
        found = array.astype(np.complex128 if array.dtype.kind == "c" else np.float64, copy=False)
        with np.errstate(over="ignore", invalid="ignore"):
            total = found.sum()  # finite if all are, but for sums that overflow
        if not np.isfinite(total) and not np.isfinite(found).all():
            raise DataError(f"{what} are finite numbers; entry {int(np.argmin(np.isfinite(found)))} is not")
        return found

    # --- exactly ------------------------------------------------------------------------------------

    def exact_forward(self, coefficients: Array) -> Array:
        """Return the integers Y for integers x: row i of A x is √(scale/N_b)·Y_i, where b is its subband.

        Args:
            coefficients: x, shape (N,), int64, or Python integers of any size, of type object.

        Raises:
            UsageError: if the operator is of Fourier samples, which are irrational, or x has another shape.
            DataError: if x is of another type, or int64 and a sum could reach 2^63.
        """
        work = self._integers(coefficients, (self.subbands.columns,), "coefficients").copy()
        self._blocks(work)
        found: Array = work[self.places]
        return found

    def exact_adjoint(self, samples: Array) -> Array:
        """Return the integers Z for integers y: entry j of A* y is √(scale/N_b)·Z_j; see `exact_forward`."""
        given = self._integers(samples, (len(self.positions),), "samples")
        work = np.zeros(self.subbands.columns, dtype=given.dtype)
        work[self.places] = given
        self._blocks(work)
        return work

    def _integers(self, values: Any, shape: tuple[int, ...], what: str) -> Array:
        self._need_walsh("Fourier samples are irrational; firenet_exact.transforms.lanes encloses them")
        array = np.asarray(values)
        if array.dtype not in (np.dtype(np.int64), np.dtype(object)):
            raise DataError(f"exact {what} are int64, or Python integers of type object, not {array.dtype}")
        if array.shape != shape:
            raise UsageError(f"{what} of shape {shape} are needed, not {array.shape}")
        return array

    def _need_walsh(self, otherwise: str) -> None:
        if self.transform != "walsh":
            raise UsageError(otherwise)


def as_linear_operator(operator: Operator) -> Any:
    """Return an operator as a scipy.sparse.linalg.LinearOperator.

    Raises:
        MissingExtraError: if scipy is not installed.
    """
    try:
        from scipy.sparse.linalg import LinearOperator
    except ImportError:
        raise MissingExtraError("linear operators need scipy: pip install 'sci-barriers[images]'") from None
    return LinearOperator(
        shape=operator.shape,
        matvec=lambda x: operator.forward(np.reshape(x, -1)),
        rmatvec=lambda y: operator.adjoint(np.reshape(y, -1)),
        dtype=np.result_type(operator.forward(np.zeros(operator.shape[1]))),
    )


def _whole(view: Array) -> Array:
    """Return the memory of a padded array as a vector."""
    base = view if view.base is None else view.base
    return base.reshape(-1)

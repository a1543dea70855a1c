"""What a network senses: A = D P V Ψ* for a mask, where no matrix is needed (docs/firenet.md, "Images").

Data are the samples P V c with their noise, as they are measured, in an array of the shape of the image; y is D times
them, and D is never rounded: only its squares, or its dyadic entries, are given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, TypeAlias

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from exact_base.errors import DataError, UsageError
from exact_base.rationals import Readable, exact_number, float_exactly, upper_root
from exact_base.reprs import short_repr
from firenet_exact.arithmetic.float_model import norm_above
from firenet_exact.imaging.subbands import Subbands
from proofs_checks.certificate.writing import encode_integer, encode_rational

__all__ = ["FourierSensing", "Sensing", "WalshSensing"]

Array: TypeAlias = NDArray[Any]
Floats: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]


@short_repr()
@dataclass(frozen=True, eq=False, kw_only=True)
class WalshSensing:
    """Walsh samples of Haar coefficients: A is the direct sum of the blocks √scale_b P F_b of the subbands.

    Attributes:
        subbands: the subbands, which know the sizes.
        mask: which samples are taken, in sequency order, shape (n, ..., n), of bool.
        scales: scale_b = d_b² > 0 of each subband.

    Raises:
        UsageError: if mask or scales have another shape, or no sample is taken.

    >>> import numpy as np
    >>> from firenet_exact.imaging.subbands import Subbands
    >>> WalshSensing.of(Subbands(dimension=2, bits=2), np.ones((4, 4), dtype=bool)).high
    1
    """

    subbands: Subbands
    mask: Mask
    scales: tuple[fmpq, ...]
    transform: ClassVar[str] = "walsh"
    is_complex: ClassVar[bool] = False

    def __post_init__(self) -> None:
        _check_mask(self.subbands, self.mask)
        if len(self.scales) != self.subbands.count or not all(scale > 0 for scale in self.scales):
            raise UsageError(f"{self.subbands.count} positive scales are needed, one for each subband")

    @staticmethod
    def of(subbands: Subbands, mask: Mask, scales: Sequence[Readable] | None = None) -> WalshSensing:
        """Return it for scales that are read exactly; N_b/m_b, or 1 where no sample is, if they are not given.

        Raises:
            UsageError: if they do not fit together.
            DataError: if a scale is no finite number.
        """
        if scales is not None:
            return WalshSensing(subbands=subbands, mask=mask, scales=tuple(exact_number(scale) for scale in scales))
        _check_mask(subbands, mask)
        counts = [int(mask[subbands.box(band)].sum()) for band in range(subbands.count)]
        made = tuple(fmpq(size, count or size) for size, count in zip(subbands.sizes, counts, strict=True))
        return WalshSensing(subbands=subbands, mask=mask, scales=made)

    @cached_property
    def ordered(self) -> Mask:
        """The mask in the order of coefficients: subband after subband, sample a at place a, shape (N,)."""
        return self.in_order(self.mask)

    @property
    def rows(self) -> int:
        """The number m of samples."""
        return int(self.mask.sum())

    @cached_property
    def high(self) -> fmpq:
        """At least ‖A‖, which is the largest root of a scale."""
        return upper_root(
            max(s for s, part in zip(self.scales, self.subbands.split(self.ordered), strict=True) if part.any())
        )

    def in_order(self, samples: Array) -> Array:
        """Return samples, shape (n, ..., n), in the order of coefficients, shape (N,).

        Raises:
            UsageError: if they have another shape.
        """
        return np.concatenate([self.subbands.rows(samples, band) for band in range(self.subbands.count)])

    def check_samples(self, samples: Array) -> Floats:
        """Return the samples as float64, exactly as they are, 0 where none is taken.

        Raises:
            UsageError: if they have another shape.
            DataError: if they are no real numbers, or one that is taken is not finite.
        """
        return _checked_samples(samples, self.mask, np.float64)

    def data_norm_above(self, samples: Array) -> fmpq:
        """Return an upper bound of ‖y‖, y = D·samples."""
        parts = self.subbands.split(self.in_order(samples))
        squares = (s * float_exactly(norm_above(part)) ** 2 for s, part in zip(self.scales, parts, strict=True))
        return upper_root(sum(squares, fmpq(0)))

    def encode(self) -> dict[str, Any]:
        """Return what a network's file says of it."""
        scales = [encode_rational(int(scale.p), int(scale.q)) for scale in self.scales]
        return {**_encoded(self.transform, self.subbands, self.mask), "scales": scales}


@short_repr()
@dataclass(frozen=True, eq=False, kw_only=True)
class FourierSensing:
    """Fourier samples of Haar coefficients: A = D P V Ψ*, V the unitary discrete Fourier transform.

    Attributes:
        subbands: the subbands, which know the sizes.
        mask: which samples are taken, in the order of numpy.fft, shape (n, ..., n), of bool.
        factors: d_i >= 0 of each sample, shape (n, ..., n), float64 numbers that are read as they are; None for 1.

    Raises:
        UsageError: if mask or factors have another shape, or no sample is taken.
        DataError: if a factor is negative or not finite.
    """

    subbands: Subbands
    mask: Mask
    factors: Floats | None = None
    transform: ClassVar[str] = "fourier"
    is_complex: ClassVar[bool] = True

    def __post_init__(self) -> None:
        _check_mask(self.subbands, self.mask)
        if self.factors is not None:
            if self.factors.shape != self.mask.shape or self.factors.dtype != np.float64:
                raise UsageError(f"factors are float64 numbers of shape {self.mask.shape}")
            if not (np.isfinite(self.factors).all() and (self.factors >= 0).all() and self.factors[self.mask].any()):
                raise DataError("factors must be finite, at least 0, and not all of them 0")

    @property
    def rows(self) -> int:
        """The number m of samples."""
        return int(self.mask.sum())

    @cached_property
    def high(self) -> fmpq:
        """At least ‖A‖: the largest factor, as V and Ψ are unitary."""
        return fmpq(1) if self.factors is None else float_exactly(float(self.factors[self.mask].max()))

    def check_samples(self, samples: Array) -> NDArray[np.complex128]:
        """Return the samples as complex128, 0 where none is taken; see `WalshSensing.check_samples`."""
        return _checked_samples(samples, self.mask, np.complex128)

    def data_norm_above(self, samples: Array) -> fmpq:
        """Return an upper bound of ‖y‖, y = D·samples."""
        return self.high * float_exactly(norm_above(samples))

    def encode(self) -> dict[str, Any]:
        """Return what a network's file says of it."""
        factors = None
        if self.factors is not None:
            factors = np.ascontiguousarray(self.factors, dtype="<f8").tobytes().hex()
        return {**_encoded(self.transform, self.subbands, self.mask), "factors": factors}


Sensing: TypeAlias = WalshSensing | FourierSensing
"""Either of the two."""


def _check_mask(subbands: Subbands, mask: Array) -> None:
    if mask.dtype != np.bool_ or mask.shape != subbands.shape:
        raise UsageError(f"a mask is an array of bool of shape {subbands.shape}")
    if not mask.any():
        raise UsageError("the mask takes no sample; draw one that does")


def _checked_samples(samples: Array, mask: Mask, kind: Any) -> Array:
    given = np.asarray(samples)
    if given.shape != mask.shape:
        raise UsageError(f"samples of shape {mask.shape} are needed, not {given.shape}")
    if not np.can_cast(given.dtype, kind, "safe") or (given.dtype.kind in "iu" and given.dtype.itemsize > 4):
        raise DataError(f"samples must be {np.dtype(kind)}, or numbers that are exact there, not {given.dtype}")
    found: Array = np.where(mask, given, 0).astype(kind)
    if not np.isfinite(found).all():
        raise DataError("a sample is NaN or infinite")
    return found


def _encoded(transform: str, subbands: Subbands, mask: Mask) -> dict[str, Any]:
    return {
        "transform": transform,
        "dimension": encode_integer(subbands.dimension),
        "bits": encode_integer(subbands.bits),
        "mask": np.packbits(mask).tobytes().hex(),
    }

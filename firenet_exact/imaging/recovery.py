"""How far from a point every image lies that fits its Walsh samples, level by level (docs/image-null-space.md).

All numbers are rational: the data are multiplied by √N_b and the factors of the rows divided out, and roots are rounded
up as docs/format.md, "Walsh masks", says, so that the checker finds the same bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from exact_base.decimals import below
from exact_base.errors import NotCertifiedError, UsageError
from exact_base.rationals import power_of_two, sqrt_up, upper_root
from exact_base.reprs import short_repr
from firenet_exact.imaging.dyadic import BITS, noise_with_rounding, rounded_point, sampled
from firenet_exact.imaging.given import Compressibility, Noise
from firenet_exact.imaging.level_bounds import LevelBound, LevelCase, LevelFit, best_splits, total
from firenet_exact.imaging.property import Integers, LevelBounds, WalshInverse
from firenet_exact.transforms.walsh import hadamard

__all__ = ["WalshRecovery", "bounded", "certify_image"]

_ZERO = fmpq(0)


@short_repr()
@dataclass(frozen=True, eq=False)
class WalshRecovery:
    """Every image x that fits lies within `bound` of the point, in the norm of its coefficients.

    Attributes:
        inverse: the left inverses that prove it.
        subband_ends: the levels in subbands.
        sparsities: s_l of each level.
        data: √N_b times the samples, divided by the factor of their rows, over 2^`bits`: subband after subband.
        point: the coefficients x̂ over 2^`bits`, shape (N,).
        bits: the binary logarithm of the denominator.
        noise: what is known of the noise, with what the rounding of the data adds.
        compressibility: what is known of σ.
        splits: the φ_l of the sparse levels, None for dense ones; None if nothing is a total.
        square: the square of the least bound that follows.
        levels: what is proved of each of them.
    """

    inverse: WalshInverse
    subband_ends: tuple[int, ...]
    sparsities: tuple[int, ...]
    data: Integers = field(repr=False)
    point: Integers = field(repr=False)
    bits: int
    noise: Noise
    compressibility: Compressibility
    splits: tuple[fmpq | None, ...] | None = field(repr=False)
    square: fmpq = field(repr=False)
    levels: tuple[LevelBound, ...] = field(repr=False)

    @cached_property
    def bound(self) -> fmpq:
        """The square root of `square`, rounded up."""
        return sqrt_up(self.square)

    @cached_property
    def norm2(self) -> fmpq:
        """‖x̂‖²."""
        return fmpq(_squares(self.point), 1 << 2 * self.bits)

    @property
    def vacuous(self) -> bool:
        """Whether `bound` is at least ‖x̂‖, exactly, and not 0: then 0, which nobody computed, is as near as that."""
        return self.bound > 0 and self.bound * self.bound >= self.norm2

    @property
    def dense(self) -> tuple[bool, ...]:
        """Which levels are dense."""
        sizes = (level.size for level in self.inverse.levels(self.subband_ends))
        return tuple(size == s for size, s in zip(sizes, self.sparsities, strict=True))


def certify_image(
    inverse: WalshInverse,
    samples: Any,
    point: Any,
    *,
    sparsities: Sequence[int],
    noise: Noise,
    compressibility: Compressibility,
    ends: Sequence[int] | None = None,
    bits: int = BITS,
) -> WalshRecovery:
    """Bound the distance of a point, from wherever it is, to all coefficients x that fit the samples.

    It is the point that is kept, rounded to so many binary digits, that the bound is about. Those x fit for which the
    noise and σ_l(x) are as bounded. What the rounding of the samples changes is added to the bounds of the noise.

    Args:
        inverse: left inverses of the mask, such as `certify_mask` finds.
        samples: of the unitary Walsh transform, as `sampled` takes them.
        point: x̂, real, shape (N,).
        sparsities: s_l of each level; a level with s_l = its size is dense.
        noise: its bounds; the norms are those of D(VΨ*x - y).
        compressibility: the bounds of σ_l(x).
        ends: the levels: how many subbands stand before the end of each; those of the paper if not given.
        bits: so many binary digits of data and point behind the point are kept.

    Raises:
        UsageError: if these do not fit together.
        DataError: if a number is not finite and real, or too large.
        NotCertifiedError: if θ_l < 1/2 fails in a sparse level, or a dense one is not fully sampled.

    >>> import numpy as np
    >>> from firenet_exact.imaging.property import walsh_inverse
    >>> from firenet_exact.imaging.given import Compressibility, Noise
    >>> from firenet_exact.imaging.recovery import certify_image
    >>> from firenet_exact.imaging.subbands import Subbands
    >>> mask = np.array([True, True, True, True, True, False, True, True])
    >>> inverse = walsh_inverse(Subbands(dimension=1, bits=3), mask, [None, None, None, np.array([1, 1, 1])])
    >>> noise, sigma = Noise.norm(["1/10", "1/10"]), Compressibility.of([0, 0])
    >>> found = certify_image(inverse, np.zeros(8), np.zeros(8), sparsities=[4, 1], ends=[3, 4], noise=noise,
    ...                       compressibility=sigma)
    >>> float(found.bound.p) / float(found.bound.q) < 0.5
    True
    """
    ends = inverse.subbands.paper_ends if ends is None else tuple(ends)
    levels = inverse.levels(ends)
    _checked(levels, sparsities, noise, compressibility)
    data, errors = sampled(inverse, samples, bits=bits)
    rounded = rounded_point(inverse, point, bits=bits)
    noisy = noise_with_rounding(inverse, ends, noise, errors)
    return bounded(
        inverse, ends, sparsities, data=data, point=rounded, bits=bits, noise=noisy, compressibility=compressibility
    )


def _checked(
    levels: tuple[LevelBounds, ...], sparsities: Sequence[int], noise: Noise, compressibility: Compressibility
) -> tuple[int, ...]:
    """Raise unless everything is given for each level, and the sparsities are certified; return these."""
    given = (sparsities, noise.levels, compressibility.levels, compressibility.weights)
    if any(item is not None and len(item) != len(levels) for item in given):
        raise UsageError(f"sparsities, and bounds for each level, are needed for {len(levels)} levels")
    for number, (level, s) in enumerate(zip(levels, sparsities, strict=True), 1):
        if not 1 <= s <= level.size:
            raise UsageError(f"the sparsity of level {number} must be 1 to {level.size}, not {s}")
        if s == level.size and not level.full:
            raise NotCertifiedError(f"level {number} is dense but not fully sampled; give it a smaller sparsity")
        if s < level.size and not 2 * s * level.mu < 1:
            raise NotCertifiedError(
                f"θ = sμ of level {number} is at least {below(s * level.mu, digits=3)} for s = {s}, and must be less "
                "than 1/2; take a smaller sparsity, or better weights"
            )
    return tuple(map(int, sparsities))


def bounded(
    inverse: WalshInverse,
    ends: Sequence[int],
    sparsities: Sequence[int],
    *,
    data: Integers,
    point: Integers,
    bits: int,
    noise: Noise,
    compressibility: Compressibility,
    splits: tuple[fmpq | None, ...] | None = None,
) -> WalshRecovery:
    """Bound the distance of a point to all that fits, from integers over 2^bits; nothing is rounded.

    Args:
        inverse: left inverses of the mask.
        ends: the levels in subbands.
        sparsities: s_l of each level.
        data: as `WalshRecovery` has them, shape (m,).
        point: x̂ over 2^bits, shape (N,).
        bits: the binary logarithm of the denominator.
        noise: its bounds.
        compressibility: the bounds of σ_l(x).
        splits: positive φ_l of the sparse levels and None for dense ones, where something is a total; good ones are
            found if not given.

    Raises:
        UsageError: if these do not fit together.
        NotCertifiedError: if θ_l < 1/2 fails in a sparse level, or a dense one is not fully sampled.
    """
    ends = tuple(ends)
    counts = _checked(inverse.levels(ends), sparsities, noise, compressibility)
    if data.shape != (int(inverse.mask.sum()),) or point.shape != (inverse.subbands.columns,):
        raise UsageError(f"data of shape {data.shape} and a point of shape {point.shape} do not fit the mask")
    known = list(_levels(inverse, ends, counts, data, point, bits))
    cases = [LevelCase.of(number, level, noise, compressibility) for number, level in enumerate(known)]
    if noise.total is None and compressibility.total is None:
        splits, square = None, sum((case.square for case in cases), _ZERO)
    else:
        splits = best_splits(cases, noise) if splits is None else splits
        if [split is None for split in splits] != [case.known.dense for case in cases]:
            raise UsageError("a positive φ is needed for each sparse level, and None for each dense one")
        square = total(cases, splits, noise) ** 2
    found = tuple(case.result(None if splits is None else splits[i]) for i, case in enumerate(cases))
    return WalshRecovery(inverse, ends, counts, data, point, bits, noise, compressibility, splits, square, found)


def _levels(
    inverse: WalshInverse,
    ends: tuple[int, ...],
    counts: tuple[int, ...],
    data: Integers,
    point: Integers,
    bits: int,
) -> Iterator[LevelFit]:
    """Yield how the point fits the data in each level."""
    subbands, unit, read = inverse.subbands, power_of_two(-bits), 0
    levels = inverse.levels(ends)
    for a, b, s, level in zip((0, *ends[:-1]), ends, counts, levels, strict=True):
        square, top = _ZERO, []
        for band in range(a, b):
            size = subbands.sizes[band]
            rows = subbands.rows(inverse.mask, band)
            part = point[subbands.starts[band] : subbands.starts[band] + size]
            off = _transform(part)[rows]
            given = data[read : read + off.size]
            off = off - (given if off.dtype == np.int64 and _small(off, given) else given.astype(object))
            read += off.size
            if s == level.size:
                square += fmpq(_squares(off), size)
                continue
            whole, c = inverse.weights[band], inverse.bounds[band].sum + inverse.bounds[band].peak
            product = off if whole is None else _product(whole, off)
            spread = np.zeros(size, dtype=product.dtype)
            spread[rows] = product
            moduli = np.sort(np.abs(_transform(spread)))[::-1][:s]
            top += [fmpq(int(value), c) for value in moduli]
        if s == level.size:
            yield LevelFit(level, s, upper_root(square * unit * unit), _ZERO, [], _ZERO)
            continue
        top = sorted(top, reverse=True)[:s]
        norm = upper_root(sum((value * value for value in top), _ZERO) * unit * unit)
        whole_level = point[subbands.starts[a] : subbands.starts[a] + level.size]
        entries = np.sort(np.abs(whole_level))[::-1]
        rest = _sum(entries[s:])
        yield LevelFit(level, s, norm, top[0] * unit, [int(x) * unit for x in entries[: s + 1]], rest * unit)


def _product(x: Integers, y: NDArray[Any]) -> NDArray[Any]:
    if y.dtype == np.int64 and int(np.abs(x).max()) * int(np.abs(y).max()) < 2**63:
        small: NDArray[Any] = x * y
        return small
    large: NDArray[Any] = x.astype(object) * y.astype(object)
    return large


def _small(*arrays: Integers) -> bool:
    return all(int(np.abs(array).max(initial=0)) < 2**62 for array in arrays)


def _transform(values: NDArray[Any]) -> NDArray[Any]:
    """Return the Walsh transform of integers, as int64 numbers where they fit."""
    if _sum(np.abs(values)) < 2**63:
        return hadamard(values.astype(np.int64), copy=False)
    return hadamard(values.astype(object))


def _sum(values: NDArray[Any]) -> int:
    """Return the sum of integers, of whatever size it is."""
    if values.dtype == np.int64 and int(np.abs(values).max(initial=0)) >= 2**62 // max(values.size, 1):
        return sum(map(int, values.tolist()))
    return int(values.sum())


def _squares(values: NDArray[Any]) -> int:
    """Return the sum of the squares of integers."""
    if values.dtype == np.int64 and int(np.abs(values).max(initial=0)) ** 2 * max(values.size, 1) < 2**63:
        return int(np.dot(values, values))
    return sum(value * value for value in values.tolist())

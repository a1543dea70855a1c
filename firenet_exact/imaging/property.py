"""Null space properties of drawn Walsh masks, with exact numbers (docs/image-null-space.md).

The matrix is a direct sum over subbands, A_b = √scale_b P F_b with a Hadamard matrix F_b, and an approximate left
inverse of each of them that is invariant under translations is given by one integer for each sampled row. All entries
of I - H*A and all inner products of columns of H are then values of two Walsh transforms of integers, which are exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeAlias, TypeVar

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from exact_base.decimals import below
from exact_base.errors import DataError, NotCertifiedError, UsageError
from exact_base.rationals import SMALL, Readable, exact_number, power_of_two, round_up, sqrt_up, upper_fourth_root
from exact_base.reprs import short_repr
from firenet_exact.best_constants import BestConstants
from firenet_exact.constants import Constants, constants
from firenet_exact.imaging.subbands import Subbands
from firenet_exact.levels import Levels
from firenet_exact.transforms.walsh import hadamard

__all__ = [
    "LevelBounds",
    "SubbandBounds",
    "WalshInverse",
    "WalshProperty",
    "best_weights",
    "subband_bounds",
    "walsh_inverse",
    "walsh_property",
]

Integers: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]
T = TypeVar("T")

_MOST_WEIGHT = 2**31
_MOST_SUM = 2**62
_WEIGHT_BITS = 30


@short_repr()
@dataclass(frozen=True)
class SubbandBounds:
    """What the weights of one subband prove.

    Attributes:
        size: N_b.
        scale: the square of the factor of its rows.
        sum: k_0, the sum of the weights.
        peak: k, the largest modulus of their transform off 0.
        sum2: l_0, the sum of their squares.
        peak2: l, the largest modulus of the transform of their squares off 0.
        full: whether all rows are sampled; where there are no weights all of them are taken to be 1.

    >>> from flint import fmpq
    >>> from firenet_exact.imaging.property import SubbandBounds
    >>> bounds = SubbandBounds(size=4, scale=fmpq(4, 3), sum=3, peak=1, sum2=3, peak2=1, full=False)
    >>> bounds.mu, bounds.norm2, bounds.spectral2(2)
    (1/4, 9/16, 3/4)
    """

    size: int
    scale: fmpq
    sum: int
    peak: int
    sum2: int
    peak2: int
    full: bool

    @property
    def mu(self) -> fmpq:
        """The largest modulus of an entry of I - H*A."""
        return fmpq(self.peak, self.sum + self.peak)

    @property
    def norm2(self) -> fmpq:
        """‖h‖² of the columns of H, which are all of the same length."""
        return self.spectral2(1)

    def spectral2(self, sparsity: int) -> fmpq:
        """Return Λ², which bounds ‖H_Δ‖² for all |Δ| <= s."""
        c = self.sum + self.peak
        return self.size * (self.sum2 + (sparsity - 1) * self.peak2) / (c * c * self.scale)


@short_repr()
@dataclass(frozen=True)
class LevelBounds:
    """What is known of a level, which is made of whole subbands.

    Attributes:
        parts: its subbands.

    >>> from flint import fmpq
    >>> from firenet_exact.imaging.property import LevelBounds, SubbandBounds
    >>> full = SubbandBounds(size=4, scale=fmpq(1), sum=4, peak=0, sum2=4, peak2=0, full=True)
    >>> LevelBounds((full,)).full, LevelBounds((full,)).mu
    (True, 0)
    """

    parts: tuple[SubbandBounds, ...]

    @property
    def size(self) -> int:
        """The number of its coefficients."""
        return sum(part.size for part in self.parts)

    @property
    def full(self) -> bool:
        """Whether all its rows are sampled."""
        return all(part.full for part in self.parts)

    @cached_property
    def mu(self) -> fmpq:
        """μ, the largest one of its subbands."""
        return max(part.mu for part in self.parts)

    @cached_property
    def norm2(self) -> fmpq:
        """‖h‖², the largest one of its subbands."""
        return self.spectral2(1)

    @property
    def inverse_scale(self) -> fmpq:
        """1/scale, the largest one of its subbands: the γ² of a level that is dense."""
        return max(1 / part.scale for part in self.parts)

    def spectral2(self, sparsity: int) -> fmpq:
        """Return Λ², the largest one of its subbands."""
        return max(part.spectral2(sparsity) for part in self.parts)


@short_repr()
@dataclass(frozen=True, eq=False)
class WalshInverse:
    """Approximate left inverses of all blocks of a matrix of Walsh samples and Haar wavelets, with what they prove.

    Attributes:
        subbands: the subbands.
        mask: which samples are taken, in sequency order, shape (n, ..., n).
        scales: the square of the factor of the rows of each subband.
        weights: of each subband, integers for its sampled rows, shape (m_b,), or None where all rows are sampled.
        bounds: of each subband.
    """

    subbands: Subbands
    mask: Mask = field(repr=False)
    scales: tuple[fmpq, ...] = field(repr=False)
    weights: tuple[Integers | None, ...] = field(repr=False)
    bounds: tuple[SubbandBounds, ...] = field(repr=False)

    def with_weights(self, band: int, whole: Integers) -> WalshInverse:
        """Return the same with other weights of one subband.

        Raises:
            UsageError: if they do not fit.
            DataError: if a weight has more than 31 bits, or their squares add up to 2^62.
            NotCertifiedError: if their sum is not positive.
        """
        rows = self.subbands.rows(self.mask, band)
        bounds = subband_bounds(rows, whole, self.scales[band], self.subbands.label(band))
        return replace(self, weights=_put(self.weights, band, whole), bounds=_put(self.bounds, band, bounds))

    def levels(self, ends: Sequence[int]) -> tuple[LevelBounds, ...]:
        """Return what is known of levels that end before these subbands.

        Raises:
            UsageError: if they do not increase, or do not end with the last subband.
        """
        starts = (0, *ends[:-1])
        if not ends or not all(a < b for a, b in zip(starts, ends, strict=True)) or ends[-1] != self.subbands.count:
            raise UsageError(
                f"the ends of levels must increase up to {self.subbands.count}, the number of subbands, not "
                f"{', '.join(map(str, ends)) or 'none'}"
            )
        return tuple(LevelBounds(self.bounds[a:b]) for a, b in zip(starts, ends, strict=True))


def walsh_inverse(
    subbands: Subbands,
    mask: Mask,
    weights: Sequence[Integers | None],
    *,
    scales: Sequence[Readable] | None = None,
) -> WalshInverse:
    """Return what weights prove, exactly.

    Args:
        subbands: the subbands.
        mask: which samples are taken, in sequency order, shape (n, ..., n).
        weights: of each subband, integers for its sampled rows in natural order, or None where all are sampled.
        scales: the square of the factor of the rows of each subband; N_b/m_b if not given.

    Raises:
        UsageError: if these do not fit together, or a scale is not positive.
        DataError: if a weight has more than 31 bits, or their squares add up to 2^62.
        NotCertifiedError: if a subband has no sample, or weights with a sum that is not positive.

    >>> import numpy as np
    >>> from firenet_exact.imaging.property import walsh_inverse
    >>> from firenet_exact.imaging.subbands import Subbands
    >>> mask = np.array([True, True, True, True, True, False, True, True])
    >>> weights = [None, None, None, np.array([1, 1, 1])]
    >>> walsh_inverse(Subbands(dimension=1, bits=3), mask, weights).bounds[3].mu
    1/4
    """
    taken = _checked_mask(subbands, mask)
    if len(weights) != subbands.count or (scales is not None and len(scales) != subbands.count):
        raise UsageError(f"there are {subbands.count} subbands, and weights and scales are needed for each of them")
    found, given = [], []
    for band, whole in enumerate(weights):
        rows = subbands.rows(taken, band)
        count = int(rows.sum())
        if not count:
            raise NotCertifiedError(f"{subbands.label(band)} has no sample: its coefficients are in the kernel")
        scale = fmpq(rows.size, count) if scales is None else exact_number(scales[band])
        if not scale > 0:
            raise UsageError(f"the scale of {subbands.label(band)} must be positive, not {scale}")
        given.append(scale)
        found.append(subband_bounds(rows, whole, scale, subbands.label(band)))
    return WalshInverse(subbands, taken, tuple(given), tuple(weights), tuple(found))


def _put(items: tuple[T, ...], index: int, item: T) -> tuple[T, ...]:
    return (*items[:index], item, *items[index + 1 :])


def _checked_mask(subbands: Subbands, mask: Mask) -> Mask:
    taken = np.array(mask, order="C", copy=True)
    if taken.dtype != np.bool_ or taken.shape != subbands.shape:
        raise UsageError(
            f"a mask of truth values and shape {subbands.shape} is needed, not {taken.dtype} {taken.shape}"
        )
    taken.flags.writeable = False
    return taken


def subband_bounds(rows: Mask, whole: Integers | None, scale: fmpq, label: str) -> SubbandBounds:
    """Return what weights of the sampled rows of a subband prove, exactly; `label` is for errors.

    Raises:
        UsageError: if they do not fit.
        DataError: if a weight has more than 31 bits, or their squares add up to 2^62.
        NotCertifiedError: if their sum is not positive.
    """
    count = int(rows.sum())
    if whole is None:
        if count < rows.size:
            raise UsageError(f"{label} is not fully sampled, so that weights of its {count} samples are needed")
        return SubbandBounds(size=count, scale=scale, sum=count, peak=0, sum2=count, peak2=0, full=True)
    if whole.dtype != np.int64 or whole.shape != (count,):
        raise UsageError(f"{label} needs {count} weights of type int64, not {whole.dtype} {whole.shape}")
    if int(np.abs(whole).max()) >= _MOST_WEIGHT or int(whole.min()) == -(2**63):
        raise DataError(f"a weight of {label} has more than 31 bits")
    squares = whole * whole
    if (int((squares >> 31).sum()) << 31) + int((squares & (_MOST_WEIGHT - 1)).sum()) >= _MOST_SUM:
        raise DataError(f"the squares of the weights of {label} add up to 2^62 or more; round them to fewer bits")
    total, peak = _peaks(rows, whole)
    total2, peak2 = _peaks(rows, squares)
    if not total > 0:
        raise NotCertifiedError(f"the weights of {label} add up to {total}, which must be positive")
    return SubbandBounds(
        size=rows.size, scale=scale, sum=total, peak=peak, sum2=total2, peak2=peak2, full=count == rows.size
    )


def _peaks(rows: Mask, whole: Integers) -> tuple[int, int]:
    """Return the transform of numbers on the sampled rows at 0, and its largest modulus elsewhere."""
    spread = np.zeros(rows.size, dtype=np.int64)
    spread[rows] = whole
    values = hadamard(spread, copy=False)
    return int(values[0]), int(np.abs(values[1:]).max(initial=0))


@short_repr()
@dataclass(frozen=True, eq=False)
class WalshProperty:
    """wrNSPL(ρ, γ) of a mask of Walsh samples and Haar wavelets, proved by exact integers.

    Attributes:
        inverse: the approximate left inverses that prove it.
        subband_ends: the levels in subbands: how many stand before the end of each.
        levels: the levels in coefficients, with sparsities and weights.
        rho: ρ, rational, 0 < ρ < 1.
        gamma: γ, rational and positive.

    >>> import numpy as np
    >>> from flint import fmpq
    >>> from firenet_exact.imaging.property import walsh_inverse, walsh_property
    >>> from firenet_exact.imaging.subbands import Subbands
    >>> mask = np.array([True, True, True, True, True, False, True, True])
    >>> inverse = walsh_inverse(Subbands(dimension=1, bits=3), mask, [None, None, None, np.array([1, 1, 1])])
    >>> proved = walsh_property(inverse, [3, 4], [4, 1], weights=[1, 2])
    >>> proved.rho < fmpq(472, 1000), proved.levels
    (True, Levels(ends=(4, 8), sparsities=(4, 1), weights=(1, 2)))
    """

    inverse: WalshInverse
    subband_ends: tuple[int, ...]
    levels: Levels
    rho: fmpq
    gamma: fmpq

    @property
    def subbands(self) -> Subbands:
        """The subbands."""
        return self.inverse.subbands

    @property
    def mask(self) -> Mask:
        """Which samples are taken, in sequency order, shape (n, ..., n)."""
        return self.inverse.mask

    @property
    def scales(self) -> tuple[fmpq, ...]:
        """The square of the factor of the rows of each subband."""
        return self.inverse.scales

    @property
    def weights(self) -> tuple[Integers | None, ...]:
        """Integers for the sampled rows of each subband, or None where all rows are sampled."""
        return self.inverse.weights

    @cached_property
    def bounds(self) -> tuple[LevelBounds, ...]:
        """What is known of each level."""
        return self.inverse.levels(self.subband_ends)

    @property
    def dense(self) -> tuple[bool, ...]:
        """Which levels are dense: s_l is their size."""
        return tuple(b.size == s for b, s in zip(self.bounds, self.levels.sparsities, strict=True))

    @property
    def mu(self) -> tuple[fmpq, ...]:
        """μ_l of each level; 0 where it is fully sampled."""
        return tuple(b.mu for b in self.bounds)

    @property
    def norm2(self) -> tuple[fmpq, ...]:
        """The square of ‖h‖ in each level."""
        return tuple(b.norm2 for b in self.bounds)

    @property
    def spectral2(self) -> tuple[fmpq, ...]:
        """The square of Λ_l(s_l) of each level."""
        return tuple(b.spectral2(s) for b, s in zip(self.bounds, self.levels.sparsities, strict=True))

    @cached_property
    def zeta(self) -> fmpq:
        """ζ_0 = min w_(l)² s_l over the levels that are not dense, and so have a rest; ξ if all are dense."""
        sparse = zip(self.levels.weights, self.levels.sparsities, self.dense, strict=True)
        return min((w * w * s for w, s, plain in sparse if not plain), default=self.levels.xi)

    @cached_property
    def constants(self) -> Constants:
        """C1 and C2, with ζ_0 for ζ."""
        found = constants(self.levels, self.rho, self.gamma)
        return replace(found, q=upper_fourth_root(found.r * found.r / self.zeta))

    @cached_property
    def best(self) -> BestConstants:
        """The best bounds that ρ and γ give, with ζ_0 for ζ."""
        found = constants(self.levels, self.rho, self.gamma)
        return BestConstants(found.rho, found.gamma, found.r, found.r * found.r / self.zeta)


def best_weights(inverse: WalshInverse, ends: Sequence[int], sparsities: Sequence[int]) -> list[fmpq]:
    """Return weights of levels for which ρ is near to the least: those of sparse levels are proportional to τ_l.

    Then ρ² is about Σ (θ_l/(1-θ_l))² over the sparse levels. Dense levels have small weights, and do not count in ζ_0.

    Raises:
        UsageError: if these do not fit together.
        NotCertifiedError: if θ_l < 1 fails in a sparse level.
    """
    bounds, found, most = inverse.levels(ends), [], fmpq(0)
    if len(sparsities) != len(bounds):
        raise UsageError(f"a sparsity is needed for each of {len(bounds)} levels, not {len(sparsities)}")
    for number, (level, s) in enumerate(zip(bounds, sparsities, strict=True), 1):
        theta = s * level.mu
        if s == level.size or theta == 0:
            found.append(fmpq(0))
            continue
        if not theta < 1:
            raise NotCertifiedError(f"θ = sμ of level {number} is not less than 1 for s = {s}; take a smaller sparsity")
        found.append(sqrt_up(fmpq(s), bits=_WEIGHT_BITS) * level.mu / (1 - theta))
        most = max(most, found[-1])
    if most == 0:
        return [fmpq(1)] * len(bounds)
    # w² s of dense levels, and of those without a θ, is 2^-20 of the largest w² there may be
    small = [power_of_two(-10) / sqrt_up(fmpq(s), bits=_WEIGHT_BITS) for s in sparsities]
    return [round_up(w / most if w > 0 else least, bits=_WEIGHT_BITS) for w, least in zip(found, small, strict=True)]


def walsh_property(
    inverse: WalshInverse, ends: Sequence[int], sparsities: Sequence[int], *, weights: Sequence[Readable]
) -> WalshProperty:
    """Return the property with the least ρ and γ, rounded up, that left inverses prove (docs/image-null-space.md).

    Args:
        inverse: the left inverses.
        ends: the levels: how many subbands stand before the end of each.
        sparsities: s_l of each level; a level with s_l = its size is dense, and must be fully sampled.
        weights: w_(l) of each level, rational and positive.

    Raises:
        UsageError: if these do not fit together.
        NotCertifiedError: if a dense level is not fully sampled, or nothing with θ_l < 1 and ρ < 1 follows.

    >>> import numpy as np
    >>> from firenet_exact import Subbands, walsh_inverse, walsh_property
    >>> mask = np.array([True] * 7 + [False])
    >>> inverse = walsh_inverse(Subbands(dimension=1, bits=3), mask, [None, None, None, np.array([1, 1, 1])])
    >>> proved = walsh_property(inverse, [3, 4], [4, 1], weights=[1, 2])
    >>> bool(proved.rho < 1), proved.dense
    (True, (True, False))
    """
    bounds = inverse.levels(ends)
    columns = [sum(inverse.subbands.sizes[:end]) for end in ends]
    levels = Levels.of(columns, list(sparsities), list(weights))
    xi, rho2, gamma2 = levels.xi, SMALL * SMALL, fmpq(0)
    for number, (level, s, w) in enumerate(zip(bounds, levels.sparsities, levels.weights, strict=True), 1):
        if s == level.size:
            if not level.full:
                raise NotCertifiedError(
                    f"level {number} is dense, with all its {s} coefficients in a support, but not fully sampled; "
                    "sample all its rows, or give it a smaller sparsity"
                )
            gamma2 = max(gamma2, level.inverse_scale)
            continue
        theta = s * level.mu
        if not theta < 1:
            raise NotCertifiedError(
                f"θ = sμ of level {number} is at least {below(theta, digits=3)} for s = {s}, and must be less than 1; "
                "take a smaller sparsity, or more samples"
            )
        rest2 = (1 - theta) * (1 - theta)
        rho2 = max(rho2, xi * s * level.mu * level.mu / (w * w * rest2))
        gamma2 = max(gamma2, level.spectral2(s) / rest2)
    rho, gamma = sqrt_up(rho2), sqrt_up(gamma2)
    if not rho < 1:
        raise NotCertifiedError(f"ρ, which is at least {below(rho)}, must be less than 1; take smaller sparsities")
    return WalshProperty(inverse, tuple(ends), levels, rho, gamma)

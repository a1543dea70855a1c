"""Masks drawn at random: the multilevel pattern of Theorem 4, and others (docs/imaging.md).

A pattern says which parts of the samples were drawn from, how many samples each part has, and how many were taken; the
squares of D are the quotients. The seed of a pattern determines it for one version of numpy.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from exact_base.errors import UsageError
from exact_base.reprs import short_repr
from firenet_exact.imaging.bands import Bands, Transform, check_transform
from firenet_exact.imaging.spreads import line, lines_of_rate
from firenet_exact.imaging.subbands import Subbands

__all__ = [
    "Pattern",
    "Share",
    "default_sparsities",
    "half_half",
    "level_density",
    "multilevel",
    "partial_spreads",
    "per_subband",
    "variable_density",
]

Mask = NDArray[np.bool_]


@short_repr()
@dataclass(frozen=True)
class Share:
    """A part of the samples that was drawn from uniformly.

    Attributes:
        label: what it is called in a table.
        size: the samples that it has.
        count: those taken.
    """

    label: str
    size: int
    count: int

    @property
    def square(self) -> fmpq | None:
        """d² = size/count of the rows, None if there are none."""
        return fmpq(self.size, self.count) if self.count else None


@short_repr()
@dataclass(frozen=True)
class Pattern:
    """A mask, and how it was drawn.

    Attributes:
        transform: walsh or fourier.
        mask: bool, shape (n, ..., n), in sequency order or that of numpy.fft.
        shares: the parts, in order.
        seed: of the random numbers.
    """

    transform: Transform
    mask: Mask = field(repr=False)
    shares: tuple[Share, ...] = field(repr=False)
    seed: int

    @property
    def rate(self) -> fmpq:
        """The samples taken divided by all."""
        return fmpq(int(self.mask.sum()), self.mask.size)


def level_density(transform: Transform, sparsities: Sequence[int | fmpq], box: Sequence[int]) -> fmpq:
    """Return M_W(s, k) or M_F(s, k) of Theorem 4, to which the samples of the box B_k are proportional.

    M_W is s_|k| Π 2^(k_i - |k|), |k| = max k_i. M_F is Σ_j s_j 2^(-2 max(j - |k|, 0)) Π 2^-|k_i - j|, over all levels.

    >>> level_density("walsh", [4, 12, 48], (2, 3)), level_density("fourier", [4, 12, 48], (2, 2))
    (24, 16)
    """
    check_transform(transform)
    top = max(box)
    if transform == "walsh":
        return fmpq(sparsities[top - 1]) / (1 << sum(top - k for k in box))
    total = fmpq(0)
    for level, s in enumerate(sparsities, start=1):
        total += fmpq(s) / (1 << sum(abs(k - level) for k in box) + 2 * max(level - top, 0))
    return total


def default_sparsities(*, dimension: int, bits: int, dense: int) -> tuple[int, ...]:
    """Return sparsities for a pattern: dense levels whole, and of each other a tenth of the last dense one."""
    ends = [1 << dimension * level for level in range(1, bits + 1)]
    sizes = [ends[0], *(end - start for start, end in pairwise(ends))]
    fine = max(1, sizes[max(dense, 1) - 1] // 10)
    return tuple(size if level <= dense else fine for level, size in enumerate(sizes, start=1))


def multilevel(
    *,
    transform: Transform,
    dimension: int,
    bits: int,
    rate: fmpq,
    dense: int,
    sparsities: Sequence[int] | None = None,
    seed: int,
) -> Pattern:
    """Draw the multilevel random pattern of Theorem 4: in each box B_k uniformly, and independently of other boxes.

    Boxes with |k| <= dense are taken whole; of any other min(|B_k|, ⌈c·M(s, k)⌉) samples, with the largest c for which
    no more than the integer nearest to rate·N are taken in all.

    Args:
        transform: walsh or fourier.
        dimension: d.
        bits: n = 2^bits.
        rate: of all samples.
        dense: j_0, the number of levels taken whole.
        sparsities: s_1, ..., s_bits; see `default_sparsities`.
        seed: a number >= 0.

    Raises:
        UsageError: if the dense levels alone are more than rate·N, or something is out of range.

    >>> pattern = multilevel(transform="walsh", dimension=2, bits=4, rate=fmpq(1, 2), dense=2, seed=1)
    >>> int(pattern.mask.sum())
    126
    """
    bands = Bands(transform=transform, dimension=dimension, bits=bits)
    _check_dense(dense, bits)
    chosen = default_sparsities(dimension=dimension, bits=bits, dense=dense) if sparsities is None else sparsities
    if len(chosen) != bits or min(chosen) < 1:
        raise UsageError(f"{bits} sparsities >= 1 are needed, one a level, not {', '.join(map(str, chosen))}")
    samples = _samples(rate, 1 << dimension * bits)
    densities = [level_density(transform, chosen, box) for box in bands.boxes]
    whole = [max(box) <= dense for box in bands.boxes]
    counts = _largest_counts(bands.sizes, densities, whole, samples)
    rng = _generator(seed)
    mask = np.zeros(bands.shape, dtype=bool)
    for number, count in enumerate(counts):
        mask[np.ix_(*bands.box(number))] = _uniform(rng, bands.sizes[number], count).reshape(
            [1 << max(k - 1, 1) for k in bands.boxes[number]]
        )
    shares = map(Share, map(bands.label, range(bands.count)), bands.sizes, counts)
    return Pattern(transform, mask, tuple(shares), seed)


def per_subband(*, dimension: int, bits: int, rates: Sequence[fmpq], seed: int) -> Pattern:
    """Draw Walsh samples of each subband uniformly, at one rate a level: the pattern for certificates.

    A subband of N_b coefficients gets the integer nearest to rate·N_b, and at least one.

    Args:
        dimension: d.
        bits: n = 2^bits.
        rates: of the levels 1, ..., bits; a rate of 1 takes the level whole.
        seed: a number >= 0.

    Raises:
        UsageError: if a rate is not in (0, 1], or there are not `bits` of them.

    >>> pattern = per_subband(dimension=2, bits=2, rates=[fmpq(1), fmpq(1, 2)], seed=1)
    >>> [share.count for share in pattern.shares]
    [1, 1, 1, 1, 2, 2, 2]
    """
    bands = Subbands(dimension=dimension, bits=bits)
    _check_rates(rates, bits)
    rng = _generator(seed)
    taken = (_uniform(rng, size, _nearest(rates[bands.scale(band)], size)) for band, size in enumerate(bands.sizes))
    return _in_subbands(bands, taken, seed)


def partial_spreads(*, dimension: int, bits: int, rates: Sequence[fmpq], seed: int) -> Pattern:
    """Take lines of GF(q)² in each subband with q² coefficients: what can be certified of them is known exactly.

    Of a subband whose number of coefficients is no square (scale j with j·d odd) samples are drawn as `per_subband`
    does, and so of one at the rate 1. Which lines are taken is random; their number is nearest to the rate.

    Args:
        dimension: d.
        bits: n = 2^bits.
        rates: of the levels 1, ..., bits.
        seed: a number >= 0.

    Raises:
        UsageError: if a rate is not in (0, 1], or there are not `bits` of them.

    >>> pattern = partial_spreads(dimension=2, bits=4, rates=[fmpq(1), fmpq(1), fmpq(1), fmpq(1, 2)], seed=1)
    >>> [share.count for share in pattern.shares[-3:]]
    [35, 35, 35]
    """
    bands = Subbands(dimension=dimension, bits=bits)
    _check_rates(rates, bits)
    rng = _generator(seed)

    def taken(band: int) -> Mask:
        size, rate = bands.sizes[band], rates[bands.scale(band)]
        half, odd = divmod(bands.scale(band) * dimension, 2)
        if odd or not half or rate == 1:
            return _uniform(rng, size, _nearest(rate, size))
        found = np.zeros(size, dtype=bool)
        for number in rng.choice((1 << half) + 1, lines_of_rate(half, _nearest(rate, size)), replace=False):
            found[line(half, int(number))] = True
        return found

    return _in_subbands(bands, map(taken, range(bands.count)), seed)


def half_half(
    *, transform: Transform, dimension: int, bits: int, rate: fmpq, dense: int | None = None, seed: int
) -> Pattern:
    """Take all low samples, and others uniformly.

    Low are the frequencies with all |a_i| <= B, or sequencies below B. With `dense` B is that of this many levels,
    2^(dense-1) resp. 2^dense; without, low samples are the largest cube that has at most half of all.

    Args:
        transform: walsh or fourier.
        dimension: d.
        bits: n = 2^bits.
        rate: of all samples.
        dense: a number of levels, or None.
        seed: a number >= 0.

    Raises:
        UsageError: if the low samples alone are more than rate·N, or something is out of range.
    """
    return variable_density(
        transform=transform, dimension=dimension, bits=bits, rate=rate, dense=dense, power=0.0, seed=seed
    )


def variable_density(
    *,
    transform: Transform,
    dimension: int,
    bits: int,
    rate: fmpq,
    dense: int | None = None,
    power: float = 1.0,
    seed: int,
) -> Pattern:
    """Take all low samples as `half_half` does, and others one after another with probabilities ∝ |a|^-power.

    |a| is the largest |a_i| of a frequency, and 1 for frequency 0, or the largest sequency plus one.

    Raises:
        UsageError: if the low samples alone are more than rate·N, the power is negative or not finite, or something is
            out of range.
    """
    check_transform(transform)
    bands = Subbands(dimension=dimension, bits=bits)
    if not (math.isfinite(power) and power >= 0):
        raise UsageError(f"the power of the density must be a finite number >= 0, not {power}")
    samples = _samples(rate, bands.columns)
    modulus = _largest_index(transform, bands)
    low = modulus < _low_limit(transform, bands, samples, dense)
    left = samples - int(low.sum())
    if left < 0:
        raise UsageError(
            f"the low samples are {int(low.sum())}, and the rate allows {samples}; raise it, or take fewer dense levels"
        )
    outside = np.flatnonzero(~low)
    rng = _generator(seed)
    mask = low.copy()
    if power:
        distance = modulus.reshape(-1)[outside]
        distance = distance + 1 if transform == "walsh" else np.maximum(distance, 1)
        keys = rng.gumbel(size=len(outside)) - power * np.log(distance)  # the largest are a draw one after another
        chosen = np.argpartition(keys, len(keys) - left)[len(keys) - left :] if left < len(keys) else slice(None)
    else:
        chosen = rng.choice(len(outside), left, replace=False)
    mask.reshape(-1)[outside[chosen]] = True
    shares = (Share("low samples", int(low.sum()), int(low.sum())), Share("others", len(outside), left))
    return Pattern(transform, mask, tuple(share for share in shares if share.size), seed)


def _largest_index(transform: Transform, bands: Subbands) -> NDArray[np.int64]:
    """The largest |a_i| of each sample, resp. sequency."""
    n = 1 << bands.bits
    axis = np.arange(n)
    if transform == "fourier":
        axis = np.minimum(axis, n - axis)
    total = np.zeros((1,) * bands.dimension, dtype=np.int64)
    for number in range(bands.dimension):
        shape = [1] * bands.dimension
        shape[number] = n
        total = np.maximum(total, axis.reshape(shape))
    return total


def _low_limit(transform: Transform, bands: Subbands, samples: int, dense: int | None) -> int:
    """Return the limit that the largest index of low samples stays below."""
    n = 1 << bands.bits
    if dense is not None:
        _check_dense(dense, bands.bits)
        if not dense:
            return 0
        return (1 << dense) if transform == "walsh" else (1 << dense - 1) + 1
    sides = range(n + 1) if transform == "walsh" else (0, *range(1, n, 2))
    side = max(side for side in sides if 2 * side**bands.dimension <= samples or not side)
    return side if transform == "walsh" else (side + 1) // 2


def _largest_counts(sizes: Sequence[int], densities: Sequence[fmpq], whole: Sequence[bool], samples: int) -> list[int]:
    """Return ⌈c·M⌉, at most the size, with c so large that the sum is at most `samples`, to a part in 2^40."""

    def counts(c: fmpq) -> list[int]:
        found = ((c * density).ceil() for density in densities)
        return [size if full else min(size, int(count)) for size, full, count in zip(sizes, whole, found, strict=True)]

    least = counts(fmpq(0))
    if sum(least) > samples:
        raise UsageError(f"the dense levels have {sum(least)} samples, and the rate allows {samples}; raise it")
    low, high = fmpq(0), max(fmpq(size) / density for size, density in zip(sizes, densities, strict=True))
    if sum(counts(high)) <= samples:
        return counts(high)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(counts(middle)) <= samples else (low, middle)
    return counts(low)


def _in_subbands(bands: Subbands, taken: Iterable[Mask], seed: int) -> Pattern:
    mask = np.zeros(bands.shape, dtype=bool)
    shares = []
    for band, rows in enumerate(taken):
        bands.put(rows, mask, band)
        shares.append(Share(bands.label(band), bands.sizes[band], int(rows.sum())))
    return Pattern("walsh", mask, tuple(shares), seed)


def _uniform(rng: np.random.Generator, size: int, count: int) -> Mask:
    found = np.zeros(size, dtype=bool)
    found[slice(None) if count == size else rng.choice(size, count, replace=False)] = True
    return found


def _nearest(rate: fmpq, size: int) -> int:
    return max(1, int((rate * size + fmpq(1, 2)).floor()))


def _samples(rate: fmpq, total: int) -> int:
    if not 0 < rate <= 1:
        raise UsageError(f"a rate is more than 0 and at most 1, not {rate}")
    return _nearest(rate, total)


def _check_rates(rates: Sequence[fmpq], bits: int) -> None:
    if len(rates) != bits:
        raise UsageError(f"{bits} rates are needed, one a level, not {len(rates)}")
    for rate in rates:
        _samples(rate, 1)


def _check_dense(dense: int, bits: int) -> None:
    if not 0 <= dense <= bits:
        raise UsageError(f"the number of dense levels must be 0 to {bits}, not {dense}")


def _generator(seed: int) -> np.random.Generator:
    if seed < 0:
        raise UsageError(f"a seed must be a number >= 0, not {seed}")
    return np.random.default_rng(seed)

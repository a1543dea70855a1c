"""What is proved of the mask that you drew: weights, and the largest sparsities that they certify."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from flint import fmpq

from exact_base.decimals import above, below
from exact_base.errors import NotCertifiedError, UsageError
from exact_base.rationals import Readable, exact_number
from exact_base.reprs import short_repr
from firenet_exact.imaging.limits import SubbandLimit, subband_limit
from firenet_exact.imaging.mask_files import as_mask
from firenet_exact.imaging.property import (
    LevelBounds,
    Mask,
    SubbandBounds,
    WalshInverse,
    WalshProperty,
    subband_bounds,
    walsh_inverse,
    walsh_property,
)
from firenet_exact.imaging.subbands import Subbands
from firenet_exact.imaging.weights import BITS, Weights, optimise, rounded_weights, uniform
from firenet_exact.levels import optimal_weights
from firenet_exact.running import Progress

__all__ = [
    "TARGETS",
    "Found",
    "MaskEvent",
    "MaskVerdict",
    "Target",
    "certify_mask",
    "judged",
    "largest_property",
    "recoverable",
    "search_mask",
    "weights_for",
]

_HALF = fmpq(1, 2)
_WEIGHT_BITS = 40
_PENALTIES = (0.01, 0.02, 0.04)
_SLIGHT = (0.003, 0.01)
"""Also μ may profit: shorter weights are rounded to smaller units."""


@short_repr()
@dataclass(frozen=True, eq=False)
class Found:
    """What is proved of a mask so far.

    Attributes:
        inverse: the left inverses.
        limits: of some subbands, by number, what no left inverse exceeds.
    """

    inverse: WalshInverse
    limits: dict[int, SubbandLimit] = field(repr=False)


MaskEvent: TypeAlias = Progress | Found
Target: TypeAlias = Literal["theorem4", "recovery"]
TARGETS: tuple[Target, ...] = ("theorem4", "recovery")
_MOST: dict[Target, tuple[fmpq, int]] = {"theorem4": (_HALF, 2), "recovery": (fmpq(1023, 1024), 2**40)}


@short_repr()
@dataclass(frozen=True)
class Aim:
    """A target of ρ and γ, with weights √(s/s_l).

    Attributes:
        count: the number of levels.
        rho: the most that ρ may be.
        gamma2: the most that γ² may be.

    >>> from firenet_exact.imaging.choose import Aim
    >>> Aim.of(3).rho, Aim.of(3).gamma2
    (1/2, 2)
    """

    count: int
    rho: fmpq
    gamma2: fmpq

    @staticmethod
    def of(count: int, *, rho: Readable = _HALF, gamma2: Readable = 2) -> Aim:
        """Return the target; Theorem 4 of the paper has ρ = 1/2 and γ = √2.

        Raises:
            UsageError: unless 0 < ρ < 1 and γ > 0.
        """
        most, most2 = exact_number(rho), exact_number(gamma2)
        if not (0 < most < 1 and most2 > 0):
            raise UsageError(f"0 < ρ < 1 and γ² > 0 are needed, not ρ = {most} and γ² = {most2}")
        return Aim(count, most, most2)

    def holds(self, bounds: SubbandBounds | LevelBounds, s: int) -> bool:
        """Whether a subband or a level does not exceed the target with sparsity s."""
        theta = s * bounds.mu
        rest2 = (1 - theta) * (1 - theta)
        most2 = self.rho * self.rho * rest2
        return bool(theta < 1 and self.count * theta * theta <= most2 and bounds.spectral2(s) <= self.gamma2 * rest2)

    def largest(self, bounds: SubbandBounds | LevelBounds) -> int:
        """Return the largest s less than the size for which it holds, by bisection; 0 if there is none."""
        low, high = 0, bounds.size
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.holds(bounds, middle) else (low, middle)
        return low

    def worth(self, bounds: SubbandBounds) -> tuple[int, fmpq]:
        """Return what is larger for better weights: the sparsity, and then less μ."""
        return self.largest(bounds), -bounds.mu


@short_repr()
@dataclass(frozen=True, eq=False)
class MaskVerdict:
    """What is known of a mask at the end.

    Attributes:
        found: the left inverses, and their limits.
        subband_ends: the levels in subbands.
        target: what was asked for.
        proved: the property with ρ and γ up to those asked for, or None.
        reason: why there is none, or "".
        recoverable: of each level the largest s with θ < 1/2, with which vectors are recovered; its size if it is
            dense; 0 if there is none.
        limits: of each level what no left inverse exceeds in place of `recoverable`; None where that is not known.
        seconds: how long it took.
    """

    found: Found
    subband_ends: tuple[int, ...]
    target: Target
    proved: WalshProperty | None
    reason: str
    recoverable: tuple[int, ...]
    limits: tuple[int | None, ...]
    seconds: float

    @property
    def word(self) -> str:
        """The verdict in a word: a failure refutes nothing."""
        reached = self.proved is not None if self.target == "theorem4" else min(self.recoverable) > 0
        return "certified" if reached else "undecided"


def search_mask(
    subbands: Subbands,
    mask: Mask,
    *,
    scales: Sequence[Readable] | None = None,
    bits: int = BITS,
    seconds: float | None = None,
    aim: Aim | None = None,
) -> Iterator[MaskEvent]:
    """Yield what is proved of a mask, each time better than before; uniform weights come first.

    Whoever stops to read, or is interrupted, has what was proved until then.

    Args:
        subbands: the subbands.
        mask: which samples are taken, in sequency order, shape (n, ..., n).
        scales: the square of the factor of the rows of each subband; N_b/m_b if not given.
        bits: of the weights.
        seconds: wall-clock time for the weights; None for no limit.
        aim: what the weights should be good for: a target of ρ and γ; the most sparsity with θ < 1/2 if None.

    Raises:
        UsageError: if these do not fit together.
        DataError: if the mask is none of this shape, or has no sample.
        NotCertifiedError: if a subband has no sample.
    """
    deadline = None if seconds is None else time.monotonic() + seconds
    mask = as_mask(mask, shape=subbands.shape)
    rows = [subbands.rows(mask, band) for band in range(subbands.count)]
    weights = [
        None if part.all() or not part.any() else rounded_weights(uniform(part).values, bits=bits) for part in rows
    ]
    found = Found(walsh_inverse(subbands, mask, weights, scales=scales), {})
    yield found
    undersampled = [band for band, whole in enumerate(weights) if whole is not None]
    rest = sum(subbands.sizes[band] for band in undersampled)
    for number, band in enumerate(undersampled):
        part = subbands.rows(mask, band)
        now = time.monotonic()
        share = None if deadline is None else now + (deadline - now) * subbands.sizes[band] / rest
        kept: list[Weights] = []
        for weights_now in optimise(part, penalties=_PENALTIES if aim else _SLIGHT, deadline=share):
            kept = [*kept[-len(_PENALTIES) :], weights_now]
            s, most = weights_now.sparsity, weights_now.limit
            yield Progress(f"weights of {subbands.label(band)}: s = {s} of {most}", number, len(undersampled))
        for candidate in kept:
            found = _with(found, band, candidate, bits, aim)
        yield found
        rest -= subbands.sizes[band]


def weights_for(
    rows: Mask, aim: Aim, *, sparsity: int | None = None, bits: int = BITS, deadline: float | None = None
) -> Iterator[Weights]:
    """Yield weights of a subband with D = √(N_b/m_b), of which the last ones are the best for a target.

    Args:
        rows: which rows are sampled, in natural order, shape (N_b,).
        aim: the target.
        sparsity: what is enough: it ends with the first weights that reach it; None: as large as can be.
        bits: to which they will be rounded.
        deadline: the time of `time.monotonic` at which to stop; None for none.

    Raises:
        UsageError: if no row is sampled.

    >>> import numpy as np
    >>> from firenet_exact.imaging.choose import Aim, weights_for
    >>> rows = np.random.default_rng(0).random(1024) < 0.75
    >>> *_, best = weights_for(rows, Aim.of(6))
    >>> best.values.shape == (rows.sum(),)
    True
    """
    best: tuple[tuple[int, fmpq], Weights] | None = None
    for found in optimise(rows, penalties=_PENALTIES, deadline=deadline):
        yield found
        if found.peak == 0:
            return
        scale = fmpq(rows.size, int(rows.sum()))
        bounds = subband_bounds(rows, rounded_weights(found.values, bits=bits), scale, "the subband")
        if sparsity is not None and aim.holds(bounds, sparsity):
            return
        worth = aim.worth(bounds)
        if best is None or worth > best[0]:
            best = worth, found
    if best is not None:
        yield best[1]


def _with(found: Found, band: int, candidate: Weights, bits: int, aim: Aim | None) -> Found:
    """Return what is known with the weights of a subband, if they are better, and their limit."""
    other, limits = found.inverse.with_weights(band, rounded_weights(candidate.values, bits=bits)), dict(found.limits)
    if candidate.kernel is not None:
        limits[band] = subband_limit(candidate.rows, candidate.kernel)
    known, new = found.inverse.bounds[band], other.bounds[band]
    better = new.mu < known.mu if aim is None else aim.worth(new) > aim.worth(known)
    return replace(found, inverse=other if better else found.inverse, limits=limits)


def recoverable(level: LevelBounds) -> int:
    """Return the largest s with θ = sμ < 1/2 in a level, its size if it is fully sampled."""
    if level.mu == 0:
        return level.size
    most = 1 / (2 * level.mu)
    return min(int(-(-most.p // most.q)) - 1, level.size - 1)


def largest_property(
    inverse: WalshInverse,
    ends: Sequence[int] | None = None,
    *,
    rho: Readable = _HALF,
    gamma2: Readable = 2,
) -> WalshProperty:
    """Return the property of the largest sparsities with ρ and γ up to a target, and the weights √(s/s_l) of the paper.

    The sparsity of a level does not depend on those of the others, but for the rounding of weights. Levels that are
    fully sampled are dense.

    Args:
        inverse: the left inverses.
        ends: the levels: how many subbands stand before the end of each; those of the paper if not given.
        rho: the most that ρ may be, at least 0 and less than 1.
        gamma2: the most that γ² may be.

    Raises:
        UsageError: if these do not fit together.
        NotCertifiedError: if not even one entry of a level is certified.
    """
    ends = inverse.subbands.paper_ends if ends is None else tuple(ends)
    levels, aim = inverse.levels(ends), Aim.of(len(ends), rho=rho, gamma2=gamma2)
    sparsities = []
    for number, level in enumerate(levels, 1):
        if level.full:
            if level.inverse_scale > aim.gamma2:
                raise NotCertifiedError(
                    f"level {number} is dense, with γ² = {above(level.inverse_scale)}; take less of D"
                )
            sparsities.append(level.size)
            continue
        found = aim.largest(level)
        if not found:
            theta, least = level.mu, level.spectral2(1)
            raise NotCertifiedError(
                f"level {number} is not certified even for one entry: θ >= {below(theta, digits=3)} and "
                f"‖h‖² >= {below(least, digits=3)} for s = 1; draw more of its samples"
            )
        sparsities.append(found)
    while True:
        proved = walsh_property(inverse, ends, sparsities, weights=optimal_weights(sparsities, bits=_WEIGHT_BITS)[0])
        if proved.rho <= aim.rho and proved.gamma * proved.gamma <= aim.gamma2:
            return proved
        # the rounding of weights and of ρ and γ needs a little room
        sparse = [index for index, level in enumerate(levels) if not level.full and sparsities[index] > 1]
        if not sparse:
            raise NotCertifiedError(f"ρ = {above(proved.rho)} and γ = {above(proved.gamma)} are more than the target")
        worst = max(sparse, key=lambda index: sparsities[index] * levels[index].mu)
        sparsities[worst] -= 1


def certify_mask(
    subbands: Subbands,
    mask: Mask,
    *,
    scales: Sequence[Readable] | None = None,
    ends: Sequence[int] | None = None,
    target: Target = "theorem4",
    rho: Readable | None = None,
    gamma2: Readable | None = None,
    bits: int = BITS,
    seconds: float | None = None,
    tell: Callable[[MaskEvent], None] | None = None,
) -> MaskVerdict:
    """Prove the null space property of a mask of Walsh samples and Haar wavelets, with sparsities as large as possible.

    Args:
        subbands: the subbands.
        mask: which samples are taken, in sequency order, shape (n, ..., n).
        scales: the square of the factor of the rows of each subband; N_b/m_b if not given.
        ends: the levels: how many subbands stand before the end of each; those of the paper if not given.
        target: `theorem4` for ρ and γ with the paper's weights, or `recovery` for as much sparsity with θ < 1/2 as
            there is, of which bounds of points are made.
        rho: the most that ρ may be; if not given 1/2, as in the paper's Theorem 4, and nearly 1 for `recovery`.
        gamma2: the most that γ² may be; if not given 2, as in the paper's Theorem 4, and a great deal for `recovery`.
        bits: of the weights.
        seconds: wall-clock time for the weights; None for no limit.
        tell: called with each event, when it happens.

    Raises:
        UsageError: if these do not fit together.
        DataError: if the mask is none of this shape, or has no sample.
        NotCertifiedError: if a subband has no sample.

    >>> import numpy as np
    >>> from firenet_exact import certify_mask
    >>> from firenet_exact.imaging.subbands import Subbands
    >>> mask = np.ones((64, 64), dtype=bool)
    >>> mask[32:, 32:] = np.random.default_rng(0).random((32, 32)) < 0.75
    >>> verdict = certify_mask(Subbands(dimension=2, bits=6), mask)
    >>> verdict.word, verdict.proved.levels.sparsities
    ('certified', (4, 12, 48, 192, 768, 6))
    """
    start = time.perf_counter()
    ends = subbands.paper_ends if ends is None else tuple(ends)
    if target not in TARGETS:
        raise UsageError(f"the target must be {' or '.join(TARGETS)}, not {target}")
    asked = _asked(target, len(ends), rho, gamma2)
    aim = asked if target == "theorem4" else None
    kept: list[Found] = []
    for event in search_mask(subbands, mask, scales=scales, bits=bits, seconds=seconds, aim=aim):
        if tell is not None:
            tell(event)
        if isinstance(event, Found):
            kept = [event]
    return judged(kept[-1], ends, target=target, rho=rho, gamma2=gamma2, seconds=time.perf_counter() - start)


def _asked(target: Target, count: int, rho: Readable | None, gamma2: Readable | None) -> Aim:
    most, most2 = _MOST[target]
    return Aim.of(count, rho=most if rho is None else rho, gamma2=most2 if gamma2 is None else gamma2)


def judged(
    found: Found,
    ends: Sequence[int],
    *,
    target: Target = "theorem4",
    rho: Readable | None = None,
    gamma2: Readable | None = None,
    seconds: float = 0.0,
) -> MaskVerdict:
    """Return the verdict on what was found until now; see `certify_mask`."""
    proved, reason, aim = None, "", _asked(target, len(ends), rho, gamma2)
    try:
        proved = largest_property(found.inverse, ends, rho=aim.rho, gamma2=aim.gamma2)
    except NotCertifiedError as error:
        reason = str(error)
    levels = found.inverse.levels(ends)
    limits: list[int | None] = []
    for a, b in zip((0, *ends[:-1]), ends, strict=True):
        known = [found.limits[band].sparsity for band in range(a, b) if band in found.limits]
        limits.append(min(known) if known else None)
    counts = tuple(map(recoverable, levels))
    return MaskVerdict(found, tuple(ends), target, proved, reason, counts, tuple(limits), seconds)

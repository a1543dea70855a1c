"""Weights of the sampled rows of a subband for which max|K| off 0 is small (docs/image-null-space.md).

The minimum of max_{t≠0}|K(t)| over all K whose Walsh transform is supported on the mask, with K(0) = 1, is a linear
program in N_b numbers. Douglas-Rachford splitting solves it with two transforms a step; its dual variable gives vectors
of the kernel, each of which bounds from below what any weights can reach. Nothing here is trusted: weights are rounded
to integers, and those are judged exactly.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from exact_base.errors import UsageError
from exact_base.reprs import short_repr
from firenet_exact.transforms.walsh import hadamard

__all__ = ["BITS", "Weights", "optimise", "rounded_weights", "uniform"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]

BITS = 8
"""So many bits for a weight make certificates small, and cost little (docs/benchmarks.md)."""
_LOOK = 25
_SHORT = 75
_RADIUS = 2.0
_RELAXATION = 1.8
_ROUNDS = 50
_CLOSE = 1e-6


@short_repr()
@dataclass(frozen=True, eq=False)
class Weights:
    """Weights of the sampled rows of a subband, in floating point.

    Attributes:
        rows: which of its N_b rows are sampled, in natural order, shape (N_b,).
        values: a weight for each of them, shape (m_b,), with sum 1.
        peak: max|K| off 0, which `values` attain.
        kernel: the transform of a vector v of the kernel, shape (N_b,), zero on the sampled rows; or None.
        length: ‖v‖_1/‖v‖_∞ of it: no weights have a peak below 1/(length - 1); infinite if there is no v.
        steps: how many were done.

    >>> import numpy as np
    >>> from firenet_exact.imaging.weights import uniform
    >>> uniform(np.array([True, True, False, True])).peak
    0.3333333333333333
    """

    rows: Mask = field(repr=False)
    values: Floats = field(repr=False)
    peak: float
    kernel: Floats | None = field(repr=False)
    length: float
    steps: int

    @property
    def sparsity(self) -> int:
        """The largest s with θ < 1/2, in floating point."""
        return _below(1 + 1 / self.peak) if self.peak > 0 else self.rows.size

    @property
    def limit(self) -> int:
        """What no weights exceed, in floating point."""
        return min(_below(self.length), self.rows.size) if np.isfinite(self.length) else self.rows.size


def _below(double: float) -> int:
    """The largest integer less than half of a number."""
    return max(int(np.ceil(double / 2)) - 1, 0)


def uniform(rows: Mask) -> Weights:
    """Return equal weights of the sampled rows of a subband, shape (N_b,).

    Raises:
        UsageError: if no row is sampled.
    """
    rows = np.asarray(rows, dtype=bool)
    count = int(rows.sum())
    if not count:
        raise UsageError("a subband has no sample, and then nothing is known of it; draw at least one of its rows")
    peak = float(np.abs(hadamard(rows / count)[1:]).max(initial=0.0))
    return Weights(rows, np.full(count, 1 / count), 0.0 if count == rows.size else peak, None, np.inf, 0)


def optimise(
    rows: Mask, *, penalties: Sequence[float] = (), steps: int = 1000, deadline: float | None = None
) -> Iterator[Weights]:
    """Yield better and better weights for the sampled rows of a subband, shape (N_b,), the uniform ones first.

    It ends where the limit of all weights shows that no larger sparsity is to be had, or after some steps. Then follow,
    if asked for, weights that are a little worse and shorter, as bounds of ‖H‖ need them.

    Args:
        rows: which rows are sampled, in natural order.
        penalties: how much shorter: multiples of ‖K‖²/2 in the objective, increasing; one `Weights` follows for each.
        steps: how many at most without a penalty, of two transforms each.
        deadline: the time of `time.monotonic` at which to stop; None for none.

    Raises:
        UsageError: if no row is sampled.

    >>> import numpy as np
    >>> from firenet_exact.imaging.weights import optimise
    >>> rows = np.random.default_rng(0).random(256) < 0.5
    >>> *_, best = optimise(rows)
    >>> best.peak < next(optimise(rows)).peak
    True
    """
    first = best = uniform(rows)
    yield best
    if best.peak == 0 or best.rows.sum() < 2:
        return
    splitting = _Splitting(best)
    for step in range(1, steps + 1):
        last = step == steps or _over(deadline)
        looks = step % _LOOK == 0 or last
        fitting, excess = splitting.step(0.0)
        if looks:
            best = _with_kernel(_with_weights(best, fitting, step), splitting.kernel(excess))
            yield best
            if last or best.sparsity >= best.limit:
                break
    for penalty in penalties:
        for _ in range(_SHORT):
            if _over(deadline):
                return
            fitting, _ = splitting.step(penalty)
        yield replace(_with_weights(first, fitting, best.steps), kernel=best.kernel, length=best.length)


def _over(deadline: float | None) -> bool:
    return deadline is not None and time.monotonic() >= deadline


class _Splitting:
    """The state of Douglas-Rachford splitting, in float32, from the K of uniform weights on."""

    def __init__(self, start: Weights) -> None:
        self._size, self._count = start.rows.size, int(start.rows.sum())
        self._mask = start.rows.astype(np.float32) / np.float32(self._size)
        unit = np.zeros(self._size, dtype=np.float32)
        unit[0] = 1
        self._uniform = self._projected(unit) * np.float32(self._size / self._count)
        self._radius, self._threshold = _RADIUS * start.peak * float(np.sqrt(self._size)), 0.0
        self._point = self._uniform.copy()

    def step(self, penalty: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Do a step; return a K of weights, with K(0) = 1, and the dual variable."""
        moduli = np.abs(self._point)
        moduli[0] = 0
        self._threshold = _threshold(moduli, self._radius, self._threshold)
        near = np.clip(self._point, -self._threshold, self._threshold)  # the proximal point of max|K| off 0
        near[0] = self._point[0]
        fitting = self._projected(2 * near - self._point)
        fitting /= np.float32(1 + penalty)
        fitting += (1 - fitting[0]) * self._uniform
        excess = self._point - near
        self._point += np.float32(_RELAXATION) * (fitting - near)
        return fitting, excess

    def kernel(self, excess: NDArray[np.float32]) -> Floats:
        """Return the transform, zero on the mask, of the vector of the kernel that a dual variable gives."""
        dual = excess.astype(np.float64)
        dual[0] = 0
        transform: Floats = hadamard(dual, copy=False)
        # the entry at 0 for which the projection onto the rows of the mask vanishes there
        transform -= transform[self._mask > 0].sum() / self._count
        transform[self._mask > 0] = 0
        return transform

    def _projected(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        transformed = hadamard(values)
        transformed *= self._mask
        return hadamard(transformed, copy=False)


def rounded_weights(values: Floats, *, bits: int = BITS) -> Integers:
    """Return integers nearly proportional to weights, shape (m_b,), whose greatest difference has that many bits.

    Raises:
        UsageError: unless the number of bits is 2 to 20, and the weights have a positive sum.
    """
    if not 2 <= bits <= 20:
        raise UsageError(f"weights are rounded to 2 to 20 bits, not {bits}")
    low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
    whole: Integers = np.rint(values * ((2**bits - 2) / (high - low) if high > low else 0)).astype(np.int64)
    if not whole.sum() > 0:
        raise UsageError("weights must have a positive sum")
    reduced: Integers = whole // np.gcd.reduce(whole)
    return reduced


def _threshold(moduli: NDArray[np.float32], radius: float, guess: float) -> float:
    """Return the threshold of the projection of numbers with these moduli onto the l1 ball, by Newton's method."""
    for _ in range(_ROUNDS):
        above = moduli[moduli > guess]
        if not above.size:
            guess = 0.0
            continue
        found = max((float(above.sum(dtype=np.float64)) - radius) / above.size, 0.0)
        if abs(found - guess) <= _CLOSE * found or found == guess:
            return found
        guess = found
    return guess


def _with_weights(best: Weights, found: NDArray[np.float32], step: int) -> Weights:
    """Return the weights whose K was found, if they are better than what is known."""
    values: Floats = hadamard(found.astype(np.float64))[best.rows]
    total = float(values.sum())
    if total > 0:
        values /= total
        spread = np.zeros(best.rows.size)
        spread[best.rows] = values
        peak = float(np.abs(hadamard(spread, copy=False)[1:]).max())
        if peak < best.peak:
            best = replace(best, values=values, peak=peak)
    return replace(best, steps=step)


def _with_kernel(best: Weights, transform: Floats) -> Weights:
    """Return what is known with a vector of the kernel, if it says more."""
    vector = np.abs(hadamard(transform))
    most = float(vector.max())
    length = float(vector.sum()) / most if most > 0 else np.inf
    return replace(best, kernel=transform, length=length) if length < best.length else best

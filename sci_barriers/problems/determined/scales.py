"""The largest scales of a precision at which something is still proved."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from exact_base.rationals import float_exactly, power_of_two
from sci_barriers.problems.determined.balls import nearest_float
from sci_barriers.problems.determined.facts import Facts
from sci_barriers.problems.determined.theorems import (
    distance_at,
    is_out,
    near_at,
    quantities,
    supported,
    theorem_holds,
)

__all__ = ["CAP", "feature_scales", "largest", "longest_of"]

_HIGHEST, _LOWEST = 64, -4096
CAP = power_of_two(_HIGHEST)
"""No scale is larger."""

_STEPS = 40
_INSIDE = 1 - power_of_two(-24)  # so that who rounds a little otherwise finds the same there
_SHRINK = (power_of_two(-24), power_of_two(-21))


def largest(holds: Callable[[fmpq], bool], *, most: fmpq = CAP) -> fmpq:
    """Return nearly the largest scale at which a condition holds that holds at all smaller ones, from below.

    At most `most` <= 2^64; 0 if it does not hold at 2^-4096.

    >>> from flint import fmpq
    >>> from sci_barriers.problems.determined.scales import largest
    >>> found = largest(lambda scale: scale <= 3)
    >>> fmpq(2999, 1000) < found <= 3
    True
    """
    if most > 0 and holds(most):
        return most
    low, high = _LOWEST, _HIGHEST
    if power_of_two(low) >= most or not holds(power_of_two(low)):
        return fmpq(0)
    while high - low > 1:
        middle = (low + high) // 2
        if power_of_two(middle) < most and holds(power_of_two(middle)):
            low = middle
        else:
            high = middle
    lower, upper = power_of_two(low), min(most, power_of_two(high))
    for _ in range(_STEPS):
        between = (lower + upper) / 2
        lower, upper = (between, upper) if holds(between) else (lower, between)
    return lower * _INSIDE


def longest_of(facts: Facts) -> fmpq:
    """Return the largest scale at which the theorem on the support holds."""

    def holds(scale: fmpq) -> bool:
        at = quantities(facts, scale)
        return at is not None and supported(facts, at)

    return largest(holds)


def feature_scales(facts: Facts) -> tuple[fmpq, ...]:
    """Return for each feature the largest scale at which it is proved in, or out; J is the support."""
    found = [fmpq(0)] * facts.view.features
    supported_to = longest_of(facts)
    pinned = facts.view.pinned
    for j, size, spread in zip(facts.places, facts.sizes, facts.spreads, strict=True):
        if supported_to > 0:
            found[j] = supported_to if j in pinned else _near_to(facts, size, spread, supported_to)
    for j in facts.outside:
        found[j] = supported_to

    def distance_holds(scale: fmpq) -> bool:
        at = quantities(facts, scale)
        return at is not None and theorem_holds(facts, at)

    last = largest(distance_holds)
    if last > supported_to:
        for j, scale in (_in_scales(facts, last) | _out_scales(facts, last)).items():
            found[j] = max(found[j], scale)
    return tuple(found)


def _near_to(facts: Facts, size: fmpq, spread: fmpq, most: fmpq) -> fmpq:
    """Return the largest scale at which a coefficient of J is not 0 where the theorem on the support holds."""

    def holds(scale: fmpq) -> bool:
        at = quantities(facts, scale)
        return at is not None and near_at(at) * spread < size

    return largest(holds, most=most)


def _verified(guess: float, most: fmpq, holds: Callable[[fmpq], bool]) -> fmpq:
    """Return a scale at which a condition holds, just below a guess, or, if that is no good, the largest."""
    if 0 < guess < float("inf"):
        for part in _SHRINK:
            scale = min(most, float_exactly(guess) * (1 - part))
            if holds(scale):
                return scale
    return largest(holds, most=most)


def _out_scales(facts: Facts, last: fmpq) -> dict[int, fmpq]:
    """Return for each column off J the largest scale at which it is out, at most the last one of the theorem."""
    at = quantities(facts, last)
    if at is None:
        return {}
    guesses = _out_guesses(facts, last)
    found: dict[int, fmpq] = {}
    for j, row, out, guess in zip(
        facts.outside, facts.table.rows, facts.table.positive(is_out(at)), guesses, strict=True
    ):

        def holds(scale: fmpq, row: tuple[fmpq, ...] = row) -> bool:
            here = quantities(facts, scale)
            return here is not None and sum((a * b for a, b in zip(row, is_out(here), strict=True)), fmpq(0)) > 0

        found[j] = last if out else _verified(guess, last, holds)
    return found


def _out_guesses(facts: Facts, last: fmpq) -> list[float]:
    """Return in floats where the columns off J cease to be out."""
    rows = [[nearest_float(a) for a in row] for row in facts.table.rows]
    margins, changes, norms, columns = np.array(rows).reshape(-1, 4).T
    beta, slope, defect, least, moved = (
        nearest_float(a) for a in (facts.beta, facts.slope, facts.defect, facts.least, facts.moved)
    )

    def bound(t: NDArray[np.float64]) -> NDArray[np.float64]:
        stretch = np.hypot(t * beta, (t * slope + defect) / (least - t * moved))
        found: NDArray[np.float64] = margins - 2 * t * changes - 2 * (norms + t * columns) * stretch
        return found

    return _roots(bound, nearest_float(last), len(rows))


def _roots(bound: Callable[[NDArray[np.float64]], NDArray[np.float64]], most: float, count: int) -> list[float]:
    """Return where decreasing functions are zero between 0 and `most`, by their signs."""
    low, high = np.zeros(count), np.full(count, most)
    with np.errstate(all="ignore"):
        for _ in range(1100):
            middle = np.where(low > 0, np.sqrt(low) * np.sqrt(high), high / 2**16)
            middle = np.where(high < 2 * low, (low + high) / 2, middle)
            holds = bound(middle) > 0
            low, high = np.where(holds, middle, low), np.where(holds, high, middle)
            if np.all(high - low <= 2**-48 * high):
                break
    found: list[float] = low.tolist()
    return found


def _in_scales(facts: Facts, last: fmpq) -> dict[int, fmpq]:
    """Return for each column of J the largest scale at which it is in, at most the last one of the theorem."""
    guesses = _in_guesses(facts, last)
    found: dict[int, fmpq] = {}
    for j, size, spread, guess in zip(facts.places, facts.sizes, facts.spreads, guesses, strict=True):
        if size <= 0:
            found[j] = fmpq(0)
            continue

        def holds(scale: fmpq, size: fmpq = size, spread: fmpq = spread) -> bool:
            distance = distance_at(facts, scale)
            return distance is not None and distance * spread < size

        found[j] = _verified(guess, last, holds)
    return found


def _in_guesses(facts: Facts, last: fmpq) -> list[float]:
    """Return in floats where the columns of J cease to be in."""
    rows = [[nearest_float(a) for a in row] for row in facts.table.rows]
    margins, changes, norms, columns = np.array(rows).reshape(-1, 4).T[:, :, None]
    beta, slope, defect, least, moved = (
        nearest_float(a) for a in (facts.beta, facts.slope, facts.defect, facts.least, facts.moved)
    )
    sizes = np.array([nearest_float(a) for a in facts.sizes])
    spreads = np.array([nearest_float(a) for a in facts.spreads])

    def bound(t: NDArray[np.float64]) -> NDArray[np.float64]:
        rest = (t * slope + defect) / (least - t * moved)
        whole = t * beta + rest
        lengths = norms + t * columns
        rooms = margins - 2 * t * changes
        left = rooms <= 2 * lengths * np.hypot(t * beta, rest)
        slack = np.min(np.where(left, rooms / lengths, np.inf), axis=0, initial=np.inf) - 2 * rest
        middle = whole / 2 + slack / 4
        distance = np.where(slack >= 2 * whole, whole, 2 * middle * middle / slack)
        return sizes - spreads * distance / (least - t * moved)

    return _roots(bound, nearest_float(last), len(sizes))

"""The relations that statements of kind claim-audit are about (docs/format.md, "kind claim-audit").

Each takes the instance, the points by name and the decoded fields, and returns whether it holds, of what, and what it
says of it; it raises Invalid where it is not defined.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Gaussian, Ratio, Real, Vector, ceiling, real_part, sign
from proofs_checks.checker.core.rules import Invalid
from proofs_checks.checker.parts.audited import Block, Dense
from proofs_checks.checker.parts.objectives import enclosed_objective
from proofs_checks.checker.parts.solution_set import SolutionSet

MINIMISER = "minimiser"
Fields = dict[str, Any]
Instance = Block | Dense | SolutionSet
Points = dict[str, Vector]
Relation = Callable[[Any, Points, Fields], tuple[bool, str, str]]

_SMALL = 1100  # entries of a below 2^-1100 have no nearest float64 here: with them, all work stays bounded


def named(name: str) -> str:
    """Return how a point is called in statements: no name can be taken for the minimiser."""
    return f"the {MINIMISER}" if name == MINIMISER else f"point {name}"


def _interval(fields: Fields, holds: bool) -> str:
    """Say between which bounds; where they are rounded, what is said is weaker, be it that they hold or that not."""
    low, high = (words.outward(fields[k].num, fields[k].den, up=(k == "high") == holds) for k in ("low", "high"))
    return f"between {low} and {high}" if fields["low"].num else f"at most {high}" if fields["high"].num else "0"


def _called(instance: Instance, name: str) -> str:
    """Return how a point is called, where the minimiser may be one of several: then it is that of the file."""
    return f"the {MINIMISER} x" if name == MINIMISER and isinstance(instance, SolutionSet) else named(name)


def _nearest(instance: Instance, points: Points, name: str) -> tuple[Vector, str]:
    """Return the minimiser nearest to a point, and how it is called."""
    called = "the nearest minimiser" if isinstance(instance, SolutionSet) else named(MINIMISER)
    return instance.nearest(name, points[name], points[MINIMISER]), called


def _root_between(square: Ratio, low: Ratio, high: Ratio) -> bool:
    """Return whether low <= √square <= high: through squares, and the signs of low and high."""
    zero = Ratio(0, 1)
    return (low <= zero or low * low <= square) and zero <= high and square <= high * high


def _distance(instance: Instance, points: Points, fields: Fields) -> tuple[bool, str, str]:
    name, to = fields["point"], fields["to"]
    other, called = _nearest(instance, points, name) if to == MINIMISER else (points[to], named(to))
    holds = _root_between(points[name].minus(other).norm2(), fields["low"], fields["high"])
    return holds, f"the distance from {named(name)} to {called}", _interval(fields, holds)


def _relative(instance: Instance, points: Points, fields: Fields) -> tuple[bool, str, str]:
    name, low, high = fields["point"], fields["low"], fields["high"]
    other, called = _nearest(instance, points, name)
    size2, distance2, zero = other.norm2(), points[name].minus(other).norm2(), Ratio(0, 1)
    if not size2.num:
        raise Invalid("zero", f"{called} is 0, and no distance is relative to it")
    holds = (low <= zero or low * low * size2 <= distance2) and zero <= high and distance2 <= high * high * size2
    subject = f"the distance from {named(name)} to {called}, divided by the norm of that minimiser,"
    return holds, subject, _interval(fields, holds)


def _objective(instance: Instance, points: Points, fields: Fields) -> tuple[bool, str, str]:
    point, weights, p = points[fields["point"]], instance.weights, instance.parameter
    low, high = fields["low"], fields["high"]
    if any(isinstance(x, Gaussian) for x in point.items):
        return _objective_enclosed(instance, points, fields)
    total: Real = 0
    for weight, entry in zip(weights.items, point.items, strict=True):
        x = real_part(entry)
        total = total + x * real_part(weight) * sign(x)
    length, residual2 = Ratio(total, point.den * weights.den), instance.residual2(point)
    subject = f"the objective at {_called(instance, fields['point'])}"
    if instance.name == "bpdn":
        _feasible(instance, residual2, subject)
        holds = low <= length and length <= high
    else:
        rest_low, rest_high = low + -(p * length), high + -(p * length)
        squared = rest_low <= residual2 and residual2 <= rest_high
        holds = squared if instance.name == "lasso" else _root_between(residual2, rest_low, rest_high)
    return holds, subject, _interval(fields, holds)


def _feasible(instance: Instance, residual2: Ratio, subject: str) -> None:
    if instance.name == "bpdn" and not residual2 <= instance.parameter * instance.parameter:
        raise Invalid("infeasible", f"{subject} does not exist, as |Ax - y|^2 = {words.ratio(residual2)} > p^2")


def _bits(fields: Fields) -> int:
    return 64 + int(fields["low"].den.bit_length()) + int(fields["high"].den.bit_length())


def _objective_enclosed(instance: Instance, points: Points, fields: Fields) -> tuple[bool, str, str]:
    """Decide through an enclosure, as the moduli are roots; raises Invalid where it decides nothing."""
    point, subject = points[fields["point"]], f"the objective at {_called(instance, fields['point'])}"
    _feasible(instance, instance.residual2(point), subject)
    below, above = enclosed_objective(instance, point, _bits(fields))
    holds = fields["low"] <= below and above <= fields["high"]
    if not holds and fields["low"] <= above and below <= fields["high"]:
        raise Invalid("rounding", f"{subject} is too near an end of the interval to be told from it")
    return holds, subject, _interval(fields, holds)


def _excess(instance: Instance, points: Points, fields: Fields) -> tuple[bool, str, str]:
    name, bits, zero = fields["point"], _bits(fields), Ratio(0, 1)
    at = f"the objective at {_called(instance, name)}"
    subject = f"{at} minus the minimum"
    _feasible(instance, instance.residual2(points[name]), at)
    (low, high), (least, most) = (enclosed_objective(instance, points[key], bits) for key in (name, MINIMISER))
    if not ((fields["low"] <= zero or fields["low"] <= low + -most) and high + -least <= fields["high"]):
        seen = f"{words.at_least(low + -most)} to {words.at_most(high + -least)}"
        raise Invalid("excess", f"{subject} is seen to be {seen} only")
    return True, subject, _interval(fields, True)


def _steps(instance: Instance, points: Points, fields: Fields) -> tuple[bool, str, str]:
    tau, sigma = fields["tau"], fields["sigma"]
    holds = instance.norm2_below(Ratio(tau.den * sigma.den, tau.num * sigma.num))
    subject = f"tau * sigma * |A|^2 with tau = {words.ratio(tau)}, sigma = {words.ratio(sigma)}"
    return holds, subject, "less than 1"


def _float64(instance: Block, points: Points, fields: Fields) -> tuple[bool, str, str]:
    row, i, j, steps = instance.row, fields["first"], fields["second"], fields["steps"]
    (m_i, e_i), (m_j, e_j) = (_nearest_float64(real_part(row.items[k - 1]), row.den) for k in (i, j))
    unit = min(e_i, e_j)
    found = (m_j << (e_j - unit)) - (m_i << (e_i - unit))
    if found != steps:
        raise Invalid("steps", f"the float64 nearest to entries {i} and {j} are {words.counted(found, 'unit')} apart")
    what = f"{words.counted(steps, 'unit')} in the last place above that nearest to entry {i}"
    return True, f"the float64 (exponents unlimited) nearest to entry {j} of the row a", what


def _nearest_float64(x: Real, den: int) -> tuple[int, int]:
    """Return (m, e), 2^52 <= m < 2^53, with m·2^e the float64 nearest to x/den > 0, ties to even, e unlimited."""
    below = -ceiling(-(x * (1 << _SMALL)), den)
    if below <= 0:
        raise Invalid("small", "an entry of a is too small")
    e = below.bit_length() - _SMALL - 53
    # twice the significand, rounded down; it is exact only if x/den is a midpoint or a float64
    num, scaled = x * (2 << max(-e, 0)), den << max(e, 0)
    twice = -ceiling(-num, scaled)
    tie = twice % 2 == 1 and sign(num + -(twice * scaled)) == 0
    m = twice // 2 + (twice // 2) % 2 if tie else (twice + 1) // 2
    # rounding up may reach the next power of two, whose unit is twice as large
    return (m, e) if m < 2**53 else (m // 2, e + 1)


RELATIONS: dict[str, tuple[tuple[str, ...], Relation]] = {
    "distance": (("high", "holds", "low", "point", "to"), _distance),
    "excess": (("high", "low", "point"), _excess),
    "objective": (("high", "holds", "low", "point"), _objective),
    "relative": (("high", "holds", "low", "point"), _relative),
    "steps": (("holds", "sigma", "tau"), _steps),
    "float64": (("first", "second", "steps"), _float64),
}
"""The fields of each type of statement, without `type`, and its relation."""

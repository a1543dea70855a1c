"""The types of claims, and how each is decided.

A claim is stated positively ("the output reaches 3 digits"), and the audit finds that it holds or that it does not.
Every finding is a set of *statements*, exact and checkable on their own, which go into the certificate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from flint import fmpq

from exact_base.decimals import about, above, below, root_about, root_above, root_below
from exact_base.errors import UsageError
from exact_base.fields import read_real, require_keys
from exact_base.rationals import power_of_ten, power_of_two
from exact_base.scalars import ExactArray, Real, as_rational, imaginary_part, norm2
from exact_base.words import counted
from sci_barriers.audit.float64 import float64_steps
from sci_barriers.audit.instances import BlockInstance, SetInstance, UnsolvedInstance
from sci_barriers.audit.numbers import (
    SHOWN,
    enclosed,
    measured,
    narrowed,
    shown_above,
    shown_below,
    stated_interval,
    stated_words,
    verdict_of,
)
from sci_barriers.audit.records import Audit, Finding, Statement

__all__ = ["check_claim", "find"]


@dataclass(frozen=True)
class _Type:
    required: tuple[str, ...]
    optional: tuple[str, ...]
    evaluate: Callable[[Audit, Mapping[str, Any]], Finding]
    of_minimiser: bool = False


def check_claim(claim: Any, points: Mapping[str, ExactArray]) -> None:
    """Look at the form of a claim before any work is done.

    Raises:
        UsageError, DataError: saying what is wrong with it.
    """
    kind = claim.get("type") if isinstance(claim, Mapping) else None
    if not isinstance(kind, str) or kind not in _TYPES:
        raise UsageError(f"unknown type of claim {kind!r:.60}; choose one of {', '.join(_TYPES)}")
    require_keys(claim, ("type", *_TYPES[kind].required), f"a claim of type {kind}", optional=_TYPES[kind].optional)
    for key in ("point", "to"):
        if key in claim and (not isinstance(claim[key], str) or claim[key] not in (*points, "minimiser")):
            raise UsageError(f"there is no point {claim[key]!r:.60}; the points are {', '.join(points)}")
    for key in ("digits", "first", "second"):
        if key in claim and (type(claim[key]) is not int or not -1000 <= claim[key] <= 1000):
            raise UsageError(f"{key} must be an integer from -1000 to 1000, got {claim[key]!r:.60}")
    for key in ("tau", "sigma"):
        if key in claim and not as_rational(read_real(claim[key])) > 0:
            raise UsageError(f"{key} must be positive, got {claim[key]!r:.60}")
    stated_interval(claim)


def find(subject: Audit, claim: Mapping[str, Any]) -> Finding:
    """Decide a claim; certified is only what a certificate can show of this instance.

    Raises:
        UsageError: if the claim is not about instances of this form.
        BudgetError: if a limit was reached.
    """
    kind = _TYPES[claim["type"]]
    if isinstance(subject.instance, UnsolvedInstance) and (claim["type"] != "excess" or claim["point"] == "minimiser"):
        return Finding(_called(claim), "undecided", "no minimiser is known", ())
    several = isinstance(subject.instance, SetInstance)
    if several and kind.of_minimiser and claim["point"] == "minimiser":
        return Finding(_called(claim), "undecided", "it is perhaps one of several: name it as a point", ())
    return kind.evaluate(subject, claim)


def _called(claim: Mapping[str, Any]) -> str:
    """A claim in words where there is nothing to say of it."""
    fields = (f"{key} = {value}" for key, value in claim.items() if key != "type")
    return f"{claim['type']}, {', '.join(fields)}"


def _within(name: str, radius: fmpq, holds: bool) -> Statement:
    """The statement that a point is, or is not, within a radius of the minimiser."""
    return Statement("distance", {"point": name, "to": "minimiser", "low": fmpq(0), "high": radius}, holds)


def _minimum_exceeded(subject: Audit, z: ExactArray) -> str:
    """By how much the objective of a point that is no minimiser exceeds the minimum, rounded down."""
    instance = subject.instance
    if not _feasible(subject, z):
        return "infeasible"
    what = "norm" if instance.problem == "bpdn" else "objective"
    low, _ = narrowed(partial(instance.excess_bounds, z))
    return f"its {what} exceeds the minimum by at least {shown_below(low)}"


def _feasible(subject: Audit, z: ExactArray) -> bool:
    return subject.instance.problem != "bpdn" or bool(subject.instance.residual2(z) <= subject.instance.parameter**2)


def _minimiser(subject: Audit, claim: Mapping[str, Any]) -> Finding:
    name = claim["point"]
    point = subject.points[name]
    holds = not subject.instance.distance2(point)
    computed = "" if holds else _minimum_exceeded(subject, point)
    return Finding(f"{name} is a minimiser", verdict_of(holds), computed, (_within(name, fmpq(0), holds),))


def _digits(subject: Audit, claim: Mapping[str, Any]) -> Finding:
    name, digits = claim["point"], claim["digits"]
    distance2 = subject.instance.distance2(subject.points[name])
    reaches = bool(distance2 <= power_of_ten(-2 * digits))
    wanted = claim["type"] == "reaches"
    statement = _within(name, power_of_ten(-digits), reaches)
    words = f"{name} {'reaches' if wanted else 'fails'} {counted(digits, 'digit')}"
    high, low = (f(distance2, digits=SHOWN) for f in (root_above, root_below))
    computed = f"distance at most {high}" if reaches else f"distance at least {low}"
    return Finding(words, verdict_of(reaches is wanted), computed, (statement,))


def _distance(subject: Audit, claim: Mapping[str, Any]) -> Finding:
    name, to = claim["point"], claim.get("to", "minimiser")
    other = None if to == "minimiser" else subject.points[to]
    distance2: Real = subject.instance.distance2(subject.points[name], other)

    def statement(low: fmpq, high: fmpq) -> Statement:
        holds = (low <= 0 or bool(low * low <= distance2)) and high >= 0 and bool(distance2 <= high * high)
        return Statement("distance", {"point": name, "to": to, "low": low, "high": high}, holds)

    what = f"the distance from {name} to {subject.instance.nearest_called if to == 'minimiser' else to}"
    low, high, value = (f(distance2, digits=SHOWN) for f in (root_below, root_above, root_about))
    return measured(claim, what=what, statement=statement, low=low, high=high, value=value)


def _relative(subject: Audit, claim: Mapping[str, Any]) -> Finding:
    name, instance = claim["point"], subject.instance
    point = subject.points[name]
    size2, distance2 = norm2(instance.nearest(point)), instance.distance2(point)
    what = f"the relative distance from {name} to {instance.nearest_called}"
    if size2 == 0:
        stated = "" if stated_interval(claim) is None else f" is {stated_words(claim)}"
        return Finding(what + stated, "undecided", f"{instance.nearest_called} is 0: nothing is relative to it", ())

    def statement(low: fmpq, high: fmpq) -> Statement:
        above = low <= 0 or bool(low * low * size2 <= distance2)
        holds = above and high >= 0 and bool(distance2 <= high * high * size2)
        return Statement("relative", {"point": name, "low": low, "high": high}, holds)

    low, high, value = (f(distance2 / size2, digits=SHOWN) for f in (root_below, root_above, root_about))
    return measured(claim, what=what, statement=statement, low=low, high=high, value=value)


def _objective(subject: Audit, claim: Mapping[str, Any]) -> Finding:
    name, instance = claim["point"], subject.instance
    point = subject.points[name]
    what = f"the objective at {name}"
    if not _feasible(subject, point):
        return Finding(what, "undecided", f"{name} is infeasible and has no objective", ())
    if any(imaginary_part(entry) != 0 for entry in point):
        return enclosed(claim, what=what, kind="objective", bounds=partial(instance.objective_bounds, point))

    def statement(low: fmpq, high: fmpq) -> Statement:
        holds = bool(instance.objective_is(point, low=low, high=high))
        return Statement("objective", {"point": name, "low": low, "high": high}, holds)

    low, high, value = (f(lambda: instance.objective_ball(point), digits=SHOWN) for f in (below, above, about))
    return measured(claim, what=what, statement=statement, low=low, high=high, value=value)


def _excess(subject: Audit, claim: Mapping[str, Any]) -> Finding:
    name, instance = claim["point"], subject.instance
    point = subject.points[name]
    what = f"the objective at {name} minus the minimum"
    if not _feasible(subject, point):
        return Finding(what, "undecided", f"{name} is infeasible and has no objective", ())
    if isinstance(instance, UnsolvedInstance):
        return _gap(subject, claim, instance, what=what)
    return enclosed(claim, what=what, kind="excess", bounds=partial(instance.excess_bounds, point))


def _gap(subject: Audit, claim: Mapping[str, Any], instance: UnsolvedInstance, *, what: str) -> Finding:
    """An upper bound by weak duality, which certifies or decides nothing."""
    stated = stated_interval(claim)
    others = [z for key, z in subject.points.items() if key != claim["point"]]
    found = instance.best_gap(subject.points[claim["point"]], others, wanted=None if stated is None else stated[1])
    computed = f"at most {shown_above(found.gap)}, by a dual vector"
    if stated is None:
        return Finding(f"{what} (recomputed)", "certified", computed, (), shown_above(found.gap), (found,))
    words = f"{what} is {stated_words(claim)}"
    if stated[0] <= 0 and found.gap <= stated[1]:
        return Finding(words, "certified", computed, (), shown_above(found.gap), (found,))
    return Finding(words, "undecided", computed, (), shown_above(found.gap), (found,))


def _steps(subject: Audit, claim: Mapping[str, Any]) -> Finding:
    tau, sigma = as_rational(read_real(claim["tau"])), as_rational(read_real(claim["sigma"]))
    holds = subject.instance.steps_allowed(tau * sigma)
    computed = value = ""
    if isinstance(subject.instance, BlockInstance):
        product = subject.instance.c2 * (tau * sigma)
        computed = f"τσ‖A‖² <= {shown_above(product)}" if holds else f"τσ‖A‖² >= {shown_below(product)}"
        value = about(product, digits=SHOWN)
    statement = Statement("steps", {"tau": tau, "sigma": sigma}, holds)
    return Finding("the step sizes satisfy τσ‖A‖² < 1", verdict_of(holds), computed, (statement,), value)


def _float64(subject: Audit, claim: Mapping[str, Any]) -> Finding:
    instance = subject.instance
    if not isinstance(instance, BlockInstance):
        raise UsageError("claims of type float64 are about the row of a block instance")
    first, second = claim["first"], claim["second"]
    if not (1 <= first <= len(instance.row) and 1 <= second <= len(instance.row)):
        raise UsageError(f"the row has entries 1 to {len(instance.row)}")
    if min(instance.row) < power_of_two(-1099):
        raise UsageError("claims of type float64 need entries of at least 2^-1099 in the whole row")
    pair = (instance.row[first - 1], instance.row[second - 1])
    if min(pair) < power_of_two(-1022) or max(pair) > power_of_two(1023):
        raise UsageError("claims of type float64 are about entries between 2^-1022 and 2^1023, where its exponents end")
    steps = float64_steps(*pair)
    statement = Statement("float64", {"first": first, "second": second, "steps": steps}, True)
    words = f"float64 separates entries {first} and {second} of the row"
    return Finding(words, verdict_of(steps != 0), f"{counted(steps, 'unit')} in the last place apart", (statement,))


_NUMBER = ("value", "slack", "low", "high")
_TYPES: dict[str, _Type] = {
    "minimiser": _Type(("point",), (), _minimiser, of_minimiser=True),
    "reaches": _Type(("point", "digits"), (), _digits, of_minimiser=True),
    "fails": _Type(("point", "digits"), (), _digits, of_minimiser=True),
    "distance": _Type(("point",), ("to", *_NUMBER), _distance, of_minimiser=True),
    "relative": _Type(("point",), _NUMBER, _relative, of_minimiser=True),
    "objective": _Type(("point",), _NUMBER, _objective),
    "excess": _Type(("point",), _NUMBER, _excess),
    "steps": _Type(("tau", "sigma"), (), _steps),
    "float64": _Type(("first", "second"), (), _float64),
}

"""Claims about published results, and their exact evaluation.

A claim is stated positively ("the output reaches 3 digits"), and the audit finds that it holds or that it does not.
Every finding is a set of *statements*, exact and checkable on their own, which go into the certificate.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flint import arb, ctx, fmpq

from proofs_checks.certificate import POINT_NAME
from sci_barriers.audit.instances import AuditInstance, BlockInstance
from sci_barriers.audit.reading import load_document, number, read_instance, require_keys, vector
from sci_barriers.errors import DataError, SciBarriersError, UsageError
from sci_barriers.exact import ExactArray, Real, as_rational, ball, exact, power_of_ten, power_of_two, zeros
from sci_barriers.words import counted

__all__ = ["Audit", "Finding", "Statement", "audit", "float64_steps", "load_audits", "read_audit"]

_PRINTED = re.compile(r"[+-]?\d+(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?")
_SHOWN = 7
_WORKING = 256


@dataclass(frozen=True)
class Statement:
    """One exact statement of a certificate: its type, its fields, and whether it holds."""

    type: str
    fields: dict[str, Any]
    holds: bool


@dataclass(frozen=True)
class Finding:
    """What the audit of one claim found.

    Attributes:
        claim: the claim in words.
        verdict: `certified`, `refuted` or `undecided`.
        computed: the recomputed value for a reader, or the reason why nothing was decided.
        statements: what is certified.
    """

    claim: str
    verdict: str
    computed: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Audit:
    """One instance, named points, and claims about them; after `audit`, the findings.

    Attributes:
        name: a title.
        instance: the instance.
        points: named vectors of length N; `zero` and `minimiser` are always there.
        claims: the claims as read.
        findings: one for each claim, in order.
    """

    name: str
    instance: AuditInstance
    points: dict[str, ExactArray]
    claims: tuple[Mapping[str, Any], ...]
    findings: tuple[Finding, ...] = field(default=())

    @property
    def verdict(self) -> str:
        """`certified` if every claim is, `refuted` if one is, else `undecided`."""
        verdicts = {finding.verdict for finding in self.findings}
        if "refuted" in verdicts:
            return "refuted"
        return "certified" if verdicts == {"certified"} else "undecided"


def load_audits(path: Path) -> list[Audit]:
    """Read a claims file.

    Raises:
        UsageError: if the file is not one, with the place.
    """
    document = require_keys(load_document(path), ("audits",), "a claims file", optional=("title",))
    entries = document["audits"]
    if not isinstance(entries, Sequence) or isinstance(entries, str) or not entries:
        raise UsageError("a claims file needs a non-empty list 'audits'")
    return [read_audit(entry) for entry in entries]


def read_audit(entry: Any) -> Audit:
    """Read one audit from its table.

    Raises:
        UsageError: naming the audit and what is wrong with it.
    """
    require_keys(entry, ("claims", "instance", "name", "points"), "an audit")
    name = str(entry["name"])
    try:
        instance = read_instance(entry["instance"])
        points = {"zero": zeros(instance.columns), "minimiser": instance.minimiser}
        if not isinstance(entry["points"], Mapping):
            raise UsageError("the points must be a table of lists of numbers")
        for key, values in entry["points"].items():
            if key in points:
                raise UsageError(f"the point name {key!r} is taken; {', '.join(points)} are always there")
            if not POINT_NAME.fullmatch(str(key)):
                raise UsageError(
                    f"{key!r} cannot be the name of a point: up to 64 letters, digits and . _ + - can, "
                    "but not with 'minimiser', or what looks like it, in them"
                )
            points[str(key)] = instance.point(vector(values))
        claims = entry["claims"]
        if not isinstance(claims, Sequence) or isinstance(claims, str) or not claims:
            raise UsageError("it needs a non-empty list of claims")
        for claim in claims:
            _check_claim(claim, points)
    except SciBarriersError as error:
        raise UsageError(f"audit {name!r}: {error}") from None
    return Audit(name, instance, points, tuple(claims))


def audit(subject: Audit) -> Audit:
    """Evaluate every claim exactly and return the audit with its findings."""
    with ctx.workprec(_WORKING):
        findings = tuple(_TYPES[claim["type"]].evaluate(subject, claim) for claim in subject.claims)
    return Audit(subject.name, subject.instance, subject.points, subject.claims, findings)


# --- the types of claims ---------------------------------------------------------------------------


@dataclass(frozen=True)
class _Type:
    required: tuple[str, ...]
    optional: tuple[str, ...]
    evaluate: Callable[[Audit, Mapping[str, Any]], Finding]


def _check_claim(claim: Any, points: Mapping[str, ExactArray]) -> None:
    kind = claim.get("type") if isinstance(claim, Mapping) else None
    if kind not in _TYPES:
        raise UsageError(f"unknown type of claim {kind!r}; choose one of {', '.join(_TYPES)}")
    require_keys(claim, ("type", *_TYPES[kind].required), f"a claim of type {kind}", optional=_TYPES[kind].optional)
    for key in ("point", "to"):
        if key in claim and (not isinstance(claim[key], str) or claim[key] not in points):
            raise UsageError(f"there is no point {claim[key]!r}; the points are {', '.join(points)}")
    for key in ("digits", "first", "second"):
        if key in claim and (type(claim[key]) is not int or not -1000 <= claim[key] <= 1000):
            raise UsageError(f"{key} must be an integer, got {claim[key]!r}")
    for key in ("tau", "sigma"):
        if key in claim and not as_rational(number(claim[key])) > 0:
            raise UsageError(f"{key} must be positive, got {claim[key]!r}")
    _interval(claim)


def _interval(claim: Mapping[str, Any]) -> tuple[fmpq, fmpq] | None:
    """The interval a claim states: that of a printed decimal, or low..high; None if it states none."""
    if "value" in claim:
        text = claim["value"]
        if not isinstance(text, str):
            raise UsageError(f'write a printed value as a string, so that its digits are known: "{text}"')
        match = _PRINTED.fullmatch(text)
        if match is None or "low" in claim or "high" in claim:
            raise UsageError(f"a printed value is a decimal like 0.25 or 2.5e-3, without low and high, got {text!r}")
        digits, slack = len(match[1] or "") - int(match[2] or 0), as_rational(number(claim.get("slack", 0)))
        if slack < 0:
            raise UsageError(f"the slack must be at least 0, got {claim['slack']}")
        value, half = as_rational(exact(text)), power_of_ten(-digits) / 2 + slack
        return value - half, value + half
    if "slack" in claim:
        raise UsageError("a slack is for a printed value only")
    if "low" in claim and "high" in claim:
        return as_rational(number(claim["low"])), as_rational(number(claim["high"]))
    if "low" in claim or "high" in claim:
        raise UsageError("give both low and high, or a printed value")
    return None


def _within(name: str, radius: fmpq, holds: bool) -> Statement:
    """The statement that a point is, or is not, within a radius of the minimiser."""
    return Statement("distance", {"point": name, "to": "minimiser", "low": fmpq(0), "high": radius}, holds)


def _verdict(holds: bool) -> str:
    return "certified" if holds else "refuted"


def _shown_interval(value: arb) -> tuple[fmpq, fmpq]:
    """An interval of seven significant digits around a ball."""
    low, high = (fmpq(*_ratio(end)) for end in (value.lower(), value.upper()))
    if high <= 0:
        return low, high
    exponent = math.floor(math.log10(abs(float(value.mid())))) if value.mid() != 0 else 0
    unit = power_of_ten(exponent - _SHOWN + 1)
    return fmpq((low / unit).floor()) * unit, fmpq((high / unit).ceil()) * unit


def _ratio(end: arb) -> tuple[int, int]:
    mantissa, exponent = end.mid().man_exp()
    shift = int(exponent)
    return (int(mantissa) << shift, 1) if shift >= 0 else (int(mantissa), 1 << -shift)


def _words(value: arb) -> str:
    return "0" if value == 0 else value.str(_SHOWN, radius=False)


def _minimiser(subject: Audit, claim: Mapping[str, Any]) -> Finding:
    name = claim["point"]
    holds = not subject.instance.distance2(subject.points[name])
    objective = _words(subject.instance.objective_ball(subject.points[name]))
    best = _words(subject.instance.objective_ball(subject.instance.minimiser))
    statement = _within(name, fmpq(0), holds)
    return Finding(f"{name} is a minimiser", _verdict(holds), f"objective {objective}, minimum {best}", (statement,))


def _digits(subject: Audit, claim: Mapping[str, Any]) -> Finding:
    name, digits = claim["point"], claim["digits"]
    distance2 = subject.instance.distance2(subject.points[name])
    reaches = bool(distance2 <= power_of_ten(-2 * digits))
    wanted = claim["type"] == "reaches"
    statement = _within(name, power_of_ten(-digits), reaches)
    words = f"{name} {'reaches' if wanted else 'fails'} {counted(digits, 'digit')}"
    return Finding(words, _verdict(reaches is wanted), f"distance {_words(ball(distance2).sqrt())}", (statement,))


def _measure(
    subject: Audit,
    claim: Mapping[str, Any],
    *,
    what: str,
    statement: Callable[[fmpq, fmpq], Statement],
    value: arb,
) -> Finding:
    """A number against a stated interval; what was computed is certified beside it, to seven digits."""
    measured = statement(*_shown_interval(value))
    if not measured.holds:
        raise DataError(f"the enclosure of {what} does not hold; this is a defect, please report it")
    stated = _interval(claim)
    if stated is None:
        return Finding(f"{what} (recomputed)", "certified", _words(value), (measured,))
    first = statement(*stated)
    shown = claim.get("value") or f"between {claim['low']} and {claim['high']}"
    if "slack" in claim:
        shown += f" give or take {claim['slack']}"
    return Finding(f"{what} is {shown}", _verdict(first.holds), _words(value), (first, measured))


def _distance(subject: Audit, claim: Mapping[str, Any]) -> Finding:
    name, to = claim["point"], claim.get("to", "minimiser")
    distance2: Real = subject.instance.distance2(subject.points[name], subject.points[to])

    def statement(low: fmpq, high: fmpq) -> Statement:
        holds = (low <= 0 or bool(low * low <= distance2)) and high >= 0 and bool(distance2 <= high * high)
        return Statement("distance", {"point": name, "to": to, "low": low, "high": high}, holds)

    what = f"the distance from {name} to {'the certified minimiser' if to == 'minimiser' else to}"
    return _measure(subject, claim, what=what, statement=statement, value=ball(distance2).sqrt())


def _objective(subject: Audit, claim: Mapping[str, Any]) -> Finding:
    name = claim["point"]
    point = subject.points[name]

    def statement(low: fmpq, high: fmpq) -> Statement:
        holds = bool(subject.instance.objective_is(point, low=low, high=high))
        return Statement("objective", {"point": name, "low": low, "high": high}, holds)

    if subject.instance.problem == "bpdn" and subject.instance.residual2(point) > subject.instance.parameter**2:
        return Finding(f"the objective at {name}", "undecided", f"{name} is infeasible and has no objective", ())
    what = f"the objective at {name}"
    return _measure(subject, claim, what=what, statement=statement, value=subject.instance.objective_ball(point))


def _steps(subject: Audit, claim: Mapping[str, Any]) -> Finding:
    tau, sigma = as_rational(number(claim["tau"])), as_rational(number(claim["sigma"]))
    holds = subject.instance.steps_allowed(tau * sigma)
    computed = ""
    if isinstance(subject.instance, BlockInstance):
        computed = f"τσ‖A‖² = {_words(ball(subject.instance.c2 * (tau * sigma)))}"
    statement = Statement("steps", {"tau": tau, "sigma": sigma}, holds)
    return Finding("the step sizes satisfy τσ‖A‖² < 1", _verdict(holds), computed, (statement,))


def float64_steps(first: Real, second: Real) -> int:
    """Return by how many units in the last place the float64 nearest to `second` exceeds that nearest to `first`.

    Both are positive, the unit is that of the smaller one, ties go to even, the exponents are unlimited.
    """
    (m, e), (other_m, other_e) = _nearest_float64(first), _nearest_float64(second)
    unit = min(e, other_e)
    return (other_m << (other_e - unit)) - (m << (e - unit))


def _nearest_float64(value: Real) -> tuple[int, int]:
    """(m, e) with m·2^e nearest to a positive number and 2^52 <= value/2^e < 2^53."""
    e = 0
    while value >= power_of_two(e + 53):
        e += 1
    while value < power_of_two(e + 52):
        e -= 1
    m = _nearest(value / power_of_two(e))
    # rounding up may reach the next power of two, whose unit is twice as large
    return (m, e) if m < 2**53 else (m // 2, e + 1)


def _nearest(value: Real) -> int:
    """The nearest integer, ties to even."""
    doubled = _floor(value * 2)
    whole, odd = divmod(doubled, 2)
    if not odd:
        return whole
    tie = value * 2 == doubled
    return whole + (1 if not tie or whole % 2 else 0)


def _floor(value: Real) -> int:
    if isinstance(value, fmpq):
        return int(value.floor())
    with ctx.workprec(_WORKING):
        mantissa, exponent = (int(part) for part in ball(value).mid().man_exp())
        guess = mantissa << exponent if exponent >= 0 else mantissa >> -exponent
    while value < guess:
        guess -= 1
    while value >= guess + 1:
        guess += 1
    return guess


def _float64(subject: Audit, claim: Mapping[str, Any]) -> Finding:
    instance = subject.instance
    if not isinstance(instance, BlockInstance):
        raise UsageError("claims of type float64 are about the row of a block instance")
    first, second = claim["first"], claim["second"]
    if not (1 <= first <= len(instance.row) and 1 <= second <= len(instance.row)):
        raise UsageError(f"the row has entries 1 to {len(instance.row)}")
    if min(instance.row) < power_of_two(-1099):
        raise UsageError("claims of type float64 need entries of at least 2^-1099")
    steps = float64_steps(instance.row[first - 1], instance.row[second - 1])
    statement = Statement("float64", {"first": first, "second": second, "steps": steps}, True)
    words = f"float64 separates entries {first} and {second} of the row"
    return Finding(words, _verdict(steps != 0), f"{counted(steps, 'unit')} in the last place apart", (statement,))


_TYPES: dict[str, _Type] = {
    "minimiser": _Type(("point",), (), _minimiser),
    "reaches": _Type(("point", "digits"), (), _digits),
    "fails": _Type(("point", "digits"), (), _digits),
    "distance": _Type(("point",), ("to", "value", "slack", "low", "high"), _distance),
    "objective": _Type(("point",), ("value", "slack", "low", "high"), _objective),
    "steps": _Type(("tau", "sigma"), (), _steps),
    "float64": _Type(("first", "second"), (), _float64),
}

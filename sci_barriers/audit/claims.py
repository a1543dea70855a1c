"""Claims about published results, and their exact evaluation.

A claim is stated positively ("the output reaches 3 digits"), and the audit finds that it holds or that it does not.
Every finding is a set of *statements*, exact and checkable on their own, which go into the certificate.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flint import ctx, fmpq

from exact_base.decimals import Number, about, above, below, root_about, root_above, root_below
from exact_base.errors import BudgetError, DataError, SciBarriersError, SolverError, UsageError
from exact_base.fields import load_document, read_real, read_real_vector, require_keys
from exact_base.rationals import power_of_ten, power_of_two
from exact_base.reprs import short_repr
from exact_base.scalars import ExactArray, Real, as_rational, ball, exact, zeros
from exact_base.words import counted
from proofs_checks.certificate.reading import POINT_NAME
from sci_barriers.audit.instances import AuditInstance, BlockInstance, NotUniqueError, UniquenessError
from sci_barriers.audit.reading import read_instance

__all__ = [
    "Audit",
    "Finding",
    "Statement",
    "Unaudited",
    "audit",
    "audited",
    "float64_steps",
    "read_audit",
]

_PRINTED = re.compile(r"[+-]?\d+(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?")
_SHOWN = 7
_WORKING = 256


@short_repr()
@dataclass(frozen=True)
class Statement:
    """One exact statement of a certificate: its type, its fields, and whether it holds."""

    type: str
    fields: dict[str, Any]
    holds: bool


@short_repr()
@dataclass(frozen=True)
class Finding:
    """What the audit of one claim found.

    Attributes:
        claim: the claim in words.
        verdict: `certified`, `refuted` or `undecided`.
        computed: what was recomputed, for a reader, or the reason why nothing was decided; true as it is printed.
        statements: what is certified.
        value: the recomputed number alone, to the nearest of its digits, for tables.
    """

    claim: str
    verdict: str
    computed: str
    statements: tuple[Statement, ...]
    value: str = ""


@short_repr()
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


@short_repr()
@dataclass(frozen=True)
class Unaudited:
    """A row of a claims file of which no claim can be decided.

    Attributes:
        name: its title, or its number.
        verdict: `not unique`, which is a finding; `undecided`; or `unusable`, which is for its author to mend.
        reason: why, in one line.
    """

    name: str
    verdict: str
    reason: str


def audited(path: Path) -> list[Audit | Unaudited]:
    """Read a claims file and audit each of its rows; one that cannot be audited does not stop the others.

    Raises:
        UsageError: if the file is no claims file, with the place.
    """
    return [_audited(entry, number) for number, entry in enumerate(_entries(path), start=1)]


def _audited(entry: Any, number: int) -> Audit | Unaudited:
    given = entry.get("name") if isinstance(entry, Mapping) else None
    name = f"row {number}" if given is None else str(given)
    try:
        return audit(read_audit(entry))
    except NotUniqueError as error:
        return Unaudited(name, "not unique", str(error))
    except (BudgetError, SolverError, UniquenessError) as error:
        return Unaudited(name, "undecided", str(error))
    except SciBarriersError as error:
        return Unaudited(name, "unusable", str(error).removeprefix(_prefix(name)))


def _prefix(name: str) -> str:
    return f"audit {name!r}: "


def _entries(path: Path) -> Sequence[Any]:
    document = require_keys(load_document(path), ("audits",), "a claims file", optional=("title",))
    entries = document["audits"]
    if not isinstance(entries, Sequence) or isinstance(entries, str) or not entries:
        raise UsageError("a claims file needs a non-empty list 'audits'")
    return entries


def read_audit(entry: Any) -> Audit:
    """Read one audit from its table.

    Raises:
        UsageError: naming the audit and what is wrong with it.
        NotUniqueError: if its instance has more than one minimiser.
        UniquenessError: if no certificate can show that it has one only.
        SolverError, BudgetError: if none was found.
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
            points[str(key)] = instance.point(read_real_vector(values))
        claims = entry["claims"]
        if not isinstance(claims, Sequence) or isinstance(claims, str) or not claims:
            raise UsageError("it needs a non-empty list of claims")
        for claim in claims:
            _check_claim(claim, points)
    except (NotUniqueError, UniquenessError, SolverError, BudgetError):
        raise
    except SciBarriersError as error:
        raise UsageError(f"{_prefix(name)}{error}") from None
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
        if key in claim and not as_rational(read_real(claim[key])) > 0:
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
        digits, slack = len(match[1] or "") - int(match[2] or 0), as_rational(read_real(claim.get("slack", 0)))
        if slack < 0:
            raise UsageError(f"the slack must be at least 0, got {claim['slack']}")
        value, half = as_rational(exact(text)), power_of_ten(-digits) / 2 + slack
        return value - half, value + half
    if "slack" in claim:
        raise UsageError("a slack is for a printed value only")
    if "low" in claim and "high" in claim:
        return as_rational(read_real(claim["low"])), as_rational(read_real(claim["high"]))
    if "low" in claim or "high" in claim:
        raise UsageError("give both low and high, or a printed value")
    return None


def _within(name: str, radius: fmpq, holds: bool) -> Statement:
    """The statement that a point is, or is not, within a radius of the minimiser."""
    return Statement("distance", {"point": name, "to": "minimiser", "low": fmpq(0), "high": radius}, holds)


def _verdict(holds: bool) -> str:
    return "certified" if holds else "refuted"


def _minimum_exceeded(subject: Audit, z: ExactArray) -> str:
    """By how much the objective of a point that is not the only minimiser exceeds the minimum, rounded down."""
    instance = subject.instance
    l1, residual2 = (f(z) - f(instance.minimiser) for f in (instance.l1, instance.residual2))
    if instance.problem == "bpdn":
        return "infeasible" if not _feasible(subject, z) else f"its norm exceeds the minimum by at least {_below(l1)}"
    excess: Number = l1 * instance.parameter + residual2
    if instance.problem == "sqrt-lasso":
        excess = lambda: instance.objective_ball(z) - instance.objective_ball(instance.minimiser)  # noqa: E731
    return f"its objective exceeds the minimum by at least {_below(excess)}"


def _feasible(subject: Audit, z: ExactArray) -> bool:
    return bool(subject.instance.residual2(z) <= subject.instance.parameter**2)


def _below(value: Number) -> str:
    return below(value, digits=_SHOWN)


def _above(value: Number) -> str:
    return above(value, digits=_SHOWN)


def _minimiser(subject: Audit, claim: Mapping[str, Any]) -> Finding:
    name = claim["point"]
    point = subject.points[name]
    holds = not subject.instance.distance2(point)
    computed = "" if holds else _minimum_exceeded(subject, point)
    return Finding(f"{name} is a minimiser", _verdict(holds), computed, (_within(name, fmpq(0), holds),))


def _digits(subject: Audit, claim: Mapping[str, Any]) -> Finding:
    name, digits = claim["point"], claim["digits"]
    distance2 = subject.instance.distance2(subject.points[name])
    reaches = bool(distance2 <= power_of_ten(-2 * digits))
    wanted = claim["type"] == "reaches"
    statement = _within(name, power_of_ten(-digits), reaches)
    words = f"{name} {'reaches' if wanted else 'fails'} {counted(digits, 'digit')}"
    high, low = (f(distance2, digits=_SHOWN) for f in (root_above, root_below))
    computed = f"distance at most {high}" if reaches else f"distance at least {low}"
    return Finding(words, _verdict(reaches is wanted), computed, (statement,))


def _measure(
    claim: Mapping[str, Any],
    *,
    what: str,
    statement: Callable[[fmpq, fmpq], Statement],
    low: str,
    high: str,
    value: str,
) -> Finding:
    """A number against a stated interval; what was computed is certified beside it, to seven digits."""
    measured = statement(as_rational(exact(low)), as_rational(exact(high)))
    if not measured.holds:
        raise DataError(f"the enclosure of {what} does not hold; this is a defect, please report it")
    stated, computed = _interval(claim), low if low == high else f"between {low} and {high}"
    if stated is None:
        return Finding(f"{what} (recomputed)", "certified", computed, (measured,), value)
    first = statement(*stated)
    shown = claim.get("value") or f"between {claim['low']} and {claim['high']}"
    if "slack" in claim:
        shown += f" give or take {claim['slack']}"
    return Finding(f"{what} is {shown}", _verdict(first.holds), computed, (first, measured), value)


def _distance(subject: Audit, claim: Mapping[str, Any]) -> Finding:
    name, to = claim["point"], claim.get("to", "minimiser")
    distance2: Real = subject.instance.distance2(subject.points[name], subject.points[to])

    def statement(low: fmpq, high: fmpq) -> Statement:
        holds = (low <= 0 or bool(low * low <= distance2)) and high >= 0 and bool(distance2 <= high * high)
        return Statement("distance", {"point": name, "to": to, "low": low, "high": high}, holds)

    what = f"the distance from {name} to {'the certified minimiser' if to == 'minimiser' else to}"
    low, high, value = (f(distance2, digits=_SHOWN) for f in (root_below, root_above, root_about))
    return _measure(claim, what=what, statement=statement, low=low, high=high, value=value)


def _objective(subject: Audit, claim: Mapping[str, Any]) -> Finding:
    name = claim["point"]
    point = subject.points[name]

    def statement(low: fmpq, high: fmpq) -> Statement:
        holds = bool(subject.instance.objective_is(point, low=low, high=high))
        return Statement("objective", {"point": name, "low": low, "high": high}, holds)

    if subject.instance.problem == "bpdn" and not _feasible(subject, point):
        return Finding(f"the objective at {name}", "undecided", f"{name} is infeasible and has no objective", ())
    what = f"the objective at {name}"
    low, high, value = (f(lambda: subject.instance.objective_ball(point), digits=_SHOWN) for f in (below, above, about))
    return _measure(claim, what=what, statement=statement, low=low, high=high, value=value)


def _steps(subject: Audit, claim: Mapping[str, Any]) -> Finding:
    tau, sigma = as_rational(read_real(claim["tau"])), as_rational(read_real(claim["sigma"]))
    holds = subject.instance.steps_allowed(tau * sigma)
    computed = value = ""
    if isinstance(subject.instance, BlockInstance):
        product = subject.instance.c2 * (tau * sigma)
        computed = f"τσ‖A‖² <= {_above(product)}" if holds else f"τσ‖A‖² >= {_below(product)}"
        value = about(product, digits=_SHOWN)
    statement = Statement("steps", {"tau": tau, "sigma": sigma}, holds)
    return Finding("the step sizes satisfy τσ‖A‖² < 1", _verdict(holds), computed, (statement,), value)


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
        raise UsageError("claims of type float64 need entries of at least 2^-1099 in the whole row")
    pair = (instance.row[first - 1], instance.row[second - 1])
    if min(pair) < power_of_two(-1022) or max(pair) > power_of_two(1023):
        raise UsageError("claims of type float64 are about entries between 2^-1022 and 2^1023, where its exponents end")
    steps = float64_steps(*pair)
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

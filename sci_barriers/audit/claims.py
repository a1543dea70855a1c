"""Claims about published results, and their exact evaluation.

A claim is stated positively ("the output reaches 3 digits"), and the audit finds that it holds or that it does not.
Every finding is a set of *statements*, exact and checkable on their own, which go into the certificate.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from flint import ctx, fmpq

from exact_base.decimals import Number, about, above, below, root_about, root_above, root_below
from exact_base.errors import BudgetError, DataError, SciBarriersError, UsageError
from exact_base.fields import load_document, read_real, require_keys
from exact_base.rationals import power_of_ten, power_of_two
from exact_base.reprs import short_repr
from exact_base.scalars import ExactArray, Real, as_rational, ball, exact, imaginary_part, norm2, zeros
from exact_base.words import counted
from proofs_checks.certificate.reading import POINT_NAME
from sci_barriers.audit.instances import (
    AuditInstance,
    BlockInstance,
    NotUniqueError,
    SetInstance,
    UnsolvedInstance,
)
from sci_barriers.audit.reading import Arrays, read_instance
from sci_barriers.problems import GapCertificate
from sci_barriers.problems.base import ceiling

__all__ = [
    "Audit",
    "Finding",
    "Statement",
    "Unaudited",
    "audit",
    "audited",
    "audited_row",
    "float64_steps",
    "read_audit",
    "read_claims",
    "row_name",
]

_PRINTED = re.compile(r"[+-]?\d+(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?")
_SHOWN = 7
_WORKING = 256
_BITS = (64, 256, 1024, 4096, 16384)  # of enclosures, until they decide


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
        gaps: certified gaps, each in a certificate of its own.
    """

    claim: str
    verdict: str
    computed: str
    statements: tuple[Statement, ...]
    value: str = ""
    gaps: tuple[GapCertificate, ...] = ()


@short_repr()
@dataclass(frozen=True)
class Audit:
    """One instance, named points, and claims about them; after `audit`, the findings.

    Attributes:
        name: a title.
        instance: the instance.
        points: named vectors of length N; `zero` is always there, and `minimiser` where one is known.
        claims: the claims as read.
        findings: one for each claim, in order.
        files: the base names of the files that its arrays were read from.
    """

    name: str
    instance: AuditInstance
    points: dict[str, ExactArray]
    claims: tuple[Mapping[str, Any], ...]
    findings: tuple[Finding, ...] = field(default=())
    files: tuple[str, ...] = ()

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


def read_claims(path: Path) -> Sequence[Any]:
    """Return the rows of a claims file, which are not looked at yet.

    Raises:
        UsageError: if the file is no claims file, with the place.
    """
    document = require_keys(load_document(path), ("audits",), "a claims file", optional=("title",))
    entries = document["audits"]
    if not isinstance(entries, Sequence) or isinstance(entries, str) or not entries:
        raise UsageError("a claims file needs a non-empty list 'audits'")
    return entries


def audited(path: Path) -> list[Audit | Unaudited]:
    """Read a claims file and audit each of its rows; one that cannot be audited does not stop the others.

    Raises:
        UsageError: if the file is no claims file, with the place.
    """
    return [audited_row(entry, number, path.parent) for number, entry in enumerate(read_claims(path), start=1)]


def audited_row(entry: Any, number: int, folder: Path) -> Audit | Unaudited:
    """Audit a row, the `number`-th, of a claims file in a folder."""
    name = row_name(entry, number)
    try:
        return audit(read_audit(entry, folder))
    except NotUniqueError as error:
        return Unaudited(name, "not unique", str(error))
    except BudgetError as error:
        return Unaudited(name, "undecided", str(error))
    except SciBarriersError as error:
        return Unaudited(name, "unusable", str(error).removeprefix(_prefix(name)))


def row_name(entry: Any, number: int) -> str:
    """Return the title of a row, or its number."""
    given = entry.get("name") if isinstance(entry, Mapping) else None
    return f"row {number}" if given is None else str(given)


def _prefix(name: str) -> str:
    return f"audit {name!r}: "


def read_audit(entry: Any, folder: Path = Path()) -> Audit:
    """Read one audit from its table; names of files are relative to the folder.

    Raises:
        UsageError: naming the audit and what is wrong with it.
        NotUniqueError: if its instance is of form block and has more than one minimiser.
        BudgetError: if a limit was reached.
    """
    require_keys(entry, ("claims", "instance", "name"), "an audit", optional=("points",))
    name, arrays = str(entry["name"]), Arrays(folder)
    try:
        instance = read_instance(entry["instance"], arrays)
        points = {"zero": zeros(instance.columns)}
        if not isinstance(instance, UnsolvedInstance):
            points["minimiser"] = instance.minimiser
        given = entry.get("points", {})
        if not isinstance(given, Mapping):
            raise UsageError("the points must be a table of lists of numbers, or of names of files")
        for key, values in given.items():
            if key in ("zero", "minimiser"):
                raise UsageError(f"the point name {key!r} is taken; zero and minimiser are always there")
            if not POINT_NAME.fullmatch(str(key)):
                raise UsageError(
                    f"{key!r} cannot be the name of a point: up to 64 letters, digits and . _ + - can, "
                    "but not with 'minimiser', or what looks like it, in them"
                )
            points[str(key)] = instance.point(arrays.vector(values, instance.columns))
        claims = entry["claims"]
        if not isinstance(claims, Sequence) or isinstance(claims, str) or not claims:
            raise UsageError("it needs a non-empty list of claims")
        for claim in claims:
            _check_claim(claim, points)
    except (NotUniqueError, BudgetError):
        raise
    except SciBarriersError as error:
        raise UsageError(f"{_prefix(name)}{error}") from None
    return Audit(name, instance, points, tuple(claims), files=tuple(arrays.used))


def audit(subject: Audit) -> Audit:
    """Evaluate every claim exactly and return the audit with its findings."""
    with ctx.workprec(_WORKING):
        return replace(subject, findings=tuple(_found(subject, claim) for claim in subject.claims))


def _found(subject: Audit, claim: Mapping[str, Any]) -> Finding:
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


# --- the types of claims ---------------------------------------------------------------------------


@dataclass(frozen=True)
class _Type:
    required: tuple[str, ...]
    optional: tuple[str, ...]
    evaluate: Callable[[Audit, Mapping[str, Any]], Finding]
    of_minimiser: bool = False


def _check_claim(claim: Any, points: Mapping[str, ExactArray]) -> None:
    kind = claim.get("type") if isinstance(claim, Mapping) else None
    if kind not in _TYPES:
        raise UsageError(f"unknown type of claim {kind!r}; choose one of {', '.join(_TYPES)}")
    require_keys(claim, ("type", *_TYPES[kind].required), f"a claim of type {kind}", optional=_TYPES[kind].optional)
    for key in ("point", "to"):
        if key in claim and (not isinstance(claim[key], str) or claim[key] not in (*points, "minimiser")):
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
    if "high" in claim:  # none of these numbers is negative
        return fmpq(0), as_rational(read_real(claim["high"]))
    if "low" in claim:
        raise UsageError("give both low and high, or high alone, or a printed value")
    return None


def _within(name: str, radius: fmpq, holds: bool) -> Statement:
    """The statement that a point is, or is not, within a radius of the minimiser."""
    return Statement("distance", {"point": name, "to": "minimiser", "low": fmpq(0), "high": radius}, holds)


def _verdict(holds: bool) -> str:
    return "certified" if holds else "refuted"


def _minimum_exceeded(subject: Audit, z: ExactArray) -> str:
    """By how much the objective of a point that is no minimiser exceeds the minimum, rounded down."""
    instance = subject.instance
    if not _feasible(subject, z):
        return "infeasible"
    what = "norm" if instance.problem == "bpdn" else "objective"
    low, _ = _narrowed(partial(instance.excess_bounds, z))
    return f"its {what} exceeds the minimum by at least {_below(low)}"


def _feasible(subject: Audit, z: ExactArray) -> bool:
    return subject.instance.problem != "bpdn" or bool(subject.instance.residual2(z) <= subject.instance.parameter**2)


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
    return Finding(f"{what} is {_stated(claim)}", _verdict(first.holds), computed, (first, measured), value)


def _stated(claim: Mapping[str, Any]) -> str:
    """The interval that a claim states, in words."""
    if "value" in claim:
        return f"{claim['value']} give or take {claim['slack']}" if "slack" in claim else str(claim["value"])
    return f"between {claim['low']} and {claim['high']}" if "low" in claim else f"at most {claim['high']}"


def _distance(subject: Audit, claim: Mapping[str, Any]) -> Finding:
    name, to = claim["point"], claim.get("to", "minimiser")
    other = None if to == "minimiser" else subject.points[to]
    distance2: Real = subject.instance.distance2(subject.points[name], other)

    def statement(low: fmpq, high: fmpq) -> Statement:
        holds = (low <= 0 or bool(low * low <= distance2)) and high >= 0 and bool(distance2 <= high * high)
        return Statement("distance", {"point": name, "to": to, "low": low, "high": high}, holds)

    what = f"the distance from {name} to {subject.instance.nearest_called if to == 'minimiser' else to}"
    low, high, value = (f(distance2, digits=_SHOWN) for f in (root_below, root_above, root_about))
    return _measure(claim, what=what, statement=statement, low=low, high=high, value=value)


def _relative(subject: Audit, claim: Mapping[str, Any]) -> Finding:
    name, instance = claim["point"], subject.instance
    point = subject.points[name]
    size2, distance2 = norm2(instance.nearest(point)), instance.distance2(point)
    what = f"the relative distance from {name} to {instance.nearest_called}"
    if size2 == 0:
        stated = "" if _interval(claim) is None else f" is {_stated(claim)}"
        return Finding(what + stated, "undecided", f"{instance.nearest_called} is 0: nothing is relative to it", ())

    def statement(low: fmpq, high: fmpq) -> Statement:
        above = low <= 0 or bool(low * low * size2 <= distance2)
        holds = above and high >= 0 and bool(distance2 <= high * high * size2)
        return Statement("relative", {"point": name, "low": low, "high": high}, holds)

    low, high, value = (f(distance2 / size2, digits=_SHOWN) for f in (root_below, root_above, root_about))
    return _measure(claim, what=what, statement=statement, low=low, high=high, value=value)


def _objective(subject: Audit, claim: Mapping[str, Any]) -> Finding:
    name, instance = claim["point"], subject.instance
    point = subject.points[name]
    what = f"the objective at {name}"
    if not _feasible(subject, point):
        return Finding(what, "undecided", f"{name} is infeasible and has no objective", ())
    if any(imaginary_part(entry) != 0 for entry in point):
        return _enclosed(claim, what=what, kind="objective", bounds=partial(instance.objective_bounds, point))

    def statement(low: fmpq, high: fmpq) -> Statement:
        holds = bool(instance.objective_is(point, low=low, high=high))
        return Statement("objective", {"point": name, "low": low, "high": high}, holds)

    low, high, value = (f(lambda: instance.objective_ball(point), digits=_SHOWN) for f in (below, above, about))
    return _measure(claim, what=what, statement=statement, low=low, high=high, value=value)


def _excess(subject: Audit, claim: Mapping[str, Any]) -> Finding:
    name, instance = claim["point"], subject.instance
    point = subject.points[name]
    what = f"the objective at {name} minus the minimum"
    if not _feasible(subject, point):
        return Finding(what, "undecided", f"{name} is infeasible and has no objective", ())
    if isinstance(instance, UnsolvedInstance):
        return _gap(subject, claim, instance, what=what)
    return _enclosed(claim, what=what, kind="excess", bounds=partial(instance.excess_bounds, point))


def _gap(subject: Audit, claim: Mapping[str, Any], instance: UnsolvedInstance, *, what: str) -> Finding:
    """An upper bound by weak duality, which certifies or decides nothing."""
    stated = _interval(claim)
    others = [z for key, z in subject.points.items() if key != claim["point"]]
    found = instance.best_gap(subject.points[claim["point"]], others, wanted=None if stated is None else stated[1])
    computed = f"at most {_above(found.gap)}, by a dual vector"
    if stated is None:
        return Finding(f"{what} (recomputed)", "certified", computed, (), _above(found.gap), (found,))
    words = f"{what} is {_stated(claim)}"
    if stated[0] <= 0 and found.gap <= stated[1]:
        return Finding(words, "certified", computed, (), _above(found.gap), (found,))
    return Finding(words, "undecided", computed, (), _above(found.gap), (found,))


Bounds: TypeAlias = Callable[[int], tuple[Real, Real]]
"""Bounds of a number, with roots that are rounded at so many bits."""


def _narrowed(bounds: Bounds, *, stated: tuple[fmpq, fmpq] | None = None) -> tuple[fmpq, fmpq]:
    """Enclose a number that is not negative, to seven digits, and until it lies in a stated interval or outside."""
    low, high = fmpq(0), fmpq(0)
    for bits in _BITS:
        below_, above_ = bounds(bits)
        low, high = max(-ceiling(-below_, bits=bits), fmpq(0)), ceiling(above_, bits=bits)
        decided = stated is None or high < stated[0] or low > stated[1] or (stated[0] <= low and high <= stated[1])
        if decided and (high - low) * power_of_ten(_SHOWN + 1) <= high:
            break
    return low, high


def _enclosed(claim: Mapping[str, Any], *, what: str, kind: str, bounds: Bounds) -> Finding:
    """A number, not negative, that is known through bounds, against a stated interval; it may be too near an end."""

    def proved(low: fmpq, high: fmpq) -> bool:
        # as docs/format.md, kind claim-audit, rounds
        least, most = bounds(64 + int(low.q).bit_length() + int(high.q).bit_length())
        return ((kind == "excess" and low <= 0) or bool(low <= least)) and bool(most <= high)

    def statement(low: fmpq, high: fmpq) -> Statement:
        fields = {"point": claim["point"], "low": low, "high": high}
        return Statement(kind, fields, True)

    stated = _interval(claim)
    inside = stated is not None and proved(*stated)
    low, high = _narrowed(bounds, stated=None if inside else stated)
    shown = as_rational(exact(_below(low))), as_rational(exact(_above(high)))
    computed = _above(high) if shown[0] == shown[1] else f"between {_below(low)} and {_above(high)}"
    value = about((low + high) / 2, digits=_SHOWN)
    if stated is None:
        measured = statement(*(shown if proved(*shown) else (low, high)))
        return Finding(f"{what} (recomputed)", "certified", computed, (measured,), value)
    words, measured = f"{what} is {_stated(claim)}", statement(low, high)
    if inside:
        return Finding(words, "certified", computed, (statement(*stated), measured), value)
    if stated[0] <= low and high <= stated[1]:
        return Finding(words, "certified", computed, (measured,), value)
    if high < stated[0] or low > stated[1]:
        return Finding(words, "refuted", computed, (measured,), value)
    return Finding(words, "undecided", f"{computed}, too near an end to be told from it", (measured,), value)


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

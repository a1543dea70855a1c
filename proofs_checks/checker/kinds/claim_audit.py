"""Kind claim-audit: statements about points of an instance with one minimiser (docs/format.md, "kind claim-audit")."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from proofs_checks.certificate import (
    MalformedCertificate,
    decode_bool,
    decode_choice,
    decode_integer,
    decode_list,
    decode_object,
    decode_rational,
    quote,
)
from proofs_checks.checker import words
from proofs_checks.checker.kinds.audited import Block, Dense, decode_instance
from proofs_checks.checker.numbers import Ratio, Reader, Real, Vector, ceiling, real_part, sign
from proofs_checks.checker.rules import Statement, require

Fields = dict[str, Any]
MINIMISER = "minimiser"
_SMALL = 1100  # entries of a below 2^-1100 are refused, so that the nearest float64 is a normal one


def check(claim: Fields, evidence: Fields) -> Statement:
    """Check a certificate; raises MalformedCertificate and Invalid."""
    decode_object(claim, ("instance", "points", "root", "statements"), "claim")
    reader = Reader(claim["root"])
    instance = decode_instance(claim, evidence, reader)
    columns = len(instance.minimiser.items)
    if not isinstance(claim["points"], dict) or MINIMISER in claim["points"]:
        raise MalformedCertificate(f"claim.points must be an object without the name {MINIMISER!r}")
    points = {
        name: reader.vector(value, f"claim.points.{words.plain(name)}", columns, real=True)
        for name, value in claim["points"].items()
    }
    reader.finish()
    points[MINIMISER] = instance.minimiser
    statements = decode_list(claim["statements"], "claim.statements")
    if not statements:
        raise MalformedCertificate("claim.statements must hold at least one statement")
    lines, used = [], {MINIMISER}
    for index, fields in enumerate(statements):
        path = f"claim.statements[{index}]"
        kind = fields.get("type") if isinstance(fields, dict) else None
        keys, rule = RULES[decode_choice(kind, tuple(RULES), f"{path}.type")]
        decode_object(fields, (*keys, "type"), path)
        for key in ("point", "to"):
            if key in keys and (not isinstance(fields[key], str) or fields[key] not in points):
                raise MalformedCertificate(f"{path}.{key} must name a point, not {quote(fields[key])}")
        used |= {fields[key] for key in ("point", "to") if key in keys}
        lines.append(rule(instance, points, fields, path))
    for name in sorted(points.keys() - used):
        raise MalformedCertificate(f"claim.points.{words.plain(name)} is in no statement")
    return Statement("claim-audit", "Every statement below was recomputed and is true.", (*instance.lines, *lines))


def _decided(fields: Fields, path: str, holds: bool, subject: str, what: str) -> str:
    stated, found = decode_bool(fields["holds"], f"{path}.holds"), f"{subject} {'is' if holds else 'is not'} {what}"
    require(holds == stated, path, lambda: f"the file states the contrary of: {found}")
    return f"{found}."


def _interval(fields: Fields, path: str) -> tuple[Ratio, Ratio, str]:
    low, high = (decode_rational(fields[key], f"{path}.{key}") for key in ("low", "high"))
    what = f"between {words.short(*low)} and {words.short(*high)}"
    if low[0] == 0:
        what = f"at most {words.short(*high)}" if high[0] else "0"
    return Ratio(*low), Ratio(*high), what


def _root_between(square: Ratio, low: Ratio, high: Ratio) -> bool:
    """Return whether low <= √square <= high: through squares, and the signs of low and high."""
    zero = Ratio(0, 1)
    return (low <= zero or low * low <= square) and zero <= high and square <= high * high


def _distance(instance: Block | Dense, points: dict[str, Vector], fields: Fields, path: str) -> str:
    low, high, between = _interval(fields, path)
    name, to = fields["point"], fields["to"]
    holds = _root_between(points[name].minus(points[to]).norm2(), low, high)
    subject = f"the distance from '{words.plain(name)}' to '{words.plain(to)}'"
    return _decided(fields, path, holds, subject, between)


def _objective(instance: Block | Dense, points: dict[str, Vector], fields: Fields, path: str) -> str:
    low, high, between = _interval(fields, path)
    point, weights, p = points[fields["point"]], instance.weights(), instance.parameter
    total: Real = 0
    for weight, entry in zip(weights.items, point.items, strict=True):
        x = real_part(entry)
        total = total + x * real_part(weight) * sign(x)
    length, residual2 = Ratio(total, point.den * weights.den), instance.residual2(point)
    subject = f"the objective at '{words.plain(fields['point'])}'"
    if instance.name == "bpdn":
        require(residual2 <= p * p, path, lambda: f"{subject} does not exist, as it is infeasible")
        holds = low <= length and length <= high
    else:
        rest_low, rest_high = low + -(p * length), high + -(p * length)
        squared = rest_low <= residual2 and residual2 <= rest_high
        holds = squared if instance.name == "lasso" else _root_between(residual2, rest_low, rest_high)
    return _decided(fields, path, holds, subject, between)


def _steps(instance: Block | Dense, points: dict[str, Vector], fields: Fields, path: str) -> str:
    tau, sigma = (decode_rational(fields[key], f"{path}.{key}", positive=True) for key in ("tau", "sigma"))
    holds = instance.norm2_below(Ratio(tau[1] * sigma[1], tau[0] * sigma[0]))
    subject = f"tau * sigma * |A|^2 with tau = {words.rational(*tau)}, sigma = {words.rational(*sigma)}"
    return _decided(fields, path, holds, subject, "less than 1")


def _float64(instance: Block | Dense, points: dict[str, Vector], fields: Fields, path: str) -> str:
    if not isinstance(instance, Block):
        raise MalformedCertificate(f"{path} is about the row of a block instance, and this is none")
    items = instance.row.items
    i, j = (decode_integer(fields[key], f"{path}.{key}", low=1, high=len(items)) for key in ("first", "second"))
    steps = decode_integer(fields["steps"], f"{path}.steps")
    (m_i, e_i), (m_j, e_j) = (_nearest_float64(real_part(items[k - 1]), instance.row.den, path) for k in (i, j))
    unit = min(e_i, e_j)
    found = (m_j << (e_j - unit)) - (m_i << (e_i - unit))
    require(found == steps, path, lambda: f"the float64 are {words.integer(found)} units apart")
    return f"the float64 nearest to entry {j} of a is {words.integer(steps)} units in the last place above entry {i}'s."


def _nearest_float64(x: Real, den: int, path: str) -> tuple[int, int]:
    """Return (m, e) with m·2^e the float64 nearest to x/den > 0, ties to even; without the limits of the exponent."""
    below = -ceiling(-(x * (1 << _SMALL)), den)
    require(below > 0, path, lambda: "an entry of a is too small")
    e = below.bit_length() - _SMALL - 53
    # twice the significand, rounded down; it is exact only if x/den is a midpoint or a float64
    num, scaled = x * (2 << max(-e, 0)), den << max(e, 0)
    twice = -ceiling(-num, scaled)
    tie = twice % 2 == 1 and sign(num + -(twice * scaled)) == 0
    return (twice // 2 + (twice // 2) % 2 if tie else (twice + 1) // 2), e


RULES: dict[str, tuple[tuple[str, ...], Callable[[Block | Dense, dict[str, Vector], Fields, str], str]]] = {
    "distance": (("high", "holds", "low", "point", "to"), _distance),
    "objective": (("high", "holds", "low", "point"), _objective),
    "steps": (("holds", "sigma", "tau"), _steps),
    "float64": (("first", "second", "steps"), _float64),
}

"""Kind claim-audit: statements about points of an instance, and its minimisers (docs/format.md, "kind claim-audit")."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from proofs_checks.certificate.reading import (
    POINT_NAME,
    MalformedCertificate,
    decode_bool,
    decode_choice,
    decode_integer,
    decode_list,
    decode_object,
    decode_rational,
    quote,
)
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Ratio, Reader
from proofs_checks.checker.core.rules import Invalid, Statement, require
from proofs_checks.checker.parts.audited import Block, decode_block, decode_dense
from proofs_checks.checker.parts.relations import MINIMISER, RELATIONS, Fields, Instance, Points
from proofs_checks.checker.parts.solution_set import SolutionSet, decode_set

_FORMS: dict[str, Callable[..., Instance]] = {"block": decode_block, "dense": decode_dense, "set": decode_set}


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate; raises MalformedCertificate and Invalid."""
    decode_object(claim, ("instance", "points", "root", "statements"), "claim")
    reader = Reader(claim["root"])
    instance = _decode_instance(claim["instance"], evidence, reader)
    points = _decode_points(claim["points"], instance, reader)
    reader.finish()
    statements = [
        _decode_statement(value, f"claim.statements[{index}]", instance, points)
        for index, value in enumerate(decode_list(claim["statements"], "claim.statements"))
    ]
    if not statements:
        raise MalformedCertificate("claim.statements must hold at least one statement")
    for name in sorted(points.keys() - {fields.get(key) for fields in statements for key in ("point", "to")}):
        raise MalformedCertificate(f"claim.points.{name} is in no statement")
    if isinstance(instance, SolutionSet):
        _require_witnesses(instance, statements)

    shown = [f"Point {name}: {words.entries(point)}." for name, point in points.items()]
    if isinstance(instance, SolutionSet):
        shown += [f"p nearest to point {name}: {words.entries(p)}." for name, (p, _) in instance.witnesses.items()]
    points[MINIMISER], lines = instance.solve()
    found = [_decide(f"statement {j}", fields, instance, points) for j, fields in enumerate(statements, start=1)]
    return Statement("claim-audit", "Every statement below was recomputed and is true.", (*lines, *shown, *found))


def _decode_instance(value: Any, evidence: dict[str, Any], reader: Reader) -> Instance:
    form = decode_choice(value.get("form") if isinstance(value, dict) else None, tuple(_FORMS), "claim.instance.form")
    return _FORMS[form](value, evidence, reader)


def _require_witnesses(instance: SolutionSet, statements: list[Fields]) -> None:
    """Demand the nearest minimiser of each point whose distance to the set is stated, and no others."""
    distances = [fields for fields in statements if fields["type"] in ("distance", "relative")]
    if any(fields["point"] == MINIMISER for fields in distances):
        raise MalformedCertificate(
            "claim.statements: in an instance of form set the distances are those of named points"
        )
    needed = {fields["point"] for fields in distances if fields.get("to", MINIMISER) == MINIMISER}
    for name in sorted(needed ^ instance.witnesses.keys()):
        raise MalformedCertificate(f"evidence.nearest holds the points whose distance is stated, unlike {quote(name)}")


def _decode_points(value: Any, instance: Instance, reader: Reader) -> Points:
    if not isinstance(value, dict):
        raise MalformedCertificate(f"claim.points must be an object, not {quote(value)}")
    for name in value:
        if not POINT_NAME.fullmatch(name):
            raise MalformedCertificate(f"claim.points: {quote(name)} cannot be the name of a point")
    columns, real = instance.columns, not isinstance(instance, SolutionSet)
    return {name: reader.vector(point, f"claim.points.{name}", columns, real=real) for name, point in value.items()}


def _decode_statement(value: Any, path: str, instance: Instance, points: Points) -> Fields:
    """Return the fields: names, booleans, integers and ratios."""
    kind = decode_choice(value.get("type") if isinstance(value, dict) else None, RELATIONS, f"{path}.type")
    keys = RELATIONS[kind][0]
    decode_object(value, (*keys, "type"), path)
    if kind == "float64" and not isinstance(instance, Block):
        raise MalformedCertificate(f"{path} is about the row of a block instance, and this is none")
    fields: Fields = {"type": kind}
    for key in keys:
        field, where = value[key], f"{path}.{key}"
        if key in ("point", "to"):
            if not isinstance(field, str) or (field not in points and field != MINIMISER):
                raise MalformedCertificate(f"{where} must name a point, not {quote(field)}")
            fields[key] = field
        elif key == "holds":
            fields[key] = decode_bool(field, where)
        elif key == "steps":
            fields[key] = decode_integer(field, where)
        elif isinstance(instance, Block) and key in ("first", "second"):
            fields[key] = decode_integer(field, where, low=1, high=len(instance.row.items))
        else:
            fields[key] = Ratio(*decode_rational(field, where, positive=key in ("sigma", "tau")))
    return fields


def _decide(rule: str, fields: Fields, instance: Instance, points: Points) -> str:
    try:
        holds, subject, what = RELATIONS[fields["type"]][1](instance, points, fields)
    except Invalid as error:
        raise Invalid(rule, error.found) from None
    found = f"{subject} {'is' if holds else 'is not'} {what}"
    require(holds == fields.get("holds", True), rule, lambda: f"the file states the contrary of: {found}")
    return f"{found[0].upper()}{found[1:]}."

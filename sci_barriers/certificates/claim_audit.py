"""Certificates of kind `claim-audit` (docs/format.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import fmpq

from exact_base.encoding import common_root, encode_array, encode_fraction
from exact_base.errors import UsageError
from exact_base.text import slug
from proofs_checks.certificate.reading import SUFFIX
from proofs_checks.certificate.writing import build, encode_integer
from sci_barriers.audit.claims import Audit, Statement, Unaudited
from sci_barriers.audit.instances import BlockInstance, DenseInstance
from sci_barriers.certificates.problems import encode_dual, encode_problem

__all__ = ["audit_certificate", "audit_files"]


def audit_certificate(subject: Audit, *, provenance: dict[str, str] | None = None) -> bytes:
    """Write everything an audit has found as one certificate.

    Raises:
        UsageError: if it has found nothing.
    """
    statements = [statement for finding in subject.findings for statement in finding.statements]
    if not statements:
        raise UsageError(f"the audit {subject.name!r} has no finding to certify")
    used = {s.fields[key] for s in statements for key in ("point", "to") if key in s.fields} - {"minimiser"}
    points = {name: subject.points[name] for name in sorted(used)}
    instance = subject.instance
    if isinstance(instance, BlockInstance):
        root = common_root(instance.row, *points.values())
        described: dict[str, Any] = {
            "columns": encode_integer(instance.columns),
            "form": "block",
            "parameter": encode_fraction(instance.parameter),
            "problem": instance.problem,
            "row": encode_array(instance.row, root),
            "rows": encode_integer(instance.rows),
        }
        evidence: dict[str, Any] = {}
    elif isinstance(instance, DenseInstance):
        certified = instance.certified
        inverse = certified.left_inverse
        if inverse is not None and len(inverse) == 0:
            inverse = None
        arrays = [instance.instance.matrix, instance.instance.data, certified.point, certified.dual, inverse]
        root = common_root(*(array for array in arrays if array is not None), *points.values())
        described = {
            "form": "dense",
            "point": encode_array(certified.point, root),
            "problem": encode_problem(instance.instance, root),
        }
        evidence = {
            "dual": encode_dual(certified.dual, root),
            "left_inverse": None if inverse is None else encode_array(inverse, root),
        }
    else:
        raise UsageError(f"instances of type {type(instance).__name__} have no certificate")
    claim = {
        "instance": described,
        "points": {name: encode_array(point, root) for name, point in points.items()},
        "root": encode_integer(root),
        "statements": [_statement(statement) for statement in statements],
    }
    return build("claim-audit", claim=claim, evidence=evidence, provenance={"name": subject.name} | (provenance or {}))


def _statement(statement: Statement) -> dict[str, Any]:
    encoded: dict[str, Any] = {"type": statement.type}
    for key, value in statement.fields.items():
        if isinstance(value, fmpq):
            encoded[key] = encode_fraction(value)
        else:
            encoded[key] = encode_integer(value) if isinstance(value, int) else value
    return encoded if statement.type == "float64" else encoded | {"holds": statement.holds}


def audit_files(audits: Sequence[Audit | Unaudited]) -> dict[str, bytes]:
    """Return one certificate for each audit that found something, by file name."""
    return {
        f"{number:02}-{slug(subject.name)}{SUFFIX}": audit_certificate(subject)
        for number, subject in enumerate(audits, start=1)
        if isinstance(subject, Audit) and any(finding.statements for finding in subject.findings)
    }

"""Certificates of kind `claim-audit` (docs/format.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flint import fmpq

from exact_base.encoding import common_root, encode_array, encode_fraction
from exact_base.errors import UsageError
from exact_base.scalars import ExactArray
from exact_base.text import slug
from proofs_checks.certificate.reading import SUFFIX
from proofs_checks.certificate.writing import build, encode_integer
from sci_barriers.audit.instances import AuditInstance, BlockInstance, DenseInstance, SetInstance
from sci_barriers.audit.records import Audit, Statement, Unaudited
from sci_barriers.certificates.gap import gap_certificate
from sci_barriers.certificates.problems import encode_dual, encode_problem
from sci_barriers.problems import Minimiser

__all__ = ["audit_certificate", "audit_files", "row_files"]


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
    described, evidence, root = _instance(subject.instance, statements, points)
    claim = {
        "instance": described,
        "points": {name: encode_array(point, root) for name, point in points.items()},
        "root": encode_integer(root),
        "statements": [_statement(statement) for statement in statements],
    }
    return build("claim-audit", claim=claim, evidence=evidence, provenance=_provenance(subject) | (provenance or {}))


def _provenance(subject: Audit) -> dict[str, str]:
    said = {"name": subject.name} | ({"files": ", ".join(subject.files)} if subject.files else {})
    # halves of characters, which JSON and names of files may have, and UTF-8 not
    return {key: text.encode("utf-8", "backslashreplace").decode() for key, text in said.items()}


def _instance(
    instance: AuditInstance, statements: Sequence[Statement], points: Mapping[str, ExactArray]
) -> tuple[dict[str, Any], dict[str, Any], int]:
    """Return the instance, the evidence for its minimisers, and the root of all the numbers."""
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
        return described, {}, root
    if isinstance(instance, DenseInstance):
        inverse = instance.certified.left_inverse
        if inverse is not None and len(inverse) == 0:
            inverse = None
        described, root = _solved(instance.certified, [inverse, *points.values()], form="dense")
        dual = encode_dual(instance.certified.dual, root)
        return described, {"dual": dual, "left_inverse": None if inverse is None else encode_array(inverse, root)}, root
    if isinstance(instance, SetInstance):
        named = [s.fields for s in statements if s.type in ("distance", "relative")]
        far = sorted({fields["point"] for fields in named if fields.get("to", "minimiser") == "minimiser"})
        nearest = {name: instance.projection(points[name]) for name in far}
        # without an active column 0 is the only minimiser, and there is nothing to prove
        proofs = {name: p.multiplier if instance.certified.active else None for name, p in nearest.items()}
        arrays = [*points.values(), *(p.point for p in nearest.values()), *proofs.values()]
        described, root = _solved(instance.certified, arrays, form="set")
        witnesses = {
            name: {"multiplier": encode_dual(proofs[name], root), "point": encode_array(p.point, root)}
            for name, p in nearest.items()
        }
        return described, {"dual": encode_dual(instance.certified.dual, root), "nearest": witnesses}, root
    raise UsageError(f"instances of type {type(instance).__name__} have no certificate")


def _solved(certified: Minimiser, arrays: Sequence[ExactArray | None], *, form: str) -> tuple[dict[str, Any], int]:
    """Return an instance with its minimiser, and the root of its numbers and of these arrays."""
    problem = certified.problem
    used = [problem.matrix, problem.data, certified.point, certified.dual, *arrays]
    root = common_root(*(array for array in used if array is not None))
    described = {
        "form": form,
        "point": encode_array(certified.point, root),
        "problem": encode_problem(problem, root),
    }
    return described, root


def _statement(statement: Statement) -> dict[str, Any]:
    encoded: dict[str, Any] = {"type": statement.type}
    for key, value in statement.fields.items():
        if isinstance(value, fmpq):
            encoded[key] = encode_fraction(value)
        else:
            encoded[key] = encode_integer(value) if isinstance(value, int) else value
    return encoded if statement.type in ("excess", "float64") else encoded | {"holds": statement.holds}


def row_files(subject: Audit | Unaudited, number: int) -> dict[str, bytes]:
    """Return the certificates of the `number`-th row by file name: one of its statements, and one of each gap.

    Raises:
        SciBarriersError: if its numbers do not lie in one field, or exceed the caps of the format.
    """
    if not isinstance(subject, Audit):
        return {}
    stem, files = f"{number:02}-{slug(subject.name)}", {}
    if any(finding.statements for finding in subject.findings):
        files[f"{stem}{SUFFIX}"] = audit_certificate(subject)
    gaps = [gap for finding in subject.findings for gap in finding.gaps]
    for place, gap in enumerate(gaps, start=1):
        files[f"{stem}-gap-{place}{SUFFIX}"] = gap_certificate(gap, provenance=_provenance(subject))
    return files


def audit_files(audits: Sequence[Audit | Unaudited]) -> dict[str, bytes]:
    """Return the certificates of all audits by file name; raises as `row_files` does."""
    found: dict[str, bytes] = {}
    for number, subject in enumerate(audits, start=1):
        found |= row_files(subject, number)
    return found

"""Kind path: minimisers of penalised least squares for all levels of the penalty in an interval (docs/format.md)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from proofs_checks.certificate.reading import (
    MalformedCertificate,
    decode_bool,
    decode_list,
    decode_object,
    decode_rational,
)
from proofs_checks.checker.core.rules import Statement
from proofs_checks.checker.parts.path_words import path_lines, title
from proofs_checks.checker.parts.penalised import decode_penalised, decode_places, decode_sparse
from proofs_checks.checker.parts.penalised_moments import Level
from proofs_checks.checker.parts.penalised_path import Path, check_path, require_memory
from proofs_checks.checker.parts.penalised_words import problem_lines


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate; raises MalformedCertificate and Invalid."""
    decode_object(claim, ("breakpoints", "points", "problem", "unique"), "claim")
    decode_object(evidence, ("minors",), "evidence")
    problem = decode_penalised(claim["problem"], "claim.problem")
    levels = _decode_levels(claim["breakpoints"], "claim.breakpoints")

    def listed(value: object, where: str) -> list[tuple[Any, str]]:
        items = decode_list(value, where)
        if len(items) != len(levels):
            raise MalformedCertificate(f"{where} must have {len(levels)} entries, one for each breakpoint")
        return [(item, f"{where}[{i}]") for i, item in enumerate(items)]

    points = [decode_sparse(item, where, problem.size) for item, where in listed(claim["points"], "claim.points")]
    unique = [decode_bool(item, where) for item, where in listed(claim["unique"], "claim.unique")]
    minors: list[list[int] | None] = []
    for only, (item, where) in zip(unique, listed(evidence["minors"], "evidence.minors"), strict=True):
        if (item is not None) != only:
            raise MalformedCertificate(f"{where} must {'not ' * only}be null here")
        minors.append(None if item is None else decode_places(item, where, problem.matrix.shape[0]))

    path = Path(problem, levels, points, unique)
    require_memory(path)
    check_path(path, minors)
    return Statement("path", title(path), (*problem_lines(problem, "x(lambda) are coefficients"), *path_lines(path)))


def _decode_levels(value: object, path: str) -> list[Level]:
    """Return rationals >= 0 that strictly decrease; raises MalformedCertificate."""
    levels = [decode_rational(item, f"{path}[{i}]") for i, item in enumerate(decode_list(value, path))]
    if not levels:
        raise MalformedCertificate(f"{path} must not be empty")
    if levels[-1][0] < 0:
        raise MalformedCertificate(f"{path} must be at least 0")
    if any(a * d <= c * b for (a, b), (c, d) in pairwise(levels)):
        raise MalformedCertificate(f"{path} must strictly decrease")
    return levels

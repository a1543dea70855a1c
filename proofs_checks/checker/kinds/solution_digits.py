"""Kind solution-digits: how far coefficients are from the minimisers of somebody's own problem (docs/format.md)."""

from __future__ import annotations

from typing import Any

from proofs_checks.certificate.reading import MalformedCertificate, decode_choice, decode_object
from proofs_checks.checker.core.rules import Statement
from proofs_checks.checker.parts.penalised import (
    decode_penalised,
    decode_places,
    decode_sparse,
    decode_vector,
    require_room,
)
from proofs_checks.checker.parts.penalised_errors import Errors
from proofs_checks.checker.parts.penalised_optimum import check_minimiser, check_minor, check_nearest, check_other
from proofs_checks.checker.parts.penalised_words import error_lines, problem_lines, title

_NEEDED = {"yes": {"rows"}, "no": {"multiplier", "other"}, "open": {"multiplier"}}


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate; raises MalformedCertificate and Invalid."""
    decode_object(claim, ("coefficients", "minimiser", "problem", "unique"), "claim")
    decode_object(evidence, ("multiplier", "other", "rows"), "evidence")
    unique = decode_choice(claim["unique"], tuple(_NEEDED), "claim.unique")
    for key in sorted(evidence):
        if (evidence[key] is not None) != (key in _NEEDED[unique]):
            raise MalformedCertificate(f"evidence.{key} must {'not ' * (key in _NEEDED[unique])}be null here")
    problem = decode_penalised(claim["problem"], "claim.problem")
    m, size = problem.matrix.shape[0], problem.size
    coefficients = decode_vector(claim["coefficients"], "claim.coefficients", size)
    point = decode_sparse(claim["minimiser"], "claim.minimiser", size)
    rows = None if evidence["rows"] is None else decode_places(evidence["rows"], "evidence.rows", m)
    multiplier, other = (
        None if evidence[key] is None else decode_sparse(evidence[key], f"evidence.{key}", length)
        for key, length in (("multiplier", m), ("other", size))
    )
    require_room(problem, coefficients, (point, multiplier, other))

    optimum = check_minimiser(problem, point, (j for j, c in enumerate(coefficients.numbers) if c))
    if rows is not None:
        check_minor(problem, optimum, rows)
    if multiplier is not None:
        check_nearest(problem, optimum, coefficients, multiplier)
    if other is not None:
        check_other(problem, optimum, other)
    errors = Errors(problem, optimum, coefficients, unique == "yes")
    lines = (*problem_lines(problem), *error_lines(errors, unique))
    return Statement("solution-digits", title(errors), lines)

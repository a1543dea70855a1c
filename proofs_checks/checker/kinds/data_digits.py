"""Kind data-digits: what data that are known up to a precision determine of a minimiser (docs/format.md)."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

from proofs_checks.certificate.arrays import PackedArray
from proofs_checks.certificate.reading import (
    MalformedCertificate,
    decode_list,
    decode_object,
    decode_rational,
)
from proofs_checks.checker.core.rules import Statement
from proofs_checks.checker.parts.data_fit import AnyColumns
from proofs_checks.checker.parts.data_fit_theorem import FitAtScale
from proofs_checks.checker.parts.data_fit_words import fit_lines, fit_title
from proofs_checks.checker.parts.data_objectives import decode_objective, require_fitting
from proofs_checks.checker.parts.data_problem import decode_entries, decode_problem, width
from proofs_checks.checker.parts.data_words import data_lines, title
from proofs_checks.checker.parts.penalised import Sparse, decode_places, decode_sparse, require_room
from proofs_checks.checker.parts.precision import Precision, decode_precision

_SCALES = 64
_NONE = PackedArray((1,), 1, [0])


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate; raises MalformedCertificate and Invalid."""
    decode_object(claim, ("coefficients", "noise", "objective", "precision", "problem", "scales"), "claim")
    decode_object(evidence, ("allowed", "point", "sigma"), "evidence")
    objective = decode_objective(claim["objective"], claim["noise"], "claim")
    problem = decode_problem(claim["problem"], "claim.problem")
    require_fitting(objective, problem, "claim.problem")
    precision = decode_precision(claim["precision"], "claim.precision", *problem.matrix.shape)
    scales = _decode_scales(claim["scales"], "claim.scales")
    coefficients = None
    if claim["coefficients"] is not None:
        coefficients = decode_entries(claim["coefficients"], "claim.coefficients", problem.size, width(problem))
    point = decode_sparse(evidence["point"], "evidence.point", width(problem) * problem.size)
    allowed = decode_places(evidence["allowed"], "evidence.allowed", problem.size)
    sigma = None
    if evidence["sigma"] is not None:
        sigma = Fraction(*decode_rational(evidence["sigma"], "evidence.sigma", positive=True))
    elif objective.name != "lasso":
        raise MalformedCertificate(f"evidence.sigma must not be null if the objective is {objective.name}")
    rationals = [*scales, *(x for x in (sigma, objective.noise) if x is not None)]
    require_room(problem, coefficients or _NONE, (point, *_numbers(precision), *map(_number, rationals)))

    if sigma is None:
        given = AnyColumns(problem, precision, point, allowed)
        fits = [FitAtScale(given, scale).outcome() for scale in scales]
        return Statement(
            "data-digits", fit_title(fits), tuple(fit_lines(objective, given, precision, fits, coefficients))
        )
    found, outcomes = objective.outcomes(problem, precision, point, allowed, sigma, scales)
    lines = data_lines(objective, found, precision, outcomes, coefficients)
    return Statement("data-digits", title(outcomes), tuple(lines))


def _number(x: Fraction) -> Sparse:
    return Sparse(x.denominator, {0: x.numerator})


def _numbers(precision: Precision) -> list[Sparse]:
    """Return the radii, with the largest bound of the entries for all of them."""
    found = []
    for radius in (precision.matrix, precision.data):
        if radius.norm is not None:
            found.append(_number(radius.norm))
        if radius.entries is not None:
            found.append(Sparse(radius.entries.den, {0: max(radius.entries.numbers)}))
    return found


def _decode_scales(value: object, path: str) -> list[Fraction]:
    """Return positive rationals that strictly increase; raises MalformedCertificate."""
    items = decode_list(value, path)
    if not 1 <= len(items) <= _SCALES:
        raise MalformedCertificate(f"{path} must have 1 to {_SCALES} entries, not {len(items)}")
    scales = [Fraction(*decode_rational(item, f"{path}[{i}]", positive=True)) for i, item in enumerate(items)]
    if any(p >= q for p, q in pairwise(scales)):
        raise MalformedCertificate(f"{path} must strictly increase")
    return scales

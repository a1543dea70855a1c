"""Kind data-pair: two data sets within what is known, whose minimisers are apart (docs/format.md)."""

from __future__ import annotations

from typing import Any

from proofs_checks.certificate.reading import decode_choice, decode_object
from proofs_checks.checker.core.rules import Statement, require
from proofs_checks.checker.parts.data_objectives import decode_objective, require_fitting
from proofs_checks.checker.parts.data_problem import decode_problem
from proofs_checks.checker.parts.pair_enclosed import EnclosedPair, check_enclosure, decode_enclosure
from proofs_checks.checker.parts.pair_enclosed_words import enclosed_lines, enclosed_title
from proofs_checks.checker.parts.pair_words import Pair, pair_lines, title
from proofs_checks.checker.parts.penalised import decode_penalised
from proofs_checks.checker.parts.penalised_variation import check_variation, decode_variation
from proofs_checks.checker.parts.penalised_words import problem_lines
from proofs_checks.checker.parts.precision import decode_precision

_NAMES = ("first", "second")


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate; raises MalformedCertificate and Invalid."""
    if "noise" in claim:
        return _check_enclosed(claim, evidence)
    decode_object(claim, ("objective", "precision", "problem"), "claim")
    decode_object(evidence, _NAMES, "evidence")
    decode_choice(claim["objective"], ("lasso",), "claim.objective")
    problem = decode_penalised(claim["problem"], "claim.problem")
    precision = decode_precision(claim["precision"], "claim.precision", *problem.matrix.shape)
    variations = [decode_variation(evidence[name], f"evidence.{name}", problem, precision) for name in _NAMES]

    first, second = (
        check_variation(problem, precision, variation, f"{name} data set")
        for name, variation in zip(_NAMES, variations, strict=True)
    )
    pair = Pair(problem, first, second)
    require(bool(pair.differences), "apart", lambda: "the two minimisers are the same in all columns of X")
    lines = (*problem_lines(problem, "p' and p'' are coefficients"), *pair_lines(pair, precision, variations))
    return Statement("data-pair", title(pair), lines)


def _check_enclosed(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate whose minimisers are known up to a distance."""
    decode_object(claim, ("noise", "objective", "precision", "problem"), "claim")
    decode_object(evidence, _NAMES, "evidence")
    objective = decode_objective(claim["objective"], claim["noise"], "claim")
    problem = decode_problem(claim["problem"], "claim.problem")
    require_fitting(objective, problem, "claim.problem")
    precision = decode_precision(claim["precision"], "claim.precision", *problem.matrix.shape)
    first, second = (
        decode_enclosure(evidence[name], f"evidence.{name}", problem, precision, objective) for name in _NAMES
    )

    one = check_enclosure(problem, precision, first, objective, "first data set")
    other = check_enclosure(problem, precision, second, objective, "second data set")
    pair = EnclosedPair(problem, first, second, (one, other))
    require(pair.distances[0] > 0, "apart", lambda: "the minimisers are not shown to differ in the columns of X")
    return Statement("data-pair", enclosed_title(pair), tuple(enclosed_lines(pair, objective, precision)))

"""Kind data-pair: two data sets within what is known, whose minimisers are apart (docs/format.md)."""

from __future__ import annotations

from typing import Any

from proofs_checks.certificate.reading import decode_choice, decode_object
from proofs_checks.checker.core.rules import Statement, require
from proofs_checks.checker.parts.pair_words import Pair, pair_lines, title
from proofs_checks.checker.parts.penalised import decode_penalised
from proofs_checks.checker.parts.penalised_variation import check_variation, decode_variation
from proofs_checks.checker.parts.penalised_words import problem_lines
from proofs_checks.checker.parts.precision import decode_precision

_NAMES = ("first", "second")


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate; raises MalformedCertificate and Invalid."""
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

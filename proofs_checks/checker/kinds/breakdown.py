"""Kind breakdown: the accuracy beyond which no algorithm computes (docs/format.md, "kind breakdown")."""

from __future__ import annotations

from typing import Any

from proofs_checks.certificate.reading import decode_choice, decode_object, decode_rational
from proofs_checks.checker.core import words
from proofs_checks.checker.core.rules import Statement, require
from proofs_checks.checker.core.statements import class_lines
from proofs_checks.checker.parts import breakdown_family
from proofs_checks.checker.parts.omega import decode_class


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate of either form; raises MalformedCertificate and Invalid."""
    form = decode_choice(claim.get("form"), ("class", "family"), "claim.form")
    return _check_class(claim, evidence) if form == "class" else breakdown_family.check(claim, evidence)


def _check_class(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    decode_object(claim, ("class", "form", "square"), "claim")
    decode_object(evidence, (), "evidence")
    omega = decode_class(claim["class"])
    num, den = decode_rational(claim["square"], "claim.square", positive=True)

    h_num, h_den = high = omega.height(omega.base)
    omega.check_parameters(high)
    d = omega.ties
    equal = num * d * h_den**2 == (d - 1) * h_num**2 * den
    found = ((d - 1) * h_num**2, d * h_den**2)
    require(equal, "square", lambda: f"h^2 (d - 1)/d is {words.rational(*found)}, not {words.rational(num, den)}")

    low, up = words.decimal(num, den, root=True), words.decimal(num, den, root=True, up=True)
    digits = omega.target - 1  # as 2 h^2 > 4 * 10^-2T and 2 h^2 <= 10^(2-2T)
    strong = omega.family == "strong"
    lines = (
        *class_lines(omega),
        "An error is the distance from the answer for y to the minimisers.",
        f"e = h (1 - 1/d)^(1/2), with e^2 = {words.rational(num, den)}: it lies between {low} and {up}.",
        "The weak breakdown epsilon is e: for all M and t > 0 every algorithm reads more than M data or has an error "
        "of more than e - t on some input, and one that reads nothing has errors of less than e only.",
        "The strong breakdown epsilon is e as well, as the family contains the tie: unlimited data do not help."
        if strong
        else "The strong breakdown epsilon is 0, as the family lacks the tie: unlimited data give every accuracy.",
        f"k digits are computable on all of the family {'' if strong else 'from limited data '}if and only if "
        f"10^-k >= e, that is, k <= {digits}; equality would suffice, as an error of at most e is attained.",
    )
    name = "breakdown epsilons are" if strong else "weak breakdown epsilon is"
    return Statement("breakdown", f"The {name} known exactly: between {low} and {up}.", lines)

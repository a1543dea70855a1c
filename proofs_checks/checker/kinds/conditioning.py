"""Kind conditioning: condition numbers of an instance of the class (docs/format.md)."""

from __future__ import annotations

from typing import Any

from proofs_checks.certificate.reading import decode_choice, decode_integer, decode_object
from proofs_checks.checker.core import words
from proofs_checks.checker.core.rules import Statement, require
from proofs_checks.checker.core.statements import class_lines
from proofs_checks.checker.parts.common_oracle import check_member
from proofs_checks.checker.parts.omega import MAX_EXPONENT, Omega, Rational, decode_class


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate; raises MalformedCertificate and Invalid."""
    decode_object(claim, ("class", "instance"), "claim")
    decode_object(evidence, (), "evidence")
    omega = decode_class(claim["class"])
    fields = claim["instance"] if isinstance(claim["instance"], dict) else {}
    form = decode_choice(fields.get("form"), ("control", "member", "tie"), "claim.instance.form")
    keys = ("exponent", "form", "index") if form == "member" else ("form",)
    decode_object(claim["instance"], keys, "claim.instance")
    if form == "member":
        i = decode_integer(fields["index"], "claim.instance.index", low=1, high=omega.ties)
        q = decode_integer(fields["exponent"], "claim.instance.exponent", low=1, high=MAX_EXPONENT)

    d, (b_num, b_den) = omega.ties, omega.base
    if form == "member":
        largest = omega.top(q)
        check_member(omega, q, "class")
        # beta over the denominator of beta + delta_q
        square = (d - 1) * (b_num << omega.delta_bits(q)) ** 2 + largest[0] ** 2, largest[1] ** 2
        name = f"member (i, q) = ({i}, {q})"
    else:
        largest = omega.base
        omega.check_parameters(omega.height(omega.base))
        require(form != "tie" or omega.family == "strong", "class", lambda: "the weak family has no tie")
        square = (d * b_num**2, b_den**2) if form == "tie" else ((d + 3) * b_num**2, 4 * b_den**2)
        name = f"the {form} of the class"

    require(square[0] >= square[1], "feasibility", lambda: f"c^2 = {words.rational(*square)} is less than 1")
    lines = (
        *class_lines(omega),
        f"Instance: {name}; its largest entry is a_max = {words.rational(*largest)}, "
        f"and c^2 = |a|^2 = {words.rational(*square)}.",
        "A A* = c^2 I, so that Cond(A A*) = 1 and |A| = c.",
        f"Feasibility: every A', y' with |A' - A| < c has a solution of {_constraint(omega)}, and "
        "some with |A' - A| = c has none; as c >= 1 = |y|, the condition number max(|A|, |y|) / c is 1.",
        *(() if form == "tie" else _sensitivity(omega, largest, square)),
        _distance(omega, form, q if form == "member" else 0),
    )
    title = (
        "The condition numbers of the matrix and of feasibility are 1; of the tie's sensitivity nothing is claimed."
        if form == "tie"
        else "The condition numbers of this instance are at most 1."
    )
    return Statement("conditioning", title, lines)


def _distance(omega: Omega, form: str, q: int) -> str:
    """Say what the numbers do not measure."""
    measured = "None of these numbers measures the distance to the nearest input with several solutions"
    if form == "tie":
        return f"{measured}: the tie is such an input itself."
    if form == "member":
        return f"{measured}, which is at most delta_q = 2^-{omega.delta_bits(q)}: the tie is that near."
    return f"{measured}."


def _constraint(omega: Omega) -> str:
    return "|A'x - y'| <= p" if omega.problem == "bpdn" else "A'x = y' (the problem itself has no constraint)"


def _sensitivity(omega: Omega, largest: Rational, square: Rational) -> tuple[str]:
    """Check and state that the only minimiser moves at most as much as A and y."""
    (num, den), (p_num, p_den) = largest, omega.parameter
    # 1/t + 1/t^2 <= 1
    bounded = (num + den) * den <= num * num
    require(bounded, "sensitivity", lambda: f"1/a_max + 1/a_max^2 exceeds 1: a_max = {words.rational(num, den)}")
    if omega.problem == "sqrt-lasso":
        # p^2 (1/t^2 + (m - 1)/c^2) < 1
        total = den**2 * square[0] + (omega.rows - 1) * square[1] * num**2
        inside = p_num**2 * total < p_den**2 * num**2 * square[0]
        require(inside, "sensitivity", lambda: "p^2 (1/a_max^2 + (m - 1)/c^2) must be less than 1")
    bound = words.decimal((num + den) * den, num * num, up=True)
    return (
        "Sensitivity: as A and y move by at most t -> 0 (in any direction), the minimisers move by at most "
        f"(1/a_max + 1/a_max^2) t + o(t), where 1/a_max + 1/a_max^2 is at most {bound}.",
    )

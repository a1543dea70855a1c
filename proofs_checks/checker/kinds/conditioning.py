"""Kind conditioning: condition numbers of an instance of the class (docs/format.md)."""

from __future__ import annotations

from typing import Any

from proofs_checks.certificate.reading import decode_choice, decode_integer, decode_object
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Ratio
from proofs_checks.checker.core.rules import Statement, require
from proofs_checks.checker.core.statements import class_lines
from proofs_checks.checker.parts.common_oracle import check_member
from proofs_checks.checker.parts.further import decode_further, feasible, longest, moves, root_above
from proofs_checks.checker.parts.omega import MAX_EXPONENT, Omega, Rational, decode_class
from proofs_checks.checker.parts.samples import Sample

SAMPLES = "-samples"
FORMS = ("control", "control-samples", "member", "member-samples", "tie", "tie-samples", "tie-sensitivity")
TITLES = {
    "tie": "The condition numbers of the matrix and of feasibility are 1; of the tie's sensitivity nothing is claimed.",
    "tie-sensitivity": "The condition numbers of the tie are at most 1, with distances to the set of its minimisers.",
}


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate; raises MalformedCertificate and Invalid."""
    decode_object(claim, ("class", "instance"), "claim")
    decode_object(evidence, (), "evidence")
    omega = decode_class(claim["class"])
    fields = claim["instance"] if isinstance(claim["instance"], dict) else {}
    form = decode_choice(fields.get("form"), FORMS, "claim.instance.form")
    member, further = form.startswith("member"), form.endswith(SAMPLES)
    keys = ("exponent", "form", "index") if member else ("form",)
    decode_object(claim["instance"], (*keys, "samples") if further else keys, "claim.instance")
    if member:
        i = decode_integer(fields["index"], "claim.instance.index", low=1, high=omega.ties)
        q = decode_integer(fields["exponent"], "claim.instance.exponent", low=1, high=MAX_EXPONENT)
    samples = decode_further(fields["samples"], omega, "claim.instance.samples") if further else []

    d, (b_num, b_den), tied = omega.ties, omega.base, form.startswith("tie")
    if member:
        largest = omega.top(q)
        check_member(omega, q, "class")
        # beta over the denominator of beta + delta_q
        square = (d - 1) * (b_num << omega.delta_bits(q)) ** 2 + largest[0] ** 2, largest[1] ** 2
        name = f"member (i, q) = ({i}, {q})"
    else:
        largest = omega.base
        omega.check_parameters(omega.height(omega.base))
        require(not tied or omega.family == "strong", "class", lambda: "the weak family has no tie")
        square = (d * b_num**2, b_den**2) if tied else ((d + 3) * b_num**2, 4 * b_den**2)
        name = f"the {'tie' if tied else 'control'} of the class"

    require(square[0] >= square[1], "feasibility", lambda: f"c^2 = {words.rational(*square)} is less than 1")
    size = longest(omega, samples) * Ratio(square[1], square[0])
    lines = (
        *class_lines(omega, len(samples)),
        f"Instance: {name}; its largest entry is a_max = {words.rational(*largest)}, "
        f"and c^2 = |a|^2 = {words.rational(*square)}.",
        "A A* = c^2 I, so that Cond(A A*) = 1 and |A| = c.",
        feasible(omega, samples, size),
        *_moves(form, omega, samples, (largest, square)),
        _distance(omega, form, q if member else 0),
    )
    return Statement("conditioning", _title(omega, form, size), lines)


def _title(omega: Omega, form: str, size: Ratio) -> str:
    here, apart = "of this instance are at most 1", form == "tie-samples" and omega.problem != "bpdn"
    if not form.endswith(SAMPLES):
        return TITLES.get(form, f"The condition numbers {here}.")
    to_set = ", with distances to the set of its minimisers" if apart else ""
    but = "" if size <= Ratio(1, 1) else f"; that of feasibility is at most {root_above(size)}"
    most = "The condition numbers" if not but else "The condition numbers of the matrix and of sensitivity"
    return f"{most} {here} at the further samples of the file{to_set}{but}."


def _distance(omega: Omega, form: str, q: int) -> str:
    """Say what the numbers do not measure."""
    measured = "None of these numbers measures the distance to the nearest input with several solutions"
    # the further samples of bpdn have one minimiser on every input of the class
    at, single = "", ""
    if form.endswith(SAMPLES) and omega.problem == "bpdn":
        at, single = " at y_1", "; at these samples the tie has one minimiser only"
    if form.startswith("tie"):
        return f"{measured}:{at} the tie is such an input itself{single}."
    if form.startswith("member"):
        near = f"{measured}, which{at} is at most delta_q = 2^-{omega.delta_bits(q)}"
        return f"{near}: the tie is that near{single}."
    return f"{measured}."


def _moves(form: str, omega: Omega, samples: list[Sample], entries: tuple[Rational, Rational]) -> tuple[str, ...]:
    """Check and state how far minimisers move, of a form that claims it; `entries` holds a_max and c^2."""
    if form == "tie":
        return ()
    if not samples:
        return _at_tie(omega, *entries) if form == "tie-sensitivity" else _sensitivity(omega, *entries)
    if omega.problem == "sqrt-lasso":
        _inside(omega, *entries)
    return (moves(omega, samples, entries, tied=form == "tie-samples"),)


def _sensitivity(omega: Omega, largest: Rational, square: Rational) -> tuple[str]:
    """Check and state that the only minimiser moves at most as much as A and y."""
    num, den = largest
    # 1/t + 1/t^2 <= 1
    bounded = (num + den) * den <= num * num
    require(bounded, "sensitivity", lambda: f"1/a_max + 1/a_max^2 exceeds 1: a_max = {words.rational(num, den)}")
    if omega.problem == "sqrt-lasso":
        _inside(omega, largest, square)
    bound = words.decimal((num + den) * den, num * num, up=True)
    return (
        "Sensitivity: as A and y move by at most t -> 0 (in any direction), the minimisers move by at most "
        f"(1/a_max + 1/a_max^2) t + o(t), where 1/a_max + 1/a_max^2 is at most {bound}.",
    )


def _inside(omega: Omega, largest: Rational, square: Rational) -> Rational:
    """Return 1/a_max^2 + (m - 1)/c^2, after checking that p^2 times this is less than 1."""
    (num, den), (p_num, p_den) = largest, omega.parameter
    total = den**2 * square[0] + (omega.rows - 1) * square[1] * num**2
    whole = num**2 * square[0]
    inside = p_num**2 * total < p_den**2 * whole
    require(inside, "sensitivity", lambda: "p^2 (1/a_max^2 + (m - 1)/c^2) must be less than 1")
    return total, whole


def _at_tie(omega: Omega, largest: Rational, square: Rational) -> tuple[str, ...]:
    """Check and state that every minimiser near the tie is near one of the tie."""
    (num, den), (h_num, h_den) = largest, omega.height(largest)
    if omega.problem == "sqrt-lasso":
        total, whole = _inside(omega, largest, square)
        # 1/t + 1/t^2 + (2 (1/t^2 + (m - 1)/c^2))^(1/2) / t <= 1
        rest = num * num - num * den - den * den
        bounded = rest >= 0 and 2 * total * den**2 * num**2 <= rest * rest * whole
        name = "C = 1/a_max + 1/a_max^2 + (2 (1/a_max^2 + (m-1)/c^2))^(1/2) / a_max"
        low = words.decimal((num + den) * den, num * num, up=True)
        bound = f"{low} + {words.decimal(2 * total * den**2, whole * num**2, root=True, up=True)}"
    else:
        bounded = (h_den + h_num) * den <= h_den * num
        name, bound = "C = (1 + h)/a_max", words.decimal((h_den + h_num) * den, h_den * num, up=True)
    require(bounded, "sensitivity", lambda: f"{name} exceeds 1: a_max = {words.rational(num, den)}")
    return (
        "Sensitivity: as A and y move by at most t -> 0 (in any direction), each minimiser is at most C t + o(t) from "
        f"the nearest minimiser of the tie, where {name} is at most {bound}, and at most 1.",
        "A minimiser of the tie need not be near those of an input beside it: the distance of some is about 2^(1/2) h.",
    )

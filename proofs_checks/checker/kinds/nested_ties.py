"""Kind nested-ties: how improbable success is on an input whose ties break one by one (docs/format.md)."""

from __future__ import annotations

import math
from typing import Any

from proofs_checks.certificate.reading import (
    MalformedCertificate,
    decode_choice,
    decode_integer,
    decode_object,
    decode_rational,
)
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Ratio
from proofs_checks.checker.core.rules import Statement, require
from proofs_checks.checker.core.statements import NAMES, reflection
from proofs_checks.checker.parts.nested import Nested, check_data, check_nested, decode_nested
from proofs_checks.checker.parts.omega import decode_transcript
from proofs_checks.checker.parts.outcomes import Outcome, check_answers, check_protocol, decode_outcomes

KEYS = ("access", "bound", "budget", "class", "exponents", "removed", "ties")


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate; raises MalformedCertificate and Invalid."""
    decode_object(claim, KEYS, "claim")
    decode_object(evidence, ("denominator", "outcomes", "transcript"), "evidence")
    access = decode_choice(claim["access"], ("query", "stream"), "claim.access")
    bound = decode_rational(claim["bound"], "claim.bound")
    if not 0 <= bound[0] < bound[1]:
        raise MalformedCertificate("claim.bound must be at least 0 and less than 1")
    budget = claim["budget"]
    budget = None if budget is None else decode_integer(budget, "claim.budget", low=0, high=1_000_000)
    case = decode_nested(claim)
    total = decode_integer(evidence["denominator"], "evidence.denominator", low=1)
    reads = decode_transcript(evidence["transcript"], case.omega, empty=True)
    outcomes = decode_outcomes(evidence["outcomes"], case.omega, "weight")
    if math.gcd(total, *(weight for _, _, weight, _ in outcomes)) != 1:
        raise MalformedCertificate("evidence.denominator and the weights are not in lowest terms")

    check_nested(case)
    check_answers(outcomes, reads)
    check_data(case, reads)
    success, over, halted = _weigh(case, outcomes, access, budget)
    require(halted <= total, "weights", lambda: "the outcomes have a total probability of more than 1")
    found = success + total - halted
    require(bound[0] * total == found * bound[1], "bound", lambda: "the bound is not the weight of what may succeed")
    n_max = max((read.n for read in reads), default=0)
    return _statement(case, access, budget, (len(outcomes), n_max), (success, over, halted, total))


def _weigh(case: Nested, outcomes: list[Outcome], access: str, budget: int | None) -> tuple[int, int, int]:
    """Return the weights of success, over budget, and in all."""
    success = over = 0
    for j, (ns, output, weight, _) in enumerate(outcomes, start=1):
        check_protocol(access, budget, ns, output is None, f"outcome {j}")
        if output is None:
            over += weight
        else:
            success += weight * case.has_digits(output)
    return success, over, sum(weight for _, _, weight, _ in outcomes)


def _statement(
    case: Nested, access: str, budget: int | None, counts: tuple[int, int], weights: tuple[int, int, int, int]
) -> Statement:
    (count, n_max), (success, over, halted, total), digits = counts, weights, words.digits(case.omega.target)
    p, rest = words.at_most(Ratio(success + total - halted, total)), words.rational(total - halted, total)
    outcomes = words.counted(count, "outcome, with the probability", "outcomes, with the probabilities")
    within = "" if budget is None else f" within {words.data(budget)}"
    read = f"reading precisions up to 2^-{n_max}" if n_max else "reading nothing"
    lines = [
        *_input_lines(case),
        f"A randomised algorithm ({access} access) has on this input {outcomes} of the file, in all "
        f"{words.rational(halted, total)}, after {read}. All that was read is valid training data of it.",
        f"Of the rest, of probability delta = {rest}, nothing is claimed: it is counted as success.",
        f"Answers of probability {words.rational(success, total)} are within 10^-{case.omega.target} of a minimiser, "
        f"so that success{within} has probability at most {p}.",
    ]
    if budget is not None:
        lines.append(f"Runs of probability {words.rational(over, total)} read more than {words.data(budget)}.")
    lines += _theorem(case, budget)
    lines.append("Not checked: that a program has these outcomes.")
    if budget is None:
        title = f"reaches {digits} with probability at most {p}"
        title = f"A randomised algorithm with these outcomes {title} on an input of the class with nested ties."
    else:
        title = (
            f"With probability at least {words.at_least(Ratio(halted - success, total))} a randomised algorithm with "
            f"these outcomes fails {digits} or reads more than {words.data(budget)} on an input of the class with "
            "nested ties."
        )
    return Statement("nested-ties", title, tuple(lines))


def _input_lines(case: Nested) -> list[str]:
    """Return the class and the input in words."""
    omega, ties, full = case.omega, case.ties, len(case.removed)
    disguise, sample = reflection(omega)
    others = omega.ties - ties
    half = f"; {words.counted(others, 'other column has', 'other columns have')} alpha/2" if others else ""
    steps = ", ".join(f"{i} at q = {q}" for i, q in zip(case.removed, case.exponents, strict=True))
    behind = (
        f"columns fall behind one by one, each by 2^-(q+{case.shift}): {steps}" if full else "no column falls behind"
    )
    tied = ", ".join(str(i + 1) for i in case.largest(full))
    height = words.decimal(*omega.height(case.top(full)))
    return [
        f"Problem: {NAMES[omega.problem]}, weights 1, p = {words.rational(*omega.parameter)}.",
        f"Inputs: the class with nested ties of d' = {ties} columns, K = {omega.digits}, with base alpha = "
        f"{words.rational(*omega.base)}; A is m x N = {omega.rows} x {omega.columns}{disguise}, and its first d' "
        f"columns compete{half}; the sample is y = {sample}.",
        f"Input: {behind}. The minimisers are h conv{{e_i}}, with h about {height} and i = {tied}.",
    ]


def _theorem(case: Nested, budget: int | None) -> list[str]:
    """Return what is proved of every algorithm, with its quantifiers."""
    ties, whole = case.ties, math.lcm(*range(1, case.ties + 1))
    if budget is not None:
        return [
            f"Every randomised algorithm, for each probability below 1 - 1/d' = {ties - 1}/{ties}: with more than that "
            f"it fails {words.digits(case.omega.target)} or reads more than {words.data(budget)}, on some input."
        ]
    most = words.rational(whole, sum(whole // j for j in range(1, ties + 1)))
    return [
        "Every randomised algorithm, whether it halts or not: the infimum over the class of the probability of success "
        f"is at most 1/(1 + 1/2 + .. + 1/d') = {most}, and there is one that attains it; if its tapes are finitely "
        "many, some input has at most that.",
        f"Every randomised algorithm that halts almost surely: the infimum is at most 1/d' = 1/{ties}.",
    ]

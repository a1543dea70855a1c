"""Kind budget: so many data do not suffice on the weak family (docs/format.md, "kind budget")."""

from __future__ import annotations

from typing import Any

from proofs_checks.certificate.reading import (
    MalformedCertificate,
    decode_choice,
    decode_integer,
    decode_matrix,
    decode_object,
)
from proofs_checks.checker.core import words
from proofs_checks.checker.core.rules import Statement, require
from proofs_checks.checker.core.statements import class_lines, reads_line
from proofs_checks.checker.parts.common_oracle import check_transcript
from proofs_checks.checker.parts.omega import MAX_EXPONENT, Omega, Read, decode_class, decode_transcript, distance2

MAX_BUDGET = 1_000_000


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate; raises MalformedCertificate and Invalid."""
    decode_object(claim, ("access", "budget", "class", "exponent", "index", "output"), "claim")
    decode_object(evidence, ("transcript",), "evidence")
    access = decode_choice(claim["access"], ("query", "stream"), "claim.access")
    budget = decode_integer(claim["budget"], "claim.budget", low=0, high=MAX_BUDGET)
    omega = decode_class(claim["class"])
    q = decode_integer(claim["exponent"], "claim.exponent", low=1, high=MAX_EXPONENT)
    if (claim["index"] is None) != (claim["output"] is None):
        raise MalformedCertificate("claim.index and claim.output must both be null, or neither")
    answered = claim["output"] is not None
    reads = decode_transcript(evidence["transcript"], omega, empty=answered)
    if answered:
        i = decode_integer(claim["index"], "claim.index", low=1, high=omega.ties)
        output = decode_matrix(claim["output"], "claim.output", rows=omega.columns, cols=1, rational=True)

    require(omega.family == "weak", "class", lambda: "a budget is about the weak family; see kind barrier")
    check_transcript(omega, reads, q, access)
    if not answered:
        needed = words.counted(budget + 1, "read is", "reads are")
        over = len(reads) == budget + 1
        require(over, "budget", lambda: f"without an answer {needed} needed, not {len(reads)}")
        return _statement(omega, q, reads, access, budget, _exceeded(omega, q, budget))
    require(
        len(reads) <= budget,
        "budget",
        lambda: f"{words.counted(len(reads), 'read is', 'reads are')} more than the budget of {budget}",
    )
    num, den = distance2(output, omega.height(omega.top(q)), i)
    fails = num * 100**omega.target > den
    require(fails, "rule 4", lambda: f"z is within 10^-{omega.target} of the minimiser of member ({i}, {q})")
    low, high = words.decimal(num, den, root=True), words.decimal(num, den, root=True, up=True)
    ending = (
        f"On member (i, q) = ({i}, {q}), whose only minimiser is h e_{i} with h about "
        f"{words.decimal(*omega.height(omega.top(q)))}, an algorithm that does this stays within the budget of "
        f"{words.data(budget)} and fails {words.digits(omega.target)}:",
        f"the distance from z to it is between {low} and {high}, more than 10^-{omega.target}.",
        f"The minimisers of these members are more than 2 * 10^-{omega.target} apart, so that every answer to these "
        "reads fails on all but at most one of them.",
    )
    return _statement(omega, q, reads, access, budget, ending)


def _exceeded(omega: Omega, q: int, budget: int) -> tuple[str, ...]:
    ending = f"On each of these {omega.ties} members an algorithm that makes them reads more than {words.data(budget)}."
    return (ending, "What it would have answered after that is not known, and nothing is claimed of it.")


def _statement(omega: Omega, q: int, reads: list[Read], access: str, budget: int, ending: tuple[str, ...]) -> Statement:
    done = "answered z" if len(reads) <= budget else "was stopped"
    lines = (
        *class_lines(omega),
        reads_line(reads, access, done),
        f"All of this is valid training data of each of the {omega.ties} members (1, {q}) to ({omega.ties}, {q}).",
        *ending,
        f"Reads of precision above {q}, which were not made, each member would answer with its own truth.",
    )
    if len(reads) <= budget:
        does, fate = "makes these reads and gives this answer", f"fails {words.digits(omega.target)}"
    else:
        does, fate = "makes these reads", f"reads more than {words.data(budget)}"
    title = f"An algorithm that {does} {fate} on a member of the weak family."
    return Statement("budget", title, lines)

"""Kind barrier: no algorithm that read this transcript does better (docs/format.md, "kind barrier")."""

from __future__ import annotations

from typing import Any

from proofs_checks.certificate.reading import decode_choice, decode_integer, decode_matrix, decode_object
from proofs_checks.checker.core import words
from proofs_checks.checker.core.rules import Statement, require
from proofs_checks.checker.core.statements import class_lines, reads_line
from proofs_checks.checker.parts.common_oracle import check_transcript
from proofs_checks.checker.parts.omega import (
    MAX_EXPONENT,
    Omega,
    Rational,
    Read,
    decode_class,
    decode_transcript,
    distance2,
)


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate; raises MalformedCertificate and Invalid."""
    decode_object(claim, ("access", "class", "exponent", "index", "output"), "claim")
    decode_object(evidence, ("transcript",), "evidence")
    access = decode_choice(claim["access"], ("query", "stream"), "claim.access")
    omega = decode_class(claim["class"])
    q = decode_integer(claim["exponent"], "claim.exponent", low=1, high=MAX_EXPONENT)
    i = decode_integer(claim["index"], "claim.index", low=1, high=omega.ties)
    output = decode_matrix(claim["output"], "claim.output", rows=omega.columns, cols=1, rational=True)
    reads = decode_transcript(evidence["transcript"], omega)

    check_transcript(omega, reads, q, access)
    num, den = distance2(output, omega.height(omega.top(q)), i)
    fails = num * 100**omega.target > den
    require(fails, "rule 4", lambda: f"z is within 10^-{omega.target} of the minimiser of member ({i}, {q})")
    return _statement(omega, (i, q), reads, access, (num, den))


def _statement(omega: Omega, member: tuple[int, int], reads: list[Read], access: str, square: Rational) -> Statement:
    (i, q), target = member, omega.target
    low, high = words.decimal(*square, root=True), words.decimal(*square, root=True, up=True)
    d, bound = omega.ties, f"10^-{target}"
    lines = (
        *class_lines(omega),
        reads_line(reads, access),
        f"All of this is valid training data of member (i, q) = ({i}, {q}) of the class, "
        f"whose only minimiser is h e_{i} with h about {words.decimal(*omega.height(omega.top(q)))}.",
        f"The distance from z to it is between {low} and {high}, more than {bound}: "
        f"{words.counted(target, 'digit fails', 'digits fail')}.",
        f"No algorithm can avoid this: the data fit all of the {d} members (1, {q}) to ({d}, {q}), whose "
        f"minimisers are more than 2 * {bound} apart, so that every answer fails on all but at most one of them.",
        f"Reads of precision above {q}, which were not made, the member would answer with its own truth.",
    )
    title = (
        f"No algorithm that makes these reads, and no others, has {words.digits(target)} on all members of the class."
    )
    return Statement("barrier", title, lines)

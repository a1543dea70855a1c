"""Kind control: whether a solver was right on a well-posed instance (docs/format.md, "kind control")."""

from __future__ import annotations

from typing import Any

from proofs_checks.certificate.reading import decode_choice, decode_matrix, decode_object
from proofs_checks.checker.core import words
from proofs_checks.checker.core.rules import Invalid, Statement, require
from proofs_checks.checker.core.statements import class_lines, reads_line
from proofs_checks.checker.parts.omega import check_access, decode_class, decode_transcript, distance2


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate; raises MalformedCertificate and Invalid."""
    decode_object(claim, ("access", "class", "output", "verdict"), "claim")
    decode_object(evidence, ("transcript",), "evidence")
    access = decode_choice(claim["access"], ("query", "stream"), "claim.access")
    omega = decode_class(claim["class"])
    output = decode_matrix(claim["output"], "claim.output", rows=omega.columns, cols=1, rational=True)
    verdict = decode_choice(claim["verdict"], ("ok", "inaccurate"), "claim.verdict")
    reads = decode_transcript(evidence["transcript"], omega)

    high = omega.height(omega.base)
    omega.check_parameters(high)
    check_access(access, reads)
    # c^2 = beta^2 + (d - 1) beta^2 / 4
    b_num, b_den = omega.base
    square = ((omega.ties + 3) * b_num**2, 4 * b_den**2)
    for j, read in enumerate(reads, start=1):
        if not read.near(square):
            raise Invalid("transcript", f"read {j}, of precision {read.n}: c_n is more than 2^-n from c")
        if distance2(read.x, high, 1)[0] != 0:
            raise Invalid("transcript", f"read {j}, of precision {read.n}: x_n is not the minimiser")
    num, den = distance2(output, high, 1)
    found = "ok" if num * 100**omega.target <= den else "inaccurate"
    require(found == verdict, "verdict", lambda: f"the output is {found}, not {verdict}")

    low, up = words.decimal(num, den, root=True), words.decimal(num, den, root=True, up=True)
    right = verdict == "ok"
    bound = f"{'at most' if right else 'more than'} 10^-{omega.target}"
    lines = (
        *class_lines(omega),
        "Control: the well-posed instance of this size and scale, with first row (beta, beta/2, .., beta/2, 0, ..)"
        f"{'' if omega.householder is None else ' before the reflection'}, whose only minimiser is h e_1 with h about "
        f"{words.decimal(*high)}.",
        reads_line(reads, access),
        f"The distance from z to the minimiser is between {low} and {up}, {bound}.",
    )
    did = "reaches" if right else "does not reach"
    title = (
        f"On a well-posed instance, an algorithm that makes these reads and gives this answer {did} "
        f"{words.digits(omega.target)}."
    )
    return Statement("control", title, lines)

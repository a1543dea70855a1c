"""Kind barrier: no algorithm that read this transcript does better (docs/format.md, "kind barrier")."""

from __future__ import annotations

from typing import Any

from proofs_checks.certificate import decode_choice, decode_integer, decode_matrix, decode_object
from proofs_checks.checker import words
from proofs_checks.checker.omega import (
    MAX_EXPONENT,
    Omega,
    Rational,
    Read,
    check_access,
    decode_class,
    decode_transcript,
    distance2,
)
from proofs_checks.checker.rules import Statement, require
from proofs_checks.checker.statements import class_lines, reads_line


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

    high, low = omega.height(omega.base), omega.height(omega.top(q))
    omega.check_parameters(low)
    # h - h_q <= 10^-T
    drop = (high[0] * low[1] - low[0] * high[1]) * 10**omega.target
    require(drop <= high[1] * low[1], "rule 1", lambda: f"h(beta) - h(beta + delta_q) exceeds 10^-T at q = {q}")
    n_max = max(read.n for read in reads)
    require(q >= n_max, "rule 1", lambda: f"q = {q} is below the largest precision read, {n_max}")
    check_access(access, reads)
    (b_num, b_den), (t_num, t_den), d = omega.base, omega.top(q), omega.ties
    tie = (d * b_num**2, b_den**2)
    # beta over the denominator of beta + delta_q
    member = ((d - 1) * (b_num << omega.delta_bits(q)) ** 2 + t_num**2, t_den**2)
    for j, read in enumerate(reads, start=1):
        _check_read(omega, read, q, high, (tie, member), f"read {j}, of precision {read.n}")
    num, den = distance2(output, low, i)
    fails = num * 100**omega.target > den
    require(fails, "rule 4", lambda: f"z is within 10^-{omega.target} of the minimiser of member ({i}, {q})")
    return _statement(omega, (i, q), reads, access, (num, den))


def _check_read(
    omega: Omega, read: Read, q: int, high: Rational, squares: tuple[Rational, Rational], name: str
) -> None:
    """Apply rules 2 and 3, with the height h(beta) and the squares of c_0 and c_q."""
    (num, den), (tie, member) = read.c, squares
    # c_0 <= c_n <= c_0 + 2^-n
    above = tie[0] * den**2 <= num**2 * tie[1]
    require(above and read.near(tie), "rule 2", lambda: f"{name}: c_n is not c_0 rounded up to precision n")
    weights = [z[0] if i < omega.ties else None for (i, _), z in read.x.entries.items()]
    total = sum(w for w in weights if w is not None)
    convex = all(w is not None and w > 0 for w in weights) and total * high[1] == high[0] * read.x.den
    require(convex, "rule 2", lambda: f"{name}: x_n is not in h(beta) times the simplex on the tied columns")
    require(read.near(member), "rule 3", lambda: f"{name}: c_n is more than 2^-n from c of the member")
    require(omega.delta_bits(q) >= read.n, "rule 3", lambda: f"{name}: delta_q exceeds 2^-n")


def _statement(omega: Omega, member: tuple[int, int], reads: list[Read], access: str, square: Rational) -> Statement:
    (i, q), target = member, omega.target
    low, high = words.decimal(*square, root=True), words.decimal(*square, root=True, up=True)
    d, bound = omega.ties, f"10^-{target}"
    lines = (
        *class_lines(omega),
        reads_line(reads, access),
        f"All of this is valid training data of member (i, q) = ({i}, {q}) of the class, "
        f"whose only minimiser is h e_{i} with h about {words.decimal(*omega.height(omega.top(q)))}.",
        f"The distance from z to it is between {low} and {high}, more than {bound}: {target} digits fail.",
        f"No algorithm can avoid this: the data fit all of the {d} members (1, {q}) to ({d}, {q}), whose "
        f"minimisers are more than 2 * {bound} apart, so that every answer fails on all but at most one of them.",
        f"Reads of precision above {q}, which were not made, the member would answer with its own truth.",
    )
    title = f"{target} digits are out of reach of every algorithm with these reads."
    return Statement("barrier", title, lines)

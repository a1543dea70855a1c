"""The rules on answers of the common oracle, for every kind that rests on them (docs/format.md, "kind barrier")."""

from __future__ import annotations

from proofs_checks.checker.core.rules import require
from proofs_checks.checker.parts.omega import Omega, Rational, Read, check_access


def check_member(omega: Omega, q: int, rule: str) -> None:
    """Check the conditions of the class at level q; `rule` names that on the drop of the height; raises Invalid."""
    high, low = omega.height(omega.base), omega.height(omega.top(q))
    omega.check_parameters(low)
    # h - h_q <= 10^-T
    drop = (high[0] * low[1] - low[0] * high[1]) * 10**omega.target
    require(drop <= high[1] * low[1], rule, lambda: f"h(beta) - h(beta + delta_q) exceeds 10^-T at q = {q}")


def check_level(omega: Omega, q: int, n_max: int) -> None:
    """Check rule 1: the class at level q, and that no read was finer; raises Invalid."""
    check_member(omega, q, "rule 1")
    require(q >= n_max, "rule 1", lambda: f"q = {q} is below the largest precision read, {n_max}")


def check_reads(omega: Omega, reads: list[Read], q: int) -> None:
    """Check rules 2 and 3: the oracle gives these answers, and they are valid for every member at level q."""
    (b_num, b_den), (t_num, t_den), d = omega.base, omega.top(q), omega.ties
    tie = (d * b_num**2, b_den**2)
    # beta over the denominator of beta + delta_q
    member = ((d - 1) * (b_num << omega.delta_bits(q)) ** 2 + t_num**2, t_den**2)
    high = omega.height(omega.base)
    for j, read in enumerate(reads, start=1):
        _check_read(omega, read, q, high, (tie, member), f"read {j}, of precision {read.n}")


def check_transcript(omega: Omega, reads: list[Read], q: int, access: str) -> None:
    """Check rules 1 to 3 and the order of the reads, of which there may be none; raises Invalid."""
    check_level(omega, q, max((read.n for read in reads), default=0))
    check_access(access, reads)
    check_reads(omega, reads, q)


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

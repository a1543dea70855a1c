"""Kind no-reads: a network that is computed without a read fails on one of two families (docs/format.md)."""

from __future__ import annotations

from typing import Any

from proofs_checks.certificate.reading import decode_integer, decode_object
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Ratio
from proofs_checks.checker.core.rules import Statement, require
from proofs_checks.checker.parts.members import Left
from proofs_checks.checker.parts.omega import MAX_DIGITS
from proofs_checks.checker.parts.samples import check_union, decode_sample, decode_union, roots, shrunk, union_lines


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate; raises MalformedCertificate and Invalid."""
    decode_object(claim, ("class", "digits", "sample"), "claim")
    decode_object(evidence, (), "evidence")
    families = decode_union(claim["class"])
    digits = decode_integer(claim["digits"], "claim.digits", low=1, high=MAX_DIGITS)
    sample = decode_sample(claim["sample"], "claim.sample", families[0])

    check_union(families, [sample])
    weak = families[1]
    # c of the weak members (i, q), q >= 1, lies between these; that of the strong ones is 16 times as large
    least, largest = (Left(weak, 1, weak.delta_bits(1), None).square(end) for end in (weak.base, weak.top(1)))
    (low_num, low_den), (high_num, high_den) = roots(least)[0], roots(largest)[1]
    num, den = weak.parameter
    threshold = {
        "bpdn": (num, den),
        "lasso": (17 * num * low_den, 32 * den * low_num),
        "sqrt-lasso": (0, 1),
    }[weak.problem]
    square = Ratio(225 * high_den**2, 256 * high_num**2) * shrunk(sample, threshold)
    root = words.decimal(square.num, square.den, root=True) if isinstance(square.num, int) else words.ratio(square)
    bound = Ratio(4, 100**digits)
    apart = not square <= bound
    require(apart, "distance", lambda: f"the solutions are known to be {root} apart, not more than 2 * 10^-{digits}")
    lines = (
        *union_lines(families[0]),
        "Sample: the same y for all inputs. Members (i, q) of the strong and of the weak family have it, and the "
        f"solutions of the two are at least {root} apart, more than 2 * 10^-{digits}, for all i and q.",
        "A network computed without a read is the same for both, so that it is wrong on one of them.",
    )
    return Statement("no-reads", f"Without a read no network has {words.digits(digits)} on both families.", lines)

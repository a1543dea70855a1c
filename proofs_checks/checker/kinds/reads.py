"""Kind reads: a network that is right on every member of Omega(K, L) with these data (docs/format.md, "kind reads")."""

from __future__ import annotations

from typing import Any

from proofs_checks.certificate.reading import (
    MalformedCertificate,
    canonical_bytes,
    decode_choice,
    decode_integer,
    decode_matrix,
    decode_object,
    decode_rational,
)
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Ratio
from proofs_checks.checker.core.rules import Invalid, Statement, require
from proofs_checks.checker.core.statements import reflection
from proofs_checks.checker.parts.approximations import Reads, approximates, check_access, decode_reads, onto, straight
from proofs_checks.checker.parts.common_oracle import check_level
from proofs_checks.checker.parts.errors import first_error, gain_error, larger, largest_weight
from proofs_checks.checker.parts.members import Bounds, Left
from proofs_checks.checker.parts.omega import MAX_DIGITS, MAX_EXPONENT, Omega
from proofs_checks.checker.parts.samples import Sample, check_union, decode_samples, decode_union, union_lines


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate; raises MalformedCertificate and Invalid."""
    decode_object(claim, ("access", "class", "digits", "first", "gain", "reads", "samples"), "claim")
    decode_object(evidence, ("member",), "evidence")
    access = decode_choice(claim["access"], ("query", "stream"), "claim.access")
    families = decode_union(claim["class"])
    strong = families[0]
    digits = decode_integer(claim["digits"], "claim.digits", low=1, high=MAX_DIGITS)
    first = decode_matrix(claim["first"], "claim.first", rows=strong.ties, cols=1, rational=True, real=True)
    samples = decode_samples(claim["samples"], strong)
    if (claim["gain"] is None) != (not samples):
        raise MalformedCertificate("claim.gain must be null if there are no samples, and only then")
    gain = decode_rational(claim["gain"], "claim.gain", positive=True) if samples else (0, 1)
    reads = decode_reads(claim["reads"], strong)
    member = _decode_member(evidence["member"], families)

    # there is one way to write a vector
    different = len({canonical_bytes(y) for y in claim["samples"]}) == len(samples)
    require(different, "samples", lambda: "two of them are equal")
    check_union(families, samples)
    if member.i:
        check_level(member.omega, member.low - member.omega.delta_bits(0), 0)
    check_access(access, reads)
    bounds = Bounds(strong.ties)
    for j, (n, matrix) in enumerate(reads, start=1):
        entries, den = straight(matrix, strong.householder)
        if not approximates(member, n, entries, den):
            raise Invalid("member", f"read {j}, of precision {n}, is more than 2^-{n} from A of {member.in_words()}")
        if strong.problem == "bpdn" and not onto(member, n, matrix):
            raise Invalid("feasible", f"read {j}, of precision {n}, has less than full row rank")
        bounds.narrow(n, entries, den)
    left = [members for omega in families for members in bounds.left(omega)]
    weight = largest_weight(strong, samples, gain)
    square, worst = Ratio(sum(a * a for a, *_ in first.entries.values()), first.den**2), Ratio(0, 1)
    bound = Ratio(1, 100**digits)
    for members in left:
        error = first_error(first, square, members)
        if samples:
            second = gain_error(gain, members) * weight
            error = larger(error, second) if strong.problem == "bpdn" else error + second
        worst = larger(worst, error)
        if not error <= bound:
            raise Invalid("error", f"on {members.in_words()}, it may be {_root(error)}, more than 10^-{digits}")
    return _statement(families, (samples, reads, access), (member, left), worst, digits)


def _decode_member(value: object, families: tuple[Omega, Omega]) -> Left:
    fields = decode_object(value, ("exponent", "family", "index"), "evidence.member")
    omega = families[decode_choice(fields["family"], ("strong", "weak"), "evidence.member.family") == "weak"]
    index = decode_integer(fields["index"], "evidence.member.index", low=0, high=omega.ties)
    tie = index == 0
    q = decode_integer(
        fields["exponent"], "evidence.member.exponent", low=0 if tie else 1, high=0 if tie else MAX_EXPONENT
    )
    if tie and omega.family == "weak":
        raise MalformedCertificate("evidence.member: the weak family has no tie")
    return Left(omega, index, omega.delta_bits(q), omega.delta_bits(q))


def _root(square: Ratio) -> str:
    num = square.num
    return words.decimal(num, square.den, root=True, up=True) if isinstance(num, int) else words.ratio(square)


def _statement(
    families: tuple[Omega, Omega],
    made: tuple[list[Sample], Reads, str],
    members: tuple[Left, list[Left]],
    worst: Ratio,
    digits: int,
) -> Statement:
    (samples, reads, access), (member, left) = made, members
    n_max, (_, first) = max((n for n, _ in reads), default=0), reflection(families[0])
    much = f"{words.integer(len(reads))} ({access} access), the finest to 2^-{n_max}" if reads else "none"
    shown = "; ".join(members.in_words() for members in left[:4]) + (
        f"; and {len(left) - 4} more such" if len(left) > 4 else ""
    )
    lines = [
        *union_lines(families[0]),
        f"Samples: {first} and {words.integer(len(samples))} more. Reads of the matrix: {much}.",
        f"They are of training data of {member.in_words()}, and of no members but these: {shown}."
        if reads
        else f"So it may be any member: {shown}.",
        f"On each, and for every sample, the network of the file is off by at most {_root(worst)} <= 10^-{digits}.",
    ]
    num, den = families[1].height(families[1].base)
    if not samples and num * num * 100**digits <= den * den:
        lines.append(
            f"With the sample {first} alone, the network that is 0 has {words.digits(digits)} on all of them "
            "without a read."
        )
    title = f"On every member of the class that has these data, the network of the file has {words.digits(digits)}."
    return Statement("reads", title, tuple(lines))

"""Outcomes of a randomised algorithm: what each reads and answers, and what they share (docs/format.md)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from proofs_checks.certificate.reading import (
    MalformedCertificate,
    Matrix,
    canonical_bytes,
    decode_integer,
    decode_list,
    decode_matrix,
    decode_object,
)
from proofs_checks.checker.core import words
from proofs_checks.checker.core.rules import require
from proofs_checks.checker.parts.common_oracle import check_level, check_reads
from proofs_checks.checker.parts.omega import MAX_EXPONENT, Omega, Read, distance2

Outcome = tuple[list[int], Matrix | None, int, bytes]
"""The precisions read, the answer, the weight, and what distinguishes it."""


@dataclass(frozen=True)
class Claim:
    """What both methods claim."""

    access: str
    bound: tuple[int, int]
    budget: int | None
    omega: Omega
    q: int
    i: int


def decode_outcomes(value: object, omega: Omega, counted: str, seeds: list[int] | None = None) -> list[Outcome]:
    """Return the outcomes, each with its weight or number of seeds; seeds are added to the list."""
    found: list[Outcome] = []
    for index, item in enumerate(decode_list(value, "evidence.outcomes")):
        where = f"evidence.outcomes[{index}]"
        fields = decode_object(item, ("output", "reads", counted), where)
        reads = decode_integers(fields["reads"], f"{where}.reads", low=1, high=MAX_EXPONENT)
        output = fields["output"]
        if output is not None:
            output = decode_matrix(output, f"{where}.output", rows=omega.columns, cols=1, rational=True)
        if seeds is None:
            weight = decode_integer(fields[counted], f"{where}.weight", low=1)
        else:
            more = decode_integers(fields[counted], f"{where}.seeds", low=0, high=2**64 - 1)
            seeds += more
            weight = len(more)
        if not weight:
            raise MalformedCertificate(f"{where}.seeds must not be empty")
        found.append((reads, output, weight, canonical_bytes([fields["output"], fields["reads"]])))
    if not found:
        raise MalformedCertificate("evidence.outcomes must hold at least one outcome")
    return found


def decode_integers(value: object, path: str, **limits: int) -> list[int]:
    """Return a list of integers, possibly empty."""
    return [decode_integer(n, path, **limits) for n in decode_list(value, path)]


def check_outcomes(claim: Claim, outcomes: list[Outcome], reads: list[Read]) -> tuple[int, int, int]:
    """Check the rules that both methods share; return the weights of success, over budget, and in all."""
    omega, precisions = claim.omega, [read.n for read in reads]
    require(claim.budget is None or omega.family == "weak", "class", lambda: "a budget is about the weak family")
    check_level(omega, claim.q, max(precisions, default=0))
    check_answers(outcomes, reads)
    check_reads(omega, reads, claim.q)
    height, success, over = omega.height(omega.top(claim.q)), 0, 0
    for j, (ns, output, weight, _) in enumerate(outcomes, start=1):
        check_protocol(claim.access, claim.budget, ns, output is None, f"outcome {j}")
        if output is None:
            over += weight
        else:
            num, den = distance2(output, height, claim.i)
            success += weight * (num * 100**omega.target <= den)
    return success, over, sum(weight for _, _, weight, _ in outcomes)


def check_answers(outcomes: list[Outcome], reads: list[Read]) -> None:
    """Check that the answers are those that the outcomes read, and that these differ."""
    precisions = [read.n for read in reads]
    rising = all(n < m for n, m in pairwise(precisions))
    require(rising, "transcript", lambda: "the answers are not one for each precision, in increasing order")
    used = {n for ns, _, _, _ in outcomes for n in ns}
    require(used == set(precisions), "transcript", lambda: "the answers are not those that the outcomes read")
    require(len({key for *_, key in outcomes}) == len(outcomes), "outcomes", lambda: "an outcome occurs twice")


def check_protocol(access: str, budget: int | None, ns: list[int], stopped: bool, name: str) -> None:
    """Check the order of the reads of an outcome, and their number."""
    stream = access == "query" or ns == list(range(1, len(ns) + 1))
    require(stream, "access", lambda: f"{name} does not read a stream in order")
    if budget is None:
        require(not stopped, "budget", lambda: f"{name} has no output, and there is no budget")
    elif stopped:
        require(
            len(ns) == budget + 1,
            "budget",
            lambda: f"{name} has no output after {words.counted(len(ns), 'read')}",
        )
    else:
        require(len(ns) <= budget, "budget", lambda: f"{name} has an output after {words.counted(len(ns), 'read')}")

"""Kind randomised: how improbable success is on a member, exactly or statistically (docs/format.md)."""

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
from proofs_checks.checker.core.rules import Statement, require
from proofs_checks.checker.parts.omega import MAX_EXPONENT, decode_class, decode_transcript
from proofs_checks.checker.parts.outcomes import Claim, check_outcomes, decode_integers, decode_outcomes
from proofs_checks.checker.parts.randomised_words import enumerated_statement, sampled_statement

MAX_TRIALS = 100_000
MAX_BOUND_DENOMINATOR = 2**32


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate; raises MalformedCertificate and Invalid."""
    method = decode_choice(claim.get("method"), ("enumerated", "sampled"), "claim.method")
    keys = ("access", "bound", "budget", "class", "exponent", "index", "method")
    decode_object(claim, keys if method == "enumerated" else (*keys, "level"), "claim")
    omega, budget = decode_class(claim["class"]), claim["budget"]
    claimed = Claim(
        access=decode_choice(claim["access"], ("query", "stream"), "claim.access"),
        bound=decode_rational(claim["bound"], "claim.bound"),
        budget=None if budget is None else decode_integer(budget, "claim.budget", low=0, high=1_000_000),
        omega=omega,
        q=decode_integer(claim["exponent"], "claim.exponent", low=1, high=MAX_EXPONENT),
        i=decode_integer(claim["index"], "claim.index", low=1, high=omega.ties),
    )
    if not 0 <= claimed.bound[0] < claimed.bound[1]:
        raise MalformedCertificate("claim.bound must be at least 0 and less than 1")
    return _enumerated(claimed, evidence) if method == "enumerated" else _sampled(claimed, claim, evidence)


def _enumerated(claim: Claim, evidence: dict[str, Any]) -> Statement:
    decode_object(evidence, ("denominator", "outcomes", "transcript"), "evidence")
    total = decode_integer(evidence["denominator"], "evidence.denominator", low=1)
    reads = decode_transcript(evidence["transcript"], claim.omega, empty=True)
    outcomes = decode_outcomes(evidence["outcomes"], claim.omega, "weight")
    if math.gcd(total, *(weight for _, _, weight, _ in outcomes)) != 1:
        raise MalformedCertificate("evidence.denominator and the weights are not in lowest terms")

    success, over, halted = check_outcomes(claim, outcomes, reads)
    require(halted <= total, "weights", lambda: "the outcomes have a total probability of more than 1")
    (p_num, p_den), d = claim.bound, claim.omega.ties
    found = success + total - halted
    require(p_num * total == found * p_den, "bound", lambda: "the bound is not the weight of what may succeed")
    average = success * d <= halted - over
    require(average, "index", lambda: f"more than 1/{d} of the answers suit member {claim.i}")
    n_max = max((read.n for read in reads), default=0)
    weights = (success, over, halted, total)
    return enumerated_statement(claim, n_max, len(outcomes), weights)


def _sampled(claim: Claim, raw: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    decode_object(evidence, ("outcomes", "transcript", "unhalted"), "evidence")
    level = decode_rational(raw["level"], "claim.level", positive=True)
    if level[0] >= level[1] or claim.bound[1] > MAX_BOUND_DENOMINATOR:
        raise MalformedCertificate("claim.level must be less than 1, and the denominator of claim.bound at most 2^32")
    reads = decode_transcript(evidence["transcript"], claim.omega, empty=True)
    unhalted = decode_integers(evidence["unhalted"], "evidence.unhalted", low=0, high=2**64 - 1)
    seeds = list(unhalted)
    outcomes = decode_outcomes(evidence["outcomes"], claim.omega, "seeds", seeds)
    if not 1 <= len(seeds) <= MAX_TRIALS:
        raise MalformedCertificate(f"evidence must have 1 to {MAX_TRIALS} seeds")

    require(len(set(seeds)) == len(seeds), "seeds", lambda: "a seed occurs twice")
    success, _, _ = check_outcomes(claim, outcomes, reads)
    trials, hits = len(seeds), success + len(unhalted)
    d = claim.omega.ties
    tail = tail_at_most(trials, hits, claim.bound, (level[0], level[1] * d))
    require(tail, "bound", lambda: f"{hits} of {trials} are not so improbable with this bound: level / {d} is exceeded")
    counts = (success, len(unhalted), trials)
    return sampled_statement(claim, level, counts)


def tail_at_most(trials: int, hits: int, bound: tuple[int, int], level: tuple[int, int]) -> bool:
    """Return whether the sum over k <= hits of C(trials, k) p^k (1-p)^(trials-k) is at most the level."""
    a, b = bound
    term, total = 1, 1
    for k in range(1, hits + 1):
        term = term * a * (trials - k + 1) // k  # C(trials, k) a^k
        total = total * (b - a) + term
    return bool(total * (b - a) ** (trials - hits) * level[1] <= level[0] * b**trials)

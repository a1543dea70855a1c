"""The adversary with a budget: so many data, from a member of the weak family, do not give K - 1 digits.

The candidate plays against the common oracle of the weak family and is stopped at read M + 1. Either it answered within
M reads, and fails on a member that is constructed; or it did not, and then each of the d members has valid training
data on which it reads more than M. See docs/randomised.md, "K-1 digits from M data".
"""

from __future__ import annotations

from dataclasses import dataclass

from flint import fmpq

from proofs_checks import certificate as fmt
from sci_barriers.algorithm import Player
from sci_barriers.certificates import encode_array
from sci_barriers.class_certificates import encode_class, encode_transcript
from sci_barriers.classes import CommonOracle, OmegaClass
from sci_barriers.errors import UsageError
from sci_barriers.game import Play, farthest_member, play
from sci_barriers.words import shown

__all__ = ["MAX_BUDGET", "BudgetResult", "budget_certificate", "check_budget", "play_budget"]

MAX_BUDGET = 1_000_000


@dataclass(frozen=True)
class BudgetResult:
    """What became of a candidate with a budget of M data.

    Attributes:
        play: the run on the common oracle, with at most M + 1 reads.
        budget: M.
        verdict: `barrier`, or `undecided` with a reason.
        reason: why it is undecided, or an empty string.
        over_budget: whether it read more than M data, on every member at the level.
        index: i of the member on which the answer fails, from 1; 0 if it is over budget or undecided.
        exponent: q of the members; 0 if undecided.
        distance2: exact squared distance from the answer to the minimiser of that member; None without an answer.
    """

    play: Play
    budget: int
    verdict: str
    reason: str = ""
    over_budget: bool = False
    index: int = 0
    exponent: int = 0
    distance2: fmpq | None = None


def check_budget(omega: OmegaClass, budget: int) -> None:
    """Refuse a budget that is none, or a class to which no budget belongs.

    Raises:
        UsageError: unless M is an integer from 0 to 10^6 and the family is weak.
    """
    if type(budget) is not int or not 0 <= budget <= MAX_BUDGET:
        raise UsageError(f"the budget of data must be an integer between 0 and {MAX_BUDGET}, got {shown(budget)}")
    if omega.family != "weak":
        raise UsageError("a budget is about the weak family; on the strong one K digits fail with any number of data")


def play_budget(
    candidate: Player, omega: OmegaClass, *, budget: int, access: str = "query", precision: int = 60
) -> BudgetResult:
    """Run a candidate on the common oracle of the weak family until it answers or makes read M + 1.

    Args:
        candidate: who plays.
        omega: a weak family.
        budget: M >= 0, the number of data that may be read.
        access: `query` or `stream`.
        precision: what a one-shot solver is told to read to.

    Raises:
        UsageError: for a budget outside 0..10^6, a strong family, an unknown access model or precision.
    """
    check_budget(omega, budget)
    played = play(candidate, omega, CommonOracle(omega), access=access, precision=precision, limit=budget + 1)
    # whatever it did after read M + 1, the reads are what they are
    over = len(played.transcript) > budget
    reason = played.excess or ("" if over else played.run.failure)
    exponent = max(omega.q0, played.max_precision)
    if over and not reason:
        return BudgetResult(played, budget, "barrier", over_budget=True, exponent=exponent)
    if reason or played.run.output is None:
        return BudgetResult(played, budget, "undecided", reason or "it gave no answer")
    index, distance2 = farthest_member(played.run.output, omega, exponent)
    return BudgetResult(played, budget, "barrier", index=index, exponent=exponent, distance2=distance2)


def budget_certificate(result: BudgetResult, *, provenance: dict[str, str] | None = None) -> bytes:
    """Return the bytes of the certificate of kind `budget` (docs/format.md).

    Raises:
        UsageError: if the result is undecided.
    """
    if result.verdict != "barrier":
        raise UsageError(f"an undecided game has no certificate: {result.reason}")
    played = result.play
    output = None if result.over_budget else played.run.output
    claim = {
        "access": played.access,
        "budget": fmt.encode_integer(result.budget),
        "class": encode_class(played.omega),
        "exponent": fmt.encode_integer(result.exponent),
        "index": None if output is None else fmt.encode_integer(result.index),
        "output": None if output is None else encode_array(output, 0),
    }
    evidence = encode_transcript(played.transcript)
    return fmt.build("budget", claim=claim, evidence=evidence, provenance=provenance or {})

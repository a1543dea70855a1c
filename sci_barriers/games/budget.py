"""The adversary with a budget: so many data, from a member of the weak family, do not give K - 1 digits.

The candidate plays against the common oracle of the weak family and is stopped at read M + 1. Either it answered within
M reads, and fails on a member that is constructed; or it did not, and then each of the d members has valid training
data on which it reads more than M. See docs/randomised.md, "K-1 digits from M data".
"""

from __future__ import annotations

from dataclasses import dataclass

from flint import fmpq

from exact_base.reprs import short_repr
from sci_barriers.data.structured import CommonOracle
from sci_barriers.games.game import Play, play
from sci_barriers.omega.distances import farthest_member
from sci_barriers.omega.families import OmegaClass, check_budget
from sci_barriers.players.algorithm import Player

__all__ = ["BudgetResult", "play_budget"]


@short_repr()
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

    >>> from sci_barriers import Candidate, OmegaClass, play_budget, sequential_algorithm
    >>> weak = OmegaClass.create("lasso", digits=6, rows=2, columns=3, family="weak")
    >>> one = Candidate("reads once", sequential_algorithm(lambda data: data.read(k=1, n=30).point))
    >>> play_budget(one, weak, budget=3).verdict
    'barrier'
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

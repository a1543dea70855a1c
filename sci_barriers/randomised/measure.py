"""What a randomised algorithm really does on one instance: its probability of success there, by enumeration.

The game never needs this: it follows an algorithm on the common oracle only. Here it is followed on an instance's own
training data, where a strategy that waits for the tie to break does halt. See docs/randomised.md, "Measured".
"""

from __future__ import annotations

from dataclasses import dataclass

from flint import fmpq

from exact_base.rationals import power_of_ten, power_of_two
from exact_base.reprs import short_repr
from exact_base.text import vector_from_text
from sci_barriers.data.structured import CommonOracle, InstanceOracle
from sci_barriers.data.training_data import Oracle, Triple
from sci_barriers.omega.families import Instance, OmegaClass
from sci_barriers.randomised.game import DEFAULT_READS, MAX_LEAVES
from sci_barriers.randomised.runs import Enumeration, Leaf, RandomisedPlayer, Setting

__all__ = ["MemberOracle", "Success", "success_probability"]


class MemberOracle:
    """Training data of member (i, q): those of the common oracle while they are valid, and then the truth."""

    samples = 1

    def __init__(self, omega: OmegaClass, *, i: int, q: int) -> None:
        """Answer for member (i, q).

        Raises:
            UsageError: if there is no such member.
        """
        self._common, self._own = CommonOracle(omega), InstanceOracle(omega.member(i=i, q=q))
        self._perturbation = omega.perturbation(q)

    def read(self, *, k: int, n: int) -> Triple:
        """Return the datum (k, n)."""
        oracle = self._common if self._perturbation <= power_of_two(-n) else self._own
        return oracle.read(k=k, n=n)


@short_repr()
@dataclass(frozen=True)
class Success:
    """The probability of success on an instance.

    Attributes:
        low: the weight of the runs that have the target digits.
        high: low, and the weight of all runs that did not halt within the limits.
    """

    low: fmpq
    high: fmpq


def success_probability(
    player: RandomisedPlayer,
    instance: Instance,
    *,
    oracle: Oracle | None = None,
    length: int = 16,
    leaves: int = MAX_LEAVES,
    access: str = "query",
    precision: int = 60,
    max_reads: int = DEFAULT_READS,
) -> Success:
    """Enumerate the tapes of an algorithm on an instance of the class, and compare its answers with the solution.

    Args:
        player: the algorithm.
        instance: the instance, such as `omega.tie()` or `omega.member(i=1, q=9)`.
        oracle: its training data, such as `MemberOracle`; `InstanceOracle(instance)` if not given.
        length: the draws that one tape has.
        leaves: the number of runs.
        access: `query` or `stream`.
        precision: what a one-shot solver is told to read to.
        max_reads: a run that makes this many reads counts as not halted.
    """
    omega = instance.omega
    answers = InstanceOracle(instance) if oracle is None else oracle
    setting = Setting(omega=omega, oracle=answers, access=access, precision=precision, limit=max_reads)
    schedule = Enumeration(length=length, leaves=leaves)
    unit2 = power_of_ten(-2 * omega.target_digits)
    right, wrong = [fmpq(0)], [fmpq(0)]

    def report(leaf: Leaf) -> None:
        if leaf.answer is not None and not leaf.stopped:
            distance2 = instance.distance2(vector_from_text(leaf.answer, length=omega.columns))
            (right if distance2 <= unit2 else wrong)[0] += schedule.weight

    player.follow(schedule, setting, report)
    return Success(right[0], 1 - wrong[0])

"""Data sets within a precision that differ in what is asked: each is kept as soon as it is proved."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from flint import fmpq

from exact_base.reprs import short_repr
from sci_barriers.problems.determined.pairs import Pair, distant_pair, estimated_scales, smallest_change, support_pair
from sci_barriers.problems.determined.precision import Precision
from sci_barriers.problems.penalised.problem import Progress
from sci_barriers.problems.penalised.solving import Solution

__all__ = ["DataSets", "Stopped"]

Stopped: TypeAlias = Literal["budget", "interrupt"]
"""What ended the work before all was tried."""


@short_repr()
@dataclass(eq=False)
class DataSets:
    """What was found until now.

    Attributes:
        solution: the minimiser of the data as they stand.
        precision: what is known of the data.
        until: the moment after which no further data sets are looked for.
        progress: is told what is being done.
        pair: the two data sets with the minimisers that are farthest apart.
        change: a multiple of the precision at which two data sets have different supports.
        pairs: for columns that are in for one data set and out for another, two such.
        stopped: what ended the work before all was tried.
    """

    solution: Solution
    precision: Precision
    until: float
    progress: Progress | None = None
    pair: Pair | None = None
    change: tuple[fmpq, Pair] | None = None
    pairs: dict[int, Pair] = field(default_factory=dict)
    stopped: Stopped | None = None

    def look(self, undecided: Sequence[int]) -> None:
        """Look for two data sets far apart, for the nearest that differ in a column at all, and for one after another.

        Args:
            undecided: the columns of which it is not known whether they are in or out for all the data.
        """
        solution, precision, progress = self.solution, self.precision, self.progress
        self._tell("looking for data sets whose minimisers are far apart")

        def farther(pair: Pair) -> None:
            self.pair = pair
            self._learn(pair, undecided)

        distant_pair(solution, precision, progress=progress, budget=self._left, keep=farther)
        self._tell("how near data with another support are")

        def nearer(change: tuple[fmpq, Pair]) -> None:
            self.change = change
            if change[0] <= 1:
                self._learn(change[1], undecided)

        smallest_change(solution, precision, progress=progress, budget=self._left, keep=nearer)
        reach = estimated_scales(solution, precision)
        rest = sorted((j for j in undecided if j not in self.pairs), key=lambda j: reach[j])
        for k, j in enumerate(rest):
            if j in self.pairs:
                continue  # those that differ in another differ in this too
            if self._left == 0:
                break
            self._tell(f"looking for data sets that differ in a column, {k + 1} of {len(rest)}")
            differing = support_pair(solution, precision, j, budget=self._left)
            if differing is not None:
                self._learn(differing, undecided)
        if self._left == 0:
            self.stopped = "budget"

    @property
    def _left(self) -> float:
        return max(self.until - time.monotonic(), 0.0)

    def _learn(self, pair: Pair, undecided: Sequence[int]) -> None:
        self.pairs |= {j: pair for j in pair.different if j in undecided and j not in self.pairs}

    def _tell(self, words: str) -> None:
        if self.progress is not None:
            self.progress(words)

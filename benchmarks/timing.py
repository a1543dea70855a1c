"""Timing side by side: every job runs in every round, so that a slow moment of the machine hits all of them alike."""

from __future__ import annotations

import gc
import math
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Job = Callable[[], object]
Clock = Callable[[], float]


@dataclass(frozen=True)
class Spread:
    """The median of some values, with their quartiles."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Return the spread of at least two values."""
        low, median, high = statistics.quantiles(values, n=4, method="inclusive")
        return cls(median, low, high)

    def __str__(self) -> str:
        return f"{self.median:.3g} ({self.low:.3g} to {self.high:.3g})"


def interleaved(
    jobs: Mapping[str, Job], *, rounds: int, sample: float = 4e-3, clock: Clock = time.perf_counter
) -> dict[str, list[float]]:
    """Return for each job the seconds of one call, once per round.

    Args:
        jobs: what to time; each runs once before anything is timed.
        rounds: how often each job is timed, in turn.
        sample: a job is repeated within a round until about this many seconds have passed, at least once.
        clock: what counts the seconds; `time.process_time` for jobs in this process, whatever else the machine does.
    """
    repeats = {}
    for name, job in jobs.items():
        job()
        repeats[name] = max(1, math.ceil(sample / _seconds(job, 1, clock)))
    times: dict[str, list[float]] = {name: [] for name in jobs}
    collects = gc.isenabled()
    gc.disable()
    try:
        for _ in range(rounds):
            for name, job in jobs.items():
                times[name].append(_seconds(job, repeats[name], clock))
            gc.collect()
    finally:
        if collects:
            gc.enable()
    return times


def ratio(numerator: Sequence[float], denominator: Sequence[float]) -> Spread:
    """Return the spread of the ratios within each round."""
    return Spread.of([a / b for a, b in zip(numerator, denominator, strict=True)])


def _seconds(job: Job, repeats: int, clock: Clock) -> float:
    start = clock()
    for _ in range(repeats):
        job()
    return max(clock() - start, 1e-9) / repeats

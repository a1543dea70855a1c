"""Which method: all that apply are tried, and the property with the least C2 wins."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from flint import fmpq

from exact_base.decimals import above, below
from exact_base.errors import BudgetError, DataError, NotCertifiedError
from exact_base.matrices import ExactMatrix, MatrixLike, exact_matrix
from exact_base.rationals import to_float
from exact_base.reprs import short_repr
from firenet_exact.levels import Levels
from firenet_exact.null_space.coherence import by_coherence
from firenet_exact.null_space.exhaustive import MOST_SUPPORTS, by_exhaustion
from firenet_exact.null_space.property import NullSpaceProperty, Point, Refutation, check_size
from firenet_exact.null_space.refutation import refute
from firenet_exact.null_space.relaxation import by_relaxation
from firenet_exact.running import Work

__all__ = ["Attempt", "MethodName", "Verdict", "decide"]

MethodName = Literal["auto", "exhaustive", "relaxation", "coherence", "refute"]
_ONE = fmpq(1)
_AUTO: tuple[MethodName, ...] = ("coherence", "relaxation", "refute", "exhaustive")


@short_repr()
@dataclass(frozen=True)
class Attempt:
    """One method and what came of it: `certified`, `refuted`, `failed` (which refutes nothing) or `stopped`."""

    method: str
    outcome: str
    reason: str
    seconds: float


@short_repr("word")
@dataclass
class Verdict:
    """What is known of a matrix after some attempts.

    Attributes:
        attempts: all methods that were tried, in order.
        points: the trade-offs that were seen, in floating point.
        proved: the certified property with the least C2, if any.
        refuted: a refutation, if any; then nothing can be proved.
    """

    attempts: list[Attempt] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    proved: NullSpaceProperty | None = None
    refuted: Refutation | None = None

    @property
    def word(self) -> Literal["certified", "refuted", "undecided"]:
        """The verdict in a word."""
        return "certified" if self.proved is not None else "refuted" if self.refuted is not None else "undecided"


def decide(
    matrix: MatrixLike, levels: Levels, *, method: MethodName = "auto", run: Work | None = None, most: fmpq = _ONE
) -> Verdict:
    """Try to prove or refute the property of A, shape (m, N).

    Args:
        matrix: A, an array or rows of numbers, which are read exactly.
        levels: the levels of its columns.
        method: `auto` tries all, but the exhaustive one only where there are few supports, and refutes only what is
            not proved.
        run: limits, progress and resumption.
        most: ρ must be less than this, which is decided exactly.

    Raises:
        UsageError: if levels and matrix do not fit together, or a solver is not installed.
        DataError: if an entry is no finite number.

    >>> from firenet_exact import Levels, decide, exact_matrix
    >>> decide(exact_matrix([[1, 0], [0, 1]]), Levels.of([2], [1]), method="coherence").word
    'certified'
    """
    matrix = exact_matrix(matrix)
    check_size(matrix, levels)
    verdict, run = Verdict(), run or Work()
    for name in _AUTO if method == "auto" else (method,):
        if method == "auto" and (_is_idle(name, verdict, levels) or (verdict.attempts and run.left <= 0)):
            continue
        start = time.perf_counter()
        try:
            with np.errstate(all="ignore"):  # floating point only proposes; what overflowed proves nothing
                reason = _attempt(name, matrix, levels, run, most, verdict)
            outcome = "refuted" if name == "refute" else "certified"
        except (NotCertifiedError, DataError) as error:  # DataError: what float64 cannot hold
            outcome, reason = "failed", str(error)
        except np.linalg.LinAlgError as error:
            outcome, reason = "failed", f"in floating point: {error}"
        except BudgetError as error:
            outcome, reason = "stopped", str(error)
        verdict.attempts.append(Attempt(name, outcome, reason, time.perf_counter() - start))
    return verdict


def _is_idle(name: MethodName, verdict: Verdict, levels: Levels) -> bool:
    """Whether a method has nothing to add."""
    if name == "exhaustive" and verdict.refuted is not None:
        return True
    if name == "exhaustive":
        return levels.count_supports() > (MOST_SUPPORTS if verdict.proved is None else 1000)
    return name == "refute" and verdict.proved is not None


def _attempt(name: MethodName, matrix: ExactMatrix, levels: Levels, run: Work, most: fmpq, verdict: Verdict) -> str:
    if name == "refute":
        verdict.refuted = refute(matrix, levels, run)
        return "by an exact kernel vector"
    points: list[Point] = []
    if name == "coherence":
        found = by_coherence(matrix, levels)
    else:
        prove = by_relaxation if name == "relaxation" else by_exhaustion
        found, points = prove(matrix, levels, run, most=to_float(most))
    verdict.points += points
    if found.rho >= most:
        raise NotCertifiedError(f"ρ >= {below(found.rho)} is not less than {most}")
    if verdict.proved is None or found.constants.c2 < verdict.proved.constants.c2:
        verdict.proved = found
    return f"ρ <= {above(found.rho)}, γ <= {above(found.gamma)}, C2 <= {above(found.constants.c2)}"

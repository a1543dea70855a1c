"""What is proved or refuted: the null space property of a matrix, with its exact evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from flint import fmpq

from exact_base.errors import NotCertifiedError, UsageError
from exact_base.matrices import ExactMatrix
from exact_base.rationals import to_float
from exact_base.reprs import short_repr
from firenet_exact.best_constants import BestConstants, best_constants, noise_factor
from firenet_exact.constants import Constants, constants
from firenet_exact.levels import Levels

__all__ = [
    "Coherence",
    "Evidence",
    "Exhaustive",
    "NullSpaceProperty",
    "Point",
    "Refutation",
    "Relaxation",
    "Transfer",
    "check_size",
    "last_of",
]


@short_repr()
@dataclass(frozen=True)
class Coherence:
    """The matrix itself is the evidence."""

    method = "coherence"


@short_repr()
@dataclass(frozen=True, eq=False)
class Relaxation:
    """H of shape (m, N), with I - H*A small."""

    inverse: ExactMatrix
    method = "relaxation"


@short_repr()
@dataclass(frozen=True, eq=False)
class Exhaustive:
    """B of shape (Σ s_l, m) with B A_Δ = I for each maximal support Δ, in lexicographic order."""

    inverses: tuple[ExactMatrix, ...]
    method = "exhaustive"


@short_repr()
@dataclass(frozen=True, eq=False)
class Transfer:
    """The property of a matrix at distance at most η in the spectral norm."""

    other: NullSpaceProperty
    eta: fmpq
    method = "transfer"


Evidence: TypeAlias = Coherence | Relaxation | Exhaustive | Transfer


@short_repr()
@dataclass(frozen=True, eq=False)
class NullSpaceProperty:
    """wrNSPL(ρ, γ) of a matrix, verified exactly (docs/theory.md, "Null space property in levels").

    Attributes:
        matrix: A, shape (m, N).
        levels: the levels of its N columns.
        rho: ρ, rational, 0 < ρ < 1.
        gamma: γ, rational and positive.
        evidence: what proves it.

    >>> from firenet_exact import Levels, by_coherence
    >>> proved = by_coherence([[1, 0, 1], [0, 1, 1], [1, 1, 0]], Levels.of([3], [1]))
    >>> proved.evidence.method, proved.constants
    ('coherence', Constants(rho=1/2, gamma=about 0.7071, r=1, q=1))
    """

    matrix: ExactMatrix
    levels: Levels
    rho: fmpq
    gamma: fmpq
    evidence: Evidence

    @cached_property
    def constants(self) -> Constants:
        """C1 and C2."""
        return constants(self.levels, self.rho, self.gamma)

    @cached_property
    def best(self) -> BestConstants:
        """The best bounds that ρ and γ give."""
        return best_constants(self.levels, self.rho, self.gamma)


@short_repr()
@dataclass(frozen=True, eq=False)
class Refutation:
    """A kernel vector that excludes wrNSPL(ρ, γ) for every ρ < 1 and every γ (docs/theory.md, "Refutation").

    Attributes:
        matrix: A, shape (m, N).
        levels: the levels of its columns.
        vector: the kernel vector, shape (N, 1).

    >>> from firenet_exact import Levels, Refutation, exact_column, exact_matrix
    >>> Refutation(exact_matrix([[1, 1]]), Levels.of([2], [1]), exact_column([1, -1])).levels
    Levels(ends=(2), sparsities=(1), weights=(1))
    """

    matrix: ExactMatrix
    levels: Levels
    vector: ExactMatrix


@short_repr()
@dataclass(frozen=True)
class Point:
    """A candidate (ρ, γ), in floating point; it is certified only if it is chosen and verified.

    Attributes:
        method: what found it.
        rho: ρ; may be 1 or more.
        gamma: γ.
        c2: the best C2, γΦ(0, 1) (docs/theory.md, "The best constants"), infinite if ρ >= 1.
    """

    method: str
    rho: float
    gamma: float
    c2: float

    @staticmethod
    def of(method: str, levels: Levels, rho: float, gamma: float) -> Point:
        """Return the point with its C2."""
        c2 = gamma * noise_factor(rho, to_float(levels.kappa)) if 0 <= rho < 1 else float("inf")
        return Point(method, rho, gamma, c2)


def check_size(matrix: ExactMatrix, levels: Levels) -> None:
    """Raise UsageError unless the levels end with the last column."""
    if matrix.cols != levels.columns:
        raise UsageError(f"the levels end with column {levels.columns}, but the matrix has {matrix.cols}")


def last_of(events: Iterable[Any]) -> tuple[NullSpaceProperty, list[Point]]:
    """Return the last of the properties that a method yields, and all points.

    Raises:
        NotCertifiedError: if it yields none.
    """
    proved, points = None, []
    for event in events:
        if isinstance(event, NullSpaceProperty):
            proved = event
        elif isinstance(event, Point):
            points.append(event)
    if proved is None:
        raise NotCertifiedError("no candidate proves the property")
    return proved, points

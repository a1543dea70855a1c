"""An algorithm that reads data as far as it must: it halts when what it read determines the support, and the digits.

At precision n it reads X_n and y_n within 2^-n of the data, finds their minimiser exactly, and tests whether every data
set within 2^-n of them has one minimiser, with one support: the theorem on the support of docs/theory.md, "What the
data determine". If so that is the support of the data themselves, whatever they are. Where no data near the true ones
have another support, or several minimisers, it halts; elsewhere it never does, and no algorithm can.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from flint import fmpq, fmpz_mat

from exact_base.matrices import ExactMatrix
from exact_base.rationals import power_of_ten, power_of_two, sqrt_up
from exact_base.reprs import short_repr
from sci_barriers.problems.determined.determining import Determined, Outcome, determine
from sci_barriers.problems.determined.precision import Precision, Radius
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, Progress, entries_of
from sci_barriers.problems.penalised.solving import Solution, minimise

__all__ = ["Read", "Reading", "entries_within", "norms_within", "read_problem", "readings", "rounded_within"]

Read: TypeAlias = Callable[[int], PenalisedLeastSquares]
"""Returns the problem with the data X_n and y_n, for a precision n."""

_GUARD = 96  # bits of roots
_BITS = 64  # of the point beyond those of the precision


@short_repr()
@dataclass(frozen=True, eq=False)
class Reading:
    """What is known after one read.

    Attributes:
        precision: n.
        solution: the minimiser of what was read.
        determined: what is proved for all data within 2^-n of it; None if nothing is.
        digits: K, asked for; None if only the support is.
    """

    precision: int
    solution: Solution
    determined: Determined | None
    digits: int | None = None

    @property
    def outcome(self) -> Outcome | None:
        """What is proved for all data within 2^-n."""
        return None if self.determined is None else self.determined.outcomes[-1]

    @property
    def inside(self) -> tuple[int, ...]:
        """The columns of X that are proved to be in."""
        return () if self.outcome is None else self.outcome.inside

    @property
    def outside(self) -> tuple[int, ...]:
        """The columns of X that are proved to be out."""
        return () if self.outcome is None else self.outcome.outside

    @property
    def known(self) -> bool:
        """Whether all that was asked for is determined by what was read: then the algorithm halts."""
        features, outcome = self.solution.problem.features, self.outcome
        if outcome is None or self.determined is None or not outcome.unique:
            return False
        if len(outcome.inside) + len(outcome.outside) < features:
            return False
        if self.digits is None:
            return True
        size2 = sum((x * x for x in entries_of(self.determined.point)[:features]), fmpq(0))
        # D <= 10^-K (s - D), with the root s rounded down
        size = sqrt_up(size2, bits=_GUARD) * (1 - power_of_two(3 - _GUARD))
        return outcome.distance * (power_of_ten(self.digits) + 1) <= size


def entries_within(n: int) -> Precision:
    """Return the precision of data each number of which is within 2^-n."""
    return Precision(Radius.entrywise(power_of_two(-n)), Radius.entrywise(power_of_two(-n)))


def norms_within(n: int) -> Precision:
    """Return the precision of the training data of the model: 2^-n in the spectral and in the Euclidean norm."""
    return Precision(Radius.spectral(power_of_two(-n)), Radius.spectral(power_of_two(-n)))


def rounded_within(array: ExactMatrix, n: int) -> ExactMatrix:
    """Return a real array with each entry rounded to the nearest multiple of 2^(1-n), ties up: it is within 2^-n.

    >>> from exact_base.matrices import exact_matrix
    >>> from sci_barriers.problems.determined.reading import rounded_within
    >>> rounded_within(exact_matrix([["1/3", "5/8"]]), 2).re.tolist()
    [[1, 1]]
    """
    shift, den = max(n - 1, 0), array.den
    entries = [((entry << (shift + 1)) + den) // (2 * den) for entry in array.re.entries()]
    return ExactMatrix(fmpz_mat(array.rows, array.cols, entries), None, 1 << shift)


def read_problem(problem: PenalisedLeastSquares) -> Read:
    """Return what reads the data of a problem, each number rounded so that it is within 2^-n."""
    return lambda n: replace(problem, matrix=rounded_within(problem.matrix, n), data=rounded_within(problem.data, n))


def readings(
    read: Read,
    precisions: Iterable[int],
    *,
    within: Callable[[int], Precision] = entries_within,
    digits: int | None = None,
    progress: Progress | None = None,
) -> Iterator[Reading]:
    """Read at one precision after the other, and yield what is then known; it ends when all is that was asked for.

    Args:
        read: the oracle.
        precisions: where to read.
        within: what n promises.
        digits: K, if that many digits are to be determined too.
        progress: is told what is being done.

    Raises:
        BudgetError: after too many exact pivots.

    >>> from sci_barriers.problems.determined.reading import read_problem, readings
    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
    >>> problem = PenalisedLeastSquares.of([["1/3", 0], [0, 1]], [9, "1/7"], penalties=[1, 1])
    >>> last = list(readings(read_problem(problem), range(1, 40)))[-1]
    >>> last.known, last.inside, last.outside
    (True, (0,), (1,))
    """
    guess: ExactMatrix | None = None
    for n in precisions:
        solution = minimise(read(n), guess=guess, progress=progress)
        guess = solution.problem.coefficients(solution.point)
        found = Reading(n, solution, determine(solution, within(n), bits=_BITS + 2 * n, progress=progress), digits)
        yield found
        if found.known:
            return

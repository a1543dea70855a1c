"""What data determine of the square-root lasso and of basis pursuit denoising."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from flint import fmpq

from exact_base.matrices import ExactMatrix
from exact_base.rationals import power_of_ten
from exact_base.reprs import short_repr
from sci_barriers.problems.determined.balls import nearest_float
from sci_barriers.problems.determined.determining import sorted_scales
from sci_barriers.problems.determined.precision import Precision, Radius
from sci_barriers.problems.determined.theorems import Outcome
from sci_barriers.problems.determined.unsquared_facts import Around, UnsquaredFacts
from sci_barriers.problems.determined.unsquared_point import ResidualNorm, unsquared_point
from sci_barriers.problems.determined.unsquared_theorems import unsquared_outcome
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, Progress, entries_of

__all__ = ["ResidualNorm", "UnsquaredDetermined", "determine_unsquared"]

_SIZES = 12
_TRIES = 3


@short_repr()
@dataclass(frozen=True, eq=False)
class UnsquaredDetermined:
    """What is proved of all minimisers of all data sets within a precision, and scales of it.

    Attributes:
        problem: X, y, penalties and so on.
        noise: the bound of the norm of the residual, None for the square-root lasso.
        precision: what is known of X and y.
        point: x̂, shape (N, 1), in the units of the coefficients, near a minimiser.
        allowed: J, increasing, with the intercept.
        sigma: σ_0.
        outcomes: what is proved at each scale, the scales increasing.
    """

    problem: PenalisedLeastSquares
    noise: fmpq | None
    precision: Precision
    point: ExactMatrix
    allowed: tuple[int, ...]
    sigma: fmpq
    outcomes: tuple[Outcome, ...]

    @property
    def objective(self) -> str:
        """The name of the objective in a certificate."""
        return "sqrt-lasso" if self.noise is None else "bpdn"


def determine_unsquared(
    problem: ResidualNorm,
    precision: Precision | None = None,
    *,
    digits: int = 50,
    scales: Sequence[fmpq | int] = (1,),
    guess: ExactMatrix | None = None,
    progress: Progress | None = None,
) -> UnsquaredDetermined | None:
    """Return what the data determine; None if no minimiser is found, or nothing can be proved at any of the scales.

    Args:
        problem: the problem.
        precision: how far the true data may be from these; None if they are exact.
        digits: how many digits of the minimisers of exact data the distance is to show, where they can be had.
        scales: numbers > 0 by which all radii are multiplied, one after the other; at least one.
        guess: coefficients, shape (N, 1), only a place to start.
        progress: is told what is being done.

    Raises:
        DataError: if the radii do not fit the data, or a scale is not positive.

    >>> from flint import fmpq
    >>> from sci_barriers.problems.determined.unsquared import ResidualNorm, determine_unsquared
    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
    >>> arrays = PenalisedLeastSquares.of([[1, 0], [0, 1]], [2, "1/4"], penalties=["3/5", 1])
    >>> found = determine_unsquared(ResidualNorm(arrays))
    >>> found.outcomes[0].inside, found.outcomes[0].unique, found.outcomes[0].distance < fmpq(1, 10**49)
    ((0,), True, True)
    """
    wanted = sorted_scales(scales)
    precision = precision or Precision(Radius.exactly(), Radius.exactly())
    precision.check(problem.arrays.rows, problem.arrays.features)
    tell = progress or (lambda words: None)
    exact = precision.matrix.nothing and precision.data.nothing
    best: UnsquaredDetermined | None = None
    aim = digits
    for _ in range(_TRIES if exact else 1):
        point = unsquared_point(problem, digits=aim, guess=guess, progress=progress)
        found = None if point is None else _around(problem, point, precision, wanted, tell)
        if found is None:
            return best
        best, guess = found, found.point
        size = sum((value * value for value in entries_of(found.point)[: problem.arrays.features]), fmpq(0))
        if not exact or best.outcomes[0].distance ** 2 <= power_of_ten(-2 * digits) * size:
            break
        aim += digits
    return best


def _around(
    problem: ResidualNorm, point: ExactMatrix, precision: Precision, wanted: Sequence[fmpq], tell: Progress
) -> UnsquaredDetermined | None:
    """Return what is proved with the best J: the support where that decides all, or more columns."""
    tell("bounds for the support")
    around = Around(problem, point, precision)
    main = fmpq(1) if fmpq(1) in wanted else wanted[-1]
    candidates = _Candidates(around)
    known = next((best for scale in (main, *reversed(wanted)) if (best := _best(candidates, scale)) is not None), None)
    if known is None:
        return None
    outcomes = tuple(found for scale in wanted if (found := unsquared_outcome(known, scale)) is not None)
    arrays = problem.arrays
    allowed = (*known.facts.places, arrays.features) if arrays.intercept else known.facts.places
    return UnsquaredDetermined(arrays, problem.noise, precision, point, allowed, known.facts.least, outcomes)


class _Candidates:
    """The quantities for one J after another, each computed when it is first asked for."""

    def __init__(self, around: Around) -> None:
        self.around, self.places = around, _nested(around)
        self._known: dict[int, UnsquaredFacts | None] = {}

    def __iter__(self) -> Iterator[UnsquaredFacts]:
        for k, places in enumerate(self.places):
            if k not in self._known:
                self._known[k] = UnsquaredFacts.of(self.around, places)
            found = self._known[k]
            if found is not None:
                yield found


def _best(candidates: Iterable[UnsquaredFacts], scale: fmpq) -> UnsquaredFacts | None:
    """Return the first J that decides on all columns off it, or else that with the least distance."""
    best: tuple[fmpq, UnsquaredFacts] | None = None
    for known in candidates:
        here = unsquared_outcome(known, scale)
        if here is None:
            continue
        if best is None or here.distance < best[0]:
            best = here.distance, known
        if len(here.outside) == len(known.facts.outside):
            break
    return None if best is None else best[1]


def _nested(around: Around) -> list[tuple[int, ...]]:
    """Return sets J: the support, with more and more of the columns whose margins are the smallest."""
    view = around.view
    support = set(view.support) | {j for j, margin in enumerate(view.margins) if margin <= 0 and j not in view.sizes}
    rooms = {
        j: nearest_float(view.margins[j]) / (float(view.column_norms[j].mid()) or 1.0) for j in range(view.features)
    }
    order = sorted((j for j in rooms if j not in support), key=rooms.__getitem__)
    most = len(view.residual) - view.means_off - len(support)
    counts = [0, *(2**k for k in range(_SIZES) if 2**k <= min(most, len(order)))]
    return [tuple(sorted(support | set(order[:count]))) for count in counts] if most >= 0 else []

"""What data determine that are known up to a precision where columns may depend on each other: fitted values first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flint import arb, ctx, fmpq

from exact_base.matrices import ExactMatrix
from exact_base.reprs import short_repr
from sci_barriers.problems.determined.balls import above
from sci_barriers.problems.determined.complex_point import complex_point, complex_view
from sci_barriers.problems.determined.complex_problem import ComplexLeastSquares
from sci_barriers.problems.determined.determining import around, sorted_scales
from sci_barriers.problems.determined.fit_facts import FitFacts
from sci_barriers.problems.determined.fit_theorem import FitOutcome, fit_outcome
from sci_barriers.problems.determined.precision import Precision
from sci_barriers.problems.determined.view import View
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, Progress, entries_of
from sci_barriers.problems.penalised.solving import Solution

__all__ = ["FitDetermined", "FitOutcome", "determine_complex_fit", "determine_fit"]

_BITS = 192
"""Of the numbers of the point, at least: what is lost in it counts by its root."""

_MOST_COLUMNS = 150
"""Of J; with more of them the inverses take long."""


@short_repr()
@dataclass(frozen=True, eq=False)
class FitDetermined:
    """What is proved of all minimisers of all data sets within a precision, whatever the columns are.

    Attributes:
        problem: the problem.
        precision: what is known of X and y.
        point: x̂, shape (N, 1), in the units of the coefficients, near a minimiser.
        allowed: J: the features whose coefficients are bounded by the fitted values.
        outcomes: what is proved at each scale, the scales increasing.
        off: an upper bound of the distance of the fitted values of x̂ from those of the minimisers of the data as they
            stand; None if that is not known but by the outcomes.
    """

    problem: PenalisedLeastSquares | ComplexLeastSquares
    precision: Precision
    point: ExactMatrix
    allowed: tuple[int, ...]
    outcomes: tuple[FitOutcome, ...]
    off: fmpq | None = None


def determine_fit(
    solution: Solution,
    precision: Precision,
    *,
    scales: Sequence[fmpq | int] = (1,),
    progress: Progress | None = None,
) -> FitDetermined | None:
    """Return what the data determine of fitted values and coefficients; None if it is no more than y alone shows.

    It asks for no independent columns, and proves less than `determine` where both prove something.

    Args:
        solution: a minimiser of the problem with the given data.
        precision: how far the true data may be from these.
        scales: numbers > 0 by which all radii are multiplied, one after the other; at least one.
        progress: is told what is being done.

    Raises:
        DataError: if the radii do not fit the data, or a scale is not positive.

    >>> from sci_barriers.problems.determined.fits import determine_fit
    >>> from sci_barriers.problems.determined.precision import Precision, Radius
    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
    >>> from sci_barriers.problems.penalised.solving import minimise
    >>> problem = PenalisedLeastSquares.of([[1, 1, 0], [0, 0, 1]], [2, 3], penalties=[1, 1, 1])
    >>> found = determine_fit(minimise(problem), Precision(Radius.exactly(), Radius.spectral("1/16")))
    >>> found.outcomes[0].fit, found.outcomes[0].inside  # two columns are equal, the third is in
    (1/16, (2,))
    """
    wanted = sorted_scales(scales)
    if progress is not None:
        progress("bounds for fitted values")
    point, view = around(solution, precision, bits=_BITS)
    found = _fits(view, wanted)
    if found is None:
        return None
    exact = entries_of(solution.problem.coefficients(solution.point))
    with ctx.workprec(view.bits):
        parts = zip(view.column_norms, exact, entries_of(point), strict=False)
        off = above(sum((norm * abs(a - b) for norm, a, b in parts), arb(0)))
    return FitDetermined(solution.problem, precision, point, *found, off)


def determine_complex_fit(
    problem: ComplexLeastSquares,
    precision: Precision,
    *,
    digits: int = 50,
    scales: Sequence[fmpq | int] = (1,),
    guess: ExactMatrix | None = None,
    progress: Progress | None = None,
) -> FitDetermined | None:
    """Return the same for complex data; `digits` and `guess` as for `determine_complex`.

    Raises:
        DataError: as `determine_complex` does.

    >>> from sci_barriers.problems.determined.complex_problem import ComplexLeastSquares
    >>> from sci_barriers.problems.determined.fits import determine_complex_fit
    >>> from sci_barriers.problems.determined.precision import Precision, Radius
    >>> problem = ComplexLeastSquares.of([[1, 1j], [0, 0]], [2, 1j], penalties=[1, 1])
    >>> found = determine_complex_fit(problem, Precision(Radius.exactly(), Radius.spectral("1/16")))
    >>> abs(float(found.outcomes[0].fit.p) / float(found.outcomes[0].fit.q) - 1 / 16) < 1e-9
    True
    """
    wanted = sorted_scales(scales)
    precision.check(problem.rows, problem.features)
    if progress is not None:
        progress("bounds for fitted values")
    point = complex_point(problem, digits=digits, guess=guess, progress=progress)
    found = _fits(complex_view(problem, point, precision), wanted)
    return None if found is None else FitDetermined(problem, precision, point, *found)


def _fits(view: View, wanted: Sequence[fmpq]) -> tuple[tuple[int, ...], tuple[FitOutcome, ...]] | None:
    """Return J, those that are not proved out at the scale 1, or the last one, and what is proved with it."""
    main = fmpq(1) if fmpq(1) in wanted else wanted[-1]
    first = fit_outcome(FitFacts.of(view, ()), main)
    out = set() if first is None else set(first.outside)
    places = tuple(j for j in range(view.features) if j in view.sizes or j not in out)
    if len(places) > _MOST_COLUMNS:
        places = view.support if len(view.support) <= _MOST_COLUMNS else ()
    facts = FitFacts.of(view, places)
    outcomes = tuple(found for scale in wanted if (found := fit_outcome(facts, scale)) is not None)
    return (places, outcomes) if outcomes else None

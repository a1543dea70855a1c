"""The quantities of the theorem without independent columns, as short rationals at the scale 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flint import arb, ctx, fmpq

from exact_base.rationals import power_of_two
from exact_base.reprs import short_repr
from sci_barriers.problems.determined.balls import above, below, diagonal, exact_of, norm, points, root, root_below
from sci_barriers.problems.determined.view import View

__all__ = ["FitFacts", "Row"]

_ZERO = arb(0)
_FINE = 256
_RIDGES = (6, 12, 20)
"""The ridge that is added to the products of J is 2·4^-p of the square of its longest column."""


@short_repr()
@dataclass(frozen=True, eq=False)
class Row:
    """A row of G = (H + θ)^-1 for one θ.

    Attributes:
        length: an upper bound of ‖B_j‖.
        left: upper bounds of |R_jk|, k in J.
    """

    length: fmpq
    left: list[fmpq]


@short_repr()
@dataclass(frozen=True, eq=False)
class FitFacts:
    """What the theorem needs for one J, which may be anything; upper bounds, but for the pairs, and `least`.

    Attributes:
        view: the problem around the point.
        places: the features of J.
        rows: for each feature of J those of its coefficient, one for each θ.
        penalties: μ.
        steepness: |t_j|, or t_j of coefficients that are not negative.
        changes: ε_j.
        norms: n_j - δ_j.
        columns: δ_j.
        sizes: |x̂_j| where it is not 0, from above.
        least: |x̂_j| where it is not 0, from below.
        product: bounds of <t, x̂>.
        penalised: f(x̂).
        pushed: the sum of ε_j |x̂_j|.
        fitted: bounds of ‖Ax̂‖.
        residual: that of the residual with the rows of the ridge.
        whole: ‖Ax̂‖ with the rows of the ridge.
        given: bounds of that of y.
        beta: β.
        image: a bound of ‖dA x̂‖.
        shift: a bound of ‖Ω^(1/2) dy‖.
    """

    view: View
    places: tuple[int, ...]
    rows: list[list[Row]]
    penalties: list[fmpq]
    steepness: list[fmpq]
    changes: list[fmpq]
    norms: list[fmpq]
    columns: list[fmpq]
    sizes: dict[int, fmpq]
    least: dict[int, fmpq]
    product: tuple[fmpq, fmpq]
    penalised: fmpq
    pushed: fmpq
    fitted: tuple[fmpq, fmpq]
    residual: fmpq
    whole: fmpq
    given: tuple[fmpq, fmpq]
    beta: fmpq
    image: fmpq
    shift: fmpq

    @staticmethod
    def of(view: View, places: Sequence[int]) -> FitFacts:
        """Return the quantities for a J with these features."""
        around = view.around
        with ctx.workprec(view.bits):
            fitted, residual, given = around.squares
            sizes, changes = view.sizes, view.slope_changes
            bent = sum((view.ridge[j] * size * size for j, size in sizes.items()), _ZERO)
            return FitFacts(
                view,
                tuple(places),
                _rows(view, places),
                list(around.penalties),
                [_fine(t) for t in around.steepness],
                [above(a) for a in changes],
                [above(a) for a in view.column_norms],
                [above(a) for a in view.column_changes],
                {j: above(size) for j, size in sizes.items()},
                {j: below(size) for j, size in sizes.items()},
                (-_fine(-around.product), _fine(around.product)),
                _fine(sum((size * around.penalties[j] for j, size in sizes.items()), _ZERO)),
                above(sum((size * changes[j] for j, size in sizes.items()), _ZERO)),
                _between(fitted),
                above(root(residual + bent)),
                above(root(fitted + bent)),
                _between(given),
                above(view.beta),
                above(around.image),
                above(around.shift),
            )


def _between(square: arb) -> tuple[fmpq, fmpq]:
    return root_below(max(below(square), fmpq(0))), above(root(square))


def _fine(value: arb) -> fmpq:
    """Return a rational that is at least a number, of which little is lost in a difference from another."""
    with ctx.workprec(_FINE):
        return exact_of(value.upper())


def _rows(view: View, places: Sequence[int]) -> list[list[Row]]:
    """Return the rows of the features of J, by definition: whatever G is, B = G A_J^T and R = I - GH are exact."""
    if not places:
        return []
    size, parts = len(places), view.parts
    lines, ridge = view.lines(places), view.ridge_of(places)
    gram = lines * lines.transpose() + diagonal(ridge)
    longest = max(view.column_norms[j].upper() for j in places)
    longest = longest if longest > 0 else arb(1)
    found: list[list[Row]] = [[] for _ in places]
    for part in _RIDGES:
        theta = 2 * (longest * arb(power_of_two(-part))) ** 2
        near = points((gram + diagonal([theta] * len(ridge))).mid().inv(), parts=parts)
        image = near * gram
        lengths = image * near
        left = (diagonal([arb(1)] * len(ridge)) - image).tolist()
        for place in range(size):
            entries = [
                norm(left[place][k + part_of * size] for part_of in range(parts)) if parts > 1 else abs(left[place][k])
                for k in range(size)
            ]
            found[place].append(Row(above(root(lengths[place, place])), [above(a) for a in entries]))
    return found

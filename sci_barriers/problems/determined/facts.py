"""The quantities of the theorems for one set J, as short rationals at the scale 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flint import arb, arb_mat, ctx, fmpq

from exact_base.reprs import short_repr
from sci_barriers.problems.determined.balls import Table, above, below, norm, norm2, root
from sci_barriers.problems.determined.gram import Inverse, inverse
from sci_barriers.problems.determined.view import View

__all__ = ["Facts"]

_ZERO = arb(0)


@short_repr()
@dataclass(frozen=True, eq=False)
class Facts:
    """What the theorems need for one J; upper bounds of all but `least`, `sizes` and margins.

    Attributes:
        view: the problem around the point.
        places: the features of J.
        outside: the other features.
        inverse: of the Gram matrix of J.
        least: σ_0.
        beta: β.
        slope: ε_J less the defect.
        defect: ½‖h‖.
        moved: δ_J.
        sizes: |x̂_j| for j in J.
        spreads: σ_0 ‖B_j‖ + ‖R_j‖ for j in J.
        table: for the other features m_j, ε_j, n_j - δ_j and δ_j.
    """

    view: View
    places: tuple[int, ...]
    outside: tuple[int, ...]
    inverse: Inverse
    least: fmpq
    beta: fmpq
    slope: fmpq
    defect: fmpq
    moved: fmpq
    sizes: list[fmpq]
    spreads: list[fmpq]
    table: Table
    _known: dict[int, list[fmpq]] = field(default_factory=dict)

    @staticmethod
    def of(view: View, places: Sequence[int]) -> Facts | None:
        """Return the quantities for a J with these features; None if it is not fit for the theorems.

        J must have all features that are not zero, the others positive margins, and the columns of J be independent.
        """
        chosen = set(places)
        outside = tuple(j for j in range(view.features) if j not in chosen)
        if any(view.margins[j] <= 0 for j in outside) or not view.may_be_independent(places):
            return None
        with ctx.workprec(view.bits):
            lines, ridge = view.lines(places), view.ridge_of(places)
            found = inverse(lines, ridge, bits=view.bits, parts=view.parts)
            if found is None:
                return None
            images, rests = found.image, [norm(row) for row in found.rest.tolist()]
            spreads = [above(root(images[i, i]) * found.least + rests[i]) for i in range(len(places))]
            changes, columns, norms = view.slope_changes, view.column_changes, view.column_norms
            rows = [(view.margins[j], above(changes[j]), above(norms[j]), above(columns[j])) for j in outside]
            return Facts(
                view,
                tuple(places),
                outside,
                found,
                found.least,
                above(view.beta),
                above(view.radii.slope_of(changes, places)),
                above(norm(view.defects[j] for j in places) / 2),
                above(view.radii.matrix_of(places)),
                [below(view.sizes.get(j, _ZERO)) for j in places],
                spreads,
                Table(rows, width=4),
            )

    def beside(self, places: Sequence[int]) -> Table:
        """Return for some features outside m_j, ε_j, q, τ, ‖b‖ and g of the theorem on the support, b = G A_J^T A_j."""
        new = [j for j in places if j not in self._known]
        if new:
            with ctx.workprec(self.view.bits):
                self._learn(new)
        return Table([self._known[j] for j in places], width=6)

    def _learn(self, new: Sequence[int]) -> None:
        view, inside = self.view, self.places
        lines = view.lines(inside)
        own = view.lines(new)
        combinations = (self.inverse.matrix * (lines * own.transpose())).mid()
        left = own - combinations.transpose() * lines
        ridge = view.ridge_of(inside)
        pulls = lines * left.transpose()
        taus = view.radii.beside(new, inside, _moduli(combinations))
        columns = _transposed(combinations, len(new))
        turned = _transposed(pulls, len(new))
        for j, row, b, pull, tau in zip(new, left.tolist(), columns, turned, taus, strict=True):
            rest = norm2(row) + sum((k * a * a for k, a in zip(ridge, b, strict=True)), _ZERO)
            gap = norm(p - k * a for p, k, a in zip(pull, ridge, b, strict=True))
            self._known[j] = [
                view.margins[j],
                above(view.slope_changes[j]),
                above(root(rest)),
                above(tau),
                above(norm(b)),
                above(gap),
            ]


def _moduli(matrix: arb_mat) -> arb_mat:
    return arb_mat(matrix.nrows(), matrix.ncols(), [abs(a) for a in matrix.entries()])


def _transposed(matrix: arb_mat, count: int) -> list[list[arb]]:
    """Return the columns of a matrix, which may have no rows."""
    return matrix.transpose().tolist() if matrix.nrows() else [[] for _ in range(count)]

"""One primal active-set method for convex quadratic forms with absolute values and signs, in any ordered arithmetic.

It minimises ½ w^T H w - h^T w + Σ b_j |w_j| with H positive semidefinite, b_j >= 0 and w_j >= 0 for some j. A form does
the linear algebra, in floating point or exactly; the method itself only compares and combines the numbers of a support.

The point always is feasible, and at the end of a descent it is the minimiser on its support with its signs. An index
enters whose slope exceeds its bound; what reaches zero on the way leaves. The value strictly decreases except in steps
of length zero, and while these last the smallest indices enter and leave (least-index resolution: Chang and Cottle,
"Least-index resolution of degeneracy in quadratic programming", Math. Program. 18, 1980), so in exact arithmetic the
method ends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

from exact_base.errors import BudgetError

__all__ = ["Form", "Number", "Walk"]


Number = TypeVar("Number", bound=Any)
"""An ordered field: `fmpq`, or float with its errors."""


class Form(Protocol[Number]):
    """A quadratic form with its bounds, seen through the columns that the method works with."""

    def target(self, signs: Mapping[int, int]) -> list[Number]:
        """Return the minimiser over the indices of `signs`, each with that sign (0: free), all others being zero."""

    def combination(self, support: Sequence[int], entering: int) -> list[Number] | None:
        """Return a with H_SS a = H_Sj if column j of H depends on those of the support, else None."""

    def entering(
        self, values: Mapping[int, Number], signs: Mapping[int, int], *, first: bool
    ) -> tuple[int, int] | None:
        """Return an index whose slope exceeds its bound, with the sign of the slope: the first, or a good one."""

    def sign_of(self, index: int, direction: int) -> int:
        """Return the sign that an index keeps which enters in this direction: 0 if it is free, else the direction."""

    def refuse(self, index: int) -> None:
        """Take note that an index does not enter, by an error of the arithmetic, or raise if it has none."""


class Walk(Generic[Number]):
    """One run of the method.

    Attributes:
        values: w on the support; zero elsewhere.
        signs: the sign that each index of the support keeps, 0 if it is free.
        pivots: how many times an index entered or left.
    """

    def __init__(
        self,
        form: Form[Number],
        values: Mapping[int, Number],
        signs: Mapping[int, int],
        *,
        most: int,
        step: Callable[[int, int], None] = lambda pivots, support: None,
    ) -> None:
        """Start at a feasible point on whose support H is regular.

        Args:
            form: the form.
            values: w on the support, with the signs of `signs` or zero.
            signs: for each index of the support its sign, or 0.
            most: pivots, at most.
            step: is told the number of pivots and the size of the support.
        """
        self.form = form
        self.values: dict[int, Any] = dict(values)
        self.signs = dict(signs)
        self.pivots = 0
        self._most, self._step = most, step
        self._stalled = False

    def run(self) -> Walk[Number]:
        """Walk to the minimiser.

        Raises:
            BudgetError: after `most` pivots.
            SolverError: if the form is not bounded below, which a sum of squares is.
        """
        self._descend(None)
        while (found := self.form.entering(self.values, self.signs, first=self._stalled)) is not None:
            index, direction = found
            if self._enter(index, direction):
                self._descend(index)
        return self

    def _descend(self, entered: int | None) -> None:
        """Go to the minimiser on the support, dropping from it what reaches zero on the way."""
        while self.signs:
            target = dict(zip(self.signs, self.form.target(self.signs), strict=True))
            steps = {i: target[i] - self.values[i] for i in self.signs}
            length, blocking = self._longest({i: steps[i] for i, sign in self.signs.items() if target[i] * sign < 0})
            if blocking is None:
                self._stalled = self._stalled and not any(steps.values())
                self.values = target
                return
            self._move(steps, length)
            self._drop(blocking)
            if blocking == entered:
                self.form.refuse(entered)

    def _enter(self, index: int, direction: int) -> bool:
        """Add an index to the support; if its column depends on the others, exchange it for one of them."""
        support = list(self.signs)
        combination = self.form.combination(support, index)
        self.values[index] = 0
        if combination is not None:
            steps = {i: -a * direction for i, a in zip(support, combination, strict=True)}
            length, blocking = self._longest({i: steps[i] for i in support if steps[i] * self.signs[i] < 0})
            if blocking is None:
                del self.values[index]
                self.form.refuse(index)
                return False
            steps[index] = direction
            self._move(steps, length)
            self._drop(blocking)
        self.signs[index] = self.form.sign_of(index, direction)
        self._count()
        return True

    def _longest(self, steps: Mapping[int, Number]) -> tuple[Any, int | None]:
        """Return how far the point can go before one of these reaches zero, and the least index that then does."""
        length, blocking = None, None
        for i in sorted(steps):
            ratio = -self.values[i] / steps[i]
            if length is None or ratio < length:
                length, blocking = ratio, i
        return length, blocking

    def _move(self, steps: Mapping[int, Number], length: Number) -> None:
        if length:
            for i, step in steps.items():
                self.values[i] = self.values[i] + step * length
        self._stalled = not length

    def _drop(self, index: int) -> None:
        del self.values[index], self.signs[index]
        self._count()

    def _count(self) -> None:
        self.pivots += 1
        self._step(self.pivots, len(self.signs))
        if self.pivots > self._most:
            raise BudgetError(f"no support was found in {self._most:,} pivots; pass coefficients that are nearer")

"""The class with nested ties: columns of a tie fall behind one after the other, each at an exponent of its own.

On it no randomised algorithm, whether it halts or not, has K digits with a probability above 1/(1 + 1/2 + .. + 1/d').
Source: docs/randomised.md, "Nested ties".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from flint import fmpq

from exact_base.errors import DataError, UsageError
from exact_base.rationals import power_of_ten, power_of_two
from exact_base.reprs import short_repr
from exact_base.scalars import as_rational, exact
from exact_base.words import shown
from sci_barriers.omega.families import DEFAULT_PARAMETERS, Instance, OmegaClass, default_alpha, least_admitted

__all__ = ["MOST_TIES", "PAPER_TIES", "NestedTies", "harmonic_bound"]

MOST_TIES = 7
"""d'(d'-1) < 50 allows no more, as 2 h² <= 100·10^-2K."""
PAPER_TIES = 4
"""The least d' for which the bound is below 1/2: 12/25."""


def harmonic_bound(ties: int) -> fmpq:
    """Return 1/(1 + 1/2 + .. + 1/ties), ties >= 1.

    >>> from sci_barriers.omega.nested import harmonic_bound
    >>> [str(harmonic_bound(ties)) for ties in (1, 2, 3, 4)]
    ['1', '2/3', '6/11', '12/25']
    """
    return 1 / sum((fmpq(1, j) for j in range(1, ties + 1)), fmpq(0))


@short_repr()
@dataclass(frozen=True)
class NestedTies:
    """Inputs on which d' columns compete, and fall behind one after the other; all others have α/2.

    Attributes:
        omega: the strong family with the same problem, sizes, K and α.
        ties: d', 2 <= d' <= N - m + 1.

    >>> from sci_barriers import NestedTies
    >>> nested = NestedTies.create("lasso", digits=3, rows=1, columns=4)
    >>> nested.ties, str(nested.bound), nested.instance([4, 2, 1], [9, 12, 20]).argmax
    (4, '12/25', (2,))
    """

    omega: OmegaClass
    ties: int

    @classmethod
    def create(
        cls,
        problem: str,
        *,
        digits: int,
        rows: int = 1,
        columns: int = 4,
        ties: int | None = None,
        parameter: Any = None,
        alpha: Any = None,
        disguise: bool | Sequence[int] = False,
    ) -> NestedTies:
        """Make a class, choosing α so that the height h is about 4·10^-K (27/4·10^-K for d' > 4).

        Args:
            problem: name of the problem.
            digits: K >= 1.
            rows: m, 1 <= m < N.
            columns: N.
            ties: d'; the smaller of N - m + 1 and 4 if not given.
            parameter: as for `OmegaClass.create`.
            alpha: α, chosen if not given.
            disguise: as for `OmegaClass.create`.

        Raises:
            UsageError: naming what is out of range or the inequality that fails.
        """
        count = ties
        if count is None:
            count = min(columns - rows + 1, PAPER_TIES) if type(rows) is type(columns) is int else PAPER_TIES
        if alpha is None and problem in DEFAULT_PARAMETERS and type(digits) is int and digits >= 1:
            try:
                value = DEFAULT_PARAMETERS[problem] if parameter is None else as_rational(exact(parameter))
            except DataError as error:
                raise UsageError(f"the parameter cannot be read: {error}") from None
            units = fmpq(4) if type(count) is int and count <= PAPER_TIES else fmpq(27, 4)
            alpha = default_alpha(problem, value, digits, units=units)
        omega = OmegaClass.create(
            problem,
            digits=digits,
            rows=rows,
            columns=columns,
            parameter=parameter,
            alpha=alpha,
            disguise=disguise,
        )
        return cls(omega, count)

    def __post_init__(self) -> None:
        """Check the conditions of docs/randomised.md, "Nested ties"."""
        omega, ties = self.omega, self.ties
        if omega.family != "strong":
            raise UsageError("nested ties are about K digits; the class must be given as a strong family")
        most = min(omega.ties, MOST_TIES)
        if type(ties) is not int or not 2 <= ties <= most:
            raise UsageError(
                f"the number of columns with nested ties must be an integer from 2 to {most}, got {shown(ties)}; "
                f"of N - m + 1 columns, here {omega.ties}, at most {MOST_TIES}"
            )
        if not self._apart(omega.height(omega.base)):
            raise UsageError(
                f"nested ties of {ties} columns need h² > {ties * (ties - 1)}·10^-{2 * omega.digits}: use a smaller α"
            )

    def _apart(self, height: fmpq) -> bool:
        return bool(height**2 > self.ties * (self.ties - 1) * power_of_ten(-2 * self.omega.digits))

    @property
    def bound(self) -> fmpq:
        """1/(1 + 1/2 + .. + 1/d'): no randomised algorithm succeeds with more on all inputs."""
        return harmonic_bound(self.ties)

    @property
    def shift(self) -> int:
        """The least s with 2^s >= 2·√d'; a column that falls behind at q does so by 2^-(q+s)."""
        return ((4 * self.ties - 1).bit_length() + 1) // 2

    def admits(self, q: int) -> bool:
        """Tell whether q >= q0: all heights of inputs with exponents from q on meet the conditions."""
        low = self.omega.height(self.omega.base + power_of_two(1 - q - self.shift))
        drop = self.omega.height(self.omega.base) - low
        return bool(self._apart(low) and drop <= power_of_ten(-self.omega.digits))

    @cached_property
    def q0(self) -> int:
        """The least exponent of the class."""
        return least_admitted(self.admits)

    def entries(self, removed: Sequence[int], exponents: Sequence[int]) -> tuple[fmpq, ...]:
        """Return a in Q^d: after the columns `removed`, from 1, have fallen behind at these exponents.

        Raises:
            UsageError: unless the columns differ and the exponents increase from q0 on, as many, at most d' - 1.
        """
        if len(set(removed)) != len(removed) or not all(1 <= i <= self.ties for i in removed):
            raise UsageError(f"columns from 1 to {self.ties}, each once, may fall behind, got {list(removed)}")
        rising = all(q < r for q, r in pairwise(exponents))
        if len(exponents) != len(removed) or len(removed) >= self.ties or not rising:
            raise UsageError(f"at most {self.ties - 1} columns fall behind, at exponents that increase")
        if exponents and exponents[0] < self.q0:
            raise UsageError(f"the exponents must be at least q0 = {self.q0}, got {exponents[0]}")
        tied = dict.fromkeys(range(self.ties), self.omega.base)
        done: dict[int, fmpq] = {}
        for i, q in zip(removed, exponents, strict=True):
            done[i - 1] = tied.pop(i - 1)
            tied = {column: entry + power_of_two(-q - self.shift) for column, entry in tied.items()}
        rest = dict.fromkeys(range(self.ties, self.omega.ties), self.omega.base / 2)
        every = {**done, **tied, **rest}
        return tuple(every[column] for column in range(self.omega.ties))

    def instance(self, removed: Sequence[int] = (), exponents: Sequence[int] = ()) -> Instance:
        """Return the input; its minimisers are h·conv{e_i} for the columns i that have not fallen behind."""
        return Instance(self.omega, self.entries(removed, exponents))

"""Breakdown epsilons of the class, exactly (docs/breakdown.md, "Breakdown epsilons of the class")."""

from __future__ import annotations

from dataclasses import dataclass

from flint import fmpq

from exact_base.reprs import short_repr
from sci_barriers.omega.families import OmegaClass

__all__ = ["BreakdownEpsilon", "breakdown_epsilon"]


@short_repr()
@dataclass(frozen=True)
class BreakdownEpsilon:
    """The breakdown epsilons of one family of the class, as squares.

    Attributes:
        omega: the family.
        square: e² = h²(d-1)/d, the square of the weak breakdown epsilon.
    """

    omega: OmegaClass
    square: fmpq

    @property
    def strong_square(self) -> fmpq:
        """The square of the strong breakdown epsilon: e² in the strong family, 0 in the weak one."""
        return self.square if self.omega.family == "strong" else fmpq(0)

    @property
    def digits(self) -> int:
        """The largest K with 10^-K >= e.

        So many digits are computable on the whole family without any data, and no more from data limited in number (in
        the strong family, from any).
        """
        # √2 h > 2·10^-T and √2 h <= 10^-(T-1), and e lies between h/√2 and h
        return self.omega.target_digits - 1

    def level_square(self, q: int) -> fmpq:
        """The square of the error that every answer has on one of the members ι^1_q..ι^d_q; it increases to e² in q.

        Raises:
            UsageError: unless q belongs to the class.
        """
        member = self.omega.member(i=1, q=q)
        return member.height**2 * (self.omega.ties - 1) / self.omega.ties

    def centroid_square(self, q: int) -> fmpq:
        """The square of the error of the centroid of h·conv{e_1..e_d}, the best answer, on ι^i_q; it is less than e².

        Raises:
            UsageError: unless q belongs to the class.
        """
        d, low = self.omega.ties, self.omega.member(i=1, q=q).height
        high = self.omega.height(self.omega.base)
        return low**2 - 2 * high * low / d + high**2 / d


def breakdown_epsilon(omega: OmegaClass) -> BreakdownEpsilon:
    """Return the breakdown epsilons of one family of the class.

    >>> from sci_barriers import OmegaClass, breakdown_epsilon
    >>> breakdown_epsilon(OmegaClass.create("lasso", digits=6, rows=2, columns=3))
    BreakdownEpsilon(omega=OmegaClass(problem='lasso', parameter=1/2, digits=6, ...), square=about 1.125e-12)
    """
    height = omega.height(omega.base)
    return BreakdownEpsilon(omega, height**2 * (omega.ties - 1) / omega.ties)

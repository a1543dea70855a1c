"""The constants of a matrix with the null space property (docs/theory.md, "Constants").

ρ, γ, √ξ and κ^(1/4) are rounded up, and C1 and C2 are then computed from them exactly: enlarging C1 alone, or taking
C1 of one form with C2 of the other, would be wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from flint import fmpq

from exact_base.errors import UsageError
from exact_base.rationals import upper_fourth_root, upper_root
from exact_base.reprs import short_repr
from firenet_exact.levels import Levels

__all__ = ["Constants", "constants", "error_constants", "paper_constants"]

_Number = TypeVar("_Number", float, fmpq)


@short_repr()
@dataclass(frozen=True)
class Constants:
    """‖z-x‖ <= (c1/r)(2σ(x)+‖z‖_w-‖x‖_w) + c2‖A(z-x)‖ for all x and z.

    Attributes:
        rho: a rational ρ_r >= ρ r/√ξ, less than 1.
        gamma: a rational >= γ.
        r: a rational >= √ξ.
        q: a rational with q⁴ζ >= r².
    """

    rho: fmpq
    gamma: fmpq
    r: fmpq
    q: fmpq

    def __post_init__(self) -> None:
        if not 0 < self.rho < 1 or not self.gamma > 0:
            raise UsageError(f"0 < ρ < 1 and γ > 0 are needed after rounding, not ρ = {self.rho}, γ = {self.gamma}")

    @property
    def c1(self) -> fmpq:
        """C1 of our form."""
        return error_constants(self.rho, self.gamma, self.q)[0]

    @property
    def c2(self) -> fmpq:
        """C2 of our form."""
        return error_constants(self.rho, self.gamma, self.q)[1]

    @property
    def paper(self) -> Constants:
        """The same with ρ' = (1+ρ)/2 and γ' = 2γ, whose c1 and c2 are the paper's."""
        return Constants((1 + self.rho) / 2, 2 * self.gamma, self.r, self.q)


def error_constants(rho: _Number, gamma: _Number, q: _Number) -> tuple[_Number, _Number]:
    """Return (C1, C2) for ρ, γ and q = κ^(1/4); exact for rationals."""
    c1 = (rho + (1 + rho) * q / 2) * (1 + rho) / (1 - rho)
    c2 = ((1 + rho) / (1 - rho) + (3 + rho) / (1 - rho) * q / 2) * gamma
    return c1, c2


def paper_constants(rho: _Number, gamma: _Number, q: _Number) -> tuple[_Number, _Number]:
    """Return the paper's (C1, C2) as its formulas say: those of a matrix known through approximations."""
    c1 = ((1 + rho) / 2 + (3 + rho) * q / 4) * (3 + rho) / (1 - rho)
    c2 = 2 * ((3 + rho) / (1 - rho) + (7 + rho) / (1 - rho) * q / 2) * gamma
    return c1, c2


def constants(levels: Levels, rho: fmpq, gamma: fmpq) -> Constants:
    """Round ρ, γ, √ξ and κ^(1/4) up, as docs/format.md, "Recovery", does.

    Raises:
        UsageError: if ρ is so near to 1 that it is not less than 1 after rounding.
    """
    r = upper_root(levels.xi)
    return Constants(rho * r * r / levels.xi, gamma, r, upper_fourth_root(r * r / levels.zeta))

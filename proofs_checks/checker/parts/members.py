"""Which members of Omega(K, L) approximations of their matrix leave (docs/format.md, "kind reads").

Rationals are pairs (num, den), not reduced, den > 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from proofs_checks.checker.parts.omega import Omega, Rational

Interval = tuple[Rational, Rational]


@dataclass(frozen=True)
class Left:
    """The tie of a family (i = 0), or its members (i, q) with delta_q = 2^-r, low <= r <= high, or low <= r."""

    omega: Omega
    i: int
    low: int
    high: int | None

    @property
    def ends(self) -> tuple[Rational, Rational]:
        """The smallest and the largest of the entries beta + delta_q, or what they tend to."""
        (num, den), least = self.omega.base, self.omega.base
        if self.i == 0:
            return least, least
        if self.high is not None:
            least = (num << self.high) + den, den << self.high
        return least, ((num << self.low) + den, den << self.low)

    def square(self, top: Rational) -> Rational:
        """Return c^2 for the entry beta + delta_q."""
        (num, den), (t_num, t_den) = self.omega.base, top
        return (self.omega.ties - 1) * (num * t_den) ** 2 + (t_num * den) ** 2, (den * t_den) ** 2

    def in_words(self) -> str:
        """Return these members in words."""
        family = f"of the {self.omega.family} family"
        if self.i == 0:
            return f"the tie {family}"
        low, shift = self.low - self.omega.delta_bits(0), self.omega.delta_bits(0)
        high = None if self.high is None else self.high - shift
        span = f"q >= {low}" if high is None else f"q = {low}" if high == low else f"{low} <= q <= {high}"
        return f"member ({self.i}, q), {span}, {family}"


def less(p: Rational, q: Rational) -> bool:
    """Return whether p < q."""
    return p[0] * q[1] < q[0] * p[1]


class Bounds:
    """What the first entries of the first row of U A can be: each lies within 2^-n of its approximation."""

    def __init__(self, ties: int) -> None:
        self.entries: list[Interval | None] = [None] * ties

    def narrow(self, n: int, entries: dict[tuple[int, int], int], den: int) -> None:
        """Take a read into account, U A_n being given as numerators over one denominator."""
        for j, old in enumerate(self.entries):
            num = entries.get((0, j), 0) << n
            low, high = (num - den, den << n), (num + den, den << n)
            if old is not None:
                low, high = old[0] if less(low, old[0]) else low, old[1] if less(old[1], high) else high
            self.entries[j] = low, high

    def left(self, omega: Omega) -> Iterator[Left]:
        """Yield what is left of a family; nothing that is not yielded has these data."""
        base, least_bits = omega.base, omega.delta_bits(1)
        known = [(j, e) for j, e in enumerate(self.entries) if e is not None]
        off = [j for j, (low, high) in known if less(base, low) or less(high, base)]
        if not off and omega.family == "strong":
            yield Left(omega, 0, 0, 0)
        for j in range(omega.ties) if not off else off if len(off) == 1 else []:
            entry = self.entries[j]
            low, high = (least_bits, None) if entry is None else self._levels(base, entry)
            low = max(low, least_bits)
            if high is None or low <= high:
                yield Left(omega, j + 1, low, high)

    @staticmethod
    def _levels(base: Rational, entry: Interval) -> tuple[int, int | None]:
        """Return the least and the largest r with beta + 2^-r in an interval; if there is none, the least is larger."""
        (num, den), (l_num, l_den), (h_num, h_den) = base, *entry
        least, most = l_num * den - num * l_den, h_num * den - num * h_den
        if most <= 0:
            return 0, -1
        # the least r with 2^-r <= most, and the largest with 2^-r >= least
        low = (-(-h_den * den // most) - 1).bit_length()
        return low, (l_den * den // least).bit_length() - 1 if least > 0 else None

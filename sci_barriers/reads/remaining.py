"""Exact interval reasoning: which members of Ω(K, L) have given approximations of their matrix, and what serves all.

Source: docs/reads.md, "What a read leaves" and "What a network is worth".
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from flint import fmpq

from exact_base.errors import DataError
from exact_base.rationals import dyadic_nearest, power_of_two
from exact_base.reprs import short_repr
from exact_base.scalars import ExactArray, as_rational, norm2, zeros
from sci_barriers.networks.soft import SoftNetwork
from sci_barriers.omega.families import OmegaClass
from sci_barriers.omega.union import OmegaUnion, threshold

__all__ = ["Left", "Remaining", "root_bounds"]


@short_repr()
@dataclass(frozen=True)
class Left:
    """Members that the reads leave: the tie of the family, or (i, q) for a range of q.

    Attributes:
        omega: the family.
        index: i, from 1; 0 for the tie.
        least: the smallest q; 0 for the tie.
        most: the largest q, or None if there is none; 0 for the tie.
    """

    omega: OmegaClass
    index: int
    least: int
    most: int | None

    @property
    def ends(self) -> tuple[fmpq, fmpq]:
        """The smallest and the largest of their a_max, or the limits."""
        base = self.omega.base
        if self.index == 0:
            return base, base
        low = base if self.most is None else base + self.omega.perturbation(self.most)
        return low, base + self.omega.perturbation(self.least)

    def c2(self, top: fmpq) -> fmpq:
        """c² for a_max = top."""
        return (self.omega.ties - 1) * self.omega.base**2 + top**2


def root_bounds(square: fmpq) -> tuple[fmpq, fmpq]:
    """Return the lower and the upper root of a positive rational, as docs/format.md, "kind reads", defines them."""
    p, q = int(square.p), int(square.q)
    root = math.isqrt(p * q)
    if root * root == p * q:
        return fmpq(root, q), fmpq(root, q)
    root = math.isqrt(p * q << 128)
    return fmpq(root, q << 64), fmpq(root + 1, q << 64)


class Remaining:
    """The members of a class that have all the data seen so far; it starts with all of them, for every q >= 1.

    It may keep a member that does not have these data, and never drops one that does.
    """

    def __init__(self, union: OmegaUnion) -> None:
        """Start before the first read."""
        self.union = union
        self._first: list[tuple[fmpq, fmpq] | None] = [None] * union.strong.ties

    def narrow(self, n: int, matrix: ExactArray) -> None:
        """Take A_n into account, shape (m, N), rational and real; only the first row of U A_n is used.

        Raises:
            DataError: if no member of the class has these data.
        """
        omega, unit = self.union.strong, power_of_two(-n)
        row = omega.data() @ matrix  # the data U e_1 is the first row of U

        def meet(old: tuple[fmpq, fmpq] | None, value: fmpq) -> tuple[fmpq, fmpq]:
            low, high = value - unit, value + unit
            return (low, high) if old is None else (max(old[0], low), min(old[1], high))

        self._first = [meet(old, row[j]) for j, old in enumerate(self._first)]
        if not self.left:
            raise DataError(f"no member of the class has these data: precision {n} is too far from all of them")

    @property
    def left(self) -> list[Left]:
        """What is left, family by family; the tie first, then by i."""
        return [left for omega in self.union.families for left in self._of_family(omega)]

    def _of_family(self, omega: OmegaClass) -> list[Left]:
        base, found = omega.base, []
        off = [j for j, e in enumerate(self._first) if e is not None and not e[0] <= base <= e[1]]
        if not off and omega.family == "strong":
            found.append(Left(omega, 0, 0, 0))
        for j in range(omega.ties) if not off else off if len(off) == 1 else []:
            entry = self._first[j]
            span = (1, None) if entry is None else _exponents(omega, entry[0] - base, entry[1] - base)
            if span is not None:
                found.append(Left(omega, j + 1, *span))
        return found

    def network(self) -> SoftNetwork:
        """The network for what is left: the vertex if one column is, else the centroid for the largest base left."""
        left, omega = self.left, self.union.strong
        first = zeros(omega.ties)
        if {part.index for part in left} == {left[0].index} and left[0].index:
            heights = [part.omega.height(end) for part in left for end in part.ends]
            first[left[0].index - 1] = (min(heights) + max(heights)) / 2
        else:
            base = max(part.omega.base for part in left)
            first[:] = omega.height(base) / omega.ties
        if not self.union.extra:
            return SoftNetwork(omega, first, None)
        squares = [part.c2(end) for part in left for end in part.ends]
        low, high = root_bounds(min(squares))[0], root_bounds(max(squares))[1]
        # the middle of 1/c, rounded by less than 2^-64 of its square
        bits = 64 + 2 * math.ceil(high).bit_length()
        return SoftNetwork(omega, first, dyadic_nearest((1 / low + 1 / high) / 2, bits=bits))

    def error2(self, network: SoftNetwork) -> fmpq:
        """An upper bound of the squared error of a network, on every sample, over everything that is left."""
        weight = fmpq(0)
        if network.gain is not None:
            level = as_rational(threshold(network.omega.problem, network.omega.parameter, network.gain))
            # the level itself depends on c for lasso, which adds to the error what it takes from the output
            level = -level if network.omega.problem == "lasso" else level
            weight = max(
                sum((max(abs(v) - level, fmpq(0)) ** 2 for v in sample if v), fmpq(0)) for sample in self.union.extra
            )
        return max(_error2(part, network, weight) for part in self.left)


def _error2(part: Left, network: SoftNetwork, weight: fmpq) -> fmpq:
    """The bound for one part, with the weight W of docs/reads.md."""
    omega, size2 = part.omega, as_rational(norm2(network.first))
    if part.index == 0:
        point = zeros(omega.columns)
        point[: omega.ties] = network.first
        first = omega.tie().distance2(point)
    else:
        entry = network.first[part.index - 1]
        first = max(size2 + h * (h - 2 * entry) for h in map(omega.height, part.ends))
    if network.gain is None:
        return first
    squares = [part.c2(end) for end in part.ends]
    roots = root_bounds(squares[0])[0], root_bounds(squares[1])[1]
    second = max((1 / root - network.gain) ** 2 for root in roots) * weight
    return max(first, second) if omega.problem == "bpdn" else first + second


def _exponents(omega: OmegaClass, least: fmpq, most: fmpq) -> tuple[int, int | None] | None:
    """Return the smallest and the largest q >= 1 with least <= δ_q <= most, or None."""
    if most <= 0:
        return None
    shift = 0 if omega.family == "strong" else 4
    # the least r with 2^-r <= most, and the largest with 2^-r >= least
    low = max(1, int(math.ceil(1 / most) - 1).bit_length() - shift)
    if least <= 0:
        return low, None
    high = math.floor(1 / least).bit_length() - 1 - shift
    return (low, high) if low <= high else None

"""The best bounds that a null space property gives (docs/theory.md, "The best constants").

A *staircase* stands for m(c) = c + √((κ-1)(1-c²)): for each of its cells two rationals, one at least every c of the
cell, the other at least every m(c). What bounds follow grows in both, so that the greatest over the cells is a bound.
Floating point only chooses where the cells end.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from flint import fmpq

from exact_base.decimals import below
from exact_base.errors import UsageError
from exact_base.rationals import float_exactly, round_down, sqrt_up, to_float, upper_root
from exact_base.reprs import short_repr
from firenet_exact.constants import Constants, constants
from firenet_exact.levels import Levels

__all__ = ["BestConstants", "best_constants", "noise_factor", "staircase"]

Cell: TypeAlias = tuple[fmpq, fmpq]
_CELLS = 40
_CLOSE = 2.0**-11  # what a cell may lose before it is divided again
_CUT_BITS = 20
_LAMBDA_BITS = 16
_GOLDEN = (math.sqrt(5) - 1) / 2
_SEARCH = 40  # steps for the best λ, each of which makes its interval shorter by that factor


def staircase(kappa: fmpq, cuts: Sequence[fmpq] = ()) -> tuple[Cell, ...]:
    """Return (c, m) for each cell of [1/√κ, 1]: upper bounds of c and of m(c) there.

    Args:
        kappa: κ >= 1, or anything larger.
        cuts: where the cells end, but for the last, which ends with 1; increasing, between 0 and 1.

    Raises:
        UsageError: if the cuts are anything else.

    >>> from flint import fmpq
    >>> from firenet_exact.best_constants import staircase
    >>> staircase(fmpq(4)), staircase(fmpq(10), [fmpq(4, 5)])
    (((1, 2),), ((4/5, 58333726687135158849/18446744073709551616), (1, 13/5)))
    """
    ends = [*cuts, fmpq(1)]
    if any(not a < b for a, b in zip([fmpq(0), *cuts], ends, strict=True)):
        raise UsageError("cuts must increase, and lie between 0 and 1")
    root, cells = upper_root(kappa), []
    for start, end in zip([fmpq(0), *cuts], ends, strict=True):
        most = start + upper_root((kappa - 1) * (1 - start * start)) if start * start * kappa >= 1 else root
        cells.append((end, most))
    return tuple(cells)


def network_square(rho: fmpq, share: fmpq, cell: Cell) -> fmpq:
    """Return S², where γS bounds ‖v‖/(λT + ‖Av‖) on a cell, and share is λγr < 1."""
    c, m = cell
    alpha, delta = share - rho, 1 - share * c
    if alpha * (m + 2 * rho) <= rho * m * delta:
        return rho * (rho + m) / (share * (1 - rho * c)) ** 2
    if 2 * alpha <= m * delta:
        return m * m / (4 * alpha * (m * delta - alpha))
    return 1 / (delta * delta)


@short_repr()
@dataclass(frozen=True)
class BestConstants:
    """The best bounds of ‖z-x‖ that ρ, γ and the levels give, for all x and z.

    Attributes:
        rho: a rational ρ_r >= ρ r/√ξ, less than 1.
        gamma: a rational >= γ.
        r: a rational >= √ξ.
        kappa: a rational >= r²/ζ.

    >>> from flint import fmpq
    >>> from firenet_exact import Levels
    >>> from firenet_exact.best_constants import best_constants
    >>> found = best_constants(Levels.of([8], [1]), fmpq(1, 2), fmpq(1))
    >>> found.lam, found.network_constant(found.lam) < fmpq(2829, 1000)
    (5/8, True)
    """

    rho: fmpq
    gamma: fmpq
    r: fmpq
    kappa: fmpq
    _kept: dict[fmpq, fmpq] = field(default_factory=dict, init=False, repr=False, compare=False)

    def linear(self, theta: fmpq) -> tuple[fmpq, fmpq]:
        """Return C1 and C2 of the closed form for any θ > 0; they belong together, as those of `constants` do.

        Raises:
            UsageError: if θ is not positive.
        """
        return self.linear_by_cells(staircase(self.kappa), [theta])

    def linear_by_cells(self, cells: Sequence[Cell], thetas: Sequence[fmpq]) -> tuple[fmpq, fmpq]:
        """Return C1 and C2 of a staircase and a θ > 0 for each cell, with the least C1 that they allow.

        Raises:
            UsageError: if a θ is not positive, or their number is not that of the cells.
        """
        if len(cells) != len(thetas) or not all(theta > 0 for theta in thetas):
            raise UsageError("there must be a positive θ for each cell")
        found = []
        for (c, m), theta in zip(cells, thetas, strict=True):
            half = 1 / (2 * (1 - self.rho * c))
            found.append((c, half * (self.rho * theta + (self.rho + m) / theta), half * (theta + (1 + m * c) / theta)))
        c1 = max(first for _, first, _ in found)
        return c1, self.gamma * max(second + c * (c1 - first) for c, first, second in found)

    @cached_property
    def cuts(self) -> tuple[fmpq, ...]:
        """Cuts that are good for C2, and for what is bounded by noise in the first place."""
        return self.cuts_for(fmpq(0), fmpq(1))

    def cuts_for(self, spread: fmpq, misfit: fmpq) -> tuple[fmpq, ...]:
        """Return cuts that are good for Φ(T', G)."""
        rho, T, G = (to_float(a) for a in (self.rho, spread, misfit))
        return self.chosen_cuts(lambda c, m: _distance(rho, T, G, c, m))

    @cached_property
    def pair(self) -> tuple[fmpq, fmpq]:
        """(C1, C2) of a linear form: the least C2 for one level, and near to the least for several."""
        cells = staircase(self.kappa, self.cuts)
        return self.linear_by_cells(cells, [sqrt_up(1 + m * c, bits=_LAMBDA_BITS) for c, m in cells])

    def distance_square(self, cells: Sequence[Cell], spread: fmpq, misfit: fmpq) -> fmpq:
        """Return an upper bound of Φ(T', G)², the square of ‖z-x‖.

        Args:
            cells: of a staircase.
            spread: T' = (2σ(x) + ‖z‖_w - ‖x‖_w)/r, or any number of which that or `b <= T + a` is true.
            misfit: G = γ‖A(z-x)‖, or more.

        Raises:
            UsageError: if T' < -G, which is impossible.
        """
        if not spread + misfit >= 0:
            raise UsageError("T' is less than -G: there are no such x and z")
        inner, most = self.rho * spread + misfit, fmpq(0)
        for c, m in cells:
            rest = spread + c * misfit
            if rest >= 0:
                most = max(most, inner * (inner + m * rest) / (1 - self.rho * c) ** 2)
        return most

    def network_constant(self, lam: fmpq) -> fmpq:
        """Return an upper bound of C(λ), with ‖z-x‖ <= C(λ)(F(z) - F(x) + 2λσ(x) + 2‖Ax-y‖) for all x and z.

        Raises:
            UsageError: unless 0 < λγr < 1.
        """
        if lam not in self._kept:
            self._kept[lam] = self.network_constant_by(staircase(self.kappa, self.network_cuts(lam)), lam)
        return self._kept[lam]

    def network_constant_by(self, cells: Iterable[Cell], lam: fmpq) -> fmpq:
        """Return the bound of C(λ) that the cells of a staircase give.

        Raises:
            UsageError: unless 0 < λγr < 1.
        """
        share = self._share(lam)
        return self.gamma * upper_root(max(network_square(self.rho, share, cell) for cell in cells))

    def network_cuts(self, lam: fmpq) -> tuple[fmpq, ...]:
        """Return cuts that are good for C(λ).

        Raises:
            UsageError: unless 0 < λγr < 1.
        """
        rho, share = to_float(self.rho), to_float(self._share(lam))
        return self.chosen_cuts(lambda c, m: _network(rho, share, c, m))

    @cached_property
    def lam(self) -> fmpq:
        """The λ for which C(λ) is least, nearly: it is rounded, and exact for one level where that has few digits."""
        rho, root = to_float(self.rho), to_float(self.kappa)
        if self.kappa - 1 < fmpq(1, 2**40):
            share = (1 + 3 * self.rho) / 4
        else:
            share = float_exactly(_best_share(rho, root))
        return round_down(share / (self.gamma * self.r), bits=_LAMBDA_BITS)

    def chosen_cuts(self, value: Callable[[float, float], float]) -> tuple[fmpq, ...]:
        """Return where cells should end so that the greatest value(c, m) over them is small, value growing in both."""
        return tuple(sorted({c for c in map(_dyadic, _nodes(to_float(self.kappa), value, _CELLS)[1:-1]) if 0 < c < 1}))

    def _share(self, lam: fmpq) -> fmpq:
        share = lam * self.gamma * self.r
        if not 0 < share < 1:
            most = below(1 / (self.gamma * self.r))
            raise UsageError(f"λ must be positive and less than 1/(γ r), which is at least {most}; it is {lam}")
        return share


def best_constants(levels: Levels, rho: fmpq, gamma: fmpq) -> BestConstants:
    """Round ρ, γ and √ξ up, as docs/format.md, "Recovery", does.

    Raises:
        UsageError: if ρ is so near to 1 that it is not less than 1 after rounding.
    """
    found: Constants = constants(levels, rho, gamma)
    return BestConstants(found.rho, found.gamma, found.r, found.r * found.r / levels.zeta)


def noise_factor(rho: float, kappa: float) -> float:
    """Return Φ(0, 1) for 0 <= ρ < 1, in floating point: by how much an error in the data is multiplied, for γ = 1.

    >>> from firenet_exact.best_constants import noise_factor
    >>> round(noise_factor(0.5, 1.0), 4), round(noise_factor(0.5, 4.0), 2)
    (2.8284, 2.98)
    """
    low = math.asin(1 / math.sqrt(max(kappa, 1.0)))
    points = [math.sin(angle) for angle in _spaced(low, math.pi / 2)] if kappa - 1 >= 2.0**-40 else [1.0]
    return max(_distance(rho, 0.0, 1.0, c, _slope(kappa, c)) for c in points)


def _dyadic(value: float) -> fmpq:
    return fmpq(round(value * 2**_CUT_BITS), 2**_CUT_BITS)


def _slope(kappa: float, c: float) -> float:
    """m(c), in floating point."""
    return c + math.sqrt(max((kappa - 1) * (1 - c * c), 0.0))


def _nodes(kappa: float, value: Callable[[float, float], float], most: int) -> list[float]:
    """Return the ends of cells of [1/√κ, 1], in floating point: the greatest value decides which is divided next."""
    if kappa - 1 < 2.0**-40:
        return [1.0, 1.0]
    angles = [math.asin(1 / math.sqrt(kappa)), math.pi / 2]
    heap = [(-math.inf, angles[0], angles[1])]
    while len(angles) <= most:
        _, low, high = heapq.heappop(heap)
        middle = (low + high) / 2
        angles.append(middle)
        for start, end in ((low, middle), (middle, high)):
            heapq.heappush(heap, (-value(math.sin(end), _slope(kappa, math.sin(start))), start, end))
        found, start, end = heap[0]
        inside = math.sin((start + end) / 2)
        if -found <= (1 + _CLOSE) * value(inside, _slope(kappa, inside)):
            break
    return sorted(map(math.sin, angles))


def _distance(rho: float, spread: float, misfit: float, c: float, m: float) -> float:
    """The maximand of Φ, in floating point."""
    inner, rest = rho * spread + misfit, max(spread + c * misfit, 0.0)
    return math.sqrt(max(inner * (inner + m * rest), 0.0)) / (1 - rho * c)


def _network(rho: float, share: float, c: float, m: float) -> float:
    """S(c, m), in floating point."""
    alpha, delta = share - rho, 1 - share * c
    if delta <= 0:
        return math.inf
    if alpha * (m + 2 * rho) <= rho * m * delta:
        return math.sqrt(rho * (rho + m)) / (share * (1 - rho * c))
    if 2 * alpha <= m * delta:
        return m / (2 * math.sqrt(alpha * (m * delta - alpha)))
    return 1 / delta


def _best_share(rho: float, kappa: float) -> float:
    """Return λγr for which C(λ) is least: golden section, as C(λ) first falls and then rises."""
    low, high = rho, 1.0
    points = [math.sin(a) for a in _spaced(math.asin(1 / math.sqrt(kappa)), math.pi / 2)]

    def constant(share: float) -> float:
        return max(_network(rho, share, c, _slope(kappa, c)) for c in points)

    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    values = constant(left), constant(right)
    for _ in range(_SEARCH):
        if values[0] <= values[1]:
            high, right = right, left
            left = high - _GOLDEN * (high - low)
            values = constant(left), values[0]
        else:
            low, left = left, right
            right = low + _GOLDEN * (high - low)
            values = values[1], constant(right)
    return (low + high) / 2


def _spaced(low: float, high: float, count: int = 200) -> list[float]:
    return [low + (high - low) * i / count for i in range(count + 1)]

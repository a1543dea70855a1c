"""Networks for a matrix whose null space property is not known (docs/recovery.md, "Unknown constants")."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from flint import fmpq

from exact_base.errors import UsageError
from exact_base.matrices import ExactMatrix, VectorLike, column_norm2, exact_column
from exact_base.rationals import SMALL, round_down, round_up, upper_root
from exact_base.reprs import short_repr
from firenet_exact.arithmetic import Output
from firenet_exact.best_constants import best_constants
from firenet_exact.levels import Levels
from firenet_exact.network import Firenet
from firenet_exact.norms import NormBounds
from firenet_exact.parameters import Parameters, T, V, scales
from firenet_exact.recovery.a_posteriori import AssumedProperty
from firenet_exact.recovery.solve import Method, bound_point

__all__ = ["Searched", "SearchedNetwork", "largest_gamma", "search_parameters"]

_BLOCKS = (8, 16, 32, 64, 128)
_AIMS = (fmpq(1, 10), fmpq(1, 10**3), fmpq(1, 10**6))  # δ over ε_0
_FACTORS = (fmpq(1, 8), fmpq(1), fmpq(8))  # of β


@short_repr()
@dataclass(frozen=True, eq=False)
class SearchedNetwork:
    """One point of the grid.

    Attributes:
        p: blocks between restarts.
        delta: δ.
        factor: by which the β_k of p and δ are multiplied.
        output: what the network computed.
        objective: F at its output, rounded up.
    """

    p: int
    delta: fmpq
    factor: fmpq
    output: Output
    objective: fmpq


@short_repr()
@dataclass(frozen=True, eq=False)
class Searched:
    """The search for one λ; F depends on λ, so that objectives of different λ must not be compared.

    Attributes:
        lam: λ.
        gamma: the γ of the condition, for which λ is the best.
        candidates: the grid, the least objective first.
        methods: conditional bounds of the first candidate's output, the least first.
    """

    lam: fmpq
    gamma: fmpq
    candidates: tuple[SearchedNetwork, ...]
    methods: tuple[Method, ...]

    @property
    def width(self) -> int:
        """The neurons in the widest layer of the network of all candidates side by side."""
        return sum(max(candidate.output.network.widths[1:-1]) for candidate in self.candidates)


def largest_gamma(levels: Levels, rho: fmpq, lam: fmpq, *, share: fmpq | None = None) -> fmpq:
    """Return the γ of the condition, rounded down: what follows from it is true of every smaller γ too.

    The theorem allows each γ < 1/(λ r), but C(λ) grows beyond every bound as γ comes near to that.

    Args:
        levels: the levels, for r.
        rho: ρ of the condition.
        lam: λ.
        share: λγr, less than 1: the more, the weaker the condition and the larger the bounds. If it is not given, γ is
            the one for which this λ is the best.

    Raises:
        UsageError: if ρ, λ or the share is out of range.
    """
    if not 0 < rho < 1 or not lam > 0 or not (share is None or 0 < share < 1):
        raise UsageError(f"0 < ρ < 1, λ > 0 and a share between 0 and 1 are needed, not {rho}, {lam} and {share}")
    unit = best_constants(levels, rho, fmpq(1))
    return round_down((unit.lam if share is None else share / unit.r) / lam)


def search_parameters(
    norm: NormBounds,
    levels: Levels,
    data: VectorLike,
    forward: Callable[[Firenet, ExactMatrix], Output],
    *,
    lam: fmpq,
    rho: fmpq,
    noise: fmpq,
    sigma: fmpq,
    n: int = 10,
    blocks: Sequence[int] = _BLOCKS,
    aims: Sequence[fmpq] = _AIMS,
    factors: Sequence[fmpq] = _FACTORS,
    truth: VectorLike | None = None,
    steps: int = 2000,
    report: Callable[[int, int], None] | None = None,
) -> Searched:
    """Run a grid of networks for one λ, keep the output of least objective, and bound its error conditionally.

    Args:
        norm: bounds of ‖A‖, with A of shape (m, N).
        levels: the levels of its columns.
        data: y, shape (m, 1), or m numbers that are read exactly; so are all vectors.
        forward: a forward pass, such as `firenet_exact.arithmetic.float64.forward`.
        lam: λ.
        rho: ρ of the condition.
        noise: bound of ‖Ax-y‖.
        sigma: bound of σ(x).
        n: restarts of each network.
        blocks: the p of the grid.
        aims: the δ of the grid, over ‖y‖.
        factors: the factors of β of the grid.
        truth: x, shape (N, 1), as a witness.
        steps: of the search for a dual vector.
        report: called with the number of networks done and their number.

    Raises:
        UsageError: if a number is out of range, or the grid is empty.
        InconsistentDataError: if no x fits the data.
    """
    grid = [(p, aim, factor) for p in blocks for aim in aims for factor in factors]
    if not grid or n < 1:
        raise UsageError("the grid and the number of restarts must not be empty")
    data, truth = exact_column(data), None if truth is None else exact_column(truth)
    gamma = largest_gamma(levels, rho, lam)
    start = round_up(max(upper_root(column_norm2(data)), SMALL))
    length = T / round_down(T / norm.high, bits=12)
    common = Parameters(
        lam=lam,
        c2_prime=round_up(best_constants(levels, rho, gamma).network_constant(lam)),
        norm=length,
        t=T,
        v=V,
        delta=start,
        epsilon0=start,
        p=1,
        betas=(fmpq(1),),
        levels=levels,
        rho=rho,
        gamma=gamma,
    )
    candidates = []
    for done, (p, aim, factor) in enumerate(grid):
        if report is not None:
            report(done, len(grid))
        delta = start * aim
        betas = scales(delta=delta, epsilon0=start, norm=length, t=T, v=V, p=p, n=n)
        parameters = replace(common, p=p, delta=delta, betas=tuple(factor * beta for beta in betas))
        network = Firenet(norm.matrix, parameters, None, None, norm)
        output = forward(network, data)
        candidates.append(SearchedNetwork(p, delta, factor, output, network.objective_above(data, output.point)))
    candidates.sort(key=lambda candidate: candidate.objective)
    best = candidates[0].output
    assumed = AssumedProperty(norm.matrix, levels, rho, gamma)
    methods = bound_point(assumed, data, best.point, noise=noise, sigma=sigma, truth=truth, dual=best.dual, steps=steps)
    return Searched(lam, gamma, tuple(candidates), methods)

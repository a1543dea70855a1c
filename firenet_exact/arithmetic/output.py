"""What a forward pass returns: points, and what is known of their errors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flint import fmpq

from exact_base.matrices import ExactMatrix
from exact_base.reprs import short_repr
from firenet_exact.arithmetic.rounding import chained
from firenet_exact.network import Firenet
from firenet_exact.parameters import Violation, a_priori_bound, gap_bounds

__all__ = ["Output"]


@short_repr()
@dataclass(frozen=True, eq=False)
class Output:
    """The result of a forward pass.

    Attributes:
        network: the network.
        data: y, shape (m, 1).
        arithmetic: `fixed`, `exact`, `balls` or `float64`.
        errors: err_1, ..., err_n: how far each computed restart is from the exact one of its computed start; zeros
            for balls, which enclose the exact ψ_k.
        fixed_bits: q and b of fixed point, None elsewhere.
    """

    network: Firenet
    data: ExactMatrix
    arithmetic: str
    errors: tuple[fmpq, ...]
    fixed_bits: tuple[int, int] | None
    _radii: tuple[fmpq, ...] | None
    _points: Sequence[Any]
    _dual: Any
    _exactly: Callable[[Any], ExactMatrix]

    @cached_property
    def points(self) -> tuple[ExactMatrix, ...]:
        """The computed ψ_1, ..., ψ_n, each of shape (N, 1), exactly what was computed."""
        return tuple(map(self._exactly, self._points))

    @cached_property
    def point(self) -> ExactMatrix:
        """The computed ψ_n, shape (N, 1), exactly what was computed."""
        return self._exactly(self._points[-1])

    @cached_property
    def dual(self) -> ExactMatrix:
        """-u of the last block, shape (m, 1): near to dual feasible, |A*·dual|_i <= λw_i, and nearly of norm <= 1."""
        return self._exactly(self._dual)

    @cached_property
    def deviations(self) -> tuple[fmpq, ...]:
        """Bounds of ‖ψ_k - exact ψ_k‖, k = 1, ..., n, if ‖A‖ <= L."""
        return tuple(chained(self.network.parameters, self.errors)) if self._radii is None else self._radii

    @property
    def error(self) -> fmpq:
        """A bound of ‖ψ_n - exact ψ_n‖, if ‖A‖ <= L."""
        return self.deviations[-1]

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """The hypotheses that do not hold, or are not certified, for this network and y."""
        return self.network.violations_at(self.data)

    @cached_property
    def gaps(self) -> tuple[fmpq, ...]:
        """g_0, ..., g_n: bounds of F(ψ_k) - F(x) for each x with c(x, y) <= δ, if nothing is violated."""
        parameters = self.network.parameters
        gaps = gap_bounds(parameters, self.errors)
        if self._radii is None:
            return tuple(gaps)
        return (gaps[0], *(g + parameters.lipschitz * r for g, r in zip(gaps[1:], self._radii, strict=True)))

    @cached_property
    def bounds(self) -> tuple[fmpq, ...]:
        """C2'·(δ + g_k), k = 0, ..., n: bounds of ‖ψ_k - x‖ for these x, under the same hypotheses."""
        return tuple(a_priori_bound(self.network.parameters, gap=gap) for gap in self.gaps)

    @property
    def bound(self) -> fmpq | None:
        """The theorem's bound of ‖ψ_n - x‖ for each x with c(x, y) <= δ; None if a hypothesis is violated."""
        return None if self.violations else self.bounds[-1]

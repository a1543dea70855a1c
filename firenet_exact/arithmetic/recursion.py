"""The one definition of the forward pass, over any arithmetic (docs/firenet.md, "The network")."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

__all__ = ["Arithmetic", "passes"]

X = TypeVar("X")
U = TypeVar("U")


class Arithmetic(Protocol[X, U]):
    """The operations of one forward pass, on scaled vectors; x has N entries and u has m."""

    def start(self, k: int, total: X | None) -> tuple[X, U, X]:
        """Begin restart k, counted from 0: return α x0, u = 0 and an empty sum.

        x0 is the initial guess for k = 0 and else ψ = β·total of the restart before.
        """

    def shrink(self, x: X, u: U) -> X:
        """Return x⁺ = soft(x - τA*u, τλw)."""

    def project(self, x: X, new: X, u: U) -> U:
        """Return u⁺, the projection of u + σ(A(2x⁺ - x) - αy) onto the unit ball."""

    def add(self, total: X, new: X) -> X:
        """Return total + x⁺."""


class Pass(Generic[X, U]):
    """The sum of the x⁺ of one restart, with ψ = β·total, and the last u of it."""

    def __init__(self, total: X, dual: U) -> None:
        self.total, self.dual = total, dual


def passes(arithmetic: Arithmetic[X, U], *, n: int, p: int) -> Iterator[Pass[X, U]]:
    """Yield the n restarts, of p blocks each."""
    total: X | None = None
    shrink, project, add = arithmetic.shrink, arithmetic.project, arithmetic.add
    for k in range(n):
        x, u, total = arithmetic.start(k, total)
        for _ in range(p):
            new = shrink(x, u)
            u = project(x, new, u)
            total = add(total, new)
            x = new
        yield Pass(total, u)

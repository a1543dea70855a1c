"""Matrices for which the best bounds are attained (docs/best-constants.md; the proof in docs/theory.md).

One level, or two, each with sparsity 1: v has a head in each, of the lengths e, and a tail in the first. A consists of
the derivative of ‖v_Δ‖ - ρ‖v_Δc‖_w/√ξ at v, and of rows orthogonal to v, so long that the property holds with γ = 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from flint import fmpq

from exact_base.errors import UsageError
from exact_base.matrices import ExactMatrix, column_norm2, exact_column, exact_matrix
from exact_base.rationals import Readable, exact_number, rational_sqrt, upper_root
from exact_base.reprs import short_repr
from firenet_exact.best_constants import staircase
from firenet_exact.levels import Levels
from firenet_exact.null_space.exhaustive import certify_inverses
from firenet_exact.null_space.property import NullSpaceProperty

__all__ = ["Extremal", "extremal"]


@short_repr()
@dataclass(frozen=True, eq=False)
class Extremal:
    """A matrix with a certified property, and two vectors that are nearly as far apart as the property allows.

    Attributes:
        proved: the property, by left inverses of all supports.
        x: a sparse vector, shape (N, 1).
        z: another vector, shape (N, 1).
    """

    proved: NullSpaceProperty
    x: ExactMatrix
    z: ExactMatrix

    @cached_property
    def spread(self) -> fmpq:
        """T' = (‖z‖_w - ‖x‖_w)/r."""
        weights = self.proved.levels.column_weights
        lengths = [
            sum((w * abs(fmpq(int(a), x.den)) for w, (a,) in zip(weights, x.re.tolist(), strict=True)), fmpq(0))
            for x in (self.z, self.x)
        ]
        return (lengths[0] - lengths[1]) / self.proved.best.r

    @cached_property
    def misfit(self) -> fmpq:
        """G = γ‖A(z-x)‖, rounded up."""
        return self.proved.gamma * upper_root(column_norm2(self.proved.matrix @ (self.z - self.x)))

    @cached_property
    def square(self) -> fmpq:
        """‖z-x‖²."""
        return column_norm2(self.z - self.x)

    @cached_property
    def share(self) -> fmpq:
        """‖z-x‖² over the square of the bound: no bound that is valid can be less than this part of it."""
        best = self.proved.best
        cuts = best.cuts_for(self.spread, self.misfit)
        return self.square / best.distance_square(staircase(best.kappa, cuts), self.spread, self.misfit)


def extremal(
    rho: Readable,
    *,
    tail: int,
    size: Readable = "255/256",
    heads: Sequence[Readable] = (1,),
    weights: Sequence[Readable] = (1,),
) -> Extremal:
    """Return a matrix, and vectors that are nearly as far apart as its property allows.

    Args:
        rho: 0 < ρ < 1.
        tail: the number of entries of the tail, at least 1.
        size: of an entry of the tail over the head of its level, positive and less than 1; or 1, if v is in the kernel.
        heads: the lengths of the heads, one for each level: positive, with the sum of squares 1.
        weights: of the levels, as many; their sum of squares must be a square.

    Raises:
        UsageError: if a number is out of range, or no matrix with the property has these vectors.

    >>> from firenet_exact.extremal import extremal
    >>> found = extremal("1/2", tail=2, size=1)
    >>> found.proved.rho, found.square, found.share
    (1/2, 3, 1)
    """
    rho, size = exact_number(rho), exact_number(size)
    e, w = [exact_number(a) for a in heads], [exact_number(a) for a in weights]
    root = rational_sqrt(sum((a * a for a in w), fmpq(0)))
    if not 1 <= len(e) == len(w) <= 2 or root is None or sum((a * a for a in e), fmpq(0)) != 1:
        raise UsageError("one or two heads and weights are needed, with sums of squares 1 and a square of a rational")
    if not (0 < rho < 1 and tail >= 1 and 0 < size <= 1 and all(a > 0 for a in (*e, *w))):
        raise UsageError("0 < ρ < 1, a tail of at least one entry of size at most 1, and positive heads are needed")
    levels = Levels.of([tail + 1, tail + 2][: len(e)], [1] * len(e), w)
    part, two = rho * w[0] / root, len(e) == 2
    v = [e[0], *[size * e[0]] * tail, *e[1:]]
    slope = [e[0], *[-part] * tail, *e[1:]]
    value = sum((a * b for a, b in zip(slope, v, strict=True)), fmpq(0))
    if value < 0:
        raise UsageError("the tail is so large that the inequality of the property fails for these vectors")
    if value > 0 and size == 1:
        raise UsageError("a tail as large as the head is possible in the kernel only: then another support has as much")
    across = [[-e[1], *[fmpq(0)] * tail, e[0]]] if two else []
    across += [[size, *(fmpq(-(i == j)) for j in range(tail)), *[fmpq(0)] * two] for i in range(tail)]
    inverses = [_inverse(j, e, part, value, v, across, two=two) for j in range(tail + 1)]
    length = fmpq(1)
    for inverse in inverses:
        first = sum((row[0] * row[0] for row in inverse), fmpq(0))
        rest = sum((a * a for row in inverse for a in row[1:]), fmpq(0))
        while first < 1 and length * length * (1 - first) < rest:
            length *= 2
    matrix = exact_matrix([slope, *([length * a for a in row] for row in across)])
    certified = [exact_matrix([[row[0], *(a / length for a in row[1:])] for row in inverse]) for inverse in inverses]
    proved = certify_inverses(matrix, levels, certified)
    kept = [-a if i == 0 or i == tail + 1 else fmpq(0) for i, a in enumerate(v)]
    return Extremal(proved, exact_column(kept), exact_column([a + b for a, b in zip(v, kept, strict=True)]))


def _inverse(
    j: int, e: list[fmpq], part: fmpq, value: fmpq, v: list[fmpq], across: list[list[fmpq]], *, two: bool
) -> list[list[fmpq]]:
    """Return B for the support of column j of the first level and that of the second, for rows across of length 1."""
    if j == 0:
        rows = [[e[0], *([-e[1]] if two else [])], *([[e[1], e[0]]] if two else [])]
        return [row + [fmpq(0)] * (len(across) - two) for row in rows]
    found, last = [], len(v) - 1
    for k, a in enumerate(e):
        row = [-part * a] * (len(v) - two) + [fmpq(0)] * two
        row[j] = fmpq(k == 0)
        if two:
            row[last] = fmpq(k == 1)
        at_v = sum((a * b for a, b in zip(row, v, strict=True)), fmpq(0))
        beta = at_v / value if value > 0 else fmpq(0)
        rest = [-(row[i] + part * beta) for i in range(1, len(v) - two)]
        found.append([beta, *([(row[last] - beta * e[1]) / e[0]] if two else []), *rest])
    return found

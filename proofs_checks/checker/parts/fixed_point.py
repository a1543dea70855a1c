"""Networks in fixed point (docs/format.md, "kind forward-error"): the rules give the same bits everywhere.

Vectors are integers over 2^bits, in real form: the real parts, followed by the imaginary parts if anything is complex.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from operator import mul
from typing import cast

from proofs_checks.checker.core.numbers import Exact, Gaussian, Number, Ratio, Vector, number
from proofs_checks.checker.core.rules import require
from proofs_checks.checker.parts.lines import upper_root

Product = Callable[[list[int]], list[int]]


def nearest(num: int, den: int) -> int:
    """Return the integer nearest to num/den, halves up, den > 0."""
    return (2 * num + den) // (2 * den)


def ceil_root(n: int) -> int:
    """Return the least integer whose square is at least n >= 0."""
    return math.isqrt(n - 1) + 1 if n else 0


def parts(z: Number) -> tuple[int, int]:
    """Return the real and the imaginary part of a Gaussian integer."""
    return (cast(int, z.re), cast(int, z.im)) if isinstance(z, Gaussian) else (cast(int, z), 0)


def packed(rows: Sequence[Sequence[int]], shift: int, bound: int) -> Product:
    """Return v -> nearest(rows v / 2^shift) for all v for which no result exceeds the bound in modulus.

    Each column is one long integer, with one lane of bytes for each row; shift is a multiple of 8.
    """
    low = shift // 8
    largest = max(abs(a) for row in rows for a in row)
    lane = (max(bound.bit_length() + shift, largest.bit_length()) + 2) // 8 + 1
    half, middle = 1 << (shift - 1), 1 << (8 * lane - 1)
    columns = [sum(a << 8 * lane * i for i, a in enumerate(column)) for column in zip(*rows, strict=True)]
    offset = sum((middle + half) << 8 * lane * i for i in range(len(rows)))
    length, back = lane * len(rows), middle >> shift

    def product(v: list[int]) -> list[int]:
        lanes = sum(map(mul, v, columns), offset).to_bytes(length, "little")
        return [int.from_bytes(lanes[i + low : i + lane], "little") - back for i in range(0, length, lane)]

    return product


class Network:
    """A matrix, data and parameters, rounded: what a restart needs."""

    def __init__(
        self, matrix: Exact, vectors: Sequence[Vector], tau: Ratio, limits: list[Ratio], bits: int, matrix_bits: int
    ) -> None:
        """Round tau A to integers over 2^matrix_bits, and the thresholds `limits` to those over 2^bits."""
        entries = [*matrix.entries.values(), *(z for vector in vectors for z in vector.items)]
        self.paired, self.bits, self.matrix_bits = any(isinstance(z, Gaussian) for z in entries), bits, matrix_bits
        m, n = matrix.rows, matrix.cols
        self.rows, self.cols = (2 * m, 2 * n) if self.paired else (m, n)
        num, den = cast(int, tau.num), tau.den * matrix.den
        exact = [[0] * self.cols for _ in range(self.rows)]
        for (i, j), z in matrix.entries.items():
            a, b = parts(z)
            exact[i][j] = num * a
            if self.paired:
                exact[i][n + j], exact[m + i][j], exact[m + i][n + j] = -num * b, num * b, num * a
        self.step = [[nearest(a << matrix_bits, den) for a in row] for row in exact]
        pairs = ((a, b) for row, other in zip(exact, self.step, strict=True) for a, b in zip(row, other, strict=True))
        self.excess = upper_root(sum((b * den - (a << matrix_bits)) ** 2 for a, b in pairs), (den << matrix_bits) ** 2)
        self.limits = [nearest(cast(int, limit.num) << bits, limit.den) for limit in limits]
        self.dual_norm = (1 << bits) + self.rows
        # at least |B| / 2^matrix_bits, whatever else is known of the norm: the lanes must be wide enough in any case
        self.size = (ceil_root(sum(b * b for row in self.step for b in row)) >> matrix_bits) + 1

    def scaled(self, vector: Vector, factor: Ratio) -> list[int]:
        """Return a vector times a rational, in real form."""
        split = [parts(z) for z in vector.items]
        items = [a for a, _ in split] + [b for _, b in split] * self.paired
        num, den = cast(int, factor.num) << self.bits, factor.den * vector.den
        return [nearest(a * num, den) for a in items]

    def number(self, vector: list[int], j: int) -> Number:
        """Return entry j of a vector in real form."""
        return number(vector[j], vector[len(vector) // 2 + j] if self.paired else 0)

    def reach(self, x: list[int], blocks: int, step: Ratio) -> int:
        """Return a bound of the norms of all iterates of a restart from x, if |tau A| <= step."""
        moved = step + self.excess
        growth = -(-cast(int, moved.num) * self.dual_norm // moved.den) + 2 * self.cols
        return ceil_root(sum(a * a for a in x)) + blocks * growth

    def restart(self, x: list[int], target: list[int], blocks: int) -> list[int]:
        """Return the sum of the iterates after the start x; `target` is sigma alpha y."""
        longest = ceil_root(sum(a * a for a in x)) + (blocks + 1) * (self.size * self.dual_norm + 2 * self.cols)
        most = 3 * self.size * longest
        ahead = packed(self.step, self.matrix_bits, most)
        back = packed(list(zip(*self.step, strict=True)), self.matrix_bits, most)
        u, total, one = [0] * self.rows, [0] * self.cols, 1 << self.bits
        for block in range(blocks):
            if block % 256 == 0:
                require(True, "time", str)
            new = self._shrunk([a - b for a, b in zip(x, back(u), strict=True)])
            raised = ahead([2 * a - b for a, b in zip(new, x, strict=True)])
            u = [a + b - c for a, b, c in zip(u, raised, target, strict=True)]
            square = sum(map(mul, u, u))
            if square > one * one:
                root = ceil_root(square)
                u = [nearest(a << self.bits, root) for a in u]
            x, total = new, [a + b for a, b in zip(total, new, strict=True)]
        return total

    def _shrunk(self, z: list[int]) -> list[int]:
        if not self.paired:
            return [a - t if a > t else a + t if a < -t else 0 for a, t in zip(z, self.limits, strict=True)]
        half = len(z) // 2
        re, im = z[:half], z[half:]
        for j, (a, b, t) in enumerate(zip(re, im, self.limits, strict=True)):
            root, kept = math.isqrt(a * a + b * b), a * a + b * b > t * t
            re[j], im[j] = (a - nearest(a * t, root), b - nearest(b * t, root)) if kept else (0, 0)
        return re + im

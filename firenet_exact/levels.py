"""Sparsity in levels (docs/theory.md, "Null space property in levels")."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any, TypeVar

from flint import fmpq

from exact_base.entries.arrays import laid_out
from exact_base.errors import DataError, UsageError
from exact_base.rationals import exact_number, sqrt_up
from exact_base.reprs import short_repr
from proofs_checks.certificate.reading import decode_integer, decode_list, decode_object, decode_rational
from proofs_checks.certificate.writing import encode_integer, encode_rational

__all__ = ["Levels", "optimal_weights"]

_Number = TypeVar("_Number")


@short_repr()
@dataclass(frozen=True)
class Levels:
    """The levels M_1 < ... < M_r = N, with a sparsity and a weight each.

    Attributes:
        ends: M_1, ..., M_r; level l has the columns M_{l-1} to M_l - 1, counted from 0.
        sparsities: s_l, with 1 <= s_l <= M_l - M_{l-1}.
        weights: w_(l), rational and positive.

    >>> from firenet_exact import Levels
    >>> Levels.of([4, 8], [1, 2])
    Levels(ends=(4, 8), sparsities=(1, 2), weights=(1, 1))
    """

    ends: tuple[int, ...]
    sparsities: tuple[int, ...]
    weights: tuple[fmpq, ...]

    def __post_init__(self) -> None:
        if not self.ends or len({len(self.ends), len(self.sparsities), len(self.weights)}) > 1:
            raise UsageError("there must be as many sparsities and weights as levels, and at least one")
        for start, end, sparsity in zip(self.starts, self.ends, self.sparsities, strict=True):
            if not start < end:
                raise UsageError(f"levels must increase, not {start} before {end}")
            if not 1 <= sparsity <= end - start:
                raise UsageError(
                    f"the sparsity of columns {start + 1} to {end} must be 1 to {end - start}, not {sparsity}"
                )
        if not all(weight > 0 for weight in self.weights):
            raise UsageError("weights must be positive")

    @staticmethod
    def of(
        ends: int | Sequence[int], sparsities: int | Sequence[int], weights: Sequence[object] | None = None
    ) -> Levels:
        """Return the levels; weights are read as `exact_number` does, and are 1 if not given.

        An integer stands for one level: `Levels.of(64, 1)` has 64 columns.

        Raises:
            UsageError: if they do not fit together, or an end or a sparsity is no integer.
            DataError: if a weight is no finite number.
        """
        last, counts = _integers(ends), _integers(sparsities)
        given = [fmpq(1)] * len(last) if weights is None else [exact_number(weight) for weight in weights]
        return Levels(last, counts, tuple(given))

    @property
    def starts(self) -> tuple[int, ...]:
        """M_0 = 0, ..., M_{r-1}."""
        return (0, *self.ends[:-1])

    @property
    def columns(self) -> int:
        """The number N of columns."""
        return self.ends[-1]

    @property
    def size(self) -> int:
        """The number s_1 + ... + s_r of elements of a maximal support."""
        return sum(self.sparsities)

    @property
    def xi(self) -> fmpq:
        """ξ = Σ w_(l)² s_l."""
        return sum((w * w * s for w, s in zip(self.weights, self.sparsities, strict=True)), fmpq(0))

    @property
    def zeta(self) -> fmpq:
        """ζ = min w_(l)² s_l."""
        return min(w * w * s for w, s in zip(self.weights, self.sparsities, strict=True))

    @property
    def kappa(self) -> fmpq:
        """κ = ξ/ζ."""
        return self.xi / self.zeta

    @property
    def column_weights(self) -> list[fmpq]:
        """w_1, ..., w_N."""
        spread = zip(self.starts, self.ends, self.weights, strict=True)
        return [weight for start, end, weight in spread for _ in range(start, end)]

    def sigma(self, vector: Sequence[object]) -> fmpq:
        """Return σ(x), the weighted l1 distance of a real vector, length N, to the (s, M)-sparse ones, exactly.

        For a complex vector see `sigma_above`.

        Raises:
            UsageError: if the vector has another length.
            DataError: if an entry is no finite real number.
        """
        values = laid_out(vector).as_column().values
        if len(values) != self.columns:
            raise UsageError(f"a vector of length {self.columns} is needed, not {len(values)}")
        total = fmpq(0)
        for start, end, sparsity, weight in zip(self.starts, self.ends, self.sparsities, self.weights, strict=True):
            moduli = sorted((abs(exact_number(x)) for x in values[start:end]), reverse=True)
            total += weight * sum(moduli[sparsity:], fmpq(0))
        return total

    def largest(self, values: Sequence[_Number]) -> list[int]:
        """Return the support of the s_l largest values in each level l, increasing; values have length N."""
        support: list[int] = []
        for start, end, sparsity in zip(self.starts, self.ends, self.sparsities, strict=True):
            order = sorted(range(start, end), key=values.__getitem__, reverse=True)  # type: ignore[arg-type]
            support += sorted(order[:sparsity])
        return support

    def top(self, values: Sequence[_Number]) -> list[Any]:
        """Return the sum of the s_l largest values in each level l; values have length N."""
        spread = zip(self.starts, self.ends, self.sparsities, strict=True)
        return [sum(sorted(values[start:end], reverse=True)[:sparsity]) for start, end, sparsity in spread]  # type: ignore[type-var, arg-type]

    def count_supports(self) -> int:
        """Return the number of maximal supports."""
        spread = zip(self.starts, self.ends, self.sparsities, strict=True)
        return math.prod(math.comb(end - start, sparsity) for start, end, sparsity in spread)

    def supports(self) -> Iterator[tuple[int, ...]]:
        """Yield the maximal supports in lexicographic order."""
        spread = zip(self.starts, self.ends, self.sparsities, strict=True)
        for parts in product(*(combinations(range(start, end), sparsity) for start, end, sparsity in spread)):
            yield tuple(j for part in parts for j in part)

    def encode(self) -> list[dict[str, Any]]:
        """Return the level structure as docs/format.md, "Null space properties", writes it."""
        return [
            {
                "end": encode_integer(end),
                "sparsity": encode_integer(sparsity),
                "weight": encode_rational(int(weight.p), int(weight.q)),
            }
            for end, sparsity, weight in zip(self.ends, self.sparsities, self.weights, strict=True)
        ]

    @staticmethod
    def decode(value: object, path: str) -> Levels:
        """Read a level structure as `encode` writes it.

        Raises:
            MalformedCertificate: if it is none.
            UsageError: if the levels do not fit together.
        """
        ends, sparsities, weights = [], [], []
        for index, item in enumerate(decode_list(value, path)):
            where = f"{path}[{index}]"
            fields = decode_object(item, ("end", "sparsity", "weight"), where)
            ends.append(decode_integer(fields["end"], f"{where}.end"))
            sparsities.append(decode_integer(fields["sparsity"], f"{where}.sparsity"))
            weights.append(fmpq(*decode_rational(fields["weight"], f"{where}.weight", positive=True)))
        return Levels.of(ends, sparsities, weights)


def _integers(values: Any) -> tuple[int, ...]:
    """Return one integer or several as several.

    Raises:
        UsageError: if one is none.
    """
    try:
        given = laid_out(values)
        if len(given.shape) > 1 or any(isinstance(value, bool) for value in given.values):
            raise TypeError("a list of them is needed, without truth values")
        return tuple(map(operator.index, given.values))
    except (DataError, TypeError) as error:
        raise UsageError(f"levels and sparsities must be integers: {error}") from None


def optimal_weights(sparsities: Sequence[int], *, bits: int = 20) -> tuple[list[fmpq], fmpq]:
    """Return rational weights a little above √(s/s_l), s = Σ s_l, and θ with √(s/s_l) <= w_(l) <= (1+θ)√(s/s_l).

    What θ means for the property: docs/theory.md, "Constants", on weights.

    Raises:
        UsageError: if a sparsity is not positive.
    """
    if not sparsities or min(sparsities) < 1:
        raise UsageError(f"sparsities must be at least 1, not {', '.join(map(str, sparsities)) or 'none'}")
    total = sum(sparsities)
    weights = [sqrt_up(fmpq(total, s), bits=bits) for s in sparsities]
    excess = max(w * w * s / total for w, s in zip(weights, sparsities, strict=True))
    return weights, sqrt_up(excess) - 1 if excess > 1 else fmpq(0)

"""Levels, sparsities and weights (docs/format.md, "Null space properties")."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from proofs_checks.certificate.reading import (
    MalformedCertificate,
    decode_integer,
    decode_list,
    decode_object,
    decode_rational,
)
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Ratio

_SHOWN = 6  # levels that are printed
_BITS = 4096  # of the least common multiples of numerators and of denominators: they multiply everything


@dataclass(frozen=True)
class Levels:
    """Level l has the columns starts[l] to ends[l] - 1, sparsity sparsities[l] and weight weights[l] / den."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sparsities: tuple[int, ...]
    weights: tuple[int, ...]
    den: int

    @property
    def xi(self) -> Ratio:
        """The sum of w_l^2 s_l."""
        return Ratio(sum(s * w * w for s, w in zip(self.sparsities, self.weights, strict=True)), self.den**2)

    @property
    def multiple(self) -> int:
        """The least common multiple of the weights' numerators."""
        return math.lcm(*self.weights)

    @property
    def reciprocals(self) -> list[int]:
        """1 / w_j for each column j, over the denominator multiple / den."""
        spread = zip(self.starts, self.ends, self.weights, strict=True)
        return [self.multiple // weight for start, end, weight in spread for _ in range(start, end)]

    def top(self, values: Sequence[int]) -> list[int]:
        """Return the sum of the s_l largest values in each level l."""
        spread = zip(self.starts, self.ends, self.sparsities, strict=True)
        return [sum(sorted(values[start:end])[-sparsity:]) for start, end, sparsity in spread]

    def count_supports(self, limit: int) -> int:
        """Return the number of supports, or some number above the limit."""
        count = 1
        for start, end, sparsity in zip(self.starts, self.ends, self.sparsities, strict=True):
            few = min(sparsity, end - start - sparsity)
            # C(n, k) >= 2^k for k <= n/2
            count *= math.comb(end - start, few) if few <= limit.bit_length() else limit + 1
            if count > limit:
                break
        return count

    def supports(self) -> Iterator[tuple[int, ...]]:
        """Yield the supports in lexicographic order."""
        spread = zip(self.starts, self.ends, self.sparsities, strict=True)
        for parts in product(*(combinations(range(start, end), sparsity) for start, end, sparsity in spread)):
            yield tuple(j for part in parts for j in part)

    def in_words(self) -> str:
        """Return the levels in words."""
        spread = list(zip(self.starts, self.ends, self.sparsities, self.weights, strict=True))
        shown = "; ".join(
            f"columns {start + 1} to {end}, sparsity {sparsity}, weight {words.rational(weight, self.den)}"
            for start, end, sparsity, weight in spread[:_SHOWN]
        )
        more = f"; and {len(spread) - _SHOWN} more" if len(spread) > _SHOWN else ""
        return f"Levels: {shown}{more}; xi = {words.ratio(self.xi)}."


def decode_levels(value: object, columns: int) -> Levels:
    """Return the level structure at claim.levels; raises MalformedCertificate."""
    ends: list[int] = []
    starts: list[int] = []
    sparsities: list[int] = []
    weights: list[tuple[int, int]] = []
    for index, item in enumerate(decode_list(value, "claim.levels")):
        path = f"claim.levels[{index}]"
        fields = decode_object(item, ("end", "sparsity", "weight"), path)
        starts.append(ends[-1] if ends else 0)
        ends.append(decode_integer(fields["end"], f"{path}.end", low=starts[-1] + 1, high=columns))
        sparsities.append(decode_integer(fields["sparsity"], f"{path}.sparsity", low=1, high=ends[-1] - starts[-1]))
        weights.append(decode_rational(fields["weight"], f"{path}.weight", positive=True))
    if not ends or ends[-1] != columns:
        raise MalformedCertificate(f"claim.levels must end with column {columns}")
    return Levels(tuple(starts), tuple(ends), tuple(sparsities), *common(weights))


def common(weights: Sequence[tuple[int, int]]) -> tuple[tuple[int, ...], int]:
    """Return weights over one denominator; raises MalformedCertificate where their multiples are too long."""
    den = _multiple([den for _, den in weights])
    _multiple([num for num, _ in weights])
    return tuple(num * (den // weight_den) for num, weight_den in weights), den


def _multiple(numbers: list[int]) -> int:
    multiple = 1
    for n in numbers:
        multiple = math.lcm(multiple, n)
        if multiple.bit_length() > _BITS:
            raise MalformedCertificate(f"claim.levels: the weights have no common multiple of at most {_BITS} bits")
    return multiple

"""What fits Walsh samples, and how a point fits them (docs/format.md, "kind recovery-walsh")."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from operator import mul
from typing import Any

from proofs_checks.certificate.arrays import PackedArray, decode_packed
from proofs_checks.certificate.reading import MalformedCertificate, decode_list, decode_object
from proofs_checks.checker.core.numbers import Ratio
from proofs_checks.checker.core.rules import look_at_time
from proofs_checks.checker.parts.lines import reciprocal, root_above
from proofs_checks.checker.parts.subbands import Level, Mask, decode_short
from proofs_checks.checker.parts.walsh import transform
from proofs_checks.checker.parts.walsh_blocks import Block, Weights, spread

_LIMIT = 2**128
"""Of denominators and numerators of the point and the data."""
_NONE = Ratio(0, 1)


@dataclass(frozen=True)
class Limits:
    """What is known of an x: a number for each level, 0 where there is none, as if all of a total were there."""

    values: list[Ratio]
    total: Ratio | None = None
    weights: list[Ratio | None] = field(default_factory=list)


def decode_numbers(value: object, path: str, length: int) -> PackedArray:
    """Return a vector with short numbers; raises MalformedCertificate."""
    array = decode_packed(value, path, shape=(length,))
    if max(array.den, *map(abs, array.numbers)) >= _LIMIT:
        raise MalformedCertificate(f"{path} must have numerators and denominators of at most 128 bits")
    return array


def decode_compressibility(value: object, levels: list[Level]) -> Limits:
    """Return the limits of sigma; raises MalformedCertificate."""
    path = "claim.compressibility"
    if isinstance(value, dict) and "total" in value:
        fields = decode_object(value, ("total", "weights"), path)
        total = decode_short(fields["total"], f"{path}.total")
        weights = decode_sparse(fields["weights"], f"{path}.weights", levels, positive=True)
        return Limits([total * reciprocal(w) if w else _NONE for w in weights], total, weights)
    fields = decode_object(value, ("levels",), path)
    return Limits([sigma or _NONE for sigma in decode_sparse(fields["levels"], f"{path}.levels", levels)])


def decode_noise(value: object, levels: list[Level]) -> tuple[Limits, list[bool]]:
    """Return the limits of the noise, and which of them are of correlations; raises MalformedCertificate."""
    path = "claim.noise"
    if isinstance(value, dict) and "total" in value:
        total = decode_short(decode_object(value, ("total",), path)["total"], f"{path}.total")
        return Limits([total] * len(levels), total), [False] * len(levels)
    fields, values, correlations = decode_object(value, ("levels", "weights"), path), [], []
    for index, item in enumerate(_listed(fields["levels"], f"{path}.levels", levels)):
        correlation = isinstance(item, dict) and "correlation" in item
        form, where = "correlation" if correlation else "norm", f"{path}.levels[{index}]"
        values.append(decode_short(decode_object(item, (form,), where)[form], f"{where}.{form}"))
        correlations.append(correlation)
    if any(correlations) != (fields["weights"] is not None):
        raise MalformedCertificate(f"{path}.weights must be null where no level has a correlation, and only there")
    return Limits(values), correlations


def decode_sparse(value: object, path: str, levels: list[Level], *, positive: bool = False) -> list[Ratio | None]:
    """Return a number for each sparse level, and None for dense ones; raises MalformedCertificate."""
    found: list[Ratio | None] = []
    for index, (item, level) in enumerate(zip(_listed(value, path, levels), levels, strict=True)):
        if level.dense != (item is None):
            raise MalformedCertificate(f"{path}[{index}] must be null for dense levels, and only there")
        found.append(None if item is None else decode_short(item, f"{path}[{index}]", positive=positive))
    return found


def _listed(value: object, path: str, levels: list[Level]) -> list[Any]:
    items = decode_list(value, path)
    if len(items) != len(levels):
        raise MalformedCertificate(f"{path} must have an item for each of {len(levels)} levels, not {len(items)}")
    return items


@dataclass(frozen=True)
class Fit:
    """How a point fits in a level: bounds of the largest |q_i| and of ‖q‖ over the s_l largest, or over all if dense.

    Of a sparse level also the s_l + 1 largest moduli of the point, over its denominator, and the sum of all but s_l.
    """

    most: Ratio
    norm: Ratio
    largest: list[int]
    rest: Ratio


def fits(
    mask: Mask, levels: list[Level], given: tuple[Weights, list[Block]], arrays: tuple[PackedArray, PackedArray]
) -> list[Fit]:
    """Return how the point, which is the first of the arrays, fits the data in each level."""
    (weights, blocks), (point, data) = given, arrays
    den, found, read, place = math.lcm(point.den, data.den), [], iter(data.numbers), 0
    for level in levels:
        shared, start = math.lcm(*(blocks[b].c for b in level.subbands)), place
        squares, top = _NONE, []
        for b in level.subbands:
            rows, size = mask.rows[b], blocks[b].size
            samples = transform(point.numbers[place : place + size])
            off = list(_misfit(rows, samples, read, (den // point.den, den // data.den)))
            place += size
            look_at_time()
            if level.dense:
                squares = squares + Ratio(sum(map(mul, off, off)), size * den * den)
                continue
            own = weights[b]
            q = transform(spread(rows, off if own is None else list(map(mul, own, off))))
            top += [value * (shared // blocks[b].c) for value in nlargest(level.sparsity, map(abs, q))]
            look_at_time()
        if level.dense:
            found.append(Fit(_NONE, root_above(squares), [], _NONE))
        else:
            moduli = list(map(abs, point.numbers[start:place]))
            found.append(_sparse(nlargest(level.sparsity, top), shared * den, moduli, (level.sparsity, point.den)))
    return found


def _sparse(top: list[int], den: int, moduli: list[int], of: tuple[int, int]) -> Fit:
    sparsity, unit = of
    largest = nlargest(sparsity + 1, moduli)
    rest = sum(moduli) - sum(largest[:-1])
    return Fit(Ratio(top[0], den), root_above(Ratio(sum(map(mul, top, top)), den * den)), largest, Ratio(rest, unit))


def _misfit(rows: bytes, samples: Sequence[int], read: Iterator[int], factors: tuple[int, int]) -> Iterator[int]:
    """Yield the differences of the samples in the mask and the data."""
    own, other = factors
    return (own * sample - other * next(read) for row, sample in zip(rows, samples, strict=True) if row)

"""Penalised least squares in integers (docs/format.md, "kind solution-digits").

Everything is in the units of the columns of X, v_j = x_j / s_j. Source: docs/theory.md, "Penalised least squares".
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise, repeat
from operator import add, mul

from proofs_checks.certificate.arrays import PackedArray, decode_packed
from proofs_checks.certificate.npy import Dyadics
from proofs_checks.certificate.reading import (
    MalformedCertificate,
    decode_bool,
    decode_integer,
    decode_list,
    decode_object,
)
from proofs_checks.checker.core.rules import look_at_time

MAX_BITS = 2**32  # of the residual or the slopes together: a short file may ask for many long numbers


@dataclass(frozen=True)
class Sparse:
    """A vector: numerators that are not 0, by their place, over one denominator."""

    den: int
    numbers: dict[int, int]

    def at(self, j: int) -> int:
        """Return a numerator."""
        return self.numbers.get(j, 0)


def decode_sparse(value: object, path: str, length: int) -> Sparse:
    """Return a sparse vector; raises MalformedCertificate."""
    fields = decode_object(value, ("entries", "places"), path)
    places = decode_places(fields["places"], f"{path}.places", length)
    if (fields["entries"] is None) != (not places):
        raise MalformedCertificate(f"{path}.entries must be null if there are no places, and only then")
    if not places:
        return Sparse(1, {})
    array = decode_packed(fields["entries"], f"{path}.entries", shape=(len(places),))
    if not all(array.numbers):
        raise MalformedCertificate(f"{path}.entries has a zero; zeros are not listed")
    return Sparse(array.den, dict(zip(places, array.numbers, strict=True)))


def decode_vector(value: object, path: str, length: int) -> PackedArray:
    """Return a packed array of one side; that of a file of numpy may have a second one of 1."""
    if isinstance(value, PackedArray) and value.shape in ((length, 1), (1, length)):
        value = replace(value, shape=(length,))
    return decode_packed(value, path, shape=(length,))


def decode_places(value: object, path: str, length: int) -> list[int]:
    """Return places in a vector, in increasing order; raises MalformedCertificate."""
    items = enumerate(decode_list(value, path))
    places = [decode_integer(item, f"{path}[{i}]", low=0, high=length - 1) for i, item in items]
    if any(p >= q for p, q in pairwise(places)):
        raise MalformedCertificate(f"{path} must strictly increase")
    return places


@dataclass(frozen=True)
class Penalised:
    """The arrays of a problem, in which nothing is left out: with an intercept the last scale is 1, the last centre 0.

    The entry (i, j) of W = [X - 1 c^T, 1] is its numerator in `column(j)` times `factor`, less `centre(j)`, over `den`.
    """

    matrix: PackedArray
    data: PackedArray
    centres: PackedArray
    scales: PackedArray
    weights: PackedArray
    intercept: bool
    penalties: PackedArray
    ridge: PackedArray
    nonnegative: frozenset[int]

    @property
    def size(self) -> int:
        """The number N of coefficients."""
        return self.features + self.intercept

    @property
    def features(self) -> int:
        """The number n of columns of X."""
        return self.matrix.shape[1]

    @property
    def unit(self) -> int:
        """The denominator of the columns."""
        return self.matrix.den

    @cached_property
    def den(self) -> int:
        """The denominator of W."""
        return math.lcm(self.unit, self.centres.den)

    @cached_property
    def factor(self) -> int:
        """What the numerators of X are multiplied by."""
        return self.den // self.unit

    @cached_property
    def largest(self) -> int:
        """A bound of the numerators of the columns."""
        numbers = self.matrix.numbers
        return max(self.matrix.den, numbers.largest if isinstance(numbers, Dyadics) else max(map(abs, numbers)))

    def column(self, j: int) -> Sequence[int]:
        """Return the numerators of a column of X, or of the intercept's, over `unit`."""
        look_at_time()
        n = self.features
        return self.matrix.numbers[j::n] if j < n else [self.unit] * self.matrix.shape[0]

    def centre(self, j: int) -> int:
        """Return the numerator of a centre."""
        return self.centres.numbers[j] * (self.den // self.centres.den)

    def times(self, numbers: dict[int, int]) -> list[int]:
        """Return W v, over `den` times the denominator of v."""
        total = [-sum(self.centre(j) * x for j, x in numbers.items())] * self.matrix.shape[0]
        for j, x in numbers.items():
            total = list(map(add, total, map(mul, self.column(j), repeat(x * self.factor))))
        return total

    def against(self, j: int, rows: Sequence[int], total: int) -> int:
        """Return an entry of W^T r, over `den` times the denominator of r, whose numerators have this total."""
        product: int = sum(map(mul, self.column(j), rows))
        return self.factor * product - self.centre(j) * total


def decode_penalised(value: object, path: str) -> Penalised:
    """Return a problem; raises MalformedCertificate."""
    keys = ("centres", "data", "intercept", "matrix", "nonnegative", "observation_weights", "penalties", "ridge")
    fields = decode_object(value, (*keys, "scales"), path)
    matrix = decode_packed(fields["matrix"], f"{path}.matrix")
    if len(matrix.shape) != 2:
        raise MalformedCertificate(f"{path}.matrix must have two sides, not {len(matrix.shape)}")
    m, n = matrix.shape
    intercept = decode_bool(fields["intercept"], f"{path}.intercept")
    extra = int(intercept)

    def optional(key: str, length: int, fill: int, more: int) -> PackedArray:
        if fields[key] is None:
            return PackedArray((length + more,), 1, [fill] * (length + more))
        array = decode_vector(fields[key], f"{path}.{key}", length)
        return PackedArray((length + more,), array.den, [*array.numbers, *[fill * array.den] * more], array.source)

    problem = Penalised(
        matrix,
        decode_vector(fields["data"], f"{path}.data", m),
        optional("centres", n, 0, extra),
        optional("scales", n, 1, extra),
        optional("observation_weights", m, 1, 0),
        intercept,
        decode_vector(fields["penalties"], f"{path}.penalties", n + extra),
        optional("ridge", n + extra, 0, 0),
        frozenset(decode_places(fields["nonnegative"], f"{path}.nonnegative", n)),
    )
    _require_signs(problem, path)
    return problem


def _require_signs(problem: Penalised, path: str) -> None:
    for key, array, low in (
        ("scales", problem.scales, 1),
        ("observation_weights", problem.weights, 1),
        ("penalties", problem.penalties, 0),
        ("ridge", problem.ridge, 0),
    ):
        if min(array.numbers) < low:
            raise MalformedCertificate(f"{path}.{key} must be {'positive' if low else 'at least 0'}")
    if problem.intercept and (problem.penalties.numbers[-1] or problem.ridge.numbers[-1]):
        raise MalformedCertificate(f"{path}: the intercept has no penalty, so that its entries must be 0")


def require_room(problem: Penalised, coefficients: PackedArray | None, vectors: Iterable[Sparse | None]) -> None:
    """Refuse what has too many long numbers: each has at most the bits of one number of each array together."""
    arrays = (problem.data, problem.centres, problem.scales, problem.weights, problem.penalties, problem.ridge)
    given = (*arrays, coefficients) if coefficients is not None else arrays
    parts: list[tuple[int, Iterable[int]]] = [(array.den, array.numbers) for array in given]
    parts += [(vector.den, vector.numbers.values()) for vector in vectors if vector is not None]
    bits = problem.unit.bit_length() + problem.largest.bit_length()
    for den, numbers in parts:
        bits += den.bit_length() + max(den.bit_length(), max(map(int.bit_length, numbers), default=0))
    count = problem.matrix.shape[0] + problem.size
    if count * bits > MAX_BITS:
        raise MalformedCertificate(f"claim: {count} rows and columns with numbers of {bits} bits exceed 2^32 bits")

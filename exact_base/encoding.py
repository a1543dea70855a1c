"""Exact numbers and arrays as certificates write them (docs/format.md, "Numbers")."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from flint import fmpq

from exact_base.errors import FieldError
from exact_base.rationals import rational_sqrt
from exact_base.scalars import ExactArray, QuadraticNumber, Real, Scalar, imaginary_part, real_part
from proofs_checks.certificate.writing import encode_matrix, encode_rational

__all__ = ["common_root", "encode_array", "encode_entries", "encode_fraction"]


def common_root(*arrays: ExactArray) -> int:
    """Return the root s >= 0 of all entries together: √(p/q) is written as √(pq)/q with s = pq.

    Raises:
        FieldError: if two entries lie in different fields.
    """
    root = 0
    seen: set[fmpq] = set()
    for array in arrays:
        for entry in array.flat:
            for part in (real_part(entry), imaginary_part(entry)):
                if isinstance(part, fmpq) or part.b == 0 or part.s in seen:
                    continue
                seen.add(part.s)
                if rational_sqrt(part.s) is None:
                    root = root or int(part.s.p * part.s.q)
                    _multiple(part.s, root=root)
    return root


def _multiple(radicand: fmpq, *, root: int) -> fmpq:
    """Return the rational k with √radicand = k·√root, for a radicand whose own root is irrational."""
    multiple = rational_sqrt(radicand / root) if root else None
    if multiple is None:
        raise FieldError(f"√({radicand}) does not lie in Q(√{root}); write one certificate for each field")
    return multiple


def encode_array(array: ExactArray, root: int) -> dict[str, Any]:
    """Return a vector of length m (as an m x 1 matrix) or a matrix in the canonical form of docs/format.md, "Numbers".

    Args:
        array: exact entries, shape (m,) or (m, N).
        root: the integer s of the certificate, from `common_root` of all its arrays.

    Raises:
        FieldError: if an entry does not lie in Q(√s).
        SciBarriersError: if the size or a number exceeds the caps of the format.
    """
    rows, cols = (*array.shape, 1)[:2]
    entries = {divmod(position, cols): entry for position, entry in enumerate(array.flat)}
    return encode_entries(entries, root, rows=rows, cols=cols)


def encode_entries(entries: Mapping[tuple[int, int], Scalar], root: int, *, rows: int, cols: int) -> dict[str, Any]:
    """Return a matrix, of which only some entries are given, as `encode_array` does; the others are zero.

    Raises:
        FieldError: if an entry does not lie in Q(√s).
        SciBarriersError: if the size or a number exceeds the caps of the format.
    """
    multiples: dict[fmpq, tuple[fmpq, bool]] = {}

    def parts(value: Real) -> tuple[fmpq, fmpq]:
        if not isinstance(value, QuadraticNumber) or value.b == 0:
            return (value.a if isinstance(value, QuadraticNumber) else value), fmpq(0)
        if value.s not in multiples:
            rational = rational_sqrt(value.s)
            multiples[value.s] = (_multiple(value.s, root=root), False) if rational is None else (rational, True)
        multiple, is_rational = multiples[value.s]
        return (value.a + value.b * multiple, fmpq(0)) if is_rational else (value.a, value.b * multiple)

    numbers = {
        position: (*parts(real_part(entry)), *parts(imaginary_part(entry)))
        for position, entry in entries.items()
        if entry
    }
    den = math.lcm(1, *{int(part.q) for number in numbers.values() for part in number})
    numerators = []
    for (i, j), number in numbers.items():
        a, b, c, d = (int(part.p) * (den // int(part.q)) for part in number)
        numerators.append((i, j, (a, b, c, d)))
    return encode_matrix(rows=rows, cols=cols, den=den, entries=numerators)


def encode_fraction(value: fmpq) -> list[str]:
    """Return a rational in the form of docs/format.md, "Numbers"."""
    return encode_rational(int(value.p), int(value.q))

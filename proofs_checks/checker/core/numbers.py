"""Exact numbers of the generic kinds: Z[√s][i], vectors and matrices over it with one common denominator.

A number that is a rational integer stays a plain int, so that rational certificates cost integer arithmetic and
nothing else. The root s > 0 is never a perfect square, so a + b√s with b ≠ 0 is never rational (docs/format.md,
"Numbers").
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, TypeAlias, Union

from proofs_checks.certificate.reading import MalformedCertificate, Numerator, decode_integer, decode_matrix, quote

MAX_PLACES = 2**24  # entries of all vectors together, which are stored dense: a short file may ask for many


@dataclass(slots=True)
class Surd:
    """The real number a + b√s, b ≠ 0."""

    a: int
    b: int
    s: int

    def __neg__(self) -> Surd:
        return Surd(-self.a, -self.b, self.s)

    def __add__(self, other: Real) -> Real:
        if isinstance(other, Surd):
            return real(self.a + other.a, self.b + other.b, self.s)
        if isinstance(other, int):
            return Surd(self.a + other, self.b, self.s)
        return NotImplemented

    __radd__ = __add__

    def __mul__(self, other: Real) -> Real:
        if isinstance(other, Surd):
            return real(self.a * other.a + self.b * other.b * self.s, self.a * other.b + self.b * other.a, self.s)
        if isinstance(other, int):
            return real(self.a * other, self.b * other, self.s)
        return NotImplemented

    __rmul__ = __mul__


Real: TypeAlias = int | Surd


@dataclass(slots=True)
class Gaussian:
    """The complex number re + i·im, im ≠ 0."""

    re: Real
    im: Real

    def __neg__(self) -> Gaussian:
        return Gaussian(-self.re, -self.im)

    def __add__(self, other: Number) -> Number:
        if isinstance(other, Gaussian):
            return number(self.re + other.re, self.im + other.im)
        return Gaussian(self.re + other, self.im)

    __radd__ = __add__

    def __mul__(self, other: Number) -> Number:
        if isinstance(other, Gaussian):
            re = self.re * other.re + -(self.im * other.im)
            return number(re, self.re * other.im + self.im * other.re)
        return number(self.re * other, self.im * other)

    __rmul__ = __mul__


Number: TypeAlias = Union[Real, Gaussian]  # noqa: UP007  (read by mypy; the operands are aliases)


def real(a: int, b: int, s: int) -> Real:
    """Return a + b√s."""
    return Surd(a, b, s) if b else a


def number(re: Real, im: Real) -> Number:
    """Return re + i·im."""
    return Gaussian(re, im) if im else re


def conj(z: Number) -> Number:
    """Return the complex conjugate."""
    return Gaussian(z.re, -z.im) if isinstance(z, Gaussian) else z


def real_part(z: Number) -> Real:
    """Return the real part."""
    return z.re if isinstance(z, Gaussian) else z


def abs2(z: Number) -> Real:
    """Return |z|²."""
    return z.re * z.re + z.im * z.im if isinstance(z, Gaussian) else z * z


def sign(x: Real) -> int:
    """Return the sign of a real number, exactly: a and b√s are compared through squares and their signs."""
    if isinstance(x, int):
        return (x > 0) - (x < 0)
    sign_b = 1 if x.b > 0 else -1
    return sign_b if x.a * sign_b >= 0 or x.b * x.b * x.s > x.a * x.a else -sign_b


def exact_quotient(z: Number, divisor: Real) -> Number:
    """Return z / divisor where the quotient is known to lie in Z[√s][i]."""
    if isinstance(z, Gaussian):
        return number(real_part(exact_quotient(z.re, divisor)), real_part(exact_quotient(z.im, divisor)))
    if isinstance(divisor, Surd):
        conjugate = Surd(divisor.a, -divisor.b, divisor.s)
        z, divisor = z * conjugate, divisor.a * divisor.a - divisor.b * divisor.b * divisor.s
    return real(z.a // divisor, z.b // divisor, z.s) if isinstance(z, Surd) else z // divisor


def ceiling(x: Real, den: int) -> int:
    """Return the least integer that is at least x/den, den > 0."""
    if isinstance(x, Surd):
        root = math.isqrt(x.b * x.b * x.s)
        x = x.a + (root + 1 if x.b > 0 else -root)
    return -(-x // den)


@dataclass(frozen=True)
class Ratio:
    """The real number num/den, den > 0, not reduced: certificates are compared by cross multiplication."""

    num: Real
    den: int

    def __le__(self, other: Ratio) -> bool:
        return sign(other.num * self.den + -(self.num * other.den)) >= 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ratio) and self.num * other.den == other.num * self.den

    __hash__ = None  # type: ignore[assignment]

    def __add__(self, other: Ratio) -> Ratio:
        return Ratio(self.num * other.den + other.num * self.den, self.den * other.den)

    def __neg__(self) -> Ratio:
        return Ratio(-self.num, self.den)

    def __mul__(self, other: Ratio) -> Ratio:
        return Ratio(self.num * other.num, self.den * other.den)


@dataclass(frozen=True)
class Vector:
    """A vector of numerators over one denominator."""

    items: list[Number]
    den: int

    def norm2(self) -> Ratio:
        """Return the square of the l2 norm."""
        total: Real = 0
        for z in self.items:
            if z:
                total = total + abs2(z)
        return Ratio(total, self.den * self.den)

    def minus(self, other: Vector) -> Vector:
        """Return the difference of two vectors of equal length."""
        den = math.lcm(self.den, other.den)
        p, q = den // self.den, -(den // other.den)
        return Vector([x * p + y * q for x, y in zip(self.items, other.items, strict=True)], den)


@dataclass(frozen=True)
class Exact:
    """A sparse matrix of numerators over one denominator."""

    rows: int
    cols: int
    den: int
    entries: dict[tuple[int, int], Number]

    def times(self, x: Vector) -> Vector:
        """Return A x."""
        items: list[Number] = [0] * self.rows
        for (i, j), a in self.entries.items():
            if x.items[j]:
                items[i] = items[i] + a * x.items[j]
        return Vector(items, self.den * x.den)

    def adjoint_times(self, g: Vector) -> Vector:
        """Return A* g."""
        items: list[Number] = [0] * self.cols
        for (i, j), a in self.entries.items():
            if g.items[i]:
                items[j] = items[j] + conj(a) * g.items[i]
        return Vector(items, self.den * g.den)

    def minus(self, other: Exact) -> Exact:
        """Return the difference of two matrices of equal size."""
        entries = {position: a * other.den for position, a in self.entries.items()}
        for position, a in other.entries.items():
            entries[position] = entries.get(position, 0) + -(a * self.den)
        return Exact(self.rows, self.cols, self.den * other.den, {p: a for p, a in entries.items() if a})


class Reader:
    """Decodes the matrices of one certificate and sees to its root (docs/format.md, "Numbers")."""

    def __init__(self, root: object) -> None:
        self.s = decode_integer(root, "claim.root", low=0)
        self.seen, self.places = False, 0
        if self.s and math.isqrt(self.s) ** 2 == self.s:
            raise MalformedCertificate(f"claim.root must not be a perfect square, not {quote(root)}")

    def matrix(self, value: object, path: str, **limits: Any) -> Exact:
        """Return a matrix; `limits` are those of `decode_matrix`."""
        matrix = decode_matrix(value, path, **limits)
        entries = {position: self._number(numerator) for position, numerator in matrix.entries.items()}
        return Exact(matrix.rows, matrix.cols, matrix.den, entries)

    def vector(self, value: object, path: str, rows: int, **limits: Any) -> Vector:
        """Return a matrix of one column as a vector."""
        column = self.matrix(value, path, rows=rows, cols=1, **limits)
        self.places += rows
        if self.places > MAX_PLACES:
            raise MalformedCertificate(f"{path}: the vectors of the file have more than 2^24 entries together")
        return Vector([column.entries.get((i, 0), 0) for i in range(rows)], column.den)

    def finish(self) -> None:
        """Raise MalformedCertificate unless the root is zero exactly if no matrix has used it."""
        if self.seen != (self.s > 0):
            need = "positive, as roots occur" if self.seen else "0x0, as no root occurs"
            raise MalformedCertificate(f"claim.root must be {need}")

    def _number(self, numerator: Numerator) -> Number:
        a, b, c, d = numerator
        self.seen = self.seen or bool(b or d)
        return number(real(a, b, self.s), real(c, d, self.s))


def real_inner(y: Vector, u: Vector) -> Ratio:
    """Return the real part of the inner product."""
    total: Real = 0
    for a, b in zip(y.items, u.items, strict=True):
        total = total + real_part(a * conj(b))
    return Ratio(total, y.den * u.den)

"""Exact numbers: rationals, real quadratic numbers a + b√s, complex numbers over them, and reading them from outside.

A *scalar* is a `flint.fmpq`, a `QuadraticNumber` or a `ComplexNumber`; results are simplified, so a number that
is rational is always an `fmpq`. Vectors and matrices are numpy object arrays of scalars. Nothing here rounds, except
the functions whose name says to which side. See docs/theory.md, "Square roots".
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias, Union

import numpy as np
from flint import arb, fmpq, fmpz
from numpy.typing import NDArray

from exact_base.entries.arrays import Entries, laid_out
from exact_base.entries.numbers import number_parts
from exact_base.errors import DataError, FieldError
from exact_base.rationals import rational_sqrt

__all__ = [
    "ComplexNumber",
    "ExactArray",
    "QuadraticNumber",
    "Rational",
    "Real",
    "Scalar",
    "abs2",
    "adjoint",
    "as_rational",
    "ball",
    "conjugate",
    "exact",
    "exact_array",
    "exact_vector",
    "imaginary_part",
    "inner",
    "is_rational_array",
    "norm2",
    "real_part",
    "scalars_of",
    "sign",
    "sqrt",
    "written",
    "zeros",
]

Rational: TypeAlias = fmpq
Real: TypeAlias = Union[fmpq, "QuadraticNumber"]
Scalar: TypeAlias = Union[fmpq, "QuadraticNumber", "ComplexNumber"]
ExactArray: TypeAlias = NDArray[Any]  # of dtype object, entries Scalar

_ZERO = fmpq(0)


def _rational(value: object) -> fmpq:
    if isinstance(value, fmpq):
        return value
    if isinstance(value, (int, fmpz)) and not isinstance(value, bool):
        return fmpq(value)
    raise DataError(f"the parts of an exact number are rational, got {type(value).__name__} {value!r:.40}")


def _sign_rational(value: fmpq) -> int:
    return (value > 0) - (value < 0)


class QuadraticNumber:
    """The real number a + b√s with rational a, b and rational s >= 0.

    Comparison and sign are exact for every s, perfect squares included. Arithmetic stays in one field: a
    radicand that is not a square multiple of the other raises `FieldError`.
    """

    __slots__ = ("a", "b", "s")

    def __init__(self, a: fmpq, b: fmpq, s: fmpq) -> None:
        self.a, self.b, self.s = _rational(a), _rational(b), _rational(s)
        if self.s < 0:
            raise DataError(f"the radicand of a quadratic number must be >= 0, got {s}")

    def _coerce(self, other: object) -> tuple[fmpq, fmpq] | None:
        if isinstance(other, QuadraticNumber):
            if other.s == self.s or other.b == 0:
                return other.a, other.b
            ratio = rational_sqrt(other.s / self.s) if self.s != 0 else None
            if ratio is None:
                raise FieldError(f"√({self.s}) and √({other.s}) do not lie in one field Q(√s)")
            return other.a, other.b * ratio
        if isinstance(other, (int, fmpz, fmpq)):
            return fmpq(other), _ZERO
        return None

    def _new(self, a: fmpq, b: fmpq) -> Real:
        return QuadraticNumber(a, b, self.s) if b != 0 else a

    def sign(self) -> int:
        """Return -1, 0 or 1, decided by comparing a² with b²s and the signs of a and b."""
        sign_a = _sign_rational(self.a)
        sign_b = _sign_rational(self.b) if self.s != 0 else 0
        if sign_a * sign_b >= 0:
            return sign_a or sign_b
        return sign_a * _sign_rational(self.a * self.a - self.b * self.b * self.s)

    def __add__(self, other: Any) -> Any:
        parts = self._coerce(other)
        return NotImplemented if parts is None else self._new(self.a + parts[0], self.b + parts[1])

    __radd__ = __add__

    def __neg__(self) -> Real:
        return self._new(-self.a, -self.b)

    def __sub__(self, other: Any) -> Any:
        parts = self._coerce(other)
        return NotImplemented if parts is None else self._new(self.a - parts[0], self.b - parts[1])

    def __rsub__(self, other: Any) -> Any:
        return -(self - other)

    def __mul__(self, other: Any) -> Any:
        parts = self._coerce(other)
        if parts is None:
            return NotImplemented
        a, b = parts
        return self._new(self.a * a + self.b * b * self.s, self.a * b + self.b * a)

    __rmul__ = __mul__

    def inverse(self) -> Real:
        """Return 1/(a + b√s).

        Raises:
            ZeroDivisionError: if the number is zero.
        """
        if self.sign() == 0:
            raise ZeroDivisionError("inverse of zero")
        norm = self.a * self.a - self.b * self.b * self.s
        if norm == 0:  # s is a perfect square and a = b√s, so the number is 2a
            return 1 / (2 * self.a)
        return self._new(self.a / norm, -self.b / norm)

    def __truediv__(self, other: Any) -> Any:
        if isinstance(other, QuadraticNumber):
            return self * other.inverse()
        parts = self._coerce(other)
        return NotImplemented if parts is None else self._new(self.a / parts[0], self.b / parts[0])

    def __rtruediv__(self, other: Any) -> Any:
        return self.inverse() * other

    def __pos__(self) -> Real:
        return self

    def __abs__(self) -> Real:
        return -self if self.sign() < 0 else self

    def _difference_sign(self, other: object) -> int | None:
        parts = self._coerce(other)
        return None if parts is None else QuadraticNumber(self.a - parts[0], self.b - parts[1], self.s).sign()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, ComplexNumber):
            return other == self
        difference = self._difference_sign(other)
        return NotImplemented if difference is None else difference == 0

    def __lt__(self, other: Any) -> bool:
        difference = self._difference_sign(other)
        return NotImplemented if difference is None else difference < 0

    def __le__(self, other: Any) -> bool:
        difference = self._difference_sign(other)
        return NotImplemented if difference is None else difference <= 0

    def __gt__(self, other: Any) -> bool:
        difference = self._difference_sign(other)
        return NotImplemented if difference is None else difference > 0

    def __ge__(self, other: Any) -> bool:
        difference = self._difference_sign(other)
        return NotImplemented if difference is None else difference >= 0

    __hash__ = None  # type: ignore[assignment]  # a perfect-square s makes equal numbers with different parts

    def __bool__(self) -> bool:
        return self.sign() != 0

    def __repr__(self) -> str:
        return f"({self.a} + {self.b}*sqrt({self.s}))"


class ComplexNumber:
    """The complex number re + i·im over the rationals or one real quadratic field."""

    __slots__ = ("im", "re")

    def __init__(self, re: Real, im: Real) -> None:
        self.re, self.im = (part if isinstance(part, QuadraticNumber) else _rational(part) for part in (re, im))

    @staticmethod
    def _coerce(other: object) -> tuple[Real, Real] | None:
        if isinstance(other, ComplexNumber):
            return other.re, other.im
        if isinstance(other, (fmpq, QuadraticNumber)):
            return other, _ZERO
        if isinstance(other, (int, fmpz)):
            return fmpq(other), _ZERO
        return None

    def __add__(self, other: Any) -> Any:
        parts = self._coerce(other)
        return NotImplemented if parts is None else _complex(self.re + parts[0], self.im + parts[1])

    __radd__ = __add__

    def __neg__(self) -> Scalar:
        return ComplexNumber(-self.re, -self.im)

    def __sub__(self, other: Any) -> Any:
        parts = self._coerce(other)
        return NotImplemented if parts is None else _complex(self.re - parts[0], self.im - parts[1])

    def __rsub__(self, other: Any) -> Any:
        return -(self - other)

    def __mul__(self, other: Any) -> Any:
        parts = self._coerce(other)
        if parts is None:
            return NotImplemented
        re, im = parts
        return _complex(self.re * re - self.im * im, self.re * im + self.im * re)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        parts = self._coerce(other)
        if parts is None:
            return NotImplemented
        re, im = parts
        size = re * re + im * im
        return _complex((self.re * re + self.im * im) / size, (self.im * re - self.re * im) / size)

    def __rtruediv__(self, other: Any) -> Any:
        parts = self._coerce(other)
        return NotImplemented if parts is None else ComplexNumber(*parts) / self

    def __eq__(self, other: object) -> bool:
        parts = self._coerce(other)
        return NotImplemented if parts is None else bool(self.re == parts[0] and self.im == parts[1])

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        return bool(self.re) or bool(self.im)

    def __repr__(self) -> str:
        return f"({self.re} + {self.im}*i)"


def _complex(re: Real, im: Real) -> Scalar:
    return ComplexNumber(re, im) if im != 0 else re


def real_part(value: Scalar) -> Real:
    """Return the real part."""
    return value.re if isinstance(value, ComplexNumber) else value


def imaginary_part(value: Scalar) -> Real:
    """Return the imaginary part."""
    return value.im if isinstance(value, ComplexNumber) else _ZERO


def conjugate(value: Scalar) -> Scalar:
    """Return the complex conjugate."""
    return ComplexNumber(value.re, -value.im) if isinstance(value, ComplexNumber) else value


def written(array: ExactArray) -> str:
    """Write an array as `exact_array` reads it, if it is real and rational and has at most 1,000 entries."""
    if array.size > 1000:
        return f"<array of shape {array.shape}>"
    if array.ndim == 2:
        return f"[{', '.join(map(written, array))}]"
    return f"[{', '.join(str(v) if not isinstance(v, fmpq) or v.q == 1 else repr(str(v)) for v in array)}]"


def as_rational(value: Scalar) -> fmpq:
    """Return a scalar that is rational as an fmpq.

    Raises:
        FieldError: if it is irrational or not real.
    """
    if not isinstance(value, fmpq):
        raise FieldError(f"a rational number is needed, got {value}")
    return value


def abs2(value: Scalar) -> Real:
    """Return |value|²."""
    if isinstance(value, ComplexNumber):
        return value.re * value.re + value.im * value.im
    return value * value


def sign(value: Real) -> int:
    """Return the exact sign, -1, 0 or 1, of a real scalar."""
    return value.sign() if isinstance(value, QuadraticNumber) else _sign_rational(value)


def inner(u: ExactArray, v: ExactArray) -> Scalar:
    """Return <u, v> = Σ conj(u_i) v_i for two vectors of one length."""
    total: Scalar = _ZERO
    for a, b in zip(u, v, strict=True):
        total = total + conjugate(a) * b
    return total


def norm2(vector: ExactArray) -> Real:
    """Return the squared Euclidean norm ‖vector‖²; of a matrix, the squared Frobenius norm."""
    total: Real = _ZERO
    for entry in vector.flat:
        total = total + abs2(entry)
    return total


def adjoint(matrix: ExactArray) -> ExactArray:
    """Return the conjugate transpose of an m x N matrix."""
    result = np.empty(matrix.shape[::-1], dtype=object)
    for (i, j), entry in np.ndenumerate(matrix):
        result[j, i] = conjugate(entry)
    return result


# --- reading and writing -------------------------------------------------------------------------


def exact(value: object) -> Scalar:
    """Read one number exactly: a float is the dyadic rational it stores, a string like "2/3" or "0.1" is what it says.

    Raises:
        DataError: for NaN, infinities, booleans and anything that is not a number.
    """
    if isinstance(value, (fmpq, QuadraticNumber, ComplexNumber)):
        return value
    return _complex(*number_parts(value))


def exact_array(data: Any) -> ExactArray:
    """Read a vector or matrix exactly, entry by entry (see `exact`), into a new object array.

    It is a list, a list of rows, an array of numpy, a table of pandas, by its values, or a matrix of scipy, sympy,
    mpmath or flint.

    Raises:
        DataError: as `exact`, with the place; for rows of several lengths, for masked entries, and for what does not
            fit into the memory.
    """
    return scalars_of(laid_out(data))


def exact_vector(data: Any, *, length: int) -> ExactArray:
    """Read a vector of the given length exactly; a single row or column counts as a vector.

    Raises:
        DataError: for another shape, or entries that are not finite numbers.
    """
    shapes = ((length,), (length, 1), (1, length))
    if isinstance(data, np.ndarray) and data.shape not in shapes:  # before its entries are looked at
        raise DataError(f"a vector of length {length} is needed, got shape {data.shape}")
    entries = laid_out(data)
    if entries.shape not in shapes:
        raise DataError(f"a vector of length {length} is needed, got shape {entries.shape}")
    return scalars_of(entries).reshape(length)


def scalars_of(entries: Entries) -> ExactArray:
    """Read an array from its entries.

    Raises:
        DataError: with the place of what is no finite number.
    """
    result = np.empty(len(entries.values), dtype=object)
    for i, value in enumerate(entries.read(exact)):
        result[i] = value
    return result.reshape(entries.shape)


def is_rational_array(array: ExactArray) -> bool:
    """Tell whether every entry is a real rational."""
    return all(isinstance(entry, fmpq) for entry in array.flat)


# --- roots, powers and rounding ------------------------------------------------------------------


def sqrt(value: fmpq) -> Real:
    """Return √value exactly: a rational if it is one, else the quadratic number 0 + 1·√value.

    Raises:
        DataError: if value < 0.
    """
    root = rational_sqrt(value)
    return root if root is not None else QuadraticNumber(_ZERO, fmpq(1), value)


def ball(value: Real) -> arb:
    """Return a ball that encloses a real scalar, at the current precision of `flint.ctx`."""
    if isinstance(value, QuadraticNumber):
        return arb(value.a) + arb(value.b) * arb(value.s).sqrt()
    return arb(value)


def zeros(shape: int | Iterable[int]) -> ExactArray:
    """Return an exact array of zeros."""
    return np.full(shape if isinstance(shape, int) else tuple(shape), _ZERO, dtype=object)

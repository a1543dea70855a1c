"""Vectors and matrices that are known through enclosures, and certified dyadic approximations of them.

An `Enclosed` array answers every working precision with balls that contain its entries; the higher the precision,
the smaller the balls. What comes out of it is rational, with an error that was bounded exactly: the balls' radii are
dyadic rationals. See docs/theory.md, "The common oracle".
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import numpy as np
from flint import acb, arb, ctx, fmpq
from numpy.typing import NDArray

from exact_base.entries.arrays import laid_out
from exact_base.errors import BudgetError, DataError
from exact_base.rationals import dyadic_nearest, power_of_two
from exact_base.scalars import (
    ComplexNumber,
    ExactArray,
    ball,
    exact,
    imaginary_part,
    is_rational_array,
    real_part,
    written,
)

__all__ = ["BallArray", "BallFunction", "Enclosed", "cosine_matrix", "enclosed", "expression_ball", "fourier_matrix"]

BallArray: TypeAlias = NDArray[Any]
"""A numpy object array of `acb` balls."""

BallFunction: TypeAlias = Callable[[int], "arb | acb"]
"""A number as a function of the working precision in bits: it returns a ball that contains the number."""

MAX_BITS = 1 << 20

_SHOWN = 200  # characters


class Enclosed:
    """An array of real or complex numbers, each known to any accuracy through balls.

    Attributes:
        shape: (m,) or (m, N).
        exact: the array itself where every entry was given as an exact scalar, else None.
    """

    def __init__(
        self, shape: tuple[int, ...], balls: Callable[[], BallArray], *, exact: ExactArray | None = None
    ) -> None:
        """Describe an array by `balls`, which computes at the current precision of `flint.ctx`."""
        self.shape, self._balls, self.exact = shape, balls, exact

    def __repr__(self) -> str:
        """Show the numbers where they are exact, for the reports of failed tests."""
        shown = "by balls" if self.exact is None else written(self.exact)
        whole = f"<array of shape {self.shape}: {shown}>"
        return whole if len(whole) <= _SHOWN else f"<array of shape {self.shape}>"

    def balls(self, precision: int) -> BallArray:
        """Return balls that contain the entries, computed with `precision` bits."""
        with ctx.workprec(precision):
            return self._balls()

    def __matmul__(self, other: Enclosed) -> Enclosed:
        """Return the product of two arrays; it is exact only through its balls."""
        if self.shape[-1] != other.shape[0]:
            raise DataError(f"shapes {self.shape} and {other.shape} do not fit for a product")
        return Enclosed(self.shape[:-1] + other.shape[1:], lambda: self._balls() @ other._balls())

    def rows(self, indices: Iterable[int]) -> Enclosed:
        """Return the rows with the given numbers, from 0: a subsampled transform."""
        chosen = list(indices)
        if not chosen or not all(0 <= i < self.shape[0] for i in chosen):
            raise DataError(f"row numbers must lie in 0..{self.shape[0] - 1}, got {chosen}")
        part = None if self.exact is None else self.exact[chosen]
        return Enclosed((len(chosen), *self.shape[1:]), lambda: self._balls()[chosen], exact=part)

    def dyadic(self, n: int, *, max_precision: int = MAX_BITS) -> ExactArray:
        """Return dyadic rationals (or Gaussian ones) with a Euclidean (Frobenius) error of at most 2^-n in all.

        A rational array whose entries lie on the grid already is returned as it is. The working precision is doubled
        until the balls are small enough; the same n always gives the same answer.

        Raises:
            BudgetError: if `max_precision` bits do not suffice, or an entry has no finite value there.
        """
        parts = 2 * math.prod(self.shape)
        bits = n + (parts.bit_length() + 1) // 2
        if self.exact is not None and is_rational_array(self.exact):
            return _map(self.exact, lambda entry: dyadic_nearest(entry, bits=bits))
        precision = max(64, bits + 32)
        while precision <= max_precision:
            balls = self.balls(precision)
            if all(entry.is_finite() for entry in balls.flat):
                rounded = _map(balls, lambda entry: _nearest(entry, bits=bits))
                if _error2(balls, rounded) <= power_of_two(-2 * n):
                    return rounded
            precision *= 2
        raise BudgetError(f"an entry could not be enclosed to 2^-{n} with {max_precision} bits; is it well defined?")


def _map(array: NDArray[Any], function: Callable[[Any], Any]) -> NDArray[Any]:
    result = np.empty(array.shape, dtype=object)
    for index, entry in np.ndenumerate(array):
        result[index] = function(entry)
    return result


def _dyadic_value(value: arb) -> fmpq:
    """Return the value of an exact ball."""
    mantissa, exponent = value.man_exp()
    return fmpq(mantissa) * power_of_two(int(exponent))


def _nearest(value: acb, *, bits: int) -> fmpq | ComplexNumber:
    re, im = (dyadic_nearest(_dyadic_value(part.mid()), bits=bits) for part in (value.real, value.imag))
    return ComplexNumber(re, im) if im != 0 else re


def _error2(balls: BallArray, points: ExactArray) -> fmpq:
    """Return an upper bound of Σ |entry - point|² over all entries in the balls."""
    total = fmpq(0)
    for entry, point in zip(balls.ravel(), points.ravel(), strict=True):
        for part, value in ((entry.real, real_part(point)), (entry.imag, imaginary_part(point))):
            total += (abs(_dyadic_value(part.mid()) - value) + _dyadic_value(part.rad())) ** 2
    return total


# --- constructors --------------------------------------------------------------------------------


def enclosed(data: Any) -> Enclosed:
    """Return an array from entries given as exact scalars, sympy expressions or functions of the precision.

    Args:
        data: a vector or matrix (nested lists or an array), or an `Enclosed` array, which is returned.

    Raises:
        DataError: for an entry that is none of these, and for a shape that is no vector or matrix.
    """
    if isinstance(data, Enclosed):
        return data
    given = laid_out(data)
    if len(given.shape) not in (1, 2) or 0 in given.shape:
        raise DataError(f"a non-empty vector or matrix is needed, got shape {given.shape}")
    entries = np.empty(len(given.values), dtype=object)
    for i, entry in enumerate(given.read(_read)):
        entries[i] = entry
    entries = entries.reshape(given.shape)
    if not any(callable(entry) for entry in entries.flat):
        return Enclosed(given.shape, lambda: _map(entries, _scalar_ball), exact=entries)
    return Enclosed(given.shape, lambda: _map(entries, _entry_ball))


def _read(entry: Any) -> Any:
    """Return an exact scalar, or a function of the precision."""
    if hasattr(entry, "free_symbols") and not entry.is_Rational:  # a sympy expression
        expression_ball(entry, precision=64)  # refuses what has no enclosure, now rather than at the first read
        return lambda precision: expression_ball(entry, precision=precision)
    return entry if callable(entry) else exact(entry)


def _scalar_ball(entry: Any) -> acb:
    return acb(ball(real_part(entry)), ball(imaginary_part(entry)))


def _entry_ball(entry: Any) -> acb:
    return acb(entry(ctx.prec)) if callable(entry) else _scalar_ball(entry)


def cosine_matrix(size: int) -> Enclosed:
    """Return the orthonormal DCT-II matrix, entry (k, j) = s_k cos(π(2j+1)k/(2·size)), s_0² = 1/size, s_k² = 2/size."""
    _require_size(size)

    def balls() -> BallArray:
        scale = [arb(fmpq(1 if k == 0 else 2, size)).sqrt() for k in range(size)]
        quarter = [arb.cos_pi_fmpq(fmpq(r, 2 * size)) for r in range(4 * size)]
        return np.array(
            [[acb(scale[k] * quarter[(2 * j + 1) * k % (4 * size)]) for j in range(size)] for k in range(size)],
            dtype=object,
        )

    return Enclosed((size, size), balls)


def fourier_matrix(size: int) -> Enclosed:
    """Return the unitary DFT matrix, entry (k, j) = exp(-2πi jk/size)/√size."""
    _require_size(size)

    def balls() -> BallArray:
        scale = arb(fmpq(1, size)).sqrt()
        roots = []
        for r in range(size):
            sine, cosine = arb.sin_cos_pi_fmpq(fmpq(-2 * r, size))
            roots.append(acb(cosine * scale, sine * scale))
        return np.array([[roots[j * k % size] for j in range(size)] for k in range(size)], dtype=object)

    return Enclosed((size, size), balls)


def _require_size(size: object) -> None:
    if type(size) is not int or size < 1:
        raise DataError(f"a transform needs a size >= 1, got {size!r}")


# --- sympy expressions ---------------------------------------------------------------------------


def expression_ball(expression: Any, *, precision: int) -> acb:
    """Return a ball that contains the value of a constant sympy expression.

    Integers, rationals, floats (as the dyadic rationals they store), +, *, powers with rational exponents (principal
    values), sin, cos, tan, exp, log, π, e and i are understood.

    Raises:
        DataError: for anything else in the expression, or if sympy is not installed.
    """
    try:
        import sympy
    except ImportError:
        raise DataError("sympy expressions need sympy: install sci-barriers[proofs]") from None
    functions = {sympy.sin: acb.sin, sympy.cos: acb.cos, sympy.tan: acb.tan, sympy.exp: acb.exp, sympy.log: acb.log}
    constants = {sympy.pi: lambda: acb(arb.pi()), sympy.E: lambda: acb(arb.const_e()), sympy.I: lambda: acb(0, 1)}

    def walk(node: Any) -> acb:
        if node.is_Rational or node.is_Float:
            value = sympy.Rational(node)
            return acb(arb(fmpq(int(value.p), int(value.q))))
        if node in constants:
            return constants[node]()
        if node.is_Add or node.is_Mul:
            total = acb(0 if node.is_Add else 1)
            for part in map(walk, node.args):
                total = total + part if node.is_Add else total * part
            return total
        if node.is_Pow and node.exp.is_Rational:
            return _power(walk(node.base), int(node.exp.p), int(node.exp.q))
        if node.func in functions and len(node.args) == 1:
            return functions[node.func](walk(node.args[0]))
        raise DataError(f"{str(node)!r:.60} in an expression has no enclosure here; use a function of the precision")

    with ctx.workprec(precision):
        return walk(expression)


def _power(base: acb, p: int, q: int) -> acb:
    if q == 1:
        return base**p
    if q == 2:
        return base.sqrt() ** p
    return base.pow(acb(arb(fmpq(p, q))))

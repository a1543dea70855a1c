"""How far apart the float64 numbers nearest to two reals are.

Source: docs/theory.md, "The audit of a table".
"""

from __future__ import annotations

from flint import ctx, fmpq

from exact_base.rationals import power_of_two
from exact_base.scalars import Real, ball

__all__ = ["float64_steps"]

_WORKING = 256


def float64_steps(first: Real, second: Real) -> int:
    """Return by how many units in the last place the float64 nearest to `second` exceeds that nearest to `first`.

    Both are positive, the unit is that of the smaller one, ties go to even, the exponents are unlimited.
    """
    (m, e), (other_m, other_e) = _nearest_float64(first), _nearest_float64(second)
    unit = min(e, other_e)
    return (other_m << (other_e - unit)) - (m << (e - unit))


def _nearest_float64(value: Real) -> tuple[int, int]:
    """(m, e) with m·2^e nearest to a positive number and 2^52 <= value/2^e < 2^53."""
    e = 0
    while value >= power_of_two(e + 53):
        e += 1
    while value < power_of_two(e + 52):
        e -= 1
    m = _nearest(value / power_of_two(e))
    # rounding up may reach the next power of two, whose unit is twice as large
    return (m, e) if m < 2**53 else (m // 2, e + 1)


def _nearest(value: Real) -> int:
    """The nearest integer, ties to even."""
    doubled = _floor(value * 2)
    whole, odd = divmod(doubled, 2)
    if not odd:
        return whole
    tie = value * 2 == doubled
    return whole + (1 if not tie or whole % 2 else 0)


def _floor(value: Real) -> int:
    if isinstance(value, fmpq):
        return int(value.floor())
    with ctx.workprec(_WORKING):
        mantissa, exponent = (int(part) for part in ball(value).mid().man_exp())
        guess = mantissa << exponent if exponent >= 0 else mantissa >> -exponent
    while value < guess:
        guess -= 1
    while value >= guess + 1:
        guess += 1
    return guess

"""Printed numbers: on the side that their name says, as near as their digits allow, and true at the margin."""

from fractions import Fraction

import pytest
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from exact_base.decimals import about, above, below, root_about, root_above, root_below
from exact_base.scalars import sqrt

rationals = st.fractions().map(lambda f: fmpq(f.numerator, f.denominator))
DIGITS = st.integers(1, 12)


def number(text):
    return fmpq(*Fraction(text).as_integer_ratio())


@given(rationals, st.integers(-40, 40), DIGITS)
def test_rationals(value, exponent, digits):
    value = value * fmpq(10) ** exponent
    low, near, high = (number(f(value, digits=digits)) for f in (below, about, above))
    assert low <= value <= high and low <= near <= high
    assert high - low <= abs(value) * fmpq(10) ** (1 - digits)
    assert (low == high) == (low == value == high)


@given(rationals.map(abs), DIGITS)
def test_roots(square, digits):
    low, near, high = (number(f(square, digits=digits)) for f in (root_below, root_about, root_above))
    assert low * low <= square <= high * high and low <= near <= high
    assert high - low <= high * fmpq(10) ** (1 - digits)


@given(rationals, rationals, DIGITS)
def test_quadratic_numbers(a, b, digits):
    value = a + b * sqrt(fmpq(2))
    low, high = number(below(value, digits=digits)), number(above(value, digits=digits))
    assert low <= value <= high


def test_a_number_that_almost_cancels_is_not_printed_as_0():
    near = fmpq(14142135623730950488016887242096980785696718753769, 10**49)
    assert 0 < number(below(sqrt(fmpq(2)) - near)) < fmpq(1, 10**49)
    assert number(below((sqrt(fmpq(2)) - near) * (sqrt(fmpq(2)) - near))) > 0


def test_balls_count_with_their_radius():
    with ctx.workprec(30):
        ball = arb(2).sqrt()
    assert number(below(ball, digits=30)) ** 2 < 2 < number(above(ball, digits=30)) ** 2


@pytest.mark.parametrize("digits", [1, 4, 7])
def test_a_hair_beyond_a_short_decimal(digits):
    """The sentence would be false, were the number rounded to the nearest."""
    hair = fmpq(1, 10**40)
    assert number(above(1 + hair, digits=digits)) > 1 + hair and below(1 + hair, digits=digits).startswith("1")
    assert number(below(1 - hair, digits=digits)) < 1 - hair and number(above(1 - hair, digits=digits)) == 1
    assert number(root_above(4 + hair, digits=digits)) > 2 and number(root_below(4 - hair, digits=digits)) < 2

"""Numbers in words are short, and decimals lie on the promised side."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Gaussian, Ratio, Surd, Vector
from tests.proofs_checks.builders import F

positive = st.integers(1, 2**400) | st.integers(1, 1000)


@given(positive, positive)
def test_decimals_enclose(num, den):
    down, up = F(words.decimal(num, den)), F(words.decimal(num, den, up=True))
    assert down <= F(num, den) <= up
    assert up - down <= F(num, den) / 10**5


@given(positive, positive)
def test_decimals_enclose_negative_numbers(num, den):
    assert F(words.decimal(-num, den)) <= F(-num, den) <= F(words.decimal(-num, den, up=True))


@given(positive, positive)
def test_decimals_of_roots_enclose(num, den):
    down = F(words.decimal(num, den, root=True))
    up = F(words.decimal(num, den, root=True, up=True))
    assert down**2 <= F(num, den) <= up**2
    assert (up - down) ** 2 <= F(num, den) / 10**10


@given(st.integers(-(2**90), 2**90), st.integers(-(2**90), 2**90).filter(bool), st.integers(1, 2**90))
def test_bounds_of_irrational_numbers_enclose(a, b, den):
    """a + b sqrt 5 over den: in decimals, with the root to 400 bits."""
    low, high = (F(words.at_least(Ratio(Surd(a, b, 5), den))), F(words.at_most(Ratio(Surd(a, b, 5), den))))
    root = math.isqrt(5 << 800)
    near = [F(a) + b * F(root + step, 2**400) for step in (0, 1)]
    assert low <= min(near) / den + F(1, 2**200) and max(near) / den <= high + F(1, 2**200)
    assert high - low <= (abs(max(near)) / den) / 10**4 + F(1, 2**60)


@given(st.integers(-30, 30))
def test_powers_of_ten_are_exact(k):
    num, den = 10 ** max(k, 0), 10 ** max(-k, 0)
    for root in (False, True):
        for up in (False, True):
            value = F(words.decimal(num**2, den**2, root=root, up=up))
            assert value == F(num, den) ** (1 if root else 2)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (words.decimal(0, 7), "0"),
        (words.decimal(1, 3), "0.333333"),
        (words.decimal(1, 3, up=True), "0.333334"),
        (words.decimal(9999999, 1, up=True), "1e+07"),
        (words.decimal(2, 1, root=True), "1.41421"),
        (words.integer(-12), "-12"),
        (words.integer(2**1000), "about 1.0715e+301 (1001 bits)"),
        (words.counted(1, "read"), "1 read"),
        (words.counted(0, "read"), "0 reads"),
        (words.counted(2, "entry is", "entries are"), "2 entries are"),
        (words.digits(1), "1 digit"),
        (words.data(1), "1 datum"),
        (words.data(2**60), "about 1.15292e+18 (61 bits) data"),
        (words.rational(6, 4), "3/2"),
        (words.rational(-6, 2), "-3"),
        (words.rational(2**1000, 3), "about 3.57169e+300 (1003 bits)"),
        (words.number(Gaussian(1, Surd(0, 2, 5)), 2), "1/2 + i*(0 + (1)*sqrt(5))"),
        (words.ratio(Ratio(4, 6)), "2/3"),
        (words.outward(3, 8, up=True), "0.375"),
        (words.outward(2, 3, up=True), "2/3"),
        (words.outward(10**20, 3 * 10**20 + 1, up=True), "0.333334"),
        (words.outward(10**20, 3 * 10**20 + 1, up=False), "0.333333"),
        (words.outward(-(10**20), 3 * 10**20 + 1, up=True), "-0.333333"),
        (words.decimal(12345678, 1), "1.23456e+07"),
        (words.decimal(123456, 1), "123456"),
        (words.decimal(100001, 1000, up=True), "100.001"),
        (words.decimal(1, 7000), "0.000142857"),
        (words.decimal(1, 70000), "1.42857e-05"),
        (words.at_most(Ratio(4, 6)), "2/3"),
        (words.at_least(Ratio(10**20, 3 * 10**20 + 1)), "0.333333"),
        (words.bounded("rho", Ratio(5, 8)), "rho = 5/8"),
        (words.bounded("rho", Ratio(1234567, 3234568)), "rho <= 0.38168"),
        (words.bounded("rho", Ratio(1234567, 3234568), up=False), "rho <= 0.381679"),
        (words.at_most(Ratio(10**20, 3 * 10**20 + 1)), "0.333334"),
        (words.bounded_below("low", Ratio(5, 8)), "low = 5/8"),
        (words.bounded_below("low", Ratio(1234567, 3234568)), "low >= 0.381679"),
        (words.entries(Vector([0, 3, 0, 4], 2)), "entry 2 is 3/2, entry 4 is 2"),
        (words.entries(Vector([0, 0], 1)), "all entries are 0"),
        (words.entries(Vector([1] * 9, 1)).split(", ")[-1], "and 3 more"),
    ],
)
def test_examples(shown, expected):
    assert shown == expected


def test_huge_numbers_are_short():
    n = 2 ** (2**20) - 1
    for text in (words.rational(n, n - 2), words.rational(1, n), words.decimal(n, 3, root=True), words.integer(n)):
        assert len(text) < 60

import math

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from exact_base.decimals import above, below
from exact_base.entries.numbers import number_parts
from exact_base.errors import DataError
from exact_base.rationals import parse_rational, round_up, sqrt_up, upper_root

positive = st.fractions(min_value=0, max_value=10**30).map(lambda f: fmpq(f.numerator, f.denominator))


@given(positive)
def test_roots_and_roundings_are_above_and_near(value):
    assert sqrt_up(value) ** 2 >= value
    assert sqrt_up(value) ** 2 <= value * (1 + fmpq(1, 2**37))
    assert value <= round_up(value) <= value * (1 + fmpq(1, 2**38))
    assert upper_root(value) ** 2 >= value


@given(st.fractions(min_value=0, max_value=10**9))
def test_rational_roots_stay_rational(f):
    value = fmpq(f.numerator, f.denominator)
    assert upper_root(value * value) == value


@given(positive.filter(lambda value: math.isqrt(int(value.p)) ** 2 != int(value.p)))
def test_the_upper_root_is_that_of_the_format(value):
    p, q = int(value.p), int(value.q)
    k = upper_root(value) * 2**64 * q
    assert k.q == 1 and (k - 1) ** 2 < p * q * 4**64 <= k**2


@pytest.mark.parametrize(
    ("text", "re", "im"),
    [
        ("0.1", fmpq(1, 10), 0),
        ("-2/6", fmpq(-1, 3), 0),
        ("1e-3", fmpq(1, 1000), 0),
        ("1-2j", 1, -2),
        ("1/3+.5j", fmpq(1, 3), fmpq(1, 2)),
        ("-2/3i", 0, fmpq(-2, 3)),
        ("1e2-1e-2j", 100, fmpq(-1, 100)),
        ("(3+4j)", 3, 4),
    ],
)
def test_numbers_are_read_exactly(text, re, im):
    assert number_parts(text) == (re, im)


@pytest.mark.parametrize(
    "text", ["nan", "inf", "-inf", "1/0", "", "1e99999999", "0x1", "1+", "j", "1_0", "1+2", "nanj"]
)
def test_other_texts_are_refused(text):
    with pytest.raises(DataError):
        number_parts(text)
    with pytest.raises(DataError):
        parse_rational(text)


@given(st.fractions(), st.fractions(), st.sampled_from("ij"))
def test_what_is_written_is_read(re, im, unit):
    written = f"{re}{'' if im < 0 else '+'}{im}{unit}"
    assert number_parts(written) == (fmpq(re.numerator, re.denominator), fmpq(im.numerator, im.denominator))
    assert parse_rational(f" {re} ") == fmpq(re.numerator, re.denominator)


@pytest.mark.parametrize(
    "text",
    ["1" * 4301, "1/" + "1" * 4301, "." + "1" * 4301, "1" * 10**6 + "j", "1/" + "1" * 10**6 + "g", "-" * 10**6 + "1j"],
    ids=["integer", "denominator", "decimal", "imaginary", "letter", "signs"],
)
def test_long_texts_are_refused_in_one_short_line(text):
    for read in (parse_rational, number_parts):
        with pytest.raises(DataError) as caught:
            read(text)
        assert len(str(caught.value)) < 200
    assert parse_rational("1" * 4300) == fmpq(int("1" * 4300))


def test_decimals_are_on_the_stated_side():
    assert (above(fmpq(1, 3), digits=3), below(fmpq(1, 3), digits=3)) == (
        "0.334",
        "0.333",
    )
    assert above(fmpq(1, 4), digits=6) == "0.25"

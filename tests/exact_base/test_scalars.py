"""Exact numbers against their definitions: integer roots and Fractions, nothing of the library in what is expected."""

import math
from fractions import Fraction

import numpy as np
import pytest
import sympy
from flint import ctx, fmpq
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exact_base import matrices
from exact_base.enclosures import enclosed
from exact_base.errors import DataError, FieldError
from exact_base.matrices import exact_matrix
from exact_base.rationals import (
    dyadic_nearest,
    power_of_ten,
    power_of_two,
    rational_sqrt,
    sqrt_ceiling,
    to_float,
)
from exact_base.scalars import (
    ComplexNumber,
    QuadraticNumber,
    abs2,
    adjoint,
    ball,
    conjugate,
    exact,
    exact_array,
    exact_vector,
    imaginary_part,
    inner,
    norm2,
    real_part,
    sign,
    sqrt,
)


class Degrees(float):
    """A number with a unit, as some libraries have."""

    def __float__(self):
        return 0.0


@pytest.mark.parametrize("code", ["<f2", ">f2", "<f4", ">f4", "<f8", ">f8", "=g"])
def test_floats_of_any_width_and_byte_order(code):
    values = [1.5, -2.25, 2.0**-24, 0.0]
    assert exact_array(np.array(values, dtype=code)).tolist() == [q(Fraction(v)) for v in values]
    assert exact_array(np.array(values, dtype=code)[:1][0]).tolist() == q(Fraction(3, 2))


def test_a_subclass_of_float_is_read_by_its_bits():
    assert exact(Degrees(0.1)) == q(Fraction(0.1))
    assert exact_array([Degrees(-1.5)]).tolist() == exact_array(np.array([Degrees(-1.5)], dtype=object)).tolist()


MASKED = np.ma.array([1.0, 2.0], mask=[False, True])


@pytest.mark.parametrize(
    "data", [MASKED, list(MASKED), [MASKED, MASKED], [1, np.ma.masked], np.array([1, np.ma.masked], dtype=object)]
)
@pytest.mark.parametrize("read", [exact_array, enclosed])
def test_what_lies_under_a_mask_is_not_read(read, data):
    with pytest.raises(DataError, match="masked"):
        read(data)


def test_a_masked_array_with_nothing_masked_is_an_array():
    assert exact_array(np.ma.array([0.5, 2.0])).tolist() == [q(Fraction(1, 2)), q(2)]


@pytest.mark.parametrize("data", [np.timedelta64(5, "s"), np.datetime64(5, "s")])
def test_times_are_no_numbers(data):
    for read in (exact, exact_array, lambda value: exact_array([value])):
        with pytest.raises(DataError, match="needed, got"):
            read(data)


small = st.fractions(max_denominator=50, min_value=-50, max_value=50)
radicands = st.sampled_from([Fraction(s) for s in ("2", "3", "8", "1/2", "2/9", "5/7", "10000000000000000000001")])
big = st.integers(-(2**4096), 2**4096)


def q(x):
    return fmpq(Fraction(x).numerator, Fraction(x).denominator)


def fraction(x):
    return Fraction(int(x.p), int(x.q))


def number(a, b, s):
    return QuadraticNumber(q(a), q(b), q(s))


def dyadic(exact_ball):
    mantissa, exponent = exact_ball.man_exp()
    return int(mantissa) * Fraction(2) ** int(exponent)


def root_bounds(s, bits):
    """Fractions around √s, by an integer square root."""
    low = math.isqrt((s.numerator << 2 * bits) // s.denominator)
    return Fraction(low, 1 << bits), Fraction(low + 1, 1 << bits)


def sign_of(a, b, s):
    """The sign of a + b√s, by bracketing √s until it is clear."""
    a, b, s = Fraction(a), Fraction(b), Fraction(s)
    root = Fraction(math.isqrt(s.numerator), math.isqrt(s.denominator))
    if root**2 == s:
        value = a + b * root
        return (value > 0) - (value < 0)
    if b == 0:
        return (a > 0) - (a < 0)
    bits = 64
    while True:
        ends = [a + b * end for end in root_bounds(s, bits)]
        if min(ends) > 0 or max(ends) < 0:
            return 1 if ends[0] > 0 else -1
        bits *= 2


@given(st.lists(st.tuples(small, small), min_size=3, max_size=3), radicands)
def test_field_axioms(parts, s):
    x, y, z = (number(a, b, s) for a, b in parts)
    assert x + y == y + x and x * y == y * x
    assert (x + y) + z == x + (y + z) and (x * y) * z == x * (y * z)
    assert x * (y + z) == x * y + x * z
    assert x - x == 0 and x + 0 == x and x * 1 == x and 0 - (-x) == x
    if x:
        assert x / x == 1 and x * (1 / x) == 1 and (y / x) * x == y
    assert abs(x) >= 0 and (abs(x) == x or abs(x) == -x)
    assert (x < y) + (x == y) + (x > y) == 1 and (x <= y) == (not x > y) and (x >= y) == (not x < y)


@given(st.lists(small, min_size=4, max_size=4), st.lists(small, min_size=4, max_size=4), radicands)
def test_complex_field_axioms(left, right, s):
    def make(parts):
        return exact(ComplexNumber(number(*parts[:2], s), number(*parts[2:], s)))

    x, y = make(left), make(right)
    assert x * y == y * x and x * (x + y) == x * x + x * y
    assert conjugate(x * y) == conjugate(x) * conjugate(y)
    assert abs2(x * y) == abs2(x) * abs2(y) and abs2(x) == real_part(conjugate(x) * x)
    if y:
        assert (x / y) * y == x and 1 / y * y == 1
    assert imaginary_part(conjugate(x) * x) == 0


@given(st.fractions(), st.fractions(), st.fractions(min_value=0))
def test_sign_against_a_bracket_of_the_root(a, b, s):
    x = number(a, b, s)
    assert sign(x) == sign_of(a, b, s)
    assert bool(x) == (sign_of(a, b, s) != 0)
    with ctx.workprec(200):
        enclosure = ball(x)
        ends = [a + b * end for end in root_bounds(s, 300)]
        middle, radius = dyadic(enclosure.mid()), dyadic(enclosure.rad())
        # the two enclosures of one number meet
        assert middle - radius <= max(ends) and min(ends) <= middle + radius


@settings(max_examples=25)
@given(big, big, st.integers(0, 2**4096))
def test_sign_of_numbers_of_4096_bits(a, b, s):
    assert sign(number(a, b, s)) == sign_of(a, b, s)


@pytest.mark.parametrize("length", [1, 2, 50, 3000])
def test_sign_one_unit_from_zero(length):
    """Convergents p/r of √2 have p² - 2r² = ±1: no number of this size is closer to zero."""
    p, r = 1, 1
    for _ in range(length):
        p, r = p + 2 * r, p + r
    expected = p * p - 2 * r * r
    assert abs(expected) == 1
    assert sign(number(p, -r, 2)) == expected and sign(number(-p, r, 2)) == -expected


@given(small, small, st.fractions(min_value=0, max_value=30, max_denominator=12))
def test_perfect_square_radicands(a, b, root):
    x = number(a, b, root**2)
    assert x == q(a + b * root)
    assert sign(x) == (a + b * root > 0) - (a + b * root < 0)
    if a + b * root != 0:
        assert 1 / x == q(1 / (a + b * root))
    else:
        with pytest.raises(ZeroDivisionError):
            1 / x


@given(small, small, small, small, radicands, st.fractions(min_value=Fraction(1, 9), max_value=9, max_denominator=9))
def test_radicands_that_differ_by_a_square_are_one_field(a, b, c, d, s, k):
    """√(k²s) = k√s."""
    assert number(a, b, s) + number(c, d, k * k * s) == number(a + c, b + k * d, s)
    assert number(a, b, s) * number(c, d, k * k * s) == number(a, b, s) * number(c, k * d, s)


def test_two_fields_do_not_mix():
    with pytest.raises(FieldError):
        number(0, 1, 2) + number(0, 1, 3)
    with pytest.raises(DataError):
        number(0, 1, -1)


# --- reading -------------------------------------------------------------------------------------


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_float64_is_the_dyadic_it_stores(x):
    assert exact(x) == q(Fraction(x))
    assert to_float(exact(x)) == x


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_float32_is_the_dyadic_it_stores(x):
    assert exact(np.float32(x)) == q(Fraction(x))
    assert exact(np.float16(0.1)) == q(Fraction(float(np.float16(0.1))))


def test_longdouble_keeps_its_bits():
    x = np.longdouble(1) + np.finfo(np.longdouble).eps
    assert exact(x) == q(Fraction(*x.as_integer_ratio())) != exact(float(np.longdouble(1)))
    assert exact_array(np.array([x]))[0] == exact(x)


@given(st.integers(), st.fractions())
def test_integers_and_fractions(n, f):
    assert exact(n) == q(n) and exact(f) == q(f) and exact(str(f)) == q(f)
    assert exact(sympy.Integer(n)) == q(n)
    assert exact(sympy.Rational(f.numerator, f.denominator)) == q(f)


def test_the_rest_of_what_is_read():
    assert exact("0.1") == fmpq(1, 10) != exact(0.1)
    assert exact(np.int8(-3)) == -3 and exact(np.uint64(2**64 - 1)) == 2**64 - 1
    z = exact(0.5 - 2j)
    assert real_part(z) == fmpq(1, 2) and imaginary_part(z) == -2
    assert isinstance(exact(3 + 0j), fmpq)
    vector = exact_vector([[1], ["2/3"], [0.25]], length=3)
    assert vector.shape == (3,) and vector[1] == fmpq(2, 3)


@pytest.mark.parametrize(
    "value",
    [
        math.nan,
        math.inf,
        -math.inf,
        np.float32("nan"),
        np.longdouble("inf"),
        complex(0, math.nan),
        True,
        np.bool_(False),
        None,
        "x",
        "1/0",
        "nan",
        "inf",
        [1],
        sympy.sqrt(2),
        sympy.Symbol("x"),
        object(),
    ],
)
def test_what_is_no_number_is_refused(value):
    with pytest.raises(DataError):
        exact(value)


def test_entries_of_different_types_are_not_converted_to_one():
    """As numpy would do, which rounds 2^60 + 1 to float64."""
    assert exact_array([2**60 + 1, 0.5]).tolist() == [2**60 + 1, fmpq(1, 2)]
    assert exact_array([[1, "2/3"], (0.5, fmpq(1, 7))]).tolist() == [[1, fmpq(2, 3)], [fmpq(1, 2), fmpq(1, 7)]]
    assert exact_array([]).shape == (0,) and exact_array([[]]).shape == (1, 0)
    with pytest.raises(DataError, match="one length"):
        exact_array([[1, 2], [3]])
    with pytest.raises(DataError, match="entry 2: a number is needed, got the truth value"):
        exact_array([1, True])


@pytest.mark.parametrize("text", ["1" * 4301, "1/" + "1" * 4301, "1" * 10**6, "1_0", "1e100000", "\u0661", "1/2e3"])
def test_texts_that_are_no_numbers_are_refused_in_one_short_line(text):
    with pytest.raises(DataError) as caught:
        exact(text)
    assert len(str(caught.value)) < 200 and "\n" not in str(caught.value)


@pytest.mark.parametrize("data", [[True, False], [1.0, math.nan], ["a"], [[1, 2], [3, 4]], [], 7])
def test_vectors_are_refused(data):
    with pytest.raises(DataError):
        exact_vector(data, length=2)


# --- rounding ------------------------------------------------------------------------------------


@given(st.fractions(), st.integers(-20, 80))
def test_dyadic_nearest(x, bits):
    grid = Fraction(2) ** -bits
    result = fraction(dyadic_nearest(q(x), bits=bits))
    assert (result / grid).denominator == 1 and abs(result - x) <= grid / 2
    if abs(result - x) == grid / 2:
        assert result > x


@given(st.fractions(min_value=0), st.integers(-20, 80))
def test_sqrt_upper_is_the_least_multiple_above_the_root(x, bits):
    grid = Fraction(2) ** -bits
    result = fraction(sqrt_ceiling(q(x), bits=bits))
    assert (result / grid).denominator == 1 and result >= 0 and result**2 >= x
    assert result == 0 or (result - grid) ** 2 < x


@given(st.fractions(min_value=0))
def test_roots(x):
    root = rational_sqrt(q(x * x))
    assert root == q(x) and sqrt(q(x * x)) == q(x)
    value = sqrt(q(x))
    assert value * value == q(x) and sign(value) >= 0
    assume(x > 0)
    assert rational_sqrt(q(-x)) is None
    with pytest.raises(DataError):
        sqrt(q(-x))


def test_powers():
    assert power_of_two(5) == 32 and power_of_two(-5) == fmpq(1, 32)
    assert power_of_ten(3) == 1000 and power_of_ten(-3) == fmpq(1, 1000)


def test_to_float_rounds_once_and_refuses_overflow():
    assert to_float(1 + power_of_two(-53)) == 1.0
    assert to_float(1 + power_of_two(-53) + power_of_two(-200)) == 1 + 2**-52
    with pytest.raises(DataError):
        to_float(power_of_two(5000))


# --- vectors -------------------------------------------------------------------------------------


@given(st.lists(st.complex_numbers(max_magnitude=1e6, allow_nan=False), min_size=1, max_size=5))
def test_inner_norm_adjoint(values):
    u = exact_array(np.array(values))
    expected = sum(Fraction(z.real) ** 2 + Fraction(z.imag) ** 2 for z in values)
    assert norm2(u) == q(expected) == inner(u, u)
    assert (adjoint(u.reshape(1, -1)) == np.array([[conjugate(z)] for z in u], dtype=object)).all()


@pytest.mark.parametrize("read", [lambda text: exact_matrix([text, text]), exact_matrix, matrices.exact_column])
@pytest.mark.parametrize("text", ["12", b"12"])
def test_the_digits_of_a_text_are_no_row(read, text):
    """[["12"]] is a matrix, and ["12", "34"] is not [[1, 2], [3, 4]]."""
    with pytest.raises(DataError, match="list of numbers"):
        read(text)
    assert exact_matrix([["12"]]) == exact_matrix([[12]])

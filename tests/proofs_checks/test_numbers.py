"""Z[√s][i] against exact rational reasoning of another kind: enclosures by integer square roots."""

from math import isqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from proofs_checks.checker.core.numbers import (
    Exact,
    Gaussian,
    Ratio,
    Surd,
    Vector,
    abs2,
    ceiling,
    conj,
    exact_quotient,
    number,
    real,
    real_part,
    sign,
)
from tests.proofs_checks.builders import F

BITS = 4096
huge = st.integers(min_value=-(2**BITS), max_value=2**BITS)
small = st.integers(min_value=-20, max_value=20)
roots = st.integers(min_value=2, max_value=2**BITS).filter(lambda s: isqrt(s) ** 2 != s)
small_roots = st.sampled_from([2, 3, 5, 6, 7, 8, 99])


def enclosure(a, b, s, bits):
    """Rational bounds of a + b√s, 2^-bits apart."""
    scaled = isqrt(b * b * s * 4**bits)
    low, high = F(scaled, 2**bits), F(scaled + 1, 2**bits)
    return (a + low, a + high) if b >= 0 else (a - high, a - low)


def reals(s, integers=small):
    return st.builds(lambda a, b: real(a, b, s), integers, integers)


def numbers(s):
    return st.builds(number, reals(s), reals(s))


@given(huge, huge, roots)
def test_sign_of_huge_numbers(a, b, s):
    low, high = enclosure(a, b, s, 4)
    if low > 0 or high < 0:
        assert sign(real(a, b, s)) == (1 if low > 0 else -1)


@given(st.integers(1, 2**BITS), roots)
def test_sign_next_to_zero(b, s):
    """A = ⌊b√s⌋ is the integer nearest below, so that A - b√s < 0 < A + 1 - b√s."""
    a = isqrt(b * b * s)
    assert sign(real(a, -b, s)) == -1
    assert sign(real(a + 1, -b, s)) == 1
    assert sign(real(-a, b, s)) == 1
    assert sign(real(-a - 1, b, s)) == -1


@pytest.mark.parametrize(("a", "b", "expected"), [(0, 0, 0), (0, 1, 1), (0, -1, -1), (1, 1, 1), (-1, -1, -1)])
def test_sign_of_small_numbers(a, b, expected):
    assert sign(real(a, b, 2)) == expected


@given(huge, huge, roots, st.integers(1, 2**BITS))
def test_ceiling(a, b, s, den):
    n, x = ceiling(real(a, b, s), den), real(a, b, s)
    assert sign(n * den + -x) >= 0 > sign((n - 1) * den + -x)


@given(st.data(), small_roots)
def test_ring_laws(data, s):
    x, y, z = (data.draw(numbers(s)) for _ in range(3))
    assert x + y == y + x
    assert x * y == y * x
    assert (x * y) * z == x * (y * z)
    assert x * (y + z) == x * y + x * z
    assert x + -x == 0
    assert conj(x * y) == conj(x) * conj(y)
    assert abs2(x * y) == abs2(x) * abs2(y)
    assert abs2(x) == x * conj(x)


@given(st.data(), small_roots)
def test_integers_stay_integers(data, s):
    x, y = data.draw(numbers(s)), data.draw(numbers(s))
    for z in (x + y, x * y, x + -x, x * conj(x)):
        if isinstance(z, Gaussian):
            assert z.im and not isinstance(z.im, Gaussian)
        elif isinstance(z, Surd):
            assert z.b
        else:
            assert type(z) is int


@given(st.data(), small_roots)
def test_product_against_complex_numbers(data, s):
    x, y = data.draw(numbers(s)), data.draw(numbers(s))

    def value(z):
        if isinstance(z, Gaussian):
            return complex(value(z.re).real, value(z.im).real)
        return complex(z.a + z.b * z.s**0.5) if isinstance(z, Surd) else complex(z)

    assert value(x * y) == pytest.approx(value(x) * value(y), abs=1e-6)


@given(st.data(), small_roots)
def test_exact_quotient_undoes_a_product(data, s):
    x, d = data.draw(numbers(s)), data.draw(reals(s))
    assume(d)
    assert exact_quotient(x * d, d) == x


@given(huge, huge, huge, roots)
def test_exact_quotient_of_huge_numbers(a, b, c, s):
    divisor = real(c, a, s)
    assume(divisor)
    assert exact_quotient(real(a, b, s) * divisor, divisor) == real(a, b, s)


@given(small, st.integers(1, 20), small, st.integers(1, 20))
def test_ratio_against_fractions(a, b, c, d):
    x, y = Ratio(a, b), Ratio(c, d)
    assert (x <= y) == (F(a, b) <= F(c, d))
    assert (x == y) == (F(a, b) == F(c, d))
    assert x + y == Ratio((F(a, b) + F(c, d)).numerator, (F(a, b) + F(c, d)).denominator)
    assert x * y == Ratio(a * c, b * d)
    assert -x == Ratio(-a, b)


def test_equality_of_different_types():
    assert Ratio(1, 2) != 0.5
    assert Surd(0, 1, 2) != 1 and Surd(0, 1, 2) != Surd(0, 1, 3)
    assert Gaussian(0, 1) != 0
    assert real_part(Gaussian(3, 1)) == 3 == real_part(3)


@given(st.data(), small_roots)
def test_adjoint(data, s):
    """<A x, g> = <x, A* g>."""
    rows, cols = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    entries = {(i, j): data.draw(numbers(s)) for i in range(rows) for j in range(cols)}
    a = Exact(rows, cols, 3, {p: z for p, z in entries.items() if z})
    x = Vector([data.draw(numbers(s)) for _ in range(cols)], 5)
    g = Vector([data.draw(numbers(s)) for _ in range(rows)], 7)
    ax, ag = a.times(x), a.adjoint_times(g)
    assert (ax.den, ag.den) == (15, 21)
    left = sum((p * conj(q) for p, q in zip(ax.items, g.items, strict=True)), start=0)
    right = sum((p * conj(q) for p, q in zip(x.items, ag.items, strict=True)), start=0)
    assert left == right


def test_difference_of_vectors():
    assert Vector([1, 2], 2).minus(Vector([1, 1], 3)) == Vector([1, 4], 6)
    assert Vector([3, Gaussian(0, 4)], 5).norm2() == Ratio(1, 1)

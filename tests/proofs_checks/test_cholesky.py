"""Factors with what they miss, rationals of few bits, and what is known of data."""

from itertools import combinations
from math import isqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from proofs_checks.checker.parts.cholesky import approximate_inverse, least_eigenvalue
from proofs_checks.checker.parts.precision import decode_precision
from proofs_checks.checker.parts.short import above, below, down, root_down, root_up, up
from tests.proofs_checks.builders import F
from tests.proofs_checks.data_builders import entries, norm, precision, vectors

positive = st.builds(F, st.integers(1, 10**6), st.sampled_from([1, 3, 7, 2**10, 10**9]))


def determinant(rows):
    """By its first row."""
    if not rows:
        return F(1)
    parts = ([row[:j] + row[j + 1 :] for row in rows[1:]] for j in range(len(rows)))
    return sum((-1) ** j * a * determinant(part) for j, (a, part) in enumerate(zip(rows[0], parts, strict=True)))


def least_minor(rows):
    """The least principal minor: none is negative if and only if no eigenvalue is."""
    chosen = (part for count in range(1, len(rows) + 1) for part in combinations(range(len(rows)), count))
    return min(determinant([[rows[j][k] for k in part] for j in part]) for part in chosen)


def less(gram, den, shift):
    return [[F(a, den) - shift * (j == k) for k, a in enumerate(row)] for j, row in enumerate(gram)]


@st.composite
def grams(draw, *, full=False):
    """Products of a few integer vectors, over a denominator; singular if there are fewer rows than columns."""
    size = draw(st.integers(1, 4))
    rows = draw(st.lists(vectors(st.integers(-9, 9), size), min_size=size if full else 1, max_size=5))
    return [[sum(r[j] * r[k] for r in rows) for k in range(size)] for j in range(size)], draw(st.integers(1, 1000))


@given(grams(), positive)
def test_a_lower_bound_of_the_least_eigenvalue_is_one(made, shift):
    gram, den = made
    found = least_eigenvalue(gram, den, shift)
    definite = least_minor(less(gram, den, shift)) > 0
    assert found is None or (0 < found <= shift and least_minor(less(gram, den, found)) >= 0)
    # rounding loses so little that only what is nearly singular is lost
    if definite and least_minor(less(gram, den, shift * (1 + F(1, 2**20)))) > 0:
        assert found is not None and found >= shift * (1 - F(1, 2**40))


@pytest.mark.parametrize("power", [0, 1, 10, 40, 200])
def test_the_bound_is_not_beyond_the_least_eigenvalue_by_a_unit(power):
    """4 and 6 are the eigenvalues, over the power of 2; too large a shift is lowered, or has no factor."""
    gram, shift = [[5, 1], [1, 5]], F(4, 2**power)
    assert least_eigenvalue(gram, 2**power, shift * (1 - F(1, 2**30))) is not None
    for more in (20, 40, 60, 80):
        found = least_eigenvalue(gram, 2**power, shift * (1 + F(1, 2**more)))
        assert found is None or (more > 40 and found < shift)


def test_a_matrix_of_no_rows_has_any_bound():
    assert least_eigenvalue([], 1, F(1, 3)) == F(1, 3)


@pytest.mark.parametrize("gram", [[[0]], [[-1]], [[1, 1], [1, 1]], [[1, 2], [2, 1]], [[1, 0, 0], [0, 1, 0], [0, 0, 0]]])
@pytest.mark.parametrize("shift", [F(1), F(1, 10**6), F(1, 2**300)])
def test_singular_and_indefinite_matrices_have_no_bound(gram, shift):
    assert least_eigenvalue(gram, 1, shift) is None


@given(grams(full=True))
def test_an_approximate_inverse_is_near(made):
    gram, den = made
    shift = F(1, 1000 * den)
    assume(least_minor(less(gram, den, shift)) > 0)
    inverse, bits = approximate_inverse(gram, den, shift)
    size = range(len(gram))
    assert all(inverse[j][k] == inverse[k][j] for j in size for k in size)
    for j in size:
        for k in size:
            product = F(sum(inverse[j][i] * gram[i][k] for i in size), den << bits)
            assert abs(product - (j == k)) < F(1, 2**20)


@given(st.integers(-(10**40), 10**40) | st.integers(-50, 50), st.integers(1, 10**40) | st.integers(1, 50))
def test_short_numbers_are_beside_long_ones(num, den):
    x = F(num, den)
    low, high = down(num, den), up(num, den)
    assert low <= x <= high and high - low <= abs(x) / 2**62
    assert low <= below(x) <= x <= above(x) <= high or x.denominator != den
    assert below(x) <= x <= above(x)
    assert all(end.numerator.bit_length() <= 66 or end.denominator == 1 for end in (low, high))
    low, high = root_down(abs(num), den), root_up(abs(num), den)
    assert low**2 <= abs(x) <= high**2 and high - low <= high / 2**60


@given(st.integers(0, 2**63), st.integers(0, 200))
def test_numbers_of_few_bits_are_kept(num, power):
    """And so are their squares' roots: a comparison that holds by one unit is decided exactly."""
    x = F(num, 2**power)
    assert down(num, 2**power) == up(num, 2**power) == x
    assert root_down(num**2, 4**power) == root_up(num**2, 4**power) == x
    assert root_up(num**2 + 1, 4**power) > x or isqrt(num) == 0


@given(st.sampled_from([1, 3]), st.sampled_from([1, 2]), st.data())
def test_radii_repeat_a_row_or_a_column(rows, cols, data):
    values = data.draw(vectors(vectors(st.sampled_from([F(0), F(1, 3), F(2)]), cols), rows))
    radius = decode_precision(precision(entries(values)), "precision", 3, 2).matrix
    whole = [[values[i % rows][j % cols] for j in range(2)] for i in range(3)]
    assert [[radius.entry(i, j) for j in range(2)] for i in range(3)] == whole
    assert [radius.line(i) for i in range(3)] == whole
    assert [[F(a, radius.entries.den) for a in radius.column(j)] for j in range(2)] == [
        list(c) for c in zip(*whole, strict=True)
    ]
    assert radius.nothing == (not any(map(any, whole)))


def test_a_norm_has_no_entries():
    radius = decode_precision(precision(norm(0), norm(F(1, 2))), "precision", 3, 2).matrix
    assert radius.nothing and radius.norm == 0
    for read in (radius.entry, lambda i, _: radius.column(i)):
        with pytest.raises(ValueError, match="known by its norm"):
            read(0, 0)

"""Exact numbers as certificates write them: what the reading half of the format reads is what was written."""

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from exact_base.encoding import common_root, encode_array, encode_entries, encode_fraction
from exact_base.errors import FieldError
from exact_base.scalars import ComplexNumber, imaginary_part, real_part, sqrt
from proofs_checks.certificate.reading import decode_matrix, decode_rational

rationals = st.fractions(max_denominator=10**6).map(lambda value: fmpq(value.numerator, value.denominator))
ROOT2 = sqrt(fmpq(2))
reals = st.builds(lambda a, b, c: a + sqrt(fmpq(2 * c * c)) * b, rationals, rationals, st.integers(1, 5))
entries = st.one_of(rationals, reals, st.builds(ComplexNumber, reals, reals))


def array(values):
    result = np.empty(len(values), dtype=object)
    result[:] = values
    return result


def decoded(encoded, root):
    """The entries again, from numerators a + b√s + i(c + d√s) over one denominator."""
    found = decode_matrix(encoded, "x", rational=False)
    result = np.full((found.rows, found.cols), fmpq(0), dtype=object)
    for place, (a, b, c, d) in found.entries.items():
        re, im = (sqrt(fmpq(root)) * fmpq(y, found.den) + fmpq(x, found.den) for x, y in ((a, b), (c, d)))
        result[place] = ComplexNumber(re, im) if im != 0 else re
    return result


def same(one, other):
    return real_part(one) == real_part(other) and imaginary_part(one) == imaginary_part(other)


@given(rationals)
def test_a_fraction_comes_back(value):
    assert fmpq(*decode_rational(encode_fraction(value), "x")) == value


@given(st.lists(entries, min_size=1, max_size=6))
def test_an_array_comes_back(values):
    vector = array(values)
    root = common_root(vector)
    found = decoded(encode_array(vector, root), root)
    assert found.shape == (len(values), 1)
    assert all(same(one, other) for one, other in zip(found[:, 0], values, strict=True))
    wide = decoded(encode_array(vector[None], root), root)
    assert wide.shape == (1, len(values)) and all(same(a, b) for a, b in zip(wide[0], found[:, 0], strict=True))


@given(st.lists(entries, min_size=4, max_size=4), st.sets(st.tuples(st.integers(0, 1), st.integers(0, 1))))
def test_what_is_not_given_is_zero(values, places):
    matrix = array(values).reshape(2, 2)
    given_ = {place: matrix[place] for place in places}
    kept = np.full((2, 2), fmpq(0), dtype=object)
    for place, entry in given_.items():
        kept[place] = entry
    root = common_root(matrix)
    assert encode_entries(given_, root, rows=2, cols=2) == encode_array(kept, root)


@pytest.mark.parametrize(
    ("values", "root"),
    [
        ([fmpq(1)], 0),
        ([fmpq(1), ROOT2], 2),
        ([sqrt(fmpq(1, 2))], 2),
        ([sqrt(fmpq(8)), ROOT2], 8),
        ([ComplexNumber(fmpq(1), sqrt(fmpq(2, 3)))], 6),
        ([sqrt(fmpq(4))], 0),
    ],
)
def test_the_root_of_all_entries(values, root):
    assert common_root(array(values)) == root
    assert common_root(array([fmpq(3)]), array(values)) == root


def test_two_fields_do_not_go_into_one_certificate():
    both = array([ROOT2, sqrt(fmpq(3))])
    with pytest.raises(FieldError, match="does not lie in Q"):
        common_root(both)
    for root in (0, 2):
        with pytest.raises(FieldError, match="write one certificate for each field"):
            encode_array(both, root)

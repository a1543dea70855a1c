"""Numbers and vectors as text between processes: what is read is what was written, and nothing else is read."""

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from exact_base.errors import DataError
from exact_base.scalars import ComplexNumber, sqrt
from exact_base.text import number_from_text, number_to_text, slug, vector_from_text, vector_to_text

rationals = st.fractions().map(lambda value: fmpq(value.numerator, value.denominator))
scalars = st.one_of(rationals, st.builds(ComplexNumber, rationals, rationals.filter(bool)))


@given(rationals)
def test_a_number_comes_back(value):
    text = number_to_text(value)
    assert number_from_text(text) == value and text.isascii() and " " not in text and "|" not in text


@given(st.lists(scalars, min_size=1, max_size=6))
def test_a_vector_comes_back(entries):
    found = vector_from_text(vector_to_text(entries), length=len(entries))
    assert found.shape == (len(entries),) and found.dtype == object and found.tolist() == entries


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", fmpq(0)), ("-ff", fmpq(-255)), ("1/2", fmpq(1, 2)), ("2/4", fmpq(1, 2)), ("00a", fmpq(10))],
)
def test_numbers(text, value):
    assert number_from_text(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "g",
        "FF",
        "+1",
        "0x1",
        "1/0",
        "1/-2",
        "1/",
        "/2",
        "1/02",
        "1 ",
        " 1",
        "1\n",
        "1.5",
        "1_0",
        "١",
        None,
        1,
        b"1",
    ]
    + ["1" * (2**20 + 1)],
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(DataError):
        number_from_text(text)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 1),
        ("1", 2),
        ("1 2", 1),
        ("1  2", 2),
        ("1 2 ", 2),
        ("1|", 1),
        ("|1", 1),
        ("1|2|3", 1),
        ("1\t2", 2),
        (None, 1),
        (3, 1),
    ],
)
def test_what_is_no_vector_is_refused(text, length):
    with pytest.raises(DataError):
        vector_from_text(text, length=length)


def test_what_is_irrational_is_not_sent():
    for entry in (sqrt(fmpq(2)), ComplexNumber(fmpq(1), sqrt(fmpq(2)))):
        with pytest.raises(DataError, match="only rational numbers can be sent"):
            vector_to_text(np.array([fmpq(1), entry], dtype=object))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sklearn-lasso", "sklearn-lasso"),
        ("package.module:Attr", "package-module-attr"),
        ("/home/me/my ridge.py:solve", "my-ridge-py-solve"),
        ("--x--", "x"),
        ("[red]a/b", "red-a-b"),
        ("é", ""),
        ("x" * 100_000, "x" * 80),
        ("x" * 79 + " y", "x" * 79),
    ],
)
def test_names_of_files(name, expected):
    assert slug(name) == expected

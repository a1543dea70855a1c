"""Fields of JSON and TOML files: what is read is what they say, exactly, and everything else is refused."""

import json
import math
from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from exact_base.errors import DataError, UsageError
from exact_base.fields import (
    load_document,
    read_real,
    read_real_vector,
    read_scalar,
    read_scalar_matrix,
    read_scalar_vector,
    require_keys,
)
from exact_base.grammar import surd_terms
from exact_base.scalars import ComplexNumber, sqrt

fractions = st.fractions(min_value=-1000, max_value=1000, max_denominator=1000)


def q(value):
    return fmpq(value.numerator, value.denominator)


@given(
    st.lists(st.tuples(fractions, st.sampled_from([None, 2, Fraction(1, 2), 8, 18])), min_size=1, max_size=5), st.data()
)
def test_a_sum_is_the_sum_of_its_terms(terms, data):
    """All radicands are in Q(√2)."""
    blank = st.sampled_from(["", " ", "  "])
    text, expected = "", fmpq(0)
    for k, (factor, root) in enumerate(terms):
        sign = "-" if factor < 0 else "+" if k else data.draw(st.sampled_from(["", "+"]))
        text += (
            data.draw(blank) + sign + data.draw(blank) + str(abs(factor)) + ("" if root is None else f"*sqrt({root})")
        )
        expected = expected + (fmpq(1) if root is None else sqrt(q(Fraction(root)))) * q(factor)
    assert read_real(text) == expected
    assert len(surd_terms(text)) == len(terms)


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0), ("-0", 0), ("1.", 1), (".5", 0.5), ("1e2", 100), ("-1.5E-1", Fraction(-3, 20)), ("2 ", 2), (" 2", 2)],
)
def test_numbers_are_written_as_everywhere(text, value):
    assert read_real(text) == q(Fraction(value))


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "+", "1 1", "1+", "+-1", "1--1", "1_000", "٣", "0x10", "1/2/3", "1e5/3", "1/-2", "1/0", "inf", "nan",
        "sqrt()", "sqrt(2", "sqrt(-1)", "sqrt(1 )", "2sqrt(2)", "2*3", "sqrt(2)*2", "sqrt(2)sqrt(2)", "1e100000",
        "9" * 4301, "sqrt(2) + sqrt(3)", 10**3 + 1j, None, True, [1], {},
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused(text):
    with pytest.raises(DataError):
        read_real(text)


def test_a_long_text_takes_no_long_time():
    """Linear in its length; a hundred thousand blanks or signs would take minutes otherwise."""
    for text in (" " * 100_000 + "x", "1" + " +" * 50_000, "1" * 100_000 + "x"):
        with pytest.raises(DataError):
            read_real(text)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_the_dyadic_it_stores(value):
    assert read_real(value) == fmpq(*value.as_integer_ratio())


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_no_float_that_is_no_number(value):
    for read in (read_real, read_scalar, lambda x: read_real_vector([x]), lambda x: read_scalar_matrix([[x]])):
        with pytest.raises(DataError):
            read(value)


def test_complex_numbers_are_tables():
    assert read_scalar({"re": "1/2", "im": "sqrt(2)"}) == ComplexNumber(fmpq(1, 2), sqrt(fmpq(2)))
    assert read_scalar({"re": 3, "im": 0}) == fmpq(3)
    for table in ({"re": 1}, {"re": 1, "im": 2, "abs": 3}, {}, {"re": 1, "im": {"re": 1, "im": 1}}):
        with pytest.raises(DataError):
            read_scalar(table)


@given(st.lists(st.lists(fractions, min_size=2, max_size=2), min_size=1, max_size=3))
def test_vectors_and_matrices(rows):
    texts = [[str(entry) for entry in row] for row in rows]
    matrix = read_scalar_matrix(texts)
    assert matrix.shape == (len(rows), 2) and matrix.tolist() == [[q(entry) for entry in row] for row in rows]
    for read in (read_real_vector, read_scalar_vector):
        assert read(texts[0]).shape == (2,) and read(texts[0]).tolist() == matrix[0].tolist()


@pytest.mark.parametrize("value", ["12", b"12", None, 3, {"a": 1}, [[1]], [None]])
def test_what_is_no_list_of_numbers_is_refused(value):
    for read in (read_real_vector, read_scalar_vector):
        with pytest.raises(DataError):
            read(value)


@pytest.mark.parametrize("rows", [[], [[]], [[1], [1, 2]], "12", ["12", "34"], [1, 2], None, {"a": [1]}])
def test_what_is_no_matrix_is_refused(rows):
    with pytest.raises(DataError):
        read_scalar_matrix(rows)
    assert isinstance(read_scalar_matrix([[1]]), np.ndarray)


@pytest.mark.parametrize(
    ("description", "said"),
    [
        ({"a": 1}, "lacks b"),
        ({}, "lacks a, b"),
        ({"a": 1, "b": 2, "d": 3}, "unknown key 'd'"),
        ([1], "must be a table with the keys a, b"),
        (None, "must be a table"),
    ],
)
def test_keys(description, said):
    with pytest.raises(UsageError, match=f"^it .*{said}"):
        require_keys(description, ("a", "b"), "it", optional=("c",))
    for fine in ({"a": 1, "b": 2}, {"a": 1, "b": 2, "c": 3}):
        assert require_keys(fine, ("a", "b"), "it", optional=("c",)) is fine


def test_documents(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({"x": [1, "é"]}), encoding="utf-8")
    (tmp_path / "a.toml").write_text('x = [1, "é"]', encoding="utf-8")
    assert load_document(tmp_path / "a.json") == load_document(tmp_path / "a.toml") == {"x": [1, "é"]}
    (tmp_path / "b.json").write_text("x = 1")
    (tmp_path / "b.toml").write_text('{"x": 1}')
    (tmp_path / "c.json").write_bytes(b"\xff")
    (tmp_path / "d.json").write_text("[" * 100_000)
    for name in ("b.json", "b.toml", "c.json", "d.json"):
        with pytest.raises(UsageError, match="is neither JSON nor TOML as its ending says"):
            load_document(tmp_path / name)
    for path in (tmp_path / "missing.json", tmp_path):
        with pytest.raises(UsageError, match=r"^cannot read "):
            load_document(path)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '{"x": {"y": 1, "z": 2, "y": 1}}'),
        ("a.json", '[{"y": 1}, {"y": 1, "y": 2}]'),
        ("a.toml", "[x]\ny = 1\ny = 1"),
    ],
)
def test_a_key_that_occurs_twice_is_refused(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    with pytest.raises(UsageError, match=r"as its ending says: (the key 'y' occurs twice|Cannot overwrite a value)"):
        load_document(tmp_path / name)


def test_a_key_may_occur_in_several_tables(tmp_path):
    (tmp_path / "a.json").write_text('[{"y": 1}, {"y": {"y": 2}}]')
    assert load_document(tmp_path / "a.json") == [{"y": 1}, {"y": {"y": 2}}]


@pytest.mark.parametrize(("digits", "is_read"), [(4300, True), (4301, False)])
def test_an_integer_with_too_many_digits_spoils_only_its_place(tmp_path, digits, is_read):
    text = "7" * digits
    (tmp_path / "a.json").write_text(f'{{"x": {text}, "y": -2}}')
    document = load_document(tmp_path / "a.json")
    assert document["y"] == -2
    if is_read:
        assert read_real(document["x"]) == fmpq(int(text))
    else:
        with pytest.raises(DataError, match="more than 4300 digits in a row"):
            read_real(document["x"])

"""What is printed of a number: half a unit of its last digit, whatever way it is written."""

import json
from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from exact_base.errors import DataError, UsageError
from exact_base.grammar import half_unit
from exact_base.readers import read_printed, read_table, read_vector

WRITTEN = {
    "2": "1/2",
    "0": "1/2",
    "-31": "1/2",
    "+7": "1/2",
    "100": "1/2",
    "100.": "1/2",
    "0.0": "1/20",
    "0.10": "1/200",
    ".5": "1/20",
    "-0.5": "1/20",
    "1e3": "500",
    "1E+3": "500",
    "1.5e3": "50",
    "12.50e2": "1/2",
    "1.50e-3": "1/200000",
    "1e-05": "1/200000",
    "0.038075906433423026": "1/2000000000000000000",
}


@pytest.mark.parametrize(("text", "radius"), WRITTEN.items())
def test_half_a_unit_of_the_last_digit(text, radius):
    assert Fraction(*half_unit(text)) == Fraction(radius)


@pytest.mark.parametrize("text", ["1e", "1e+", "1,234.5", "1/3", "1_000", "0x1p3", "1-2j", "nan", "", "1e123456"])
def test_what_has_no_last_digit_is_refused(text):
    with pytest.raises(ValueError, match=r"\w"):
        half_unit(text)


@given(st.floats(-1e12, 1e12), st.integers(0, 17), st.sampled_from("ef"))
def test_a_number_that_was_rounded_to_the_print_is_within_it(number, digits, form):
    text = f"{number:.{digits}{form}}"
    radius = Fraction(*half_unit(text))
    assert abs(Fraction(number) - Fraction(text)) <= radius
    # the number counts units of its last digit, as its digits say
    assert abs(Fraction(text)) / (2 * radius) == int("".join(c for c in text.partition("e")[0] if c.isdigit()))


TABLE = "age,bmi,dose\n31,0.50,1e-3\n40,21,1.5\n"
RADII = [["1/2", "1/200", "1/2000"], ["1/2", "1/2", "1/20"]]
FORMS = {
    "X.csv": TABLE,
    "X.tsv": TABLE.replace(",", "\t"),
    "X.txt": TABLE.replace(",", "   "),
    "quoted.csv": "\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in TABLE.split()),
    "X.json": "[[31, 0.50, 1e-3], [40, 21, 1.5]]",
    "texts.json": json.dumps([["31", "0.50", " 1e-3"], ["40", "21", "1.5"]]),
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_of_text_has_its_digits_and_its_names(tmp_path, name):
    (tmp_path / name).write_text(FORMS[name])
    table, radii = read_printed(tmp_path / name)
    plain = read_table(tmp_path / name)
    assert table.matrix == plain.matrix and table.columns == plain.columns and plain.printed is None
    assert [[str(fmpq(a, radii.den)) for a in row] for row in radii.re.tolist()] == RADII


def test_a_vector_is_a_column_whichever_way_it_lies(tmp_path):
    for name, text in {
        "column.csv": "0.5\n10\n2.00\n",
        "row.csv": "0.5,10,2.00\n",
        "y.json": "[0.5, 10, 2.00]",
    }.items():
        (tmp_path / name).write_text(text)
        table, radii = read_printed(tmp_path / name, 3)
        assert table.matrix == read_vector(tmp_path / name, 3)
        assert (radii.rows, radii.cols) == (3, 1)
        assert [str(fmpq(a, radii.den)) for a in radii.re.entries()] == ["1/20", "1/2", "1/200"]


def test_binary_files_have_no_digits_and_fractions_neither(tmp_path):
    np.save(tmp_path / "X.npy", np.ones((2, 2), dtype=int))
    np.savez(tmp_path / "X.npz", X=np.ones((2, 2)))
    for name in ("X.npy", "X.npz"):
        with pytest.raises(DataError, match="no printed digits; say how near they are with a number"):
            read_printed(tmp_path / name)
    (tmp_path / "X.csv").write_text("0.5,1/3\n")
    with pytest.raises(DataError, match=r"row 1, column 2: '1/3' is a fraction, and has no last digit; say how near"):
        read_printed(tmp_path / "X.csv")
    (tmp_path / "matrix.json").write_text(json.dumps({"cols": "1", "den": "1", "entries": [], "rows": "1"}))
    with pytest.raises(DataError):
        read_printed(tmp_path / "matrix.json")
    for name in ("none.npy", "none.csv"):
        with pytest.raises((UsageError, DataError)):
            read_printed(tmp_path / name)

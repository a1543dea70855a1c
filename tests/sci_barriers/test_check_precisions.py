"""What is said of how near the data are: every way to say it, what it becomes, and what is refused in one line."""

import numpy as np
import pandas as pd
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from exact_base.errors import DataError, UsageError
from exact_base.matrices import exact_matrix
from sci_barriers.checks.precisions import EXACT, asked, asked_of, exact_places, stated
from sci_barriers.problems.determined.precision import Precision

NAMES = ("age", "sex", "bmi")
SHAPE = (2, 3)


def entries(radius, shape=SHAPE):
    return [[radius.entry(i, j) for j in range(shape[1])] for i in range(shape[0])]


def known(matrix=EXACT, data=EXACT, **more) -> tuple[Precision, str, tuple[str, ...]]:
    found = stated(matrix, data, shape=SHAPE, names=NAMES, **more)
    return found.precision, found.words, found.notes


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("printed", "printed", None),
        ("0.05", "number", "1/20"),
        ("1/3", "number", "1/3"),
        ("norm:1e-2", "norm", "1/100"),
    ],
)
def test_an_option_says_one_of_four_things(text, kind, value):
    found = asked(text, "--x-precision")
    assert (found.kind, None if found.value is None else str(found.value)) == (kind, value)
    assert asked("r/radii.CSV", "--x-precision").kind == "file" and asked(None, "--x-precision") is EXACT


@pytest.mark.parametrize("text", ["-1", "norm:-0.1", "norm:", "norm:x", "nan", "print", "", "0.1.2", "radii"])
def test_what_says_nothing_is_refused_with_what_can_be_said(text):
    with pytest.raises((UsageError, DataError)) as refused:
        asked(text, "--y-precision")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("value", ["printed", "radii.csv", -1, float("nan"), "norm:-1", object(), {"a": 1}])
def test_in_python_there_is_no_file_and_nothing_is_printed(value):
    with pytest.raises((UsageError, DataError)):
        asked_of(value, "x_precision")


def test_the_forms_of_python_say_the_same():
    rows = [[0.5, 0, 0.25], [0.5, 0, 0.25]]
    forms = [rows, rows[:1], rows[0], np.array(rows[0]), pd.DataFrame(rows, columns=NAMES), exact_matrix(rows[:1])]
    for form in forms:
        precision, words, _ = known(asked_of(form, "x_precision"))
        assert entries(precision.matrix) == [[fmpq(1, 2), 0, fmpq(1, 4)]] * 2
        assert precision.data.nothing and words == "X: each entry to within its own radius, at most 0.5; y: exactly"
    precision, words, _ = known(asked_of(fmpq(1, 4), "x_precision"), asked_of([0.5, 1], "y_precision"))
    assert entries(precision.matrix) == [[fmpq(1, 4)] * 3] * 2 and entries(precision.data, (2, 1)) == [
        [fmpq(1, 2)],
        [1],
    ]
    assert words == "X: each entry to within 0.25; y: each entry to within its own radius, at most 1"
    precision, words, _ = known(asked_of("norm:1/8", "x_precision"), asked_of("norm:2", "y_precision"))
    assert (precision.matrix.norm, precision.data.norm) == (fmpq(1, 8), 2)
    assert words == "X: to within 0.125 in the spectral norm; y: to within 2 in the Euclidean norm"


@given(st.sets(st.integers(0, 2)), st.sampled_from(["number", "row", "matrix"]))
def test_exact_columns_have_no_radius_and_the_others_keep_theirs(exact, form):
    given_radii = {"number": 0.5, "row": [0.5, 0.25, 1], "matrix": [[0.5, 0.25, 1], [1, 2, 3]]}[form]
    before = entries(known(asked_of(given_radii, "x"))[0].matrix)
    after = entries(known(asked_of(given_radii, "x"), exact=sorted(exact))[0].matrix)
    assert after == [[0 if j in exact else value for j, value in enumerate(row)] for row in before]


def test_columns_are_found_by_name_or_number():
    assert exact_places(["sex", " 3 "], NAMES) == (1, 2) and exact_places([3, "age"], NAMES) == (0, 2)
    assert exact_places(["2"], ("1", "3", "2")) == (2,)  # a name before a number
    for wrong in (["dose"], ["0"], [4], ["-1"], [""]):
        with pytest.raises(UsageError, match="there is no column"):
            exact_places(wrong, NAMES)
    with pytest.raises(UsageError, match="several columns have the name 'x'"):
        exact_places(["x"], ("x", "x"))


def test_a_norm_has_no_exact_columns_and_radii_must_fit():
    with pytest.raises(UsageError, match="give a number or radii for its entries"):
        known(asked_of("norm:1", "x_precision"), exact=[0])
    for wrong in ([[1, 2]], [[1], [2], [3]], [1, 2], [[-1, 0, 0]]):
        with pytest.raises(DataError):
            known(asked_of(wrong, "x_precision"))
    with pytest.raises(DataError):
        known(EXACT, asked_of([1, 2, 3], "y_precision"))


def test_printed_integers_are_spoken_of():
    printed = {
        "matrix": exact_matrix([["1/2", "1/2", "1/20"], ["1/2", "1/2", "1/2"]]),
        "data": exact_matrix([["1/2"], [5]]),
    }
    both = asked("printed", "--x-precision"), asked("printed", "--y-precision")
    precision, words, notes = known(*both, printed=printed.__getitem__, exact=[1])
    assert entries(precision.matrix)[0] == [fmpq(1, 2), 0, fmpq(1, 20)]
    assert words.startswith(
        "X: as printed, to half a unit of the last digit, at most 0.5, and sex exactly; y: as printed"
    )
    assert [note.partition(" ")[0] for note in notes] == ["of", "of", "age", "y"]
    assert notes[0].startswith("of bmi some numbers have fewer decimals than others") and "of y some" in notes[1]
    assert notes[2].startswith("age has no decimals") and "--exact-columns" in notes[2]
    assert notes[3].startswith("y has no decimals")
    _, _, notes = known(both[0], EXACT, printed=printed.__getitem__)
    assert notes[1].startswith("age and sex have no decimals")


def test_the_number_with_most_decimals_may_speak_for_its_column():
    printed = {
        "matrix": exact_matrix([["1/2", "1/2", "1/20"], ["1/200", "1/2", "1/2"]]),
        "data": exact_matrix([["1/2"], ["1/2000"]]),
    }
    both = asked("printed-by-column", "--x-precision"), asked("printed-by-column", "--y-precision")
    precision, words, notes = known(*both, printed=printed.__getitem__)
    assert entries(precision.matrix) == [[fmpq(1, 200), fmpq(1, 2), fmpq(1, 20)]] * 2
    assert entries(precision.data, (2, 1)) == [[fmpq(1, 2000)]] * 2
    assert "the last digit of its column, at most 0.5" in words and len(notes) == 1  # sex

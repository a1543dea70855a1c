"""Reading matrices and vectors from files: exactly what the file stores, or one line that says what is wrong.

Here are the forms of files one by one; `test_odd_files.py` has many at random.
"""

import io
import json

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from exact_base.errors import DataError, UsageError
from exact_base.matrices import exact_matrix
from exact_base.readers import read_matrix, read_vector
from proofs_checks.certificate.reading import canonical_bytes

finite = st.floats(allow_nan=False, allow_infinity=False)
shapes = arrays.array_shapes(min_dims=2, max_dims=2, max_side=3)


def written(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def npy(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def npz(**members):
    buffer = io.BytesIO()
    np.savez(buffer, **members)
    return buffer.getvalue()


@given(arrays.arrays(np.float64, shapes, elements=finite))
def test_the_forms_of_a_file_say_the_same(tmp_path_factory, array):
    folder = tmp_path_factory.mktemp("forms")
    exact = exact_matrix(array.tolist())
    rows = array.tolist()
    texts = [[str(fmpq(*entry.as_integer_ratio())) for entry in row] for row in rows]
    contents = {
        "a.npy": npy(array),
        "a.npz": npz(anything=array),
        "a.csv": "# a remark\n" + "\n".join(" , ".join(row) for row in texts) + "\n\n",
        "b.csv": "\n".join(" ".join(row) + " # here" for row in texts),
        "a.json": json.dumps(texts),
        "b.json": canonical_bytes(exact.encode()),
    }
    for name, content in contents.items():
        header = "none" if name.endswith(".csv") else None
        assert read_matrix(written(folder, name, content), header=header) == exact, name


@pytest.mark.parametrize("kind", ["f2", "f4", "f8", "g", "i1", "u8", "c8", "c16"])
def test_every_kind_of_number_is_what_it_stores(tmp_path, kind):
    array = np.array([[0.1, 3], [5, 7]]).astype(kind)
    found = read_matrix(written(tmp_path, "a.npy", npy(array)))
    values = [[complex(entry) for entry in row] for row in array.tolist()] if kind != "g" else None
    assert values is None or found == exact_matrix(values)
    assert found.is_real and (found.rows, found.cols) == (2, 2)


def test_text_is_what_it_says(tmp_path):
    found = read_matrix(written(tmp_path, "a.json", '[[0.1, "1/3"], [1e-2, "1-2j"]]'))
    assert found == exact_matrix([["1/10", "1/3"], ["1/100", "1-2j"]])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.json", "[1, 2, 3]"), ("x.json", "[[1, 2, 3]]"), ("x.json", "[[1], [2], [3]]"), ("x.csv", "1,2,3"),
        ("x.csv", "1\n2\n3"), ("x.npy", npy(np.array([1.0, 2, 3]))), ("x.npy", npy(np.array([[1], [2], [3]]))),
    ],
)  # fmt: skip
def test_a_vector_is_a_column_a_row_or_a_list(tmp_path, name, content):
    path = written(tmp_path, name, content)
    assert read_vector(path, 3) == exact_matrix([[1], [2], [3]])
    with pytest.raises(DataError, match="a vector of length 2 is needed, not a matrix of"):
        read_vector(path, 2)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.json", "", "not JSON"),
        ("a.json", "[1, 2]", "a list of rows is needed"),
        ("a.json", "3", "a list of rows is needed"),
        ("a.json", "[]", "at least one entry"),
        ("a.json", "[[]]", "at least one entry"),
        ("a.json", "[[1], [1, 2]]", "one length; row 1 has 1, row 2 has 2"),
        ("a.json", "[[NaN]]", "NaN is not a finite number"),
        ("a.json", "[[Infinity]]", "Infinity is not a finite number"),
        ("a.json", "[[true]]", "row 1, column 1: a number is needed, got the truth value"),
        ("a.json", "[[0, null]]", "row 1, column 2: a number is needed, got None"),
        ("a.json", '[["x"]]', "not a number"),
        ("a.json", "[[1e100000]]", "exponent"),
        ("a.json", "[" * 100_000, "not JSON"),
        ("a.json", b"\xff", "not UTF-8"),
        ("a.csv", "1,,2", "row 1, column 2: the cell is empty"),
        ("a.csv", "1_000", "not a number"),
        ("a.csv", "nan", "not a number"),
        ("a.csv", "# nothing", "at least one entry"),
        ("a.npy", b"", "no array of numpy"),
        ("a.npy", b"nonsense", "no array of numpy"),
        ("a.npy", npy(np.array([[0, 1], [2, np.nan]])), "row 2, column 2: a finite number"),
        ("a.npy", npy(np.array([[np.inf]])), "finite"),
        ("a.npy", npy(np.array([1.0])), "a vector of length 1"),
        ("a.npy", npy(np.array([["a"]])), "row 1, column 1: 'a' is not a number"),
        ("a.npy", npy(np.array([[True]])), "array of numbers is needed, got dtype bool"),
        ("a.npz", npz(a=np.eye(2), b=np.eye(2)), "2 arrays, 'a', 'b'; say with --array"),
        ("a.npz", b"PK\x03\x04", "damaged"),
    ],
)
def test_what_holds_no_matrix_is_refused_in_one_line(tmp_path, name, content, said):
    path = written(tmp_path, name, content)
    with pytest.raises(DataError, match=said) as caught:
        read_matrix(path)
    assert str(caught.value).startswith(f"{path}") and "\n" not in str(caught.value)


def test_no_object_is_unpickled(tmp_path):
    path = written(tmp_path, "a.npy", b"")
    np.save(path, np.array([[object()]]), allow_pickle=True)
    with pytest.raises(DataError, match="pickled objects of Python, which are never opened"):
        read_matrix(path)


@pytest.mark.parametrize(
    ("name", "said"), [("a.xlsx", "must end in"), ("a", "must end in"), ("a.npy", "no such file"), ("", "must end in")]
)
def test_what_cannot_be_opened(tmp_path, name, said):
    with pytest.raises(UsageError, match=said):
        read_matrix(tmp_path / name)

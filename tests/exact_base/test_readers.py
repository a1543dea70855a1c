"""Reading matrices and vectors from files: exactly what the file stores, or one line that says what is wrong.

Here are the forms of files one by one; `test_odd_files.py` has many at random.
"""

import io
import json
import os
import sys
from decimal import Decimal
from fractions import Fraction
from zipfile import ZipFile

import h5py
import numpy as np
import pandas as pd
import pytest
import scipy.io
import scipy.sparse
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from exact_base.entries.memory import LIMIT_VARIABLE
from exact_base.errors import DataError, UsageError
from exact_base.matrices import exact_matrix
from exact_base.readers import read_matrix, read_table, read_vector
from exact_base.readers.options import settings
from exact_base.scalars import exact
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


def every_form(folder, array):
    """Files of one real or complex float array, as numpy, scipy and pandas write them."""
    np.save(folder / "a.npy", array)
    np.savez_compressed(folder / "a.npz", array)
    for number, form in enumerate((scipy.sparse.csr_array, scipy.sparse.coo_matrix, scipy.sparse.dia_array)):
        if array.dtype != np.float16:
            scipy.sparse.save_npz(folder / f"s{number}.npz", form(array))
    if array.dtype != np.float16:
        scipy.io.savemat(folder / "a.mat", {"A": array}, do_compression=True)
        scipy.io.savemat(
            folder / "s.mat", {"A": scipy.sparse.csc_array(array.astype(np.result_type(array, np.float64)))}
        )
    if array.dtype.kind == "f":
        names = [f"c{j}" for j in range(array.shape[1])]
        pd.DataFrame(array, columns=names).to_parquet(folder / "a.parquet")
        # the shortest decimals are other numbers, so that all digits are written
        texts = [[f"{Decimal(float(x)):e}" for x in row] for row in array]
        pd.DataFrame(texts, columns=names).to_csv(folder / "a.csv", index=False)


@pytest.mark.slow
@given(
    arrays.arrays(
        st.sampled_from(["f2", "f4", "f8", "c8", "c16"]), shapes, elements={"allow_nan": False, "allow_infinity": False}
    )
)
def test_what_libraries_write_is_read_as_the_fractions_of_its_floats(tmp_path_factory, array):
    folder = tmp_path_factory.mktemp("written")
    every_form(folder, array)
    wanted = [
        [Fraction(float(part)) for part in (entry.real, entry.imag)] for entry in array.ravel().tolist()
    ]  # Python's float holds each of them
    for path in sorted(folder.iterdir()):
        found = read_matrix(path)
        im = [0] * array.size if found.im is None else found.im.entries()
        assert (found.rows, found.cols) == array.shape, path.name
        assert [
            [Fraction(int(a), found.den), Fraction(int(b), found.den)]
            for a, b in zip(found.re.entries(), im, strict=True)
        ] == wanted, path.name


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
    with pytest.raises(DataError, match="a vector of length 2 is needed, not one of length 3"):
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


def npy_of_header(header, version=b"\x01\x00", length=None):
    length = len(header) if length is None else length
    return b"\x93NUMPY" + version + length.to_bytes(2 * version[0], "little") + header.encode() + bytes(16)


def twice(**members):
    buffer = io.BytesIO(npz(**members))
    with pytest.warns(UserWarning, match="Duplicate name"), ZipFile(buffer, "a") as archive:
        archive.writestr("data.npy", npy(np.array([2.0])))
    return buffer.getvalue()


def mat_twice():
    buffer = io.BytesIO()
    scipy.io.savemat(buffer, {"a": np.eye(2)})
    return buffer.getvalue() + buffer.getvalue()[128:]  # what follows the header of the file


def mat_of_a_number_as_class():
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        file["a"] = np.eye(2)
        file["a"].attrs["MATLAB_class"] = 6
    return buffer.getvalue()


_SHAPE = "{{'descr': '<f8', 'fortran_order': False, 'shape': {}}}"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.npy", lambda: npy_of_header("", b"\x02\x00", (1 << 32) - 1), "header of the array is damaged"),
        ("a.npy", lambda: npy_of_header(_SHAPE.format("(True, 2)")), "header of the array is damaged"),
        ("a.npy", lambda: npy_of_header(_SHAPE.format("(-1, 2)")), "header of the array is damaged"),
        ("a.npy", lambda: npy_of_header(_SHAPE.format(f"({1 << 70}, 2)")), "header of the array is damaged"),
        ("a.npy", lambda: npy(np.array([[0xFFFFFFFF]], dtype=np.uint32).view("U1")), "a text of the array is damaged"),
        ("a.npz", lambda: twice(data=np.array([1.0])), "two of its arrays have one name"),
        ("a.npz", lambda: twice(format=b"csr", shape=[1, 1], data=np.array([1.0])), "two of its arrays have one name"),
        ("a.mat", mat_twice, "two of its arrays have one name"),
        ("a.mat", mat_of_a_number_as_class, "damaged"),
    ],
)
def test_what_is_damaged_is_refused_in_one_line(tmp_path, name, content, said):
    path = written(tmp_path, name, content())
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


# --- what a text could mean twice -----------------------------------------------------------------------------------


AMBIGUOUS = [
    ("0,1\n0.5,0.25\n3,4", "columns", [["0.5", "0.25"], [3, 4]], "none", [[0, 1], ["0.5", "0.25"], [3, 4]]),
    ("7,8\n0.5,0.25", "columns", [["0.5", "0.25"]], "none", [[7, 8], ["0.5", "0.25"]]),
    ("0,0.5\n1,0.25", "rows", [["0.5"], ["0.25"]], "none", [[0, "0.5"], [1, "0.25"]]),
    (",a,b\n0,5,6\n1,7,8", "both", [[5, 6], [7, 8]], "columns", [[0, 5, 6], [1, 7, 8]]),
    (",0,1\n0,5,6\n1,7,8", "both", [[5, 6], [7, 8]], "columns", [[0, 5, 6], [1, 7, 8]]),
    ('"","V1","V2"\n"1",5,6', "both", [[5, 6]], None, None),
    ("index,a\n2,5\n7,8", "both", [[5], [8]], "columns", [[2, 5], [7, 8]]),
    ("x,1\n2,3", "columns", [[2, 3]], None, None),
    ("x,1\ny,3", "rows", [[1], [3]], None, None),
    ("name,a\nann,5\nbob,7", "both", [[5], [7]], None, None),
    ("3,25\n4,75", "none", [[3, 25], [4, 75]], None, None),
    ("100,200,300", "none", [[100, 200, 300]], None, None),
    ("3,25e1\n\n4,75", "none", [[3, 250], [4, 75]], None, None),
    ("O.5\n1", "columns", [[1]], None, None),
    ("2019\n0.5", "columns", [["0.5"]], "none", [[2019], ["0.5"]]),
]


@pytest.mark.parametrize(("text", "header", "matrix", "other", "else_matrix"), AMBIGUOUS)
def test_what_could_be_two_matrices_is_refused_with_what_settles_it(tmp_path, text, header, matrix, other, else_matrix):
    path = written(tmp_path, "a.csv", text)
    with pytest.raises(DataError, match=f"--header {header}"):
        read_matrix(path)
    assert read_matrix(path, header=header) == exact_matrix(matrix)
    if other is not None:
        assert read_matrix(path, header=other) == exact_matrix(else_matrix)


@pytest.mark.parametrize("given", ["rows", "columns"])
def test_where_one_line_is_names_the_other_may_be_too(tmp_path, given):
    path = written(tmp_path, "a.csv", "name,a\nann,5\nbob,7")
    with pytest.raises(DataError, match=f"say --header both if the first {'row' if given == 'rows' else 'column'} is"):
        read_matrix(path, header=given)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0\n5\n6", 2),
        ("0\n5\n6", 3),
        ("0;5\n1;6", 2),
        (",y\n0,5\n1,6", 2),
        ("y\n5\n6", 2),
        ("2019\n0.5\n6.5", 2),
        ("0,5,6", 3),
        ("0,5,6", 2),
        ("5,6", 2),
        ("100,200,300", 3),
    ],
)
def test_the_length_of_a_vector_settles_it(tmp_path, text, size):
    found = read_vector(written(tmp_path, "y.csv", text), size)
    assert (found.rows, found.cols) == (size, 1)
    assert [str(entry) for entry in found.re.entries()][-1] in ("6", "13", "300")


def test_a_length_that_two_readings_have_settles_nothing(tmp_path):
    """5 and 6 with the numbers of the rows, or 0.5 and 1.6 with decimal commas."""
    with pytest.raises(DataError, match="decimal comma"):
        read_vector(written(tmp_path, "y.csv", "0,5\n1,6"), 2)


def test_names_are_kept(tmp_path):
    found = read_table(written(tmp_path, "a.csv", ',a,"b ""c"""\nr1,0.5,2\nr2,3,4\n'))
    assert (found.rows, found.columns) == (("r1", "r2"), ("a", 'b "c"'))
    assert found.array.tolist() == [[fmpq(1, 2), 2], [3, 4]]
    assert read_table(written(tmp_path, "b.csv", "1 2+1j")).array[0, 1] == exact("2+1j")
    with pytest.raises(DataError, match=r"row 2 'r2' \(line 4\), column 1 'a': the cell is empty"):
        read_table(written(tmp_path, "c.csv", ",a,b\nr1,0.5,2\n# a remark\nr2,,4\n"))
    pd.DataFrame({"x": [1.5]}, index=["only"]).to_parquet(tmp_path / "t.parquet")
    found = read_table(tmp_path / "t.parquet")
    assert (found.rows, found.columns, found.matrix) == (("only",), ("x",), exact_matrix([[1.5]]))


@pytest.mark.parametrize("ending", [".npz", ".mat"])
def test_one_of_several_arrays_is_named(tmp_path, ending):
    path, arrays_ = tmp_path / f"a{ending}", {"A": np.eye(2), "y": np.array([[1.5, 2]])}
    np.savez(path, **arrays_) if ending == ".npz" else scipy.io.savemat(path, arrays_)
    assert read_matrix(str(path), array="A") == exact_matrix(np.eye(2))
    assert read_vector(path, 2, array="y") == exact_matrix([[1.5], [2]])
    with pytest.raises(DataError, match="2 arrays, 'A', 'y'; say with --array which is meant"):
        read_matrix(path)
    with pytest.raises(DataError, match="no array 'B', but 'A', 'y'"):
        read_matrix(path, array="B")


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("a.csv", {"array": "A"}, "no named arrays; leave out --array"),
        ("a.npy", {"array": "A"}, "without a name; leave out --array"),
        ("a.npy", {"header": "none"}, "only a text has a header"),
        ("a.csv", {"header": "yes"}, "the header is none, columns, rows, both, not 'yes'"),
        ("a.csv", {"header": "both"}, "names only"),
    ],
)
def test_what_does_not_fit_the_file(tmp_path, name, given, said):
    np.save(tmp_path / "a.npy", np.eye(2))
    written(tmp_path, "a.csv", "1;2")
    with pytest.raises((DataError, UsageError), match=said):
        read_matrix(tmp_path / name, **given)


@pytest.mark.parametrize(
    ("ending", "library"), [(".mat", "scipy"), (".parquet", "pyarrow"), ("73.mat", "h5py"), (".npz", "scipy")]
)
def test_a_missing_library_is_named_with_the_extra(tmp_path, monkeypatch, ending, library):
    path = tmp_path / f"a{ending}"
    if ending == ".npz":
        scipy.sparse.save_npz(path, scipy.sparse.eye(2).tocsr())
    else:
        path.write_bytes(b"\x89HDF\r\n\x1a\n" if library == "h5py" else b"something")
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(UsageError, match=rf"needs {library}; pip install 'sci-barriers\[files\]'"):
        read_matrix(path)


def test_the_size_is_known_before_the_work(tmp_path, monkeypatch):
    np.save(tmp_path / "a.npy", np.eye(60))
    np.savez_compressed(tmp_path / "b.npz", A=np.zeros((400, 400)))
    scipy.io.savemat(tmp_path / "c.mat", {"A": np.eye(60)})
    pd.DataFrame(np.eye(60)).rename(columns=str).to_parquet(tmp_path / "d.parquet")
    scipy.sparse.save_npz(tmp_path / "e.npz", scipy.sparse.csr_matrix((10**6, 10**6)))
    np.savetxt(tmp_path / "f.csv", np.eye(60), delimiter=",", fmt="%.1f")
    written(tmp_path, "g.json", json.dumps(np.eye(60).tolist()))
    monkeypatch.setenv(LIMIT_VARIABLE, "1")
    for path in sorted(tmp_path.iterdir()):
        with pytest.raises(DataError, match=r"takes about [0-9,]+ bytes of memory, and 1,048,576 may be used; take a"):
            read_matrix(path)
    monkeypatch.setenv(LIMIT_VARIABLE, "64")
    assert read_matrix(tmp_path / "a.npy").rows == 60


@pytest.mark.parametrize("kind", ["directory", "pipe"])
def test_what_is_no_file(tmp_path, kind):
    path = tmp_path / "a.npy"
    path.mkdir() if kind == "directory" else os.mkfifo(path)
    with pytest.raises(UsageError, match=r"cannot read .*(directory|no regular file)"):
        read_matrix(path)


# --- the options of commands ----------------------------------------------------------------------------------------


def test_options_name_the_file_that_is_meant():
    found = settings(["A", "data=y"], ["data=none"], ("matrix", "data"))
    assert found == {"matrix": {"array": "A"}, "data": {"array": "y", "header": "none"}}
    assert settings(None, None) == {"matrix": {}}
    assert settings(["matrix=A=1"], None) == {"matrix": {"array": "A=1"}}
    assert settings(["x=1"], None) == {"matrix": {"array": "x=1"}}


@pytest.mark.parametrize(
    ("arrays_", "headers", "said"),
    [
        (["A", "B"], None, "--array is given twice for the matrix; other files are named matrix=..., data=..."),
        (None, ["yes"], "the header is none, columns, rows, both, not 'yes'"),
        (None, ["truth=none"], "not 'truth=none'"),
    ],
)
def test_options_that_are_wrong(arrays_, headers, said):
    with pytest.raises(UsageError) as caught:
        settings(arrays_, headers, ("matrix", "data"))
    assert said in str(caught.value)

"""Numbers and arrays of other libraries: exactly what they hold, or one line that says what is wrong."""

import datetime
import itertools
import re
import subprocess
import sys
from collections import UserDict, deque
from decimal import Decimal
from fractions import Fraction

import flint
import mpmath
import numpy as np
import pandas as pd
import pytest
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from hypothesis.extra import pandas as frames
from scipy import sparse

from exact_base.enclosures import enclosed
from exact_base.entries import memory
from exact_base.entries.arrays import laid_out
from exact_base.entries.numbers import number_parts
from exact_base.errors import DataError, UsageError
from exact_base.matrices import exact_column, exact_matrix
from exact_base.scalars import exact_array, exact_vector

SHAPES = arrays.array_shapes(min_dims=2, max_dims=2, max_side=4)
REAL = ["f2", "f4", "f8", "g", "i1", "i8", "u8", ">f4", ">f8", ">i4"]


def named(value):
    """The same in every process."""
    return re.sub(r" at 0x\w+", "", f"{type(value).__name__} {value!s}")[:40]


def fractions(values):
    return [Fraction(*x.as_integer_ratio()) if hasattr(x, "as_integer_ratio") else Fraction(int(x)) for x in values]


def read(matrix):
    found = exact_matrix(matrix)
    assert found.im is None
    assert exact_array(matrix).ravel().tolist() == [
        fmpq(int(a), found.den) for row in found.re.tolist() for a in row
    ]  # both producers read the same
    return (found.rows, found.cols), [Fraction(int(a), found.den) for row in found.re.tolist() for a in row]


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")  # np.matrix
@given(st.data())
def test_an_array_of_numpy_is_what_its_entries_are(data):
    kind = data.draw(st.sampled_from(REAL))
    elements = {"allow_nan": False, "allow_infinity": False} if np.dtype(kind).kind == "f" else {}
    if kind == "g":
        array = data.draw(arrays.arrays("f8", SHAPES, elements=elements)).astype("g") / np.longdouble(3)
    else:
        array = data.draw(arrays.arrays(np.dtype(kind), SHAPES, elements=elements or None))
    for layout in (array, np.asfortranarray(array), np.matrix(array), np.ma.array(array)):
        assert read(layout) == (array.shape, fractions(np.asarray(array).ravel()))


@given(arrays.arrays(st.sampled_from(["c8", "c16"]), SHAPES, elements={"allow_nan": False, "allow_infinity": False}))
def test_complex_entries(array):
    found = exact_matrix(array)
    im = [[0] * found.cols] * found.rows if found.im is None else found.im.tolist()
    for part, entries in ((array.real, found.re.tolist()), (array.imag, im)):
        assert [Fraction(int(a), found.den) for row in entries for a in row] == fractions(part.ravel())


@given(
    frames.data_frames(
        [
            frames.column("f", dtype="f4", elements=st.floats(width=32, allow_nan=False, allow_infinity=False)),
            frames.column("i", dtype="i8"),
            frames.column(2, dtype="u1"),
        ],
        index=frames.range_indexes(min_size=1),
    )
)
def test_a_table_of_pandas_is_its_values(frame):
    wanted = [value for row in zip(*(fractions(frame[name]) for name in frame), strict=True) for value in row]
    shuffled = frame.set_axis([f"row{i}" for i in range(len(frame))], axis=0)
    for table in (frame, shuffled, frame.astype({"i": "Int64", 2: "UInt8"})):
        assert read(table) == (frame.shape, wanted)
    assert exact_column(frame["i"]) == exact_column(frame["i"].tolist())


def test_names_of_a_table_are_kept_for_messages():
    table = pd.DataFrame({"width": [1.0, 2.0], "height": [3.0, np.nan]}, index=["first", "second"])
    assert laid_out(table).columns == ("width", "height") and laid_out(table).rows == ("first", "second")
    with pytest.raises(DataError, match="row 2 'second', column 2 'height': a finite number is needed, got nan"):
        exact_matrix(table)
    with pytest.raises(DataError, match="entry 2 'second': a finite number"):
        exact_array(table["height"])


@given(arrays.arrays("f8", SHAPES, elements=st.sampled_from([0.0, 0.1, -2.5])), st.sampled_from(range(8)))
def test_a_sparse_matrix_is_the_dense_one(array, form):
    made = [sparse.csr_matrix, sparse.csc_array, sparse.coo_matrix, sparse.bsr_array, sparse.dia_matrix]
    made += [sparse.lil_matrix, sparse.dok_array, sparse.csr_array]
    assert exact_matrix(made[form](array)) == exact_matrix(array)


EXACT = [
    (Decimal("0.1"), fmpq(1, 10), 0),
    (Decimal("-12E+3"), -12000, 0),
    (Fraction(2, 3), fmpq(2, 3), 0),
    (mpmath.mpf("0.1"), fmpq(*(0.1).as_integer_ratio()), 0),
    (mpmath.mpf(0), 0, 0),
    (mpmath.mpc(1.5, -2), fmpq(3, 2), -2),
    (sympy.Rational(1, 3), fmpq(1, 3), 0),
    (sympy.Integer(7), 7, 0),
    (sympy.Float(0.5), fmpq(1, 2), 0),
    (sympy.Rational(1, 3) - 2 * sympy.I, fmpq(1, 3), -2),
    (sympy.I, 0, 1),
    (flint.fmpz(7), 7, 0),
    (flint.arb("0.5"), fmpq(1, 2), 0),
    (flint.acb(1, 2), 1, 2),
    (flint.arf(1.5), fmpq(3, 2), 0),
    (np.float16(0.1), fmpq(*np.float16(0.1).as_integer_ratio()), 0),
    (np.array(2.5), fmpq(5, 2), 0),
    (np.complex64(1 + 0.5j), 1, fmpq(1, 2)),
    ("(1+-2j)", 1, -2),
]


@pytest.mark.parametrize(("value", "re", "im"), EXACT, ids=named)
def test_exact_numbers_are_read(value, re, im):
    assert number_parts(value) == (re, im)
    assert exact_matrix([[value]]) == exact_matrix([[re]]) if im == 0 else not exact_matrix([[value]]).is_real


NO_NUMBERS = [
    True,
    np.True_,
    None,
    object(),
    {},
    [],
    "",
    "x",
    "(5)",
    "5(",
    "8)",
    "1,5",
    "nan",
    "1 + 2j",
    b"1",
    float("nan"),
    float("-inf"),
    np.float16("nan"),
    complex(1, float("inf")),
    Decimal("NaN"),
    Decimal("sNaN"),
    Decimal("Infinity"),
    Decimal("1E+999999"),
    Decimal("1E-999999"),
    mpmath.mpf("nan"),
    mpmath.mpf("-inf"),
    mpmath.pi,
    mpmath.e,
    mpmath.iv.mpf([0, 1]),
    mpmath.ldexp(mpmath.mpf(1), 10**12),
    sympy.pi,
    sympy.sqrt(2),
    sympy.Symbol("x"),
    sympy.nan,
    sympy.oo,
    sympy.zoo,
    1 + sympy.pi,
    flint.arb("0.1"),
    flint.arb("nan"),
    flint.arb("inf"),
    flint.nmod(3, 7),
    flint.fmpz_poly([1]),
    np.timedelta64(1, "s"),
    np.datetime64("2020-01-01"),
    datetime.timedelta(1),
    datetime.date(2020, 1, 1),
    pd.Timestamp(0),
    pd.Timedelta(1),
    pd.NA,
    pd.NaT,
    np.ma.masked,
    np.array([1.0, 2.0]),
    np.array([[1.0]]),
]


@pytest.mark.parametrize("value", NO_NUMBERS, ids=named)
def test_what_is_no_number_is_refused_in_one_line(value):
    for attempt in (lambda: number_parts(value), lambda: exact_matrix([[1, 2], [3, value]])):
        with pytest.raises(DataError) as caught:
            attempt()
        assert "\n" not in str(caught.value) and len(str(caught.value)) < 300


def test_a_place_is_named():
    for entries in (
        [[1, 2], [3, None]],
        np.array([[1, 2], [3, None]]),
        pd.DataFrame([[1, 2], [3, None]], dtype=object),
    ):
        for reader in (exact_matrix, exact_array, enclosed):
            with pytest.raises(DataError, match="row 2, column 2"):
                reader(entries)
    with pytest.raises(DataError, match="row 3, column 1: 'x' is not a number"):
        exact_column([1, 2, "x"])


@pytest.mark.parametrize(
    "matrix",
    [
        sympy.Matrix([[1, sympy.Rational(1, 2)], [3, 4]]),
        sympy.ImmutableMatrix([[1, sympy.Rational(1, 2)], [3, 4]]),
        mpmath.matrix([[1, 0.5], [3, 4]]),
        flint.fmpq_mat(2, 2, [1, fmpq(1, 2), 3, 4]),
        flint.arb_mat([[1, 0.5], [3, 4]]),
        ((1, Fraction(1, 2)), (3, 4)),
        [np.array([1, 0.5]), [3, 4]],
        iter([[1, 0.5], [3, 4]]),
        np.array([[1, "0.5"], [3, 4]], dtype=object),
        pd.DataFrame([[1, 0.5], [3, 4]], columns=[7, 8]),
        [pd.Series([1, 0.5]), pd.Series([3, 4])],
        deque([[1, 0.5], (3, 4)]),
        np.array([["1", "1/2"], ["3", "4"]]),
        pd.DataFrame([["1", "1/2"], ["3", "4"]]),
    ],
    ids=lambda matrix: type(matrix).__name__,
)
def test_matrices_of_other_libraries(matrix):
    again = list(matrix) if hasattr(matrix, "__next__") else matrix
    assert exact_matrix(again) == exact_matrix([["1", "1/2"], ["3", "4"]])
    assert exact_array(again).tolist() == [[1, fmpq(1, 2)], [3, 4]]


def test_integer_matrices_of_flint():
    assert exact_matrix(flint.fmpz_mat([[1, 2], [3, 4]])) == exact_matrix([[1, 2], [3, 4]])


@pytest.mark.parametrize(
    "data",
    [
        {"a": [1], "b": [2]},
        {1, 2},
        frozenset({1}),
        UserDict({1: 2}),
        {"a": 1}.keys(),
        {1: [2]}.values(),
        "12",
        b"12",
        ["12", "34"],
        bytearray(b"12"),
        memoryview(b"12"),
        [1, [2]],
        [[1, 2], [3]],
        [[1, 2], 3],
        [[[[[[1]]]]]],
        [],
        [[]],
        None,
        3,
        [None],
        np.array(["a"]),
        np.array([[True]]),
        np.zeros(2, dtype=[("a", "f8")]),
        np.array([["2020"]], dtype="M8[Y]"),
        np.ma.array([[1, 2]], mask=[[0, 1]]),
        [np.ma.array([1, 2], mask=[0, 1])],
        [[1, np.ma.masked]],
        np.zeros((2, 2, 2)),
        np.array([[1], [1, 2]], dtype=object),
        pd.DataFrame({"a": [1, None]}),
        pd.DataFrame({"a": pd.array([1, None], dtype="Int64")}),
        pd.DataFrame({"a": ["x"]}),
        pd.DataFrame({"a": [True]}),
        pd.DataFrame({"a": [pd.Timestamp(0)]}),
        pd.DataFrame(),
        sparse.coo_matrix(([1, 2], ([0, 0], [0, 0]))),
        sparse.csr_matrix(np.array([[True]])),
        sparse.csr_matrix((0, 3)),
        sparse.csr_matrix(np.array([[np.nan]])),
        sympy.Matrix([[sympy.Symbol("x")]]),
        flint.nmod_mat([[1]], 7),
        deque([[1], 2]),
        object(),
    ],
    ids=named,
)
def test_what_is_no_matrix_is_refused_in_one_line(data):
    with pytest.raises(DataError) as caught:
        exact_matrix(data)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 300


def test_what_has_no_end(monkeypatch):
    monkeypatch.setattr("exact_base.entries.arrays._LONGEST", 100)
    assert exact_matrix([list(range(100))]).cols == 100
    for endless in (itertools.count(), range(10**12), ([1] for _ in itertools.count())):
        with pytest.raises(DataError, match="more than 100 entries"):
            exact_matrix(endless)


def test_a_list_that_holds_itself():
    endless = []
    endless.append(endless)
    with pytest.raises(DataError, match="nested too deeply"):
        exact_matrix(endless)


def test_a_foreign_array_is_taken_over_by_numpy_or_refused():
    class Tensor:
        shape, dtype = (1, 2), "float32"

        def __init__(self, content):
            self.content = content

        def __array__(self, dtype=None, copy=None):
            if self.content is None:
                raise RuntimeError("it stands\non another device")
            return np.asarray(self.content)

    assert exact_matrix(Tensor([[1.0, 2.5]])) == exact_matrix([[1, 2.5]])
    with pytest.raises(DataError, match="a Tensor: it stands on another device"):
        exact_matrix(Tensor(None))


@pytest.mark.parametrize(
    "vector",
    [
        [1, 0.5],
        [[1], [0.5]],
        [[1, 0.5]],
        np.array([1, 0.5]),
        np.array([[1], [0.5]]),
        pd.Series([1, 0.5], index=["b", "a"]),
        pd.DataFrame({"y": [1, 0.5]}),
        sparse.csr_matrix([[1, 0.5]]),
        sympy.Matrix([1, 0.5]),
        pd.Index([1, 0.5]),
        ["1", "1/2"],
    ],
    ids=lambda vector: type(vector).__name__,
)
def test_vectors(vector):
    assert exact_column(vector) == exact_matrix([[1], [0.5]])
    assert exact_vector(vector, length=2).tolist() == [1, fmpq(1, 2)]


# --- memory -------------------------------------------------------------------------------------------------------


def test_what_does_not_fit_is_refused_before_it_is_made(monkeypatch):
    monkeypatch.setenv(memory.LIMIT_VARIABLE, "1")
    assert exact_matrix(np.eye(50)).rows == 50
    huge = np.lib.stride_tricks.as_strided(np.zeros(1), (10**6, 10**6), (0, 0))
    for data in (np.eye(60), huge, sparse.csr_matrix((10**6, 10**6)), pd.DataFrame(np.eye(60))):
        with pytest.raises(DataError, match=r"takes about [0-9,]+ bytes of memory, and 1,048,576 may be used"):
            exact_matrix(data)
    with pytest.raises(DataError, match="bytes"):
        exact_matrix([["1e99999"] * 20, ["1e-99999"] * 20])


@pytest.mark.parametrize("text", ["", "x", "-1", "1e3", "\u0661"])
def test_a_limit_that_is_none(monkeypatch, text):
    monkeypatch.setenv(memory.LIMIT_VARIABLE, text)
    with pytest.raises(UsageError, match="must be a whole number of MiB"):
        exact_matrix(np.eye(2))


def test_half_of_what_is_free_may_be_used(monkeypatch):
    monkeypatch.delenv(memory.LIMIT_VARIABLE, raising=False)
    said = {"/proc/meminfo": ["MemTotal: 9 kB", "MemAvailable:  4096 kB"]}
    monkeypatch.setattr(memory, "_lines", lambda path: said.get(path, []))
    memory.check_memory(2048 << 10, "it")
    with pytest.raises(DataError, match="2,097,152 may be used"):
        memory.check_memory((2048 << 10) + 1, "it")
    said |= {"/sys/fs/cgroup/memory.max": ["3000"], "/sys/fs/cgroup/memory.current": ["1000"]}
    with pytest.raises(DataError, match="1,000 may be used"):
        memory.check_memory(1001, "it")
    said.clear()
    memory.check_memory(1 << 32, "it")


def test_libraries_are_loaded_by_those_who_use_them():
    heavy = ("pandas", "scipy", "h5py", "pyarrow")
    program = f"import sys, exact_base.readers; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

import json
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from exact_base.errors import DataError, UsageError
from exact_base.matrices import ExactMatrix, rounded
from firenet_exact import exact_matrix, read_matrix, read_vector
from proofs_checks.certificate.reading import decode_matrix

complexes = st.complex_numbers(max_magnitude=1e6, allow_nan=False, allow_infinity=False)


def fractions(matrix):
    re, im = matrix.integers()
    zeros = [[0] * matrix.cols] * matrix.rows
    return [
        [(Fraction(a, matrix.den), Fraction(b, matrix.den)) for a, b in zip(row, other, strict=True)]
        for row, other in zip(re, im or zeros, strict=True)
    ]


@given(hnp.arrays(complex, (2, 3), elements=complexes), hnp.arrays(complex, (3, 2), elements=complexes))
def test_products_and_differences_are_exact(A, B):
    exact_A, exact_B = exact_matrix(A.tolist()), exact_matrix(B.tolist())

    def times(x, y):
        return x[0] * y[0] - x[1] * y[1], x[0] * y[1] + x[1] * y[0]

    a, b = fractions(exact_A), fractions(exact_B)
    wanted = [
        [
            tuple(sum(parts) for parts in zip(*(times(a[i][k], b[k][j]) for k in range(3)), strict=True))
            for j in range(2)
        ]
        for i in range(2)
    ]
    assert fractions(exact_A @ exact_B) == wanted
    assert exact_A - exact_A == exact_matrix([[0] * 3] * 2)
    assert exact_A.adjoint.adjoint == exact_A
    assert np.array_equal(exact_A.to_float(), A)


@given(hnp.arrays(complex, (2, 3), elements=complexes))
def test_encoding_round_trips(A):
    matrix = exact_matrix(A.tolist())
    decoded = ExactMatrix.decode(decode_matrix(matrix.encode(), "matrix", rational=True))
    assert decoded == matrix
    assert matrix.reduced() == matrix


def test_rounding_to_coarse_and_fine_units():
    assert rounded(np.array([[5.4, -9.0]]), bits=-2) == exact_matrix([[4, -8]])
    assert rounded(np.array([[0.3 + 1j]]), bits=2) == exact_matrix([["1/4+1j"]])


def test_files_are_read_exactly(tmp_path):
    floats = np.array([[0.1, -2.0], [1e-300, 3.5]])
    np.save(tmp_path / "a.npy", floats)
    np.savez(tmp_path / "a.npz", A=floats)
    np.save(tmp_path / "b.npy", np.array([[1, 2**62]]))
    np.save(tmp_path / "c.npy", floats.astype(np.float32) * 1j)
    (tmp_path / "d.csv").write_text("# a comment\n0.1, 1/3,2\n1e-3, -4, 1-2j\n", encoding="utf-8")
    (tmp_path / "e.json").write_text('[["1/3", 0.1], ["1+2j", 7]]', encoding="utf-8")
    for name in ("a.npy", "a.npz"):
        assert fractions(read_matrix(tmp_path / name)) == [[(Fraction(x), 0) for x in row] for row in floats.tolist()]
    assert read_matrix(tmp_path / "b.npy") == exact_matrix([[1, 2**62]])
    assert read_matrix(tmp_path / "c.npy") == exact_matrix((floats.astype(np.float32) * 1j).tolist())
    assert read_matrix(tmp_path / "d.csv") == exact_matrix([["1/10", "1/3", 2], ["1/1000", -4, "1-2j"]])
    matrix = read_matrix(tmp_path / "e.json")
    assert matrix == exact_matrix([["1/3", "1/10"], ["1+2j", 7]])
    (tmp_path / "f.json").write_text(json.dumps(matrix.encode()), encoding="utf-8")
    assert read_matrix(tmp_path / "f.json") == matrix


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "1,nan"),
        ("a.csv", "1,2\n3"),
        ("a.csv", ""),
        ("a.json", "[[NaN]]"),
        ("a.json", "[1, 2]"),
        ("a.json", '{"rows": "0x1"}'),
        ("a.json", "[[true]]"),
        ("a.json", "[[[1]]]"),
        ("a.json", "nonsense"),
        ("a.npy", "nonsense"),
        ("a.npz", "nonsense"),
    ],
)
def test_files_without_a_matrix_are_refused(tmp_path, name, content):
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(DataError) as error:
        read_matrix(tmp_path / name)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("array", [[[np.nan]], [[np.inf]], [[1j * np.inf]], [1.0, 2.0], [[True]], [["a"]]])
def test_arrays_that_are_no_matrix_are_refused(tmp_path, array):
    np.save(tmp_path / "a.npy", np.array(array))
    with pytest.raises(DataError):
        read_matrix(tmp_path / "a.npy")


def test_a_header_that_asks_for_too_much_memory(tmp_path):
    header = "{'descr': '<f8', 'fortran_order': False, 'shape': (10000000, 10000000)}".ljust(117) + chr(10)
    path = tmp_path / "a.npy"
    path.write_bytes(b"\x93NUMPY" + bytes([1, 0, len(header), 0]) + header.encode())
    with pytest.raises(DataError, match="takes about 40,000,000,000,000,000 bytes of memory"):
        read_matrix(path)


def test_pickles_are_not_opened(tmp_path):
    np.save(tmp_path / "a.npy", np.array([[object()]]), allow_pickle=True)
    with pytest.raises(DataError):
        read_matrix(tmp_path / "a.npy")


def test_paths_that_cannot_be_read(tmp_path):
    for name in ("missing.npy", "a.txt"):
        with pytest.raises(UsageError):
            read_matrix(tmp_path / name)


def test_vectors_are_read_exactly(tmp_path):
    column = exact_matrix([["1/10"], ["1/3"], [2]])
    (tmp_path / "a.csv").write_text("0.1, 1/3, 2", encoding="utf-8")
    (tmp_path / "b.csv").write_text("0.1\n1/3\n2", encoding="utf-8")
    (tmp_path / "c.json").write_text('[0.1, "1/3", 2]', encoding="utf-8")
    (tmp_path / "d.json").write_text('[[0.1], ["1/3"], [2]]', encoding="utf-8")
    for name in ("a.csv", "b.csv", "c.json", "d.json"):
        assert read_vector(tmp_path / name, 3) == column
    floats = np.array([0.1, 2.0 + 1j])
    for array in (floats, floats[None], floats[:, None]):
        np.save(tmp_path / "e.npy", array)
        assert read_vector(tmp_path / "e.npy", 2) == exact_matrix([[0.1], [2 + 1j]])
    np.save(tmp_path / "f.npy", np.array([7.0]))
    assert read_vector(tmp_path / "f.npy", 1) == exact_matrix([[7]])


@pytest.mark.parametrize("array", [[1.0, 2.0], [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], [[[1.0, 2.0, 3.0]]], [np.nan] * 3])
def test_what_is_no_vector_of_the_size_is_refused(tmp_path, array):
    np.save(tmp_path / "a.npy", np.array(array))
    with pytest.raises(DataError):
        read_vector(tmp_path / "a.npy", 3)


@given(hnp.arrays(float, (2, 3), elements=st.floats(allow_nan=False, allow_infinity=False)))
def test_floats_are_read_at_once_as_one_by_one(X):
    """A text among the rows makes the reader take the numbers one by one."""
    together, single = exact_matrix(X), exact_matrix([list(map(float, row)) for row in X] + [["0"] * 3])
    assert (together.re.tolist(), together.den) == (single.re.tolist()[:2], single.den)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_float_that_is_not_finite_is_named_with_its_place(value):
    with pytest.raises(DataError, match="row 2, column 1: a finite number is needed"):
        exact_matrix(np.array([[1.0, 2.0], [value, 3.0]]))

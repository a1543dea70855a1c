"""The writer of kind solution-digits: what it writes is what the format says, with arrays inside or in files beside."""

import io
import json
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exact_base.errors import DataError, UsageError
from exact_base.matrices import exact_column, exact_matrix
from proofs_checks import SciBarriersError, verify_bytes, verify_path, write_bundle
from sci_barriers.certificates import penalised
from sci_barriers.certificates.solution_digits import array_file, solution_digits_certificate, solution_digits_files
from sci_barriers.problems.penalised.exact_forms import PRIME
from sci_barriers.problems.penalised.face import Nearest, nearest
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
from sci_barriers.problems.penalised.solving import minimise
from tests.proofs_checks.cases.solution_digits import CORNER, LASSO
from tests.proofs_checks.penalised_reference import Reference, certified
from tests.proofs_checks.solution_margin import INSTANCES
from tests.proofs_checks.test_solution_digits import problems, several, vectors

H = "1/2"


def found(point, unique="yes", *, rows=None, multiplier=None, other=None):
    return Nearest(point, unique, rows, multiplier, other)


PROBLEM = PenalisedLeastSquares.of([[1, 0], [0, 1]], [2, H], penalties=[1, 1])
COEFFICIENTS = exact_column(["1501/1000", 0])
NEAREST = found(exact_column(["3/2", 0]), rows=(0, 1))


def test_it_is_what_is_written_by_hand():
    assert solution_digits_certificate(PROBLEM, COEFFICIENTS, NEAREST) == LASSO


def test_several_minimisers():
    problem = PenalisedLeastSquares.of([[1, 1]], ["5/2"], penalties=[1, 1])
    nearest = found(exact_column([2, 0]), "no", multiplier=exact_column([3]), other=exact_column([1, 1]))
    assert solution_digits_certificate(problem, exact_column([5, -1]), nearest) == CORNER


def test_all_that_a_problem_may_have():
    X, y = [[1, 4], [2, 4], [3, 10]], [1, 2, 4]
    problem = PenalisedLeastSquares.of(
        X, y, penalties=[H, H, 0], ridge=[0, "1/4", 0], centres=[2, 6], scales=["1/3", 2],
        observation_weights=[1, 2, 1], intercept=True, nonnegative=[1],
    )  # fmt: skip
    nearest = found(exact_column(["13/12", "1/8", "37/16"]), rows=(0, 1))
    written = solution_digits_certificate(problem, exact_column(["1/5", 1, 2]), nearest)
    assert written == INSTANCES["solution-all"]


RNG = np.random.default_rng(7)


def test_numbers_of_floats_are_those_of_the_arrays():
    """X is 4 x 2 in float64; the minimiser is that of brute force."""
    X, y = RNG.standard_normal((4, 2)), RNG.standard_normal(4)
    ref = Reference([[Fraction(a) for a in row] for row in X], [Fraction(b) for b in y], [Fraction(1, 8)] * 2)
    c = [Fraction(a) for a in RNG.standard_normal(2)]
    by_hand = json.loads(certified(ref, c))
    point = exact_column([f"{a.numerator}/{a.denominator}" for a in ref.nearest(c)])
    problem = PenalisedLeastSquares.of(X, y, penalties=["1/8", "1/8"])
    rows = tuple(int(i, 16) for i in by_hand["evidence"]["rows"])
    written = solution_digits_certificate(problem, exact_column([float(a) for a in c]), found(point, rows=rows))
    assert json.loads(written) == by_hand


def npy(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


EYE = npy(np.eye(2))
FITTING = {"matrix": ("X.npy", EYE), "coefficients": array_file("c", COEFFICIENTS, vector=True)}


def test_files_beside_it(tmp_path):
    files = solution_digits_files(PROBLEM, COEFFICIENTS, NEAREST, files=FITTING)
    assert list(files) == ["solution.cert.json", "X.npy", "c.array.json"] and files["X.npy"] == EYE
    write_bundle(tmp_path / "bundle", files)
    report = verify_path(tmp_path / "bundle")
    assert report.verdict == "valid"
    assert report.parts[0].statement.title == verify_bytes(LASSO).statement.title


@pytest.mark.parametrize("shape", [(2,), (2, 1), (1, 2)])
def test_a_vector_may_be_a_column_or_a_row(tmp_path, shape):
    files = {"data": ("y.npy", npy(np.array([2, 0.5]).reshape(shape)))}
    write_bundle(tmp_path / "bundle", solution_digits_files(PROBLEM, COEFFICIENTS, NEAREST, files=files))
    (part,) = verify_path(tmp_path / "bundle").parts
    assert part.verdict == "valid" and part.statement.title == verify_bytes(LASSO).statement.title


def test_vectors_of_one_entry(tmp_path):
    problem, answer = PenalisedLeastSquares.of([[1]], [2], penalties=[1]), exact_column([1])
    files = {"matrix": ("X.npy", npy(np.ones((1, 1)))), "data": ("y.npy", npy(np.array([[2.0]])))}
    near = nearest(minimise(problem), answer)
    write_bundle(tmp_path / "bundle", solution_digits_files(problem, answer, near, files=files))
    assert verify_path(tmp_path / "bundle").verdict == "valid"


@pytest.mark.parametrize(
    ("files", "error", "reason"),
    [
        ({"matrix": ("X.npy", npy(2 * np.eye(2)))}, DataError, "holds another array"),
        ({"matrix": ("my X.npy", EYE)}, UsageError, "plain name"),
        ({"matrix": ("X.npz", EYE)}, UsageError, "plain name"),
        ({"matrix": ("X.npy", npy(np.eye(3)))}, DataError, r"has the shape \(3, 3\), not \(2, 2\)"),
        ({"matrix": ("X.npy", npy(np.ones(4)))}, DataError, r"has the shape \(4,\), not \(2, 2\)"),
        ({"data": array_file("y", exact_matrix([[2], ["1/3"]]))}, DataError, r"has the shape \(2, 1\), not \(2,\)"),
        ({"data": ("y.npy", npy(np.ones(3)))}, DataError, r"has the shape \(3,\), not \(2,\)"),
        ({"data": ("y.npy", npy(np.ones((2, 2))))}, DataError, r"has the shape \(2, 2\), not \(2,\)"),
        ({"matrix": ("X.npy", npy(np.eye(2, dtype="f4")))}, SciBarriersError, "no header of numpy with the type"),
        ({"scales": ("s.npy", npy(np.ones(2)))}, UsageError, "no array 'scales'"),
        ({"nothing": ("s.npy", npy(np.ones(2)))}, UsageError, "no array 'nothing'"),
    ],
)
def test_files_that_do_not_fit(files, error, reason):
    with pytest.raises(error, match=reason):
        solution_digits_certificate(PROBLEM, COEFFICIENTS, NEAREST, files=files)


@pytest.mark.parametrize("entry", [0.1, "1/3"])
def test_a_large_matrix_lies_beside_it(monkeypatch, tmp_path, entry):
    monkeypatch.setattr(penalised, "INLINE", 3)
    problem = PenalisedLeastSquares.of([[entry, 0], [0, 1]], [0, 0], penalties=[1, 1])
    files = solution_digits_files(problem, COEFFICIENTS, found(exact_column([0, 0]), rows=()), stem="mine")
    assert list(files) == ["mine.cert.json", "mine-X.npy" if entry == 0.1 else "mine-X.array.json"]
    write_bundle(tmp_path / "bundle", files)
    assert verify_path(tmp_path / "bundle").verdict == "valid"


@pytest.mark.parametrize(
    ("array", "name"),
    [
        ([[1, 0.1], [5e-324, 1.7976931348623157e308]], "X.npy"),
        ([["1/3"]], "X.array.json"),
        ([[2**1024]], "X.array.json"),
        ([[2**53 + 1]], "X.array.json"),
        ([[f"1/{2**1075}"]], "X.array.json"),
    ],
)
def test_numbers_that_are_float64_are_in_a_file_of_numpy(array, name):
    found_name, content = array_file("X", exact_matrix(array))
    assert found_name == name
    if name == "X.npy":
        assert np.load(io.BytesIO(content)).tolist() == array


def text(value):
    """Fractions as the texts that are read exactly, in lists of any depth."""
    if isinstance(value, (list, tuple)):
        return [text(item) for item in value]
    return None if value is None else str(Fraction(value))


@settings(max_examples=100)
@given(problems() | several() | problems(bounded=False), st.data())
def test_what_is_found_is_accepted(ref, data):
    """Minimisers, the nearest of them and the evidence are those of the producer, the checker has its own."""
    c = data.draw(vectors(st.builds(Fraction, st.integers(-9, 9), st.integers(1, 3)), ref.size))
    problem = PenalisedLeastSquares.of(
        text(ref.X), text(ref.y), penalties=text(ref.mu), ridge=text(ref.kappa), centres=text(ref.centres),
        scales=text(ref.scales), observation_weights=text(ref.weights), intercept=ref.intercept,
        nonnegative=ref.nonnegative,
    )  # fmt: skip
    answer = exact_column(text(c))
    written = solution_digits_certificate(problem, answer, nearest(minimise(problem), answer))
    report = verify_bytes(written)
    assert report.verdict == "valid", report.reason
    unique = json.loads(written)["claim"]["unique"]
    assert unique != "yes" or len(ref.best[1]) == 1
    assert unique != "no" or len(ref.best[1]) > 1 or not all(ref.mu[: ref.n])


@pytest.mark.parametrize(
    ("matrix", "options"),
    [
        ([[PRIME], [2 * PRIME]], {}),
        ([[f"1/{PRIME}", 1], [f"2/{PRIME}", 3]], {}),
        ([[1], [2], [4]], {"intercept": True, "centres": [f"1/{PRIME}"]}),
    ],
)
def test_columns_that_are_multiples_of_the_prime_in_a_certificate(matrix, options):
    """Without their common factors they are not, and the checker does not divide by them."""
    size = len(matrix[0]) + len(options) // 2
    problem = PenalisedLeastSquares.of(matrix, [3, 5, 1][: len(matrix)], penalties=[0] * size, **options)
    answer = exact_column([1] * size)
    near = nearest(minimise(problem), answer)
    assert near.unique == "open"
    assert verify_bytes(solution_digits_certificate(problem, answer, near)).verdict == "valid"

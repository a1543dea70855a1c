"""Arrays and tables of users, in memory and in files, for all that takes a matrix or a vector."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from exact_base.errors import DataError, UsageError
from exact_base.matrices import exact_column, exact_matrix
from firenet_exact import Levels, by_coherence, certify_recovery, decide, operator_norm, refute
from firenet_exact.arithmetic import float64
from firenet_exact.null_space import by_transfer
from firenet_exact.recovery.duals import cone_dual, polished, residual_dual
from firenet_exact.recovery.solve import bound_point, network_for, solve
from firenet_exact.stability import adversarial_training_error, kernel_awareness
from tests.firenet_exact.test_commands import run

A = np.array([[1, 0.125, 0.25], [0, 1, 0.125], [0.25, 0, 1]])
TRUTH = np.array([0, 2.0, 0])
LEVELS = Levels.of(3, 1)
FORMS = {
    "array": lambda array: array,
    "list": lambda array: array.tolist(),
    "table": lambda array: (
        pd.DataFrame(array) if array.ndim == 2 else pd.Series(array, index=list("zyx")[: len(array)])
    ),
    "column": lambda array: array if array.ndim == 2 else array[:, None],
    "sparse": lambda array: sparse.csr_matrix(array),
    "exact": lambda array: exact_matrix(array) if array.ndim == 2 else exact_column(array),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_function_takes_what_users_have(form):
    given = FORMS[form]
    matrix, truth, data = given(A), given(TRUTH), given(A @ TRUTH)
    known = by_coherence(matrix, LEVELS)
    assert known.matrix == exact_matrix(A)
    assert decide(matrix, LEVELS, method="coherence").proved.rho == known.rho
    norm = operator_norm(matrix)
    assert norm.matrix == exact_matrix(A)
    assert by_transfer(known, matrix).matrix == exact_matrix(A)
    start = given(np.array([0, 1.5, 0.25]))
    assert residual_dual(matrix, data, start) == residual_dual(A, A @ TRUTH, [0, 1.5, 0.25])
    point, dual = polished(matrix, data, LEVELS, start, given(np.zeros(3)), noise=0, steps=50)
    assert (point.rows, dual.rows) == (3, 3) and cone_dual(matrix, data, LEVELS, noise=0.1).rows == 3
    wanted = bound_point(known, exact_column(A @ TRUTH), exact_column([0, 1.5, 0.25]), noise=0.125, sigma=0, steps=5)
    found = bound_point(known, data, start, noise="1/8", sigma=0, steps=5, truth=truth, dual=given(np.zeros(3)))
    assert found[0].recovery.bound <= wanted[0].recovery.bound
    assert certify_recovery(known, data, start, [], noise=0, sigma=0).data == exact_column(A @ TRUTH)
    network = network_for(known, norm, data, noise=0.125, sigma=0, n=1, initial=start)
    assert (
        solve(network, data, float64.forward, noise=0.125, sigma=0, truth=truth, steps=0).history[0].error is not None
    )
    wide = given(np.array([[1.0, 0, 1]]))
    assert adversarial_training_error(wide, given(np.array([1.0, 0, 0])), given(np.array([0, 0, 1.0]))) > 0


def test_a_map_may_return_a_series_and_nothing_masked():
    back = np.linalg.inv(A)
    found = kernel_awareness(lambda y: pd.Series(back @ y, index=list("cab")), A, TRUTH, [0, 1, 0])
    assert found.distance > 0
    with pytest.raises(DataError, match="masked"):
        kernel_awareness(lambda y: np.ma.array(back @ y, mask=[0, 1, 0]), A, TRUTH, [0, 1, 0])


@pytest.mark.parametrize("ends", [64, [64], np.array([64]), (np.int8(64),), np.int64(64)])
def test_levels_of_an_integer_or_an_array(ends):
    assert Levels.of(ends, 1) == Levels.of([64], [1]) == Levels.of(ends, np.array([1]), np.array([1.0]))


@pytest.mark.parametrize(
    "arguments",
    [("64", 1), (64.0, 1), (64, 1.0), (True, 1), ([64], None), ([np.array([64])], 1), ({64: 1}, 1), (64, [1, 2])],
)
def test_levels_that_are_no_integers(arguments):
    with pytest.raises(UsageError):
        Levels.of(*arguments)


def test_a_refutation_of_an_array():
    assert refute(np.array([[1.0, 1, 0], [0, 0, 1]]), LEVELS).matrix.rows == 2


# --- commands -----------------------------------------------------------------------------------------------------


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "d.npz"
    np.savez(path, A=A, y=A @ TRUTH, x=TRUTH)
    return path


def test_a_file_of_several_arrays_in_every_command(capsys, tmp_path, archive):
    code, text, _ = run(capsys, "norm", archive, "--array", "A")
    assert code == 0 and "3 x 3 matrix" in text
    null_space = tmp_path / "a.cert.json"
    code, text, _ = run(
        capsys, "nullspace", archive, "--array", "A", "--sparsity", "1", "--method", "coherence", "--out", null_space
    )
    assert code == 0
    arrays = ("--array", "A", "--array", "data=y", "--array", "truth=x")
    code, text, _ = run(
        capsys, "solve", archive, archive, "--truth", archive, *arrays, "--null-space", null_space, "--json"
    )
    assert code == 0 and json.loads(text)
    for options, said in (
        ((), "it holds 3 arrays, 'A', 'y', 'x'; say with --array which is meant"),
        (("--array", "B"), "it holds no array 'B', but 'A', 'y', 'x'"),
        (("--array", "y"), "a matrix is needed"),
    ):
        code, _, errors = run(capsys, "norm", archive, *options)
        assert code == 2 and said in errors and errors.count("\n") == 1


@pytest.mark.parametrize("command", [("norm",), ("nullspace", "--sparsity", "1", "--method", "coherence")])
def test_a_header_in_every_command(capsys, tmp_path, command):
    path = tmp_path / "A.csv"
    pd.DataFrame(A).to_csv(path)
    name, *options = command
    code, _, errors = run(capsys, name, path, *options)
    assert code == 2 and "say --header both" in errors and errors.count("\n") == 1
    code, text, _ = run(capsys, name, path, *options, "--header", "both", "--json")
    assert code == 0 and json.loads(text)
    code, _, errors = run(capsys, name, path, *options, "--header", "yes")
    assert code == 2 and "the header is none, columns, rows, both" in errors

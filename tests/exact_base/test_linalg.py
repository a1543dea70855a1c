"""Exact linear algebra against definitions: minors, ranks, products."""

from itertools import combinations

import numpy as np
import pytest
from flint import fmpq, fmpq_mat
from hypothesis import given
from hypothesis import strategies as st

from exact_base.errors import DataError
from exact_base.linalg import is_positive_semidefinite, left_inverse, operator_norm_at_most, solve_consistent
from exact_base.rationals import power_of_two
from exact_base.scalars import ComplexNumber, QuadraticNumber, adjoint, exact, exact_array, norm2


def integers(rows, cols, size=3):
    row = st.lists(st.integers(-size, size), min_size=cols, max_size=cols)
    return st.lists(row, min_size=rows, max_size=rows).map(exact_array)


def flint(matrix):
    return fmpq_mat(*matrix.shape, list(matrix.flat))


def identity(size):
    return exact_array(np.eye(size, dtype=int))


root2 = QuadraticNumber(fmpq(0), fmpq(1), fmpq(2))
i_unit = ComplexNumber(fmpq(0), fmpq(1))


@given(integers(3, 4), integers(3, 2))
def test_solve_consistent(matrix, right):
    solution = solve_consistent(matrix, right)
    consistent = flint(np.concatenate([matrix, right], axis=1)).rank() == flint(matrix).rank()
    assert (solution is not None) == consistent
    if solution is not None:
        assert (matrix @ solution == right).all()


@given(integers(4, 3), st.sampled_from([exact(1), root2, i_unit, root2 + i_unit]))
def test_left_inverse(matrix, scale):
    inverse = left_inverse(matrix * scale)
    assert (inverse is not None) == (flint(matrix).rank() == 3)
    if inverse is not None:
        assert (inverse @ (matrix * scale) == identity(3)).all()


def test_left_inverse_of_no_columns():
    assert left_inverse(exact_array(np.zeros((3, 0)))).shape == (0, 3)


@given(integers(3, 3))
def test_positive_semidefinite_means_no_negative_principal_minor(matrix):
    symmetric = matrix + matrix.T
    minors = [flint(symmetric[np.ix_(s, s)]).det() for k in (1, 2, 3) for s in map(list, combinations(range(3), k))]
    assert is_positive_semidefinite(symmetric) == (min(minors) >= 0)


@given(integers(4, 2), integers(4, 2), st.sampled_from([root2, exact(0)]))
def test_gram_matrices_are_semidefinite_and_less_is_not(real, imaginary, root):
    matrix = real + imaginary * (i_unit + root)
    gram = matrix @ adjoint(matrix)  # 4 x 4 of rank at most 2
    assert is_positive_semidefinite(gram)
    assert not is_positive_semidefinite(gram - identity(4) * power_of_two(-300))


def test_a_zero_pivot_with_a_non_zero_row_is_indefinite():
    assert not is_positive_semidefinite(exact_array([[0, 1], [1, 0]]))
    assert not is_positive_semidefinite(exact_array([[0, 1], [1, 5]]))
    assert is_positive_semidefinite(exact_array([[0, 0], [0, 5]]))
    with pytest.raises(DataError):
        is_positive_semidefinite(exact_array([[1, 2]]))


@given(integers(3, 1, 9), integers(4, 1, 9), st.integers(1, 400))
def test_operator_norm_of_rank_one_is_decided_at_equality(u, v, bits):
    """‖u v^T‖ = ‖u‖‖v‖; scaled so that it is rational."""
    size2 = norm2(u) * norm2(v)
    matrix = (u @ v.T) * size2**0
    if size2 == 0:
        assert operator_norm_at_most(matrix, fmpq(0))
        return
    # ‖M‖ = 1 for M = u v^T/√size2, and a rational multiple of it has a rational norm
    scaled = matrix * (QuadraticNumber(fmpq(0), 1 / size2, size2))
    assert operator_norm_at_most(scaled, fmpq(1))
    assert not operator_norm_at_most(scaled, 1 - power_of_two(-bits))
    assert not operator_norm_at_most(scaled, fmpq(-1))


@pytest.mark.parametrize("shape", [(2, 3), (3, 2)])
def test_operator_norm_is_not_frobenius(shape):
    matrix = exact_array(np.eye(*shape, dtype=int))
    assert operator_norm_at_most(matrix, fmpq(1)) and norm2(matrix) == 2
    assert operator_norm_at_most(matrix * i_unit, fmpq(1))
    assert not operator_norm_at_most(matrix, 1 - power_of_two(-500))

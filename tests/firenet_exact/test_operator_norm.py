import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from firenet_exact import exact_matrix, operator_norm
from firenet_exact.certificates.operator_norm import norm_certificate
from tests.firenet_exact.matrices import accepted, gaussian

NEAR = 1 + fmpq(1, 2**30)


@pytest.mark.parametrize(
    ("rows", "norm"),
    [
        ([[3, 4]], fmpq(5)),
        ([["3/7"], ["4/7"]], fmpq(5, 7)),
        ([[3, 4], [-4, 3]], fmpq(5)),
        ([["3+4j", 0], [0, "5j"]], fmpq(5)),
        ([["1/3", 0, 0], [0, -7, 0]], fmpq(7)),
        ([["1e-200", 0]], fmpq(1, 10**200)),
        ([["1e200", 0]], fmpq(10**200)),
    ],
)
def test_known_norms_lie_between_the_bounds(rows, norm):
    bounds = operator_norm(exact_matrix(rows))
    assert bounds.low <= norm <= bounds.high <= bounds.low * NEAR
    assert accepted(norm_certificate(bounds))


@settings(max_examples=40)
@given(hnp.arrays(int, st.tuples(st.integers(1, 5), st.integers(1, 5)), elements=st.integers(-9, 9)))
def test_bounds_of_small_matrices_are_near_and_accepted(A):
    bounds = operator_norm(exact_matrix(A.tolist()))
    assert accepted(norm_certificate(bounds))
    if A.any():
        assert bounds.high <= bounds.low * NEAR
    else:
        assert bounds.low == 0


@pytest.mark.parametrize("complex_", [False, True])
def test_bounds_of_larger_matrices(complex_):
    bounds = operator_norm(gaussian(40, 64, complex_=complex_))
    assert bounds.high <= bounds.low * NEAR
    assert accepted(norm_certificate(bounds))


@pytest.mark.parametrize("exponent", [1020, -900, -1060])
def test_bounds_at_the_ends_of_float64(exponent):
    bounds = operator_norm(exact_matrix([[3 * 2.0**exponent, 4 * 2.0**exponent]]))
    assert bounds.low <= 5 * fmpq(2) ** exponent <= bounds.high
    assert accepted(norm_certificate(bounds))


def test_a_start_that_power_iteration_would_not_leave():
    """The ones are an eigenvector of the smaller eigenvalue: power iteration from them stays below ‖A‖ = 2."""
    A = np.array([[1.5, -0.5], [-0.5, 1.5]])
    assert operator_norm(exact_matrix(A.tolist())).high >= 2


def test_a_smaller_bound_is_rejected():
    bounds = operator_norm(gaussian(8, 12))
    low = type(bounds)(bounds.matrix, bounds.low, bounds.low, bounds.factor, bounds.vector)
    assert not accepted(norm_certificate(low))

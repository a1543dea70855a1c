"""The tests of coordinate_descent, with sci-barriers as the adversary."""

import pytest
from coordinate_descent import solve
from hypothesis import Phase, given, settings

from sci_barriers import Lasso, OmegaClass
from sci_barriers.certificates.barrier import barrier_certificate
from sci_barriers.testing import (
    CertifiedFailure,
    assert_barrier,
    assert_certificate,
    assert_digits,
    duplicated_columns,
    ill_posed,
    solver_properties,
    well_posed,
)

settings.register_profile("example", max_examples=60, deadline=None, derandomize=True)
settings.load_profile("example")

PROPERTIES = solver_properties(
    solve, problem="lasso", digits=4, scaling="half", problems=well_posed("lasso", columns=4)
)


def test_one_problem_by_hand():
    assert_digits(solve, Lasso([[1, "1/2"], [0, 1]], [2, "1/3"], parameter="1/4"), 6, scaling="half")


@pytest.mark.parametrize("name", PROPERTIES)
def test_properties(name):
    PROPERTIES[name]()


@given(duplicated_columns("lasso"))
def test_any_of_several_minimisers_will_do(known):
    assert_digits(solve, known, 4, scaling="half")


@given(ill_posed("lasso", distance="1/100"))
def test_the_answer_is_near_a_minimiser_of_the_neighbour(known):
    """At distance 1/100 from an ill-posed problem the solver still finds the one minimiser, if less exactly."""
    assert_digits(solve, known, 2, scaling="half")


@pytest.mark.sci_barrier(digits=[1, 3], problem="lasso", rows=2, columns=4)
def test_one_digit_less_than_nobody_can_have(sci_barrier):
    result = sci_barrier(solve, scaling="half")
    assert sci_barrier.digits(result) == sci_barrier.omega.digits - 1


def test_a_digit_more_fails_with_a_certificate(tmp_path):
    omega = OmegaClass.create("lasso", digits=3, rows=2, columns=4, disguise=True)
    with pytest.raises(CertifiedFailure) as caught:
        assert_digits(solve, omega, 3, scaling="half")
    path = tmp_path / "failure.cert.json"
    path.write_bytes(caught.value.certificate)
    assert "has 3 digits on all members of the class" in assert_certificate(path)
    path.write_bytes(barrier_certificate(assert_barrier(solve, omega, scaling="half").game))
    assert "valid (barrier)" in assert_certificate(path)


def test_the_kit_sees_a_wrong_scaling():
    wrong = solver_properties(solve, problem="lasso", digits=4, scaling="stated")
    for name, test in wrong.items():
        with pytest.raises(AssertionError, match="digits"):
            settings(phases=[Phase.generate])(test)()
            pytest.fail(f"the property {name} did not see it")

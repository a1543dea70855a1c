"""The minimiser of penalised least squares against its definition, other solvers, and data of all kinds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sci_barriers.problems.penalised import solving
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, column
from sci_barriers.problems.penalised.solving import minimise
from tests.sci_barriers.check_problems import Plain, fractions, points, problems

of = PenalisedLeastSquares.of


def assert_minimiser(problem, solution):
    plain = Plain(problem)
    x = plain.x(solution.point)
    assert plain.is_minimiser(x)
    assert list(solution.active) == plain.active(x)
    in_v = [s * g for s, g in zip(plain.scales, plain.slopes(x), strict=True)]
    assert fractions(solution.gradient) == in_v
    assert solution.directions == {j: plain.sign(x, j) for j in solution.active}


@given(problems(), st.data())
def test_what_is_found_is_a_minimiser(problem, data):
    guess = column(data.draw(points(problem))) if data.draw(st.booleans()) else None
    assert_minimiser(problem, minimise(problem, guess=guess))


@settings(max_examples=40)
@given(problems(most_rows=3, most_columns=3))
def test_no_support_gives_less(problem):
    plain = Plain(problem)
    assert plain.objective(plain.x(minimise(problem).point)) == plain.least_value()


@pytest.mark.parametrize("size", [1e-160, 1e-200, 5e-324])
@pytest.mark.parametrize("kappa", [1, 1e300, 1e-320])
def test_a_column_that_is_nothing_beside_its_ridge_penalty(size, kappa):
    problem = of([[size, 1], [3 * size, 2]], [1, 2], penalties=[0, 1], ridge=[kappa, kappa])
    assert_minimiser(problem, minimise(problem, guess=column([1, 1])))


@given(problems(), st.data())
def test_the_exact_method_alone_finds_it_too(problem, data):
    """Whatever float64 says: nothing, or a feasible point of any signs."""
    values = dict(enumerate(data.draw(points(problem)))) if data.draw(st.booleans()) else {}
    found = {j: v for j, v in values.items() if v and not (v < 0 and j in problem.nonnegative)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solving, "_float_support", lambda *_: found)
        assert_minimiser(problem, minimise(problem))

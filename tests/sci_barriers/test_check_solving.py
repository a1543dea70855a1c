"""The minimiser of penalised least squares against its definition, other solvers, and data of all kinds."""

from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_diabetes
from sklearn.linear_model import ElasticNet, Lasso, LinearRegression

from exact_base.errors import BudgetError, DataError
from exact_base.matrices import exact_column
from sci_barriers import Lasso as ExactLasso
from sci_barriers import solve_exactly
from sci_barriers.problems.penalised import exact_forms, integers, solving
from sci_barriers.problems.penalised.float_form import FloatForm
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, column, entries_of
from sci_barriers.problems.penalised.solving import minimise
from tests.sci_barriers.check_problems import PENALTY, POSITIVE, SMALL, Plain, fractions, points, problems

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


@given(problems(), st.sampled_from([0, 10**6]))
def test_both_exact_forms_find_it(problem, tall):
    """The form with all of H, and the one through the columns."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(integers, "_TALL", tall)
        assert_minimiser(problem, minimise(problem))


@given(problems(), st.data())
def test_bad_primes_do_no_harm(problem, data):
    """A prime that divides a determinant only costs time: what it says is looked at exactly."""
    guess = column(data.draw(points(problem)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exact_forms, "PRIME", data.draw(st.sampled_from([2, 3, 5, 7])))
        patch.setattr(integers, "_TALL", data.draw(st.sampled_from([0, 10**6])))
        assert_minimiser(problem, minimise(problem, guess=guess))


@given(st.data())
def test_ridge_with_many_columns_is_solved_by_rows(data):
    m, n = data.draw(st.integers(1, 3)), data.draw(st.integers(4, 7))
    draw = st.lists(SMALL, min_size=n, max_size=n)
    intercept = data.draw(st.booleans())
    problem = of(
        [data.draw(draw) for _ in range(m)],
        data.draw(st.lists(SMALL, min_size=m, max_size=m)),
        penalties=data.draw(st.lists(PENALTY, min_size=n, max_size=n)) + [0] * intercept,
        ridge=data.draw(st.lists(POSITIVE, min_size=n, max_size=n)) + [0] * intercept,
        observation_weights=data.draw(st.lists(POSITIVE, min_size=m, max_size=m)),
        intercept=intercept,
        nonnegative=sorted(data.draw(st.sets(st.integers(0, n - 1)))),
    )
    assert_minimiser(problem, minimise(problem))


def test_the_same_as_another_exact_solver():
    matrix, data = [[1, "1/2", 0, 3], [0, 1, "2/3", -1], [2, -1, 1, 1]], [2, 1, "1/7"]
    for parameter in ("1/4", 1, 3, 20):
        other = solve_exactly(ExactLasso(matrix, data, parameter=parameter))
        found = minimise(of(matrix, data, penalties=[parameter] * 4))
        assert entries_of(found.point) == list(other.point)


RNG = np.random.default_rng(0)
RANDOM = RNG.standard_normal((30, 6))
ANSWERS = RANDOM @ [3, -2, 0, 0, 1, 0] + RNG.standard_normal(30)


@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("positive", [False, True])
@pytest.mark.parametrize(("alpha", "ratio"), [(0.1, 1.0), (0.1, 0.5), (2.0, 0.9), (1e-3, 0.2)])
def test_the_same_as_sklearn_to_its_tolerance(intercept, positive, alpha, ratio):
    model = ElasticNet(alpha=alpha, l1_ratio=ratio, fit_intercept=intercept, positive=positive, tol=1e-12)
    weights = np.linspace(1, 2, 30)
    model.fit(RANDOM, ANSWERS, sample_weight=weights)
    # sklearn scales the weights to the mean 1
    unit = weights.sum() / 30
    problem = of(
        RANDOM,
        ANSWERS,
        penalties=[2 * 30 * alpha * ratio * unit] * 6 + [0] * intercept,
        ridge=[30 * alpha * (1 - ratio) * unit] * 6 + [0] * intercept,
        observation_weights=weights,
        intercept=intercept,
        nonnegative=range(6) if positive else (),
    )
    solution = minimise(problem)
    fitted = [*model.coef_, model.intercept_] if intercept else model.coef_
    assert np.abs(problem.coefficients(solution.point).to_float()[:, 0] - fitted).max() < 1e-6


@pytest.mark.parametrize("alpha", [0.01, 0.1, 1.0])
def test_diabetes(alpha):
    data, target = load_diabetes(return_X_y=True)
    fitted = Lasso(alpha=alpha, tol=1e-12, max_iter=100_000).fit(data, target)
    guess = exact_column([*fitted.coef_, fitted.intercept_])
    problem = of(data, target, penalties=[2 * 442 * alpha] * 10 + [0], intercept=True)
    solution = minimise(problem, guess=guess)
    assert solution.pivots == 0
    assert np.abs(problem.coefficients(solution.point).to_float() - guess.to_float()).max() < 1e-5
    assert [j for j in range(10) if fitted.coef_[j]] == [j for j in solution.active if j < 10]


def test_least_squares_is_the_solution_of_the_normal_equations():
    fitted = LinearRegression().fit(RANDOM, ANSWERS)
    problem = of(RANDOM, ANSWERS, penalties=[0] * 7, intercept=True)
    found = minimise(problem)
    assert np.abs(found.point.to_float()[:, 0] - [*fitted.coef_, fitted.intercept_]).max() < 1e-12
    assert found.gradient == column([fmpq(0)] * 7)
    assert found.active == tuple(range(7))


SCALES = 10.0 ** np.array([-8, 8, -3, 5, 0, -150])


@pytest.mark.parametrize(
    ("matrix", "options"),
    [
        (RANDOM * SCALES, {}),
        (RANDOM * SCALES, {"penalties": list(np.abs(RANDOM * SCALES).max(axis=0))}),
        (RANDOM * SCALES, {"centres": list((RANDOM * SCALES).mean(axis=0)), "scales": list(SCALES)}),
        (RANDOM + 1e8, {"penalties": [1.0] * 7, "intercept": True}),
        (np.vander(np.linspace(0, 1, 30), 6), {"penalties": [1e-9] * 6}),
        (np.vander(np.linspace(0, 1, 30), 6), {"nonnegative": range(6)}),
        (np.hstack([RANDOM[:, :3], RANDOM[:, :3] * (1 + 1e-12)]), {"penalties": [1.0] * 6}),
        (np.hstack([RANDOM[:, :3], RANDOM[:, :3] + 1e-13]), {}),
        (np.hstack([RANDOM[:, :3], -RANDOM[:, :3]]), {"nonnegative": range(6)}),
        (np.hstack([RANDOM[:, :3], RANDOM[:, :3]]), {"ridge": [0, 1, 2, 1, 0, 0]}),
        (np.zeros((30, 6)), {}),
        (np.zeros((30, 6)), {"penalties": [1.0] * 6}),
        (np.ones((30, 6)), {"penalties": [0.0] * 7, "intercept": True}),
        (RANDOM[:1], {}),
        (RANDOM[:3], {"ridge": [1e-8] * 6}),
        (RANDOM[:3], {"ridge": [5e-324] * 6}),
        (RANDOM * 1e-300, {}),
        (RANDOM * 1e150, {"penalties": [1e300] * 6}),
    ],
)
@pytest.mark.parametrize("zero", [False, True])
def test_data_that_are_hard_on_floats(matrix, options, zero):
    options = {"penalties": [0.0] * 6} | options
    if options.get("intercept"):
        options["penalties"] = [*options["penalties"][:6], 0.0]
    problem = of(matrix, ANSWERS[: len(matrix)] * (not zero), **options)
    assert_minimiser(problem, minimise(problem))


def test_what_is_told_and_what_is_refused(monkeypatch):
    told = []
    problem = of(RANDOM, ANSWERS, penalties=[1] * 6)
    solution = minimise(problem, progress=told.append)
    assert told[0] == "reading the problem in integers" and told[-1].startswith("solving exactly on a support of ")
    assert repr(solution).startswith("Solution(")
    for guess in (exact_column([1]), exact_column([1j] * 6)):
        with pytest.raises(DataError, match="a real column of 6"):
            minimise(problem, guess=guess)
    monkeypatch.setattr(solving, "_float_support", lambda *_: {})
    monkeypatch.setattr(solving, "MOST_PIVOTS", 2)
    with pytest.raises(BudgetError, match="no support was found in 2 pivots"):
        minimise(problem, progress=told.append)
    assert told[-1] == "3 exact pivots, a support of 3"


def test_a_float_method_that_fails_does_no_harm(monkeypatch):
    def fails(self, signs):
        raise np.linalg.LinAlgError("singular")

    monkeypatch.setattr(FloatForm, "target", fails)
    problem = of(RANDOM, ANSWERS, penalties=[1] * 6)
    solution = minimise(problem)
    assert solution.pivots > 0
    assert_minimiser(problem, solution)


def test_degenerate_steps_end():
    """Many ties: at zero all columns are at their bound, or over it, with the same slope."""
    rows = [[1 if i == j or (i * j) % 3 == 0 else 0 for j in range(9)] for i in range(9)]
    for penalty in (0, 2, 6, 7):
        problem = of(rows, [1] * 9, penalties=[penalty] * 9, nonnegative=range(0, 9, 2))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(solving, "_float_support", lambda *_: {})
            assert_minimiser(problem, minimise(problem))


@given(problems(), st.data())
def test_what_float64_finds_is_near_the_minimiser(problem, data):
    """The exact method would hide a float method that finds nothing."""
    parts = integers.IntegerProblem.of(problem)
    found = solving._float_support(parts, None, lambda words: None)
    x = Plain(problem).x(column(parts.to_point(found)))
    assert Plain(problem).objective(x) <= (1 + Fraction(1, 10**9)) * Plain(problem).least_value() + Fraction(1, 10**15)

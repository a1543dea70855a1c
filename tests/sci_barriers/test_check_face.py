"""The nearest minimiser and whether it is the only one, against the definition of both."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from exact_base.errors import BudgetError, DataError, SolverError
from exact_base.matrices import exact_column
from proofs_checks.checker import verify_bytes
from sci_barriers.certificates.solution_digits import solution_digits_certificate
from sci_barriers.problems.penalised import dependences, exact_forms, face
from sci_barriers.problems.penalised.face import nearest
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, column, entries_of
from sci_barriers.problems.penalised.solving import minimise
from tests.sci_barriers.check_problems import SMALL, Plain, fractions, minor_is_regular, points, problems

of = PenalisedLeastSquares.of


def assert_nearest(problem, coefficients, found):
    """All that is said of the nearest minimiser, by definition."""
    plain = Plain(problem)
    c, p = fractions(coefficients), plain.x(found.point)
    assert plain.is_minimiser(p)
    movable = plain.movable(p)
    if found.unique == "yes":
        assert (found.multiplier, found.other) == (None, None)
        assert len(found.rows) == len(movable) and list(found.rows) == sorted(set(found.rows))
        assert minor_is_regular([[plain.Z[i][j] for j in movable] for i in found.rows])
        return
    assert found.rows is None
    q = fractions(found.multiplier)
    for j in movable:
        d = c[j] - p[j] if j < plain.features else Fraction(0)
        e = d - sum(row[j] * v for row, v in zip(plain.Z, q, strict=True))
        sign = plain.sign(p, j)
        assert e == 0 if p[j] or not sign else sign * e <= 0
    assert (found.other is None) == (found.unique == "open")
    if found.other is not None:
        z = plain.x(found.other)
        assert plain.is_minimiser(z) and z != p
    else:
        assert is_alone(plain, p, movable)


def is_alone(plain, p, movable):
    """Whether no direction of the set of minimisers is left at p, by the vertices of the directions: tiny problems."""
    signs = {j: plain.sign(p, j) for j in movable if not p[j]}
    # a direction of least support is, up to its length, the only dependence of its columns
    for size in range(1, len(movable) + 1):
        for columns in combinations(movable, size):
            for direction in dependence_of(plain, columns):
                for way in (1, -1):
                    moved = dict(zip(columns, (way * v for v in direction), strict=True))
                    if all(signs.get(j, 0) * v >= 0 for j, v in moved.items()):
                        return False
    return True


def dependence_of(plain, columns):
    """The dependence of columns, if up to a factor there is one, by elimination."""
    rows = [[row[j] for j in columns] for row in plain.Z]
    pivots = []
    for k in range(len(columns)):
        i = next((i for i in range(len(pivots), len(rows)) if rows[i][k]), None)
        if i is None:
            continue
        at = len(pivots)
        rows[at], rows[i] = rows[i], rows[at]
        rows[at] = [a / rows[at][k] for a in rows[at]]
        for other in range(len(rows)):
            if other != at and rows[other][k]:
                ratio = rows[other][k]
                rows[other] = [a - ratio * b for a, b in zip(rows[other], rows[at], strict=True)]
        pivots.append(k)
    free = [k for k in range(len(columns)) if k not in pivots]
    if len(free) != 1:
        return
    direction = [Fraction(0)] * len(columns)
    direction[free[0]] = Fraction(1)
    for i, k in enumerate(pivots):
        direction[k] = -rows[i][free[0]]
    yield direction


@given(problems(), st.data())
def test_what_is_found_is_nearest(problem, data):
    coefficients = column(data.draw(points(problem)))
    assert_nearest(problem, coefficients, nearest(minimise(problem), coefficients))


@given(problems(), st.data())
def test_bad_primes_do_no_harm(problem, data):
    """With small primes in front the basis that they give can be too small, and dependences are not what they seem."""
    coefficients = column(data.draw(points(problem)))
    first = data.draw(st.sampled_from([2, 3, 5, 7]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dependences, "PRIMES", (first, *dependences.PRIMES))
        patch.setattr(exact_forms, "PRIME", first)
        assert_nearest(problem, coefficients, nearest(minimise(problem), coefficients))


def test_if_all_primes_are_bad_that_is_said(monkeypatch):
    monkeypatch.setattr(dependences, "PRIMES", (2,))
    solution = minimise(of([[1, 1, 3], [-1, 1, 1]], [4, 4], penalties=[0, 0, 0]))
    monkeypatch.setattr(face._Face, "filling_columns", lambda self: None)
    with pytest.raises(SolverError, match="this is a defect"):
        nearest(solution, column([0, 0, 0]))


@given(st.data())
def test_least_squares_with_many_columns(data):
    """The nearest of all solutions, by a system of the size of the rows, and by the dependences of the columns."""
    m, n = data.draw(st.integers(1, 3)), data.draw(st.integers(4, 7))
    row = st.lists(SMALL, min_size=n, max_size=n)
    intercept = data.draw(st.booleans())
    problem = of(
        [data.draw(row) for _ in range(m)],
        data.draw(st.lists(SMALL, min_size=m, max_size=m)),
        penalties=[0] * (n + intercept),
        centres=data.draw(st.none() | row),
        scales=data.draw(st.none() | st.lists(st.sampled_from([1, 2, fmpq(1, 3)]), min_size=n, max_size=n)),
        intercept=intercept,
    )
    solution, coefficients = minimise(problem), column(data.draw(points(problem)))
    found = nearest(solution, coefficients)
    assert_nearest(problem, coefficients, found)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(face._Face, "filling_columns", lambda self: None)
        other = nearest(solution, coefficients)
    assert_nearest(problem, coefficients, other)
    assert (found.point, found.unique) == (other.point, other.unique)


@pytest.mark.parametrize(
    ("columns", "data", "options", "coefficients", "unique", "point"),
    [
        ([[1], [1]], [2], {"penalties": [1, 1]}, [0, 0], "no", ["3/4", "3/4"]),
        ([[1], [1]], [2], {"penalties": [1, 1]}, [5, 0], "no", ["3/2", 0]),  # the second would be negative
        ([[1], [1]], [2], {"penalties": [1, 1]}, [1, 0], "no", ["5/4", "1/4"]),
        ([[1], [-1]], [2], {"penalties": [1, 1]}, [0, 0], "no", ["3/4", "-3/4"]),
        ([[1], [1]], [2], {"penalties": [0, 0]}, [5, 0], "no", ["7/2", "-3/2"]),
        ([[1], [1]], [2], {"penalties": [0, 0], "nonnegative": [1]}, [5, 0], "no", [2, 0]),
        ([[1], [1]], [2], {"penalties": [0, 1]}, [5, 0], "yes", [2, 0]),
        ([[1], [1]], [2], {"penalties": [0, 0], "ridge": [0, 1]}, [5, 0], "yes", [2, 0]),
        ([[1], [1]], [2], {"penalties": [1, 1], "ridge": [1, 1]}, [5, 0], "yes", ["1/2", "1/2"]),
        ([[1], [1]], [-2], {"penalties": [0, 0], "nonnegative": [0, 1]}, [5, 0], "yes", [0, 0]),
        # all slopes are at their bounds and no coefficient can move: the columns alone do not show it
        ([[1], [1]], [0], {"penalties": [0, 0], "nonnegative": [0, 1]}, [5, 0], "open", [0, 0]),
        ([[1], [1]], ["1/2"], {"penalties": [1, 1]}, [5, 0], "open", [0, 0]),
        ([[1], [-1]], [0], {"penalties": [0, 0], "nonnegative": [0, 1]}, [5, 0], "no", ["5/2", "5/2"]),
        ([[0], [1]], [2], {"penalties": [0, 0]}, [7, 0], "no", [7, 2]),
        ([[0], [1]], [2], {"penalties": [0, 0], "nonnegative": [0, 1]}, [-7, 0], "no", [0, 2]),
        ([[1, 1]], [1, 3], {"penalties": [0, 0], "intercept": True}, [5, 5], "no", [5, -3]),
        # the distance is that of the scaled coefficients: v = x/s
        ([[1], [1]], [2], {"penalties": [0, 0], "scales": [1, 2]}, [0, 0], "no", ["8/5", "2/5"]),
    ],
)
def test_sets_that_are_known(columns, data, options, coefficients, unique, point):
    problem = of(list(zip(*columns, strict=True)), data, **options)
    coefficients = exact_column(coefficients)
    found = nearest(minimise(problem), coefficients)
    assert_nearest(problem, coefficients, found)
    assert (found.unique, found.point) == (unique, exact_column(point))


def test_the_rows_of_a_minor_are_far_down_if_they_must():
    matrix = np.zeros((60, 2))
    matrix[50, 0] = matrix[59, 1] = 1
    found = nearest(minimise(of(matrix, np.ones(60), penalties=[0, 0])), column([0, 0]))
    assert (found.unique, found.rows) == ("yes", (50, 59))


def test_what_is_too_much_is_said_in_one_line(monkeypatch):
    solution = minimise(of([[1, 1, 1], [0, 1, 1]], [2, 1], penalties=[0, 0, 0], scales=[1, 3, 5]))
    monkeypatch.setattr(face, "_MOST_BITS", 2)
    monkeypatch.setattr(face, "_MOST_BITS_OF_ALL", 2)
    with pytest.raises(BudgetError, match="3 coefficients with scales of their own") as caught:
        nearest(solution, column([0, 0, 0]))
    assert "\n" not in str(caught.value)
    monkeypatch.setattr(face, "_MOST_COLUMNS", 1)
    solution = minimise(of([[1, 1]], [2], penalties=[1, 1]))
    with pytest.raises(BudgetError, match="2 coefficients can differ between minimisers") as caught:
        nearest(solution, column([0, 0]))
    assert "\n" not in str(caught.value)
    for wrong in (column([0]), exact_column([1j, 0])):
        with pytest.raises(DataError, match="a real column of 2"):
            nearest(solution, wrong)


def test_equal_columns_of_floats():
    rng = np.random.default_rng(3)
    half = rng.standard_normal((8, 10))
    matrix = np.hstack([half, half, -half, half[:, :4] * 2])
    problem = of(matrix, half[:, :5].sum(axis=1), penalties=[0.5] * 30 + [1.0] * 4)
    coefficients = exact_column(rng.standard_normal(34))
    found = nearest(minimise(problem), coefficients)
    assert found.unique == "no"
    assert_nearest(problem, coefficients, found)
    point = entries_of(found.point)
    assert all(point[j] * point[10 + j] >= 0 >= point[j] * point[20 + j] for j in range(10))


def test_columns_that_are_sums_of_others():
    rng = np.random.default_rng(4)
    groups, others = np.eye(4)[rng.integers(0, 4, 40)], np.eye(3)[rng.integers(0, 3, 40)]
    problem = of(np.hstack([groups, others]), rng.standard_normal(40), penalties=[0] * 8, intercept=True)
    coefficients = exact_column(np.ones(8))
    found = nearest(minimise(problem), coefficients)
    assert found.unique == "no"
    assert_nearest(problem, coefficients, found)


@given(problems(), st.data())
def test_the_checker_accepts_what_is_found(problem, data):
    coefficients = column(data.draw(points(problem)))
    found = nearest(minimise(problem), coefficients)
    verdict = verify_bytes(solution_digits_certificate(problem, coefficients, found))
    assert verdict.verdict == "valid", verdict


def test_few_columns_of_any_scales(monkeypatch):
    problem = of([[1, 2, 1]], [3], penalties=[0, 0, 0], scales=[1e-300, 1e300, 1])
    aims = column([1, 1, 1])
    assert_nearest(problem, aims, nearest(minimise(problem), aims))
    monkeypatch.setattr(face, "_MOST_BITS_OF_ALL", 1000)
    with pytest.raises(BudgetError, match="3 coefficients with scales of their own"):
        nearest(minimise(problem), aims)

"""What is said of coefficients, recomputed from the definitions in fractions."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_base.matrices import exact_column
from sci_barriers.problems.penalised.finding import find
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, column
from sci_barriers.problems.penalised.solving import minimise
from tests.sci_barriers.check_problems import Plain, fractions, points, problems

of = PenalisedLeastSquares.of


def fraction(value):
    return Fraction(int(value.p), int(value.q))


def found_for(problem, coefficients):
    return find(minimise(problem), exact_column(coefficients))


@given(problems(), st.data())
def test_numbers_by_definition(problem, data):
    coefficients = column(data.draw(points(problem)))
    found = find(minimise(problem), coefficients)
    plain = Plain(problem)
    c, p, n = fractions(coefficients), plain.x(found.nearest.point), problem.features
    assert [fraction(v) for v in found.minimiser] == p
    distance2 = sum((a - b) ** 2 for a, b in zip(c[:n], p[:n], strict=True))
    assert fraction(found.distance2) == distance2
    assert Fraction(found.distance_below) ** 2 <= distance2 <= Fraction(found.distance) ** 2
    if any(p[:n]):
        assert fraction(found.relative2) == distance2 / sum(v * v for v in p[:n])
        assert Fraction(found.relative_below) ** 2 <= fraction(found.relative2) <= Fraction(found.relative) ** 2
    else:
        assert found.relative2 is None and found.relative is None and found.relative_digits is None
    if distance2:
        assert distance2 <= Fraction(10) ** (-2 * found.digits) < 100 * distance2
    else:
        assert found.digits is None
    assert fraction(found.least) == plain.objective(p)
    feasible = all(c[j] >= 0 for j in problem.nonnegative)
    assert found.is_feasible == feasible
    if feasible:
        excess = plain.objective(c) - plain.objective(p)
        assert fraction(found.excess) == excess >= 0
        assert Fraction(found.excess_above) >= excess
        assert found.relative_excess is None or fraction(found.relative_excess) == excess / plain.objective(p)
    else:
        assert found.excess is None and found.excess_above is None and found.relative_excess is None


@given(problems(), st.data())
def test_coefficients_by_definition(problem, data):
    coefficients = column(data.draw(points(problem)))
    found = find(minimise(problem), coefficients)
    plain = Plain(problem)
    c, p, n = fractions(coefficients), plain.x(found.nearest.point), problem.features
    differing = [j for j in range(n) if c[j] != p[j]]
    assert sorted(item.index for item in found.errors) == differing
    sizes = [abs(fraction(item.error)) for item in found.errors]
    assert sizes == sorted(sizes, reverse=True) and sizes == [abs(c[i.index] - p[i.index]) for i in found.errors]
    assert (found.intercept is None) == (not problem.intercept)
    if problem.intercept:
        assert fraction(found.intercept.error) == c[-1] - p[-1]
    if found.unique == "yes":
        assert found.wrongly_chosen == [j for j in range(n) if c[j] and not p[j]]
        assert found.wrongly_left_out == [j for j in range(n) if not c[j] and p[j]]
        assert found.groups == []
        assert found.support_is_right == all((not c[j]) == (not p[j]) for j in range(n))
    else:
        fixed = [j for j in range(n) if j not in plain.active(p) or (plain.kappa[j] and not p[j])]
        assert found.wrongly_chosen == [j for j in fixed if c[j]]
        assert found.wrongly_left_out == [j for j in range(n) if not c[j] and p[j] and plain.kappa[j]]
        assert_groups(plain, plain.movable(p), found.groups, up_to_constants=problem.intercept)


def assert_groups(plain, movable, groups, *, up_to_constants):
    columns = {j: [row[j] - plain.Z[0][j] * up_to_constants for row in plain.Z] for j in movable}
    together = {}
    for number, group in enumerate(groups):
        assert len(group) > 1
        first = group[0][0]
        for j, sign in group:
            assert columns[j] == [sign * a for a in columns[first]]
            together[j] = number
    for i in movable:
        for j in movable:
            alike = columns[i] == columns[j] or columns[i] == [-a for a in columns[j]]
            assert not alike or i == j or together[i] == together[j]


@pytest.mark.parametrize(
    ("columns", "groups"),
    [
        ([[1, 2], [1, 2]], [[(0, 1), (1, 1)]]),
        ([[1, 2], [-1, -2]], [[(0, 1), (1, -1)]]),
        ([[-1, 2], [1, -2], [-1, 2]], [[(0, 1), (1, -1), (2, 1)]]),
        ([[1, 2], [2, 4]], []),  # the second is better, and alone
        ([[1, 2], [1, 3]], []),
    ],
)
def test_columns_that_are_interchangeable(columns, groups):
    problem = of(list(zip(*columns, strict=True)), [3, 4], penalties=[1] * len(columns))
    found = found_for(problem, [0] * len(columns))
    assert found.groups == groups
    assert (found.unique == "no") == bool(groups)


def test_a_ridge_penalty_keeps_a_column_where_others_may_differ():
    problem = of([[1, 1, 0], [0, 0, 1]], [3, 2], penalties=[1, 1, 0], ridge=[0, 0, 1])
    found = found_for(problem, [1, "3/2", 0])
    assert (found.unique, found.wrongly_left_out, found.support_is_right) == ("no", [2], False)


def test_a_minimiser_is_found_to_be_right_and_another_point_not():
    problem = of([[1, 0], [0, 1], [1, 1]], [3, 0, 3], penalties=[2, 2])
    right, zero, both = (found_for(problem, c) for c in (["5/2", 0], [0, 0], ["5/2", "-1/4"]))
    assert (right.distance, right.relative, right.digits, right.excess) == ("0", "0", None, 0)
    assert right.support_is_right and right.errors == []
    assert (zero.distance, zero.relative, zero.wrongly_left_out) == ("2.5", "1", [0])
    assert (both.relative_below, both.relative, both.wrongly_chosen) == ("0.1", "0.1", [1])
    assert not zero.support_is_right and not both.support_is_right


def test_bounds_are_rounded_outward():
    problem = of([[1, 0], [0, 1]], [3, 3], penalties=[0, 0])
    found = found_for(problem, ["8/3", "8/3"])
    assert (found.distance_below, found.distance) == ("0.4714045", "0.4714046")
    assert (found.relative_below, found.relative) == ("0.1111111", "0.1111112")

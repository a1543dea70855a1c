"""The nearest minimiser and whether it is the only one, against the definition of both."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_base.errors import BudgetError
from sci_barriers.problems.penalised import face
from sci_barriers.problems.penalised.face import nearest
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, column
from sci_barriers.problems.penalised.solving import minimise
from tests.sci_barriers.check_problems import Plain, fractions, minor_is_regular, points, problems

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
    from itertools import combinations

    signs = {j: plain.sign(p, j) for j in movable if not p[j]}
    # a direction of least support is, up to its length, the only dependence of its columns
    for size in range(1, len(movable) + 1):
        for columns in combinations(movable, size):
            for direction in dependences(plain, columns):
                for way in (1, -1):
                    moved = dict(zip(columns, (way * v for v in direction), strict=True))
                    if all(signs.get(j, 0) * v >= 0 for j, v in moved.items()):
                        return False
    return True


def dependences(plain, columns):
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


def test_few_columns_of_any_scales(monkeypatch):
    problem = of([[1, 2, 1]], [3], penalties=[0, 0, 0], scales=[1e-300, 1e300, 1])
    aims = column([1, 1, 1])
    assert_nearest(problem, aims, nearest(minimise(problem), aims))
    monkeypatch.setattr(face, "_MOST_BITS_OF_ALL", 1000)
    with pytest.raises(BudgetError, match="3 coefficients with scales of their own"):
        nearest(minimise(problem), aims)

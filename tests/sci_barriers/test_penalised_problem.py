"""Problems of penalised least squares: what is read, and what is refused in one line."""

import numpy as np
import pytest
from flint import fmpq

from exact_base.errors import DataError
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, column, entries_of

of = PenalisedLeastSquares.of
X, Y = [[1, 0], [0, "1/2"], [3, 4]], [2, 1, 0]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"ridge": [0, "1/3"]},
        {"centres": [1, 2], "scales": ["1/2", 3]},
        {"observation_weights": [1, 2, "1/7"]},
        {"penalties": [1, 2, 0], "intercept": True},
        {"penalties": [0, 0], "nonnegative": [0, 1]},
        {"ridge": [1, 0, 0], "penalties": [1, 2, 0], "intercept": True, "nonnegative": [1]},
    ],
)
def test_what_is_read(options):
    problem = of(X, Y, **{"penalties": [1, 2]} | options)
    assert (problem.rows, problem.features) == (3, 2)
    assert problem.size == 2 + problem.intercept == len(problem.scale_entries)
    x = column([fmpq(5), fmpq(-3, 7), fmpq(1)][: problem.size])
    assert problem.coefficients(problem.own_units(x)) == x


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"penalties": [1]}, "the penalties must be a column of 2"),
        ({"penalties": [1, 2, 3]}, "the penalties must be a column of 2"),
        ({"penalties": [1, -1]}, "must not be negative"),
        ({"ridge": [1, -1]}, "ridge penalties must not be negative"),
        ({"penalties": [1, 1], "intercept": True}, "a column of 3"),
        ({"penalties": [1, 1, 1], "intercept": True}, "must end with 0"),
        ({"penalties": [1, 1, 0], "ridge": [0, 0, 1], "intercept": True}, "ridge penalties must end with 0"),
        ({"scales": [1, 0]}, "scales must be positive"),
        ({"scales": [1]}, "the scales must be a column of 2"),
        ({"centres": [1j, 0]}, "centres must be real"),
        ({"observation_weights": [1, 1, 0]}, "observation weights must be positive"),
        ({"nonnegative": [1, 0]}, "increasing"),
        ({"nonnegative": [0, 0]}, "increasing"),
        ({"nonnegative": [2]}, "increasing"),
        ({"nonnegative": [True]}, "increasing"),
        ({"data": [1, 2]}, "y must be a column of 3"),
        ({"data": [1, 2, 1j]}, "y must be real"),
        ({"matrix": [[1j, 0], [0, 1], [0, 0]]}, "X must be real"),
        ({"matrix": np.zeros((0, 2)), "data": []}, "at least"),
        ({"data": [1, 2, float("nan")]}, "nan"),
    ],
)
def test_what_is_refused(options, says):
    given = {"matrix": X, "data": Y, "penalties": [1, 2]} | options
    with pytest.raises(DataError, match=says) as caught:
        of(given.pop("matrix"), given.pop("data"), **given)
    assert "\n" not in str(caught.value)


def test_penalties_in_the_units_of_the_columns():
    problem = of(X, Y, penalties=[1, 2, 0], ridge=[3, 0, 0], scales=["1/2", 5], intercept=True)
    assert problem.penalty_entries == [fmpq(1, 2), fmpq(10), fmpq(0)]
    assert problem.ridge_entries == [fmpq(3, 4), fmpq(0), fmpq(0)]
    assert entries_of(problem.own_units(column([1, 1, 1]))) == [fmpq(2), fmpq(1, 5), fmpq(1)]

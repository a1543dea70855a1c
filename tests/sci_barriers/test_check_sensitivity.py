"""Which cell matters most: derivatives against differences of exact minimisers, cell by cell."""

from dataclasses import replace

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from exact_base.matrices import exact_column, exact_matrix
from sci_barriers.checks.sensitivity import sensitivity_of
from sci_barriers.problems.determined.precision import Precision, Radius
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, entries_of
from sci_barriers.problems.penalised.solving import minimise

ROWS = 4
STEP = fmpq(1, 10**9)
ONE = Precision(Radius.entrywise(1), Radius.entrywise(1))


def problem_of(seed, **more):
    rng = np.random.default_rng(seed)
    X = rng.integers(-8, 9, (ROWS, 3)) / 4
    y = rng.integers(-32, 33, ROWS) / 4
    return PenalisedLeastSquares.of(X.tolist(), y.tolist(), **more)


def features(problem):
    return [float(fmpq(x)) for x in entries_of(problem.coefficients(minimise(problem).point))[: problem.features]]


def moved(problem, row, column):
    """The distance that the minimiser moves for each unit, to first order, from two exact ones."""

    def changed(step):
        if column is None:
            values = entries_of(problem.data)
            values[row] += step
            return features(replace(problem, data=exact_column(values)))
        cells = [[fmpq(a, problem.matrix.den) for a in line] for line in problem.matrix.re.tolist()]
        cells[row][column] += step
        return features(replace(problem, matrix=exact_matrix(cells)))

    both = zip(changed(STEP), changed(-STEP), strict=True)
    return sum((a - b) ** 2 for a, b in both) ** 0.5 / float(2 * STEP)


KINDS = {
    "lasso": {"penalties": [3, 3, 3]},
    "elastic net": {"penalties": [1, 2, 1], "ridge": [1, 0, "1/2"]},
    "intercept": {"penalties": [3, 3, 3, 0], "intercept": True},
    "weights and scales": {
        "penalties": [1, 1, 1],
        "observation_weights": [1, 2, 3, "1/2"],
        "scales": [2, 1, 3],
        "centres": [1, 0, "1/2"],
    },
    "no penalty, and signs": {"penalties": [0, 2, 2], "nonnegative": (1, 2)},
}


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=2)
@given(seed=st.integers(0, 300))
def test_the_cell_is_the_one_that_moves_most(kind, seed):
    problem = problem_of(seed, **KINDS[kind])
    solution = minimise(problem)
    point = entries_of(solution.point)
    free = {j for j, penalty in enumerate(problem.penalty_entries) if penalty == 0}
    if any(point[j] == 0 for j in solution.active) or any(point[j] == 0 for j in free):
        return  # there is no derivative
    found = sensitivity_of(solution, ONE)
    if found is None:
        return  # columns that depend on each other
    for cell, columns in ((found.matrix, range(3)), (found.data, [None])):
        sizes = {(i, j): moved(problem, i, j) for i in range(ROWS) for j in columns}
        largest = max(sizes.values())
        if cell is None:
            assert largest < 1e-4
            continue
        assert cell.derivative == pytest.approx(sizes[cell.row, cell.column], rel=1e-3, abs=1e-4)
        assert cell.derivative >= largest * (1 - 1e-3) - 1e-4


def test_radii_weigh_and_what_is_exact_does_not_count():
    solution = minimise(PenalisedLeastSquares.of([[4, 0], [0, 1]], [9, 3], penalties=[1, 1]))
    assert sensitivity_of(solution, ONE).matrix.column == 0
    weighed = sensitivity_of(solution, Precision(Radius.entrywise([["1/100", 100]]), Radius.exactly()))
    assert weighed.matrix.column == 1 and weighed.data is None and weighed.matrix.radius == 100
    by_norm = sensitivity_of(solution, Precision(Radius.spectral("1/3"), Radius.spectral(1)))
    assert by_norm.matrix.radius is None and by_norm.matrix.movement == by_norm.matrix.derivative
    nothing = minimise(PenalisedLeastSquares.of([[4, 0], [0, 1]], [9, 3], penalties=[100, 100]))
    assert (sensitivity_of(nothing, ONE).matrix, sensitivity_of(nothing, ONE).data) == (None, None)

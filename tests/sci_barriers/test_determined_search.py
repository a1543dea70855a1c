"""What the search for two data sets goes by: first movements against differences, and the steepest changes."""

import random

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sci_barriers.problems.determined.changes import Ball
from sci_barriers.problems.determined.float_states import FloatProblem, Functional
from sci_barriers.problems.determined.precision import Precision, Radius
from sci_barriers.problems.penalised.solving import minimise
from tests.sci_barriers.data_attacks import drawn_precision, drawn_problem

seeds = st.integers(0, 2**32 - 1)
EPS = 1e-6


def state_of(seed):
    problem = drawn_problem(random.Random(seed))
    floats = FloatProblem(problem)
    point = problem.coefficients(minimise(problem).point).to_float()[:, 0]
    return floats, floats.solve(floats.matrix, floats.data, point)


def differences(floats, state, dX, dy, value):
    """The change of a number by central differences; None where the support or a sign changes."""
    ends = [floats.solve(floats.matrix + t * dX, floats.data + t * dy, state.point) for t in (EPS, -EPS)]
    if any(end is None or end.support != state.support for end in ends):
        return None
    if any(np.any(np.sign(end.point) != np.sign(state.point)) for end in ends):
        return None
    return (value(ends[0]) - value(ends[1])) / (2 * EPS)


def first_order(functional, dX, dy):
    return functional.h @ dy + (functional.matrix * dX[:, functional.columns]).sum()


@settings(max_examples=60)
@given(seeds)
def test_first_movements_are_differences(seed):
    floats, state = state_of(seed)
    assume(state is not None and state.support)
    linear = state.linear(state.support)
    assume(linear.sizes[-1] > 1e-3 * linear.sizes[0])
    rng = np.random.default_rng(seed)
    dX, dy = rng.standard_normal(floats.matrix.shape), rng.standard_normal(floats.rows)
    weights = rng.standard_normal(len(linear.places)) * linear.inner
    found = differences(floats, state, dX, dy, lambda end: weights @ end.point[linear.places])
    assume(found is not None)
    said = first_order(linear.coefficient(weights), dX, dy)
    assert said == pytest.approx(found, rel=1e-4, abs=1e-3 * (1 + abs(state.point).max()))
    out = [j for j in range(floats.features) if j not in state.support]
    assume(out)
    j = rng.choice(out)
    said = first_order(linear.slope(int(j)), dX, dy)
    found = differences(floats, state, dX, dy, lambda end: end.slopes[j])
    assert said == pytest.approx(found, rel=1e-4, abs=1e-3 * (1 + abs(state.slopes).max()))


def random_change(rng, floats, precision):
    """An admissible change at the end of the radii."""
    parts = []
    for radius, shape in ((precision.matrix, floats.matrix.shape), (precision.data, (floats.rows, 1))):
        change = rng.standard_normal(shape)
        if radius.entries is None:
            change *= float(int(radius.norm.p) / int(radius.norm.q)) / np.linalg.norm(change, 2)
        else:
            change = np.sign(change) * np.broadcast_to(radius.entries.to_float(), shape)
        parts.append(change)
    return parts[0], parts[1][:, 0]


@settings(max_examples=60)
@given(seeds)
def test_no_admissible_change_moves_a_functional_more_than_the_steepest(seed):
    rng, draws = np.random.default_rng(seed), random.Random(seed)
    problem = drawn_problem(draws)
    floats, precision = FloatProblem(problem), drawn_precision(draws, problem)
    ball = Ball(floats, precision)
    m, k = floats.rows, rng.integers(1, floats.features + 1)
    columns = np.sort(rng.choice(floats.features, k, replace=False))
    h, v, rho, q = (rng.standard_normal(size) for size in (m, k, m, k))
    functional = Functional(columns, h, v, rho, q)
    change = ball.steepest(functional)
    dX = np.zeros(floats.matrix.shape)
    dX[:, change.columns] = change.matrix
    most = ball.most(functional)
    assert first_order(functional, dX, change.data) == pytest.approx(most)
    assert ball.most(functional.negative()) == pytest.approx(most)
    if precision.matrix.norm is not None:
        assert np.linalg.norm(dX, 2) <= float(int(precision.matrix.norm.p) / int(precision.matrix.norm.q)) * (1 + 1e-9)
    else:
        assert np.all(np.abs(dX) <= precision.matrix.entries.to_float() * (1 + 1e-12))
    for _ in range(20):
        assert first_order(functional, *random_change(rng, floats, precision)) <= most * (1 + 1e-9) + 1e-12


def test_a_part_of_a_ball_gives_parts_of_changes():
    """And a scaled ball gives whole ones of its own."""
    problem = drawn_problem(random.Random(1))
    floats = FloatProblem(problem)
    ball = Ball(floats, Precision(Radius.entrywise("1/8"), Radius.spectral("1/4")))
    functional = Functional(np.array([0]), np.ones(floats.rows), np.ones(1), np.ones(floats.rows), np.ones(1) * 3)
    whole = ball.steepest(functional)
    half, twice = ball.part(0.5).steepest(functional), ball.scaled(2).steepest(functional)
    assert (whole.share, half.share, twice.share, ball.scaled(2).part(0.5).steepest(functional).share) == (
        1,
        0.5,
        1,
        0.5,
    )
    assert np.allclose(half.matrix, whole.times(0.5).matrix) and np.allclose(half.data, whole.times(0.5).data)
    assert np.allclose(twice.matrix, 2 * whole.matrix) and np.allclose(twice.data, 2 * whole.data)

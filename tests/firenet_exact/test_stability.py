"""Perturbations of the data, and reconstruction maps that recover too well."""

from functools import cache

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from exact_base.errors import DataError, UsageError
from exact_base.matrices import column_norm2
from exact_base.rationals import to_float
from firenet_exact import exact_column, exact_matrix, forward, operator_norm, worst_perturbation
from firenet_exact.recovery import network_for
from firenet_exact.stability import adversarial_training_error, kernel_awareness, noise_coefficient
from tests.firenet_exact.test_recovery import instance, proved


def run(network, data):
    return forward(network, data, arithmetic="float64")


@cache
def attacked(name, seed=0):
    """(network, y, x, size) of a network that allows for perturbations of that size."""
    known, x, y, noise, sigma = instance(name, seed=seed, noise=1e-4, spread=1e-5)
    size = fmpq(1, 100)
    network = network_for(known, operator_norm(known.matrix), y, noise=noise, sigma=sigma, perturbation=size)
    return network, y, x, size


@pytest.mark.parametrize("name", ["walsh", "complex", "small"])
def test_no_perturbation_leaves_the_bound(name):
    network, y, x, size = attacked(name)
    found = worst_perturbation(network, y, x, run, size=size, starts=6, steps=2)
    assert column_norm2(found.vector) <= size**2
    assert found.unperturbed < found.error <= found.bound
    assert 0 < found.sharpness <= 1
    again = run(network, exact_column((y.to_float() + found.vector.to_float())[:, 0].tolist()))
    assert to_float(column_norm2(again.point - x)) ** 0.5 == pytest.approx(to_float(found.error), rel=1e-6)


def test_the_gradient_makes_it_worse():
    network, y, x, size = attacked("complex")
    blind = worst_perturbation(network, y, x, run, size=size, starts=1, steps=0)
    seeing = worst_perturbation(network, y, x, run, size=size, starts=1, steps=4)
    assert blind.error * fmpq(5, 4) < seeing.error <= seeing.bound


def test_without_perturbation_nothing_moves():
    network, y, x, _ = attacked("small")
    found = worst_perturbation(network, y, x, run, size=fmpq(0), starts=2, steps=1)
    assert found.error == found.unperturbed and column_norm2(found.vector) == 0


def test_what_the_network_is_not_made_for_is_refused():
    network, y, x, _ = attacked("small")
    with pytest.raises(UsageError, match="make it with a larger δ"):
        worst_perturbation(network, y, x, run, size=fmpq(1))
    bare = type(network)(network.matrix, network.parameters)
    with pytest.raises(UsageError, match="the theorem does not hold"):
        worst_perturbation(bare, y, x, run, size=fmpq(1, 100))


def test_the_coefficient_of_the_noise():
    parameters = attacked("small")[0].parameters
    assert noise_coefficient(parameters) == 2 * parameters.c2_prime
    assert noise_coefficient(parameters, scaled=True) == 2 * parameters.c2_prime / (1 - parameters.v)


# --- kernel awareness --------------------------------------------------------------------------------------------

A = exact_matrix([[1, 0, 1], [0, 1, 1]])
FIRST, NEAR = exact_matrix([[1], [1], [0]]), exact_matrix([[0], [0], ["65/64"]])


def lookup(*pairs):
    """A map that recovers each given vector from its data, and is 0 elsewhere."""
    table = {tuple((A @ x).to_float()[:, 0]): x.to_float()[:, 0] for x in pairs}
    return lambda y: table.get(tuple(y), np.zeros(3))


def test_a_map_that_recovers_too_well_is_unstable():
    found = kernel_awareness(lookup(FIRST, NEAR), A, FIRST, NEAR)
    assert found.errors == (0, 0)
    # ‖x_1-x_2‖² = 2 + (65/64)², ‖A(x_1-x_2)‖² = 2/64²
    assert 0 < 2 + fmpq(65, 64) ** 2 - found.distance**2 < fmpq(1, 2**60)
    assert 0 < found.separation**2 - fmpq(2, 64**2) < fmpq(1, 2**60)
    assert 78 < to_float(found.lipschitz) < 2**0.5 * 64


@given(st.lists(st.floats(-1e3, 1e3), min_size=12, max_size=12))
def test_the_lower_bound_is_one(values):
    x = [exact_column(values[:3]), exact_column(values[3:6])]
    answers = iter((np.array(values[6:9]), np.array(values[9:])))
    data = []

    def reconstruct(y):
        data.append(y)
        return next(answers)

    if column_norm2(A @ (x[0] - x[1])) == 0:
        return
    try:
        found = kernel_awareness(reconstruct, A, *x)
    except DataError:
        assert (data[0] == data[1]).all()
        return
    moved = exact_column(values[6:9]) - exact_column(values[9:])
    apart = exact_column(data[0].tolist()) - exact_column(data[1].tolist())
    assert column_norm2(moved) >= found.moved**2
    assert found.lipschitz is None or column_norm2(moved) >= found.lipschitz**2 * column_norm2(apart)


def test_equal_data():
    second = exact_matrix([[0], [0], [1]])
    found = kernel_awareness(lookup(FIRST), A, FIRST, second)
    assert found.lipschitz is None and found.separation == 0 and found.moved == 0
    assert sum(found.errors) >= found.distance
    answers = iter((np.zeros(3), np.ones(3)))
    with pytest.raises(DataError, match="must be deterministic"):
        kernel_awareness(lambda y: next(answers), A, FIRST, second)


@pytest.mark.parametrize("answer", [np.zeros(2), np.array([1, np.nan, 0]), np.zeros((3, 1)), "nothing"])
def test_answers_that_are_no_vector_are_refused(answer):
    with pytest.raises(DataError):
        kernel_awareness(lambda y: answer, A, FIRST, NEAR)


def test_a_network_is_kernel_aware():
    """No sparse pair can be recovered well and be near in the data: the bound stays below that of the theorem."""
    known = proved("walsh")
    rng = np.random.default_rng(0)
    pair = [instance("walsh", seed=seed, noise=0, spread=0)[1] for seed in rng.integers(0, 100, 2).tolist()]
    network = network_for(known, operator_norm(known.matrix), known.matrix @ pair[0], noise=fmpq(0), sigma=fmpq(0), n=9)
    found = kernel_awareness(
        lambda y: run(network, exact_column(y.tolist())).point.to_float()[:, 0], known.matrix, *pair
    )
    assert 0 < found.lipschitz < network.parameters.c2_prime


def test_any_callable_and_two_plain_vectors():
    rows, pair = np.array([[1.0, 0, 0], [0, 1.0, 0]]), ([1.0, 0, 0], [1.0, 2.0**-10, "1/3"])
    found = kernel_awareness(lambda y: [1, y[1], 0], rows, *pair)
    assert found.separation == fmpq(1, 2**10) and found.errors[0] == 0
    assert found.lipschitz < 1  # the second vector is not recovered, so that nothing is shown
    with pytest.raises(UsageError, match="must be 3 x 1"):
        kernel_awareness(lambda y: y, rows, [1.0], pair[1])
    with pytest.raises(DataError):
        kernel_awareness(lambda y: y, rows, [1.0, np.nan, 0], pair[1])


def test_adversarial_training_averages():
    second = exact_matrix([[0], [0], [1]])
    least = adversarial_training_error(A, FIRST, second)
    assert 0 < fmpq(3, 4) - least**2 < fmpq(1, 2**60)
    for x, message in ((NEAR, "must be 0, exactly"), (exact_matrix([[1], [1]]), "must be 3 x 1")):
        with pytest.raises(UsageError, match=message):
            adversarial_training_error(A, FIRST, x)


@given(st.integers(0, 2**32), st.floats(0.01, 100))
def test_no_table_beats_the_average_in_equation_8(seed, lam):
    """Maps given by their values on a few points around y_1 = y_2: the loss is least at the average, for each λ > 0."""
    rng = np.random.default_rng(seed)
    x = [FIRST.to_float()[:, 0], np.array([0.0, 0.0, 1.0])]
    values = rng.standard_normal((5, 3)) * rng.choice([1e-3, 1, 10])

    def loss(values):
        return sum(np.sum((v - values[0]) ** 2) + lam * max(np.sum((v - other) ** 2) for other in values) for v in x)

    average = np.tile((x[0] + x[1]) / 2, (5, 1))
    assert loss(average) <= loss(average + values)

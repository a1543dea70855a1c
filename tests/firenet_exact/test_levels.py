from itertools import combinations

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from exact_base.errors import DataError, UsageError
from firenet_exact import Levels
from firenet_exact.constants import constants
from firenet_exact.levels import optimal_weights
from sci_barriers.testing import levels as level_structures


def allowed(levels, support):
    """Definition: at most s_l elements of each level."""
    return all(
        sum(start <= j < end for j in support) <= s
        for start, end, s in zip(levels.starts, levels.ends, levels.sparsities, strict=True)
    )


@given(level_structures(), st.data())
def test_sigma_is_the_distance_to_the_sparse_vectors(levels, data):
    x = data.draw(st.lists(st.integers(-5, 5), min_size=levels.columns, max_size=levels.columns))
    weights = levels.column_weights
    best = min(
        sum((weights[j] * abs(x[j]) for j in range(levels.columns) if j not in support), fmpq(0))
        for size in range(levels.columns + 1)
        for support in combinations(range(levels.columns), size)
        if allowed(levels, support)
    )
    assert levels.sigma([fmpq(entry) for entry in x]) == best
    assert levels.sigma([float(entry) for entry in x]) == best


@given(level_structures())
def test_supports_are_the_maximal_ones_in_order(levels):
    every = [support for support in combinations(range(levels.columns), levels.size) if allowed(levels, support)]
    assert list(levels.supports()) == sorted(every)
    assert levels.count_supports() == len(every)


def test_numbers_are_read_exactly():
    levels = Levels.of([3], [1], [0.1])
    assert levels.weights == (fmpq(*(0.1).as_integer_ratio()),)
    assert Levels.of([3], [1], ["1/10"]).sigma(["1/3", 2.5, 1]) == fmpq(4, 30)
    for weight in (float("nan"), float("inf"), "one", True, None):
        with pytest.raises(DataError):
            Levels.of([3], [1], [weight])
    for entry in (float("nan"), 1j, "x"):
        with pytest.raises(DataError):
            levels.sigma([0, 0, entry])


@given(level_structures())
def test_numbers_of_the_definition(levels):
    squares = [w * w * s for w, s in zip(levels.weights, levels.sparsities, strict=True)]
    assert levels.xi == sum(squares, fmpq(0))
    assert levels.zeta == min(squares)
    assert levels.kappa == levels.xi / levels.zeta >= 1
    found = constants(levels, fmpq(1, 8), fmpq(1))
    assert found.r**2 >= levels.xi
    assert found.q**4 * levels.zeta >= found.r**2
    assert found.rho**2 * levels.xi >= fmpq(1, 64) * found.r**2


@given(st.lists(st.integers(1, 50), min_size=1, max_size=6))
def test_optimal_weights_are_a_little_too_large(sparsities):
    weights, theta = optimal_weights(sparsities)
    total = sum(sparsities)
    for w, s in zip(weights, sparsities, strict=True):
        assert w * w * s >= total
        assert w * w * s <= (1 + theta) ** 2 * total
    assert 0 <= theta < fmpq(1, 2**18)


@pytest.mark.parametrize(
    ("ends", "sparsities", "weights"),
    [
        ([], [], None),
        ([4], [0], None),
        ([4.0], [1], None),
        ([4], [1.5], None),
        ([4], [5], None),
        ([4, 4], [1, 1], None),
        ([4, 2], [1, 1], None),
        ([4], [1, 1], None),
        ([4], [1], [0]),
        ([4], [1], [-1]),
        ([4], [1], [1, 1]),
    ],
)
def test_other_structures_are_refused(ends, sparsities, weights):
    with pytest.raises(UsageError):
        Levels.of(ends, sparsities, weights)

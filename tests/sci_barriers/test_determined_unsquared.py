"""What data determine of sqrt-lasso and bpdn: against the checker, and against minimisers of other admissible data."""

import random
from dataclasses import replace
from fractions import Fraction
from unittest import mock

import pytest
from flint import fmpq

from exact_base.errors import DataError
from proofs_checks import verify_bytes
from proofs_checks.checker.parts import data_objectives
from sci_barriers.certificates.data_digits import data_digits_certificate
from sci_barriers.problems.determined.precision import Precision, Radius
from sci_barriers.problems.determined.unsquared import ResidualNorm, determine_unsquared
from sci_barriers.problems.determined.unsquared_facts import Around
from sci_barriers.problems.determined.unsquared_point import unsquared_point
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, column, entries_of
from tests.sci_barriers.data_attacks import (
    drawn_precision,
    drawn_problem,
    fraction,
    fractions_of,
    largest_in,
    matrix_of,
    number,
)

np = pytest.importorskip("numpy")


def checked(found):
    """What the checker proves at each scale."""
    kept, outcomes = [], data_objectives.Objective.outcomes
    with mock.patch.object(
        data_objectives.Objective, "outcomes", lambda *given: kept.append(outcomes(*given)) or kept[0]
    ):
        report = verify_bytes(data_digits_certificate(found))
    assert report.verdict == "valid", report.reason
    return kept[0][1]


def drawn(rng):
    """A problem with a residual, for the root or for a bound, and radii."""
    problem = replace(drawn_problem(rng), ridge=None)
    noise = None
    if rng.random() < 0.5:
        noise = fmpq(rng.randint(1, 60), 8)
    else:
        problem = replace(problem, penalties=column([mu / rng.choice([8, 20]) for mu in entries_of(problem.penalties)]))
    return ResidualNorm(problem, noise), drawn_precision(rng, problem)


def other_data(rng, problem, precision):
    """Admissible data, in a random direction or one along x and r."""
    X = np.array([[float(a) for a in row] for row in fractions_of(problem.matrix)])
    direction = rng.choice([lambda s: np.array([[rng.gauss(0, 1) for _ in range(s[1])] for _ in range(s[0])])])
    dX = largest_in(precision.matrix, direction(X.shape))
    dy = largest_in(precision.data, direction((X.shape[0], 1)))
    sign = rng.choice([1, -1, 0])
    changed = [[a + sign * b for a, b in zip(row, more, strict=True)] for row, more in
               zip(fractions_of(problem.matrix), dX, strict=True)]  # fmt: skip
    data = [[a[0] + b[0]] for a, b in zip(fractions_of(problem.data), dy, strict=True)]
    return replace(problem, matrix=matrix_of(changed), data=matrix_of(data))


def attacked(seed, count, attacks=4):
    """How many were determined; every minimiser of other data that is found must be where it was proved to be."""
    rng, seen = random.Random(seed), 0
    for _ in range(count):
        problem, precision = drawn(rng)
        scale = fmpq(1, 4 ** rng.randint(0, 8))
        found = determine_unsquared(problem, precision, scales=[scale], digits=20)
        if found is None:
            continue
        (said,), ours = checked(found), found.outcomes[0]
        assert said.unique == ours.unique and said.outside == list(ours.outside)
        assert float(said.distance) == pytest.approx(number(ours.distance), rel=1e-6, abs=1e-20)
        seen += bool(ours.distance)
        x = [fraction(a) for a in entries_of(found.point)]
        for _ in range(attacks):
            data = other_data(rng, problem.arrays, precision.scaled(scale))
            moved = unsquared_point(ResidualNorm(data, problem.noise), digits=20)
            if moved is None:
                continue
            z = [fraction(a) for a in entries_of(moved)]
            n, small = problem.arrays.features, Fraction(1, 10**12)
            square = sum((a - b) ** 2 for a, b in zip(x[:n], z[:n], strict=True))
            assert square <= (fraction(ours.distance) + small) ** 2
            assert all(z[j] == 0 for j in ours.outside)
            assert all(z[j] * x[j] > 0 for j in ours.inside)
            assert all(abs(z[j] - x[j]) <= fraction(ours.moves[j]) + small for j in range(n))
    return seen


def test_no_admissible_data_have_minimisers_elsewhere():
    assert attacked(1, 12) > 3


@pytest.mark.slow
def test_no_admissible_data_have_minimisers_elsewhere_at_length():
    assert attacked(2, 400) > 100


def test_more_digits_are_had():
    arrays = PenalisedLeastSquares.of(
        [[1, 2], [3, 1], [0, 1], [2, 2]], [4, 5, 1, 3], penalties=["1/2", "1/3", 0], intercept=True
    )
    for problem in (ResidualNorm(arrays), ResidualNorm(arrays, fmpq(2))):
        for digits in (10, 100):
            (outcome,) = determine_unsquared(problem, digits=digits).outcomes
            assert outcome.unique and outcome.distance < fmpq(1, 10) ** (digits - 1)


def test_the_residual_vanishes():
    """Undecided, also where it is about 0 at the point."""
    arrays = PenalisedLeastSquares.of([[1], [1]], [2, 2], penalties=["1/4"])
    assert not Around(ResidualNorm(arrays), column([fmpq(2)]), Precision(Radius.exactly(), Radius.exactly())).usable
    arrays = PenalisedLeastSquares.of([[1, 0], [0, 1]], [2, 1], penalties=["1/4", "1/4"])
    assert determine_unsquared(ResidualNorm(arrays)) is None


def test_the_bound_is_reached_by_nothing_or_by_zero():
    arrays = PenalisedLeastSquares.of([[1], [1]], [2, 1], penalties=[1])
    for noise in (fmpq(1, 2), fmpq(3)):
        assert determine_unsquared(ResidualNorm(arrays, noise)) is None
    assert determine_unsquared(ResidualNorm(arrays, fmpq(1))).outcomes[0].inside == (0,)


def test_a_precision_that_is_too_coarse_proves_nothing():
    arrays = PenalisedLeastSquares.of([[1, 0], [0, 1]], [2, "1/4"], penalties=["3/5", 1])
    known = Precision(Radius.exactly(), Radius.spectral(1))
    assert determine_unsquared(ResidualNorm(arrays), known) is None
    assert determine_unsquared(ResidualNorm(arrays), known, scales=[fmpq(1, 1000), 1]).outcomes[0].unique


def test_what_does_not_fit_is_refused():
    arrays = PenalisedLeastSquares.of([[1]], [2], penalties=[1], ridge=[1])
    with pytest.raises(DataError, match="without ridge"):
        ResidualNorm(arrays)
    with pytest.raises(DataError, match="must be positive"):
        ResidualNorm(replace(arrays, ridge=None), fmpq(0))

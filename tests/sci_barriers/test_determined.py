"""What data determine: nothing that is proved is refuted by data within it, and the checker finds the same."""

from fractions import Fraction

import numpy as np
import pytest
from flint import arb, arb_mat, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from exact_base.errors import DataError
from exact_base.matrices import exact_matrix
from proofs_checks import verify_bytes
from sci_barriers.certificates.data_digits import data_digits_certificate
from sci_barriers.problems.determined.determining import determine, longest, short_point, stable_scales
from sci_barriers.problems.determined.gram import inverse
from sci_barriers.problems.determined.precision import Precision, Radius
from sci_barriers.problems.determined.scales import CAP, largest
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, entries_of
from sci_barriers.problems.penalised.solving import minimise
from tests.sci_barriers.check_problems import Plain, solve
from tests.sci_barriers.data_attacks import (
    Attacks,
    changed_status,
    checked_outcomes,
    differences,
    drawn_precision,
    drawn_problem,
    faults,
    fraction,
    generator,
    number,
)

NOTHING = Radius.exactly()
SEEDS = st.integers(0, 2**32)


def attacked(seed, attacks):
    rng = generator(seed)
    problem = drawn_problem(rng)
    precision = drawn_precision(rng, problem)
    found = determine(minimise(problem), precision, scales=[fmpq(1, 4), 1, 4])
    if found is None:
        return
    aims = Attacks(problem, found, rng)
    for direction in aims.directions(attacks):
        for outcome in found.outcomes:
            varied = aims.data(precision, outcome.scale, direction)
            assert faults(varied, outcome, found.point)[0] == []


@settings(max_examples=12)
@given(SEEDS)
def test_no_data_within_the_precision_refute_an_outcome(seed):
    attacked(seed, 4)


@pytest.mark.slow
@settings(max_examples=150)
@given(SEEDS)
def test_no_data_within_the_precision_refute_an_outcome_at_length(seed):
    attacked(seed, 12)


@settings(max_examples=20)
@given(SEEDS)
def test_the_checker_finds_the_same(seed):
    rng = generator(seed)
    problem = drawn_problem(rng)
    found = determine(minimise(problem), drawn_precision(rng, problem), scales=[fmpq(1, 4), 1, 4])
    if found is not None:
        certificate = data_digits_certificate(found)
        assert verify_bytes(certificate).verdict == "valid"
        pairs = zip(found.outcomes, checked_outcomes(certificate), strict=True)
        assert [differences(ours, theirs) for ours, theirs in pairs] == [[]] * len(found.outcomes)


@settings(max_examples=10)
@given(SEEDS)
def test_a_feature_keeps_its_status_within_its_stable_scale(seed):
    rng = generator(seed)
    problem = drawn_problem(rng)
    precision = drawn_precision(rng, problem)
    solution = minimise(problem)
    stable, found = stable_scales(solution, precision), determine(solution, precision, scales=[fmpq(1, 2**20)])
    if found is None:
        return
    aims = Attacks(problem, found, rng)
    for direction in aims.directions(4):
        j = rng.randrange(problem.features)
        if 0 < stable[j] < CAP:
            assert not changed_status(aims.data(precision, stable[j], direction), j, found.point)


# --- the exact radius for y alone -----------------------------------------------------------------------


def exact_radius2(problem, point):
    """The square of the exact radius of the support for dy alone, by the formula of the theory, in fractions."""
    plain = Plain(problem)
    x, n = plain.x(point), problem.features
    columns = [[row[j] for row in plain.Z] for j in range(n)]
    if problem.intercept:
        columns = [[a - sum(column) / len(column) for a in column] for column in columns]
    slopes = plain.slopes(x)
    support = [j for j in range(n) if x[j]]

    def dot(a, b):
        return sum((p * q for p, q in zip(a, b, strict=True)), Fraction(0))

    gram = [[dot(columns[j], columns[k]) for k in support] for j in support]
    found = []
    for place, j in enumerate(support):
        row = solve(gram, [Fraction(int(k == place)) for k in range(len(support))])
        if row is None:
            return None
        found.append(x[j] ** 2 / row[place])
    for j in range(n):
        if x[j]:
            continue
        margin = plain.mu[j] - (slopes[j] if j in plain.nonnegative else abs(slopes[j]))
        if margin == 0:
            return None
        b = solve(gram, [dot(columns[k], columns[j]) for k in support]) if support else []
        rest = dot(columns[j], columns[j]) - dot(b, [dot(columns[k], columns[j]) for k in support])
        if rest:
            found.append(margin**2 / (4 * rest))
    return min(found) if found else None


@settings(max_examples=40)
@given(SEEDS)
def test_the_longest_scale_is_the_exact_radius_for_the_data_alone(seed):
    rng = generator(seed)
    drawn = drawn_problem(rng)
    mu = [max(mu, fmpq(1, 4)) for mu in entries_of(drawn.penalties)[: drawn.features]]
    problem = PenalisedLeastSquares.of(
        drawn.matrix, drawn.data, penalties=[*mu, *[0] * drawn.intercept], scales=drawn.scales, centres=drawn.centres,
        intercept=drawn.intercept, nonnegative=drawn.nonnegative,
    )  # fmt: skip
    solution = minimise(problem)
    expected = exact_radius2(problem, solution.point)
    scale = longest(solution, Precision(NOTHING, Radius.spectral(1)))
    if expected is None:
        assert scale in (0, CAP)
    else:
        assert 1 - Fraction(1, 10**6) <= fraction(scale) ** 2 / expected < 1


# --- single properties ----------------------------------------------------------------------------------


RNG = np.random.default_rng(5)
X, Y = np.round(RNG.normal(size=(12, 5)), 2), np.round(RNG.normal(size=12) * 3, 2)
PRECISION = Precision(Radius.entrywise("1/1000"), Radius.entrywise("1/500"))


def lasso(X=X, Y=Y, lam=8, *, intercept=False, **options):
    return PenalisedLeastSquares.of(
        X, Y, penalties=[lam] * X.shape[1] + [0] * intercept, intercept=intercept, **options
    )


@pytest.mark.parametrize("precision", [PRECISION, Precision(Radius.spectral("1/100"), Radius.spectral("1/50"))])
def test_column_means_do_not_spoil_bounds_beside_an_intercept(precision):
    # the shift is exact, and centres take off as much
    shifted = X + np.array([1000, -(2**20), 0, 3, 10**6])
    near, far = (minimise(lasso(data, intercept=True)) for data in (X, shifted))
    centred = minimise(lasso(shifted, intercept=True, centres=[1000, -(2**20), 0, 3, 10**6]))
    first, second, third = (longest(solution, precision) for solution in (near, far, centred))
    assert first > 1
    # X + shift is rounded to float64, and so not quite the same problem
    assert abs(number(second / first) - 1) < 1e-6
    assert abs(number(third / first) - 1) < 1e-6


def test_data_that_are_exact_leave_an_enclosure():
    solution = minimise(lasso())
    found = determine(solution, Precision(NOTHING, NOTHING))
    assert found is not None
    assert found.outcomes[0].unique
    assert 0 < found.outcomes[0].distance < fmpq(1, 2**50)
    exact, point = entries_of(solution.point), entries_of(found.point)
    assert sum((a - b) ** 2 for a, b in zip(exact, point, strict=True)) <= found.outcomes[0].distance ** 2
    assert set(stable_scales(solution, Precision(NOTHING, NOTHING))) == {CAP}


def test_a_scale_is_a_factor_of_the_radii():
    solution = minimise(lasso())
    several = determine(solution, PRECISION, scales=[fmpq(1, 3), 1, 2])
    assert [found.scale for found in several.outcomes] == [fmpq(1, 3), 1, 2]
    assert several.outcomes[0].distance < several.outcomes[1].distance < several.outcomes[2].distance
    for found in several.outcomes:
        (alone,) = determine(solution, PRECISION.scaled(found.scale)).outcomes
        assert abs(number(alone.distance / found.distance) - 1) < 1e-12
        assert (alone.inside, alone.outside) == (found.inside, found.outside)


def test_where_the_support_is_not_determined_the_distance_is():
    # the slope of the second column is nearly at its bound
    problem = PenalisedLeastSquares.of([[1, 0], [0, 1]], [2, "0.4999"], penalties=[1, 1])
    solution, precision = minimise(problem), Precision(NOTHING, Radius.spectral("1/1000"))
    (outcome,) = determine(solution, precision).outcomes
    assert not outcome.unique
    assert outcome.inside == (0,)
    assert outcome.outside == ()
    assert fmpq(1, 1000) <= outcome.distance < fmpq(2, 1000)
    assert longest(solution, precision) < 1


def test_columns_that_are_no_minimiser_alone_determine_nothing():
    solution = minimise(PenalisedLeastSquares.of([[1, 1], [0, 0]], [2, 1], penalties=[1, 1]))
    assert determine(solution, PRECISION) is None
    assert longest(solution, PRECISION) == 0
    assert stable_scales(solution, PRECISION) == (0, 0)


def test_scales_at_which_nothing_is_proved_are_left_out():
    solution = minimise(lasso())
    assert [found.scale for found in determine(solution, PRECISION, scales=[1, 10**6]).outcomes] == [1]
    assert determine(solution, PRECISION, scales=[10**6]) is None


def test_columns_that_nearly_depend_on_each_other():
    hilbert = np.array([[1 / (i + j + 1) for j in range(8)] for i in range(9)])
    solution = minimise(PenalisedLeastSquares.of(hilbert, [1] * 9, penalties=[0] * 8))
    tiny = Precision(Radius.entrywise(fmpq(1, 2**80)), NOTHING)
    found = determine(solution, tiny)
    certificate = data_digits_certificate(found)
    assert found.sigma < fmpq(1, 10**8)
    assert verify_bytes(certificate).verdict == "valid"
    assert differences(found.outcomes[0], checked_outcomes(certificate)[0]) == []


@pytest.mark.parametrize("scales", [[], [0], [-1, 1]])
def test_scales_must_be_positive(scales):
    with pytest.raises(DataError, match="scales of a precision must be positive"):
        determine(minimise(lasso()), PRECISION, scales=scales)


@pytest.mark.parametrize("question", [determine, longest, stable_scales])
def test_radii_must_fit_the_data(question):
    with pytest.raises(DataError, match="the radii of X must have 1 or 12 rows, and 1 or 5 columns"):
        question(minimise(lasso()), Precision(Radius.entrywise([[1, 1]]), NOTHING))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Radius(None, None), "a radius is a norm or an array"),
        (lambda: Radius(fmpq(1), exact_matrix([[1]])), "a radius is a norm or an array"),
        (lambda: Radius.spectral(-1), "at least 0"),
        (lambda: Radius.entrywise([[1, -1]]), "at least 0"),
        (lambda: Radius.entrywise([[1, 1j]]), "must be real"),
        (lambda: Radius.entrywise(float("nan")), "nan"),
    ],
)
def test_what_is_no_radius(make, words):
    with pytest.raises(DataError, match=words):
        make()


def test_radii_repeat_a_row_or_a_column():
    assert Radius.entrywise([[1, 2]]).entry(7, 1) == 2
    assert Radius.entrywise([1, 2]).entry(1, 7) == 2
    assert Radius.entrywise("1/3").entry(4, 4) == fmpq(1, 3)
    with pytest.raises(DataError, match="known by its norm"):
        Radius.spectral(1).entry(0, 0)


# --- its parts ------------------------------------------------------------------------------------------


@settings(max_examples=30)
@given(st.lists(st.lists(st.integers(-9, 9), min_size=4, max_size=4), min_size=1, max_size=4))
def test_sigma_is_just_below_the_least_singular_value(rows):
    with ctx.workprec(200):
        lines = arb_mat(rows)
        found = inverse(lines, [arb(0)] * len(rows), bits=200)
    gram = [[sum(a * b for a, b in zip(p, q, strict=True)) for q in rows] for p in rows]
    if round(np.linalg.det(np.array(gram, dtype=float))) == 0:
        assert found is None
        return

    def definite(shift):
        """Whether gram - shift I is positive definite, by its minors."""
        shifted = [[Fraction(a) - (i == k) * shift for k, a in enumerate(row)] for i, row in enumerate(gram)]
        return all(determinant([row[:size] for row in shifted[:size]]) > 0 for size in range(1, len(rows) + 1))

    square = fraction(found.least) ** 2
    assert definite(square)
    assert not definite(square * (1 + Fraction(1, 10**5)))


def determinant(matrix):
    if not matrix:
        return Fraction(1)
    return sum(
        (-1) ** k * entry * determinant([row[:k] + row[k + 1 :] for row in matrix[1:]])
        for k, entry in enumerate(matrix[0])
    )


@given(st.fractions(min_value=0, max_value=2**30))
def test_the_largest_scale_is_nearly_reached_and_not_exceeded(bound):
    limit = fmpq(bound.numerator, bound.denominator)
    found = largest(lambda scale: scale <= limit)
    assert found <= limit
    assert found >= limit * (1 - fmpq(1, 2**23)) or limit == 0


def test_the_largest_scale_at_the_ends():
    assert largest(lambda scale: True) == CAP
    assert largest(lambda scale: False) == 0
    assert largest(lambda scale: scale < 5, most=fmpq(3)) == 3


@given(st.lists(st.fractions(), min_size=1, max_size=4))
def test_a_short_point_is_near_and_keeps_zeros_and_signs(values):
    given_values = [fmpq(v.numerator, v.denominator) for v in values]
    for value, short in zip(given_values, entries_of(short_point(given_values, bits=64)), strict=True):
        assert abs(short - value) <= abs(value) / 2**62
        assert (short > 0, short < 0) == (value > 0, value < 0)

"""Two admissible data sets: what is found is so by the definitions, near to what is proved, and at ties."""

import io
import random
from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.pairs import drawn, ratios
from exact_base.errors import DataError, UsageError
from exact_base.matrices import exact_matrix
from proofs_checks import verify_bytes
from sci_barriers import OmegaClass
from sci_barriers.certificates.data_pair import data_pair_certificate, data_pair_files, varied_data
from sci_barriers.problems.determined.admissible import OtherData, admissible_data, is_admissible, spectral_at_most
from sci_barriers.problems.determined.changes import Change
from sci_barriers.problems.determined.determining import determine
from sci_barriers.problems.determined.pairs import distant_pair, estimated_scales, smallest_change, support_pair
from sci_barriers.problems.determined.precision import Precision, Radius
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
from sci_barriers.problems.penalised.solving import minimise
from tests.fuzz.independent import true
from tests.sci_barriers.data_attacks import drawn_precision, drawn_problem, number

P = PenalisedLeastSquares.of
H = fmpq(1, 2)
seeds = st.integers(0, 2**32 - 1)


def both(radius):
    return Precision(radius, radius)


def right(pair):
    """Accepted by the checker, and true by brute force over supports, which knows nothing of either."""
    data = data_pair_certificate(pair)
    report = verify_bytes(data)
    assert report.verdict == "valid", report.reason
    return true(data)


@settings(max_examples=60)
@given(seeds)
def test_pairs_are_right_by_definition_and_never_beyond_what_is_proved(seed):
    rng = random.Random(seed)
    problem = drawn_problem(rng)
    precision, solution = drawn_precision(rng, problem), minimise(problem)
    pair = distant_pair(solution, precision)
    if pair is None:
        return
    assert verify_bytes(data_pair_certificate(pair)).verdict == "valid"
    assert 0 < pair.distance**2 <= pair.distance2 <= (pair.distance * fmpq(1_000_001, 1_000_000)) ** 2
    for side in (pair.first, pair.second):
        assert is_admissible(problem, precision, OtherData(side.columns, side.matrix, side.data))
    found = determine(solution, precision)
    if found is not None:
        assert pair.distance <= 2 * found.outcomes[0].distance


@settings(max_examples=25)
@given(seeds)
def test_small_pairs_are_right_by_brute_force(seed):
    rng = random.Random(seed)
    m, n = rng.randint(1, 3), rng.randint(1, 3)
    X = [[rng.randint(-4, 4) for _ in range(n)] for _ in range(m)]
    problem = P(X, [rng.randint(-9, 9) for _ in range(m)], penalties=[rng.choice([H, fmpq(1)])] * n)
    precision = Precision(*(rng.choice([Radius.spectral, Radius.entrywise])(fmpq(rng.randint(0, 3), 8)) for _ in "Xy"))
    pair = distant_pair(minimise(problem), precision)
    assert pair is None or right(pair)


@settings(max_examples=30)
@given(seeds)
def test_a_feature_is_in_one_support_only(seed):
    rng = random.Random(seed)
    problem = drawn_problem(rng)
    precision, solution = drawn_precision(rng, problem), minimise(problem)
    feature = rng.randrange(problem.features)
    pair = support_pair(solution, precision, feature)
    if pair is not None:
        assert pair.first.has(feature) and not pair.second.has(feature) and feature in pair.different
        assert verify_bytes(data_pair_certificate(pair)).verdict == "valid"
        found = determine(solution, precision)
        assert found is None or feature not in (*found.outcomes[0].inside, *found.outcomes[0].outside)
    change = smallest_change(solution, precision, feature)
    if change is not None:
        scale, pair = change
        assert feature in pair.different and pair.precision.data.norm == precision.scaled(scale).data.norm
        assert verify_bytes(data_pair_certificate(pair)).verdict == "valid"


# --- how near to what is proved ------------------------------------------------------------------------


def test_the_distance_found_is_near_to_that_proved():
    """A sample of benchmarks/pairs.py, which has the numbers of many."""
    found = [ratio for ratio in ratios(range(12)) if ratio is not None]
    assert len(found) >= 10 and min(found) >= 1
    assert sorted(found)[len(found) // 2] < 3 and max(found) < 100


@pytest.mark.slow
def test_the_distance_found_is_near_to_that_proved_of_many():
    found = [ratio for ratio in ratios(range(1000, 1200)) if ratio is not None]
    assert len(found) >= 150 and min(found) >= 1
    assert sorted(found)[len(found) // 2] < 3 and max(found) < 100


@settings(max_examples=8)
@given(seeds)
def test_the_support_changes_at_the_radius_of_y(seed):
    """For y alone, by its norm, the support is the same up to min(|x_j|/|B_j|, m_j/(2q_j)), and not beyond."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((12, 4))
    y = X @ np.array([3.0, -2, 0, 0]) + 0.3 * rng.standard_normal(12)
    solution = minimise(P(X, y, penalties=[2] * 4))
    x = solution.point.to_float()[:, 0]
    inside = np.flatnonzero(x)
    B = np.linalg.pinv(X[:, inside])
    t = 2 * X.T @ (y - X @ x)
    limits = [abs(x[j]) / np.linalg.norm(B[k]) for k, j in enumerate(inside)]
    for j in set(range(4)) - set(inside.tolist()):
        q = np.linalg.norm(X[:, j] - X[:, inside] @ (B @ X[:, j]))
        limits.append((2 - abs(t[j])) / (2 * q))
    precision = Precision(Radius.exactly(), Radius.spectral(1))
    scale, pair = smallest_change(solution, precision)
    assert min(limits) * (1 - 1e-6) <= number(scale) <= min(limits) * 1.01 and pair.different
    assert min(estimated_scales(solution, precision)) == pytest.approx(min(limits))


# --- ties, and columns that are nearly one ---------------------------------------------------------------


@pytest.mark.parametrize("radius", ["1/1000", "1e-12", "1e-30"])
@pytest.mark.parametrize("of", [Radius.entrywise, Radius.spectral])
def test_equal_columns_are_told_apart_by_any_change(radius, of):
    problem = P([[1, 1], [0, 0]], [3, 0], penalties=[1, 1])
    pair = distant_pair(minimise(problem), Precision(of(radius), Radius.exactly()))
    assert pair.different == (0, 1) and pair.refuted == 1 and pair.distance > fmpq(7, 2) and right(pair)


@pytest.mark.parametrize("radius", ["1/1000", "1e-12", "1e-30"])
def test_a_slope_at_its_bound_goes_both_ways(radius):
    solution = minimise(P([[1, 0], [0, 1]], [2, "1/2"], penalties=[1, 1]))
    pair = support_pair(solution, both(Radius.entrywise(radius)), 1)
    assert pair.different == (1,) and right(pair)
    scale, _ = smallest_change(solution, both(Radius.entrywise(radius)), 1)
    assert scale * fmpq(*Fraction(radius).as_integer_ratio()) < fmpq(1, 2**40)


@pytest.mark.parametrize("family", ["strong", "weak"])
@pytest.mark.parametrize("digits", [3, 6])
def test_members_of_the_class_are_told_apart_by_half_their_perturbation(family, digits):
    """A column is larger than the others by delta; from delta/2 on another one may be the largest."""
    omega = OmegaClass.create("lasso", digits=digits, family=family, rows=2, columns=5, disguise=True)
    q = omega.q0 + 3
    member, half = omega.member(i=2, q=q), omega.perturbation(q) / 2
    problem = P(omega.matrix(member.a, fmpq(1, 3)), omega.data(), penalties=[omega.parameter] * 5)
    solution = minimise(problem)
    near, far = (
        distant_pair(solution, Precision(Radius.entrywise(half * part), Radius.exactly()))
        for part in (fmpq(9, 10), fmpq(1001, 1000))
    )
    assert near.different == () and near.refuted > 1
    assert 1 in far.different and far.refuted == 1
    assert far.distance >= member.height * fmpq(14, 10)
    assert verify_bytes(data_pair_certificate(far)).verdict == "valid"


def test_the_tie_of_the_class_at_a_radius_far_below_float64():
    omega = OmegaClass.create("lasso", digits=6, family="strong", rows=2, columns=5)
    problem = P(omega.matrix(omega.tie().a, fmpq(1, 3)), omega.data(), penalties=[omega.parameter] * 5)
    pair = distant_pair(minimise(problem), Precision(Radius.entrywise("1e-30"), Radius.exactly()))
    assert len(pair.different) == 2 and pair.refuted == 1
    assert verify_bytes(data_pair_certificate(pair)).verdict == "valid"


def test_columns_that_are_one_beside_noise_without_penalty():
    """Least squares: a change of rank loses or gains a direction, and the minimiser runs away along it."""
    rng = np.random.default_rng(1)
    X = rng.standard_normal((20, 3))
    X = np.column_stack([X, X[:, 0]])
    solution = minimise(P(X, rng.standard_normal(20), penalties=[0] * 4))
    pair = distant_pair(solution, Precision(Radius.entrywise(1e-9), Radius.exactly()))
    assert pair.distance > 10**3 and verify_bytes(data_pair_certificate(pair)).verdict == "valid"


# --- where there is none -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("X", "penalties", "radius"),
    [
        ([[1, 2], [2, 1]], [1, 1], Radius.exactly()),
        ([[1, 2], [2, 1]], [100, 100], Radius.entrywise("1e-9")),
        # no minimiser is the only one
        ([[1, 2, 3]], [0, 0, 0], Radius.entrywise("1e-3")),
    ],
)
def test_nothing_is_found_where_nothing_is(X, penalties, radius):
    solution = minimise(P(X, [1] * len(X), penalties=penalties))
    assert distant_pair(solution, both(radius)) is None


def test_a_column_without_penalty_has_no_status():
    solution = minimise(P([[1, 0], [0, 1]], [1, 1], penalties=[0, 1]))
    assert smallest_change(solution, both(Radius.entrywise(1)), 0) is None
    assert estimated_scales(solution, both(Radius.entrywise(1)))[0] == np.inf


def test_mistakes():
    solution = minimise(P([[1, 0], [0, 1]], [1, 1], penalties=[1, 1]))
    with pytest.raises(DataError, match="must have 1 or 2 rows"):
        distant_pair(solution, both(Radius.entrywise([[1, 2, 3]])))
    for feature in (-1, 2):
        with pytest.raises(UsageError, match="numbered from 0 to 1"):
            support_pair(solution, both(Radius.entrywise(1)), feature)


def test_numbers_beyond_float64_are_not_searched():
    solution = minimise(P([["1e400"]], [1], penalties=[1]))
    assert distant_pair(solution, both(Radius.entrywise(1))) is None


def test_a_budget_leaves_out_directions():
    """At least one is tried."""
    problem, precision = drawn(3)
    told = []
    pair = distant_pair(minimise(problem), precision, budget=0, progress=told.append)
    assert pair is not None and "1 directions tried" in told and "2 directions tried" not in told


# --- data, exactly -------------------------------------------------------------------------------------------

reals = st.fractions(-100, 100, max_denominator=10**6).map(lambda x: fmpq(x.numerator, x.denominator))


@settings(max_examples=200)
@given(reals, st.integers(0, 200), st.sampled_from([1.0, -1.0]), st.booleans())
def test_an_entry_moves_nearly_to_the_end_of_its_radius_and_not_beyond(given_, exponent, sign, uneven):
    radius = fmpq(1, 3) / 2**exponent
    problem = P([[given_]], [given_], penalties=[1])
    change = Change(np.array([0]), np.array([[sign]]), np.array([sign]))
    other = admissible_data(problem, both(Radius.entrywise(radius)), change, uneven=uneven)
    for new, least in ((other.matrix, fmpq(15, 16)), (other.data, fmpq(15, 16))):
        moved = (fmpq(new.re[0, 0], new.den) - given_) * int(sign)
        assert radius * least <= moved <= radius


@settings(max_examples=60)
@given(seeds, st.integers(1, 4), st.integers(1, 4), st.integers(0, 40))
def test_a_matrix_moves_nearly_to_the_end_of_its_norm_and_not_beyond(seed, m, n, exponent):
    rng = np.random.default_rng(seed)
    radius = fmpq(1, 3) / 2**exponent
    step = rng.standard_normal((m, n))
    step *= number(radius) / np.linalg.norm(step, 2)
    problem = P(rng.standard_normal((m, n)), [1] * m, penalties=[1] * n)
    other = admissible_data(
        problem, Precision(Radius.spectral(radius), Radius.exactly()), Change(np.arange(n), step, np.zeros(m))
    )
    assert other.data is None
    change = other.matrix - problem.matrix.columns(other.columns)
    assert spectral_at_most(change, radius) and not spectral_at_most(change, radius * fmpq(99, 100))


@settings(max_examples=60)
@given(seeds, st.integers(1, 5), st.integers(1, 5))
def test_a_norm_is_never_said_to_be_less_than_it_is(seed, m, n):
    """Against numpy, away from what that rounds."""
    matrix = np.random.default_rng(seed).integers(-9, 9, (m, n))
    norm = np.linalg.norm(matrix.astype(float), 2)
    for part in (1 - 1e-9, 1 + 1e-6, 2.0):
        said = spectral_at_most(exact_matrix(matrix.tolist()), fmpq(*float(norm * part).as_integer_ratio()))
        assert said == (part > 1) or not norm


def test_both_data_sets_can_be_opened_and_fitted():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((30, 4))
    problem = P(X, X @ np.array([2.0, 0, -1, 0]) + 0.1 * rng.standard_normal(30), penalties=[3] * 4)
    pair = distant_pair(minimise(problem), both(Radius.entrywise(0.01)))
    files = varied_data(pair, stem="mine")
    assert list(files) == ["mine-1-X.npy", "mine-1-y.npy", "mine-2-X.npy", "mine-2-y.npy"]
    for k, side in ((1, pair.first), (2, pair.second)):
        new, y = (np.load(io.BytesIO(files[f"mine-{k}-{name}.npy"])) for name in "Xy")
        assert new.shape == (30, 4) and y.shape == (30,) and np.abs(new - X).max() <= 0.01
        solution = minimise(P(new, y, penalties=[3] * 4))
        assert solution.point == side.solution.point


def test_large_arrays_are_beside_the_certificate(monkeypatch):
    for module in ("penalised", "precision"):
        monkeypatch.setattr(f"sci_barriers.certificates.{module}.INLINE", 5)
    problem = P([[1, 0], [0, 1], [1, 1]], [1, 2, 3], penalties=[1, 1])
    precision = Precision(Radius.entrywise([[0.125, 0.25], [0.125, 0.5], [0.125, 0.25]]), Radius.exactly())
    files = data_pair_files(distant_pair(minimise(problem), precision))
    assert list(files) == ["pair.cert.json", "pair-X.npy", "pair-X-radii.npy"]
    report = verify_bytes(files["pair.cert.json"], beside=lambda name: files[name])
    assert report.verdict == "valid" and "pair-X-radii.npy" in " ".join(report.statement.lines)

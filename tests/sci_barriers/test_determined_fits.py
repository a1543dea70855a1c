"""What data determine without independent columns: against data within the precision, and against the checker."""

import numpy as np
import pytest
from flint import fmpq, fmpz_mat
from hypothesis import event, given, settings
from hypothesis import strategies as st

from exact_base.errors import DataError
from exact_base.matrices import ExactMatrix, exact_column, exact_matrix
from proofs_checks import verify_bytes
from sci_barriers.certificates.data_digits import data_digits_certificate
from sci_barriers.problems.determined.complex_point import determine_complex
from sci_barriers.problems.determined.complex_problem import ComplexLeastSquares
from sci_barriers.problems.determined.determining import determine
from sci_barriers.problems.determined.fits import determine_complex_fit, determine_fit
from sci_barriers.problems.determined.precision import Precision, Radius
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, entries_of
from sci_barriers.problems.penalised.solving import minimise
from tests.sci_barriers.data_attacks import drawn_precision, fraction, generator
from tests.sci_barriers.fit_attacks import FitAttacks, checked_fits, dependent_problem, fit_differences, fit_faults
from tests.sci_barriers.test_check_complex import fixed_point

SCALES = (fmpq(1, 4), fmpq(1), fmpq(4))
EXACT = Radius.exactly()
# two equal columns and a third
TWICE = PenalisedLeastSquares.of([[1, 1, 0], [1, 1, 0], [0, 0, 2]], [1, 2, 3], penalties=[1, 1, 1])


@settings(max_examples=25)
@given(st.integers(0, 10**6))
def test_no_data_within_the_precision_have_other_fits(seed):
    holds(seed, attacks=4)


@pytest.mark.slow
@settings(max_examples=60)
@given(st.integers(0, 10**6))
def test_so_it_is_for_many(seed):
    holds(seed, attacks=9)


def holds(seed, *, attacks):
    rng = generator(seed)
    problem = dependent_problem(rng)
    precision = drawn_precision(rng, problem)
    found = determine_fit(minimise(problem), precision, scales=SCALES)
    event("nothing" if found is None else "something")
    if found is None:
        return
    certificate = data_digits_certificate(found)
    assert verify_bytes(certificate).verdict == "valid"
    penalised = all(mu > 0 for mu in entries_of(problem.penalties)[: problem.features])
    for ours, theirs in zip(found.outcomes, checked_fits(certificate), strict=True):
        assert not fit_differences(ours, theirs, penalised=penalised)
    aims = FitAttacks(problem, found, rng)
    for direction in aims.directions(attacks):
        for outcome in found.outcomes:
            wrong, _ = fit_faults(aims.data(precision, outcome.scale, direction), outcome, found, rng)
            assert not wrong


def test_a_column_twice_leaves_the_fit_and_the_other_columns():
    precision = Precision(EXACT, Radius.entrywise("1/1000"))
    assert determine(minimise(TWICE), precision) is None
    (outcome,) = determine_fit(minimise(TWICE), precision).outcomes
    assert fmpq(17, 10_000) < outcome.fit < fmpq(18, 10_000) and outcome.inside == (2,)
    assert outcome.moves[2] < fmpq(1, 1000) and min(outcome.moves[:2]) > 1


@pytest.mark.parametrize("size", ["1/10", 1, 1000])
def test_with_columns_known_exactly_the_fit_moves_no_more_than_y(size):
    """And that is attained, if y moves in the direction of a column."""
    found = determine_fit(minimise(TWICE), Precision(EXACT, Radius.spectral(size)))
    assert abs(found.outcomes[0].fit - fmpq(size)) < fmpq(1, 10**15)


def test_nothing_is_said_that_y_alone_shows():
    assert determine_fit(minimise(TWICE), Precision(Radius.spectral(10), EXACT)) is None


def test_a_column_without_a_penalty_is_not_bounded():
    problem = PenalisedLeastSquares.of([[1, 0], [0, 1]], [2, 3], penalties=[0, 1])
    (outcome,) = determine_fit(minimise(problem), Precision(Radius.spectral("1/1000"), EXACT)).outcomes
    assert outcome.moves[0] is None and outcome.distance is None and outcome.moves[1] > 0


@given(st.integers(1, 6))
def test_exact_data_determine_many_digits(bits):
    found = determine_fit(minimise(TWICE), Precision(EXACT, EXACT), scales=[fmpq(1, 2**bits)])
    assert found.outcomes[0].fit < fmpq(1, 10**20)
    assert found.off < fmpq(1, 10**40)


def test_scales_and_radii_are_checked():
    with pytest.raises(DataError, match="scales of a precision must be positive"):
        determine_fit(minimise(TWICE), Precision(EXACT, EXACT), scales=[0])
    with pytest.raises(DataError):
        determine_fit(minimise(TWICE), Precision(EXACT, Radius.entrywise(exact_column([1, 1]))))


def test_complex_data():
    problem = ComplexLeastSquares.of([[1, 1, 0], [1j, 1j, 0], [0, 0, 2]], [2, 3j, 1 - 1j], penalties=[1, 1, 1])
    precision = Precision(Radius.entrywise("1/10000"), Radius.entrywise("1/10000"))
    found = determine_complex_fit(problem, precision, scales=SCALES)
    certificate = data_digits_certificate(found)
    report = verify_bytes(certificate)
    assert report.verdict == "valid" and "complex" in "".join(report.statement.lines)
    for ours, theirs in zip(found.outcomes, checked_fits(certificate), strict=True):
        assert not fit_differences(ours, theirs, penalised=True)
    assert found.outcomes[0].inside == (2,) and fraction(found.outcomes[0].fit) < 1


def test_three_complex_columns_are_in_with_two_rows():
    """The example of the page: it is the only minimiser, and no theorem with independent columns applies."""
    y = ExactMatrix(fmpz_mat([[31], [6]]), fmpz_mat([[8], [38]]), 10)
    problem = ComplexLeastSquares(exact_matrix([[1, 0, 1], [0, 1, 1]]), y, exact_column([3, 4, 5]))
    assert determine_complex(problem) is None
    found = determine_complex_fit(problem, Precision(EXACT, Radius.entrywise("1/10000")))
    assert np.allclose(found.point.to_float()[:, 0], [1, 1j, 0.6 + 0.8j], rtol=0, atol=1e-15)
    assert found.outcomes[0].fit < fmpq(1, 1000) and verify_bytes(data_digits_certificate(found)).verdict == "valid"
    X, mu = np.array([[1, 0, 1], [0, 1, 1]], dtype=complex), np.array([3.0, 4, 5])
    rng = np.random.default_rng(0)
    for _ in range(3):
        moved = X + 1e-3 * (rng.normal(size=X.shape) + 1j * rng.normal(size=X.shape))
        assert min(abs(fixed_point(moved, np.array([3.1 + 0.8j, 0.6 + 3.8j]), mu, steps=5000))) > 0.9

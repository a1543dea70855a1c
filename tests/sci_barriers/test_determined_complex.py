"""Complex lasso problems: enclosures of their minimisers, and what data determine of them."""

import io
from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from exact_base.errors import DataError
from exact_base.matrices import exact_column, exact_matrix
from proofs_checks import verify_bytes
from proofs_checks.certificate.arrays import with_files
from proofs_checks.certificate.reading import parse
from sci_barriers.certificates.data_digits import data_digits_certificate, data_digits_files
from sci_barriers.problems.determined.complex_point import complex_point, determine_complex
from sci_barriers.problems.determined.complex_problem import ComplexLeastSquares, complex_entries
from sci_barriers.problems.determined.precision import Precision, Radius
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, entries_of
from sci_barriers.problems.penalised.solving import minimise
from tests.sci_barriers.data_attacks import checked_outcomes, differences, generator, number

SEEDS = st.integers(0, 2**32)
NOTHING = Radius.exactly()


def drawn(rng):
    """A small complex problem with any of the options."""
    m, n = rng.randint(2, 6), rng.randint(1, 5)

    def entries(rows, cols):
        return [
            [complex(rng.randint(-40, 40) / 8, rng.choice([0, 1, 1]) * rng.randint(-40, 40) / 8) for _ in range(cols)]
            for _ in range(rows)
        ]

    def maybe(chance, values, length):
        return [rng.choice(values) for _ in range(length)] if rng.random() < chance else None

    return ComplexLeastSquares.of(
        entries(m, n),
        [row[0] for row in entries(m, 1)],
        penalties=[rng.choice([0, 4, 8, 20, 60] if rng.random() < 0.3 else [4, 8, 20, 60]) for _ in range(n)],
        ridge=maybe(0.4, [0, "1/3", 2], n),
        observation_weights=maybe(0.4, [1, "1/3", 4], m),
    )


def floats(problem):
    X, y = problem.matrix.to_float().astype(complex), problem.data.to_float().astype(complex)[:, 0]
    mu, kappa, omega = (
        np.array([number(v) for v in values])
        for values in (problem.penalty_entries, problem.ridge_entries, problem.weight_entries)
    )
    return X, y, mu, kappa, omega


def optimality(problem, x):
    """By how much a vector of floats fails the conditions of a minimum."""
    X, y, mu, kappa, omega = floats(problem)
    t = 2 * X.conj().T @ (omega * (y - X @ x)) - 2 * kappa * x
    size = np.abs(x)
    at = np.where(size > 0, np.abs(t - mu * x / np.where(size > 0, size, 1)), np.maximum(np.abs(t) - mu, 0))
    return np.max(at)


def distance_between(a, b):
    pairs = zip(complex_entries(a), complex_entries(b), strict=True)
    return number(sum(((p - r) ** 2 + (q - s) ** 2 for (p, q), (r, s) in pairs), fmpq(0))) ** 0.5


@settings(max_examples=30)
@given(SEEDS)
def test_a_point_satisfies_the_conditions_of_a_minimum(seed):
    problem = drawn(generator(seed))
    point = complex_point(problem, digits=30)
    assert optimality(problem, point.to_float().astype(complex)[:, 0]) < 1e-9


@settings(max_examples=20)
@given(SEEDS)
def test_exact_data_have_fifty_digits_and_the_checker_finds_the_same(seed):
    problem = drawn(generator(seed))
    found = determine_complex(problem)
    if found is None:  # columns that depend on each other, or a tie
        X, *_ = floats(problem)
        support = [j for j, (a, b) in enumerate(complex_entries(complex_point(problem))) if a != 0 or b != 0]
        assert np.linalg.matrix_rank(X[:, support]) < max(1, len(support)) or len(support) > problem.rows - 1
        return
    certificate = data_digits_certificate(found)
    assert verify_bytes(certificate).verdict == "valid"
    assert differences(found.outcomes[0], checked_outcomes(certificate)[0]) == []
    if len(found.outcomes[0].inside) == len(found.allowed):  # no tie
        size = sum((a * a + b * b for a, b in complex_entries(found.point)), fmpq(0))
        assert found.outcomes[0].distance ** 2 <= size / fmpq(10) ** 100


@settings(max_examples=15)
@given(SEEDS)
def test_no_data_within_the_precision_refute_an_outcome(seed):
    rng = generator(seed)
    problem = drawn(rng)
    delta, gap = Fraction(1, 2 ** rng.randint(4, 12)), Fraction(1, 2 ** rng.randint(4, 12))
    spectral = rng.random() < 0.5
    make = Radius.spectral if spectral else Radius.entrywise
    found = determine_complex(problem, Precision(make(delta), make(gap)))
    if found is None:
        return
    (outcome,) = found.outcomes
    X, y, *_ = floats(problem)
    noise = np.random.default_rng(seed)
    for _ in range(4):
        dX, dy = (noise.normal(size=(*shape, 2)) @ [1, 1j] for shape in (X.shape, y.shape))
        if spectral:
            dX, dy = dX / np.linalg.norm(dX, 2), dy / np.linalg.norm(dy)
        else:
            dX, dy = dX / np.abs(dX), dy / np.abs(dy)
        moved = ComplexLeastSquares(
            exact_matrix(X + dX * (float(delta) * 0.999)), exact_column(y + dy * (float(gap) * 0.999)),
            problem.penalties, problem.ridge, problem.observation_weights,
        )  # fmt: skip
        near = determine_complex(moved, digits=20)
        if near is None:
            continue
        about = number(near.outcomes[0].distance)
        assert distance_between(near.point, found.point) <= number(outcome.distance) + about
        for j, (pair, other) in enumerate(zip(complex_entries(near.point), complex_entries(found.point), strict=True)):
            away = abs(complex(*map(number, pair)) - complex(*map(number, other)))
            assert away <= number(outcome.moves[j]) * (1 + 1e-12) + about
            if j in outcome.outside:
                assert number(pair[0]) ** 2 + number(pair[1]) ** 2 <= about**2
            if j in outcome.inside:
                assert number(pair[0]) ** 2 + number(pair[1]) ** 2 > 0


RNG = np.random.default_rng(3)
X = np.round(RNG.normal(size=(12, 6)) + 1j * RNG.normal(size=(12, 6)), 2)
Y = np.round(X[:, 0] * (2 - 1j) + X[:, 3] * 1j + 0.1 * RNG.normal(size=12), 2)


@pytest.mark.parametrize("digits", [10, 50, 200])
def test_any_number_of_digits(digits):
    problem = ComplexLeastSquares.of(X, Y, penalties=[10] * 6)
    found = determine_complex(problem, digits=digits)
    (outcome,) = found.outcomes
    assert outcome.distance < fmpq(10) ** -digits
    assert outcome.inside == found.allowed
    assert set(outcome.inside) | set(outcome.outside) == set(range(6))
    more = complex_point(problem, digits=digits + 30)
    assert distance_between(more, found.point) <= number(outcome.distance)


def test_real_data_have_real_minimisers():
    options = {"penalties": [6] * 6, "observation_weights": [1, 2] * 6}
    exact = minimise(PenalisedLeastSquares.of(X.real, Y.real, **options))
    found = determine_complex(ComplexLeastSquares.of(X.real, Y.real, **options))
    square = sum(
        ((a - v) ** 2 + b * b for (a, b), v in zip(complex_entries(found.point), entries_of(exact.point), strict=True)),
        fmpq(0),
    )
    assert square <= found.outcomes[0].distance ** 2
    assert number(found.outcomes[0].distance) < 1e-50


def test_a_phase_goes_through():
    first = determine_complex(ComplexLeastSquares.of(X, Y, penalties=[10] * 6))
    second = determine_complex(ComplexLeastSquares.of(X, Y * 1j, penalties=[10] * 6))
    turned = first.point.to_float()[:, 0] * 1j
    assert np.max(np.abs(turned - second.point.to_float()[:, 0])) < 1e-14


def test_a_minimiser_that_is_zero():
    found = determine_complex(ComplexLeastSquares.of([[1j]], [1], penalties=[3]))
    assert found.allowed == ()
    assert found.outcomes[0].distance == 0
    assert found.outcomes[0].outside == (0,)
    assert verify_bytes(data_digits_certificate(found)).verdict == "valid"


def test_columns_that_are_alike_determine_nothing():
    assert determine_complex(ComplexLeastSquares.of([[1, 1j]], [3], penalties=[1, 1])) is None


def test_large_arrays_stand_in_files_of_complex_numbers(monkeypatch):
    monkeypatch.setattr("sci_barriers.certificates.penalised.INLINE", 4)
    found = determine_complex(ComplexLeastSquares.of(X, Y, penalties=[10] * 6))
    files = data_digits_files(found, exact_column([1j] * 6), stem="it")
    assert sorted(files) == ["it-X.npy", "it.cert.json"]
    assert np.load(io.BytesIO(files["it-X.npy"])).tolist() == X.tolist()
    filled = with_files(parse(files["it.cert.json"]), files.__getitem__)
    assert filled.claim["problem"]["matrix"].shape == (12, 6, 2)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"penalties": [1]}, "the penalties must be a column of 2"),
        ({"penalties": [1, -1]}, "penalties must not be negative"),
        ({"penalties": [1, 1j]}, "the penalties must be real"),
        ({"penalties": [1, 1], "ridge": [0, -1]}, "ridge penalties must not be negative"),
        ({"penalties": [1, 1], "observation_weights": [1, 0]}, "weights must be positive"),
        ({"penalties": [1, 1], "observation_weights": [1, 1, 1]}, "the observation weights must be a column of 2"),
    ],
)
def test_what_is_no_problem(options, words):
    with pytest.raises(DataError, match=words):
        ComplexLeastSquares.of([[1, 1j], [0, 1]], [1, 2], **options)


def test_what_is_no_question():
    problem = ComplexLeastSquares.of([[1, 1j], [0, 1]], [1, 2], penalties=[1, 1])
    with pytest.raises(DataError, match="the coefficients must be a column of 2"):
        complex_point(problem, guess=exact_column([1]))
    with pytest.raises(DataError, match="scales of a precision must be positive"):
        determine_complex(problem, scales=[])
    with pytest.raises(DataError, match="the radii of y must have 1 or 2 rows"):
        determine_complex(problem, Precision(NOTHING, Radius.entrywise([1, 1, 1])))

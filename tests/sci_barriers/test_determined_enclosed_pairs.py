"""Two data sets whose minimisers are known up to a distance, against the definition and against solvers of others."""

from fractions import Fraction

import cvxpy as cp
import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from proofs_checks import verify_bytes
from sci_barriers import check
from sci_barriers.certificates.data_pair import data_pair_certificate
from sci_barriers.problems.determined.complex_problem import ComplexLeastSquares
from sci_barriers.problems.determined.enclosed_pairs import EnclosedPairs, varied
from sci_barriers.problems.determined.precision import Precision, Radius
from sci_barriers.problems.determined.unsquared import ResidualNorm
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares

RADIUS = Fraction(1, 64)
NAMES = ("complex", "sqrt-lasso", "bpdn")
WAYS = {
    "entries": Precision(Radius.entrywise(RADIUS), Radius.entrywise(RADIUS)),
    "norms": Precision(Radius.spectral(RADIUS), Radius.spectral(RADIUS)),
    "y": Precision(Radius.exactly(), Radius.entrywise(RADIUS)),
    "X": Precision(Radius.spectral(RADIUS), Radius.exactly()),
}
MORE = {
    "plain": {},
    "weights": {"observation_weights": [3, 1, 2, 1, 5, 1]},
    "intercept": {"intercept": True},
    "scales": {"scales": ["1/3", 2, 1], "centres": [1, 0, "1/2"]},
    "signs": {"nonnegative": [0]},
}


def drawn(seed, name):
    """X and y of eighths, complex if that is asked for."""
    rng = np.random.default_rng(seed)
    X, noise = rng.integers(-16, 17, (6, 3)) / 8, rng.integers(-3, 4, 6) / 8
    if name == "complex":
        X, noise = X + 1j * rng.integers(-16, 17, (6, 3)) / 8, noise + 1j * rng.integers(-3, 4, 6) / 8
    return X, X @ [2, 0, -1.5] + noise


def problem(name, X, y, **more):
    if name == "complex":
        return ComplexLeastSquares.of(X, y, penalties=[2, 2, 4], **more)
    extra = [0] if more.get("intercept") else []
    arrays = PenalisedLeastSquares.of(X, y, penalties=["1/4", "1/4", "1/2", *extra], **more)
    return ResidualNorm(arrays, fmpq(2) if name == "bpdn" else None)


def floats(matrix):
    """The array in float64, exactly."""
    return matrix.to_float()


def refitted(name, X, y):
    """The minimiser by a solver of others."""
    x = cp.Variable(3, complex=name == "complex")
    size = cp.abs(x) @ ([2, 2, 4] if name == "complex" else [0.25, 0.25, 0.5])
    residual = y - X @ x
    goals = {
        "complex": (cp.sum_squares(residual) + size, []),
        "sqrt-lasso": (cp.norm(residual) + size, []),
        "bpdn": (size, [cp.norm(residual) <= 2]),
    }
    goal, limits = goals[name]
    cp.Problem(cp.Minimize(goal), limits).solve(solver="CLARABEL", tol_gap_abs=1e-9, tol_gap_rel=1e-9, tol_feas=1e-9)
    return x.value


def admissible(way, dX, dy):
    """Whether differences, rounded to float64, are within the radii but for rounding."""
    most = float(RADIUS) * (1 + 1e-9)
    if way in ("norms", "X"):
        return np.linalg.norm(dX, 2) <= most and np.linalg.norm(dy) <= (most if way == "norms" else 0)
    return np.abs(dX).max() <= (most if way == "entries" else 0) and np.abs(dy).max() <= most


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", NAMES)
def test_each_data_set_is_admissible_and_refitted_by_others_has_the_minimiser(name, way):
    X, y = drawn(7, name)
    given_problem = problem(name, X, y)
    pair = EnclosedPairs(given_problem, WAYS[way]).distant()
    assert verify_bytes(data_pair_certificate(pair)).verdict == "valid"
    fitted = []
    for side in (pair.first, pair.second):
        other = varied(given_problem, side)
        arrays = other.arrays if name != "complex" else other
        A, b = floats(arrays.matrix), floats(arrays.data)[:, 0]
        assert admissible(way, A - X, b - y)
        found = refitted(name, A, b)
        fitted.append(found)
        claimed = floats(side.determined.point)[:, 0]
        assert np.linalg.norm(found - claimed) <= 1e-5
    assert np.linalg.norm(fitted[0] - fitted[1]) >= float(pair.distance) - 2e-5
    assert float(pair.distance) > 1e-3


@given(seed=st.integers(0, 2**32 - 1), way=st.sampled_from(list(WAYS)), name=st.sampled_from(NAMES))
@settings(max_examples=25, deadline=None)
def test_what_is_found_is_certified(seed, way, name):
    pair = EnclosedPairs(problem(name, *drawn(seed, name)), WAYS[way]).distant()
    if pair is not None:
        report = verify_bytes(data_pair_certificate(pair))
        assert report.verdict == "valid", report
        text = str(report.lines if hasattr(report, "lines") else report)
        assert pair.distance > 0 and pair.refuted >= 1 and text


@pytest.mark.parametrize("more", MORE)
@pytest.mark.parametrize("name", ["sqrt-lasso", "bpdn"])
def test_all_that_the_problems_have_is_taken(name, more):
    X, y = drawn(11, name)
    for precision in (WAYS["entries"], WAYS["norms"]):
        pair = EnclosedPairs(problem(name, X, y, **MORE[more]), precision).distant()
        assert verify_bytes(data_pair_certificate(pair)).verdict == "valid"


def test_complex_weights_and_ridge_are_taken():
    X, y = drawn(12, "complex")
    given_problem = problem("complex", X, y, ridge=[1, 0, "1/3"], observation_weights=[1, 2, 3, 1, 1, "1/7"])
    pair = EnclosedPairs(given_problem, WAYS["entries"]).distant()
    assert verify_bytes(data_pair_certificate(pair)).verdict == "valid"


OPTIONS = {
    "complex": {"like": "stated", "lam": 2},
    "sqrt-lasso": {"problem": "sqrt-lasso", "lam": 0.25},
    "bpdn": {"problem": "bpdn", "epsilon": 2},
    "lasso": {"like": "stated", "lam": 2},
}


@given(
    seed=st.integers(0, 2**32 - 1),
    name=st.sampled_from(list(OPTIONS)),
    bits=st.integers(2, 24),
    digits=st.integers(1, 6),
)
@settings(max_examples=25, deadline=None)
def test_never_a_barrier_where_the_digits_are_proved_to_be_determined(seed, name, bits, digits):
    X, y = drawn(seed, name)
    found = check(None, X, y, **OPTIONS[name], digits=digits, x_precision=f"1/{2**bits}", y_precision=f"1/{2**bits}")
    known = found.numbers["determined"]
    if known["at_most"] is not None:
        assert known["at_least"] is not None and known["at_least"] <= known["at_most"]
    if found.verdict == "barrier":
        assert known["at_least"] < digits and known["at_most"] < digits


@given(seed=st.integers(0, 2**32 - 1), name=st.sampled_from(list(OPTIONS)), digits=st.integers(1, 30))
@settings(max_examples=15, deadline=None)
def test_never_a_barrier_without_a_precision(seed, name, digits):
    X, y = drawn(seed, name)
    for more in ({}, {"x_precision": 0, "y_precision": 0}):
        assert check(None, X, y, **OPTIONS[name], digits=digits, **more).verdict in ("solved", "ok", "undecided")


@pytest.mark.parametrize("name", list(OPTIONS))
def test_a_barrier_is_reached(name):
    X, y = drawn(7, name)
    found = check(None, X, y, **OPTIONS[name], digits=5, x_precision="1/64", y_precision="1/64")
    assert found.verdict == "barrier"
    assert check(None, X, y, **OPTIONS[name], digits=1, x_precision="1e-7", y_precision="1e-7").verdict == "ok"

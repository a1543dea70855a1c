"""Problems of cvxpy in complex variables: what is read is what cvxpy computes, and what is not known is refused."""

import cvxpy as cp
import numpy as np
import pytest
from flint import fmpq

from exact_base.errors import DataError, NotCertifiedError, UsageError
from proofs_checks import verify_path
from sci_barriers import check
from sci_barriers.checks.certified_method import register
from sci_barriers.checks.cvxpy_complex import recognise_complex
from sci_barriers.checks.cvxpy_questions import recognise_problem

RNG = np.random.default_rng(4)
M, N = 6, 3
A = (RNG.integers(-8, 9, (M, N)) + 1j * RNG.integers(-8, 9, (M, N))) / 8
Y = (RNG.integers(-8, 9, M) + 1j * RNG.integers(-8, 9, M)) / 4
B = np.array([[1, -0.5, 2], [0.25, 1, 0]])


def new(*shape, **attributes):
    return cp.Variable(shape or N, complex=True, name="x", **attributes)


def least(objective, *constraints):
    return cp.Problem(cp.Minimize(objective), list(constraints))


READ = {
    "plain": lambda x: least(cp.sum_squares(A @ x - Y) + 2 * cp.norm1(x)),
    "other way round": lambda x: least(cp.sum_squares(Y - A @ x) / 2 + cp.sum(cp.abs(x))),
    "norm": lambda x: least(cp.norm(A @ x - Y) ** 2 + cp.norm1(x) / 4),
    "ridge": lambda x: least(cp.sum_squares(A @ x - Y) + cp.norm1(x) + 3 * cp.sum_squares(x)),
    "weights": lambda x: least(
        cp.sum(cp.multiply(np.arange(1, M + 1), cp.square(cp.abs(A @ x - Y))))
        + cp.sum(cp.multiply([1, 2, 0.5], cp.abs(x)))
    ),
    "two parts": lambda x: least(cp.sum_squares(A @ x - Y) + 2 * cp.sum_squares(B @ x) + cp.norm1(x)),
    "real data": lambda x: least(cp.sum_squares(B @ x - [1j, 2]) + cp.norm1(x)),
    "imaginary": lambda x: least(cp.sum_squares(1j * (A @ x) - Y) + cp.norm1(1j * x)),
    "turned": lambda x: least(cp.sum_squares(A @ (x * (3 + 4j)) - Y) + cp.norm1((3 - 4j) * x) / 5),
    "divided": lambda x: least(cp.sum_squares(A @ (x / (3 + 4j)) - Y) + cp.norm1(x) / 5),
    "indices": lambda x: least(cp.sum_squares(A[:, :2] @ x[1:] + x[0] - Y) + cp.norm1(x)),
    "stacked": lambda x: least(cp.sum_squares(cp.hstack([A @ x - Y, 2 * x[:1]])) + cp.norm1(x)),
    "row": lambda x: least(cp.square(cp.abs(A[0] @ x - Y[0])) + cp.norm1(x)),
    "parameter": lambda x: least(cp.sum_squares(A @ x - Y) + cp.Parameter(nonneg=True, value=0.75) * cp.norm1(x)),
    "constants": lambda x: least(cp.sum_squares((2j * cp.Constant(A)) @ x - cp.Constant(Y) * (1 - 1j)) + cp.norm1(x)),
}


def objective(recognised, z):
    """F over its multiple at a vector of floats."""
    problem = recognised.problem
    X, y = problem.matrix.to_float().astype(complex), problem.data.to_float().astype(complex)[:, 0]
    mu, kappa, omega = (
        np.array([float(v.p) / float(v.q) for v in values])
        for values in (problem.penalty_entries, problem.ridge_entries, problem.weight_entries)
    )
    F = omega @ np.abs(y - X @ z) ** 2 + mu @ np.abs(z) + kappa @ np.abs(z) ** 2
    return F * float(recognised.multiple.q) / float(recognised.multiple.p)


@pytest.mark.parametrize("name", READ)
def test_what_is_read_is_what_cvxpy_computes(name):
    x = new()
    problem = READ[name](x)
    recognised = recognise_problem(problem)
    differences = []
    for _ in range(4):
        x.value = RNG.normal(size=N) + 1j * RNG.normal(size=N)
        differences.append(problem.objective.value - objective(recognised, x.value))
    # what is constant in x is left out
    assert np.ptp(differences) < 1e-9 * (1 + abs(problem.objective.value))


@pytest.mark.parametrize("name", sorted(READ.keys() - {"divided"}))  # cvxpy 1.9.3 solves another problem there
def test_what_a_solver_finds_is_near_the_minimiser(name):
    problem = READ[name](new())
    problem.solve(solver="CLARABEL")
    assert check(problem, digits=3).verdict == "ok"


def test_the_certificate(tmp_path):
    problem = READ["weights"](new())
    problem.solve(solver="CLARABEL")
    checked = check(problem)
    assert checked.numbers["objective"].startswith("Σ ω_i r_i² + Σ μ_j|x_j|")
    assert [entry["name"] for entry in checked.numbers["coefficients"]] == ["x[0]", "x[1]", "x[2]"]
    assert verify_path(checked.write(tmp_path / "bundle")).verdict == "valid"


def test_arithmetic_of_constants_is_exact():
    x = new()
    recognised = recognise_complex(least(cp.sum_squares(x / 3 - np.ones(N)) + cp.norm1(x)))
    assert fmpq(int(recognised.problem.matrix.re[0, 0]), int(recognised.problem.matrix.den)) == fmpq(1, 3)
    assert recognised.notes == ()


def test_the_variables_get_the_minimiser():
    register()
    x = new()
    problem = READ["ridge"](x)
    value = problem.solve(method="certified", solver="CLARABEL")
    assert value.checked.verdict == "ok"
    assert check(problem, digits=14).verdict == "ok"
    assert abs(float(value) - problem.objective.value) < 1e-12
    with pytest.raises(NotCertifiedError, match="no distance from the minimisers was proved"):
        columns = np.column_stack([A[:, 0], 1j * A[:, 0]])
        x = new(2)
        least(cp.sum_squares(columns @ x - A[:, 0]) + cp.norm1(x)).solve(method="certified")


REFUSED = {
    "real variable": (lambda x: least(cp.sum_squares(A @ x + cp.Variable() - Y) + cp.norm1(x)), "the real variable"),
    "constraint": (lambda x: least(cp.sum_squares(A @ x - Y), cp.norm1(x) <= 1), "the constraint"),
    "sqrt-lasso": (lambda x: least(cp.norm(A @ x - Y) + cp.norm1(x)), "a norm2"),
    "linear": (lambda x: least(cp.sum_squares(A @ x - Y) + cp.real(x[0])), "real"),
    "conjugate": (lambda x: least(cp.sum_squares(A @ cp.conj(x) - Y) + cp.norm1(x)), "conj"),
    "differences": (lambda x: least(cp.sum_squares(A @ x - Y) + cp.norm1(x[1:] - x[:-1])), "more than one coefficient"),
    "shifted": (lambda x: least(cp.sum_squares(A @ x - Y) + cp.norm1(x - 1)), "plus a number"),
    "irrational": (lambda x: least(cp.sum_squares(A @ x - Y) + cp.norm1((1 + 1j) * x)), "is not rational"),
    "negative": (
        lambda x: cp.Problem(cp.Maximize(cp.sum_squares(A @ x - Y) - cp.norm1(x))),
        "a square with a negative",
    ),
    "no data": (lambda x: least(cp.norm1(x) + cp.sum_squares(x)), "without a sum of squares"),
    "hermitian": (lambda x: least(cp.sum_squares(cp.Variable((2, 2), hermitian=True))), "with hermitian"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_known_is_refused_by_name(name):
    made, said = REFUSED[name]
    with pytest.raises(UsageError, match=said) as caught:
        recognise_problem(made(new()))
    assert "\n" not in str(caught.value)


SPOILT = {
    "nan": (lambda x: least(cp.sum_squares(A @ x - np.where(Y.real > 0, np.nan, Y))), DataError, "a finite number"),
    "empty": (lambda x: least(cp.sum_squares(A[:, :2] @ x[:2] - Y) + cp.norm1(x)), DataError, "x.2. is empty"),
    "no value": (lambda x: least(cp.sum_squares(A @ x - cp.Parameter(M))), UsageError, "has no value"),
    "by 0": (lambda x: least(cp.sum_squares(A @ (x / cp.Parameter(value=0)) - Y)), DataError, "divides by 0"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_data_of_which_nothing_can_be_said(name):
    made, kind, said = SPOILT[name]
    with pytest.raises(kind, match=said):
        recognise_problem(made(new()))


def test_a_problem_must_be_solved():
    with pytest.raises(UsageError, match="has no value: it is not solved"):
        check(READ["plain"](new()))

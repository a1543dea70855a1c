"""Problems of cvxpy: what is read of them is what cvxpy computes, and what is not known is refused by its name."""

import doctest
import hashlib
import io
import pickle

import cvxpy as cp
import numpy as np
import pytest
import scipy.sparse as sp
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from exact_base.errors import DataError, SciBarriersError, SolverError, UsageError
from exact_base.matrices import exact_matrix, scaled
from exact_base.rationals import exact_number
from proofs_checks.checker import verify_path
from sci_barriers import check
from sci_barriers.checks import certified_method, cvxpy_affine, cvxpy_questions
from sci_barriers.checks.certified_method import register
from sci_barriers.checks.cvxpy_questions import Paper, recognise_problem
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, entries_of
from sci_barriers.solvers.cvxpy_recognition import recognise

RANDOM = np.random.default_rng(11)
M, N = 8, 3
A = RANDOM.integers(-8, 9, (M, N)) / 8
Y = RANDOM.integers(-8, 9, M) / 4
W = RANDOM.integers(1, 5, M) / 2
SPARSE = sp.csr_array(A)


def new(*shape, **attributes):
    return cp.Variable(shape or (N,), name="x", **attributes)


def least(objective, *constraints):
    return cp.Problem(cp.Minimize(objective), list(constraints))


def floats(matrix):
    return np.array(matrix.to_float())


def exact_objective(recognised, values):
    """F as docs/theory.md has it, in float64, divided by the multiple; of (P1) and (P3) what is minimised."""
    problem = recognised.problem
    if isinstance(problem, Paper):
        weights = 1.0 if problem.weights is None else floats(problem.weights)[:, 0]
        size = np.sum(weights * np.abs(values))
        if problem.name == "bpdn":
            return size
        return float(problem.parameter.p) / float(problem.parameter.q) * size + np.linalg.norm(
            floats(problem.matrix) @ values - floats(problem.data)[:, 0]
        )
    x, b = (values[:-1], values[-1]) if problem.intercept else (values, 0.0)
    residual = floats(problem.data)[:, 0] - floats(problem.matrix) @ x - b
    weights = 1.0 if problem.observation_weights is None else floats(problem.observation_weights)[:, 0]
    total = np.sum(weights * residual**2) + floats(problem.penalties)[:, 0] @ np.abs(values)
    if problem.ridge is not None:
        total += floats(problem.ridge)[:, 0] @ values**2
    return total / (int(recognised.multiple.p) / int(recognised.multiple.q))


def put(recognised, values):
    """Give the variables the coefficients."""
    for variable, places in zip(recognised.variables, recognised.places, strict=True):
        variable.value = np.array([values[place] for place in places]).reshape(variable.shape, order="F")


def agrees(problem, recognised, *, nonnegative=False):
    """Objective and reading differ by one constant, at points of either kind."""
    random = np.random.default_rng(3)
    size = sum(map(len, recognised.places))
    sign = 1.0 if isinstance(problem.objective, cp.Minimize) else -1.0
    differences, seen = [], []
    for _ in range(6):
        point = random.integers(0 if nonnegative else -9, 10, size) / 4
        put(recognised, point)
        seen.append(sign * problem.objective.value)
        differences.append(seen[-1] - exact_objective(recognised, point))
    assert np.ptp(seen) > 0
    assert np.allclose(differences, differences[0], rtol=0, atol=1e-9 * (1 + max(map(abs, seen))))


def two_parts():
    first, second = cp.Variable(1, name="a"), cp.Variable(2, name="b")
    return least(cp.sum_squares(A @ cp.hstack([first, second]) - Y) + cp.norm1(first) + 3 * cp.norm1(second))


def with_parameters():
    x, lam, matrix = new(), cp.Parameter(nonneg=True, value=0.3), cp.Parameter((M, N), value=A)
    return least(cp.sum_squares(matrix @ x - Y) / (2 * M) + lam * cp.norm1(x))


def intercept(residual):
    x, b = new(), cp.Variable(name="b")
    return least(cp.sum_squares(residual(x, b)) / (2 * M) + 0.1 * cp.norm1(x))


def total_variation(weight=1.0):
    x = new()
    return least(cp.sum_squares(A @ x - Y) + weight * cp.norm1(cp.diff(x)))


LASSO = {
    "stated": lambda: least(cp.sum_squares(A @ (x := new()) - Y) + 0.3 * cp.norm1(x)),
    "half": lambda: least(0.5 * cp.sum_squares(Y - A @ (x := new())) + 0.3 * cp.norm(x, 1)),
    "mean-half": lambda: least(cp.sum_squares(A @ (x := new()) - Y) / (2 * M) + cp.norm1(x) * 0.3),
    "mean": lambda: least(cp.mean(cp.square(A @ (x := new()) - Y)) + 0.3 * cp.pnorm(x, 1)),
    "squared norm": lambda: least(cp.norm(A @ (x := new()) - Y) ** 2 + 0.3 * cp.sum(cp.abs(x))),
    "power": lambda: least(cp.sum((A @ (x := new()) - Y) ** 2) + cp.norm1(0.3 * x)),
    "quad_over_lin": lambda: least(cp.quad_over_lin(A @ (x := new()) - Y, 4) + 0.3 * cp.norm1(-x)),
    "maximise": lambda: cp.Problem(cp.Maximize(-cp.sum_squares(A @ (x := new()) - Y) - 0.3 * cp.norm1(x) + 7)),
    "sparse": lambda: least(cp.sum_squares(SPARSE @ (x := new()) - Y) + 0.3 * cp.norm1(x)),
    "row": lambda: least(cp.sum_squares((x := new()).T @ A.T - Y) + 0.3 * cp.norm1(x)),
    "column": lambda: least(cp.sum_squares(A @ (x := new(N, 1)) - Y[:, None]) + 0.3 * cp.norm(x, 1)),
    "lying": lambda: least(cp.sum_squares((x := new(1, N)) @ A.T - Y[None]) + 0.3 * cp.sum(cp.abs(x))),
    "product of constants": lambda: least(
        cp.sum_squares(cp.Constant(A.T).T @ (x := new()) - cp.Constant(A) @ np.ones(N)) + 0.3 * cp.norm1(x)
    ),
    "denoising": lambda: least(cp.sum_squares((x := new()) - Y[:N]) + 0.3 * cp.norm1(x)),
    "weights": lambda: least(W @ cp.square(A @ (x := new()) - Y) + 0.3 * cp.norm1(x)),
    "roots of weights": lambda: least(cp.sum_squares(cp.multiply(W, A @ (x := new()) - Y)) + 0.3 * cp.norm1(x)),
    "weight 0": lambda: least(np.r_[0, W[1:]] @ cp.square(A @ (x := new()) - Y) + 0.3 * cp.norm1(x)),
    "penalties": lambda: least(cp.sum_squares(A @ (x := new()) - Y) + W[:N] @ cp.abs(x)),
    "diagonal": lambda: least(cp.sum_squares(A @ (x := new()) - Y) + cp.norm1(cp.diag(W[:N]) @ x)),
    "free column": lambda: least(cp.sum_squares(A @ (x := new()) - Y) + 0.3 * cp.norm1(x[1:])),
    "chosen columns": lambda: least(cp.sum_squares(A @ (x := new()) - Y) + 0.3 * cp.norm1(x[[0, 2]])),
    "two terms": lambda: least(cp.sum_squares(A[:5] @ (x := new()) - Y[:5]) + 2 * cp.sum_squares(A[5:] @ x - Y[5:])),
    "elastic net": lambda: least(cp.sum_squares(A @ (x := new()) - Y) + 0.3 * cp.norm1(x) + cp.sum_squares(x) / 8),
    "ridge": lambda: least(cp.sum_squares(A @ (x := new()) - Y) + 0.5 * cp.norm(x, 2) ** 2),
    "Tikhonov": lambda: least(cp.sum_squares(A @ (x := new()) - Y) + 0.5 * cp.sum_squares(cp.diff(x))),
    "least squares": lambda: least(cp.sum_squares(A @ new() - Y)),
    "two variables": two_parts,
    "parameters": with_parameters,
    "intercept": lambda: intercept(lambda x, b: A @ x + b - Y),
    "intercept, turned": lambda: intercept(lambda x, b: Y - A @ x - b),
    "intercept, one entry": lambda: intercept(lambda x, b: A @ x + cp.hstack([b] * M) - Y),
    "loss of the cvxpy pages": lambda: least(cp.pnorm(A @ (x := new()) - Y, p=2) ** 2 + 0.3 * cp.norm1(x)),
    "divided residual": lambda: least(cp.sum_squares((A @ (x := new()) - Y) / np.sqrt(M)) + 0.3 * cp.norm1(x)),
    "convolution": lambda: least(cp.sum_squares(cp.convolve(W[:4], x := new()) - Y[:6]) + 0.3 * cp.norm1(x)),
    "cumsum": lambda: least(cp.sum_squares(A @ cp.cumsum(x := new()) - Y) + 0.3 * cp.norm1(x)),
    "diagonal of a variable": lambda: least(cp.sum_squares(A @ cp.diag(x := new()) @ W[:N] - Y) + cp.norm1(x)),
    "kron": lambda: least(cp.sum_squares(cp.kron(W[:2, None], x := new(N, 1))[:, 0] - Y[:6]) + cp.sum(cp.abs(x))),
    "two responses": lambda: least(
        cp.sum_squares(A @ (x := new(N, 2)) - np.c_[Y, W]) + 0.3 * cp.sum(cp.abs(x)) + cp.sum_squares(x[:, 1])
    ),
    "matrices on both sides": lambda: least(
        cp.norm(A[:4] @ (x := new(N, 2)) @ W[:6].reshape(2, 3) - W[2] * A[:4], "fro") ** 2 + 0.3 * cp.sum(cp.abs(x.T))
    ),
    "computed constant": lambda: least(
        cp.sum_squares(A @ (x := new()) - Y) + 0.1 * cp.norm_inf(cp.Constant(A).T @ Y) * cp.norm1(x)
    ),
}
SIGNED = {
    "nonneg": lambda: least(cp.sum_squares(A @ (x := new(nonneg=True)) - Y) + 0.3 * cp.norm1(x)),
    "pos": lambda: least(cp.sum_squares(A @ (x := new(pos=True)) - Y) + 0.3 * cp.sum(x)),
    "bounds": lambda: least(cp.sum_squares(A @ (x := new(bounds=[0, None])) - Y) + 0.3 * cp.norm1(x)),
    ">=": lambda: least(cp.sum_squares(A @ (x := new()) - Y) + 0.3 * cp.norm1(x), x >= 0),
    "turned": lambda: least(cp.sum_squares(A @ (x := new()) - Y) + 0.3 * cp.norm1(x), x[::-1] >= 0),
    "-x <= 0": lambda: least(cp.sum_squares(A @ (x := new()) - Y) + 0.3 * cp.norm1(x), -2 * x <= 0),
    "one by one": lambda: least(cp.sum_squares(A @ (x := new()) - Y) + 0.3 * cp.norm1(x), x[0] >= 0, x[1:] >= 0),
    "NonNeg": lambda: least(cp.sum_squares(A @ (x := new()) - Y) + W[:N] @ x, cp.NonNeg(x)),
    "no penalty": lambda: least(cp.sum_squares(A @ (x := new()) - Y), x >= 0),
}
OTHERS = {
    "sqrt-lasso": lambda: least(cp.norm2(A @ (x := new()) - Y) + 0.3 * cp.norm1(x)),
    "sqrt-lasso, weights": lambda: least(cp.norm2(A @ (x := new()) - Y) + W[:N] @ cp.abs(x)),
    "sqrt-lasso, factor": lambda: least(4 * cp.norm2(A @ (x := new()) - Y) + 2 * cp.norm1(x)),
    "bpdn": lambda: least(cp.norm1(x := new()), cp.norm2(A @ x - Y) <= 2.75),
    "bpdn, turned": lambda: least(cp.norm1(x := new()), cp.norm(Y - A @ x) - 2.75 <= 0),
    "bpdn, squared": lambda: least(cp.norm1(x := new()), cp.sum_squares(A @ x - Y) <= 2.75**2),
    "bpdn, factors": lambda: least(3 * cp.norm1(x := new()), 2 * cp.norm2(A @ x - Y) - 1 <= 4.5),
    "bpdn, cone": lambda: least(cp.norm1(x := new()), cp.SOC(cp.Constant(2.75), A @ x - Y)),
    "bpdn, weights": lambda: least(W[:N] @ cp.abs(x := new()), cp.norm2(A @ x - Y) <= 2.75),
}


@pytest.mark.parametrize("name", LASSO)
def test_what_is_read_is_what_cvxpy_computes(name):
    problem = LASSO[name]()
    recognised = recognise_problem(problem)
    assert isinstance(recognised.problem, PenalisedLeastSquares) and recognised.problem.nonnegative == ()
    assert recognised.problem.intercept == name.startswith("intercept")
    agrees(problem, recognised)


@pytest.mark.parametrize("name", SIGNED)
def test_coefficients_that_must_not_be_negative(name):
    problem = SIGNED[name]()
    recognised = recognise_problem(problem)
    assert recognised.problem.nonnegative == tuple(range(N)) and recognised.objective.endswith(", x >= 0")
    agrees(problem, recognised, nonnegative=True)


@pytest.mark.parametrize("name", OTHERS)
def test_the_other_two_problems(name):
    problem = OTHERS[name]()
    recognised = recognise_problem(problem)
    assert recognised.problem.name == name.partition(",")[0]
    if recognised.problem.name == "bpdn":
        assert recognised.problem.parameter == fmpq(11, 4)
    put(recognised, np.ones(N))
    divided = {"sqrt-lasso, factor": 4, "bpdn, factors": 3}.get(name, 1)
    assert np.isclose(problem.objective.value / divided, exact_objective(recognised, np.ones(N)))


@pytest.mark.parametrize("name", [*LASSO, *SIGNED, *OTHERS])
def test_what_a_solver_finds_is_near_the_minimiser(name):
    """No other reading of the objective would have five digits."""
    problem = {**LASSO, **SIGNED, **OTHERS}[name]()
    problem.solve(solver="CLARABEL")
    checked = check(problem, digits=4)
    assert checked.verdict == "ok" and checked.found.claimed.words.startswith("status optimal by CLARABEL after ")
    assert checked.found.infeasible == "" or name in SIGNED or "bpdn" in name


finite = st.integers(-6, 6).map(lambda k: k / 4)


@settings(max_examples=60)
@given(st.data())
def test_sums_of_any_such_terms(data):
    """A drawn tree of the operations of cvxpy is read as what cvxpy computes."""
    rows = data.draw(st.integers(1, 3))
    matrix = np.array(data.draw(st.lists(st.lists(finite, min_size=2, max_size=2), min_size=rows, max_size=rows)))
    right = np.array(data.draw(st.lists(finite, min_size=rows, max_size=rows)))
    x = cp.Variable(2, name="x")

    def affine(expression, depth=2):
        step = data.draw(st.sampled_from(["", "-", "*", "/", "+", "[]", "stack", "T"])) if depth else ""
        if not step:
            return expression
        n = expression.size
        vector = np.array(data.draw(st.lists(st.sampled_from([0.5, -1.0, 2.0, 3.0]), min_size=n, max_size=n)))
        made = {
            "-": lambda: -expression,
            "*": lambda: cp.multiply(vector, expression),
            "/": lambda: expression / 3,
            "+": lambda: vector + expression - 0.5,
            "[]": lambda: expression[::-1],
            "stack": lambda: cp.hstack([expression, expression[:1]]),
            "T": lambda: cp.reshape(cp.vstack([expression, 2 * expression]).T, (2 * n,), order="F"),
        }[step]()
        return affine(made, depth - 1)

    inner = affine(x, 1)[:2] if data.draw(st.booleans()) else x
    residual = affine(matrix @ inner - right)
    factor = data.draw(st.sampled_from([1, 0.5, 3]))
    squares = data.draw(st.sampled_from([cp.sum_squares, lambda r: cp.norm(r) ** 2, lambda r: cp.sum(r**2)]))(residual)
    size = data.draw(st.sampled_from([cp.norm1, lambda e: cp.sum(cp.abs(e)), lambda e: 2 * cp.mean(cp.abs(e))]))
    problem = least(factor * squares + size(cp.multiply([1, -2], x)) / 4 + 0.1 * cp.sum_squares(x[1]))
    try:
        recognised = recognise_problem(problem)
    except (UsageError, DataError) as error:
        assert "empty" in str(error) or "without a sum of squares" in str(error) or "at least one entry" in str(error)
        return
    agrees(problem, recognised)


@pytest.mark.parametrize("scaling", ["stated", "half", "mean-half"])
def test_the_game_reads_the_same_objective(scaling):
    """What looks at an objective at points agrees with what reads its tree."""
    parts = {"stated": 1, "half": 2, "mean-half": 2 * M}[scaling]

    def made(matrix, right, lam):
        x = cp.Variable(matrix.shape[1])
        return least(
            cp.sum_squares(matrix @ x - right) / (2 * len(right) if parts == 2 * M else parts) + lam * cp.norm1(x)
        )

    assert recognise(made, target="made", problem="lasso").scaling == scaling
    recognised = recognise_problem(made(A, Y, 0.25))
    assert recognised.multiple == parts and entries_of(recognised.problem.penalties) == [fmpq(parts, 4)] * N


def test_arithmetic_is_exact():
    """Numbers of a problem are multiplied as they are, and not as float64 rounds the product."""
    x, tenth = new(), exact_number(0.1)
    problem = least(cp.Constant(0.1) * (cp.sum_squares(cp.Constant(0.1) * (A @ x)) + 0.1 * (0.1 * cp.norm1(x))))
    with pytest.raises(UsageError, match="without a sum of squares"):
        recognise_problem(least(cp.sum_squares(x) + cp.norm1(x)))
    recognised = recognise_problem(problem)
    assert recognised.multiple == 1 / tenth
    assert entries_of(recognised.problem.penalties) == [tenth**2] * N
    assert recognised.problem.matrix == scaled(exact_matrix(A), tenth)


def test_the_users_own_arrays_are_in_the_bundle(tmp_path):
    data = A, Y  # cvxpy itself copies an array that is not row by row
    problem = intercept(lambda x, b: data[1] - data[0] @ x - b)
    problem.solve(solver="CLARABEL")
    files = check(problem).certificates()
    assert set(files) == {"coefficients.cert.json", "X.npy", "y.npy"}
    for name, array in zip(("X.npy", "y.npy"), data, strict=True):
        written = io.BytesIO()
        np.save(written, array)
        assert np.array_equal(np.load(io.BytesIO(files[name])), array)
        assert hashlib.sha256(written.getvalue()).digest() == hashlib.sha256(files[name]).digest()
    check(problem).write(tmp_path / "bundle")
    assert verify_path(tmp_path / "bundle").verdict == "valid"


@pytest.mark.parametrize("name", ["weights", "elastic net", "column", "two variables", "sparse", "intercept"])
def test_certificates_of_problems(name, tmp_path):
    problem = LASSO[name]()
    problem.solve(solver="CLARABEL")
    check(problem).write(tmp_path / "bundle")
    assert verify_path(tmp_path / "bundle").verdict == "valid"


@pytest.mark.parametrize("name", [">=", "NonNeg"])
def test_certificates_with_signs(name, tmp_path):
    problem = SIGNED[name]()
    problem.solve(solver="CLARABEL")
    check(problem).write(tmp_path / "bundle")
    assert verify_path(tmp_path / "bundle").verdict == "valid"


@pytest.mark.parametrize("name", ["sqrt-lasso, weights", "bpdn"])
def test_certificates_of_the_other_problems(name, tmp_path):
    problem = OTHERS[name]()
    problem.solve(solver="CLARABEL")
    check(problem).write(tmp_path / "bundle")
    assert verify_path(tmp_path / "bundle").verdict == "valid"


@pytest.mark.slow  # those above are its small siblings
def test_every_certificate_is_valid(tmp_path):
    for number, made in enumerate((*LASSO.values(), *SIGNED.values(), *OTHERS.values())):
        problem = made()
        problem.solve(solver="CLARABEL")
        check(problem).write(tmp_path / str(number))
        assert verify_path(tmp_path / str(number)).verdict == "valid"


def test_what_is_said_of_a_problem():
    x = cp.Variable((2, 1), name="beta")
    b = cp.Variable(name="b")
    problem = least(cp.sum_squares(np.eye(3, 2) @ x + b - np.array([[2], [1], [0]])) / 6 + cp.norm1(x) / 8)
    problem.solve(solver="CLARABEL")
    checked = check(problem)
    assert checked.found.names == ("beta[0, 0]", "beta[1, 0]")
    assert checked.found.objective == "0.166667 ‖r‖² + 0.125 ‖x‖₁"
    assert str(checked).startswith(f"a solution of cvxpy {cp.__version__}: ok\n")
    assert checked.intercept is not None


def test_a_constant_that_is_computed_is_named():
    problem = LASSO["computed constant"]()
    assert recognise_problem(problem).notes[0].endswith("is taken as the float64 number that cvxpy computes")
    assert recognise_problem(LASSO["diagonal"]()).notes == ()
    assert recognise_problem(LASSO["maximise"]()).notes == ()


# --- what is refused -------------------------------------------------------------------------------

REFUSED = {
    "huber": (lambda x: least(cp.sum(cp.huber(A @ x - Y)) + cp.norm1(x)), "huber"),
    "norm_inf": (lambda x: least(cp.sum_squares(A @ x - Y) + cp.norm_inf(x)), "norm_inf"),
    "fused": (lambda x: least(cp.sum_squares(A @ x - Y) + cp.tv(x)), "an absolute value of more than one coefficient"),
    "shifted": (
        lambda x: least(cp.sum_squares(A @ x - Y) + cp.norm1(x - 1)),
        "an absolute value of a coefficient plus",
    ),
    "group": (lambda x: least(cp.sum_squares(A @ x - Y) + cp.norm2(x)), "a norm2 beside a sum of squares"),
    "two norms": (lambda x: least(cp.norm2(A @ x - Y) + cp.norm2(x)), "a norm2 beside"),
    "l1 loss": (lambda x: least(cp.norm1(A @ x - Y)), "an absolute value of more than one coefficient"),
    "quad_form": (lambda x: least(cp.quad_form(x, np.eye(N)) + cp.norm1(x)), "QuadForm"),
    "squared l1": (lambda x: least(cp.sum_squares(A @ x - Y) + cp.norm1(x) ** 2), "norm1"),
    "cube": (lambda x: least(cp.sum_squares(A @ x - Y) + cp.sum(cp.abs(x) ** 3)), "abs"),
    "p = 3": (lambda x: least(cp.sum_squares(A @ x - Y) + cp.pnorm(x, 3)), "Pnorm"),
    "logistic": (lambda x: least(cp.sum(cp.logistic(A @ x)) + cp.norm1(x)), "logistic"),
    "sum_largest": (lambda x: least(cp.sum_squares(A @ x - Y) + cp.sum_largest(x, 2)), "sum_largest"),
    "negative": (lambda x: least(cp.sum_squares(A @ x - Y) - cp.norm1(x)), "with a negative factor"),
    "concave": (lambda x: least(cp.norm1(x) - cp.sum_squares(A @ x - Y)), "a square with a negative factor"),
    "linear": (lambda x: least(cp.sum_squares(A @ x - Y) + cp.sum(x)), "a linear term of a coefficient"),
    "maximise": (lambda x: cp.Problem(cp.Maximize(cp.sum(x))), "a linear term"),
    "product": (lambda x: least((A @ x - Y) @ (A @ x - Y)), "the product"),
    "no data": (lambda x: least(cp.norm1(x)), "without a sum of squares"),
    "x <= 1": (lambda x: least(cp.sum_squares(A @ x - Y) + cp.norm1(x), x <= 1), r"the constraint x <= 1\.0"),
    "x >= 1": (lambda x: least(cp.sum_squares(A @ x - Y) + cp.norm1(x), x >= 1), r"the constraint 1\.0 <= x"),
    "sum": (lambda x: least(cp.sum_squares(A @ x - Y), cp.sum(x) >= 0), "the constraint .* Sum"),
    "equality": (lambda x: least(cp.norm1(x), A @ x == Y), "the equality constraint"),
    "budget": (lambda x: least(cp.sum_squares(A @ x - Y), cp.norm1(x) <= 1), "the constraint norm1"),
    "both": (lambda x: least(cp.sum_squares(A @ x - Y), cp.norm2(x) <= 1), "beside this objective"),
    "two bounds": (lambda x: least(cp.norm1(x), cp.norm2(A @ x - Y) <= 3, cp.norm2(x) <= 3), "a second bound"),
    "bound 0": (lambda x: least(cp.norm1(x), cp.norm2(A @ x - Y) <= 0), "whose bound is not positive"),
    "bound √3": (lambda x: least(cp.norm1(x), cp.sum_squares(A @ x - Y) <= 3), "not the square of a rational number"),
    "signed bpdn": (lambda x: least(cp.norm1(x), cp.norm2(A @ x - Y) <= 3, x >= 0), "bpdn with coefficients that"),
    "free bpdn": (lambda x: least(cp.norm1(x[1:]), cp.norm2(A @ x - Y) <= 3), "a coefficient that has no penalty"),
    "signed sqrt-lasso": (lambda x: least(cp.norm2(A @ x - Y) + cp.norm1(x), x >= 0), "sqrt-lasso with coefficients"),
    "matrix norm": (lambda x: least(cp.sum_squares(A @ (z := cp.Variable((N, 2)))) + cp.norm(z, 1)), "max"),
    "product of variables": (lambda x: least(cp.sum_squares(A @ x * cp.Variable() - Y)), "quad_over_lin"),
    "integer": (lambda x: least(cp.sum_squares(A @ new(integer=True) - Y)), "the variable x with integer"),
    "boolean": (lambda x: least(cp.sum_squares(A @ new(boolean=True) - Y)), "the variable x with boolean"),
    "imaginary": (lambda x: least(cp.sum_squares(A @ new(imag=True) - Y)), "the variable x with imag"),
    "nonpos": (lambda x: least(cp.sum_squares(A @ new(nonpos=True) - Y)), "the variable x with nonpos"),
    "box": (lambda x: least(cp.sum_squares(A @ new(bounds=[0, 1]) - Y)), "the variable x with bounds"),
    "no variable": (lambda x: least(cp.Constant(1)), "a problem without a variable"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_known_is_refused_by_name(name):
    made, said = REFUSED[name]
    with pytest.raises(UsageError, match=said) as caught:
        recognise_problem(made(new()))
    text = str(caught.value)
    assert "\n" not in text and text.startswith("check does not know ") and "in a cvxpy problem; it takes " in text


SPOILT = {
    "no value": (lambda x: least(cp.sum_squares(A @ x - Y) + cp.Parameter(name="lam") * cp.norm1(x)), "lam .*no value"),
    "nan": (lambda x: least(cp.sum_squares(A @ x - np.where(Y > 0, np.nan, Y)) + cp.norm1(x)), "a finite number"),
    "infinite": (lambda x: least(cp.sum_squares(A @ x - Y) + np.inf * cp.norm1(x)), "a finite number"),
    "complex": (lambda x: least(cp.sum_squares(1j * A @ x - Y) + cp.norm1(x)), "complex data are not checked"),
    "by 0": (lambda x: least(cp.sum_squares(A @ x - Y) / cp.Parameter(value=0) + cp.norm1(x)), "divides by 0"),
    "empty": (lambda x: least(cp.sum_squares(A[:, :1] @ x[:1] - Y) + cp.norm1(x)), r"x\[1\] and x\[2\] are empty"),
    "constant": (
        lambda x: least(cp.sum_squares(np.ones((M, N)) @ x + cp.Variable() - Y) + cp.norm1(x)),
        r"x\[0\], x\[1\] and x\[2\] are constant",
    ),
}


@pytest.mark.parametrize("name", SPOILT)
def test_data_of_which_nothing_can_be_said(name):
    made, said = SPOILT[name]
    with pytest.raises(SciBarriersError, match=said) as caught:
        recognise_problem(made(new()))
    assert "\n" not in str(caught.value)


def test_a_problem_has_its_data_and_must_be_solved():
    problem = LASSO["stated"]()
    with pytest.raises(UsageError, match="the variable x of the cvxpy problem has no value: it is not solved"):
        check(problem)
    for more, said in (({"X": A}, "X"), ({"like": "half", "positive": True}, "like, positive"), ({"lam": 1}, "lam")):
        with pytest.raises(UsageError, match=f"says itself what it minimises; leave out {said}$"):
            check(problem, **more)
    with pytest.raises(UsageError, match="give the data X and y"):
        check(None, like="half", lam=1)


# --- the method ------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def registered():
    before = dict(cp.Problem.REGISTERED_SOLVE_METHODS)
    register()
    yield
    cp.Problem.REGISTERED_SOLVE_METHODS.clear()
    cp.Problem.REGISTERED_SOLVE_METHODS.update(before)


@pytest.mark.parametrize("solver", [None, "CLARABEL"])
@pytest.mark.parametrize("name", ["mean-half", "column", "lying", "intercept", "two variables"])
def test_the_variables_get_the_minimiser(name, solver):
    problem = LASSO[name]()
    value = problem.solve(method="certified", **({"solver": solver} if solver else {}))
    assert problem.status == "optimal" and value == problem.value == problem.objective.value
    assert value.checked is problem.solution.attr["checked"]
    assert value.checked.verdict == ("ok" if solver else "solved")
    assert (problem.solver_stats.solver_name, value.checked.found.claimed is None) == ("sci-barriers", solver is None)
    again = check(problem, digits=14)  # float64 is all that is lost
    assert again.verdict == "ok"
    least_value = problem.value
    problem.solve(solver="CLARABEL")
    assert np.isclose(problem.value, least_value, rtol=1e-6)


def test_entries_of_a_matrix_stand_where_cvxpy_has_them():
    x = cp.Variable((2, 3), name="x")
    wanted = np.arange(6.0).reshape(2, 3)
    problem = least(cp.sum_squares(x - wanted) + 2 * cp.sum(cp.abs(x)))
    problem.solve(method="certified")
    assert x.value.tolist() == np.maximum(wanted - 1, 0).tolist()
    assert check(problem).found.names[:3] == ("x[0, 0]", "x[1, 0]", "x[0, 1]")


@pytest.mark.parametrize("name", ["sqrt-lasso", "bpdn"])
def test_the_method_solves_the_other_problems(name):
    problem = OTHERS[name]()
    problem.solve(method="certified")
    assert check(problem, digits=14).verdict == "ok"


def test_no_dual_value_is_left_from_before():
    problem = SIGNED[">="]()
    problem.solve(solver="CLARABEL")
    assert problem.constraints[0].dual_value is not None
    problem.solve(method="certified")
    assert problem.constraints[0].dual_value is None and problem.variables()[0].value.min() >= 0


def test_a_loose_solver_is_told_apart_from_its_minimiser():
    problem = LASSO["mean-half"]()
    value = problem.solve(method="certified", solver="SCS", eps=1e-2, digits=12)
    assert value.checked.verdict == "inaccurate" and value.checked.found.digits == 12
    assert check(problem).verdict == "ok"


def test_a_finding_is_pickled_with_its_certificate():
    for problem in (LASSO["intercept"](), OTHERS["bpdn"]()):
        value = problem.solve(method="certified", solver="CLARABEL")
        again = pickle.loads(pickle.dumps(value))
        assert (again, str(again.checked)) == (value, str(value.checked))
        assert again.checked.certificates() == value.checked.certificates()


def test_what_the_method_refuses():
    problem = LASSO["stated"]()
    with pytest.raises(UsageError, match="takes digits alone; leave out eps, verbose, or give solver="):
        problem.solve(method="certified", eps=1, verbose=True)
    with pytest.raises(UsageError, match="digits must be an integer from 1"):
        problem.solve(method="certified", digits=0)
    with pytest.raises(UsageError, match="does not know huber"):
        REFUSED["huber"][0](new()).solve(method="certified", solver="CLARABEL")
    infeasible = least(cp.norm1(x := new()), cp.norm2(A @ x - Y) <= 0.5)
    with pytest.raises(SolverError, match="CLARABEL found no value: status infeasible"):
        infeasible.solve(method="certified", solver="CLARABEL")
    with pytest.raises(UsageError, match="no feasible point"):
        infeasible.solve(method="certified")
    assert problem.variables()[0].value is None


@pytest.mark.parametrize("module", [certified_method, cvxpy_affine, cvxpy_questions])
def test_examples_give_what_they_say(module):
    failed, tried = doctest.testmod(module)
    assert failed == 0 and (tried or module is cvxpy_affine)


@given(hnp.arrays(complex, hnp.array_shapes(min_dims=2, max_dims=2, max_side=3), elements={"allow_nan": False}))
def test_exact_matrices_are_pickled(array):
    for matrix in (exact_matrix(array), exact_matrix(array.real)) if np.all(np.isfinite(array)) else ():
        again = pickle.loads(pickle.dumps(matrix))
        assert again == matrix and (again.den, again.is_real) == (matrix.den, matrix.is_real)


def test_tiny_coefficients_are_no_start_and_are_judged_all_the_same():
    """The minimisers are (t, 1 - t), and the nearest to (1, 2e) is (1 - e, e)."""
    e = 2.0**-30
    found = check([1, 2 * e], [[1, 1]], [2], like="half", lam=1).found
    assert found.unique == "no" and found.point == (1 - exact_number(e), exact_number(e))

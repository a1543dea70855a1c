"""Registered solvers minimise what they declare, and a user's own are loaded or refused in one line."""

import subprocess
import sys

import numpy as np
import pytest

from exact_base.errors import DataError
from exact_base.rationals import power_of_ten
from exact_base.scalars import exact, exact_array
from sci_barriers import UsageError, load_candidate
from sci_barriers.data.training_data import QueryAccess, Triple
from sci_barriers.omega.known import Known
from sci_barriers.players.algorithm import OneShot, float_array, scaled_parameter
from sci_barriers.problems import ArgminSet, problem_type
from sci_barriers.solvers import REGISTRY

# λ matters at first order here, so a wrong scaling moves the minimiser by more than 1/100; what needs a package is in
# test_solvers_adapters.py
MATRIX = [["2", "1", "0"], ["0", "1", "3"]]
DATA = ["3", "1"]
PARAMETERS = {"bpdn": "1/2", "lasso": "1/2", "sqrt-lasso": "9/5"}
ONE_SHOT = [(name, problem) for name, entry in REGISTRY.items() if not entry.needs for problem in entry.build]
ONE_SHOT = [(n, p) for n, p in ONE_SHOT if isinstance(REGISTRY[n].build[p](), OneShot)]


class FixedOracle:
    """Answers every read with the same exact data."""

    samples = 1

    def __init__(self, matrix, data):
        self.matrix, self.data = exact_array(matrix), exact_array(data)

    def read(self, *, k, n):
        return Triple(k=k, n=n, matrix=self.matrix, data=self.data, point=exact_array([0] * self.matrix.shape[1]))


def small_problem(name):
    return problem_type(name)(MATRIX, DATA, parameter=PARAMETERS[name])


def solve(algorithm, problem):
    known = Known(
        problem=problem.name,
        parameter=problem.parameter,
        weights=problem.weights,
        rows=problem.rows,
        columns=problem.columns,
    )
    return algorithm(QueryAccess(known, FixedOracle(problem.matrix, problem.data)))


@pytest.mark.parametrize(("name", "problem"), ONE_SHOT)
def test_the_declared_scaling_is_right(name, problem):
    from sci_barriers.problems.solve import solve_exactly

    instance = small_problem(problem)
    minimiser = solve_exactly(instance)
    answer = solve(REGISTRY[name].candidate(problem).algorithm, instance)
    distance2 = ArgminSet(minimiser).distance2(exact_array(np.asarray(answer)))
    assert distance2 < power_of_ten(-5)
    # the same solver with another parameter is far off, so this test sees the scaling
    for factor in ("2", "1/2"):
        other = problem_type(problem)(MATRIX, DATA, parameter=instance.parameter * exact(factor))
        assert ArgminSet(minimiser).distance2(solve_exactly(other).point) > power_of_ten(-4)


@pytest.mark.parametrize(
    ("scaling", "factor"),
    [("stated", 1), ("half", 2), ("mean-half", 2 * 21)],
)
def test_scaled_parameter(scaling, factor):
    assert scaled_parameter(exact("1/2"), problem="lasso", scaling=scaling, rows=21) == 0.5 / factor


@pytest.mark.parametrize("problem", ["bpdn", "sqrt-lasso"])
@pytest.mark.parametrize("scaling", ["half", "mean-half"])
def test_only_lasso_has_a_square_to_scale(problem, scaling):
    with pytest.raises(UsageError, match="for lasso only"):
        scaled_parameter(exact(1), problem=problem, scaling=scaling, rows=3)


def test_unknown_scaling():
    with pytest.raises(UsageError, match="stated, half, mean-half"):
        scaled_parameter(exact(1), problem="lasso", scaling="quarter", rows=3)


def test_rounding_to_float64_is_to_nearest_and_refuses_overflow():
    assert float_array(exact_array(["1/3", "-2/7"])).tolist() == [1 / 3, -2 / 7]
    assert float_array(exact_array([1 + 2j, 3])).tolist() == [1 + 2j, 3]
    with pytest.raises(DataError, match="too large"):
        float_array(exact_array([10**400]))


# --- loading ---------------------------------------------------------------------------------------

USER_FILE = """
import numpy as np
from sci_barriers import sequential_algorithm

def solve(A, y, lam):
    solve.seen = (A.dtype, A.shape, y.shape, lam)
    return np.zeros(A.shape[1])

class Ridge:
    def __init__(self, alpha=1.0, fit_intercept=True):
        self.alpha, self.fit_intercept = alpha, fit_intercept
    def get_params(self, deep=True):
        return {"alpha": self.alpha, "fit_intercept": self.fit_intercept}
    def fit(self, X, y):
        assert not self.fit_intercept
        self.coef_ = np.full(X.shape[1], self.alpha)
        return self

instance = Ridge(alpha=7.0)
number = 3

@sequential_algorithm
def reader(data):
    return data.read_to(5).point

@sequential_algorithm
class Machine:
    def __call__(self, data):
        return data.read_to(5).point
"""


@pytest.fixture
def user_file(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(USER_FILE)
    return path


def test_a_function_from_a_file(user_file):
    candidate = load_candidate(f"{user_file}:solve", problem="lasso", scaling="half")
    solve(candidate.algorithm, small_problem("lasso"))
    dtype, shape, length, lam = candidate.algorithm.solver.seen
    assert (dtype, shape, length, lam) == (np.dtype("float64"), (2, 3), (2,), 0.25)


@pytest.mark.parametrize("name", ["Ridge", "instance"])
def test_an_estimator_class_or_instance_is_copied_not_changed(user_file, name):
    candidate = load_candidate(f"{user_file}:{name}", problem="lasso", scaling="mean-half")
    assert solve(candidate.algorithm, small_problem("lasso")).tolist() == [0.5 / 4] * 3
    if name == "instance":
        assert candidate.algorithm.estimator.alpha == 7.0
        assert not hasattr(candidate.algorithm.estimator, "coef_")


@pytest.mark.parametrize("name", ["reader", "Machine"])
def test_an_algorithm_over_training_data_needs_no_scaling(user_file, name):
    candidate = load_candidate(f"{user_file}:{name}", problem="lasso")
    assert solve(candidate.algorithm, small_problem("lasso")).tolist() == [0, 0, 0]


def test_an_installed_module():
    candidate = load_candidate("sklearn.linear_model:Lasso", problem="lasso", scaling="mean-half")
    assert abs(solve(candidate.algorithm, small_problem("lasso"))[0] - 1.4) < 0.1


@pytest.mark.parametrize(
    ("target", "scaling", "message"),
    [
        ("nobody", None, "unknown solver 'nobody'"),
        (":solve", None, "unknown solver"),
        ("mine.py:", None, "unknown solver"),
        ("missing.py:solve", "half", "there is no file missing.py"),
        ("no_such_module_here:solve", "half", "cannot import no_such_module_here"),
        ("math:no_such_name", "half", "no attribute 'no_such_name'"),
        ("mine.py:solve", None, "--scaling: stated.*half.*mean-half"),
        ("mine.py:solve", "quarter", "unknown scaling"),
        ("mine.py:number", "half", "neither a function"),
        ("broken.py:solve", "half", "cannot load broken.py: SyntaxError"),
        ("raising.py:solve", "half", "cannot load raising.py: ZeroDivisionError"),
        ("ista", "half", "declares its own scaling"),
    ],
)
def test_what_cannot_be_loaded_is_said_in_one_line(user_file, monkeypatch, target, scaling, message):
    monkeypatch.chdir(user_file.parent)
    (user_file.parent / "broken.py").write_text("def solve(:\n")
    (user_file.parent / "raising.py").write_text("1/0\n")
    with pytest.raises(UsageError, match=message) as caught:
        load_candidate(target, problem="lasso", scaling=scaling)
    assert "\n" not in str(caught.value)


def test_a_problem_the_solver_does_not_have():
    with pytest.raises(UsageError, match="ista does not solve bpdn"):
        load_candidate("ista", problem="bpdn")


def test_a_missing_extra_is_named():
    program = """
import sys
sys.modules["sklearn"] = None
from sci_barriers import load_candidate, UsageError
try:
    load_candidate("sklearn-lasso", problem="lasso")
except UsageError as error:
    print(error)
"""
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert finished.stdout.strip() == "the solver sklearn-lasso needs scikit-learn: pip install 'sci-barriers[solvers]'"

"""What a solver minimises: the battery tells the objectives apart, and real solvers are named by what they solve."""

import itertools
import json
import warnings
from dataclasses import replace

import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from exact_base.rationals import power_of_ten
from exact_base.scalars import ball, exact_array, norm2
from proofs_checks.checker import verify_bytes
from sci_barriers import (
    Candidate,
    IsolatedCandidate,
    Limits,
    OmegaClass,
    SolverError,
    UsageError,
    challenge,
    load_candidate,
    sequential_algorithm,
)
from sci_barriers.certificates.control import control_certificate
from sci_barriers.commands.report import challenge_data, challenge_words
from sci_barriers.players.algorithm import SCALINGS, UNDECLARED
from sci_barriers.solvers import REGISTRY
from sci_barriers.solvers.objective import RELATIVE_DIGITS, battery, find_objective, right_relatively
from sci_barriers.solvers.objectives import OBJECTIVES, elastic_net, nonnegative_lasso, ridge
from sci_barriers.solvers.scaling import objective_words
from sci_barriers.survey.plan import plan

PROBLEMS = ("bpdn", "lasso", "sqrt-lasso")
CALLS = [(problem, scaling) for problem in PROBLEMS for scaling in (SCALINGS if problem == "lasso" else ("stated",))]
OMEGA = OmegaClass.create("lasso", digits=3, rows=3, columns=5)


# --- the exact minimisers --------------------------------------------------------------------------


@st.composite
def instances(draw, most=3):
    rows, columns = draw(st.integers(1, most)), draw(st.integers(1, most))
    numbers = st.integers(-4, 4)
    matrix = draw(st.lists(st.lists(numbers, min_size=columns, max_size=columns), min_size=rows, max_size=rows))
    data = draw(st.lists(st.integers(-9, 9), min_size=rows, max_size=rows))
    return exact_array(matrix), exact_array(data)


positive = st.fractions("1/10", 20, max_denominator=12).map(lambda f: fmpq(f.numerator, f.denominator))
MOVES = [fmpq(1), fmpq(-1), fmpq(1, 100), fmpq(-1, 100)]


def is_least(value, point, *, allowed=lambda z: True):
    """Whether a convex function is not less at nearby points in every coordinate and a few other directions."""
    best = value(point)
    for direction in itertools.product((-1, 0, 1), repeat=len(point)):
        for step in MOVES:
            moved = point + exact_array(list(direction)) * step
            if any(direction) and allowed(moved) and value(moved) < best:
                return False
    return True


@given(instances(), positive, positive)
def test_the_elastic_net_and_ridge_regression_are_minimised(instance, l1, l2):
    matrix, data = instance

    def net(x):
        return norm2(matrix @ x - data) + l1 * sum(map(abs, x), fmpq(0)) + l2 * norm2(x)

    assert is_least(net, elastic_net(matrix, data, l1=l1, l2=l2))
    assert is_least(lambda x: norm2(matrix @ x - data) + l2 * norm2(x), ridge(matrix, data, l2=l2))


@given(instances(), positive)
def test_the_lasso_over_nonnegative_points_is_minimised(instance, l1):
    matrix, data = instance
    try:
        point = nonnegative_lasso(matrix, data, l1=l1)
    except SolverError as error:
        assert "several minimisers" in str(error)
        return
    assert all(entry >= 0 for entry in point)
    value = lambda x: norm2(matrix @ x - data) + l1 * sum(x, fmpq(0))  # noqa: E731
    assert is_least(value, point, allowed=lambda z: all(entry >= 0 for entry in z))


def test_several_minimisers_are_not_taken_for_one():
    twice = exact_array([[1, 1]])
    with pytest.raises(SolverError, match="several"):
        nonnegative_lasso(twice, exact_array([3]), l1=fmpq(1))
    with pytest.raises(SolverError, match="several"):
        elastic_net(twice, exact_array([3]), l1=fmpq(1), l2=fmpq(0))


# --- the battery -----------------------------------------------------------------------------------


@pytest.mark.parametrize("problem", PROBLEMS)
def test_the_battery_has_what_it_says(problem):
    trials = battery(problem)
    shapes = {(t.problem.rows > t.problem.columns) - (t.problem.rows < t.problem.columns) for t in trials}
    assert shapes == {-1, 0, 1} and len(trials) == 12
    stated = next(o for o in OBJECTIVES if o.problem == problem)
    for forward, double, half in zip(trials[::3], trials[1::3], trials[2::3], strict=True):
        assert (forward.problem.matrix[:, ::-1] == double.problem.matrix).all()
        assert (double.problem.matrix == half.problem.matrix).all()
        lam = forward.problem.parameter
        assert (double.problem.parameter, half.problem.parameter) == (2 * lam, lam / 2)
        point = forward.minimiser(stated, scaling="stated")
        assert min(point) < 0 < max(point)


def apart(trial, one, other):
    """Whether the balls of 10^-2 relative radius around two points are disjoint, certainly: decided with enclosures."""
    if one is None or other is None:
        return False  # there the objective without a single minimiser is not compared
    gap = sum(((ball(a) - ball(b)) ** 2 for a, b in zip(one, other, strict=True)), arb(0)).sqrt()
    sizes = [ball(trial.size2(point)).sqrt() for point in (one, other)]
    radius = ball(power_of_ten(-RELATIVE_DIGITS)) * sum(sizes, arb(0))
    return bool(gap > radius)


@pytest.mark.parametrize(("problem", "scaling"), CALLS)
def test_the_battery_tells_the_objectives_apart(problem, scaling):
    """For any two, of one name too, some trial has both minimisers further apart than two answers can be right."""
    points = {o: [trial.minimiser(o, scaling=scaling) for trial in battery(problem)] for o in OBJECTIVES}
    declared = next(o for o in OBJECTIVES if (o.problem, o.scaling) == (problem, scaling))
    assert all(point is not None for point in points[declared])
    for one, other in itertools.combinations(OBJECTIVES, 2):
        assert any(map(apart, battery(problem), points[one], points[other])), (one, other)


# --- registered solvers ----------------------------------------------------------------------------

SLOW = ("skglm", "firenet", "chambolle-pock")
REGISTERED = [
    pytest.param(name, problem, marks=[pytest.mark.slow] if name in SLOW else [])
    for name, entry in REGISTRY.items()
    for problem in entry.build
    if name not in ("exact", "memoriser", "support")
]


def registered(name, problem):
    if not REGISTRY[name].available:
        pytest.skip(f"{name} is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return REGISTRY[name].candidate(problem)
        except UsageError as error:
            pytest.skip(str(error))


@pytest.mark.parametrize(("name", "problem"), REGISTERED)
def test_a_registered_solver_minimises_what_it_declares(name, problem):
    candidate = registered(name, problem)
    finding = find_objective(candidate, problem)
    assert finding.verdict == "declared" and finding.declared == candidate.scaling, objective_words(finding)
    assert all(error <= power_of_ten(-RELATIVE_DIGITS) for error in finding.errors.values())
    if problem == "lasso":
        for wrong in set(SCALINGS) - {candidate.scaling}:
            other = replace(candidate, algorithm=replace(candidate.algorithm, scaling=wrong))
            finding = find_objective(other, problem)
            # celer stops early where it is called with another λ, so that nothing fits to two digits there
            assert finding.verdict == "other scaling" or (name, finding.verdict) == ("celer", "undecided")
            assert finding.scaling in ("", candidate.scaling)


@pytest.mark.parametrize("name", ["exact", "memoriser", "support"])
def test_an_algorithm_over_training_data_declares_nothing(name):
    assert find_objective(REGISTRY[name].candidate("lasso"), "lasso") is None


# --- a user's own ----------------------------------------------------------------------------------

OWN = """
from sklearn.linear_model import ElasticNet, Lasso, LassoLars, LinearRegression, Ridge

def coefficients(estimator, A, y):
    return estimator.set_params(fit_intercept=False, tol=1e-12, max_iter=10**6).fit(A, y).coef_

def stated(A, y, lam): return coefficients(Lasso(lam / len(y) / 2), A, y)
def half(A, y, lam): return coefficients(Lasso(lam / len(y)), A, y)
def mean_half(A, y, lam): return coefficients(Lasso(lam), A, y)
def positive(A, y, lam): return coefficients(Lasso(lam, positive=True), A, y)
def net(A, y, lam): return coefficients(ElasticNet(lam), A, y)
def tilted(A, y, lam): return coefficients(ElasticNet(lam, l1_ratio=0.9), A, y)
def ridge(A, y, lam): return coefficients(Ridge(lam), A, y)
def squared(A, y, lam): return coefficients(Lasso(lam ** 2), A, y)
def large(A, y, lam):
    if len(y) < 3:
        raise ValueError("no small ones")
    return stated(A, y, lam)
def hang(A, y, lam):
    while A.shape != (3, 5): pass
    return stated(A, y, lam)

Nonnegative = Lasso(positive=True)
AllLasso = ElasticNet(l1_ratio=1)
class Strange:
    def __init__(self, needed): pass
    def get_params(self, deep=True): return {}
    def fit(self, A, y): pass
"""


@pytest.fixture
def own(tmp_path):
    pytest.importorskip("sklearn")
    (tmp_path / "own.py").write_text(OWN)
    return lambda name: f"{tmp_path / 'own.py'}:{name}"


@pytest.mark.parametrize("given", SCALINGS)
@pytest.mark.parametrize(("name", "true"), [("stated", "stated"), ("half", "half"), ("mean_half", "mean-half")])
def test_only_the_true_scaling_is_right(own, name, true, given):
    result = challenge(load_candidate(own(name), problem="lasso", scaling=given), OMEGA)
    finding = result.control.objective
    assert finding.scaling == true
    assert finding.verdict == ("declared" if given == true else "other scaling")
    assert result.control.verdict == ("ok" if given == true else "inaccurate")
    if given != true:
        assert f"called with --scaling {given}, " in objective_words(finding)
        assert f"fit --scaling {true} instead" in objective_words(finding)


@pytest.mark.parametrize("given", SCALINGS)
@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("positive", "the LASSO with x >= 0"),
        ("net", "the elastic net with l1_ratio = 1/2"),
        ("ridge", "ridge regression"),
        ("Ridge", "ridge regression"),
        ("ElasticNet", "the elastic net with l1_ratio = 0.5"),
        ("Nonnegative", "the LASSO with x >= 0"),
    ],
)
def test_another_problem_is_named(own, name, what, given):
    result = challenge(load_candidate(own(name), problem="lasso", scaling=given), OMEGA)
    finding = result.control.objective
    assert (finding.verdict, finding.name, finding.scaling) == ("other problem", what, "")
    assert result.control.verdict == "inaccurate" and result.game.verdict == "barrier"
    assert what in dict((label, words) for label, _, words in challenge_words(result))["objective"]
    # the certificate is about the absolute error on one instance, and stays so
    report = verify_bytes(control_certificate(result.control))
    assert report.verdict == "valid"


def test_the_elastic_net_without_its_square_is_the_lasso(own):
    finding = find_objective(load_candidate(own("AllLasso"), problem="lasso", scaling="mean-half"), "lasso")
    assert finding.verdict == "declared"


@pytest.mark.parametrize("name", ["tilted", "squared"])
def test_what_fits_nothing_is_undecided_with_the_distances(own, name):
    finding = find_objective(load_candidate(own(name), problem="lasso", scaling="mean-half"), "lasso")
    assert finding.verdict == "undecided" and finding.name == ""
    assert set(finding.errors) == set(OBJECTIVES)
    assert min(float(error.mid()) for error in finding.errors.values()) > 0.01
    assert "fit nothing that was tried" in objective_words(finding)


def test_a_solver_of_the_wrong_one_of_the_three_is_named():
    pytest.importorskip("cvxpy")
    algorithm = REGISTRY["cvxpy-clarabel"].build["sqrt-lasso"]()
    finding = find_objective(Candidate("mine", algorithm), "lasso")
    assert (finding.verdict, finding.name) == ("other problem", "(P3), the square-root LASSO")


def test_no_answer_on_the_battery_is_undecided_with_the_reason(own):
    result = challenge(load_candidate(own("large"), problem="lasso", scaling="stated"), OMEGA)
    assert result.control.verdict == "undecided" and result.control.first.right
    data = challenge_data(result)
    assert "(2 x 3, λ = 3) it raised ValueError: no small ones" in data["control"]["reason"]
    assert data["objective"]["verdict"] == "undecided"


@pytest.mark.slow
def test_a_hang_on_the_battery_costs_one_limit(own):
    with IsolatedCandidate(own("hang"), problem="lasso", scaling="stated", limits=Limits(seconds=2)) as candidate:
        finding = find_objective(candidate, "lasso")
    assert finding.verdict == "undecided" and "it was not done after 2 s" in finding.failure


@pytest.mark.slow
def test_the_battery_is_run_once_each_in_one_process(tmp_path):
    (tmp_path / "own.py").write_text(
        "import os\nimport numpy as np\n"
        f"def solve(A, y, lam):\n    with open({str(tmp_path / 'log')!r}, 'a') as log:\n"
        "        log.write(f'{os.getpid()} {A.shape}\\n')\n    return np.zeros(A.shape[1])\n"
    )
    target = f"{tmp_path / 'own.py'}:solve"
    with IsolatedCandidate(target, problem="lasso", scaling="half", fresh=True, repeat=True) as candidate:
        challenge(candidate, OMEGA)
    lines = (tmp_path / "log").read_text().splitlines()
    small, played = ([line.split()[0] for line in lines if ("(3, 5)" in line) is played] for played in (False, True))
    assert len(lines) == 12 + 6 and len(set(small)) == 1
    assert len(set(played)) >= 6


def test_a_class_that_cannot_be_made_is_for_the_run_to_tell(own):
    candidate = load_candidate(own("Strange"), problem="lasso", scaling="half")
    assert candidate.minimises == ""
    assert challenge(candidate, OMEGA).control.verdict == "undecided"


def test_right_is_decided_without_tolerance():
    size2, edge2 = fmpq(9), fmpq(9) * power_of_ten(-2 * RELATIVE_DIGITS)
    assert right_relatively(edge2, size2) and not right_relatively(edge2 + power_of_ten(-300), size2)
    assert right_relatively(fmpq(0), fmpq(0)) and not right_relatively(power_of_ten(-300), fmpq(0))


# --- the commands ----------------------------------------------------------------------------------

CHALLENGE = ("--problem", "lasso", "--digits", "3", "--size", "3", "5")


@pytest.mark.slow
@pytest.mark.usefixtures("empty_directory")
def test_a_wrong_scaling_is_told_which_would_fit(call, own):
    code, out, err = call("challenge", own("half"), *CHALLENGE, "--scaling", "mean-half")
    assert code == 0 and err == ""
    assert "control   inaccurate" in out and "fit --scaling half instead" in out
    code, out, _ = call(
        "challenge", own("half"), "ista", *CHALLENGE, "--scaling", "mean-half", "--in-process", "--json"
    )
    results = json.loads(out)["result"]["results"]
    assert [r["objective"]["verdict"] for r in results] == ["other scaling", "declared"]
    assert results[0]["objective"]["scaling"] == "half" and results[0]["control"]["verdict"] == "inaccurate"
    assert results[0]["control"]["certified"] == "ok"


@pytest.mark.usefixtures("empty_directory")
def test_an_undeclared_scaling_is_found_out_and_said(call, own):
    code, out, err = call("challenge", own("half"), *CHALLENGE, "--in-process")
    assert code == 0 and "control   ok" in out
    assert err == f"sci-barriers: the answers of {own('half')} fit --scaling half, which is used\n"


@pytest.mark.slow
@pytest.mark.usefixtures("empty_directory")
@pytest.mark.parametrize(
    ("name", "reason"), [("ridge", "those of ridge regression"), ("tilted", "fit nothing"), ("large", "no small ones")]
)
def test_a_scaling_that_cannot_be_found_out_is_refused_with_what_to_do(call, own, name, reason):
    code, out, err = call("challenge", own(name), *CHALLENGE)
    assert code == 2 and out == "" and err.count("\n") == 1
    assert reason in err and "give --scaling: stated, half, mean-half" in err


SMALL = """
from sci_barriers.solvers.numpy_solvers import ista as stated

def half(A, y, lam): return stated(A, y, 2 * lam)
def large(A, y, lam): raise ValueError("no small ones")
"""


@pytest.mark.parametrize(("given", "verdict"), [("half", "declared"), ("stated", "other scaling")])
def test_a_challenge_tells_what_fits(call, empty_directory, given, verdict):
    (empty_directory / "small.py").write_text(SMALL)
    code, out, err = call("challenge", "small.py:half", *CHALLENGE, "--scaling", given, "--json")
    (result,) = json.loads(out)["result"]["results"]
    assert code == 0 and err == ""
    assert (result["objective"]["verdict"], result["objective"]["scaling"]) == (verdict, "half")
    assert result["control"]["verdict"] == ("ok" if given == "half" else "inaccurate")


def test_a_plan_finds_an_undeclared_scaling_or_refuses(empty_directory):
    (empty_directory / "small.py").write_text(SMALL)
    size = {"problems": ["lasso"], "digits": [1], "precisions": [10], "rows": 2, "columns": 3}
    assert {cell.scaling for cell in plan(solvers=["small.py:half"], **size)} == {"half"}
    with pytest.raises(UsageError, match=r"no small ones.*give --scaling: stated, half, mean-half"):
        plan(solvers=["small.py:large"], **size)


def test_runs_can_be_made_in_one_process(empty_directory):
    (empty_directory / "number.py").write_text("import os\ndef solve(A, y, lam): return [os.getpid()] * A.shape[1]\n")
    with IsolatedCandidate("number.py:solve", problem="lasso", scaling="half", fresh=True, repeat=True) as candidate:
        with candidate.in_one_process():
            runs = [candidate.run(trial.data()) for trial in battery("lasso")[:2]]
        later = candidate.run(battery("lasso")[0].data())
    assert runs[0].output[0] == runs[1].output[0] != later.output[0]
    assert runs[0].repeatable is None and later.repeatable is False


@pytest.mark.parametrize("command", ["challenge", "budget", "survey"])
@pytest.mark.parametrize("wrong", ["hlaf", UNDECLARED])
def test_an_unknown_scaling_is_refused_before_anything_is_loaded(call, empty_directory, command, wrong):
    (empty_directory / "trap.py").write_text("open('loaded', 'w')\ndef solve(A, y, lam): return y\n")
    reads = ("--reads", "3") if command == "budget" else ()
    code, out, err = call(command, "trap.py:solve", "--problem", "lasso", "--digits", "3", *reads, "--scaling", wrong)
    assert code == 2 and out == "" and f"unknown scaling '{wrong}'" in err
    assert not (empty_directory / "loaded").exists()


@pytest.mark.slow
def test_a_survey_finds_an_undeclared_scaling(call, own, empty_directory):
    code, out, _ = call("survey", own("half"), "--problem", "lasso", "--digits", "1", "--precisions", "10", "--json")
    cells = json.loads(out)["result"]["cells"]
    assert code == 0 and {cell["scaling"] for cell in cells} == {"half"}
    assert cells[0]["verdict"] == "ok"


def test_the_answer_of_another_kind_is_no_trouble():
    complex_answer = sequential_algorithm(lambda data: data.read_to(3).point * 1)
    assert find_objective(Candidate("reader", complex_answer), "lasso") is None
    one_shot = load_candidate("ista", problem="lasso").algorithm
    turned = replace(one_shot, solver=lambda A, y, lam: np.full(A.shape[1], 1j))
    finding = find_objective(Candidate("turned", turned), "lasso")
    assert finding.verdict == "undecided" and not finding.failure

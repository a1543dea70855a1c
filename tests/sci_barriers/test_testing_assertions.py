"""What the assertions accept and reject, and what their failures carry."""

import numpy as np
import pytest
from flint import fmpq
from hypothesis import HealthCheck, Phase, given, settings

from exact_base.enclosures import enclosed
from exact_base.scalars import exact_array
from proofs_checks.certificate import reading
from proofs_checks.checker import verify_bytes
from sci_barriers import Candidate, Lasso, OmegaClass, SqrtLasso, UsageError, sequential_algorithm
from sci_barriers.certificates.training_data import training_data_certificate
from sci_barriers.data.inputs import Input
from sci_barriers.data.oracles import HonestOracle, NoisyOracle
from sci_barriers.data.structured import CommonOracle
from sci_barriers.data.training_data import Triple
from sci_barriers.problems import problem_type
from sci_barriers.problems.solve import solve_exactly
from sci_barriers.testing import (
    Adversary,
    CertifiedFailure,
    KnownProblem,
    answer,
    assert_barrier,
    assert_certificate,
    assert_digits,
    assert_valid_training_data,
    class_problems,
    duplicated_columns,
    known_problems,
    reading_machine,
    solver_properties,
    well_posed,
)
from sci_barriers.testing.relations import RELATIONS

PROBLEM = Lasso([[1, 0], [0, 2]], [2, 3], parameter=1)  # the minimiser is (3/2, 11/8)
OMEGA = OmegaClass.create("lasso", digits=3, rows=2, columns=4)


@sequential_algorithm
def exactly(data):
    """Right wherever the data are exact: it solves what it reads in rational arithmetic."""
    known, triple = data.known, data.read_to(data.known.precision)
    problem = problem_type(known.problem)(triple.matrix, triple.data, parameter=known.parameter, weights=known.weights)
    point = solve_exactly(problem).point
    return enclosed(point).dyadic(60)


def constant(*numbers):
    def solve(matrix, right, lam):
        return np.array(numbers)

    return solve


# --- digits ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numbers", "digits"), [((1.5, 1.375), 15), ((1.5, 1.375 + 2**-10), 3), ((1.5, 1.3765), 2), ((1.0, 1.375), 0)]
)
def test_digits_to_the_last_one(numbers, digits):
    assert_digits(constant(*numbers), PROBLEM, digits, scaling="stated")
    if numbers != (1.5, 1.375):
        with pytest.raises(CertifiedFailure, match=f"does not reach {digits + 1} digits? of") as caught:
            assert_digits(constant(*numbers), PROBLEM, digits + 1, scaling="stated")
        assert caught.value.kind == "claim-audit"
        assert verify_bytes(caught.value.certificate).verdict == "valid"
        assert caught.value.certificate is caught.value.certificate


def test_a_distance_of_exactly_the_bound_is_enough():
    assert_digits(sequential_algorithm(lambda data: (data.read(1), ["1.501", "1.375"])[1]), PROBLEM, 3)
    with pytest.raises(CertifiedFailure):
        assert_digits(sequential_algorithm(lambda data: (data.read(1), ["1.501000001", "1.375"])[1]), PROBLEM, 3)


@pytest.mark.parametrize(
    ("solve", "reason"),
    [
        (lambda matrix, right, lam: [0.0], "length 2"),
        (lambda matrix, right, lam: [0.0, float("nan")], "finite"),
        (lambda matrix, right, lam: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_without_an_answer_there_is_a_reason_and_no_certificate(solve, reason):
    with pytest.raises(AssertionError, match=reason) as caught:
        assert_digits(solve, PROBLEM, 1, scaling="stated")
    assert getattr(caught.value, "certificate", None) is None


def test_several_minimisers_and_complex_data_fail_without_a_certificate():
    with pytest.raises(AssertionError, match="nearest minimiser") as caught:
        assert_digits(constant(2.0, 2.0), Lasso([[1, 1]], [2], parameter=1), 1, scaling="stated")
    assert getattr(caught.value, "certificate", None) is None
    # any division of 3/2 between the two is right
    assert_digits(constant(0.5, 1.0), Lasso([[1, 1]], [2], parameter=1), 9, scaling="stated")


def test_the_certificate_shows_uniqueness_by_the_dual_vector_that_is_known():
    """With Ax = y there are many dual vectors, and not each of them shows that the minimiser is the only one."""
    matrix = [[0, 0, 2, 2], ["-5/4", 0, "3/2", "3/2"]]
    problem = SqrtLasso(matrix, [0, "-5/4"], parameter="1/2")
    assert not solve_exactly(problem).certainly_unique
    minimiser = problem.minimiser([1, 0, 0, 0], dual=exact_array(["3/10", "-2/5"]))
    known = KnownProblem(problem, minimiser, (minimiser.point,), fmpq(1))
    with pytest.raises(CertifiedFailure) as caught:
        assert_digits(constant(0.0, 0.0, 0.0, 0.0), known, 1, scaling="stated")
    assert verify_bytes(caught.value.certificate).verdict == "valid"


def test_on_a_member_of_the_class_the_certificate_is_that_of_the_block():
    member = OMEGA.member(i=2, q=OMEGA.q0)
    with pytest.raises(CertifiedFailure) as caught:
        assert_digits(constant(0.0, 0.0, 0.0, 0.0), member, 3, scaling="stated")
    assert verify_bytes(caught.value.certificate).verdict == "valid"
    assert_digits("memoriser", member, 10)


def test_on_a_class_nobody_reaches_k_digits_and_k_minus_one_can_be_reached():
    assert_digits("exact", OMEGA, 2)
    with pytest.raises(CertifiedFailure, match="out of reach of every algorithm") as caught:
        assert_digits("exact", OMEGA, 3)
    assert caught.value.kind == "barrier"
    assert verify_bytes(caught.value.certificate).verdict == "valid"
    assert reading.parse(caught.value.certificate).provenance["solver"] == "exact"
    with pytest.raises(AssertionError, match="read no training data"):
        assert_digits(sequential_algorithm(lambda data: [0] * 4), OMEGA, 0)
    with pytest.raises(UsageError, match="own oracle"):
        assert_digits("exact", OMEGA, 2, oracle=CommonOracle(OMEGA))


@pytest.mark.parametrize("solver", [constant(0.0, 0.0), PROBLEM])
def test_a_solver_must_say_what_it_minimises(solver):
    with pytest.raises(UsageError, match="scaling="):
        assert_digits(solver, PROBLEM, 1)
    with pytest.raises(UsageError, match="unknown scaling"):
        assert_digits(solver, PROBLEM, 1, scaling="twice")


def test_weights_that_a_solver_cannot_be_told():
    weighted = Lasso([[1, 0]], [2], parameter=1, weights=[1, 2])
    with pytest.raises(UsageError, match="weights"):
        assert_digits(constant(1.5, 0.0), weighted, 1, scaling="stated")
    with pytest.raises(UsageError, match="weights"):
        assert_digits("ista", weighted, 1)
    assert_digits(exactly, weighted, 9)


def test_other_candidates_and_problems():
    candidate = Candidate("mine", sequential_algorithm(lambda data: data.read(3).point))
    assert answer(candidate, PROBLEM).reads == ((1, 3),)
    assert answer("memoriser", PROBLEM, access="stream", precision=2).reads == ((1, 1), (1, 2))
    with pytest.raises(UsageError, match="leave it out"):
        answer(candidate, PROBLEM, scaling="half")
    with pytest.raises(UsageError, match="KnownProblem"):
        answer(candidate, "lasso")
    noisy = NoisyOracle([[1, 0], [0, 2]], [[2, 3]], problem="lasso", parameter=1)
    found = answer("memoriser", PROBLEM, precision=4, oracle=noisy)
    assert found.distance2 > 0 and not found.reaches(3)


@settings(max_examples=30)
@given(known_problems())
def test_the_memoriser_is_always_right_on_exact_data(known):
    assert_digits("memoriser", known, 12)


# --- barriers --------------------------------------------------------------------------------------


def test_a_barrier_with_and_without_the_control():
    result = assert_barrier("exact", OMEGA)
    assert result.game.verdict == "barrier" and result.control.verdict == "ok"
    with pytest.raises(CertifiedFailure, match=r"did not reach 3 digits .*relative error 1 >") as caught:
        assert_barrier(constant(0.0, 0.0, 0.0, 0.0), OMEGA, scaling="stated")
    assert caught.value.kind == "control"
    checked = verify_bytes(caught.value.certificate)
    assert checked.verdict == "valid"
    assert assert_barrier(constant(0.0, 0.0, 0.0, 0.0), OMEGA, scaling="stated", control=False).control.verdict != "ok"
    with pytest.raises(AssertionError, match=r"nothing is decided.*read no"):
        assert_barrier(sequential_algorithm(lambda data: [0] * 4), OMEGA)


def test_the_adversary_remembers_what_it_played():
    adversary = Adversary.create(problem="lasso", digits=3, rows=2, columns=4)
    assert adversary.omega == OMEGA and adversary.certificates() == {}
    result = adversary("exact")
    assert adversary.digits(result) == 2
    assert set(adversary.certificates()) == {"barrier", "control"}
    with pytest.raises(CertifiedFailure):
        adversary(constant(0.0, 0.0, 0.0, 0.0), scaling="stated")
    named = adversary.certificates()
    assert set(named) == {"1.barrier", "1.control", "2.barrier", "2.control"}
    assert all(verify_bytes(content).verdict == "valid" for content in named.values())
    undecided = adversary.challenge(sequential_algorithm(lambda data: [0] * 4))
    assert adversary.digits(undecided) is None


# --- training data ---------------------------------------------------------------------------------


def test_valid_training_data_and_what_is_not():
    truth = Input.create([[1, 0], [0, 2]], [[2, 3]], problem="lasso", parameter=1)
    honest = HonestOracle([[1, 0], [0, 2]], [[2, 3]], problem="lasso", parameter=1)
    valid = assert_valid_training_data(honest, truth, precisions=(1, 3))
    assert [triple.n for triple in valid.triples] == [1, 3]
    assert verify_bytes(training_data_certificate(valid)).verdict == "valid"
    for change, name in ((2, "‖A_n - A‖"), (fmpq(1, 8), None)):
        matrix = exact_array([[1, 0], [0, 2]])
        matrix[0, 0] = matrix[0, 0] + change
        point = honest.input.instance(matrix, exact_array([2, 3]))
        triple = Triple(k=1, n=3, matrix=matrix, data=exact_array([2, 3]), point=solve_exactly(point).point)
        if name is None:
            assert_valid_training_data([triple], truth)
        else:
            with pytest.raises(AssertionError, match=name):
                assert_valid_training_data([triple], truth)


def test_an_oracle_that_changes_its_mind_or_answers_another_question():
    truth = Input.create([[1]], [[2]], problem="lasso", parameter=1)

    class Fickle:
        samples = 1

        def __init__(self, shift, wrong=0):
            self.shift, self.wrong, self.calls = shift, wrong, 0

        def read(self, *, k, n):
            self.calls += 1
            data = exact_array([2 + self.shift * self.calls])
            problem = truth.instance(exact_array([[1]]), data)
            return Triple(
                k=k, n=n + self.wrong, matrix=exact_array([[1]]), data=data, point=solve_exactly(problem).point
            )

    assert_valid_training_data(Fickle(fmpq(0)), truth, precisions=(1,))
    with pytest.raises(AssertionError, match="two ways"):
        assert_valid_training_data(Fickle(fmpq(1, 100)), truth, precisions=(1,))
    with pytest.raises(AssertionError, match=r"answered \(1, 3\)"):
        assert_valid_training_data(Fickle(fmpq(0), wrong=1), truth, precisions=(2,))


def test_members_of_the_class_and_complex_problems():
    member = OMEGA.member(i=1, q=OMEGA.q0 + 3)
    assert_valid_training_data(CommonOracle(OMEGA), member, precisions=(1, OMEGA.q0 + 3))
    with pytest.raises(AssertionError, match="exceeds"):
        assert_valid_training_data(CommonOracle(OMEGA), member, precisions=(OMEGA.q0 + 9,))


# --- certificates ----------------------------------------------------------------------------------


def test_the_checker_is_asked_in_a_process_of_its_own(root, tmp_path):
    corpus = root / "tests" / "corpus"
    good = next((corpus / "accept").glob("*.cert.json"))
    assert "valid" in assert_certificate(good)
    for folder, word in (("reject", "invalid"), ("malformed", "malformed")):
        bad = next((corpus / folder).glob("*.cert.json"))
        with pytest.raises(AssertionError, match=word):
            assert_certificate(bad)
    with pytest.raises(AssertionError, match="does not accept"):
        assert_certificate(tmp_path / "missing.cert.json")


# --- properties, against solvers that are right and wrong -------------------------------------------


def descent(matrix, right, lam, sweeps=3000):
    """Coordinate descent for lam‖x‖_1 + ‖Ax - y‖²."""
    x = np.zeros(matrix.shape[1])
    squares = (matrix**2).sum(axis=0)
    for _ in range(sweeps):
        before = x.copy()
        for i in np.flatnonzero(squares):
            rest = matrix[:, i] @ (right - matrix @ x) + squares[i] * x[i]
            x[i] = np.sign(rest) * max(0.0, abs(rest) - lam / 2) / squares[i]
        if np.abs(x - before).max() < 1e-15:
            break
    return x


def wrong_scaling(matrix, right, lam):
    return descent(matrix, right, 2 * lam)


def early_stop(matrix, right, lam):
    return descent(matrix, right, lam, sweeps=1)


def first_column(matrix, right, lam):
    return np.concatenate([descent(matrix[:, :1], right, lam), np.zeros(matrix.shape[1] - 1)])


BROKEN = {"wrong scaling": wrong_scaling, "early stop": early_stop, "always the first column": first_column}
FEW = settings(
    max_examples=200, database=None, phases=[Phase.generate], deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.parametrize("fault", BROKEN)
@pytest.mark.parametrize("name", ["digits", *RELATIONS])
def test_each_property_finds_each_fault_within_200_examples(name, fault):
    test = solver_properties(BROKEN[fault], problem="lasso", digits=3, scaling="stated")[name]
    with pytest.raises(AssertionError, match=r"does not reach|breaks the relation"):
        FEW(test)()


@pytest.mark.parametrize("fault", BROKEN)
def test_the_machine_finds_each_fault_within_200_examples(fault):
    machine = reading_machine(BROKEN[fault], problems=well_posed("lasso"), digits=3, scaling="stated")
    case = machine.TestCase
    case.settings = settings(FEW, stateful_step_count=5)
    with pytest.raises(AssertionError, match="does not reach"):
        case("runTest").runTest()


@pytest.mark.parametrize("name", ["digits", *RELATIONS])
@pytest.mark.parametrize("problem", ["bpdn", "lasso", "sqrt-lasso"])
def test_the_exact_solver_has_every_property(name, problem):
    test = solver_properties(exactly, problem=problem, digits=6)[name]
    settings(max_examples=15, deadline=None)(test)()


@pytest.mark.parametrize("problems", [duplicated_columns("lasso"), class_problems("lasso")])
def test_properties_of_other_problems(problems):
    tests = solver_properties("memoriser", problem="lasso", digits=9, problems=problems)
    for name in ("digits", "duplication", "scaling"):
        settings(max_examples=20, deadline=None)(tests[name])()

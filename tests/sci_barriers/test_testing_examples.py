"""The examples of failures: what is pasted makes the same problem and fails in the same way."""

import numpy as np
import pytest
from flint import fmpq
from hypothesis import Phase, given, settings

from exact_base.scalars import exact_array
from sci_barriers import BasisPursuitDenoising, Lasso, OmegaClass, SqrtLasso, sequential_algorithm
from sci_barriers.data.oracles import HonestOracle
from sci_barriers.testing import CertifiedFailure, assert_barrier, assert_digits, known_problems
from sci_barriers.testing.adversary import Adversary
from sci_barriers.testing.examples import short_vector, words_of

OMEGA = OmegaClass.create("lasso", digits=3, rows=2, columns=4)


def zero(matrix, right, lam):
    return np.zeros(matrix.shape[1])


def nothing(matrix, right, lam):
    raise ZeroDivisionError("on purpose")


def failure_of(code):
    with pytest.raises(CertifiedFailure) as caught:
        exec(compile(code, "example", "exec"), {})
    return caught.value


PROBLEMS = {
    "floats": Lasso([[0.1, 0.2], [0, 1 / 3]], [2.5, 1e-3], parameter=0.1),
    "bpdn": BasisPursuitDenoising([[1, "1/2"], [0, 1]], [2, "1/3"], parameter="1/4"),
    "member": OMEGA.member(i=2, q=OMEGA.q0),
    "control": OMEGA.control(),
    "other control": OMEGA.control(last=True),
    "tie": OMEGA.tie(),
    "weak": OmegaClass.create("bpdn", digits=3, rows=2, columns=4, family="weak", disguise=True).control(),
    "α": OmegaClass.create("lasso", digits=3, rows=2, columns=4, alpha=OMEGA.alpha + 1).tie(),
    "class": OMEGA,
    "another class": OmegaClass.create("sqrt-lasso", digits=2, rows=2, columns=3, parameter="1/3", disguise=(2, -1)),
}


@pytest.mark.parametrize("case", PROBLEMS)
def test_what_is_pasted_fails_in_the_same_way(case):
    with pytest.raises(CertifiedFailure) as caught:
        assert_digits(zero, PROBLEMS[case], 9, scaling="stated")
    again = failure_of(caught.value.example)
    assert str(again) == str(caught.value) and again.example == caught.value.example
    assert again.kind == caught.value.kind
    if caught.value.answer is not None:
        assert again.answer.distance2 == caught.value.answer.distance2
        assert (again.answer.problem.problem.matrix == caught.value.answer.problem.problem.matrix).all()
        assert again.answer.problem.problem.parameter == caught.value.answer.problem.problem.parameter


@sequential_algorithm
def guess(data):
    data.read(1)
    return [0] * data.known.columns


def test_weights_are_pasted():
    problem = SqrtLasso([[1, "1/2"], [0, 1]], [2, "1/3"], parameter="1/4", weights=["1/3", 2])
    with pytest.raises(CertifiedFailure) as caught:
        assert_digits(guess, problem, 9)
    assert "weights=['1/3', 2]" in caught.value.example
    assert str(failure_of(caught.value.example)) == str(caught.value)


@settings(max_examples=25, phases=[Phase.generate], deadline=None)
@given(known_problems(weighted=False))
def test_every_real_problem_that_is_drawn_can_be_pasted(known):
    if not known.problem.is_real:
        return
    with pytest.raises(CertifiedFailure) as caught:
        assert_digits(nothing, known, 1, scaling="stated")
    assert "ZeroDivisionError: on purpose" in str(caught.value) and str(failure_of(caught.value.example)) == str(
        caught.value
    )


def test_the_control_and_the_adversary():
    with pytest.raises(CertifiedFailure) as caught:
        assert_barrier(zero, OMEGA, scaling="stated")
    assert caught.value.kind == "control" and str(failure_of(caught.value.example)) == str(caught.value)
    with pytest.raises(CertifiedFailure) as other:
        Adversary(OMEGA, precision=20)(zero, scaling="stated")
    assert other.value.example == caught.value.example.replace("'stated')", "'stated', precision=20)")


@pytest.mark.parametrize(
    ("solver", "options", "line"),
    [
        ("ista", {}, "assert_digits('ista', problem, 20)"),
        ("ista", {"precision": 9, "access": "stream"}, "'ista', problem, 20, access='stream', precision=9)"),
        (lambda A, y, lam: [0], {"scaling": "half"}, "assert_digits(solver, problem, 20, scaling='half')"),
    ],
)
def test_how_the_solver_is_called(solver, options, line):
    with pytest.raises(CertifiedFailure) as caught:
        assert_digits(solver, Lasso([["1/3"]], [2], parameter="1/7"), 20, **options)
    assert caught.value.example.endswith(line)
    assert ("solver = ...  # your" in caught.value.example) == callable(solver)


def test_where_there_is_no_example():
    problem = Lasso([[1]], [2], parameter=1)
    oracle = HonestOracle([[1]], [[2]], problem="lasso", parameter=1)
    with pytest.raises(CertifiedFailure) as caught:
        assert_digits(zero, problem, 3, scaling="stated", oracle=oracle)
    assert caught.value.example is None and "reproduce" not in str(caught.value)
    large = Lasso(np.eye(33), np.full(33, 2), parameter=1)
    with pytest.raises(CertifiedFailure) as caught:
        assert_digits(zero, large, 3, scaling="stated")
    assert caught.value.example is None and "... (33 entries)" in str(caught.value)


def test_numbers_are_short_and_the_exact_ones_are_at_hand():
    long = fmpq(10**60 + 1, 3 * 10**60)
    problem = Lasso([[long, 0], [0, 1]], [2, long], parameter=long)
    with pytest.raises(CertifiedFailure) as caught:
        assert_digits(
            "memoriser", problem, 3, oracle=HonestOracle([[1, 0], [0, 1]], [[2, 1]], problem="lasso", parameter=1)
        )
    message, found = str(caught.value), caught.value.answer
    assert "λ about 0.3333" in message and "0" * 20 not in message
    assert found.distance2 > 0 and len(str(found.problem.problem.parameter)) > 100


def test_the_words():
    assert words_of(Lasso([[1]], [2], parameter="1/4")) == "lasso (1 x 1, λ = 1/4)"
    assert short_vector(exact_array([0, "1/3", -2.5])) == "[0, 0.3333, -2.5]"
    assert short_vector(exact_array([1j, 1 - 2j])) == "[0+1i, 1-2i]"

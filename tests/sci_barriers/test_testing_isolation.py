"""Drawn problems solved in a worker process: the same data, the same answers, and limits."""

import pytest
from flint import fmpq
from hypothesis import find, given, settings
from hypothesis import strategies as st

from exact_base.errors import SolverError
from exact_base.scalars import exact_array, sqrt
from proofs_checks.checker import verify_bytes
from sci_barriers import IsolatedCandidate, Lasso, Limits, OmegaUnion, UsageError, load_candidate
from sci_barriers.data.inputs import Input
from sci_barriers.data.sampled import SampledOracle
from sci_barriers.data.structured import InstanceOracle
from sci_barriers.data.training_data import QueryAccess, Triple
from sci_barriers.isolation.reader import Reader
from sci_barriers.omega.known import known_of
from sci_barriers.testing import (
    CertifiedFailure,
    answer,
    assert_digits,
    known_problems,
    oracles,
    well_posed,
)

SOLVERS = """
import os
import numpy as np
from sci_barriers import sequential_algorithm

@sequential_algorithm
def everything(data):
    '''Answer with all that it was told, folded into N numbers.'''
    known, triple = data.known, data.read_to(data.known.precision)
    once_more = data.read_to(known.precision + 1)
    image = sum(triple.data @ once_more.matrix * known.weights, start=once_more.point[0] * known.parameter)
    return triple.point + image * len(known.problem) + known.rows

def descent(A, y, lam):
    x, squares = np.zeros(A.shape[1]), (A**2).sum(axis=0)
    for _ in range(2000):
        for i in np.flatnonzero(squares):
            rest = A[:, i] @ (y - A @ x) + squares[i] * x[i]
            x[i] = np.sign(rest) * max(0.0, abs(rest) - lam) / squares[i]
    return x

def hangs_if_wide(A, y, lam):
    while A.shape[1] > 1: pass
    return descent(A, y, lam)

def dies_if_wide(A, y, lam):
    if A.shape[1] > 1: os._exit(3)
    return descent(A, y, lam)
"""
SMALL, WIDE = Lasso([[1]], [2], parameter=1), Lasso([[1, 0], [0, 2]], [2, 3], parameter=1)


@pytest.fixture(scope="module")
def solvers(tmp_path_factory):
    path = tmp_path_factory.mktemp("solvers") / "solvers.py"
    path.write_text(SOLVERS)
    return path


def isolated(solvers, name, problem="lasso", *, seconds=20.0):
    scaling = None if name == "everything" else "half"
    limits = Limits(seconds=seconds, load_seconds=120)
    return IsolatedCandidate(f"{solvers}:{name}", problem=problem, scaling=scaling, limits=limits)


@pytest.mark.slow_but("query-lasso")
@pytest.mark.parametrize("problem", ["lasso", "sqrt-lasso", "bpdn"])
@pytest.mark.parametrize("access", ["query", "stream"])
def test_a_worker_is_told_what_a_solver_is_told_here(solvers, problem, access):
    here = load_candidate(f"{solvers}:everything", problem=problem)
    with isolated(solvers, "everything", problem) as there:

        @settings(max_examples=25)
        @given(known_problems(problem), st.data())
        def same(known, data):
            oracle = data.draw(oracles(known))
            first = answer(here, known, access=access, precision=8, oracle=oracle)
            second = answer(there, known, access=access, precision=8, oracle=oracle)
            assert first.reads == second.reads
            if first.run.output is None:  # the data of bpdn have become infeasible
                assert problem == "bpdn" and SolverError.__name__ in first.run.failure and second.run.output is None
            else:
                assert (first.run.output == second.run.output).all()

        same()


def test_digits_within_limits(solvers):
    with isolated(solvers, "descent") as solver:

        @settings(max_examples=25)
        @given(well_posed("lasso", margin="1/4", columns=4))
        def reaches(known):
            assert_digits(solver, known, 4)

        reaches()
        with pytest.raises(CertifiedFailure, match="does not reach 60 digits") as caught:
            assert_digits(solver, Lasso([[3]], [1], parameter=1), 60)  # the minimiser is 5/18
        assert verify_bytes(caught.value.certificate).verdict == "valid"


@pytest.mark.slow
@pytest.mark.parametrize(("name", "reason"), [("hangs_if_wide", "not done after 2 s"), ("dies_if_wide", "exit code 3")])
def test_what_ends_a_worker_is_a_failure_of_that_problem_alone(solvers, name, reason):
    with isolated(solvers, name, seconds=2.0) as solver:
        assert_digits(solver, SMALL, 10)
        with pytest.raises(AssertionError, match=reason):
            assert_digits(solver, WIDE, 10)
        assert_digits(solver, SMALL, 10)


def test_what_does_not_fit_is_refused(solvers):
    weighted = Lasso([[1, 0], [0, 2]], [2, 3], parameter=1, weights=[1, 2])
    with isolated(solvers, "descent") as solver:
        with pytest.raises(UsageError, match="weights"):
            assert_digits(solver, weighted, 1)
        with pytest.raises(UsageError, match="loaded to solve lasso, not bpdn"):
            assert_digits(solver, find(well_posed("bpdn"), lambda known: True), 1)
        with pytest.raises(UsageError, match="has its scaling already"):
            assert_digits(solver, WIDE, 1, scaling="half")
        assert_digits(solver, WIDE, 10)


def test_several_samples_and_both_families_are_refused():
    union = OmegaUnion.create("lasso", digits=3, rows=2, columns=3, samples=1)
    oracle = SampledOracle(union, InstanceOracle(union.strong.tie()))
    for known, source in (
        (known_of(union), oracle),
        (known_of(union.strong), oracle),
        (known_of(union), oracle._oracle),
    ):
        with pytest.raises(UsageError, match="one sample only"):
            Reader(QueryAccess(known, source))


def test_irrational_data_are_refused():
    class Irrational:
        samples = 1

        def read(self, *, k, n):
            return Triple(
                k=k, n=n, matrix=exact_array([[sqrt(fmpq(2))]]), data=exact_array([1]), point=exact_array([0])
            )

    reader = Reader(QueryAccess(Input.create([[1]], [[1]], problem="lasso", parameter=1).known(), Irrational()))
    assert "only rational numbers" in reader.answer([1, 5])["refused"]

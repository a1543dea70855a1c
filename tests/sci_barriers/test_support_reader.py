"""The algorithm that reads until the support is determined: where it halts it is right, and at ties it never halts."""

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from exact_base.matrices import exact_matrix
from exact_base.rationals import power_of_two
from proofs_checks.checker import verify_bytes
from sci_barriers.certificates.data_digits import data_digits_certificate
from sci_barriers.data.oracles import NoisyInstanceOracle
from sci_barriers.data.structured import CommonOracle
from sci_barriers.data.training_data import QueryAccess, StreamAccess
from sci_barriers.games.budget import play_budget
from sci_barriers.games.game import challenge
from sci_barriers.omega.families import OmegaClass
from sci_barriers.omega.known import Known, known_of
from sci_barriers.players.algorithm import Candidate
from sci_barriers.problems.determined.reading import (
    entries_within,
    norms_within,
    read_problem,
    readings,
    rounded_within,
)
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, entries_of
from sci_barriers.problems.penalised.solving import minimise
from sci_barriers.solvers.exact_candidates import support_reader
from sci_barriers.testing import duplicated_columns, ill_posed, oracles, well_posed
from tests.sci_barriers.data_attacks import drawn_problem, generator

READER = Candidate("reader", support_reader)
MOST = 80


def run_on(known, oracle, *, access=QueryAccess, finest=MOST):
    problem = known.problem
    told = known_of(known.instance.omega) if known.instance is not None else told_of(problem)
    data = access(told, oracle, finest=finest)
    return READER.run(data), data


def told_of(problem):
    return Known(
        problem=problem.name,
        parameter=problem.parameter,
        weights=problem.weights,
        rows=problem.rows,
        columns=problem.columns,
    )


def is_well_posed(problem):
    """Whether the minimiser is the only one, and strictly inside or outside of all bounds: by the definition."""
    solution = minimise(problem)
    point = entries_of(solution.point)
    return all(point[j] != 0 for j in solution.active) and len(
        solution.integers.form.independent(solution.active)
    ) == len(solution.active)


# --- problems of anybody ---------------------------------------------------------------------------


@given(st.integers(-(10**6), 10**6), st.integers(1, 10**6), st.integers(1, 40))
def test_what_is_read_is_within_the_precision_and_of_few_bits(p, q, n):
    array = exact_matrix([[fmpq(p, q)]])
    read = rounded_within(array, n)
    assert abs(fmpq(read.re[0, 0], read.den) - fmpq(p, q)) <= power_of_two(-n)
    assert read.den == 1 << (n - 1)


@settings(max_examples=15)
@given(st.integers(0, 10**6), st.sampled_from([None, 2, 4]))
def test_it_halts_on_well_posed_problems_and_the_support_is_that_of_the_data(seed, digits):
    problem = drawn_problem(generator(seed))
    exact = entries_of(minimise(problem).point)[: problem.features]
    if digits is not None and not any(exact):
        digits = None  # of 0 nothing has digits but where nothing moves
    halted = None
    for reading in readings(read_problem(problem), [1 << k for k in range(9)], digits=digits):
        halted = reading if reading.known else None
    if not is_well_posed(problem):
        assert halted is None
        return
    assert halted is not None
    assert list(halted.inside) == [j for j, value in enumerate(exact) if value != 0]
    assert list(halted.outside) == [j for j, value in enumerate(exact) if value == 0]
    if digits is not None:
        right = entries_of(problem.coefficients(minimise(problem).point))[: problem.features]
        read = entries_of(halted.determined.point)[: problem.features]
        error2 = sum((a - b) ** 2 for a, b in zip(read, right, strict=True))
        assert error2 * fmpq(10) ** (2 * digits) <= sum(x * x for x in right)
    assert verify_bytes(data_digits_certificate(halted.determined)).verdict == "valid"


TIES = {
    "at the bound": PenalisedLeastSquares.of([[1, 0], [0, 1]], [9, "1/2"], penalties=[1, 1]),
    "all zero, at the bound": PenalisedLeastSquares.of([[1]], ["1/2"], penalties=[1]),
    "equal columns": PenalisedLeastSquares.of([[1, 1], [2, 2]], [9, 1], penalties=[1, 1]),
    "an exact zero without a penalty": PenalisedLeastSquares.of([[1, 0], [0, 1]], [9, 0], penalties=[1, 0]),
    "opposite columns": PenalisedLeastSquares.of([[1, -1], [0, 0]], [9, 1], penalties=[1, 1]),
    "more columns than rows": PenalisedLeastSquares.of([["1/3", "1/3"]], [9], penalties=[1, 1]),
}


@pytest.mark.parametrize("name", TIES)
def test_it_does_not_halt_at_ties(name):
    for within in (entries_within, norms_within):
        reads = list(readings(read_problem(TIES[name]), [*range(1, 30), 64, 200], within=within))
        assert len(reads) == 31 and not any(reading.known for reading in reads)


@pytest.mark.parametrize("bits", [20, 70, 150])
def test_it_halts_however_near_a_tie_is_but_reads_that_far(bits):
    problem = PenalisedLeastSquares.of([[1, 0], [0, 1]], [9, fmpq(1, 2) + power_of_two(-bits)], penalties=[1, 1])
    for reading in readings(read_problem(problem), range(1, bits + 20, 7)):
        if reading.known:
            break
    assert reading.known and reading.inside == (0, 1) and reading.precision > bits - 7
    assert verify_bytes(data_digits_certificate(reading.determined)).verdict == "valid"


# --- as a candidate of the model -------------------------------------------------------------------


@settings(max_examples=6)
@given(st.data(), st.sampled_from([QueryAccess, StreamAccess]))
def test_with_training_data_it_answers_with_the_support_of_the_input(data, access):
    known = data.draw(well_posed("lasso", rows=2, columns=3))
    played, read = run_on(known, data.draw(oracles(known)), access=access)
    assert played.status == "returned" and read.count >= 1
    assert tuple(j for j, value in enumerate(played.output) if value) == known.support
    # what it answers is the minimiser of what it read, which is near
    assert known.distance2(played.output) <= 1


@settings(max_examples=4)
@given(st.data())
def test_with_copies_of_columns_it_reads_on_until_it_is_stopped(data):
    known = data.draw(duplicated_columns("lasso", columns=2))
    played, read = run_on(known, data.draw(oracles(known)))
    assert played.status == "stopped" and read.stopped and read.max_precision == 64


@settings(max_examples=4)
@given(st.data())
def test_near_copies_of_columns_it_reads_further(data):
    known = data.draw(ill_posed("lasso", columns=2))
    played, read = run_on(known, data.draw(oracles(known)), finest=300)
    assert played.status == "returned"
    assert tuple(j for j, value in enumerate(played.output) if value) == known.support
    assert power_of_two(-read.max_precision) < known.distance


@pytest.mark.parametrize("family", ["strong", "weak"])
def test_on_the_class_it_is_right_or_does_not_answer(family):
    omega = OmegaClass.create("lasso", digits=3, rows=2, columns=3, family=family)
    common = CommonOracle(omega)
    data = QueryAccess(known_of(omega), common, finest=200)
    assert READER.run(data).status == "stopped"  # what it read is that of members with other supports
    for i, q in ((1, omega.q0), (2, omega.q0 + 20)):
        member = omega.member(i=i, q=q)
        for seed in range(2):
            data = QueryAccess(known_of(omega), NoisyInstanceOracle(member, seed=seed), finest=200)
            played = READER.run(data)
            assert played.status == "returned"
            assert [bool(value) for value in played.output] == [j == i - 1 for j in range(3)]
            assert power_of_two(-data.max_precision) < omega.perturbation(q)


def test_the_games_know_it_and_it_is_honest():
    omega = OmegaClass.create("lasso", digits=3, rows=2, columns=3)
    result = challenge(READER, omega)
    assert (result.control.verdict, result.game.verdict) == ("ok", "undecided")
    assert "precision" in result.game.play.obstacle
    weak = OmegaClass.create("lasso", digits=3, rows=2, columns=3, family="weak")
    played = play_budget(READER, weak, budget=4)
    assert played.verdict == "barrier" and played.over_budget


def test_it_refuses_other_problems():
    omega = OmegaClass.create("bpdn", digits=3, rows=2, columns=3)
    assert READER.run(QueryAccess(known_of(omega), CommonOracle(omega))).status == "raised"

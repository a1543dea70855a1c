"""The game: whatever is answered, a barrier is certified; whatever goes wrong, nothing is."""

import json
import sys

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from exact_base.linalg import operator_norm_at_most
from exact_base.rationals import power_of_ten, power_of_two
from exact_base.scalars import ComplexNumber, exact_array, sqrt
from exact_base.words import digits_reached
from proofs_checks.checker import verify_bytes
from sci_barriers import Candidate, OmegaClass, UsageError, challenge, sequential_algorithm
from sci_barriers.certificates.barrier import barrier_certificate
from sci_barriers.certificates.control import control_certificate
from sci_barriers.commands.report import challenge_data
from sci_barriers.data.structured import CommonOracle
from sci_barriers.games.game import play_control, play_game
from sci_barriers.games.words import control_words
from sci_barriers.omega.distances import float64_cannot_separate, float64_resolution, objective_excess
from sci_barriers.solvers import REGISTRY
from sci_barriers.testing import omega_classes
from tests.selection import covering

PROBLEMS = ("bpdn", "lasso", "sqrt-lasso")
SIZES = [(1, 2), (2, 5), (21, 22), (5, 40)]


def constant(output, *, reads=1):
    """A candidate that reads and then answers what it always answers."""

    @sequential_algorithm
    def algorithm(data):
        for n in range(1, reads + 1):
            data.read_to(n)
        return output

    return Candidate("constant", algorithm)


def certify(result):
    """Verify every certificate of a challenge with the independent checker."""
    assert result.game.verdict == "barrier"
    report = verify_bytes(barrier_certificate(result.game))
    assert report.verdict == "valid", report
    assert result.control.verdict in ("ok", "inaccurate")
    report = verify_bytes(control_certificate(result.control))
    assert report.verdict == "valid", report


def off_by(shift):
    """A candidate that is this far from the minimiser of each control: it reads which column is the largest."""

    @sequential_algorithm
    def algorithm(data):
        point = data.read_to(9).point.copy()
        point[int(np.argmax(point))] += shift
        return point

    return Candidate("off", algorithm)


GRID = [
    (problem, digits, size, access, disguise)
    for problem in PROBLEMS
    for digits in (1, 3, 6, 12, 50, 300)
    for size in SIZES
    for access in ("query", "stream")
    for disguise in (False, True)
]


@pytest.mark.pairwise
@pytest.mark.parametrize(("problem", "digits", "size", "access", "disguise"), GRID)
def test_the_exact_candidate_everywhere(problem, digits, size, access, disguise):
    omega = OmegaClass.create(problem, digits=digits, rows=size[0], columns=size[1], disguise=disguise)
    result = challenge(REGISTRY["exact"].candidate(problem), omega, access=access)
    certify(result)
    assert result.control.verdict == "ok"
    assert digits_reached(result.game.worst2) == digits - 1
    assert result.game.play.max_precision == 60 == result.game.exponent
    assert len(result.game.play.transcript) == (60 if access == "stream" else 1)


# those that always halt; the others are played in worker processes, with a time limit
NAMES = ("memoriser", "ista", "fista", "chambolle-pock", "sklearn-lasso", "sklearn-lasso-lars")
FLOAT_SOLVERS = [(name, problem) for name in NAMES for problem in REGISTRY[name].build]


def play_float_solver(name, problem, digits, size, access, disguise):
    omega = OmegaClass.create(problem, digits=digits, rows=size[0], columns=size[1], disguise=disguise)
    certify(challenge(REGISTRY[name].candidate(problem), omega, access=access))


@pytest.mark.pairwise
@pytest.mark.slow_for("3-size0-chambolle-pock-sqrt-lasso", "3-size0-chambolle-pock-lasso")
@pytest.mark.parametrize(("name", "problem"), FLOAT_SOLVERS)
@pytest.mark.parametrize(("digits", "size"), [(3, (21, 22)), (12, (2, 5))])
def test_float_solvers(name, problem, digits, size):
    play_float_solver(name, problem, digits, size, "query", digits == 6)


EVERYWHERE = [
    {"solver": solver, "digits": digits, "size": size, "access": access, "disguise": disguise}
    for solver in FLOAT_SOLVERS
    for digits in (1, 3, 6, 12)
    for size in SIZES
    for access in ("query", "stream")
    for disguise in (False, True)
]


@pytest.mark.slow
@pytest.mark.parametrize("case", [EVERYWHERE[place] for place in covering(EVERYWHERE)], ids=str)
def test_float_solvers_everywhere(case):
    """Each solver with each size, access and number of digits, and each two of these together."""
    name, problem = case["solver"]
    play_float_solver(name, problem, case["digits"], case["size"], case["access"], case["disguise"])


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("digits", [2, 3, 6, 50])
def test_the_weak_family_fails_one_digit_earlier(problem, digits):
    omega = OmegaClass.create(problem, digits=digits, rows=2, columns=5, family="weak")
    result = challenge(REGISTRY["exact"].candidate(problem), omega)
    certify(result)
    assert result.game.distance2 > power_of_ten(-2 * (digits - 1))


@st.composite
def answers(draw, length, digits=3):
    """Outputs of the scale of the class, real or complex, hugging its minimisers or not."""
    scale = power_of_ten(3 - digits) * draw(
        st.sampled_from([fmpq(0), fmpq(1, 1000), fmpq(15, 10_000), fmpq(3, 4000), fmpq(1)])
    )
    numbers = st.integers(-2, 2)
    real = draw(st.lists(numbers, min_size=length, max_size=length))
    vector = exact_array(real) * scale
    if draw(st.booleans()):
        vector[0] = ComplexNumber(fmpq(draw(numbers)), fmpq(1, 1000)) * scale
    return vector


@given(omega_classes(), st.integers(1, 4), st.data())
def test_no_answer_escapes(omega, reads, data):
    output = data.draw(answers(omega.columns, omega.target_digits))
    game = play_game(constant(output, reads=reads), omega, access="stream")
    assert game.verdict == "barrier"
    assert game.exponent >= reads
    # by definition: the member's only minimiser is further than 10^-T away
    assert game.distance2 == game.member.distance2(game.play.run.output) > power_of_ten(-2 * omega.target_digits)
    assert verify_bytes(barrier_certificate(game)).verdict == "valid"
    # worst2 bounds the distance to every member the data belong to
    members = [omega.member(i=i, q=q) for i in (1, omega.ties) for q in (game.exponent, game.exponent + 3)]
    assert all(member.distance2(game.play.run.output) <= game.worst2 for member in members)


@given(answers(5), st.sampled_from(PROBLEMS))
def test_the_control_is_judged_by_the_definition(output, problem):
    omega = OmegaClass.create(problem, digits=3, rows=2, columns=5)
    control = play_control(constant(output), omega)
    distances = [omega.control(last=last).distance2(run.play.run.output) for last, run in enumerate(control.runs)]
    near = all(d2 <= power_of_ten(-6) and d2 <= power_of_ten(-4) * omega.control().height ** 2 for d2 in distances)
    assert control.verdict == ("ok" if near else "inaccurate")
    assert control.worst.distance2 == max(distances)
    certificate = control_certificate(control)
    assert verify_bytes(certificate).verdict == "valid"
    assert json.loads(certificate)["claim"]["verdict"] == ("ok" if distances[0] <= power_of_ten(-6) else "inaccurate")


def test_the_control_is_strict_at_its_edge():
    omega = OmegaClass.create("sqrt-lasso", digits=3, rows=1, columns=2)
    unit, hair = power_of_ten(-3), power_of_ten(-40)
    relative = omega.control().height * power_of_ten(-2)
    for shift, verdict, certified in [
        (relative, "ok", "ok"),
        (-relative, "ok", "ok"),
        (relative + hair, "inaccurate", "ok"),
        (unit, "inaccurate", "ok"),
        (unit + hair, "inaccurate", "inaccurate"),
    ]:
        control = play_control(off_by(shift), omega)
        assert control.verdict == verdict
        assert control.first.certified == control.last.certified == certified
        assert verify_bytes(control_certificate(control)).verdict == "valid"


def test_the_order_in_which_the_control_fails_counts():
    """A solver that takes the first of the tied columns is right in one order only; the certificate holds that one."""
    omega = OmegaClass.create("lasso", digits=3, rows=2, columns=5)
    control = play_control(constant(omega.control().centroid()), omega)
    assert [run.largest for run in control.runs] == [1, 4]
    assert [run.right for run in control.runs] == [True, False]
    assert control.verdict == "inaccurate" and control.worst is control.last and control.first.certified == "ok"
    words = control_words(control)
    assert "column 1 the largest, error 0 <= 10^-3" in words and "column 4 the largest, error 0.002121 > 10^-3" in words
    assert verify_bytes(control_certificate(control)).verdict == "valid"


# --- what can go wrong -----------------------------------------------------------------------------


def raising(error):
    @sequential_algorithm
    def algorithm(data):
        data.read_to(3)
        raise error

    return Candidate("raising", algorithm)


@pytest.mark.parametrize(
    ("candidate", "reason"),
    [
        (constant([0, 0, np.nan]), "nan"),
        (constant([0, np.inf, 0]), "inf"),
        (constant([0, 0]), "length 3"),
        (constant([[0, 0, 0]] * 2), "length 3"),
        (constant(None), "length 3"),
        (constant("abc"), "length 3"),
        (constant([True, False, True]), "truth value True"),
        (constant([0, 0, object()]), "object"),
        (constant([0, 0, 0], reads=0), "read no training data"),
        (raising(ValueError("two\nlines")), "ValueError: two lines"),
        (raising(SystemExit(3)), "SystemExit: 3"),
        (raising(MemoryError()), "MemoryError"),
        (raising(RecursionError()), "RecursionError"),
    ],
)
def test_unusable_runs_end_undecided_and_certify_nothing(candidate, reason):
    omega = OmegaClass.create("lasso", digits=3, rows=2, columns=3)
    result = challenge(candidate, omega)
    assert (result.control.verdict, result.game.verdict) == ("undecided", "undecided")
    assert reason in result.game.play.obstacle and "\n" not in result.game.play.obstacle
    with pytest.raises(UsageError):
        barrier_certificate(result.game)
    with pytest.raises(UsageError):
        control_certificate(result.control)


def test_a_keyboard_interrupt_is_not_swallowed():
    omega = OmegaClass.create("lasso", digits=3, rows=2, columns=3)
    with pytest.raises(KeyboardInterrupt):
        challenge(raising(KeyboardInterrupt()), omega)


def test_protocol_errors_end_undecided():
    @sequential_algorithm
    def algorithm(data):
        return data.read(0).point

    omega = OmegaClass.create("lasso", digits=3, rows=2, columns=3)
    game = play_game(Candidate("zero", algorithm), omega)
    assert game.verdict == "undecided" and "precision n >= 1" in game.play.obstacle


@pytest.mark.parametrize("precision", [0, -1, 1_000_001, 2.0, "7"])
def test_the_precision_is_checked(precision):
    omega = OmegaClass.create("lasso", digits=3, rows=2, columns=3)
    with pytest.raises(UsageError, match="precision"):
        play_game(constant([0, 0, 0]), omega, precision=precision)


def test_numbers_beyond_float64_end_undecided():
    omega = OmegaClass.create("lasso", digits=400, rows=2, columns=3)
    game = play_game(REGISTRY["ista"].candidate("lasso"), omega)
    assert game.verdict == "undecided" and "float64" in game.play.obstacle


def test_warnings_and_printing_are_recorded(capsys):
    @sequential_algorithm
    def algorithm(data):
        import warnings

        warnings.warn("careful\nnow", RuntimeWarning, stacklevel=1)
        print("chatter")
        return data.read_to(3).point

    omega = OmegaClass.create("lasso", digits=3, rows=2, columns=3)
    game = play_game(Candidate("noisy", algorithm), omega)
    assert game.play.run.warnings == ("RuntimeWarning: careful now",)
    assert game.play.run.printed == "chatter\n"
    assert capsys.readouterr().out == ""


# --- reported facts --------------------------------------------------------------------------------


@given(st.fractions(min_value=0), st.integers(-40, 40))
def test_digits_reached_is_the_definition(value, shift):
    distance2 = fmpq(value.numerator, value.denominator) * power_of_ten(shift)
    k = digits_reached(distance2)
    if distance2 == 0:
        assert k is None
    else:
        assert distance2 <= power_of_ten(-2 * k)
        assert distance2 > power_of_ten(-2 * (k + 1))


@given(answers(4), st.sampled_from(PROBLEMS), st.booleans())
def test_the_excess_is_objective_minus_minimum(output, problem, disguise):
    omega = OmegaClass.create(problem, digits=3, rows=2, columns=4, disguise=disguise)
    member = omega.member(i=2, q=5)
    dense = member.exact_problem()
    excess = objective_excess(member, output)
    if problem == "bpdn":
        from sci_barriers import DataError

        try:
            dense.check_feasible(output)
            feasible = True
        except DataError:
            feasible = False
        assert excess.feasible == feasible
        if not feasible:
            return
    best = dense.objective_ball(member.centroid())
    assert (dense.objective_ball(output) - best).overlaps(
        excess.value
        if not isinstance(excess.value, fmpq) and hasattr(excess.value, "overlaps")
        else _ball(excess.value)
    )
    if isinstance(excess.value, fmpq):
        assert excess.value >= 0


def _ball(value):
    from exact_base.scalars import ball

    return ball(value)


def test_float64_resolution_agrees_with_numpy():
    for digits in (1, 3, 6, 12):
        omega = OmegaClass.create("sqrt-lasso", digits=digits, rows=1, columns=2)
        limit = float64_resolution(omega)
        base = int(omega.base.p) / int(omega.base.q)
        for q, separated in [(limit, True), (limit + 1, False)]:
            member = omega.base + omega.perturbation(q)
            assert (int(member.p) / int(member.q) != base) is separated
            assert float64_cannot_separate(omega, q) is not separated
        assert np.spacing(base) / 2 <= 2.0**-limit * 2
    assert float64_resolution(OmegaClass.create("sqrt-lasso", digits=400, rows=1, columns=2)) is None
    assert sys.float_info.mant_dig == 53


def test_the_worst_case_covers_every_member_the_data_belong_to():
    """In the weak family data of precision n belong to members from q = n - 4 on."""
    omega = OmegaClass.create("sqrt-lasso", digits=3, rows=1, columns=2, family="weak")
    oracle = CommonOracle(omega)
    for n in (5, 9):
        triple = oracle.read(k=1, n=n)
        game = play_game(constant([0, 0], reads=n), omega, access="stream")
        for q in range(omega.q0, n + 3):
            member = omega.member(i=1, q=q)
            belongs = operator_norm_at_most(triple.matrix - omega.matrix(member.a, sqrt(member.c2)), power_of_two(-n))
            assert belongs == (q >= omega.least_exponent(n))
            if belongs:
                assert member.distance2(game.play.run.output) <= game.worst2
        least = omega.member(i=1, q=omega.least_exponent(n))
        limit = omega.tie().height
        assert game.worst2 == max(least.height, limit) ** 2


def test_what_the_control_says_in_words():
    omega = OmegaClass.create("lasso", digits=3, rows=2, columns=3)
    data = challenge_data(challenge(REGISTRY["exact"].candidate("lasso"), omega))
    assert data["control"]["verdict"] == "ok" and data["control"]["relative_error"] is not None

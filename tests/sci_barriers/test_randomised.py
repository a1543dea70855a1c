"""Randomised algorithms: every tape counts once, every bound holds on a member, and what is statistical says so."""

import json
import os
from fractions import Fraction
from math import comb

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from exact_base.scalars import zeros
from proofs_checks.checker import verify_bytes, verify_path
from sci_barriers import (
    DataError,
    Limits,
    OmegaClass,
    UsageError,
    load_candidate,
    randomised_algorithm,
    sequential_algorithm,
)
from sci_barriers.certificates.randomised import randomised_certificate
from sci_barriers.isolation.tapes import IsolatedRandomised
from sci_barriers.randomised.binomial import BOUND_BITS, tail_at_most, upper_bound
from sci_barriers.randomised.game import derive_seeds, enumerate_tapes, play_randomised, sample_tapes
from sci_barriers.randomised.loading import load_randomised
from sci_barriers.randomised.measure import MemberOracle, success_probability
from sci_barriers.randomised.runs import RandomisedCandidate
from sci_barriers.randomised.strategies import STRATEGIES
from sci_barriers.randomised.tapes import SeededTape, Tree, TreeTape

OMEGA = OmegaClass.create("lasso", digits=3, rows=2, columns=4)
WEAK = OmegaClass.create("lasso", digits=3, rows=2, columns=4, family="weak")
SIZES = [(1, 2), (1, 5), (3, 4), (5, 9), (21, 22)]


def player(function, name="test"):
    return RandomisedCandidate(name, function)


def vertex_of(omega, i):
    point = zeros(omega.columns)
    point[i] = omega.height(omega.base)
    return point


def certified(result):
    """The result, after the checker has agreed and the theorem holds."""
    assert result.reason == "" and result.bound is not None
    report = verify_bytes(randomised_certificate(result))
    assert report.verdict == "valid", report.reason
    statistical = result.method == "sampled"
    assert ("Statistical evidence" in report.statement.title) == statistical
    assert result.verdict == ("evidence" if statistical else "barrier")
    if not statistical:
        assert result.bound == result.successes[result.index - 1] + result.unhalted <= result.theorem
        assert sum(outcome.weight for outcome in result.outcomes) + result.unhalted == 1
        assert sum(result.successes) <= 1 - result.unhalted
    return result


# --- tapes -----------------------------------------------------------------------------------------


@st.composite
def programs(draw, depth=4):
    """A tree of draws: (weights, subprograms), or a leaf."""
    if depth == 0 or draw(st.integers(0, 2)) == 0:
        return None
    weights = draw(st.lists(st.integers(0, 4), min_size=1, max_size=3).filter(any))
    return weights, [draw(programs(depth=depth - 1)) for _ in weights]


def leaves_of(program, weight=Fraction(1), path=()):
    """By definition: every leaf that can be reached, with its probability."""
    if program is None:
        return {path: weight}
    weights, branches = program
    found = {}
    for index, (w, branch) in enumerate(zip(weights, branches, strict=True)):
        if w:
            found |= leaves_of(branch, weight * w / sum(weights), (*path, index))
    return found


def walk(program, tape):
    path = ()
    while program is not None:
        weights, branches = program
        index = tape.choose(weights)
        path, program = (*path, index), branches[index]
    return path


@given(programs())
def test_every_leaf_is_visited_once_with_its_weight(program):
    tree, found = Tree(), {}
    while True:
        path = walk(program, TreeTape(tree, length=10))
        assert path not in found
        found[path] = Fraction(int(tree.weight.p), int(tree.weight.q))
        if not tree.advance():
            break
    assert found == leaves_of(program)


@given(programs())
def test_a_tape_elsewhere_grows_the_tree_at_home(program):
    """A run elsewhere knows the path, and only what is new is told; the walk at home is the same."""
    tree, found = Tree(), {}
    while True:
        home, told = TreeTape(tree, length=10), []

        def tell(place, weights, home=home, told=told):
            told.append(weights)
            home.take(place, weights)

        known = len(home.path)
        elsewhere = TreeTape(Tree(home.path), length=10, told=tell)
        path = walk(program, elsewhere)
        elsewhere.tell()
        assert home.complete and home.consistent and home.path == elsewhere.path
        assert len(told) == len(home.path) - known + 1
        found[path] = Fraction(int(tree.weight.p), int(tree.weight.q))
        if not tree.advance():
            break
    assert found == leaves_of(program)


def test_other_draws_after_the_same_coins_are_noticed_at_home():
    tree = Tree()
    TreeTape(tree, length=3).take(0, (1, 1))
    home = TreeTape(tree, length=3)
    home.take(0, (1, 1, 1))
    assert not home.consistent and len(home.path) == 1
    less = TreeTape(tree, length=3)
    less.take(0)
    assert less.consistent and not less.complete
    short = TreeTape(Tree(), length=1)
    short.take(0, (1, 1))
    short.take(1, (1, 1))
    assert short.stopped and len(short.path) == 1


@pytest.mark.parametrize(
    ("place", "weights"),
    [(1, (1, 1)), (-1, (1, 1)), (1, ()), (0, (1, 0)), (0, (0, 0)), (0, (2, 2)), (0, (-1, 1, 1)), (0, (2**5000, 1))],
    ids=lambda value: str(value)[:20],
)
def test_what_is_told_of_a_draw_is_checked(place, weights):
    with pytest.raises(DataError):
        TreeTape(Tree(), length=2).take(place, weights)


@given(st.lists(st.fractions(0, 5, max_denominator=9), min_size=1, max_size=5).filter(any))
def test_weights_may_be_rationals(weights):
    tree, found = Tree(), {}
    while True:
        index = TreeTape(tree, length=1).choose(weights)
        found[index] = Fraction(int(tree.weight.p), int(tree.weight.q))
        if not tree.advance():
            break
    assert found == {i: w / sum(weights) for i, w in enumerate(weights) if w}


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [float("nan"), 1], [1, "x"], [2**5000, 1]])
def test_weights_that_are_none(weights):
    with pytest.raises(DataError):
        TreeTape(Tree(), length=1).choose(weights)


@pytest.mark.parametrize("weights", [(1, 1), (1, 0, 2), (3, 4), (2**70, 2**69)])
def test_a_seeded_tape_draws_with_the_weights(weights):
    tape = SeededTape(np.random.Generator(np.random.PCG64(1)), length=10**6)
    count = [0] * len(weights)
    for _ in range(4000):
        count[tape.choose(weights)] += 1
    for number, weight in zip(count, weights, strict=True):
        assert abs(number / 4000 - weight / sum(weights)) < 0.05
        assert (number == 0) == (weight == 0)


# --- enumeration -----------------------------------------------------------------------------------


@given(programs(), st.lists(st.tuples(st.lists(st.integers(1, 9), max_size=3), st.integers(-1, 2)), min_size=1))
@settings(max_examples=40)
def test_any_algorithm_is_bounded_by_the_definition(program, behaviours):
    """The outcome of a tape is looked up in a table; what the game finds is compared with the sum over all leaves."""
    leaves = leaves_of(program)

    def behaviour(path):
        return behaviours[sum(path) % len(behaviours)]

    @randomised_algorithm
    def algorithm(data, tape):
        reads, i = behaviour(walk(program, tape))
        for n in reads:
            data.read(n)
        if i < 0:
            raise ValueError("no answer")
        return vertex_of(OMEGA, i)

    result = enumerate_tapes(player(algorithm), OMEGA)
    lost = sum((w for path, w in leaves.items() if behaviour(path)[1] < 0), Fraction(0))
    assert result.runs == len(leaves) and result.unhalted == fmpq(lost.numerator, lost.denominator)
    if lost == 1:
        assert result.verdict == "undecided" and "ValueError" in result.reason
        return
    certified(result)
    expected = [sum((w for path, w in leaves.items() if behaviour(path)[1] == i), Fraction(0)) for i in range(3)]
    assert [Fraction(int(p.p), int(p.q)) for p in result.successes] == expected
    assert Fraction(int(result.bound.p), int(result.bound.q)) == min(expected) + lost
    reads = [n for path in leaves for n in behaviour(path)[0] if behaviour(path)[1] >= 0]
    assert result.exponent == max([OMEGA.q0, *reads])
    assert sorted({*reads}) == [read.n for read in result.transcript]


@given(st.integers(0, 3), st.integers(0, 4))
def test_with_a_budget_reading_more_is_failure(budget, most):
    @randomised_algorithm
    def algorithm(data, tape):
        reads = sum(tape.bit() for _ in range(most))
        for n in range(1, reads + 1):
            data.read(n)
        return vertex_of(WEAK, tape.choose([1, 1, 1]))

    result = certified(enumerate_tapes(player(algorithm), WEAK, budget=budget))
    over = sum(comb(most, k) for k in range(budget + 1, most + 1))
    assert result.over_budget == fmpq(over, 2**most)
    assert result.bound == (1 - result.over_budget) / 3 and result.unhalted == 0


def test_a_deterministic_algorithm_has_one_tape():
    result = certified(enumerate_tapes(load_randomised_here("exact", "lasso"), OMEGA))
    assert (result.runs, result.bound, result.exponent) == (1, 0, 60)


def load_randomised_here(name, problem):
    found = load_randomised(name, problem=problem)
    return RandomisedCandidate(found.name, found.algorithm, found.versions)


def test_long_tapes_and_many_tapes_count_as_unknown():
    @randomised_algorithm
    def many(data, tape):
        return vertex_of(OMEGA, sum(tape.bit() for _ in range(6)) % 3)

    cut = certified(enumerate_tapes(player(many), OMEGA, leaves=16))
    assert cut.runs == 16 and cut.unhalted == fmpq(3, 4) and "tapes that were not tried" in cut.reasons
    short = enumerate_tapes(player(many), OMEGA, length=5)
    assert short.verdict == "undecided" and "coin 6" in short.reason
    certified(enumerate_tapes(player(many), OMEGA, length=6))


# --- the strategies --------------------------------------------------------------------------------


@pytest.mark.parametrize(("problem", "digits"), [("bpdn", 3), ("lasso", 4), ("sqrt-lasso", 6), ("lasso", 12)])
@pytest.mark.parametrize("size", SIZES)
def test_strategies_everywhere(problem, digits, size):
    omega = OmegaClass.create(problem, digits=digits, rows=size[0], columns=size[1])
    d = omega.ties
    expected = {"centroid": fmpq(0), "vertex": fmpq(1, d), "mixed": fmpq(d, 2 * d - 1)}
    for name, value in expected.items():
        assert certified(enumerate_tapes(player(STRATEGIES[name]), omega, max_reads=8)).bound == value
    weak = OmegaClass.create(problem, digits=digits, rows=size[0], columns=size[1], family="weak")
    over = certified(enumerate_tapes(player(STRATEGIES["mixed"]), weak, budget=4))
    assert over.over_budget == fmpq(d - 1, 2 * d - 1) and over.bound == fmpq(1, 2 * d - 1) <= fmpq(1, d)


def test_many_ties():
    omega = OmegaClass.create("lasso", digits=4, rows=2, columns=65)
    assert omega.ties == 64
    assert certified(enumerate_tapes(player(STRATEGIES["mixed"]), omega, max_reads=3)).bound == fmpq(64, 127)


def geometric_on_member(d, q, bits):
    """It guesses after reads 1 to q+1, and at read q+2 the tie is broken; a tape has bits - 1 coins and the guess."""
    stopped = 1 - fmpq(1, 2) ** (q + 1)
    return stopped / d + fmpq(1, 2) ** (q + 1)


@pytest.mark.parametrize("size", [(2, 3), (1, 5)])
@pytest.mark.parametrize("q", [1, 4, 9])
@pytest.mark.parametrize("family", ["strong", "weak"])
def test_what_strategies_do_on_members(size, q, family):
    """On the tie and on a member's own data, where waiting for the tie to break ends."""
    omega = OmegaClass.create("lasso", digits=3, rows=size[0], columns=size[1], family=family)
    q = max(q, omega.q0)
    d, member = omega.ties, omega.member(i=2, q=q)
    waits = q + (4 if family == "weak" else 0)

    def on_member(name):
        result = success_probability(
            player(STRATEGIES[name]), member, oracle=MemberOracle(omega, i=2, q=q), length=40, max_reads=60
        )
        assert result.low == result.high
        return result.low

    assert on_member("centroid") == 0
    assert on_member("vertex") == fmpq(1, d)
    assert on_member("mixed") == fmpq(d, 2 * d - 1)
    assert on_member("geometric") == geometric_on_member(d, waits, 40) > fmpq(1, d)


def test_what_strategies_do_on_the_tie():
    def on_tie(name):
        result = success_probability(player(STRATEGIES[name]), OMEGA.tie(), length=20, max_reads=30)
        return result.low, result.high

    assert on_tie("centroid") == on_tie("vertex") == (1, 1)
    assert on_tie("mixed") == (fmpq(3, 5), 1)  # the rest waits for ever, which no run can show
    assert on_tie("geometric") == (1 - fmpq(1, 2**19), 1)  # the last coin of the tape has no guess after it
    low, high = on_tie("mixed-fair")
    assert high == 1 and abs(low - fmpq(3, 5)) <= fmpq(1, 64)


def written_table(root):
    """The rows of the table in the documentation, but for its head."""
    text = (root / "docs" / "randomised.md").read_text(encoding="utf-8").partition("**Measured.**")[2]
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in rows if row[0] in STRATEGIES]


@pytest.mark.slow
def test_the_table_of_the_documentation(root):
    expected = []
    for size in ((2, 3), (1, 5)):
        omega = OmegaClass.create("lasso", digits=3, rows=size[0], columns=size[1])
        d = omega.ties
        fair = -fmpq(-(d - 1) * 64 // (2 * d - 1), 64)
        # (on the tie, infimum) from the formulas; mixed-fair rounds the first probability up
        formulas = {
            "centroid": (1, 0),
            "vertex": (1, fmpq(1, d)),
            "mixed": (fmpq(d, 2 * d - 1),) * 2,
            "mixed-fair": (1 - fair,) * 2,
            "geometric": (1, fmpq(1, d)),
        }
        for name, (tie, infimum) in formulas.items():
            found = success_probability(player(STRATEGIES[name]), omega.tie(), length=20, max_reads=30)
            assert found.low <= tie <= found.high
            assert tie - found.low == (fmpq(1, 2**19) if name == "geometric" else 0)
            members = []
            for q in (4, 9):
                oracle = MemberOracle(omega, i=2, q=q)
                member = success_probability(
                    player(STRATEGIES[name]), omega.member(i=2, q=q), oracle=oracle, length=30, max_reads=40
                )
                assert member.low == member.high >= infimum
                members.append(member.low)
            expected.append([name, *map(str, (d, tie, *members, infimum))])
    assert written_table(root) == expected


def test_fair_coins_come_as_near_as_they_say():
    for d, size in ((2, (2, 3)), (3, (2, 4)), (5, (1, 5))):
        omega = OmegaClass.create("lasso", digits=3, rows=size[0], columns=size[1])
        result = certified(enumerate_tapes(player(STRATEGIES["mixed-fair"]), omega, max_reads=3))
        assert abs(result.bound - fmpq(d, 2 * d - 1)) <= fmpq(1, 32)


def test_member_data_are_valid():
    """By eqs. 3-5, through the checks of training data that know nothing of the class."""
    from exact_base.linalg import operator_norm_at_most
    from exact_base.rationals import power_of_two
    from exact_base.scalars import sqrt

    for omega in (OMEGA, WEAK):
        member = omega.member(i=1, q=4)
        oracle = MemberOracle(omega, i=1, q=4)
        matrix = omega.matrix(member.a, sqrt(member.c2))
        for n in range(1, 14):
            triple = oracle.read(k=1, n=n)
            assert operator_norm_at_most(triple.matrix - matrix, power_of_two(-n))
            assert (triple.data == omega.data()).all()


# --- sampling --------------------------------------------------------------------------------------


@given(st.integers(1, 40), st.integers(0, 40), st.integers(1, 255), st.integers(1, 99))
def test_the_tail_is_the_definition(trials, successes, numerator, percent):
    successes = min(successes, trials)
    p, level = Fraction(numerator, 256), Fraction(percent, 100)
    tail = sum(comb(trials, k) * p**k * (1 - p) ** (trials - k) for k in range(successes + 1))
    found = tail_at_most(
        trials=trials, successes=successes, bound=fmpq(numerator, 256), level=fmpq(level.numerator, level.denominator)
    )
    assert found == (tail <= level)


@given(st.integers(1, 60), st.integers(0, 60), st.integers(1, 99))
def test_the_bound_is_the_least_on_its_grid(trials, successes, percent):
    successes, level = min(successes, trials), fmpq(percent, 100)
    bound = upper_bound(trials=trials, successes=successes, level=level)
    unit = fmpq(1, 1 << BOUND_BITS)
    if bound is None:
        assert successes == trials or not tail_at_most(trials=trials, successes=successes, bound=1 - unit, level=level)
        return
    assert tail_at_most(trials=trials, successes=successes, bound=bound, level=level)
    assert bound == unit or not tail_at_most(trials=trials, successes=successes, bound=bound - unit, level=level)


def test_a_numpy_generator_is_sampled_and_not_enumerated():
    @randomised_algorithm(coins="numpy")
    def algorithm(data, generator):
        data.read(int(generator.integers(1, 5)))
        return vertex_of(OMEGA, int(generator.integers(3)))

    result = certified(sample_tapes(player(algorithm), OMEGA, seeds=200, exponent=4))
    assert fmpq(1, 5) < result.bound < fmpq(1, 2) and result.exponent == 4
    assert {seed for outcome in result.outcomes for seed in outcome.seeds} == set(derive_seeds(200, 0))
    again = sample_tapes(player(algorithm), OMEGA, seeds=derive_seeds(200, 0), exponent=4)
    assert randomised_certificate(again) == randomised_certificate(result)
    assert sample_tapes(player(algorithm), OMEGA, seeds=200, seed=1).outcomes != result.outcomes
    with pytest.raises(UsageError, match="--seeds"):
        enumerate_tapes(player(algorithm), OMEGA)
    # the level q is chosen before the runs: those that read beyond it count as successes
    capped = certified(sample_tapes(player(algorithm), OMEGA, seeds=200, exponent=2))
    assert capped.unhalted > fmpq(1, 3) and "precision 4, beyond 2" in "".join(capped.reasons)


def test_the_level_is_shared_by_the_members():
    result = certified(sample_tapes(player(STRATEGIES["vertex"]), OMEGA, seeds=90, level="1/20"))
    hits = int((result.successes[result.index - 1] * 90).p)
    assert tail_at_most(trials=90, successes=hits, bound=result.bound, level=fmpq(1, 60))
    assert not tail_at_most(trials=90, successes=hits, bound=result.bound - fmpq(1, 1 << BOUND_BITS), level=fmpq(1, 60))


def test_too_few_runs_bound_nothing():
    result = sample_tapes(player(STRATEGIES["mixed"]), OMEGA, seeds=1, max_reads=2)
    assert result.verdict == "undecided" and result.reason
    with pytest.raises(UsageError, match="undecided"):
        randomised_certificate(result)


def test_one_call_for_both():
    vertex = player(STRATEGIES["vertex"])
    assert play_randomised(vertex, OMEGA).method == "enumerated"
    assert play_randomised(vertex, OMEGA, seeds=20, level="1/10").method == "sampled"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda p: enumerate_tapes(p, OMEGA, length=-1), "length of a tape"),
        (lambda p: enumerate_tapes(p, OMEGA, leaves=0), "number of runs"),
        (lambda p: enumerate_tapes(p, OMEGA, leaves=2**16 + 1), "number of runs"),
        (lambda p: enumerate_tapes(p, OMEGA, budget=3), "weak family"),
        (lambda p: enumerate_tapes(p, WEAK, budget=-1), "budget of data"),
        (lambda p: enumerate_tapes(p, OMEGA, max_reads=0), "largest number of reads"),
        (lambda p: enumerate_tapes(p, OMEGA, precision=0), "precision"),
        (lambda p: enumerate_tapes(p, OMEGA, access="batch"), "access model"),
        (lambda p: sample_tapes(p, OMEGA, seeds=0), "number of seeds"),
        (lambda p: sample_tapes(p, OMEGA, seeds=10**6), "number of seeds"),
        (lambda p: sample_tapes(p, OMEGA, seeds=[1, 1]), "different seeds"),
        (lambda p: sample_tapes(p, OMEGA, seeds=[-1]), "seed must be"),
        (lambda p: sample_tapes(p, OMEGA, seeds=9, seed=-1), "seed must be"),
        (lambda p: sample_tapes(p, OMEGA, seeds=9, level=1), "level must lie"),
        (lambda p: sample_tapes(p, OMEGA, seeds=9, exponent=0), "exponent q"),
        (lambda p: randomised_algorithm(coins="dice"), "unknown coins"),
    ],
)
def test_arguments_are_checked(call, said):
    with pytest.raises(UsageError, match=said):
        call(player(STRATEGIES["vertex"]))


# --- algorithms that misbehave, here and in their own process ----------------------------------------

BAD = """
import os, time
import numpy as np
from sci_barriers import randomised_algorithm, sequential_algorithm
from exact_base.scalars import zeros

calls = 0

def guess(data, i):
    point = zeros(data.known.columns)
    point[i] = data.known.omega.height(data.known.omega.base)
    return point

@randomised_algorithm
def three(data, tape):
    data.read_to(1 + tape.bit())
    return guess(data, tape.choose([1, 1, 1]))

@randomised_algorithm
def keeps_state(data, tape):
    global calls
    calls += 1
    return guess(data, (tape.bit() + calls) % 3)

@randomised_algorithm
def draws_otherwise(data, tape):
    global calls
    calls += 1
    tape.choose([1] * (1 + calls))
    return guess(data, 0)

@randomised_algorithm
def draws_less(data, tape):
    global calls
    calls += 1
    if calls < 2: tape.bit()
    return guess(data, 0)

@randomised_algorithm
def hangs(data, tape):
    if tape.bit() and tape.bit():
        while True: pass
    return guess(data, 0)

@randomised_algorithm
def dies(data, tape):
    if tape.bit() == 0: return guess(data, 1)
    if tape.bit(): os._exit(3)
    return guess(data, 0)

@randomised_algorithm
def always_dies(data, tape):
    tape.choose([1] * 40)
    os._exit(0)

@randomised_algorithm
def catches(data, tape):
    try:
        for n in range(1, 99): data.read_to(n)
    except BaseException: pass
    return guess(data, tape.bit())

@randomised_algorithm
def catches_the_end_of_the_tape(data, tape):
    bits = 0
    try:
        while True: bits += tape.bit()
    except BaseException: pass
    return guess(data, 0)

@randomised_algorithm
def bad_weights(data, tape):
    if tape.bit(): tape.choose([-1, 2])
    return guess(data, 0)

@randomised_algorithm
def not_numbers(data, tape):
    return [float("nan")] * 4 if tape.bit() else guess(data, 0)

@randomised_algorithm
def asks_for_zero(data, tape):
    if tape.bit(): data.read(0)
    return guess(data, 0)

@randomised_algorithm
def writes(data, tape):
    triple = data.read_to(3)
    if tape.bit(): triple.point[:] = 0
    matrix = triple.matrix
    matrix.flags.writeable = True
    matrix[0, 0] += 1
    return matrix[0] * 0 + guess(data, 0) * int(data.read_to(4).matrix[0, 0] == data.known.omega.base)

@randomised_algorithm
def global_generators(data, tape):
    return guess(data, int(np.random.randint(3)) if tape.bit() else 0)

@randomised_algorithm(coins="numpy")
def numpy_coins(data, generator):
    if generator.random() < 0.02: os._exit(0)
    return guess(data, int(generator.integers(3)))
"""


@pytest.fixture(scope="module")
def bad(tmp_path_factory):
    path = tmp_path_factory.mktemp("bad") / "bad.py"
    path.write_text(BAD)
    return path


def isolated(bad, name, seconds=20.0):
    return IsolatedRandomised(f"{bad}:{name}", problem="lasso", limits=Limits(seconds=seconds))


def summary(result):
    return (
        result.verdict,
        result.bound,
        result.unhalted,
        result.runs,
        sorted((o.reads, str(o.output), str(o.weight)) for o in result.outcomes),
    )


HALF, QUARTER = fmpq(1, 2), fmpq(1, 4)


@pytest.mark.slow_for(
    "query-three", "stream-not_numbers", "stream-asks_for_zero", "query-writes", "stream-global_generators"
)
@pytest.mark.parametrize(
    ("name", "unhalted"),
    [
        pytest.param("three", 0, id="three"),
        pytest.param("bad_weights", HALF, id="bad_weights"),
        pytest.param("not_numbers", HALF, id="not_numbers"),
        pytest.param("asks_for_zero", HALF, id="asks_for_zero"),
        pytest.param("writes", HALF, id="writes"),
        pytest.param("global_generators", 0, id="global_generators"),
    ],
)
@pytest.mark.parametrize("access", ["query", "stream"])
def test_the_same_here_and_there(bad, name, unhalted, access):
    if (name, access) in {("asks_for_zero", "stream"), ("global_generators", "stream")}:
        name = "three" if name == "asks_for_zero" else "not_numbers"
        unhalted = 0 if name == "three" else HALF
    with isolated(bad, name) as there:
        found = certified(enumerate_tapes(there, OMEGA, access=access))
    assert found.unhalted == unhalted
    if name != "global_generators":  # only a worker seeds them
        here = load_randomised_here(f"{bad}:{name}", "lasso")
        assert summary(enumerate_tapes(here, OMEGA, access=access)) == summary(found)
        assert randomised_certificate(found) == randomised_certificate(enumerate_tapes(here, OMEGA, access=access))


@pytest.mark.parametrize("name", ["keeps_state", "draws_otherwise", "draws_less"])
def test_an_algorithm_that_keeps_state_is_noticed(bad, name):
    with isolated(bad, name) as there:
        result = enumerate_tapes(there, OMEGA)
    assert result.verdict == "undecided" and "keeps state" in result.reason


@pytest.mark.slow
def test_runs_that_hang_or_end_the_process_are_lost_and_the_others_are_made(bad):
    with isolated(bad, "hangs", seconds=4) as there:
        result = certified(enumerate_tapes(there, OMEGA))
    assert result.runs == 3 and result.unhalted == QUARTER and "not done after 4 s" in "".join(result.reasons)
    with isolated(bad, "dies") as there:
        result = certified(enumerate_tapes(there, OMEGA))
    assert result.runs == 3 and result.unhalted == QUARTER and "exit code 3" in "".join(result.reasons)
    assert result.successes == (QUARTER, HALF, 0)


def test_a_schedule_is_given_up_after_many_lost_processes(bad, monkeypatch):
    monkeypatch.setattr("sci_barriers.isolation.tapes.MAX_LOST", 2)
    with isolated(bad, "always_dies") as there:
        result = enumerate_tapes(there, OMEGA)
    assert result.verdict == "undecided" and result.unhalted == 1 and result.runs == 2
    assert any("given up" in note for note in result.notes)


def test_one_that_catches_being_stopped_has_not_halted(bad):
    with isolated(bad, "catches") as there:
        lost = enumerate_tapes(there, OMEGA, max_reads=5)
        over = certified(enumerate_tapes(there, WEAK, budget=3))
        right = certified(enumerate_tapes(there, OMEGA))
    assert lost.verdict == "undecided" and lost.unhalted == 1
    assert over.over_budget == 1 and over.bound == 0
    assert right.unhalted == 0 and right.exponent == 98
    with isolated(bad, "catches_the_end_of_the_tape") as there:
        assert enumerate_tapes(there, OMEGA, length=4).unhalted == 1


@pytest.mark.slow_but("60")
@pytest.mark.parametrize("seeds", [60, 150])
def test_sampling_in_a_process_of_its_own(bad, seeds):
    with isolated(bad, "numpy_coins") as there:
        result = certified(sample_tapes(there, OMEGA, seeds=seeds))
    assert result.runs == seeds
    assert len(result.unhalted_seeds) == sum(
        np.random.Generator(np.random.PCG64(seed)).random() < 0.02 for seed in derive_seeds(seeds, 0)
    )
    assert result.unhalted_seeds


def test_a_randomised_algorithm_is_no_solver(bad):
    with pytest.raises(UsageError, match="sci-barriers randomised"):
        load_candidate(f"{bad}:three", problem="lasso")


# --- the command -----------------------------------------------------------------------------------


COMMAND = ("--problem", "lasso", "--digits", "3", "--size", "2", "4")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["mixed", "--max-reads", "9"], "bound     3/5"),
        (["vertex", "--disguise", "--access", "stream"], "bound     1/3"),
        (["geometric", "--tapes", "8"], "it was stopped at coin 9"),
        (["mixed", "--family", "weak", "--budget", "2"], "over      2/5"),
        (["vertex", "--seeds", "60"], "statistical, no proof"),
        (["exact", "--in-process"], "its only run"),
    ],
)
def test_the_command_writes_what_the_checker_accepts(call, empty_directory, arguments, said):
    code, out, err = call("randomised", *arguments, *COMMAND)
    within = "-M2" if "--budget" in arguments else ""
    name = f"{arguments[0]}.lasso-K3{within}.{'sampled' if '--seeds' in arguments else 'randomised'}.cert.json"
    assert code == 0 and err == "" and said in out and f"proofs-checks verify {name}" in out
    assert os.listdir() == [name]
    assert verify_path(name).verdict == "valid"


def test_json_and_undecided(call, empty_directory, bad):
    code, out, err = call("randomised", "vertex", *COMMAND, "--json", "--out", "x.cert.json", "--seeds", "60")
    answer = json.loads(out)
    assert code == 0 and err == "" and out.count("\n") == 1
    assert answer["result"]["statistical"] is True and answer["verdict"] == "evidence"
    assert answer["files"] == ["x.cert.json"]
    code, out, err = call("randomised", f"{bad}:keeps_state", *COMMAND, "--json", "--out", "y.cert.json")
    answer = json.loads(out)
    assert code == 3 and err == "" and answer["files"] == [] and "keeps state" in answer["result"]["reason"]
    assert os.listdir() == ["x.cert.json"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["vertex", "--budget", "3"], "weak family"),
        (["vertex", "--tapes", "-1"], "--tapes"),
        (["vertex", "--seeds", "0"], "--seeds"),
        (["vertex", "--seeds", "9", "--level", "x"], "--level cannot be read"),
        (["vertex", "--exponent", "9"], "give --seeds too"),
        (["vertex", "--scaling", "half"], "leave out --scaling"),
        (["nobody"], "strategies centroid, vertex"),
        (["vertex", "--out", "mine.cert.json"], "not a certificate"),
        (["BAD:numpy_coins"], "--seeds"),
    ],
)
def test_bad_input_is_one_line(call, empty_directory, bad, arguments, said):
    (empty_directory / "mine.cert.json").write_text("{}")
    arguments = [argument.replace("BAD", str(bad)) for argument in arguments]
    code, out, err = call("randomised", *arguments, *COMMAND)
    assert code == 2 and out == "" and said in err and err.count("\n") == 1
    assert os.listdir() == ["mine.cert.json"]


def test_an_unmarked_function_is_deterministic():
    @sequential_algorithm
    def algorithm(data):
        return vertex_of(OMEGA, 1)

    assert certified(enumerate_tapes(player(algorithm), OMEGA)).successes == (0, 1, 0)

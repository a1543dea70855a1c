"""Nested ties: the class against its definition, its data, the lemma, and what strategies do on every chain."""

import json
import os
from itertools import combinations, pairwise, permutations
from math import comb

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from exact_base.rationals import power_of_ten, power_of_two
from exact_base.scalars import norm2, zeros
from proofs_checks.checker import verify_bytes, verify_path
from sci_barriers import Limits, NestedTies, OmegaClass, UsageError, randomised_algorithm, sequential_algorithm
from sci_barriers.certificates.nested_ties import nested_ties_certificate
from sci_barriers.data.oracles import NoisyInstanceOracle
from sci_barriers.data.structured import ChainOracle, InstanceOracle
from sci_barriers.games.recorded import read_recorded
from sci_barriers.games.replay import replay_nested
from sci_barriers.isolation.tapes import IsolatedRandomised
from sci_barriers.omega.families import Instance
from sci_barriers.omega.nested import MOST_TIES, harmonic_bound
from sci_barriers.problems import problem_type
from sci_barriers.problems.argmin_set import ArgminSet
from sci_barriers.randomised.measure import success_probability
from sci_barriers.randomised.nested import play_nested
from sci_barriers.randomised.runs import RandomisedCandidate
from sci_barriers.randomised.strategies import STRATEGIES
from tests.proofs_checks.builders import seal

PROBLEMS = ["bpdn", "lasso", "sqrt-lasso"]
FOUR = NestedTies.create("lasso", digits=3, rows=1, columns=4, ties=4)


def player(function, name="test"):
    return RandomisedCandidate(name, function)


def strategy(name):
    return player(STRATEGIES[name], name)


def certified(result):
    """The result, after the checker has agreed."""
    assert result.reason == "" and result.worst is not None
    report = verify_bytes(nested_ties_certificate(result))
    assert report.verdict == "valid", report.reason
    return result


@st.composite
def inputs(draw, most=4):
    """A class, and a chain in it with exponents."""
    ties = draw(st.integers(2, most))
    rows = draw(st.integers(1, 3))
    columns = rows - 1 + ties + draw(st.integers(0, 2))
    problem = draw(st.sampled_from(PROBLEMS))
    nested = NestedTies.create(
        problem, digits=draw(st.integers(1, 5)), rows=rows, columns=columns, ties=ties, disguise=draw(st.booleans())
    )
    removed = draw(st.permutations(range(1, ties + 1)))[: draw(st.integers(0, ties - 1))]
    steps = draw(st.lists(st.integers(1, 4), min_size=len(removed), max_size=len(removed)))
    exponents = [nested.q0 - 1 + sum(steps[: k + 1]) for k in range(len(steps))]
    return nested, list(removed), exponents


def dual_of(problem, largest):
    """Where the residual is 0, a dual vector has to be given."""
    return problem.data * (problem.parameter / largest) if problem.name == "sqrt-lasso" else None


# --- the class -------------------------------------------------------------------------------------


@pytest.mark.parametrize("ties", range(2, MOST_TIES + 1))
@pytest.mark.parametrize("problem", PROBLEMS)
def test_the_default_class_meets_the_conditions_and_no_smaller_exponent_does(problem, ties):
    nested = NestedTies.create(problem, digits=2, rows=2, columns=ties + 2, ties=ties)
    omega, unit = nested.omega, power_of_ten(-2)
    assert 4**nested.shift >= 4 * ties > 4 ** (nested.shift - 1)

    def conditions(q):
        low = omega.height(omega.base + 2 * power_of_two(-q - nested.shift))
        return low**2 > ties * (ties - 1) * unit**2 and omega.height(omega.base) - low <= unit

    assert 2 * omega.height(omega.base) ** 2 <= 100 * unit**2
    assert conditions(nested.q0) and (nested.q0 == 1 or not conditions(nested.q0 - 1))


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("digits", [2, 3, 9])
def test_four_columns_leave_room_for_the_weak_family(problem, digits):
    """One α for both families and for the inputs with nested ties."""
    nested = NestedTies.create(problem, digits=digits, rows=1, columns=4)
    alpha = nested.omega.alpha
    weak = OmegaClass.create(problem, digits=digits, rows=1, columns=4, alpha=alpha, family="weak")
    assert nested.ties == 4 and weak.height(weak.base) <= 16 * nested.omega.height(alpha)


@given(inputs())
def test_an_input_has_the_minimisers_of_its_largest_columns(case):
    nested, removed, exponents = case
    instance = nested.instance(removed, exponents)
    left = [i for i in range(1, nested.ties + 1) if i not in removed]
    assert [i + 1 for i in instance.argmax] == left
    low = nested.omega.height(nested.omega.base + 2 * power_of_two(-nested.q0 - nested.shift))
    assert low < instance.height <= nested.omega.height(nested.omega.base)
    # the definition: α and one summand for each set of the chain that holds the column
    for i in range(1, nested.omega.ties + 1):
        if i > nested.ties:
            assert instance.a[i - 1] == nested.omega.alpha / 2
            continue
        raised = [q for k, q in enumerate(exponents) if i not in removed[: k + 1]]
        assert instance.a[i - 1] == nested.omega.alpha + sum((power_of_two(-q - nested.shift) for q in raised), fmpq(0))


@given(inputs(most=3))
@settings(max_examples=30)
def test_the_minimisers_are_certified_by_the_dense_problem(case):
    nested, removed, exponents = case
    instance = nested.instance(removed, exponents)
    problem = instance.exact_problem()
    solutions = ArgminSet(problem.minimiser(instance.centroid(), dual=dual_of(problem, max(instance.a))))
    for i in range(nested.omega.ties):
        vertex = zeros(nested.omega.columns)
        vertex[i] = instance.height
        assert solutions.contains(vertex) == (i in instance.argmax)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ties": 1}, "from 2 to 4, got 1"),
        ({"ties": 5}, "from 2 to 4, got 5"),
        ({"ties": True}, "from 2 to 4, got True"),
        ({"columns": 9, "ties": 8}, "from 2 to 7, got 8"),
        ({"alpha": 700}, "use a smaller α"),
        ({"parameter": "x"}, "cannot be read"),
        ({"digits": 0}, "digits K"),
    ],
)
def test_what_is_no_class_is_refused(change, said):
    with pytest.raises(UsageError, match=said):
        NestedTies.create("sqrt-lasso", **{"digits": 3, "rows": 1, "columns": 4, **change})


def test_the_weak_family_and_chains_that_are_none_are_refused():
    with pytest.raises(UsageError, match="strong family"):
        NestedTies(OmegaClass.create("lasso", digits=3, rows=1, columns=4, family="weak"), 2)
    for removed, exponents, said in [
        ([1, 1], [2, 3], "each once"),
        ([5], [2], "each once"),
        ([1, 2], [3, 3], "increase"),
        ([1], [2, 3], "increase"),
        ([1, 2, 3, 4], [2, 3, 4, 5], "at most 3"),
        ([1], [0], "at least q0"),
    ]:
        with pytest.raises(UsageError, match=said):
            FOUR.instance(removed, exponents)


def test_the_values():
    values = [fmpq(2, 3), fmpq(6, 11), fmpq(12, 25), fmpq(60, 137), fmpq(20, 49), fmpq(140, 363)]
    assert [harmonic_bound(ties) for ties in range(2, 8)] == values
    assert FOUR.bound == fmpq(12, 25) < fmpq(1, 2)


# --- the data --------------------------------------------------------------------------------------


@given(inputs(), st.integers(1, 14))
@settings(max_examples=60)
def test_the_data_are_valid(case, n):
    nested, removed, exponents = case
    omega, instance = nested.omega, nested.instance(removed, exponents)
    triple = ChainOracle(nested, removed, exponents).read(k=1, n=n)
    plain = omega.disguised(triple.matrix)  # U is its own inverse, and leaves norms as they are
    row = plain[0, : omega.ties]
    assert norm2(row - [*instance.a]) <= power_of_two(-2 * n)
    if omega.rows > 1:
        c, unit = plain[1, omega.ties], power_of_two(-n)
        assert c >= 0 and instance.c2 <= (c + unit) ** 2 and (c <= unit or (c - unit) ** 2 <= instance.c2)
    assert list(omega.disguised(triple.data)) == [1] + [0] * (omega.rows - 1)
    problem = problem_type(omega.problem)(triple.matrix, triple.data, parameter=omega.parameter)
    problem.minimiser(triple.point, dual=dual_of(problem, max(abs(entry) for entry in row)))  # raises unless it is one


@given(inputs(), st.data())
def test_inputs_that_begin_alike_have_the_same_data(case, data):
    nested, removed, exponents = case
    shared = data.draw(st.integers(0, len(removed)))
    rest = data.draw(st.permutations([i for i in range(1, nested.ties + 1) if i not in removed[:shared]]))
    first = exponents[shared] if shared < len(exponents) else max([nested.q0 - 1, *exponents]) + 3
    other = removed[:shared] + list(rest[:1]) * (shared < nested.ties - 1)
    ends = exponents[:shared] + [first] * (len(other) - shared)
    one, two = ChainOracle(nested, removed, exponents), ChainOracle(nested, other, ends)
    for n in range(1, first + 1):
        a, b = one.read(k=1, n=n), two.read(k=1, n=n)
        assert (a.matrix == b.matrix).all() and (a.point == b.point).all() and (a.data == b.data).all()


# --- the lemma -------------------------------------------------------------------------------------


def right_sets(nested, z, height_of):
    """The sets of columns whose inputs z has K digits on."""
    unit2 = power_of_ten(-2 * nested.omega.digits)
    found = []
    for size in range(1, nested.ties + 1):
        for columns in combinations(range(nested.ties), size):
            a = [height_of if i in columns else nested.omega.base / 2 for i in range(nested.omega.ties)]
            if Instance(nested.omega, tuple(a)).distance2(z) <= unit2:
                found.append(columns)
    return found


@given(st.integers(2, 5), st.lists(st.integers(-3, 9), min_size=6, max_size=6), st.integers(-2, 2))
@settings(max_examples=200)
def test_the_sets_on_which_an_answer_is_right_have_a_common_column(ties, parts, off):
    """Answers near vertices, faces and the centroid: all multiples of tenths of 10^-K that sum to about the height."""
    nested = NestedTies.create("sqrt-lasso", digits=2, rows=2, columns=ties + 2, ties=ties)
    unit, height = power_of_ten(-2), nested.omega.height(nested.omega.base)
    total = sum(parts[:ties]) or 1
    z = zeros(nested.omega.columns)
    for i in range(ties):
        z[i] = height * parts[i] / total + fmpq(off, 10) * unit * (i % 2)
    z[ties] = unit * fmpq(off, 7)
    found = right_sets(nested, z, nested.omega.base)
    for size in range(1, ties + 1):
        same = [set(columns) for columns in found if len(columns) == size]
        assert len(same) <= comb(ties - 1, size - 1)
    assert not found or set.intersection(*map(set, found))


def test_with_a_height_a_little_below_the_condition_the_centroid_is_right_on_sets_without_a_common_column():
    """h = 1/289 < 12^(1/2) 10^-3 < 1/288: (i') cannot be weaker."""
    for alpha, right in ((289, True), (288, False)):
        omega = OmegaClass.create("sqrt-lasso", digits=3, rows=1, columns=4, alpha=alpha)
        assert (12 * omega.height(omega.base) ** -2 > 10**6) == right
        centroid = omega.tie().centroid()
        for out in range(4):
            a = [omega.base / 2 if i == out else omega.base for i in range(4)]
            assert (Instance(omega, tuple(a)).distance2(centroid) <= power_of_ten(-6)) == right


# --- the game --------------------------------------------------------------------------------------


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("ties", [2, 3, 4])
def test_harmonic_attains_the_bound_on_each_input_of_the_chain(problem, ties):
    nested = NestedTies.create(problem, digits=3, rows=2, columns=ties + 2, ties=ties, disguise=True)
    result = certified(play_nested(strategy("harmonic"), nested, max_reads=30))
    assert [stage.right for stage in result.stages] == [nested.bound] * ties
    assert result.worst.bound == result.theorem == nested.bound and result.worst.unhalted == 0


@pytest.mark.slow
@pytest.mark.parametrize("honest", [False, True])
def test_harmonic_attains_it_on_every_chain(honest):
    """On the data of the theorem exactly, and on honest data, which are other data, at least."""
    three = NestedTies.create("bpdn", digits=2, rows=1, columns=3, ties=3)
    for count in range(3):
        for removed in permutations(range(1, 4), count):
            exponents = [three.q0 + 2 * k + (k == 1) for k in range(count)]
            instance = three.instance(removed, exponents)
            oracle = InstanceOracle(instance) if honest else ChainOracle(three, removed, exponents)
            found = success_probability(strategy("harmonic"), instance, oracle=oracle, max_reads=30)
            assert found.low >= three.bound and (honest or found.low == three.bound)


@pytest.mark.parametrize("seed", range(4))
def test_harmonic_on_noisy_data(seed):
    """Of an input with a tie of two of three, with an A_n anywhere in the ball."""
    three = NestedTies.create("lasso", digits=1, rows=1, columns=3, ties=3)
    instance = three.instance([2], [three.q0])
    noisy = NoisyInstanceOracle(instance, seed=seed)
    found = success_probability(strategy("harmonic"), instance, oracle=noisy, max_reads=20)
    assert found.low >= three.bound


def written_table(root):
    """The rows of the table in the documentation."""
    text = (root / "docs" / "randomised.md").read_text(encoding="utf-8").partition("## Nested ties")[2]
    text = text.partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()]
    return [row for row in rows if row[0] in STRATEGIES]


def test_the_table_of_the_documentation(root):
    infimum = {"harmonic": "12/25", "vertex": "1/4", "mixed": "2/7", "geometric": "1/4", "centroid": "0"}
    expected = []
    for name, least in infimum.items():
        result = certified(play_nested(strategy(name), FOUR, max_reads=40))
        lost = fmpq(1, 2**15) if name == "geometric" else fmpq(0)
        shown = [stage.right / (1 - lost) for stage in result.stages]
        expected.append([name, *map(str, shown), str(result.worst.bound), least])
    assert written_table(root) == expected


def test_a_budget_tells_what_no_run_can():
    """`mixed` waits for ever on a tie of two; within 40 data it has K digits there with probability 2/7."""
    unlimited = certified(play_nested(strategy("mixed"), FOUR, max_reads=40))
    assert unlimited.worst.bound == fmpq(4, 7) and len(unlimited.worst.removed) == 3
    within = certified(play_nested(strategy("mixed"), FOUR, budget=40))
    assert within.worst.bound == fmpq(2, 7) and len(within.worst.removed) == 2
    assert within.worst.over_budget == fmpq(3, 7) and within.theorem == fmpq(1, 4)


@st.composite
def algorithms(draw):
    """Trees of coins with reads on the way, and vertices, means of vertices or zero as answers."""
    outcomes = draw(
        st.lists(st.tuples(st.integers(1, 3), st.lists(st.integers(1, 9), max_size=2)), min_size=1, max_size=4)
    )
    answers = [draw(st.sets(st.integers(0, 3), max_size=2)) for _ in outcomes]
    return outcomes, answers


@given(algorithms())
@settings(max_examples=40)
def test_an_algorithm_that_halts_on_every_tape_has_at_most_the_bound_on_the_chain(case):
    outcomes, answers = case

    @randomised_algorithm
    def algorithm(data, tape):
        index = tape.choose([weight for weight, _ in outcomes])
        for n in outcomes[index][1]:
            data.read(n)
        point = zeros(4)
        for i in answers[index]:
            point[i] = FOUR.omega.height(FOUR.omega.base) / len(answers[index])
        return point

    result = certified(play_nested(player(algorithm), FOUR))
    assert [len(stage.removed) for stage in result.stages] == [0, 1, 2, 3]
    assert result.worst.bound <= FOUR.bound
    # the mean with the weights of the proof
    weighted = sum((stage.right / (4 - k) for k, stage in enumerate(result.stages)), fmpq(0)) * FOUR.bound
    assert weighted <= FOUR.bound
    for before, after in pairwise(result.stages):
        read = max((n for outcome in before.outcomes for n in outcome.reads), default=0)
        assert after.exponents[-1] >= max(read, FOUR.q0)
        assert [(o.reads, o.weight) for o in before.outcomes] == [(o.reads, o.weight) for o in after.outcomes]


def test_what_is_undecided():
    result = play_nested(strategy("reader"), FOUR, max_reads=8)
    assert result.verdict == "undecided" and "might succeed" in result.reason
    with pytest.raises(UsageError, match="undecided game"):
        nested_ties_certificate(result)
    count = iter(range(1000))

    @sequential_algorithm
    def changes(data):
        return [next(count), 0, 0, 0]

    result = play_nested(player(changes), FOUR)
    assert result.verdict == "undecided" and "keeps state" in result.reason


def test_bad_arguments():
    @randomised_algorithm(coins="numpy")
    def draws(data, generator):
        return [0, 0, 0, 0]

    for options, said in [
        ({"length": -1}, "length of a tape"),
        ({"leaves": 0}, "number of runs"),
        ({"precision": 0}, "precision"),
        ({"max_reads": 0}, "number of reads"),
        ({"budget": -1}, "budget"),
    ]:
        with pytest.raises(UsageError, match=said):
            play_nested(strategy("vertex"), FOUR, **options)
    with pytest.raises(UsageError, match="cannot be enumerated"):
        play_nested(player(draws), FOUR)


@pytest.mark.slow
def test_the_same_in_a_process_of_its_own():
    with IsolatedRandomised("harmonic", problem="lasso", limits=Limits(seconds=20.0)) as there:
        found = certified(play_nested(there, FOUR, max_reads=20))
    here = play_nested(strategy("harmonic"), FOUR, max_reads=20)
    assert nested_ties_certificate(found) == nested_ties_certificate(here)


COMMAND = ("--problem", "lasso", "--digits", "3", "--size", "1", "4", "--nested-ties", "4")


def test_the_command(call, empty_directory):
    code, out, err = call("randomised", "harmonic", *COMMAND, "--max-reads", "20", "--in-process")
    assert code == 0 and err == "" and "nested ties of 4 columns" in out and "bound     12/25" in out
    assert os.listdir() == ["harmonic.lasso-K3.nested-ties.cert.json"]
    assert verify_path(os.listdir()[0]).verdict == "valid"
    code, out, err = call("randomised", "mixed", *COMMAND, "--budget", "20", "--json", "--in-process")
    result = json.loads(out)["result"]
    assert code == 0 and err == "" and result["bound"]["exact"] == "2/7"
    assert result["nested"]["worst"] == 2 and [len(one["removed"]) for one in result["nested"]["inputs"]] == [
        0,
        1,
        2,
        3,
    ]
    code, out, err = call("randomised", "reader", *COMMAND, "--max-reads", "5", "--in-process")
    assert code == 3 and "might succeed" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--seeds", "9"], "leave out --seeds"),
        (["--family", "weak"], "leave out --seeds"),
        (["--nested-ties", "8"], "--nested-ties"),
        (["--size", "3", "5"], "from 2 to 3"),
    ],
)
def test_bad_options_are_one_line(call, empty_directory, arguments, said):
    code, out, err = call("randomised", "vertex", *COMMAND, *arguments)
    assert code == 2 and out == "" and said in err and err.count("\n") == 1
    assert os.listdir() == []


# --- replays ---------------------------------------------------------------------------------------


def recorded(name="mixed", provenance=None, **options):
    found = play_nested(strategy(name), FOUR, **options)
    said = {"max reads": str(options["max_reads"]), "tapes": "16"} if "max_reads" in options else {}
    return read_recorded(nested_ties_certificate(found, provenance=said | (provenance or {})))


@pytest.mark.parametrize("options", [{"max_reads": 20}, {"budget": 20}])
def test_a_replay_is_the_same(options):
    assert replay_nested(recorded(**options), strategy("mixed")).verdict == "same"
    outcome = replay_nested(recorded(**options), strategy("vertex"))
    assert outcome.verdict == "different" and "has probability" in outcome.reason
    assert replay_nested(recorded("harmonic", **options), strategy("reader")).verdict in ("undecided", "different")


def test_a_file_that_contradicts_itself_is_different():
    kept = recorded(budget=20)
    for changed, said in [
        ({"exponents": (0, 1)}, "no such input"),
        ({"exponents": (9, 3)}, "no such input"),
    ]:
        data = nested_ties_certificate(play_nested(strategy("mixed"), FOUR, budget=20))
        obj = json.loads(data)
        obj["claim"]["exponents"] = [hex(q) for q in changed["exponents"]]
        outcome = replay_nested(read_recorded(seal(obj)), strategy("mixed"))
        assert outcome.verdict == "different" and said in outcome.reason
    assert len(kept.removed) == 2 and kept.budget == 20


def test_the_command_replays(call, empty_directory):
    assert call("randomised", "harmonic", *COMMAND, "--max-reads", "20", "--in-process", "--out", "x.cert.json")[0] == 0
    code, out, err = call("replay", "x.cert.json", "harmonic", "--in-process")
    assert code == 0 and err == "" and out.startswith("same: 10 outcomes")
    code, out, _ = call("replay", "x.cert.json", "vertex", "--in-process")
    assert code == 1 and out.startswith("different: ")

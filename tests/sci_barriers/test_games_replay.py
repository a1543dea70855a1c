"""Replays of budgets and of randomised algorithms: the same solver does the same, and one that changes is noticed."""

import contextlib
import json
from dataclasses import replace

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from exact_base.scalars import exact_array
from proofs_checks.certificate.reading import MalformedCertificate, parse
from proofs_checks.certificate.writing import build, encode_integer
from proofs_checks.checker import verify_bytes
from sci_barriers import (
    Candidate,
    IsolatedCandidate,
    OmegaClass,
    UsageError,
    challenge,
    load_candidate,
    play_budget,
    randomised_algorithm,
    sequential_algorithm,
)
from sci_barriers.breakdown.epsilon import breakdown_epsilon
from sci_barriers.certificates.barrier import barrier_certificate
from sci_barriers.certificates.breakdown import breakdown_certificate
from sci_barriers.certificates.budget import budget_certificate
from sci_barriers.certificates.control import control_certificate
from sci_barriers.certificates.randomised import randomised_certificate
from sci_barriers.games.recorded import read_recorded
from sci_barriers.games.replay import replay, replay_randomised
from sci_barriers.isolation.tapes import IsolatedRandomised
from sci_barriers.omega.codec import encode_class
from sci_barriers.randomised.game import enumerate_tapes, sample_tapes
from sci_barriers.randomised.runs import RandomisedCandidate
from tests.proofs_checks.builders import changed

pytestmark = pytest.mark.usefixtures("empty_directory")

COMPARES = (
    "This compares a run with the file, and says nothing of what the file claims.\n"
    "check with: proofs-checks verify x.cert.json\n"
)

WEAK = OmegaClass.create("lasso", digits=3, rows=2, columns=4, family="weak")
STRONG = OmegaClass.create("lasso", digits=3, rows=2, columns=4)


# --- budgets ---------------------------------------------------------------------------------------


def reading(precisions, answer=(0, 0, 0, 0)):
    @sequential_algorithm
    def algorithm(data):
        for n in precisions:
            data.read(n)
        return exact_array(list(answer))

    return Candidate("test", algorithm)


def recorded_budget(candidate, budget):
    return read_recorded(budget_certificate(play_budget(candidate, WEAK, budget=budget)))


precision_lists = st.lists(st.integers(1, 9), max_size=5)


@given(precision_lists, precision_lists, st.integers(0, 4), st.sampled_from([0, 1, fmpq(1, 3)]), st.booleans())
def test_a_replay_is_the_same_exactly_if_what_counts_is(before, after, budget, entry, kept):
    """By definition: the first M + 1 reads, and the answer if there are no more than M."""
    if kept:
        after = before[: budget + 1] + after if len(before) > budget else before
    recorded = recorded_budget(reading(before), budget)
    outcome = replay(recorded, reading(after, (entry, 0, 0, 0)))
    within = len(before) <= budget
    same = before[: budget + 1] == after[: budget + 1] and (not within or entry == 0)
    assert outcome.verdict == ("same" if same else "different"), outcome.reason


def test_what_a_one_shot_solver_is_told_is_in_the_provenance(call, empty_directory):
    (empty_directory / "mine.py").write_text(
        "from sci_barriers import sequential_algorithm\n"
        "@sequential_algorithm\ndef slow(data):\n"
        "    for n in range(1, data.known.precision): data.read(n)\n"
        "    return [0, 0, 0]\n"
    )
    common = ("--problem", "lasso", "--digits", "3", "--size", "2", "3", "--out", "x.cert.json")
    assert call("budget", "mine.py:slow", *common, "--reads", "4")[0] == 0
    # told to read to 5, the largest precision recorded, it would answer
    code, out, _ = call("replay", "x.cert.json", "mine.py:slow")
    assert (code, out) == (0, "same: it reads more than 4 data again, the same ones\n" + COMPARES)
    parsed = parse((empty_directory / "x.cert.json").read_bytes())
    for text in ("", "many", "0", "10000001", "²"):
        bare = build("budget", claim=parsed.claim, evidence=parsed.evidence, provenance={"precision": text})
        assert read_recorded(bare).precision == 5


def wide(kind, claim, evidence):
    omega = OmegaClass.create("lasso", digits=3, rows=2, columns=65_536)
    common = {"access": "query", "class": encode_class(omega), "exponent": "0x200", "index": "0x1"}
    return build(kind, claim=common | claim, evidence=evidence, provenance={})


def column(n):
    return {"rows": "0x10000", "cols": "0x1", "den": "0x1", "entries": [["0x0", "0x0", hex(n)]]}


def test_a_short_file_cannot_ask_for_all_memory():
    """Each of these takes some 100 bytes of the file, and half a MiB as an array."""
    repeated, other = (
        [["0x1", hex(n), ["0x1", "0x1"], column(n if new else 1)] for n in range(1, 300)] for new in (0, 1)
    )
    record = read_recorded(wide("barrier", {"output": column(1)}, {"transcript": repeated}))
    assert len(record.transcript) == 299 and record.transcript[-1].point is record.transcript[0].point
    with pytest.raises(UsageError, match="longer than a replay holds"):
        read_recorded(wide("barrier", {"output": column(1)}, {"transcript": other}))
    claim = {"bound": ["0x0", "0x1"], "budget": None, "method": "enumerated"}
    outcomes = [{"output": column(n), "reads": [], "weight": "0x1"} for n in range(1, 300)]
    with pytest.raises(UsageError, match="longer than a replay holds"):
        read_recorded(wide("randomised", claim, {"denominator": "0x12b", "outcomes": outcomes, "transcript": []}))


def test_a_refused_read_counts_though_the_solver_hides_it():
    @sequential_algorithm
    def hides(data):
        data.read(3)
        with contextlib.suppress(Exception):
            data.read(7)
        return exact_array([0, 0, 0, 0])

    outcome = replay(recorded_budget(reading([3]), 2), Candidate("hides", hides))
    assert (outcome.verdict, outcome.reason) == (
        "different",
        "it asked for precision 7, which the certificate does not record",
    )


def test_budgets_in_a_process_of_their_own():
    other = load_candidate("ista", problem="lasso")
    with IsolatedCandidate("exact", problem="lasso") as candidate:
        for access, budget in (("query", 3), ("stream", 3), ("stream", 0)):
            data = budget_certificate(play_budget(candidate, WEAK, budget=budget, access=access, precision=9))
            recorded = replace(read_recorded(data), precision=9)
            assert replay(recorded, candidate).verdict == "same"
            # what is over the budget is not changed by another answer
            assert replay(recorded, other).verdict == ("different" if access == "query" else "same")


# --- randomised algorithms -------------------------------------------------------------------------


def guesses(weights, reads=0, fails=()):
    @randomised_algorithm
    def guess(data, tape):
        i = tape.choose(weights)
        for n in range(1, reads + 1):
            data.read(n)
        if i in fails:
            raise ValueError("no answer")
        return [int(i == j) / 512 for j in range(4)]

    return RandomisedCandidate("guess", guess)


def enumerated(player, **options):
    return read_recorded(randomised_certificate(enumerate_tapes(player, STRONG, **options)))


all_weights = st.lists(st.integers(0, 3), min_size=3, max_size=3).filter(any)


@given(all_weights, all_weights, st.integers(0, 2), st.integers(0, 2))
def test_an_enumeration_is_the_same_exactly_if_the_probabilities_are(before, after, reads, later):
    outcome = replay_randomised(enumerated(guesses(before, reads)), guesses(after, later))
    proportional = [w * sum(after) for w in before] == [w * sum(before) for w in after]
    same = proportional and reads == later
    assert outcome.verdict == ("same" if same else "different"), outcome.reason


def test_what_did_not_halt_counts_too():
    recorded = enumerated(guesses([1, 1, 2], fails=[1]))
    assert replay_randomised(recorded, guesses([1, 1, 2], fails=[1])).verdict == "same"
    outcome = replay_randomised(recorded, guesses([1, 1, 2]))
    assert outcome.verdict == "different"
    assert outcome.reason == "the outcome that reads nothing and answers has probability 1/4, the certificate records 0"
    assert replay_randomised(recorded, guesses([1, 1, 2], fails=[0, 1, 2])).verdict == "undecided"


def test_reads_of_runs_that_did_not_halt_are_answered_again():
    """They are not in the file, and a run that gets no answer to them might do something else."""

    @randomised_algorithm
    def waits(data, tape):
        n = 0
        while tape.bit():
            n += 1
            data.read(n)
        return [data.read(1).point[0], 0, 0, 0]

    player = RandomisedCandidate("waits", waits)
    recorded = enumerated(player, length=3, max_reads=2)
    assert replay_randomised(replace(recorded, length=3, max_reads=2), player).verdict == "same"
    longer = replay_randomised(recorded, player)
    assert longer.verdict == "different" and "the certificate records 0" in longer.reason


def test_an_algorithm_with_state_is_undecided():
    calls = []

    @randomised_algorithm
    def counts(data, tape):
        calls.append(tape.bit())
        return [len(calls), 0, 0, 0]

    outcome = replay_randomised(enumerated(guesses([1, 1])), RandomisedCandidate("counts", counts))
    assert outcome.verdict == "undecided" and "keeps state" in outcome.reason


def test_the_recorded_answers_are_given_and_not_those_of_this_version():
    @randomised_algorithm
    def point(data, tape):
        return data.read(5).point * (1 + tape.bit())

    player = RandomisedCandidate("point", point)
    recorded = enumerated(player)
    (read,) = recorded.transcript
    moved = replace(read, point=read.point * fmpq(99, 100))
    assert replay_randomised(recorded, player).verdict == "same"
    assert replay_randomised(replace(recorded, transcript=(moved,)), player).verdict == "different"


def sampler(threshold):
    @randomised_algorithm(coins="numpy")
    def solve(data, generator):
        i = int(generator.random() < threshold)
        return [int(i == j) / 512 for j in range(4)]

    return RandomisedCandidate("sampler", solve)


def test_samples_are_made_again_with_the_same_seeds():
    recorded = read_recorded(randomised_certificate(sample_tapes(sampler(0.5), STRONG, seeds=60)))
    assert replay_randomised(recorded, sampler(0.5)).reason == (
        "60 runs with the recorded seeds came out the same, bit by bit"
    )
    outcome = replay_randomised(recorded, sampler(0.6))
    assert outcome.verdict == "different" and "with seed" in outcome.reason
    assert replay_randomised(recorded, sampler(2.0)).verdict == "different"


def test_an_algorithm_without_tapes_cannot_be_enumerated_again():
    with pytest.raises(UsageError, match="cannot be enumerated"):
        replay_randomised(enumerated(guesses([1, 2])), sampler(0.5))


# --- the command -----------------------------------------------------------------------------------

MINE = """
from sci_barriers import randomised_algorithm

@randomised_algorithm
def solve(data, tape):
    print("noise")
    n = 0
    while tape.bit():
        n += 1
        data.read(n)
    return [0, 0, {last}]
"""
COMMON = ("--problem", "lasso", "--digits", "3", "--size", "2", "3", "--out", "x.cert.json")


@pytest.mark.parametrize("place", [(), ("--in-process",)])
def test_the_command_replays_all_tapes(call, empty_directory, place):
    file = empty_directory / "mine.py"
    file.write_text(MINE.format(last="0"))
    options = ("--tapes", "5", "--max-reads", "3", *place)
    assert call("randomised", "mine.py:solve", *COMMON, *options)[0] == 0
    code, out, _ = call("replay", "x.cert.json", "mine.py:solve", *place)
    assert (code, out) == (
        0,
        "same: 3 outcomes have their probabilities exactly, from 4 runs of all tapes\n" + COMPARES,
    )
    if not place:
        file.write_text(MINE.format(last="2e-3"))
        code, out, _ = call("replay", "x.cert.json", "mine.py:solve", "--json")
        assert code == 1 and json.loads(out)["verdict"] == "different"


def test_the_command_replays_seeds_and_strategies(call):
    assert call("randomised", "vertex", *COMMON, "--seeds", "20")[0] == 0
    code, out, _ = call("replay", "x.cert.json", "vertex")
    assert (code, out) == (0, "same: 20 runs with the recorded seeds came out the same, bit by bit\n" + COMPARES)
    code, out, _ = call("replay", "x.cert.json", "mixed", "--in-process")
    assert code == 1 and out.startswith("different: ")


def test_a_kind_without_runs_says_which_have_them(call, empty_directory):
    (empty_directory / "x.cert.json").write_bytes(breakdown_certificate(breakdown_epsilon(STRONG)))
    code, out, err = call("replay", "x.cert.json", "exact")
    assert code == 2 and out == "" and err.count("\n") == 1
    assert (
        "'breakdown' records no run of a solver; give one of kind barrier, control, budget, randomised or nested-ties"
        in err
    )


@pytest.mark.parametrize("part", ["claim", "evidence"])
@pytest.mark.parametrize("made", ["budget", "enumerated", "sampled"])
def test_missing_fields_are_malformed(call, empty_directory, part, made):
    if made == "budget":
        data = budget_certificate(play_budget(reading([2]), WEAK, budget=1))
    elif made == "enumerated":
        data = randomised_certificate(enumerate_tapes(guesses([1, 1]), STRONG))
    else:
        data = randomised_certificate(sample_tapes(guesses([1, 1]), STRONG, seeds=20))
    parsed = parse(data)
    fields = getattr(parsed, part)
    for name in fields:
        body = {
            "claim": parsed.claim,
            "evidence": parsed.evidence,
            part: {k: v for k, v in fields.items() if k != name},
        }
        (empty_directory / "x.cert.json").write_bytes(build(parsed.kind, provenance={}, **body))
        code, out, err = call("replay", "x.cert.json", "vertex")
        assert (code, out, err.count("\n")) == (4, "", 1), name


@pytest.mark.parametrize("emptied", ["seeds", "outcomes", "all"])
def test_samples_without_a_run_are_malformed(call, empty_directory, emptied):
    parsed = parse(randomised_certificate(sample_tapes(guesses([1, 1]), STRONG, seeds=20)))
    evidence = dict(parsed.evidence)
    if emptied == "seeds":
        evidence["outcomes"] = [outcome | {"seeds": []} for outcome in evidence["outcomes"]]
    else:
        evidence["outcomes"] = []
        evidence["unhalted"] = [] if emptied == "all" else [encode_integer(7)]
    data = build(parsed.kind, provenance={}, claim=parsed.claim, evidence=evidence)
    (empty_directory / "x.cert.json").write_bytes(data)
    code, out, err = call("replay", "x.cert.json", "vertex")
    assert (code, out, err.count("\n")) == (4, "", 1) and "outcomes" in err
    assert verify_bytes(data).verdict == "malformed"


def test_isolated_runs_are_replayed_as_those_here(empty_directory):
    (empty_directory / "mine.py").write_text(MINE.format(last="0"))
    with IsolatedRandomised("mine.py:solve", problem="lasso") as player:
        omega = OmegaClass.create("lasso", digits=3, rows=2, columns=3)
        recorded = read_recorded(randomised_certificate(enumerate_tapes(player, omega, length=4)))
        assert replay_randomised(replace(recorded, length=4), player).verdict == "same"
        assert replay_randomised(recorded, player).verdict == "different"


# --- files that the checker refuses --------------------------------------------------------------------------------


def files():
    """One certificate of each kind that records runs, by the solver that made it."""
    exact = load_candidate("exact", problem="lasso")
    played = challenge(exact, STRONG)
    return {
        "barrier": barrier_certificate(played.game),
        "control": control_certificate(played.control),
        "budget": budget_certificate(play_budget(exact, WEAK, budget=1)),
        "over-budget": budget_certificate(play_budget(reading([2, 3]), WEAK, budget=1)),
        "enumerated": randomised_certificate(enumerate_tapes(guesses([1, 1], reads=1), STRONG)),
        "sampled": randomised_certificate(sample_tapes(guesses([1, 1], reads=1), STRONG, seeds=20)),
    }


def changes():
    """(name of the file, path, value): each makes a file that the checker calls malformed or invalid."""
    for name in ("barrier", "budget", "over-budget", "enumerated", "sampled"):
        yield name, ["claim", "exponent"], "0x0"
        if name not in ("enumerated", "sampled"):  # whose reads are of precision 1
            yield name, ["claim", "exponent"], "0x1"
        yield name, ["claim", "exponent"], hex(10**6 + 1)
        yield name, ["claim", "index"], "0x0"
        yield name, ["claim", "index"], "0x9"
    for name in ("barrier", "control", "budget", "over-budget", "enumerated", "sampled"):
        yield name, ["evidence", "transcript", 0, 0], "0x2"
        yield name, ["evidence", "transcript", 0, 2], ["-0x1", "0x1"]
        yield name, ["evidence", "transcript", 0, 2], ["0x1", "0x1"]
    yield "control", ["claim", "verdict"], "perhaps"
    yield "control", ["claim", "verdict"], "inaccurate"
    yield "barrier", ["evidence", "transcript"], []
    yield "over-budget", ["evidence", "transcript"], []
    yield "enumerated", ["claim", "bound"], ["0x1", "0x1"]
    yield "sampled", ["claim", "bound"], ["-0x1", "0x2"]
    yield "sampled", ["claim", "level"], ["0x1", "0x1"]
    yield "sampled", ["evidence", "outcomes"], []


@pytest.mark.parametrize(("name", "path", "value"), list(changes()), ids=str)
def test_what_the_checker_refuses_is_not_the_same(call, empty_directory, name, path, value):
    data = changed(files()[name], path, value)
    verdict = verify_bytes(data).verdict
    assert verdict in ("malformed", "invalid")
    (empty_directory / "x.cert.json").write_bytes(data)
    (empty_directory / "mine.py").write_text(GUESSES)
    solver = "mine.py:guess" if name in ("enumerated", "sampled") else "mine.py:two" if "-" in name else "exact"
    code, out, err = call("replay", "x.cert.json", solver, "--in-process")
    assert code in (1, 2, 4) and "same" not in out.split(":")[0], (verdict, out)
    assert code != 4 or verdict == "malformed"
    assert code == 1 or (out, err.count("\n")) == ("", 1)


GUESSES = """
from sci_barriers import randomised_algorithm, sequential_algorithm

@randomised_algorithm
def guess(data, tape):
    i = tape.choose([1, 1])
    data.read(1)
    return [int(i == j) / 512 for j in range(4)]

@sequential_algorithm
def two(data):
    for n in (2, 3):
        data.read(n)
    return [0, 0, 0, 0]
"""


def test_the_files_themselves_are_the_same(call, empty_directory):
    (empty_directory / "mine.py").write_text(GUESSES)
    for name, data in files().items():
        (empty_directory / "x.cert.json").write_bytes(data)
        assert verify_bytes(data).verdict == "valid"
        solver = "mine.py:guess" if name in ("enumerated", "sampled") else "mine.py:two" if "-" in name else "exact"
        code, out, _ = call("replay", "x.cert.json", solver, "--in-process")
        assert (code, out.partition(":")[0]) == (0, "same"), (name, out)


def test_a_record_that_answers_one_question_twice():
    data = budget_certificate(play_budget(reading([2, 2]), WEAK, budget=2))
    twice = changed(data, ["evidence", "transcript", 1, 3], {"rows": "0x4", "cols": "0x1", "den": "0x1", "entries": []})
    outcome = replay(read_recorded(twice), reading([2, 2]))
    assert outcome.verdict == "different" and "answers precision 2 otherwise than an earlier read" in outcome.reason
    stream = changed(data, ["claim", "access"], "stream")
    outcome = replay(read_recorded(stream), reading([2, 2]))
    assert outcome.verdict == "different" and "read 1 of a stream has precision 2" in outcome.reason


def test_a_record_with_roots_is_malformed():
    root = {"rows": "0x4", "cols": "0x1", "den": "0x1", "entries": [["0x0", "0x0", {"a": "0x0", "b": "0x1"}]]}
    data = changed(files()["barrier"], ["claim", "output"], root)
    with pytest.raises(MalformedCertificate, match="without a root"):
        read_recorded(data)

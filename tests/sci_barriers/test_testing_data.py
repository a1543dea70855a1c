"""Oracles, training data, transcripts, tapes, levels, null space properties and certificates that the kit draws."""

import sys

import pytest
from flint import fmpq
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from exact_base.errors import SolverError, UsageError
from exact_base.linalg import operator_norm_at_most
from exact_base.rationals import power_of_two
from exact_base.scalars import norm2
from firenet_exact import Levels, by_coherence
from proofs_checks.certificate import reading
from proofs_checks.checker import verify_bytes
from sci_barriers import randomised_algorithm
from sci_barriers.data.structured import CommonOracle
from sci_barriers.data.training_data import QueryAccess, Stopped
from sci_barriers.omega.known import known_of
from sci_barriers.testing import (
    assert_valid_training_data,
    certificates,
    known_problems,
    levels,
    null_space_properties,
    omega_classes,
    oracles,
    tapes,
    training_data,
    transcripts,
    well_posed,
)
from sci_barriers.testing.data_strategies import KINDS

ONCE = settings(max_examples=200, database=None, phases=[Phase.generate, Phase.shrink])
ANY = settings(max_examples=1000, database=None, phases=[Phase.generate])


@pytest.mark.parametrize("kind", KINDS)
def test_training_data_are_valid_by_the_inequalities(kind):
    @settings(max_examples=40)
    @given(training_data(kind=kind))
    def check(valid):
        matrix, data = valid.instance.matrix.exact, valid.instance.samples[0].exact
        assert valid.triples
        for triple, minimiser in zip(valid.triples, valid.minimisers, strict=True):
            bound = power_of_two(-triple.n)
            assert norm2(triple.data - data) <= bound**2
            assert operator_norm_at_most(triple.matrix - matrix, bound)
            problem = valid.instance.instance(triple.matrix, triple.data)
            problem.minimiser(minimiser.point, dual=minimiser.dual)
            assert norm2(triple.point - minimiser.point) <= bound**2

    check()


def test_a_report_shows_the_numbers_behind_what_was_drawn():
    """Nothing is an object at an address: a failed example can be read."""

    @settings(max_examples=60, database=None)
    @given(known_problems(), st.data())
    def check(known, data):
        shown = repr(data.draw(oracles(known)))
        assert " at 0x" not in shown
        assert known.problem.name in shown or type(known.problem).__name__ in shown

    check()
    assert " at 0x" not in repr(find(training_data(), lambda valid: True, settings=ANY))


def test_noisy_data_are_noisy_and_exact_data_exact():
    @settings(max_examples=30)
    @given(training_data("lasso", kind="noisy"))
    def noisy(valid):
        # A_n of the class is noisy in a, at least
        assert all((triple.matrix != valid.instance.matrix.exact).any() for triple in valid.triples)

    @settings(max_examples=30)
    @given(well_posed(complex_=True), st.data())
    def exactly(known, data):
        valid = data.draw(training_data(kind="exact", known=known))
        assert all((triple.matrix == known.problem.matrix).all() for triple in valid.triples)

    noisy()
    exactly()


def test_training_data_shrink_to_one_small_precision():
    valid = find(training_data(kind="honest"), lambda v: True, settings=ONCE)
    assert [(triple.k, triple.n) for triple in valid.triples] == [(1, 1)]
    assert valid.instance.matrix.shape == (1, 1)


@settings(max_examples=40)
@given(known_problems(complex_=False), st.data())
def test_oracles_repeat_themselves(known, data):
    oracle = data.draw(oracles(known))
    n = data.draw(st.integers(1, 30))
    try:
        first, second = oracle.read(k=1, n=n), oracle.read(k=1, n=n)
    except SolverError:
        assert known.problem.name == "bpdn"
        return
    assert (first.matrix == second.matrix).all() and (first.point == second.point).all()
    assert_valid_training_data([first, second], known)


def test_what_cannot_be_drawn_is_refused():
    complex_one = find(well_posed(complex_=True), lambda k: not k.problem.is_real, settings=ANY)
    with pytest.raises(UsageError, match="exact"):
        find(oracles(complex_one, kind="noisy"), lambda o: True, settings=ONCE)
    with pytest.raises(UsageError, match="choose from minimiser"):
        find(certificates("reads-like-nothing"), lambda c: True, settings=ONCE)


@settings(max_examples=40)
@given(transcripts())
def test_transcripts_are_those_of_the_common_oracle(drawn):
    omega, reads = drawn
    again = CommonOracle(omega)
    for read in reads:
        triple = again.read(k=read.k, n=read.n)
        assert again.transcript[-1].c == read.c and (triple.point == read.point).all()
        assert read.c * read.c - omega.tie().c2 >= 0


@given(tapes(most=5), st.lists(st.integers(0, 3), min_size=1, max_size=4).filter(any))
def test_tapes_give_possible_outcomes_and_stop(tape, weights):
    again = tape.rewound()
    drawn = [tape.bit() for _ in range(5)]
    assert set(drawn) <= {0, 1} and drawn == [again.bit() for _ in range(5)]
    with pytest.raises(Stopped):
        tape.bit()
    assert tape.stopped and weights[tape.rewound().choose(weights)] > 0


def test_every_run_of_a_randomised_algorithm_is_drawn():
    @randomised_algorithm
    def guess(data, tape):
        data.read(3)
        point = [fmpq(0)] * data.known.columns
        point[tape.choose([1, 0, 2])] = fmpq(1 + tape.bit())
        return point

    omega = find(omega_classes("lasso", digits=3), lambda o: o.columns == 3, settings=ANY)

    def run(tape):
        return guess(QueryAccess(known_of(omega), CommonOracle(omega)), tape.rewound())

    for i in (0, 2):
        for size in (1, 2):
            tape = find(tapes(most=2), lambda t, i=i, size=size: run(t)[i] == size, settings=ANY)
            assert tape.length == 2


def test_tapes_shrink():
    assert find(tapes(), lambda tape: sum(tape.bit() for _ in range(3)) >= 2, settings=ONCE).choices == (1, 1)
    assert find(tapes(), lambda tape: True, settings=ONCE).choices == ()


@given(levels())
def test_levels_fit_together(drawn):
    assert isinstance(drawn, Levels) and 1 <= drawn.columns <= 8
    assert all(1 <= s <= end - start for s, start, end in zip(drawn.sparsities, drawn.starts, drawn.ends, strict=True))


def test_levels_shrink_and_take_a_size():
    least = find(levels(), lambda drawn: True, settings=ONCE)
    assert (least.ends, least.sparsities, least.weights) == ((1,), (1,), (fmpq(1),))
    assert find(levels(5), lambda drawn: True, settings=ONCE).ends == (5,)
    assert len(find(levels(), lambda drawn: len(drawn.ends) >= 3, settings=ONCE).ends) == 3


@settings(max_examples=40)
@given(null_space_properties(), st.lists(st.integers(-3, 3), min_size=8, max_size=8))
def test_null_space_properties_hold(proved, entries):
    assert proved.rho < 1 and by_coherence(proved.matrix, proved.levels).rho == proved.rho
    # the inequality itself, for one vector and each support, compared in float64 with room to spare
    a, n = proved.matrix.to_float(), proved.matrix.cols
    x = [float(v) for v in entries[:n]]
    rest = sum(v * v for v in a @ x) ** 0.5
    rho, gamma, xi = (float(int(v.p) / int(v.q)) for v in (proved.rho, proved.gamma, proved.levels.xi))
    for support in proved.levels.supports():
        inside = sum(x[j] ** 2 for j in support) ** 0.5
        outside = sum(abs(x[j]) for j in range(n) if j not in support)
        assert inside <= rho * outside / xi**0.5 + gamma * rest + 1e-9


def test_some_null_space_properties_are_of_wide_matrices():
    wide = find(null_space_properties(), lambda p: p.matrix.cols > p.matrix.rows, settings=ONCE)
    assert (wide.matrix.rows, wide.matrix.cols) == (4, 5)


@pytest.mark.slow_for("recovery")
@pytest.mark.parametrize("kind", reading.KINDS)
def test_certificates_are_valid(kind):
    verdicts = set()

    @settings(max_examples=15)
    @given(certificates(kind))
    def check(data):
        assert reading.parse(data).kind == kind
        report = verify_bytes(data)
        verdicts.add((report.verdict, report.reason))

    check()
    assert verdicts == {("valid", None)}


@pytest.mark.slow
def test_every_kind_of_certificate_is_drawn():
    kinds = set()

    @settings(ANY, derandomize=True, max_examples=600)
    @given(certificates())
    def draw(data):
        kinds.add(reading.parse(data).kind)

    draw()
    assert kinds == set(reading.KINDS)


def test_no_certificate_needs_a_solver_that_an_extra_installs(monkeypatch):
    for name in ("clarabel", "cvxpy", "highspy", "scipy", "scipy.optimize", "sklearn"):
        monkeypatch.setitem(sys.modules, name, None)

    @settings(ANY, derandomize=True, max_examples=200)
    @given(certificates())
    def draw(data):
        assert data

    draw()


@pytest.mark.slow_for("randomised-<lambda>2")
@pytest.mark.parametrize(
    ("kind", "is_one"),
    [
        ("breakdown", lambda claim, _: claim["form"] == "class"),
        ("breakdown", lambda claim, _: claim["form"] == "family"),
        ("budget", lambda claim, _: claim["output"] is None),
        ("budget", lambda claim, _: claim["output"] is not None),
        ("conditioning", lambda claim, _: claim["instance"]["form"] == "tie"),
        ("conditioning", lambda claim, _: claim["instance"]["form"] == "tie-sensitivity"),
        ("conditioning", lambda claim, _: claim["instance"]["form"] == "member"),
        ("conditioning", lambda claim, _: claim["instance"]["form"] == "control"),
        ("conditioning", lambda claim, _: claim["instance"]["form"] == "tie-samples"),
        ("conditioning", lambda claim, _: claim["instance"]["form"] == "member-samples"),
        ("conditioning", lambda claim, _: claim["instance"]["form"] == "control-samples"),
        ("conditional-recovery", lambda claim, _: len(claim["levels"]) > 1),
        ("forward-error", lambda claim, _: len(claim["network"]["scales"]) == 2),
        ("network-exists", lambda claim, _: len(claim["samples"]) == 3 and claim["root"] != "0x0"),
        ("null-space-refuted", lambda _, evidence: len(evidence["vector"]["entries"]) >= 3),
        ("randomised", lambda claim, _: claim["method"] == "sampled" and claim["budget"] is None),
        ("randomised", lambda claim, _: claim["method"] == "enumerated" and claim["budget"] is not None),
        ("randomised", lambda _, evidence: evidence.get("unhalted")),
        ("nested-ties", lambda claim, evidence: len(claim["removed"]) > 1 and evidence["transcript"]),
        ("nested-ties", lambda claim, _: claim["budget"] is not None),
        ("reads", lambda claim, _: claim["reads"] == []),
        ("reads", lambda claim, _: claim["access"] == "stream" and claim["samples"]),
        ("recovery", lambda claim, _: claim["compressibility"] != ["0x0", "0x1"]),
        ("solution-digits", lambda claim, _: claim["unique"] == "yes" and claim["minimiser"]["places"]),
        ("solution-digits", lambda claim, _: claim["unique"] == "no" and claim["problem"]["intercept"]),
        ("path", lambda claim, _: len(claim["breakpoints"]) > 3 and all(claim["unique"])),
        ("path", lambda claim, _: len(claim["breakpoints"]) == 1),
        ("path", lambda claim, _: not all(claim["unique"]) and claim["problem"]["intercept"]),
        ("data-digits", lambda claim, _: len(claim["scales"]) == 4 and claim["coefficients"]),
        ("data-digits", lambda claim, evidence: claim["problem"]["intercept"] and len(evidence["allowed"]) > 1),
        ("data-digits", lambda claim, _: claim["objective"] == "sqrt-lasso" and claim["coefficients"]),
        ("data-digits", lambda claim, _: claim["objective"] == "bpdn" and claim["problem"]["intercept"]),
        ("data-pair", lambda claim, _: claim["precision"]["matrix"]["norm"] and claim["problem"]["intercept"]),
        ("data-pair", lambda _, evidence: evidence["first"]["columns"] and evidence["second"]["data"]),
        ("data-pair", lambda claim, _: claim["objective"] == "bpdn"),
        ("data-pair", lambda claim, _: claim["objective"] == "sqrt-lasso" and claim["problem"]["intercept"]),
        ("data-pair", lambda claim, _: len(claim["problem"]["matrix"]["shape"]) == 3),
        ("null-space-walsh", lambda claim, evidence: claim["dimension"] == "0x2" and any(evidence["weights"])),
        ("null-space-walsh", lambda claim, _: len({level["sparsity"] for level in claim["levels"]}) > 2),
        ("recovery-walsh", lambda claim, evidence: claim["scales"] is None and evidence["splits"]),
        ("recovery-walsh", lambda claim, evidence: claim["scales"] and not evidence["splits"]),
        ("recovery-walsh", lambda claim, evidence: claim["scales"] and not evidence["weights"]),
        ("recovery-walsh", lambda claim, _: "total" in claim["noise"] and "total" in claim["compressibility"]),
    ],
)
def test_certificates_have_all_their_forms(kind, is_one):
    def seen(data):
        found = reading.parse(data)
        return bool(is_one(found.claim, found.evidence))

    assert seen(find(certificates(kind), seen, settings=ANY))

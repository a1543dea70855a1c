"""What the data determine: verdicts against data within the precision, the class of Theorem 2, and the certificates."""

import json
from dataclasses import replace

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from exact_base.matrices import exact_column, exact_matrix
from exact_base.rationals import power_of_ten, power_of_two
from proofs_checks.certificate.writing import write_bundle
from proofs_checks.checker import verify_path
from sci_barriers import check
from sci_barriers.checks.conventions import Request
from sci_barriers.checks.determined import most_proved, norm_bounds
from sci_barriers.checks.determined_words import determined_data, determined_facts
from sci_barriers.checks.given import given_question
from sci_barriers.checks.page import page
from sci_barriers.checks.penalised import penalised_found
from sci_barriers.checks.precisions import Stated
from sci_barriers.checks.questions import Question, column_names
from sci_barriers.checks.report import found_data, lines
from sci_barriers.omega.families import OmegaClass
from sci_barriers.problems.determined.determining import determine
from sci_barriers.problems.determined.precision import Precision, Radius
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, column, entries_of
from sci_barriers.problems.penalised.solving import minimise
from tests.sci_barriers.data_attacks import Attacks, drawn_precision, drawn_problem, generator

STATED = "as drawn"


def question_of(problem, coefficients=None):
    names = column_names(None, problem.features)
    return Question(problem, coefficients, names, "drawn", "F", fmpq(1))


def found_of(problem, precision, *, digits, coefficients=None):
    question = question_of(problem, coefficients)
    return penalised_found(question, digits=digits, stated=Stated(precision, STATED)).determined


def features(problem):
    return entries_of(problem.coefficients(minimise(problem).point))[: problem.features]


def norm2(vector):
    return sum((x * x for x in vector), fmpq(0))


def has_digits(given, right, digits):
    return norm2([a - b for a, b in zip(given, right, strict=True)]) <= norm2(right) * power_of_ten(-2 * digits)


def answers(rng, problem):
    """Nothing, or numbers that are the minimiser to some digits."""
    if rng.random() < 0.4:
        return None
    places = rng.randint(0, 5)
    exact = entries_of(problem.coefficients(minimise(problem).point))
    return column([fmpq(round(x * 10**places), 10**places) if places else fmpq(round(x)) for x in exact])


# --- verdicts --------------------------------------------------------------------------------------


@settings(max_examples=5)
@given(st.integers(0, 10**6), st.integers(1, 4))
def test_what_is_said_holds_for_data_within_the_precision(seed, digits):
    holds(seed, digits)


@pytest.mark.slow
@settings(max_examples=100)
@given(st.integers(0, 10**6), st.integers(1, 4))
def test_it_holds_for_many(seed, digits):
    holds(seed, digits)


def holds(seed, digits):
    rng = generator(seed)
    problem = drawn_problem(rng)
    precision, given_answer = drawn_precision(rng, problem), answers(rng, problem)
    found = found_of(problem, precision, digits=digits, coefficients=given_answer)
    c = list(found.point if given_answer is None else entries_of(given_answer)[: problem.features])
    data = [problem]
    if found.determined is not None:
        attacks = Attacks(problem, found.determined, rng)
        data += [attacks.data(precision, fmpq(1), one) for one in attacks.directions(6)]
    rights = [features(one) for one in data]
    for right in rights:
        for j, status in enumerate(found.statuses):
            assert (status, right[j] != 0) not in (("in", False), ("out", True))
        if found.verdict == "ok":
            assert has_digits(c, right, digits)
        if found.verdict == "inaccurate":
            assert not has_digits(c, right, digits)
        if found.error is not None:
            low, high = found.error
            assert low * low <= norm2([a - b for a, b in zip(c, right, strict=True)]) <= high * high
        assert found.at_least is None or has_digits(found.point, right, found.at_least) or found.at_least == 0
    low, high = found.at_least, found.at_most
    assert high is None or (low is not None and low <= high)
    if found.verdict == "barrier":
        assert high is not None and high < digits
        both = [one.coefficients[: problem.features] for one in (found.pair.first, found.pair.second)]
        assert not all(has_digits(point, right, digits) for point in (found.point, c) for right in both)
    for j, pair in found.pairs.items():
        assert found.statuses[j] == "undetermined" and pair.first.has(j) != pair.second.has(j)
    if found.change is not None and found.held is not None:
        assert found.longest < found.change[0]


@given(st.integers(0, 40), st.integers(1, 10**9), st.integers(1, 10**9))
def test_proved_digits_are_those_of_the_definition(digits, a, b):
    distance, size = fmpq(a), fmpq(b) * power_of_ten(digits % 12)
    proved = most_proved(distance, size)
    assert proved == 0 or distance <= power_of_ten(-proved) * (size - distance)
    assert distance > power_of_ten(-proved - 1) * (size - distance)
    low, high = norm_bounds([distance, size])
    assert low * low <= distance**2 + size**2 <= high * high and low * (1 + power_of_two(-100)) >= high


@settings(max_examples=2)
@given(st.integers(0, 10**6), st.integers(2, 5))
def test_where_digits_are_proved_there_is_no_barrier(seed, digits):
    rng = generator(seed)
    problem = drawn_problem(rng)
    solution, precision = minimise(problem), drawn_precision(rng, problem)
    size = norm_bounds(features(problem))[0]
    for shrunk in range(0, 60, 12):
        smaller = precision.scaled(power_of_two(-shrunk))
        known = determine(solution, smaller)
        if known is None:
            continue
        proved = most_proved(known.outcomes[0].distance, size * (1 - power_of_two(-50)))
        if proved is not None and proved >= digits:
            assert found_of(problem, smaller, digits=digits).verdict == "ok"
            return


# --- the class of Theorem 2 ------------------------------------------------------------------------


def member_problem(omega, instance):
    """The member as data of somebody, with a root that is rational: c is known to 2^-400."""
    size = exact_matrix(omega.matrix(instance.a, norm_bounds(list(instance.a))[1]).tolist())
    penalties = [omega.parameter] * omega.columns
    return PenalisedLeastSquares(size, exact_column(omega.data().tolist()), exact_column(penalties))


@pytest.mark.parametrize(("family", "norm"), [("strong", True), ("weak", False)])
@settings(max_examples=1)
@given(digits=st.integers(2, 5), further=st.integers(0, 8), coarser=st.integers(0, 3))
def test_no_member_of_the_class_is_ok_at_its_own_precision(family, norm, digits, further, coarser):
    omega = OmegaClass.create("lasso", digits=digits, rows=2, columns=3, family=family)
    q = omega.q0 + further
    problem = member_problem(omega, omega.member(i=1, q=q))
    radius = omega.perturbation(q) * 2**coarser
    one = Radius.spectral(radius) if norm else Radius.entrywise(radius)
    for precision in (Precision(one, Radius.exactly()), Precision(one, one)):
        found = found_of(problem, precision, digits=digits)
        assert found.verdict == "barrier" and found.at_most == 0
        assert found.statuses[0] != "in" and found.statuses[1] != "out"
    fine = found_of(problem, Precision(one, Radius.exactly()).scaled(power_of_two(-40)), digits=digits)
    assert fine.verdict == "ok" and fine.statuses[:2] == ("in", "out")


# --- certificates ----------------------------------------------------------------------------------


@settings(max_examples=2)
@given(st.integers(0, 10**6))
def test_every_certificate_of_a_bundle_is_valid(tmp_path_factory, seed):
    rng = generator(seed)
    problem = drawn_problem(rng)
    question = question_of(problem, answers(rng, problem))
    found = penalised_found(question, digits=2, stated=Stated(drawn_precision(rng, problem), STATED))
    files = found.certify()
    bundle = tmp_path_factory.mktemp("made") / "bundle"
    write_bundle(bundle, files)
    assert verify_path(bundle).verdict == "valid"
    known = found.determined
    assert ("determined.cert.json" in files) == (known.determined is not None)
    assert ("pair.cert.json" in files) == (known.pair is not None)
    assert ("changed.cert.json" in files) == (known.change is not None)


def example(**more):
    X = exact_matrix([[4, 0, 0], [0, 4, 0], [0, 0, 4]])
    question = given_question(
        more.pop("given", None), X, exact_column([9, "1.3", 0]), Request("half", lam=fmpq(more.pop("lam", 4)))
    )
    radius = Radius.entrywise(more.pop("radius", "1/8"))
    return penalised_found(
        question, digits=more.pop("digits", 2), stated=Stated(Precision(Radius.exactly(), radius), "y")
    )


def test_the_words_are_those_of_the_numbers():
    found = example().determined  # x = (2, 3/40, 0), dx = dy/4
    said = dict(determined_facts(found, ("a", "b", "c")))
    assert found.verdict == "barrier" and (found.at_least, found.at_most) == (1, 1)
    exactly = "exactly 1 digit of the answer, relative to its norm, is determined by your data"
    assert said["determined"] == f"{exactly}; 2 digits were asked for"
    assert said["stability"].startswith("the support is the same for all data within 1.385 times the precision; within")
    assert said["columns"] == "in for all these data: a and b (2)" and said[""] == "out for all these data: c (1)"
    data = determined_data(found)
    assert data["columns"] == {"in": [1, 2], "out": [3], "undetermined": [], "undecided": []}
    assert data["support_changes_in"] == [2] and data["support_same_within"] == {"exact": "277/200", "about": "1.385"}
    for other in (found, example(radius="1e-9").determined, example(given=exact_column([1, 1, 1])).determined):
        off = [a - b for a, b in zip(other.minimiser, other.point, strict=True)]
        assert (other.reach - other.distance) ** 2 >= sum(part * part for part in off)
    wide = example(radius="1/2").determined
    assert wide.statuses == ("in", "undetermined", "out")
    assert "in for one and out for another: b (1)" in dict(determined_facts(wide, "abc")).values()
    tight = example(radius="1e-9", digits=6).determined
    assert tight.verdict == "ok" and tight.at_least >= 6
    exact = example(radius=0).determined
    assert exact.at_least >= 16 and exact.verdict == "ok" and not exact.stable
    assert [label for label, _ in determined_facts(exact, "abc")] == ["precision"]
    tie = example(radius=0, lam=36).determined  # the slope of the first column is at its bound
    assert tie.statuses == ("out", "out", "out")
    near = dict(determined_facts(example(radius="1/8", lam=36).determined, "abc"))
    assert near["stability"].startswith("already within ")
    still = example(lam=40).determined
    assert still.at_least is None and still.verdict == "ok" and still.moves == (0, 0, 0)
    said = dict(determined_facts(still, "abc"))
    assert said["determined"].startswith("all digits") and said["columns"] == "out for all these data: a, b and c (3)"


def test_answers_are_judged_for_all_the_data():
    near, far = exact_column(["2.0001", "0.075", 0]), exact_column([1, 1, 1])
    tight = example(given=near, radius="1e-4", digits=3)
    assert tight.verdict == "ok"
    assert "3 digits for all of these data" in dict(determined_facts(tight.determined, "abc"))["your answer"]
    wrong = example(given=far, radius="1e-4", digits=3)
    assert wrong.verdict == "inaccurate" and wrong.determined.at_least >= 3
    assert "3 digits for none of these data" in dict(determined_facts(wrong.determined, "abc"))["your answer"]
    edge = example(given=exact_column(["2.002", "0.075", 0]), radius="2e-4", digits=3)
    assert edge.verdict == "undecided"
    assert "what helps" in dict(determined_facts(edge.determined, "abc"))
    assert example(given=far, radius="1/8", digits=4).verdict == "barrier"  # nobody has 4 digits


def test_where_there_are_several_minimisers_more_precise_data_do_not_help():
    twice = given_question(None, exact_matrix([[4, 4], [0, 0]]), exact_column([9, 1]), Request("half", lam=fmpq(4)))
    radius = Radius.entrywise("1/8")
    found = penalised_found(twice, digits=2, stated=Stated(Precision(Radius.exactly(), radius), STATED)).determined
    said = dict(determined_facts(found, "ab"))
    assert found.verdict == "undecided" and found.sensitivity is None
    assert "leave out columns that others replace" in said["what helps"]
    assert said["determined"].startswith("no digit of the answer is proved to be determined")
    found = penalised_found(twice, digits=2, stated=Stated(Precision(radius, Radius.exactly()), STATED)).determined
    assert found.verdict == "barrier" and found.statuses == ("undetermined", "undetermined")


def test_the_picture_of_stability_has_what_is_proved_by_the_statuses():
    """Of equal columns the theorem on the support says nothing, that on the fitted values that others stay."""
    rows = exact_matrix([[8, 8, 0, 0], [0, 0, 8, 0], [0, 0, 0, 8]])
    twice = given_question(None, rows, exact_column([9, 5, 0]), Request("half", lam=fmpq(4)))
    stated = Stated(Precision(Radius.entrywise("1/1000"), Radius.exactly()), STATED)
    found = penalised_found(twice, digits=2, stated=stated)
    assert found.determined.statuses == ("undetermined", "undetermined", "in", "out")
    assert found.determined.stable == (0, 0, 0, 0)
    text = page(found)
    assert ">in up to 1<" in text and ">out up to 1<" in text and text.count(">not proved<") == 2
    assert "<figcaption>The multiple of the precision up to which" in text


@pytest.mark.parametrize("radius", ["1e-9", "1/8", "1/2", 0, 3])
def test_every_screen_is_as_wide_as_it_may_be_and_the_page_is_whole(radius):
    found = replace(example(given=exact_column(["1.9", 0, 0]), radius=radius), names=("a" * 30, "<b>", "名前"))
    for width in (20, 45, 80):
        assert all(cell_len(line) <= width and line == line.rstrip() for line in lines(found, width=width))
    text = page(found)
    assert text.count("<svg") == text.count("</svg>") >= 2 and "<b>" not in text.replace("<b></b>", "")
    assert ("@@" not in text and "Two data sets" in text) or radius in (0, 3)
    assert json.loads(json.dumps(found_data(found), allow_nan=False))["determined"]["columns"]


def test_a_finding_without_a_precision_is_as_before():
    question = given_question(None, exact_matrix([[1]]), exact_column([2]), Request("half", lam=fmpq(1)))
    found = penalised_found(question, digits=4)
    assert found.determined is None and found.verdict == "solved"
    assert replace(found, given=found.point).verdict == "ok"


# --- columns that depend on each other -------------------------------------------------------------


TWICE = PenalisedLeastSquares.of([[1, 1, 0], [1, 1, 0], [0, 0, 2]], [1, 2, 3], penalties=[1, 1, 1])
NEAR = Precision(Radius.exactly(), Radius.entrywise("1/1000"))


def test_of_columns_that_depend_on_each_other_the_fit_and_the_others_are_said():
    found = penalised_found(question_of(TWICE), digits=2, stated=Stated(NEAR, STATED))
    known = found.determined
    assert known.determined is None and known.fit is not None and known.columns("in") == [2]
    facts = dict(determined_facts(known, found.names))
    assert facts["fitted values"].endswith("at least 3 digits determined")
    assert facts["coefficients"] == "at least 3 digits determined of column 3"
    assert facts["penalty term"].endswith("times that of the data as they stand, for all these data")
    data = determined_data(known)["fit"]
    assert data["at_least"] == 3 and data["coefficients_at_least"] == [0, 0, 3]
    assert fmpq(0) < known.penalty and known.at_least == 0
    text = "\n".join(lines(found))
    assert "fitted values" in text and max(map(cell_len, lines(found))) <= 80
    assert "fitted values" in page(found) and json.dumps(found_data(found))


@pytest.mark.parametrize(
    ("radius", "said"),
    [("1/10", "at least 1 digit determined"), ("1", "no digit is proved to be determined")],
)
def test_less_is_said_of_fits_with_less_precise_data(radius, said):
    precision = Precision(Radius.exactly(), Radius.spectral(radius))
    found = penalised_found(question_of(TWICE), digits=2, stated=Stated(precision, STATED)).determined
    assert dict(determined_facts(found, ("a", "b", "c")))["fitted values"].endswith(said)


def test_of_fits_that_y_alone_bounds_nothing_is_said():
    precision = Precision(Radius.spectral(10), Radius.exactly())
    found = penalised_found(question_of(TWICE), digits=2, stated=Stated(precision, STATED)).determined
    assert found.fit is None and "fitted values" not in dict(determined_facts(found, ("a", "b", "c")))
    assert determined_data(found)["fit"] is None


def test_where_columns_are_independent_nothing_is_said_of_fits():
    problem = PenalisedLeastSquares.of([[1, 0], [0, 1]], [2, "1/8"], penalties=[1, 1])
    found = penalised_found(question_of(problem), digits=2, stated=Stated(NEAR, STATED)).determined
    assert found.fit is None and determined_data(found)["fit"] is None


def test_of_nearly_dependent_columns_known_exactly_the_fit_is_said_too(tmp_path):
    problem = PenalisedLeastSquares.of([[1, 1], [0, "1/1000"], [0, 0]], [3, "1/100", 1], penalties=["1/1000"] * 2)
    precision = Precision(Radius.exactly(), Radius.spectral("1/100"))
    found = penalised_found(question_of(problem), digits=1, stated=Stated(precision, STATED))
    known = found.determined
    assert known.determined is not None and known.at_least == 0 and known.fit is not None
    assert determined_data(known)["fit"]["at_least"] == 2
    made = found.certify()
    assert {"determined.cert.json", "fitted.cert.json"} <= set(made)
    write_bundle(tmp_path / "made", made)
    assert verify_path(tmp_path / "made").verdict == "valid"


def test_the_certificate_of_a_fit_holds_the_answer_too(tmp_path):
    answer = exact_column(["1/2", "3/4", "11/8"])
    found = penalised_found(question_of(TWICE, answer), digits=2, stated=Stated(NEAR, STATED))
    write_bundle(tmp_path / "made", found.certify())
    (report,) = [part for part in verify_path(tmp_path / "made").parts if "fitted" in part.name]
    assert report.verdict == "valid" and any(line.startswith("|c - x'|") for line in report.statement.lines)


# --- files ------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_certificates_share_the_arrays_that_they_are_about(tmp_path):
    """X, y and radii are in one file each, beside all of them; columns that differ are in files."""
    rng = np.random.default_rng(3)
    X, y = np.round(rng.standard_normal((60, 30)), 2), np.round(rng.standard_normal(60), 2)
    texts = [[f"{value:.2f}" for value in row] for row in X]
    radii = rng.integers(1, 9, (60, 30)) / 1024
    found = check(None, exact_matrix(texts), y, like="half", lam=3, x_precision=radii, y_precision=0.005, digits=1)
    bundle = found.write(tmp_path / "bundle")
    assert verify_path(bundle).verdict == "valid"
    names = {path.name for path in bundle.iterdir()}
    assert {"data-X.array.json", "radii-X.npy"} <= names
    for path in bundle.glob("*.cert.json"):
        held = json.loads(path.read_bytes())
        problem = held["claim"]["problem"]
        assert "file" in problem["matrix"] and (path.stem.startswith("pair-") or path.stat().st_size < 60_000)
    changed = json.loads((bundle / "pair.cert.json").read_bytes())
    assert changed["claim"]["precision"]["matrix"]["entries"]["file"] == "radii-X.npy"


def test_of_a_pair_too_the_arrays_are_in_files_and_equal_radii_are_one(tmp_path):
    X, y = np.array([[1.0, 0], [0, 1]] * 300), np.array([2.0, 1.2] * 300)
    found = check(None, X, y, like="half", lam=300, x_precision=np.full((600, 2), 0.125), y_precision=0.25, digits=1)
    bundle = found.write(tmp_path / "bundle")
    claim = json.loads((bundle / "pair.cert.json").read_bytes())["claim"]
    assert claim["precision"]["matrix"]["entries"]["shape"] == ["0x1", "0x1"] and "file" in claim["problem"]["matrix"]
    assert (bundle / claim["problem"]["matrix"]["file"]).is_file() and verify_path(bundle).verdict == "valid"


@pytest.mark.slow
def test_equal_radii_are_written_once(tmp_path):
    X, y = np.arange(1200.0).reshape(60, 20) % 7, np.arange(60.0) % 5
    found = check(None, X, y, like="half", lam=3, x_precision=np.full((60, 20), 0.125), digits=1)
    determined = json.loads(found.certificates()["pair.cert.json"])["claim"]["precision"]["matrix"]
    assert determined["entries"]["shape"] == ["0x1", "0x1"]
    assert verify_path(found.write(tmp_path / "bundle")).verdict == "valid"

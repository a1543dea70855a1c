"""The path of penalised least squares against its definition at any level, other methods, and known examples."""

import json
import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
from flint import fmpq
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exact_base.errors import DataError
from proofs_checks import verify_bytes, verify_path, write_bundle
from sci_barriers import Lasso, solve_exactly
from sci_barriers.certificates import penalised
from sci_barriers.certificates.path import path_certificate, path_files
from sci_barriers.problems.penalised.path import Interval, certified_path
from sci_barriers.problems.penalised.path_picture import path_picture
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, column, entries_of
from sci_barriers.problems.penalised.solving import minimise
from tests.proofs_checks.builders import F
from tests.proofs_checks.cases import path as cases
from tests.proofs_checks.path_builders import mairal_yu
from tests.sci_barriers.check_problems import Plain, fractions, problems

of = PenalisedLeastSquares.of
EYE = of([[1, 0], [0, 1]], [2, 1], penalties=[1, 1])


def at_level(problem, level):
    return replace(problem, penalties=column([mu * level for mu in entries_of(problem.penalties)]))


def levels_of(path):
    """The breakpoints, levels between them and one above all."""
    found = list(path.breakpoints)
    for high, low in pairwise(path.breakpoints):
        found += [(high + low) / 2, (high + 6 * low) / 7]
    return [*found, 2 * path.breakpoints[0] + 1] if path.rests else found


def has_penalty(problem):
    return any(mu != 0 for mu in entries_of(problem.penalties))


@settings(max_examples=60)
@given(problems().filter(has_penalty), st.sampled_from([0, 0, 1]))
def test_at_every_level_it_is_a_minimiser(problem, low):
    path = certified_path(problem, low=low)
    assert path.rests and path.complete and path.breakpoints[-1] == max(fmpq(low), path.breakpoints[-1])
    for level in levels_of(path):
        assert Plain(at_level(problem, level)).is_minimiser(fractions(path.at(level)))


@settings(max_examples=30)
@given(problems().filter(has_penalty))
def test_the_first_breakpoint_is_the_least_level_without_a_column(problem):
    path = certified_path(problem)
    first = path.breakpoints[0]
    assume(first > 0)
    below = Plain(at_level(problem, first * fmpq(999, 1000)))
    point = [v * 1 for v in fractions(minimise(at_level(problem, first * fmpq(999, 1000))).point)]
    assert any(v and mu for v, mu in zip(point, below.mu, strict=True))


@settings(max_examples=60)
@given(problems().filter(has_penalty))
def test_it_is_certified(problem):
    path = certified_path(problem)
    report = verify_bytes(path_certificate(path))
    assert report.verdict == "valid", report.reason
    said = " ".join(report.statement.lines)
    counted = re.search(r"exactly (\d+) linear piece", said)
    assert (counted is not None) == (all(path.unique) and len(path.points) > 1)
    if counted:
        assert int(counted[1]) == path.turns + 1 == path.report()["linear_pieces"]


@settings(max_examples=60)
@given(problems().filter(has_penalty))
def test_a_column_is_in_where_its_entry_is_not_zero(problem):
    path = certified_path(problem)
    intervals = path.features()
    ends = {end for parts in intervals for part in parts for end in (part.low, part.high) if end is not None}
    for level in {*levels_of(path), *ends}:
        point = entries_of(path.at(level))
        for j, parts in enumerate(intervals):
            inside = [
                part
                for part in parts
                if (part.low < level or (part.low_in and part.low == level))
                and (part.high is None or level < part.high or (part.high_in and part.high == level))
            ]
            assert len(inside) == (point[j] != 0)


@settings(max_examples=60)
@given(problems(most_columns=3).filter(has_penalty), st.data())
def test_columns_that_are_in_on_all_of_an_interval(problem, data):
    path = certified_path(problem)
    levels = sorted(levels_of(path))
    low, high = sorted(data.draw(st.tuples(st.sampled_from(levels), st.sampled_from(levels))))
    found = path.during(low, high)
    assert sorted(j for columns in found.values() for j in columns) == list(range(problem.features))
    for level in (level for level in levels if low <= level <= high):
        point = entries_of(path.at(level))
        assert all(point[j] != 0 for j in found["in"])
        assert all(point[j] == 0 for j in found["out"])


@settings(max_examples=30)
@given(st.integers(0, 10**6))
def test_another_method_finds_the_same(seed):
    """`solve_exactly` of the LASSO, at random levels between breakpoints of random problems."""
    rng = np.random.default_rng(seed)
    X, y = rng.integers(-4, 5, (5, 4)).tolist(), rng.integers(-9, 10, 5).tolist()
    assume(any(y))
    path = certified_path(of(X, y, penalties=[1, 2, 1, 1]))
    assume(len(path.points) > 1)
    k = int(rng.integers(len(path.points) - 1))
    high, low = path.breakpoints[k : k + 2]
    level = low + (high - low) * fmpq(int(rng.integers(1, 100)), 100)
    other = solve_exactly(Lasso(X, y, parameter=level, weights=[1, 2, 1, 1]))
    assert fractions(path.at(level)) == [F(str(v)) for v in other.point] or not path.unique[k + 1]
    assert path.unique[k + 1] <= other.certainly_unique


@pytest.mark.slow  # for loading it
@pytest.mark.parametrize("positive", [False, True])
def test_scikit_learn_finds_the_same_to_its_tolerance(positive):
    datasets = pytest.importorskip("sklearn.datasets")
    from sklearn.linear_model import lars_path

    data = datasets.load_diabetes()
    alphas, _, coefs = lars_path(data.data, data.target, method="lasso", positive=positive)
    path = certified_path(of(data.data, data.target, penalties=[1] * 10, nonnegative=range(10) if positive else ()))
    exact = np.array([int(level.p) / int(level.q) for level in path.breakpoints])
    ends = 2 * len(data.target) * alphas
    assert np.allclose(exact, ends[: len(exact)], rtol=1e-9, atol=1e-9)
    # with signs, it says itself, its last point need not be a minimiser; it is not
    last = len(exact) - positive
    ours = np.array([[float(v) for v in fractions(point)] for point in path.points]).T
    assert np.allclose(ours[:, :last], coefs[:, :last], rtol=1e-6, atol=1e-7)
    assert all(path.unique)


@pytest.mark.slow_for("5", "6")
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6])
def test_the_pieces_of_mairal_and_yu(n):
    """So many that no other path of n columns has more."""
    alphas = [F(1, 4), F(1, 128), F(1, 2048), F(1, 65536), F(1, 2**21)]
    X, y = mairal_yu(n, alphas)
    path = certified_path(of([[str(a) for a in row] for row in X], [str(a) for a in y], penalties=[1] * n))
    assert path.turns + 1 == (3**n + 1) // 2 and all(path.unique)
    report = verify_bytes(path_certificate(path))
    assert f"exactly {(3**n + 1) // 2} linear pieces" in " ".join(report.statement.lines)


def test_equal_columns_are_no_trouble_and_not_unique():
    path = certified_path(of([[1, 1, 0], [0, 0, 1]], [2, 1], penalties=[1, 1, 1]))
    assert [str(level) for level in path.breakpoints] == ["4", "2", "0"]
    assert path.unique == (True, False, False)
    report = path.report()
    assert report["not_decided"] == [0, 1] and not report["unique"]
    assert "2 pieces of 2 other minimisers are not excluded" in " ".join(
        verify_bytes(path_certificate(path)).statement.lines
    )


def test_all_columns_come_at_once():
    """A tie of six, of which three depend on the others."""
    rows = [[1, 0, 0, 1, -1, 0], [0, 1, 0, 0, 0, 1], [0, 0, 1, 0, 0, 0]]
    path = certified_path(of(rows, [1, 1, 1], penalties=[1] * 6))
    assert [str(level) for level in path.breakpoints] == ["2", "0"]
    assert sum(v != 0 for v in entries_of(path.points[1])) == 3


def test_an_intercept_is_that_of_centred_data():
    X, y = np.array([[1.0, 2, 0], [3, 1, 1], [0, 5, 2], [2, 2, 2]]), np.array([1.0, 2, 3, 5])
    path = certified_path(of(X, y, penalties=[1, 1, 1, 0], intercept=True))
    centred = certified_path(of(X - X.mean(axis=0), y - y.mean(), penalties=[1, 1, 1]))
    assert path.breakpoints == centred.breakpoints
    assert [fractions(a)[:3] for a in path.points] == [fractions(a) for a in centred.points]
    assert path.features() == centred.features()


def test_the_writer_writes_what_is_written_by_hand():
    assert path_certificate(certified_path(EYE)) == cases.LASSO
    problem = of([[1], [-1]], [3, 1], penalties=[0, 0], intercept=True)
    assert path_certificate(certified_path(problem, weights=[1])) == cases.ACCEPT["intercept"]


@pytest.mark.parametrize("options", [{"low": 3}, {"low": 1}, {"most": 1}, {"most": 0}, {"budget": 0.0}])
def test_a_path_may_end_early(options):
    path = certified_path(EYE, **options)
    levels = {"low": {3: ["4", "3"], 1: ["4", "2", "1"]}, "most": {1: ["4", "2"], 0: ["4"]}, "budget": {0: ["4"]}}
    ((name, value),) = options.items()
    assert [str(level) for level in path.breakpoints] == levels[name][value]
    assert path.complete == (name == "low")
    assert verify_bytes(path_certificate(path)).verdict == "valid"
    with pytest.raises(DataError, match="does not reach"):
        path.at("1/2")
    with pytest.raises(DataError, match="does not reach"):
        path.during("1/2", 1)


def test_a_path_of_one_level():
    """Nothing enters, as y is orthogonal to the columns; or it ends above the level at which something would."""
    path = certified_path(of([[1], [0]], [0, 1], penalties=[1]))
    assert [str(level) for level in path.breakpoints] == ["0"] and path.complete
    assert path.report()["linear_pieces"] == 1 and path.features() == [[]]
    higher = certified_path(EYE, low=9)
    assert [str(level) for level in higher.breakpoints] == ["9"] and higher.complete
    for found in (path, higher):
        assert verify_bytes(path_certificate(found)).verdict == "valid"
        assert "</svg>" in path_picture(found)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"low": -1}, "must not be negative"),
        ({"low": "nan"}, "nan"),
        ({"weights": [0, 0]}, "no column has a penalty"),
        ({"weights": [1, 1, 1]}, "must be a column of 2 numbers"),
        ({"weights": [1, -1]}, "must not be negative"),
    ],
)
def test_mistakes_are_one_line(options, reason):
    with pytest.raises(DataError, match=reason) as caught:
        certified_path(EYE, **options)
    assert "\n" not in str(caught.value)


def test_an_empty_interval_is_refused():
    with pytest.raises(DataError, match="is empty"):
        certified_path(EYE).during(2, 1)


def test_an_entry_without_a_penalty_may_pass_through_zero():
    path = certified_path(of([[1, 0], [1, 1]], [1, -2], penalties=[0, 1]))
    assert [str(level) for level in path.breakpoints] == ["3", "0"]
    assert path.features()[0] == [Interval(fmpq(2), None), Interval(fmpq(0), fmpq(2), True)]
    assert entries_of(path.at(2))[0] == 0
    assert path.during(1, 3) == {"in": [], "out": [], "changing": [0, 1]}


def test_the_report_is_plain_data_and_rounds_inwards():
    report = certified_path(of([[3, 1], [1, 2]], [1, "1/7"], penalties=[1, 1])).report()
    assert json.loads(json.dumps(report)) == report
    for feature in report["features"]:
        for part in feature["in"]:
            low, high = part["low"], part["high"]
            assert F(low["about"]) >= F(low["exact"])
            assert high is None or F(high["about"]) <= F(high["exact"])


def test_progress_is_told():
    said = []
    certified_path(EYE, progress=said.append)
    assert said == ["reading the problem in integers", "1 piece, a support of 1", "2 pieces, a support of 2"]


@pytest.mark.parametrize("entry", [0.1, "1/3"])
def test_a_large_matrix_lies_beside_it(monkeypatch, tmp_path, entry):
    monkeypatch.setattr(penalised, "INLINE", 3)
    files = path_files(certified_path(of([[entry, 0], [0, 1]], [2, 1], penalties=[1, 1])), stem="mine")
    assert list(files) == ["mine.cert.json", "mine-X.npy" if entry == 0.1 else "mine-X.array.json"]
    write_bundle(tmp_path / "bundle", files)
    assert verify_path(tmp_path / "bundle").verdict == "valid"


@settings(max_examples=30)
@given(problems().filter(has_penalty))
def test_a_picture_is_a_document_with_a_line_for_each_column_that_is_ever_in(problem):
    path = certified_path(problem)
    root = ElementTree.fromstring(path_picture(path))
    lines = [element for element in root.iter() if element.tag.endswith("polyline")]
    assert len(lines) == sum(map(bool, path.features()))
    for line in lines:
        for point in line.attrib["points"].split():
            x, y = map(float, point.split(","))
            assert 69 <= x <= 611 and 19 <= y <= 371


def test_names_stand_in_a_picture_and_steer_nothing():
    path = certified_path(EYE)
    picture = path_picture(path, names=["<script>&", "\x1b[31mred"])
    assert "<script>" not in picture and "\x1b" not in picture and "&lt;script&gt;&amp;" in picture
    with pytest.raises(DataError, match="2 names are needed"):
        path_picture(path, names=["one"])


@pytest.mark.slow
def test_a_hundred_by_forty():
    rng = np.random.default_rng(1)
    X, y = rng.standard_normal((100, 40)), rng.standard_normal(100)
    path = certified_path(of(X, y, penalties=[1] * 40))
    assert verify_bytes(path_certificate(path)).verdict == "valid" and path.breakpoints[-1] == 0


def test_twelve_by_eight():
    rng = np.random.default_rng(1)
    X, y = rng.standard_normal((12, 8)), rng.standard_normal(12)
    problem = of(X, y, penalties=[1] * 8)
    path = certified_path(problem)
    assert verify_bytes(path_certificate(path)).verdict == "valid" and path.breakpoints[-1] == 0
    for high, low in pairwise(path.breakpoints):
        level = (2 * high + low) / 3
        solution = minimise(at_level(problem, level))
        assert fractions(problem.coefficients(solution.point)) == fractions(path.at(level))

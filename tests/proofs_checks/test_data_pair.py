"""Kind data-pair against brute force over supports: which data are admissible, and what is said of the minimisers."""

import re
from dataclasses import replace
from math import isqrt
from unittest import mock

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from proofs_checks import verify_bytes
from tests.fuzz.independent import within
from tests.proofs_checks.builders import F, changed
from tests.proofs_checks.cases.data_pair import ACCEPT, BOTH, EXACT, SPECTRAL, TWINS
from tests.proofs_checks.cases.data_pair_enclosed import ACCEPT as ENCLOSED
from tests.proofs_checks.pair_builders import Reference, entries, norm, pair, paired, precision, varied
from tests.proofs_checks.pair_margin import INSTANCES, NEARER
from tests.proofs_checks.test_solution_digits import NUMBER, problems, small, vectors

H, Q = F(1, 2), F(1, 4)
quarters = st.sampled_from([F(0), F(0), Q, -Q, H, -H, F(1)])


def radii(rows, cols):
    """Norms, and bounds of entries, one for all or one for each row, column or entry."""
    sides = st.tuples(st.sampled_from(sorted({1, rows})), st.sampled_from(sorted({1, cols})))
    some = st.sampled_from([F(0), Q, H, F(1)])
    arrays = sides.flatmap(lambda s: vectors(vectors(some, s[1]), s[0])).map(entries)
    return st.sampled_from([norm(F(x, 4)) for x in (0, 1, 2, 3, 4, 6)]) | arrays


@st.composite
def other_data(draw, ref):
    X = draw(st.none() | vectors(vectors(quarters, ref.n), len(ref.X)))
    y = draw(st.none() | vectors(quarters, len(ref.X)))
    return (
        X and [[a + b for a, b in zip(row, step, strict=True)] for row, step in zip(ref.X, X, strict=True)],
        y and [a + b for a, b in zip(ref.y, y, strict=True)],
    )


def differences(ref, data):
    X, y = data
    return (
        [[F(a) - b for a, b in zip(row, old, strict=True)] for row, old in zip(X or ref.X, ref.X, strict=True)],
        [[F(a) - b] for a, b in zip(y or ref.y, ref.y, strict=True)],
    )


def nearly(change, radius):
    """Whether a spectral norm is within the radius, and not by the sum of squares."""
    if radius["norm"] is None:
        return False
    bound = F(*(int(part, 16) for part in radius["norm"]))
    return sum(a * a for row in change for a in row) > bound**2


@settings(max_examples=100)
@given(problems(), st.data())
def test_what_is_accepted_is_within_the_precision(ref, data):
    """And what is not is refused for that; norms are told by principal minors, which leave nothing to rounding."""
    m, n = len(ref.X), ref.n
    known = precision(data.draw(radii(m, n)), data.draw(radii(m, 1)))
    both = data.draw(other_data(ref)), data.draw(other_data(ref))
    report = verify_bytes(paired(ref, known, *both))
    right = []
    for other in both:
        dX, dy = differences(ref, other)
        right.append(within(dX, known["matrix"]) and within(dy, known["data"]))
        # two thirds, or the root of a quarter and a half: never within 2^-24 of a bound, but at it
        assume(not (right[-1] and nearly(dX, known["matrix"]) and not within(dX, shrunk(known["matrix"]))))
    said = (report.reason or "").split(": ")[:2]
    if said == ["minor", "first data set"]:  # it is refused before the second is read
        assert right[0]
    elif not all(right):
        assert said == ["admissible", ("second" if right[0] else "first") + " data set"], report.reason
    else:
        assert said[0] != "admissible"
    if report.verdict == "valid":
        assert all(right)


def shrunk(radius):
    return norm(F(*(int(part, 16) for part in radius["norm"])) * F(999, 1000))


@settings(max_examples=60)
@given(problems(), st.data())
def test_what_is_said_of_the_minimisers(ref, data):
    both = data.draw(other_data(ref)), data.draw(other_data(ref))
    report = verify_bytes(paired(ref, precision(norm(100), norm(100)), *both))
    others = [replace(ref, X=X or ref.X, y=y or ref.y) for X, y in both]
    points = [other.best[1][0][: ref.n] for other in others]
    if report.verdict != "valid":
        rule = report.reason.split(":")[0]
        assert rule == ("apart" if rule == "apart" else "minor")
        assert rule == "minor" or points[0] == points[1]
        return
    assert all(len(other.best[1]) == 1 for other in others)
    said = " ".join(report.statement.lines)
    square = ref.away2(*points)
    low = F(re.search(rf"are at least {NUMBER} apart", report.statement.title)[1])
    half = F(re.search(rf"errs by at least {NUMBER} on one", said)[1])
    assert low**2 <= square <= (low * F(100_001, 100_000)) ** 2
    assert 4 * half**2 <= square <= 4 * (half * F(100_001, 100_000)) ** 2
    count = int(re.search(r"No vector (?:c has (\d+) digit|has a single digit)", said)[1] or 1)
    assert refutes(points, count) and (count == 1 or not refutes(points, count - 1))
    for name, a, b in (("Non-zero in p'", 0, 1), ("Non-zero in p''", 1, 0)):
        found = re.search(rf"{name}, and zero in [p']+: columns? ([\d, ]+)\.", said)
        wanted = [j + 1 for j in range(ref.n) if points[a][j] and not points[b][j]]
        assert wanted == ([int(j) for j in found[1].split(", ")] if found else [])
    differ = [bool(x) for x in points[0]] != [bool(x) for x in points[1]]
    assert ("no set of columns is the right one" in said) == differ


def refutes(points, count):
    """|p' - p''| > 10^-K (|p'| + |p''|), by roots of many digits."""
    scale = 10**60
    roots = [isqrt(int(sum(x * x for x in p) * scale**2)) for p in points]
    away = isqrt(int(sum((a - b) ** 2 for a, b in zip(*points, strict=True)) * scale**2))
    return away * 10**count > sum(roots) + 10**count


def test_no_digit_where_the_minimisers_are_opposite():
    """|p' - p''| = |p'| + |p''|, so that K = 0 is not refuted, and K = 1 is."""
    lines = verify_bytes(ACCEPT["zero"]).statement.lines
    assert "No vector has a single digit, |c - p| <= 10^-1 |p|, for both." in lines


@pytest.mark.parametrize(
    ("part", "verdict"), [(F(1), "invalid"), (1 + F(1, 2**26), "invalid"), (1 + F(1, 2**20), "valid")]
)
def test_a_spectral_norm_leaves_a_little_of_its_bound(part, verdict):
    """Of two equal singular values 1/2, which the sum of squares does not decide."""
    data = changed(SPECTRAL, ["claim", "precision", "matrix"], norm(H * part))
    assert verify_bytes(data).verdict == verdict


def test_a_column_of_zeros_may_become_another():
    """And the scales are the given ones."""
    ref = Reference([[0], [0]], [3, 1], [1], scales=[2])
    report = verify_bytes(paired(ref, precision(entries(H), EXACT), ([[H], [H]], None), ([[-H], [-H]], None)))
    assert report.verdict == "valid" and "at least 8 apart" in report.statement.title


@settings(max_examples=50)
@given(st.lists(small, min_size=2, max_size=2), st.sampled_from([3, 7, 12]))
def test_denominators_of_other_columns_are_their_own(entries_of, den):
    """A column over a denominator that X does not have, beside columns over those of X."""
    new = [[F(a, den) + 1] for a in entries_of]
    ref = Reference([[F(1, 4), 1], [1, 2]], [3, 4], [H, H], centres=[F(1, 5), 0])
    X = [[row[0], ref.X[i][1]] for i, row in enumerate(new)]
    report = verify_bytes(paired(ref, precision(norm(9), EXACT), (X, None), (None, None)))
    assert report.verdict == "valid" or report.reason.startswith(("minor", "apart"))


@pytest.mark.parametrize("data", [BOTH, TWINS])
def test_a_short_file_may_not_ask_for_many_long_numbers(data):
    assert verify_bytes(data).verdict == "valid"
    with mock.patch("proofs_checks.checker.parts.penalised.MAX_BITS", 50):
        assert "exceed 2^32 bits" in verify_bytes(data).reason


def test_products_of_columns_count():
    """Of X that is known by its norm, k^2 numbers may be needed."""
    wide = [[1] * 40], [3], [1] * 40
    first = varied([3] + [0] * 39, [0], columns=range(40), matrix=[[1] * 40])
    data = pair(*wide, precision(norm(1), EXACT), first, first)
    with mock.patch("proofs_checks.checker.parts.varied.MAX_BITS", 255):
        assert "products of 40 columns exceed" in verify_bytes(data).reason
    with mock.patch("proofs_checks.checker.parts.varied.MAX_BITS", 256):
        assert "exceed" not in verify_bytes(data).reason


def test_the_norm_counts_in_products_of_columns():
    """A short file could ask for a matrix of many long numbers."""
    wide = [[1] * 40], [3], [1] * 40
    first = varied([3] + [0] * 39, [0], columns=range(40), matrix=[[1] * 40])
    data = pair(*wide, precision(norm(F(1, 2**200)), EXACT), first, first)
    for cap, exceeds in ((255 + 100, True), (450, False)):
        with mock.patch("proofs_checks.checker.parts.varied.MAX_BITS", cap):
            assert ("products of 40 columns exceed" in verify_bytes(data).reason) is exceeds


@pytest.mark.parametrize("name", NEARER)
def test_points_nearer_than_their_doubt_are_refused(name):
    report = verify_bytes(NEARER[name])
    assert report.verdict == "invalid" and report.reason.startswith("apart: ")
    assert verify_bytes(INSTANCES[name]).verdict == "valid"


@pytest.mark.parametrize("case", ENCLOSED)
def test_what_is_said_of_points_near_minimisers(case):
    report = verify_bytes(ENCLOSED[case])
    said = " ".join(report.statement.lines)
    assert "each any one" in report.statement.title and "p' and p'' are coefficients" in said
    assert "is within" in said and "No vector" in said and "So every vector errs by at least" in said
    supports = "So no set of columns is the right one" in said
    assert supports == (case == "bpdn-support")

"""Kind solution-digits against brute force over supports: minimisers, distances, excess, and what is unique."""

import json
import re
from math import isqrt
from unittest import mock

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from proofs_checks import verify_bytes
from proofs_checks.checker.parts.penalised_optimum import _PRIME, _SLOT, _regular
from tests.fuzz.independent import packed as packed_entries
from tests.proofs_checks.builders import F, seal
from tests.proofs_checks.cases.solution_digits import ACCEPT
from tests.proofs_checks.penalised_reference import Reference, certified, gradient
from tests.proofs_checks.solution_builders import solution

H = F(1, 2)
NUMBER = r"(-?[0-9.]+(?:e[-+]\d+)?)"
small = st.integers(-2, 2)
positive = st.sampled_from([F(1, 2), F(1), F(2), F(3, 4)])


def interval(text):
    """The ends of what a sentence says: an exact number, or at least and at most."""
    found = re.search(rf"at least {NUMBER} and at most {NUMBER}", text) or re.search(rf" {NUMBER}(?=[.,] |[.,]$)", text)
    return F(found[1].rstrip(".")), F(found[found.lastindex].rstrip("."))


def vectors(entries, length):
    return st.lists(entries, min_size=length, max_size=length)


@st.composite
def problems(draw, *, bounded=True):
    m, n = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    intercept = draw(st.booleans())
    free = [F(0)] * intercept
    mu = draw(vectors(positive if bounded else st.sampled_from([F(0), F(1)]), n))
    return Reference(
        draw(vectors(vectors(small, n), m)),
        draw(vectors(st.integers(-6, 6), m)),
        mu + free,
        kappa=draw(st.none() | vectors(st.sampled_from([F(0), F(0), F(1, 3)]), n).map(lambda k: k + free)),
        centres=draw(st.none() | vectors(st.sampled_from([F(0), F(1), F(-1, 3)]), n)),
        scales=draw(st.none() | vectors(st.sampled_from([F(1), F(2), F(2, 3)]), n)),
        weights=draw(st.none() | vectors(positive, m)),
        intercept=intercept,
        nonnegative=tuple(sorted(draw(st.sets(st.integers(0, n - 1), max_size=2)))),
    )


@st.composite
def several(draw):
    """Problems in which a column occurs twice, perhaps with the other sign."""
    m, sign = draw(st.integers(1, 3)), draw(st.sampled_from([1, -1]))
    column = draw(vectors(st.sampled_from([1, 1, -1, 2]), m))
    rows = [[a, sign * a, *draw(vectors(small, 1))] for a in column]
    intercept = m > 1 and draw(st.booleans())
    y = [a * draw(st.integers(2, 6)) for a in column]
    return Reference(rows, y, [F(1, 2)] * 3 + [F(0)] * intercept, intercept=intercept)


def root_within(square, low, high):
    return low * low <= square <= high * high and high - low <= max(low, F(1, 10**6)) / 10**5


@settings(max_examples=150)
@given(problems() | several(), st.data())
def test_what_is_said_is_what_brute_force_finds(ref, data):
    c = data.draw(vectors(st.builds(F, st.integers(-12, 12), st.sampled_from([1, 4, 10])), ref.size))
    least, points = ref.best
    report = verify_bytes(certified(ref, c))
    assert report.verdict == "valid", report.reason
    title, lines = report.statement.title, report.statement.lines
    p = ref.nearest(c)
    square = ref.away2(c, p)
    assert root_within(square, *interval(title))
    said = " ".join(lines)
    if "of the only minimiser p" in title:
        assert len(points) == 1
    if "and there are others" in said:
        assert len(points) > 1
    value = ref.objective(c)
    if value is None:
        assert "c is not feasible" in said
    else:
        line = next(line for line in lines if line.startswith("The objective at c"))
        low, high = interval(line) if "exceeds" in line else (0, 0)
        assert low <= value - least <= high
    size = sum((a * a for a in p[: ref.n]), F(0))
    relative = next((line for line in lines if line.startswith("|c - p|/|p|")), None)
    assert (relative is None) == (size == 0)
    if relative:
        assert root_within(square / size, *interval(relative.split(", so that")[0] + "."))


@settings(max_examples=100)
@given(problems(bounded=False), st.data())
def test_a_minimiser_is_one_and_others_are_not(ref, data):
    """Also where the minimisers are not bounded: any best point is accepted as it is, and one beside it is not."""
    _, points = ref.best
    p = list(data.draw(st.sampled_from(points)))
    assert verify_bytes(certified(ref, p, p=p, other=None)).verdict == "valid"
    moved = list(p)
    moved[data.draw(st.integers(0, ref.size - 1))] += F(1, 7)
    value = ref.objective(moved)
    assume(value is None or value > ref.best[0])
    report = verify_bytes(certified(ref, p, p=moved, unique="open"))
    assert report.verdict == "invalid" and report.reason.split(":")[0] in ("feasible", "gradient", "support")


@settings(max_examples=100)
@given(several(), st.data())
def test_no_other_minimiser_passes_for_the_nearest(ref, data):
    _, points = ref.best
    assume(len(points) > 1)
    c = data.draw(vectors(st.builds(F, st.integers(-12, 12), st.sampled_from([1, 4])), ref.size))
    p, far = ref.nearest(c), list(data.draw(st.sampled_from(points)))
    assume(ref.away2(c, far) > ref.away2(c, p))
    assert verify_bytes(certified(ref, c, p=far, unique="open")).reason.startswith("nearest: ")
    # the multiplier of the nearest does not serve another
    honest = json.loads(certified(ref, c, unique="open"))
    dishonest = json.loads(certified(ref, c, p=far, unique="open"))
    dishonest["evidence"] = honest["evidence"]
    assert verify_bytes(seal(dishonest)).reason.startswith("nearest: ")


@settings(max_examples=150)
@given(problems() | several(), st.data())
def test_the_support_is_compared_with_all_minimisers(ref, data):
    c = data.draw(vectors(st.sampled_from([F(0), F(0), F(1, 2)]), ref.size))
    _, points = ref.best
    lines = verify_bytes(certified(ref, c)).statement.lines
    extra, missing = (
        {int(j) - 1 for line in lines if line.startswith(start) for j in re.findall(r"\d+", line.split(": ")[2])}
        for start in ("Support: non-zero in c, and zero", "Support: zero in c, and non-zero")
    )
    zero = {j for j in range(ref.n) if not any(x[j] for x in points)}
    never = {j for j in range(ref.n) if all(x[j] for x in points)}
    assert extra <= {j for j in zero if c[j]} and missing <= {j for j in never if not c[j]}
    if len(points) == 1 and "p, which the file gives, is the only minimiser." in lines:
        assert (extra, missing) == ({j for j in zero if c[j]}, {j for j in never if not c[j]})
        assert any(line.startswith("Support: right") for line in lines) == (not extra and not missing)


def test_the_root_of_two_is_enclosed():
    ref = Reference([[1, 0], [0, 1]], [1, 1], [0, 0])
    low, high = interval(verify_bytes(certified(ref, [2, 2])).statement.title)
    assert low < F(isqrt(2 * 10**40), 10**20) < high


OPTIMUM, ERRORS = "proofs_checks.checker.parts.penalised_optimum", "proofs_checks.checker.parts.penalised_errors"


@settings(max_examples=150)
@given(problems() | several(), st.integers(0, 16), st.data())
def test_leading_bits_decide_what_all_bits_decide(ref, bits, data):
    """Columns are told from their bounds by a few bits of the residual, and by all where these do not suffice."""
    c = data.draw(vectors(st.builds(F, st.integers(-12, 12), st.sampled_from([1, 4, 10])), ref.size))
    p = data.draw(st.sampled_from([ref.nearest(c), [F(0)] * ref.size, c]))
    written = certified(ref, c, p=p, unique="open")
    whole = verify_bytes(written)
    with mock.patch(f"{OPTIMUM}._ROUGH", bits):
        report = verify_bytes(written)
    assert (report.verdict, report.statement) == (whole.verdict, whole.statement)


@settings(max_examples=150)
@given(problems() | several(), st.integers(0, 12), st.data())
def test_an_excess_of_few_bits_is_rounded_outward(ref, bits, data):
    c = data.draw(vectors(st.builds(F, st.integers(-12, 12), st.sampled_from([1, 3, 7, 10])), ref.size))
    value = ref.objective(c)
    assume(value is not None)
    written = certified(ref, c)
    with mock.patch(f"{ERRORS}._FINE", bits):
        line = next(line for line in verify_bytes(written).statement.lines if line.startswith("The objective at c"))
    low, high = interval(line) if "exceeds" in line else (0, 0)
    assert low <= value - ref.best[0] <= high


@given(st.integers(1, 5), st.data())
def test_a_matrix_is_regular_if_its_determinant_is_not_0_modulo_the_prime(size, data):
    entries = st.sampled_from([0, 1, 2, _PRIME - 1, _PRIME - 2, 2**60]) | st.integers(0, _PRIME - 1)
    rows = data.draw(vectors(vectors(entries, size), size))
    if data.draw(st.booleans()):
        rows[-1] = [(a + 2 * b) % _PRIME for a, b in zip(rows[0], rows[size // 2], strict=True)]
    packed = [sum(a << _SLOT * k for k, a in enumerate(row)) for row in rows]
    assert _regular(packed) == (determinant(rows) % _PRIME != 0)


def determinant(rows):
    """By Laplace."""
    if not rows:
        return 1
    minors = ([row[:j] + row[j + 1 :] for row in rows[1:]] for j in range(len(rows)))
    return sum((-1) ** j * a * determinant(minor) for j, (a, minor) in enumerate(zip(rows[0], minors, strict=True)))


def test_a_minor_that_is_a_multiple_of_the_prime_decides_nothing():
    """The column is not 0, and its numerator is; without a scale it is the prime itself."""
    ref = Reference([[_PRIME]], [_PRIME + F(1, 2 * _PRIME)], [1])
    assert verify_bytes(certified(ref, [1])).reason == f"minor: that of the columns of E' is 0 modulo {_PRIME}"
    assert verify_bytes(certified(ref, [1], unique="open")).verdict == "valid"


def test_scales_that_are_multiples_of_the_prime():
    """Columns that are equal are looked for by sums modulo the prime, which may all be 0."""
    ref = Reference([[_PRIME, _PRIME, 2]], [3], [H, H, H], scales=[_PRIME, _PRIME, 2])
    said = " ".join(verify_bytes(certified(ref, [1, 2, 0])).statement.lines)
    assert "moves to another: columns 1, 2" in said


def test_columns_that_are_alike_are_those():
    """Equal after scaling, or opposite; a column that differs in one row is not."""
    rows = [[1, 2, -1, 1, 1], [1, 2, -1, 1, 2]]
    ref = Reference(rows, [3, 3], [1, 1, 1, 1, H], scales=[1, 2, 1, 1, 1])
    said = verify_bytes(certified(ref, [1, 1, -1, 0, 0])).statement.lines
    assert next(line for line in said if "Interchangeable" in line).endswith("moves to another: columns 1, 2, 3, 4.")


def test_opposite_columns_without_penalty_are_alike_without_limits():
    """With both at least 0, more of one is no less of the other, and minimisers are unbounded."""
    free = Reference([[1, -1]], [3], [0, 0])
    assert "columns 1, 2" in verify_bytes(certified(free, [3, 0], p=[3, 0], other=[0, -3])).statement.lines[-2]
    limited = Reference([[1, -1]], [3], [0, 0], nonnegative=(0, 1))
    report = verify_bytes(certified(limited, [3, 0], p=[3, 0], other=[4, 1]))
    assert report.verdict == "valid" and "Interchangeable" not in " ".join(report.statement.lines)


@pytest.mark.parametrize(
    ("y", "options"),
    [
        ([3, 3, 3], {}),
        ([-3, -3, -3], {}),
        ([3, 3, 3], {"nonnegative": (0,)}),
        ([4, 4, 4], {"centres": [-1]}),
        ([3, 3, 3], {"weights": [2, 2, 2]}),
        ([3, 3, 3], {"scales": [2]}),
    ],
)
@pytest.mark.parametrize("bits", [0, 1, 2, 3])
def test_columns_just_beyond_their_bounds_are_noticed(y, options, bits):
    """0 is a minimiser if mu is |G_1|, and none if it is a little less; few bits of the residual tell neither."""
    (slope,) = (abs(g) for g in gradient(Reference([[1]] * 3, y, [0], **options), [F(0)]))
    for share, verdict in ((1 - F(1, 10**6), "invalid"), (F(11, 12), "invalid"), (F(1), "valid"), (F(3), "valid")):
        ref = Reference([[1]] * 3, y, [slope * share], **options)
        with mock.patch(f"{OPTIMUM}._ROUGH", bits):
            assert verify_bytes(certified(ref, [0], p=[F(0)])).verdict == verdict


def test_a_short_file_may_not_ask_for_many_long_numbers():
    """A number of 2^20 bits in v, and 8,192 rows, would be a residual of a gibibyte."""
    X, y = [[1]] * 8192, [0] * 8192
    report = verify_bytes(solution(X, y, [1], [0], [F(1, 3 ** (660_000))], rows=[0]))
    assert report.verdict == "malformed" and "exceed 2^32 bits" in report.reason
    short = solution([[1]] * 512, [0] * 512, [1], [0], [F(1, 3 ** (660_000))], rows=[0])
    assert verify_bytes(short).verdict == "invalid"


@pytest.mark.parametrize("case", ["scaled", "no"])
def test_all_arrays_count(case):
    """(m + N) B is what the page says it is."""
    obj = json.loads(ACCEPT[case])
    arrays = [array for array in [*obj["claim"]["problem"].values(), obj["claim"]["coefficients"]] if is_packed(array)]
    sparse = [obj["claim"]["minimiser"], obj["evidence"]["multiplier"], obj["evidence"]["other"]]
    arrays += [vector["entries"] for vector in sparse if vector]
    problem = obj["claim"]["problem"]
    bits = sum(int(array["den"], 16).bit_length() + largest(array).bit_length() for array in arrays)
    bits += 2 * sum(problem[key] is None for key in ("centres", "scales", "observation_weights", "ridge"))
    m, n = (int(side, 16) for side in problem["matrix"]["shape"])
    room = (m + n + problem["intercept"]) * bits
    for cap, verdict in ((room, "valid"), (room - 1, "malformed")):
        with mock.patch("proofs_checks.checker.parts.penalised.MAX_BITS", cap):
            assert verify_bytes(ACCEPT[case]).verdict == verdict


def is_packed(value):
    return isinstance(value, dict) and "digits" in value


def largest(array):
    den = int(array["den"], 16)
    return max(den, *(abs(int(x * den)) for x in packed_entries(array)))

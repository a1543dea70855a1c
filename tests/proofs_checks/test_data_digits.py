"""Kind data-digits against the formulas of its theorems, and against minimisers found by brute force."""

import json
import re
from dataclasses import replace
from unittest import mock

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from proofs_checks import verify_bytes
from proofs_checks.checker.core.rules import Invalid
from proofs_checks.checker.parts.data_lasso import Lasso
from proofs_checks.checker.parts.data_problem import decode_problem, width
from proofs_checks.checker.parts.data_theorems import AtScale
from proofs_checks.checker.parts.penalised import decode_sparse
from proofs_checks.checker.parts.precision import decode_precision
from tests.proofs_checks.builders import F, changed, rat
from tests.proofs_checks.data_builders import (
    complex_references,
    data_digits,
    determined,
    entries,
    near,
    norm,
    precision,
    references,
    vectors,
    written,
)
from tests.proofs_checks.data_reference import Complex, length, size
from tests.proofs_checks.solution_builders import sparse

SMALL, H = F(1, 10**9), F(1, 2)
scales = st.integers(-18, 6).map(lambda k: F(2) ** k) | st.builds(F, st.integers(1, 9), st.sampled_from([7, 90, 1000]))


def lasso(found):
    """What the checker knows of a reference."""
    obj = json.loads(written(found))
    claim, evidence = obj["claim"], obj["evidence"]
    problem = decode_problem(claim["problem"], "problem")
    return Lasso(
        problem,
        decode_precision(claim["precision"], "precision", *problem.matrix.shape),
        decode_sparse(evidence["point"], "point", width(problem) * problem.size),
        [int(j, 16) for j in evidence["allowed"]],
        found.sigma,
    )


def proved(found, scale):
    """What the checker proves, or None."""
    try:
        return AtScale(lasso(found), scale).outcome()
    except Invalid:
        return None


@settings(max_examples=200)
@given(determined(references()) | determined(complex_references()), scales)
def test_what_is_proved_is_what_the_theorems_say(found, scale):
    """Neither less nor more, but for the roundings."""
    said, exact, larger = proved(found, scale), found.at(scale), found.at(scale, SMALL)
    if said is None:
        assert larger is None
        return
    unique, distance, moves, inside, outside = exact
    event(f"unique {unique}, in doubt {len(inside) + len(outside) < found.n}")
    assert set(said.inside) <= set(inside) and set(said.outside) <= set(outside)
    assert said.unique <= unique
    if larger is None:
        return
    assert set(said.inside) >= set(larger[3]) and set(said.outside) >= set(larger[4])
    assert said.unique >= larger[0]
    if unique == larger[0] and outside == larger[4]:
        assert distance * (1 - SMALL) <= said.distance <= larger[1] * (1 + SMALL) + SMALL**2
        for j, move in enumerate(said.moves):
            assert moves[j] * (1 - SMALL) <= move <= larger[2][j] * (1 + SMALL) + SMALL**2


@st.composite
def units(draw, length):
    """Rational vectors of length 1 at the most."""
    t, i, k = draw(st.integers(-6, 6)), draw(st.integers(0, length - 1)), draw(st.integers(0, length - 1))
    found = [F(0)] * length
    found[i], found[k] = F(2 * t, 9 + t * t) * 3, F(9 - t * t, 9 + t * t) if i != k else draw(st.sampled_from([1, -1]))
    return found


@st.composite
def within(draw, known, rows, cols, scale):
    """A matrix within its radius, often as far away as may be."""
    if known.entries:
        share = st.sampled_from([1, -1, 1, -1, 0, F(1, 3)])
        return [[scale * known.entries[i][j] * draw(share) for j in range(cols)] for i in range(rows)]
    left, right = draw(units(rows)), draw(units(cols))
    return [[scale * known.norm * a * b for b in right] for a in left]


@settings(max_examples=160)
@given(determined(references(most=2)), st.data())
def test_no_admissible_data_have_other_minimisers(found, data):
    """By brute force over supports and signs; all minimisers lie between those that it finds, if they are bounded."""
    ladder = [F(2) ** k for k in range(5, -15, -1)]
    tried = ((scale, proved(found, scale)) for scale in ladder[data.draw(st.integers(0, 8)) :])
    scale, said = next(((scale, said) for scale, said in tried if said), (None, None))
    assume(said is not None)
    ref, n, m = found.ref, found.n, len(found.ref.X)
    dX, dy = data.draw(within(found.matrix, m, n, scale)), data.draw(within(found.data, m, 1, scale))
    X = [[a + b for a, b in zip(row, more, strict=True)] for row, more in zip(ref.X, dX, strict=True)]
    other = replace(ref, X=X, y=[a + b for a, (b,) in zip(ref.y, dy, strict=True)])
    _, points = other.best
    for p in points:
        away = [a - b for a, b in zip(p[:n], found.point[:n], strict=True)]
        assert sum(a * a for a in away) <= said.distance**2
        assert all(abs(a) <= move for a, move in zip(away, said.moves, strict=True))
        assert all(p[j] * found.point[j] > 0 for j in said.inside)
        assert not any(p[j] for j in said.outside)
    if said.unique:
        assert len(points) == 1 and not other.moves(list(points[0]))


@st.composite
def turned(draw, known, rows, cols, scale):
    """The same for complex data: entries of any direction, or rows, where a norm is known."""
    phases = st.sampled_from(
        [Complex(F(a, c), F(b, c)) for a, b, c in ((1, 0, 1), (0, -1, 1), (3, 4, 5), (-5, 12, 13))]
    )
    found = draw(within(known, rows, cols, scale))
    if known.entries:
        return [[a * draw(phases) for a in row] for row in found]
    return [[phase * a for a in row] for phase, row in zip(draw(vectors(phases, rows)), found, strict=True)]


@settings(max_examples=100)
@given(determined(complex_references()), st.data())
def test_no_admissible_complex_data_have_minimisers_elsewhere(found, data):
    """These are found in floats, whose error is allowed for."""
    ladder = [F(2) ** k for k in range(5, -15, -1)]
    tried = ((scale, proved(found, scale)) for scale in ladder[data.draw(st.integers(0, 8)) :])
    scale, said = next(((scale, said) for scale, said in tried if said), (None, None))
    assume(said is not None)
    ref, n, m = found.ref, found.n, len(found.ref.X)
    dX, dy = data.draw(turned(found.matrix, m, n, scale)), data.draw(turned(found.data, m, 1, scale))
    X = [[a + b for a, b in zip(row, more, strict=True)] for row, more in zip(ref.X, dX, strict=True)]
    other = replace(ref, X=X, y=[a + b for a, (b,) in zip(ref.y, dy, strict=True)])
    p, q = (near(other, 2**60, sweeps=sweeps) for sweeps in (100, 120))
    assume(all(size(a - b) < SMALL / 1000 for a, b in zip(p, q, strict=True)))
    away = [size(a - b) for a, b in zip(p, found.point, strict=True)]
    assert length(away) <= said.distance * (1 + SMALL) + SMALL
    assert all(a <= move * (1 + SMALL) + SMALL for a, move in zip(away, said.moves, strict=True))
    assert all(p[j] for j in said.inside)
    assert not any(p[j] for j in said.outside)


NUMBER = r"([0-9.]+(?:e[-+]\d+)?)"


def numbers(pattern, lines):
    """The groups of the first line that has this, as fractions; where one number stands for both ends, twice."""
    found = next((match for line in lines if (match := re.search(pattern.replace("#", NUMBER), line))), None)
    return found and [F(text.rstrip(".")) for text in found.groups() if text]


def close(said, exact, *, up):
    """A printed number is on its side, and near."""
    away = said - exact if up else exact - said
    return 0 <= away <= F(1, 10**5) * abs(exact) + F(1, 10**12)


@settings(max_examples=150)
@given(determined(references(most=3)), scales, st.data())
def test_what_is_said_is_rounded_to_the_side_that_says_less(found, scale, data):
    c = data.draw(vectors(st.builds(F, st.integers(-30, 30), st.sampled_from([1, 8])), found.ref.size))
    if data.draw(st.booleans()):
        c = [a + F(1, 10**7) for a in found.point]
    report, exact = verify_bytes(written(found, [scale], c)), found.at(scale)
    assume(report.verdict == "valid" and exact is not None)
    n, D, lines = found.n, exact[1], report.statement.lines
    size, away = length(found.point[:n]), length([a - b for a, b in zip(c[:n], found.point[:n], strict=True)])
    (said,) = numbers(r"\|x' - x\| is at most #", lines)
    assert close(said, D, up=True) and numbers("are within # of those", [report.statement.title]) == [said]
    low, *high = numbers(r"\|c - x'\| is (?:at least )?#(?: and at most #)?(?= for all)", lines)
    assert close(low, max(F(0), away - D), up=False) and close((high or [low])[0], away + D, up=True)
    if size * (1 - SMALL) > D:
        low, *high = numbers(r"\|c - x'\|/\|x'\| is (?:at least )?#(?: and at most #)?", lines)
        assert close(low, max(F(0), away - D) / (size + D), up=False)
        assert close((high or [low])[0], (away + D) / (size - D), up=True)
    for pattern, error, whole in (
        (r"(\d+) digits? of x (?:is|are) determined", D, size - D),
        (r"so that (\d+) digits? (?:is|are) reached for all", away + D, size - D),
    ):
        k = int((numbers(pattern, lines) or [0])[0])
        assert k == 0 or error * 10**k <= whole * (1 + SMALL)
        assert error * 10 ** (k + 1) > whole * (1 - SMALL) or not error
    missed = numbers(r"(\d+) digits? (?:is|are) reached for none", lines)
    assert (missed is None) == (away <= D) or abs(away - D) <= SMALL * D
    if missed:
        k = int(missed[0])
        assert (away - D) * 10**k >= (size + D) * (1 - SMALL)
        assert k == 1 or (away - D) * 10 ** (k - 1) <= (size + D) * (1 + SMALL)


LONG = F(1, 3**600_000)


@pytest.mark.parametrize(
    ("rows", "part", "key", "value"),
    [
        (8192, "claim", "scales", [rat(LONG)]),
        (8192, "claim", "precision", precision(norm(LONG))),
        (8192, "claim", "precision", precision(data=entries([[LONG]]))),
        (8192, "evidence", "sigma", rat(LONG)),
        (8192, "evidence", "point", sparse([LONG])),
    ],
)
def test_a_short_file_may_not_ask_for_many_long_numbers(rows, part, key, value):
    """A number of almost 2^20 bits beside each of 8,192 rows would be a gibibyte."""
    data = data_digits([[1]] * rows, [1] * rows, [3 * rows], [0], precision(), allowed=[0])
    report = verify_bytes(changed(data, [part, key], value))
    assert report.verdict == "malformed" and "exceed 2^32 bits" in report.reason


def test_a_factor_may_not_ask_for_many_long_numbers():
    columns = 100
    options = {"allowed": range(columns), "sigma": F(1, 2**250_000)}
    report = verify_bytes(data_digits([[1] * columns], [1], [3] * columns, [0], precision(), **options))
    assert report.verdict == "malformed" and "100 columns with products of" in report.reason


@pytest.mark.parametrize("times", [[F(3**20_000)], [F(1, 3**20_000)], [F(1, 3**20_000), 1, F(3**20_000)]])
def test_scales_of_any_length_are_borne(times):
    for matrix in (norm(1), norm(0)):
        report = verify_bytes(data_digits([[1]], [1], [4], [0], precision(matrix, norm(0)), times=times))
        few = len(times) == 1 and times[0] < 1
        assert report.verdict == ("valid" if few or matrix == norm(0) else "invalid"), report.reason


U = F(1, 2**40)
ONE = {"allowed": [0], "sigma": 1 - U / 8}
BESIDE = [[1, 1], [0, 1]], [3, 0]


def fit(x, radii, **options):
    """One column of 1, without a penalty: x' = y'/X'."""
    return data_digits([[1]], [x], [0], [x], radii, **{**ONE, **options})


BY_A_UNIT = {
    "margin": (
        "margin: ", lambda u: data_digits([[1]], [1], [2 + u], [0], precision()),
    ),
    "margin of one side": (
        "margin: ", lambda u: data_digits([[1]], [1], [2 + u], [0], precision(), nonnegative=[0]),
    ),
    "margin less what X can do": (
        "scale: ", lambda u: data_digits([[1]], [1], [4 + u], [0], precision(entries([[1]]))),
    ),
    "margin less what X can do to the other column": (
        "scale: ", lambda u: data_digits([[1, 0]], [1], [4 + u, 4], [0, 0], precision(entries([[1, 1]]))),
    ),
    "factor": ("factor: ", lambda u: fit(1, precision(), sigma=1 - u)),
    "sigma less what X can do": ("scale: ", lambda u: fit(1, precision(norm(1 - u)))),
    "sigma less what X can do to entries": ("scale: ", lambda u: fit(1, precision(entries([[1 - u]])))),
    "sigma less what X can do, with a scale": ("scale: ", lambda u: fit(1, precision(norm(H - u)), scales=[H])),
}  # fmt: skip


@pytest.mark.parametrize("case", BY_A_UNIT)
def test_a_rule_that_holds_by_one_unit_holds_and_equality_does_not(case):
    rule, make = BY_A_UNIT[case]
    assert verify_bytes(make(U)).verdict == "valid", verify_bytes(make(U)).reason
    assert verify_bytes(make(0)).reason.startswith(rule)


LESS_BY_A_UNIT = {
    "out": (
        "Out: x'_j is 0, in 1 column: column 1.",
        lambda u: data_digits([[1]], [1], [4 + u], [0], precision(data=norm(1))),
    ),
    "out, with weights": (
        "Out: x'_j is 0, in 1 column: column 1.",
        lambda u: data_digits([[1]], [1], [16 + u], [0], precision(data=norm(1)), weights=[4]),
    ),
    "out by what is left of the column": (
        "Out: x'_j is 0, in 1 column: column 2.",
        lambda u: data_digits(*BESIDE, [0, 2 + u], [3, 0], precision(data=norm(1)), allowed=[0], sigma=H),
    ),
    "in": ("with the sign of x_j, in 1 column: column 1.", lambda u: fit(1 + u, precision(data=norm(1)))),
    "in, entry by entry": (
        "with the sign of x_j, in 1 column: column 1.", lambda u: fit(1 + u, precision(data=entries([[1]]))),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", LESS_BY_A_UNIT)
def test_an_outcome_that_holds_by_one_unit_holds_and_equality_says_less(case):
    line, make = LESS_BY_A_UNIT[case]
    more, equal = verify_bytes(make(U)), verify_bytes(make(F(0)))
    assert more.verdict == equal.verdict == "valid"
    assert any(said.endswith(line) for said in more.statement.lines)
    assert not any(said.endswith(line) for said in equal.statement.lines)


@pytest.mark.parametrize("known", [norm, lambda r: entries([[r]])])
def test_radii_are_said_to_be_no_larger_than_those_that_are_proved(known):
    """What is said is about all data within them, so that a larger radius would say more."""
    radius = F(1, 10) + F(1, 3**40)
    report = verify_bytes(fit(1, precision(known(radius), known(radius))))
    said = [line for line in report.statement.lines if line.startswith(("X' - X", "y' - y"))]
    assert [line.rpartition(" ")[2] for line in said] == ["0.1."] * 2


@pytest.mark.parametrize("options", [{"scales": [F(1, 2**1000)] * 4}, {"kappa": [F(2**2000)] * 4}])
def test_large_products_count_in_the_memory_that_a_file_may_ask_for(options):
    """A short file could ask for a matrix of many long numbers."""
    options = {"kappa": [F(1)] * 4, **options}
    made = data_digits([[1] * 4], [0], [1] * 4, [0] * 4, precision(), allowed=range(4), **options)
    for cap, exceeds in ((4 * 4 * 2096, True), (4 * 4 * 2110, False)):
        with mock.patch("proofs_checks.checker.parts.data_factor.MAX_BITS", cap):
            assert ("columns with products of" in (verify_bytes(made).reason or "")) is exceeds


@pytest.mark.parametrize("options", [{"centres": [F(1, 2**2000)] * 4}, {"weights": [F(2**2000 + 1)] * 8}])
def test_long_columns_count_in_the_memory_that_a_file_may_ask_for(options):
    """Columns are kept with their centres and weights, and these may be long where X is short."""
    X = [[3 + (i == j) for j in range(4)] for i in range(8)]
    made = data_digits(X, [0] * 8, [1] * 4, [0] * 4, precision(), allowed=range(4), sigma=H, **options)
    for cap, exceeds in ((8 * 4 * 1700, True), (8 * 4 * 8000, False)):
        with mock.patch("proofs_checks.checker.parts.data_factor.MAX_BITS", cap):
            assert ("rows of 4 columns with" in (verify_bytes(made).reason or "")) is exceeds

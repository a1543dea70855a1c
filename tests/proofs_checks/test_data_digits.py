"""Kind data-digits against the formulas of its theorems, and against minimisers found by brute force."""

import json
import re
from dataclasses import replace

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from proofs_checks import verify_bytes
from proofs_checks.checker.core.rules import Invalid
from proofs_checks.checker.parts.data_lasso import Lasso
from proofs_checks.checker.parts.data_problem import decode_problem, width
from proofs_checks.checker.parts.data_theorems import AtScale
from proofs_checks.checker.parts.penalised import decode_sparse
from proofs_checks.checker.parts.precision import decode_precision
from tests.proofs_checks.builders import F
from tests.proofs_checks.data_builders import complex_references, determined, references, vectors, written
from tests.proofs_checks.data_reference import length

SMALL = F(1, 10**9)
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


@settings(max_examples=300)
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


@settings(max_examples=250)
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

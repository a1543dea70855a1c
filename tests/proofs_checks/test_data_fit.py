"""Kind data-digits without independent columns, against the formulas of its theorem and minimisers by brute force."""

import json
import re
from dataclasses import replace

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from proofs_checks import verify_bytes
from proofs_checks.checker.core.rules import Invalid
from proofs_checks.checker.parts.data_fit import AnyColumns
from proofs_checks.checker.parts.data_fit_theorem import FitAtScale
from proofs_checks.checker.parts.data_problem import decode_problem, width
from proofs_checks.checker.parts.penalised import decode_sparse
from proofs_checks.checker.parts.precision import decode_precision
from tests.proofs_checks.builders import F
from tests.proofs_checks.data_builders import any_columns, complex_references, references, written
from tests.proofs_checks.data_reference import length
from tests.proofs_checks.test_data_digits import close, numbers, scales, within

SMALL = F(1, 10**9)


def around(found):
    """What the checker knows of a reference."""
    obj = json.loads(written(found))
    claim, evidence = obj["claim"], obj["evidence"]
    problem = decode_problem(claim["problem"], "problem")
    precision = decode_precision(claim["precision"], "precision", *problem.matrix.shape)
    point = decode_sparse(evidence["point"], "point", width(problem) * problem.size)
    return AnyColumns(problem, precision, point, [int(j, 16) for j in evidence["allowed"]])


def proved(found, scale):
    """What the checker proves, or None."""
    try:
        return FitAtScale(around(found), scale).outcome()
    except Invalid:
        return None


def between(low, said, high):
    return low * (1 - SMALL) - SMALL**2 <= said <= high * (1 + SMALL) + SMALL**2


@settings(max_examples=200)
@given(any_columns(references()) | any_columns(complex_references()), scales)
def test_what_is_proved_is_what_the_theorem_says(found, scale):
    """Neither less nor more, but for the roundings."""
    said, exact, larger = proved(found, scale), found.fit_at(scale), found.fit_at(scale, SMALL)
    if said is None:
        assert larger is None
        return
    event(f"bounded {said.distance is not None}, out {bool(said.outside)}, in {bool(said.inside)}")
    assert set(said.inside) <= set(exact.inside) and set(said.outside) <= set(exact.outside)
    if larger is None:
        return
    assert set(said.inside) >= set(larger.inside) and set(said.outside) >= set(larger.outside)
    assert between(exact.fit, said.fit, larger.fit) and between(exact.high, said.high, larger.high)
    assert larger.low * (1 - SMALL) - SMALL * larger.high <= said.low <= exact.low
    assert (said.distance is None) == (exact.distance is None)
    if exact.outside == larger.outside:
        for j, move in enumerate(said.moves):
            assert (move is None) == (exact.moves[j] is None)
            assert move is None or between(exact.moves[j], move, larger.moves[j])
        assert said.distance is None or between(exact.distance, said.distance, larger.distance)


@settings(max_examples=160)
@given(any_columns(references(most=2)), st.data())
def test_no_admissible_data_have_other_fits(found, data):
    """By brute force over supports and signs; all minimisers lie between those that it finds, if they are bounded."""
    ladder = [F(2) ** k for k in range(5, -15, -1)]
    tried = ((scale, proved(found, scale)) for scale in ladder[data.draw(st.integers(0, 8)) :])
    scale, said = next(((scale, said) for scale, said in tried if said), (None, None))
    assume(said is not None)
    ref, n, m = found.ref, found.n, len(found.ref.X)
    dX, dy = data.draw(within(found.matrix, m, n, scale)), data.draw(within(found.data, m, 1, scale))
    X = [[a + b for a, b in zip(row, more, strict=True)] for row, more in zip(ref.X, dX, strict=True)]
    other = replace(ref, X=X, y=[a + b for a, (b,) in zip(ref.y, dy, strict=True)])
    moved = replace(found, ref=other)
    _, points = other.best
    for p in points:
        away = [a - b for a, b in zip(p[:n], found.point[:n], strict=True)]
        fits = [sum((a * b[i] for a, b in zip(p, moved.columns, strict=False)), F(0)) for i in range(m)]
        given = [sum((a * b[i] for a, b in zip(found.point, found.columns, strict=False)), F(0)) for i in range(m)]
        assert sum(w * (a - b) ** 2 for w, a, b in zip(ref.w, fits, given, strict=True)) <= said.fit**2
        assert said.low <= sum(F(mu) * abs(a) for mu, a in zip(ref.mu, p[:n], strict=False)) <= said.high
        assert said.distance is None or sum(a * a for a in away) <= said.distance**2
        assert all(move is None or abs(a) <= move for a, move in zip(away, said.moves, strict=True))
        assert all(p[j] * found.point[j] > 0 for j in said.inside)
        assert not any(p[j] for j in said.outside)


@settings(max_examples=100)
@given(any_columns(references(most=3)), scales)
def test_what_is_said_is_rounded_to_the_side_that_says_less(found, scale):
    report, exact = verify_bytes(written(found, [scale], list(found.point))), found.fit_at(scale)
    assume(report.verdict == "valid" and exact is not None)
    n, lines = found.n, report.statement.lines
    norm, fitted = length(found.point[:n]), found.lengths[0]
    (said,) = numbers(r"\|Z'x' - Zx\| is at most #", lines)
    assert close(said, exact.fit, up=True) and numbers("are within # of those", [report.statement.title]) == [said]
    low, high = numbers(r"is at least # and at most #[.,]", [line for line in lines if line.startswith("sum_j")])
    assert low <= exact.low + SMALL and close(high, exact.high, up=True)
    assert any("what y alone shows" in line for line in lines) == exact.alone
    free = [line for line in lines if line.startswith("Nothing bounds")]
    assert bool(free) == (exact.distance is None)
    if exact.distance is not None:
        (said,) = numbers(r"\|x' - x\| is at most #", lines)
        assert close(said, exact.distance, up=True)
        assert any(line.startswith("|c - x'|") for line in lines)
    for pattern, error, whole in (
        (r"(\d+) digits? of the fitted values (?:is|are) determined", exact.fit, fitted - exact.fit),
        (r"(\d+) digits? of x (?:is|are) determined", exact.distance, norm - (exact.distance or 0)),
    ):
        k = int((numbers(pattern, lines) or [0])[0])
        assert k == 0 or error * 10**k <= whole * (1 + SMALL)
        assert not error or error * 10 ** (k + 1) > whole * (1 - SMALL)
    sure = next((line for line in lines if line.startswith("The first digit of x_j")), "")
    places = {int(j) - 1 for j in re.findall(r"\d+", sure.partition(" in column")[2])}
    assert all(11 * exact.moves[j] <= abs(found.point[j]) * (1 + SMALL) for j in places)

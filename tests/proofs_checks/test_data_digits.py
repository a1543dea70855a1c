"""Kind data-digits against the formulas of its theorems, and against minimisers found by brute force."""

import json

from hypothesis import Phase, event, given, settings
from hypothesis import strategies as st

from proofs_checks.checker.core.rules import Invalid
from proofs_checks.checker.parts.data_lasso import Lasso
from proofs_checks.checker.parts.data_problem import decode_problem, width
from proofs_checks.checker.parts.data_theorems import AtScale
from proofs_checks.checker.parts.penalised import decode_sparse
from proofs_checks.checker.parts.precision import decode_precision
from tests.proofs_checks.builders import F
from tests.proofs_checks.data_builders import complex_references, determined, references, written

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


@settings(max_examples=300, phases=[Phase.generate])
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

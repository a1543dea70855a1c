"""Kind data-digits for sqrt-lasso and bpdn, against the formulas of its theorems."""

from fractions import Fraction

import pytest
from hypothesis import Phase, event, given, settings
from hypothesis import strategies as st

from proofs_checks.checker.core.rules import Invalid
from proofs_checks.checker.parts import data_bpdn, data_sqrt_lasso
from proofs_checks.checker.parts.data_problem import decode_problem
from proofs_checks.checker.parts.penalised import decode_sparse
from proofs_checks.checker.parts.precision import decode_precision
from tests.proofs_checks.builders import F
from tests.proofs_checks.data_builders import entries, norm, precision, unsquared
from tests.proofs_checks.solution_builders import problem, sparse

SMALL = F(1, 10**9)
scales = st.integers(-18, 2).map(lambda k: F(2) ** k) | st.builds(F, st.integers(1, 9), st.sampled_from([90, 1000]))


def proved(found, scale):
    """What the checker proves, or None."""
    ref = found.ref
    known = [norm(r.norm) if r.entries is None else entries(r.entries) for r in (found.matrix, found.data)]
    given_problem = problem(
        ref.X, ref.y, ref.mu, centres=ref.centres, scales=ref.scales, weights=ref.weights,
        intercept=ref.intercept, nonnegative=ref.nonnegative,
    )  # fmt: skip
    parts = (
        decode_problem(given_problem, "problem"),
        decode_precision(precision(*known), "precision", len(ref.X), ref.n),
        decode_sparse(sparse(found.point), "point", ref.size),
        [*found.allowed, *[ref.n] * ref.intercept],
        found.sigma,
    )
    try:
        if hasattr(found, "noise"):
            return data_bpdn.BpdnAtScale(data_bpdn.Bpdn(*parts, found.noise), scale).outcome()
        return data_sqrt_lasso.SqrtLassoAtScale(data_sqrt_lasso.SqrtLasso(*parts), scale).outcome()
    except Invalid:
        return None


def compare(found, said, exact, larger):
    """What is proved is at most what the theorems say at their best, and at least what they say with room."""
    event(f"{'' if said is None else said.unique}")
    if said is None:
        assert larger is None
        return
    assert exact is not None
    unique, distance, moves, inside, outside = exact
    assert set(said.inside) <= set(inside)
    assert set(said.outside) <= set(outside) and said.unique <= unique
    if larger is not None:
        assert set(said.inside) >= set(larger[3]) and set(said.outside) >= set(larger[4]) and said.unique >= larger[0]
    if said.unique == unique and said.outside == outside:
        small = Fraction(1) - SMALL
        assert said.distance >= Fraction(distance) * small
        assert all(a >= Fraction(b) * small for a, b in zip(said.moves, moves, strict=True))
    if larger is not None and said.unique == larger[0] and said.outside == larger[4]:
        assert said.distance <= Fraction(larger[1]) * (1 + SMALL) + SMALL**2
        assert all(a <= Fraction(b) * (1 + SMALL) + SMALL**2 for a, b in zip(said.moves, larger[2], strict=True))


@pytest.mark.slow
@settings(max_examples=300, phases=[Phase.generate], deadline=None)
@given(unsquared("sqrt-lasso"), scales)
def test_sqrt_lasso_at_length(found, scale):
    compare(found, proved(found, scale), found.at(scale), found.at(scale, SMALL, wider="1.0626"))


@pytest.mark.slow
@settings(max_examples=300, phases=[Phase.generate], deadline=None)
@given(unsquared("bpdn"), scales)
def test_bpdn_at_length(found, scale):
    compare(found, proved(found, scale), found.at(scale), found.at(scale, SMALL, rounds=60))


@settings(max_examples=40, phases=[Phase.generate], deadline=None)
@given(unsquared("sqrt-lasso", most=3), scales)
def test_what_is_proved_of_sqrt_lasso_is_what_the_theorems_say(found, scale):
    compare(found, proved(found, scale), found.at(scale), found.at(scale, SMALL, wider="1.0626"))


@settings(max_examples=40, phases=[Phase.generate], deadline=None)
@given(unsquared("bpdn", most=3), scales)
def test_what_is_proved_of_bpdn_is_what_the_theorems_say(found, scale):
    compare(found, proved(found, scale), found.at(scale), found.at(scale, SMALL, rounds=60))

"""Kind recovery against its definition: for random claims the least bound is accepted, and nothing below it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from proofs_checks import verify_bytes
from tests.proofs_checks.builders import F
from tests.proofs_checks.recovery_builders import (
    conditional,
    image,
    least,
    least_square,
    minus,
    modulus,
    norm,
    pair,
    spread_of,
    spreads,
)

UNIT = F(1, 2**600)
rationals = st.fractions(-3, 3, max_denominator=12)
positive = st.fractions(F(1, 12), 3, max_denominator=12)


@st.composite
def cases(draw, *, complex_):
    """(A, levels, rho, gamma, y, x, v, sigma, noise), v scaled into its constraints."""
    m, sizes = draw(st.integers(1, 3)), draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    spread, end = [], 0
    for size in sizes:
        end += size
        spread.append((end, draw(st.integers(1, size)), draw(positive)))
    scalars = st.tuples(rationals, st.just(0), rationals) if complex_ else rationals
    A = draw(st.lists(st.lists(scalars, min_size=end, max_size=end), min_size=m, max_size=m))
    y, v = (draw(st.lists(scalars, min_size=m, max_size=m)) for _ in range(2))
    x = draw(st.lists(scalars, min_size=end, max_size=end))
    adjoint = [[(pair(a)[0], 0, -pair(a)[1]) for a in line] for line in zip(*A, strict=True)]
    weights = [w for js, _, w in spread_of(spread) for _ in js]
    most = max((modulus(z) / w for z, w in zip(image(adjoint, v), weights, strict=True)), default=F(0))
    scale = 1 if most == 0 else draw(st.sampled_from((F(1), F(1, 2)))) / most
    v = [tuple(t * scale for t in (pair(z)[0], 0, pair(z)[1])) for z in v]
    rho = draw(st.fractions(F(1, 20), F(19, 20), max_denominator=20))
    return (
        A,
        spread,
        rho,
        draw(positive),
        y,
        x,
        draw(st.just(v) | st.none()),
        draw(st.just(0) | positive),
        draw(st.just(0) | positive),
    )


def judged(case, bound, cuts=None):
    *parts, sigma, noise = case
    return verify_bytes(conditional(*parts, bound=bound, sigma=sigma, noise=noise, cuts=cuts))


@given(st.booleans().flatmap(lambda complex_: cases(complex_=complex_)))
@settings(max_examples=40)
def test_the_least_bound_is_the_least(case):
    *parts, sigma, noise = case
    if (with_v := spreads(*parts, sigma, noise)[1]) is not None and with_v < 0:
        assert judged(case, F(10**9)).reason.startswith("empty: ")
        return
    bound = least(*parts, sigma, noise)
    report = judged(case, bound)
    assert (report.verdict, report.reason) == ("valid", None)
    below = F(max(bound.numerator - 1, 0), bound.denominator)
    assert below**2 < least_square(*parts, sigma, noise) or below == bound == 0
    if bound > 0:
        assert judged(case, below).reason.startswith("bound: ")


@given(cases(complex_=False), st.lists(st.integers(1, 99), max_size=4, unique=True))
@settings(max_examples=25)
def test_the_least_bound_of_a_staircase_is_the_least(case, cuts):
    *parts, sigma, noise = case
    cuts = [F(cut, 100) for cut in sorted(cuts)]
    if (with_v := spreads(*parts, sigma, noise)[1]) is not None and with_v < 0:
        assert judged(case, F(10**9), cuts).reason.startswith("empty: ")
        return
    bound = least(*parts, sigma, noise, cuts=cuts)
    report = judged(case, bound, cuts)
    assert (report.verdict, report.reason) == ("valid", None)
    # no more than without cuts, but for the rounding of roots
    assert bound <= least(*parts, sigma, noise) * (1 + F(1, 2**50))
    below = F(max(bound.numerator - 1, 0), bound.denominator)
    if bound > 0:
        assert judged(case, below, cuts).reason.startswith("bound: ")


@given(st.booleans().flatmap(lambda complex_: cases(complex_=complex_)))
@settings(max_examples=25)
def test_points_that_fit_are_witnesses_of_themselves(case):
    """With σ(x) and ‖Ax-y‖ as the two limits, x is accepted as a witness, and with less of either it is not."""
    A, spread, rho, gamma, y, x, v, _, _ = case
    residual2 = sum(a * a + c * c for a, c in map(pair, minus(image(A, x), y)))
    noise = norm(minus(image(A, x), y))
    sigma = sum(w * sum(sorted(modulus(x[j]) for j in js)[: len(js) - s]) for js, s, w in spread_of(spread))
    bound = least(A, spread, rho, gamma, y, x, v, sigma, noise)

    def verdict(sigma, noise):
        return verify_bytes(
            conditional(A, spread, rho, gamma, y, x, v, bound=bound + 1, sigma=sigma, noise=noise, witness=x)
        )

    assert verdict(sigma, noise).verdict == "valid"
    if sigma > 0:
        assert verdict(sigma - UNIT, noise).reason.startswith("witness: sigma(z)")
    if noise > 0 and noise * noise == residual2:
        assert verdict(sigma, noise - UNIT).reason.startswith("witness: |Az - y|^2")

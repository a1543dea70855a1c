"""The best bounds of a null space property, against vectors for which its inequality holds, and attained by some."""

import math
from fractions import Fraction

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from exact_base.errors import UsageError
from exact_base.rationals import to_float, upper_root
from firenet_exact import Levels
from firenet_exact.best_constants import BestConstants, best_constants, network_square, staircase

rationals = st.fractions(min_value="1/50", max_value=5, max_denominator=50)
shares = st.fractions(min_value="1/50", max_value="49/50", max_denominator=50)


def rational(value):
    return fmpq(Fraction(value).numerator, Fraction(value).denominator)


@st.composite
def vectors(draw):
    """Levels, ρ, γ and what a vector is: its moduli in each level, the s_l largest first."""
    parts, ends, sparsities, weights = [], [], [], []
    for _ in range(draw(st.integers(1, 3))):
        s = draw(st.integers(1, 3))
        head = sorted(draw(st.lists(rationals, min_size=s, max_size=s)), reverse=True)
        if draw(st.booleans()):
            head = head[-1:] * s
        tail = [head[-1] * draw(shares | st.just(1)) for _ in range(draw(st.sampled_from((0, 1, 2, 6))))]
        parts.append((s, [rational(a) for a in head + tail]))
        ends.append((ends[-1] if ends else 0) + len(head) + len(tail))
        sparsities.append(s)
        weights.append(rational(draw(rationals)))
    levels = Levels(tuple(ends), tuple(sparsities), tuple(weights))
    return levels, rational(draw(shares)), rational(draw(rationals)), [moduli for _, moduli in parts]


def measured(levels, rho, gamma, parts, more):
    """‖v‖², T' of x = -v_Δ and z = v off Δ, and the least G for which the property's inequality holds; or more."""
    zipped = list(zip(levels.sparsities, levels.weights, parts, strict=True))
    head = sum((w * a for s, w, moduli in zipped for a in moduli[:s]), fmpq(0))
    tail = sum((w * a for s, w, moduli in zipped for a in moduli[s:]), fmpq(0))
    kept = upper_root(sum((a * a for s, _, moduli in zipped for a in moduli[:s]), fmpq(0)))
    square = sum((a * a for moduli in parts for a in moduli), fmpq(0))
    found = best_constants(levels, rho, gamma)
    # less than ρ/√ξ, so that G is enough; 2^-60 is more than the rounding of roots
    misfit = max(kept - rho * tail / found.r, fmpq(0)) + more[1] + fmpq(1, 2**60)
    return found, square, (tail - head + more[0]) / found.r, misfit


@settings(max_examples=40)
@given(vectors(), st.lists(shares | st.just(0), min_size=2, max_size=2), shares)
def test_no_vector_leaves_the_bounds(case, more, share):
    levels, rho, gamma, parts = case
    found, square, spread, misfit = measured(levels, rho, gamma, parts, [rational(a) for a in more])
    for cells in (staircase(found.kappa), staircase(found.kappa, found.cuts)):
        assert square <= found.distance_square(cells, spread, misfit)
    for c1, c2 in (found.pair, found.linear(fmpq(1)), found.linear(fmpq(7, 3))):
        bound = c1 * spread + c2 * misfit / gamma
        assert bound >= 0 and square <= bound * bound
    lam = rational(share) / (gamma * found.r)
    bound = found.network_constant(lam) * (lam * spread * found.r + misfit / gamma)
    assert bound >= 0 and square <= bound * bound


@pytest.mark.parametrize(("kappa", "rho", "least"), [(1, 0.5, 2.829), (7, 0.5, 3.14), (7, 0.8, 7.45), (2, 0.5, 2.9)])
def test_constants_of_the_table(kappa, rho, least):
    """Beside those of the two lemmas they are 2.3 to 3.3 times as small; none can be less than √2/(1-ρ)."""
    found = BestConstants(rational(Fraction(str(rho))), fmpq(1), fmpq(1), fmpq(kappa))
    assert (found.network_constant(found.lam) * (1 - found.rho)) ** 2 >= 2
    constant = to_float(found.network_constant(found.lam))
    assert constant < least
    q = kappa**0.25
    assert ((1 + rho) / (1 - rho) + (3 + rho) / (1 - rho) * q / 2) / constant > 2.29


@settings(max_examples=40)
@given(st.integers(1, 12), shares, shares, st.integers(1, 12))
def test_the_supremum_is_one(kappa, rho, share, steps):
    """S(c, m) bounds the quotient on a grid, and is nearly reached on a fine one."""
    rho, share, m = to_float(rational(rho)), to_float(rational(share)), math.sqrt(kappa)
    c = steps / 12 * (1 - 1 / m) + 1 / m
    exact = network_square(*(rational(Fraction(a).limit_denominator(10**6)) for a in (rho, share)), (
        rational(Fraction(c).limit_denominator(10**9)), rational(Fraction(m).limit_denominator(10**9))
    ))  # fmt: skip

    def quotient(angle):
        k, b = math.sin(angle), math.cos(angle)
        return (k * k + m * k * b) / (share * (b - c * k) + max(0.0, k - rho * b)) ** 2

    most = max(quotient(i / 2000 * math.pi / 2) for i in range(2001))
    kink = quotient(math.atan(rho))
    assert max(most, kink) <= to_float(exact) * (1 + 1e-6)
    assert max(most, kink) >= to_float(exact) * (1 - 1e-2) or rho < 0.05 or share > 0.95


@settings(max_examples=20)
@given(st.integers(2, 12), shares)
def test_more_cells_never_give_more(kappa, rho):
    found = BestConstants(rational(rho), fmpq(1), fmpq(1), fmpq(kappa))
    plain, fine = staircase(found.kappa), staircase(found.kappa, found.network_cuts(found.lam))
    assert found.network_constant_by(fine, found.lam) <= found.network_constant_by(plain, found.lam)
    assert found.distance_square(fine, fmpq(1), fmpq(2)) <= found.distance_square(plain, fmpq(1), fmpq(2))
    # every point of the curve lies below the staircase
    for i in range(101):
        c = (1 - i / 100) / math.sqrt(kappa) + i / 100
        end, most = next(cell for cell in fine if to_float(cell[0]) >= c - 1e-12)
        assert to_float(most) >= c + math.sqrt((kappa - 1) * max(0.0, 1 - c * c)) - 1e-9 and end <= 1


@pytest.mark.parametrize("kappa", [1, 2, 5, 10])
def test_no_lambda_is_much_better_than_the_best(kappa):
    found = BestConstants(fmpq(3, 5), fmpq(2), fmpq(1, 3), fmpq(kappa))
    least = found.network_constant(found.lam)
    for share in range(61, 100, 3):
        assert found.network_constant(fmpq(share, 100) * 3 / 2) >= least * fmpq(998, 1000)


def test_two_levels_reach_the_bound():
    """u1² = 1/κ, heads as in the proof, and a tail in the first level: within 1 % of Φ for κ = 7."""
    kappa, rho, worst = 7, 0.5, 0.0
    found = BestConstants(fmpq(1, 2), fmpq(1), fmpq(1), fmpq(kappa))
    u1, u2 = 1 / math.sqrt(kappa), math.sqrt(1 - 1 / kappa)
    for i in range(100):
        c = u1 + (1 - u1) * i / 100
        e1 = c * u1 + math.sqrt(1 - c * c) * u2
        k, b = 1 / (1 - rho * c), c / (1 - rho * c)  # T' = 0, G = 1
        worst = max(worst, k * k + k * b * e1 / u1)
    assert (
        math.sqrt(worst / to_float(found.distance_square(staircase(found.kappa, found.cuts), fmpq(0), fmpq(1)))) > 0.99
    )


def test_what_is_out_of_range_is_refused():
    found = best_constants(Levels.of([3], [1]), fmpq(1, 2), fmpq(2))
    for lam in (fmpq(0), fmpq(1, 2), fmpq(-1)):
        with pytest.raises(UsageError, match="λ must be positive"):
            found.network_constant(lam)
    assert found.network_constant(fmpq(1, 2) - fmpq(1, 2**60)) > 2**20
    with pytest.raises(UsageError, match="no such x"):
        found.distance_square(staircase(found.kappa), fmpq(-1), fmpq(1, 2))
    for cuts in ([fmpq(0)], [fmpq(1)], [fmpq(1, 2), fmpq(1, 2)], [fmpq(3, 2)]):
        with pytest.raises(UsageError, match="cuts must increase"):
            staircase(fmpq(3), cuts)
    with pytest.raises(UsageError, match="positive θ"):
        found.linear(fmpq(0))
    with pytest.raises(UsageError, match="positive θ"):
        found.linear_by_cells(staircase(fmpq(3)), [])


def test_the_trap_is_the_same():
    """A = [1], x = 1, z = 0: C1 of one θ with C2 of another claims 1 <= something less."""
    found = best_constants(Levels.of([1], [1]), fmpq(1, 10), fmpq(1))
    for theta in (fmpq(1), fmpq(2), fmpq(4)):
        c1, c2 = found.linear(theta)
        assert c2 - c1 >= 1
    assert found.linear(fmpq(3, 2))[1] - found.linear(fmpq(1, 10))[0] < 1

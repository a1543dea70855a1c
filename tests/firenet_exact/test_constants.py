import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from exact_base.errors import UsageError
from firenet_exact import Levels, by_coherence, exact_matrix
from firenet_exact.constants import Constants, constants, error_constants, paper_constants

rhos = st.fractions(min_value="1/1000", max_value="999/1000").map(lambda f: fmpq(f.numerator, f.denominator))
sizes = st.fractions(min_value="1/100", max_value=100).map(lambda f: fmpq(f.numerator, f.denominator))


@given(rhos, sizes, sizes)
def test_the_papers_form_is_ours_at_other_constants(rho, gamma, q):
    """The two formulas are written out independently; they must agree at ρ' = (1+ρ)/2, γ' = 2γ."""
    assert paper_constants(rho, gamma, q) == error_constants((1 + rho) / 2, 2 * gamma, q)
    found = Constants(rho, gamma, fmpq(1), q)
    assert (found.paper.c1, found.paper.c2) == paper_constants(rho, gamma, q)
    assert found.c1 < found.paper.c1 and found.c2 < found.paper.c2


@given(rhos, sizes, sizes)
def test_constants_follow_from_the_two_lemmas(rho, gamma, q):
    """Lemma A inserted in Lemma B, with the norm of v in the weights as an unknown factor of each."""
    spread = rho + (1 + rho) * q / 2
    c1, c2 = error_constants(rho, gamma, q)
    assert c1 == spread * (1 + rho) / (1 - rho)
    assert c2 == spread * 2 * gamma / (1 - rho) + (1 + q / 2) * gamma


def bound(c1, c2, *, x, z):
    """The right-hand side of (*) for A = [1], w = s = 1, where σ = 0."""
    return c1 * (abs(z) - abs(x)) + c2 * abs(z - x)


def test_the_trap():
    """A = [1], x = 1, z = 0: C1 of the paper's form with C2 of ours claims 1 <= something negative."""
    levels = Levels.of([1], [1])
    found = constants(levels, fmpq(1, 10), fmpq(1))
    x, z = fmpq(1), fmpq(0)
    assert (found.c1, found.c2) == (fmpq(143, 180), fmpq(53, 18))
    assert bound(found.c1, found.c2, x=x, z=z) >= abs(z - x)
    assert bound(found.paper.c1, found.paper.c2, x=x, z=z) >= abs(z - x)
    assert bound(found.paper.c1, found.c2, x=x, z=z) < 0
    # enlarging C1 alone, as outward rounding of the quotient would, goes the wrong way
    assert bound(found.c1 + fmpq(1, 2**20), found.c2, x=x, z=z) < bound(found.c1, found.c2, x=x, z=z)


@given(st.lists(st.integers(-20, 20), min_size=4, max_size=4), st.lists(st.integers(-20, 20), min_size=4, max_size=4))
def test_the_error_bound_holds(x, z):
    """(*) for a certified matrix, compared through squares of rationals."""
    A = exact_matrix([[1, 0, 0, "1/9"], [0, 1, 0, "1/9"], [0, 0, 1, "1/9"], [0, 0, "1/9", 1]])
    levels = Levels.of([2, 4], [1, 1], [fmpq(1), fmpq(2)])
    found = by_coherence(A, levels).constants
    x, z = [fmpq(a) for a in x], [fmpq(a) for a in z]
    weights = levels.column_weights
    v = exact_matrix([[b - a] for a, b in zip(x, z, strict=True)])
    image = A @ v
    length2 = fmpq(sum(row[0] for row in v.squares()), v.den**2)
    image2 = fmpq(sum(row[0] for row in image.squares()), image.den**2)
    change = sum((w * (abs(b) - abs(a)) for w, a, b in zip(weights, x, z, strict=True)), fmpq(0))
    linear = found.c1 / found.r * (2 * levels.sigma(x) + change)
    # ‖v‖ <= linear + C2‖Av‖
    left = length2 - linear * linear - found.c2**2 * image2
    if linear >= 0:
        assert left <= 0 or left**2 <= 4 * linear**2 * found.c2**2 * image2
    else:
        assert length2 <= found.c2**2 * image2 and (-left) ** 2 >= 4 * linear**2 * found.c2**2 * image2 and left <= 0


def test_rho_that_reaches_one_after_rounding_is_refused():
    with pytest.raises(UsageError):
        constants(Levels.of([3], [2]), 1 - fmpq(1, 2**80), fmpq(1))

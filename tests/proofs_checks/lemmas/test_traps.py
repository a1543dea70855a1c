"""False variants of the lemmas, with numbers that refute them: constants one would guess, hypotheses one would forget.

The numbers satisfy every hypothesis of the variant and violate one of its conclusions; and its steps do not prove it.
"""

from fractions import Fraction as Q
from random import Random

import pytest
import sympy

from proofs_checks.lemmas import LEMMAS, ProofFailed, at_least, at_most, equal, more, naturals, prove, reals, sequences
from proofs_checks.lemmas.null_space import c1, c2
from tests.proofs_checks.lemmas.change import vary
from tests.proofs_checks.lemmas.sampling import Values

BY_NAME = {lemma.name: lemma for lemma in LEMMAS}
HALF = sympy.Rational(1, 2)
n, k = naturals("n k")
s, lam, t, h, r, z_i, z_j, E, R, d = reals("s lambda t h r z_i z_j E R d")
rho, gamma, q, T, g, V, v, Av, v_w = reals("rho gamma q T g V v Av v_w")
v_D, b, C, L, p, D, e1, x_, Dcw1, xi1 = reals("v_D b C L p D epsilon_next delta v_Dc_w' root_xi'")
X, U, s_, low, out, be, e0, eta, f, etam, etaout = reals("X U s low out beta e_0 eta f eta_m eta_out")
ru, yu, nr, nu, H, K, c, de = reals("ru yu n_r n_u H K c delta")
W, G, gg, err = sequences("W G g err")


def grown(length=8):
    """G(n+1) = G(n)²/10 + 10 and D = G: blocks of a step β = 10 that is not tied to the error."""
    values = [Q(1)]
    for _ in range(length):
        values.append(values[-1] ** 2 / 10 + 10)
    return values


def at(values):
    return values.__getitem__


def powers(ratio, start=1, add=0):
    return lambda n: start if n == 0 else ratio * (add + powers(ratio, start, add)(n - 1))


GROWN = grown()
# name: (lemma, changed hypotheses, changed conclusions, numbers)
TRAPS = {
    "(P2) decreases only from λ on": (
        "heights-decrease-lasso",
        {"s >= λ": at_least(s, lam / 2)},
        {},
        {"s": HALF, "t": 1, "lambda": 1},
    ),
    "(P2) has a height below zero if α < λ/2": (
        "attained-lasso",
        {"λ <= 2α": None},
        {},
        {
            "alpha": 1,
            "lambda": 3,
            "h": -HALF,
            "i": 0,
            "k": 0,
            "W": lambda n: -HALF * n,
            "S": lambda n: -HALF * n,
            "n_r": Q(3, 2),
        },
    ),
    "(P1) needs ε < 1 to decrease": (
        "heights-decrease-bpdn",
        {"ε < 1": at_most(reals("epsilon"), 1)},
        {},
        {"s": 1, "t": 2, "epsilon": 1},
    ),
    "(P3) needs ‖u‖ < 1": ("no-residual", {"‖u‖ < 1": at_most(nu, 1)}, {}, {"n_r": 1, "n_u": 1, "ru": 1}),
    "an entry a little below the maximum is not a tie": (
        "zero-off-the-ties",
        {"a < α": at_most(reals("a_i"), reals("alpha"))},
        {},
        {"a_i": 1, "alpha": 1, "x_i": 1, "y_i": 0, "m_i": 1},
    ),
    "c_n rounded down": (
        "c-rounding",
        {"c_0 <= c_n": None},
        {},
        {"c_0": 1, "c_n": Q(15, 16), "c_q": Q(9, 8), "t_n": Q(1, 8), "t_q": Q(1, 8)},
    ),
    "a perturbation larger than the precision": (
        "c-rounding",
        {"2^-q <= 2^-n": None},
        {},
        {"c_0": 1, "c_n": 1, "c_q": 2, "t_n": Q(1, 8), "t_q": 1},
    ),
    "balls that touch": (
        "disjoint-balls",
        {"2h² > 4r²": more(2 * h**2, 3 * r**2)},
        {},
        {"h": 1, "r": Q(4, 5), "z_i": HALF, "z_j": HALF, "E": 0},
    ),
    "a height larger than that of the simplex": (
        "one-digit-less",
        {"h_q <= h": None},
        {},
        {"k": 0, "z": lambda n: 1 - min(n, 1), "Z": lambda n: min(n, 1), "L": lambda n: min(n, 1), "h": 1, "h_q": 3},
    ),
    "the Chebyshev radius is not h": (
        "chebyshev-lower",
        {},
        {"radius": at_least(R, h**2)},
        {
            "k": 1,
            "h": 1,
            "E": 0,
            "R": HALF,
            "z": lambda n: HALF,
            "Z": lambda n: Q(n, 4),
            "L": lambda n: Q(n, 2),
            "C": lambda n: 0,
            "D": lambda n: Q(n, 2),
        },
    ),
    "events that are not disjoint": (
        "success-always-halting",
        {"disjoint": None},
        {},
        {"k": 1, "p": lambda n: 1, "S": lambda n: n, "t": 1},
    ),
    "the game is worth more than 1/2": (
        "game-value",
        {},
        {"value": at_most(t, HALF)},
        {"k": 0, "eta": Q(1, 3), "t": Q(2, 3)},
    ),
    "the tie alone does not bound the game": ("game-value", {"tie": None}, {}, {"k": 0, "eta": 1, "t": 1}),
    "the members alone do not bound the game": ("game-value", {"members": None}, {}, {"k": 0, "eta": 0, "t": 1}),
    "Lemma A without 1+ρ": (
        "lemma-A",
        {},
        {"bound": at_most(v_w, (T + 2 * g) / (1 - rho))},
        {"rho": HALF, "T": 1, "g": 0, "v_D_w": 1, "v_Dc_w": 2, "v_w": 3},
    ),
    "Lemma B with a quarter of κ^(1/4)": (
        "lemma-B",
        {},
        {"bound": at_most(v, (rho + (1 + rho) * q / 4) * V + (1 + q / 2) * g)},
        {"rho": 1, "q": 1, "b": 1, "V": 1, "g": 0, "v_D": 1, "v_Dc": 1, "v": 2},
    ),
    "C1 of the paper with C2 of ours": (
        "constants",
        {},
        {"bound": at_most(v, c1((1 + rho) / 2, q) / r * T + c2(rho, gamma, q) * Av)},
        {"rho": Q(1, 10), "q": 1, "r": 1, "gamma": 1, "T": -1, "Av": 1, "v": 1, "v_w": 1},
    ),
    "transfer with the same γ": (
        "transfer",
        {},
        {
            "property'": at_most(
                v_D, (rho + gamma * reals("eta") * reals("S")) / (1 - gamma * reals("eta")) * b + gamma * Av
            )
        },
        {"rho": 0, "gamma": 1, "eta": HALF, "S": 1, "b": 0, "Av": 1, "A'v": 2, "v": 2, "v_D": 2},
    ),
    "weights without 1+θ": (
        "weights",
        {},
        {"property for w'": at_most(v_D, rho * Dcw1 / xi1 + gamma * Av)},
        {
            "rho": HALF,
            "theta": 1,
            "root_xi": 1,
            "root_xi'": 2,
            "v_Dc_w": 1,
            "v_Dc_w'": 1,
            "v_D": HALF,
            "gamma": 1,
            "Av": 0,
        },
    ),
    "√ξ rounded down": (
        "rounding",
        {"r >= √ξ": more(r, 0), "ρ_r": equal(reals("rho_r"), rho * r**2 / reals("root_xi") ** 2)},
        {},
        {
            "rho": HALF,
            "gamma": 1,
            "gamma_r": 1,
            "root_xi": 2,
            "r": 1,
            "rho_r": Q(1, 8),
            "v_D": Q(1, 4),
            "v_Dc_w": 1,
            "Av": 0,
        },
    ),
    "λ too large": ("rate", {"λ": None}, {}, {"lambda": 1, "r": 1, "C_2": 1, "C_1": 0}),
    "half as many blocks": (
        "restart-step",
        {"p": at_least(p, (1 + t) * L * C / (2 * t * reals("v")))},
        {},
        {"t": 1, "L": 1, "C": 1, "v": 1, "p": 1, "D": 1, "epsilon_next": 1},
    ),
    "a noise larger than δ": (
        "restart-theorem",
        {"c <= δ": None},
        {},
        {
            "t": 1,
            "L": 1,
            "C": 1,
            "v": HALF,
            "p": 4,
            "c": 100,
            "delta": 0,
            "epsilon": powers(HALF),
            "V": powers(HALF),
            "beta": lambda n: HALF * powers(HALF)(n),
            "G": lambda n: 1 if n == 0 else 100,
            "D": lambda n: 100 if n < 1 else 200,
        },
    ),
    "restarts that do not contract": (
        "restart-closed-form",
        {"v < 1": None},
        {},
        {"v": 2, "delta": 1, "epsilon": powers(2, 1, 1), "V": powers(2)},
    ),
    "the damped recursion for any β": (
        "finite-precision-recursion",
        {"g": equal(gg(n + 1), HALF * (de + gg(n)) + K * err(n + 1), n)},
        {},
        {
            "t": 1,
            "L": 1,
            "p": 1,
            "C": 1,
            "c": 0,
            "delta": 0,
            "K": 1,
            "beta": lambda n: 10,
            "err": lambda n: 0,
            "G": at(GROWN),
            "D": at(GROWN),
            "F": at(GROWN),
            "g": powers(HALF),
        },
    ),
    "p/2 in place of (p+1)/2": (
        "error-of-mean",
        {},
        {"output": at_most(out, be * (k + 1) * ((e0 + HALF * (k + 1) * eta) * f + etam) + etaout)},
        {
            "k": 0,
            "m_0": 1,
            "m_1": 1,
            "f": 1,
            "e_0": 0,
            "eta": 1,
            "eta_m": 0,
            "eta_out": 0,
            "beta": 1,
            "out": 1,
            "d_M": lambda n: n,
            "e": lambda n: n,
            "S": lambda n: Q(n * (n + 1), 2),
        },
    ),
    "the M-norm at t = 1": (
        "m-norm",
        {},
        {"below": at_least(L / t * (X**2 + U**2) - 2 * s_, L / 2 / t * (X**2 + U**2))},
        {"t": 1, "L": 1, "X": 1, "U": 1, "s": 1},
    ),
    "an infeasible dual": (
        "a-posteriori",
        {"weak duality": None},
        {},
        {"C": 1, "d": 1, "c": 0, "F_z": 1, "F_x": 0, "dual": 5},
    ),
    "noise counted once": (
        "stability",
        {},
        {"c": at_most(reals("b_1"), c + reals("e"))},
        {"v": HALF, "lambda": 1, "sigma": 0, "R_x": 0, "R_z": 1, "e": 1, "c": 0, "b_1": 2, "C": 1},
    ),
    "rounding errors of x twice in u": (
        "block-error",
        {},
        {
            "joint": at_most(
                reals("e_x") ** 2 + reals("e_u") ** 2, reals("eta_x") ** 2 + (reals("eta_u") + t * reals("eta_x")) ** 2
            )
        },
        {"e_x": 1, "eta_x": 1, "e_u": 2, "eta_u": 0, "t": 1},
    ),
}


def variant(trap):
    name, hypotheses, conclusions, numbers = TRAPS[trap]
    assert hypotheses or conclusions
    return vary(BY_NAME[name], hypotheses, conclusions), Values(Random(0), numbers)


@pytest.mark.parametrize("trap", TRAPS)
def test_the_variant_is_false(trap):
    lemma, values = variant(trap)
    assert [name for name, relation in lemma.hypotheses.items() if not values.holds(relation)] == []
    assert [name for name, relation in lemma.conclusions.items() if not values.holds(relation)] != []


@pytest.mark.parametrize("trap", TRAPS)
def test_the_variant_is_not_proved(trap):
    with pytest.raises(ProofFailed):
        prove(variant(trap)[0])


def test_each_trap_is_about_a_lemma_that_holds():
    for name, *_ in TRAPS.values():
        assert prove(BY_NAME[name])

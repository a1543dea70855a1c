"""FIRENET in exact arithmetic: the mean of blocks, rescaling, restarts, the theorem.

t and L are the step parameter and the bound of ‖A‖, C is C2', G the excess F(ψ)-F(x), D = ‖ψ-x‖, c the constant c(x,y),
V(n) = v^n.
"""

from __future__ import annotations

import sympy

from proofs_checks.lemmas.relations import Relation, at_least, at_most, equal, less, more, naturals, reals, sequences
from proofs_checks.lemmas.steps import Apply, At, Follows, ForAll, Induction, Lemma, Reciprocal

__all__ = [
    "CLOSED_FORM",
    "ERGODIC_BOUND",
    "OBJECTIVE",
    "RATE",
    "RESCALED",
    "RESTART_STEP",
    "RESTART_THEOREM",
    "TELESCOPING",
]

SOURCE = "The theorem (Theorem 3)"
HALF = sympy.Rational(1, 2)
n, k = naturals("n k")
t, L, p, be, de, v, C, c, lam, r = reals("t L p beta delta v C c lambda r")
D, G, E, e0, e1, alpha = reals("D G E epsilon_k epsilon_next alpha")
C1, C2, dist, Wz, Wx, Rz, Rx, Az, sigma = reals("C_1 C_2 d W_z W_x R_z R_x A_zx sigma")
eps, V, beta, Gs, Ds, gaps, dists = sequences("epsilon V beta G D g m")
RATE_ = (1 + t) * L / t  # the largest eigenvalue of the M-norm

SCALES = {"t > 0": more(t, 0), "L > 0": more(L, 0)}
SIZES = {"p > 0": more(p, 0), "v > 0": more(v, 0), "C >= 0": at_least(C, 0)}
BLOCKS = {"p": at_least(p, RATE_ * C / v)}
RECURSION = {"ε(n+1)": equal(eps(n + 1), v * (de + eps(n)), n)}
POWERS = {"v^0": equal(V(0), 1), "v^(n+1)": equal(V(n + 1), v * V(n), n)}

TELESCOPING = Lemma(
    name="telescoping",
    statement="If g(j) <= (m(j) - m(j+1))/2 and m >= 0 then the sum of the first n gaps is at most m(0)/2",
    source=SOURCE,
    hypotheses={
        "S(0)": equal(Gs(0), 0),
        "S(n+1)": equal(Gs(n + 1), Gs(n) + gaps(n), n),
        "step": at_most(gaps(n), (dists(n) - dists(n + 1)) / 2, n),
        "m >= 0": at_least(dists(n), 0, n),
    },
    conclusions={"sum": at_most(Gs(n), dists(0) / 2, n)},
    steps=(
        Induction(
            "difference",
            at_most(Gs(n), (dists(0) - dists(n)) / 2, n),
            n,
            (Follows("0", at_most(Gs(0), 0), (("S(0)", -1),)),),
            (
                Follows(
                    "n+1",
                    at_most(Gs(n + 1), (dists(0) - dists(n + 1)) / 2),
                    ("hypothesis", At("step", n)),
                    where=(At("S(n+1)", n),),
                ),
            ),
        ),
        ForAll(
            "sum",
            at_most(Gs(n), dists(0) / 2, n),
            (Follows("one n", at_most(Gs(n), dists(0) / 2), (At("difference", n), (HALF, At("m >= 0", n)))),),
        ),
    ),
)

m0, X2, U2 = reals("m_0 X U")
ERGODIC_BOUND = Lemma(
    name="ergodic-bound",
    statement="A sum of gaps <= m_0/2, m_0 <= ((1+t)L/t)(‖x-x_0‖² + ‖u‖²) and ‖u‖² <= 1 give a mean of at most "
    "((1+t)L/(2tp))(‖x-x_0‖²+1) after p blocks",
    source=SOURCE,
    hypotheses={
        "t > 0": more(t, 0),
        "L >= 0": at_least(L, 0),
        "p > 0": more(p, 0),
        "sum": at_most(E, m0 / 2),
        "M-norm": at_most(m0, RATE_ * (X2 + U2)),
        "‖u‖ <= 1": at_most(U2, 1),
        "mean": at_most(G, E / p),
    },
    conclusions={"bound": at_most(G, RATE_ / (2 * p) * (X2 + 1))},
    steps=(
        Reciprocal("1/t", "t > 0"),
        Reciprocal("1/p", "p > 0"),
        Follows("1+t > 0", more(1 + t, 0), ("t > 0", 1)),
        Follows(
            "bound",
            at_most(G, RATE_ / (2 * p) * (X2 + 1)),
            (
                "mean",
                ("1/p", "sum"),
                (HALF, "1/p", "M-norm"),
                (HALF, "1/p", "1/t", "L >= 0", "1+t > 0", "‖u‖ <= 1"),
            ),
        ),
    ),
)

RESCALED = Lemma(
    name="rescaled",
    statement="With α = 1/(βp): if E <= ((1+t)L/(2tp))(α²D²+1) then E/α <= ((1+t)L/(2t))(D²/(βp²)+β)",
    source=SOURCE,
    hypotheses={
        "t > 0": more(t, 0),
        "p > 0": more(p, 0),
        "β > 0": more(be, 0),
        "α": equal(alpha, 1 / (be * p)),
        "E": at_most(E, RATE_ / (2 * p) * (alpha**2 * D**2 + 1)),
        "G": equal(alpha * G, E),
    },
    conclusions={"bound": at_most(G, RATE_ / 2 * (D**2 / (be * p**2) + be))},
    steps=(
        Reciprocal("1/β", "β > 0"),
        Reciprocal("1/p", "p > 0"),
        Follows(
            "bound",
            at_most(G, RATE_ / 2 * (D**2 / (be * p**2) + be)),
            (("β > 0", "p > 0", "E"), ("G", -be * p)),
            where=("α",),
        ),
    ),
)

RATE = Lemma(
    name="rate",
    statement="If 0 < λ <= C1/(C2 r) then C2' = C1/(λr) >= C2",
    source=SOURCE,
    hypotheses={
        "λ > 0": more(lam, 0),
        "r > 0": more(r, 0),
        "C2 > 0": more(C2, 0),
        "λ": at_most(lam, C1 / (C2 * r)),
    },
    conclusions={"C2'": at_least(C1 / (lam * r), C2)},
    steps=(
        Reciprocal("1/λ", "λ > 0"),
        Follows("C2'", at_least(C1 / (lam * r), C2), (("1/λ", "C2 > 0", "λ"),)),
    ),
)

_F = lam * Wz + Rz - (lam * Wx + Rx)
OBJECTIVE = Lemma(
    name="distance-by-objective",
    statement="‖z-x‖ <= C2'(F(z) - F(x) + 2λσ(x) + 2‖Ax-y‖), if C2' >= C2 and C1 = C2'λr",
    source=SOURCE,
    hypotheses={
        "r > 0": more(r, 0),
        "bound": at_most(dist, C1 / r * (2 * sigma + Wz - Wx) + C2 * Az),
        "triangle": at_most(Az, Rz + Rx),
        "C2 >= 0": at_least(C2, 0),
        "C1": equal(C1, C * lam * r),
        "C2' >= C2": at_least(C, C2),
        "‖Az-y‖ >= 0": at_least(Rz, 0),
        "‖Ax-y‖ >= 0": at_least(Rx, 0),
    },
    conclusions={"distance": at_most(dist, C * (_F + 2 * lam * sigma + 2 * Rx))},
    steps=(
        Follows(
            "distance",
            at_most(dist, C * (_F + 2 * lam * sigma + 2 * Rx)),
            (
                "bound",
                ("C2 >= 0", "triangle"),
                ("C2' >= C2", "‖Az-y‖ >= 0"),
                ("C2' >= C2", "‖Ax-y‖ >= 0"),
            ),
            where=("C1",),
        ),
    ),
)

CLOSED_FORM = Lemma(
    name="restart-closed-form",
    statement="ε_(n+1) = v(δ+ε_n) gives ε_n = v^n ε_0 + δv(1-v^n)/(1-v), which is <= v^n ε_0 + δv/(1-v), for 0 < v < 1",
    source=SOURCE,
    hypotheses={
        **RECURSION,
        **POWERS,
        "v > 0": more(v, 0),
        "v < 1": less(v, 1),
        "δ >= 0": at_least(de, 0),
    },
    conclusions={
        "exactly": equal(eps(n), V(n) * eps(0) + de * v * (1 - V(n)) / (1 - v), n),
        "at most": at_most(eps(n), V(n) * eps(0) + de * v / (1 - v), n),
    },
    steps=(
        Reciprocal("1/(1-v)", "v < 1"),
        Induction(
            "exactly",
            equal(eps(n), V(n) * eps(0) + de * v * (1 - V(n)) / (1 - v), n),
            n,
            (Follows("0", equal(eps(0), V(0) * eps(0) + de * v * (1 - V(0)) / (1 - v)), where=("v^0",)),),
            (
                Follows(
                    "n+1",
                    equal(eps(n + 1), V(n + 1) * eps(0) + de * v * (1 - V(n + 1)) / (1 - v)),
                    (("hypothesis", v),),
                    where=(At("ε(n+1)", n), At("v^(n+1)", n)),
                ),
            ),
        ),
        Induction(
            "v^n > 0",
            more(V(n), 0, n),
            n,
            (Follows("0", more(V(0), 0), (1,), where=("v^0",)),),
            (Follows("n+1", more(V(n + 1), 0), (("v > 0", "hypothesis"),), where=(At("v^(n+1)", n),)),),
        ),
        ForAll(
            "at most",
            at_most(eps(n), V(n) * eps(0) + de * v / (1 - v), n),
            (
                Follows(
                    "one n",
                    at_most(eps(n), V(n) * eps(0) + de * v / (1 - v)),
                    ((At("exactly", n), -1), ("δ >= 0", "v > 0", "1/(1-v)", At("v^n > 0", n))),
                ),
            ),
        ),
    ),
)

RESTART_STEP = Lemma(
    name="restart-step",
    statement="If D <= C ε'/v, β = tε'/((1+t)L) and p >= (1+t)LC/(tv), then ((1+t)L/(2t))(D²/(βp²)+β) <= ε'",
    source=SOURCE,
    hypotheses={
        **SCALES,
        **SIZES,
        "ε' > 0": more(e1, 0),
        "D >= 0": at_least(D, 0),
        "D": at_most(D, C * e1 / v),
        **BLOCKS,
    },
    conclusions={"step": at_most(RATE_ / 2 * (D**2 / (e1 / RATE_ * p**2) + e1 / RATE_), e1)},
    steps=(
        Follows("1+t > 0", more(1 + t, 0), ("t > 0", 1)),
        *(Reciprocal(f"1/{name}", f"{name} > 0") for name in ("t", "L", "v", "p", "ε'", "1+t")),
        Follows(
            "D²",
            at_most(D**2, (C * e1 / v) ** 2),
            (("D", "D"), (2, "D", "D >= 0")),
        ),
        Follows("aC/v >= 0", at_least(RATE_ * C / v, 0), (("1+t > 0", "L > 0", "1/t", "C >= 0", "1/v"),)),
        Follows("p²", at_least(p**2, (RATE_ * C / v) ** 2), (("p", "p"), (2, "p", "aC/v >= 0"))),
        Follows("a² > 0", more(RATE_**2, 0), (("1+t > 0", "1+t > 0", "L > 0", "L > 0", "1/t", "1/t"),)),
        # the second term is ε'/2, and the first at most: D²a² <= (aCε'/v)² <= p²ε'²
        Follows(
            "step",
            at_most(RATE_ / 2 * (D**2 / (e1 / RATE_ * p**2) + e1 / RATE_), e1),
            ((HALF, "a² > 0", "1/ε'", "1/p", "1/p", "D²"), (HALF, "ε' > 0", "1/p", "1/p", "p²")),
        ),
    ),
)

CONTRACTION: dict[str, Relation] = {
    "β > 0": more(beta(n), 0, n),
    "β": equal(beta(n + 1), eps(n + 1) / RATE_, n),
    "block": at_most(Gs(n + 1), RATE_ / 2 * (Ds(n) ** 2 / (beta(n + 1) * p**2) + beta(n + 1)), n),
}
DISTANCES = {
    "D >= 0": at_least(Ds(n), 0, n),
    "D": at_most(Ds(n), C * (Gs(n) + c), n),
    "c >= 0": at_least(c, 0),
    "c <= δ": at_most(c, de),
}
_RESULT = at_most(Ds(n), C * (c + V(n) * eps(0) + de * v / (1 - v)), n)

RESTART_THEOREM = Lemma(
    name="restart-theorem",
    statement="G(ψ_k) <= ε_k for all k, and ‖ψ_n-x‖ <= C2'(c + δv/(1-v) + ε_0 v^n)",
    source=SOURCE,
    hypotheses={
        **SCALES,
        **SIZES,
        "v < 1": less(v, 1),
        **BLOCKS,
        **RECURSION,
        **POWERS,
        "ε_0 > 0": more(eps(0), 0),
        "start": at_most(Gs(0), eps(0)),
        **DISTANCES,
        **CONTRACTION,
    },
    conclusions={"G": at_most(Gs(n), eps(n), n), "distance": _RESULT},
    steps=(
        Follows("1+t > 0", more(1 + t, 0), ("t > 0", 1)),
        Follows("δ >= 0", at_least(de, 0), ("c >= 0", "c <= δ")),
        Induction(
            "ε > 0",
            more(eps(n), 0, n),
            n,
            (),
            (
                Follows(
                    "n+1",
                    more(eps(n + 1), 0),
                    (("v > 0", "δ >= 0"), ("v > 0", "hypothesis")),
                    where=(At("ε(n+1)", n),),
                ),
            ),
        ),
        Induction(
            "G",
            at_most(Gs(n), eps(n), n),
            n,
            (),
            (
                Follows(
                    "D here",
                    at_most(Ds(n), C * eps(n + 1) / v),
                    (At("D", n), ("C >= 0", "hypothesis"), ("C >= 0", "c <= δ")),
                    where=(At("ε(n+1)", n),),
                ),
                Follows("D here >= 0", at_least(Ds(n), 0), (At("D >= 0", n),)),
                Follows("ε' here", more(eps(n + 1), 0), (At("ε > 0", n + 1),)),
                Apply("block here", RESTART_STEP, {e1: eps(n + 1), D: Ds(n)}),
                Follows(
                    "n+1",
                    at_most(Gs(n + 1), eps(n + 1)),
                    (At("block", n), "block here.step"),
                    where=(At("β", n),),
                ),
            ),
        ),
        Apply("closed form", CLOSED_FORM),
        ForAll(
            "distance",
            _RESULT,
            (
                Follows(
                    "one n",
                    at_most(Ds(n), C * (c + V(n) * eps(0) + de * v / (1 - v))),
                    (At("D", n), ("C >= 0", At("G", n)), ("C >= 0", At("closed form.at most", n))),
                ),
            ),
        ),
    ),
)

"""What follows from a null space property: the bound with C1 and C2, the paper's form, transfer, rounding, weights.

v = z - x is any vector and Δ the support; symbols stand for the norms of its parts. r and q are any numbers with the
properties of √ξ and κ^(1/4) that the proofs use.
"""

from __future__ import annotations

from typing import Any

import sympy

from proofs_checks.lemmas.derived import from_squares
from proofs_checks.lemmas.inequalities import partial_sums
from proofs_checks.lemmas.relations import at_least, at_most, equal, less, more, naturals, reals, sequences
from proofs_checks.lemmas.steps import At, Follows, Induction, Lemma, Reciprocal, Square

__all__ = [
    "CONSTANTS",
    "LEMMA_A",
    "LEMMA_B",
    "LEVEL_TAIL",
    "MIXED_CONSTANTS_FAIL",
    "PAPER_CONSTANTS",
    "PAPER_TRANSFER",
    "ROUNDING",
    "ROUNDING_TAIL",
    "TAIL",
    "TRANSFER",
    "WEIGHTS",
    "c1",
    "c2",
]

LEVELS = "Null space property in levels (Definition 2)"
BOUND = "Constants (Theorem 3)"
HALF = sympy.Rational(1, 2)
n, s = naturals("n s")
rho, gamma, q, r, eta, theta, S = reals("rho gamma q r eta theta S")
T, g, V = reals("T g V")
D, Dc, Dw, Dcw, v, vw, Av, A1v, b = reals("v_D v_Dc v_D_w v_Dc_w v v_w Av A'v b")
M, root_s, kept, zeta = reals("M root_s n_k root_zeta")
xi, xi1, rho_r, gamma_r, Dcw1 = reals("root_xi root_xi' rho_r gamma_r v_Dc_w'")
K, k, t, T1, T2, w, level, level_root = sequences("K k t T_1 T_2 w k_l root_s")
L1, L2, t1, t2 = sequences("L_1 L_2 t_1 t_2")


def c1(rho: Any, q: Any) -> Any:
    """C1 of docs/theory.md, "Constants"."""
    return (rho + (1 + rho) * q / 2) * (1 + rho) / (1 - rho)


def c2(rho: Any, gamma: Any, q: Any) -> Any:
    """C2 of docs/theory.md, "Constants"."""
    return ((1 + rho) / (1 - rho) + (3 + rho) / (1 - rho) * q / 2) * gamma


_RHO = {"ρ >= 0": at_least(rho, 0), "ρ < 1": less(rho, 1)}
_BELOW_ONE = {"ρ < 1": less(rho, 1)}
_ONE_MINUS = Reciprocal("1/(1-ρ)", "ρ < 1")
_ONE_PLUS = Follows("1+ρ > 0", more(1 + rho, 0), ("ρ >= 0", 1))

LEMMA_A = Lemma(
    name="lemma-A",
    statement="‖v‖_w <= ((1+ρ)T + 2g)/(1-ρ), if ‖v_Δ‖_w <= ρ‖v_Δc‖_w + g and ‖v_Δc‖_w <= T + ‖v_Δ‖_w",
    source=LEVELS,
    hypotheses={
        **_RHO,
        "property": at_most(Dw, rho * Dcw + g),
        "triangle": at_most(Dcw, T + Dw),
        "‖v‖_w": equal(vw, Dw + Dcw),
    },
    conclusions={"bound": at_most(vw, ((1 + rho) * T + 2 * g) / (1 - rho))},
    steps=(
        _ONE_MINUS,
        _ONE_PLUS,
        Follows("off", at_most(Dcw, (T + g) / (1 - rho)), (("1/(1-ρ)", "property"), ("1/(1-ρ)", "triangle"))),
        Follows(
            "bound",
            at_most(vw, ((1 + rho) * T + 2 * g) / (1 - rho)),
            ("property", ("1+ρ > 0", "off")),
            where=("‖v‖_w",),
        ),
    ),
)

LEVEL_TAIL = Lemma(
    name="level-tail",
    statement="√s‖t‖² <= ‖k‖‖t‖_1 for the s largest entries k and the others t of a level",
    source=LEVELS,
    hypotheses={
        **partial_sums(K, k(n) ** 2),
        **partial_sums(T1, t(n)),
        **partial_sums(T2, t(n) ** 2),
        "M >= 0": at_least(M, 0),
        "k >= M": at_least(k(n), M, n),
        "t >= 0": at_least(t(n), 0, n),
        "t <= M": at_most(t(n), M, n),
        "√s": equal(root_s**2, s),
        "‖k‖²": equal(kept**2, K(s)),
        "‖k‖ >= 0": at_least(kept, 0),
        "√s >= 0": at_least(root_s, 0),
    },
    conclusions={"tail": at_most(root_s * T2(n), kept * T1(n), n)},
    steps=(
        Induction(
            "K >= n M²",
            at_least(K(n), n * M**2, n),
            n,
            (Follows("0", at_least(K(0), 0), ("K(0)",)),),
            (
                Follows(
                    "n+1",
                    at_least(K(n + 1), (n + 1) * M**2),
                    ("hypothesis", (At("k >= M", n), At("k >= M", n)), (2, "M >= 0", At("k >= M", n))),
                    where=(At("K(n+1)", n),),
                ),
            ),
        ),
        Follows(
            "‖k‖² >= sM²", at_least(kept**2, (root_s * M) ** 2), (At("K >= n M²", s), ("‖k‖²", 1), ("√s", -(M**2)))
        ),
        from_squares("‖k‖ >= √sM", at_least(kept, root_s * M), squares="‖k‖² >= sM²", nonnegative="‖k‖ >= 0"),
        Induction(
            "tail",
            at_most(root_s * T2(n), kept * T1(n), n),
            n,
            (Follows("0", at_most(root_s * T2(0), kept * T1(0)), where=("T_1(0)", "T_2(0)")),),
            (
                Follows(
                    "n+1",
                    at_most(root_s * T2(n + 1), kept * T1(n + 1)),
                    ("hypothesis", (At("t >= 0", n), "‖k‖ >= √sM"), ("√s >= 0", At("t >= 0", n), At("t <= M", n))),
                    where=(At("T_1(n+1)", n), At("T_2(n+1)", n)),
                ),
            ),
        ),
    ),
)

TAIL = Lemma(
    name="tail",
    statement="√ζ‖v_Δc‖² <= ‖v_Δ‖‖v_Δc‖_w, if √s_l‖t_l‖² <= ‖k_l‖‖t_l‖_1 and √ζ <= w_l√s_l in every level",
    source=LEVELS,
    hypotheses={
        **partial_sums(L1, w(n) * t1(n)),
        **partial_sums(L2, t2(n)),
        "level": at_most(level_root(n) * t2(n), level(n) * t1(n), n),
        "‖t‖_1 >= 0": at_least(t1(n), 0, n),
        "‖t‖² >= 0": at_least(t2(n), 0, n),
        "w >= 0": at_least(w(n), 0, n),
        "‖k_l‖ <= ‖v_Δ‖": at_most(level(n), D, n),
        "√ζ": at_most(zeta, w(n) * level_root(n), n),
    },
    conclusions={"tail": at_most(zeta * L2(n), D * L1(n), n)},
    steps=(
        Induction(
            "tail",
            at_most(zeta * L2(n), D * L1(n), n),
            n,
            (Follows("0", at_most(zeta * L2(0), D * L1(0)), where=("L_1(0)", "L_2(0)")),),
            (
                Follows(
                    "n+1",
                    at_most(zeta * L2(n + 1), D * L1(n + 1)),
                    (
                        "hypothesis",
                        (At("√ζ", n), At("‖t‖² >= 0", n)),
                        (At("w >= 0", n), At("level", n)),
                        (At("w >= 0", n), At("‖t‖_1 >= 0", n), At("‖k_l‖ <= ‖v_Δ‖", n)),
                    ),
                    where=(At("L_1(n+1)", n), At("L_2(n+1)", n)),
                ),
            ),
        ),
    ),
)

_B = at_most(v, (rho + (1 + rho) * q / 2) * V + (1 + q / 2) * g)

LEMMA_B = Lemma(
    name="lemma-B",
    statement="‖v‖ <= (ρ+(1+ρ)q/2)V + (1+q/2)g, if ‖v_Δ‖ <= ρb + g, ‖v_Δc‖² <= q²‖v_Δ‖b and b <= V",
    source=LEVELS,
    hypotheses={
        "ρ >= 0": at_least(rho, 0),
        "q >= 0": at_least(q, 0),
        "b >= 0": at_least(b, 0),
        "‖v_Δ‖ >= 0": at_least(D, 0),
        "property": at_most(D, rho * b + g),
        "tail": at_most(Dc**2, q**2 * D * b),
        "triangle": at_most(v, D + Dc),
        "b <= V": at_most(b, V),
    },
    conclusions={"bound": _B},
    steps=(
        Follows("means", at_least((q / 2 * (D + b)) ** 2, Dc**2), ("tail", Square(q / 2 * (D - b)))),
        Follows(
            "mean >= 0", at_least(q / 2 * (D + b), 0), ((HALF, "q >= 0", "‖v_Δ‖ >= 0"), (HALF, "q >= 0", "b >= 0"))
        ),
        from_squares("off", at_most(Dc, q / 2 * (D + b)), squares="means", nonnegative="mean >= 0"),
        Follows(
            "bound",
            _B,
            (
                "triangle",
                "off",
                "property",
                (HALF, "q >= 0", "property"),
                ("ρ >= 0", "b <= V"),
                (HALF, "q >= 0", "b <= V"),
                (HALF, "ρ >= 0", "q >= 0", "b <= V"),
            ),
        ),
    ),
)

CONSTANTS = Lemma(
    name="constants",
    statement="‖v‖ <= C1/r T + C2‖Av‖ from Lemma A with g = γr‖Av‖ and Lemma B with V = ‖v‖_w/r, g = γ‖Av‖",
    source=BOUND,
    hypotheses={
        **_RHO,
        "q >= 0": at_least(q, 0),
        "r > 0": more(r, 0),
        "A": at_most(vw, ((1 + rho) * T + 2 * gamma * r * Av) / (1 - rho)),
        "B": at_most(v, (rho + (1 + rho) * q / 2) * vw / r + (1 + q / 2) * gamma * Av),
    },
    conclusions={"bound": at_most(v, c1(rho, q) / r * T + c2(rho, gamma, q) * Av)},
    steps=(
        Reciprocal("1/r", "r > 0"),
        Follows(
            "bound",
            at_most(v, c1(rho, q) / r * T + c2(rho, gamma, q) * Av),
            (
                "B",
                ("ρ >= 0", "1/r", "A"),
                (HALF, "q >= 0", "1/r", "A"),
                (HALF, "ρ >= 0", "q >= 0", "1/r", "A"),
            ),
        ),
    ),
)

PAPER_CONSTANTS = Lemma(
    name="constants-paper",
    statement="C1 and C2 at (1+ρ)/2 and 2γ are ((1+ρ)/2+(3+ρ)q/4)(3+ρ)/(1-ρ) and 2((3+ρ)/(1-ρ)+(7+ρ)/(1-ρ)q/2)γ",
    source=BOUND,
    hypotheses=_BELOW_ONE,
    conclusions={
        "C1": equal(c1((1 + rho) / 2, q), ((1 + rho) / 2 + (3 + rho) * q / 4) * (3 + rho) / (1 - rho)),
        "C2": equal(
            c2((1 + rho) / 2, 2 * gamma, q), 2 * ((3 + rho) / (1 - rho) + (7 + rho) / (1 - rho) * q / 2) * gamma
        ),
    },
    steps=(
        Follows("C1", equal(c1((1 + rho) / 2, q), ((1 + rho) / 2 + (3 + rho) * q / 4) * (3 + rho) / (1 - rho))),
        Follows(
            "C2",
            equal(c2((1 + rho) / 2, 2 * gamma, q), 2 * ((3 + rho) / (1 - rho) + (7 + rho) / (1 - rho) * q / 2) * gamma),
        ),
    ),
)

_tenth = sympy.Rational(1, 10)

MIXED_CONSTANTS_FAIL = Lemma(
    name="mixed-constants-fail",
    statement="A = [1], x = 1, z = 0, ρ = 1/10, γ = q = r = 1: T = -1 and ‖v‖ = ‖Av‖ = 1 satisfy the bound with C1 and "
    "C2, not with the paper's C1 and this C2",
    source=BOUND,
    hypotheses={"T": equal(T, -1), "‖Av‖": equal(Av, 1), "‖v‖": equal(v, 1)},
    conclusions={
        "both ours": less(v, c1(_tenth, 1) * T + c2(_tenth, 1, 1) * Av),
        "mixed": more(v, c1((1 + _tenth) / 2, 1) * T + c2(_tenth, 1, 1) * Av),
    },
    steps=(
        Follows(
            "both ours",
            less(v, c1(_tenth, 1) * T + c2(_tenth, 1, 1) * Av),
            (-c1(_tenth, 1) + c2(_tenth, 1, 1) - 1,),
            where=("T", "‖Av‖", "‖v‖"),
        ),
        Follows(
            "mixed",
            more(v, c1((1 + _tenth) / 2, 1) * T + c2(_tenth, 1, 1) * Av),
            (1 + c1((1 + _tenth) / 2, 1) - c2(_tenth, 1, 1),),
            where=("T", "‖Av‖", "‖v‖"),
        ),
    ),
)

TRANSFER = Lemma(
    name="transfer",
    statement="‖v_Δ‖ <= (ρ+γηS)/(1-γη) b + γ/(1-γη)‖Av‖, if ‖v_Δ‖ <= ρb + γ‖A'v‖, ‖A-A'‖ <= η, γη < 1, "
    "with b = ‖v_Δc‖_w/√ξ and S = √ξ/min w",
    source="Transfer (Theorem 3)",
    hypotheses={
        "γ >= 0": at_least(gamma, 0),
        "η >= 0": at_least(eta, 0),
        "γη < 1": less(gamma * eta, 1),
        "property": at_most(D, rho * b + gamma * A1v),
        "‖A'v‖": at_most(A1v, Av + eta * v),
        "‖v‖": at_most(v, D + S * b),
    },
    conclusions={
        "property'": at_most(D, (rho + gamma * eta * S) / (1 - gamma * eta) * b + gamma / (1 - gamma * eta) * Av)
    },
    steps=(
        Reciprocal("1/(1-γη)", "γη < 1"),
        Follows(
            "property'",
            at_most(D, (rho + gamma * eta * S) / (1 - gamma * eta) * b + gamma / (1 - gamma * eta) * Av),
            (
                ("1/(1-γη)", "property"),
                ("1/(1-γη)", "γ >= 0", "‖A'v‖"),
                ("1/(1-γη)", "γ >= 0", "η >= 0", "‖v‖"),
            ),
        ),
    ),
)

_den = gamma * (2 * S + 1 + rho)
_eta = (1 - rho) / _den

PAPER_TRANSFER = Lemma(
    name="transfer-paper",
    statement="With η = (1-ρ)/(γ(2S+1+ρ)), S >= 1: γη < 1, (ρ+γηS)/(1-γη) = (1+ρ)/2 and γ/(1-γη) < 2γ",
    source=BOUND,
    hypotheses={"ρ >= 0": at_least(rho, 0), "γ > 0": more(gamma, 0), "S >= 1": at_least(S, 1)},
    conclusions={
        "γη < 1": less(gamma * _eta, 1),
        "ρ'": equal((rho + gamma * _eta * S) / (1 - gamma * _eta), (1 + rho) / 2),
        "γ'": less(gamma / (1 - gamma * _eta), 2 * gamma),
    },
    steps=(
        Follows("2S+1+ρ > 0", more(2 * S + 1 + rho, 0), ((2, "S >= 1"), 3, "ρ >= 0")),
        Follows("S+ρ > 0", more(S + rho, 0), ("S >= 1", 1, "ρ >= 0")),
        Reciprocal("1/(2S+1+ρ)", "2S+1+ρ > 0"),
        Reciprocal("1/(S+ρ)", "S+ρ > 0"),
        Follows("γη < 1", less(gamma * _eta, 1), ((2, "1/(2S+1+ρ)", "S+ρ > 0"),)),
        Follows("ρ'", equal((rho + gamma * _eta * S) / (1 - gamma * _eta), (1 + rho) / 2)),
        # 2γ - γ(2S+1+ρ)/(2S+2ρ) = γ(2S+3ρ-1)/(2S+2ρ)
        Follows(
            "γ'",
            less(gamma / (1 - gamma * _eta), 2 * gamma),
            (
                ("γ > 0", "1/(S+ρ)", "S >= 1"),
                (sympy.Rational(3, 2), "γ > 0", "1/(S+ρ)", "ρ >= 0"),
                (HALF, "γ > 0", "1/(S+ρ)"),
            ),
        ),
    ),
)

_PROPERTY = {
    "√ξ > 0": more(xi, 0),
    "property": at_most(D, rho * Dcw / xi + gamma * Av),
    "‖v_Δc‖_w >= 0": at_least(Dcw, 0),
}

ROUNDING = Lemma(
    name="rounding",
    statement="‖v_Δ‖ <= ρ_r‖v_Δc‖_w/r + γ_r‖Av‖ if r >= √ξ, ρ_r >= ρr/√ξ and γ_r >= γ; and ρr²/ξ is such a ρ_r",
    source=BOUND,
    hypotheses={
        **_PROPERTY,
        "ρ >= 0": at_least(rho, 0),
        "r >= √ξ": at_least(r, xi),
        "ρ_r": at_least(rho_r, rho * r / xi),
        "γ_r": at_least(gamma_r, gamma),
        "‖Av‖ >= 0": at_least(Av, 0),
    },
    conclusions={
        "property, rounded": at_most(D, rho_r * Dcw / r + gamma_r * Av),
        "such a ρ_r": at_least(rho * r**2 / xi**2, rho * r / xi),
    },
    steps=(
        Follows("r > 0", more(r, 0), ("√ξ > 0", "r >= √ξ")),
        Reciprocal("1/r", "r > 0"),
        Reciprocal("1/√ξ", "√ξ > 0"),
        Follows(
            "property, rounded",
            at_most(D, rho_r * Dcw / r + gamma_r * Av),
            ("property", ("1/r", "‖v_Δc‖_w >= 0", "ρ_r"), ("‖Av‖ >= 0", "γ_r")),
        ),
        Follows(
            "such a ρ_r",
            at_least(rho * r**2 / xi**2, rho * r / xi),
            (("ρ >= 0", "r > 0", "1/√ξ", "1/√ξ", "r >= √ξ"),),
        ),
    ),
)

ROUNDING_TAIL = Lemma(
    name="rounding-tail",
    statement="‖v_Δc‖² <= q²‖v_Δ‖‖v_Δc‖_w/r if √ζ‖v_Δc‖² <= ‖v_Δ‖‖v_Δc‖_w and q⁴ζ >= r²",
    source=BOUND,
    hypotheses={
        "√ζ > 0": more(zeta, 0),
        "r > 0": more(r, 0),
        "q⁴ζ >= r²": at_least((q**2 * zeta) ** 2, r**2),
        "‖v_Δ‖ >= 0": at_least(D, 0),
        "‖v_Δc‖_w >= 0": at_least(Dcw, 0),
        "tail": at_most(zeta * Dc**2, D * Dcw),
    },
    conclusions={"tail, rounded": at_most(Dc**2, q**2 * D * Dcw / r)},
    steps=(
        Follows("q²√ζ >= 0", at_least(q**2 * zeta, 0), ((Square(q), "√ζ > 0"),)),
        from_squares("q²√ζ >= r", at_least(q**2 * zeta, r), squares="q⁴ζ >= r²", nonnegative="q²√ζ >= 0"),
        Reciprocal("1/r", "r > 0"),
        Reciprocal("1/√ζ", "√ζ > 0"),
        Follows(
            "tail, rounded",
            at_most(Dc**2, q**2 * D * Dcw / r),
            (("1/√ζ", "tail"), ("1/r", "1/√ζ", "‖v_Δ‖ >= 0", "‖v_Δc‖_w >= 0", "q²√ζ >= r")),
        ),
    ),
)

WEIGHTS = Lemma(
    name="weights",
    statement="The property with (ρ,γ) for w is one with (ρ(1+θ),γ) for w', if w <= w' <= (1+θ)w",
    source=BOUND,
    hypotheses={
        **_PROPERTY,
        "ρ >= 0": at_least(rho, 0),
        "θ >= 0": at_least(theta, 0),
        "√ξ' > 0": more(xi1, 0),
        "ξ' <= (1+θ)²ξ": at_most(xi1**2, ((1 + theta) * xi) ** 2),
        "‖v_Δc‖_w <= ‖v_Δc‖_w'": at_most(Dcw, Dcw1),
    },
    conclusions={"property for w'": at_most(D, rho * (1 + theta) * Dcw1 / xi1 + gamma * Av)},
    steps=(
        Reciprocal("1/√ξ", "√ξ > 0"),
        Reciprocal("1/√ξ'", "√ξ' > 0"),
        Follows("(1+θ)√ξ >= 0", at_least((1 + theta) * xi, 0), ("√ξ > 0", ("θ >= 0", "√ξ > 0"))),
        from_squares("√ξ'", at_most(xi1, (1 + theta) * xi), squares="ξ' <= (1+θ)²ξ", nonnegative="(1+θ)√ξ >= 0"),
        Follows("1+θ > 0", more(1 + theta, 0), (1, "θ >= 0")),
        Follows(
            "property for w'",
            at_most(D, rho * (1 + theta) * Dcw1 / xi1 + gamma * Av),
            (
                "property",
                ("ρ >= 0", "1/√ξ", "1/√ξ'", "‖v_Δc‖_w >= 0", "√ξ'"),
                ("ρ >= 0", "1+θ > 0", "1/√ξ'", "‖v_Δc‖_w <= ‖v_Δc‖_w'"),
            ),
        ),
    ),
)

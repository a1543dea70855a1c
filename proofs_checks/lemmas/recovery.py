"""Bounds for reconstructions from anywhere, for pairs of vectors with near data, and for noise.

K = C1/r, the hypothesis called bound is (*) of docs/theory.md, "Constants", and symbols stand for norms.
"""

from __future__ import annotations

import sympy

from proofs_checks.lemmas.derived import from_squares
from proofs_checks.lemmas.inequalities import partial_sums
from proofs_checks.lemmas.relations import at_least, at_most, equal, less, more, naturals, reals, sequences
from proofs_checks.lemmas.steps import At, Follows, Induction, Lemma, Reciprocal, Square

__all__ = [
    "A_POSTERIORI",
    "KERNEL_AWARENESS",
    "LARGER_CONSTANT",
    "MIDPOINT",
    "NEARBY_MATRIX",
    "RECOVERY",
    "RECOVERY_OFF_SUPPORT",
    "RECOVERY_SETTLED",
    "RECOVERY_SETTLED_PAIR",
    "RECOVERY_WHOLE",
    "RECOVERY_WITH_LAMBDA",
    "SPARSE_PAIRS",
    "STABILITY",
]

POSTERIOR = "The a posteriori bound (Theorem 3)"
NOISE = "Stability (Theorem 3)"
KERNEL = "Kernel awareness (eqs. 6-8)"
HALF = sympy.Rational(1, 2)
n = naturals("n")
K, C, C2, lam, v, r = reals("K C C_2 lambda v r")
dist, Wz, Wx, Rz, Rx, Az, sigma, sx = reals("d W_z W_x R_z R_x A_zx sigma sigma_x")
noise, fit, dual, nv, c, b1, eta0, Fz, Fx = reals("e R_x dual n_v c b_1 eta_0 F_z F_x")
T, X, m, e1, e2, lip, dy = reals("T X m e_1 e_2 Lip d_y")
b, a, k, g, tau, omega, rho, h, D, Dc = reals("b a k g tau omega rho h v_D v_Dc")
pi, pj, xi, xj = reals("p_i p_j x_i x_j")
vi, vj, t = reals("v_i v_j t")
x1, x2, z, P, Q, S = sequences("x_1 x_2 z P Q S")

RECOVERY_OFF_SUPPORT = Lemma(
    name="recovery-off-support",
    statement="b <= (τ+ωg)/(1-ρω), if b <= a + τ, a <= ωk and k <= ρb + g with ω >= 0 and ρω < 1",
    source=POSTERIOR,
    hypotheses={
        "ω >= 0": at_least(omega, 0),
        "ρω < 1": less(rho * omega, 1),
        "triangle": at_most(b, a + tau),
        "few": at_most(a, omega * k),
        "property": at_most(k, rho * b + g),
    },
    conclusions={"off": at_most(b, (tau + omega * g) / (1 - rho * omega))},
    steps=(
        Reciprocal("1/(1-ρω)", "ρω < 1"),
        Follows(
            "off",
            at_most(b, (tau + omega * g) / (1 - rho * omega)),
            (("1/(1-ρω)", "triangle"), ("1/(1-ρω)", "few"), ("1/(1-ρω)", "ω >= 0", "property")),
        ),
    ),
)

RECOVERY_SETTLED = Lemma(
    name="recovery-settled",
    statement="|x_i| >= |x_j|, if |p_i| >= |p_j| + 2k and no entry of p - x is larger than k",
    source=POSTERIOR,
    hypotheses={
        "apart": at_least(pi, pj + 2 * k),
        "i": at_most(pi, xi + k),
        "j": at_most(xj, pj + k),
    },
    conclusions={"larger": at_least(xi, xj)},
    steps=(Follows("larger", at_least(xi, xj), ("apart", "i", "j")),),
)

RECOVERY_SETTLED_PAIR = Lemma(
    name="recovery-settled-pair",
    statement="|x_i| >= |x_j|, if |p_i| >= |p_j| + t, t >= 0, t² >= 2k² and |p_i-x_i|² + |p_j-x_j|² <= k²",
    source=POSTERIOR,
    hypotheses={
        "t >= 0": at_least(t, 0),
        "t² >= 2k²": at_least(t**2, 2 * k**2),
        "pair": at_most(vi**2 + vj**2, k**2),
        "apart": at_least(pi, pj + t),
        "i": at_most(pi, xi + vi),
        "j": at_most(xj, pj + vj),
    },
    conclusions={"larger": at_least(xi, xj)},
    steps=(
        Follows("squares", at_least(t**2, (vi + vj) ** 2), ("t² >= 2k²", (2, "pair"), Square(vi - vj))),
        from_squares("together", at_least(t, vi + vj), squares="squares", nonnegative="t >= 0"),
        Follows("larger", at_least(xi, xj), ("apart", "together", "i", "j")),
    ),
)

RECOVERY_WHOLE = Lemma(
    name="recovery-whole",
    statement="‖v‖² <= k(k+hb), if ‖v‖² = ‖v_Δ‖² + ‖v_Δc‖², ‖v_Δ‖ <= k and ‖v_Δc‖² <= h‖v_Δ‖b",
    source=POSTERIOR,
    hypotheses={
        "h >= 0": at_least(h, 0),
        "b >= 0": at_least(b, 0),
        "‖v_Δ‖ >= 0": at_least(D, 0),
        "‖v‖²": equal(dist**2, D**2 + Dc**2),
        "‖v_Δ‖ <= k": at_most(D, k),
        "tail": at_most(Dc**2, h * D * b),
    },
    conclusions={"whole": at_most(dist**2, k * (k + h * b))},
    steps=(
        Follows(
            "whole",
            at_most(dist**2, k * (k + h * b)),
            (
                "tail",
                ("‖v_Δ‖ <= k", "‖v_Δ‖ <= k"),
                (2, "‖v_Δ‖ >= 0", "‖v_Δ‖ <= k"),
                ("h >= 0", "b >= 0", "‖v_Δ‖ <= k"),
            ),
            where=("‖v‖²",),
        ),
    ),
)

_GAP = K * (Wz - dual) + C2 * Rz
RECOVERY = Lemma(
    name="recovery",
    statement="‖z-x‖ <= K(‖z‖_w - Re<y,v>) + C2‖Az-y‖ + (K‖v‖+C2)e + 2Kσ for dual-feasible v, ‖Ax-y‖ <= e, σ(x) <= σ",
    source=POSTERIOR,
    hypotheses={
        "K >= 0": at_least(K, 0),
        "C2 >= 0": at_least(C2, 0),
        "‖v‖ >= 0": at_least(nv, 0),
        "bound": at_most(dist, K * (2 * sx + Wz - Wx) + C2 * Az),
        "triangle": at_most(Az, Rz + fit),
        "dual": at_least(Wx, dual - fit * nv),
        "fit": at_most(fit, noise),
        "σ": at_most(sx, sigma),
    },
    conclusions={"recovery": at_most(dist, _GAP + (K * nv + C2) * noise + 2 * K * sigma)},
    steps=(
        Follows(
            "recovery",
            at_most(dist, _GAP + (K * nv + C2) * noise + 2 * K * sigma),
            (
                "bound",
                ("C2 >= 0", "triangle"),
                ("K >= 0", "dual"),
                ("K >= 0", "‖v‖ >= 0", "fit"),
                ("C2 >= 0", "fit"),
                (2, "K >= 0", "σ"),
            ),
        ),
    ),
)

RECOVERY_WITH_LAMBDA = Lemma(
    name="recovery-with-lambda",
    statement="That bound is at most C2'(F(z) - Re<y,λv> + 2e + 2λσ), if K = C2'λ, C2' >= C2 and λ‖v‖ <= 1",
    source=POSTERIOR,
    hypotheses={
        "K": equal(K, C * lam),
        "C2' >= C2": at_least(C, C2),
        "C2' >= 0": at_least(C, 0),
        "λ‖v‖ <= 1": at_most(lam * nv, 1),
        "‖Az-y‖ >= 0": at_least(Rz, 0),
        "e >= 0": at_least(noise, 0),
    },
    conclusions={
        "weaker": at_most(
            _GAP + (K * nv + C2) * noise + 2 * K * sigma,
            C * (lam * Wz + Rz - lam * dual + 2 * noise + 2 * lam * sigma),
        )
    },
    steps=(
        Follows(
            "weaker",
            at_most(
                _GAP + (K * nv + C2) * noise + 2 * K * sigma,
                C * (lam * Wz + Rz - lam * dual + 2 * noise + 2 * lam * sigma),
            ),
            (("C2' >= C2", "‖Az-y‖ >= 0"), ("C2' >= C2", "e >= 0"), ("C2' >= 0", "e >= 0", "λ‖v‖ <= 1")),
            where=("K",),
        ),
    ),
)

A_POSTERIORI = Lemma(
    name="a-posteriori",
    statement="‖z-x‖ <= C2'(F(z) - Re<y,u> + c(x,y)) for any u that is dual-feasible for (P3)",
    source=POSTERIOR,
    hypotheses={
        "C >= 0": at_least(C, 0),
        "distance": at_most(dist, C * (Fz - Fx + c)),
        "weak duality": at_least(Fx, dual),
    },
    conclusions={"bound": at_most(dist, C * (Fz - dual + c))},
    steps=(Follows("bound", at_most(dist, C * (Fz - dual + c)), ("distance", ("C >= 0", "weak duality"))),),
)

LARGER_CONSTANT = Lemma(
    name="larger-constant",
    statement="If 0 <= ‖z-x‖ <= CX with C > 0, then ‖z-x‖ <= C'X for each C' >= C: C2' may be rounded up",
    source="The theorem (Theorem 3)",
    hypotheses={
        "distance >= 0": at_least(dist, 0),
        "C > 0": more(C, 0),
        "distance": at_most(dist, C * X),
        "C' >= C": at_least(K, C),
    },
    conclusions={"larger": at_most(dist, K * X)},
    steps=(
        Reciprocal("1/C", "C > 0"),
        Follows("X >= 0", at_least(X, 0), (("1/C", "distance"), ("1/C", "distance >= 0"))),
        Follows("larger", at_most(dist, K * X), ("distance", ("C' >= C", "X >= 0"))),
    ),
)

STABILITY = Lemma(
    name="stability",
    statement="c(x,y+e) <= c(x,y) + 2‖e‖, and the bound at δ = c + 2‖e‖ has 2C2'/(1-v) as coefficient of ‖e‖",
    source=NOISE,
    hypotheses={
        "v < 1": less(v, 1),
        "c": equal(c, 2 * lam * sigma + 2 * Rx),
        "c(y+e)": equal(b1, 2 * lam * sigma + 2 * Rz),
        "triangle": at_most(Rz, Rx + noise),
    },
    conclusions={
        "c": at_most(b1, c + 2 * noise),
        "coefficient": equal(
            C * (c + 2 * noise + (c + 2 * noise) * v / (1 - v)), C / (1 - v) * c + 2 * C / (1 - v) * noise
        ),
    },
    steps=(
        Follows("c here", at_most(b1, c + 2 * noise), ((2, "triangle"),), where=("c", "c(y+e)")),
        Follows(
            "coefficient",
            equal(C * (c + 2 * noise + (c + 2 * noise) * v / (1 - v)), C / (1 - v) * c + 2 * C / (1 - v) * noise),
        ),
    ),
)

NEARBY_MATRIX = Lemma(
    name="nearby-matrix",
    statement="2λσ + 2‖A'x-y‖ <= c(x,y) + 2η_0 b_1, if ‖A-A'‖ <= η_0 and ‖x‖ <= b_1",
    source=POSTERIOR,
    hypotheses={
        "c": equal(c, 2 * lam * sigma + 2 * Rx),
        "η_0 >= 0": at_least(eta0, 0),
        "‖A'x-y‖": at_most(Rz, Rx + eta0 * dist),
        "‖x‖ <= b_1": at_most(dist, b1),
    },
    conclusions={"c'": at_most(2 * lam * sigma + 2 * Rz, c + 2 * eta0 * b1)},
    steps=(
        Follows(
            "c'",
            at_most(2 * lam * sigma + 2 * Rz, c + 2 * eta0 * b1),
            ((2, "‖A'x-y‖"), (2, "η_0 >= 0", "‖x‖ <= b_1")),
            where=("c",),
        ),
    ),
)

SPARSE_PAIRS = Lemma(
    name="sparse-pairs",
    statement="‖x_1-x_2‖ <= C2‖A(x_1-x_2)‖ for sparse x_1, x_2: (*) in both orders, where ‖x_2‖_w - ‖x_1‖_w = T and -T",
    source=KERNEL,
    hypotheses={
        "one order": at_most(dist, K * T + C2 * Az),
        "the other": at_most(dist, -K * T + C2 * Az),
    },
    conclusions={"distance": at_most(dist, C2 * Az)},
    steps=(Follows("distance", at_most(dist, C2 * Az), ((HALF, "one order"), (HALF, "the other"))),),
)

KERNEL_AWARENESS = Lemma(
    name="kernel-awareness",
    statement="Lip >= (‖x_1-x_2‖ - e_1 - e_2)/‖y_1-y_2‖, if ‖Ψ(y_i)-x_i‖ <= e_i and y_1 ≠ y_2, Lip one of Ψ",
    source=KERNEL,
    hypotheses={
        "y_1 ≠ y_2": more(dy, 0),
        "triangle": at_most(dist, e1 + m + e2),
        "Lipschitz": at_most(m, lip * dy),
    },
    conclusions={"Lip": at_least(lip, (dist - e1 - e2) / dy)},
    steps=(
        Reciprocal("1/‖y_1-y_2‖", "y_1 ≠ y_2"),
        Follows(
            "Lip",
            at_least(lip, (dist - e1 - e2) / dy),
            (("1/‖y_1-y_2‖", "triangle"), ("1/‖y_1-y_2‖", "Lipschitz")),
        ),
    ),
)

_MIDPOINT = {
    **partial_sums(P, (x1(n) - z(n)) ** 2 + (x2(n) - z(n)) ** 2),
    **partial_sums(Q, ((x1(n) - x2(n)) / 2) ** 2),
    **partial_sums(S, (z(n) - (x1(n) + x2(n)) / 2) ** 2),
}
MIDPOINT = Lemma(
    name="midpoint",
    statement="‖x_1-z‖² + ‖x_2-z‖² = 2‖(x_1-x_2)/2‖² + 2‖z-(x_1+x_2)/2‖² for vectors of any length",
    source=KERNEL,
    hypotheses=_MIDPOINT,
    conclusions={"sum": equal(P(n), 2 * Q(n) + 2 * S(n), n)},
    steps=(
        Induction(
            "sum",
            equal(P(n), 2 * Q(n) + 2 * S(n), n),
            n,
            (Follows("0", equal(P(0), 2 * Q(0) + 2 * S(0)), where=("P(0)", "Q(0)", "S(0)")),),
            (
                Follows(
                    "n+1",
                    equal(P(n + 1), 2 * Q(n + 1) + 2 * S(n + 1)),
                    ("hypothesis",),
                    where=(At("P(n+1)", n), At("Q(n+1)", n), At("S(n+1)", n)),
                ),
            ),
        ),
    ),
)

"""FIRENET in finite precision: the M-norm, how errors of blocks add up, and the recursion g_k.

M = [[I/τ, -A*], [-A, I/σ]] with τ = σ = t/L, so that ‖(x,u)‖²_M = (L/t)(‖x‖²+‖u‖²) - 2Re<Ax,u>.
"""

from __future__ import annotations

from typing import Any

import sympy

from proofs_checks.lemmas.inequalities import partial_sums
from proofs_checks.lemmas.relations import at_least, at_most, equal, less, more, naturals, reals, sequences
from proofs_checks.lemmas.restarts import BLOCKS, DISTANCES, RATE_, RESTART_STEP, SCALES, SIZES
from proofs_checks.lemmas.steps import Apply, At, Follows, ForAll, Induction, Lemma, Reciprocal, Square

__all__ = [
    "BLOCK_ERROR",
    "DAMPED",
    "DAMPED_EXACTLY",
    "ERROR_OF_MEAN",
    "FACTOR",
    "LIPSCHITZ",
    "M_NORM",
    "M_NORM_OF_ERRORS",
    "M_NORM_OF_X",
    "NONEXPANSIVE",
    "RECURSION_BOUND",
    "THREE_POINTS",
]

SOURCE = "Rounding errors (Theorem 3)"
HALF = sympy.Rational(1, 2)
n, k = naturals("n k")
t, L, p, v, C, c, de = reals("t L p v C c delta")
X, U, s, f = reals("X U s f")
a, b = reals("a b")
before, after, inner, change = reals("m m_next X H")
e0, eta, etam, etaout, m0, m1, be, out = reals("e_0 eta eta_m eta_out m_0 m_1 beta out")
ex, eu, etax, etau = reals("e_x e_u eta_x eta_u")
lam, w, d, W1, W0, R1, R0 = reals("lambda w d W' W R' R")
G, g, D, beta, err, exact, e, dM, S = sequences("G g D beta err F e d_M S")
u, K, low, high = reals("u K low high")
_LOW = (1 - t) * L / t

M_NORM = Lemma(
    name="m-norm",
    statement="((1-t)L/t)(‖x‖²+‖u‖²) <= ‖(x,u)‖²_M <= ((1+t)L/t)(‖x‖²+‖u‖²) if |Re<Ax,u>| <= L‖x‖‖u‖; both are "
    "attained by singular vectors, ‖x‖ = ‖u‖ and Re<Ax,u> = ±L‖x‖‖u‖",
    source=SOURCE,
    hypotheses={
        "t > 0": more(t, 0),
        "L >= 0": at_least(L, 0),
        "Re<Ax,u> above": at_most(s, L * X * U),
        "Re<Ax,u> below": at_least(s, -L * X * U),
    },
    conclusions={
        "above": at_most(L / t * (X**2 + U**2) - 2 * s, RATE_ * (X**2 + U**2)),
        "below": at_least(L / t * (X**2 + U**2) - 2 * s, _LOW * (X**2 + U**2)),
        "attained above": equal(L / t * (X**2 + X**2) - 2 * (-L * X * X), RATE_ * (X**2 + X**2)),
        "attained below": equal(L / t * (X**2 + X**2) - 2 * (L * X * X), _LOW * (X**2 + X**2)),
    },
    steps=(
        Follows(
            "above",
            at_most(L / t * (X**2 + U**2) - 2 * s, RATE_ * (X**2 + U**2)),
            ((2, "Re<Ax,u> below"), ("L >= 0", Square(X - U))),
        ),
        Follows(
            "below",
            at_least(L / t * (X**2 + U**2) - 2 * s, _LOW * (X**2 + U**2)),
            ((2, "Re<Ax,u> above"), ("L >= 0", Square(X - U))),
        ),
        Follows("attained above", equal(L / t * (X**2 + X**2) - 2 * (-L * X * X), RATE_ * (X**2 + X**2))),
        Follows("attained below", equal(L / t * (X**2 + X**2) - 2 * (L * X * X), _LOW * (X**2 + X**2))),
    ),
)

THREE_POINTS = Lemma(
    name="three-points",
    statement="<M(z⁺-z), z̄-z⁺> <= ‖z̄-z‖²_M/2 - ‖z̄-z⁺‖²_M/2, as ‖z̄-z‖² = ‖z̄-z⁺‖² + 2<M(z⁺-z), z̄-z⁺> + ‖z⁺-z‖²",
    source=SOURCE,
    hypotheses={
        "expanded": equal(before, after + 2 * inner + change),
        "‖z⁺-z‖² >= 0": at_least(change, 0),
    },
    conclusions={"decrease": at_most(inner, (before - after) / 2)},
    steps=(Follows("decrease", at_most(inner, (before - after) / 2), ((HALF, "‖z⁺-z‖² >= 0"),), where=("expanded",)),),
)

M_NORM_OF_X = Lemma(
    name="m-norm-of-x",
    statement="(L/t)(1-t²)‖x‖² <= ‖(x,u)‖²_M, so that m_0² = (L/t)(1-t²) will do for the first part",
    source=SOURCE,
    hypotheses={"t > 0": more(t, 0), "L >= 0": at_least(L, 0), "Re<Ax,u>": at_most(s, L * X * U)},
    conclusions={"x": at_most(L / t * (1 - t**2) * X**2, L / t * (X**2 + U**2) - 2 * s)},
    steps=(
        Reciprocal("1/t", "t > 0"),
        Follows(
            "x",
            at_most(L / t * (1 - t**2) * X**2, L / t * (X**2 + U**2) - 2 * s),
            ((2, "Re<Ax,u>"), ("L >= 0", "1/t", Square(U - t * X))),
        ),
    ),
)

M_NORM_OF_ERRORS = Lemma(
    name="m-norm-of-errors",
    statement="‖(x,u)‖²_M <= (L/t)(a²+2tab+b²) if ‖x‖ <= a and ‖u‖ <= b",
    source=SOURCE,
    hypotheses={
        "t > 0": more(t, 0),
        "L >= 0": at_least(L, 0),
        "Re<Ax,u>": at_least(s, -L * X * U),
        "‖x‖ >= 0": at_least(X, 0),
        "‖x‖ <= a": at_most(X, a),
        "‖u‖ >= 0": at_least(U, 0),
        "‖u‖ <= b": at_most(U, b),
    },
    conclusions={"errors": at_most(L / t * (X**2 + U**2) - 2 * s, L / t * (a**2 + 2 * t * a * b + b**2))},
    steps=(
        Reciprocal("1/t", "t > 0"),
        Follows("a >= 0", at_least(a, 0), ("‖x‖ <= a", "‖x‖ >= 0")),
        Follows("a²", at_least(a**2, X**2), (("‖x‖ <= a", "‖x‖ <= a"), (2, "‖x‖ <= a", "‖x‖ >= 0"))),
        Follows("b²", at_least(b**2, U**2), (("‖u‖ <= b", "‖u‖ <= b"), (2, "‖u‖ <= b", "‖u‖ >= 0"))),
        Follows("ab", at_least(a * b, X * U), (("a >= 0", "‖u‖ <= b"), ("‖u‖ >= 0", "‖x‖ <= a"))),
        Follows(
            "errors",
            at_most(L / t * (X**2 + U**2) - 2 * s, L / t * (a**2 + 2 * t * a * b + b**2)),
            ((2, "Re<Ax,u>"), ("L >= 0", "1/t", "a²"), ("L >= 0", "1/t", "b²"), (2, "L >= 0", "ab")),
        ),
    ),
)


FACTOR = Lemma(
    name="m-norm-factor",
    statement="The quotient f² of the two bounds of the M-norm is (1+t)/(1-t) for 0 < t < 1",
    source=SOURCE,
    hypotheses={
        **SCALES,
        "t < 1": less(t, 1),
        "bounds": equal(f**2 * low, high),
        "low": equal(low, _LOW),
        "high": equal(high, RATE_),
    },
    conclusions={"f²": equal(f**2, (1 + t) / (1 - t))},
    steps=(
        Reciprocal("1/L", "L > 0"),
        Reciprocal("1/(1-t)", "t < 1"),
        Follows(
            "f²",
            equal(f**2, (1 + t) / (1 - t)),
            (("bounds", t / ((1 - t) * L)), ("low", -(f**2) * t / ((1 - t) * L)), ("high", t / ((1 - t) * L))),
        ),
    ),
)

NONEXPANSIVE = Lemma(
    name="resolvent-non-expansive",
    statement="‖Δ⁺‖²_M <= ‖Δ‖²_M, if <Δ⁺, Δ-Δ⁺>_M >= 0, as ‖Δ‖² = ‖Δ⁺‖² + 2<Δ⁺, Δ-Δ⁺> + ‖Δ-Δ⁺‖²",
    source=SOURCE,
    hypotheses={
        "expanded": equal(before, after + 2 * inner + change),
        "monotone": at_least(inner, 0),
        "‖Δ-Δ⁺‖² >= 0": at_least(change, 0),
    },
    conclusions={"M-norm": at_most(after, before)},
    steps=(Follows("M-norm", at_most(after, before), ((2, "monotone"), "‖Δ-Δ⁺‖² >= 0"), where=("expanded",)),),
)

BLOCK_ERROR = Lemma(
    name="block-error",
    statement="If the error of x⁺ is at most η_x and that of u⁺ at most η_u + 2tη_x, the joint one squared is at most "
    "η_x²+(η_u+2tη_x)²",
    source=SOURCE,
    hypotheses={
        "e_x >= 0": at_least(ex, 0),
        "e_x": at_most(ex, etax),
        "e_u >= 0": at_least(eu, 0),
        "e_u": at_most(eu, etau + 2 * t * ex),
        "t >= 0": at_least(t, 0),
    },
    conclusions={"joint": at_most(ex**2 + eu**2, etax**2 + (etau + 2 * t * etax) ** 2)},
    steps=(
        Follows("e_u'", at_most(eu, etau + 2 * t * etax), ("e_u", (2, "t >= 0", "e_x"))),
        Follows(
            "joint",
            at_most(ex**2 + eu**2, etax**2 + (etau + 2 * t * etax) ** 2),
            (("e_x", "e_x"), (2, "e_x", "e_x >= 0"), ("e_u'", "e_u'"), (2, "e_u'", "e_u >= 0")),
        ),
    ),
)

_last = k + 1  # the number of blocks
_ERROR = be * _last * ((e0 + (sympy.Rational(1, 2) * (_last + 1)) * eta) * f + etam) + etaout

ERROR_OF_MEAN = Lemma(
    name="error-of-mean",
    statement="The output after p blocks is off by at most βp((e_0 + (p+1)η/2)f + η_m) + η_out, if each block adds at "
    "most η, and m_0 e <= d_M <= m_1 e for the M-norm with m_1 = f m_0",
    source=SOURCE,
    hypotheses={
        "m_0 > 0": more(m0, 0),
        "m_1": equal(m1, f * m0),
        "start": at_most(dM(0), m1 * e0),
        "block": at_most(dM(n + 1), dM(n) + m1 * eta, n),
        "l2": at_most(m0 * e(n), dM(n), n),
        **partial_sums(S, e(n + 1)),
        "β >= 0": at_least(be, 0),
        "output": at_most(out, be * _last * (S(_last) / _last + etam) + etaout),
    },
    conclusions={"iterates": at_most(e(n), f * (e0 + n * eta), n), "output": at_most(out, _ERROR)},
    steps=(
        Reciprocal("1/m_0", "m_0 > 0"),
        Induction(
            "d_M",
            at_most(dM(n), m1 * (e0 + n * eta), n),
            n,
            (Follows("0", at_most(dM(0), m1 * e0), ("start",)),),
            (Follows("n+1", at_most(dM(n + 1), m1 * (e0 + (n + 1) * eta)), ("hypothesis", At("block", n))),),
        ),
        ForAll(
            "iterates",
            at_most(e(n), f * (e0 + n * eta), n),
            (
                Follows(
                    "one n",
                    at_most(e(n), f * (e0 + n * eta)),
                    (("1/m_0", At("l2", n)), ("1/m_0", At("d_M", n)), ("m_1", -(e0 + n * eta) / m0)),
                ),
            ),
        ),
        Induction(
            "sum",
            at_most(S(n), f * (n * e0 + n * (n + 1) / 2 * eta), n),
            n,
            (Follows("0", at_most(S(0), 0), (("S(0)", -1),)),),
            (
                Follows(
                    "n+1",
                    at_most(S(n + 1), f * ((n + 1) * e0 + (n + 1) * (n + 2) / 2 * eta)),
                    ("hypothesis", At("iterates", n + 1)),
                    where=(At("S(n+1)", n),),
                ),
            ),
        ),
        Follows("output here", at_most(out, _ERROR), ("output", ("β >= 0", At("sum", _last)))),
    ),
)

LIPSCHITZ = Lemma(
    name="objective-lipschitz",
    statement="F(z') - F(z) <= (λ‖w‖ + L)‖z'-z‖",
    source=SOURCE,
    hypotheses={
        "λ >= 0": at_least(lam, 0),
        "‖z'‖_w": at_most(W1, W0 + w * d),
        "‖Az'-y‖": at_most(R1, R0 + L * d),
    },
    conclusions={"F": at_most(lam * W1 + R1 - (lam * W0 + R0), (lam * w + L) * d)},
    steps=(
        Follows(
            "F",
            at_most(lam * W1 + R1 - (lam * W0 + R0), (lam * w + L) * d),
            (("λ >= 0", "‖z'‖_w"), "‖Az'-y‖"),
        ),
    ),
)


def _excess(gap: Any, scale: Any) -> Any:
    return RATE_ / 2 * ((C * gap) ** 2 / (scale * p**2) + scale)


RECURSION_BOUND = Lemma(
    name="finite-precision-recursion",
    statement="G(ψ_k) <= g_k and ‖ψ_n-x‖ <= C2'(c + g_n) for "
    "g_k = ((1+t)L/(2t))((C2'(δ+g_(k-1)))²/(β_k p²)+β_k) + (λ‖w‖+L)err_k, for any β_k > 0, p > 0",
    source=SOURCE,
    hypotheses={
        "t > 0": more(t, 0),
        "L >= 0": at_least(L, 0),
        "p > 0": more(p, 0),
        "C >= 0": at_least(C, 0),
        "β > 0": more(beta(n), 0, n),
        "start": at_most(G(0), g(0)),
        "g": equal(g(n + 1), _excess(de + g(n), beta(n + 1)) + K * err(n + 1), n),
        "D >= 0": DISTANCES["D >= 0"],
        "D": DISTANCES["D"],
        "c <= δ": DISTANCES["c <= δ"],
        "block": at_most(exact(n + 1), RATE_ / 2 * (D(n) ** 2 / (beta(n + 1) * p**2) + beta(n + 1)), n),
        "rounded": at_most(G(n + 1), exact(n + 1) + K * err(n + 1), n),
    },
    conclusions={"G": at_most(G(n), g(n), n), "distance": at_most(D(n), C * (c + g(n)), n)},
    steps=(
        Follows("1+t > 0", more(1 + t, 0), ("t > 0", 1)),
        Reciprocal("1/t", "t > 0"),
        Reciprocal("1/p", "p > 0"),
        Induction(
            "G",
            at_most(G(n), g(n), n),
            n,
            (),
            (
                Follows(
                    "D here",
                    at_most(D(n), C * (de + g(n))),
                    (At("D", n), ("C >= 0", "hypothesis"), ("C >= 0", "c <= δ")),
                ),
                Follows(
                    "D² here",
                    at_most(D(n) ** 2, (C * (de + g(n))) ** 2),
                    (("D here", "D here"), (2, "D here", At("D >= 0", n))),
                ),
                Follows("β here", more(beta(n + 1), 0), (At("β > 0", n + 1),)),
                Reciprocal("1/β", "β here"),
                Follows(
                    "n+1",
                    at_most(G(n + 1), g(n + 1)),
                    (
                        At("rounded", n),
                        At("block", n),
                        (HALF, "1+t > 0", "L >= 0", "1/t", "1/β", "1/p", "1/p", "D² here"),
                    ),
                    where=(At("g", n),),
                ),
            ),
        ),
        ForAll(
            "distance",
            at_most(D(n), C * (c + g(n)), n),
            (Follows("one n", at_most(D(n), C * (c + g(n))), (At("D", n), ("C >= 0", At("G", n)))),),
        ),
    ),
)

DAMPED = Lemma(
    name="damped",
    statement="((1+t)L/(2t))((C2'u)²/(βp²)+β) <= vu for u = δ+g > 0, β = tvu/((1+t)L) and p >= (1+t)LC2'/(tv)",
    source=SOURCE,
    hypotheses={**SCALES, **SIZES, "u > 0": more(u, 0), **BLOCKS},
    conclusions={"damped": at_most(_excess(u, v * u / RATE_), v * u)},
    steps=(
        Follows("vu > 0", more(v * u, 0), (("v > 0", "u > 0"),)),
        Follows("Cu >= 0", at_least(C * u, 0), (("C >= 0", "u > 0"),)),
        Follows("Cu", at_most(C * u, C * (v * u) / v)),
        Follows("1+t > 0", more(1 + t, 0), ("t > 0", 1)),
        Apply("step", RESTART_STEP, dict(zip(reals("epsilon_next D"), (v * u, C * u), strict=True))),
        Follows("damped", at_most(_excess(u, v * u / RATE_), v * u), ("step.step",)),
    ),
)

DAMPED_EXACTLY = Lemma(
    name="damped-exactly",
    statement="((1+t)L/(2t))((C2'u)²/(βp²)+β) = vu for β = tvu/((1+t)L), if p = (1+t)LC2'/(tv)",
    source=SOURCE,
    hypotheses={**SCALES, "v > 0": more(v, 0), "C > 0": more(C, 0), "p": equal(p, RATE_ * C / v)},
    conclusions={"damped": equal(_excess(u, v * u / RATE_), v * u)},
    steps=(
        Follows("1+t > 0", more(1 + t, 0), ("t > 0", 1)),
        Reciprocal("1/t", "t > 0"),
        Reciprocal("1/v", "v > 0"),
        Follows("p > 0", more(p, 0), (("1+t > 0", "L > 0", "1/t", "C > 0", "1/v"),), where=("p",)),
        Follows("damped", equal(_excess(u, v * u / RATE_), v * u), where=("p",)),
    ),
)

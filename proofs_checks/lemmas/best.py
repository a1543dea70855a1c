"""The best constants that a null space property gives, and one constant for all λ.

k is the length of the largest entries of v, b what the others have in ‖·‖_w over r = √ξ; T is T', G is γ‖Av‖.
"""

from __future__ import annotations

from typing import Any

import sympy

from proofs_checks.lemmas.derived import from_squares
from proofs_checks.lemmas.inequalities import partial_sums
from proofs_checks.lemmas.relations import at_least, at_most, equal, less, more, naturals, reals, sequences
from proofs_checks.lemmas.steps import At, BySign, Follows, Induction, Lemma, Reciprocal, Square

__all__ = ["BOUND", "FIRST", "HEAD", "LINEAR", "SECOND", "SMALL", "STAIRCASE", "TAILS", "THIRD"]

SOURCE = "The best constants (Theorem 3)"
n, N = naturals("n N")
e, u, c, m, kappa, root = reals("e u c m kappa root")
k, b, v, T, G, rho, r, theta, X, Z, c1, m1 = reals("k b v T G rho r theta X Z c_1 m_1")
h, f, s = reals("h n_k s")
tail, omega, length, weighted, tails, all_tails = sequences("t omega k_l tau S B")
HALF = sympy.Rational(1, 2)
_X, _D = rho * T + G, 1 - rho * c
_C = {"c >= 0": at_least(c, 0), "ρc < 1": less(rho * c, 1)}
_K = {"k >= 0": at_least(k, 0), "b >= 0": at_least(b, 0)}

HEAD = Lemma(
    name="best-head",
    statement="e <= (c + √((κ-1)(1-c²)))u for one entry each of the unit vectors e and u, c = <e,u>, κu² >= 1",
    source=SOURCE,
    hypotheses={
        "Cauchy-Schwarz": at_most((c - e * u) ** 2, (1 - e**2) * (1 - u**2)),
        "c² <= 1": at_most(c**2, 1),
        "κu² >= 1": at_least(kappa * u**2, 1),
        "u >= 0": at_least(u, 0),
        "root >= 0": at_least(root, 0),
        "root": equal(root**2, (kappa - 1) * (1 - c**2)),
    },
    conclusions={"entry": at_most(e, (c + root) * u)},
    steps=(
        Follows(
            "squares",
            at_least((root * u) ** 2, (e - c * u) ** 2),
            ("Cauchy-Schwarz", ("c² <= 1", "κu² >= 1"), ("root", u**2)),
        ),
        Follows("root u >= 0", at_least(root * u, 0), (("root >= 0", "u >= 0"),)),
        from_squares("difference", at_least(root * u, e - c * u), squares="squares", nonnegative="root u >= 0"),
        Follows("entry", at_most(e, (c + root) * u), ("difference",)),
    ),
)

TAILS = Lemma(
    name="best-tails",
    statement="k² + Σt_l² <= k² + mkb if t_l²ω_l <= k_lτ_l, rk_l <= mkω_l, τ_l >= 0 and b = Στ_l/r, for any number "
    "of levels",
    source=SOURCE,
    hypotheses={
        **partial_sums(tails, tail(n) ** 2),
        **partial_sums(all_tails, weighted(n)),
        "ω > 0": more(omega(n), 0, n),
        "τ >= 0": at_least(weighted(n), 0, n),
        "tail": at_most(tail(n) ** 2 * omega(n), length(n) * weighted(n), n),
        "head": at_most(r * length(n), m * k * omega(n), n),
        "r > 0": more(r, 0),
    },
    conclusions={"length": at_most(k**2 + tails(N), k**2 + m * k * all_tails(N) / r)},
    steps=(
        Reciprocal("1/r", "r > 0"),
        Induction(
            "sums",
            at_most(r * tails(n), m * k * all_tails(n), n),
            n,
            (Follows("0", at_most(r * tails(0), m * k * all_tails(0)), where=("S(0)", "B(0)")),),
            (
                Follows("ω(n) > 0", more(omega(n), 0), (At("ω > 0", n),)),
                Reciprocal("1/ω", "ω(n) > 0"),
                Follows(
                    "n+1",
                    at_most(r * tails(n + 1), m * k * all_tails(n + 1)),
                    (
                        "hypothesis",
                        ("1/ω", "r > 0", At("tail", n)),
                        ("1/ω", At("τ >= 0", n), At("head", n)),
                    ),
                    where=(At("S(n+1)", n), At("B(n+1)", n)),
                ),
            ),
        ),
        Follows(
            "length",
            at_most(k**2 + tails(N), k**2 + m * k * all_tails(N) / r),
            (("1/r", At("sums", N)),),
        ),
    ),
)

_BOUND = at_most(v**2, _X * (_X + m * (T + c * G)) / _D**2)
BOUND = Lemma(
    name="best-bound",
    statement="‖v‖² <= (ρT+G)(ρT+G+m(T+cG))/(1-ρc)² and T+cG >= 0, if k <= ρb+G, b <= T+ck and ‖v‖² <= k²+mkb",
    source=SOURCE,
    hypotheses={
        **_K,
        **_C,
        "ρ >= 0": at_least(rho, 0),
        "m >= 0": at_least(m, 0),
        "property": at_most(k, rho * b + G),
        "cone": at_most(b, T + c * k),
        "length": at_most(v**2, k**2 + m * k * b),
    },
    conclusions={"bound": _BOUND, "sign": at_least(T + c * G, 0)},
    steps=(
        Follows("1-ρc > 0", more(_D, 0), ("ρc < 1",)),
        Reciprocal("1/(1-ρc)", "1-ρc > 0"),
        Follows("k", at_most(k * _D, _X), ("property", ("ρ >= 0", "cone"))),
        Follows("b", at_most(b * _D, T + c * G), ("cone", ("c >= 0", "property"))),
        Follows("sign", at_least(T + c * G, 0), ("b", ("b >= 0", "1-ρc > 0"))),
        Follows(
            "bound",
            _BOUND,
            (
                "length",
                (Square(1 / _D), "k", "k"),
                (2, Square(1 / _D), "k", "k >= 0", "1-ρc > 0"),
                (Square(1 / _D), "m >= 0", "k", "b"),
                (Square(1 / _D), "m >= 0", "k", "b >= 0", "1-ρc > 0"),
                (Square(1 / _D), "m >= 0", "b", "k >= 0", "1-ρc > 0"),
            ),
        ),
    ),
)

_WIDER = at_most(v**2 * (1 - rho * c1) ** 2, _X * (_X + m1 * (T + c1 * G)))
STAIRCASE = Lemma(
    name="best-staircase",
    statement="The bound holds with any c_1 >= c and m_1 >= m in the places of c and m, if ρc_1 <= 1; with c_1 = 1 and "
    "m_1 = √κ it is the closed form",
    source=SOURCE,
    hypotheses={
        "bound": at_most(v**2 * _D**2, _X * (_X + m * (T + c * G))),
        "ρ >= 0": at_least(rho, 0),
        "c <= c_1": at_most(c, c1),
        "ρc_1 <= 1": at_most(rho * c1, 1),
        "m <= m_1": at_most(m, m1),
        "m_1 >= 0": at_least(m1, 0),
        "G >= 0": at_least(G, 0),
        "ρT+G >= 0": at_least(_X, 0),
        "T+cG >= 0": at_least(T + c * G, 0),
    },
    conclusions={"wider": _WIDER},
    steps=(
        Follows(
            "wider",
            _WIDER,
            (
                "bound",
                (Square(v), "ρ >= 0", "c <= c_1", "ρ >= 0", "c <= c_1"),
                (2, Square(v), "ρ >= 0", "c <= c_1", "ρc_1 <= 1"),
                ("ρT+G >= 0", "m <= m_1", "T+cG >= 0"),
                ("ρT+G >= 0", "m_1 >= 0", "c <= c_1", "G >= 0"),
            ),
        ),
    ),
)

_LINEAR = at_most(v, (rho * theta + (rho + m) / theta) / (2 * _D) * T + (theta + (1 + m * c) / theta) / (2 * _D) * G)
LINEAR = Lemma(
    name="best-linear",
    statement="‖v‖ <= C1 T + C2 G with C1 = (ρθ+(ρ+m)/θ)/(2(1-ρc)) and C2 = (θ+(1+mc)/θ)/(2(1-ρc)), for every θ > 0",
    source=SOURCE,
    hypotheses={
        "bound": at_most(v**2 * _D**2, _X * (_X + m * (T + c * G))),
        "ρc < 1": less(rho * c, 1),
        "θ > 0": more(theta, 0),
        "m >= 0": at_least(m, 0),
        "ρT+G >= 0": at_least(_X, 0),
        "T+cG >= 0": at_least(T + c * G, 0),
    },
    conclusions={"linear": _LINEAR},
    steps=(
        Follows("1-ρc > 0", more(_D, 0), ("ρc < 1",)),
        Reciprocal("1/(1-ρc)", "1-ρc > 0"),
        Reciprocal("1/θ", "θ > 0"),
        Follows(
            "squares",
            at_least((HALF * (theta * _X + (_X + m * (T + c * G)) / theta)) ** 2, (v * _D) ** 2),
            ("bound", Square(HALF * (theta * _X - (_X + m * (T + c * G)) / theta))),
        ),
        Follows(
            "mean >= 0",
            at_least(HALF * (theta * _X + (_X + m * (T + c * G)) / theta), 0),
            (
                (HALF, "θ > 0", "ρT+G >= 0"),
                (HALF, "1/θ", "ρT+G >= 0"),
                (HALF, "1/θ", "m >= 0", "T+cG >= 0"),
            ),
        ),
        from_squares(
            "root",
            at_least(HALF * (theta * _X + (_X + m * (T + c * G)) / theta), v * _D),
            squares="squares",
            nonnegative="mean >= 0",
        ),
        Follows("linear", _LINEAR, (("1/(1-ρc)", "root"),)),
    ),
)

# --- one constant for all λ: h stands for λγr, f for λγ(T + ‖Av‖), that is, hT + G
_H, _ALPHA, _DELTA = h * _D, h - rho, 1 - h * c
_LEAST = _ALPHA * b + _DELTA * k
_REGION = {"large": at_least(k, rho * b), "f": at_least(f, _LEAST)}

SMALL = Lemma(
    name="best-network-small",
    statement="s(k²+mkb) <= f² where k <= ρb and f >= h(b-ck), if sρ(ρ+m) <= h²(1-ρc)²",
    source=SOURCE,
    hypotheses={
        **_K,
        "c >= 0": at_least(c, 0),
        "ρc <= 1": at_most(rho * c, 1),
        "h >= 0": at_least(h, 0),
        "m >= 0": at_least(m, 0),
        "ρ >= 0": at_least(rho, 0),
        "s >= 0": at_least(s, 0),
        "small": at_most(k, rho * b),
        "f": at_least(f, h * (b - c * k)),
        "s": at_most(s * rho * (rho + m), _H**2),
    },
    conclusions={"bound": at_most(s * (k**2 + m * k * b), f**2)},
    steps=(
        Follows("f >= Hb", at_least(f, _H * b), ("f", ("h >= 0", "c >= 0", "small"))),
        Follows("Hb >= 0", at_least(_H * b, 0), (("h >= 0", "ρc <= 1", "b >= 0"),)),
        Follows("f²", at_least(f**2, _H**2 * b**2), (("f >= Hb", "f >= Hb"), (2, "f >= Hb", "Hb >= 0"))),
        Follows(
            "bound",
            at_most(s * (k**2 + m * k * b), f**2),
            (
                "f²",
                (Square(b), "s"),
                ("s >= 0", "small", "k >= 0"),
                ("s >= 0", "small", "ρ >= 0", "b >= 0"),
                ("s >= 0", "m >= 0", "small", "b >= 0"),
            ),
        ),
    ),
)


def _positive() -> tuple[Any, ...]:
    """Steps that show αb + δk >= 0, for α of either sign."""
    zero = (Follows("α = 0", at_least(_LEAST, 0), (("sign", b), ("δ >= 0", "k >= 0"))),)
    return (
        Reciprocal("1/ρ", "ρ > 0"),
        BySign(
            "least >= 0",
            at_least(_LEAST, 0),
            _ALPHA,
            (Follows("α > 0", at_least(_LEAST, 0), (("sign", "b >= 0"), ("δ >= 0", "k >= 0"))),),
            zero,
            (
                Follows(
                    "α < 0",
                    at_least(_LEAST, 0),
                    (("1/ρ", "sign", "large"), ("1/ρ", "h >= 0", "ρc <= 1", "k >= 0")),
                ),
            ),
        ),
        Follows("f²", at_least(f**2, _LEAST**2), (("f", "f"), (2, "f", "least >= 0"))),
    )


FIRST = Lemma(
    name="best-network-first",
    statement="h²(1-ρc)²(k²+mkb) <= ρ(ρ+m)f² where k >= ρb and f >= αb+δk, if α(m+2ρ) <= ρmδ; α = h-ρ, δ = 1-hc",
    source=SOURCE,
    hypotheses={
        **_K,
        "ρc <= 1": at_most(rho * c, 1),
        "h >= 0": at_least(h, 0),
        "δ >= 0": at_least(_DELTA, 0),
        "ρ > 0": more(rho, 0),
        "m >= 0": at_least(m, 0),
        "case": at_most(_ALPHA * (m + 2 * rho), rho * m * _DELTA),
        **_REGION,
    },
    conclusions={"bound": at_most(_H**2 * (k**2 + m * k * b), rho * (rho + m) * f**2)},
    steps=(
        *_positive(),
        Follows(
            "bound",
            at_most(_H**2 * (k**2 + m * k * b), rho * (rho + m) * f**2),
            (
                ("ρ > 0", "ρ > 0", "f²"),
                ("ρ > 0", "m >= 0", "f²"),
                ("1/ρ", "large", "case", "h >= 0", "ρc <= 1", "k >= 0"),
                (Square(_ALPHA), "large", "large"),
                ("1/ρ", "m >= 0", Square(_ALPHA), "large", "large"),
            ),
        ),
    ),
)

SECOND = Lemma(
    name="best-network-second",
    statement="4α(mδ-α)(k²+mkb) <= m²f² where f >= αb+δk, and so 4α(mδ-α)ρ(ρ+m) <= m²h²(1-ρc)², for α >= 0",
    source=SOURCE,
    hypotheses={
        **_K,
        "δ >= 0": at_least(_DELTA, 0),
        "α >= 0": at_least(_ALPHA, 0),
        "f": at_least(f, _LEAST),
    },
    conclusions={
        "bound": at_most(4 * _ALPHA * (m * _DELTA - _ALPHA) * (k**2 + m * k * b), m**2 * f**2),
        "s": at_most(4 * _ALPHA * (m * _DELTA - _ALPHA) * rho * (rho + m), m**2 * _H**2),
    },
    steps=(
        Follows("least >= 0", at_least(_LEAST, 0), (("α >= 0", "b >= 0"), ("δ >= 0", "k >= 0"))),
        Follows("f²", at_least(f**2, _LEAST**2), (("f", "f"), (2, "f", "least >= 0"))),
        Follows(
            "bound",
            at_most(4 * _ALPHA * (m * _DELTA - _ALPHA) * (k**2 + m * k * b), m**2 * f**2),
            ((Square(m), "f²"), Square(m * _ALPHA * b - (m * _DELTA - 2 * _ALPHA) * k)),
        ),
        Follows(
            "s",
            at_most(4 * _ALPHA * (m * _DELTA - _ALPHA) * rho * (rho + m), m**2 * _H**2),
            (Square(m * _ALPHA - (m * _DELTA - 2 * _ALPHA) * rho),),
        ),
    ),
)

THIRD = Lemma(
    name="best-network-third",
    statement="δ²(k²+mkb) <= f² where f >= αb+δk, and δ²ρ(ρ+m) <= h²(1-ρc)², if 2α >= mδ",
    source=SOURCE,
    hypotheses={
        **_K,
        "δ >= 0": at_least(_DELTA, 0),
        "m >= 0": at_least(m, 0),
        "ρ >= 0": at_least(rho, 0),
        "case": at_least(2 * _ALPHA, m * _DELTA),
        "f": at_least(f, _LEAST),
    },
    conclusions={
        "bound": at_most(_DELTA**2 * (k**2 + m * k * b), f**2),
        "s": at_most(_DELTA**2 * rho * (rho + m), _H**2),
    },
    steps=(
        Follows("α >= 0", at_least(_ALPHA, 0), ((HALF, "case"), (HALF, "m >= 0", "δ >= 0"))),
        Follows("least >= 0", at_least(_LEAST, 0), (("α >= 0", "b >= 0"), ("δ >= 0", "k >= 0"))),
        Follows("f²", at_least(f**2, _LEAST**2), (("f", "f"), (2, "f", "least >= 0"))),
        Follows(
            "bound",
            at_most(_DELTA**2 * (k**2 + m * k * b), f**2),
            ("f²", Square(_ALPHA * b), ("case", "δ >= 0", "k >= 0", "b >= 0")),
        ),
        Follows(
            "s",
            at_most(_DELTA**2 * rho * (rho + m), _H**2),
            (Square(_ALPHA), ("case", "δ >= 0", "ρ >= 0")),
        ),
    ),
)

"""Distances to the vertices h e_1, ..., h e_d: the Chebyshev radius, disjoint balls, one digit less.

d = k + 1 for any natural k; z(0), ..., z(k) are the real parts of the first d entries of z, and E is the sum of the
squares of everything else. So ‖z - h e_i‖² = Z(d) + E - 2h z(i) + h² with Z(d) the sum of the squares.
"""

from __future__ import annotations

import sympy

from proofs_checks.lemmas.inequalities import partial_sums, sum_of_squares
from proofs_checks.lemmas.relations import at_least, at_most, equal, less, more, naturals, reals, sequences
from proofs_checks.lemmas.steps import At, Follows, ForAll, Induction, Lemma, Reciprocal, Square

__all__ = [
    "CENTROID_ON_MEMBERS",
    "CHEBYSHEV_IDENTITY",
    "CHEBYSHEV_LOWER",
    "CHEBYSHEV_UPPER",
    "DISJOINT_BALLS",
    "ONE_DIGIT_LESS",
    "TWO_ANSWERS",
    "TWO_ANSWERS_ZERO",
    "WEIGHTED_RADIUS",
]

BALLS = "K digits are impossible (Theorem 2)"
RADIUS = "Breakdown epsilons of the class (Theorem 2)"
HALF = sympy.Rational(1, 2)
n, k = naturals("n k")
d = k + 1
z, Z, L, C, D = sequences("z Z L C D")
h, hq, E, R, zi, zj, r = reals("h h_q E R z_i z_j r")
real_d = reals("d")
N = naturals("N")
mu, inp, P, M, SX, SP = sequences("mu X P M V W")
zz, cc = reals("Z c")

_SUMS = {
    **partial_sums(Z, z(n) ** 2),
    **partial_sums(L, z(n)),
    **partial_sums(C, (z(n) - h / d) ** 2),
    **partial_sums(D, Z(d) + E - 2 * h * z(n) + h**2),
}
_AVERAGE = equal(D(d) / d, C(d) + E + h**2 * (d - 1) / d)

_EXPANDED = (
    Induction(
        "D",
        equal(D(n), n * (Z(d) + E + h**2) - 2 * h * L(n), n),
        n,
        (Follows("0", equal(D(0), -2 * h * L(0)), where=("D(0)", "L(0)")),),
        (
            Follows(
                "n+1",
                equal(D(n + 1), (n + 1) * (Z(d) + E + h**2) - 2 * h * L(n + 1)),
                ("hypothesis",),
                where=(At("D(n+1)", n), At("L(n+1)", n)),
            ),
        ),
    ),
    Induction(
        "C",
        equal(C(n), Z(n) - 2 * h / d * L(n) + n * h**2 / d**2, n),
        n,
        (Follows("0", equal(C(0), Z(0) - 2 * h / d * L(0)), where=("C(0)", "Z(0)", "L(0)")),),
        (
            Follows(
                "n+1",
                equal(C(n + 1), Z(n + 1) - 2 * h / d * L(n + 1) + (n + 1) * h**2 / d**2),
                ("hypothesis",),
                where=(At("C(n+1)", n), At("Z(n+1)", n), At("L(n+1)", n)),
            ),
        ),
    ),
    Follows("average", _AVERAGE, where=(At("D", d), At("C", d))),
)

CHEBYSHEV_IDENTITY = Lemma(
    name="chebyshev-identity",
    statement="Σ_i ‖z - h e_i‖²/d = ‖z - centroid‖² + h²(d-1)/d",
    source=RADIUS,
    hypotheses=_SUMS,
    conclusions={"average": _AVERAGE},
    steps=_EXPANDED,
)

CHEBYSHEV_LOWER = Lemma(
    name="chebyshev-lower",
    statement="If ‖z - h e_i‖² <= R for all d vertices then R >= h²(d-1)/d + ‖z - centroid‖² >= h²(d-1)/d",
    source=RADIUS,
    hypotheses={
        **_SUMS,
        "E >= 0": at_least(E, 0),
        "within R": at_most(Z(d) + E - 2 * h * z(n) + h**2, R, n),
    },
    conclusions={"radius": at_least(R, h**2 * (d - 1) / d), "sharper": at_least(R, h**2 * (d - 1) / d + C(d) + E)},
    steps=(
        *_EXPANDED,
        Induction(
            "sum of distances",
            at_most(D(n), n * R, n),
            n,
            (Follows("0", at_most(D(0), 0), where=("D(0)",)),),
            (
                Follows(
                    "n+1",
                    at_most(D(n + 1), (n + 1) * R),
                    ("hypothesis", At("within R", n)),
                    where=(At("D(n+1)", n),),
                ),
            ),
        ),
        sum_of_squares("C >= 0", C, z(n) - h / d),
        Follows("d > 0", more(d, 0), (d,)),
        Reciprocal("1/d", "d > 0"),
        Follows(
            "sharper",
            at_least(R, h**2 * (d - 1) / d + C(d) + E),
            (("1/d", At("sum of distances", d)), ("average", 1)),
        ),
        Follows("radius", at_least(R, h**2 * (d - 1) / d), ("sharper", At("C >= 0", d), "E >= 0")),
    ),
)

# ‖z-p_i‖² = Z - 2X(i) + P(i); V = <z, c> and W are the means of X and P
WEIGHTED_RADIUS = Lemma(
    name="weighted-radius",
    statement="If ‖z-p_i‖² <= R for all i then R >= Σμ_i‖p_i‖² - ‖Σμ_ip_i‖², for weights μ_i >= 0 with sum 1",
    source="Families of one's own (Theorem 2)",
    hypotheses={
        **partial_sums(M, mu(n)),
        **partial_sums(SX, mu(n) * inp(n)),
        **partial_sums(SP, mu(n) * P(n)),
        "μ >= 0": at_least(mu(n), 0, n),
        "Σμ": equal(M(N), 1),
        "within R": at_most(zz - 2 * inp(n) + P(n), R, n),
        "‖z-c‖² >= 0": at_least(zz - 2 * SX(N) + cc**2, 0),
    },
    conclusions={"radius": at_least(R, SP(N) - cc**2)},
    steps=(
        Induction(
            "mean",
            at_least(M(n) * R, M(n) * zz - 2 * SX(n) + SP(n), n),
            n,
            (Follows("0", at_least(M(0) * R, M(0) * zz - 2 * SX(0) + SP(0)), where=("M(0)", "V(0)", "W(0)")),),
            (
                Follows(
                    "n+1",
                    at_least(M(n + 1) * R, M(n + 1) * zz - 2 * SX(n + 1) + SP(n + 1)),
                    ("hypothesis", (At("μ >= 0", n), At("within R", n))),
                    where=(At("M(n+1)", n), At("V(n+1)", n), At("W(n+1)", n)),
                ),
            ),
        ),
        Follows("radius", at_least(R, SP(N) - cc**2), (At("mean", N), ("Σμ", zz - R), "‖z-c‖² >= 0")),
    ),
)

_D = {"d >= 2": at_least(real_d, 2)}
_CENTROID = (real_d - 1) * (h / real_d) ** 2

CHEBYSHEV_UPPER = Lemma(
    name="chebyshev-upper",
    statement="The centroid (h/d,..,h/d) is at distance h·sqrt((d-1)/d) from each of the d vertices",
    source=RADIUS,
    hypotheses={"d > 0": more(real_d, 0)},
    conclusions={"distance": equal((h - h / real_d) ** 2 + _CENTROID, h**2 * (real_d - 1) / real_d)},
    steps=(Follows("distance", equal((h - h / real_d) ** 2 + _CENTROID, h**2 * (real_d - 1) / real_d)),),
)

CENTROID_ON_MEMBERS = Lemma(
    name="centroid-on-members",
    statement="The centroid for h is nearer than h·sqrt((d-1)/d) to h_q e_i, for 0 < h_q < h and d >= 2",
    source=RADIUS,
    hypotheses={**_D, "h_q > 0": more(hq, 0), "h_q < h": less(hq, h)},
    conclusions={"distance": less((hq - h / real_d) ** 2 + _CENTROID, h**2 * (real_d - 1) / real_d)},
    steps=(
        Follows("d > 0", more(real_d, 0), ("d >= 2", 2)),
        Reciprocal("1/d", "d > 0"),
        Follows("h > 0", more(h, 0), ("h_q > 0", "h_q < h")),
        Follows(
            "distance",
            less((hq - h / real_d) ** 2 + _CENTROID, h**2 * (real_d - 1) / real_d),
            (("h_q < h", "h_q > 0"), ("h_q < h", "h > 0", "d >= 2", "1/d")),
        ),
    ),
)

DISJOINT_BALLS = Lemma(
    name="disjoint-balls",
    statement="If 2h² > 4r² and ‖z - h e_i‖ <= r then ‖z - h e_j‖ > r",
    source=BALLS,
    hypotheses={
        "2h² > 4r²": more(2 * h**2, 4 * r**2),
        "in one ball": at_most((zi - h) ** 2 + zj**2 + E, r**2),
        "E >= 0": at_least(E, 0),
    },
    conclusions={"not in the other": more(zi**2 + (zj - h) ** 2 + E, r**2)},
    steps=(
        Follows(
            "not in the other",
            more(zi**2 + (zj - h) ** 2 + E, r**2),
            (
                (HALF, "2h² > 4r²"),
                "in one ball",
                (2, Square(zi - h / 2)),
                (2, Square(zj - h / 2)),
                (2, "E >= 0"),
            ),
        ),
    ),
)

ONE_DIGIT_LESS = Lemma(
    name="one-digit-less",
    statement="A point of h·conv{e_1,..,e_d} is within sqrt(2)h of every h_q e_i, 0 <= h_q <= h",
    source=BALLS,
    hypotheses={
        **partial_sums(Z, z(n) ** 2),
        **partial_sums(L, z(n)),
        "z >= 0": at_least(z(n), 0, n),
        "Σ z": equal(L(d), h),
        "h_q >= 0": at_least(hq, 0),
        "h_q <= h": at_most(hq, h),
    },
    conclusions={"distance": at_most(Z(d) - 2 * hq * z(n) + hq**2, 2 * h**2, n)},
    steps=(
        Induction(
            "L >= 0",
            at_least(L(n), 0, n),
            n,
            (Follows("0", at_least(L(0), 0), ("L(0)",)),),
            (Follows("n+1", at_least(L(n + 1), 0), ("hypothesis", At("z >= 0", n)), where=(At("L(n+1)", n),)),),
        ),
        Induction(
            "Z <= L²",
            at_most(Z(n), L(n) ** 2, n),
            n,
            (Follows("0", at_most(Z(0), L(0) ** 2), where=("Z(0)", "L(0)")),),
            (
                Follows(
                    "n+1",
                    at_most(Z(n + 1), L(n + 1) ** 2),
                    ("hypothesis", (2, At("L >= 0", n), At("z >= 0", n))),
                    where=(At("Z(n+1)", n), At("L(n+1)", n)),
                ),
            ),
        ),
        ForAll(
            "distance",
            at_most(Z(d) - 2 * hq * z(n) + hq**2, 2 * h**2, n),
            (
                Follows(
                    "one vertex",
                    at_most(Z(d) - 2 * hq * z(n) + hq**2, 2 * h**2),
                    (
                        At("Z <= L²", d),
                        (2, "h_q >= 0", At("z >= 0", n)),
                        ("h_q <= h", "h_q <= h"),
                        (2, "h_q <= h", "h_q >= 0"),
                    ),
                    where=("Σ z",),
                ),
            ),
        ),
    ),
)

w, level = reals("w lambda")
_a, _y, _s = reals("a_1 y_1 s")
_G = (_y - level / (2 * _a)) / _a

TWO_ANSWERS = Lemma(
    name="two-answers",
    statement="λs + (y-w)² >= λg + (y-ag)² for g = (y - λ/(2a))/a, if w <= as: with a the larger of |a_1|, |a_2|, "
    "s = ‖z‖_1 and w = |Az| the answer g is a minimiser, so that one of two answers always is",
    source="At several samples at once (Theorem 2)",
    hypotheses={"a > 0": more(_a, 0), "λ >= 0": at_least(level, 0), "w <= as": at_most(w, _a * _s)},
    conclusions={"objective": at_least(level * _s + (_y - w) ** 2, level * _G + (_y - _a * _G) ** 2)},
    steps=(
        Reciprocal("1/a", "a > 0"),
        Follows(
            "objective",
            at_least(level * _s + (_y - w) ** 2, level * _G + (_y - _a * _G) ** 2),
            (("1/a", "λ >= 0", "w <= as"), Square(w - _a * _G)),
        ),
    ),
)

TWO_ANSWERS_ZERO = Lemma(
    name="two-answers-zero",
    statement="λs + (y-w)² >= y² if λ >= 2ay, 0 <= w <= as: where the formula would be negative, 0 is a minimiser",
    source="At several samples at once (Theorem 2)",
    hypotheses={
        "a > 0": more(_a, 0),
        "λ >= 0": at_least(level, 0),
        "λ >= 2ay": at_least(level, 2 * _a * _y),
        "w >= 0": at_least(w, 0),
        "w <= as": at_most(w, _a * _s),
    },
    conclusions={"objective": at_least(level * _s + (_y - w) ** 2, _y**2)},
    steps=(
        Reciprocal("1/a", "a > 0"),
        Follows(
            "objective",
            at_least(level * _s + (_y - w) ** 2, _y**2),
            (("1/a", "λ >= 0", "w <= as"), ("1/a", "λ >= 2ay", "w >= 0"), Square(w)),
        ),
    ),
)

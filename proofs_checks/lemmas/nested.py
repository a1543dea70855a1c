"""Nested ties: how many ties one answer suits, what every strategy is worth, and the one that is worth most."""

from __future__ import annotations

from typing import Any

import sympy

from proofs_checks.lemmas.inequalities import partial_sums
from proofs_checks.lemmas.relations import at_least, at_most, equal, more, naturals, reals, sequences
from proofs_checks.lemmas.steps import At, Follows, Induction, Lemma, Reciprocal, Square

__all__ = ["ANSWER", "ATTAINED", "DRAW", "FACE", "VALUE"]

SOURCE = "Nested ties (Theorem 2)"
n, k = naturals("n k")
z, s, e, c, S, H, E, Z, D, Q, W, p = sequences("z s e c S H E Z D Q W p")
t, h, x, r, y = reals("t h x r y")
count = k + 1  # d', or i - 1
i = k + 2


def _one(m: Any) -> Any:
    return sympy.Integer(1) / m


_MEAN = y / count
FACE = Lemma(
    name="nested-face",
    statement="‖z-p‖² >= z_l² i/(i-1) if z and p have i entries of the same sum and p_l = 0: (z-p)_l = z_l, and the "
    "others sum to -z_l",
    source=SOURCE,
    hypotheses={
        **partial_sums(D, z(n)),
        "Q(0)": equal(Q(0), 0),
        "Q(n+1)": equal(Q(n + 1), Q(n) + z(n) ** 2, n),
        "same sum": equal(D(count), -y),
    },
    conclusions={"distance": at_least(y**2 + Q(count), y**2 * i / count)},
    steps=(
        Follows("i-1 > 0", more(count, 0), (count,)),
        Induction(
            "Σ(z + y/(i-1))² >= 0",
            at_least(Q(n) + 2 * _MEAN * D(n) + n * _MEAN**2, 0, n),
            n,
            (Follows("0", at_least(Q(0) + 2 * _MEAN * D(0), 0), where=("Q(0)", "D(0)")),),
            (
                Follows(
                    "n+1",
                    at_least(Q(n + 1) + 2 * _MEAN * D(n + 1) + (n + 1) * _MEAN**2, 0),
                    ("hypothesis", Square(z(n) + _MEAN)),
                    where=(At("Q(n+1)", n), At("D(n+1)", n)),
                ),
            ),
        ),
        Follows(
            "distance",
            at_least(y**2 + Q(count), y**2 * i / count),
            (At("Σ(z + y/(i-1))² >= 0", count),),
            where=("same sum",),
        ),
    ),
)

ANSWER = Lemma(
    name="nested-answer",
    statement="If i entries, none of them above x, sum to h >= 0, and x >= 0, i x² <= (i-1) r², then h² <= i(i-1) r²",
    source=SOURCE,
    hypotheses={
        **partial_sums(Z, z(n)),
        "z <= x": at_most(z(n), x, n),
        "sum": equal(Z(i), h),
        "h >= 0": at_least(h, 0),
        "x >= 0": at_least(x, 0),
        "near all faces": at_most(i * x**2, (i - 1) * r**2),
    },
    conclusions={"height": at_most(h**2, i * (i - 1) * r**2)},
    steps=(
        Induction(
            "Z(n) <= nx",
            at_most(Z(n), n * x, n),
            n,
            (Follows("0", at_most(Z(0), 0), where=("Z(0)",)),),
            (
                Follows(
                    "n+1", at_most(Z(n + 1), (n + 1) * x), ("hypothesis", At("z <= x", n)), where=(At("Z(n+1)", n),)
                ),
            ),
        ),
        Follows("h <= ix", at_most(h, i * x), (At("Z(n) <= nx", i),), where=("sum",)),
        Follows("h² <= i²x²", at_most(h**2, i**2 * x**2), (("h <= ix", "h >= 0"), ("h <= ix", "x >= 0", i))),
        Follows("height", at_most(h**2, i * (i - 1) * r**2), ("h² <= i²x²", ("near all faces", i))),
    ),
)

VALUE = Lemma(
    name="nested-value",
    statement="t <= (1 + Σe_j/j)/H for H = Σ1/j, if t <= jΣ_(l>=j) s_l/l + e_j for j = 1, .., d' and Σs_l <= 1, all "
    "sums up to d'; c_j is Σ_(l>=j) s_l/l",
    source=SOURCE,
    hypotheses={
        **partial_sums(S, s(n)),
        **partial_sums(H, _one(n + 1)),
        **partial_sums(E, e(n) / (n + 1)),
        "c(n)": equal(c(n), s(n) / (n + 1) + c(n + 1), n),
        "c(d')": equal(c(count), 0),
        "t <= jc + e": at_most(t, (n + 1) * c(n) + e(n), n),
        "Σs <= 1": at_most(S(count), 1),
    },
    conclusions={"value": at_most(t, (1 + E(count)) / H(count))},
    steps=(
        Induction(
            "H >= 0",
            at_least(H(n), 0, n),
            n,
            (Follows("0", at_least(H(0), 0), where=("H(0)",)),),
            (
                Follows("n+1 > 0", more(n + 1, 0), (n + 1,)),
                Reciprocal("1/(n+1)", "n+1 > 0"),
                Follows("n+1", at_least(H(n + 1), 0), ("hypothesis", "1/(n+1)"), where=(At("H(n+1)", n),)),
            ),
        ),
        Induction(
            "t H(n) <= S(n) + n c(n) + E(n)",
            at_most(t * H(n), S(n) + n * c(n) + E(n), n),
            n,
            (Follows("0", at_most(t * H(0), S(0) + E(0)), where=("H(0)", "S(0)", "E(0)")),),
            (
                Follows("n+1 > 0", more(n + 1, 0), (n + 1,)),
                Reciprocal("1/(n+1)", "n+1 > 0"),
                Follows(
                    "n+1",
                    at_most(t * H(n + 1), S(n + 1) + (n + 1) * c(n + 1) + E(n + 1)),
                    ("hypothesis", ("1/(n+1)", At("t <= jc + e", n)), (At("c(n)", n), -(n + 1))),
                    where=(At("H(n+1)", n), At("S(n+1)", n), At("E(n+1)", n)),
                ),
            ),
        ),
        Follows("d' > 0", more(count, 0), (count,)),
        Reciprocal("1/d'", "d' > 0"),
        Follows("H > 0", more(H(count), 0), (At("H >= 0", k), "1/d'"), where=(At("H(n+1)", k),)),
        Reciprocal("1/H", "H > 0"),
        Follows(
            "value",
            at_most(t, (1 + E(count)) / H(count)),
            (("1/H", At("t H(n) <= S(n) + n c(n) + E(n)", count)), ("1/H", "Σs <= 1"), ("c(d')", -count / H(count))),
        ),
    ),
)

ATTAINED = Lemma(
    name="nested-attained",
    statement="j(1/(j+n) + Σ_(l=j)^(j+n-1) 1/(l(l+1))) = 1 for j >= 1: `harmonic` succeeds with 1/H on every input",
    source=SOURCE,
    hypotheses=partial_sums(Q, _one((count + n) * (count + n + 1))),
    conclusions={"success": equal(count * (_one(count + n) + Q(n)), 1, n)},
    steps=(
        Induction(
            "success",
            equal(count * (_one(count + n) + Q(n)), 1, n),
            n,
            (
                Follows("j > 0", more(count, 0), (count,)),
                Follows("0", equal(count * (_one(count) + Q(0)), 1), where=("Q(0)",)),
            ),
            (
                Follows("j+n > 0", more(count + n, 0), (count, n)),
                Follows("j+n+1 > 0", more(count + n + 1, 0), (count + 1, n)),
                Follows(
                    "n+1",
                    equal(count * (_one(count + n + 1) + Q(n + 1)), 1),
                    (("hypothesis", 1),),
                    where=(At("Q(n+1)", n),),
                ),
            ),
        ),
    ),
)

DRAW = Lemma(
    name="nested-draw",
    statement="1 + Σ_(l=1)^n 1/(l+1) = Σ_(l=1)^(n+1) 1/l: the probabilities of `harmonic` sum to 1",
    source=SOURCE,
    hypotheses={**partial_sums(W, _one(n + 2)), **partial_sums(H, _one(n + 1))},
    conclusions={"sum": equal(1 + W(n), H(n + 1), n)},
    steps=(
        Induction(
            "sum",
            equal(1 + W(n), H(n + 1), n),
            n,
            (Follows("0", equal(1 + W(0), H(1)), where=("W(0)", At("H(n+1)", 0), "H(0)")),),
            (
                Follows("n+2 > 0", more(n + 2, 0), (n + 2,)),
                Follows(
                    "n+1",
                    equal(1 + W(n + 1), H(n + 2)),
                    (("hypothesis", 1),),
                    where=(At("W(n+1)", n), At("H(n+1)", n + 1)),
                ),
            ),
        ),
    ),
)

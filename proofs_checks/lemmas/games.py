"""The games against randomised algorithms: what the worst of d instances allows, and the strategy that attains it."""

from __future__ import annotations

from typing import Any

import sympy

from proofs_checks.lemmas.inequalities import partial_sums
from proofs_checks.lemmas.relations import at_least, at_most, equal, less, more, naturals, reals, sequences
from proofs_checks.lemmas.steps import Apply, At, Follows, Induction, Lemma, Reciprocal

__all__ = [
    "ALWAYS_HALTING",
    "BUDGET",
    "EQUALISER",
    "GAME_LIMIT",
    "GAME_VALUE",
    "GEOMETRIC",
    "MIXED_STRATEGY",
    "PERHAPS_HALTING",
    "UNIQUE_EQUALISER_ABOVE",
    "UNIQUE_EQUALISER_BELOW",
]

SOURCE = "Randomised algorithms (Theorem 2)"
n, k = naturals("n k")
p, S = sequences("p S")
t, f, delta, eta, D, e, N, m, x = reals("t f delta eta d e N m x")
count = k + 1  # d >= 1
d = k + 2  # d >= 2


def _value(d: Any) -> Any:
    return sympy.sympify(d) / (2 * d - 1)


VALUE = _value(d)
STAR = (d - 1) / (2 * d - 1)

PERHAPS_HALTING = Lemma(
    name="success-perhaps-halting",
    statement="If t <= p_i + δ for all d instances and the disjoint events have Σp_i <= 1-δ, then t <= (1-δ)/d + δ",
    source=SOURCE,
    hypotheses={
        **partial_sums(S, p(n)),
        "disjoint": at_most(S(count), 1 - delta),
        "t <= p + δ": at_most(t, p(n) + delta, n),
    },
    conclusions={"success": at_most(t, (1 - delta) / count + delta)},
    steps=(
        Induction(
            "n t <= S(n) + nδ",
            at_most(n * t, S(n) + n * delta, n),
            n,
            (Follows("0", at_most(0, S(0)), ("S(0)",)),),
            (
                Follows(
                    "n+1",
                    at_most((n + 1) * t, S(n + 1) + (n + 1) * delta),
                    ("hypothesis", At("t <= p + δ", n)),
                    where=(At("S(n+1)", n),),
                ),
            ),
        ),
        Follows("d > 0", more(count, 0), (count,)),
        Reciprocal("1/d", "d > 0"),
        Follows(
            "success",
            at_most(t, (1 - delta) / count + delta),
            (("1/d", At("n t <= S(n) + nδ", count)), ("1/d", "disjoint")),
        ),
    ),
)

ALWAYS_HALTING = Lemma(
    name="success-always-halting",
    statement="If t <= p_i for all d instances and the disjoint events have Σp_i <= 1, then t <= 1/d",
    source=SOURCE,
    hypotheses={**partial_sums(S, p(n)), "disjoint": at_most(S(count), 1), "t <= p": at_most(t, p(n), n)},
    conclusions={"success": at_most(t, sympy.Integer(1) / count)},
    steps=(
        Apply("game", PERHAPS_HALTING, {delta: 0}),
        Follows("success", at_most(t, sympy.Integer(1) / count), ("game.success",)),
    ),
)

_INVERSES = (
    Follows("d > 0", more(d, 0), (d,)),
    Follows("2d-1 > 0", more(2 * d - 1, 0), (2 * d - 1,)),
    Reciprocal("1/d", "d > 0"),
    Reciprocal("1/(2d-1)", "2d-1 > 0"),
)

GAME_VALUE = Lemma(
    name="game-value",
    statement="If t <= 1-η and t <= η + (1-η)/d then t <= d/(2d-1), for every η",
    source=SOURCE,
    hypotheses={"tie": at_most(t, 1 - eta), "members": at_most(t, eta + (1 - eta) / d)},
    conclusions={"value": at_most(t, VALUE)},
    steps=(
        *_INVERSES,
        Follows("value", at_most(t, VALUE), ((d - 1, "1/(2d-1)", "tie"), ("d > 0", "1/(2d-1)", "members"))),
    ),
)

EQUALISER = Lemma(
    name="game-equaliser",
    statement="At η = (d-1)/(2d-1), which is in (0,1), both bounds are d/(2d-1)",
    source=SOURCE,
    hypotheses={},
    conclusions={
        "tie": equal(1 - STAR, VALUE),
        "members": equal(STAR + (1 - STAR) / d, VALUE),
        "η > 0": more(STAR, 0),
        "η < 1": less(STAR, 1),
    },
    steps=(
        *_INVERSES,
        Follows("tie", equal(1 - STAR, VALUE)),
        Follows("members", equal(STAR + (1 - STAR) / d, VALUE)),
        Follows("η > 0", more(STAR, 0), ((d - 1, "1/(2d-1)"),)),
        Follows("η < 1", less(STAR, 1), (("d > 0", "1/(2d-1)"),)),
    ),
)

UNIQUE_EQUALISER_ABOVE = Lemma(
    name="game-more-waiting",
    statement="For η > (d-1)/(2d-1) the bound on the tie is less than d/(2d-1)",
    source=SOURCE,
    hypotheses={"η": more(eta, STAR)},
    conclusions={"worse": less(1 - eta, VALUE)},
    steps=(Follows("worse", less(1 - eta, VALUE), ("η",)),),
)

UNIQUE_EQUALISER_BELOW = Lemma(
    name="game-less-waiting",
    statement="For η < (d-1)/(2d-1) the bound on the members is less than d/(2d-1)",
    source=SOURCE,
    hypotheses={"η": less(eta, STAR)},
    conclusions={"worse": less(eta + (1 - eta) / d, VALUE)},
    steps=(*_INVERSES, Follows("worse", less(eta + (1 - eta) / d, VALUE), ((d - 1, "1/d", "η"),))),
)

_READS = reals("q")
MIXED_STRATEGY = Lemma(
    name="game-attained",
    statement="Reading until the tie breaks with probability q = (d-1)/(2d-1), and else guessing a vertex uniformly, "
    "succeeds with probability d/(2d-1) on each member (q + (1-q)/d) and on the tie (1-q)",
    source=SOURCE,
    hypotheses={"q": equal(_READS, STAR)},
    conclusions={
        "member": equal(_READS + (1 - _READS) / d, VALUE),
        "tie": equal(1 - _READS, VALUE),
    },
    steps=(
        *_INVERSES,
        Follows("member", equal(_READS + (1 - _READS) / d, VALUE), where=("q",)),
        Follows("tie", equal(1 - _READS, VALUE), where=("q",)),
    ),
)

GAME_LIMIT = Lemma(
    name="game-limit",
    statement="1/2 < d/(2d-1) <= 2/3 for d >= 2, with 2/3 at d = 2, and it decreases; the distance to 1/2 is 1/(4d-2)",
    source=SOURCE,
    hypotheses={"d >= 2": at_least(D, 2), "d < e": less(D, e)},
    conclusions={
        "distance": equal(_value(D) - sympy.Rational(1, 2), 1 / (4 * D - 2)),
        "above": more(_value(D), sympy.Rational(1, 2)),
        "below": at_most(_value(D), sympy.Rational(2, 3)),
        "decreasing": less(_value(e), _value(D)),
        "at 2": equal(_value(2), sympy.Rational(2, 3)),
    },
    steps=(
        Follows("2d-1 > 0", more(2 * D - 1, 0), ((2, "d >= 2"), 3)),
        Follows("2e-1 > 0", more(2 * e - 1, 0), ((2, "d >= 2"), 3, (2, "d < e"))),
        Reciprocal("1/(2d-1)", "2d-1 > 0"),
        Reciprocal("1/(2e-1)", "2e-1 > 0"),
        Follows("distance", equal(_value(D) - sympy.Rational(1, 2), 1 / (4 * D - 2))),
        Follows("above", more(_value(D), sympy.Rational(1, 2)), ((sympy.Rational(1, 2), "1/(2d-1)"),)),
        Follows("below", at_most(_value(D), sympy.Rational(2, 3)), ((sympy.Rational(1, 3), "1/(2d-1)", "d >= 2"),)),
        Follows("decreasing", less(_value(e), _value(D)), (("d < e", "1/(2d-1)", "1/(2e-1)"),)),
        Follows("at 2", equal(_value(2), sympy.Rational(2, 3))),
    ),
)

GEOMETRIC = Lemma(
    name="geometric-exceeds",
    statement="(1-x)/d + x > 1/d for x > 0 and d >= 2: stopping at random exceeds 1/d on each member",
    source=SOURCE,
    hypotheses={"x > 0": more(x, 0)},
    conclusions={"success": more((1 - x) / d + x, sympy.Integer(1) / d)},
    steps=(
        Follows("d > 0", more(d, 0), (d,)),
        Reciprocal("1/d", "d > 0"),
        Follows("success", more((1 - x) / d + x, sympy.Integer(1) / d), (("x > 0", d - 1, "1/d"),)),
    ),
)

BUDGET = Lemma(
    name="game-budget",
    statement="If f >= 1 - p_i for all d = N-m+1 instances and Σp_i <= 1, then f >= 1 - 1/d = (N-m)/(N+1-m)",
    source=SOURCE,
    hypotheses={
        **partial_sums(S, p(n)),
        "disjoint": at_most(S(count), 1),
        "f >= 1 - p": at_least(f, 1 - p(n), n),
        "d": equal(N, m + count - 1),
    },
    conclusions={
        "failure": at_least(f, 1 - sympy.Integer(1) / count),
        "sizes": at_least(f, (N - m) / (N + 1 - m)),
    },
    steps=(
        Apply("game", ALWAYS_HALTING, {t: 1 - f}),
        Follows("failure", at_least(f, 1 - sympy.Integer(1) / count), ("game.success",)),
        Follows("N+1-m > 0", more(N + 1 - m, 0), (count,), where=("d",)),
        Follows("sizes", at_least(f, (N - m) / (N + 1 - m)), ("failure",), where=("d",)),
    ),
)

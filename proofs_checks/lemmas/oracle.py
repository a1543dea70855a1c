"""The common oracle: why c_n is rounded up, and the norm of a block difference."""

from __future__ import annotations

import sympy

from proofs_checks.lemmas.derived import from_squares
from proofs_checks.lemmas.relations import at_least, at_most, equal, less, more, naturals, reals, sequences
from proofs_checks.lemmas.steps import At, Follows, Induction, Lemma, Square

__all__ = ["BLOCK_NORM", "C_OF_MEMBERS", "C_ROUNDING", "C_ROUNDING_DOWN_FAILS", "PRECISIONS"]

SOURCE = "The common oracle (eqs. 3-5)"
n, k = naturals("n k")
d, be, de, c0, cq, cn, tq, tn = reals("d beta delta c_0 c_q c_n t_q t_n")
P = sequences("P")
X, bb, g2, z1, z2, M = reals("X b g z_1 z_2 M")
Q = sympy.Rational

PRECISIONS = Lemma(
    name="precisions",
    statement="0 < 2^-(n+k) <= 2^-n",
    source=SOURCE,
    hypotheses={"2^0": equal(P(0), 1), "2^-(n+1)": equal(P(n + 1), P(n) / 2, n)},
    conclusions={"positive": more(P(n), 0, n), "decreasing": at_most(P(n + k), P(n), n, k)},
    steps=(
        Induction(
            "positive",
            more(P(n), 0, n),
            n,
            (Follows("0", more(P(0), 0), (1,), where=("2^0",)),),
            (Follows("n+1", more(P(n + 1), 0), ((Q(1, 2), "hypothesis"),), where=(At("2^-(n+1)", n),)),),
        ),
        Induction(
            "decreasing",
            at_most(P(n + k), P(n), n, k),
            k,
            (Follows("0", at_most(P(n), P(n))),),
            (
                Follows(
                    "k+1",
                    at_most(P(n + k + 1), P(n)),
                    ("hypothesis", (Q(1, 2), At("positive", n + k))),
                    where=(At("2^-(n+1)", n + k),),
                ),
            ),
        ),
    ),
)

C_OF_MEMBERS = Lemma(
    name="c-of-members",
    statement="c_0 < c_q <= c_0 + δ for c_0 = ‖(β,..,β)‖ and c_q = ‖(β+δ,β,..,β)‖ in d >= 1 entries, δ > 0",
    source=SOURCE,
    hypotheses={
        "d >= 1": at_least(d, 1),
        "β >= 0": at_least(be, 0),
        "δ > 0": more(de, 0),
        "c_0²": equal(c0**2, d * be**2),
        "c_0 >= 0": at_least(c0, 0),
        "c_q²": equal(cq**2, (d - 1) * be**2 + (be + de) ** 2),
        "c_q >= 0": at_least(cq, 0),
    },
    conclusions={"above": less(c0, cq), "below": at_most(cq, c0 + de)},
    steps=(
        Follows(
            "c_0² < c_q²",
            more(cq**2, c0**2),
            ((2, "β >= 0", "δ > 0"), ("δ > 0", "δ > 0")),
            where=("c_q²", "c_0²"),
        ),
        from_squares("above", less(c0, cq), squares="c_0² < c_q²", nonnegative="c_q >= 0"),
        Follows("c_0² >= β²", at_least(c0**2, be**2), (("d >= 1", Square(be)),), where=("c_0²",)),
        from_squares("c_0 >= β", at_least(c0, be), squares="c_0² >= β²", nonnegative="c_0 >= 0"),
        Follows(
            "(c_0+δ)² >= c_q²",
            at_least((c0 + de) ** 2, cq**2),
            ((2, "δ > 0", "c_0 >= β"),),
            where=("c_q²", "c_0²"),
        ),
        Follows("c_0+δ >= 0", at_least(c0 + de, 0), ("c_0 >= 0", "δ > 0")),
        from_squares("below", at_most(cq, c0 + de), squares="(c_0+δ)² >= c_q²", nonnegative="c_0+δ >= 0"),
    ),
)

C_ROUNDING = Lemma(
    name="c-rounding",
    statement="If c_0 <= c_n <= c_0 + 2^-n and c_0 < c_q <= c_0 + 2^-q, q >= n, then |c_q - c_n| <= 2^-n",
    source=SOURCE,
    hypotheses={
        "c_0 <= c_n": at_most(c0, cn),
        "c_n <= c_0 + 2^-n": at_most(cn, c0 + tn),
        "c_0 < c_q": less(c0, cq),
        "c_q <= c_0 + 2^-q": at_most(cq, c0 + tq),
        "2^-q <= 2^-n": at_most(tq, tn),
    },
    conclusions={"c_n - c_q": less(cn - cq, tn), "c_q - c_n": at_most(cq - cn, tn)},
    steps=(
        Follows("c_n - c_q", less(cn - cq, tn), ("c_n <= c_0 + 2^-n", "c_0 < c_q")),
        Follows("c_q - c_n", at_most(cq - cn, tn), ("c_0 <= c_n", "c_q <= c_0 + 2^-q", "2^-q <= 2^-n")),
    ),
)

_down, _step = Q(11, 8), Q(1, 8)

C_ROUNDING_DOWN_FAILS = Lemma(
    name="c-rounded-down-fails",
    statement="d = 2, β = 1, n = q = 3: 11/8 is the floor of c_0 and its nearest multiple of 2^-3, but "
    "c_q - 11/8 > 2^-3; 12/8 will do",
    source=SOURCE,
    hypotheses={
        "c_0²": equal(c0**2, 2),
        "c_0 >= 0": at_least(c0, 0),
        "c_q²": equal(cq**2, 1 + (1 + _step) ** 2),
        "c_q >= 0": at_least(cq, 0),
    },
    conclusions={
        "floor": less(_down, c0),
        "nearest": less(c0 - _down, _step / 2),
        "violated": more(cq - _down, _step),
        "rounded up": at_most(cq - (_down + _step), _step),
        "rounded up, below": less(_down + _step - cq, 0),
    },
    steps=(
        Follows("floor²", more(c0**2, _down**2), (2 - _down**2,), where=("c_0²",)),
        from_squares("floor", less(_down, c0), squares="floor²", nonnegative="c_0 >= 0"),
        Follows("nearest²", more((_down + _step / 2) ** 2, c0**2), ((_down + _step / 2) ** 2 - 2,), where=("c_0²",)),
        Follows("middle >= 0", at_least(_down + _step / 2, 0), (_down + _step / 2,)),
        from_squares("middle", less(c0, _down + _step / 2), squares="nearest²", nonnegative="middle >= 0"),
        Follows("nearest", less(c0 - _down, _step / 2), ("middle",)),
        Follows("c_q² above", more(cq**2, (_down + _step) ** 2), (Q(1, 64),), where=("c_q²",)),
        from_squares("c_q above", more(cq, _down + _step), squares="c_q² above", nonnegative="c_q >= 0"),
        Follows("violated", more(cq - _down, _step), ("c_q above",)),
        Follows("up²", at_least((_down + 2 * _step) ** 2, cq**2), (Q(24, 64),), where=("c_q²",)),
        Follows("up >= 0", at_least(_down + 2 * _step, 0), (_down + 2 * _step,)),
        from_squares("up", at_most(cq, _down + 2 * _step), squares="up²", nonnegative="up >= 0"),
        Follows("rounded up", at_most(cq - (_down + _step), _step), ("up",)),
        Follows("rounded up, below", less(_down + _step - cq, 0), ("c_q above",)),
    ),
)

BLOCK_NORM = Lemma(
    name="block-norm",
    statement="‖Dz‖² = |<b,z_1>|² + γ²‖z_2‖² <= M²‖z‖² for D = [b^T 0; 0 γI] and M² >= ‖b‖², γ²",
    source=SOURCE,
    hypotheses={
        "Cauchy-Schwarz": at_most(X**2, bb**2 * z1**2),
        "M² >= ‖b‖²": at_least(M**2, bb**2),
        "M² >= γ²": at_least(M**2, g2**2),
    },
    conclusions={"norm": at_most(X**2 + g2**2 * z2**2, M**2 * (z1**2 + z2**2))},
    steps=(
        Follows(
            "norm",
            at_most(X**2 + g2**2 * z2**2, M**2 * (z1**2 + z2**2)),
            ("Cauchy-Schwarz", ("M² >= ‖b‖²", Square(z1)), ("M² >= γ²", Square(z2))),
        ),
    ),
)

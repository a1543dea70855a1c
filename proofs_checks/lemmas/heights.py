"""The minimisers on the class Ω(K,L): heights, argmin sets, and that a raised entry lowers the height.

The row a has d = i + 1 + k entries with maximum α, i and k being any naturals. z has parts x, y and moduli m in the
first d coordinates; F is Σ|z_j| over the others, and ‖r‖² = (1 - S)² + Y² + B, where S is the real part of Σ a_j z_j,
Y the imaginary part, and B = ‖c'z_2‖².
"""

from __future__ import annotations

from typing import Any

import sympy

from proofs_checks.lemmas import inequalities
from proofs_checks.lemmas.derived import from_squares, instance, root_of_zero, zero_between
from proofs_checks.lemmas.inequalities import MODULUS, MODULUS_EQUALITY, SUM_OF_NONNEGATIVE, partial_sums
from proofs_checks.lemmas.relations import Relation, at_least, at_most, equal, less, more, naturals, reals, sequences
from proofs_checks.lemmas.steps import Apply, At, Follows, ForAll, Induction, Lemma, Reciprocal, Square

__all__ = [
    "ATTAINED_BPDN",
    "ATTAINED_LASSO",
    "ATTAINED_SQRT_LASSO",
    "HEIGHTS_DECREASE_BPDN",
    "HEIGHTS_DECREASE_LASSO",
    "HEIGHTS_DECREASE_SQRT_LASSO",
    "HEIGHT_BPDN",
    "HEIGHT_LASSO",
    "HEIGHT_SQRT_LASSO",
    "OFF_THE_TIES",
    "ON_THE_TIES",
]

SOURCE = "The class Omega(K,L) (Theorem 2)"
HALF = sympy.Rational(1, 2)
i, k, n = naturals("i k n")
d = i + 1 + k
a, x, y, m = sequences("a x y m")
W, S, G = sequences("W S G")
al, lam, eps, F, B, Y, nr, h = reals("alpha lambda epsilon F B Y n_r h")
ai, xi, yi, mi = reals("a_i x_i y_i m_i")
s, t = reals("s t")
X_, Y_, M_ = reals("x y m")

_POSITIVE = {"α > 0": more(al, 0)}
_ROW = {"a >= 0": at_least(a(n), 0, n), "a <= α": at_most(a(n), al, n)}
_MODULI = {"|z|²": equal(m(n) ** 2, x(n) ** 2 + y(n) ** 2, n), "|z| >= 0": at_least(m(n), 0, n)}
_SUMS = {
    **partial_sums(W, m(n)),
    **partial_sums(S, a(n) * x(n)),
    **partial_sums(G, al * m(n) - a(n) * x(n)),
}
_OTHERS = {"F >= 0": at_least(F, 0)}
_RESIDUAL = {
    "‖r‖²": equal(nr**2, (1 - S(d)) ** 2 + Y**2 + B),
    "B >= 0": at_least(B, 0),
    "‖r‖ >= 0": at_least(nr, 0),
}
_term = at_least(al * m(n) - a(n) * x(n), 0, n)

_TERMS = (
    ForAll(
        "terms",
        _term,
        (
            instance("|z|² here", "|z|²", _MODULI["|z|²"], n),
            instance("|z| >= 0 here", "|z| >= 0", _MODULI["|z| >= 0"], n),
            Apply("modulus", MODULUS, {X_: x(n), Y_: y(n), M_: m(n)}),
            Follows(
                "term",
                at_least(al * m(n) - a(n) * x(n), 0),
                ((At("a <= α", n), At("|z| >= 0", n)), (At("a >= 0", n), "modulus.Re z")),
            ),
        ),
    ),
    Apply("G", SUM_OF_NONNEGATIVE, {inequalities.S: G, inequalities.term: lambda j: al * m(j) - a(j) * x(j)}),
    Induction(
        "G = αW - S",
        equal(G(n), al * W(n) - S(n), n),
        n,
        (Follows("0", equal(G(0), al * W(0) - S(0)), where=("G(0)", "W(0)", "S(0)")),),
        (
            Follows(
                "n+1",
                equal(G(n + 1), al * W(n + 1) - S(n + 1)),
                ("hypothesis",),
                where=(At("G(n+1)", n), At("W(n+1)", n), At("S(n+1)", n)),
            ),
        ),
    ),
    Reciprocal("1/α", "α > 0"),
)
# ‖r‖ >= 1 - S(d), the modulus of the first entry of the residual
_FIRST_ENTRY = (
    Follows("1-S squared", at_least(nr**2, (1 - S(d)) ** 2), (Square(Y), "B >= 0"), where=("‖r‖²",)),
    from_squares("r >= 1-S", at_least(nr, 1 - S(d)), squares="1-S squared", nonnegative="‖r‖ >= 0"),
)


def _height(
    problem: str,
    statement: str,
    *,
    assumptions: dict[str, Relation],
    before: tuple[Any, ...],
    excess: Any,
    scale: Any,
    parts: dict[str, tuple[Any, tuple[Any, ...]]],
    where: tuple[Any, ...] = (),
) -> Lemma:
    """Return the lemma that `excess`, objective minus minimum, is scale G(d)/α and parts that are >= 0.

    Each part is an expression with the terms that prove it >= 0.
    """
    weight = scale / al
    whole = weight * G(d) + sum(part for part, _ in parts.values())
    others = {name: tuple(f"{other} >= 0" for other in parts if other != name) for name in parts}
    everything = tuple(f"{name} >= 0" for name in parts)
    sums = ("scale/α", At("G.sum", d))
    conclusions = {
        "optimal": at_least(excess, 0),
        "coordinates": at_least(excess, weight * (al * m(i) - a(i) * x(i))),
        **{name: at_least(excess, part) for name, (part, _) in parts.items()},
    }
    return Lemma(
        name=f"height-{problem}",
        statement=statement,
        source=SOURCE,
        hypotheses={**assumptions, **_ROW, **_MODULI, **_OTHERS},
        conclusions=conclusions,
        steps=(
            *_TERMS,
            *before,
            *(Follows(f"{name} >= 0", at_least(part, 0), terms) for name, (part, terms) in parts.items()),
            Follows("split", equal(excess, whole), where=(At("G = αW - S", d), *where)),
            Follows("optimal", conclusions["optimal"], (("split", 1), sums, *everything)),
            Follows(
                "coordinates",
                conclusions["coordinates"],
                (("split", 1), ("scale/α", At("G.each term", i, k)), *everything),
            ),
            *(Follows(name, conclusions[name], (("split", 1), sums, *others[name])) for name in parts),
        ),
    )


_LAMBDA = {"λ > 0": more(lam, 0)}
_WEIGHT = Follows("scale/α", more(lam / al, 0), (("λ > 0", "1/α"),))
H1 = (1 - eps) / al
H2 = (1 - lam / (2 * al)) / al
H3 = 1 / al

HEIGHT_BPDN = _height(
    "bpdn",
    "(P1): ‖z‖_1 >= h_1(α) for every feasible z, with the gap bounding each coordinate's term, the other block, and "
    "Σ a_i z_i - (1-ε)",
    assumptions={**_POSITIVE, **_SUMS, **_RESIDUAL, "feasible": at_most(nr, eps)},
    before=(Follows("scale/α", more(1 / al, 0), ("1/α",)), *_FIRST_ENTRY),
    excess=W(d) + F - H1,
    scale=sympy.Integer(1),
    parts={
        "others": (F, ("F >= 0",)),
        "sum": ((S(d) - (1 - eps)) / al, (("1/α", "r >= 1-S"), ("1/α", "feasible"))),
    },
)

HEIGHT_LASSO = _height(
    "lasso",
    "(P2): λ‖z‖_1 + ‖Az-y‖² >= λh_2(α) + (1-αh_2(α))² for every z, with the gap bounding each coordinate's term, the "
    "other block, and ‖r - e_1 λ/(2α)‖²",
    assumptions={**_POSITIVE, **_LAMBDA, **_SUMS, "‖r‖²": _RESIDUAL["‖r‖²"], "B >= 0": _RESIDUAL["B >= 0"]},
    before=(_WEIGHT,),
    excess=lam * (W(d) + F) + nr**2 - (lam * H2 + (1 - al * H2) ** 2),
    scale=lam,
    parts={
        "others": (lam * F, (("λ > 0", "F >= 0"),)),
        "residual": (
            (1 - S(d) - lam / (2 * al)) ** 2 + Y**2 + B,
            (Square(1 - S(d) - lam / (2 * al)), Square(Y), "B >= 0"),
        ),
    },
    where=("‖r‖²",),
)

HEIGHT_SQRT_LASSO = _height(
    "sqrt-lasso",
    "(P3): λ‖z‖_1 + ‖Az-y‖ >= λh_3(α) for every z if α >= λ, with the gap bounding each coordinate's term, the other "
    "block, and (1-λ/α)‖r‖",
    assumptions={**_POSITIVE, **_LAMBDA, **_SUMS, **_RESIDUAL, "α >= λ": at_least(al, lam)},
    before=(_WEIGHT, *_FIRST_ENTRY),
    excess=lam * (W(d) + F) + nr - lam * H3,
    scale=lam,
    parts={
        "others": (lam * F, (("λ > 0", "F >= 0"),)),
        "first": (lam / al * (nr - (1 - S(d))), (("scale/α", "r >= 1-S"),)),
        "residual": ((1 - lam / al) * nr, (("1/α", "α >= λ", "‖r‖ >= 0"),)),
    },
)

_ONE = {
    "|z|²": equal(mi**2, xi**2 + yi**2),
    "|z| >= 0": at_least(mi, 0),
    "a >= 0": at_least(ai, 0),
    "term": at_most(al * mi - ai * xi, 0),
}
_here = {X_: xi, Y_: yi, M_: mi}

OFF_THE_TIES = Lemma(
    name="zero-off-the-ties",
    statement="If a_i < α and α|z_i| <= a_i Re z_i, then z_i = 0",
    source=SOURCE,
    hypotheses={**_ONE, "a < α": less(ai, al)},
    conclusions={"z": equal(mi, 0)},
    steps=(
        Apply("modulus", MODULUS, _here),
        Reciprocal("1/(α-a)", "a < α"),
        Follows("|z| <= 0", at_most(mi, 0), (("1/(α-a)", "term"), ("1/(α-a)", "a >= 0", "modulus.Re z"))),
        *zero_between("z", mi, above="|z| <= 0", below="|z| >= 0"),
    ),
)

ON_THE_TIES = Lemma(
    name="positive-on-the-ties",
    statement="If a_i = α > 0 and α|z_i| <= a_i Re z_i, then z_i is real and >= 0",
    source=SOURCE,
    hypotheses={**{name: fact for name, fact in _ONE.items() if name != "a >= 0"}, **_POSITIVE, "a = α": equal(ai, al)},
    conclusions={"real": equal(yi, 0), "sign": at_least(xi, 0), "modulus": equal(mi, xi)},
    steps=(
        Apply("modulus", MODULUS, _here),
        Reciprocal("1/α", "α > 0"),
        Follows("|z| <= Re z", at_most(mi - xi, 0), (("1/α", "term"), ("a = α", -xi / al))),
        Follows("0 <= |z| - Re z", at_least(mi - xi, 0), ("modulus.Re z",)),
        *zero_between("|z| - Re z", mi - xi, above="|z| <= Re z", below="0 <= |z| - Re z"),
        Follows("modulus", equal(mi, xi), ("|z| - Re z",)),
        Apply("equality", MODULUS_EQUALITY, _here),
    ),
)


def _attained(
    problem: str, statement: str, assumptions: dict[str, Relation], conclusions: dict[str, Relation], *steps: Any
) -> Lemma:
    return Lemma(
        name=f"attained-{problem}",
        statement=statement,
        source=SOURCE,
        hypotheses={**_POSITIVE, **assumptions},
        conclusions=conclusions,
        steps=(Reciprocal("1/α", "α > 0"), *steps),
    )


_SIMPLEX = {"Σ z": equal(W(d), h), "Σ a z": equal(S(d), al * W(d)), "‖r‖²": equal(nr**2, (1 - S(d)) ** 2)}

ATTAINED_BPDN = _attained(
    "bpdn",
    "(P1): h_1(α) >= 0, and every z >= 0 on the ties with Σ z_i = h_1(α) is feasible, and of norm h_1(α)",
    {**_SIMPLEX, "h": equal(h, H1), "ε <= 1": at_most(eps, 1), "ε >= 0": at_least(eps, 0)},
    {"height": at_least(H1, 0), "feasible": at_most(nr, eps), "value": equal(W(d), H1)},
    Follows("height", at_least(H1, 0), (("ε <= 1", "1/α"),)),
    Follows("ε² >= ‖r‖²", at_least(eps**2, nr**2), where=("‖r‖²", "Σ a z", "Σ z", "h")),
    from_squares("feasible", at_most(nr, eps), squares="ε² >= ‖r‖²", nonnegative="ε >= 0"),
    Follows("value", equal(W(d), H1), where=("Σ z", "h")),
)

ATTAINED_LASSO = _attained(
    "lasso",
    "(P2): h_2(α) >= 0 if α >= λ/2, and every z >= 0 on the ties with Σ z_i = h_2(α) has the minimum as objective",
    {**_SIMPLEX, "h": equal(h, H2), "λ <= 2α": at_most(lam, 2 * al)},
    {"height": at_least(H2, 0), "value": equal(lam * W(d) + nr**2, lam * H2 + (1 - al * H2) ** 2)},
    Follows("height", at_least(H2, 0), ((HALF, "λ <= 2α", "1/α", "1/α"),)),
    Follows(
        "value",
        equal(lam * W(d) + nr**2, lam * H2 + (1 - al * H2) ** 2),
        where=("‖r‖²", "Σ a z", "Σ z", "h"),
    ),
)

ATTAINED_SQRT_LASSO = _attained(
    "sqrt-lasso",
    "(P3): h_3(α) > 0, and every z >= 0 on the ties with Σ z_i = h_3(α) has the minimum as objective",
    {**_SIMPLEX, "h": equal(h, H3)},
    {"height": more(H3, 0), "value": equal(lam * W(d) + nr, lam * H3)},
    Follows("‖r‖² <= 0", at_most(nr**2, 0), where=("‖r‖²", "Σ a z", "Σ z", "h")),
    root_of_zero("r", nr, square="‖r‖² <= 0"),
    Follows("value", equal(lam * W(d) + nr, lam * H3), where=("r", "Σ z", "h")),
)


def _at(height: Any, value: Any) -> Any:
    return height.xreplace({al: value})


def _decrease(problem: str, statement: str, height: Any, extra: dict[str, Relation], *steps: Any, term: Any) -> Lemma:
    claim = less(_at(height, t), _at(height, s))
    return Lemma(
        name=f"heights-decrease-{problem}",
        statement=statement,
        source=SOURCE,
        hypotheses={"s > 0": more(s, 0), "s < t": less(s, t), **extra},
        conclusions={"decrease": claim},
        steps=(
            Follows("t > 0", more(t, 0), ("s > 0", "s < t")),
            Reciprocal("1/s", "s > 0"),
            Reciprocal("1/t", "t > 0"),
            *steps,
            Follows("decrease", claim, term),
        ),
    )


HEIGHTS_DECREASE_BPDN = _decrease(
    "bpdn",
    "h_1(t) < h_1(s) for 0 < s < t, if ε < 1",
    H1,
    {"ε < 1": less(eps, 1)},
    term=(("ε < 1", "s < t", "1/s", "1/t"),),
)

HEIGHTS_DECREASE_LASSO = _decrease(
    "lasso",
    "h_2(t) < h_2(s) for λ <= s < t: h_2(s) - h_2(t) = (t-s)(t(s-λ) + s(t-λ))/(2s²t²)",
    H2,
    {"s >= λ": at_least(s, lam)},
    Follows("t > λ", more(t, lam), ("s < t", "s >= λ")),
    term=(
        (HALF, "s < t", "t > 0", "s >= λ", "1/s", "1/s", "1/t", "1/t"),
        (HALF, "s < t", "s > 0", "t > λ", "1/s", "1/s", "1/t", "1/t"),
    ),
)

HEIGHTS_DECREASE_SQRT_LASSO = _decrease(
    "sqrt-lasso", "h_3(t) < h_3(s) for 0 < s < t", H3, {}, term=(("s < t", "1/s", "1/t"),)
)

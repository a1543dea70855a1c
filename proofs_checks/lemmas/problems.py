"""Duality of the three problems: the gap identity, weak duality, and what equality in it means.

Coordinate i has z_i = x(i) + i y(i) of modulus m(i), v = A*u = v1 + i v2 of modulus mv(i), and the bound μ(i).
"""

from __future__ import annotations

from typing import Any

import sympy

from proofs_checks.lemmas import inequalities
from proofs_checks.lemmas.derived import instance, root_of_zero, zero_between
from proofs_checks.lemmas.inequalities import MODULUS_EQUALITY, PRODUCT, SUM_OF_NONNEGATIVE, partial_sums
from proofs_checks.lemmas.relations import Relation, at_least, at_most, equal, less, naturals, reals, sequences
from proofs_checks.lemmas.steps import Apply, At, Follows, ForAll, Induction, Lemma, Reciprocal

__all__ = [
    "ADJOINT",
    "BEYOND_GAP",
    "EQUALITY_IN_CAUCHY_SCHWARZ",
    "GAP_IDENTITY",
    "GAP_TERMS",
    "NO_RESIDUAL",
    "ON_THE_BOUND",
    "WEAK_DUALITY_BPDN",
    "WEAK_DUALITY_LASSO",
    "WEAK_DUALITY_SQRT_LASSO",
]

n, N = naturals("n N")
x, y, m, v1, v2, mv, mu = sequences("x y m v1 v2 m_v mu")
W, Q, G = sequences("W Q G")
p1, p2, a1, a2, u1, u2, L, M, s1, s2 = sequences("p1 p2 a1 a2 u1 u2 L M s1 s2")
zx, zy, eps, yu, ru, nr, nu, H = reals("z_x z_y epsilon yu ru n_r n_u H")
gap, bound, mz, mw, zv1, zv2 = reals("gamma mu_i m_z m_w w1 w2")
QUARTER = sympy.Rational(1, 4)

_COLUMN = (p1(n) + zx * a1(n) - zy * a2(n)) * u1(n) + (p2(n) + zx * a2(n) + zy * a1(n)) * u2(n)

ADJOINT = Lemma(
    name="adjoint",
    statement="Re<p + za, u> = Re<p, u> + Re(z conj(a*u)): adding one column a to Az = p, for any number of rows",
    source="Weak duality (eq. 2)",
    hypotheses={
        **partial_sums(L, _COLUMN),
        **partial_sums(M, p1(n) * u1(n) + p2(n) * u2(n)),
        **partial_sums(s1, a1(n) * u1(n) + a2(n) * u2(n)),
        **partial_sums(s2, a1(n) * u2(n) - a2(n) * u1(n)),
    },
    conclusions={"column": equal(L(n), M(n) + zx * s1(n) + zy * s2(n), n)},
    steps=(
        Induction(
            "column",
            equal(L(n), M(n) + zx * s1(n) + zy * s2(n), n),
            n,
            (Follows("0", equal(L(0), M(0) + zx * s1(0) + zy * s2(0)), where=("L(0)", "M(0)", "s1(0)", "s2(0)")),),
            (
                Follows(
                    "n+1",
                    equal(L(n + 1), M(n + 1) + zx * s1(n + 1) + zy * s2(n + 1)),
                    ("hypothesis",),
                    where=tuple(At(f"{total}(n+1)", n) for total in (L, M, s1, s2)),
                ),
            ),
        ),
    ),
)

_product = x(n) * v1(n) + y(n) * v2(n)
_SUMS = {
    **partial_sums(W, mu(n) * m(n)),
    **partial_sums(Q, _product),
    **partial_sums(G, mu(n) * m(n) - _product),
}
_SPLIT = {"Re<y,u>": equal(yu, Q(N) + ru)}
_HALF = {"‖r-u/2‖²": equal(H, nr**2 - ru + nu**2 * QUARTER)}
_GAPS = {
    "bpdn": equal(W(N) - (yu - eps * nu), G(N) + (eps * nu - ru)),
    "lasso": equal(W(N) + nr**2 - (yu - nu**2 * QUARTER), G(N) + H),
    "sqrt-lasso": equal(W(N) + nr - yu, G(N) + (nr - ru)),
}

GAP_TERMS = Lemma(
    name="gap-terms",
    statement="Σ(μ_i|z_i| - Re(z_i conj(v_i))) = ‖z‖_w - Re<z,v>, with μ in place of w, for any number of coordinates",
    source="Weak duality (eq. 2)",
    hypotheses=_SUMS,
    conclusions={"sums": equal(G(n), W(n) - Q(n), n)},
    steps=(
        Induction(
            "sums",
            equal(G(n), W(n) - Q(n), n),
            n,
            (Follows("0", equal(G(0), W(0) - Q(0)), where=("G(0)", "W(0)", "Q(0)")),),
            (
                Follows(
                    "n+1",
                    equal(G(n + 1), W(n + 1) - Q(n + 1)),
                    ("hypothesis",),
                    where=tuple(At(f"{total}(n+1)", n) for total in (G, W, Q)),
                ),
            ),
        ),
    ),
)

GAP_IDENTITY = Lemma(
    name="gap-identity",
    statement="P(z) - D(u) = Σ(μ_i|z_i| - Re(z_i conj(v_i))) + the last term of each of (P1), (P2), (P3)",
    source="Weak duality (eq. 2)",
    hypotheses={**_SUMS, **_SPLIT, **_HALF},
    conclusions=_GAPS,
    steps=(
        Apply("gap", GAP_TERMS),
        *(
            Follows(name, gap, where=(At("gap.sums", N), *_SPLIT, *(_HALF if name == "lasso" else ())))
            for name, gap in _GAPS.items()
        ),
    ),
)

_COORDINATES = {
    "|z|²": equal(m(n) ** 2, x(n) ** 2 + y(n) ** 2, n),
    "|z| >= 0": at_least(m(n), 0, n),
    "|v|²": equal(mv(n) ** 2, v1(n) ** 2 + v2(n) ** 2, n),
    "|v| >= 0": at_least(mv(n), 0, n),
    "|v| <= μ": at_most(mv(n), mu(n), n),
}
_terms_are_nonnegative = (
    ForAll(
        "terms",
        at_least(mu(n) * m(n) - _product, 0, n),
        (
            *(
                instance(f"{name} here", name, _COORDINATES[name], n)
                for name in ("|z|²", "|z| >= 0", "|v|²", "|v| >= 0")
            ),
            Apply(
                "product",
                PRODUCT,
                dict(zip(reals("x y m v1 v2 m_v"), (f(n) for f in (x, y, m, v1, v2, mv)), strict=True)),
            ),
            Follows(
                "term",
                at_least(mu(n) * m(n) - _product, 0),
                ("product.real part", (At("|v| <= μ", n), At("|z| >= 0", n))),
            ),
        ),
    ),
    Apply(
        "G",
        SUM_OF_NONNEGATIVE,
        {inequalities.S: G, inequalities.term: lambda i: mu(i) * m(i) - (x(i) * v1(i) + y(i) * v2(i))},
    ),
)


def _weak_duality(problem: str, statement: str, extra: dict[str, Relation], last: Any, terms: tuple[Any, ...]) -> Lemma:
    """Return the lemma P(z) - D(u) >= 0, whose `last` term is >= 0 by `terms`."""
    claim = at_least(_GAPS[problem].left, 0)
    half = _HALF if problem == "lasso" else {}
    return Lemma(
        name=f"weak-duality-{problem}",
        statement=statement,
        source="Weak duality (eq. 2)",
        hypotheses={**_SUMS, **_SPLIT, **half, **_COORDINATES, **extra},
        conclusions={"P >= D": claim},
        steps=(
            *_terms_are_nonnegative,
            Apply("gap", GAP_TERMS),
            Follows("last", at_least(last, 0), terms),
            Follows("P >= D", claim, (At("G.sum", N), "last"), where=(At("gap.sums", N), *_SPLIT, *half)),
        ),
    )


_CS = {"Re<r,u>": at_most(ru, nr * nu)}

WEAK_DUALITY_BPDN = _weak_duality(
    "bpdn",
    "‖z‖_w >= Re<y,u> - ε‖u‖ if ‖Az-y‖ <= ε and |A*u|_i <= w_i",
    {**_CS, "‖r‖ <= ε": at_most(nr, eps), "‖u‖ >= 0": at_least(nu, 0)},
    eps * nu - ru,
    ("Re<r,u>", ("‖r‖ <= ε", "‖u‖ >= 0")),
)
WEAK_DUALITY_LASSO = _weak_duality(
    "lasso",
    "λ‖z‖_w + ‖Az-y‖² >= Re<y,u> - ‖u‖²/4 if |A*u|_i <= λw_i",
    {"‖r-u/2‖² >= 0": at_least(H, 0)},
    H,
    ("‖r-u/2‖² >= 0",),
)
WEAK_DUALITY_SQRT_LASSO = _weak_duality(
    "sqrt-lasso",
    "λ‖z‖_w + ‖Az-y‖ >= Re<y,u> if |A*u|_i <= λw_i and ‖u‖ <= 1",
    {**_CS, "‖r‖ >= 0": at_least(nr, 0), "‖u‖ <= 1": at_most(nu, 1)},
    nr - ru,
    ("Re<r,u>", ("‖u‖ <= 1", "‖r‖ >= 0")),
)

_ONE = {
    "|z|²": equal(mz**2, zx**2 + zy**2),
    "|z| >= 0": at_least(mz, 0),
    "|v|²": equal(mw**2, zv1**2 + zv2**2),
    "|v| >= 0": at_least(mw, 0),
}
_one_term = bound * mz - (zx * zv1 + zy * zv2)
_product_here = Apply("product", PRODUCT, dict(zip(reals("x y m v1 v2 m_v"), (zx, zy, mz, zv1, zv2, mw), strict=True)))

BEYOND_GAP = Lemma(
    name="small-off-the-bound",
    statement="|z_i| <= γ/(μ_i - |v_i|) where |v_i| < μ_i, for every z whose gap is <= γ; so z_i = 0 if γ = 0",
    source="Gap certificates (eq. 2)",
    hypotheses={**_ONE, "term": at_most(_one_term, gap), "|v| < μ": less(mw, bound)},
    conclusions={"|z|": at_most(mz, gap / (bound - mw))},
    steps=(
        _product_here,
        Reciprocal("1/(μ-|v|)", "|v| < μ"),
        Follows("|z|", at_most(mz, gap / (bound - mw)), (("1/(μ-|v|)", "term"), ("1/(μ-|v|)", "product.real part"))),
    ),
)

ON_THE_BOUND = Lemma(
    name="sign-on-the-bound",
    statement="If |v_i| = μ_i and μ_i|z_i| = Re(z_i conj(v_i)), then z_i conj(v_i) is real and >= 0",
    source="The argmin set (eq. 2)",
    hypotheses={**_ONE, "term": equal(_one_term, 0), "|v| = μ": equal(mw, bound)},
    conclusions={"real": equal(zy * zv1 - zx * zv2, 0), "sign": at_least(zx * zv1 + zy * zv2, 0)},
    steps=(
        _product_here,
        Follows("modulus >= 0", at_least(mz * mw, 0), (("|z| >= 0", "|v| >= 0"),)),
        Follows("Re = modulus", equal(mz * mw, zx * zv1 + zy * zv2), ("term", ("|v| = μ", mz))),
        Apply(
            "equality",
            MODULUS_EQUALITY,
            dict(zip(reals("x y m"), (zx * zv1 + zy * zv2, zy * zv1 - zx * zv2, mz * mw), strict=True)),
        ),
    ),
)

NO_RESIDUAL = Lemma(
    name="no-residual",
    statement="(P3): if ‖u‖ < 1 and ‖r‖ = Re<r,u> then r = 0",
    source="The argmin set (eq. 2)",
    hypotheses={
        **_CS,
        "‖r‖ >= 0": at_least(nr, 0),
        "‖r‖ <= Re<r,u>": at_most(nr, ru),
        "‖u‖ < 1": less(nu, 1),
    },
    conclusions={"r": equal(nr, 0)},
    steps=(
        Reciprocal("1/(1-‖u‖)", "‖u‖ < 1"),
        Follows("‖r‖ <= 0", at_most(nr, 0), (("1/(1-‖u‖)", "Re<r,u>"), ("1/(1-‖u‖)", "‖r‖ <= Re<r,u>"))),
        *zero_between("r", nr, above="‖r‖ <= 0", below="‖r‖ >= 0"),
    ),
)

_d = reals("D")
EQUALITY_IN_CAUCHY_SCHWARZ = Lemma(
    name="residual-along-dual",
    statement="(P1): if ‖r‖ <= ε, u ≠ 0 and Re<r,u> = ε‖u‖, then r = εu/‖u‖, as ‖r - εu/‖u‖‖² = ‖r‖² - ε² <= 0",
    source="The argmin set (eq. 2)",
    hypotheses={
        "‖r‖ >= 0": at_least(nr, 0),
        "‖r‖ <= ε": at_most(nr, eps),
        "u ≠ 0": less(0, nu),
        "equality": equal(ru, eps * nu),
        "distance": equal(_d**2, nr**2 - 2 * (eps / nu) * ru + (eps / nu) ** 2 * nu**2),
    },
    conclusions={"r": equal(_d, 0)},
    steps=(
        Follows(
            "‖r‖² - ε² <= 0",
            at_most(nr**2, eps**2),
            (("‖r‖ <= ε", "‖r‖ <= ε"), (2, "‖r‖ <= ε", "‖r‖ >= 0")),
        ),
        Follows("D² <= 0", at_most(_d**2, 0), ("‖r‖² - ε² <= 0", ("distance", -1), ("equality", 2 * eps / nu))),
        root_of_zero("D", _d, square="D² <= 0"),
    ),
)

"""Moduli, sums and the inequality of Cauchy and Schwarz, for any number of coordinates.

A complex number is given by its parts; a vector of n entries by sequences, of which the first n values count; a sum by
the sequence of its partial sums, S(0) = 0 and S(n+1) = S(n) + term(n). A norm is a number >= 0 with a given square.
"""

from __future__ import annotations

from typing import Any

from proofs_checks.lemmas.derived import from_squares, root_of_zero
from proofs_checks.lemmas.relations import Relation, at_least, at_most, equal, naturals, reals, sequences
from proofs_checks.lemmas.steps import Apply, At, Follows, Induction, Lemma, Square

__all__ = [
    "CAUCHY_SCHWARZ",
    "DISTANCE_TO_MULTIPLE",
    "MODULUS",
    "MODULUS_EQUALITY",
    "PRODUCT",
    "SUM_OF_NONNEGATIVE",
    "TRIANGLE",
    "partial_sums",
    "sum_of_squares",
]

SOURCE = "Weak duality"

x, y, m, v1, v2, mv = reals("x y m v1 v2 m_v")
s, nr, nu, ns = reals("s n_r n_u n_s")
i, k, n, N = naturals("i k n N")
term, S, r, u, X, R, U, H, T = sequences("term S r u X R U H T")


def partial_sums(total: Any, entry: Any) -> dict[str, Relation]:
    """Return the two hypotheses that say that a sequence has the partial sums of a term entry(n)."""
    return {f"{total}(0)": equal(total(0), 0), f"{total}(n+1)": equal(total(n + 1), total(n) + entry, n)}


MODULUS = Lemma(
    name="modulus",
    statement="Re z <= |z|",
    source=SOURCE,
    hypotheses={"|z|²": equal(m**2, x**2 + y**2), "|z| >= 0": at_least(m, 0)},
    conclusions={"Re z": at_least(m, x)},
    steps=(
        Follows("squares", at_least(m**2, x**2), (Square(y),), where=("|z|²",)),
        from_squares("m >= x", at_least(m, x), squares="squares", nonnegative="|z| >= 0"),
    ),
)

MODULUS_EQUALITY = Lemma(
    name="modulus-equality",
    statement="If Re z = |z| then Im z = 0 and Re z >= 0",
    source="The argmin set",
    hypotheses={"|z|²": equal(m**2, x**2 + y**2), "|z| >= 0": at_least(m, 0), "Re z": equal(m, x)},
    conclusions={"Im z": equal(y, 0), "sign": at_least(x, 0)},
    steps=(
        Follows("y²", at_most(y**2, 0), (("|z|²", 1), ("Re z", -m - x))),
        root_of_zero("y", y, square="y²"),
        Follows("x >= 0", at_least(x, 0), ("|z| >= 0", ("Re z", -1))),
    ),
)

PRODUCT = Lemma(
    name="product",
    statement="Re(z conj(v)) <= |z||v|, and |z|²|v|² = Re(z conj(v))² + Im(z conj(v))²",
    source=SOURCE,
    hypotheses={
        "|z|²": equal(m**2, x**2 + y**2),
        "|z| >= 0": at_least(m, 0),
        "|v|²": equal(mv**2, v1**2 + v2**2),
        "|v| >= 0": at_least(mv, 0),
    },
    conclusions={
        "modulus": equal((m * mv) ** 2, (x * v1 + y * v2) ** 2 + (y * v1 - x * v2) ** 2),
        "real part": at_least(m * mv, x * v1 + y * v2),
    },
    steps=(
        Follows(
            "modulus",
            equal((m * mv) ** 2, (x * v1 + y * v2) ** 2 + (y * v1 - x * v2) ** 2),
            (("|z|²", mv**2), ("|v|²", x**2 + y**2)),
        ),
        Follows("m m_v >= 0", at_least(m * mv, 0), (("|z| >= 0", "|v| >= 0"),)),
        Apply("real part", MODULUS, {m: m * mv, x: x * v1 + y * v2, y: y * v1 - x * v2}),
    ),
)

SUM_OF_NONNEGATIVE = Lemma(
    name="sum-of-non-negative",
    statement="A sum of terms >= 0 is >= 0, and no term is larger than the sum",
    source="The argmin set",
    hypotheses={**partial_sums(S, term(n)), "terms": at_least(term(n), 0, n)},
    conclusions={"sum": at_least(S(n), 0, n), "each term": at_least(S(i + 1 + k), term(i), i, k)},
    steps=(
        Induction(
            "sum",
            at_least(S(n), 0, n),
            n,
            (Follows("0", at_least(S(0), 0), ("S(0)",)),),
            (Follows("n+1", at_least(S(n + 1), 0), ("hypothesis", At("terms", n)), where=(At("S(n+1)", n),)),),
        ),
        Induction(
            "each term",
            at_least(S(i + 1 + k), term(i), i, k),
            k,
            (Follows("0", at_least(S(i + 1), term(i)), (At("sum", i),), where=(At("S(n+1)", i),)),),
            (
                Follows(
                    "k+1",
                    at_least(S(i + 2 + k), term(i)),
                    ("hypothesis", At("terms", i + 1 + k)),
                    where=(At("S(n+1)", i + 1 + k),),
                ),
            ),
        ),
    ),
)

_INNER_PRODUCT = {
    **partial_sums(X, r(n) * u(n)),
    **partial_sums(R, r(n) ** 2),
    **partial_sums(U, u(n) ** 2),
}
_NORMS = {
    "‖r‖²": equal(nr**2, R(N)),
    "‖u‖²": equal(nu**2, U(N)),
    "‖r‖ >= 0": at_least(nr, 0),
    "‖u‖ >= 0": at_least(nu, 0),
}
_SUMS = (At("X(n+1)", n), At("R(n+1)", n), At("U(n+1)", n))


def sum_of_squares(name: str, total: Any, entry: Any) -> Induction:
    """Prove total(n) >= 0 for all n, for the partial sums of the squares of entry(n)."""
    sums = f"{total}"
    return Induction(
        name,
        at_least(total(n), 0, n),
        n,
        (Follows("0", at_least(total(0), 0), (f"{sums}(0)",)),),
        (Follows("n+1", at_least(total(n + 1), 0), ("hypothesis", Square(entry)), where=(At(f"{sums}(n+1)", n),)),),
    )


_A = R(n) * u(n) ** 2 + U(n) * r(n) ** 2
_B = 2 * X(n) * r(n) * u(n)

CAUCHY_SCHWARZ = Lemma(
    name="cauchy-schwarz",
    statement="|Re<r,u>| <= ‖r‖‖u‖ for vectors of any length",
    source=SOURCE,
    hypotheses={**_INNER_PRODUCT, **_NORMS},
    conclusions={"above": at_most(X(N), nr * nu), "below": at_least(X(N), -nr * nu)},
    steps=(
        sum_of_squares("R >= 0", R, r(n)),
        sum_of_squares("U >= 0", U, u(n)),
        Induction(
            "squares",
            at_least(R(n) * U(n), X(n) ** 2, n),
            n,
            (Follows("0", at_least(R(0) * U(0), X(0) ** 2), where=("R(0)", "X(0)")),),
            (
                Follows("A >= 0", at_least(_A, 0), ((At("R >= 0", n), Square(u(n))), (At("U >= 0", n), Square(r(n))))),
                Follows(
                    "A² >= B²",
                    at_least(_A**2, _B**2),
                    (Square(R(n) * u(n) ** 2 - U(n) * r(n) ** 2), (4, Square(r(n) * u(n)), "hypothesis")),
                ),
                from_squares("A >= B", at_least(_A, _B), squares="A² >= B²", nonnegative="A >= 0"),
                Follows("n+1", at_least(R(n + 1) * U(n + 1), X(n + 1) ** 2), ("hypothesis", "A >= B"), where=_SUMS),
            ),
        ),
        Follows("norms >= 0", at_least(nr * nu, 0), (("‖r‖ >= 0", "‖u‖ >= 0"),)),
        Follows(
            "norms",
            at_least((nr * nu) ** 2, X(N) ** 2),
            (At("squares", N), ("‖r‖²", nu**2), ("‖u‖²", R(N))),
        ),
        from_squares("above", at_least(nr * nu, X(N)), squares="norms", nonnegative="norms >= 0"),
        Follows("norms, negative", at_least((nr * nu) ** 2, (-X(N)) ** 2), ("norms",)),
        from_squares("below", at_least(nr * nu, -X(N)), squares="norms, negative", nonnegative="norms >= 0"),
    ),
)

TRIANGLE = Lemma(
    name="triangle",
    statement="‖r+u‖ <= ‖r‖ + ‖u‖ for vectors of any length",
    source="Constants",
    hypotheses={
        **_INNER_PRODUCT,
        **partial_sums(T, (r(n) + u(n)) ** 2),
        **_NORMS,
        "‖r+u‖²": equal(ns**2, T(N)),
    },
    conclusions={"triangle": at_most(ns, nr + nu)},
    steps=(
        Induction(
            "expanded",
            equal(T(n), R(n) + 2 * X(n) + U(n), n),
            n,
            (Follows("0", equal(T(0), R(0) + 2 * X(0) + U(0)), where=("T(0)", "R(0)", "X(0)", "U(0)")),),
            (
                Follows(
                    "n+1",
                    equal(T(n + 1), R(n + 1) + 2 * X(n + 1) + U(n + 1)),
                    ("hypothesis",),
                    where=(At("T(n+1)", n), *_SUMS),
                ),
            ),
        ),
        Apply("cauchy-schwarz", CAUCHY_SCHWARZ),
        Follows(
            "squares",
            at_least((nr + nu) ** 2, ns**2),
            ((2, "cauchy-schwarz.above"),),
            where=("‖r‖²", "‖u‖²", "‖r+u‖²", At("expanded", N)),
        ),
        Follows("sum >= 0", at_least(nr + nu, 0), ("‖r‖ >= 0", "‖u‖ >= 0")),
        from_squares("triangle", at_least(nr + nu, ns), squares="squares", nonnegative="sum >= 0"),
    ),
)

DISTANCE_TO_MULTIPLE = Lemma(
    name="distance-to-multiple",
    statement="0 <= ‖r - su‖² = ‖r‖² - 2s Re<r,u> + s²‖u‖² for vectors of any length and real s",
    source=SOURCE,
    hypotheses={**_INNER_PRODUCT, **partial_sums(H, (r(n) - s * u(n)) ** 2)},
    conclusions={
        "expanded": equal(H(n), R(n) - 2 * s * X(n) + s**2 * U(n), n),
        "H >= 0": at_least(H(n), 0, n),
    },
    steps=(
        Induction(
            "expanded",
            equal(H(n), R(n) - 2 * s * X(n) + s**2 * U(n), n),
            n,
            (Follows("0", equal(H(0), R(0) - 2 * s * X(0) + s**2 * U(0)), where=("H(0)", "R(0)", "X(0)", "U(0)")),),
            (
                Follows(
                    "n+1",
                    equal(H(n + 1), R(n + 1) - 2 * s * X(n + 1) + s**2 * U(n + 1)),
                    ("hypothesis",),
                    where=(At("H(n+1)", n), *_SUMS),
                ),
            ),
        ),
        sum_of_squares("H >= 0", H, r(n) - s * u(n)),
    ),
)

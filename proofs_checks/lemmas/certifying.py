"""Why the methods that certify a null space property do, and what refutes it.

Δ is a support, D = ‖x_Δ‖, a and b are the weighted norms of x on and off Δ, g = ‖Ax‖, and R = √ξ.
"""

from __future__ import annotations

from proofs_checks.lemmas.derived import zero_between
from proofs_checks.lemmas.inequalities import partial_sums
from proofs_checks.lemmas.relations import ABSURD, at_least, at_most, equal, less, more, naturals, reals, sequences
from proofs_checks.lemmas.steps import At, BySign, Follows, Induction, Lemma, Reciprocal

__all__ = ["COHERENCE", "COHERENCE_LOWER", "EXHAUSTIVE", "REFUTATION", "RELAXATION", "RELAXATION_ROUNDED"]

METHODS = "Certifying a null space property (Definition 2)"
n = naturals("n")
a, b, g, D, R, P = reals("a b g D R P")
theta, tau, beta, rho, gamma, mu, nu, root = reals("theta tau beta rho gamma mu nu root_nu")
S2, W2, P2 = reals("S V Q")
share, norm, weight, inverse, B, total = sequences("x c w h b s")

_MEAN = {
    "θ < 1": less(theta, 1),
    "a": at_most(a, R * beta * g + theta * (a + b)),
    "D": at_most(D, beta * g + tau * (a + b)),
    "τ >= 0": at_least(tau, 0),
}
_RELAXED = at_most(D, tau / (1 - theta) * b + beta * g * (1 + R * tau / (1 - theta)))
_relaxed = (
    Reciprocal("1/(1-θ)", "θ < 1"),
    Follows("a+b", at_most(a + b, (b + R * beta * g) / (1 - theta)), (("1/(1-θ)", "a"),)),
    Follows("exactly", _RELAXED, ("D", ("τ >= 0", "a+b"))),
)

RELAXATION = Lemma(
    name="relaxation",
    statement="‖x_Δ‖ <= τ/(1-θ) b + βg(1+Rτ/(1-θ)) if a <= Rβg + θ(a+b) and ‖x_Δ‖ <= βg + τ(a+b), θ < 1",
    source=METHODS,
    hypotheses=_MEAN,
    conclusions={"property": _RELAXED},
    steps=_relaxed,
)

RELAXATION_ROUNDED = Lemma(
    name="relaxation-rounded",
    statement="The property holds with any ρ >= Rτ/(1-θ) and γ >= (1+ρ)β",
    source=METHODS,
    hypotheses={
        **_MEAN,
        "R > 0": more(R, 0),
        "b >= 0": at_least(b, 0),
        "β g >= 0": at_least(beta * g, 0),
        "g >= 0": at_least(g, 0),
        "ρ": at_least(rho * (1 - theta), R * tau),
        "γ": at_least(gamma, (1 + rho) * beta),
    },
    conclusions={"property": at_most(D, rho / R * b + gamma * g)},
    steps=(
        *_relaxed,
        Reciprocal("1/R", "R > 0"),
        Follows(
            "rounded",
            at_most(D, rho / R * b + gamma * g),
            (
                "exactly",
                ("1/R", "1/(1-θ)", "b >= 0", "ρ"),
                ("1/(1-θ)", "β g >= 0", "ρ"),
                ("g >= 0", "γ"),
            ),
        ),
    ),
)

EXHAUSTIVE = Lemma(
    name="exhaustive",
    statement="‖x_Δ‖ <= ρ/R ‖x_Δc‖_w + γ‖Ax‖ if x_Δ = BAx - Σ x_jBa_j, ‖B‖ <= γ and R‖Ba_j‖ <= ρw_j off Δ",
    source=METHODS,
    hypotheses={
        **partial_sums(B, weight(n) * share(n)),
        **partial_sums(total, share(n) * inverse(n)),
        "R > 0": more(R, 0),
        "|x_j| >= 0": at_least(share(n), 0, n),
        "‖Ba_j‖": at_most(R * inverse(n), rho * weight(n), n),
        "triangle": at_most(D, gamma * g + total(naturals("N"))),
    },
    conclusions={"property": at_most(D, rho / R * B(naturals("N")) + gamma * g)},
    steps=(
        Reciprocal("1/R", "R > 0"),
        Induction(
            "sums",
            at_most(R * total(n), rho * B(n), n),
            n,
            (Follows("0", at_most(R * total(0), rho * B(0)), where=("b(0)", "s(0)")),),
            (
                Follows(
                    "n+1",
                    at_most(R * total(n + 1), rho * B(n + 1)),
                    ("hypothesis", (At("|x_j| >= 0", n), At("‖Ba_j‖", n))),
                    where=(At("b(n+1)", n), At("s(n+1)", n)),
                ),
            ),
        ),
        Follows(
            "property",
            at_most(D, rho / R * B(naturals("N")) + gamma * g),
            ("triangle", ("1/R", At("sums", naturals("N")))),
        ),
    ),
)

COHERENCE_LOWER = Lemma(
    name="coherence-lower",
    statement="‖Ax_Δ‖² >= ν‖x_Δ‖², if ‖Ax_Δ‖² >= ΣG_ii|x_i|² - μ(‖x_Δ‖_w² - Σw_i²|x_i|²), Σ(G_ii+μw_i²)|x_i|² >= "
    "(ν+μξ)‖x_Δ‖² and ‖x_Δ‖_w² <= ξ‖x_Δ‖²",
    source=METHODS,
    hypotheses={
        "products": at_least(P**2, S2 - mu * (a**2 - W2)),
        "diagonal": at_least(S2 + mu * W2, (nu + mu * R**2) * D**2),
        "μ >= 0": at_least(mu, 0),
        "Cauchy-Schwarz": at_most(a**2, R**2 * D**2),
    },
    conclusions={"lower": at_least(P**2, nu * D**2)},
    steps=(Follows("lower", at_least(P**2, nu * D**2), ("products", "diagonal", ("μ >= 0", "Cauchy-Schwarz"))),),
)

_COHERENT = at_most(D, mu * R / nu * b + g / root)
COHERENCE = Lemma(
    name="coherence",
    statement="‖x_Δ‖ <= μR/ν b + ‖Ax‖/√ν if ν > 0, √ν‖x_Δ‖ <= P and P² <= ‖Ax‖P + μR‖x_Δ‖b for P = ‖Ax_Δ‖",
    source=METHODS,
    hypotheses={
        "√ν > 0": more(root, 0),
        "ν": equal(nu, root**2),
        "ν > 0": more(nu, 0),
        "μ >= 0": at_least(mu, 0),
        "R >= 0": at_least(R, 0),
        "b >= 0": at_least(b, 0),
        "g >= 0": at_least(g, 0),
        "P >= 0": at_least(P, 0),
        "lower": at_least(P, root * D),
        "upper": at_most(P**2, g * P + mu * R * D * b),
    },
    conclusions={"property": _COHERENT},
    steps=(
        Reciprocal("1/√ν", "√ν > 0"),
        Reciprocal("1/ν", "ν > 0"),
        BySign(
            "property",
            _COHERENT,
            P,
            (
                Reciprocal("1/P", "sign"),
                Follows("D/P", at_most(D, P / root), (("1/√ν", "lower"),)),
                Follows(
                    "P",
                    at_most(P, g + mu * R * b / root),
                    (("1/P", "upper"), ("1/P", "μ >= 0", "R >= 0", "b >= 0", "D/P")),
                ),
                Follows(
                    "P > 0",
                    _COHERENT,
                    (("1/√ν", "P"), ("1/√ν", "lower")),
                    where=("ν",),
                ),
            ),
            (
                Follows(
                    "P = 0",
                    _COHERENT,
                    (
                        ("1/√ν", "lower"),
                        ("sign", -1 / root),
                        ("μ >= 0", "R >= 0", "1/ν", "b >= 0"),
                        ("g >= 0", "1/√ν"),
                    ),
                ),
            ),
            (Follows("absurd", ABSURD, ("sign", "P >= 0")),),
        ),
    ),
)

REFUTATION = Lemma(
    name="refutation",
    statement="If Ax = 0, R‖x_Δ‖ >= ‖x_Δc‖_w and ‖x_Δ‖ <= ρ/R ‖x_Δc‖_w with 0 <= ρ < 1, then x_Δ = 0",
    source="Refutation (Definition 2)",
    hypotheses={
        "ρ >= 0": at_least(rho, 0),
        "ρ < 1": less(rho, 1),
        "R > 0": more(R, 0),
        "D >= 0": at_least(D, 0),
        "large on Δ": at_least(R * D, b),
        "property": at_most(D, rho / R * b),
    },
    conclusions={"x_Δ": equal(D, 0)},
    steps=(
        Reciprocal("1/R", "R > 0"),
        Reciprocal("1/(1-ρ)", "ρ < 1"),
        Follows(
            "D <= 0",
            at_most(D, 0),
            (("1/(1-ρ)", "property"), ("1/(1-ρ)", "ρ >= 0", "1/R", "large on Δ")),
        ),
        *zero_between("D", D, above="D <= 0", below="D >= 0"),
    ),
)

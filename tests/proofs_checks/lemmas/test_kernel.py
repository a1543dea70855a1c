"""The judge of proofs accepts what follows and nothing else."""

import pytest
import sympy

from proofs_checks.lemmas import (
    Apply,
    At,
    BySign,
    Contradiction,
    Follows,
    ForAll,
    Induction,
    Lemma,
    ProofFailed,
    Reciprocal,
    Square,
    at_least,
    at_most,
    equal,
    less,
    more,
    naturals,
    prove,
    reals,
    sequences,
)

x, y, z = reals("x y z")
n, k = naturals("n k")
s, t = sequences("s t")
ABSURD = more(0, 0)


def lemma(hypotheses, conclusion, *steps):
    return Lemma("example", "an example", "here", hypotheses, {"conclusion": conclusion}, steps)


def one(claim, *terms, where=(), **hypotheses):
    return lemma(hypotheses, claim, Follows("step", claim, terms, where=where))


ACCEPTED = {
    "an identity": one(equal((x + y) ** 2, x**2 + 2 * x * y + y**2)),
    "a sum of squares": one(at_least(x**2 + y**2, 2 * x * y), Square(x - y)),
    "a product": one(more(x * y, 0), ("a", "b"), a=more(x, 0), b=more(y, 0)),
    "an equality times anything": one(equal(x**3, 1), ("a", x**2 + x + 1), a=equal(x, 1)),
    "replacing": one(equal(x**2 + x, 6), where=("a",), a=equal(x, 2)),
    "replacing a power": one(equal(x**4 + x**3, 4 + 2 * x), where=("a",), a=equal(x**2, 2)),
    "a fraction": one(equal(1 / x + 1, (1 + x) / x), a=more(x, 0)),
    "a weaker sign": lemma({"a": more(x, 0)}, at_least(x, 0)),
    "a reciprocal": lemma({"a": more(x, 1)}, more(1 / (x - 1), 0), Reciprocal("r", "a")),
    "a natural": one(more(n + 1, 0), n + 1),
    "an instance": one(at_least(s(k + 2), 0), At("a", k + 2), a=at_least(s(n), 0, n)),
    "a contradiction": lemma(
        {"a": at_least(x**2, 4), "b": at_least(x, 0)},
        at_least(x, 2),
        Contradiction("c", at_least(x, 2), (Follows("f", ABSURD, (("suppose not", 2), ("suppose not", "b"), "a")),)),
    ),
    "by sign": lemma(
        {},
        at_least(x**2, 0),
        BySign(
            "cases",
            at_least(x**2, 0),
            x,
            (Follows("f", at_least(x**2, 0), (("sign", "sign"),)),),
            (Follows("f", at_least(x**2, 0), (("sign", x),)),),
            (Follows("f", at_least(x**2, 0), (("sign", "sign"),)),),
        ),
    ),
    "induction": lemma(
        {"0": equal(s(0), 0), "n+1": equal(s(n + 1), s(n) + n + 1, n)},
        equal(s(n), n * (n + 1) / 2, n),
        Induction(
            "i",
            equal(s(n), n * (n + 1) / 2, n),
            n,
            (Follows("f", equal(s(0), 0), ("0",)),),
            (Follows("f", equal(s(n + 1), (n + 1) * (n + 2) / 2), ("hypothesis",), where=(At("n+1", n),)),),
        ),
    ),
    "for all": lemma(
        {"a": at_least(s(n), 1, n)},
        at_least(s(k), 0, k),
        ForAll("f", at_least(s(k), 0, k), (Follows("f", at_least(s(k), 0), (At("a", k), 1)),)),
    ),
}
SQUARE_POSITIVE = one(more(x * y, 0), ("a", "b"), a=more(x, 0), b=more(y, 0))
SUMS = {"0": equal(s(0), 0), "n+1": equal(s(n + 1), s(n) + t(n), n)}


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted(name):
    assert prove(ACCEPTED[name]).unused in ((), ("a",) if name == "a fraction" else ())


def applied(values, hypotheses, conclusion, what=SQUARE_POSITIVE):
    return lemma(hypotheses, conclusion, Apply("use", what, values))


def test_a_lemma_is_applied():
    assert prove(applied({x: x + 1, y: z}, {"a": more(x + 1, 0), "b": more(z, 0)}, more(z * x + z, 0))).steps == 1
    doubled = lemma(
        {"t": at_least(t(n), 0, n)},
        at_least(2 * t(n), 0, n),
        ForAll("f", at_least(2 * t(n), 0, n), (Follows("f", at_least(2 * t(n), 0), ((2, At("t", n)),)),)),
    )
    assert prove(
        applied({t: lambda i: s(i + 1)}, {"h": at_least(s(k + 1), 0, k)}, at_least(2 * s(n + 1), 0, n), doubled)
    )


REFUSED = {
    "a false identity": one(equal((x + y) ** 2, x**2 + y**2)),
    "a missing factor": one(at_least(x**2 + y**2, 3 * x * y), Square(x - y)),
    "a square is not positive": one(more(x**2, 0), Square(x)),
    "a product with a weak sign is not positive": one(more(x * y, 0), ("a", "b"), a=more(x, 0), b=at_least(y, 0)),
    "a negative multiple": one(at_least(-x, 0), ("a", -1), a=at_least(x, 0)),
    "zero is no positive number": one(more(x, x), 0),
    "an expression of unknown sign": one(at_least(x * y, 0), ("a", y), a=at_least(x, 0)),
    "an equality from an inequality": one(equal(x, 0), "a", a=at_least(x, 0)),
    "an equality from a square": one(equal(x**2, 0), Square(x)),
    "replacing by an inequality": one(equal(x, 2), where=("a",), a=at_least(x, 2)),
    "division by what may be zero": one(equal(x / y, x / y)),
    "division by what may be zero, weakly positive": one(at_least(1 / x, 1 / x), a=at_least(x, 0)),
    "division by a natural that may be zero": one(equal(1 / n, 1 / n)),
    "division hidden in a square": one(at_least(1, 1), (Square(1 / x), "a"), a=equal(y, y)),
    "division hidden in a hypothesis": lemma({"a": equal(1 / x, 1)}, equal(1 / x, 1)),
    "division hidden in a factor": one(equal(y, 0), ("a", 1 / x), ("a", 1 - 1 / x), a=equal(y, 0)),
    "division by a difference of equals": one(equal(1 / (x - y), 0), a=equal(x, y)),
    "a root": one(at_least(sympy.sqrt(x), sympy.sqrt(x))),
    "a float": one(equal(0.1 * x, 0.1 * x)),
    "an infinity": one(at_least(sympy.oo, 1)),
    "a function": one(at_least(sympy.sin(x), sympy.sin(x))),
    "the imaginary unit": one(at_least(sympy.I, sympy.I)),
    "a sequence at a negative place": one(equal(s(n - 1), s(n - 1))),
    "a sequence at a real place": one(equal(s(x), s(x))),
    "an unknown fact": one(at_least(x, 0), "a"),
    "a fact for all without its place": one(at_least(s(n), 0), "a", a=at_least(s(n), 0, n)),
    "an instance at a negative place": one(at_least(s(0), 0), At("a", -1), a=at_least(s(n + 1), 0, n)),
    "an instance of the wrong arity": one(at_least(s(0), 0), At("a", 0, 1), a=at_least(s(n), 0, n)),
    "for all claimed by one step": one(at_least(s(n), 0, n), At("a", n), a=at_least(s(n), 0, n)),
    "a bound real": lemma({"a": at_least(x, 0, x)}, at_least(x, 0, x)),
    "a stronger sign": lemma({"a": at_least(x, 0)}, more(x, 0)),
    "a conclusion for all from one": lemma({"a": at_least(s(n), 0)}, at_least(s(n), 0, n)),
    "no conclusion": Lemma("example", "nothing", "here", {}, {}, ()),
    "a fact twice": lemma({}, equal(x, x), Follows("a", equal(x, x)), Follows("a", equal(y, y))),
    "the reciprocal of what may be zero": lemma({"a": at_least(x, 0)}, more(1 / x, 0), Reciprocal("r", "a")),
    "a contradiction that is none": lemma(
        {}, at_least(x, 2), Contradiction("c", at_least(x, 2), (Follows("f", more(2, x), ("suppose not",)),))
    ),
    "an equality by contradiction": lemma(
        {"a": more(0, 0)}, equal(x, 2), Contradiction("c", equal(x, 2), (Follows("f", ABSURD, ("a",)),))
    ),
    "an assumption used outside": lemma(
        {"a": more(0, 0)},
        more(2, x),
        Contradiction("c", at_least(x, 2), (Follows("f", ABSURD, ("a",)),)),
        Follows("g", more(2, x), ("suppose not",)),
    ),
    "an inner fact used outside": lemma(
        {"a": more(0, 0)},
        ABSURD,
        Contradiction("c", at_least(x, 2), (Follows("f", ABSURD, ("a",)),)),
        Follows("g", ABSURD, ("f",)),
    ),
    "a case left open": lemma(
        {},
        more(x**2, 0),
        BySign(
            "cases",
            more(x**2, 0),
            x,
            (Follows("f", more(x**2, 0), (("sign", "sign"),)),),
            (),
            (Follows("f", more(x**2, 0), (("sign", "sign"),)),),
        ),
    ),
    "induction without a base": lemma(
        SUMS,
        equal(s(n), s(n) + 1, n),
        Induction(
            "i",
            equal(s(n), s(n) + 1, n),
            n,
            (),
            (Follows("f", equal(s(n + 1), s(n + 1) + 1), ("hypothesis",)),),
        ),
    ),
    "induction with a step for one": lemma(
        {"0": at_least(s(0), 0), "step": at_least(s(1), s(0))},
        at_least(s(n), 0, n),
        Induction(
            "i",
            at_least(s(n), 0, n),
            n,
            (Follows("f", at_least(s(0), 0), ("0",)),),
            (Follows("f", at_least(s(1), 0), ("step", "0")),),
        ),
    ),
    "induction over a symbol of which something is assumed": lemma(
        {"a": equal(n, 0), "0": equal(s(0), 0)},
        equal(s(n), 0, n),
        Induction("i", equal(s(n), 0, n), n, (Follows("f", equal(s(0), 0), ("0",)),), ()),
    ),
    "for all from an assumption about one": lemma(
        {"a": at_least(s(n), 0)},
        at_least(s(n), 0, n),
        ForAll("f", at_least(s(n), 0, n), (Follows("f", at_least(s(n), 0), ("a",)),)),
    ),
    "induction over what is not bound": lemma(
        {}, equal(s(n), s(n), n), Induction("i", equal(s(n), s(n), n), k, (), ())
    ),
    "a lemma without its hypotheses": applied({x: x + 1, y: z}, {"b": more(z, 0)}, more(z * x + z, 0)),
    "a lemma with a hypothesis too weak": applied({}, {"a": more(x, 0), "b": at_least(y, 0)}, more(x * y, 0)),
    "a lemma that is not proved": applied({}, {}, equal(x, 0), one(equal(x, 0))),
    "a lemma with a bound symbol put in": applied(
        {y: n},
        {"h": at_least(s(n), n, n)},
        at_least(s(n), n, n),
        lemma(
            {"h": at_least(s(n), y, n)},
            at_least(s(n), y, n),
            ForAll("f", at_least(s(n), y, n), (Follows("f", at_least(s(n), y), (At("h", n),)),)),
        ),
    ),
    "a lemma with a real for a natural": applied(
        {k: x}, {}, at_least(x, 0), lemma({}, at_least(k, 0), Follows("f", at_least(k, 0), (k,)))
    ),
    "a lemma with a sequence that is another one at 0": applied(
        {s: lambda i: -1 if i == 0 else t(i)},
        {"h": at_least(t(n), 0, n)},
        at_least(-1, 0),
        lemma({"h": at_least(s(n), 0, n)}, at_least(s(0), 0), Follows("f", at_least(s(0), 0), (At("h", 0),))),
    ),
    "a lemma with a sequence that depends on a bound symbol": applied(
        {s: lambda i: t(i) - n},
        {"h": at_least(t(n) - n, 0, n)},
        at_least(t(k) - n, 0, k, n),
        lemma(
            {"h": at_least(s(n), 0, n)},
            at_least(s(k), 0, k),
            ForAll("f", at_least(s(k), 0, k), (Follows("f", at_least(s(k), 0), (At("h", k),)),)),
        ),
    ),
    "a lemma with an undefined value": applied({x: 1 / z, y: y}, {}, more(y / z, 0)),
    "no step at all": lemma({}, equal(x, 0), "trust me"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    with pytest.raises(ProofFailed) as failure:
        prove(REFUSED[name])
    assert "\n" not in str(failure.value) and failure.value.step.startswith("example")


def test_the_failure_carries_what_does_not_vanish():
    with pytest.raises(ProofFailed, match="example / step: this difference does not vanish") as failure:
        prove(REFUSED["a false identity"])
    assert failure.value.expression == 2 * x * y


def test_unused_hypotheses_are_named():
    idle = one(at_least(x, 0), "a", a=at_least(x, 0), b=at_most(y, 0), c=less(z, 0))
    assert prove(idle).unused == ("b", "c")


def test_a_lemma_does_not_change():
    with pytest.raises(TypeError):
        SQUARE_POSITIVE.conclusions["more"] = more(x, 0)

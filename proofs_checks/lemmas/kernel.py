"""The judge of proofs: a step is accepted only if sympy can decide that it is right.

All that a proof can do is in `_STEPS`. Facts are relations between rational functions; the only questions put to sympy
are whether such a function is identically zero, and these it decides completely.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import sympy
from sympy.core.function import AppliedUndef

from proofs_checks.lemmas.errors import ProofFailed
from proofs_checks.lemmas.relations import (
    ABSURD,
    Relation,
    Template,
    at_least,
    equal,
    foreign,
    is_natural,
    more,
    numerator,
    replaced,
)
from proofs_checks.lemmas.steps import (
    Apply,
    At,
    BySign,
    Contradiction,
    Follows,
    ForAll,
    Induction,
    Lemma,
    Reciprocal,
    Square,
)

__all__ = ["Proof", "prove"]

Expr = Any


@dataclass(frozen=True)
class Proof:
    """A lemma that has been proved.

    Attributes:
        lemma: its name.
        steps: how many steps the proof has, with the inner ones; an applied lemma is one step.
        unused: names of hypotheses that no step needed.
    """

    lemma: str
    steps: int
    unused: tuple[str, ...]


def prove(lemma: Lemma) -> Proof:
    """Check every step of a proof, and the proofs of the lemmas it applies.

    Raises:
        ProofFailed: at the first step that does not check, or if the conclusions are not among what was proved.
    """
    context = _Context(lemma.name)
    for name, hypothesis in lemma.hypotheses.items():
        context.add(name, hypothesis)
    if not lemma.conclusions:
        context.fail("a lemma without conclusions says nothing", lemma.statement)
    steps = context.run(lemma.steps)
    for name, conclusion in lemma.conclusions.items():
        context.inside(name).demand(conclusion)
    return Proof(lemma.name, steps, tuple(name for name in lemma.hypotheses if name not in context.used))


class _Context:
    """The facts known at one point of a proof, by name."""

    def __init__(self, path: str, parent: _Context | None = None):
        self.path = path
        self.facts: dict[str, Relation] = dict(parent.facts) if parent else {}
        self.used: set[str] = parent.used if parent else set()

    def fail(self, reason: str, expression: object) -> NoReturn:
        raise ProofFailed(self.path, reason, expression)

    def inside(self, name: str) -> _Context:
        """Return a context for the inner steps of a step: what it learns is forgotten afterwards."""
        return _Context(f"{self.path} / {name}", self)

    def run(self, steps: Iterable[Any]) -> int:
        count = 0
        for step in steps:
            judge = _STEPS.get(type(step))
            if judge is None:
                self.fail("no such kind of step", step)
            inner = self.inside(step.name)
            nested, proved = judge(inner, step)
            for name, fact in proved:
                self.add(name, fact)
            count += 1 + nested
        return count

    def add(self, name: str, fact: Relation) -> None:
        if name in self.facts:
            self.fail("two facts of one name", name)
        if fact.sign not in ("=", ">=", ">"):
            self.fail("no such sign", fact.sign)
        if not all(n.is_Symbol and is_natural(n) for n in fact.forall) or len(set(fact.forall)) < len(fact.forall):
            self.fail("bound symbols must be naturals, each once", fact)
        self.both_defined(fact)
        self.facts[name] = fact

    def defined(self, expression: Expr) -> None:
        """Demand an expression of the kind allowed whose denominators are not zero."""
        part = foreign(expression)
        if part is not None:
            self.fail("no rational function", part)
        for power in expression.atoms(sympy.Pow):
            if power.exp.is_negative:
                self.not_zero(power.base)

    def not_zero(self, base: Expr) -> None:
        if base.is_Mul or base.is_Pow:
            for factor in base.args if base.is_Mul else [base.base]:
                self.not_zero(factor)
        elif not (self.positive(base) or self.positive(-base)):
            self.fail("a denominator not known to be positive", base)

    def positive(self, expression: Expr) -> bool:
        """Whether an expression is seen to be > 0: as a number, natural or fact, or as a sum of such."""
        if expression.is_Number:
            return bool(expression > 0)
        if is_natural(expression) and _constant_term(expression) > 0:
            return True
        primitive = _primitive(expression)
        for name, fact in self.facts.items():
            if fact.sign == ">" and _is_about(fact, primitive):
                self.used.add(name)
                return True
        return bool(expression.is_Add) and all(map(self.positive, expression.args))

    def fact(self, name: str) -> Relation:
        """Return a fact that holds as it stands, without `forall`."""
        if name not in self.facts:
            self.fail("no such fact", name)
        self.used.add(name)
        return self.facts[name]

    def instance(self, factor: str | At) -> Relation:
        if isinstance(factor, str):
            fact, values = self.fact(factor), ()
        else:
            fact, values = self.fact(factor.fact), tuple(map(sympy.sympify, factor.values))
        if len(values) != len(fact.forall) or not all(map(is_natural, values)):
            self.fail("the instance needs one natural for each bound symbol", f"{fact} at {values}")
        return fact.at(*values)

    def demand(self, claim: Relation) -> None:
        """Demand that a claim, or an absurdity, is among the facts."""
        self.both_defined(claim)
        same = (name for name, fact in self.facts.items() if fact in (claim, ABSURD))
        found = next(same, None) or next((n for n, fact in self.facts.items() if fact.implies(claim)), None)
        if found is None:
            self.fail("this was not proved", claim)
        self.used.add(found)

    def both_defined(self, claim: Relation) -> None:
        self.defined(claim.left)
        self.defined(claim.right)

    def fresh(self, symbols: Iterable[Expr]) -> None:
        """Demand that nothing is assumed about these symbols."""
        for name, fact in self.facts.items():
            if set(symbols) & fact.free:
                self.fail("a symbol of which something is assumed", f"{sorted(map(str, symbols))} in {name}: {fact}")

    # Terms: products of factors with known signs.

    def term(self, term: Any) -> tuple[Expr, str]:
        """Return the value of a product and its sign."""
        factors = term if isinstance(term, tuple) else (term,)
        value, signs, free = sympy.Integer(1), set(), []
        for factor in factors:
            sign, one = self.factor(factor)
            value *= one
            if sign:
                signs.add(sign)
            else:
                free.append(one)
        if "=" in signs:
            return value, "="
        if free:
            self.fail("a factor of unknown sign", free[0])
        return value, ">=" if ">=" in signs else ">"

    def factor(self, factor: Any) -> tuple[str, Expr]:
        if isinstance(factor, str | At):
            fact = self.instance(factor)
            return fact.sign, fact.excess
        if isinstance(factor, Square):
            self.defined(sympy.sympify(factor.of))
            return ">=", factor.of**2
        value = sympy.sympify(factor)
        self.defined(value)
        if value.is_Rational and value > 0:
            return ">", value
        if is_natural(value):
            return (">" if _constant_term(value) > 0 else ">="), value
        return "", value


def _is_about(fact: Relation, primitive: Expr) -> bool:
    """Whether a fact says something of this expression, up to a positive factor, or of all values of this sequence."""
    if fact.forall:
        excess = fact.excess
        return isinstance(primitive, AppliedUndef) and excess.func == primitive.func and excess.args == fact.forall
    return bool(_primitive(fact.excess) == primitive)


def _primitive(expression: Expr) -> Expr:
    content, primitive = sympy.expand(expression).as_content_primitive()
    return primitive if content > 0 else -primitive


def _constant_term(natural: Expr) -> Expr:
    return sympy.expand(natural).as_coeff_Add()[0]


Judged = tuple[int, Iterator[tuple[str, Relation]]]


def _one(name: str, fact: Relation, nested: int = 0) -> Judged:
    return nested, iter([(name, fact)])


def _follows(context: _Context, step: Follows) -> Judged:
    claim = step.claim
    if claim.forall:
        context.fail("ForAll or Induction is needed for", claim)
    context.both_defined(claim)
    terms = [context.term(term) for term in step.terms]
    allowed = {"=": {"="}, ">=": {"=", ">=", ">"}, ">": {"=", ">=", ">"}}[claim.sign]
    for value, sign in terms:
        if sign not in allowed:
            context.fail("an equality cannot follow from an inequality", value)
    if claim.sign == ">" and all(sign != ">" for _, sign in terms):
        context.fail("no term is strictly positive", claim)
    rest = claim.excess - sum((value for value, _ in terms), sympy.Integer(0))
    remainder = _reduced(rest, [context.instance(name) for name in step.where], context)
    if remainder != 0:
        context.fail("this difference does not vanish", sympy.factor(remainder))
    return _one(step.name, claim)


def _reduced(expression: Expr, equalities: list[Relation], context: _Context) -> Expr:
    """Return something that vanishes only if the expression does wherever the equalities hold."""
    for fact in equalities:
        if fact.sign != "=":
            context.fail("only equalities can be used to replace", fact)
        if fact.left.is_Symbol or isinstance(fact.left, AppliedUndef):
            expression = expression.xreplace({fact.left: fact.right})
        else:
            # numerator = a multiple of the divisor + remainder: an identity of polynomials
            rest = numerator(expression)
            generators = dict.fromkeys([*_atoms(fact.left), *_atoms(rest), *_atoms(fact.right)])
            expression = sympy.reduced(rest, [numerator(fact.excess)], *generators, order="lex")[1]
    return numerator(expression)


def _atoms(expression: Expr) -> list[Expr]:
    """The generators of a rational function: values of sequences, and symbols outside of these."""
    values = expression.atoms(AppliedUndef)
    outside = expression.xreplace({value: sympy.Integer(1) for value in values}).free_symbols
    return sorted(values | outside, key=str)


def _reciprocal(context: _Context, step: Reciprocal) -> Judged:
    fact = context.instance(step.fact)
    if fact.sign != ">":
        context.fail("a reciprocal needs something positive", fact)
    return _one(step.name, more(1 / fact.excess, 0))


def _goal(context: _Context, claim: Relation, steps: Iterable[Any], *assumptions: tuple[str, Relation]) -> int:
    """Prove a claim by steps under assumptions."""
    for name, assumption in assumptions:
        context.add(name, assumption)
    count = context.run(steps)
    context.demand(claim)
    return count


def _contradiction(context: _Context, step: Contradiction) -> Judged:
    claim = step.claim
    if claim.forall or claim.sign == "=":
        context.fail("only an inequality can be proved by contradiction", claim)
    context.both_defined(claim)
    negation = (more if claim.sign == ">=" else at_least)(claim.right, claim.left)
    return _one(step.name, claim, _goal(context, ABSURD, step.steps, (step.assume, negation)))


def _by_sign(context: _Context, step: BySign) -> Judged:
    if step.claim.forall:
        context.fail("ForAll or Induction is needed for", step.claim)
    context.both_defined(step.claim)
    cases = {
        "positive": (step.positive, more(step.expression, 0)),
        "zero": (step.zero, equal(step.expression, 0)),
        "negative": (step.negative, more(0, step.expression)),
    }
    count = sum(
        _goal(context.inside(case), step.claim, steps, (step.assume, assumption))
        for case, (steps, assumption) in cases.items()
    )
    return _one(step.name, step.claim, count)


def _body(claim: Relation) -> Relation:
    return Relation(claim.left, claim.sign, claim.right)


def _for_all(context: _Context, step: ForAll) -> Judged:
    context.fresh(step.claim.forall)
    return _one(step.name, step.claim, _goal(context, _body(step.claim), step.steps))


def _induction(context: _Context, step: Induction) -> Judged:
    claim, over = step.claim, step.over
    if over not in claim.forall:
        context.fail("induction over a symbol that is not bound", over)
    context.fresh(claim.forall)
    body = _body(claim)
    first, then = (replaced(body, {over: value}, {}) for value in (sympy.Integer(0), over + 1))
    count = _goal(context.inside("base"), first, step.base)
    count += _goal(context.inside("step"), then, step.step, (step.assume, body))
    return _one(step.name, claim, count)


_PROVED: dict[int, Lemma] = {}  # the lemma is kept, so that its id stays its own


def _apply(context: _Context, step: Apply) -> Judged:
    lemma = step.lemma
    if id(lemma) not in _PROVED:
        prove(lemma)
        _PROVED[id(lemma)] = lemma
    values = {key: sympy.sympify(value) for key, value in step.values.items() if not _is_sequence(key)}
    relations = [*lemma.hypotheses.values(), *lemma.conclusions.values()]
    functions = {key: _template(key, value, relations) for key, value in step.values.items() if _is_sequence(key)}
    bound = {symbol for relation in relations for symbol in relation.forall}
    for value in [*values.values(), *(body for _, body in functions.values())]:
        context.defined(value)
        if value.free_symbols & bound:
            context.fail("a bound symbol of the lemma is put in", value)
    for key, value in values.items():
        if not key.is_Symbol or key in bound or (is_natural(key) and not is_natural(value)):
            context.fail("only free symbols can be replaced, naturals by naturals", f"{key} by {value}")
    for name, hypothesis in lemma.hypotheses.items():
        context.inside(name).demand(replaced(hypothesis, values, functions))
    conclusions = {n: replaced(conclusion, values, functions) for n, conclusion in lemma.conclusions.items()}
    return 0, iter([(f"{step.name}.{name}", conclusion) for name, conclusion in conclusions.items()])


def _is_sequence(key: Expr) -> bool:
    return isinstance(key, sympy.core.function.UndefinedFunction)


def _template(sequence: Expr, function: Callable[..., Any], relations: list[Relation]) -> Template:
    """Call a function once, at placeholders: what it says of one place it says of all."""
    sides = (side for relation in relations for side in (relation.left, relation.right))
    found = (value for side in sides for value in side.atoms(AppliedUndef) if value.func == sequence)
    arity = next((len(value.args) for value in found), 1)
    places = tuple(sympy.Dummy(integer=True, nonnegative=True) for _ in range(arity))
    return places, sympy.sympify(function(*places))


_STEPS: dict[type, Callable[[_Context, Any], Judged]] = {
    Follows: _follows,
    Reciprocal: _reciprocal,
    Contradiction: _contradiction,
    BySign: _by_sign,
    ForAll: _for_all,
    Induction: _induction,
    Apply: _apply,
}

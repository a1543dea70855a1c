"""Lemmas with one thing changed, in the statement and wherever a step claims the same."""

from dataclasses import fields, replace

from proofs_checks.lemmas import Lemma, Relation

SUBPROOFS = ("steps", "base", "step", "positive", "zero", "negative")


def rewritten(steps, old, new):
    """The steps with a claim replaced, at any depth."""
    return tuple(_rewritten(step, old, new) for step in steps)


def _rewritten(step, old, new):
    changes = {}
    if getattr(step, "claim", None) == old:
        changes["claim"] = new
    elif getattr(step, "claim", None) == body(old):
        changes["claim"] = body(new)
    for field in fields(step):
        if field.name in SUBPROOFS and isinstance(getattr(step, field.name), tuple):
            changes[field.name] = rewritten(getattr(step, field.name), old, new)
    return replace(step, **changes)


def body(relation):
    return Relation(relation.left, relation.sign, relation.right)


def vary(lemma, hypotheses=None, conclusions=None, only=False) -> Lemma:
    """A lemma with hypotheses or conclusions replaced; None drops a hypothesis; `only` drops the other conclusions."""
    assumed = {**lemma.hypotheses, **(hypotheses or {})}
    concluded = {**({} if only else lemma.conclusions), **(conclusions or {})}
    steps = lemma.steps
    for name, new in (conclusions or {}).items():
        steps = rewritten(steps, lemma.conclusions[name], new)
    return replace(
        lemma,
        hypotheses={name: relation for name, relation in assumed.items() if relation is not None},
        conclusions=concluded,
        steps=steps,
    )


def stronger(relation):
    """Relations that say more than one: other constants, and a strict sign."""
    if relation.sign == "=":
        return [
            replace(relation, left=relation.left + 1),
            replace(relation, left=2 * relation.left + relation.right + 3),
        ]
    tighter = [replace(relation, right=relation.right + small) for small in (relation.right**2 + 1, 1)]
    return [replace(relation, sign=">"), *tighter] if relation.sign == ">=" else tighter


def all_steps(steps):
    """Every step at any depth."""
    for step in steps:
        yield step
        for field in fields(step):
            inner = getattr(step, field.name)
            if field.name in SUBPROOFS and isinstance(inner, tuple):
                yield from all_steps(inner)

"""Arguments that occur often, written out as steps; the kernel sees only the steps."""

from __future__ import annotations

from typing import Any

from proofs_checks.lemmas.relations import ABSURD, Relation, at_most, equal
from proofs_checks.lemmas.steps import At, BySign, Contradiction, Follows

__all__ = ["from_squares", "instance", "root_of_zero", "zero_between"]

Expr = Any


def from_squares(name: str, claim: Relation, *, squares: str, nonnegative: str) -> Contradiction:
    """Prove a >= b, or a > b, from the fact `squares`, a² >= b², or a² > b², and the fact `nonnegative`, a >= 0."""
    # If b - a >= 0 then (b-a)² + 2(b-a)a + (a²-b²) is no less than each of its terms; and it is zero.
    terms = (("suppose not", "suppose not"), (2, "suppose not", nonnegative), squares)
    return Contradiction(name, claim, (Follows(f"{name}: absurd", ABSURD, terms),))


def root_of_zero(name: str, expression: Expr, *, square: str, assume: str = "sign") -> BySign:
    """Prove e = 0 from the fact `square`, 0 >= e²."""
    absurd = (Follows(f"{name}: absurd", ABSURD, ((assume, assume), square)),)
    zero = (Follows(f"{name}: zero", equal(expression, 0), (assume,)),)
    return BySign(name, equal(expression, 0), expression, absurd, zero, absurd, assume)


def instance(name: str, fact: str, relation: Relation, *values: Expr) -> Follows:
    """Prove the instance of a fact that holds for all naturals; `relation` is that fact."""
    return Follows(name, relation.at(*values), (At(fact, *values),))


def zero_between(name: str, expression: Expr, *, above: str, below: str) -> tuple[Follows, BySign]:
    """Prove e = 0 from the facts `above`, 0 >= e, and `below`, e >= 0."""
    square = Follows(f"{name}: square", at_most(expression**2, 0), ((above, below),))
    return square, root_of_zero(name, expression, square=square.name)

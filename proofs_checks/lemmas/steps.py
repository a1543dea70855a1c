"""The vocabulary of proofs. `kernel` says when a step is accepted; everything else in this package only writes steps.

Each step has a name, under which what it proves can be used by the steps after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from proofs_checks.lemmas.relations import Relation

__all__ = ["Apply", "At", "BySign", "Contradiction", "Follows", "ForAll", "Induction", "Lemma", "Reciprocal", "Square"]

Expr = Any


@dataclass(frozen=True)
class Square:
    """The square of an expression, as a factor that is >= 0."""

    of: Expr


class At:
    """The instance of a fact that holds for all naturals of a kind, as a factor."""

    def __init__(self, fact: str, *values: Expr):
        self.fact = fact
        self.values = values


Factor = Any  # a name of a fact, At, Square, a positive number, a natural; any expression beside an equality
Term = Any  # a factor, or a tuple of them: their product


@dataclass(frozen=True)
class Follows:
    """`claim` because left - right is the sum of the terms; `where` names equalities that are used to replace.

    A term is a product of factors whose signs are known. The sum must be identical to left - right after the left side
    of each equality of `where` has been replaced by its right side. For a claim of equality every term must contain an
    equality, for a strict claim one term must be a product of things > 0.
    """

    name: str
    claim: Relation
    terms: tuple[Term, ...] = ()
    where: tuple[str | At, ...] = ()


@dataclass(frozen=True)
class Reciprocal:
    """From e > 0, the fact called `fact`, 1/e > 0."""

    name: str
    fact: str


@dataclass(frozen=True)
class Contradiction:
    """`claim`, as the steps lead from its negation, called `assume`, to 0 > 0. The claim is no equality."""

    name: str
    claim: Relation
    steps: tuple[Any, ...]
    assume: str = "suppose not"


@dataclass(frozen=True)
class BySign:
    """`claim`, as it follows if `expression` is positive, zero and negative; each of the three is called `assume`."""

    name: str
    claim: Relation
    expression: Expr
    positive: tuple[Any, ...]
    zero: tuple[Any, ...]
    negative: tuple[Any, ...]
    assume: str = "sign"


@dataclass(frozen=True)
class ForAll:
    """`claim` for all naturals, as the steps prove it for those of which nothing is assumed."""

    name: str
    claim: Relation
    steps: tuple[Any, ...]


@dataclass(frozen=True)
class Induction:
    """`claim` for all naturals: at `over` = 0 by `base`; at `over` + 1 by `step`, from the case `over`, `assume`."""

    name: str
    claim: Relation
    over: Expr
    base: tuple[Any, ...]
    step: tuple[Any, ...]
    assume: str = "hypothesis"


@dataclass(frozen=True)
class Apply:
    """The conclusions of a lemma with its symbols and sequences replaced; its hypotheses must be known facts.

    A conclusion called c there is called `name.c` here.
    """

    name: str
    lemma: Lemma
    values: Mapping[Expr, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Lemma:
    """A statement with a proof.

    Attributes:
        name: words joined by hyphens.
        statement: in words, one sentence, with the formulas of the page it comes from.
        source: the section of docs/theory.md, and the equation of the paper where there is one.
        hypotheses: what is assumed, by name.
        conclusions: what is proved, by name.
        steps: the proof.
    """

    name: str
    statement: str
    source: str
    hypotheses: Mapping[str, Relation]
    conclusions: Mapping[str, Relation]
    steps: tuple[Any, ...]

    def __post_init__(self) -> None:
        # a lemma that has been proved is applied elsewhere, and must not change in between
        object.__setattr__(self, "hypotheses", MappingProxyType(dict(self.hypotheses)))
        object.__setattr__(self, "conclusions", MappingProxyType(dict(self.conclusions)))

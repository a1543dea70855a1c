"""Relations between rational functions of real numbers: what lemmas assume and conclude.

Expressions are built from rational numbers, symbols and values of sequences such as z(n+1), by sums, products and
integer powers. On these sympy decides equality completely, which is why there are no roots: √2 is a symbol r with the
hypotheses r >= 0 and r² = 2. A symbol is a real number, and a *natural* symbol a natural number with 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy
from sympy.core.function import AppliedUndef

__all__ = [
    "ABSURD",
    "Relation",
    "Template",
    "at_least",
    "at_most",
    "equal",
    "is_natural",
    "less",
    "more",
    "naturals",
    "numerator",
    "reals",
    "replaced",
    "sequences",
    "vanishes",
]

Expr = Any  # sympy is untyped
Template = tuple[tuple[Expr, ...], Expr]  # a sequence as an expression of placeholders for its places


def reals(names: str) -> Any:
    """Return real symbols for names separated by spaces."""
    return sympy.symbols(names)


def naturals(names: str) -> Any:
    """Return symbols of natural numbers 0, 1, 2, ..."""
    return sympy.symbols(names, integer=True, nonnegative=True)


def sequences(names: str) -> Any:
    """Return functions of naturals with real values."""
    return sympy.symbols(names, cls=sympy.Function)


@dataclass(frozen=True)
class Relation:
    """`left sign right` for all values of the naturals `forall`; sign is one of =, >=, >."""

    left: Expr
    sign: str
    right: Expr
    forall: tuple[Expr, ...] = ()

    @property
    def excess(self) -> Expr:
        """The difference left - right, which is = 0, >= 0 or > 0."""
        return self.left - self.right

    @cached_property
    def free(self) -> set[Expr]:
        """The symbols that are not bound by `forall`."""
        return set((self.left.free_symbols | self.right.free_symbols) - set(self.forall))

    @property
    def functions(self) -> set[Expr]:
        """The sequences that occur."""
        return {value.func for side in (self.left, self.right) for value in side.atoms(AppliedUndef)}

    def at(self, *values: Expr) -> Relation:
        """Return the instance at the given naturals, one for each of `forall`, in order."""
        chosen = dict(zip(self.forall, map(sympy.sympify, values), strict=True))
        return Relation(self.left.xreplace(chosen), self.sign, self.right.xreplace(chosen))

    def implies(self, other: Relation) -> bool:
        """Whether `other` is this relation, or the same with a weaker sign."""
        if len(self.forall) != len(other.forall) or self.free != other.free:
            return False
        if not (self.sign == other.sign or other.sign == ">="):
            return False
        fresh = [sympy.Dummy(integer=True, nonnegative=True) for _ in self.forall]
        mine, others = self.at(*fresh).excess, other.at(*fresh).excess
        return vanishes(mine - others) or (self.sign == other.sign == "=" and vanishes(mine + others))

    def __str__(self) -> str:
        quantified = f" for all {', '.join(map(str, self.forall))}" if self.forall else ""
        return f"{self.left} {self.sign} {self.right}{quantified}"


def equal(left: Expr, right: Expr, *forall: Expr) -> Relation:
    """Return the relation left = right, for all values of some naturals."""
    return Relation(sympy.sympify(left), "=", sympy.sympify(right), forall)


def at_least(left: Expr, right: Expr, *forall: Expr) -> Relation:
    """Return the relation left >= right, for all values of some naturals."""
    return Relation(sympy.sympify(left), ">=", sympy.sympify(right), forall)


def more(left: Expr, right: Expr, *forall: Expr) -> Relation:
    """Return the relation left > right, for all values of some naturals."""
    return Relation(sympy.sympify(left), ">", sympy.sympify(right), forall)


def at_most(left: Expr, right: Expr, *forall: Expr) -> Relation:
    """Return the relation left <= right, for all values of some naturals."""
    return at_least(right, left, *forall)


def less(left: Expr, right: Expr, *forall: Expr) -> Relation:
    """Return the relation left < right, for all values of some naturals."""
    return more(right, left, *forall)


ABSURD = more(0, 0)


def is_natural(expression: Expr) -> bool:
    """Whether an expression is visibly a natural number: built from naturals by sums and products."""
    if expression.is_Symbol or expression.is_Integer:
        return bool(expression.is_integer and expression.is_nonnegative)
    return bool(expression.is_Add or expression.is_Mul) and all(map(is_natural, expression.args))


def foreign(expression: Expr) -> Expr | None:
    """Return a part of an expression that is none of what this module allows, or None."""
    if expression.is_Rational or expression.is_Symbol:
        return None
    parts: Iterable[Expr]
    if isinstance(expression, AppliedUndef):
        return next((argument for argument in expression.args if not is_natural(argument)), None)
    if expression.is_Add or expression.is_Mul:
        parts = expression.args
    elif expression.is_Pow and expression.exp.is_Integer:
        parts = [expression.base]
    else:
        return expression
    return next((found for found in map(foreign, parts) if found is not None), None)


def numerator(expression: Expr) -> Expr:
    """Return the expanded numerator over a common denominator: zero exactly if the rational function is."""
    if any(power.exp.is_negative for power in expression.atoms(sympy.Pow)):
        expression = sympy.fraction(sympy.together(expression))[0]
    return sympy.expand(expression)


def vanishes(expression: Expr) -> bool:
    """Whether a rational function is zero wherever its denominators are not."""
    return bool(numerator(expression) == 0)


def replaced(relation: Relation, values: Mapping[Expr, Expr], functions: Mapping[Expr, Template]) -> Relation:
    """Return the relation with symbols and sequences replaced, all at once; bound naturals stay."""

    def side(expression: Expr) -> Expr:
        # marks first, so that nothing that was put in is replaced again
        marks = {value: sympy.Dummy() for value in expression.atoms(AppliedUndef) if value.func in functions}
        into = {}
        for value, mark in marks.items():
            places, body = functions[value.func]
            arguments = [argument.xreplace(values) for argument in value.args]
            into[mark] = body.xreplace(dict(zip(places, arguments, strict=True)))
        return expression.xreplace(marks).xreplace(values).xreplace(into)

    return Relation(side(relation.left), relation.sign, side(relation.right), relation.forall)

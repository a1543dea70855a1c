"""Exact random values for the symbols and sequences of a lemma, that satisfy its hypotheses.

The values are found by reading each hypothesis as a rule for a symbol that has no value yet; what is left is chosen at
random, and samples that violate a hypothesis are thrown away. Roots need `given` values.
"""

from fractions import Fraction
from itertools import product
from random import Random

import sympy
from sympy.core.function import AppliedUndef

RANGE = range(4)  # naturals for which "for all" is evaluated


class Values:
    """Values of symbols and sequences; those without one get a random one when they are first asked for."""

    def __init__(self, random: Random, given=None):
        self.random = random
        self.symbols = {}
        self.rules = {}
        self.cache = {}
        for key, value in (given or {}).items():
            if callable(value):
                self.rules[str(key)] = [(None, value)]
            else:
                self.symbols[str(key)] = rational(value)

    def number(self):
        return Fraction(self.random.randint(-6, 6), self.random.randint(1, 4))

    def slack(self, sign):
        if sign == "=":
            return Fraction(0)
        small = Fraction(self.random.randint(1, 8), self.random.randint(1, 6))
        return small if sign == ">" else self.random.choice([Fraction(0), Fraction(0), small])

    def known(self, atom):
        if isinstance(atom, AppliedUndef):
            return atom.func.__name__ in self.rules
        return atom.is_integer or str(atom) in self.symbols

    def symbol(self, symbol):
        name = str(symbol)
        if name not in self.symbols:
            self.symbols[name] = Fraction(self.random.choice(RANGE)) if symbol.is_integer else self.number()
        return self.symbols[name]

    def sequence(self, name, places):
        if (name, places) not in self.cache:
            self.cache[name, places] = self.fresh(name, places)
        return self.cache[name, places]

    def fresh(self, name, places):
        for pattern, rule in self.rules.get(name, ()):
            if pattern is None:
                return rational(rule(*places))
            bound = match(pattern, places)
            if bound is not None:
                return rule(bound)
        return self.number()

    def at(self, expression, bound=None):
        """The value of an expression, a Fraction."""
        bound = bound or {}
        if expression.is_Rational:
            return Fraction(int(expression.p), int(expression.q))
        if expression.is_Symbol:
            return Fraction(bound[expression]) if expression in bound else self.symbol(expression)
        if isinstance(expression, AppliedUndef):
            return self.sequence(expression.func.__name__, tuple(int(self.at(a, bound)) for a in expression.args))
        parts = [self.at(a, bound) for a in expression.args]
        if expression.is_Pow:
            return parts[0] ** int(parts[1])
        value = parts[0]
        for part in parts[1:]:
            value = value + part if expression.is_Add else value * part
        return value

    def holds(self, relation):
        return all(self.holds_at(relation, bound) for bound in places(relation))

    def holds_at(self, relation, bound):
        left, right = self.at(relation.left, bound), self.at(relation.right, bound)
        return {"=": left == right, ">=": left >= right, ">": left > right}[relation.sign]

    def learn(self, relation):
        """Take a hypothesis as a rule for one side, if that has no value yet."""
        for atom, other, direction in ((relation.left, relation.right, 1), (relation.right, relation.left, -1)):
            if not (atom.is_Symbol or isinstance(atom, AppliedUndef)):
                continue
            if isinstance(atom, AppliedUndef):
                rules = self.rules.setdefault(atom.func.__name__, [])
                patterns = [pattern for pattern, _ in rules]
                if None in patterns or any(overlap(pattern, atom.args) for pattern in patterns):
                    continue
                rules.append((atom.args, self.rule(other, direction, relation.sign)))
                return
            if not self.known(atom):
                self.symbols[str(atom)] = self.at(other) + direction * self.slack(relation.sign)
                return

    def rule(self, other, direction, sign):
        return lambda bound: self.at(other, bound) + direction * self.slack(sign)


def rational(value):
    value = sympy.sympify(value)
    return Fraction(int(value.p), int(value.q))


def match(pattern, places):
    """Values of the naturals of a pattern such as (n+1,) or (0,) at given places, or None."""
    bound = {}
    for argument, place in zip(pattern, places, strict=True):
        rest = argument.as_coeff_Add()[0]
        names = argument.free_symbols
        if not names:
            if argument != place:
                return None
            continue
        if place < rest:
            return None
        bound[next(iter(names))] = place - int(rest)
    return bound


def overlap(one, other):
    """Whether two patterns can be about the same place; (0,) and (n+1,) cannot."""
    constants = [
        (a.as_coeff_Add()[0], bool(a.free_symbols), b.as_coeff_Add()[0], bool(b.free_symbols))
        for a, b in zip(one, other, strict=True)
    ]
    return all(not ((p < q and not v) or (q < p and not w) or (p != q and not v and not w)) for p, v, q, w in constants)


def places(relation):
    return [dict(zip(relation.forall, chosen, strict=True)) for chosen in product(RANGE, repeat=len(relation.forall))]


def sample(lemma, random, given=None, tries=10_000):
    """Values that satisfy every hypothesis, or None."""
    for _ in range(tries):
        values = Values(random, given(random) if given else None)
        try:
            for relation in lemma.hypotheses.values():
                values.learn(relation)
            if all(values.holds(relation) for relation in lemma.hypotheses.values()):
                return values
        except ZeroDivisionError:
            continue
    return None

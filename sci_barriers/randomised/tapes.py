"""Coin tapes: what a randomised algorithm draws from, and the tree of the coins that it really used.

A randomised algorithm is a distribution over deterministic ones, one for each tape. Its runs are the leaves of a tree
whose inner nodes are draws; a run that draws little stands, with its whole weight, for all tapes that begin alike.
Weights are integers, so that the weight of every leaf is an exact rational. See docs/randomised.md, "Coins".
"""

from __future__ import annotations

import contextlib
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import fmpq

from exact_base.errors import DataError, SciBarriersError
from exact_base.reprs import short_repr
from exact_base.scalars import as_rational, exact
from exact_base.words import counted
from sci_barriers.data.training_data import Stopped

__all__ = ["Draw", "SeededTape", "Tape", "Tree", "TreeTape"]

_MAX_WEIGHT_BITS = 4096


class Tape(ABC):
    """What a randomised algorithm is handed: coins on demand.

    Attributes:
        length: the number of draws after which the run is stopped.
        stopped: whether it was stopped.
    """

    def __init__(self, length: int) -> None:
        """Give at most `length` draws."""
        self.length, self.stopped = length, False
        self._drawn = 0

    def bit(self) -> int:
        """Return 0 or 1, each with probability 1/2."""
        return self._draw((1, 1))

    def choose(self, weights: Iterable[Any]) -> int:
        """Return the index i with probability proportional to `weights[i]`, exactly.

        Args:
            weights: rationals >= 0, not all zero: integers, fractions, or floats read as the dyadic numbers they are.

        Raises:
            DataError: for weights that are none.
        """
        integers = _integers(weights)
        positive = [index for index, weight in enumerate(integers) if weight]
        return positive[0] if len(positive) == 1 else self._draw(integers)

    def _draw(self, weights: tuple[int, ...]) -> int:
        if self._drawn >= self.length:
            self.stopped = True
            raise Stopped(f"it was stopped at coin {self.length + 1}, as its tapes have {counted(self.length, 'draw')}")
        self._drawn += 1
        return self._choose(weights)

    @abstractmethod
    def _choose(self, weights: tuple[int, ...]) -> int:
        """Return an index, for weights of which at least two are positive."""


def _integers(weights: Iterable[Any]) -> tuple[int, ...]:
    """Return weights over one denominator, in lowest terms."""
    values = tuple(weights)
    if all(type(value) is int for value in values):
        integers = list(values)
    else:
        rationals = [as_rational(exact(value)) for value in values]
        common = math.lcm(1, *(int(value.q) for value in rationals))
        integers = [int(value.p) * (common // int(value.q)) for value in rationals]
    divisor = math.gcd(*integers)
    if divisor == 0 or min(integers) < 0:
        raise DataError("a draw needs weights that are at least 0, not all of them 0")
    if sum(integers).bit_length() > _MAX_WEIGHT_BITS:
        raise DataError(f"weights over their common denominator must have at most {_MAX_WEIGHT_BITS} bits")
    return tuple(value // divisor for value in integers)


# --- one tape after the other ----------------------------------------------------------------------


@short_repr()
@dataclass(frozen=True)
class Draw:
    """A node of the tree and the branch taken: the weights, and the index that was returned."""

    weights: tuple[int, ...]
    choice: int

    def next(self) -> Draw | None:
        """Return the draw with the next possible choice, or None after the last."""
        later = (index for index in range(self.choice + 1, len(self.weights)) if self.weights[index])
        choice = next(later, None)
        return None if choice is None else Draw(self.weights, choice)

    @classmethod
    def first(cls, weights: Sequence[int]) -> Draw:
        """Return the draw with the first possible choice."""
        return cls(tuple(weights), next(index for index, weight in enumerate(weights) if weight))


class Tree:
    """The walk through the tree, depth first: the path from the root to the current run."""

    def __init__(self, path: Iterable[Draw] = ()) -> None:
        """Begin with the first run that starts with this path."""
        self.path = list(path)

    @property
    def weight(self) -> fmpq:
        """The probability of the draws on the path."""
        num, den = 1, 1
        for draw in self.path:
            num, den = num * draw.weights[draw.choice], den * sum(draw.weights)
        return fmpq(num, den)

    def grow(self, weights: Sequence[int]) -> int:
        """Add a draw that has not been seen, with its first choice, which is returned."""
        self.path.append(Draw.first(weights))
        return self.path[-1].choice

    def advance(self) -> bool:
        """Go to the next run; False if there is none."""
        while self.path:
            later = self.path.pop().next()
            if later is not None:
                self.path.append(later)
                return True
        return False


class NotAFunctionError(SciBarriersError):
    """An algorithm drew otherwise after the same coins: it is not a function of its tape."""


class TreeTape(Tape):
    """The tape of the current run of a tree, which grows where the run asks for more.

    A run elsewhere draws from a tape of its own along the same path; `told`, if given, is told the place and the
    weights of each draw that is not the known one there, and `take` is how the tape at home learns of it. What such a
    draw gives need not be asked for: it is the first possible choice.

    Attributes:
        consistent: False once the run has asked for another draw than the run before it at the same place.
    """

    def __init__(self, tree: Tree, *, length: int, told: Callable[[int, tuple[int, ...]], None] | None = None) -> None:
        """Follow `tree.path`."""
        super().__init__(length)
        self.consistent = True
        self._tree, self._told = tree, told

    @property
    def complete(self) -> bool:
        """Whether the run has made all draws of the path."""
        return self._drawn >= len(self._tree.path)

    @property
    def path(self) -> tuple[Draw, ...]:
        """The draws that are known."""
        return tuple(self._tree.path)

    def take(self, place: int, weights: tuple[int, ...] = ()) -> None:
        """Take it that the run has made the first `place` draws as they are known, and then one with these weights.

        Raises:
            DataError: if there can be no such draw.
        """
        if not self._drawn <= place <= len(self._tree.path):
            raise DataError("a draw comes after the draws before it")
        self._drawn = place
        if not weights:
            return
        if self.stopped or sum(weight > 0 for weight in weights) < 2 or _integers(weights) != weights:
            raise DataError("a draw needs two positive weights, in lowest terms, and a place on the tape")
        with contextlib.suppress(Stopped, NotAFunctionError):
            self._draw(weights)

    def tell(self) -> None:
        """Tell, at the end of the run, how many draws it has made."""
        if self._told is not None:
            self._told(self._drawn, ())

    def _draw(self, weights: tuple[int, ...]) -> int:
        path = self._tree.path
        known = self._drawn < len(path) and path[self._drawn].weights == weights
        if not known and not self.stopped and self._told is not None:
            self._told(self._drawn, weights)
        return super()._draw(weights)

    def _choose(self, weights: tuple[int, ...]) -> int:
        if self._drawn > len(self._tree.path):
            return self._tree.grow(weights)
        draw = self._tree.path[self._drawn - 1]
        if draw.weights != weights:
            self.consistent = False
            raise NotAFunctionError("it drew otherwise than before after the same coins")
        return draw.choice


class SeededTape(Tape):
    """A tape drawn from a numpy generator."""

    def __init__(self, generator: np.random.Generator, *, length: int) -> None:
        """Draw from `generator`."""
        super().__init__(length)
        self._generator = generator

    def _choose(self, weights: tuple[int, ...]) -> int:
        total = sum(weights)
        bits = (total - 1).bit_length()
        while True:  # uniform below a power of two, until it is below the total
            value = int.from_bytes(self._generator.bytes((bits + 7) // 8), "little") >> (-bits % 8)
            if value < total:
                break
        for index, weight in enumerate(weights):
            value -= weight
            if value < 0:
                return index
        raise DataError("no weight is left")

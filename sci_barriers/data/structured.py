"""Answers of inputs of the class: a transcript stores little of them, the rest is rebuilt from the class."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from flint import fmpq

from exact_base.rationals import sqrt_ceiling
from exact_base.reprs import short_repr, within
from exact_base.scalars import ExactArray
from sci_barriers.data.training_data import Triple
from sci_barriers.omega.families import Instance, OmegaClass
from sci_barriers.omega.nested import NestedTies

__all__ = ["ChainOracle", "CommonOracle", "InstanceOracle", "StructuredOracle", "StructuredRead"]


@short_repr()
@dataclass(frozen=True)
class StructuredRead:
    """What a transcript stores of one read: the rest of the triple is rebuilt from the class."""

    k: int
    n: int
    c: fmpq
    point: ExactArray


class StructuredOracle:
    """Answers for inputs of the class: a exactly, y exactly, a rational c_n, and a point x_n."""

    samples = 1

    def __init__(
        self, omega: OmegaClass, *, a: Sequence[fmpq], c: Callable[[int], fmpq], point: Callable[[int], ExactArray]
    ) -> None:
        """Answer precision n with c(n) and point(n); each answer is kept, so a repeated read repeats it."""
        self.omega, self.a, self._c, self._point = omega, tuple(a), c, point
        self._answers: dict[int, StructuredRead] = {}
        self.transcript: list[StructuredRead] = []

    def __repr__(self) -> str:
        """Say what it answers about, for the reports of failed tests."""
        start = f"<{type(self).__name__} of {self.omega}"
        return within(
            f"{start}, a = ({', '.join(map(str, self.a))})>",
            f"{start}>",
            f"<{type(self).__name__} of {self.omega.problem}>",
        )

    def recall(self, read: StructuredRead) -> None:
        """Answer this precision as it was answered before."""
        self._answers[read.n] = read

    def read(self, *, k: int, n: int) -> Triple:
        """Return the datum (k, n) and append it to `transcript`."""
        if n not in self._answers:
            self._answers[n] = StructuredRead(k, n, self._c(n), self._point(n))
        answer = self._answers[n]
        self.transcript.append(answer)
        return Triple(
            k=k,
            n=n,
            matrix=lambda: self.omega.matrix(self.a, answer.c),
            data=self.omega.data(),
            point=answer.point.copy(),
        )


class InstanceOracle(StructuredOracle):
    """An honest oracle of one instance: a and y exactly, c rounded up to 2^-n, the centroid of the minimisers.

    For the tie instance this is the *common oracle*: valid training data of the tie and, up to precision q, of every
    member of exponent q.
    """

    def __init__(self, instance: Instance) -> None:
        """Answer truthfully about `instance`."""
        centroid = instance.centroid()
        super().__init__(
            instance.omega,
            a=instance.a,
            c=lambda n: sqrt_ceiling(instance.c2, bits=n),
            point=lambda n: centroid,
        )


class CommonOracle(InstanceOracle):
    """The common oracle of a class."""

    def __init__(self, omega: OmegaClass, *, recorded: Iterable[StructuredRead] = ()) -> None:
        """Answer as the tie a = (β,..,β) of the family would, and what was recorded as it was."""
        super().__init__(omega.tie())
        for read in recorded:
            self.recall(read)


class ChainOracle:
    """Training data of an input with nested ties, which tell as late as they may that a column has fallen behind.

    Precision n is answered as by an honest oracle of the input on which the columns with exponents below n have fallen
    behind, and no others. So inputs whose first columns and exponents agree have the same data up to the next exponent.
    """

    samples = 1

    def __init__(
        self,
        nested: NestedTies,
        removed: Sequence[int],
        exponents: Sequence[int],
        *,
        recorded: Iterable[StructuredRead] = (),
    ) -> None:
        """Answer about `nested.instance(removed, exponents)`, and what was recorded as it was.

        Raises:
            UsageError: if there is no such input.
        """
        self.exponents = tuple(exponents)
        self._honest = [
            InstanceOracle(nested.instance(removed[:count], exponents[:count])) for count in range(len(removed) + 1)
        ]
        for read in recorded:
            self._at(read.n).recall(read)
        self._answers: dict[int, StructuredRead] = {}

    @property
    def transcript(self) -> list[StructuredRead]:
        """The answers that were given, each once."""
        return list(self._answers.values())

    def read(self, *, k: int, n: int) -> Triple:
        """Return the datum (k, n)."""
        honest = self._at(n)
        triple = honest.read(k=k, n=n)
        self._answers[n] = honest.transcript[-1]
        return triple

    def _at(self, n: int) -> InstanceOracle:
        return self._honest[sum(q < n for q in self.exponents)]

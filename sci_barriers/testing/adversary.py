"""What the fixture `sci_barrier` hands to a test: the adversary of one class, which remembers what it played."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from exact_base.reprs import short_repr
from exact_base.words import digits_reached
from sci_barriers.certificates.challenge import challenge_files
from sci_barriers.games.game import Challenge
from sci_barriers.games.game import challenge as play_challenge
from sci_barriers.omega.families import OmegaClass
from sci_barriers.solvers.loading import as_candidate
from sci_barriers.testing.assertions import require_barrier, require_control
from sci_barriers.testing.examples import Call

__all__ = ["Adversary"]


@short_repr()
@dataclass
class Adversary:
    """The adversary of a class Ω(K, L), for one test.

    Attributes:
        omega: the class.
        access: `query` or `stream`.
        precision: what a function f(A, y, lam) or an estimator reads to.
        played: every challenge so far, in order.

    >>> from sci_barriers.testing import Adversary
    >>> adversary = Adversary.create(problem="lasso", digits=3, rows=2, columns=3)
    >>> result = adversary("fista")
    >>> adversary.digits(result), sorted(adversary.certificates())
    (2, ['barrier', 'control'])
    """

    omega: OmegaClass
    access: str = "query"
    precision: int = 60
    played: list[Challenge] = field(default_factory=list)

    @classmethod
    def create(cls, *, access: str = "query", precision: int = 60, **arguments: Any) -> Adversary:
        """Make the adversary of `OmegaClass.create(**arguments)`."""
        return cls(OmegaClass.create(arguments.pop("problem"), **arguments), access, precision)

    def __call__(self, solver: Any, *, scaling: str | None = None) -> Challenge:
        """Challenge a solver; fail unless it is right on the control and the game is decided.

        Args:
            solver: as for `assert_digits`.
            scaling: objective of a function or estimator.

        Raises:
            AssertionError: as `assert_barrier` does.
        """
        __tracebackhide__ = True
        result = self.challenge(solver, scaling=scaling)
        require_barrier(result)
        require_control(result, Call(solver, scaling, self.access, self.precision))
        return result

    def challenge(self, solver: Any, *, scaling: str | None = None) -> Challenge:
        """Challenge a solver and demand nothing."""
        candidate = as_candidate(solver, problem=self.omega.problem, scaling=scaling)
        result = play_challenge(candidate, self.omega, access=self.access, precision=self.precision)
        self.played.append(result)
        return result

    @staticmethod
    def digits(result: Challenge) -> int | None:
        """Return the digits that a challenged solver reaches on every member its data belong to; None if undecided."""
        worst2 = result.game.worst2
        return None if worst2 is None else digits_reached(worst2)

    def certificates(self) -> dict[str, bytes]:
        """Return the certificates of everything played, by a name for each."""
        named = {}
        for number, result in enumerate(self.played, start=1):
            for part, content in challenge_files(result).items():
                named[part if len(self.played) == 1 else f"{number}.{part}"] = content
        return named

"""The adversary: run a candidate on the control and on the common oracle, and certify what follows.

Two columns of verdicts. *Control*: on a well-posed instance, in both orders of its columns, and in what problem it
solves, the solver is `ok` or `inaccurate`, a fact about this solver. *Game*: on the common oracle, `barrier` means that
an instance was constructed whose valid training data are exactly what was read and on which this output fails; a fact
about every algorithm with these reads. Anything else is `undecided`, which is also where every verdict starts. See
docs/theory.md, "K digits are impossible".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from flint import fmpq

from exact_base.errors import UsageError
from exact_base.rationals import power_of_ten
from exact_base.reprs import short_repr
from exact_base.scalars import as_rational, norm2
from exact_base.words import shown
from sci_barriers.data.structured import CommonOracle, InstanceOracle, StructuredOracle, StructuredRead
from sci_barriers.data.training_data import open_access
from sci_barriers.omega.distances import farthest_member
from sci_barriers.omega.distances import vertex_distance2 as _vertex_distance2
from sci_barriers.omega.families import MAX_PRECISION, Instance, OmegaClass
from sci_barriers.omega.known import known_of
from sci_barriers.players.algorithm import Player
from sci_barriers.players.running import Run
from sci_barriers.solvers.objective import ObjectiveFinding, find_objective, right_relatively

__all__ = [
    "Challenge",
    "ControlResult",
    "ControlRun",
    "GameResult",
    "Play",
    "challenge",
    "is_right",
    "play",
    "play_control",
    "play_game",
]

_MAX_TRANSCRIPT_BYTES = 48 << 20


@short_repr()
@dataclass(frozen=True)
class Play:
    """A candidate's run against one oracle.

    Attributes:
        omega: the class.
        access: `query` or `stream`.
        precision: what a one-shot solver was told to read to.
        transcript: the data read, in order.
        run: the output, or why there is none, and the warnings.
    """

    omega: OmegaClass
    access: str
    precision: int
    transcript: tuple[StructuredRead, ...]
    run: Run

    @property
    def max_precision(self) -> int:
        """The largest n read, 0 if nothing was read."""
        return max((read.n for read in self.transcript), default=0)

    @cached_property
    def obstacle(self) -> str:
        """Why nothing can be decided from this run, or an empty string."""
        if self.run.failure:
            return self.run.failure
        if not self.transcript:
            return "it read no training data, so there is nothing to certify"
        return self.excess

    @cached_property
    def excess(self) -> str:
        """Why no certificate holds what was read, or an empty string."""
        if sum(map(_written_bytes, self.transcript)) > _MAX_TRANSCRIPT_BYTES:
            return f"it read {len(self.transcript)} data, which is more than a certificate holds"
        return ""


@short_repr("certified")
@dataclass(frozen=True)
class ControlRun:
    """A run on the control instance, in one order of its columns.

    Attributes:
        play: the run.
        instance: the instance.
        distance2: exact squared distance from the output to the only minimiser; None if nothing can be decided.
    """

    play: Play
    instance: Instance
    distance2: fmpq | None

    @property
    def largest(self) -> int:
        """Which column is the largest, from 1."""
        return self.instance.argmax[0] + 1

    @property
    def within(self) -> bool:
        """Whether the absolute error is at most 10^-T."""
        return self.distance2 is not None and self.distance2 <= power_of_ten(-2 * self.play.omega.target_digits)

    @property
    def right(self) -> bool:
        """Whether the output is right: the absolute error is at most 10^-T, and the relative error as in `is_right`."""
        return self.distance2 is not None and is_right(self.instance, self.distance2)

    @property
    def certified(self) -> str:
        """The verdict of the certificate, on the absolute error alone: `ok`, `inaccurate` or `undecided`."""
        if self.distance2 is None:
            return "undecided"
        return "ok" if self.within else "inaccurate"


@short_repr("verdict")
@dataclass(frozen=True)
class ControlResult:
    """The control column.

    Attributes:
        first: the run on the instance whose first column is the largest, the one that a certificate can hold.
        last: the run with the columns in the other order; None if there was no answer on the first.
        objective: what the solver minimises; None if it has no scaling to test, or gave no answer.
    """

    first: ControlRun
    last: ControlRun | None = None
    objective: ObjectiveFinding | None = None

    @property
    def runs(self) -> tuple[ControlRun, ...]:
        """The runs that were made."""
        return (self.first,) if self.last is None else (self.first, self.last)

    @property
    def worst(self) -> ControlRun:
        """The run that counts: one without an answer, else the one with the larger error."""
        undecided = next((run for run in self.runs if run.distance2 is None), None)
        return undecided or max(self.runs, key=lambda run: run.distance2 or fmpq(0))

    @property
    def verdict(self) -> str:
        """`ok` if all answers are right and the objective is the declared one; else `inaccurate` or `undecided`."""
        if self.worst.distance2 is None:
            return "undecided"
        if not all(run.right for run in self.runs):
            return "inaccurate"
        found = "declared" if self.objective is None else self.objective.verdict
        return {"declared": "ok", "undecided": "undecided"}.get(found, "inaccurate")


@short_repr()
@dataclass(frozen=True)
class GameResult:
    """The game column: `barrier` or `undecided`.

    Attributes:
        play: the run on the common oracle.
        verdict: the verdict.
        index: i of the member on which the output fails, from 1; 0 if undecided.
        exponent: q of that member; 0 if undecided.
        distance2: exact squared distance from the output to that member's minimiser.
        worst2: supremum of the squared distance over all members this transcript belongs to.
    """

    play: Play
    verdict: str
    index: int = 0
    exponent: int = 0
    distance2: fmpq | None = None
    worst2: fmpq | None = None

    @property
    def member(self) -> Instance:
        """The instance on which the output fails."""
        return self.play.omega.member(i=self.index, q=self.exponent)


@short_repr()
@dataclass(frozen=True)
class Challenge:
    """Both columns for one candidate."""

    candidate: Player
    control: ControlResult
    game: GameResult


def play(
    candidate: Player,
    omega: OmegaClass,
    oracle: StructuredOracle,
    *,
    access: str = "query",
    precision: int = 60,
    limit: int | None = None,
) -> Play:
    """Run a candidate against an oracle of the class and keep the transcript; `limit` as in `TrainingData`.

    Raises:
        UsageError: for an unknown access model or a precision outside 1..10^6.
    """
    if type(precision) is not int or not 1 <= precision <= MAX_PRECISION:
        raise UsageError(f"the precision must be an integer between 1 and {MAX_PRECISION}, got {shown(precision)}")
    oracle.transcript.clear()
    data = open_access(access, known_of(omega, precision=precision), oracle, limit=limit)
    outcome = candidate.run(data)
    # threads of a candidate in this process may have read at the same time
    return Play(omega, access, precision, tuple(oracle.transcript[:limit]), outcome)


def is_right(instance: Instance, distance2: fmpq) -> bool:
    """Decide whether an error is right: at most 10^-T, and at most 10^-2 of the minimiser's length.

    The minimisers of the class are about 1.5·10^-T long, so the absolute error alone would let pass nearly all of one.

    Args:
        instance: the instance, which has one minimiser.
        distance2: the squared distance to it.
    """
    absolute = distance2 <= power_of_ten(-2 * instance.omega.target_digits)
    return bool(absolute and right_relatively(distance2, instance.height**2))


def play_control(
    candidate: Player,
    omega: OmegaClass,
    *,
    access: str = "query",
    precision: int = 60,
    objective: ObjectiveFinding | None = None,
) -> ControlResult:
    """Run a candidate on the well-posed control instance of a class, in both orders, and judge its answers exactly.

    Args:
        candidate: the solver.
        omega: the class.
        access: `query` or `stream`.
        precision: what a one-shot solver reads to.
        objective: what the solver minimises, if that is known; else it is found out, if there is anything to find.
    """
    first = _control_run(candidate, omega.control(), access=access, precision=precision)
    return _completed(first, candidate, objective)


def _control_run(candidate: Player, instance: Instance, *, access: str, precision: int) -> ControlRun:
    outcome = play(candidate, instance.omega, InstanceOracle(instance), access=access, precision=precision)
    output = None if outcome.obstacle else outcome.run.output
    return ControlRun(outcome, instance, None if output is None else instance.distance2(output))


def _completed(first: ControlRun, candidate: Player, objective: ObjectiveFinding | None) -> ControlResult:
    """Add the other order and the objective, unless there was no answer on the first."""
    if first.distance2 is None:
        return ControlResult(first)
    played = first.play
    instance = played.omega.control(last=True)
    last = _control_run(candidate, instance, access=played.access, precision=played.precision)
    return ControlResult(first, last, objective or find_objective(candidate, played.omega.problem))


def play_game(candidate: Player, omega: OmegaClass, *, access: str = "query", precision: int = 60) -> GameResult:
    """Run a candidate on the common oracle and construct the member on which its answer fails.

    Raises:
        BudgetError: if no member is far from the answer; the inequalities of the class exclude this.
    """
    outcome = play(candidate, omega, CommonOracle(omega), access=access, precision=precision)
    if outcome.obstacle or outcome.run.output is None:
        return GameResult(outcome, "undecided")
    output = outcome.run.output
    exponent = max(omega.q0, outcome.max_precision)
    index, distance2 = farthest_member(output, omega, exponent)
    size2 = as_rational(norm2(output))
    # the distance is convex in the height, so its supremum over the levels the data belong to is at one of the two ends
    ends = (omega.height(omega.base), omega.member(i=1, q=omega.least_exponent(outcome.max_precision)).height)
    worst2 = max(_vertex_distance2(output, i, height=end, size2=size2) for i in range(omega.ties) for end in ends)
    if omega.family == "strong":
        worst2 = max(worst2, omega.tie().distance2(output))
    return GameResult(outcome, "barrier", index, exponent, distance2, worst2)


def challenge(candidate: Player, omega: OmegaClass, *, access: str = "query", precision: int = 60) -> Challenge:
    """Play both columns; the two runs that certificates hold come first.

    >>> from sci_barriers import Candidate, OmegaClass, challenge, sequential_algorithm
    >>> answer = sequential_algorithm(lambda data: data.read(k=1, n=30).point)
    >>> omega = OmegaClass.create("lasso", digits=6, rows=2, columns=3)
    >>> found = challenge(Candidate("mine", answer), omega)
    >>> found.control.verdict, found.game.verdict
    ('ok', 'barrier')
    """
    first = _control_run(candidate, omega.control(), access=access, precision=precision)
    game = play_game(candidate, omega, access=access, precision=precision)
    return Challenge(candidate, _completed(first, candidate, None), game)


def _written_bytes(read: StructuredRead) -> int:
    """Bound from above what one read takes in a certificate."""
    numbers = [read.c, *(entry for entry in read.point if entry)]
    return 100 + sum(40 + (int(v.p).bit_length() + int(v.q).bit_length()) // 4 for v in numbers)


# --- facts worth reporting -------------------------------------------------------------------------

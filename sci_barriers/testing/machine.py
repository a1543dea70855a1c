"""A state machine whose rules are the reads, for oracles and for algorithms that read adaptively (docs/testing.md)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from exact_base.errors import SolverError
from exact_base.words import counted
from sci_barriers.data.training_data import Oracle, QueryAccess, StreamAccess, Triple, open_access
from sci_barriers.testing.assertions import SolverAnswer, answer, assert_valid_training_data, require_digits
from sci_barriers.testing.data_strategies import oracles, precisions
from sci_barriers.testing.examples import short_vector
from sci_barriers.testing.known import KnownProblem
from sci_barriers.testing.problem_strategies import known_problems

__all__ = ["reading_machine"]

MakeOracle = Callable[[KnownProblem], Oracle]


class _Recorder:
    """Passes reads on to an oracle; each new answer must be valid, and each repeated one the same as before."""

    def __init__(self, oracle: Oracle, known: KnownProblem, answers: dict[tuple[int, int], Triple]) -> None:
        """Share `answers` with the other recorders of the oracle."""
        self._oracle, self._known, self._answers = oracle, known, answers
        self.samples = oracle.samples
        self.reads: list[tuple[int, int]] = []
        self.unanswered = False
        self.fault: AssertionError | None = None

    def read(self, *, k: int, n: int) -> Triple:
        """Return the oracle's answer, checked."""
        try:
            triple = self._oracle.read(k=k, n=n)
        except SolverError:  # bpdn without a feasible point at this precision
            self.unanswered = True
            raise
        self.reads.append((k, n))
        try:
            self._check(triple, (k, n))
        except AssertionError as fault:  # an algorithm that runs in between might catch it
            self.fault = fault
            raise
        return triple

    def _check(self, triple: Triple, asked: tuple[int, int]) -> None:
        if (triple.k, triple.n) != asked:
            raise AssertionError(f"asked for (k, n) = {asked}, the oracle answered ({triple.k}, {triple.n})")
        first = self._answers.setdefault(asked, triple)
        if first is triple:
            assert_valid_training_data([triple], self._known)
        elif not _equal(first, triple):
            raise AssertionError(f"(k, n) = {asked} was answered in two ways")

    def require(self, reads: list[tuple[int, int]]) -> None:
        """Fail unless these are the reads that were made."""
        if self.fault is not None:
            raise self.fault
        if reads != self.reads:
            raise AssertionError(f"the reads {self.reads} were counted as {reads}")


def _equal(one: Triple, other: Triple) -> bool:
    return (one.k, one.n) == (other.k, other.n) and all(
        bool((a == b).all()) for a, b in ((one.matrix, other.matrix), (one.data, other.data), (one.point, other.point))
    )


def _shown(found: SolverAnswer) -> str:
    return "nothing" if found.run.output is None else short_vector(found.run.output)


def reading_machine(
    algorithm: Any = None,
    *,
    problems: st.SearchStrategy[KnownProblem] | None = None,
    oracle: MakeOracle | None = None,
    digits: int | None = None,
    scaling: str | None = None,
    access: str = "query",
    precision: int = 60,
) -> type[RuleBasedStateMachine]:
    """Return a state machine that reads, reads again, and runs the algorithm in between.

    After each read: the answer is valid training data of the true input, a repeated read is answered as before, and the
    reads are counted right. After each run of the algorithm: its reads are valid and counted, a second run on the same
    oracle reads and answers the same, and where `digits` are promised the output has them.

        TestPatient = reading_machine(patient, problems=class_problems("lasso"), digits=2).TestCase

    Args:
        algorithm: as for `assert_digits`; without one, only the oracle is tested.
        problems: what is drawn; `known_problems()` if not given.
        oracle: makes the oracle of a problem; exact, honest or noisy ones are drawn if not given.
        digits: what the algorithm promises on these problems.
        scaling: objective of a function f(A, y, lam) or an estimator.
        access: `query` or `stream`.
        precision: what a function or estimator reads to.

    >>> from hypothesis import settings
    >>> from hypothesis.stateful import run_state_machine_as_test
    >>> from sci_barriers.testing import class_problems, reading_machine
    >>> machine = reading_machine(problems=class_problems("lasso"))
    >>> run_state_machine_as_test(machine, settings=settings(max_examples=2, stateful_step_count=3))
    """
    drawn = known_problems() if problems is None else problems

    class ReadingMachine(RuleBasedStateMachine):
        triples = Bundle("triples")

        @initialize(known=drawn, data=st.data())
        def start(self, known: KnownProblem, data: st.DataObject) -> None:
            self.known = known
            self.oracle = data.draw(oracles(known), label="oracle") if oracle is None else oracle(known)
            self.answers: dict[tuple[int, int], Triple] = {}
            self.recorder = _Recorder(self.oracle, known, self.answers)
            self.data = open_access(access, known.known(precision=precision), self.recorder)

        @rule(target=triples, n=precisions())
        def read(self, n: int) -> Triple | MultipleResults[Triple]:
            try:
                return self.data.next()[0] if isinstance(self.data, StreamAccess) else self.data.read(n)
            except SolverError:
                return multiple()

        @precondition(lambda self: isinstance(self.data, QueryAccess))
        @rule(triple=triples)
        def read_again(self, triple: Triple) -> None:
            self.data.read_to(triple.n)

        @precondition(lambda self: algorithm is not None)
        @rule()
        def run_the_algorithm(self) -> None:
            first, second = self._run(), self._run()
            if first is None or second is None:
                return
            if first.reads != second.reads:
                raise AssertionError(f"on the same data it read {first.reads} first and then {second.reads}")
            if (first.run.output is None) != (second.run.output is None) or (
                first.run.output is not None and bool((first.run.output != second.run.output).any())
            ):
                raise AssertionError(f"on the same data it answered {_shown(first)} first, then {_shown(second)}")
            if digits is None and first.run.output is None:
                raise AssertionError(f"{first.candidate.name} gave no answer: {first.run.failure}")
            if digits is not None:
                require_digits(first, digits)

        def _run(self) -> SolverAnswer | None:
            recorder = _Recorder(self.oracle, self.known, self.answers)
            found = answer(algorithm, self.known, scaling=scaling, access=access, precision=precision, oracle=recorder)
            recorder.require(list(found.reads))
            return None if recorder.unanswered else found

        @invariant()
        def reads_are_counted(self) -> None:
            if hasattr(self, "data"):
                self.recorder.require(list(self.data.log))
                if self.data.count != len(self.recorder.reads):
                    raise AssertionError(f"{counted(len(self.recorder.reads), 'read')} counted as {self.data.count}")

    return ReadingMachine

"""Assertions for test suites: a failure says what is wrong in exact numbers and carries a certificate if it can."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from textwrap import indent
from typing import Any, TypeAlias

import numpy as np
from flint import fmpq

from exact_base.decimals import root_below
from exact_base.errors import DataError, UsageError
from exact_base.rationals import power_of_ten
from exact_base.reprs import short_repr
from exact_base.scalars import Real, imaginary_part
from exact_base.words import counted, digits_in_words, digits_reached
from sci_barriers.audit.claims import Audit, audit
from sci_barriers.audit.instances import BlockInstance, DenseInstance
from sci_barriers.certificates.barrier import barrier_certificate
from sci_barriers.certificates.claim_audit import audit_certificate
from sci_barriers.certificates.control import control_certificate
from sci_barriers.certificates.provenance import producer, provenance
from sci_barriers.data.inputs import Input
from sci_barriers.data.training_data import Oracle, Triple, open_access
from sci_barriers.data.validity import ValidTrainingData, check_training_data
from sci_barriers.games.game import Challenge, GameResult, challenge, play_game
from sci_barriers.games.words import control_words
from sci_barriers.omega.families import Instance, OmegaClass
from sci_barriers.players.algorithm import Player
from sci_barriers.players.running import Run
from sci_barriers.problems import Minimiser, Problem
from sci_barriers.problems.solve import solve_exactly
from sci_barriers.solvers.loading import as_candidate
from sci_barriers.testing.examples import Call, barrier_example, digits_example, short_vector, words_of
from sci_barriers.testing.known import KnownProblem, class_problem, solved

__all__ = [
    "CertifiedFailure",
    "SolverAnswer",
    "answer",
    "assert_barrier",
    "assert_certificate",
    "assert_digits",
    "assert_valid_training_data",
]

Solvable: TypeAlias = "KnownProblem | Problem | Instance"
PRECISIONS = (1, 2, 5, 10, 30, 60)


class CertifiedFailure(AssertionError):
    """A failed assertion with evidence that others can check, where there is a certificate for it.

    The message has short decimals, each rounded to the side that its sentence needs; `answer` has the exact numbers.

    Attributes:
        kind: the kind of the certificate, or an empty string.
        answer: what was answered on one problem, exactly; None for a class.
        example: Python code that makes the problem exactly and fails again; None for complex, irrational and very
            large problems, and for data from an oracle of one's own.
    """

    def __init__(
        self,
        message: str,
        *,
        kind: str = "",
        write: Callable[[], bytes] | None = None,
        answer: SolverAnswer | None = None,
        example: str | None = None,
    ) -> None:
        """Carry a function that writes the certificate when it is wanted."""
        indented = "" if example is None else f"\nreproduce with:\n{indent(example, '    ')}"
        super().__init__(message + indented)
        self.kind, self.answer, self.example, self._write = kind, answer, example, write

    @cached_property
    def certificate(self) -> bytes | None:
        """The bytes of the certificate, or None without one."""
        return None if self._write is None else self._write()


@short_repr()
@dataclass(frozen=True)
class SolverAnswer:
    """What a solver answered on a problem with known minimisers.

    Attributes:
        candidate: the solver.
        problem: the problem.
        run: the output, or why there is none, and the warnings.
        distance2: exact squared distance from the output to the set of minimisers; None without an output.
        reads: every (k, n) read, in order.
        call: how the solver was called.

    >>> from sci_barriers import Lasso
    >>> from sci_barriers.testing import answer
    >>> found = answer(lambda A, y, lam: y, Lasso([[1]], ["3/2"], parameter=1), scaling="stated")
    >>> found.distance2, found.reaches(0), found.reaches(1)
    (1/4, True, False)
    """

    candidate: Player
    problem: KnownProblem
    run: Run
    distance2: Real | None
    reads: tuple[tuple[int, int], ...]
    call: Call = field(repr=False)

    def reaches(self, digits: int) -> bool:
        """Decide exactly whether there is an output within 10^-digits of a minimiser."""
        return self.distance2 is not None and bool(self.distance2 <= power_of_ten(-2 * digits))


def answer(
    solver: Any,
    problem: Solvable,
    *,
    scaling: str | None = None,
    access: str = "query",
    precision: int = 60,
    oracle: Oracle | None = None,
) -> SolverAnswer:
    """Run a solver on a problem and measure exactly how far its output is from the minimisers.

    Args:
        solver: anything that `as_candidate` reads.
        problem: the problem; a `Problem` is solved exactly first, so it must be real and rational.
        scaling: objective of a solver f(A, y, lam) or an estimator: `stated`, `half` or `mean-half`.
        access: `query` or `stream`.
        precision: what a solver f(A, y, lam) reads to.
        oracle: where the training data come from; by default they are exact (`KnownProblem.oracle`).

    Raises:
        UsageError: for arguments that do not fit together, and for weights where the solver takes none.

    >>> from sci_barriers import Lasso
    >>> from sci_barriers.testing import answer
    >>> found = answer(lambda A, y, lam: y - lam / 2, Lasso([[1]], ["3/2"], parameter=1), scaling="stated")
    >>> found.distance2, found.reads
    (0, ((1, 60),))
    """
    known = _known(problem)
    candidate = as_candidate(solver, problem=known.problem.name, scaling=scaling)
    if not candidate.takes_weights and any(weight != 1 for weight in known.problem.weights):
        raise UsageError(f"{candidate.name} cannot be told the weights of this problem; draw problems without weights")
    data = open_access(access, known.known(precision=precision), known.oracle() if oracle is None else oracle)
    run = candidate.run(data)
    distance2 = None if run.output is None else known.distance2(run.output)
    call = Call(solver, scaling, access, precision, oracle is not None)
    return SolverAnswer(candidate, known, run, distance2, data.log, call)


def _known(problem: Solvable) -> KnownProblem:
    if isinstance(problem, KnownProblem):
        return problem
    if isinstance(problem, Instance):
        return class_problem(problem)
    if isinstance(problem, Problem):
        return solved(problem)
    raise UsageError(f"a KnownProblem, Problem, Instance or OmegaClass is needed, got {type(problem).__name__}")


def assert_digits(
    solver: Any,
    problem: Solvable | OmegaClass,
    digits: int,
    *,
    scaling: str | None = None,
    access: str = "query",
    precision: int = 60,
    oracle: Oracle | None = None,
) -> None:
    """Fail unless a solver reaches the digits: an error of at most 10^-digits, decided exactly.

    On one problem the error is the distance to the set of minimisers. On a class Ω(K, L) the adversary plays, and the
    error is the largest over all members of the class that the data read belong to; then K - 1 digits can be asked for,
    and K cannot be reached by anybody.

    Args:
        solver: a registered name, a function f(A, y, lam) -> x, an estimator, a cvxpy problem, an algorithm marked with
            `sequential_algorithm`, or a candidate.
        problem: a problem, or a class.
        digits: what the solver should reach.
        scaling: objective of a function or estimator: `stated`, `half` or `mean-half`.
        access: `query` or `stream`.
        precision: what a function or estimator reads to.
        oracle: where the training data come from, for one problem only; by default they are exact.

    Raises:
        CertifiedFailure: an AssertionError; with a certificate of kind `claim-audit` for a real problem with one
            minimiser and a real answer, and of kind `barrier` for a class.
        AssertionError: if nothing can be decided on a class, as it read nothing or gave no usable answer.
        UsageError: for arguments that do not fit together.

    >>> from sci_barriers import Lasso
    >>> from sci_barriers.testing import CertifiedFailure, assert_digits
    >>> problem = Lasso([[1]], ["3/2"], parameter=1)
    >>> assert_digits(lambda A, y, lam: y - lam / 2, problem, 10, scaling="stated")
    >>> try:
    ...     assert_digits(lambda A, y, lam: y, problem, 1, scaling="stated")
    ... except CertifiedFailure as failure:
    ...     print(failure.kind, failure.answer.distance2)
    claim-audit 1/4
    """
    __tracebackhide__ = True
    if isinstance(problem, OmegaClass):
        if oracle is not None:
            raise UsageError("the adversary brings its own oracle; leave it out")
        candidate = as_candidate(solver, problem=problem.problem, scaling=scaling)
        game = play_game(candidate, problem, access=access, precision=precision)
        _require_game(candidate, game)
        if game.worst2 is None or not game.worst2 <= power_of_ten(-2 * digits):
            raise _class_failure(candidate, game, digits, Call(solver, scaling, access, precision))
        return
    require_digits(answer(solver, problem, scaling=scaling, access=access, precision=precision, oracle=oracle), digits)


def require_digits(found: SolverAnswer, digits: int) -> None:
    """Fail unless there is an answer, within 10^-digits of a minimiser."""
    __tracebackhide__ = True
    if not found.reaches(digits):
        raise _failure(found, digits)  # in one place, so that hypothesis takes all of them for one failure


def _failure(found: SolverAnswer, digits: int) -> CertifiedFailure:
    name, problem, output = found.candidate.name, words_of(found.problem.problem), found.run.output
    example = digits_example(found.call, found.problem, digits)
    if found.distance2 is None or output is None:
        return CertifiedFailure(
            f"{name} gave no answer on {problem}: {found.run.failure}", answer=found, example=example
        )
    message = (
        f"{name} does not reach {counted(digits, 'digit')} of {problem}: it is "
        f"at least {root_below(found.distance2)} away from the nearest minimiser, more than 10^-{digits}\n"
        f"its answer is about {short_vector(output)}"
    )
    if not _can_be_audited(found):
        return CertifiedFailure(message, answer=found, example=example)
    write = partial(_audit_bytes, found, digits)
    return CertifiedFailure(message, kind="claim-audit", write=write, answer=found, example=example)


def _require_game(candidate: Player, game: GameResult) -> None:
    __tracebackhide__ = True
    if game.verdict != "barrier":
        raise AssertionError(f"nothing is decided about {candidate.name}: {game.play.obstacle}")


def _class_failure(candidate: Player, game: GameResult, digits: int, call: Call) -> CertifiedFailure:
    omega, member = game.play.omega, game.member
    reached, output = None if game.worst2 is None else digits_reached(game.worst2), game.play.run.output
    message = (
        f"{candidate.name} does not reach {counted(digits, 'digit')} on all of the class: what it read belongs to "
        "several inputs, "
        f"and on one of them, i = {game.index}, q = {game.exponent}, it is off by at least {_root(game.distance2)} "
        f"(relative {_root(game.distance2 / member.height**2 if game.distance2 is not None else None)}); it reaches "
        f"{digits_in_words(reached)}. {counted(omega.target_digits, 'digit is', 'digits are')} out of reach of every "
        "algorithm with these reads"
    )
    if output is not None:
        message += f"\nits answer is about {short_vector(output)}"

    def write() -> bytes:
        return barrier_certificate(game, provenance=provenance(candidate, game.play))

    return CertifiedFailure(message, kind="barrier", write=write, example=digits_example(call, omega, digits))


def _root(square: fmpq | None) -> str:
    return "?" if square is None else root_below(square)


def _can_be_audited(found: SolverAnswer) -> bool:
    known, output = found.problem, found.run.output
    real = known.problem.is_real and output is not None and all(imaginary_part(entry) == 0 for entry in output)
    return real and known.unique and known.minimiser.certainly_unique


def _audit_bytes(found: SolverAnswer, digits: int) -> bytes:
    """Write the certificate that the answer fails these digits."""
    instance, output = found.problem.instance, found.run.output
    if output is None:
        raise UsageError("without an answer there is nothing to certify")
    judged: BlockInstance | DenseInstance
    if instance is not None:
        omega = instance.omega
        judged = BlockInstance(
            problem=omega.problem,
            parameter=omega.parameter,
            rows=omega.rows,
            columns=omega.columns,
            row=np.array(instance.a, dtype=object),
        )
    else:
        judged = DenseInstance.of(found.problem.minimiser)
    claim = {"type": "fails", "point": "answer", "digits": digits}
    subject = Audit(found.candidate.name, judged, {"answer": judged.point(output)}, (claim,))
    made_by = producer() | {"solver": found.candidate.name, "versions": found.candidate.versions}
    return audit_certificate(audit(subject), provenance=made_by)


def assert_barrier(
    solver: Any,
    omega: OmegaClass,
    *,
    scaling: str | None = None,
    access: str = "query",
    precision: int = 60,
    control: bool = True,
) -> Challenge:
    """Challenge a solver, and fail unless it is right where it can be and the game is decided.

    Args:
        solver: as for `assert_digits`.
        omega: the class.
        scaling: objective of a function or estimator.
        access: `query` or `stream`.
        precision: what a function or estimator reads to.
        control: whether the solver must be right on the well-posed control instance, in both orders of its columns, to
            the digits of the class and to 2 relative digits, and must solve the problem of the class.

    Returns:
        Both columns, with the member on which the output fails and the digits that are reached.

    Raises:
        CertifiedFailure: with a certificate of kind `control`, if it is inaccurate on the control.
        AssertionError: if it gave no usable answer, or read nothing.

    >>> from sci_barriers import OmegaClass
    >>> from sci_barriers.testing import assert_barrier
    >>> assert_barrier("fista", OmegaClass.create("lasso", digits=3, rows=2, columns=3)).game.verdict
    'barrier'
    """
    __tracebackhide__ = True
    candidate = as_candidate(solver, problem=omega.problem, scaling=scaling)
    result = challenge(candidate, omega, access=access, precision=precision)
    require_barrier(result)
    if control:
        require_control(result, Call(solver, scaling, access, precision))
    return result


def require_barrier(result: Challenge) -> None:
    """Fail unless the game of a challenge is decided."""
    __tracebackhide__ = True
    _require_game(result.candidate, result.game)


def require_control(result: Challenge, call: Call) -> None:
    """Fail unless the control of a challenge, which was played as `call` says, is `ok`."""
    __tracebackhide__ = True
    name, played = result.candidate.name, result.control
    if played.verdict == "undecided":
        raise AssertionError(f"nothing is decided about {name} on the control: {control_words(played)}")
    if played.verdict != "ok":
        message = f"{name} is not right where it could be: {control_words(played)}"
        output, omega = played.worst.play.run.output, played.first.play.omega
        if output is not None:
            message += f"\nits answer is about {short_vector(output)}"

        def write() -> bytes:
            return control_certificate(played, provenance=provenance(result.candidate, played.first.play))

        raise CertifiedFailure(message, kind="control", write=write, example=barrier_example(call, omega))


def assert_valid_training_data(
    data: Oracle | Sequence[Triple],
    truth: KnownProblem | Instance | Input,
    *,
    precisions: Sequence[int] = PRECISIONS,
    minimise: Callable[[Problem], Minimiser] | None = None,
) -> ValidTrainingData:
    """Fail unless training data are valid (eqs 3-5 of the paper) for an input, decided exactly.

    Args:
        data: triples, or an oracle, which is asked for every sample at every precision, and a second time.
        truth: the input.
        precisions: what the oracle is asked for.
        minimise: finds a minimiser of (A_n, y_kn); needed for complex data unless A_n and y_kn are those of a
            `KnownProblem`.

    Returns:
        The triples with the minimisers that prove them valid, for `training_data_certificate`.

    Raises:
        AssertionError: naming (k, n) and the inequality that fails, or the answer that changed.
        BudgetError: if a comparison with enclosures is too close to be decided.

    >>> from hypothesis import Phase, find, settings
    >>> from sci_barriers.testing import assert_valid_training_data, well_posed
    >>> known = find(well_posed("lasso"), lambda known: True, settings=settings(phases=[Phase.generate]))
    >>> valid = assert_valid_training_data(known.oracle(), known, precisions=[1, 5])
    >>> valid.triples
    (<datum k = 1, n = 1: y = ['3/2'], x = [1]>, <datum k = 1, n = 5: y = ['3/2'], x = [1]>)
    """
    __tracebackhide__ = True
    known = class_problem(truth) if isinstance(truth, Instance) else truth
    given = known.input if isinstance(known, KnownProblem) else known
    if isinstance(data, Sequence):
        triples = list(data)
    else:
        asked = [(k, n) for n in precisions for k in range(1, data.samples + 1)]
        triples = [data.read(k=k, n=n) for k, n in [*asked, *asked]]
        for triple, (k, n) in zip(triples, [*asked, *asked], strict=True):
            if (triple.k, triple.n) != (k, n):
                raise AssertionError(f"asked for (k, n) = ({k}, {n}), the oracle answered ({triple.k}, {triple.n})")

    def solve(problem: Problem) -> Minimiser:
        if isinstance(known, KnownProblem) and _same(problem, known.problem):
            return known.minimiser
        return (minimise or solve_exactly)(problem)

    try:
        return check_training_data(given, triples, minimise=solve)
    except DataError as error:
        raise AssertionError(str(error)) from None


def _same(problem: Problem, other: Problem) -> bool:
    return bool((problem.matrix == other.matrix).all() and (problem.data == other.data).all())


def assert_certificate(path: str | os.PathLike[str], *, time_limit: float | None = None) -> str:
    """Fail unless the independent checker finds a certificate file or bundle valid; return what it proves, in words.

    The checker runs in a process of its own, `python -m proofs_checks verify`, and shares no code with the producers.

    Args:
        path: a `*.cert.json` file or a bundle.
        time_limit: seconds for each file; the checker's default if not given.

    Raises:
        AssertionError: with the checker's verdict and its reason.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from sci_barriers import Lasso, minimiser_certificate, solve_exactly
    >>> from sci_barriers.testing import assert_certificate
    >>> content = minimiser_certificate(solve_exactly(Lasso([[1]], ["3/2"], parameter=1)))
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "mine.cert.json")
    ...     _ = path.write_bytes(content)
    ...     words = assert_certificate(path)
    >>> words.splitlines()[1].strip()
    'The point x is a minimiser of the problem.'
    """
    __tracebackhide__ = True
    limit = [] if time_limit is None else ["--time-limit", str(time_limit)]
    command = [sys.executable, "-m", "proofs_checks", "verify", *limit, os.fspath(path)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        raise AssertionError(f"the checker does not accept {os.fspath(path)}:\n{(done.stdout + done.stderr).strip()}")
    return done.stdout

"""What problem does this solver solve? Its answers on small problems whose minimisers are known exactly.

A scaling that is declared wrongly, or another problem altogether, may pass an easy instance unnoticed. So the solver is
run on a few rational problems, the *battery*, and its answers are compared with the exact minimiser of everything that
a solver called with these arguments may minimise (`OBJECTIVES`). An objective *fits* if every answer is right to
`RELATIVE_DIGITS` relative digits, decided exactly. For any two objectives the balls of that radius around the
minimisers are disjoint on at least one of the problems where both have only one, which a test proves; so at most one
fits.

This is a finding about answers in floating point, and no proof of what the solver does elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from flint import arb, ctx, fmpq

from exact_base.errors import DataError, SolverError
from exact_base.rationals import power_of_ten
from exact_base.reprs import short_repr
from exact_base.scalars import ExactArray, Real, as_rational, ball, exact, exact_array, norm2
from sci_barriers.data.oracles import HonestOracle
from sci_barriers.data.training_data import QueryAccess
from sci_barriers.players.algorithm import UNDECLARED, Player, square_divisor
from sci_barriers.problems import Problem, problem_type
from sci_barriers.solvers.objectives import OBJECTIVES, Objective

__all__ = ["RELATIVE_DIGITS", "ObjectiveFinding", "Trial", "battery", "find_objective", "right_relatively"]

RELATIVE_DIGITS = 2
"""An answer z is called right, here and on the control, only if ‖z - x‖ <= 10^-2·‖x‖ for the only minimiser x."""

_BITS = 256

# A, y and the parameter; fewer rows than columns, as many, and more. The minimisers have entries of both signs, and are
# unique, also where the parameter is doubled or halved.
_DATA: dict[str, list[tuple[list[list[int]], list[int], str]]] = {
    "lasso": [
        ([[-1, 1, -3], [0, -3, 3]], [-7, 9], "3"),
        ([[-3, -2, 1, -4, -1], [-2, -2, -2, 3, 3], [4, -3, 0, 3, -2]], [-5, -8, 2], "3"),
        ([[3, -1, 2], [2, 1, 3], [-1, -3, -4]], [6, -4, 6], "3"),
        ([[-2, -4, -3], [0, 3, 0], [4, -2, 0], [1, 1, 3]], [-1, 3, 0, -8], "3"),
    ],
    "sqrt-lasso": [
        ([[4, 1, 3, -4], [4, -1, 2, -3], [4, -3, 3, -3]], [-4, -3, -9], "3/2"),
        ([[-2, 1, -3, -1, -4], [2, 0, 1, -3, -4], [-1, 1, -2, 1, -1]], [5, 8, 2], "1"),
        ([[-4, -3, 0], [0, 0, 1], [4, 4, 4]], [4, 7, 9], "1/2"),
        ([[-3, -3, 1], [3, 0, 4], [1, 3, 2], [-3, -1, -3]], [9, 4, 7, -4], "1"),
    ],
    "bpdn": [
        ([[-4, 0, -3], [2, 1, -3]], [2, -5], "1"),
        ([[2, 0, -3, 0, -2], [3, 1, 3, -1, 4], [1, -4, 1, -2, 2]], [3, 0, 0], "1/2"),
        ([[1, -4, -2], [-1, 0, -1], [4, -3, 2]], [6, -1, 7], "1"),
        ([[4, 2, 0], [-1, 1, 4], [4, 4, -1], [0, -4, -3]], [-1, 3, -4, -1], "2"),
    ],
}


def right_relatively(distance2: Real, size2: Real) -> bool:
    """Decide exactly whether an error is at most 10^-2 of a size, both given by their squares."""
    return bool(distance2 <= size2 * power_of_ten(-2 * RELATIVE_DIGITS))


@short_repr()
@dataclass(frozen=True, eq=False)
class Trial:
    """One problem of the battery; its weights are 1."""

    problem: Problem

    def data(self) -> QueryAccess:
        """Return its training data, which are exact."""
        problem = self.problem
        oracle = HonestOracle(problem.matrix, [problem.data], problem=problem.name, parameter=problem.parameter)
        return QueryAccess(oracle.input.known(), oracle)

    def minimiser(self, objective: Objective, *, scaling: str) -> ExactArray | None:
        """Return the only minimiser of an objective that is called with λ as `scaling` has it; None without one."""
        return _minimiser(self, objective, scaling)

    def size2(self, minimiser: ExactArray) -> Real:
        """Return the squared length that an error is compared with: the minimiser's, or the stated one's if it is 0."""
        size2 = norm2(minimiser)
        return self._stated2 if size2 == 0 else size2

    @cached_property
    def _stated2(self) -> Real:
        problem = self.problem
        stated = self.minimiser(next(o for o in OBJECTIVES if o.problem == problem.name), scaling="stated")
        if stated is None or norm2(stated) == 0:
            raise SolverError(f"the trial {self} says nothing: its minimiser is 0, or not the only one")
        return norm2(stated)

    def __str__(self) -> str:
        """Name it by its size and parameter."""
        problem = self.problem
        return f"{problem.rows} x {problem.columns}, {problem.parameter_symbol} = {problem.parameter}"


@lru_cache(maxsize=1024)
def _minimiser(trial: Trial, objective: Objective, scaling: str) -> ExactArray | None:
    problem = trial.problem
    lam = problem.parameter / square_divisor(scaling, rows=problem.rows)
    try:
        return objective.minimise(problem.matrix, problem.data, lam)
    except (DataError, SolverError):
        return None


@lru_cache
def battery(problem: str) -> tuple[Trial, ...]:
    """Return the trials of a problem: as the table has them, then reversed in the columns with twice and half of λ."""
    found = []
    for rows, right, parameter in _DATA[problem]:
        matrix, backwards, value = exact_array(rows), exact_array(rows)[:, ::-1], as_rational(exact(parameter))
        for columns, factor in ((matrix, fmpq(1)), (backwards, fmpq(2)), (backwards, fmpq(1, 2))):
            found.append(Trial(problem_type(problem)(columns, right, parameter=value * factor)))
    return tuple(found)


# --- the finding ------------------------------------------------------------------------------------


@short_repr()
@dataclass(frozen=True)
class ObjectiveFinding:
    """What a solver minimises, as far as its answers or its parameters tell.

    Attributes:
        problem: the problem it should solve.
        declared: the scaling it was called with, or `UNDECLARED`.
        fits: the objective that fits its answers, or None.
        parameters: what its parameters say it minimises instead; then it was not run.
        errors: for each objective that was compared, the largest relative error, as a ball, on the trials where it
            has one minimiser; infinite if there are none. Only the declared one, if it fits.
        failure: why there are no answers, or an empty string.
    """

    problem: str
    declared: str
    fits: Objective | None = None
    parameters: str = ""
    errors: Mapping[Objective, arb] = field(default_factory=dict)
    failure: str = ""

    @property
    def verdict(self) -> str:
        """`declared`, `other scaling`, `other problem` or `undecided`."""
        if self.parameters:
            return "other problem"
        if self.fits is None:
            return "undecided"
        if self.fits.problem != self.problem:
            return "other problem"
        right = self.fits.scaling == ("stated" if self.declared == UNDECLARED else self.declared)
        return "declared" if right else "other scaling"

    @property
    def scaling(self) -> str:
        """The scaling that fits, or an empty string."""
        return self.fits.scaling if self.fits is not None and self.fits.problem == self.problem else ""

    @property
    def name(self) -> str:
        """What it minimises, in words; empty if undecided."""
        return self.parameters or (self.fits.name if self.fits is not None else "")


def find_objective(player: Player, problem: str) -> ObjectiveFinding | None:
    """Find out what a solver minimises; None if it has no scaling to test.

    It is run on the battery, in one process, with its own limits; the first run without an answer ends that.
    """
    declared = player.scaling
    if declared is None:
        return None
    if player.minimises:
        return ObjectiveFinding(problem, declared, parameters=player.minimises)
    answers: dict[Trial, ExactArray] = {}
    with player.in_one_process():
        for trial in battery(problem):
            run = player.run(trial.data())
            if run.output is None:
                return ObjectiveFinding(problem, declared, failure=f"on a small problem ({trial}) {run.failure}")
            answers[trial] = run.output
    errors: dict[Objective, arb] = {}
    fitting: list[Objective] = []
    # the declared one first: if it fits, no other does
    called = "stated" if declared == UNDECLARED else declared  # lam = λ in both cases
    for objective in sorted(OBJECTIVES, key=lambda o: (o.problem, o.scaling) != (problem, called)):
        fits, errors[objective] = _compare(objective, answers, called)
        if fits:
            fitting.append(objective)
            if (objective.problem, objective.scaling) == (problem, called):
                break
    named = {(objective.name, objective.scaling) for objective in fitting}
    return ObjectiveFinding(problem, declared, fits=fitting[0] if len(named) == 1 else None, errors=errors)


def _compare(objective: Objective, answers: Mapping[Trial, ExactArray], scaling: str) -> tuple[bool, arb]:
    """Decide whether all answers are right for an objective, where it has one minimiser; return the largest error."""
    points = {trial: trial.minimiser(objective, scaling=scaling) for trial in answers}
    compared = [(trial, answers[trial], point) for trial, point in points.items() if point is not None]
    if not compared:
        return False, arb("inf")
    fits, worst = True, arb(0)
    for trial, answer, minimiser in compared:
        distance2, size2 = norm2(answer - minimiser), trial.size2(minimiser)
        fits = fits and right_relatively(distance2, size2)
        with ctx.workprec(_BITS):  # in a quadratic field a small distance is a difference of large numbers
            worst = worst.max((ball(distance2).max(arb(0)) / ball(size2)).sqrt())
    return fits, worst

"""One cell of a survey: a solver, an instance, what came out, and the verdict on it.

A *member* cell puts the solver before an honest oracle of one member of the strong family, precise enough that the data
determine the answer: whoever is wrong here is wrong alone. The *control* and the *game* are those of `challenge`.
"""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from flint import fmpq

from exact_base.decimals import about, root_about
from exact_base.errors import UsageError
from exact_base.scalars import ExactArray
from exact_base.words import called, digits_reached, without_folders
from proofs_checks.certificate.reading import SciBarriersError
from sci_barriers.data.structured import InstanceOracle
from sci_barriers.games.game import is_right, play, play_control, play_game
from sci_barriers.games.words import control_words
from sci_barriers.isolation import IsolatedCandidate, Limits
from sci_barriers.omega.distances import float64_cannot_separate, objective_excess
from sci_barriers.omega.families import Instance, OmegaClass
from sci_barriers.players.algorithm import Player
from sci_barriers.players.running import Run
from sci_barriers.solvers.objective import ObjectiveFinding, find_objective
from sci_barriers.survey.versions import versions_of

__all__ = ["VERDICTS", "Cell", "CellOutcome", "run_cell"]

VERDICTS = {
    "right": "within 10^-K of the only minimiser, and right to 2 relative digits",
    "silently wrong": "wrong, without a warning, an error or a bad status",
    "warned": "wrong, and it said so: a warning, a message on standard error or a status of doubt",
    "float64-blind": "wrong, but float64 holds both columns as one number: this is about the numbers, not the solver",
    "failed": "no answer: it raised, crashed, timed out or answered something unusable",
    "undecided": "nothing could be decided",
    "ok": "control: right, as above, on a well-posed instance in both orders of its columns, and in what it minimises",
    "inaccurate": "control: not right on a well-posed instance in one order of its columns, or solves another problem",
    "barrier": "common oracle: no algorithm reaches K digits from what was read, so this is no fault of the solver",
}

CellOutcome = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """Everything that a result depends on.

    Attributes:
        solver: a registered name, package.module:attr or file.py:attr.
        scaling: the objective of an unregistered solver, or None.
        problem: the problem.
        digits: K.
        rows: m.
        columns: N.
        kind: `member`, `control` or `game`.
        n: a member's raised entry is α + 2^-n; 0 for the others.
        order: which column is the raised one, from 1; 0 for the others.
        precision: what a one-shot solver reads to, before it rounds to float64.
        seconds: the time limit of one call.
        versions: what the solver is made of.
    """

    solver: str
    scaling: str | None
    problem: str
    digits: int
    rows: int
    columns: int
    kind: str
    n: int
    order: int
    precision: int
    seconds: float
    versions: str

    @property
    def name(self) -> str:
        """How the solver is called in the ledger and the reports, which say nothing of the folders of a machine."""
        return called(self.solver)

    @cached_property
    def inputs(self) -> str:
        """All of it, as canonical JSON."""
        return json.dumps(asdict(self) | {"solver": self.name}, sort_keys=True)

    @property
    def key(self) -> str:
        """What a ledger finds it by."""
        return sha256(self.inputs.encode()).hexdigest()

    @property
    def omega(self) -> OmegaClass:
        """The class the instance belongs to."""
        return OmegaClass.create(self.problem, digits=self.digits, rows=self.rows, columns=self.columns)


def run_cell(cell: Cell) -> CellOutcome:
    """Run the solver of a cell in a worker process and judge its answer; this is what is sent to other processes.

    Raises:
        UsageError: if this machine has other versions installed than the cell says.
    """
    here = versions_of(cell.solver)
    if here != cell.versions:
        raise UsageError(f"{cell.solver} was to be run with {cell.versions}, but here is {here}")
    try:
        player = _KEPT.player(cell)
    except UsageError as error:
        return {"verdict": "failed", "reason": without_folders(str(error)), "status": "not loaded"}
    try:
        return judge(cell, player, objective=_KEPT.objective(cell) if cell.kind == "control" else None)
    except SciBarriersError as error:
        return {"verdict": "undecided", "reason": without_folders(str(error))}


def judge(cell: Cell, player: Player, *, objective: ObjectiveFinding | None = None) -> CellOutcome:
    """Run a player on the instance of a cell and return a verdict with all that was observed, ready for JSON.

    Args:
        cell: the cell.
        player: its solver.
        objective: what the solver minimises, if that is known; for the control.
    """
    omega = cell.omega
    if cell.kind == "control":
        control = play_control(player, omega, precision=cell.precision, objective=objective)
        worst = control.worst
        outcome = _outcome(control.verdict, worst.play.obstacle, worst.play.run, worst.instance)
        outcome["words"] = control_words(control)
        if control.verdict == "undecided" and not outcome["reason"]:
            outcome["reason"] = outcome["words"]
        return outcome
    if cell.kind == "game":
        game = play_game(player, omega, precision=cell.precision)
        member = game.member if game.verdict == "barrier" else None
        outcome = _outcome(game.verdict, game.play.obstacle, game.play.run, member)
        if game.verdict == "barrier":
            outcome |= {"index": game.index, "exponent": game.exponent}
            outcome["float64_separates"] = not float64_cannot_separate(omega, game.exponent)
        return outcome
    instance = omega.member(i=cell.order, q=cell.n)
    run = play(player, omega, InstanceOracle(instance), precision=cell.precision).run
    separates = not float64_cannot_separate(omega, cell.n)
    outcome = _outcome(_member_verdict(instance, run, separates=separates), run.failure, run, instance)
    return outcome | {"float64_separates": separates}


def _member_verdict(instance: Instance, run: Run, *, separates: bool) -> str:
    if run.output is None:
        return "undecided"
    if is_right(instance, instance.distance2(run.output)):
        return "right"
    if not separates:
        return "float64-blind"
    return "silently wrong" if run.quiet else "warned"


def _outcome(verdict: str, reason: str, run: Run, instance: Instance | None) -> CellOutcome:
    outcome: CellOutcome = {
        "verdict": "failed" if run.failure else verdict,
        "reason": without_folders(reason),
        "status": run.status,
        "quiet": run.quiet,
        "warnings": [without_folders(line) for line in run.warnings],
        "solver_status": {without_folders(key): without_folders(text) for key, text in run.reported.items()},
        "standard_error": without_folders(run.errors),
        "notes": [without_folders(line) for line in run.notes],
        "took": f"{run.seconds:.6f}",
    }
    if instance is not None and run.output is not None:
        outcome |= _measures(instance, run.output)
    return outcome


def _measures(instance: Instance, output: ExactArray) -> CellOutcome:
    distance2: fmpq = instance.distance2(output)
    relative2 = distance2 / instance.height**2
    excess = objective_excess(instance, output)
    return {
        "distance": root_about(distance2),
        "distance_squared": str(distance2),
        "relative_error": root_about(relative2),
        "relative_digits": "all" if relative2 == 0 else digits_reached(relative2),
        "feasible": excess.feasible,
        "objective_excess": about(excess.value),
        "support": [i for i, entry in enumerate(output, start=1) if entry],
    }


class _Kept(threading.local):
    """The solver that this thread ran last, still loaded: a survey asks for the same one many times in a row."""

    def __init__(self) -> None:
        self._order: tuple[Any, ...] = ()
        self._refused = ""
        self._candidate: IsolatedCandidate | None = None
        self._objective: ObjectiveFinding | None = None
        self._sought = False

    def player(self, cell: Cell) -> IsolatedCandidate:
        """Return the solver of a cell; the one before is ended.

        Raises:
            UsageError: if it cannot be loaded; that is found out once.
        """
        order = (cell.solver, cell.scaling, cell.problem, cell.seconds)
        if order != self._order:
            if self._candidate is not None:
                self._candidate.close()
            self._order, self._refused, self._candidate = order, "", None
            self._objective, self._sought = None, False
            try:
                self._candidate = IsolatedCandidate(
                    cell.solver, problem=cell.problem, scaling=cell.scaling, limits=Limits(seconds=cell.seconds)
                )
            except SciBarriersError as error:
                self._refused = str(error)
        if self._candidate is None:
            raise UsageError(self._refused)
        return self._candidate

    def objective(self, cell: Cell) -> ObjectiveFinding | None:
        """Return what the solver of a cell minimises; that is found out once.

        Raises:
            UsageError: if it cannot be loaded.
        """
        player = self.player(cell)
        if not self._sought:
            self._objective, self._sought = find_objective(player, cell.problem), True
        return self._objective


_KEPT = _Kept()

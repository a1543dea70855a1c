"""The command `budget`."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Annotated, Any

import typer

from exact_base.answers import root_data
from exact_base.decimals import root_below
from exact_base.files import certificate_file
from exact_base.terminal import NOTHING, UNDECIDED, Answer, progress
from exact_base.text import slug
from exact_base.words import counted
from proofs_checks.certificate.reading import SUFFIX
from sci_barriers.certificates.budget import budget_certificate
from sci_barriers.certificates.provenance import provenance
from sci_barriers.commands.options import (
    AccessName,
    Digits,
    Disguise,
    InProcess,
    MemoryLimit,
    OutFile,
    Parameter,
    Precision,
    ProblemName,
    Scaling,
    Size,
    TimeLimit,
    limits_of,
    load_player,
    own_output,
)
from sci_barriers.commands.report import class_data, class_words, run_data
from sci_barriers.games.budget import BudgetResult, play_budget
from sci_barriers.omega.families import OmegaClass, check_budget
from sci_barriers.players.algorithm import Player
from sci_barriers.solvers.loading import check_target

__all__ = ["budget_command"]


def budget_command(
    solver: Annotated[str, typer.Argument(help="A registered name, package.module:attr or file.py:attr.")],
    problem: ProblemName,
    digits: Digits,
    reads: Annotated[int, typer.Option("--reads", help="M, the number of data that may be read.")],
    size: Size = (21, 22),
    access: AccessName = "query",
    precision: Precision = 60,
    parameter: Parameter = None,
    scaling: Scaling = None,
    disguise: Disguise = False,
    out: OutFile = None,
    time_limit: TimeLimit = None,
    memory_limit: MemoryLimit = None,
    in_process: InProcess = False,
) -> Answer:
    """Certify that a solver fails K - 1 digits or reads more than M data, on a member of the weak family."""
    omega = OmegaClass.create(
        problem,
        digits=digits,
        rows=size[0],
        columns=size[1],
        parameter=parameter,
        family="weak",
        disguise=disguise,
    )
    check_budget(omega, reads)
    check_target(solver, problem=problem, scaling=scaling)
    default = Path(f"{slug(solver)}.{problem}-K{digits}-M{reads}{SUFFIX}")
    target = certificate_file(default if out is None else out)
    limits = limits_of(time_limit, memory_limit, in_process=in_process)
    with own_output(kept=in_process), contextlib.ExitStack() as loaded, progress() as show:
        show(f"playing with {slug(solver)}")
        player = load_player(loaded, solver, problem, scaling, limits)
        result = play_budget(player, omega, budget=reads, access=access, precision=precision)
    lines = [
        class_words(omega, access=access, precision=precision),
        "",
        player.name,
        f"  budget    {result.verdict:<11} {_words(result)}",
        *(f"  note      {said}" for said in (*result.play.run.warnings, *result.play.run.notes)),
    ]
    data = _data(player, result)
    if result.verdict != "barrier":
        return Answer(data, [*lines, "", NOTHING], verdict=result.verdict, code=UNDECIDED)
    written = target.write(budget_certificate(result, provenance=provenance(player, result.play)))
    return Answer(data, lines, [written], verdict=result.verdict)


def _words(result: BudgetResult) -> str:
    """Return what was found in one sentence."""
    omega, q = result.play.omega, result.exponent
    data = counted(result.budget, "datum", "data")
    if result.verdict != "barrier":
        return result.reason
    if result.over_budget or result.distance2 is None:
        return (
            f"it reads more than {data}, on each of the {omega.ties} members (i, q = {q}): the reads up to number "
            f"{result.budget + 1} are valid training data of all of them"
        )
    count = len(result.play.transcript)
    read = counted(count, "datum", "data") if count else "nothing"
    digits = counted(omega.target_digits, "digit")
    return (
        f"it read {read}, within the budget of {data}, and fails {digits}: its answer is at least "
        f"{root_below(result.distance2)} away from the solution of member i = {result.index}, q = {q}, which has the "
        f"same training data. No algorithm has {digits} from these data on more than one of the {omega.ties} members "
        "of that level"
    )


def _data(player: Player, result: BudgetResult) -> dict[str, Any]:
    omega = result.play.omega
    return {
        "solver": player.name,
        "versions": player.versions,
        "conditions": dict(player.conditions),
        **class_data(omega),
        "access": result.play.access,
        "precision": result.play.precision,
        "budget": result.budget,
        "reason": result.reason,
        "over_budget": result.over_budget,
        "reads": len(result.play.transcript),
        "max_precision": result.play.max_precision,
        "index": result.index or None,
        "exponent": result.exponent or None,
        "distance": None if result.distance2 is None else root_data(result.distance2, side="below"),
        **run_data(result.play.run),
    }

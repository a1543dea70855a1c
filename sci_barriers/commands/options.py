"""What the commands that run a solver share: their options, the limits of its process, and who prints where."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Literal

import typer

from exact_base.errors import UsageError
from exact_base.terminal import progress
from sci_barriers.commands.report import objective_words
from sci_barriers.isolation import IsolatedCandidate, Limits
from sci_barriers.isolation.tapes import IsolatedRandomised
from sci_barriers.players.algorithm import SCALINGS, UNDECLARED, Player, check_scaling
from sci_barriers.randomised.loading import load_randomised
from sci_barriers.randomised.runs import RandomisedCandidate, RandomisedPlayer
from sci_barriers.solvers import REGISTRY, load_candidate
from sci_barriers.solvers.objective import find_objective

__all__ = [
    "AccessName",
    "AsJson",
    "Digits",
    "Disguise",
    "FamilyName",
    "InProcess",
    "MemoryLimit",
    "OutFile",
    "Parameter",
    "Precision",
    "ProblemName",
    "Scaling",
    "Size",
    "TimeLimit",
    "found_scaling",
    "limits_of",
    "load_player",
    "load_randomised_player",
    "own_output",
    "runs_on_terminal",
]

ProblemName = Annotated[Literal["bpdn", "lasso", "sqrt-lasso"], typer.Option("--problem", help="The problem to solve.")]
FamilyName = Annotated[Literal["strong", "weak"], typer.Option("--family", help="The family of the class.")]
AccessName = Annotated[
    Literal["query", "stream"],
    typer.Option("--access", help="How training data are read: any precision, or 1, 2, 3, ... in order."),
]
Digits = Annotated[int, typer.Option("--digits", help="K, the number of digits.")]
Size = Annotated[tuple[int, int], typer.Option("--size", help="The numbers m N of rows and columns, 1 <= m < N.")]
Precision = Annotated[int, typer.Option("--precision", help="Precision n that one-shot solvers read to.")]
Parameter = Annotated[
    str | None, typer.Option("--parameter", help="ε or λ, exactly, as 1/3 or 0.1. Default: 1/2, and 1 for sqrt-lasso.")
]
Scaling = Annotated[
    str | None, typer.Option("--scaling", help="Objective of an unregistered solver: stated, half, mean-half.")
]
Disguise = Annotated[bool, typer.Option("--disguise", help="Hide the block structure by a rational reflection.")]
OutFile = Annotated[
    Path | None, typer.Option("--out", help="FILE.json for the certificate. Default: a name made of the other options.")
]
TimeLimit = Annotated[
    float | None,
    typer.Option("--time-limit", help="Seconds for a call of a solver; to load it, 60 if that is more. Default: 60."),
]
MemoryLimit = Annotated[
    int | None, typer.Option("--memory-limit", help="MiB of address space a solver may take. Default: no limit.")
]
InProcess = Annotated[bool, typer.Option("--in-process", help="Run solvers in this process, without any protection.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@contextlib.contextmanager
def own_output(*, kept: bool) -> Iterator[None]:
    """Send what a solver in this process prints, from C too, to standard error: standard output is ours."""
    if not kept:
        yield
        return
    sys.stdout.flush()
    saved = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(saved, 1)
        os.close(saved)


def limits_of(
    time_limit: float | None, memory_limit: int | None, *, in_process: bool, isolated_only: bool = False
) -> Limits | None:
    """Return the limits of the worker processes, or None if there shall be none.

    Raises:
        UsageError: if limits are asked for where there is no process of its own.
    """
    if not in_process:
        return Limits(seconds=60.0 if time_limit is None else time_limit, memory_mib=memory_limit)
    if time_limit is not None or memory_limit is not None or isolated_only:
        raise UsageError("--in-process has no limits and no new processes; leave out the options that ask for them")
    return None


def load_player(
    loaded: contextlib.ExitStack,
    name: str,
    problem: str,
    scaling: str | None,
    limits: Limits | None,
    *,
    fresh: bool = False,
    repeat: bool = False,
) -> Player:
    """Load a solver, in a worker process if there are limits; `loaded` ends the process.

    Where no scaling is given and one is needed, it is found out by the solver's answers, and said on standard error.

    Raises:
        UsageError: for a scaling that is unknown, superfluous or not found, or if the solver cannot be loaded.
    """
    if scaling is not None:
        check_scaling(scaling, problem=problem)

    def load(place: contextlib.ExitStack, chosen: str | None) -> Player:
        if limits is None:
            return load_candidate(name, problem=problem, scaling=chosen)
        return place.enter_context(
            IsolatedCandidate(name, problem=problem, scaling=chosen, limits=limits, fresh=fresh, repeat=repeat)
        )

    if scaling is not None or name in REGISTRY:
        return load(loaded, scaling)
    with contextlib.ExitStack() as trial:
        player = load(trial, UNDECLARED)
        if player.scaling != UNDECLARED:
            loaded.push(trial.pop_all())
            return player
        scaling = found_scaling(player, problem)
    typer.echo(f"sci-barriers: the answers of {name} fit --scaling {scaling}, which is used", err=True)
    return load(loaded, scaling)


def found_scaling(player: Player, problem: str) -> str:
    """Return the scaling that fits the answers of a solver that declares none.

    Raises:
        UsageError: if none fits, with what was found instead.
    """
    finding = find_objective(player, problem)
    if finding is None or not finding.scaling:
        reason = "it has none" if finding is None else objective_words(finding)
        raise UsageError(
            f"{player.name} is not registered and the scaling of its objective cannot be found out: {reason}. If you "
            f"know it, give --scaling: {', '.join(SCALINGS)}"
        )
    return finding.scaling


def load_randomised_player(
    loaded: contextlib.ExitStack, name: str, problem: str, scaling: str | None, limits: Limits | None
) -> RandomisedPlayer:
    """Load a randomised algorithm, in a worker process if there are limits; `loaded` ends the process."""
    if limits is None:
        found = load_randomised(name, problem=problem, scaling=scaling)
        return RandomisedCandidate(found.name, found.algorithm, found.versions)
    return loaded.enter_context(IsolatedRandomised(name, problem=problem, scaling=scaling, limits=limits))


@contextlib.contextmanager
def runs_on_terminal(total: int) -> Iterator[Callable[[int], None]]:
    """Show on a terminal how many of at most `total` runs have been made."""
    with progress() as display:
        task = display.add_task("runs", total=total)

        def made(runs: int) -> None:
            if runs % 64 == 0:
                display.update(task, completed=runs)

        yield made

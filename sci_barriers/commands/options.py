"""What the commands share: their options, the limits of a solver's process, and who prints where."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import typer

from exact_base.errors import UsageError
from exact_base.terminal import note, progress, read_integers
from sci_barriers.isolation import IsolatedCandidate, Limits
from sci_barriers.isolation.process import missing_for_workers
from sci_barriers.isolation.tapes import IsolatedRandomised
from sci_barriers.omega.families import MAX_PRECISION, Instance, OmegaClass
from sci_barriers.players.algorithm import UNDECLARED, Player
from sci_barriers.randomised.loading import load_randomised
from sci_barriers.randomised.runs import RandomisedCandidate, RandomisedPlayer
from sci_barriers.solvers import REGISTRY, load_candidate
from sci_barriers.solvers.scaling import found_scaling

Name: TypeAlias = Literal["bpdn", "lasso", "sqrt-lasso"]
ProblemName = Annotated[Name, typer.Option("--problem", help="The problem to solve.")]
ProblemNames = Annotated[
    Literal["lasso", "sqrt-lasso", "bpdn", "all"], typer.Option("--problem", help="The problem; all three by default.")
]
FamilyName = Annotated[Literal["strong", "weak"], typer.Option("--family", help="The family of the class.")]
AccessName = Annotated[
    Literal["query", "stream"],
    typer.Option("--access", help="How training data are read: any precision, or 1, 2, 3, ... in order."),
]
Digits = Annotated[int, typer.Option("--digits", help="K, the number of digits.")]
Size = Annotated[tuple[int, int], typer.Option("--size", help="The numbers m N of rows and columns, 1 <= m < N.")]
GivenSize = Annotated[tuple[int, int] | None, typer.Option("--size", help="m N, with 1 <= m < N. Default: 21 22.")]
GivenFamily = Annotated[
    Literal["strong", "weak"] | None, typer.Option("--family", help="Family of the class. Default: strong.")
]
Member = Annotated[
    tuple[int, int] | None, typer.Option(metavar="I Q", help="Member (i, q) of the class. Default: the tie.")
]
Precision = Annotated[
    int, typer.Option("--precision", min=1, max=MAX_PRECISION, help="Precision n that one-shot solvers read to.")
]
Parameter = Annotated[
    str | None, typer.Option("--parameter", help="ε or λ, exactly, as 1/3 or 0.1. Default: 1/2, and 1 for sqrt-lasso.")
]
Scaling = Annotated[
    str | None, typer.Option("--scaling", help="Objective of an unregistered solver: stated, half, mean-half.")
]
Disguise = Annotated[bool, typer.Option("--disguise", help="Hide the block structure by a rational reflection.")]
OutFile = Annotated[
    Path | None,
    typer.Option("--out", help="NAME.cert.json for the certificate. Default: a name made of the other options."),
]
OutBundle = Annotated[
    Path | None, typer.Option("--out", help="Directory for the bundle of certificates. Default: print only.")
]
TimeLimit = Annotated[
    float | None,
    typer.Option("--time-limit", help="Seconds for a call of a solver; to load it, 60 if that is more. Default: 60."),
]
MemoryLimit = Annotated[
    int | None, typer.Option("--memory-limit", help="MiB of address space a solver may take. Default: no limit.")
]
InProcess = Annotated[bool, typer.Option("--in-process", help="Run solvers in this process, without any protection.")]


def positive(option: str, text: str) -> list[int]:
    """Read the different integers of an option, in order.

    Raises:
        UsageError: unless they are integers >= 1 with commas between them.
    """
    numbers = sorted(set(read_integers(option, text)))
    if numbers[0] < 1:
        raise UsageError(f"{option} must be positive, got {numbers[0]}")
    return numbers


def chosen_instance(omega: OmegaClass, member: tuple[int, int] | None) -> Instance:
    """Return the member (i, q) of a class, or its tie if none is named.

    Raises:
        UsageError: if there is no such member, or no tie.
    """
    if member is not None:
        return omega.member(i=member[0], q=member[1])
    if omega.family == "weak":
        raise UsageError(f"the weak family has no tie; name a member with --member I Q, with Q >= {omega.q0}")
    return omega.tie()


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
        UsageError: if limits are asked for where there is no process of its own, or if there can be none here.
    """
    if not in_process:
        if missing := missing_for_workers():
            raise UsageError(f"{missing}; run solvers in this process, with --in-process")
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
    note("sci-barriers", f"the answers of {name} fit --scaling {scaling}, which is used")
    return load(loaded, scaling)


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
    with progress() as show:

        def made(runs: int) -> None:
            if runs % 64 == 0:
                show("runs", runs, total)

        show("loading")
        yield made

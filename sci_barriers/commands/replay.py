"""The command `replay`."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Annotated

import typer

from exact_base.files import read_bytes
from exact_base.terminal import UNDECIDED, Answer, progress
from proofs_checks.certificate.reading import MalformedCertificate
from sci_barriers.commands.options import (
    InProcess,
    MemoryLimit,
    Scaling,
    TimeLimit,
    limits_of,
    load_player,
    load_randomised_player,
    own_output,
    runs_on_terminal,
)
from sci_barriers.games.recorded import Recorded, RecordedChain, RecordedRuns, read_recorded
from sci_barriers.games.replay import Replay, replay, replay_nested, replay_randomised
from sci_barriers.isolation import Limits
from sci_barriers.randomised.game import MAX_LEAVES
from sci_barriers.randomised.loading import check_randomised
from sci_barriers.solvers.loading import check_target

__all__ = ["replay_command"]


def replay_command(
    file: Annotated[
        Path, typer.Argument(help="A certificate of kind barrier, control, budget, randomised or nested-ties.")
    ],
    solver: Annotated[str, typer.Argument(help="The solver to re-run, named as for challenge.")],
    scaling: Scaling = None,
    time_limit: TimeLimit = None,
    memory_limit: MemoryLimit = None,
    in_process: InProcess = False,
) -> Answer:
    """Re-run a solver on the data a certificate records, with all tapes or seeds, and compare bit by bit."""
    limits = limits_of(time_limit, memory_limit, in_process=in_process)
    recorded = _recorded(file)
    check = check_target if isinstance(recorded, Recorded) else check_randomised
    problem = (recorded.nested.omega if isinstance(recorded, RecordedChain) else recorded.omega).problem
    check(solver, problem=problem, scaling=scaling)
    with own_output(kept=in_process), contextlib.ExitStack() as loaded:
        outcome = _replayed(loaded, recorded, (solver, problem, scaling, limits))
    lines = [
        f"{outcome.verdict}: {outcome.reason}",
        "This compares a run with the file, and says nothing of what the file claims.",
    ]
    code = {"same": 0, "different": 1, "undecided": UNDECIDED}[outcome.verdict]
    return Answer({"reason": outcome.reason}, lines, verdict=outcome.verdict, code=code, check=[file])


def _recorded(file: Path) -> Recorded | RecordedRuns | RecordedChain:
    data = read_bytes(file)
    try:
        return read_recorded(data)
    except MalformedCertificate as error:
        raise MalformedCertificate(f"{file}: {error}") from None


def _replayed(
    loaded: contextlib.ExitStack,
    recorded: Recorded | RecordedRuns | RecordedChain,
    solver: tuple[str, str, str | None, Limits | None],
) -> Replay:
    if isinstance(recorded, Recorded):
        with progress() as show:
            show("replaying")
            return replay(recorded, load_player(loaded, *solver))
    if isinstance(recorded, RecordedChain):
        with runs_on_terminal(MAX_LEAVES) as made:
            return replay_nested(recorded, load_randomised_player(loaded, *solver), progress=made)
    with runs_on_terminal(MAX_LEAVES if recorded.level is None else len(recorded.seeds)) as made:
        return replay_randomised(recorded, load_randomised_player(loaded, *solver), progress=made)

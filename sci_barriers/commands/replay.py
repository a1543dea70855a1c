"""The command `replay`."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Annotated

import typer

from exact_base.errors import UsageError
from exact_base.terminal import print_json, say
from proofs_checks.certificate import reading
from sci_barriers.commands.options import (
    AsJson,
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
from sci_barriers.games.recorded import Recorded, RecordedRuns, read_recorded
from sci_barriers.games.replay import Replay, replay, replay_randomised
from sci_barriers.isolation import Limits
from sci_barriers.randomised.game import MAX_LEAVES

__all__ = ["replay_command"]


def replay_command(
    file: Annotated[Path, typer.Argument(help="A certificate of kind barrier, control, budget or randomised.")],
    solver: Annotated[str, typer.Argument(help="The solver to re-run, named as for challenge.")],
    scaling: Scaling = None,
    time_limit: TimeLimit = None,
    memory_limit: MemoryLimit = None,
    in_process: InProcess = False,
    as_json: AsJson = False,
) -> None:
    """Re-run a solver on the data a certificate records, with all tapes or seeds, and compare bit by bit."""
    try:
        recorded = read_recorded(reading.read(file))
    except OSError as error:
        reason = "it is a directory; name a file in it" if file.is_dir() else error.strerror or error
        raise UsageError(f"cannot read {file}: {reason}") from None
    limits = limits_of(time_limit, memory_limit, in_process=in_process)
    with own_output(kept=in_process), contextlib.ExitStack() as loaded:
        outcome = _replayed(loaded, recorded, (solver, recorded.omega.problem, scaling, limits))
    check = f"proofs-checks verify {file}"
    if as_json:
        print_json({"verdict": outcome.verdict, "reason": outcome.reason, "check": check})
    else:
        say(f"{outcome.verdict}: {outcome.reason}")
        say(f"This compares a run with the file, and says nothing of what the file claims; check that with: {check}")
    raise typer.Exit({"same": 0, "different": 1, "undecided": 3}[outcome.verdict])


def _replayed(
    loaded: contextlib.ExitStack,
    recorded: Recorded | RecordedRuns,
    solver: tuple[str, str, str | None, Limits | None],
) -> Replay:
    if isinstance(recorded, Recorded):
        return replay(recorded, load_player(loaded, *solver))
    with runs_on_terminal(MAX_LEAVES if recorded.level is None else len(recorded.seeds)) as made:
        return replay_randomised(recorded, load_randomised_player(loaded, *solver), progress=made)

"""The command `challenge`."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from exact_base.errors import UsageError
from exact_base.terminal import print_json, progress, say, screen
from exact_base.text import slug
from sci_barriers.commands.options import (
    AccessName,
    AsJson,
    Digits,
    Disguise,
    FamilyName,
    InProcess,
    MemoryLimit,
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
from sci_barriers.commands.report import challenge_data, challenge_words, class_words
from sci_barriers.commands.writing import check_target, write_results
from sci_barriers.games.game import Challenge, challenge
from sci_barriers.omega.families import OmegaClass
from sci_barriers.players.algorithm import check_scaling
from sci_barriers.solvers import REGISTRY

__all__ = ["challenge_command"]


def challenge_command(
    solver: Annotated[list[str], typer.Argument(help="Registered names, package.module:attr or file.py:attr.")],
    problem: ProblemName,
    digits: Digits,
    size: Size = (21, 22),
    family: FamilyName = "strong",
    access: AccessName = "query",
    precision: Precision = 60,
    parameter: Parameter = None,
    scaling: Scaling = None,
    disguise: Disguise = False,
    out: Annotated[
        Path | None,
        typer.Option(
            help="FILE.json for one solver (the control goes beside it), or a directory. Default: PROBLEM-KDIGITS."
        ),
    ] = None,
    time_limit: TimeLimit = None,
    memory_limit: MemoryLimit = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="A new process for the control and the game each.")] = False,
    repeat: Annotated[
        bool, typer.Option("--repeat", help="Run every solver again in a new process on the same data, and compare.")
    ] = False,
    in_process: InProcess = False,
    as_json: AsJson = False,
) -> None:
    """Challenge solvers, and write a certificate for every verdict."""
    omega = OmegaClass.create(
        problem,
        digits=digits,
        rows=size[0],
        columns=size[1],
        parameter=parameter,
        family=family,
        disguise=disguise,
    )
    slugs = [slug(name) for name in solver]
    repeated = next((name for name in slugs if slugs.count(name) > 1), None)
    if repeated is not None:
        raise UsageError(
            f"two of the solvers would be written as {repeated!r}; challenge each only once, and such files apart"
        )
    target = out if out is not None else Path(f"{problem}-K{digits}")
    existed = check_target(target, solvers=len(solver))
    limits = limits_of(time_limit, memory_limit, in_process=in_process, isolated_only=fresh or repeat)
    if scaling is not None:
        check_scaling(scaling, problem=problem)
    if scaling is not None and all(name in REGISTRY for name in solver):
        raise UsageError("every solver here declares its own scaling; leave --scaling out")
    results: list[Challenge] = []
    with (
        own_output(kept=in_process),
        contextlib.ExitStack() as loaded,
        progress() as display,
    ):
        task = display.add_task("loading", total=len(solver))
        # all are loaded before the first is challenged, so that a mistake is known at once
        players = [
            load_player(
                loaded, name, problem, None if name in REGISTRY else scaling, limits, fresh=fresh, repeat=repeat
            )
            for name in solver
        ]
        for player in players:
            display.update(task, description=player.name)
            results.append(challenge(player, omega, access=access, precision=precision))
            display.advance(task)
    paths = write_results(target, results)
    if as_json:
        summary = {
            "problem": problem,
            "parameter": str(omega.parameter),
            "digits": digits,
            "rows": omega.rows,
            "columns": omega.columns,
            "family": omega.family,
            "disguise": disguise,
            "access": access,
            "precision": precision,
            "results": [challenge_data(result) for result in results],
            "certificates": [str(path) for path in paths],
        }
        print_json(summary)
    else:
        _print(results, paths, replaced=existed)
    undecided = any("undecided" in (r.control.verdict, r.game.verdict) for r in results)
    raise typer.Exit(3 if undecided else 0)


def _print(results: list[Challenge], paths: list[Path], *, replaced: bool) -> None:
    console = screen(soft_wrap=True)
    console.print(class_words(results[0].game.play))
    if len(results) == 1:
        say("")
        console.print(results[0].candidate.name, style="bold")
        for label, value, sentence in challenge_words(results[0]):
            console.print(f"  {label:<9} {value:<11} {sentence}")
    else:
        table = Table()
        for heading in ("solver", "control", "game", "digits on Ω", "relative error", "distance", "excess", "silent"):
            table.add_column(heading, overflow="fold")
        notes: list[str] = []
        for result in results:
            data = challenge_data(result)
            game = data["game"]
            silent = "yes" if data["silent"] else "no"
            cells = [_cell(game, key) for key in ("digits_on_class", "relative_error", "distance", "objective_excess")]
            table.add_row(data["solver"], data["control"]["verdict"], game["verdict"], *cells, silent)
            if data["objective"] is not None and data["objective"]["verdict"] != "declared":
                notes.append(f"{data['solver']}, objective: {data['objective']['words']}")
            notes += [
                f"{data['solver']}, {part}: {note}"
                for part in ("control", "game")
                for note in (data[part]["reason"], *data[part]["notes"])
                if note
            ]
        console.print(table)
        for note in notes:
            console.print(note)
    if paths:
        done = "replaced" if replaced else "written"
        say("", f"{done}: {' '.join(map(str, paths))}")
        console.print(f"check with: proofs-checks verify {' '.join(map(str, paths))}")
    else:
        say("", "nothing could be certified, so no file was written")


def _cell(game: dict[str, Any], key: str) -> str:
    if game["verdict"] != "barrier":
        return ""
    return "all" if game[key] is None else str(game[key])

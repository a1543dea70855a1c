"""The command `theorem2`."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Annotated

import typer

from exact_base.files import bundle_directory
from exact_base.terminal import NOTHING, UNDECIDED, Answer, Listing, progress
from proofs_checks.certificate.reading import SUFFIX
from sci_barriers.commands.options import (
    Disguise,
    InProcess,
    MemoryLimit,
    ProblemNames,
    Scaling,
    Size,
    TimeLimit,
    limits_of,
    load_player,
    own_output,
)
from sci_barriers.omega.union import OmegaUnion
from sci_barriers.problems import PROBLEMS
from sci_barriers.solvers.loading import check_target
from sci_barriers.theorem2.lines import Line, theorem2

__all__ = ["theorem2_command"]


def theorem2_command(
    digits: Annotated[int, typer.Option("--digits", min=3, help="K, the number of digits, at least 3.")],
    data: Annotated[
        int, typer.Option("--data", min=1, help="L: the data of statement 3, and the budget of statement 2.")
    ],
    out: Annotated[Path, typer.Option(help="Directory for the bundle.")],
    size: Size = (21, 22),
    problem: ProblemNames = "all",
    solver: Annotated[str, typer.Option(help="Who plays against the barriers, named as for challenge.")] = "exact",
    scaling: Scaling = None,
    disguise: Disguise = False,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the noisy data of statement 2.")] = 0,
    time_limit: TimeLimit = None,
    memory_limit: MemoryLimit = None,
    in_process: InProcess = False,
) -> Answer:
    """Certify all of Theorem 2, and Theorem 1, for one class: K digits, K-1, K-2, coins, the network that exists."""
    target = bundle_directory(out)
    limits = limits_of(time_limit, memory_limit, in_process=in_process)
    problems = tuple(PROBLEMS) if problem == "all" else (problem,)
    rows, columns = size
    for name in problems:  # out of range is out of range before a solver is loaded
        OmegaUnion.create(
            name, digits=digits, rows=rows, columns=columns, disguise=disguise, samples=1 if rows > 1 else 0
        )
        check_target(solver, problem=name, scaling=scaling)
    lines: list[Line] = []
    with own_output(kept=in_process), contextlib.ExitStack() as loaded, progress() as show:
        show("loading")
        for name in problems:
            player = load_player(loaded, solver, name, scaling, limits)
            chosen = {"digits": digits, "data": data, "rows": rows, "columns": columns, "seed": seed}
            for line in theorem2(player, name, disguise=disguise, **chosen):
                lines.append(line)
                show(f"{name}: {line.name}")
    files = {_file_name(line): line.certificate for line in lines if line.certificate is not None}
    written = target.write(files)
    undecided = len(lines) - len(files)
    summary = {
        "digits": digits,
        "data": data,
        "rows": rows,
        "columns": columns,
        "disguise": disguise,
        "seed": seed,
        "lines": [_data(line) for line in lines],
        "undecided": undecided,
    }
    title = f"K = {digits}, L = {data}, m x N = {rows} x {columns}"
    tables = [_table([line for line in lines if line.problem == name], title=f"{name}, {title}") for name in problems]
    verdict, code = ("undecided", UNDECIDED) if undecided else ("certified", 0)
    return Answer(summary, [*tables, *([] if files else [NOTHING])], [written], verdict=verdict, code=code)


def _file_name(line: Line) -> str:
    """Return the name of a line's certificate in the bundle."""
    return f"{line.problem}.{line.statement.replace(' ', '-').lower()}.{line.name}{SUFFIX}"


def _data(line: Line) -> dict[str, str | None]:
    return {
        "statement": line.statement,
        "problem": line.problem,
        "name": line.name,
        "words": line.words,
        "certificate": None if line.certificate is None else _file_name(line),
    }


def _table(lines: list[Line], *, title: str) -> Listing:
    rows = [(one.statement, one.words, "-" if one.certificate is None else _file_name(one)) for one in lines]
    return Listing(("statement", "what was found", "certificate"), rows, title)

"""The command `theorem2`."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.table import Table

from exact_base.errors import UsageError
from exact_base.terminal import print_json, progress, say, screen
from proofs_checks.certificate import reading
from sci_barriers.commands.options import AsJson, Digits, Disguise, MemoryLimit, Size, TimeLimit, limits_of, load_player
from sci_barriers.commands.writing import check_bundle_target, write_bundle
from sci_barriers.problems import PROBLEMS
from sci_barriers.theorem2.lines import Line, theorem2

__all__ = ["theorem2_command"]


def theorem2_command(
    digits: Digits,
    data: Annotated[int, typer.Option("--data", help="L: the data of statement 3, and the budget of statement 2.")],
    out: Annotated[Path, typer.Option(help="Directory for the bundle.")],
    size: Size = (21, 22),
    problem: Annotated[
        Literal["lasso", "sqrt-lasso", "bpdn", "all"], typer.Option(help="The problem; all three by default.")
    ] = "all",
    solver: Annotated[str, typer.Option(help="Who plays against the barriers, named as for challenge.")] = "exact",
    scaling: Annotated[
        str | None, typer.Option(help="Objective of an unregistered solver: stated, half, mean-half.")
    ] = None,
    disguise: Disguise = False,
    time_limit: TimeLimit = None,
    memory_limit: MemoryLimit = None,
    as_json: AsJson = False,
) -> None:
    """Certify all of Theorem 2, and Theorem 1, for one class: K digits, K-1, K-2, coins, the network that exists."""
    check_bundle_target(out)
    limits = limits_of(time_limit, memory_limit, in_process=False)
    problems = tuple(PROBLEMS) if problem == "all" else (problem,)
    lines: list[Line] = []
    with (
        contextlib.ExitStack() as loaded,
        progress() as display,
    ):
        task = display.add_task("loading", total=None)
        for name in problems:
            player = load_player(loaded, solver, name, scaling, limits)
            for line in theorem2(
                player, name, digits=digits, data=data, rows=size[0], columns=size[1], disguise=disguise
            ):
                lines.append(line)
                display.update(task, description=f"{name}: {line.name}")
    files = {file_name(line): line.certificate for line in lines if line.certificate is not None}
    if not files:
        raise UsageError("nothing could be certified, so nothing was written")
    write_bundle(out, files)
    undecided = len(lines) - len(files)
    if as_json:
        summary = {
            "digits": digits,
            "data": data,
            "rows": size[0],
            "columns": size[1],
            "disguise": disguise,
            "lines": [_data(line) for line in lines],
            "undecided": undecided,
            "bundle": str(out),
        }
        print_json(summary)
    else:
        _print(lines, out, title=f"K = {digits}, L = {data}, m x N = {size[0]} x {size[1]}")
    raise typer.Exit(3 if undecided else 0)


def file_name(line: Line) -> str:
    """Return the name of a line's certificate in the bundle."""
    return f"{line.problem}.{line.statement.replace(' ', '-').lower()}.{line.name}{reading.SUFFIX}"


def _data(line: Line) -> dict[str, str | None]:
    return {
        "statement": line.statement,
        "problem": line.problem,
        "name": line.name,
        "words": line.words,
        "certificate": None if line.certificate is None else file_name(line),
    }


def _print(lines: list[Line], out: Path, *, title: str) -> None:
    console = screen(width=160)
    for problem in dict.fromkeys(line.problem for line in lines):
        table = Table("statement", "what was found", "certificate", title=f"{problem}, {title}", title_justify="left")
        for line in lines:
            if line.problem == problem:
                table.add_row(line.statement, line.words, "-" if line.certificate is None else file_name(line))
        console.print(table)
    say(f"written: {out}", f"check with: proofs-checks verify {out}")

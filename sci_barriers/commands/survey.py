"""The command `survey`."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from exact_base.errors import UsageError
from exact_base.terminal import print_json, progress, say, screen
from proofs_checks.certificate import writing
from sci_barriers.survey.cells import Cell, Outcome
from sci_barriers.survey.executors import run_here, run_on_cluster
from sci_barriers.survey.ledger import Ledger
from sci_barriers.survey.plan import PROBLEMS, plan
from sci_barriers.survey.report import document, html, legend, markdown, tables

__all__ = ["survey_command"]

_LEDGER = "ledger.sqlite"


def survey_command(
    solver: Annotated[
        list[str] | None, typer.Argument(help="Registered names, package.module:attr or file.py:attr. Default: all.")
    ] = None,
    problem: Annotated[
        Literal["lasso", "sqrt-lasso", "bpdn", "all"], typer.Option(help="The problem to solve.")
    ] = "all",
    digits: Annotated[str, typer.Option(help="K, the number of digits, several with commas.")] = "1,3,6",
    precisions: Annotated[
        str, typer.Option(help="n, several with commas: one column is larger by 2^-n.")
    ] = "10,20,30,40,50",
    orders: Annotated[str, typer.Option(help="Which columns are the larger ones, with commas.")] = "1,2",
    size: Annotated[tuple[int, int], typer.Option(help="m N, with 1 <= m < N.")] = (21, 22),
    scaling: Annotated[
        str | None, typer.Option(help="Objective of unregistered solvers: stated, half, mean-half.")
    ] = None,
    time_limit: Annotated[float, typer.Option(help="Seconds for a call of a solver, and to load it.")] = 60.0,
    out: Annotated[Path, typer.Option(help="Directory for the ledger and the reports.")] = Path("survey"),
    jobs: Annotated[int, typer.Option(help="How many cells are run at a time on this machine.")] = 2,
    scheduler: Annotated[str | None, typer.Option(help="Address of a Dask scheduler to run the cells instead.")] = None,
    fresh_ledger: Annotated[bool, typer.Option("--fresh-ledger", help="Forget what is in the ledger.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Find where solvers stop being right as two columns become equal; the same command continues after a stop."""
    if not 1 <= jobs <= 256:
        raise UsageError(f"--jobs must be between 1 and 256, got {jobs}")
    cells = plan(
        solvers=solver or (),
        problems=PROBLEMS if problem == "all" else (problem,),
        digits=_numbers("--digits", digits),
        precisions=_numbers("--precisions", precisions),
        orders=_numbers("--orders", orders),
        rows=size[0],
        columns=size[1],
        scaling=scaling,
        seconds=time_limit,
    )
    _prepare(out)
    with Ledger(out / _LEDGER, fresh=fresh_ledger) as ledger:
        done = ledger.outcomes(cells)
        left = [cell for cell in cells if cell not in done]
        running = run_on_cluster(left, address=scheduler) if scheduler else run_here(left, jobs=jobs)
        _fill(ledger, running, finished=len(done), total=len(cells))
        outcomes = ledger.outcomes(cells)
    _report(out, outcomes, as_json=as_json)
    raise typer.Exit(3 if any(outcome["verdict"] == "undecided" for outcome in outcomes.values()) else 0)


def _numbers(option: str, text: str) -> Sequence[int]:
    try:
        numbers = sorted({int(word) for word in text.split(",")})
    except ValueError:
        raise UsageError(f"{option} must be integers with commas between them, got {text!r}") from None
    if numbers[0] < 1:
        raise UsageError(f"{option} must be positive, got {numbers[0]}")
    return numbers


def _prepare(out: Path) -> None:
    """Make the directory, and leave alone one that something else has made."""
    try:
        out.mkdir(exist_ok=True)
        others = any(out.iterdir()) and not (out / _LEDGER).exists()
    except OSError as error:
        raise UsageError(f"cannot use the directory {out}: {error.strerror or error}") from None
    if others:
        raise UsageError(f"--out {out} exists and was not written by survey; give another name")


def _fill(ledger: Ledger, running: Generator[tuple[Cell, Outcome], None, None], *, finished: int, total: int) -> None:
    with (
        # whatever stops this, the processes are ended here and not when the garbage is collected
        contextlib.closing(running),
        progress() as display,
    ):
        task = display.add_task("surveying", total=total, completed=finished)
        for cell, outcome in running:
            ledger.add(cell, outcome)
            display.update(task, advance=1, description=f"{cell.name}, {cell.problem}")


def _report(out: Path, outcomes: dict[Cell, Outcome], *, as_json: bool) -> None:
    data = document(outcomes)
    files = {
        "survey.json": json.dumps(data, indent=1) + "\n",
        "survey.md": markdown(outcomes),
        "survey.html": html(data),
    }
    try:
        for name, text in files.items():
            writing.write_atomic(out / name, text.encode("utf-8", "replace"))
    except OSError as error:
        raise UsageError(f"cannot write to {out}: {error.strerror or error}") from None
    if as_json:
        print_json(data)
        return
    console = screen()
    for table in tables(outcomes):
        console.print(table)
    say(*legend().splitlines())
    say("", f"written: {' '.join(str(out / name) for name in files)}")

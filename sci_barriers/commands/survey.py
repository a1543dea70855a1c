"""The command `survey`."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Generator
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from exact_base.errors import UsageError
from exact_base.files import results_directory
from exact_base.terminal import UNDECIDED, Answer, Shown, progress
from sci_barriers.commands.options import ProblemNames, Scaling, Size, positive
from sci_barriers.isolation.process import missing_for_workers
from sci_barriers.survey.cells import Cell, CellOutcome
from sci_barriers.survey.executors import run_here, run_on_cluster
from sci_barriers.survey.ledger import Ledger
from sci_barriers.survey.plan import PROBLEMS, plan
from sci_barriers.survey.report import cells_data, document, html, legend, markdown, tables

__all__ = ["survey_command"]

_LEDGER = "ledger.sqlite"
_REPORTS = ("survey.json", "survey.md", "survey.html")


def survey_command(
    solver: Annotated[
        list[str] | None, typer.Argument(help="Registered names, package.module:attr or file.py:attr. Default: all.")
    ] = None,
    problem: ProblemNames = "all",
    digits: Annotated[str, typer.Option(help="K, the number of digits, several with commas.")] = "1,3,6",
    precisions: Annotated[
        str, typer.Option(help="n, several with commas: one column is larger by 2^-n.")
    ] = "10,20,30,40,50",
    orders: Annotated[str, typer.Option(help="Which columns are the larger ones, with commas.")] = "1,2",
    size: Size = (21, 22),
    scaling: Scaling = None,
    time_limit: Annotated[float, typer.Option(help="Seconds for a call of a solver, and to load it.")] = 60.0,
    out: Annotated[Path, typer.Option(help="Directory for the ledger and the reports.")] = Path("survey"),
    jobs: Annotated[int, typer.Option(min=1, max=256, help="How many cells are run at a time on this machine.")] = 2,
    scheduler: Annotated[str | None, typer.Option(help="Address of a Dask scheduler to run the cells instead.")] = None,
    fresh_ledger: Annotated[bool, typer.Option("--fresh-ledger", help="Forget what is in the ledger.")] = False,
) -> Answer:
    """Find where solvers stop being right as two columns become equal; the same command continues after a stop."""
    target = results_directory(out, names=(_LEDGER, *_REPORTS), mark=_LEDGER)
    if missing := missing_for_workers():
        raise UsageError(f"{missing}, and a survey runs solvers in no other way")
    if scheduler is not None and find_spec("distributed") is None:
        raise UsageError("--scheduler needs dask: pip install 'sci-barriers[distributed]'")
    cells = plan(
        solvers=solver or (),
        problems=PROBLEMS if problem == "all" else (problem,),
        digits=positive("--digits", digits),
        precisions=positive("--precisions", precisions),
        orders=positive("--orders", orders),
        rows=size[0],
        columns=size[1],
        scaling=scaling,
        seconds=time_limit,
    )
    target.prepare()
    with Ledger(out / _LEDGER, fresh=fresh_ledger) as ledger:
        done = ledger.outcomes(cells)
        left = [cell for cell in cells if cell not in done]
        running = run_on_cluster(left, address=scheduler) if scheduler else run_here(left, jobs=jobs)
        _fill(ledger, running, finished=len(done), total=len(cells))
        outcomes = ledger.outcomes(cells)
    data = document(outcomes)
    texts = (json.dumps(data, indent=1) + "\n", markdown(outcomes), html(data))
    files = {name: text.encode("utf-8", "replace") for name, text in zip(_REPORTS, texts, strict=True)}
    undecided = any(outcome["verdict"] == "undecided" for outcome in outcomes.values())
    shown: list[Shown] = [*tables(outcomes), *legend().splitlines()]
    verdict, code = ("undecided", UNDECIDED) if undecided else ("decided", 0)
    result = {"verdicts": data["verdicts"], "cells": cells_data(data)}
    return Answer(result, shown, [target.write({}, files)], verdict=verdict, code=code)


def _fill(
    ledger: Ledger, running: Generator[tuple[Cell, CellOutcome], None, None], *, finished: int, total: int
) -> None:
    # whatever stops this, the processes are ended here and not when the garbage is collected
    with contextlib.closing(running), progress() as show:
        show("surveying", finished, total)
        for done, (cell, outcome) in enumerate(running, start=finished + 1):
            ledger.add(cell, outcome)
            show(f"{cell.name}, {cell.problem}", done, total)

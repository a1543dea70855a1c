"""The command `path`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from flint import fmpq

from exact_base.errors import UsageError
from exact_base.files import bundle_directory, picture_file
from exact_base.rationals import parse_rational
from exact_base.readers.options import ArrayNames, Headers, settings
from exact_base.terminal import UNDECIDED, Answer, progress
from sci_barriers.checks.given import given_question
from sci_barriers.checks.paths import lower_end, path_found, path_request
from sci_barriers.commands.options import OutBundle
from sci_barriers.commands.own_data import (
    FILES,
    LIKE_HELP,
    Like,
    Matrix,
    PenaltyWeights,
    Positive,
    Responses,
    SampleWeights,
    Scales,
    WithIntercept,
    data_files,
    read_own_data,
)
from sci_barriers.problems.penalised.path_picture import path_picture

__all__ = ["path_command"]


def path_command(
    matrix: Matrix,
    data: Responses,
    like: Annotated[Like, typer.Option(help=LIKE_HELP)],
    array: ArrayNames = None,
    header: Headers = None,
    weights: PenaltyWeights = None,
    sample_weight: SampleWeights = None,
    scales: Scales = None,
    positive: Positive = False,
    intercept: WithIntercept = False,
    low: Annotated[str | None, typer.Option(help="The level, alpha or λ, at which the path ends. Default: 0.")] = None,
    between: Annotated[
        str | None, typer.Option(metavar="LOW,HIGH", help="Say which columns are in for all levels of this interval.")
    ] = None,
    budget: Annotated[
        float | None, typer.Option(help="Wall-clock seconds, after which the path ends with what is proved.")
    ] = None,
    out: OutBundle = None,
    plot: Annotated[Path | None, typer.Option(help="Draw the coefficients against the level (.svg).")] = None,
) -> Answer:
    """Say for which penalties each column is in: the whole LASSO path, exactly, with a certificate."""
    target = None if out is None else bundle_directory(out)
    drawing = None if plot is None else picture_file(plot, endings=(".svg",))
    if budget is not None and not budget > 0:
        raise UsageError("--budget must be positive")
    end = None if low is None else parse_rational(low)
    interval = None if between is None else _interval(between)
    lower_end(end, interval)
    given = settings(array, header, FILES)
    own = read_own_data(matrix, data, given, weights=weights, sample_weight=sample_weight, scales=scales)
    files = {} if target is None else data_files(matrix, data, own)
    question = given_question(
        None,
        own.table.matrix,
        own.responses,
        path_request(like, weights=own.vectors["weights"], scales=own.vectors["scales"]),
        intercept="fit" if intercept else None,
        positive=positive,
        observation_weights=own.vectors["sample-weight"],
        names=own.table.columns,
        arrays=files,
    )
    with progress() as show:
        found = path_found(question, low=end, between=interval, budget=budget, progress=show)
        show("writing the certificate")
        written = [] if target is None else [target.write(found.certificates())]
    if drawing is not None:
        written.append(drawing.write(path_picture(found.path, names=question.names).encode()))
    code = 0 if found.path.complete else UNDECIDED
    return Answer(found.data(), found.shown(), written, verdict=found.verdict, code=code)


def _interval(text: str) -> tuple[fmpq, fmpq]:
    parts = text.split(",")
    if len(parts) != 2:
        raise UsageError(f"--between is LOW,HIGH, as 0.03,0.1, not {text!r:.60}")
    return parse_rational(parts[0]), parse_rational(parts[1])

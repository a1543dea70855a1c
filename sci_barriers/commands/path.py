"""The command `path`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer
from flint import fmpq

from exact_base.errors import UsageError
from exact_base.files import bundle_directory, picture_file
from exact_base.rationals import parse_rational
from exact_base.readers import read_table, read_vector
from exact_base.readers.options import ArrayNames, Headers, settings
from exact_base.terminal import UNDECIDED, Answer, progress
from sci_barriers.checks.given import given_question
from sci_barriers.checks.paths import lower_end, path_found, path_request
from sci_barriers.checks.questions import DATA, MATRIX, check_sizes, file_bytes
from sci_barriers.commands.options import OutBundle
from sci_barriers.problems.penalised.path_picture import path_picture

__all__ = ["path_command"]

_FILES = ("matrix", "data", "weights", "sample-weight", "scales")


def path_command(
    matrix: Annotated[
        Path, typer.Argument(metavar="X", help="The data X: .npy, .npz, .mat, .csv, .tsv, .txt, .parquet or .json.")
    ],
    data: Annotated[Path, typer.Argument(metavar="Y", help="The responses y: a vector in such a file.")],
    like: Annotated[
        Literal["sklearn", "glmnet", "matlab", "stated", "half", "mean-half"],
        typer.Option(help="How the objective of the LASSO is written, by a library or in words; see docs/check.md."),
    ],
    array: ArrayNames = None,
    header: Headers = None,
    weights: Annotated[
        Path | None, typer.Option(help="Weights of the penalties, 0 or more: a vector; penalty.factor of glmnet.")
    ] = None,
    sample_weight: Annotated[
        Path | None, typer.Option(help="Weights of the observations: a vector; of sklearn, stated or half.")
    ] = None,
    scales: Annotated[
        Path | None, typer.Option(help="By what glmnet or MATLAB has divided the columns, if it has: a vector.")
    ] = None,
    positive: Annotated[bool, typer.Option("--positive", help="The coefficients have to be at least 0.")] = False,
    intercept: Annotated[bool, typer.Option("--intercept", help="The model has an intercept.")] = False,
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
    given = settings(array, header, _FILES)
    table = read_table(matrix, **given["matrix"])
    rows, columns = table.matrix.rows, table.matrix.cols
    y = read_vector(data, rows, **given["data"])
    paths = {"weights": (weights, columns), "sample-weight": (sample_weight, rows), "scales": (scales, columns)}
    vectors = {
        name: None if path is None else read_vector(path, size, **given[name]) for name, (path, size) in paths.items()
    }
    held = {MATRIX: file_bytes(matrix, sides=2), DATA: file_bytes(data, sides=1)}
    files = {name: content for name, content in held.items() if content is not None}
    if target is not None:
        check_sizes(table.matrix, files)
    question = given_question(
        None,
        table.matrix,
        y,
        path_request(like, weights=vectors["weights"], scales=vectors["scales"]),
        intercept="fit" if intercept else None,
        positive=positive,
        observation_weights=vectors["sample-weight"],
        names=table.columns,
        arrays=files,
    )
    with progress() as show:
        found = path_found(
            question,
            like=like,
            weighted=weights is not None,
            low=end,
            between=interval,
            budget=budget,
            progress=show,
        )
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

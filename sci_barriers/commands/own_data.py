"""The options for data of one's own that `check` and `path` share, and how these data are read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

import typer

from exact_base.errors import DataError
from exact_base.matrices import ExactMatrix
from exact_base.readers import Table, read_named_vector, read_printed, read_table, read_vector
from exact_base.readers.options import meant
from exact_base.reprs import short_repr
from sci_barriers.checks.questions import DATA, MATRIX, check_order, check_sizes, file_bytes

__all__ = [
    "FILES",
    "LIKE_HELP",
    "L1Ratio",
    "Like",
    "Matrix",
    "OwnData",
    "PenaltyWeights",
    "Positive",
    "Responses",
    "RidgePenalty",
    "SampleWeights",
    "Scales",
    "WithIntercept",
    "data_files",
    "read_own_data",
    "read_radii",
]

FILES = ("matrix", "data", "weights", "sample-weight", "scales")
"""What --array and --header may name."""

LIKE_HELP = "How the objective of the LASSO is written, by a library or in words; see docs/check.md."
Like: TypeAlias = Literal["sklearn", "glmnet", "matlab", "stated", "half", "mean-half"]
Matrix = Annotated[
    Path, typer.Argument(metavar="X", help="The data X: .npy, .npz, .mat, .csv, .tsv, .txt, .parquet or .json.")
]
Responses = Annotated[Path, typer.Argument(metavar="Y", help="The responses y: a vector in such a file.")]
PenaltyWeights = Annotated[
    Path | None, typer.Option(help="Weights of the penalties, 0 or more: a vector; penalty.factor of glmnet.")
]
SampleWeights = Annotated[
    Path | None, typer.Option(help="Weights of the observations: a vector; of sklearn, stated or half.")
]
Scales = Annotated[
    Path | None, typer.Option(help="By what glmnet or MATLAB has divided the columns, if it has: a vector.")
]
L1Ratio = Annotated[str | None, typer.Option(help="l1_ratio of scikit-learn. Default: 1, the LASSO.")]
RidgePenalty = Annotated[str | None, typer.Option(help="The ridge penalty of stated, half or mean-half.")]
Positive = Annotated[bool, typer.Option("--positive", help="The coefficients have to be at least 0.")]
WithIntercept = Annotated[bool, typer.Option("--intercept", help="The model has an intercept.")]


@short_repr()
@dataclass(frozen=True)
class OwnData:
    """What was read.

    Attributes:
        table: X, with its names.
        responses: y, m x 1.
        vectors: `weights`, `sample-weight` and `scales`, as far as they are given.
        printed: half a unit of the last digit of each number, of "matrix" and "data" as far as it was asked for.
    """

    table: Table
    responses: ExactMatrix
    vectors: Mapping[str, ExactMatrix | None]
    printed: Mapping[str, ExactMatrix] = field(default_factory=dict)


def read_own_data(
    matrix: Path,
    data: Path,
    given: Mapping[str, Mapping[str, Any]],
    *,
    weights: Path | None,
    sample_weight: Path | None,
    scales: Path | None,
    printed: Collection[str] = (),
) -> OwnData:
    """Read data and what belongs to their rows and columns.

    Args:
        matrix: the file of X.
        data: that of y.
        given: what --array and --header say of each file.
        weights: the file of the weights of the penalties.
        sample_weight: that of the observations.
        scales: that of the scales.
        printed: "matrix" and "data", as far as their printed digits count.

    Raises:
        UsageError: for a file that cannot be opened.
        DataError: for data that cannot be read exactly, or do not match, and where no digits are printed.
    """
    radii: dict[str, ExactMatrix] = {}
    if "matrix" in printed:
        table, radii["matrix"] = read_printed(matrix, **given["matrix"])
    else:
        table = read_table(matrix, **given["matrix"])
    rows, columns = table.matrix.rows, table.matrix.cols
    with meant("data"):
        if "data" in printed:
            found, radii["data"] = read_printed(data, rows, **given["data"])
            responses = found.matrix
        else:
            responses = read_vector(data, rows, **given["data"])
    paths = {"weights": (weights, columns), "sample-weight": (sample_weight, rows), "scales": (scales, columns)}
    vectors: dict[str, ExactMatrix | None] = dict.fromkeys(paths)
    for name, (path, size) in paths.items():
        if path is not None:
            with meant(name):
                vectors[name] = read_vector(path, size, **given[name])
    return OwnData(table, responses, vectors, radii)


def read_radii(
    path: Path, option: str, size: int, given: Mapping[str, Any], *, columns: Sequence[str] | None = None
) -> ExactMatrix:
    """Read the radii of y, a vector of a size, or of X: an array, or a vector of a size with a number for each column.

    Args:
        path: the file.
        option: x-precision or y-precision.
        size: how long a vector must be.
        given: what --array and --header say of it.
        columns: the names of the columns of X, if they have any; those of the radii must be the same.

    Raises:
        UsageError: for a file that cannot be opened.
        DataError: for what is no such array, or one with other names.
    """
    with meant(option):
        if option == "y-precision":
            return read_vector(path, size, **given)
        try:
            table = read_table(path, **given)
        except DataError:
            try:
                vector, names = read_named_vector(path, size, **given)
            except DataError:
                pass
            else:
                check_order(columns, names, what="radii")
                return ExactMatrix(vector.re.transpose(), None, vector.den)
            raise
        check_order(columns, table.columns, what="radii")
        return table.matrix


def data_files(matrix: Path, data: Path, own: OwnData) -> dict[str, bytes]:
    """Return the data as files of numpy as far as they are float64, to lie beside a certificate.

    Raises:
        UsageError: if that would be too large, or a file has gone since it was read.
    """
    held = {MATRIX: file_bytes(matrix, sides=2), DATA: file_bytes(data, sides=1)}
    files = {name: content for name, content in held.items() if content is not None}
    check_sizes(own.table.matrix, files)
    return files

"""What the commands share: their options, and reading what they name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from exact_base.decimals import above
from exact_base.errors import DataError, NotCertifiedError, UsageError
from exact_base.files import read_bytes
from exact_base.rationals import parse_rational
from exact_base.terminal import read_integers
from firenet_exact.levels import Levels, optimal_weights
from proofs_checks.certificate.reading import SUFFIX, MalformedCertificate

T = TypeVar("T")

MatrixFile = Annotated[
    Path, typer.Argument(help="A matrix: .npy, .npz, .mat, .csv, .tsv, .txt, .parquet or exact .json.")
]
Out = Annotated[Path | None, typer.Option(help=f"Write the certificate here; the name ends in {SUFFIX}.")]


def parse_free(sparsity: str | None, *, levels: str | None, weights: str) -> tuple[str | None, tuple[int, ...]]:
    """Return --sparsity with 1 in place of `max`, and the numbers of the levels, from 0, where that is.

    Raises:
        UsageError: if `max` is asked together with weights that depend on the sparsity.
    """
    words = [] if sparsity is None else [word.strip() for word in sparsity.split(",")]
    if words == ["max"] and levels is not None:
        words *= len(levels.split(","))
    free = tuple(level for level, word in enumerate(words) if word == "max")
    if not free:
        return sparsity, ()
    if weights == "optimal":
        raise UsageError("--weights optimal depends on the sparsity; give numbers with --sparsity max")
    return ",".join("1" if word == "max" else word for word in words), free


def parse_levels(columns: int, levels: str | None, sparsity: str | None, weights: str, notes: list[str]) -> Levels:
    """Return the levels that options describe; notes on them are appended to `notes`.

    Raises:
        UsageError: if they describe none.
        DataError: if a weight is no number.
    """
    if sparsity is None:
        raise UsageError("--sparsity is needed, such as --sparsity 2, or --levels 16,32 --sparsity 2,2")
    ends = [columns] if levels is None else read_integers("--levels", levels)
    sparsities = read_integers("--sparsity", sparsity)
    if weights == "optimal":
        values, theta = optimal_weights(sparsities)
        if theta > 0:
            notes.append(
                "The weights are rational, between √(s/s_l) and (1+θ)√(s/s_l) with "
                f"θ <= {above(theta, digits=2)}; for √(s/s_l) itself the same holds with (1+θ)ρ."
            )
    else:
        values = [parse_rational(word) for word in weights.split(",")]
        if len(values) == 1:
            values *= len(ends)
    return Levels.of(ends, sparsities, values)


def read_certificate(path: Path, reader: Callable[[bytes], T]) -> T:
    """Return what a reader of `firenet_exact.certificates` makes of a file; errors name the file.

    Raises:
        UsageError: if it cannot be read.
        MalformedCertificate: if it is no certificate.
        DataError: if the reader does not take this one, or its evidence proves nothing.
    """
    data = read_bytes(path)
    try:
        return reader(data)
    except MalformedCertificate as error:
        raise MalformedCertificate(f"{path}: {error}") from None
    except (DataError, NotCertifiedError) as error:
        raise DataError(f"{path}: {error}") from None

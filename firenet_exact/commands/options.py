"""What the commands share: reading their arguments, and writing on the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from exact_base.decimals import decimal_text
from exact_base.errors import DataError, NotCertifiedError, UsageError
from exact_base.rationals import parse_rational
from exact_base.terminal import say
from firenet_exact.levels import Levels, optimal_weights
from proofs_checks.certificate.reading import SUFFIX, MalformedCertificate, parse, printable, read
from proofs_checks.certificate.writing import write_atomic

__all__ = ["Json", "MatrixFile", "Out", "complain", "is_certificate", "parse_levels", "read_certificate"]

T = TypeVar("T")


def parse_levels(columns: int, levels: str | None, sparsity: str | None, weights: str, notes: list[str]) -> Levels:
    """Return the levels that options describe; notes on them are appended to `notes`.

    Raises:
        UsageError: if they describe none.
        DataError: if a weight is no number.
    """
    if sparsity is None:
        raise UsageError("--sparsity is needed, such as --sparsity 2, or --levels 16,32 --sparsity 2,2")
    ends = [columns] if levels is None else _counts(levels, "--levels")
    sparsities = _counts(sparsity, "--sparsity")
    if weights == "optimal":
        values, theta = optimal_weights(sparsities)
        if theta > 0:
            notes.append(
                "The weights are rational, between √(s/s_l) and (1+θ)√(s/s_l) with "
                f"θ <= {decimal_text(theta, up=True, digits=2)}; for √(s/s_l) itself the same holds with (1+θ)ρ."
            )
    else:
        values = [parse_rational(word) for word in weights.split(",")]
        if len(values) == 1:
            values *= len(ends)
    return Levels.of(ends, sparsities, values)


def _counts(text: str, option: str) -> list[int]:
    try:
        return [int(word) for word in text.split(",")]
    except ValueError:
        raise UsageError(f"{option} needs integers separated by commas, not {text!r:.60}") from None


def read_certificate(path: Path, reader: Callable[[bytes], T]) -> T:
    """Return what a reader of `firenet_exact.certificates` makes of a file; errors name the file.

    Raises:
        UsageError: if it cannot be read.
        MalformedCertificate: if it is no certificate.
        DataError: if the reader does not take this one.
        NotCertifiedError: if its evidence proves nothing.
    """
    try:
        return reader(read(path))
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from None
    except (MalformedCertificate, DataError, NotCertifiedError) as error:
        raise type(error)(f"{path}: {error}") from None


def is_certificate(path: Path) -> bool:
    """Whether a file is a certificate, so that another one may take its place."""
    try:
        parse(read(path))
    except (OSError, MalformedCertificate):
        return False
    return True


def complain(message: str) -> None:
    """Print one line on standard error."""
    print(f"firenet-exact: {printable(' '.join(message.split()))}", file=sys.stderr)


MatrixFile = Annotated[Path, typer.Argument(help="A matrix: .npy, .npz, .csv or exact .json.")]


Out = Annotated[Path | None, typer.Option(help=f"Write the certificate here; the name ends in {SUFFIX}.")]


Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def check_out(out: Path | None) -> None:
    """Refuse a target that could not be written, or would not be checked, before the work."""
    if out is None:
        return
    if not out.name.endswith(SUFFIX):
        raise UsageError(f"--out {out} must end in {SUFFIX}")
    if out.is_dir() or not out.absolute().parent.is_dir():
        raise UsageError(f"--out {out} is a directory, or in a directory that does not exist")
    if out.exists() and not is_certificate(out):
        raise UsageError(f"--out {out} exists and is not a certificate; give another name")


def write(out: Path | None, content: bytes | None) -> Path | None:
    if out is None or content is None:
        return None
    try:
        write_atomic(out, content)
    except OSError as error:
        raise UsageError(f"cannot write {out}: {error.strerror or error}") from None
    return out


def print_written(written: Path | None) -> None:
    if written is not None:
        say(f"written: {written}", f"check with: proofs-checks verify {written}")

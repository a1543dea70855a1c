"""The command `check`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from exact_base.errors import DataError, UsageError
from exact_base.files import bundle_directory, picture_file
from exact_base.matrices import ExactMatrix
from exact_base.rationals import parse_rational
from exact_base.readers import read_named_vector
from exact_base.readers.options import ArrayNames, Headers, meant, settings
from exact_base.terminal import INTERRUPTED, NOTHING, UNDECIDED, Answer, heading, note, progress, screen_columns
from sci_barriers.checks.checking import DIGITS, digits_asked, refuse_for_complex
from sci_barriers.checks.complex_numbers import complex_files, complex_found, complex_question
from sci_barriers.checks.conventions import Request
from sci_barriers.checks.data_sets import Stopped
from sci_barriers.checks.determined import SECONDS
from sci_barriers.checks.enclosed import EnclosedFound
from sci_barriers.checks.enclosed_report import enclosed_data, enclosed_lines
from sci_barriers.checks.findings import Found
from sci_barriers.checks.given import Intercept, given_question
from sci_barriers.checks.others import OBJECTIVES
from sci_barriers.checks.page import page
from sci_barriers.checks.penalised import penalised_found
from sci_barriers.checks.precisions import EXACT, Asked, Stated, asked, exact_places, stated
from sci_barriers.checks.questions import check_order, column_names
from sci_barriers.checks.report import WIDTH, found_data, lines
from sci_barriers.checks.unsquared import check_options, unsquared_found, unsquared_question
from sci_barriers.commands.options import OutBundle
from sci_barriers.commands.own_data import (
    FILES,
    LIKE_HELP,
    L1Ratio,
    Like,
    Matrix,
    OwnData,
    PenaltyWeights,
    Responses,
    RidgePenalty,
    SampleWeights,
    Scales,
    data_files,
    read_own_data,
    read_radii,
)

__all__ = ["check_command"]

RADII = {"matrix": "x-precision", "data": "y-precision"}
"""What --array and --header call the files with radii."""


def check_command(
    matrix: Matrix,
    data: Responses,
    array: ArrayNames = None,
    header: Headers = None,
    coef: Annotated[
        Path | None, typer.Option(help="The coefficients: a vector in such a file. Default: only the exact minimiser.")
    ] = None,
    problem: Annotated[Literal["lasso", "sqrt-lasso", "bpdn"], typer.Option(help="The problem.")] = "lasso",
    like: Annotated[Like | None, typer.Option(help=LIKE_HELP)] = None,
    alpha: Annotated[
        str | None, typer.Option(help="alpha of scikit-learn; Alpha of MATLAB. Numbers are 0.1, 1e-3 or 1/3.")
    ] = None,
    l1_ratio: L1Ratio = None,
    lam: Annotated[str | None, typer.Option(help="λ: of all others, and of sqrt-lasso.")] = None,
    epsilon: Annotated[str | None, typer.Option(help="ε, of bpdn.")] = None,
    ridge: RidgePenalty = None,
    weights: PenaltyWeights = None,
    sample_weight: SampleWeights = None,
    scales: Scales = None,
    positive: Annotated[bool, typer.Option("--positive", help="The coefficients had to be at least 0.")] = False,
    intercept: Annotated[
        str | None,
        typer.Option(help="The fitted intercept, or `fit` without --coef. Default: the model has none."),
    ] = None,
    digits: Annotated[
        int, typer.Option(help="K: `ok` is a distance of at most 10^-K, relative to the norm of the minimiser.")
    ] = DIGITS,
    x_precision: Annotated[
        str | None,
        typer.Option(
            metavar="HOW",
            help="How near X is to the true data: `printed` (half a unit of the last digit of each number in the "
            "file), `printed-by-column` (of the number of its column with most decimals), a number for each entry, "
            "norm:NUMBER (spectral), or a file with radii. Default: exact.",
        ),
    ] = None,
    y_precision: Annotated[
        str | None, typer.Option(metavar="HOW", help="How near y is, likewise; norm:NUMBER is Euclidean.")
    ] = None,
    exact_columns: Annotated[
        str | None,
        typer.Option(metavar="NAMES", help="Columns of X that are exact all the same, by name or number: sex,3."),
    ] = None,
    budget: Annotated[
        float | None,
        typer.Option(
            help="Wall-clock seconds, after which no further data sets within the precision are looked for, and what "
            f"is proved is written; inf for none. Default: {SECONDS:g}."
        ),
    ] = None,
    out: OutBundle = None,
    html: Annotated[Path | None, typer.Option(help="File for the page, which needs nothing else.")] = None,
) -> Answer:
    """Say how far coefficients are from the exact minimiser, or from the nearest, with a certificate."""
    target = None if out is None else bundle_directory(out)
    shown = None if html is None else picture_file(html, endings=(".html",), option="--html")
    wanted = digits_asked(digits)
    numbers = {
        name: None if text is None else parse_rational(text)
        for name, text in (
            ("alpha", alpha),
            ("l1_ratio", l1_ratio),
            ("lam", lam),
            ("epsilon", epsilon),
            ("ridge", ridge),
        )
    }
    fitted: Intercept = None
    if intercept is not None:
        fitted = "fit" if intercept == "fit" else parse_rational(intercept)
    known = {"matrix": asked(x_precision, "--x-precision"), "data": asked(y_precision, "--y-precision")}
    if known["matrix"] is EXACT and exact_columns is not None:
        raise UsageError("--exact-columns is for X of which --x-precision says how near it is; leave it out")
    if budget is not None and known["matrix"] is EXACT and known["data"] is EXACT:
        raise UsageError("--budget is for --x-precision and --y-precision; leave it out")
    if budget is not None and not budget > 0:
        raise UsageError("--budget must be positive")
    seconds = SECONDS if budget is None else budget
    given = settings(array, header, (*FILES, "coef", *RADII.values()))
    check_options(problem, like, {**numbers, "scales": scales}, prefix="--")
    own = read_own_data(
        matrix,
        data,
        given,
        weights=weights,
        sample_weight=sample_weight,
        scales=scales,
        printed=[name for name, one in known.items() if one.kind == "printed"],
    )
    table, y, vectors = own.table, own.responses, {**own.vectors, "coef": None}
    if coef is not None:
        with meant("coef"), _intercept_apart():
            vectors["coef"], named = read_named_vector(coef, table.matrix.cols, **given["coef"])
        check_order(table.columns, named)
    subject = "the exact minimiser" if coef is None else f"coefficients of {coef.name}"
    is_complex = problem == "lasso" and not (table.matrix.is_real and y.is_real)
    found: Found | EnclosedFound
    if is_complex:
        refuse_for_complex(
            {
                "--intercept": intercept is not None,
                "--positive": positive,
                "--x-precision printed": known["matrix"].kind == "printed",
                "--y-precision printed": known["data"].kind == "printed",
            }
        )
    precision = _stated(known, exact_columns, own, given)
    with progress() as show:
        if is_complex:
            asked_for = complex_question(
                vectors["coef"],
                table.matrix,
                y,
                _request(like, numbers, vectors),
                observation_weights=vectors["sample-weight"],
                names=table.columns,
                subject="the minimiser" if coef is None else subject,
                arrays={} if target is None else complex_files(matrix, data, table.matrix),
            )
            found = complex_found(asked_for, digits=wanted, stated=precision, seconds=seconds, keep=True, progress=show)
        elif problem == "lasso":
            files = {} if target is None else data_files(matrix, data, own)
            question = given_question(
                vectors["coef"],
                table.matrix,
                y,
                _request(like, numbers, vectors),
                intercept=fitted,
                positive=positive,
                observation_weights=vectors["sample-weight"],
                names=table.columns,
                subject=subject,
                arrays=files,
            )
            found = penalised_found(
                question, digits=wanted, stated=precision, seconds=seconds, keep=True, progress=show
            )
        else:
            asked_for = unsquared_question(
                problem,
                vectors["coef"],
                table.matrix,
                y,
                numbers[OBJECTIVES[problem][1]],
                weights=vectors["weights"],
                intercept=fitted,
                positive=positive,
                observation_weights=vectors["sample-weight"],
                names=table.columns,
                subject="the minimiser" if coef is None else subject,
                arrays={} if target is None else data_files(matrix, data, own),
            )
            found = unsquared_found(
                asked_for, digits=wanted, stated=precision, seconds=seconds, keep=True, progress=show
            )
        show("writing the certificate")
        bundle = None if target is None else target.write(found.certify())
    written = [] if bundle is None else [bundle]
    if shown is not None:
        written.append(shown.write(page(found).encode()))
    width = screen_columns(WIDTH)
    said = enclosed_lines(found, width=width) if isinstance(found, EnclosedFound) else lines(found, width=width)
    result = enclosed_data(found) if isinstance(found, EnclosedFound) else found_data(found)
    code = UNDECIDED if found.verdict == "undecided" else 0
    if _stopped(found) == "interrupt":
        note("sci-barriers", "interrupted; what was proved by then is kept")
        code = INTERRUPTED
    if bundle is not None and not bundle.paths:
        said = [*said, "", NOTHING]
    return Answer(result, [heading(said[0]), *said[1:]], written, verdict=found.verdict, code=code)


def _stopped(found: Found | EnclosedFound) -> Stopped | None:
    """Return what ended the search for data sets."""
    if isinstance(found, EnclosedFound):
        return None if found.sets is None else found.sets.stopped
    return None if found.determined is None else found.determined.stopped


def _request(like: str | None, numbers: Mapping[str, Any], vectors: Mapping[str, ExactMatrix | None]) -> Request:
    return Request(
        like or "",
        alpha=numbers["alpha"],
        lam=numbers["lam"],
        l1_ratio=numbers["l1_ratio"],
        ridge=numbers["ridge"],
        weights=vectors["weights"],
        scales=vectors["scales"],
    )


@contextmanager
def _intercept_apart() -> Iterator[None]:
    """Say where the intercept goes that R writes in the first row of coefficients."""
    try:
        yield
    except DataError as error:
        if "(Intercept)" not in str(error):
            raise
        raise DataError(f"{error}; give the intercept with --intercept, and take its row out of the file") from None


def _stated(
    known: Mapping[str, Asked], exact_columns: str | None, own: OwnData, given: Mapping[str, Mapping[str, Any]]
) -> Stated | None:
    """Return what is known of the data, if anything was said of it."""
    if known["matrix"] is EXACT and known["data"] is EXACT:
        return None
    rows, columns = own.table.matrix.rows, own.table.matrix.cols
    names, sizes = column_names(own.table.columns, columns), {"matrix": columns, "data": rows}

    def read(name: str, path: Path) -> ExactMatrix:
        return read_radii(path, RADII[name], sizes[name], given[RADII[name]], columns=own.table.columns)

    return stated(
        known["matrix"],
        known["data"],
        shape=(rows, columns),
        names=names,
        exact=exact_places(exact_columns.split(",") if exact_columns is not None else [], names),
        printed=own.printed.__getitem__,
        read=read,
    )

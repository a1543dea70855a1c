"""The command `nullspace`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer
from flint import fmpq

from exact_base.decimals import above
from exact_base.errors import NotCertifiedError, SciBarriersError, UsageError
from exact_base.files import File, certificate_file, ledger_file, picture_file, read_bytes
from exact_base.matrices import ExactMatrix
from exact_base.rationals import parse_rational
from exact_base.readers import read_matrix
from exact_base.readers.options import ArrayNames, Headers, settings
from exact_base.terminal import UNDECIDED, Answer, Shown
from firenet_exact.certificates.null_space import read_null_space
from firenet_exact.commands.display import search_display
from firenet_exact.commands.keeping import Keeper
from firenet_exact.commands.options import MatrixFile, Out, parse_free, parse_levels, read_certificate
from firenet_exact.levels import Levels
from firenet_exact.null_space.choose import Attempt, Event, MethodName, Verdict, search
from firenet_exact.null_space.largest import largest
from firenet_exact.null_space.property import NullSpaceProperty
from firenet_exact.null_space.transfer import by_transfer
from firenet_exact.report import attempts_table, constants_table, limit_lines, plot, points_table, verdict_data
from firenet_exact.running import Ledger, aside
from proofs_checks.certificate.reading import canonical_bytes

__all__ = ["nullspace_command"]

_PICTURES = (".svg", ".png", ".pdf")


def nullspace_command(
    matrix: MatrixFile,
    array: ArrayNames = None,
    header: Headers = None,
    sparsity: Annotated[
        str | None,
        typer.Option(help="s_1,...,s_r: the sparsity of each level; `max` for the largest that can be certified."),
    ] = None,
    levels: Annotated[
        str | None, typer.Option(help="M_1,...,M_r: the last column of each level. Default: one.")
    ] = None,
    weights: Annotated[
        str | None, typer.Option(help="w_1,...,w_r, or `optimal` for a little above √(s/s_l). Default: 1.")
    ] = None,
    method: Annotated[MethodName, typer.Option(help="How it is proved; `auto` tries one after the other.")] = "auto",
    near: Annotated[
        Path | None,
        typer.Option(help="A null-space certificate of a matrix nearby, to transfer it; it brings the levels."),
    ] = None,
    max_rho: Annotated[str | None, typer.Option(help="Look for ρ less than this only. Default: 1.")] = None,
    improve: Annotated[bool, typer.Option("--improve", help="Go on after the first proof, to less C2.")] = False,
    budget: Annotated[
        float | None,
        typer.Option(help="Wall-clock seconds, in which it is proved and improved; then the search is killed."),
    ] = None,
    out: Out = None,
    limit_out: Annotated[
        Path | None,
        typer.Option(help="With `max` in one level: write the refutation of the least sparsity that is refuted here."),
    ] = None,
    ledger: Annotated[
        Path | None, typer.Option(help="Keep unfinished work in this file (.npz), and go on from it.")
    ] = None,
    plot_file: Annotated[
        Path | None, typer.Option("--plot", help="Draw the trade-off of γ and C2 over ρ (.svg, .png, .pdf).")
    ] = None,
) -> Answer:
    """Certify or refute the null space property in levels of a matrix."""
    start = time.monotonic()
    given = settings(array, header)
    target = None if out is None else certificate_file(out)
    limit_target = None if limit_out is None else certificate_file(limit_out, option="--limit-out")
    book = None if ledger is None else ledger_file(ledger)
    drawing = None if plot_file is None else picture_file(plot_file, endings=_PICTURES)
    if drawing is not None and find_spec("matplotlib") is None:
        raise UsageError("--plot needs matplotlib; pip install 'sci-barriers[report]'")
    most = parse_rational(max_rho or "1")
    if not 0 < most <= 1:
        raise UsageError("--max-rho must be more than 0 and at most 1")
    if budget is not None and not budget > 0:
        raise UsageError("--budget must be positive")
    brought = (sparsity, levels, weights, max_rho, budget, limit_out, ledger)
    if near is not None and (method != "auto" or improve or any(x is not None for x in brought)):
        raise UsageError(
            "--near brings the levels and the method; leave out --levels, --sparsity, --weights, --method, "
            "--max-rho, --improve, --budget, --limit-out and --ledger"
        )
    numbers, free = parse_free(sparsity, levels=levels, weights=weights or "1")
    if free and method == "refute":
        raise UsageError("--sparsity max needs a method that proves, not `refute`")
    if limit_out is not None and (len(free) != 1 or method != "auto"):
        raise UsageError("--limit-out needs --sparsity with `max` in one level, and --method auto")
    if limit_out is not None and out is not None and limit_out.absolute() == out.absolute():
        raise UsageError("--out and --limit-out must be two files")
    exact = read_matrix(matrix, **given["matrix"])
    notes: list[str] = []
    if near is not None:
        verdict, keeper = _transferred(near, exact, Keeper(target, None, None, silent=True))
    else:
        wanted = parse_levels(exact.cols, levels, numbers, weights or "1", notes)
        known = _known(target, exact, wanted, free=free, method=method, most=most)
        rows = None if book is None else Ledger(book.path, key=_key(exact, wanted))
        goes_on = improve or budget is not None
        keeper = Keeper(target, limit_target, rows, known, silent=not goes_on and not free)
        options: dict[str, Any] = {"method": method, "most": most, "known": known, "rows": rows and rows.rows}
        options["improve"] = goes_on
        if free:
            work = partial(largest, exact, wanted if known is None else known.levels, free=free, **options)
        else:
            work = partial(search, exact, wanted, **options)
        verdict = _searched(work, keeper, None if budget is None else start + budget)
    written = keeper.written + ([] if drawing is None else [drawing.write(plot(verdict, form=drawing.path.suffix[1:]))])
    if verdict.proved is None:
        notes.clear()  # they say what a proof is worth
    data = {**verdict_data(verdict), "notes": notes}
    shown = [*_shown(verdict, keeper), *limit_lines(verdict), *notes]
    return Answer(data, shown, written, verdict=verdict.word, code=UNDECIDED if verdict.word == "undecided" else 0)


def _searched(work: Callable[[], Iterator[Event]], keeper: Keeper, deadline: float | None) -> Verdict:
    """Search in a process of its own, which is killed at the deadline or by Ctrl-C; what is proved is kept."""
    verdict = Verdict(proved=keeper.known)
    seconds = None if deadline is None else deadline - time.monotonic()
    try:
        with search_display(keeper.known, deadline=deadline) as show, closing(aside(work, seconds=seconds)) as events:
            for event in verdict.follow(events):
                show(event)
                keeper.take(event)
    except KeyboardInterrupt:
        keeper.interrupted()
        raise
    keeper.finish()
    return verdict


def _known(
    target: File | None,
    matrix: ExactMatrix,
    levels: Levels,
    *,
    free: tuple[int, ...],
    method: MethodName,
    most: fmpq,
) -> NullSpaceProperty | None:
    """Return the property that the certificate at a target proves, verified again, if it is about what is asked."""
    if target is None or not target.replaces:
        return None
    try:
        proved = read_null_space(read_bytes(target.path))
    except SciBarriersError:  # it is about something else, or its evidence proves nothing: it is replaced
        return None
    found = proved.levels
    same = (found.ends, found.weights) == (levels.ends, levels.weights) and all(
        level in free or asked == there
        for level, (asked, there) in enumerate(zip(levels.sparsities, found.sparsities, strict=True))
    )
    fits = same and proved.matrix == matrix and proved.rho < most and method in ("auto", proved.evidence.method)
    return proved if fits else None


def _key(matrix: ExactMatrix, levels: Levels) -> str:
    """What rows are about: not the sparsities, which the tables name where they matter."""
    weights = [str(weight) for weight in levels.weights]
    return sha256(canonical_bytes([matrix.encode(), [str(end) for end in levels.ends], weights])).hexdigest()


def _transferred(near: Path, matrix: ExactMatrix, keeper: Keeper) -> tuple[Verdict, Keeper]:
    known = read_certificate(near, read_null_space)
    start = time.perf_counter()
    verdict = Verdict()
    try:
        verdict.proved = by_transfer(known, matrix)
        outcome, reason = "certified", f"from the matrix of {near}"
        keeper.take(verdict.proved)
    except NotCertifiedError as error:
        outcome, reason = "failed", str(error)
    verdict.attempts.append(Attempt("transfer", known.levels.sparsities, outcome, reason, time.perf_counter() - start))
    return verdict, keeper


def _shown(verdict: Verdict, keeper: Keeper) -> list[Shown]:
    shown: list[Shown] = [attempts_table(verdict)] if verdict.attempts else []
    if any(point.rho < 1 for point in verdict.points):
        shown.append(points_table(verdict.points))
    proved = verdict.proved
    if proved is not None:
        rho, gamma = above(proved.rho, digits=6), above(proved.gamma, digits=6)
        line = f"certified by {proved.evidence.method}, verified exactly: ρ = {rho}, γ = {gamma}, rounded up"
        if keeper.known is proved and keeper.target is not None:
            line += f"; nothing better was found than what {keeper.target.path} has"
        elif keeper.target is not None and not keeper.kept:
            line += "; not written, because its evidence is larger than a certificate may be"
        return [*shown, line, constants_table(proved.constants, proved.best)]
    if verdict.refuted is not None:
        return [*shown, "refuted: an exact kernel vector excludes the property for every ρ < 1 and every γ"]
    return [*shown, "undecided: nothing was proved, and nothing was refuted; a method that fails refutes nothing"]

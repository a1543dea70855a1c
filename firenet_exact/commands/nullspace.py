"""The command `nullspace`."""

from __future__ import annotations

import sys
import time
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer
from flint import fmpq
from rich.progress import TaskID

from exact_base.decimals import decimal_text
from exact_base.documents import read_matrix
from exact_base.errors import NotCertifiedError, UsageError
from exact_base.matrices import ExactMatrix
from exact_base.rationals import parse_rational
from exact_base.terminal import print_json, progress, say, screen
from firenet_exact.certificates.null_space import null_space_certificate, read_null_space
from firenet_exact.certificates.null_space_refuted import refutation_certificate
from firenet_exact.commands.options import Json, MatrixFile, Out, complain, parse_levels, read_certificate
from firenet_exact.commands.options import check_out as _check_out
from firenet_exact.commands.options import print_written as _print_written
from firenet_exact.commands.options import write as _write
from firenet_exact.levels import Levels
from firenet_exact.null_space.choose import Attempt, Method, Verdict, decide
from firenet_exact.null_space.transfer import by_transfer
from firenet_exact.report import attempts_table, constants_table, plot, points_table, verdict_data
from firenet_exact.running import Run
from proofs_checks.certificate.reading import canonical_bytes

__all__ = ["nullspace_command"]


_PICTURES = (".svg", ".png", ".pdf")


def nullspace_command(
    matrix: MatrixFile,
    sparsity: Annotated[str | None, typer.Option(help="s_1,...,s_r: the sparsity of each level.")] = None,
    levels: Annotated[
        str | None, typer.Option(help="M_1,...,M_r: the last column of each level. Default: one.")
    ] = None,
    weights: Annotated[
        str | None, typer.Option(help="w_1,...,w_r, or `optimal` for a little above √(s/s_l). Default: 1.")
    ] = None,
    method: Annotated[
        Method, typer.Option(help="How it is proved; `auto` tries them and takes the least C2.")
    ] = "auto",
    near: Annotated[
        Path | None,
        typer.Option(help="A null-space certificate of a matrix nearby, to transfer it; it brings the levels."),
    ] = None,
    max_rho: Annotated[str | None, typer.Option(help="Look for ρ less than this only. Default: 1.")] = None,
    budget: Annotated[
        float | None,
        typer.Option(
            help="Seconds for the whole work. With --out the same command goes on afterwards. Default: no limit."
        ),
    ] = None,
    out: Out = None,
    plot_file: Annotated[
        Path | None, typer.Option("--plot", help="Draw the trade-off of γ and C2 over ρ (.svg, .png, .pdf).")
    ] = None,
    as_json: Json = False,
) -> None:
    """Certify or refute the null space property in levels of a matrix."""
    _check_out(out)
    _check_plot(plot_file)
    exact = read_matrix(matrix)
    notes: list[str] = []
    if near is not None:
        if method != "auto" or any(x is not None for x in (sparsity, levels, weights, max_rho, budget)):
            raise UsageError(
                "--near brings the levels and the method; leave out --levels, --sparsity, --weights, --method, "
                "--max-rho and --budget"
            )
        verdict = _transferred(near, exact)
    else:
        wanted = parse_levels(exact.cols, levels, sparsity, weights or "1", notes)
        verdict = _decided(exact, wanted, method, parse_rational(max_rho or "1"), budget, out)
    provenance = {"producer": "firenet-exact", "python": sys.version.split()[0]}
    provenance |= {f"{a.method}": f"{a.outcome} after {a.seconds:.2f} s" for a in verdict.attempts}
    content: bytes | None = None
    if out is not None and verdict.proved is not None:
        content = null_space_certificate(verdict.proved, provenance=provenance)
    elif out is not None and verdict.refuted is not None:
        content = refutation_certificate(verdict.refuted, provenance=provenance)
    written = _write(out, content)
    if plot_file is not None:
        _write(plot_file, plot(verdict, form=plot_file.suffix[1:]))
    if verdict.proved is None:
        notes.clear()  # they say what a proof is worth
    if as_json:
        certificate = None if written is None else str(written)
        print_json({**verdict_data(verdict), "notes": notes, "certificate": certificate})
    else:
        _print_verdict(verdict, notes, written)
    raise typer.Exit({"certified": 0, "refuted": 1, "undecided": 3}[verdict.word])


def _decided(
    matrix: ExactMatrix, levels: Levels, method: Method, most: fmpq, budget: float | None, out: Path | None
) -> Verdict:
    if not 0 < most <= 1:
        raise UsageError("--max-rho must be more than 0 and at most 1")
    if budget is not None and not budget > 0:
        raise UsageError("--budget must be positive")
    key = sha256(canonical_bytes([matrix.encode(), levels.encode()])).hexdigest()
    with progress() as display:
        tasks: dict[str, TaskID] = {}

        def report(label: str, done: int, count: int) -> None:
            if label not in tasks:
                tasks[label] = display.add_task(label)
            display.update(tasks[label], completed=done, total=count)

        partial = None if out is None else out.with_name(f"{out.name}.partial")
        run = Run(seconds=budget, checkpoint=partial, key=key, report=report)
        try:
            verdict = decide(matrix, levels, method=method, run=run, most=most)
        except (KeyboardInterrupt, OSError) as error:
            if isinstance(error, OSError):
                raise UsageError(f"cannot write {partial}: {error.strerror or error}") from None
            run.save()
            if partial is not None and partial.exists():
                complain(f"the same command goes on from {partial}")
            raise
    if not any(attempt.outcome == "stopped" for attempt in verdict.attempts):
        run.finish()
    return verdict


def _transferred(near: Path, matrix: ExactMatrix) -> Verdict:
    start = time.perf_counter()
    verdict = Verdict()
    try:
        verdict.proved = by_transfer(read_certificate(near, read_null_space), matrix)
        outcome, reason = "certified", f"from the matrix of {near}"
    except NotCertifiedError as error:
        outcome, reason = "failed", str(error)
    verdict.attempts.append(Attempt("transfer", outcome, reason, time.perf_counter() - start))
    return verdict


def _check_plot(path: Path | None) -> None:
    """Refuse a picture that could not be written before the work."""
    if path is None:
        return
    if path.suffix not in _PICTURES:
        raise UsageError(f"--plot {path} must end in {', '.join(_PICTURES)}")
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise UsageError(f"--plot {path} is a directory, or in a directory that does not exist")
    if find_spec("matplotlib") is None:
        raise UsageError("--plot needs matplotlib; pip install 'sci-barriers[report]'")


def _print_verdict(verdict: Verdict, notes: list[str], written: Path | None) -> None:
    shown = screen()
    shown.print(attempts_table(verdict))
    if any(point.rho < 1 for point in verdict.points):
        shown.print(points_table(verdict.points))
    proved = verdict.proved
    if proved is not None:
        rho, gamma = decimal_text(proved.rho, up=True), decimal_text(proved.gamma, up=True)
        say(f"certified by {proved.evidence.method}, verified exactly: ρ = {rho}, γ = {gamma}, rounded up")
        shown.print(constants_table(proved.constants))
    elif verdict.refuted is not None:
        say("refuted: an exact kernel vector excludes the property for every ρ < 1 and every γ")
    else:
        say("undecided: nothing was proved, and nothing was refuted; a method that fails refutes nothing")
    for note in notes:
        say(note)
    _print_written(written)

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

from exact_base.decimals import above
from exact_base.documents import read_matrix
from exact_base.errors import NotCertifiedError, UsageError
from exact_base.files import certificate_file, picture_file
from exact_base.matrices import ExactMatrix
from exact_base.rationals import parse_rational
from exact_base.terminal import UNDECIDED, Answer, Shown, note, progress
from firenet_exact.certificates.null_space import null_space_certificate, read_null_space
from firenet_exact.certificates.null_space_refuted import refutation_certificate
from firenet_exact.commands.options import MatrixFile, Out, parse_levels, read_certificate
from firenet_exact.levels import Levels
from firenet_exact.null_space.choose import Attempt, MethodName, Verdict, decide
from firenet_exact.null_space.transfer import by_transfer
from firenet_exact.report import attempts_table, constants_table, plot, points_table, verdict_data
from firenet_exact.running import Work
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
        MethodName, typer.Option(help="How it is proved; `auto` tries them and takes the least C2.")
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
) -> Answer:
    """Certify or refute the null space property in levels of a matrix."""
    target = None if out is None else certificate_file(out)
    drawing = None if plot_file is None else picture_file(plot_file, endings=_PICTURES)
    if drawing is not None and find_spec("matplotlib") is None:
        raise UsageError("--plot needs matplotlib; pip install 'sci-barriers[report]'")
    most = parse_rational(max_rho or "1")
    if not 0 < most <= 1:
        raise UsageError("--max-rho must be more than 0 and at most 1")
    if budget is not None and not budget > 0:
        raise UsageError("--budget must be positive")
    if near is not None and (
        method != "auto" or any(x is not None for x in (sparsity, levels, weights, max_rho, budget))
    ):
        raise UsageError(
            "--near brings the levels and the method; leave out --levels, --sparsity, --weights, --method, "
            "--max-rho and --budget"
        )
    exact = read_matrix(matrix)
    notes: list[str] = []
    if near is not None:
        verdict = _transferred(near, exact)
    else:
        wanted = parse_levels(exact.cols, levels, sparsity, weights or "1", notes)
        verdict = _decided(exact, wanted, method, most, budget, out)
    content = _certificate(verdict)
    written = [] if target is None or content is None else [target.write(content)]
    written += [] if drawing is None else [drawing.write(plot(verdict, form=drawing.path.suffix[1:]))]
    if verdict.proved is None:
        notes.clear()  # they say what a proof is worth
    code = UNDECIDED if verdict.word == "undecided" else 0
    data = {**verdict_data(verdict), "notes": notes}
    return Answer(data, [*_shown(verdict), *notes], written, verdict=verdict.word, code=code)


def _decided(
    matrix: ExactMatrix, levels: Levels, method: MethodName, most: fmpq, budget: float | None, out: Path | None
) -> Verdict:
    key = sha256(canonical_bytes([matrix.encode(), levels.encode()])).hexdigest()
    partial = None if out is None else out.with_name(f"{out.name}.partial")
    with progress() as show:
        work = Work(seconds=budget, checkpoint=partial, key=key, report=show)
        try:
            verdict = decide(matrix, levels, method=method, run=work, most=most)
        except OSError as error:
            raise UsageError(f"cannot write {partial}: {error.strerror or error}") from None
        except KeyboardInterrupt:
            work.save()
            if partial is not None and partial.exists():
                note("firenet-exact", f"the same command goes on from {partial}")
            raise
    if not any(attempt.outcome == "stopped" for attempt in verdict.attempts):
        work.finish()
    return verdict


def _transferred(near: Path, matrix: ExactMatrix) -> Verdict:
    known = read_certificate(near, read_null_space)
    start = time.perf_counter()
    verdict = Verdict()
    try:
        verdict.proved = by_transfer(known, matrix)
        outcome, reason = "certified", f"from the matrix of {near}"
    except NotCertifiedError as error:
        outcome, reason = "failed", str(error)
    verdict.attempts.append(Attempt("transfer", outcome, reason, time.perf_counter() - start))
    return verdict


def _certificate(verdict: Verdict) -> bytes | None:
    provenance = {"producer": "firenet-exact", "python": sys.version.split()[0]}
    provenance |= {f"{a.method}": f"{a.outcome} after {a.seconds:.2f} s" for a in verdict.attempts}
    if verdict.proved is not None:
        return null_space_certificate(verdict.proved, provenance=provenance)
    if verdict.refuted is not None:
        return refutation_certificate(verdict.refuted, provenance=provenance)
    return None


def _shown(verdict: Verdict) -> list[Shown]:
    shown: list[Shown] = [attempts_table(verdict)]
    if any(point.rho < 1 for point in verdict.points):
        shown.append(points_table(verdict.points))
    proved = verdict.proved
    if proved is not None:
        rho, gamma = above(proved.rho, digits=6), above(proved.gamma, digits=6)
        line = f"certified by {proved.evidence.method}, verified exactly: ρ = {rho}, γ = {gamma}, rounded up"
        return [*shown, line, constants_table(proved.constants)]
    if verdict.refuted is not None:
        return [*shown, "refuted: an exact kernel vector excludes the property for every ρ < 1 and every γ"]
    return [*shown, "undecided: nothing was proved, and nothing was refuted; a method that fails refutes nothing"]

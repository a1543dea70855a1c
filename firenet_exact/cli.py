"""The command `firenet-exact`: null space properties, norms, constants, and points with bounds of their error.

Exit codes: 0 certified, 1 refuted, 2 usage, 3 undecided, 4 malformed certificate.
"""

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

from firenet_exact import __version__
from firenet_exact.certificates import (
    norm_certificate,
    null_space_certificate,
    read_constants,
    read_null_space,
    refutation_certificate,
)
from firenet_exact.constants import constants
from firenet_exact.errors import NotCertifiedError, SciBarriersError, UsageError
from firenet_exact.levels import Levels
from firenet_exact.matrices import ExactMatrix
from firenet_exact.matrix_files import read_matrix
from firenet_exact.null_space.choose import Attempt, Method, Verdict, decide
from firenet_exact.null_space.transfer import by_transfer
from firenet_exact.operator_norm import operator_norm
from firenet_exact.rationals import decimal_text, parse_rational
from firenet_exact.recovery.cli import solve_command
from firenet_exact.report import (
    attempts_table,
    constants_data,
    constants_table,
    number,
    plot,
    points_table,
    verdict_data,
)
from firenet_exact.running import Run
from firenet_exact.terminal import (
    complain,
    console,
    is_certificate,
    parse_levels,
    print_json,
    progress,
    read_certificate,
    say,
)
from proofs_checks.certificate import SUFFIX, MalformedCertificate, canonical_bytes, write_atomic

__all__ = ["app", "main"]

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Certify when a problem can be computed, and how well. Exit codes: 0 certified; 1 refuted, or no x "
    "fits the data; 2 usage; 3 undecided; 4 malformed certificate.",
)


def _version(wanted: bool) -> None:
    if wanted:
        say(f"firenet-exact {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


_PICTURES = (".svg", ".png", ".pdf")
MatrixFile = Annotated[Path, typer.Argument(help="A matrix: .npy, .npz, .csv or exact .json.")]
Out = Annotated[Path | None, typer.Option(help=f"Write the certificate here; the name ends in {SUFFIX}.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.command("nullspace")
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


@app.command("norm")
def norm_command(matrix: MatrixFile, out: Out = None, as_json: Json = False) -> None:
    """Bound the spectral norm of a matrix from both sides, within 2^-30."""
    _check_out(out)
    exact = read_matrix(matrix)
    start = time.perf_counter()
    try:
        bounds = operator_norm(exact)
    except NotCertifiedError as error:
        complain(f"undecided: {error}")
        raise typer.Exit(3) from None
    provenance = {"producer": "firenet-exact", "seconds": f"{time.perf_counter() - start:.3f}"}
    written = _write(out, None if out is None else norm_certificate(bounds, provenance=provenance))
    if as_json:
        certificate = None if written is None else str(written)
        print_json({"low": number(bounds.low), "high": number(bounds.high), "certificate": certificate})
        return
    low, high = decimal_text(bounds.low, up=False, digits=13), decimal_text(bounds.high, up=True, digits=13)
    say(f"{low} <= ‖A‖ <= {high}, for the {exact.rows} x {exact.cols} matrix {matrix}")
    _print_written(written)


@app.command("constants")
def constants_command(
    certificate: Annotated[Path, typer.Argument(help="A certificate of kind null-space.")], as_json: Json = False
) -> None:
    """Compute C1 and C2 from what a certificate claims, in our form and the paper's."""
    levels, rho, gamma = read_certificate(certificate, read_constants)
    found = constants(levels, rho, gamma)
    if as_json:
        print_json(constants_data(found))
        return
    console().print(constants_table(found))
    say("‖z-x‖ <= (C1/r)(2σ(x)+‖z‖_w-‖x‖_w) + C2‖A(z-x)‖ for all x and z; take C1 and C2 of one column.")
    say(f"These follow from the claim; check it with: proofs-checks verify {certificate}")


app.command("solve")(solve_command)

for _command in app.registered_commands:  # the list of commands has whole sentences
    _command.short_help = _command.callback.__doc__ if _command.callback is not None else None


# --- helpers ---------------------------------------------------------------------------------------


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


def _check_out(out: Path | None) -> None:
    """Refuse a target that could not be written, or would not be checked, before the work."""
    if out is None:
        return
    if not out.name.endswith(SUFFIX):
        raise UsageError(f"--out {out} must end in {SUFFIX}")
    if out.is_dir() or not out.absolute().parent.is_dir():
        raise UsageError(f"--out {out} is a directory, or in a directory that does not exist")
    if out.exists() and not is_certificate(out):
        raise UsageError(f"--out {out} exists and is not a certificate; give another name")


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


def _write(out: Path | None, content: bytes | None) -> Path | None:
    if out is None or content is None:
        return None
    try:
        write_atomic(out, content)
    except OSError as error:
        raise UsageError(f"cannot write {out}: {error.strerror or error}") from None
    return out


def _print_verdict(verdict: Verdict, notes: list[str], written: Path | None) -> None:
    screen = console()
    screen.print(attempts_table(verdict))
    if any(point.rho < 1 for point in verdict.points):
        screen.print(points_table(verdict.points))
    proved = verdict.proved
    if proved is not None:
        rho, gamma = decimal_text(proved.rho, up=True), decimal_text(proved.gamma, up=True)
        say(f"certified by {proved.evidence.method}, verified exactly: ρ = {rho}, γ = {gamma}, rounded up")
        screen.print(constants_table(proved.constants))
    elif verdict.refuted is not None:
        say("refuted: an exact kernel vector excludes the property for every ρ < 1 and every γ")
    else:
        say("undecided: nothing was proved, and nothing was refuted; a method that fails refutes nothing")
    for note in notes:
        say(note)
    _print_written(written)


def _print_written(written: Path | None) -> None:
    if written is not None:
        say(f"written: {written}", f"check with: proofs-checks verify {written}")


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its code; every error is one line on stderr."""
    for stream in (sys.stdout, sys.stderr):  # never fail on a terminal that cannot show a character
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    try:
        code = app(args=arguments, prog_name="firenet-exact", standalone_mode=False)
    except MalformedCertificate as error:
        _fail(f"malformed: {error}", 4)
    except SciBarriersError as error:
        _fail(f"error: {error}", 2)
    except KeyboardInterrupt:
        _fail("interrupted", 130)
    except Exception as error:
        # typer's own usage errors carry a message, whichever click they come from
        if not hasattr(error, "format_message"):
            raise
        _fail(f"error: {error.format_message()}", 2)
    if code == 130:  # typer turns a keyboard interrupt into this
        _fail("interrupted", 130)
    sys.exit(code if isinstance(code, int) else 0)


def _fail(message: str, code: int) -> None:
    complain(message)
    sys.exit(code)


if __name__ == "__main__":
    main()

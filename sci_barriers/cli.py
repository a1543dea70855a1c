"""The command `sci-barriers`: challenge solvers, list them, replay a certificate.

Exit codes: 0 done, 1 a replay differs, 2 usage, 3 undecided, 4 malformed file.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from proofs_checks import certificate as fmt
from sci_barriers import __version__
from sci_barriers.algorithm import Player
from sci_barriers.audit.cli import audit_claims_command, table1_command
from sci_barriers.class_certificates import read_recorded
from sci_barriers.classes import OmegaClass
from sci_barriers.errors import SciBarriersError, UsageError
from sci_barriers.existence.cli import exists_command
from sci_barriers.game import Challenge, challenge
from sci_barriers.isolation import IsolatedCandidate, Limits
from sci_barriers.replay import replay
from sci_barriers.report import challenge_data, challenge_words, class_words
from sci_barriers.solvers import REGISTRY, load_candidate
from sci_barriers.survey.cli import survey_command
from sci_barriers.writing import check_target, slug, write_results

__all__ = ["app", "main"]

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Certify what no algorithm can compute to K digits.",
)

ProblemName = Literal["bpdn", "lasso", "sqrt-lasso"]
FamilyName = Literal["strong", "weak"]
AccessName = Literal["query", "stream"]
TimeLimit = Annotated[
    float | None,
    typer.Option("--time-limit", help="Seconds for a call of a solver, and to load it. Default: 60."),
]
MemoryLimit = Annotated[
    int | None, typer.Option("--memory-limit", help="MiB of address space a solver may take. Default: no limit.")
]
InProcess = Annotated[bool, typer.Option("--in-process", help="Run solvers in this process, without any protection.")]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sci-barriers {__version__}")
        raise typer.Exit


@app.callback()
def _root(version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True)] = False) -> None:
    pass


@app.command("challenge")
def challenge_command(
    solver: Annotated[list[str], typer.Argument(help="Registered names, package.module:attr or file.py:attr.")],
    problem: Annotated[ProblemName, typer.Option(help="The problem to solve.")],
    digits: Annotated[int, typer.Option(help="K, the number of digits.")],
    size: Annotated[tuple[int, int], typer.Option(help="m N, with 1 <= m < N.")] = (21, 22),
    family: Annotated[FamilyName, typer.Option(help="Family of the class.")] = "strong",
    access: Annotated[AccessName, typer.Option(help="How training data are read.")] = "query",
    precision: Annotated[int, typer.Option(help="Precision n that one-shot solvers read to.")] = 60,
    parameter: Annotated[str | None, typer.Option(help="ε or λ, exactly (1/2, 0.1, 3).")] = None,
    scaling: Annotated[
        str | None, typer.Option(help="Objective of an unregistered solver: stated, half, mean-half.")
    ] = None,
    disguise: Annotated[
        bool, typer.Option("--disguise", help="Hide the block structure by a rational reflection.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            help="FILE.json for one solver (the control goes beside it), or a directory. Default: PROBLEM-KDIGITS."
        ),
    ] = None,
    time_limit: TimeLimit = None,
    memory_limit: MemoryLimit = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="A new process for the control and the game each.")] = False,
    repeat: Annotated[
        bool, typer.Option("--repeat", help="Run every solver again in a new process on the same data, and compare.")
    ] = False,
    in_process: InProcess = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Challenge solvers, and write a certificate for every verdict."""
    omega = OmegaClass.create(
        problem,
        digits=digits,
        rows=size[0],
        columns=size[1],
        parameter=parameter,
        family=family,
        disguise=disguise,
    )
    slugs = [slug(name) for name in solver]
    repeated = next((name for name in slugs if slugs.count(name) > 1), None)
    if repeated is not None:
        raise UsageError(f"two of the solvers would be written as {repeated!r}; challenge each only once")
    target = out if out is not None else Path(f"{problem}-K{digits}")
    existed = check_target(target, solvers=len(solver))
    limits = _limits(time_limit, memory_limit, in_process=in_process, isolated_only=fresh or repeat)
    if scaling is not None and all(name in REGISTRY for name in solver):
        raise UsageError("every solver here declares its own scaling; leave --scaling out")
    results: list[Challenge] = []
    with (
        _own_output(kept=in_process),
        contextlib.ExitStack() as loaded,
        Progress(console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as progress,
    ):
        task = progress.add_task("loading", total=len(solver))
        # all are loaded before the first is challenged, so that a mistake is known at once
        players = [
            _player(loaded, name, problem, _scaling(name, scaling), limits, fresh=fresh, repeat=repeat)
            for name in solver
        ]
        for player in players:
            progress.update(task, description=player.name)
            results.append(challenge(player, omega, access=access, precision=precision))
            progress.advance(task)
    paths = write_results(target, results)
    if as_json:
        summary = {
            "problem": problem,
            "parameter": str(omega.parameter),
            "digits": digits,
            "rows": omega.rows,
            "columns": omega.columns,
            "family": omega.family,
            "disguise": disguise,
            "access": access,
            "precision": precision,
            "results": [challenge_data(result) for result in results],
            "certificates": [str(path) for path in paths],
        }
        typer.echo(json.dumps(summary, ensure_ascii=False))
    else:
        _print(results, paths, replaced=existed)
    undecided = any("undecided" in (r.control.verdict, r.game.verdict) for r in results)
    raise typer.Exit(3 if undecided else 0)


@app.command("solvers")
def solvers_command(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """List the registered solvers, and what an extra would add."""
    if as_json:
        entries = [
            {
                "name": e.name,
                "summary": e.summary,
                "problems": list(e.build),
                "available": e.available,
                "extra": e.extra,
            }
            for e in REGISTRY.values()
        ]
        typer.echo(json.dumps({"solvers": entries}, ensure_ascii=False))
        return
    table = Table("solver", "problems", "here", "what it is")
    for entry in REGISTRY.values():
        here = "yes" if entry.available else f"pip install 'sci-barriers[{entry.extra}]'"
        table.add_row(entry.name, ", ".join(entry.build), escape(here), entry.summary)
    Console(width=None if sys.stdout.isatty() else 140).print(table)


@app.command("replay")
def replay_command(
    file: Annotated[Path, typer.Argument(help="A certificate of kind barrier or control.")],
    solver: Annotated[str, typer.Argument(help="The solver to re-run, named as for challenge.")],
    scaling: Annotated[
        str | None, typer.Option(help="Objective of an unregistered solver: stated, half, mean-half.")
    ] = None,
    time_limit: TimeLimit = None,
    memory_limit: MemoryLimit = None,
    in_process: InProcess = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Re-run a solver on the data a certificate records and compare the answers bit by bit."""
    try:
        recorded = read_recorded(fmt.read(file))
    except OSError as error:
        reason = "it is a bundle; name a file in it" if file.is_dir() else error.strerror or error
        raise UsageError(f"cannot read {file}: {reason}") from None
    limits = _limits(time_limit, memory_limit, in_process=in_process)
    with contextlib.ExitStack() as loaded:
        outcome = replay(recorded, _player(loaded, solver, recorded.omega.problem, scaling, limits))
    if as_json:
        typer.echo(json.dumps({"verdict": outcome.verdict, "reason": outcome.reason}, ensure_ascii=False))
    else:
        typer.echo(f"{outcome.verdict}: {outcome.reason}")
    raise typer.Exit({"same": 0, "different": 1, "undecided": 3}[outcome.verdict])


app.command("table1")(table1_command)
app.command("audit-claims")(audit_claims_command)
app.command("survey")(survey_command)
app.command("exists")(exists_command)


# --- helpers ---------------------------------------------------------------------------------------


@contextlib.contextmanager
def _own_output(*, kept: bool) -> Iterator[None]:
    """Send what a solver in this process prints, from C too, to standard error: standard output is ours."""
    if not kept:
        yield
        return
    sys.stdout.flush()
    saved = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(saved, 1)
        os.close(saved)


def _scaling(name: str, scaling: str | None) -> str | None:
    """A --scaling given for a list of solvers concerns the unregistered ones."""
    return None if name in REGISTRY else scaling


def _limits(
    time_limit: float | None, memory_limit: int | None, *, in_process: bool, isolated_only: bool = False
) -> Limits | None:
    """Return the limits of the worker processes, or None if there shall be none."""
    if not in_process:
        return Limits(seconds=60.0 if time_limit is None else time_limit, memory_mib=memory_limit)
    if time_limit is not None or memory_limit is not None or isolated_only:
        raise UsageError("--in-process has no limits and no new processes; leave out the options that ask for them")
    return None


def _player(
    loaded: contextlib.ExitStack,
    name: str,
    problem: str,
    scaling: str | None,
    limits: Limits | None,
    *,
    fresh: bool = False,
    repeat: bool = False,
) -> Player:
    """Load a solver, in a worker process if there are limits; `loaded` ends the process."""
    if limits is None:
        return load_candidate(name, problem=problem, scaling=scaling)
    return loaded.enter_context(
        IsolatedCandidate(name, problem=problem, scaling=scaling, limits=limits, fresh=fresh, repeat=repeat)
    )


def _print(results: list[Challenge], paths: list[Path], *, replaced: bool) -> None:
    console = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 140)
    console.print(class_words(results[0]), markup=False)
    if len(results) == 1:
        console.print(f"\n{results[0].candidate.name}", style="bold", markup=False)
        for label, value, sentence in challenge_words(results[0]):
            console.print(f"  {label:<9} {value:<11} {sentence}", markup=False)
    else:
        table = Table()
        for heading in ("solver", "control", "game", "digits on Ω", "relative error", "distance", "excess", "silent"):
            table.add_column(heading, overflow="fold")
        notes: list[str] = []
        for result in results:
            data = challenge_data(result)
            game = data["game"]
            silent = "yes" if data["silent"] else "no"
            cells = [_cell(game, key) for key in ("digits_on_class", "relative_error", "distance", "objective_excess")]
            table.add_row(data["solver"], data["control"]["verdict"], game["verdict"], *cells, silent)
            notes += [
                f"{data['solver']}, {part}: {note}"
                for part in ("control", "game")
                for note in (data[part]["reason"], *data[part]["notes"])
                if note
            ]
        console.print(table)
        for note in notes:
            console.print(note, markup=False)
    if paths:
        done = "replaced" if replaced else "written"
        console.print(f"\n{done}: {' '.join(map(str, paths))}", markup=False)
        console.print(f"check with: proofs-checks verify {' '.join(map(str, paths))}", markup=False)
    else:
        console.print("\nnothing could be certified, so no file was written", markup=False)


def _cell(game: dict[str, Any], key: str) -> str:
    if game["verdict"] != "barrier":
        return ""
    return "all" if game[key] is None else str(game[key])


def _plain_streams() -> None:
    """Never fail on a terminal that cannot show a character."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its code; every error is one line on stderr."""
    _plain_streams()
    try:
        code = app(args=arguments, prog_name="sci-barriers", standalone_mode=False)
    except fmt.MalformedCertificate as error:
        _fail(f"malformed: {error}", 4)
    except SciBarriersError as error:
        _fail(f"error: {error}", 2)
    except KeyboardInterrupt:
        _fail("interrupted", 130)
    except Exception as error:
        # typer's own usage errors carry an exit code and a message, whichever click they come from
        if not hasattr(error, "format_message"):
            raise
        _fail(f"error: {error.format_message()}", 2)
    if code == 130:  # typer turns a keyboard interrupt into this
        _fail("interrupted", 130)
    sys.exit(code if isinstance(code, int) else 0)


def _fail(message: str, code: int) -> None:
    print(f"sci-barriers: {' '.join(message.split())}", file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()

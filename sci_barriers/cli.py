"""The command `sci-barriers`: challenge solvers, list them, replay a certificate.

Exit codes: 0 done, 1 a replay differs or a claim is refuted, 2 usage, 3 undecided, 4 malformed file.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from proofs_checks import certificate as fmt
from sci_barriers import __version__
from sci_barriers.algorithm import check_scaling
from sci_barriers.audit.cli import audit_claims_command, table1_command
from sci_barriers.breakdown.cli import breakdown_command
from sci_barriers.budget_cli import budget_command
from sci_barriers.classes import OmegaClass
from sci_barriers.constructive.cli import reach_command
from sci_barriers.errors import SciBarriersError, UsageError
from sci_barriers.existence.cli import exists_command
from sci_barriers.game import Challenge, challenge
from sci_barriers.isolation import Limits
from sci_barriers.options import (
    AccessName,
    AsJson,
    Digits,
    Disguise,
    FamilyName,
    InProcess,
    MemoryLimit,
    Parameter,
    Precision,
    ProblemName,
    Scaling,
    Size,
    TimeLimit,
    limits_of,
    load_player,
    load_randomised_player,
    own_output,
    runs_on_terminal,
)
from sci_barriers.randomised.cli import randomised_command
from sci_barriers.randomised.game import MAX_LEAVES
from sci_barriers.recorded import Recorded, RecordedRuns, read_recorded
from sci_barriers.replay import Replay, replay, replay_randomised
from sci_barriers.report import challenge_data, challenge_words, class_words
from sci_barriers.solvers import REGISTRY
from sci_barriers.survey.cli import survey_command
from sci_barriers.terminal import print_json, progress, say, screen
from sci_barriers.theorem2.cli import theorem2_command
from sci_barriers.writing import check_target, slug, write_results

__all__ = ["app", "main"]

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Certify what no algorithm can compute to K digits. Exit codes: 0 done; 1 a replay differs, or a claim is "
    "refuted; 2 usage; 3 undecided; 4 malformed file.",
)


def _version(wanted: bool) -> None:
    if wanted:
        say(f"sci-barriers {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


@app.command("challenge")
def challenge_command(
    solver: Annotated[list[str], typer.Argument(help="Registered names, package.module:attr or file.py:attr.")],
    problem: ProblemName,
    digits: Digits,
    size: Size = (21, 22),
    family: FamilyName = "strong",
    access: AccessName = "query",
    precision: Precision = 60,
    parameter: Parameter = None,
    scaling: Scaling = None,
    disguise: Disguise = False,
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
    as_json: AsJson = False,
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
        raise UsageError(
            f"two of the solvers would be written as {repeated!r}; challenge each only once, and such files apart"
        )
    target = out if out is not None else Path(f"{problem}-K{digits}")
    existed = check_target(target, solvers=len(solver))
    limits = limits_of(time_limit, memory_limit, in_process=in_process, isolated_only=fresh or repeat)
    if scaling is not None:
        check_scaling(scaling, problem=problem)
    if scaling is not None and all(name in REGISTRY for name in solver):
        raise UsageError("every solver here declares its own scaling; leave --scaling out")
    results: list[Challenge] = []
    with (
        own_output(kept=in_process),
        contextlib.ExitStack() as loaded,
        progress() as display,
    ):
        task = display.add_task("loading", total=len(solver))
        # all are loaded before the first is challenged, so that a mistake is known at once
        players = [
            load_player(
                loaded, name, problem, None if name in REGISTRY else scaling, limits, fresh=fresh, repeat=repeat
            )
            for name in solver
        ]
        for player in players:
            display.update(task, description=player.name)
            results.append(challenge(player, omega, access=access, precision=precision))
            display.advance(task)
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
        print_json(summary)
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
        print_json({"solvers": entries})
        return
    table = Table("solver", "problems", "here", "what it is")
    for entry in REGISTRY.values():
        here = "yes" if entry.available else f"pip install 'sci-barriers[{entry.extra}]'"
        table.add_row(entry.name, ", ".join(entry.build), here, entry.summary)
    screen().print(table)


@app.command("replay")
def replay_command(
    file: Annotated[Path, typer.Argument(help="A certificate of kind barrier, control, budget or randomised.")],
    solver: Annotated[str, typer.Argument(help="The solver to re-run, named as for challenge.")],
    scaling: Scaling = None,
    time_limit: TimeLimit = None,
    memory_limit: MemoryLimit = None,
    in_process: InProcess = False,
    as_json: AsJson = False,
) -> None:
    """Re-run a solver on the data a certificate records, with all tapes or seeds, and compare bit by bit."""
    try:
        recorded = read_recorded(fmt.read(file))
    except OSError as error:
        reason = "it is a directory; name a file in it" if file.is_dir() else error.strerror or error
        raise UsageError(f"cannot read {file}: {reason}") from None
    limits = limits_of(time_limit, memory_limit, in_process=in_process)
    with own_output(kept=in_process), contextlib.ExitStack() as loaded:
        outcome = _replayed(loaded, recorded, (solver, recorded.omega.problem, scaling, limits))
    check = f"proofs-checks verify {file}"
    if as_json:
        print_json({"verdict": outcome.verdict, "reason": outcome.reason, "check": check})
    else:
        say(f"{outcome.verdict}: {outcome.reason}")
        say(f"This compares a run with the file, and says nothing of what the file claims; check that with: {check}")
    raise typer.Exit({"same": 0, "different": 1, "undecided": 3}[outcome.verdict])


app.command("table1")(table1_command)
app.command("audit-claims")(audit_claims_command)
app.command("survey")(survey_command)
app.command("exists")(exists_command)
app.command("reach")(reach_command)
app.command("budget")(budget_command)
app.command("breakdown")(breakdown_command)
app.command("randomised")(randomised_command)
app.command("theorem2")(theorem2_command)

for _command in app.registered_commands:  # the list of commands has whole sentences
    _command.short_help = _command.callback.__doc__ if _command.callback is not None else None


# --- helpers ---------------------------------------------------------------------------------------


def _replayed(
    loaded: contextlib.ExitStack,
    recorded: Recorded | RecordedRuns,
    solver: tuple[str, str, str | None, Limits | None],
) -> Replay:
    if isinstance(recorded, Recorded):
        return replay(recorded, load_player(loaded, *solver))
    with runs_on_terminal(MAX_LEAVES if recorded.level is None else len(recorded.seeds)) as made:
        return replay_randomised(recorded, load_randomised_player(loaded, *solver), progress=made)


def _print(results: list[Challenge], paths: list[Path], *, replaced: bool) -> None:
    console = screen(soft_wrap=True)
    console.print(class_words(results[0].game.play))
    if len(results) == 1:
        say("")
        console.print(results[0].candidate.name, style="bold")
        for label, value, sentence in challenge_words(results[0]):
            console.print(f"  {label:<9} {value:<11} {sentence}")
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
            if data["objective"] is not None and data["objective"]["verdict"] != "declared":
                notes.append(f"{data['solver']}, objective: {data['objective']['words']}")
            notes += [
                f"{data['solver']}, {part}: {note}"
                for part in ("control", "game")
                for note in (data[part]["reason"], *data[part]["notes"])
                if note
            ]
        console.print(table)
        for note in notes:
            console.print(note)
    if paths:
        done = "replaced" if replaced else "written"
        say("", f"{done}: {' '.join(map(str, paths))}")
        console.print(f"check with: proofs-checks verify {' '.join(map(str, paths))}")
    else:
        say("", "nothing could be certified, so no file was written")


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
    print(f"sci-barriers: {fmt.printable(' '.join(message.split()))}", file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()

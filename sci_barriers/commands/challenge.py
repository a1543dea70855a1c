"""The command `challenge`."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from exact_base.errors import UsageError
from exact_base.files import Bundle, File, Written, bundle_directory, certificate_file
from exact_base.terminal import NOTHING, UNDECIDED, Answer, Listing, Shown, heading, progress
from exact_base.text import slug
from proofs_checks.certificate.reading import SUFFIX
from sci_barriers.certificates.challenge import challenge_files
from sci_barriers.commands.options import (
    AccessName,
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
    own_output,
)
from sci_barriers.commands.report import challenge_data, challenge_words, class_data, class_words
from sci_barriers.games.game import Challenge, challenge
from sci_barriers.omega.families import OmegaClass
from sci_barriers.solvers import REGISTRY
from sci_barriers.solvers.loading import check_target

__all__ = ["challenge_command"]


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
            help="NAME.cert.json for one solver (the control goes beside it), or a directory. Default: PROBLEM-KDIGITS."
        ),
    ] = None,
    time_limit: TimeLimit = None,
    memory_limit: MemoryLimit = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="A new process for the control and the game each.")] = False,
    repeat: Annotated[
        bool, typer.Option("--repeat", help="Run every solver again in a new process on the same data, and compare.")
    ] = False,
    in_process: InProcess = False,
) -> Answer:
    """Challenge solvers, and write a certificate for every verdict."""
    rows, columns = size
    omega = OmegaClass.create(
        problem, digits=digits, rows=rows, columns=columns, parameter=parameter, family=family, disguise=disguise
    )
    _check_solvers(solver, problem, scaling)
    target = _target(Path(f"{problem}-K{digits}") if out is None else out, solvers=len(solver))
    limits = limits_of(time_limit, memory_limit, in_process=in_process, isolated_only=fresh or repeat)
    results: list[Challenge] = []
    with own_output(kept=in_process), contextlib.ExitStack() as loaded, progress() as show:
        show("loading", 0, len(solver))
        # all are loaded before the first is challenged, so that a mistake is known at once
        players = [
            load_player(
                loaded, name, problem, None if name in REGISTRY else scaling, limits, fresh=fresh, repeat=repeat
            )
            for name in solver
        ]
        for done, player in enumerate(players):
            show(player.name, done, len(players))
            results.append(challenge(player, omega, access=access, precision=precision))
    written = _write(target, results)
    undecided = any("undecided" in (result.control.verdict, result.game.verdict) for result in results)
    return Answer(
        class_data(omega)
        | {"access": access, "precision": precision, "results": [challenge_data(result) for result in results]},
        [
            class_words(omega, access=access, precision=precision),
            *(_one(results[0]) if len(results) == 1 else _several(results)),
            *([] if written.paths else ["", NOTHING]),
        ],
        [written],
        verdict="undecided" if undecided else "barrier",
        code=UNDECIDED if undecided else 0,
    )


def _check_solvers(solvers: Sequence[str], problem: str, scaling: str | None) -> None:
    slugs = [slug(name) for name in solvers]
    repeated = next((name for name in slugs if slugs.count(name) > 1), None)
    if repeated is not None:
        raise UsageError(
            f"two of the solvers would be written as {repeated!r}; challenge each only once, and such files apart"
        )
    if scaling is not None and all(name in REGISTRY for name in solvers):
        raise UsageError("every solver here declares its own scaling; leave --scaling out")
    for name in solvers:
        check_target(name, problem=problem, scaling=None if name in REGISTRY else scaling)


def _target(out: Path, *, solvers: int) -> Bundle | dict[str, File]:
    """Return the bundle, or the files of the two parts."""
    if out.suffix.lower() != ".json":
        return bundle_directory(out)
    if solvers > 1:
        raise UsageError(f"--out {out} is one file, but there are {solvers} solvers; give a directory")
    beside = out.with_name(f"{out.name.removesuffix(SUFFIX)}.control{SUFFIX}")
    return {"barrier": certificate_file(out), "control": certificate_file(beside)}


def _write(target: Bundle | dict[str, File], results: list[Challenge]) -> Written:
    """Write all certificates; what an earlier run wrote is replaced as a whole, so that nothing of it stays beside."""
    if isinstance(target, Bundle):
        files = {
            f"{slug(result.candidate.name)}.{part}{SUFFIX}": content
            for result in results
            for part, content in challenge_files(result).items()
        }
        return target.write(files)
    parts = challenge_files(results[0])
    for part, place in target.items():
        if part in parts:
            place.write(parts[part])
        else:
            place.remove()
    paths = tuple(place.path for part, place in target.items() if part in parts)
    return Written(paths, paths, any(place.replaces for place in target.values()))


def _one(result: Challenge) -> list[Shown]:
    lines = [f"  {label:<9} {value:<11} {sentence}" for label, value, sentence in challenge_words(result)]
    return ["", heading(result.candidate.name), *lines]


def _several(results: list[Challenge]) -> list[Shown]:
    rows: list[list[str]] = []
    notes: list[str] = []
    for result in results:
        data = challenge_data(result)
        game, objective = data["game"], data["objective"]
        cells = [_cell(game, key) for key in ("digits_on_class", "relative_error", "distance", "objective_excess")]
        silent = "yes" if data["silent"] else "no"
        rows.append([data["solver"], data["control"]["verdict"], game["verdict"], *cells, silent])
        if objective is not None and objective["verdict"] != "declared":
            notes.append(f"{data['solver']}, objective: {objective['words']}")
        notes += [
            f"{data['solver']}, {part}: {said}"
            for part in ("control", "game")
            for said in (data[part]["reason"], *data[part]["notes"])
            if said
        ]
    columns = ("solver", "control", "game", "digits", "relative", "distance", "excess", "silent")
    return [Listing(columns, rows), "digits: on all of Ω; relative: the relative error", *notes]


def _cell(game: dict[str, Any], key: str) -> str:
    if game["verdict"] != "barrier":
        return ""
    if isinstance(game[key], dict):
        return str(game[key]["about"])
    return "all" if game[key] is None else str(game[key])

"""The command `randomised`."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from flint import fmpq

from exact_base.answers import number_data
from exact_base.decimals import about, above, below
from exact_base.errors import DataError, UsageError
from exact_base.files import certificate_file
from exact_base.scalars import as_rational, exact
from exact_base.terminal import NOTHING, UNDECIDED, Answer
from exact_base.text import slug
from exact_base.words import counted, without_folders
from proofs_checks.certificate.reading import SUFFIX
from sci_barriers.certificates.nested_ties import nested_ties_certificate
from sci_barriers.certificates.provenance import producer
from sci_barriers.certificates.randomised import randomised_certificate
from sci_barriers.commands.nested_ties import nested_data, nested_reasons, nested_words
from sci_barriers.commands.options import (
    AccessName,
    Digits,
    Disguise,
    FamilyName,
    InProcess,
    MemoryLimit,
    OutFile,
    Parameter,
    Precision,
    ProblemName,
    Scaling,
    Size,
    TimeLimit,
    limits_of,
    load_randomised_player,
    own_output,
    runs_on_terminal,
)
from sci_barriers.commands.report import class_data, class_words
from sci_barriers.omega.families import MAX_PRECISION, OmegaClass, check_budget
from sci_barriers.omega.nested import MOST_TIES, NestedTies
from sci_barriers.randomised.game import (
    DEFAULT_LENGTH,
    DEFAULT_READS,
    MAX_LEAVES,
    MAX_SEEDS,
    RandomisedResult,
    enumerate_tapes,
    sample_tapes,
)
from sci_barriers.randomised.loading import check_randomised
from sci_barriers.randomised.nested import NestedResult, play_nested
from sci_barriers.randomised.runs import MAX_LENGTH, RandomisedPlayer

__all__ = ["randomised_command"]


def randomised_command(
    solver: Annotated[
        str,
        typer.Argument(
            help="A strategy (centroid, vertex, mixed, mixed-fair, geometric, harmonic), or named as for challenge."
        ),
    ],
    problem: ProblemName,
    digits: Digits,
    size: Size = (21, 22),
    family: FamilyName = "strong",
    budget: Annotated[
        int | None, typer.Option("--budget", help="M, the number of data that may be read; needs the weak family.")
    ] = None,
    nested_ties: Annotated[
        int | None,
        typer.Option(
            "--nested-ties", min=2, max=MOST_TIES, help="Play on the class with nested ties of so many columns instead."
        ),
    ] = None,
    tapes: Annotated[
        int,
        typer.Option(
            "--tapes", min=0, max=MAX_LENGTH, help="Draws on one tape; all tapes are tried, up to 65,536 runs."
        ),
    ] = DEFAULT_LENGTH,
    seeds: Annotated[
        int | None,
        typer.Option(
            "--seeds", min=1, max=MAX_SEEDS, help="Make this many runs with recorded seeds instead: evidence, no proof."
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="What the seeds are derived from.")] = 0,
    level: Annotated[
        str | None, typer.Option("--level", help="One minus the confidence of sampling. Default: 1/1000.")
    ] = None,
    exponent: Annotated[
        int | None,
        typer.Option(
            "--exponent", help="The exponent q of the members when sampling. Default: the precision, or q0 if larger."
        ),
    ] = None,
    max_reads: Annotated[
        int,
        typer.Option(
            "--max-reads",
            min=1,
            max=MAX_PRECISION,
            help="Reads after which a run counts as not halted, if there is no budget.",
        ),
    ] = DEFAULT_READS,
    access: AccessName = "query",
    precision: Precision = 60,
    parameter: Parameter = None,
    scaling: Scaling = None,
    disguise: Disguise = False,
    out: OutFile = None,
    time_limit: TimeLimit = None,
    memory_limit: MemoryLimit = None,
    in_process: InProcess = False,
) -> Answer:
    """Bound the probability that a randomised algorithm succeeds on a member: all tapes, or a sample of runs."""
    rows, columns = size
    sizes: dict[str, Any] = {"digits": digits, "rows": rows, "columns": columns, "parameter": parameter}
    nested = None
    if nested_ties is None:
        omega = OmegaClass.create(problem, **sizes, family=family, disguise=disguise)
    else:
        if seeds is not None or family != "strong":
            raise UsageError("--nested-ties is about K digits and all tapes; leave out --seeds and --family")
        nested = NestedTies.create(problem, **sizes, ties=nested_ties, disguise=disguise)
        omega = nested.omega
    if budget is not None and nested is None:
        check_budget(omega, budget)
    if seeds is None and (exponent is not None or level is not None or seed != 0):
        raise UsageError("--exponent, --level and --seed are about sampling; give --seeds too")
    if exponent is not None and not omega.q0 <= exponent <= MAX_PRECISION:
        raise UsageError(f"--exponent must lie between {omega.q0} and {MAX_PRECISION}, got {exponent}")
    sampling: dict[str, Any] = {"seeds": seeds, "seed": seed, "level": _level(level or "1/1000"), "exponent": exponent}
    check_randomised(solver, problem=problem, scaling=scaling)
    # names apart, so that by default evidence does not take the place of a proof, nor one statement that of another
    within = "" if budget is None else f"-M{budget}"
    made_by = "randomised" if seeds is None else "sampled"
    made_by = made_by if nested is None else "nested-ties"
    default = Path(f"{slug(solver)}.{problem}-K{digits}{within}.{made_by}{SUFFIX}")
    target = certificate_file(default if out is None else out)
    limits = limits_of(time_limit, memory_limit, in_process=in_process)
    common: dict[str, Any] = {"budget": budget, "access": access, "precision": precision, "max_reads": max_reads}
    with (
        own_output(kept=in_process),
        contextlib.ExitStack() as loaded,
        runs_on_terminal(MAX_LEAVES if seeds is None else seeds) as made,
    ):
        player = load_randomised_player(loaded, solver, problem, scaling, limits)
        result: RandomisedResult | NestedResult
        if nested is not None:
            result = play_nested(player, nested, length=tapes, progress=made, **common)
        elif seeds is None:
            result = enumerate_tapes(player, omega, length=tapes, progress=made, **common)
        else:
            result = sample_tapes(player, omega, progress=made, **sampling, **common)
    said, data = _found(player, result)
    words = class_words(omega, access=access, precision=precision, nested_ties=nested_ties)
    lines = [words, "", player.name]
    lines += [f"  {label:<9} {value:<11} {sentence}" for label, value, sentence in said]
    if result.verdict == "undecided":
        return Answer(data, [*lines, "", NOTHING], verdict=result.verdict, code=UNDECIDED)
    written = target.write(_certificate(result, _provenance(player, result, tapes, max_reads)))
    return Answer(data, lines, [written], verdict=result.verdict)


def _found(
    player: RandomisedPlayer, result: RandomisedResult | NestedResult
) -> tuple[list[tuple[str, str, str]], dict[str, Any]]:
    """Return what was found, for a reader and for JSON."""
    if isinstance(result, NestedResult):
        return nested_words(result), nested_data(player, result)
    return _words(result), _data(player, result)


def _certificate(result: RandomisedResult | NestedResult, provenance: dict[str, str]) -> bytes:
    if isinstance(result, NestedResult):
        return nested_ties_certificate(result, provenance=provenance)
    return randomised_certificate(result, provenance=provenance)


def _level(text: str) -> fmpq:
    try:
        level = as_rational(exact(text))
    except DataError as error:
        raise UsageError(f"--level cannot be read: {error}") from None
    if not 0 < level < 1:
        raise UsageError(f"--level must lie between 0 and 1, got {text}")
    return level


def _provenance(
    player: RandomisedPlayer, result: RandomisedResult | NestedResult, tapes: int, max_reads: int
) -> dict[str, str]:
    reasons = nested_reasons(result) if isinstance(result, NestedResult) else result.reasons
    said = {
        **player.conditions,
        **producer(),
        "max reads": str(max_reads),
        "notes": "\n".join(result.notes),
        "precision": str(result.precision),
        "runs": str(result.runs),
        "solver": player.name,
        "tapes": str(tapes),
        "unhalted": "\n".join(f"{weight}: {reason}" for reason, weight in reasons.items()),
        "versions": player.versions,
    }
    return {key: without_folders(text) for key, text in said.items()}


def _words(result: RandomisedResult) -> list[tuple[str, str, str]]:
    """Return (label, value, sentence) lines for a reader."""
    omega, lines = result.omega, []
    d, digits = omega.ties, counted(omega.target_digits, "digit")
    within = "" if result.budget is None else f" within {counted(result.budget, 'datum', 'data')}"
    if result.bound is None:
        lines.append(("bound", "undecided", result.reason))
    elif result.level is None:
        runs = counted(result.runs, "run") if result.runs > 1 else "its only run"
        lines.append(
            (
                "bound",
                _short(result.bound, above),
                f"at most: the probability of {digits}{within} on member i = {result.index}, "
                f"q = {result.exponent}; exact, from {runs}, with what did not halt counted as success",
            )
        )
        limit = "(1 - δ)/d + δ" if result.budget is None else "(1 - o - δ)/d + δ"
        lines.append(
            ("theorem", _short(result.theorem, above), f"{limit}: no algorithm exceeds this on every member (d = {d})")
        )
    else:
        lines.append(
            (
                "evidence",
                _short(result.bound, above),
                f"statistical, no proof: with confidence {_short(1 - result.level, below)}, at most this is the "
                f"probability of {digits}{within} on member i = {result.index}, q = {result.exponent} "
                f"({counted(result.runs, 'run')})",
            )
        )
    if result.successes:
        what = "of the runs: the share" if result.level is not None else "the probability"
        low, high = min(result.successes), max(result.successes)
        lines.append(
            ("success", _short(low), f"{what} on the member where it is least; {_short(high)} where it is most")
        )
        if result.tie is not None:
            lines.append(("tie", _short(result.tie), f"{what}, {digits} on the tie, whose data these are"))
    if result.over_budget != 0:
        lines.append(("over", _short(result.over_budget), f"reads more than {result.budget}"))
    lines.append(
        ("unhalted", _short(result.unhalted, above), "δ: of this nothing is claimed" if result.unhalted != 0 else "δ")
    )
    lines += [("", _short(weight), reason) for reason, weight in result.reasons.items()]
    lines += [("note", "", note) for note in result.notes]
    return lines


def _short(value: fmpq, decimal: Callable[[fmpq], str] = about) -> str:
    """A probability as it is if that is short, else as a decimal, rounded as `decimal` says."""
    text = str(value)
    return text if len(text) <= 11 else decimal(value)


def _data(player: RandomisedPlayer, result: RandomisedResult) -> dict[str, Any]:
    omega = result.omega
    return {
        "solver": player.name,
        "versions": player.versions,
        "conditions": dict(player.conditions),
        **class_data(omega),
        "access": result.access,
        "precision": result.precision,
        "method": result.method,
        "statistical": result.method == "sampled",
        "runs": result.runs,
        "outcomes": len(result.outcomes),
        "budget": result.budget,
        "reason": result.reason,
        "index": result.index or None,
        "exponent": result.exponent or None,
        "bound": None if result.bound is None else number_data(result.bound, side="above"),
        "level": None if result.level is None else number_data(result.level, side="above"),
        "theorem": number_data(result.theorem, side="above") if result.method == "enumerated" else None,
        "successes": [number_data(value) for value in result.successes],
        "tie": None if result.tie is None else number_data(result.tie),
        "over_budget": number_data(result.over_budget),
        "unhalted": number_data(result.unhalted, side="above"),
        "reasons": {reason: number_data(weight) for reason, weight in result.reasons.items()},
        "nested": None,
        "notes": list(result.notes),
    }

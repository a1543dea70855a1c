"""What the command `randomised` says of inputs with nested ties."""

from __future__ import annotations

from typing import Any

from flint import fmpq

from exact_base.answers import number_data
from exact_base.decimals import above
from exact_base.words import counted
from sci_barriers.commands.report import class_data
from sci_barriers.randomised.nested import NestedResult, Stage
from sci_barriers.randomised.runs import RandomisedPlayer

__all__ = ["nested_data", "nested_reasons", "nested_words", "short"]


def short(value: fmpq) -> str:
    """Return a probability as it is if that is short, else as a decimal, rounded up."""
    text = str(value)
    return text if len(text) <= 11 else above(value)


def nested_words(result: NestedResult) -> list[tuple[str, str, str]]:
    """Return (label, value, sentence) lines for a reader."""
    nested, lines = result.nested, []
    digits, budget = counted(nested.omega.digits, "digit"), result.budget
    within = "" if budget is None else f" within {counted(budget, 'datum', 'data')}"
    if result.worst is None:
        lines.append(("bound", "undecided", result.reason))
    else:
        lines.append(
            (
                "bound",
                short(result.worst.bound),
                f"at most: the probability of {digits}{within} on the input where {_columns(result.worst)}; exact, "
                f"from {counted(result.runs, 'run')} on {counted(len(result.stages), 'input')}, with what did not "
                "halt counted as success",
            )
        )
    limit = f"1/(1 + 1/2 + .. + 1/{nested.ties})" if budget is None else f"1/{nested.ties}"
    lines.append(
        (
            "theorem",
            short(result.theorem),
            f"{limit}: no algorithm, halting or not, has{within} more than this everywhere",
        )
    )
    for stage in result.stages:
        tied = nested.ties - len(stage.removed)
        over = "" if budget is None else f", {short(stage.over_budget)} over the budget"
        lines.append(
            (
                f"{tied} tied" if tied > 1 else "no tie",
                short(stage.right),
                f"{digits} on the input where {_columns(stage)}; {short(stage.unhalted)} did not halt{over}",
            )
        )
    lines += [("", short(weight), reason) for reason, weight in nested_reasons(result).items()]
    lines += [("note", "", note) for note in result.notes]
    return lines


def _columns(stage: Stage) -> str:
    """Say which columns have fallen behind."""
    if not stage.removed:
        return "all columns are tied"
    steps = ", ".join(f"{i} (q = {q})" for i, q in zip(stage.removed, stage.exponents, strict=True))
    return f"column {steps} has fallen behind" if len(stage.removed) == 1 else f"columns {steps} have fallen behind"


def nested_reasons(result: NestedResult) -> dict[str, fmpq]:
    """Return why runs gave no answer, on the input of the certificate, or else on the first."""
    stages = [result.worst] if result.worst is not None else list(result.stages[:1])
    return {reason: weight for stage in stages for reason, weight in stage.reasons.items()}


def nested_data(player: RandomisedPlayer, result: NestedResult) -> dict[str, Any]:
    """Return everything that was found, for JSON, under the keys of the command."""
    worst, stages = result.worst, result.stages
    return {
        "solver": player.name,
        "versions": player.versions,
        "conditions": dict(player.conditions),
        **class_data(result.nested.omega),
        "access": result.access,
        "precision": result.precision,
        "method": "enumerated",
        "statistical": False,
        "runs": result.runs,
        "outcomes": 0 if worst is None else len(worst.outcomes),
        "budget": result.budget,
        "reason": result.reason,
        "index": None,
        "exponent": None,
        "bound": None if worst is None else number_data(worst.bound, side="above"),
        "level": None,
        "theorem": number_data(result.theorem, side="above"),
        "successes": [],
        "tie": number_data(stages[0].right) if stages else None,
        "over_budget": number_data(fmpq(0) if worst is None else worst.over_budget),
        "unhalted": number_data(fmpq(1) if worst is None else worst.unhalted, side="above"),
        "reasons": {reason: number_data(weight) for reason, weight in nested_reasons(result).items()},
        "nested": {
            "ties": result.nested.ties,
            "worst": None if worst is None else stages.index(worst),
            "inputs": [_stage_data(stage) for stage in stages],
        },
        "notes": list(result.notes),
    }


def _stage_data(stage: Stage) -> dict[str, Any]:
    return {
        "removed": list(stage.removed),
        "exponents": list(stage.exponents),
        "success": number_data(stage.right),
        "unhalted": number_data(stage.unhalted, side="above"),
        "over_budget": number_data(stage.over_budget),
    }

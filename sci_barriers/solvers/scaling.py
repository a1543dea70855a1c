"""What a solver was found to minimise, in words; and the scaling that fits one that declares none."""

from __future__ import annotations

from typing import Any

from exact_base.answers import enclosure_data
from exact_base.decimals import above, below
from exact_base.errors import UsageError
from sci_barriers.players.algorithm import SCALINGS, UNDECLARED, Player
from sci_barriers.solvers.objective import RELATIVE_DIGITS, ObjectiveFinding, battery, find_objective
from sci_barriers.solvers.objectives import OBJECTIVES, Objective

__all__ = ["found_scaling", "objective_data", "objective_words"]

_SHOWN = 3


def found_scaling(player: Player, problem: str) -> str:
    """Return the scaling that fits the answers of a solver that declares none.

    Raises:
        UsageError: if none fits, with what was found instead.
    """
    finding = find_objective(player, problem)
    if finding is None or not finding.scaling:
        reason = "it has none" if finding is None else objective_words(finding)
        raise UsageError(
            f"{player.name} is not registered and the scaling of its objective cannot be found out: {reason}. If you "
            f"know it, give --scaling: {', '.join(SCALINGS)}"
        )
    return finding.scaling


def objective_data(finding: ObjectiveFinding) -> dict[str, Any]:
    """Return what a solver minimises as a JSON-ready dictionary."""
    return {
        "verdict": finding.verdict,
        "declared": finding.declared,
        "scaling": finding.scaling or None,
        "minimises": finding.name or None,
        "words": objective_words(finding),
        "relative_errors": {_label(objective): enclosure_data(error) for objective, error in finding.errors.items()},
    }


def objective_words(finding: ObjectiveFinding) -> str:
    """Return in one sentence what was found."""
    tried = f"on {len(battery(finding.problem))} small problems with known minimisers"
    wanted = next(objective.name for objective in OBJECTIVES if objective.problem == finding.problem)
    scaled = finding.problem == "lasso" and finding.declared != UNDECLARED
    called = f"called with --scaling {finding.declared}, " if scaled else ""
    if finding.parameters:
        return f"its parameters make it {finding.parameters}, and not {wanted}"
    if finding.failure:
        return finding.failure
    if finding.fits is None:
        ranked = sorted(finding.errors.items(), key=lambda item: float(item[1].mid()))[:_SHOWN]
        near = "; ".join(f"{_label(objective)} (off by {below(error)})" for objective, error in ranked)
        return (
            f"{called}its answers {tried} fit nothing that was tried to {RELATIVE_DIGITS} relative digits; the nearest "
            f"are {near}, relatively and at worst"
        )
    error = above(finding.errors[finding.fits])
    right = f"to {RELATIVE_DIGITS} relative digits, the largest relative error being at most {error}"
    if finding.verdict == "declared":
        return f"its answers {tried} are those of {finding.name}, {right}"
    if finding.verdict == "other scaling":
        return f"{called}its answers {tried} fit --scaling {finding.scaling} instead, {right}"
    return f"{called}its answers {tried} are those of {finding.name} and not of {wanted}, {right}"


def _label(objective: Objective) -> str:
    return f"{objective.name}, --scaling {objective.scaling}" if objective.problem == "lasso" else objective.name

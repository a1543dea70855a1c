"""What a challenge found, as plain data and as words.

Three vocabularies are kept apart: *no algorithm can* (the game), *this solver did not* (the control), *float64 cannot
represent it* (a remark about the numbers, on which no verdict rests).
"""

from __future__ import annotations

from typing import Any

from flint import arb

from exact_base.answers import enclosure_data, number_data, root_data
from exact_base.decimals import below, root_below
from exact_base.scalars import Real
from exact_base.words import counted, digits_in_words, digits_reached
from sci_barriers.games.game import Challenge, ControlRun
from sci_barriers.games.words import control_words
from sci_barriers.omega.distances import float64_cannot_separate, float64_resolution, objective_excess
from sci_barriers.omega.families import OmegaClass
from sci_barriers.players.running import Run
from sci_barriers.solvers.objective import right_relatively
from sci_barriers.solvers.scaling import objective_data, objective_words

__all__ = ["challenge_data", "challenge_words", "class_data", "class_words", "run_data"]

_TITLES = {
    "bpdn": "(P1) basis pursuit denoising, ε",
    "lasso": "(P2) LASSO, λ",
    "sqrt-lasso": "(P3) square-root LASSO, λ",
}


def challenge_data(result: Challenge) -> dict[str, Any]:
    """Return everything a challenge found, for JSON; counts are integers, other numbers exact and about."""
    control, game = result.control, result.game
    omega = game.play.omega
    silent = {
        "control": control.verdict == "inaccurate" and control.worst.play.run.quiet,
        "game": game.verdict == "barrier" and game.play.run.quiet,
    }
    data: dict[str, Any] = {
        "solver": result.candidate.name,
        "versions": result.candidate.versions,
        "conditions": dict(result.candidate.conditions),
        "silent": any(silent.values()),
        "objective": None if control.objective is None else objective_data(control.objective),
        "control": {
            "verdict": control.verdict,
            "reason": control_words(control) if control.verdict == "undecided" else "",
            "words": control_words(control),
            **_error_data(control.worst),
            "orders": [
                {"largest": run.largest, "within": run.within, "right": run.right, **_error_data(run)}
                for run in control.runs
            ],
            "certified": control.first.certified,
            "silent": silent["control"],
            **run_data(control.worst.play.run),
        },
        "game": {
            "verdict": game.verdict,
            "reason": game.play.obstacle,
            "silent": silent["game"],
            **run_data(game.play.run),
        },
    }
    output = game.play.run.output
    if game.verdict != "barrier" or output is None or game.distance2 is None or game.worst2 is None:
        return data
    member = game.member
    excess = objective_excess(member, output)
    data["game"] |= {
        "reads": len(game.play.transcript),
        "max_precision": game.play.max_precision,
        "index": game.index,
        "exponent": game.exponent,
        "distance": root_data(game.distance2, side="below"),
        "tied_columns": omega.ties,
        "digits_on_class": digits_reached(game.worst2),
        "relative_error": root_data(game.distance2 / member.height**2, side="below"),
        "relative_digits": digits_reached(game.distance2 / member.height**2),
        "support": [i for i, entry in enumerate(output, start=1) if entry],
        "feasible": excess.feasible,
        "objective_excess": _excess_data(excess.value),
        "warned": bool(game.play.run.warnings),
        "float64_separates_up_to": float64_resolution(omega),
        "float64_cannot_separate_member": float64_cannot_separate(omega, game.exponent),
    }
    return data


def _error_data(run: ControlRun) -> dict[str, Any]:
    """Return the errors of a run of the control, rounded to the side that says less, as `control_errors`."""
    if run.distance2 is None:
        return {"distance": None, "relative_error": None}
    square = run.instance.height**2
    near, relative = run.within, right_relatively(run.distance2, square)
    return {
        "distance": root_data(run.distance2, side="above" if near else "below"),
        "relative_error": root_data(run.distance2 / square, side="above" if relative else "below"),
    }


def _excess_data(value: Real | arb) -> dict[str, Any]:
    return enclosure_data(value, side="below") if isinstance(value, arb) else number_data(value, side="below")


def run_data(run: Run) -> dict[str, Any]:
    """Return what was seen of a run as a JSON-ready dictionary."""
    return {
        "status": run.status,
        "seconds": round(run.seconds, 6),
        "warnings": list(run.warnings),
        "printed": run.printed,
        "standard_error": run.errors,
        "notes": list(run.notes),
        "solver_status": dict(run.reported),
        "repeatable": run.repeatable,
    }


def class_data(omega: OmegaClass) -> dict[str, Any]:
    """Return what names a class as a JSON-ready dictionary."""
    return {
        "problem": omega.problem,
        "parameter": number_data(omega.parameter),
        "digits": omega.digits,
        "rows": omega.rows,
        "columns": omega.columns,
        "family": omega.family,
        "disguise": omega.householder is not None,
    }


def class_words(omega: OmegaClass, *, access: str, precision: int, nested_ties: int | None = None) -> str:
    """Return one line that names a class, a family or with nested ties of so many columns, and how it is read."""
    inputs = f"{omega.family} family" if nested_ties is None else f"nested ties of {nested_ties} columns"
    disguise = ", disguised" if omega.householder else ""
    return (
        f"{_TITLES[omega.problem]} = {omega.parameter}, m x N = {omega.rows} x {omega.columns}, K = {omega.digits}, "
        f"{inputs}{disguise}, {access} access, precision {precision}"
    )


def challenge_words(result: Challenge) -> list[tuple[str, str, str]]:
    """Return (label, value, sentence) lines for a reader."""
    data = challenge_data(result)
    control, game = data["control"], data["game"]
    omega = result.game.play.omega
    digits = omega.target_digits
    wanted = counted(digits, "digit")
    lines: list[tuple[str, str, str]] = [("control", control["verdict"], control_words(result.control, brief=True))]
    if result.control.objective is not None:
        finding = result.control.objective
        lines.append(("objective", finding.verdict.partition(" ")[0], objective_words(finding)))
    if game["verdict"] != "barrier":
        lines.append(("game", "undecided", game["reason"]))
    else:
        reads = counted(game["reads"], "datum", "data")
        distance, relative, excess = _short(result)
        lines += [
            (
                "game",
                "barrier",
                f"no algorithm can reach {wanted} from what was read: the {reads} (precision up to "
                f"{game['max_precision']}) {'is' if game['reads'] == 1 else 'are'} valid training data of {omega.ties} "
                f"inputs whose solutions lie more than 2·10^-{digits} apart. This output is at least "
                f"{distance} away from the solution of member i = {game['index']}, q = "
                f"{game['exponent']}",
            ),
            (
                "reached",
                digits_in_words(game["digits_on_class"]),
                f"on every member of the family these data belong to ({digits - 1} is always possible)",
            ),
            (
                "relative",
                digits_in_words(game["relative_digits"]),
                f"on that member: relative error at least {relative}",
            ),
            ("support", _indices(game["support"]), "non-zero entries of the output"),
            (
                "excess",
                excess,
                "at least this is the objective above the minimum of that member"
                + ("" if game["feasible"] else "; the output is infeasible there, so it may be negative"),
            ),
        ]
        if game["float64_cannot_separate_member"]:
            limit = game["float64_separates_up_to"]
            lines.append(
                (
                    "float64",
                    "blind",
                    "float64 cannot represent the difference between the columns of that member"
                    + (f" (it can up to q = {limit})" if limit else "")
                    + "; the verdict does not rest on this",
                )
            )
    parts = (("control", control), ("game", game))
    warned = [f"{part}: {warning}" for part, facts in parts for warning in facts["warnings"]]
    lines.append(("warned", "yes" if warned else "no", "; ".join(warned) or "the solver gave no warning"))
    for part, facts in parts:
        lines += [("note", part, note) for note in facts["notes"]]
    return lines


def _short(result: Challenge) -> tuple[str, str, str]:
    """Return, for a reader, how far the output of a barrier is from the solution, relatively too, and its excess."""
    game = result.game
    member, output = game.member, game.play.run.output
    if game.distance2 is None or output is None:
        return "", "", ""
    excess = objective_excess(member, output).value
    return root_below(game.distance2), root_below(game.distance2 / member.height**2), below(excess)


def _indices(indices: list[int]) -> str:
    shown = ", ".join(map(str, indices[:6]))
    return "{" + shown + (f", ... ({len(indices)})" if len(indices) > 6 else "") + "}"

"""What a control found, in words."""

from __future__ import annotations

from exact_base.decimals import root_above, root_below
from exact_base.words import counted
from sci_barriers.games.game import ControlResult, ControlRun
from sci_barriers.solvers.objective import RELATIVE_DIGITS, right_relatively
from sci_barriers.solvers.scaling import objective_words

__all__ = ["control_words"]


def control_errors(run: ControlRun) -> dict[str, str | None]:
    """Return the absolute and the relative error of a run as decimals, rounded to the side that says less."""
    if run.distance2 is None:
        return {"distance": None, "relative_error": None}
    relative2 = run.distance2 / run.instance.height**2
    # up where it says that the answer is right, and down where that it is not
    distance = (root_above if run.within else root_below)(run.distance2)
    relative = right_relatively(run.distance2, run.instance.height**2)
    return {"distance": distance, "relative_error": (root_above if relative else root_below)(relative2)}


def control_words(control: ControlResult, *, brief: bool = False) -> str:
    """Return in one sentence what the control says of a solver; if `brief`, without what is known of its objective."""
    worst, omega = control.worst, control.first.play.omega
    if worst.distance2 is None:
        return worst.play.obstacle
    digits = omega.target_digits
    wanted = counted(digits, "digit")
    if len({run.distance2 for run in control.runs}) == 1:
        shown = _measured(control.first)
    else:
        shown = "; ".join(f"column {run.largest} the largest, {_measured(run)}" for run in control.runs)
    if not all(run.right for run in control.runs):
        absolute = all(run.within for run in control.runs)
        lost = f"{RELATIVE_DIGITS} relative digits, though {wanted} absolutely," if absolute else wanted
        return f"this solver did not reach {lost} on the well-posed control: {shown}"
    sentence = f"this solver is right to {wanted} on the well-posed control: {shown}"
    if control.verdict == "ok" or control.objective is None:
        return sentence
    doubt = "what it minimises is not known" if control.verdict == "undecided" else "it does not solve this problem"
    reason = "" if brief else f" ({objective_words(control.objective)})"
    return f"{doubt}{reason}, though on the well-posed control its answers are right to {wanted}: {shown}"


def _measured(run: ControlRun) -> str:
    errors, digits = control_errors(run), run.play.omega.target_digits
    relative = run.distance2 is not None and right_relatively(run.distance2, run.instance.height**2)
    return (
        f"error {errors['distance']} {'<=' if run.within else '>'} 10^-{digits}, "
        f"relative error {errors['relative_error']} {'<=' if relative else '>'} 10^-{RELATIVE_DIGITS}"
    )

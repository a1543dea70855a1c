"""What kind path has found, in words; every range of levels is rounded inwards, so that it says less."""

from __future__ import annotations

from proofs_checks.checker.core import words
from proofs_checks.checker.parts.penalised_moments import Level
from proofs_checks.checker.parts.penalised_path import Path

_SHOWN = 12  # breakpoints, columns and pieces of a list that are printed
_RANGES = 4  # ranges of one column that are printed
_FIGURES = (6, 40)  # of the ends of a range, at the least and at the most


def title(path: Path) -> str:
    """Return for which levels the path is known."""
    only = ", and no other point is but perhaps at the breakpoints" if _all_unique(path) else ""
    if path.rests:
        where = f"every lambda from {_outward(path.levels[-1], up=True)} on"
    elif path.pieces:
        where = f"every lambda {_between(path.levels[0], path.levels[-1])}"
    else:
        where = f"lambda = {words.rational(*path.levels[0])}"
    return f"The path x(lambda) is a minimiser at {where}{only}."


def _all_unique(path: Path) -> bool:
    return all(path.unique[1:]) and (path.unique[0] or not path.rests) and (path.pieces > 0 or path.rests)


def _outward(level: Level, *, up: bool) -> str:
    return words.outward(*level, up=up)


def _between(high: Level, low: Level) -> str:
    """Return a range of levels, rounded inwards with as many figures as tell its ends apart."""
    (a, b), (c, d) = high, low
    apart = (a * d).bit_length() - (a * d - c * b).bit_length()  # a/b exceeds its distance from c/d by so many bits
    figures = max(_FIGURES[0], apart * 30103 // 100_000 + 3)
    if figures > _FIGURES[1]:
        return f"in a range too short to be printed, about {words.decimal(a, b)}"
    ends = []
    for (num, den), up in ((low, True), (high, False)):
        text = words.short(num, den)
        ends.append(words.decimal(num, den, up=up, figures=figures) if text.startswith("about") else text)
    return f"between {ends[0]} and {ends[1]}"


def _about(level: Level) -> str:
    text = words.short(*level)
    return words.decimal(*level) if text.startswith("about") or "/" in text else text


def path_lines(path: Path) -> list[str]:
    """Return what is known of the path."""
    count, ridge = len(path.levels), any(path.problem.ridge.numbers)
    shown = ", ".join(_about(level) for level in path.levels[:_SHOWN])
    more = f", and {count - _SHOWN} more" if count > _SHOWN else ""
    linear = " Between two neighbours x(lambda) is linear in lambda." if path.pieces else ""
    lines = [
        "At the level lambda each mu_j is lambda times what is said above"
        f"{'; kappa_j does not change' if ridge else ''}.",
        f"The path has {words.counted(count, 'breakpoint')}, to six figures {shown}{more}.{linear}",
    ]
    if path.rests:
        only = ", and there is no other" if path.unique[0] else "; whether there are others was not decided"
        lines.append(
            "Above the first breakpoint x(lambda) is what it is there, zero in all columns with a penalty: it stays a "
            f"minimiser{only}."
        )
    if path.leaves:
        lines.append(
            "The first breakpoint is the least lambda at which some minimiser is zero in all columns with a penalty."
        )
    lines += _uniqueness(path)
    lines += _columns(path)
    lines.append("Not checked: that a program saw these data, or was to solve this problem.")
    return lines


def _uniqueness(path: Path) -> list[str]:
    """Return on which pieces others are excluded, and how many pieces there are then."""
    if not path.pieces:
        return []
    doubtful = [k for k, only in enumerate(path.unique[1:]) if not only]
    if not doubtful:
        extra = " and above the first" if path.rests and path.unique[0] else ""
        lines = [f"Between breakpoints{extra} x(lambda) is the only minimiser."]
        if path.unique[0] or not path.rests:
            number = words.counted(path.turns + 1, "linear piece")
            lines.append(f"It has exactly {number}{', the constant one included' if path.leaves else ''}.")
        return lines
    listed = ", ".join(str(k + 1) for k in doubtful[:_SHOWN])
    more = f" and {len(doubtful) - _SHOWN} more" if len(doubtful) > _SHOWN else ""
    others = " On all other pieces x(lambda) is the only one." if len(doubtful) < path.pieces else ""
    return [
        f"On {words.counted(len(doubtful), 'piece')} of {path.pieces} other minimisers are not excluded: "
        f"{listed}{more}, where piece k lies between the breakpoints k and k + 1.{others}"
    ]


def _columns(path: Path) -> list[str]:
    """Return where columns are in, those that come first at the beginning."""
    n, problem = path.problem.features, path.problem
    signed = [j for j in range(n) if problem.penalties.numbers[j] or j in problem.nonnegative]
    found = {j: path.intervals(j) for j in signed}
    order = sorted((j for j in found if found[j]), key=lambda j: (found[j][0][0], j))
    lines = [f"Column {j + 1} is in, that is, x_{j + 1} is not 0, {_ranges(path, found[j])}." for j in order[:_SHOWN]]
    if len(order) > _SHOWN:
        lines.append(f"{words.counted(len(order) - _SHOWN, 'more column')} of X are in somewhere on the path.")
    if order and (path.pieces or path.rests):
        lines.append(
            "These ranges end at breakpoints, or with the path, and are printed a little shorter where these are long "
            "numbers; outside of its ranges a column is 0, but perhaps at an end of the path."
        )
    for text, columns in (
        ("On the whole path 0", [j for j in signed if not found[j]]),
        (
            "Without a penalty, and not limited in sign, so that no ranges are stated",
            sorted(set(range(n)) - set(signed)),
        ),
    ):
        if columns:
            listed = ", ".join(str(j + 1) for j in columns[:_SHOWN])
            more = f" and {len(columns) - _SHOWN} more" if len(columns) > _SHOWN else ""
            lines.append(f"{text}: {'column' if len(columns) == 1 else 'columns'} {listed}{more}.")
    return lines


def _ranges(path: Path, intervals: list[tuple[int, int]]) -> str:
    said = []
    for first, last in intervals[:_RANGES]:
        if first == last:
            said.append(f"at lambda = {words.rational(*path.levels[0])}")
        elif first < 0:
            said.append(f"for all lambda above {_outward(path.levels[last], up=True)}")
        else:
            said.append(f"for lambda strictly {_between(path.levels[first], path.levels[last])}")
    more = f" and in {len(intervals) - _RANGES} more ranges" if len(intervals) > _RANGES else ""
    return " and ".join(said) + more

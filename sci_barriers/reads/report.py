"""What a run of `reach` found, as plain data and as words."""

from __future__ import annotations

from typing import Any

from exact_base.answers import number_data, root_data
from exact_base.decimals import about, root_above
from exact_base.words import counted
from sci_barriers.reads.reaching import Reach
from sci_barriers.reads.remaining import Left

__all__ = ["reach_data", "reach_words"]

_SHOWN = 6


def reach_data(result: Reach) -> dict[str, Any]:
    """Return a run as a JSON-ready dictionary; counts are integers, other numbers exact and about."""
    union = result.union
    return {
        "problem": union.strong.problem,
        "parameter": number_data(union.strong.parameter),
        "digits": union.strong.digits,
        "rows": union.strong.rows,
        "columns": union.strong.columns,
        "samples": union.samples,
        "input": _member(result),
        "access": result.access,
        "precisions": [n for n, _ in result.reads],
        "triples": result.triples,
        "digits_reached": result.digits,
        "error_bound": root_data(result.error2, side="above"),
        "left": [
            {"family": part.omega.family, "index": part.index, "least": part.least, "most": part.most}
            for part in result.left
        ],
        "nothing_had_to_be_read": result.trivial,
    }


def reach_words(result: Reach) -> list[tuple[str, str]]:
    """Return what a reader wants to know, as pairs of a label and a sentence."""
    strong, n = result.union.strong, [n for n, _ in result.reads]
    reads = counted(result.triples, "datum", "data")
    left = "; ".join(map(_words, result.left[:_SHOWN]))
    left += f"; and {len(result.left) - _SHOWN} more such" if len(result.left) > _SHOWN else ""
    words = [
        ("input", f"{_words_of_input(result)}; {counted(result.union.samples, 'sample')}"),
        ("read", f"{reads} ({result.access} access), of precision {', '.join(map(str, n[-8:]))}"),
        ("left", f"no input of the class has these data but {left}; of these each may"),
        ("output", f"z is about {', '.join(about(v) for v in result.network.first[:_SHOWN])}" + _gain(result)),
        (
            "reached",
            f"{counted(result.digits, 'digit')} on all that have them, for every sample: the error is at most "
            f"{_bound(result)} <= 10^-{result.digits}",
        ),
    ]
    if result.trivial:
        more = "(--samples)" if strong.rows > 1 else "(--samples, for m >= 2)"
        words.append(
            (
                "but",
                f"with the sample y_1 alone the network that is 0 has {counted(result.digits, 'digit')} on the whole "
                f"class, without a read; extra samples {more} make a read necessary",
            )
        )
    if strong.digits - 1 == result.digits:
        words.append(("limit", f"no algorithm reaches {counted(strong.digits, 'digit')} (sci-barriers challenge)"))
    return words


def _bound(result: Reach) -> str:
    return root_above(result.error2)


def _gain(result: Reach) -> str:
    more = ", ..." if len(result.network.first) > _SHOWN else ""
    return more + ("" if result.network.gain is None else f"; 1/c is about {about(result.network.gain)}")


def _member(result: Reach) -> dict[str, Any]:
    return {"family": result.instance.omega.family, "index": result.index, "exponent": result.exponent}


def _words_of_input(result: Reach) -> str:
    family = result.instance.omega.family
    if result.index == 0:
        return f"the tie of the {family} family"
    return f"member (i, q) = ({result.index}, {result.exponent}) of the {family} family"


def _words(part: Left) -> str:
    if part.index == 0:
        return f"the {part.omega.family} tie"
    if part.most is None:
        span = f"q >= {part.least}"
    else:
        span = f"q = {part.least}" if part.least == part.most else f"{part.least} <= q <= {part.most}"
    return f"{part.omega.family} ({part.index}, q), {span}"

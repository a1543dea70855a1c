"""The instances of `margin_one` of kind data-pair, and the mutants of theirs that are true."""

from tests.proofs_checks.builders import F
from tests.proofs_checks.cases import data_pair
from tests.proofs_checks.cases.data_pair_enclosed import BALL, EXACT, ROOT, X0, Q
from tests.proofs_checks.pair_builders import enclosed, entries, near, norm, precision

UNIT = F(1, 2**20)


def _root(x):
    given, moved = near([X0 + x, 0], sigma=F(3, 5)), near([X0 + Q - x, 0], sigma=F(3, 5), y=[2 + Q, Q])
    return enclosed(*ROOT, precision(EXACT, entries(Q)), given, moved, objective="sqrt-lasso")


def _ball(x):
    given, moved = near([X0 + x, 0], sigma=F(3, 4)), near([X0 + Q - x, 0], sigma=F(3, 4), y=[2 + Q, Q])
    return enclosed(*BALL, precision(EXACT, norm(Q)), given, moved, objective="bpdn", noise=F(5, 16))


def _complex(x):
    """Towards each other by 5x, in the direction of 3 + 4i."""
    a, b = F(12, 5) + 3 * x, F(51, 20) - 3 * x
    given, moved = (near([(c, c * F(4, 3))], sigma=F(9, 10), y=y) for c, y in ((a, None), (b, [(F(63, 20), F(21, 5))])))
    return enclosed([[(1, 0)]], [(3, 4)], [2], precision(EXACT, entries(Q)), given, moved)


NEARER = {
    "pair-sqrt-lasso": _root(40707 * UNIT),
    "pair-bpdn": _ball(40182 * UNIT),
    "pair-complex": _complex(11732 * UNIT),
}
"""The points one unit nearer to each other, so that nothing is left of their distance."""

INSTANCES = {
    "pair-entries": data_pair.BOTH,
    "pair-norm": data_pair.EDGE,
    "pair-support": data_pair.SUPPORT,
    "pair-all": data_pair.FULL,
    "pair-sqrt-lasso": _root(40706 * UNIT),
    "pair-bpdn": _ball(40181 * UNIT),
    "pair-complex": _complex(11731 * UNIT),
}

LARGER = "a larger radius is a weaker claim, true of the same two data sets"
OUT = "another column that is out, and stays so; its entry moves towards the given one"
OTHER_ROW = "another row in which the one column is not 0"
FLATTER = "the slope of the column that is out is smaller, or its bound larger, or turned"
APART = "the points are farther apart, or nearer to the minimisers"
SIGMA = "a larger lower bound, which holds too"
LESS_NOISE = "a smaller bound of the residual, which is nearer to that of the points"
LIMIT = "the coefficients are positive with and without the limit"


def _larger(part, *changes):
    return {f"claim.precision.{part} {change}": LARGER for change in changes}


_NORM = ["+1 unit", "denominator -1"]
_FIRST, _SECOND = ["[0] -1 unit", "denominator +1", "raw denominator +1"], ["[0] +1 unit"]
_EACH = [*(f"[{k}] {sign}1 unit" for k in (0, 1) for sign in "+-"), "denominator +1"]


def _flatter(*changes):
    matrix = ("[1] -1 unit", "[3] -1 unit", "[3] sign", "[3] zero")
    return {f"claim.problem.{change}": FLATTER for change in (*(f"matrix {one}" for one in matrix), *changes)}


def _apart(first, second):
    both = [f"first.point.entries {change}" for change in first]
    both += [f"second.point.entries {change}" for change in second]
    return {f"evidence.{change}": APART for change in both}


SURVIVORS = {
    "pair-entries": _larger("data.entries", "[0] +1 unit", "[1] +1 unit")
    | _larger("matrix.entries", *(f"[{k}] +1 unit" for k in range(4)))
    | {"evidence.first.matrix [3] -1 unit": OUT, "evidence.first.rows.0 +1": OTHER_ROW},
    "pair-norm": _larger("data.norm", *_NORM) | _larger("matrix.norm", *_NORM),
    "pair-support": _larger("data.entries", "[0] +1 unit") | _larger("matrix.norm", "+1 unit"),
    "pair-all": _larger("data.norm", *_NORM)
    | _larger("matrix.entries", "[0] +1 unit", "[1] +1 unit")
    | {f"claim.problem.nonnegative.0 {change}": LIMIT for change in ("delete", "-1", "zero")},
    "pair-sqrt-lasso": _larger("data.entries", "[0] +1 unit")
    | _larger("matrix.norm", "+1 unit")
    | _flatter("penalties [1] +1 unit")
    | {f"evidence.first.sigma {change}": SIGMA for change in ("+1 unit", "denominator -1")}
    | _apart(_FIRST, _SECOND),
    "pair-bpdn": _larger("data.norm", *_NORM)
    | _larger("matrix.norm", "+1 unit")
    | {"claim.noise denominator +1": LESS_NOISE}
    | _flatter(*(f"penalties {change}" for change in ("[1] +1 unit", "denominator +1", "raw denominator +1")))
    | _apart(_FIRST, _SECOND),
    "pair-complex": _larger("data.entries", "[0] +1 unit")
    | _larger("matrix.norm", "+1 unit")
    | {f"evidence.second.data [{k}] -1 unit": APART for k in (0, 1)}
    | _apart(_EACH, _EACH),
}

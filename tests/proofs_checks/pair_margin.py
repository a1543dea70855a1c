"""The instances of `margin_one` of kind data-pair, and the mutants of theirs that are true."""

from tests.proofs_checks.cases import data_pair

INSTANCES = {
    "pair-entries": data_pair.BOTH,
    "pair-norm": data_pair.EDGE,
    "pair-support": data_pair.SUPPORT,
    "pair-all": data_pair.FULL,
}

LARGER = "a larger radius is a weaker claim, true of the same two data sets"
OUT = "another column that is out, and stays so; its entry moves towards the given one"
OTHER_ROW = "another row in which the one column is not 0"
LIMIT = "the coefficients are positive with and without the limit"


def _larger(part, *changes):
    return {f"claim.precision.{part} {change}": LARGER for change in changes}


_NORM = ["+1 unit", "denominator -1"]

SURVIVORS = {
    "pair-entries": _larger("data.entries", "[0] +1 unit", "[1] +1 unit")
    | _larger("matrix.entries", *(f"[{k}] +1 unit" for k in range(4)))
    | {"evidence.first.matrix [3] -1 unit": OUT, "evidence.first.rows.0 +1": OTHER_ROW},
    "pair-norm": _larger("data.norm", *_NORM) | _larger("matrix.norm", *_NORM),
    "pair-support": _larger("data.entries", "[0] +1 unit") | _larger("matrix.norm", "+1 unit"),
    "pair-all": _larger("data.norm", *_NORM)
    | _larger("matrix.entries", "[0] +1 unit", "[1] +1 unit")
    | {f"claim.problem.nonnegative.0 {change}": LIMIT for change in ("delete", "-1", "zero")},
}

"""The instance of `margin_one` without independent columns, and the mutants of it that are true."""

from tests.proofs_checks.builders import F
from tests.proofs_checks.data_builders import data_digits, entries, norm, precision
from tests.proofs_checks.data_margin import LESS, at, edge, survivors

_KNOWN = precision(norm(F(1, 16)), entries([[F(1, 64)], [F(1, 32)]]))


def _fit(times):
    return data_digits([[1, 1], [0, 1]], [3, 1], [1, 1], [1, F(3, 2)], _KNOWN, sigma=None, times=times)


INSTANCES = {"data-fit": edge(_fit)}

ALONE = "y is longer, or known less well: what it shows alone is less, and so the bound of the fit says more"
LONGER = "the columns are longer, and what is unknown of them is a smaller part"
CHEAPER = "with smaller penalties there is less to be gained by moving coefficients"
NEARER = "another point: its fitted values are bounded by less beside what y alone shows"
_DENOMINATORS = ["denominator +1", "raw denominator +1"]

SURVIVORS = {
    "data-fit": survivors(
        ("claim.precision.data.entries", ALONE, [*at(0, "+1 unit", "swap"), *at(1, "+1 unit")]),
        ("claim.precision.matrix.norm", LESS, ["-1 unit", "zero", "denominator +1"]),
        ("claim.problem.data", ALONE, [*at(0, "+1 unit"), *at(1, "+1 unit")]),
        ("claim.problem.matrix", LONGER, [*at(0, "+1 unit"), *at(1, "+1 unit"), *at(2, "swap")]),
        ("claim.problem.penalties", CHEAPER, [*at(0, "-1 unit", "zero"), *at(1, "-1 unit", "zero"), *_DENOMINATORS]),
        ("claim.scales.0", LESS, ["-1 unit", "denominator +1"]),
        ("evidence.point.entries", NEARER, [*at(0, "swap"), *at(1, "-1 unit"), *_DENOMINATORS]),
    ),
}

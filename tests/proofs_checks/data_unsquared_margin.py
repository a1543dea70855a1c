"""The instances of `margin_one` for sqrt-lasso and bpdn, and the mutants of theirs that are true."""

from tests.proofs_checks.builders import F
from tests.proofs_checks.cases.data_digits_unsquared import BALL, COMPLEX, POINT, ROOT, SMALL, ball, root
from tests.proofs_checks.data_builders import complex_digits, entries, norm, precision
from tests.proofs_checks.data_margin import FLATTER, LESS, at, edge, survivors

H, T = F(1, 2), F(1, 1000)
_KNOWN = precision(norm(F(1, 64)), entries([[F(1, 64)], [F(1, 32)]]))


def _root(times):
    return root(*ROOT, _KNOWN, times=times)


def _ball(times):
    return ball(*BALL, _KNOWN, times=times)


def _complex(times):
    return complex_digits(*COMPLEX, [F(3, 5), 1], POINT, SMALL, sigma=H, objective="sqrt-lasso", times=times)


INSTANCES = {
    "data-sqrt-lasso": edge(_root),
    "data-bpdn": edge(_ball),
    "data-sqrt-lasso-complex": edge(_complex),
}

SQUARE = "the lasso with these penalties has a defect at this point, and a larger margin"
MULTIPLE = "a multiple of all penalties has the same minimisers"
TURNED = "the slope of the column that decides is turned, and as large as it was"

_ENTRIES = ("claim.precision.data.entries", LESS, [*at(0, "-1 unit", "zero", "swap"), *at(1, "-1 unit", "zero")])
_DENOMINATORS = ["denominator +1", "raw denominator +1"]
_NORM = ["-1 unit", "zero", "denominator +1"]
_REAL = (
    _ENTRIES,
    ("claim.precision.data.entries", LESS, _DENOMINATORS),
    ("claim.precision.matrix.norm", LESS, _NORM),
    ("claim.problem.data", TURNED, ["[1] sign"]),
    ("claim.problem.matrix", FLATTER, ["[1] -1 unit", *at(3, "-1 unit", "sign", "zero")]),
    ("claim.problem.penalties", FLATTER, ["[1] +1 unit"]),
    ("claim.scales.0", LESS, ["-1 unit", "denominator +1"]),
)

SURVIVORS = {
    "data-sqrt-lasso": survivors(*_REAL, ("claim.objective", SQUARE, ["to lasso"])),
    "data-bpdn": survivors(
        *_REAL,
        ("claim.problem.data", FLATTER, at(1, "-1 unit", "zero")),
        ("claim.problem.penalties", MULTIPLE, _DENOMINATORS),
    ),
    "data-sqrt-lasso-complex": survivors(
        ("claim.precision.data.norm", LESS, _NORM),
        ("claim.precision.matrix.norm", LESS, _NORM),
        ("claim.problem.data", TURNED, at(2, "sign", "swap")),
        ("claim.problem.matrix", FLATTER, ["[3] -1 unit", *at(6, "-1 unit", "sign", "zero", "swap")]),
        ("claim.problem.penalties", FLATTER, ["[1] +1 unit"]),
        ("claim.scales.0", LESS, ["-1 unit", "denominator +1"]),
    ),
}

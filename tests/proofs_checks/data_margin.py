"""The instances of `margin_one` of kind data-digits, and the mutants of theirs that are true.

The scale is the largest one, in multiples of 2^-20, at which something is proved, so that a little less precision, or a
little less of a margin, proves nothing.
"""

from proofs_checks import verify_bytes
from tests.proofs_checks.builders import F
from tests.proofs_checks.cases import data_digits
from tests.proofs_checks.data_builders import complex_digits, entries, least_singular, norm, precision, written
from tests.proofs_checks.data_builders import data_digits as made
from tests.proofs_checks.data_reference import Determined, Known
from tests.proofs_checks.penalised_reference import Reference

H, UNIT = F(1, 2), 2**20
_ALL = Reference(
    [[1, 4, 0], [2, 4, 1], [3, 10, 0], [0, 1, 2]], [1, 2, 4, 0], [H, H, 2, 0], kappa=[0, F(1, 4), 0, 0],
    centres=[2, 6, 0], scales=[F(1, 2), 2, 3], weights=[1, 2, 1, 1], intercept=True, nonnegative=(1,),
)  # fmt: skip


def edge(make):
    """The certificate of the largest scale."""
    low, high = 1, 2**40
    while high - low > 1:
        middle = (low + high) // 2
        valid = verify_bytes(make([F(middle, UNIT)])).verdict == "valid"
        low, high = (middle, high) if valid else (low, middle)
    return make([F(low, UNIT)])


def _lasso(times):
    known = precision(norm(F(1, 64)), entries([[F(1, 64)], [F(1, 32)]]))
    return made(*data_digits.EXAMPLE, known, sigma=F(3, 4), times=times)


def _complex(times):
    return complex_digits(*data_digits.COMPLEX, data_digits.NEAR, data_digits.SMALL, sigma=1, times=times)


def _all(times):
    point = _ALL.best[1][0]
    found = Determined(_ALL, Known(entries=[[F(1, 64), F(1, 32), 0]] * 4), Known(norm=H), point, [0, 1], F(0))
    found.sigma = least_singular(found.gram)
    return written(found, times)


INSTANCES = {
    "data-entry": data_digits.ENTRY,
    "data-lasso": edge(_lasso),
    "data-all": edge(_all),
    "data-complex": edge(_complex),
}

SMALL = {"data-entry": 7}  # one row and one column: there is little to be changed

LESS = "smaller radii, or a smaller scale: the bounds are smaller"
ONLY_BOUNDS = "what is unknown of y makes the bounds larger, and does not decide whether there are any"
FLATTER = "the slope of the column that decides is smaller, or its bound larger, or it moves less: its margin is larger"
SHIFTED = "beside an intercept nothing depends on centres, on a constant in y, or on one in X where x is 0"
INTERCEPT = "the intercept of x is not used"
LIMIT = "the second entry is positive with and without the limit; one of the first is positive, and the third smaller"
ROOT = "the square-root lasso has a margin of 3 there"
WITHOUT = "what is claimed then is what follows without independent columns, and it does follow"
NOTHING = "nothing is allowed, so that no factor is asked for"


def survivors(*groups):
    return {f"{path} {change}": reason for path, reason, changes in groups for change in changes}


_SMALLER = ["-1 unit", "zero", "denominator +1"]
_ANY = ["+1 unit", *_SMALLER, "denominator -1"]
_DENOMINATORS = ["denominator +1", "raw denominator +1"]
_SCALES = ("claim.scales.0", LESS, ["-1 unit", "denominator +1"])


def at(place, *changes):
    return [f"[{place}] {change}" for change in changes]


SURVIVORS = {
    "data-entry": survivors(
        ("evidence.sigma", WITHOUT, ["to null"]),
        ("claim.objective", ROOT, ["to sqrt-lasso"]),
        ("claim.precision.data.norm", ONLY_BOUNDS, ["+1 unit"]),
        ("claim.precision.matrix.entries", LESS, [*at(0, "-1 unit", "zero"), *_DENOMINATORS]),
        ("claim.problem.data", FLATTER, [*at(0, "-1 unit", "sign", "zero"), *_DENOMINATORS]),
        ("claim.problem.matrix", FLATTER, [*at(0, "-1 unit", "sign", "zero"), *_DENOMINATORS]),
        ("claim.problem.penalties", FLATTER, ["[0] +1 unit"]),
        ("claim.scales.0", LESS, ["denominator +1"]),
        ("evidence.sigma", NOTHING, ["+1 unit", "denominator +1"]),
    ),
    "data-lasso": survivors(
        ("evidence.sigma", WITHOUT, ["to null"]),
        ("claim.precision.data.entries", ONLY_BOUNDS, at(0, "+1 unit", "-1 unit", "zero", "swap")),
        ("claim.precision.data.entries", ONLY_BOUNDS, [*at(1, "+1 unit", "-1 unit", "zero"), *_DENOMINATORS]),
        ("claim.precision.matrix.norm", LESS, _SMALLER),
        ("claim.problem.data", FLATTER, at(1, "-1 unit", "sign", "zero")),
        ("claim.problem.matrix", FLATTER, at(3, "-1 unit", "sign", "zero")),
        ("claim.problem.penalties", FLATTER, ["[1] +1 unit"]),
        _SCALES,
    ),
    "data-all": survivors(
        ("evidence.sigma", WITHOUT, ["to null"]),
        ("claim.precision.data.norm", ONLY_BOUNDS, _ANY),
        *(
            ("claim.precision.matrix.entries", LESS, at(k, "swap") if k % 3 == 2 else at(k, "-1 unit", "zero"))
            for k in range(11)
        ),
        ("claim.precision.matrix.entries", LESS, _DENOMINATORS),
        ("claim.problem.centres", SHIFTED, at(0, "+1 unit", "-1 unit", "sign", "zero", "swap")),
        ("claim.problem.centres", SHIFTED, at(1, "+1 unit", "-1 unit", "sign", "zero", "swap")),
        ("claim.problem.centres", SHIFTED, at(2, "+1 unit", "-1 unit")),
        ("claim.problem.centres", SHIFTED, ["denominator +1", "raw offset +1", "to null"]),
        ("claim.problem.data", SHIFTED, ["raw offset +1"]),
        ("claim.problem.matrix", FLATTER, ["[2] +1 unit", "[8] +1 unit", *at(11, "-1 unit", "zero")]),
        ("claim.problem.matrix", SHIFTED, ["raw offset +1"]),
        ("claim.problem.nonnegative.0", LIMIT, ["delete", "+1", "-1", "zero"]),
        ("claim.problem.penalties", FLATTER, ["[2] +1 unit"]),
        ("claim.problem.scales", FLATTER, ["[2] +1 unit"]),
        _SCALES,
        ("evidence.point.entries", INTERCEPT, at(2, "+1 unit", "-1 unit", "sign")),
    ),
    "data-complex": survivors(
        ("evidence.sigma", WITHOUT, ["to null"]),
        ("claim.precision.data.norm", ONLY_BOUNDS, _ANY),
        ("claim.precision.matrix.norm", LESS, _SMALLER),
        ("claim.problem.data", FLATTER, [*at(2, "-1 unit", "zero"), *at(3, "-1 unit")]),
        ("claim.problem.matrix", FLATTER, [*at(2, "-1 unit", "zero"), *at(3, "-1 unit")]),
        ("claim.problem.matrix", FLATTER, [*at(6, "-1 unit"), *at(7, "-1 unit", "zero")]),
        ("claim.problem.penalties", FLATTER, ["[1] +1 unit"]),
        _SCALES,
    ),
}

"""The instances of `margin_one` of kind solution-digits, and the mutants of theirs that are true."""

from tests.proofs_checks.builders import F
from tests.proofs_checks.cases import solution_digits
from tests.proofs_checks.penalised_reference import Reference, certified

H = F(1, 2)
# everything that a problem may have; one column attains its bound with the entry 0
_ALL = Reference(
    [[1, 4], [2, 4], [3, 10]], [1, 2, 4], [H, H, 0],
    kappa=[0, F(1, 4), 0], centres=[2, 6], scales=[F(1, 3), 2], weights=[1, 2, 1], intercept=True, nonnegative=(1,),
)  # fmt: skip

INSTANCES = {
    "solution-lasso": solution_digits.LASSO,
    "solution-no": solution_digits.CORNER,
    "solution-open": solution_digits.MIXED,
    "solution-all": certified(_ALL, [F(1, 5), 1, 2]),
}

ANSWER = "other coefficients, whose distance to the only minimiser is recomputed"
AWAY = "coefficients that are farther beyond the same end, or less far: the same minimiser is the nearest"
REFLECTED = "the same instance with one row reflected: |g_2| stays at its bound, and x_2 is 0"
LIMIT = "the coefficient is positive with and without the limit"


def _coefficients(reason, *changes):
    return {f"claim.coefficients {change}": reason for change in changes}


def _entry(k):
    return [f"[{k}] {change}" for change in ("+1 unit", "-1 unit", "sign", "zero")]


_DEN = ["denominator +1", "raw denominator +1"]

SURVIVORS = {
    "solution-lasso": _coefficients(
        ANSWER, *_entry(0), "[0] swap", "[1] +1 unit", "[1] -1 unit", *_DEN, "raw offset +1"
    )
    | {"claim.problem.data [1] sign": REFLECTED, "claim.problem.matrix [3] sign": REFLECTED},
    "solution-no": _coefficients(AWAY, *_entry(1)),
    "solution-open": _coefficients(AWAY, "[0] +1 unit", "[0] -1 unit"),
    "solution-all": _coefficients(
        ANSWER, *_entry(0), "[0] swap", *_entry(1), "[1] swap", *_entry(2), *_DEN
    )
    | {f"claim.problem.nonnegative.0 {change}": LIMIT for change in ("delete", "-1", "zero")},
}  # fmt: skip

"""The instances of `margin_one` about recovery, and the mutants of theirs that are true.

The points and the dual vectors are the best for their data, so that nothing near them gives as small a bound.
"""

from tests.checker.builders import F
from tests.checker.cases.null_space import A3, A6, AC, B3, GAMMA, H3, H6, HC, ONE, TWO, H
from tests.checker.null_space_builders import exhaustive, relaxation
from tests.checker.recovery_builders import conditional, recovery

_Q = F(1, 4)
# A*v = (0, 1, -1); sigma(z) = 1/2 and |Az - y| = 1/4 exactly.
_REAL = (A3, ONE, H, GAMMA, [0, H], [0, 3, 0], [0, 6])
_REAL_FIT = {"sigma": H, "noise": _Q, "witness": [_Q, 19 * _Q, _Q]}
# The same, with 3 + 4i in place of 3, and a witness with one entry off the support.
_COMPLEX = (AC, ONE, H, GAMMA, [0, (H, 0, F(2, 3))], [0, (3, 0, 4), 0], [0, (F(18, 5), 0, F(24, 5))])
_COMPLEX_FIT = {"sigma": F(5, 4), "noise": _Q, "witness": [(F(3, 4), 0, -1), (3, 0, 4), 0]}
# xi = 5: r and q are irrational.
_LEVELS = (A6, TWO, F(5, 8), F(1631, 1000), [2, 0, 0, 0, 0], [2, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0])
_LEVELS_FIT = {"sigma": F(2, 5), "noise": H, "witness": [F(23, 10), F(2, 5), 0, 0, 0, 0]}

INSTANCES = {
    "recovery": recovery(*_REAL, relaxation(H3), **_REAL_FIT),
    "recovery-exhaustive": recovery(*_REAL, exhaustive(*B3), **_REAL_FIT),
    "recovery-complex": recovery(*_COMPLEX, relaxation(HC), **_COMPLEX_FIT),
    "recovery-levels": recovery(*_LEVELS, relaxation(H6), **_LEVELS_FIT),
    "conditional-recovery": conditional(*_REAL, **_REAL_FIT),
}

MORE = "a larger bound is a weaker claim, true with the same evidence"
OTHER_WITNESS = "another x that fits the data, or none, of which the claim then says so"
OTHER_CONDITION = "the claim says more, or the same, of matrices with another property that is not proved either"
OTHER_MATRIX = "another matrix, for which the witness fits better: what would follow from the property is the same"


def _survivors(*witness, **others):
    bound = dict.fromkeys(("claim.bound +1 unit", "claim.bound denominator -1"), MORE)
    return bound | {f"evidence.witness {change}": OTHER_WITNESS for change in ("to null", *witness)} | others


_SMALLER = ("(1,0)[0] -1 unit", "denominator +1", "raw denominator +1")

SURVIVORS = {
    "recovery": _survivors(*_SMALLER),
    "recovery-exhaustive": _survivors(*_SMALLER),
    "recovery-complex": _survivors(
        "(0,0)[0] -1 unit", "(0,0)[2] +1 unit", "(0,0) sign", "(0,0) zero", "(0,0) conjugate"
    ),
    "recovery-levels": _survivors(
        *_SMALLER, "(0,0)[0] -1 unit", "(1,0) sign", "(1,0) zero", "(1,0) swap", "(5,0)[0] +1 unit"
    ),
    "conditional-recovery": _survivors(
        *_SMALLER,
        **{
            "claim.gamma -1 unit": OTHER_CONDITION,
            "claim.gamma denominator +1": OTHER_CONDITION,
            "claim.levels.0.sparsity +1": OTHER_CONDITION,
            "claim.rho denominator +1": OTHER_CONDITION,
            "claim.matrix (1,0)[0] -1 unit": OTHER_MATRIX,
        },
    ),
}

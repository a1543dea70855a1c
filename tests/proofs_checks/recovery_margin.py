"""The instances of `margin_one` about recovery, and the mutants of theirs that are true.

The points are the best for their data, but for that of recovery-dual, which is too short. The largest entries are just
settled, where that is rational.
"""

from tests.proofs_checks.builders import F
from tests.proofs_checks.cases import coefficient_bounds
from tests.proofs_checks.cases.null_space import A3, A6, AC, B3, GAMMA, H3, H6, HC, ONE, TWO, H
from tests.proofs_checks.cases.recovery import SHRUNK
from tests.proofs_checks.coefficient_builders import coefficients
from tests.proofs_checks.null_space_builders import exhaustive, relaxation
from tests.proofs_checks.recovery_builders import conditional, recovery

_Q = F(1, 4)
# k = 15/4 at first; sigma(z) = 1/2 and |Az - y| = 1/4 exactly.
_REAL = (A3, ONE, H, GAMMA, [0, 5 * _Q], [0, 15 * H, 0], None)
_REAL_FIT = {"sigma": H, "noise": _Q, "witness": [_Q, 37 * _Q, _Q]}
# k = 9/2 at first: an entry of modulus 9, and a witness with one entry off the support.
_NINE = (F(27, 5), 0, F(36, 5))
_COMPLEX = (AC, ONE, H, GAMMA, [0, (F(9, 10), 0, F(6, 5))], [0, _NINE, 0], None)
_COMPLEX_FIT = {"sigma": F(5, 4), "noise": _Q, "witness": [(F(3, 4), 0, -1), _NINE, 0]}
# xi = 5: r is irrational; the entry of the first level is settled, and that of the second, 0, is not.
_LEVELS = (A6, TWO, F(5, 8), F(1631, 1000), [5, 0, 0, 0, 0], [5, 0, 0, 0, 0, 0], None)
_LEVELS_FIT = {"sigma": F(2, 5), "noise": H, "witness": [F(53, 10), F(2, 5), 0, 0, 0, 0]}
_TENTH = F(1, 10)
_TENTHS = {"sigma": _TENTH, "noise": _TENTH}
_CUT = F(3, 5)
# |Az - y| = |(3, 4)|/100.
_DUAL_FIT = {"sigma": F(3, 8), "noise": F(1, 20), "witness": [F(21, 80), F(1341, 400), F(9, 80)]}

INSTANCES = {
    "recovery": recovery(*_REAL, relaxation(H3), **_REAL_FIT),
    "recovery-exhaustive": recovery(*_REAL, exhaustive(*B3), **_REAL_FIT),
    "recovery-complex": recovery(*_COMPLEX, relaxation(HC), **_COMPLEX_FIT),
    "recovery-levels": recovery(*_LEVELS, relaxation(H6), **_LEVELS_FIT),
    "recovery-dual": recovery(*SHRUNK, relaxation(H3), **_DUAL_FIT),
    "conditional-recovery": conditional(*_REAL, **_REAL_FIT),
    "best-recovery": recovery(*_LEVELS, relaxation(H6), cuts=[_CUT], **_LEVELS_FIT),
    "conditional-best-recovery": conditional(*_REAL, cuts=[], **_REAL_FIT),
    # sigma(z) = |Az - y| = 1/10 exactly, and the largest entry is settled by nothing
    "coefficient-bounds": coefficients(
        *coefficient_bounds.EDGE, sigma=_TENTH, noise=_TENTH, witness=[F(1, 5), 0, _TENTH]
    ),
}

MORE = "a larger bound is a weaker claim, true with the same evidence"
OTHER_WITNESS = "another x that fits the data, or none, of which the claim then says so"
OTHER_CONDITION = "the claim says more, or the same, of matrices with another property that is not proved either"
LESS_GAMMA = (
    "a smaller gamma, which the products of the columns of H prove, as those are short of the sum of the squares"
)
OTHER_CUTS = "a larger cut: the last cell decides, and is smaller"
LONGER = "a point that is not quite as short, and nearer to what fits: the same bound is true of it"
OTHER_MATRIX = (
    "another matrix, for which the witness fits as well, or better: what would follow from the property is the same"
)


def _survivors(*witness, **others):
    bound = dict.fromkeys(("claim.bound +1 unit", "claim.bound denominator -1"), MORE)
    return bound | {f"evidence.witness {change}": OTHER_WITNESS for change in ("to null", *witness)} | others


_SMALLER = ("(1,0)[0] -1 unit", "denominator +1", "raw denominator +1")

SURVIVORS = {
    "recovery": _survivors(*_SMALLER),
    "recovery-exhaustive": _survivors(*_SMALLER),
    "recovery-complex": _survivors(
        *_SMALLER[1:], "(0,0)[0] -1 unit", "(0,0)[2] +1 unit", "(0,0) sign", "(0,0) zero", "(0,0) conjugate"
    ),
    "recovery-levels": _survivors(
        *_SMALLER, "(0,0)[0] -1 unit", "(1,0) sign", "(1,0) zero", "(1,0) swap", "(5,0)[0] +1 unit"
    ),
    "recovery-dual": _survivors(
        *_SMALLER,
        "(0,0)[0] -1 unit",
        "(0,0) zero",
        "raw first entry delete",
        **{"claim.point (1,0)[0] +1 unit": LONGER},
    ),
    "conditional-recovery": _survivors(
        *_SMALLER,
        **{
            "claim.gamma -1 unit": OTHER_CONDITION,
            "claim.gamma denominator +1": OTHER_CONDITION,
            "claim.rho denominator +1": OTHER_CONDITION,
            "claim.matrix (0,2) swap": OTHER_MATRIX,
            "claim.matrix (1,0)[0] -1 unit": OTHER_MATRIX,
            "claim.matrix (1,2)[0] -1 unit": OTHER_MATRIX,
        },
    ),
}
SURVIVORS["recovery-levels"] |= dict.fromkeys(("claim.gamma -1 unit", "claim.gamma denominator +1"), LESS_GAMMA)
SURVIVORS["best-recovery"] = SURVIVORS["recovery-levels"] | {
    "evidence.cuts.0 +1 unit": OTHER_CUTS,
    "evidence.cuts.0 denominator -1": OTHER_CUTS,
}
SURVIVORS["conditional-best-recovery"] = SURVIVORS["conditional-recovery"]
SURVIVORS["coefficient-bounds"] = _survivors(
    *_SMALLER[1:],
    "(1,0) swap",
    "(2,0) sign",
    "(2,0) zero",
    "(2,0)[0] -1 unit",
    **{f"claim.bounds ({i},0)[0] +1 unit": MORE for i in range(3)},
)

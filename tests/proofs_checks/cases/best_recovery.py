"""Kind best-recovery: the points of kind recovery, and cuts."""

from tests.proofs_checks.builders import F, changed, column, rat
from tests.proofs_checks.cases.null_space import A3, GAMMA, H3, H6, IDENTITY, MOVED, ONE, H
from tests.proofs_checks.cases.recovery import (
    BASIC,
    COMPLEX,
    FULL,
    LEVELLED,
    PARTLY,
    SHRUNK,
    WHOLLY,
    X3,
    Y3,
    Z3,
    one_unit,
)
from tests.proofs_checks.null_space_builders import relaxation
from tests.proofs_checks.recovery_builders import least, recovery

# xi = 5, zeta = 1: m falls from 1/sqrt 5 on, so that the first cut has the first cell to itself.
CUTS = [F(9, 20), F(11, 20), F(13, 20), F(3, 4), F(17, 20)]
FIT = {"sigma": H, "noise": F(1, 10)}
LITTLE = {"sigma": F(1, 10), "noise": F(1, 10)}


def levelled(cuts=CUTS, case=LEVELLED, **others):
    return recovery(*case, relaxation(H6), cuts=cuts, **FIT | others)


def _identity(n):
    return [[int(i == j) for j in range(n)] for i in range(n)]


# A point that is too short, of the two levels: the dual vector makes B negative, and some c impossible.
SHORT = (*LEVELLED[:4], [3, 0, 0, 0, 0], [F(5, 2), 0, 0, 0, 0, 0], [1, 0, 0, 0, 0])
LEVELLED_PLAIN = levelled()
_ONE = {"sigma": F(3, 8), "noise": F(2, 5)}

ACCEPT = {
    "levels": LEVELLED_PLAIN,
    "levels-without-cuts": levelled([]),
    "levels-a-cut-below-all-c": levelled([F(1, 10)]),
    "levels-short": levelled(case=SHORT, sigma=0, noise=F(1, 100)),
    "levels-many-cuts": levelled([F(i, 64) for i in range(29, 64)]),
    "larger-bound": levelled(bound=1000),
    "one-level": recovery(*BASIC, relaxation(H3), cuts=[], witness=Z3, **_ONE),
    "one-level-with-cuts": recovery(*BASIC, relaxation(H3), cuts=[H], **_ONE),
    "shrunk": recovery(*SHRUNK, relaxation(H3), cuts=[], sigma=F(3, 8), noise=F(1, 20)),
    "partly-settled": recovery(*PARTLY, relaxation(_identity(4)), cuts=CUTS[2:], **LITTLE),
    "wholly-settled": recovery(*WHOLLY, relaxation(_identity(4)), cuts=CUTS[2:], **LITTLE),
    "settled-where-all-is-support": recovery(*FULL, relaxation(_identity(3)), cuts=CUTS[3:], sigma=F(1, 50)),
}

_LESS = one_unit(least(*LEVELLED, **FIT, cuts=CUTS))

REJECT = {
    "bound-one-unit-less": ("bound", levelled(bound=_LESS)),
    "bound-one-unit-less-one-level": (
        "bound",
        recovery(*BASIC, relaxation(H3), cuts=[], bound=one_unit(least(*BASIC, **_ONE, cuts=[])), **_ONE),
    ),
    "bound-of-more-cuts": ("bound", changed(LEVELLED_PLAIN, ["evidence", "cuts"], [])),
    "bound-of-other-cuts": ("bound", changed(LEVELLED_PLAIN, ["evidence", "cuts"], [rat(F(1, 10))])),
    "bound-one-unit-less-short": (
        "bound",
        levelled(
            case=SHORT,
            sigma=0,
            noise=F(1, 100),
            bound=one_unit(least(*SHORT, sigma=0, noise=F(1, 100), cuts=CUTS)),
        ),
    ),
    "bound-without-noise": ("bound", levelled(bound=least(*LEVELLED, sigma=H, cuts=CUTS))),
    "bound-without-compressibility": ("bound", levelled(bound=least(*LEVELLED, noise=F(1, 10), cuts=CUTS))),
    "bound-zero": ("bound", levelled(bound=0)),
    "dual-outside": (
        "dual",
        recovery(A3, ONE, H, GAMMA, Y3, X3, [-F(501, 100), 0], relaxation(H3), bound=999, cuts=[]),
    ),
    "witness-too-far": (
        "witness",
        recovery(*BASIC, relaxation(H3), sigma=F(3, 8), noise=F(3, 8), witness=Z3, cuts=[]),
    ),
    "null-space-gamma-too-small": (
        "null-space",
        recovery(A3, ONE, H, F(649, 100), Y3, X3, None, relaxation(H3), bound=999, cuts=[]),
    ),
    "null-space-of-another-matrix": (
        "null-space",
        recovery(MOVED, ONE, H, GAMMA, Y3, X3, [0, 0], relaxation(H3), bound=9999, cuts=[]),
    ),
    "empty": (
        "empty",
        recovery(
            [[1], [0]], [(1, 1, 1)], H, 2, [0, 1], [0], [0, 11], relaxation([[1], [0]]), noise=H, bound=0, cuts=[]
        ),
    ),
    "rho-one-after-rounding": (
        "rho",
        changed(
            recovery(IDENTITY, [(2, 2, 1)], H, 3, [1, 0], [1, 0], [1, 0], relaxation(IDENTITY), cuts=[]),
            ["claim", "rho"],
            rat(1 - F(1, 2**80)),
        ),
    ),
}


def _cuts(*values):
    return changed(LEVELLED_PLAIN, ["evidence", "cuts"], [rat(value) for value in values])


MALFORMED = {
    "cuts-missing": ("evidence lacks the key cuts", changed(LEVELLED_PLAIN, ["evidence", "cuts"], ...)),
    "cuts-null": ("evidence.cuts must be a list", changed(LEVELLED_PLAIN, ["evidence", "cuts"], None)),
    "cuts-out-of-order": ("evidence.cuts[0] must be less", _cuts(F(3, 5), H)),
    "cut-one": ("evidence.cuts[0] must be less", _cuts(1)),
    "cut-zero": ("evidence.cuts[0] must be positive", _cuts(0)),
    "called-recovery": ("evidence has the unknown key 'cuts'", changed(LEVELLED_PLAIN, ["kind"], "recovery")),
    "recovery-called-best": ("evidence lacks the key cuts", changed(COMPLEX, ["kind"], "best-recovery")),
    "bound-negative": ("claim.bound must be at least 0", changed(LEVELLED_PLAIN, ["claim", "bound"], ["-0x1", "0x1"])),
    "point-of-other-size": ("claim.point must be 6 x 1", changed(LEVELLED_PLAIN, ["claim", "point"], column([1]))),
    "null-space-null": (
        "evidence.null_space.method must be one of",
        changed(LEVELLED_PLAIN, ["evidence", "null_space"], None),
    ),
}

"""Kind recovery. Numbers that are not rational are rounded as the format says, so that the least bound is computed.

A3 has the kernel (1, 1, 1), rho = 1/2 and gamma = 13/2; xi = zeta = 1.
"""

from tests.proofs_checks.builders import F, changed, column, matrix
from tests.proofs_checks.cases.null_space import (
    A3,
    A6,
    AC,
    B3,
    GAMMA,
    H3,
    H6,
    HC,
    IDENTITY,
    MOVED,
    ONE,
    TWO,
    UNIT,
    UNIT_LEVELS,
    H,
)
from tests.proofs_checks.null_space_builders import coherence, exhaustive, relaxation, transfer
from tests.proofs_checks.recovery_builders import least, recovery, spreads, upper_root

_RHO6, _GAMMA6 = F(5, 8), F(1631, 1000)
UNIT_EPS = F(1, 2**300)

# A*v = (-9/10, 1, -1/10), |v| = 15/2; Ax - y = (3/10, 4/10) for x = (0, 3, 0).
V3, X3 = [-F(9, 2), 6], [0, 3, 0]
Y3 = [-F(3, 10), F(1, 10)]
Z3 = [F(1, 4), H, -F(1, 8)]  # sigma(z) = 3/8, and Az - y = (3/8, 1/240)
BASIC = (A3, ONE, H, GAMMA, Y3, X3, V3)


def basic(**others):
    return recovery(*BASIC, relaxation(H3), **others)


PLAIN = basic(sigma=F(3, 8), noise=F(2, 5), witness=Z3)
# y = 0 and x = 0: nothing but noise and compressibility; v = 0.
NOTHING = recovery(A3, ONE, H, GAMMA, [0, 0], [0, 0, 0], [0, 0], relaxation(H3), sigma=H, noise=H, witness=[0, 0, 0])
# x is sparse and y = Ax: the bound is 0 with a dual vector that has A*v = w sign(x) on the support.
EXACT = recovery(UNIT, [(2, 1, 1)], F(3, 5), 1, [2, 0], [2, 0], [1, -H], coherence(), bound=0, witness=[2, 0])
# Levels, weights and irrational roots: xi = 5, zeta = 1, and entries of x of either level.
_Y6, _X6 = [1, 2, -1, 3, 0], [1, 2, F(1, 3), H, 0, F(1, 7)]
_V6 = [H, H, -H, H, 0]
LEVELLED = (A6, TWO, _RHO6, _GAMMA6, _Y6, _X6, _V6)
# Moduli that are not rational: 1 + i and 1 - i.
_XC, _YC, _VC = [(1, 0, 1), 0, (F(1, 3), 0, -1)], [(F(1, 5), 0, -F(1, 7)), F(1, 3)], [(0, 0, 3), 2]
COMPLEX = recovery(AC, ONE, H, GAMMA, _YC, _XC, _VC, relaxation(HC), sigma=F(1, 9), noise=F(1, 8))
_THREE = [(1, 1, 1), (3, 1, 2)]
# The point is less than 3 at the second place: no shorter x fits the data, says the dual vector, A*v = (0, 1, -1).
SHRUNK = (A3, ONE, H, GAMMA, [0, H], [0, 2, 0], [0, 6])
_FEW = {"sigma": F(3, 8), "noise": F(1, 20)}


def _identity(n):
    return [[int(i == j) for j in range(n)] for i in range(n)]


def _exactly(spread, gamma, *x):
    """The identity, y = x and no dual vector."""
    return _identity(len(x)), spread, H, gamma, x, x, None


# sigma = noise = 1/10: b = 1/2 and k = 2/5 at first, so that an entry of 4/5 is just settled; then b = 1/10, k = 1/5.
_LITTLE = {"sigma": F(1, 10), "noise": F(1, 10)}
SETTLED = _exactly([(3, 1, 1)], F(3, 2), F(4, 5), 0, 0)
NEARLY = _exactly([(3, 1, 1)], F(3, 2), F(4, 5) - UNIT_EPS, 0, 0)
# xi = 1 and zeta = 9/25; k = 27/50 at first, which settles 27/25 and not 1.
_TWO_LEVELS = [(2, 1, F(3, 5)), (4, 1, F(4, 5))]
PARTLY = _exactly(_TWO_LEVELS, F(11, 5), F(27, 25), 0, 1, 0)
WHOLLY = _exactly(_TWO_LEVELS, F(11, 5), F(27, 25), 0, 0, F(27, 25))
# sparsity 2: two entries are a support, so that k √2 is enough; less is not, nor is it with two levels of sparsity 1.
# k is that of p = 0, as S(p) = 0 for all these p.
_FOUR = [(4, 2, 1)]
_ENOUGH = upper_root(2 * spreads(*_exactly(_FOUR, F(11, 5), 0, 0, 0, 0), **_LITTLE)[-1] ** 2)
PAIRED = _exactly(_FOUR, F(11, 5), _ENOUGH, -_ENOUGH, 0, 0)
UNPAIRED = _exactly(_FOUR, F(11, 5), _ENOUGH, F(1, 2**90) - _ENOUGH, 0, 0)
_APART = [(2, 1, 1), (4, 1, 1)]
_NOT_ENOUGH = upper_root(2 * spreads(*_exactly(_APART, F(11, 5), 0, 0, 0, 0), **_LITTLE)[-1] ** 2)
SEPARATE = _exactly(_APART, F(11, 5), _NOT_ENOUGH, 0, _NOT_ENOUGH, 0)
TURNED = _exactly([(3, 1, 1)], F(3, 2), (0, 0, F(1, 20)), (1, 0, 1), (F(1, 30), 0, F(1, 30)))
FULL = _exactly([(1, 1, 1), (3, 1, 1)], 3, F(1, 9), 2, H)

ACCEPT = {
    "relaxation": PLAIN,
    "without-witness": basic(sigma=F(3, 8), noise=F(2, 5)),
    "witness-at-the-noise": recovery(
        IDENTITY, [(2, 1, 1)], H, 2, [1, 1], [1, 1], [1, 0], relaxation(IDENTITY), noise=F(5, 4), sigma=F(1, 4),
        witness=[F(1, 4), 2],
    ),
    "larger-bound": basic(sigma=F(3, 8), noise=F(2, 5), bound=1000),
    "nothing-but-noise": NOTHING,
    "exact": EXACT,
    "noise-alone": basic(noise=F(2, 5)),
    "compressibility-alone": basic(sigma=F(3, 8)),
    "levels": recovery(*LEVELLED, relaxation(H6), sigma=H, noise=F(1, 10)),
    "complex": COMPLEX,
    "exhaustive": recovery(*BASIC, exhaustive(*B3), sigma=F(3, 8), noise=F(2, 5)),
    "coherence-levels": recovery(
        UNIT_LEVELS, _THREE, F(5, 6), F(13, 10), [1, 2, 3], [1, 0, 1], [H, H, H], coherence(), noise=1
    ),
    "transfer": recovery(MOVED, ONE, F(8, 13), 7, Y3, X3, [-4, 5], transfer(A3, H, GAMMA, F(1, 91), relaxation(H3))),
    "shrunk": recovery(*SHRUNK, relaxation(H3), **_FEW),
    "settled": recovery(*SETTLED, relaxation(_identity(3)), **_LITTLE, witness=[F(4, 5), 0, F(1, 10)]),
    "nearly-settled": recovery(*NEARLY, relaxation(_identity(3)), **_LITTLE),
    "partly-settled": recovery(*PARTLY, relaxation(_identity(4)), **_LITTLE),
    "wholly-settled": recovery(*WHOLLY, relaxation(_identity(4)), **_LITTLE),
    "settled-pair": recovery(*PAIRED, relaxation(_identity(4)), **_LITTLE),
    "nearly-settled-pair": recovery(*UNPAIRED, relaxation(_identity(4)), **_LITTLE),
    "no-pair-in-two-levels": recovery(*SEPARATE, relaxation(_identity(4)), **_LITTLE),
    "settled-complex": recovery(*TURNED, relaxation(_identity(3)), sigma=F(1, 50), noise=F(1, 50)),
    "settled-where-all-is-support": recovery(*FULL, relaxation(_identity(3)), sigma=F(1, 50), noise=F(1, 50)),
    "without-dual-vector": recovery(*BASIC[:-1], None, relaxation(H3), sigma=F(3, 8), noise=F(2, 5)),
    # |v| may be more than any multiplier of the residual; the gap is then negative, and the noise pays for it
    "gap-negative": recovery(
        IDENTITY, [(2, 1, 1)], H, F(3, 2), [5, 0], [4, 0], [1, 0], relaxation(IDENTITY), noise=1, witness=[4, 0]
    ),
    "no-null-space-needed-beyond-rho": recovery(
        IDENTITY, [(2, 1, 1)], F(1, 100), F(3, 2), [1, 0], [1, 0], [1, 1], relaxation(IDENTITY), witness=[1, 0]
    ),
}  # fmt: skip


def one_unit(bound):
    """The next smaller bound with the same denominator."""
    return F(bound.numerator - 1, bound.denominator)


def _less(case, proof, **others):
    return recovery(*case, proof, bound=one_unit(least(*case, **others)), **others)


_BOTH = {"sigma": F(3, 8), "noise": F(2, 5)}
_ALMOST = 1 - F(1, 2**80)

REJECT = {
    "bound-one-unit-less": ("bound", _less(BASIC, relaxation(H3), **_BOTH)),
    "bound-one-unit-less-levels": ("bound", _less(LEVELLED, relaxation(H6), sigma=H, noise=F(1, 10))),
    "bound-one-unit-less-settled": ("bound", _less(SETTLED, relaxation(_identity(3)), **_LITTLE)),
    "bound-one-unit-less-partly-settled": ("bound", _less(PARTLY, relaxation(_identity(4)), **_LITTLE)),
    "bound-one-unit-less-settled-pair": ("bound", _less(PAIRED, relaxation(_identity(4)), **_LITTLE)),
    "bound-one-unit-less-in-two-levels": ("bound", _less(SEPARATE, relaxation(_identity(4)), **_LITTLE)),
    "bound-as-if-a-pair-were-settled": (
        "bound",
        recovery(*UNPAIRED, relaxation(_identity(4)), bound=least(*PAIRED, **_LITTLE), **_LITTLE),
    ),
    "bound-as-if-two-levels-were-a-pair": (
        "bound",
        recovery(*SEPARATE, relaxation(_identity(4)), bound=least(*PAIRED, **_LITTLE), **_LITTLE),
    ),
    "bound-one-unit-less-settled-complex": (
        "bound",
        _less(TURNED, relaxation(_identity(3)), sigma=F(1, 50), noise=F(1, 50)),
    ),
    "bound-without-noise": ("bound", basic(**_BOTH, bound=least(*BASIC, sigma=F(3, 8)))),
    "bound-without-compressibility": ("bound", basic(**_BOTH, bound=least(*BASIC, noise=F(2, 5)))),
    "bound-of-another-dual-vector": (
        "bound",
        recovery(*SHRUNK[:-1], [0, 5], relaxation(H3), bound=least(*SHRUNK, **_FEW), **_FEW),
    ),
    "bound-without-the-dual-vector": (
        "bound",
        recovery(*SHRUNK[:-1], None, relaxation(H3), bound=least(*SHRUNK, **_FEW), **_FEW),
    ),
    "bound-one-unit-less-shrunk": ("bound", _less(SHRUNK, relaxation(H3), **_FEW)),
    # one unit more, and the largest entry were settled
    "bound-as-if-settled": (
        "bound",
        recovery(*NEARLY, relaxation(_identity(3)), bound=2 * least(*SETTLED, **_LITTLE), **_LITTLE),
    ),
    "bound-as-if-all-were-settled": (
        "bound",
        recovery(*PARTLY, relaxation(_identity(4)), bound=least(*WHOLLY, **_LITTLE), **_LITTLE),
    ),
    "bound-zero": ("bound", basic(**_BOTH, bound=0)),
    "dual-outside": ("dual", recovery(A3, ONE, H, GAMMA, Y3, X3, [-F(9, 2), F(601, 100)], relaxation(H3), bound=999)),
    "dual-outside-negative": (
        "dual",
        recovery(A3, ONE, H, GAMMA, Y3, X3, [-F(501, 100), 0], relaxation(H3), bound=999),
    ),
    "dual-outside-complex": (
        "dual",
        recovery(AC, ONE, H, GAMMA, _YC, _XC, [(4, 0, 4), 0], relaxation(HC), bound=999),
    ),
    # |A*v| = 1 is fine in the first level and not in the second
    "dual-outside-the-weight": (
        "dual",
        recovery(IDENTITY, [(1, 1, 1), (2, 1, H)], H, 3, [1, 1], [1, 1], [1, 1], relaxation(IDENTITY), bound=999),
    ),
    "witness-too-far": ("witness", basic(sigma=F(3, 8), noise=F(3, 8), witness=Z3)),
    "witness-not-compressible": ("witness", basic(sigma=F(37, 100), noise=F(2, 5), witness=Z3)),
    "witness-far-in-another-row": (
        "witness",
        recovery(A3, ONE, H, GAMMA, [0, 0], [0, 0, 0], [0, 0], relaxation(H3), noise=H, witness=[0, F(31, 10), 0]),
    ),
    "null-space-rho-too-small": (
        "null-space",
        recovery(A3, ONE, F(499, 1000), GAMMA, Y3, X3, V3, relaxation(H3), bound=999),
    ),
    "null-space-gamma-too-small": (
        "null-space",
        recovery(A3, ONE, H, F(649, 100), Y3, X3, V3, relaxation(H3), bound=999),
    ),
    "null-space-of-another-matrix": (
        "null-space",
        recovery(MOVED, ONE, H, GAMMA, Y3, X3, [0, 0], relaxation(H3), bound=9999),
    ),
    "null-space-not-an-inverse": (
        "null-space",
        recovery(*BASIC, exhaustive(B3[1], B3[0], B3[2]), **_BOTH),
    ),
    # y is further from the range of A than the noise: v proves that there is no x, and the bound would be negative.
    "empty": (
        "empty",
        recovery([[1], [0]], [(1, 1, 1)], H, 2, [0, 1], [0], [0, 11], relaxation([[1], [0]]), noise=F(1, 2), bound=0),
    ),
    "rho-one-after-rounding": (
        "rho",
        changed(
            recovery(IDENTITY, [(2, 2, 1)], H, 3, [1, 0], [1, 0], [1, 0], relaxation(IDENTITY)),
            ["claim", "rho"],
            [hex(_ALMOST.numerator), hex(_ALMOST.denominator)],
        ),
    ),
}

MALFORMED = {
    "noise-negative": ("claim.noise must be at least 0", changed(PLAIN, ["claim", "noise"], ["-0x1", "0x1"])),
    "compressibility-negative": (
        "claim.compressibility must be at least 0",
        changed(PLAIN, ["claim", "compressibility"], ["-0x1", "0x1"]),
    ),
    "bound-negative": ("claim.bound must be at least 0", changed(PLAIN, ["claim", "bound"], ["-0x1", "0x1"])),
    "bound-missing": ("claim lacks the key bound", changed(PLAIN, ["claim", "bound"], ...)),
    "lambda-is-unknown": ("claim has the unknown key 'lambda'", changed(PLAIN, ["claim", "lambda"], ["0x1", "0x1"])),
    "null-space-null": (
        "evidence.null_space.method must be one of",
        changed(PLAIN, ["evidence", "null_space"], None),
    ),
    "dual-missing": ("evidence lacks the key dual", changed(PLAIN, ["evidence", "dual"], ...)),
    "witness-missing": ("evidence lacks the key witness", changed(PLAIN, ["evidence", "witness"], ...)),
    "witness-of-other-size": (
        "evidence.witness must be 3 x 1",
        changed(PLAIN, ["evidence", "witness"], column([1, 2])),
    ),
    "dual-of-other-size": ("evidence.dual must be 2 x 1", changed(PLAIN, ["evidence", "dual"], column([1, 2, 3]))),
    "point-of-other-size": ("claim.point must be 3 x 1", changed(PLAIN, ["claim", "point"], column([1, 2]))),
    "data-of-other-size": ("claim.data must be 2 x 1", changed(PLAIN, ["claim", "data"], column([1]))),
    "point-with-root": ("must be rational", changed(PLAIN, ["claim", "point"], column([(0, 1), 0, 0]))),
    "matrix-with-root": (
        "must be rational",
        changed(PLAIN, ["claim", "matrix"], matrix([[(0, 1), 0, 1], [0, 1, 1]])),
    ),
    "levels-too-short": (
        "claim.levels must end with column 3",
        changed(PLAIN, ["claim", "levels", 0, "end"], "0x2"),
    ),
    "rho-one": ("claim.rho must be less than 1", changed(PLAIN, ["claim", "rho"], ["0x1", "0x1"])),
}

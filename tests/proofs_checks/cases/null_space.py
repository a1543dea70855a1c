"""Kind null-space. Where the kernel is one vector z, I - H* A = z w* with rational z and w is the best there is.

With z = w = (1, .., 1)/sqrt N every entry of it is 1/N, so that theta, rho and the bounds of the entries are known.
"""

from tests.proofs_checks.builders import F, changed, matrix
from tests.proofs_checks.null_space_builders import coherence, exhaustive, null_space, relaxation, transfer

H = F(1, 2)
T = F(1, 3)
GAMMA = F(13, 2)

# The kernel of A is (1, 1, 1); I - H* A has the entries 1/3, so theta = 1/3, rho = 1/2; beta = |h_2| = 13/3.
A3 = [[F(1, 5), 0, -F(1, 5)], [0, F(1, 6), -F(1, 6)]]
H3 = [[10 * T, -5 * T, -5 * T], [-2, 4, -2]]
ONE = [(3, 1, 1)]
B3 = ([[5, -3]], [[-5 * H, 6]], [[-5 * H, -3]])
RELAXATION = null_space(A3, ONE, H, GAMMA, relaxation(H3))
EXHAUSTIVE = null_space(A3, ONE, H, GAMMA, exhaustive(*B3))

# The kernel is (1, 1, 1, 1, 1, 1), in other units in the second level and with other phases: w_j d_j = 1.
_D = [1, 1, 1, H, H, H]
A6 = [[0] * 6 for _ in range(5)]
H6 = [[0] * 6 for _ in range(5)]
for _k in range(5):
    A6[_k][_k], A6[_k][5] = 1 / F(_D[_k]), -1 / F(_D[5])
    for _i in range(6):
        H6[_k][_i] = _D[_i] * ((_i == _k) - F(1, 6))
TWO = [(3, 1, 1), (6, 1, 2)]
# theta = 1/3, xi = 5, T = (1 + 1/4)/36, so rho = 5/8; beta^2 = 5/4 * 29/36, (1 + rho) beta = 1.6307..
LEVELS = null_space(A6, TWO, F(5, 8), F(1631, 1000), relaxation(H6))

# x_1 -> i x_1: the kernel is (i, 1, 1).
AC = [[(0, 0, -F(1, 5)), 0, -F(1, 5)], [0, F(1, 6), -F(1, 6)]]
HC = [[(0, 0, -10 * T), -5 * T, -5 * T], [(0, 0, 2), 4, -2]]
BC = ([[(0, 0, 5), (0, 0, -3)]], [[-5 * H, 6]], [[-5 * H, -3]])
COMPLEX = null_space(AC, ONE, H, GAMMA, relaxation(HC))
COMPLEX_EXHAUSTIVE = null_space(AC, ONE, H, GAMMA, exhaustive(*BC))

# Entries of modulus sqrt 2 / 10 in I - H* A: theta = sqrt 2 / 10, rho = sqrt 2 / (10 - sqrt 2) = 0.16470..
MODULUS = [[1, (F(1, 10), 0, F(1, 10))], [0, 1]]
IDENTITY = [[1, 0], [0, 1]]
ROOT = null_space(MODULUS, [(2, 1, 1)], F(1648, 10**4), F(1165, 1000), relaxation(IDENTITY))

# I - H* A = 0, and the columns of H have beta^2 = 401/256 and 1 + 9/16 = (5/4)^2: (1 + rho) Lambda = 3/2.
A2, H2 = [[1, 0], [-F(9, 8), 2]], [[1, F(9, 16)], [0, H]]
AC2, HC2 = [[1, 0], [(0, 0, -F(9, 8)), 2]], [[1, (0, 0, -F(9, 16))], [0, H]]
PRODUCTS = null_space(A2, [(2, 2, 1)], F(1, 5), F(3, 2), relaxation(H2))

UNIT = [[1, F(3, 5)], [0, F(4, 5)]]
COHERENCE = null_space(UNIT, [(2, 1, 1)], F(3, 5), 1, coherence())
# Columns of norm 1 with product (3 + 4i)/10, of modulus 1/2, in C^3.
UNIT_COMPLEX = [[1, (F(3, 10), 0, F(2, 5))], [0, (H, 0, H)], [0, H]]
COHERENCE_COMPLEX = null_space(UNIT_COMPLEX, [(2, 1, 1)], H, 1, coherence())
# Products 1/5, columns of norm 1 and 2, weights 1 and 2: mu = 1/10, nu = min(1 + 1/10, 4 + 4/10) - 5/10 = 3/5.
UNIT_LEVELS = [[1, F(1, 5), 0], [0, 2, F(1, 5)], [0, 0, 2]]
COHERENCE_LEVELS = null_space(UNIT_LEVELS, [(1, 1, 1), (3, 1, 2)], F(5, 6), F(13, 10), coherence())

# gamma' eta = 1/14, so rho 13/14 = 1/2 + 1/14 and gamma 13/14 = 13/2. |D| = eta, and |D|_F is larger.
_ETA = F(1, 91)
MOVED = [[A3[0][0] + _ETA, 0, A3[0][2]], [0, A3[1][1] - _ETA, A3[1][2]]]


_RHO = F(8, 13)


def moved(rho=_RHO, gamma=7, eta=_ETA, *, A=MOVED, other=A3, rho1=H, gamma1=GAMMA, inner=None):
    return null_space(A, ONE, rho, gamma, transfer(other, rho1, gamma1, eta, inner or relaxation(H3)))


TRANSFER = moved()
# xi = 5, 1/min w = 1 and gamma' eta = 1/10: rho 9/10 >= 5/8 + sqrt 5 / 10 = 0.84860..
TRANSFER_LEVELS = null_space(
    A6, TWO, F(943, 1000), F(1813, 1000), transfer(A6, F(5, 8), F(1631, 1000), F(100, 1631), relaxation(H6))
)

ACCEPT = {
    "relaxation": RELAXATION,
    "relaxation-levels": LEVELS,
    "relaxation-complex": COMPLEX,
    "relaxation-irrational-modulus": ROOT,
    "relaxation-larger-rho-and-gamma": null_space(A3, ONE, F(3, 4), 8, relaxation(H3)),
    "relaxation-exact-inverse": null_space(IDENTITY, [(1, 1, 1), (2, 1, 1)], F(1, 100), F(3, 2), relaxation(IDENTITY)),
    "relaxation-one-weight-huge": null_space(
        IDENTITY, [(1, 1, 1), (2, 1, 2**400)], F(1, 100), F(3, 2), relaxation(IDENTITY)
    ),
    "relaxation-one-weight-tiny": null_space(
        IDENTITY, [(1, 1, 1), (2, 1, F(1, 2**400))], F(1, 100), F(3, 2), relaxation(IDENTITY)
    ),
    "relaxation-products-of-columns": PRODUCTS,
    "relaxation-products-of-columns-complex": null_space(AC2, [(2, 2, 1)], F(1, 5), F(3, 2), relaxation(HC2)),
    "relaxation-products-of-columns-two-levels": null_space(
        A2, [(1, 1, 1), (2, 1, 3)], F(1, 5), F(3, 2), relaxation(H2)
    ),
    "relaxation-orthogonal-columns": null_space(
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [(3, 3, 1)], F(1, 5), F(6, 5), relaxation([[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    ),
    "relaxation-weights-scaled": null_space(A3, [(3, 1, F(7, 3))], H, GAMMA, relaxation(H3)),
    "exhaustive": EXHAUSTIVE,
    "exhaustive-complex": COMPLEX_EXHAUSTIVE,
    "exhaustive-two-levels": null_space(IDENTITY, [(1, 1, 1), (2, 1, 3)], F(1, 100), 1, exhaustive(IDENTITY)),
    "exhaustive-norm-not-frobenius": null_space(IDENTITY, [(2, 2, 1)], F(1, 100), 1, exhaustive(IDENTITY)),
    "exhaustive-other-inverse": null_space(
        [[1, 0], [0, 1], [0, 0]], [(2, 1, 1)], F(1, 100), F(5, 4), exhaustive([[1, 0, F(3, 4)]], [[0, 1, F(3, 4)]])
    ),
    "coherence": COHERENCE,
    "coherence-complex": COHERENCE_COMPLEX,
    "coherence-levels": COHERENCE_LEVELS,
    "coherence-one-column": null_space([[3], [4]], [(1, 1, 5)], F(1, 100), F(1, 5), coherence()),
    "transfer": TRANSFER,
    "transfer-levels": TRANSFER_LEVELS,
    "transfer-of-exhaustive": moved(inner=exhaustive(*B3)),
    "transfer-of-coherence": null_space(
        UNIT, [(2, 1, 1)], F(4, 5), F(5, 4), transfer(UNIT, F(3, 5), 1, F(1, 10), coherence())
    ),
}

_ZERO3 = [[0, 0, 0], [0, 0, 0]]
_B = [[5, -3]]

REJECT = {
    "relaxation-rho-too-small": ("rho", null_space(A3, ONE, F(499, 1000), GAMMA, relaxation(H3))),
    "relaxation-gamma-too-small": ("gamma", null_space(A3, ONE, H, F(649, 100), relaxation(H3))),
    "relaxation-gamma-without-rho": ("gamma", null_space(A3, ONE, H, 13 * T, relaxation(H3))),
    "relaxation-products-of-columns-gamma-one-unit-less": (
        "gamma",
        null_space(A2, [(2, 2, 1)], F(1, 5), F(3, 2) - F(1, 10**30), relaxation(H2)),
    ),
    "relaxation-products-of-columns-complex-gamma-one-unit-less": (
        "gamma",
        null_space(AC2, [(2, 2, 1)], F(1, 5), F(3, 2) - F(1, 10**30), relaxation(HC2)),
    ),
    "relaxation-orthogonal-columns-gamma-one-unit-less": (
        "gamma",
        null_space(IDENTITY, [(2, 2, 1)], F(1, 5), F(6, 5) - F(1, 10**30), relaxation(IDENTITY)),
    ),
    "relaxation-theta-one": ("theta", null_space(A3, ONE, H, GAMMA, relaxation(_ZERO3))),
    "relaxation-theta-above-one": ("theta", null_space(A3, [(3, 2, 1)], H, 99, relaxation(_ZERO3))),
    "relaxation-sparsity-two": ("rho", null_space(A3, [(3, 2, 1)], F(99, 100), 99, relaxation(H3))),
    "relaxation-other-matrix": ("rho", null_space(MOVED, ONE, H, GAMMA, relaxation(H3))),
    "relaxation-inverse-not-conjugate": (
        "theta",
        null_space(AC, ONE, H, GAMMA, relaxation([[(0, 0, 10 * T), *HC[0][1:]], [(0, 0, -2), *HC[1][1:]]])),
    ),
    "relaxation-levels-weights-swapped": (
        "rho",
        null_space(A6, [(3, 1, 2), (6, 1, 1)], F(5, 8), F(1631, 1000), relaxation(H6)),
    ),
    "relaxation-levels-weight-forgotten": (
        "rho",
        null_space(A6, [(3, 1, 1), (6, 1, 1)], F(5, 8), F(1631, 1000), relaxation(H6)),
    ),
    "relaxation-levels-rho-too-small": ("rho", null_space(A6, TWO, F(624, 1000), 2, relaxation(H6))),
    "relaxation-levels-gamma-of-one-level": ("gamma", null_space(A6, TWO, F(5, 8), F(146, 100), relaxation(H6))),
    "relaxation-irrational-modulus-rho-too-small": (
        "rho",
        null_space(MODULUS, [(2, 1, 1)], F(1647, 10**4), 2, relaxation(IDENTITY)),
    ),
    # |re| = 1/10 alone would do.
    "relaxation-modulus-of-one-part": (
        "rho",
        null_space(MODULUS, [(2, 1, 1)], F(1, 8), F(1165, 1000), relaxation(IDENTITY)),
    ),
    # theta = 10: (1 - theta)^2 alone is large enough
    "relaxation-theta-far-above-one": ("theta", null_space([[1, -1]], [(2, 1, 1)], H, 99, relaxation([[10, -10]]))),
    "relaxation-zero-matrix": ("theta", null_space([[0, 0]], [(2, 1, 1)], H, 99, relaxation([[0, 0]]))),
    "relaxation-dependent-columns-one-weight-huge": (
        "theta",
        null_space([[1, -1]], [(1, 1, 1), (2, 1, 2**2000)], H, 10**9, relaxation([[H, -H]])),
    ),
    "relaxation-dependent-columns-one-weight-tiny": (
        "theta",
        null_space([[1, -1]], [(1, 1, 1), (2, 1, F(1, 2**2000))], H, 10**9, relaxation([[H, -H]])),
    ),
    "exhaustive-dependent-columns-in-the-only-support": (
        "inverse",
        null_space([[1, 1], [0, 0]], [(2, 2, 1)], H, 99, exhaustive(IDENTITY)),
    ),
    "exhaustive-inverse-zero": ("inverse", null_space(IDENTITY, [(2, 2, 1)], H, 99, exhaustive([[0, 0], [0, 0]]))),
    "exhaustive-rho-too-small": ("rho", null_space(A3, ONE, F(499, 1000), GAMMA, exhaustive(*B3))),
    "exhaustive-gamma-too-small": ("gamma", null_space(A3, ONE, H, F(649, 100), exhaustive(*B3))),
    "exhaustive-not-an-inverse": ("inverse", null_space(A3, ONE, H, GAMMA, exhaustive([[F(51, 10), -3]], *B3[1:]))),
    "exhaustive-out-of-order": ("inverse", null_space(A3, ONE, H, GAMMA, exhaustive(B3[1], B3[0], B3[2]))),
    "exhaustive-not-conjugate": (
        "inverse",
        null_space(AC, ONE, H, GAMMA, exhaustive([[(0, 0, -5), (0, 0, 3)]], *BC[1:])),
    ),
    "exhaustive-gamma-jointly": (
        "gamma",
        null_space(IDENTITY, [(2, 2, 1)], H, F(99, 100), exhaustive(IDENTITY)),
    ),
    "exhaustive-weight-of-the-other-column": (
        "rho",
        null_space([[1, 0, H], [0, 1, H]], [(2, 1, 1), (3, 1, H)], F(99, 100), 99,
                   exhaustive([[1, -1], [0, 2]], [[-1, 1], [2, 0]])),
    ),
    "coherence-rho-too-small": ("rho", null_space(UNIT, [(2, 1, 1)], F(59, 100), 1, coherence())),
    "coherence-gamma-too-small": ("gamma", null_space(UNIT, [(2, 1, 1)], F(3, 5), F(99, 100), coherence())),
    "coherence-sparsity-two": ("theta", null_space(A3, [(3, 2, 1)], F(99, 100), 99, coherence())),
    "coherence-complex-rho-too-small": ("rho", null_space(UNIT_COMPLEX, [(2, 1, 1)], F(49, 100), 1, coherence())),
    "coherence-dependent-columns-one-weight-huge": (
        "theta",
        null_space([[1, -1]], [(1, 1, 1), (2, 1, 2**2000)], H, 10**9, coherence()),
    ),
    "coherence-column-zero": ("theta", null_space([[1, 0]], [(2, 1, 1)], H, 1, coherence())),
    "transfer-rho-too-small": ("rho", moved(F(61, 100))),
    "transfer-rho-of-the-other": ("rho", moved(H)),
    "transfer-rho-below-the-other": ("rho", moved(F(1, 10), eta=F(1, 50))),
    "transfer-gamma-too-small": ("gamma", moved(gamma=F(699, 100))),
    "transfer-too-far": ("distance", moved(eta=F(1, 92))),
    "transfer-eta-too-large": ("theta", moved(eta=F(2, 13))),
    "transfer-other-fails": ("other", moved(rho1=F(49, 100))),
    "transfer-other-gamma-fails": ("other", moved(gamma1=6)),
    "transfer-evidence-of-the-matrix": (
        "other",
        null_space(A3, ONE, F(8, 13), 7, transfer(MOVED, H, GAMMA, _ETA, relaxation(H3))),
    ),
    "transfer-levels-rho-without-root-xi": (
        "rho",
        null_space(
            A6, TWO, F(85, 100), 2, transfer(A6, F(5, 8), F(1631, 1000), F(100, 1631), relaxation(H6))
        ),
    ),
}  # fmt: skip

MALFORMED = {
    "rho-one": ("claim.rho must be less than 1", null_space(A3, ONE, 1, GAMMA, relaxation(H3))),
    "rho-zero": ("claim.rho must be positive", null_space(A3, ONE, 0, GAMMA, relaxation(H3))),
    "gamma-zero": ("claim.gamma must be positive", null_space(A3, ONE, H, 0, relaxation(H3))),
    "levels-empty": ("claim.levels must end with column 3", null_space(A3, [], H, 7, relaxation(H3))),
    "levels-too-short": ("claim.levels must end with column 3", null_space(A3, [(2, 1, 1)], H, 7, relaxation(H3))),
    "levels-too-long": ("claim.levels[0].end must be 1 to 3", null_space(A3, [(4, 1, 1)], H, 7, relaxation(H3))),
    "levels-end-twice": (
        "claim.levels[1].end must be 3 to 2",
        null_space([[1, 0], [0, 1]], [(2, 1, 1), (2, 1, 1)], H, 7, coherence()),
    ),
    "levels-after-the-end": (
        "claim.levels[1].end must be 4 to 3",
        null_space(A3, [(3, 1, 1), (3, 1, 1)], H, 7, relaxation(H3)),
    ),
    "sparsity-zero": ("sparsity must be 1 to 3", null_space(A3, [(3, 0, 1)], H, 7, relaxation(H3))),
    "sparsity-above-the-level": ("sparsity must be 1 to 2", null_space(A3, [(1, 1, 1), (3, 3, 1)], H, 7, coherence())),
    "weight-zero": ("weight must be positive", null_space(A3, [(3, 1, 0)], H, 7, relaxation(H3))),
    "weights-too-long": (
        "the weights have no common multiple of at most 4096 bits",
        null_space(IDENTITY, [(1, 1, 2**2100 + 1), (2, 1, 2**2100 - 1)], H, 7, coherence()),
    ),
    "weight-too-long-below": (
        "the weights have no common multiple of at most 4096 bits",
        null_space(IDENTITY, [(2, 1, F(1, 2**4096))], H, 7, coherence()),
    ),
    "weight-negative": ("weight must be positive", null_space(A3, [(3, 1, -1)], H, 7, relaxation(H3))),
    "method-unknown": (
        "evidence.method must be one of",
        changed(RELAXATION, ["evidence", "method"], "guess"),
    ),
    "method-missing": ("evidence.method must be one of", changed(RELAXATION, ["evidence", "method"], ...)),
    "method-of-other-evidence": (
        "evidence lacks the key inverses",
        changed(RELAXATION, ["evidence", "method"], "exhaustive"),
    ),
    "inverse-of-other-size": ("evidence.inverse must be 2 x 3", null_space(A3, ONE, H, 7, relaxation(A3[:1]))),
    "matrix-with-root": (
        "must be rational",
        changed(RELAXATION, ["claim", "matrix"], matrix([[(0, 1), 0, 1], [0, 1, 1]])),
    ),
    "exhaustive-one-missing": (
        "evidence.inverses must have one matrix for each support, not 2",
        null_space(A3, ONE, H, 7, exhaustive(*B3[:2])),
    ),
    "exhaustive-one-too-many": (
        "evidence.inverses must have one matrix for each support, not 4",
        null_space(A3, ONE, H, 7, exhaustive(*B3, _B)),
    ),
    "exhaustive-none": ("must have one matrix for each support", null_space(A3, ONE, H, 7, exhaustive())),
    "exhaustive-inverse-of-other-size": (
        "evidence.inverses[0] must be 1 x 2",
        null_space(A3, ONE, H, 7, exhaustive([[1]], *B3[1:])),
    ),
    "exhaustive-supports-beyond-number": (
        "must have one matrix for each support, not 1",
        null_space([[1] * 60], [(60, 30, 1)], H, 7, exhaustive([[1]] * 30)),
    ),
    "transfer-of-transfer": (
        "evidence.evidence.method must be one of coherence, exhaustive, relaxation",
        moved(inner=transfer(A3, H, 7, 1, relaxation(H3))),
    ),
    "transfer-eta-zero": ("evidence.eta must be positive", moved(eta=0)),
    "transfer-rho-one": ("evidence.rho must be less than 1", moved(rho1=1)),
    "transfer-other-of-other-size": ("evidence.other must be 2 x 3", moved(other=IDENTITY)),
    "transfer-evidence-null": (
        "evidence.evidence.method must be one of",
        changed(TRANSFER, ["evidence", "evidence"], None),
    ),
}

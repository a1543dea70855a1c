"""Kind coefficient-bounds. For A3 and H3 theta = 1/3; for A6 and H6 theta = 1/3 as well."""

from tests.proofs_checks.builders import F, changed, column, matrix
from tests.proofs_checks.cases.null_space import A3, A6, AC, H3, H6, HC, IDENTITY, ONE, TWO, H
from tests.proofs_checks.coefficient_builders import coefficients, least
from tests.proofs_checks.recovery_builders import upper_root

V3, X3, Y3 = [-F(9, 2), 6], [0, 3, 0], [-F(3, 10), F(1, 10)]
Z3 = [F(1, 4), H, -F(1, 8)]
BASIC = (A3, ONE, Y3, X3, V3, H3)
BOTH = {"sigma": F(3, 8), "noise": F(2, 5)}
SIX = (A6, TWO, [1, 2, -1, 3, 0], [1, 2, F(1, 3), H, 0, F(1, 7)], None, H6)
# The point is the only vector that fits but for the limits, and both largest entries are settled.
LARGE = (A6, TWO, [50, 0, 0, 80, 0], [50, 0, 0, 40, 0, 0], None, H6)
LITTLE = {"sigma": F(1, 10), "noise": F(1, 10)}
COMPLEX = (AC, ONE, [(F(1, 5), 0, -F(1, 7)), F(1, 3)], [(1, 0, 1), 0, (F(1, 3), 0, -1)], [(0, 0, 3), 2], HC)
SHRUNK = (A3, ONE, [0, H], [0, 2, 0], [0, 6], H3)
FEW = {"sigma": F(3, 8), "noise": F(1, 20)}
PLAIN = coefficients(*BASIC, **BOTH, witness=Z3)
SIX_PLAIN = coefficients(*SIX, **LITTLE)

# the identity: theta = 0, so that beta_i = t, and an entry is settled exactly from 2 t on
_THREE = [[int(i == j) for j in range(3)] for i in range(3)]


def _exactly(top):
    return (_THREE, [(3, 1, 1)], [top, 0, 0], [top, 0, 0], None, _THREE)


EDGE, BELOW = _exactly(F(1, 5)), _exactly(F(1, 5) - F(1, 2**200))
FULL = (_THREE, [(1, 1, 1), (3, 1, 1)], [0, 2, H], [0, 2, H], None, _THREE)

ACCEPT = {
    "plain": PLAIN,
    "without-witness": coefficients(*BASIC, **BOTH),
    "without-dual": coefficients(*BASIC[:4], None, H3, **BOTH),
    "levels": SIX_PLAIN,
    "levels-settled": coefficients(*LARGE, **LITTLE),
    "complex": coefficients(*COMPLEX, sigma=F(1, 9), noise=F(1, 8)),
    "shrunk": coefficients(*SHRUNK, **FEW),
    "settled-at-the-edge": coefficients(*EDGE, **LITTLE),
    "nearly-settled": coefficients(*BELOW, **LITTLE),
    "settled-where-all-is-support": coefficients(*FULL, **LITTLE),
    "nothing-but-noise": coefficients(A3, ONE, [0, 0], [0, 0, 0], [0, 0], H3, sigma=H, noise=H, witness=[0, 0, 0]),
    "larger-bounds": coefficients(*BASIC, **BOTH, bounds=[100, 200, 300], bound=1000),
    "exact": coefficients(_THREE, [(3, 1, 1)], [0, 2, 0], [0, 2, 0], None, _THREE, bound=0, bounds=[0, 0, 0]),
}

_BOUNDS, _SQUARE, _ = least(*SIX, **LITTLE)
_BOUND = upper_root(_SQUARE)


def one_unit(value):
    return F(value.numerator - 1, value.denominator)


def _lowered(i, case=SIX, limits=LITTLE):
    bounds = list(least(*case, **limits)[0])
    bounds[i] = one_unit(bounds[i])
    return coefficients(*case, **limits, bounds=bounds)


REJECT = {
    "coefficients-first-one-unit-less": ("coefficients", _lowered(0)),
    "coefficients-last-one-unit-less": ("coefficients", _lowered(5)),
    "coefficients-one-unit-less-settled": ("coefficients", _lowered(3, LARGE)),
    "coefficients-one-unit-less-complex": (
        "coefficients",
        _lowered(1, COMPLEX, {"sigma": F(1, 9), "noise": F(1, 8)}),
    ),
    "coefficients-of-the-settled": (
        "coefficients",
        coefficients(*BELOW, **LITTLE, bounds=[F(1, 10) - F(1, 2**100)] * 3),
    ),
    "bound-one-unit-less": ("bound", coefficients(*SIX, **LITTLE, bound=one_unit(_BOUND))),
    "bound-one-unit-less-settled": (
        "bound",
        coefficients(*LARGE, **LITTLE, bound=one_unit(upper_root(least(*LARGE, **LITTLE)[1]))),
    ),
    "bound-as-if-settled": ("bound", coefficients(*BELOW, **LITTLE, bound=upper_root(least(*EDGE, **LITTLE)[1]))),
    "bound-zero": ("bound", coefficients(*BASIC, **BOTH, bound=0)),
    "coefficients-without-the-dual": (
        "coefficients",
        changed(coefficients(*SHRUNK, **FEW), ["evidence", "dual"], None),
    ),
    "dual-outside": ("dual", coefficients(*BASIC[:4], [-F(9, 2), F(601, 100)], H3, bound=99, bounds=[99] * 3)),
    "witness-too-far": ("witness", coefficients(*BASIC, sigma=F(3, 8), noise=F(3, 8), witness=Z3)),
    "witness-not-compressible": ("witness", coefficients(*BASIC, sigma=F(37, 100), noise=F(2, 5), witness=Z3)),
    # nu_i = 1/2 for both columns: theta is 1/2 exactly
    "theta-one-half": (
        "theta",
        coefficients(IDENTITY, [(2, 1, 1)], [1, 1], [1, 1], None, [[H, 0], [0, H]], bound=99, bounds=[99, 99]),
    ),
    "theta-of-another-inverse": ("theta", changed(PLAIN, ["evidence", "inverse"], matrix([[0, 0, 0], [0, 0, 0]]))),
    "empty": (
        "empty",
        coefficients([[1], [0]], [(1, 1, 1)], [0, 1], [0], [0, 11], [[1], [0]], noise=H, bound=9, bounds=[9]),
    ),
}

MALFORMED = {
    "bounds-missing": ("claim lacks the key bounds", changed(PLAIN, ["claim", "bounds"], ...)),
    "bounds-of-other-size": ("claim.bounds must be 3 x 1", changed(PLAIN, ["claim", "bounds"], column([1, 2]))),
    "bounds-negative": ("claim.bounds must be real and", changed(PLAIN, ["claim", "bounds"], column([99, -1, 99]))),
    "bounds-complex": (
        "claim.bounds must be real and",
        changed(PLAIN, ["claim", "bounds"], column([99, (9, 0, 1), 99])),
    ),
    "bounds-with-root": ("must be rational", changed(PLAIN, ["claim", "bounds"], column([99, (9, 1), 99]))),
    "bound-negative": ("claim.bound must be at least 0", changed(PLAIN, ["claim", "bound"], ["-0x1", "0x1"])),
    "inverse-of-other-size": ("evidence.inverse must be 2 x 3", changed(PLAIN, ["evidence", "inverse"], matrix([[1]]))),
    "inverse-missing": ("evidence lacks the key inverse", changed(PLAIN, ["evidence", "inverse"], ...)),
    "rho-is-unknown": ("claim has the unknown key 'rho'", changed(PLAIN, ["claim", "rho"], ["0x1", "0x2"])),
    "dual-of-other-size": ("evidence.dual must be 2 x 1", changed(PLAIN, ["evidence", "dual"], column([1]))),
    "levels-too-short": (
        "claim.levels must end with column 3",
        changed(PLAIN, ["claim", "levels", 0, "end"], "0x2"),
    ),
}

"""Kind forward-error. TURN times its conjugate transpose is the identity, so that |A| = 1 and H = A is an inverse."""

import json

from tests.proofs_checks.builders import F, changed, column, matrix
from tests.proofs_checks.cases.null_space import A3, A6, GAMMA, H3, H6, IDENTITY, ONE, TWO, H
from tests.proofs_checks.network_builders import forward_error
from tests.proofs_checks.null_space_builders import relaxation
from tests.proofs_checks.recovery_builders import factors

T = F(3, 5)
# theta = 0, beta = 1 and gamma = (1 + rho) beta; C1 = 15/4, C2 = 39/4, and lambda = C1/C2.
TURN = [[T, F(4, 5)], [-F(4, 5), T]]
NUMBERS = {"lam": F(5, 13), "norm": 1, "step": T, "scales": [1, 2], "blocks": 2, "bits": 16, "matrix_bits": 16}
ZERO = [[0], [0]]
PAIR = [(2, 1, 1)]
Y = [3, F(1, 3)]
X0 = [F(9, 2), -F(1, 7)]


def turned(y=Y, *, factor=ZERO, **others):
    options = {"delta": F(1, 10)} | NUMBERS | others
    return forward_error(TURN, PAIR, H, F(3, 2), y, relaxation(TURN), factor=factor, **options)


PLAIN = turned()
GUESS = turned(x0=X0)
# The same with i: the second row and column turned by a quarter.
_I = F(4, 5)
TURN_C = [[T, (0, 0, _I)], [(0, 0, _I), T]]
COMPLEX = forward_error(
    TURN_C, PAIR, H, F(3, 2), [(3, 0, 1), F(1, 3)], relaxation(TURN_C), factor=ZERO, delta=F(1, 10), **NUMBERS
)
# E = 49/400 I - A A* - R R* for A3, and levels with irrational roots.
A3_FACTOR = [[F(2, 15)], [-F(1, 5)]]
WIDE = {"lam": F(1, 12), "norm": F(1, 3), "step": F(1, 2), "scales": [F(1, 3), F(5, 7), 4], "blocks": 3,
        "bits": 24, "matrix_bits": 32}  # fmt: skip
WIDE_CASE = forward_error(A3, ONE, H, GAMMA, [H, -F(1, 6)], relaxation(H3), factor=A3_FACTOR, **WIDE)
# A A* = I + d d*-like with rows (.., -2) and (.., 2): a matrix of norm below 5.
SIX_FACTOR = [[int(i == j) for j in range(5)] for i in range(5)]
SIX = {"lam": F(1, 16), "norm": 6, "step": H, "scales": [1, 3], "blocks": 2, "bits": 20, "matrix_bits": 24}
SIX_CASE = forward_error(A6, TWO, F(5, 8), F(1631, 1000), [1, 2, -1, 3, 0], relaxation(H6), factor=SIX_FACTOR, **SIX)

# Two levels with xi = 5 and irrational roots; lambda as large as the rounded constants allow.
TWO_LEVELS = [(1, 1, 1), (2, 1, 2)]
_NEAR, _FAR = factors(TWO_LEVELS, H, F(17, 8))
LEVELLED = forward_error(
    TURN, TWO_LEVELS, H, F(17, 8), Y, relaxation(TURN), factor=ZERO, delta=F(1, 10), **NUMBERS | {"lam": _NEAR / _FAR}
)

ACCEPT = {
    "two-levels": LEVELLED,
    "plain": PLAIN,
    "with-a-guess": GUESS,
    "complex": COMPLEX,
    "complex-guess": turned(x0=[(1, 0, F(1, 3)), 0]),
    "three-restarts": WIDE_CASE,
    "levels": SIX_CASE,
    "larger-bound": turned(bound=10**9),
    "delta-zero": turned(delta=0),
    "data-zero": turned([0, 0]),
    "one-block": turned(scales=[1], blocks=1),
    "few-bits": turned(bits=8, matrix_bits=8),
    "many-bits": turned(bits=100, matrix_bits=104),
    "norm-larger": turned(norm=F(3, 2)),
    "lambda-smaller": turned(lam=F(1, 100)),
    "data-large": turned([10**6, -(10**7)]),
    "identity": forward_error(
        IDENTITY, PAIR, F(1, 100), F(3, 2), [1, 0], relaxation(IDENTITY), factor=ZERO, **NUMBERS | {"lam": F(1, 8)}
    ),
}

_UNIT = F(1, 2**400)


def less_than_needed(data, by):
    num, den = (int(x, 16) for x in json.loads(data)["claim"]["bound"])
    value = F(num, den) - by
    return changed(data, ["claim", "bound"], [hex(value.numerator), hex(value.denominator)])


REJECT = {
    "bound-one-unit-less": ("bound", less_than_needed(PLAIN, _UNIT)),
    "bound-one-unit-less-complex": ("bound", less_than_needed(COMPLEX, _UNIT)),
    "bound-one-unit-less-levels": ("bound", less_than_needed(SIX_CASE, _UNIT)),
    "bound-one-unit-less-guess": ("bound", less_than_needed(GUESS, _UNIT)),
    "bound-zero": ("bound", turned(bound=0)),
    "bound-of-a-smaller-delta": ("bound", changed(PLAIN, ["claim", "network", "delta"], ["0x1", "0x9"])),
    "output-zero": ("output", turned(output=[0, 0])),
    "output-one-unit-off": ("output", turned(output=[F(1, 2**18), 0])),
    "output-without-imaginary-part": ("output", changed(COMPLEX, ["claim", "output"], column([1, 1]))),
    "output-of-other-bits": ("output", changed(PLAIN, ["claim", "bits"], "0x11")),
    "output-of-another-matrix-precision": ("output", changed(PLAIN, ["claim", "matrix_bits"], "0x8")),
    "output-of-more-blocks": ("output", changed(PLAIN, ["claim", "network", "blocks"], "0x3")),
    "output-of-fewer-restarts": ("output", changed(PLAIN, ["claim", "network", "scales"], [["0x1", "0x1"]])),
    "output-of-another-guess": ("output", changed(GUESS, ["claim", "initial"], None)),
    "output-of-other-data": ("output", changed(PLAIN, ["claim", "data"], column([3, F(1, 2)]))),
    "output-of-another-step": ("output", changed(PLAIN, ["claim", "network", "step"], ["0x1", "0x2"])),
    "lambda-too-large": ("lambda", turned(lam=F(5, 13) + _UNIT)),
    "norm-too-small": ("norm", turned(norm=1 - _UNIT)),
    "norm-without-factor": ("norm", forward_error(
        A3, ONE, H, GAMMA, [H, -F(1, 6)], relaxation(H3), factor=ZERO, **WIDE | {"norm": F(3, 10)}
    )),
    "norm-factor-too-large": ("norm", turned(factor=[[1], [0]])),
    "null-space-rho-too-small": (
        "null-space",
        forward_error(
            A3, ONE, F(49, 100), GAMMA, [H, 0], relaxation(H3), factor=A3_FACTOR, **WIDE
        ),
    ),
    "null-space-gamma-too-small": ("null-space", changed(PLAIN, ["claim", "gamma"], ["0x1", "0x1"])),
    "null-space-of-another-matrix": (
        "null-space",
        changed(PLAIN, ["evidence", "null_space", "inverse"], matrix([[1, 0], [0, 1]])),
    ),
    "rho-one-after-rounding": ("rho", forward_error(
        A6, TWO, 1 - F(1, 2**90), 99, [1, 2, -1, 3, 0], relaxation(H6), factor=SIX_FACTOR, bound=1, **SIX
    )),
}  # fmt: skip


def numbered(key, value, data=PLAIN):
    return changed(data, ["claim", "network", key], value)


MALFORMED = {
    "step-one": ("claim.network.step must be less than 1", numbered("step", ["0x1", "0x1"])),
    "step-zero": ("claim.network.step must be positive", numbered("step", ["0x0", "0x1"])),
    "norm-negative": ("claim.network.norm must be positive", numbered("norm", ["-0x1", "0x1"])),
    "lambda-zero": ("claim.network.lambda must be positive", numbered("lambda", ["0x0", "0x1"])),
    "delta-negative": ("claim.network.delta must be at least 0", numbered("delta", ["-0x1", "0x1"])),
    "bound-negative": ("claim.bound must be at least 0", turned(bound=-1)),
    "scales-empty": ("claim.network.scales must have 1 to", numbered("scales", [])),
    "scales-many": ("claim.network.scales must have 1 to 4096", numbered("scales", [["0x1", "0x1"]] * 4097)),
    "scale-zero": ("claim.network.scales[1] must be positive", numbered("scales", [["0x1", "0x1"], ["0x0", "0x1"]])),
    "blocks-zero": ("claim.network.blocks must be 1 to", numbered("blocks", "0x0")),
    "blocks-many": ("claim.network.blocks must be 1 to", numbered("blocks", "0x100001")),
    "bits-few": ("claim.bits must be 8 to", changed(PLAIN, ["claim", "bits"], "0x7")),
    "bits-many": ("claim.bits must be 8 to", changed(PLAIN, ["claim", "bits"], "0x1001")),
    "matrix-bits-odd": ("claim.matrix_bits must be a multiple of 8", changed(PLAIN, ["claim", "matrix_bits"], "0x11")),
    "rho-one": ("claim.rho must be less than 1", changed(PLAIN, ["claim", "rho"], ["0x1", "0x1"])),
    "output-of-other-size": ("claim.output must be 2 x 1", turned(output=[0])),
    "data-of-other-size": ("claim.data must be 2 x 1", changed(PLAIN, ["claim", "data"], column([1]))),
    "initial-of-other-size": ("claim.initial must be 2 x 1", changed(PLAIN, ["claim", "initial"], column([1, 2, 3]))),
    "factor-of-other-size": ("evidence.factor must be 2 x", turned(factor=[[0]])),
    "factor-wide": ("evidence.factor must have at most 2 columns", turned(factor=[[0, 0, 0], [0, 0, 0]])),
    "data-with-root": ("must be rational", changed(PLAIN, ["claim", "data"], column([(0, 1), 1]))),
    "network-unknown-key": (
        "claim.network has the unknown key 'rate'",
        numbered("rate", ["0x1", "0x2"]),
    ),
    "blocks-missing": ("claim.network lacks the key blocks", numbered("blocks", ...)),
    "null-space-missing": ("evidence lacks the key null_space", changed(PLAIN, ["evidence", "null_space"], ...)),
    "method-unknown": (
        "evidence.null_space.method must be one of",
        changed(PLAIN, ["evidence", "null_space"], {"method": "assumed"}),
    ),
}  # fmt: skip

"""Kind best-forward-error: the networks of forward-error with other lambdas, and cuts."""

from tests.proofs_checks.builders import F, changed, matrix, rat
from tests.proofs_checks.cases import forward_error as older
from tests.proofs_checks.cases.forward_error import A3_FACTOR, NUMBERS, PAIR, SIX, SIX_FACTOR, TURN, TURN_C, WIDE, X0, Y
from tests.proofs_checks.cases.forward_error import ZERO as FACTOR
from tests.proofs_checks.cases.null_space import A3, A6, GAMMA, H3, H6, ONE, TWO, H
from tests.proofs_checks.network_builders import forward_error
from tests.proofs_checks.null_space_builders import relaxation

# gamma = 3/2 and rho = 1/2: lambda gamma = 5/8 is best, and C2' = 3 sqrt 2.
BEST = F(5, 12)


GAMMA_PAIR, GAMMA_LEVELS = F(3, 2), F(17, 8)


def turned(y=Y, *, cuts=(), spread=PAIR, gamma=GAMMA_PAIR, **others):
    options = {"delta": F(1, 10), "factor": FACTOR} | NUMBERS | {"lam": BEST} | others
    return forward_error(TURN, spread, H, gamma, y, relaxation(TURN), cuts=cuts, **options)


PLAIN = turned()
GUESS = turned(x0=X0)
COMPLEX = forward_error(
    TURN_C, PAIR, H, F(3, 2), [(3, 0, 1), F(1, 3)], relaxation(TURN_C), factor=FACTOR, delta=F(1, 10), cuts=(),
    **NUMBERS | {"lam": BEST},
)  # fmt: skip
# xi = 5, zeta = 1: the first cell ends before m falls, the others do not.
TWO_LEVELS = [(1, 1, 1), (2, 1, 2)]
CUTS = [F(2, 5), F(3, 5), F(4, 5)]


def levelled(cuts=CUTS, **others):
    return turned(spread=TWO_LEVELS, gamma=GAMMA_LEVELS, cuts=cuts, **{"lam": F(7, 50)} | others)


LEVELLED = levelled()
_SIX = (A6, TWO, F(5, 8), F(1631, 1000), [1, 2, -1, 3, 0], relaxation(H6))

ACCEPT = {
    "plain": PLAIN,
    "with-a-guess": GUESS,
    "complex": COMPLEX,
    "two-levels": LEVELLED,
    "two-levels-without-cuts": levelled([]),
    "two-levels-a-cut-below-all-c": levelled([F(1, 100)]),
    "two-levels-many-cuts": levelled([F(i, 64) for i in range(29, 64)]),
    "one-level-with-a-cut": turned(cuts=[H]),
    "levels": forward_error(*_SIX, factor=SIX_FACTOR, cuts=CUTS, **SIX),
    "three-restarts": forward_error(
        A3, ONE, H, GAMMA, [H, -F(1, 6)], relaxation(H3), factor=A3_FACTOR, cuts=[], **WIDE
    ),
    "larger-bound": turned(bound=10**9),
    # the three values of S: kink, vertex, end
    "lambda-small": turned(lam=F(1, 100)),
    "lambda-of-two-lemmas": turned(lam=F(5, 13)),
    "lambda-near-its-end": turned(lam=F(2, 3) - F(1, 2**20)),
}

_UNIT = F(1, 2**400)
_LESS = older.less_than_needed

REJECT = {
    "bound-one-unit-less": ("bound", _LESS(PLAIN, _UNIT)),
    "bound-one-unit-less-complex": ("bound", _LESS(COMPLEX, _UNIT)),
    "bound-one-unit-less-guess": ("bound", _LESS(GUESS, _UNIT)),
    "bound-one-unit-less-levels": ("bound", _LESS(LEVELLED, _UNIT)),
    "bound-of-more-cuts": ("bound", changed(LEVELLED, ["evidence", "cuts"], [])),
    "bound-of-other-cuts": ("bound", changed(LEVELLED, ["evidence", "cuts"], [rat(F(2, 5))])),
    "bound-of-another-lambda": ("output", changed(PLAIN, ["claim", "network", "lambda"], ["0x1", "0x2"])),
    "lambda-at-its-end": ("lambda", changed(PLAIN, ["claim", "network", "lambda"], ["0x2", "0x3"])),
    "lambda-beyond-its-end": ("lambda", changed(PLAIN, ["claim", "network", "lambda"], ["0x5", "0x1"])),
    "lambda-at-its-end-levels": ("lambda", changed(LEVELLED, ["claim", "network", "lambda"], ["0x1", "0x4"])),
    "output-zero": ("output", turned(output=[0, 0])),
    "norm-too-small": ("norm", turned(norm=1 - _UNIT)),
    "null-space-gamma-too-small": ("null-space", changed(PLAIN, ["claim", "gamma"], ["0x1", "0x1"])),
    "null-space-of-another-matrix": (
        "null-space",
        changed(PLAIN, ["evidence", "null_space", "inverse"], matrix([[1, 0], [0, 1]])),
    ),
    "rho-one-after-rounding": (
        "rho",
        changed(
            forward_error(
                A6,
                TWO,
                F(5, 8),
                99,
                _SIX[4],
                _SIX[5],
                factor=SIX_FACTOR,
                cuts=[],
                bound=1,
                **SIX | {"lam": F(1, 1000)},
            ),
            ["claim", "rho"],
            rat(1 - F(1, 2**90)),
        ),
    ),
}


def _cuts(*values):
    return changed(LEVELLED, ["evidence", "cuts"], [rat(value) for value in values])


MALFORMED = {
    "cuts-missing": ("evidence lacks the key cuts", changed(PLAIN, ["evidence", "cuts"], ...)),
    "cuts-null": ("evidence.cuts must be a list", changed(PLAIN, ["evidence", "cuts"], None)),
    "cuts-out-of-order": ("evidence.cuts[0] must be less", _cuts(F(3, 5), H)),
    "cuts-equal": ("evidence.cuts[1] must be less", _cuts(F(1, 3), H, H)),
    "cut-zero": ("evidence.cuts[0] must be positive", _cuts(0, H)),
    "cut-one": ("evidence.cuts[1] must be less", _cuts(H, 1)),
    "cut-negative": ("evidence.cuts[0] must be positive", _cuts(-H)),
    "cuts-many": ("evidence.cuts must have at most 1024", _cuts(*(F(i, 1026) for i in range(1, 1026)))),
    "cut-of-floats": ("evidence.cuts[0]", changed(PLAIN, ["evidence", "cuts"], ["0.5"])),
    "step-one": (
        "claim.network.step must be less than 1",
        changed(PLAIN, ["claim", "network", "step"], ["0x1", "0x1"]),
    ),
    "factor-missing": ("evidence lacks the key factor", changed(PLAIN, ["evidence", "factor"], ...)),
}

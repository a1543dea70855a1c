"""Kind conditional-recovery: that of kind recovery, with a null space property that nobody proves."""

from tests.proofs_checks.builders import F, changed, column
from tests.proofs_checks.cases.null_space import A3, GAMMA, H3, ONE, H
from tests.proofs_checks.cases.recovery import BASIC, LEVELLED, PARTLY, X3, Y3, Z3, one_unit
from tests.proofs_checks.null_space_builders import relaxation
from tests.proofs_checks.recovery_builders import conditional, least

_BOTH = {"sigma": F(3, 8), "noise": F(2, 5)}
PLAIN = conditional(*BASIC, **_BOTH, witness=Z3)
_LEAST = least(*BASIC, **_BOTH)

ACCEPT = {
    "with-witness": PLAIN,
    "without-witness": conditional(*BASIC, **_BOTH),
    "levels": conditional(*LEVELLED, sigma=H, noise=F(1, 10)),
    "without-dual-vector": conditional(*PARTLY, sigma=F(1, 10), noise=F(1, 10)),
    # nobody could prove it: the claim is about what would follow
    "of-a-property-that-fails": conditional([[1, 1]], [(2, 1, 1)], H, 1, [1], [1, 0], [1], noise=F(1, 3)),
}

REJECT = {
    "bound-one-unit-less": ("bound", conditional(*BASIC, **_BOTH, bound=one_unit(_LEAST))),
    "dual-outside": ("dual", conditional(A3, ONE, H, GAMMA, Y3, X3, [-F(501, 100), 0], bound=999)),
    "witness-too-far": ("witness", conditional(*BASIC, sigma=F(3, 8), noise=F(3, 8), witness=Z3)),
    "empty": (
        "empty",
        conditional([[1], [0]], [(1, 1, 1)], H, 2, [0, 1], [0], [0, 11], noise=F(1, 2), bound=0),
    ),
}

MALFORMED = {
    "called-recovery": ("evidence lacks the key null_space", changed(PLAIN, ["kind"], "recovery")),
    "with-null-space": (
        "evidence has the unknown key 'null_space'",
        changed(PLAIN, ["evidence", "null_space"], relaxation(H3)),
    ),
    "dual-of-other-size": ("evidence.dual must be 2 x 1", changed(PLAIN, ["evidence", "dual"], column([1]))),
    "rho-zero": ("claim.rho must be positive", changed(PLAIN, ["claim", "rho"], ["0x0", "0x1"])),
}

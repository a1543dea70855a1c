"""Kind conditional-best-recovery: that of kind best-recovery, with a null space property that nobody proves."""

from tests.proofs_checks.builders import F, changed
from tests.proofs_checks.cases.best_recovery import CUTS, FIT, SHORT
from tests.proofs_checks.cases.null_space import A3, GAMMA, H6, ONE, H
from tests.proofs_checks.cases.recovery import BASIC, LEVELLED, X3, Y3, Z3, one_unit
from tests.proofs_checks.null_space_builders import relaxation
from tests.proofs_checks.recovery_builders import conditional, least

PLAIN = conditional(*LEVELLED, cuts=CUTS, **FIT)

ACCEPT = {
    "levels": PLAIN,
    "without-cuts": conditional(*LEVELLED, cuts=[], **FIT),
    "with-witness": conditional(*BASIC, sigma=F(3, 8), noise=F(2, 5), witness=Z3, cuts=[]),
    "short": conditional(*SHORT, cuts=CUTS, noise=F(1, 100)),
}

REJECT = {
    "bound-one-unit-less": (
        "bound",
        conditional(*LEVELLED, cuts=CUTS, **FIT, bound=one_unit(least(*LEVELLED, **FIT, cuts=CUTS))),
    ),
    "bound-of-more-cuts": ("bound", changed(PLAIN, ["evidence", "cuts"], [])),
    "dual-outside": ("dual", conditional(A3, ONE, H, GAMMA, Y3, X3, [-F(501, 100), 0], bound=999, cuts=[])),
    "witness-too-far": ("witness", conditional(*BASIC, sigma=F(3, 8), noise=F(3, 8), witness=Z3, cuts=[])),
    "empty": (
        "empty",
        conditional([[1], [0]], [(1, 1, 1)], H, 2, [0, 1], [0], [0, 11], noise=H, bound=0, cuts=[]),
    ),
}

MALFORMED = {
    "called-best-recovery": ("evidence lacks the key null_space", changed(PLAIN, ["kind"], "best-recovery")),
    "with-null-space": (
        "evidence has the unknown key 'null_space'",
        changed(PLAIN, ["evidence", "null_space"], relaxation(H6)),
    ),
    "cuts-missing": ("evidence lacks the key cuts", changed(PLAIN, ["evidence", "cuts"], ...)),
    "rho-zero": ("claim.rho must be positive", changed(PLAIN, ["claim", "rho"], ["0x0", "0x1"])),
}

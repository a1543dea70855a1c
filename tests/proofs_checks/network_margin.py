"""The instances of `margin_one` about networks, and the mutants of theirs that are true.

|A| = L, lambda = C1/(C2 r) and gamma = (1 + rho) beta exactly, and the bound is the least.
"""

from tests.proofs_checks.cases import best_forward_error, forward_error

INSTANCES = {
    "forward-error": forward_error.PLAIN,
    "forward-error-guess": forward_error.GUESS,
    "forward-error-complex": forward_error.COMPLEX,
    "forward-error-levels": forward_error.LEVELLED,
    "best-forward-error": best_forward_error.PLAIN,
    "best-forward-error-levels": best_forward_error.LEVELLED,
}

MORE = "a larger bound is a weaker claim, true with the same evidence"
FEWER = "a smaller delta is a claim about fewer x, true with the same bound"
OTHER_INVERSE = "another H that proves the property as well, with shorter columns: it is the claim that has no slack"
LESS_RHO = "a smaller rho, which the same H proves, as theta is 0, and from which no less follows"
LESS_GAMMA = "what the products of the columns of H prove leaves room, as it is less than what their lengths do"
OTHER_CUTS = "other cuts, with which no more follows for the cell that decides"
OTHER_FACTOR = "a column of zeros more: the same factor"


def _survivors(*entries):
    found = dict.fromkeys(("claim.bound +1 unit", "claim.bound denominator -1"), MORE)
    found |= {f"claim.network.delta {change}": FEWER for change in ("-1 unit", "zero", "denominator +1")}
    found |= {f"evidence.null_space.inverse {change}": OTHER_INVERSE for change in entries}
    return found | {"evidence.factor cols +1": OTHER_FACTOR}


_DEN = ("denominator +1", "raw denominator +1")
_REAL = _survivors("(0,0)[0] -1 unit", "(0,1)[0] -1 unit", "(1,0)[0] +1 unit", "(1,1)[0] -1 unit", *_DEN)

_PRODUCTS = dict.fromkeys(("claim.gamma -1 unit", "claim.gamma denominator +1"), LESS_GAMMA) | {
    f"evidence.null_space.inverse {change}": LESS_GAMMA
    for change in ("(0,0)[0] +1 unit", "(0,1)[0] +1 unit", "(1,0)[0] -1 unit")
}

SURVIVORS = {
    "forward-error": _REAL,
    "forward-error-guess": _REAL,
    "forward-error-complex": _survivors(
        "(0,0)[0] -1 unit", "(0,1)[2] -1 unit", "(1,0)[2] -1 unit", "(1,1)[0] -1 unit", *_DEN
    ),
    "forward-error-levels": _survivors("(0,0)[0] -1 unit", "(0,1)[0] -1 unit", "(1,0)[0] +1 unit") | _PRODUCTS,
    "best-forward-error": _REAL | {"claim.rho denominator +1": LESS_RHO},
    "best-forward-error-levels": _survivors("(0,0)[0] -1 unit", "(0,1)[0] -1 unit", "(1,0)[0] +1 unit")
    | {"claim.rho denominator +1": LESS_RHO}
    | _PRODUCTS
    | {
        f"evidence.cuts.{i} {change}": OTHER_CUTS
        for i, changes in (
            (0, ("-1 unit", "delete", "denominator +1", "denominator -1")),
            (1, ("delete", "denominator +1", "denominator -1")),
        )
        for change in changes
    },
}

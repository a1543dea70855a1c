"""Kind joint-answer. With alpha = 2, eta = 3, lambda = 4 and n = 4 the bounds of the modulus are worked out by hand."""

from tests.proofs_checks.builders import F, changed, envelope, rat, seal


def bounds(a, y, lam, n):
    """(least, greatest) modulus of the minimiser of one column, and the turn of its phase."""
    unit = F(1, 2**n)
    high = (y + unit) / (a - unit) - F(lam) / (2 * (a + unit) ** 2)
    low = (y - unit) / (a + unit) - F(lam) / (2 * (a - unit) ** 2)
    return max(low, 0), max(high, 0), 2 * unit * (1 / F(a) + 1 / F(y))


def joint_answer(answers, *, K=1, n=10, matrix=(2, 2), data=(3, 3), lam=4):
    claim = {
        "answers": [rat(z) for z in answers],
        "data": [rat(y) for y in data],
        "digits": hex(K),
        "matrix": [rat(a) for a in matrix],
        "parameter": rat(lam),
        "precision": hex(n),
    }
    return seal(envelope("joint-answer", claim, {}))


# h(2, 3) = (3 - 4/4)/2 = 1
PLAIN = joint_answer((1, 1))
_LOW, _HIGH, _TURN = bounds(2, 3, 4, 10)
# as far from the least and from the greatest modulus as the turn of the phase leaves room for
FAR = _LOW + F(1, 10) - _HIGH * _TURN
NEAR = _HIGH - F(1, 10) + _HIGH * _TURN
EDGE = joint_answer((NEAR, FAR))
UNIT = F(1, 10**30)

ACCEPT = {
    "tie": PLAIN,
    "at-the-edge": EDGE,
    "other-columns": joint_answer((1, F(5, 4)), matrix=(2, 2), data=(3, F(7, 2))),
    # eta alpha < lambda/2, so that 0 is the minimiser
    "zero": joint_answer((0, 1), data=(F(1, 2), 3)),
    "many-digits": joint_answer((1, 1), K=300, n=1100),
}

REJECT = {
    "one-unit-too-large": ("error", joint_answer((NEAR, FAR + UNIT))),
    "one-unit-too-small": ("error", joint_answer((NEAR - UNIT, FAR))),
    "modulus-alone": ("error", joint_answer((_LOW + F(1, 10), 1))),
    "too-coarse": ("error", joint_answer((1, 1), n=2)),
    "more-digits": ("error", joint_answer((1, 1), K=4)),
    "zero-for-one": ("error", joint_answer((0, 1))),
    "entry-at-the-precision": ("zero", joint_answer((0, 1), matrix=(F(1, 2**10), 2))),
    "data-at-the-precision": ("zero", joint_answer((0, 1), data=(F(1, 2**10), 3))),
}

MALFORMED = {
    "three-answers": ("claim.answers must have 2 entries, not 3", joint_answer((1, 1, 1))),
    "one-entry": ("claim.matrix must have 2 entries, not 1", joint_answer((1, 1), matrix=(2,))),
    "answer-negative": ("claim.answers must not be negative", joint_answer((1, -1))),
    "entry-zero": ("claim.matrix[0] must be positive", joint_answer((1, 1), matrix=(0, 2))),
    "parameter-zero": ("claim.parameter must be positive", joint_answer((1, 1), lam=0)),
    "digits-zero": ("digits must be 1 to", joint_answer((1, 1), K=0)),
    "precision-zero": ("precision must be 1 to", joint_answer((1, 1), n=0)),
    "evidence": ("evidence has the unknown key", changed(PLAIN, ["evidence", "error"], rat(1))),
}
